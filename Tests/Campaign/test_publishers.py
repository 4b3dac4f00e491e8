"""What the judge is told of Wix sites: the gate's log of the calls that pass it, and what the sites hold at rest."""

import http.client
import json
import tempfile
import threading
import unittest
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import bench  # noqa: F401  (finds the harness)
import posts
from gate import Gate, Hold
from publishers import Wix

GENERATIONS = [101, 102]


class Site(ThreadingHTTPServer):
    """One Wix site, as far as drafts go; a context."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.drafts = {}

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def answer(self, method, path, body):
        if path == "/wix/sites/acme":
            return 200, {"draftPosts": list(self.drafts.values())}
        words = path.removeprefix("/wix/blog/v3/draft-posts").strip("/").split("/")
        if (method, words) == ("POST", [""]):
            id = f"d{len(self.drafts) + 1}"
            url = {"base": "http://somewhere/wix/sites/acme", "path": "/post/x"}
            self.drafts[id] = {"id": id, "status": "UNPUBLISHED", "seoSlug": body["draftPost"]["seoSlug"], "url": url}
            return 200, {"draftPost": self.drafts[id]}
        if words[0] not in self.drafts:
            return 404 if words[0] != "query" else 200, {}
        if method == "DELETE":
            self.drafts.pop(words[0])
        elif words[1:] == ["publish"]:
            self.drafts[words[0]]["status"] = "PUBLISHED"
        return 200, {}


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
        status, answer = self.server.answer(self.command, self.path.partition("?")[0], body)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    do_POST = do_DELETE = do_GET

    def log_message(self, *_):
        pass


def call(address, method, path, body=None):
    where = urlsplit(address)
    with closing(http.client.HTTPConnection(where.hostname, where.port, timeout=10)) as connection:
        connection.request(method, f"/wix/blog/v3/draft-posts{path}", json.dumps(body or {}))
        connection.getresponse().read()


def draft(generation):
    return {"draftPost": {"seoSlug": f"tea-{posts.mark(str(generation))}"}}


class OnWix(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.sandbox = self.enterContext(Site())
        self.publisher = self.enterContext(Wix(self.folder))

    def gate(self, hold=None):
        return self.enterContext(Gate(self.sandbox, hold, self.publisher.heard)).address

    def told(self):
        lying, events = posts.read(self.publisher.folder, GENERATIONS)
        return lying, [(event["event"], event["id"], event["marker"], event["site"]) for event in events]

    def test_drafts_are_seen_to_come_and_go(self):
        gate = self.gate()
        for generation in (101, 101, 102):
            call(gate, "POST", "", draft(generation))
        call(gate, "GET", "?paging.limit=100")
        call(gate, "POST", "/query")
        for id in ("d1", "d9"):
            call(gate, "POST", f"/{id}/publish")
        call(gate, "DELETE", "/d2")
        self.publisher.keep(self.sandbox)
        lying, events = self.told()
        self.assertEqual(lying, [posts.Post("acme", "d1", "101", False), posts.Post("acme", "d3", "102", True)])
        self.assertEqual(events, [
            ("created", "d1", "101", "acme"), ("created", "d2", "101", "acme"), ("created", "d3", "102", "acme"),
            ("published", "d1", "101", "acme"), ("removed", "d2", "101", "acme")])

    def test_a_draft_is_seen_whose_maker_does_not_hear_of_it(self):
        hold = Hold("draft", sends_half=True)
        gate = self.gate(hold)

        def cut():
            hold.reached.wait(10)
            hold.release(cuts=True)

        threading.Thread(target=cut).start()
        with self.assertRaises((OSError, http.client.HTTPException)):
            call(gate, "POST", "", draft(101))
        self.publisher.keep(self.sandbox)
        self.assertEqual(self.told(), (
            [posts.Post("acme", "d1", "101", True)], [("created", "d1", "101", "acme")]))


if __name__ == "__main__":
    unittest.main()
