# SPDX-License-Identifier: MIT
"""What the gates share: running a tool over files, and what they throw when that cannot be done."""
import concurrent.futures
import os
import pwd
import shutil
import subprocess
from typing import List


class CannotTry(Exception):
    """A gate's tool is missing, or does not work: nothing is known of the sources."""


def user_cache() -> str:
    """What is kept for every checkout of the user. Not by HOME, which tests run by Bazel do not have, unless that is all there is."""
    try:
        home = pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        home = ""
    if not os.path.isdir(home):
        home = os.path.expanduser("~")
    return os.path.join(home, ".cache", "cation")


def processors() -> int:
    return len(os.sched_getaffinity(0))


def run(command: List[str], files: List[str], statuses=(0, 1)) -> str:
    """What `command` prints for `files`, given to as many processes as there are processors."""
    if not shutil.which(command[0]):
        raise CannotTry(f"there is no {command[0]}; ./cation setup installs it")
    count = processors()
    parts = [part for part in (files[at::count] for at in range(count)) if part]
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        done = list(pool.map(lambda part: subprocess.run([*command, *part], capture_output=True, text=True, check=False), parts))
    for one in done:
        if one.returncode not in statuses:
            raise CannotTry(f"{command[0]} ended with status {one.returncode}: {(one.stderr or one.stdout).strip()[-500:]}")
    return "".join(one.stdout + one.stderr for one in done)
