# SPDX-License-Identifier: MIT
"""What every program does alike: help, version, wrong options, standard streams that fail.

A program has a line in PROGRAMS; its own cases_*.py calls names(), closed_streams(), little_memory() and missing_operand()
of here where they make sense for it.
"""
import os
import re
import subprocess
from typing import Callable, Dict, List, Optional, Tuple

from harness import Case, Dir, Failed, Outcome, case, first_word, make_tree, remove_tree, snapshot

# Program and the status of a wrong option; None: it knows no wrong options (echo prints them, as POSIX has it).
# test is not among them: `test --help` is an expression.
PROGRAMS: Dict[str, Optional[int]] = {
    "[": None,
    "basename": 1,
    "both": 125,
    "capture": 125,
    "cat": 1,
    "cation-box": 1,
    "chgrp": 1,
    "chmod": 1,
    "chown": 1,
    "clear": None,  # none of these has a GNU program beside it, or stty: what begins with - may be a setting
    "cp": 1,
    "date": 1,
    "df": 1,
    "dircolors": 1,
    "dirname": 1,
    "du": 1,
    "echo": None,
    "env": 125,
    "explain": 2,
    "false": None,
    "free": 1,
    "head": 1,
    "hist": 2,
    "host": 1,
    "id": 1,
    "kill": 1,
    "killall": 1,
    "less": None,
    "ln": 1,
    "ls": 2,
    "mkdir": 1,
    "mkfifo": 1,
    "mktemp": 1,
    "more": None,
    "mv": 1,
    "pick": 2,
    "printenv": 2,
    "printf": None,
    "ps": 1,
    "pwd": 1,
    "readlink": 1,
    "realpath": 1,
    "reset": None,
    "rm": 1,
    "rmdir": 1,
    "run": 125,
    "seq": 1,
    "shell-ext": 2,
    "sleep": 1,
    "stat": 1,
    "stty": None,
    "suggest": 2,
    "sync": 1,
    "tail": 1,
    "tee": 1,
    "time": 125,
    "timeout": 125,
    "touch": 1,
    "true": None,
    "tty": 2,
    "uname": 1,
    "uptime": 1,
    "wc": 1,
    "which": 2,
    "whoami": 1,
    "with-stderr": 125,
    "yes": 1,
}

# Those to which --help and --version are options only where there is no other argument, and the status of that.
HELP_ALONE: Dict[str, int] = {
    "[": 0,
    "echo": 0,
    "false": 1,
    "printf": 0,
    "true": 0,
}

# The commands for Ion, which are none of cation-box's.
FOR_ION = {"both", "capture", "explain", "hist", "host", "pick", "run", "shell-ext", "suggest", "with-stderr"}

# Programs that GNU coreutils have not, or distributions leave out of them.
NOT_GNUS = FOR_ION | {"cation-box", "clear", "free", "kill", "killall", "less", "more", "ps", "reset", "time", "uptime", "which"}

# Status of output that cannot be written, where it is another.
_OUTPUT_STATUS = {"tty": 3}


