# SPDX-License-Identifier: MIT
"""What the tests of this folder share: tiny guests, imitated consoles, and how to wait for a process to be gone."""
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import unittest
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Optional, Sequence

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "install"))

from junit import run_tests as run_tests  # noqa: F401 pylint: disable=useless-import-alias,wrong-import-position

from failures import Failure  # pylint: disable=wrong-import-position


class GuestTest(unittest.TestCase):
    """A test with a folder of its own, of a short name as sockets need."""

    def setUp(self) -> None:
        self.work = tempfile.mkdtemp(prefix="cation-test.", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)

    def path(self, name: str) -> str:
        return os.path.join(self.work, name)

    def write(self, name: str, content: bytes) -> str:
        with open(self.path(name), "wb") as file:
            file.write(content)
        return self.path(name)


# ------------------------------------------------------------------------------------------- tiny guests
HALT = "halt"
RESET = "reset"
POWER_OFF = "power off"
WRITE = "write"  # a sector of the disk that it was loaded from


def x86_disk(text: bytes, then: str = HALT) -> bytes:
    """A disk of a mebibyte whose boot sector prints to the first serial port, and then does this."""
    endings = {
        HALT: b"\xf4\xeb\xfd",  # hlt; jmp back
        RESET: b"\x0f\x01\x1e\xf0\x7d\xcc",  # lidt [0x7df0], which is zeros; int3: a triple fault
        POWER_OFF: b"\xba\x04\x06\xb8\x00\x20\xef\xf4",  # out 0x604, 0x2000: ACPI's S5 of q35; hlt
        # int 0x13 with ah=3: write sector 2, from 0x7c00, to drive dl (which is pushed first); then hlt; jmp back
        WRITE: b"\x5a\xb8\x01\x03\xb9\x02\x00\xb6\x00\x31\xdb\x8e\xc3\xbb\x00\x7c\xcd\x13\xf4\xeb\xfd",
    }
    # cli off for int 0x13; push dx; xor ax,ax; mov ds,ax; mov dx,0x3f8; mov si,text; lodsb; test al,al; jz; out dx,al; jmp
    before = b"\x52\xfc\x31\xc0\x8e\xd8\xba\xf8\x03\xbe"
    after = b"\xac\x84\xc0\x74\x03\xee\xeb\xf8"
    code_size = len(before) + 2 + len(after) + len(endings[then])
    code = before + struct.pack("<H", 0x7C00 + code_size) + after + endings[then] + text + b"\0"
    assert len(code) <= 0x1F0, "the text is too long for a boot sector"
    return (code.ljust(510, b"\0") + b"\x55\xaa").ljust(1 << 20, b"\0")


def aarch64_firmware(text: bytes, then: str = HALT) -> bytes:
    """Firmware for `virt` that prints to its serial port, and then does this."""
    function = {HALT: None, RESET: 9, POWER_OFF: 8}[then]  # of PSCI, 0x84000000 + n
    tail = [0xD2B08000, 0xF2800000 | function << 5, 0xD4000002] if function else []  # movz x0; movk x0; hvc #0
    tail += [0xD503207F, 0x17FFFFFF]  # wfi; b to it
    loop = [0x38401402,  # ldrb w2, [x0], #1
            0x34000000 | 3 << 5 | 2,  # cbz w2, behind the loop
            0x39000022,  # strb w2, [x1]
            0x17FFFFFD]  # b to the ldrb
    words = 2 + len(loop) + len(tail)
    adr = words * 4 - 4  # the text is behind the code, from the second word
    head = [0xD2A12001,  # movz x1, #0x900, lsl #16: the serial port
            0x10000000 | (adr & 3) << 29 | (adr >> 2) << 5]  # adr x0, text
    return struct.pack("<%dI" % words, *head, *loop, *tail) + text + b"\0"


# --------------------------------------------------------------------------------------------- processes
def wait_until_gone(pid: int, seconds: float = 20) -> bool:
    """Whether a process that is not our child ends within the time."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)


# ------------------------------------------------------------------------------------------- consoles
class Wire:
    """The guest's end of a serial line is a socket `guest`; `host` is for a Console."""

    def __init__(self) -> None:
        self.host, self.guest = socket.socketpair()

    def fileno(self) -> int:
        return self.host.fileno()

    def close(self) -> None:
        self.host.close()
        self.guest.close()


class Dead:
    """A machine that has failed, as a Console asks for it."""

    def __init__(self, failure: Optional[Failure] = None) -> None:
        self._failure = failure
        self._reading, self._writing = os.pipe()

    def fail(self, failure: Failure) -> None:
        self._failure = failure
        os.write(self._writing, b"!")

    def fileno(self) -> int:
        return self._reading

    def failure(self) -> Optional[Failure]:
        return self._failure

    def close(self) -> None:
        os.close(self._reading)
        os.close(self._writing)


