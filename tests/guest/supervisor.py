# SPDX-License-Identifier: MIT
"""Stands between a runner of guests and QEMU, so that QEMU ends when the runner does, however it ends.

usage: supervisor.py LIFELINE FOLDER QEMU ARGUMENT...

LIFELINE is the reading end of a pipe whose other end only the runner holds. At its end of file (the runner closed it,
or was killed by what nobody can catch), and at SIGTERM, QEMU is killed and FOLDER, the runner's private one, is removed.
It runs in a session of its own, so that a terminal's Ctrl-C reaches the runner only. Should the
supervisor itself be killed, Linux kills QEMU for it (PR_SET_PDEATHSIG). QEMU's errors go to FOLDER/stderr.

On standard output, a line each: "started PID" or "refused REASON"; then "ended STATUS" (-N: by signal N) once QEMU has ended and
been waited for.
"""
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
from typing import List

_PR_SET_PDEATHSIG = 1


def main(arguments: List[str]) -> int:
    lifeline, folder, command = int(arguments[0]), arguments[1], arguments[2:]
    wake, woken = os.pipe()
    for end in (wake, woken):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(woken)
    asked_to_end: List[int] = []
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, frame: asked_to_end.append(number))

    # Loaded before the fork: between fork and exec only what is already there may be used.
    library = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
    parent = os.getpid()

    def die_with_the_supervisor() -> None:
        if library is not None:
            library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)  # it died before the call

    try:
        with open(os.path.join(folder, "stderr"), "wb") as errors:
            qemu = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors,
                                    preexec_fn=die_with_the_supervisor)
    except (OSError, subprocess.SubprocessError) as error:
        say("refused %s" % error)
        select.select([lifeline], [], [])
        shutil.rmtree(folder, ignore_errors=True)
        return 1
    say("started %d" % qemu.pid)

    ended = False
    while not asked_to_end:
        ready, _, _ = select.select([lifeline, wake], [], [])
        if wake in ready:
            try:
                os.read(wake, 4096)
            except BlockingIOError:
                pass
        if not ended and qemu.poll() is not None:
            ended = True
            say("ended %d" % qemu.returncode)
        if lifeline in ready:
            break
    qemu.kill()
    qemu.wait()
    if not ended:
        say("ended %d" % qemu.returncode)
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def say(line: str) -> None:
    try:
        os.write(1, (line + "\n").encode("utf-8", "replace"))
    except OSError:
        pass  # the runner is no more, and QEMU must end all the same


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
