# SPDX-License-Identifier: MIT
"""ls. Both programs look at the same folder: nothing is changed, and inode numbers and blocks are the same."""
import os
import time
from typing import Dict, Sequence

from data import data
from harness import SOME_TIME, Case, Dir, Entry, Fifo, File, Hard, Link, Name, Tree, case

_SECOND = 10**9
_DAY = 86400 * _SECOND


def _tree(t: Case) -> Tree:
    now = time.time_ns()
    tree: Dict[Name, Entry] = {
        "plain": File(b"x" * 10, time=SOME_TIME), "Upper": File(b"y" * 2000, time=SOME_TIME + 1),
        "old": File(data(123456, 2), time=86400 * _SECOND * 365),
        "same-time-a": File(b"a", time=SOME_TIME), "same-time-b": File(b"bb", time=SOME_TIME + 999),
        ".hidden": b"hidden", ".hidden-directory": Dir(), ".hidden-directory/inner": b"i", "..two-dots": b"",
        "executable": File(b"#!", mode=0o755), "set-user": File(b"", mode=0o4755), "set-user-only": File(b"", mode=0o4644),
        "set-group": File(b"", mode=0o2755), "set-group-only": File(b"", mode=0o2644), "none": File(b"", mode=0),
        "sticky": Dir(mode=0o1777), "sticky-only": Dir(mode=0o1666 | 0o500), "directory": Dir(),
        "directory/a": b"a" * 1025, "directory/b": Dir(), "directory/b/deep": b"d", "directory/.dot": b"",
        "empty": Dir(), "to-file": Link("plain"), "to-directory": Link("directory"),
        "dangling": Link("no/such/target"), "loop": Link("loop"), "hard": Hard("plain"),
        "mebibyte": File(data(1024 * 1024, 1)), "with space": b"s", "ümläut": b"u", "-dash": b"-",
    }
    if not t.portable:
        tree.update({"recent": File(b"", time=now - 3 * _DAY), "future": File(b"f", time=now + 400 * _DAY),
                     "half-a-year-ago": File(b"h", time=now - 183 * _DAY), "before-1970": File(b"b", time=-12345 * _SECOND),
                     "pipe": Fifo()})
    return tree


_OPTIONS: Dict[str, Sequence[Name]] = {
    "none": [], "one": ["-1"], "a": ["-a"], "a-upper": ["-A"], "all": ["--all"], "almost-all": ["--almost-all"],
    "l": ["-l"], "la": ["-la"], "l-a-upper": ["-lA"], "t": ["-t"], "lt": ["-lt"], "tr": ["-tr"],
    "s-upper": ["-S"], "l-s-upper-r": ["-lSr"], "r": ["-r"], "reverse": ["--reverse"],
    "r-upper": ["-R"], "recursive-all": ["--recursive", "-a"], "l-r-upper": ["-lR"], "l-a-r-upper": ["-laR"],
    "d": ["-d"], "ld": ["-ld", "directory", "plain", "to-directory", "to-directory/"], "directory": ["--directory", "."],
    "h": ["-lh"], "human-readable": ["-l", "--human-readable"], "hs": ["-hs"],
    "i": ["-i"], "li": ["-li"], "inode": ["--inode"],
    "f-upper": ["-F"], "l-f-upper": ["-lF"], "classify": ["--classify"], "classify-never": ["--classify=never"],
    "c-upper": ["-C"], "c-upper-a": ["-Ca"], "c-upper-f-upper": ["-CF"], "c-upper-i": ["-Ci"], "c-upper-s": ["-Cs"],
    "n": ["-n"], "numeric": ["--numeric-uid-gid"], "u-upper": ["-U"], "u-upper-l": ["-Ul"],
    "color-auto": ["--color=auto"], "color-never": ["--color=never", "-l"], "s": ["-s"], "ls": ["-ls"],
    "file-operands": ["-l", "plain", "hard", "to-file", "dangling"],
    "directory-operands": ["directory", "empty"], "mixed-operands": ["plain", "directory", "old", "empty", ".hidden"],
    "mixed-operands-time": ["-t", "plain", "directory", "old", "recent"],
    "mixed-operands-reverse": ["-r", "plain", "directory", "old"],
    "link-operand": ["to-directory"], "link-operand-long": ["-l", "to-directory", "to-file"],
    "link-operand-slash": ["-l", "to-directory/"], "link-operand-f-upper": ["-F", "to-directory", "to-file"],
    "dereference": ["-L", "directory", "to-directory", "to-file"], "dereference-long": ["-lL", "to-directory", "to-file"],
    "dereference-operands": ["-lH", "to-directory", "to-file"],
    "c": ["-c"], "lc": ["-lc"], "ltc": ["-ltc"], "u": ["-u"], "f": ["-f", "directory/b"], "file-type": ["--file-type"],
    "p": ["-p"], "m": ["-m"], "x": ["-x"], "g": ["-g"], "g-upper": ["-lG"], "o": ["-o"], "k": ["-ks"], "si": ["-l", "--si"],
    "full-time": ["--full-time"], "long-iso": ["-l", "--time-style=long-iso"], "iso": ["-l", "--time-style=iso"],
    "w": ["-C", "-w", "40"], "width": ["-C", "--width=200"], "width-none": ["-C", "-w0"], "x-w": ["-xw", "60"],
    "zero": ["--zero"], "literal": ["-N"],
    "last-format-wins": ["-lC"], "last-format-wins-long": ["-Cl"], "last-sort-wins": ["-tS"], "last-sort-wins-time": ["-St"],
    "double-dash": ["--", "-dash"], "options-after-operands": ["plain", "-l"], "dotdot": ["-d", ".."],
    "subdirectory": ["directory/b/.."], "everything": ["-laiSsh"],
}


