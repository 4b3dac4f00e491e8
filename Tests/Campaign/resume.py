"""How soon work goes on after kill -9: two workers under load, one of them killed again and again, real settings."""

import json
import random
import threading
import time
from contextlib import ExitStack

import bench  # noqa: F401  (finds the harness)
import history
from campaign_rules import resume_times
from client import TERMINAL, Client, Log, now
from processes import Workplace, providers, until
from rules import check, figures

#: What is promised, 99 of 100, on one host with PostgreSQL.
PROMISE_MS = 3000
SPEED = 20
#: Articles on their way at any time.
LOAD = 16


class Resume:
    def __init__(self, bench, folder, kills, seed):
        self.bench, self.folder, self.kills = bench, folder, kills
        self.chance = random.Random(seed)
        self.place = self.database = self.settings = self.nemesis = None
        self.workers, self.lives = {}, 0
        self.is_over = threading.Event()
        self.failures = []

    def measure(self):
        """Violations by rule, the figures, and the times from a kill to the next claim in milliseconds."""
        self._perform()
        run = history.read(
            [self.folder / "client.ndjson"], sorted(self.folder.glob("calls*.ndjson")), self.folder / "output",
            self.folder / "dump.json", [self.folder / "nemesis.ndjson"])
        violations = {id: found for id, found in check(run).items() if found}
        return violations, figures(run), sorted(resume_times(run))

    def _perform(self):
        with ExitStack() as stack:
            self.place = stack.enter_context(Workplace(self.folder, keeps=True))
            self.database = stack.enter_context(self.bench.copy("postgres", self.folder))
            self.nemesis = Log(self.folder / "nemesis.ndjson")
            stack.callback(self.nemesis.close)
            client_log = Log(self.folder / "client.ndjson")
            stack.callback(client_log.close)
            self.nemesis.write(
                type="setup", t=now(), speed=SPEED, lag_ms=1000, reaction_ms=300, resume_ms=PROMISE_MS)
            stack.enter_context(self.bench.witness.telling(self.nemesis))
            _, sandbox = self.place.sandbox(SPEED)
            self.settings = {
                **providers(sandbox, SPEED), "DATABASE_URL": self.database.url, "DB_POOL_MIN": "1", "DB_POOL_MAX": "8"}
            _, address = self.place.server(self.settings, "--no-worker")
            client = Client(address, self.bench.keys["postgres"], client_log)
            for slot in ("left", "right"):
                self._start(slot)
            feeding = threading.Thread(target=self._feed, args=(client,), daemon=True)
            feeding.start()
            try:
                for number in range(self.kills):
                    self._kill(number)
            finally:
                self.is_over.set()
            feeding.join(180)
            if self.failures:
                raise self.failures[0]
            self._rest()
            for process in reversed(self.place.processes):
                if process.is_running:
                    process.leave()
            rows = {"taken_at": now(), "tables": self.database.rows()}
            (self.folder / "dump.json").write_text(json.dumps(rows), encoding="utf-8")

    def _start(self, slot):
        self.lives += 1
        self.workers[slot] = self.place.worker(f"{slot}-{self.lives}", self.settings)

    def _kill(self, number):
        """Kills a worker in the middle of its work, starts it anew as a supervisor does, and waits for the takeover."""
        for worker in self.workers.values():
            worker.errors.wait(r"Blog Worker\] started", 30)
        # A worker's session counts from when it was noted, within its first second; some time later chance strikes.
        time.sleep(self.chance.uniform(1.5, 3))
        slot = until(self._busy, 60, 0.02, "a worker with steps in its hands")
        victim = self.workers[slot]
        self.nemesis.write(type="arm", id=f"k{number}", t=now(), fault="kill", worker=victim.name)
        at = now()
        victim.kill()
        self.nemesis.write(type="fire", id=f"k{number}", t=at)
        self._start(slot)
        until(lambda: self._running(victim.name) == 0, 60, 0.1, "the takeover")

    def _busy(self):
        """A slot whose worker has steps in its hands at this moment."""
        slots = list(self.workers)
        self.chance.shuffle(slots)
        return next((slot for slot in slots if self._running(self.workers[slot].name)), None)

    def _running(self, name):
        return self.database.number(
            f"select count(*) from jobs j join workers w on w.id = j.worker where j.state = 1 and w.name = '{name}'")

    def _feed(self, client):
        try:
            active, count = {}, 0
            while active or not self.is_over.is_set():
                while len(active) < LOAD and not self.is_over.is_set():
                    site = bench.SITES[count % len(bench.SITES)]
                    request = {"sourceType": "keyword", "sourceId": f"subject {count}", "autoSelect": True,
                               "publishMode": "publish"}
                    active[client.submit_until_known(site, request, f"k-{count}")] = site
                    count += 1
                for id, site in list(active.items()):
                    if (client.poll(site, id).body or {}).get("status") in TERMINAL:
                        active.pop(id)
                time.sleep(1)
        except Exception as error:  # Told by the main thread.
            self.failures.append(error)

    def _rest(self):
        until(lambda: self.database.number("select count(*) from jobs where state < 3") == 0, 60, 0.5, "the jobs' end")
        # Drafts whose worker was killed are looked for when the grace is over.
        until(lambda: self.database.number("select count(*) from blog_generations where stray_check = 1") == 0, 240, 1,
              "the sweep for strays")
