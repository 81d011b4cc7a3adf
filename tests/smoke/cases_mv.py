# SPDX-License-Identifier: MIT
"""mv."""
import os
import shutil
import tempfile
from typing import Dict, Sequence

from cases_common import closed_streams, little_memory, missing_operand, names
from harness import SOME_TIME, Case, Dir, Fifo, File, Hard, Link, Name, Skipped, Tree, case, compare_each, make_tree, snapshot

_LATER = SOME_TIME + 3600 * 10**9


def _tree() -> Tree:
    return {
        "f": File(b"content of f", mode=0o640), "g": File(b"g", time=_LATER), "old": b"old", "hard": Hard("f"), "read-only": File(b"r", mode=0o444),
        "d": Dir(mode=0o750), "d/a": b"a", "d/f": b"old d/f", "d/sub": Dir(), "d/sub/b": b"b", "empty": Dir(), "e": Dir(), "e/f": b"e/f",
        "e/sub": Dir(),
        "to-f": Link("f"), "to-g": Link("g"), "to-d": Link("d"), "dangling": Link("nowhere"), "loop": Link("loop"), "old~": b"old backup",
        "x": Dir(), "x/d": Dir(), "x/empty": Dir(), "x/old": Dir(),
    }


_TABLE: Dict[str, Sequence[Name]] = {
    "file": ["f", "new"], "over": ["f", "old"], "directory": ["d", "new"], "into": ["f", "g", "empty"], "into-slash": ["f", "empty/"],
    "into-over": ["f", "d"], "into-link": ["g", "to-d"], "into-link-slash": ["g", "to-d/"], "directory-into": ["d", "empty"],
    "directory-over-empty": ["-T", "d", "empty"],
    "directory-over-full": ["-T", "empty", "d"], "directory-into-empty": ["empty", "x"], "directory-into-full": ["e/sub", "d"],
    "missing": ["missing", "new"], "missing-into": ["missing", "f", "empty"], "to-missing": ["f", "no/such"], "to-file": ["f", "g", "old"],
    "to-missing-directory": ["f", "g", "no"], "through-file": ["f", "old/new"], "from-file": ["old/x", "new"], "empty-name": ["", "new"],
    "to-empty-name": ["f", ""],
    "slash-new": ["f", "new/"], "slash-file": ["f", "old/"], "source-slash": ["f/", "new"], "directory-slash": ["d/", "new"],
    "directory-slash-new": ["d", "new/"],
    "directory-slashes": ["d///", "new///"], "link-slash": ["to-d/", "new"], "dot": [".", "new"], "dot-dot": ["..", "new"],
    "ends-in-dot": ["d/.", "new"], "to-dot": ["d/a", "."],
    "to-dot-dot": ["f", "d/.."],
    "symlink": ["to-f", "new"], "symlink-over": ["to-f", "old"], "over-symlink": ["g", "to-f"], "over-dangling": ["f", "dangling"],
    "over-loop": ["f", "loop"],
    "dangling": ["dangling", "new"], "loop": ["loop", "new"], "symlink-to-directory": ["to-d", "new"], "symlink-into": ["to-d", "empty"],
    "symlink-onto-its-own": ["to-g", "g"], "onto-symlink-to-it": ["g", "to-g"], "symlink-onto-hard": ["to-f", "hard"],
    "symlink-onto-hard-own": ["to-f", "f"],
    "symlink-itself": ["to-f", "to-f"], "directory-over-symlink": ["-T", "empty", "to-d"], "symlink-over-directory": ["-T", "to-f", "empty"],
    "same": ["f", "f"], "same-dot": ["f", "./f"], "same-hard": ["f", "hard"], "same-into": ["d/a", "d"], "same-directory": ["-T", "d", "d"],
    "same-parent": ["d", "."],
    "into-itself": ["d", "d"], "into-itself-deeper": ["d", "d/sub"], "into-itself-new": ["d", "d/new"], "into-itself-link": ["d", "to-d"],
    "directory-over-file": ["d", "f"], "file-over-directory": ["-T", "f", "d"], "file-over-empty": ["-T", "f", "empty"],
    "file-into-directory-of-name": ["old", "x"],
    "directory-into-file-of-name": ["e/sub", "f"], "twice": ["f", "f", "empty"], "just-made": ["f", "e/f", "empty"],
    "just-made-directory": ["d/sub", "e/sub", "empty"],
    "f": ["-f", "f", "read-only"], "force": ["--force", "f", "old"], "no-terminal": ["f", "read-only"], "fi-last-f": ["-if", "f", "old"],
    "n": ["-n", "f", "old"], "n-new": ["-n", "f", "new"], "no-clobber": ["--no-clobber", "f", "g", "d"], "n-last": ["-fn", "f", "old"],
    "n-in": ["-in", "f", "old"],
    "u": ["-u", "f", "g"], "u-newer": ["-u", "g", "f"], "u-same": ["-u", "f", "old"], "update": ["--update", "g", "old"],
    "u-new": ["-u", "f", "new"], "u-into": ["-u", "f", "g", "d"],
    "u-directory": ["-uT", "d", "empty"], "u-missing": ["-u", "missing", "f"],
    "t": ["-t", "empty", "f", "g"], "t-long": ["--target-directory=d", "f"], "t-file": ["-t", "f", "g"], "t-missing": ["-t", "no", "g"],
    "t-twice": ["-t", "d", "-t", "e", "f"],
    "t-none": ["-t", "d"], "t-link": ["-t", "to-d", "g"], "t-slash": ["-t", "empty/", "f"],
    "t-upper": ["-T", "f", "new"], "t-upper-over": ["-T", "f", "old"], "t-upper-three": ["-T", "f", "g", "empty"], "t-upper-one": ["-T", "f"],
    "t-upper-and-t": ["-T", "-t", "d", "f"], "t-upper-link": ["-T", "f", "to-d"],
    "b": ["-b", "f", "old"], "b-new": ["-b", "f", "new"], "b-directory": ["-bT", "f", "d"], "b-directory-directory": ["-bT", "e", "d"],
    "b-directory-over-file": ["-bT", "d", "f"],
    "b-same": ["-b", "f", "f"], "b-hard": ["-b", "f", "hard"], "b-is-source": ["-b", "old~", "old"],
    "b-is-source-simple": ["--backup=simple", "old~", "old"],
    "b-numbered": ["--backup=numbered", "f", "old"], "b-t-into": ["--backup=t", "f", "g", "d"], "b-existing": ["--backup=existing", "f", "old"],
    "b-nil": ["--backup=nil", "f", "g"],
    "b-simple": ["--backup=simple", "f", "g"], "b-never": ["--backup=never", "f", "g"], "b-none": ["--backup=none", "f", "g"],
    "b-off": ["--backup=off", "f", "g"],
    "b-wrong": ["--backup=x", "f", "g"], "suffix": ["-S", ".o", "f", "g"], "suffix-long": ["--suffix=.o", "f", "g"],
    "suffix-slash": ["-S", "a/b", "f", "g"],
    "b-symlink": ["-b", "f", "to-g"], "b-just-made": ["-b", "f", "e/f", "empty"], "b-numbered-just-made": ["--backup=numbered", "f", "e/f", "empty"],
    "b-missing": ["-b", "missing", "old"], "b-n": ["-bn", "f", "old"], "b-symlink-own": ["-b", "to-g", "g"],
    "v": ["-v", "f", "new"], "v-into": ["-v", "f", "d/a", "empty"], "v-backup": ["-bv", "f", "old"], "verbose": ["--verbose", "d", "new"],
    "v-n": ["-vn", "f", "old"],
    "v-slash": ["-v", "d/", "new"],
}

