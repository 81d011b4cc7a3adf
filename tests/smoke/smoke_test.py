#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the programs for Redox, linked with the stand-in, beside the host's GNU tools.

usage: smoke_test.py [--list] FOLDER ARCH REVISION [PATTERN]

FOLDER is a userland tree (FOLDER/ARCH/usr/bin/ls ...), ARCH x86_64 or aarch64 (under qemu where the
host is another), REVISION that of the relibc that the stand-in imitates. ARCH and REVISION "host": the
programs for this host (FOLDER/usr/bin/ls ...). PATTERN, a regular
expression, chooses cases; $TESTBRIDGE_TEST_ONLY (bazel test --test_filter) does too. A line for each
case, differences for those that fail; $XML_OUTPUT_FILE gets a JUnit report. Status 0: all passed.
"""
import sys

sys.dont_write_bytecode = True  # the sources may be read-only, and are not to be littered

import os
import re
import tempfile
import time
import traceback
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from harness import CASES, Case, Failed, Programs, Skipped, load_cases, remove_tree

load_cases()

_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd]")


def main() -> int:
    arguments = sys.argv[1:]
    if arguments[:1] == ["--list"]:
        print("\n".join(sorted(CASES)))
        return 0
    if len(arguments) not in (3, 4):
        print(__doc__, file=sys.stderr)
        return 2
    folder, arch, revision = arguments[:3]
    pattern = arguments[3] if len(arguments) == 4 else os.environ.get("TESTBRIDGE_TEST_ONLY", "")
    chosen = [definition for name, definition in sorted(CASES.items()) if re.search(pattern, name)]
    if not chosen:
        print("no case matches %r (--list shows them)" % pattern, file=sys.stderr)
        return 2

    suite_name = "smoke.%s.%s" % (arch, revision)
    suite = ElementTree.Element("testsuite", name=suite_name)
    counts = {"ok": 0, "FAILED": 0, "skipped": 0}
    started = time.monotonic()
    work = tempfile.mkdtemp(prefix="cation-smoke.", dir=os.environ.get("TEST_TMPDIR"))
    os.chmod(work, 0o755)
    os.umask(0o022)
    for definition in chosen:
        begun = time.monotonic()
        element = ElementTree.SubElement(suite, "testcase", name=definition.name, classname=suite_name)
        text = ""
        at_work = None
        try:
            programs = Programs(folder, arch, revision)
            at_work = Case(definition.name, programs, work, definition.seconds)
            definition.function(at_work)
            result = "ok"
        except Skipped as reason:
            result, text = "skipped", str(reason)
            ElementTree.SubElement(element, "skipped", message=text)
        except Failed as reason:
            result, text = "FAILED", str(reason)
        except Exception:  # pylint: disable=broad-except
            result, text = "FAILED", traceback.format_exc()
        finally:
            if at_work is not None:
                remove_tree(at_work.root)
        if result == "FAILED":
            failure = ElementTree.SubElement(element, "failure", message=_NOT_IN_XML.sub("?", text.split("\n")[0]))
            failure.text = _NOT_IN_XML.sub("?", text)
        seconds = time.monotonic() - begun
        element.set("time", "%.3f" % seconds)
        counts[result] += 1
        print("%-8s%s (%.2f s)" % (result, definition.name, seconds))
        if text:
            print("    " + text.rstrip().replace("\n", "\n    "))
        sys.stdout.flush()
    remove_tree(os.fsencode(work))
    suite.set("tests", str(len(chosen)))
    suite.set("failures", str(counts["FAILED"]))
    suite.set("skipped", str(counts["skipped"]))
    suite.set("time", "%.3f" % (time.monotonic() - started))
    root = ElementTree.Element("testsuites")
    root.append(suite)
    report = os.environ.get("XML_OUTPUT_FILE")
    if report:
        ElementTree.ElementTree(root).write(report, encoding="utf-8", xml_declaration=True)
    print("%s: %d ok, %d FAILED, %d skipped, %.1f s" % (
        suite_name, counts["ok"], counts["FAILED"], counts["skipped"], time.monotonic() - started))
    return 1 if counts["FAILED"] else 0


if __name__ == "__main__":
    sys.exit(main())
