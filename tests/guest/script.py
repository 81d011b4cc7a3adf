# SPDX-License-Identifier: MIT
"""Writes the scripts of cases that run-cases carries out in a guest (runner/README.md says what each step means).

A Script holds Steps, one object for a case, with a method for each step. What run-cases would refuse is refused here, with
ValueError: a number that is none, a word that cannot be passed on, a case of a name that is taken.
"""
import os
import re
import sys
import zlib
from typing import Callable, Dict, Iterable, List, Optional, Sequence, Tuple, Union

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "smoke"))
from data import data  # noqa: E402,F401 pylint: disable=unused-import,wrong-import-position

Text = Union[str, bytes]

# Features that `needs-feature` knows.
FEATURES = ("symbolic-links", "hard-links", "fifos", "names-with-colon", "any-bytes", "names-of-255", "append", "nanoseconds",
            "permissions", "directories", "trailing-slashes", "dot-dot", "set-group-id", "link-times")

_PLAIN = re.compile(rb"[A-Za-z0-9_./=+,@%:^~-][A-Za-z0-9_./=+,@%:^~#'-]*")
_NAME = re.compile(r"[a-z0-9_\[+][a-z0-9._\[+-]*")
_ESCAPES = {ord("\n"): b"\\n", ord("\t"): b"\\t", ord("\r"): b"\\r", ord("\\"): b"\\\\", ord('"'): b'\\"'}
_QUOTED = [_ESCAPES.get(byte, bytes([byte]) if 32 <= byte < 127 else b"\\x%02x" % byte) for byte in range(256)]
_MOST_PARTS = 8


class Pipe:
    """Between the words of run(): what one prints is what the next reads."""


PIPE = Pipe()


def quoted(text: Text) -> bytes:
    """A word of a script, in quotes where it needs them; always printable ASCII."""
    encoded = os.fsencode(text)
    if _PLAIN.fullmatch(encoded):
        return encoded
    return b'"' + b"".join(map(_QUOTED.__getitem__, encoded)) + b'"'


def crc(content: bytes) -> str:
    """As crc-is and output-crc have it."""
    return "%08x" % zlib.crc32(content)


def _number(value: int) -> bytes:
    if not isinstance(value, int) or value < 0 or value >= 1 << 64:
        raise ValueError("%r is no number that a script can have" % (value,))
    return b"%d" % value


def _mode(value: Optional[int]) -> bytes:
    if value is None:
        return b"-"
    if not isinstance(value, int) or value < 0 or value > 0o7777:
        raise ValueError("%r is no mode" % (value,))
    return b"%05o" % value if value > 0o777 else b"%04o" % value


def _passed(text: Text) -> bytes:
    """A word that a program or the system is given: it ends at a zero byte there."""
    if b"\0" in os.fsencode(text):
        raise ValueError("a zero byte in %r" % (text,))
    return quoted(text)


def _path(text: Text) -> bytes:
    if not text:
        raise ValueError("a path that is empty")
    return _passed(text)


