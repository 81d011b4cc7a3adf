# SPDX-License-Identifier: MIT
"""Turns cases of tests/smoke into scripts for a guest, where there is no GNU to compare with.

A case is a function that is given a Case. Here it is given a Recording, which has Case's methods: it makes the case's files
on this host, lets GNU's programs alone work on them, and writes down what they print, their status and what they leave, as
steps of a script (runner/README.md). In the guest our programs have to do the same.

What cannot be written down raises NotRecordable with the reason: no case is recorded as less than it is. Cases compare by
the same rules as harness.Case.same(): output and trees byte for byte, messages by shape and by the C library's words.

A guest's programs are root's, with all powers, and so are GNU's here. Where they cannot be (has_powers()), cases in which
permissions matter are not recorded.

A file system may lack hard links, FIFOs, some names, or the times of links (RedoxFS does). A case that has them says so
(`needs-feature`), and is skipped there; beside it there is then NAME+plain, the same case with other files in the place of
hard links, and without what else it lacks.
"""
import enum
import errno
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from typing import Callable, Dict, Iterable, Iterator, List, Mapping, NoReturn, Optional, Sequence, Set, Tuple

_SMOKE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "smoke")
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), _SMOKE]
from cases_common import NOT_GNUS, PROGRAMS  # noqa: E402 pylint: disable=wrong-import-position
from data import data  # noqa: E402 pylint: disable=wrong-import-position
from harness import (  # noqa: E402 pylint: disable=wrong-import-position
    Definition, Dir, Entry, Failed, Fifo, File, Hard, Link, Name, Outcome, Programs, Skipped, Tree, last_words, make_tree,
    remove_tree)
from script import Steps  # noqa: E402 pylint: disable=wrong-import-position

# What programs have in their environment, in the guest as in tests/smoke.
VARIABLES: Dict[str, str] = {"LC_ALL": "C", "TZ": "UTC0", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}

# What the name of a case without what RedoxFS lacks ends in.
PLAIN = "+plain"

# More of a file or of an output is compared by its CRC.
_MOST_SHOWN = 2048
# More of a file, unless it is data(), makes a script too long; and so much a case.
_MOST_WRITTEN = 256 * 1024
# More of an input is in a file.
_MOST_INPUT = 64 * 1024
_MOST_LISTED = 512 * 1024
_MOST_SCRIPT = 2 * 1024 * 1024
# The seeds that cases of tests/smoke use.
_SEEDS = range(1, 9)
# A name of more than that RedoxFS does not take.
_LONGEST_NAME = 252
_LONGEST_PATH = 4096
# What RedoxFS may lack.
_LACKING = {"hard-links", "fifos", "names-with-colon", "any-bytes", "names-of-255", "trailing-slashes", "dot-dot", "set-group-id",
            "link-times"}
_DAY = 86400 * 10**9


class Why(enum.Enum):
    """Why a case is not recorded."""
    COUNTS = "it counts calls to the system"
    STREAMS = "it closes standard streams, or has output go to a device or a descriptor"
    PIPE = "it matters that standard input is a pipe"
    FOLDERS = "it works on the two folders by itself"
    OUTCOME = "it looks at what a run printed by itself"
    PROGRAMS = "it asks which programs are at work"
    MEMORY = "it limits memory"
    PERMISSIONS = "permissions do not bind root"
    TIMES = "its files have times near the present, or before 1970"
    SYSTEM = "it names files or programs of this system, or others' time zones"
    DIFFERS = "what GNU prints or leaves differs from one place or file system to another"
    NUMBERS = "it prints inode numbers, blocks, or times of reading or change"
    OWNERS = "it gives files away, or tells of users and groups: each system has its own"
    MACHINE = "it tells of this machine: its disks, its system, its terminal"
    TOO_LARGE = "its files or its script are too large, or its paths are"
    NO_POWERS = "the host's GNU cannot be run with root's powers here"
    PEER = "it compares a program with one that GNU has not"
    GNU = "GNU of this host does not do what the case says"
    NOTHING = "nothing of it is left"


# Programs that only print: where a case says by itself what, no other has to do it beside them.
_ONLY_PRINT = ("[", "basename", "cat", "df", "dirname", "du", "echo", "false", "head", "id", "ls", "printenv", "printf", "pwd",
               "readlink", "realpath", "seq", "sleep", "stat", "tail", "test", "true", "tty", "uname", "wc", "whoami", "yes")


# Where a program looks for its own file, by PATH: it has to be there.
_PROGRAMS_FOLDER = VARIABLES["PATH"].split(":", maxsplit=1)[0]


class NotRecordable(Exception):
    """The case cannot be recorded."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(why.value + (": " + detail if detail else ""))
        self.why = why


class _Again(Exception):
    """The case has to be begun again with other wishes."""

    def __init__(self, wishes: "_Wishes") -> None:
        super().__init__()
        self.wishes = wishes


@dataclass(frozen=True)
class _Wishes:
    """What turns out while a case is recorded, and has to be known from its beginning."""
    plain: bool = False  # without what RedoxFS lacks
    below: bool = False  # the case works in a folder below its own, and its standard input is beside that
    no_links: bool = False  # there are none: a plain listing would show their times


def has_powers() -> bool:
    """Whether permissions do not bind this process."""
    with open("/proc/self/status", encoding="ascii") as file:
        powers = next(int(line.split()[1], 16) for line in file if line.startswith("CapEff:"))
    # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER.
    return powers & 0b1110 == 0b1110


# ------------------------------------------------------------------------------------------ names and data
def _parts(name: Name) -> List[bytes]:
    return [part for part in os.fsencode(name).split(b"/") if part]


def _name_features(name: Name) -> Set[str]:
    """What a file system has to be able to for this path."""
    found = set()
    encoded = os.fsencode(name)
    if b":" in encoded:
        found.add("names-with-colon")
    try:
        encoded.decode("utf-8")
    except UnicodeDecodeError:
        found.add("any-bytes")
    # Where long names are taken, what is too long is called so; elsewhere it may be called an invalid argument.
    if len(encoded) >= _LONGEST_PATH or any(len(part) > _LONGEST_NAME for part in _parts(name)):
        found.add("names-of-255")
    return found


_BEGINNINGS = {data(16, seed): seed for seed in _SEEDS}


def _seed_of(content: bytes) -> Optional[int]:
    """The seed of which `content` is data()."""
    seed = _BEGINNINGS.get(content[:16])
    return seed if seed is not None and data(len(content), seed) == content else None


# ------------------------------------------------------------------------------------------ ls
# Of a long listing: permissions, links, so many columns of owners, size; behind it a date.
_LONG_LINE = rb"^( *)([-dlpbcs][rwxsStT-]{9}) +(\d+)((?: \S+){%d}) +([0-9][0-9.,]*[kKMGTPEZY]?i?B?)(?= [A-Z0-9+-])"
_TOTAL = re.compile(rb"^total [0-9.]+[kKMGTPE]?$", re.M)

# In a pattern for output-like: blanks, blanks and a number, the permissions of a link.
_BLANKS, _NUMBER, _PERMISSIONS = b"\x01", b"\x02", b"\x03"


@dataclass
class _LsOptions:
    """What of ls's command line matters here. Options that are cut or unknown are looked for by their letters."""
    is_long: bool
    any_order: bool
    numbers: bool  # inode numbers, blocks, times of reading or change
    nanoseconds: bool
    by_size: bool
    owners: int  # how many columns between links and size


