# SPDX-License-Identifier: MIT
"""ls: quoting, colours, orders, units, dates and what the environment says, byte for byte as GNU's; and dircolors.
GNU works in a UTF-8 locale here, since names are UTF-8 to us in every locale."""
import os
import subprocess
import time
from typing import Dict, Mapping

from harness import SOME_TIME, Case, Dir, Fifo, File, Hard, Link, Name, Tree, case

_SECOND = 10**9
_UTF8 = {"LC_ALL": "C.UTF-8"}

_NAMES = [
    "plain", "a b", "it's", 'quo"te', "$x", "*star", "back\\slash", "new\nline", "tab\t", "\x01ctl", b"\xff\xfe", b"cut\xe3\x81",
    "mäh", "日本語", "e\u0301", "-dash", "--", "~tilde", "x~", "#hash", "{", "}", "a{b}", "q?", "\u2019q", "  lead", "trail ",
    "\x1b[31m", b"\x80", "%p", "a\rb", "a\vb", "[x]", "!bang", "^c", "a;b", "a:b", "x=y", "a@b", "it's@x", "it's a\nb", "x|y", "z>",
    "n" * 120, "\x7fdel", "\u0085c1",
]


def _names() -> Tree:
    return {name: File(b"x" * (n * 37 % 5000), time=SOME_TIME + n * _SECOND) for n, name in enumerate(_NAMES)}


_STYLES = ["literal", "shell", "shell-always", "shell-escape", "shell-escape-always", "c", "c-maybe", "escape", "locale", "clocale"]


def _quoting() -> None:
    for style in _STYLES:
        def run(t: Case, style: str = style) -> None:
            t.tree(_names(), shared=True)
            option = "--quoting-style=" + style
            for options in (["-C", "-w", "70"], ["-x", "-w", "131"], ["-1"], ["-l"], ["-Fw40", "-x"], ["-qC"], ["-lq", "--file-type"],
                            ["-w0", "-C"], ["--sort=width", "-x"], ["--zero"], ["-Ql"], ["-bC"], ["-NC"]):
                t.same("ls", option, *options, environment=_UTF8, shared=True, status=0)
                t.same("ls", *options, option, environment=_UTF8, shared=True, status=0)
            t.same("ls", "-C", environment={**_UTF8, "QUOTING_STYLE": style}, shared=True, status=0)
            t.same("ls", "-dm", option, "a b", "plain", "x=y", environment=_UTF8, shared=True, status=0)
        case("ls.quoting.%s" % style)(run)


_quoting()


@case("ls.quoting-of-headers")
def _(t: Case) -> None:
    t.tree({"a:b": Dir(), "a b": Dir(), "a b/c d": Dir(), "n\nl": Dir()}, shared=True)
    for style in _STYLES:
        t.same("ls", "-R", "--quoting-style=" + style, environment=_UTF8, shared=True, status=0)
        t.same("ls", "-C", "a b", "a:b", "--quoting-style=" + style, environment=_UTF8, shared=True, status=0)


def _kinds() -> Tree:
    return {
        "file": b"f", "file.txt": b"f", "FILE.TXT": b"f", "archive.tar.gz": b"", "backup~": b"", "x": File(b"", mode=0o755),
        "su": File(b"", mode=0o4755), "sg": File(b"", mode=0o2755), "hard-a": b"h", "hard-b": Hard("hard-a"), "pipe": Fifo(),
        "dir": Dir(), "dir/inner": b"", "sticky": Dir(mode=0o1755), "open": Dir(mode=0o777), "tmp": Dir(mode=0o1777),
        "link": Link("file"), "link-to-x": Link("x"), "link-to-dir": Link("dir"), "dangling": Link("nowhere"), "loop": Link("loop"),
        "long-" + "n" * 60: b"",
    }


_COLORS: Dict[str, str] = {
    "empty": "", "types": "di=01;31:ex=32:ln=36:pi=33:or=40;31:mi=41:su=1:sg=2:st=3:ow=4:tw=5:mh=6:fi=7",
    "none": "di=0:ex=00:ln=:su=0:sg=0:st=0:ow=0:tw=0", "target": "ln=target:or=5:mi=6", "target-alone": "ln=target",
    "normal": "no=7:fi=8:di=1", "frame": "lc=<:rc=>:ec=E:cl=C:rs=R:di=1:no=2", "no-end": "lc=<:rc=>:di=1",
    "suffixes": "*.txt=1:*.TXT=1:*~=2:*.gz=3:*.tar.gz=4:*file=5", "escapes": "di=\\e[1m\\x41\\101\\_^[:fi=\\?",
    "links": "mh=1:ex=2", "unknown": "xx=1:di=2", "cut": "di", "cut-suffix": "*.txt", "cut-escape": "di=\\",
}


