#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bazel's formatter buildifier, which Debian does not have: the binary that the npm package @bazel/buildifier holds.

usage: buildifier.py show | fetch

show prints where the binary is, or fails if it has not been fetched. fetch fetches it with npm, from the registry that npm is set up
for, and takes it only if the package is, byte for byte, the one whose SHA-512 stands here. Only fetch uses the network.
"""
import base64
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from running import user_cache

_PACKAGE = "@bazel/buildifier"
_VERSION = "8.2.1"
_SHA512 = "eZ/Aq+2r4PcJa6LbPCT6ffgIJfTU/gYilqIzoX2OLM4nNkbQC6tTMPZNn7aHHjhGPxbNLv41zm4Xqt1olCLgXw=="
_OF_MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}


class Failure(Exception):
    """It is not there, or cannot be had."""


def binary() -> Path:
    """Where it is, or would be."""
    return Path(user_cache()) / f"buildifier-{_VERSION}" / "buildifier"


def show() -> Path:
    if not os.access(binary(), os.X_OK):
        raise Failure(f"there is no {binary()}; ./cation check fetches it")
    return binary()


def take(package: Path, machine: str, target: Path) -> None:
    """The binary for `machine` out of the npm package, whole or not at all."""
    found = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if found != _SHA512:
        raise Failure(f"{_PACKAGE} {_VERSION} is not the package it was: its SHA-512 is {found}, and not {_SHA512}")
    if machine not in _OF_MACHINE:
        raise Failure(f"{_PACKAGE} has no binary for Linux on {machine}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(package) as archive:
        member = archive.extractfile(f"package/buildifier-linux_{_OF_MACHINE[machine]}")
        assert member is not None  # the SHA-512 says that it is a file
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
            shutil.copyfileobj(member, file)
    os.chmod(file.name, 0o755)
    os.replace(file.name, target)


def fetch() -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise Failure("there is no npm to fetch buildifier with: apt-get install npm")
    with tempfile.TemporaryDirectory(prefix="cation-buildifier.") as folder:
        done = subprocess.run([npm, "pack", "--silent", "--ignore-scripts", f"{_PACKAGE}@{_VERSION}"], cwd=folder,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        packages = list(Path(folder).glob("*.tgz"))
        if done.returncode != 0 or len(packages) != 1:
            said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
            raise Failure(f"npm could not fetch {_PACKAGE} {_VERSION}: {said[0] if said else 'it does not say why'} (no network?)")
        take(packages[0], platform.machine(), binary())
    return binary()


def main() -> int:
    if sys.argv[1:] not in (["show"], ["fetch"]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        print(show() if sys.argv[1] == "show" else fetch())
    except (Failure, OSError) as error:
        print(f"buildifier: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
