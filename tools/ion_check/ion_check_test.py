#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The rules on their examples, what Ion reads rightly, and the command line."""
import sys

sys.dont_write_bytecode = True

import os
import subprocess
import tempfile
import unittest
from typing import List, Tuple

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, os.pardir, os.pardir, "tests", "install"))

from junit import run_tests

from checks import check
from ion_check import line_and_column
from real_ion import HOW, ION, run_script
from rules import ERROR, RULES, TYPED, WARNING

VALID = os.path.join(HERE, "valid.ion")


def names(text: str, initrc: bool = False) -> List[str]:
    return [finding.rule.name for finding in check(text, initrc)]


def places(text: str) -> List[Tuple[str, str]]:
    return [(line_and_column(text, finding.offset), finding.rule.name) for finding in check(text)]


class Rules(unittest.TestCase):
    def test_each_bad_example_is_found(self) -> None:
        for rule in RULES.values():
            with self.subTest(rule.name):
                self.assertIn(rule.name, names(rule.bad, rule.initrc))

    def test_each_good_example_is_clean(self) -> None:
        for rule in RULES.values():
            with self.subTest(rule.name):
                # That of the last line is a rule of its own.
                found = [name for name in names(rule.good, rule.initrc) if rule.name == "initrc-status" or name != "initrc-status"]
                self.assertEqual(found, [])

    def test_nothing_else_is_found_in_most(self) -> None:
        also = {"brace-group": {"unclosed"}, "pipe-block": {"stray-keyword", "undefined-variable"}, "initrc-unguarded": {"initrc-status"},
                "initrc-exit": {"initrc-status"}}
        for rule in RULES.values():
            with self.subTest(rule.name):
                self.assertEqual(set(names(rule.bad, rule.initrc)) - {rule.name}, also.get(rule.name, set()))

    def test_they_are_well_formed(self) -> None:
        for name, rule in RULES.items():
            self.assertEqual(name, rule.name)
            self.assertIn(rule.kind, (ERROR, WARNING))
            self.assertRegex(name, "^[a-z0-9-]+$")
            if rule.how != TYPED:
                self.assertIsNotNone(rule.good_output, name)


class Valid(unittest.TestCase):
    """No false alarms."""

    def setUp(self) -> None:
        with open(VALID, encoding="utf-8") as file:
            self.text = file.read()

    def test_nothing_is_found(self) -> None:
        self.assertEqual(places(self.text), [])

    def test_ion_runs_it(self) -> None:
        if not ION:
            self.skipTest(HOW)
        with tempfile.TemporaryDirectory() as folder:
            status, out, err = run_script(self.text.encode(), folder)
        self.assertEqual(status, 0, err)
        self.assertTrue(out.endswith("\nend\n"), out)
        self.assertNotIn("error", err)

    def test_line_ends_of_dos(self) -> None:
        self.assertEqual(names("if true\r\n    echo a\r\nend\r\n"), [])

    def test_no_last_newline_and_nothing_at_all(self) -> None:
        self.assertEqual(names("if true; echo a; end"), [])
        self.assertEqual(names("") + names("\n\n") + names("# only this"), [])


