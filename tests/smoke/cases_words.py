# SPDX-License-Identifier: MIT
"""true, false, echo and printenv."""
from cases_common import closed_streams, little_memory, names
from harness import Case, case

_POSIX = {"POSIXLY_CORRECT": "1"}


@case("true.arguments")
def _(t: Case) -> None:
    for arguments in ([], [""], ["x"], ["-x"], ["--help=x"], ["a", "b"], ["-n", "--version"]):
        t.same("true", *arguments, status=0)
        t.same("false", *arguments, status=1)


@case("true.closed-streams")
def _(t: Case) -> None:
    for program, status in (("true", 0), ("false", 1)):
        for closed in ([0], [1], [2], [0, 1, 2]):
            t.same(program, closed=closed, status=status)
        t.same(program, stdout="/dev/full", status=status)


@case("true.calls")
def _(t: Case) -> None:
    for program, status in (("true", 0), ("false", 1)):
        for arguments in ([], ["x", "--help"]):
            outcome = t.run(program, *arguments, count=True)
            t.expect(outcome.status == status and outcome.os_calls == 0, "%s makes calls" % program, outcome)


@case("echo.words")
def _(t: Case) -> None:
    for arguments in ([], [""], ["", ""], ["a"], ["a", "b"], [" a ", "", "b\n"], ["*", "$x", "\\"], [b"\xff\xfe"], ["ü€😀"], ["x" * 100_000],
                      ["x"] * 20_000):
        t.same("echo", *arguments, status=0)


@case("echo.options")
def _(t: Case) -> None:
    for options in (["-n"], ["-e"], ["-E"], ["-ne"], ["-en"], ["-neE"], ["-Ee"], ["-eE"], ["-n", "-e"], ["-e", "-E"], ["-n", "-n"],
                    ["-nnn"], ["-nx"], ["-xn"], ["-"], ["--"], ["--n"], ["-n", "--", "-e"], ["-e", "x", "-n"], ["-n", "-"], ["-e", "--help"],
                    ["-n -e"], ["--e"], ["-h"], [""], ["-eEn-"]):
        for text in ([], ["a\\tb"], ["\\"], ["a\\tb", "-n", "c\\\\d"]):
            t.same("echo", *options, *text, status=0)
            t.same("echo", *options, *text, environment=_POSIX, status=0)


@case("echo.escapes")
def _(t: Case) -> None:
    texts = ["\\\\", "\\a\\b\\e\\f\\n\\r\\t\\v", "\\0", "\\01", "\\012", "\\0123", "\\01234", "\\1", "\\12", "\\123", "\\1234", "\\0777", "\\777",
             "\\400",
             "\\8", "\\08", "\\x", "\\x4", "\\x41", "\\x414", "\\xg", "\\xag", "\\X41", "\\u0041", "\\U00000041", "\\q", "\\'", "\\\"", "\\?", "\\ ",
             "\\",
             "a\\", "\\\\\\", "\\E", "\\N", "\\-", "x\\ty\\nz", "\\\\t", "\\x00", "\\xff\\xfe", "\\0303\\0274", "\\é"]
    for text in texts:
        t.same("echo", "-e", text, status=0)
        t.same("echo", "-E", text, status=0)
        t.same("echo", text, "-e", status=0)
        t.same("echo", text, text, environment=_POSIX, status=0)
    t.same("echo", "-e", *texts, status=0)


@case("echo.stops")
def _(t: Case) -> None:
    for arguments in (["\\c"], ["a\\cb"], ["a\\cb", "c"], ["a", "\\c", "b"], ["a", "b\\c"], ["\\\\c"], ["", "\\c"], ["\\c\\c"]):
        t.same("echo", "-e", *arguments, status=0)
        t.same("echo", "-E", *arguments, status=0)
        t.same("echo", *arguments, environment=_POSIX, status=0)