def _options() -> None:
    for name, arguments in _OPTIONS.items():
        def run(t: Case, arguments: Sequence[Name] = arguments) -> None:
            # Of a listing by time some are of this moment.
            if t.portable and "recent" in arguments:
                arguments = [word for word in arguments if word != "recent"]
            t.tree(_tree(t), shared=True)
            # That of .. changes while other cases run.
            if "-a" in "".join(map(os.fsdecode, arguments)):
                t.still()
            t.same("ls", *arguments, shared=True, status=0)
        case("ls.option.%s" % name)(run)


_options()


@case("ls.names")
def _(t: Case) -> None:
    names = [b"with space", b"new\nline", b"-l", b"--", b"tab\t", b"\x01\x1b[31m\x7f", b"\xff\xfe", "ü€😀".encode(),
             b"n" * 255, b"'", b'"', b"$x", b"*", b"\\", b"~", b"#"]
    t.tree({name: b"x" for name in names}, shared=True)
    t.tree({b"d": Dir(), b"target": Link(b"a\nb\xff")}, shared=True)
    for options in ([], ["-l"], ["-1"], ["-U"], ["-a"], ["-R"], ["-m"], ["-t"], ["-F"], ["-i"], ["--zero"]):
        if t.portable and options in (["-i"], ["-l"]):
            continue
        t.same("ls", *options, shared=True, status=0)
    t.same("ls", "--", *names, shared=True, status=0)
    t.same("ls", "-ld", "--", *names, shared=True, status=0)


@case("ls.hide-control")
def _(t: Case) -> None:
    # Names are UTF-8 whatever the locale: GNU needs to be told.
    t.tree({name: b"x" for name in ("plain", "ümläut", "日本", "tab\t", "new\nline", b"\xff\xfe", "escape\x1b[31m", "del\x7f")},
           shared=True)
    t.same("ls", "-q", environment={"LC_ALL": "C.UTF-8"}, shared=True, status=0)
    t.same("ls", "-lq", environment={"LC_ALL": "C.UTF-8"}, shared=True, status=0)


@case("ls.columns")
def _(t: Case) -> None:
    # Lengths that differ, a number that fills the columns unevenly.
    t.tree({"f" * (1 + n * 7 % 23) + "%d" % n: b"" for n in range(97)}, shared=True)
    for width in ("1", "10", "20", "41", "79", "80", "81", "132", "1000"):
        t.same("ls", "-C", "-w", width, shared=True, status=0)
        t.same("ls", "-x", "-w", width, shared=True, status=0)
        t.same("ls", "-m", "-w", width, shared=True, status=0)
    t.same("ls", "-C", environment={"COLUMNS": "50"}, shared=True, status=0)


