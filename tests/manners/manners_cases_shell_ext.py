# SPDX-License-Identifier: MIT
"""The commands for Ion: a share's files are run from a copy, which goes, and nothing of the share is lost."""
import os

from cases import MannersCase, case
from harness import File


def _environment(t: MannersCase) -> dict:
    return {"CATION_MANNERS": t.manners} if t.manners else {}


@case("run.script")
def _(t: MannersCase) -> None:
    t.files({"s": File(b"#!/bin/sh\necho script $1\n", 0o644)})
    outcome = t.run("run", "./s", "a", environment=_environment(t))
    if outcome.status == 0:
        t.expect(outcome.out == b"script a\n", "not what it prints", outcome)
    else:
        t.expect(bool(outcome.errors), "it fails without a word", outcome)


@case("explain.script")
def _(t: MannersCase) -> None:
    t.files({"s": File(b"#!/bin/sh\n", 0o755)})
    outcome = t.run("explain", "./s", environment=_environment(t))
    t.expect(outcome.status in (0, 1, 2), "a status that it has not", outcome)
    t.expect((outcome.status == 0) == (not outcome.out and not outcome.errors), "status and words differ", outcome)


@case("capture.append")
def _(t: MannersCase) -> None:
    t.files({"f": b"old\n"})
    outcome = t.run("capture", "-a", "f", "/bin/echo", "new", environment=_environment(t))
    with open(os.path.join(t.ours, b"f"), "rb") as file:
        content = file.read()
    t.expect(content.startswith(b"old\n"), "it has overwritten what was there: %r" % content, outcome)
    t.expect((outcome.status == 0) == (content == b"old\nnew\n"), "status and file differ: %r" % content, outcome)