@case("echo.posixly-correct")
def _(t: Case) -> None:
    for arguments in (["-n", "a\\t"], ["-n", "-e", "a\\t"], ["-n", "-E", "a\\t"], ["-e", "-n", "a\\t"], ["-ne", "a\\t"], ["--help"], ["--version"],
                      ["-n", "--help"], ["-n", "-n", "x"], ["-nn", "x"], ["-E", "\\t"], ["-n"], []):
        t.same("echo", *arguments, environment=_POSIX, status=0)
        t.same("echo", *arguments, environment={"POSIXLY_CORRECT": ""}, status=0)


@case("echo.output-errors")
def _(t: Case) -> None:
    t.same("echo", "a", stdout="/dev/full", status=1)
    t.same("echo", "-n", stdout="/dev/full", status=0)
    t.same("echo", "-n", "", closed=[1])
    t.same("echo", "a", closed=[1], status=1)
    t.same("echo", "x" * 100_000, stdout="/dev/full", status=1)


@case("echo.calls")
def _(t: Case) -> None:
    for arguments in (["a"], ["-e", "a\\tb"], ["x" * 100_000, "y"]):
        outcome = t.run("echo", *arguments, count=True)
        t.expect(outcome.calls.get("redox_write_v1", 0) == 1, "not one write", outcome)
        # What it writes to is looked at: see sys::PrepareOutput().
        t.expect(outcome.os_calls <= 2, "more than that", outcome)
    t.expect(t.run("echo", "-n", count=True).os_calls == 0, "nothing to write")


@case("echo.into-files")
def _(t: Case) -> None:
    t.tree({"f": b"old\n"})
    t.same("echo", "one", append="f", status=0)
    t.same("echo", "two", append="f", status=0)
    t.same("echo", "new", into="g", status=0)
    t.holds("f", b"old\none\ntwo\n")


@case("printenv.all")
def _(t: Case) -> None:
    # What a shell, or the harness, adds is the same for both. An emulator may hand the variables on in another order.
    for option in ([], ["-0"], ["--null"], ["--nul"], ["--"]):
        t.same("printenv", *option, environment={"A": "1", "B": "two\nlines", "E": "", "EQ": "a=b"}, in_any_order=True, status=0)


@case("printenv.names")
def _(t: Case) -> None:
    variables = {"A": "1", "AB": "2=3", "E": "", "_": "x", "é": b"\xff"}
    for arguments in (["A"], ["AB", "A"], ["E"], ["A", "A"], ["_"], ["é"], ["none"], ["A", "none", "AB"], [""], ["A="], ["A=1"], ["AB=2"], ["="],
                      ["a"], ["-0", "A", "E"], ["--null", "none"], ["A", "-0"], ["--", "A"], ["A", "--", "AB"], ["-0", "A=1", "A"]):
        t.same("printenv", *arguments, environment=variables)


@case("printenv.odd-names")
def _(t: Case) -> None:
    # As an operand, what looks like an option is a name.
    t.same("printenv", "--", "-0", environment={"-0": "zero"}, status=0)
    t.same("printenv", "x y", "a.b", environment={"x y": "1", "a.b": "2"}, status=0)


@case("printenv.usage")
def _(t: Case) -> None:
    for arguments in (["-x"], ["-i"], ["-u", "A"], ["--nope", "A"], ["-0x"], ["--null=x"]):
        t.same("printenv", *arguments, status=2, words=False)


@case("printenv.output-errors")
def _(t: Case) -> None:
    t.same("printenv", stdout="/dev/full", status=2)
    t.same("printenv", "HOME", stdout="/dev/full", status=2)
    t.same("printenv", "none", stdout="/dev/full", status=1)
    t.same("printenv", "HOME", closed=[1], status=2)


@case("printenv.large")
def _(t: Case) -> None:
    t.same("printenv", "A", "B", "A", environment={"A": "x" * 100_000, "B": "y" * 60_000}, status=0)


def _echoed(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
    t.same("echo", path, missing)
    t.same("echo", b"x", name)
    t.same("printenv", b"--", name)


names("echo", _echoed)
closed_streams("echo", [(["a", "b"], True), (["-n"], False)])
closed_streams("printenv", [(["HOME"], True), (["none"], False)])
little_memory("echo", ["a", "b" * 3000])
little_memory("printenv", ["-0", "PATH"])
