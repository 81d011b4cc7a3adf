# SPDX-License-Identifier: MIT
"""A real Ion for this host, which $ION names: scripts in it, and sessions at a pseudo-terminal."""
import fcntl
import os
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import time
import unittest
from typing import Dict, List, Optional, Tuple

ION = os.environ.get("ION", "")
HOW = "no Ion here: --test_env=ION=/path/to/ion gives one, built for this host"
_ESCAPE = re.compile(r"\033(\[[?0-9;]*[@-~]|\][^\a]*\a)")


class Ended(Exception):
    """The session is over."""


class Late(Exception):
    """What was waited for has not come."""


def environment(home: str, **more: str) -> Dict[str, str]:
    return {"HOME": home, "PATH": "/usr/bin:/bin", "USER": "root", "TERM": "xterm", "LC_ALL": "C.UTF-8", **more}


def run_script(text: bytes, folder: str, seconds: float = 10) -> Tuple[Optional[int], str, str]:
    """The status (None where it had to be killed), stdout and stderr of a script."""
    script = os.path.join(folder, "script.ion")
    with open(script, "wb") as file:
        file.write(text)
    with subprocess.Popen([ION, script], cwd=folder, env=environment(folder), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, start_new_session=True) as program:
        status: Optional[int] = None
        try:
            out, err = program.communicate(timeout=seconds)
            status = program.returncode
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            out, err = program.communicate()
    return status, out.decode("utf-8", "surrogateescape"), err.decode("utf-8", "surrogateescape")


class Session:
    """An interactive Ion. Its output is `raw`; `plain()` is that without control sequences."""

    def __init__(self, home: str, rows: int = 24, columns: int = 80, command: Optional[List[str]] = None, **more: str) -> None:
        import pexpect  # type: ignore[import]  # pylint: disable=import-outside-toplevel
        self._pexpect = pexpect
        size = struct.pack("4H", rows, columns, 0, 0)
        argv = command or [ION]
        self.child = pexpect.spawn(argv[0], argv[1:], cwd=home, env={**environment(home), **more}, timeout=20,
                                   preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSWINSZ, size))
        self.child.delaybeforesend = None
        self.raw = b""
        self.ended = False

    def read(self, seconds: float) -> bool:
        """Takes what comes within the time; False when nothing did."""
        try:
            self.raw += self.child.read_nonblocking(65536, seconds)
            return True
        except self._pexpect.TIMEOUT:
            return False
        except self._pexpect.EOF:
            self.ended = True
            return False

    def plain(self, begin: int = 0) -> str:
        return _ESCAPE.sub("", self.raw[begin:].decode("utf-8", "replace"))

    def last_line(self) -> str:
        """Mostly the prompt."""
        return self.plain().split("\r")[-1]

    def wait(self, pattern: str, begin: int = 0, seconds: float = 20) -> None:
        """Until what came from `begin` on matches, and nothing more comes for a moment."""
        end = time.monotonic() + seconds
        while True:
            if re.search(pattern, self.plain(begin), re.S):
                while self.read(0.05):
                    pass
                if re.search(pattern, self.plain(begin), re.S):
                    return
            if self.ended:
                raise Ended("it ended: %r" % self.plain(begin)[-2000:])
            if time.monotonic() > end:
                raise Late("no %r in %r" % (pattern, self.plain(begin)[-2000:]))
            self.read(0.1)

    def wait_prompt(self, prompt: str = r"> ", begin: int = 0) -> None:
        self.wait("(?:%s)$" % prompt, begin)

    def run(self, line: str, prompt: str = r"> ") -> str:
        """What a line prints, up to the next prompt."""
        begin = len(self.raw)
        self.child.send(line + "\r")
        self.wait("\n.*(?:%s)$" % prompt, begin)
        output = self.plain(begin).split("\n", 1)[1]
        return re.split("⏎ +\r", output)[0].replace("\r", "")

    def kill(self) -> None:
        self.child.kill(signal.SIGKILL)
        self.child.wait()
        self.child.close()


class IonTest(unittest.TestCase):
    """A test with a home of its own, which is skipped where there is no Ion."""

    def setUp(self) -> None:
        if not ION:
            self.skipTest(HOW)
        self.home = tempfile.mkdtemp(prefix="cation-ion.", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)

    def write(self, name: str, content: str, mode: int = 0o644) -> str:
        path = os.path.join(self.home, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content.encode("utf-8", "surrogateescape"))
        os.chmod(path, mode)
        return path

    def session(self, rows: int = 24, columns: int = 80, command: Optional[List[str]] = None, **more: str) -> Session:
        session = Session(self.home, rows, columns, command, **more)
        self.addCleanup(session.kill)
        return session
