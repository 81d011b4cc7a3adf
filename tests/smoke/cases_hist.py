# SPDX-License-Identifier: MIT
"""hist: what it lists of Ion's history, and what it makes of the file."""
import os
from cases_common import closed_streams, little_memory
from harness import Case, Dir, File, Link, case

_HISTORY = b"ls -l\ncat a b\n#1700000000\nls -l\n#1700000010\n# a comment\ncd /tmp\nLS\n"

closed_streams("hist", [(["-f", "f"], True), (["-f", "f", "-ru"], True), (["-f", "missing"], False), (["-f", "f", "--prune=0"], False),
                        (["-f", "f", "-m", "g"], False)])
little_memory("hist", ["-f", "f"])


@case("hist.common.names")
def _(t: Case) -> None:
    t.tree({"d": Dir(), b"d/new\nline": b"a\nb\n", b"d/-f": b"a\nb\n", b"d/\xc3\xbc": b"a\nb\n"})
    for name in (b"d/new\nline", b"d/-f", b"d/\xc3\xbc"):
        t.gives("hist", b"-f", name, out=b"a\nb\n")
        t.gives("hist", b"-f", name, "--prune=1")
        t.holds(name, b"b\n")
    t.gives("hist", "-f", b"missing\n", status=2, errors=b"hist: $'missing\\n': No such file or directory\n")


@case("hist.list.plain")
def _(t: Case) -> None:
    t.tree({"h": _HISTORY, "cut": b"a\nb", "empty": b"", "nuls": b"a\0b\n\xff\n"})
    t.gives("hist", "-f", "h", out=b"ls -l\ncat a b\nls -l\n# a comment\ncd /tmp\nLS\n")
    t.gives("hist", "-f", "cut", out=b"a\nb\n")
    t.gives("hist", "-f", "empty", status=1)
    t.gives("hist", "-f", "nuls", out=b"a\0b\n\xff\n")
    t.gives("hist", "-0f", "cut", out=b"a\0b\0")


@case("hist.list.last")
def _(t: Case) -> None:
    t.tree({"h": _HISTORY, "long": b"x" * 300_000 + b"\nlast\n", "times": b"".join(b"#%d\n%d\n" % (1700000000 + n, n) for n in range(2000))})
    t.gives("hist", "-f", "h", "-n", "3", out=b"# a comment\ncd /tmp\nLS\n")
    t.gives("hist", "-f", "h", "-n4", "-r", out=b"LS\ncd /tmp\n# a comment\nls -l\n")
    t.gives("hist", "-f", "h", "-n0", status=1)
    t.gives("hist", "-f", "h", "--last=6", out=b"ls -l\ncat a b\nls -l\n# a comment\ncd /tmp\nLS\n")
    t.gives("hist", "-f", "long", "-n1", out=b"last\n")
    t.gives("hist", "-f", "times", "-n3", out=b"1997\n1998\n1999\n")
    t.gives("hist", "-f", "times", "-n1500", out=b"".join(b"%d\n" % n for n in range(500, 2000)))


@case("hist.list.order-and-unique")
def _(t: Case) -> None:
    t.tree({"h": _HISTORY})
    t.gives("hist", "-f", "h", "-r", out=b"LS\ncd /tmp\n# a comment\nls -l\ncat a b\nls -l\n")
    t.gives("hist", "-f", "h", "-u", out=b"cat a b\nls -l\n# a comment\ncd /tmp\nLS\n")
    t.gives("hist", "-f", "h", "-ru", "-n2", out=b"LS\ncd /tmp\n")
    t.gives("hist", "-f", "h", "-N", "-n2", out=b"    5  cd /tmp\n    6  LS\n")


@case("hist.list.search")
def _(t: Case) -> None:
    t.tree({"h": _HISTORY})
    t.gives("hist", "-f", "h", "ls", out=b"ls -l\nls -l\n")
    t.gives("hist", "-f", "h", "-i", "Ls", out=b"ls -l\nls -l\nLS\n")
    t.gives("hist", "-f", "h", "-u", "ls", "-l", status=2, out=b"", errors=None)
    t.gives("hist", "-f", "h", "-u", "--", "ls", "-l", out=b"ls -l\n")
    t.gives("hist", "-f", "h", "a", "m", out=b"# a comment\n")
    t.gives("hist", "-f", "h", "nothing", status=1)
    t.gives("hist", "-f", "h", "1700000000", status=1)


@case("hist.list.where")
def _(t: Case) -> None:
    t.tree({"home": Dir(), "home/.local": Dir(), "home/.local/share": Dir(), "home/.local/share/ion": Dir(),
            "home/.local/share/ion/history": b"of home\n"})
    t.gives("hist", environment={"HOME": "home"}, out=b"of home\n")
    t.gives("hist", environment={"HOME": "home", "XDG_DATA_HOME": "relative"}, out=b"of home\n")
    t.gives("hist", environment={"HOME": "home", "XDG_DATA_HOME": "/nonexistent"}, status=2,
            errors=b"hist: /nonexistent/ion/history: No such file or directory\n")
    t.refuses("hist", environment={"HOME": ""}, status=2)


