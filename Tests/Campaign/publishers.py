"""Where a schedule's posts go, and what the judge is told of them: a folder, or Wix sites, which are the sandbox's."""

import json
import re
import urllib.error
import urllib.request

import bench  # (finds the harness)
from client import Log, now
from processes import wix

#: The calls that change what lies on a Wix site.
CHANGES = [("POST", re.compile(r"/wix/blog/v3/draft-posts"), "created"),
           ("POST", re.compile(r"/wix/blog/v3/draft-posts/([^/]+)/publish"), "published"),
           ("DELETE", re.compile(r"/wix/blog/v3/draft-posts/([^/]+)"), "removed")]


class Folder:
    """The product's own: what lies in it and its logs are what the judge reads."""

    name = "output"

    def __init__(self, run):
        self.folder = run / self.name

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def settings(self, gate):
        return {}

    def heard(self, method, path, status, data):
        """An answer that passes the gate."""

    def keep(self, sandbox):
        """At rest, while the sandbox is still there."""


class Wix(Folder):
    """Wix keeps no log: the gate sees drafts come and go, also those whose makers do not live to hear of it."""

    name = "wix"

    def __enter__(self):
        self.folder.mkdir()
        self.log = Log(self.folder / "log.ndjson")
        return self

    def __exit__(self, *_):
        self.log.close()

    def settings(self, gate):
        return wix(gate)

    def heard(self, method, path, status, data):
        if not 200 <= status < 300:
            return
        for verb, form, event in CHANGES:
            match = form.fullmatch(path.partition("?")[0])
            if match and method == verb:
                self.log.write(t=now(), event=event, **(made(data) if event == "created" else {"id": match[1]}))

    def keep(self, sandbox):
        for site in bench.SITES:
            try:
                with urllib.request.urlopen(f"{sandbox}/wix/sites/{site}", timeout=10) as answer:
                    (self.folder / f"{site}.json").write_bytes(answer.read())
            except urllib.error.HTTPError as error:
                # Nobody has asked for a token: there is no such site yet.
                if error.code != 404:
                    raise


def made(data):
    draft = json.loads(data)["draftPost"]
    return {"id": draft["id"], "site": draft["url"]["base"].rpartition("/")[2], "slug": draft["seoSlug"]}


PUBLISHERS = {"folder": Folder, "wix": Wix}
