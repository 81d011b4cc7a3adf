#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a Console makes of nasty streams of bytes, and how its waits end."""
import sys

sys.dont_write_bytecode = True

import os
import threading
from typing import List, Optional, Tuple, Type

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from cleaning import Cleaner
from console import Console
from failures import Ended, Failure, Hang, Panic, PoweredOff, Rebooted
from testing import Dead, GuestTest, Wire, run_tests

# What comes, the text that is left, the lines of the kernel that were cut out.
_STREAMS: List[Tuple[str, bytes, str, List[str]]] = [
    ("plain", b"one\r\ntwo\n", "one\ntwo\n", []),
    ("carriage returns", b"a\r\r\nb\rc\n", "a\nb\rc\n", []),
    ("nul", b"=== \0RUN\0 x\n", "=== RUN x\n", []),
    ("colour", b"\x1b[1;31mred\x1b[0m \x1b[38;5;9mx\x1b[K\n", "red x\n", []),
    ("other sequences", b"\x1bc\x1b7\x1b8\x1b=\x1b(B\x1b#8\x1b[?1049h\x1b[6n\x1b[!pa\n", "a\n", []),
    ("titles", b"\x1b]0;title\x07a\x1b]2;t\x1b\\b\x1bPq\x1b\\c\n", "abc\n", []),
    ("ion's redraw", b"\x1b[?1000l\x1b[?1l\r\x1b[J$ l\x1b[?1000l\x1b[?1l\r\x1b[J$ ls", "\r$ l\r$ ls", []),
    ("utf-8", "é⏎😀\n".encode(), "é⏎😀\n", []),
    ("no utf-8", b"a\xff\xc3\n", "a\ufffd\ufffd\n", []),
    ("kernel line of its own", b"[    0.000000] Linux version 6\r\nok\n", "ok\n", ["[    0.000000] Linux version 6"]),
    ("kernel line in a marker", b"=== PA[   12.345678] usb 1-1: new\r\nSS cat.Plain (3 ms)\r\n", "=== PASS cat.Plain (3 ms)\n",
     ["[   12.345678] usb 1-1: new"]),
    ("two of them", b"=== [    1.000000] a\n[12345.000001] b\nRUN x\n", "=== RUN x\n", ["[    1.000000] a", "[12345.000001] b"]),
    ("with a level", b"=== RU<6>[    1.000000] a\nN x\n", "=== RUN x\n", ["<6>[    1.000000] a"]),
    ("with a thread", b"=== RU[    1.000000][    T1] a\nN x\n[    1.000000][  C0] b\n", "=== RUN x\n",
     ["[    1.000000][    T1] a", "[    1.000000][  C0] b"]),
    ("in an escape sequence", b"a\x1b[    1.000000] k\n[1mb\n", "ab\n", ["[    1.000000] k"]),
    ("between cr and lf", b"a\r[    1.000000] k\r\n\nb\n", "a\nb\n", ["[    1.000000] k"]),
    ("no kernel lines", b"[1] 2\n[1.5] x\n[ok]\n<6>x\n[    1.00000] five\n[user@host 1]\n",
     "[1] 2\n[1.5] x\n[ok]\n<6>x\n[    1.00000] five\n[user@host 1]\n", []),
    ("bells and backspaces stay", b"a\x07\b \b\n", "a\x07\b \b\n", []),
]


class Cleaning(GuestTest):
    def test_streams_in_any_pieces(self) -> None:
        for name, stream, text, kernel in _STREAMS:
            for size in (1, 2, 3, 7, len(stream)):
                cleaner = Cleaner()
                got, lines = "", []
                for start in range(0, len(stream), size):
                    more, cut = cleaner.feed(stream[start:start + size])
                    got += more
                    lines += [line.text for line in cut]
                got += cleaner.flush()[0]
                with self.subTest(name, size=size):
                    self.assertEqual(got, text)
                    self.assertEqual(lines, kernel)

    def test_the_line_that_was_torn_is_told(self) -> None:
        for size in (1, 5, 100):
            stream = b"x\n=== FAIL a: [    1.000000] one\n[    2.000000] two\nrest\n[    3.000000] three\n"
            torn = []
            cleaner = Cleaner()
            for start in range(0, len(stream), size):
                torn += [(line.text[-3:], line.torn) for line in cleaner.feed(stream[start:start + size])[1]]
            self.assertEqual(torn, [("one", "=== FAIL a: "), ("two", "=== FAIL a: "), ("ree", "")])

    def test_what_may_be_the_beginning_of_a_sequence_is_given_up(self) -> None:
        for rest in (b"[", b"<", b"<6>", b"\x1b[", b"\r", b"[    1.000000] unfinished"):
            cleaner = Cleaner()
            self.assertEqual(cleaner.feed(b"prompt " + rest)[0], "prompt ")
            self.assertTrue(cleaner.keeps_back)
            self.assertEqual(cleaner.flush()[0], rest.decode())
            self.assertFalse(cleaner.keeps_back)

    def test_prompts_are_not_kept_back(self) -> None:
        for prompt in ("$ ", "> ", "[0] user:~# ", "x[y", "<x>", "[root@redox ~]# "):
            self.assertEqual(Cleaner().feed(prompt.encode())[0], prompt)