# What is in the way is said in other words, or by the system where GNU says it itself.
_OWN_WORDS = {"same-directory", "into-itself", "into-itself-deeper", "into-itself-new", "into-itself-link", "t-file", "slash-file",
              "directory-over-symlink",
              "link-slash", "to-file", "through-file", "u-directory"}
for _words in (True, False):
    compare_each("mv.file" if _words else "mv.words", "mv", _tree, {k: v for k, v in _TABLE.items() if (k not in _OWN_WORDS) == _words},
                 links=True, words=_words)


@case("mv.strip-trailing-slashes")
def _(t: Case) -> None:
    # GNU 9.1 tries the rename before it strips.
    t.tree({"f": b"f", "d": Dir(), "to-d": Link("d"), "t": Dir()})
    t.gives("mv", "--strip-trailing-slashes", "f/", "to-d//", "t/")
    t.gives("mv", "--strip-trailing-slashes", "t/f//", "g")
    t.holds("g", b"f")


@case("mv.backup-comes-back")
def _(t: Case) -> None:
    # GNU leaves it under the backup's name.
    t.tree({"d": Dir(), "d/f": b"old"})
    t.gives("mv", "-b", "d", "d/f", status=1, errors=b"mv: d/f: is in the directory that is to be moved there\n")
    t.holds("d/f", b"old")


