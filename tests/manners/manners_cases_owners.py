# SPDX-License-Identifier: MIT
"""chown and chgrp: to the owner that a file has, which takes its set-ID bits away: by that it is seen what was changed."""
import os
import stat

from cases import MannersCase, case
from harness import Dir, File, Link, Tree

_UNREADABLE = ("disk-busy",)


def _tree() -> Tree:
    return {"f": File(b"f", mode=0o4755), "g": File(b"g", mode=0o644), "outside": Dir(), "outside/precious": File(b"p", mode=0o4755), "d": Dir(),
            "d/a": File(b"a", mode=0o4711), "d/sub": Dir(), "d/sub/b": File(b"b", mode=0o6755), "d/sub/link": Link("../a"),
            "d/to-outside": Link("../outside"), "d/to-precious": Link("../outside/precious"), "d/dangling": Link("nowhere"), "to-f": Link("f")}


def _bits(t: MannersCase, *names: str) -> list:
    return [stat.S_IMODE(os.lstat(os.path.join(t.ours, os.fsencode(name))).st_mode) & 0o6000 for name in names]


def _me() -> str:
    return "+%d:+%d" % (os.geteuid(), os.getegid())


@case("chown.file")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("chown", _me(), "f", "g")
    t.judge(outcome, t.has("chmod-ignored", "chown-ignored") or _bits(t, "f") == [0], "", _UNREADABLE)
    t.expect(t.content("f") == b"f" and t.content("g") == b"g", "the content has changed", outcome)


@case("chown.one-of-both")
def _(t: MannersCase) -> None:
    # What is not named stays, whatever a system takes -1 for.
    t.files(_tree())
    for owner in ("+%d" % os.geteuid(), ":+%d" % os.getegid()):
        outcome = t.do("chown", owner, "f", "d")
        t.judge(outcome, True, "", _UNREADABLE)
        status = os.stat(os.path.join(t.ours, b"f"))
        t.expect((status.st_uid, status.st_gid) == (os.geteuid(), os.getegid()), "the owner is another", outcome)


@case("chown.tree")
def _(t: MannersCase) -> None:
    for options in ("-R", "-Rh", "-RP"):
        if not os.path.exists(os.path.join(t.ours, b"d")):
            t.files(_tree())
        outcome = t.do("chown", options, _me(), "d")
        t.judge(outcome, t.has("chmod-ignored", "chown-ignored") or _bits(t, "d/a", "d/sub/b") == [0, 0], "d", _UNREADABLE)
        t.expect(_bits(t, "outside/precious") == [0o4000], "what is outside was changed", outcome)


@case("chown.tree-through-links")
def _(t: MannersCase) -> None:
    t.files(_tree())
    os.unlink(os.path.join(t.ours, b"d/dangling"))
    outcome = t.do("chown", "-RL", _me(), "d")
    done = t.has("chmod-ignored", "chown-ignored") or _bits(t, "d/a", "d/sub/b", "outside/precious") == [0, 0, 0]
    t.judge(outcome, done, "d", _UNREADABLE + ("symlink-exdev",))


@case("chown.link")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("chown", "-h", _me(), "to-f")
    t.judge(outcome, True, "to-f", _UNREADABLE)
    t.expect(_bits(t, "f") == [0o4000], "what it leads to was changed", outcome)


@case("chown.missing")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("chown", "-R", _me(), "missing", "g")
    t.refuses(outcome, "missing")


@case("chown.not-kept", only=("chown-ignored",))
def _(t: MannersCase) -> None:
    t.files(_tree())
    for arguments in (["1", "g"], [":1", "g"], ["-R", "1", "d"], ["-RL", "1", "outside"], ["--from=%d" % os.geteuid(), "1:1", "g"]):
        t.refuses(t.do("chown", *arguments), arguments[-1])
    t.refuses(t.do("chgrp", "-R", "1", "d"), "d/sub")


@case("chgrp.tree")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("chgrp", "-R", "+%d" % os.getegid(), "d")
    t.judge(outcome, t.has("chmod-ignored", "chown-ignored") or _bits(t, "d/a", "d/sub/b") == [0, 0], "d", _UNREADABLE)
    t.expect(_bits(t, "outside/precious") == [0o4000], "what is outside was changed", outcome)
