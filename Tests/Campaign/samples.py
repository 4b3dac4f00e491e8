"""Histories made by hand, for the tests of the checker: a run in which everything holds, in the lines of its logs."""

from datetime import datetime, timezone

#: When the sample begins, in milliseconds since 1970.
BEGIN = 1_795_000_000_000
DATABASE = {"jobs", "steps", "late_costs", "job_events", "workers", "blog_generations", "lanes", "lane_deltas"}


def stamp(at):
    return datetime.fromtimestamp(at / 1000, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Sample:
    """The lines of all logs of one run."""

    def __init__(self):
        self.client, self.calls, self.post_events, self.posts, self.nemesis = [], [], [], [], []
        self.tables = {name: [] for name in DATABASE}
        self.tables["workers"] = [{"id": 1, "name": "w1"}, {"id": 2, "name": "w2"}]
        self.nemesis.append({"type": "setup", "t": BEGIN, "speed": 10, "lag_ms": 100, "resume_ms": 3000})

    def op(self, verb, at, type="ok", took=10, begin=None, **end):
        number = sum(1 for line in self.client if line["type"] == "invoke") + 1
        self.client.append({"type": "invoke", "op": number, "f": verb, "t": BEGIN + at, **(begin or {})})
        if type != "lost":
            self.client.append({"type": type, "op": number, "t": BEGIN + at + took, **end})
        return number

    def submit(self, id, source, at, key=None, type="ok", site="acme", **end):
        begin = {"site": site, "source": source, "key": key}
        if type == "ok":
            end = {"http": 201, "id": str(id), "state": "PENDING", **end}
        return self.op("submit", at, type, begin=begin, **end)

    def poll(self, id, at, state, reason=None):
        return self.op("poll", at, begin={"id": str(id)}, http=200, state=state, reason=reason)

    def arm(self, id, fault, at, fired=None, healed=None, **details):
        self.nemesis.append({"type": "arm", "id": id, "fault": fault, "t": BEGIN + at, **details})
        if fired is not None:
            self.nemesis.append({"type": "fire", "id": id, "t": BEGIN + fired})
        if healed is not None:
            self.nemesis.append({"type": "heal", "id": id, "t": BEGIN + healed})


class Life:
    """One generation on its way through the tables."""

    POOLS = {"ideas": 1, "content": 1, "image": 2, "collect": 3, "draft": 4, "publish": 4}

    def __init__(self, sample, id, source, at, site="acme"):
        self.sample, self.fence, self.worker = sample, 0, 1
        self.job = {"id": id, "kind": "blog_generation", "state": 0, "step": "ideas", "fence": 0, "ended_at": None,
                    "failure_code": None}
        self.row = {"id": id, "instance_id": site, "source_id": source, "status": "PENDING", "draft_id": None}
        sample.tables["jobs"].append(self.job)
        sample.tables["blog_generations"].append(self.row)
        self.event("enqueued", at)

    def event(self, kind, at, step=None, detail=None):
        if kind in ("started", "rescued", "cancelled"):
            self.fence += 1
            self.job["fence"] = self.fence
        events = self.sample.tables["job_events"]
        events.append({"id": len(events) + 1, "job_id": self.job["id"], "at": BEGIN + at, "kind": kind, "step": step,
                       "detail": detail})

    def start(self, step, at, worker=1):
        self.step, self.round, self.worker, self.started = step, self.rounds(step) + 1, worker, at
        self.event("started", at, step, str(worker))

    def rounds(self, step):
        return sum(1 for row in self.sample.tables["steps"] if (row["job_id"], row["step"]) == (self.job["id"], step))

    def call(self, at, fence=None, fault=None, status=200, tokens=100, **details):
        operation = {"content": "article"}.get(self.step, self.step)
        self.sample.calls.append({
            "time": stamp(BEGIN + at), "operation": operation, "status": status, "fault": fault, "latency": 1.0,
            "request": f"{self.job['id']}-{self.step}-{self.round}-{fence or self.fence}", "promptTokens": tokens,
            "completionTokens": tokens, **details})

    def order(self, at, prediction):
        self.sample.calls.append({
            "time": stamp(BEGIN + at), "operation": "image.create", "status": 201, "latency": 0.1,
            "prediction": prediction, "digest": f"d{self.job['id']}"})

    def record(self, at, result="{}", tokens=0, event="recorded"):
        self.sample.tables["steps"].append({
            "job_id": self.job["id"], "step": self.step, "round": self.round, "pool_id": self.POOLS[self.step],
            "fence": self.fence, "result": result, "tokens_in": tokens, "tokens_out": tokens,
            "started_at": BEGIN + self.started, "ended_at": BEGIN + at})
        self.event(event, at, self.step)

    def book(self, at, fence, tokens=100):
        self.sample.tables["late_costs"].append({
            "job_id": self.job["id"], "fence": fence, "step": self.step, "reason": "lease_lost", "tokens_in": tokens,
            "tokens_out": tokens, "at": BEGIN + at})

    def say(self, step, at, worker=1):
        """A step in words, in 300 ms."""
        self.start(step, at, worker)
        self.call(at + 50)
        self.record(at + 300, tokens=100)

    def paint(self, at):
        id = self.job["id"]
        self.start("image", at)
        self.order(at + 20, f"p{id}")
        self.record(at + 50, f'{{"id": "p{id}"}}')
        self.event("waiting", at + 50, detail="image#1")
        self.event("woken", at + 500, detail="image#1")
        self.start("collect", at + 520)
        self.record(at + 600, '{"outcome": "ready"}')

    def draft(self, at, post=None):
        post = post or f"post-{self.job['id']}"
        self.start("draft", at)
        self.post(at + 20, post)
        self.record(at + 50, f'{{"id": "{post}"}}')
        self.row["draft_id"] = post

    def post(self, at, id, event="created"):
        marker = str(self.job["id"])
        self.sample.post_events.append(
            {"event": event, "id": id, "marker": marker, "at": BEGIN + at, "site": "acme-1"})
        if event == "created":
            self.sample.posts.append({"site": "acme-1", "id": id, "marker": marker, "is_draft": True})
        for post in self.sample.posts:
            if event == "published" and post["id"] == id:
                post["is_draft"] = False

    def publish(self, at):
        self.start("publish", at)
        self.post(at + 20, self.row["draft_id"], "published")
        self.record(at + 50, f'{{"id": "{self.row["draft_id"]}"}}')

    def end(self, at, kind="succeeded", state=3, shown="DONE", code=None):
        self.event(kind, at)
        self.job.update(state=state, ended_at=BEGIN + at, failure_code=code)
        self.row["status"] = shown

    def finish(self, at):
        self.paint(at)
        self.draft(at + 700)
        self.publish(at + 800)
        self.end(at + 850)


def quiet(sample, id=101, at=0, source="tea"):
    """A generation to which nothing happens."""
    sample.submit(id, source, at, key=f"key-{id}")
    life = Life(sample, id, source, at + 5)
    sample.poll(id, at + 15, "PENDING", "fair_share")
    life.say("ideas", at + 200)
    life.event("waiting", at + 500, detail="selection#1")
    sample.poll(id, at + 900, "AWAITING_SELECTION", "awaiting_selection")
    life.event("woken", at + 1500, detail="selection#1")
    life.say("content", at + 1600)
    sample.poll(id, at + 1700, "GENERATING_CONTENT")
    life.finish(at + 2000)
    sample.poll(id, at + 2200, "GENERATING_IMAGE", "awaiting_image")
    sample.poll(id, at + 3000, "DONE")
    return life


def killed(sample, id=102, at=10_000):
    """The worker is killed when the article has come; another one writes it again."""
    sample.submit(id, "coffee", at)
    life = Life(sample, id, "coffee", at + 5)
    life.say("ideas", at + 100)
    life.start("content", at + 500)
    life.call(at + 550)
    sample.arm(f"kill-{id}", "kill", at, fired=at + 700, worker="w1", point="content.received")
    life.event("rescued", at + 1700, "content")
    sample.poll(id, at + 1710, "GENERATING_CONTENT", "recovering")
    life.say("content", at + 1900, worker=2)
    life.finish(at + 3000)
    return life


def paused(sample, id=103, at=20_000):
    """The worker is stopped before it asks, loses its lease, and asks when it goes on: one late call, and its cost."""
    sample.submit(id, "cocoa", at)
    life = Life(sample, id, "cocoa", at + 5)
    life.say("ideas", at + 100)
    life.start("content", at + 500)
    stale = life.fence
    sample.arm(f"stop-{id}", "stop", at, fired=at + 510, healed=at + 9000, worker="w1", point="content.beforeSend")
    life.event("rescued", at + 6000, "content")
    life.say("content", at + 6200, worker=2)
    life.call(at + 9010, fence=stale)
    life.book(at + 9200, stale)
    life.finish(at + 7000)
    return life


def refused(sample, id=104, at=40_000):
    """The provider refuses for two seconds; the step comes again after them."""
    sample.submit(id, "milk", at)
    life = Life(sample, id, "milk", at + 5)
    life.start("ideas", at + 100)
    sample.arm(f"429-{id}", "provider", at, name="rate_limited", operation="ideas", retry_after_ms=2000)
    life.call(at + 110, fault="rate_limited", status=429, tokens=0)
    life.event("refused", at + 120, "ideas", "2000 ms")
    sample.poll(id, at + 400, "GENERATING_IDEAS", "provider_paused")
    life.say("ideas", at + 2200)
    life.say("content", at + 2600)
    life.finish(at + 3000)
    return life


def again(sample, id=105, at=50_000):
    """A provider's error that ends the job, a retry by its owner, a cancellation, and a submission sent twice."""
    sample.submit(id, "water", at, key="again", type="lost")
    for pause in (200, 250):
        sample.submit(id, "water", at + pause, key="again")
    life = Life(sample, id, "water", at + 5)
    life.start("ideas", at + 300)
    life.call(at + 310, fault="insufficient_quota", status=429, tokens=0)
    life.end(at + 400, "failed", 4, "FAILED", "provider.billing")
    sample.poll(id, at + 500, "FAILED")
    sample.op("retry", at + 600, begin={"id": str(id)}, http=200)
    life.event("retried", at + 605, "ideas")
    sample.poll(id, at + 650, "GENERATING_IDEAS", "fair_share")
    life.say("ideas", at + 800)
    sample.op("cancel", at + 1200, begin={"id": str(id)}, http=200)
    life.end(at + 1205, "cancelled", 5, "CANCELLED")
    sample.op("submit", at + 1300, "fail", begin={"site": "acme", "source": "more", "key": None}, http=503,
              retryAfter="5", code="queue.full")
    return life


def everything():
    sample = Sample()
    for part in (quiet, killed, paused, refused, again):
        part(sample)
    return sample