class Steps:
    """The steps of one case. `seconds`: how long it may take on a machine like this one."""

    def __init__(self, name: str, seconds: float) -> None:
        if not _NAME.fullmatch(name):
            raise ValueError("%r is no name for a case" % name)
        if seconds <= 0:
            raise ValueError("%s: no time" % name)
        self.name = name
        self.seconds = seconds
        self.lines: List[bytes] = []

    def _add(self, *words: bytes) -> None:
        self.lines.append(b" ".join(words))

    def comment(self, text: str) -> None:
        """Nothing to run-cases; what a reader of the script should know."""
        for line in text.split("\n"):
            self._add(b"# " + line.encode("ascii", "backslashreplace"))

    # -------------------------------------------------------------------------------------- the ground
    def set(self, name: str, value: Text) -> None:
        """An environment variable, for the rest of the case."""
        if not name or "=" in name:
            raise ValueError("%r is no variable" % name)
        self._add(b"set", _passed(name), _passed(value))

    def unset(self, name: str) -> None:
        """No environment variable of that name, for the rest of the case."""
        if not name or "=" in name:
            raise ValueError("%r is no variable" % name)
        self._add(b"unset", _passed(name))

    def needs(self, path: Text) -> None:
        """Skips the case where there is nothing at `path`."""
        self._add(b"needs", _path(path))

    def needs_program(self, name: Text) -> None:
        """Skips the case where there is no such program."""
        self._add(b"needs-program", _path(name))

    def needs_data(self, path: Text, size: int, seed: int) -> None:
        """Skips the case where that is not a file of data(size, seed)."""
        self._add(b"needs-data", _path(path), _number(size), _number(seed))

    def needs_feature(self, name: str) -> None:
        """Skips the case where the file system cannot do that."""
        if name not in FEATURES:
            raise ValueError("%r is no feature" % name)
        self._add(b"needs-feature", quoted(name))

    def work(self, path: Text) -> None:
        """Goes on in another folder."""
        self._add(b"work", _path(path))

    def mark(self, text: str) -> None:
        """Has it printed where the script is."""
        self._add(b"mark", quoted(text))

    # -------------------------------------------------------------------------------------- files
    def directory(self, path: Text, mode: int = 0o755) -> None:
        """Makes a directory."""
        self._add(b"directory", _path(path), _mode(mode))

    def file(self, path: Text, content: bytes, mode: int = 0o644) -> None:
        """Makes a file."""
        self._add(b"file", _path(path), _mode(mode), quoted(content))

    def data(self, path: Text, size: int, seed: int, mode: int = 0o644) -> None:  # noqa: F811
        """Makes a file of data(size, seed)."""
        self._add(b"data", _path(path), _mode(mode), _number(size), _number(seed))

    def link(self, target: Text, path: Text) -> None:
        """Makes a symbolic link."""
        self._add(b"link", _passed(target), _path(path))

    def hard_link(self, existing: Text, path: Text) -> None:
        """Makes another name of a file."""
        self._add(b"hard-link", _path(existing), _path(path))

    def fifo(self, path: Text, mode: int = 0o644) -> None:
        """Makes a named pipe."""
        self._add(b"fifo", _path(path), _mode(mode))

    def modified(self, path: Text, nanoseconds: int) -> None:
        """Sets a modification time, in nanoseconds since 1970."""
        self._add(b"modified", _path(path), *map(_number, divmod(nanoseconds, 10**9)))

    def mode(self, path: Text, mode: int) -> None:
        """Sets permissions."""
        self._add(b"mode", _path(path), _mode(mode))

    def rename(self, old: Text, new: Text) -> None:
        """Renames."""
        self._add(b"rename", _path(old), _path(new))

    def remove(self, path: Text) -> None:
        """Removes whatever is there."""
        self._add(b"remove", _path(path))

    # -------------------------------------------------------------------------------------- programs
    def umask(self, mode: int) -> None:
        """The programs' umask, for the rest of the case."""
        if not 0 <= mode <= 0o777:
            raise ValueError("%r is no umask" % (mode,))
        self._add(b"umask", b"%03o" % mode)

    def input(self, content: bytes) -> None:
        """Standard input of the next run."""
        self._add(b"input", quoted(content))

    def input_from(self, path: Text) -> None:
        """A file as standard input of the next run."""
        self._add(b"input-from", _path(path))

    def output_to(self, path: Text) -> None:
        """The next run prints into a file, as by >."""
        self._add(b"output-to", _path(path))

    def append_to(self, path: Text) -> None:
        """The next run prints at the end of a file, as by >>."""
        self._add(b"append-to", _path(path))

    def run(self, *words: Union[Text, Pipe]) -> None:
        """Runs a program; with PIPE between words, several."""
        line = [b"run"]
        parts = 1
        at_start = True
        for word in words:
            if isinstance(word, Pipe):
                if at_start:
                    raise ValueError("a pipeline with nothing in one of its parts")
                parts += 1
                at_start = True
                line.append(b"|")
                continue
            # Of an argument anything but a zero byte; a program has a name.
            line.append(_path(word) if at_start else _passed(word))
            at_start = False
        if at_start or parts > _MOST_PARTS:
            raise ValueError("no program, or too many: %r" % (words,))
        self._add(*line)

    def start_time(self, name: str, count: int, *words: Text) -> None:
        """Has it printed how long so many starts of a program take."""
        if count < 1:
            raise ValueError("no starts")
        self._add(b"start-time", quoted(name), _number(count), _path(words[0]), *map(_passed, words[1:]))

    # -------------------------------------------------------------------------------------- what a run left
    def status(self, number: int) -> None:
        """Its exit status."""
        self._add(b"status", _number(number))

    def signal(self, number: int) -> None:
        """The signal that ended it."""
        self._add(b"signal", _number(number))

    def output(self, content: bytes) -> None:
        """All that it printed."""
        self._add(b"output", quoted(content))

    def errors(self, content: bytes) -> None:
        """All that it complained of."""
        self._add(b"errors", quoted(content))

    def output_crc(self, content: bytes) -> None:
        """The same as output(), by its size and CRC: for much."""
        self._add(b"output-crc", _number(len(content)), crc(content).encode())

    def output_data(self, size: int, seed: int) -> None:
        """It printed data(size, seed)."""
        self._add(b"output-data", _number(size), _number(seed))

    def output_lines(self, content: bytes) -> None:
        """The lines that it printed, in any order."""
        self._add(b"output-lines", quoted(content))

    def output_like(self, pattern: bytes) -> None:
        """All that it printed, where 1 stands for blanks, 2 for blanks and a number, 3 for the nine letters of permissions."""
        self._add(b"output-like", quoted(pattern))

    def output_has(self, content: bytes) -> None:
        """That is somewhere in its output."""
        self._add(b"output-has", quoted(content))

    def errors_have(self, content: bytes) -> None:
        """That is somewhere in its messages."""
        self._add(b"errors-have", quoted(content))

    def complaints(self, program: Text) -> None:
        """There are messages, and all are of this program's shape."""
        self._add(b"complaints", _passed(program))

    def reasons(self, *texts: Text) -> None:
        """The C library's words that the messages end in, in any order; none: no message ends so."""
        self._add(b"reasons", *map(_passed, texts))

    # -------------------------------------------------------------------------------------- what is there
    def file_is(self, path: Text, content: bytes, mode: Optional[int] = None) -> None:
        """A regular file."""
        self._add(b"file-is", _path(path), _mode(mode), quoted(content))

    def data_is(self, path: Text, size: int, seed: int, mode: Optional[int] = None) -> None:
        """A regular file of data(size, seed)."""
        self._add(b"data-is", _path(path), _mode(mode), _number(size), _number(seed))

    def crc_is(self, path: Text, content: bytes, mode: Optional[int] = None) -> None:
        """A regular file, by size and CRC."""
        self._add(b"crc-is", _path(path), _mode(mode), _number(len(content)), crc(content).encode())

    def directory_is(self, path: Text, mode: Optional[int] = None) -> None:
        """A directory."""
        self._add(b"directory-is", _path(path), _mode(mode))

    def link_is(self, path: Text, target: Text) -> None:
        """A symbolic link."""
        self._add(b"link-is", _path(path), _passed(target))

    def fifo_is(self, path: Text, mode: Optional[int] = None) -> None:
        """A named pipe."""
        self._add(b"fifo-is", _path(path), _mode(mode))

    def absent(self, path: Text) -> None:
        """There is nothing."""
        self._add(b"absent", _path(path))

    def entries(self, path: Text, *names: Text) -> None:
        """Exactly these are in the directory."""
        for name in names:
            # run-cases compares the names as lines.
            if b"/" in os.fsencode(name):
                raise ValueError("%r is no name of an entry" % (name,))
        self._add(b"entries", _path(path), *map(_path, names))

    def modified_is(self, path: Text, nanoseconds: int) -> None:
        """Its modification time, in nanoseconds since 1970."""
        self._add(b"modified-is", _path(path), *map(_number, divmod(nanoseconds, 10**9)))

    def same_file(self, one: Text, other: Text) -> None:
        """Two names of one file."""
        self._add(b"same-file", _path(one), _path(other))

    def other_file(self, one: Text, other: Text) -> None:
        """Two files."""
        self._add(b"other-file", _path(one), _path(other))

    def _candidates(self, verb: bytes, path: Text, candidates: Sequence[Tuple[int, int]]) -> None:
        if not candidates:
            raise ValueError("no data to choose from")
        self._add(verb, _path(path), *[_number(number) for pair in candidates for number in pair])

    def one_of(self, path: Text, *candidates: Tuple[int, int]) -> None:
        """A file that is one of these data (size, seed)."""
        self._candidates(b"one-of", path, candidates)

    def prefix_of_one(self, path: Text, *candidates: Tuple[int, int]) -> None:
        """Nothing, or a file that is the beginning of one of these data (size, seed)."""
        self._candidates(b"prefix-of-one", path, candidates)

    def whole_or_prefix(self, path: Text, *candidates: Tuple[int, int]) -> None:
        """A file that is the first of these data (size, seed), or the beginning of one of the others."""
        self._candidates(b"whole-or-prefix", path, candidates)


