"""A small steady load of several sites, and what each call was answered."""

import threading
import time
from dataclasses import dataclass

from client import TERMINAL, Client
from processes import until



@dataclass
class Call:
    what: str
    sent: float
    took: float
    status: int | None
    retry_after: str | None
    code: str | None
    why: str | None

    @property
    def fault(self):
        """What no answer may be, whatever has become of the database; None when all is well."""
        if self.status in (200, 201) or self.status == 503 and self.retry_after:
            return None
        return f"{self.what} at {self.sent:.2f}: {self.status} {self.code or self.why} after {self.took:.2f} s"


class Load:
    """Submits for each site at a rate, each request under a key that is repeated until it is acknowledged; reads too.

    A context: it works inside and has stopped afterwards. Times are seconds of the monotonic clock.
    """

    def __init__(self, address, keys, name, per_second=4, timeout=20):
        self.client = Client(address, keys, timeout=timeout)
        self.keys, self.name, self.pause = keys, name, 1 / per_second
        self.calls, self.acknowledged, self.refused = [], {}, set()
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._submit, args=(site,)) for site in keys]
        self.threads += [threading.Thread(target=self._read, args=(site,)) for site in keys]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def _submit(self, site):
        number = 0
        while not self.stopping.is_set():
            number += 1
            source = f"{self.name}-{site}-{number}"
            request = {"sourceType": "keyword", "sourceId": source, "autoSelect": True}
            while not self.stopping.is_set():
                answer = self._call(
                    "submit", "POST", "/api/blog-generation", request, self.keys[site], {"Idempotency-Key": source})
                if answer.status in (200, 201):
                    with self.lock:
                        self.acknowledged[str(answer.body["id"])] = (site, source)
                    break
                with self.lock:
                    self.refused.add(source)
                self.stopping.wait(0.1)
            self.stopping.wait(self.pause)

    def _read(self, site):
        while not self.stopping.is_set():
            self._call("list", "GET", "/api/blog-generation?limit=5", None, self.keys[site])
            self._call("health", "GET", "/health")
            self.stopping.wait(0.1)

    def _call(self, what, method, path, body=None, key=None, headers=None):
        sent = time.monotonic()
        answer = self.client.call(method, path, body, key, headers)
        took = time.monotonic() - sent
        with self.lock:
            self.calls.append(Call(
                what, sent, took, answer.status, answer.headers.get("retry-after"), answer.body.get("code"), answer.why))
        return answer

    def accepted(self, count=1, after=0, within=30):
        """Waits for that many acknowledged submissions that were sent after a moment; returns when the first was."""
        def found():
            with self.lock:
                ends = sorted(call.sent + call.took for call in self.calls
                              if call.what == "submit" and call.status == 201 and call.sent + call.took >= after)
            return ends if len(ends) >= count else None
        return until(found, within, 0.01, f"{count} acknowledged submissions")[0]

    def refusals(self, count=1, after=0, within=30):
        """Waits for that many refused submissions."""
        def found():
            with self.lock:
                return sum(call.what == "submit" and call.status == 503 and call.sent >= after
                           for call in self.calls) >= count
        until(found, within, 0.01, f"{count} refusals")

    def between(self, start, end, entirely=False):
        """Calls under way at some moment of a stretch of time, or begun and ended in it."""
        with self.lock:
            if entirely:
                return [call for call in self.calls if start <= call.sent and call.sent + call.took <= end]
            return [call for call in self.calls if call.sent <= end and call.sent + call.took >= start]

    def wait_until_all_have_ended(self, within=90):
        """Returns how each acknowledged request ended, by id."""
        ends, waiting = {}, dict(self.acknowledged)

        def nobody_waits():
            for id, (site, _) in list(waiting.items()):
                answer = self.client.call("GET", f"/api/blog-generation/{id}", key=self.keys[site])
                if answer.body.get("status") in TERMINAL:
                    ends[id] = answer.body["status"]
                    del waiting[id]
            return not waiting
        until(nobody_waits, within, 0.2, f"the end of {len(waiting)} requests")
        return ends
