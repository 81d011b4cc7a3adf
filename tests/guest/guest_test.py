#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The embedded guest, booted, with all cases and cuts of the power: what ./cation guest does, as a test.

usage: guest_test.py ARCH USERLAND GUEST_PROGRAMS KERNEL [OPTION]...

USERLAND and GUEST_PROGRAMS have a folder for each architecture; KERNEL is a file of the kernel's folder. Emulated whatever the
host has, so that it is the same everywhere.
"""
import sys

sys.dont_write_bytecode = True
import os
import shutil
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import guest
from catalogue import MOST_RUNS_IN_TESTS

if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    arch, userland, programs, kernel = sys.argv[1:5]
    with tempfile.TemporaryDirectory(prefix="guest.", dir=os.environ.get("TEST_TMPDIR")) as work:
        status = guest.main(["--arch", arch, "--accel", "tcg", "--userland", userland, "--guest-programs", programs,
                             "--kernels", os.path.dirname(os.path.dirname(os.path.abspath(kernel))),
                             # The machine may be busy with other tests.
                             "--slow", "4", "--report", work, "--most-runs", str(MOST_RUNS_IN_TESTS)] + sys.argv[5:])
        for name in ("report.html", "junit.xml"):
            kept = os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR")
            if kept and os.path.exists(os.path.join(work, name)):
                shutil.copy(os.path.join(work, name), kept)
        if os.environ.get("XML_OUTPUT_FILE") and os.path.exists(os.path.join(work, "junit.xml")):
            shutil.copy(os.path.join(work, "junit.xml"), os.environ["XML_OUTPUT_FILE"])
    sys.exit(status)
