"""What happened, as five logs tell it that know nothing of each other.

Nothing here judges: it derives what several rules need (attempts with their fences, which fault hit which attempt). It
shares no code with the product.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import logs
import posts as destination

#: Faults that strike one process, or one step in it; those that strike everyone who uses the database.
PROCESS_FAULTS = {"kill", "stop", "throw", "sleep", "drain", "oom"}
STEP_FAULTS = {"throw", "sleep"}
DATABASE_FAULTS = {"cut", "read_only", "restart", "unreachable", "full"}
#: After these a process may go on in the belief that it still holds its steps.
PAUSES = {"stop", "unreachable"}
#: During these what has been written is not yet to be seen: its transaction is held open. A stall allows nothing else.
DELAYS = PAUSES | {"stall"}
DEATHS = {"kill", "oom"}


@dataclass
class Attempt:
    """A step in one worker's hands, from its claim to whatever took it from there."""

    job: int
    step: str
    round: int
    fence: int
    worker: int
    start: float
    end: float = float("inf")
    ending: str | None = None


@dataclass
class Pause:
    """A job in nobody's hands, and what it was that put it there."""

    start: float
    end: float
    cause: str
    detail: str | None


class History:
    def __init__(self, client=(), calls=(), post_events=(), posts=(), tables=None, nemesis=()):
        self.ops = logs.ops(client)
        self.calls = sorted((logs.call(line) for line in calls), key=lambda c: c.at)
        self.post_events = sorted(post_events, key=lambda event: event["at"])
        self.posts = list(posts)
        self.tables = defaultdict(list, tables or {})
        self.setup, self.faults = logs.faults(nemesis)

    @property
    def lag(self):
        """How far a transaction's own time may lie before its commit, and one log's clock from another's."""
        return self.setup.get("lag_ms", 500)

    @property
    def reaction(self):
        """How late the driver may have noticed that a fault struck a process."""
        return self.setup.get("reaction_ms", 100)

    def seen_by(self, at):
        """When what was written at this time could be seen at the latest: a paused process commits when it goes on."""
        held = [fault for fault in self.faults if fault.kind in DELAYS and fault.fired is not None]
        until = at
        # One delay may begin before another has ended.
        for fault in sorted(held, key=lambda fault: fault.fired):
            if fault.overlaps(at, until, self.lag):
                until = max(until, float("inf") if fault.healed is None else fault.healed)
        return until + self.lag

    @cached_property
    def jobs(self):
        return {row["id"]: row for row in self.tables["jobs"]}

    @cached_property
    def generations(self):
        return {row["id"]: row for row in self.tables["blog_generations"]}

    @cached_property
    def results(self):
        rows = {}
        for row in self.tables["steps"]:
            rows.setdefault((row["job_id"], row["step"], row["round"]), row)
        return rows

    @cached_property
    def events(self):
        by_job = defaultdict(list)
        for row in sorted(self.tables["job_events"], key=lambda row: row["id"]):
            by_job[row["job_id"]].append(row)
        return by_job

    @cached_property
    def _walks(self):
        return {job: walk(job, events) for job, events in self.events.items()}

    @cached_property
    def attempts(self):
        """By job, in order. Fences are counted from the events: one for each claim, rescue and cancellation."""
        return defaultdict(list, {job: attempts for job, (attempts, _, _) in self._walks.items()})

    @cached_property
    def pauses(self):
        return defaultdict(list, {job: pauses for job, (_, pauses, _) in self._walks.items()})

    @cached_property
    def fences(self):
        """By job, what its fence must be now."""
        return {job: fence for job, (_, _, fence) in self._walks.items()}

    @cached_property
    def attempt_by_fence(self):
        return {(a.job, a.fence): a for attempts in self.attempts.values() for a in attempts}

    @cached_property
    def _names(self):
        return {row["id"]: row["name"] for row in self.tables["workers"]}

    def hits(self, attempt, kinds=PROCESS_FAULTS | DATABASE_FAULTS):
        """The faults that struck while this attempt was under way, in its process or in everybody's database."""
        return [fault for fault in self.faults if fault.kind in kinds and self._strikes(fault, attempt)]

    def is_of(self, fault, worker):
        """Whether the fault struck this worker's process; one without a process struck everybody's."""
        return fault.worker is None or self._names.get(worker) == fault.worker

    def _strikes(self, fault, attempt):
        if not self.is_of(fault, attempt.worker):
            return False
        if fault.kind in STEP_FAULTS and fault.step not in (None, attempt.step):
            return False
        return fault.overlaps(attempt.start, attempt.end, self.lag if fault.kind in DATABASE_FAULTS else self.reaction)

    def allowance(self, place):
        """How many calls beyond the first this (job, step, round) may have cost."""
        count = 0
        for attempt in self.attempts[place[0]]:
            if (attempt.job, attempt.step, attempt.round) == place:
                count += len(self.hits(attempt)) + (attempt.ending == "cancelled")
        return count + sum(1 for c in self.calls if c.marker and c.marker.place == place and c.fault and c.is_paid)


def walk(job, events):
    """One pass over a job's events: its attempts, the pauses between them, and its fence at the end."""
    attempts, pauses, rounds = [], [], defaultdict(int)
    fence, running, since = 0, None, None
    for event in events:
        kind, at = event["kind"], event["at"]
        if kind in ("started", "rescued", "cancelled"):
            fence += 1
        if since is not None:
            pauses.append(Pause(since["at"], at, since["kind"], since["detail"]))
            since = None
        if kind == "started":
            running = Attempt(job, event["step"], rounds[event["step"]] + 1, fence, number(event["detail"]), at)
            attempts.append(running)
            continue
        if running:
            running.end, running.ending, running = at, kind, None
        if kind in ("recorded", "absorbed"):
            rounds[event["step"]] += 1
        if kind not in ("succeeded", "failed", "cancelled"):
            since = event
    if since is not None:
        pauses.append(Pause(since["at"], float("inf"), since["kind"], since["detail"]))
    return attempts, pauses, fence


def number(text):
    return int(text) if text is not None and str(text).isdigit() else -1


def read(client=(), calls=(), output=None, dump=None, nemesis=()):
    """A history from files; what is not given stays empty."""
    tables = json.loads(Path(dump).read_text(encoding="utf-8"))["tables"] if dump else {}
    generations = [row["id"] for row in tables.get("blog_generations", [])]
    posts, events = destination.read(output, generations) if output else ([], [])
    return History(
        [line for path in client for line in logs.ndjson(path)], [line for path in calls for line in logs.ndjson(path)],
        events, posts, tables, [line for path in nemesis for line in logs.ndjson(path)])
