#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: readme_test.py PERCENT ARCHITECTURE:LINK:FOLDER...

README.md's table of sizes is that of these programs: no figure is more than PERCENT off, and each program has one.
"""
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "tools")
import sizes

_TABLE = """
| program | host, x86_64 | the same by GCC, x86_64 |
| --- | ---: | ---: |
| `[` | 1,000 (+10) |  |
| `cat` | 2,000 (+1,010) | 990 (+0) |
"""


def main() -> int:
    """Whether the comparison finds what is wrong, and whether there is something."""
    written = sizes.figures(_TABLE)
    for measured, wrong in (
            ({"host, x86_64": {"[": (981, 20), "cat": (2000, 1010)}, "the same by GCC, x86_64": {"cat": (990, 0)}}, []),
            ({"host, x86_64": {"[": (980, 10), "cat": (2000, 1051)}},
             ["[, host, x86_64: 1,000 (+10), and it is 980 (+10)", "cat, host, x86_64: 2,000 (+1,010), and it is 2,000 (+1,051)"]),
            ({"the same by GCC, x86_64": {"[": (1000, 1)}},
             ["[, the same by GCC, x86_64: not there", "cat, the same by GCC, x86_64: there is no such program"]),
            ({"Redox, relibc, aarch64": {"cat": (1, 1)}}, ["cat, Redox, relibc, aarch64: not there"])):
        if (found := sizes.differences(written, measured, 2)) != wrong:
            print(f"FAILED the comparison itself: {found}")
            return 1
    sys.argv.insert(1, "--check")
    return sizes.main()


if __name__ == "__main__":
    sys.exit(main())
