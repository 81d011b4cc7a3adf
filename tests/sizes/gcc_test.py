#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: gcc_test.py PERCENT CLANG_USERLAND GCC_USERLAND

No program by GCC is more than PERCENT larger than the same by clang. What is compared is the stripped
file, since exec on Redox reads every byte of it, whoever's it is: the C library's, too. A userland is a
folder with <arch>/usr/bin/<program>.
"""
import os
import statistics
import sys


def sizes(userland):
    """architecture: program: bytes."""
    found = {}
    for arch in sorted(os.listdir(userland)):
        folder = os.path.join(userland, arch, "usr/bin")
        found[arch] = {program: os.path.getsize(os.path.join(folder, program)) for program in os.listdir(folder)}
    return found


def too_large(percent, clang, gcc):
    """(program, bytes by clang, bytes by GCC) of those that are over."""
    return [(name, size, gcc[name]) for name, size in sorted(clang.items()) if gcc[name] * 100 > size * (100 + percent)]


def main():
    percent, clang, gcc = int(sys.argv[1]), sizes(sys.argv[2]), sizes(sys.argv[3])
    # That what is too large is noticed, and what is just not is not.
    if too_large(10, {"a": 1000, "b": 1000}, {"a": 1101, "b": 1100}) != [("a", 1000, 1101)]:
        sys.exit("FAILED the comparison itself")
    failures = 0
    if set(clang) != {"x86_64", "aarch64"} or set(gcc) != set(clang):
        sys.exit(f"FAILED not both architectures: {sorted(clang)}, {sorted(gcc)}")
    for arch, programs in clang.items():
        if set(programs) != set(gcc[arch]) or len(programs) < 2:
            sys.exit(f"FAILED {arch}: not the same programs: {sorted(set(programs) ^ set(gcc[arch]))}")
        over = too_large(percent, programs, gcc[arch])
        for name, size, by_gcc in over:
            print(f"FAILED {arch}: {name} has {by_gcc} bytes by GCC, {by_gcc * 100 / size - 100:+.1f} % of {size} by clang; at most +{percent} %")
        failures += len(over)
        changes = {name: gcc[arch][name] * 100 / size - 100 for name, size in programs.items()}
        most = max(changes, key=changes.get)
        print(f"{arch}: {len(programs)} programs, median {statistics.median(changes.values()):+.1f} %, most {most} {changes[most]:+.1f} %")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
