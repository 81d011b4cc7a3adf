# SPDX-License-Identifier: MIT
"""What must hold whatever the manners of the system: sources stay as they are, the bytes are right, what was
done and what the status says agree, a message names the operand, nothing strays.

More cases are in manners_cases_*.py. Each is run under each of the manners in manners_test.py; `t.has(...)` tells which hold, for what differs.
"""
import os
import re
import subprocess
import sys
from typing import Callable, Dict, Optional, Tuple

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "smoke"))
from harness import Case, Dir, Failed, File, Hard, Link, Name, Outcome, Programs, Tree, make_tree, snapshot

# In the order in which they are run.
CASES: Dict[str, "Definition"] = {}

# More than a read of the share brings, and nowhere the same.
_LARGE = b"".join(b"%09d\n" % n for n in range(20_000)) + b"seventeen bytes.."
_SMALL = _LARGE[:9_000]

# The statuses that a program may end with, where they are not 0, 1 and 2.
STATUSES: Dict[str, Tuple[int, ...]] = {
    "env": (0, 125, 126, 127),
    "host": (0, 1),
    "tty": (0, 1, 3),
}

# What cp says of a share, once; the copy is as good as it can be.
_NOT_KEPT = b"does not keep all attributes"
# Nothing can be read through these, or not to the end.
_UNREADABLE = ("disk-busy", "reads-again")


class Definition:
    """A case: `only` names manners, of which one has to hold for it to be run (None: it is always run)."""

    def __init__(self, function: Callable[["MannersCase"], None], only: Optional[tuple]) -> None:
        self.function = function
        self.only = only


