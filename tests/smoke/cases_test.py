# SPDX-License-Identifier: MIT
"""test and [."""
import itertools
import os

from cases_common import names
from harness import Case, Dir, File, Hard, Link, Fifo, case

_OPERANDS = ["", "a", "-a", "-o", "!", "(", ")", "=", "-f", "-n", "1", "-eq"]


def _both(t: Case, *arguments: str, **how) -> None:
    t.same("test", *arguments, **how)
    t.same("[", *arguments, "]", **how)


@case("test.no-argument")
def _(t: Case) -> None:
    _both(t, status=1)


@case("test.one-argument")
def _(t: Case) -> None:
    for text in [*_OPERANDS, "-", "--", "--help", "--version", "-t", "]", "[", "-0", " ", "\n", b"\xff"]:
        _both(t, text, status=0 if text else 1)


@case("test.two-arguments", seconds=120)
def _(t: Case) -> None:
    for one, other in itertools.product(_OPERANDS, _OPERANDS):
        t.same("test", one, other, words=False)


@case("test.three-arguments", seconds=240)
def _(t: Case) -> None:
    # Where it is not GNU that gets it wrong: -a and -o between any two words, as POSIX.1-2017 has it.
    for one, operator, other in itertools.product(["", "a", "!", "(", ")", "-f", "-n", "1"], ["", "a", "=", "!=", "==", "-eq", "!", "-lt", "-nt"],
                                                  ["", "a", "!", ")", "-f", "2"]):
        t.same("test", one, operator, other, words=False)
    for operator in ("-a", "-o"):
        for one, other in itertools.product(["", "a", "1", "="], ["", "a", "1", "="]):
            _both(t, one, operator, other)
        t.gives("test", "a", operator, "!")
        t.gives("test", "-f", operator, "-f")
        t.gives("test", "-a", operator, "-o")


@case("test.four-arguments")
def _(t: Case) -> None:
    for arguments in ("! a = a", "! a = b", "! ! = !", "( -n a )", "( ! a )", "! ( a )", "! ! ! a", "! ! -f none", "( a )", "( a = a )",
                      "( = = = )", "! ( = (", "! -z a", "( -z a )", "-l a -eq 1", "1 -eq -l a", "a b c d", "! a b c", "( a b c", "-n a -a b",
                      "a -a ! b",
                      "a -a -n b", "-f a -o b", "! ( a", "( ! )", "( ( )", "( ) )", "a = b c"):
        _both(t, *arguments.split(" "), words=False)
    t.gives("test", "!", "-n", "-a", "x", status=1)


@case("test.more-arguments")
def _(t: Case) -> None:
    for arguments in ("a -a b -a c", "a = a -a b = b", "a = a -a b = c", "a = b -o b = b", "( a = b -o b = b ) -a c", "! a = b -a ! c = c",
                      "! a = b -a ! c = d", "-f = a -o b", "! ! ! ! 2 -eq 2", "( a ) -a ( b )", "( a = b ) -o ( c = c )", "a -o b -a ",
                      "-n a -a -z b",
                      "( -f none -o -d . ) -a ! -e none", "1 -lt 2 -a 2 -lt 3 -a 3 -lt 4", "( a = a", "a = a )", "( a = a ) b", "a -a b c", "a -o",
                      "( a -a b -o c ) -a d", "! ( a = b ) -a ( c )", "-l abc -eq 3 -a x", "2 -lt -l abc -a y"):
        _both(t, *arguments.split(" "), words=False)
    for arguments in ("-a -a -a -a -a", "( ( a ) )", "( ( ( a ) ) )", "( ( a ) -a b )"):
        t.gives("test", *arguments.split(" "))


@case("test.texts")
def _(t: Case) -> None:
    for one, other in itertools.product(["", "a", "b", "ab", "a b", "é", b"\xff", "-n"], repeat=2):
        for operator in ("=", "==", "!="):
            t.same("test", one, operator, other)
    for text in ("", "a", "-z", "0"):
        _both(t, "-n", text)
        _both(t, "-z", text)
        _both(t, "!", "-z", text)


@case("test.order-of-texts")
def _(t: Case) -> None:
    # Of POSIX.1-2024; by bytes, as in the C locale.
    for one, other in itertools.product(["", "a", "b", "ab", "B", "10", "9", b"\xff"], repeat=2):
        a, b = (text.encode() if isinstance(text, str) else text for text in (one, other))
        t.gives("test", one, "<", other, status=0 if a < b else 1)
        t.gives("[", one, ">", other, "]", status=0 if a > b else 1)
    t.gives("test", "a", "<", "b", "-a", "b", ">", "a")


