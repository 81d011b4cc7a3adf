# SPDX-License-Identifier: MIT
"""cation-box: every command by its name, and never one for another."""
import os
import subprocess
from typing import Dict, List

from cases_common import FOR_ION
from harness import Case, Dir, Link, Outcome, case

_BOX = "cation-box"


def _names(t: Case) -> List[str]:
    outcome = t.run(_BOX, "--list")
    t.expect(outcome.status == 0 and not outcome.errors, "--list fails", outcome)
    names = outcome.out.decode().splitlines()
    t.expect(names == sorted(names), "the names are not sorted", outcome)
    return names


def _as(t: Case, words: List[str], *arguments: str) -> Outcome:
    """The command line `words`, the first of which may be another argv[0] than the file's name."""
    ran = subprocess.run([*words, *arguments], cwd=t.ours, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         env={"LC_ALL": "C", "TZ": "UTC0"}, check=False, timeout=20)
    return Outcome(ran.returncode, ran.stdout, ran.stderr)


@case("cation-box.names")
def _(t: Case) -> None:
    # All the programs but those for Ion, and no other.
    there = set(os.listdir(os.path.dirname(t.programs.ours(_BOX)[-1])))
    t.expect(FOR_ION <= there, "not there: %s" % (FOR_ION - there))
    programs = there - FOR_ION - {_BOX}
    t.expect(set(_names(t)) == programs, "not the programs' names: %s" % (set(_names(t)) ^ programs))


@case("cation-box.each-is-itself", seconds=300)
def _(t: Case) -> None:
    # By a link and as an operand: what --help says, and what the program of this name prints, here and before messages.
    box = t.programs.ours(_BOX)
    for number, name in enumerate(_names(t)):
        folder = os.path.join(t.ours, b"%d" % number)
        os.mkdir(folder)
        link = os.path.join(os.fsdecode(folder), name)
        os.symlink(box[-1], link)
        for arguments in (["--help"], ["--no-such-option-at-all"], ["--no-such-option-at-all", "x", "]"], ["/no/such/file/or/number"], []):
            if name == "yes" and not (arguments and arguments[0].startswith("-")):
                continue  # goes on for ever
            alone = _as(t, t.programs.ours(name), *arguments)
            by_link = _as(t, [*box[:-1], link], *arguments)
            by_name = _as(t, [*box, name], *arguments)
            for outcome in (by_link, by_name):
                # Not the output of those that tell what changes all the time.
                told = outcome.out == alone.out or (alone.out and name in ("date", "df", "free", "ps", "uptime", "env", "printenv", "mktemp"))
                t.expect(bool(told) and outcome.status == alone.status and outcome.errors.splitlines()[:1] == alone.errors.splitlines()[:1],
                         "%s %s is not what the program does: status %d, %r, %r" % (name, arguments, alone.status, alone.out, alone.errors), outcome)
                for line in outcome.errors.splitlines()[:1]:
                    t.expect(line.startswith(name.encode() + b": ") or line.startswith(b"Usage: " + name.encode()),
                             "a message of %s has another name before it" % name, outcome)
        version = _as(t, [*box, name], "--version") if name not in ("echo", "test", "true", "false") else None
        t.expect(version is None or version.out.startswith(b"%s (Cation) " % name.encode()), "not its version", version)


@case("cation-box.unknown-name")
def _(t: Case) -> None:
    names = _names(t)
    box = t.programs.ours(_BOX)
    for name in ("frobnicate", "l", "lss", "LS", "ls.old", "cat "):
        os.symlink(box[-1], os.path.join(os.fsdecode(t.ours), name))
        for words in ([*box[:-1], "./" + name], [*box, name]):
            outcome = _as(t, words, "operand")
            t.expect(outcome.status == 127 and not outcome.out, "not refused", outcome)
            message = outcome.errors.decode()
            t.expect(message.startswith("cation-box: ") and message.count("\n") == 1, "no message of one line", outcome)
            t.expect(message.split("but ")[1].split() == names, "does not list the names", outcome)


@case("cation-box.own-options")
def _(t: Case) -> None:
    t.expect_complaint(t.run(_BOX), _BOX, 1, "missing command\nTry 'cation-box --help' for more information.")
    t.expect_complaint(t.run(_BOX, "--install"), _BOX, 1, "missing operand\nTry 'cation-box --help' for more information.")
    t.expect_complaint(t.run(_BOX, "--list", "x"), _BOX, 1, "x: extra operand\nTry 'cation-box --help' for more information.")
    t.expect_complaint(t.run(_BOX, "--install", "missing"), _BOX, 1, "missing: No such file or directory")
    t.tree({"file": b""})
    t.expect_complaint(t.run(_BOX, "--install", "file"), _BOX, 1, "file: Not a directory")


def _links(t: Case, folder: str) -> Dict[str, str]:
    path = os.path.join(os.fsdecode(t.ours), folder)
    return {name: os.readlink(os.path.join(path, name)) for name in os.listdir(path) if os.path.islink(os.path.join(path, name))}


@case("cation-box.installs")
def _(t: Case) -> None:
    t.tree({"elsewhere": Dir(), "there": Dir()})
    names = _names(t)
    box = t.programs.ours(_BOX)
    path = os.path.realpath(box[-1]) if not os.path.isabs(box[-1]) else box[-1]
    # Twice: the second time all is as it should be.
    for _ in range(2):
        outcome = t.run(_BOX, "--install", "elsewhere")
        t.expect(outcome.status == 0 and not outcome.errors, "fails", outcome)
        t.expect(_links(t, "elsewhere") == {name: path for name in names}, "not all links lead there: %s" % _links(t, "elsewhere"))
    # Beside itself, by a name without a folder.
    copy = os.path.join(os.fsdecode(t.ours), "there", _BOX)
    with open(box[-1], "rb") as program, open(copy, "wb") as file:
        file.write(program.read())
    os.chmod(copy, 0o755)
    outcome = _as(t, [*box[:-1], "there/" + _BOX], "--install", "there")
    t.expect(outcome.status == 0 and not outcome.errors, "fails beside itself", outcome)
    t.expect(_links(t, "there") == {name: _BOX for name in names}, "does not lead to what is beside")
    t.expect(_as(t, [*box[:-1], "there/cat"], "--help").out.startswith(b"Usage: cat"), "a link does not work")


@case("cation-box.replaces-nothing-unasked")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/cat": b"somebody's", "d/ls": Link("other"), "d/rm": Dir(), "d/rm/x": b"x"})
    names = _names(t)
    outcome = t.run(_BOX, "--install", "d")
    reason = "there is something already, which --force replaces"
    t.expect_complaint(outcome, _BOX, 1, "d/cat: " + reason, "d/ls: " + reason, "d/rm: " + reason)
    links = _links(t, "d")
    t.expect(links.pop("ls") == "other" and set(links) == set(names) - {"cat", "ls", "rm"}, "not the rest, or not only: %s" % links)
    with open(t.ours + b"/d/cat", "rb") as file:
        t.expect(file.read() == b"somebody's", "what was there is gone")
    outcome = t.run(_BOX, "--install", "-f", "d")
    t.expect_complaint(outcome, _BOX, 1, "d/rm: Is a directory")
    t.expect(set(_links(t, "d")) == set(names) - {"rm"} and "other" not in _links(t, "d").values(), "not replaced: %s" % _links(t, "d"))
    t.expect(os.listdir(t.ours + b"/d/rm") == [b"x"], "a directory was touched")
    t.expect(len(os.listdir(t.ours + b"/d")) == len(names), "something is left behind: %s" % os.listdir(t.ours + b"/d"))
