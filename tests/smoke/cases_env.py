# SPDX-License-Identifier: MIT
"""env. What it runs are the host's programs, by their shell mostly."""
import os

from harness import Case, Dir, File, Link, Tree, case

# Says what it was given, one argument a line.
_SHOW = ["sh", "-c", 'printf "<%s>\\n" "$0" "$@"']


def _tree() -> Tree:
    return {"d": Dir(), "d/c": File(b"#!/bin/sh\necho d/c \"$@\"\n", mode=0o755), "e": Dir(), "e/c": File(b"#!/bin/sh\necho e/c\n", mode=0o644),
            "plain": b"#!/bin/sh\n", "to-c": Link("d/c"), "dangling": Link("nowhere"), "loop": Link("loop"),
            "neither": File(b"\x00\x01\x02\x03 is no program\n", mode=0o755),
            "no-interpreter": File(b"#!/no/such/interpreter\n", mode=0o755), "a b": File(b"#!/bin/sh\necho spaces\n", mode=0o755)}


@case("env.prints")
def _(t: Case) -> None:
    t.same("env", "-i", status=0)
    t.same("env", "-", status=0)
    t.same("env", "-i", "A=1", "B=two words", b"C=\xff\n\x1b[31m", "=x", "A=3", "D=", "E=a=b", "=", status=0)
    t.same("env", "-0", "-i", "A=1", "B=two\nlines", status=0)
    t.same("env", "--ignore-environment", "--null", "A=1", status=0)
    t.same("env", "-", "A=1", "-", status=127)
    # The emulator turns the order round.
    turned = bool(t.programs.runner)
    variables = {**t.programs.environment, "ONE": "1", "ONETWO": "12", "EMPTY": "", "ÜMLAUT": "ü"}
    t.same("env", environment=variables, status=0, in_any_order=turned)
    t.same("env", "ONE=2", "NEW=3", environment=variables, status=0, in_any_order=turned)
    t.same("env", "-u", "ONE", "-u", "NOT", "--unset=EMPTY", environment=variables, status=0, in_any_order=turned)
    t.same("env", "-uONE", "ONE=again", environment=variables, status=0, in_any_order=turned)
    t.same("env", "-u", "A=B", status=125, complaints=["'A=B'"])
    t.same("env", "-u", "", status=125)
    t.same("env", "-i", "-u", "A=B", status=0)


@case("env.runs")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("env", *_SHOW, "-i", "--", "", "x=y", status=0)
    t.same("env", "--", *_SHOW, "x", status=0)
    t.same("env", "A=b", "sh", "-c", 'echo "$A"; exit 42', status=42)
    t.same("env", "-i", "A=b", "/bin/sh", "-c", "set | grep -v '^PWD='", status=0)
    t.same("env", "-i", "sh", "-c", "echo default path", status=0)
    t.same("env", "cat", stdin=b"input", status=0)
    t.same("env", "sh", "-c", "kill -TERM $$", status=-15)
    t.same("env", "./d/c", "x", "-C", status=0)
    t.same("env", "./to-c", status=0)
    t.same("env", "./a b", status=0)


@case("env.status-of-what-cannot-be-run")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("env", "./missing", status=127, complaints=["./missing: No such file"])
    t.same("env", "missing", status=127, complaints=["missing: No such file"])
    t.same("env", "", status=127)
    t.same("env", "./plain", status=126, complaints=["./plain: Permission denied"])
    t.same("env", "./d", status=126, complaints=["./d: Permission denied"])
    t.same("env", "plain/x", status=126, complaints=["plain/x: Not a directory"])
    t.same("env", "./dangling", status=127, complaints=["./dangling: No such file"])
    t.same("env", "./loop", status=126, complaints=["./loop: Too many levels"])
    t.same("env", "./no-interpreter", status=127, complaints=["./no-interpreter: No such file"])
    # GNU's execvp() has a shell try it.
    t.expect_complaint(t.run("env", "./neither"), "env", 126, "./neither: Exec format error")
    t.same("env", "PATH=/bin", "a b", status=127, complaints=["'a b': No such file", "use -[v]S"])


