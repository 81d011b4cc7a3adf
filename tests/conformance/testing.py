# SPDX-License-Identifier: MIT
"""A few lines of test runner: cases with names, a JUnit report where Bazel asks for one."""
import os
import re
import sys
import traceback
import xml.etree.ElementTree as ElementTree
from typing import Callable, Dict, List


class Failed(Exception):
    """The case does not hold; the text says why and what to do."""


class Skipped(Exception):
    """The case cannot be run here; the text says why."""


def expect(holds: bool, what: str) -> None:
    """Fails the case with `what` unless it holds."""
    if not holds:
        raise Failed(what)


def run_cases(suite_name: str, cases: Dict[str, Callable[[], None]]) -> int:
    """Runs all; a line for each, with what is wrong. Returns the exit status."""
    not_in_xml = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd]")
    root = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(root, "testsuite", name=suite_name, tests=str(len(cases)))
    failures: List[str] = []
    for name, function in cases.items():
        element = ElementTree.SubElement(suite, "testcase", name=name, classname=suite_name)
        try:
            function()
            result, text = "ok", ""
        except Skipped as reason:
            result, text = "skipped", str(reason)
            ElementTree.SubElement(element, "skipped", message=text)
        except Failed as reason:
            result, text = "FAILED", str(reason)
        except Exception:  # pylint: disable=broad-except
            result, text = "FAILED", traceback.format_exc()
        if result == "FAILED":
            failures.append(name)
            failure = ElementTree.SubElement(element, "failure", message=not_in_xml.sub("?", text.split("\n")[0]))
            failure.text = not_in_xml.sub("?", text)
        print("%-8s%s" % (result, name))
        if text:
            print("    " + text.rstrip().replace("\n", "\n    "))
    sys.stdout.flush()
    report = os.environ.get("XML_OUTPUT_FILE")
    if report:
        ElementTree.ElementTree(root).write(report, encoding="utf-8", xml_declaration=True)
    return 1 if failures else 0


def read_list(path: str) -> List[str]:
    """The lines of a file, without comments and empty ones."""
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]
