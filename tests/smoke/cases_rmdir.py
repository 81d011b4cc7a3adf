# SPDX-License-Identifier: MIT
"""rmdir."""
from cases_common import closed_streams, little_memory, missing_operand, names
from harness import Case, Dir, Link, Tree, case, compare_each


def _tree() -> Tree:
    return {
        "a": Dir(), "a/b": Dir(), "a/b/c": Dir(), "e": Dir(), "full": Dir(), "full/f": b"", "x": Dir(), "x/y": Dir(), "x/z": Dir(),
        "f": b"", "to-e": Link("e"), "to-f": Link("f"), "dangling": Link("nowhere"), "to-a": Link("a"),
    }


compare_each("rmdir.plain", "rmdir", _tree, {
    "one": ["e"], "slash": ["e/"], "slashes": ["e///"], "dot-slash": ["./e"], "several": ["e", "a/b/c", "x/y"], "nested": ["a"],
    "full": ["full"], "file": ["f"], "missing": ["missing"], "empty": [""], "link": ["to-e"], "link-to-file": ["to-f"], "dangling": ["dangling"],
    "file-slash": ["f/"], "goes-on": ["missing", "f", "full", "e"], "root": ["/"], "inside-file": ["f/x"], "twice": ["e", "e"],
    "dot": ["."], "dot-dot": [".."], "ends-in-dot": ["e/."], "ends-in-dot-slash": ["e/./"], "ends-in-dot-dot": ["a/b/c/.."], "through": ["a/../e"],
    "missing-dot-dot": ["missing/.."],
    "p": ["-p", "a/b/c"], "p-slash": ["-p", "a/b/c/"], "p-slashes": ["-p", "a//b///c//"], "p-stops": ["-p", "x/y"], "p-one": ["-p", "e"],
    "p-dot": ["-p", "./a/b/c"], "p-full": ["-p", "full"], "p-missing": ["-p", "missing/x"], "p-through-link": ["-p", "to-a/b/c"],
    "parents": ["--parents", "a/b/c", "e"], "path": ["--path", "a/b/c"], "p-several": ["-p", "a/b/c", "x/y", "x/z"], "p-dot-dot": ["-p", "a/../e"],
    "ignore": ["--ignore-fail-on-non-empty", "full"], "ignore-e": ["--ignore-fail-on-non-empty", "e", "full", "x"],
    "ignore-missing": ["--ignore-fail-on-non-empty", "missing"], "ignore-file": ["--ignore-fail-on-non-empty", "f"], "ignore-short": ["--ig", "full"],
    "ignore-p": ["-p", "--ignore-fail-on-non-empty", "x/y"], "ignore-p-all": ["-p", "--ignore-fail-on-non-empty", "a/b/c"],
    "v": ["-v", "e"], "verbose": ["--verbose", "e", "a/b/c"], "pv": ["-pv", "a/b/c/"], "pv-names": ["-pv", "a//b//c"],
})

# GNU: "Symbolic link not followed".
compare_each("rmdir.link", "rmdir", _tree, {"slash": ["to-e/"], "dangling-slash": ["dangling/"], "p": ["-p", "to-a/b"]}, words=False)


@case("rmdir.no-permission")
def _(t: Case) -> None:
    t.tree({"locked": Dir(mode=0o555), "locked/d": Dir(), "locked/full": Dir(), "locked/full/f": b"", "closed": Dir(mode=0), "parent": Dir()})
    t.same("rmdir", "locked/d", status=1)
    t.same("rmdir", "--ignore-fail-on-non-empty", "locked/d", status=1)
    t.same("rmdir", "--ignore-fail-on-non-empty", "locked/full", status=0)
    t.same("rmdir", "-p", "locked/d", status=1)
    t.same("rmdir", "closed/d", status=1)
    t.same("rmdir", "closed", status=0)


@case("rmdir.parents-locked")
def _(t: Case) -> None:
    t.tree({"a": Dir(), "a/b": Dir(mode=0o555), "a/b/c": Dir()})
    t.same("rmdir", "-p", "a/b/c", status=1)
    t.same("rmdir", "-p", "/proc", status=1, words=False)


@case("rmdir.long")
def _(t: Case) -> None:
    t.tree({"n" * 255: Dir()})
    t.same("rmdir", "n" * 255, status=0)
    t.same("rmdir", "n" * 256, status=1)
    t.same("rmdir", "/".join(["n" * 200] * 30), status=1)


@case("rmdir.full-device")
def _(t: Case) -> None:
    t.tree({"d": Dir()})
    t.same("rmdir", "-v", "d", stdout="/dev/full", status=1)


@case("rmdir.calls.few")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "a": Dir(), "a/b": Dir()})
    for arguments, most in ((["d"], 1), (["-p", "a/b"], 2)):
        outcome = t.run("rmdir", *arguments, count=True)
        t.expect(outcome.status == 0 and outcome.os_calls <= most, "more than %d calls" % most, outcome)


def _named(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
    t.same("rmdir", missing)
    t.same("rmdir", path)
    t.same("rmdir", b"--", name)


names("rmdir", _named)
closed_streams("rmdir", [(["d/i"], False), (["-v", "d/i"], True), (["f", "d/i"], False), (["-p", "d/i"], False)])
little_memory("rmdir", ["-v", "--ignore-fail-on-non-empty", "d"])
missing_operand("rmdir")
