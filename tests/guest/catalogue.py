# SPDX-License-Identifier: MIT
"""All cases of a guest: those of tests/smoke, recorded on this host, and those that only a guest has.

    chosen = choose_cases("^(cp|share)", target)
    script = COMMON + "".join(case.script for case in chosen)
"""
import concurrent.futures
import os
import pickle
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Protocol, Sequence, Tuple

CASES_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "smoke")
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), CASES_FOLDER]
import cases_guest  # noqa: E402 pylint: disable=wrong-import-position
import harness  # noqa: E402 pylint: disable=wrong-import-position
from protocol import FAILED, PASSED, Result  # noqa: E402 pylint: disable=wrong-import-position
from recorder import PLAIN, VARIABLES, Recorded, Recorder, has_powers  # noqa: E402 pylint: disable=wrong-import-position
from script import Script, Steps  # noqa: E402 pylint: disable=wrong-import-position

harness.load_cases()

# All that can be recorded is carried out in guests.
CASES = harness.CASES

# What was recorded when all was built (BUILD); it is taken where GNU's tools are still those.
saved = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recorded.pickle")

# A case that runs programs more often than that is for ./cation guest, not for tests: a few try thousands of numbers and texts.
MOST_RUNS_IN_TESTS = 40

# What stands before all cases.
COMMON = Script({**VARIABLES}).text().decode("ascii")

# From so many cases on it takes a while, and is done by several processes.
_MANY = 20
_MOST_WORKERS = 4

# What this program is told by _record_as_root(), and by the build.
_RECORD = "--record"
_SAVE = "--save"

# A guest without the host's hardware is slower than the host.
_SLOWER = 3.0
_STEP_SECONDS = 0.01


@dataclass(frozen=True)
class GuestCase:
    """A case as a script has it, with the line that begins it."""
    name: str
    script: str
    seconds: float  # the limit that is in the script


class _Target(Protocol):
    programs: str


_RECORDED: Dict[str, Recorded] = {}


