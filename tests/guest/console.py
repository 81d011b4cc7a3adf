# SPDX-License-Identifier: MIT
"""The guest's serial line as a stream of text to wait for things in, on pexpect's machinery.

    console = Console(guest.serial, guest)
    match = console.wait_for([r"login: ", r"# "], 60, "a prompt")
    console.send("root\\n")

Every wait has a limit, and ends as soon as it is known that what is waited for cannot come any more: each way to fail is a
Failure of its own (failures.py) with one line. What patterns are matched with has been cleaned (cleaning.py); all that came, the
log of the guest's kernel too, is in `lines` with its time of arrival, and `notes` has what the kernel complained about.
"""
import os
import re
import select
import time
from dataclasses import dataclass
from typing import Any, List, Optional, Pattern, Protocol, Sequence, Tuple, Union

import pexpect  # type: ignore
from pexpect import spawnbase

from cleaning import Cleaner, KernelLine
from failures import Ended, Failure, Hang, Panic, Rebooted

# After which nothing more is to be expected of a guest. Linux; Redox's kernel (src/panic.rs, and exception.rs of aarch64, which
# spins after it) and bootloader. The last line of Linux's is looked for too, as the first may stand in the middle of another.
_PANICS = re.compile(r"Kernel panic - not syncing|---\[ end Kernel panic|KERNEL PANIC: |BOOTLOADER PANIC:|^Unhandled exception$")

# What kernels say when they have ended a program or are in trouble, and go on: Redox's for a program with a fault (with a trace, which ends at
# a guard page), and Linux's. The guest may be done for all the same, when it was init or a driver: that is seen by its silence.
_COMPLAINTS = re.compile(r"UNHANDLED EXCEPTION|: GUARD PAGE|FATAL: Not an SVC induced|Out of memory: Killed|\bOops: |BUG: unable to handle|"
                         r"soft lockup|detected stall|segfault at|EXT4-fs error|I/O error, dev")

# What is seen once in a boot, and not in any log that people show. QEMU tells of resets itself; this is for a boot that it does not notice.
_BANNERS = re.compile(r"SeaBIOS \(version|UEFI firmware \(version|Redox OS Bootloader \d|EFI stub: Booting")

_ANYTHING = re.compile(r"(?s).+")
_SLICE_SECONDS = 0.5  # how often a guest that says nothing is looked at
_FLUSH_SECONDS = 0.3  # after which what may be the beginning of an escape sequence is none
_TRACE_SECONDS = 3  # what comes so soon after a complaint is still part of it
_LAST_WORDS_SECONDS = 0.3  # a panic's trace and what QEMU still has in its buffers come within it
_LONGEST_LAST_WORDS = 5.0
_KEPT_LINES = 20000


class Watched(Protocol):
    """What a console asks about the machine; Guest is one."""

    def fileno(self) -> int:
        ...

    def failure(self) -> Optional[Failure]:
        ...


class Stream(Protocol):
    def fileno(self) -> int:
        ...


@dataclass(frozen=True)
class Match:
    index: int  # which of the patterns
    match: "re.Match[str]"
    before: str  # what came before it since the last match
    at: float  # when the last byte had come, in seconds since the console was opened

    def group(self, number: int = 0) -> str:
        return self.match.group(number) or ""


