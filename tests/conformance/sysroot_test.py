#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: sysroot_test.py IMPORTS_TXT PROGRAMS_DIRECTORY [ARCH=INCLUDE_FOLDER,LIBC_A]...

Checks a relibc sysroot against what the suite relies on: the values of runtime/abi as asserts,
compiled with the sysroot's own <sys/stat.h>, <dirent.h>, <fcntl.h>, <time.h>, <errno.h>, <unistd.h>;
and every symbol of imports.txt in its libc.a. First that the checks notice what they should, on
sysroots made here; then the given ones. An architecture without one is skipped, and says so.
"""
import sys

sys.dont_write_bytecode = True
import os
import re
import subprocess
import tempfile
from typing import Callable, Dict, List, Set

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import imports
from layout_test import _OURS, run_program
from testing import Failed, Skipped, expect, run_cases

_HEADERS = ("sys/stat.h", "sys/wait.h", "dirent.h", "fcntl.h", "time.h", "errno.h", "signal.h", "unistd.h", "sys/statvfs.h",
            "termios.h", "sys/ioctl.h")


def asserts(facts: Dict[str, int]) -> str:
    """C: every fact as a static assert on what the headers say."""
    lines = ['#include <%s>' % header for header in _HEADERS] + ["#include <stddef.h>"]
    for name, value in facts.items():
        if name.rstrip("@# ") in _OURS:
            continue
        match = re.fullmatch(r"struct (\w+)\.(\w+) ([@#])", name)
        if match is None:
            expression = name if name.startswith("sizeof") else name.replace("alignof", "_Alignof")
            if name.startswith("O_"):
                expression = "(unsigned)(%s)" % name
        elif match.group(3) == "@":
            expression = "offsetof(struct %s, %s)" % match.group(1, 2)
        else:
            expression = "sizeof(((struct %s*)0)->%s)" % match.group(1, 2)
        lines.append('_Static_assert((long long)(%s) == %dLL, "%s is not %d");' % (expression, value, name, value))
    return "\n".join(lines) + "\n"


class Checker:
    """The two checks for one architecture."""

    def __init__(self, arch: str, imports_path: str, programs: str) -> None:
        self.arch = arch
        self.facts = run_program(os.path.join(programs, arch + "-2026-08"), arch)
        entries = imports.read_checked_in(imports_path)
        # What only some builds for this architecture import has its fallback: which one is built is decided by
        # what libc.a has.
        self.required: Set[str] = set()
        self.optional: Set[str] = set()
        for symbol, builds in entries.items():
            mine = [build for build in builds.split() if build.startswith(arch + "-")]
            if not builds or len(mine) > 1:
                self.required.add(symbol)
            elif mine:
                self.optional.add(symbol)

    def headers(self, include: str) -> str:
        """What the compiler says against the asserts; "" if they hold."""
        missing = [header for header in _HEADERS if not os.path.exists(os.path.join(include, header))]
        if missing:
            return "missing headers: " + " ".join(missing)
        compiler = self.arch + "-linux-gnu-gcc"
        own = subprocess.run([compiler, "-print-file-name=include"], check=True, stdout=subprocess.PIPE).stdout.decode().strip()
        compiled = subprocess.run(
            [compiler, "-D__redox__=1", "-U__linux__", "-std=gnu11", "-ffreestanding", "-nostdinc", "-isystem", include,
             "-isystem", own, "-fsyntax-only", "-fno-diagnostics-show-caret", "-x", "c", "-"],
            check=False, input=asserts(self.facts).encode(), stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": "C"})
        if compiled.returncode == 0:
            return ""
        errors = re.findall(r"error: (?:static assertion failed[^:\n]*: )?([^\n]*)", compiled.stderr.decode())
        return "\n".join(errors) or "gcc: status %d" % compiled.returncode

    def missing_symbols(self, libc: str) -> List[str]:
        """The required symbols that libc.a does not define, sorted."""
        listed = subprocess.run(["nm", "--defined-only", "--extern-only", "--format=just-symbols", libc],
                                check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
        return sorted(self.required - set(listed.split("\n")))


# A relibc-shaped include/, as small as it can be. %s: what a test changes.
_STAT_H = """#pragma once
#include <time.h>
struct stat {
  unsigned long st_dev, st_ino, st_nlink;
  int st_mode, st_uid, st_gid;
  unsigned long st_rdev;
  long st_size, st_blksize, st_blocks;
  struct timespec st_atim, st_mtim, st_ctim;
  char padding[24];
};
"""
_DIRENT_H = """#pragma once
struct dirent {
  unsigned long d_ino, d_off;
  unsigned short d_reclen;
  unsigned char d_type;
  char d_name[256];
};
"""
_SIGNAL_H = """#pragma once
struct sigaction {
  void (*sa_handler)(int);
  unsigned long sa_flags;
  void (*sa_restorer)(void);
  unsigned long sa_mask;
};
"""
_STATVFS_H = """#pragma once
struct statvfs {
  unsigned long f_bsize, f_frsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail, f_fsid, f_flag, f_namemax;
};
"""
_TERMIOS_H = """#pragma once
struct termios {
  unsigned c_iflag, c_oflag, c_cflag, c_lflag;
  unsigned char c_cc[32];
};
"""
_IOCTL_H = """#pragma once
struct winsize {
  unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel;
};
"""


def make_include(folder: str, facts: Dict[str, int], stat_h: str = _STAT_H) -> None:
    """Writes headers into `folder` with the constants of `facts`."""
    os.makedirs(os.path.join(folder, "sys"))
    constants = "".join("#define %s %s\n" % (name, value) for name, value in facts.items() if re.fullmatch(r"[A-Z0-9_]+", name))
    texts = {"sys/stat.h": stat_h, "dirent.h": _DIRENT_H, "fcntl.h": "#pragma once\n" + constants, "errno.h": "#pragma once\n",
             "unistd.h": "#pragma once\n", "sys/wait.h": "#pragma once\n", "signal.h": _SIGNAL_H,
             "sys/statvfs.h": _STATVFS_H, "termios.h": _TERMIOS_H, "sys/ioctl.h": _IOCTL_H,
             "time.h": "#pragma once\nstruct timespec { long tv_sec, tv_nsec; };\n"}
    for name, text in texts.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)


def main() -> int:
    imports_path, programs = sys.argv[1:3]
    given = dict(argument.split("=", 1) for argument in sys.argv[3:])
    cases: Dict[str, Callable[[], None]] = {}

    def notices_headers(checker: Checker) -> None:
        with tempfile.TemporaryDirectory() as folder:
            good = os.path.join(folder, "good")
            make_include(good, checker.facts)
            expect(checker.headers(good) == "", "good headers are refused: " + checker.headers(good))
            for name, (before, after), want in (
                    ("order", ("st_dev, st_ino", "st_ino, st_dev"), "struct stat.st_dev @ is not 0"),
                    ("width", ("int st_mode, st_uid", "int st_mode; long st_uid"), "struct stat.st_uid # is not 4"),
                    ("gone", ("st_blksize", "st_block_size"), "st_blksize")):
                bad = os.path.join(folder, name)
                make_include(bad, checker.facts, _STAT_H.replace(before, after))
                said = checker.headers(bad)
                expect(want in said, "%s: %r is not said, but: %s" % (name, want, said))
            bad = os.path.join(folder, "constant")
            make_include(bad, {**checker.facts, "O_CREAT": 1})
            expect("O_CREAT is not" in checker.headers(bad), "a wrong O_CREAT is not noticed")
            os.remove(os.path.join(bad, "dirent.h"))
            expect("missing headers: dirent.h" in checker.headers(bad), "a missing header is not noticed")

    def notices_symbols(checker: Checker) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for left_out in (set(), {"redox_read_v1"}, {"memcpy", "relibc_start_v1"}):
                expect(left_out <= checker.required, "%s is not imported" % left_out)
                libc = os.path.join(folder, "libc.a")
                source = "".join(".globl %s\n%s:\n" % (symbol, symbol) for symbol in sorted(checker.required - left_out))
                subprocess.run([checker.arch + "-linux-gnu-as", "-", "-o", os.path.join(folder, "all.o")], input=source.encode(), check=True)
                if os.path.exists(libc):
                    os.remove(libc)
                subprocess.run([checker.arch + "-linux-gnu-ar", "rcs", libc, os.path.join(folder, "all.o")], check=True)
                expect(checker.missing_symbols(libc) == sorted(left_out),
                       "without %s: %s" % (sorted(left_out), checker.missing_symbols(libc)))

    def given_sysroot(arch: str) -> None:
        if arch not in given:
            raise Skipped("no sysroot is given: set REDOX_SYSROOT_%s to check one" % arch.upper())
        checker = Checker(arch, imports_path, programs)
        include, libc = given[arch].split(",")
        problems = []
        said = checker.headers(include)
        if said:
            problems.append("its headers differ from runtime/abi:\n" + said)
        missing = checker.missing_symbols(libc)
        if missing:
            problems.append("its libc.a lacks what the programs import: " + " ".join(missing))
        if problems:
            raise Failed("REDOX_SYSROOT_%s: " % arch.upper() + "\n".join(problems))

    for arch in ("x86_64", "aarch64"):
        cases["notices-headers." + arch] = lambda arch=arch: notices_headers(Checker(arch, imports_path, programs))
        cases["notices-symbols." + arch] = lambda arch=arch: notices_symbols(Checker(arch, imports_path, programs))
        cases["given-sysroot." + arch] = lambda arch=arch: given_sysroot(arch)
    return run_cases("conformance.sysroot", cases)


if __name__ == "__main__":
    sys.exit(main())
