#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the initrc costs: ION=/path/to/ion shell-ext/first_prompt.py [ROUNDS]

Prints a Markdown table: the time from the start of a real Ion at a pseudo-terminal to its first prompt, and by strace the calls
to the system until then and for an empty line. They take turns, and the ratio is the median of the rounds' own.
"""
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from typing import Dict, List, Tuple

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, os.pardir, "tools", "ion_check"))

from real_ion import HOW, ION, Session

PROMPT = "[#>] $"
EMPTY = "an empty file"
OURS = "ours"


def begin(home: str, command: List[str]) -> Session:
    session = Session(home, 24, 80, command)
    while not re.search(PROMPT, session.plain()):
        if not session.read(20):
            raise SystemExit("no prompt came: %r" % session.plain())
    return session


def until_prompt(home: str) -> float:
    start = time.monotonic()
    session = begin(home, [ION])
    elapsed = time.monotonic() - start
    session.kill()
    return elapsed


def calls(home: str) -> Tuple[int, int, int]:
    """Calls until the first prompt, forks among them, and calls for an empty line."""
    log = os.path.join(home, "log")

    def lines() -> List[str]:
        with open(log, encoding="utf-8", errors="replace") as file:
            return [line for line in file if re.match(r"\d+ +\w+\(", line)]

    session = begin(home, ["strace", "-f", "-o", log, ION])
    while session.read(0.3):
        pass
    first = lines()
    session.run("", PROMPT[:-1])
    while session.read(0.3):
        pass
    second = lines()
    session.kill()
    forks = [line for line in first if re.search(r"\b(v?fork|clone3?)\(", line) and "CLONE_THREAD" not in line]
    return len(first), len(forks), len(second) - len(first)


def main() -> int:
    if not ION:
        print(HOW.replace("--test_env=", ""), file=sys.stderr)
        return 2
    if shutil.which("strace") is None:
        print("first_prompt: strace is not installed: apt-get install strace", file=sys.stderr)
        return 2
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 101
    homes: Dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="first_prompt.") as folder:
        for name in (EMPTY, OURS):
            homes[name] = os.path.join(folder, name.split()[-1])
            for directory in (".config/ion", ".local/share/ion"):
                os.makedirs(os.path.join(homes[name], directory))
            with open(os.path.join(homes[name], ".local/share/ion/history"), "wb"):
                pass
        with open(os.path.join(homes[EMPTY], ".config/ion/initrc"), "wb"):
            pass
        shutil.copyfile(os.path.join(HERE, "initrc"), os.path.join(homes[OURS], ".config/ion/initrc"))
        samples: Dict[str, List[float]] = {EMPTY: [], OURS: []}
        for _ in range(rounds):
            for name, home in homes.items():
                samples[name].append(until_prompt(home))
        ratio = statistics.median(ours / empty for ours, empty in zip(samples[OURS], samples[EMPTY]))
        print("| initrc | to the first prompt, median of %d | ratio | calls until then | forks | calls for an empty line |" % rounds)
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for name, home in homes.items():
            first, forks, line = calls(home)
            print("| %s | %.1f ms | %s | %d | %d | %d |" % (name, statistics.median(samples[name]) * 1000,
                                                        "%.2f" % ratio if name == OURS else "1", first, forks, line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
