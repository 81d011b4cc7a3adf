# SPDX-License-Identifier: MIT
"""One running guest: QEMU with its serial line and its control connection.

    with Guest(Boot("x86_64", ...), serial_log="serial.log") as guest:
        console = Console(guest.serial, guest)
        ...
        guest.power_cut()

Whatever is wrong with starting it is a GuestError with one line. No QEMU is left behind: not after the block, not after an exception, and
not when this process is killed, by any signal (supervisor.py). Do not fork without exec while a guest runs: the child
would hold the pipe by which the supervisor notices our end.
"""
import os
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from types import TracebackType
from typing import List, Optional, Type

from failures import DiskFull, Ended, Failure, GuestError, Panic, PoweredOff, Rebooted
from machines import Boot, MachineError, Sockets, command_line, find_firmware
from qmp import Event, Qmp, QmpClosed, QmpError

# The shortest sun_path that there is (macOS), with its NUL.
_LONGEST_SOCKET = 104
_POLL_SECONDS = 0.02


class Guest:
    """`serial`: the serial line, connected before the guest's first instruction. `pid`: QEMU's."""

    def __init__(self, boot: Boot, serial_log: str = "", seconds: float = 60) -> None:
        """`serial_log`: QEMU appends each byte of the serial line to it. `seconds`: the limit for QEMU to start."""
        self.boot = boot
        self.serial_log = os.path.abspath(serial_log) if serial_log else ""
        self.argv: List[str] = []
        self.pid = 0
        self.seconds = seconds
        self.events: List[Event] = []  # all that QEMU has told
        self._failure: Optional[Failure] = None
        self._folder = ""
        self._lifeline = -1
        self._supervisor: Optional["subprocess.Popen[bytes]"] = None
        self._told = b""
        self._status: Optional[int] = None
        self._cut = False
        self._errors = ""
        self._qmp: Optional[Qmp] = None
        self._serial: Optional[socket.socket] = None

    # ------------------------------------------------------------------------------------- start and end
    def __enter__(self) -> "Guest":
        self.start()
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    @property
    def serial(self) -> socket.socket:
        assert self._serial is not None, "not started"
        return self._serial

    @property
    def qmp(self) -> Qmp:
        assert self._qmp is not None, "not started"
        return self._qmp

    def start(self) -> None:
        try:
            self._start()
        except MachineError as error:
            self.close()
            raise GuestError(str(error)) from None
        except BaseException:
            self.close()
            raise

    def _start(self) -> None:
        deadline = time.monotonic() + self.seconds
        self._folder = _private_folder()
        sockets = Sockets(serial=os.path.join(self._folder, "serial"), qmp=os.path.join(self._folder, "qmp"),
                          serial_log=self.serial_log, variables=self._variables())
        self.argv = command_line(self.boot, sockets)
        reading, self._lifeline = os.pipe()
        try:
            self._supervisor = subprocess.Popen(
                [sys.executable, "-I", "-S", os.path.join(os.path.dirname(os.path.abspath(__file__)), "supervisor.py"),
                 str(reading), self._folder, *self.argv],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, pass_fds=[reading], start_new_session=True)
        finally:
            os.close(reading)
        while not self.pid:
            told = self._next_told(deadline - time.monotonic())
            if told.startswith("started "):
                self.pid = int(told.split()[1])
            elif told.startswith("refused "):
                raise GuestError("QEMU does not start: %s" % told[len("refused "):])
            else:
                raise GuestError("QEMU does not start within %g s" % self.seconds)
        try:
            self._qmp = Qmp(self._connect(sockets.qmp, deadline), max(1.0, deadline - time.monotonic()))
            self._serial = self._connect(sockets.serial, deadline)
            self._qmp.command("cont")
        except QmpClosed:
            self._wait_for_end(5)
            raise GuestError(self._refusal()) from None

    def _variables(self) -> str:
        """A private copy of the firmware's variables, as the guest writes to them."""
        firmware = find_firmware(self.boot)
        if firmware is None or not firmware.variables:
            return ""
        copy = os.path.join(self._folder, "variables")
        shutil.copyfile(firmware.variables, copy)
        return copy

    def _connect(self, path: str, deadline: float) -> socket.socket:
        """Connects to a socket of QEMU's, which appears when QEMU is so far."""
        while True:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.connect(path)
                return connection
            except OSError as error:
                connection.close()
                reason = error.strerror or str(error)
            # Waits for QEMU's end, which is told; for the socket, which nobody tells of, a moment.
            self._listen(_POLL_SECONDS)
            if self._status is not None:
                raise GuestError(self._refusal())
            if time.monotonic() > deadline:
                raise GuestError("QEMU's socket does not appear within %g s (%s)" % (self.seconds, reason))

    def _refusal(self) -> str:
        """Why QEMU ended at its start, in one line."""
        errors = self.stderr()
        locked = re.search(r"filename=([^\s,]+)(?:.|\n)*Failed to get \S+ \S*\s?lock", errors)
        if "lock" in errors and ("Failed to get" in errors or "Failed to lock" in errors):
            images = [disk.path for disk in self.boot.disks if disk.path in errors]
            named = re.search(r"Is another process using the image \[([^\]]*)\]", errors)
            image = named.group(1) if named else images[0] if images else locked.group(1) if locked else "an image"
            return "%s is in use by another program (another QEMU?)" % image
        lines = [line.strip() for line in errors.splitlines() if line.strip()]
        return "QEMU refuses: %s" % (lines[-1] if lines else "it ended with %s and said nothing" % self._ended_how())

    def close(self) -> None:
        """Ends QEMU, politely where it listens, and removes the private folder. Can be called again."""
        if self._qmp is not None and self._status is None:
            try:
                self._qmp.command("quit", 5)
                self._wait_for_end(10)
            except GuestError:
                pass  # killed below
        if self._lifeline != -1:
            self.stderr()
            os.close(self._lifeline)  # the supervisor kills what is left
            self._lifeline = -1
        if self._supervisor is not None:
            self._wait_for_end(10)
            try:
                self._supervisor.wait(10)
            except subprocess.TimeoutExpired:
                if self.pid and self._status is None:
                    _kill(self.pid)
                self._supervisor.kill()
                self._supervisor.wait()
            assert self._supervisor.stdout is not None
            self._supervisor.stdout.close()
            self._supervisor = None
        for connection in (self._qmp, self._serial):
            if connection is not None:
                connection.close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""

    def power_cut(self) -> None:
        """Kills QEMU at once, as a cut of the power would. On return it has been waited for, and its images are free."""
        self._listen(0)
        self._cut = True
        if self._status is None:
            _kill(self.pid)
            self._wait_for_end(30)
        if self._status is None:
            raise GuestError("QEMU (process %d) does not end after SIGKILL" % self.pid)

    # ------------------------------------------------------------------------------------------ control
    def status(self) -> str:
        """QEMU's run state: running, paused, shutdown, io-error, internal-error, ..."""
        return str(self.qmp.command("query-status")["status"])

    def reset(self) -> None:
        """The reset button. Until booted() is called, resets of the guest's own count as part of it: SeaBIOS makes one."""
        known = len(self.events)
        self.qmp.command("set-action", reboot="reset")
        self.qmp.command("system_reset")
        deadline = time.monotonic() + 30
        while not any(event.name == "RESET" for event in self.events[known:]):
            failure = self.failure()
            if failure is not None:
                raise failure
            if time.monotonic() > deadline:
                raise GuestError("QEMU does not reset the guest")
            select.select([self.qmp], [], [], 1)

    def booted(self) -> None:
        """After reset(): from now on a reset of the guest's own is a failure again."""
        self.qmp.command("set-action", reboot="shutdown")

    def power_button(self) -> None:
        """Asks the guest to switch itself off; whether it does, wait_for_end tells."""
        self.qmp.command("system_powerdown")

    def screenshot(self, path: str) -> None:
        """Writes the guest's screen to a PNG file."""
        path = os.path.abspath(path)
        try:
            self.qmp.command("screendump", filename=path, format="png")
        except QmpError:
            # A QEMU without libpng.
            pixels = path + ".ppm"
            self.qmp.command("screendump", filename=pixels)
            with open(pixels, "rb") as file:
                picture = png_of_ppm(file.read())
            os.remove(pixels)
            with open(path, "wb") as file:
                file.write(picture)

    # ------------------------------------------------------------------- what has become of it (for a Console)
    def fileno(self) -> int:
        """Becomes readable when there may be news for failure()."""
        return self.qmp.fileno()

    def failure(self) -> Optional[Failure]:
        """Why the guest no longer runs; None while it does. Does not wait."""
        if self._failure is None:
            self._failure = self._find_failure()
        return self._failure

    def wait_for_end(self, seconds: float) -> Optional[Failure]:
        """Waits until the guest no longer runs: PoweredOff, Rebooted, ... None: it still runs."""
        deadline = time.monotonic() + seconds
        while self.failure() is None:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return None
            select.select([self.qmp], [], [], min(remaining, 1))
        return self.failure()

    def stderr(self) -> str:
        """What QEMU has said on standard error; also after the end."""
        if self._folder:
            try:
                with open(os.path.join(self._folder, "stderr"), encoding="utf-8", errors="replace") as file:
                    self._errors = file.read()
            except OSError:
                pass
        return self._errors

    def _find_failure(self) -> Optional[Failure]:
        try:
            events = self._fetch_events()
        except QmpClosed:
            self._wait_for_end(5)
            events = []
        for event in events:
            reason = event.data.get("reason", "")
            if event.name == "GUEST_PANICKED":
                return Panic("the guest's kernel told QEMU that it panicked")
            if event.name == "BLOCK_IO_ERROR" and event.data.get("nospace"):
                return DiskFull("the host's disk is full: QEMU cannot write %s" % event.data.get("node-name", "a disk"))
            if event.name == "SHUTDOWN":
                if reason == "guest-reset":
                    return Rebooted("the guest was reset (reboot, or a fault in its kernel)")
                if reason == "guest-panic":
                    return Panic("the guest's kernel told QEMU that it panicked")
                if reason == "guest-shutdown":
                    return PoweredOff("the guest switched itself off")
                return Ended("QEMU was stopped (%s)" % (reason or "without a reason"))
        if self._cut:
            return Ended("the power was cut")
        if self._status is not None:
            lines = [line for line in self.stderr().splitlines() if line.strip()]
            return Ended("QEMU ended with %s%s" % (self._ended_how(), ": " + lines[-1].strip() if lines else ""))
        return None

    def _fetch_events(self) -> List[Event]:
        if self._cut or self._qmp is None:
            return []
        self._listen(0)
        events = self._qmp.events()
        self.events += events
        return events

    def _ended_how(self) -> str:
        if self._status is None:
            return "an unknown status"
        return "status %d" % self._status if self._status >= 0 else "signal %d" % -self._status

    # ------------------------------------------------------------------------------------- the supervisor
    def _listen(self, seconds: float) -> bool:
        """Reads what the supervisor says, for which it waits so long; False: nothing came."""
        if self._supervisor is None or self._supervisor.stdout is None:
            return False
        if not select.select([self._supervisor.stdout], [], [], max(0.0, seconds))[0]:
            return False
        received = os.read(self._supervisor.stdout.fileno(), 4096)
        self._told += received
        ended = re.search(rb"(?m)^ended (-?\d+)\n", self._told)
        if ended:
            self._status = int(ended.group(1))
        elif not received and self._status is None:
            # The supervisor was killed, and QEMU with it (Linux), or it must be (elsewhere).
            if self.pid:
                _kill(self.pid)
            self._status = -signal.SIGKILL
        return bool(received)

    def _next_told(self, seconds: float) -> str:
        """The first line of the supervisor's; "" when none comes."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self._told:
            remaining = deadline - time.monotonic()
            if remaining <= 0 or self._status is not None:
                return ""
            self._listen(remaining)
        return self._told.split(b"\n", 1)[0].decode("utf-8", "replace")

    def _wait_for_end(self, seconds: float) -> None:
        """Until QEMU's end has been told, but no longer than this."""
        deadline = time.monotonic() + seconds
        while self._status is None and time.monotonic() < deadline:
            self._listen(deadline - time.monotonic())


def _private_folder() -> str:
    folder = tempfile.mkdtemp(prefix="cation-")
    if len(os.fsencode(os.path.join(folder, "serial"))) >= _LONGEST_SOCKET:
        os.rmdir(folder)
        folder = tempfile.mkdtemp(prefix="cation-", dir="/tmp")  # a socket's name has to be short
    return folder


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def png_of_ppm(picture: bytes) -> bytes:
    """A binary PPM (P6, 8 bits) as PNG."""
    header = re.match(rb"P6\s+(?:#[^\n]*\s+)*(\d+)\s+(\d+)\s+255\s", picture)
    if header is None:
        raise GuestError("QEMU's picture is no PPM")
    width, height = int(header.group(1)), int(header.group(2))
    pixels = picture[header.end():]
    rows = b"".join(b"\0" + pixels[row * width * 3:(row + 1) * width * 3] for row in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
