"""Whether the run proves anything, and how fast it recovered."""

from history import DEATHS
from rule import rule


@rule("not-vacuous", "Every fault that was armed struck, and at least half of what was asked for succeeded.")
def not_vacuous(history):
    for fault in history.faults:
        if not struck(history, fault):
            yield f"the fault {fault.id} ({fault.kind} {fault.point or fault.details.get('name', '')}) did not strike"
    for verb in ("submit", "poll"):
        ops = [op for op in history.ops if op.verb == verb]
        succeeded = sum(1 for op in ops if op.outcome == "ok")
        if 2 * succeeded < len(ops):
            yield f"only {succeeded} of {len(ops)} operations {verb} succeeded"
    if not any(op.verb == "submit" and op.outcome == "ok" for op in history.ops):
        yield "nothing was submitted"


#: Between these places and the record stands a step that the fault must have hit.
WINDOW = {"claimed", "beforeSend", "requestSent", "halfBody", "received", "performed", "heartbeat", "beforeCommit"}


def struck(history, fault):
    """It happened, and what it was aimed at was there."""
    if fault.kind == "provider":
        return any(
            call.fault == fault.details.get("name") and call.at >= fault.armed - 5
            and fault.details.get("operation") in (None, call.operation) for call in history.calls)
    if fault.fired is None:
        return False
    if fault.step is None or fault.point.split(".")[-1] not in WINDOW:
        return True
    return any(
        attempt.step == fault.step and fault in history.hits(attempt)
        for attempts in history.attempts.values() for attempt in attempts)


@rule("resumed", "A step whose worker was killed is taken up again within the time that was promised.")
def resumed(history):
    limit = history.setup.get("resume_ms")
    times = sorted(resume_times(history))
    if limit is None or not times:
        return
    late = times[int(0.99 * (len(times) - 1))]
    if late > limit:
        yield f"99 of 100 killed steps were taken up again within {late:.0f} ms, {limit} allowed"


def resume_times(history):
    """Milliseconds from each kill to the next claim of each step that it struck."""
    for attempts in history.attempts.values():
        for attempt, next in zip(attempts, attempts[1:]):
            if attempt.ending == "rescued":
                deaths = [fault.fired for fault in history.hits(attempt, DEATHS)]
                if deaths:
                    yield max(0, next.start - max(deaths))


def figures(history):
    """What happened, in numbers."""
    times = sorted(resume_times(history))
    struck_on_purpose = [fault for fault in history.faults if fault.kind != "stall"]
    paid = [call for call in history.calls if call.marker and call.is_paid]
    recorded = {(row["job_id"], row["fence"]) for row in history.tables["steps"]}
    wasted = [call for call in paid if (call.marker.job, call.marker.fence) not in recorded]
    return {
        "jobs": len(history.jobs),
        "done": sum(1 for job in history.jobs.values() if job["state"] == 3),
        "operations": len(history.ops),
        "operations_ok": sum(1 for op in history.ops if op.outcome == "ok"),
        "polls": sum(1 for op in history.ops if op.verb == "poll"),
        "attempts": sum(len(attempts) for attempts in history.attempts.values()),
        "calls": len(history.calls),
        "calls_paid": len(paid),
        "calls_wasted": len(wasted),
        "tokens_wasted": sum(call.tokens_in + call.tokens_out for call in wasted),
        "refused_by_limits": sum(1 for call in history.calls if call.refused_by),
        "faults": len(struck_on_purpose),
        "faults_struck": sum(1 for fault in struck_on_purpose if struck(history, fault)),
        "steps_rescued": sum(1 for a in history.attempts.values() for b in a if b.ending == "rescued"),
        "resumed": len(times),
        "resume_p50_ms": times[len(times) // 2] if times else None,
        "resume_max_ms": times[-1] if times else None,
    }
