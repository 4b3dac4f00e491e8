"""One schedule from beginning to end: real processes, one fault, rest, and the checker's judgement."""

import json
import shutil
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field

import bench  # noqa: F401  (finds the harness)
import history
from client import TERMINAL, Client, Log, now
from gate import Gate
from nemesis import Nemesis
from processes import Late, Workplace, providers, until
from publishers import PUBLISHERS
from rules import check, figures

#: How many times faster than life the sandbox is: an article in about three seconds.
SPEED = 40
#: How often a worker is started, as a supervisor would while there is no database to be had.
LIVES = 30
#: Seconds from the last strike to rest.
REST = 120

#: What the three sites ask for, beside publishing it; together it takes every step.
REQUESTS = [
    ("acme", {"sourceType": "keyword", "sourceId": "sourdough", "autoSelect": True}),
    ("acme", {"sourceType": "product", "sourceId": "dynamo-light-set", "autoSelect": True, "image": "auto"}),
    ("bolt", {"sourceType": "product", "sourceId": "full-overhaul", "autoSelect": True, "image": "none"}),
    ("bolt", {"sourceType": "keyword", "sourceId": "wheels", "image": "auto"}),
    ("cove", {"sourceType": "keyword", "sourceId": "ferns", "autoSelect": True, "image": "auto"}),
    ("cove", {"sourceType": "product", "sourceId": "shade-fern-trio", "autoSelect": True, "image": "auto"}),
]


@dataclass
class Patience:
    """How long things last, in seconds; the defaults of the product are in `REAL`."""

    lease: float = 5
    grace: float = 15
    upkeep: float = 1
    #: How long a stopped process stands still: past its lease, and past the rescue.
    stop: float = 7
    #: How long writing is refused: on SQLite longer than a writer waits for its turn.
    read_only: dict = field(default_factory=lambda: {"postgres": 2, "sqlite": 6})


REAL = Patience(lease=15, grace=120, upkeep=30, stop=18)


@dataclass
class Outcome:
    schedule: object
    seconds: float
    problem: str | None
    violations: dict
    figures: dict
    folder: str | None

    @property
    def is_ok(self):
        return self.problem is None and not self.violations

    @property
    def reason(self):
        found = [f"{id}: {some[0]}" for id, some in self.violations.items()]
        return "; ".join(([self.problem] if self.problem else []) + found)


