"""An installation on SQLite: one process."""

import tempfile
from pathlib import Path

from disaster import Disaster
import rows  # behind `disaster`, which says where the harness is


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
        return rows.of_sqlite(cls.database, statement)
