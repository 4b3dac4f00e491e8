"""PostgreSQL is restarted, or killed and started again, under load."""

import os
import signal
import time
from pathlib import Path

from postgres_disaster import PostgresDisaster, psql, until


class PostgresRestart(PostgresDisaster):
    def go_through(self, name, stop, away=1.5):
        with self.under_load() as load:
            load.accepted(count=10)
            struck = time.monotonic()
            stop()
            load.refusals(count=5, after=struck)
            time.sleep(away)  # How long the server stays away.
            back = self.bring_back(self.postgres.start)
            self.assert_recovered(load, name, struck, back)

    def test_a_fast_restart(self):
        self.go_through("restart, fast", lambda: self.postgres.stop("fast"))

    def test_an_immediate_restart(self):
        self.go_through("restart, immediate", lambda: self.postgres.stop("immediate"))

    def test_a_killed_server(self):
        self.go_through("kill -9 and start again", self.postgres.kill)

    def test_an_absence_longer_than_a_lease(self):
        self.go_through("away for 17 s", lambda: self.postgres.stop("fast"), away=17)

    def test_a_server_that_is_there_before_its_database(self):
        self.postgres.stop("fast")
        early = self.place.start("early", ["serve", "--port", "0", "--no-worker", "--json"], self.settings)
        time.sleep(3)  # More than one try.
        self.assertTrue(early.is_running, early.errors.text)
        self.bring_back(self.postgres.start)
        self.assertIn("address", early.ready(within=20))
        self.assertEqual(early.leave(), 0)

    def test_a_killed_backend(self):
        """At which PostgreSQL ends all the others, recovers, and takes connections again."""
        with self.under_load() as load:
            load.accepted(count=10)
            victim = int(psql(self.url, """
                select pid from pg_stat_activity where datname = 'disaster' and pid <> pg_backend_pid() limit 1"""))
            struck = time.monotonic()
            os.kill(victim, signal.SIGKILL)
            until(lambda: not Path(f"/proc/{victim}").exists(), 10, 0.005, "the backend's end")
            back = self.bring_back(lambda: None)
            self.assert_recovered(load, "kill -9 of a backend", struck, back)
