# SPDX-License-Identifier: MIT
"""The commands for Ion: both and with-stderr, capture, explain, run, shell-ext, suggest."""
from cases_common import closed_streams, little_memory
from harness import Case, Dir, File, Link, case

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
    # For exec, relibc of January opens the file and reads its beginning besides.
    t.expect(outcome.status == 0 and outcome.os_calls <= 5, "more calls than exec and a dup2 need", outcome)


# ------------------------------------------------------------------------------------------------------------- capture
closed_streams("capture", [(["new", "echo", "x"], False), (["-t", "9", "echo", "x"], True), (["new", "./missing"], False), (["d", "true"], False)])


@case("capture.file")
def _(t: Case) -> None:
    t.gives("capture", "f", "printf", "%s", "one")
    t.holds("f", b"one")
    t.gives("capture", "-a", "f", "printf", "%s", "two")
    t.holds("f", b"onetwo")
    t.gives("capture", "-e", "f", "sh", "-c", "echo out; echo err >&2; exit 9", status=9)
    t.holds("f", b"out\nerr\n")
    t.gives("capture", "f", "cat", stdin=b"input")
    t.holds("f", b"input")
    t.gives("capture", "./no/f", "true", status=125, errors=b"capture: ./no/f: No such file or directory\n")
    t.gives("capture", "f", "./missing", status=127, errors=b"capture: ./missing: No such file or directory\n")


@case("capture.end")
def _(t: Case) -> None:
    t.gives("capture", "-t", "9", "seq", "300000", out=b"9\n300000\n")
    t.gives("capture", "--tail=1M", "printf", "abc", out=b"abc")
    t.gives("capture", "-t", "2", "sh", "-c", "echo abc; exit 3", status=3, out=b"c\n")
    t.gives("capture", "-et4", "sh", "-c", "echo err >&2", out=b"err\n")
    t.gives("capture", "-t", "1", "sh", "-c", "kill -TERM $$", status=143)
    t.refuses("capture", "-t", "x", "true", status=125)
    t.refuses("capture", "-at", "1", "true", status=125)
    t.refuses("capture", "f", status=125)


# ------------------------------------------------------------------------------------------------------------- explain
closed_streams("explain", [(["f", "d"], True), (["missing"], False)])
little_memory("explain", ["-v", "/bin/sh"])


def _files() -> dict:
    return {"plain": b"#!/bin/sh\necho plain $1\n", "good": File(b"#!/bin/sh\necho good\n", mode=0o755),
            "crlf": b"#!/bin/sh\r\necho crlf $1\r\n", "mark": b"\xef\xbb\xbf#!/bin/sh\necho mark\n",
            "missing-interpreter": File(b"#!/no/such\n", mode=0o755), "text": File(b"echo text\n", mode=0o755), "text.sh": b"echo text $1\n",
            "empty": File(b"", mode=0o755), "binary": File(b"\x00\x01\x02", mode=0o755), "d": Dir(),
            "cut": File(b"\x7fELF\x02\x01\x01" + bytes(57), mode=0o755)}


@case("explain.files")
def _(t: Case) -> None:
    t.tree(_files())
    t.gives("explain", "good")
    t.gives("explain", "-v", "./good", out=b"./good: would run\n")
    for name, reason in (("plain", b"may not be executed; chmod +x, or run it with: run FILE"), ("d", b"is a directory; name the program in it"),
                         ("empty", b"is empty; copy or build it again"),
                         ("binary", b"is neither a program nor a script; look whether it was copied whole, or is an archive"),
                         ("text", b"is no program and has no #! line; write one, #!/usr/bin/env ion say, or: run FILE"),
                         ("missing-interpreter", b"wants the interpreter /no/such, which is not there; install it, or change the #! line")):
        t.gives("explain", name, status=1, out=name.encode() + b": " + reason + b"\n")
    t.gives("explain", "missing", "good", status=2, errors=b"explain: missing: No such file or directory\n")
    t.refuses("explain", status=2)


@case("explain.programs")
def _(t: Case) -> None:
    t.tree(_files())
    # Headers of nothing but zeros: it is for no machine that there is.
    outcome = t.run("explain", "cut")
    t.expect(outcome.status == 1 and b"cut: is an object file" in outcome.out, "not so", outcome)
    if t.programs.revision != "host":
        # Those of the same build run here.
        for program in ("explain", "ls"):
            t.gives("explain", t.programs.ours(program)[-1])