def _ls_options(arguments: Sequence[bytes], variables: Mapping[str, Name]) -> _LsOptions:
    letters: List[str] = []
    words: List[str] = []
    skip = False
    for argument in arguments:
        text = os.fsdecode(argument)
        if skip:
            skip = False
            continue
        if text == "--":
            break
        if text.startswith("--"):
            words.append(text)
        elif text.startswith("-") and len(text) > 1:
            for position, letter in enumerate(text[1:], 1):
                letters.append(letter)
                if letter in "wITD":
                    skip = position == len(text) - 1 and letter != "D"
                    break

    def word(*starts: str) -> bool:
        return any(given.startswith(start) for given in words for start in starts)

    owners = 2 - ("g" in letters) - ("o" in letters or "G" in letters or word("--no-group")) + word("--au")
    return _LsOptions(
        is_long=bool(set("lgon") & set(letters)) or word("--full", "--format=l", "--format=verb", "--numeric"),
        any_order="U" in letters or "f" in letters or word("--sort=n"),
        numbers=bool(set("iscu") & set(letters)) or word("--inode", "--size", "--time=c", "--time=st", "--time=a", "--time=u",
                                                         "--context") or "Z" in letters,
        nanoseconds="t" in letters or word("--full", "--time-style=full", "--time-style=+", "--sort=t") or "TIME_STYLE" in variables,
        by_size="S" in letters or word("--sort=s"),
        owners=owners)


def _ls_pattern(output: bytes, owners: int) -> bytes:
    """A long listing, but for what file systems have otherwise: the links and sizes of directories, the blocks of all, the
    permissions of links, and how wide that makes the columns."""
    def line(match: "re.Match[bytes]") -> bytes:
        indent, mode, links, names, size = match.groups()
        if mode.startswith(b"d"):
            return indent + mode + _NUMBER + names + _NUMBER
        if mode.startswith(b"l"):
            mode = b"l" + _PERMISSIONS
        return indent + mode + _BLANKS + links + names + _BLANKS + size
    return _TOTAL.sub(b"total" + _NUMBER, re.sub(_LONG_LINE % owners, line, output, flags=re.MULTILINE))


# ------------------------------------------------------------------------------------------ env
# Options of env after which there may be a program all the same. What is no option at all is a wrong use, and nothing is run.
_ENV_LETTERS = b"0aCiSuv"
_ENV_WORDS = (b"argv0", b"block-signal", b"chdir", b"debug", b"default-signal", b"ignore-", b"list-signal", b"null", b"split-string", b"unset")


def _is_there(word: bytes, folder: bytes) -> bool:
    """Whether this would run something that guests may not have."""
    if b"/" in word:
        return os.path.lexists(os.path.join(folder, word))
    return word.decode("ascii", "replace") not in PROGRAMS and shutil.which(word) is not None


def _env_runs_something(words: Sequence[bytes], folder: bytes) -> bool:
    """Whether env is told of a program of others, perhaps in a way that is not understood here."""
    is_value = False
    for word in words:
        if is_value:
            is_value = False
        elif word in (b"-u", b"--unset", b"-C", b"--chdir"):
            is_value = True
        elif word.startswith(b"--") and len(word) > 2:
            name = word[2:].split(b"=", maxsplit=1)[0]
            if not any(known.startswith(name) or name.startswith(known) for known in _ENV_WORDS):
                return False
            if not re.fullmatch(rb"--(unset=.*|chdir=.*|null|ignore-environment)", word, re.DOTALL):
                return True
        elif word.startswith(b"-"):
            if word[1:2] and word[1] not in _ENV_LETTERS:
                return False
            if not re.fullmatch(rb"-|-[i0]+|-u.+|-C.+", word, re.DOTALL):
                return True
        elif b"=" not in word:
            return _is_there(word, folder)
    return False


# ------------------------------------------------------------------------------------------ standard input
def _wants_a_pipe(program: str, words: Sequence[bytes], output: bytes = b"") -> bool:
    """Whether it matters that standard input is a pipe: tail goes on with following a file, and wc makes columns for what may
    be large."""
    options = [word for word in words if word.startswith(b"-") and word != b"-"]
    if (len(options) != len(words) or _has_option(options, b"", b"--files0")) and b"-" not in words:
        return False
    return program == "wc" and output.startswith(b" ") or program == "tail" and _has_option(options, b"fF", b"--f")


# ------------------------------------------------------------------------------------------ ln
def _makes_hard_links(words: Sequence[bytes]) -> bool:
    """Whether ln is not told to make symbolic links."""
    for word in words:
        if word == b"--":
            break
        if word.startswith((b"--sy", b"--rel")):
            return False
        # What comes behind -S and -t is a value.
        if re.match(rb"-[^-St]*[sr]", word):
            return False
    return True


