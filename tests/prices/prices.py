#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What operations would cost on Redox, ours and a naive sequence of calls: for `./cation prices`.

usage: prices.py FOLDER NAIVE

FOLDER is a userland tree linked with the stand-in, for one architecture (FOLDER/usr/bin/ls ...), NAIVE the
program of naive.cc. Each operation is done by both, priced by the stand-in (runtime/standin/prices.cc), and
printed as a row of a Markdown table. Nothing is timed: the figures are the same on every host.
"""
import os
import shutil
import subprocess
import sys
import tempfile
from typing import Callable, Dict, List, NamedTuple, Tuple

# An empty main with relibc of August 2026 as built upstream: what a program weighs before its own code.
_RELIBC_BYTES = 92_024
# The replacements of Rust's std measured in the guest: 514 to 533 KB each.
_NAIVE_BYTES = 533_000

# prices_test.py takes fewer.
files = 1000
_SMALL = b"x" * 500


class Bill(NamedTuple):
    """What one run cost: (count, milliseconds) by kind of call."""
    rows: Dict[str, Tuple[int, float]]

    @property
    def calls(self) -> int:
        return self.rows["total"][0]

    @property
    def milliseconds(self) -> float:
        """Without the program's start."""
        return self.rows["total"][1]

    def with_start(self, loaded_bytes: int) -> float:
        """With the start of a program of this size."""
        per_byte = self.rows["load"][1] / self.rows["load"][0]
        return self.milliseconds + self.rows["start"][1] + loaded_bytes * per_byte


def run(command: List[str], folder: str) -> Bill:
    """Runs a program of the stand-in in `folder` and returns its bill. Its output goes to a file there."""
    bill = os.path.join(folder, ".bill")
    if os.path.exists(bill):
        os.unlink(bill)
    with open(os.path.join(folder, ".output"), "wb") as output:
        subprocess.run(command, cwd=folder, check=True, stdin=subprocess.DEVNULL, stdout=output,
                       env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC0", "CATION_PRICES": bill})
    rows: Dict[str, Tuple[int, float]] = {}
    with open(bill, encoding="utf-8") as file:
        for line in file:
            name, count, milliseconds = line.rstrip("\n").split("\t")
            rows[name] = (int(count), float(milliseconds))
    return Bill(rows)


def _mebibyte(folder: str) -> None:
    with open(os.path.join(folder, "mebibyte"), "wb") as file:
        file.write(b"x" * (1024 * 1024))


def _many(folder: str) -> None:
    os.mkdir(os.path.join(folder, "many"))
    for n in range(files):
        with open(os.path.join(folder, "many/file-%04d" % n), "wb") as file:
            file.write(_SMALL)


def _six(folder: str) -> None:
    os.makedirs(os.path.join(folder, "a/b/c/d/e/f"))


class Operation(NamedTuple):
    name: str
    make: Callable[[str], None]
    ours: List[str]
    naive: List[str]


OPERATIONS = [
    Operation("`cat` 1 MiB", _mebibyte, ["cat", "mebibyte"], ["cat", "mebibyte"]),
    Operation("`cp` 1 MiB", _mebibyte, ["cp", "mebibyte", "copy"], ["cp", "mebibyte", "copy"]),
    Operation("`cp -r` 1,000 small files", _many, ["cp", "-r", "many", "copy"], ["cp-r", "many", "copy"]),
    Operation("`cp -a` the same", _many, ["cp", "-a", "many", "copy"], ["cp-a", "many", "copy"]),
    Operation("`rm -r` the same", _many, ["rm", "-r", "many"], ["rm-r", "many"]),
    Operation("`ls` of 1,000", _many, ["ls", "many"], ["ls", "many"]),
    Operation("`ls -l` of 1,000", _many, ["ls", "-l", "many"], ["ls-l", "many"]),
    Operation("`mkdir -p` six deep, new", lambda folder: None, ["mkdir", "-p", "a/b/c/d/e/f"], ["mkdir-p", "a/b/c/d/e/f"]),
    Operation("`mkdir -p` six deep, existing", _six, ["mkdir", "-p", "a/b/c/d/e/f"], ["mkdir-p", "a/b/c/d/e/f"]),
    Operation("`sync FILE`", _mebibyte, ["sync", "mebibyte"], ["sync", "mebibyte"]),
]


def tree(folder: str) -> Dict[str, bytes]:
    """What an operation left, by path."""
    found: Dict[str, bytes] = {}
    for top, folders, files in os.walk(folder):
        for name in folders:
            found[os.path.relpath(os.path.join(top, name), folder)] = b"directory"
        for name in files:
            if not name.startswith("."):
                with open(os.path.join(top, name), "rb") as file:
                    found[os.path.relpath(os.path.join(top, name), folder)] = file.read()
    return found


def measure(programs: str, naive: str, runner: List[str]) -> List[Tuple[Operation, Bill, Bill]]:
    """Each operation, with our bill and the naive one. Both must leave the same."""
    result = []
    for operation in OPERATIONS:
        bills, trees = [], []
        for command in ([os.path.join(programs, "usr/bin", operation.ours[0])] + operation.ours[1:], [naive] + operation.naive):
            work = tempfile.mkdtemp(prefix="cation-prices.", dir=os.environ.get("TEST_TMPDIR"))
            try:
                operation.make(work)
                bills.append(run(runner + command, work))
                trees.append(tree(work))
            finally:
                shutil.rmtree(work)
        if trees[0] != trees[1]:
            raise SystemExit("prices: %s: the naive program does something else" % operation.name)
        result.append((operation, bills[0], bills[1]))
    return result


def start_bytes(programs: str, runner: List[str], ours: Bill) -> int:
    """What our program would have to load with relibc in the place of the stand-in."""
    with tempfile.TemporaryDirectory() as work:
        empty = run(runner + [os.path.join(programs, "libexec/cation/empty")], work)
    return ours.rows["load"][0] - empty.rows["load"][0] + _RELIBC_BYTES


def table(programs: str, naive: str) -> str:
    """The Markdown table."""
    lines = [
        "| operation | calls, ours | naive | Redox ms, ours | naive | ratio | with the program's start, ours | naive |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for operation, ours, other in measure(programs, naive, []):
        lines.append("| %s | %s | %s | %s | %s | %.2f | %s | %s |" % (
            operation.name, format(ours.calls, ","), format(other.calls, ","), format(ours.milliseconds, ",.1f"),
            format(other.milliseconds, ",.1f"), ours.milliseconds / other.milliseconds,
            format(ours.with_start(start_bytes(programs, [], ours)), ",.1f"), format(other.with_start(_NAIVE_BYTES), ",.1f")))
    return "\n".join(lines)


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    print(table(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
