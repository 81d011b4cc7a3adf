#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: portable_test.py REPORT...

Host code is POSIX and C++20: it compiles with _POSIX_C_SOURCE and without what only Linux has, and the host backend
(runtime/sys/posix) does so as for macOS.

REPORT: what the compiler said of the sources of one library (portable.bzl); empty where it found nothing. That of
:not_portable is the one that has to say something.
"""
import os
import sys
from typing import Callable, Dict

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from testing import expect, run_cases

_NOT_PORTABLE = "tests/conformance/not_portable.portable"


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def _finds_what_is_linux_alone() -> None:
    said = _read(_NOT_PORTABLE)
    expect("<sys/epoll.h> is Linux' alone" in said, "a header is not found:\n" + said)
    expect("pipe2" in said, "a call of pipe2() is not found:\n" + said)
    expect("this is not Linux" in said, "the compiler says that this is Linux:\n" + said)


def _compiles(report: str) -> Callable[[], None]:
    def case() -> None:
        said = _read(report)
        expect(not said, "%s\nWhat is no POSIX belongs in runtime/sys/posix, with a way for macOS beside it." % said)
    return case


def main() -> int:
    reports = sorted(set(sys.argv[1:]) - {_NOT_PORTABLE})
    cases: Dict[str, Callable[[], None]] = {"finds_what_is_linux_alone": _finds_what_is_linux_alone}
    for package in ("coreutils/ls/", "runtime/sys/posix/", "image/command_line/", "shell-ext/"):
        cases["reads " + package] = lambda package=package: expect(
            any(report.startswith(package) for report in reports), "no library of %s is among them" % package)
    cases.update({report: _compiles(report) for report in reports})
    return run_cases("portable", cases)


if __name__ == "__main__":
    sys.exit(main())
