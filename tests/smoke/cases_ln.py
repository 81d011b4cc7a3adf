# SPDX-License-Identifier: MIT
"""ln."""
from typing import Dict, Sequence

from cases_common import closed_streams, little_memory, missing_operand, names
from harness import Case, Dir, Hard, Link, Name, Tree, case, compare_each


def _tree() -> Tree:
    return {
        "f": b"content of f", "g": b"g", "old": b"old", "hard": Hard("f"), "d": Dir(), "d/a": b"a", "d/f": b"old d/f", "d/sub": Dir(),
        "empty": Dir(), "e": Dir(), "e/f": b"e/f", "to-f": Link("f"), "to-d": Link("d"), "dangling": Link("nowhere"), "loop": Link("loop"),
        "x": Dir(), "x/d": Dir(), "x/old": Dir(),
    }


_TABLE: Dict[str, Sequence[Name]] = {
    "hard": ["f", "new"], "hard-into": ["f", "g", "empty"], "hard-exists": ["f", "old"], "hard-exists-in": ["f", "d"],
    "hard-one": ["d/a"], "hard-one-exists": ["e/f"], "hard-directory": ["d", "new"], "hard-missing": ["missing", "new"],
    "hard-missing-over": ["missing", "old"], "hard-of-link": ["to-f", "new"], "hard-of-dangling": ["dangling", "new"],
    "hard-same": ["f", "f"], "hard-other-name": ["f", "hard"], "hard-slash": ["f", "empty/"], "hard-slash-missing": ["f", "new/"],
    "hard-slash-file": ["f", "old/"], "hard-source-slash": ["f/", "new"], "hard-several": ["f", "missing", "d", "g", "empty"],
    "logical": ["-L", "to-f", "new"], "logical-long": ["--logical", "to-f", "new"], "logical-dangling": ["-L", "dangling", "new"],
    "logical-directory": ["-L", "to-d", "new"], "logical-loop": ["-L", "loop", "new"],
    "physical": ["-P", "to-f", "new"], "physical-long": ["--physical", "dangling", "new"], "physical-last": ["-LP", "to-f", "new"],
    "physical-to-directory": ["-P", "to-d", "new"],
    "s": ["-s", "f", "new"], "s-long": ["--symbolic", "f", "new"], "s-missing": ["-s", "no/such/file", "new"], "s-into": ["-s", "a/b", "c", "empty"],
    "s-one": ["-s", "p/q"], "s-one-slash": ["-s", "p/q/"], "s-exists": ["-s", "x", "old"], "s-exists-in": ["-s", "x/f", "d"],
    "s-exists-dangling": ["-s", "x", "dangling"], "s-exists-loop": ["-s", "x", "loop"], "s-over-directory": ["-sT", "x", "d"],
    "s-into-missing": ["-s", "a", "b", "missing"], "s-into-file": ["-s", "a", "b", "f"], "s-empty": ["-s", "", "new"],
    "s-to-empty": ["-s", "f", ""], "s-parent-missing": ["-s", "f", "no/such"], "s-parent-file": ["-s", "f", "old/new"],
    "s-slash": ["-s", "f", "new/"], "s-slash-directory": ["-s", "g", "d/"], "s-slash-file": ["-s", "g", "old/"],
    "s-slash-link": ["-s", "g", "to-d/"], "s-slash-dangling": ["-s", "g", "dangling/"],
    "s-root": ["-s", "/", "empty"], "s-dot": ["-s", ".", "empty"], "s-dot-dot": ["-s", "..", "empty"], "s-dot-dot-force": ["-sf", "..", "empty"],
    "s-through-link": ["-s", "f", "to-d"], "s-twice": ["-s", "f", "e/f", "empty"],
    "f": ["-f", "f", "old"], "force": ["--force", "f", "old"], "f-new": ["-f", "f", "new"], "f-same": ["-f", "f", "f"],
    "f-same-dot": ["-f", "f", "./f"],
    "f-missing": ["-f", "missing", "old"], "f-in": ["-f", "f", "g", "d"], "f-directory-in": ["-f", "old", "x"], "f-directory": ["-fT", "f", "empty"],
    "f-other-name": ["-f", "f", "hard"], "f-twice": ["-f", "f", "e/f", "empty"], "f-over-link": ["-f", "f", "to-f"],
    "f-over-dangling": ["-f", "f", "dangling"],
    "f-over-loop": ["-f", "f", "loop"], "f-is-directory": ["-f", "d", "old"], "f-l": ["-fL", "to-f", "old"], "f-l-same": ["-fL", "to-f", "f"],
    "f-link-to-itself": ["-f", "to-f", "to-f"],
    "sf": ["-sf", "x", "old"], "sf-link": ["-sf", "x", "to-f"], "sf-link-to-directory": ["-sf", "x", "to-d"], "sf-loop": ["-sf", "x", "loop"],
    "sf-dangling": ["-sf", "x", "dangling"], "sf-same": ["-sf", "f", "f"], "sf-same-dot": ["-sf", "f", "./f"], "sf-hard": ["-sf", "f", "hard"],
    "sf-directory": ["-sfT", "x", "d"], "sf-empty-directory": ["-sfT", "x", "empty"], "sf-directory-in": ["-sf", "q/d", "x"],
    "sf-twice": ["-sf", "f", "e/f", "empty"],
    "sf-through": ["-sf", "to-f", "f"], "sf-link-itself": ["-sf", "to-f", "to-f"],
    "n": ["-sn", "x", "to-d"], "nf": ["-snf", "x", "to-d"], "n-long": ["-sf", "--no-dereference", "x", "to-d"], "n-directory": ["-snf", "q", "d"],
    "n-several": ["-snf", "q", "r", "to-d"], "n-t": ["-sn", "-t", "to-d", "q"], "n-file": ["-snf", "q", "f"],
    "t": ["-s", "-t", "d", "x", "y"], "t-long": ["-s", "--target-directory=d", "x"], "t-file": ["-s", "-t", "f", "x"],
    "t-missing": ["-s", "-t", "missing", "x"],
    "t-twice": ["-s", "-t", "d", "-t", "e", "x"], "t-link": ["-s", "-t", "to-d", "x"], "t-one": ["-t", "empty", "f"],
    "t-upper": ["-sT", "x", "new"], "t-upper-directory": ["-sT", "x", "d"], "t-upper-one": ["-sT", "x"], "t-upper-three": ["-sT", "x", "y", "z"],
    "t-upper-and-t": ["-sT", "-t", "d", "x"], "t-upper-long": ["-s", "--no-target-directory", "x", "to-d"], "t-upper-slash": ["-T", "f", "new/"],
    "b": ["-b", "f", "old"], "b-s": ["-sb", "x", "old"], "b-new": ["-sb", "x", "new"], "b-same": ["-b", "f", "f"], "b-f-same": ["-bf", "f", "f"],
    "b-s-same": ["-sb", "f", "f"], "b-sf-same": ["-sbf", "f", "f"], "b-directory": ["-sbT", "x", "d"], "b-in": ["-sb", "q/f", "q/a", "d"],
    "b-numbered": ["-s", "--backup=numbered", "x", "old"], "b-t": ["-s", "--backup=t", "x", "old"],
    "b-existing": ["-s", "--backup=existing", "x", "old"],
    "b-simple": ["-s", "--backup=simple", "x", "old"], "b-none": ["-s", "--backup=none", "x", "old"], "b-off-f": ["-sf", "--backup=off", "x", "old"],
    "b-wrong": ["-s", "--backup=never-ever", "x", "old"], "b-plain": ["-s", "--backup", "x", "old"], "suffix": ["-sS", ".o", "x", "old"],
    "suffix-long": ["-s", "--suffix=.o", "x", "old"], "suffix-slash": ["-s", "--suffix=/o", "x", "old"],
    "suffix-empty": ["-s", "--suffix=", "x", "old"],
    "b-hard-other": ["-b", "f", "hard"], "b-twice": ["-b", "f", "e/f", "empty"], "b-missing": ["-b", "missing", "old"],
    "v": ["-v", "f", "new"], "v-s": ["-sv", "x", "new"], "v-in": ["-sv", "x", "q/y", "empty"], "v-one": ["-sv", "p/q"],
    "v-backup": ["-sbv", "x", "old"],
    "v-force": ["-sfv", "x", "old"], "v-exists": ["-sv", "x", "old"], "verbose": ["-s", "--verbose", "x", "new"],
    "d": ["-d", "d", "new"], "d-long": ["--directory", "d", "new"], "d-upper": ["-F", "d", "new"], "d-file": ["-d", "f", "new"],
    "r": ["-sr", "f", "d/sub/new"], "r-long": ["-s", "--relative", "f", "d/new"], "r-in": ["-sr", "f", "g", "d/sub"],
    "r-up": ["-sr", "d/sub", "d/a", "empty"],
    "r-same-directory": ["-sr", "d/a", "d/b"], "r-through-link": ["-sr", "to-d/a", "empty/b"], "r-into-link": ["-sr", "f", "to-d/new"],
    "r-link-itself": ["-sr", "to-f", "empty/l"], "r-missing": ["-sr", "no/such", "d/new"], "r-root": ["-sr", "/", "root"],
    "r-dot": ["-sr", ".", "new"],
    "r-inside": ["-sr", "d", "d/self"], "r-dots": ["-sr", "d/../d/./sub//", "x/new"], "r-hard": ["-r", "f", "new"], "r-v": ["-srv", "f", "d/sub/new"],
    "r-absolute": ["-sr", "/nonexistent/file", "/nonexistent/link"], "r-usr": ["-sr", "/usr", "d/usr"], "r-force": ["-srf", "f", "d/a"],
    "r-dangling": ["-sr", "dangling", "d/new"], "r-empty": ["-sr", "", "new"], "r-t": ["-sr", "-t", "d", "f/"], "r-similar": ["-sr", "dd/x", "d/new"],
}

