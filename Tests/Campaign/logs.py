"""The lines of the logs, as records; see README.md for their formats. Times are milliseconds since 1970."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

#: States of a generation that has ended.
TERMINAL = {"DONE", "FAILED", "CANCELLED"}
#: What every paid call to a language model carries: `job-step-round-fence`.
MARKER = re.compile(r"(\d+)-([A-Za-z]+)-(\d+)-(\d+)")


class BadLog(Exception):
    """A log that cannot be read: no verdict is possible."""


@dataclass(frozen=True)
class Marker:
    """What every paid call carries: `job-step-round-fence`."""

    job: int
    step: str
    round: int
    fence: int

    @property
    def place(self):
        return (self.job, self.step, self.round)

    def __str__(self):
        return f"{self.job}-{self.step}-{self.round}-{self.fence}"


@dataclass
class Op:
    """One thing that the client wanted; `end` is None, or `info`, when it never learnt what became of it."""

    number: int
    verb: str
    begin: dict
    end: dict | None = None

    @property
    def outcome(self):
        return self.end["type"] if self.end else "info"

    @property
    def begun(self):
        return self.begin["t"]

    @property
    def ended(self):
        return self.end["t"] if self.end else float("inf")

    @property
    def id(self):
        text = (self.end or {}).get("id", self.begin.get("id"))
        return int(text) if text is not None else None


@dataclass
class Call:
    """One call that reached the simulated providers."""

    at: float
    operation: str
    status: int
    marker: Marker | None
    fault: str | None = None
    refused_by: str | None = None
    prediction: str | None = None
    digest: str | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    latency: float = 0
    retry_after: float | None = None

    @property
    def is_paid(self):
        """Admitted by the provider, and so charged: not refused with a status of 400 to 499."""
        return self.refused_by is None and not 400 <= self.status < 500


@dataclass
class Fault:
    id: str
    kind: str
    armed: float
    worker: str | None = None
    point: str | None = None
    fired: float | None = None
    healed: float | None = None
    details: dict = field(default_factory=dict)

    @property
    def step(self):
        return self.point.split(".")[0] if self.point and "." in self.point else None

    def overlaps(self, start, end, lag):
        if self.fired is None:
            return False
        until = self.healed if self.healed is not None else self.fired
        return self.fired - lag <= end and start <= until + lag


def milliseconds(text):
    """Of a date and time in UTC, such as `2026-11-21T10:00:00.100Z`."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp() * 1000


def ops(lines):
    found = {}
    for line in lines:
        if line["type"] == "invoke":
            if line["op"] in found:
                raise BadLog(f"the client log begins operation {line['op']} twice")
            found[line["op"]] = Op(line["op"], line["f"], line)
        elif line["op"] not in found:
            raise BadLog(f"the client log ends operation {line['op']}, which never began")
        else:
            found[line["op"]].end = line
    return list(found.values())


def call(line):
    match = MARKER.fullmatch(line.get("request") or "")
    marker = Marker(int(match[1]), match[2], int(match[3]), int(match[4])) if match else None
    return Call(
        milliseconds(line["time"]), line["operation"], line.get("status", 0), marker, line.get("fault"),
        line.get("refusedBy"), line.get("prediction"), line.get("digest"), line.get("promptTokens", 0),
        line.get("completionTokens", 0), line.get("latency", 0), line.get("retryAfterMs"))


def faults(lines):
    setup, found = {}, {}
    for line in lines:
        kind = line["type"]
        if kind == "setup":
            setup.update(line)
        elif kind == "arm":
            known = {"id", "type", "fault", "t", "worker", "point"}
            details = {name: value for name, value in line.items() if name not in known}
            found[line["id"]] = Fault(
                line["id"], line["fault"], line["t"], line.get("worker"), line.get("point"), details=details)
        elif kind in ("fire", "heal"):
            fault = found.get(line["id"])
            if fault is None:
                raise BadLog(f"the nemesis log names the fault {line['id']} before it was armed")
            if kind == "heal":
                fault.healed = line["t"]
            else:
                fault.fired = line["t"]
                fault.worker = line.get("worker", fault.worker)
        elif kind != "note":
            raise BadLog(f"the nemesis log has a line of the unknown type {kind}")
    return setup, list(found.values())


def ndjson(path):
    """The lines of a log. Its writer may have been killed in the middle of the last one, and only of that."""
    lines = Path(path).read_text(encoding="utf-8").split("\n")
    whole, torn = lines[:-1], lines[-1]
    try:
        found = [json.loads(line) for line in whole if line.strip()]
    except ValueError as error:
        raise BadLog(f"{path} has a line that is not JSON: {error}") from error
    try:
        return found + ([json.loads(torn)] if torn.strip() else [])
    except ValueError:
        return found
