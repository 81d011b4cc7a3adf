#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""./cation itself, with a Bazel in PATH that only writes down how it was called: who waits for whom, and what ends."""
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
_FOLDER = os.path.dirname(os.path.abspath(sys.argv[0]))
sys.path.insert(0, os.path.join(_FOLDER, "../../tests/install"))
from in_folder import InFolder
from junit import run_tests

_FRONT_DOOR = os.path.join(_FOLDER, "../../cation")
_LIMIT_SECONDS = 100

# It builds until there is a file "go"; as the real one it ends by itself when it is interrupted.
_BAZEL = """#!/bin/bash
echo "$HOME $*" >>calls
case $1 in
  --version) echo "${BAZEL_IS:-bazel no_version}" ;;
  build)
    [[ ! -e /proc/$$/fd/9 ]] || echo "has the lock" >>calls
    trap 'echo interrupted >>calls; exit 8' INT
    echo >>started
    while [[ ! -e go ]]; do sleep 0.02; done ;;
esac
"""


class FrontDoor(InFolder):
    """In a checkout of its own, which has nothing but what the verb elf-check runs."""

    def setUp(self) -> None:
        super().setUp()
        tool = "out/bazel-bin/tools/elf_check/elf_check"
        self.write({"bin/bazel": _BAZEL, tool: "#!/bin/sh\necho \"checks $*\"\n", "toolchains/probe_gcc.sh": "#!/bin/sh\n", "calls": ""})
        for path in ("bin/bazel", tool, "toolchains/probe_gcc.sh"):
            os.chmod(path, 0o755)
        shutil.copy(_FRONT_DOOR, "cation")
        # GCC: it is there whatever the tests are built with.
        self.environment = {**os.environ, "PATH": f"{os.getcwd()}/bin:{os.environ['PATH']}", "CATION_COMPILER": "gcc", "HOME": os.getcwd()}
        self.started = []
        self.addCleanup(self.end_all)

    def end_all(self) -> None:
        for process in self.started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen:
        self.started.append(subprocess.Popen(
            ["./cation", *arguments], env={**self.environment, **environment}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, start_new_session=True))
        return self.started[-1]

    def ended(self, process: subprocess.Popen) -> tuple:
        output, _ = process.communicate(timeout=_LIMIT_SECONDS)
        return process.returncode, output

    def wait_for(self, what) -> None:
        end = time.monotonic() + _LIMIT_SECONDS
        while not what():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)

    def builds(self) -> int:
        return os.path.getsize("started") if os.path.exists("started") else 0

    def test_two_wait_for_each_other(self) -> None:
        first = self.start("elf-check", "a")
        self.wait_for(lambda: self.builds() == 1)
        second = self.start("elf-check", "b")
        self.assertEqual(second.stdout.readline(), "cation: another ./cation is at work in this checkout: waiting for its end\n")
        self.assertEqual(self.builds(), 1)
        Path("go").touch()
        self.assertEqual(self.ended(first), (0, "checks a\n"))
        self.assertEqual(self.ended(second), (0, "checks b\n"))
        self.assertNotIn("has the lock", Path("calls").read_text(encoding="utf-8"))

    def test_one_that_another_has_started_does_not_wait(self) -> None:
        Path("go").touch()
        self.write({"out/bazel-bin/tools/elf_check/elf_check": "#!/bin/sh\n[ $# = 2 ] || exec ./cation elf-check \"$@\" again\necho \"checks $*\"\n"})
        self.assertEqual(self.ended(self.start("elf-check", "a")), (0, "checks a again\n"))

    def test_interrupted(self) -> None:
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            with self.subTest(signal=number):
                before = self.builds()
                process = self.start("elf-check", "a")
                self.wait_for(lambda: self.builds() > before)
                os.killpg(process.pid, number)
                self.assertEqual(self.ended(process)[0], status)

    def test_another_bazel(self) -> None:
        status, output = self.ended(self.start("elf-check", "a", BAZEL_IS="bazel 8.0.1"))
        self.assertEqual(status, 1)
        self.assertIn(f"cation: {os.getcwd()}/bin/bazel is bazel 8.0.1, and this wants Bazel 4: put Debian's", output)
        self.assertEqual(self.builds(), 0)

    def test_no_home_and_cdpath(self) -> None:
        Path("go").touch()
        del self.environment["HOME"]
        self.assertEqual(self.ended(self.start("elf-check", "a", CDPATH="/:/usr")), (0, "checks a\n"))
        self.assertIn(pwd.getpwuid(os.getuid()).pw_dir + " build ", Path("calls").read_text(encoding="utf-8"))

    def test_a_checkout_that_git_does_not_read(self) -> None:
        Path("go").touch()
        os.mkdir(".git")
        status, output = self.ended(self.start("elf-check", "a"))
        self.assertEqual(status, 0)
        self.assertRegex(output, r"^cation: programs will not know their commit: fatal: not a git repository.*\nchecks a\n$")


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], "front_door", sys.argv[1:]))
