#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: make_release.py --tree FOLDER --tar FILE --manifest-tool PROGRAM --aliases FILE ENTRY...

Puts a release together: what is installed, as it is to stand in a root. ENTRY is KIND:PATH=FILE,
where KIND is program (0755), file (0644), or template (0644; {VERSION}, {COMMIT}, {DATE}, {ARCHITECTURE}
and {LIBC} in it are replaced). What these are is read from the programs' notes, which must agree.
etc/cation-release is made here. PROGRAM is called as "PROGRAM FOLDER ALIASES" and writes the folder's
manifest; the aliases are lines of path and target with a tab between.
"""

import argparse
import calendar
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import make_tar

NOTE = re.compile(
    rb"Cation\0\0name=([^\n]*)\nversion=([^\n]*)\ncommit=([^\n]*)\ndate=([^\n]*)\n"
    rb"arch=([^\n]*)\nlibc=([^\n]*)\n"
)
KEYS = ("VERSION", "COMMIT", "DATE", "ARCHITECTURE", "LIBC")


class Failure(Exception):
    """What a user is told."""


def origin_of(programs):
    """What the programs (paths to files) say that they were built from, by KEYS."""
    origins = {}
    for path, file in programs:
        with open(file, "rb") as content:
            found = NOTE.search(content.read())
        if not found:
            raise Failure(f"{path} has no build note")
        name, *origin = (field.decode() for field in found.groups())
        if name != os.path.basename(path):
            raise Failure(f"{path} is {name}, its build note says")
        origins.setdefault(tuple(origin), path)
    if len(origins) != 1:
        raise Failure(f"programs of several builds, or none: {', '.join(origins.values())}")
    return dict(zip(KEYS, next(iter(origins))))


def cation_release(origin):
    return (
        "NAME=Cation\n"
        + "".join(f"{key}={origin[key]}\n" for key in KEYS)
        + f"Build: {origin['COMMIT']} | {origin['DATE']}\n"
    )


def seconds_of(date):
    """Of the day's start; 0 when the build knew no date."""
    if date == "unknown":
        return 0
    return calendar.timegm(time.strptime(date, "%Y-%m-%d"))


def put(tree, path, content, mode):
    whole = os.path.join(tree, path)
    os.makedirs(os.path.dirname(whole), exist_ok=True)
    with open(whole, "xb") as file:
        file.write(content)
    os.chmod(whole, mode)


def make_release(options):
    entries = []
    for entry in options.entries:
        kind, _, rest = entry.partition(":")
        path, _, file = rest.partition("=")
        if kind not in ("program", "file", "template") or not path or not file:
            raise Failure(f"{entry}: not KIND:PATH=FILE")
        entries.append((kind, path, file))
    origin = origin_of([(path, file) for kind, path, file in entries if kind == "program"])

    os.umask(0o022)
    with tempfile.TemporaryDirectory() as work:
        tree = os.path.join(work, "tree")
        for kind, path, file in entries:
            with open(file, "rb") as source:
                content = source.read()
            if kind == "template":
                for key, value in origin.items():
                    content = content.replace(b"{%s}" % key.encode(), value.encode())
            put(tree, path, content, 0o755 if kind == "program" else 0o644)
        put(tree, "etc/cation-release", cation_release(origin).encode(), 0o644)

        # Here the modes are right; Bazel takes the write permissions from its outputs.
        if subprocess.run([options.manifest_tool, tree, options.aliases], check=False).returncode != 0:
            raise Failure(f"{options.manifest_tool} failed")
        if not os.path.isfile(os.path.join(tree, "usr/lib/cation/manifest")):
            raise Failure(f"{options.manifest_tool} has written no manifest")

        make_tar.make_tar(tree, seconds_of(origin["DATE"]), options.tar)
        shutil.copytree(tree, options.tree, dirs_exist_ok=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tree", required=True)
    parser.add_argument("--tar", required=True)
    parser.add_argument("--aliases", required=True)
    parser.add_argument("--manifest-tool", required=True)
    parser.add_argument("entries", nargs="+")
    try:
        make_release(parser.parse_args())
    except (Failure, OSError, ValueError) as error:
        sys.exit(f"make_release: {error}")


if __name__ == "__main__":
    main()