# ----------------------------------------------------------------------------------------------------------------- run
closed_streams("run", [(["missing"], False), (["d"], False)])


@case("run.scripts")
def _(t: Case) -> None:
    t.tree(_files())
    t.gives("run", "plain", "1", out=b"plain 1\n")
    t.gives("run", "./good", out=b"good\n")
    t.gives("run", "crlf", "2", out=b"crlf 2\n")
    t.gives("run", "mark", out=b"mark\n")
    t.gives("run", "text.sh", "3", out=b"text 3\n")
    t.gives("run", "-v", "plain", "a b", out=b"plain a b\n", errors=b"/bin/sh plain 'a b'\n")
    t.gives("run", "missing-interpreter", status=127,
            errors=b"run: missing-interpreter: wants the interpreter /no/such, which is not there; install it, or change the #! line\n")
    t.gives("run", "d", status=126, errors=b"run: d: is a directory; name the program in it\n")
    t.gives("run", "missing", status=127, errors=b"run: missing: No such file or directory\n")
    t.refuses("run", status=125)


@case("run.programs")
def _(t: Case) -> None:
    if t.programs.runner:
        return  # the kernel would run the program for another architecture
    # One that has a file of its own also where there is the multicall program.
    with open(t.programs.ours("both")[-1], "rb") as file:
        t.tree({"program": file.read(), "t": Dir()})
    t.gives("run", "program", "printf", "%s", "some words", out=b"some words", environment={**t.programs.environment, "TMPDIR": "t"})
    t.gives("ls", "t")


# ----------------------------------------------------------------------------------------------------------- shell-ext
closed_streams("shell-ext", [(["-fnothing", "-n", "disable"], True), (["-fd", "enable"], False), (["on"], False)])
little_memory("shell-ext", ["-f", "f", "disable"])

_LINE = b"test -f /etc/xdg/ion/initrc && source /etc/xdg/ion/initrc"
# Without XDG_CONFIG_DIRS the file for all is /etc/xdg/ion/initrc: there or not, the user's file is the same.
_EITHER = (0, 1)


@case("shell-ext.line")
def _(t: Case) -> None:
    t.tree({"mine": File(b"echo mine\n", mode=0o640), "crlf": b"a\r\nb\r\n", "empty": b"", "open": b"if true",
            "ours": b"# a\n\t" + _LINE + b" \nb\n"})
    for name, content in (("mine", b"echo mine\n"), ("empty", b""), ("open", b"if true")):
        for _ in range(2):
            outcome = t.run("shell-ext", "-f", name, "enable")
            t.expect(outcome.status in _EITHER, "not enabled", outcome)
            t.holds(name, _LINE + b"\n" + content)
        for _ in range(2):
            t.gives("shell-ext", "-f", name, "disable", out=None)
            t.holds(name, content)
    t.run("shell-ext", "--file=crlf", "enable")
    t.holds("crlf", _LINE + b"\r\na\r\nb\r\n")
    t.run("shell-ext", "enable", "-f", "ours")
    t.holds("ours", b"# a\n\t" + _LINE + b" \nb\n")
    t.gives("shell-ext", "disable", "-f", "ours", out=None)
    t.holds("ours", b"# a\nb\n")
    t.gives("stat", "-c", "%a", "mine", out=b"640\n")


@case("shell-ext.links")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/mine": b"true\n", "one": Link("two"), "two": Link("d/mine"), "round": Link("round")})
    t.run("shell-ext", "-f", "one", "enable")
    t.holds("d/mine", _LINE + b"\ntrue\n")
    t.gives("readlink", "one", "two", out=b"two\nd/mine\n")
    t.gives("shell-ext", "-f", "one", "disable", out=None)
    t.holds("d/mine", b"true\n")
    t.gives("ls", "d", out=b"mine\n")
    t.gives("shell-ext", "-f", "round", "enable", status=2, errors=b"shell-ext: round: Too many levels of symbolic links\n")


