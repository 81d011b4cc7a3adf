# SPDX-License-Identifier: MIT
"""What a smoke case works with: two equal folders, our program, GNU's, and comparisons.

A case is a function that is given a Case. It makes the same files in two folders, lets our program
work in one and the host's GNU tool in the other, and compares what they print, their status and the
trees they leave, byte for byte. Messages are our own (`prog: operand: reason`), so they are compared
by shape: who complains, about what, with which of the C library's words.
"""
import concurrent.futures
import ctypes
import difflib
import hashlib
import importlib
import os
import re
import shutil
import stat
import subprocess
import time
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple, Union

Name = Union[str, bytes]

# 2021-03-04 05:06:07.123456789 UTC, in nanoseconds: the time of all files of a tree unless it says other.
SOME_TIME = 1614834367_123456789


class Failed(Exception):
    """The case does not hold; the text says why, with a readable difference."""


class Skipped(Exception):
    """The case cannot be run here; the text says why."""


@dataclass
class File:
    """A regular file of a tree."""
    content: bytes = b""
    mode: int = 0o644
    time: int = SOME_TIME


@dataclass
class Dir:
    """A directory of a tree."""
    mode: int = 0o755
    time: int = SOME_TIME


@dataclass
class Link:
    """A symbolic link of a tree."""
    target: Name = ""
    time: int = SOME_TIME


@dataclass
class Hard:
    """Another name for a file of the tree, given by its path there."""
    path: Name = ""


@dataclass
class Fifo:
    """A named pipe of a tree."""
    mode: int = 0o644
    time: int = SOME_TIME


Entry = Union[bytes, File, Dir, Link, Hard, Fifo]
Tree = Mapping[Name, Entry]


@dataclass
class Outcome:
    """What a run left: status as Popen.returncode has it (negative: killed by that signal)."""
    status: int
    out: bytes
    errors: bytes
    calls: Dict[str, int] = field(default_factory=dict)
    left: Dict[bytes, str] = field(default_factory=dict)  # for cases that keep a snapshot with it

    @property
    def os_calls(self) -> int:
        """Calls to the system. The clock and the umask are a process's own and cost nothing."""
        return self.calls.get("total", 0) - self.calls.get("redox_clock_gettime_v1", 0)


def make_tree(folder: bytes, tree: Tree) -> None:
    """Makes `tree` in `folder`: paths relative to it, parents before what is in them."""
    times: List[Tuple[bytes, int]] = []
    modes: List[Tuple[bytes, int]] = []
    for name, given in tree.items():
        path = os.path.join(folder, os.fsencode(name))
        entry = File(given) if isinstance(given, bytes) else given
        if isinstance(entry, File):
            with open(path, "wb") as file:
                file.write(entry.content)
                # What is written after it takes set-ID bits away, unless root writes.
                file.flush()
                os.fchmod(file.fileno(), entry.mode)
        elif isinstance(entry, Dir):
            os.mkdir(path)
            modes.append((path, entry.mode))
        elif isinstance(entry, Link):
            os.symlink(os.fsencode(entry.target), path)
        elif isinstance(entry, Hard):
            os.link(os.path.join(folder, os.fsencode(entry.path)), path)
            continue
        else:
            os.mkfifo(path)
            modes.append((path, entry.mode))
        times.append((path, entry.time))
    # Inner ones first: making an entry changes its directory's time, a directory may become unreadable.
    for path, when in reversed(times):
        os.utime(path, ns=(when, when), follow_symlinks=False)
    for path, mode in reversed(modes):
        os.chmod(path, mode)


def make_deep(folder: bytes, name: str, depth: int, files: Sequence[str] = ()) -> None:
    """Makes so many directories called `name` in each other, with these empty files beside each: the path may be longer than any can be."""
    here = os.getcwd()
    os.chdir(folder)
    for _ in range(depth):
        for file in files:
            with open(file, "wb"):
                pass
        os.mkdir(name)
        os.chdir(name)
    os.chdir(here)


