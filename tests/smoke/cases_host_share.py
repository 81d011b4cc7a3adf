# SPDX-License-Identifier: MIT
"""host: to and from the folder that the host shares, and what changes there installed. The share is a folder here."""
import os
import signal
import subprocess
import time
from typing import List

from cases_common import closed_streams, little_memory
from harness import Case, Dir, Fifo, File, Link, Skipped, case

closed_streams("host", [(["-s", "d"], True), (["-s", "d", "get", "h"], False), (["-s", "d", "put", "f", "g"], False),
                        (["-s", "d", "get", "-v", "h"], True), (["-s", "d", "get", "missing"], False), (["-s", "missing"], False)])
little_memory("host", ["-s", "d", "get", "."])

_SCRIPT = b"#!/bin/sh\necho script\n"


def _share() -> dict:
    return {"share": Dir(), "share/f": b"content of f\n", "share/script": _SCRIPT, "share/empty": b"", "share/large": b"large" * 300_000,
            "share/d": Dir(), "share/d/sub": Dir(), "share/d/sub/b": b"b", "share/d/a": b"a", "share/d/link": Link("sub/b"),
            "share/d/empty": Dir(), "to": Dir(), "outside": b"outside"}


# -------------------------------------------------------------------------------------------------------------- status
@case("host.status")
def _(t: Case) -> None:
    t.tree(_share())
    t.gives("host", "-s", "share", out=b"share\n")
    t.gives("host", "--share=share", "status", out=b"share\n")
    t.gives("host", environment={"CATION_HOST_SHARE": "share"}, out=b"share\n")
    t.gives("host", "-s", "missing", status=1, errors=b"host: missing: the host shares no folder here: No such file or directory\n")
    t.gives("host", "-s", "outside", status=1, errors=b"host: outside: the host shares no folder here: Not a directory\n")
    for words in (["get", "f"], ["put", "outside"], ["watch", "."]):
        t.gives("host", "-s", "missing", *words, status=1,
                errors=b"host: missing: the host shares no folder here: No such file or directory\n")


@case("host.wrong-use")
def _(t: Case) -> None:
    t.tree(_share())
    for words in (["get"], ["put"], ["watch"], ["status", "f"], ["fetch"], ["watch", "d", "f"], ["get", "-o", "f"], ["put", "-n", "outside"],
                  ["get", "-f", "f"], ["get", "-w", "f"], ["get", "-i", "1", "f"], ["-v"], ["-t", "to"], ["watch", "-v", "d"], [""],
                  ["watch", "-i", "0", "d"], ["watch", "-i", "x", "d"], ["watch", "-i", "-1", "d"]):
        t.refuses("host", "-s", "share", *words, status=1)
    t.gives("ls", "to")


# ----------------------------------------------------------------------------------------------------------------- get
@case("host.get.files")
def _(t: Case) -> None:
    t.tree(_share())
    t.gives("host", "-s", "share", "get", "f", "script", "empty", "large")
    t.holds("f", b"content of f\n")
    t.holds("large", b"large" * 300_000)
    t.holds("empty", b"")
    t.gives("stat", "-c", "%a %Y %n", "f", "script", out=b"644 1614834367 f\n755 1614834367 script\n")
    t.gives("host", "-s", "share", "get", "-v", "-t", "to", "d/a", out=b"copied 'share/d/a' -> 'to/a'\n")
    t.gives("ls", "-A", "to", out=b"a\n")


@case("host.get.trees")
def _(t: Case) -> None:
    t.tree(_share())
    t.gives("host", "-s", "share", "get", "-t", "to", "d/")
    t.gives("ls", "-AR", "to", out=b"to:\nd\n\nto/d:\na\nempty\nlink\nsub\n\nto/d/empty:\n\nto/d/sub:\nb\n")
    t.gives("readlink", "to/d/link", out=b"sub/b\n")
    t.gives("stat", "-c", "%Y %n", "to/d", "to/d/empty", "to/d/sub/b", out=b"1614834367 to/d\n1614834367 to/d/empty\n1614834367 to/d/sub/b\n")
    t.gives("host", "-s", "share/d", "get", ".")
    t.holds("sub/b", b"b")
    # Over what is there.
    t.gives("host", "-s", "share", "get", "-t", "to", "d")
    t.holds("to/d/a", b"a")


