#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes compile_commands.json from what Bazel would run.

usage: compile_commands.py [BAZEL_FLAG...]

Each source file once: as the host compiles it or, where the host does not (the stand-in, the redox
backend, the start code), as Redox on x86_64 does.
"""
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CONFIGURATIONS = [[], ["--config=redox_x86_64"]]
QUERY = 'mnemonic("CppCompile", //...)'


def bazel(*arguments):
    """What Bazel prints; ends the program where it fails."""
    run = subprocess.run(
        ["bazel", *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    if run.returncode:
        sys.exit(run.stderr.rstrip() + "\ncompile-commands: Bazel cannot say how it compiles")
    return run.stdout


def absolute(argument, roots):
    """Sources are read from the checkout; what is external or generated, from Bazel's folders."""
    for prefix in ("", "-I", "-fsanitize-ignorelist="):
        rest = argument[len(prefix):]
        for folder, root in roots.items():
            if argument.startswith(prefix) and rest.startswith(folder):
                return prefix + os.path.join(root, rest)
    return argument


def command(arguments, roots):
    """The compiler's arguments without those that write dependency files."""
    kept, skip = [], False
    for argument in arguments:
        if skip:
            skip = False
        elif argument == "-MF":
            skip = True
        elif argument != "-MD":
            kept.append(absolute(argument, roots))
    return kept


def main():
    # Where a build would find what is external is not there before one, nor after one without it.
    roots = {"external/": bazel("info", "output_base").strip(), "bazel-out/": bazel("info", "execution_root").strip()}
    entries = {}
    for configuration in CONFIGURATIONS:
        output = bazel("aquery", "--output=jsonproto", *configuration, *sys.argv[1:], QUERY)
        for action in json.loads(output).get("actions", []):
            arguments = action["arguments"]
            source = arguments[arguments.index("-c") + 1]
            if source in entries or source.startswith(("external/", "bazel-out/")):
                continue
            entries[source] = {
                "directory": ROOT,
                "file": source,
                "arguments": command(arguments, roots),
            }
    path = os.path.join(ROOT, "compile_commands.json")
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump([entries[source] for source in sorted(entries)], file, indent=1)
    os.replace(path + ".new", path)
    print("compile_commands.json: %d files" % len(entries))


if __name__ == "__main__":
    main()
