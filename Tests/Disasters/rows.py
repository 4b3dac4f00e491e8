"""The rows that a statement finds, as lists of text, the same from either database."""

import sqlite3

from postgres import psql


def of_sqlite(path, statement):
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
    try:
        return [["" if cell is None else str(cell) for cell in row] for row in connection.execute(statement)]
    finally:
        connection.close()


def of_postgres(url, statement):
    return [line.split("|") for line in psql(url, statement).splitlines()]
