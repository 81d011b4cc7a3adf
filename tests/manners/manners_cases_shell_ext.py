# SPDX-License-Identifier: MIT
"""The commands for Ion: a share's files are run from a copy, which goes, and nothing of the share is lost, nor of an initrc."""
import os

from cases import MannersCase, case
from harness import Dir, File


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


@case("shell-ext.line")
def _(t: MannersCase) -> None:
    """The old file or the new one, whatever cannot be done; and back."""
    line = b"test -f /etc/xdg/ion/initrc && source /etc/xdg/ion/initrc\n"
    t.files({"f": File(b"mine\n", 0o640)})

    def content() -> bytes:
        with open(os.path.join(t.ours, b"f"), "rb") as file:
            return file.read()

    outcome = t.run("shell-ext", "-f", "f", "enable", environment=_environment(t))
    t.expect(content() == (b"mine\n" if outcome.status == 2 else line + b"mine\n"), "status and file differ: %r" % content(), outcome)
    outcome = t.run("shell-ext", "-f", "f", "disable", environment=_environment(t))
    t.expect(content() == b"mine\n" or outcome.status == 2, "not as it was: %r" % content(), outcome)
    t.expect(os.listdir(t.ours) == [b"f"], "it leaves behind: %r" % os.listdir(t.ours))


@case("shell-ext.absent")
def _(t: MannersCase) -> None:
    t.files({"h": Dir()})
    environment = {**_environment(t), "HOME": "h", "XDG_CONFIG_DIRS": "/nonexistent"}
    outcome = t.run("shell-ext", "enable", environment=environment)
    path = os.path.join(t.ours, b"h/.config/ion/initrc")
    t.expect((outcome.status == 1) == os.path.exists(path), "status and file differ", outcome)
    if outcome.status == 1:
        with open(path, "rb") as file:
            t.expect(file.read() == b"test -f /nonexistent/ion/initrc && source /nonexistent/ion/initrc\n", "not the line", outcome)
