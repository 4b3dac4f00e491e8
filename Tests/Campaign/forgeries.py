"""Changes to a good history: those that break one promise each, and those that break none."""

from samples import BEGIN, Life, quiet, stamp

#: By the rule that must flag it and what it forges.
FORGERIES = {}
#: What looks like it and is in order.
ALLOWED = {}


def forge(rule, name):
    return lambda change: FORGERIES.setdefault((rule, name), change)


def allow(name):
    return lambda change: ALLOWED.setdefault(name, change)


def row(sample, table, id, **match):
    """The first row of a job with these members."""
    key = "id" if table in ("jobs", "blog_generations") else "job_id"
    for found in sample.tables[table]:
        if found[key] == id and all(found[name] == value for name, value in match.items()):
            return found
    raise LookupError(f"no {match} of {id} in {table}")


def drop(sample, table, found):
    sample.tables[table].remove(found)


def event(sample, id, kind, at, after, step=None, detail=None):
    """A job's event put behind another one of its events; ids are given anew."""
    events = sample.tables["job_events"]
    place = events.index(after) + 1
    events.insert(place, {"id": 0, "job_id": id, "at": at, "kind": kind, "step": step, "detail": detail})
    for number, found in enumerate(events, 1):
        found["id"] = number


def last(sample, id, **match):
    return [e for e in sample.tables["job_events"]
            if e["job_id"] == id and all(e[name] == value for name, value in match.items())][-1]


def copy_of_call(sample, original, at, **changes):
    call = next(call for call in sample.calls if call.get("request") == original)
    sample.calls.append({**call, "time": stamp(BEGIN + at), **changes})


# Outcomes


@forge("stored", "an acknowledged submission left no trace")
def _(sample):
    sample.submit(999, "lost", 90_000)


@forge("stored", "the generation is there and its job is not")
def _(sample):
    sample.submit(998, "half", 90_000)
    sample.tables["blog_generations"].append(
        {"id": 998, "instance_id": "acme", "source_id": "half", "status": "DONE", "draft_id": None})


@forge("ended", "a job waits for ever")
def _(sample):
    Life(sample, 120, "tea", 80_000)
    sample.submit(120, "tea", 79_990)


@forge("ended", "a job that is done is shown as failed")
def _(sample):
    row(sample, "blog_generations", 101)["status"] = "FAILED"


@forge("ended", "a job failed without a reason")
def _(sample):
    life = Life(sample, 121, "air", 80_000)
    sample.submit(121, "air", 79_990)
    life.start("ideas", 80_100)
    life.end(80_200, "failed", 4, "FAILED", None)


@forge("asked-for", "a generation that nobody asked for")
def _(sample):
    life = Life(sample, 122, "ghost", 80_000)
    life.end(80_100, "cancelled", 5, "CANCELLED")


@forge("asked-for", "a submission that was refused ran all the same")
def _(sample):
    life = Life(sample, 123, "more", 80_000)
    life.end(80_100, "cancelled", 5, "CANCELLED")


@forge("one-per-key", "one key, two ids")
def _(sample):
    life = Life(sample, 124, "water", 80_000)
    life.end(80_100, "cancelled", 5, "CANCELLED")
    sample.submit(124, "water", 79_990, key="again")


@forge("one-per-key", "a submission without an answer and its repetition made two jobs")
def _(sample):
    life = Life(sample, 125, "water", 80_000)
    life.end(80_100, "cancelled", 5, "CANCELLED")


@forge("one-per-key", "a used key was accepted with another request")
def _(sample):
    sample.submit(105, "wine", 80_000, key="again")


@forge("stays-ended", "a generation that was done is at work again")
def _(sample):
    sample.poll(101, 4000, "PUBLISHING", "fair_share")


@forge("stays-ended", "a generation that was done has failed")
def _(sample):
    sample.poll(101, 4000, "FAILED")


@forge("forward", "a generation falls back from image to content")
def _(sample):
    sample.poll(101, 2250, "GENERATING_CONTENT", "awaiting_image")


# Events and results


@forge("transitions", "a rescue overwrites a job that has ended")
def _(sample):
    after = last(sample, 101, kind="succeeded")
    event(sample, 101, "rescued", BEGIN + 5000, after)
    row(sample, "jobs", 101)["fence"] += 1