# Whether it is the slash or what is there that is in the way; and GNU 9.1 has no words of the C library for -t FILE.
_OWN_WORDS = {"hard-slash-file", "s-slash-file", "s-slash-dangling", "s-root", "t-file"}
# Where a hard link to a symbolic link can be made, which relibc's link() of January 2026, and so the stand-in's, cannot.
_OF_LINKS = {"hard-of-link", "hard-of-dangling", "physical", "physical-long", "physical-last", "physical-to-directory"}
_TABLES = {True: {k: v for k, v in _TABLE.items() if k not in _OWN_WORDS | _OF_LINKS}, False: {k: v for k, v in _TABLE.items() if k in _OWN_WORDS}}
for _words, _cases in _TABLES.items():
    compare_each("ln.file", "ln", _tree, _cases, links=True, words=_words)


def _of_links() -> None:
    for key in sorted(_OF_LINKS):
        def run(t: Case, arguments: Sequence[Name] = _TABLE[key]) -> None:
            t.tree(_tree())
            if t.programs.revision == "host":
                t.same("ln", *arguments, links=True, status=0)
            else:
                t.gives("ln", *arguments, status=1, errors=b"ln: new: hard links are not possible on this file system: Operation not supported\n")
        case("ln.of-a-link.%s" % key)(run)


