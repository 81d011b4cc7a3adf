#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""./cation guest where something is wrong: with the userland, the guest, the host, or what it is told.

usage: guest_faults_test.py USERLAND GUEST_PROGRAMS KERNEL [TEST...]    (as for guest_test.py)
"""
import sys

sys.dont_write_bytecode = True
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Dict, List, Optional, Tuple

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [_HERE, os.path.join(_HERE, os.pardir, "install")]
import machines
from junit import run_tests

ARCH = machines.host_arch()
USERLAND = PROGRAMS = KERNELS = Path()


class GuestFaultsTest(unittest.TestCase):
    """Each test is a run of the command."""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="faults.", dir=os.environ.get("TEST_TMPDIR")))
        self.addCleanup(shutil.rmtree, str(self.folder), True)
        self.report = self.folder / "report"

    def command(self, *options: str, userland: Optional[Path] = None, programs: Optional[Path] = None,
                kernels: Optional[Path] = None) -> List[str]:
        """The command line."""
        return [sys.executable, os.path.join(_HERE, "guest.py"), "--arch", ARCH, "--accel", "tcg", "--slow", "4",
                "--userland", str(userland or USERLAND), "--guest-programs", str(programs or PROGRAMS),
                "--kernels", str(kernels or KERNELS), "--report", str(self.report), *options]

    def run_guest(self, *options: str, environment: Optional[Dict[str, str]] = None, **trees) -> Tuple[int, str, str]:
        """Status, output, errors."""
        done = subprocess.run(self.command(*options, **trees), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", check=False, timeout=900,
                              env={**os.environ, **(environment or {})})
        return done.returncode, done.stdout, done.stderr

    def expect_line(self, line: str, *options: str, **how) -> None:
        """Wrong use: one line, and nothing more."""
        status, output, errors = self.run_guest(*options, **how)
        self.assertEqual((status, output, errors), (2, "", "guest: %s\n" % line))

    def tree(self, source: Path, name: str) -> Path:
        """A copy of a tree of programs, that can be changed."""
        copy = self.folder / name
        shutil.copytree(source / ARCH, copy / ARCH)
        for folder, _, _ in os.walk(copy):
            os.chmod(folder, 0o755)
        return copy

    def replace(self, path: Path, source: Path) -> None:
        """The program `source` in the place of another."""
        path.unlink()
        shutil.copy(source, path)

    # ------------------------------------------------------------------------------- what it is for
    def test_a_sync_that_does_nothing_is_found(self) -> None:
        """What it said was synced is gone after the cut."""
        userland = self.tree(USERLAND, "userland")
        self.replace(userland / ARCH / "usr/bin/sync", userland / ARCH / "libexec/cation/empty")
        status, output, errors = self.run_guest("--cases", "none", "--cuts", "3", "--seed", "1", userland=userland)
        self.assertEqual((status, errors), (1, ""), output)
        self.assertRegex(output, r"FAILED  \S+ power-cut\.look-\d")
        self.assertRegex(output, r"cut \d \(writeback\) at \S+, round \d+ synced: FAILED; what was not synced is lost")

    def test_a_program_that_lies_is_found(self) -> None:
        """Cases fail where cat prints nothing."""
        userland = self.tree(USERLAND, "userland")
        self.replace(userland / ARCH / "usr/bin/cat", userland / ARCH / "libexec/cation/empty")
        status, output, _ = self.run_guest("--cases", r"^cat\.", "--cuts", "0", userland=userland)
        self.assertEqual(status, 1, output)
        self.assertGreater(len(re.findall(r"^FAILED ", output, re.M)), 5, output)

    def test_reports(self) -> None:
        """A page that needs nothing else, and JUnit's XML with every case."""
        status, output, errors = self.run_guest("--cases", r"^(mkdir|start-time)\.", "--cuts", "1", "--seed", "7")
        self.assertEqual(status, 0, output)
        self.assertNotIn("guest:", errors)
        suite = ElementTree.parse(self.report / "junit.xml").getroot()[0]
        names = {case.get("name") for case in suite}
        self.assertIn("power-cut.look-1", names)
        self.assertEqual(len(suite), int(suite.get("tests", "0")))
        page = (self.report / "report.html").read_text(encoding="utf-8")
        for name in names:
            self.assertIn(str(name), page)
        self.assertNotRegex(page, r"""(?:src|href)=["'](?!#)""")
        self.assertIn("Linux version 6", page)
        self.assertIn("<svg", page)
        self.assertRegex(page, r'<a href="#log-0-0?1-\d+">')

    # ------------------------------------------------------------------------------- guests in trouble
    def test_a_kernel_panic(self) -> None:
        """An init that ends is one, and is called one."""
        programs = self.tree(PROGRAMS, "programs")
        self.replace(programs / ARCH / "init", USERLAND / ARCH / "libexec/cation/empty")
        status, output, _ = self.run_guest("--cases", r"^cat\.", "--cuts", "0", programs=programs)
        self.assertEqual(status, 1, output)
        self.assertRegex(output, r"not run: .*(panic|reset)")
        self.assertIn("Kernel panic - not syncing: Attempted to kill init", (self.report / "report.html").read_text())

    def test_run_cases_that_is_not_there(self) -> None:
        """init says so, and the machine ends."""
        programs = self.tree(PROGRAMS, "programs")
        (programs / ARCH / "usr/libexec/cation/run-cases").unlink()
        status, output, _ = self.run_guest("--cases", r"^cat\.", "--cuts", "0", programs=programs)
        self.assertEqual(status, 1, output)
        self.assertRegex(output, "not run: .*the guest switched itself off")
        self.assertIn("init: /usr/libexec/cation/run-cases: No such file or directory",
                      (self.report / "report.html").read_text())

    # ------------------------------------------------------------------------------- nothing is left
    def processes(self) -> List[int]:
        """QEMUs of this test."""
        found = []
        for entry in os.listdir("/proc"):
            try:
                with open("/proc/%s/cmdline" % entry, "rb") as file:
                    program, _, words = file.read().partition(b"\0")
            except OSError:
                continue
            # Not the supervisor, which has the same words behind its own.
            if b"qemu-system" in program and os.fsencode(str(self.report)) in words and entry.isdigit():
                found.append(int(entry))
        return found

    def kill_while_running(self, number: int) -> None:
        """Signals the command when its guest has begun; no QEMU may be there a little later."""
        with subprocess.Popen(self.command("--cases", r"^cat\.", "--cuts", "0"), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith(b"ok "):
                    break
            self.assertEqual(len(self.processes()), 1)
            process.send_signal(number)
            process.communicate(timeout=60)
        self.assertNotEqual(process.returncode, 0)
        for _ in range(600):
            if not self.processes():
                return
            signal.sigtimedwait([], 0.1)
        self.fail("a QEMU is left behind")

    def test_no_guest_outlives_sigkill(self) -> None:
        """The command cannot clean up; its supervisor does."""
        self.kill_while_running(signal.SIGKILL)

    def test_no_guest_outlives_sigterm(self) -> None:
        """The command cleans up."""
        self.kill_while_running(signal.SIGTERM)

    # ------------------------------------------------------------------------------- bad input
    def test_no_qemu(self) -> None:
        """Says what to install."""
        status, output, errors = self.run_guest("--cases", "none", environment={"PATH": str(self.folder)})
        self.assertEqual(status, 2, output + errors)
        self.assertRegex(errors, r"\Aguest: there is no (mke2fs|qemu-system-\S+).*: apt-get install \S+.*\n\Z")

    def test_no_kernel(self) -> None:
        """Says who brings one."""
        self.expect_line("there is no kernel for %s in %s: ./cation setup brings it" % (ARCH, self.folder),
                         kernels=self.folder)

    def test_a_pattern_that_chooses_nothing(self) -> None:
        """Is no success."""
        self.expect_line("no case matches 'nosuch-case' (--list shows them)", "--cases", "nosuch-case")

    def test_a_pattern_that_is_none(self) -> None:
        """Is an error."""
        self.expect_line("--cases: '(' is no regular expression: missing ), unterminated subpattern at position 0",
                         "--cases", "(")

    def test_an_image_that_is_not_there(self) -> None:
        """Says so."""
        self.expect_line("/nosuch/image: No such file or directory", "--image", "/nosuch/image")

    def test_a_report_that_cannot_be_written(self) -> None:
        """Says so before anything is booted."""
        (self.folder / "file").touch()
        self.report = self.folder / "file/report"
        self.expect_line("%s: Not a directory" % self.report, "--cases", "none")

    def test_wrong_options(self) -> None:
        """One line, and the status of wrong use."""
        for options in (["--cache", "nosuch"], ["--cuts", "-1"], ["--most-runs", "-1"], ["--slow", "0"], ["--arch", "mips"], ["--keep", "x"],
                        ["--init-script"], ["--nosuch"], ["--accel", "xen"]):
            with self.subTest(options=options):
                status, output, errors = self.run_guest(*options)
                self.assertEqual((status, output), (2, ""))
                self.assertIn("cation guest: error: ", errors)

    def test_a_full_disk(self) -> None:
        """Of the host: one line, and no guest that waits for ever."""
        if os.geteuid() != 0:
            self.skipTest("only root makes small file systems")
        small = self.folder / "small"
        small.mkdir()
        if subprocess.call(["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(small)], stderr=subprocess.DEVNULL):
            self.skipTest("no file system can be mounted here")
        try:
            self.report = small
            status, output, errors = self.run_guest("--cases", r"^cat\.", "--cuts", "0")
            self.assertEqual(status, 2, output)
            self.assertRegex(errors, r"\Aguest: .*No space left on device\n\Z")
        finally:
            subprocess.check_call(["umount", str(small)])


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    USERLAND, PROGRAMS = Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute()
    KERNELS = Path(sys.argv[3]).absolute().parent.parent
    sys.exit(run_tests(sys.modules[__name__], "guest-faults", sys.argv[4:]))