def snapshot(folder: bytes, times: bool, links: bool) -> Dict[bytes, str]:
    """What is in `folder`, by path: type, permissions, content, target; with `times` the modification
    times, with `links` which names are the same file."""
    found: Dict[bytes, str] = {}
    identities: Dict[bytes, Tuple[int, int]] = {}
    changed: List[Tuple[bytes, int]] = []

    def allow(path: bytes, mode: int, needed: int) -> None:
        if mode & needed != needed:
            changed.append((path, stat.S_IMODE(mode)))
            os.chmod(path, stat.S_IMODE(mode) | needed)

    pending: List[bytes] = [b"."]
    while pending:
        relative = pending.pop()
        path = os.path.join(folder, relative)
        status = os.lstat(path)
        text = "mode %06o" % status.st_mode
        if stat.S_ISLNK(status.st_mode):
            text = "link to %r" % os.readlink(path)
        elif stat.S_ISREG(status.st_mode):
            allow(path, status.st_mode, 0o400)
            with open(path, "rb") as file:
                content = file.read()
            text += " size %d %s" % (len(content), repr(content) if len(content) <= 60 else
                                     "sha256 " + hashlib.sha256(content).hexdigest())
        elif stat.S_ISDIR(status.st_mode):
            allow(path, status.st_mode, 0o500)
            pending += [os.path.join(relative, name) for name in os.listdir(path)]
        # The folder itself was made by the test, at different times.
        if times and relative != b".":
            text += " time %d.%09d" % divmod(status.st_mtime_ns, 10**9)
        found[relative] = text
        if not stat.S_ISDIR(status.st_mode):
            identities[relative] = (status.st_dev, status.st_ino)
    for path, mode in reversed(changed):
        os.chmod(path, mode)
    if links:
        first_name: Dict[Tuple[int, int], bytes] = {}
        for relative in sorted(identities):
            first = first_name.setdefault(identities[relative], relative)
            found[relative] += " same file as %r" % first
    return found


def _shown(text: bytes, limit: int = 2000) -> str:
    shown = text[:limit].decode("utf-8", "backslashreplace")
    return shown + ("… (%d bytes)" % len(text) if len(text) > limit else "")


def _difference(ours: Sequence[str], gnus: Sequence[str]) -> str:
    lines = list(difflib.unified_diff(gnus, ours, "GNU's", "ours", n=1, lineterm=""))
    return "\n".join(line[:300] for line in lines[:40]) + ("\n…" if len(lines) > 40 else "")


def _lines(text: bytes) -> List[str]:
    return [repr(line)[2:-1] for line in text.splitlines(keepends=True)]


def _sorted_entries(text: bytes) -> List[str]:
    """The lines in order; of output with a NUL behind each entry, the entries."""
    return sorted(repr(entry)[2:-1] for entry in (text.split(b"\0") if text.endswith(b"\0") else text.splitlines(keepends=True)))


_WORDS = sorted({os.strerror(n) for n in range(1, 134)}, key=len, reverse=True)


def last_words(line: bytes) -> str:
    """The C library's words for an error at the end of a message; "" where it has none."""
    text = line.decode("utf-8", "backslashreplace").rstrip()
    for words in _WORDS:
        if text.endswith(": " + words):
            return words
    return ""


def remove_tree(folder: bytes) -> None:
    """Removes `folder`, whatever the depth and the permissions in it."""
    if subprocess.run(["rm", "-rf", folder], stderr=subprocess.DEVNULL, check=False).returncode:
        subprocess.run(["chmod", "-R", "u+rwX", folder], stderr=subprocess.DEVNULL, check=False)
        subprocess.run(["rm", "-rf", folder], check=True)


_CAPABILITIES = (1, 2, 3)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
_PR_CAPBSET_DROP = 24


def _bound_by_permissions() -> None:
    """What the calling thread executes from now on is bound by permissions like anyone else, for root too."""
    libc = ctypes.CDLL(None)
    for capability in _CAPABILITIES:
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


# Capabilities are a thread's own, and so the programs are started by a thread that has given them up, or by one that has not.
_AS_ANYONE = concurrent.futures.ThreadPoolExecutor(1, initializer=_bound_by_permissions)
_AS_IS = concurrent.futures.ThreadPoolExecutor(1)