_NUMBERS = ["0", "00", "-0", "+0", "1", "-1", "+1", "9", "10", "-10", "007", " 5", "5 ", "\t-5\t", "2147483648", "-2147483649", "9223372036854775807",
            "9223372036854775808", "-9223372036854775809", "18446744073709551616", "99999999999999999999999999", "-99999999999999999999999999"]


@case("test.integers", seconds=240)
def _(t: Case) -> None:
    for one, other in itertools.product(_NUMBERS, repeat=2):
        for operator in ("-eq", "-lt", "-ge"):
            t.same("test", one, operator, other)
    for one, other in itertools.product(["1", "2", "-3"], repeat=2):
        for operator in ("-ne", "-le", "-gt"):
            _both(t, one, operator, other)


@case("test.wrong-integers")
def _(t: Case) -> None:
    for text in ("", " ", "a", "0x0", "0x1F", "1.0", "1e3", "--1", "+-1", "-+1", "- 1", "+ 1", "1 2", "1a", "-", "+", "٣"):
        _both(t, text, "-eq", "0", status=2, words=False)
        _both(t, "0", "-gt", text, status=2, words=False)
    t.gives("test", "x\ny", "-eq", "0", status=2, errors=b"test: invalid integer $'x\\ny'\n")


@case("test.lengths")
def _(t: Case) -> None:
    for arguments in ("-l abc -eq 3", "-l abc -gt 3", "-l abc -gt 2", "2 -gt -l abc", "2 -lt -l abc", "-l a -eq -l b", "-l -l -eq 2", "-l = -l",
                      "-l -eq 2",
                      "3 -eq -l", "-l a -nt b", "a -nt -l b", "a -ef -l b", "-l a -ot b", "-l"):
        _both(t, *arguments.split(" "), words=False)
    _both(t, "-l", "", "-eq", "0")


def _files(t: Case) -> None:
    t.tree({"empty": b"", "full": b"x", "d": Dir(), "fifo": Fifo(), "link": Link("full"), "dangling": Link("none"), "loop": Link("loop"),
            "to-d": Link("d"), "suid": File(b"", 0o4755), "sgid": File(b"", 0o2755), "sticky": Dir(mode=0o1777), "hard": Hard("full")})


@case("test.files", seconds=120)
def _(t: Case) -> None:
    _files(t)
    # Who is bound by the permissions is another question.
    for operator in "bcdefghkpsuLSOGN":
        for name in ("empty", "full", "d", "fifo", "link", "dangling", "loop", "to-d", "suid", "sgid", "sticky", "none", "full/x", "", ".", "/",
                     "/dev/null", "d/", "to-d/", "none/"):
            if operator == "s" and name in ("d", "to-d", "sticky", ".", "/", "d/", "to-d/"):
                continue  # how large a directory is, is the file system's business
            t.same("test", "-" + operator, name)
    _both(t, "!", "-e", "none", status=0)


@case("test.may-read-write-execute")
def _(t: Case) -> None:
    t.tree({"f%03o" % mode: File(b"", mode) for mode in (0o000, 0o001, 0o010, 0o100, 0o200, 0o400, 0o444, 0o555, 0o644, 0o755)})
    t.tree({"d%03o" % mode: Dir(mode) for mode in (0o000, 0o111, 0o444, 0o755)})
    for operator in ("-r", "-w", "-x"):
        for mode in (0o000, 0o001, 0o010, 0o100, 0o200, 0o400, 0o444, 0o555, 0o644, 0o755):
            # Redox's execve() goes by the bits of the class that applies, for the superuser too.
            if operator != "-x" or mode not in (0o001, 0o010):
                t.same("test", operator, "f%03o" % mode, as_root=True)
        for mode in (0o000, 0o111, 0o444, 0o755):
            t.same("test", operator, "d%03o" % mode, as_root=True)
        for name in ("none", "", "f644/x"):
            t.same("test", operator, name, as_root=True)


@case("test.times")
def _(t: Case) -> None:
    t.tree({"old": File(b"", time=1_000_000_000), "new": File(b"", time=1_000_000_001), "newer": File(b"", time=2_000_000_000_000_000_000),
            "link": Link("newer")})
    for one, other in itertools.product(["old", "new", "newer", "link", "none", ""], repeat=2):
        for operator in ("-nt", "-ot", "-ef"):
            t.same("test", one, operator, other)


@case("test.read-since")
def _(t: Case) -> None:
    t.tree({"f": b"x"})

    def make(folder: bytes) -> None:
        for name, access, change in (("read", 2, 1), ("written", 1, 2), ("same", 5, 5)):
            path = os.path.join(folder, name.encode())
            with open(path, "wb"):
                pass
            os.utime(path, ns=(access * 10**9, change * 10**9))
    t.both(make)
    for name in ("read", "written", "same", "none"):
        t.same("test", "-N", name)


