#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Logins and shells: imitated consoles with bad manners, and real shells on pseudo-terminals.

$ION names a program of Ion for this host; without it, Ion's cases are skipped.
"""
import sys

sys.dont_write_bytecode = True

import os
import shutil
import threading
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from console import Console
from failures import Ended, Hang, LoginFailed, Panic, Rebooted, ShellFailed
from protocol import follow
from testing import Dead, GuestTest, Imitation, Manners, Terminal, Wire, run_tests
from ways_in import ION, POSIX, Shell, Typist, find_shell, log_in

# Words that a shell could take for something else, without what a terminal would act on.
_WORDS = ["", "plain", "two words", "it's", "'", "''", 'a "b" c', "$HOME ${HOME} $(echo x) `echo x`", "a;b|c&d>e<f", "* ? [a] {a,b} ~", "\\n \\ \\\\",
          "#comment", "-n", "é ⏎ 😀", "a!b !! !$ !0 !^ !*", "@args user@host", "=+1=0=", "(x) ((1+1))", "trailing\\", "~root x ~ y", "%s %d"]


class WaysTest(GuestTest):
    def imitation(self, greeting: bytes = b"", **manners: Any) -> Imitation:
        imitation = Imitation(Manners(**manners), greeting)
        self.addCleanup(imitation.close)
        return imitation

    def console(self, stream: Union[Imitation, Terminal, Wire]) -> Console:
        return Console(stream)


class Typing(WaysTest):
    """Each of the bad manners alone, and then together."""

    def runs(self, **manners: Any) -> Imitation:
        imitation = self.imitation(**manners)
        shell = find_shell(self.console(imitation), 60)
        self.assertEqual(shell.kind, POSIX)
        for number in range(3):
            answer = shell.run("echo x-%d-y; (exit %d)" % (number, number), 60)
            self.assertEqual((answer.status, answer.output), (number, "x-%d-y\n" % number))
        # Neither torn nor run twice.
        self.assertEqual(imitation.manners.commands[-3:],
                         ['echo "=+%d+="; echo x-%d-y; (exit %d); echo "=+%d=$?="' % (number + 1, number, number, number + 1)
                          for number in range(3)])
        return imitation

    def test_plain(self) -> None:
        self.runs()

    def test_a_byte_at_a_time(self) -> None:
        self.runs(piece=1)

    def test_no_echo(self) -> None:
        self.runs(echo=False)

    def test_no_echo_a_byte_at_a_time(self) -> None:
        self.runs(echo=False, piece=1)

    def test_no_prompt(self) -> None:
        self.runs(prompt=b"")

    def test_neither_prompt_nor_echo(self) -> None:
        self.runs(prompt=b"", echo=False)

    def test_colour_and_a_mark_of_output_without_newline(self) -> None:
        self.runs(prompt="⏎{0}\r \r\x1b[1;32mroot\x1b[0m:\x1b[34m~\x1b[0m# ".format(" " * 79).encode())

    def test_a_prompt_of_several_lines(self) -> None:
        self.runs(prompt=b"\r\n[0] root:~\r\n> ")

    def test_a_prompt_that_looks_like_a_kernel_line_at_first(self) -> None:
        self.runs(prompt=b"[ 1")

    def test_redraws_at_each_key(self) -> None:
        self.runs(redraws=True)

    def test_redraws_a_byte_at_a_time(self) -> None:
        self.runs(redraws=True, piece=1)

    def test_eats_keys_that_come_fast(self) -> None:
        self.runs(eats=10)

    def test_eats_all_keys_but_one(self) -> None:
        self.runs(eats=1)

    def test_white_space_is_waited_for_too(self) -> None:
        # A space was not, and the key after it came with it, too fast for a slow reader.
        self.runs(eats=1, pause=0.01)

    def test_eats_the_first_lines(self) -> None:
        self.runs(eats_lines=2)

    def test_kernel_lines_in_all_that_is_shown(self) -> None:
        state = [0]

        def noise(output: bytes) -> bytes:
            state[0] += 1
            line = b"[%5d.%06d] usb 1-1: new device\r\n" % (state[0], state[0])
            at = state[0] % (len(output) + 1)
            return output[:at] + line + output[at:]

        self.runs(noise=noise)

    def test_kernel_lines_a_byte_at_a_time(self) -> None:
        self.runs(noise=lambda output: output[:1] + b"<6>[    1.000000] k\r\n" + output[1:], piece=1)

    def test_other_programs_lines_while_typing(self) -> None:
        state = [0]

        def noise(output: bytes) -> bytes:
            state[0] += 1
            # While a line is typed only: what a program prints into an answer is part of it.
            return output + b"daemon: hello\r\n" if state[0] % 17 == 3 and len(output) == 1 else output

        self.runs(noise=noise)

    def test_all_bad_manners(self) -> None:
        self.runs(eats=3, piece=1, redraws=True, prompt=b"\x1b[1m#\x1b[0m ", eats_lines=1,
                  noise=lambda output: output + (b"[    1.000000] k\r\n" if b"\n" in output else b""))

    def test_what_cannot_be_typed(self) -> None:
        with self.assertRaises(ValueError):
            Typist(self.console(Wire())).line("a\nb")

    def test_a_line_that_never_arrives_is_not_entered(self) -> None:
        imitation = self.imitation(noise=lambda output: output.replace(b"s", b"") if len(output) == 1 else output)
        with self.assertRaisesRegex(ShellFailed, "what is typed does not arrive: 'ls' is shown as '.*l'"):
            Typist(self.console(imitation), scale=0.1).line("ls")
        self.assertEqual(imitation.manners.commands, [])


class Logins(WaysTest):
    def test_with_a_password(self) -> None:
        many: List[Dict[str, Any]] = [{}, {"piece": 1}, {"redraws": True}, {"redraws": True, "piece": 1}, {"eats": 2}]
        for manners in many:
            with self.subTest(**manners):
                console = self.console(self.imitation(b"Last login: never\r\n", user="root", password="secret", **manners))
                log_in(console, "root", "secret", 60)
                self.assertEqual(find_shell(console, 60).run("echo in", 20).output, "in\n")

    def test_without_a_password(self) -> None:
        many: List[Dict[str, Any]] = [{}, {"piece": 1}, {"redraws": True, "piece": 1}, {"prompt": b""}]
        for manners in many:
            with self.subTest(**manners):
                console = self.console(self.imitation(user="user", **manners))
                log_in(console, "user", "", 60, scale=0.2)
                self.assertEqual(find_shell(console, 60).run("echo in", 20).output, "in\n")

    def test_a_wrong_password(self) -> None:
        many: List[Dict[str, Any]] = [{}, {"piece": 1}, {"redraws": True, "piece": 1}]
        for manners in many:
            with self.subTest(**manners):
                console = self.console(self.imitation(user="root", password="secret", **manners))
                with self.assertRaisesRegex(LoginFailed, "root is not let in: the login prompt came again") as caught:
                    log_in(console, "root", "wrong", 60)
                self.assertIs(type(caught.exception), LoginFailed)

    def test_a_wrong_user(self) -> None:
        console = self.console(self.imitation(user="root", redraws=True))
        with self.assertRaisesRegex(LoginFailed, "somebody is not let in: Login incorrect"):
            log_in(console, "somebody", "", 60)

    def test_what_was_typed_early_is_thrown_away(self) -> None:
        console = self.console(self.imitation(user="root", password="secret", eats_lines=1))
        log_in(console, "root", "secret", 60, scale=0.2)
        find_shell(console, 60)

    def test_a_torn_prompt_is_asked_for_again(self) -> None:
        first = [True]

        def noise(output: bytes) -> bytes:
            if first and b"login:" in output:
                first.clear()
                return output.replace(b"login:", b"lo\r\ndaemon: hello\r\ngin:")
            return output

        console = self.console(self.imitation(user="root", noise=noise))
        log_in(console, "root", "", 60, scale=0.05)
        find_shell(console, 60)

    def test_there_is_none(self) -> None:
        wire = Wire()
        self.addCleanup(wire.close)
        with self.assertRaisesRegex(Hang, "a login prompt: "):
            log_in(self.console(wire), "root", "", 1)

    def test_a_login_where_a_shell_was_wanted(self) -> None:
        with self.assertRaisesRegex(LoginFailed, "there is no shell but a login: redox login:"):
            find_shell(self.console(self.imitation(user="root")), 60)


class Trouble(WaysTest):
    """What ends a way in: told at once, by its kind."""

    def during(self, kind: type, words: str, last: bytes, machine: Optional[Dead] = None,
               act: Callable[[Console], object] = lambda console: log_in(console, "root", "", 60)) -> None:
        wire = Wire()
        self.addCleanup(wire.close)
        wire.guest.sendall(b"Redox OS Bootloader 1.0.0 on x86_64/bios\r\n" + last)
        with self.assertRaisesRegex(kind, words):
            act(Console(wire, machine))

    def test_panic_while_booting(self) -> None:
        self.during(Panic, "KERNEL PANIC: no init", b"KERNEL PANIC: no init\r\n")

    def test_reboot_while_booting(self) -> None:
        self.during(Rebooted, "booted again", b"starting\r\nRedox OS Bootloader 1.0.0 on x86_64/bios\r\n")

    def test_panic_after_the_user_s_name(self) -> None:
        wire = Wire()
        self.addCleanup(wire.close)
        wire.guest.sendall(b"redox login: ")

        def serve() -> None:
            received = b""
            while not received.endswith(b"\r"):
                more = wire.guest.recv(100)
                received += more
                wire.guest.sendall(more)
            wire.guest.sendall(b"\r\nKERNEL PANIC: page fault\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        with self.assertRaisesRegex(Panic, "page fault"):
            log_in(Console(wire), "root", "", 60)
        thread.join(20)

    def test_reset_while_a_command_runs(self) -> None:
        machine = Dead()
        self.addCleanup(machine.close)
        imitation = self.imitation()
        shell = find_shell(Console(imitation, machine), 60)
        threading.Timer(0.5, machine.fail, [Rebooted("the guest was reset")]).start()
        with self.assertRaisesRegex(Rebooted, "was reset"):
            shell.run("sleep 10", 60)

    def test_a_command_that_hangs(self) -> None:
        shell = find_shell(self.console(self.imitation()), 60)
        with self.assertRaisesRegex(Hang, "the end of sleep 5: did not come within 1 s"):
            shell.run("sleep 5", 1)

    def test_nobody_answers(self) -> None:
        wire = Wire()
        self.addCleanup(wire.close)
        with self.assertRaisesRegex(ShellFailed, "there is no shell that answers"):
            find_shell(Console(wire), 1, scale=0.1)

    def test_only_an_echo(self) -> None:
        wire = Wire()
        self.addCleanup(wire.close)

        def serve() -> None:
            try:
                while True:
                    received = wire.guest.recv(100)
                    if not received:
                        return
                    wire.guest.sendall(received)
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        with self.assertRaises(ShellFailed):
            find_shell(Console(wire), 2, scale=0.1)

    def test_a_shell_that_ends(self) -> None:
        wire = Wire()
        console = Console(wire)
        wire.guest.close()
        with self.assertRaises(Ended):
            find_shell(console, 60)


# A login as programs make it, before a shell.
_LOGIN = r"""
printf '\nDebian GNU/Linux 12 host ttyS0\n\n'
while :; do
  printf 'host login: '
  read -r user
  stty -echo
  printf 'Password: '
  read -r password
  stty echo
  echo
  if [ "$user" = root ] && [ "$password" = 'se cret$' ]; then
    printf 'Last login: Mon Jan  5 10:00:00 on ttyS0\n'
    exec "$@"
  fi
  printf '\nLogin incorrect\n'