class Programs:
    """Our programs of one architecture and the host's."""

    def __init__(self, folder: str, arch: str, revision: str) -> None:
        self.folder = os.path.abspath(folder) if revision == "host" else os.path.abspath(os.path.join(folder, arch))
        if arch == "host":
            arch = os.uname().machine
        self.arch = arch
        self.revision = revision
        self.runner: List[str] = []
        # Further variables for our programs.
        self.environment: Dict[str, Name] = {}
        if arch != os.uname().machine:
            emulator = shutil.which("qemu-" + arch) or shutil.which("qemu-%s-static" % arch)
            if emulator is None:
                raise Failed("there is no qemu-%s to run the programs: apt-get install qemu-user" % arch)
            self.runner = [emulator]
        self._gnu: Dict[str, str] = {}

    def ours(self, program: str) -> List[str]:
        """The words that begin a command line of our program."""
        path = os.path.join(self.folder, "usr/bin", program)
        if not os.path.exists(path):
            raise Failed("%s is not there" % path)
        return self.runner + [path]

    def gnus(self, program: str) -> str:
        """The path of GNU's program."""
        if program not in self._gnu:
            path = shutil.which(program)
            if path is None:
                raise Failed("the host has no %s to compare with" % program)
            # `test --version` is an expression; the one beside it is made of the same.
            asked = os.path.join(os.path.dirname(path), "[") if program == "test" else path
            version = subprocess.run([asked, "--version"], stdout=subprocess.PIPE, check=False).stdout
            if b"GNU coreutils" not in version:
                raise Failed("%s is not GNU's: there is nothing to compare with" % path)
            self._gnu[program] = path
        return self._gnu[program]


