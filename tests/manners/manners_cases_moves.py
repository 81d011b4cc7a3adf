# SPDX-License-Identifier: MIT
"""ln, rmdir, mv, mkfifo."""
import os
import stat

from cases import MannersCase, case
from harness import Dir, File, Hard, Link, Tree


def _tree() -> Tree:
    return {
        "f": File(b"content of f\n", mode=0o640), "g": b"other content\n", "outside": Dir(), "outside/precious": b"precious",
        "d": Dir(), "d/a": b"a", "d/sub": Dir(), "d/sub/b": File(b"b", mode=0o600), "d/sub/link": Link("../a"),
        "d/to-outside": Link("../outside"), "d/empty": Dir(), "to-f": Link("f"), "to-d": Link("d"), "target": Dir(),
    }


def _target(t: MannersCase, name: str) -> bytes:
    path = os.path.join(t.ours, os.fsencode(name))
    return os.readlink(path) if os.path.islink(path) else b""


@case("ln.symbolic")
def _(t: MannersCase) -> None:
    t.files(_tree())
    for arguments, name, text in ((["-s", "nowhere", "new"], "new", b"nowhere"), (["-s", "../f", "target"], "target/f", b"../f"),
                                  (["-sf", "other", "new"], "new", b"other"), (["-sfn", "x", "to-d"], "to-d", b"x"), (["-sf", "y", "g"], "g", b"y")):
        outcome = t.do("ln", *arguments)
        t.judge(outcome, _target(t, name) == text, "", ("writes-again", "errors-are-eio"))
    t.expect(t.content("f") == b"content of f\n" and t.content("d/a") == b"a", "a file has changed")
    t.expect(not [name for name in os.listdir(t.ours) if b"~" in name], "a temporary file strays")


@case("ln.never-over-what-is-there")
def _(t: MannersCase) -> None:
    # Also where O_EXCL means nothing.
    t.files(_tree())
    before = t.seen()
    for arguments in (["-s", "x", "f"], ["-s", "x/a", "d"], ["-s", "x", "to-f"], ["f", "g"], ["-s", "x", "new/"], ["-s", "x", "f/"], ["-sf", "f",
                                                                                                                                      "f"],
                      ["-sf", "./f", "d/../f"], ["-f", "f", "f"], ["-f", "missing", "g"]):
        t.refuses(t.do("ln", *arguments), "")
        t.expect(t.seen() == before, "%s changed something" % arguments)


@case("ln.hard")
def _(t: MannersCase) -> None:
    t.files(_tree())
    for option in ("-v", "-f", "-b"):
        outcome = t.do("ln", option, "f", "g")
        if option == "-v" or t.has("no-hard-links"):
            t.refuses(outcome, "g: ")
            t.expect(t.content("g") == b"other content\n", "what was there is lost", outcome)
            t.expect(option == "-v" or b"hard links are not possible" in outcome.errors or t.has("errors-are-eio"), "not its reason", outcome)
        else:
            t.judge(outcome, t.content("g") == b"content of f\n", "")


@case("rmdir.dots")
def _(t: MannersCase) -> None:
    # Where "." and ".." go by the text, these are directories that could be removed.
    t.files({"d": Dir(), "d/e": Dir(), "f": b"f"})
    before = t.seen()
    for operand in ("d/e/.", "d/e/./", "d/e//.", ".", "..", "d/e/..", "f/.."):
        t.refuses(t.do("rmdir", operand), operand)
        t.expect(t.seen() == before, "%s removed something" % operand)
    t.refuses(t.do("rmdir", "-p", "./d/e"), ".: ")
    t.expect(set(t.seen()) == {b".", b"./f"}, "not removed, or too much")


@case("rmdir.plain")
def _(t: MannersCase) -> None:
    t.files({"d": Dir(), "d/e": Dir(), "full": Dir(), "full/f": b"f", "l": Link("d"), "g": b"g"})
    t.succeeds(t.do("rmdir", "-p", "d/e/"))
    for operand in ("full", "l", "g", "g/"):
        t.refuses(t.do("rmdir", operand), operand)
    t.succeeds(t.do("rmdir", "--ignore-fail-on-non-empty", "full"))
    t.expect(set(t.seen()) == {b".", b"./full", b"./full/f", b"./g", b"./l"}, "not what is to be left")


@case("mkfifo.plain")
def _(t: MannersCase) -> None:
    t.files({"f": b"content", "d": Dir()})
    for operand in ("f", "d", "new/"):
        t.refuses(t.do("mkfifo", operand), operand)
    outcome = t.do("mkfifo", "-m", "600", "p")
    path = os.path.join(t.ours, b"p")
    t.judge(outcome, os.path.lexists(path) and stat.S_ISFIFO(os.lstat(path).st_mode), "p", ("fifo-is-file",))
    t.expect(outcome.status == 0 or not os.path.lexists(path), "something else was made", outcome)
    t.expect(t.content("f") == b"content", "a file has changed")


