#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What gn asks when it is run: facts that .bzl files and this machine hold.

usage: facts.py all LLVM_BIN                         everything but the following, as assignments in gn's language; an error if there is no LLVM
       facts.py sysroot ARCH FOLDER LLVM_BIN         the macros for what the libc.a of this sysroot has, one a line
"""
import glob
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
sys.path.insert(0, os.path.join(ROOT, "tools/gn"))
import starlark


def archives(package: str, *patterns: str) -> list:
    """Debian's static libraries of these names, of the package that holds them, as toolchains/debian.bzl has them."""
    found = []
    for pattern in patterns:
        some = [path for triple in ("x86_64", "aarch64") for path in sorted(glob.glob(f"/usr/lib/{triple}-linux-gnu/{pattern}"))]
        if not some:
            raise starlark.Error(f"{pattern} not found: run ./cation setup, or apt-get install {package}")
        found += [path for path in some if not ("random" in path and "distributions_test" in path)]
    return found


def everything(workspace: starlark.Workspace) -> dict:
    """What facts.gni has."""
    default = workspace.package("toolchains").targets["relibc"].attributes["build_setting_default"]
    return {
        "cation_version": workspace.value("//toolchains:version.bzl", "VERSION"),
        "relibc_allowance": workspace.value("//toolchains:program.bzl", "_RELIBC_ALLOWANCE_KIB") * 1024,
        "relibc_revisions": sorted(workspace.revisions, key=lambda revision: (revision == default, revision)),
        "gtest_main_archives": archives("libgmock-dev", "libgmock_main.a"),
        "gtest_archives": archives("libgtest-dev libgmock-dev", "libgmock.a", "libgtest.a"),
        "absl_archives": archives("libabsl-dev", "libabsl_*.a"),
        "crypto_archives": archives("libssl-dev", "libcrypto.a"),
    }


def main(what: str, *arguments: str) -> None:
    workspace = starlark.Workspace(os.path.normpath(ROOT))
    if what == "sysroot":
        probe = subprocess.run([os.path.join(ROOT, "toolchains/probe_sysroot.sh"), *arguments], capture_output=True, text=True, check=False)
        if probe.returncode:
            raise starlark.Error(probe.stderr.strip())
        print("\n".join(workspace.value("//toolchains:relibc_symbols.bzl", "relibc_macros")(probe.stdout.splitlines())))
    elif what == "all":
        for tool, package in workspace.value("//toolchains:debian.bzl", "_LLVM_TOOLS").items():
            if not os.access(os.path.join(arguments[0], tool), os.X_OK):
                raise starlark.Error(f"{arguments[0]}/{tool} not found: run ./cation setup, apt-get install {package}, or set LLVM_PREFIX")
        for name, value in everything(workspace).items():
            # JSON's strings, numbers and lists are gn's, too.
            print(f"{name} = {json.dumps(value)}")
    else:
        raise starlark.Error(f"facts.py knows nothing of '{what}'")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except starlark.Error as error:
        print(error, file=sys.stderr)
        sys.exit(1)