@forge("transitions", "a step was claimed by two workers at once")
def _(sample):
    after = last(sample, 104, kind="started", step="publish")
    job = row(sample, "jobs", 104)
    event(sample, 104, "started", after["at"] + 1, after, "publish", "2")
    job["fence"] += 1
    row(sample, "steps", 104, step="publish")["fence"] += 1


@forge("transitions", "an article was written before there were ideas")
def _(sample):
    sample.submit(126, "stone", 79_990)
    life = Life(sample, 126, "stone", 80_000)
    life.start("draft", 80_100)
    life.end(80_200, "cancelled", 5, "CANCELLED")


@forge("transitions", "the row says done and the events do not")
def _(sample):
    drop(sample, "job_events", last(sample, 104, kind="succeeded"))


@forge("one-result", "a step has two results in one round")
def _(sample):
    sample.tables["steps"].append(dict(row(sample, "steps", 101, step="content")))


@forge("one-result", "a result was lost after it had been recorded")
def _(sample):
    drop(sample, "steps", row(sample, "steps", 101, step="collect"))


def raise_fences(sample, id, since):
    """As one claim more would have it."""
    row(sample, "jobs", id)["fence"] += 1
    for step in sample.tables["steps"]:
        if step["job_id"] == id and step["ended_at"] > since:
            step["fence"] += 1


@forge("fences-rise", "a claim did not raise the fence")
def _(sample):
    row(sample, "jobs", 101)["fence"] -= 1


@forge("fences-rise", "a stale worker's result was taken")
def _(sample):
    found = row(sample, "steps", 102, step="content")
    found["fence"] -= 2
    sample.tables["late_costs"].append(
        {"job_id": 102, "fence": found["fence"] + 2, "tokens_in": 100, "tokens_out": 100})


@forge("fences-rise", "a call bears a fence that nobody holds")
def _(sample):
    sample.arm("cut", "cut", 200, fired=200, healed=400)
    copy_of_call(sample, "101-ideas-1-1", 260, request="101-ideas-1-77")


# Calls


@forge("calls-bounded", "a step was called for twice and nothing had happened")
def _(sample):
    copy_of_call(sample, "101-content-1-2", 1700, promptTokens=0, completionTokens=0)


@forge("calls-bounded", "one kill, two calls more")
def _(sample):
    copy_of_call(sample, "102-content-1-2", 10_560)


@forge("calls-bounded", "a picture was ordered twice")
def _(sample):
    sample.calls.append({"time": stamp(BEGIN + 2030), "operation": "image.create", "status": 201, "latency": 0.1,
                         "prediction": "p101b", "digest": "d101"})


@forge("calls-bounded", "one fault near an order, two pictures that belong to nobody")
def _(sample):
    for name in ("x", "y"):
        sample.calls.append({"time": stamp(BEGIN + 2030), "operation": "image.create", "status": 201, "latency": 0.1,
                             "prediction": f"p{name}", "digest": f"d{name}"})


@forge("no-late-calls", "a recorded step was called for again by its own worker")
def _(sample):
    # As an answer that was repaired, a second call would be in order before the record.
    row(sample, "steps", 101, step="content")["result"] = '{"wasRepaired": true}'
    copy_of_call(sample, "101-content-1-2", 1950, promptTokens=0, completionTokens=0)


@forge("no-late-calls", "one pause, two late calls")
def _(sample):
    sample.arm("cut", "cut", 20_500, fired=20_600, healed=20_700)
    copy_of_call(sample, "103-content-1-2", 29_020, promptTokens=0, completionTokens=0)


@forge("no-late-calls", "a worker that only lost its connection calls after its lease was gone")
def _(sample):
    sample.nemesis[:] = [line for line in sample.nemesis if line.get("id") != "stop-103"]
    sample.arm("cut", "cut", 20_000, fired=20_510, healed=26_000, point="content.beforeSend")


@forge("costs-booked", "a recorded step cost less than its call")
def _(sample):
    row(sample, "steps", 101, step="content")["tokens_out"] = 10


@forge("costs-booked", "a lost lease's call is in no ledger")
def _(sample):
    life = refused_late(sample)
    life.end(82_000, "cancelled", 5, "CANCELLED")


@allow("a lost lease's call is in the ledger without a result")
def _(sample):
    life = refused_late(sample)
    life.book(81_000, 1)
    life.end(82_000, "cancelled", 5, "CANCELLED")


