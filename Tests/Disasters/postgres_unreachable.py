"""PostgreSQL is there and says nothing: connections stay open, and no byte comes back."""

import os
import signal
import time

from postgres_disaster import PostgresDisaster, children, psql


class PostgresUnreachable(PostgresDisaster):
    def go_through(self, seconds):
        with self.under_load() as load:
            load.accepted(count=10)
            struck = time.monotonic()
            frozen = self.freeze()
            try:
                load.refusals(count=5, after=struck)
                time.sleep(seconds)  # How long it says nothing.
            finally:
                back = time.monotonic(), time.time()
                for pid in frozen:
                    os.kill(pid, signal.SIGCONT)
            self.assert_recovered(load, f"frozen for {seconds} s and more", struck, back)

    def freeze(self):
        """Stops the postmaster first, so that it starts nobody new."""
        frozen = [self.postgres.pid]
        os.kill(frozen[0], signal.SIGSTOP)
        for pid in children(frozen[0]):
            os.kill(pid, signal.SIGSTOP)
            frozen.append(pid)
        return frozen

    def test_a_server_frozen_for_a_moment(self):
        self.go_through(1)

    def test_a_server_frozen_for_longer_than_a_statement_may_take(self):
        self.go_through(10)

    def test_a_server_that_makes_everybody_wait_is_not_taken_for_gone(self):
        with self.under_load() as load:
            load.accepted(count=10)
            struck = time.monotonic()
            psql(self.url, "begin; lock table jobs in access exclusive mode; select pg_sleep(3); commit")
            load.accepted(count=5, after=time.monotonic())
            load.stop()
        waited = [call for call in load.between(struck, struck + 3) if call.took > 2]
        self.assertGreater(len(waited), 0)
        self.assertEqual([call for call in waited if call.status not in (200, 201)], [])
        self.assert_ended_once(load)
