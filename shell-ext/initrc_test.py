#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The initrc for all and that of a user: ion-check's opinion, and sessions of a real Ion at a pseudo-terminal.

$ION names the program; without one its cases are skipped.
"""
import sys

sys.dont_write_bytecode = True

import os
import re
import shutil
import subprocess
import unittest
from typing import List

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, os.pardir)
sys.path.insert(0, os.path.join(ROOT, "tools", "ion_check"))
sys.path.insert(0, os.path.join(ROOT, "tests", "install"))

from junit import run_tests

from checks import check
from ion_check import table
from real_ion import HOW, ION, Ended, IonTest, Session, run_script

PROMPT = r"[#>] "
SYSTEM = "/etc/xdg/ion/initrc"
SHARE = "/scheme/9p.hostshare"
LINK = "/root/host"


def text_of(name: str) -> str:
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


class Files(unittest.TestCase):
    def test_ion_check_finds_nothing(self) -> None:
        for name in ("initrc", "user_initrc"):
            self.assertEqual([finding.message for finding in check(text_of(name), initrc=True)], [], name)

    def test_they_end_in_true(self) -> None:
        for name in ("initrc", "user_initrc"):
            self.assertTrue(text_of(name).endswith("\ntrue\n"), name)

    def test_the_user_file_sources_the_other(self) -> None:
        self.assertIn("\ntest -f %s && source %s\n" % (SYSTEM, SYSTEM), text_of("user_initrc"))

    def test_the_line_is_the_same_everywhere(self) -> None:
        """What shell-ext and the installer put into users' initrcs."""
        texts = dict(re.findall(r'constexpr char (k\w+)\[\] = "([^"]*)";', text_of("support/initrc_text.h")))
        self.assertEqual(texts["kSystemInitrc"], SYSTEM)
        line = texts["kTestWords"] + SYSTEM + texts["kSourceWords"] + SYSTEM
        self.assertEqual([found for found in text_of("user_initrc").splitlines() if "source /" in found], [line])

    def test_the_commands_that_status_looks_for(self) -> None:
        listed = re.search(r"\nshell_ext = \[\n(.*?)\]", text_of("../coreutils/utilities.bzl"), re.S)
        known = re.search(r'kCommands\[\] =\s*((?:"[^"]*"\s*)+);', text_of("enable/shell-ext.cc"))
        assert listed and known
        self.assertEqual("".join(re.findall(r'"([^"]*)"', known.group(1))).split(), re.findall(r'"(.*?)"', listed.group(1)))

    def test_the_list_of_packages(self) -> None:
        """As suggest reads it; tests/conformance/release_test.sh says more."""
        lines = text_of("packages").splitlines()
        self.assertEqual(lines, sorted(set(lines), key=str.encode))
        for line in lines:
            self.assertRegex(line, r"^[A-Za-z0-9][A-Za-z0-9.+_-]* [a-z0-9][a-z0-9.+_-]*$")

    def test_comments_are_plain(self) -> None:
        for name in ("initrc", "user_initrc"):
            for line in text_of(name).splitlines():
                if line.startswith("#"):
                    self.assertNotRegex(line, "['\"$`@]", name)

    def test_the_stamp(self) -> None:
        self.assertIn('echo "Cation {VERSION} | Build: {COMMIT} | {DATE}"\n', text_of("initrc"))

    def test_the_readme_has_the_rules(self) -> None:
        """README.md's table is what `ion_check.py --table` prints."""
        lines = text_of("README.md").splitlines()
        rules = table()
        begin = lines.index(rules[0])
        self.assertEqual(lines[begin:begin + len(rules)], rules)
        self.assertFalse(lines[begin + len(rules):begin + len(rules) + 1] and lines[begin + len(rules)].startswith("|"))


class InitrcTest(IonTest):
    """A home of its own, in which the file for all is a user's."""

    def setUp(self) -> None:
        super().setUp()
        self.share = os.path.join(self.home, "scheme", "share")
        self.link = os.path.join(self.home, "host")
        self.history = os.path.join(self.home, ".local/share/ion/history")

    def text(self) -> str:
        """With paths that a test can make."""
        return text_of("initrc").replace(SHARE, self.share).replace(LINK, self.link).replace(" -w /root ", " -w %s " % self.home)

    def begin(self, text: str = "", prompt: str = PROMPT, path: str = "/usr/bin:/bin") -> Session:
        self.write(".config/ion/initrc", text or self.text())
        if not os.path.exists(self.history):
            self.write(".local/share/ion/history", "")
        session = self.session(PATH=path)
        session.wait_prompt(prompt)
        return session

    def history_lines(self) -> List[str]:
        with open(self.history, encoding="utf-8") as file:
            return file.read().splitlines()


