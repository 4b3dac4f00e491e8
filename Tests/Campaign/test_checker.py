"""Tests of the checker: good histories pass, each forged one is flagged by the rule it breaks and by no other."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import forgeries
import history
import samples
from logs import BadLog
from posts import Post, mark
from rules import RULES, check

HERE = Path(__file__).resolve().parent
POST_RULES = {"one-published", "no-strays", "published-as-recorded"}


def flagged(sample):
    posts = [Post(**post) for post in sample.posts]
    run = history.History(sample.client, sample.calls, sample.post_events, posts, sample.tables, sample.nemesis)
    return violations(run)


def violations(run):
    return {id: found for id, found in check(run).items() if found}


class GoodHistories(unittest.TestCase):
    def test_a_run_with_all_that_may_happen_passes(self):
        self.assertEqual(flagged(samples.everything()), {})

    def test_each_part_of_it_passes_alone(self):
        for part in (samples.quiet, samples.killed, samples.paused, samples.refused, samples.again):
            with self.subTest(part.__name__):
                sample = samples.Sample()
                part(sample)
                self.assertEqual(flagged(sample), {})

    def test_what_is_allowed_passes(self):
        for name, change in forgeries.ALLOWED.items():
            with self.subTest(name):
                sample = samples.everything()
                change(sample)
                self.assertEqual(flagged(sample), {})


class ForgedHistories(unittest.TestCase):
    def test_each_is_flagged_by_its_rule_and_no_other(self):
        for (rule, name), change in forgeries.FORGERIES.items():
            with self.subTest(f"{rule}: {name}"):
                sample = samples.everything()
                change(sample)
                found = flagged(sample)
                self.assertEqual(list(found), [rule], found)

    def test_there_is_one_for_each_rule(self):
        self.assertEqual({rule for rule, _ in forgeries.FORGERIES}, set(RULES))


def write(folder, sample, publisher="output"):
    """The files of a run, with its posts in a folder or on Wix sites."""
    for name, lines in (("client", sample.client), ("calls", sample.calls), ("nemesis", sample.nemesis)):
        (folder / f"{name}.ndjson").write_text(ndjson(lines))
    (folder / "dump.json").write_text(json.dumps({"tables": sample.tables}))
    PUBLISHERS[publisher](folder / publisher, sample)


def ndjson(lines):
    return "".join(json.dumps(line) + "\n" for line in lines)


def write_folder(root, sample):
    for post in sample.posts:
        page = root / post["site"] / post["id"] / "index.md"
        page.parent.mkdir(parents=True)
        draft = json.dumps(post["is_draft"])
        page.write_text(f'---\ntitle: "T"\ndraft: {draft}\nmarker: "{post["marker"]}"\n---\n\nText.\n')
    log = root / "acme-1" / ".pressroom" / "log.ndjson"
    log.parent.mkdir(parents=True)
    log.write_text(ndjson({"event": event["event"], "slug": event["id"], "marker": event["marker"],
                           "at": samples.stamp(event["at"])} for event in sample.post_events))


def write_wix(root, sample):
    root.mkdir()
    drafts = [{"id": post["id"], "seoSlug": slug(post), "status": "UNPUBLISHED" if post["is_draft"] else "PUBLISHED"}
              for post in sample.posts]
    (root / "acme-1.json").write_text(json.dumps({"instanceId": "acme-1", "draftPosts": drafts}))
    lines = []
    for event in sample.post_events:
        lines.append({"t": event["at"], "event": event["event"], "id": event["id"]})
        if event["event"] == "created":
            lines[-1].update(site="acme-1", slug=slug(event))
    (root / "log.ndjson").write_text(ndjson(lines))


def slug(post):
    """The address of a generation's draft; a number follows where it was taken."""
    marker = post["marker"]
    return f"tea-for-two-{mark(marker)}-2" if marker.isdigit() else marker


PUBLISHERS = {"output": write_folder, "wix": write_wix}


class Destinations(unittest.TestCase):
    """What concerns posts is found through the files of each publisher."""

    def flagged(self, sample, publisher):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write(folder, sample, publisher)
            return violations(history.read(
                [folder / "client.ndjson"], [folder / "calls.ndjson"], folder / publisher, folder / "dump.json",
                [folder / "nemesis.ndjson"]))

    def test_forged_posts_are_flagged_and_good_ones_are_not(self):
        changes = [([], name, change) for name, change in forgeries.ALLOWED.items() if "draft" in name]
        changes += [([rule], name, change) for (rule, name), change in forgeries.FORGERIES.items()
                    if rule in POST_RULES]
        for publisher in PUBLISHERS:
            self.assertEqual(self.flagged(samples.everything(), publisher), {})
            for rules, name, change in changes:
                with self.subTest(f"{publisher}: {name}"):
                    sample = samples.everything()
                    change(sample)
                    found = self.flagged(sample, publisher)
                    self.assertEqual(list(found), rules, found)

    def test_sites_that_were_not_looked_at_are_no_sites_without_posts(self):
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "log.ndjson").write_text("")
            with self.assertRaises(BadLog):
                history.read(output=name)


class Files(unittest.TestCase):
    """The same through files and the command line."""

    def judge(self, sample, *arguments, spoil=lambda folder: None, publisher="output"):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write(folder, sample, publisher)
            spoil(folder)
            return subprocess.run(
                [sys.executable, HERE / "checker.py", folder, *arguments], capture_output=True, text=True)

    def test_a_good_run_ends_with_status_0(self):
        for publisher in PUBLISHERS:
            done = self.judge(samples.everything(), "--json", publisher=publisher)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            report = json.loads(done.stdout)
            self.assertTrue(report["ok"])
            self.assertEqual(report["figures"]["jobs"], 5)

    def test_a_violation_ends_with_status_1_and_names_its_rule(self):
        sample = samples.everything()
        forgeries.FORGERIES["one-published", "a zombie publishes a draft of its own"](sample)
        for publisher in PUBLISHERS:
            done = self.judge(sample, publisher=publisher)
            self.assertEqual(done.returncode, 1)
            self.assertIn("FAILS one-published", done.stdout)

    def test_the_last_line_of_a_killed_writer_may_be_torn(self):
        def tear(folder):
            with open(folder / "calls.ndjson", "a") as log:
                log.write('{"time": "20')

        self.assertEqual(self.judge(samples.everything(), spoil=tear).returncode, 0)

    def test_a_torn_line_in_the_middle_ends_with_status_2(self):
        def tear(folder):
            log = folder / "calls.ndjson"
            log.write_text('{"time": "20\n' + log.read_text())

        done = self.judge(samples.everything(), spoil=tear)
        self.assertEqual(done.returncode, 2)
        self.assertIn("not JSON", done.stderr)

    def test_a_missing_log_ends_with_status_2(self):
        done = self.judge(samples.everything(), spoil=lambda folder: (folder / "nemesis.ndjson").unlink())
        self.assertEqual(done.returncode, 2)
        self.assertIn("no nemesis.ndjson", done.stderr)

    def test_a_replay_needs_the_dump_alone(self):
        def strip(folder):
            for name in ("client", "calls", "nemesis"):
                (folder / f"{name}.ndjson").unlink()

        self.assertEqual(self.judge(samples.everything(), "--replay", spoil=strip).returncode, 0)

    def test_a_log_that_contradicts_itself_is_no_history(self):
        sample = samples.everything()
        sample.client.append({"type": "ok", "op": 9999, "t": 0})
        with self.assertRaises(BadLog):
            flagged(sample)


if __name__ == "__main__":
    unittest.main()
