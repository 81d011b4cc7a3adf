# SPDX-License-Identifier: MIT
"""head, tail, tee, wc and yes: nothing is lost or invented, whatever reads and writes bring at a time."""
import os

from cases import MannersCase, case
from harness import Dir, Link, Tree

_NUMBERS = b"".join(b"%d\n" % n for n in range(1, 31))
# More than a read of the share brings.
_LARGE = b"".join(b"%09d\n" % n for n in range(15_000))
# Nothing can be read through these, or not to the end; writing fails in the other.
_READ = ("disk-busy", "reads-again")
_BOTH = _READ + ("writes-again",)


def _tree(t: MannersCase) -> Tree:
    return {"f": _NUMBERS, "g": b"a\nb c\nd", "empty": b"", "d": Dir(), "d/x": b"x\n", "to-f": Link("f"),
            "large": _LARGE[:9000] if t.has("reads-of-one") else _LARGE}


def _shown(t: MannersCase, program: str, *arguments: str, want: bytes, may_refuse: tuple = _BOTH) -> None:
    outcome = t.do(program, *arguments)
    t.judge(outcome, outcome.out == want, "", may_refuse)
    t.expect(outcome.out in want or bool(outcome.status), "it shows what is not there", outcome)


@case("head.files")
def _(t: MannersCase) -> None:
    t.files(_tree(t))
    large = t.content("large")
    assert large is not None
    for arguments, want in ((["f"], _NUMBERS[:21]), (["-n2", "f"], b"1\n2\n"), (["-c5", "f"], b"1\n2\n3"), (["-n", "500", "large"], large[:5000]),
                            (["-n-1", "g"], b"a\nb c\n"), (["-n", "-3", "large"], large[:-30]), (["-c-7", "large"], large[:-7]),
                            (["-c", "1M", "large"], large), (["-c", "6000", "large"], large[:6000]), (["-qn1", "f", "empty", "g"], b"1\na\n")):
        _shown(t, "head", *arguments, want=want)


@case("head.through-a-link")
def _(t: MannersCase) -> None:
    t.files(_tree(t))
    _shown(t, "head", "-n1", "to-f", want=b"1\n", may_refuse=_BOTH + ("symlink-exdev",))


@case("head.goes-on")
def _(t: MannersCase) -> None:
    t.files(_tree(t))
    outcome = t.do("head", "-qn1", "missing", "d", "f")
    t.expect(outcome.status == 1 and b"head: missing: No such file or directory\n" in outcome.errors, "not its reason", outcome)
    t.expect(outcome.out == b"1\n" or t.has(*_BOTH), "not the rest", outcome)


@case("tail.files")
def _(t: MannersCase) -> None:
    t.files(_tree(t))
    large = t.content("large")
    assert large is not None
    for arguments, want in ((["f"], _NUMBERS[-30:]), (["-n2", "f"], b"29\n30\n"), (["-c5", "f"], b"9\n30\n"), (["-n", "500", "large"], large[-5000:]),
                            (["-n+2", "g"], b"b c\nd"), (["-n", "+300", "large"], large[2990:]), (["-c+7", "large"], large[6:]),
                            (["-c", "1M", "large"], large), (["-c", "6000", "large"], large[-6000:]), (["-qn1", "f", "empty", "g"], b"30\nd")):
        _shown(t, "tail", *arguments, want=want)


@case("tail.standard-input")
def _(t: MannersCase) -> None:
    outcome = t.do("tail", "-n3", stdin=_LARGE[:9000])
    t.judge(outcome, outcome.out == _LARGE[8970:9000], "", ("reads-again", "writes-again"))


@case("tail.follows")
def _(t: MannersCase) -> None:
    # A process that is not there, and one look at the files.
    t.files(_tree(t))
    for how in ("-f", "-F"):
        outcome = t.do("tail", how, "-n2", "-s0.001", "--pid=99999999", "f")
        done = outcome.out == b"29\n30\n"
        t.judge(outcome, done, "", _BOTH)


@case("tee.writes")
def _(t: MannersCase) -> None:
    t.files(_tree(t))
    outcome = t.do("tee", "f", "new", "d/new", stdin=_LARGE[:9000])
    done = outcome.out == _LARGE[:9000] and all(t.content(name) == _LARGE[:9000] for name in ("f", "new", "d/new"))
    t.judge(outcome, done, "", _BOTH)
    t.expect(t.content("g") == b"a\nb c\nd", "another file has changed", outcome)


@case("tee.appends")
def _(t: MannersCase) -> None:
    # Also where O_APPEND does nothing.
    t.files(_tree(t))
    outcome = t.do("tee", "-a", "f", "g", "new", stdin=b"more\n")
    done = t.content("f") == _NUMBERS + b"more\n" and t.content("g") == b"a\nb c\ndmore\n" and t.content("new") == b"more\n"
    t.judge(outcome, done and outcome.out == b"more\n", "", _BOTH)
    t.expect((t.content("f") or b"").startswith(_NUMBERS), "what was there is lost", outcome)


@case("tee.goes-on")
def _(t: MannersCase) -> None:
    t.files(_tree(t))
    outcome = t.refuses(t.do("tee", "d", "missing/x", "new", stdin=b"text\n"), "missing/x")
    t.expect(t.content("new") == b"text\n" or t.has("reads-again", "writes-again"), "not the rest", outcome)


@case("wc.counts")
def _(t: MannersCase) -> None:
    t.files(_tree(t))
    large = t.content("large")
    assert large is not None
    for arguments, want in ((["-l", "f"], b"30 f\n"), (["-c", "large"], b"%d large\n" % len(large)), (["-w", "g"], b"4 g\n"),
                            (["-l", "large"], b"%d large\n" % large.count(b"\n")), (["g"], b"2 4 7 g\n"),
                            (["-m", "g", "empty"], b"7 g\n0 empty\n7 total\n")):
        outcome = t.do("wc", *arguments)
        t.judge(outcome, outcome.out == want, "", _BOTH)


@case("wc.goes-on")
def _(t: MannersCase) -> None:
    t.files(_tree(t))
    outcome = t.do("wc", "-l", "missing", "f")
    t.expect(outcome.status == 1 and b"wc: missing: No such file or directory\n" in outcome.errors, "not its reason", outcome)
    t.expect(outcome.out == b"30 f\n30 total\n" or t.has(*_BOTH), "not the rest", outcome)


@case("yes.full-device")
def _(t: MannersCase) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        outcome = t.do("yes", stdout=full)
    finally:
        os.close(full)
    t.expect(outcome.status == 1 and outcome.errors.startswith(b"yes: write error: "), "not said", outcome)