@case("ls.columns-wide-characters")
def _(t: Case) -> None:
    t.tree({"日本語%d" % n: b"" for n in range(20)})
    outcome = t.run("ls", "-C", "-w", "40")
    # Twelve or thirteen columns on the screen each: two or three to a line, however many bytes.
    t.expect(outcome.status == 0 and max(map(len, outcome.out.decode().split("\n"))) <= 40, "too wide", outcome)


@case("ls.missing")
def _(t: Case) -> None:
    t.tree({"there": b"", "d": Dir(), "d/f": b"", "loop": Link("loop")})
    t.same("ls", "missing", "there", "d", shared=True, status=2, complaints=["missing: No such file or directory"])
    t.same("ls", "-l", "missing", "there", shared=True, status=2, complaints=["missing: No such file or directory"])
    t.same("ls", "there/below", shared=True, status=2, complaints=["there/below: Not a directory"])
    t.same("ls", "", shared=True, status=2)
    t.same("ls", "a b", b"\xff\n", shared=True, status=2)
    t.same("ls", "there/", shared=True, status=2)
    t.same("ls", b"n" * 256, shared=True, status=2)


@case("ls.loop")
def _(t: Case) -> None:
    t.tree({"loop": Link("loop"), "f": b""})
    # GNU before 9.4 reports it.
    t.gives("ls", "loop", "f", out=b"f\nloop\n")
    t.same("ls", "-H", "loop", "f", shared=True, status=2)
    t.same("ls", "-l", "loop", "f", shared=True, status=0)
    t.same("ls", "-L", "loop", "f", shared=True)


@case("ls.dereference-in-directory")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/to": Link("../f"), "d/dangling": Link("nowhere"), "f": b"12345"})
    t.same("ls", "-L", "d", shared=True, status=0)
    t.same("ls", "-lL", "d", shared=True, status=1)


@case("ls.unreadable")
def _(t: Case) -> None:
    t.tree({"locked": Dir(mode=0), "open": Dir(), "open/locked": Dir(mode=0o300), "open/f": b"", "no-search": Dir(mode=0o755)})
    t.both(lambda folder: open(os.path.join(folder, b"no-search/f"), "wb").close())
    t.both(lambda folder: os.chmod(os.path.join(folder, b"no-search"), 0o444))
    t.same("ls", "locked", "open", shared=True, status=2, complaints=["locked: Permission denied"])
    t.same("ls", "-R", "open", shared=True, status=1, complaints=["open/locked: Permission denied"])
    t.same("ls", "no-search", shared=True, status=0)
    outcome = t.run("ls", "-l", "no-search", folder=t.gnu)
    t.expect(outcome.status == 1 and b"no-search/f: Permission denied" in outcome.errors, "not reported", outcome)


@case("ls.many")
def _(t: Case) -> None:
    t.tree({"entry-with-a-name-of-some-length-%04d" % (n * 7 % 3000): b"" for n in range(3000)}, shared=True)
    for option in ("-1", "-U", "-r", "-C", "-l", "-i")[:5 if t.portable else 6]:
        t.same("ls", option, shared=True, status=0)


@case("ls.deep")
def _(t: Case) -> None:
    def make(folder: bytes) -> None:
        path = folder
        for _ in range(300):
            path = os.path.join(path, b"d")
            os.mkdir(path)
            with open(os.path.join(path, b"f"), "wb"):
                pass
    t.both(make)
    t.same("ls", "-R", shared=True, status=0)
    t.same("ls", "/".join(["d"] * 300), shared=True, status=0)


@case("ls.recursive-links-are-not-followed")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/up": Link(".."), "d/self": Link("."), "d/e": Dir()})
    t.same("ls", "-R", shared=True, status=0)
    t.same("ls", "-lR", shared=True, status=0)


