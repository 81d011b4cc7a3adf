#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts test cases: prints those that failed, how many were skipped and why, how many faults were injected into the
others (GoogleTest's property "faults"), and then, as the last line, "N passed, N failed".

usage: bep_summary.py [--steps FILE] BAZEL_STATUS [NAME=]EVENT_FILE...

Event files are those of `bazel test --build_event_json_file`; a NAME is put before what failed there. The file of steps has a line for
each that Bazel does not know, a case as well: passed or failed, a tab, and what it is called. A case is a <testcase> of a target's
test.xml (GoogleTest writes one for each TEST), or, without such a file, the target itself; what was skipped has neither passed nor
failed. Exit status: 0 if all passed; 1 if one failed, a target was not built, none ran, or BAZEL_STATUS is not 0.
"""
import argparse
import collections
import json
import os
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree


def read_xml(xml_path):
    """The cases in a test.xml, a list of (name, passed), the reasons for which others were skipped, and how many faults
    they say that they have injected; nothing if it cannot be read."""
    try:
        root = ElementTree.parse(xml_path).getroot()
    except (OSError, ElementTree.ParseError):
        return [], [], 0
    cases, skipped = [], []
    for case in root.iter("testcase"):
        if case.get("status") == "notrun":
            continue
        if case.find("skipped") is not None:
            # GoogleTest's begins with a line that says where.
            reason = (case.find("skipped").get("message") or case.find("skipped").text or "").strip()
            skipped.append(reason.splitlines()[-1] if reason else "without a reason")
            continue
        passed = case.find("failure") is None and case.find("error") is None
        name = case.get("name", "?")
        if case.get("classname") and case.get("classname") != name:
            name = case.get("classname") + "." + name
        cases.append((name, passed))
    return cases, skipped, sum(int(found.get("value", 0)) for found in root.iter("property") if found.get("name") == "faults")


def read_events(path):
    """Of each test target its (status, xml files), the labels that were not built, and whether Bazel has written to the file's end."""
    tests, xmls, unbuilt, whole = {}, {}, {}, True
    with open(path, encoding="utf-8") as events:
        for line in events:
            try:
                event = json.loads(line)
            except ValueError:  # Bazel was killed, or the disk is full
                whole = False
                break
            identity = event.get("id", {})
            if "testResult" in identity and "testResult" in event:
                for output in event["testResult"].get("testActionOutput", []):
                    if output.get("name") == "test.xml" and output.get("uri", "").startswith("file://"):
                        xml = urllib.parse.unquote(output["uri"][len("file://"):])
                        # A later attempt of the same target replaces an earlier one.
                        key = (identity["testResult"].get("run"), identity["testResult"].get("shard"))
                        xmls.setdefault(identity["testResult"]["label"], {})[key] = xml
            elif "testSummary" in identity and "testSummary" in event:
                tests[identity["testSummary"]["label"]] = event["testSummary"]["overallStatus"]
            elif "targetCompleted" in identity:
                aborted = event.get("aborted", {}).get("reason")
                if aborted == "SKIPPED":  # for another platform
                    continue
                if aborted or not event.get("completed", {}).get("success", False):
                    unbuilt[identity["targetCompleted"]["label"]] = True
    for label in tests:
        tests[label] = (tests[label], sorted(xmls.get(label, {}).values()))
    return tests, unbuilt, whole


def read_steps(path):
    """How many steps passed, and the names of the others."""
    with open(path, encoding="utf-8") as file:
        steps = [line.rstrip("\n").split("\t", 1) for line in file]
    return sum(how == "passed" for how, _ in steps), [name for how, name in steps if how != "passed"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps")
    parser.add_argument("bazel_status", type=int)
    parser.add_argument("events", nargs="*")
    options = parser.parse_args()
    bazel_status = options.bazel_status
    passed, failures, skips, faults = 0, [], [], 0
    for event_file in options.events:
        # A folder's name may have a = as well.
        run, equals, path = event_file.partition("=")
        if not equals or "/" in run:
            run, path = "", event_file
        if not os.path.exists(path):
            continue
        tests, unbuilt, whole = read_events(path)
        before = len(failures)
        if not whole:
            failures.append("what Bazel says of its tests ends within a line (was it killed, or the disk full?)")
        for label in unbuilt:
            if label not in tests or tests[label][0] == "NO_STATUS":
                failures.append("%s: not built" % label)
        for label, (status, xmls) in sorted(tests.items()):
            if status == "NO_STATUS":
                if label not in unbuilt:
                    failures.append("%s: not run" % label)
                continue
            cases, reasons = [], []
            for xml in xmls:
                more, why, injected = read_xml(xml)
                cases += more
                reasons += why
                faults += injected
            skips += [(label, reason) for reason in reasons]
            bad = [name for name, ok in cases if not ok]
            if status in ("PASSED", "FLAKY"):
                # Bazel has the last word on a target; a target without cases is one.
                passed += len(cases) if cases or reasons else 1
            else:
                passed += len(cases) - len(bad)
                failures += ["%s: %s" % (label, name) for name in bad] or [
                    "%s: %s" % (label, status.lower())
                ]
        if run:
            failures[before:] = ["%s: %s" % (run, failure) for failure in failures[before:]]
    if options.steps and os.path.exists(options.steps):
        well, badly = read_steps(options.steps)
        passed += well
        failures += badly
    if not failures and bazel_status != 0:
        failures.append("bazel: exit status %d" % bazel_status)
    if not failures and not passed:
        failures.append("no test ran")
    for failure in failures:
        print("FAILED %s" % failure)
    for (label, reason), count in sorted(collections.Counter(skips).items()):
        print("%d skipped of %s: %s" % (count, label, reason))
    if faults:
        print("%d faults injected into OS calls" % faults)
    print("%d passed, %d failed" % (passed, len(failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
