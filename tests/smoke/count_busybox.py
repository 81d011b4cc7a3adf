#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: count_busybox.py [BUSYBOX]

Counts the calls to the system that BUSYBOX, a static build (default: that in PATH), makes for each of common_uses.py, without those that
its `true` makes, and writes busybox_calls.tsv anew. Needs strace.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common_uses import FILES, USES
from harness import make_tree


def _count(busybox: str, words: list, stdin: bytes, status: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        files = os.path.join(folder, "files")
        os.mkdir(files)
        make_tree(os.fsencode(files), FILES)
        trace = os.path.join(folder, "trace")
        ran = subprocess.run(["strace", "-f", "-qq", "-e", "signal=none", "-o", trace, busybox, *words], cwd=files, input=stdin, check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env={"PATH": "/usr/bin:/bin", "TZ": "UTC0", "LC_ALL": "C", "HOME": "/nonexistent"})
        if ran.returncode != status:
            sys.exit("count_busybox.py: %s ends with status %d: %s" % (" ".join(words), ran.returncode, ran.stderr.decode()))
        with open(trace, encoding="utf-8", errors="replace") as lines:
            return sum(1 for line in lines if re.match(r"(\d+ +)?\w+\(", line))


def main() -> int:
    if len(sys.argv) > 2:
        print(__doc__, file=sys.stderr)
        return 2
    busybox = shutil.which(sys.argv[1] if len(sys.argv) == 2 else "busybox")
    if busybox is None or shutil.which("strace") is None:
        sys.exit("count_busybox.py: busybox or strace is not here: apt-get install busybox-static strace")
    applets = set(subprocess.run([busybox, "--list"], stdout=subprocess.PIPE, check=True).stdout.decode().split())
    version = subprocess.run([busybox], stdout=subprocess.PIPE, check=True).stdout.decode().split("\n")[0]
    start = _count(busybox, ["true"], b"", 0)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "busybox_calls.tsv"), "w", encoding="utf-8") as out:
        out.write("# Made by count_busybox.py: calls to the system without the %d of its start, %s\n" % (start, version))
        for use in USES:
            if use.words[0] in applets:
                out.write("%s\t%d\n" % (use.name, _count(busybox, [use.words[0], *use.arguments()], use.stdin, use.status) - start))
    return 0


if __name__ == "__main__":
    sys.exit(main())
