#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What gn asks when it is run: facts that .bzl files and this machine hold.

usage: facts.py version                              VERSION of toolchains/version.bzl
       facts.py revisions                            revisions of relibc, one a line; the last is the setting's default
       facts.py allowance                            how many bytes a program linked with relibc may be larger
       facts.py sysroot ARCH FOLDER LLVM_BIN         the macros for what the libc.a of this sysroot has, one a line
       facts.py archives PACKAGE GLOB...             Debian's static libraries, one a line, of the package that holds them
"""
import glob
import os
import subprocess
import sys

sys.dont_write_bytecode = True
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
sys.path.insert(0, os.path.join(ROOT, "tools/gn"))
import starlark


def facts(what: str, *arguments: str) -> list:
    """The lines that answer."""
    workspace = starlark.Workspace(os.path.normpath(ROOT))
    if what == "version":
        return [workspace.value("//toolchains:version.bzl", "VERSION")]
    if what == "revisions":
        default = workspace.package("toolchains").targets["relibc"].attributes["build_setting_default"]
        return [revision for revision in sorted(workspace.revisions) if revision != default] + [default]
    if what == "allowance":
        return [str(workspace.value("//toolchains:program.bzl", "_RELIBC_ALLOWANCE_KIB") * 1024)]
    if what == "sysroot":
        probe = subprocess.run([os.path.join(ROOT, "toolchains/probe_sysroot.sh"), *arguments], capture_output=True, text=True, check=False)
        if probe.returncode:
            raise starlark.Error(probe.stderr.strip())
        return workspace.value("//toolchains:relibc_symbols.bzl", "relibc_macros")(probe.stdout.splitlines())
    if what == "archives":
        package, *patterns = arguments
        found = []
        for pattern in patterns:
            some = [path for triple in ("x86_64", "aarch64") for path in sorted(glob.glob(f"/usr/lib/{triple}-linux-gnu/{pattern}"))]
            if not some:
                raise starlark.Error(f"{pattern} not found: run ./cation setup, or apt-get install {package}")
            # As toolchains/debian.bzl has them.
            found += [path for path in some if not ("random" in path and "distributions_test" in path)]
        return found
    raise starlark.Error(f"facts.py knows nothing of '{what}'")


if __name__ == "__main__":
    try:
        print("\n".join(facts(*sys.argv[1:])))
    except starlark.Error as error:
        print(error, file=sys.stderr)
        sys.exit(1)
