#!/usr/bin/env python3
"""Judges a run of the campaign by five logs that know nothing of each other, and shares no code with the product.

Usage: checker.py RUN [--json] [--only RULE]...
       checker.py --dump FILE [--client FILE]... [--calls FILE]... [--output FOLDER] [--nemesis FILE]... [options]
       checker.py --dump FILE --replay      only replays each job's events against Models/lease/transitions.json

RUN is a folder with client*.ndjson, calls*.ndjson, output/ or wix/, dump.json and nemesis.ndjson; README.md has their
formats.
Ends with status 0 when every promise holds, 1 when one does not, 2 when the logs cannot be read.
"""

import argparse
import json
import sys
from pathlib import Path

import history
from logs import BadLog
from rules import RULES, check, figures

#: Violations of one rule that are printed; the rest is counted.
SHOWN_MAX = 20


def arguments():
    parser = argparse.ArgumentParser(description="Judges a run of the campaign by its logs.")
    parser.add_argument("run", nargs="?", type=Path, help="folder with all the logs")
    for name in ("client", "calls", "nemesis"):
        parser.add_argument(f"--{name}", action="append", type=Path, default=[], metavar="FILE")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="the publisher's folder, or that of Wix sites")
    parser.add_argument("--dump", type=Path, metavar="FILE", help="what dump.py wrote")
    parser.add_argument("--only", action="append", choices=list(RULES), metavar="RULE", help="check this rule only")
    parser.add_argument("--replay", action="store_true", help="check the events of each job only")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    parser.add_argument("--rules", action="store_true", help="list the rules")
    return parser.parse_args()


def paths(options):
    """Where the logs lie: as given, and what is not given in the run's folder."""
    if options.run is None:
        return options
    if not options.run.is_dir():
        raise BadLog(f"there is no folder {options.run}")
    for name in ("client", "calls", "nemesis"):
        if not getattr(options, name):
            setattr(options, name, sorted(options.run.glob(f"{name}*.ndjson")))
        if not getattr(options, name) and not options.replay:
            raise BadLog(f"{options.run} has no {name}.ndjson")
    wix = options.run / "wix"
    options.output = options.output or (wix if wix.is_dir() else options.run / "output")
    options.dump = options.dump or options.run / "dump.json"
    return options


def main():
    options = arguments()
    if options.rules:
        print("\n".join(f"{rule.id:22} {rule.promise}" for rule in RULES.values()))
        return 0
    try:
        options = paths(options)
        if options.dump is None:
            raise BadLog("name a run's folder, or at least --dump")
        if options.replay:
            run, only = history.read(dump=options.dump), ["transitions", "one-result"]
        else:
            run = history.read(options.client, options.calls, options.output, options.dump, options.nemesis)
            only = options.only
        found = check(run, only)
    except (BadLog, OSError, KeyError, ValueError) as error:
        reason = f"a log lacks the member {error}" if isinstance(error, KeyError) else str(error)
        print(f"cannot judge: {reason}", file=sys.stderr)
        return 2
    (print_json if options.json else print_text)(found, figures(run))
    return 1 if any(found.values()) else 0


def print_json(found, numbers):
    rules = [{"id": id, "promise": RULES[id].promise, "violations": violations} for id, violations in found.items()]
    print(json.dumps({"ok": not any(found.values()), "rules": rules, "figures": numbers}, indent=2))


def print_text(found, numbers):
    for id, violations in found.items():
        print(f"{'FAILS' if violations else 'ok   '} {id:22} {RULES[id].promise}")
        for violation in violations[:SHOWN_MAX]:
            print(f"      - {violation}")
        if len(violations) > SHOWN_MAX:
            print(f"      - and {len(violations) - SHOWN_MAX} more")
    print(", ".join(f"{name} {value}" for name, value in numbers.items() if value is not None))


if __name__ == "__main__":
    sys.exit(main())
