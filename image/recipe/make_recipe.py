#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: make_recipe.py BUILT FOLDER

Puts the recipe BUILT (bazel-bin/image/recipe/cation) into FOLDER, the cookbook's recipes folder or one
below it, as FOLDER/cation. A recipe that was made so before is replaced; anything else of that name is
left alone. What is there is the old recipe or the new one, whole.
"""

import os
import shutil
import sys
import tempfile

MARK = "# Made by Cation's ./cation recipe"


class Failure(Exception):
    """What a user is told."""


def is_ours(folder):
    try:
        with open(os.path.join(folder, "recipe.toml"), encoding="utf-8") as file:
            return file.readline().startswith(MARK)
    except (OSError, UnicodeDecodeError):
        return False


def make_recipe(built, folder):
    if not is_ours(built):
        raise Failure(f"{built} is not a recipe of Cation's: build //image/recipe:cation first")
    if not os.path.isdir(folder):
        raise Failure(f"{folder} is not a folder: give the cookbook's recipes folder or one below it")
    target = os.path.join(folder, "cation")
    if os.path.lexists(target) and (os.path.islink(target) or not is_ours(target)):
        raise Failure(f"{target} is there and was not made by this command: move it away first")
    with tempfile.TemporaryDirectory(prefix=".cation-recipe-", dir=folder) as work:
        new = os.path.join(work, "new")
        # Bazel's outputs are read-only.
        shutil.copytree(built, new, copy_function=shutil.copyfile)
        for path, _, names in os.walk(new):
            os.chmod(path, 0o755)
            for name in names:
                os.chmod(os.path.join(path, name), 0o644)
        if os.path.lexists(target):
            # The cookbook's own folder of what it has built.
            if os.path.isdir(os.path.join(target, "target")):
                os.rename(os.path.join(target, "target"), os.path.join(new, "target"))
            os.rename(target, os.path.join(work, "old"))
        os.rename(new, target)
    return target


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        print(make_recipe(*sys.argv[1:]))
    except (Failure, OSError) as error:
        sys.exit(f"cation: {error}")


if __name__ == "__main__":
    main()
