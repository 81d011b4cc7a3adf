#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cation's programs beside their peers: calls to the system, time and memory, measured in one run.

usage: bench.py --host FOLDER [--standin FOLDER] [OPTION]...

  --host FOLDER       our programs for this host: FOLDER/usr/bin/ls ..., FOLDER/libexec/cation/empty
  --standin FOLDER    the Redox objects linked with the stand-in, which count the calls that they would make on Redox
  --quick, --tiny     smaller files and trees; --tiny is for testing this program
  --rounds N          how often each program is timed (default 7; --quick 5)
  --only REGEX        only the operations whose name matches
  --peer NAME=COMMAND one more peer: a multicall program, called as COMMAND ls ...
  --dir FOLDER        where the files are made (default: /dev/shm if it is a tmpfs with room, else $TMPDIR or /tmp)
  --out FOLDER        where bench.md, bench.tsv and bench.json go (default: nowhere)
  --readme FILE       write the table between <!-- bench:begin --> and <!-- bench:end --> of FILE

Peers are GNU coreutils, busybox, toybox and uutils, where they are found. Each program works on its own fresh files. Times are taken
in turn, one run of each program after the other, round after round, so that what else the machine does meets all alike: given are
medians, and the median of the rounds' ratios of ours to the peer with the smallest median. A program that fails at an operation (an
option that it lacks) has no figure there. The table goes to standard output, what is being done to standard error.
Exit status: 0 measured, 1 our own programs failed at something, 2 wrong usage.
"""
import sys

sys.dont_write_bytecode = True

import argparse
import ctypes
import json
import os
import platform
import re
import shlex
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Optional, Sequence, Tuple

OURS = "ours"
PEERS = ("GNU", "busybox", "toybox", "uutils")
PACKAGES = {"GNU": "coreutils", "busybox": "busybox-static", "toybox": "toybox", "uutils": "rust-coreutils"}
BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"


def say(text: str) -> None:
    print("bench: " + text, file=sys.stderr, flush=True)


# ----------------------------------------------------------------------------------------- programs
@dataclass
class Peer:
    """A set of programs. `command` gives the words that begin a command line of one of them."""
    name: str
    version: str
    command: Callable[[str], List[str]]


def first_line(command: Sequence[str]) -> str:
    """The first line that a command prints, "" if it cannot be run."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").split("\n")[0].strip()


def find_peers(more: Sequence[str]) -> Tuple[List[Peer], List[str]]:
    """Those that are here, and the names of those that are not."""
    found: List[Peer] = []
    path = os.pathsep.join(["/usr/bin", "/bin", os.environ.get("PATH", "")])

    gnu = {program: shutil.which(program, path=path) for program in ("cat", "cp", "head", "ls", "mkdir", "rm", "tail", "tee", "true", "wc")}
    version = first_line([gnu["cat"] or "cat", "--version"])
    if all(gnu.values()) and "GNU coreutils" in version:
        found.append(Peer("GNU", version.split()[-1], lambda program: [str(gnu[program])]))

    def multicall(name: str, binary: Optional[str], version: str) -> None:
        if binary and version:
            found.append(Peer(name, version, lambda program: [str(binary), program]))

    binary = shutil.which("busybox", path=path)
    match = re.search(r"BusyBox v(\S+)", first_line([binary]) if binary else "")
    multicall("busybox", binary, match.group(1) if match else "")
    binary = shutil.which("toybox", path=path)
    match = re.match(r"toybox (\S+)", first_line([binary, "--version"]) if binary else "")
    multicall("toybox", binary, match.group(1) if match else "")
    # GNU's can be one program of this name too.
    binary = shutil.which("coreutils", path="/usr/lib/cargo/bin" + os.pathsep + path)
    text = first_line([binary, "cat", "--version"]) if binary else ""
    match = re.fullmatch(r"cat (?:\(uutils coreutils\) )?(\d\S*)", text)
    multicall("uutils", binary, match.group(1) if match else "")

    missing = [name for name in PEERS if name not in [peer.name for peer in found]]
    for given in more:
        name, _, command = given.partition("=")
        words = shlex.split(command)
        if not name or not words:
            sys.exit("bench: --peer wants NAME=COMMAND, not %r" % given)
        version = first_line(words + ["cat", "--version"])
        if not version:
            sys.exit("bench: --peer %s: %s cat --version prints nothing" % (name, command))
        found.append(Peer(name, version.split()[-1], lambda program, words=words: words + [program]))
    return found, missing


