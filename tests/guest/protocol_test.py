#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Results from what run-cases prints, when it is whole and when it is not."""
import sys

sys.dont_write_bytecode = True

import os
from typing import Dict, List, Optional, Sequence, Tuple

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from console import Console
from failures import Ended, Failure, Hang, Panic, PoweredOff, Rebooted
from protocol import (Begin, Done, Exit, Following, Mark, Outcome, Result, Run, Time, counts, follow, parse)
from testing import Dead, GuestTest, Wire, run_tests

_LINES = [
    ("=== BEGIN 12", Begin(12)),
    ("=== RUN cat.Plain", Run("cat.Plain")),
    ("=== PASS cat.Plain (1234 ms)", Outcome("cat.Plain", "passed", "", 1234)),
    ("=== FAIL cp.Tree: line 3: status 1, not 0: cp: x: y", Outcome("cp.Tree", "failed", "line 3: status 1, not 0: cp: x: y")),
    ("=== FAIL a: ", Outcome("a", "failed", "")),
    ("=== SKIP a: no fifos: here", Outcome("a", "skipped", "no fifos: here")),
    ("=== MARK synced", Mark("synced")),
    ("=== MARK === RUN x", Mark("=== RUN x")),
    ("=== TIME ls 10 123456789 65536", Time("ls", 10, 123456789, 65536)),
    ("=== DONE 0", Done(0)),
    ("=== EXIT 1", Exit(1)),
    ("\r=== DONE 3 ", Done(3)),
    ("noise=== DONE 3", Done(3)),
    ("$ \r$ === RUN x", Run("x")),
    ("=== PASS ca=== RUN cp.Tree", Run("cp.Tree")),
    ("=== FAIL a: printed === PASS b (1 ms)", Outcome("a", "failed", "printed === PASS b (1 ms)")),
    ("=== FAIL a printed === PASS b (1 ms)", None),
    ("=== PASS a", None),
    ("=== PASS a (x ms)", None),
    ("=== RUN", None),
    ("=== RUN a b", None),
    ("=== FAIL a", None),
    ("=== DONE", None),
    ("=== DONE many", None),
    ("==== RUN a", None),
    ("=== NOTHING a", None),
    ('echo "=== EXIT $?"', None),
    ("", None),
]


def whole(*results: str) -> bytes:
    return b"".join(b"\n=== %s\n" % result.encode() for result in results)


class Parsing(GuestTest):
    def test_lines(self) -> None:
        for line, event in _LINES:
            with self.subTest(line):
                self.assertEqual(parse(line), event)


class FollowTest(GuestTest):
    def follow(self, expected: Sequence[str], *parts: bytes, failure: Optional[Failure] = None,
               slack: float = 60, seconds: float = 1, **options: float) -> Tuple[List[Result], Following]:
        """Everything has been said before; then the machine fails, or it is silent."""
        wire, machine = Wire(), Dead(failure)
        self.addCleanup(wire.close)
        self.addCleanup(machine.close)
        for part in parts:
            wire.guest.sendall(part)
        if isinstance(failure, Ended):
            wire.guest.close()
        self.marks: List[str] = []
        self.times: List[Time] = []
        following = follow(Console(wire, machine), {name: seconds for name in expected}, slack=slack,
                           on_mark=lambda mark: self.marks.append(mark.text), on_time=self.times.append, **options)
        return list(following), following

    def assert_results(self, results: List[Result], expected: Dict[str, str]) -> None:
        """`expected`: name to outcome and a part of why."""
        got = {result.name: "%s %s" % (result.outcome, result.why) for result in results}
        self.assertEqual(len(got), len(results), results)
        self.assertEqual(list(got), list(expected))
        for name, text in expected.items():
            outcome, _, why = text.partition(" ")
            self.assertTrue(got[name].startswith(outcome), (name, got[name]))
            self.assertIn(why, got[name])