@case("host.get.names")
def _(t: Case) -> None:
    t.tree(_share())
    for name in ("..", "../outside", "d/../../outside", "d/sub/../../../outside", "./.."):
        t.gives("host", "-s", "share", "get", "-t", "to", name, status=1, errors=b"host: %s: leads out of the share\n" % name.encode())
    t.gives("host", "-s", "share", "get", "-t", "to", "/etc/passwd", status=1, errors=b"host: /etc/passwd: is not on the share\n")
    t.gives("host", "-s", "share", "get", "-t", "to", "", status=1, errors=b"host: '': No such file or directory\n")
    t.gives("host", "-s", "share", "get", "-t", "to", "missing", status=1, errors=b"host: share/missing: No such file or directory\n")
    t.gives("host", "-s", "share", "get", "-t", "to", "f", "d/../f", status=1, errors=b"host: d/../f: has the name of one before it; left out\n")
    t.gives("ls", "-A", "to", out=b"f\n")


@case("host.get.odd-names")
def _(t: Case) -> None:
    names: List[bytes] = [b"a b", b"-n", b"new\nline", b"\xc3\xa9", b"n" * 252, b"'", b"..."]
    t.tree({"share": Dir(), "to": Dir(), **{b"share/" + name: b"x" for name in names}})
    t.gives("host", "-s", "share", "get", "-t", "to", "--", *names)
    for name in names:
        t.holds(b"to/" + name, b"x")
    t.gives("host", "-s", "share", "get", "-v", "-t", "to", "new\nline", out=b"copied $'share/new\\nline' -> $'to/new\\nline'\n")


@case("host.get.kinds-in-the-way")
def _(t: Case) -> None:
    t.tree({**_share(), "to/f": Dir(), "to/d": b"file", "to/empty": Link("../outside"), "share/pipe": Fifo()})
    t.gives("host", "-s", "share", "get", "-t", "to", "f", "d", "empty", "pipe", status=1,
            errors=b"host: to/f: is a directory or the like; will not replace it with a file\n"
                   b"host: to/d: is not a directory; will not replace it with one\n"
                   b"host: share/pipe: is no regular file; left out\n")
    t.holds("outside", b"outside")
    t.holds("to/empty", b"")
    t.holds("to/d", b"file")


@case("host.get.refused")
def _(t: Case) -> None:
    t.tree({**_share(), "closed": Dir(mode=0o555), "share/secret": File(b"x", mode=0)})
    t.gives("host", "-s", "share", "get", "-t", "missing", "f", status=1, errors=b"host: missing: No such file or directory\n")
    t.gives("host", "-s", "share", "get", "-t", "outside", "f", status=1, errors=b"host: outside: Not a directory\n")
    t.gives("host", "-s", "share", "get", "-t", "closed", "f", status=1, errors=b"host: closed/f: Permission denied\n")
    t.gives("host", "-s", "share", "get", "-t", "to", "secret", "f", status=1, errors=b"host: share/secret: Permission denied\n")
    t.holds("to/f", b"content of f\n")


@case("host.get.calls")
def _(t: Case) -> None:
    t.tree({**_share(), "share/many": Dir(), **{"share/many/%03d" % n: b"x" for n in range(200)}})
    outcome = t.run("host", "-s", "share", "get", "f", count=True)
    t.expect(outcome.status == 0 and outcome.os_calls <= 36, "more calls than one file takes", outcome)
    outcome = t.run("host", "-s", "share", "get", "many", count=True)
    # Opened, asked and read; made, written, its times, renamed; both closed, and the status of its entry.
    t.expect(outcome.status == 0 and outcome.os_calls <= 200 * 9 + 60, "more calls than each file takes", outcome)


# ----------------------------------------------------------------------------------------------------------------- put
@case("host.put.files")
def _(t: Case) -> None:
    t.tree({**_share(), "program": File(_SCRIPT, mode=0o755), "new": Dir(), "new/a": b"a", "new/l": Link("a")})
    t.gives("host", "-s", "share", "put", "-v", "program", out=b"copied 'program' -> 'share/program'\n")
    t.gives("host", "-s", "share", "put", "-t", "d", "outside", "new")
    t.holds("share/d/outside", b"outside")
    t.holds("share/d/new/a", b"a")
    t.gives("stat", "-c", "%a %Y", "share/program", out=b"755 1614834367\n")
    t.gives("readlink", "share/d/new/l", out=b"a\n")
    t.gives("host", "-s", "share", "put", "-t", "..", "outside", status=1, errors=b"host: ..: leads out of the share\n")
    t.gives("host", "-s", "share", "put", "-t", "missing", "outside", status=1, errors=b"host: share/missing: No such file or directory\n")
    t.gives("host", "-s", "share", "put", "missing", "program", status=1, errors=b"host: missing: No such file or directory\n")
    t.gives("ls", "-A", "share", out=b"d\nempty\nf\nlarge\nprogram\nscript\n")


# --------------------------------------------------------------------------------------------------------------- watch
_WATCHING = b"watching 'share'; installing into 'to'\n"


def _once(t: Case, *words: str, **how) -> None:
    t.gives("host", "-s", "share", "watch", "-o", "-i", ".001", "-t", "to", ".", *words, **how)


