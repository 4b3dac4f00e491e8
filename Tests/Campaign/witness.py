"""Sees when the machine itself stood still: a disk that takes a second over 4 KiB explains what no process did wrong."""

import os
import threading
import time
from contextlib import contextmanager

from client import now

#: Seconds between two looks.
PAUSE = 0.05
#: Seconds beyond the pause that a look may take without being worth a word.
STALL = 0.25


class Witness:
    """A thread that writes a block to the disk again and again, for all runs of a campaign; a context."""

    def __init__(self, folder):
        self.file = os.open(folder / "witness", os.O_RDWR | os.O_CREAT, 0o600)
        self.logs, self.lock, self.stopping, self.count = set(), threading.Lock(), threading.Event(), 0
        self.longest = 0
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()
        os.close(self.file)

    @contextmanager
    def telling(self, log):
        """Tells this nemesis log of every stall until the context ends."""
        with self.lock:
            self.logs.add(log)
        try:
            yield
        finally:
            with self.lock:
                self.logs.remove(log)

    def _watch(self):
        while not self.stopping.is_set():
            since, begun = now(), time.monotonic()
            os.pwrite(self.file, os.urandom(4096), 0)
            os.fdatasync(self.file)
            self.stopping.wait(PAUSE)
            stall = time.monotonic() - begun - PAUSE
            self.longest = max(self.longest, stall)
            if stall > STALL:
                self._tell(since)

    def _tell(self, since):
        self.count += 1
        line = {"id": f"machine-{self.count}", "fault": "stall"}
        with self.lock:
            for log in self.logs:
                log.write(type="arm", t=since, **line)
                log.write(type="fire", t=since, id=line["id"])
                log.write(type="heal", t=now(), id=line["id"])
