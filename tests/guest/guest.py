#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boots a guest in QEMU and proves the userland in it."""
import sys

sys.dont_write_bytecode = True  # the sources may be read-only, and are not to be littered

import argparse
import signal
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import machines
from failures import Failure
from kernel import KernelError
from embedded import EmbeddedError
from power_cut import Cut, PowerCut
from protocol import FAILED, LOST, PASSED, SKIPPED, Mark, Result, Time
from qemu import Guest
from session import Sessions, accelerators
from targets import EmbeddedTarget, Files, Machinery, Target

STATUS_FAILED = 1
STATUS_USAGE = 2


class UsageError(Exception):
    """What was asked for cannot be; one line."""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="cation guest", allow_abbrev=False,
        description="Boots in QEMU and proves the userland in the guest: an image that is given (--image), or the embedded "
                    "one, a distribution's kernel whose whole userland is ours.")
    parser.add_argument("--arch", action="append", choices=sorted(machines.MACHINES), metavar="ARCH",
                        help="x86_64 or aarch64; again for both, which is the default without --image")
    parser.add_argument("--cases", default="", metavar="REGEX", help="only cases whose name matches")
    parser.add_argument("--list", action="store_true", help="print the cases' names, and where else they run")
    parser.add_argument("--cuts", type=int, default=None, metavar="N",
                        help="cut the power so often while files are written (default: 2, with --cases none)")
    parser.add_argument("--cache", default="writeback", metavar="MODE[,MODE]...",
                        help="the host's cache modes to cut the power in, in turn: %s" % ", ".join(machines.CACHE_MODES))
    parser.add_argument("--seed", type=int, default=None, metavar="N", help="draws the same places to cut at again")
    parser.add_argument("--accel", default="auto", choices=["auto", "kvm", "hvf", "tcg"], help="default: what this host has")
    parser.add_argument("--memory", type=int, default=0, metavar="MIB", help="the guest's memory")
    parser.add_argument("--cpus", type=int, default=0, metavar="N", help="the guest's processors")
    parser.add_argument("--qemu", default="", metavar="PROGRAM", help="QEMU, where it is not in PATH or has another name")
    parser.add_argument("--slow", type=float, default=1.0, metavar="FACTOR", help="give everything so much more time")
    parser.add_argument("--report", default="out/guest", metavar="FOLDER", help="where report.html, junit.xml and logs go")
    parser.add_argument("--show-command", action="store_true",
                        help="print QEMU's command line for running the guest by hand, and run nothing")
    parser.add_argument("--shell", action="store_true", help="give a console in the guest instead of running cases")
    files = parser.add_argument_group("what has been built (the front door says)")
    files.add_argument("--userland", type=Path, required=True, metavar="FOLDER", help=argparse.SUPPRESS)
    files.add_argument("--guest-programs", type=Path, required=True, metavar="FOLDER", help=argparse.SUPPRESS)
    files.add_argument("--kernels", type=Path, default=None, metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    options.cache = options.cache.split(",")
    for mode in options.cache:
        if mode not in machines.CACHE_MODES:
            parser.error("--cache: %r is none of %s" % (mode, ", ".join(machines.CACHE_MODES)))
    if options.slow <= 0:
        parser.error("--slow: a factor above 0")
    return options


def cut_the_power(sessions: Sessions, cuts: int, caches: Sequence[str], seed: int, report) -> List[Cut]:
    """Cuts the power so often, and looks at what each cut has left."""
    work = PowerCut(sessions.target.cut_folder, seed)

    def on_mark(guest: Guest, mark: Mark) -> None:
        if work.passed(mark.text):
            guest.power_cut()

    for number in range(1, cuts + 2):
        last = number == cuts + 1
        cache = caches[(number - 1) % len(caches)]
        script, names = work.script(write=not last)
        place = ""
        if not last:
            place = work.begin_cut(cache, first=number == 1).place
        title = "power cut: the last look" if last else "power cut %d (%s), at %s" % (number, cache, place)
        for result in sessions.run(title, script, {name: 600.0 for name in names}, cache, on_mark):
            work.looked(result.name, result.outcome, result.why)
            if result.name == "power-cut.write-%d" % number and result.why.startswith("the power was cut"):
                result = Result(result.name, PASSED, "", result.seconds, result.started_at)
            report.add(result)
        problem = sessions.target.check_disk()
        report.add(Result("power-cut.disk-%d" % number, FAILED if problem else PASSED, problem or ""))
    return work.cuts