def _colors() -> None:
    for name, value in _COLORS.items():
        def run(t: Case, value: str = value) -> None:
            t.tree(_kinds(), shared=True)
            variables = {"LS_COLORS": value, "TERM": "xterm"}
            for options in (["-1"], ["-l"], ["-C", "-w", "50"], ["-xF"], ["-m"], ["-R"], ["-L"], ["-lF", "-w", "30"], ["-sC"],
                            ["--group-directories-first", "-p"], ["-d", "link", "dangling", "dir"], ["-lL"]):
                # Blocks; and lines that end where the width of a column has them end.
                if t.portable and ("-sC" in options or "-lF" in options):
                    continue
                if "-L" in options or "-lL" in options:
                    options = options + ["dir", "link"]
                t.same("ls", "--color", *options, environment=variables, shared=True)
        case("ls.colors.%s" % name)(run)


_colors()


@case("ls.colors-of-terminals")
def _(t: Case) -> None:
    t.tree(_kinds(), shared=True)
    for variables in ({"TERM": "xterm-256color"}, {"TERM": "linux"}, {"TERM": "dumb"}, {"TERM": ""}, {},
                      {"TERM": "dumb", "COLORTERM": "truecolor"}, {"TERM": "dumb", "COLORTERM": ""}):
        t.same("ls", "--color=always", environment=variables, shared=True, status=0)
        t.same("ls", "--color=auto", environment=variables, shared=True, status=0)
        t.same("ls", "--color", "--color=never", environment=variables, shared=True, status=0)


@case("ls.orders")
def _(t: Case) -> None:
    names = ["a", "A", "a1", "a01", "a10", "a9", "a.tar.gz", "a.tar", "a.b.c", "b.a", ".x", "z.", "1.2", "1.2~rc1", "1.10",
             "f-1.0.tar.gz", "f-1.10.tar.gz", "f-1.9.tar.gz", "f-1.9", "~", "a~", "B.TXT", "日本", "long-name"]
    tree: Dict[Name, object] = {name: File(b"x" * (n * 7 % 5), time=SOME_TIME + n * 5 % 7) for n, name in enumerate(names)}
    tree.update({"dir-1": Dir(), "dir-10": Dir(), "dir-9": Dir(), "link": Link("dir-1"), "nowhere": Link("no")})
    t.tree(tree, shared=True)
    for order in ("-v", "-X", "-S", "-t", "-c", "-u", "--sort=version", "--sort=extension", "--sort=size", "--sort=time",
                  "--sort=width", "--time=mtime", "--time=atime"):
        if order in ("-c", "--time=mtime"):
            continue  # all alike, or not known to every GNU
        if t.portable and order in ("-u", "--time=atime", "-S", "--sort=size"):
            continue  # looking into directories changes that, and they have any size
        for more in ([], ["-r"], ["--group-directories-first"], ["-r", "--group-directories-first"], ["-a"], ["-AC"]):
            if t.portable and "-a" in more and order in ("-t", "--sort=time"):
                continue  # those of . and ..
            t.same("ls", order, *more, environment=_UTF8, shared=True, status=0)


@case("ls.patterns")
def _(t: Case) -> None:
    t.tree({name: b"" for name in ("a", "b.txt", "B.txt", ".hid", "..x", "x~", ".y~", "*", "[x]", "a]b", "ä", "1", "a1", "back\\")},
           shared=True)
    for pattern in ("*", "*.txt", ".*", "[ab]*", "[!ab]*", "[[:upper:]]*", "[[:digit:]]", "?", "\\*", "[", "*]*", "[]x]*", "*~", "ä", "[a-c]?",
                    "*\\\\"):
        for options in ([], ["-a"], ["-A"]):
            t.same("ls", "-I", pattern, *options, environment=_UTF8, shared=True, status=0)
            t.same("ls", "--hide=" + pattern, *options, environment=_UTF8, shared=True, status=0)
    t.same("ls", "-B", "-I", "a*", "--ignore=1", "--hide=b*", shared=True, status=0)
    t.same("ls", "-aB", shared=True, status=0)


