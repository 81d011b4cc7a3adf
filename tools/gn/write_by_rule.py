#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes what the implementation of a rule in a .bzl file writes with ctx.actions.write, for gn.

usage: write_by_rule.py LABEL NAME OUT DEPFILE

NAME is what the rule calls its file. DEPFILE tells ninja which BUILD and .bzl files were read.
"""
import os
import sys

sys.dont_write_bytecode = True
ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import starlark


def main() -> None:
    label, name, out, depfile = sys.argv[1:]
    workspace = starlark.Workspace(ROOT)
    _, package, target_name = starlark.parse_label(label, "")
    target = workspace.package(package).targets[target_name]
    written = starlark.implement(target).written
    if name not in written:
        raise starlark.Error(f"{label} writes no {name}")
    with open(out, "w", encoding="utf-8") as file:
        file.write(written[name])
    with open(depfile, "w", encoding="utf-8") as file:
        file.write(f"{out}: {' '.join(os.path.relpath(os.path.join(ROOT, path)) for path in sorted(workspace.files))}\n")


if __name__ == "__main__":
    try:
        main()
    except starlark.Error as error:
        print(f"write_by_rule.py: {error}", file=sys.stderr)
        sys.exit(1)
