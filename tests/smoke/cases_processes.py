# SPDX-License-Identifier: MIT
"""sleep, kill, timeout, time, ps and killall. What they start are the host's programs."""
from cases_common import closed_streams, names
from harness import Case, case


# ----------------------------------------------------------------------------------------------------------------- sleep
def _sleep_name(t: Case, name: bytes, path: bytes, _: bytes) -> None:
    t.same("sleep", b"--", path)
    t.same("sleep", b"--", name)


names("sleep", _sleep_name)
closed_streams("sleep", [(["0"], False), (["x"], False)])


@case("sleep.durations")
def _(t: Case) -> None:
    for durations in (["0"], ["0.001"], [".001", "1e-3", "0x.002p1"], ["0s", "0m", "0h", "0d"], ["--", "-0"], ["0.0001m"], ["1e-1000"],
                      ["+.001"], [" .001"], ["0x0.01d"], ["0.00000001d"], ["00000000000000000000.001s"]):
        t.same("sleep", *durations, status=0)


@case("sleep.wrong-durations")
def _(t: Case) -> None:
    for durations in (["x"], [""], [" "], ["1", "x"], ["-1"], ["--", "-1"], ["--", "-0.1"], ["42D"], ["42d", "42day"], ["nan"], ["1 "], ["1,5"],
                      ["0x"], ["1e"], ["1ss"], ["s"], ["."], ["1.1."], ["--", "-inf"]):
        t.same("sleep", *durations, status=1)
    t.same("sleep", status=1)
    # GNU's waits for nothing.
    t.refuses("sleep", "--", status=1)
    t.gives("sleep", "1d", "x", "\n", status=1, errors=b"sleep: x: invalid time interval\nsleep: $'\\n': invalid time interval\n"
            b"Try 'sleep --help' for more information.\n")
