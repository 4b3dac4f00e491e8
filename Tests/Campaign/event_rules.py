"""What the database says of each job's life: events against the machine of transitions.json, results, fences."""

import json
from collections import Counter
from pathlib import Path

from logs import BadLog
from rule import place, rule

MACHINE = Path(__file__).resolve().parents[2] / "Models" / "lease" / "transitions.json"


def machine(path=MACHINE):
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadLog(f"cannot read the transitions: {error}") from error


@rule("transitions", "Each job's events are a path through the machine of states, and end where the job stands.")
def transitions(history):
    rules = machine()
    for id, job in history.jobs.items():
        yield from replay(id, job, history.events.get(id, []), rules)


def replay(id, job, events, rules):
    state, running, last = "none", None, ""
    itinerary = rules["steps"].get(job["kind"])
    for event in events:
        kind, step = event["kind"], event["step"]
        next = rules["events"].get(state, {}).get(kind)
        if next is None:
            yield f"job {id}: {kind} (event {event['id']}) cannot follow {state}"
            return
        if kind == "started":
            running = step
            if itinerary is not None and step not in itinerary.get(last, []):
                yield f"job {id}: {step} cannot follow {last or 'the beginning'} (event {event['id']})"
        elif state == "running" and step not in (None, running):
            yield f"job {id}: {step} {kind} while {running} ran (event {event['id']})"
        if next == "recorded":
            last = running
        state = next
    ends = {3: "succeeded", 4: "failed", 5: "cancelled"}
    end = ends.get(job["state"])
    if (end or state in ends.values()) and state != end:
        yield f"job {id} stands as {end or 'active'}, but its events end in {state}"


@rule("one-result", "Each step's result is recorded once in each round, and each recording left its result.")
def one_result(history):
    rows = Counter((row["job_id"], row["step"], row["round"]) for row in history.tables["steps"])
    for key, count in rows.items():
        if count > 1:
            yield f"{place(*key)} has {count} results"
    results = Counter((job, step) for job, step, _ in rows)
    recorded = Counter(
        (row["job_id"], row["step"]) for row in history.tables["job_events"] if row["kind"] in ("recorded", "absorbed"))
    for key in results.keys() | recorded.keys():
        if results[key] != recorded[key]:
            yield f"job {key[0]}, {key[1]}: {recorded[key]} recordings and {results[key]} results"


@rule("fences-rise", "A job's fence rises with each claim, and what was recorded or called bears the fence of a claim.")
def fences_rise(history):
    for id, job in history.jobs.items():
        expected = history.fences.get(id, 0)
        if job["fence"] != expected:
            yield f"job {id} has fence {job['fence']}; its claims, rescues and cancellations make {expected}"
    by_job = {}
    for row in sorted(history.results.values(), key=lambda row: (row["ended_at"], row["fence"])):
        attempt = history.attempt_by_fence.get((row["job_id"], row["fence"]))
        what = f"{place(row['job_id'], row['step'], row['round'])} was recorded by fence {row['fence']}"
        if attempt is None or (attempt.step, attempt.round) != (row["step"], row["round"]):
            yield f"{what}, which is no claim's"
        elif attempt.ending not in ("recorded", "absorbed"):
            yield f"{what}, whose attempt was {attempt.ending}"
        elif row["fence"] <= by_job.get(row["job_id"], 0):
            yield f"job {row['job_id']}: fence {row['fence']} of {row['step']} is not above the one before"
        by_job[row["job_id"]] = row["fence"]
    for call in history.calls:
        if not call.marker or call.marker.job not in history.jobs:
            continue
        attempt = history.attempt_by_fence.get((call.marker.job, call.marker.fence))
        if attempt is None or (attempt.step, attempt.round) != (call.marker.step, call.marker.round):
            yield f"a call bears {call.marker}, which is no claim's"
        elif call.at < attempt.start - history.lag:
            yield f"a call bears {call.marker} before that was claimed"
