#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each gate finds a fault, in its place, and lets pass what is right: those that need nothing of LLVM. (The others: clang_gates_test.py.)"""
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
# In Bazel a link of this name lies among the others' links; elsewhere this is the file itself.
_FOLDER = os.path.dirname(os.path.abspath(sys.argv[0]))
sys.path[:0] = [_FOLDER, os.path.join(_FOLDER, ".."), os.path.join(_FOLDER, "../../tests/install")]
import buildifier
import gates
import running
from in_folder import InFolder
from junit import run_tests

_LICENSE = "SPDX-License-Identifier: MIT"


class Gates(InFolder):
    """The gates that need the sources alone."""

    def found(self, gate: str, files: dict) -> list:
        self.write(files)
        return gates.GATES[gate].find(sorted(files))

    def test_buildifier(self) -> None:
        clean = "cc_library(\n    name = \"a\",\n    srcs = [\"a.cc\"],\n)\n"
        clean = "load(\"@rules_cc//cc:defs.bzl\", \"cc_library\")\n\n" + clean
        self.assertEqual(self.found("buildifier", {"BUILD": clean, "a.bzl": "a = [\"b\"]\n"}), [])
        self.assertEqual(self.found("buildifier", {"BUILD": clean.replace("    name", "  name")}), ["BUILD:1: not as buildifier writes it"])
        unused = self.found("buildifier", {"a/b.bzl": "load(\":c.bzl\", \"d\")\n"})
        self.assertEqual(len(unused), 1, unused)
        self.assertRegex(unused[0], r"^a/b\.bzl:1: .*load")

    def test_shellcheck(self) -> None:
        self.assertEqual(self.found("shellcheck", {"a.sh": "#!/bin/sh\necho \"$1\"\n", "b": "#!/usr/bin/env bash\nls -- \"$1\"\n"}), [])
        for path in ("a.sh", "tool"):
            found = self.found("shellcheck", {path: "#!/bin/sh\n\nls $1\n"})
            self.assertEqual(len(found), 1, found)
            self.assertRegex(found[0], f"^{path}:3:.*SC2086")

    def test_pyflakes(self) -> None:
        self.assertEqual(self.found("pyflakes", {"a.py": "import os\nprint(os.sep)\n", "b.py": "import os  # noqa: for others\n"}), [])
        self.assertRegex("\n".join(self.found("pyflakes", {"a.py": "\nimport os\n"})), r"^a\.py:2:.*'os' imported but unused$")
        self.assertRegex("\n".join(self.found("pyflakes", {"tool": "#!/usr/bin/env python3\nx = y\n"})), r"^tool:2:.*undefined name 'y'$")
        self.assertRegex("\n".join(self.found("pyflakes", {"a.py": "x = (\n"})), r"^a\.py:1:")

    def test_line_length(self) -> None:
        self.assertEqual(self.found("line-length", {"a.cc": "//" + "x" * 98 + "\n", "a.py": "#" + "x" * 149 + "\n", "a.md": "x" * 999}), [])
        self.assertEqual(self.found("line-length", {"a.h": "\n//" + "x" * 99 + "\n"}), ["a.h:2: 101 columns, where 100 are the most"])
        self.assertEqual(self.found("line-length", {"a.py": "#" + "x" * 150}), ["a.py:1: 151 columns, where 150 are the most"])
        # Tables that are not formatted, and what is below them.
        table = "// clang-format off\n//%s\n// clang-format on\n//%s\n" % ("x" * 120, "x" * 120)
        self.assertEqual(self.found("line-length", {"a.cc": table}), ["a.cc:4: 122 columns, where 100 are the most"])

    def test_license_line(self) -> None:
        clean = {"a.cc": f"// {_LICENSE}\n", "a.sh": f"#!/bin/sh\n# {_LICENSE}\n", "BUILD": f"# {_LICENSE}\n", "a.txt": "x\n"}
        self.assertEqual(self.found("license-line", clean), [])
        for path in ("a.cc", "a.h", "a.py", "a.sh", "a.bzl", "BUILD", "WORKSPACE", "a.rs", "a.ld"):
            self.assertEqual(self.found("license-line", {path: f"\n\n{_LICENSE}\n"}), [f"{path}:1: no line {_LICENSE}"])
        self.assertEqual(self.found("license-line", {"tool": "#!/usr/bin/env bash\n\n"}), [f"tool:1: no line {_LICENSE}"])

    def test_layers(self) -> None:
        asks = "#if defined(__redox__) && 1\n#endif\n#  ifdef __x86_64__\n#endif\n"
        self.assertEqual(self.found("layers", {"coreutils/a/a.cc": "#ifdef NDEBUG\n#endif\n// #ifdef __linux__\n", "runtime/sys/a.cc": asks}), [])
        self.assertEqual([line.split(", which")[0] for line in self.found("layers", {"coreutils/a/a.cc": asks})],
                         ["coreutils/a/a.cc:1: asks for __redox__", "coreutils/a/a.cc:3: asks for __x86_64__"])

    def test_each_gate_says_what_mends(self) -> None:
        for name, gate in gates.GATES.items():
            self.assertTrue(gate.mend, name)

    def test_what_cannot_be_tried_is_no_pass(self) -> None:
        self.write({"a.cc": "int a;\n"})
        with self.assertRaisesRegex(running.CannotTry, "there is no no-such-tool"):
            running.run(["no-such-tool"], ["a.cc"])
        # One that does not work ends as one that has found something.
        self.write({"bin/pyflakes3": "#!/bin/sh\necho no module named pyflakes\nexit 1\n", "a.py": ""})
        os.chmod("bin/pyflakes3", 0o755)
        with mock.patch.dict(os.environ, {"PATH": f"{os.getcwd()}/bin:{os.environ['PATH']}"}):
            with self.assertRaisesRegex(running.CannotTry, "pyflakes3: no module"):
                gates.GATES["pyflakes"].find(["a.py"])


class Format(InFolder):
    """What the formatters mend is clean."""

    def test_format(self) -> None:
        files = {"BUILD": "filegroup(name='a',srcs=['b'])\n"}
        self.write(files)
        self.assertEqual(len(gates.GATES["buildifier"].find(sorted(files))), 1)
        gates.format_sources(sorted(files), without_llvm=True)
        self.assertEqual(gates.GATES["buildifier"].find(sorted(files)), [])


class Buildifier(InFolder):
    """Only the package that is meant is taken."""

    def test_another_package(self) -> None:
        package, target = Path("p.tgz"), Path("there/buildifier")
        package.write_bytes(b"another")
        with self.assertRaisesRegex(buildifier.Failure, "is not the package it was"):
            buildifier.take(package, "x86_64", target)
        self.assertFalse(target.exists())

    def test_the_binary_is_the_version_that_is_named(self) -> None:
        printed = subprocess.run([buildifier.show(), "--version"], capture_output=True, text=True, check=True).stdout
        self.assertIn(buildifier._VERSION, printed)


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], "gates", sys.argv[1:]))