# --------------------------------------------------------------------------------------- operations
@dataclass
class Sizes:
    """How large the files and trees are."""
    large: int  # bytes, also of lines
    text: int  # bytes
    files: int  # of a tree
    entries: int  # of a directory
    starts: int
    few: int  # files of the tree, and entries of the directory, whose calls are counted


FULL = Sizes(1 << 30, 128 << 20, 20000, 100000, 500, 1000)
QUICK = Sizes(128 << 20, 32 << 20, 2000, 10000, 100, 1000)
TINY = Sizes(1 << 20, 1 << 16, 40, 100, 5, 20)

Arguments = List[str]


@dataclass
class Operation:
    """One thing to measure, in a folder of its own for each program.

    program, arguments: what is run there
    prepare: makes what it needs; called before each run
    check: whether it has done its work; called after each run that is not timed
    source: a file whose content comes to it through a pipe, from GNU's cat
    to_pipe: its output goes to GNU's cat, and that to /dev/null
    output: else its output goes to this file ("/dev/null": nowhere)
    """
    name: str
    program: str
    arguments: Arguments
    prepare: Callable[[], None] = lambda: None
    check: Callable[[str], bool] = lambda output: True
    source: Optional[str] = None
    to_pipe: bool = False
    output: str = "/dev/null"
    times: int = 1