class Places(unittest.TestCase):
    """Where things are found, and what is not taken for them."""

    def check(self, text: str, *expected: Tuple[str, str]) -> None:
        self.assertEqual(places(text), list(expected))

    def test_quotes_hide(self) -> None:
        self.check("echo '2>&1 (a) `b` $1 user@host ~ {'")
        self.check('echo "(a) 2>&1 ; | & { } a~"')
        self.check("echo a\\;b \\(c\\) \\$d \\@e \\`f \\{g")

    def test_comments_hide(self) -> None:
        self.check("# it's (a) 2>&1\necho a # it's `this`\necho a;# $1\n    # indented\n")
        self.check("echo a#(b)", ("1:8", "parenthesis"))

    def test_lines_that_go_on(self) -> None:
        self.check("echo a \\\n    2>&1", ("2:5", "redirect-ampersand"))
        self.check("true &&\n    nothing 2> f", ("2:13", "fd-redirect"))
        self.check("let a = [\n    x # comment's\n    y\n]\necho @a $1", ("5:9", "special-parameter"))
        self.check("let a = $(echo x\n    y $1)", ("2:7", "special-parameter"))

    def test_in_substitutions(self) -> None:
        self.check("echo $(echo $(ls 2>&1))", ("1:18", "redirect-ampersand"))
        self.check("echo \"a $(unset b) c\"", ("1:11", "not-a-command"))
        self.check("echo @(if true; ls; end) $(if true; ls)", ("1:28", "unclosed-block"))
        self.check("let a = [$(ls) @(ls) $nowhere]", ("1:22", "undefined-variable"))

    def test_numbers_before_redirections(self) -> None:
        self.check("echo 2 > f; echo a2> f; echo '2'> f")
        self.check("echo a 2>> f < g", ("1:8", "fd-redirect"))

    def test_an_unknown_function_is_not_judged(self) -> None:
        self.check("somewhere 1 2 3")

    def test_variables(self) -> None:
        self.check("let a = 1; fn f b; echo $a $b $c; end", ("1:31", "undefined-variable"))
        self.check("fn f; let inner = 1; end; echo $inner", ("1:32", "undefined-variable"))
        self.check("for i in 1..3; let last = $i; end; echo $i $last", ("1:44", "block-local"))
        self.check("source other; echo $anything")
        self.check("exists -s EDITOR && echo $EDITOR || echo $EDITOR", ("1:42", "undefined-variable"))
        self.check("read a b; echo $a $b; mapfile c; echo @c")
        self.check("export A = 1; fn f; export B = 1; end; echo $A $B")
        self.check("match x; case y @ name if true; echo $name; case _; end")

    def test_arrays(self) -> None:
        self.check("let a = @(ls); echo @a @a[0] @{a} \"@a\"")
        self.check("let a = 'x'; echo @a", ("1:19", "array-sigil"))
        self.check("let a:[int] = [1 2]; let b = @a; echo @b $a", ("1:42", "array-sigil"))
        self.check("fn f a:[str] b; echo @a $b $a; end", ("1:28", "array-sigil"))

    def test_guards(self) -> None:
        text = "if exists -b one && exists -b two\n    one; two; three\nelse\n    one\nend\nwhich four && four\nfive || true\nfn f; six; end\ntrue\n"
        self.assertEqual([(line_and_column(text, finding.offset), finding.rule.name) for finding in check(text, True)],
                         [("2:15", "initrc-unguarded"), ("4:5", "initrc-unguarded"), ("7:1", "initrc-unguarded")])

    def test_a_guarded_command_that_others_have(self) -> None:
        self.check("exists -b hash && hash")
        self.check("fn unset name; drop $name; end; unset a")

    def test_blocks(self) -> None:
        self.check("if true\nfor i in 1..2\nend\n", ("1:1", "unclosed-block"))
        self.check("else\nbreak\ncase a\nend", ("1:1", "stray-keyword"), ("2:1", "stray-keyword"), ("3:1", "stray-keyword"), ("4:1", "stray-keyword"))
        self.check("match a\necho b\ncase a\nend", ("2:1", "stray-keyword"))
        self.check("if true; else; else; end", ("1:16", "stray-keyword"))
        self.check("while true; fn f; break; end; f; end", ("1:19", "stray-keyword"))
        self.check("if true; echo a; end | cat", ("1:18", "pipe-block"))
        self.check("for i in 1..2; do echo a; done", ("1:16", "posix-keyword"), ("1:27", "posix-keyword"))

    def test_heredoc_is_skipped(self) -> None:
        self.check("cat <<EOF\n(not) `Ion` $1\nEOF\necho $1", ("1:5", "heredoc"), ("4:6", "special-parameter"))

    def test_nothing_stops_it(self) -> None:
        """Whatever the text: it ends, and there is an answer."""
        pieces = ["'", '"', "$(", "@(", "$((", "))", "(", ")", "[", "]", "{", "}", "\\", "\n", " ", ";", "&", "|", "^>", ">", "<<", "#", "a",
                  "let ", "=", "if ", "end", "fn ", "for ", " in ", "case ", "else", "$", "@", "~", "`", "${", "!", "é"]
        state = 1
        for _ in range(4000):
            text = ""
            for _ in range(12):
                state = (state * 1103515245 + 12345) % (1 << 31)
                text += pieces[(state >> 8) % len(pieces)]
            check(text, True)


