#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: release_facts.py --out FILE --compiler NAME=PATH --linker NAME=PATH --relibc REVISION [--libc LIBC.A]
       --empty PROGRAM PATH=BUDGET...

Writes, as JSON, what only the build knows of a release, for release_papers.py: the compiler and the
linker by their own words, the C library (with --libc the archive of a sysroot, by its SHA-256; else
the stand-in, which imitates REVISION), the size of the empty program, and each program's budget in bytes.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys


def version_of(named):
    """Of NAME=PATH: the name, the first line of `PATH --version`, and the version in it."""
    name, _, tool = named.partition("=")
    said = subprocess.run([tool, "--version"], check=True, capture_output=True, text=True).stdout
    line = said.splitlines()[0] if said else ""
    found = re.search(r"\d+(\.\d+)+", line)
    if not found:
        raise ValueError(f"{tool} --version says no version: {line!r}")
    return {"name": name, "says": line.strip(), "version": found.group()}


def main():
    parser = argparse.ArgumentParser()
    for option in ("--out", "--compiler", "--linker", "--relibc", "--empty"):
        parser.add_argument(option, required=True)
    parser.add_argument("--libc")
    parser.add_argument("budgets", nargs="+")
    options = parser.parse_args()
    try:
        facts = {"compiler": version_of(options.compiler), "linker": version_of(options.linker)}
        if options.libc:
            with open(options.libc, "rb") as archive:
                content = archive.read()
            facts["libc"] = {
                "name": "relibc",
                "sha1": hashlib.sha1(content).hexdigest(),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        else:
            facts["libc"] = {"name": "standin", "imitates": options.relibc}
        facts["empty"] = os.path.getsize(options.empty)
        facts["budgets"] = {path: int(budget) for path, budget in (entry.rsplit("=", 1) for entry in options.budgets)}
        with open(options.out, "w", encoding="utf-8") as out:
            json.dump(facts, out, indent=1, sort_keys=True)
            out.write("\n")
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(f"release_facts: {error}")


if __name__ == "__main__":
    main()
