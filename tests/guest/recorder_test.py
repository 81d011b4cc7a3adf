#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The recorder: what it writes of small cases, what it refuses and why; and that what it writes can fail.

usage: recorder_test.py GUEST_PROGRAMS FOLDER [OPTION-OF-UNITTEST]...

GUEST_PROGRAMS and FOLDER have a folder for each architecture, with run-cases and with the programs.
"""
import sys

sys.dont_write_bytecode = True
import os
import pickle
import re
import subprocess
import tempfile
import unittest
from typing import Callable, Dict, List, Sequence, Tuple

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import catalogue
from data import data
from harness import SOME_TIME, Case, Definition, Dir, Fifo, File, Hard, Link, make_deep
from recorder import PLAIN, VARIABLES, Recorded, Recorder, Why, has_powers
from script import Script, Steps


def run_script(script: bytes) -> Dict[str, Tuple[str, str]]:
    """What run-cases says of each case."""
    with tempfile.TemporaryDirectory(prefix="recorder-test.", dir=os.environ.get("TEST_TMPDIR")) as folder:
        path = os.path.join(folder, "script")
        with open(path, "wb") as file:
            file.write(script)
        done = subprocess.run([RecorderTest.run_cases, "--programs=" + RecorderTest.programs, "--work=%s/work" % folder, path],
                              stdout=subprocess.PIPE, check=False, timeout=500)
    found = re.findall(r"^=== (PASS|FAIL|SKIP) (\S+?):? (.*)$", done.stdout.decode("ascii"), re.MULTILINE)
    return {name: (outcome, why) for outcome, name, why in found}


class RecorderTest(unittest.TestCase):
    """Recorder."""
    run_cases = ""
    programs = ""

    def record(self, function: Callable[[Case], None], name: str = "a.case") -> Recorded:
        """What comes of one case."""
        with Recorder() as recorder:
            return recorder.record(Definition(name, function, 20))

    def lines(self, function: Callable[[Case], None]) -> List[bytes]:
        """The lines of a case that is recorded."""
        recorded = self.record(function)
        self.assertIsNone(recorded.why, recorded.detail)
        return recorded.scripts[0].lines

    def test_a_small_case(self) -> None:
        """Files, a run, and all that is expected of it."""
        def small(t: Case) -> None:
            t.tree({"d": Dir(mode=0o750), "d/f": File(b"x\n", mode=0o640), "l": Link("d/f")})
            t.same("cat", "d/f", "missing", "l", status=1, complaints=["missing: No such file"])
        self.assertEqual(self.lines(small), [
            b"needs-feature permissions", b"needs-feature symbolic-links",
            b"directory d 0755", rb'file d/f 0640 "x\n"', b"link d/f l",
            b"modified d/f 1614834367 123456789", b"modified d 1614834367 123456789", b"mode d 0750",
            b"run cat d/f missing l", b"status 1", rb'output "x\nx\n"', b"complaints cat", b'reasons "No such file or directory"',
            b'errors-have "cat: missing: No such file"',
            b"directory-is . 0755", b"directory-is d 0750", rb'file-is d/f 0640 "x\n"', b"link-is l d/f",
            b"entries . d l", b"entries d f"])

    def test_runs(self) -> None:
        """Input, umask, variables that come and go, output into files."""
        def runs(t: Case) -> None:
            t.same("cat", "-", stdin=b"given", umask=0o077, into="out", environment={"A": "1", "TZ": "UTC-1"})
            t.same("cat", "out", append="log")
        lines = self.lines(runs)
        first = lines.index(b"umask 077")
        self.assertEqual(lines[first:first + 6], [
            b"umask 077", b"set A 1", b"set TZ UTC-1", b"input given", b"output-to out", b"run cat -"])
        self.assertIn(b"file-is out 0600 given", lines)
        again = lines.index(b"umask 022")
        self.assertEqual(lines[again:again + 5], [
            b"umask 022", b"unset A", b"set TZ UTC0", b"append-to log", b"run cat out"])

    def test_links_and_times(self) -> None:
        """One file or two, the times of what is copied, and that only those of links are needed which count."""
        def keep(t: Case) -> None:
            t.tree({"a": File(b"a", time=SOME_TIME + 5), "b": Hard("a"), "other": b"a", "l": Link("a")})
            t.same("cp", "-a", "a", "b", "l", "d", status=1, words=False)
            t.tree({"d": Dir()})
            t.same("cp", "-a", "a", "b", "other", "l", "d", links=True, status=0)
            t.same_times("d/a")
        recorded = self.record(keep)
        self.assertEqual([script.name for script in recorded.scripts], ["a.case", "a.case" + PLAIN])
        full, plain = (script.lines for script in recorded.scripts)
        self.assertIn(b"needs-feature hard-links", full)
        self.assertIn(b"hard-link a b", full)
        self.assertIn(b"same-file d/a d/b", full)
        self.assertIn(b"other-file d/a d/other", full)
        self.assertIn(b"modified-is d/a 1614834367 123456794", full)
        self.assertIn(b"modified l 1614834367 123456789", full)
        self.assertFalse([line for line in plain if b"hard-link" in line or b"modified l " in line or b"same-file" in line])
        self.assertIn(b"other-file d/a d/b", plain)
        self.assertIn(b"file-is d/b 0644 a", plain)

        def no_times(t: Case) -> None:
            t.tree({"l": Link("a")})
            t.same("rm", "l", status=0)
        self.assertFalse([line for line in self.lines(no_times) if b"modified" in line or b"link-times" in line])

    def test_plain(self) -> None:
        """Names and files that RedoxFS lacks go, from the tree and from command lines."""
        def odd(t: Case) -> None:
            t.tree({b"\xff": b"1", b"a:b": b"2", b"n" * 253: b"3", b"n" * 252: b"4", "p": Fifo(), "plain": b"5"})
            t.same("rm", b"\xff", "plain", status=0)
            t.same("rm", b"missing\xff", status=1)
            t.same("rm", "p", status=0)
        full, plain = (script.lines for script in self.record(odd).scripts)
        for feature in (b"any-bytes", b"names-with-colon", b"names-of-255", b"fifos"):
            self.assertIn(b"needs-feature " + feature, full)
            self.assertNotIn(b"needs-feature " + feature, plain)
        self.assertEqual([line for line in plain if line.startswith(b"run ")], [b"run rm plain"])
        self.assertEqual([line for line in full if line.startswith(b"run ")],
                         [rb'run rm "\xff" plain', rb'run rm "missing\xff"', b"run rm p"])
        self.assertTrue(plain[0].startswith(b"# without"))
        self.assertIn(b"entries . " + b"n" * 252, plain)

    def test_what_redox_lacks(self) -> None:
        """Hard links that ln would make, times of links, and what is refused for a slash or ".." at its end: who needs what."""
        def needs(*words: str) -> List[List[bytes]]:
            def run(t: Case) -> None:
                t.tree({"f": b"", "d": Dir(), "to-f": Link("f")})
                t.same(*words, words=False)
                t.same("ls", shared=True)
            return [[line.split()[1] for line in script.lines if line.startswith(b"needs-feature")] for script in self.record(run).scripts]

        base = [b"permissions", b"symbolic-links"]
        for words, feature in ((("ln", "f", "g"), b"hard-links"), (("ln", "-f", "f", "f"), b"hard-links"), (("ln", "-Ssr", "f", "g"), b"hard-links"),
                               (("touch", "-hr", "to-f", "f"), b"link-times"), (("touch", "f/"), b"trailing-slashes"),
                               (("touch", "missing/"), b"trailing-slashes"), (("rmdir", "missing/.."), b"dot-dot"),
                               (("rmdir", "f/../d"), b"dot-dot")):
            with self.subTest(words=words):
                found = needs(*words)
                self.assertEqual(len(found), 2)
                self.assertEqual((found[0], found[1]), (sorted(base + [feature]), [b"symbolic-links"]))
        for words in (("ln", "-s", "f", "g"), ("ln", "--symbolic", "f", "g"), ("ln", "-fs", "f", "g"), ("ln", "-srf", "f", "to-f"),
                      ("ln", "missing", "g"),
                      ("touch", "-r", "f", "d/"), ("rmdir", "d/../d"), ("rmdir", "missing/..."), ("basename", "missing/..")):
            with self.subTest(words=words):
                self.assertEqual(needs(*words), [base])

        def says_later(t: Case) -> None:
            t.tree({"f": b"1", "p": Fifo()})
            t.gives("mv", "p", "q")
            t.gives("mv", "q", "r")
        self.assertEqual([script.name for script in self.record(says_later).scripts], ["a.case"])

    def test_listings(self) -> None:
        """Of a long one, what file systems have otherwise is left open, and nothing else."""
        def listing(t: Case) -> None:
            t.tree({"f": b"12345", "d": Dir(), "l": Link("f")})
            t.same("ls", "-l", shared=True, status=0)
            t.same("ls", "-n", shared=True, status=0)
        lines = self.lines(listing)
        self.assertIn(rb'output-like "total\x02\ndrwxr-xr-x\x02 root root\x02 Mar  4  2021 d\n-rw-r--r--\x011 root root\x015 Mar  4  2021 f\n'
                      rb'l\x03\x011 root root\x011 Mar  4  2021 l -> f\n"', lines)
        self.assertIn(rb'output-like "total\x02\ndrwxr-xr-x\x02 0 0\x02 Mar  4  2021 d\n-rw-r--r--\x011 0 0\x015 Mar  4  2021 f\n'
                      rb'l\x03\x011 0 0\x011 Mar  4  2021 l -> f\n"', lines)
        self.assertIn(b"needs-feature link-times", lines)
        self.assertFalse([line for line in lines if line.startswith((b"file-is", b"entries"))])

    def test_much(self) -> None:
        """Of data() a line; of other much a CRC; and not too much."""
        def much(t: Case) -> None:
            t.tree({"f": data(300_000, 2), "g": b"x" * 5000})
            t.same("cp", "f", "h", status=0)
            t.same("cat", "f", shared=True)
            t.same("cat", "g", "g", shared=True)
            t.same("cat", stdin=data(100_000, 3), shared=True)
        lines = self.lines(much)
        for line in (b"data f 0644 300000 2", b"data-is h 0644 300000 2", b"output-data 300000 2", b"data ../input 0644 100000 3",
                     b"input-from ../input", b"output-data 100000 3"):
            self.assertIn(line, lines)
        self.assertTrue(any(re.match(rb"crc-is g 0644 5000 [0-9a-f]{8}$", line) for line in lines))
        self.assertTrue(any(re.match(rb"output-crc 10000 [0-9a-f]{8}$", line) for line in lines))
        self.assertLess(lines.index(b"work in"), lines.index(b"data f 0644 300000 2"))

        def too_much(t: Case) -> None:
            t.tree({"f": b"x" * 300_000})
        self.assertEqual(self.record(too_much).why, Why.TOO_LARGE)

    def test_both(self) -> None:
        """What a function has made is found."""
        def made(t: Case) -> None:
            t.tree({"d": Dir(), "gone": b""})

            def make(folder: bytes) -> None:
                os.mkdir(folder + b"/d/e")
                with open(folder + b"/d/e/f", "wb") as file:
                    file.write(b"y")
                os.link(folder + b"/d/e/f", folder + b"/d/g")
                os.symlink("e", folder + b"/d/l")
                os.chmod(folder + b"/d", 0o700)
                os.unlink(folder + b"/gone")
            t.both(make)
            t.same("ls", "d", shared=True, status=0)
        lines = self.lines(made)
        begin = lines.index(b"remove gone")
        self.assertEqual(lines[begin:begin + 6], [
            b"remove gone", b"directory d/e 0755", b"file d/g 0644 y", b"link e d/l", b"hard-link d/g d/e/f", b"mode d 0700"])

    def test_what_is_not_recorded(self) -> None:
        """And why."""
        def hold(t: Case) -> None:
            outcome = t.same("cat", "missing")
            t.expect(outcome.status == 1, "status")

        def after_a_program_without_a_peer(t: Case) -> None:
            t.tree({"f": b""})
            t.gives("more", "f")
            t.same("cat", "f", status=0)

        def runs_a_file(t: Case) -> None:
            t.tree({"f": File(b"#!/bin/sh\n", mode=0o755)})
            t.same("env", "./f")

        def before_1970(t: Case) -> None:
            t.tree({"f": b""})
            t.same("touch", "-d", "1969-12-31 00:00", "f", times=True, status=0)

        refused: Dict[Why, List[Callable[[Case], object]]] = {
            Why.COUNTS: [lambda t: t.run("cat", count=True)],
            Why.STREAMS: [lambda t: t.same("cat", closed=[0]), lambda t: t.same("cat", stdout="/dev/full"), lambda t: t.same("cat", stdout=3),
                          lambda t: t.same("cat", no_sigpipe=True), lambda t: t.run("cat", inherit_stdin=True)],
            Why.PIPE: [lambda t: t.same("tail", "-f", stdin=b"x"), lambda t: t.same("tail", "-c1", "--follow", "-", stdin=b"x"),
                       lambda t: t.same("wc"), lambda t: t.same("wc", "-lw", stdin=b"x"), lambda t: t.same("wc", "-l", "-", "-")],
            Why.FOLDERS: [lambda t: os.mkdir(t.ours), lambda t: t.gnu, lambda t: t.root, lambda t: t.run("cat", folder=b"/")],
            Why.OUTCOME: [hold, lambda t: t.run("cat").errors, lambda t: t.run_gnu("cat"), after_a_program_without_a_peer],
            Why.PROGRAMS: [lambda t: t.programs.runner],
            Why.MEMORY: [lambda t: t.limits_memory()],
            Why.SYSTEM: [lambda t: t.same("cat", "/proc/version"), lambda t: t.same("cp", "-t/etc", "f"),
                         lambda t: t.same("ls", environment={"TZ": "Europe/Berlin"}), lambda t: t.same("ls", "/bin/sh"),
                         lambda t: t.same("ls", "-d", "/tmp"), lambda t: t.same("timeout", "9", "sh", "-c", "exit 3"),
                         lambda t: t.gives("time", "sh", "-c", "exit 3", status=3), lambda t: t.same("env", "sh", "-c", "exit 3"),
                         lambda t: t.same("env", "-i", "-C", ".", "A=1", "sh"), lambda t: t.same("env", "-S", "A=1"),
                         lambda t: t.same("env", "--argv0=x", "missing/x"), runs_a_file],
            Why.NUMBERS: [lambda t: t.same("ls", "-li"), lambda t: t.same("ls", "-s"), lambda t: t.same("ls", "--inode"),
                          lambda t: t.same("ls", "-tc"), lambda t: t.same("stat", "."), lambda t: t.same("stat", "-c", "%i", "."),
                          lambda t: t.same("stat", "--printf=%n %-9.3X", "."), lambda t: t.same("stat", "-f", "-c", "%n", "."),
                          lambda t: t.same("du"), lambda t: t.same("du", "-b", ".")],
            Why.OWNERS: [lambda t: t.needs_owners(), lambda t: t.same("id"), lambda t: t.same("whoami"),
                         lambda t: t.same("stat", "-c", "%n %U", ".")],
            Why.MACHINE: [lambda t: t.same("uname"), lambda t: t.same("df"), lambda t: t.same("tty", stdin=b"")],
            Why.PEER: [lambda t: t.same("less", "f"), lambda t: t.same("which", "cat"), lambda t: t.same("cation-box", "cat")],
            Why.DIFFERS: [lambda t: t.same("ls", "-la"), lambda t: t.same("ls", "-ld", "--time-style=+%s", "."), lambda t: t.same("pwd")],
            Why.TIMES: [lambda t: t.tree({"f": File(b"", time=-1)}), lambda t: t.tree({"f": File(b"", time=2 * 10**18)}),
                        lambda t: t.same("date"), lambda t: t.same("date", "-u", "+%Y"), before_1970],
            Why.TOO_LARGE: [lambda t: t.both(lambda folder: make_deep(folder, "n" * 60, 150))],
            Why.NOTHING: [lambda t: None, lambda t: t.tree({"f": b""})],
            Why.GNU: [lambda t: t.same("cat", "missing", status=0), lambda t: t.same("nosuchprogram"),
                      lambda t: t.same("cat", "missing", complaints=[])],
        }
        for why, functions in refused.items():
            for number, function in enumerate(functions):
                with self.subTest(why=why, number=number):
                    recorded = self.record(function)  # type: ignore[arg-type]
                    self.assertEqual((recorded.why, recorded.scripts), (why, []), recorded.detail)

        def locked(t: Case) -> None:
            t.tree({"f": File(b"", mode=0)})
            t.same("cat", "f", status=1)
        self.assertIn(self.record(locked).why, (Why.PERMISSIONS, Why.NO_POWERS))

    def test_what_each_system_has_alike(self) -> None:
        """The same programs, where what they print is no system's own; and where they print nothing at all."""
        def alike(t: Case) -> None:
            t.tree({"f": b"12345"})
            t.same("stat", "-c", "%n %s %F %a %%u", "f", status=0)
            t.same("stat", "missing", status=1)
            t.same("du", "-b", "f", status=0)
            t.same("du", "--inodes", "f", status=0)
            t.same("date", "-d", "2021-03-04", "+%j", status=0)
            t.same("date", "-r", "f", status=0)
            t.same("id", "no-such-user-here", status=1)
            t.same("df", output=False, status=0)
            t.same("timeout", "9", "cat", "f", status=0)
            t.same("timeout", "9", "no-such-program-here", status=127, words=False)
            t.same("env", "-C", ".", "-u", "A", "B=1", "true", status=0)
            t.same("env", "missing/x", status=127)
            t.same("env", "-@", "sh", status=125)
            t.same("env", "--no-such-option", "sh", status=125)
        lines = self.lines(alike)
        for line in (rb'output "f 5 regular file 644 %u\n"', rb'output "5\tf\n"', rb'output "1\tf\n"', rb'output "063\n"',
                     rb'output "Thu Mar  4 05:06:07 UTC 2021\n"'):
            self.assertIn(line, lines)
        self.assertEqual(sum(line.startswith(b"run ") for line in lines), 14)
        # After df nothing is expected of what it prints.
        self.assertEqual(lines[lines.index(b"run df") + 1:lines.index(b"run df") + 3], [b"status 0", rb'errors ""'])

    def test_what_the_case_says(self) -> None:
        """Runs of ours alone: GNU's does the same to the files, if it is no program that only prints, and if there is one."""
        def says(t: Case) -> None:
            t.tree({"f": b"1", "box": Dir()})
            t.gives("which", "./f", status=1)
            t.gives("more", "f", out=b"1")
            t.expect_complaint(t.run("cation-box", "--install", "missing"), "cation-box", 1, "missing: No such file or directory")
            t.refuses("kill", "-l", "nothing", status=1)
            t.gives("cat", "f", out=None, errors=None)
            t.holds("f", b"1")
        self.assertEqual(self.lines(says), [
            b"needs /usr/bin/cation-box", b"needs-feature permissions",
            b"file f 0644 1", b"directory box 0755", b"modified box 1614834367 123456789", b"modified f 1614834367 123456789",
            b"run which ./f", b"status 1", rb'output ""', rb'errors ""',
            b"run more f", b"status 0", b"output 1", rb'errors ""',
            b"run cation-box --install missing", b"status 1", rb'output ""',
            rb'errors "cation-box: missing: No such file or directory\n"',
            b"run kill -l nothing", b"status 1", rb'output ""', b"complaints kill",
            b"run cat f", b"status 0", b"file-is f - 1"])

        def goes_on(t: Case) -> None:
            t.tree({"f": b"1"})
            t.gives("mv", "f", "g")
            t.gives("timeout", "-s", "KILL", "9", "cat", "g", status=-9, out=b"1")
            t.same("cat", "g", status=0)
        lines = self.lines(goes_on)
        self.assertIn(b"file-is g 0644 1", lines)
        self.assertEqual(lines[lines.index(b"run timeout -s KILL 9 cat g") + 1], b"signal 9")

    def test_much_input(self) -> None:
        """What is no data() is written once, as long as it is the same."""
        def much(t: Case) -> None:
            for content in (b"x\n" * 50_000, b"x\n" * 50_000, b"y\n" * 50_000):
                t.same("wc", "-l", stdin=content, status=0)
        lines = self.lines(much)
        self.assertEqual([line.split(b" ")[:3] for line in lines if b"../input" in line], [
            [b"file", b"../input", b"0644"], [b"input-from", b"../input"], [b"input-from", b"../input"],
            [b"file", b"../input", b"0644"], [b"input-from", b"../input"]])

    def test_deep_trees(self) -> None:
        """They are made where their paths are short enough, and taken away in any case."""
        def deep(t: Case) -> None:
            t.both(lambda folder: make_deep(folder, "d", 30, ["a"]))
            t.same("chmod", "-R", "go=", ".", status=0)
        lines = self.lines(deep)
        self.assertIn(b"directory " + b"/".join([b"d"] * 30) + b" 0755", lines)
        self.assertIn(b"file " + b"d/" * 29 + rb'a 0644 ""', lines)
        self.assertIn(b"directory-is " + b"/".join([b"d"] * 30) + b" 0700", lines)
        self.assertIn(b"file-is " + b"d/" * 29 + rb'a 0600 ""', lines)

    def test_what_was_recorded_when_all_was_built(self) -> None:
        """It is what is recorded now, of each case, and is not taken where GNU is another."""
        saved, recorded = catalogue.saved, dict(catalogue._RECORDED)  # pylint: disable=protected-access
        chosen = ["cat.names", "which.search", "uname.parts", "whoami.common.unknown-option"]
        with tempfile.TemporaryDirectory(prefix="recorder-test.", dir=os.environ.get("TEST_TMPDIR")) as folder:
            path = os.path.join(folder, "saved")
            try:
                with Recorder() as recorder:
                    now = {name: recorder.record(catalogue.CASES[name]) for name in chosen}
                catalogue.save(path, chosen)
                catalogue._RECORDED.clear()  # pylint: disable=protected-access
                catalogue.saved = path
                found = {one.name: one for one in catalogue.record("^(%s)$" % "|".join(map(re.escape, chosen)))}
                self.assertEqual({name: (one.why, [steps.lines for steps in one.scripts]) for name, one in found.items()},
                                 {name: (one.why, [steps.lines for steps in one.scripts]) for name, one in now.items()})
                with open(path, "rb") as file:
                    version, cases = pickle.load(file)
                self.assertIn(b"GNU", version)
                cases["cat.names"] = Recorded("cat.names", why=Why.NOTHING)
                for changed, why in ((version, Why.NOTHING), (version + b"x", None)):
                    with open(path, "wb") as file:
                        pickle.dump((changed, cases), file)
                    catalogue._RECORDED.clear()  # pylint: disable=protected-access
                    catalogue.saved = path
                    self.assertEqual([one.why for one in catalogue.record(r"^cat\.names$")], [why])
            finally:
                catalogue.saved = saved
                catalogue._RECORDED.clear()  # pylint: disable=protected-access
                catalogue._RECORDED.update(recorded)  # pylint: disable=protected-access

    def test_what_runs_often(self) -> None:
        """Cases that run programs too often are left out where that is asked for, and counted; none else is."""
        pattern = r"^dirname\."
        all_of_them = {steps.name: catalogue.runs_of(steps) for steps in catalogue.all_cases(pattern)}
        most = catalogue.MOST_RUNS_IN_TESTS
        chosen = {steps.name for steps in catalogue.all_cases(pattern, most_runs=most)}
        self.assertEqual(chosen, {name for name, runs in all_of_them.items() if runs <= most})
        left = sum(not name.endswith(PLAIN) for name in set(all_of_them) - chosen)
        self.assertGreater(left, 0)
        lines = catalogue.what_is_left_out(pattern, most)
        self.assertTrue(lines[-1].startswith("%d " % left), lines)
        found = catalogue.record(pattern)
        self.assertTrue(lines[0].startswith("%d of %d " % (sum(one.why is None for one in found), len(found))), lines)
        self.assertEqual(sum(int(line.split()[0]) for line in lines[1:-1]), sum(one.why is not None for one in found))
        self.assertEqual(catalogue.what_is_left_out(pattern), lines[:-1])

    def test_twice_the_same(self) -> None:
        """The moment is not in what is recorded, nor the folder."""
        names = ["cat.names", "cp.keep.a", "cp.option.r", "mkdir.mode.03", "rm.answer.i-yes", "ls.option.l", "ls.quoting.c"]
        with Recorder() as first, Recorder() as second:
            for name in names:
                one, other = (recorder.record(catalogue.CASES[name]) for recorder in (first, second))
                self.assertIsNone(one.why, one.detail)
                self.assertEqual([script.lines for script in one.scripts], [script.lines for script in other.scripts])

    def test_nothing_is_left_behind(self) -> None:
        """Neither folders nor another umask."""
        with Recorder() as recorder:
            folders = list(recorder.folders)
            self.assertEqual(len(folders), 2)
            umask = os.umask(0o022)
            recorder.record(catalogue.CASES["mkdir.umask"])
            self.assertEqual(os.umask(umask), 0o022)
            self.assertEqual([os.listdir(folder) for folder in folders], [[], []])
        self.assertFalse([folder for folder in folders if os.path.exists(folder)])

    # ---------------------------------------------------------------------------- what is recorded can fail
    _CASES: Sequence[str] = (
        "cat.missing", "cat.option.n", "cat.large", "cat.append", "cp.keep.a", "cp.option.b", "cp.missing", "cp.verbose", "mkdir.mode.03",
        "mkdir.parents-verbose", "rm.answer.i-yes", "rm.missing", "rm.option.links", "rm.questions-word-for-word", "rm.names",
        "ls.option.l", "ls.option.u-upper", "ls.missing", "dircolors.database.types", "sync.missing", "chmod.mode-as-option.03",
        "mv.file.b", "ln.file.s", "touch.reference", "which.search", "printf.width-of-escaped", "tail.headers")

    # Expectations, by the first word of their lines.
    _EXPECTS = ("status", "output", "output-lines", "output-like", "output-data", "output-crc", "errors", "errors-have", "complaints",
                "reasons", "file-is", "data-is", "crc-is", "directory-is", "link-is", "fifo-is", "entries", "modified-is", "same-file",
                "other-file")

    @staticmethod
    def mutated(line: bytes) -> List[bytes]:
        """The same expectation of something else."""
        verb, _, rest = line.partition(b" ")
        if verb == b"status":
            return [b"status %d" % (int(rest) + 1)]
        if verb in (b"same-file", b"other-file"):
            return [(b"other-file " if verb == b"same-file" else b"same-file ") + rest]
        if verb == b"entries":
            return [line + b" one-more"] + ([line[:line.rindex(b" ")]] if rest.count(b" ") and not line.endswith(b'"') else [])
        if verb == b"complaints":
            return [b"complaints x" + rest]
        if verb == b"reasons":
            return [line + b' "No such device"', b"reasons" if rest else b'reasons "Is a directory"']
        if verb in (b"modified-is", b"output-data", b"data-is"):
            head, _, last = line.rpartition(b" ")
            return [head + b" %d" % (int(last) + 1)]
        if verb in (b"crc-is", b"output-crc"):
            return [line[:-1] + (b"0" if line[-1:] != b"0" else b"1")]
        found = []
        if verb in (b"file-is", b"directory-is", b"fifo-is"):
            changed = re.sub(rb" 0([0-7])([0-7]{2,3})( |$)", lambda match: b" 0%d%s%s" % (
                int(match.group(1)) ^ 1, match.group(2), match.group(3)), line, count=1)
            found.append(changed)
        if verb not in (b"directory-is", b"fifo-is"):
            found.append(line[:-1] + b'x"' if line.endswith(b'"') else line + b"x")
        return found

    def test_each_expectation_can_fail(self) -> None:
        """A case is recorded and holds; each of its expectations in turn is changed, and it does not hold."""
        script = Script({**VARIABLES})
        wanted: Dict[str, str] = {}
        seen = set()
        with Recorder() as recorder:
            for name in self._CASES:
                recorded = recorder.record(catalogue.CASES[name])
                if recorded.why is Why.NO_POWERS:
                    continue
                self.assertIsNone(recorded.why, "%s: %s" % (name, recorded.detail))
                steps = recorded.scripts[0]
                script.add(steps)
                wanted[steps.name] = "PASS"
                chosen: Dict[bytes, int] = {}
                for number, line in enumerate(steps.lines):
                    verb = line.split(b" ")[0]
                    # Of each kind a few.
                    if verb.decode() not in self._EXPECTS or chosen.get(verb, 0) >= 4:
                        continue
                    chosen[verb] = chosen.get(verb, 0) + 1
                    seen.add(verb.decode())
                    for kind, changed in enumerate(self.mutated(line)):
                        self.assertNotEqual(changed, line)
                        broken = Steps("%s.line-%d-%d" % (name, number, kind), 20)
                        broken.lines = steps.lines[:number] + [changed] + steps.lines[number + 1:]
                        script.add(broken)
                        wanted[broken.name] = "FAIL"
        found = run_script(script.text())
        self.assertEqual(set(found), set(wanted))
        wrong = {name: found[name] for name, outcome in wanted.items() if found[name][0] != outcome}
        self.assertEqual(wrong, {})
        self.assertGreater(sum(outcome == "FAIL" for outcome in wanted.values()), 200)
        if has_powers():
            self.assertEqual(set(self._EXPECTS) - seen, set())


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    machine = os.uname().machine
    RecorderTest.run_cases = os.path.abspath(os.path.join(sys.argv[1], machine, "usr/libexec/cation/run-cases"))
    RecorderTest.programs = os.path.abspath(os.path.join(sys.argv[2], machine, "usr/bin"))
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
