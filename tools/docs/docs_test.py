#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The checks of the documentation find what is wrong, and let pass what is right."""
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
# In Bazel a link of this name lies among the others' links; elsewhere this is the file itself.
sys.path.insert(0, os.path.dirname(os.path.abspath(sys.argv[0])))
sys.path.insert(1, os.path.dirname(sys.path[0]))
import commands
import diagrams
import generated
import links
import manual
import markdown

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), "../../tests/install"))
from in_folder import InFolder
from junit import run_tests


class Links(unittest.TestCase):
    """Links and paths."""

    FILES = {
        "README.md": "# Top\n\n## A `b`, and c!\n\n## Twice\n## Twice\n",
        "docs/a.md": "# A\n",
        "runtime/sys/sys.h": "",
    }

    def found(self, text: str) -> list:
        files = {**self.FILES, "docs/x.md": text}
        return list(links.check(["docs/x.md"], list(files), lambda path: markdown.parse(path, files[path])))

    def test_what_is_right(self) -> None:
        self.assertEqual(self.found(
            "# X\n[a](a.md) [b](../README.md#a-b-and-c) [c](#x) [d](../README.md#twice-1) [e](https://www.redox-os.org/a#b)\n"
            "[f](../runtime) [g](../docs/a.md)\n"
            "`runtime/sys/sys.h` `runtime/sys` `runtime/*/x` `runtime/NAME` `nothing/here`\n```\n[no](link)\n```\n`[no](link)`\n"), [])

    def test_what_is_wrong(self) -> None:
        for text, said in (
            ("[a](b.md)", "docs/x.md:1: there is no docs/b.md"),
            ("\n\n[a](../README.md#d)", "docs/x.md:3: README.md has no heading for #d; it has: a-b-and-c"),
            ("[a](#nowhere)", "docs/x.md has no heading"),
            ("[a]()", "docs/x.md:1: there is no"),
            ("[a](ftp://example.org/)", "write https://"),
            ("[a](https://localhost)", "no host name"),
            ("[a]: b.md", "docs/x.md:1: there is no docs/b.md"),
            ("`runtime/sys/sis.h`", "there is no runtime/sys/sis.h"),
            ("```sh\nfalse", "docs/x.md:1: this code block has no end"),
        ):
            found = self.found(text)
            self.assertEqual(len(found), 1, f"{text!r}: {found}")
            self.assertIn(said, found[0])


