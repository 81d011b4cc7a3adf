# SPDX-License-Identifier: MIT
"""What run-cases prints in the guest (runner/README.md), as results, while it comes.

    run = follow(console, {"cat.Plain": 20.0, "cp.Tree": 60.0})
    for result in run:
        print(result)
    if run.failure: ...          # why it ended early: the guest hung, panicked, ...

Each case that was expected gets exactly one result of its own, whatever happens; what came beside that (a second result, a case that nobody
asked for, a wrong count) is a failed result more. So a run is good when all its results are passed or skipped.
"""
import re
from dataclasses import dataclass
from typing import Callable, Dict, Iterator, List, Mapping, Optional, Set, Union

from console import Console
from failures import Failure, Hang

PASSED = "passed"
FAILED = "failed"
SKIPPED = "skipped"
LOST = "lost"  # it has no result: not run, or torn to pieces on its way

# The name of results that belong to no case.
PROTOCOL = "run-cases"


@dataclass(frozen=True)
class Begin:
    count: int


@dataclass(frozen=True)
class Run:
    name: str


@dataclass(frozen=True)
class Outcome:
    name: str
    outcome: str
    why: str = ""
    milliseconds: Optional[int] = None


@dataclass(frozen=True)
class Mark:
    text: str


@dataclass(frozen=True)
class Time:
    """`count` starts of a program of `size` bytes took so many nanoseconds together."""

    name: str
    count: int
    nanoseconds: int
    size: int


@dataclass(frozen=True)
class Done:
    count: int


@dataclass(frozen=True)
class Exit:
    """The shell's own line after the program, see ways_in.Shell.start."""

    status: int


Event = Union[Begin, Run, Outcome, Mark, Time, Done, Exit]


@dataclass(frozen=True)
class Result:
    name: str
    outcome: str  # PASSED, FAILED, SKIPPED, LOST
    why: str = ""
    seconds: float = 0.0
    started_at: float = 0.0  # in the console's seconds


_MARKER = re.compile(r"=== (?:"
                     r"BEGIN (?P<begin>\d+)"
                     r"|RUN (?P<run>\S+)"
                     r"|PASS (?P<passed>\S+) \((?P<ms>\d+) ms\)"
                     r"|(?P<no>FAIL|SKIP) (?P<name>[^\s:]+): (?P<why>.*)"
                     r"|MARK (?P<mark>.*)"
                     r"|TIME (?P<timed>\S+) (?P<count>\d+) (?P<ns>\d+) (?P<size>\d+)"
                     r"|DONE (?P<done>\d+)"
                     r"|EXIT (?P<exit>\d+)"
                     r")\s*\Z")
# Markers that may stand behind something that was printed without a newline. FAIL, SKIP and MARK carry text, in which anything may be.
_BEHIND = re.compile(r"(?<!=)=== (?:BEGIN|RUN|PASS|TIME|DONE|EXIT|FAIL|SKIP|MARK) ")
_TEXT = re.compile(r"=== (?:FAIL|SKIP|MARK) ")
_MOST_LATE = 1000


def parse(line: str) -> Optional[Event]:
    """What a line says; None: nothing. A marker begins its line, or stands behind what another program has left there."""
    text = line.lstrip("\r")
    if not text.startswith("=== "):
        behind = _BEHIND.search(text)
        if behind is None:
            return None
        text = text[behind.start():]
    while True:
        found = _MARKER.match(text)
        if found is not None:
            return _event(found)
        # A torn marker may have a whole one behind it: "=== PASS ca=== RUN cp.Tree".
        behind = None if _TEXT.match(text) else _BEHIND.search(text, 4)
        if behind is None:
            return None
        text = text[behind.start():]


def _event(found: "re.Match[str]") -> Event:
    if found["begin"]:
        return Begin(int(found["begin"]))
    if found["run"]:
        return Run(found["run"])
    if found["passed"]:
        return Outcome(found["passed"], PASSED, "", int(found["ms"]))
    if found["no"]:
        return Outcome(found["name"], FAILED if found["no"] == "FAIL" else SKIPPED, found["why"])
    if found["timed"]:
        return Time(found["timed"], int(found["count"]), int(found["ns"]), int(found["size"]))
    if found["done"]:
        return Done(int(found["done"]))
    if found["exit"]:
        return Exit(int(found["exit"]))
    return Mark(found["mark"])