@case("ls.units")
def _(t: Case) -> None:
    def make(folder: bytes) -> None:
        for size in (0, 1, 511, 512, 1000, 1023, 1024, 1025, 10188, 10240, 99999, 1048577, 10**7, 2**31, 10**12):
            with open(os.path.join(folder, b"s%d" % size), "wb") as file:
                file.truncate(size)
            os.utime(os.path.join(folder, b"s%d" % size), ns=(SOME_TIME, SOME_TIME))
    make(t.gnu)
    for unit in ("K", "KB", "KiB", "kB", "k", "1K", "1kB", "M", "MiB", "2M", "7", "1000", "G", "1E", "si", "human", "'1", "'K"):
        t.same("ls", "-ls", "--block-size=" + unit, shared=True, status=0)
        t.same("ls", "-s", "--block-size", unit, "-k", shared=True, status=0)
        for variable in ("BLOCK_SIZE", "BLOCKSIZE", "LS_BLOCK_SIZE"):
            t.same("ls", "-ls", environment={variable: unit}, shared=True, status=0)
    for options in (["-lsk"], ["-lhk"], ["-ls", "--si", "-h"], ["-ls", "-h", "--block-size=1"], ["-ls", "--block-size=1", "--si"]):
        t.same("ls", *options, environment={"BLOCK_SIZE": "512"}, shared=True, status=0)
    t.same("ls", "-ls", environment={"POSIXLY_CORRECT": "1"}, shared=True, status=0)
    t.same("ls", "-ls", environment={"BLOCK_SIZE": "wrong"}, shared=True, status=0)
    for wrong in ("", "0", "x", "1x", "Ki", "1Y0", "K1"):
        t.same("ls", "--block-size=" + wrong, shared=True, status=2)


@case("ls.dates")
def _(t: Case) -> None:
    now = time.time_ns()
    t.tree({"new": File(time=now - 5 * _SECOND), "old": File(time=SOME_TIME), "future": File(time=now + 10**6 * _SECOND),
            "epoch": File(time=0), "before": File(time=-1), "summer": File(time=1720000000 * _SECOND),
            "far": File(time=4294967296 * _SECOND)}, shared=True)
    formats = ("+%Y-%j %H", "+%d.%m.%y\n%H:%M:%S.%N", "+%s %z %Z %:z %::z %:::z %a %A %b %B %c %C %D %e %F %g %G %I %k %l %n %p %P",
               "+%r %R %S %t %T %u %U %V %w %W %x %X %y %h", "+%_d %-d %05d %^a %#B %#p %3N %-N %10Y %_5H %Q %E %Ey %",
               "+%^c|%20F|%_3S|%-j|%010s|%_z|%6z|%_8z|%-z|%#Z|%6N|%12N|%_4N", "+", "+%", "full-iso", "long-iso", "iso", "locale", "l")
    for zone in ("UTC0", "Europe/Berlin", ":America/New_York", "/usr/share/zoneinfo/Asia/Kolkata", "CET-1CEST,M3.5.0,M10.5.0/3", ""):
        for style in formats:
            variables = {"TZ": zone}
            ambiguous = style == "l"
            t.same("ls", "-l", "--time-style=" + style, environment=variables, shared=True, status=2 if ambiguous else 0)
        t.same("ls", "--full-time", environment={"TZ": zone}, shared=True, status=0)
    t.same("ls", "-l", environment={"TIME_STYLE": "iso"}, shared=True, status=0)
    t.same("ls", "-l", "--time-style=long-iso", environment={"TIME_STYLE": "iso"}, shared=True, status=0)
    t.same("ls", "--full-time", "--time-style=iso", shared=True, status=0)
    t.same("ls", "--time-style=iso", "--full-time", shared=True, status=0)
    t.same("ls", environment={"TIME_STYLE": "wrong"}, shared=True, status=0)
    t.same("ls", "-l", environment={"TIME_STYLE": "wrong"}, shared=True, status=2)
    t.same("ls", "-l", "--time-style=+a\nb\nc", shared=True, status=2)