@case("ls.recursive-loop-by-dereference", seconds=20)
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/up": Link(".."), "f": b""})
    outcome = t.run("ls", "-RL")
    t.expect(outcome.status == 2 and b"d/up" in outcome.errors, "a loop goes unnoticed", outcome)
    t.expect(len(outcome.out) < 4096, "a loop was walked", outcome)


@case("ls.full-device")
def _(t: Case) -> None:
    t.tree({"f": b""})
    t.same("ls", stdout="/dev/full", status=2)
    t.same("ls", "-l", stdout="/dev/full", status=2)


@case("ls.broken-pipe")
def _(t: Case) -> None:
    t.tree({"f%d" % n: b"" for n in range(1000)})
    reading, writing = os.pipe()
    os.close(reading)
    try:
        outcome = t.run("ls", "-l", stdout=writing, no_sigpipe=True)
    finally:
        os.close(writing)
    t.expect(outcome.status == 2 and not outcome.errors, "EPIPE is not quiet, with status 2", outcome)


@case("ls.closed-stdin")
def _(t: Case) -> None:
    t.tree({"f": b""})
    t.same("ls", closed=[0], status=0)


@case("ls.sort-time-nanoseconds")
def _(t: Case) -> None:
    t.tree({"n%03d" % n: File(time=SOME_TIME + n * 17 % 101) for n in range(101)}, shared=True)
    t.same("ls", "-t", shared=True, status=0)
    t.same("ls", "-tr", shared=True, status=0)
    t.same("ls", "--full-time", shared=True, status=0)


@case("ls.sizes")
def _(t: Case) -> None:
    def make(folder: bytes) -> None:
        for size in (0, 1, 9, 10, 999, 1000, 1001, 1023, 1024, 1025, 10188, 10239, 10240, 10241, 102400, 1047552, 1048575,
                     1048576, 1048577, 10**7, 10**9, 2**30, 2**40, 5 * 2**40 + 1):
            with open(os.path.join(folder, b"s%d" % size), "wb") as file:
                file.truncate(size)
            os.utime(os.path.join(folder, b"s%d" % size), ns=(SOME_TIME, SOME_TIME))
    make(t.gnu)
    for options in (["-l"], ["-lh"], ["-l", "--si"], ["-lS"], ["-lSr"], ["-s"], ["-sh"]):
        t.same("ls", *options, shared=True, status=0)


@case("ls.time-zone")
def _(t: Case) -> None:
    t.tree({"winter": File(time=1700000000 * _SECOND), "summer": File(time=1690000000 * _SECOND)})
    if not t.portable:
        t.tree({"negative": File(time=-_SECOND)})
    for zone in ("UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0", "<+0545>-5:45", ""):
        t.same("ls", "--full-time", environment={"TZ": zone}, shared=True, status=0)
        t.same("ls", "-l", environment={"TZ": zone}, shared=True, status=0)


@case("ls.color-always")
def _(t: Case) -> None:
    t.tree(_tree(t))
    outcome = t.run("ls", "--color=always", environment={"TERM": "xterm"})
    t.expect(outcome.status == 0 and b"\x1b[" in outcome.out, "no colour", outcome)
    for name in (b"directory", b"to-file", b"executable"):
        line = next(line for line in outcome.out.split(b"\n") if name in line)
        t.expect(line.startswith(b"\x1b[") and line.endswith(b"m"), "%r has no colour, or does not end it" % name, outcome)
    plain = next(line for line in outcome.out.split(b"\n") if b"plain" in line)
    t.expect(plain.endswith(b"plain"), "a plain file has a colour", outcome)


@case("ls.wrong-words")
def _(t: Case) -> None:
    t.same("ls", "-w", "wide", shared=True, status=2)
    # GNU's status for these is 1 or 2, by the option; what is wrong with the command line is 2 here.
    for option in ("--color=sometimes", "--time-style=eternal", "--classify=x"):
        t.refuses("ls", option, status=2)


@case("ls.empty-folder")
def _(t: Case) -> None:
    for options in ([], ["-l"], ["-a"], ["-C"], ["-R"], ["-lR"], ["-m"], ["-s"])[:7 if t.portable else 8]:
        t.same("ls", *options, shared=True, status=0)
