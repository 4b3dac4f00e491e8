"""A PostgreSQL server of a test's own, which can be stopped, killed and made read-only, and databases on it."""

import os
import signal
import subprocess
import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path

from processes import REPOSITORY, until

SCRIPT = str(REPOSITORY / "Scripts" / "postgres")


class Postgres:
    """A private server made with Scripts/postgres, as a context; or, by `given()`, the one of the test run."""

    def __init__(self, folder=None, settings=()):
        self.is_given = False
        self.folder = Path(folder or tempfile.mkdtemp(prefix="pressroom-pg.")).resolve()
        self.url = script("start", self.folder)
        if settings:
            for name, value in settings:
                psql(self.url, f"alter system set {name} = '{value}'")
            self.restart()

    @classmethod
    def given(cls):
        """The server of PRESSROOM_TEST_DATABASE_URL: shared, so that it is neither stopped nor changed."""
        server = cls.__new__(cls)
        server.is_given, server.folder, server.url = True, None, os.environ["PRESSROOM_TEST_DATABASE_URL"]
        return server

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if not self.is_given:
            script("stop", self.folder)

    def stop(self, mode="fast"):
        script("halt", self.folder, mode)

    def start(self):
        """On the same port as before."""
        script("start", self.folder)

    def restart(self, mode="fast"):
        script("restart", self.folder, mode)

    def kill(self):
        """kill -9 of the postmaster; returns when the whole server is gone, so that it can be started again."""
        pids = [self.pid, *children(self.pid)]
        os.kill(pids[0], signal.SIGKILL)
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), 20, 0.02, "the server's end")

    @property
    def pid(self):
        return int((self.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0])

    @contextmanager
    def database(self, name=None, template=None):
        """A database for one test; the name is dropped afterwards, whoever is still connected."""
        name = name or f"test_{uuid.uuid4().hex}"
        psql(self.url, f"create database {name}" + (f" template {template}" if template else ""))
        try:
            yield Database(self, name)
        finally:
            psql(self.url, f"drop database {name} with (force)")


class Database:
    """One database, and what can be done to those who use it."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        self.url = address(server.url, name)

    def query(self, statement, within=60):
        return psql(self.url, statement, within)

    def cut(self):
        """Ends every connection to it, as a network does; returns how many there were."""
        return int(psql(self.server.url, f"""
            select count(pg_terminate_backend(pid)) from pg_stat_activity
             where datname = '{self.name}' and pid <> pg_backend_pid()"""))

    def read_only(self, is_on=True):
        """New transactions may only read. With `is_on` connections are cut, so that it holds from now on for all."""
        value = "= on" if is_on else "= off"
        psql(self.server.url, f"alter database {self.name} set default_transaction_read_only {value}")
        if is_on:
            self.cut()


def address(url, name):
    """The URL of another database on the same server."""
    base, question, options = url.partition("?")
    scheme, slashes, rest = base.partition("://")
    return f"{scheme}{slashes}{rest.split('/')[0]}/{name}{question}{options}"


def psql(url, statement, within=60):
    """Runs a statement and returns what it answers, without headings."""
    done = subprocess.run(
        ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", "-"], input=statement,
        capture_output=True, text=True, timeout=within)
    if done.returncode != 0:
        raise OSError(f"psql: {done.stderr.strip() or done.returncode}")
    return done.stdout.strip()


def script(command, *arguments):
    done = subprocess.run(
        [SCRIPT, command, *map(str, arguments)], capture_output=True, text=True, timeout=120,
        stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise OSError(done.stderr.strip() or f"Scripts/postgres {command} ended with {done.returncode}")
    return done.stdout.strip()


def children(pid):
    """Direct children of a process."""
    text = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(word) for word in text.split()]
