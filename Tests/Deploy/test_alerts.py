"""The alert rules: Prometheus' own checker plays series through them; names and runbooks exist."""

import re
import shutil
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "deploy/prometheus/pressroom.rules.yml"
#: Functions, operators, labels and words of the query language in the rules.
NOT_METRICS = set(
    "max min sum by for increase rate deriv ignoring and or outcome pool instance state reason status model".split())


def promtool(*arguments):
    tool = shutil.which("promtool") or ROOT / ".build/tools/promtool"
    return subprocess.run([tool, *arguments], capture_output=True, text=True, timeout=120)


class Alerts(unittest.TestCase):
    def test_are_understood(self):
        checked = promtool("check", "rules", str(RULES))
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_fire_when_they_should_and_not_otherwise(self):
        played = promtool("test", "rules", str(RULES.with_name("pressroom.rules.test.yml")))
        self.assertEqual(played.returncode, 0, played.stdout + played.stderr)

    def test_ask_for_metrics_that_the_server_shows(self):
        shown = set(re.findall(r'^        "(\w+)":', (ROOT / "Sources/Web/Metrics/MetricsPage.swift").read_text(), re.M))
        for expression in self.expressions():
            bare = re.sub(r'\{[^}]*\}|\[[^\]]*\]|"[^"]*"', " ", expression)
            asked = set(re.findall(r"[a-z][a-z_]{2,}", bare)) - NOT_METRICS
            self.assertTrue(asked)
            self.assertEqual(asked - shown, set(), expression)

    def test_are_each_tested_and_have_a_runbook(self):
        text = RULES.read_text()
        names = re.findall(r"- alert: (\w+)", text)
        tests = RULES.with_name("pressroom.rules.test.yml").read_text()
        headings = {
            re.sub(r"[^a-z0-9 -]", "", line.lower()).strip().replace(" ", "-")
            for line in re.findall(r"^#+ (.*)$", (ROOT / "docs/DEPLOYMENT.md").read_text(), re.M)}
        self.assertGreater(len(names), 10)
        for name in names:
            self.assertRegex(tests, rf"alertname: {name}\n\s+exp_alerts:\n", f"nothing fires {name}")
        for anchor in re.findall(r"runbook: docs/DEPLOYMENT.md#(\S+)", text):
            self.assertIn(anchor, headings)

    def expressions(self):
        """Each `expr`, which may go on over several lines."""
        return re.findall(r"expr: (?:\|\n)?(.*?)\n        (?:for|labels)", RULES.read_text(), re.S)


if __name__ == "__main__":
    unittest.main()
