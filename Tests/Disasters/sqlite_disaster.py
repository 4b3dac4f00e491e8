"""An installation on SQLite: one process."""

import sqlite3
import tempfile
from pathlib import Path

from disaster import Disaster


class SQLiteDisaster(Disaster):
    @classmethod
    def setUpClass(cls):
        cls.scratch = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="pressroom-"))).resolve()
        cls.database = cls.scratch / "data" / "pressroom.sqlite"
        cls.open({"DATABASE_URL": f"sqlite:{cls.database}"}, cls.environment())

    @classmethod
    def environment(cls):
        """What the server is told beside its settings."""
        return {}

    @classmethod
    def select(cls, statement):
        connection = sqlite3.connect(f"file:{cls.database}?mode=ro", uri=True, timeout=30)
        try:
            return [["" if cell is None else str(cell) for cell in row] for row in connection.execute(statement)]
        finally:
            connection.close()
