#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: assemble.py FACTS PROGRAMS STATUS BUILD_SCRIPT RECIPE FOLDER PATH=FILE...

Puts a cookbook recipe together in FOLDER (see recipe.bzl, which calls this).
"""

import json
import os
import shlex
import shutil
import sys

# Flags that a recipe does without. All others are tried with the compiler that is there, by build.sh,
# and those that are clang's or lld's alone drop out there.
LEFT_OUT = (
    # Our own compiler has passed its warnings; another's are no reason not to build.
    "-Wall",
    "-Wextra",
    "-Werror",
    # GCC's saves nothing here (tried: 1 % either way), and is not built into every GCC.
    "-flto",
)


def linker_flags(flags):
    """As the compiler's driver passes them: "-z", "x" are one."""
    joined = []
    for flag in flags:
        if joined and joined[-1] == "-Wl,-z":
            joined[-1] += "," + flag
        elif flag == "-static":
            joined.append(flag)
        else:
            joined.append("-Wl," + flag)
    return joined


def array(name, values):
    return f"{name}=(" + "".join(f"\n  {shlex.quote(value)}" for value in values) + "\n)\n"


def main():
    facts_path, programs, status, build_script, recipe, folder, *files = sys.argv[1:]
    with open(facts_path, encoding="utf-8") as file:
        facts = json.load(file)
    text = "# Made by the build: what build.sh works with.\n"
    text += f"version={shlex.quote(facts.pop('version'))}\n"
    facts["link_flags"] = linker_flags(facts["link_flags"])
    for name, values in sorted(facts.items()):
        text += array(name, [value for value in values if value not in LEFT_OUT])

    source = os.path.join(folder, "source")
    for entry in files:
        path, _, file = entry.partition("=")
        target = os.path.join(source, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(file, target)
    shutil.copyfile(build_script, os.path.join(source, "build.sh"))
    with open(os.path.join(source, "facts.sh"), "w", encoding="utf-8") as file:
        file.write(text)
    shutil.copyfile(programs, os.path.join(source, "programs.txt"))
    with open(programs, encoding="utf-8") as file:
        utilities = [line.split()[0] for line in file]
    with open(status, encoding="utf-8") as file:
        kept = [line for line in file if line.startswith("STABLE_CATION_")]
    with open(os.path.join(source, "status.txt"), "w", encoding="utf-8") as file:
        file.writelines(kept)
    with open(recipe, encoding="utf-8") as file:
        text = file.read().replace("{UTILITIES}", ",".join(utilities))
    with open(os.path.join(folder, "recipe.toml"), "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
