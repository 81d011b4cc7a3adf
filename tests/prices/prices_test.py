#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: prices_test.py USERLAND NAIVE_PROGRAMS

The table of prices is applied as it stands, on both architectures alike, and no operation of ours costs more
than the naive sequence of calls. Counts and prices only: nothing is timed.
"""
import sys

sys.dont_write_bytecode = True
import os
import re
import subprocess
import tempfile

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, _HERE)
sys.path.insert(0, os.path.join(os.path.dirname(_HERE), "smoke"))
import prices
from harness import Programs

# The most that ours may cost of the naive sequence. What one call does (sync FILE) cannot be had for less; each
# small file has to be created, written and removed, which is most of what there is to pay for.
_MOST = {
    "`cat` 1 MiB": 0.05, "`cp` 1 MiB": 0.06, "`cp -r` 1,000 small files": 0.85, "`cp -a` the same": 0.7, "`rm -r` the same": 0.85,
    "`ls` of 1,000": 0.6, "`ls -l` of 1,000": 0.45, "`mkdir -p` six deep, new": 1.0, "`mkdir -p` six deep, existing": 0.5,
    "`sync FILE`": 1.0,
}

_failures = []


def expect(holds: bool, what: str) -> None:
    if not holds:
        _failures.append(what)


def check_table(programs: Programs, naive: str) -> None:
    """Sequences whose price can be added up by hand."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
        with open(os.path.join(folder, "page"), "wb") as file:
            file.write(b"x" * 4096)
        with open(os.path.join(folder, "mebibyte"), "wb") as file:
            file.write(b"x" * 1024 * 1024)
        os.mkdir(os.path.join(folder, "d"))
        for n in range(3):
            with open(os.path.join(folder, "d/%d" % n), "wb"):
                pass
        wanted = {
            ("sync", "page"): {"open": (1, 1.4), "fsync": (1, 0.13), "close": (1, 0.1), "total": (3, 1.63)},
            # A read of 4 KiB and one of nothing, which is the end.
            ("cat", "page"): {"open": (1, 1.4), "read": (2, 0.881), "write": (1, 3.551), "close": (1, 0.1), "total": (5, 5.932)},
            # 8 KiB lie on the line between 4 and 16 KiB.
            ("cat", "mebibyte"): {"open": (1, 1.4), "read": (129, 78.229), "write": (128, 436.364), "close": (1, 0.1),
                                  "total": (259, 516.092)},
            # Not there: asked for once each, then made.
            ("mkdir-p", "x/y"): {"open failed": (2, 2.4), "mkdir": (2, 10.4), "close": (2, 0.2), "total": (6, 13.0)},
            ("mkdir-p", "d"): {"open": (1, 1.4), "fstat": (1, 0.28), "close": (1, 0.1), "total": (3, 1.78)},
            # Entries are paid for, but are no calls.
            ("ls", "d"): {"open": (1, 1.4), "getdents below 4 KiB": (2, 3.72), "entries": (3, 0.207), "write": (1, 2.302),
                          "close": (1, 0.1), "total": (5, 7.729)},
            ("cp-a", "page", "new"): {"open": (4, 5.6), "open failed": (1, 1.2), "create": (1, 5.5), "close": (5, 0.5),
                                      "fstat": (1, 0.28), "read": (2, 0.881), "write": (1, 3.551), "fchmod to the same": (1, 0.16),
                                      "futimens": (1, 0.31), "total": (17, 17.982)},
            ("rm-r", "d"): {"open": (5, 7.0), "fstat": (4, 1.12), "close": (5, 0.5), "getdents below 4 KiB": (2, 3.72),
                            "entries": (3, 0.207), "unlink": (3, 14.1), "rmdir": (1, 4.7), "total": (20, 31.347)},
        }
        os.chmod(os.path.join(folder, "page"), 0o644)
        for arguments, want in wanted.items():
            bill = prices.run(programs.runner + [naive, *arguments], folder)
            rows = {name: row for name, row in bill.rows.items() if name not in ("start", "load")}
            expect(rows == want, "%s %s: costs %s, not %s" % (programs.arch, " ".join(arguments), rows, want))
            expect(bill.rows["start"] == (1, 18.4), "not what a start costs")
            bytes_loaded, milliseconds = bill.rows["load"]
            expect(bytes_loaded > 4096 and abs(milliseconds - bytes_loaded * 8 / 2**20) < 0.001, "not what loading costs")

        # To standard error, and not at all where nobody asks.
        for value, lines in (("1", True), ("", False), (None, False)):
            environment = {} if value is None else {"CATION_PRICES": value}
            ran = subprocess.run(programs.runner + [naive, "sync", "page"], cwd=folder, check=True, env=environment,
                                 stderr=subprocess.PIPE)
            expect(bool(re.search(rb"^total\t3\t1\.630$", ran.stderr, re.MULTILINE)) == lines and bool(ran.stderr) == lines,
                   "CATION_PRICES=%s: %r" % (value, ran.stderr))


def main() -> int:
    userland, naive = sys.argv[1:3]
    prices.files = 100
    seen = {}
    for arch in ("x86_64", "aarch64"):
        programs = Programs(userland, arch, "2026-08")
        program = os.path.abspath(os.path.join(naive, arch + "-2026-08"))
        check_table(programs, program)
        for operation, ours, other in prices.measure(os.path.abspath(os.path.join(userland, arch)), program, programs.runner):
            ratio = ours.milliseconds / other.milliseconds
            print("%s %s: %d calls %.1f ms, naive %d calls %.1f ms: %.2f" % (
                arch, operation.name, ours.calls, ours.milliseconds, other.calls, other.milliseconds, ratio))
            expect(ratio <= _MOST[operation.name], "%s %s: %.2f of the naive price, more than %.2f: %s" % (
                arch, operation.name, ratio, _MOST[operation.name], ours.rows))
            # A few more, which do not grow with the files: mkdir -p tries the last directory first, ls -l reads the names
            # of users and groups.
            expect(ours.calls <= other.calls + 8, "%s %s: more calls than the naive sequence" % (arch, operation.name))
            calls = {name: row[0] for name, row in ours.rows.items() if name != "load"}
            expect(seen.setdefault(operation.name, calls) == calls, "%s: not the same calls on both" % operation.name)
    for failure in _failures:
        print("FAILED: " + failure)
    return 1 if _failures else 0


if __name__ == "__main__":
    sys.exit(main())
