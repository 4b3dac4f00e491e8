#!/usr/bin/env python3
"""Runs the unit tests in folders: unittests.py FOLDER…

Ends with the line `N passed, N failed, N skipped`, and with status 1 when a test failed or there was none.
"""

import sys
import unittest

result = unittest.TestResult()
count = 0
for folder in sys.argv[1:]:
    suite = unittest.TestLoader().discover(folder, top_level_dir=folder)
    count += suite.countTestCases()
    suite.run(result)
for test, error in result.failures + result.errors:
    print(f"FAILS {test}\n{error}")
failed = {test.id() for test, _ in result.failures + result.errors}
skipped = len(result.skipped)
print(f"{count - len(failed) - skipped} passed, {len(failed)} failed, {skipped} skipped")
sys.exit(1 if failed or not count else 0)
