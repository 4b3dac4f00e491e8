"""What all schedules of a campaign share: a private PostgreSQL, and databases that are ready to be copied."""

import shutil
import sqlite3
import sys
import time
from contextlib import contextmanager
from pathlib import Path

HARNESS = Path(__file__).resolve().parents[1] / "Harness"
sys.path.insert(0, str(HARNESS))

import dump  # noqa: E402
from postgres import Postgres, psql  # noqa: E402
from processes import Workplace  # noqa: E402
from witness import Witness  # noqa: E402

SITES = ["acme", "bolt", "cove"]
TEMPLATE = "campaign_template"

#: Committing is made to wait for a standby that does not exist, where a transaction asks for it; see `hold_commit`.
SERVER_SETTINGS = [("synchronous_commit", "local"), ("synchronous_standby_names", "nobody")]


class Bench:
    """As a context. Migrated databases with three sites in them are made once and copied for each schedule."""

    def __init__(self, folder, databases):
        self.folder = Path(folder)
        self.databases = databases
        self.server = self.witness = None
        self.keys = {}

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.witness = Witness(self.folder).__enter__()
        if "postgres" in self.databases:
            self.server = Postgres(settings=SERVER_SETTINGS)
            psql(self.server.url, f"create database {TEMPLATE}")
            url = self.server.url.rpartition("/")[0] + f"/{TEMPLATE}"
            self.keys["postgres"] = self._register(url)
        if "sqlite" in self.databases:
            self.keys["sqlite"] = self._register("sqlite:template.sqlite")
        return self

    def __exit__(self, *_):
        self.witness.__exit__()
        if self.server:
            self.server.__exit__()

    def _register(self, url):
        with Workplace(self.folder / "template", keeps=True) as place:
            settings = {"DATABASE_URL": url}
            return {site: place.run(["sites", "add", site], settings)["key"] for site in SITES}

    @contextmanager
    def copy(self, kind, folder):
        """A schedule's own database."""
        if kind == "sqlite":
            path = Path(folder) / "pressroom.sqlite"
            shutil.copyfile(self.folder / "template" / "template.sqlite", path)
            yield SQLite(path)
        else:
            with self.server.database(template=TEMPLATE) as database:
                yield PostgresCopy(database)


class SQLite:
    """A file; nobody but the test's processes uses it."""

    def __init__(self, path):
        self.path = path
        self.url = f"sqlite:{path}"
        self.lock = None

    def change(self, script):
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            connection.executescript(script)
        finally:
            connection.close()

    def number(self, query):
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(query).fetchone()[0]
        finally:
            connection.close()

    def read_only(self, is_on=True, within=10):
        """Takes the one write lock: whoever reads goes on, whoever writes is refused.

        Returns whether it was free within that time; a process that stands still may hold it.
        """
        if not is_on:
            self.lock.rollback()
            self.lock.close()
            self.lock = None
            return True
        # SQLite itself would look ten times a second, and others would nearly always be quicker.
        lock = sqlite3.connect(self.path, timeout=0, isolation_level=None, check_same_thread=False)
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            try:
                lock.execute("begin immediate")
            except sqlite3.OperationalError:
                time.sleep(0.001)
            else:
                self.lock = lock
                return True
        lock.close()
        return False

    def rows(self):
        return dump.from_sqlite(str(self.path))

    def close(self):
        if self.lock:
            self.read_only(False)


class PostgresCopy:
    """A database on the bench's server."""

    def __init__(self, database):
        self.database = database
        self.url = database.url
        self.cut, self.change = database.cut, database.query

    def number(self, query):
        return int(self.database.query(query))

    def read_only(self, is_on=True, within=None):
        self.database.read_only(is_on)
        return True

    def hold_commit(self, step):
        """The first COMMIT that records this step becomes durable, and its answer is withheld until `answer_commit`."""
        self.database.query(f"""
            create sequence campaign_commits;
            create function campaign_hold() returns trigger language plpgsql as $$
                begin
                    if new.step = '{step}' and nextval('campaign_commits') = 1 then
                        perform set_config('synchronous_commit', 'on', true);
                    end if;
                    return null;
                end $$;
            create trigger campaign_hold after insert on steps for each row execute function campaign_hold()""")

    def held_commit(self, within):
        """Waits until a COMMIT is being held; returns the server's process that holds it, and since when."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            # The server itself looks every hundredth of a second, so that nothing of ours is busy.
            self.database.query(f"""
                do $$ begin
                    for n in 1..200 loop
                        perform pg_stat_clear_snapshot();
                        exit when exists (
                            select 1 from pg_stat_activity
                             where datname = '{self.database.name}' and wait_event = 'SyncRep');
                        perform pg_sleep(0.01);
                    end loop;
                end $$""")
            held = self.database.query(f"""
                select pid, floor(extract(epoch from query_start) * 1000) from pg_stat_activity
                 where datname = '{self.database.name}' and wait_event = 'SyncRep'""")
            if held:
                return tuple(map(int, held.split("\n")[0].split("|")))
        raise AssertionError(f"no COMMIT was held within {within} s")

    def answer_commit(self, pid):
        """Ends the wait: the answer goes out, to whoever is still there."""
        self.database.query(f"select pg_cancel_backend({pid})")

    def rows(self):
        return dump.from_postgres(self.url)

    def close(self):
        pass
