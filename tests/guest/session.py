# SPDX-License-Identifier: MIT
"""One boot of a target, from the power button to the last case, and what is left of it for the report."""
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Iterator, List, Mapping, Optional, Tuple

import machines
from console import Console
from failures import Failure, Hang, PoweredOff
from protocol import FAILED, LOST, PROTOCOL, Following, Mark, Result, Time, follow
from qemu import Guest
from targets import Target

# A boot loader's menu is answered every so many seconds, until this is seen.
_KEY_SECONDS = 3.0
_MENU_SECONDS = 120.0
# What others wait for is left to them.
_KERNEL_SPEAKS = r"Redox OS starting|(?==== )|(?=login:)"
_IN_LINUX_LOG = "Linux version "
# From the last marker to the machine's end.
_END_SECONDS = 60.0


@dataclass
class BootLog:
    """The serial line of one boot."""
    title: str
    accelerator: str
    lines: List[Tuple[float, str]] = field(default_factory=list)
    file: str = ""
    command: List[str] = field(default_factory=list)  # QEMU's


@dataclass
class Sessions:
    """All boots of one target. `say`: for what people should know meanwhile."""
    target: Target
    folder: Path  # for logs and pictures
    accelerators: List[str]
    scale: float = 1.0
    say: Callable[[str], None] = lambda text: print(text, file=sys.stderr, flush=True)
    logs: List[BootLog] = field(default_factory=list)
    _proved: bool = False  # the first accelerator has brought a guest to its cases

    @property
    def accelerator(self) -> str:
        """What the next boot takes."""
        return self.accelerators[0]

    @contextmanager
    def boot(self, title: str, cache: str = "writeback") -> Iterator[Tuple[Guest, Console]]:
        """A running guest and its serial line; afterwards it is gone."""
        number = len(self.logs) + 1
        log = BootLog(title, self.accelerator, file=str(self.folder / ("serial-%s-%d.log" % (self.target.arch, number))))
        self.logs.append(log)
        boot = self.target.boot(self.accelerator, cache)
        with Guest(boot) as guest:
            log.command = guest.argv
            console = Console(guest.serial, guest, log=log.file)
            try:
                yield guest, console
            finally:
                console.close()
                log.lines = list(console.lines)

    def run(self, title: str, script: str, expected: Mapping[str, float], cache: str = "writeback",
            on_mark: Callable[[Guest, Mark], None] = lambda guest, mark: None,
            on_time: Callable[[Time], None] = lambda time: None) -> Iterator[Result]:
        """Boots, has run-cases carry out the script, and gives each result as it comes. Where the first accelerator brings
        no guest as far as that, the next is taken from then on."""
        while True:
            retry = False
            for result in self._run_once(title, script, expected, cache, on_mark, on_time):
                if result is None:
                    retry = True
                else:
                    yield result
            if not retry:
                return

    def _run_once(self, title: str, script: str, expected: Mapping[str, float], cache: str,
                  on_mark: Callable[[Guest, Mark], None], on_time: Callable[[Time], None]) -> Iterator[Optional[Result]]:
        self.target.put_script(script)
        doubtful = not self._proved and len(self.accelerators) > 1
        # Hardware is faster than any emulation, if it works at all.
        begin_seconds = self.target.fast_begin_seconds if doubtful else self.target.begin_seconds
        with self.boot(title, cache) as (guest, console):
            following: Optional[Following] = None
            try:
                if guest.boot.display:
                    self._pass_menu(guest, console)
                self.target.reach_cases(console)
                following = follow(console, expected, begin_seconds, self.scale,
                                   on_mark=lambda mark: on_mark(guest, mark), on_time=on_time)
                rest = iter(following)
                results = list(_first(rest))
            except Failure as failure:
                # On the way to run-cases.
                if doubtful and isinstance(failure, Hang):
                    yield self._next_accelerator(failure)
                    return
                self._take_picture(guest, title)
                yield Result(PROTOCOL, FAILED, "%s (the serial line is in %s)" % (failure.what, self.logs[-1].file))
                for name in expected:
                    yield Result(name, LOST, "not run: %s" % failure.what)
                return
            if doubtful and isinstance(following.failure, Hang) and all(result.outcome == LOST for result in results):
                yield self._next_accelerator(following.failure)
                return
            self._proved = True
            yield from results
            yield from rest
            if following.failure is not None:
                self._take_picture(guest, title)
                if guest.failure() is None:
                    self.say("the serial line is in %s" % self.logs[-1].file)
                return
            guest.wait_for_end(_END_SECONDS * self.scale)
            problem = ""
            if guest.failure() is None:
                problem = "the machine still runs %g s after its last case" % (_END_SECONDS * self.scale)
            elif not isinstance(guest.failure(), PoweredOff):
                problem = "the machine did not switch itself off: %s" % guest.failure()
            if problem and self.target.powers_off:
                yield Result(PROTOCOL, FAILED, problem)
            elif problem:
                self.say(problem)

    def _next_accelerator(self, failure: Failure) -> None:
        bad = self.accelerators.pop(0)
        self.say("a guest gets nowhere under %s (%s): %s from here on" % (bad, failure.what, self.accelerator))

    def _pass_menu(self, guest: Guest, console: Console) -> None:
        """Presses Enter until a kernel speaks: a boot loader that has a display waits at a menu there. One that speaks on
        the serial line as well is not waited for longer than for a boot."""
        limit = console.seconds() + min(_MENU_SECONDS, self.target.begin_seconds) * self.scale
        while console.seconds() < limit:
            try:
                console.wait_for([_KERNEL_SPEAKS], _KEY_SECONDS, "a kernel")
                return
            except Hang:
                if any(_IN_LINUX_LOG in line for _, line in console.lines):
                    return
                # A BIOS's boot loader reads the keyboard, one for UEFI the serial line too.
                guest.qmp.command("send-key", keys=[{"type": "qcode", "data": "ret"}])
                console.send("\r")

    def _take_picture(self, guest: Guest, title: str) -> None:
        """Of the screen of a guest that is in trouble, if it has one."""
        if not guest.boot.display or guest.failure() is not None:
            return
        path = self.folder / ("screen-%s-%d.png" % (self.target.arch, len(self.logs)))
        try:
            guest.screenshot(str(path))
            self.say("%s: the screen is in %s" % (title, path))
        except Failure as failure:
            self.say("%s: no picture of the screen: %s" % (title, failure.what))


def _first(results: Iterator[Result]) -> Iterator[Result]:
    """Takes what comes up to the first result that a case has by itself: all, where none has."""
    for result in results:
        yield result
        if result.outcome != LOST and result.name != PROTOCOL:
            return


def accelerators(arch: str, wanted: str) -> List[str]:
    """Those to try, in order. `wanted`: "auto", or one by name."""
    return machines.candidates(arch) if wanted == "auto" else [wanted]
