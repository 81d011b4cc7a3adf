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


# ------------------------------------------------------------------------------------------------------------------ kill
def _kill_name(t: Case, name: bytes, path: bytes, _: bytes) -> None:
    t.refuses("kill", b"--", path, status=1)
    t.refuses("kill", b"--", name, status=1)
    t.refuses("kill", b"-s", name, b"1", status=1)
    t.refuses("kill", b"-l", b"--", name, status=1)


names("kill", _kill_name)
closed_streams("kill", [(["-l"], True), (["-t", "x", "1"], True), (["--", "x"], False)])


@case("kill.lists")
def _(t: Case) -> None:
    t.gives("kill", "-l", "143", "KILL", "9", "0", "sigterm", "RTMIN+1", "33", "271", out=b"TERM\n9\nKILL\nEXIT\n15\n35\n33\nTERM\n")
    t.gives("kill", "-t", "TERM", "34", out=b"15 TERM     Terminated\n34 RTMIN    Real-time signal 0\n")
    t.gives("kill", "-l", "FOO", "TERM", "-1", status=1, out=b"15\n", errors=b"kill: FOO: invalid signal\nkill: -1: invalid signal\n")
    t.gives("kill", "-l", out=None)
    t.gives("kill", "-L", out=None)
    t.gives("kill", "-l", stdout="/dev/full", status=1, errors=b"kill: write error: No space left on device\n", out=b"")


@case("kill.wrong-use")
def _(t: Case) -> None:
    for arguments in ([], ["--"], ["-9"], ["-TERM"], ["-l", "-l"], ["-l", "-t"], ["-l", "-s", "1"], ["-t", "-s", "1"], ["-cont", "1"], ["-s"],
                      ["-HUP", "-INT", "1"], ["-1234"], ["-s", "FOO", "1"], ["-FOO", "1"], ["-65", "1"]):
        t.refuses("kill", *arguments, status=1)


@case("kill.no-such-process")
def _(t: Case) -> None:
    t.gives("kill", "-0", "2147483647", status=1, errors=b"kill: 2147483647: No such process\n")
    t.gives("kill", "-0", "--", "-2147483647", status=1, errors=b"kill: -2147483647: No such process\n")
    t.gives("kill", "4294967297", "firefox", "%1", "0x1", "", status=1, errors=b"".join(
        b"kill: %s: invalid process id (for names there is killall)\n" % name for name in (b"4294967297", b"firefox", b"%1", b"0x1", b"''")))
    # Its own group, which is there.
    t.gives("kill", "-0", "0")
    t.gives("kill", "-s", "0", "--", "0")


@case("kill.ends-its-own-group")
def _(t: Case) -> None:
    # A group of its own: nobody else gets it.
    for signal in ("TERM", "INT", "KILL", "USR1"):
        outcome = t.run("env", "setsid", "-w", "sh", "-c", "exec \"$@\"", "sh", *t.programs.ours("kill"), "-" + signal, "0")
        t.expect(outcome.status in (128 + {"TERM": 15, "INT": 2, "KILL": 9, "USR1": 10}[signal],
                                    -{"TERM": 15, "INT": 2, "KILL": 9, "USR1": 10}[signal]), "not ended by " + signal, outcome)
