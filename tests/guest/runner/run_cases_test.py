#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every step of a script, where it holds and where it does not, and scripts that are none.

usage: run_cases_test.py RUN_CASES FOLDER

RUN_CASES is the program, linked with the stand-in, for this host or for one that qemu-user imitates; FOLDER is a
userland tree (FOLDER/ARCH/usr/bin/ls ...), of which this host's programs are run.
"""
import sys

sys.dont_write_bytecode = True
import os
import re
import shutil
import struct
import subprocess
import tempfile
import unittest
import zlib
from pathlib import Path
from typing import List, Tuple

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, os.pardir, "smoke"))
from data import data

_MARKER = re.compile(r"^=== (\w+) (\S+?)(?::? (.*))?$")


def crc(content: bytes) -> str:
    """As scripts have it."""
    return "%08x" % zlib.crc32(content)


# What stands before a step, the step, and of what it complains where it does not hold ("": it does).
_FILE = 'file a 0640 "one\\ntwo\\n"\n'
_CAT = _FILE + "run cat a\n"
_WRONG = "run cat nosuch\n"
_TABLE: List[Tuple[str, str, str]] = [
    # programs
    (_CAT, "status 0", ""),
    (_CAT, "status 1", 'status is 0, not 1; errors ""'),
    (_WRONG, "status 1", ""),
    (_WRONG, "status 0", 'status is 1, not 0; errors "cat: nosuch: No such file or directory\\n"'),
    (_CAT, "signal 9", "no signal; status is 0, not 9"),
    (_CAT, 'output "one\\ntwo\\n"', ""),
    (_CAT, 'output "one\\x0atwo\\n"', ""),
    (_CAT, 'output "one\\ntwo"', r'output is "one\ntwo\n", not "one\ntwo" (8 bytes, not 7; from 7)'),
    (_CAT, 'output ""', r'output is "one\ntwo\n", not "" (8 bytes, not 0; from 0)'),
    (_CAT, 'errors ""', ""),
    (_WRONG, 'errors ""', r'errors is "cat: nosuch: No such file or directory\n", not "" (39 bytes, not 0; from 0)'),
    (_CAT, "output-lines \"two\\none\\n\"", ""),
    (_CAT, "output-lines \"two\\none\\none\\n\"", "sorted output is"),
    ('file "a  b" 0644 123456\nrun ls -go\n', 'output-like "total\\x02\\n-rw-r--r--\\x02\\x016 "', "output goes on with"),
    (_CAT, 'output-like "one\\ntwo\\n"', ""),
    (_CAT, 'output-like "one\\ntwo"', "output goes on with"),
    (_CAT, 'output-like "one\\ntwo\\nx"', "output is not like"),
    ('file a 0644 "a   1.5K -rwx-rwx--b"\nrun cat a\n', 'output-like "a\\x02\\x01-\\x03b"', ""),
    ('file a 0644 "a   x"\nrun cat a\n', 'output-like "a\\x02x"', "output is not like"),
    ('file a 0644 "ax"\nrun cat a\n', 'output-like "a\\x01x"', "output is not like"),
    ('file a 0644 "lrwxrwxrwt"\nrun cat a\n', 'output-like "l\\x03"', "output is not like"),
    ('set TIME_STYLE wrong\nunset TIME_STYLE\nrun ls -l\n', "status 0", ""),
    (_WRONG, "reasons", 'one more error line ends in "No such file or directory"'),
    ("run cat --nosuch\n", "reasons", ""),
    (_CAT, 'output-has "e\\nt"', ""),
    (_CAT, "output-has three", r'output "one\ntwo\n" does not have "three"'),
    (_WRONG, "errors-have nosuch", ""),
    (_WRONG, "errors-have other", "does not have"),
    (_CAT, "output-crc 8 " + crc(b"one\ntwo\n"), ""),
    (_CAT, "output-crc 8 00000000", "output: its CRC is %x, not 0" % zlib.crc32(b"one\ntwo\n")),
    (_CAT, "output-crc 9 " + crc(b"one\ntwo\n"), "output: its size is 8, not 9"),
    ("data d 0600 300001 5\nrun cat d\n", "output-data 300001 5", ""),
    ("data d 0600 300001 5\nrun cat d\n", "output-data 300001 6", "output is not data 300001 6 from byte 0 on"),
    ("data d 0600 300001 5\nrun cat d\n", "output-data 300000 5", "output is not data 300000 5 from byte 300000 on"),
    ("data d 0600 299999 5\nrun cat d\n", "output-data 300000 5", "output is not data 300000 5 from byte 299999 on"),
    ("data d 0600 300001 5\nrun cat d\n", "output-crc 300001 " + crc(data(300001, 5)), ""),
    (_WRONG, "complaints cat", ""),
    (_WRONG, "complaints ls", 'an error line does not begin with "ls: "'),
    (_CAT, "complaints cat", "no error was reported"),
    ("run cat --nosuch\n", "complaints cat", ""),
    # said by run-cases itself, of what cannot be started
    ('run "no\\x01such"\n', "complaints run-cases", "an error line that cannot be shown"),
    ('run "no\\xffsuch"\n', "complaints run-cases", "an error line that cannot be shown"),
    ("run nosuch\n", "complaints run-cases", ""),
    (_WRONG, 'reasons "No such file or directory"', ""),
    ("run printf %d 18446744073709551616\n", 'reasons "Numerical result out of range"', ""),
    ("run printf %d 18446744073709551616\n", "reasons", 'one more error line ends in "Numerical result out of range"'),
    (_WRONG, 'reasons "Is a directory"', 'no error line ends in "Is a directory"'),
    ("run cat nosuch .\n", 'reasons "Is a directory" "No such file or directory"', ""),
    ("run cat nosuch .\n", 'reasons "Is a directory"', 'one more error line ends in "No such file or directory"'),
    ("run cat nosuch nosuch\n", 'reasons "No such file or directory"', "one more error line"),
    ("run nosuch\n", "status 127", ""),
    (_FILE + "run ./a\n", "status 126", ""),
    (_FILE + "run cat a | cat | cat -n\n", 'output "     1\\tone\\n     2\\ttwo\\n"', ""),
    (_FILE + 'run cat a "|" cat\n', 'errors-have "|"', ""),
    (_FILE + "run cat nosuch | cat a\n", "status 0", ""),
    ("input given\nrun cat\n", "output given", ""),
    ("input given\nrun cat\nrun cat\n", 'output ""', ""),
    (_FILE + "input-from a\nrun cat\n", 'output "one\\ntwo\\n"', ""),
    ("", "input-from nosuch", '"nosuch": "No such file or directory"'),
    (_FILE + "output-to b\nrun cat a\nappend-to b\nrun cat a\n", 'file-is b 0644 "one\\ntwo\\none\\ntwo\\n"', ""),
    (_FILE + "umask 077\noutput-to b\nrun cat a\n", "file-is b 0600 -", "b is "),
    (_FILE + "output-to b\nrun cat a\n", "output x", "the output was sent elsewhere"),
    ("umask 027\nrun mkdir d\n", "directory-is d 0750", ""),
    ("run mkdir d\n", "directory-is d 0755", ""),
    ("", "status 0", "no program has been run"),
    ("set TIME_STYLE full-iso\nset TZ UTC0\nset LC_ALL C\nfile a 0644 x\nmodified a 1 2\nrun ls -l a\n",
     'output-has "1970-01-01 00:00:01.000000002 +0000 a"', ""),
    # the last of a name counts
    ("set TZ UTC-5\nset TZ UTC0\nset TIME_STYLE full-iso\nfile a 0644 x\nmodified a 1 2\nrun ls -l a\n",
     'output-has "00:00:01.000000002 +0000"', ""),
    ("", "start-time nosuch 2 nosuch", "No such file or directory"),
    ("", "start-time failing 2 cat nosuch", "did not end with status 0"),
    ("fifo f 0600\n", "run cat f", '"cat" was still running when the case\'s time was up'),
    # files
    (_FILE, 'file-is a 0640 "one\\ntwo\\n"', ""),
    (_FILE, 'file-is a - "one\\ntwo\\n"', ""),
    (_FILE, 'file-is a 0644 "one\\ntwo\\n"', "the mode of a is 640, not 644"),
    (_FILE, 'file-is a 0640 "one"', "a is"),
    ("", "file-is a 0640 one", '"a": "No such file or directory"'),
    ("directory a 0755\n", "file-is a - one", '"a" is "a directory", not "a regular file"'),
    (_FILE + "link a l\n", 'file-is l - "one\\ntwo\\n"', '"l" is "a symbolic link"'),
    ("data d 0604 70000 9\n", "data-is d 0604 70000 9", ""),
    ("data d 0604 70000 9\n", "data-is d 0604 70000 8", "d is not data 70000 8 from byte 0 on"),
    ("data d 0604 70000 9\n", "crc-is d - 70000 " + crc(data(70000, 9)), ""),
    ("data d 0604 70000 9\n", "crc-is d - 70000 12345678", "d: its CRC is"),
    ("data d 0604 0 9\n", "data-is d 0604 0 9", ""),
    ("directory d 02751\n", "directory-is d 02751", ""),
    ('directory "d\\xff\\n" 0751\n', 'directory-is "d\\xff\\n" 0755', r"the mode of d\xff\n is 751, not 755"),
    ("directory d 0751\n", "directory-is d 0755", "the mode of d is 751, not 755"),
    (_FILE, "directory-is a -", '"a" is "a regular file", not "a directory"'),
    ("link nowhere l\n", "link-is l nowhere", ""),
    ("link nowhere l\n", "link-is l elsewhere", "l is"),
    ("fifo f 0612\n", "fifo-is f 0612", ""),
    (_FILE, "fifo-is a -", '"a" is "a regular file", not "a FIFO"'),
    ("", "absent a", ""),
    ("link nowhere a\n", "absent a", '"a" is there'),
    (_FILE, "absent a/b", ""),
    ("directory d 0755\nfile d/x 0644 x\nlink y d/y\n", "entries d y x", ""),
    ("directory d 0755\nfile d/x 0644 x\nlink y d/y\n", "entries d x", r'what is in d is "x\ny\n", not "x\n"'),
    ("directory d 0755\n", "entries d", ""),
    ("directory d 0755\n", "entries d x", "what is in d is"),
    (_FILE + "modified a 1234567890 123456789\n", "modified-is a 1234567890 123456789", ""),
    (_FILE + "modified a 1234567890 123456789\n", "modified-is a 1234567891 123456789",
     "the time of a is 1234567890, not 1234567891"),
    (_FILE + "modified a 1234567890 0\n", "modified-is a 1234567890 5", "the time of a: its nanoseconds is 0, not 5"),
    (_FILE + "link a l\nmodified l 5 6\n", "modified-is l 5 6", ""),
    (_FILE + "link a l\nmodified l 5 6\n", "modified-is a 5 6", "the time of a is"),
    (_FILE + "hard-link a b\n", "same-file a b", ""),
    (_FILE + "file b 0644 x\n", "same-file a b", '"a" and "b" are two files'),
    (_FILE + "file b 0644 x\n", "other-file a b", ""),
    (_FILE + "hard-link a b\n", "other-file a b", '"a" and "b" are one file'),
    (_FILE + "mode a 04711\n", "file-is a 04711 \"one\\ntwo\\n\"", ""),
    (_FILE + "rename a b\n", "absent a", ""),
    ("", "rename a b", "No such file or directory"),
    ("directory d 0000\nremove d\n", "absent d", ""),
    ("directory d 0755\ndirectory d/e 0755\nfile d/e/f 0644 x\nlink / d/l\nremove d\n", "absent d", ""),
    ("", "remove nosuch", ""),
    ("directory d 0755\nwork d\nfile a 0644 x\nwork ..\n", "file-is d/a - x", ""),
    ("", "work nosuch", "No such file or directory"),
    ("data d 0644 5000 3\n", "one-of d 5000 4 5000 3", ""),
    ("data d 0644 4999 3\n", "one-of d 5000 4 5000 3",
     '"d" is none of these as a whole; the nearest holds for 4999 bytes'),
    ("data d 0644 5001 3\n", "one-of d 5000 3", "is none of these"),
    ("data d 0644 4999 3\n", "prefix-of-one d 5000 4 5000 3", ""),
    ("data d 0644 5001 3\n", "prefix-of-one d 5000 4 5000 3",
     '"d" is the beginning of none of these; the nearest holds for 5000 bytes'),
    ("file d 0644 \"\"\n", "prefix-of-one d 5000 4", ""),
    ("", "prefix-of-one d 5000 4", ""),
    ("", "one-of d 5000 4", "No such file or directory"),
    ("data d 0644 5000 3\n", "whole-or-prefix d 5000 3 6000 4", ""),
    ("data d 0644 5999 4\n", "whole-or-prefix d 5000 3 6000 4", ""),
    ("file d 0644 \"\"\n", "whole-or-prefix d 5000 3 6000 4", ""),
    ("data d 0644 4999 3\n", "whole-or-prefix d 5000 3 6000 4",
     '"d" is neither the first of these nor the beginning of one more; the nearest holds for 4999 bytes'),
    ("", "whole-or-prefix d 5000 3", "No such file or directory"),
    # the ground
    ("", "needs /nosuch", "SKIP there is no /nosuch"),
    ("", "needs /", ""),
    ("", "needs-program cat", ""),
    ("", "needs-program nosuch", "SKIP there is no program"),
    ("data d 0644 5000 3\n", "needs-data d 5000 3", ""),
    ("data d 0644 4999 3\n", "needs-data d 5000 3", "SKIP it is not there as a whole: d"),
    ("", "needs-data d 5000 3", "SKIP it is not there as a whole: d"),
    ("", "needs-feature nosuch", "is no feature that is known"),
] + [("", "needs-feature " + feature, "") for feature in (
    "symbolic-links", "hard-links", "fifos", "names-with-colon", "any-bytes", "names-of-255", "append", "nanoseconds",
    "permissions", "directories", "trailing-slashes", "dot-dot", "set-group-id", "link-times")]

# Scripts that are not sound, and what is said of them.
_UNSOUND = {
    "": "there is no case in it",
    "# only this\n": "there is no case in it",
    "set A b\n": "there is no case in it",
    "run cat\n": "line 1: run stands before the first case",
    "case a\n": "line 1: case: too few or too many words",
    "case a 5 6\n": "line 1: case: too few or too many words",
    "case a x\n": "line 1: case: a word that has to be a number",
    "case a/b 5\n": "line 1: case: that is no name for a case",
    'case "" 5\n': "line 1: case: that is no name for a case",
    "case .. 5\n": "line 1: case: that is no name for a case",
    "case a 5\nnosuch\n": "line 2: nosuch is no step",
    "case a 5\n\n# x\nfile a 0888 x\n": "line 4: file: a word that has to be a number",
    "case a 5\ncrc-is a - 1 xyz\n": "line 2: crc-is: a word that has to be a number",
    "case a 5\none-of d 1 2 3\n": "line 2: one-of: too few or too many words",
    'case a 5\nrun "cat\n': "line 2: a quote is not closed",
    'case a 5\nrun "c\\qat"\n': "line 2: an escape that means nothing",
    'case a 5\nrun "\\x4g"\n': "line 2: an escape that means nothing",
    'case a 5\nrun "a"b\n': "line 2: no blank behind a quote",
    'case a 5\nrun a"b\n': "line 2: a quote or backslash inside a plain word",
    "case a 5\nrun \0\n": "line 2: a zero byte",
}


class RunCasesTest(unittest.TestCase):
    """One run of the program for each script."""
    run_cases: List[str] = []
    programs = ""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="run-cases.", dir=os.environ.get("TEST_TMPDIR")))
        self.addCleanup(shutil.rmtree, str(self.folder), True)

    def run_script(self, script: bytes, *options: str) -> Tuple[int, List[Tuple[str, str, str]], str]:
        """Status, markers, and standard error."""
        path = self.folder / "cases"
        path.write_bytes(script)
        done = subprocess.run(
            [*self.run_cases, "--programs=" + self.programs, "--work=%s" % (self.folder / "work/deep"), *options,
             str(path)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=120)
        markers = []
        for line in done.stdout.decode("ascii").splitlines():
            if not line:
                continue
            match = _MARKER.match(line)
            self.assertIsNotNone(match, line)
            assert match is not None
            markers.append((match.group(1), match.group(2), match.group(3) or ""))
        return done.returncode, markers, done.stderr.decode()

    def test_each_step(self) -> None:
        """The table."""
        script = ""
        for i, (before, step, _) in enumerate(_TABLE):
            script += "case step.%d %d\n%s%s\n" % (i, 1 if "fifo f 0600" in before else 20, before, step)
        status, markers, errors = self.run_script(script.encode())
        self.assertEqual((status, errors), (1, ""))
        self.assertEqual(markers[0], ("BEGIN", str(len(_TABLE)), ""))
        self.assertEqual(markers[-1], ("DONE", str(len(_TABLE)), ""))
        results = {name: (what, rest) for what, name, rest in markers if what in ("PASS", "FAIL", "SKIP")}
        for i, (before, step, why) in enumerate(_TABLE):
            with self.subTest(before=before, step=step):
                what, rest = results["step.%d" % i]
                if why.startswith("SKIP "):
                    self.assertEqual(what, "SKIP")
                    self.assertIn(why[len("SKIP "):], rest)
                elif why:
                    self.assertEqual(what, "FAIL", rest)
                    self.assertIn(why, rest)
                else:
                    self.assertEqual(what, "PASS", rest)
        self.assertEqual(sorted(os.listdir(self.folder / "work/deep")), ["errors", "input", "output"])

    def test_unsound_scripts(self) -> None:
        """Nothing is run, and one line says why."""
        for script, why in _UNSOUND.items():
            with self.subTest(script=script):
                status, markers, _ = self.run_script(script.encode())
                self.assertEqual((status, markers), (2, [("FAIL", "script", why), ("DONE", "0", "")]))
        self.assertEqual(os.listdir(self.folder), ["cases"])

    def test_a_script_that_is_not_there(self) -> None:
        """Says so in the same way."""
        done = subprocess.run([*self.run_cases, "/nosuch/cases"], stdout=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, b"\n=== FAIL script: /nosuch/cases: No such file or directory\n\n=== DONE 0\n")

    def test_marks_and_times(self) -> None:
        """mark and start-time print."""
        status, markers, _ = self.run_script(b'case a.b 20\nmark "half way\\x07"\nstart-time list 3 ls --version\n')
        self.assertEqual(status, 0)
        self.assertEqual(markers[:3], [("BEGIN", "1", ""), ("RUN", "a.b", ""), ("MARK", "half", "way\\x07")])
        what, name, rest = markers[3]
        self.assertEqual((what, name), ("TIME", "list"))
        count, nanoseconds, size = map(int, rest.split())
        self.assertEqual((count, size), (3, os.path.getsize(os.path.join(self.programs, "ls"))))
        self.assertGreater(nanoseconds, 0)

    def test_variables_of_a_case_end_with_it(self) -> None:
        """set in a case is for its rest; before all cases for all."""
        show = b"file a 0644 x\nmodified a 0 0\nrun ls -l --time-style=+%H a\noutput-has "
        status, markers, _ = self.run_script(
            b"set TZ AAA-1\ncase a 20\nset TZ BBB-2\n" + show + b'" 02 "\ncase b 20\n' + show + b'" 01 "\n')
        self.assertEqual(status, 0, markers)

    def test_a_case_that_removes_the_ground(self) -> None:
        """The folder of all cases may go: as when /tmp is made anew."""
        status, markers, _ = self.run_script(
            b"case a 20\nfile x 0644 y\nrun cat x\noutput y\nrun rm -rf %s\nstatus 0\ncase b 20\nfile x 0644 z\n"
            b"run cat x\noutput z\n" % os.fsencode(self.folder / "work"))
        self.assertEqual(status, 0, markers)

    def test_console(self) -> None:
        """--console: markers go there."""
        console = self.folder / "console"
        console.touch()
        status, markers, _ = self.run_script(b"case a 5\n", "--console=%s" % console)
        self.assertEqual((status, markers), (0, []))
        self.assertRegex(console.read_text(), r"^\n=== BEGIN 1\n\n=== RUN a\n\n=== PASS a \(\d+ ms\)\n\n=== DONE 1\n$")

    def test_a_console_that_is_not_there(self) -> None:
        """Is an error before anything is done."""
        status, markers, errors = self.run_script(b"case a 5\n", "--console=/nosuch/console")
        self.assertEqual((status, markers), (2, []))
        self.assertEqual(errors, "run-cases: /nosuch/console: No such file or directory\n")

    def test_power_off_where_there_is_no_such_thing(self) -> None:
        """Is an error that is said, and no host is ended."""
        if os.path.exists("/scheme/sys/kstop"):
            self.skipTest("this system has it")
        status, markers, errors = self.run_script(b"case a 5\n", "--power-off")
        self.assertEqual(status, 2)
        self.assertEqual(markers[-1], ("DONE", "1", ""))
        self.assertEqual(errors, "run-cases: /scheme/sys/kstop: No such file or directory\n")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    program = os.path.abspath(sys.argv[1])
    with open(program, "rb") as elf:
        machine = {62: "x86_64", 183: "aarch64"}[struct.unpack("<H", elf.read(20)[18:20])[0]]
    if machine != os.uname().machine:
        emulator = shutil.which("qemu-" + machine) or shutil.which("qemu-%s-static" % machine)
        if emulator is None:
            sys.exit("there is no qemu-%s: apt-get install qemu-user" % machine)
        RunCasesTest.run_cases = [emulator]
    RunCasesTest.run_cases.append(program)
    RunCasesTest.programs = os.path.abspath(os.path.join(sys.argv[2], os.uname().machine, "usr/bin"))
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
