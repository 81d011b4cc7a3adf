# SPDX-License-Identifier: MIT
"""cp."""
import os
from typing import Dict, Sequence

from data import data
from harness import SOME_TIME, Case, Dir, Fifo, File, Hard, Link, Name, Tree, case, snapshot

_LARGE = data(3 * 1024 * 1024 + 17, 1)
_LATER = SOME_TIME + 3600 * 10**9


def _tree() -> Tree:
    return {
        "f": File(b"content of f", mode=0o640), "g": File(b"g", mode=0o755, time=_LATER), "empty": b"",
        "set-user": File(b"s", mode=0o4755), "read-only": File(b"r", mode=0o444),
        "d": Dir(mode=0o750), "d/a": b"a", "d/sub": Dir(mode=0o2755), "d/sub/b": File(b"b", mode=0o600),
        "d/sub/link": Link("../a"), "d/to-directory": Link("sub"), "d/dangling": Link("nowhere"), "d/hard": Hard("d/a"),
        "d/.dot": b"dot", "d/empty": Dir(), "target": Dir(), "target/d": Dir(mode=0o700), "target/f": File(b"old f", time=_LATER),
        "target/g": File(b"old g"), "existing": File(b"existing content", mode=0o604, time=_LATER),
        "to-f": Link("f"), "to-d": Link("d"), "dangling": Link("nowhere"), "loop": Link("loop"), "to-existing": Link("existing"),
    }