class Beginning(InitrcTest):
    def test_greeting_and_prompt(self) -> None:
        session = self.begin()
        self.assertTrue(session.plain().startswith("Cation {VERSION} | Build: {COMMIT} | {DATE}\r\n"))
        self.assertRegex(session.last_line(), "^~[#>] $")
        self.assertNotIn("ion:", session.plain())

    def test_as_it_is_installed(self) -> None:
        """No path is another one, and the share is not here."""
        session = self.begin(text_of("initrc"))
        self.assertEqual(len(session.plain().split("\r\n")), 2, session.plain())

    def test_first_status_is_success(self) -> None:
        self.assertNotIn("[", self.begin().last_line())

    def test_the_user_file_brings_all_of_it(self) -> None:
        system = self.write("xdg/ion/initrc", self.text())
        session = self.begin(text_of("user_initrc").replace(SYSTEM, system))
        self.assertIn("Build:", session.plain())
        session.run("false", PROMPT)
        self.assertRegex(session.last_line(), r"^\[1\] ~[#>] $")
        self.assertIn("command not found: nosuchcommand", session.run("nosuchcommand", PROMPT))
        self.assertIn("ls -l", session.run("alias", PROMPT))
        session.run("echo kept", PROMPT)
        self.assertIn("echo kept", self.history_lines())

    def test_how_to_be_without_it(self) -> None:
        """As README.md says."""
        system = self.write("xdg/ion/initrc", self.text())
        for prompt in ("let PROMPT = '${USER}:${SWD}# '", "fn PROMPT; echo -n 'root:~# '; end"):
            lines = "%s\nunalias ll\nhistory -inc_append\nfn COMMAND_NOT_FOUND command; echo mine; end\ntrue\n" % prompt
            session = self.begin(text_of("user_initrc").replace(SYSTEM, system) + lines)
            self.assertEqual(session.last_line(), "root:~# ", session.plain())
            self.assertEqual(session.run("ll", PROMPT), "mine\n")
            session.run("echo a", PROMPT)
            self.assertEqual(self.history_lines(), [])

    def test_the_user_file_without_the_other(self) -> None:
        session = self.begin(text_of("user_initrc").replace(SYSTEM, "/nonexistent"))
        self.assertNotIn("could not", session.plain())

    def test_the_file_for_all_is_read(self) -> None:
        self.write("xdg/ion/initrc", self.text())
        self.write(".local/share/ion/history", "")
        session = self.session(XDG_CONFIG_DIRS=os.path.join(self.home, "xdg"))
        session.wait_prompt(PROMPT)
        self.assertIn("Build:", session.plain())

    def test_an_error_in_a_users_file_leaves_what_was_sourced(self) -> None:
        system = self.write("xdg/ion/initrc", self.text())
        user = text_of("user_initrc").replace(SYSTEM, system)
        for broken in ("nosuchcommand\n", "echo $nosuchvariable\n", "end\n", "echo 2>&1\n", "(a)\n"):
            session = self.begin(user + broken)
            self.assertIn("could not exec initrc", session.plain(), broken)
            self.assertRegex(session.last_line(), "[#>] $", broken)
            self.assertIn("a", session.run("echo a", PROMPT))

    def test_byte_order_mark(self) -> None:
        """Ion takes it for a part of the first word, even of a comment, and skips the file; the session begins. ion-check says it."""
        system = self.write("xdg/ion/initrc", self.text())
        text = "\ufeff" + text_of("user_initrc").replace(SYSTEM, system)
        self.assertIn("byte-order-mark", [finding.rule.name for finding in check(text, initrc=True)])
        session = self.begin(text)
        self.assertIn("could not exec initrc", session.plain())
        self.assertIn("a", session.run("echo a", PROMPT))

    def test_unclosed_block(self) -> None:
        """Ion waits for its end; when that is typed, the prompt is there."""
        system = self.write("xdg/ion/initrc", self.text())
        text = text_of("user_initrc").replace(SYSTEM, system) + "if true\necho in it\n"
        self.assertIn("unclosed-block", [finding.rule.name for finding in check(text, initrc=True)])
        session = self.begin(text, r"    ")
        session.run("end", PROMPT)
        self.assertRegex(session.last_line(), "^~[#>] $")

    def test_sourced_by_a_script(self) -> None:
        """It has no history, and says so; all else is done, and the script goes on."""
        path = self.write("initrc", self.text())
        status, out, err = run_script(("source %s\nll -d /\necho end" % path).encode(), self.home)
        self.assertEqual(status, 0)
        self.assertTrue(out.endswith(" /\nend\n"), out)
        self.assertIn("command not found: history", err)

    def test_no_terminal(self) -> None:
        """Then it is not read, and commands from a pipe run."""
        self.write(".config/ion/initrc", self.text())
        done = subprocess.run([ION], input=b"echo a\n", cwd=self.home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                              env={"HOME": self.home, "PATH": "/usr/bin:/bin", "USER": "root"}, timeout=20)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"a\n", b""))

    def test_little_environment(self) -> None:
        for name in ("USER", "TERM", "LC_ALL"):
            self.write(".config/ion/initrc", self.text())
            session = self.session(command=["/usr/bin/env", "-u", name, ION])
            session.wait_prompt(PROMPT)
            self.assertRegex(session.last_line(), "^~[#>] $", name)

    def test_unwritable_home(self) -> None:
        """Neither a folder nor a file can be made in it, by whoever."""
        self.write("xdg/ion/initrc", text_of("initrc"))
        for home in (self.write("file", "") + "/home", "/proc/self"):
            session = self.session(HOME=home, XDG_CONFIG_DIRS=os.path.join(self.home, "xdg"))
            session.wait_prompt(PROMPT)
            self.assertIn("Build:", session.plain())
            self.assertIn("a", session.run("echo a", PROMPT))

    def test_sizes_of_terminals(self) -> None:
        for rows, columns in ((0, 0), (5, 20), (1, 1), (24, 2)):
            self.write(".config/ion/initrc", self.text())
            session = self.session(rows, columns)
            session.wait(r"~[#>] ?[\r\n ]*")
            session.child.send("touch made\r")
            for _ in range(100):
                if os.path.exists(os.path.join(self.home, "made")):
                    break
                session.read(0.1)
            self.assertTrue(os.path.exists(os.path.join(self.home, "made")), (rows, columns))
            os.unlink(os.path.join(self.home, "made"))
            session.kill()

    def test_what_is_started(self) -> None:
        """ln, once; later no program, neither for the file nor for prompts."""
        strace = shutil.which("strace")
        if strace is None:
            self.skipTest("no strace")
        self.write(".config/ion/initrc", self.text())
        self.write(".local/share/ion/history", "")
        os.makedirs(self.share)
        log = os.path.join(self.home, "log")
        for name, expected in (("fork", 1), ("fork", 0)):
            session = self.session(command=[strace, "-f", "-o", log, "-e", "trace=fork,vfork,clone,clone3,execve", ION])
            session.wait_prompt(PROMPT)
            session.run("true", PROMPT)
            session.run("cd scheme/share", PROMPT)
            session.kill()
            with open(log, encoding="utf-8", errors="replace") as file:
                calls = [line for line in file if re.search(r"\b(v?fork|clone3?)\(|\bexecve\(.* = 0", line) and "CLONE_THREAD" not in line]
            # The first is Ion's own exec; a program is a fork and an exec.
            self.assertEqual(len(calls), 1 + 2 * expected, (name, calls))


