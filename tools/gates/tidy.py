# SPDX-License-Identifier: MIT
"""clang-tidy over the C++ sources, as Bazel compiles them.

It takes seconds for a file, so that what it said is kept in the user's ~/.cache/cation/clang-tidy, and said again while nothing has
changed: neither the file, nor a header that it includes, nor how it is compiled, nor .clang-tidy, nor clang-tidy. Where the checkout lies
does not matter.

Unit tests are left out: GoogleTest's headers and macros take it half a minute for each, an hour for all.
"""
import concurrent.futures
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from typing import Dict, List, Optional, Tuple

from running import CannotTry, processors, user_cache

_TOOL = "clang-tidy-19"
# Bazel's folder for a checkout, in which are links to what is external.
_OUTPUT_BASE = re.compile(r"[^\"=]*/_bazel_[^/\"]+/[0-9a-f]{32}")
_FINDING = re.compile(r"^(.+?):(\d+):\d+: (?:warning|error): (.*)$", re.M)


def is_looked_at(path: str) -> bool:
    return path.endswith(".cc") and not path.endswith("_test.cc") and "/testing/" not in path


def _digest(path: str, known: Dict[str, str]) -> str:
    if path not in known:
        with open(path, "rb") as file:
            known[path] = hashlib.sha256(file.read()).hexdigest()
    return known[path]


def _included(entry: dict) -> List[str]:
    """The file and every header that it includes, by the compiler's word."""
    arguments = list(entry["arguments"])
    at = arguments.index("-o")
    del arguments[at:at + 2]
    arguments.remove("-c")
    done = subprocess.run([*arguments, "-M", "-MT", "it"], cwd=entry["directory"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotTry(f"{entry['file']} does not compile; ./cation build says more: {done.stderr.strip()[-500:]}")
    names = done.stdout.replace("\\\n", " ").split(":", 1)[1]
    names = [name.replace("\\ ", " ") for name in re.split(r"(?<!\\)\s+", names.strip())]
    root = os.path.realpath(entry["directory"])
    # The checkout's from there; others where they are, not where Bazel links them.
    return [os.path.relpath(path, root) if path.startswith(root + "/") else path
            for path in (os.path.realpath(os.path.join(root, name)) for name in names)]


def _kept(path: str, key: str, known: Dict[str, str]) -> Optional[List[str]]:
    """What was found the last time, if that still holds."""
    try:
        with open(path, encoding="utf-8") as file:
            kept = json.load(file)
        if kept["key"] == key and all(_digest(name, known) == digest for name, digest in kept["read"].items()):
            return kept["findings"]
    except (OSError, ValueError, KeyError):
        pass  # not kept, or of another version of this
    return None


def findings_of(printed: str, root: str) -> List[str]:
    found = []
    for path, line, what in _FINDING.findall(printed):
        path = os.path.relpath(os.path.join(root, path), root)
        found.append(f"{path}:{line}: {what.replace(',-warnings-as-errors', '')}")
    return found


def _look(entry: dict, commands: str, base: str, folder: str, known: Dict[str, str]) -> Tuple[List[str], bool]:
    """The findings in one file, and whether they were kept."""
    root = entry["directory"]
    how = _OUTPUT_BASE.sub("bazel", json.dumps([base, entry["file"], entry["arguments"]]).replace(root + "/", ""))
    key = hashlib.sha256(how.encode()).hexdigest()
    kept_path = os.path.join(folder, entry["file"].replace("/", "+") + ".json")
    kept = _kept(kept_path, key, known)
    if kept is not None:
        return kept, True
    read = {name: _digest(name, known) for name in _included(entry)}
    done = subprocess.run([_TOOL, "--quiet", "-p", commands, entry["file"]], cwd=root, capture_output=True, text=True, check=False)
    found = findings_of(done.stdout + done.stderr, root)
    if done.returncode != 0 and not found:
        raise CannotTry(f"{_TOOL} ended with status {done.returncode} for {entry['file']}: {(done.stderr or done.stdout).strip()[-500:]}")
    os.makedirs(folder, exist_ok=True)
    new = f"{kept_path}.{os.getpid()}.new"
    with open(new, "w", encoding="utf-8") as file:
        json.dump({"key": key, "read": read, "findings": found}, file)
    os.replace(new, kept_path)
    return found, False


def find(files: List[str], commands: str = ".", folder: str = "") -> List[str]:
    """The findings in those of `files` that `commands`/compile_commands.json can compile. `folder`: where it keeps them.

    To be run in the checkout's root.
    """
    folder = folder or os.path.join(user_cache(), "clang-tidy")
    if not shutil.which(_TOOL):
        raise CannotTry(f"there is no {_TOOL}; ./cation setup installs it")
    version = subprocess.run([_TOOL, "--version"], capture_output=True, text=True, check=True).stdout
    with open(os.path.join(commands, ".clang-tidy"), encoding="utf-8") as file:
        base = version + file.read()
    with open(os.path.join(commands, "compile_commands.json"), encoding="utf-8") as file:
        entries = {entry["file"]: entry for entry in json.load(file)}
    wanted = [path for path in files if is_looked_at(path)]
    known: Dict[str, str] = {}
    found, kept, looked_at = set(), 0, 0
    with concurrent.futures.ThreadPoolExecutor(processors()) as pool:
        compiled = [entries[path] for path in wanted if path in entries]
        for one, was_kept in pool.map(lambda entry: _look(entry, commands, base, folder, known), compiled):
            # A header's are found by each that includes it.
            found.update(one)
            kept += was_kept
            looked_at += 1
            if not was_kept and looked_at % 25 == 0:
                print(f"  clang-tidy: {looked_at} of {len(wanted)} files", file=sys.stderr, flush=True)
    for path in wanted:
        if path not in entries:
            print(f"  clang-tidy: {path} is not compiled for this host, nor for Redox on x86_64: not looked at", file=sys.stderr)
    print(f"  clang-tidy: {looked_at} files, {kept} of them as before", file=sys.stderr, flush=True)
    return sorted(found)
