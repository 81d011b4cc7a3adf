# SPDX-License-Identifier: MIT
"""Paths and permissions: what is said of a path is true of the file, and nothing is changed but what was named."""
import os
import re
from typing import Dict

from cases import MannersCase, case
from harness import Dir, File, Link, Tree

# An output that cannot be written, or a file that cannot be read.
_WRITES = ("writes-again",)
_READS = ("reads-again", "disk-busy")


def _tree() -> Tree:
    return {"f": File(b"f", mode=0o644), "d": Dir(), "d/a": File(b"a", mode=0o640), "d/sub": Dir(), "d/sub/b": File(b"b", mode=0o600),
            "d/to-outside": Link("../outside"), "d/to-f": Link("../f"), "d/dangling": Link("nowhere"), "outside": Dir(),
            "outside/precious": File(b"precious", mode=0o644), "to-outside": Link("outside"), "to-f": Link("f"), "loop": Link("loop"),
            "bin": Dir(), "bin/x": File(b"", mode=0o755), "other": Dir(), "other/x": File(b"", mode=0o644)}


@case("basename.text")
def _(t: MannersCase) -> None:
    outcome = t.do("basename", "-a", "a/b", "/")
    t.judge(outcome, outcome.out == b"b\n/\n", "", _WRITES)
    outcome = t.do("dirname", "a/b", "/")
    t.judge(outcome, outcome.out == b"a\n/\n", "", _WRITES)


@case("pwd.path")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("pwd")
    t.judge(outcome, outcome.out == os.path.realpath(t.ours) + b"\n", "", _WRITES)
    # Whatever the identities of directories are like, PWD is not believed when it leads elsewhere.
    outcome = t.do("pwd", "-L", environment={"PWD": os.fsdecode(os.path.join(t.ours, b"d"))})
    t.judge(outcome, outcome.out == os.path.realpath(t.ours) + b"\n", "", _WRITES)


@case("which.found")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("which", "x", environment={"PATH": "missing:other:bin"})
    t.judge(outcome, outcome.out == b"bin/x\n", "", _WRITES)


@case("readlink.targets")
def _(t: MannersCase) -> None:
    t.files(_tree())
    for path, target in (("to-f", b"f\n"), ("d/to-outside", b"../outside\n"), ("loop", b"loop\n"), ("d/sub/../to-f", b"../f\n"),
                         ("to-outside/../to-f", b"f\n")):
        outcome = t.do("readlink", "-v", path)
        t.judge(outcome, outcome.out == target, "" if t.has(*_WRITES) else path, _WRITES + _READS)
    for path in ("f", "d", "missing", "to-f/", "d/to-outside/..", "to-outside/.", "to-f/x"):
        outcome = t.do("readlink", "-v", path)
        t.refuses(outcome, path)
        t.expect(not outcome.out, "%s has no target" % path, outcome)


@case("realpath.follows")
def _(t: MannersCase) -> None:
    t.files(_tree())
    for path, want in (("d/to-outside/..", b"."), ("d/to-outside/precious", b"outside/precious"), ("to-outside/../f", b"f"), ("d/to-f", b"f"),
                       ("d/sub/../a", b"d/a"), ("d/to-outside/../d/sub", b"d/sub"), ("missing", b"missing"), ("d/dangling", b"d/nowhere")):
        outcome = t.do("realpath", "--relative-to=.", path)
        t.judge(outcome, outcome.out == want + b"\n", "" if t.has("reads-again", *_WRITES) else path, _WRITES + _READS)
    for path in ("f/", "f/x", "f/..", "missing/x", "missing/..", "loop", "to-f/.."):
        t.refuses(t.do("realpath", "--relative-to=.", path), path)


@case("realpath.nothing-need-be-there")
def _(t: MannersCase) -> None:
    t.files(_tree())
    for path, want in (("missing/../d/to-outside", b"outside"), ("missing/x/y", b"missing/x/y"), ("f/x", b"f/x")):
        outcome = t.do("realpath", "-m", "--relative-to=.", path)
        t.judge(outcome, outcome.out == want + b"\n", "" if t.has("reads-again", *_WRITES) else path, _WRITES + _READS + ("errors-are-eio",))


