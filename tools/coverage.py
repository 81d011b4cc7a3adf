#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the unit tests execute: a report out of what `bazel coverage` has measured.

usage: coverage.py [--lcov FILE] [--out FOLDER] [--readme FILE | --check FILE]

Writes FOLDER/report.txt (lines executed by folder and by file, and which lines of each file were not) and FOLDER/coverage.lcov, for editors
and genhtml. Counted are the lines with code of what runs for people, headers included: no tests, nor what helps them. What no unit test
links has been compiled for none and has no figure: it is listed. --readme writes the figure between the marks in FILE; --check says when
that in FILE is more than a percent off. To be run in the checkout's root, as ./cation coverage and ./cation test do.
Status: 0 done, 1 less is executed than FLOOR wants or FILE has another figure, 2 there is nothing to report.
"""
import argparse
import os
import re
import sys
from collections import defaultdict
from typing import Dict, Iterable, List

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from listed import listed

# Percents of the lines that unit tests have to execute.
FLOOR = 92.0

_FOLDERS = ("runtime/", "coreutils/", "shell-ext/", "tools/", "image/")
_BEGIN, _END = "<!-- coverage:begin -->", "<!-- coverage:end -->"


def is_counted(path: str) -> bool:
    return path.startswith(_FOLDERS) and path.endswith((".cc", ".h")) and not path.endswith(("_test.cc", "_fuzzer.cc")) and "/testing/" not in path


def read(lines: Iterable[str]) -> Dict[str, Dict[int, int]]:
    """How often each line of each counted file was executed, over all tests of lcov's records."""
    files: Dict[str, Dict[int, int]] = {}
    counts = None
    for line in lines:
        if line.startswith("SF:"):
            path = line[3:].rstrip("\n")
            counts = files.setdefault(path, defaultdict(int)) if is_counted(path) else None
        elif counts is not None and line.startswith("DA:"):
            number, count = line[3:].split(",")[:2]
            counts[int(number)] += int(count)
    return files


def folder_of(path: str) -> str:
    return "/".join(path.split("/")[:2])


def percent(executed: int, lines: int) -> str:
    """Rounded down: what is 100 % is so wholly."""
    return f"{executed * 1000 // lines / 10:.1f}" if lines else "-"


def ranges(numbers: List[int]) -> str:
    parts: List[List[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)


def report(files: Dict[str, Dict[int, int]], unlinked: List[str]) -> str:
    folders: Dict[str, List[int]] = defaultdict(lambda: [0, 0])
    rows = []
    for path, counts in sorted(files.items()):
        executed = sum(count > 0 for count in counts.values())
        for name in (folder_of(path), "all"):
            folders[name][0] += executed
            folders[name][1] += len(counts)
        rows.append((path, executed, len(counts), ranges(sorted(number for number, count in counts.items() if not count))))
    text = ["Lines that unit tests execute.", "", f"{'folder':<40} {'lines':>7} {'executed':>8} {'%':>6}"]
    for name, (executed, lines) in sorted(folders.items()):
        text.append(f"{name:<40} {lines:>7} {executed:>8} {percent(executed, lines):>6}")
    text += ["", f"{'file':<56} {'lines':>6} {'executed':>8} {'%':>6}  not executed"]
    text += [f"{path:<56} {lines:>6} {executed:>8} {percent(executed, lines):>6}  {missed}".rstrip() for path, executed, lines, missed in rows]
    text += ["", "Linked by no unit test, and not in the figures (other tests execute them, or they are for Redox):", *unlinked]
    return "\n".join(text) + "\n"


def merged(files: Dict[str, Dict[int, int]]) -> str:
    lines = []
    for path, counts in sorted(files.items()):
        lines += [f"SF:{path}", *(f"DA:{number},{count}" for number, count in sorted(counts.items())), "end_of_record"]
    return "\n".join(lines) + "\n"


def split_readme(path: str) -> List[str]:
    """What is before the figure in FILE, the figure, and what is behind it."""
    with open(path, encoding="utf-8") as file:
        parts = re.split(f"(?<={_BEGIN})|(?={_END})", file.read())
    if len(parts) != 3:
        raise SystemExit(f"coverage: {path} has no marks {_BEGIN} and {_END} for the figure")
    return parts


def write_readme(path: str, text: str) -> None:
    before, _, after = split_readme(path)
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + text + after)


def main() -> int:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--help", action="store_true")
    parser.add_argument("--lcov", default="out/bazel-out/_coverage/_coverage_report.dat")
    parser.add_argument("--out", default="out/coverage")
    parser.add_argument("--readme")
    parser.add_argument("--check")
    options = parser.parse_args()
    if options.help:
        print(__doc__)
        return 0
    try:
        with open(options.lcov, encoding="utf-8") as file:
            files = read(file)
    except OSError as error:
        print(f"coverage: {options.lcov}: {error.strerror}; ./cation coverage has Bazel write it", file=sys.stderr)
        return 2
    lines = sum(len(counts) for counts in files.values())
    if not lines:
        print(f"coverage: {options.lcov} has no line of the project's; bazel clean, and ./cation coverage again", file=sys.stderr)
        return 2
    executed = sum(count > 0 for counts in files.values() for count in counts.values())
    unlinked = [path for path in listed() if path.endswith(".cc") and is_counted(path) and path not in files]
    os.makedirs(options.out, exist_ok=True)
    for name, text in (("report.txt", report(files, unlinked)), ("coverage.lcov", merged(files))):
        with open(os.path.join(options.out, name), "w", encoding="utf-8") as file:
            file.write(text)
    figure = percent(executed, lines)
    if options.readme:
        write_readme(options.readme, f"{figure} % of {lines:,} lines")
    print(f"coverage: unit tests execute {figure} % of {lines:,} lines in {len(files)} files; {len(unlinked)} sources are linked by none: "
          f"{options.out}/report.txt")
    if executed * 100 < FLOOR * lines:
        print(f"coverage: {FLOOR:g} % is the least (FLOOR in tools/coverage.py); the report says which lines want a test")
        return 1
    if options.check:
        written = split_readme(options.check)[1]
        number = re.match(r"\d+\.\d", written)
        if number is None or abs(float(number.group()) - float(figure)) > 1:
            print(f"coverage: {options.check} says {written!r}; ./cation coverage --readme renews it")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
