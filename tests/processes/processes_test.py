#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: processes_test.py FOLDER...

The functions of runtime/sys for other processes do what sys.h says: runner.cc is told what to do, on every
architecture with every revision of relibc, and on the host. What it starts are the host's programs. A FOLDER holds
the runner as <architecture>-<revision>, or as host.
"""
import sys

sys.dont_write_bytecode = True
import itertools
import os
import subprocess
import tempfile
from typing import Dict, List, Optional, Sequence

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(_HERE), "smoke"))
from harness import Dir, File, Programs, make_tree

_TREE = {
    "d": Dir(), "d/script": File(b"#!/bin/sh\necho \"$0\" \"$@\"; pwd\n", 0o755), "with-argument": File(b"#!/bin/sh -u\necho $0 $1\n", 0o755),
    "no-interpreter": File(b"#!/no/such/interpreter\n", 0o755), "plain": File(b"#!/bin/sh\n", 0o644),
    "neither": File(b"\x7fELF but no more", 0o755), "none-may-read": File(b"x", 0o000),
}

ENOENT, ESRCH, EBADF, ECHILD, EACCES, ENOTDIR, ENOEXEC = -2, -3, -9, -10, -13, -20, -8

# A shell that says which descriptors it has, and what is behind them.
_SEEN = """s=; for n in 0 1 2 3 4 5 6 7 8 9; do l=none
test -e /proc/$$/fd/$n && l=$(readlink /proc/$$/fd/$n); s="$s$n ${l##*/} "; done; echo $s >seen"""

_failures: List[str] = []


def expect(holds: bool, what: str) -> None:
    if not holds:
        _failures.append(what)


class Runner:
    """The program of one architecture and revision, in a new folder."""

    def __init__(self, name: str, command: List[str], work: str) -> None:
        self.name = name
        self.command = command
        self.here = tempfile.mkdtemp(dir=work)
        make_tree(os.fsencode(self.here), _TREE)

    def read(self, path: str) -> str:
        """What is in a file of the folder; nothing if it is not there."""
        try:
            with open(os.path.join(self.here, path), encoding="ascii") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def run(self, *orders: object, environment: Optional[Dict[str, str]] = None, **standard: object) -> List[str]:
        """Gives the orders, and returns the lines of the report."""
        report = os.path.join(self.here, "report")
        if os.path.exists(report):
            os.unlink(report)
        words = [str(word) for word in orders]
        ran = subprocess.run(self.command + [report] + words, cwd=self.here, env=environment or {}, check=False, timeout=120, **standard)
        expect(ran.returncode == 0, "%s: %s ends with %d" % (self.name, words, ran.returncode))
        return self.read("report").split("\n")[:-1]

    def expect(self, orders: Sequence[object], want: Sequence[object], **how: object) -> None:
        """The lines of the report are those."""
        lines = self.run(*orders, **how)
        expect(lines == [str(line) for line in want], "%s: %s: %s, not %s" % (self.name, list(orders), lines, list(want)))


def shell(script: str, *arguments: str) -> List[object]:
    """The order to start a shell."""
    return ["start", "/bin/sh", 3 + len(arguments), "sh", "-c", script, *arguments]


def check_ends(runner: Runner) -> None:
    runner.expect([*shell("exit 0"), "wait", *shell("exit 255"), "wait", "wait"], [0, "exit 0", 0, "exit 255", ECHILD])
    runner.expect([*shell("exec sleep 60"), "ended", "signal", 0, "ended", "signal", 15, "wait", "signal", 0],
                  [0, "no", 0, "no", 0, "signal 15", ESRCH])
    # To be stopped and to go on is no end.
    runner.expect([*shell("exec sleep 60"), "signal", 19, "pause", 100, "ended", "signal", 18, "pause", 100, "ended", "signal", 9, "wait"],
                  [0, 0, 0, "no", 0, 0, "no", 0, "signal 9"])
    runner.expect([*shell("kill -STOP $$; exit 4"), "pause", 300, "ended", "signal", 18, "wait"], [0, 0, "no", 0, "exit 4"])
    runner.expect([*shell("exit 3"), "pause", 500, "ended", "ended"], [0, 0, "exit 3", ECHILD])
    many = [word for i in range(40) for word in shell("exit %d" % i)]
    runner.expect(many + ["wait"] * 40, [0] * 40 + ["exit %d" % i for i in range(40)])


def check_errors(runner: Runner) -> None:
    for path, error in (("missing", ENOENT), ("", ENOENT), ("plain", EACCES), ("d", EACCES), ("plain/x", ENOTDIR), ("neither", ENOEXEC),
                        ("no-interpreter", ENOENT)):
        # The status 127 of a child that could not become anything is not to be seen.
        runner.expect(["start", path, 1, "name", "wait", "become", path, 1, "name"], [error, ECHILD, error])
    runner.expect(["streams", 0, 77, 2, *shell("exit 0")], ["", EBADF])
    runner.expect(["directory", "missing", *shell("exit 0")], ["", ENOENT])
    runner.expect(["directory", "plain", *shell("exit 0")], ["", ENOTDIR])
    runner.expect(["chdir", "missing", "chdir", "plain", "chdir", "", "chdir", "d"], [ENOENT, ENOTDIR, ENOENT, 0])
    # No descriptor is lost on the way.
    lines = runner.run(*["start", "missing", 1, "name"] * 50, *[word for _ in range(50) for word in [*shell("exit 0"), "wait"]], "open", "new")
    expect(int(lines[-1]) < 8, "%s: after a hundred programs the next descriptor is %s" % (runner.name, lines[-1]))


def check_programs(runner: Runner) -> None:
    runner.run("open", "out", "streams", 0, 3, 2, *shell('echo "$0" "$@" $A $(env | wc -l); cat nothing 2>&1 | wc -l', "zero", "one two", ""), "wait")
    expect(runner.read("out").startswith("zero one two  b "), "%s: arguments: %r" % (runner.name, runner.read("out")))
    # A script is given its path, whatever its name is; the path is looked up in its new directory.
    runner.expect(["open", "s1", "streams", 0, 3, 2, "directory", "d", "start", "./script", 3, "called", "a b", "c", "wait"],
                  [3, "", "", 0, "exit 0"])
    expect(runner.read("s1") == "./script a b c\n%s/d\n" % runner.here, "%s: a script: %r" % (runner.name, runner.read("s1")))
    runner.expect(["open", "s2", "streams", 0, 3, 2, "start", "with-argument", 2, "called", "x", "wait"], [3, "", 0, "exit 0"])
    expect(runner.read("s2") == "with-argument x\n", "%s: a script with an argument: %r" % (runner.name, runner.read("s2")))
    runner.expect(["become", "/bin/sh", 3, "sh", "-c", "echo became $$ >became"], [])
    expect(runner.read("became").startswith("became "), runner.name + ": Execute() has not become the program")
    # Without arguments, which is none of POSIX's: but not a crash.
    if runner.name != "host":
        runner.expect(["start", "with-argument", 0, "wait"], [0, "exit 2"], stderr=subprocess.DEVNULL)


def check_pipes(runner: Runner) -> None:
    runner.expect(["pipe", "streams", 0, 4, 2, *shell("echo text"), "close", 4, "read", 3, "wait"], ["3 4", "", 0, 0, "text", "", "exit 0"])
    runner.expect(["pipe", "pipe", "streams", 3, 6, 6, *shell("cat; echo end >&2"), "streams", 0, 4, 2, *shell("echo begin"), "close", 4,
                   "close", 6, "read", 5, "wait", "wait"],
                  ["3 4", "5 6", "", 0, "", 0, 0, 0, "begin", "end", "", "exit 0", "exit 0"])


def check_streams(runner: Runner, emulated: bool) -> None:
    names = ["file0", "file1", "file2", "file3", "none"]
    files = [open(os.path.join(runner.here, name), "w+b") for name in names[:4]]
    standard = {"stdin": files[0], "stdout": files[1], "stderr": files[2]}
    for chosen in itertools.product(range(5), repeat=3):
        # An emulator takes its time: those that are orders of 0 to 2.
        if emulated and (3 in chosen or 4 in chosen):
            continue
        numbers = [-1 if one == 4 else one for one in chosen]
        runner.expect(["open", "file3", "streams", *numbers, *shell(_SEEN), "wait"], [3, "", 0, "exit 0"], **standard)
        want = " ".join("%d %s" % (place, names[chosen[place]] if place < 3 else "none") for place in range(10))
        expect(runner.read("seen") == want + "\n", "%s: streams %s: %r" % (runner.name, numbers, runner.read("seen")))
    # Closed, as they are for a program that was started so: what is made is not in their place.
    for closed in range(8):
        places = [place for place in range(3) if closed & 1 << place]
        def close(places: List[int] = places) -> None:
            for place in places:
                os.close(place)
        lines = runner.run("pipe", "open", "out%d" % closed, preexec_fn=close, **standard)
        numbers = [int(number) for number in " ".join(lines).split()]
        expect(len(numbers) == 3 and min(numbers) >= 3, "%s: with %s closed: %s" % (runner.name, places, lines))
        runner.run("pipe", "streams", 0, numbers[1], 2, *shell("echo text"), "close", numbers[1], "read", numbers[0], "wait",
                   preexec_fn=close, **standard)
        expect("text" in runner.read("report") and "exit 0" in runner.read("report"),
               "%s: with %s closed: %r" % (runner.name, places, runner.read("report")))
    for file in files:
        file.close()


def check_reports(runner: Runner) -> None:
    """What a process did before it became another program is counted, traced and billed."""
    where = {"CATION_CALLS": os.path.join(runner.here, "calls"), "CATION_TRACE": os.path.join(runner.here, "trace"),
             "CATION_PRICES": os.path.join(runner.here, "prices")}
    runner.expect(["streams", 2, 1, 0, *shell("exit 0"), "wait", "start", "missing", 1, "x"], ["", 0, "exit 0", ENOENT], environment=where)
    child, failed, parent = [
        dict(line.split("\t") for line in part.split("\n")) for part in runner.read("calls").rstrip("\n").split("\ntotal")[0:3]
    ] if runner.read("calls").count("total") == 3 else ({}, {}, {})
    expect(child.get("redox_dup2_v1") == "2" and child.get("execve") == "1" and "fork" not in child,
           "%s: calls: %r" % (runner.name, runner.read("calls")))
    # In January a file is looked into first, to see whether it is a script.
    attempt = "execve" if runner.name.endswith("2026-08") else "redox_open_v1"
    expect(attempt in failed and "fork" not in failed, "%s: calls of what failed: %s" % (runner.name, failed))
    expect(parent.get("fork") == "2" and parent.get("redox_waitpid_v1") == "2", "%s: calls of the parent: %s" % (runner.name, parent))
    expect("execve /bin/sh = 0\n" in runner.read("trace") and "%s missing = %d\n" % (attempt, ENOENT) in runner.read("trace"),
           runner.name + ": trace")
    expect("fork\t2\t16.800" in runner.read("prices") and "exec\t1\t22.100" in runner.read("prices"), "%s: %r" % (runner.name, runner.read("prices")))


def main() -> int:
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as work:
        work = os.path.realpath(work)
        for program in sorted(os.path.join(folder, name) for folder in sys.argv[1:] for name in os.listdir(folder)):
            name = os.path.basename(program)
            programs = Programs(os.path.dirname(program), *name.split("-", 1) if "-" in name else (name, name))
            command = programs.runner + [os.path.abspath(program)]
            for check in (check_ends, check_errors, check_programs, check_pipes):
                check(Runner(name, command, work))
            check_streams(Runner(name, command, work), bool(programs.runner))
            if name != "host":
                check_reports(Runner(name, command, work))
    for failure in _failures:
        print("FAILED: " + failure)
    print("%d failures" % len(_failures))
    return 1 if _failures else 0


if __name__ == "__main__":
    sys.exit(main())
