"""The power fails under an SQLite installation: every image of its files that a cut may leave holds what was acknowledged.

A real `pressroom serve` works under load while powercut.c records what it does to its files; crash_images.py builds what
a cut at any moment may leave. IMAGES sets how many images are examined (300), SEED which.
"""

import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
import unittest
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Harness"))
import books
from client import TERMINAL, Client
from crash_images import SUFFIXES, SYNC, SYNC_FOLDER, Disk, read_trace
from preload import library
from processes import Workplace, until

IMAGES = int(os.environ.get("IMAGES", "300"))
SEED = int(os.environ.get("SEED", "1"))
REOPENED = 5
SPEED = "100"


class Life:
    """A recorded run: the trace, and where in it each answer reached its client."""

    def __init__(self, folder):
        self.folder = folder
        self.database = folder / "data" / "pressroom.sqlite"
        self.trace = folder / "trace"
        self.acknowledged, self.done = [], {}
        self.lock = threading.Lock()
        self.keys = {}

    def record(self, shim):
        self.database.parent.mkdir()
        environment = {
            "DATABASE_URL": f"sqlite:{self.database}", "SANDBOX_SPEED": SPEED, "LD_PRELOAD": str(shim),
            "POWERCUT_DATABASE": str(self.database), "POWERCUT_TRACE": str(self.trace)}
        with Workplace(self.folder, keeps=True) as place:
            for site in ("acme", "umbrella"):
                self.keys[site] = place.run(["sites", "add", site], environment)["key"]
            # Two lives: the first ends in order, with the log folded in and removed, the second in the middle of work.
            for life, ending in enumerate((signal.SIGTERM, signal.SIGKILL)):
                server, address = place.server(environment, name=f"life-{life}")
                self._work(Client(address, self.keys), life)
                server.signal(ending)
                server.process.wait(40)

    def _work(self, client, life):
        clients = [
            threading.Thread(target=self._submit, args=(client, site, f"{site}-{life}-{number}"))
            for site in self.keys for number in range(2)]
        for thread in clients:
            thread.start()
        for thread in clients:
            thread.join()
        # In the middle of work, and yet with something finished.
        until(lambda: self._look(client) > 10, 60, 0.1, "the first articles")

    def _submit(self, client, site, name):
        for number in range(12):
            request = {"sourceType": "keyword", "sourceId": f"{name}-{number}", "autoSelect": True}
            answer = client.call("POST", "/api/blog-generation", request, self.keys[site])
            if answer.status != 201:
                raise AssertionError(f"{answer.status} {answer.body or answer.why}")
            with self.lock:
                self.acknowledged.append((str(answer.body["id"]), site, self.trace.stat().st_size))

    def _look(self, client):
        """Notes who is shown as done, and where in the trace; returns how many are."""
        for id, site, _ in self.acknowledged:
            if id not in self.done:
                answer = client.call("GET", f"/api/blog-generation/{id}", key=self.keys[site])
                if answer.body["status"] == "DONE":
                    self.done[id] = self.trace.stat().st_size
        return len(self.done)

    def told_by(self, position):
        """Who was acknowledged, and who was shown as done, when the trace was this long."""
        return ([id for id, _, at in self.acknowledged if at <= position],
                [id for id, at in self.done.items() if at <= position])


def images(life, cuts, chance, hears=lambda number: True):
    """An image at each cut: what a client had been told by then, and the files.

    `hears(number)` is false where the disk only pretends to sync.
    """
    disk, applied = Disk(), 0
    records = read_trace(life.trace)
    for cut in sorted(cuts):
        for number in range(applied, cut + 1):
            if records[number].kind != SYNC or hears(number):
                disk.apply(records[number])
        applied = max(applied, cut + 1)
        yield cut, life.told_by(records[cut].end), disk.image(chance)


def store(image, path):
    for suffix, content in image.items():
        Path(f"{path}{suffix}").write_bytes(content)


