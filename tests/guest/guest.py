#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boots a guest in QEMU and proves the userland in it."""
import sys

sys.dont_write_bytecode = True  # the sources may be read-only, and are not to be littered

import argparse
import contextlib
import os
import random
import re
import signal
import subprocess
import tempfile
from pathlib import Path
from types import FrameType
from typing import Dict, Iterator, List, Optional, Sequence

import catalogue
import given_image
import machines
from catalogue import COMMON, GuestCase, check_share, choose_cases, list_cases, prepare_share, what_is_left_out
from embedded import EmbeddedError
from failures import Failure
from kernel import KernelError
from power_cut import Cut, PowerCut
from protocol import FAILED, LOST, PASSED, SKIPPED, Mark, Result
from qemu import Guest
from report import Report
from session import Sessions, accelerators
from targets import INSTALL, NOTHING, ON_SHARE, EmbeddedTarget, Files, GivenTarget, Machinery, Target, WayIn

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

    what = parser.add_argument_group("what is run")
    what.add_argument("--cases", default="", metavar="REGEX", help="only cases whose name matches; none: only the power cut")
    what.add_argument("--most-runs", type=int, default=0, metavar="N",
                      help="without the recorded cases that run programs more often than N times (default: all cases)")
    what.add_argument("--list", action="store_true", help="print the cases' names, and run nothing")
    what.add_argument("--cuts", type=int, default=2, metavar="N",
                      help="cut the power so often while files are written (default: %(default)s)")
    what.add_argument("--cache", default="writeback", metavar="MODE[,MODE]...",
                      help="the host's cache modes to cut the power in, in turn: %s" % ", ".join(machines.CACHE_MODES))
    what.add_argument("--seed", type=int, default=None, metavar="N", help="cut at the same places as a run that printed N")
    what.add_argument("--show-command", action="store_true",
                      help="print QEMU's command line for running the guest by hand, and run nothing")
    what.add_argument("--shell", action="store_true",
                      help="a console in the guest instead of cases (Ctrl-A X ends it)")
    what.add_argument("--report", type=Path, default=Path("out/guest"), metavar="FOLDER",
                      help="where report.html, junit.xml and the logs go (default: out/guest)")

    machine = parser.add_argument_group("the machine")
    machine.add_argument("--accel", default="auto", choices=["auto", "kvm", "hvf", "tcg"], help="default: what this host has")
    machine.add_argument("--memory", type=int, default=0, metavar="MIB", help="the guest's memory")
    machine.add_argument("--cpus", type=int, default=0, metavar="N", help="the guest's processors")
    machine.add_argument("--qemu", default="", metavar="PROGRAM", help="QEMU, where it is not in PATH or has another name")
    machine.add_argument("--slow", type=float, default=1.0, metavar="FACTOR", help="give everything so much more time")

    given = parser.add_argument_group("an image that is given")
    given.add_argument("--image", default="", metavar="FILE",
                       help="a Redox image: raw, ISO or qcow2. It is never written: an overlay is")
    given.add_argument("--keep", type=Path, default=None, metavar="FILE",
                       help="keep the overlay there; `cation image ls FILE` shows what the guest wrote")
    given.add_argument("--login", default=None, metavar="USER[:PASSWORD]",
                       help="how to log in; none: a shell is simply there (default: root:password). Without --image: have a "
                            "POSIX shell in the embedded guest too, and start the cases from there")
    given.add_argument("--init-script", action="store_true", help="have the image's init start the cases, without any shell")
    given.add_argument("--script-in", choices=["share", "image"], default="share",
                       help="with --init-script: where the script of cases is (default: %(default)s)")
    given.add_argument("--bring", choices=[INSTALL, ON_SHARE, NOTHING], default=INSTALL,
                       help="install the programs into the overlay, bring them on the 9p share, or, to look around by --shell, "
                            "leave the image as it is (default: %(default)s)")
    given.add_argument("--firmware", choices=["bios", "uefi"], default="", help="default: what the image can be booted by")
    given.add_argument("--disk", choices=["virtio", "nvme", "ahci", "cd"], default="", help="the disk's device")
    given.add_argument("--display", action="store_true",
                       help="give the machine a display, of which a picture is taken when something fails; a boot loader's menu "
                            "is answered by Enter")
    given.add_argument("--acpi", action="store_true", help="aarch64: describe the machine by ACPI, not by a device tree")
    given.add_argument("--cut-folder", default="", metavar="PATH", help="where in the guest the power cut's files are")

    # What has been built; the front door says.
    for name in ("userland", "guest-programs", "kernels", "image-tool", "releases", "redox-guest-programs", "recorded"):
        parser.add_argument("--" + name, type=Path, default=None, help=argparse.SUPPRESS)
    parser.add_argument("--allow-stand-in", action="store_true", help=argparse.SUPPRESS)
    # Where people stand who name files.
    parser.add_argument("--relative-to", type=Path, default=Path(), help=argparse.SUPPRESS)

    options = parser.parse_args(arguments)
    options.cache = options.cache.split(",")
    for mode in options.cache:
        if mode not in machines.CACHE_MODES:
            parser.error("--cache: %r is none of %s" % (mode, ", ".join(machines.CACHE_MODES)))
    if options.slow <= 0:
        parser.error("--slow: a factor above 0")
    if options.cuts < 0:
        parser.error("--cuts: a number from 0 on")
    if options.most_runs < 0:
        parser.error("--most-runs: a number from 0 on")
    if options.memory < 0 or options.cpus < 0:
        parser.error("--memory, --cpus: numbers above 0")
    if not options.image:
        for name in ("keep", "init_script", "firmware", "disk", "acpi", "display"):
            if getattr(options, name):
                parser.error("--%s goes with --image" % name.replace("_", "-"))
    if options.script_in == "image" and not options.init_script:
        parser.error("--script-in=image goes with --init-script")
    if options.script_in == "image" and options.cuts:
        # Each boot needs another script, and what the guest wrote has to stay.
        options.cuts = 0
    options.report = options.relative_to / options.report
    if options.keep:
        options.keep = options.relative_to / options.keep
    if options.image:
        options.image = str(options.relative_to / options.image)
    if options.bring == NOTHING and not (options.shell or options.show_command):
        parser.error("--bring=none goes with --shell or --show-command")
    if options.image and options.arch and len(options.arch) > 1:
        parser.error("--image: an image is for one architecture")
    return options


