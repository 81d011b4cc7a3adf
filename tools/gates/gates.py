#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Gates that read the sources and build nothing: each says what it found, and the command that mends it.

usage: gates.py [--fix] [--results FILE] [GATE...]

Without a GATE, all of them: those of _GATES below. --fix writes what the formatters would have instead. --results appends a line
"gate NAME<tab>passed|failed" for each, which tools/bep_summary.py counts. To be run in the checkout's root. The files are those that git
knows, or, in sources that are no checkout, all but out/. Status: 0 nothing found, 1 something, 2 it could not be tried.
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
from typing import Callable, Dict, List, NamedTuple

sys.dont_write_bytecode = True

_BUILDIFIER = "out/tools/buildifier"


class CannotTry(Exception):
    """A gate's tool is missing, or does not work."""


def source_files() -> List[str]:
    if os.path.exists(".git") and shutil.which("git"):
        done = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return sorted({path for path in done.stdout.split("\0") if os.path.isfile(path) and not os.path.islink(path)})
    found = []
    for folder, folders, names in os.walk("."):
        folders[:] = [name for name in folders if os.path.relpath(os.path.join(folder, name)) not in ("out", ".git")]
        found += [os.path.relpath(os.path.join(folder, name)) for name in names if not os.path.islink(os.path.join(folder, name))]
    return sorted(found)