# ------------------------------------------------------------------------------------------ what is each system's own
# What stat prints of a file that is each file system's, or each system's.
_STAT_NUMBERS = re.compile(rb"%[-#0+' .0-9IHL]*[bdDioCmrRtTwWxXzZ]")
_STAT_OWNERS = re.compile(rb"%[-#0+' .0-9]*[uUgG]")


def _has_option(words: Sequence[bytes], letters: bytes, *starts: bytes) -> bool:
    """Whether there may be one of these options: by a letter, perhaps among others, or by the start of its name."""
    return any(word.startswith(starts) if word.startswith(b"--") else word.startswith(b"-") and bool(set(word) & set(letters))
               for word in words)


def _tells_of_this_system(program: str, words: Sequence[bytes], output: bytes, folder: bytes) -> Optional[Why]:
    """Why what GNU printed cannot be expected anywhere else."""
    if not output:
        return None
    why = None
    if program in ("df", "uname", "tty", "stty"):
        why = Why.MACHINE
    elif program in ("id", "whoami"):
        why = Why.OWNERS
    elif program == "date" and not _has_option(words, b"drf", b"--d", b"--r", b"--f"):
        why = Why.TIMES
    elif program == "stat":
        formats = [word.replace(b"%%", b"") for word in words if b"%" in word]
        if not formats or any(map(_STAT_NUMBERS.search, formats)) or _has_option(words, b"ft", b"--file", b"--t"):
            why = Why.NUMBERS
        elif any(map(_STAT_OWNERS.search, formats)):
            why = Why.OWNERS
    elif program == "du" and not _has_option(words, b"", b"--inodes"):
        # Of files, how long they are; what they take, and what directories do, is the file system's.
        lines = [line for line in re.split(rb"[\n\0]", output) if b"\t" in line]
        if not _has_option(words, b"b", b"--a", b"--b") or any(
                os.path.isdir(os.path.join(folder, line.split(b"\t")[-1])) for line in lines):
            why = Why.NUMBERS
    return why


def _own_file(program: str, words: Sequence[bytes]) -> Optional[str]:
    """The program's own file, where it looks for that: a guest may have it elsewhere."""
    if program == "cation-box" and b"--install" in words:
        return os.path.join(_PROGRAMS_FOLDER, program)
    return None


# Programs that run what they are given, or say whether it would run.
_STARTERS = ("both", "capture", "explain", "run", "time", "timeout", "with-stderr")


def _runs_others_programs(program: str, words: Sequence[bytes], folder: str) -> bool:
    """Whether a program that runs others runs one that guests may not have, or a script, for which they have no shell."""
    if program not in _STARTERS:
        return False
    if any(word.decode("ascii", "replace") not in PROGRAMS and b"/" not in word and shutil.which(word) for word in words):
        return True
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.isfile(path) and os.access(path, os.R_OK):
            with open(path, "rb") as file:
                if b"#!" in file.read(8):
                    return True
    return False


# ------------------------------------------------------------------------------------------ recordings
class _Run:
    """A run of ours that the case has asked for by itself: what it left is not known here."""

    def __init__(self, recording: "Recording") -> None:
        self._recording = recording

    def __getattr__(self, name: str) -> NoReturn:
        raise NotRecordable(Why.OUTCOME)


