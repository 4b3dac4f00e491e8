#!/usr/bin/env python3
"""The fault campaign: every step × point × fault × database, with real processes, judged by checker.py.

Usage: campaign.py [--all | --spread N | --only PATTERN...] [--publisher NAME] [--mutants] [--resume N] [--lanes N] …

Needs a debug build (`make build`), PostgreSQL and Python 3.11 alone. Each schedule has its own folder, sandbox, server,
workers and database. `--mutants` runs products without one of their guards, which must be found out; `--resume N` kills
a worker N times under load and measures how soon its work goes on. Prints a line for each, figures, and last how many
passed and failed; ends with status 1 when one failed, and then keeps its folder.
"""

import argparse
import fnmatch
import json
import shutil
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matrix
import mutants
from bench import Bench
from resume import Resume
from schedule import Run

#: Chooses among schedules that are equally worth running in a spread.
SEED = 20261121
#: Processes mostly wait: two lanes a processor keep them busy.
LANES = 4


def arguments():
    parser = argparse.ArgumentParser(description="The fault campaign.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--all", action="store_true", help="the whole matrix")
    what.add_argument("--spread", type=int, metavar="N", help="N schedules that cover everything evenly")
    what.add_argument("--only", action="append", metavar="PATTERN", help="such as 'postgres.draft.*' or '*.kill'")
    parser.add_argument("--publisher", choices=matrix.PUBLISHERS,
                        help="where all posts go; else to folders, and every eighth of a spread to Wix")
    parser.add_argument("--mutants", action="store_true", help="also products without one of their guards")
    parser.add_argument("--resume", type=int, default=0, metavar="N", help="also N kills under load, measured")
    parser.add_argument("--lanes", type=int, default=LANES, help=f"schedules side by side ({LANES})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"for --spread and --resume ({SEED})")
    parser.add_argument("--report", type=Path, metavar="FILE", help="writes all figures as JSON")
    parser.add_argument("--keep", action="store_true", help="keep the folders of green schedules too")
    parser.add_argument("--list", action="store_true", help="print the schedules, and run none")
    return parser.parse_args()


def publishers(options):
    """The matrix is one publisher's; a spread and names are everybody's."""
    if options.publisher:
        return [options.publisher]
    return ["folder"] if options.all else matrix.PUBLISHERS


def chosen(options):
    if options.all:
        return matrix.mixed(options.seed, publishers(options))
    if options.spread:
        return matrix.spread(options.spread, options.seed, publishers(options))
    return [schedule for schedule in matrix.whole(publishers(options))
            if any(fnmatch.fnmatch(schedule.name, pattern) for pattern in options.only or [])]


class Campaign:
    """What was asked for, one thing after the other, and what came of it."""

    def __init__(self, options):
        self.options, self.folder = options, None
        self.schedules = chosen(options)
        self.outcomes, self.mutants, self.resume, self.witness = [], [], None, None
        self.lock = threading.Lock()

    def run(self):
        """The resuming comes first and alone: it is a measurement."""
        self.folder = Path(tempfile.mkdtemp(prefix="campaign-"))
        with Bench(self.folder, matrix.DATABASES) as bench:
            self.witness = bench.witness
            if self.options.resume:
                self.resume = measured(Resume(bench, self.folder / "resume", self.options.resume, self.options.seed))
            lanes = ThreadPoolExecutor(self.options.lanes)
            try:
                list(lanes.map(lambda schedule: self._perform(schedule, bench), self.schedules))
                if self.options.mutants:
                    list(lanes.map(lambda mutant: self._expose(mutant, bench), mutants.MUTANTS))
            finally:
                # Who stops the campaign waits for the schedules that are under way, not for the rest.
                lanes.shutdown(cancel_futures=True)

    def _perform(self, schedule, bench):
        outcome = Run(schedule, bench, self.folder / schedule.name).outcome(self.options.keep)
        with self.lock:
            self.outcomes.append(outcome)
            tell(outcome, len(self.outcomes), len(self.schedules))

    def _expose(self, mutant, bench):
        """A mutant that nothing flags is the failure here; one that breaks down otherwise proves nothing."""
        folder = self.folder / mutant.name
        outcome = Run(mutant.schedule, bench, folder, mutant.trigger, mutant.speed, within=45).outcome()
        flagged = sorted(outcome.violations)
        with self.lock:
            self.mutants.append({"name": mutant.name, "ok": bool(mutant.rules & set(flagged)), "flagged": flagged,
                                 "problem": outcome.problem})
            verdict = "ok   " if self.mutants[-1]["ok"] else "FAILS"
            told = ", ".join(flagged) or outcome.problem or "nothing"
            print(f"{verdict} {mutant.name:52} flagged by {told}", flush=True)

    @property
    def failed(self):
        rest = self.mutants + ([self.resume] if self.resume else [])
        return sum(not outcome.is_ok for outcome in self.outcomes) + sum(not part["ok"] for part in rest)

    @property
    def count(self):
        return len(self.outcomes) + len(self.mutants) + (1 if self.resume else 0)


def measured(resume):
    try:
        violations, numbers, times = resume.measure()
    except Exception as error:  # Told with the rest.
        print(f"FAILS resume: {type(error).__name__}: {error}\n      {resume.folder}", flush=True)
        return {"ok": False, "problem": str(error)}
    found = {"ok": not violations, "kills": resume.kills, "violations": violations, "steps": len(times),
             "p50_ms": percentile(times, 0.5), "p99_ms": percentile(times, 0.99), "max_ms": percentile(times, 1),
             "figures": numbers}
    told = "; ".join(f"{id}: {some[0]}" for id, some in violations.items())
    print(f"{'FAILS' if violations else 'ok   '} {resume.kills} kills, {len(times)} steps taken up again: p50 "
          f"{found['p50_ms']} ms, p99 {found['p99_ms']} ms, longest {found['max_ms']} ms {told}", flush=True)
    return found


def tell(outcome, number, count):
    verdict = "ok   " if outcome.is_ok else "FAILS"
    print(f"{verdict} {number:3}/{count} {outcome.schedule.name:44} {outcome.seconds:5.1f} s"
          f"  {outcome.figures.get('calls_wasted', '-'):>2} extra calls"
          + ("" if outcome.is_ok else f"\n      {outcome.reason}\n      {outcome.folder}"), flush=True)


def report(campaign, seconds):
    """Everything that was found out, in numbers."""
    names = ["faults", "faults_struck", "operations", "operations_ok", "polls", "jobs", "done", "attempts",
             "steps_rescued", "calls", "calls_paid", "calls_wasted", "tokens_wasted"]
    outcomes = sorted(campaign.outcomes, key=lambda outcome: outcome.schedule.name)
    return {
        "passed": campaign.count - campaign.failed, "failed": campaign.failed, "schedules": len(outcomes),
        "matrix": len(matrix.whole(publishers(campaign.options))),
        "impossible": matrix.impossible(publishers(campaign.options)), "lanes": campaign.options.lanes,
        "seed": campaign.options.seed, "seconds": round(seconds),
        **{name: sum(outcome.figures.get(name) or 0 for outcome in outcomes) for name in names},
        "mutants": campaign.mutants, "resume": campaign.resume,
        "stalls": campaign.witness.count, "longest_stall_ms": round(campaign.witness.longest * 1000),
        "each": [{"name": outcome.schedule.name, "ok": outcome.is_ok, "seconds": round(outcome.seconds, 1),
                  "problem": outcome.problem, "violations": outcome.violations, "figures": outcome.figures}
                 for outcome in outcomes],
    }


def percentile(values, share):
    return round(values[min(len(values) - 1, int(share * len(values)))]) if values else None


def summarize(found):
    if found["schedules"]:
        impossible = sum(found["impossible"].values())
        print(f"\n{found['schedules']} of {found['matrix']} schedules, {found['lanes']} side by side, "
              f"in {found['seconds']} s; {impossible} combinations cannot be:")
        for reason, count in found["impossible"].items():
            print(f"  {count:3} {reason}")
        print(f"faults struck {found['faults_struck']} of {found['faults']}; "
              f"operations {found['operations']}, succeeded {found['operations_ok']}; "
              f"jobs {found['jobs']}, done {found['done']}; attempts {found['attempts']}, "
              f"taken back {found['steps_rescued']}; paid calls {found['calls_paid']}, in vain {found['calls_wasted']}")
    if found["stalls"]:
        print(f"the machine itself stood still {found['stalls']} times, longest {found['longest_stall_ms']} ms")
    print(f"{found['passed']} passed, {found['failed']} failed, 0 skipped")


def main():
    options = arguments()
    campaign = Campaign(options)
    if not campaign.schedules and not options.mutants and not options.resume:
        sys.exit("nothing to do: see --help, and --all --list for the names of the schedules")
    if options.list:
        print("\n".join(schedule.name for schedule in campaign.schedules))
        return 0
    # So that a campaign that is stopped still puts everything away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begun = time.monotonic()
    campaign.run()
    found = report(campaign, time.monotonic() - begun)
    if options.report:
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    summarize(found)
    if not found["failed"] and not options.keep:
        shutil.rmtree(campaign.folder, ignore_errors=True)
    return 1 if found["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