@case("env.path")
def _(t: Case) -> None:
    t.tree(_tree())
    for path in ("d", "e:d", ":d", "e:nothing:plain:d:", "./d", "d/"):
        t.same("env", "PATH=" + path, "c", "x", status=0)
    t.same("env", "PATH=e", "c", status=126, complaints=["c: Permission denied"])
    t.same("env", "PATH=e:.", "c", status=126, complaints=["c: Permission denied"])
    t.same("env", "PATH=", "to-c", status=0)
    t.same("env", "PATH=plain:nothing", "c", status=127)
    t.same("env", "PATH=d", "to-c", status=127)
    t.same("env", "-u", "PATH", "to-c", status=127)
    t.same("env", "-C", "d", "PATH=.", "c", status=0)
    # The old one is not searched.
    t.same("env", "PATH=e:.", "sh", status=127, environment={"PATH": "/bin:/usr/bin"})


@case("env.name")
def _(t: Case) -> None:
    # Not in the host's GNU env, which is older.
    for option in (["-a", "other"], ["--argv0=other"], ["-aother"]):
        outcome = t.run("env", *option, "/bin/sh", "-c", "cat /proc/$$/cmdline | tr '\\0' ' '")
        t.expect(outcome.status == 0 and outcome.out.startswith(b"other -c cat "), "the name is another", outcome)
    t.expect(t.run("env", "-a", "x").status == 125, "no command, but a name")


@case("env.chdir")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("env", "-C", "d", "./c", "x", status=0)
    t.same("env", "-C", "d", "sh", "-c", "pwd | sed 's|.*/||'", status=0)
    t.same("env", "--chdir", "..", "-C", "e", "sh", "-c", "pwd | sed 's|.*/||'", status=0)
    t.same("env", "-C", "missing", "true", status=125, complaints=["missing: cannot change directory"])
    t.same("env", "-C", "plain", "true", status=125)
    t.same("env", "-C", "", "true", status=125)
    t.same("env", "-C", "d", status=125)
    t.same("env", "-0", "true", status=125)


@case("env.split")
def _(t: Case) -> None:
    variables = {"A": "a  b", "E": "", "_9": "nine", "Q": "'"}
    show = "sh -c 'printf \"<%s>\\\\n\" \"$@\"' sh "
    for text in ("", "a", "  a  b\tc\n\v\f\rd ", "'a b' \"c d\" e'f'g\"h\" '' \"\"", "'\\\\ \\' \\n \\x \"' \"\\\\ \\\" \\$ \\# ' \\n\\t\"",
                 "\\f\\n\\r\\t\\v\\#\\$\\\"\\'\\\\", "a\\_b \"a\\_b\" \\_ c", "a\\cb c", "\\c", "a #b", "a b#c '#d' \\#e", "#",
                 "${A} x${A}y \"${A}\" '${A}'",
                 "${NO} x${NO}y \"${NO}\" ${E} ${_9} ${Q}", "${E}#a", "a\\_#b", "-i -v", "\u00fc\u20ac"):
        t.same("env", "-S", show + text, "last", environment=variables, status=0)
        t.same("env", "--split-string=" + show + text, environment=variables, status=0)
    for text in ("'abc", '"abc', "a\\", "a\\qb", '"a\\c"', "$A", "${", "${}", "${A", "${1A}", "${A-b}", "$", "'\\"):
        t.same("env", "-S", show + text, environment=variables, status=125, words=False)


@case("env.split-options")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("env", "-S", "", "-i", status=0)
    t.same("env", "-S", "-i A=1", "B=2", status=0)
    t.same("env", "-iS", "A=1 B=2", status=0)
    t.same("env", "-S", "-u", "HOME", "-u", "PATH", status=0, environment=t.programs.environment,
           in_any_order=bool(t.programs.runner))
    t.same("env", "-S", "-S '-i A=1'", "B=2", status=0)
    t.same("env", "-S", "-i -- A=1", "-u", status=127)
    t.same("env", "-S-i sh -c 'echo $0 $1' zero", "one", status=0)
    t.same("env", "-v -S", "x", status=125)


@case("env.script")
def _(t: Case) -> None:
    # What follows on a "#!" line comes as one argument; the script's path after it.
    program = os.fsencode(t.programs.ours("env")[-1])
    if t.programs.runner:
        return  # the kernel would run the program for another architecture
    script = b"#!" + program + b" -S A=1 B='two words' /bin/sh -u\necho $A $B ${0##*/} $1\n"
    t.tree({"script": File(script, mode=0o755), "d": Dir()})
    outcome = t.run("env", "./script", "argument")
    t.expect(outcome.status == 0 and outcome.out == b"1 two words script argument\n", "not so", outcome)
    outcome = t.run("env", "PATH=.", "script", "argument")
    t.expect(outcome.status == 0 and outcome.out == b"1 two words script argument\n", "by PATH it is not found again", outcome)


