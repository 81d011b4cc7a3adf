# SPDX-License-Identifier: MIT
"""QEMU's machine protocol (QMP) on a connected socket: commands with a time limit, and events.

QEMU's own client, qemu.qmp, is on PyPI, but in no package of Debian 12; what is needed of it is this page.
"""
import json
import select
import socket
import time
from dataclasses import dataclass
from typing import Any, Dict, List

from failures import GuestError


class QmpError(GuestError):
    """QEMU refused a command."""


class QmpClosed(GuestError):
    """QEMU closed the connection."""


@dataclass(frozen=True)
class Event:
    name: str
    data: Dict[str, Any]


class Qmp:
    def __init__(self, connection: socket.socket, seconds: float = 30) -> None:
        """Reads the greeting and agrees on capabilities, after which commands can be given."""
        self._socket = connection
        self._socket.setblocking(False)
        self._bytes = b""
        self._events: List[Event] = []
        self._closed = False
        self._commands = 0
        deadline = time.monotonic() + seconds
        while "QMP" not in self._message(deadline, "its greeting"):
            pass
        self.command("qmp_capabilities", seconds)

    def fileno(self) -> int:
        return self._socket.fileno()

    def command(self, name: str, seconds: float = 30, **arguments: Any) -> Any:
        """What the command returns. QmpError: refused; QmpClosed: QEMU is gone; GuestError: no answer in time."""
        self._commands += 1
        request: Dict[str, Any] = {"execute": name, "id": self._commands}
        if arguments:
            request["arguments"] = arguments
        try:
            self._socket.setblocking(True)
            self._socket.sendall(json.dumps(request).encode() + b"\n")
        except OSError:
            self._closed = True
            raise QmpClosed("QEMU has closed its control connection") from None
        finally:
            self._socket.setblocking(False)
        deadline = time.monotonic() + seconds
        while True:
            answer = self._message(deadline, name)
            if answer.get("id") != self._commands:
                continue  # the late answer to a command that was given up
            if "error" in answer:
                raise QmpError("QEMU refuses %s: %s" % (name, answer["error"].get("desc", "")))
            if "return" in answer:
                return answer["return"]

    def events(self) -> List[Event]:
        """Those that have come since the last time; does not wait. QmpClosed once all are told and QEMU is gone."""
        self._receive(0)
        while b"\n" in self._bytes:
            self._take()
        events, self._events = self._events, []
        if not events and self._closed:
            raise QmpClosed("QEMU has closed its control connection")
        return events

    def close(self) -> None:
        self._socket.close()
        self._closed = True

    def _message(self, deadline: float, what: str) -> Dict[str, Any]:
        """The next that is not an event."""
        while True:
            while b"\n" in self._bytes:
                message = self._take()
                if message:
                    return message
            if self._closed:
                raise QmpClosed("QEMU has closed its control connection")
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise GuestError("QEMU does not answer: %s" % what)
            self._receive(remaining)

    def _take(self) -> Dict[str, Any]:
        """One line; {} for an event, which is kept."""
        line, self._bytes = self._bytes.split(b"\n", 1)
        if not line.strip():
            return {}
        message: Dict[str, Any] = json.loads(line)
        if "event" in message:
            self._events.append(Event(message["event"], message.get("data", {})))
            return {}
        return message

    def _receive(self, seconds: float) -> None:
        if self._closed:
            return
        if not select.select([self._socket], [], [], seconds)[0]:
            return
        try:
            received = self._socket.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        self._closed = not received
        self._bytes += received