@case("ls.words-may-be-cut")
def _(t: Case) -> None:
    t.tree(_kinds(), shared=True)
    for option in ("--format=acr", "--format=comm", "--format=verb", "--format=vert", "--sort=ext", "--sort=w", "--sort=v", "--time=ac",
                   "--time=u", "--indicator-style=cl", "--indicator-style=s", "--quoting-style=e", "--color=al", "--hide=x", "--gro",
                   "--auth", "--full", "--show-c", "--ignore-b", "--classify=n", "--hyper=never"):
        if t.portable and option.startswith("--time="):
            continue  # looking into directories changes that
        t.same("ls", option, shared=True, status=0)
    for option in ("--format=ve", "--sort=x", "--time=a b", "--quoting-style=s", "--indicator-style=", "--hi", "--f=x"):
        t.refuses("ls", option, status=2)


@case("ls.environment-that-is-wrong")
def _(t: Case) -> None:
    t.tree({"a": b"", "b": b"", "tab\tbed": b""}, shared=True)
    for variable, value in (("COLUMNS", "x"), ("COLUMNS", "-1"), ("TABSIZE", "x"), ("QUOTING_STYLE", "x")):
        t.same("ls", "-C", environment={variable: value}, shared=True, status=0)
    for variable, value in (("COLUMNS", "0x10"), ("COLUMNS", "010"), ("COLUMNS", "0"), ("COLUMNS", ""), ("TABSIZE", "0"), ("TABSIZE", "4")):
        t.same("ls", "-C", environment={variable: value}, shared=True, status=0)


@case("ls.tabs")
def _(t: Case) -> None:
    t.tree({"n" * (1 + n * 7 % 17) + str(n): b"" for n in range(40)}, shared=True)
    for option in ("-T0", "-T1", "-T3", "--tabsize=4", "--tabsize=0x10", "-T99999"):
        t.same("ls", "-C", option, shared=True, status=0)
        t.same("ls", "-x", option, shared=True, status=0)
    t.same("ls", "-T", "x", shared=True, status=2)


@case("ls.context-author-hyperlink")
def _(t: Case) -> None:
    t.tree({"f": b"", "d": Dir(), "d/a b": b"", "l": Link("d/a b"), "up": Link(".."), "no": Link("nowhere/../x")}, shared=True)
    for options in (["-Z"], ["-lZ"], ["-CZ"], ["-isZ"], ["-l", "--author"], ["-lG", "--author"], ["-go", "--author"], ["-n", "--author"],
                    ["-ni"], ["--author"]):
        t.same("ls", *options, shared=True, status=0)
    with open("/etc/hostname", encoding="utf-8") as file:
        same_host = file.read().strip() == os.uname().nodename
    for options in (["--hyperlink"], ["-l", "--hyperlink"], ["-R", "--hyperlink=always"], ["--hyperlink=auto"], ["-d", "--hyperlink"],
                    ["--hyperlink", "f", "d", "d/a b", "d/../l"], ["-C", "--hyperlink", "--quoting-style=shell", "d"]):
        outcome = t.run("ls", *options, folder=t.gnu)
        t.expect(outcome.status == 0, "fails", outcome)
        if same_host:
            t.same("ls", *options, shared=True, status=0)


@case("ls.zero")
def _(t: Case) -> None:
    t.tree(_names(), shared=True)
    for options in (["--zero"], ["-l", "--zero"], ["--zero", "-C"], ["-m", "--zero"], ["--zero", "-Q"], ["-Q", "--zero"], ["-R", "--zero"],
                    ["--color", "--zero"], ["--zero", "--color"], ["-s", "--zero"])[:9 if t.portable else 10]:
        t.same("ls", *options, environment={**_UTF8, "LS_COLORS": "di=1:fi=2"}, shared=True, status=0)


@case("ls.streams-in-little-memory", seconds=240)
def _(t: Case) -> None:
    t.limits_memory()
    entries = 200_000
    folder = os.path.join(t.gnu, b"many")
    os.mkdir(folder)
    for n in range(entries):
        os.close(os.open(b"%s/entry-with-a-name-of-some-length-%06d" % (folder, n), os.O_CREAT | os.O_WRONLY))

    def run(*options: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(["prlimit", "--as=%d" % (3 << 20), *t.programs.ours("ls"), *options, os.fsdecode(folder)],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"TERM": "xterm"}, check=False)

    for options in (["-U"], ["-f"], ["-U", "-1", "-F"], ["-U", "--color"], ["-U", "--zero"]):
        outcome = run(*options)
        end = b"\0" if "--zero" in options else b"\n"
        t.expect(outcome.returncode == 0 and not outcome.stderr, "%s: %r" % (options, outcome.stderr[:200]))
        shown = outcome.stdout.count(end)
        t.expect(shown == entries + (2 if "-f" in options else 0), "%s: %d entries" % (options, shown))
    # What has to be kept does not fit: it is said, with the status of a listing that failed.
    outcome = run()
    t.expect(outcome.returncode == 2 and b"memory" in outcome.stderr, "the limit does not hold: %r" % outcome.stderr[:200])


