# SPDX-License-Identifier: MIT
"""head, tail, tee, wc and yes."""
from typing import List

from cases_common import closed_streams, little_memory, names
from harness import Case, Dir, File, Link, Name, Tree, case

_NUMBERS = b"".join(b"%d\n" % n for n in range(1, 601))
_LARGE = b"".join(b"line %d of many\n" % n for n in range(12000))
_UTF8 = {"LC_ALL": "C.UTF-8"}


def _tree() -> Tree:
    return {"f": _NUMBERS, "g": b"a\nb\nc", "empty": b"", "one": b"1\n", "no-end": b"x", "newlines": b"\n\n\n", "nul": b"a\0b\nc\0d",
            "large": _LARGE, "large-no-end": _LARGE + b"end", "d": Dir(), "to-f": Link("f"), "dangling": Link("nowhere"),
            "unreadable": File(b"secret\n", mode=0)}


def _each(t: Case, program: str, *commands: List[Name], **how) -> None:
    for command in commands:
        t.same(program, *command, **how)


# ------------------------------------------------------------------------------------------------------------------ head
def _head_name(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
    t.same("head", b"-q", path, missing)
    if not any(byte < 32 or byte == 127 for byte in name):
        # GNU shows control characters in headers as they are, up to 9.11.
        t.same("head", path, missing)


def _tail_name(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
    t.same("tail", b"-q", path, missing)
    if not any(byte < 32 or byte == 127 for byte in name):
        t.same("tail", path, missing)


names("head", _head_name)
names("tail", _tail_name)
closed_streams("head", [(["f", "g"], True), (["missing", "f"], True), (["-n1", "-", "f"], True), (["-c1M", "f"], True)])
closed_streams("tail", [(["f", "g"], True), (["missing", "f"], True), (["-n1", "-", "f"], True), (["-c+1", "f"], True)])
little_memory("head", ["-n-1", "f", "g"])
little_memory("tail", ["-n1", "f", "g"])


@case("head.lines")
def _(t: Case) -> None:
    t.tree(_tree())
    for file in ("f", "g", "empty", "one", "no-end", "newlines", "large", "to-f"):
        _each(t, "head", [file], ["-n", "1", file], ["-n3", file], ["--lines=2", file], ["-n0", file], ["-n", "1k", file], status=0)
    _each(t, "head", ["-n", "+3", "f"], ["-n", " 3", "f"], ["-n08", "f"], ["-n", "1b", "f"], ["-n", "1kB", "large"], ["--lines", "5", "f"],
          ["-n1", "-n2", "f"], ["-c3", "-n2", "f"], ["-n2", "-c3", "f"], ["f", "-n2"], ["--lin=2", "f"], status=0)


@case("head.all-but-the-last-lines")
def _(t: Case) -> None:
    t.tree(_tree())
    for file in ("f", "g", "empty", "one", "no-end", "newlines", "large", "large-no-end", "nul"):
        for count in ("-0", "-1", "-2", "-3", "-10", "-599", "-600", "-601", "-6000", "-11999", "-12000", "-12001", "-1M"):
            t.same("head", "-n", count, file, status=0)


@case("head.bytes")
def _(t: Case) -> None:
    t.tree(_tree())
    for file in ("f", "g", "empty", "large", "nul"):
        for count in ("0", "1", "5", "1000", "64K", "100000", "200000", "1M", "-0", "-1", "-5", "-2291", "-70000", "-170000", "-200000", "-1M"):
            t.same("head", "-c", count, file, status=0)
    _each(t, "head", ["--bytes=3", "f"], ["--bytes=-3", "f"], ["-c", "2b", "f"], ["-c1KiB", "f"], ["-c", "1kB", "f"], status=0)


@case("head.older-forms")
def _(t: Case) -> None:
    t.tree(_tree())
    _each(t, "head", ["-1", "f"], ["-14c", "f"], ["-2b", "f"], ["-1k", "large"], ["-1m", "f"], ["-08", "f"], ["-010", "f"], ["-2q", "f", "g"],
          ["-2v", "f"], ["-2cl", "f"], ["-2lc", "f"], ["-1z", "nul"], ["-1vq", "f"], ["-2", "-c3", "f"], ["-3c", "-v", "f"], ["-0", "f"], status=0)
    _each(t, "head", ["-1x", "f"], ["-v", "-1", "f"], ["-1", "-2", "f"], status=1)


@case("head.standard-input")
def _(t: Case) -> None:
    t.tree(_tree())
    for text in (b"", b"x", b"1\n2\n", _NUMBERS, _LARGE, _LARGE + b"x"):
        _each(t, "head", [], ["-"], ["-n1"], ["-c3"], ["-n-1"], ["-n-3", "-"], ["-c-4"], ["-n-0"], ["-c", "-150000"], ["-n", "-9000"], ["-v"],
              ["f", "-", "g"], stdin=text, status=0)


@case("head.headers")
def _(t: Case) -> None:
    t.tree(_tree())
    _each(t, "head", ["f", "g"], ["-q", "f", "g"], ["-v", "f"], ["--quiet", "f", "g"], ["--silent", "f", "g"], ["--verbose", "g"], ["-qv", "g"],
          ["-vq", "g", "f"], ["-n0", "f", "g"], ["empty", "one", "empty"], ["-c2", "f", "g", "f"], status=0)
    t.same("head", "-zn1", "nul", status=0)
    t.same("head", "--zero-terminated", "-n", "-1", "nul", status=0)


@case("head.errors")
def _(t: Case) -> None:
    t.tree(_tree())
    _each(t, "head", ["missing"], ["f", "missing", "g"], ["d"], ["f", "d", "g"], ["dangling"], ["unreadable", "g"], ["f/x"], [""], ["-n1", "d", "f"],
          ["-c-1", "d"], ["-n-1", "d"], status=1)
    for number in ("", "-", "x", "3x", "--3", "-3x", "0x5", "1g", "1KiBx", "1c", "1.5", "-+x", "\n"):
        _each(t, "head", ["-n", number, "f"], ["-c", number, "f"], status=1)
    _each(t, "head", ["-n"], ["--lines"], ["--bytes"], ["-c"], status=1)
    # GNU says from 9.6 on that there are no more.
    for option in ("-n", "-c"):
        t.gives("head", option, "99999999999999999999", "g", out=b"a\nb\nc")
        t.gives("head", option, "1Q", "g", out=b"a\nb\nc")
        t.gives("head", option, "-18446744073709551616", "g", out=b"")


@case("head.output-errors")
def _(t: Case) -> None:
    t.tree(_tree())
    _each(t, "head", ["f"], ["large", "f"], ["-c1M", "large"], ["-n-1", "large"], ["-v", "f", "g"], stdout="/dev/full", status=1)


# ------------------------------------------------------------------------------------------------------------------ tail
@case("tail.lines")
def _(t: Case) -> None:
    t.tree(_tree())
    for file in ("f", "g", "empty", "one", "no-end", "newlines", "large", "large-no-end", "to-f"):
        for count in ("0", "1", "2", "-3", "10", "599", "600", "601", "6000", "11999", "12000", "12001", "1M",
                      "+0", "+1", "+2", "+3", "+4", "+600", "+601", "+602", "+6000", "+12001", "+12002", "+1M"):
            t.same("tail", "-n", count, file, status=0)
        t.same("tail", file, status=0)
    _each(t, "tail", ["--lines=2", "f"], ["--lines", "+2", "g"], ["-n08", "f"], ["-n1b", "f"], ["-n1", "-n2", "f"], ["-c3", "-n2", "f"],
          ["-n2", "-c3", "f"], ["f", "-n2"], status=0)
    # The last option counts, sign and all; GNU's keeps the +.
    t.gives("tail", "-n", "+2", "-n", "1", "f", out=b"600\n")


@case("tail.bytes")
def _(t: Case) -> None:
    t.tree(_tree())
    for file in ("f", "g", "empty", "large", "nul"):
        for count in ("0", "1", "5", "1000", "64K", "100000", "200000", "1M", "+0", "+1", "+5", "+2293", "+2294", "+70000", "+170000", "+1M"):
            t.same("tail", "-c", count, file, status=0)
    _each(t, "tail", ["--bytes=3", "f"], ["--bytes=+3", "f"], ["-c", "2b", "f"], ["-c1KiB", "f"], ["-c", "1kB", "f"], status=0)


@case("tail.older-forms")
def _(t: Case) -> None:
    t.tree(_tree())
    _each(t, "tail", ["-1", "f"], ["-14c", "f"], ["-2b", "f"], ["-3l", "f"], ["-l", "f"], ["-b", "large"], ["+2", "g"], ["+599l", "f"], ["+5c", "g"],
          ["+c", "f"], ["-08", "f"], ["-1", "--", "f"], ["+1", "g"], ["+0", "g"], ["-1", "-"], stdin=b"1\n2\n", status=0)
    _each(t, "tail", ["-2k", "f"], ["-5cv", "f"], ["-1", "f", "g"], ["-5", "-q", "f"], ["+2cz"], ["-2cX"], ["-cl"], ["+cl"], status=1)


@case("tail.standard-input")
def _(t: Case) -> None:
    t.tree(_tree())
    for text in (b"", b"x", b"1\n2\n", _NUMBERS, _LARGE, _LARGE + b"x"):
        _each(t, "tail", [], ["-"], ["-n1"], ["-c3"], ["-n+2"], ["-n", "+9000", "-"], ["-c+4"], ["-n0"], ["-c", "150000"], ["-n", "9000"], ["-v"],
              ["-f"], ["-fn1"], ["-c", "+150000"], ["f", "-", "g"], stdin=text, status=0)


@case("tail.headers")
def _(t: Case) -> None:
    t.tree(_tree())
    _each(t, "tail", ["f", "g"], ["-q", "f", "g"], ["-v", "f"], ["--quiet", "f", "g"], ["--silent", "f", "g"], ["--verbose", "g"], ["-qv", "g"],
          ["-n0", "f", "g"], ["empty", "one", "empty"], ["-c2", "f", "g", "f"], ["-n+3", "g", "f"], status=0)
    t.same("tail", "-zn1", "nul", status=0)
    t.same("tail", "--zero-terminated", "-n", "+2", "nul", status=0)


@case("tail.errors")
def _(t: Case) -> None:
    t.tree(_tree())
    _each(t, "tail", ["missing"], ["f", "missing", "g"], ["d"], ["f", "d", "g"], ["dangling"], ["unreadable", "g"], ["f/x"], [""], ["-n+1", "d"],
          ["-c+1", "d"], status=1)
    for number in ("", "-", "+", "x", "3x", "--3", "-3x", "0x5", "1g", "1KiBx", "1c", "1.5", "\n"):
        _each(t, "tail", ["-n", number, "f"], ["-c", number, "f"], status=1)
    _each(t, "tail", ["-n"], ["--lines"], ["-c"], ["-s", "x", "f"], ["-s", "-1", "f"], ["-s", "", "f"], ["-s", "1s", "f"], ["--pid=x", "f"],
          ["--max-unchanged-stats=x", "f"], ["--follow=x", "f"], ["-F", "-"], status=1)
    t.refuses("tail", "--pid=99999999999", "f", status=1)
    # GNU says from 9.6 on that there are no more.
    for option in ("-n", "-c"):
        t.gives("tail", option, "99999999999999999999", "g", out=b"a\nb\nc")
        t.gives("tail", option, "+99999999999999999999", "g", out=b"")
    t.gives("tail", "+99999999999999999999c", "g", out=b"")
    _each(t, "tail", ["--retry", "g"], ["--pid=1", "g"], ["-s", "0.5", "g"], ["-s", "inf", "g"], ["-s", "1e-3", "g"], status=0)


@case("tail.output-errors")
def _(t: Case) -> None:
    t.tree(_tree())
    _each(t, "tail", ["f"], ["-n9000", "large"], ["-c+5", "large"], ["-n+5", "large", "f"], ["-v", "f", "g"], stdout="/dev/full", status=1)


@case("tail.follows-to-closed-output", seconds=20)
def _(t: Case) -> None:
    t.tree(_tree())
    t.refuses("tail", "-f", "f", closed=[1], status=1)
    t.refuses("tail", "-c0", "-f", "f", closed=[1], status=1)


@case("tail.follows-until-a-process-ends")
def _(t: Case) -> None:
    # Which it has.
    t.tree(_tree())
    gone = ["-s", "0.01", "--pid=99999999"]
    for how in (["-f"], ["-F"], ["--follow=name"], ["--follow"], ["-f", "-n+599"], ["-f", "-c3"]):
        t.same("tail", *how, *gone, "f", status=0)
        t.same("tail", *how, *gone, "f", "g", "empty", status=0)
    # GNU's forgets with -F that one could not be opened.
    t.gives("tail", "-qF", *gone, "g", "missing", status=1, out=b"a\nb\nc",
            errors=b"tail: cannot open 'missing' for reading: No such file or directory\n")
    t.same("tail", "-f", *gone, "f", "missing", status=1)


@case("tail.nothing-to-follow")
def _(t: Case) -> None:
    t.tree(_tree())
    t.gives("tail", "-f", "missing", status=1,
            errors=b"tail: cannot open 'missing' for reading: No such file or directory\ntail: no files remaining\n")
    t.same("tail", "-f", "missing", status=1)
    t.same("tail", "--follow=name", "missing", status=1)
    t.same("tail", "-f", "d", status=1)


# ------------------------------------------------------------------------------------------------------------------- tee
def _tee_name(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
    t.same("tee", path, missing, stdin=b"text\n")
    t.same("tee", b"-a", b"--", name, stdin=b"text\n")


names("tee", _tee_name)
# Whose input is closed says so: a file of the name "-" tells closed_streams() that it is read.
closed_streams("tee", [(["new", "-"], True), (["-a", "f", "-"], True), (["missing/x", "g", "-"], True)])
little_memory("tee", ["new", "f"])


@case("tee.copies")
def _(t: Case) -> None:
    for text in (b"", b"x", b"1\n2\n", b"\0\xff\n", _LARGE * 3):
        t.tree({"old": b"what was there", "append": b"before\n"} if text == b"" else {})
        _each(t, "tee", [], ["new"], ["old"], ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"], ["-a", "append", "new-too"],
              ["--append", "append"], ["-"], ["--", "-a"], ["-i", "i"], ["--ignore-interrupts", "i"], ["-p", "p"], ["same", "same"],
              stdin=text, status=0)
        for mode in ("", "=warn", "=warn-nopipe", "=exit", "=exit-nopipe", "=warn-", "=exit-n"):
            t.same("tee", "--output-error" + mode, "m", stdin=text, status=0)


@case("tee.errors")
def _(t: Case) -> None:
    t.tree(_tree())
    for how in ([], ["-a"], ["-p"], ["--output-error=warn"]):
        _each(t, "tee", [*how, "d"], [*how, "missing/x", "new"], [*how, "f/x", "new"], [*how, ""], [*how, "/dev/full", "new"],
              stdin=b"text\n", status=1)
    _each(t, "tee", ["--output-error=exit", "d", "never"], ["--output-error=exit-nopipe", "missing/x", "never"], stdin=b"text\n", status=1)
    _each(t, "tee", ["--output-error="], ["--output-error=x"], ["--output-error=e"], stdin=b"", status=1)
    t.same("tee", "new", stdin=b"text\n", stdout="/dev/full", status=1)
    t.same("tee", "-p", "new", stdin=b"text\n", stdout="/dev/full", status=1)
    t.same("tee", "protected/x", stdin=b"text\n", status=1)


# -------------------------------------------------------------------------------------------------------------------- wc
def _wc_name(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
    # A newline in a name is quoted in other ways.
    if b"\n" not in name:
        t.same("wc", path, missing)
        t.same("wc", b"-c", path)


names("wc", _wc_name)
closed_streams("wc", [(["f", "g"], True), (["missing", "f"], True), (["-c", "f"], True), (["-", "f"], True)])
little_memory("wc", ["f", "g"])


@case("wc.counts")
def _(t: Case) -> None:
    t.tree(_tree())
    for options in ([], ["-c"], ["-m"], ["-l"], ["-w"], ["-L"], ["-lw"], ["-cl"], ["-wmcLl"], ["-cm"], ["--bytes", "--chars"], ["--lines"],
                    ["--words", "--max-line-length"]):
        for files in (["f"], ["empty"], ["nul"], ["large"], ["no-end"], ["f", "g"], ["empty", "empty"], ["one", "large", "f"]):
            t.same("wc", *options, *files, status=0)


@case("wc.standard-input")
def _(t: Case) -> None:
    t.tree(_tree())
    for text in (b"", b"x", b"x y", b"x y\nz", b"a b\nc\n", b"\n123456", b" \t\r\v\f", _LARGE):
        for options in ([], ["-c"], ["-m"], ["-l"], ["-w"], ["-L"], ["-lL"]):
            _each(t, "wc", options, [*options, "-"], [*options, "f", "-"], stdin=text, status=0)


@case("wc.columns")
def _(t: Case) -> None:
    t.tree({**_tree(), "99": b"x" * 99, "100": b"x" * 100})
    _each(t, "wc", ["f", "d"], ["d"], ["missing", "f"], ["f", "missing"], ["missing"], ["-l", "missing", "f"], ["-l", "f", "d"], ["unreadable", "f"],
          ["f", "unreadable"], ["dangling", "f"], ["f/x", "f"], status=1)
    _each(t, "wc", ["99"], ["100"], ["99", "one"], ["-l", "99", "100"], ["/dev/null"], ["-c", "/dev/null"], ["/dev/null", "f"], ["f", "/dev/null"],
          status=0)


@case("wc.utf-8")
def _(t: Case) -> None:
    texts = ["café naïve €\n".encode(), "漢字 e\u0301 ﾊﾝｶｸ\n\ttab\n".encode(), b"a\xffb \xc3 c\xe2\x82\n", "a\u00a0b\u3000c\u2003d\u2060e\n".encode(),
             "😀😀\n".encode() * 3000, "слово и слово\n".encode() * 2000, "かな カナ\u3000\n".encode() * 2000]
    t.tree({"t%d" % n: text for n, text in enumerate(texts)})
    # Of bytes that are no characters, words are made from GNU's 9.5 on.
    t.gives("wc", "-w", "t2", out=b"3 t2\n")
    t.same("wc", "-mcL", "t2", environment=_UTF8, status=0)
    for n in (0, 1, 3, 4, 5, 6):
        _each(t, "wc", ["t%d" % n], ["-m", "t%d" % n], ["-w", "t%d" % n], ["-L", "t%d" % n], ["-clmwL", "t%d" % n], environment=_UTF8, status=0)


@case("wc.totals")
def _(t: Case) -> None:
    t.tree(_tree())
    # GNU 9.1 has no --total.
    t.gives("wc", "--total=never", "one", "g", out=b"1 1 2 one\n2 3 5 g\n")
    t.gives("wc", "--total=only", "one", "g", out=b"3 4 7\n")
    t.gives("wc", "--total=always", "one", out=b"1 1 2 one\n1 1 2 total\n")
    t.gives("wc", "--total=auto", "one", out=b"1 1 2 one\n")
    t.refuses("wc", "--total=x", "one", status=1)
    t.refuses("wc", "--total", status=1)


@case("wc.names-from-a-file")
def _(t: Case) -> None:
    t.tree({**_tree(), "both": b"f\0g\0", "no-end-0": b"f\0g", "one-name": b"g", "none": b"",
            "some-missing": b"missing\0f\0missing\0", "twice": b"g\0g\0"})
    for names_file in ("both", "no-end-0", "one-name", "none", "twice", "/dev/null"):
        _each(t, "wc", ["--files0-from=" + names_file], ["-l", "--files0-from=" + names_file], ["-lc", "--files0-from", names_file], status=0)
    _each(t, "wc", ["--files0-from=some-missing"], ["--files0-from=missing"], ["--files0-from=f", "g"], ["--files0-from=d"], status=1, words=False)
    for text in (b"f\0g\0", b"g", b"", b"f\0" * 3000):
        _each(t, "wc", ["--files0-from=-"], ["-l", "--files0-from=-"], stdin=text, status=0)
    for text in (b"\0", b"\0g\0", b"-", b"\0\0", b"missing\0g"):
        _each(t, "wc", ["--files0-from=-"], stdin=text, status=1)


@case("wc.errors")
def _(t: Case) -> None:
    t.tree(_tree())
    _each(t, "wc", ["missing"], [""], ["f", "", "g"], ["d"], ["-c", "d"], ["dangling"], ["unreadable"], ["f/x"], status=1)
    # GNU's says no more than "write error".
    _each(t, "wc", ["f"], ["-c", "f", "g"], stdout="/dev/full", status=1, words=False)


# ------------------------------------------------------------------------------------------------------------------- yes
@case("yes.full-device")
def _(t: Case) -> None:
    _each(t, "yes", [], ["n"], ["a", "b c"], ["--", "-n"], ["x" * 100000], stdout="/dev/full", status=1)


@case("yes.errors")
def _(t: Case) -> None:
    _each(t, "yes", ["-x"], ["a", "-x"], ["--nonsense"], ["a", "--nonsense"], status=1)
    t.same("yes", closed=[1], status=1)
