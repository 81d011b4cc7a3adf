#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The commands for Ion, built for this host, in sessions and scripts of a real Ion.

$ION names the program; without one all is skipped. The programs are the test's arguments before those of unittest.
"""
import sys

sys.dont_write_bytecode = True

import os
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
        self.assertTrue(session.last_line().startswith("[3] "), session.last_line())
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
        self.assertTrue(session.last_line().startswith("[9] "), session.last_line())


class Explain(CommandTest):
    def test_at_the_prompt(self) -> None:
        self.write("script", "echo a\n")
        session = self.begin()
        said = session.run("explain script", PROMPT)
        self.assertIn("may not be executed; chmod +x", said)
        self.assertIn("has no #! line", said)
        self.assertTrue(session.last_line().startswith("[1] "), session.last_line())


class Suggest(CommandTest):
    def test_not_found(self) -> None:
        session = self.begin()
        said = session.run("mkdri a", PROMPT)
        self.assertEqual(said.split("\n")[0], "ion: command not found: mkdri")
        self.assertIn("mkdir", said.split("\n")[1])
        self.assertTrue(session.last_line().startswith("[127] "), session.last_line())

    def test_nothing_is_near(self) -> None:
        self.assertEqual(self.begin().run("zzzzqqqq", PROMPT), "ion: command not found: zzzzqqqq\n")

    def test_packages(self) -> None:
        self.assertIn("neverheard is in the package heard\n",
                      self.script("echo 'neverheard heard' > list\nsuggest -p list neverheard"))


class Hist(CommandTest):
    def lines(self) -> List[str]:
        with open(self.history, encoding="utf-8") as file:
            return file.read().splitlines()

    def test_after_a_kill(self) -> None:
        """What a session had that was killed, another finds."""
        session = self.begin()
        session.run("echo needle", PROMPT)
        session.kill()
        self.assertEqual(self.begin().run("hist needle -n 1", PROMPT), "echo needle\n")

    def test_shortened_below_open_sessions(self) -> None:
        """Both go on writing to the file that is there by then."""
        self.write(".local/share/ion/history", "".join("echo %d\n" % number for number in range(50)))
        first, second = self.begin(), self.begin()
        first.run("echo first", PROMPT)
        second.run("hist --prune=3", PROMPT)
        first.run("echo after", PROMPT)
        second.run("echo too", PROMPT)
        self.assertEqual([line for line in self.lines() if not line.startswith("hist")][-4:], ["echo 49", "echo first", "echo after", "echo too"])
        self.assertLess(len(self.lines()), 8)

    def test_merged(self) -> None:
        self.write("share/history", "echo elsewhere\n")
        session = self.begin()
        session.run("echo here", PROMPT)
        session.run("hist -m share/history", PROMPT)
        session.run("hist -m share/history", PROMPT)
        self.assertEqual(self.lines().count("echo elsewhere"), 1)
        self.assertEqual(self.lines().count("echo here"), 1)


class Pick(CommandTest):
    def choose(self, line: str, keys: str) -> str:
        """What the picked line is, chosen by `keys`; the screen is pick's after `line`."""
        session = self.begin()
        begin = len(session.raw)
        session.child.send(line + "\r")
        session.wait("third", begin)
        begin = len(session.raw)
        session.child.send(keys)
        session.wait_prompt(PROMPT, begin)
        return session.run("echo \"<$chosen>\"", PROMPT)

    def test_in_a_substitution(self) -> None:
        self.write("list", "first\nsecond\nthird\n")
        self.assertEqual(self.choose("let chosen = $(cat list | pick)", "sec\r"), "<second>\n")

    def test_given_up(self) -> None:
        self.write("list", "first\nsecond\nthird\n")
        self.assertEqual(self.choose("let chosen = $(pick < list)", "\x07"), "<>\n")

    def test_no_terminal(self) -> None:
        """A clear word and a status, and the script goes on."""
        self.write("list", "a\nb\n")
        self.assertRegex(self.script("both env TTY=/nonexistent pick < list || echo $?"), r"^pick: .*\n2\n$")


class Host(CommandTest):
    def test_the_loop(self) -> None:
        """Built outside, installed and run inside."""
        self.write("share/tool", "#!/bin/sh\necho built\n")
        os.mkdir(os.path.join(self.home, "installed"))
        out = self.script("export CATION_HOST_SHARE = %s/share\nhost watch -o -i .01 . -t installed\n./installed/tool" % self.home)
        self.assertTrue(out.endswith("built\n"), out)

    def test_absent(self) -> None:
        session = self.begin(CATION_HOST_SHARE="/nonexistent")
        self.assertIn("the host shares no folder here", session.run("host", PROMPT))
        self.assertTrue(session.last_line().startswith("[1] "), session.last_line())

    def test_the_share_goes_away(self) -> None:
        """A session in it goes on, and says what is wrong where something is done there."""
        share = os.path.join(self.home, "share")
        os.mkdir(share)
        session = self.begin(CATION_HOST_SHARE=share)
        session.run("cd share", PROMPT)
        os.rmdir(share)
        self.assertIn("the host shares no folder here", session.run("host get tool", PROMPT))
        self.assertEqual(session.run("echo on", PROMPT), "on\n")


if __name__ == "__main__":
    if not ION:
        print("SKIPPED: " + HOW)
    while len(sys.argv) > 1 and os.path.isfile(sys.argv[1]):
        PROGRAMS.append(sys.argv.pop(1))
    sys.exit(run_tests(sys.modules[__name__], "shell-ext.commands_in_ion", sys.argv[1:]))
