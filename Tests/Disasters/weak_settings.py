"""Settings of PostgreSQL under which it forgets what it has confirmed: nothing starts on them unless it is told to."""

import unittest

from disaster import Workplace, until
from postgres import Postgres, address, psql

#: sysexits.h: something in the configuration is wrong.
CONFIGURATION = 78


class WeakSettings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = cls.enterClassContext(Postgres())
        psql(cls.postgres.url, "create database weak")
        cls.settings = {"DATABASE_URL": address(cls.postgres.url, "weak")}

    def set(self, name, value):
        psql(self.postgres.url, f"alter system set {name} = {value}")
        psql(self.postgres.url, "select pg_reload_conf()")
        until(lambda: psql(self.postgres.url, f"show {name}") == value, 10, 0.02, f"{name} = {value}")

    def refusal(self, place, command, settings=None):
        process = place.start(command, [command], settings or self.settings)
        self.assertEqual(process.process.wait(30), CONFIGURATION)
        process.errors.thread.join(5)
        return process.errors.text

    def test_each_is_refused_by_name(self):
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            for command in ("serve", "worker"):
                with self.subTest(setting=name, command=command), Workplace() as place:
                    self.addCleanup(self.set, name, "on")
                    self.set(name, "off")

                    told = self.refusal(place, command)

                    self.assertIn(
                        "This database may lose what it has acknowledged: "
                        f"{name} is off; it must be on.", told)
                    self.assertIn("code: database.not_durable", told)
                    self.assertIn(
                        "hint: Correct the settings, or set PRESSROOM_ALLOW_WEAK_DURABILITY=1 if losing work is"
                        " acceptable.", told)
                    self.set(name, "on")

    def test_all_are_named_together(self):
        for name in ("fsync", "synchronous_commit"):
            self.addCleanup(self.set, name, "on")
            self.set(name, "off")
        with Workplace() as place:
            self.assertIn(
                "fsync is off; it must be on; synchronous_commit is off; it must be on.", self.refusal(place, "serve"))

    def test_the_address_cannot_weaken_them_either(self):
        weak = self.settings["DATABASE_URL"] + "?options=-csynchronous_commit%3Doff"
        with Workplace() as place:
            self.assertIn(
                "synchronous_commit is off; it must be on.", self.refusal(place, "serve", {"DATABASE_URL": weak}))

    def test_a_server_that_is_told_starts(self):
        self.addCleanup(self.set, "synchronous_commit", "on")
        self.set("synchronous_commit", "off")
        with Workplace() as place:
            process, _ = place.server({**self.settings, "PRESSROOM_ALLOW_WEAK_DURABILITY": "1"})
            self.assertEqual(process.leave(), 0)