class Files:
    """The files that operations work on, in one folder; shared ones are made once, on demand."""

    def __init__(self, folder: str, sizes: Sizes) -> None:
        self.folder = folder
        self.sizes = sizes

    def path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def file(self, size: int) -> str:
        """A file of random bytes."""
        path = self.path("file-%d" % size)
        if not os.path.exists(path):
            with open(path, "wb") as out:
                block = os.urandom(1 << 20)
                for done in range(0, size, len(block)):
                    out.write(block[: size - done])
        return path

    def text(self, size: Optional[int] = None) -> str:
        """A file of lines, some of them empty, with tabs and a few bytes that are not ASCII; of the usual size if none is given."""
        size = size or self.sizes.text
        path = self.path("text-%d" % size)
        if not os.path.exists(path):
            lines = ["line %d of a text\twith a tab and some words, %s" % (n, "and more of them " * (n % 4))
                     for n in range(997)]
            lines += ["", "", "caf\u00e9 na\u00efve 5\u20ac"]
            block = ("\n".join(lines) + "\n").encode()
            with open(path, "wb") as out:
                for done in range(0, size, len(block)):
                    out.write(block[: size - done])
        return path

    def tree(self, files: int) -> str:
        """A tree of small files, 100 in a directory, ten directories in one above."""
        path = self.path("tree-%d" % files)
        if not os.path.exists(path):
            for n in range(files):
                folder = os.path.join(path, "d%d" % (n // 1000), "e%d" % (n // 100 % 10))
                if n % 100 == 0:
                    os.makedirs(folder)
                with open(os.path.join(folder, "file%d" % n), "wb") as out:
                    out.write(b"content %d\n" % n * (n % 40))
        return path

    def directory(self, entries: int, of: int = 1) -> str:
        """`of` directories in one, with together so many empty files."""
        path = self.path("entries-%d-%d" % (entries, of))
        if not os.path.exists(path):
            for n in range(of):
                folder = os.path.join(path, "d%d" % n) if of > 1 else path
                os.makedirs(folder)
                for m in range(entries // of):
                    os.close(os.open("%s/entry%06d" % (folder, m), os.O_CREAT | os.O_WRONLY, 0o644))
        return path

    def remove(self, name: str) -> str:
        path = self.path(name)
        if os.path.lexists(path):
            subprocess.run(["rm", "-rf", path], check=True)
        return path


def count_of_files(folder: str) -> int:
    return sum(len(files) for _, _, files in os.walk(folder))


def copy_operation(files: Files, name: str, options: Arguments, source: str) -> Operation:
    target = files.path("copy")

    def check(_: str) -> bool:
        return subprocess.run(["diff", "-rq", source, target], stdout=subprocess.DEVNULL, check=False).returncode == 0

    return Operation(name, "cp", options + [source, target], lambda: (files.remove("copy"), None)[1], check)


def remove_operation(files: Files, name: str, source: str) -> Operation:
    def prepare() -> None:
        files.remove("copy")
        subprocess.run(["cp", "-r", source, files.path("copy")], check=True)

    return Operation(name, "rm", ["-r", files.path("copy")], prepare, lambda _: not os.path.lexists(files.path("copy")))


def list_operation(files: Files, name: str, options: Arguments, folder: str, entries: int) -> Operation:
    listing = files.path("listing")

    def check(output: str) -> bool:
        with open(output, "rb") as text:
            return text.read().count(b"entry") == entries

    return Operation(name, "ls", options + [folder], lambda: None, check, output=listing)


def counted_as_gnu(arguments: Arguments) -> Callable[[str], bool]:
    """Checks wc's output, which is kept: the numbers are GNU's."""
    gnus: List[bytes] = []

    def check(output: str) -> bool:
        if not gnus:
            gnu = shutil.which("wc", path="/usr/bin:/bin") or "wc"
            gnus.extend(subprocess.run([gnu] + arguments, stdout=subprocess.PIPE, check=True, env=ENVIRONMENT).stdout.split())
        with open(output, "rb") as text:
            return text.read().split() == gnus

    return check


def count_operation(files: Files, name: str, arguments: Arguments) -> Operation:
    return Operation(name, "wc", arguments, check=counted_as_gnu(arguments), output=files.path("counted"))


def whole(size: int) -> Callable[[str], bool]:
    """Checks output that is kept."""
    return lambda output: output == "/dev/null" or os.path.getsize(output) == size


def shown(size: int) -> str:
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if size >= unit:
            return "%d %s" % (size // unit, name)
    return "%d bytes" % size


def call_operations(files: Files) -> List[Operation]:
    """Those whose calls are counted."""
    few = files.sizes.few

    def make_parents() -> None:
        os.makedirs(files.remove("deep") + "/a/b/c/d/e/f")

    new = files.path("new")
    return [
        Operation("start and end", "true", []),
        Operation("cat, 5 bytes", "cat", [files.file(5)]),
        Operation("cat, 1 MiB", "cat", [files.file(1 << 20)]),
        copy_operation(files, "cp, 5 bytes", [], files.file(5)),
        copy_operation(files, "cp, 1 MiB", [], files.file(1 << 20)),
        copy_operation(files, "cp -r, %s files" % format(few, ","), ["-r"], files.tree(few)),
        copy_operation(files, "cp -a, the same", ["-a"], files.tree(few)),
        remove_operation(files, "rm -r, the same", files.tree(few)),
        list_operation(files, "ls, %s entries" % format(few, ","), [], files.directory(few), few),
        list_operation(files, "ls -l, the same", ["-l"], files.directory(few), few),
        Operation("mkdir -p, six new", "mkdir", ["-p", new + "/a/b/c/d/e/f"], lambda: (files.remove("new"), None)[1],
                  lambda _: os.path.isdir(new + "/a/b/c/d/e/f")),
        Operation("mkdir -p, six there", "mkdir", ["-p", files.path("deep") + "/a/b/c/d/e/f"], make_parents),
        Operation("head, 1 MiB of text", "head", [files.text(1 << 20)]),
        Operation("head -c 5, the same", "head", ["-c", "5", files.text(1 << 20)]),
        Operation("tail, 1 MiB of text", "tail", [files.text(1 << 20)]),
        Operation("tail, 5 bytes", "tail", [files.file(5)]),
        Operation("wc, 5 bytes", "wc", [files.file(5)]),
        Operation("wc -l, 1 MiB of text", "wc", ["-l", files.text(1 << 20)]),
        Operation("wc -c, the same", "wc", ["-c", files.text(1 << 20)]),
        Operation("tee, no input", "tee", [files.path("teed")]),
    ]


def time_operations(files: Files) -> List[Operation]:
    """Those that are timed."""
    sizes = files.sizes
    large, text, long_text = files.file(sizes.large), files.text(), files.text(sizes.large)
    teed = files.path("teed")
    # About half of the lines.
    lines = sizes.large // 150
    entries = format(sizes.entries, ",")
    flat, nested = files.directory(sizes.entries), files.directory(sizes.entries, 100 if sizes.entries >= 1000 else 5)
    tree = files.tree(sizes.files)
    return [
        Operation("start and end, %d times" % sizes.starts, "true", [], times=sizes.starts),
        Operation("cat, %s to /dev/null" % shown(sizes.large), "cat", [large]),
        Operation("cat, %s to a pipe" % shown(sizes.large), "cat", [large], to_pipe=True),
        Operation("cat, %s from a pipe" % shown(sizes.large), "cat", [], source=large),
        Operation("cat -n, %s of text" % shown(sizes.text), "cat", ["-n", text]),
        Operation("cat -A, %s of text" % shown(sizes.text), "cat", ["-A", text]),
        Operation("head -n, half of %s of text to a pipe" % shown(sizes.large), "head", ["-n", str(lines), long_text], to_pipe=True),
        Operation("head -c, %s to a pipe" % shown(sizes.large), "head", ["-c", str(sizes.large), large], to_pipe=True),
        Operation("tail -n 1000, %s of text" % shown(sizes.large), "tail", ["-n", "1000", long_text]),
        Operation("tail -n 1000, the same from a pipe", "tail", ["-n", "1000"], source=long_text),
        Operation("tail -n +, half of %s of text to a pipe" % shown(sizes.large), "tail", ["-n", "+%d" % lines, long_text], to_pipe=True),
        Operation("tail -c +1, %s to a pipe" % shown(sizes.large), "tail", ["-c", "+1", large], to_pipe=True),
        Operation("tee, %s from a pipe to a file" % shown(sizes.large), "tee", [teed], lambda: (files.remove("teed"), None)[1],
                  lambda _: os.path.getsize(teed) == sizes.large, source=large),
        count_operation(files, "wc, %s of text" % shown(sizes.large), [long_text]),
        count_operation(files, "wc -l, the same", ["-l", long_text]),
        count_operation(files, "wc -w, the same", ["-w", long_text]),
        count_operation(files, "wc -c, the same", ["-c", long_text]),
        copy_operation(files, "cp, %s" % shown(sizes.large), [], large),
        copy_operation(files, "cp -a, %s files" % format(sizes.files, ","), ["-a"], tree),
        remove_operation(files, "rm -r, %s files" % format(sizes.files, ","), tree),
        list_operation(files, "ls, %s entries" % entries, [], flat, sizes.entries),
        list_operation(files, "ls -l, %s entries" % entries, ["-l"], flat, sizes.entries),
        list_operation(files, "ls -lR, %s entries" % entries, ["-lR"], nested, sizes.entries),
        list_operation(files, "ls --color=always, %s entries" % entries, ["--color=always"], flat, sizes.entries),
    ]


# ---------------------------------------------------------------------------------------- measuring
# Without TERM or LS_COLORS GNU's ls shows no colours, even with --color=always.
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC0", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "TERM": "xterm-256color"}


class Cannot(Exception):
    """The program does not do this; the text says how it failed."""


class Bench:
    """Runs operations."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.gnu_cat = shutil.which("cat", path="/usr/bin:/bin") or "cat"
        self.libc = ctypes.CDLL(None, use_errno=True)

    def _spawn(self, command: List[str], stdin: int, stdout: int) -> int:
        actions = [(os.POSIX_SPAWN_DUP2, stdin, 0), (os.POSIX_SPAWN_DUP2, stdout, 1)]
        return os.posix_spawn(command[0], command, ENVIRONMENT, file_actions=actions, setsigdef=[signal.SIGPIPE])

    def run(self, operation: Operation, command: List[str]) -> Tuple[float, float]:
        """Runs it once, prepared; returns seconds, and seconds of the processor, of both ends of a pipe. Raises Cannot when its
        status is not 0."""
        processor = 0.0

        def wait(process: int) -> int:
            nonlocal processor
            _, status, usage = os.wait4(process, 0)
            processor += usage.ru_utime + usage.ru_stime
            return status

        null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
        out = null
        if operation.output != "/dev/null":
            out = os.open(operation.output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
        try:
            if operation.source is not None or operation.to_pipe:
                reading, writing = os.pipe()  # close-on-exec
                begun = time.perf_counter()
                if operation.to_pipe:
                    process = self._spawn(command, null, writing)
                    other = self._spawn([self.gnu_cat], reading, null)
                else:
                    process = self._spawn(command, reading, out)
                    other = self._spawn([self.gnu_cat, str(operation.source)], null, writing)
                os.close(reading)
                os.close(writing)
                status = wait(process)
                wait(other)
                seconds = time.perf_counter() - begun
            else:
                begun = time.perf_counter()
                status = 0
                for _ in range(operation.times):
                    status |= wait(self._spawn(command, null, out))
                seconds = time.perf_counter() - begun
        finally:
            if out != null:
                os.close(out)
            os.close(null)
        if status != 0:
            raise Cannot("%s: status %d" % (" ".join(command[:3]), os.WEXITSTATUS(status)))
        return seconds, processor

    def checked(self, operation: Operation, command: List[str]) -> None:
        """Runs it and looks at what it did. Raises Cannot."""
        operation.prepare()
        process = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 env=ENVIRONMENT, check=False) if operation.output == "/dev/null" and not (
                                     operation.source or operation.to_pipe or operation.program == "cat") else None
        if process is None:
            self.run(operation, command)
        elif process.returncode != 0 or process.stderr:
            raise Cannot("%s: status %d: %s" % (" ".join(command[:3]), process.returncode,
                                                process.stderr.decode("utf-8", "replace").split("\n")[0]))
        if not operation.check(operation.output):
            raise Cannot("%s: it did not do its work" % " ".join(command[:4]))

    def calls(self, operation: Operation, command: List[str]) -> int:
        """System calls from its execve() to its end, that of all its threads and children included."""
        operation.prepare()
        trace = self.files.path("trace")
        with open(operation.output, "wb") as out:
            subprocess.run(["strace", "-f", "-qq", "-e", "signal=none", "-o", trace] + command, stdin=subprocess.DEVNULL,
                           stdout=out, check=True, env=ENVIRONMENT)
        with open(trace, encoding="utf-8", errors="replace") as lines:
            return sum(1 for line in lines if re.match(r"(\d+ +)?\w+\(", line))

    def standin_calls(self, operation: Operation, command: List[str]) -> int:
        """Calls that the program would make on Redox, as the stand-in counts them; the clock costs nothing there."""
        operation.prepare()
        counts = self.files.remove("counts")
        with open(operation.output, "wb") as out:
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, check=True,
                           env=dict(ENVIRONMENT, CATION_CALLS=counts))
        with open(counts, encoding="utf-8") as lines:
            of = dict(line.rstrip("\n").split("\t") for line in lines)
        return int(of.get("total", 0)) - int(of.get("redox_clock_gettime_v1", 0))

    def memory(self, operation: Operation, command: List[str]) -> int:
        """The most memory that was resident at a time, in KiB: what the kernel says of the process at its exit.

        Not getrusage(): for a program that is started by exec that has its starter's memory in it, Python's.
        """
        operation.prepare()
        ptrace = self.libc.ptrace
        ptrace.argtypes = [ctypes.c_long] * 4
        trace_me, resume, set_options, trace_exit = 0, 7, 0x4200, 0x40
        with open(operation.output, "wb") as out:
            # The first stop is that of exec.
            process = subprocess.Popen(  # pylint: disable=consider-using-with,subprocess-popen-preexec-fn
                command, stdin=subprocess.DEVNULL, stdout=out, env=ENVIRONMENT,
                preexec_fn=lambda: ptrace(trace_me, 0, 0, 0))
            status = os.waitpid(process.pid, 0)[1]
            peak = 0
            ptrace(set_options, process.pid, 0, trace_exit)
            while os.WIFSTOPPED(status):
                number = os.WSTOPSIG(status)
                if status >> 8 == signal.SIGTRAP | 6 << 8:  # PTRACE_EVENT_EXIT
                    with open("/proc/%d/status" % process.pid, encoding="utf-8") as lines:
                        peak = int(re.search(r"VmHWM:\s+(\d+) kB", lines.read()).group(1))
                ptrace(resume, process.pid, 0, 0 if number == signal.SIGTRAP else number)
                status = os.waitpid(process.pid, 0)[1]
        process.returncode = os.WEXITSTATUS(status)
        if status != 0:
            raise Cannot("%s: status %d" % (" ".join(command[:3]), process.returncode))
        return peak


# -------------------------------------------------------------------------------------------- results
@dataclass
class Row:
    """What was measured of one operation: a value for each program that did it."""
    kind: str  # calls, time, memory
    name: str
    values: Dict[str, float]
    ratio: Optional[float] = None  # of ours to the best peer's
    best: str = ""
    without_start: Dict[str, float] = field(default_factory=dict)
    ratio_without_start: Optional[float] = None
    standin: Optional[int] = None
    samples: Dict[str, List[float]] = field(default_factory=dict)
    processor: Dict[str, List[float]] = field(default_factory=dict)  # seconds of it
    ratio_processor: Optional[float] = None

    def compare(self) -> None:
        peers = {name: value for name, value in self.values.items() if name != OURS}
        if OURS in self.values and peers:
            self.best = min(peers, key=lambda name: peers[name])
            self.ratio = self.values[OURS] / max(peers[self.best], 1)

    def compare_times(self) -> None:
        """Where there are samples, of one round after the other."""
        self.values = {name: statistics.median(samples) for name, samples in self.samples.items()}
        self.compare()
        if not self.best:
            return
        self.ratio = median_of_ratios(self.samples, self.best)
        cheapest = min((name for name in self.processor if name != OURS),
                       key=lambda name: statistics.median(self.processor[name]))
        self.ratio_processor = median_of_ratios(self.processor, cheapest)


def median_of_ratios(samples: Dict[str, List[float]], peer: str) -> float:
    # The kernel may count a very short run as none.
    return statistics.median(ours / max(other, 1e-5) for ours, other in zip(samples[OURS], samples[peer]))


def measure(rows: List[Row], bench: Bench, peers: List[Peer], standin: Optional[str], rounds: int, only: str) -> None:
    """Appends a row for each operation as soon as it is measured: what is interrupted has them so far."""
    chosen = re.compile(only)
    sets = {peer.name: peer for peer in peers}

    def able(operation: Operation) -> List[str]:
        """Who can do it."""
        names = []
        for name, peer in sets.items():
            try:
                bench.checked(operation, peer.command(operation.program) + operation.arguments)
                names.append(name)
            except Cannot as reason:
                if name == OURS:
                    raise
                say("%s: no figure: %s" % (name, reason))
        return names

    starts: Dict[str, float] = {}
    for operation in call_operations(bench.files):
        first = operation.program == "true"
        if not first and not chosen.search("calls " + operation.name):
            continue
        say("calls: " + operation.name)
        row = Row("calls", operation.name, {})
        for name in able(operation):
            row.values[name] = bench.calls(operation, sets[name].command(operation.program) + operation.arguments)
        row.compare()
        if first:
            starts = dict(row.values)
        else:
            row.without_start = {name: value - starts[name] for name, value in row.values.items()}
            others = [value for name, value in row.without_start.items() if name != OURS]
            if others:
                row.ratio_without_start = row.without_start[OURS] / max(min(others), 1)
        if standin is not None:
            program = "libexec/cation/empty" if first else "usr/bin/" + operation.program
            row.standin = bench.standin_calls(operation, [os.path.join(standin, program)] + operation.arguments)
        rows.append(row)

    for operation in time_operations(bench.files):
        wanted = {kind: bool(chosen.search(kind + " " + operation.name)) for kind in ("time", "memory")}
        if not any(wanted.values()):
            continue
        names = able(operation)
        commands = {name: sets[name].command(operation.program) + operation.arguments for name in names}
        if wanted["time"]:
            say("time: %s, %d rounds of %s" % (operation.name, rounds, ", ".join(names)))
            row = Row("time", operation.name, {}, samples={name: [] for name in names},
                      processor={name: [] for name in names})
            for turn in range(rounds):
                # Who is first in a round is another one each time.
                for name in names[turn % len(names):] + names[: turn % len(names)]:
                    operation.prepare()
                    seconds, processor = bench.run(operation, commands[name])
                    row.samples[name].append(seconds)
                    row.processor[name].append(processor)
            row.compare_times()
            rows.append(row)
        if wanted["memory"] and operation.source is None and not operation.to_pipe:
            row = Row("memory", re.sub(", [0-9]+ times", "", operation.name), {})
            for name in names:
                row.values[name] = bench.memory(operation, commands[name])
            row.compare()
            rows.append(row)


# -------------------------------------------------------------------------------------------- tables
def number(value: Optional[float], kind: str) -> str:
    if value is None:
        return "—"
    if kind == "time":
        return "%.1f ms" % (value * 1000) if value < 1 else "%.2f s" % value
    return format(int(value), ",")


def ratio(value: Optional[float]) -> str:
    return "—" if value is None else "%.2f" % value


def markdown(rows: List[Row], names: List[str], facts: Dict[str, str]) -> str:
    lines = ["%s; %s. `./cation bench` measures; ratios are ours to the best peer's." % (facts["machine"], facts["programs"])]
    titles = {
        "calls": "Calls to the system, by strace (without those that `true` makes)",
        "time": "Time, medians of %s rounds in turn, on %s" % (facts["rounds"], facts["folder"]),
        "memory": "Most memory resident, KiB",
    }
    for kind, title in titles.items():
        of_kind = [row for row in rows if row.kind == kind]
        if not of_kind:
            continue
        columns = ["ours"] + (["ours on Redox"] if kind == "calls" else []) + names + ["ratio"]
        columns += {"calls": ["without start"], "time": ["ratio of processor time"], "memory": []}[kind]
        lines += ["", "| %s | %s |" % (title, " | ".join(columns)), "| --- |" + " ---: |" * len(columns)]
        for row in of_kind:
            def cell(name: str, row: Row = row) -> str:
                text = number(row.values.get(name), row.kind)
                if name in row.without_start:
                    text += " (%s)" % number(row.without_start[name], row.kind)
                return text
            cells = [cell(OURS)]
            if kind == "calls":
                cells.append(number(row.standin, kind))
            cells += [cell(name) for name in names] + [ratio(row.ratio)]
            cells += {"calls": [ratio(row.ratio_without_start)], "time": [ratio(row.ratio_processor)], "memory": []}[kind]
            lines.append("| %s | %s |" % (row.name, " | ".join(cells)))
    return "\n".join(lines)


def tsv(rows: List[Row]) -> str:
    lines = ["kind\toperation\tprogram\tvalue\twithout_start\tratio_of_ours_to_best"]
    for row in rows:
        for name, value in row.values.items():
            lines.append("\t".join([row.kind, row.name, name, repr(value), repr(row.without_start.get(name, "")),
                                    "%.4f" % row.ratio if name == OURS and row.ratio is not None else ""]))
        if row.standin is not None:
            lines.append("\t".join([row.kind, row.name, "ours on Redox", str(row.standin), "", ""]))
    return "\n".join(lines) + "\n"


def update_readme(path: str, table: str) -> None:
    with open(path, encoding="utf-8") as file:
        old = file.read()
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    if len(pattern.findall(old)) != 1:
        sys.exit("bench: %s needs one pair of lines %s and %s" % (path, BEGIN, END))
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(pattern.sub(lambda _: "%s\n%s\n%s" % (BEGIN, table, END), old))
    os.replace(path + ".new", path)


# ---------------------------------------------------------------------------------------------- main
def file_system_of(folder: str) -> str:
    done = subprocess.run(["stat", "-f", "-c", "%T", folder], stdout=subprocess.PIPE, check=False)
    return done.stdout.decode().strip() or "unknown"


def place(given: Optional[str], needed: int) -> str:
    """Where to work. Memory by default: there no program waits for what an earlier one has written."""
    if given is not None:
        return given
    shared = "/dev/shm"
    if os.access(shared, os.W_OK) and file_system_of(shared) == "tmpfs":
        status = os.statvfs(shared)
        with open("/proc/meminfo", encoding="utf-8") as lines:
            available = int(re.search(r"MemAvailable:\s+(\d+)", lines.read()).group(1)) * 1024
        if min(status.f_bavail * status.f_frsize, available) > needed:
            return shared
    return tempfile.gettempdir()


def machine() -> str:
    model = ""
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        match = re.search(r"^model name\s*: (.*)$", lines.read(), re.MULTILINE)
        model = match.group(1) if match else platform.machine()
    return "%s, %d cores, Linux %s" % (model, os.cpu_count() or 1, ".".join(platform.release().split(".")[:2]))


def main() -> int:
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n", 1)[1], add_help=False)
    parser.add_argument("--host", required=True)
    parser.add_argument("--standin")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--only", default="")
    parser.add_argument("--peer", action="append", default=[])
    parser.add_argument("--dir")
    parser.add_argument("--out")
    parser.add_argument("--readme")
    if set(sys.argv[1:]) & {"-h", "--help"}:
        print(__doc__)
        return 0
    options = parser.parse_args()
    sizes = TINY if options.tiny else QUICK if options.quick else FULL
    rounds = options.rounds or (1 if options.tiny else 5 if options.quick else 7)
    if shutil.which("strace") is None:
        sys.exit("bench: strace is not here; install it: apt-get install strace")

    host = os.path.abspath(options.host)
    empty = os.path.join(host, "libexec/cation/empty")
    if not os.access(empty, os.X_OK):
        sys.exit("bench: %s is not there: --host wants a userland (./cation build makes out/host)" % empty)
    standin = os.path.abspath(options.standin) if options.standin else None
    peers, missing = find_peers(options.peer)
    for name in missing:
        say("%s is not here and is left out; on Debian: apt-get install %s" % (name, PACKAGES[name]))
    ours = Peer(OURS, "", lambda program: [empty if program == "true" else os.path.join(host, "usr/bin", program)])

    folder = place(options.dir, 4 * sizes.large + (512 << 20))
    work = tempfile.mkdtemp(prefix="cation-bench.", dir=folder)
    rows: List[Row] = []
    status = 0
    try:
        facts = {
            "machine": machine(),
            "programs": ", ".join("%s %s" % (peer.name, peer.version) for peer in peers) +
                        ("; not here: " + ", ".join(missing) if missing else ""),
            "rounds": str(rounds),
            "folder": "%s (%s)" % (folder, file_system_of(work)),
            "date": time.strftime("%Y-%m-%d", time.gmtime()),
        }
        say("%(machine)s; %(programs)s; in %(folder)s" % facts)
        try:
            measure(rows, Bench(Files(work, sizes)), [ours] + peers, standin, rounds, options.only)
        except (Cannot, re.error) as reason:
            say(str(reason))
            return 1
        except KeyboardInterrupt:
            say("interrupted: this is what was measured until then")
            status = 1
    finally:
        subprocess.run(["rm", "-rf", work], check=True)

    table = markdown(rows, [peer.name for peer in peers], facts)
    print(table)
    if options.out:
        os.makedirs(options.out, exist_ok=True)
        everything = {"facts": facts, "rows": [vars(row) for row in rows]}
        for name, text in (("bench.md", table + "\n"), ("bench.tsv", tsv(rows)),
                           ("bench.json", json.dumps(everything, indent=1, ensure_ascii=False) + "\n")):
            with open(os.path.join(options.out, name), "w", encoding="utf-8") as file:
                file.write(text)
        say("written: %s/bench.{md,tsv,json}" % options.out)
    if options.readme and status == 0:
        update_readme(options.readme, table)
    return status


if __name__ == "__main__":
    sys.exit(main())
