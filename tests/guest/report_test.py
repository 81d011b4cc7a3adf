#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The report of guests: whatever names and lines are in it, it is well-formed and says what was."""
import sys

sys.dont_write_bytecode = True
import contextlib
import io
import os
import re
import tempfile
import types
import unittest
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path
from typing import List, Optional, Set, Tuple, cast

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from power_cut import Cut
from protocol import FAILED, LOST, PASSED, SKIPPED, Result, Time
from report import Report
from session import BootLog, Sessions
from targets import Target

# Elements that need no end.
_VOID = {"meta", "link", "br", "img", "path", "polyline"}
_HOSTILE = '</pre><script>alert("1")</script>&amp;\'"\x1b[31m\x00\x07\ud800<b'


class Page(HTMLParser):
    """What a page is made of; `problems` says where it is not well-formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: List[str] = []
        self.problems: List[str] = []
        self.seen: Set[str] = set()
        self.names: List[str] = []
        self.links: List[str] = []
        self.outside: List[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: List[Tuple[str, Optional[str]]]) -> None:
        self.seen.add(tag)
        for name, value in attrs:
            if name == "id":
                self.names.append(value or "")
            if name == "href" and (value or "").startswith("#"):
                self.links.append((value or "")[1:])
            elif name in ("href", "src"):
                self.outside.append(value or "")
            if name.startswith("on"):
                self.problems.append("%s has %s" % (tag, name))
        if tag not in _VOID:
            self.open.append(tag)

    # <path .../>, as SVG has it.
    def handle_startendtag(self, tag: str, attrs: List[Tuple[str, Optional[str]]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        # Ends of table rows and cells are always written here.
        if not self.open or self.open[-1] != tag:
            self.problems.append("</%s> in %s" % (tag, self.open[-3:]))
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data


class ReportTest(unittest.TestCase):
    """Report, of guests that never ran."""

    def setUp(self) -> None:
        self._work = tempfile.TemporaryDirectory(prefix="report-test.", dir=os.environ.get("TEST_TMPDIR"))
        self.folder = Path(self._work.name)
        self.addCleanup(self._work.cleanup)

    def make(self, results: List[Result], name: str = "a guest", times: Tuple[Time, ...] = (),
             cuts: Tuple[Cut, ...] = ()) -> Tuple[Report, str]:
        """A report of one guest, and what was printed."""
        target = cast(Target, types.SimpleNamespace(arch="x86_64", name=name, built=self.folder / "nosuch"))
        sessions = Sessions(target, self.folder, ["tcg"])
        log = BootLog(name, "tcg", command=["/nosuch/qemu", "-name", name])
        log.lines = [(0.5, "booting " + name)]
        log.lines += [(1.0 + number, "=== RUN " + result.name) for number, result in enumerate(results)]
        sessions.logs.append(log)
        report = Report(self.folder)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            report.begin(target, sessions)
            for result in results:
                report.add(result)
            for timed in times:
                report.add_time(timed)
            report.add_cuts(cuts)
            report.end(target)
            report.write()
        return report, printed.getvalue()

    def page(self) -> Page:
        """The page, which has to be well-formed and to need nothing else."""
        text = (self.folder / "report.html").read_text(encoding="utf-8")
        page = Page()
        page.feed(text)
        page.close()
        self.assertEqual(page.problems, [])
        self.assertEqual(page.open, [])
        self.assertEqual(page.outside, [])
        self.assertNotIn("script", page.seen)
        self.assertFalse(re.search(r"url\(|@import|https?:", text))
        self.assertEqual(len(page.names), len(set(page.names)))
        self.assertFalse(set(page.links) - set(page.names))
        self.assertFalse(re.search("[\x00-\x08\x0b-\x1f\x7f]", text), "control characters")
        return page

    _RESULTS = [
        Result("cat.one", PASSED, "", 0.5, 1.0), Result("cp.two", FAILED, "line 3: status is 1, not 0", 1.25, 2.0),
        Result("ls.three", SKIPPED, "there is no /x", 0.0, 3.0), Result("rm.four", LOST, "not run", 0.0, 4.0)]

    def test_what_was(self) -> None:
        """Outcomes, reasons and counts are in all of it."""
        report, printed = self.make(list(self._RESULTS))
        self.assertEqual(report.status(), 1)
        for line in ("ok      x86_64 cat.one (0.50 s)", "FAILED  x86_64 cp.two (1.25 s)", "        line 3: status is 1, not 0",
                     "skipped x86_64 ls.three (0.00 s)", "LOST    x86_64 rm.four (0.00 s)"):
            self.assertIn(line + "\n", printed)
        suite = ElementTree.parse(self.folder / "junit.xml").getroot()[0]
        self.assertEqual([suite.get(key) for key in ("tests", "failures", "errors", "skipped")], ["4", "1", "1", "1"])
        self.assertEqual([[child.tag for child in case] for case in suite], [[], ["failure"], ["skipped"], ["error"]])
        self.assertEqual(suite[1][0].get("message"), "line 3: status is 1, not 0")
        page = self.page()
        for text in ("cat.one", "line 3: status is 1, not 0", "there is no /x", "booting a guest"):
            self.assertIn(text, page.text)
        # Each case leads to its place in the log.
        self.assertEqual(len(page.links), 4)

    def test_all_passed(self) -> None:
        """Skipped ones do not matter, unless there is nothing else."""
        self.assertEqual(self.make([self._RESULTS[0], self._RESULTS[2]])[0].status(), 0)
        self.assertEqual(self.make([self._RESULTS[2]])[0].status(), 1)

    def test_hostile_names(self) -> None:
        """Whatever a guest prints."""
        results = [Result(_HOSTILE, outcome, _HOSTILE, 1.0, 1.0) for outcome in (PASSED, FAILED, SKIPPED, LOST)]
        cut = Cut(1, "writeback", _HOSTILE, why=_HOSTILE, outcome="FAILED")
        times = (Time(_HOSTILE, 3, 10**6, 1000), Time("other", 3, 10**7, 10**6))
        self.make(results, _HOSTILE, times, (cut,))
        self.assertIn("alert(", self.page().text)
        ElementTree.parse(self.folder / "junit.xml")

    def test_chart(self) -> None:
        """Two sizes make one, with a point each; one does not."""
        times = (Time("small", 10, 45_000_000, 20_000), Time("large", 10, 450_000_000, 4_000_000))
        self.make([self._RESULTS[0]], times=times)
        page = self.page()
        self.assertIn("svg", page.seen)
        self.assertIn("large: 4000000 bytes, 45.00 ms", page.text)
        text = (self.folder / "report.html").read_text(encoding="utf-8")
        self.assertEqual(text.count("<circle "), 2)
        self.make([self._RESULTS[0]], times=times[:1])
        self.assertNotIn("svg", self.page().seen)


if __name__ == "__main__":
    unittest.main()
