"""The disk of an SQLite database fills up under load, and has room again."""

import time

from preload import FullDisk
from sqlite_disaster import SQLiteDisaster


class SQLiteFullDisk(SQLiteDisaster):
    @classmethod
    def environment(cls):
        cls.disk = FullDisk(cls.scratch, cls.scratch / "data")
        return cls.disk.environment

    def test_a_full_disk(self):
        with self.under_load() as load:
            load.accepted(count=10)
            struck = time.monotonic()
            self.disk.fill()
            load.refusals(count=5, after=struck)
            time.sleep(3)  # How long there is no room.
            self.disk.free()
            back = time.monotonic(), time.time()
            self.assert_recovered(load, "disk full for 3 s", struck, back)