def refused_late(sample):
    """A worker without a connection has its answer, and cannot record it before its lease is gone."""
    sample.submit(127, "salt", 79_990)
    life = Life(sample, 127, "salt", 80_000)
    life.start("ideas", 80_100)
    life.call(80_150)
    sample.arm("cut-127", "cut", 80_000, fired=80_160, healed=80_800)
    life.event("rescued", 80_700, "ideas")
    return life


@forge("pauses-kept", "the refused step comes again too early")
def _(sample):
    shift(sample, "104-ideas-1-2", -1500)
    for found in sample.tables["job_events"]:
        if found["job_id"] == 104 and found["kind"] == "started" and found["at"] == BEGIN + 42_200:
            found["at"] -= 1500
    sample.arm("cut", "cut", 40_600, fired=40_700, healed=40_800)


@forge("pauses-kept", "another job of the refused pool does not wait")
def _(sample):
    quiet(sample, 128, 40_500, "sugar")


def shift(sample, request, by):
    for call in sample.calls:
        if call.get("request") == request:
            call["time"] = stamp(BEGIN + 42_250 + by)


@allow("another pool goes on while one is paused")
def _(sample):
    sample.submit(129, "sugar", 39_000)
    life = Life(sample, 129, "sugar", 39_010)
    life.say("ideas", 39_100)
    life.say("content", 39_500)
    life.finish(40_200)


@allow("each fault that strikes allows one call more")
def _(sample):
    after = last(sample, 102, kind="rescued")
    event(sample, 102, "started", after["at"] + 10, after, "content", "2")
    event(sample, 102, "rescued", after["at"] + 90, last(sample, 102, kind="started", at=after["at"] + 10), "content")
    sample.arm("kill-b", "kill", 11_000, fired=11_740, worker="w2", point="content.received")
    rename(sample, "102-content-1-4", "102-content-1-6")
    copy_of_call(sample, "102-content-1-2", 11_720, request="102-content-1-4")
    for _ in range(2):
        raise_fences(sample, 102, after["at"])


def rename(sample, before, after):
    for call in sample.calls:
        if call.get("request") == before:
            call["request"] = after


# Posts


@forge("one-published", "a zombie publishes a draft of its own")
def _(sample):
    sample.post_events += [
        {"event": "created", "id": "own", "marker": "101", "at": BEGIN + 2900, "site": "acme-1"},
        {"event": "published", "id": "own", "marker": "101", "at": BEGIN + 2910, "site": "acme-1"},
        {"event": "removed", "id": "own", "marker": "101", "at": BEGIN + 5000, "site": "acme-1"},
    ]


@allow("a stray draft is swept")
def _(sample):
    sample.post_events += [
        {"event": "created", "id": "own", "marker": "101", "at": BEGIN + 2900, "site": "acme-1"},
        {"event": "removed", "id": "own", "marker": "101", "at": BEGIN + 5000, "site": "acme-1"},
    ]


@forge("no-strays", "a stray draft stays")
def _(sample):
    sample.posts.append({"site": "acme-1", "id": "own", "marker": "101", "is_draft": True})


@forge("no-strays", "the sweep took the recorded draft")
def _(sample):
    sample.posts[:] = [post for post in sample.posts if post["marker"] != "101"]


@forge("no-strays", "a draft bears a marker that nobody knows")
def _(sample):
    sample.posts.append({"site": "acme-1", "id": "alien", "marker": "555", "is_draft": True})


@forge("no-strays", "a draft's address names no generation")
def _(sample):
    sample.posts.append({"site": "acme-1", "id": "nameless", "marker": "nobody", "is_draft": True})


@forge("no-strays", "a job is done and records no draft")
def _(sample):
    row(sample, "blog_generations", 101)["draft_id"] = None
    row(sample, "steps", 101, step="publish")["result"] = "{}"
    sample.posts[:] = [post for post in sample.posts if post["marker"] != "101"]


@forge("published-as-recorded", "a post that was recorded as published is a draft")
def _(sample):
    next(post for post in sample.posts if post["marker"] == "101")["is_draft"] = True


@forge("published-as-recorded", "the destination's log knows nothing of a public post")
def _(sample):
    sample.post_events[:] = [e for e in sample.post_events if (e["marker"], e["event"]) != ("101", "published")]


