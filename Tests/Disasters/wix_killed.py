"""Workers are killed while they make and publish drafts on Wix sites: each article is there afterwards, once, published.

Wix takes no idempotency keys: what a worker that died had made must be found again. The sites are the sandbox's.
"""

import json
import sys
import unittest
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Harness"))
import books
import rows
from client import Client
from postgres import Postgres, address, psql
from processes import Workplace, providers, until, wix

SPEED = 40
LEASE = "2s"
SITES = ("acme", "umbrella")
EACH = 2


class WixKilled:
    """Runs on each database."""

    #: Where a worker kills itself, a round each; and what goes wrong at Wix meanwhile.
    rounds = ()

    def open(self, url):
        self.place = self.enterContext(Workplace())
        _, self.sandbox = self.place.sandbox(SPEED)
        self.settings = {
            **providers(self.sandbox, SPEED), **wix(self.sandbox), "DATABASE_URL": url, "LEASE": LEASE,
            "STRAY_GRACE": "5s", "UPKEEP_PAUSE": "500ms"}
        _, self.address = self.place.server(self.settings, "--no-worker")
        self.keys = {site: self.place.run(["sites", "add", site], self.settings)["key"] for site in SITES}
        self.client = Client(self.address, self.keys)
        self.addCleanup(self.client.close)
        self.asked = []

    def test_every_article_is_there_once(self):
        for number, (place, faults) in enumerate(self.rounds):
            self.play(faults)
            for site in SITES:
                for index in range(EACH):
                    self.ask_for(site, f"round {number} {site} {index}")
            victim = self.place.worker(f"victim-{number}", {**self.settings, "PRESSROOM_FAILPOINTS": f"{place}=kill"})
            until(lambda: not victim.is_running, 60, 0.05, f"the end of the worker at {place}")
            self.assertEqual(victim.process.returncode, -9, victim.errors.text[-500:])
            successor = self.place.worker(f"successor-{number}", self.settings)
            until(lambda: self.select("select count(*) from jobs where state < 3") == [["0"]], 90, 0.1, "the work's end")
            self.assertEqual(successor.leave(), 0)
        self.assert_once()

    def ask_for(self, site, source):
        request = {
            "sourceType": "keyword", "sourceId": source, "autoSelect": True, "publishMode": "publish",
            "image": "auto" if source.endswith("0") else "none"}
        self.asked.append((site, self.client.submit_until_known(site, request, source.replace(" ", "-"))))

    def play(self, faults):
        request = urllib.request.Request(f"{self.sandbox}/sandbox/faults", json.dumps(faults).encode(), method="PUT")
        urllib.request.urlopen(request, timeout=10).close()

    def assert_once(self):
        self.assertEqual(self.select("select id, status, error from blog_generations where status <> 'DONE'"), [])
        recorded = self.select("select instance_id, draft_id, url from blog_generations")
        self.assertEqual(len(recorded), len(self.asked))
        found = []
        for site in SITES:
            with urllib.request.urlopen(f"{self.sandbox}/wix/sites/{site}", timeout=10) as answer:
                drafts = json.load(answer)["draftPosts"]
            self.assertEqual({draft["status"] for draft in drafts}, {"PUBLISHED"})
            found += [[site, draft["id"], draft["url"]["base"] + draft["url"]["path"]] for draft in drafts]
            for draft in drafts:
                with urllib.request.urlopen(draft["url"]["base"] + draft["url"]["path"], timeout=10) as page:
                    self.assertIn("Published", page.read().decode())
        self.assertEqual(sorted(found), sorted(recorded))
        self.assertEqual(books.faults(self.select), [])
        rescued = int(self.select("select count(*) from job_events where kind = 'rescued'")[0][0])
        print(f"{type(self).__name__}: {len(self.rounds)} workers killed with {rescued} steps at work; "
              f"{len(found)} posts on {len(SITES)} Wix sites", flush=True)
        self.assertGreaterEqual(rescued, len(self.rounds))


def lost(operation, count=2):
    """The work is done, and its answer is cut in the middle."""
    return [{"when": {"operation": operation}, "fault": "half_body", "count": count}]


class OnSQLite(WixKilled, unittest.TestCase):
    rounds = (
        ("draft.beforeSend", []), ("draft.received", lost("wix.draft.create")),
        ("publish.received", [{"when": {"operation": "wix.call"}, "fault": "silent_forbidden", "count": 3}]))

    def setUp(self):
        self.scratch = self.enterContext(Workplace())
        self.open(f"sqlite:{self.scratch.folder / 'pressroom.sqlite'}")

    def select(self, statement):
        return rows.of_sqlite(self.scratch.folder / "pressroom.sqlite", statement)


class OnPostgres(WixKilled, unittest.TestCase):
    rounds = (
        ("draft.received", []), ("draft.beforeCommit", lost("wix.publish")),
        ("publish.beforeCommit", [{"when": {"operation": "wix.draft.create"}, "fault": "server_error", "count": 2}]))

    def setUp(self):
        self.postgres = self.enterContext(Postgres())
        psql(self.postgres.url, "create database wix")
        self.url = address(self.postgres.url, "wix")
        self.open(self.url)

    def select(self, statement):
        return rows.of_postgres(self.url, statement)


if __name__ == "__main__":
    unittest.main()
