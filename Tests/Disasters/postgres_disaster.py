"""An installation on a PostgreSQL of its own: a server with a worker inside, and one worker more."""

import subprocess
import threading
import time
from urllib.parse import urlsplit

from disaster import Disaster, until
from postgres import Postgres, address, children, psql
import rows

__all__ = ["Postgres", "PostgresDisaster", "children", "psql", "until"]


class PostgresDisaster(Disaster):
    #: Settings beside the database's.
    own_settings = {"DB_POOL_MAX": "20"}

    @classmethod
    def make_server(cls):
        return Postgres()

    @classmethod
    def setUpClass(cls):
        cls.postgres = cls.enterClassContext(cls.make_server())
        psql(cls.postgres.url, "create database disaster")
        cls.url = address(cls.postgres.url, "disaster")
        cls.open({"DATABASE_URL": cls.url, **cls.own_settings})
        cls.processes.append(cls.place.worker("second", cls.settings))

    @classmethod
    def select(cls, statement):
        return rows.of_postgres(cls.url, statement)

    def accepting(self):
        """Whether the server accepts connections."""
        where = urlsplit(self.url)
        command = ["pg_isready", "-q", "-t", "1", "-h", where.hostname, "-p", str(where.port)]
        return subprocess.run(command, check=False).returncode == 0

    def bring_back(self, start):
        """Runs `start` and returns when the server accepted connections, by both clocks."""
        thread = threading.Thread(target=start)
        thread.start()
        until(self.accepting, 60, 0.02, "the database server")
        back = time.monotonic(), time.time()
        thread.join()
        return back
