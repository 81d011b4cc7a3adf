#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: standin_test.py SYMBOLS_DIRECTORY LINKER_SCRIPT IMPORTS_DIRECTORY REVISION=SYSROOTS...

The stand-in is a part of the relibc that it imitates: it defines nothing that this revision lacks, all
that programs built for it import, and a program that wants more does not link. SYSROOTS: a folder with
<arch>/lib/{crt0.o,libc.a}, the stand-in as an archive.
"""
import sys

sys.dont_write_bytecode = True
import os
import subprocess
import tempfile
from typing import Callable, Dict, Set

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import imports
from testing import expect, read_list, run_cases


def main() -> int:
    symbols, script, imports_directory = sys.argv[1:4]
    sysroots = dict(argument.split("=", 1) for argument in sys.argv[4:])
    cases: Dict[str, Callable[[], None]] = {}

    def exported(revision: str) -> Set[str]:
        return set(read_list(os.path.join(symbols, "symbols-%s.txt" % revision)))

    def defined(arch: str, revision: str) -> Set[str]:
        libc = os.path.join(sysroots[revision], arch, "lib/libc.a")
        text = subprocess.run(["nm", "--defined-only", "--extern-only", "--format=just-symbols", libc],
                              check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
        # Its own insides, in its own namespace, are nobody's business.
        return {line for line in text.split("\n")
                if line and not line.endswith(":") and not line.startswith(("_ZN6cation", "_ZNK6cation"))}

    def is_part(arch: str, revision: str) -> None:
        more = defined(arch, revision) - exported(revision)
        expect(not more, "the stand-in has what relibc %s lacks: %s" % (revision, " ".join(sorted(more))))

    def has_all(arch: str, revision: str) -> None:
        found = imports.read_objects([os.path.join(imports_directory, "%s-%s.txt" % (arch, revision))])
        missing = set(found["%s-%s" % (arch, revision)]) - defined(arch, revision)
        expect(not missing, "the stand-in of relibc %s lacks %s" % (revision, " ".join(sorted(missing))))

    def link(arch: str, revision: str, symbol: str) -> "subprocess.CompletedProcess[bytes]":
        """Links a program that calls `symbol`."""
        with tempfile.TemporaryDirectory() as folder:
            source = "extern \"C\" int %s(...);\nextern \"C\" int main() { return %s(); }\n" % (symbol, symbol)
            program = os.path.join(folder, "program.o")
            subprocess.run([arch + "-linux-gnu-g++", "-ffreestanding", "-fno-pic", "-O1", "-c", "-x", "c++", "-", "-o", program],
                           input=source.encode(), check=True)
            lib = os.path.join(sysroots[revision], arch, "lib")
            return subprocess.run(
                [arch + "-linux-gnu-ld", "-static", "-z", "norelro", "-T", script,
                 os.path.join(lib, "crt0.o"), program, os.path.join(lib, "libc.a"), "-o", os.path.join(folder, "program")],
                check=False, stderr=subprocess.PIPE)

    def links(arch: str) -> None:
        ran = link(arch, "2026-08", "unlinkat")
        expect(ran.returncode == 0, "unlinkat with August's: " + ran.stderr.decode())
        for revision in ("2026-01", "2026-08"):
            ran = link(arch, revision, "unlink")
            expect(ran.returncode == 0, "unlink with %s: %s" % (revision, ran.stderr.decode()))
        ran = link(arch, "2026-01", "unlinkat")
        expect(ran.returncode != 0 and b"undefined reference to `unlinkat'" in ran.stderr,
               "unlinkat links with January's, which has none")
        ran = link(arch, "2026-08", "copy_file_range")
        expect(ran.returncode != 0 and b"undefined reference to `copy_file_range'" in ran.stderr, "what no relibc has links")

    for arch in ("x86_64", "aarch64"):
        for revision in sysroots:
            cases["is-part.%s.%s" % (arch, revision)] = lambda arch=arch, revision=revision: is_part(arch, revision)
            cases["has-all.%s.%s" % (arch, revision)] = lambda arch=arch, revision=revision: has_all(arch, revision)
        cases["links." + arch] = lambda arch=arch: links(arch)
    return run_cases("conformance.standin", cases)


if __name__ == "__main__":
    sys.exit(main())
