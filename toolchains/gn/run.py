#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a command for gn, whose actions are Python only.

usage: run.py [--stdout FILE] [--copy FROM TO] -- COMMAND...

--stdout: where the command's output goes; --copy: after the command, if it ended well. The status is the command's.
"""
import argparse
import os
import shutil
import subprocess
import sys


def main() -> int:
    split = sys.argv.index("--")
    parser = argparse.ArgumentParser()
    parser.add_argument("--stdout")
    parser.add_argument("--copy", nargs=2)
    options, command = parser.parse_args(sys.argv[1:split]), sys.argv[split + 1:]
    # What a build before this one has left must not pass for new.
    for old in [options.stdout] + (options.copy or [])[1:]:
        if old and os.path.lexists(old):
            os.remove(old)
    if options.stdout:
        with open(options.stdout, "wb") as out:
            status = subprocess.run(command, stdout=out, check=False).returncode
        if status:
            os.remove(options.stdout)
    else:
        status = subprocess.run(command, check=False).returncode
    if not status and options.copy:
        shutil.copy(*options.copy)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