class Switched(InitrcTest):
    """By shell-ext: what it says is what the next session does."""

    OURS = "Cation {VERSION}"

    def switch(self, verb: str, status: int = 0) -> str:
        done = subprocess.run([os.path.join(HERE, "enable", "shell-ext"), verb], cwd=self.home, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=20,
                              env={"HOME": self.home, "XDG_CONFIG_DIRS": os.path.join(self.home, "xdg"), "PATH": "/usr/bin:/bin"})
        self.assertEqual((done.returncode, done.stderr), (status, b""), verb)
        return done.stdout.decode()

    def first_prompt(self) -> str:
        self.write(".local/share/ion/history", "")
        session = self.session(XDG_CONFIG_DIRS=os.path.join(self.home, "xdg"))
        session.wait_prompt(r"[#>$] ")
        said = session.plain()
        session.kill()
        return said

    def on(self) -> None:
        self.assertTrue(self.switch("status").startswith("enabled\n"))
        self.assertIn(self.OURS, self.first_prompt())

    def off(self) -> None:
        self.assertTrue(self.switch("status", 1).startswith("disabled: "))
        self.assertNotIn(self.OURS, self.first_prompt())

    def test_without_a_file_of_the_users(self) -> None:
        self.write("xdg/ion/initrc", self.text())
        self.on()
        self.switch("disable")
        self.off()
        self.switch("enable")
        self.on()

    def test_files_of_users(self) -> None:
        """With what is in them, and what is wrong with them: an error, an open block."""
        self.write("xdg/ion/initrc", self.text())
        for content in ("", "let mine = 5\n", "let mine = 5\r\ntrue\r\n", "nosuchcommand\n", "# only this", "test a = b"):
            path = self.write(".config/ion/initrc", content)
            self.off()
            self.switch("enable")
            self.on()
            self.switch("disable")
            self.off()
            with open(path, newline="", encoding="utf-8") as file:
                self.assertEqual(file.read(), content)

    def test_what_is_theirs_still_counts(self) -> None:
        self.write("xdg/ion/initrc", self.text())
        self.write(".config/ion/initrc", "fn PROMPT; echo -n 'theirs> '; end\n")
        self.switch("enable")
        said = self.first_prompt()
        self.assertIn(self.OURS, said)
        self.assertIn("theirs> ", said)

    def test_an_open_block(self) -> None:
        self.write("xdg/ion/initrc", self.text())
        self.write(".config/ion/initrc", "if true\n")
        self.switch("enable")
        session = self.session(XDG_CONFIG_DIRS=os.path.join(self.home, "xdg"))
        session.wait_prompt("    ")
        self.assertIn(self.OURS, session.plain())
        session.run("end", PROMPT)
        self.assertRegex(session.last_line(), "^~[#>] $")

    def test_byte_order_mark_is_off(self) -> None:
        self.write("xdg/ion/initrc", self.text())
        self.write(".config/ion/initrc", "\ufefftest -f %s/xdg/ion/initrc && source %s/xdg/ion/initrc\n" % (self.home, self.home))
        self.off()

    def test_ion_comes_before_the_installation(self) -> None:
        """Ion makes an empty file of its own, which hides what is installed later."""
        self.first_prompt()
        self.write("xdg/ion/initrc", self.text())
        self.off()
        self.switch("enable")
        self.on()


