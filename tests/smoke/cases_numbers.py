# SPDX-License-Identifier: MIT
"""printf and seq."""
import itertools

from cases_common import closed_streams, little_memory, missing_operand, names
from harness import Case, case

_UTF8 = {"LC_ALL": "C.UTF-8"}
_MOST = 2**63

_INTEGERS = ["0", "1", "-1", "+5", "007", "0x1F", "0X1f", "0x", "08", str(_MOST - 1), str(_MOST), str(-_MOST), str(-_MOST - 1), str(2 * _MOST - 1),
             str(2 * _MOST), str(-2 * _MOST), "9" * 40, " ", "abc", "12abc", " 12", "12 ", "'a", "\"b", "'", "--1", "1.5", "1e3", "0b1", "'é", "é"]
# Those that a long double holds exactly, or that look alike in all that is asked for.
_FLOATS = ["0", "1", "-1", "0.5", "1.5", "2.5", "3.25", "100000", "1000000", "999999", "9999995", "1e10", "1e-5", "0.0001", "-0", "inf", "-inf",
           "nan",
           "-nan", "INF", "infinity", "nan(1)", "0x1p3", "0x.8", "0x1.8P-1", "1e4933", "1e99999", "-1e99999", "1e-99999", "abc", "1x", "'a", ".5",
           "5.",
           "1e", "1e+", "0x", "0xp1", " 1", "1 ", "123456789012345678", "0.000244140625"]


