# SPDX-License-Identifier: MIT
"""cat."""
import os

from data import data
from harness import Case, Dir, Fifo, File, Link, Tree, case, compare_each

_TEXT = b"one\n\n\n\ntwo\tthree\n\x00\x01\x1f\x7f\x80\x9f\xa0\xff\xc3\xa9\r\n\r\r\n end without newline\r"
_ALL_BYTES = bytes(range(256))
# Not the same everywhere, so that a block that is lost or comes twice is noticed.
_LARGE = data(3 * 1024 * 1024 + 17, 1)


def _tree() -> Tree:
    return {"text": _TEXT, "bytes": _ALL_BYTES, "empty": b"", "second": b"\n\nlast line\n", "tail": b"no newline"}


compare_each("cat.option", "cat", _tree, {
    "none": ["text", "bytes", "empty", "second"],
    "a-upper": ["-A", "text", "bytes"],
    "show-all": ["--show-all", "text"],
    "b": ["-b", "text", "second"],
    "number-nonblank": ["--number-nonblank", "text"],
    "e": ["-e", "text", "bytes"],
    "e-upper": ["-E", "text", "bytes"],
    "show-ends": ["--show-ends", "text"],
    "n": ["-n", "text", "second"],
    "number": ["--number", "tail", "text"],
    "s": ["-s", "text", "second"],
    "squeeze-blank": ["--squeeze-blank", "text"],
    "t": ["-t", "text", "bytes"],
    "t-upper": ["-T", "text", "bytes"],
    "show-tabs": ["--show-tabs", "text"],
    "u": ["-u", "text", "second"],
    "v": ["-v", "text", "bytes"],
    "show-nonprinting": ["--show-nonprinting", "bytes"],
    "cluster": ["-nsET", "text", "second"],
    "b-over-n": ["-bn", "text"],
    "prefix": ["--squeeze", "--number-n", "text"],
    "after-operands": ["text", "-n", "second"],
    "double-dash": ["--", "text"],
    "joined-lines": ["-n", "tail", "tail", "second"],
    "joined-blank-lines": ["-s", "second", "second", "text"],
    "everything": ["-AbnsETuv", "text", "bytes", "tail"],
})


@case("cat.stdin")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("cat", stdin=_TEXT)
    t.same("cat", "-", stdin=_TEXT)
    t.same("cat", "text", "-", "second", "-", stdin=b"from standard input")
    t.same("cat", "-n", "-", "text", stdin=b"x\ny")
    t.same("cat", stdin=None)


@case("cat.ambiguous-prefix")
def _(t: Case) -> None:
    t.same("cat", "--show", status=1)


@case("cat.names")
def _(t: Case) -> None:
    names = [b"with space", b"new\nline", b"-n", b"--", b"-", b"\x01\x1b[31m\x7f", b"\xff\xfe", "ü€😀".encode(),
             b"a" * 255, b"'quote'", b'"', b"$HOME", b"*"]
    t.tree({name: b"<" + name + b">\n" for name in names})
    t.same("cat", "--", *[name for name in names if name != b"-"], b"./-", status=0)
    t.same("cat", *[b"./" + name for name in names], status=0)


@case("cat.missing")
def _(t: Case) -> None:
    t.tree({"there": b"there\n", "file": b"x"})
    t.same("cat", "there", "missing", "there", status=1, complaints=["missing: No such file or directory"])
    t.same("cat", "file/below", status=1, complaints=["file/below: Not a directory"])
    t.same("cat", "", status=1)
    t.same("cat", b"new\nline", b"\xff", status=1, complaints=[r"$'new\nline': No such", r"$'\377': No such"])
    t.same("cat", "a b", status=1, complaints=["'a b': No such file or directory"])
    t.same("cat", b"a" * 256, status=1)
    t.same("cat", b"a/" * 2500, status=1)


@case("cat.directory")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "f": b"still shown\n"})
    t.same("cat", "d", "f", ".", status=1, complaints=["d: Is a directory", ".: Is a directory"])


@case("cat.unreadable")
def _(t: Case) -> None:
    t.tree({"locked": File(b"secret", mode=0), "f": b"f\n"})
    t.same("cat", "locked", "f", status=1, complaints=["locked: Permission denied"])


@case("cat.links")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/f": b"found\n", "to-file": Link("d/f"), "to-directory": Link("d"),
            "dangling": Link("nowhere"), "loop": Link("loop")})
    t.same("cat", "to-file", "to-directory/f", status=0)
    t.same("cat", "dangling", "to-directory", "loop", status=1,
           complaints=["dangling: No such", "to-directory: Is a directory", "loop: Too many levels"])