def case(name: str, only: Optional[tuple] = None):
    """Registers a case."""
    assert re.fullmatch(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+", name), name

    def register(function: Callable[["MannersCase"], None]):
        assert name not in CASES, name
        CASES[name] = Definition(function, only)
        return function

    return register


class MannersCase(Case):
    """A case under manners. `names`: those that hold, bundles taken apart."""

    def __init__(self, name: str, programs: Programs, folder: str, manners: str, names: frozenset) -> None:
        super().__init__(name, programs, folder, 60)
        self.manners = manners
        self.names = names
        self.scope: Optional[bytes] = None

    def has(self, *names: str) -> bool:
        """Whether one of these holds."""
        return not self.names.isdisjoint(names)

    def _run(self, command, folder, *, stdin: bytes = b"", stdout=None, environment=None, **how) -> Outcome:
        """As the base class's, but quick: manners_test.py itself has set the umask and is bound by permissions."""
        assert not how, how
        variables = {"LC_ALL": "C", "TZ": "UTC0", "PATH": os.environ.get("PATH", "/usr/bin:/bin"), **(environment or {})}
        try:
            ran = subprocess.run(command, cwd=folder, env=variables, input=stdin, check=False, close_fds=False, timeout=30,
                                 stdout=subprocess.PIPE if stdout is None else stdout, stderr=subprocess.PIPE)
        except subprocess.TimeoutExpired:
            raise Failed("time is up while %s was running" % self._words(command)) from None
        return Outcome(ran.returncode, ran.stdout or b"", ran.stderr)

    def files(self, tree: Tree) -> None:
        """Makes files in our folder."""
        make_tree(self.ours, tree)

    def seen(self, name: str = ".") -> Dict[bytes, str]:
        """What is at `name` and below, without times."""
        path = os.path.join(self.ours, os.fsencode(name))
        if os.path.isdir(path) and not os.path.islink(path):
            return snapshot(path, False, False)
        if not os.path.lexists(path):
            return {}
        return {b".": os.readlink(path) if os.path.islink(path) else self.content(name)}

    def content(self, name: Name) -> Optional[bytes]:
        """A file's content; None where there is none."""
        path = os.path.join(self.ours, os.fsencode(name))
        if not os.path.isfile(path):
            return None
        with open(path, "rb") as file:
            return file.read()

    def do(self, program: str, *arguments: Name, **how) -> Outcome:
        """Runs our program under the manners."""
        manners = self.manners
        if self.scope is not None:
            manners = "redox,9p=" + os.fsdecode(self.scope)
        variables = {"CATION_MANNERS": manners} if manners else {}
        outcome = self.run(program, *arguments, environment={**variables, **how.pop("environment", {})}, **how)
        prefix = program.encode() + b": "
        self.expect(outcome.status in STATUSES.get(program, (0, 1, 2)), "ended by a signal, or by the stand-in", outcome)
        for line in outcome.errors.splitlines():
            self.expect(line.startswith(prefix), "a message does not begin with %r" % prefix, outcome)
        complaints = [line for line in outcome.errors.splitlines() if _NOT_KEPT not in line]
        agree = bool(outcome.status) == bool(complaints) or "-f" in arguments
        self.expect(agree, "status and messages disagree", outcome)
        return outcome

    def succeeds(self, outcome: Outcome) -> Outcome:
        self.expect(outcome.status == 0 and not outcome.errors, "does not succeed", outcome)
        return outcome

    def refuses(self, outcome: Outcome, operand: str) -> Outcome:
        """It failed and says what with."""
        self.expect(outcome.status != 0, "claims success", outcome)
        self.expect(os.fsencode(operand) in outcome.errors, "does not name %r" % operand, outcome)
        return outcome

    def judge(self, outcome: Outcome, done: bool, operand: str, may_refuse: tuple = ()) -> bool:
        """What was asked for is `done`, and the status says so; under manners that make it impossible it may
        be undone, and then is said to be. Returns `done`."""
        if outcome.status == 0:
            self.expect(done, "claims success, but it is not done", outcome)
            return True
        self.expect(self.has(*may_refuse), "fails without need", outcome)
        self.refuses(outcome, operand)
        return False


def _tree() -> Tree:
    return {
        "f": File(b"content of f\n", mode=0o640), "g": b"other content\n", "empty": b"", "outside": Dir(),
        "outside/precious": b"precious", "d": Dir(), "d/a": b"a", "d/sub": Dir(), "d/sub/b": File(b"b", mode=0o600),
        "d/sub/link": Link("../a"), "d/to-outside": Link("../outside"), "d/dangling": Link("nowhere"),
        "d/empty": Dir(), "to-f": Link("f"), "to-outside": Link("outside"),
    }


def _large(t: MannersCase) -> bytes:
    return _SMALL if t.has("reads-of-one") else _LARGE


# ----------------------------------------------------------------------------------------------------- cat
@case("cat.files")
def _(t: MannersCase) -> None:
    t.files({**_tree(), "large": _large(t)})
    outcome = t.do("cat", "f", "large", "empty", "g")
    done = outcome.out == b"content of f\n" + _large(t) + b"other content\n"
    t.judge(outcome, done, "f" if t.has(*_UNREADABLE) else "", _UNREADABLE + ("writes-again",))
    t.expect(t.content("large") == _large(t), "the source has changed")


@case("cat.numbered")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("cat", "-n", "f", "g")
    t.judge(outcome, outcome.out == b"     1\tcontent of f\n     2\tother content\n", "", _UNREADABLE + ("writes-again",))


@case("cat.standard-input")
def _(t: MannersCase) -> None:
    outcome = t.do("cat", stdin=_SMALL)
    t.judge(outcome, outcome.out == _SMALL, "", ("reads-again", "writes-again"))


@case("cat.missing")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("cat", "missing", "f")
    t.expect(b"cat: missing: No such file or directory\n" in outcome.errors, "not its reason", outcome)
    t.expect(outcome.out in (b"content of f\n", b"") and outcome.status == 1, "not the rest", outcome)
    if not t.has("writes-again", *_UNREADABLE):
        t.expect(outcome.out == b"content of f\n" and outcome.errors.count(b"\n") == 1, "not the rest", outcome)


@case("cat.directory")
def _(t: MannersCase) -> None:
    t.files(_tree())
    t.refuses(t.do("cat", "d"), "d: ")


@case("cat.onto-itself")
def _(t: MannersCase) -> None:
    t.files(_tree())
    out = os.open(os.path.join(t.ours, b"f"), os.O_WRONLY | os.O_APPEND)
    try:
        outcome = t.do("cat", "f", stdout=out)
    finally:
        os.close(out)
    t.refuses(outcome, "f: " if not t.has("disk-busy") else "")
    t.expect(t.content("f") == b"content of f\n", "the file has changed", outcome)


@case("cat.append")
def _(t: MannersCase) -> None:
    # f and g are different files, on a share too, where both have device 0.
    t.files(_tree())
    out = os.open(os.path.join(t.ours, b"g"), os.O_WRONLY | os.O_APPEND)
    try:
        outcome = t.do("cat", "f", stdout=out)
    finally:
        os.close(out)
    content = t.content("g")
    t.expect(content is not None and content.startswith(b"other content\n"), "what was there is lost: %r" % content, outcome)
    t.judge(outcome, content == b"other content\ncontent of f\n", "", _UNREADABLE + ("writes-again",))


@case("cat.through-a-link")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("cat", "to-f")
    t.judge(outcome, outcome.out == b"content of f\n", "", _UNREADABLE + ("writes-again", "symlink-exdev"))


# ----------------------------------------------------------------------------------------------------- cp
@case("cp.file")
def _(t: MannersCase) -> None:
    t.files({**_tree(), "large": _large(t)})
    for source in ("f", "large", "empty"):
        outcome = t.do("cp", source, "new-" + source)
        done = t.content("new-" + source) == t.content(source)
        t.judge(outcome, done, source, _UNREADABLE + ("writes-again",))
    t.expect(t.content("large") == _large(t) and t.content("f") == b"content of f\n", "a source has changed")


@case("cp.over-a-file")
def _(t: MannersCase) -> None:
    t.files({**_tree(), "large": _large(t)})
    for source, target in (("f", "large"), ("large", "g")):
        want = t.content(source)
        outcome = t.do("cp", source, target)
        t.judge(outcome, t.content(target) == want, "", _UNREADABLE + ("writes-again",))
        t.expect(t.content(source) == want, "the source has changed", outcome)


@case("cp.no-clobber")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("cp", "-n", "f", "g")
    t.expect(t.content("g") == b"other content\n", "it is overwritten", outcome)


@case("cp.same-file")
def _(t: MannersCase) -> None:
    t.files({**_tree(), "hard": Hard("f")})
    for arguments in (["f", "f"], ["f", "./f"], ["f", "d/../f"], ["f", "hard"], ["-f", "f", "f"], ["-p", "f", "./f"],
                      ["f", "."], ["-r", "f", "."]):
        outcome = t.do("cp", *arguments)
        t.refuses(outcome, "")
        t.expect(t.content("f") == b"content of f\n" == t.content("hard"), "%s: the file has changed" % arguments, outcome)


@case("cp.not-the-same-file")
def _(t: MannersCase) -> None:
    # Two files alike in all but their number.
    t.files({"one": b"same content", "two": b"same content", "one-d": Dir(), "one-d/f": b"1", "two-d": Dir()})
    outcome = t.do("cp", "one", "two")
    t.judge(outcome, True, "", _UNREADABLE + ("writes-again",))
    outcome = t.do("cp", "-rT", "one-d", "two-d")
    t.judge(outcome, t.content("two-d/f") == b"1", "", _UNREADABLE + ("writes-again",))


@case("cp.into-itself")
def _(t: MannersCase) -> None:
    t.files(_tree())
    before = t.seen()
    for arguments in (["-r", "d", "d"], ["-r", "d", "d/new"], ["-r", "d", "d/sub"], ["-r", "d", "d/sub/../new"],
                      ["-a", "d", "d/sub/deeper"], ["-r", ".", "outside"], ["-r", "d", "./d/../d/new"]):
        t.refuses(t.do("cp", *arguments), "")
        t.expect(t.seen() == before, "%s made something" % arguments)


@case("cp.recursive")
def _(t: MannersCase) -> None:
    t.files(_tree())
    before = t.seen("d")
    outcome = t.do("cp", "-r", "d", "copy")
    done = _alike(before, t.seen("copy"), t)
    t.judge(outcome, done, "d" if t.has(*_UNREADABLE) else "copy", _UNREADABLE + ("writes-again", "mkdir-makes-file"))
    t.expect(t.seen("d") == before, "the source has changed")
    if t.has("mkdir-makes-file"):
        t.expect(not os.path.lexists(os.path.join(t.ours, b"copy")), "a file strays where a directory was to be", outcome)
        t.expect(outcome.errors.count(b"\n") == 1, "more than one message", outcome)


@case("cp.recursive-into-existing")
def _(t: MannersCase) -> None:
    t.files({**_tree(), "t": Dir(), "t/d": Dir(), "t/d/sub": Dir(), "t/d/empty": Dir(), "t/d/a": b"old"})
    outcome = t.do("cp", "-r", "d", "t")
    t.judge(outcome, _alike(t.seen("d"), t.seen("t/d"), t), "", _UNREADABLE + ("writes-again",))


def _alike(source: Dict[bytes, str], copy: Dict[bytes, str], t: MannersCase) -> bool:
    """The same files; the same modes too, where they can be kept."""
    if t.has("chmod-ignored", "mkdir-makes-file"):
        def without(text: str) -> str:
            return re.sub(r"^mode \d+(\d{3})", "mode", text)
        return {k: without(v) for k, v in source.items()} == {k: without(v) for k, v in copy.items()}
    return source == copy


@case("cp.archive")
def _(t: MannersCase) -> None:
    t.files({**_tree(), "t": Dir(), "t/d": Dir(), "t/d/sub": Dir(), "t/d/empty": Dir()})
    outcome = t.do("cp", "-a", "d", "t")
    done = _alike(t.seen("d"), t.seen("t/d"), t)
    may_refuse = _UNREADABLE + ("writes-again", "chmod-ignored", "errors-are-eio")
    if t.judge(outcome, done, "", may_refuse):
        for name in ("a", "sub/b", "sub"):
            was, now = (os.lstat(os.path.join(t.ours, os.fsencode(top + name))).st_mtime_ns for top in ("d/", "t/d/"))
            t.expect(was == now, "%s has not its time" % name, outcome)


@case("cp.mode-not-kept", only=("chmod-ignored",))
def _(t: MannersCase) -> None:
    # Made by somebody else with another mode, which cannot be changed: -p says so, and once.
    t.files({"d": Dir(), "t": Dir(), "t/d": Dir()})
    for n in range(3):
        t.files({"d/f%d" % n: File(b"new", mode=0o750), "t/d/f%d" % n: File(b"old", mode=0o604)})
    outcome = t.do("cp", "-rp", "d", "t")
    for n in range(3):
        t.expect(t.content("t/d/f%d" % n) == b"new", "not copied", outcome)
    # Looked at only on a share, which is known by its device.
    if t.has("device-0"):
        t.expect(outcome.errors.count(_NOT_KEPT) == 1, "not said, or not once", outcome)


@case("cp.hard-links", only=("no-hard-links", "device-0", "errors-are-eio", "short-reads"))
def _(t: MannersCase) -> None:
    t.files({"d": Dir(), "d/a": b"shared", "d/b": Hard("d/a"), "t": Dir(), "t/d": Dir()})
    outcome = t.do("cp", "-av", "d", "t")
    t.judge(outcome, t.content("t/d/a") == b"shared" == t.content("t/d/b"), "", _UNREADABLE)
    if t.has("no-hard-links"):
        t.expect(outcome.out.count(b"no hard link") == 1, "-v does not say that it is a copy", outcome)


@case("cp.link", only=None)
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("cp", "-P", "to-f", "new")
    path = os.path.join(t.ours, b"new")
    done = os.path.islink(path) and os.readlink(path) == b"f"
    t.judge(outcome, done, "" if t.has("writes-again") else "to-f", _UNREADABLE + ("writes-again",))
    t.expect(done or not os.path.lexists(path), "something else was made", outcome)


@case("cp.through-a-link")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("cp", "to-f", "new")
    t.judge(outcome, t.content("new") == b"content of f\n", "" if t.has("writes-again") else "to-f", _UNREADABLE + ("writes-again", "symlink-exdev"))
    if t.has("symlink-exdev"):
        t.expect(not os.path.lexists(os.path.join(t.ours, b"new")), "something was made", outcome)


@case("cp.slash-after-a-file")
def _(t: MannersCase) -> None:
    t.files(_tree())
    before = t.seen()
    t.refuses(t.do("cp", "f", "new/"), "f" if t.has("disk-busy") else "new/")
    t.refuses(t.do("cp", "f", "g/"), "f" if t.has("disk-busy") else "g/")
    t.expect(t.seen() == before, "something was made or changed")


@case("cp.missing")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("cp", "missing", "f", "outside")
    t.expect(b"cp: missing: No such file or directory\n" in outcome.errors and outcome.status == 1, "not its reason", outcome)
    if not t.has("writes-again", *_UNREADABLE):
        t.expect(t.content("outside/f") == b"content of f\n", "the rest was not copied", outcome)


# ----------------------------------------------------------------------------------------------------- rm
@case("rm.file")
def _(t: MannersCase) -> None:
    t.files(_tree())
    t.succeeds(t.do("rm", "f", "empty", "to-outside"))
    t.expect(not t.seen("f") and not t.seen("to-outside"), "still there")
    t.expect(t.content("outside/precious") == b"precious", "a link was followed")


@case("rm.recursive")
def _(t: MannersCase) -> None:
    # No link is followed, whatever a directory's entries say that it is.
    t.files(_tree())
    t.succeeds(t.do("rm", "-r", "d"))
    t.expect(not t.seen("d"), "still there")
    t.expect(t.content("outside/precious") == b"precious" and t.content("f") is not None, "a link was followed")


@case("rm.force")
def _(t: MannersCase) -> None:
    t.files({**_tree(), "read-only": File(b"", mode=0o400)})
    t.succeeds(t.do("rm", "-rf", "missing", "d", "read-only", "to-outside"))
    t.expect(not t.seen("d") and not t.seen("read-only"), "still there")
    t.expect(t.content("outside/precious") == b"precious", "a link was followed")


@case("rm.verbose")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("rm", "-rv", "d", "f")
    t.expect(not t.seen("d") and not t.seen("f"), "still there", outcome)
    if t.judge(outcome, True, "", ("writes-again",)):
        t.expect(sorted(outcome.out.splitlines())[0] == b"removed 'd/a'" and outcome.out.count(b"\n") == 9,
                 "not what was removed", outcome)


@case("rm.dot")
def _(t: MannersCase) -> None:
    t.files(_tree())
    before = t.seen()
    for operand, options in (("d/.", ("-r", "-rf", "-d", "-f")), ("d/empty/.", ("-rf", "-d")), ("d/./", ("-r",)), ("d/..", ("-rf",)),
                             ("d/sub/../.", ("-rf",)), (".", ("-rf",)), ("..", ("-r",)), ("./", ("-rf",)), ("d/empty/./", ("-d",))):
        for option in options:
            outcome = t.do("rm", option, operand)
            t.expect(outcome.status == 1 and operand.encode() in outcome.errors, "does not refuse %r" % operand, outcome)
            t.expect(t.seen() == before, "rm %s %s removed something" % (option, operand), outcome)


@case("rm.empty-operand")
def _(t: MannersCase) -> None:
    t.files(_tree())
    before = t.seen()
    for program, arguments in (("rm", ["-rf", ""]), ("rm", ["-r", ""]), ("cat", [""]), ("cp", ["", "new"]), ("cp", ["f", ""]),
                               ("ls", [""]), ("mkdir", [""]), ("mkdir", ["-p", ""]), ("sync", [""])):
        outcome = t.do(program, *arguments)
        t.expect(outcome.status != 0 or arguments == ["-rf", ""], "%s: claims success" % arguments, outcome)
        t.expect(t.seen() == before, "%s %s changed something" % (program, arguments), outcome)


@case("rm.directory-without-r")
def _(t: MannersCase) -> None:
    t.files(_tree())
    before = t.seen()
    t.refuses(t.do("rm", "d"), "d: ")
    t.refuses(t.do("rm", "-d", "d"), "d: ")
    t.expect(t.seen() == before, "something is gone")
    t.succeeds(t.do("rm", "-d", "d/empty"))
    t.expect(not t.seen("d/empty"), "still there")


@case("rm.slash-after-a-file")
def _(t: MannersCase) -> None:
    t.files(_tree())
    before = t.seen()
    for arguments in (["f/"], ["-r", "f/"], ["-r", "to-f/"]):
        t.refuses(t.do("rm", *arguments), arguments[-1])
    t.expect(t.seen() == before, "something is gone")


@case("rm.link-with-slash", only=("slash-accepted", "text-paths"))
def _(t: MannersCase) -> None:
    # As text it is the link; whoever writes the slash may mean what is behind it. Neither is touched silently.
    t.files(_tree())
    outcome = t.do("rm", "-r", "to-outside/")
    if t.content("outside/precious") is None:
        t.expect(outcome.status != 0 or not t.seen("to-outside"), "the directory's files are gone, and it claims success", outcome)
    if outcome.status == 0:
        t.expect(not t.seen("to-outside"), "claims success, and nothing is gone", outcome)


@case("rm.missing")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("rm", "missing", "f")
    t.expect(outcome.errors == b"rm: missing: No such file or directory\n" and outcome.status == 1, "not its reason", outcome)
    t.expect(not t.seen("f"), "the rest is still there", outcome)


@case("rm.text-path", only=("text-paths",))
def _(t: MannersCase) -> None:
    # What is named is removed, and nothing that is named otherwise.
    t.files({**_tree(), "outside/f": b"another"})
    outcome = t.do("rm", "to-outside/../f")
    t.judge(outcome, not t.seen("f"), "f")
    t.expect(t.content("outside/f") == b"another", "another file is gone", outcome)


@case("rm.many", only=("listing-shifts", "no-types", "types-wrong"))
def _(t: MannersCase) -> None:
    # More than two listings: what is removed while listing must not hide the rest.
    t.files({"d": Dir(), **{"d/entry-with-a-name-of-some-length-%05d-%s" % (n, "x" * 100): b"" for n in range(700)},
             "d/z": Dir(), "d/z/f": b""})
    t.succeeds(t.do("rm", "-r", "d"))
    t.expect(not t.seen("d"), "still there")


# ----------------------------------------------------------------------------------------------------- ls
@case("ls.same-as-without")
def _(t: MannersCase) -> None:
    t.files({**_tree(), "executable": File(b"", mode=0o755)})
    for arguments in (["-aF"], ["--color=always"], ["-naR"], ["-is"], ["-d", "d", "f", "to-f"], ["-tp", "d"], ["-C", "d"]):
        plain = t.run("ls", *arguments)
        outcome = t.do("ls", *arguments)
        want = plain.out
        if t.has("link-mode"):
            want = want.replace(b"lrwxrwxrwx", b"lrwxr-xr-x")
        t.judge(outcome, outcome.out == want, "", ("writes-again", "reads-again"))


@case("ls.missing")
def _(t: MannersCase) -> None:
    t.files(_tree())
    outcome = t.do("ls", "missing", "f")
    t.expect(b"ls: missing: No such file or directory\n" in outcome.errors and outcome.status == 2, "not its reason", outcome)
    t.expect(outcome.out == b"f\n" or t.has("writes-again"), "not the rest", outcome)


@case("ls.through-links")
def _(t: MannersCase) -> None:
    t.files(_tree())
    for arguments in (["-L", "d/sub"], ["to-outside"], ["-nL", "to-f"], ["-H", "to-outside"]):
        plain = t.run("ls", *arguments)
        outcome = t.do("ls", *arguments)
        # Where a link is not followed, it is shown itself or refused.
        if not t.has("symlink-exdev"):
            t.judge(outcome, outcome.out == plain.out, "", ("writes-again",))


# -------------------------------------------------------------------------------------------------- mkdir
@case("mkdir.one")
def _(t: MannersCase) -> None:
    t.files(_tree())
    before = t.seen()
    outcome = t.do("mkdir", "new")
    done = os.path.isdir(os.path.join(t.ours, b"new"))
    if not t.judge(outcome, done, "new", ("mkdir-makes-file",)):
        t.expect(t.seen() == before, "something else was made", outcome)
        return
    t.succeeds(t.do("mkdir", "-m", "700", "private"))
    mode = os.stat(os.path.join(t.ours, b"private")).st_mode & 0o7777
    t.expect(mode == 0o700, "its mode is %o" % mode)


@case("mkdir.parents")
def _(t: MannersCase) -> None:
    t.files(_tree())
    before = t.seen()
    outcome = t.do("mkdir", "-p", "x/y/z")
    if not t.judge(outcome, os.path.isdir(os.path.join(t.ours, b"x/y/z")), "x", ("mkdir-makes-file",)):
        t.expect(t.seen() == before, "something else was made", outcome)
    before = t.seen()
    t.succeeds(t.do("mkdir", "-p", "d", "d/sub", "d/sub/", ".", "d/."))
    t.expect(t.seen() == before, "something was made")


@case("mkdir.exists")
def _(t: MannersCase) -> None:
    t.files(_tree())
    before = t.seen()
    for operand in ("d", "f", "empty", "to-f", "to-outside", "d/"):
        t.refuses(t.do("mkdir", operand), operand)
        t.expect(t.seen() == before, "%s: something has changed" % operand)
    for operand in ("f", "empty", "f/x"):
        t.refuses(t.do("mkdir", "-p", operand), operand)
        t.expect(t.seen() == before, "-p %s: something has changed" % operand)


@case("mkdir.missing-parent")
def _(t: MannersCase) -> None:
    outcome = t.do("mkdir", "a/b")
    t.expect(outcome.errors == b"mkdir: a/b: No such file or directory\n" and outcome.status == 1, "not its reason", outcome)


# ---------------------------------------------------------------------------------------------------- env
_SCRIPT = File(b"#!/bin/sh\necho \"$0\" \"$@\" $A\n", mode=0o755)


@case("env.prints")
def _(t: MannersCase) -> None:
    outcome = t.do("env", "-i", "A=1", "-S", "B=2")
    t.expect(outcome.status == 127 and b"-S: No such file or directory\n" in outcome.errors, "not its reason", outcome)
    outcome = t.do("env", "-iS", "A=1 B='2 3'", "C=")
    t.judge(outcome, outcome.out == b"A=1\nB=2 3\nC=\n", "", ("writes-again",))


@case("env.runs")
def _(t: MannersCase) -> None:
    # By its path, by PATH, through a link, from another directory: the script is found again by its interpreter.
    t.files({**_tree(), "d/script": _SCRIPT, "to-script": Link("d/script")})
    for arguments, want in ((["A=1", "d/script", "x y"], b"d/script x y 1\n"), (["PATH=nothing:f:d", "script", "-i"], b"d/script -i\n"),
                            (["A=2", "./to-script"], b"./to-script 2\n"), (["-C", "d", "PATH=", "script"], b"script\n"),
                            (["-a", "other", "d/script"], b"d/script\n")):
        outcome = t.do("env", *arguments)
        # A script is read to see that it is one; on a share a link cannot be opened, and what is no directory of PATH
        # is an error like any other.
        may_refuse = _UNREADABLE + (("symlink-exdev",) if "./to-script" in arguments else ()) + (
            ("errors-are-eio",) if "PATH=nothing:f:d" in arguments else ())
        t.judge(outcome, outcome.out == want, "script", may_refuse)


@case("env.cannot-be-run")
def _(t: MannersCase) -> None:
    t.files({**_tree(), "d/plain": b"#!/bin/sh\n"})
    outcome = t.do("env", "missing", "x")
    t.expect(outcome.status == 127 and outcome.errors == b"env: missing: No such file or directory\n", "not its reason", outcome)
    for arguments in (["d/plain"], ["PATH=d:outside", "plain"], ["d/sub"]):
        t.expect(t.refuses(t.do("env", *arguments), os.path.basename(arguments[-1])).status == 126, "%s: not 126" % arguments)
    for directory in ("missing", "f", ""):
        outcome = t.refuses(t.do("env", "-C", directory, "/bin/echo"), directory)
        t.expect(outcome.status == 125 and not outcome.out, "%r: not 125" % directory, outcome)


# --------------------------------------------------------------------------------------------------- sync
@case("sync.files")
def _(t: MannersCase) -> None:
    t.files(_tree())
    t.succeeds(t.do("sync"))
    outcome = t.do("sync", "f")
    t.judge(outcome, True, "f", ("disk-busy",))
    t.succeeds(t.do("sync", "d") if not t.has("disk-busy") else t.do("sync"))
    t.succeeds(t.do("sync", "-d", "d") if not t.has("disk-busy") else t.do("sync"))
    outcome = t.do("sync", "missing")
    t.expect(outcome.errors == b"sync: missing: No such file or directory\n" and outcome.status == 1, "not its reason", outcome)
    if t.has("disk-busy"):
        t.refuses(t.do("sync", "f"), "f: ")


# -------------------------------------------------------------------------------------------------- names
_NAMES = {"colon-scheme": b"a:b", "utf8": b"\xff\xfe", "name-252": b"n" * 253}


@case("names.that-cannot-be")
def _(t: MannersCase) -> None:
    # Files whose names the system does not take: a clear error and nothing else; the rest is done.
    for manner, name in _NAMES.items():
        os.mkdir(os.path.join(t.ours, manner.encode()))
        t.files({manner + "/d": Dir(), manner.encode() + b"/d/" + name: b"odd", manner + "/d/plain": b"plain",
                 manner + "/existing": Dir(), manner + "/existing/d": Dir()})
        top = manner + "/"
        odd = os.fsencode(top) + b"d/" + name
        refused = t.has(manner)
        may = _UNREADABLE + ("writes-again",) + ((manner,) if refused else ())

        outcome = t.do("cat", odd)
        t.judge(outcome, outcome.out == b"odd", "", may)
        t.expect(not refused or (outcome.status == 1 and outcome.errors.count(b"\n") == 1), "not one clear error", outcome)
        before = t.seen(top + "d")
        outcome = t.do("cp", "-r", top + "d", top + "existing")
        t.expect(t.content(top + "existing/d/plain") == b"plain" or t.has(*_UNREADABLE, "writes-again"), "the rest is not copied", outcome)
        t.judge(outcome, t.seen(top + "d") == t.seen(top + "existing/d"), "", may)
        t.expect(t.seen(top + "d") == before, "the source has changed", outcome)
        outcome = t.do("cp", top + "d/plain", os.fsencode(top) + name)
        t.judge(outcome, t.content(os.fsencode(top) + name) == b"plain", "", may)
        t.expect(not refused or t.content(os.fsencode(top) + name) is None, "made all the same", outcome)
        outcome = t.do("mkdir", os.fsencode(top) + name + b"-")
        t.expect(not refused or outcome.status == 1, "claims success", outcome)
        outcome = t.do("ls", top + "d")
        t.expect((b"plain" in outcome.out and outcome.status == 0) or t.has("writes-again"), "a listing needs no look-up", outcome)
        outcome = t.do("ls", "-n", top + "d")
        t.expect(b"plain" in outcome.out or t.has("writes-again"), "the rest is not listed", outcome)
        t.expect(not refused or outcome.status == 1, "claims success", outcome)
        outcome = t.do("rm", "-r", top + "d")
        t.expect(t.content(top + "d/plain") is None, "the rest is not removed", outcome)
        t.judge(outcome, not t.seen(top + "d"), "", (manner,))
        t.expect(not refused or t.content(odd) == b"odd", "not there any more, and yet an error", outcome)


# -------------------------------------------------------------------------------------------------- share
def _shared(t: MannersCase) -> None:
    """A RedoxFS with a 9p share in it."""
    t.files({**_tree(), "large": _large(t), "share": Dir(), "share/f": b"on the share\n", "share/d": Dir(),
             "share/d/a": b"shared a", "share/d/sub": Dir(), "share/d/sub/b": b"shared b", "share/d/link": Link("a"),
             "share/d/to-outside": Link("../../outside"), "share/empty": Dir(), "disk": Dir()})
    t.scope = os.path.join(t.ours, b"share")


_SHARE = ("9p-share",)


@case("share.cp-to-it", only=_SHARE)
def _(t: MannersCase) -> None:
    _shared(t)
    t.succeeds(t.do("cp", "f", "large", "share"))
    t.expect(t.content("share/f") == b"content of f\n" and t.content("share/large") == t.content("large"), "not its bytes")
    t.expect(t.do("cp", "-p", "f", "share/new").status == 0, "-p fails")
    t.expect(t.content("share/new") == b"content of f\n", "not its bytes")
    outcome = t.do("cp", "-n", "g", "share/f")
    t.expect(t.content("share/f") == b"content of f\n", "-n overwrites", outcome)


@case("share.cp-tree-to-it", only=_SHARE)
def _(t: MannersCase) -> None:
    _shared(t)
    before = t.seen("share")
    outcome = t.refuses(t.do("cp", "-r", "d", "share/empty"), "share/empty/d")
    t.expect(outcome.errors.count(b"\n") == 1, "more than one message", outcome)
    t.expect(t.seen("share") == before, "something strays there", outcome)
    t.expect(t.content("d/sub/b") == b"b", "the source has changed")


@case("share.cp-from-it", only=_SHARE)
def _(t: MannersCase) -> None:
    _shared(t)
    t.succeeds(t.do("cp", "share/f", "disk"))
    t.expect(t.content("disk/f") == b"on the share\n", "not its bytes")
    t.succeeds(t.do("cp", "-r", "share/d", "disk"))
    t.expect(t.seen("disk/d") == t.seen("share/d"), "not the same tree")
    t.succeeds(t.do("cp", "-a", "share/d", "disk/archive"))
    t.expect(t.seen("disk/archive") == t.seen("share/d"), "not the same tree")
    t.expect(t.content("outside/precious") == b"precious", "a link was followed")


@case("share.cp-within", only=_SHARE)
def _(t: MannersCase) -> None:
    _shared(t)
    t.succeeds(t.do("cp", "share/f", "share/d/a"))
    t.expect(t.content("share/d/a") == b"on the share\n", "not its bytes")
    t.refuses(t.do("cp", "share/f", "share/../share/f"), "share/f")
    t.expect(t.content("share/f") == b"on the share\n", "it has changed")
    before = t.seen("share")
    t.refuses(t.do("cp", "-r", "share/d", "share/d/sub"), "")
    t.refuses(t.do("cp", "-r", "share", "share/d"), "")
    t.expect(t.seen("share") == before, "something was made")


@case("share.mkdir", only=_SHARE)
def _(t: MannersCase) -> None:
    _shared(t)
    before = t.seen("share")
    t.refuses(t.do("mkdir", "share/new"), "share/new")
    t.refuses(t.do("mkdir", "-p", "share/x/y"), "share/x")
    t.refuses(t.do("mkdir", "share/f"), "share/f")
    t.refuses(t.do("mkdir", "share/d"), "share/d")
    t.expect(t.seen("share") == before, "something new is there, or something else is not")
    t.succeeds(t.do("mkdir", "-p", "share/d/sub", "disk/new/sub"))
    t.expect(t.seen("share") == before and os.path.isdir(os.path.join(t.ours, b"disk/new/sub")), "not the disk's, or the share's")


@case("share.mkdir-leaves-what-was-there", only=_SHARE)
def _(t: MannersCase) -> None:
    # An empty file that somebody made long ago is not what mkdir has just made.
    _shared(t)
    t.files({"share/old-and-empty": File(b"", mode=0o755)})
    t.refuses(t.do("mkdir", "share/old-and-empty"), "share/old-and-empty")
    t.expect(t.content("share/old-and-empty") == b"", "it is gone")


@case("share.rm", only=_SHARE)
def _(t: MannersCase) -> None:
    _shared(t)
    t.refuses(t.do("rm", "share/d"), "share/d")
    t.expect(t.content("share/d/a") == b"shared a", "it is gone")
    t.succeeds(t.do("rm", "-r", "share/d", "share/f"))
    t.expect(not t.seen("share/d") and not t.seen("share/f"), "still there")
    t.expect(t.content("outside/precious") == b"precious", "a link was followed")


@case("share.ls", only=_SHARE)
def _(t: MannersCase) -> None:
    _shared(t)
    for arguments in (["-F", "share/d"], ["--color=always", "share/d"], ["-lR", "share"], ["-R", "disk", "share"]):
        plain = t.run("ls", *arguments).out.replace(b"lrwxrwxrwx", b"lrwxr-xr-x")
        outcome = t.succeeds(t.do("ls", *arguments))
        t.expect(outcome.out == plain, "%s: not %r" % (arguments, plain), outcome)


@case("share.cat", only=_SHARE)
def _(t: MannersCase) -> None:
    _shared(t)
    t.succeeds(t.do("cp", "large", "share/large"))
    outcome = t.succeeds(t.do("cat", "share/f", "share/large", "f"))
    t.expect(outcome.out == b"on the share\n" + _large(t) + b"content of f\n", "not its bytes")


@case("share.sync", only=_SHARE)
def _(t: MannersCase) -> None:
    _shared(t)
    t.succeeds(t.do("sync", "share/f", "f", "share", "d"))