# Without times: those of a copy are now.
_SIMPLE: Dict[str, Sequence[Name]] = {
    "file": ["f", "new"], "file-over-file": ["f", "existing"], "empty": ["empty", "new"],
    "empty-over-file": ["empty", "existing"], "into-directory": ["f", "g", "empty", "target"],
    "into-directory-slash": ["f", "target/"], "through-a-link": ["to-f", "new"], "over-a-link": ["f", "to-existing"],
    "set-user": ["set-user", "new"], "read-only": ["read-only", "new"],
    "r": ["-r", "d", "copy"], "r-upper": ["-R", "d", "copy"], "recursive": ["--recursive", "d", "copy"],
    "r-into-directory": ["-r", "d", "target"], "r-several": ["-r", "d", "f", "to-d", "dangling", "target"],
    "r-slash": ["-r", "d/", "copy"], "r-link-operand": ["-r", "to-d", "copy"],
    "r-file": ["-r", "f", "new"], "r-twice": ["-r", "d", "d/sub", "target"],
    "f": ["-f", "f", "existing"], "f-read-only": ["-f", "f", "read-only"], "force": ["--force", "f", "new"],
    "n": ["-n", "f", "existing"], "n-new": ["-n", "f", "new"], "no-clobber": ["--no-clobber", "f", "g", "target"],
    "u-older": ["-u", "f", "existing"], "u-newer": ["-u", "g", "f"], "update": ["--update", "f", "g", "target"],
    "u-new": ["-u", "f", "new"],
    "t": ["-t", "target", "f", "g"], "target-directory": ["--target-directory=target", "f"], "t-joined": ["-ttarget", "f"],
    "t-upper": ["-T", "f", "new"], "t-upper-existing": ["-T", "f", "existing"],
    "t-upper-directory": ["-rT", "d", "target"], "no-target-directory": ["--no-target-directory", "f", "new"],
    "l-upper": ["-L", "to-f", "new"], "l-upper-recursive": ["-rL", "d/sub", "copy"],
    "dereference": ["--dereference", "to-f", "new"],
    "p-upper": ["-P", "to-f", "dangling", "target"], "no-dereference": ["--no-dereference", "to-f", "new"],
    "p-upper-recursive": ["-rP", "d", "to-d", "target"], "d": ["-d", "to-f", "dangling", "f", "target"],
    "d-recursive": ["-dr", "d", "copy"], "h-upper": ["-rH", "to-d", "copy"],
    "b": ["-b", "f", "existing"], "b-new": ["-b", "f", "new"], "b-tree": ["-rbT", "d", "target"],
    "backup-numbered": ["--backup=numbered", "f", "g", "target"], "backup-t": ["--backup=t", "f", "existing"],
    "backup-existing": ["--backup=existing", "f", "existing"], "backup-nil": ["--backup=nil", "f", "read-only"],
    "backup-simple": ["--backup=simple", "f", "existing"], "backup-never": ["--backup=never", "f", "existing"],
    "backup-none": ["--backup=none", "f", "existing"], "backup-off": ["--backup=off", "f", "existing"],
    "suffix": ["-S", ".orig", "f", "existing"], "suffix-long": ["--suffix=.o", "f", "g", "target"],
    "b-twice": ["-bf", "f", "f"], "b-hard-link": ["-b", "d/a", "d/hard"], "b-link": ["-b", "f", "to-existing"],
    "backup-through-a-link": ["-b", "to-f", "existing"],
    "attributes-only": ["--attributes-only", "f", "new"], "attributes-only-existing": ["--attributes-only", "f", "existing"],
    "attributes-only-tree": ["-r", "--attributes-only", "d", "copy"],
    "remove-destination": ["--remove-destination", "f", "existing"], "remove-a-link": ["--remove-destination", "f", "to-existing"],
    "remove-dangling": ["--remove-destination", "f", "dangling"], "remove-hard-link": ["--remove-destination", "d/a", "d/hard"],
    "s": ["-s", "f", "new"], "s-tree-file": ["-s", "d/a", "new"], "symbolic-link": ["--symbolic-link", "f", "new"],
    "s-force": ["-sf", "f", "existing"], "s-of-a-link": ["-s", "to-f", "new"],
    "strip": ["-P", "--strip-trailing-slashes", "to-d/", "target"], "l-tree": ["-lr", "d/sub", "copy"],
    "parents-slashes": ["--parents", "-r", "d/sub/", "target"],
    "sparse-always": ["--sparse=always", "f", "new"], "sparse-never": ["--sparse=never", "f", "new"],
    "reflink-auto": ["--reflink=auto", "f", "new"], "reflink-never": ["--reflink=never", "f", "new"],
    "no-preserve": ["--no-preserve=mode", "f", "set-user", "read-only", "target"],
    "no-preserve-tree": ["-r", "--no-preserve=mode", "d", "copy"], "no-preserve-all": ["-r", "--no-preserve=all", "d", "copy"],
    "preserve-mode": ["--preserve=mode", "set-user", "f", "target"],
    "preserve-links": ["-r", "--preserve=links", "d", "copy"], "x": ["-rx", "d", "copy"], "one-file-system": ["-r", "--one-file-system", "d", "copy"],
    "copy-contents": ["-r", "--copy-contents", "d", "copy"],
    "double-dash": ["--", "f", "new"], "options-after-operands": ["f", "new", "-n"],
}

