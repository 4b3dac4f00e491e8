"""The schedules of the campaign: every step × point × fault × database × publisher, and why some of them cannot be."""

import random
from dataclasses import dataclass, replace

STEPS = ["source", "ideas", "content", "image", "collect", "draft", "publish"]
POINTS = ["after_claim", "before_send", "request_sent", "half_body", "full_body", "before_commit", "commit_sent",
          "after_commit", "heartbeat", "drain"]
FAULTS = ["kill", "stop", "cut", "read_only", "throw"]
DATABASES = ["sqlite", "postgres"]
PUBLISHERS = ["folder", "wix"]

#: Steps that ask a provider for something, and steps that ask a publisher.
ASKING = {"ideas", "content", "image", "collect"}
POSTING = {"draft", "publish"}
#: Steps that call somebody over a network. A catalogue of products and a publisher's folder are files.
CALLING = {"folder": ASKING, "wix": ASKING | POSTING}
#: Of a spread over both publishers, which schedules post to Wix: each eighth.
WIX_EVERY = 8


@dataclass(frozen=True)
class Schedule:
    step: str
    point: str
    fault: str
    database: str
    #: With the product's own lease and grace; the others have shorter ones, or the campaign would take a day.
    is_real: bool = False
    publisher: str = "folder"

    @property
    def name(self):
        parts = [self.database, self.step, self.point, self.fault]
        return ".".join(["wix"] * (self.publisher == "wix") + parts + ["real"] * self.is_real)

    @property
    def impossible(self):
        """Why there is no such schedule; None when there is."""
        if self.point in ("request_sent", "half_body") and self.step not in CALLING[self.publisher]:
            return f"{self.step} reads or writes files: nothing is sent that could be answered"
        if self.database == "sqlite":
            if self.fault == "cut":
                return "SQLite is a library: there is no connection to cut"
            if self.point == "commit_sent":
                return "SQLite's COMMIT is a call within the process: there is no answer to be lost"
            if self.point == "before_commit" and self.fault == "read_only":
                return "the transaction that is to commit holds SQLite's only write lock: nobody can take it away"
        if self.point == "commit_sent" and self.fault == "throw":
            return "between COMMIT and its answer none of our code runs; the error that can come there is a cut"
        return None


#: Schedules that run once more with the product's own lease and grace.
REAL = [
    Schedule("content", "request_sent", "stop", "postgres", True),
    Schedule("ideas", "before_send", "kill", "postgres", True),
    Schedule("draft", "before_commit", "stop", "postgres", True),
    Schedule("publish", "full_body", "kill", "postgres", True),
    Schedule("content", "full_body", "kill", "sqlite", True),
    Schedule("draft", "full_body", "stop", "sqlite", True),
]


def combinations(publishers):
    return [Schedule(step, point, fault, database, publisher=publisher) for publisher in publishers
            for database in DATABASES for step in STEPS for point in POINTS for fault in FAULTS]


def whole(publishers=PUBLISHERS):
    """Every schedule that can be; those with real times first, since they take longest."""
    real = [replace(schedule, publisher=publisher) for publisher in publishers for schedule in REAL]
    return real + [schedule for schedule in combinations(publishers) if not schedule.impossible]


def mixed(seed, publishers=PUBLISHERS):
    """All of them in an order in which neighbours differ, so that lanes share the work; the longest first."""
    schedules = whole(publishers)
    rest = [schedule for schedule in schedules if not schedule.is_real]
    random.Random(seed).shuffle(rest)
    return [schedule for schedule in schedules if schedule.is_real] + rest


def impossible(publishers=PUBLISHERS):
    """How many combinations cannot be, by their reason."""
    reasons = {}
    for schedule in combinations(publishers):
        if schedule.impossible:
            reasons[schedule.impossible] = reasons.get(schedule.impossible, 0) + 1
    return reasons


def spread(count, seed, publishers=PUBLISHERS):
    """`count` schedules that cover everything evenly; of both publishers each eighth is a step that calls Wix."""
    if publishers != PUBLISHERS:
        return even(whole(publishers), count, seed)
    posting = [schedule for schedule in whole(["wix"]) if schedule.step in POSTING and not schedule.is_real]
    on_wix = even(posting, count // WIX_EVERY, seed)
    chosen = even(whole(["folder"]), count - len(on_wix), seed)
    for number, schedule in enumerate(on_wix, 1):
        chosen.insert(number * WIX_EVERY - 1, schedule)
    return chosen


def even(schedules, count, seed):
    """`count` of them that cover every step, point, fault, database, and pair of them, as evenly as they can.

    Greedy and deterministic: the next one is always the one whose pairs have been covered least; chance, from the
    seed, decides among equals only.
    """
    left = [schedule for schedule in schedules if not schedule.is_real]
    random.Random(seed).shuffle(left)
    # One with real times, in which no draft is swept: it takes half a minute.
    seen, chosen = {}, [schedule for schedule in schedules if schedule.is_real][:1]
    while len(chosen) < count and left:
        best = min(left, key=lambda schedule: sorted((seen.get(pair, 0) for pair in pairs(schedule)), reverse=True))
        left.remove(best)
        chosen.append(best)
        for pair in pairs(best):
            seen[pair] = seen.get(pair, 0) + 1
    return chosen


def pairs(schedule):
    parts = [("step", schedule.step), ("point", schedule.point), ("fault", schedule.fault),
             ("database", schedule.database)]
    singles = [(part,) for part in parts]
    return singles + [(a, b) for i, a in enumerate(parts) for b in parts[i + 1:]]
