#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The power cut's script finds what it is there to find: run-cases on this host, killed at the place, and what it left
tampered with in the ways in which file systems lose things.

usage: power_cut_test.py GUEST_PROGRAMS USERLAND    (folders with ARCH/...)
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
from pathlib import Path
from typing import Callable, Dict, List, Tuple

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "install"))
from junit import run_tests
from power_cut import PowerCut

_ARCH = os.uname().machine
_SECTOR = 512


class PowerCutTest(unittest.TestCase):
    """Each test is a cut."""
    run_cases = ""
    programs = ""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="power-cut.", dir=os.environ.get("TEST_TMPDIR")))
        self.addCleanup(shutil.rmtree, str(self.folder), True)
        (self.folder / "work").mkdir()
        self.disk = self.folder / "disk"
        self.cut = PowerCut(str(self.disk), seed=1, work=str(self.folder / "work"))

    def run_script(self, script: str, on_line: Callable[[str], bool] = lambda line: False) -> Dict[str, Tuple[str, str]]:
        """Runs it until `on_line` is true for a line, then kills it. What it said of each case."""
        path = self.folder / "cases"
        path.write_text(script, encoding="utf-8")
        found: Dict[str, Tuple[str, str]] = {}
        # A cut ends what run-cases has started as well, and nothing may write any more when the disk is tampered with:
        # each of these processes holds the writing end of a pipe, which is at its end when the last is gone.
        alive, held = os.pipe()
        with open(alive, "rb") as last, subprocess.Popen(
                [self.run_cases, "--programs=" + self.programs, "--work=%s" % (self.folder / "cases.d"), str(path)],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="ascii", pass_fds=(held,),
                start_new_session=True) as process:
            os.close(held)
            assert process.stdout is not None
            for line in process.stdout:
                match = re.match(r"=== (PASS|FAIL|SKIP) ([^ :]+)(?:: (.*))?", line)
                if match:
                    found[match.group(2)] = (match.group(1), match.group(3) or "")
                if on_line(line):
                    os.killpg(process.pid, signal.SIGKILL)
            self.assertEqual(last.read(), b"")
        return found

    def write_and_cut(self, place: str) -> None:
        """The first rounds, up to the mark `place`."""
        script, names = self.cut.script()
        self.assertEqual(names, ["power-cut.write-1"])
        self.cut.begin_cut("writeback", first=True)
        self.cut._wanted = self.cut.cuts[-1].place = place  # pylint: disable=protected-access
        reached: List[str] = []

        def on_line(line: str) -> bool:
            if not line.startswith("=== MARK "):
                return False
            if self.cut.passed(line[len("=== MARK "):].rstrip("\n")):
                reached.append(line)
            return bool(reached)

        found = self.run_script(script, on_line)
        self.assertEqual((found, len(reached)), ({}, 1))

    def look(self) -> Tuple[str, str]:
        """What the next boot finds."""
        script, names = self.cut.script(write=False)
        self.assertEqual(names, ["power-cut.look-1", "power-cut.unsynced-1"])
        found = self.run_script(script)
        for name, (what, why) in found.items():
            self.cut.looked(name, {"PASS": "passed", "FAIL": "failed", "SKIP": "skipped"}[what], why)
        return found["power-cut.look-1"]

    def expect(self, good: bool, why: str = "") -> None:
        """The look's verdict, which the cut remembers."""
        what, said = self.look()
        self.assertEqual(what, "PASS" if good else "FAIL", said)
        self.assertIn(why, said)
        self.assertEqual(self.cut.cuts[0].outcome, "ok" if good else "FAILED")

    def file(self, *parts: str) -> Path:
        """A file of the disk."""
        return self.disk.joinpath(*parts)

    def test_what_is_whole_passes(self) -> None:
        """Nothing is lost when only a process is killed."""
        self.write_and_cut("cut-1:round-3:file-2")
        self.assertEqual(self.cut.cuts[0].synced, 2)
        self.expect(True)
        self.assertFalse(self.cut.cuts[0].unsynced_lost)

    def test_a_later_round_may_be_missing_or_cut_off(self) -> None:
        """It was not synced."""
        self.write_and_cut("cut-1:round-3:written-over")
        self.file("round-3", "file-0").unlink()
        os.truncate(self.file("round-3", "file-1"), 0)
        os.truncate(self.file("round-3", "file-2"), 4096)
        os.truncate(self.file("written-over"), 100_000)
        self.file("unsynced-1").unlink()
        self.expect(True)
        self.assertTrue(self.cut.cuts[0].unsynced_lost)

    def test_a_later_round_may_be_missing_whole(self) -> None:
        """And what was replaced may still be the old one."""
        self.write_and_cut("cut-1:round-3:file-0")
        shutil.rmtree(self.file("round-3"))
        self.expect(True)

    def test_a_synced_file_that_is_missing(self) -> None:
        """Is found."""
        self.write_and_cut("cut-1:round-3:file-2")
        self.file("round-2", "file-1").unlink()
        self.expect(False, "No such file or directory")

    def test_a_synced_file_of_the_first_round_that_is_missing(self) -> None:
        """Older ones count as well."""
        self.write_and_cut("cut-1:round-3:file-2")
        self.file("round-1", "file-3").unlink()
        self.expect(False, "No such file or directory")

    def test_a_synced_file_that_is_cut_off(self) -> None:
        """Is found."""
        self.write_and_cut("cut-1:round-3:file-2")
        os.truncate(self.file("round-2", "file-3"), 1_000_000)
        self.expect(False, "from byte 1000000 on")

    def test_a_synced_file_with_zeros(self) -> None:
        """A length without its data."""
        self.write_and_cut("cut-1:round-3:file-2")
        with open(self.file("round-2", "file-2"), "r+b") as file:
            file.seek(200 * _SECTOR)
            file.write(bytes(_SECTOR))
        self.expect(False, "from byte %d on" % (200 * _SECTOR))

    def test_a_later_file_with_another_files_content(self) -> None:
        """Not synced, and yet never mixed."""
        self.write_and_cut("cut-1:round-3:file-2")
        shutil.copyfile(self.file("round-2", "file-2"), self.file("round-3", "file-2"))
        self.expect(False, "is the beginning of none of these; the nearest holds for 0 bytes")

    def test_a_later_file_with_a_sector_of_another_place(self) -> None:
        """The same within one file."""
        self.write_and_cut("cut-1:round-3:file-3")
        with open(self.file("round-3", "file-3"), "r+b") as file:
            sector = file.read(_SECTOR)
            file.seek(100 * _SECTOR)
            file.write(sector)
        self.expect(False, "holds for %d bytes" % (100 * _SECTOR))

    def test_an_older_one_in_the_place_of_what_was_replaced(self) -> None:
        """Its last synced round is the oldest that may be there."""
        self.write_and_cut("cut-1:round-3:synced")
        shutil.copyfile(self.file("round-1", "file-1"), self.file("replaced"))
        self.expect(False, "is none of these as a whole")

    def test_what_was_replaced_is_cut_off(self) -> None:
        """A replaced file is one or the other, never a part."""
        self.write_and_cut("cut-1:round-3:new")
        os.truncate(self.file("replaced"), 39_999)
        self.expect(False, "is none of these as a whole; the nearest holds for 39999 bytes")

    def test_what_was_written_over_is_a_part_of_the_synced_one(self) -> None:
        """It is the whole of that, or a part of a later one."""
        self.write_and_cut("cut-1:round-3:file-0")
        os.truncate(self.file("written-over"), 150_000)
        self.expect(False, "is neither the first of these nor the beginning of one more")

    def test_places_are_drawn_anew(self) -> None:
        """Another seed, other places; the same seed, the same; none before the first sync."""
        def places(seed: int) -> List[str]:
            cut = PowerCut("/disk", seed)
            drawn = []
            for i in range(20):
                cut.script()
                drawn.append(cut.begin_cut("none", first=i == 0).place)
            return drawn
        self.assertEqual(places(5), places(5))
        self.assertNotEqual(places(5), places(6))
        for seed in range(50):
            self.assertNotIn(":round-1:", places(seed)[0])

    def test_rounds_go_on_after_a_cut(self) -> None:
        """The next boot looks, throws away what is not needed any more, and writes other rounds."""
        self.write_and_cut("cut-1:round-3:file-2")
        script, names = self.cut.script()
        self.assertEqual(names, ["power-cut.look-1", "power-cut.unsynced-1", "power-cut.write-2"])
        found = self.run_script(script)
        self.assertEqual(found["power-cut.look-1"][0], "PASS", found)
        self.assertEqual(found["power-cut.write-2"][0], "PASS", found)
        self.assertEqual(sorted(path.name for path in self.disk.glob("round-*")),
                         sorted(["round-2"] + ["round-%d" % i for i in range(7, 13)]))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    PowerCutTest.run_cases = os.path.abspath(os.path.join(sys.argv[1], _ARCH, "usr/libexec/cation/run-cases"))
    PowerCutTest.programs = os.path.abspath(os.path.join(sys.argv[2], _ARCH, "usr/bin"))
    sys.exit(run_tests(sys.modules[__name__], "power-cut", sys.argv[3:]))
