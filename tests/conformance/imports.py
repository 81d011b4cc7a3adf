# SPDX-License-Identifier: MIT
"""The checked-in list of imported symbols and what the objects import."""
import os
from typing import Dict, Iterable, Set

from testing import read_list

HEADER = """\
# SPDX-License-Identifier: MIT
# What the programs for Redox import from relibc, sorted, one symbol a line; behind it, where not all
# builds import it, those that do. Each is a promise of relibc that we rely on, and bytes in every
# program that uses it: review what comes, then
#     bazel run //tests/conformance:update_imports
"""

# The program's own note, made with the program.
_OURS = {"cation_build_note"}


def read_objects(paths: Iterable[str]) -> Dict[str, Dict[str, Set[str]]]:
    """From the files of program_imports(): build ("x86_64-2026-01"): symbol: programs."""
    found: Dict[str, Dict[str, Set[str]]] = {}
    for path in paths:
        build = os.path.basename(path)[: -len(".txt")]
        symbols = found.setdefault(build, {})
        for line in read_list(path):
            program, symbol = line.split(" ")
            if symbol not in _OURS:
                symbols.setdefault(symbol, set()).add(program)
    return found


def entries(found: Dict[str, Dict[str, Set[str]]]) -> Dict[str, str]:
    """symbol: the rest of its line in imports.txt."""
    result: Dict[str, str] = {}
    for symbol in sorted({symbol for symbols in found.values() for symbol in symbols}):
        builds = sorted(build for build, symbols in found.items() if symbol in symbols)
        result[symbol] = "" if len(builds) == len(found) else " ".join(builds)
    return result


def read_checked_in(path: str) -> Dict[str, str]:
    """The same from imports.txt."""
    result: Dict[str, str] = {}
    for line in read_list(path):
        symbol, _, builds = line.partition(" ")
        result[symbol] = builds
    return result


def text(found: Dict[str, Dict[str, Set[str]]]) -> str:
    """imports.txt as it should be."""
    return HEADER + "".join((symbol + " " + builds).rstrip() + "\n" for symbol, builds in entries(found).items())