@case("shell-ext.refused")
def _(t: Case) -> None:
    t.tree({"mark": b"\xef\xbb\xbftrue\n", "null": b"a\0b", "large": bytes(1048577), "d": Dir(), "own": b"source /etc/xdg/ion/initrc\n"})
    for name, verb, reason in (("mark", "enable", b"begins with a byte order mark, at which Ion skips it; save it without one"),
                               ("null", "enable", b"has null bytes, and is no initrc"), ("large", "enable", b"is too large for an initrc"),
                               ("large", "disable", b"is too large for an initrc"), ("d", "enable", b"Is a directory"),
                               ("d", "status", b"Is a directory"),
                               ("own", "disable", b"it sources the file for all in a way of its own; take that out by hand")):
        t.gives("shell-ext", "-f", name, verb, status=2, errors=b"shell-ext: " + name.encode() + b": " + reason + b"\n")
    t.holds("mark", b"\xef\xbb\xbftrue\n")
    t.holds("own", b"source /etc/xdg/ion/initrc\n")
    t.refuses("shell-ext", status=2)
    t.refuses("shell-ext", "on", status=2)
    t.refuses("shell-ext", "enable", "disable", status=2)


@case("shell-ext.home")
def _(t: Case) -> None:
    """A home without anything in it, by the variables that Ion knows."""
    t.tree({"h": Dir(), "c": Dir()})
    t.run("shell-ext", "enable", environment={**t.programs.environment, "HOME": "h", "XDG_CONFIG_DIRS": "/nonexistent:relative"})
    t.holds("h/.config/ion/initrc", b"test -f /nonexistent/ion/initrc && source /nonexistent/ion/initrc\n")
    t.gives("stat", "-c", "%a", "h/.config", "h/.config/ion", "h/.config/ion/initrc", out=b"700\n700\n644\n")
    t.gives("shell-ext", "-n", "disable", environment={**t.programs.environment, "HOME": "h", "XDG_CONFIG_DIRS": "/nonexistent"},
            out=b"not done: h/.config/ion/initrc does not source /nonexistent/ion/initrc any more\n")
    t.gives("shell-ext", "disable", environment={**t.programs.environment, "HOME": "none", "XDG_CONFIG_DIRS": "/nonexistent"},
            out=b"/nonexistent/ion/initrc is not there: nothing to do\n")
    outcome = t.run("shell-ext", "status", environment={**t.programs.environment, "HOME": "c", "XDG_CONFIG_DIRS": "/nonexistent"})
    t.expect(outcome.status == 1 and outcome.out.startswith(b"disabled: /nonexistent/ion/initrc is not there\ninitrc: none\n"), "not so", outcome)


@case("shell-ext.calls")
def _(t: Case) -> None:
    t.tree({"f": b"true\n"})
    outcome = t.run("shell-ext", "-f", "f", "enable", count=True)
    t.expect(outcome.os_calls <= 20, "more calls than to read a file and replace it", outcome)


# ------------------------------------------------------------------------------------------------------------- suggest
closed_streams("suggest", [(["hisotry"], True), (["zzzzzzzzz"], False)])
little_memory("suggest", ["hisotry"])


@case("suggest.names")
def _(t: Case) -> None:
    t.tree({"bin": Dir(), "bin/mkdir": b"", "bin/mkfifo": b"", "bin/sub": Dir(), "other": Dir(), "other/mkdir": b"", "other/mkdirs": b""})
    path = {"PATH": "bin:nothing::other"}
    t.gives("suggest", "mkdri", environment=path, out=b"did you mean: mkdir?\n")
    t.gives("suggest", "mkfif", environment=path, out=b"did you mean: mkfifo?\n")
    t.gives("suggest", "zzzzzz", environment=path, status=1)
    t.gives("suggest", "mkdir", environment={"PATH": "bin"}, status=1)
    t.refuses("suggest", status=2)
    t.refuses("suggest", "a", "b", status=2)


@case("suggest.calls")
def _(t: Case) -> None:
    t.tree({"bin": Dir(), **{"bin/command%d" % n: b"" for n in range(500)}})
    outcome = t.run("suggest", "comand7", environment={"PATH": "bin"}, count=True)
    t.expect(outcome.status == 0 and b"command7" in outcome.out, "not found", outcome)
    t.expect(outcome.os_calls <= 12, "more calls than to read a directory", outcome)
