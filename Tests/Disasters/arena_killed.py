"""Workers of Arena are killed in the midst of its work: every draft, reply, battle and summary is there afterwards, once.

In each round somebody asks for a draft, for a reply of every persona to a new post, and for a battle, and reads a thread
that has no summary yet. The worker that takes this up kills itself at one place (a failpoint; debug builds); the next one
finishes.
"""

import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Harness"))
import books
import rows
from client import Client
from postgres import Postgres, address, psql
from processes import Workplace, providers, until

SPEED = 20
LEASE = "2s"
PERSONAS = 4
#: Each makes one call to the model when all is well.
MODEL_STEPS = "('write', 'opening', 'closing', 'verdict')"


class ArenaKilled:
    """Runs on each database."""

    #: Where a worker kills itself, a round each.
    places = ()

    def open(self, url):
        self.place = self.enterContext(Workplace())
        _, sandbox = self.place.sandbox(SPEED)
        self.settings = {
            **providers(sandbox, SPEED), "DATABASE_URL": url, "LEASE": LEASE, "RATE_LIMIT_EXEMPT_CIDRS": "127.0.0.0/8",
            "ARENA_TOKEN_SECRET": "the-secret-of-this-disaster-and-no-other"}
        _, self.address = self.place.server(self.settings, "--no-worker")
        self.client = Client(self.address, {})
        self.addCleanup(self.client.close)
        self.token = None
        self.token = self.ask("POST", "/auth/signup", {
            "email": "owner@example.org", "password": "three plain words"})["token"]
        self.personas = [self.ask("POST", "/personas", {
            "name": f"Persona {number}", "bio": f"Is number {number}, and says so.", "tone": "dry", "language": "en",
        })["id"] for number in range(PERSONAS)]
        self.posts, self.battles = [], []

    def ask(self, method, path, body=None, headers=None):
        answer = self.client.call(method, path, body, self.token, headers)
        self.assertTrue(answer.is_ok, f"{method} {path}: {answer.status} {answer.body}")
        return answer.body

    def test_every_piece_of_work_is_done_once(self):
        for number, place in enumerate(self.places):
            self.ask_for_everything(number)
            victim = self.place.worker(f"victim-{number}", {**self.settings, "PRESSROOM_FAILPOINTS": f"{place}=kill"})
            until(lambda: not victim.is_running, 30, 0.05, f"the end of the worker at {place}")
            self.assertEqual(victim.process.returncode, -9, victim.errors.text[-500:])
            successor = self.place.worker(f"successor-{number}", self.settings)
            until(lambda: self.select("select count(*) from jobs where state < 3") == [["0"]], 60, 0.1, "the work's end")
            self.assertEqual(successor.leave(), 0)
        self.assert_once()

    def ask_for_everything(self, number):
        post = self.ask("POST", "/rooms/kitchen/posts", {"content": f"Question {number}: what would you do without?"})
        self.posts.append(post["id"])
        self.ask("POST", f"/posts/{post['id']}/generate-replies", {"persona_ids": self.personas})
        self.battles.append(self.ask("POST", "/rooms/philosophy/battles", {"topic": f"Is {number} enough?"})["battle_id"])
        self.ask("POST", "/rooms/kitchen/posts/draft", {
            "persona_id": self.personas[number % PERSONAS], "hint": f"Something about {number}.",
        }, {"Prefer": "respond-async"})
        for earlier in self.posts[:-1]:
            self.ask("GET", f"/posts/{earlier}/thread")

    def assert_once(self):
        rounds = len(self.places)
        pairs = [[post, persona] for post in self.posts for persona in self.personas]
        self.assertEqual(
            sorted(self.select("select post_id, persona_id from replies where persona_id is not null")), sorted(pairs))
        self.assertEqual(
            self.select("select count(*) from posts where status = 'DRAFT'"), [[str(rounds)]])
        for battle in self.battles:
            found = self.ask("GET", f"/battles/{battle}")
            self.assertEqual(found["status"], "COMPLETE", found)
            self.assertEqual(len(found["turns"]), 6)
            self.assertTrue(found["verdict"])
        self.assertEqual(self.select("select id, kind, step from jobs where state <> 3"), [])
        self.assertEqual(books.faults(self.select, books.ENGINE_RULES), [])
        rescued = int(self.select("select count(*) from job_events where kind = 'rescued'")[0][0])
        recorded = int(self.select(f"select count(*) from steps where step in {MODEL_STEPS}")[0][0])
        lines = (self.place.folder / "calls-sandbox.ndjson").read_text(encoding="utf-8").splitlines()
        calls = sum(json.loads(line)["status"] == 200 for line in lines)
        print(f"{type(self).__name__}: {rounds} workers killed with {rescued} steps at work; {recorded} steps recorded, "
              f"{calls} calls", flush=True)
        self.assertGreaterEqual(rescued, rounds - 2, "the workers died at work")
        self.assertLessEqual(calls, recorded + rescued)
        self.assertGreaterEqual(calls, recorded)


class OnSQLite(ArenaKilled, unittest.TestCase):
    places = ("write.claimed", "generate_reply.received", "opening.beforeCommit", "verdict.performed", "write.afterCommit")

    def setUp(self):
        self.scratch = self.enterContext(Workplace())
        self.open(f"sqlite:{self.scratch.folder / 'pressroom.sqlite'}")

    def select(self, statement):
        return rows.of_sqlite(self.scratch.folder / "pressroom.sqlite", statement)


class OnPostgres(ArenaKilled, unittest.TestCase):
    places = ("generate_reply.beforeSend", "write.performed", "battle.turns.received", "verdict.afterCommit", "write.beforeCommit")

    def setUp(self):
        self.postgres = self.enterContext(Postgres())
        psql(self.postgres.url, "create database arena")
        self.url = address(self.postgres.url, "arena")
        self.open(self.url)

    def select(self, statement):
        return rows.of_postgres(self.url, statement)


if __name__ == "__main__":
    unittest.main()