class ConsoleTest(GuestTest):
    def setUp(self) -> None:
        super().setUp()
        self.wire = Wire()
        self.addCleanup(self.wire.close)
        self.machine = Dead()
        self.addCleanup(self.machine.close)
        self.console = Console(self.wire, self.machine, log=self.path("log"))
        self.addCleanup(self.console.close)

    def says(self, *parts: bytes) -> None:
        for part in parts:
            self.wire.guest.sendall(part)

    def fails(self, kind: Type[Failure], words: str, pattern: str = "never", seconds: float = 60, quiet: float = 0,
              console: Optional[Console] = None) -> None:
        with self.assertRaisesRegex(kind, words) as caught:
            (console or self.console).wait_for(pattern, seconds, "what is wanted", quiet=quiet)
        self.assertNotIn("\n", caught.exception.what)


class Waits(ConsoleTest):
    def test_the_earliest_text_wins_and_what_follows_stays(self) -> None:
        self.says(b"one two three")
        match = self.console.wait_for(["three", r"t(w)o"], 20, "numbers")
        self.assertEqual((match.index, match.group(), match.group(1), match.before), (1, "two", "w", "one "))
        self.assertEqual(self.console.wait_for("three", 20, "numbers").before, " ")

    def test_lines_have_their_times(self) -> None:
        self.says(b"one\r\n")
        self.console.wait_for("one\n", 20, "one")
        between = self.console.seconds()
        self.says(b"[    1.000000] kernel\r\n\x1b[1mtwo\x1b[0m\r\nunfinished")
        self.console.wait_for("unfinished", 20, "the rest")
        self.assertEqual([text for _, text in self.console.lines], ["one", "[    1.000000] kernel", "two"])
        self.assertLessEqual(self.console.lines[0][0], between)
        self.assertGreaterEqual(self.console.lines[1][0], between)
        self.console.close()
        with open(self.path("log"), encoding="utf-8") as file:
            self.assertEqual([line.split(None, 1)[1] for line in file],
                             ["one\n", "[    1.000000] kernel\n", "two\n", "unfinished\n"])

    def test_limit(self) -> None:
        self.says(b"last words\n\n")
        self.fails(Hang, r"^what is wanted: did not come within 0\.3 s; the last line was: last words$", seconds=0.3)

    def test_limit_without_any_output(self) -> None:
        self.fails(Hang, "there was no output at all", seconds=0.1)

    def test_silence_ends_a_wait_before_its_limit(self) -> None:
        self.says(b"x\n")
        self.fails(Hang, r"no output for 0\.3 s; the last line was: x", quiet=0.3)

    def test_noise_does_not_stretch_the_limit(self) -> None:
        stop = threading.Event()

        def noise() -> None:
            while not stop.wait(0.01):
                self.says(b"noise\n")

        thread = threading.Thread(target=noise)
        thread.start()
        try:
            self.fails(Hang, "did not come within 1 s; the last line was: noise", seconds=1)
        finally:
            stop.set()
            thread.join()

    def test_a_prompt_that_looks_like_a_kernel_line_at_first(self) -> None:
        self.says(b"[1")
        self.assertEqual(self.console.wait_for(r"\[1", 60, "a prompt").group(), "[1")

    def test_what_is_typed_arrives_whole(self) -> None:
        text = "x" * 100000
        received = bytearray()

        def read() -> None:
            while len(received) < len(text):
                received.extend(self.wire.guest.recv(4096))

        thread = threading.Thread(target=read)
        thread.start()
        self.console.send(text)
        thread.join(60)
        self.assertEqual(bytes(received), text.encode())

    def test_a_guest_that_does_not_read(self) -> None:
        with self.assertRaisesRegex(Hang, "does not read what is typed"):
            self.console.send("x" * 10000000, seconds=1)