class Commands(unittest.TestCase):
    """Commands that are executed."""

    def found(self, text: str) -> list:
        with tempfile.TemporaryDirectory() as folder:
            return list(commands.run(markdown.parse("x.md", text), folder, {"PATH": os.environ["PATH"]}))

    def test_what_is_right(self) -> None:
        self.assertEqual(self.found(
            "```sh\necho a >f\n```\n\n```sh\ncat f\nprintf 'x 1\\ny\\nz\\n'\n```\n\n```text\na\nx …\n...\nz\n```\n\n"
            "<!-- status: 3 -->\n```sh\nexit 3\n```\n"
            "<!-- status: 1 -->\n```sh\ntrue\ntrue |\n  false\n\n```\n<!-- not run: it is wrong -->\n```sh\nfalse\n```\n"
            "<!-- not run: false: it is wrong -->\n```sh\nfalse\ntrue\n```\n"
            "<!-- before: echo b >g -->\n```sh\ncat g\n```\n```text\nb\n```\n```\nfalse\n```\n"), [])

    def test_what_is_wrong(self) -> None:
        for text, said in (
            ("```sh\ntrue\n\nfalse\ntrue\n```", "x.md:4: ended with the status 1, not 0"),
            ("```sh\nfalse | true\n```", "x.md:2: ended with the status 1"),
            ("```sh\necho $unset_variable\n```", "ended with the status 1"),
            ("<!-- status: 1 -->\n```sh\ntrue\n```", "ended with the status 0, not 1"),
            ("<!-- status: 1 -->\n```sh\ntrue\nfalse\n\necho a\n```", "x.md:4: ended with the status 1, not 0"),
            ("```sh\necho a\n```\n\n```text\nb\n```", "x.md:6: prints something else; write (with … for what varies):\n    a"),
            ("```sh\necho a\necho b\n```\n\n```text\na\n```", "prints something else"),
            ("```sh\ntrue\n```\n\n```text\n...\na\n```", "prints something else"),
            ("<!-- not run: -->\n```sh\ntrue\n```", "x.md:2: 'not run' without a reason"),
            ("<!-- before: false -->\n```sh\ntrue\n```", "x.md:3: what is to be done before fails: false"),
        ):
            found = self.found(text)
            self.assertEqual(len(found), 1, f"{text!r}: {found}")
            self.assertIn(said, found[0])

    def test_what_does_not_end(self) -> None:
        before = commands.LIMIT_SECONDS
        commands.LIMIT_SECONDS = 1
        try:
            self.assertIn("x.md:2: has not ended after 1 seconds", self.found("```sh\nsleep 60\n```")[0])
        finally:
            commands.LIMIT_SECONDS = before

    def test_what_is_skipped_is_counted(self) -> None:
        text = "<!-- not run: why -->\n```sh\na\nb\n```\n<!-- not run: c: why -->\n```sh\nc 1\nd\n```\n"
        found = list(commands.commands_of(markdown.parse("x.md", text)))
        self.assertEqual([command.skipped for command in found], [2, 1])
        self.assertEqual([command.text for command in found], [[], ["", "d"]])


class ScratchFolder(InFolder):
    """Where commands are executed."""

    def test_what_is_none_of_the_projects_is_left_alone(self) -> None:
        self.write({
            "checkout/coreutils/x": "", "checkout/disk.img": "precious", "checkout/shell-ext/both/x": "",
            "checkout/out/host/usr/bin/both": "", "checkout/out/host/usr/bin/ls": "", "scratch/x": "",
            "checkout/out/image/cation_image": "#!/bin/sh\necho image >redox.img\n",
        })
        os.chmod("checkout/out/image/cation_image", 0o755)
        scratch = os.path.abspath("scratch")
        os.chdir("checkout")
        commands.prepare(scratch, os.getcwd(), "x86_64")
        with open("disk.img", encoding="utf-8") as file:
            self.assertEqual(file.read(), "precious")
        self.assertEqual(sorted(os.listdir(scratch)), [".bin", "cation", "coreutils", "disk.img", "out", "redox.img", "shell-ext", "x"])
        self.assertEqual(os.listdir(scratch + "/.bin"), ["both"])


class Diagrams(unittest.TestCase):
    """The build graph."""

    def test_reduced(self) -> None:
        graph = {"//a:a": {"//b:b", "//c:c"}, "//b:b": {"//x:between"}, "//x:between": {"//c:c"}, "//c:c": set()}
        nodes = diagrams.grouped(graph, [("//(.):[abc]", "\\1")])
        self.assertEqual(nodes, {"a": {"b", "c"}, "b": {"c"}, "c": set()})
        self.assertEqual(diagrams.reduced(nodes), {"a": {"b"}, "b": {"c"}, "c": set()})
        self.assertIn("n0 --> n1", diagrams.mermaid(diagrams.reduced(nodes)))

    def test_what_is_wrong(self) -> None:
        with self.assertRaisesRegex(diagrams.Failure, "down only: a, b"):
            diagrams.reduced({"a": {"b"}, "b": {"a"}})
        with self.assertRaisesRegex(diagrams.Failure, "no target is named by: //gone:.*"):
            diagrams.grouped({"//a:a": set()}, [("//a:a", "a"), ("//gone:.*", "gone")])


