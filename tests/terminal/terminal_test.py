#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: terminal_test.py USERLAND...

clear, reset, stty, less, more and pick at a pseudo-terminal, as somebody sits there: what is on the screen, and how the
terminal is left. A USERLAND is a folder of programs, for one machine or with a folder for each architecture.
"""
import sys

sys.dont_write_bytecode = True
import os
import re
import shutil
import signal
import subprocess
import tempfile
import termios
import time
from typing import Callable, List

if not any(os.path.exists(os.path.join(path, "pexpect")) for path in sys.path) and sys.executable != "/usr/bin/python3":
    # Debian's python3-pexpect is for Debian's python3.
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pexpect  # type: ignore

from screen import Failed, Terminal

_CASES: List[Callable[["Programs"], None]] = []


def case(function: Callable[["Programs"], None]) -> Callable[["Programs"], None]:
    _CASES.append(function)
    return function


class Programs:
    """The programs of one machine, and a folder to work in."""

    def __init__(self, folder: str, runner: List[str], work: str, is_redox: bool) -> None:
        self.folder, self.runner, self.is_redox = folder, runner, is_redox
        self.here = tempfile.mkdtemp(dir=work)
        self.write("n", "".join("line %d\n" % n for n in range(1, 1001)))
        self.write("short", "one\ntwo\nthree\n")

    def write(self, name: str, content) -> None:
        with open(os.path.join(self.here, name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())

    def append(self, name: str, content: str) -> None:
        with open(os.path.join(self.here, name), "ab") as file:
            file.write(content.encode())

    def path(self, program: str) -> str:
        return " ".join([*self.runner, os.path.join(self.folder, program)])

    def start(self, *command: str, **how) -> Terminal:
        words = [*self.runner, os.path.join(self.folder, command[0]), *command[1:]]
        return Terminal(words, folder=self.here, **how)

    def shell(self, line: str, **how) -> Terminal:
        """`line` for a shell; programs of ours are given as {less}."""
        line = re.sub(r"\{(\w+)\}", lambda match: self.path(match.group(1)), line)
        return Terminal([line], shell=True, folder=self.here, **how)


def fresh_settings() -> list:
    """What a pseudo-terminal has at first."""
    one, other = os.openpty()
    found = termios.tcgetattr(one)
    os.close(one)
    os.close(other)
    return found


def expect(holds: bool, what: object) -> None:
    if not holds:
        raise Failed(str(what))


def equal(found: object, wanted: object) -> None:
    expect(found == wanted, "%r, not %r" % (found, wanted))


def quits(t: Terminal, before: list, keys: str = "q", status: int = 0) -> None:
    """Ends it, and sees that all is as it was."""
    t.type(keys)
    equal(t.wait_end(), status)
    equal(t.settings(), before)
    equal(t.screen.other, False)


# ------------------------------------------------------------------------------------------- less
@case
def less_moves(p: Programs) -> None:
    t = p.start("less", "n")
    before = fresh_settings()
    t.wait_prompt("n")
    equal(t.screen.other, True)
    equal(t.screen.text()[:23], ["line %d" % n for n in range(1, 24)])
    expect(t.settings()[3] & (termios.ICANON | termios.ECHO) == 0, "keys come at once")
    for keys, top in (("f", 24), ("b", 1), ("j", 2), ("\n", 3), ("3j", 6), ("k", 5), ("y", 4), ("d", 15), ("u", 4), ("4d", 8), ("d", 12), ("u", 8),
                      ("g", 1), ("G", 978), ("500g", 500), ("<", 1), ("50%", 507), (" ", 530), ("\033[A", 529), ("\033[B", 530), ("\033[5~", 507),
                      ("\033[6~", 530), ("\033[H", 1), ("\033[F", 978), ("\033v", 955), ("7p", 79), ("10z", 89), ("10b", 79), ("r", 79),
                      ("2\002", 77)):
        t.type(keys)
        t.wait_top("line %d" % top)
        # What was scrolled, and not drawn anew, is right as well.
        if top < 978:
            equal(t.screen.text()[:23], ["line %d" % n for n in range(top, top + 23)])
    t.type("G")
    t.wait_prompt("(END)")
    t.type(" ")
    t.wait_prompt("(END)")
    equal(t.screen.text()[0], "line 978")
    quits(t, before)


@case
def less_redraws_by_one_write(p: Programs) -> None:
    t = p.shell("exec strace -o trace -e trace=write,writev {less} n" if not p.runner and shutil.which("strace") else "exec {less} n")
    t.wait_prompt("n")
    t.type("500g")
    t.wait_top("line 500")
    t.type("q")
    t.wait_end()
    if os.path.exists(os.path.join(p.here, "trace")):
        with open(os.path.join(p.here, "trace"), encoding="utf-8", errors="replace") as file:
            writes = [line for line in file if line.startswith("write(1")]
        # Entering; the first screen; ":5", ":50" and ":500"; the screen; leaving.
        expect(len(writes) <= 7, writes)


@case
def less_searches(p: Programs) -> None:
    t = p.start("less", "-i", "n")
    before = fresh_settings()
    t.wait_prompt("n")
    for keys, top in (("/50$\n", 50), ("n", 150), ("2n", 350), ("N", 250), ("?^line 3.$\n", 39), ("n", 38), ("/LINE 4[0-2]$\n", None),
                      ("/li[n]e 4[0-2]$\n", 40),
                      ("/!line\n", None), ("g/^(line 7|line 9)$\n", 7), ("n", 9), ("/\n", None), ("g/\x12e 1\n", 10), ("g/ {0,1}2{3}$\n", 222)):
        t.screen.reverse = ""
        t.type(keys)
        if top is not None:
            t.wait_top("line %d" % top)
        else:
            t.wait_text("Pattern not found")
    expect("2" in t.screen.reverse, "matches are in reverse: %r" % t.screen.reverse)
    t.type("/a[\n")
    t.wait_text("Invalid pattern")
    t.type("/abc\b\b\b\b")
    t.wait_prompt(":")
    t.type("g/50$\177\177\1774[04]0$\n")
    t.wait_top("line 400")
    t.type("/x\003")
    t.wait(lambda: t.screen.text()[-1] in (":", "Interrupted"), "the search is not given up")
    quits(t, before)


@case
def less_case(p: Programs) -> None:
    p.write("c", "\n".join(["first", *["x"] * 30, "abc", *["x"] * 30, "ABC", *["x"] * 30]))
    for option, pattern, found in (([], "ABC", "ABC"), ([], "abc", "abc"), (["-i"], "aBC", None), (["-I"], "ABC", "abc"), (["-i"], "abc", "abc")):
        t = p.start("less", *option, "c")
        t.wait_prompt("c")
        t.type("/%s\n" % pattern)
        if found is None:
            t.wait_text("Pattern not found")
        else:
            t.wait_top(found)
        t.type("q")
        t.wait_end()
    t = p.start("less", "-p", "ABC", "c")
    t.wait_top("ABC")
    t.type("-I")
    t.wait_text("Case does not matter in searches")
    t.type("N")
    t.wait_top("abc")
    t.close()


@case
def less_follows(p: Programs) -> None:
    p.write("log", "".join("%d\n" % n for n in range(100)))
    t = p.start("less", "+F", "log")
    before = fresh_settings()
    t.wait_text("Waiting for data")
    equal(t.screen.text()[22], "99")
    p.append("log", "new\n")
    t.wait(lambda: t.screen.text()[22] == "new", "what is new is not shown")
    p.write("log", "short\n")
    t.wait(lambda: t.screen.text()[0] == "short", "a file that was cut is not shown")
    p.append("log", "again\n")
    t.wait(lambda: t.screen.text()[:2] == ["short", "again"], "it does not go on after that")
    t.type("\003")
    t.wait(lambda: t.screen.text()[-1] in ("Interrupted", "(END)"), "it cannot be interrupted")
    p.append("log", "later\n")
    t.type("F")
    t.wait(lambda: t.screen.text()[2] == "later", "it does not follow again")
    t.type("q")
    t.wait_prompt("(END)")
    t.type("k")
    t.wait_prompt("(END)")
    quits(t, before)


@case
def less_pipe(p: Programs) -> None:
    # Who writes does not heed ^C: its end could come before the interruption, and then all has been read.
    t = p.shell("(trap '' INT; seq 1 100; sleep 1; seq 101 200; sleep 600) | {less}")
    t.wait(lambda: t.screen.text()[:2] == ["1", "2"] and t.screen.text()[-1] == ":", "the beginning of a pipe is not shown")
    t.type("G")
    time.sleep(1.5)
    t.type("\003")
    t.wait_text("Interrupted")
    t.type(" ")
    t.wait(lambda: t.screen.text()[0] == "24", "nothing can be done after that")
    t.close()
    t = p.shell("seq 1 100 | {less}; echo done $?")
    t.wait(lambda: t.screen.text()[0] == "1", "not from the beginning")
    t.type("G")
    t.wait_prompt("(END)")
    equal(t.screen.text()[22], "100")
    t.type("gq")
    t.wait_text("done 0")
    t.close()


@case
def less_resize(p: Programs) -> None:
    t = p.start("less", "n")
    t.wait_prompt("n")
    t.type("100g")
    t.wait_top("line 100")
    t.resize(10, 40)
    if p.is_redox:
        # Without a signal it is asked for with the next screen.
        t.type("r")
    t.wait(lambda: t.screen.text()[:9] == ["line %d" % n for n in range(100, 109)], "not drawn for the new size")
    t.type(" ")
    t.wait_top("line 109")
    t.close()


@case
def less_without_a_size(p: Programs) -> None:
    t = p.start("less", "n", rows=0, columns=0)
    t.wait_prompt("n")
    equal(t.screen.text()[:23], ["line %d" % n for n in range(1, 24)])
    t.close()
    t = p.start("less", "n", rows=0, columns=0, environment={"LINES": "10", "COLUMNS": "6"})
    t.wait(lambda: t.screen.text()[9] == "n", "LINES is not heeded")
    equal(t.screen.text()[:3], ["line 1", "line 2", "line 3"])
    t.type("G")
    t.wait(lambda: t.screen.text()[9] == "(END)", "COLUMNS is not heeded")
    equal(t.screen.text()[7:9], ["line 1", "000"])
    t.close()


@case
def less_binary(p: Programs) -> None:
    p.write("b", b"a\x01b\x00c\x7f\x1b[31mred\x1b[m\n\xff\xc3(\xe2\x82\xac\xc2\x9b31m\nb\bbo_\bl\n\tx\ty\n\xe6\xbc\xa2\xe5\xad\x97\ncr\r\n\r\n")
    t = p.start("less", "b")
    before = fresh_settings()
    t.wait(lambda: t.screen.text()[0] != "", "nothing")
    equal(t.screen.text()[:7], ["a^Ab^@c^?ESC[31mredESC[m", "<FF><C3>(€<C2><9B>31m", "bol", "        x       y", "漢字", "cr", ""])
    expect(b"\x1b[31m" not in t.raw and b"\x01" not in t.raw, "the terminal was commanded")
    t.type("-R")
    t.wait(lambda: t.screen.text()[0] == "a^Ab^@c^?red", "colours are not let through")
    expect(b"\x1b[31m" in t.raw, "no colour")
    quits(t, before)


@case
def less_long_lines(p: Programs) -> None:
    p.write("l", "x" * 100 + "END1\n" + "y" * 200 + "\nlast\n")
    t = p.start("less", "l")
    t.wait_prompt("l (END)")
    equal(t.screen.text()[:6], ["x" * 80, "x" * 20 + "END1", "y" * 80, "y" * 80, "y" * 40, "last"])
    t.type("-S")
    t.wait(lambda: t.screen.text()[:3] == ["x" * 80, "y" * 80, "last"], "lines are not cut")
    t.type("\033[C")
    t.wait(lambda: t.screen.text()[:2] == ["x" * 60 + "END1", "y" * 80], "not looked aside")
    t.type("70\033[C")
    t.wait(lambda: t.screen.text()[:2] == ["", "y" * 80], "not looked aside by 70")
    t.type("110\033[D")
    t.wait(lambda: t.screen.text()[:2] == ["x" * 80, "y" * 80], "not looked back")
    t.close()


@case
def less_huge_line(p: Programs) -> None:
    with open(os.path.join(p.here, "huge"), "wb") as file:
        block = b"0123456789" * 100_000
        for _ in range(20):
            file.write(block)
        file.write(b"\nlast line\n")
    t = p.start("less", "huge")
    t.wait_prompt("huge")
    equal(t.screen.text()[0], "0123456789" * 8)
    t.type("G")
    t.wait(lambda: t.screen.text()[22] == "last line", "the end is not shown")
    t.type("k")
    t.wait(lambda: t.screen.text()[22] != "last line", "not back by a row")
    t.type("50%")
    t.wait_prompt(":")
    t.type("10k")
    t.wait_prompt(":")
    t.type("g/last\n")
    t.wait_top("last line")
    t.type("q")
    equal(t.wait_end(), 0)


@case
def less_files(p: Programs) -> None:
    t = p.start("less", "short", "missing", "n", "")
    t.wait_text("(file 1 of 4)")
    t.type("ma:n")
    t.wait_top("line 1")
    t.type("50g:p")
    t.wait_top("one")
    t.type(":n")
    t.wait_top("line 50")
    t.type("'a")
    t.wait_top("one")
    t.type(":p")
    t.wait_text("No previous file")
    t.type("2:n")
    t.wait_top("line 50")
    t.type("=")
    t.wait_text("n (file 3 of 4) lines 50-72")
    t.type("mb100g'b")
    t.wait_top("line 50")
    t.type("''")
    t.wait_top("line 100")
    t.type("'q")
    t.wait_text("Mark not set")
    t.type(":q")
    equal(t.wait_end(), 1)
    t = p.start("less", "missing")
    equal(t.wait_end(), 1)
    expect(b"less: missing: No such file or directory\r\n" == t.raw, t.raw)
    t = p.start("less")
    equal(t.wait_end(), 1)


@case
def less_options(p: Programs) -> None:
    t = p.start("less", "-N", "-M", "n", environment={"LESS": "-X --no-such -z5 -9 ~"})
    t.wait(lambda: t.screen.text()[-1].startswith("n lines 1-23"), "no long prompt")
    equal(t.screen.other, False)
    equal(t.screen.text()[0], "      1 line 1")
    t.type(" ")
    t.wait_top("      6 line 6")
    t.type("-N-M-m")
    t.wait(lambda: t.screen.text()[0] == "line 6" and t.screen.text()[-1].endswith("%"), "options do not change")
    t.type("q")
    t.wait_end()
    t = p.start("less", "-F", "short")
    equal(t.wait_end(), 0)
    equal(t.raw, b"one\r\ntwo\r\nthree\r\n")
    t = p.start("less", "-F", "n")
    t.wait_prompt("n")
    t.type("q")
    t.wait_end()
    t = p.start("less", "-e", "short", "short")
    t.wait_prompt("short (file 1 of 2) (END) - Next: short")
    t.type("  ")
    equal(t.wait_end(), 0)
    t = p.start("less", "-EX", "n")
    t.wait_prompt("n")
    t.type("G")
    equal(t.wait_end(), 0)
    p.write("blank", "a\n\n\n\nb\n\n\nc\n")
    t = p.start("less", "-sx4", "-~", "+G", "blank")
    t.wait_prompt("blank (END)")
    equal(t.screen.text()[:6], ["a", "", "b", "", "c", ""])
    t.close()
    t = p.start("less", "+/500", "n")
    t.wait_top("line 500")
    t.close()
    t = p.start("less", "+100", "n")
    t.wait_top("line 100")
    t.close()


@case
def less_refuses(p: Programs) -> None:
    t = p.start("less", "n")
    t.wait_prompt("n")
    for key, text in (("!", "Commands are not run from here"), ("v", "There is no editor to call"), ("V", "less (Cation)"),
                      ("h", "a screen on, or N rows")):
        t.type(key)
        t.wait_text(text)
    t.type("q")
    t.wait_top("line 1")
    t.close()


@case
def less_dumb(p: Programs) -> None:
    t = p.start("less", "n", rows=5, environment={"TERM": "dumb"})
    before = fresh_settings()
    t.wait_prompt("n")
    equal(t.screen.text(), ["line 1", "line 2", "line 3", "line 4", "n"])
    t.type(" ")
    t.wait_prompt(":")
    equal(t.screen.text()[0], "line 5")
    t.type("/line 50$\n")
    t.wait(lambda: "line 50" in t.screen.text(), "not found")
    t.type("b")
    t.wait(lambda: "line 46" in t.screen.text(), "not back")
    quits(t, before)
    expect(b"\033" not in t.raw, "sequences for a dumb terminal")


@case
def less_leaves_by_signals(p: Programs) -> None:
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        t = p.start("less", "n")
        before = fresh_settings()
        t.wait_prompt("n")
        t.signal(number)
        equal(t.wait_end(), 128 + number)
        equal(t.settings(), before)
        equal(t.screen.other, False)
    t = p.start("less", "-K", "n")
    before = fresh_settings()
    t.wait_prompt("n")
    quits(t, before, "\003", 2)
    t = p.start("less", "n")
    t.wait_prompt("n")
    t.type("\003")
    t.wait_text("Interrupted")
    t.type("j")
    t.wait_top("line 2")
    t.close()


@case
def less_stops(p: Programs) -> None:
    t = Terminal(["set -m; stty sane; %s n; stty -a | grep -c ' icanon .* echo '; fg >/dev/null; echo status $?" % p.path("less")], shell=True,
                 folder=p.here)
    t.wait_prompt("n")
    t.type("10g")
    t.wait_top("line 10")
    t.type("\032")
    t.wait(lambda: t.screen.other and t.screen.text()[0] == "line 10" and b"1\r\n" in t.raw, "it does not come back")
    expect(re.search(rb"\033\[\?1049l.*1\r\n.*\033\[\?1049h", t.raw, re.S) is not None, t.raw)
    t.type("q")
    t.wait_text("status 0")
    t.close()


@case
def less_without_a_terminal(p: Programs) -> None:
    for command, wanted in (([p.path("less") + " short n | cat"], None), ([p.path("less") + " -N short < /dev/null | cat"], b"one\ntwo\nthree\n")):
        ran = subprocess.run(command[0], shell=True, cwd=p.here, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
        equal(ran.returncode, 0)
        if wanted is not None:
            equal(ran.stdout, wanted)


# ------------------------------------------------------------------------------------------- pick
def pick(p: Programs, before: str, arguments: str = "", **how) -> Terminal:
    """`before` | pick, whose output goes to the file out, and its status behind that."""
    return p.shell("%s | {pick} %s > out; echo status $? >> out; cat out" % (before, arguments), **how)


def picked(p: Programs, t: Terminal, before: list, status: int, line: str) -> None:
    equal(t.wait_end(), 0)
    equal(t.settings(), before)
    equal(t.screen.other, False)
    equal([row for row in t.screen.text() if row], [*([line] if line else []), "status %d" % status])


@case
def pick_moves(p: Programs) -> None:
    t = pick(p, "cat n")
    before = fresh_settings()
    t.wait_top(">   1000/1000")
    equal(t.screen.other, True)
    equal(t.screen.text()[1:4], ["> line 1", "  line 2", "  line 3"])
    equal(t.screen.text()[23], "  line 23")
    equal((t.screen.row, t.screen.column), (0, 2))
    for keys, chosen in (("\033[B", 2), ("\033[A", 1), ("\016\016", 3), ("\020", 2), ("\033[6~", 25), ("\033[5~", 2), ("\033[F", 1000), ("\033[H", 1),
                         ("\033OB", 2)):
        t.screen.reverse = ""
        t.type(keys)
        t.wait(lambda: t.screen.reverse.endswith("line %d" % chosen), "%d is not chosen" % chosen)
        expect("> line %d" % chosen in t.screen.text(), t.screen.text())
    t.type("\r")
    picked(p, t, before, 0, "line 2")


@case
def pick_filters(p: Programs) -> None:
    t = pick(p, "cat n", "-r -p 'which? '")
    before = fresh_settings()
    t.wait_top("which?   1000/1000")
    equal(t.screen.text()[1:3], ["> line 1000", "  line 999"])
    t.type("99 5")
    t.wait_top("which? 99 5  2/1000")
    equal(t.screen.text()[1:4], ["> line 995", "  line 599", ""])
    t.type("\177\177L")
    t.wait_top("which? 99L  0/1000")
    t.type("\r\177")
    t.wait_top("which? 99  19/1000")
    t.type("\x15\033[B\r")
    picked(p, t, before, 0, "line 999")


@case
def pick_gives_up(p: Programs) -> None:
    for keys in ("\033", "\003", "\007", "\004"):
        t = pick(p, "cat short")
        before = fresh_settings()
        t.wait_top(">   3/3")
        t.type(keys)
        if keys == "\003":
            # The shell ends with it.
            expect(t.wait_end() in (0, 130), "another status")
            equal(t.settings(), before)
            equal(t.screen.other, False)
        else:
            picked(p, t, before, 130, "")


@case
def pick_odd_lines(p: Programs) -> None:
    p.write("odd", b"\x1b[2J\x1b]0;t\x07\n\xff\tb\n" + "你好".encode() * 60 + b"\n" + b"x" * 500 + b"\r\n")
    t = pick(p, "cat odd", rows=6, columns=20)
    before = fresh_settings()
    t.wait_top(">   4/4")
    equal(t.screen.text()[1:4], ["> ESC[2JESC]0;t^G", "  <FF> b", "  " + "你好" * 4])
    equal(t.screen.text()[4:], ["  " + "x" * 17, ""])
    t.type("好\033[B")
    t.wait_top("> 好  1/4")
    t.type("\x15\033[B\r")
    equal(t.wait_end(), 0)
    with open(os.path.join(p.here, "out"), "rb") as file:
        equal(file.read(), b"\xff\tb\nstatus 0\n")
    equal(t.settings(), before)


@case
def pick_any_size(p: Programs) -> None:
    t = pick(p, "cat n", rows=1, columns=30)
    before = fresh_settings()
    t.wait_top(">   line 1")
    t.type("\033[B")
    t.wait_top(">   line 2")
    t.type("77\r")
    equal(t.wait_end(), 0)
    equal(t.settings(), before)
    with open(os.path.join(p.here, "out"), "rb") as file:
        equal(file.read(), b"line 77\nstatus 0\n")
    t = pick(p, "cat n", rows=0, columns=0)
    t.wait_top(">   1000/1000")
    equal(t.screen.text()[23], "  line 23")
    t.type("\r")
    picked(p, t, before, 0, "line 1")
    t = pick(p, "cat n", rows=10, columns=80)
    t.wait_top(">   1000/1000")
    t.type("\033[F")
    t.wait(lambda: t.screen.text()[9] == "> line 1000", "not at the end")
    t.resize(5, 40)
    if p.is_redox:
        t.type("\014")
    t.wait(lambda: t.screen.text()[:5] == [">   1000/1000", "  line 997", "  line 998", "  line 999", "> line 1000"],
           "not drawn for the new size")
    t.resize(12, 40)
    if p.is_redox:
        t.type("\014")
    t.wait(lambda: t.screen.text()[1] == "  line 990" and t.screen.text()[11] == "> line 1000",
           "not drawn for the new size")
    t.type("\r")
    picked(p, t, before, 0, "line 1000")


@case
def pick_leaves_by_signals(p: Programs) -> None:
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        t = p.shell("exec {pick} < n > out")
        before = fresh_settings()
        t.wait_top(">   1000/1000")
        t.signal(number)
        equal(t.wait_end(), 128 + number)
        equal(t.settings(), before)
        equal(t.screen.other, False)
        expect(not any("line 1" in row for row in t.screen.text()), "lines are left")


@case
def pick_stops(p: Programs) -> None:
    t = p.shell("set -m; stty sane; {pick} < n > out; stty -a | grep -c ' icanon .* echo '; fg >/dev/null; echo status $?; "
                "cat out")
    t.wait_top(">   1000/1000")
    t.type("\033[B")
    t.wait(lambda: t.screen.text()[2] == "> line 2", "not moved")
    t.type("\032")
    t.wait(lambda: t.screen.other and t.screen.text()[2] == "> line 2" and b"1\r\n" in t.raw, "it does not come back")
    expect(re.search(rb"\033\[\?1049l.*1\r\n.*\033\[\?1049h", t.raw, re.S) is not None, t.raw)
    t.type("\r")
    t.wait_text("status 0")
    t.wait_text("line 2")
    t.close()


@case
def pick_with_pipes_alone(p: Programs) -> None:
    # As in Ion's $(...), and on Redox, which has no /dev/tty: a session of its own has none, either.
    line = "export TTY=$(tty); cat n | setsid -w %s 2> /dev/null | cat > out; cat out" % p.path("pick")
    t = Terminal([line], shell=True, folder=p.here)
    before = fresh_settings()
    t.wait_top(">   1000/1000")
    t.type("20\033[B\r")
    equal(t.wait_end(), 0)
    equal(t.settings(), before)
    equal([row for row in t.screen.text() if row], ["line 120"])
    ran = subprocess.run("exec setsid -w %s < n | cat" % p.path("pick"), shell=True, cwd=p.here, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, check=False)
    equal((ran.stdout, ran.stderr), (b"", b"pick: there is no terminal to choose at\n"))


@case
def pick_from_hist(p: Programs) -> None:
    p.write("h", "ls\n#1700000000\ncd /tmp\nls\ncat a\n")
    t = p.shell("{hist} -f h -ru | {pick} | cat > out; cat out")
    before = fresh_settings()
    t.wait_top(">   3/3")
    equal(t.screen.text()[1:4], ["> cat a", "  ls", "  cd /tmp"])
    t.type("tmp\r")
    equal(t.wait_end(), 0)
    equal(t.settings(), before)
    equal([row for row in t.screen.text() if row], ["cd /tmp"])


# ------------------------------------------------------------------------------------------- more
@case
def more_moves(p: Programs) -> None:
    t = p.start("more", "n")
    before = fresh_settings()
    t.wait_prompt("--More--(1%)")
    equal(t.screen.other, False)
    for keys, top in ((" ", 24), ("\n", 25), ("b", 2), ("/^line 40$\n", 40), ("5s", 45), ("d", 56), ("\x15", 45), ("g", 1)):
        t.type(keys)
        t.wait_top("line %d" % top)
    t.type("G")
    t.wait_prompt("--More--(END)")
    quits(t, before, " ")
    equal(t.screen.text()[22], "line 1000")


@case
def more_options(p: Programs) -> None:
    t = p.start("more", "short")
    equal(t.wait_end(), 0)
    equal(t.raw, b"one\r\ntwo\r\nthree\r\n")
    t = p.start("more", "-e", "n")
    t.wait_prompt("--More--(1%)")
    t.type("G")
    equal(t.wait_end(), 0)
    for option, top in (("+30", 30), ("+/^line 77", 77), ("-p200g", 200), ("-p/line 9$", 9)):
        t = p.start("more", option, "n")
        t.wait_top("line %d" % top)
        t.type("q")
        equal(t.wait_end(), 0)
    for option in ("-n5", "-5"):
        t = p.start("more", option, "-c", "n", environment={"MORE": "-i"})
        t.wait_top("line 1")
        t.type(" ")
        t.wait_top("line 6")
        t.type("/LINE 50\n")
        t.wait_top("line 50")
        t.type("q")
        t.wait_end()
    t = p.start("more", "n", "short")
    t.wait_prompt("--More--(1%)")
    t.type("G")
    t.wait_prompt("--More--(Next file: short)")
    t.type(" ")
    t.wait_top("one")
    t.type(" ")
    equal(t.wait_end(), 0)


@case
def more_keys(p: Programs) -> None:
    t = p.start("more", "n", "short")
    t.wait_prompt("--More--(1%)")
    # Patterns are basic ones.
    for keys, top in (("/^line 4\\(0\\)$\n", 40), ("/0\\{2\\}$\n", 100), ("n", 200), ("N", 100), ("?^line [[:digit:]]$\n", 9), ("3G", 3), ("ma", 3),
                      ("50g", 50), ("'a", 3), ("''", 50), ("2k", 48)):
        t.type(keys)
        t.wait_top("line %d" % top)
    t.type("/line 5+\n")
    t.wait_prompt("Pattern not found")
    t.type("/\\(\n")
    t.wait_prompt("Invalid pattern")
    t.type("/!line\n")
    t.wait_prompt("Pattern not found")
    t.type("h")
    t.wait_text("a screen on, or N rows")
    t.type("q")
    t.wait_top("line 48")
    t.type("=")
    t.wait_text("n (file 1 of 2) line 70 byte ")
    # What only less does.
    for keys in ("-", "F", "%", "!"):
        t.type(keys)
    t.type("j")
    t.wait_top("line 49")
    t.type(":n")
    t.wait_top("one")
    t.type(":p")
    t.wait_top("line 49")
    t.type(":q")
    equal(t.wait_end(), 0)


# ------------------------------------------------------------------------- clear, reset and stty
@case
def clears(p: Programs) -> None:
    t = p.shell("echo text; {clear}; echo after; read x")
    t.wait(lambda: t.screen.text()[0] == "after", "the screen is not cleared")
    expect(b"\033[H\033[2J\033[3J" in t.raw, t.raw)
    t.close()
    t = p.shell("TERM=dumb {clear}; echo status $?; read x")
    t.wait_text("status 1")
    t.close()


@case
def resets(p: Programs) -> None:
    t = p.shell("stty sane; stty raw -echo; {reset} >/dev/null; stty -a; echo END; read x")
    t.wait_text("END")
    for word in (b" icanon", b" echo ", b" icrnl", b" onlcr", b" ixon", b"intr = ^C", b"cs8"):
        expect(word in t.raw, word)
    expect(b"\033c" in t.raw, "no full reset")
    t.close()
    t = p.shell("stty raw -echo erase x; {reset} -I -Q -e ^H -k ^X; stty -a; {reset} -q; {reset} -s vt100; echo END; read x")
    t.wait_text("END")
    for word in (b"erase = ^H", b"kill = ^X", b"xterm\r\n", b"TERM=vt100;"):
        expect(word in t.raw, word)
    t.close()
    t = p.shell("sleep 0.3; LINES=30 COLUMNS=90 {reset} -w; stty size; stty raw; {reset} -c; stty -a; echo END; read x")
    t.wait_text("END")
    for word in (b"30 90", b" icanon"):
        expect(word in t.raw, word)
    expect(b"\033" not in t.raw, "-w and -c send nothing")
    t.close()


@case
def stty_of_redox(p: Programs) -> None:
    t = p.shell("sleep 0.3; {stty} rows 10 cols 50; {stty} size; s=$({stty} -g); {stty} raw -echo; {stty} $s; {stty} -a; stty -a; echo END; read x")
    t.wait(lambda: b"END" in t.raw, "it does not end")
    expect(b"10 50\r\n" in t.raw, t.raw)
    expect(t.raw.count(b" icanon iexten echo ") == 2, t.raw)
    t.close()
    t = p.shell("{stty} sane; {stty}; {stty} -echo intr ^X; {stty}; {stty} min x; {stty} echoctl; echo status $?; read x")
    t.wait_text("status")
    expect(b"intr = ^X;\r\n-echo\r\n" in t.raw, t.raw)
    expect(b"stty: x: invalid integer argument\r\n" in t.raw, t.raw)
    # Redox has no echoctl.
    expect((b"stty: echoctl: invalid argument" in t.raw) == p.is_redox, t.raw)
    t.close()


def main() -> int:
    work = tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR"))
    wanted = os.environ.get("TESTBRIDGE_TEST_ONLY", "")
    failures = 0
    ran = 0
    for folder in map(os.path.abspath, sys.argv[1:]):
        machines = [name for name in ("x86_64", "aarch64") if os.path.isdir(os.path.join(folder, name))]
        for machine in machines or ["."]:
            runner: List[str] = []
            if machine not in (".", os.uname().machine):
                emulator = shutil.which("qemu-" + machine) or shutil.which("qemu-%s-static" % machine)
                if emulator is None:
                    print("there is no qemu-%s to run the programs: apt-get install qemu-user" % machine)
                    return 1
                runner = [emulator]
            programs = Programs(os.path.join(folder, machine, "usr/bin"), runner, work, machine != ".")
            for function in _CASES:
                if wanted and not re.search(wanted, function.__name__):
                    continue
                ran += 1
                start = time.monotonic()
                try:
                    function(programs)
                except (Failed, OSError, pexpect.ExceptionPexpect) as error:
                    failures += 1
                    print("FAILED %s of %s: %s" % (function.__name__, os.path.join(os.path.basename(folder), machine), error))
                else:
                    print("ok %s of %s, %.1f s" % (function.__name__, os.path.join(os.path.basename(folder), machine), time.monotonic() - start))
                sys.stdout.flush()
    shutil.rmtree(work, ignore_errors=True)
    print("%d of %d failed" % (failures, ran))
    return 1 if failures or not ran else 0


if __name__ == "__main__":
    sys.exit(main())