_KEEPING: Dict[str, Sequence[Name]] = {
    "p": ["-p", "f", "new"], "p-set-user": ["-p", "set-user", "new"], "p-read-only": ["-p", "read-only", "new"],
    "p-over-file": ["-p", "f", "existing"], "p-into-directory": ["-p", "f", "g", "target"],
    "p-recursive": ["-rp", "d", "copy"],
    "a": ["-a", "d", "copy"], "archive": ["--archive", "d", "copy"], "a-file": ["-a", "f", "new"],
    "a-link": ["-a", "to-f", "dangling", "loop", "target"], "a-several": ["-a", "d", "f", "to-d", "target"],
    "a-t": ["-at", "target", "d", "g"], "a-t-upper": ["-aT", "d", "target"], "a-u": ["-au", "d", "f", "g", "target"],
    "a-n": ["-an", "d", "f", "target"],
    "preserve": ["--preserve", "f", "new"], "preserve-timestamps": ["--preserve=timestamps", "f", "new"],
    "preserve-all": ["-r", "--preserve=all", "d", "copy"], "preserve-some": ["-r", "--preserve=mode,timestamps", "d", "copy"],
    "preserve-ownership": ["-r", "--preserve=ownership,timestamps", "d", "copy"],
    "attributes-only": ["-a", "--attributes-only", "d", "copy"], "a-no-preserve": ["-a", "--no-preserve=links,ownership", "d", "copy"],
    "a-b": ["-ab", "f", "g", "target"], "a-remove": ["-a", "--remove-destination", "f", "existing"],
    "parents": ["--parents", "-p", "d/a", "d/sub/b", "target"], "parents-tree": ["--parents", "-a", "d/sub", "target"],
    "l": ["-l", "f", "new"], "link": ["--link", "f", "g", "empty", "d/a", "target/d"],
    "l-force": ["-lf", "f", "existing"], "l-same": ["-l", "d/a", "d/hard"],
    "l-follows": ["-l", "to-f", "new"],
}


def _tables() -> None:
    for name, arguments in _SIMPLE.items():
        def run(t: Case, arguments: Sequence[Name] = arguments) -> None:
            t.tree(_tree())
            t.same("cp", *arguments, status=0, complaints=[])
        case("cp.option.%s" % name)(run)
    for name, arguments in _KEEPING.items():
        def keep(t: Case, arguments: Sequence[Name] = arguments) -> None:
            t.tree(_tree())
            t.same("cp", *arguments, status=0, complaints=[], links=True)
            copy = next((name for name in ("copy", "new") if name in arguments), None)
            if copy is not None:
                t.same_times(copy)
        case("cp.keep.%s" % name)(keep)


_tables()

_ANSWERED = {
    "i-yes": (["-i", "f", "existing"], b"y\n"), "i-new": (["-i", "f", "new"], b""), "interactive": (["--interactive", "f", "existing"], b"yes\n"),
    "i-recursive": (["-ri", "d/a", "d/sub", "target"], b"y\n"),
}


def _answered() -> None:
    for name, (arguments, answers) in _ANSWERED.items():
        def run(t: Case, arguments: Sequence[Name] = arguments, answers: bytes = answers) -> None:
            t.tree(_tree())
            t.same("cp", *arguments, stdin=answers, words=False)
        case("cp.answer.%s" % name)(run)


_answered()


@case("cp.answer.no")
def _(t: Case) -> None:
    # The status is 1 then since GNU 9.2, and was 0 before.
    t.tree(_tree())
    for arguments, answers in ((["-i", "f", "existing"], b"n\n"), (["-i", "f", "existing"], b""),
                               (["-il", "f", "existing"], b"n\n"), (["-i", "f", "g", "target"], b"n\ny\n")):
        gnus = t.run_gnu("cp", *arguments, stdin=answers)
        ours = t.run("cp", *arguments, stdin=answers)
        t.expect(ours.status == 1 and gnus.status in (0, 1), "status", ours)
        t.expect(snapshot(t.ours, False, True) == snapshot(t.gnu, False, True), "trees differ", ours)


@case("cp.links-that-cannot-be")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("cp", "-l", "f", "existing", status=1, words=False)
    t.same("cp", "-s", "f", "existing", status=1, words=False)
    t.same("cp", "-s", "f", "target", status=1, words=False)
    t.same("cp", "-ls", "f", "new", status=1, words=False)


@case("cp.excluded-options")
def _(t: Case) -> None:
    t.tree(_tree())
    for arguments in (["-bn", "f", "existing"], ["--sparse=always", "--reflink", "f", "new"], ["--parents", "f", "new"],
                      ["--sparse=x", "f", "new"], ["--backup=x", "f", "new"], ["--preserve=q", "f", "new"],
                      ["--reflink=x", "f", "new"], ["-t", "target", "-t", "target", "f"], ["--preserve=context", "f", "new"]):
        t.same("cp", *arguments, status=1, words=False)
    t.same("cp", "-b", "f", "existing", status=1, words=False, environment={"VERSION_CONTROL": "x"})


