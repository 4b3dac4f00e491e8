"""What the providers were asked for: their log of calls against the database and what was injected."""

import json
from bisect import bisect_right
from collections import Counter, defaultdict

from history import DEATHS, PAUSES
from rule import place, rule

#: Statuses of an answer that a provider gives for money.
PAID_ANSWER = range(200, 300)


@rule("calls-bounded", "A step is called for once, and once more for each fault that struck it.")
def calls_bounded(history):
    calls = Counter(c.marker.place for c in history.calls if c.marker and c.is_paid and c.marker.job in history.jobs)
    for key, count in calls.items():
        allowed = 1 + history.allowance(key) + was_repaired(history, key)
        if count > allowed:
            yield f"{place(*key)} was called for {count} times, {allowed} allowed"
    yield from orders_bounded(history)


def was_repaired(history, key):
    """An answer that was no use is sent back once; the result says so."""
    row = history.results.get(key)
    return bool(row and result(row).get("wasRepaired"))


def result(row):
    try:
        value = json.loads(row["result"])
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def orders_bounded(history):
    """Orders of pictures bear no marker. Equal orders have equal digests, and a result names the order it took."""
    owner = {}
    for key, row in history.results.items():
        if key[1] == "image" and result(row).get("id"):
            owner[result(row)["id"]] = key
    groups = defaultdict(list)
    for call in history.calls:
        if call.operation == "image.create" and call.prediction:
            groups[call.digest or call.prediction].append(call)
    strays = 0
    for calls in groups.values():
        key = next((owner[c.prediction] for c in calls if c.prediction in owner), None)
        if key is None:
            strays += len(calls)
            continue
        spoiled = sum(1 for c in calls if c.fault)
        allowed = 1 + spoiled + history.allowance(key)
        if len(calls) > allowed:
            yield f"{place(*key)} was ordered {len(calls)} times, {allowed} allowed"
    # An order that no result names was lost with its worker, or its job has no result for it.
    places = {(a.job, a.step, a.round) for job in history.jobs for a in history.attempts[job] if a.step == "image"}
    allowed = sum(history.allowance(key) + (key not in owner.values()) for key in places)
    allowed += sum(1 for c in history.calls if c.operation == "image.create" and c.prediction and c.fault)
    if strays > allowed:
        yield f"{strays} orders of pictures belong to no result, {allowed} allowed"


@rule("no-late-calls", "A step that was recorded or taken away is called for no more, but once by each paused worker.")
def no_late_calls(history):
    late = defaultdict(list)
    for call in history.calls:
        attempt = call.marker and history.attempt_by_fence.get((call.marker.job, call.marker.fence))
        if attempt and attempt.step == call.marker.step and call.at > attempt.end + slack(history, attempt):
            late[call.marker].append((call, attempt))
    for marker, found in late.items():
        attempt = found[0][1]
        row = history.results.get(marker.place)
        if row and row["fence"] <= marker.fence:
            yield f"{marker} called {found[0][0].at - attempt.end:.0f} ms after it was recorded"
            continue
        # A worker learns of a cancellation or a hand-over when it next looks.
        allowed = len(history.hits(attempt, PAUSES)) + (attempt.ending in ("cancelled", "released"))
        if len(found) > allowed:
            yield f"{marker} called {len(found)} times after it was {attempt.ending}, {allowed} allowed"


def slack(history, attempt):
    """A dead worker's last bytes may still be on their way; a worker that records has had its answer."""
    return 5 if attempt.ending in ("recorded", "absorbed") else history.lag


@rule("costs-booked", "What an answer cost is in the ledger, with the result or, when its lease was lost, without.")
def costs_booked(history):
    booked = defaultdict(lambda: [0, 0])
    for table in ("steps", "late_costs"):
        for row in history.tables[table]:
            entry = booked[row["job_id"], row["fence"]]
            entry[0] += row["tokens_in"]
            entry[1] += row["tokens_out"]
    spent = defaultdict(lambda: [0, 0])
    for call in history.calls:
        if call.marker and is_known_to_have_been_answered(history, call):
            entry = spent[call.marker]
            entry[0] += call.tokens_in
            entry[1] += call.tokens_out
    for marker, (tokens_in, tokens_out) in spent.items():
        known_in, known_out = booked[marker.job, marker.fence]
        if known_in < tokens_in or known_out < tokens_out:
            yield f"{marker} used {tokens_in}+{tokens_out} tokens, {known_in}+{known_out} are booked"


def is_known_to_have_been_answered(history, call):
    """The worker lived to read the whole answer: neither killed, nor paused or stopped before its end."""
    attempt = history.attempt_by_fence.get((call.marker.job, call.marker.fence))
    if attempt is None or call.status not in PAID_ANSWER or call.fault or not call.is_paid:
        return False
    answered = history.seen_by(call.at + call.latency * 1000 / history.setup.get("speed", 1))
    if attempt.ending not in ("recorded", "absorbed") and attempt.end <= answered:
        return False
    if any(fault.fired <= answered for fault in history.hits(attempt, PAUSES)):
        return False
    # A paused process may be killed when its lease is long gone.
    return not any(
        fault.kind in DEATHS and fault.fired is not None and fault.fired >= attempt.start
        for fault in history.faults if attempt.ending not in ("recorded", "absorbed")
        and history.is_of(fault, attempt.worker))


@rule("pauses-kept", "A provider that asks for a pause is not called again before it is over.")
def pauses_kept(history):
    pools = {row["step"]: row["pool_id"] for row in history.tables["steps"]}
    for call in history.calls:
        pause = retry_after(history, call)
        if pause is None or not call.marker:
            continue
        until = call.at + pause
        attempt = history.attempt_by_fence.get((call.marker.job, call.marker.fence))
        first = bisect_right(history.calls, call.at, key=lambda c: c.at)
        last = bisect_right(history.calls, until - 5, key=lambda c: c.at)
        for later in history.calls[first:last]:
            if not later.marker:
                continue
            if later.marker.place == call.marker.place and later.marker != call.marker:
                yield f"{later.marker} called {until - later.at:.0f} ms before the pause that {call.marker} was told"
            elif attempt and attempt.ending == "refused" and is_claimed_after(history, later, attempt):
                if pools.get(later.marker.step) == pools.get(call.marker.step, -1):
                    yield f"{later.marker} called {until - later.at:.0f} ms before the end of its pool's pause"


def is_claimed_after(history, later, refused):
    own = history.attempt_by_fence.get((later.marker.job, later.marker.fence))
    return own is not None and own.start > refused.end + history.lag


def retry_after(history, call):
    """Milliseconds that a refusal named: by the call log where it says so, else by the script that was played."""
    if call.status not in (429, 503):
        return None
    if call.retry_after is not None:
        return call.retry_after
    for fault in history.faults:
        if fault.kind == "provider" and fault.details.get("name") == call.fault and fault.armed <= call.at:
            if fault.details.get("operation") in (None, call.operation):
                return fault.details.get("retry_after_ms")
    return None