def _for_each_program() -> None:
    for program, usage_status in PROGRAMS.items():
        def show_help(t: Case, program: str = program) -> None:
            outcome = t.run(program, "--help")
            t.expect(outcome.status == HELP_ALONE.get(program, 0) and not outcome.errors, "--help fails", outcome)
            first = outcome.out.split(b"\n")[0].decode()
            t.expect(first.startswith("Usage: %s [OPTION]" % program), "no usage line", outcome)
            for line in outcome.out.decode().splitlines():
                t.expect(len(line) <= 110 and line == line.rstrip(), "an untidy line: %r" % line)
            for option in ("--help", "--version"):
                t.expect(option in outcome.out.decode(), option + " is not explained", outcome)
            if program not in HELP_ALONE:
                t.expect(t.run(program, "--hel").out == outcome.out, "--hel is not --help")

        def version(t: Case, program: str = program) -> None:
            outcome = t.run(program, "--version")
            t.expect(outcome.status == HELP_ALONE.get(program, 0) and not outcome.errors, "--version fails", outcome)
            pattern = (r"%s \(Cation\) \d+\.\d+\.\d+\n"
                       r"Build: ([0-9a-f]{7,40}(-dirty)?|unknown) \| (\d{4}-\d\d-\d\d|unknown) \| %s \| %s\n")
            libc = "host" if t.programs.revision == "host" else "standin"
            t.expect(re.fullmatch(pattern % (re.escape(program), t.programs.arch, libc), outcome.out.decode()) is not None,
                     "not program, version, commit, date, architecture, C library", outcome)

        def unknown_option(t: Case, program: str = program, usage_status: Optional[int] = usage_status) -> None:
            hint = "Try '%s --help' for more information." % program
            for arguments, reason in ((["-@"], "invalid option -- '@'"),
                                      (["--no-such-option"], "unrecognized option '--no-such-option'"),
                                      (["--help=x"], "option '--help' doesn't allow an argument")):
                t.gives(program, *arguments, "operand", status=usage_status, errors=("%s: %s\n%s\n" % (program, reason, hint)).encode())
            # GNU has the same status.
            if program not in NOT_GNUS:
                t.same(program, "--no-such-option", status=usage_status)

        def help_to_full_device(t: Case, program: str = program, usage_status: Optional[int] = usage_status) -> None:
            failed = _OUTPUT_STATUS.get(program, usage_status)
            for option in ("--help", "--version"):
                if program not in NOT_GNUS:
                    # GNU's wc says no more than "write error".
                    t.same(program, option, stdout="/dev/full", status=failed, words=program != "wc")
                else:
                    t.expect_complaint(t.run(program, option, stdout="/dev/full"), program, failed, "write error: No space left on device")

        def help_to_closed_output(t: Case, program: str = program, usage_status: Optional[int] = usage_status) -> None:
            outcome = t.run(program, "--help", closed=[1])
            t.expect(outcome.status == _OUTPUT_STATUS.get(program, usage_status) and outcome.errors, "nobody noticed", outcome)

        def help_alone(t: Case, program: str = program) -> None:
            failure = 2 if program == "[" else 1
            t.same(program, "--help", stdout="/dev/full", status=failure)
            t.same(program, "--version", stdout="/dev/full", status=failure)
            t.same(program, "--help", closed=[1], status=failure)
            for arguments in (["--hel"], ["--help", "x"], ["x", "--help"], ["--help", "--version"], ["--help=x"], ["--version", ""],
                              ["--", "--help"], ["--", "--version"], ["--no-such-option"], ["-@"], ["-"], ["--"], ["--", "x"]):
                t.same(program, *arguments)

        functions = [("help", show_help), ("version", version)]
        if program in HELP_ALONE:
            functions.append(("help-alone", help_alone))
        if usage_status is not None:
            functions += [("unknown-option", unknown_option), ("help-to-full-device", help_to_full_device),
                          ("help-to-closed-output", help_to_closed_output)]
        for name, function in functions:
            case("%s.common.%s" % (first_word(program), name))(function)


_for_each_program()

_NAMES = [b"new\nline", b"\x01\x1b[31m\x7f", b"\xff\xfe", b"\xc3", "ü€😀".encode(), b"-rf", b"--", b"--help", b"-", b"n" * 255,
          b"a b", b" ", b"*", b"'", b'"', b"\\", b"$(x)", b"..."]


def names(program: str, try_name: Callable[[Case, bytes, bytes, bytes], None]) -> None:
    """Names that are odd, each as an operand that is there and as one that is not: calls try_name(t, name, path, missing). That messages
    are one line to show anywhere, same() sees."""
    def run(t: Case) -> None:
        t.tree({b"d": Dir(), **{b"d/" + name: b"content" for name in _NAMES}})
        for name in _NAMES:
            try_name(t, name, b"d/" + name, b"missing/" + name)
    case("%s.common.names" % program)(run)