class Failures(ConsoleTest):
    def test_panics(self) -> None:
        for text in (b"KERNEL PANIC: panicked at src/a.rs:1:2:\nmessage\n", b"KERNEL PANIC: panicked at 'x', src/b.rs\n",
                     b"BOOTLOADER PANIC:\nx\n", b"[    1.234567] Kernel panic - not syncing: VFS: x\n",
                     b"Kernel panic - not syncing: no times\n", b"~$ KERNEL PANIC: in the middle\n", b"Unhandled exception\n",
                     b"=== FAIL a: [    1.000000] Kernel panic - not syncing: x\n[    1.000001] ---[ end Kernel panic - not syncing: x ]---\n"):
            with self.subTest(text):
                wire = Wire()
                console = Console(wire)
                wire.guest.sendall(b"before\n" + text)
                console.wait_for("before\n", 20, "what is before it")
                threading.Timer(0.1, wire.guest.sendall, [b"trace\n"]).start()
                self.fails(Panic, "^panic: .*(?i:panic|exception)", console=console)
                self.assertEqual(console.lines[-1][1], "trace", "what follows is for the log")
                wire.close()

    def test_what_is_no_panic(self) -> None:
        self.says(b"=== FAIL a: printed KERNEL PANIC: x\n=== FAIL b: Kernel panic - not syncing\n",
                  b"=== FAIL c: output has [    1.000000] Kernel panic - not syncing: x\n\n=== SKIP d: BOOTLOADER PANIC: y\n",
                  b"thread 'main' panicked at src/main.rs:1:1:\nkernel panic\nread about KERNEL PANICs\nsaid\n")
        self.console.wait_for("^said", 20, "all of it")
        self.says(b"=== DONE 4\n")
        self.assertTrue(self.console.wait_for("^=== DONE", 20, "the end"))

    def test_what_came_before_a_panic_counts(self) -> None:
        self.says(b"=== PASS a (1 ms)\nKERNEL PANIC: x\n")
        self.assertTrue(self.console.wait_for("^=== PASS a", 20, "the result"))
        self.fails(Panic, "KERNEL PANIC: x")

    def test_complaints_are_noted_and_end_a_wait_only_by_silence(self) -> None:
        console = Console(self.wire, self.machine, silence_after_complaint=0.5)
        self.says(b"kernel::context:INFO -- UNHANDLED EXCEPTION, CPU #0, PID 12, NAME /usr/bin/x, CONTEXT 0x1\n  0: GUARD PAGE\ngoes on\n")
        console.wait_for("goes on", 20, "more")
        self.assertIn("NAME /usr/bin/x", console.notes[0][1])
        self.fails(Panic, "silence after: .*GUARD PAGE", console=console)

    def test_silence_long_after_a_complaint_is_nothing(self) -> None:
        console = Console(self.wire, self.machine, silence_after_complaint=0.5)
        self.says(b"UNHANDLED EXCEPTION, CPU #0\n")
        console.wait_for("#0\n", 20, "it")
        console._complained_at -= 10  # as if it had been then
        self.fails(Hang, "did not come within 1 s", seconds=1, console=console)

    def test_a_banner_again_is_a_reboot(self) -> None:
        for banner in (b"Redox OS Bootloader 1.0.0 on x86_64/bios\r\n", b"SeaBIOS (version 1.16)\r\n", b"UEFI firmware (version 2022)\r\n"):
            with self.subTest(banner):
                wire = Wire()
                console = Console(wire)
                wire.guest.sendall(banner + b"login: ")
                console.wait_for("login: ", 20, "a login")
                wire.guest.sendall(banner)
                self.fails(Rebooted, "booted again", console=console)
                wire.close()

    def test_a_reboot_that_is_expected(self) -> None:
        self.says(b"SeaBIOS (version 1.16)\n")
        self.console.wait_for("1.16", 20, "a banner")
        self.console.expect_reboot()
        self.says(b"SeaBIOS (version 1.16)\n")
        self.console.wait_for("1.16", 20, "a banner")
        self.says(b"login: ")
        self.console.wait_for("login: ", 20, "a login")

    def test_the_machine_s_end_wakes_a_wait(self) -> None:
        self.says(b"=== DONE 1\n")
        self.machine.fail(PoweredOff("the guest switched itself off"))
        # What it said last is still read.
        self.assertTrue(self.console.wait_for("^=== DONE 1", 20, "the end"))
        self.fails(PoweredOff, "switched itself off")

    def test_a_closed_line(self) -> None:
        self.says(b"last\n")
        self.wire.guest.close()
        console = Console(self.wire)
        self.assertTrue(console.wait_for("last", 20, "the last line"))
        self.fails(Ended, "the serial line was closed; the last line was: last", console=console)


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], "guest.console", sys.argv[1:]))