@case("cp.backup-environment")
def _(t: Case) -> None:
    t.tree(_tree())
    for variables in ({"VERSION_CONTROL": "numbered"}, {"VERSION_CONTROL": "simple", "SIMPLE_BACKUP_SUFFIX": ".bak"},
                      {"SIMPLE_BACKUP_SUFFIX": "/no"}, {"VERSION_CONTROL": "t", "SIMPLE_BACKUP_SUFFIX": ".x"}):
        t.same("cp", "-b", "f", "existing", status=0, environment=variables)
        t.same("cp", "--backup=simple", "g", "existing", status=0, environment=variables)


@case("cp.update-words")
def _(t: Case) -> None:
    # GNU knows them since 9.3.
    t.tree(_tree())
    for word, status in (("none", 0), ("none-fail", 1), ("older", 0)):
        t.gives("cp", "--update=" + word, "f", "existing", status=status, errors=None)
        t.holds("existing", b"existing content")
    t.gives("cp", "--update=none", "--update=all", "f", "existing")
    t.holds("existing", b"content of f")


@case("cp.debug")
def _(t: Case) -> None:
    t.tree(_tree())
    outcome = t.run("cp", "--debug", "f", "new")
    t.expect(outcome.status == 0 and outcome.out.startswith(b"'f' -> 'new'\ncopy offload: "), "--debug", outcome)
    outcome = t.run("cp", "-n", "--debug", "f", "new")
    t.expect(outcome.status == 0 and b"skipped" in outcome.errors, "--debug of what is skipped", outcome)


@case("cp.sparse")
def _(t: Case) -> None:
    def make(folder: bytes) -> None:
        with open(os.path.join(folder, b"holes"), "wb") as file:
            file.write(b"begin")
            file.seek(3 * 1024 * 1024)
            file.write(b"middle")
            file.truncate(8 * 1024 * 1024 + 5)
        with open(os.path.join(folder, b"zeros"), "wb") as file:
            file.write(b"\0" * 1024 * 1024 + b"end")
    t.both(make)
    for option in ("auto", "always", "never"):
        for name in (b"holes", b"zeros"):
            t.same("cp", "--sparse=" + option, name, name + option.encode(), status=0)
            copies = [os.stat(os.path.join(folder, name + option.encode())).st_blocks for folder in (t.ours, t.gnu)]
            t.expect(abs(copies[0] - copies[1]) <= 128, "--sparse=%s %r: %d blocks, GNU's has %d" % (option, name, *copies))


@case("cp.keep-directory-symlink")
def _(t: Case) -> None:
    # An option of GNU 9.5.
    t.tree({"d": Dir(), "d/sub": Dir(), "d/sub/f": b"new", "real": Dir(), "t": Dir(), "t/sub": Link("../real")})
    t.gives("cp", "-rT", "--keep-directory-symlink", "d", "t")
    t.holds("real/f", b"new")


