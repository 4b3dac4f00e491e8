"""Another program holds SQLite's one write lock, for longer than a request waits, and for less."""

import sqlite3
import time

from sqlite_disaster import SQLiteDisaster


class SQLiteBusy(SQLiteDisaster):
    #: A write waits five seconds for the lock, and one that comes meanwhile no longer than that.
    answer_max = 6.0

    def hold_for(self, seconds):
        """Returns when the lock was taken and when it was let go."""
        with self.under_load() as load:
            load.accepted(count=10)
            connection = sqlite3.connect(self.database, isolation_level=None, timeout=30)
            connection.execute("begin immediate")
            struck = time.monotonic()
            time.sleep(seconds)  # How long the lock is held.
            connection.execute("rollback")
            back = time.monotonic(), time.time()
            connection.close()
            self.assert_recovered(load, f"write lock held for {seconds} s", struck, back)
        return load.between(struck, back[0])

    def test_a_lock_held_for_a_second_delays(self):
        calls = self.hold_for(1)
        self.assertEqual([call for call in calls if call.status not in (200, 201)], [])
        self.assertLess(max(call.took for call in calls), 2)

    def test_a_lock_held_for_ten_seconds_refuses(self):
        calls = self.hold_for(10)
        self.assertIn("database.busy", {call.code for call in calls})
        # Reading goes on.
        self.assertEqual({call.status for call in calls if call.what == "list"}, {200})