def _watch(t: Case, *words: str) -> subprocess.Popen:
    return subprocess.Popen([*t.programs.ours("host"), "-s", "share", "watch", "-i", "0.02", "-t", "to", *words, "."], cwd=t.ours,
                            env={**os.environ, **t.programs.environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _wait_for(t: Case, holds) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        t.expect(time.monotonic() < deadline, "time is up")
        time.sleep(0.01)


@case("host.watch.installs")
def _(t: Case) -> None:
    t.tree({"share": Dir(), "share/f": b"f\n", "share/.hidden": b"x", "to": Dir()})
    _once(t, out=_WATCHING + b"installed 'share/f' -> 'to/f'\n")
    t.holds("to/f", b"f\n")
    _once(t, out=_WATCHING)
    t.tree({"share/d": Dir(), "share/d/e": Dir(), "share/d/e/script": _SCRIPT})
    _once(t, "-n", out=_WATCHING + b"would install 'share/d/e/script' -> 'to/d/e/script'\n")
    _once(t, out=_WATCHING + b"installed 'share/d/e/script' -> 'to/d/e/script'\n")
    t.gives("stat", "-c", "%a", "to/f", "to/d", "to/d/e/script", out=b"644\n755\n755\n")
    t.gives("ls", "-A", "to", out=b"d\nf\n")


@case("host.watch.what-is-there")
def _(t: Case) -> None:
    t.tree({"share": Dir(), "share/same": b"same", "share/other": b"new!", "share/script": _SCRIPT, "to": Dir(),
            "to/same": File(b"same", time=1_000_000_000), "to/other": File(b"old!", mode=0o600), "to/script": Link("../busybox"),
            "busybox": b"busybox"})
    # other has the size and the times of what is to come: that is believed.
    t.gives("host", "-s", "share", "watch", "-w", "-i", ".001", "-t", "to", ".", out=_WATCHING + b"installed 'share/script' -> 'to/script'\n")
    t.holds("busybox", b"busybox")
    t.holds("to/script", _SCRIPT)
    t.holds("to/other", b"old!")
    t.gives("touch", "-d", "@5", "share/other")
    _once(t, out=_WATCHING + b"installed 'share/other' -> 'to/other'\n")
    t.holds("to/other", b"new!")
    t.gives("stat", "-c", "%a %Y", "to/other", "to/same", out=b"600 5\n644 1614834367\n")


@case("host.watch.left-out")
def _(t: Case) -> None:
    t.tree({"share": Dir(), "share/l": Link("f"), "share/cut": b"\x7fELF\x02\x01\x01" + bytes(20), "to": Dir()})
    outcome = t.run("host", "-s", "share", "watch", "-o", "-i", ".001", "-t", "to", ".")
    t.expect(outcome.status == 1 and outcome.errors == b"host: share/cut: is cut or damaged; left out\n", "not so", outcome)
    t.expect(outcome.out == _WATCHING + b"left out 'share/l', which is no regular file\n", "not so", outcome)
    t.gives("ls", "-A", "to")
    t.gives("rm", "share/l")
    _once(t, "--force", out=_WATCHING + b"installed 'share/cut' -> 'to/cut'\n")


@case("host.watch.programs")
def _(t: Case) -> None:
    with open(t.programs.ours("true")[-1], "rb") as file:
        program = file.read()
    # e_machine of another: RISC-V.
    other = program[:18] + b"\xf3\x00" + program[20:]
    t.tree({"share": Dir(), "share/true": program, "share/other": other, "share/half": program[:len(program) // 2], "to": Dir()})
    outcome = t.run("host", "-s", "share", "watch", "-o", "-i", ".001", "-t", "to", ".")
    t.expect(sorted(outcome.errors.splitlines()) == [b"host: share/half: is cut or damaged; left out",
                                                     b"host: share/other: is for another machine; left out"], "not so", outcome)
    t.expect(outcome.out == _WATCHING + b"installed 'share/true' -> 'to/true'\n", "not that alone", outcome)
    if not t.programs.runner:
        status = subprocess.run([os.path.join(t.ours, b"to/true")], check=False).returncode
        t.expect(status == 0, "what is installed does not run")


@case("host.watch.refused")
def _(t: Case) -> None:
    t.tree({**_share(), "closed": Dir(mode=0o555)})
    for words, reason in ((["-t", "missing", "."], b"missing: No such file or directory"), (["-t", "outside", "."], b"outside: Not a directory"),
                          (["-t", "to", "missing"], b"share/missing: No such file or directory"),
                          (["-t", "to", "f"], b"share/f: Not a directory"), (["-t", "to", ".."], b"..: leads out of the share"),
                          (["-t", "share/d", "d"], b"share/d: is copied or installed into itself; left out")):
        t.gives("host", "-s", "share", "watch", "-o", *words, status=1, errors=b"host: " + reason + b"\n")
    # Of root this is known only when it is tried.
    t.gives("host", "-s", "share/d/sub", "watch", "-o", "-i", ".001", "-t", "closed", ".", status=1, out=None, errors=None)
    t.gives("ls", "-A", "closed")


@case("host.watch.calls")
def _(t: Case) -> None:
    t.tree({"share": Dir(), "share/d": Dir(), **{"share/%03d" % n: b"x" for n in range(100)}, "to": Dir()})
    t.gives("host", "-s", "share", "watch", "-o", "-i", ".001", "-t", "to", ".", out=None)
    if t.programs.revision == "host":
        raise Skipped("the stand-in traces calls, and these programs are without it")
    path = os.path.join(t.root, b"trace")
    process = subprocess.Popen([*t.programs.ours("host"), "-s", "share", "watch", "-i", "0.05", "-t", "to", "."], cwd=t.ours,
                               env={**os.environ, **t.programs.environment, "CATION_TRACE": os.fsdecode(path)}, stdout=subprocess.DEVNULL)

    def trace() -> List[List[bytes]]:
        """The calls of each round."""
        rounds: List[List[bytes]] = [[]]
        if os.path.exists(path):
            with open(path, "rb") as file:
                for line in file:
                    rounds[-1].append(line)
                    if line.startswith(b"sigtimedwait"):
                        rounds.append([])
        return rounds
    _wait_for(t, lambda: len(trace()) > 4)
    process.send_signal(signal.SIGTERM)
    process.wait(30)
    one = trace()[2]
    t.expect(not any(line.startswith((b"redox_read", b"redox_write")) for line in one), "it reads: %r" % one[:40])
    # The status of a file: opened as a path, asked, closed.
    t.expect(len(one) <= 3 * 100 + 2 * 5 + 5, "%d calls for a round: %r" % (len(one), one[:40]))


@case("host.watch.loop")
def _(t: Case) -> None:
    t.tree({"share": Dir(), "share/f": b"1\n", "to": Dir()})
    process = _watch(t)
    f = os.path.join(t.ours, b"share/f")
    installed = os.path.join(t.ours, b"to/f")

    def has(content: bytes) -> bool:
        try:
            with open(installed, "rb") as file:
                return file.read() == content
        except FileNotFoundError:
            return False
    _wait_for(t, lambda: has(b"1\n"))
    with open(f, "wb") as file:
        file.write(b"two\n")
    _wait_for(t, lambda: has(b"two\n"))
    # By another file, of the same size, in its place.
    with open(f + b".new", "wb") as file:
        file.write(b"six\n")
    os.rename(f + b".new", f)
    _wait_for(t, lambda: has(b"six\n"))
    os.rename(os.path.join(t.ours, b"share"), os.path.join(t.ours, b"away"))
    time.sleep(0.2)
    os.rename(os.path.join(t.ours, b"away"), os.path.join(t.ours, b"share"))
    with open(f, "wb") as file:
        file.write(b"back again\n")
    _wait_for(t, lambda: has(b"back again\n"))
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=30)
    t.expect(process.returncode == -signal.SIGINT, "status %d" % process.returncode)
    t.expect(errors == b"host: share: is gone; waiting for it: No such file or directory\nhost: share: is there again\n", "it says %r" % errors)
    t.expect(out.startswith(_WATCHING) and out.count(b"installed 'share/f' -> 'to/f'\n") == 4, "it says %r" % out)
    t.expect(os.listdir(os.path.join(t.ours, b"to")) == [b"f"], "something is left")


@case("host.signals")
def _(t: Case) -> None:
    # What is half copied goes.
    t.tree({"share": Dir(), "to": Dir()})
    with open(os.path.join(t.ours, b"share/large"), "wb") as file:
        file.truncate(3 << 30)
    to = os.path.join(t.ours, b"to")
    for words in (["get", "-t", "to", "large"], ["watch", "-i", "0.01", "-t", "to", "."]):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = subprocess.Popen([*t.programs.ours("host"), "-s", "share", *words], cwd=t.ours, env={**os.environ, **t.programs.environment},
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            _wait_for(t, lambda: bool(os.listdir(to)) or process.poll() is not None)
            process.send_signal(number)
            _, errors = process.communicate(timeout=60)
            t.expect(process.returncode == -number and not errors, "%r: status %d, %r" % (words, process.returncode, errors))
            t.expect(not os.listdir(to), "%r leaves %r" % (words, os.listdir(to)))
    process = _watch(t, "-n")
    t.expect(process.stdout.readline() == _WATCHING, "it does not begin")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    t.expect(process.returncode == -signal.SIGTERM, "status %d" % process.returncode)