class Whole(FollowTest):
    def test_all_that_can_be_said(self) -> None:
        results, run = self.follow(
            ["a", "b", "c"], b"$ run-cases script\r\nnoise\r\n",
            whole("BEGIN 3", "RUN a", "MARK one: two", "PASS a (1500 ms)", "RUN b", "FAIL b: line 3: no", "RUN c",
                  "TIME ls 2 3 4", "SKIP c: no fifos", "DONE 3"))
        self.assert_results(results, {"a": "passed", "b": "failed line 3: no", "c": "skipped no fifos"})
        self.assertEqual((results[0].seconds, self.marks, self.times), (1.5, ["one: two"], [Time("ls", 2, 3, 4)]))
        self.assertTrue(run.finished)
        self.assertIsNone(run.failure)
        self.assertEqual(counts(results), {"passed": 1, "failed": 1, "skipped": 1, "lost": 0})

    def test_results_come_as_they_happen(self) -> None:
        wire = Wire()
        self.addCleanup(wire.close)
        results = iter(follow(Console(wire), {"a": 60, "b": 60}))
        wire.guest.sendall(whole("BEGIN 2", "RUN a", "PASS a (1 ms)"))
        self.assertEqual(next(results).name, "a")
        wire.guest.sendall(whole("RUN b", "PASS b (1 ms)", "DONE 2"))
        self.assertEqual(next(results).name, "b")
        self.assertEqual(list(results), [])

    def test_carriage_returns_prompts_and_kernel_lines(self) -> None:
        stream = whole("BEGIN 2", "RUN a", "PASS a (1 ms)", "RUN b", "PASS b (2 ms)", "DONE 2").replace(b"\n", b"\r\n")
        for at in range(len(stream)):
            torn = stream[:at] + b"[   12.345678] usb 1-1: new device\r\n" + stream[at:]
            results, run = self.follow(["a", "b"], torn, failure=PoweredOff("off"))
            self.assert_results(results, {"a": "passed", "b": "passed"})
            self.assertTrue(run.finished, at)

    def test_a_script_that_is_not_sound(self) -> None:
        results, run = self.follow(["a"], whole("FAIL script: line 7: no such step", "DONE 0"))
        self.assert_results(results, {"run-cases": "failed the script is not sound: line 7: no such step",
                                      "a": "lost not run: the script is not sound"})
        self.assertTrue(run.finished)


