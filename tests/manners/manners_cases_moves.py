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
    for arguments in (["-s", "x", "f"], ["-s", "x/a", "d"], ["-s", "x", "to-f"], ["f", "g"], ["-s", "x", "new/"], ["-s", "x", "f/"], ["-sf", "f", "f"],
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
