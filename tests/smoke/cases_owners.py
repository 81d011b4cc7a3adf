# SPDX-License-Identifier: MIT
"""chown and chgrp. The users and groups are those that every system has, and numbers."""
import os

import cases_common as common
from harness import Case, Dir, Fifo, File, Hard, Link, Skipped, Tree, case


def _tree() -> Tree:
    return {"f": b"f", "g": b"g", "set": File(mode=0o6755), "set-group": File(mode=0o2644), "d": Dir(), "d/a": b"a", "d/sub": Dir(), "d/sub/b": b"b",
            "d/sub/to-a": Link("../a"), "d/dangling": Link("nowhere"), "d/to-out": Link("../out"), "out": Dir(), "out/x": b"x", "to-f": Link("f"),
            "to-d": Link("d"), "dangling": Link("nowhere"), "loop": Link("loop"), "pipe": Fifo(), "name": Hard("f"), "d/set": File(mode=0o4755)}


def _powers(t: Case) -> None:
    t.needs_owners()
    t.tree(_tree())


def _owners(t: Case) -> None:
    """Who owns what is the same in both folders."""
    t.same("ls", "-lRn", "--time-style=+", status=0)


def _each(prefix: str, program: str, table: dict, **how) -> None:
    for key, arguments in table.items():
        def run(t: Case, arguments: list = arguments) -> None:
            _powers(t)
            t.same(program, *arguments, **how)
            _owners(t)
        case("%s.%s" % (prefix, key))(run)


_SPECIFICATIONS = {
    "user": "daemon", "user-colon": "daemon:", "user-group": "daemon:bin", "colon-group": ":bin", "nothing": "", "colon": ":", "number": "1000007",
    "number-group": "1000007:1000008", "colon-number": ":1000008", "plus": "+1", "plus-group": "+1:+2", "name-number": "daemon:7",
    "zeros": "0007", "largest": "4294967294:4294967294", "dot": "daemon.bin", "dot-number": "1.2", "dot-user": "daemon.", "dot-group": ".bin",
    "wrong-user": "no-such-user", "wrong-group": "daemon:no-such-group", "wrong-group-alone": ":no-such-group", "too-large": "4294967295",
    "too-large-group": ":4294967295", "far-too-large": "18446744073709551616", "negative": "-1", "plus-alone": "+", "plus-name": "+daemon",
    "number-colon": "1000007:", "plus-colon": "+1:", "two-colons": "daemon:bin:x", "hexadecimal": "0x1", "dot-wrong": "no.such",
    "two-dots": "daemon.bin.x",
    "both-separators": "daemon.bin:bin", "large-with-group": "1:4294967296",
}


def _specifications() -> None:
    for key, text in _SPECIFICATIONS.items():
        def run(t: Case, text: str = text) -> None:
            _powers(t)
            t.same("chown", "--", text, "f")
            _owners(t)
            t.same("chown", "-v", "--", text, "f", "d/a", "to-f")
            t.same("chown", "-cv", "--", text, "g")
            t.same("chown", "-vc", "--", text, "d/sub/b")
            t.same("chown", "-v", "--", text, "missing")
            _owners(t)
        case("chown.owner.%s" % key)(run)
        if ":" in text or "." in text or "too-large" in key or "-large" in key:
            continue

        def group(t: Case, text: str = text) -> None:
            _powers(t)
            t.same("chgrp", "--", text, "f")
            if text.isalpha():  # otherwise older GNU shows it as it was written
                t.same("chgrp", "-v", "--", text, "f", "d/a", "to-f")
                t.same("chgrp", "-c", "--", text, "g")
            _owners(t)
        case("chgrp.group.%s" % key)(group)


_specifications()

_WAYS = {
    "plain": [], "recursive": ["-R"], "links": ["-h"], "targets": ["--dereference"], "recursive-h": ["-Rh"], "recursive-operands": ["-RH"],
    "recursive-all": ["-RL"], "recursive-none": ["-RP"], "recursive-operands-h": ["-RHh"], "recursive-all-h": ["-RLh"], "not-recursive-all": ["-L"],
    "not-recursive-operands": ["-H"], "last-of-three": ["-RLHP"], "recursive-targets": ["-RH", "--dereference"],
    "recursive-wrong": ["-R", "--dereference"],
    "recursive-wrong-last": ["-RLP", "--dereference"], "h-undone": ["-h", "--dereference"], "preserve-root": ["-R", "--preserve-root"],
}


