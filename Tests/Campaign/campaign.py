#!/usr/bin/env python3
"""The fault campaign: every step × point × fault × database, with real processes, judged by checker.py.

Usage: campaign.py --all | --spread N | --only PATTERN... [--lanes N] [--seed N] [--report FILE] [--keep] [--list]

Needs a debug build (`make build`), PostgreSQL and Python 3.11 alone. Each schedule has its own folder, sandbox, server,
workers and database. Prints a line for each and ends with status 1 when one fails; its folder is then kept.
"""

import argparse
import fnmatch
import json
import signal
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matrix
from bench import Bench
from schedule import Run

#: Chooses among schedules that are equally worth running in a spread.
SEED = 20261121
#: Processes mostly wait: two lanes a processor keep them busy.
LANES = 4


def arguments():
    parser = argparse.ArgumentParser(description="The fault campaign.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--all", action="store_true", help="the whole matrix")
    what.add_argument("--spread", type=int, metavar="N", help="N schedules that cover everything evenly")
    what.add_argument("--only", action="append", metavar="PATTERN", help="such as 'postgres.draft.*' or '*.kill'")
    parser.add_argument("--lanes", type=int, default=LANES, help=f"schedules side by side ({LANES})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"for --spread ({SEED})")
    parser.add_argument("--report", type=Path, metavar="FILE", help="writes all figures as JSON")
    parser.add_argument("--keep", action="store_true", help="keep the folders of green schedules too")
    parser.add_argument("--list", action="store_true", help="print the schedules, and run none")
    return parser.parse_args()


def chosen(options):
    if options.all:
        return matrix.whole()
    if options.spread:
        return matrix.spread(options.spread, options.seed)
    return [s for s in matrix.whole() if any(fnmatch.fnmatch(s.name, pattern) for pattern in options.only)]


def run(schedules, options, folder):
    """The outcomes, in the order in which they came."""
    outcomes, lock = [], threading.Lock()
    with Bench(folder, {schedule.database for schedule in schedules}) as bench:

        def perform(schedule):
            outcome = Run(schedule, bench, folder / schedule.name).outcome(options.keep)
            with lock:
                outcomes.append(outcome)
                tell(outcome, len(outcomes), len(schedules))

        with ThreadPoolExecutor(options.lanes) as lanes:
            list(lanes.map(perform, schedules))
    return outcomes


def tell(outcome, number, count):
    verdict = "ok   " if outcome.is_ok else "FAILS"
    print(f"{verdict} {number:3}/{count} {outcome.schedule.name:44} {outcome.seconds:5.1f} s"
          f"  {outcome.figures.get('calls_wasted', '-'):>2} extra calls"
          + ("" if outcome.is_ok else f"\n      {outcome.reason}\n      {outcome.folder}"), flush=True)


def report(outcomes, options, seconds):
    """Everything that was found out, in numbers."""
    def total(name):
        return sum(outcome.figures.get(name) or 0 for outcome in outcomes)

    resumes = sorted(time for outcome in outcomes for time in outcome.figures.get("resume_times_ms", []))
    return {
        "schedules": len(outcomes), "failed": sum(not outcome.is_ok for outcome in outcomes),
        "matrix": len(matrix.whole()), "impossible": matrix.impossible(), "lanes": options.lanes,
        "seed": options.seed if options.spread else None, "seconds": round(seconds),
        "faults": total("faults"), "faults_struck": total("faults_struck"), "operations": total("operations"),
        "operations_ok": total("operations_ok"), "polls": total("polls"), "jobs": total("jobs"), "done": total("done"),
        "attempts": total("attempts"), "steps_rescued": total("steps_rescued"), "calls": total("calls"),
        "calls_paid": total("calls_paid"), "calls_wasted": total("calls_wasted"),
        "tokens_wasted": total("tokens_wasted"), "resumed": len(resumes),
        "resume_p50_ms": percentile(resumes, 0.5), "resume_p99_ms": percentile(resumes, 0.99),
        "schedule_seconds_median": round(statistics.median(outcome.seconds for outcome in outcomes), 1),
        "each": [{"name": outcome.schedule.name, "ok": outcome.is_ok, "seconds": round(outcome.seconds, 1),
                  "problem": outcome.problem, "violations": outcome.violations, "figures": outcome.figures}
                 for outcome in sorted(outcomes, key=lambda outcome: outcome.schedule.name)],
    }


def percentile(values, share):
    return round(values[min(len(values) - 1, int(share * len(values)))]) if values else None


def main():
    options = arguments()
    schedules = chosen(options)
    if not schedules:
        sys.exit("no schedule of the matrix has such a name")
    if options.list:
        print("\n".join(schedule.name for schedule in schedules))
        return 0
    # So that a campaign that is stopped still puts everything away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="campaign-"))
    begun = time.monotonic()
    outcomes = run(schedules, options, folder)
    found = report(outcomes, options, time.monotonic() - begun)
    if options.report:
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    summarize(found)
    return 1 if found["failed"] else 0


def summarize(found):
    impossible = sum(found["impossible"].values())
    print(f"\n{found['schedules']} of {found['matrix']} schedules in {found['seconds']} s, "
          f"{found['lanes']} side by side; {impossible} combinations cannot be:")
    for reason, count in found["impossible"].items():
        print(f"  {count:3} {reason}")
    print(f"faults struck {found['faults_struck']} of {found['faults']}; "
          f"operations {found['operations']}, succeeded {found['operations_ok']}; "
          f"jobs {found['jobs']}, done {found['done']}; attempts {found['attempts']}, "
          f"taken back {found['steps_rescued']}; paid calls {found['calls_paid']}, in vain {found['calls_wasted']}")
    if found["resumed"]:
        print(f"from a kill to the next claim: p50 {found['resume_p50_ms']} ms, p99 {found['resume_p99_ms']} ms "
              f"of {found['resumed']}")
    print(f"{found['schedules'] - found['failed']} passed, {found['failed']} failed, 0 skipped")


if __name__ == "__main__":
    sys.exit(main())