@forge("published-as-recorded", "what was published is not the recorded draft")
def _(sample):
    row(sample, "steps", 101, step="publish")["result"] = '{"id": "other"}'


# Answers


@forge("explained", "a waiting job names no reason")
def _(sample):
    sample.poll(101, 800, "AWAITING_SELECTION")


@forge("explained", "a reason is not on the list")
def _(sample):
    sample.poll(101, 910, "AWAITING_SELECTION", "because")


@forge("reason-true", "a job is said to back off that never failed")
def _(sample):
    sample.poll(101, 910, "AWAITING_SELECTION", "backoff")


@forge("reason-true", "a job is said to wait for its owner while the picture is painted")
def _(sample):
    sample.poll(101, 2300, "GENERATING_IMAGE", "awaiting_selection")


@allow("what a stopped worker's open transaction has written is seen when it goes on")
def _(sample):
    sample.arm("stop-open", "stop", 1000, fired=1510, healed=1580, worker="w1", point="content.claimed")
    sample.poll(101, 1650, "AWAITING_SELECTION", "awaiting_selection")


@forge("reason-true", "a job is said to wait for its owner long after the worker that woke it went on")
def _(sample):
    sample.arm("stop-open", "stop", 1000, fired=1510, healed=1580, worker="w1", point="content.claimed")
    sample.poll(101, 1690, "AWAITING_SELECTION", "awaiting_selection")


@forge("refused-politely", "a refusal does not say when to come again")
def _(sample):
    begin = {"site": "acme", "source": "next", "key": None}
    sample.op("submit", 60_000, "fail", begin=begin, http=503, code="queue.full")


@forge("refused-politely", "a refusal lets the client wait")
def _(sample):
    begin = {"site": "acme", "source": "next", "key": None}
    sample.op("submit", 60_000, "fail", took=5000, begin=begin, http=503, retryAfter="5")


@forge("no-server-errors", "an answer is 500")
def _(sample):
    sample.op("poll", 60_000, "fail", begin={"id": "101"}, http=500)


@forge("settled", "a lane counts an attempt that was recorded long ago")
def _(sample):
    sample.tables["lanes"].append({"id": 7, "running": 1, "backlog_count": 0})


@forge("settled", "a job left its lane twice")
def _(sample):
    sample.tables["lanes"].append({"id": 7, "running": 0, "backlog_count": 1})
    sample.tables["lane_deltas"] += [{"id": n, "lane_id": 7, "n": -1, "running": 0} for n in (1, 2)]


@allow("a settlement that nobody has folded in yet counts")
def _(sample):
    sample.tables["lanes"].append({"id": 7, "running": 1, "backlog_count": 0})
    sample.tables["lane_deltas"].append({"id": 1, "lane_id": 7, "n": 0, "running": -1})


# The run


@forge("not-vacuous", "a fault never struck")
def _(sample):
    sample.arm("idle", "kill", 60_000, worker="w1", point="draft.received")


@forge("not-vacuous", "a fault struck when its step did not run")
def _(sample):
    sample.arm("idle", "kill", 60_000, fired=61_000, worker="w1", point="draft.received")


@forge("not-vacuous", "a provider's fault was never served")
def _(sample):
    sample.arm("idle", "provider", 60_000, name="server_error", operation="article")


@forge("not-vacuous", "most submissions failed")
def _(sample):
    for number in range(20):
        begin = {"site": "acme", "source": f"n{number}", "key": None}
        sample.op("submit", 60_000 + number, "info", begin=begin, why="timeout")


@forge("resumed", "a killed step lay for ten seconds")
def _(sample):
    for found in sample.tables["job_events"]:
        if found["job_id"] == 102 and found["at"] > BEGIN + 11_000:
            found["at"] += 10_000
    for found in sample.tables["steps"]:
        if found["job_id"] == 102 and found["ended_at"] > BEGIN + 11_000:
            found["ended_at"] += 10_000
    row(sample, "jobs", 102)["ended_at"] += 10_000
    for call in sample.calls:
        if call.get("request") == "102-content-1-4":
            call["time"] = stamp(BEGIN + 21_950)
    sample.client[:] = [line for line in sample.client if line["op"] not in polls_of(sample, "102")]


def polls_of(sample, id):
    return [line["op"] for line in sample.client
            if line["type"] == "invoke" and line["f"] == "poll" and line["id"] == id]