def _ways() -> None:
    for program, owner in (("chown", "1:2"), ("chgrp", "2")):
        for key, options in _WAYS.items():
            def run(t: Case, program: str = program, owner: str = owner, options: list = options) -> None:
                t.needs_owners()
                for operands in (["f"], ["d"], ["to-f"], ["to-d"], ["to-d/"], ["dangling"], ["loop"], ["pipe"], ["d", "to-d"], ["d/."],
                                 ["missing", "f", "", "d", "f/x"]):
                    if not os.path.exists(os.path.join(t.gnu, b"f")):
                        _powers(t)
                    t.same(program, *options, owner, *operands, words="loop" not in operands)
                    _owners(t)
                    # Of what a dangling link leads to GNU makes an owner up, and with -HLh it says the target's of a link.
                    quiet = "dangling" in operands or "loop" in operands or {"-RH", "-RL", "-RHh", "-RLh",
                                                                             "-h"} & set(options) and key not in ("links",)
                    t.same(program, *[] if quiet else ["-v"], *options, "0:0" if program == "chown" else "0", *operands, in_any_order=True,
                           words="loop" not in operands)
                    _owners(t)
            case("%s.way.%s" % (program, key))(run)


_ways()


@case("chown.from")
def _(t: Case) -> None:
    _powers(t)
    for start in ("--from=0", "--from=:0", "--from=0:0", "--from=root:root", "--from=1", "--from=:1", "--from=0:1", "--from=1:0", "--from=",
                  "--from=:"):
        for options in ([], ["-v"], ["-c"], ["-h"], ["-hv"], ["-R"], ["-Rv"]):
            t.same("chown", start, *options, "2:3", "f", "d", "to-f", "pipe", in_any_order=True)
            _owners(t)
            t.same("chown", "-RL", "0:0", "f", "d", "to-f", "pipe")
    t.same("chown", "--from=no-such-user", "0", "f", status=1)
    t.same("chown", "--from=:no-such-group", "0", "f", status=1)
    t.same("chown", "--from=0.0", "1.1", "f", "g", status=0)
    t.same("chown", "-v", "--from", "1:1", "0:0", "g", "f", "d", status=0)
    _owners(t)


@case("chown.reference")
def _(t: Case) -> None:
    _powers(t)
    t.same("chown", "7:8", "f", status=0)
    t.same("chown", "-v", "--reference=f", "g", "to-d", "missing", status=1)
    t.same("chown", "--reference=to-f", "d/a", status=0)
    t.same("chgrp", "-v", "--reference=f", "set", "out", status=0)
    t.same("chgrp", "--reference", "missing", "g", status=1)
    t.same("chown", "--reference=dangling", "g", status=1)
    t.same("chown", "--reference=", "g", status=1)
    t.same("chown", "--reference=f", status=1)
    t.same("chown", "1000007:1000008", "f", status=0)
    t.same("chown", "-v", "--reference=f", "g", status=0)
    _owners(t)


@case("chown.set-id")
def _(t: Case) -> None:
    # The owner goes with them; a group bit that is none, and directories', stay.
    _powers(t)
    t.tree({"sd": Dir(mode=0o6755)})
    for owner in ("1", ":1", "0:0", ":"):
        t.same("chown", owner, "set", "set-group", "sd", "d/set", status=0, as_root=True)
        _owners(t)
        t.both(lambda folder: [os.chmod(os.path.join(folder, name), mode)  # type: ignore
                               for name, mode in ((b"set", 0o6755), (b"set-group", 0o2644), (b"d/set", 0o4711), (b"sd", 0o6755))])
    t.same("chown", "-R", "5", "d", "sd", status=0)
    _owners(t)


@case("chown.silent")
def _(t: Case) -> None:
    _powers(t)
    for option in ("-f", "--silent", "--quiet"):
        t.same("chown", option, "1", "missing", "g", "dangling", status=1)
        t.same("chgrp", option, "-R", "1", "missing", "d", status=1)
        t.same("chown", option, "no-such-user", "g", status=1)
        t.same("chown", option, "-v", "0", "missing", "g", status=1)
        t.same("chown", option, "1", status=1)
    _owners(t)