def read(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def first_line(path: str) -> str:
    with open(path, "rb") as file:
        return file.readline(200).decode("utf-8", "replace")


def is_cpp(path: str) -> bool:
    return path.endswith((".cc", ".h"))


def is_shell(path: str) -> bool:
    return path.endswith(".sh") or re.match(r"#!.*\b(ba|da)?sh\b", first_line(path)) is not None


def is_python(path: str) -> bool:
    return path.endswith(".py") or re.match(r"#!.*\bpython3?\b", first_line(path)) is not None


def is_starlark(path: str) -> bool:
    return os.path.basename(path) in ("BUILD", "WORKSPACE", "MODULE.bazel") or path.endswith(".bzl")


def run(command: List[str], files: List[str], statuses=(0, 1)) -> str:
    """What `command` prints for `files`, given to as many processes as there are processors."""
    if not shutil.which(command[0]):
        raise CannotTry("there is no %s; ./cation test and ./cation check install it" % command[0])
    count = os.cpu_count() or 1
    parts = [part for part in (files[at::count] for at in range(count)) if part]
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        done = list(pool.map(lambda part: subprocess.run([*command, *part], capture_output=True, text=True, check=False), parts))
    for one in done:
        if one.returncode not in statuses:
            raise CannotTry("%s ended with status %d: %s" % (command[0], one.returncode, (one.stderr or one.stdout).strip()[-500:]))
    return "".join(one.stdout + one.stderr for one in done)


# ------------------------------------------------------------------------------------------ gates
# Each takes the sources and whether to mend them, and returns lines FILE:LINE: what is wrong.
def clang_format(files: List[str], fix: bool) -> List[str]:
    chosen = [path for path in files if is_cpp(path)]
    if fix:
        run(["clang-format-19", "-i"], chosen, statuses=(0,))
        return []
    found = run(["clang-format-19", "--dry-run", "-Werror"], chosen)
    return sorted(set(re.findall(r"^(\S+?:\d+):\d+: error: (?:code should be clang-formatted)", found, re.M)))


def buildifier(files: List[str], fix: bool) -> List[str]:
    chosen = [path for path in files if is_starlark(path)]
    # Beside the form: what later versions of Bazel have no more (native-*, attr-cfg: toolchains/tool.bzl has why one is left), and mistakes.
    # Not what wants documentation where there is nothing to say.
    warnings = "--warnings=-module-docstring,-function-docstring,-function-docstring-header,-function-docstring-args," \
               "-function-docstring-return,-provider-params,-unnamed-macro"
    if fix:
        run([_BUILDIFIER, "-mode=fix"], chosen, statuses=(0,))
        return []
    found = run([_BUILDIFIER, "-mode=check", "-lint=warn", warnings], chosen, statuses=(0, 4))
    return sorted({re.sub(r" # reformat$", ": not as buildifier writes it", line) for line in found.splitlines() if line.strip()
                   and not line.startswith(" ")})


def shellcheck(files: List[str], _fix: bool) -> List[str]:
    return run(["shellcheck", "--format=gcc", "--external-sources"], [path for path in files if is_shell(path)]).splitlines()


def python(files: List[str], _fix: bool) -> List[str]:
    found = []
    for finding in run(["pyflakes3"], [path for path in files if is_python(path)]).splitlines():
        place = re.match(r"(.+?):(\d+):", finding)
        # What is imported for others to import says so, as for flake8, which pyflakes does not heed.
        if place is None or "# noqa" not in read(place.group(1)).split("\n")[int(place.group(2)) - 1]:
            found.append(finding)
    return found


def license_line(files: List[str], _fix: bool) -> List[str]:
    """The licence in the first or, below #!, the second line of what people write."""
    kinds = (".py", ".sh", ".bzl", ".cc", ".h", ".rs", ".ld", ".gn", ".gni")
    found = []
    for path in files:
        named = path.endswith(kinds) or os.path.basename(path) in ("BUILD", "WORKSPACE", "MODULE.bazel", "cation")
        if named and "SPDX-License-Identifier: MIT" not in "\n".join(read(path).split("\n", 2)[:2]):
            found.append("%s:1: no line SPDX-License-Identifier: MIT" % path)
    return found


def machine_paths(files: List[str], _fix: bool) -> List[str]:
    """Paths of one machine: a home or a checkout's folder."""
    own = re.compile(r"(?<![\w$}./-])/(home/(?!\*|user\b|someone\b|USER\b)[a-z]\w+|Users/[A-Za-z]\w+|work/[a-z]\w+)/\w")
    found = []
    for path in files:
        if path.endswith((".md", ".py", ".sh", ".bzl", ".cc", ".h", ".rs", ".gn", ".gni")) or os.path.basename(path) in ("BUILD", "cation", ".bazelrc"):
            for number, line in enumerate(read(path).split("\n"), 1):
                if own.search(line) and not path.startswith(("tools/gates/", "tests/", "image/")) and not path.endswith("_test.cc"):
                    found.append("%s:%d: a path of one machine: %s" % (path, number, own.search(line).group(0)))
    return found


class Gate(NamedTuple):
    find: Callable[[List[str], bool], List[str]]
    mend: str


_GATES: Dict[str, Gate] = {
    "clang-format": Gate(clang_format, "./cation format"),
    "buildifier": Gate(buildifier, "./cation format mends the form; for a warning, its page at bazel's buildtools says what to write"),
    "shellcheck": Gate(shellcheck, "shellcheck's wiki has a page for each SCnnnn; where it is wrong: # shellcheck disable=SCnnnn and why"),
    "python": Gate(python, "remove what is not used; ./cation check python tries again"),
    "license-line": Gate(license_line, "add the line, as other files of its kind have it"),
    "machine-paths": Gate(machine_paths, "say it relative to the checkout, or by a variable"),
}


def main() -> int:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--help", action="store_true")
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("--results")
    parser.add_argument("gates", nargs="*")
    options = parser.parse_args()
    if options.help:
        print(__doc__)
        return 0
    for name in options.gates:
        if name not in _GATES:
            print("gates: there is no gate %s; there are %s" % (name, ", ".join(_GATES)), file=sys.stderr)
            return 2
    files = source_files()
    status = 0
    for name in options.gates or _GATES:
        gate = _GATES[name]
        try:
            found = gate.find(files, options.fix)
        except CannotTry as error:
            print("gates: %s: %s" % (name, error), file=sys.stderr)
            found, status = None, 2
        if found:
            status = max(status, 1)
            print("\n".join(found[:100]))
            print("gates: %s: %d findings. To mend: %s" % (name, len(found), gate.mend))
        elif found is not None:
            print("gates: %s: clean" % name)
        sys.stdout.flush()
        if options.results:
            with open(options.results, "a", encoding="utf-8") as file:
                file.write("gate %s\t%s\n" % (name, "passed" if found == [] else "failed"))
    return status


if __name__ == "__main__":
    sys.exit(main())
