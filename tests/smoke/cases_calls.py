# SPDX-License-Identifier: MIT
"""How many calls to the system the programs make, counted by the stand-in. On Redox each is a message to a
daemon and back, so they are what a program costs. The clock and the umask are the process's own business."""
from typing import Dict

from harness import Case, Dir, Tree, case


@case("cat.calls.mebibyte")
def _(t: Case) -> None:
    t.tree({"mebibyte": b"x" * (1024 * 1024)})
    outcome = t.run("cat", "mebibyte", count=True)
    t.expect(outcome.status == 0 and len(outcome.out) == 1024 * 1024, "cat fails")
    t.expect(0 < outcome.os_calls <= 6, "more than 6 calls: %s" % outcome.calls)


@case("cat.calls.small")
def _(t: Case) -> None:
    # fstat of the output; open, fstat, read, write, close.
    t.tree({"f": b"text"})
    outcome = t.run("cat", "f", count=True)
    t.expect(0 < outcome.os_calls <= 6, "more than 6 calls", outcome)
    outcome = t.run("cat", *["f"] * 10, count=True)
    t.expect(0 < outcome.os_calls <= 51, "more than 5 calls for each file", outcome)


@case("cat.calls.large")
def _(t: Case) -> None:
    # In calls of 1 MiB, and one to see the end.
    t.tree({"f": b"x" * (8 * 1024 * 1024 + 1)})
    outcome = t.run("cat", "f", count=True)
    t.expect(outcome.status == 0 and outcome.calls.get("redox_read_v1", 0) <= 10, "more than ten reads", outcome)
    numbered = t.run("cat", "-n", "f", count=True)
    t.expect(numbered.status == 0 and numbered.calls.get("redox_write_v1", 0) <= 150,
             "more than 150 writes of 8 MiB", numbered)


def _entries(count: int) -> Tree:
    tree: Dict[str, object] = {"d": Dir()}
    tree.update({"d/entry%04d" % n: b"" for n in range(count)})
    return tree


@case("ls.calls.no-stat")
def _(t: Case) -> None:
    # As many calls for ten entries as for a thousand, but for the listing itself, of 32 KiB at a time.
    few = t.run("ls", "d", count=True) if t.tree(_entries(10)) is None else None
    t.expect(few is not None and few.status == 0 and few.out.count(b"\n") == 10, "ls fails", few)
    for n in range(10, 1000):
        with open(b"%s/d/entry%04d" % (t.ours, n), "wb"):
            pass
    many = t.run("ls", "d", count=True)
    t.expect(many.status == 0 and many.out.count(b"\n") == 1000, "ls fails")
    listing = "posix_getdents"
    t.expect(many.calls.get(listing, 0) <= 3, "a listing of 1,000 takes more than three calls: %s" % many.calls)
    rest = {name: count for name, count in many.calls.items() if name not in (listing, "total", "redox_write_v1")}
    t.expect(rest == {name: count for name, count in few.calls.items()
                      if name not in (listing, "total", "redox_write_v1")},
             "calls grow with the entries: %s, of ten %s" % (many.calls, few.calls))
    t.expect(many.os_calls <= 12, "more than 12 calls: %s" % many.calls)
    for option in ("-a", "-A", "-r", "-U", "-1", "-C", "-m", "-x"):
        outcome = t.run("ls", option, "d", count=True)
        stats = outcome.calls.get("redox_fstat_v1", 0)
        # -a shows .. too, and nothing of it but the name.
        t.expect(stats <= many.calls.get("redox_fstat_v1", 0) + 1, "%s: stat of entries: %s" % (option, outcome.calls))


@case("ls.calls.long")
def _(t: Case) -> None:
    # -l: for each entry one descriptor is opened, asked and closed.
    t.tree(_entries(100))
    base = t.run("ls", "d", count=True)
    outcome = t.run("ls", "-l", "d", count=True)
    t.expect(outcome.status == 0, "ls -l fails", outcome)
    t.expect(outcome.os_calls - base.os_calls <= 3 * 100 + 12,
             "more than open, fstat and close of each entry: %s" % outcome.calls)


@case("ls.calls.recursive")
def _(t: Case) -> None:
    # -R: per directory open, listing to its end, close, and a look at what was opened.
    tree: Dict[str, object] = {}
    for n in range(20):
        tree["d%d" % n] = Dir()
        tree.update({"d%d/f%d" % (n, m): b"" for m in range(20)})
    t.tree(tree)
    outcome = t.run("ls", "-R", count=True)
    t.expect(outcome.status == 0, "ls -R fails")
    t.expect(outcome.os_calls <= 21 * 6 + 12, "more than 6 calls a directory: %s" % outcome.calls)