@case("chown.unreadable")
def _(t: Case) -> None:
    _powers(t)
    t.tree({"locked": Dir(mode=0o311), "locked/a": b"a", "closed": Dir(mode=0o644), "closed/a": b"a", "d/locked": Dir(mode=0o000)})
    for options in (["-R"], ["-Rv"], ["-Rf"], ["-RL"], ["-RHf"]):
        t.same("chown", *options, "1", "locked", "closed", "d", status=1, in_any_order=True, words=False)


@case("chown.not-permitted")
def _(t: Case) -> None:
    t.tree({"f": b"f"})
    if os.geteuid() == 0:
        raise Skipped("root is permitted")
    t.same("chown", "0", "f", status=1, complaints=["f: Operation not permitted"])
    t.same("chown", "-v", "0", "f", status=1)


@case("chown.cycle")
def _(t: Case) -> None:
    _powers(t)
    t.tree({"d/up": Link(".."), "d/sub/self": Link("."), "d/sub/again": Link("../../d")})
    t.same("chown", "-RL", "1:1", "d", status=1)
    _owners(t)
    t.same("chgrp", "-RL", "2", "out", "to-d", status=1)
    _owners(t)


@case("chown.deep", seconds=120)
def _(t: Case) -> None:
    _powers(t)
    path = "deep"
    tree = {path: Dir()}
    for _ in range(250):
        path += "/deep"
        tree[path] = Dir()
    tree[path + "/f"] = b"f"
    t.tree(tree)
    t.same("chown", "-R", "1", "deep", status=0)
    t.same("chown", "-Rc", "2", "deep", status=0)


@case("chown.many")
def _(t: Case) -> None:
    _powers(t)
    t.tree({"many": Dir(), **{"many/%d" % n: b"" for n in range(2000)}})
    t.same("chown", "-R", "1", "many", status=0)
    t.same("chown", "-Rc", "2", "many", status=0, in_any_order=True)


@case("chown.root")
def _(t: Case) -> None:
    # Nobody's / is touched: it is refused.
    for operand in ("/", "//", "/.", "/tmp/..", "/proc/self/root"):
        outcome = t.run("chown", "-RH", "--preserve-root", "4294967295", operand)
        t.expect(outcome.status == 1 and b"invalid user" in outcome.errors, "a number that is none", outcome)
        outcome = t.run("chown", "-RH", "--preserve-root", ":", operand)
        t.expect(outcome.status == 1 and b"dangerous to operate recursively on /" in outcome.errors, "it goes to work on /", outcome)


@case("chown.operands")
def _(t: Case) -> None:
    _powers(t)
    for program in ("chown", "chgrp"):
        t.same(program, "1", status=1)
        t.same(program, "--", "1", status=1)
        t.same(program, "-R", status=1)
        t.same(program, "1", "--", "f", status=0)
        t.same(program, "--", "1", "--", "f", status=1)
    _owners(t)


@case("chown.output-errors")
def _(t: Case) -> None:
    _powers(t)
    for program in ("chown", "chgrp"):
        t.same(program, "-v", "1", "f", "g", stdout="/dev/full", status=1)
        t.same(program, "-v", "1", "f", closed=[1], status=1)
        t.same(program, "2", "f", closed=[1], status=0)
    _owners(t)


@case("chown.calls")
def _(t: Case) -> None:
    _powers(t)
    outcome = t.run("chown", "1:2", "f", count=True)
    t.expect(outcome.status == 0 and outcome.calls.get("redox_openat_v1", 0) + outcome.calls.get("redox_open_v1", 0) <= 3, "more opened than needed",
             outcome)
    t.expect(outcome.os_calls <= 12, "more calls than needed", outcome)
    t.tree({"many": Dir(), **{"many/%d" % n: b"" for n in range(100)}})
    outcome = t.run("chown", "-R", "+1:+2", "many", count=True)
    t.expect(outcome.os_calls <= 4 * 100 + 14, "more than four calls for each file", outcome)


def _names(t: Case, _: bytes, path: bytes, missing: bytes) -> None:
    for program in ("chown", "chgrp"):
        t.same(program, b"1", path, missing)
        t.same(program, b"no-such", path, status=1)


common.names("chown", _names)
common.closed_streams("chown", [(["0", "f"], False), (["-v", "0", "f"], True), (["missing", "f"], False), (["-Rv", "0", "d", "missing"], True)])
common.closed_streams("chgrp", [(["0", "f"], False), (["-Rv", "0", "d"], True)])
common.little_memory("chown", ["-Rv", "0", "d"])
common.missing_operand("chown")
common.missing_operand("chgrp")
