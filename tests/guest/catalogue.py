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

# Whose cases are carried out in guests. Those of the everyday commands are compared with GNU's on the host; in a guest each of these
# programs is started, and its messages looked at (cases_guest.py).
_PROGRAMS = ("cat", "cp", "dircolors", "empty", "env", "ls", "mkdir", "rm", "sync")
CASES = {name: definition for name, definition in harness.CASES.items() if name.split(".")[0] in _PROGRAMS}

# What stands before all cases.
COMMON = Script({**VARIABLES}).text().decode("ascii")

# From so many cases on it takes a while, and is done by several processes.
_MANY = 20
_MOST_WORKERS = 4

# What this program is told by _record_as_root().
_RECORD = "--record"

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


# By name, and whether with their plain forms.
_RECORDED: Dict[Tuple[str, bool], Recorded] = {}


def record(pattern: str = "", plain: bool = True) -> List[Recorded]:
    """What came of each case of tests/smoke that matches, in the order of their names. Each is recorded once only."""
    names = [name for name in sorted(CASES) if any(re.search(pattern, variant) for variant in (name, name + PLAIN))]
    missing = [name for name in names if (name, plain) not in _RECORDED]
    if missing:
        if len(missing) > _MANY:
            print("        recording %d cases with this host's GNU tools" % len(missing), file=sys.stderr, flush=True)
        found = _record_as_root(missing, plain)
        if found is None:
            found = _record_here(missing, plain)
        _RECORDED.update(((name, plain), recorded) for name, recorded in found.items())
    return [_RECORDED[name, plain] for name in names]


def _record_some(names: Sequence[str], plain: bool) -> Dict[str, Recorded]:
    with Recorder() as recorder:
        return {name: recorder.record(CASES[name], plain) for name in names}


def _record_here(names: Sequence[str], plain: bool) -> Dict[str, Recorded]:
    workers = min(_MOST_WORKERS, os.cpu_count() or 1) if len(names) > _MANY else 1
    if workers == 1:
        return _record_some(names, plain)
    found: Dict[str, Recorded] = {}
    with concurrent.futures.ProcessPoolExecutor(workers) as pool:
        # Cases of one program take about as long as each other.
        parts = [pool.submit(_record_some, names[first::workers], plain) for first in range(workers)]
        for part in parts:
            found.update(part.result())
    return found


def _record_as_root(names: Sequence[str], plain: bool) -> Optional[Dict[str, Recorded]]:
    """The same, where this process is not root, by one that is root in a user name space of its own. None: not needed, or
    there can be none."""
    if has_powers():
        return None
    command = ["unshare", "--user", "--map-root-user", sys.executable, "-B", os.path.abspath(__file__), _RECORD]
    try:
        done = subprocess.run(command, input=pickle.dumps((list(names), plain)), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False)
    except OSError:
        return None
    return pickle.loads(done.stdout) if done.returncode == 0 else None


def all_cases(pattern: str = "", programs: str = "/usr/bin", plain: bool = True) -> List[Steps]:
    """The cases whose names match, in the order to run them in: what takes away /tmp comes last. `plain`: also the NAME+plain
    beside those that the file system may be unable to."""
    own = cases_guest.cases(programs) + cases_guest.start_time_cases()
    own.sort(key=lambda steps: steps.name == "init.tmp-itself")
    first = [steps for recorded in record(pattern, plain) for steps in recorded.scripts]
    return [steps for steps in first + own if re.search(pattern, steps.name)]


def to_guest_case(steps: Steps, scale: float = _SLOWER) -> GuestCase:
    """The case, with so many times the time."""
    # Steps take their time, too: thousands of files do.
    timed = Steps(steps.name, steps.seconds + _STEP_SECONDS * len(steps.lines))
    timed.lines = steps.lines
    script = Script()
    script.add(timed)
    return GuestCase(steps.name, script.text(scale).decode("ascii"), max(1, round(timed.seconds * scale)))


def choose_cases(pattern: str, target: _Target) -> Sequence[GuestCase]:
    """The cases whose names match, for this target."""
    # The embedded guest's file system lacks nothing.
    return [to_guest_case(steps) for steps in all_cases(pattern, target.programs, plain=hasattr(target, "given"))]


def list_cases(pattern: str = "") -> int:
    """Prints the cases that match, where each runs, and why not in a guest."""
    rows: List[Tuple[str, str, str]] = []
    reasons: "Counter[str]" = Counter()
    for recorded in record(pattern):
        if recorded.why is not None:
            rows.append((recorded.name, "host", recorded.detail))
            reasons[recorded.why.value] += 1
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
    for reason, count in reasons.most_common():
        print("%5d %s" % (count, reason))
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
        sys.stdout.buffer.write(pickle.dumps(_record_here(*pickle.load(sys.stdin.buffer))))
        sys.exit(0)
    sys.exit(list_cases(sys.argv[1] if len(sys.argv) > 1 else ""))
