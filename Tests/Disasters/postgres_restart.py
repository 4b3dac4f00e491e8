"""PostgreSQL is restarted, or killed and started again, under load."""

import time

from postgres_disaster import PostgresDisaster


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

    def test_a_longer_absence(self):
        self.go_through("away for 8 s", lambda: self.postgres.stop("fast"), away=8)
