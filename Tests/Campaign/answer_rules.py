"""What clients were told while things went wrong."""

from logs import TERMINAL
from rule import rule

#: Why a job may wait: the closed list of the specification.
REASONS = {
    "not_due", "paused", "no_worker", "slots_full", "tenant_cap", "fair_share", "provider_requests", "provider_tokens",
    "provider_paused", "site_limit", "awaiting_selection", "awaiting_review", "awaiting_image", "backoff", "recovering",
}


@rule("explained", "Each answer about a job that neither runs nor has ended names a reason of the closed list.")
def explained(history):
    for op in polls(history):
        reason = op.end.get("reason")
        if reason is not None and reason not in REASONS:
            yield f"operation {op.number}: {op.id} waits for {reason!r}, which is not on the list"
        elif reason is None and not may_have_run(history, op):
            yield f"operation {op.number}: {op.id} is {op.end['state']}, did not run, and no reason is given"


@rule("reason-true", "A reason that can be seen in the job's events is the true one.")
def reason_true(history):
    for op in polls(history):
        reason = op.end.get("reason")
        if reason in TRUTHS and op.id in history.jobs and not TRUTHS[reason](history, op):
            yield f"operation {op.number}: {op.id} was said to wait for {reason}, its events say otherwise"


def polls(history):
    return [op for op in history.ops if op.verb == "poll" and op.outcome == "ok" and op.end["state"] not in TERMINAL]


def may_have_run(history, op):
    """Ran, or ended, at some moment between the question and its answer."""
    if op.id not in history.jobs:
        return True
    ended = op.ended + history.lag
    if any(a.start <= ended and op.begun <= history.seen_by(a.end) for a in history.attempts[op.id]):
        return True
    end = history.jobs[op.id]["ended_at"]
    return end is not None and end <= ended and op.begun <= history.seen_by(end)


def lay_down(history, op, cause, prefix=""):
    return any(
        pause.cause == cause and (pause.detail or "").startswith(prefix) and pause.start <= op.ended + history.lag
        and op.begun <= history.seen_by(pause.end) for pause in history.pauses[op.id])


def happened(history, op, kind):
    return any(event["kind"] == kind and event["at"] <= op.ended + history.lag for event in history.events[op.id])


TRUTHS = {
    "awaiting_selection": lambda history, op: lay_down(history, op, "waiting", "selection#"),
    "awaiting_review": lambda history, op: lay_down(history, op, "waiting", "review#"),
    "awaiting_image": lambda history, op: lay_down(history, op, "waiting", "image#"),
    "backoff": lambda history, op: lay_down(history, op, "retrying"),
    "recovering": lambda history, op: happened(history, op, "rescued"),
}


@rule("refused-politely", "Who is turned away (429, 503) learns at once when to come again.")
def refused_politely(history):
    limit = history.setup.get("refusal_ms", 2000)
    for op in history.ops:
        if op.outcome != "fail" or op.end.get("http") not in (429, 503):
            continue
        if not op.end.get("retryAfter"):
            yield f"operation {op.number} was refused with {op.end['http']} and no Retry-After"
        if op.ended - op.begun > limit:
            yield f"operation {op.number} was refused after {op.ended - op.begun:.0f} ms, {limit} allowed"


@rule("no-server-errors", "Nothing is answered with a 5xx but 503.")
def no_server_errors(history):
    for op in history.ops:
        if op.outcome == "fail" and 500 <= op.end.get("http", 0) != 503:
            yield f"operation {op.number} ({op.verb}) was answered with {op.end['http']}"
