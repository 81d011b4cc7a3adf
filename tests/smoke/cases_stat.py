# SPDX-License-Identifier: MIT
"""stat. What only the host knows (when a file was made, the size of its blocks) is not compared."""

from cases_common import closed_streams, little_memory, missing_operand, names
from harness import Case, Dir, Fifo, File, Hard, Link, Tree, case


def _tree() -> Tree:
    return {"f": b"text\n", "empty": b"", "g": File(b"x" * 5000, mode=0o4750, time=1_234_500_000_000), "d": Dir(mode=0o1777), "link": Link("f"),
            "to-d": Link("d"), "dangling": Link("no where"), "loop": Link("loop"), "a b": b"", "it's": b"", "x\ny": b""}


_FILES = ["f", "empty", "g", "a b", "it's", "x\ny"]
_OTHERS = ["d", "link", "to-d", "dangling"]


@case("stat.directives")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("stat", "-c", "%n|%N|%s|%a|%A|%f|%F|%y|%Y|%h", *_FILES, status=0)
    # The size of a directory and the mode of a link are a system's own.
    t.same("stat", "-c", "%n|%N|%F", *_OTHERS, status=0)
    t.same("stat", "--format=%n|%N|%F|%a|%y", "-L", "f", "link", "to-d", "d", status=0)
    t.same("stat", "-c", "%B", "f", status=0)


@case("stat.owners")
def _(t: Case) -> None:
    t.tree(_tree())
    ours, gnus = t.run("stat", "-c", "%U %G %u %g", "f", "/"), t.run_gnu("stat", "-c", "%U %G %u %g", "f", "/")
    t.expect(ours.out == gnus.out, "not %r" % gnus.out, ours)


@case("stat.hard-links")
def _(t: Case) -> None:
    t.tree({"f": b"", "hard": Hard("f")})
    t.same("stat", "-c", "%h %n", "f", "hard", status=0)


@case("stat.fifo")
def _(t: Case) -> None:
    t.tree({"fifo": Fifo(mode=0o620)})
    t.same("stat", "-c", "%n %F %a %A %f", "fifo", status=0)


@case("stat.before-1970")
def _(t: Case) -> None:
    t.tree({"old": File(b"", time=-1_250_000_000), "older": File(b"", time=-876_543_211)})
    t.same("stat", "-c", "%y|%Y|%.Y|%.1Y|%.2Y|%.3Y|%020.3Y|%-20.3Y|", "old", "older", status=0)


@case("stat.directives.unknown")
def _(t: Case) -> None:
    t.tree(_tree())
    for text in ("%Q", "%", "%%", "a%", "%H", "%Hs", "%Ls%L", "%j%k", "100%% %n", "\\n\\t", ""):
        t.same("stat", "-c", text, "f", status=0)
    for text in ("%5", "%5%", "%-%", "%.", "%.3%", "%#", "x%010", "%+% %n"):
        t.same("stat", "-c", text, "f", "g", status=1, words=False)


@case("stat.widths")
def _(t: Case) -> None:
    t.tree(_tree())
    for text in ("%10s|%-10s|%010s|%+10s|% 10s|%#s|%'s", "%.3s|%10.3s|%-10.3s|%010.3s|%.0s", "%10n|%-10n|%010n|%.3n|%10.3n|%.0n|%.n",
                 "%a|%#a|%04a|%#06a|%6a|%-6a|%.6a|%#.6a",
                 "%f|%#f|%#10f|%010f|%#010f|%-#10f|%.8f|%#.8f", "%12F|%-30F|%.7F", "%12A|%-12A|%.4A", "%8U|%-8U|%.2U", "%40y|%-40y|%.10y|%20.10y",
                 "%Y|%.Y|%.0Y|%.1Y|%.3Y|%.9Y|%.12Y", "%20Y|%-20Y|%020Y|%+Y|% Y|%+020Y|% 20Y", "%20.3Y|%-20.3Y|%020.3Y|%+.3Y|%+020.3Y|% 20.3Y"):
        t.same("stat", "-c", text, "f", "g", "empty", status=0)


@case("stat.times")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("stat", "-c", "%y|%Y|%.1Y|%.2Y|%.3Y|%.9Y", "f", "g", status=0)
    for zone in ("EST5EDT,M3.2.0,M11.1.0", "CET-1CEST,M3.5.0,M10.5.0/3", "XYZ-5:45"):
        t.same("stat", "-c", "%y", "f", "g", status=0, environment={"TZ": zone})


@case("stat.quoting")
def _(t: Case) -> None:
    t.tree(_tree())
    for style in ("literal", "shell", "shell-always", "shell-escape", "shell-escape-always", "c", "escape"):
        t.same("stat", "-c", "%N", *_FILES, *_OTHERS, status=0, environment={"QUOTING_STYLE": style})


@case("stat.printf")
def _(t: Case) -> None:
    t.tree(_tree())
    for text in ("%n", "%n\\n", "a\\tb\\a\\b\\e\\f\\r\\v\\\\\\\"", "\\x41\\x4g\\101\\1011\\0", "%s\\n%%\\n", ""):
        t.same("stat", "--printf", text, "f", "g", status=0)
        t.same("stat", "--printf=" + text, "f", status=0)
    t.same("stat", "--printf", "a\\qb", "f", status=0, words=False)


