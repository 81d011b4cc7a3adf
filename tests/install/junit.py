# SPDX-License-Identifier: MIT
"""Runs a module's unittest cases, with a JUnit report for Bazel."""
import os
import sys
import time
import traceback
import unittest
import xml.etree.ElementTree as ElementTree


class _Result(unittest.TextTestResult):
    """Also keeps how each case went."""

    def __init__(self, *arguments, **options) -> None:
        super().__init__(*arguments, **options)
        self.cases = []
        self._started = 0.0
        self._problems = []

    def startTest(self, test) -> None:
        super().startTest(test)
        self._started = time.monotonic()
        self._problems = []

    def _add(self, kind: str, text: str) -> None:
        self._problems.append((kind, text))

    def addError(self, test, err) -> None:
        super().addError(test, err)
        self._add("error", "".join(traceback.format_exception(*err)))

    def addFailure(self, test, err) -> None:
        super().addFailure(test, err)
        self._add("failure", "".join(traceback.format_exception(*err)))

    def addSubTest(self, test, subtest, err) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._add("failure", "".join(traceback.format_exception(*err)))

    def addSkip(self, test, reason) -> None:
        super().addSkip(test, reason)
        self._add("skipped", reason)

    def stopTest(self, test) -> None:
        super().stopTest(test)
        self.cases.append((test.id(), time.monotonic() - self._started, self._problems))


def run_tests(module, name: str, chosen) -> int:
    """`chosen`: names of classes or methods; empty: all. Returns the exit status."""
    loader = unittest.TestLoader()
    suite = loader.loadTestsFromNames(chosen, module) if chosen else loader.loadTestsFromModule(module)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=_Result).run(suite)
    report = ElementTree.Element("testsuite", name=name, tests=str(len(result.cases)),
                                 failures=str(sum(any(kind != "skipped" for kind, _ in problems)
                                                  for _, _, problems in result.cases)))
    for case_id, seconds, problems in result.cases:
        case = ElementTree.SubElement(report, "testcase", name=case_id.replace("__main__.", ""), classname=name,
                                      time="%.3f" % seconds)
        for kind, text in problems:
            ElementTree.SubElement(case, kind).text = "".join(c for c in text if c >= " " or c in "\n\t")
    if os.environ.get("XML_OUTPUT_FILE"):
        ElementTree.ElementTree(report).write(os.environ["XML_OUTPUT_FILE"], encoding="utf-8")
    return 0 if result.wasSuccessful() else 1
