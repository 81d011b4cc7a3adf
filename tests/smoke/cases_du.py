# SPDX-License-Identifier: MIT
"""du. What files take differs from one file system to another; here both work on one."""
import cases_common as common
from harness import Case, Dir, Hard, Link, Tree, case


def _tree() -> Tree:
    return {"a": Dir(), "a/f": b"f" * 10000, "a/b": Dir(), "a/b/g": b"g" * 3000, "a/b/h": Hard("a/f"), "a/b/l": Link("../f"), "a/lb": Link("b"),
            "a/b/c": Dir(), "a/b/c/z": b"z" * 100000, "a/empty": b"", "a/locked": Dir(), "e": Dir(), "e/x": b"x", "dangling": Link("nowhere"),
            "to-a": Link("a"),
            "cycle": Dir(), "cycle/up": Link(".."), "cycle/self": Link("."), "patterns": b"g\n*z\n", "names": b"a/b\0a/f\0",
            "wrong-names": b"a/b\0\0a/f\0"}


def _options() -> None:
    table = {
        "plain": [], "all": ["-a"], "summarize": ["-s"], "total": ["-c", "a", "e"], "separate": ["-S"], "separate-all": ["-aS", "a"],
        "depth": ["-d1"],
        "depth-all": ["-a", "--max-depth=2", "a"], "human": ["-ah"], "si": ["--si", "-a"], "bytes-of-files": ["-ab", "a/f", "a/b/l", "a/empty"],
        "follow": ["-L", "a"], "follow-operands": ["-aD", "a/lb", "to-a"], "h": ["-H", "to-a"], "no-follow": ["-P", "to-a"],
        "last-of-three": ["-LHP", "to-a"],
        "links": ["-l"], "links-all": ["-la", "a", "e"], "inodes": ["--inodes"], "inodes-separate": ["--inodes", "-S"],
        "exclude": ["-a", "--exclude=g"],
        "exclude-path": ["-a", "--exclude=b/*"], "exclude-all": ["--exclude=*", "a"], "exclude-from": ["-a", "-X", "patterns"],
        "threshold": ["-t", "20K", "-a"],
        "at-most": ["-t", "-5K", "-a"], "one-file-system": ["-x"], "zero": ["-0a"], "block-1": ["-B1", "-a"], "block-k": ["-BK", "-a"],
        "block-kb": ["-BkB", "-a"],
        "mega": ["-m"], "k": ["-k"], "time": ["--time", "a/f", "a/b/g"], "time-iso": ["--time", "--time-style=iso", "a/f"],
        "time-full": ["--time", "--time-style=full-iso", "a/f"], "time-format": ["--time", "--time-style=+%Y %j", "a/f"], "missing": ["missing", "a"],
        "twice": ["a", "a/b"], "twice-inner-first": ["a/b", "a"], "thrice": ["-s", "a", "a/b", "a"], "slash": ["-sk", "a/"], "dot": ["a/."],
        "cycle": ["-L", "cycle"],
        "cycle-links": ["-Ll", "cycle/self"], "dangling": ["-L", "dangling"], "dangling-itself": ["dangling"], "empty-name": ["", "a"],
        "file": ["a/f"],
        "names": ["--files0-from=names"], "wrong-names": ["--files0-from=wrong-names"], "names-and-operand": ["--files0-from=names", "a"],
        "summarize-all": ["-as"], "summarize-depth": ["-s", "-d1"], "summarize-zero": ["-s", "-d0"], "wrong-depth": ["-d", "x"],
        "negative-depth": ["-d", "-1"],
        "wrong-threshold": ["-t", "-0"], "wrong-block": ["-B", "0"], "large-block": ["-B", "99999999999999999999"],
        "missing-patterns": ["-X", "missing"],
        "wrong-style": ["--time", "--time-style=x"],
    }
    for key, arguments in table.items():
        def run(t: Case, arguments: list = arguments) -> None:
            t.tree(_tree())
            t.same("du", *arguments, in_any_order=True, shared=True, # GNU does not say why a link leads nowhere.
                   words=not "".join(arguments[:1]).startswith("-L"))
        case("du.option.%s" % key)(run)


_options()


@case("du.unreadable")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/locked": Dir(mode=0o000), "d/closed": Dir(mode=0o644), "d/closed/a": b"a", "d/f": b"f" * 5000})
    for options in ([], ["-a"], ["-s"], ["-L"]):
        t.same("du", *options, "d", status=1, in_any_order=True, shared=True)


@case("du.environment")
def _(t: Case) -> None:
    t.tree(_tree())
    for variables in ({"DU_BLOCK_SIZE": "1"}, {"BLOCK_SIZE": "512"}, {"BLOCKSIZE": "M"}, {"POSIXLY_CORRECT": "1"}, {"DU_BLOCK_SIZE": "x"},
                      {"DU_BLOCK_SIZE": "human"}):
        t.same("du", "-s", "a", environment=variables, shared=True)
    t.same("du", "--time", "a/f", environment={"TIME_STYLE": "iso"}, shared=True)


@case("du.output-errors")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("du", "a", stdout="/dev/full", status=1, shared=True, words=False)
    t.same("du", "a", closed=[1], status=1, shared=True)


@case("du.calls")
def _(t: Case) -> None:
    t.tree({"many": Dir(), **{"many/%d" % n: b"" for n in range(100)}})
    outcome = t.run("du", "-s", "many", count=True)
    t.expect(outcome.os_calls <= 3 * 100 + 14, "more than an open, a look and a close for each", outcome)


def _names(t: Case, _: bytes, path: bytes, missing: bytes) -> None:
    t.same("du", b"-b", path, missing, shared=True)


common.names("du", _names)
common.closed_streams("du", [(["-s", "f"], True), (["missing", "f"], True)])
common.little_memory("du", ["-a", "d"])
