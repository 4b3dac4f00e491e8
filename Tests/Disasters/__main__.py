"""Runs the disasters, two modules side by side, and adds up: `python3 Tests/Disasters [MODULE…]`.

Needs a debug build, PostgreSQL's programs, gcc. Ends with status 1 when a test failed. IMAGES=10000 examines that many
images of a power cut.
"""

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
#: The longest first.
MODULES = (
    "herd", "postgres_restart", "power_cut", "poison", "arena_killed", "wix_killed", "postgres_unreachable",
    "identical_posts", "postgres_full", "sqlite_busy", "postgres_read_only", "weak_settings", "sqlite_full")
#: A module that takes longer hangs.
SECONDS_MAX = 300
SUMMARY = re.compile(r"^Ran (\d+) tests? in .*\n\n(?:OK|FAILED)(?: \((.*)\))?$", re.MULTILINE)


def run(module):
    """Runs a module in a process of its own; returns its passed, failed and skipped tests."""
    started = time.monotonic()
    # Sockets that a test leaves to the end of its process are of no interest.
    command = [sys.executable, "-W", "ignore::ResourceWarning", "-m", "unittest", module]
    try:
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=SECONDS_MAX)
        text, status = done.stdout + done.stderr, done.returncode
    except subprocess.TimeoutExpired as late:
        text, status = f"{(late.stdout or b'').decode()}\n{module} did not end within {SECONDS_MAX} s", 1
    summary = SUMMARY.search(text)
    counts = dict(re.findall(r"(\w+)=(\d+)", summary[2] or "") if summary else [])
    failed = int(counts.get("failures", 0)) + int(counts.get("errors", 0))
    if not summary or status != 0 and not failed:
        failed = 1
    skipped = int(counts.get("skipped", 0))
    passed = max(0, (int(summary[1]) if summary else 0) - failed - skipped)
    shown = text if failed else "\n".join(line for line in text.splitlines() if ": " in line)
    print(f"== {module}, {time.monotonic() - started:.0f} s\n{shown}", flush=True)
    return passed, failed, skipped


def main():
    modules = sys.argv[1:] or MODULES
    with ThreadPoolExecutor(2) as pool:
        passed, failed, skipped = map(sum, zip(*pool.map(run, modules)))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
