#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the rules say, in a real Ion: each example of what is wrong fails there or does what the rule says, and what to write instead runs.

$ION names the program; without one this is skipped.
"""
import sys

sys.dont_write_bytecode = True

import os

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, os.pardir, "tests", "install"))

from junit import run_tests

from real_ion import HOW, Ended, IonTest, Session, run_script
from rules import ABORTS, ABSENT, COMPLAINS, FAILS, PRINTS, RULES, TYPED, Rule

PROMPT = "fn PROMPT; let status = $?; echo -n \"[$status]> \"; end\n"


class Scripts(IonTest):
    """The rules that show in a script."""

    def folder(self, name: str) -> str:
        path = os.path.join(self.home, name)
        os.makedirs(path)
        return path

    def check_bad(self, rule: Rule) -> None:
        # A last line that only runs where what is before it did not stop the file.
        text = rule.bad if rule.how == PRINTS else rule.bad + "\necho reached"
        status, out, err = run_script(text.encode("utf-8", "surrogateescape"), self.folder("bad"))
        if rule.how == FAILS:
            self.assertNotIn("reached", out)
            self.assertEqual(status, 1)
            self.assertIn(rule.output, err)
        elif rule.how == COMPLAINS:
            self.assertEqual(out, "reached\n")
            self.assertIn(rule.output, err)
        elif rule.how == ABORTS:
            self.assertNotIn("reached", out)
            self.assertIn("panicked", err)
        else:
            self.assertEqual(rule.how, PRINTS)
            if rule.output == "*":  # it depends on the user
                self.assertNotIn(out, ("", rule.good_output))
            else:
                self.assertEqual(out, rule.output)

    def check_good(self, rule: Rule) -> None:
        status, out, err = run_script((rule.good + "\n").encode(), self.folder("good"))
        self.assertEqual(out, rule.good_output, err)
        # Ion's only word of a background job that has ended.
        self.assertEqual([line for line in err.splitlines() if not line.startswith(("ion: bg [", "ion: (["))], [])
        self.assertIn(status, (0, 1) if rule.name == "exists-option" else (0,))

    def test_absent_commands(self) -> None:
        for name in ABSENT:
            with self.subTest(name):
                _, out, err = run_script(("%s a\necho reached" % name).encode(), self.home)
                self.assertEqual(out, "")
                self.assertIn("command not found", err)


def _add_script_tests() -> None:
    for rule in RULES.values():
        if rule.how == TYPED:
            continue
        for which in ("bad", "good"):
            def test(self: Scripts, rule: Rule = rule, which: str = which) -> None:
                getattr(self, "check_" + which)(rule)
            setattr(Scripts, "test_%s_%s" % (rule.name.replace("-", "_"), which), test)


_add_script_tests()


class Typed(IonTest):
    """The rules that show at a prompt."""

    def begin(self, initrc: str, prompt: str = r"> ", path: str = "/usr/bin:/bin") -> Session:
        self.write(".config/ion/initrc", initrc + "\n")
        self.write(".local/share/ion/history", "")
        session = self.session(PATH=path)
        session.wait_prompt(prompt)
        return session

    def reaches_the_end(self, example: str) -> bool:
        session = self.begin(PROMPT + example + "\nexport REACHED = yes\n")
        return "<yes>" in session.run("echo \"<${env::REACHED}>\"")

    def test_hook_parameters(self) -> None:
        rule = RULES["hook-parameters"]
        for example, said, parameter in ((rule.bad, "invalid number of arguments", ""), (rule.good, "hook", "")):
            session = self.begin(PROMPT + example.split("\n")[0] + parameter)
            self.assertIn(said, session.run(example.split("\n")[1]))
        session = self.begin(PROMPT + "fn CD_CHANGE a; echo hook; end")
        self.assertNotIn("hook", session.run("cd /"))
        session = self.begin(PROMPT + "fn CD_CHANGE; echo hook; end")
        self.assertIn("hook", session.run("cd /"))

    def test_prompt_newline(self) -> None:
        rule = RULES["prompt-newline"]
        session = self.begin(rule.bad, r"x> [\r\n]*\n[\r\n]*")
        session = self.begin(rule.good)
        self.assertNotIn("x> \n", session.plain().replace("\r", ""))

    def test_prompt_mark(self) -> None:
        rule = RULES["prompt-mark"]
        for example, eats in ((rule.bad, True), (rule.good, False)):
            session = self.begin(example)
            begin = len(session.raw)
            session.child.send("abc")
            session.wait("abc", begin)
            # The cursor goes up, and all below is erased.
            self.assertEqual(b"\033[1A" in session.raw[begin:], eats, session.raw[begin:])

    def test_prompt_fork(self) -> None:
        rule = RULES["prompt-fork"]
        self.write("bin/printf", "#!/bin/sh\necho started >>%s/log\necho -n '> '\n" % self.home, 0o755)
        for example, starts in ((rule.bad, True), (rule.good, False)):
            log = os.path.join(self.home, "log")
            if os.path.exists(log):
                os.unlink(log)
            self.begin(example, path=os.path.join(self.home, "bin") + ":/usr/bin:/bin")
            self.assertEqual(os.path.exists(log), starts)

    def test_prompt_status(self) -> None:
        rule = RULES["prompt-status"]
        for example, status in ((rule.bad, "0"), (rule.good, "1")):
            session = self.begin(example)
            begin = len(session.raw)
            session.run("false")
            self.assertEqual(session.plain(begin).split("\r")[-1].strip(), status + " >")

    def test_history_ignore(self) -> None:
        rule = RULES["history-ignore"]
        for bad in (rule.bad, "drop HISTORY_IGNORE"):
            session = self.begin(PROMPT)
            with self.assertRaises(Ended):
                session.run(bad)
                session.run("echo a")
        session = self.begin(PROMPT)
        session.run(rule.good)
        self.assertIn("a", session.run("echo a"))

    def test_initrc_unguarded(self) -> None:
        rule = RULES["initrc-unguarded"]
        self.assertFalse(self.reaches_the_end(rule.bad))
        self.assertTrue(self.reaches_the_end(rule.good))

    def test_initrc_redirect(self) -> None:
        rule = RULES["initrc-redirect"]
        self.assertFalse(self.reaches_the_end(rule.bad))
        self.assertTrue(self.reaches_the_end(rule.good))

    def test_initrc_exit(self) -> None:
        rule = RULES["initrc-exit"]
        with self.assertRaises(Ended):
            self.begin(PROMPT + rule.bad)
        self.assertTrue(self.reaches_the_end(rule.good))

    def test_initrc_history(self) -> None:
        rule = RULES["initrc-history"]
        session = self.begin(PROMPT + rule.bad)
        self.assertIn("no_such_command", session.run("echo @HISTORY_IGNORE"))
        session = self.begin(PROMPT + rule.good)
        session.run("echo kept")
        with open(os.path.join(self.home, ".local/share/ion/history"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "echo kept\n")

    def test_initrc_status(self) -> None:
        rule = RULES["initrc-status"]
        self.assertIn("[1]> ", self.begin(PROMPT + rule.bad).plain())
        self.assertIn("[0]> ", self.begin(PROMPT + rule.good).plain())

    def test_each_is_here(self) -> None:
        for rule in RULES.values():
            if rule.how == TYPED:
                self.assertTrue(hasattr(self, "test_" + rule.name.replace("-", "_")), rule.name)


if __name__ == "__main__":
    if not os.environ.get("ION"):
        print("SKIPPED: " + HOW)
    sys.exit(run_tests(sys.modules[__name__], "ion_check.rules_in_ion", sys.argv[1:]))
