#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs toolchains/workspace_status.sh in the checkout, as Bazel does before each build.

usage: status.py OUT DEPFILE

ninja is told that OUT depends on a file that is never there, and so runs this each time; where the lines are as before, OUT is left alone,
and nothing that depends on it is built again.
"""
import os
import subprocess
import sys

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))


def main() -> None:
    out, depfile = sys.argv[1:]
    lines = subprocess.run(["toolchains/workspace_status.sh"], cwd=ROOT, capture_output=True, check=True).stdout
    before = b""
    if os.path.exists(out):
        with open(out, "rb") as file:
            before = file.read()
    if lines != before:
        with open(out, "wb") as file:
            file.write(lines)
    with open(depfile, "w", encoding="utf-8") as file:
        file.write(f"{out}: {out}.never\n")


if __name__ == "__main__":
    main()