class Prompt(InitrcTest):
    def test_status(self) -> None:
        session = self.begin()
        session.run("sh -c 'exit 3'", PROMPT)
        self.assertRegex(session.last_line(), r"^\[3\] ~[#>] $")
        self.assertIn("3", session.run("echo $?", PROMPT))
        self.assertRegex(session.last_line(), "^~[#>] $")

    def test_one_line_is_redrawn_by_no_key(self) -> None:
        session = self.begin()
        begin = len(session.raw)
        session.child.send("echo abc")
        session.wait("echo abc", begin)
        self.assertNotIn(b"\033[1A", session.raw[begin:])

    def test_where(self) -> None:
        session = self.begin()
        session.run("cd /usr", PROMPT)
        self.assertRegex(session.last_line(), "^/usr[#>] $")

    def test_directory_that_is_gone(self) -> None:
        os.mkdir(os.path.join(self.home, "gone"))
        session = self.begin()
        session.run("cd gone", PROMPT)
        os.rmdir(os.path.join(self.home, "gone"))
        self.assertIn("a", session.run("echo a", PROMPT))
        self.assertRegex(session.last_line(), "[#>] $")

    def test_names_with_anything_in_them(self) -> None:
        for name in ("a b", "$HOME", "(x)", "it's", "@args", "*", "~", "é", "#"):
            os.mkdir(os.path.join(self.home, name))
            os.mkdir(os.path.join(self.home, name, "inner"))
        session = self.begin()
        for name in ("'a b'", "'$HOME'", "'(x)'", "\"it's\"", "'@args'", "'*'", "'./~'", "é", "'#'"):
            session.run("cd %s" % name, PROMPT)
            self.assertRegex(session.last_line(), r"^~/.*[#>] $", name)
            self.assertNotIn("prompt expansion failed", session.plain())
            session.run("cd", PROMPT)


