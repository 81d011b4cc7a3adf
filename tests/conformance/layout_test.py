#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: layout_test.py RELIBC_DIRECTORY SYMBOLS_DIRECTORY PROGRAMS_DIRECTORY HEADER...

Every size, offset and value that runtime/abi declares is the one that relibc's own headers have
(relibc/abi-*.txt), as a compiler for each architecture sees them; every function is one that relibc
exports. PROGRAMS_DIRECTORY has <arch>-<revision>, programs that print what they were compiled with.
"""
import sys

sys.dont_write_bytecode = True
import errno
import os
import re
import shutil
import subprocess
from typing import Callable, Dict, List, Optional

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import abi_facts
from testing import Failed, expect, read_list, run_cases

# Declared by us, not by relibc, and why.
_OURS = {
    "OpenModeMask": "where Redox's kernel finds the mode of a new file; no macro of relibc",
    "struct sigaction.sa_flags": "8 bytes in January, 4 in August: what follows is where it was",
    "SIG_DFL": "a value of relibc's own type, which the table does not print",
    "SIG_IGN": "the same",
    "SIG_SETMASK": "not in the table",
    "SignalInformationSize": "that of siginfo_t, of which only the beginning is looked at",
    "struct stat.reserved": "padding, without a name in relibc's table; the size of the struct covers it",
}
# Constants that the tables do not have, though relibc does: errno values as Linux has them.
_AS_ON_LINUX = {"ESTALE", "EDQUOT"}


def read_table(path: str) -> Dict[str, Optional[int]]:
    """relibc/abi-*.txt: name to value; None for what is not there."""
    table: Dict[str, Optional[int]] = {}
    for line in read_list(path):
        match = re.fullmatch(r"\s*(.+?) (?:: MISSING|(-?\d+)(?: \(0x[0-9a-f]+\))?)", line)
        if match is None:
            raise Failed("%s: not understood: %s" % (path, line))
        table[match.group(1)] = None if match.group(2) is None else int(match.group(2))
    return table


def run_program(path: str, arch: str) -> Dict[str, int]:
    """What the layout program for `arch` prints."""
    command: List[str] = [os.path.abspath(path)]
    if arch != os.uname().machine:
        emulator = shutil.which("qemu-" + arch) or shutil.which("qemu-%s-static" % arch)
        if emulator is None:
            raise Failed("there is no qemu-%s to run the program: apt-get install qemu-user" % arch)
        command.insert(0, emulator)
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=60).stdout.decode()
    return {name: int(value) for name, value in (line.rsplit(" ", 1) for line in text.splitlines())}


def difference(ours: Dict[str, int], table: Dict[str, Optional[int]]) -> List[str]:
    """Lines about what differs, or is missing, in the table."""
    problems = []
    for name, value in ours.items():
        bare = name.rstrip("@# ")
        if bare in _OURS:
            continue
        want = table.get(name)
        if want is None and name in _AS_ON_LINUX:
            want = getattr(errno, name)
        if want is None:
            problems.append("%s: %d here; relibc has no such thing" % (name, value))
        # Flags are unsigned here, int there.
        elif want != value and not (name.startswith("O_") and want & 0xffffffff == value):
            problems.append("%s: %d here, %d in relibc" % (name, value, want))
    return problems


def main() -> int:
    relibc, symbols, programs, headers = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    declarations = abi_facts.read_headers(headers)
    cases: Dict[str, Callable[[], None]] = {}

    def compare(program: str, arch: str, table: str) -> None:
        ours = run_program(os.path.join(programs, program), arch)
        expect(len(ours) >= 100, "the program prints only %d facts" % len(ours))
        for struct, fields in declarations.structs.items():
            for name in fields:
                expect("struct %s.%s @" % (abi_facts.c_name(struct), name) in ours, "%s.%s is not printed" % (struct, name))
        for name in declarations.constants:
            expect(name in ours, "k%s is not printed" % name)
        problems = difference(ours, read_table(os.path.join(relibc, table)))
        expect(not problems, "runtime/abi is not relibc's ABI (%s):\n" % table + "\n".join(problems))

    # No table was made for aarch64 of August 2026. In January the two architectures differ in jmp_buf and
    # wchar_t only, which runtime/abi does not declare (checked below); August's is compared with x86_64's.
    for program, arch, table in (("x86_64-2026-01", "x86_64", "abi-x86_64-2026-01.txt"),
                                 ("x86_64-2026-08", "x86_64", "abi-x86_64-2026-08.txt"),
                                 ("aarch64-2026-01", "aarch64", "abi-aarch64-2026-01.txt"),
                                 ("aarch64-2026-08", "aarch64", "abi-x86_64-2026-08.txt")):
        cases[program] = lambda program=program, arch=arch, table=table: compare(program, arch, table)

    def architectures() -> None:
        one, other = (read_table(os.path.join(relibc, "abi-%s-2026-01.txt" % arch)) for arch in ("x86_64", "aarch64"))
        expect({name for name in one if one[name] != other.get(name)} == {"sizeof(jmp_buf)", "wchar_t signed"},
               "the architectures differ in more than was known")

    def finds_differences() -> None:
        table = read_table(os.path.join(relibc, "abi-x86_64-2026-01.txt"))
        ours = run_program(os.path.join(programs, "x86_64-2026-01"), "x86_64")
        for name in ("struct stat.st_size @", "sizeof(struct dirent)", "O_CREAT", "ENOENT", "AT_REMOVEDIR"):
            changed = dict(ours)
            expect(name in changed, name + " is not printed")
            changed[name] += 1
            expect(len(difference(changed, table)) == 1, "a wrong %s is not noticed" % name)
        expect(len(difference({**ours, "O_NOSUCH": 1}, table)) == 1, "an unknown constant is not noticed")

    def functions() -> None:
        lists = {name: set(read_list(os.path.join(symbols, name)))
                 for name in sorted(os.listdir(symbols)) if name.startswith("symbols-")}
        expect(len(lists) >= 2, "no lists of symbols")
        expect(len(declarations.functions) >= 20, "only %d functions were found" % len(declarations.functions))
        for function in sorted(declarations.functions):
            expect(any(function in exported for exported in lists.values()), "no relibc has %s()" % function)
            expect("..." not in declarations.functions[function], "%s() is variadic" % function)

    cases["architectures"] = architectures
    cases["finds-differences"] = finds_differences
    cases["functions"] = functions
    return run_cases("conformance.layout", cases)


if __name__ == "__main__":
    sys.exit(main())
