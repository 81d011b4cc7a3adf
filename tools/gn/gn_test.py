#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""BUILD files are read as Bazel reads them, BUILD.gn says what they say, and files that differ are found."""
import os
import struct
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
# In Bazel a link of this name lies among the others' links; elsewhere this is the file itself.
HERE = os.path.dirname(os.path.abspath(sys.argv[0]))
sys.path.insert(0, HERE)
import check
import starlark
import update

sys.path.insert(0, os.path.join(HERE, "../../tests/install"))
from junit import run_tests

CC = 'load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_library", "cc_test")\n'

# As much of //toolchains as BUILD files need.
TOOLCHAINS = """
load(":settings.bzl", "choice_setting")

constraint_value(name = "redox", constraint_setting = "@platforms//os:os")

config_setting(name = "is_redox", constraint_values = [":redox"])

config_setting(name = "auto_x86_64", constraint_values = ["@platforms//cpu:x86_64", ":redox"], flag_values = {":link": "auto"})

config_setting(name = "compiler_gcc", flag_values = {":compiler": "gcc"})

choice_setting(name = "compiler", build_setting_default = "clang")

choice_setting(name = "relibc", build_setting_default = "2026-08")
"""
SETTINGS = """
choice_setting = rule(implementation = None, build_setting = config.string(flag = True))
"""


class Case(unittest.TestCase):
    """A workspace of a few files."""

    def setUp(self) -> None:
        # pylint: disable-next=consider-using-with
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.root = self._folder.name
        self.write("toolchains/BUILD", TOOLCHAINS)
        self.write("toolchains/settings.bzl", SETTINGS)

    def write(self, path: str, text: str) -> None:
        """A file."""
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def workspace(self) -> starlark.Workspace:
        """All of them."""
        return starlark.Workspace(self.root)

    def gn(self, package: str) -> str:
        """BUILD.gn."""
        return update.Writer(self.workspace()).text(package)


class Starlark(Case):
    """BUILD and .bzl files."""

    def test_macro(self) -> None:
        self.write("m/m.bzl", 'load(":n.bzl", _suffix = "SUFFIX")\n' + CC +
                   'def pair(name):\n    """Two."""\n    for n in [name, name + _suffix]:\n'
                   '        cc_library(name = n, srcs = [n + ".cc"], deps = ["//%s:x" % native.package_name()])\n')
        self.write("m/n.bzl", 'SUFFIX = "_two"\n')
        self.write("a/BUILD", 'load("//m:m.bzl", "pair")\n[pair(name = n) for n in ["one", "ten"]]\n')
        targets = self.workspace().package("a").targets
        self.assertEqual(list(targets), ["one", "one_two", "ten", "ten_two"])
        self.assertEqual(targets["ten_two"].attributes, {"name": "ten_two", "srcs": ["ten_two.cc"], "deps": ["//a:x"]})
        self.assertEqual(targets["one"].kind, "cc_library")

    def test_rule_has_the_name_of_its_variable(self) -> None:
        self.write("a/r.bzl", "_made = rule(implementation = None)\n\ndef made(name):\n    _made(name = name)\n")
        self.write("a/BUILD", 'load(":r.bzl", "made")\nmade("x")\n')
        self.assertEqual(self.workspace().package("a").targets["x"].kind, "//a:r.bzl%_made")

    def test_glob(self) -> None:
        for path in ("a/x.cc", "a/y.cc", "a/z.h", "a/in/w.cc", "a/other/v.cc", "a/other/BUILD"):
            self.write(path, "")
        self.write("a/BUILD", 'filegroup(name = "f", srcs = glob(["*.cc"], exclude = ["y.*"]))\n'
                              'filegroup(name = "g", srcs = glob(["**/*.cc"]))\n')
        targets = self.workspace().package("a").targets
        self.assertEqual(targets["f"].get("srcs"), ["x.cc"])
        self.assertEqual(targets["g"].get("srcs"), ["in/w.cc", "x.cc", "y.cc"])

    def test_packages(self) -> None:
        for folder in ("a", "a/b", "out/c", ".git/d"):
            self.write(folder + "/BUILD", "")
        self.assertEqual(self.workspace().package_names(), ["a", "a/b", "toolchains"])

    def test_what_is_wrong(self) -> None:
        for text, said in (
            ('load(":none.bzl", "x")\n', "a/BUILD: there is no a/none.bzl"),
            ('load("//toolchains:settings.bzl", "x")\n', "has no x"),
            ('load("@nobody//:x.bzl", "x")\n', "does not know the repository @nobody"),
            ('cc_library(name = "x")\n', "a/BUILD: NameError"),
            ('alias(name = "x", actual = ":y")\nalias(name = "x", actual = ":z")\n', "//a:x is there twice"),
            ('fail("so it is")\n', "so it is"),
            ('x = \n', "a/BUILD: SyntaxError"),
            ('open("/etc/passwd")\n', "NameError"),
        ):
            self.write("a/BUILD", text)
            with self.assertRaises(starlark.Error, msg=text) as raised:
                self.workspace().package("a")
            self.assertIn(said, str(raised.exception))