class Broken(FollowTest):
    def test_hang_in_a_case(self) -> None:
        results, run = self.follow(["a", "b", "c"], whole("BEGIN 3", "RUN a", "PASS a (1 ms)", "RUN b"), b"last words\n",
                                   slack=0.2, seconds=0.2, scale=2)
        self.assert_results(results, {"a": "passed", "b": "failed hang: a result of b: did not come within 0.6 s; the last line was: last words",
                                      "c": "lost not run: in b: a result of b"})
        self.assertIsInstance(run.failure, Hang)
        self.assertFalse(run.finished)

    def test_noise_and_marks_do_not_stretch_the_limit(self) -> None:
        wire = Wire()
        self.addCleanup(wire.close)
        following = follow(Console(wire), {"a": 0.5}, slack=0.5,
                           on_mark=lambda mark: wire.guest.sendall(whole("MARK again") + b"=== noise\n"))
        wire.guest.sendall(whole("BEGIN 1", "RUN a", "MARK once"))
        self.assert_results(list(following), {"a": "failed hang: a result of a: did not come within 1 s"})

    def test_hang_between_cases(self) -> None:
        results, _ = self.follow(["a", "b"], whole("BEGIN 2", "RUN a", "PASS a (1 ms)"), slack=0.2)
        self.assert_results(results, {"a": "passed", "b": "lost not run: after a: the next case: did not come within 0.2 s"})

    def test_hang_before_done(self) -> None:
        results, run = self.follow(["a"], whole("BEGIN 1", "RUN a", "PASS a (1 ms)"), slack=0.2)
        self.assert_results(results, {"a": "passed", "run-cases": "failed after a: the next case"})
        self.assertFalse(run.finished)

    def test_nothing_at_all(self) -> None:
        results, _ = self.follow(["a"], b"ion: command not found: run-cases\n", begin_seconds=0.2)
        self.assert_results(results, {"a": "lost not run: before the first case: the beginning of the cases: did not come within 0.2 s; "
                                           "the last line was: ion: command not found: run-cases"})

    def test_panic_in_a_case(self) -> None:
        results, run = self.follow(["a", "b"], whole("BEGIN 2", "RUN a"), b"[    9.000000] Kernel panic - not syncing: x\n")
        self.assert_results(results, {"a": "failed panic: [    9.000000] Kernel panic", "b": "lost not run: in a: panic"})
        self.assertIsInstance(run.failure, Panic)

    def test_panic_between_cases(self) -> None:
        results, _ = self.follow(["a", "b"], whole("BEGIN 2", "RUN a", "PASS a (1 ms)"), b"KERNEL PANIC: x\n")
        self.assert_results(results, {"a": "passed", "b": "lost not run: after a: panic: KERNEL PANIC: x"})

    def test_panic_after_the_last_case(self) -> None:
        results, _ = self.follow(["a"], whole("BEGIN 1", "RUN a", "PASS a (1 ms)"), b"KERNEL PANIC: x\n")
        self.assert_results(results, {"a": "passed", "run-cases": "failed after a: panic"})

    def test_panic_text_in_a_result(self) -> None:
        results, run = self.follow(["a"], whole("BEGIN 1", "RUN a", "FAIL a: KERNEL PANIC: x", "DONE 1"))
        self.assert_results(results, {"a": "failed KERNEL PANIC: x"})
        self.assertIsNone(run.failure)

    def test_reboot_and_power_off_in_a_case(self) -> None:
        for failure in (Rebooted("the guest was reset"), PoweredOff("the guest switched itself off")):
            results, run = self.follow(["a", "b"], whole("BEGIN 2", "RUN a"), failure=failure)
            self.assert_results(results, {"a": "failed " + failure.what, "b": "lost not run: in a: " + failure.what})
            self.assertIs(run.failure, failure)

    def test_power_off_after_done_is_no_failure(self) -> None:
        results, run = self.follow(["a"], whole("BEGIN 1", "RUN a", "PASS a (1 ms)", "DONE 1"), failure=PoweredOff("off"))
        self.assert_results(results, {"a": "passed"})
        self.assertIsNone(run.failure)

    def test_run_cases_ends_early(self) -> None:
        results, run = self.follow(["a", "b"], whole("BEGIN 2", "RUN a"), b"Killed\n=== EXIT 137\n$ ")
        self.assert_results(results, {"a": "failed run-cases ended with status 137 before it was done", "b": "lost not run: in a"})
        self.assertEqual(run.exit_status, 137)

    def test_run_cases_does_not_begin(self) -> None:
        results, _ = self.follow(["a"], b"sh: run-cases: not found\n=== EXIT 127\n")
        self.assert_results(results, {"a": "lost not run: before the first case: run-cases ended with status 127 and did not begin"})

    def test_the_kernel_s_complaint_is_told_with_the_case(self) -> None:
        results, _ = self.follow(["a"], whole("BEGIN 1", "RUN a"), b"UNHANDLED EXCEPTION, CPU #0, PID 9, NAME /usr/bin/run-cases\n",
                                 slack=0.2, seconds=0.1)
        self.assert_results(results, {"a": "failed the kernel said: UNHANDLED EXCEPTION, CPU #0, PID 9, NAME /usr/bin/run-cases"})
        results, _ = self.follow(["a", "b"], whole("BEGIN 2", "RUN a"), b"UNHANDLED EXCEPTION, CPU #0, PID 9, NAME /usr/bin/cat\n",
                                 whole("FAIL a: signal 11", "RUN b", "FAIL b: no", "DONE 2"))
        self.assert_results(results, {"a": "failed signal 11 (the kernel said: UNHANDLED EXCEPTION, CPU #0, PID 9, NAME /usr/bin/cat)",
                                      "b": "failed no"})
        self.assertEqual(results[1].why, "no")


