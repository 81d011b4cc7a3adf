# SPDX-License-Identifier: MIT
"""What every program does alike: help, version, wrong options, standard streams that fail."""
import re

from harness import Case, case

# Program and the status of a wrong option.
PROGRAMS = {"cat": 1, "cp": 1, "ls": 2, "mkdir": 1, "rm": 1, "sync": 1}


def _for_each_program() -> None:
    for program, usage_status in PROGRAMS.items():
        def show_help(t: Case, program: str = program) -> None:
            outcome = t.run(program, "--help")
            t.expect(outcome.status == 0 and not outcome.errors, "--help fails", outcome)
            first = outcome.out.split(b"\n")[0].decode()
            t.expect(first.startswith("Usage: %s [OPTION]" % program), "no usage line", outcome)
            for line in outcome.out.decode().splitlines():
                t.expect(len(line) <= 110 and line == line.rstrip(), "an untidy line: %r" % line)
            for option in ("--help", "--version"):
                t.expect(option in outcome.out.decode(), option + " is not explained", outcome)
            t.expect(t.run(program, "--hel").out == outcome.out, "--hel is not --help")

        def version(t: Case, program: str = program) -> None:
            outcome = t.run(program, "--version")
            t.expect(outcome.status == 0 and not outcome.errors, "--version fails", outcome)
            pattern = (r"%s \(Cation\) \d+\.\d+\.\d+\n"
                       r"Build: ([0-9a-f]{7,40}(-dirty)?|unknown) \| (\d{4}-\d\d-\d\d|unknown) \| %s \| standin\n")
            t.expect(re.fullmatch(pattern % (program, t.programs.arch), outcome.out.decode()) is not None,
                     "not program, version, commit, date, architecture, C library", outcome)

        def unknown_option(t: Case, program: str = program, usage_status: int = usage_status) -> None:
            hint = "Try '%s --help' for more information." % program
            for arguments, reason in ((["-@"], "invalid option -- '@'"),
                                      (["--no-such-option"], "unrecognized option '--no-such-option'"),
                                      (["--help=x"], "option '--help' doesn't allow an argument")):
                outcome = t.run(program, *arguments, "operand")
                want = "%s: %s\n%s\n" % (program, reason, hint)
                t.expect(outcome.status == usage_status and not outcome.out,
                         "%s: status is not %d" % (arguments, usage_status), outcome)
                t.expect(outcome.errors.decode() == want, "%s: not\n%s" % (arguments, want), outcome)
            # GNU has the same status.
            t.same(program, "--no-such-option", status=usage_status)

        def help_to_full_device(t: Case, program: str = program, usage_status: int = usage_status) -> None:
            for option in ("--help", "--version"):
                t.same(program, option, stdout="/dev/full", status=usage_status)

        def help_to_closed_output(t: Case, program: str = program, usage_status: int = usage_status) -> None:
            outcome = t.run(program, "--help", closed=[1])
            t.expect(outcome.status == usage_status and outcome.errors, "nobody noticed", outcome)

        for name, function in (("help", show_help), ("version", version), ("unknown-option", unknown_option),
                               ("help-to-full-device", help_to_full_device),
                               ("help-to-closed-output", help_to_closed_output)):
            case("%s.common.%s" % (program, name))(function)
        if program in ("cp", "mkdir", "rm"):
            def missing_operand(t: Case, program: str = program) -> None:
                t.same(program, status=1)
                t.same(program, "--", status=1)
            case("%s.common.missing-operand" % program)(missing_operand)


_for_each_program()
