#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the sources to the gates of gates.py: each says what it found, and in its last line what mends it.

usage: check.py [--fix] [--without-llvm] [--steps FILE] [GATE...]

Without a GATE, all of them, or with --without-llvm those that need nothing of LLVM. --fix writes the sources as the formatters would have
them, instead. --steps appends a line for each gate, which tools/bep_summary.py counts: STATUS, a tab and what it is called. To be run in the
checkout's root, as ./cation check, format and test do.
Status: 0 nothing found, 1 something, 2 it could not be tried.
"""
import argparse
import os
import subprocess
import sys
import time

sys.dont_write_bytecode = True
_FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [_FOLDER, os.path.dirname(_FOLDER)]
import gates
from listed import listed
from running import CannotTry

# Findings of one gate that are printed; the number is said anyway.
_MOST = 200


def main() -> int:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--help", action="store_true")
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("--without-llvm", action="store_true")
    parser.add_argument("--steps")
    parser.add_argument("gates", nargs="*")
    options = parser.parse_args()
    if options.help:
        print(__doc__)
        return 0
    for name in options.gates:
        if name not in gates.GATES:
            print(f"gates: there is no gate {name}; there are {', '.join(gates.GATES)}", file=sys.stderr)
            return 2
    files = [path for path in listed() if os.path.isfile(path) and not os.path.islink(path)]
    if options.fix:
        if options.without_llvm:
            print("gates: C++ is left as it is: clang-format is a part of LLVM", flush=True)
        gates.format_sources(files, options.without_llvm)
        return 0
    status = 0
    for name in options.gates or gates.GATES:
        gate, start, found = gates.GATES[name], time.monotonic(), None
        if gate.of_llvm and options.without_llvm and name not in options.gates:
            print(f"gates: {name} is left out: it is a part of LLVM", flush=True)
            continue
        try:
            if name == "clang-tidy" and subprocess.run(["tools/compile_commands.py"], stdout=subprocess.DEVNULL, check=False).returncode != 0:
                raise CannotTry("it is not known how the sources are compiled; the lines above say why")
            found = gate.find(files)
        except (CannotTry, OSError) as error:
            print(f"gates: {name} could not be tried: {error}", flush=True)
            status = 2
        if found:
            status = max(status, 1)
            print("\n".join(found[:_MOST]))
            print(f"gates: {name}: {len(found)} findings; to mend them: {gate.mend}", flush=True)
        elif found is not None:
            print(f"gates: {name}: clean ({time.monotonic() - start:.0f} s)", flush=True)
        if options.steps:
            with open(options.steps, "a", encoding="utf-8") as file:
                file.write(f"{'passed' if found == [] else 'failed'}\tgate {name} (./cation check {name} says more)\n")
    return status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (CannotTry, OSError) as error:
        print(f"gates: {error}", file=sys.stderr)
        sys.exit(2)