class Terminal:
    """A program on a pseudo-terminal, as a guest's shell on its console; killed with all that it started."""

    def __init__(self, argv: Sequence[str], environment: Optional[Dict[str, str]] = None, folder: str = "/") -> None:
        self._master, slave = os.openpty()
        termios.tcsetwinsize(slave, (24, 80)) if hasattr(termios, "tcsetwinsize") else None
        self._program = subprocess.Popen(
            [sys.executable, "-c", "import fcntl, os, sys, termios\n"
             "fcntl.ioctl(0, termios.TIOCSCTTY, 0)\nos.execvpe(sys.argv[1], sys.argv[1:], os.environ)\n", *argv],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True, cwd=folder,
            env=dict({"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "TERM": "xterm", "USER": "root", "PS1": "$ "},
                     **(environment or {})))
        os.close(slave)

    def fileno(self) -> int:
        return self._master

    def close(self) -> None:
        # Ion does not end of SIGTERM nor of SIGHUP.
        for number in (signal.SIGHUP, signal.SIGKILL):
            try:
                os.killpg(self._program.pid, number)
            except ProcessLookupError:
                pass
        self._program.wait()
        os.close(self._master)


@dataclass
class Manners:
    """How an imitated console behaves. `before_output` gets each piece that is shown and may put something in it."""

    echo: bool = True
    prompt: bytes = b"$ "
    piece: int = 4096  # bytes in one write
    eats: int = 0  # keys that come more at a time than this are lost; 0: none
    pause: float = 0  # so many seconds pass before it reads what has come
    eats_lines: int = 0  # so many lines are lost altogether, as by a getty that throws away what was typed early
    redraws: bool = False  # draws the whole line anew at each key, as Ion does
    noise: Optional[Callable[[bytes], bytes]] = None  # what is put into each output
    user: str = ""  # "": no login
    password: str = ""
    commands: List[str] = field(default_factory=list)  # what was run


class Imitation(threading.Thread):
    """A console with a login and a shell, whose commands the host's sh carries out."""

    def __init__(self, manners: Manners, greeting: bytes = b"") -> None:
        super().__init__(daemon=True)
        self.wire = Wire()
        self.manners = manners
        self._greeting = greeting
        self._line = b""
        self._user = ""
        self._state = "login" if manners.user else "shell"
        self.start()

    def fileno(self) -> int:
        return self.wire.fileno()

    def close(self) -> None:
        self.wire.guest.shutdown(socket.SHUT_RDWR)
        self.join(20)
        self.wire.close()

    def run(self) -> None:
        try:
            self._show(self._greeting + self._prompt())
            while True:
                time.sleep(self.manners.pause)
                received = self.wire.guest.recv(4096)
                if not received:
                    return
                if self.manners.eats:
                    received = received[:self.manners.eats]  # the rest came too fast
                for key in received:
                    self._key(bytes([key]))
        except OSError:
            return

    def _prompt(self) -> bytes:
        return {"login": b"\x1b[1mredox login:\x1b[0m ", "password": b"\x1b[1mpassword:\x1b[0m ",
                "shell": self.manners.prompt}[self._state]

    def _key(self, key: bytes) -> None:
        if key == b"\r":
            if self.manners.redraws and self._state != "password":
                self._show(b"\r\x1b[J" + self._prompt() + self._line)  # as it does before it leaves the line
            line, self._line = self._line.decode(), b""
            self._show(b"\r\n")
            self._enter(line)
        elif key == b"\x15":
            if self.manners.redraws:
                self._show(b"\r\x1b[J" + self._prompt())
            elif self.manners.echo:
                self._show(b"\b \b" * len(self._line))
            self._line = b""
        elif self.manners.eats_lines:
            pass
        else:
            self._line += key
            if self._state == "password" or not self.manners.echo:
                return
            self._show(b"\x1b[?1000l\r\x1b[J" + self._prompt() + self._line if self.manners.redraws else key)

    def _enter(self, line: str) -> None:
        if self.manners.eats_lines:
            self.manners.eats_lines -= 1
        elif self._state == "login":
            self._user = line
            if line and line != self.manners.user:
                self._show(b"\r\nLogin incorrect\r\n\r\n")
            elif line:
                self._state = "password" if self.manners.password else "shell"
        elif self._state == "password":
            # As Redox does: without a word.
            self._state = "shell" if line == self.manners.password else "login"
        elif line:
            self.manners.commands.append(line)
            with subprocess.Popen(["sh", "-c", line], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT) as program:
                assert program.stdout is not None
                for output in iter(lambda: os.read(program.stdout.fileno(), 4096), b""):  # type: ignore
                    self._show(output.replace(b"\n", b"\r\n"))
        self._show(self._prompt())

    def _show(self, output: bytes) -> None:
        if self.manners.noise is not None:
            output = self.manners.noise(output)
        for start in range(0, len(output), self.manners.piece):
            self.wire.guest.sendall(output[start:start + self.manners.piece])
