"""PostgreSQL turns read-only under load, as after a failover to the wrong machine, and writable again."""

import time

from postgres_disaster import PostgresDisaster, psql


class PostgresReadOnly(PostgresDisaster):
    def test_a_server_that_may_only_be_read(self):
        with self.under_load() as load:
            load.accepted(count=10)
            struck = time.monotonic()
            self.make_read_only("on")
            load.refusals(count=5, after=struck)
            time.sleep(3)  # How long it stays so.
            # Nobody cuts the connections now: the program itself must find one that may write.
            self.make_read_only("off", cut=False)
            back = time.monotonic(), time.time()
            self.assert_recovered(load, "read-only for 3 s", struck, back)

    def make_read_only(self, value, cut=True):
        psql(self.postgres.url, f"alter database disaster set default_transaction_read_only = {value}")
        if cut:
            psql(self.postgres.url, """
                select pg_terminate_backend(pid) from pg_stat_activity where datname = 'disaster'""")
