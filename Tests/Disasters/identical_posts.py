"""A hundred identical submissions at once are one job, also when the server is killed among them."""

import sys
import threading
import time
import unittest
import uuid
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Harness"))
import books
import rows
from client import Client
from postgres import Postgres, address, psql
from processes import Workplace, providers, until

SPEED = 100
CALLERS = 100


class IdenticalPosts:
    """Runs on each database: a server without a worker, and a worker, so that a server's death interrupts no step."""

    @classmethod
    def open(cls, url):
        cls.place = cls.enterClassContext(Workplace())
        _, cls.sandbox = cls.place.sandbox(SPEED)
        cls.settings = {**providers(cls.sandbox, SPEED), "DATABASE_URL": url}
        cls.server, cls.address = cls.place.server(cls.settings, "--no-worker")
        cls.place.worker("worker", cls.settings)
        cls.key = cls.place.run(["sites", "add", "acme"], cls.settings)["key"]
        cls.other_key = cls.place.run(["sites", "add", "umbrella"], cls.settings)["key"]

    def test_a_hundred_at_once_are_one_job_with_one_answer(self):
        source = self.fresh("together")

        answers = self.post_all(source, key=source)

        self.assertEqual({answer.status for answer in answers}, {201})
        self.assertEqual(len({answer.body["id"] for answer in answers}), 1)
        self.assertEqual({self.stable(answer) for answer in answers}, {self.stable(answers[0])})
        self.assert_made_once(source)

    def test_a_hundred_at_once_while_the_server_is_killed_are_one_job(self):
        source = self.fresh("killed")
        answered = threading.Event()
        ids, statuses = [], Counter()

        def until_known(client, _):
            # A caller that was not answered knows nothing, and asks again under the same key.
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                answer = self.post(client, source, source)
                statuses[answer.status or answer.why] += 1
                if answer.is_ok:
                    answered.set()
                    return answer.body["id"]
                time.sleep(0.1)
            return None

        with Callers(self.address, until_known) as callers:
            answered.wait(30)
            self.server.kill()
            type(self).server = self.reopen()
            ids = callers.results()

        print(f"{type(self).__name__}: killed after the first of {CALLERS} answers: {dict(statuses)}", flush=True)
        self.assertEqual(len(ids), CALLERS)
        self.assertEqual(len(set(ids)), 1)
        self.assertTrue(any(status != 201 for status in statuses), "the server was killed too late")
        self.assert_made_once(source)

    def test_the_same_key_with_another_body_is_refused(self):
        source = self.fresh("first")
        client = Client(self.address, {})
        first = self.post(client, source, source)

        others = self.post_all(self.fresh("second"), key=source)
        again = self.post(client, source, source)

        self.assertEqual(first.status, 201)
        self.assertEqual({(answer.status, answer.body["code"]) for answer in others}, {(422, "idempotency.mismatch")})
        self.assertEqual(again.body["id"], first.body["id"])
        self.assert_made_once(source)
        client.close()

    def test_a_key_is_one_sites_own(self):
        source = self.fresh("shared")
        client = Client(self.address, {})

        mine = self.post(client, source, source)
        theirs = self.post(client, source, source, self.other_key)

        self.assertEqual((mine.status, theirs.status), (201, 201))
        self.assertNotEqual(mine.body["id"], theirs.body["id"])
        client.close()

    def test_without_a_key_each_is_a_wish_of_its_own(self):
        source = self.fresh("keyless")

        answers = self.post_all(source, key=None, callers=10)

        self.assertEqual({answer.status for answer in answers}, {201})
        self.assertEqual(len({answer.body["id"] for answer in answers}), 10)

    def tearDown(self):
        until(lambda: self.select("select count(*) from jobs where state < 3") == [["0"]], 120, 0.2, "rest")
        self.assertEqual(books.faults(self.select), [])

    def fresh(self, name):
        return f"{name}-{uuid.uuid4().hex[:8]}"

    def post(self, client, source, key, site_key=None):
        headers = {"Idempotency-Key": key} if key else {}
        request = {"sourceType": "keyword", "sourceId": source, "autoSelect": True}
        return client.call("POST", "/api/blog-generation", request, site_key or self.key, headers)

    def post_all(self, source, key, callers=CALLERS):
        with Callers(self.address, lambda client, _: self.post(client, source, key), callers) as all_of_them:
            return all_of_them.results()

    @staticmethod
    def stable(answer):
        """An answer without the hint that says it is a repetition."""
        return str(sorted(answer.body.items()))

    def reopen(self):
        """The server on its port again."""
        port = self.address.rsplit(":", 1)[1]
        server = self.place.start(
            f"server-{uuid.uuid4().hex[:6]}", ["serve", "--port", port, "--json", "--no-worker"], self.settings)
        server.ready()
        return server

    def assert_made_once(self, source):
        rows = until(lambda: [row for row in self.select(
            f"select id, status from blog_generations where source_id = '{source}'") if row[1] == "DONE"],
            60, 0.2, "the article")
        self.assertEqual(
            self.select(f"select count(*) from blog_generations where source_id = '{source}'"), [["1"]])
        self.assertEqual(self.select(f"select count(*) from jobs where id = {rows[0][0]}"), [["1"]])
        calls = self.calls()
        mine = Counter(call["operation"] for call in calls if (call.get("request") or "").startswith(f"{rows[0][0]}-"))
        self.assertEqual((mine["ideas"], mine["article"]), (1, 1))
        # An order of a picture does not say whose it is; everything is at rest, so there is one for each article.
        self.assertEqual(
            [[str(sum(call["operation"] == "image.create" for call in calls))]],
            self.select("select count(*) from steps where step = 'image'"))

    def calls(self):
        client, found = Client(self.sandbox, {}), []
        while True:
            page = client.call("GET", f"/sandbox/calls?limit=10000&after={len(found)}").body
            if not page:
                client.close()
                return found
            found += page


class Callers:
    """Threads that all begin at the same moment, as a context; each has a connection of its own."""

    def __init__(self, server, call, count=CALLERS):
        self.answers, self.start = [None] * count, threading.Barrier(count)

        def run(number):
            client = Client(server, {})
            self.start.wait()
            self.answers[number] = call(client, number)
            client.close()
        self.threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.results()

    def results(self):
        for thread in self.threads:
            thread.join()
        return self.answers


class OnSQLite(IdenticalPosts, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = cls.enterClassContext(Workplace())
        cls.open(f"sqlite:{cls.scratch.folder / 'pressroom.sqlite'}")

    def select(self, statement):
        return rows.of_sqlite(self.scratch.folder / "pressroom.sqlite", statement)


class OnPostgres(IdenticalPosts, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = cls.enterClassContext(Postgres())
        psql(cls.postgres.url, "create database posts")
        cls.url = address(cls.postgres.url, "posts")
        cls.open(cls.url)

    def select(self, statement):
        return rows.of_postgres(self.url, statement)


if __name__ == "__main__":
    unittest.main()
