#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The report of what unit tests execute says it, fails below the floor, and writes the figure where it belongs."""
import contextlib
import io
import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True
# In Bazel a link of this name lies among the others' links; elsewhere this is the file itself.
_FOLDER = os.path.dirname(os.path.abspath(sys.argv[0]))
sys.path[:0] = [_FOLDER, os.path.join(_FOLDER, "../tests/install")]
import coverage
from in_folder import InFolder
from junit import run_tests


def record(path: str, counts: dict) -> str:
    return f"SF:{path}\nFN:1,F\n" + "".join(f"DA:{line},{count}\n" for line, count in counts.items()) + "end_of_record\n"


class Coverage(InFolder):
    def run_on(self, lcov: str, *arguments: str) -> tuple:
        Path("lcov").write_text(lcov, encoding="utf-8")
        before, sys.argv = sys.argv, ["coverage.py", "--lcov", "lcov", "--out", "out", *arguments]
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                status = coverage.main()
        finally:
            sys.argv = before
        return status, printed.getvalue()

    def test_tests_add_up(self) -> None:
        os.makedirs("runtime/sys/redox")
        Path("runtime/sys/redox/redox.cc").touch()
        status, printed = self.run_on(
            record("runtime/core/a.cc", {1: 0, 2: 0, 3: 1, 4: 1, 6: 0, 7: 5}) + record("runtime/core/a.cc", {1: 2, 2: 0, 3: 1, 4: 0, 6: 0, 7: 1})
            + record("coreutils/b/b.cc", {line: 1 for line in range(1, 31)})
            + record("coreutils/b/b_test.cc", {1: 0}) + record("coreutils/support/testing/c.cc", {1: 0}) + record("/usr/include/d.h", {1: 0}))
        self.assertEqual(status, 0, printed)
        self.assertIn("94.4 % of 36 lines in 2 files; 1 sources are linked by none", printed)
        rows = [line.split() for line in Path("out/report.txt").read_text(encoding="utf-8").splitlines()]
        for row in (["all", "36", "34", "94.4"], ["coreutils/b", "30", "30", "100.0"], ["runtime/core", "6", "4", "66.6"],
                    ["runtime/core/a.cc", "6", "4", "66.6", "2", "6"], ["runtime/sys/redox/redox.cc"]):
            self.assertIn(row, rows)
        self.assertIn("SF:runtime/core/a.cc\nDA:1,2\nDA:2,0\nDA:3,2\n", Path("out/coverage.lcov").read_text(encoding="utf-8"))

    def test_below_the_floor(self) -> None:
        status, printed = self.run_on(record("runtime/core/a.cc", {1: 1, 2: 0}))
        self.assertEqual(status, 1)
        self.assertIn(f"{coverage.FLOOR:g} % is the least (FLOOR in tools/coverage.py)", printed)

    def test_nothing_measured_is_no_pass(self) -> None:
        self.assertEqual(self.run_on(record("/usr/include/d.h", {1: 1}))[0], 2)
        self.assertEqual(self.run_on("", "--lcov", "missing")[0], 2)

    def test_the_readme(self) -> None:
        Path("README.md").write_text("a <!-- coverage:begin -->old<!-- coverage:end --> b\n", encoding="utf-8")
        self.assertEqual(self.run_on(record("image/a.cc", {1: 1}), "--readme", "README.md")[0], 0)
        self.assertEqual(Path("README.md").read_text(encoding="utf-8"), "a <!-- coverage:begin -->100.0 % of 1 lines<!-- coverage:end --> b\n")
        Path("README.md").write_text("no marks\n", encoding="utf-8")
        with self.assertRaisesRegex(SystemExit, "README.md has no marks"):
            self.run_on(record("image/a.cc", {1: 1}), "--readme", "README.md")

    def test_a_figure_of_another_time(self) -> None:
        measured = record("image/a.cc", {line: int(line > 2) for line in range(1, 101)})
        for figure, status in (("98.0", 0), ("97.0", 0), ("99.0", 0), ("96.9", 1), ("99.1", 1), ("", 1)):
            Path("README.md").write_text(f"a <!-- coverage:begin -->{figure} % of 99 lines<!-- coverage:end --> b\n", encoding="utf-8")
            found, printed = self.run_on(measured, "--check", "README.md")
            self.assertEqual((found, "./cation coverage --readme renews it" in printed), (status, status == 1), figure)

    def test_ranges(self) -> None:
        self.assertEqual(coverage.ranges([1, 2, 3, 5, 7, 8]), "1-3 5 7-8")
        self.assertEqual(coverage.percent(999, 1000), "99.9")
        self.assertEqual(coverage.percent(9999, 10000), "99.9")


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], "coverage", sys.argv[1:]))