# ------------------------------------------------------------------------------------------- targets
def way_in(options: argparse.Namespace) -> WayIn:
    """How cases are to be started."""
    user, _, password = (options.login or "root:password").partition(":")
    return WayIn(options.init_script, options.script_in == "image", "" if user == "none" else user, password)


@contextlib.contextmanager
def make_target(options: argparse.Namespace, arch: str, start: str = "script") -> Iterator[Target]:
    """What is to be booted."""
    machinery = Machinery(options.memory, options.cpus, options.qemu)
    if not options.image:
        files = Files(options.userland, options.guest_programs, options.kernels)
        target = EmbeddedTarget(arch, files, options.report / arch, machinery, start, way_in(options) if options.login else None)
        if options.cut_folder:
            target.cut_folder = options.cut_folder
        yield target
        return
    tools = given_image.Tools(cation_image=str(options.image_tool))
    with tempfile.TemporaryDirectory(prefix=".scratch-", dir=options.report) as scratch:
        given = given_image.inspect(options.image, tools, scratch, arch)
        programs = options.guest_programs if options.allow_stand_in else options.redox_guest_programs
        if options.bring != NOTHING and (programs is None or not (programs / given.arch).is_dir()):
            raise UsageError("there are no programs for %s that run on Redox: name its sysroot in REDOX_SYSROOT_%s"
                             % (given.arch, given.arch.upper()))
        way = way_in(options)
        work = options.report / given.arch
        overlay = options.keep or work / "overlay.qcow2"
        if options.keep and options.keep.exists():
            raise UsageError("%s: exists already" % options.keep)
        work.mkdir(parents=True, exist_ok=True)
        redox = GivenTarget(given, tools, Files(programs or Path(), programs or Path()), options.releases / given.arch, work, overlay, way,
                            options.bring, machinery, options.firmware, options.disk, options.acpi, options.display,
                            options.allow_stand_in)
        if options.cut_folder:
            redox.cut_folder = options.cut_folder
        try:
            yield redox
        finally:
            if not options.keep and overlay.exists():
                overlay.unlink()


def architectures(options: argparse.Namespace) -> List[str]:
    """Those to run; "": what the image is for."""
    if options.image:
        return options.arch or [""]
    return options.arch or sorted(machines.MACHINES, reverse=True)


def show_command(options: argparse.Namespace) -> int:
    """Prints how to run each guest by hand. The files that the command names stay."""
    for arch in architectures(options):
        with make_target(options, arch, start="console") as target:
            if options.image and not options.keep:
                raise UsageError("--show-command: say where the overlay is to stay: --keep FILE")
            print(machines.show_command(target.boot(accelerators(target.arch, options.accel)[-1], options.cache[0])))
    return 0


