"""What became of what was asked for: the client's log against the database."""

from collections import defaultdict

from logs import TERMINAL
from rule import rule

#: The engine's state of a job, and what the product shows for it.
ENDS = {3: "DONE", 4: "FAILED", 5: "CANCELLED"}


@rule("stored", "Whatever was acknowledged is in the database.")
def stored(history):
    for op in history.ops:
        if op.verb != "submit" or op.outcome != "ok":
            continue
        for table, rows in (("jobs", history.jobs), ("blog_generations", history.generations)):
            if op.id not in rows:
                yield f"{op.id} was acknowledged (operation {op.number}) and is not in {table}"


@rule("ended", "Every job has ended, and the product shows the end that the engine wrote.")
def ended(history):
    for id, job in history.jobs.items():
        end = ENDS.get(job["state"])
        if end is None:
            yield f"job {id} has not ended: state {job['state']}, step {job['step']}"
            continue
        shown = history.generations.get(id)
        if shown is None:
            yield f"job {id} has no generation"
        elif shown["status"] != end:
            yield f"job {id} ended as {end} and is shown as {shown['status']}"
        elif end == "FAILED" and not job["failure_code"]:
            yield f"job {id} failed without a reason"


@rule("asked-for", "There is no job that nobody asked for, and no more of them than submissions.")
def asked_for(history):
    submissions = defaultdict(list)
    for op in history.ops:
        if op.verb == "submit" and op.outcome != "fail":
            submissions[op.begin["site"], op.begin["source"]].append(op)
    found = defaultdict(list)
    for id, row in history.generations.items():
        found[row["instance_id"], row["source_id"]].append(id)
    for source, ids in found.items():
        asked = submissions[source]
        if not asked:
            yield f"nobody asked {source[0]} for {source[1]}, yet there is {ids[0]}"
        elif len(ids) > len(asked):
            yield f"{source[0]} was asked for {source[1]} {len(asked)} times and has {len(ids)} generations"


@rule("one-per-key", "An idempotency key names one job and one answer, and is refused with another request.")
def one_per_key(history):
    uses = defaultdict(list)
    for op in history.ops:
        if op.verb == "submit" and op.begin.get("key"):
            uses[op.begin["site"], op.begin["key"]].append(op)
    for (site, key), ops in uses.items():
        ids = {op.id for op in ops if op.outcome == "ok"}
        if len(ids) > 1:
            yield f"key {key} of {site} was answered with {len(ids)} ids: {sorted(ids)}"
        sources = {op.begin["source"] for op in ops if op.outcome == "ok"}
        if len(sources) > 1:
            yield f"key {key} of {site} was accepted for {len(sources)} requests"
        # Only this key asked for these sources, so that each may have one generation at most.
        own = {op.begin["source"] for op in ops}
        if any(other.begin["source"] in own for other in unkeyed(history, site, key)):
            continue
        rows = [row for row in history.generations.values()
                if row["instance_id"] == site and row["source_id"] in own]
        if len(rows) > 1 and len(ids) <= 1:
            yield f"key {key} of {site} made {len(rows)} generations"


def unkeyed(history, site, key):
    return [op for op in history.ops
            if op.verb == "submit" and op.begin["site"] == site and op.begin.get("key") != key]


@rule("stays-ended", "What was seen to have ended stays as it was, until its owner asks for another try.")
def stays_ended(history):
    for id, polls, retries in lives(history):
        last = None
        for op in polls:
            state = op.end["state"]
            if last and last.end["state"] in TERMINAL and state != last.end["state"]:
                # A poll that began before the other ended may be answered by an older look.
                if op.begun >= last.ended and not any(last.begun <= r.ended and r.begun <= op.ended for r in retries):
                    yield f"{id} was {last.end['state']} (operation {last.number}) and then {state} ({op.number})"
            if last is None or op.begun >= last.ended:
                last = op


ORDER = ["PENDING", "GENERATING_IDEAS", "AWAITING_SELECTION", "GENERATING_CONTENT", "GENERATING_IMAGE",
         "AWAITING_REVIEW", "PUBLISHING"]


@rule("forward", "The state that a client sees never moves backwards.")
def forward(history):
    for id, polls, retries in lives(history):
        seen = None
        for op in polls:
            state = op.end["state"]
            if state not in ORDER:
                seen = None
                continue
            if seen and op.begun >= seen.ended and ORDER.index(state) < ORDER.index(seen.end["state"]):
                if not any(seen.begun <= r.ended and r.begun <= op.ended for r in retries):
                    yield f"{id} was {seen.end['state']} (operation {seen.number}) and then {state} ({op.number})"
            if seen is None or op.begun >= seen.ended:
                seen = op


def lives(history):
    """By id, the answered polls in order of their beginning, and the retries that may have begun a new life."""
    polls, retries = defaultdict(list), defaultdict(list)
    for op in sorted(history.ops, key=lambda op: op.begun):
        if op.verb == "poll" and op.outcome == "ok":
            polls[op.id].append(op)
        elif op.verb == "retry" and op.outcome != "fail":
            retries[op.id].append(op)
    return [(id, found, retries[id]) for id, found in polls.items()]