class Following:
    """A run that is being followed: iterate over its results. `failure` says why it ended early, `finished` that it came to its DONE."""

    def __init__(self, console: Console, expected: Mapping[str, float], begin_seconds: float, scale: float,
                 slack: float, on_mark: Callable[[Mark], None], on_time: Callable[[Time], None]) -> None:
        self.failure: Optional[Failure] = None
        self.finished = False
        self.exit_status: Optional[int] = None  # as the shell said it
        self._console = console
        self._expected = expected
        self._scale = scale
        self._slack = slack
        self._on_mark = on_mark
        self._on_time = on_time
        self._given: Set[str] = set()  # the cases that have their result
        self._running = ""
        self._started_at = 0.0
        self._at = 0.0  # when the last event came
        self._told = 0
        self._begun: Optional[int] = None
        self._counted = 0  # results as run-cases counts them
        self._last = ""
        self._rest_is = "not run: run-cases was done without it"
        self._limit = self._allowed = 0.0
        self._allow(begin_seconds * scale)

    def __iter__(self) -> Iterator[Result]:
        try:
            while not self.finished:
                yield from self._handle(self._next_event())
        except Failure as failure:
            self.failure = failure
            yield from self._end_early(failure.what)
            return
        yield from self._rest(self._rest_is)

    def _next_event(self) -> "Union[Begin, Run, Outcome, Done, Exit]":
        """Neither other output nor marks stretch the limit."""
        if self._running:
            what = "a result of %s" % self._running
        elif self._begun is None:
            what = "the beginning of the cases"
        else:
            what = "the next case"
        late = 0
        while True:
            remaining = self._limit - self._console.seconds()
            # What came in time and has not been looked at is taken, but a guest that goes on and on is not followed for ever.
            late += remaining <= 0
            try:
                if late > _MOST_LATE:
                    raise Hang("")
                came = self._console.wait_for([r"^[^\n]*=== [^\n]*\n"], max(0.0, remaining), what)
            except Hang:
                raise Hang("%s: did not come within %.3g s; %s" % (what, self._allowed, self._console.last_words())) from None
            self._at = came.at
            event = parse(came.group().rstrip("\n"))
            if isinstance(event, Mark):
                self._on_mark(event)
            elif isinstance(event, Time):
                self._on_time(event)
            elif event is not None:
                return event

    def _allow(self, seconds: float) -> None:
        """What is waited for next has so long from now."""
        self._allowed = seconds
        self._limit = self._console.seconds() + seconds

    # What each event means. The results that come of it; a Failure when no more can come.
    def _handle(self, event: "Union[Begin, Run, Outcome, Done, Exit]") -> List[Result]:
        if isinstance(event, Begin):
            again = self._begun is not None
            self._begun = event.count
            self._allow(self._slack)
            if again:
                return [self._trouble("BEGIN came twice")]
            if event.count != len(self._expected):
                return [self._trouble("the script has %d cases, not the %d that were expected" % (event.count, len(self._expected)))]
            return []
        if isinstance(event, Run):
            results = self._lose("its result was lost: %s began" % event.name)
            self._running = event.name
            self._started_at = self._at
            self._allow(self._expected.get(event.name, 0.0) * self._scale + self._slack)
            if self._begun is None:
                self._begun = len(self._expected)
                results.append(self._trouble("BEGIN was lost"))
            return results
        if isinstance(event, Outcome):
            return self._outcome(event)
        if isinstance(event, Exit):
            self.exit_status = event.status
            if self._begun is None and not self._counted:
                raise Failure("run-cases ended with status %d and did not begin%s" % (event.status, self._complaint()))
            raise Failure("run-cases ended with status %d before it was done" % event.status)
        results = self._lose("its result was lost: run-cases was done")
        self.finished = True
        if event.count != self._counted:
            results.append(self._trouble("DONE counts %d results, and %d came" % (event.count, self._counted)))
        return results

    def _outcome(self, event: Outcome) -> List[Result]:
        if event.name == "script" and self._begun is None and event.name not in self._expected:
            self._rest_is = "not run: the script is not sound"
            return [Result(PROTOCOL, FAILED, "the script is not sound: %s" % event.why)]
        self._counted += 1
        self._allow(self._slack)
        results: List[Result] = []
        started_at, now = self._started_at, self._at
        beginning = event.name == self._running
        if not beginning:
            results += self._lose("its result was lost: that of %s came" % event.name)
            started_at = now
        self._running = ""
        self._last = event.name
        seconds = event.milliseconds / 1000 if event.milliseconds is not None else now - started_at
        if event.name not in self._expected:
            results.append(Result(event.name, FAILED, "nobody asked for this case (%s)" % event.outcome, seconds, started_at))
        elif event.name in self._given:
            results.append(Result(event.name, FAILED, "a second result: %s %s" % (event.outcome, event.why), seconds, started_at))
        else:
            self._given.add(event.name)
            complaint = self._complaint(started_at)
            why = event.why + (complaint if event.outcome == FAILED else "")
            results.append(Result(event.name, event.outcome, why, seconds, started_at))
            if not beginning:
                results.append(self._trouble("%s has a result and had no beginning" % event.name))
        return results

    def _lose(self, why: str) -> List[Result]:
        """The case that runs, if there is one, gets no result any more."""
        name, self._running = self._running, ""
        if not name:
            return []
        self._last = name
        now = self._console.seconds()
        if name in self._expected and name not in self._given:
            self._given.add(name)
            return [Result(name, LOST, why, now - self._started_at, self._started_at)]
        return [Result(name, FAILED, "began, and nobody asked for it (again)", now - self._started_at, self._started_at)]

    def _end_early(self, why: str) -> List[Result]:
        name, self._running = self._running, ""
        now = self._console.seconds()
        results = []
        where = "before the first case"
        if name:
            where = "in %s" % name
            self._given.add(name)
            kind = "hang: " if isinstance(self.failure, Hang) else ""
            results.append(Result(name, FAILED, kind + why + self._complaint(self._started_at), now - self._started_at, self._started_at))
        elif self._last:
            where = "after %s" % self._last
        rest = list(self._rest("not run: %s: %s" % (where, why)))
        if not name and not rest:
            results.append(self._trouble("%s: %s" % (where, why)))
        return results + rest

    def _rest(self, why: str) -> Iterator[Result]:
        for name in self._expected:
            if name not in self._given:
                self._given.add(name)
                yield Result(name, LOST, why, 0.0, self._console.seconds())

    def _complaint(self, since: float = 0.0) -> str:
        """What the kernel said meanwhile; each is told once."""
        notes = [text for at, text in self._console.notes[self._told:] if at >= since]
        self._told = len(self._console.notes)
        return " (the kernel said: %s)" % notes[0] if notes else ""

    @staticmethod
    def _trouble(why: str) -> Result:
        return Result(PROTOCOL, FAILED, why)


def follow(console: Console, expected: Mapping[str, float], begin_seconds: float = 120, scale: float = 1, slack: float = 30,
           on_mark: Callable[[Mark], None] = lambda mark: None,
           on_time: Callable[[Time], None] = lambda time: None) -> Following:
    """`expected`: the seconds of each case, in the script's order. A case has its seconds times `scale`, and `slack`, until its result must
    be here (run-cases ends it by itself after its seconds); the next case must begin within `slack`, the first within `begin_seconds`."""
    return Following(console, expected, begin_seconds, scale, slack, on_mark, on_time)


def counts(results: "List[Result]") -> Dict[str, int]:
    """How many of each outcome."""
    found = {PASSED: 0, FAILED: 0, SKIPPED: 0, LOST: 0}
    for result in results:
        found[result.outcome] += 1
    return found
