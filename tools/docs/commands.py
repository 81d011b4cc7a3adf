# SPDX-License-Identifier: MIT
"""Executes the commands of Markdown files.

Each block of code that is marked sh is executed by bash, line by line until one fails, those of a file one after the other in one scratch folder.
A block of text right behind it is what it prints, standard error too; a line `...` there stands for any lines, and `…` for anything within a line.

Comments on the line before a block:
  <!-- not run: WHY -->                  nothing of it is executed
  <!-- not run: COMMAND: WHY -->         nothing of the lines that begin with COMMAND
  <!-- status: N -->                     its last command ends with the status N
  <!-- before: COMMAND -->               is executed first, and not shown

The scratch folder has links to what is the project's and to out/, the commands for Ion in PATH, and images: see prepare().
"""
import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from typing import Iterator, List, Optional

import markdown
from listed import listed

# A command may take so long; all together are to take two minutes.
LIMIT_SECONDS = 120

# What Bazel says of its progress, which is not shown in documentation.
_OF_BAZEL = re.compile(r"(Starting local Bazel|Loading:|Analyzing:|INFO:|    currently loading|\[[\d,]+ / [\d,]+\]).*|")

_DRIVER = r"""
set -eEuo pipefail
trap 'printf "%s %s\n" "$?" "$LINENO" >"$CATION_DOCS_FAILED"' ERR
source "$1"
"""


@dataclass
class Command:
    """A block to be executed."""

    path: str
    line: int  # of its first line of code
    text: List[str]
    status: int = 0
    before: str = ""
    expected: Optional[List[str]] = None
    expected_line: int = 0
    skipped: int = 0  # lines that are not executed


def commands_of(document: markdown.Document) -> Iterator[Command]:
    """The blocks of a file; ValueError for marks that say nothing."""
    for place, block in enumerate(document.blocks):
        if block.language not in ("sh", "bash", "shell", "console"):
            continue
        command = Command(document.path, block.line + 1, list(block.text))
        whole = False
        for comment in block.comments:
            key, _, rest = comment.partition(":")
            rest = rest.strip()
            if key == "not run":
                first, colon, why = rest.partition(": ")
                if colon and any(line.startswith(first) for line in block.text):
                    for number, line in enumerate(command.text):
                        if line.startswith(first):
                            command.text[number] = ""
                            command.skipped += 1
                else:
                    whole, why = True, rest
                if not why.strip():
                    raise ValueError(f"{document.path}:{block.line}: 'not run' without a reason; write <!-- not run: WHY -->")
            elif key == "status":
                command.status = int(rest)
            elif key == "before":
                command.before = rest
        if whole:
            command.skipped = len([line for line in block.text if line.strip()])
            command.text = []
        following = document.blocks[place + 1] if place + 1 < len(document.blocks) else None
        if following and following.language == "text" and following.line <= block.end + 2:
            command.expected, command.expected_line = following.text, following.line + 1
        yield command


def agrees(expected: List[str], printed: List[str]) -> bool:
    """Whether it is what is expected: `...` stands for any lines, `…` for anything within one."""
    if not expected:
        return not printed
    if expected[0].strip() == "...":
        return any(agrees(expected[1:], printed[place:]) for place in range(len(printed) + 1))
    pattern = ".*".join(re.escape(part) for part in expected[0].rstrip().split("…"))
    return bool(printed) and bool(re.fullmatch(pattern, printed[0].rstrip())) and agrees(expected[1:], printed[1:])


def last_command(lines: List[str]) -> int:
    """The number of the line that the last command begins in, from 0."""
    last = max((number for number, line in enumerate(lines) if line.strip()), default=0)
    while last and re.search(r"(\\|\||&&)\s*$", lines[last - 1]):
        last -= 1
    return last