@case("cp.very-deep", seconds=120)
def _(t: Case) -> None:
    # Longer than any path may be.
    name = "directory-with-a-long-name-%s" % ("n" * 60)

    def make(folder: bytes) -> None:
        before = os.open(".", os.O_RDONLY)
        os.chdir(folder)
        for _ in range(3000):
            os.mkdir(name)
            os.chdir(name)
        with open("f", "wb") as file:
            file.write(b"bottom")
        os.fchdir(before)
        os.close(before)
    os.mkdir(os.path.join(t.ours, b"s"))
    make(os.path.join(t.ours, b"s"))
    outcome = t.run("cp", "-a", "s", "copy")
    if t.programs.revision == "2026-01":
        # There is no unlinkat() and no openat() to trust: a path that is too long is an error, and a clear one.
        t.expect(outcome.status in (0, 1), "cp -a", outcome)
    else:
        t.expect(outcome.status == 0 and not outcome.errors, "cp -a", outcome)
        here = os.open(os.path.join(t.ours, b"copy"), os.O_RDONLY)
        for _ in range(3000):
            below = os.open(name, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        t.expect(os.listdir(here) == ["f"], "the bottom is missing", outcome)
        os.close(here)
    t.run_gnu("rm", "-rf", "s", "copy", folder=t.ours)


@case("cp.i-and-n")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("cp", "-in", "f", "existing", stdin=b"y\n")
    t.same("cp", "-ni", "f", "existing", stdin=b"y\n", words=False)


@case("cp.verbose")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("cp", "-v", "f", "new", status=0)
    t.same("cp", "--verbose", "f", "g", "target", status=0)
    t.same("cp", "-rv", "d", "copy", in_any_order=True, status=0)
    t.same("cp", "-v", "missing", "g", "target", status=1)


@case("cp.umask")
def _(t: Case) -> None:
    for umask in (0o077, 0o000, 0o027):
        t.tree({"u%03o" % umask: Dir(), "u%03o/d" % umask: Dir(mode=0o777), "u%03o/d/f" % umask: File(b"x", mode=0o666),
                "u%03o/x" % umask: File(b"x", mode=0o777), "u%03o/t" % umask: File(b"x", mode=0o6775)})
        prefix = "u%03o/" % umask
        t.same("cp", prefix + "x", prefix + "new", umask=umask, status=0)
        t.same("cp", prefix + "t", prefix + "new-t", umask=umask, status=0)
        t.same("cp", "-r", prefix + "d", prefix + "copy", umask=umask, status=0)
        t.same("cp", "-p", prefix + "t", prefix + "kept", umask=umask, status=0)
        t.same("cp", "-a", prefix + "d", prefix + "archive", umask=umask, status=0)


@case("cp.sizes")
def _(t: Case) -> None:
    t.tree({"s%d" % size: _LARGE[:size] for size in (0, 1, 511, 4095, 4096, 4097, 128 * 1024, 1024 * 1024 - 1, 1024 * 1024,
                                                    1024 * 1024 + 1, len(_LARGE))})
    t.tree({"copies": Dir()})
    t.same("cp", *["s%d" % size for size in (0, 1, 511, 4095, 4096, 4097, 128 * 1024, 1024 * 1024 - 1, 1024 * 1024,
                                             1024 * 1024 + 1, len(_LARGE))], "copies", status=0)


@case("cp.shorter-over-longer")
def _(t: Case) -> None:
    t.tree({"short": b"short", "long": _LARGE})
    t.same("cp", "short", "long", status=0)


@case("cp.missing")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("cp", "missing", "new", status=1, complaints=["missing: No such file or directory"])
    t.same("cp", "missing", "f", "target", status=1, complaints=["missing: No such file or directory"])
    t.same("cp", "f", "no/such/directory", status=1)
    t.same("cp", "f", "missing/", status=1, words=False)
    t.same("cp", "f/below", "new", status=1)
    t.same("cp", "", "new", status=1)
    t.same("cp", "f", "", status=1)
    t.same("cp", "dangling", "new", status=1, complaints=["dangling: No such file or directory"])
    t.same("cp", "loop", "new", status=1, complaints=["loop: Too many levels of symbolic links"])


@case("cp.usage")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("cp", "f", status=1)
    t.same("cp", "-t", "target", status=1)
    t.same("cp", "-T", "f", "g", "target", status=1)
    t.same("cp", "-T", "-t", "target", "f", status=1)
    t.same("cp", "f", "g", "existing", status=1, words=False)
    t.same("cp", "f", "g", "missing", status=1, words=False)
    t.same("cp", "-t", "f", "g", status=1, words=False)


@case("cp.directory-without-r")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("cp", "d", "copy", status=1, words=False, complaints=["d: "])
    t.same("cp", "d", "f", "target", status=1, words=False, complaints=["d: "])


@case("cp.same-file")
def _(t: Case) -> None:
    t.tree(_tree())
    for arguments in (["f", "f"], ["f", "./f"], ["f", "."], ["to-f", "f"], ["f", "to-f"], ["d/a", "d/hard"],
                      ["-f", "f", "f"], ["-p", "f", "f"], ["-r", "f", "f"]):
        t.same("cp", *arguments, words=False)


@case("cp.directory-into-itself", seconds=20)
def _(t: Case) -> None:
    t.tree(_tree())
    for arguments in (["-r", "d", "d"], ["-r", "d", "d/new"], ["-r", "d", "d/sub"], ["-r", ".", "target"],
                      ["-a", "d", "d/sub/deeper"]):
        before = t.run_gnu("ls", "-R", folder=t.ours).out
        outcome = t.run("cp", *arguments)
        t.expect(outcome.status == 1 and outcome.errors, "%s is not refused" % arguments, outcome)
        t.expect(t.run_gnu("ls", "-R", folder=t.ours).out == before, "%s made something" % arguments, outcome)


@case("cp.type-conflicts")
def _(t: Case) -> None:
    t.tree({"f": b"f", "d": Dir(), "d/x": Dir(), "d/x/y": b"y", "t": Dir(), "t/d": Dir(), "t/d/x": b"a file is in the way",
            "u": Dir(), "u/f": Dir()})
    t.same("cp", "-r", "d", "t", status=1, words=False)
    t.same("cp", "f", "u", status=1, words=False)
    t.same("cp", "-r", "d", "f", status=1, words=False)
    t.same("cp", "-T", "f", "d", status=1, words=False)


@case("cp.twice-the-same-name")
def _(t: Case) -> None:
    # The second would overwrite what has just been copied.
    t.tree({"a": Dir(), "a/f": b"first", "b": Dir(), "b/f": b"second", "t": Dir()})
    t.same("cp", "a/f", "b/f", "t", status=1, words=False)


@case("cp.permissions")
def _(t: Case) -> None:
    t.tree({"locked": File(b"x", mode=0), "f": b"f", "no-writing": Dir(mode=0o555), "read-only": File(b"keep", mode=0o444),
            "t": Dir()})
    t.same("cp", "locked", "f", "t", status=1, complaints=["locked: Permission denied"])
    t.same("cp", "f", "no-writing", status=1, complaints=["no-writing/f: Permission denied"])
    t.same("cp", "f", "read-only", status=1, complaints=["read-only: Permission denied"])
    t.same("cp", "-f", "f", "read-only", status=0)


@case("cp.tree-with-unreadable-parts")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/a": b"a", "d/locked": File(b"x", mode=0), "d/z": b"z"})
    t.same("cp", "-r", "d", "copy", status=1, complaints=["d/locked: Permission denied"])
    # Of a directory that cannot be read GNU makes an empty copy, which looks as if it had been copied.
    t.tree({"e": Dir(), "e/a": b"a", "e/hidden": Dir(mode=0)})
    outcome = t.run("cp", "-r", "e", "f")
    t.expect_complaint(outcome, "cp", 1, "e/hidden: Permission denied")
    t.expect(os.listdir(os.path.join(t.ours, b"f")) == [b"a"], "not what could be read was copied", outcome)


@case("cp.tree-with-read-only-directories")
def _(t: Case) -> None:
    # A directory gets its mode when all is in it.
    t.tree({"d": Dir(mode=0o755), "d/sub": Dir(mode=0o755), "d/sub/f": b"f"})
    t.both(lambda folder: os.chmod(os.path.join(folder, b"d/sub"), 0o555))
    t.both(lambda folder: os.chmod(os.path.join(folder, b"d"), 0o555))
    t.same("cp", "-r", "d", "copy", status=0)
    t.same("cp", "-a", "d", "archive", status=0)


@case("cp.names")
def _(t: Case) -> None:
    names = [b"with space", b"new\nline", b"-r", b"--", b"\x01\x1b\x7f", b"\xff\xfe", "ü€😀".encode(), b"n" * 255, b"*", b"'"]
    t.tree({b"t": Dir(), b"d": Dir(), **{name: name for name in names}, **{b"d/" + name: name for name in names}})
    t.same("cp", "-t", "t", "--", *names, status=0)
    t.same("cp", "-r", "d", "copy", status=0)
    t.same("cp", "--", b"new\nline2", "t", status=1, complaints=[r"$'new\nline2': No such"])
    t.same("cp", "--", "n" * 255, "n" * 256, status=1)


@case("cp.deep")
def _(t: Case) -> None:
    def make(folder: bytes) -> None:
        path = os.path.join(folder, b"deep")
        for _ in range(300):
            os.makedirs(path)
            with open(os.path.join(path, b"f"), "wb") as file:
                file.write(b"x")
            path = os.path.join(path, b"d")
    t.both(make)
    t.same("cp", "-r", "deep", "copy", status=0)


@case("cp.many")
def _(t: Case) -> None:
    t.tree({"d": Dir(), **{"d/entry-with-a-name-of-some-length-%04d" % n: b"%d" % n for n in range(3000)}})
    t.same("cp", "-r", "d", "copy", status=0)


@case("cp.hard-links")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/a": b"shared", "d/b": Hard("d/a"), "d/s": Dir(), "d/s/c": Hard("d/a"), "e": Hard("d/a"), "t": Dir()})
    t.same("cp", "-a", "d", "copy", status=0, links=True)
    t.same("cp", "-d", "d/a", "d/b", "e", "t", status=0, links=True)
    t.same("cp", "-r", "d", "not-linked", status=0, links=True)


@case("cp.fifo", seconds=20)
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/pipe": Fifo(mode=0o640), "d/f": b"f"})
    t.same("cp", "-r", "d", "copy", status=0)
    t.same("cp", "-a", "d", "archive", status=0)


@case("cp.dangling-target")
def _(t: Case) -> None:
    # GNU refuses to write through a link that leads nowhere.
    t.tree({"f": b"f", "dangling": Link("nowhere")})
    t.same("cp", "f", "dangling", status=1, words=False)


@case("cp.recursive-through-target-links")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/sub": Dir(), "d/sub/f": b"new", "outside": Dir(), "outside/f": b"precious",
            "t": Dir(), "t/d": Dir(), "t/d/sub": Link("../../outside")})
    t.same("cp", "-r", "d", "t", status=1, words=False)


@case("cp.full-device")
def _(t: Case) -> None:
    t.tree({"f": b"text", "large": _LARGE})
    t.same("cp", "f", "/dev/full", status=1, complaints=["/dev/full: No space left on device"])
    t.same("cp", "large", "/dev/full", status=1, complaints=["/dev/full: No space left on device"])


@case("cp.verbose-to-full-device")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("cp", "-v", "f", "new", stdout="/dev/full", status=1)


@case("cp.closed-streams")
def _(t: Case) -> None:
    # A file that is opened as descriptor 0 or 1 must not be taken for a stream.
    t.tree(_tree())
    t.same("cp", "f", "new", closed=[0, 1], status=0)
    t.same("cp", "-r", "d", "copy", closed=[0, 1], status=0)


@case("cp.from-standard-input")
def _(t: Case) -> None:
    t.same("cp", "/dev/stdin", "new", stdin=b"through a pipe", status=0)
    t.same("cp", "/proc/version", "version", status=0)


@case("cp.source-dot")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/f": b"f", "d/s": Dir(), "t": Dir()})
    t.same("cp", "-r", "d/.", "t", status=0)
    t.same("cp", "-r", "d/.", "new", status=0)
    t.same("cp", "-r", "d/s/..", "t", status=0)