@case("test.same-file")
def _(t: Case) -> None:
    _files(t)
    for one, other in (("full", "full"), ("full", "hard"), ("full", "link"), ("full", "empty"), ("d", "to-d"), ("d", "."), ("none", "none"),
                       ("./full", "full"),
                       ("dangling", "dangling")):
        t.same("test", one, "-ef", other)


@case("test.terminals")
def _(t: Case) -> None:
    for text in ("0", "1", "2", "3", "99", "-1", "+1", " 1 ", "2147483647", "2147483648", "4294967296", "99999999999999999999"):
        _both(t, "-t", text, status=1)
    for text in ("", "x", "1x", "0x1"):
        _both(t, "-t", text, status=2, words=False)
    _both(t, "-t", status=0)


@case("test.wrong-expressions")
def _(t: Case) -> None:
    for arguments in ("a b", "a b c", "-Q a", "-1 a", "a = b c", "( a", "( a = b", "( )", "( a b", "a -a", "a = b -o", "! -Q a", "a ! b",
                      "( a = b c )",
                      "-f a b", "a b c d e", "-a b", "-o b", "! a b", "-e a -a", "1 -eq 2 3", "a -x b"):
        _both(t, *arguments.split(" "), status=2, words=False)


@case("test.messages")
def _(t: Case) -> None:
    for arguments, message in (("a b", "missing argument after 'b'"), ("a b c", "'b': binary operator expected"),
                               ("-Q a", "'-Q': unary operator expected"),
                               ("a = b c", "extra argument 'c'"), ("0 -eq 1x", "invalid integer '1x'"), ("( a = b", "')' expected"),
                               ("( a = b c d", "')' expected, found 'c'")):
        t.gives("test", *arguments.split(" "), status=2, errors=b"test: %s\n" % message.encode())
        t.gives("[", *arguments.split(" "), "]", status=2, errors=b"[: %s\n" % message.encode())


@case("bracket.missing")
def _(t: Case) -> None:
    for arguments in ([], ["a"], ["]", "a"], ["a", "=", "a"], ["a]"], ["--help", "--version"], ["--hel"], ["["], ["--help=x"], ["-h"]):
        t.same("[", *arguments, status=2)
        t.gives("[", *arguments, status=2, errors=b"[: missing ']'\n")


@case("bracket.closing")
def _(t: Case) -> None:
    for arguments in (["]"], ["]", "]"], ["]", "]", "]"], ["]", "=", "]", "]"], ["--help", "]"], ["", "]"], ["-n", "]", "]"]):
        t.same("[", *arguments, words=False)


@case("bracket.help-alone")
def _(t: Case) -> None:
    for option in ("--help", "--version"):
        t.same("[", option, stdout="/dev/full", status=2, words=False)
        t.same("test", option, stdout="/dev/full", status=0)
    t.gives("test", "--help")
    t.gives("test", "--version")


@case("test.calls")
def _(t: Case) -> None:
    t.tree({"f": b"x"})
    for arguments in (["a", "=", "b"], ["1", "-lt", "2"], ["a"], ["-e", ""], ["-z", ""]):
        t.expect(t.run("test", *arguments, count=True).os_calls == 0, "%s makes calls" % arguments)
    for operator in ("-e", "-f", "-s", "-r", "-w", "-x", "-d"):
        outcome = t.run("test", operator, "f", count=True)
        t.expect(outcome.os_calls <= 3, "more than opening, asking, closing", outcome)


@case("test.many-arguments")
def _(t: Case) -> None:
    t.same("test", *["a", "=", "a", "-a"] * 5000, "b", status=0)
    t.same("test", *["!"] * 20000, "-n", "x", status=0)
    t.gives("test", *["("] * 20000, "a", *[")"] * 20000, status=2, errors=None)


@case("test.closed-streams")
def _(t: Case) -> None:
    _files(t)
    for closed in ([0], [1], [2], [0, 1, 2]):
        t.same("test", "-f", "full", closed=closed, status=0)
        t.same("test", "a", "=", "b", closed=closed, status=1)
        t.same("test", "-f", "full", "x", "y", closed=closed, status=2, words=False)


def _name(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
    t.same("test", b"-f", path, status=0)
    t.same("test", b"-e", missing, status=1)
    t.same("test", name, b"=", name, status=0)
    t.same("[", name, b"]", status=0)
    t.same("test", b"0", b"-eq", name, words=False, status=2)


names("test", _name)