class Script:
    """Cases in their order, and the variables of all programs."""

    def __init__(self, variables: Optional[Dict[str, Text]] = None) -> None:
        self.variables: Dict[str, Text] = dict(variables or {})
        self.cases: List[Steps] = []
        self._names: Dict[str, Steps] = {}

    def set(self, name: str, value: Text) -> None:
        """An environment variable of all programs."""
        self.variables[name] = value

    def case(self, name: str, seconds: float = 60) -> Steps:
        """Begins a case."""
        return self.add(Steps(name, seconds))

    def add(self, case: Steps) -> Steps:
        """Adds a case that has been written already."""
        if case.name in self._names:
            raise ValueError("two cases are called %s" % case.name)
        self._names[case.name] = case
        self.cases.append(case)
        return case

    def extend(self, cases: Iterable[Steps]) -> None:
        """Adds several."""
        for case in cases:
            self.add(case)

    def text(self, scale: float = 1) -> bytes:
        """The script. Each case may take `scale` times as long as it says: a guest may be slow."""
        if scale <= 0:
            raise ValueError("no time")
        ground = Steps("ground", 1)
        for name, value in self.variables.items():
            ground.set(name, value)
        lines = ground.lines
        for case in self.cases:
            lines.append(b"case %s %d" % (case.name.encode(), max(1, round(case.seconds * scale))))
            lines += case.lines
        return b"\n".join(lines) + b"\n"


# A function that writes a case.
Writer = Callable[[Steps], None]
