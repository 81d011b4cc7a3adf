# SPDX-License-Identifier: MIT
"""A program at a pseudo-terminal, and the screen that it has drawn."""
import fcntl
import os
import re
import struct
import termios
import time
from typing import Dict, List, Optional, Sequence

import pexpect  # type: ignore


class Failed(Exception):
    """What was expected has not come."""


class Screen:
    """A terminal as far as the programs use one: rows of characters, of which those in reverse are known."""

    def __init__(self, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns
        self.lines: List[List[str]] = [[] for _ in range(rows)]
        self.row = self.column = 0
        self.other = False  # the other screen is shown
        self.saved: Optional[List[List[str]]] = None
        self.reverse = ""  # all that was written in reverse, since it was last emptied
        self._is_reverse = False
        self._pending = b""
        self.scrolled: List[str] = []

    def text(self) -> List[str]:
        return ["".join(line).rstrip() for line in self.lines]

    def feed(self, data: bytes) -> None:
        data = self._pending + data
        self._pending = b""
        text = data.decode("utf-8", "replace")
        at = 0
        while at < len(text):
            character = text[at]
            if character == "\033":
                match = re.match(r"\033(\[[?!]?[0-9;]*[@-~]|[ -/]*[0-Z\\-~])", text[at:])
                if match is None:
                    self._pending = text[at:].encode()
                    return
                self._sequence(match.group(0))
                at += match.end()
                continue
            at += 1
            if character == "\n":
                self._down()
            elif character == "\r":
                self.column = 0
            elif character == "\b":
                self.column = max(0, self.column - 1)
            elif character != "\a":
                if self.column == self.columns:
                    self.column = 0
                    self._down()
                line = self.lines[self.row]
                line.extend(" " * (self.column + 1 - len(line)))
                line[self.column] = character
                self.column += 1
                if self._is_reverse:
                    self.reverse += character

    def _down(self) -> None:
        if self.row + 1 < self.rows:
            self.row += 1
            return
        self.scrolled.append("".join(self.lines[0]).rstrip())
        self.lines = self.lines[1:] + [[]]

    def _sequence(self, sequence: str) -> None:
        if sequence == "\033[?1049h":
            self.saved, self.other = self.lines, True
            self.lines = [[] for _ in range(self.rows)]
        elif sequence == "\033[?1049l":
            if self.saved is not None:
                self.lines = self.saved
            self.other = False
        elif sequence[1] == "[":
            numbers = [int(n) for n in re.findall(r"\d+", sequence)]
            last = sequence[-1]
            if last == "H":
                self.row = min((numbers + [1])[0], self.rows) - 1
                self.column = (numbers + [1, 1])[1] - 1 if len(numbers) > 1 else 0
            elif last == "K":
                del self.lines[self.row][self.column:]
            elif last == "J":
                self.lines = [[] for _ in range(self.rows)]
            elif last == "m":
                self._is_reverse = numbers[-1:] == [7]


class Terminal:
    """A program in a pseudo-terminal of its own, whose shell it is: what stays of its settings can be seen."""

    def __init__(self, command: Sequence[str], rows: int = 24, columns: int = 80, folder: str = ".", environment: Optional[Dict[str, str]] = None,
                 shell: bool = False) -> None:
        variables = {"PATH": "/usr/bin:/bin", "TERM": "xterm", "LC_ALL": "C.UTF-8", **(environment or {})}
        if shell:
            command = ["/bin/sh", "-c", command[0]]
        self.screen = Screen(rows or 24, columns or 80)
        size = struct.pack("4H", rows, columns, 0, 0)
        # The size is there before the program asks for it: pexpect gives it to one that may run already, which would be a resize.
        self.child = pexpect.spawn(command[0], list(command[1:]), cwd=folder, env=variables, dimensions=(rows, columns), timeout=20, echo=True,
                                   preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSWINSZ, size))
        self.raw = b""
        self.ended = False

    def read(self, seconds: float) -> bool:
        """Takes what comes within the time. False when nothing did."""
        try:
            data = self.child.read_nonblocking(65536, seconds)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            self.ended = True
            return False
        self.raw += data
        self.screen.feed(data)
        return True

    def wait(self, holds, what: str, seconds: float = 30) -> None:
        """Until `holds()` is true, and for a moment nothing more comes."""
        end = time.monotonic() + seconds
        while True:
            if holds():
                while self.read(0.03):
                    pass
                if holds():
                    return
            if time.monotonic() > end or (self.ended and not holds()):
                raise Failed("%s; the screen has\n%s\nraw: %r" % (what, "\n".join(self.screen.text()), self.raw[-600:]))
            self.read(0.1)

    def wait_prompt(self, prompt: str) -> None:
        self.wait(lambda: self.screen.text()[-1] == prompt, "the prompt is not %r" % prompt)

    def wait_top(self, line: str) -> None:
        self.wait(lambda: self.screen.text()[0] == line, "the first row is not %r" % line)

    def wait_text(self, text: str) -> None:
        self.wait(lambda: any(text in line for line in self.screen.text()), "%r is not on the screen" % text)

    def type(self, keys: str) -> None:
        self.child.send(keys)

    def wait_end(self) -> int:
        """The status, as a shell would say it."""
        self.wait(lambda: self.ended, "it does not end")
        self.child.wait()
        return self.child.exitstatus if self.child.exitstatus is not None else 128 + self.child.signalstatus

    def settings(self) -> list:
        return termios.tcgetattr(self.child.child_fd)

    def resize(self, rows: int, columns: int) -> None:
        self.screen = Screen(rows, columns)
        self.child.setwinsize(rows, columns)

    def signal(self, number: int) -> None:
        os.kill(self.child.pid, number)

    def close(self) -> None:
        self.child.close(force=True)
