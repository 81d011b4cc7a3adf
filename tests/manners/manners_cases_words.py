# SPDX-License-Identifier: MIT
"""echo, printf, printenv, seq: what they print is behind what was there; test: what is there is there, in all manners."""
import os

from cases import MannersCase, case
from harness import Dir, File, Link, Outcome


def _appends(t: MannersCase, program: str, *arguments: str) -> bytes:
    """What the program adds to a file by >>."""
    t.files({"f": b"old\n"})
    out = os.open(os.path.join(t.ours, b"f"), os.O_WRONLY | os.O_APPEND)
    try:
        outcome = t.do(program, *arguments, stdout=out)
    finally:
        os.close(out)
    with open(os.path.join(t.ours, b"f"), "rb") as file:
        content = file.read()
    t.expect(content.startswith(b"old\n"), "%s has overwritten what was there: %r" % (program, content), outcome)
    if outcome.status == 0:
        t.expect(not outcome.errors, "%s complains, and says that all is well" % program, outcome)
    else:
        t.expect(bool(outcome.errors), "%s fails without a word" % program, outcome)
    return content[4:] if outcome.status == 0 else b""


def _test(t: MannersCase, *arguments: str) -> Outcome:
    """Not by do(): that something is not so needs no message."""
    return t.run("test", *arguments, environment={"CATION_MANNERS": t.manners} if t.manners else {})


@case("echo.append")
def _(t: MannersCase) -> None:
    t.expect(_appends(t, "echo", "a", "b") in (b"a b\n", b""), "not what it was given")


@case("printf.append")
def _(t: MannersCase) -> None:
    t.expect(_appends(t, "printf", "%s-%d\\n", "a", "1") in (b"a-1\n", b""), "not what it was given")


@case("seq.append")
def _(t: MannersCase) -> None:
    want = b"".join(b"%d\n" % n for n in range(1, 30001))
    t.expect(_appends(t, "seq", "30000") in (want, b""), "not all, and in order")


@case("test.files")
def _(t: MannersCase) -> None:
    # Paths as Redox and a share take them: whatever cannot be reached is not there, and nothing is said of it.
    t.files({"f": b"x", "empty": b"", "d": Dir(), "d/g": File(b"g", 0o755), "link": Link("f"), "dangling": Link("none")})
    for arguments, true in ((["-f", "f"], True), (["-d", "d"], True), (["-s", "f"], True), (["-s", "empty"], False), (["-d", "f"], False),
                            (["-f", "d"], False), (["-e", "none"], False), (["-e", ""], False), (["-d", ""], False), (["-r", ""], False),
                            (["f", "-ef", "none"], False), (["none", "-nt", "f"], False)):
        outcome = _test(t, *arguments)
        t.expect(not outcome.errors and not outcome.out, "test %s says something" % arguments, outcome)
        t.expect(outcome.status in ((0, 1) if true else (1,)), "test %s is %d" % (arguments, outcome.status), outcome)
        if true and not t.names:
            t.expect(outcome.status == 0, "test %s is false" % arguments, outcome)


@case("test.texts")
def _(t: MannersCase) -> None:
    for arguments, status in ((["a", "=", "a"], 0), (["1", "-gt", "2"], 1), (["-n", ""], 1), (["a", "b"], 2)):
        outcome = _test(t, *arguments)
        t.expect(outcome.status == status, "test %s is %d" % (arguments, outcome.status), outcome)
