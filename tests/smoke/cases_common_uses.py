# SPDX-License-Identifier: MIT
"""Calls to the system in common use: those that the programs for this host make, and those that strace counted of a static busybox, both
without their start. On Redox each call is a message to a daemon and back."""
import os
from typing import Dict

from cases_common import PROGRAMS
from common_uses import FILES, MORE, USES
from count_calls import CannotTrace, count_calls
from harness import Case, Skipped, case, first_word

# What a program that does nothing makes: execve() and exit_group().
_START = 2


def _read() -> Dict[str, int]:
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "busybox_calls.tsv"), encoding="utf-8") as lines:
        pairs = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    return {name: int(count) for name, count in pairs}


_BUSYBOX = _read()


def _cases() -> None:
    for program in sorted({use.words[0] for use in USES if use.name in _BUSYBOX} & set(PROGRAMS)):
        def calls(t: Case, program: str = program) -> None:
            if t.programs.revision != "host":
                raise Skipped("calls of two programs can be compared where both make the same ones")
            problems = []
            for number, use in enumerate(use for use in USES if use.words[0] == program and use.name in _BUSYBOX):
                folder = os.path.join(t.ours, b"%d" % number)
                os.mkdir(folder)
                t.files_in(folder, FILES)
                try:
                    count, status = count_calls([*t.programs.ours(program), *use.arguments()], folder, use.stdin,
                                                {"PATH": "/usr/bin:/bin", "TZ": "UTC0", "LC_ALL": "C", "HOME": "/nonexistent"})
                except CannotTrace:
                    raise Skipped("no process may trace another here") from None
                count -= _START
                t.expect(status == use.status, "%s: status %d" % (use.name, status))
                if count > _BUSYBOX[use.name] and use.name not in MORE:
                    problems.append("%s: %d calls, busybox %d" % (use.name, count, _BUSYBOX[use.name]))
            t.expect(not problems, "\n".join(problems))
        case("%s.calls.common-use" % first_word(program))(calls)


_cases()