_STREAMS = [[n for n in range(3) if bits & 1 << n] for bits in range(1, 8)]


def closed_streams(program: str, commands: List[Tuple[List[str], bool]]) -> None:
    """What a program opens must not land where its messages or its output go: with each combination of the standard streams
    closed, files are what they are with all of them open. Each command has its arguments, and whether it writes to its output."""
    def run(t: Case) -> None:
        for number, (arguments, writes) in enumerate(commands):
            results = []
            for closed in [[], *_STREAMS]:
                folder = os.path.join(t.ours, b"%d-%d-%d" % (number, len(results), len(closed)))
                os.mkdir(folder)
                make_tree(folder, {"f": b"the content of f\n", "g": b"and of g\n", "d": Dir(), "d/h": b"h", "d/i": Dir()})
                outcome = t.run(program, *arguments, folder=folder, closed=closed, stdin=b"")
                outcome.left = snapshot(folder, False, False)
                results.append((closed, outcome))
            plain = results[0][1]
            for closed, outcome in results[1:]:
                what = "%s %s with %s closed" % (program, arguments, closed)
                t.expect(outcome.left == plain.left, "%s leaves\n%s, not\n%s" % (what, outcome.left, plain.left), outcome)
                bad_input = 0 in closed and "-" in arguments
                if 1 in closed and writes and plain.out:
                    t.expect(outcome.status != 0, what + ": nobody noticed", outcome)
                elif not bad_input:
                    t.expect(outcome.status == plain.status, "%s: status not %d" % (what, plain.status), outcome)
                if 1 not in closed and not bad_input:
                    t.expect(program == "ls" or outcome.out == plain.out, "%s: output not %r" % (what, plain.out), outcome)
                if 2 not in closed and 1 not in closed and not bad_input:
                    t.expect(outcome.errors == plain.errors, "%s: messages not %r" % (what, plain.errors), outcome)
    case("%s.common.each-stream-closed" % program, seconds=180)(run)