def _printf_integers() -> None:
    formats = ["%d", "%i", "%u", "%o", "%x", "%X", "%#x", "%#o", "%5d", "%-5d|", "%05d", "%+d", "% d", "%.3d", "%.0d", "%8.3d", "%-8.3d|", "%08.3d",
               "%+.0d",
               "%#.0o", "%#X", "%'d", "%Id", "%ld", "%hhd", "%jd"]
    for index in range(0, len(formats), 4):
        def run(t: Case, index: int = index) -> None:
            for text_format, number in itertools.product(formats[index:index + 4], _INTEGERS):
                t.same("printf", text_format, number, environment=_UTF8)
        case("printf.integers.%d" % (index // 4), seconds=120)(run)


def _printf_floats() -> None:
    formats = ["%f", "%F", "%e", "%E", "%g", "%G", "%a", "%A", "%.0f", "%.1f", "%#.0f", "%.0e", "%#.0e", "%.3e", "%#g", "%.3g", "%.0g", "%10.2f|",
               "%-10.2f|",
               "%010.2f", "%+f", "% f", "%+.3e", "%.15g", "%#.3x", "%.0a", "%.1a", "%.20a", "%20a", "%-20a|", "%020a", "%'f", "%Lf"]
    for index in range(0, len(formats), 4):
        def run(t: Case, index: int = index) -> None:
            for text_format, number in itertools.product(formats[index:index + 4], _FLOATS):
                t.same("printf", text_format, number, environment=_UTF8)
        case("printf.floats.%d" % (index // 4), seconds=120)(run)


_printf_integers()
_printf_floats()


@case("printf.texts", seconds=120)
def _(t: Case) -> None:
    texts = ["", "a", "abc", "é", "a b", "a\nb", "\\t", "\\0101", "\\101", "a\\cb", "\\x41", "\\u00e9", "\\q", "\\", "it's", "~", "$x", "\x01", "-n",
             "%d"]
    for text_format, text in itertools.product(["%s", "%5s", "%-5s|", "%.2s", "%5.1s", "%c", "%5c", "%-5c|", "%q", "%b"], texts):
        t.same("printf", text_format, text, environment=_UTF8)
        t.same("printf", text_format + "\\n", text, text, environment=_UTF8)


@case("printf.formats")
def _(t: Case) -> None:
    for arguments in (["%s %s\\n", "a", "b", "c"], ["%d\\n"], ["%s\\n"], ["x", "a"], ["x\\n", "a", "b"], ["%%"], ["%%%d", "1"], ["%*d", "5", "42"],
                      ["%*d", "-5", "42"], ["%.*d", "3", "4"], ["%.*f", "-3", "4"], ["%*.*f", "10", "2", "3.25"], ["%*d"], ["%*d", "x", "5"],
                      ["%*d", "99999999999", "5"], ["%.*d", "99999999999", "5"], ["%.*d", "-99999999999", "5"], ["a%sb\\c", "x", "y"], ["%sx%d", "a"],
                      ["%s\\n\\", "a"], ["%d %d\\n", "1", "x", "2"], ["%b%b", "a\\c", "b"], ["%q %q\\n", "a", "b c"], ["%c%c%c", "abc", "", "d"],
                      ["%.f", "1.7"], ["%.d", "0"], ["%-05d|", "3"], ["% +d", "3"], ["%0+5d", "3"], ["%++d", "3"], ["%-+ #0f", "1"], ["%00005d", "3"],
                      ["%zd", "1"], ["%td", "1"], ["%lld", "1"], ["%hs", "a"], ["%ls", "a"], ["%s", "--help"], ["--", "%s", "x"], ["--", "--"], ["-"],
                      ["-n", "x"], ["--version", "x"], [""], ["", "a"]):
        t.same("printf", *arguments, environment=_UTF8)


@case("printf.wrong-specifications")
def _(t: Case) -> None:
    for text_format in ("%", "%5%", "%y", "%-", "%5", "%#s", "%0s", "%0c", "%#d", "%.1c", "%'s", "%'x", "%n", "%p", "%C", "%S", "%D", "%l", "%10",
                        "%$",
                        "%0$s", "%.", "%*", "%-*", "%é"):
        t.same("printf", "a" + text_format, "1", status=1, words=False)
        t.same("printf", "%d" + text_format + "x", "7", "1", words=False)


@case("printf.escapes")
def _(t: Case) -> None:
    for text in ("\\\\", "\\a\\b\\e\\f\\n\\r\\t\\v", "\\\"", "\\'", "\\0", "\\01", "\\0101", "\\101", "\\1011", "\\777", "\\8", "\\x4", "\\x41",
                 "\\x414",
                 "\\x", "\\xg", "\\u00e9", "\\u00", "\\u", "\\ud800", "\\udfff", "\\U0001F600", "\\U00110000", "\\U1", "\\c", "a\\cb", "\\q", "\\?",
                 "\\%",
                 "\\", "a\\", "\\\\\\", "\\u20ac\\u00a0"):
        t.same("printf", text, environment=_UTF8, words=False)
        t.same("printf", "%b|", text, "x", environment=_UTF8, words=False)
    # Of later versions of GNU's.
    t.gives("printf", "\\u0041\\u007f\\u0000|", out=b"A\x7f\0|")


@case("printf.numbered-arguments")
def _(t: Case) -> None:
    # Of POSIX.1-2024.
    for arguments, out in ((["%2$s%1$s\\n", "1", "2"], b"21\n"), (["%1$s%1$s\\n", "1", "2"], b"11\n22\n"),
                           (["%s %3$s %s\\n", *"ABCD"], b"A C B\nD  \n"),
                           (["%1$*d\\n", "4", "1"], b"   4\n1\n"), (["%s %s %1$s\\n", "A", "B"], b"A B A\n"),
                           (["%100$*d %s %s %s\\n", "4", "1"], b"   0 1  \n"),
                           (["%1$*2$.*3$d\\n", "1", "3", "2"], b" 01\n"), (["%3$*.*d\\n", "3", "2", "1"], b" 01\n"),
                           (["%3$*2$.*d\\n", "2", "3", "1"], b" 01\n"),
                           (["%3$*.*2$d\\n", "3", "2", "1"], b" 01\n"), (["%2$*1$d\\n", "4", "1"], b"   1\n"), (["%2$*d\\n", "4", "1"], b"   1\n"),
                           (["%01$4d\\n", "1"], b"   1\n"), (["%1$0*2$d\\n", "1", "4"], b"0001\n"), (["empty%999$s\\n", "foo"], b"empty\n"),
                           (["empty%99999999999999999999999$s\\n", "foo"], b"empty\n"), (["%2$b|%1$q\\n", "a b", "\\t"], b"\t|'a b'\n")):
        t.gives("printf", *arguments, out=out)
    for text_format in ("%-2$s", "% 2$s", "%$d", "%$"):
        t.refuses("printf", text_format, "A", "B", status=1)


@case("printf.exact-decimals")
def _(t: Case) -> None:
    # Where GNU's shows what a long double cannot hold.
    for arguments, out in ((["%.30f", "0.1"], b"0.100000000000000000000000000000"), (["%.0f", "1e100"], b"1" + b"0" * 100),
                           (["%.25g", "0.3"], b"0.3"), (["%.2f", "0.125"], b"0.12"), (["%.2f", "2.675"], b"2.68"), (["%.1f", "0.25"], b"0.2"),
                           (["%.0f", "1e4932"], b"1" + b"0" * 4932), (["%.20e", "1e-4931"], b"1.00000000000000000000e-4931"),
                           (["%.5f", "123456789012345678901234567890.123456"], b"123456789012345678901234567890.12346")):
        t.gives("printf", *arguments, out=out)
    t.gives("printf", "%d", "", status=1, out=b"0", errors=b"printf: '': expected a numeric value\n")


@case("printf.width-of-escaped")
def _(t: Case) -> None:
    # POSIX has it, GNU not.
    t.gives("printf", "[%5b][%-5b][%.1b][%*b]", "\\tx", "\\tx", "\\tx", "3", "y", out=b"[   \tx][\tx   ][\t][  y]")
    t.gives("printf", "[%5q]", "a b", out=b"['a b']")


@case("printf.messages")
def _(t: Case) -> None:
    for arguments, out, message in ((["%d", "x"], b"0", b"x: expected a numeric value"), (["%d", "1x"], b"1", b"1x: value not completely converted"),
                                    (["%u", "1" + "0" * 30], b"18446744073709551615", b"1" + b"0" * 30 + b": Numerical result out of range"),
                                    (["%y"], b"", b"%y: invalid conversion specification"), (["\\x"], b"", b"missing hexadecimal number in escape"),
                                    (["\\ud800"], b"", b"invalid universal character name \\ud800"),
                                    (["%*d", "2147483648"], b"", b"2147483648: invalid field width"),
                                    (["%.*d", "2147483648"], b"", b"2147483648: invalid precision")):
        t.gives("printf", *arguments, status=1, out=out, errors=b"printf: " + message + b"\n")
    t.gives("printf", "x", "a\nb", out=b"x", errors=b"printf: warning: ignoring excess arguments, starting with $'a\\nb'\n")
    t.gives("printf", "%d", "'ab", out=b"97", errors=b"printf: warning: b: character(s) following character constant have been ignored\n")


@case("printf.large", seconds=120)
def _(t: Case) -> None:
    t.same("printf", "%100000d|%-100000s|%.50000f", "7", "x", "0.5", status=0)
    t.same("printf", "%s\\n", *["word%d" % n for n in range(20000)], status=0)
    t.same("printf", "%s", "x" * 120_000, status=0)


@case("printf.output-errors")
def _(t: Case) -> None:
    t.same("printf", "a", stdout="/dev/full", status=1)
    t.same("printf", "%1000000d", "1", stdout="/dev/full", status=1, words=False)
    t.same("printf", "", stdout="/dev/full", status=0)
    t.same("printf", "a", closed=[1], status=1)


@case("printf.calls")
def _(t: Case) -> None:
    outcome = t.run("printf", "%s %d %.2f\\n", "a", "1", "2.5", count=True)
    t.expect(outcome.calls.get("redox_write_v1", 0) == 1 and outcome.os_calls <= 2, "more than writing", outcome)


_OPERANDS = ["0", "1", "-1", "2", "10", "-5", "0.5", ".1", "1.", "-.5", "1e1", "1e-1", "1.50", "007", "+3", "0x10", "99", "1e2", "15e-1", "1.5e1",
             "-0", "5.25"]


def _seq_pairs() -> None:
    for index, first in enumerate(_OPERANDS):
        def run(t: Case, first: str = first) -> None:
            t.same("seq", first)
            for last in _OPERANDS:
                t.same("seq", first, last)
                t.same("seq", "-w", first, last)
        case("seq.pairs.%02d" % index)(run)


_seq_pairs()


@case("seq.steps", seconds=300)
def _(t: Case) -> None:
    for operands in itertools.product(["0", "1", "-3", "0.5", "1e1", "-.25"], ["1", "-1", "2", "0.5", "-.25", "1e1", "100", "0", "0.1", ".3"],
                                      ["5", "0", "-5", "1.5", "20", "10.05"]):
        t.same("seq", *operands, words=False)
        t.same("seq", "-w", *operands, words=False)


@case("seq.known")
def _(t: Case) -> None:
    for arguments in (["0", "0.000001", "0.000003"], ["0.1", "0.99", "1.99"], ["10.8", "0.1", "10.95"], ["0.1", "-0.1", "-0.2"], ["1", "-1", "-1"],
                      ["3", "-1", "3"], ["1", "1", "1"], ["1", "5", "1"], ["5", "1"], ["1.0", "2", "6.00"], ["-w", "1.0", "2", "16.00"], ["1", "3.0"],
                      ["-w", "1.1", "10"], ["-w", "1", "0.5", "30.123"], ["99", "1", "101"], ["95", "5", "105"], ["0", "10", "30"], ["999", "1001"],
                      ["18446744073709551615", "18446744073709551618"], ["999999999999999999999999", "1000000000000000000000002"], ["000", "003"],
                      ["-w", "000", "3"], ["-w", "010", "12"], ["-w", "-10", "5", "10"], ["-w", "10", "-5", "-10"], ["-w", ".8", ".1", "1.2"],
                      ["1e3", "1e3"], ["0x1p1", "4"], ["1", "0x.8", "3"], ["0", ".1", "1"], ["-3", "-1"], ["--", "-3", "-1"], ["1 ", "2"],
                      [" 1", "2"]):
        t.same("seq", *arguments, words=False)


@case("seq.formats", seconds=120)
def _(t: Case) -> None:
    for text in ("%f", "%e", "%g", "%a", "%E", "%G", "%A", "%F", "%.2f", "%5.1f|", "%05g", "%-8g|", "%+g", "% g", "%'g", "%#g", "%Lg", "x%gy",
                 "%%%g%%", "%.3e",
                 "%.0f", "%g%%", "%Lf%%x"):
        t.same("seq", "-f", text, "3", status=0)
        t.same("seq", "-f", text, "0", "0.5", "2", status=0)
        t.same("seq", "--format=" + text, "-1", "1", status=0)
    for text in ("%5%g", "%", "%%", "%d", "%s", "%g%g", "", "abc", "%.", "%5", "%0", "%g%", "%.2", "%l", "%lg", "%hg", "%g %f", "%x", "%c", "%*g",
                 "%1$g"):
        t.same("seq", "-f", text, "3", status=1, words=False)
    for arguments in (["%.1f", "0.1", "0.1", "0.4"], ["%.0f", "0.9", "1.5", "2"], ["%.3f", "1e-3", "1e-3", "5e-3"], ["%g", "1", "0.25", "2"],
                      ["%010.3f", "-1", "0.5", "1"]):
        t.same("seq", "-f", *arguments, status=0)


@case("seq.separators")
def _(t: Case) -> None:
    for separator in (",", "", " ", ", ", "\n\n", "-1", "%", "\\n", "ü", b"\xff"):
        t.same("seq", "-s", separator, "5", status=0)
        t.same("seq", "-s", separator, "3", "-1", "-1", status=0)
        t.same("seq", b"--separator=" + (separator if isinstance(separator, bytes) else separator.encode()), "1", ".5", "2", status=0)
    t.same("seq", "-ws:", "8", "10", status=0)
    t.same("seq", "-s:", "-w", "8", "10", status=0)
    t.same("seq", "--sep", ",", "3", status=0)
    t.same("seq", "-s,", "-.5", ".5", status=0)
    t.same("seq", "-s", ",", "5", "1", status=0)


@case("seq.endlessly-small")
def _(t: Case) -> None:
    for arguments in (["1e-922337203685477580800000000", "1"], ["-1e-922337203685477580800000000", "1"], ["-w", "1e-9999999999", "1"],
                      ["1e-9223372036854775808"]):
        t.same("seq", *arguments, status=0)


@case("seq.usage")
def _(t: Case) -> None:
    for arguments in (["x"], ["1", "x"], ["1", "1", "x"], ["x", "1", "1"], ["1", "2", "3", "4"], ["nan"], ["1", "nan"], ["nan", "1", "2"],
                      ["1e99999"],
                      ["1", "0", "5"], ["1", "0.0", "5"], ["1", "-0", "5"], [""], [" "], ["1x"], ["-s"], ["-f"], ["-w", "-f", "%g", "3"], ["-x", "3"],
                      ["-wx", "3"], ["1", "-w", "3"], ["-1", "--", "3"], ["--separator"], ["-w=3", "1"], ["--equal-width=x", "1"]):
        t.same("seq", *arguments, status=1, words=False)


@case("seq.infinity")
def _(t: Case) -> None:
    for arguments in (["--", "-inf"], ["1", "-inf"], ["inf", "1"], ["1", "inf", "5"], ["-1", "-inf", "-5"]):
        t.same("seq", *arguments, status=0)
    t.same("seq", "inf", stdout="/dev/full", status=1)
    t.same("seq", "-w", "1", "inf", stdout="/dev/full", status=1)
    t.same("seq", "-1", "0.5", "inf", stdout="/dev/full", status=1)


@case("seq.exact")
def _(t: Case) -> None:
    t.gives("seq", "1", "9999999999999999999999", "3e22",
            out=b"1\n10000000000000000000000\n19999999999999999999999\n29999999999999999999998\n")
    t.gives("seq", "0.1234567890123456789012", "1e-22", "0.1234567890123456789014",
            out=b"0.1234567890123456789012\n0.1234567890123456789013\n0.1234567890123456789014\n")
    t.gives("seq", "-100000000000000000000", "-99999999999999999999", out=b"-100000000000000000000\n-99999999999999999999\n")


@case("seq.large")
def _(t: Case) -> None:
    for arguments in (["200000"], ["0", "7", "1000000"], ["-s", "abc", "99999", "150001"], ["-w", "100000"], ["0", ".01", "1000"],
                      ["50000", "-1", "1"],
                      ["-1000", "30000"], ["99999999999999999990", "100000000000000040000"]):
        t.same("seq", *arguments, status=0)


@case("seq.output-errors")
def _(t: Case) -> None:
    for arguments in (["3"], ["1000000"], ["3", "-1", "1"], ["-f", "%g", "100000"]):
        t.same("seq", *arguments, stdout="/dev/full", status=1)
    t.same("seq", "3", closed=[1], status=1)
    t.same("seq", "3", "1", stdout="/dev/full", status=0)


@case("seq.calls")
def _(t: Case) -> None:
    outcome = t.run("seq", "1000", count=True)
    t.expect(outcome.calls.get("redox_write_v1", 0) == 1 and outcome.os_calls <= 2, "more than writing", outcome)
    outcome = t.run("seq", "100000", count=True)
    t.expect(outcome.calls.get("redox_write_v1", 0) <= 10, "small writes", outcome)


def _printed(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
    t.same("printf", b"%s|%5.3s|%b\\n", path, name, missing, environment=_UTF8)
    t.same("printf", b"%d\\n", b"x" + name, status=1, environment=_UTF8)
    t.same("seq", b"1", path, status=1, words=False)
    t.same("seq", b"-s", name, b"3", status=0)


names("printf", _printed)
closed_streams("printf", [(["%s\\n", "a"], True), (["%d", "x"], True), (["%y"], False)])
closed_streams("seq", [(["3"], True), (["x"], False), (["5", "1"], False)])
little_memory("printf", ["%s %100d %.50f\\n", "a" * 3000, "7", "0.1"])
little_memory("seq", ["-w", "20000"])
missing_operand("printf")
missing_operand("seq")