@case("rm.calls.recursive")
def _(t: Case) -> None:
    # Of n files in m directories below one: n unlinks, and per directory open, fstat, listing, close, rmdir;
    # a few calls more for the operand, and for the root, which must not be it.
    files, directories = 1000, 20
    tree: Dict[str, object] = {"top": Dir()}
    for n in range(directories):
        tree["top/d%d" % n] = Dir()
        tree.update({"top/d%d/f%d" % (n, m): b"" for m in range(files // directories)})
    t.tree(tree)
    outcome = t.run("rm", "-r", "top", count=True)
    t.expect(outcome.status == 0 and not outcome.errors, "rm fails")
    unlinks = outcome.calls.get("unlink", 0) + outcome.calls.get("unlinkat", 0) + outcome.calls.get("rmdir", 0)
    # One more: the first attempt on the operand, which turns out to be a directory.
    t.expect(files + directories + 1 <= unlinks <= files + directories + 2,
             "a file is removed more than once: %s" % outcome.calls)
    t.expect(outcome.os_calls <= files + 5 * (directories + 1) + 8,
             "more than n + 5 (m + 1) + 8 calls, n = %d files, m = %d directories: %d: %s" %
             (files, directories, outcome.os_calls, outcome.calls))


@case("rm.calls.one-file")
def _(t: Case) -> None:
    t.tree({"f": b""})
    outcome = t.run("rm", "-f", "f", count=True)
    t.expect(outcome.status == 0 and outcome.os_calls == 1, "not one call", outcome)


@case("cp.calls.small-file")
def _(t: Case) -> None:
    t.tree({"f": b"text"})
    outcome = t.run("cp", "f", "g", count=True)
    t.expect(outcome.status == 0 and 0 < outcome.os_calls <= 8, "more than 8 calls", outcome)


@case("cp.calls.into-directory")
def _(t: Case) -> None:
    t.tree({"f": b"text", "d": Dir()})
    outcome = t.run("cp", "f", "d", count=True)
    t.expect(outcome.status == 0 and 0 < outcome.os_calls <= 12, "more than 12 calls", outcome)


@case("cp.calls.mebibytes")
def _(t: Case) -> None:
    # In calls of at least 1 MiB: RedoxFS writes each call as one transaction.
    t.tree({"f": b"x" * (3 * 1024 * 1024 + 17)})
    outcome = t.run("cp", "f", "g", count=True)
    t.expect(outcome.status == 0, "cp fails", outcome)
    t.expect(outcome.calls.get("redox_write_v1", 0) <= 4, "more than four writes", outcome)
    t.expect(outcome.calls.get("redox_read_v1", 0) <= 6, "more than six reads", outcome)


@case("cp.calls.recursive")
def _(t: Case) -> None:
    # Of n files in m directories: per file no more than for one file alone, per directory a dozen.
    tree: Dict[str, object] = {"top": Dir()}
    for n in range(10):
        tree["top/d%d" % n] = Dir()
        tree.update({"top/d%d/f%d" % (n, m): b"content" for m in range(20)})
    t.tree(tree)
    outcome = t.run("cp", "-r", "top", "copy", count=True)
    t.expect(outcome.status == 0, "cp fails", outcome)
    t.expect(outcome.os_calls <= 8 * 200 + 12 * 11 + 12, "more than 8 n + 12 m: %s" % outcome.calls)


@case("mkdir.calls.parents-existing")
def _(t: Case) -> None:
    # What is there already is found by trying, not by looking at each component.
    t.tree({"/".join("abcdef"[: n + 1]): Dir() for n in range(6)})
    outcome = t.run("mkdir", "-p", "a/b/c/d/e/f", count=True)
    t.expect(outcome.status == 0 and 0 < outcome.os_calls <= 4, "more than 4 calls", outcome)


@case("mkdir.calls.parents-new")
def _(t: Case) -> None:
    # One attempt at the whole, and one for each: of three calls on Redox, open, fstat and close.
    outcome = t.run("mkdir", "-p", "a/b/c/d/e/f", count=True)
    t.expect(outcome.status == 0 and 0 < outcome.os_calls <= 1 + 3 * 6, "more than 19 calls", outcome)


@case("mkdir.calls.one")
def _(t: Case) -> None:
    outcome = t.run("mkdir", "d", count=True)
    t.expect(outcome.status == 0 and 0 < outcome.os_calls <= 3, "more than 3 calls", outcome)


@case("sync.calls.no-operand")
def _(t: Case) -> None:
    outcome = t.run("sync", count=True)
    t.expect(outcome.status == 0 and 0 < outcome.os_calls <= 7, "more than 7 calls", outcome)
