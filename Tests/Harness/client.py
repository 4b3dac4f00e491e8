"""A client of Pressroom's API that writes down what it asked and was told, as Tests/Campaign/README.md has it."""

import http.client
import itertools
import json
import socket
import threading
import time
from urllib.parse import urlsplit

TERMINAL = {"DONE", "FAILED", "CANCELLED"}


def now():
    """Milliseconds since 1970."""
    return int(time.time() * 1000)


class Log:
    """A file of one JSON object a line, written through at once; many threads may write."""

    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8", buffering=1)
        self.lock = threading.Lock()

    def write(self, **line):
        with self.lock:
            self.file.write(json.dumps(line) + "\n")

    def close(self):
        self.file.close()


class Answer:
    """What came back: a status and the JSON object, or no status when nobody knows (time-out, connection lost)."""

    def __init__(self, status, body, headers=None, why=None):
        self.status, self.body, self.headers, self.why = status, body, headers or {}, why

    @property
    def is_ok(self):
        return self.status is not None and 200 <= self.status < 300


class Client:
    """Calls of one or more sites; safe to use from many threads, each with a connection of its own."""

    _numbers = itertools.count(1)

    def __init__(self, address, keys, log=None, timeout=20):
        """`keys`: each site's API key, by the site's id. `log`: a Log, or None."""
        self.address, self.keys, self.log, self.timeout = address, keys, log, timeout
        self.local = threading.local()

    def call(self, method, path, body=None, key=None, headers=None):
        """One call without a log, tried again at once when a kept connection turns out to be closed."""
        is_fresh = getattr(self.local, "connection", None) is None
        answer = self._call(method, path, body, key, headers)
        if answer.status is None and not is_fresh and answer.why == "closed":
            answer = self._call(method, path, body, key, headers)
        return answer

    def _call(self, method, path, body, key, headers):
        if getattr(self.local, "connection", None) is None:
            where = urlsplit(self.address)
            self.local.connection = http.client.HTTPConnection(where.hostname, where.port, timeout=self.timeout)
        connection = self.local.connection
        fields = {"Content-Type": "application/json", **(headers or {})}
        if key:
            fields["Authorization"] = f"Bearer {key}"
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, fields)
            response = connection.getresponse()
            data = response.read()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self._drop()
            return Answer(None, None, why="closed")
        except (OSError, http.client.HTTPException) as error:
            self._drop()
            return Answer(None, None, why="timeout" if isinstance(error, socket.timeout) else type(error).__name__)
        try:
            value = json.loads(data) if data else {}
        except ValueError:
            value = {}
        return Answer(response.status, value, {name.lower(): text for name, text in response.getheaders()})

    def close(self):
        """Gives up this thread's connection."""
        if getattr(self.local, "connection", None) is not None:
            self._drop()

    def _drop(self):
        self.local.connection.close()
        self.local.connection = None

    def submit(self, site, request, key=None):
        """Asks for one generation. `request` has a `sourceId` of its own, by which the checker knows it."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._logged(
            "submit", "POST", "/api/blog-generation", site, request, headers, site=site, source=request["sourceId"],
            key=key)

    def submit_until_known(self, site, request, key, within=60, pause=0.5):
        """Repeats a submission under its key until an answer says what became of it; returns its id."""
        deadline = time.monotonic() + within
        while True:
            answer = self.submit(site, request, key)
            if answer.is_ok:
                return answer.body["id"]
            if answer.status not in (None, 409, 429, 503) or time.monotonic() > deadline:
                told = f"{answer.status} {answer.body or answer.why}"
                raise AssertionError(f"{request['sourceId']} was not accepted: {told}")
            time.sleep(pause)

    def poll(self, site, id):
        return self._logged("poll", "GET", f"/api/blog-generation/{id}", site, id=str(id))

    def select(self, site, id, selection):
        return self._logged(
            "select", "POST", f"/api/blog-generation/{id}/select-idea", site, selection, id=str(id))

    def cancel(self, site, id):
        return self._logged("cancel", "POST", f"/api/blog-generation/{id}/cancel", site, id=str(id))

    def retry(self, site, id):
        return self._logged("retry", "POST", f"/api/blog-generation/{id}/retry", site, id=str(id))

    def _logged(self, verb, method, path, asker, body=None, headers=None, **about):
        number = next(self._numbers)
        if self.log:
            self.log.write(op=number, type="invoke", t=now(), f=verb, **about)
        # A repetition inside `call` would be two operations under one number: no kept connection is trusted here.
        answer = self._call(method, path, body, self.keys[asker], headers)
        if self.log:
            self.log.write(op=number, t=now(), **ending(answer))
        return answer


def ending(answer):
    """How the client log tells an answer."""
    if answer.status is None:
        return {"type": "info", "why": answer.why}
    if not answer.is_ok:
        return {"type": "fail", "http": answer.status, "retryAfter": answer.headers.get("retry-after"),
                "code": answer.body.get("code")}
    line = {"type": "ok", "http": answer.status}
    if "id" in answer.body:
        line["id"] = str(answer.body["id"])
    if "status" in answer.body:
        line["state"] = answer.body["status"]
        line["reason"] = (answer.body.get("waiting") or {}).get("reason")
    return line