def _gnus_version() -> bytes:
    """Which GNU is here: what is recorded is recorded of it."""
    told = subprocess.run(["ls", "--version"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False).stdout
    return told.split(b"\n", maxsplit=1)[0]


def _load() -> None:
    """What was recorded when all was built."""
    global saved  # pylint: disable=global-statement
    if saved and os.path.exists(saved):
        with open(saved, "rb") as file:
            version, cases = pickle.load(file)
        if version == _gnus_version():
            _RECORDED.update(cases)
    saved = ""


def save(path: str, names: Optional[Sequence[str]] = None) -> None:
    """Records all cases, or these, into a file."""
    names = sorted(CASES) if names is None else names
    found = _record_as_root(names) or _record_here(names)
    with open(path, "wb") as file:
        pickle.dump((_gnus_version(), found), file, protocol=4)


def record(pattern: str = "") -> List[Recorded]:
    """What came of each case of tests/smoke that matches, in the order of their names. Each is recorded once only."""
    names = [name for name in sorted(CASES) if any(re.search(pattern, variant) for variant in (name, name + PLAIN))]
    _load()
    missing = [name for name in names if name not in _RECORDED]
    if missing:
        if len(missing) > _MANY:
            print("        recording %d cases with this host's GNU tools" % len(missing), file=sys.stderr, flush=True)
        found = _record_as_root(missing)
        if found is None:
            found = _record_here(missing)
        _RECORDED.update(found)
    return [_RECORDED[name] for name in names]


def reasons(recorded: Sequence[Recorded]) -> List[str]:
    """How many were recorded, and for each reason how many were not, as lines for people."""
    counts = Counter(one.why for one in recorded)
    first = "%d of %d cases of the host are recorded" % (counts.pop(None, 0), len(recorded))
    return [first + ("; the others are not:" if counts else "")] + [
        "%5d %s" % (count, why.value) for why, count in counts.most_common() if why is not None]


def what_is_left_out(pattern: str = "", most_runs: int = 0) -> List[str]:
    """What of the host's cases no guest carries out, and why, as lines for people."""
    found = record(pattern)
    lines = reasons(found) if found else []
    many = sum(runs_of(recorded.scripts[0]) > most_runs for recorded in found if recorded.scripts) if most_runs else 0
    if many:
        lines.append("%d that are recorded run programs more than %d times, and are left out here" % (many, most_runs))
    return lines


def _record_some(names: Sequence[str]) -> Dict[str, Recorded]:
    with Recorder() as recorder:
        return {name: recorder.record(CASES[name]) for name in names}


def _record_here(names: Sequence[str]) -> Dict[str, Recorded]:
    workers = min(_MOST_WORKERS, os.cpu_count() or 1) if len(names) > _MANY else 1
    if workers == 1:
        return _record_some(names)
    found: Dict[str, Recorded] = {}
    with concurrent.futures.ProcessPoolExecutor(workers) as pool:
        # Cases of one program take about as long as each other; a few take long.
        pieces = workers * 8
        for part in [pool.submit(_record_some, names[first::pieces]) for first in range(pieces)]:
            found.update(part.result())
    return found


def _record_as_root(names: Sequence[str]) -> Optional[Dict[str, Recorded]]:
    """The same, where this process is not root, by one that is root in a user name space of its own. None: not needed, or
    there can be none."""
    if has_powers():
        return None
    command = ["unshare", "--user", "--map-root-user", sys.executable, "-B", os.path.abspath(__file__), _RECORD]
    try:
        done = subprocess.run(command, input=pickle.dumps(list(names)), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False)
    except OSError:
        return None
    return pickle.loads(done.stdout) if done.returncode == 0 else None


def runs_of(steps: Steps) -> int:
    """How often a case runs programs."""
    return sum(line.startswith(b"run ") for line in steps.lines)


def all_cases(pattern: str = "", programs: str = "/usr/bin", plain: bool = True, most_runs: int = 0) -> List[Steps]:
    """The cases whose names match, in the order to run them in: what takes away /tmp comes last. `plain`: also the NAME+plain
    beside those that the file system may be unable to. `most_runs`: without recorded ones that run programs more often."""
    own = cases_guest.cases(programs) + cases_guest.start_time_cases()
    own.sort(key=lambda steps: steps.name == "init.tmp-itself")
    first = [steps for recorded in record(pattern) for steps in recorded.scripts
             if (plain or not steps.name.endswith(PLAIN)) and (not most_runs or runs_of(steps) <= most_runs)]
    return [steps for steps in first + own if re.search(pattern, steps.name)]


def to_guest_case(steps: Steps, scale: float = _SLOWER) -> GuestCase:
    """The case, with so many times the time."""
    # Steps take their time, too: thousands of files do.
    timed = Steps(steps.name, steps.seconds + _STEP_SECONDS * len(steps.lines))
    timed.lines = steps.lines
    script = Script()
    script.add(timed)
    return GuestCase(steps.name, script.text(scale).decode("ascii"), max(1, round(timed.seconds * scale)))


def choose_cases(pattern: str, target: _Target, most_runs: int = 0) -> Sequence[GuestCase]:
    """The cases whose names match, for this target."""
    # The embedded guest's file system lacks nothing.
    return [to_guest_case(steps) for steps in all_cases(pattern, target.programs, hasattr(target, "given"), most_runs)]


def list_cases(pattern: str = "") -> int:
    """Prints the cases that match, where each runs, and why not in a guest."""
    rows: List[Tuple[str, str, str]] = []
    found = record(pattern)
    for recorded in found:
        if recorded.why is not None:
            rows.append((recorded.name, "host", recorded.detail))
            continue
        for steps in recorded.scripts:
            rows.append((steps.name, "guest" if steps.name.endswith(PLAIN) else "host, guest", ""))
    for steps in cases_guest.cases() + cases_guest.start_time_cases():
        rows.append((steps.name, "guest", ""))
    rows = [row for row in rows if re.search(pattern, row[0])]
    for name, where, why in sorted(rows):
        print("%-44s %-12s %s" % (name, where, why) if why else "%-44s %s" % (name, where))
    counts = Counter(where for _, where, _ in rows)
    print("%d cases: %d on host and guest, %d on the guest only, %d on the host only" % (
        len(rows), counts["host, guest"], counts["guest"], counts["host"]))
    print("\n".join(reasons(found)))
    return 0


def prepare_share(folder: Path) -> None:
    """Puts into a guest's shared folder what its cases read."""
    cases_guest.prepare_share(folder)


def check_share(folder: Path, cases: Sequence[GuestCase]) -> List[Result]:
    """What the host sees of what the guest wrote, of these cases."""
    names = {case.name for case in cases}
    return [Result(name + "-on-the-host", FAILED if wrong else PASSED, wrong or "")
            for name, wrong in cases_guest.check_share(folder) if name in names]


if __name__ == "__main__":
    if sys.argv[1:] == [_RECORD]:
        sys.stdout.buffer.write(pickle.dumps(_record_here(pickle.load(sys.stdin.buffer))))
        sys.exit(0)
    if sys.argv[1:2] == [_SAVE]:
        save(sys.argv[2])
        sys.exit(0)
    sys.exit(list_cases(sys.argv[1] if len(sys.argv) > 1 else ""))
