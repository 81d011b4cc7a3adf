#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: boxed_names_test.py SOURCE...

All utilities are linked into one program besides their own: what two of them define by the same name would be one thing there, which the
linker sees of functions and variables, and of types nobody does. So a utility's own names are in an anonymous namespace, or in one of a name of
its own; in namespace cation itself are Main() and ThisCommand() alone (and kCopyUse).

SOURCE: the sources and headers of all utilities. They are as clang-format leaves them: what a namespace holds begins at a line's start.
"""
import os
import re
import sys
from typing import Callable, Dict, List, Set

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from testing import expect, run_cases

# Which each program has, and the build renames.
# kCopyUse: of cp and mv; toolchains/program.bzl knows it too.
_OF_EACH = {"Main", "ThisCommand", "kCopyUse"}
# Types, variables and functions at a line's start.
_TYPE = re.compile(r"(?:class|struct|union|enum(?: class)?|using|typedef) (\w+)")
_OTHER = re.compile(r"(?:[\w:<>,*&\[\] ]+[ *&])?(\w+)(?:\(|\[|\{| = )")


def _defined(path: str) -> Dict[str, Set[str]]:
    """Namespace: names that the file defines in it, but for anonymous ones."""
    found: Dict[str, Set[str]] = {}
    spaces: List[str] = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            opened = re.match(r"(?:inline )?namespace ?([\w:]*) \{|namespace \{", line)
            if opened:
                spaces.append(opened.group(1) or "")
            elif re.match(r"\}  // namespace", line):
                spaces.pop()
            elif spaces and "" not in spaces and re.match(r"[\w\[]", line) \
                    and not line.startswith(("template", "public:", "private:", "static_assert")):
                text = re.sub(r"\[\[.*?\]\] ?", "", line)
                name = _TYPE.match(text) or _OTHER.match(text)
                # A declaration of what is elsewhere, or a member's definition.
                if name and "::" + name.group(1) not in text.split("(")[0]:
                    found.setdefault("::".join(spaces), set()).add(name.group(1))
    return found


def main() -> int:
    by_utility: Dict[str, Dict[str, Set[str]]] = {}
    for path in sys.argv[1:]:
        utility = os.path.basename(os.path.dirname(path))
        for space, names in _defined(path).items():
            by_utility.setdefault(utility, {}).setdefault(space, set()).update(names)

    def reads_them() -> None:
        without = [utility for utility, spaces in by_utility.items() if not spaces.get("cation", set()) & _OF_EACH]
        expect(len(by_utility) >= 8 and not without, "no Main() found in %s of %d: the sources are read wrongly" % (without, len(by_utility)))

    def nothing_in_cation() -> None:
        stray = ["%s: %s" % (utility, ", ".join(sorted(spaces["cation"] - _OF_EACH)))
                 for utility, spaces in sorted(by_utility.items()) if spaces.get("cation", set()) - _OF_EACH]
        expect(not stray, "these are in namespace cation, and belong into one of their utility's own:\n" + "\n".join(stray))

    def spaces_of_one() -> None:
        owners: Dict[str, Set[str]] = {}
        for utility, spaces in by_utility.items():
            for space in spaces:
                owners.setdefault(space, set()).add(utility)
        shared = ["%s: %s" % (space, ", ".join(sorted(users))) for space, users in sorted(owners.items()) if space != "cation" and len(users) > 1]
        expect(not shared, "more than one utility defines something in\n" + "\n".join(shared))

    cases: Dict[str, Callable[[], None]] = {"reads-them": reads_them, "nothing-in-cation": nothing_in_cation, "namespaces-of-one": spaces_of_one}
    return run_cases("boxed-names", cases)


if __name__ == "__main__":
    sys.exit(main())
