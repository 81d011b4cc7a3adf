# SPDX-License-Identifier: MIT
"""touch, date, stat and uptime: what must hold whatever the manners of the system."""
import os

from cases import MannersCase, case
from harness import Dir, File, Link

_UNREADABLE = ("disk-busy", "reads-again")


def _files(t: MannersCase) -> None:
    t.files({"f": File(b"content of f\n", mode=0o640), "d": Dir(), "d/a": b"a", "to-f": Link("f"), "dangling": Link("nowhere")})


def _time(t: MannersCase, name: str) -> int:
    return int(os.lstat(os.path.join(t.ours, os.fsencode(name))).st_mtime)


@case("touch.makes")
def _(t: MannersCase) -> None:
    _files(t)
    outcome = t.do("touch", "new")
    t.judge(outcome, t.content("new") == b"", "new", ("disk-busy",))
    t.expect(t.content("f") == b"content of f\n", "another file has changed", outcome)


@case("touch.there")
def _(t: MannersCase) -> None:
    _files(t)
    before = t.seen()
    outcome = t.do("touch", "-d", "@1000000000", "f", "d")
    done = _time(t, "f") == _time(t, "d") == 1_000_000_000
    t.judge(outcome, done, "", ("disk-busy",))
    t.expect(t.seen() == before, "more than times has changed", outcome)


@case("touch.one-time")
def _(t: MannersCase) -> None:
    # The other one stays: Redox stores what it gets, so it is looked up.
    _files(t)
    before = _time(t, "f")
    outcome = t.do("touch", "-a", "-d", "@1000000000", "f")
    t.judge(outcome, _time(t, "f") == before, "f", ("disk-busy",))


@case("touch.missing")
def _(t: MannersCase) -> None:
    _files(t)
    before = t.seen()
    t.succeeds(t.do("touch", "-c", "missing")) if not t.has("disk-busy") else None
    t.refuses(t.do("touch", "no/such"), "no/such")
    t.refuses(t.do("touch", "missing/"), "missing/")
    t.expect(t.seen() == before, "something has been made")


@case("touch.link")
def _(t: MannersCase) -> None:
    _files(t)
    before = _time(t, "f")
    outcome = t.do("touch", "-h", "-d", "@1000000000", "to-f")
    t.judge(outcome, _time(t, "to-f") == 1_000_000_000, "to-f", ("disk-busy",))
    t.expect(_time(t, "f") == before, "what it leads to has changed", outcome)


@case("stat.file")
def _(t: MannersCase) -> None:
    _files(t)
    outcome = t.do("stat", "-c", "%n %s %F", "f", "d/a")
    t.judge(outcome, outcome.out == b"f 13 regular file\nd/a 1 regular file\n", "", _UNREADABLE + ("writes-again",))
    t.refuses(t.do("stat", "missing"), "missing")


@case("date.reference")
def _(t: MannersCase) -> None:
    _files(t)
    outcome = t.do("date", "-r", "f", "+%s")
    t.judge(outcome, outcome.out == b"1614834367\n", "", _UNREADABLE + ("writes-again",))
    t.refuses(t.do("date", "-r", "missing"), "missing")


@case("date.lines")
def _(t: MannersCase) -> None:
    t.files({"dates": b"@0\n2026-11-27\n@5"})
    outcome = t.do("date", "-f", "dates", "+%s")
    t.judge(outcome, outcome.out == b"0\n1795737600\n5\n", "", _UNREADABLE + ("writes-again",))


@case("uptime.line")
def _(t: MannersCase) -> None:
    outcome = t.do("uptime", "-p")
    t.judge(outcome, outcome.out.startswith(b"up ") and outcome.out.endswith(b"\n"), "", ("writes-again",))
