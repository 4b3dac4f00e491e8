"""What lies at the destination: the publisher's folder and its log against the database."""

from collections import defaultdict

from call_rules import result
from rule import rule


@rule("one-published", "At no instant are two posts of one generation published.")
def one_published(history):
    public = defaultdict(set)
    for event in history.post_events:
        slugs = public[event["marker"]]
        if event["event"] == "published":
            slugs.add((event["site"], event["slug"]))
            if len(slugs) > 1:
                yield f"{event['marker']} was published as {sorted(slug for _, slug in slugs)} at once"
        elif event["event"] == "removed":
            slugs.discard((event["site"], event["slug"]))


@rule("no-strays", "At rest exactly one draft or post bears our marker, the recorded one; none without a record.")
def no_strays(history):
    found = defaultdict(list)
    for post in history.posts:
        found[post.marker].append(post)
    known = {str(id): row for id, row in history.generations.items()}
    for marker, posts in found.items():
        recorded = known.get(marker, {}).get("draft_id")
        for post in posts:
            if post.slug != recorded:
                yield f"{post.slug} bears {marker} and is not the recorded {recorded}"
    for marker, row in known.items():
        recorded = row["draft_id"]
        if recorded and not any(post.slug == recorded for post in found[marker]):
            yield f"{marker} records {recorded}, which is not there"


@rule("published-as-recorded", "What is public is what the step `publish` recorded, and the destination's log agrees.")
def published_as_recorded(history):
    published = {}
    for (job, step, _), row in history.results.items():
        if step == "publish":
            published[str(job)] = result(row).get("id")
    logged = {(e["marker"], e["slug"]) for e in history.post_events if e["event"] == "published"}
    known = {str(id): row.get("draft_id") for id, row in history.generations.items()}
    for post in history.posts:
        if post.slug != known.get(post.marker):
            continue  # A stray; another rule's.
        if post.marker in published and post.is_draft:
            yield f"{post.slug} of {post.marker} is recorded as published and is a draft"
        if not post.is_draft and (post.marker, post.slug) not in logged and post.marker in published:
            yield f"{post.slug} of {post.marker} is public, and its folder's log does not say so"
    for marker, slug in published.items():
        if slug != known.get(marker):
            yield f"{marker} published {slug} and recorded the draft {known.get(marker)}"
