#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs bench.py at tiny sizes, and holds our programs to the number of calls that they make.

usage: bench_test.py HOST_FOLDER STANDIN_FOLDER

Times are never judged. Without strace, or where it may not trace, there is nothing to count: that is said, and only the
command line is tested.
"""
import sys

sys.dont_write_bytecode = True

import json
import os
import subprocess
import tempfile

BENCH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench.py")

# The calls of our host programs from execve() to exit_group(), both included; in each case as few as the work can be done
# with, as the comment says.
MOST_CALLS = {
    "start and end": 2,
    # fstat of the output, open, fstat, one sendfile or read and write, close
    "cat, 5 bytes": 7,
    "cat, 1 MiB": 7,
    # open, read, write, close
    "head, 1 MiB of text": 6,
    "head -c 5, the same": 6,
    # open, fstat, lseek to near the end, read, write, close
    "tail, 1 MiB of text": 8,
    "tail, 5 bytes": 7,
    # open, fstat, read, close, write; without reading, but lseek, where the size says it all or nearly
    "wc, 5 bytes": 7,
    "wc -c, the same": 8,
    # open, read, close
    "tee, no input": 5,
}


def main() -> int:
    host, standin = (os.path.abspath(folder) for folder in sys.argv[1:3])
    standin = os.path.join(standin, os.uname().machine)
    problems = []

    def expect(holds: bool, what: str) -> None:
        if not holds:
            problems.append(what)

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([sys.executable, BENCH, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True, check=False)

    expect(run("--help").stdout.startswith("Cation's programs beside their peers"), "--help does not help")
    expect(run("--host", host, "--nonsense").returncode == 2, "a wrong option is not noticed")
    try:
        tracing = subprocess.run(["strace", "-o", "/dev/null", "true"], stderr=subprocess.PIPE, check=False).returncode == 0
    except FileNotFoundError:
        tracing = False
    if not tracing:
        print("skipped: strace is not here, or may not trace: no counts")
        print("\n".join(problems))
        return 1 if problems else 0

    expect("--host" in run("--host", "/nonexistent").stderr, "a folder without programs is not noticed")
    with tempfile.TemporaryDirectory() as folder:
        readme = os.path.join(folder, "README.md")
        with open(readme, "w", encoding="utf-8") as file:
            file.write("before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n")
        # A peer that is called by a command of one's own.
        own = os.path.join(folder, "own")
        with open(own, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n[ \"$2\" != --version ] || { echo own 1.5; exit; }\nexec \"$@\"\n")
        os.chmod(own, 0o755)
        done = run("--host", host, "--standin", standin, "--tiny", "--dir", folder, "--out", folder + "/out",
                   "--readme", readme, "--peer", "own=" + own)
        print(done.stderr)
        expect(done.returncode == 0, "bench.py fails")
        if done.returncode == 0:
            with open(folder + "/out/bench.json", encoding="utf-8") as file:
                everything = json.load(file)
            rows = everything["rows"]
            expect({row["kind"] for row in rows} == {"calls", "time", "memory"}, "not all kinds were measured")
            for row in rows:
                name = "%s of %s" % (row["kind"], row["name"])
                expect(row["values"].get("ours", 0) > 0, "no figure of ours: " + name)
                expect(row["values"].get("own", 0) > 0, "no figure of the peer that was given: " + name)
                expect(row["ratio"] is not None, "no ratio: " + name)
                if row["kind"] == "calls":
                    expect(row["standin"] is not None, "not counted by the stand-in: " + name)
                    most = MOST_CALLS.get(row["name"])
                    expect(most is None or row["values"]["ours"] <= most,
                           "%s: %s, more than %s" % (name, row["values"]["ours"], most))
            counted = {row["name"] for row in rows if row["kind"] == "calls"}
            expect(set(MOST_CALLS) <= counted, "not counted: %s" % (set(MOST_CALLS) - counted))
            with open(readme, encoding="utf-8") as file:
                text = file.read()
            expect(text.startswith("before\n<!-- bench:begin -->\n") and text.endswith("<!-- bench:end -->\nafter\n") and
                   "| cat, 1 MiB |" in text and "old" not in text, "README is not as it should be:\n" + text)
            with open(folder + "/out/bench.tsv", encoding="utf-8") as file:
                lines = file.read().splitlines()
            expect(all(line.count("\t") == lines[0].count("\t") for line in lines), "lines of bench.tsv differ in fields")
        expect(not [name for name in os.listdir(folder) if name.startswith("cation-bench.")], "files are left behind")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
