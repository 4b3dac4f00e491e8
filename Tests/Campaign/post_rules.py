"""What lies at the destination, a folder or Wix sites, and its log against the database."""

from collections import defaultdict

from call_rules import result
from rule import rule


@rule("one-published", "At no instant are two posts of one generation published.")
def one_published(history):
    public = defaultdict(set)
    for event in history.post_events:
        posts = public[event["marker"]]
        if event["event"] == "published":
            posts.add((event["site"], event["id"]))
            if len(posts) > 1:
                yield f"{event['marker']} was published as {sorted(id for _, id in posts)} at once"
        elif event["event"] == "removed":
            posts.discard((event["site"], event["id"]))


@rule("no-strays", "At rest whoever is done has one draft or post, the recorded one, and nothing else is there.")
def no_strays(history):
    found = defaultdict(list)
    for post in history.posts:
        found[post.marker].append(post)
    known = {str(id): row for id, row in history.generations.items()}
    for marker, posts in found.items():
        recorded = known.get(marker, {}).get("draft_id")
        for post in posts:
            if post.id != recorded:
                yield f"{post.id} bears {marker} and is not the recorded {recorded}"
    for marker, row in known.items():
        recorded = row["draft_id"]
        if recorded and not any(post.id == recorded for post in found[marker]):
            yield f"{marker} records {recorded}, which is not there"
        if not recorded and history.jobs.get(row["id"], {}).get("state") == 3:
            yield f"{marker} is done and records no draft"


@rule("published-as-recorded", "What is public is what the step `publish` recorded, and the destination's log agrees.")
def published_as_recorded(history):
    published = {}
    for (job, step, _), row in history.results.items():
        if step == "publish":
            published[str(job)] = result(row).get("id")
    logged = {(e["marker"], e["id"]) for e in history.post_events if e["event"] == "published"}
    known = {str(id): row.get("draft_id") for id, row in history.generations.items()}
    for post in history.posts:
        if post.id != known.get(post.marker):
            continue  # A stray; another rule's.
        if post.marker in published and post.is_draft:
            yield f"{post.id} of {post.marker} is recorded as published and is a draft"
        if not post.is_draft and (post.marker, post.id) not in logged and post.marker in published:
            yield f"{post.id} of {post.marker} is public, and the destination's log does not say so"
    for marker, id in published.items():
        if id != known.get(marker):
            yield f"{marker} published {id} and recorded the draft {known.get(marker)}"