class Torn(FollowTest):
    """Where bytes were lost on the way, no case is taken for passed, and none is forgotten."""

    def test_a_lost_result(self) -> None:
        for torn in (b"\n=== PA", b"\n=== PASS a (1", b"\n", b"", b"\n=== FAIL a", b"\n=== PASS a (1 ms=== RUN"):
            results, run = self.follow(["a", "b"], whole("BEGIN 2", "RUN a"), torn, whole("RUN b", "PASS b (1 ms)", "DONE 1"))
            self.assert_results(results, {"a": "lost its result was lost: b began", "b": "passed"})
            self.assertTrue(run.finished)

    def test_a_lost_last_result(self) -> None:
        results, _ = self.follow(["a"], whole("BEGIN 1", "RUN a", "DONE 1"))
        self.assert_results(results, {"a": "lost its result was lost: run-cases was done", "run-cases": "failed DONE counts 1 results, and 0 came"})

    def test_a_lost_beginning_of_a_case(self) -> None:
        results, _ = self.follow(["a"], whole("BEGIN 1", "PASS a (1 ms)", "DONE 1"))
        self.assert_results(results, {"a": "passed", "run-cases": "failed a has a result and had no beginning"})

    def test_a_result_of_another_case(self) -> None:
        results, _ = self.follow(["a", "b"], whole("BEGIN 2", "RUN a", "PASS b (1 ms)", "DONE 2"))
        self.assertEqual([(result.name, result.outcome) for result in results],
                         [("a", "lost"), ("b", "passed"), ("run-cases", "failed"), ("run-cases", "failed")])

    def test_a_lost_begin(self) -> None:
        results, _ = self.follow(["a"], whole("RUN a", "PASS a (1 ms)", "DONE 1"))
        self.assert_results(results, {"run-cases": "failed BEGIN was lost", "a": "passed"})

    def test_a_case_that_nobody_asked_for(self) -> None:
        results, _ = self.follow(["a"], whole("BEGIN 2", "RUN x", "PASS x (1 ms)", "RUN a", "PASS a (1 ms)", "DONE 2"))
        self.assert_results(results, {"run-cases": "failed the script has 2 cases, not the 1 that were expected",
                                      "x": "failed nobody asked for this case (passed)", "a": "passed"})

    def test_a_second_result(self) -> None:
        results, _ = self.follow(["a"], whole("BEGIN 1", "RUN a", "FAIL a: no", "RUN a", "PASS a (1 ms)", "DONE 2"))
        self.assertEqual([(result.name, result.outcome) for result in results], [("a", "failed"), ("a", "failed")])
        self.assertIn("a second result: passed", results[1].why)

    def test_done_too_early(self) -> None:
        results, _ = self.follow(["a", "b"], whole("BEGIN 2", "RUN a", "PASS a (1 ms)", "DONE 1"))
        self.assert_results(results, {"a": "passed", "b": "lost not run: run-cases was done without it"})

    def test_done_miscounts(self) -> None:
        results, _ = self.follow(["a"], whole("BEGIN 1", "RUN a", "PASS a (1 ms)", "DONE 7"))
        self.assert_results(results, {"a": "passed", "run-cases": "failed DONE counts 7 results, and 1 came"})

    def test_begin_twice(self) -> None:
        results, _ = self.follow(["a"], whole("BEGIN 1", "BEGIN 1", "RUN a", "PASS a (1 ms)", "DONE 1"))
        self.assert_results(results, {"run-cases": "failed BEGIN came twice", "a": "passed"})

    def test_any_byte_lost(self) -> None:
        """Without one of the bytes: what is not passed is said so, and each case has exactly one result of its own."""
        stream = whole("BEGIN 2", "RUN a", "PASS a (1 ms)", "RUN b", "FAIL b: no", "DONE 2")
        for at in range(len(stream)):
            results, _ = self.follow(["a", "b"], stream[:at] + stream[at + 1:], failure=Ended("QEMU ended"))
            with self.subTest(lost=stream[max(0, at - 5):at + 5]):
                self.assertEqual(len([result for result in results if result.name == "a"]), 1)
                self.assertNotEqual([result.outcome for result in results if result.name == "b"], ["passed"])


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], "guest.protocol", sys.argv[1:]))