@case("mv.rename")
def _(t: MannersCase) -> None:
    t.files(_tree())
    before = t.seen("d")
    for arguments, name, want in ((["f", "new"], "new", b"content of f\n"), (["new", "target"], "target/new", b"content of f\n"),
                                  (["g", "d/a", "target"], "target/a", b"a"), (["target/g", "target/a"], "target/a", b"other content\n")):
        t.succeeds(t.do("mv", *arguments))
        t.expect(t.content(name) == want, "%s: not moved" % arguments)
    t.succeeds(t.do("mv", "d", "renamed"))
    t.succeeds(t.do("mv", "renamed/", "target/"))
    before.pop(b"./a")
    t.expect(t.seen("target/renamed") == before, "a tree is not whole")
    t.succeeds(t.do("mv", "to-f", "target/link"))
    t.expect(_target(t, "target/link") == b"f", "a link is not itself")


@case("mv.into-itself")
def _(t: MannersCase) -> None:
    # What Redox's rename() says is done, and the tree is gone.
    t.files({**_tree(), "d/up": Link("../d"), "to-sub": Link("d/sub")})
    before = t.seen()
    for arguments in (["d", "d"], ["d", "d/new"], ["d", "d/sub"], ["d/", "d/sub/"], ["d", "d/sub/../new"], ["d", "./d/../d/new"], ["./d",
                                                                                                                                   "d/sub/deeper"],
                      ["d", "to-sub"], ["d", "to-d"], ["d", "to-sub/new"], ["-T", "d", "d/new"], ["d", "to-d/sub"], ["-b", "d", "d/a"]):
        t.refuses(t.do("mv", *arguments), "")
        t.expect(t.seen() == before, "%s: something is lost" % arguments)


@case("mv.never-lost")
def _(t: MannersCase) -> None:
    t.files({**_tree(), "hard": Hard("f")})
    before = t.seen()
    for arguments in (["f", "f"], ["f", "./f"], ["f", "d/../f"], ["f", "hard"], ["to-f", "f"], ["f", "new/"], ["f/", "new"], ["f", "g/"],
                      ["to-d/", "new"], [".", "new"], ["d/.", "new"], ["d/..", "new"], ["f", "target/.."], ["-T", "f", "d"], ["-T", "f", "target"],
                      ["-T", "d", "f"], ["-T", "target", "d"], ["-T", "f", "d/."], ["missing", "f"], ["f", "no/such"], ["f", "g", "no"]):
        t.refuses(t.do("mv", *arguments), "")
        # ".." of d by the text is where f is already, and so is what is put into it.
        t.expect(t.seen() == before, "%s: something is lost or made" % arguments)


@case("mv.to-a-share", only=("device-0", "rename-across", "rename-into-itself", "no-hard-links", "excl-ignored", "errors-are-eio"))
def _(t: MannersCase) -> None:
    # A folder with the share's manners in one that has none of them: another file system.
    t.files({**_tree(), "share": Dir(), "share/s": b"s", "share/old": b"old", "share/full": Dir(), "share/full/f": b"f", "share/t": Dir(),
             "share/t/u": b"u"})
    t.scope = os.path.join(t.ours, b"share")
    content = t.content("f")
    outcome = t.do("mv", "f", "share")
    t.expect(outcome.status == 0 and t.content("share/f") == content and t.content("f") is None, "a file is not moved to the share", outcome)
    outcome = t.do("mv", "g", "share/old")
    t.expect(outcome.status == 0 and t.content("share/old") == b"other content\n" and t.content("g") is None, "not over a file", outcome)
    outcome = t.do("mv", "share/f", "share/s", "d")
    done = t.content("d/f") == content and t.content("d/s") == b"s" and t.content("share/s") is None
    t.expect(outcome.status == 0 and done, "not from the share", outcome)
    outcome = t.do("mv", "share/t", "target")
    t.expect(outcome.status == 0 and t.content("target/t/u") == b"u" and not t.seen("share/t"), "no tree from the share", outcome)
    # The share makes no directories: the source stays.
    before = t.seen("d")
    t.refuses(t.do("mv", "d", "share"), "share/d")
    t.expect(t.seen("d") == before, "the source is not whole")
    t.refuses(t.do("mv", "--no-copy", "d/a", "share"), "d/a")
    t.expect(t.content("d/a") == b"a", "it is gone")
    strays = set(os.listdir(t.ours)) - {b"d", b"outside", b"to-f", b"to-d", b"target", b"share"}
    t.expect(not strays, "%s strays" % strays)
    t.expect(set(os.listdir(t.scope)) == {b"old", b"full"}, "%s is in the share" % os.listdir(t.scope))