@case("cat.large")
def _(t: Case) -> None:
    t.tree({"large": _LARGE, "mebibyte": _LARGE[:1024 * 1024]}, shared=True)
    t.same("cat", "large", shared=True, status=0)
    t.same("cat", "mebibyte", "large", "mebibyte", shared=True, status=0)
    t.same("cat", "-n", "large", shared=True, status=0)
    t.same("cat", stdin=_LARGE, shared=True, status=0)


@case("cat.large-to-file")
def _(t: Case) -> None:
    t.tree({"large": _LARGE})
    t.same("cat", "large", into="copy", status=0)


@case("cat.one-line-of-a-mebibyte")
def _(t: Case) -> None:
    t.tree({"line": b"x" * (1024 * 1024) + b"\n"})
    t.same("cat", "-A", "line", shared=True, status=0)


@case("cat.many-operands")
def _(t: Case) -> None:
    t.tree({"f%d" % n: b"%d\n" % n for n in range(3000)}, shared=True)
    t.same("cat", *["f%d" % n for n in range(3000)], shared=True, status=0)


@case("cat.full-device")
def _(t: Case) -> None:
    t.tree({"f": b"text\n", "large": _LARGE, "empty": b""})
    t.same("cat", "f", stdout="/dev/full", status=1)
    t.same("cat", "-n", "f", stdout="/dev/full", status=1)
    t.same("cat", "large", stdout="/dev/full", status=1)
    t.same("cat", "empty", stdout="/dev/full", status=0)


@case("cat.full-device-stops")
def _(t: Case) -> None:
    # One message, though three files could not be written.
    t.tree({"f": b"text\n"})
    outcome = t.run("cat", "f", "f", "f", stdout="/dev/full")
    t.expect_complaint(outcome, "cat", 1, "write error: No space left on device")


@case("cat.closed-stdin")
def _(t: Case) -> None:
    t.tree({"f": b"f\n"})
    # GNU has a second message, about closing it.
    t.same("cat", closed=[0], status=1, words=False, complaints=["-: Bad file descriptor"])
    t.same("cat", "f", closed=[0], status=0)


@case("cat.closed-stdout")
def _(t: Case) -> None:
    t.tree({"f": b"f\n"})
    for arguments in (["f"], ["-n", "f"], ["f", "-"], []):
        outcome = t.run("cat", *arguments, closed=[1], stdin=b"in")
        t.expect_complaint(outcome, "cat", 1, "standard output: Bad file descriptor")


@case("cat.broken-pipe")
def _(t: Case) -> None:
    t.tree({"large": _LARGE})
    for arguments in (["large"], ["-n", "large"]):
        reading, writing = os.pipe()
        os.close(reading)
        try:
            outcome = t.run("cat", *arguments, stdout=writing, no_sigpipe=True)
        finally:
            os.close(writing)
        t.expect(outcome.status == 1 and not outcome.errors, "EPIPE is not quiet, with status 1", outcome)


@case("cat.input-is-output")
def _(t: Case) -> None:
    # Would fill the disk.
    t.tree({"f": b"text\n", "other": b"other\n"})
    t.same("cat", "f", "other", append="f", status=1, complaints=["f: input file is output file"])
    t.same("cat", "f", status=0)


def _into(t: Case, mode: str, name: str, *arguments: str, position: int = 0, stdin: bytes = b"") -> "tuple":
    """Our cat's outcome with its output going into a file of the tree, and what is in that afterwards."""
    path = os.path.join(t.ours, os.fsencode(name))
    with open(path, mode) as out:
        if position:
            out.seek(position)
        outcome = t.run("cat", *arguments, stdout=out.fileno(), stdin=stdin)
    with open(path, "rb") as content:
        return outcome, content.read()


