#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""All cases of guests, carried out on this host: by run-cases and the programs for Redox, linked with the stand-in.

usage: cases_host_test.py GUEST_PROGRAMS FOLDER ARCH [OPTION-OF-UNITTEST]...

GUEST_PROGRAMS and FOLDER have a folder for each architecture, with run-cases and with the programs. Of another architecture than
the host's the programs run under qemu-user.
"""
import sys

sys.dont_write_bytecode = True
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from collections import Counter
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import catalogue
from cases_common import PROGRAMS
from harness import first_word
from recorder import VARIABLES, Why, has_powers
from script import FEATURES, Script, Steps

# What a host may lack that a guest has.
_SKIPPED = re.compile(r"there is no (/scheme/|/usr/libexec/cation/|/libexec/cation/|/usr/bin/[\w-]+\Z)"
                      r"|the file system here lacks (%s)\Z" % "|".join(FEATURES))

Results = Dict[str, Tuple[str, str]]


class CasesHostTest(unittest.TestCase):
    """Cases are recorded once, and run in several ways."""
    guest_programs = Path()
    userland = Path()
    arch = ""
    folder = Path()  # of this test
    programs = Path()
    cases: List[Steps] = []
    maxDiff = None

    @classmethod
    def setUpClass(cls) -> None:
        # Paths that scripts have in their first lines have to be short. Where tests have been given memory for their files, which
        # takes a fourth of a disk's time, so has this one.
        in_memory = os.environ.get("TEST_TMPDIR", "").startswith("/dev/shm/")
        cls.folder = Path(tempfile.mkdtemp(prefix="cases.", dir="/dev/shm" if in_memory else "/tmp"))
        cls.programs = cls.folder / "programs"
        cls.programs.mkdir()
        emulator = cls.emulator()
        for path in sorted((cls.userland / cls.arch / "usr/bin").iterdir()):
            if emulator is None:
                (cls.programs / path.name).symlink_to(path.resolve())
            else:
                (cls.programs / path.name).write_text('#!/bin/sh\nunset PWD OLDPWD\nexec %s %s "$@"\n' % (emulator, path.resolve()), encoding="utf-8")
                (cls.programs / path.name).chmod(0o755)
        cls.cases = catalogue.all_cases("", str(cls.programs), most_runs=catalogue.MOST_RUNS_IN_TESTS)

    @classmethod
    def tearDownClass(cls) -> None:
        shutil.rmtree(str(cls.folder))

    @classmethod
    def emulator(cls) -> Optional[str]:
        """What runs the programs; None: this host."""
        if cls.arch == os.uname().machine:
            return None
        found = shutil.which("qemu-" + cls.arch) or shutil.which("qemu-%s-static" % cls.arch)
        if found is None:
            raise unittest.SkipTest("there is no qemu-%s: apt-get install qemu-user" % cls.arch)
        return found

    def run_cases(self, cases: Sequence[Steps], programs: Path, manners: str = "", scale: float = 2) -> Results:
        """What run-cases says of each; each has one result."""
        script = Script({**VARIABLES, **({"CATION_MANNERS": manners} if manners else {})})
        script.extend(cases)
        path = self.folder / "script"
        path.write_bytes(script.text(scale))
        done = subprocess.run(
            [str(self.guest_programs / os.uname().machine / "usr/libexec/cation/run-cases"), "--programs=%s" % programs,
             "--work=%s" % (self.folder / "work"), str(path)],
            env={**os.environ, **({"CATION_MANNERS": manners} if manners else {})}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=1500)
        output = done.stdout.decode("ascii")
        found: Results = {}
        for outcome, name, why in re.findall(r"^=== (PASS|FAIL|SKIP) (\S+?):? (.*)$", output, re.MULTILINE):
            self.assertNotIn(name, found)
            found[name] = (outcome, why)
        self.assertEqual(sorted(found), sorted(case.name for case in cases), output[-2000:])
        self.assertIn("\n=== DONE %d\n" % len(cases), output)
        self.assertEqual(done.stderr, b"")
        return found

    def assert_none_failed(self, found: Results, least: int) -> None:
        """All hold or are skipped for a reason that is known, and enough hold."""
        self.assertEqual({name: why for name, (outcome, why) in found.items() if outcome == "FAIL"}, {})
        strange = {name: why for name, (outcome, why) in found.items() if outcome == "SKIP" and not _SKIPPED.match(why)}
        self.assertEqual(strange, {})
        counts = Counter(outcome for outcome, _ in found.values())
        print("%s: %d hold, %d are skipped" % (self.id().rsplit(".", 1)[1], counts["PASS"], counts["SKIP"]), flush=True)
        self.assertGreaterEqual(counts["PASS"], least)

    def test_all(self) -> None:
        """Each case holds of our programs here."""
        # A shell is before the emulator: neither hands on each variable, in the order that it had.
        cases = [case for case in self.cases if self.emulator() is None or not case.name.startswith("printenv.")]
        self.assert_none_failed(self.run_cases(cases, self.programs, scale=4), 1700)

    def test_as_on_redox(self) -> None:
        """The same where files, for the programs and for run-cases, are as RedoxFS has them: what it lacks is skipped."""
        # env and printenv show the variable that brings the manners.
        cases = [case for case in self.cases if not case.name.startswith(("env.", "everyday.", "printenv.", "script."))]
        found = self.run_cases(cases, self.programs, "redox", scale=4)
        self.assert_none_failed(found, 1100)
        # Nearly each case of tests/smoke is run in one of its forms.
        held = {name.replace("+plain", "") for name, (outcome, _) in found.items() if outcome == "PASS"}
        recorded = {case.name for case in cases if case.name in catalogue.CASES}
        # But ln without -s: hard links are what it is about.
        left = sorted(name for name in recorded - held if not name.startswith("ln."))
        print("not run in any form: %s" % " ".join(left), flush=True)
        self.assertLess(len(left), 40)

    _OF_FILES = ("cat", "cp", "dircolors", "empty", "env", "ls", "mkdir", "rm", "sync")

    def test_enough_is_recorded(self) -> None:
        """Most cases of tests/smoke; the others for reasons that are a host's own."""
        why = Counter(recorded.why for recorded in catalogue.record())
        self.assertGreater(why[None], 0.59 * sum(why.values()), why)
        # Most of what is left out is of programs that tell of the system, or of terminals.
        of_files = Counter(recorded.why for recorded in catalogue.record() if recorded.name.split(".")[0] in self._OF_FILES)
        self.assertGreater(of_files[None], 0.7 * sum(of_files.values()), of_files)
        self.assertEqual(why[Why.GNU], 0, [recorded.name for recorded in catalogue.record() if recorded.why is Why.GNU])
        if has_powers():
            self.assertEqual(why[Why.NO_POWERS], 0)

    # Programs of which no case can be recorded: what reset prints goes to a terminal.
    _NONE_RECORDED = {"reset"}

    def test_each_program_has_cases(self) -> None:
        """Each is started, has its messages looked at, and has recorded cases, for all that tests leave out."""
        names = {case.name for case in self.cases}
        # false's are in true's.
        recorded = {name.split(".")[0] for name in names if name in catalogue.CASES} | {"false"}
        for program, usage_status in PROGRAMS.items():
            with self.subTest(program=program):
                self.assertIn("start.%s" % first_word(program), names)
                if usage_status is not None and program != "cation-box":
                    self.assertIn("messages.prefix-%s" % program, names)
                self.assertEqual(first_word(program) in recorded, program not in self._NONE_RECORDED)

    def _with(self, program: str, text: str) -> Path:
        """A folder of our programs, in which one is another."""
        folder = self.folder / ("with-" + program)
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir()
        for path in self.programs.iterdir():
            if path.name != program:
                (folder / path.name).symlink_to(path)
        (folder / program).write_text("#!/bin/sh\n" + text, encoding="utf-8")
        (folder / program).chmod(0o755)
        return folder

    def _of(self, program: str) -> List[Steps]:
        return [case for case in self.cases if case.name.startswith(first_word(program) + ".")]

    def test_programs_that_do_nothing_are_found_out(self) -> None:
        """Each case fails of a program that does nothing, and says that all is well; but where there is nothing to do."""
        for program in PROGRAMS:
            cases = self._of(program)
            if not cases or program == "sync":
                continue
            with self.subTest(program=program):
                found = self.run_cases(cases, self._with(program, "exit 0\n"))
                held = {name for name, (outcome, _) in found.items() if outcome == "PASS"}
                self.assertEqual(held, {case.name for case in cases if case.name in self._NOTHING_TO_DO})

    # There is nothing to copy, to change or to remove, and nothing is printed.
    _NOTHING_TO_DO = {name + plain for plain in ("", "+plain") for name in (
        "chmod.mode-as-option.07", "cp.keep.l-same", "cp.option.attributes-only-existing", "cp.option.n", "cp.option.no-clobber",
        "cp.option.u-older", "du.option.exclude-all", "ln.file.f-l-same", "ln.file.f-other-name", "mv.file.n", "mv.file.n-in",
        "mv.file.n-last", "mv.file.u", "mv.file.u-same", "mv.file.v-n", "rm.option.f-without-operand", "rm.option.force",
        "rmdir.plain.ignore", "rmdir.plain.ignore-short", "sleep.durations", "touch.leaves-content", "true.arguments",
    )} | {"cp.option.remove-hard-link+plain"}

    def test_programs_that_lie_are_found_out(self) -> None:
        """Each case fails of a program that does its work, and then says otherwise."""
        for program in PROGRAMS:
            cases = self._of(program)
            if not cases:
                continue
            real = self.programs / program
            for what, text in (("status", '%s "$@"; exit $(($? ^ 4))\n'),
                               ("message", '%s "$@"; status=$?; printf "\\noops\\n" >&2; exit $status\n'),
                               ("output", '%s "$@"; status=$?; echo oops; exit $status\n')):
                with self.subTest(program=program, what=what):
                    found = self.run_cases(cases, self._with(program, text % real))
                    held = sorted(name for name, (outcome, _) in found.items() if outcome == "PASS")
                    self.assertEqual(held, [])


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    CasesHostTest.guest_programs, CasesHostTest.userland = Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute()
    CasesHostTest.arch = sys.argv[3]
    if CasesHostTest.arch != os.uname().machine:
        # What cases are worth is tried with this host's programs, which takes a tenth of the time.
        del CasesHostTest.test_programs_that_do_nothing_are_found_out, CasesHostTest.test_programs_that_lie_are_found_out
    unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=2)