class Case:
    """One case at work. `ours` and `gnu` are the two folders.

    tests/guest/recorder.py has another class with these methods, which turns a case into a script for a guest. It can do so
    with cases that leave comparing to the methods: those that look into the folders or at an outcome by themselves are for
    the host alone.
    """

    # Whether the case is to do without what is this host's or this moment's.
    portable = False

    def __init__(self, name: str, programs: Programs, folder: str, seconds: float) -> None:
        self.name = name
        self.programs = programs
        self.root = os.fsencode(os.path.join(folder, name))
        # Equally long names, for what depends on the length of a path.
        self.ours = os.path.join(self.root, b"ours")
        self.gnu = os.path.join(self.root, b"gnus")
        self._calls = os.path.join(self.root, b"calls")
        self._deadline = time.monotonic() + seconds
        os.makedirs(self.ours)
        os.makedirs(self.gnu)

    # ------------------------------------------------------------------------------------ files
    def tree(self, tree: Tree, shared: bool = False) -> None:
        """Makes the same files in both folders; in GNU's only, if that is `shared`."""
        if not shared:
            make_tree(self.ours, tree)
        make_tree(self.gnu, tree)

    @staticmethod
    def files_in(folder: bytes, tree: Tree) -> None:
        """Makes files in a folder of the case's own."""
        make_tree(folder, tree)

    def both(self, make: Callable[[bytes], None]) -> None:
        """Does the same to both folders."""
        make(self.ours)
        make(self.gnu)

    # ------------------------------------------------------------------------------------ running
    def _run(self, command: Sequence[Name], folder: bytes, *, stdin: Optional[bytes] = b"",
             umask: int = 0o022, stdout: Union[None, str, int] = None, closed: Sequence[int] = (),
             environment: Optional[Mapping[str, Name]] = None, no_sigpipe: bool = False,
             as_root: bool = False, count: bool = False, inherit_stdin: bool = False,
             into: Optional[Name] = None, append: Optional[Name] = None, executable: Optional[str] = None) -> Outcome:
        variables: Dict[str, Name] = {
            "LC_ALL": "C", "TZ": "UTC0", "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": "/nonexistent"}
        variables.update(environment or {})
        if count:
            if self.programs.revision == "host":
                raise Skipped("the stand-in counts calls, and these programs are without it")
            if os.path.exists(self._calls):
                os.unlink(self._calls)
            variables["CATION_CALLS"] = self._calls

        def close_them() -> None:
            for descriptor in closed:
                os.close(descriptor)

        if into is not None or append is not None:
            out = open(os.path.join(folder, os.fsencode(append if into is None else into)), "ab" if into is None else "wb")
        else:
            out = open(stdout, "wb") if isinstance(stdout, str) else None
        try:
            # Without preexec_fn nothing of this process is copied for a moment: thousands of programs are started.
            process = (_AS_ANYONE if not as_root and os.geteuid() == 0 else _AS_IS).submit(
                subprocess.Popen, command, executable=executable, cwd=folder, env=variables, umask=umask,
                preexec_fn=close_them if closed else None,
                # Python ignores SIGPIPE itself.
                restore_signals=not no_sigpipe,
                stdin=None if inherit_stdin else subprocess.DEVNULL if stdin is None else subprocess.PIPE,
                stdout=out if out is not None else subprocess.PIPE if stdout is None else stdout,
                stderr=subprocess.PIPE).result()
            try:
                output, errors = process.communicate(None if inherit_stdin else stdin, timeout=max(0.1, self._deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                raise Failed("time is up while %s was running" % self._words(command)) from None
        finally:
            if out is not None:
                out.close()
        calls: Dict[str, int] = {}
        if count and os.path.exists(self._calls):
            with open(self._calls, encoding="utf-8") as file:
                for line in file:
                    key, number = line.rstrip("\n").split("\t")
                    calls[key] = int(number)
        return Outcome(process.returncode, output or b"", errors or b"", calls)

    @staticmethod
    def _words(command: Sequence[Name]) -> str:
        return " ".join(repr(os.fsencode(word))[1:] for word in command)[:400]

    def run(self, program: str, *arguments: Name, folder: Optional[bytes] = None, **how) -> Outcome:
        """Runs our program in its folder (or in `folder`). `how`: as for same()."""
        how["environment"] = {**self.programs.environment, **(how.get("environment") or {})}
        return self._run(self.programs.ours(program) + list(arguments), folder or self.ours, **how)

    def run_gnu(self, program: str, *arguments: Name, folder: Optional[bytes] = None, **how) -> Outcome:
        """Runs the host's program in its folder, with the environment that ours has."""
        how["environment"] = {**self.programs.environment, **(how.get("environment") or {})}
        # By its bare name, which it puts before messages.
        return self._run([program, *arguments], folder or self.gnu, executable=self.programs.gnus(program), **how)

    def needs_owners(self) -> None:
        """The case gives files away: it is skipped where that is not allowed."""
        path = os.path.join(self.root, b"owned")
        with open(path, "wb"):
            pass
        try:
            os.chown(path, 1, 2)
        except OSError as error:
            raise Skipped("only root, and not that of a sandbox, gives files away") from error

    def limits_memory(self) -> None:
        """The case gives programs little memory: it is skipped where they have more than their own."""
        if self.programs.runner:
            raise Skipped("the emulator's own memory would be limited")
        if self.programs.revision == "host":
            raise Skipped("what counts is what runs on Redox; a host's allocator takes more at a time")

    # ------------------------------------------------------------------------------------ comparing
    def expect(self, holds: bool, what: str, outcome: Optional[Outcome] = None) -> None:
        """The case fails with `what` (and what a run printed) unless it holds."""
        if holds:
            return
        if outcome is not None:
            what += "\nstatus %d\nstdout: %s\nstderr: %s" % (
                outcome.status, _shown(outcome.out), _shown(outcome.errors))
            if outcome.calls:
                what += "\ncalls: %s" % ", ".join("%s %d" % item for item in sorted(outcome.calls.items()))
        raise Failed(what)

    def expect_complaint(self, outcome: Outcome, program: str, status: int, *lines: str) -> None:
        """`outcome` has this status, no output and exactly these messages, without "prog: " before them."""
        want = "".join("%s: %s\n" % (program, line) for line in lines).encode()
        self.expect(outcome.status == status, "status is not %d" % status, outcome)
        self.expect(not outcome.out, "there is output", outcome)
        self.expect(outcome.errors == want, "messages are not\n" + want.decode(), outcome)

    def gives(self, program: str, *arguments: Name, status: int = 0, out: Optional[bytes] = b"", errors: Optional[bytes] = b"",
              **how) -> None:
        """Our program alone: this status, output and messages (None: any). What it does to files is what GNU's does.
        `how`: as for same()."""
        outcome = self.run(program, *arguments, **how)
        self.expect(outcome.status == status, "%s: status is not %d" % (self._words([program, *arguments]), status), outcome)
        self.expect(out is None or outcome.out == out, "%s: output is not %r" % (self._words([program, *arguments]), out), outcome)
        self.expect(errors is None or outcome.errors == errors,
                    "%s: messages are not %r" % (self._words([program, *arguments]), errors), outcome)

    def refuses(self, program: str, *arguments: Name, status: int, **how) -> None:
        """Our program alone: it complains with this status, in messages of its shape, and prints nothing. `how`: as for same()."""
        outcome = self.run(program, *arguments, **how)
        line = self._words([program, *arguments])
        self.expect(outcome.status == status, "%s: status is not %d" % (line, status), outcome)
        self.expect(not outcome.out, "%s prints" % line, outcome)
        problems = self._shape_problems(program, outcome)
        self.expect(bool(outcome.errors) and not problems, "%s: %s" % (line, ", ".join(problems) or "no message"), outcome)

    def holds(self, name: Name, content: bytes) -> None:
        """Our file `name` has this content."""
        with open(os.path.join(self.ours, os.fsencode(name)), "rb") as file:
            found = file.read()
        self.expect(found == content, "%r holds %s, not %s" % (name, _shown(found, 200), _shown(content, 200)))

    def same_times(self, name: Name) -> None:
        """What is at `name` has GNU's modification times, all the way down."""
        top = os.path.join(self.gnu, os.fsencode(name))
        paths = [top] + [os.path.join(folder, file) for folder, folders, files in os.walk(top) for file in folders + files]
        for path in paths:
            ours = os.path.join(self.ours, os.path.relpath(path, self.gnu))
            want, got = os.lstat(path).st_mtime_ns, os.lstat(ours).st_mtime_ns
            self.expect(want == got, "%r: time %d, GNU's %d" % (ours, got, want))

    def still(self) -> None:
        """The time of the folders' parent is made one that stays: it changes while other cases run."""
        os.utime(self.root, ns=(SOME_TIME, SOME_TIME))

    def same(self, program: str, *arguments: Name, shared: bool = False, in_any_order: bool = False,
             output: bool = True, times: bool = False, links: bool = False, status: Optional[int] = None,
             complaints: Optional[Sequence[str]] = None, words: bool = True, questions: bool = False,
             **how) -> Outcome:
        """Runs both programs with the same arguments and compares. Returns ours.

        shared: both work in GNU's folder: for programs that change nothing, or print inode numbers.
        in_any_order: lines of output may come in any order (that of a directory).
        output: compare standard output.
        times, links: compare modification times and which names are one file.
        status: what both must return.
        complaints: the start of each of our messages after "prog: ", in order.
        words: the C library's words for errors are the same as in GNU's messages.
        questions: what is on standard error is questions, and those are GNU's word for word.
        how: stdin (None: /dev/null), umask, stdout (a path), into and append (a file of the tree that is printed into, as by
        > and >>), closed (descriptors), environment, no_sigpipe (SIGPIPE is ignored), as_root (permissions do not bind root).
        """
        line = self._words([program, *arguments])
        folder = self.gnu if shared else self.ours
        gnus = self.run_gnu(program, *arguments, **how)
        ours = self.run(program, *arguments, folder=folder, **how)
        problems: List[str] = []
        if output:
            entries = _sorted_entries if in_any_order else _lines
            one, other = entries(ours.out), entries(gnus.out)
            if one != other:
                problems.append("output differs:\n" + _difference(one, other))
        if ours.status != gnus.status:
            problems.append("status %d, GNU's %d" % (ours.status, gnus.status))
        if status is not None and ours.status != status:
            problems.append("status %d, not %d" % (ours.status, status))
        if questions:
            if ours.errors != gnus.errors:
                problems.append("questions are not GNU's")
        else:
            problems += self._message_problems(program, ours, gnus, complaints, words)
        if not shared:
            one, other = ([
                "%s: %s" % (repr(path)[1:], text)
                for path, text in sorted(snapshot(tree, times, links).items())
            ] for tree in (self.ours, self.gnu))
            if one != other:
                problems.append("trees differ:\n" + _difference(one, other))
        if problems:
            raise Failed("\n".join(["%s:" % line] + problems + [
                "our stderr: " + _shown(ours.errors), "GNU's stderr: " + _shown(gnus.errors)]))
        return ours

    @staticmethod
    def _shape_problems(program: str, ours: Outcome) -> List[str]:
        """What is wrong with the shape of our messages: each begins with the program, and is one line to show anywhere."""
        problems: List[str] = []
        prefix = program.encode() + b": "
        for line in filter(None, ours.errors.split(b"\n")):
            if not line.startswith(prefix) and not line.startswith(b"Try '%s --help'" % program.encode()):
                problems.append("a message does not begin with %r: %s" % (prefix.decode(), _shown(line)))
            if any(byte < 32 or byte == 127 for byte in line):
                problems.append("control bytes in a message: %r" % line)
            if line.decode("utf-8", "backslashreplace").encode() != line:
                problems.append("a message is not UTF-8: %r" % line)
        return problems

    @staticmethod
    def _message_problems(program: str, ours: Outcome, gnus: Outcome, complaints: Optional[Sequence[str]],
                          words: bool) -> List[str]:
        """What is wrong with our messages, GNU's being the measure of when and why."""
        problems = Case._shape_problems(program, ours)
        prefix = program.encode() + b": "
        messages = [line for line in ours.errors.split(b"\n") if line]
        if bool(ours.errors) != bool(gnus.errors):
            problems.append("we %s, GNU %s" % ("complain" if ours.errors else "do not complain",
                                               "does" if gnus.errors else "does not"))
        if words:
            said, expected = (sorted(filter(None, map(last_words, text.split(b"\n"))))
                              for text in (ours.errors, gnus.errors))
            if said != expected:
                problems.append("reasons %s, GNU's %s" % (said, expected))
        if complaints is not None:
            starts = [line[len(prefix):].decode("utf-8", "backslashreplace") for line in messages
                      if line.startswith(prefix)]
            if len(starts) != len(complaints) or not all(map(str.startswith, starts, complaints)):
                problems.append("messages begin with %s, expected %s" % (starts, list(complaints)))
        return problems


@dataclass
class Definition:
    """A case by name. `programs`: whose it is."""
    name: str
    function: Callable[[Case], None]
    seconds: float


CASES: Dict[str, Definition] = {}


def first_word(program: str) -> str:
    """What the names of a program's cases begin with: names are of letters."""
    return "bracket" if program == "[" else program


def case(name: str, seconds: float = 60) -> Callable[[Callable[[Case], None]], Callable[[Case], None]]:
    """Registers a case. The name is the same wherever the case is run; `seconds` is its time limit."""
    assert re.fullmatch(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+", name), name

    def register(function: Callable[[Case], None]) -> Callable[[Case], None]:
        assert name not in CASES, name
        CASES[name] = Definition(name, function, seconds)
        return function

    return register


def load_cases(without: Sequence[str] = ()) -> None:
    """Has each module cases_*.py beside this one add its cases to CASES, but those named in `without`."""
    folder = os.path.dirname(os.path.abspath(__file__))
    for name in sorted(os.listdir(folder)):
        if re.fullmatch(r"cases_\w+\.py", name) and name[:-3] not in without:
            importlib.import_module(name[:-3])


def compare_each(prefix: str, program: str, tree: Callable[[], Tree], table: Mapping[str, Sequence[Name]],
                 **how) -> None:
    """One case `prefix.KEY` for each entry of `table`, arguments, on a tree of its own."""
    for key, arguments in table.items():
        def run(t: Case, arguments: Sequence[Name] = arguments) -> None:
            t.tree(tree())
            t.same(program, *arguments, **how)
        case("%s.%s" % (prefix, key))(run)
