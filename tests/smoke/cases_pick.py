# SPDX-License-Identifier: MIT
"""pick where nobody needs to be asked, or nobody can be; at a terminal it is tested in tests/terminal."""
from harness import Case, case


@case("pick.select-1")
def _(t: Case) -> None:
    t.gives("pick", "-1", stdin=b"one\n", out=b"one\n")
    t.gives("pick", "-1", stdin=b"one", out=b"one\n")
    t.gives("pick", "-1", "-q", "w O", stdin=b"two O\ntwo o\n", out=b"two O\n")
    t.gives("pick", "-1qt", stdin=b"one\nTwo\n", out=b"Two\n")
    t.gives("pick", "-01", stdin=b"a\n\xff\0", out=b"a\n\xff\0")
    t.gives("pick", "-1", "-q", "99999", stdin=b"".join(b"%d\n" % n for n in range(100_000)), out=b"99999\n")


@case("pick.nothing")
def _(t: Case) -> None:
    t.gives("pick", stdin=b"", status=1)
    t.gives("pick", "-r", stdin=b"", status=1)
    t.gives("pick", "-1", "-q", "x", stdin=b"one\ntwo\n", status=1)


@case("pick.refused")
def _(t: Case) -> None:
    t.refuses("pick", "operand", stdin=b"one\n", status=2)
    t.refuses("pick", "-q", stdin=b"one\n", status=2)
    t.expect_complaint(t.run("pick", "-1", stdin=b"one\n", stdout="/dev/full"), "pick", 2, "write error: No space left on device")


@case("pick.streams")
def _(t: Case) -> None:
    t.gives("pick", "-1", closed=[0], stdin=None, status=2, errors=b"pick: standard input: Bad file descriptor\n")
    t.gives("pick", "-1", closed=[2], stdin=b"one\n", out=b"one\n")
    t.gives("pick", "-1", closed=[1], stdin=b"one\n", status=2, errors=b"pick: write error: Bad file descriptor\n")


@case("pick.calls")
def _(t: Case) -> None:
    outcome = t.run("pick", "-1", stdin=b"one\n", count=True)
    t.expect(outcome.status == 0 and outcome.os_calls <= 4, "more calls than to copy a line", outcome)
