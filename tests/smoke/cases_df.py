# SPDX-License-Identifier: MIT
"""df and free. What is mounted is this host's, and the Redox programs see schemes: what is compared with GNU's is the host's programs' alone."""
import os
import re

from harness import Case, Dir, Skipped, case


def _on_the_host(t: Case) -> None:
    if t.programs.revision != "host":
        raise Skipped("the host's file systems are no schemes")


@case("df.as-gnu")
def _(t: Case) -> None:
    _on_the_host(t)
    with open("/proc/self/mounts", encoding="utf-8", errors="surrogateescape") as mounts:
        places = [line.split()[1] for line in mounts]
    # Which of two at one place is shown, and how, depends on what is beneath.
    covered = len(set(places)) < len(places)
    # Not what changes at any moment: how much is used.
    for options in (["--output=source,fstype,size,target"], ["-a", "--output=source,fstype,itotal,size,target"], ["-P", "-t", "proc", "-a"],
                    ["-T", "-a", "-t", "sysfs"], ["-B512", "--output=size,target"], ["-BkB", "--output=size"], ["-h", "--output=size"],
                    ["-H", "--output=size"],
                    ["-m", "--output=size,itotal"], ["-t", "no-such-type"], ["-x", "ext4", "--output=target"], ["-l", "--output=target"],
                    ["--output=file,target,source", "/", ".", "/proc", "/dev/null"], ["--output=fstype", "missing", "/"], ["--output=target", ""],
                    ["-t", "ext4", "-x", "ext4"], ["-i", "--output"], ["-P", "--output=size"], ["--output=foo"], ["--output=size,size"],
                    ["--output=size", "--output=target", "/"], ["--output=target", "--output", "/"], ["--output=size", "--output=target,size", "/"],
                    ["-B", "0", "/"], ["-B", "x"], ["-B", "99999999999999999999999", "/"], ["--output=itotal,ipcent", "-t", "proc", "-a"]):
        if "-a" not in options or not covered:
            t.same("df", *options, shared=True, words=False)
    for variables in ({"DF_BLOCK_SIZE": "M"}, {"BLOCK_SIZE": "512"}, {"POSIXLY_CORRECT": "1"}, {"DF_BLOCK_SIZE": "wrong"}):
        t.same("df", "--output=size,target", shared=True, environment=variables)


def _schemes(t: Case) -> dict:
    t.tree({"schemes": Dir(), **{"schemes/" + name: Dir() for name in ("file", "memory", "9p.hostshare", "ram", "tcp", "sys", "irq")}})
    return {"CATION_SCHEMES": os.fsdecode(os.path.join(t.ours, b"schemes"))}


@case("df.schemes")
def _(t: Case) -> None:
    if t.programs.revision == "host":
        raise Skipped("schemes are what the Redox programs see")
    variables = _schemes(t)
    outcome = t.run("df", "-a", "--output=source,target,fstype,itotal,ipcent", environment=variables)
    lines = sorted(re.sub(rb" +", b" ", line) for line in outcome.out.splitlines()[1:])
    want = [b"9p.hostshare /scheme/9p.hostshare - - -", b"file / - - -", b"memory /scheme/memory - - -", b"ram /scheme/ram - - -"]
    t.expect(outcome.status == 0 and lines == want, "not %r" % want, outcome)
    outcome = t.run("df", "/", environment=variables)
    t.expect(outcome.status == 0 and re.search(rb"\nfile +\d+ +\d+ +\d+ +\d+% /\n", outcome.out), "not the file system of /", outcome)
    t.expect(t.run("df", "missing", environment=variables).status == 1, "what is not there")


@case("df.output-errors")
def _(t: Case) -> None:
    variables = _schemes(t)
    outcome = t.run("df", "/", stdout="/dev/full", environment=variables)
    t.expect(outcome.status == 1 and b"write error" in outcome.errors, "nobody noticed", outcome)


