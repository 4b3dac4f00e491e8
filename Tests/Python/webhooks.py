#!/usr/bin/env python3
"""Holds webhooks against the `standardwebhooks` package: the sandbox's, and what Pressroom makes of others'.

Usage: webhooks.py SANDBOX_URL SERVER_URL       for instance http://127.0.0.1:8089 http://127.0.0.1:8080

The server must have the sandbox as its image provider (SANDBOX_URL), whose secret it then goes by.
Prints one line per claim; ends with status 1 when one does not hold.
"""
import json
import queue
import sys
import threading
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer

import replicate
from standardwebhooks import Webhook, WebhookVerificationError

if len(sys.argv) != 3:
    sys.exit(__doc__)
SANDBOX, SERVER = (url.rstrip("/") for url in sys.argv[1:])
MODEL = "black-forest-labs/flux-schnell"
#: Nobody's job: what is asked here is only whether the server believes the sender.
RECEIVER = SERVER + "/webhooks/replicate?job=1&order=1"

images = replicate.Client(api_token="r8_sandbox", base_url=SANDBOX)
secret = images.webhooks.default.secret().key
webhook = Webhook(secret)
failures = 0


def claim(text, holds, seen=""):
    global failures
    failures += not holds
    print(("ok    " if holds else "FAIL  ") + text + ("" if holds else f": {seen!r}"), flush=True)


class Listener(BaseHTTPRequestHandler):
    """Takes webhooks as they come: headers and raw bytes."""

    received = queue.Queue()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.put((dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def is_verified(body, headers):
    try:
        webhook.verify(body, headers)
    except WebhookVerificationError:
        return False
    return True


def signed(body, age=0, by=webhook):
    """Headers of a webhook that was sent so many seconds ago."""
    time = datetime.now(timezone.utc) - timedelta(seconds=age)
    return {
        "webhook-id": "msg_outside", "webhook-timestamp": str(int(time.timestamp())),
        "webhook-signature": by.sign("msg_outside", time, body.decode()),
    }


def deliver(body, headers):
    """The server's status, and the code of its problem."""
    names = {name: text for name, text in headers.items() if name.lower().startswith("webhook-")}
    request = urllib.request.Request(RECEIVER, body, {**names, "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, None
    except urllib.error.HTTPError as error:
        return error.code, json.load(error).get("code")


def again(body):
    """The same object, written by somebody else."""
    return json.dumps(json.loads(body), indent=1).encode()


def ours():
    """Returns the webhook, so that it can be passed on."""
    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    prediction = images.predictions.create(
        version=MODEL, input={"prompt": "a jar of sourdough starter"}, webhook_events_filter=["completed"],
        webhook=f"http://127.0.0.1:{server.server_address[1]}/")
    headers, body = Listener.received.get(timeout=60)
    server.shutdown()
    found = webhook.verify(body, headers)
    claim("the sandbox's webhook is verified", (found["id"], found["status"]) == (prediction.id, "succeeded"), found)
    claim("the sandbox's webhook is not verified when it is written anew", not is_verified(again(body), headers))
    other = {**headers, "webhook-id": "msg_other"}
    claim("the sandbox's webhook is not verified with another id", not is_verified(body, other))
    return headers, body


def theirs(headers, body):
    told = deliver(body, headers)
    claim("the server takes the sandbox's webhook", told == (204, None), told)
    told = deliver(body, signed(body))
    claim("the server takes what the package has signed", told == (204, None), told)
    text = '{"id": "p1", "output": ["Brötchen – 🍞"]}'.encode()
    told = deliver(text, signed(text))
    claim("the server takes it in any letters", told == (204, None), told)
    told = deliver(body, signed(body, age=290))
    claim("the server takes it when it is nearly five minutes old", told == (204, None), told)
    for age in (310, -310):
        told = deliver(body, signed(body, age=age))
        claim(f"the server refuses it when it was sent {age} s ago", told == (401, "webhook.stale"), told)
    old = signed(body, age=310)
    told = deliver(body, {**old, "webhook-timestamp": signed(body)["webhook-timestamp"]})
    claim("the server refuses an old one under a newer time", told == (401, "webhook.mismatch"), told)
    told = deliver(again(body), signed(body))
    claim("the server refuses it when it is written anew", told == (401, "webhook.mismatch"), told)
    told = deliver(body, signed(body, by=Webhook("whsec_" + "c2VjcmV0IG9mIHNvbWVib2R5IGVsc2UsIDMyIGJ5dA==")))
    claim("the server refuses what another secret has signed", told == (401, "webhook.mismatch"), told)
    told = deliver(body, {})
    claim("the server refuses one without a signature", told == (401, "webhook.missing_header"), told)


theirs(*ours())
print(f"{failures} failures")
sys.exit(1 if failures else 0)
