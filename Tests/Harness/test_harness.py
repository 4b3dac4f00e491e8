"""The harness itself: `python3 -m unittest discover -s Tests/Harness`, with a debug build and PostgreSQL there."""

import json
import os
import signal
import unittest

from client import Client, Log
from postgres import Postgres, psql
from processes import Late, Workplace, providers, until


class Harness(unittest.TestCase):
    def test_an_article_goes_through_a_workplace_and_everything_is_gone_afterwards(self):
        with Workplace() as place:
            _, sandbox = place.sandbox(100)
            settings = providers(sandbox, 100)
            server, address = place.server(settings, "--no-worker")
            worker = place.worker("w1", settings)
            key = place.run(["sites", "add", "acme"], settings)["key"]
            log = Log(place.folder / "client.ndjson")
            client = Client(address, {"acme": key}, log)
            request = {"sourceType": "keyword", "sourceId": "tea", "autoSelect": True}
            id = client.submit_until_known("acme", request, "k1")
            until(lambda: client.poll("acme", id).body["status"] == "DONE", 60, 0.2, "the article")
            worker.pause()
            self.assertTrue(worker.is_stopped)
            worker.resume()
            self.assertEqual(worker.leave(), 0)
            server.kill()
            self.assertEqual(server.process.returncode, -signal.SIGKILL)
            client.close()
            log.close()
            lines = [json.loads(line) for line in (place.folder / "client.ndjson").read_text().splitlines()]
            self.assertEqual(lines[1]["id"], str(id))
            self.assertEqual(lines[-1]["state"], "DONE")
        self.assertFalse(place.folder.exists())

    def test_a_line_that_never_comes_is_told(self):
        with Workplace() as place:
            process = place.start("help", ["--help"])
            self.assertIsNone(process.errors.wait("no such line", 5))
            process, _ = place.sandbox(100)
            with self.assertRaises(Late):
                process.errors.wait("no such line", 0.1)

    def test_a_server_can_be_cut_made_read_only_killed_and_started_again(self):
        with Postgres() as server, server.database() as database:
            database.query("create table t (n int)")
            database.read_only()
            with self.assertRaisesRegex(OSError, "read-only"):
                database.query("insert into t values (1)")
            database.read_only(False)
            database.query("insert into t values (1)")
            server.kill()
            with self.assertRaises(OSError):
                database.query("select 1")
            server.start()
            self.assertEqual(database.query("select count(*) from t"), "1")
            self.assertEqual(database.cut(), 0)

    @unittest.skipUnless("PRESSROOM_TEST_DATABASE_URL" in os.environ, "no PRESSROOM_TEST_DATABASE_URL")
    def test_the_given_server_has_databases_of_a_tests_own(self):
        server = Postgres.given()
        with server.database() as database:
            name = database.name
            self.assertEqual(database.query("select 1"), "1")
        self.assertEqual(psql(server.url, f"select count(*) from pg_database where datname = '{name}'"), "0")


if __name__ == "__main__":
    unittest.main()