class Console:
    def __init__(self, stream: Stream, machine: Optional[Watched] = None, log: str = "",
                 silence_after_complaint: float = 60) -> None:
        """`stream`: a socket or terminal, which stays the caller's. `log`: a file that gets each line with its time.

        `silence_after_complaint`: after so many seconds without a byte since the kernel complained, a wait ends as
        Panic and not only at its own limit.
        """
        self.lines: List[Tuple[float, str]] = []
        self.notes: List[Tuple[float, str]] = []
        self.started = time.monotonic()
        self._fd = stream.fileno()
        self._stream = stream
        self._machine = machine
        self._log = open(log, "w", encoding="utf-8", errors="replace") if log else None  # pylint: disable=consider-using-with
        self._silence_after_complaint = silence_after_complaint
        self._complained_at = float("-inf")
        self._last_byte = self.started
        self._cleaner = Cleaner()
        self._raw = Cleaner(kernel=False)  # for `lines`
        self._line = ""
        self._line_at = 0.0
        self._clean_line = ""
        self._banners: List[str] = []
        self._fatal: Optional[Failure] = None
        self._closed = False
        self._quiet = 0.0
        self._waiting_since = self.started
        self._expecter = _Expecter(self._read)

    def seconds(self) -> float:
        """Since the console was opened."""
        return time.monotonic() - self.started

    @property
    def last_line(self) -> str:
        """The last that was said, cut to what a report can show."""
        for text in [self._line] + [line for _, line in reversed(self.lines)]:
            if text.strip():
                return text.strip()[-200:]
        return ""

    def send(self, text: str, seconds: float = 30) -> None:
        """Types text. The key Enter is "\\r"."""
        data = text.encode("utf-8")
        deadline = time.monotonic() + seconds
        while data:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise Hang("the guest does not read what is typed")
            if not select.select([], [self._fd], [], min(remaining, _SLICE_SECONDS))[1]:
                self._raise_if_ended()
                continue
            try:
                data = data[os.write(self._fd, data[:1024]):]
            except BlockingIOError:
                continue
            except OSError:
                raise self._end() from None

    def wait_for(self, patterns: Union[str, Sequence[Union[str, Pattern[str]]]], seconds: float, what: str,
                 quiet: float = 0) -> Match:
        """Waits for the first of some regular expressions (MULTILINE) to match, where earlier text wins.

        `what` is waited for, in words of a report. `quiet`: a shorter limit that each byte starts anew. Hang: neither came;
        another Failure: it cannot come. What has been matched is not looked at again.
        """
        if isinstance(patterns, str):
            patterns = [patterns]
        compiled = [re.compile(pattern, re.MULTILINE) if isinstance(pattern, str) else pattern for pattern in patterns]
        self._quiet = quiet
        self._waiting_since = time.monotonic()
        try:
            index = self._expecter.expect_list(compiled, timeout=seconds)
        except pexpect.TIMEOUT:
            raise Hang("%s: did not come within %.3g s; %s" % (what, seconds, self.last_words())) from None
        except Hang as hang:
            raise Hang("%s: %s; %s" % (what, hang.what, self.last_words())) from None
        finally:
            self._quiet = 0.0
        return Match(index, self._expecter.match, self._expecter.before, max(0.0, self._last_byte - self.started))

    def more(self, seconds: float) -> str:
        """What comes next, whatever it is; "" when nothing does within the time."""
        try:
            return self.wait_for([_ANYTHING], seconds, "anything").group()
        except Hang:
            return ""

    def settle(self, quiet: float, seconds: float) -> str:
        """Reads until nothing has come for `quiet` seconds, for `seconds` at most. What came."""
        limit = time.monotonic() + seconds
        came = ""
        while time.monotonic() < limit:
            text = self.more(quiet)
            if not text:
                break
            came += text
        return came

    def ignore_what_came(self) -> None:
        """Forgets what has been read and not matched."""
        self._expecter.forget()

    def expect_reboot(self) -> None:
        """The banners of firmware and bootloader may come once more."""
        self._banners = []

    def close(self) -> None:
        """Writes the last line to the log. The stream stays open."""
        if self._log is not None and not self._log.closed:
            self._end_line()
            self._log.close()

    # ------------------------------------------------------------------------------------------- reading
    def _read(self, seconds: Optional[float]) -> str:
        """More text, maybe none; pexpect.TIMEOUT when nothing came within the time; a Failure when nothing can come."""
        deadline = time.monotonic() + (seconds or 0)
        if self._fatal is not None:
            raise self._last_words_of(self._fatal)
        while True:
            now = time.monotonic()
            silence = now - self._last_byte
            limits = [deadline - now, _SLICE_SECONDS]
            if self._cleaner.keeps_back:
                limits.append(_FLUSH_SECONDS - silence)
            if self._quiet:
                limits.append(self._quiet - (now - max(self._last_byte, self._waiting_since)))
            watched = [self._fd] if self._machine is None else [self._fd, self._machine.fileno()]
            ready = select.select(watched, [], [], max(0.0, min(limits)))[0]
            if self._fd in ready:
                return self._receive()
            self._raise_if_ended()
            now = time.monotonic()
            silence = now - self._last_byte
            if self._cleaner.keeps_back and silence >= _FLUSH_SECONDS:
                text, kernel = self._cleaner.flush()
                self._look_at(text, kernel)
                return text
            if self._last_byte - self._complained_at < _TRACE_SECONDS and silence >= self._silence_after_complaint:
                raise Panic("silence after: %s" % self.notes[-1][1])
            if self._quiet and now - max(self._last_byte, self._waiting_since) >= self._quiet:
                raise Hang("no output for %g s" % self._quiet)
            if now >= deadline:
                raise pexpect.TIMEOUT("")

    def _receive(self) -> str:
        try:
            received = os.read(self._fd, 65536)
        except BlockingIOError:
            return ""
        except OSError:
            received = b""  # a terminal whose other end was closed
        if not received:
            raise self._end()
        self._last_byte = time.monotonic()
        self._keep(received)
        text, kernel = self._cleaner.feed(received)
        self._look_at(text, kernel)
        return text

    def _raise_if_ended(self) -> None:
        """When the machine has ended, and has no more to say."""
        failure = self._machine.failure() if self._machine is not None else None
        if failure is not None and not select.select([self._fd], [], [], _LAST_WORDS_SECONDS)[0]:
            raise failure

    def _end(self) -> Failure:
        self._end_line()
        failure = None
        if self._machine is not None:
            # The news of the machine's end may come a moment after the end of its line.
            limit = time.monotonic() + _LONGEST_LAST_WORDS
            while (failure := self._machine.failure()) is None and time.monotonic() < limit:
                select.select([self._machine], [], [], _LAST_WORDS_SECONDS)
        return failure or Ended("the serial line was closed; %s" % self.last_words())

    def _last_words_of(self, failure: Failure) -> Failure:
        """Reads on for the log, as a panic's trace follows it."""
        limit = time.monotonic() + _LONGEST_LAST_WORDS
        while time.monotonic() < limit and select.select([self._fd], [], [], _LAST_WORDS_SECONDS)[0]:
            try:
                self._receive()
            except Failure:
                break
        return failure

    def last_words(self) -> str:
        """The last line, for the end of a sentence."""
        return "the last line was: %s" % self.last_line if self.last_line else "there was no output at all"

    # --------------------------------------------------------------------------------- looking at what came
    def _keep(self, received: bytes) -> None:
        for part in re.split(r"(\n)", self._raw.feed(received)[0]):
            if part == "\n":
                self._end_line()
            elif part:
                if not self._line:
                    self._line_at = self.seconds()
                self._line += part

    def _end_line(self) -> None:
        if self._line:
            self.lines.append((self._line_at, self._line))
            if self._log is not None:
                self._log.write("%10.3f %s\n" % (self._line_at, self._line))
                self._log.flush()
        self._line = ""
        if len(self.lines) > _KEPT_LINES:
            del self.lines[:_KEPT_LINES // 10]

    def _look_at(self, text: str, kernel: List[KernelLine]) -> None:
        for cut in kernel:
            # One in the middle of a marker may be part of its text; then the panic's own last line decides.
            self._judge(cut.text, fatal=not cut.torn.startswith("=== ") or "end Kernel panic" in cut.text)
        *complete, self._clean_line = re.split(r"[\r\n]", self._clean_line + text)
        for line in complete:
            if not line.startswith("=== "):
                self._judge(line, fatal=True)

    def _judge(self, line: str, fatal: bool) -> None:
        if fatal and self._fatal is None and _PANICS.search(line):
            self._fatal = Panic("panic: %s" % line.strip()[:200])
        if _COMPLAINTS.search(line):
            self._complained_at = time.monotonic()
            self.notes.append((self.seconds(), line.strip()[:200]))
        banner = _BANNERS.search(line)
        if banner:
            if banner.group() in self._banners and self._fatal is None:
                self._fatal = Rebooted("the guest booted again: %s" % line.strip()[:200])
            self._banners.append(banner.group())


class _Expecter(spawnbase.SpawnBase):  # type: ignore
    """pexpect's waiting for patterns, on text that a Console reads."""

    def __init__(self, read: Any) -> None:
        super().__init__(timeout=None, encoding="utf-8")
        self._read_text = read

    def read_nonblocking(self, size: int = 1, timeout: Optional[float] = None) -> str:
        text: str = self._read_text(timeout)
        return text

    def forget(self) -> None:
        self._buffer = self.buffer_type()
        self._before = self.buffer_type()
