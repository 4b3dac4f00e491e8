#!/usr/bin/env python3
"""Writes the rows that the checker looks at as one JSON object: `{"taken_at": ms, "tables": {name: [row…]}}`.

Usage: dump.py DATABASE [--out FILE]

DATABASE is a URL (`postgres://…`, read with psql) or a SQLite file, with or without `sqlite:`. All tables are read in
one transaction that writes nothing. No code of the product is used, and nothing secret is read: neither settings, keys
nor texts. Ends with status 1 when the database cannot be read.
"""

import argparse
import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

TABLES = {
    "tenants": "id name weight held",
    "jobs": "id tenant_id kind unique_key state lane_id step round attempt crashes fence lease_until worker run_at"
    " wait_for created_at since_at ended_at failure_code",
    "steps": "job_id step round pool_id attempt fence result absorbed provider model tokens_in tokens_out microdollars"
    " charged cost started_at ended_at worker",
    "late_costs": "job_id fence step reason tokens_in tokens_out microdollars cost at",
    "signals": "job_id name sent_by at",
    "job_events": "id job_id at kind step detail",
    "lanes": "id pool_id tenant_id running backlog_count",
    "lane_deltas": "id lane_id n running",
    "workers": "id name version slots running started_at heartbeat stopped_at",
    "idempotency_keys": "tenant_id name answer created_at",
    "blog_generations": "id tenant_id instance_id source_type source_id status is_live error_code slug image_state"
    " draft_id stray_check",
}


def columns(table):
    return ", ".join(TABLES[table].split())


def from_sqlite(path):
    if not Path(path).is_file():
        raise OSError(f"there is no file {path}")
    connection = sqlite3.connect(f"file:{quote(str(Path(path).resolve()))}?mode=ro", uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("begin")
        return {
            table: [dict(row) for row in connection.execute(f"select {columns(table)} from {table}")]
            for table in TABLES
        }
    finally:
        connection.close()


def from_postgres(url):
    selects = "".join(
        f"select '{table}', row_to_json(r) from (select {columns(table)} from {table}) r;\n" for table in TABLES)
    script = f"begin isolation level repeatable read read only;\n{selects}commit;\n"
    # Unaligned rows: the table's name, the separator, one JSON object without line breaks.
    command = ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", "-"]
    done = subprocess.run(command, input=script, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise OSError(done.stderr.strip() or f"psql ended with status {done.returncode}")
    tables = {table: [] for table in TABLES}
    for line in done.stdout.split("\n"):
        name, tab, row = line.partition("\t")
        if tab:
            tables[name].append(json.loads(row))
    return tables


def main():
    parser = argparse.ArgumentParser(description="Writes the rows that the checker looks at as one JSON object.")
    parser.add_argument("database", help="postgres://… or a SQLite file")
    parser.add_argument("--out", type=Path, metavar="FILE", help="standard output when left out")
    options = parser.parse_args()
    try:
        if options.database.startswith(("postgres://", "postgresql://")):
            tables = from_postgres(options.database)
        else:
            tables = from_sqlite(options.database.removeprefix("sqlite://").removeprefix("sqlite:"))
    except (OSError, sqlite3.Error, subprocess.SubprocessError) as error:
        print(f"cannot read the database: {error}", file=sys.stderr)
        return 1
    text = json.dumps({"taken_at": int(time.time() * 1000), "tables": tables})
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
