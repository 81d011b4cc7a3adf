#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""clang-format's and clang-tidy's gate find a fault, in its place, and let pass what is right."""
import json
import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True
# In Bazel a link of this name lies among the others' links; elsewhere this is the file itself.
_FOLDER = os.path.dirname(os.path.abspath(sys.argv[0]))
sys.path[:0] = [_FOLDER, os.path.join(_FOLDER, ".."), os.path.join(_FOLDER, "../../tests/install")]
import gates
import running
import tidy
from in_folder import InFolder
from junit import run_tests


class Format(InFolder):
    """clang-format."""

    def found(self, files: dict) -> list:
        self.write(files)
        return gates.GATES["clang-format"].find(sorted(files))

    def test_find(self) -> None:
        style = {".clang-format": "BasedOnStyle: Google\n"}
        self.assertEqual(self.found({**style, "a.cc": "int f() { return 1; }\n", "b.py": "x  =  1\n"}), [])
        self.assertEqual(self.found({**style, "a.cc": "int a;\nint f( ){return 1;}\n"}), ["a.cc:2: not as clang-format writes it"])
        self.assertEqual(self.found({**style, "a.h": "int  a;\n"}), ["a.h:1: not as clang-format writes it"])

    def test_what_it_mends_is_clean(self) -> None:
        files = {"a.cc": "int  f( ){return 1;}\n", ".clang-format": "BasedOnStyle: Google\n"}
        self.assertEqual(len(self.found(files)), 1)
        gates.format_sources(sorted(files))
        self.assertEqual(gates.GATES["clang-format"].find(sorted(files)), [])

    def test_what_cannot_be_tried_is_no_pass(self) -> None:
        with self.assertRaises(running.CannotTry):
            self.found({"a.cc": "int a;\n", ".clang-format": "BasedOnStyle: NoSuchStyle\n"})


class Tidy(InFolder):
    """clang-tidy, and what is kept of it."""

    CLEAN = "int F(int a) {\n  return a;\n}\n"
    FAULT = "int F(int a) {\n  if (a = 1) {\n    return a;\n  }\n  return 0;\n}\n"

    def setUp(self) -> None:
        super().setUp()
        self.write({"a/a.h": "int F(int a);\n", "a/a.cc": "#include \"a.h\"\n" + self.CLEAN, "a/a_test.cc": self.FAULT,
                    ".clang-tidy": "Checks: '-*,bugprone-*'\nWarningsAsErrors: '*'\nHeaderFilterRegex: 'a/'\n"})
        self.compiled_with()

    def compiled_with(self, *flags: str) -> None:
        entry = {"directory": os.getcwd(), "file": "a/a.cc", "arguments": ["/usr/lib/llvm-19/bin/clang++", "-w", *flags, "-c", "a/a.cc", "-o", "a.o"]}
        self.write({"compile_commands.json": json.dumps([entry])})

    def found(self, folder: str = "kept") -> list:
        return tidy.find(["a/a.cc", "a/a.h", "a/a_test.cc"], folder=folder)

    def test_a_fault(self) -> None:
        self.assertEqual(self.found(), [])
        self.write({"a/a.cc": "#include \"a.h\"\n" + self.FAULT})
        for _ in range(2):  # the second time from what is kept
            found = self.found()
            self.assertEqual(len(found), 1, found)
            self.assertRegex(found[0], r"^a/a\.cc:3: .*\[bugprone-assignment-in-if-condition\]$")

    def test_a_fault_in_a_header(self) -> None:
        self.assertEqual(self.found(), [])
        self.write({"a/a.h": "int F(int a);\ninline " + self.FAULT.replace("F", "G")})
        self.assertRegex("\n".join(self.found()), r"^a/a\.h:3: [^\n]*$")

    def test_what_else_is_looked_at_again(self) -> None:
        self.write({"a/a.cc": "#ifdef FAULT\n" + self.FAULT + "#else\n" + self.CLEAN + "#endif\n"})
        self.assertEqual(self.found(), [])
        self.compiled_with("-DFAULT")
        self.assertEqual(len(self.found()), 1)
        self.write({".clang-tidy": "Checks: '-*,bugprone-*,-bugprone-assignment-in-if-condition'\n"})
        self.assertEqual(self.found(), [])

    def test_it_is_kept(self) -> None:
        self.assertEqual(self.found(), [])
        kept, = Path("kept").iterdir()
        before = kept.stat().st_mtime_ns
        self.assertEqual(self.found(), [])
        self.assertEqual(kept.stat().st_mtime_ns, before)
        self.write({kept: "{"})
        self.assertEqual(self.found(), [])
        self.assertNotEqual(kept.read_text(encoding="utf-8"), "{")

    def test_it_is_kept_for_another_checkout(self) -> None:
        self.assertEqual(self.found(), [])
        kept, = Path("kept").resolve().iterdir()
        before = kept.stat().st_mtime_ns
        Path("another/a").mkdir(parents=True)
        for name in (".clang-tidy", "a/a.h", "a/a.cc"):
            Path("another", name).write_bytes(Path(name).read_bytes())
        os.chdir("another")
        self.compiled_with()
        self.assertEqual(self.found(str(kept.parent)), [])
        self.assertEqual(kept.stat().st_mtime_ns, before)
        self.write({"a/a.h": "int F(int b);\n"})
        self.assertEqual(self.found(str(kept.parent)), [])
        self.assertNotEqual(kept.stat().st_mtime_ns, before)

    def test_what_does_not_compile_is_no_pass(self) -> None:
        self.write({"a/a.cc": "#include \"missing.h\"\n"})
        with self.assertRaisesRegex(running.CannotTry, "a/a.cc does not compile"):
            self.found()


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], "clang_gates", sys.argv[1:]))
