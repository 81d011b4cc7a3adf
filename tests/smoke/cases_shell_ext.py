# SPDX-License-Identifier: MIT
"""The commands for Ion: both, with-stderr."""
from harness import Case, Dir, File, case

_SCRIPT = b"#!/bin/sh\necho out\necho err >&2\nexit $1\n"


@case("both.streams")
def _(t: Case) -> None:
    t.tree({"c": File(_SCRIPT, mode=0o755), "d": Dir()})
    for program in ("both", "with-stderr"):
        t.gives(program, "./c", "0", out=b"out\nerr\n")
        t.gives(program, "./c", "42", status=42, out=b"out\nerr\n")
        t.gives(program, "--", "./c", "7", status=7, out=b"out\nerr\n")
        t.gives(program, "sh", "-c", "cat >&2", stdin=b"in", out=b"in")
        t.refuses(program, status=125)
        t.refuses(program, "--", status=125)
        t.gives(program, "./missing", status=127, out=program.encode() + b": ./missing: No such file or directory\n")
        t.gives(program, "./d", status=126, out=program.encode() + b": ./d: Permission denied\n")


@case("both.closed-output")
def _(t: Case) -> None:
    outcome = t.run("both", "true", closed=[1])
    t.expect(outcome.status == 125 and outcome.errors == b"both: standard output: Bad file descriptor\n", "not so", outcome)


@case("both.calls")
def _(t: Case) -> None:
    outcome = t.run("both", "/bin/true", count=True)
    t.expect(outcome.status == 0 and outcome.os_calls <= 4, "more calls than exec and a dup2 need", outcome)
