#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: bazel run //tests/conformance:update_imports

Writes tests/conformance/imports.txt anew from what the objects import, and says what changed.
"""
import sys

sys.dont_write_bytecode = True
import os

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import imports


def main() -> int:
    workspace = os.environ.get("BUILD_WORKSPACE_DIRECTORY")
    if not workspace:
        print("update_imports: run me by `bazel run //tests/conformance:update_imports`", file=sys.stderr)
        return 2
    path = os.path.join(workspace, "tests/conformance/imports.txt")
    found = imports.read_objects(sys.argv[1:])
    before = imports.read_checked_in(path) if os.path.exists(path) else {}
    after = imports.entries(found)
    for symbol in sorted(set(before) | set(after)):
        if symbol not in after:
            print("gone  %s" % symbol)
        elif symbol not in before:
            print("came  %s" % symbol)
        elif before[symbol] != after[symbol]:
            print("moved %s: %s, was %s" % (symbol, after[symbol] or "all builds", before[symbol] or "all builds"))
    with open(path, "w", encoding="utf-8") as file:
        file.write(imports.text(found))
    print("%d symbols in %s" % (len(after), path))
    return 0


if __name__ == "__main__":
    sys.exit(main())