@case("mv.times")
def _(t: Case) -> None:
    t.tree(_tree())
    for arguments in (["f", "new"], ["g", "old", "empty"], ["empty", "there"], ["to-f", "link"]):
        t.same("mv", *arguments, status=0)
    for name in ("new", "there/g", "there/old", "link"):
        t.same_times(name)


@case("mv.interactive")
def _(t: Case) -> None:
    t.tree(_tree())
    for arguments in (["-i", "f", "old"], ["-i", "g", "d/sub/b", "d"], ["-fi", "d/a", "d/f"], ["-bi", "to-f", "old"], ["-i", "dangling", "new"],
                      ["-i", "loop", "read-only"]):
        t.same("mv", *arguments, stdin=b"y\ny\n", questions=True)
    t.same("mv", "-if", "d/g", "d/f", stdin=b"n\n", status=0)
    # As POSIX has it since 2024, and GNU since 9.2.
    t.gives("mv", "-i", "e/f", "old", stdin=b"n\n", status=1, errors=b"mv: overwrite 'old'? ")
    t.gives("mv", "-i", "e/f", "old", stdin=b"", status=1, errors=b"mv: overwrite 'old'? ")
    t.holds("e/f", b"e/f")


@case("mv.update-none")
def _(t: Case) -> None:
    t.tree({"f": b"f", "old": b"old"})
    # GNU since 9.3.
    t.gives("mv", "--update=none", "f", "old")
    t.gives("mv", "--update=none-fail", "f", "old", status=1, errors=b"mv: old: is there; not replaced\n")
    t.refuses("mv", "--update=x", "f", "old", status=1)
    t.holds("f", b"f")
    t.holds("old", b"old")
    t.gives("mv", "--update=all", "f", "old")
    t.holds("old", b"f")


@case("mv.no-permission")
def _(t: Case) -> None:
    t.tree({"f": b"f", "locked": Dir(mode=0o555), "locked/g": b"g", "closed": Dir(mode=0), "d": Dir()})
    for arguments in (["f", "locked"], ["locked/g", "new"], ["f", "closed/x"], ["closed/f", "new"], ["f", "locked/new"],
                      ["locked/g", "d"], ["f", "closed"]):
        t.same("mv", *arguments, status=1)


@case("mv.sticky")
def _(t: Case) -> None:
    t.tree({"s": Dir(mode=0o1777), "s/f": b"f", "d": Dir(mode=0o700)})
    t.same("mv", "s/f", "d", status=0)
    t.same("mv", "d/f", "s/g", status=0)


@case("mv.environment")
def _(t: Case) -> None:
    for control in ("numbered", "existing", "simple", "off", "t", "wrong"):
        t.tree({control: Dir(), control + "/f": b"f", control + "/g": b"g", control + "/g.~3~": b"g3", control + "/h": b"h"})
        for name in ("f", "g"):
            t.same("mv", "-b", control + "/h", control + "/" + name, environment={"VERSION_CONTROL": control, "SIMPLE_BACKUP_SUFFIX": ".bak"})


@case("mv.exchange")
def _(t: Case) -> None:
    t.tree({"a": b"a", "b": b"b", "d": Dir()})
    if t.programs.revision != "host":
        t.gives("mv", "--exchange", "a", "b", status=1, errors=b"mv: a: cannot be exchanged: Operation not supported\n")
    else:
        t.gives("mv", "--exchange", "a", "b")
        t.holds("a", b"b")
        t.holds("b", b"a")
    t.refuses("mv", "--exchange", "a", "missing", status=1)


