# SPDX-License-Identifier: MIT
"""hist: what it rewrites is the old history or the new one, whole, whatever the system does and whenever it is ended."""
import os
import subprocess

from cases import MannersCase, _UNREADABLE, case
from harness import Dir, File, Link

_OLD = b"ls\n#1700000000\ncat a\nls\n#1700000001\ncd /tmp\n"
_MAY_REFUSE = _UNREADABLE + ("writes-again",)


def _rewrites(t: MannersCase, name: str, content: bytes, *arguments: str) -> None:
    """hist -f NAME ARGUMENTS makes it `content`, or says why not and leaves it; nothing strays."""
    before = t.content(name)
    others = set(t.seen())
    outcome = t.do("hist", "-f", name, *arguments)
    now = t.content(name)
    t.expect(now in (before, content), "neither the old nor the new: %r" % now, outcome)
    t.judge(outcome, now == content, "", _MAY_REFUSE + ("symlink-exdev",) * os.path.islink(os.path.join(t.ours, os.fsencode(name))))
    t.expect(set(t.seen()) == others, "something strays: %s" % sorted(set(t.seen()) ^ others), outcome)


@case("hist.list")
def _(t: MannersCase) -> None:
    t.files({"h": _OLD})
    for arguments, lines in (([], b"ls\ncat a\nls\ncd /tmp\n"), (["-n2"], b"ls\ncd /tmp\n"), (["-ru"], b"cd /tmp\nls\ncat a\n"), (["a"], b"cat a\n")):
        outcome = t.run("hist", "-f", "h", *arguments, environment={"CATION_MANNERS": t.manners} if t.manners else {})
        t.expect(outcome.status in (0, 2) and bool(outcome.errors) == (outcome.status == 2), "status and messages disagree", outcome)
        t.judge(outcome, outcome.out == lines, "", _MAY_REFUSE)
    t.expect(t.content("h") == _OLD, "it has changed")


@case("hist.list.last-of-many")
def _(t: MannersCase) -> None:
    content = b"".join(b"line %d\n" % n for n in range(2_000 if t.has("reads-of-one") else 20_000))
    t.files({"h": content})
    outcome = t.do("hist", "-f", "h", "-n1000")
    t.judge(outcome, outcome.out == b"".join(content.splitlines(keepends=True)[-1000:]), "", _MAY_REFUSE)


@case("hist.prune.lines")
def _(t: MannersCase) -> None:
    t.files({"h": File(_OLD, 0o600)})
    _rewrites(t, "h", b"ls\n#1700000001\ncd /tmp\n", "--prune=2")
    mode = os.lstat(os.path.join(t.ours, b"h")).st_mode & 0o777
    t.expect(mode == 0o600, "others may read it: %o" % mode)


@case("hist.prune.unique")
def _(t: MannersCase) -> None:
    t.files({"h": _OLD + b"cat a"})
    _rewrites(t, "h", b"ls\n#1700000001\ncd /tmp\ncat a\n", "-u", "--prune")


@case("hist.prune.large")
def _(t: MannersCase) -> None:
    lines = [b"line %d\n" % n for n in range(1_000 if t.has("reads-of-one") else 60_000)]
    t.files({"d": Dir(), "d/h": b"".join(lines)})
    _rewrites(t, "d/h", b"".join(lines[-900:]), "--prune=900")


@case("hist.prune.through-a-link")
def _(t: MannersCase) -> None:
    t.files({"d": Dir(), "d/h": _OLD, "h": Link("d/h")})
    _rewrites(t, "h", b"#1700000001\ncd /tmp\n", "--prune=1")
    t.expect(os.readlink(os.path.join(t.ours, b"h")) == b"d/h", "the link has changed")


@case("hist.merge.files")
def _(t: MannersCase) -> None:
    t.files({"h": _OLD, "o": b"#1700000000\nmore\n", "p": b"older\nls\n"})
    _rewrites(t, "h", b"older\nls\n#1700000000\ncat a\nls\n#1700000000\nmore\n#1700000001\ncd /tmp\n", "-m", "o", "p")
    t.expect(t.content("o") == b"#1700000000\nmore\n" and t.content("p") == b"older\nls\n", "what is merged has changed")


@case("hist.prune.beside-what-was-left")
def _(t: MannersCase) -> None:
    # A name that a rewrite which was cut off has used.
    t.files({"h": _OLD})
    left = ".cation~%d" % os.lstat(os.path.join(t.ours, b"h")).st_ino
    t.files({left: b"left\n"})
    _rewrites(t, "h", b"#1700000001\ncd /tmp\n", "--prune=1")
    t.expect(t.content(left) == b"left\n", "it has changed")


@case("hist.prune.killed")
def _(t: MannersCase) -> None:
    # After each of its calls, or a little later.
    if t.programs.runner or t.has("reads-of-one"):
        return
    trace = os.path.join(t.ours, b"trace")
    os.mkfifo(trace)
    variables = {"CATION_TRACE": os.fsdecode(trace), **({"CATION_MANNERS": t.manners} if t.manners else {})}
    calls = 0
    ended = False
    while not ended and calls < 100:
        calls += 1
        t.files({"h": _OLD})
        with subprocess.Popen([*t.programs.ours("hist"), "-f", "h", "-u", "--prune"], cwd=t.ours, env=variables,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            with open(trace, "rb", buffering=0) as lines:
                seen = b""
                while seen.count(b"\n") < calls and not ended:
                    more = lines.read(1)
                    seen += more or b""
                    ended = not more
                process.kill()
        now = t.content("h")
        t.expect(now in (_OLD, b"#1700000000\ncat a\nls\n#1700000001\ncd /tmp\n"), "neither the old nor the new after %r: %r" % (seen, now))
    t.expect(ended, "it makes more than %d calls" % calls)