class Update(Case):
    """BUILD.gn files."""

    def setUp(self) -> None:
        super().setUp()
        for path in ("a/x.cc", "a/x.h", "b/y.cc", "b/y_test.cc"):
            self.write(path, "")

    def test_library_and_select(self) -> None:
        self.write("b/BUILD", CC + 'cc_library(name = "b", srcs = ["y.cc"])\n')
        self.write("a/BUILD", CC + """
cc_library(
    name = "x",
    srcs = ["x.cc"],
    hdrs = ["x.h"],
    copts = ["-fno-lto"],
    defines = ["A=1"] + select({"//toolchains:is_redox": ["B=\\"b\\""], "//toolchains:auto_x86_64": ["C"], "//conditions:default": []}),
    deps = ["//b"],
)
""")
        self.assertEqual(self.gn("a").split("\n\n", 1)[1], """config("x_defines") {
  defines = [ "A=1" ]
  if (is_redox && arch == "x86_64" && link == "auto") {
    defines += [ "C" ]
  } else if (is_redox) {
    defines += [ "B=\\"b\\"" ]
  }
}

config("x_copts") {
  cflags = [ "-fno-lto" ]
}

static_library("x") {
  sources = [ "x.cc" ]
  public = [ "x.h" ]
  public_configs = [ ":x_defines" ]
  configs += [ ":x_copts" ]
  public_deps = [ "//b" ]
}
""")

    def test_compiler_is_settled(self) -> None:
        self.write("a/BUILD", CC + """
cc_library(
    name = "x",
    srcs = ["x.cc"],
    copts = ["-Wall"] + select({"//toolchains:compiler_gcc": ["-fgcc"], "//conditions:default": ["-fclang"]}),
)
""")
        self.assertIn('cflags = [\n    "-Wall",\n    "-fclang",\n  ]', self.gn("a"))
        self.write("a/BUILD", CC + 'cc_library(name = "x", srcs = ["x.cc"], copts = select({"//toolchains:is_redox": ["-a"]}))\n')
        with self.assertRaisesRegex(starlark.Error, "no select.. in copts but those by the compiler"):
            self.gn("a")

    def test_order_of_libraries(self) -> None:
        # base is below all others, and so is last; of two that do not know each other the first is first.
        self.write("a/BUILD", CC + "".join(
            f'cc_library(name = "{name}", srcs = ["x.cc"], deps = {deps})\n'
            for name, deps in (("base", []), ("left", [":base"]), ("right", [":left", ":base"]), ("top", [":base", ":right"]))) + """
cc_test(name = "t", srcs = ["x.cc"], target_compatible_with = ["@platforms//os:linux"],
        deps = [":left", ":top", "@com_google_googletest//:gtest_main"])
""")
        written = self.gn("a")
        self.assertIn("""  host_executable("t") {
    testonly = true
    sources = [ "x.cc" ]
    libraries = [
      ":top",
      ":right",
      ":left",
      ":base",
      "//toolchains/gn:gtest_main",
      "//toolchains/gn:gtest",
    ]
  }
""", written)
        self.assertIn("if (!is_redox) {", written)

    def test_what_is_left_out_is_said(self) -> None:
        self.write("a/BUILD", 'load("@rules_shell//shell:sh_test.bzl", "sh_test")\nsh_test(name = "s", srcs = ["s.sh"])\n')
        self.assertRegex(self.gn("a"), r"# Not here: s \(gn builds and runs no scripts")

    def test_what_is_not_understood(self) -> None:
        for text, said in (
            (CC + 'cc_import(name = "x")\n', "NameError"),
            ('load("@rules_cc//cc:defs.bzl", "cc_import")\ncc_import(name = "x")\n', "//a:x: tools/gn/update.py does not know the rule cc_import"),
            (CC + 'cc_library(name = "x", srcs = ["x.cc"], linkopts = ["-lm"])\n', "what linkopts of a cc_library means"),
            (CC + 'cc_library(name = "x", srcs = ["w.cc"])\n', "//a:x is compiled from a/w.cc, which is not there"),
            (CC + 'cc_library(name = "x", srcs = ["x.cc"], deps = [":y"])\n', "//a:x depends on :y, and there is no such target"),
            (CC + 'cc_library(name = "x", srcs = ["x.cc"], deps = ["@other//:y"])\n', "does not know"),
            (CC + 'cc_library(name = "x", srcs = ["x.cc"], deps = [":f"])\nfilegroup(name = "f")\n', "which gn does not build"),
            (CC + 'cc_library(name = "x", srcs = ["x.cc"], defines = select({":f": ["A"]}))\nfilegroup(name = "f")\n', "no config_setting"),
            (CC + 'cc_library(name = "x", srcs = ["x.cc"], target_compatible_with = ["@platforms//os:osx"])\n', "does not know the constraint"),
            ('genrule(name = "g", srcs = ["x.cc"], outs = ["o"], cmd = "cat $(location x.cc) >$@")\n', "does not know what $ means"),
        ):
            self.write("a/BUILD", text)
            with self.assertRaises(starlark.Error, msg=text) as raised:
                self.gn("a")
            self.assertIn(said, str(raised.exception))

    def run_update(self, *arguments: str) -> tuple:
        """(status, stdout, stderr) of the command."""
        done = subprocess.run([sys.executable, os.path.join(HERE, "update.py"), "--root", self.root, *arguments],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_command(self) -> None:
        self.write("BUILD", "")
        self.write("a/BUILD", CC + 'cc_library(name = "x", srcs = ["x.cc"])\n')
        status, said, _ = self.run_update("--check")
        self.assertEqual(status, 1)
        self.assertIn("a/BUILD.gn: is not there; tools/gn/update.py mends it", said)
        self.assertFalse(os.path.exists(os.path.join(self.root, "a/BUILD.gn")))
        status, said, _ = self.run_update()
        self.assertEqual((status, sorted(said.splitlines())), (0, ["BUILD.gn: written", "a/BUILD.gn: written", "toolchains/BUILD.gn: written"]))
        self.assertEqual(self.run_update("--check"), (0, "gn: 3 BUILD.gn compared with BUILD, 0 differ\n", ""))
        self.write("a/BUILD", CC + 'cc_library(name = "x", srcs = ["x.cc"], hdrs = ["x.h"])\n')
        status, said, _ = self.run_update("--check")
        self.assertEqual(status, 1)
        self.assertIn('a/BUILD.gn: does not say what BUILD says; tools/gn/update.py mends it\n    +  public = [ "x.h" ]\n', said)
        self.write("a/BUILD", "x = y\n")
        self.assertEqual(self.run_update("--check"), (2, "", "update.py: a/BUILD: NameError: name 'y' is not defined\n"))


def elf(text: bytes, data: bytes) -> bytes:
    """A file with two sections."""
    names = b"\0.text\0.data\0.names\0"
    body = text + data + names
    entries = struct.pack("<IIQQQQIIQQ", *[0] * 10)
    at = 64
    for name, content in ((1, text), (7, data), (13, names)):
        entries += struct.pack("<IIQQQQIIQQ", name, 1, 0, 0, at, len(content), 0, 0, 1, 0)
        at += len(content)
    return b"\x7fELF\x02\x01\x01".ljust(40, b"\0") + struct.pack("<Q", at) + b"\0" * 10 + struct.pack("<HHH", 64, 4, 3) + body + entries


class Check(Case):
    """Files that differ."""

    def test_difference(self) -> None:
        for left, right, said in (
            (elf(b"abcd", b"xy"), elf(b"abed", b"zy"), "section .text: from byte 2 on (63 64 and 65 64)"),
            (elf(b"abcd", b"xy"), elf(b"abcd", b"xyz"), "section .data: 2 and 3 bytes"),
            (b"one", b"ope", "from byte 1 on"),
            (b"one", b"one more", "from byte 3 on"),
            (b"\x7fELF\x02\x01 broken", b"\x7fELF\x02\x01 begone", "from byte 8 on"),
            (elf(b"a", b"b"), elf(b"a", b"b") + b"!", "outside of all sections: from byte 267 on"),
        ):
            self.assertNotEqual(left, right)
            if said.startswith("outside"):
                said = f"outside of all sections: from byte {len(left)} on"
            self.assertEqual(check.difference(left, right), said)

    def test_check(self) -> None:
        target = starlark.Target(starlark.Rule(None, "cc_binary"), "a", {"name": "x"})
        entries = [(target, False, "a/x", "obj/a/x"), (target, True, "u", "u")]
        for path in ("bazel/a/x", "gn/obj/a/x", "bazel/u/one", "gn/u/one", "bazel/u/in/two", "gn/u/in/two"):
            self.write(path, "the same")
        left, right = os.path.join(self.root, "bazel"), os.path.join(self.root, "gn")
        self.assertEqual(check.check(left, right, entries), (3, [], 0))
        self.write("gn/u/in/two", "another")
        self.write("gn/u/more", "")
        os.remove(os.path.join(self.root, "gn/u/one"))
        count, said, bad = check.check(left, right, entries)
        self.assertEqual((count, bad), (4, 3))
        said = "\n".join(said).replace(self.root + "/", "")
        self.assertIn("gn/u/in/two: not the file that Bazel makes\n    Bazel 8 bytes, gn 7; from byte 0 on\n", said)
        self.assertIn("bazel/u/more: is not there, Bazel has not built it", said)
        self.assertIn("gn/u/one: is not there, gn has not built it", said)
        self.assertEqual(check.check(left, right, entries, "u/in")[0], 1)


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], "gn_test", sys.argv[1:]))
