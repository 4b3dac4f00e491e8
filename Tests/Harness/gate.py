"""A gate between the workers and the sandbox: it can hold one answer back, whole or from its middle on."""

import http.client
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

#: Which step of Blog makes which call; language models are told by the marker that each of their calls carries.
PLACES = [("POST", re.compile(r"^/v1/(models/[^/]+/[^/]+/)?predictions$"), "image"),
          ("GET", re.compile(r"^/v1/predictions/[^/]+$"), "collect"),
          ("POST", re.compile(r"^/wix/blog/v3/draft-posts$"), "draft"),
          ("POST", re.compile(r"^/wix/blog/v3/draft-posts/[^/]+/publish$"), "publish")]
MARKER = re.compile(r"\d+-([A-Za-z]+)-\d+-\d+")


class Hold:
    """The first answer to a call of `step`, to be held back before its first byte or after half of its body."""

    def __init__(self, step, sends_half):
        self.step, self.sends_half = step, sends_half
        self.reached = threading.Event()
        self.released = threading.Event()
        self.is_cut = False

    def release(self, cuts=False):
        """Lets the rest through; or, with `cuts`, closes the connection instead."""
        self.is_cut = cuts
        self.released.set()


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A worker that was killed leaves its connections broken; that is no news."""


class Gate:
    """An HTTP server that passes every call on to the sandbox, as a context.

    `heard` is told of each answer, before whoever asked: method, path, status and body.
    """

    def __init__(self, sandbox, hold=None, heard=lambda *_: None):
        self.hold, self.heard = hold, heard
        self._lock = threading.Lock()
        self._is_taken = False
        where = urlsplit(sandbox)
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                gate._pass_on(self, where)

            do_POST = do_PUT = do_DELETE = do_GET

            def log_message(self, *_):
                pass

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        return self

    def __exit__(self, *_):
        if self.hold:
            self.hold.release()
        self.server.shutdown()
        self.server.server_close()

    def _pass_on(self, handler, where):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        hold = self._take(handler)
        upstream = http.client.HTTPConnection(where.hostname, where.port, timeout=120)
        try:
            # The name under which we were reached goes along: the sandbox makes its links of it.
            headers = {name: value for name, value in handler.headers.items() if name.lower() != "connection"}
            upstream.request(handler.command, handler.path, body or None, headers)
            answer = upstream.getresponse()
            data = answer.read()
            self.heard(handler.command, handler.path, answer.status, data)
            self._answer(handler, answer, data, hold)
        except (OSError, http.client.HTTPException):
            handler.close_connection = True
        finally:
            upstream.close()

    def _take(self, handler):
        """The hold, when this is the call it waits for."""
        if self.hold is None or place(handler) != self.hold.step:
            return None
        with self._lock:
            if self._is_taken:
                return None
            self._is_taken = True
            return self.hold

    def _answer(self, handler, answer, data, hold):
        if hold and not hold.sends_half and not wait(hold):
            return drop(handler)
        handler.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "content-length", "transfer-encoding", "date", "server"):
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        half = len(data) // 2 if hold and hold.sends_half else 0
        handler.wfile.write(data[:half])
        handler.wfile.flush()
        if half and not wait(hold):
            return drop(handler)
        handler.wfile.write(data[half:])


def wait(hold):
    hold.reached.set()
    hold.released.wait(120)
    return not hold.is_cut


def drop(handler):
    """Ends the connection as a cable does."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def place(handler):
    match = MARKER.fullmatch(handler.headers.get("X-Client-Request-Id") or "")
    if match:
        return match[1]
    path = urlsplit(handler.path).path
    return next((step for method, form, step in PLACES if method == handler.command and form.match(path)), None)