def execute(command: Command, folder: str, environment: dict) -> Iterator[str]:
    """The findings of one block, each FILE:LINE: what is wrong."""
    script, failed = os.path.join(folder, ".commands.sh"), os.path.join(folder, ".failed")
    with open(script, "w", encoding="utf-8") as file:
        file.write("\n".join(command.text) + "\n")
    if os.path.exists(failed):
        os.remove(failed)
    if command.before:
        done = subprocess.run(["bash", "-ec", command.before], cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            yield f"{command.path}:{command.line}: what is to be done before fails: {command.before}: {done.stderr.strip()}"
            return
    with subprocess.Popen(
        ["bash", "-c", _DRIVER, "bash", script], cwd=folder, env={**environment, "CATION_DOCS_FAILED": failed}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=LIMIT_SECONDS)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            output, _ = process.communicate()
            yield f"{command.path}:{command.line}: has not ended after {LIMIT_SECONDS} seconds; mark it <!-- not run: WHY -->, or make it shorter"
            return
    printed = [line for line in output.decode("utf-8", "replace").splitlines() if not _OF_BAZEL.fullmatch(line)]
    line, early = command.line, False
    if os.path.exists(failed):
        with open(failed, encoding="utf-8") as file:
            number = int(file.read().split()[1]) - 1
        line += number
        early = number < last_command(command.text)
    if process.returncode != command.status or early:
        shown = "".join("\n    " + text for text in printed[-12:])
        yield (
            f"{command.path}:{line}: ended with the status {process.returncode}, not {0 if early else command.status}; correct the command or "
            f"what it runs, or say <!-- status: {process.returncode} --> of the last command of a block. It printed:{shown}"
        )
    elif command.expected is not None and not agrees([line for line in command.expected if line], printed):
        shown = "".join("\n    " + text for text in printed[:40])
        yield f"{command.path}:{command.expected_line}: prints something else; write (with … for what varies):{shown}"


# In front of the checkout's ./cation. `install`: programs that are linked with the stand-in are refused elsewhere. `new-utility` and `docs` change
# the sources: here those of a copy.
_FRONT_DOOR = """#!/bin/bash
case ${1:-} in
  test) (($# > 1)) || { echo "docs: ./cation test runs this check: mark it <!-- not run: WHY -->" >&2; exit 1; } ;;
  install) set -- install --allow-stand-in "${@:2}" ;;
  new-utility)
    mkdir -p .sources
    (cd "$CATION_CHECKOUT" && cp -r --parents cation coreutils shell-ext tools "$OLDPWD/.sources")
    exec .sources/cation "$@" ;;
esac
exec "$CATION_CHECKOUT/cation" "$@"
"""

# What changes how programs behave that are linked with the stand-in; commands say it where they want it.
_STAND_INS = {"CATION_CALLS", "CATION_HOST_SHARE", "CATION_MANNERS", "CATION_PRICES", "CATION_SCHEMES", "CATION_TRACE"}


def prepare(folder: str, checkout: str, architecture: str) -> dict:
    """Fills the scratch folder; the environment for its commands.

    redox.img and disk.img are images with RedoxFS and one program, so that their architecture is known."""
    # What else somebody keeps there, such as an image, is none of the commands' business: they would write into it.
    for name in {path.split("/")[0] for path in listed(others=False)} | {"out"}:
        if name not in ("cation", "README.md") and not name.endswith(".img"):
            os.symlink(os.path.join(checkout, name), os.path.join(folder, name))
    with open(os.path.join(folder, "cation"), "w", encoding="utf-8") as file:
        file.write(_FRONT_DOOR)
    os.chmod(os.path.join(folder, "cation"), 0o755)
    os.makedirs(os.path.join(folder, ".bin"))
    # Ion's commands have no other system's.
    programs = os.path.join(checkout, "out/host/usr/bin")
    for name in [*os.listdir(os.path.join(checkout, "shell-ext")), "shell-ext", "with-stderr"]:
        if os.path.exists(os.path.join(programs, name)):
            os.symlink(os.path.join(programs, name), os.path.join(folder, ".bin", name))
    tool = os.path.join(checkout, "out/image/cation_image")
    program = os.path.join(checkout, "out/standin", architecture, "usr/bin/true")
    for arguments in (
        ("make", "redox.img", "64M"), ("mkdir", "-p", "redox.img", "/usr/bin"), ("put", "redox.img", program, "/usr/bin/true"),
    ):
        done = subprocess.run([tool, "image", *arguments], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{tool} image {' '.join(arguments)}: {done.stderr.strip() or done.stdout.strip()}")
    shutil.copy(os.path.join(folder, "redox.img"), os.path.join(folder, "disk.img"))
    return {
        **{key: value for key, value in os.environ.items() if key not in _STAND_INS},
        "CATION_CHECKOUT": checkout,
        "PATH": os.path.join(folder, ".bin") + ":" + os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
        "TMPDIR": folder,
    }


def run(document: markdown.Document, folder: str, environment: dict) -> Iterator[str]:
    """The findings of a file's commands."""
    try:
        commands = list(commands_of(document))
    except ValueError as error:
        yield str(error)
        return
    for command in commands:
        if any(line.strip() for line in command.text):
            start = time.monotonic()
            yield from execute(command, folder, environment)
            took = time.monotonic() - start
            if took > 20:
                print(f"    {command.path}:{command.line} took {took:.0f} s")
