# SPDX-License-Identifier: MIT
"""sync. What reaches a disk cannot be seen here; who complains, and which calls are made, can."""
import os

from harness import Case, Dir, Fifo, File, Link, Skipped, Tree, case


def _tree() -> Tree:
    return {"f": b"text", "d": Dir(), "d/g": b"", "link": Link("f"), "dangling": Link("nowhere"), "loop": Link("loop"),
            "write-only": File(b"x", mode=0o200), "locked": File(b"x", mode=0), "pipe": Fifo(), b"a b\n\xff": b"odd"}


@case("sync.no-operand")
def _(t: Case) -> None:
    t.same("sync", status=0)


@case("sync.no-operand-flushes")
def _(t: Case) -> None:
    trace = os.path.join(t.root, b"trace")
    outcome = t.run("sync", environment={"CATION_TRACE": trace}, count=True)
    t.expect(outcome.status == 0 and not outcome.errors, "sync fails", outcome)
    t.expect(outcome.calls.get("sync") == 1, "not one sync()", outcome)
    t.expect(outcome.calls.get("redox_fsync_v1", 0) == 2, "not one fsync for each of / and .", outcome)
    with open(trace, encoding="utf-8") as file:
        opened = [line.split(" ")[1] for line in file if line.startswith("redox_open_v1 ")]
    t.expect(sorted(opened) == [".", "/"], "not / and . were opened but %s" % opened)


@case("sync.no-operand-reports-failure")
def _(t: Case) -> None:
    if t.programs.revision == "host":
        raise Skipped("Linux flushes all that there is, and reports nothing")
    # A working directory that may not be read cannot be flushed; that the rest can does not hide it.
    folder = os.path.join(t.ours, b"locked")
    os.mkdir(folder, 0o300)
    t.expect_complaint(t.run("sync", folder=folder), "sync", 1, ".: Permission denied")


@case("sync.files")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("sync", "f", "d", "d/g", "link", ".", b"a b\n\xff", status=0)


@case("sync.data")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("sync", "-d", "f", "d", status=0)
    t.same("sync", "--data", "f", status=0)
    outcome = t.run("sync", "-d", "f", "d/g", count=True)
    t.expect(outcome.calls.get("redox_fdatasync_v1") == 2, "not two fdatasync", outcome)


@case("sync.file-system")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("sync", "-f", "f", "d", status=0)
    t.same("sync", "--file-system", "f", status=0)
    t.same("sync", "-f", status=0)


@case("sync.contradiction")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("sync", "-d", "-f", "f", status=1)
    t.same("sync", "-d", status=1)


@case("sync.flushes-each-file-once")
def _(t: Case) -> None:
    t.tree(_tree())
    outcome = t.run("sync", "f", "d/g", "link", count=True)
    t.expect(outcome.calls.get("redox_fsync_v1") == 3, "not three fsync", outcome)
    t.expect(outcome.os_calls == 9, "more than open, fsync and close of each", outcome)


@case("sync.missing")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("sync", "missing", "f", "dangling", "loop", "f/x", status=1,
           complaints=["missing: No such", "dangling: No such", "loop: Too many levels", "f/x: Not a directory"])
    t.same("sync", "-f", "missing", "f", status=1, complaints=["missing: No such file"])
    t.same("sync", "", status=1)


@case("sync.permissions")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("sync", "write-only", status=0)
    t.same("sync", "locked", "f", status=1, complaints=["locked: Permission denied"])


@case("sync.fifo-is-not-waited-for", seconds=10)
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("sync", "pipe", status=1, complaints=["pipe: Invalid argument"])


@case("sync.closed-streams")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("sync", "f", closed=[0, 1], status=0)
