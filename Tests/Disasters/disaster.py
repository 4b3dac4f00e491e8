"""What must hold whatever the database does: everybody is answered, work goes on, and what was acknowledged ends once."""

import re
import sys
import unittest
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Harness"))
import books
from load import Load
from processes import Workplace, providers, until

SPEED = 30
SITES = ("acme", "umbrella", "stark")


class Disaster(unittest.TestCase):
    """An installation under a small steady load; a subclass has its database and says how to ask it."""

    speed = SPEED
    #: A call's answer, and work after the database is there again, in seconds.
    answer_max = recovery_max = 2.0

    @classmethod
    def open(cls, settings, extra=None):
        """Starts a server with a worker inside, on simulated providers of their own."""
        cls.place = cls.enterClassContext(Workplace())
        _, sandbox = cls.place.sandbox(cls.speed)
        cls.settings = {**settings, **providers(sandbox, cls.speed)}
        cls.server, cls.address = cls.place.server({**cls.settings, **(extra or {})})
        cls.processes = [cls.server]
        cls.keys = {site: cls.place.run(["sites", "add", site], cls.settings)["key"] for site in SITES}

    @classmethod
    def select(cls, statement):
        """The rows of an answer, as text."""
        raise NotImplementedError

    def under_load(self, per_second=4):
        return Load(self.address, self.keys, self.id().rsplit(".", 1)[-1], per_second)

    def step_recorded_after(self, moment, within=20):
        """How long after a moment of the wall clock the first step was recorded."""
        statement = f"select coalesce(min(ended_at), 0) from steps where ended_at >= {int(moment * 1000)}"
        return until(lambda: int(self.select(statement)[0][0]), within, 0.05, "a recorded step") / 1000 - moment

    def assert_recovered(self, load, name, struck, back):
        """`back` is when the database was there again, by the monotonic and by the wall clock."""
        accepted = load.accepted(after=back[0]) - back[0]
        recorded = self.step_recorded_after(back[1])
        load.accepted(count=10, after=back[0])
        load.stop()
        during = load.between(struck, back[0])
        calm = load.between(0, struck - 0.1, entirely=True) + load.between(
            back[0] + self.recovery_max, float("inf"), entirely=True)
        slowest = max((call.took for call in during), default=0)
        # What a call takes on a busy machine when all is well is not the fault's.
        usual = min(max((call.took for call in calm), default=0), 2.0)
        answers = Counter(f"{call.status} {call.code or call.why or ''}".strip() for call in during)
        print(f"{name}: {len(during)} calls meanwhile, slowest {slowest:.2f} s, {dict(sorted(answers.items()))}; "
              f"first 201 after {accepted:.2f} s, first step recorded after {recorded:.2f} s "
              f"(slowest call when all is well {usual:.2f} s)", flush=True)
        self.assertEqual([call.fault for call in load.calls if call.fault], [])
        self.assertLessEqual(slowest - usual, self.answer_max)
        self.assertLessEqual(accepted - usual, self.recovery_max)
        self.assertLessEqual(recorded - usual, self.recovery_max)
        self.assert_ended_once(load)
        self.assertEqual([process.name for process in self.processes if not process.is_running], [])

    def assert_ended_once(self, load):
        ends = load.wait_until_all_have_ended()
        self.assertEqual({id: end for id, end in ends.items() if end != "DONE"}, {})
        rows = self.select("""
            select g.id, g.source_id, (select count(*) from job_events e where e.job_id = g.id and e.kind = 'succeeded')
              from blog_generations g""")
        # A request that was refused because nobody knew is there once or not at all; nobody is there twice.
        sources = Counter(source for _, source, _ in rows)
        self.assertEqual([source for source, count in sources.items() if count > 1], [])
        self.assertEqual([id for id, _, count in rows if id in load.acknowledged and count != "1"], [])
        self.assertEqual(books.forgotten(self.select, load.acknowledged, load.acknowledged), [])
        self.assertEqual({id: count for id, count in self.posts(load.acknowledged).items() if count != 1}, {})
        # No process has died: what was under way was paid for once, and recorded.
        self.assertEqual(self.select("select job_id, step from job_events where kind = 'rescued'"), [])
        until(lambda: self.select("select count(*) from jobs where state < 3") == [["0"]], 60, 0.2, "rest")
        self.assertEqual(books.faults(self.select), [])

    def posts(self, ids):
        """How many posts each generation has."""
        counts = dict.fromkeys(ids, 0)
        for path in (self.place.folder / "output").rglob("index.md"):
            marker = re.search(r'^marker: "?([^"\n]+)"?$', path.read_text(encoding="utf-8"), re.MULTILINE)
            for id in re.findall(r"\d+", marker[1] if marker else ""):
                if id in counts:
                    counts[id] += 1
        return counts