@case("stat.default")
def _(t: Case) -> None:
    # But for what is of this host: numbers of inodes and devices, blocks, and when it was made.
    t.tree(_tree())

    def plain(out: bytes) -> bytes:
        beginnings = {b"  Size: ": b"  Size", b" Birth: ": b" Birth"}
        return b"\n".join(beginnings.get(line[:8], line) for line in out.splitlines())

    # Reading where a link leads changes when it was last read. Newer ones quote names.
    for arguments in (["f", "empty", "g", "d"], ["-L", "link", "to-d"]):
        ours, gnus = t.run("stat", *arguments, folder=t.gnu), t.run_gnu("stat", *arguments)
        want = plain(gnus.out)
        t.expect(ours.status == gnus.status == 0 and plain(ours.out) == want, "not as GNU's:\n" + want.decode("utf-8", "replace"), ours)
    outcome = t.run("stat", "link", "dangling")
    t.expect(outcome.out.startswith(b"  File: link -> f\n") and b"\n  File: dangling -> 'no where'\n" in outcome.out, "not where they lead", outcome)
    outcome = t.run("stat", "-t", "f", folder=t.gnu)
    fields = t.run_gnu("stat", "-t", "f").out.split()
    got = outcome.out.split()
    t.expect(len(got) == len(fields) == 16 and got[:2] == fields[:2] and got[3:14] == fields[3:14], "not as GNU's: %r" % fields, outcome)


@case("stat.identity")
def _(t: Case) -> None:
    t.tree(_tree())
    for text in ("%i %d %D %Hd %Ld %h", "%m", "%X %Z %x %z"):
        for arguments in (["f", "d"], ["-L", "link", "d/."], ["/"], ["/proc/self/status"] if text == "%m" else ["/etc"]):
            ours, gnus = t.run("stat", "-c", text, *arguments, folder=t.gnu), t.run_gnu("stat", "-c", text, *arguments)
            t.expect(ours.out == gnus.out and ours.status == 0, "%s: not %r" % (text, gnus.out), ours)


@case("stat.file-system")
def _(t: Case) -> None:
    t.tree(_tree())
    for text in ("%n", "[%10n|%-5n|%.2n]", "%Q%", "%%"):
        t.same("stat", "-f", "-c", text, "f", "d", status=0)
    for text in ("%S", "%b", "%c", "%l"):
        ours, gnus = t.run("stat", "-f", "-c", text, "."), t.run_gnu("stat", "-f", "-c", text, ".")
        known = ours.out == gnus.out or (ours.out == b"0\n" and text in ("%c", "%l")) or text in ("%S", "%b")
        t.expect(ours.status == 0 and known and ours.out.strip().isdigit(), "%s: not %r" % (text, gnus.out), ours)
    outcome = t.run("stat", "-f", "f")
    t.expect(outcome.status == 0 and outcome.out.startswith(b"  File: f\n    ID: ") and outcome.out.count(b"\n") == 5, "not its five lines", outcome)
    outcome = t.run("stat", "-ft", "f")
    t.expect(outcome.status == 0 and len(outcome.out.replace(b"UNKNOWN (", b"(").split()) >= 11, "not its fields", outcome)
    t.same("stat", "-f", "missing", status=1, complaints=["missing: No such file"])
    t.same("stat", "-f", "-", status=1, words=False)


@case("stat.missing")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("stat", "-c", "%n", "missing", "f", "f/x", "", status=1, complaints=["missing: No such file", "f/x: Not a directory", "'': No such file"])
    t.same("stat", "-Lc", "%n", "dangling", "loop", "f", status=1, complaints=["dangling: No such file", "loop: Too many levels"])


@case("stat.standard-input")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("stat", "-c", "%n %F", "-", stdin=b"", status=0)
    t.same("stat", "-c", "%n", "-", closed=[0], status=1)


@case("stat.options")
def _(t: Case) -> None:
    t.tree(_tree())
    for mode in ("default", "never", "always", "alw"):
        t.same("stat", "--cached=" + mode, "-c", "%n", "f", status=0)
    t.same("stat", "--cached=x", "-c", "%n", "f", status=1, words=False)


@case("stat.calls")
def _(t: Case) -> None:
    t.tree(_tree())
    outcome = t.run("stat", "-c", "%n %s %Y %a", "f", count=True)
    t.expect(outcome.status == 0 and outcome.os_calls <= 5, "more than to look and to write", outcome)


@case("stat.output-errors")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("stat", "f", stdout="/dev/full", status=1)
    t.same("stat", "-c", "%n", "f", closed=[1], status=1)


@case("stat.device")
def _(t: Case) -> None:
    # The stand-in's devices have no numbers, as on Redox.
    t.same("stat", "-c", "%n %F %a %s", "/dev/null", status=0)
    outcome = t.run("stat", "/dev/null")
    t.expect(outcome.status == 0 and b"Links: 1     Device type: " in outcome.out, "not said that it is a device", outcome)


def _try_name(t: Case, _: bytes, path: bytes, missing: bytes) -> None:
    t.same("stat", b"-c", b"%n %N %s", path, missing, environment={"LC_ALL": "C.UTF-8"})



names("stat", _try_name)
closed_streams("stat", [(["-c", "%n", "f", "d"], True), (["-c", "%n", "missing"], False), (["-c", "%s", "f", "missing"], True)])
little_memory("stat", ["-c", "%n %N %y %U", "f", "d"])
missing_operand("stat")