def little_memory(program: str, arguments: List[str]) -> None:
    """With less and less memory: the work is done, or a message and the status say that it is not."""
    def run(t: Case) -> None:
        t.limits_memory()
        plain = None
        ended_well = False
        failures = 0
        # From enough on down, until the system cannot even start it.
        for kib in range(6144, 0, -40):
            folder = os.path.join(t.ours, b"%d" % kib)
            os.mkdir(folder)
            make_tree(folder, {"f": b"f" * 5000, "g": b"g", "d": Dir(), **{"d/%d" % n: b"x" for n in range(50)}})
            before = snapshot(folder, False, False)
            ran = subprocess.run(["prlimit", "--as=%d" % (kib * 1024), *t.programs.ours(program), *arguments], cwd=folder,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            after = snapshot(folder, False, False)
            remove_tree(folder)
            outcome = Outcome(ran.returncode, ran.stdout, ran.stderr)
            if plain is None:
                plain = (outcome, after)
            if ran.returncode < 0 or ran.returncode > 2:
                # Not started: no memory for the program itself.
                t.expect(after == before and not ran.stdout, "it died at work with %d KiB" % kib, outcome)
                break
            if ran.returncode == 0:
                t.expect(after == plain[1], "with %d KiB it says that all is well" % kib, outcome)
                t.expect(len(ran.stdout) == len(plain[0].out), "output is cut with %d KiB" % kib, outcome)
                ended_well = True
            else:
                failures += 1
                t.expect(ran.stderr.startswith(program.encode() + b": "), "no message with %d KiB" % kib, outcome)
            for line in ran.stdout.splitlines():
                if line.startswith(b"removed "):
                    name = line.split(b"'")[1]
                    t.expect(name not in after, "%r was not removed" % name, outcome)
        t.expect(ended_well, "it never ends well")
    case("%s.common.no-memory" % program, seconds=300)(run)


def missing_operand(program: str, status: int = 1) -> None:
    """It needs operands, and says so."""
    def run(t: Case) -> None:
        t.same(program, status=status)
        t.same(program, "--", status=status)
    case("%s.common.missing-operand" % program)(run)


def _first_programs() -> None:
    def both(program: str) -> Callable[[Case, bytes, bytes, bytes], None]:
        def try_name(t: Case, _: bytes, path: bytes, missing: bytes) -> None:
            t.same(program, path, missing)
        return try_name

    def env(t: Case, name: bytes, _: bytes, missing: bytes) -> None:
        # Not what is there: GNU has a shell run it.
        t.same("env", missing)
        t.same("env", b"-C", missing, b"true")
        t.same("env", b"-u", name + b"=")

    def listed(t: Case, _: bytes, path: bytes, missing: bytes) -> None:
        t.same("ls", path, missing, shared=True)

    def copied(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
        t.same("cp", path, b"copy")
        t.same("cp", path, missing)
        t.same("cp", b"--", b"copy", name if name != b"-" else b"./-")

    def made(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
        t.same("mkdir", path, words=False)
        t.same("mkdir", missing)
        t.same("mkdir", b"--", name)

    def one_by_one(program: str) -> Callable[[Case, bytes, bytes, bytes], None]:
        def try_name(t: Case, _: bytes, path: bytes, missing: bytes) -> None:
            t.same(program, missing)
            t.same(program, path)
        return try_name

    for program, try_name in (("cat", both("cat")), ("cp", copied), ("dircolors", one_by_one("dircolors")), ("env", env), ("ls", listed),
                              ("mkdir", made),
                              ("rm", one_by_one("rm")), ("sync", both("sync"))):
        names(program, try_name)
    closed_streams("cat", [(["f", "g"], True), (["missing", "f"], True), (["-", "f"], True)])
    closed_streams("cp", [(["f", "new"], False), (["-v", "f", "g"], True), (["missing", "f", "d"], False), (["-r", "d", "e"], False),
                          (["-rv", "d", "missing/x"], False), (["-i", "f", "g"], False)])
    closed_streams("env", [(["A=1"], True), (["-C", "d", "missing"], False), (["cat", "f"], True)])
    closed_streams("ls", [(["-l"], True), (["missing", "d"], True)])
    closed_streams("mkdir", [(["m"], False), (["-v", "m"], True), (["d", "m"], False), (["-pv", "a/b/c"], True)])
    closed_streams("rm", [(["f"], False), (["-v", "f"], True), (["missing", "f"], False), (["-rv", "d"], True), (["-i", "f"], False)])
    closed_streams("sync", [([], False), (["f", "d"], False), (["missing", "f"], False)])
    for program, arguments in (("cat", ["f", "g"]), ("cp", ["-rv", "d", "e"]), ("env", ["-S", "A=1 B='2 3'", "C=4"]), ("ls", ["-l", "d"]),
                               ("mkdir", ["-pv", "a/b/c"]), ("rm", ["-rv", "d"]), ("sync", ["f", "g"])):
        little_memory(program, arguments)
    for program in ("cp", "mkdir", "rm"):
        missing_operand(program)


_first_programs()


@case("empty.common.does-nothing")
def _(t: Case) -> None:
    # The floor that every other program's size is measured from.
    program = os.path.join(t.programs.folder, "libexec/cation/empty")
    if not os.path.exists(program):
        raise Failed(program + " is not there")
    ran = subprocess.run(t.programs.runner + [program, "argument", "--help"], stdin=subprocess.DEVNULL, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20)
    t.expect(ran.returncode == 0 and not ran.stdout and not ran.stderr, "it does something",
             Outcome(ran.returncode, ran.stdout, ran.stderr))
    size = os.path.getsize(program)
    # Nearly all of it is the stand-in, where there is one.
    t.expect(500 < size < 32768, "%d bytes" % size)