_DATABASES: Mapping[str, bytes] = {
    "types": b"DIR 01;34\nlink 1\nSYMLINK 2 # comment\n  EXEC\t3  \nOWT 40;33\nNORMAL 0\n", "suffixes": b".tar 1\n*~ 2\n*README 3\n.a:b 1=2:3\n",
    "quotes": b"exec 'echo Hello;:'\n.x \\e[1m^[\\:=:\n", "terminal": b"TERM xterm\nDIR 1\n",
    "terminal-pattern": b"TERM vt*\nTERM x*\nTERM none\nDIR 1\n",
    "other-terminal": b"TERM vt*\nDIR 1\n", "two-terminals": b"TERM vt*\nDIR 1\nTERM xterm\nDIR 2\n", "colorterm": b"COLORTERM ?*\nDIR 1\n",
    "passed-over": b"OPTIONS -F\nCOLOR tty\nEIGHTBIT 1\nDIR 1\n", "empty": b"", "comments": b"# one\n   # two\n\n", "no-newline": b"DIR 1",
    "no-value": b"TERM xterm\nDIR\nEXEC 1\n", "unknown": b"TERM xterm\nDIR 1\nnope 2\n", "unknown-before-terminals": b"nope 2\n",
}


def _databases() -> None:
    for name, database in _DATABASES.items():
        def run(t: Case, database: bytes = database) -> None:
            t.tree({"colors": database}, shared=True)
            for variables in ({"TERM": "xterm"}, {"TERM": "xterm", "COLORTERM": "yes"}, {}):
                for options in (["-b"], ["-c"], ["--sh"], ["--csh"], ["--print-ls-colors"]):
                    t.same("dircolors", *options, "colors", environment=variables, shared=True)
                t.same("dircolors", "-b", "-", stdin=database, environment=variables, shared=True)
        case("dircolors.database.%s" % name)(run)


_databases()


@case("dircolors.command-line")
def _(t: Case) -> None:
    t.tree({"colors": b"DIR 1\n"})
    for options in (["-b", "missing"], ["-b", "colors", "x"], ["-p", "colors"], ["-p", "-b"], ["-p", "--print-ls-colors"], ["-x"]):
        t.same("dircolors", *options, status=1)
    for shell in ("/bin/sh", "/bin/tcsh", "csh", "/usr/bin/zsh"):
        t.same("dircolors", "colors", environment={"SHELL": shell, "TERM": "xterm"}, status=0)
    t.same("dircolors", "colors", status=1)


@case("dircolors.full-device")
def _(t: Case) -> None:
    t.tree({"colors": b"DIR 1\n"})
    t.same("dircolors", "-b", "colors", stdout="/dev/full", status=1)


@case("dircolors.makes-what-ls-takes")
def _(t: Case) -> None:
    t.tree(_kinds(), shared=True)
    outcome = t.run("dircolors", "--ion", environment={"TERM": "xterm"})
    t.expect(outcome.status == 0 and outcome.out.startswith(b"export LS_COLORS='") and outcome.out.endswith(b"'\n"), "no line", outcome)
    value = outcome.out.split(b"'")[1]
    for options in (["--color"], ["--color", "-l"], ["--color", "-C"]):
        t.same("ls", *options, environment={"LS_COLORS": value, "TERM": "xterm"}, shared=True, status=0)
    # GNU's reads our database, and makes the same of it.
    database = t.run("dircolors", "-p").out
    t.same("dircolors", "-b", "-", stdin=database, environment={"TERM": "xterm"}, shared=True, status=0)
    gnus = t.run_gnu("dircolors", "-p").out
    t.same("dircolors", "-b", "-", stdin=gnus, environment={"TERM": "xterm"}, shared=True, status=0)
