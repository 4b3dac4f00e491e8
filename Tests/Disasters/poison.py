"""A job whose step kills its process: three crashes, then it is set aside with its reason; all others are served.

The poison is a product: only products have a `source` step, and every worker dies at it (a failpoint; debug builds).
"""

import sys
import threading
import time
import unittest
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Harness"))
import books
import rows
from client import Client
from postgres import Postgres, address, psql
from processes import Workplace, providers, until

#: Slow enough that articles are being written whenever a worker dies.
SPEED = 1
SITES = ("acme", "umbrella", "stark")
OTHERS = 24
LEASE = "5s"
FAILPOINT = "source.claimed=kill"


class Supervisor:
    """Starts each of its workers again when it dies, as systemd or Kubernetes would; a context."""

    def __init__(self, place, settings, names):
        self.place, self.settings, self.deaths = place, settings, 0
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._look_after, args=(name,)) for name in names]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def _look_after(self, name):
        life = 0
        while not self.stopping.is_set():
            life += 1
            worker = self.place.worker(f"{name}-{life}", self.settings)
            while worker.is_running and not self.stopping.wait(0.05):
                pass
            if worker.is_running:
                worker.leave()
            else:
                self.deaths += 1
                self.stopping.wait(0.5)


class Poison:
    """Runs on each database."""

    workers = ("one",)

    def open(self, url):
        self.place = self.enterContext(Workplace())
        _, sandbox = self.place.sandbox(SPEED)
        self.settings = {
            **providers(sandbox, SPEED), "DATABASE_URL": url, "LEASE": LEASE}
        _, self.address = self.place.server(self.settings, "--no-worker")
        self.keys = {site: self.place.run(["sites", "add", site], self.settings)["key"] for site in SITES}
        self.client = Client(self.address, self.keys)
        self.addCleanup(self.client.close)

    def test_is_set_aside_after_three_crashes_and_everybody_else_is_served(self):
        others = {self.submit(SITES[n % 3], "keyword", f"innocent {n}"): SITES[n % 3] for n in range(OTHERS)}
        with Supervisor(self.place, {**self.settings, "PRESSROOM_FAILPOINTS": FAILPOINT}, self.workers) as supervisor:
            # After a first crash it is performed alone, so that the first must find others at work.
            until(lambda: self.select("select count(*) from jobs where state = 1") != [["0"]], 60, 0.05, "work")
            poison = self.submit("acme", "product", "proofing-basket-set")
            begun = time.monotonic()
            until(lambda: self.status("acme", poison) == "FAILED", 120, 0.2, "the end of the poison")
            set_aside = time.monotonic() - begun
            deaths = supervisor.deaths
            until(lambda: self.ended(others), 180, 0.5, "the end of the others")
            ends = Counter(self.status(site, id) for id, site in others.items())
            detail = self.client.poll("acme", poison).body
            crashes = self.select(
                f"select count(*) from job_events where kind = 'rescued' and job_id = {poison}")
            caught = self.select("select count(distinct job_id) from job_events where kind = 'rescued'")
            deaths_after = supervisor.deaths - deaths
        print(f"{type(self).__name__}: set aside after {crashes[0][0]} crashes and {set_aside:.1f} s; "
              f"{int(caught[0][0]) - 1} others were in a worker that died; they ended {dict(ends)}", flush=True)

        self.assertEqual(ends, {"DONE": OTHERS})
        self.assertEqual(crashes, [["3"]])
        self.assertEqual(deaths_after, 0)
        self.assertEqual(detail["error"]["code"], "job.poisoned")
        self.assertIn("died 3 times", detail["error"]["message"])
        self.assertTrue(detail["error"]["hint"])
        self.assertGreater(int(caught[0][0]), 1, "no other was in a worker that died: nothing is proved of them")
        until(lambda: self.select("select count(*) from jobs where state < 3") == [["0"]], 60, 0.2, "rest")
        self.assertEqual(books.faults(self.select), [])

    def submit(self, site, kind, source):
        request = {"sourceType": kind, "sourceId": source, "autoSelect": True, "image": "none"}
        return self.client.submit_until_known(site, request, source.replace(" ", "-"))

    def status(self, site, id):
        return self.client.poll(site, id).body["status"]

    def ended(self, jobs):
        return all(self.status(site, id) in ("DONE", "FAILED") for id, site in jobs.items())


class OnSQLite(Poison, unittest.TestCase):
    def setUp(self):
        self.scratch = self.enterContext(Workplace())
        self.open(f"sqlite:{self.scratch.folder / 'pressroom.sqlite'}")

    def select(self, statement):
        return rows.of_sqlite(self.scratch.folder / "pressroom.sqlite", statement)


class OnPostgres(Poison, unittest.TestCase):
    workers = ("one", "two")

    def setUp(self):
        self.postgres = self.enterContext(Postgres())
        psql(self.postgres.url, "create database poison")
        self.url = address(self.postgres.url, "poison")
        self.open(self.url)

    def select(self, statement):
        return rows.of_postgres(self.url, statement)


if __name__ == "__main__":
    unittest.main()