@case("mv.long-names")
def _(t: Case) -> None:
    t.tree({"f": b"f"})
    t.same("mv", "f", "n" * 255, status=0)
    t.same("mv", "n" * 255, "m" * 256, status=1)
    t.same("mv", "n" * 255, "/".join(["m" * 200] * 30), status=1)
    t.same("mv", "n" * 255, "g", status=0)


@case("mv.calls.few")
def _(t: Case) -> None:
    t.tree({"a": b"a", "b": b"b", "c": b"c", "d": Dir()})
    # Looking (an open where something is, a stat and a close) and a rename; what is asked before a rename to another directory.
    for arguments, most in ((["a", "new"], 2), (["new", "d/"], 15), (["b", "c", "d"], 24)):
        outcome = t.run("mv", *arguments, count=True)
        t.expect(outcome.status == 0 and outcome.os_calls <= most, "more than %d calls" % most, outcome)


@case("mv.other-file-system", seconds=120)
def _(t: Case) -> None:
    here = os.stat(t.ours).st_dev
    other = next((folder for folder in ("/dev/shm", "/tmp", "/var/tmp") if os.path.isdir(folder) and os.stat(folder).st_dev != here), None)
    if other is None:
        raise Skipped("there is no other file system")
    tree: Tree = {
        "d": Dir(mode=0o750), "d/f": File(b"f" * 300000, mode=0o640), "d/hard": Hard("d/f"), "d/sub": Dir(mode=0o2755),
        "d/sub/set": File(b"s", mode=0o4755),
        "d/link": Link("f"), "d/dangling": Link("nowhere"), "d/fifo": Fifo(mode=0o620), "d/read-only": File(b"r", mode=0o400), "a": b"a",
        "b": Hard("a"), "old": b"new",
        "e": Dir(),
    }
    folder = os.fsencode(tempfile.mkdtemp(dir=other))
    try:
        for side in (b"ours", b"gnus"):
            os.mkdir(os.path.join(folder, side))
            make_tree(os.path.join(folder, side), {"old": b"old", "empty": Dir(), "into": Dir(), "e": Dir(), "e/full": b"", "file": b"file",
                                                   "into/old": Dir()})
        t.tree(tree)
        for arguments in (["d", b"new"], ["a", "b", b"into"], ["old", b"old"], ["-T", "e", b"e"], ["old2", b"x"], ["e", b"file"], ["-T",
                                                                                                                                   "e", b"empty"]):
            outcomes = []
            for side, run in ((b"ours", t.run), (b"gnus", t.run_gnu)):
                outcomes.append(run("mv", *arguments[:-1], os.path.join(folder, side, arguments[-1])))
            t.expect(outcomes[0].status == outcomes[1].status, "%s: status not GNU's %d" % (arguments, outcomes[1].status), outcomes[0])
            there = [snapshot(os.path.join(folder, side), True, True) for side in (b"ours", b"gnus")]
            for name in (b".", b"./into", b"./e", b"./empty"):
                for found in there:
                    found.pop(name, None)
            t.expect(there[0] == there[1], "%s:\n%s, not\n%s" % (arguments, there[0], there[1]), outcomes[0])
            left = [snapshot(side, True, True) for side in (t.ours, t.gnu)]
            t.expect(left[0] == left[1], "%s leaves\n%s, not\n%s" % (arguments, left[0], left[1]), outcomes[0])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _named(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
    t.same("mv", missing, b"new")
    t.same("mv", path, missing)
    t.same("mv", b"--", path, name)
    t.same("mv", b"--", name, b"d")


names("mv", _named)
closed_streams("mv", [(["f", "new"], False), (["-v", "f", "g", "d"], True), (["missing", "f", "d"], False), (["-i", "f", "g"], False),
                      (["-b", "f", "g"], False)])
little_memory("mv", ["-v", "f", "g", "d"])
missing_operand("mv")