@case("uname.parts")
def _(t: MannersCase) -> None:
    outcome = t.do("uname", "-srm")
    done = re.fullmatch(rb"Redox 0\.5\.12 (x86_64|aarch64)\n", outcome.out) is not None
    t.judge(outcome, done, "", _WRITES + ("reads-again",))


@case("mktemp.file")
def _(t: MannersCase) -> None:
    before = t.seen()
    names = set()
    for _ in range(3):
        outcome = t.do("mktemp", "fXXXXXX")
        name = outcome.out.decode().strip()
        done = bool(re.fullmatch("f[A-Za-z0-9]{6}", name)) and t.content(name) == b"" and name not in names
        if t.judge(outcome, done, "", _WRITES + ("reads-again",)):
            mode = os.lstat(os.path.join(t.ours, os.fsencode(name))).st_mode & 0o777
            t.expect(mode == 0o600, "its mode is %o" % mode, outcome)
            names.add(name)
    made = {name.decode()[2:] for name in set(t.seen()) - set(before)}
    t.expect(made == names, "%s stray" % (made - names))


@case("mktemp.directory")
def _(t: MannersCase) -> None:
    before = t.seen()
    outcome = t.do("mktemp", "-d", "dXXXXXX")
    name = outcome.out.decode().strip()
    done = bool(re.fullmatch("d[A-Za-z0-9]{6}", name)) and os.path.isdir(os.path.join(t.ours, os.fsencode(name)))
    if not t.judge(outcome, done, "", _WRITES + ("reads-again", "mkdir-makes-file")):
        t.expect(t.seen() == before, "something strays", outcome)


def _modes(t: MannersCase) -> Dict[str, int]:
    """The modes of what is no link."""
    found = {}
    for folder, _, files in os.walk(t.ours):
        for path in [folder] + [os.path.join(folder, name) for name in files]:
            if not os.path.islink(path):
                found[os.fsdecode(os.path.relpath(path, t.ours))] = os.lstat(path).st_mode & 0o7777
    return found


@case("chmod.files")
def _(t: MannersCase) -> None:
    t.files(_tree())
    before = _modes(t)
    outcome = t.do("chmod", "600", "f", "d/a")
    after = _modes(t)
    want = before if t.has("chmod-ignored") else {**before, "f": 0o600, "d/a": 0o600}
    t.judge(outcome, after == want, "")


@case("chmod.recursive")
def _(t: MannersCase) -> None:
    t.files(_tree())
    before = _modes(t)
    outcome = t.do("chmod", "-R", "u=rwX,go=", "d")
    want = before if t.has("chmod-ignored") else {**before, "d": 0o700, "d/a": 0o600, "d/sub": 0o700}
    after = _modes(t)
    t.judge(outcome, after == want, "")
    t.expect(after["outside/precious"] == 0o644 and after["outside"] == 0o755 and after["f"] == 0o644, "a link was followed", outcome)


@case("chmod.links")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("chmod", "600", "to-f")
    want = 0o644 if t.has("chmod-ignored") else 0o600
    t.judge(outcome, _modes(t)["f"] == want, "to-f", ("symlink-exdev",))
    t.refuses(t.do("chmod", "600", "d/dangling"), "d/dangling")
    t.refuses(t.do("chmod", "600", "f/"), "f/")


@case("chmod.says-what-has-not-changed", only=("chmod-ignored",))
def _(t: MannersCase) -> None:
    t.files(_tree())
    # It is looked at again on a share, which is known by its device.
    if not t.has("device-0") or t.has("writes-again"):
        return
    for option in ("-v", "-c"):
        outcome = t.do("chmod", option, "600", "f")
        t.expect(outcome.status == 0 and outcome.out == b"mode of 'f' could not be changed from 0644 (rw-r--r--) to 0600 (rw-------)\n",
                 "it does not say so", outcome)
