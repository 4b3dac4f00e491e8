"""PostgreSQL's disk fills up under load: for its tables, and for its write-ahead log, at which it stops working."""

import contextlib
import os
import tempfile
import time
from pathlib import Path
from unittest import mock

from postgres_disaster import Postgres, PostgresDisaster, psql, until
from preload import FullDisk


class PostgresFullDisk(PostgresDisaster):
    #: What cannot grow, below the cluster's folder.
    part: str

    @classmethod
    def make_server(cls):
        scratch = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="pressroom-"))).resolve()
        scratch.chmod(0o755)
        folder = scratch / "server"
        cls.disk = FullDisk(scratch, folder / cls.part)
        with mock.patch.dict(os.environ, cls.disk.environment):
            return Postgres(folder)

    def start_again(self):
        with mock.patch.dict(os.environ, self.disk.environment):
            self.postgres.start()


class NoRoomForTables(PostgresFullDisk):
    part = "data/base"

    def test_no_room_for_tables(self):
        with self.under_load() as load:
            load.accepted(count=10)
            struck = time.monotonic()
            self.disk.fill()
            load.refusals(count=5, after=struck)
            time.sleep(3)  # How long there is no room.
            self.disk.free()
            back = time.monotonic(), time.time()
            self.assert_recovered(load, "no room for tables for 3 s", struck, back)


class NoRoomForTheLog(PostgresFullDisk):
    part = "data/pg_wal"

    def test_no_room_for_the_log(self):
        with self.under_load() as load:
            load.accepted(count=10)
            struck = time.monotonic()
            self.disk.fill()
            # The log goes on in a new file, for which there is no room.
            with contextlib.suppress(OSError):  # The server may find that out, and panic, in this very statement.
                psql(self.postgres.url, "select pg_switch_wal()")
            load.refusals(count=5, after=struck)
            until(lambda: not self.accepting(), 30, 0.05, "the server's panic")
            time.sleep(2)  # How long there is no room.
            self.disk.free()
            back = self.bring_back(self.start_again)
            self.assert_recovered(load, "no room for the log", struck, back)
