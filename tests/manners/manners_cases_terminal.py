# SPDX-License-Identifier: MIT
"""less, more, stty and clear where there is no terminal: what they copy is whole, and nothing is changed."""
from cases import _LARGE, _UNREADABLE, MannersCase, case


def _copies(program: str) -> None:
    @case(program + ".copies")
    def _(t: MannersCase) -> None:
        t.files({"f": b"content of f\n", "large": _LARGE})
        outcome = t.do(program, "f", "large")
        t.judge(outcome, outcome.out == b"content of f\n" + _LARGE, "", (*_UNREADABLE, "writes-again"))
        t.expect(t.content("large") == _LARGE, "the file has changed")

    @case(program + ".missing")
    def _(t: MannersCase) -> None:
        t.files({"f": b"content of f\n"})
        t.refuses(t.do(program, "missing", "f"), "missing")


_copies("less")
_copies("more")


@case("more.squeezes")
def _(t: MannersCase) -> None:
    t.files({"f": b"a\n\n\n\nb\n" * 2_000})
    outcome = t.do("more", "-s", "f")
    t.judge(outcome, outcome.out == b"a\n\nb\n" * 2_000, "", (*_UNREADABLE, "writes-again"))


@case("stty.needs-a-terminal")
def _(t: MannersCase) -> None:
    t.files({"f": b"content of f\n"})
    t.refuses(t.do("stty", "-a"), "standard input")
    t.refuses(t.do("stty", "-F", "f", "raw"), "f")
    t.expect(t.content("f") == b"content of f\n", "the file has changed")


@case("clear.writes")
def _(t: MannersCase) -> None:
    outcome = t.do("clear")
    t.judge(outcome, outcome.out == b"\033[H\033[2J\033[3J", "", ("writes-again",))
