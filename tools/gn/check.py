#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what gn has built with what Bazel has.

usage: check.py [--programs] --bazel-targets | --ninja-targets    prints the names of what is compared
       check.py [--programs] BAZEL_BIN GN_OUT [PATTERN]           compares; PATTERN, a regular expression: only files whose path matches

Compared are the trees of all userlands, and what gn builds of tools, tests and documentation; with --programs only what is installed and what
installs it, for one revision of relibc, which builds in a part of the time. Of each file that differs: its path, the sizes,
the first part of the ELF file that differs, and the commands that say how each was linked. The last line is "gn: N compared, N differ".
Status: 0 all the same, 1 some differ or are not there, 2 it could not be tried.
"""
import os
import re
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import starlark
import update


def sections(data: bytes) -> list:
    """(name, offset, bytes) of the parts of an ELF file with content, in the order of the file; [] if it is none."""
    if data[:6] != b"\x7fELF\x02\x01" or len(data) < 64:
        return []
    table, count, names_index = *struct.unpack_from("<Q", data, 40), *struct.unpack_from("<HH", data, 60)
    entries = []
    for number in range(count):
        if table + 64 * number + 64 > len(data):
            return []
        entries.append(struct.unpack_from("<IIQQQQ", data, table + 64 * number))
    if names_index >= len(entries):
        return []
    names = data[entries[names_index][4]:entries[names_index][4] + entries[names_index][5]]
    found = [("the ELF header", 0, data[:64])]
    for name, kind, _, _, offset, size in entries:
        if kind not in (0, 8):  # nothing, or nothing in the file
            found.append((names[name:].split(b"\0", 1)[0].decode("utf-8", "replace"), offset, data[offset:offset + size]))
    return found


def difference(left: bytes, right: bytes) -> str:
    """In what two files differ first: a section of theirs, or a byte."""
    ours, theirs = sections(left), sections(right)
    # The header says where the rest lies; what differs there is told only if nothing else does.
    for (name, _, mine), (other_name, _, other) in zip(ours[1:], theirs[1:]):
        if name != other_name:
            return f"the section {name} is where the other has {other_name}"
        if len(mine) != len(other):
            return f"section {name}: {len(mine)} and {len(other)} bytes"
        if mine != other:
            at = next(i for i, (a, b) in enumerate(zip(mine, other)) if a != b)
            return f"section {name}: from byte {at} on ({mine[at:at + 8].hex(' ')} and {other[at:at + 8].hex(' ')})"
    if len(ours) != len(theirs):
        return f"{len(ours)} and {len(theirs)} sections"
    at = next((i for i, (a, b) in enumerate(zip(left, right)) if a != b), min(len(left), len(right)))
    return f"outside of all sections: from byte {at} on" if ours else f"from byte {at} on"


def tree(top: str) -> list:
    """The files below a folder, as paths from there."""
    return sorted(os.path.relpath(os.path.join(folder, name), top) for folder, _, names in os.walk(top, followlinks=True) for name in names)


def compared(workspace: starlark.Workspace) -> list:
    """What is compared: (target, whether it is a tree, Bazel's path below bazel-bin, gn's below its folder)."""
    found = []
    for package in workspace.package_names():
        for target in workspace.package(package).targets.values():
            kind = target.rule_name
            if not update.is_built(target, workspace):
                continue
            path = os.path.join(package, target.name)
            if kind == "_userland":
                # gn has them in its folder as ./cation build has them in out/.
                found.append((target, True, path, path))
            else:
                gn_path = os.path.join("obj", package, update.gn_name(target.name))
                found.append((target, kind not in ("cc_binary", "cc_test"), path, gn_path))
    return found


def is_program(target: starlark.Target) -> bool:
    """Whether --programs compares it: a userland that is installed, or a tool."""
    if target.rule_name == "_userland":
        return not target.package and not target.get("relibc")
    return target.rule_name == "cc_binary" and not target.get("testonly")


def files(bazel_bin: str, gn_out: str, entries: list):
    """(label, Bazel's file, gn's file) of all that is compared, those that only one has included."""
    for target, is_tree, ours, theirs in entries:
        left, right = os.path.join(bazel_bin, ours), os.path.join(gn_out, theirs)
        if not is_tree:
            yield target.label, left, right
            continue
        for path in sorted(set(tree(left)) | set(tree(right))):
            yield target.label, os.path.join(left, path), os.path.join(right, path)


def read(path: str):
    """The content of a file; None if it is not there."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def check(bazel_bin: str, gn_out: str, entries: list, pattern: str = "") -> tuple:
    """(how many were compared, lines about those that differ, how many do)."""
    count, bad, said = 0, 0, []
    for label, left, right in files(bazel_bin, gn_out, entries):
        if not re.search(pattern, left):
            continue
        count += 1
        mine, other = read(left), read(right)
        if mine is not None and mine == other:
            continue
        bad += 1
        if mine is None or other is None:
            missing, builder = (left, "Bazel") if mine is None else (right, "gn")
            said.append(f"{missing}: is not there, {builder} has not built it")
            continue
        said += [
            f"{right}: not the file that Bazel makes",
            f"    Bazel {len(mine)} bytes, gn {len(other)}; {difference(mine, other)}",
            f"    gn's commands:    ninja -C {gn_out} -t commands {os.path.relpath(right, gn_out)} | tail -n 3",
            f"    Bazel's commands: bazel aquery --include_param_files 'mnemonic(\"CppLink|CppCompile\", deps({label}))'",
        ]
    return count, said, bad


def main() -> int:
    arguments = sys.argv[1:]
    if not arguments or "--help" in arguments:
        print(__doc__)
        return 0 if arguments else 2
    entries = compared(starlark.Workspace(update.ROOT))
    if arguments[:1] == ["--programs"]:
        arguments = arguments[1:]
        entries = [entry for entry in entries if is_program(entry[0])]
    if arguments == ["--bazel-targets"]:
        print("\n".join(target.label for target, *_ in entries))
        return 0
    if arguments == ["--ninja-targets"]:
        print("\n".join(f"{target.package}:{update.gn_name(target.name)}".lstrip(":") for target, *_ in entries))
        return 0
    if len(arguments) not in (2, 3):
        print("gn: check.py [--programs] BAZEL_BIN GN_OUT [PATTERN]", file=sys.stderr)
        return 2
    for folder in arguments[:2]:
        if not os.path.isdir(folder):
            print(f"gn: there is no folder {folder}: build first", file=sys.stderr)
            return 2
    count, said, bad = check(*arguments[:2], entries, *arguments[2:])
    if not count:
        print("gn: nothing was compared", file=sys.stderr)
        return 2
    if said:
        print("\n".join(said))
    print(f"gn: {count} compared, {bad} differ")
    return 1 if bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except starlark.Error as error:
        print(f"gn: {error}", file=sys.stderr)
        sys.exit(2)
