"""One fault at one point of one step: armed, struck, healed, and written down."""

import time

from client import now
from gate import Hold

#: The failpoint at which each point of the matrix is reached, and how far the process is to go there by itself.
FAILPOINTS = {
    "after_claim": "claimed", "before_send": "beforeSend", "full_body": "performed", "before_commit": "beforeCommit",
    "after_commit": "afterCommit", "heartbeat": "heartbeat", "drain": "performed",
}
#: Points that lie outside the process: the gate or the database holds it there.
OUTSIDE = {"request_sent": "requestSent", "half_body": "halfBody", "commit_sent": "commitSent"}
#: What a process does to itself; for what is done to it from outside it stands still for a moment.
ACTIONS = {"kill": "kill", "throw": "throw", "stop": "halt", "cut": "halt", "read_only": "halt"}
#: Seconds that a step is kept busy, so that a heartbeat, every third of a lease, or a drain's beginning falls into it.
LINGER = 3.5
#: Seconds from the submission within which a fault must strike.
STRIKE = 90


class Nemesis:
    """`arm` before anything is asked for, `strike` once it is."""

    def __init__(self, schedule, patience, log):
        self.schedule, self.patience, self.log = schedule, patience, log
        calls = schedule.point in ("request_sent", "half_body")
        self.hold = Hold(schedule.step, schedule.point == "half_body") if calls else None
        self.worker = self.database = None

    @property
    def failpoints(self):
        """PRESSROOM_FAILPOINTS of the worker that is to be struck."""
        step, action = self.schedule.step, ACTIONS[self.schedule.fault]
        if self.schedule.point in OUTSIDE:
            return ""
        if self.schedule.point == "heartbeat":
            return f"{step}.claimed=stop:{LINGER}s,{step}.claimed>heartbeat={action}"
        if self.schedule.point == "drain":
            return f"{step}.claimed=stop:{LINGER}s,drain=note,drain>{step}.performed={action}"
        return f"{self._place}={action}"

    @property
    def _place(self):
        """The point as the nemesis log names it."""
        point = self.schedule.point
        return f"{self.schedule.step}.{OUTSIDE.get(point) or FAILPOINTS[point]}"

    def arm(self, worker, database):
        self.worker, self.database = worker, database
        if self.schedule.point == "commit_sent":
            database.hold_commit(self.schedule.step)
        about = {"worker": worker.name} if self.schedule.fault in ("kill", "stop", "throw") else {}
        self.log.write(type="arm", id="f1", t=now(), fault=self.schedule.fault, point=self._place, **about)

    def strike(self, on_strike):
        """Waits for the point, does there what is to be done, and heals it; `on_strike` is called once it struck."""
        at, release = self._reached()
        getattr(self, f"_{self.schedule.fault}")(at, release, on_strike)

    def _reached(self):
        """When the point was reached, and how what is held there is let go; `cuts` in the gate is the thrown error."""
        if self.hold:
            if not self.hold.reached.wait(STRIKE):
                raise AssertionError(f"no answer for {self.schedule.step} passed the gate")
            return now(), self.hold.release
        if self.schedule.point == "commit_sent":
            pid, since = self.database.held_commit(STRIKE)
            self._stall(since)
            return now(), lambda: self.database.answer_commit(pid)
        if self.schedule.point == "drain":
            self._line(f"{self.schedule.step}.claimed")
            self.log.write(type="arm", id="drain", t=now(), fault="drain", worker=self.worker.name)
            self.log.write(type="fire", id="drain", t=now())
            self.worker.process.terminate()
            self._line("drain")
        place = "heartbeat" if self.schedule.point == "heartbeat" else self._place
        return self._line(place), self.worker.resume

    def _line(self, point):
        found = self.worker.errors.wait(rf"^failpoint {point}: ", STRIKE)
        if found is None:
            raise AssertionError(f"{self.worker.name} ended before it came to {point}")
        return int(found[0] * 1000)

    def _fire(self, at):
        self.log.write(type="fire", id="f1", t=at)

    def _heal(self):
        self.log.write(type="heal", id="f1", t=now())

    def _stall(self, since):
        """From here on transactions are held open by what we do, until `_go_on`."""
        self.log.write(type="arm", id="stall", t=since, fault="stall")
        self.log.write(type="fire", id="stall", t=since)

    def _go_on(self):
        self.log.write(type="heal", id="stall", t=now())

    def _kill(self, at, release, on_strike):
        self.worker.kill()
        self._fire(at)
        release()
        self._go_on_if_held()
        on_strike()

    def _stop(self, at, release, on_strike):
        if self.schedule.point in OUTSIDE:
            self.worker.pause()
            release()
            self._go_on_if_held()
        else:
            self.worker.stands_still()
        self._fire(at)
        on_strike()
        time.sleep(self.patience.stop)
        self.worker.resume()
        self._heal()

    def _cut(self, at, release, on_strike):
        self._stand_still(at)
        self._fire(now())
        on_strike()
        self.database.cut()
        self._let_go(release)
        self._heal()

    def _read_only(self, at, release, on_strike):
        self._stand_still(at)
        on_strike()
        # Whoever waits for a COMMIT's answer is cut off as well.
        is_taken = self.database.read_only(True, within=0.2)
        self._let_go(release)
        if not is_taken and not self.database.read_only(True):
            raise AssertionError("the write lock was never free")
        self._fire(now())
        time.sleep(self.patience.read_only[self.schedule.database])
        self.database.read_only(False)
        self._heal()

    def _throw(self, at, release, on_strike):
        if self.hold:
            release(cuts=True)
        self._fire(at)
        on_strike()

    def _stand_still(self, at):
        """A process says that it will halt, and then does; elsewhere it is held by what it waits for."""
        if self.schedule.point not in OUTSIDE:
            self._stall(at)
            self.worker.stands_still()

    def _let_go(self, release):
        """What was held goes on; a COMMIT that was cut off has nobody left to be answered."""
        if self.schedule.point != "commit_sent":
            release()
        if self.schedule.point not in ("request_sent", "half_body"):
            self._go_on()

    def _go_on_if_held(self):
        if self.schedule.point == "commit_sent":
            self._go_on()
