# SPDX-License-Identifier: MIT
"""How many calls to the system a program makes, its execve() and its exit among them."""
import ctypes
import os
import signal
from typing import Dict, Sequence

_TRACE_ME, _SYSTEM_CALL, _SET_OPTIONS = 0, 24, 0x4200
# Stops at calls are told from others; nobody outlives the tracer.
_OPTIONS = 0x1 | 0x100000
_AT_CALL = signal.SIGTRAP | 0x80


class CannotTrace(Exception):
    """This system lets no process trace another."""


def count_calls(command: Sequence[str], folder: bytes, stdin: bytes, environment: Dict[str, str]) -> "tuple[int, int]":
    """(calls, status) of a program that starts no other. What it prints is thrown away."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    read, write = os.pipe()
    os.write(write, stdin)  # not more than a pipe holds
    os.close(write)
    child = os.fork()
    if child == 0:
        try:
            os.chdir(folder)
            os.dup2(read, 0)
            null = os.open("/dev/null", os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            os.closerange(3, 64)
            if libc.ptrace(_TRACE_ME, 0, None, None) != 0:
                os._exit(125)
            os.kill(os.getpid(), signal.SIGSTOP)
            os.execve(command[0], list(command), environment)
        finally:
            os._exit(126)
    os.close(read)
    _, status = os.waitpid(child, 0)
    if not os.WIFSTOPPED(status) or libc.ptrace(_SET_OPTIONS, child, None, _OPTIONS) != 0:
        os.kill(child, signal.SIGKILL)
        raise CannotTrace()
    entries = 0
    inside = False
    started = False
    deliver = 0
    while True:
        libc.ptrace(_SYSTEM_CALL, child, None, deliver)
        _, status = os.waitpid(child, 0)
        if not os.WIFSTOPPED(status):
            return entries, os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
        deliver = os.WSTOPSIG(status)
        if deliver == _AT_CALL:
            inside = not inside
            deliver = 0
            if inside and started:
                entries += 1
        elif deliver == signal.SIGTRAP and not started:
            # The program is in memory, and execve() has ended.
            started = True
            entries = 1
            deliver = 0
