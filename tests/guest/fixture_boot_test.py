#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The whole way of a given image, without a Redox: it is looked at, gets an overlay with our programs in it, and the
overlay is booted by firmware until cases have run in the guest.

usage: fixture_boot_test.py ARCH TOOL HELPER RELEASES USERLAND GUEST_PROGRAMS [TEST...]

TOOL is cation_image, HELPER cation_redoxfs; the others have a folder for each architecture. Wants the kernels that
./cation setup brings. $XML_OUTPUT_FILE gets a JUnit report.
"""
import sys

sys.dont_write_bytecode = True

import hashlib
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Dict, Mapping

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [_HERE, os.path.join(_HERE, "../install")]

from fixture_image import EFI_NAMES, SCRIPTS, UNITS, make_fixture
from given_image import Tools, inspect
from junit import run_tests
from kernel import find
from protocol import FAILED, PASSED
from session import Sessions
from targets import INSTALL, ON_SHARE, Files, GivenTarget, Machinery, WayIn

ARCH = TOOL = HELPER = RELEASES = USERLAND = GUEST_PROGRAMS = ""

_SCRIPT = """case guest.lists 60
directory a 0755
file a/b 0644 "content"
run ls a
status 0
output "b\\n"
case guest.fails 60
run cat nothing
status 0
case guest.writes 60
run cp /scheme/9p.hostshare/from-the-host /scheme/9p.hostshare/from-the-guest
status 0
case guest.programs 60
run ls %s
status 0
"""
_SECONDS = {"guest.lists": 60.0, "guest.fails": 60.0, "guest.writes": 60.0, "guest.programs": 60.0}
_CONTENT = b"hello\0" * 1000


class FixtureBoot(unittest.TestCase):
    def setUp(self) -> None:
        work = tempfile.TemporaryDirectory(prefix="cation-boot.", dir=os.environ.get("TEST_TMPDIR"))
        self.addCleanup(work.cleanup)
        self.work = work.name

    def run_cases(self, start: str, init: Mapping[str, str], way: WayIn, bring: str) -> str:
        """Looks at an image with an odd name, boots an overlay with one, and has cases run. Returns the overlay."""
        image = os.path.join(self.work, "redox, live: 1.iso")
        files = Files(Path(USERLAND), Path(GUEST_PROGRAMS))
        make_fixture(Path(image), ARCH, find(ARCH), [files.userland / ARCH, files.guest_programs / ARCH], TOOL, start, init)
        os.chmod(image, 0o444)
        before = (self.digest(image), os.stat(image).st_mtime_ns)
        tools = Tools(cation_image=TOOL)
        scratch = os.path.join(self.work, "scratch")
        os.mkdir(scratch)
        given = inspect(image, tools, scratch)
        self.assertEqual((given.arch, given.firmware, given.device), (ARCH, ("uefi",), "disk"))

        overlay = os.path.join(self.work, "overlay, kept: 1")
        target = GivenTarget(given, tools, files, Path(RELEASES, ARCH), Path(self.work), Path(overlay), way, bring,
                             Machinery(memory_mib=512), allow_stand_in=True, begin_seconds=240)
        Path(target.share, "from-the-host").write_bytes(_CONTENT)
        logs = Path(os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR", self.work))
        sessions = Sessions(target, logs, ["tcg"], scale=2)
        results: Dict[str, str] = {}
        why = []
        for result in sessions.run("cases", _SCRIPT % target.programs, _SECONDS):
            results[result.name] = result.outcome
            why.append(result)
        self.assertEqual(results, {"guest.lists": PASSED, "guest.fails": FAILED, "guest.writes": PASSED,
                                   "guest.programs": PASSED}, why)
        self.assertEqual(Path(target.share, "from-the-guest").read_bytes(), _CONTENT)
        self.assertIsNone(target.check_disk())
        self.assertEqual((self.digest(image), os.stat(image).st_mtime_ns), before)
        return overlay

    def test_started_by_init(self) -> None:
        overlay = self.run_cases("script", UNITS, WayIn(init_script=True), INSTALL)
        # What was kept has what was installed.
        self.assertIn(" 0 not as they should be", self.tool("verify", overlay))
        self.assertIn("run-cases", self.tool("image", "get", overlay, "/etc/init.d/90_cation_cases"))
        self.assertIn("run-cases", self.tool("image", "ls", overlay, "/usr/libexec/cation"))

    def test_started_from_a_login_with_programs_on_the_share(self) -> None:
        overlay = self.run_cases("login", SCRIPTS, WayIn(), ON_SHARE)
        self.assertNotIn("libexec", self.tool("image", "ls", overlay, "/usr"))

    @staticmethod
    def tool(*arguments: str) -> str:
        return subprocess.run([TOOL, *arguments], check=True, capture_output=True, text=True).stdout

    @staticmethod
    def digest(path: str) -> str:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="cation-boot.", dir=os.environ.get("TEST_TMPDIR")) as folder:
        ARCH = sys.argv[1]
        assert ARCH in EFI_NAMES, __doc__
        # The tool finds its helper beside itself.
        TOOL, HELPER = [shutil.copy(path, folder) for path in sys.argv[2:4]]
        # What Bazel shows to a test are links.
        RELEASES = shutil.copytree(sys.argv[4], os.path.join(folder, "releases"))
        USERLAND, GUEST_PROGRAMS = [os.path.abspath(path) for path in sys.argv[5:7]]
        result = run_tests(sys.modules[__name__], "fixture_boot_" + ARCH, sys.argv[7:])
    sys.exit(result)
