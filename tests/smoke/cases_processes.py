# SPDX-License-Identifier: MIT
"""sleep, kill, timeout, time, ps and killall. What they start are the host's programs."""
import os
import re
import shutil
import subprocess
import tempfile
import time

from cases_common import closed_streams, little_memory, missing_operand, names
from harness import Case, Dir, File, case


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


@case("sleep.waits")
def _(t: Case) -> None:
    for durations in (["0.1", "1d"], ["inf"], ["infinity"], ["1e30"], ["99999999999999999999999d"], ["0x1p70"]):
        t.gives("timeout", "-f", "0.2", *t.programs.ours("sleep"), *durations, status=124)
    # A signal that does nothing does not shorten it.
    t.gives("timeout", "-s", "CONT", "-k", "0.2", "0.1", *t.programs.ours("sleep"), "1d", status=-9)


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


# --------------------------------------------------------------------------------------------------------------- timeout
def _timeout_name(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
    t.same("timeout", b"1", missing)
    t.same("timeout", b"1", path)
    t.same("timeout", b"--", name, b"true")
    t.same("timeout", b"-s", name, b"1", b"true")
    t.same("timeout", b"1", b"printf", b"%s", name)


names("timeout", _timeout_name)
missing_operand("timeout", 125)
closed_streams("timeout", [(["5", "cat", "f"], True), (["5", "./missing"], False), (["x", "true"], False)])
little_memory("timeout", ["5", "true"])


@case("timeout.statuses")
def _(t: Case) -> None:
    t.tree({"plain": b"#!/bin/sh\n", "d": Dir(), "c": File(b"#!/bin/sh\nexit 9\n", mode=0o755)})
    t.same("timeout", "10", "true", status=0)
    t.same("timeout", "10", "false", status=1)
    t.same("timeout", "10", "sh", "-c", "echo out; cat; exit 42", stdin=b"in", status=42)
    t.same("timeout", ".1", "sleep", "10", status=124)
    t.same("timeout", "0.1", "sh", "-c", "sleep 10; sleep 10", status=124)
    t.same("timeout", "10", "sh", "-c", "exit 124", status=124)
    t.same("timeout", "--preserve-status", ".1", "sleep", "10", status=143)
    t.same("timeout", "--foreground", ".1", "sleep", "10", status=124)
    t.same("timeout", "--foreground", "-s", "KILL", ".1", "sleep", "10", status=137)
    t.same("timeout", "-s", "KILL", ".1", "sleep", "10", status=-9)
    t.same("timeout", "-k", ".1", ".1", "sh", "-c", "trap '' TERM; sleep 10", status=-9)
    t.same("timeout", "--foreground", "-k", ".1", ".1", "sh", "-c", "trap '' TERM; exec sleep 10", status=137)
    t.same("timeout", "10", "sh", "-c", "kill -TERM $$", status=-15)
    t.same("timeout", "10", "sh", "-c", "kill -KILL $$", status=-9)
    t.same("timeout", "10", "./missing", status=127, words=True)
    t.same("timeout", "10", "no-such-program", status=127)
    t.same("timeout", "10", "", status=127)
    t.same("timeout", "10", "./plain", status=126)
    t.same("timeout", "10", "./d", status=126)
    t.same("timeout", "10", "./c", status=9)


@case("timeout.durations")
def _(t: Case) -> None:
    for none in ("0", "0d", "inf", "1e1000", "99999999999999999999d", "2147483648d", "0x10m"):
        t.same("timeout", none, "sh", "-c", "exit 3", status=3)
    t.same("timeout", "0", "sh", "-c", "sleep .1; exit 3", status=3)
    t.same("timeout", "1e-1", "sleep", "10", status=124)
    t.same("timeout", "0.0001d", "sleep", "0.1", status=0)
    for wrong in ("x", "", "42D", "1ss", "nan", "1,5", "-0.1"):
        t.same("timeout", "--", wrong, "true", status=125)
        t.same("timeout", "--kill-after=" + wrong, "1", "true", status=125)
    t.same("timeout", "-1", "true", status=125)


@case("timeout.signals")
def _(t: Case) -> None:
    for signal in ("HUP", "int", "SIGUSR1", "9", "15", "143", "0"):
        t.same("timeout", "--foreground", "-s", signal, "-k", ".2", ".1", "sh", "-c", "exec sleep 2", output=False)
    for wrong in ("FOO", "65", "-1", "", "SIG", "1x"):
        t.same("timeout", "-s", wrong, "1", "true", status=125)
    t.same("timeout", "10", "sh", "-c", "sleep .2; kill -HUP $PPID; exec sleep 5", status=-1)
    t.same("timeout", "10", "sh", "-c", "sleep .2; kill -ALRM $PPID; exec sleep 5", status=124)
    t.same("timeout", "--foreground", "10", "sh", "-c", "sleep .2; kill -INT $PPID; exec sleep 5", status=-2)
    t.same("timeout", "10", "sh", "-c", "trap 'exit 7' TERM; sleep .2; kill -TERM $PPID; while :; do :; done", status=7)


@case("timeout.group")
def _(t: Case) -> None:
    # What the command has started is ended, too; it has a group of its own for that.
    t.same("timeout", ".2", "sh", "-c", "(sleep 1; echo late >late) & wait", status=124)
    t.same("sleep", "1.2")
    t.tree({"done": b""})
    # Not beside GNU's, which ends with 143 where the signal comes before it knows its child.
    t.gives("timeout", "5", "sh", "-c", "kill -TERM 0; sleep 2", status=-15)
    # Stopped, it still ends.
    t.same("timeout", ".2", "sh", "-c", "kill -STOP $$; exit 3", status=124)


@case("timeout.verbose")
def _(t: Case) -> None:
    t.gives("timeout", "-v", "-f", "-s0", "-k", ".1", ".1", "sleep", "10", status=137,
            errors=b"timeout: sending signal EXIT to command 'sleep'\ntimeout: sending signal KILL to command 'sleep'\n")
    t.gives("timeout", "--verbose", "-p", ".1", "sleep", "10", status=143, errors=b"timeout: sending signal TERM to command 'sleep'\n")
    t.gives("timeout", "-fpv", "5", "true")


# ------------------------------------------------------------------------------------------------------------------ time
def _time_name(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
    t.refuses("time", missing, status=127)
    t.refuses("time", b"-p", path, status=126)
    t.gives("time", b"-o", b"./" + name, b"-f", b"%x", b"true")
    t.holds(b"./" + name, b"0\n")


names("time", _time_name)
closed_streams("time", [(["-o", "t", "-f", "x", "true"], False), (["-q", "-f", "x", "false"], False), (["./missing"], False)])
little_memory("time", ["-o", "/dev/null", "true"])


@case("time.statuses")
def _(t: Case) -> None:
    t.tree({"plain": b"#!/bin/sh\n"})
    t.gives("time", "-q", "-f", "%x", "sh", "-c", "echo out; cat; exit 42", stdin=b"in", status=42, out=b"out\nin", errors=b"42\n")
    t.gives("time", "-f", "x", "false", status=1, errors=b"Command exited with non-zero status 1\nx\n")
    t.gives("time", "-f", "x", "sh", "-c", "kill -TERM $$", status=143, errors=b"Command terminated by signal 15\nx\n")
    t.refuses("time", "./missing", status=127)
    t.refuses("time", "./plain", status=126)
    t.refuses("time", status=125)
    t.refuses("time", "-o", "missing/t", "true", status=125)
    t.gives("time", "true", errors=None)
    t.gives("time", "-p", "true", errors=None)
    t.gives("time", "-v", "true", errors=None)


@case("time.what-is-not-known-is-not-invented")
def _(t: Case) -> None:
    outcome = t.run("time", "-p", "true")
    numbers = rb"real \d+\.\d\d\nuser %s\nsys %s\n"
    used = rb"\d+\.\d\d" if t.programs.revision == "host" else rb"-"
    t.expect(re.fullmatch(numbers % (used, used), outcome.errors) is not None, "not real, user, sys", outcome)


@case("time.into-a-file")
def _(t: Case) -> None:
    t.tree({"t": b"old\n"})
    t.gives("time", "-a", "-o", "t", "-f", "%C", "true", "a b")
    t.holds("t", b"old\ntrue a b\n")
    t.gives("time", "-o", "t", "-f", "%%", "true")
    t.holds("t", b"%\n")
    t.gives("time", "-o", "/dev/full", "true", status=125, errors=b"time: /dev/full: No space left on device\n")


# -------------------------------------------------------------------------------------------------------------------- ps
def _ps_name(t: Case, name: bytes, _: bytes, missing: bytes) -> None:
    t.refuses("ps", b"-p", name, status=1)
    t.refuses("ps", b"-u", name, status=1)
    t.refuses("ps", b"-o", missing, status=1)


names("ps", _ps_name)
closed_streams("ps", [(["-p", "x"], False), (["-o", "nothing"], False)])
little_memory("ps", ["-p", "1", "-o", "pid="])


@case("ps.lists")
def _(t: Case) -> None:
    outcome = t.run("ps", "-e", "-o", "pid=,uid=,s=")
    lines = outcome.out.decode().splitlines()
    t.expect(outcome.status == 0 and not outcome.errors, "it fails", outcome)
    t.expect(all(re.fullmatch(r" *\d+ +\d+ [A-Z]", line) for line in lines), "not pid, uid, state", outcome)
    numbers = [int(line.split()[0]) for line in lines]
    t.expect(len(set(numbers)) == len(numbers), "a process twice", outcome)
    t.expect(1 in numbers and os.getpid() in numbers, "processes are missing", outcome)
    for arguments in (["aux"], ["ax"], ["-ef"], ["-el"], ["-e", "-L"], ["-A", "-j"], ["-aux"]):
        outcome = t.run("ps", *arguments)
        t.expect(outcome.status == 0 and not outcome.errors and len(outcome.out.splitlines()) > 2, "%s fails" % arguments, outcome)


@case("ps.this-process")
def _(t: Case) -> None:
    outcome = t.run("ps", "-o", "pid=,ppid=,pgid=,sid=,uid=,gid=", "-p", str(os.getpid()))
    want = [os.getpid(), os.getppid(), os.getpgid(0), os.getsid(0), os.geteuid(), os.getegid()]
    t.expect(outcome.out.split() == [b"%d" % number for number in want], "not %s" % want, outcome)


@case("ps.what-is-not-known-is-not-invented")
def _(t: Case) -> None:
    outcome = t.run("ps", "-o", "etime=,vsz=,nice=,tty=,stime=,pcpu=", "-p", str(os.getpid()))
    known = t.programs.revision == "host"
    t.expect((outcome.out.split() == [b"-"] * 6) != known, "known or not", outcome)


@case("ps.wrong-use")
def _(t: Case) -> None:
    t.gives("ps", "-p", "2147483647", status=1, out=b"PID TTY TIME CMD\n")
    t.gives("ps", "-p", "2147483647", "-o", "pid=", status=1)
    for arguments in (["-p", "x"], ["-p", ""], ["-u", "no-such-user"], ["-o", "nosuch"], ["auxq"], ["-p"], ["--ppid=2147483648"]):
        t.refuses("ps", *arguments, status=1)
    t.gives("ps", "-e", stdout="/dev/full", status=1, errors=b"ps: write error: No space left on device\n", out=b"")


# --------------------------------------------------------------------------------------------------------------- killall
def _killall_name(t: Case, name: bytes, path: bytes, _: bytes) -> None:
    t.refuses("killall", b"-s0", b"--", path, status=1)
    t.refuses("killall", b"-s0", b"--", b"cation" + name, status=1)


names("killall", _killall_name)
closed_streams("killall", [(["-l"], True), (["cation-no-such-program"], False)])
little_memory("killall", ["-l"])


@case("killall.by-name")
def _(t: Case) -> None:
    # A name that nothing else has, other runs of this neither, and a path that Redox does not cut.
    name = "ck%d" % os.getpid()
    with tempfile.TemporaryDirectory(prefix="k", dir="/tmp") as folder:
        program = os.path.join(folder, name)
        shutil.copy("/bin/sleep", program)
        with subprocess.Popen([program, "100"]) as one, subprocess.Popen([program, "100"]) as two:
            try:
                time.sleep(0.2)
                t.refuses("killall", name[:-1], status=1)
                t.refuses("killall", name + "x", status=1)
                t.refuses("killall", "-r", name, status=1)
                t.gives("killall", "-s0", program)
                t.expect(one.poll() is None and two.poll() is None, "ended too early")
                t.gives("killall", "-INT", name)
                t.expect(one.wait(5) == -2 and two.wait(5) == -2, "not ended by INT")
            finally:
                one.kill()
                two.kill()
    t.refuses("killall", name, status=1)
    t.gives("killall", "-q", name, status=1)
