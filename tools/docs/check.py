#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the documentation, or renews what is generated in it.

usage: check.py [--renew] [--only FILE] [links] [generated] [commands]

Without a word, all three: links (and paths) lead to something; diagrams and manual pages in docs/ are those that the build graph and the
programs give; the commands that are shown run here, and print what is shown. --renew writes what is generated instead. To be run in the
checkout's root after ./cation release and ./cation build, as ./cation docs and ./cation test do. Findings are lines FILE:LINE: what is wrong and
what mends it; the last line is "docs: N checked, N findings". Status: 0 nothing found, 1 something, 2 it could not be tried.
"""
import argparse
import fnmatch
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(1, os.path.dirname(sys.path[0]))
import commands
import diagrams
import generated
import links
import markdown
from listed import listed

# Where commands are executed; links are checked in all.
_WITH_COMMANDS = (
    "README.md", "CONTRIBUTING.md", "docs/*.md", "image/README.md", "shell-ext/README.md", "tests/*/README.md", "runtime/standin/README.md",
)


def main() -> int:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--help", action="store_true")
    parser.add_argument("--renew", action="store_true")
    parser.add_argument("--only", default="*")
    parser.add_argument("checks", nargs="*")
    options = parser.parse_args()
    if options.help:
        print(__doc__)
        return 0
    checks = options.checks or ["links", "generated", "commands"]
    unknown = set(checks) - {"links", "generated", "commands"}
    if unknown:
        print(f"docs: there is no check {sorted(unknown)[0]}; there are links, generated, commands", file=sys.stderr)
        return 2
    tracked = listed()
    documents = [path for path in tracked if path.endswith(".md")]
    architecture = platform.machine()
    release = f"out/release/{architecture}"
    in_docs = [path for path in documents if path.startswith("docs/")]
    pages = [path for path in in_docs if path.startswith(generated.PAGES + "/")]
    if options.renew:
        made = generated.wanted(in_docs, diagrams.draw(diagrams.query()), generated.read_roff(release))
        for path in generated.renew(made, pages):
            print(f"docs: {path} is new")
        return 0

    count, findings = 0, 0

    def say(found) -> None:
        nonlocal findings
        for finding in found:
            print(finding, flush=True)
            findings += 1

    selected = [path for path in documents if fnmatch.fnmatchcase(path, options.only)]
    if not selected:
        raise RuntimeError(f"--only {options.only}: there is no such page")
    if "links" in checks:
        say(links.check(selected, tracked))
        count += len(selected)
    if "generated" in checks:
        roff = generated.read_roff(release)
        made = generated.wanted(in_docs, diagrams.draw(diagrams.query()), roff)
        say(generated.outdated(made, pages))
        say(generated.lost_words(roff))
        count += len(made)
    if "commands" in checks:
        start = time.monotonic()
        executed, skipped = 0, 0
        for path in selected:
            # fnmatch's * takes slashes, too.
            if not any(fnmatch.fnmatchcase(path, pattern) and path.count("/") == pattern.count("/") for pattern in _WITH_COMMANDS):
                continue
            document = markdown.read(path)
            folder = tempfile.mkdtemp(prefix="cation-docs.")
            try:
                say(commands.run(document, folder, commands.prepare(folder, os.getcwd(), architecture)))
                for command in commands.commands_of(document):
                    executed += len([line for line in command.text if line.strip() and not line.lstrip().startswith("#")])
                    skipped += command.skipped
            except ValueError:
                pass  # said already
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        print(f"docs: {executed} lines of commands executed, {skipped} not, in {time.monotonic() - start:.0f} s")
        count += executed
    print(f"docs: {count} checked, {findings} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (diagrams.Failure, generated.Failure, RuntimeError, OSError, subprocess.CalledProcessError) as error:
        print(f"docs: {error}", file=sys.stderr)
        sys.exit(2)