class Recording:
    """A Case that writes down what GNU does. `folders`: two places to work in, at best on two file systems."""

    # Cases leave out of their files what not every system has, where that is not what they are about.
    portable = True

    def __init__(self, name: str, seconds: float, programs: Programs, folders: Sequence[str], wishes: _Wishes, is_bound: bool) -> None:
        self.name = name
        self._programs = programs
        self._wishes = wishes
        self._is_bound = is_bound
        self._body = Steps(name, seconds)
        self._features: Set[str] = set()
        self._left_out: Set[bytes] = set()  # paths
        self._made: Set[bytes] = set()  # paths of directories that the case has made
        self._notes: List[str] = []
        self._files: List[str] = []  # outside of its folder, that it needs
        self._runs = 0
        self._link_times = False  # they count
        self._link_time_lines: List[int] = []  # of the body
        self._disguised = False
        self._umask = 0o022
        self._variables: Dict[str, Name] = {}
        self._restricted = False
        self._input = b""  # what is in ../input
        self._is_known = True  # GNU's have done to the files what ours do
        self._all_run = True  # of what changes files, also in the plain form
        self._deadline = time.monotonic() + max(60.0, seconds)
        self._begun = time.time_ns()
        # The first is the measure, the second tells what of it is a file system's own.
        self._folders = [os.path.join(os.fsencode(folder), name.encode(), b"gnus") for folder in folders]
        for folder in self._folders:
            os.makedirs(folder)
        if wishes.below:
            self._body.directory("in")
            self._body.work("in")

    def close(self) -> None:
        """Removes what is left of it."""
        for folder in self._folders:
            remove_tree(os.path.dirname(folder))

    # ---------------------------------------------------------------------------------- what is not known
    @property
    def ours(self) -> NoReturn:
        """Case's; not here."""
        raise NotRecordable(Why.FOLDERS)

    gnu = root = ours

    @property
    def programs(self) -> NoReturn:
        """Case's; not here."""
        raise NotRecordable(Why.PROGRAMS)

    def limits_memory(self) -> NoReturn:
        """Case's; not here."""
        raise NotRecordable(Why.MEMORY)

    def run_gnu(self, *_: object, **__: object) -> NoReturn:
        """Case's; not here."""
        raise NotRecordable(Why.OUTCOME)

    def expect(self, holds: bool, what: str, outcome: object = None) -> None:
        """Case's: about what is known here, since outcomes are not."""
        del outcome
        if not holds:
            raise NotRecordable(Why.GNU, what)

    # ---------------------------------------------------------------------------------- files
    def _is_left_out(self, name: Name) -> bool:
        path = os.path.normpath(os.fsencode(name))
        while path.strip(b"/") not in (b"", b"."):
            if path in self._left_out:
                return True
            path = os.path.dirname(path)
        return False

    def _without_features(self, tree: Tree) -> Tree:
        """The tree without what RedoxFS lacks."""
        kept: Dict[Name, Entry] = {}
        for name, entry in tree.items():
            if isinstance(entry, Hard):
                source = next(value for key, value in tree.items() if os.fsencode(key) == os.fsencode(entry.path))
                entry = source
            if isinstance(entry, Fifo) or _name_features(name) or self._is_left_out(name) or (
                    isinstance(entry, Link) and self._wishes.no_links):
                self._left_out.add(os.path.normpath(os.fsencode(name)))
                self._notes.append("without %s" % ascii(os.fsencode(name))[1:] if len(name) < 60 else "without a long name")
                continue
            kept[name] = entry
        return kept

    def tree(self, tree: Tree, shared: bool = False) -> None:
        """Case's."""
        del shared
        self._disguised = False
        if self._wishes.plain:
            tree = self._without_features(tree)
        now = time.time_ns()
        times: List[Tuple[bytes, int]] = []
        modes: List[Tuple[bytes, int]] = []
        links: List[bytes] = []
        steps = self._body
        for name, given in tree.items():
            path = os.fsencode(name)
            self._features |= _name_features(path)
            if path.startswith((b"-", b"#")):
                path = b"./" + path
            entry = File(given) if isinstance(given, bytes) else given
            if isinstance(entry, Hard):
                self._features.add("hard-links")
                steps.hard_link(entry.path, path)
                continue
            if entry.time < 0 or abs(entry.time - now) < 800 * _DAY or entry.time > now:
                raise NotRecordable(Why.TIMES)
            if isinstance(entry, File):
                self._restricted = self._restricted or entry.mode & 0o600 != 0o600
                self._write_file(path, entry.content, entry.mode)
            elif isinstance(entry, Dir):
                self._restricted = self._restricted or entry.mode & 0o700 != 0o700
                steps.directory(path)
                self._made.add(os.path.normpath(path))
                if entry.mode != 0o755:
                    modes.append((path, entry.mode))
            elif isinstance(entry, Link):
                self._features.add("symbolic-links")
                steps.link(entry.target, path)
                links.append(path)
            else:
                self._features.add("fifos")
                steps.fifo(path, entry.mode)
            times.append((path, entry.time))
        # As make_tree() does it: inner ones first.
        for path, when in reversed(times):
            if path in links:
                self._link_time_lines.append(len(steps.lines))
            steps.modified(path, when)
        for path, mode in reversed(modes):
            steps.mode(path, mode)
        for folder in self._folders:
            make_tree(folder, tree)

    def _write_file(self, path: bytes, content: bytes, mode: int) -> None:
        seed = _seed_of(content) if len(content) >= 16 else None
        if seed is not None:
            self._body.data(path, len(content), seed, mode)
        elif len(content) > _MOST_WRITTEN:
            raise NotRecordable(Why.TOO_LARGE)
        else:
            self._body.file(path, content, mode)

    def both(self, make: Callable[[bytes], object]) -> None:
        """Case's: what has been made is found out by looking."""
        self._disguised = False
        before = self._entries(self._folders[0])
        for folder in self._folders:
            make(folder)
        after = self._entries(self._folders[0])
        steps = self._body
        modes: List[Tuple[bytes, int]] = []
        for path in sorted(set(before) - set(after), reverse=True):
            steps.remove(path)
        first_names: Dict[Tuple[int, int], bytes] = {}
        for path, status in after.items():
            self._features |= _name_features(path)
            full = os.path.join(self._folders[0], path)
            mode = stat.S_IMODE(status.st_mode)
            old = before.get(path)
            identity = (status.st_dev, status.st_ino)
            if old is not None and stat.S_IFMT(old.st_mode) == stat.S_IFMT(status.st_mode) and old.st_ino == status.st_ino:
                if old.st_mtime_ns != status.st_mtime_ns and not stat.S_ISDIR(status.st_mode):
                    raise NotRecordable(Why.FOLDERS, "it changes a file")
                if stat.S_IMODE(old.st_mode) != mode:
                    modes.append((path, mode))
            elif stat.S_ISDIR(status.st_mode):
                steps.directory(path)
                if mode != 0o755:
                    modes.append((path, mode))
            elif stat.S_ISLNK(status.st_mode):
                target = os.readlink(full)
                if target.startswith(b"/"):
                    raise NotRecordable(Why.FOLDERS, "a link to where it works")
                self._features.add("symbolic-links")
                steps.link(target, path)
            elif stat.S_ISREG(status.st_mode):
                if identity in first_names:
                    self._features.add("hard-links")
                    steps.hard_link(first_names[identity], path)
                else:
                    if status.st_size > 64 * 1024 * 1024:
                        raise NotRecordable(Why.TOO_LARGE)
                    if status.st_blocks * 512 < status.st_size:
                        raise NotRecordable(Why.FOLDERS, "a file with holes")
                    with open(full, "rb") as file:
                        self._write_file(path, file.read(), mode)
            else:
                raise NotRecordable(Why.FOLDERS, "a special file")
            if not stat.S_ISDIR(status.st_mode):
                first_names.setdefault(identity, path)
        for path, mode in reversed(modes):
            self._restricted = self._restricted or mode & 0o500 != 0o500 or mode & 0o200 == 0
            steps.mode(path, mode)

    @staticmethod
    def _entries(folder: bytes) -> Dict[bytes, os.stat_result]:
        """What is in `folder` by path, directories before what is in them."""
        found: Dict[bytes, os.stat_result] = {}

        def look(relative: bytes) -> None:
            for name in sorted(os.listdir(os.path.join(folder, relative))):
                path = os.path.join(relative, name)
                found[path] = os.lstat(os.path.join(folder, path))
                if stat.S_ISDIR(found[path].st_mode):
                    pending.append(path)

        pending = [b""]
        while pending:
            look(pending.pop())
        return dict(sorted(found.items(), key=lambda item: (item[0].count(b"/"), item[0])))

    # ---------------------------------------------------------------------------------- running
    def _gnus(self, program: str, arguments: Sequence[bytes], folder: bytes, stdin: bytes, umask: int,
              environment: Mapping[str, Name], into: Optional[Tuple[Name, bool]]) -> Outcome:
        if program in NOT_GNUS:
            raise NotRecordable(Why.PEER)
        try:
            executable = self._programs.gnus(program)
        except Failed as reason:
            raise NotRecordable(Why.GNU, str(reason)) from None
        variables: Dict[str, Name] = dict(VARIABLES)
        variables.update(environment)
        out = None
        old = os.umask(umask)
        try:
            if into is not None:
                out = open(os.path.join(folder, os.fsencode(into[0])), "ab" if into[1] else "wb")
            # By its bare name, which it puts before messages.
            ran = subprocess.run([program.encode(), *arguments], executable=executable, cwd=folder, check=False, input=stdin, env=variables,
                                 stdout=subprocess.PIPE if out is None else out, stderr=subprocess.PIPE,
                                 timeout=max(1.0, self._deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise NotRecordable(Why.GNU, "GNU's %s does not end" % program) from None
        finally:
            os.umask(old)
            if out is not None:
                out.close()
        return Outcome(ran.returncode, ran.stdout or b"", ran.stderr)

    def _disguise(self) -> None:
        """What a file system or the moment brings is otherwise in the second folder: what shows it, differs."""
        if self._disguised:
            return
        self._disguised = True
        # Older and newer than all that cases have.
        for folder, when in zip(self._folders, (1000000000, 1700000000)):
            for path in (os.path.dirname(folder), folder):
                os.utime(path, (when, when))
        second = self._folders[1]
        for path, status in self._entries(second).items():
            when = status.st_mtime_ns if status.st_mtime_ns < self._begun - _DAY else 1100000000 * 10**9
            os.utime(os.path.join(second, path), ns=(1300000000 * 10**9, when), follow_symlinks=False)

    def _prepare(self, program: str, arguments: Sequence[Name], *, stdin: Optional[bytes] = b"", umask: int = 0o022,
                 stdout: object = None, closed: Iterable[int] = (), environment: Optional[Mapping[str, Name]] = None,
                 no_sigpipe: bool = False, as_root: bool = False, count: bool = False, inherit_stdin: bool = False,
                 into: Optional[Name] = None, append: Optional[Name] = None) -> "Optional[_Command]":
        """Checks whether a run can be recorded. None: a plain recording goes without it."""
        del as_root
        if count:
            raise NotRecordable(Why.COUNTS)
        if stdout is not None or list(closed) or inherit_stdin or no_sigpipe:
            raise NotRecordable(Why.STREAMS)
        words = [os.fsencode(argument) for argument in arguments]
        variables = dict(environment or {})
        for word in words:
            for path in (word, word.split(b"=", 1)[-1], re.sub(rb"^-[a-zA-Z]+", b"", word)):
                if path.startswith((b"/dev", b"/proc", b"/sys", b"/usr", b"/etc", b"/bin", b"/tmp")):
                    raise NotRecordable(Why.SYSTEM)
        if (program == "env" and _env_runs_something(words, self._folders[0])) or _runs_others_programs(program, words, self._folders[0]):
            raise NotRecordable(Why.SYSTEM, "it runs the host's programs")
        if _wants_a_pipe(program, words):
            raise NotRecordable(Why.PIPE)
        zone = os.fsdecode(variables.get("TZ", ""))
        if re.match(r":?(/|[A-Za-z_]+/)", zone):
            raise NotRecordable(Why.SYSTEM)
        if self._wishes.plain:
            operands = [word for word in words if not word.startswith(b"-") or word in self._left_out]
            odd = [word for word in operands if self._is_left_out(word) or (program == "mkdir" and _name_features(word))]
            if odd and len(odd) < len(operands):
                self._notes.append("without operands that there cannot be: %d" % len(odd))
                words = [word for word in words if word not in odd]
                self._all_run = False
            if odd and len(odd) == len(operands):
                self._leave_out(program)
                return None
        needed = self._features_of(program, words).union(*(self._operand_features(program, word) for word in words), set())
        if self._wishes.plain and needed:
            self._leave_out(program)
            return None
        if "link-times" in needed:
            self._want_link_times()
        self._features |= needed
        target = into if into is not None else append
        return _Command(program, words, stdin or b"", umask, variables,
                        None if target is None else (target, append is not None))

    def _leave_out(self, program: str) -> None:
        """A plain recording goes on without a command. It was this that would have changed files, if any."""
        self._notes.append("without a command about what there cannot be")
        if program not in _ONLY_PRINT:
            self._all_run = False

    def _features_of(self, program: str, words: Sequence[bytes]) -> Set[str]:
        """What a file system has to be able to for this command line as a whole, beside its operands."""
        if program == "ln" and _makes_hard_links(words) and any(
                os.path.lexists(os.path.join(self._folders[0], word)) for word in words if word and not word.startswith(b"-")):
            return {"hard-links"}
        if program == "touch" and _has_option(words, b"h", b"--no-d"):
            return {"link-times"}
        return set()

    def _operand_features(self, program: str, word: bytes) -> Set[str]:
        """What a file system has to be able to for this word of a command line."""
        if word.startswith(b"--") and word != b"--":
            return set()
        found = _name_features(word)
        # The programs look themselves where they would do harm; a listing shows what the system takes the path for.
        path = os.path.join(self._folders[0], word.rstrip(b"/"))
        if word.endswith(b"/") and word.strip(b"/") and os.path.lexists(path):
            if os.path.islink(path) or (program == "ls" and not os.path.isdir(path)):
                found.add("trailing-slashes")
        if program == "touch" and word.endswith(b"/") and not os.path.isdir(path):
            found.add("trailing-slashes")
        # Those that only print paths look for themselves.
        before = re.match(rb"(.*?)/\.\.(?:/|\Z)", word, re.DOTALL)
        if before and program not in _ONLY_PRINT and not os.path.isdir(os.path.join(self._folders[0], before.group(1))):
            found.add("dot-dot")
        return found

    def _write_run(self, command: "_Command") -> None:
        steps = self._body
        self._runs += 1
        if command.umask != self._umask:
            steps.umask(command.umask)
            self._umask = command.umask
        for name in sorted(set(self._variables) - set(command.environment)):
            # As it is outside of the case.
            if name in VARIABLES:
                steps.set(name, VARIABLES[name])
            else:
                steps.unset(name)
        for name, value in sorted(command.environment.items()):
            if self._variables.get(name) != value:
                steps.set(name, value)
        self._variables = dict(command.environment)
        if command.stdin:
            if len(command.stdin) <= _MOST_INPUT:
                steps.input(command.stdin)
            elif not self._wishes.below:
                raise _Again(replace(self._wishes, below=True))
            else:
                if self._input != command.stdin:
                    self._write_file(b"../input", command.stdin, 0o644)
                    self._input = command.stdin
                steps.input_from("../input")
        if command.into is not None:
            (steps.append_to if command.into[1] else steps.output_to)(command.into[0])
        own = _own_file(command.program, command.arguments)
        if own is not None:
            self._files.append(own)
        steps.run(command.program, *command.arguments)

    def _outcomes(self, command: "_Command") -> List[Outcome]:
        return [self._gnus(command.program, command.arguments, folder, command.stdin, command.umask, command.environment,
                           command.into) for folder in self._folders]

    def _write_run_of_ours(self, command: "_Command") -> None:
        """A run of which the case says what comes of it. GNU's does the same to the files, where there is one."""
        if not self._all_run:
            raise NotRecordable(Why.OUTCOME, "what the case says may come of what has been left out")
        self._disguised = False
        self._write_run(command)
        if command.program in NOT_GNUS:
            self._is_known = False
        elif command.program not in _ONLY_PRINT or command.into is not None:
            self._outcomes(command)

    def run(self, program: str, *arguments: Name, folder: Optional[bytes] = None, **how: object) -> _Run:
        """Case's: for expect_complaint(). GNU's does the same to the files as ours should."""
        if folder is not None:
            raise NotRecordable(Why.FOLDERS)
        command = self._prepare(program, arguments, **how)  # type: ignore[arg-type]
        if command is None:
            raise NotRecordable(Why.OUTCOME)
        self._write_run_of_ours(command)
        return _Run(self)

    def expect_complaint(self, outcome: _Run, program: str, status: int, *lines: str) -> None:
        """Case's."""
        del outcome
        self._body.status(status)
        self._body.output(b"")
        self._body.errors("".join("%s: %s\n" % (program, line) for line in lines).encode())

    def gives(self, program: str, *arguments: Name, status: int = 0, out: Optional[bytes] = b"", errors: Optional[bytes] = b"",
              **how: object) -> None:
        """Case's."""
        command = self._prepare(program, arguments, **how)  # type: ignore[arg-type]
        if command is None:
            return
        self._write_run_of_ours(command)
        if status < 0:
            self._body.signal(-status)
        else:
            self._body.status(status)
        if out is not None:
            self._body.output(out)
        if errors is not None:
            self._body.errors(errors)

    def refuses(self, program: str, *arguments: Name, status: int, **how: object) -> None:
        """Case's."""
        command = self._prepare(program, arguments, **how)  # type: ignore[arg-type]
        if command is None:
            return
        self._write_run_of_ours(command)
        self._body.status(status)
        self._body.output(b"")
        self._body.complaints(program)

    def holds(self, name: Name, content: bytes) -> None:
        """Case's."""
        if not self._all_run:
            raise NotRecordable(Why.OUTCOME, "what the case says may come of what has been left out")
        self._body.file_is(name, content)

    # ---------------------------------------------------------------------------------- comparing
    def same(self, program: str, *arguments: Name, shared: bool = False, in_any_order: bool = False, output: bool = True,
             times: bool = False, links: bool = False, status: Optional[int] = None,
             complaints: Optional[Sequence[str]] = None, words: bool = True, questions: bool = False, **how: object) -> _Run:
        """Case's: GNU's outcome is what ours has to be."""
        command = self._prepare(program, arguments, **how)  # type: ignore[arg-type]
        if command is None:
            return _Run(self)
        listing = _ls_options(command.arguments, {**command.environment}) if program == "ls" else None
        if listing is not None:
            if listing.numbers:
                raise NotRecordable(Why.NUMBERS)
            if listing.is_long or listing.nanoseconds:
                if self._wishes.plain and not self._wishes.no_links:
                    raise _Again(replace(self._wishes, no_links=True))
                self._want_link_times()
            if listing.nanoseconds:
                self._features.add("nanoseconds")
            if listing.by_size and any(stat.S_ISDIR(status.st_mode) for status in self._entries(self._folders[0]).values()):
                raise NotRecordable(Why.DIFFERS, "the size of a directory")
            in_any_order = in_any_order or listing.any_order
            self._disguise()
        elif program == "env":
            # In whose order the variables are is the system's affair.
            in_any_order = True
        else:
            self._disguised = False
        self._write_run(command)
        gnus, others = self._outcomes(command)
        self._check_gnus(command, gnus, status, complaints)
        if _wants_a_pipe(program, command.arguments, gnus.out):
            raise NotRecordable(Why.PIPE)
        why = _tells_of_this_system(program, command.arguments, gnus.out, self._folders[0])
        if output and why is not None:
            raise NotRecordable(why)

        steps = self._body
        if gnus.status < 0:
            steps.signal(-gnus.status)
        else:
            steps.status(gnus.status)
        if output and command.into is None:
            self._expect_output(gnus.out, others.out, in_any_order, listing)
        if questions:
            operands = [word for word in command.arguments if not os.fsencode(word).startswith(b"-")]
            # Of what is in a directory it is asked in the directory's order.
            if gnus.errors != others.errors or gnus.errors.count(b"? ") > len(operands):
                raise NotRecordable(Why.DIFFERS, "questions in a directory's order")
            steps.errors(gnus.errors)
        else:
            self._expect_messages(program, gnus, complaints, words)
        if gnus.status != others.status or bool(gnus.errors) != bool(others.errors) or (
                words and self._reasons(gnus) != self._reasons(others)):
            raise NotRecordable(Why.DIFFERS, "status or messages")
        if times:
            self._want_link_times()
        if not shared:
            if not self._is_known:
                raise NotRecordable(Why.OUTCOME, "what a program without a peer has left")
            self._expect_tree(times, links)
        return _Run(self)

    def _check_gnus(self, command: "_Command", gnus: Outcome, status: Optional[int], complaints: Optional[Sequence[str]]) -> None:
        """GNU does here what the case says that both do."""
        bound = self._restricted or self._umask & 0o700 != 0
        if self._is_bound and (bound or b"Permission denied" in gnus.errors or b"not permitted" in gnus.errors):
            raise NotRecordable(Why.NO_POWERS)
        # Where the host's GNU may give nothing away, it is not known what comes of it.
        if command.program in ("chown", "chgrp") and re.search(rb": (Invalid argument|Operation not permitted)\n", gnus.errors):
            raise NotRecordable(Why.OWNERS)
        wrong = (status is not None and status != gnus.status) or (complaints is not None and bool(complaints) != bool(gnus.errors))
        if wrong:
            raise NotRecordable(Why.PERMISSIONS if bound else Why.GNU, command.program)

    def _expect_output(self, gnus: bytes, others: bytes, in_any_order: bool, listing: Optional[_LsOptions]) -> None:
        steps = self._body
        pattern = None
        if listing is not None and listing.is_long:
            if not set(gnus) & {1, 2, 3}:
                pattern = _ls_pattern(gnus, listing.owners)
                others = _ls_pattern(others, listing.owners)
                if pattern == gnus:
                    pattern = None
        elif in_any_order:
            others = b"\n".join(sorted(others.split(b"\n")))
        measure = pattern if pattern is not None else b"\n".join(sorted(gnus.split(b"\n"))) if in_any_order else gnus
        if measure != others:
            raise NotRecordable(Why.DIFFERS, "output")
        seed = _seed_of(gnus) if len(gnus) >= 16 else None
        if pattern is not None:
            if in_any_order or len(pattern) > _MOST_LISTED:
                raise NotRecordable(Why.DIFFERS, "a long listing in any order, or much of it")
            steps.output_like(pattern)
        elif in_any_order and gnus.count(b"\n") > 1:
            if not gnus.endswith(b"\n"):
                raise NotRecordable(Why.DIFFERS, "output in any order, and not of lines")
            steps.output_lines(gnus)
        elif seed is not None:
            steps.output_data(len(gnus), seed)
        elif len(gnus) > _MOST_SHOWN:
            steps.output_crc(gnus)
        else:
            steps.output(gnus)

    @staticmethod
    def _reasons(outcome: Outcome) -> List[str]:
        return sorted(filter(None, map(last_words, outcome.errors.split(b"\n"))))

    def _expect_messages(self, program: str, gnus: Outcome, complaints: Optional[Sequence[str]], words: bool) -> None:
        steps = self._body
        if not gnus.errors:
            steps.errors(b"")
            return
        steps.complaints(program)
        if words:
            steps.reasons(*self._reasons(gnus))
        for start in complaints or ():
            steps.errors_have(("%s: %s" % (program, start)).encode())

    def _walk(self, place: int) -> Iterator[Tuple[bytes, bytes, os.stat_result]]:
        folder = self._folders[place]
        yield b".", folder, os.lstat(folder)
        for path, status in sorted(self._entries(folder).items()):
            yield path, os.path.join(folder, path), status

    def _expect_tree(self, times: bool, links: bool) -> None:
        """The guest's files are what GNU has left."""
        steps = self._body
        others = {path: (full, status) for path, full, status in self._walk(1)}
        children: Dict[bytes, List[bytes]] = {}
        groups: Dict[Tuple[int, int], List[bytes]] = {}
        alike: Dict[bytes, List[bytes]] = {}
        modes: Dict[bytes, int] = {}
        count = 0
        for path, full, status in self._walk(0):
            count += 1
            other, other_status = others.get(path, (b"", None))
            if other_status is None or other_status.st_mode != status.st_mode:
                raise NotRecordable(Why.DIFFERS, "modes or types of what is left")
            if path != b".":
                children.setdefault(os.path.dirname(path) or b".", []).append(os.path.basename(path))
            self._features |= _name_features(path)
            mode = stat.S_IMODE(status.st_mode)
            shown = b"./" + path if path.startswith((b"-", b"#")) else path
            content = b""
            if stat.S_ISDIR(status.st_mode):
                children.setdefault(path, [])
                steps.directory_is(shown, mode)
                if mode & stat.S_ISGID and path not in self._made and modes.get(os.path.dirname(path) or b".", 0) & stat.S_ISGID:
                    self._features.add("set-group-id")
                modes[path] = mode
            elif stat.S_ISLNK(status.st_mode):
                content = os.readlink(full)
                if content != os.readlink(other):
                    raise NotRecordable(Why.DIFFERS, "links")
                self._features.add("symbolic-links")
                steps.link_is(shown, content)
            elif stat.S_ISFIFO(status.st_mode):
                self._features.add("fifos")
                steps.fifo_is(shown, mode)
            elif stat.S_ISREG(status.st_mode):
                if status.st_size > 64 * 1024 * 1024:
                    raise NotRecordable(Why.TOO_LARGE)
                with open(full, "rb") as file, open(other, "rb") as other_file:
                    content = file.read()
                    if content != other_file.read():
                        raise NotRecordable(Why.DIFFERS, "content of what is left")
                seed = _seed_of(content) if len(content) >= 16 else None
                if seed is not None:
                    steps.data_is(shown, len(content), seed, mode)
                elif len(content) > _MOST_SHOWN:
                    steps.crc_is(shown, content, mode)
                else:
                    steps.file_is(shown, content, mode)
            else:
                raise NotRecordable(Why.FOLDERS, "a special file")
            if not stat.S_ISDIR(status.st_mode):
                group = groups.setdefault((status.st_dev, status.st_ino), [])
                group.append(shown)
                if len(group) == 1:
                    alike.setdefault(b"%d %s" % (stat.S_IFMT(status.st_mode), content), []).append(shown)
                else:
                    self._features.add("hard-links")
            if times and path != b"." and (not stat.S_ISLNK(status.st_mode) or self._link_times):
                self._expect_time(shown, status)
        if count != len(others):
            raise NotRecordable(Why.DIFFERS, "names of what is left")
        for path, names in children.items():
            steps.entries(b"./" + path if path.startswith((b"-", b"#")) else path, *names)
        if links:
            for group in groups.values():
                for name in group[1:]:
                    steps.same_file(group[0], name)
            for firsts in alike.values():
                for position, name in enumerate(firsts):
                    for earlier in firsts[:position]:
                        steps.other_file(earlier, name)

    def _expect_time(self, path: bytes, status: os.stat_result) -> None:
        if status.st_mtime_ns > self._begun - _DAY:
            raise NotRecordable(Why.TIMES, "what is left has the time at which it was made")
        if status.st_mtime_ns < 0:
            raise NotRecordable(Why.TIMES)
        self._body.modified_is(path, status.st_mtime_ns)

    def _want_link_times(self) -> None:
        # Otherwise nothing is to fail for them.
        self._link_times = not self._wishes.plain

    def same_times(self, name: Name) -> None:
        """Case's."""
        self._want_link_times()
        top = os.path.normpath(os.fsencode(name))
        found = False
        for path, _, status in self._walk(0):
            if path == top or path.startswith(top + b"/"):
                found = True
                if not stat.S_ISLNK(status.st_mode) or self._link_times:
                    self._expect_time(path, status)
        if not found:
            raise NotRecordable(Why.GNU, "there is no %r" % top)

    def still(self) -> None:
        """Case's: here it is seen whether it matters."""

    def needs_owners(self) -> NoReturn:
        """Case's; not here."""
        raise NotRecordable(Why.OWNERS)

    # ---------------------------------------------------------------------------------- the end
    def steps(self) -> Steps:
        """The case, with what it needs first."""
        if self._runs == 0:
            raise NotRecordable(Why.NOTHING)
        final = Steps(self.name + (PLAIN if self._wishes.plain else ""), self._body.seconds)
        for note in dict.fromkeys(self._notes):
            final.comment(note)
        lines = self._body.lines
        if self._link_times and self._link_time_lines:
            self._features.add("link-times")
        elif self._link_time_lines:
            dropped = set(self._link_time_lines)
            lines = [line for number, line in enumerate(lines) if number not in dropped]
        if any(line.startswith((b"file-is", b"data-is", b"crc-is", b"directory-is")) for line in lines):
            self._features.add("permissions")
        for file in dict.fromkeys(self._files):
            final.needs(file)
        for feature in sorted(self._features):
            final.needs_feature(feature)
        final.lines += lines
        if sum(map(len, lines)) > _MOST_SCRIPT:
            raise NotRecordable(Why.TOO_LARGE)
        return final

    @property
    def lacks(self) -> Set[str]:
        """What it needs and RedoxFS may not have."""
        return self._features & _LACKING


@dataclass
class _Command:
    program: str
    arguments: List[bytes]
    stdin: bytes
    umask: int
    environment: Dict[str, Name]
    into: Optional[Tuple[Name, bool]] = None  # a file, and whether its end


@dataclass
class Recorded:
    """What came of a case: its scripts, or the reason why there is none."""
    name: str
    scripts: List[Steps] = field(default_factory=list)
    why: Optional[Why] = None
    detail: str = ""


class Recorder:
    """Records cases. A context manager: has folders of its own while it is open."""

    def __init__(self) -> None:
        self._programs = Programs("/", "host", "host")
        self.folders: List[str] = []
        self._is_bound = not has_powers()

    def __enter__(self) -> "Recorder":
        # Two file systems, where there are.
        for parent in (os.environ.get("TEST_TMPDIR") or tempfile.gettempdir(), "/dev/shm"):
            if not os.access(parent, os.W_OK | os.X_OK):
                parent = tempfile.gettempdir()
            self.folders.append(tempfile.mkdtemp(prefix="cation-recorder.", dir=parent))
            os.chmod(self.folders[-1], 0o755)
        return self

    def __exit__(self, *_: object) -> None:
        for folder in self.folders:
            remove_tree(os.fsencode(folder))

    def _record(self, definition: Definition, wishes: _Wishes) -> Recording:
        while True:
            old = os.umask(0o022)
            recording = Recording(definition.name, definition.seconds, self._programs, self.folders, wishes, self._is_bound)
            try:
                definition.function(recording)  # type: ignore[arg-type]
                return recording
            except _Again as again:
                assert again.wishes != wishes
                wishes = again.wishes
            except Skipped as reason:
                raise NotRecordable(Why.PROGRAMS, str(reason)) from None
            except Failed as reason:
                raise NotRecordable(Why.GNU, str(reason).split("\n", maxsplit=1)[0]) from None
            except OSError as error:
                if error.errno != errno.ENAMETOOLONG:
                    raise
                raise NotRecordable(Why.TOO_LARGE) from None
            finally:
                recording.close()
                os.umask(old)

    def record(self, definition: Definition, plain: bool = True) -> Recorded:
        """A case, and if wanted its plain form where it needs what RedoxFS lacks."""
        result = Recorded(definition.name)
        try:
            recording = self._record(definition, _Wishes())
            result.scripts.append(recording.steps())
        except NotRecordable as reason:
            result.why, result.detail = reason.why, str(reason)
            return result
        if plain and recording.lacks:
            try:
                without = self._record(definition, _Wishes(plain=True))
                if not without.lacks:
                    result.scripts.append(without.steps())
            except NotRecordable:
                pass  # the case itself has been recorded
        return result
