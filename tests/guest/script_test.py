#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The writer of scripts: each step of runner/README.md, quoting, what is refused, and data()."""
import sys

sys.dont_write_bytecode = True
import os
import re
import struct
import unittest
from typing import Callable, List

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from script import FEATURES, PIPE, Script, Steps, crc, data, quoted

_README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "runner/README.md")


def slow_data(size: int, seed: int) -> bytes:
    """As the README has it, word by word."""
    mask = (1 << 64) - 1
    words = []
    for i in range((size + 7) // 8):
        x = ((seed << 32) + i + 0x9e3779b97f4a7c15) & mask
        x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9 & mask
        x = (x ^ x >> 27) * 0x94d049bb133111eb & mask
        words.append(x ^ x >> 31)
    return struct.pack("<%dQ" % len(words), *words)[:size]


def unquoted(word: bytes) -> bytes:
    """What run-cases makes of a word."""
    if not word.startswith(b'"'):
        return word
    escapes = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"\\": b"\\", b'"': b'"'}

    def one(match: "re.Match[bytes]") -> bytes:
        return escapes[match.group(1)] if match.group(1) in escapes else bytes([int(match.group(1)[1:], 16)])
    return re.sub(rb"\\(x[0-9a-f]{2}|.)", one, word[1:-1], flags=re.DOTALL)


def verbs_of_readme() -> List[str]:
    """The steps that the README's table has."""
    with open(_README, encoding="utf-8") as file:
        table = file.read().split("## Scripts", 1)[1]
    return [word.split(" ")[0].rstrip("`") for line in table.splitlines() if line.startswith("| `")
            for word in re.findall(r"`([a-z-]+(?: [A-Z][^`]*)?)`", line.split("|")[1])]


class ScriptTest(unittest.TestCase):
    """Script and Steps."""

    def one(self, write: Callable[[Steps], None]) -> bytes:
        """The line that a step becomes."""
        steps = Steps("case", 1)
        write(steps)
        self.assertEqual(len(steps.lines), 1)
        return steps.lines[0]

    def test_each_step_of_the_readme_can_be_written(self) -> None:
        """The table is the measure: a step that comes is a method here."""
        verbs = verbs_of_readme()
        self.assertGreater(len(verbs), 45)
        for verb in verbs:
            if verb != "case":
                self.assertTrue(hasattr(Steps, verb.replace("-", "_")), verb)

    def test_features_are_the_readme_s(self) -> None:
        """Each way round."""
        with open(_README, encoding="utf-8") as file:
            line = next(line for line in file if line.startswith("| `needs-feature NAME`"))
        self.assertEqual(set(re.findall(r"`([a-z0-9-]+)`", line.split("|")[2])), set(FEATURES))

    def test_lines(self) -> None:
        """Each kind of word."""
        for write, line in (
                (lambda s: s.file("a b", b"\x00\xff\n\t\"\\|", 0o4755), rb'file "a b" 04755 "\x00\xff\n\t\"\\|"'),
                (lambda s: s.data("d", 5, 6, 0o600), b"data d 0600 5 6"),
                (lambda s: s.modified("f", 1614834367_123456789), b"modified f 1614834367 123456789"),
                (lambda s: s.run("cat", "|", "", PIPE, "ls", "#x"), b'run cat "|" "" | ls "#x"'),
                (lambda s: s.file_is("f", b"", None), b'file-is f - ""'),
                (lambda s: s.crc_is("f", b"abc", 0o644), b"crc-is f 0644 3 352441c2"),
                (lambda s: s.output_crc(b""), b"output-crc 0 00000000"),
                (lambda s: s.reasons("No such file or directory"), b'reasons "No such file or directory"'),
                (lambda s: s.reasons(), b"reasons"),
                (lambda s: s.umask(0o77), b"umask 077"),
                (lambda s: s.one_of("f", (1, 2), (3, 4)), b"one-of f 1 2 3 4"),
                (lambda s: s.entries("d", b"\xff", "x"), rb'entries d "\xff" x'),
                (lambda s: s.set("A", "b=c"), b"set A b=c"),
                (lambda s: s.start_time("cat", 10, "cat", "f"), b"start-time cat 10 cat f"),
                (lambda s: s.comment("a\u00e9"), b"# a\\xe9"),
        ):
            self.assertEqual(self.one(write), line)

    def test_words_come_back(self) -> None:
        """Whatever bytes."""
        for content in (bytes(range(256)), b"", b"plain", b"a b", b"#", b"|", b"\\x41", b'"', "\u00fc\u20ac".encode()):
            word = quoted(content)
            self.assertEqual(unquoted(word), content)
            self.assertTrue(all(32 <= byte < 127 for byte in word), word)
            self.assertTrue(content != b"|" or word != b"|")

    def test_refused(self) -> None:
        """What run-cases would refuse, or take for something else."""
        refused: List[Callable[[Steps], None]] = [
            lambda s: s.run("cat\0x"), lambda s: s.run("cat", b"\0"), lambda s: s.run(), lambda s: s.run("cat", PIPE),
            lambda s: s.run(PIPE, "cat"), lambda s: s.run(*["cat", PIPE] * 8, "cat"), lambda s: s.file("", b""),
            lambda s: s.modified("f", -1), lambda s: s.data("f", -1, 1), lambda s: s.data("f", 1, 1 << 64),
            lambda s: s.file("f", b"", 0o10000), lambda s: s.mode("f", -1), lambda s: s.umask(0o1000), lambda s: s.needs_feature("x"),
            lambda s: s.set("", "x"), lambda s: s.set("a=b", "x"), lambda s: s.unset(""), lambda s: s.entries("d", "a/b"),
            lambda s: s.entries("d", ""), lambda s: s.one_of("f"), lambda s: s.start_time("x", 0, "cat"), lambda s: s.link("a\0", "b")]
        for number, write in enumerate(refused):
            with self.subTest(number=number), self.assertRaises(ValueError):
                write(Steps("case", 1))
        for name in ("", "-a", ".a", "A", "a b", "a/b", "a\n"):
            with self.subTest(name=name), self.assertRaises(ValueError):
                Steps(name, 1)
        with self.assertRaises(ValueError):
            Steps("a", 0)

    def test_scripts(self) -> None:
        """Variables, then cases with their limits; no name twice."""
        script = Script({"LC_ALL": "C"})
        script.case("a.b", 10).run("cat")
        script.case("c", 0.1)
        self.assertEqual(script.text(), b"set LC_ALL C\ncase a.b 10\nrun cat\ncase c 1\n")
        self.assertEqual(script.text(2.5), b"set LC_ALL C\ncase a.b 25\nrun cat\ncase c 1\n")
        with self.assertRaises(ValueError):
            script.case("c")

    def test_data(self) -> None:
        """Is the README's, of any size; its beginnings are those of less."""
        for size in (0, 1, 7, 8, 9, 16, 8191 * 8, 8192 * 8, 8192 * 8 + 1, 200_003):
            self.assertEqual(data(size, 5), slow_data(size, 5), size)
        self.assertEqual(data(1000, 1 << 33), slow_data(1000, 1 << 33))
        self.assertEqual(data(100_000, 3)[:70_000], data(70_000, 3))
        self.assertNotEqual(data(16, 3), data(16, 4))
        # As zlib has it.
        self.assertEqual(crc(b"123456789"), "cbf43926")


if __name__ == "__main__":
    unittest.main()
