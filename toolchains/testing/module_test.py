#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""WORKSPACE and MODULE.bazel declare the same outside world.

Starlark is read as the Python that it nearly is, with functions of ours in the place of Bazel's, which write down what
they are called with.
"""
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), "../../tests/install"))
from junit import run_tests

# What Bazel 4 has by itself, and a module in later ones.
BUILT_IN_BEFORE = {"platforms"}
# What Bazel 4 wants from WORKSPACE, and later ones bring along.
BUILT_IN_SINCE = {"remote_coverage_tools", "rules_java"}


def run(path: str, names: dict) -> dict:
    """Executes a file of Starlark, which sees these names and adds its own to them; returns them."""
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), names)  # pylint: disable=exec-used
    return names


class Native:
    """Bazel's `native`: each rule writes its name= down."""

    def __init__(self, declared: list):
        self._declared = declared

    def __getattr__(self, _rule: str):
        return lambda name, **_attributes: self._declared.append(name)


def repositories() -> tuple:
    """(the names that host_repositories() declares, those that cation_repositories() does)."""
    declared = []
    names = {"native": Native(declared), "Label": lambda label: label}

    def load(_file: str, *symbols: str) -> None:
        for symbol in symbols:
            names[symbol] = lambda name, **_attributes: declared.append(name)

    names["load"] = load
    run("toolchains/repositories.bzl", names)
    names["host_repositories"]()
    host = list(declared)
    declared.clear()
    names["cation_repositories"]()
    return host, list(declared)


def module() -> dict:
    """What MODULE.bazel says: name, version, modules by name, repositories, extensions, toolchains."""
    said = {"modules": {}, "repositories": [], "extensions": [], "toolchains": []}

    def use_extension(file: str, symbol: str) -> str:
        said["extensions"].append((file, symbol))
        return symbol

    run("MODULE.bazel", {
        "module": lambda name, version: said.update(name=name, version=version),
        "bazel_dep": lambda name, version: said["modules"].update({name: version}),
        "use_extension": use_extension,
        "use_repo": lambda _extension, *names: said["repositories"].extend(names),
        "register_toolchains": lambda *labels: said["toolchains"].extend(labels),
    })
    return said


def read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


class SameWorld(unittest.TestCase):
    """The two files."""

    def test_the_same_repositories(self) -> None:
        said = module()
        host, declared = repositories()
        self.assertEqual(sorted(said["repositories"]), sorted(host))
        self.assertEqual(sorted(set(said["modules"]) | BUILT_IN_SINCE), sorted(set(declared) - set(host) | BUILT_IN_BEFORE))

    def test_nothing_is_declared_twice(self) -> None:
        _, declared = repositories()
        self.assertEqual(sorted(set(declared)), sorted(declared))

    def test_the_same_toolchains(self) -> None:
        registered = re.findall(r"^register_toolchains\((.*)\)$", read("WORKSPACE"), re.M)
        self.assertEqual(registered, ['"%s"' % label for label in module()["toolchains"]])

    def test_the_same_name_and_version(self) -> None:
        said = module()
        self.assertIn('workspace(name = "%s")' % said["name"], read("WORKSPACE"))
        self.assertEqual(run("toolchains/version.bzl", {})["VERSION"], said["version"])

    def test_the_extension_declares_what_the_host_has(self) -> None:
        [(file, symbol)] = module()["extensions"]
        self.assertEqual(file, "//toolchains:extension.bzl")
        called = []
        names = run("toolchains/extension.bzl", {
            "load": lambda file, *symbols: self.assertEqual((file, symbols), (":repositories.bzl", ("host_repositories",))),
            "host_repositories": lambda: called.append("host"),
            "module_extension": lambda implementation: implementation,
        })
        names[symbol](None)
        self.assertEqual(called, ["host"])

    def test_each_modules_version_is_pinned(self) -> None:
        for name, version in module()["modules"].items():
            self.assertRegex(version, r"^\d+\.\d+\.\d+$", name)


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules["__main__"], "module_test", sys.argv[1:]))