done
"""


class RealShells(WaysTest):
    def terminal(self, shell: Sequence[str], login: bool = True) -> Terminal:
        argv = ["sh", "-c", _LOGIN, "sh", *shell] if login else list(shell)
        home = self.path("home")
        os.makedirs(home, exist_ok=True)
        terminal = Terminal(argv, {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home})
        self.addCleanup(terminal.close)
        return terminal

    def shells(self) -> Dict[str, Tuple[List[str], str]]:
        found: Dict[str, Tuple[List[str], str]] = {}
        for name, argv in {"dash": ["dash"], "bash": ["bash", "--norc"], "ksh": ["ksh"], "mksh": ["mksh"],
                           "busybox": ["busybox", "ash"]}.items():
            if shutil.which(argv[0]):
                found[name] = (argv, POSIX)
        if os.environ.get("ION"):
            found["ion"] = ([os.environ["ION"]], ION)
        return found

    def each(self, check: Callable[[Shell], None]) -> None:
        self.assertTrue(self.shells(), "there is no shell here to try")
        for name, (argv, kind) in self.shells().items():
            with self.subTest(name):
                console = self.console(self.terminal(argv))
                log_in(console, "root", "se cret$", 60)
                shell = find_shell(console, 60)
                self.assertEqual(shell.kind, kind)
                check(shell)

    def test_answers(self) -> None:
        def check(shell: Shell) -> None:
            for command, status, output in [("echo hello", 0, "hello\n"), ("printf no-newline", 0, "no-newline"), ("true", 0, ""),
                                            ("sh -c 'exit 7'", 7, ""), ("sh -c 'echo out; echo err >&2'", 0, "out\nerr\n"),
                                            ("seq 2000", 0, "".join("%d\n" % number for number in range(1, 2001)))]:
                answer = shell.run(command, 60)
                self.assertEqual((answer.status, answer.output), (status, output), command)

        self.each(check)

    def test_failures_have_a_status(self) -> None:
        def check(shell: Shell) -> None:
            for command, words in [("no-such-command", "no-such-command"), ("ls /no-such-file", "no-such-file"),
                                   ("sh -c 'kill -9 $$'", ""), ("/etc/passwd", "")]:
                answer = shell.run(command, 60)
                self.assertNotEqual(answer.status, 0, command)
                self.assertIn(words, answer.output)
                # The shell is as good as before.
                self.assertEqual(shell.run("echo again", 60).output, "again\n")

        self.each(check)

    def test_words(self) -> None:
        def check(shell: Shell) -> None:
            for word in _WORDS:
                answer = shell.run("printf '[%s]' " + shell.quote(word), 60)
                self.assertEqual((answer.status, answer.output), (0, "[%s]" % word))
            for word in ("a\nb", "\x15", "a\x1b[m", "\t"):
                self.assertRaises(ValueError, shell.quote, word)

        self.each(check)

    def test_long_lines(self) -> None:
        def check(shell: Shell) -> None:
            word = "".join("%04d-" % number for number in range(60))
            self.assertEqual(shell.run("echo " + word, 60).output, word + "\n")

        self.each(check)

    def test_history_does_not_come_between(self) -> None:
        # Ion shows what was typed before behind the cursor.
        def check(shell: Shell) -> None:
            shell.run("echo one two three", 60)
            self.assertEqual(shell.run("echo one", 60).output, "one\n")
            self.assertEqual(shell.run("echo one two", 60).output, "one two\n")

        self.each(check)

    def test_a_command_that_takes_its_time(self) -> None:
        self.each(lambda shell: self.assertEqual(shell.run("sh -c 'sleep 1; echo ion: late; sleep 3; echo end'", 60).output, "ion: late\nend\n"))

    def test_a_run_of_cases(self) -> None:
        script = self.write("run-cases",
                            b"#!/bin/sh\nfor line in 'BEGIN 1' 'RUN a' 'PASS a (1 ms)' 'DONE 1'; do printf '\\n=== %s\\n' \"$line\"; done\n")
        os.chmod(script, 0o755)

        def check(shell: Shell) -> None:
            shell.start(shell.quote(script))
            following = follow(shell.console, {"a": 10})
            self.assertEqual([(result.name, result.outcome) for result in following], [("a", "passed")])
            self.assertIsNone(following.failure)
            # The shell can be used again.
            self.assertEqual(shell.run("echo again", 60).output, "again\n")

        self.each(check)

    def test_a_run_that_dies(self) -> None:
        script = self.write("run-cases", b"#!/bin/sh\nprintf '\\n=== BEGIN 1\\n'; printf '\\n=== RUN a\\n'; kill -9 $$\n")
        os.chmod(script, 0o755)

        def check(shell: Shell) -> None:
            shell.start(shell.quote(script))
            results = list(follow(shell.console, {"a": 1}, slack=3))
            self.assertEqual([(result.name, result.outcome) for result in results], [("a", "failed")])

        self.each(check)

    def test_a_wrong_password(self) -> None:
        console = self.console(self.terminal(["dash"]))
        with self.assertRaisesRegex(LoginFailed, "root is not let in: Login incorrect"):
            log_in(console, "root", "wrong", 60)

    def test_a_shell_without_a_login(self) -> None:
        for name, (argv, kind) in self.shells().items():
            with self.subTest(name):
                self.assertEqual(find_shell(self.console(self.terminal(argv, login=False)), 60).kind, kind)

    def test_ion(self) -> None:
        if not os.environ.get("ION"):
            self.skipTest("ION names no program")
        self.assertIn("ion", self.shells())


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], "guest.ways_in", sys.argv[1:]))