class Generated(unittest.TestCase):
    """What is compared with what is in docs/."""

    ROFF = (
        '.\\" a comment\n.TH LS 1 "2026-01-01" "Cation 0.1.0" "User Commands"\n.SH NAME\nls \\- lists [x]\n.SH OPTIONS\n'
        ".TP\n\\fB\\-a\\fR, \\fB\\-\\-all\\fR=\\fIX\\fR\nall\n.br\nof it\n"
    )

    def test_manual_page(self) -> None:
        text, summary = manual.convert(self.ROFF)
        self.assertEqual(text, "# ls(1)\n\n## Name\n\nls - lists \\[x\\]\n\n## Options\n\n`-a`, `--all`=*X* — all <br> of it\n")
        self.assertEqual(summary, "lists \\[x\\]")
        self.assertEqual(list(generated.lost_words({"ls": self.ROFF})), [])

    def test_a_summary_of_two_lines(self) -> None:
        self.assertEqual(manual.convert(self.ROFF.replace("lists [x]\n", "lists\nall of it\n"))[1], "lists all of it")

    def test_a_page_that_is_not_understood(self) -> None:
        for more in (".RS\n", "\\fCx\n", "\\*x\n"):
            with self.assertRaises(generated.Failure):
                generated.pages({"ls": self.ROFF + more})

    def test_lost_words(self) -> None:
        # mandoc follows a request that is a comment for us.
        convert = manual.convert
        manual.convert = lambda page: (convert(page)[0].replace("all", ""), "")
        try:
            self.assertEqual(len(list(generated.lost_words({"ls": self.ROFF}))), 1)
        finally:
            manual.convert = convert

    def test_markers(self) -> None:
        text = "a\n<!-- diagram:begin d -->\nold\n<!-- diagram:end -->\nb\n"
        self.assertEqual(generated.with_diagrams("x.md", text, {"d": "new"}), text.replace("old", "new"))
        for wrong in (text.replace("begin d", "begin e"), text + "<!-- diagram:begin d -->\n"):
            with self.assertRaises(generated.Failure):
                generated.with_diagrams("x.md", wrong, {"d": "new"})

    def test_outdated_and_renewed(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            before = os.getcwd()
            os.chdir(folder)
            try:
                os.makedirs("docs/man")
                for path, text in (("docs/a.md", "one\ntwo\n"), ("docs/man/gone.md", "")):
                    with open(path, "w", encoding="utf-8") as file:
                        file.write(text)
                wanted = {"docs/a.md": "one\n2\n", "docs/b.md": "b\n"}
                found = list(generated.outdated(wanted, ["docs/man/gone.md"]))
                self.assertEqual([finding.split(" ")[0] for finding in found], ["docs/a.md:2:", "docs/b.md:1:", "docs/man/gone.md:1:"])
                self.assertTrue(all("./cation docs" in finding for finding in found), found)
                self.assertEqual(sorted(generated.renew(wanted, ["docs/man/gone.md"])), ["docs/a.md", "docs/b.md", "docs/man/gone.md"])
                self.assertEqual(list(generated.outdated(wanted, [])), [])
                self.assertEqual(generated.renew(wanted, []), [])
            finally:
                os.chdir(before)


class Check(unittest.TestCase):
    """The program itself."""

    def run_in(self, text: str, *arguments: str) -> "subprocess.CompletedProcess":
        check = os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), "check.py")
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "a.md"), "w", encoding="utf-8") as file:
                file.write(text)
            return subprocess.run([sys.executable, check, *arguments], cwd=folder, capture_output=True, text=True, check=False)

    def test_status_and_last_line(self) -> None:
        done = self.run_in("[b](a.md)\n", "links")
        self.assertEqual((done.returncode, done.stdout), (0, "docs: 1 checked, 0 findings\n"), done.stderr)
        done = self.run_in("[b](b.md)\n", "links")
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (1, "docs: 1 checked, 1 findings"), done.stderr)
        self.assertEqual(self.run_in("", "lynx").returncode, 2)
        # No release to take manual pages from.
        self.assertEqual(self.run_in("", "generated").returncode, 2)


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], "docs", sys.argv[1:]))