class CommandNotFound(InitrcTest):
    def test_without_suggest(self) -> None:
        session = self.begin()
        self.assertEqual(session.run("nosuchcommand a b", PROMPT), "ion: command not found: nosuchcommand\n")
        self.assertRegex(session.last_line(), r"^\[127\] ~[#>] $")

    def test_with_suggest(self) -> None:
        self.write("bin/suggest", "#!/bin/sh\necho \"suggest:$#:$1:$2\"\nexit 1\n", 0o755)
        session = self.begin(path=os.path.join(self.home, "bin") + ":/usr/bin:/bin")
        for name in ("nosuchcommand", "-nosuch", "'no such'"):
            said = session.run(name, PROMPT)
            plain = name.strip("'")
            self.assertEqual(said, "ion: command not found: %s\nsuggest:2:--:%s\n" % (plain, plain))
            self.assertRegex(session.last_line(), r"^\[127\] ")

    def test_it_stays_out_of_the_history(self) -> None:
        session = self.begin()
        session.run("nosuchcommand", PROMPT)
        session.run("echo a", PROMPT)
        self.assertEqual(self.history_lines(), ["echo a"])

    def test_to_stderr(self) -> None:
        """What is meant for stdout alone does not get it."""
        session = self.begin()
        session.run("nosuchcommand | cat > out", PROMPT)
        with open(os.path.join(self.home, "out"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "")


class Share(InitrcTest):
    def test_absent(self) -> None:
        session = self.begin()
        self.assertNotIn("The host shares", session.plain())

    def test_present(self) -> None:
        os.makedirs(os.path.join(self.share, "inner"))
        os.makedirs(self.share + "-not")
        session = self.begin()
        self.assertIn("The host shares %s\r\n" % self.link, session.plain())
        self.assertEqual(os.readlink(self.link), self.share)
        for path, marked in (("scheme/share", True), ("inner", True), ("../../share-not", False), ("../share", True), ("/", False)):
            session.run("cd " + path, PROMPT)
            self.assertEqual(session.last_line().startswith("(host) "), marked, (path, session.last_line()))

    def test_link(self) -> None:
        os.makedirs(self.share)
        os.symlink(self.share, self.link)
        session = self.begin()
        self.assertIn("The host shares %s\r\n" % self.link, session.plain())
        session.run("cd host", PROMPT)
        self.assertTrue(session.last_line().startswith("(host) "))

    def test_the_link_is_made_only_where_there_is_nothing(self) -> None:
        os.makedirs(self.share)
        self.write("host", "mine")
        self.assertIn("The host shares %s\r\n" % self.share, self.begin().plain())
        with open(self.link, encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine")

    def test_without_ln(self) -> None:
        os.makedirs(self.share)
        session = self.begin(path="/nonexistent")
        self.assertIn("The host shares %s\r\n" % self.share, session.plain())
        self.assertNotIn("could not", session.plain())
        self.assertFalse(os.path.lexists(self.link))

    def test_a_word_on_the_way_in(self) -> None:
        """Once, by either name; not within it, and not on the way out."""
        os.makedirs(os.path.join(self.share, "inner"))
        session = self.begin()
        for path, said in (("host", True), ("inner", False), ("..", False), ("..", False), ("scheme/share/inner", True), ("/", False)):
            self.assertEqual("run and the name" in session.run("cd " + path, PROMPT), said, path)

    def test_link_to_nowhere(self) -> None:
        os.symlink(self.share, self.link)
        self.assertNotIn("The host shares", self.begin().plain())
        os.makedirs(self.share)
        os.unlink(self.link)
        os.symlink("/nonexistent", self.link)
        self.assertIn("The host shares %s\r\n" % self.share, self.begin().plain())


class History(InitrcTest):
    def test_killed(self) -> None:
        session = self.begin()
        session.run("echo a", PROMPT)
        session.run("echo b", PROMPT)
        session.kill()
        self.assertEqual(self.history_lines(), ["echo a", "echo b"])

    def test_two_sessions(self) -> None:
        first, second = self.begin(), self.begin()
        first.run("echo 1", PROMPT)
        second.run("echo 2", PROMPT)
        first.run("echo 3", PROMPT)
        for session in (second, first):
            with self.assertRaises(Ended):
                session.run("exit", PROMPT)
        self.assertEqual([line for line in self.history_lines() if line != "exit"], ["echo 1", "echo 2", "echo 3"])

    def test_damaged_file(self) -> None:
        for content in ("\udcff\udcfe\nls\n", "\0\0\0", "a" * 100000, "\n\n\n", "ls", "\x1b[31m\r\a"):
            self.write(".local/share/ion/history", content)
            session = self.begin()
            self.assertIn("a", session.run("echo a", PROMPT), repr(content[:20]))
            session.kill()
            with open(self.history, "rb") as file:
                self.assertTrue(file.read().endswith(b"echo a\n"), repr(content[:20]))

    def test_a_directory_in_its_place(self) -> None:
        os.makedirs(self.history)
        session = self.begin()
        self.assertIn("a", session.run("echo a", PROMPT))


if __name__ == "__main__":
    if not ION:
        print("SKIPPED: " + HOW)
    sys.exit(run_tests(sys.modules[__name__], "shell-ext.initrc", sys.argv[1:]))
