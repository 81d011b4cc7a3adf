#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The whole way of a given image, without a Redox: it is looked at, gets an overlay with our programs in it, and the
overlay is booted by firmware until cases have run in the guest.

usage: fixture_boot_test.py ARCH TOOL HELPER RELEASES PROGRAMS [TEST...]

TOOL is cation_image, HELPER cation_redoxfs; RELEASES and PROGRAMS, a list with commas, have a folder for each
architecture. Wants the kernels that ./cation setup brings. $XML_OUTPUT_FILE gets a JUnit report.
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
from typing import List

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [_HERE, os.path.join(_HERE, "../install")]

from console import Console
from fixture_image import EFI_NAMES, UNITS, make_fixture
from given_image import (CASES, RUN_CASES, AddedFile, Additions, Tools, bring, inspect, read_init_scripts,
                         start_by_init, start_of_cases)
from junit import run_tests
from kernel import find
from machines import Boot, Disk, Share
from protocol import FAILED, PASSED, follow
from qemu import Guest

ARCH = TOOL = HELPER = RELEASES = ""
PROGRAMS: List[str] = []

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
"""
_SECONDS = {"guest.lists": 60.0, "guest.fails": 60.0, "guest.writes": 60.0}


class FixtureBoot(unittest.TestCase):
    def test_given_image(self) -> None:
        with tempfile.TemporaryDirectory(prefix="cation-boot.", dir=os.environ.get("TEST_TMPDIR")) as work:
            image = os.path.join(work, "redox, live: 1.iso")
            make_fixture(Path(image), ARCH, find(ARCH), [Path(path) for path in PROGRAMS], TOOL, init=UNITS)
            os.chmod(image, 0o444)
            before = (self.digest(image), os.stat(image).st_mtime_ns)
            tools = Tools(cation_image=TOOL)
            scratch = os.path.join(work, "scratch")
            os.mkdir(scratch)
            given = inspect(image, tools, scratch)
            self.assertEqual((given.arch, given.firmware, given.device), (ARCH, ("uefi",), "disk"))
            scripts = read_init_scripts(given, tools)
            files = (AddedFile(RUN_CASES, b"", 0o755), AddedFile(CASES, _SCRIPT.encode()),
                     *start_by_init(scripts, start_of_cases(scripts.console, CASES)))
            overlay = os.path.join(work, "overlay, kept: 1")
            bring(given, overlay, Additions(os.path.join(RELEASES, ARCH), True, files), tools)

            share = os.path.join(work, "share")
            os.mkdir(share)
            Path(share, "cases").write_text(_SCRIPT, encoding="utf-8")
            Path(share, "from-the-host").write_bytes(b"hello\0" * 1000)
            boot = Boot(ARCH, firmware=given.firmware[0], disks=[Disk(overlay, "qcow2")], share=Share(share),
                        memory_mib=512)
            log = os.path.join(os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR", work), "serial.log")
            with Guest(boot, serial_log=log) as guest:
                run = follow(Console(guest.serial, guest), _SECONDS, begin_seconds=240, scale=2)
                results = {result.name: (result.outcome, result.why) for result in run}
            self.assertIsNone(run.failure)
            self.assertTrue(run.finished)
            self.assertEqual({name: outcome for name, (outcome, _) in results.items()},
                             {"guest.lists": PASSED, "guest.fails": FAILED, "guest.writes": PASSED}, results)
            self.assertEqual(Path(share, "from-the-guest").read_bytes(), b"hello\0" * 1000)

            self.assertEqual((self.digest(image), os.stat(image).st_mtime_ns), before)
            # What was kept is sound, and has what was installed.
            checked = subprocess.run([TOOL, "verify", overlay], check=True, capture_output=True, text=True).stdout
            self.assertIn(" 0 not as they should be", checked)
            listed = subprocess.run([TOOL, "image", "ls", overlay, "/usr/lib/init.d"], check=True, capture_output=True,
                                    text=True).stdout
            self.assertIn("30_console", listed)

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
        PROGRAMS = [os.path.abspath(os.path.join(path, ARCH)) for path in sys.argv[5].split(",")]
        result = run_tests(sys.modules[__name__], "fixture_boot_" + ARCH, sys.argv[6:])
    sys.exit(result)