_of_links()


@case("ln.interactive")
def _(t: Case) -> None:
    t.tree(_tree())
    for arguments in (["-i", "f", "old"], ["-si", "x", "old"], ["-fi", "g", "old"], ["-bi", "f", "old"], ["-i", "f", "new"], ["-si", "x", "y", "d"]):
        t.same("ln", *arguments, stdin=b"y\ny\n", questions=True)
    t.same("ln", "-if", "g", "old", stdin=b"n\n", status=0)
    # As POSIX has it since 2024, and GNU since 9.2.
    t.gives("ln", "-si", "x", "f", stdin=b"n\n", status=1, errors=b"ln: replace 'f'? ")
    t.gives("ln", "-si", "x", "f", stdin=b"", status=1, errors=b"ln: replace 'f'? ")
    t.holds("f", b"content of f")


@case("ln.no-permission")
def _(t: Case) -> None:
    t.tree({"f": b"f", "locked": Dir(mode=0o555), "closed": Dir(mode=0)})
    t.same("ln", "-s", "x", "locked/l", status=1)
    t.same("ln", "-s", "x", "locked", status=1)
    t.same("ln", "-s", "x", "closed/l", status=1)
    t.same("ln", "f", "closed", status=1)
    t.same("ln", "-sf", "x", "locked/l", status=1)
    t.same("ln", "closed/f", "g", status=1)


@case("ln.environment")
def _(t: Case) -> None:
    for control in ("numbered", "existing", "simple", "off", "t", "wrong"):
        t.tree({control: Dir(), control + "/f": b"f", control + "/g": b"g", control + "/g.~3~": b"g3"})
        for name in ("f", "g"):
            t.same("ln", "-sb", "x", control + "/" + name, environment={"VERSION_CONTROL": control, "SIMPLE_BACKUP_SUFFIX": ".bak"})


@case("ln.long-target")
def _(t: Case) -> None:
    t.same("ln", "-s", "n" * 4095, "new")
    t.same("ln", "-s", "n" * 4096, "longer", status=1)
    t.same("ln", "-s", "f", "n" * 255, status=0)
    t.same("ln", "-sf", "g", "n" * 255, status=0)
    t.same("ln", "-s", "f", "n" * 256, status=1)


@case("ln.target-is-link-to-long-name")
def _(t: Case) -> None:
    t.tree({"l": Link("n" * 300), "f": b""})
    t.same("ln", "-s", "f", "l", status=1)
    t.same("ln", "-sf", "f", "l", status=0)


@case("ln.backup-is-another-name")
def _(t: Case) -> None:
    t.tree({"a": b"a", "b": b"b", "b~": Hard("b")})
    t.same("ln", "-fb", "a", "b", status=0)
    t.same("ln", "-sfb", "c", "b", status=0)


@case("ln.calls.few")
def _(t: Case) -> None:
    t.tree({"a": b"a", "d": Dir()})
    # stat, then link or symlink (which on Redox is an open, a write and a close).
    for arguments, most in ((["-s", "a", "b"], 6), (["-s", "x", "d"], 8), (["-sfn", "y", "b"], 8)):
        outcome = t.run("ln", *arguments, count=True)
        t.expect(outcome.status == 0 and outcome.os_calls <= most, "more than %d calls" % most, outcome)


@case("ln.full")
def _(t: Case) -> None:
    t.same("ln", "-sv", "x", "y", stdout="/dev/full", status=1)


def _named(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
    t.same("ln", b"-s", b"--", name, b"d/new-" + name[:200])
    t.same("ln", path, b"e-" + name[:200])
    t.same("ln", missing, b"new")
    t.same("ln", b"-s", b"x", path)
    t.same("ln", b"-sf", b"x", path)


names("ln", _named)
closed_streams("ln", [(["-s", "x", "new"], False), (["f", "new"], False), (["-sv", "x", "new"], True), (["-sf", "x", "f"], False),
                      (["missing", "f", "d"], False), (["-srv", "f", "d/i"], True), (["-si", "x", "f"], False)])
little_memory("ln", ["-srv", "f", "g", "d"])
missing_operand("ln")
