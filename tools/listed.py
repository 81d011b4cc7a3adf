# SPDX-License-Identifier: MIT
"""Which files are the project's: what the checks of sources and of documentation read."""
import os
import shutil
import subprocess


def listed(others: bool = True) -> list:
    """What git knows, and with `others` what it would with git add; in sources that are no checkout of the user's, all but out/. Paths from
    the working directory."""
    if os.path.exists(".git") and shutil.which("git"):
        which = ["--others", "--exclude-standard"] if others else []
        done = subprocess.run(["git", "ls-files", "-z", "--cached", *which], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return sorted({path for path in done.stdout.split("\0") if path and os.path.lexists(path)})
    found = []
    for folder, folders, names in os.walk("."):
        folders[:] = [name for name in folders if os.path.join(folder, name) not in ("./out", "./.git")]
        found += [os.path.relpath(os.path.join(folder, name)) for name in names]
    return sorted(found)
