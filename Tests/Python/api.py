#!/usr/bin/env python3
"""Holds a running server against its own OpenAPI document, with schemathesis.

Usage: api.py BASE_URL SITE_KEY REQUESTS        for instance http://127.0.0.1:8080 pk_… 2000

The server must exempt this machine from its limits (RATE_LIMIT_EXEMPT_CIDRS), or most answers are 429. Sends about
REQUESTS requests or more: valid ones, invalid ones, and ones that follow from what earlier ones answered; as a site and
as a user. Then asks, as a stranger and as nobody, for what a user has made.
Ends with status 1 when an answer is a 5xx or not what the document says, or when somebody sees what is another's.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import uuid

if len(sys.argv) != 4:
    sys.exit(__doc__)
BASE, SITE_KEY, REQUESTS = sys.argv[1].rstrip("/"), sys.argv[2], int(sys.argv[3])

# A stream does not end by itself.
LEFT_OUT = ["followGeneration"]
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "ignored_auth",
    "use_after_free",
]


def call(method, path, token=None, body=None):
    """The status and the JSON of an answer."""
    request = urllib.request.Request(BASE + path, method=method)
    if token:
        request.add_header("Authorization", "Bearer " + token)
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    return status, json.loads(text) if text else None


def sign_up():
    status, answer = call(
        "POST", "/auth/signup", body={"email": f"{uuid.uuid4()}@example.org", "password": "correct horse battery"}
    )
    if status != 201:
        sys.exit(f"nobody can sign up: {status} {answer}")
    return answer["token"]


def operations(document, of_arena):
    """The names of one product's operations."""
    for item in document["paths"].values():
        for method, operation in item.items():
            if method not in ("get", "post", "put", "patch", "delete"):
                continue
            names = operation.get("tags", [""])
            if names[0].startswith("Arena") == of_arena and operation["operationId"] not in LEFT_OUT:
                yield operation["operationId"]


def begin(name, token, chosen, each, folder):
    """Starts schemathesis over the chosen operations."""
    command = [
        os.path.join(os.path.dirname(sys.executable), "schemathesis"), "run", BASE + "/openapi.json", "--url", BASE,
        "--header", "Authorization: Bearer " + token, "--checks", ",".join(CHECKS), "--max-examples", str(each),
        "--seed", "1", "--no-shrink", "--continue-on-failure", "--request-timeout", "20", "--warnings", "off",
        "--suppress-health-check", "all",
    ]
    for operation in chosen:
        command += ["--include-operation-id", operation]
    place = os.path.join(folder, name)
    os.mkdir(place)
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=place)


def end(name, running):
    """Waits for it; whether all held, and how many requests were sent."""
    output, _ = running.communicate()
    found = re.search(r"(\d+) generated", output)
    sent = int(found.group(1)) if found else 0
    print(f"{name}: {sent} requests, status {running.returncode}", flush=True)
    if running.returncode:
        print(output)
    return running.returncode == 0, sent


def leaks(owner, stranger):
    """What a stranger can see of another's."""
    seen = []
    _, persona = call(
        "POST", "/personas", owner,
        {"name": "Ada", "bio": "Keeps to herself.", "tone": "calm", "language": "en"},
    )
    paths = ["/personas/" + persona["id"]] if persona and "id" in persona else []
    if not paths:
        return [f"no persona could be made: {persona}"]
    for path in paths:
        for token in (stranger, None):
            status, answer = call("GET", path, token)
            if status not in (401, 403, 404):
                seen.append(f"{path} answers {status} {answer}")
    return seen


def main():
    with urllib.request.urlopen(BASE + "/openapi.json", timeout=30) as answer:
        document = json.load(answer)
    owner, stranger = sign_up(), sign_up()
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = (sorted(operations(document, of_arena)) for of_arena in (False, True))
        # Beside these come some 2,000 requests that cover each constraint once; some operations have fewer to ask.
        each = max(8, (REQUESTS - 2000) * 5 // 4 // (len(ours) + len(theirs)))
        runs = begin("blog", SITE_KEY, ours, each, folder), begin("arena", owner, theirs, each, folder)
        blog, arena = end("blog", runs[0]), end("arena", runs[1])
    seen = leaks(sign_up(), stranger)
    for line in seen:
        print("LEAK " + line)
    status, _ = call("GET", "/health")
    sent = blog[1] + arena[1]
    print(f"{sent} requests, health {status}")
    return 0 if blog[0] and arena[0] and not seen and status == 200 and sent >= REQUESTS else 1


sys.exit(main())
