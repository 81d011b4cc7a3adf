#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Says where a file for the shell Ion does not do what it seems to: Ion stops at the first error, says little, and takes some
of what other shells have for something else without a word.

A finding is a line FILE:LINE:COLUMN: error|warning: what is wrong; what to write instead [rule]. Warnings are what may be wrong. In an initrc (a file
of that name, or --initrc) it is also checked that no line can keep the rest from running.

Exit status: 0 no errors, 1 errors, 2 a file cannot be read, or wrong usage.
"""
import sys

sys.dont_write_bytecode = True

import argparse
import os
from typing import List, Optional

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from checks import Finding, check
from rules import ERROR, RULES


def line_and_column(text: str, offset: int) -> str:
    """Both from 1, in characters."""
    before = text[:offset]
    return "%d:%d" % (before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def list_rules() -> None:
    width = max(len(name) for name in RULES)
    for rule in RULES.values():
        where = " (initrc)" if rule.initrc else ""
        print("%-*s  %-7s  %s%s" % (width, rule.name, rule.kind, one_line(rule.bad), where))


def one_line(example: str) -> str:
    return example.replace("\ufeff", "<U+FEFF>").replace("\udcff", "<0xFF>").replace("\n", " ⏎ ")


def table() -> List[str]:
    """The rules as a table of Markdown, which shell-ext/README.md has."""

    def code(text: str) -> str:
        text = one_line(text).replace("|", "\\|")
        fence = "``" if "`" in text else "`"
        padding = " " if "`" in text else ""
        return fence + padding + text + padding + fence

    lines = ["| rule | what ion-check says | not | but |", "| --- | --- | --- | --- |"]
    for rule in RULES.values():
        message = next(finding.message for finding in check(rule.bad, rule.initrc) if finding.rule is rule)
        for character in "\\|`*_<":
            message = message.replace(character, "\\" + character)
        lines.append("| %s%s | %s | %s | %s |" % (rule.name, "" if rule.kind == ERROR else " (warning)", message, code(rule.bad), code(rule.good)))
    return lines


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="ion-check", usage="ion-check [--initrc] FILE... | --list", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--initrc", action="store_true", help="check the files as an initrc")
    parser.add_argument("--list", action="store_true", help="list the rules, each with what it is against")
    parser.add_argument("--table", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("files", metavar="FILE", nargs="*", help="- is the standard input")
    options = parser.parse_args(arguments)
    if options.list or options.table:
        if options.list:
            list_rules()
        else:
            print("\n".join(table()))
        return 0
    if not options.files:
        parser.error("which files?")
    status = 0
    for name in options.files:
        try:
            text = read(name)
        except OSError as error:
            print("ion-check: %s: %s" % (name, error.strerror), file=sys.stderr)
            status = 2
            continue
        findings: List[Finding] = check(text, options.initrc or os.path.basename(name) == "initrc")
        for finding in findings:
            print("%s:%s: %s: %s [%s]" % (name, line_and_column(text, finding.offset), finding.rule.kind, finding.message, finding.rule.name))
        if status == 0 and any(finding.rule.kind == ERROR for finding in findings):
            status = 1
    return status


def read(name: str) -> str:
    """The file's text, in which bytes that are not UTF-8 are surrogates."""
    if name == "-":
        content = sys.stdin.buffer.read()
    else:
        with open(name, "rb") as file:
            content = file.read()
    return content.decode("utf-8", "surrogateescape")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