class CommandLine(unittest.TestCase):
    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name

    def write(self, name: str, content: bytes) -> str:
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def run_it(self, *arguments: str, given: bytes = b"") -> Tuple[int, str, str]:
        done = subprocess.run([sys.executable, os.path.join(HERE, "ion_check.py"), *arguments], input=given, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, env={"PATH": "/usr/bin:/bin"})
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_clean(self) -> None:
        self.assertEqual(self.run_it(self.write("a.ion", b"echo a\n"), VALID), (0, "", ""))

    def test_an_error(self) -> None:
        path = self.write("a.ion", b"echo a\n  . file\n")
        self.assertEqual(self.run_it(path), (1, path + ":2:3: error: '.' runs no file; write: source FILE [dot-command]\n", ""))

    def test_warnings_are_no_failure(self) -> None:
        status, out, _ = self.run_it(self.write("a.ion", b"echo $nowhere\n"))
        self.assertEqual(status, 0)
        self.assertIn(":1:6: warning: '$nowhere' is set nowhere before", out)

    def test_columns_are_characters(self) -> None:
        self.assertIn(":1:10: error:", self.run_it(self.write("a.ion", "echo 'é' $1".encode()))[1])

    def test_standard_input(self) -> None:
        self.assertEqual(self.run_it("-", given=b"fi")[1][:13], "-:1:1: error:")

    def test_initrc_by_name_and_by_option(self) -> None:
        content = b"let HISTORY_IGNORE = [ whitespace ]\ntrue\n"
        self.assertEqual(self.run_it(self.write("a.ion", content))[0], 0)
        self.assertEqual(self.run_it("--initrc", self.write("a.ion", content))[0], 1)
        self.assertEqual(self.run_it(self.write("initrc", content))[0], 1)

    def test_cannot_read(self) -> None:
        path = self.write("a.ion", b"fi\n")
        status, out, err = self.run_it(os.path.join(self.folder, "none"), path, self.folder)
        self.assertEqual(status, 2)
        self.assertIn("a.ion:1:1", out)
        self.assertEqual(err, "ion-check: %s/none: No such file or directory\nion-check: %s: Is a directory\n" % (self.folder, self.folder))

    def test_wrong_usage(self) -> None:
        self.assertEqual(self.run_it()[0], 2)
        self.assertEqual(self.run_it("--nothing", "a")[0], 2)

    def test_not_utf8_and_a_mark(self) -> None:
        status, out, _ = self.run_it(self.write("a.ion", b"\xef\xbb\xbfecho a\necho \xff\n"))
        self.assertEqual(status, 1)
        self.assertIn("a.ion:1:1: error: a byte order mark", out)
        self.assertIn("a.ion:2:6: error: bytes that are not UTF-8", out)

    def test_a_name_that_is_not_utf8(self) -> None:
        path = os.fsencode(self.folder) + b"/\xff.ion"
        with open(path, "wb") as file:
            file.write(b"fi\n")
        done = subprocess.run([sys.executable, os.path.join(HERE, "ion_check.py"), path], stdout=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 1)

    def test_list(self) -> None:
        status, out, _ = self.run_it("--list")
        self.assertEqual(status, 0)
        self.assertEqual([line.split()[0] for line in out.splitlines()], list(RULES))


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], "ion_check", sys.argv[1:]))
