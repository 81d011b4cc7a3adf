#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: probe_test.py MANNERS_CC PROBE_PROGRAMS

Each manner of the stand-in does what it says: the same calls return one thing without it and another with it.
Without this the other tests would try programs under manners that are none.
"""
import sys

sys.dont_write_bytecode = True
import os
import subprocess
import tempfile
from typing import List, Tuple

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, _HERE)
sys.path.insert(0, os.path.join(os.path.dirname(_HERE), "smoke"))
from harness import Dir, File, Link, Programs, make_tree
from manners_test import read_names

_TREE = {
    "f": File(b"content"), "d": Dir(), "d/a": b"", "d/s": Dir(), "d/l": Link("a"), "e": Dir(), "e/g": b"g", "empty": Dir(),
    "to-e": Link("e"), "to-f": Link("f"), "large": b"x" * 300_000, "b": Dir(), "b/inner": Dir(), "odd:name": b"", b"n" * 253: b"",
    b"\xff": b"", "share": Dir(), "share/s": b"s",
}

# Redox's flags.
_READ, _WRITE, _APPEND, _CREATE, _EXCLUSIVE, _DIRECTORY, _PATH, _LINK, _NOFOLLOW = (
    "10000", "20000", "a0000", "2030000", "a030000", "10010000", "20010000", "40010000", "a0010000")
_MKDIR = "1a0101ff"  # O_CREAT|O_EXCL|O_DIRECTORY|O_RDONLY, 0777

EBADF, EINVAL, ENODEV, ENOENT, EEXIST, EISDIR, ENOTDIR, EXDEV, ENOLCK, EIO, EACCES, EINTR, EAGAIN, ENOTTY, ENOTEMPTY = (
    -9, -22, -19, -2, -17, -21, -20, -18, -37, -5, -13, -4, -11, -25, -39)

# manner: [(calls, without, with)]; results of the last call, or several of them, as the probe prints them.
_PROBES: dict = {
    "fsync-directory": [(["open", "d", _READ, "fsync"], "0", "%d" % EBADF), (["open", "f", _READ, "fsync"], "0", "0")],
    "colon-scheme": [(["open", "odd:name", _READ], "0", "%d" % ENODEV), (["unlink", "odd:name"], "0", "%d" % ENODEV)],
    "utf8": [(["open", b"\xff", _READ], "0", "%d" % EINVAL), (["open", "ü€😀", _READ], "%d" % ENOENT, "%d" % ENOENT)],
    "name-252": [(["open", b"n" * 253, _READ], "0", "%d" % EINVAL), (["open", b"n" * 252, _READ], "%d" % ENOENT, "%d" % ENOENT)],
    "no-hard-links": [(["link", "f", "new"], "0", "%d" % EINVAL)],
    "rmdir-dot": [(["rmdir", "empty/."], "%d" % EINVAL, "0"), (["rmdir", "."], "%d" % EINVAL, "%d" % ENOTEMPTY)],
    "slash-accepted": [(["open", "f/", _READ], "%d" % ENOTDIR, "0"), (["unlink", "f//"], "%d" % ENOTDIR, "0")],
    "text-paths": [
        (["open", "nosuch/../f", _READ], "%d" % ENOENT, "0"), (["open", "f/../f", _READ], "%d" % ENOTDIR, "0"),
        # The parent of the link, not of what it leads to.
        (["open", "b/../to-e/../f", _READ], "0", "0"), (["open", "../HERE/f", _READ], "0", "0"), (["open", "./f", _READ], "0", "0"),
        (["rmdir", "empty/."], "%d" % EINVAL, "0")],
    "no-dotdot-at": [(["open", "d", _READ, "openat", "../f", _READ], "0", "%d" % ENOENT),
                     (["open", "d", _READ, "openat", "a", _READ], "0", "0")],
    "open-empty": [(["open", "", _READ], "%d" % ENOENT, "0")],
    "link-mode": [(["open", "to-f", _NOFOLLOW, "fstat"], "0 mode 120777 device", "0 mode 120755 device")],
    "disk-busy": [(["open", "f", _READ], "0", "%d" % ENOLCK), (["open", "d", _READ], "0", "0")],
    "listing-shifts": [],  # below
    "no-types": [(["open", "d", _READ, "list"], {"a:8", "s:4", "l:10"}, {"a:0", "s:0", "l:0"})],
    "rename-into-itself": [(["rename", "d", "d/s/x"], "%d" % EINVAL, "0")],
    "rename-across": [],  # below
    "rename-over": [(["rename", "f", "empty"], "%d" % EISDIR, "%d" % EACCES)],
    "fifo-is-file": [(["mkfifo", "new", "open", "new", _NOFOLLOW, "fstat"], "0 mode 10644 device", "0 mode 100644 device"),
                     (["mkfifo", "f"], "%d" % EEXIST, "0")],
    "excl-ignored": [(["open", "f", _EXCLUSIVE], "%d" % EEXIST, "0")],
    "mkdir-makes-file": [(["open", "new", _MKDIR, "fstat"], "0 mode 40777 device", "0 mode 100777 device")],
    "symlink-exdev": [
        (["open", "to-f", _READ], "0", "%d" % EXDEV), (["open", "to-f", _LINK], "0", "0"), (["open", "f", _READ], "0", "0"),
        (["open", "to-f", _PATH, "fstat"], "0 mode 100644 device", "0 mode 120777 device")],
    "links-hidden": [(["open", "d", _READ, "list"], {"a:8", "s:4", "l:10"}, {"a:8", "s:4", "l:8"})],
    "types-wrong": [(["open", "d", _READ, "list"], {"a:8", "s:4", "l:10"}, {"a:4", "s:8", "l:4"})],
    "device-0": [(["open", "f", _READ, "fstat"], "0 mode 100644 device", "0 mode 100644 device 0")],
    "errors-are-eio": [(["rmdir", "f"], "%d" % ENOTDIR, "%d" % EIO), (["open", "missing", _READ], "%d" % ENOENT, "%d" % ENOENT)],
    "short-reads": [(["open", "large", _READ, "read", "200000"], "200000", "131048")],
    "append-overwrites": [(["open", "f", _APPEND, "write", "xx"], "f=contentxx", "f=xxntent")],
    "chmod-ignored": [(["open", "f", _READ, "fchmod", "600", "fstat"], "0 mode 100600 device", "0 mode 100644 device")],
    # Any change of the owner takes a set-user-ID bit away.
    "chown-ignored": [(["open", "f", _READ, "fchmod", "4600", "fchown", "fstat"], "0 mode 100600 device", "0 mode 104600 device")],
    "no-terminal": [(["open", "/dev/ptmx", "30000", "dup", "termios"], "descriptor", "%d" % ENOTTY),
                    (["open", "/dev/ptmx", "30000", "dup", "winsize"], "descriptor", "-95")],
    "reads-of-one": [(["open", "f", _READ, "read", "100"], "7", "1")],
    "reads-random": [(["open", "large", _READ, "read", "200000"], "200000", "fewer")],
    "writes-random": [(["open", "f", _WRITE, "write", "x" * 5000], "5000", "fewer")],
    "interrupted": [(["open", "f", _READ, "read", "9"], "7", "%d" % EINTR), (["open", "f", _WRITE, "write", "x"], "1", "%d" % EINTR)],
    "reads-again": [(["open", "f", _READ, "read", "9"], "7", "%d" % EAGAIN)],
    "writes-again": [(["open", "f", _WRITE, "write", "x"], "1", "%d" % EAGAIN)],
}

_failures: List[str] = []


def expect(holds: bool, what: str) -> None:
    if not holds:
        _failures.append(what)


def probe(command: List[str], manners: str, calls: List, work: str) -> Tuple[str, str]:
    """Runs the probe in a new tree. Returns the tree and the last line."""
    here = tempfile.mkdtemp(dir=work)
    make_tree(os.fsencode(here), _TREE)
    words = [os.fsencode(call).replace(b"HERE", os.path.basename(here).encode()) for call in calls]
    ran = subprocess.run(command + words, cwd=here, env={"CATION_MANNERS": manners.replace("HERE", here)}, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    expect(ran.returncode == 0, "%s: the probe ends with %d: %r" % (calls, ran.returncode, ran.stderr))
    return here, os.fsdecode(ran.stderr).rstrip("\n").split("\n")[-1]


def matches(line: str, want, here: str) -> bool:
    if isinstance(want, set):
        return line.startswith("0 ") and set(line.split(" ")[1:]) == want
    if want == "descriptor":
        return int(line) > 0
    if want == "fewer":
        return 0 < int(line) < 5000 or 0 < int(line) < 200_000 and int(line) != 5000
    if want.startswith("f="):
        with open(os.path.join(here, "f"), encoding="ascii") as file:
            return file.read() == want[2:]
    return line == want


def check_arch(programs: Programs, command: List[str], manners_cc: str, work: str) -> None:
    names = read_names(manners_cc)
    singles = {name for name, parts in names.items() if parts == frozenset([name])}
    expect(singles == set(_PROBES), "probed are others than there are: %s" % sorted(singles ^ set(_PROBES)))
    for name, probes in _PROBES.items():
        for calls, without, with_it in probes:
            for manners, want in (("", without), (name, with_it), (name + "=HERE", with_it), (name + "=HERE/share", without),
                                  (name + "=/nowhere", without)):
                # An emulator takes its time, and a folder is the same on every architecture.
                if "=" in manners and programs.runner:
                    continue
                # What has no path in the folder: the terminal, and text from the outside of it.
                if "=" in manners and (name in ("no-terminal", "open-empty") or "../HERE/f" in calls):
                    continue
                here, line = probe(command, manners, calls, work)
                expect(matches(line, want, here), "%s CATION_MANNERS=%s %s: %s, not %s" % (programs.arch, manners, calls, line, want))

    # What is removed while it is listed, part by part, shifts the listing: some is passed over.
    def listed(manners: str) -> int:
        here = tempfile.mkdtemp(dir=work)
        make_tree(os.fsencode(here), {"d": Dir(), **{"d/entry-%03d" % n: b"" for n in range(200)}})
        # In parts as they come; then once more, with what each of the first brought removed behind it.
        every = subprocess.run(command + ["open", "d", _READ] + ["list"] * 20, cwd=here, check=True, stderr=subprocess.PIPE, env={})
        calls: List[str] = ["open", "d", _READ]
        for line in every.stderr.decode().splitlines()[1:6]:
            calls.append("list")
            for word in line.split(" ")[1:]:
                calls += ["unlink", "d/" + word.split(":")[0]]
        ran = subprocess.run(command + calls + ["list"] * 20, cwd=here, check=True, stderr=subprocess.PIPE,
                             env={"CATION_MANNERS": manners})
        return len({word for line in ran.stderr.decode().splitlines() for word in line.split(" ")[1:]})
    expect(listed("") == 200, "entries that are removed are passed over")
    expect(listed("listing-shifts") < 200, "a listing that shifts passes nothing over")

    # Between a share and the rest: the file ends in the root of its own file system.
    here, line = probe(command, "rename-across=HERE/share", ["rename", "share/s", "e/new"], work)
    expect(line == "0" and os.path.exists(here + "/share/new") and not os.path.exists(here + "/e/new"), "rename from a share: " + line)
    here, line = probe(command, "rename-across=HERE/share", ["rename", "f", "share/new"], work)
    expect(line == "0" and os.path.exists(here + "/new") and not os.path.exists(here + "/share/new"), "rename to a share: " + line)
    here, line = probe(command, "rename-across=HERE/share", ["rename", "f", "e/new"], work)
    expect(line == "0" and os.path.exists(here + "/e/new"), "rename within: " + line)
    here, line = probe(command, "rename-into-itself", ["rename", "d", "d/s/x"], work)
    expect(not os.path.exists(here + "/d"), "a tree renamed into itself is still there")

    # What is no manner ends the program, so that no test tries nothing.
    for wrong in ("bogus", "redox,bogus", "9p=relative", "redox,"):
        ran = subprocess.run(command + ["list"], env={"CATION_MANNERS": wrong}, check=False, stderr=subprocess.PIPE)
        expect(ran.returncode == 125 and b"CATION_MANNERS" in ran.stderr, "%r is taken" % wrong)


def main() -> int:
    manners_cc, folder = sys.argv[1:3]
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as work:
        work = os.path.realpath(work)
        for name in sorted(os.listdir(folder)):
            programs = Programs(folder, name.split("-")[0], name.split("-", 1)[1])
            check_arch(programs, programs.runner + [os.path.abspath(os.path.join(folder, name))], manners_cc, work)
    for failure in _failures:
        print("FAILED: " + failure)
    print("%d failures" % len(_failures))
    return 1 if _failures else 0


if __name__ == "__main__":
    sys.exit(main())
