"""Pressroom's processes as a test starts them: in a folder of their own, read while they run, gone afterwards."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
#: What a process keeps of our environment; everything else it is told.
INHERITED = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "LANG")

#: Of a crash its message is enough: Swift's own backtrace of a large program takes both processors for half a minute.
QUIET = {"SWIFT_BACKTRACE": "enable=no"}


class Late(AssertionError):
    """Something that was waited for did not happen in time."""


def binary():
    """The program under test: `PRESSROOM_BINARY`, else the debug build, which has failpoints."""
    path = Path(os.environ.get("PRESSROOM_BINARY", REPOSITORY / ".build/debug/pressroom"))
    if not os.access(path, os.X_OK):
        raise FileNotFoundError(f"{path} is not there: make build")
    return str(path)


def until(condition, within=30, every=0.05, what="the condition"):
    """Waits for something that cannot be awaited, and returns it once it is true."""
    deadline = time.monotonic() + within
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Late(f"{what} did not come within {within} s")
        time.sleep(every)


class Lines:
    """The lines of one stream, read as they come, and kept in a file as well."""

    def __init__(self, stream, path):
        self.seen = []
        self.changed = threading.Condition()
        self.is_over = False
        self.thread = threading.Thread(target=self._read, args=(stream, path), daemon=True)
        self.thread.start()

    def _read(self, stream, path):
        with stream, open(path, "w", encoding="utf-8", buffering=1) as copy:
            for raw in stream:
                line = raw.decode("utf-8", "replace").rstrip("\n")
                with self.changed:
                    self.seen.append((time.time(), line))
                    self.changed.notify_all()
                copy.write(line + "\n")
        with self.changed:
            self.is_over = True
            self.changed.notify_all()

    def wait(self, pattern, within=30, start=0):
        """The time of the first line from `start` on that matches, and its match; None when the stream ends before."""
        expression, deadline, at = re.compile(pattern), time.monotonic() + within, start
        with self.changed:
            while True:
                while at < len(self.seen):
                    when, line = self.seen[at]
                    at += 1
                    match = expression.search(line)
                    if match:
                        return when, match
                if self.is_over:
                    return None
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Late(f"no line like {pattern!r} within {within} s")
                self.changed.wait(left)

    @property
    def text(self):
        with self.changed:
            return "\n".join(line for _, line in self.seen)


class Process:
    """One life of one process."""

    def __init__(self, name, arguments, environment, folder):
        inherited = {key: os.environ[key] for key in INHERITED if key in os.environ}
        self.name = name
        self.process = subprocess.Popen(
            [str(word) for word in arguments], cwd=folder, env={**inherited, **QUIET, **environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.output = Lines(self.process.stdout, Path(folder) / f"{name}.out")
        self.errors = Lines(self.process.stderr, Path(folder) / f"{name}.err")

    @property
    def pid(self):
        return self.process.pid

    @property
    def is_running(self):
        return self.process.poll() is None

    @property
    def is_stopped(self):
        """Whether it stands still under SIGSTOP."""
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8")
        except OSError:
            return False
        return stat.rpartition(")")[2].split()[0] in "Tt"

    def ready(self, within=30):
        """The JSON object with which it says that it is ready."""
        if self.output.wait(r"\}", within) is None:
            raise Late(f"{self.name} ended before it was ready: {self.errors.text[-2000:]}")
        said = json.loads(self.output.text)
        if "error" in said:
            raise Late(f"{self.name} ended before it was ready: {said['error']}")
        return said

    def signal(self, number):
        if self.is_running:
            self.process.send_signal(number)

    def kill(self):
        """kill -9; returns when it is gone."""
        self.signal(signal.SIGKILL)
        self.process.wait(30)

    def pause(self, within=5):
        self.signal(signal.SIGSTOP)
        self.stands_still(within)

    def stands_still(self, within=5):
        """Waits until it has stopped, by our signal or, at a failpoint, by its own."""
        until(lambda: self.is_stopped or not self.is_running, within, 0.002, f"{self.name} standing still")

    def resume(self):
        self.signal(signal.SIGCONT)

    def leave(self, within=40):
        """SIGTERM; returns its status, killed when it takes too long."""
        self.signal(signal.SIGTERM)
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Late(f"{self.name} did not leave within {within} s of SIGTERM") from None

    def close(self):
        self.resume()
        if self.is_running:
            self.kill()
        for lines in (self.output, self.errors):
            lines.thread.join(5)


class Workplace:
    """A folder for one test with the processes in it, as a context: both are gone afterwards."""

    def __init__(self, folder=None, keeps=False):
        self.folder = Path(folder) if folder else Path(tempfile.mkdtemp(prefix="pressroom-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.keeps = keeps
        self.processes = []
        self.stack = ExitStack()

    def __enter__(self):
        if not (self.folder / "Examples").exists():
            (self.folder / "Examples").symlink_to(REPOSITORY / "Examples")
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.close()
        self.stack.close()
        if not self.keeps:
            shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, name, arguments, environment=None):
        """Starts `pressroom ARGUMENTS`; `name` is for its logs, NAME.out and NAME.err in the folder."""
        process = Process(name, [binary(), *arguments], environment or {}, self.folder)
        self.processes.append(process)
        return process

    def run(self, arguments, environment=None, within=60):
        """Runs `pressroom ARGUMENTS --json` to its end and returns its answer."""
        process = self.start(f"run-{len(self.processes)}", [*arguments, "--json"], environment)
        status = process.process.wait(within)
        for lines in (process.output, process.errors):
            lines.thread.join(5)
        if status != 0:
            raise AssertionError(f"pressroom {' '.join(arguments)} ended with {status}: {process.errors.text}")
        return json.loads(process.output.text)

    def sandbox(self, speed, *options, name="sandbox"):
        """Starts the simulated providers, with their log in calls-NAME.ndjson. Returns the process and its URL."""
        process = self.start(
            name, ["sandbox", "--port", "0", "--speed", str(speed), "--json", "--call-log", f"calls-{name}.ndjson",
                   *options])
        return process, process.ready()["address"]

    def server(self, environment, *options, name="server"):
        """Starts `pressroom serve`; returns the process and its address."""
        process = self.start(name, ["serve", "--port", "0", "--json", *options], environment)
        return process, process.ready()["address"]

    def worker(self, name, environment):
        """Starts `pressroom worker` under this name; give each life its own."""
        return self.start(name, ["worker", "--name", name], environment)


def providers(address, speed):
    """Settings under which a process takes the sandbox at this address for the real providers."""
    return {
        "OPENAI_BASE_URL": f"{address}/v1", "OPENAI_API_KEY": "any", "REPLICATE_BASE_URL": f"{address}/v1",
        "REPLICATE_API_TOKEN": "any", "OPENAI_RPM": str(int(450 * speed)), "OPENAI_TPM": str(int(450_000 * speed)),
        "REPLICATE_RPM": str(int(450 * speed)), "SANDBOX_SPEED": str(speed),
    }


def wix(address):
    """Settings under which posts go to the sandbox's Wix sites."""
    return {"PUBLISHER": "wix", "WIX_APP_ID": "app", "WIX_APP_SECRET": "secret", "WIX_BASE_URL": f"{address}/wix"}
