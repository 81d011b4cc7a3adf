# SPDX-License-Identifier: MIT
"""basename, dirname: names as texts."""
from typing import List

from cases_common import closed_streams, little_memory, missing_operand, names
from harness import Case, Name, case

_TEXTS: List[Name] = ["", "/", "//", "///", "a", "a/", "a//", "/a", "//a", "///a///", "a/b", "a/b/", "a//b//", "/a/b", "//a//b//c//", "./a", "../a",
                      "a/.", "a/..", ".", "..", "./", "../", "/.", "/..", "a/./b", "a/../b", " ", " / ", "a b/c d", b"n\nl/x\ny", b"\xff/\xfe\xfd",
                      "ü/€", "/scheme/file/x", "file:/x/y", "-", "*", "a\\b/c", "a/b.c.d", "a/.b", "x" * 3000 + "/" + "y" * 3000]


@case("basename.texts")
def _(t: Case) -> None:
    for text in _TEXTS:
        t.same("basename", text, status=0)
        t.same("basename", "-a", text, status=0)


@case("basename.suffixes")
def _(t: Case) -> None:
    for text in ("a", "a/b.c", "b.c/", ".c", "/", "//", "b.c.c", "c", "", "a/.c/", "b.C", "bc"):
        for suffix in ("", ".c", "c", "/", "b.c", ".", "c/", "longer than it", "a"):
            t.same("basename", text, suffix, status=0)
            t.same("basename", "-s", suffix, text, status=0)
            t.same("basename", "--suffix=" + suffix, text, "x/" + text, status=0)
    t.same("basename", b"a\xff", b"\xff", status=0)


@case("basename.several")
def _(t: Case) -> None:
    t.same("basename", "-a", *[text for text in _TEXTS if text != "-"], status=0)
    t.same("basename", "-az", *_TEXTS[:20], status=0)
    t.same("basename", "--multiple", "--zero", "a/b", "c", status=0)
    t.same("basename", "-s", ".c", "a.c", "-a", "-z", status=0)
    t.same("basename", "-s", ".c", "-s", ".d", "a.c", "b.d", status=0)
    t.same("basename", "-a", *["dir/name"] * 9000, status=0)


@case("basename.options-end")
def _(t: Case) -> None:
    t.same("basename", "a", "-z", status=0)
    t.same("basename", "a-z", "-z", status=0)
    t.same("basename", "--", "-a/-b", "b", status=0)
    t.same("basename", "--", "-a", status=0)
    t.same("basename", "--", "--", status=0)


@case("basename.wrong")
def _(t: Case) -> None:
    t.same("basename", "a", "b", "c", status=1)
    t.same("basename", "a", "b", "c", "d", status=1)
    t.same("basename", "-s", status=1)
    t.same("basename", "-s", "x", status=1)
    t.same("basename", "-z", status=1)
    t.same("basename", "-q", "x", status=1)


@case("dirname.texts")
def _(t: Case) -> None:
    for text in _TEXTS:
        t.same("dirname", text, status=0)
        t.same("dirname", "-z", text, status=0)


@case("dirname.several")
def _(t: Case) -> None:
    t.same("dirname", *_TEXTS, status=0)
    t.same("dirname", "--zero", *_TEXTS, status=0)
    t.same("dirname", "a/b", "-z", "c/d", status=0)
    t.same("dirname", "--", "-z/b", status=0)
    t.same("dirname", *["dir/name"] * 9000, status=0)
    t.same("dirname", "-s", "x", status=1)


@case("basename.one-write")
def _(t: Case) -> None:
    for program in ("basename", "dirname"):
        options = ["-a"] if program == "basename" else []
        outcome = t.run(program, *options, "a/b", "c/d", "e/f", count=True)
        t.expect(outcome.calls.get("redox_write_v1") == 1 and outcome.os_calls <= 2, "more than one write", outcome)


def _output_errors(program: str, *arguments: Name) -> None:
    @case(program + ".output-errors")
    def _(t: Case) -> None:
        t.same(program, *arguments, stdout="/dev/full", status=1, complaints=["write error: No space left"])


def _common() -> None:
    for program in ("basename", "dirname"):
        def try_name(t: Case, name: bytes, path: bytes, _: bytes, program: str = program) -> None:
            t.same(program, path, status=0)
            t.same(program, b"--", name, status=0)

        names(program, try_name)
        closed_streams(program, [(["a/b"], True), (["-z", "a/b"], True), ([], False)])
        little_memory(program, ["a/b"])
        missing_operand(program)
        _output_errors(program, "a/b")


_common()