@case("cat.input-is-output-but-ends")
def _(t: Case) -> None:
    # What is read is written where it was read, or before: that ends. Not so in GNU's cat before 9.6.
    t.tree({"f": b"text\n", "other": b"other\n", "six": b"123456"})
    outcome, content = _into(t, "r+b", "f", "f", "other")
    if t.programs.revision == "host":
        t.expect(outcome.status == 0 and content == b"text\nother\n", "f 1<>f is refused", outcome)
    else:
        # Redox is not asked whether the output appends; it might.
        t.expect(outcome.status == 1 and content == b"other\n", "f 1<>f is not refused", outcome)
    before = content
    outcome, content = _into(t, "r+b", "six", "other", "six")
    t.expect(outcome.status == 1 and b"six: input file is output file" in outcome.errors and content == b"other\n",
             "a file that is written before it is read is not refused", outcome)
    outcome, content = _into(t, "ab", "f", "f")
    t.expect(outcome.status == 1 and content == before, "f >>f is not refused", outcome)
    # POSIX's example: the output is empty when cat starts, and is its own first operand.
    outcome, content = _into(t, "wb", "six", "six", "other")
    t.expect(outcome.status == 0 and content == b"other\n", "six other >six", outcome)


@case("cat.append")
def _(t: Case) -> None:
    t.tree({"large": _LARGE, "f": b"f\n", "log": b"log\n"})
    t.same("cat", "f", "large", "f", "-", append="log", stdin=b"standard input\n", status=0)


@case("cat.into-the-middle")
def _(t: Case) -> None:
    t.tree({"f": b"abc", "log": b"0123456789"})
    outcome, content = _into(t, "r+b", "log", "f", "f", position=2)
    t.expect(outcome.status == 0 and content == b"01abcabc89", "not written where the output stands", outcome)


@case("cat.stdin-from-the-middle")
def _(t: Case) -> None:
    # A shell's `(read line; cat) <file`: what has been read before does not come again.
    t.tree({"large": _LARGE})
    path = os.path.join(t.ours, b"large")
    for extra in ([], ["-u"], ["-v"]):
        reading = os.open(path, os.O_RDONLY)
        os.lseek(reading, 1000, os.SEEK_SET)
        saved = os.dup(0)
        os.dup2(reading, 0)
        try:
            outcome = t.run("cat", *extra, inherit_stdin=True)
        finally:
            os.dup2(saved, 0)
            os.close(saved)
            os.close(reading)
        t.expect(outcome.status == 0 and outcome.out == _LARGE[1000:], "not what follows")


@case("cat.system-files")
def _(t: Case) -> None:
    # Files that say a size they do not have; into a file, too, where a system call would find them empty.
    names = [name for name in ("/sys/kernel/mm/transparent_hugepage/enabled", "/sys/devices/system/cpu/online",
                               "/proc/version", "/proc/filesystems") if os.path.exists(name)]
    t.same("cat", *names, status=0)
    outcome, content = _into(t, "wb", "copy", *names)
    t.expect(outcome.status == 0 and content == t.run_gnu("cat", *names).out, "not their content", outcome)


@case("cat.read-error")
def _(t: Case) -> None:
    # Nothing is mapped at address 0.
    t.same("cat", "/proc/self/mem", status=1, complaints=["/proc/self/mem: Input/output error"])


@case("cat.long-lines-and-short")
def _(t: Case) -> None:
    # Whatever falls on the borders of buffers, and of the sixteen bytes that are looked at together.
    lines = [b"x" * n + (b"\t" if n % 3 else b"\x01") + b"y" * (n % 17) for n in range(300)]
    lines += [b"\r", b"", b"", b"\xff" * 33, b"\x7f" * 16, b"z" * 70000 + b"\r", b"a\rb\r"]
    t.tree({"f": b"\n".join(lines * 7)}, shared=True)
    for option in ("-A", "-v", "-E", "-T", "-n", "-b", "-s", "-nsE", "-vT", "-sb"):
        t.same("cat", option, "f", "f", shared=True, status=0)


@case("cat.fifo")
def _(t: Case) -> None:
    t.tree({"pipe": Fifo()})
    for folder, run in ((t.ours, t.run), (t.gnu, t.run_gnu)):
        # Opened for both, so that nobody waits for the other end.
        descriptor = os.open(os.path.join(folder, b"pipe"), os.O_RDWR | os.O_NONBLOCK)
        os.write(descriptor, b"through a pipe\n")
        outcome = run("cat", "-", stdin=b"before ")
        t.expect(outcome.out == b"before ", "standard input", outcome)
        reading = os.open(os.path.join(folder, b"pipe"), os.O_RDONLY)
        os.close(reading)
        os.close(descriptor)


@case("cat.procfs")
def _(t: Case) -> None:
    # A file that says it has 0 bytes.
    t.same("cat", "/proc/version", "/proc/filesystems", status=0)


@case("cat.umask-has-no-effect")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("cat", "text", umask=0o777, status=0)
