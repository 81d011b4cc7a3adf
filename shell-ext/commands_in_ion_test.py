#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The commands for Ion, built for this host, in sessions and scripts of a real Ion.

$ION names the program; without one all is skipped. The programs are the test's arguments before those of unittest.
"""
import sys

sys.dont_write_bytecode = True

import os
import unittest
from typing import List

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, os.pardir)
sys.path.insert(0, os.path.join(ROOT, "tools", "ion_check"))
sys.path.insert(0, os.path.join(ROOT, "tests", "install"))

from junit import run_tests

from real_ion import HOW, ION, IonTest, Session, run_script

PROMPT = r"[#>] "
PROGRAMS: List[str] = []


class CommandTest(IonTest):
    """A home with the initrc for all, and the commands in PATH."""

    def setUp(self) -> None:
        super().setUp()
        self.bin = os.path.join(self.home, "bin")
        os.mkdir(self.bin)
        for program in PROGRAMS:
            os.symlink(os.path.abspath(program), os.path.join(self.bin, os.path.basename(program)))
        self.path = self.bin + ":/usr/bin:/bin"
        self.history = self.write(".local/share/ion/history", "")
        with open(os.path.join(HERE, "initrc"), encoding="utf-8") as file:
            self.write(".config/ion/initrc", file.read())

    def begin(self, **more: str) -> Session:
        session = self.session(**{"PATH": self.path, **more})
        session.wait_prompt(PROMPT)
        return session

    def last_line(self, session: Session) -> str:
        return session.plain().split("\r")[-1]

    def script(self, text: str) -> str:
        """What a script prints, with the commands in PATH."""
        status, out, err = run_script(("export PATH = %s\n%s\n" % (self.path, text)).encode(), self.home)
        self.assertIsNotNone(status, "it did not end: %r %r" % (out, err))
        return out

    def content(self, name: str) -> str:
        with open(os.path.join(self.home, name), encoding="utf-8") as file:
            return file.read()


class Both(CommandTest):
    def test_in_a_pipe(self) -> None:
        """What Ion has no word for: both outputs of a command, in one pipe."""
        for name in ("both", "with-stderr"):
            self.assertEqual(self.script("%s sh -c 'echo out; echo err >&2' | sort" % name), "err\nout\n")

    def test_in_a_substitution(self) -> None:
        self.assertEqual(self.script("let all = $(both sh -c 'echo out; echo err >&2')\necho \"<$all>\""), "<out\nerr>\n")

    def test_status(self) -> None:
        self.assertEqual(self.script("both sh -c 'exit 7' || echo $?\nboth nosuchcommand || echo $?"),
                         "7\nboth: nosuchcommand: No such file or directory\n127\n")


class Capture(CommandTest):
    def test_more_than_a_substitution_takes(self) -> None:
        """$(seq 100000) by itself never returns."""
        out = self.script("let end = $(capture -t 32k seq 100000)\necho $len(end)\ncapture all seq 100000\nwc -l < all")
        self.assertEqual(out, "32767\n100000\n")

    def test_status(self) -> None:
        session = self.begin()
        session.run("capture out sh -c 'echo x; exit 3'", PROMPT)
        self.assertTrue(self.last_line(session).startswith("[3] "), self.last_line(session))
        self.assertEqual(self.content("out"), "x\n")


class Run(CommandTest):
    def test_what_ion_cannot_start(self) -> None:
        self.write("plain", "#!/bin/sh\necho \"plain $1\"\n")
        self.write("dos", "#!/bin/sh\r\necho dos\r\n", 0o755)
        self.write("words.ion", "echo of $len(@args)\n")
        os.symlink(ION, os.path.join(self.bin, "ion"))
        self.assertNotIn("plain", self.script("./plain a || true"))
        self.assertEqual(self.script("run ./plain 'a b'\nrun dos\nrun words.ion a b"), "plain a b\ndos\nof 3\n")

    def test_a_missing_interpreter_is_named(self) -> None:
        self.write("script", "#!/no/such/interpreter\n", 0o755)
        self.assertEqual(self.script("both run ./script || echo $?"),
                         "run: ./script: wants the interpreter /no/such/interpreter, which is not there; install it, or change the "
                         "#! line\n127\n")

    def test_its_status_is_what_it_ran(self) -> None:
        self.write("script", "#!/bin/sh\nexit 9\n")
        session = self.begin()
        session.run("run script", PROMPT)
        self.assertTrue(self.last_line(session).startswith("[9] "), self.last_line(session))


class Explain(CommandTest):
    def test_at_the_prompt(self) -> None:
        self.write("script", "echo a\n")
        session = self.begin()
        said = session.run("explain script", PROMPT)
        self.assertIn("may not be executed; chmod +x", said)
        self.assertIn("has no #! line", said)
        self.assertTrue(self.last_line(session).startswith("[1] "), self.last_line(session))


class Suggest(CommandTest):
    def test_not_found(self) -> None:
        session = self.begin()
        said = session.run("mkdri a", PROMPT)
        self.assertEqual(said.split("\n")[0], "ion: command not found: mkdri")
        self.assertIn("mkdir", said.split("\n")[1])
        self.assertTrue(self.last_line(session).startswith("[127] "), self.last_line(session))

    def test_nothing_is_near(self) -> None:
        self.assertEqual(self.begin().run("zzzzqqqq", PROMPT), "ion: command not found: zzzzqqqq\n")

    def test_packages(self) -> None:
        self.assertIn("neverheard is in the package heard\n",
                      self.script("echo 'neverheard heard' > list\nsuggest -p list neverheard"))


if __name__ == "__main__":
    if not ION:
        print("SKIPPED: " + HOW)
    while len(sys.argv) > 1 and os.path.isfile(sys.argv[1]):
        PROGRAMS.append(sys.argv.pop(1))
    sys.exit(run_tests(sys.modules[__name__], "shell-ext.commands_in_ion", sys.argv[1:]))
