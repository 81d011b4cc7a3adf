# SPDX-License-Identifier: MIT
"""The gates over the sources, in one table: what each looks at, and what mends what it finds.

A gate takes the paths of the sources, and returns findings: lines FILE:LINE: what is wrong.
"""
import os
import re
from typing import Callable, Dict, List, NamedTuple

import buildifier as buildifier_package
import tidy
from running import CannotTry, run

_CPP_COLUMNS = 100
_PYTHON_COLUMNS = 150

# The last is what a test of that compiles.
_MAY_ASK = ("runtime/sys/", "runtime/standin/", "runtime/start/", "tests/conformance/portable/")

# Beside the form: mistakes, and what later versions of Bazel have no more. Not what wants documentation where there is nothing to say.
_BUILDIFIER_WARNINGS = "--warnings=-module-docstring,-function-docstring,-function-docstring-header,-function-docstring-args," \
                       "-function-docstring-return,-provider-params,-unnamed-macro"


def _read(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def _first_line(path: str) -> str:
    with open(path, "rb") as file:
        return file.readline(200).decode("utf-8", "replace")


def is_cpp(path: str) -> bool:
    return path.endswith((".cc", ".h"))


def is_shell(path: str) -> bool:
    return path.endswith(".sh") or re.match(r"#!.*\b(ba|da)?sh\b", _first_line(path)) is not None


def is_python(path: str) -> bool:
    return path.endswith(".py") or re.match(r"#!.*\bpython3?\b", _first_line(path)) is not None


def is_starlark(path: str) -> bool:
    return os.path.basename(path) in ("BUILD", "WORKSPACE", "MODULE.bazel") or path.endswith(".bzl")


def _buildifier() -> str:
    try:
        return str(buildifier_package.show())
    except buildifier_package.Failure as error:
        raise CannotTry(str(error)) from error


# ------------------------------------------------------------------------------------------ format
def format_sources(files: List[str], without_llvm: bool = False) -> None:
    """Writes the sources as the formatters would have them."""
    if not without_llvm:
        run(["clang-format-19", "-i"], [path for path in files if is_cpp(path)], statuses=(0,))
    run([_buildifier(), "-mode=fix"], [path for path in files if is_starlark(path)], statuses=(0,))


# ------------------------------------------------------------------------------------------- gates
def _clang_format(files: List[str]) -> List[str]:
    found = run(["clang-format-19", "--dry-run", "-Werror"], [path for path in files if is_cpp(path)])
    places = re.findall(r"^(.+?):(\d+):\d+: error: code should be clang-formatted", found, re.M)
    if found.strip() and not places:
        raise CannotTry(f"clang-format-19: {found.strip()[-500:]}")
    return [f"{path}:{line}: not as clang-format writes it" for path, line in sorted({(path, int(line)) for path, line in places})]


def _buildifier_gate(files: List[str]) -> List[str]:
    chosen = [path for path in files if is_starlark(path)]
    found = run([_buildifier(), "-mode=check", "-lint=warn", _BUILDIFIER_WARNINGS], chosen, statuses=(0, 4))
    findings = []
    for line in found.splitlines():
        unformatted = re.match(r"(.+) # reformat$", line)
        if unformatted:
            findings.append(f"{unformatted.group(1)}:1: not as buildifier writes it")
        elif re.match(r"\S+?:\d+: ", line):  # what is below it says where its documentation is
            findings.append(line)
    if found.strip() and not findings:
        raise CannotTry(f"buildifier: {found.strip()[-500:]}")
    return sorted(findings)


def _shellcheck(files: List[str]) -> List[str]:
    return run(["shellcheck", "--format=gcc", "--external-sources"], [path for path in files if is_shell(path)]).splitlines()


def _pyflakes(files: List[str]) -> List[str]:
    findings = []
    printed = run(["pyflakes3"], [path for path in files if is_python(path)])
    places = [(finding, re.match(r"(.+?):(\d+):", finding)) for finding in printed.splitlines()]
    if printed.strip() and not any(place for _, place in places):
        raise CannotTry(f"pyflakes3: {printed.strip()[-500:]}")
    for finding, place in places:
        if place is None:
            continue  # the line that a syntax error is in, and the mark below it
        # What is imported for others to import says so; pyflakes itself does not heed it.
        lines = _read(place.group(1)).split("\n")
        if "# noqa" not in lines[min(int(place.group(2)), len(lines)) - 1]:
            findings.append(finding)
    return findings


def _line_length(files: List[str]) -> List[str]:
    findings = []
    for path in files:
        most = _CPP_COLUMNS if is_cpp(path) else _PYTHON_COLUMNS if is_python(path) else None
        if most is None:
            continue
        unformatted = False
        for number, line in enumerate(_read(path).split("\n"), 1):
            unformatted = (unformatted or "// clang-format off" in line) and "// clang-format on" not in line
            if len(line) > most and not unformatted:
                findings.append(f"{path}:{number}: {len(line)} columns, where {most} are the most")
    return findings


def _license_line(files: List[str]) -> List[str]:
    """The licence in the first or, below #!, the second line of what people write."""
    kinds = (".py", ".sh", ".bzl", ".cc", ".h", ".rs", ".ld", ".gn", ".gni")
    return [f"{path}:1: no line SPDX-License-Identifier: MIT" for path in files
            if (path.endswith(kinds) or is_starlark(path) or is_shell(path))
            and "SPDX-License-Identifier: MIT" not in "\n".join(_read(path).split("\n", 2)[:2])]


def _layers(files: List[str]) -> List[str]:
    """Which OS and which CPU it is, is asked where that belongs (CONTRIBUTING.md)."""
    asked = re.compile(r"#\s*(?:if|ifdef|ifndef|elif)\b.*\b(__linux__|__redox__|__APPLE__|__unix__|_WIN32|__x86_64__|__aarch64__)\b")
    findings = []
    for path in files:
        if is_cpp(path) and not path.startswith(_MAY_ASK):
            for number, line in enumerate(_read(path).split("\n"), 1):
                found = asked.match(line)
                if found:
                    findings.append(f"{path}:{number}: asks for {found.group(1)}, which is for {', '.join(_MAY_ASK[:3])} alone")
    return findings


class Gate(NamedTuple):
    find: Callable[[List[str]], List[str]]
    mend: str
    of_llvm: bool = False


GATES: Dict[str, Gate] = {
    "clang-format": Gate(_clang_format, "./cation format", of_llvm=True),
    "buildifier": Gate(_buildifier_gate, "./cation format mends the form; a warning's name in buildtools' WARNINGS.md says what to write instead"),
    "shellcheck": Gate(_shellcheck, "shellcheck's wiki has a page for each SCnnnn; where it is wrong: # shellcheck disable=SCnnnn, and why"),
    "pyflakes": Gate(_pyflakes, "remove what is not used, and define what is; what is imported for others: # noqa"),
    "line-length": Gate(_line_length, "./cation format breaks C++; strings and comments, and Python, are broken by hand"),
    "layers": Gate(_layers, "give runtime/sys/posix (or runtime/sys/redox) a function for it, which says what the host cannot do"),
    "license-line": Gate(_license_line, "begin the file with the line, as others of its kind do; below #!, where there is one"),
    "clang-tidy": Gate(tidy.find, "what is named in brackets has a page in clang-tidy's list of checks; clang-tidy-19 --fix -p . FILE mends some; "
                                  "where it is wrong: // NOLINTNEXTLINE(check), and why", of_llvm=True),
}