class Run:
    """One installation under one fault."""

    def __init__(self, schedule, bench, folder, change=None, speed=SPEED, within=REST + 90):
        """`change`: a script for the schedule's database before anything uses it."""
        self.schedule, self.bench, self.folder, self.change, self.speed = schedule, bench, folder, change, speed
        #: Seconds from the last submission to the end of all jobs.
        self.within = within
        self.patience = REAL if schedule.is_real else Patience()
        self.publisher = PUBLISHERS[schedule.publisher](folder)
        self.place = self.database = self.client = self.settings = None
        #: The worker that is struck, and the last one that was started.
        self.worker = self.latest = None
        self.lives = 0

    def outcome(self, keeps=False):
        begun = time.monotonic()
        shutil.rmtree(self.folder, ignore_errors=True)
        problem, violations, numbers = None, {}, {}
        try:
            self._perform()
        except Exception as error:  # Whatever went wrong is this schedule's, and the others go on.
            problem = f"{type(error).__name__}: {error}"
        try:
            found = history.read(
                [self.folder / "client.ndjson"], sorted(self.folder.glob("calls*.ndjson")), self.publisher.folder,
                self.folder / "dump.json", [self.folder / "nemesis.ndjson"])
            violations, numbers = judged(found), figures(found)
        except Exception as error:
            problem = problem or f"{type(error).__name__}: {error}"
        outcome = Outcome(
            self.schedule, time.monotonic() - begun, problem, violations, numbers, str(self.folder))
        if outcome.is_ok and not keeps:
            shutil.rmtree(self.folder, ignore_errors=True)
            outcome.folder = None
        return outcome

    def _perform(self):
        with ExitStack() as stack:
            self.place = stack.enter_context(Workplace(self.folder, keeps=True))
            self.database = stack.enter_context(self.bench.copy(self.schedule.database, self.folder))
            stack.callback(self.database.close)
            if self.change:
                self.database.change(self.change)
            nemesis_log = Log(self.folder / "nemesis.ndjson")
            stack.callback(nemesis_log.close)
            client_log = Log(self.folder / "client.ndjson")
            stack.callback(client_log.close)
            nemesis_log.write(type="setup", t=now(), speed=self.speed, **self._tolerances)
            stack.enter_context(self.bench.witness.telling(nemesis_log))
            nemesis = Nemesis(self.schedule, self.patience, nemesis_log)
            _, sandbox = self.place.sandbox(self.speed)
            stack.enter_context(self.publisher)
            gate = stack.enter_context(Gate(sandbox, nemesis.hold, self.publisher.heard))
            self.settings = self._settings(gate)
            _, address = self.place.server(self.settings, "--no-worker")
            self.client = Client(address, self.bench.keys[self.schedule.database], client_log)
            self.worker = self._start({"PRESSROOM_FAILPOINTS": nemesis.failpoints})
            nemesis.arm(self.worker, self.database)
            try:
                self._work(nemesis, nemesis_log, sandbox)
                self._leave()
            finally:
                # Of what went wrong the logs tell more than the error does.
                self._dump()

    def _work(self, nemesis, log, sandbox):
        """From the first request to rest."""
        try:
            self._live(nemesis)
            self._heal_drain(log)
            self._rest()
        finally:
            self.publisher.keep(sandbox)

    def _dump(self):
        for process in self.place.processes:
            process.close()
        rows = {"taken_at": now(), "tables": self.database.rows()}
        (self.folder / "dump.json").write_text(json.dumps(rows), encoding="utf-8")

    @property
    def _tolerances(self):
        """What the checker allows for a machine that is kept busy."""
        # A lock is waited for five seconds; here somebody has it for longer, or stands still with it.
        sqlite_lock = self.schedule.database == "sqlite" and self.schedule.fault == "read_only"
        refusal = 6500 if sqlite_lock or self.schedule.fault == "stop" else 2000
        return {"lag_ms": 1000, "reaction_ms": 300, "refusal_ms": refusal}

    def _settings(self, gate):
        patience = self.patience
        return {
            **providers(gate.address, self.speed), **self.publisher.settings(gate.address),
            "DATABASE_URL": self.database.url,
            "LEASE": f"{int(patience.lease)}s",
            "STRAY_GRACE": f"{int(patience.grace)}s", "UPKEEP_PAUSE": f"{int(patience.upkeep * 1000)}ms",
            "DB_POOL_MIN": "1", "DB_POOL_MAX": "8", "DRAIN_TIMEOUT": "20s",
        }

    def _start(self, environment=None):
        """Another life of a worker, under a name of its own."""
        self.lives += 1
        self.latest = self.place.worker(f"w{self.lives}", {**self.settings, **(environment or {})})
        return self.latest

    def _live(self, nemesis):
        """Asks for articles and looks after them until they are done, while the nemesis strikes."""
        failures = []

        def strike():
            try:
                nemesis.strike(self._replace)
                self._succeed()
            except Exception as error:  # Told by the main thread.
                failures.append(error)

        striking = threading.Thread(target=strike, daemon=True)
        # Before anything is asked for: a worker that stands still may hold what an answer needs.
        striking.start()
        ids = [self._ask(index) for index in range(len(REQUESTS))]
        self._ask(0)  # As who did not hear the answer does.
        self._follow(ids, failures)
        striking.join(REST)
        if failures:
            raise failures[0]

    def _ask(self, index):
        site, request = REQUESTS[index]
        return site, self.client.submit_until_known(site, {**request, "publishMode": "publish"}, f"k-{index}")

    def _replace(self):
        """A second worker, where there may be two, to take over what the struck one leaves."""
        takes_over = self.schedule.fault in ("kill", "stop") or self.schedule.point == "drain"
        if self.schedule.database == "postgres" and takes_over:
            self._start()

    def _succeed(self):
        """On SQLite the next worker comes when the struck one has gone."""
        goes = self.schedule.fault == "kill" or self.schedule.point == "drain"
        if goes:
            self.worker.process.wait(60)
        if goes and self.schedule.database == "sqlite":
            self._start()

    def _follow(self, ids, failures):
        """Polls until everything has ended; chooses an idea where one is to be chosen."""
        left, chosen = dict((id, site) for site, id in ids), set()
        deadline = time.monotonic() + self.within
        while left and not failures:
            for id, site in list(left.items()):
                answer = self.client.poll(site, id)
                state = (answer.body or {}).get("status")
                if state == "AWAITING_SELECTION" and id not in chosen:
                    if self.client.select(site, id, {"index": 0}).is_ok:
                        chosen.add(id)
                if state in TERMINAL:
                    left.pop(id)
            if time.monotonic() > deadline:
                raise Late(f"not ended: {sorted(map(str, left))}")
            self._supervise()
            time.sleep(0.3)
        self.client.close()

    def _supervise(self):
        """A worker that could not start, because the database was not to be had, is started again."""
        if self.latest is not self.worker and not self.latest.is_running:
            if self.latest.process.returncode < 0 or self.lives > LIVES:
                raise AssertionError(f"{self.latest.name} broke down: {self.latest.errors.text[-500:]}")
            self._start()

    def _heal_drain(self, log):
        if self.schedule.point == "drain":
            self.worker.process.wait(60)
            log.write(type="heal", id="drain", t=now())

    def _rest(self):
        """No job is under way and no stray is looked for any more."""
        def count(query):
            return self.database.number(f"select count(*) from {query}")

        until(lambda: count("jobs where state < 3") == 0, REST, 0.2, "the jobs' end")
        # Drafts that nobody recorded are looked for when the grace is over.
        patience = self.patience.grace + REST
        until(lambda: count("blog_generations where stray_check = 1") == 0, patience, 0.5, "the sweep for strays")

    def _leave(self):
        """Everybody leaves in order, workers first, and nobody has gone before."""
        is_gone = self.schedule.fault == "kill" or self.schedule.point == "drain"
        if not is_gone and not self.worker.is_running:
            raise AssertionError(f"{self.worker.name} broke down: {self.worker.errors.text[-500:]}")
        for process in reversed(self.place.processes):
            if process.is_running:
                status = process.leave()
                if status != 0:
                    raise AssertionError(f"{process.name} left with status {status}: {process.errors.text[-500:]}")


def judged(run):
    return {id: found for id, found in ((id, list(found)) for id, found in check(run).items()) if found}