@case("env.debug")
def _(t: Case) -> None:
    t.tree(_tree())
    for arguments in (["-i", "-v", "A=b", "sh", "-c", "exit 3"], ["-v", "-u", "HOME", "-C", "d", "E=", "./c", "x y"],
                      ["-vS", "A=1 true x 'y z'"], ["--debug", "-i", "./missing"]):
        ours, gnus = t.run("env", *arguments), t.run_gnu("env", *arguments)
        want = gnus.errors.replace(b"env: './missing'", b"env: ./missing").replace(b'split -S:  ', b"split -S: ").replace(
            b"'A=1 true x \\'y z\\''", b"'A=1 true x '\\''y z'\\'''")
        t.expect(ours.errors.replace(b"split -S:  ", b"split -S: ") == want, "%s: not\n%s" % (arguments, want.decode()), ours)
        t.expect(ours.out == gnus.out and ours.status == gnus.status, "%s: otherwise than GNU" % arguments, ours)


@case("env.signals")
def _(t: Case) -> None:
    show = ["--list-signal-handling", "true"]
    for options in (["--ignore-signal=INT,sigusr1,13", "--block-signal=PIPE,1"], ["--ignore-signal=", "--ignore-signal=,PIPE"],
                    ["--ignore-signal=INT", "--default-signal=INT"], ["--block-signal", "--default-signal=HUP,INT"],
                    ["--block-signal=HUP", "--default-signal"], ["--ignore-signal", "--default-signal"],
                    ["-v", "--ignore-signal=PIPE", "--block-signal=USR1,12", "--default-signal=INT"]):
        ours, gnus = t.run("env", *options, *show), t.run_gnu("env", *options, *show)
        # GNU has names above 31, too.
        want = b"".join(line for line in gnus.errors.splitlines(True) if not line.startswith(b"RTM"))
        said = b"".join(line for line in ours.errors.splitlines(True) if line[:1].isalpha() or line[:1] == b" ")
        t.expect(said == want and ours.status == gnus.status, "%s: not\n%s" % (options, want.decode()), ours)
    t.same("env", "--ignore-signal=TERM", "sh", "-c", "kill -TERM $$; echo alive", status=0)
    t.same("env", "--block-signal=TERM", "sh", "-c", "kill -TERM $$; echo alive", status=0)
    t.same("env", "--ignore-signal=TERM", "env", "--default-signal=TERM", "sh", "-c", "kill -TERM $$; echo alive", status=-15)
    for wrong in ("FOO", "0", "65", "INT,FOO", "TERMX"):
        t.same("env", "--ignore-signal=" + wrong, "true", status=125, words=False)
    t.same("env", "--ignore-signal=KILL", "true", status=125, complaints=["KILL: failed to set signal action"])
    t.same("env", "--default-signal=STOP", "true", status=125)
    t.same("env", "--ignore-signal", "--", "true", status=0)


@case("env.descriptors")
def _(t: Case) -> None:
    # It opens nothing that the command would have, and closes nothing.
    listing = ["sh", "-c", "cd /proc/$$/fd && echo *"]
    t.same("env", *listing, status=0)
    t.same("env", "-C", "/", "-S", "A=1", *listing, status=0)
    t.same("env", *listing, closed=[0], status=0)
    t.same("env", *listing, closed=[0, 2], status=0)
    t.same("env", closed=[1], status=125)


@case("env.output-errors")
def _(t: Case) -> None:
    t.same("env", stdout="/dev/full", status=125)
    t.same("env", "-0", stdout="/dev/full", status=125)


@case("env.calls.search")
def _(t: Case) -> None:
    # One attempt for each directory, and nothing else.
    t.tree(_tree())
    outcome = t.run("env", "PATH=nothing:plain:e:d", "c", count=True)
    t.expect(outcome.status == 0 and outcome.out == b"d/c\n", "it does not run", outcome)
    t.expect(outcome.calls.get("execve", 0) <= 4 and outcome.os_calls <= 14, "more than four attempts", outcome)
    outcome = t.run("env", "A=1", "/bin/true", count=True)
    t.expect(outcome.status == 0 and outcome.os_calls <= 4, "more calls than exec needs", outcome)