@case("hist.list.calls")
def _(t: Case) -> None:
    t.tree({"h": b"".join(b"line %d\n" % n for n in range(1000))})
    for arguments in ([], ["-n10"], ["-ru"]):
        outcome = t.run("hist", "-f", "h", *arguments, count=True)
        t.expect(outcome.status == 0 and outcome.os_calls <= 8, "more calls than to read a file", outcome)


@case("hist.prune.sizes")
def _(t: Case) -> None:
    for size, left in (("--prune=2", b"cd /tmp\nLS\n"), ("--prune=3", b"#1700000010\n# a comment\ncd /tmp\nLS\n"), ("--prune=0", b""),
                       ("--prune", _HISTORY),
                       ("--prune=6", _HISTORY), ("--prune=1K", _HISTORY)):
        t.tree({"h": _HISTORY})
        t.gives("hist", "-f", "h", size)
        t.holds("h", left)
    line = b"x" * 511 + b"\n"
    t.tree({"h": b"a\n" + line + b"b\n"})
    t.gives("hist", "-f", "h", "--prune=1b")
    t.holds("h", b"b\n")
    t.gives("ls", "-A", out=b"h\n")


@case("hist.prune.unique")
def _(t: Case) -> None:
    t.tree({"h": _HISTORY, "cut": b"a\nb\na"})
    t.gives("hist", "-f", "h", "-u", "--prune")
    t.holds("h", b"cat a b\n#1700000000\nls -l\n#1700000010\n# a comment\ncd /tmp\nLS\n")
    t.gives("hist", "-f", "cut", "-u", "--prune=2")
    t.holds("cut", b"b\na\n")


@case("hist.prune.mode-and-links")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/h": File(_HISTORY, mode=0o640), "d/to-h": Link("h"), "to-to-h": Link("d/to-h")})
    t.gives("hist", "-f", "to-to-h", "--prune=1")
    t.holds("d/h", b"LS\n")
    t.gives("stat", "-c", "%a %F", "d/h", out=b"640 regular file\n")
    t.gives("readlink", "to-to-h", "d/to-h", out=b"d/to-h\nh\n")
    t.gives("ls", "-A", "d", out=b"h\nto-h\n")


@case("hist.prune.refused")
def _(t: Case) -> None:
    t.tree({"h": _HISTORY, "d": Dir()})
    t.gives("hist", "-f", "d", "--prune=1", status=2, errors=b"hist: d: Is a directory\n")
    t.gives("hist", "-f", "missing", "--prune=1", status=2, errors=b"hist: missing: No such file or directory\n")
    for arguments in (["--prune=x"], ["--prune=1", "operand"], ["--prune="], ["-m"], ["-nx"], ["--prun"]):
        t.refuses("hist", "-f", "h", *arguments, status=2)
    t.holds("h", _HISTORY)


@case("hist.prune.unwritable")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/h": _HISTORY})
    os.chmod(os.path.join(t.ours, b"d"), 0o555)
    t.gives("hist", "-f", "d/h", "--prune=1", status=2, errors=b"hist: d/h: not changed: Permission denied\n")
    os.chmod(os.path.join(t.ours, b"d"), 0o755)
    t.holds("d/h", _HISTORY)


@case("hist.prune.large", seconds=120)
def _(t: Case) -> None:
    content = b"".join(b"line %d of a history that somebody has never made shorter\n" % n for n in range(60_000))
    t.tree({"h": content})
    t.gives("hist", "-f", "h", "--prune=50000")
    t.holds("h", b"".join(content.splitlines(keepends=True)[10_000:]))
    t.gives("hist", "-f", "h", "-u", "--prune=1000")
    t.holds("h", b"".join(content.splitlines(keepends=True)[59_000:]))


@case("hist.merge.without-times")
def _(t: Case) -> None:
    t.tree({"h": b"a\nb\nc\n", "o": b"x\na\ny\nb\n", "p": b"c\nz"})
    for _ in range(2):
        t.gives("hist", "-f", "h", "-m", "o", "p")
        t.holds("h", b"x\na\ny\nb\nc\nz\n")
    t.holds("o", b"x\na\ny\nb\n")
    t.gives("hist", "-f", "h", "-m", "missing", "h", status=2, errors=b"hist: missing: No such file or directory\n")
    t.holds("h", b"x\na\ny\nb\nc\nz\n")


@case("hist.merge.by-time")
def _(t: Case) -> None:
    t.tree({"h": b"old\n#10\na\n#30\nc\n", "o": b"#20\nb\n#30\nc\n#40\na\n"})
    for _ in range(2):
        t.gives("hist", "-f", "h", "-m", "o")
        t.holds("h", b"old\n#10\na\n#20\nb\n#30\nc\n#40\na\n")
    t.gives("hist", "-f", "h", "-mu", "--prune=2", "o")
    t.holds("h", b"#30\nc\n#40\na\n")
