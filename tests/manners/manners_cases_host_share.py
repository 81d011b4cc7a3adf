# SPDX-License-Identifier: MIT
"""host: what is copied or installed is whole or not there, the share's files stay as they are, nothing strays."""
import os

from cases import MannersCase, case
from harness import Dir, File, Link, Tree

# More than a read of the share brings, and nowhere the same.
_LARGE = b"".join(b"%09d\n" % n for n in range(20_000)) + b"seventeen bytes.."
_SCRIPT = b"#!/bin/sh\necho script\n"
_UNREADABLE = ("disk-busy", "reads-again", "writes-again")


def _tree(t: MannersCase) -> Tree:
    large = _LARGE[:9_000] if t.has("reads-of-one") else _LARGE
    return {"share": Dir(), "share/f": b"content of f\n", "share/script": _SCRIPT, "share/large": large, "share/d": Dir(), "share/d/a": b"a",
            "share/d/sub": Dir(), "share/d/sub/b": b"b", "share/d/link": Link("sub/b"), "share/d/out": Link("../../outside"), "to": Dir(),
            "outside": b"outside", "new": b"new content of f\n"}


def _strays(t: MannersCase) -> list:
    return [name for _, folders, files in os.walk(t.ours) for name in folders + files if b".cation" in name]


def _check(t: MannersCase, before: dict) -> None:
    t.expect(not _strays(t), "a temporary file strays: %r" % _strays(t))
    t.expect(t.seen("share") == before, "the share has changed: %r" % t.seen("share"))
    t.expect(t.content("outside") == b"outside", "what is outside has changed")


@case("host.get.files")
def _(t: MannersCase) -> None:
    t.files({**_tree(t), "to/f": File(b"what was there, and is longer\n", mode=0o604)})
    before = t.seen("share")
    outcome = t.do("host", "-s", "share", "get", "-t", "to", "f", "script", "large")
    for name in ("f", "script", "large"):
        found = t.content("to/" + name)
        t.expect(found in (None, t.content("share/" + name), b"what was there, and is longer\n"), "half of %s: %r" % (name, found), outcome)
    done = all(t.content("to/" + name) == t.content("share/" + name) for name in ("f", "script", "large"))
    t.judge(outcome, done, "", _UNREADABLE)
    if done and not t.has("chmod-ignored"):
        t.expect(os.stat(os.path.join(t.ours, b"to/script")).st_mode & 0o777 == 0o755, "the script cannot be executed", outcome)
        t.expect(os.stat(os.path.join(t.ours, b"to/f")).st_mode & 0o777 == 0o604, "the mode of what was there is lost", outcome)
    _check(t, before)


@case("host.get.tree")
def _(t: MannersCase) -> None:
    t.files(_tree(t))
    before = t.seen("share")
    outcome = t.do("host", "-s", "share", "get", "-t", "to", "d")
    found = {name: t.content("to/d/" + name) for name in ("a", "sub/b")}
    done = found == {"a": b"a", "sub/b": b"b"} and os.path.islink(os.path.join(t.ours, b"to/d/link"))
    t.judge(outcome, done, "", _UNREADABLE + ("mkdir-makes-file", "errors-are-eio"))
    _check(t, before)


@case("host.get.kinds-in-the-way")
def _(t: MannersCase) -> None:
    t.files({**_tree(t), "to/f": Dir(), "to/f/precious": b"precious", "to/d": b"file", "to/script": Link("../outside")})
    before = t.seen("share")
    outcome = t.do("host", "-s", "share", "get", "-t", "to", "f", "d", "script")
    t.expect(outcome.status == 1, "claims success", outcome)
    t.expect(t.content("to/f/precious") == b"precious" and t.content("to/d") == b"file", "what was there is lost", outcome)
    _check(t, before)


@case("host.put.files")
def _(t: MannersCase) -> None:
    t.files({**_tree(t), "share/new": b"an older one, which is longer than what comes now\n"})
    outcome = t.do("host", "-s", "share", "put", "new", "outside")
    t.expect(t.content("share/new") in (b"new content of f\n", b"an older one, which is longer than what comes now\n"), "half of it", outcome)
    done = t.content("share/new") == b"new content of f\n" and t.content("share/outside") == b"outside"
    t.judge(outcome, done, "", _UNREADABLE)
    t.expect(not _strays(t), "a temporary file strays: %r" % _strays(t), outcome)
    t.expect(t.content("new") == b"new content of f\n" and t.content("outside") == b"outside", "a source has changed", outcome)


