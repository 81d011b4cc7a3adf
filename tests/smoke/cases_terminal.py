# SPDX-License-Identifier: MIT
"""clear, reset, stty, less and more where there is no terminal; at one they are tested in tests/terminal."""
from harness import Case, Dir, Tree, case
from cases_common import closed_streams, little_memory, names


def _tree() -> Tree:
    return {"a": b"one\n\n\n\ntwo\n", "b": b"\x00\x1b[31m\xff\r\nno newline", "empty": b"", "d": Dir(), "-N": b"minus\n", "+5": b"plus\n",
            "large": b"0123456789\n" * 30_000}


@case("clear.writes")
def _(t: Case) -> None:
    for variables in ({}, {"TERM": "xterm"}, {"TERM": "linux"}, {"TERM": ""}):
        t.gives("clear", environment=variables, out=b"\x1b[H\x1b[2J\x1b[3J")
        t.gives("clear", "-x", environment=variables, out=b"\x1b[H\x1b[2J")
    t.gives("clear", "-T", "vt100", environment={"TERM": "dumb"}, out=b"\x1b[H\x1b[2J\x1b[3J")


@case("clear.refuses")
def _(t: Case) -> None:
    for name in ("dumb", "unknown"):
        t.gives("clear", status=1, environment={"TERM": name}, errors=b"clear: %s: a terminal of this type cannot be cleared\n" % name.encode())
    t.gives("clear", "-T", "dumb", status=1, errors=b"clear: dumb: a terminal of this type cannot be cleared\n")
    t.refuses("clear", "x", status=1)
    t.refuses("clear", "-y", status=1)
    t.refuses("clear", stdout="/dev/full", status=1)


@case("clear.calls")
def _(t: Case) -> None:
    t.expect(t.run("clear", count=True).os_calls <= 2, "too many calls")


@case("reset.without-a-terminal")
def _(t: Case) -> None:
    for arguments in ([], ["-I"], ["-c"], ["-w"], ["-Q", "-e", "^H", "-i", "^C", "-k", "^U"], ["vt100"]):
        t.gives("reset", *arguments, status=1, errors=b"reset: terminal: Inappropriate ioctl for device\n")
    t.gives("reset", "-q", environment={"TERM": "linux"}, out=b"linux\n")
    t.gives("reset", "-r", "xterm", out=b"xterm\n")
    t.refuses("reset", "a", "b", status=1)
    t.refuses("reset", "-e", status=1)
    t.refuses("reset", "-q", stdout="/dev/full", status=1)


@case("stty.without-a-terminal")
def _(t: Case) -> None:
    t.tree(_tree())
    for arguments in ([], ["-a"], ["--all"], ["-g"], ["sane"], ["size"], ["-echo"], ["9600"], ["-F", "/dev/null"], ["-F", "/dev/null", "-a"],
                      ["--file=a"],
                      ["-F", "missing"], ["-F", "d"], ["rows", "5"], ["-F", "missing", "foo"]):
        t.same("stty", *arguments, status=1)


@case("stty.wrong-use")
def _(t: Case) -> None:
    for arguments in (["-F"], ["--file"], ["-a", "-g"], ["--all", "--save"], ["-a", "sane"], ["sane", "-g"], ["--no-such"]):
        t.same("stty", *arguments, status=1, words=False)


@case("less.copies")
def _(t: Case) -> None:
    t.tree(_tree())
    t.gives("less", "a", "b", "empty", out=b"one\n\n\n\ntwo\n\x00\x1b[31m\xff\r\nno newline")
    t.gives("less", "-NSRFX", "-x4", "+G", "a", out=b"one\n\n\n\ntwo\n")
    t.gives("less", stdin=b"input", out=b"input")
    t.gives("less", "-", stdin=b"input", out=b"input")
    t.gives("less", "large", out=b"0123456789\n" * 30_000)
    t.gives("less", "a", environment={"LESS": "-FRX --no-such -9"}, out=b"one\n\n\n\ntwo\n")
    t.gives("less", "--", "-N", "+5", out=b"minus\nplus\n")


@case("less.refuses")
def _(t: Case) -> None:
    t.tree(_tree())
    t.gives("less", "missing", "a", "d", status=1, out=b"one\n\n\n\ntwo\n",
            errors=b"less: missing: No such file or directory\nless: d: Is a directory\n")
    t.refuses("less", "-k", "a", status=1)
    t.refuses("less", "--no-such", "a", status=1)
    t.refuses("less", "a", stdout="/dev/full", status=1)


@case("more.copies")
def _(t: Case) -> None:
    t.tree(_tree())
    t.gives("more", "a", "b", "empty", out=b"one\n\n\n\ntwo\n\x00\x1b[31m\xff\r\nno newline")
    t.gives("more", "-s", "a", out=b"one\n\ntwo\n")
    t.gives("more", "-ceiu", "-n5", "-p", "/x", "-5", "+3", "a", out=b"one\n\n\n\ntwo\n")
    t.gives("more", stdin=b"a\n\n\nb", out=b"a\n\n\nb")
    t.gives("more", "a", environment={"MORE": "-s"}, out=b"one\n\ntwo\n")
    t.gives("more", "large", out=b"0123456789\n" * 30_000)


@case("more.refuses")
def _(t: Case) -> None:
    t.tree(_tree())
    t.gives("more", "missing", "a", "d", status=1, out=b"one\n\n\n\ntwo\n",
            errors=b"more: missing: No such file or directory\nmore: d: Is a directory\n")
    for wrong in ("-n0", "-nx", "-x", "-0"):
        t.refuses("more", wrong, "a", status=1)
    t.refuses("more", "a", stdout="/dev/full", status=1)


def _common() -> None:
    def shown(program: str):
        def try_name(t: Case, _: bytes, path: bytes, missing: bytes) -> None:
            t.gives(program, path, out=b"content")
            t.refuses(program, missing, status=1)
        return try_name

    def asked(t: Case, name: bytes, _: bytes, missing: bytes) -> None:
        t.same("stty", "-F", missing, status=1)
        t.same("stty", b"x" + name, status=1, words=False)

    names("less", shown("less"))
    names("more", shown("more"))
    names("stty", asked)
    closed_streams("less", [(["f"], True), (["f", "-", "g"], True)])
    closed_streams("more", [(["-s", "f", "g"], True)])
    closed_streams("clear", [([], True)])
    little_memory("less", ["f", "g"])
    little_memory("more", ["-s", "f", "g"])
    little_memory("clear", [])


_common()
