"""What lies at the destination and what its log says: a publisher's folder, or Wix sites; README.md has the formats."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from logs import BadLog, milliseconds, ndjson


@dataclass
class Post:
    site: str
    #: Its name at its destination: a folder's, or a GUID.
    id: str
    marker: str
    is_draft: bool


def read(root, generations=()):
    """Posts, and the events `created`, `published` and `removed`. Wix sites have one log for all of them."""
    root = Path(root)
    return wix(root, generations) if (root / "log.ndjson").exists() else folder(root)


def folder(root):
    """The posts that lie in a publisher's folder, and what its logs say of them."""
    posts, events = [], []
    for site in sorted(path for path in root.iterdir() if path.is_dir()):
        log = site / ".pressroom" / "log.ndjson"
        if log.exists():
            events += [event(milliseconds(line["at"]), line["event"], site.name, line["slug"], line["marker"])
                       for line in ndjson(log)]
        for page in sorted(site.glob("*/index.md")):
            members = front_matter(page)
            if members and "marker" in members:
                draft = members.get("draft") is not False
                posts.append(Post(site.name, page.parent.name, str(members["marker"]), draft))
    return posts, events


def front_matter(path):
    """The members above a post's text, as its file has them; every value is JSON. None when it has none."""
    text = path.read_text(encoding="utf-8")
    if not text.startswith("---\n") or "\n---\n" not in text[4:]:
        return None
    members = {}
    for line in text[4 : text.index("\n---\n", 4)].split("\n"):
        name, _, value = line.partition(":")
        try:
            members[name] = json.loads(value)
        except ValueError:
            members[name] = value.strip()
    return members


def wix(root, generations):
    """The drafts that the sites had at rest, and those that were seen to come and go."""
    pages = sorted(root.glob("*.json"))
    if not pages:
        raise BadLog(f"{root} has no site")
    markers = {mark(str(id)): str(id) for id in generations}
    posts = []
    for page in pages:
        for draft in json.loads(page.read_text(encoding="utf-8"))["draftPosts"]:
            marker = marker_of(draft["seoSlug"], markers)
            posts.append(Post(page.stem, draft["id"], marker, draft["status"] != "PUBLISHED"))
    # Only the call that makes a draft names more of it than its id.
    events, made = [], {post.id: (post.site, post.marker) for post in posts}
    for line in ndjson(root / "log.ndjson"):
        if line["event"] == "created":
            made[line["id"]] = (line["site"], marker_of(line["slug"], markers))
        site, marker = made.get(line["id"], (None, line["id"]))
        events.append(event(line["t"], line["event"], site, line["id"], marker))
    return posts, events


def marker_of(slug, markers):
    """The generation that an address names, whatever Wix has added to it; the address itself when it names none."""
    return next((markers[word] for word in slug.split("-") if word in markers), slug)


def mark(marker):
    """The word by which an address on Wix names a generation: `p` and sixty bits of its SHA-256, five in a letter."""
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return "p" + "".join(letters[byte & 31] for byte in hashlib.sha256(marker.encode()).digest()[:12])


def event(at, kind, site, id, marker):
    return {"at": at, "event": kind, "site": site, "id": id, "marker": marker}