def give_shell(options: argparse.Namespace) -> int:
    """Connects this terminal with the guest's serial line."""
    archs = architectures(options)
    if len(archs) > 1:
        archs = [machines.host_arch()] if machines.host_arch() in archs else archs[:1]
    with make_target(options, archs[0], start="console") as target:
        boot = target.boot(accelerators(target.arch, options.accel)[-1], options.cache[0])
        print("%s; Ctrl-A X ends the machine" % target.name, file=sys.stderr, flush=True)
        return subprocess.call(machines.command_line(boot))


def cut_the_power(sessions: Sessions, cuts: int, caches: Sequence[str], seed: int, report: Report) -> List[Cut]:
    """Cuts the power so often, and looks at what each cut has left."""
    if cuts == 0:
        return []
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
                result = Result(result.name, PASSED, "cut at %s, as it should be" % place, result.seconds, result.started_at)
            # Whether what was not synced is lost is for the table of cuts: either is right.
            if not result.name.startswith("power-cut.unsynced-") or result.outcome not in (PASSED, SKIPPED):
                report.add(result)
        problem = sessions.target.check_disk()
        report.add(Result("power-cut.disk-%d" % number, FAILED if problem else PASSED, problem or ""))
    return work.cuts


# A guest that dies of a case is booted again for the others, so often.
_BOOTS = 4


def run_cases(sessions: Sessions, cases: Sequence[GuestCase], report: Report) -> None:
    """Runs the cases; each has a result of its own afterwards, whatever happens to the guest."""
    left = list(cases)
    for attempt in range(1, _BOOTS + 1):
        script = COMMON + "".join(case.script for case in left)
        not_run: Dict[str, Result] = {}
        title = "cases" if attempt == 1 else "cases, %d left" % len(left)
        for result in sessions.run(title, script, {case.name: case.seconds for case in left}, on_time=report.add_time):
            if result.outcome == LOST and result.why.startswith("not run"):
                not_run[result.name] = result
            else:
                report.add(result)
        again = [case for case in left if case.name in not_run]
        if not again or len(again) == len(left) or attempt == _BOOTS:
            for result in not_run.values():
                report.add(result)
            return
        sessions.say("%d cases are left: booting again" % len(again))
        left = again


def run_guest(options: argparse.Namespace, arch: str, report: Report) -> None:
    """All that is wanted of one guest."""
    with make_target(options, arch) as target:
        sessions = Sessions(target, options.report, accelerators(target.arch, options.accel), options.slow, report.say)
        # What is wrong with the machine itself, or with the choice, is not found out boot by boot.
        machines.command_line(target.boot(sessions.accelerator, options.cache[0]))
        cases: Sequence[GuestCase] = ()
        if options.cases != "none":
            cases = choose_cases(options.cases, target, options.most_runs)
            if not cases:
                raise UsageError("no case matches %r (--list shows them)" % options.cases)
        report.begin(target, sessions)
        try:
            if cases:
                for line in what_is_left_out(options.cases, options.most_runs):
                    report.say(line)
                prepare_share(target.share)
                run_cases(sessions, cases, report)
                for result in check_share(target.share, cases):
                    report.add(result)
            if options.cuts:
                seed = random.SystemRandom().randrange(1, 10**6) if options.seed is None else options.seed
                report.say("cutting the power %d times (--seed=%d)" % (options.cuts, seed))
                report.add_cuts(cut_the_power(sessions, options.cuts, options.cache, seed, report))
        finally:
            report.end(target)


def interrupt(number: int, frame: Optional[FrameType]) -> None:
    """Signals that end this program let it clean up."""
    raise SystemExit(128 + number)


def main(arguments: Sequence[str]) -> int:
    """The command."""
    options = parse(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        try:
            re.compile(options.cases)
        except re.error as error:
            raise UsageError("--cases: %r is no regular expression: %s" % (options.cases, error)) from None
        if options.recorded:
            catalogue.saved = str(options.recorded)
        if options.list:
            return list_cases(options.cases)
        options.report.mkdir(parents=True, exist_ok=True)
        if options.show_command:
            return show_command(options)
        if options.shell:
            return give_shell(options)
        report = Report(options.report)
        try:
            for arch in architectures(options):
                run_guest(options, arch, report)
        finally:
            report.write()
        return report.status()
    except (UsageError, given_image.GivenImageError, machines.MachineError, KernelError, EmbeddedError) as error:
        print("guest: %s" % error, file=sys.stderr)
        return STATUS_USAGE
    except Failure as failure:
        print("guest: %s" % failure.what, file=sys.stderr)
        return STATUS_FAILED
    except OSError as error:
        print("guest: %s: %s" % (error.filename or options.report, os.strerror(error.errno or 0)), file=sys.stderr)
        return STATUS_USAGE
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