@case("host.put.tree")
def _(t: MannersCase) -> None:
    t.files({**_tree(t), "tree": Dir(), "tree/x": b"x", "tree/sub": Dir(), "tree/sub/y": b"y", "share/tree": Dir(), "share/tree/kept": b"kept"})
    outcome = t.do("host", "-s", "share", "put", "tree")
    t.expect(t.content("share/tree/kept") == b"kept", "what was there is lost", outcome)
    done = t.content("share/tree/x") == b"x" and t.content("share/tree/sub/y") == b"y"
    t.judge(outcome, done, "", _UNREADABLE + ("mkdir-makes-file", "errors-are-eio"))
    t.expect(not os.path.isfile(os.path.join(t.ours, b"share/tree/sub")), "a file is in a directory's place", outcome)
    t.expect(not _strays(t), "a temporary file strays: %r" % _strays(t), outcome)


@case("host.watch")
def _(t: MannersCase) -> None:
    t.files({**_tree(t), "to/f": File(b"what was there\n", mode=0o604), "to/script": Link("../outside")})
    before = t.seen("share")
    outcome = t.do("host", "-s", "share", "watch", "-o", "-i", "0.001", "-t", "to", ".")
    done = all(t.content("to/" + name) == t.content("share/" + name) for name in ("f", "script", "large", "d/a", "d/sub/b"))
    t.judge(outcome, done, "", _UNREADABLE + ("mkdir-makes-file",))
    for name in ("f", "large", "d/a", "d/sub/b"):
        found = t.content("to/" + name)
        t.expect(found in (None, t.content("share/" + name), b"what was there\n"), "half of %s: %r" % (name, found), outcome)
    for name in ("d/link", "d/out"):
        t.expect(not os.path.lexists(os.path.join(t.ours, b"to", os.fsencode(name))), "a link is installed", outcome)
    _check(t, before)
    if not done:
        return
    again = t.do("host", "-s", "share", "watch", "-o", "-i", "0.001", "-t", "to", ".")
    t.expect(b"installed '" not in again.out, "it installs again what has not changed", again)


# A share in one folder of a RedoxFS: where all of this is used.
def _on_share(t: MannersCase) -> None:
    t.files({**_tree(t), "share/there": Dir()})
    t.scope = os.path.join(t.ours, b"share")


@case("host.share.get", only=("9p-share",))
def _(t: MannersCase) -> None:
    _on_share(t)
    before = t.seen("share")
    t.succeeds(t.do("host", "-s", t.scope, "get", "-t", "to", "f", "script", "large", "d"))
    for name in ("f", "script", "large", "d/a", "d/sub/b"):
        t.expect(t.content("to/" + name) == t.content("share/" + name), "not %s" % name)
    t.expect(os.readlink(os.path.join(t.ours, b"to/d/out")) == b"../../outside", "not the link")
    t.expect(os.stat(os.path.join(t.ours, b"to/script")).st_mode & 0o777 == 0o755, "the script cannot be executed")
    _check(t, before)


@case("host.share.get-links", only=("9p-share",))
def _(t: MannersCase) -> None:
    # Opening them is EXDEV, and their entries call them files.
    _on_share(t)
    os.symlink("f", os.path.join(t.ours, b"share/l"))
    t.succeeds(t.do("host", "-s", t.scope, "get", "-t", "to", "l"))
    t.expect(os.readlink(os.path.join(t.ours, b"to/l")) == b"f", "not the link")


@case("host.share.put", only=("9p-share",))
def _(t: MannersCase) -> None:
    _on_share(t)
    t.files({"share/new": b"an older one, which is longer than what comes now\n", "tree": Dir(), "tree/x": b"x"})
    t.succeeds(t.do("host", "-s", t.scope, "put", "new"))
    t.succeeds(t.do("host", "-s", t.scope, "put", "-t", "there", "tree/x", "new"))
    t.expect(t.content("share/new") == t.content("new") == t.content("share/there/new"), "not the new one")
    # No directory can be made there.
    outcome = t.refuses(t.do("host", "-s", t.scope, "put", "tree", "outside"), "tree: ")
    t.expect(not os.path.lexists(os.path.join(t.ours, b"share/tree")), "something else is in its place", outcome)
    t.expect(t.content("share/outside") == b"outside", "the rest is not copied", outcome)
    t.expect(not _strays(t), "a temporary file strays: %r" % _strays(t))


@case("host.share.watch", only=("9p-share",))
def _(t: MannersCase) -> None:
    _on_share(t)
    before = t.seen("share")
    outcome = t.succeeds(t.do("host", "-s", t.scope, "watch", "-o", "-i", "0.001", "-t", "to", "."))
    t.expect(outcome.out.count(b", which is no regular file\n") == 2, "not the two links", outcome)
    for name in ("f", "script", "large", "d/a", "d/sub/b"):
        t.expect(t.content("to/" + name) == t.content("share/" + name), "not %s" % name, outcome)
    _check(t, before)
    again = t.do("host", "-s", t.scope, "watch", "-o", "-i", "0.001", "-t", "to", ".")
    t.expect(b"installed '" not in again.out, "it installs again what has not changed", again)