def examine(sample):
    """What is wrong with one image."""
    cut, (acknowledged, done), image = sample
    with tempfile.TemporaryDirectory(prefix="pressroom-") as folder:
        path = Path(folder) / "image.sqlite"
        store(image, path)
        try:
            connection = sqlite3.connect(path)
            verdict = connection.execute("pragma integrity_check").fetchall()
            faults = [] if verdict == [("ok",)] else [f"integrity: {verdict[:3]}"]
            faults += [f"foreign key: {row}" for row in connection.execute("pragma foreign_key_check")]
            # Before the first migration has committed there is nothing to lose.
            if acknowledged or connection.execute("select 1 from sqlite_master where name = 'blog_images'").fetchone():
                def select(statement):
                    return connection.execute(statement).fetchall()
                faults += books.faults(select) + books.forgotten(select, acknowledged, done)
            connection.close()
        except sqlite3.Error as error:
            faults = [repr(error)]
    return [f"cut after call {cut}: {fault}" for fault in faults]


def examine_all(samples):
    """The faults of each image, two images at a time; few are in memory at once."""
    found, batch = [], []
    with ProcessPoolExecutor(2) as pool:
        for sample in samples:
            batch.append(sample)
            if len(batch) == 32:
                found += pool.map(examine, batch)
                batch = []
        found += pool.map(examine, batch)
    return found


class PowerCut(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="pressroom-")).resolve()
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        shim = library("powercut", cls.folder)
        cls.life = Life(cls.folder / "life")
        cls.life.folder.mkdir()
        cls.life.record(shim)
        cls.records = read_trace(cls.life.trace)
        cls.syncs = [n for n, record in enumerate(cls.records) if record.kind in (SYNC, SYNC_FOLDER)]

    def test_every_image_holds_what_was_acknowledged(self):
        chance = random.Random(SEED)
        # Right after each sync, and anywhere.
        cuts = chance.sample(self.syncs, min(len(self.syncs), IMAGES // 2))
        cuts += chance.choices(range(len(self.records)), k=IMAGES - len(cuts))

        faults = examine_all(images(self.life, cuts, chance))

        self.assertEqual([fault for image in faults for fault in image][:10], [])
        print(f"power cut: {len(faults)} images of {len(self.records)} calls with {len(self.syncs)} syncs (seed {SEED});"
              f" {len(self.life.acknowledged)} requests acknowledged, {len(self.life.done)} shown as done; 0 lost")

    def test_a_server_goes_on_from_an_image_and_ends_everything(self):
        chance = random.Random(SEED + 1)
        last = len(self.records) - 1
        cuts = [last, *chance.choices(range(self.syncs[len(self.syncs) // 3], last), k=REOPENED - 1)]

        for cut, (acknowledged, done), image in images(self.life, cuts, chance):
            with self.subTest(cut=cut), Workplace() as place:
                database = place.folder / "image.sqlite"
                store(image, database)
                # Posts made after the cut are there as well, as after a crash between a post and its record.
                shutil.copytree(self.life.folder / "output", place.folder / "output")
                server, address = place.server({"DATABASE_URL": f"sqlite:{database}", "SANDBOX_SPEED": SPEED})
                client = Client(address, self.life.keys)
                sites = {id: site for id, site, _ in self.life.acknowledged}

                def status(id):
                    return client.call("GET", f"/api/blog-generation/{id}", key=self.life.keys[sites[id]]).body["status"]

                self.assertEqual([id for id in done if status(id) != "DONE"], [])
                open_ones = set(acknowledged)

                def all_have_ended():
                    open_ones.difference_update([id for id in open_ones if status(id) in TERMINAL])
                    return not open_ones

                until(all_have_ended, 60, 0.2, "the end of every request")
                self.assertEqual(server.leave(), 0)
                self.assertEqual(examine((cut, (acknowledged, acknowledged), {
                    suffix: Path(f"{database}{suffix}").read_bytes() for suffix in SUFFIXES
                    if Path(f"{database}{suffix}").exists()})), [])

    def test_a_disk_that_only_pretends_to_sync_is_found_out(self):
        chance = random.Random(SEED + 2)
        deaf_from = self.syncs[len(self.syncs) // 4]
        cuts = chance.choices(range(deaf_from, len(self.records)), k=100)

        faults = examine_all(images(self.life, cuts, chance, hears=lambda number: number < deaf_from))

        flagged = [image for image in faults if image]
        lossy = [image for image in flagged if any("acknowledged and is gone" in fault for fault in image)]
        self.assertGreater(len(flagged), 30)
        self.assertGreater(len(lossy), 10)
        print(f"power cut: with syncs only pretended {len(flagged)} of {len(faults)} images are found out,"
              f" {len(lossy)} of them by acknowledged requests that are gone")


if __name__ == "__main__":
    unittest.main()
