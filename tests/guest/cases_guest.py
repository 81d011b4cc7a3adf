# SPDX-License-Identifier: MIT
"""Cases that only a guest can have: init's commands, the 9p share, scripts, starting programs, commands of other packages.

    prepare_share(folder)            # before the guest runs: `folder` is what it sees as /scheme/9p.hostshare
    cases(programs="/usr/bin")       # the cases, as steps of a script
    check_share(folder)              # afterwards: (case, what is wrong with what it wrote, or None) for each that wrote

Names are of the same scheme as those of tests/smoke.
"""
import os
import shutil
import sys
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Optional, Sequence, Tuple

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "smoke")]
from given_image import SHARE  # noqa: E402 pylint: disable=wrong-import-position
from cases_common import HELP_ALONE, PROGRAMS  # noqa: E402 pylint: disable=wrong-import-position
from harness import first_word  # noqa: E402 pylint: disable=wrong-import-position
from script import PIPE, Steps, data  # noqa: E402 pylint: disable=wrong-import-position

# What the host puts there for the guest, and what the guest writes for the host.
SHARE_IN = "cation-cases/in"
SHARE_OUT = "cation-cases/out"

# Far more than a message of the share holds (128 KiB), and no multiple of it.
_LARGE = (3 * 1024 * 1024 + 17, 11)
_WRITTEN = (1024 * 1024 + 5, 12)
_TREE: Dict[str, bytes] = {"a": b"first\n", "sub/b": b"second\n", "sub/deep/empty": b"", "sub/deep/data": data(300_000, 13)}

Writer = Callable[[Steps, str], None]
_CASES: List[Tuple[str, float, Writer]] = []


def _case(name: str, seconds: float = 60) -> Callable[[Writer], Writer]:
    def register(function: Writer) -> Writer:
        _CASES.append((name, seconds, function))
        return function
    return register


def cases(programs: str = "/usr/bin") -> List[Steps]:
    """All of them, in an order to run them in. `programs`: where our programs are in the guest."""
    written = []
    for name, seconds, function in _CASES:
        steps = Steps(name, seconds)
        function(steps, programs)
        written.append(steps)
    return written


def _runs_well(s: Steps, *words: object, output: Optional[bytes] = b"", status: int = 0) -> None:
    """The run ends with status 0 (or another), has nothing to complain of, and prints this (None: anything)."""
    s.run(*words)  # type: ignore[arg-type]
    s.status(status)
    s.errors(b"")
    if output is not None:
        s.output(output)


# ------------------------------------------------------------------------------------------ starting
def _starts() -> None:
    for program, usage_status in PROGRAMS.items():
        def start(s: Steps, _: str, program: str = program) -> None:
            _runs_well(s, program, "--version", output=None, status=HELP_ALONE.get(program, 0))
            s.output_has(b"%s (Cation) " % program.encode())
            _runs_well(s, program, "--help", output=None, status=HELP_ALONE.get(program, 0))
            s.output_has(b"Usage: %s [OPTION]" % program.encode())

        def prefix(s: Steps, programs: str, program: str = program, usage_status: Optional[int] = usage_status) -> None:
            # Never a path, nor the name of a link: who wrote the script may have called it otherwise.
            s.needs_feature("symbolic-links")
            s.link("%s/%s" % (programs, program), "another-name")
            s.directory("d")
            s.link("../another-name", "d/third")
            for words in ([program], ["%s/%s" % (programs, program)], ["./another-name"], ["d/third"]):
                s.run(*words, "--no-such-option")
                s.status(usage_status)
                s.output(b"")
                s.complaints(program)
                s.errors_have(b"%s: unrecognized option '--no-such-option'\n" % program.encode())
        _case("start.%s" % first_word(program), 20)(start)
        # By another name the multicall program knows no command, and says so.
        if usage_status is not None and program != "cation-box":
            _case("messages.prefix-%s" % program, 20)(prefix)


_starts()


@_case("messages.operand")
def _(s: Steps, _: str) -> None:
    for program, status, arguments in (("cat", 1, ["d/f"]), ("cp", 1, ["d/f", "new"]), ("ls", 2, ["d/f"]), ("mkdir", 1, ["d/f"]),
                                       ("rm", 1, ["d/f"]), ("sync", 1, ["d/f"])):
        s.run(program, *arguments)
        s.status(status)
        s.output(b"")
        s.errors(b"%s: d/f: No such file or directory\n" % program.encode())


# Name, program, arguments: what ends at once and well, so that starting it is what is measured.
Timed = Tuple[str, str, Sequence[str]]
TIMED: Sequence[Timed] = (
    ("empty", "/libexec/cation/empty", ()), ("cat", "cat", ()), ("rm", "rm", ("-f",)), ("mkdir", "mkdir", ("-p", "/")),
    ("env", "env", ("-i",)), ("cp", "cp", ("--version",)), ("ls", "ls", ("--version",)), ("sync", "sync", ("--version",)),
    ("dircolors", "dircolors", ("--version",)),
    ("padded-256k", "/usr/libexec/cation/padded-256k", ()), ("padded-1024k", "/usr/libexec/cation/padded-1024k", ()),
    ("padded-4096k", "/usr/libexec/cation/padded-4096k", ()), ("others-true", "/usr/bin/true", ()), ("others-echo", "/usr/bin/echo", ()),
)


def start_time_cases(timed: Sequence[Timed] = TIMED, count: int = 10) -> List[Steps]:
    """How long it takes to start each: Redox reads every byte of a program for it."""
    written = []
    for name, program, arguments in timed:
        steps = Steps("start-time.%s" % name, 60)
        if "/" in program:
            steps.needs(program)
        else:
            steps.needs_program(program)
        steps.start_time(name, count, program, *arguments)
        written.append(steps)
    return written


# ------------------------------------------------------------------------------------------ init
def _make_old(s: Steps, path: str) -> None:
    s.directory(path, 0o1777)
    s.file(path + "/left", b"left by an earlier boot\n", 0o600)
    s.directory(path + "/d", 0o700)
    s.directory(path + "/d/e", 0o555)
    s.file(path + "/d/e/read-only", b"x", 0o400)


@_case("init.tmp")
def _(s: Steps, _: str) -> None:
    # init.rc's way to an empty /tmp; the umask must not count.
    _make_old(s, "tmp")
    for umask in (0o022, 0o077):
        s.umask(umask)
        _runs_well(s, "rm", "-rf", "tmp")
        s.absent("tmp")
        _runs_well(s, "mkdir", "-m", "a=rwxt", "tmp")
        s.directory_is("tmp", 0o1777)
        s.entries("tmp")
    _runs_well(s, "rm", "-rf", "tmp", "nosuch")
    s.entries(".")


@_case("init.mkdir-p")
def _(s: Steps, _: str) -> None:
    for _again in range(2):
        _runs_well(s, "mkdir", "-p", "var/log/boot", "var/log")
        s.directory_is("var/log/boot", 0o755)
    s.entries("var", "log")
    s.entries("var/log", "boot")
    _runs_well(s, "mkdir", "-p", "/")


@_case("init.rm-f-of-nothing")
def _(s: Steps, _: str) -> None:
    _runs_well(s, "rm", "-f", "nosuch", "nosuch/below")
    _runs_well(s, "rm", "-f")
    _runs_well(s, "rm", "-rf", "nosuch")
    s.entries(".")


@_case("init.ls-of-root")
def _(s: Steps, _: str) -> None:
    _runs_well(s, "ls", "/", output=None)
    s.output_has(b"usr\n")
    _runs_well(s, "ls", "-l", "-d", "/", output=None)
    s.output_has(b" /\n")


# ------------------------------------------------------------------------------------------ pipelines, large files
@_case("pipeline.small")
def _(s: Steps, _: str) -> None:
    s.file("f", b"one\n\ttwo\n")
    _runs_well(s, "cat", "f", PIPE, "cat", "-A", PIPE, "cat", "-n", output=b"     1\tone$\n     2\t^Itwo$\n")
    s.input(b"three\n")
    _runs_well(s, "cat", "f", "-", PIPE, "cat", output=b"one\n\ttwo\nthree\n")


@_case("pipeline.large", 120)
def _(s: Steps, _: str) -> None:
    # More than a pipe holds, many times over.
    s.data("large", *_LARGE)
    s.run("cat", "large", PIPE, "cat", PIPE, "cat")
    s.status(0)
    s.errors(b"")
    s.output_data(*_LARGE)
    s.input_from("large")
    s.output_to("copy")
    s.run("cat")
    s.status(0)
    s.data_is("copy", *_LARGE, mode=0o644)


@_case("pipeline.early-end")
def _(s: Steps, _: str) -> None:
    # The reader does not read: the writer ends quietly, and does not hang.
    s.data("large", *_LARGE)
    s.run("cat", "large", PIPE, "rm", "-f", "nosuch")
    s.status(0)
    s.errors(b"")


@_case("pipeline.append")
def _(s: Steps, _: str) -> None:
    s.needs_feature("append")
    s.file("log", b"begin\n", 0o600)
    s.data("large", *_WRITTEN)
    for _again in range(2):
        s.append_to("log")
        s.run("cat", "large")
        s.status(0)
    s.run("cat", "log")
    s.output_crc(b"begin\n" + data(*_WRITTEN) * 2)
    s.crc_is("log", b"begin\n" + data(*_WRITTEN) * 2, 0o600)


@_case("copy.sizes", 120)
def _(s: Steps, _: str) -> None:
    # Around what RedoxFS keeps in a node, its blocks, its records, and what is written at once.
    sizes = (0, 1, 511, 3967, 3968, 3969, 4096, 131071, 131072, 131073, 1048575, 1048576, 1048577, 4194304 + 1)
    for size in sizes:
        s.data("s%d" % size, size, 14)
    s.directory("copies")
    _runs_well(s, "cp", *["s%d" % size for size in sizes], "copies")
    for size in sizes:
        s.data_is("copies/s%d" % size, size, 14, 0o644)
    s.entries("copies", *["s%d" % size for size in sizes])


@_case("copy.shorter-and-longer")
def _(s: Steps, _: str) -> None:
    s.data("short", 5000, 15)
    s.data("long", 2_000_000, 16)
    s.data("target", 1_000_000, 17, 0o600)
    for source, size, seed in (("short", 5000, 15), ("long", 2_000_000, 16), ("short", 5000, 15)):
        _runs_well(s, "cp", source, "target")
        s.data_is("target", size, seed, 0o600)


@_case("copy.tree", 120)
def _(s: Steps, _: str) -> None:
    tree = {"d%d/f%d" % (folder, file): b"%d %d\n" % (folder, file) * 50 for folder in range(10) for file in range(10)}
    s.directory("tree")
    for folder in range(10):
        s.directory("tree/d%d" % folder, 0o750)
    for name, content in tree.items():
        s.file("tree/" + name, content, 0o640)
    _runs_well(s, "cp", "-r", "tree", "copy")
    for top in ("tree", "copy"):
        for name, content in tree.items():
            s.file_is("%s/%s" % (top, name), content, 0o640)
        for folder in range(10):
            s.directory_is("%s/d%d" % (top, folder), 0o750)
            s.entries("%s/d%d" % (top, folder), *["f%d" % file for file in range(10)])
    _runs_well(s, "rm", "-r", "tree")
    s.entries(".", "copy")


@_case("sync.guest")
def _(s: Steps, _: str) -> None:
    s.data("f", 500_000, 18)
    s.directory("d")
    _runs_well(s, "sync")
    _runs_well(s, "sync", "f", "d")
    _runs_well(s, "sync", "-d", "f")
    _runs_well(s, "sync", "-f", ".")
    s.data_is("f", 500_000, 18, 0o644)


# ------------------------------------------------------------------------------------------ scripts
@_case("script.interpreter")
def _(s: Steps, programs: str) -> None:
    # The system finds one of our programs by the first line, and gives it the script's path.
    content = b"#!%s/cat\nread by cat\n" % programs.encode()
    s.file("script", content, 0o755)
    _runs_well(s, "./script", output=content)
    s.file("numbered", b"#!%s/cat -n\nx\n" % programs.encode(), 0o755)
    _runs_well(s, "./numbered", output=b"     1\t#!%s/cat -n\n     2\tx\n" % programs.encode())


@_case("script.env")
def _(s: Steps, _: str) -> None:
    s.needs("/usr/bin/env")
    s.needs("/usr/bin/cat")
    content = b"#!/usr/bin/env cat\nfound by env\n"
    s.file("script", content, 0o755)
    _runs_well(s, "./script", output=content)


@_case("script.our-env")
def _(s: Steps, programs: str) -> None:
    s.needs_program("env")
    s.set("PATH", programs)
    content = b"#!%s/env cat\nfound by our env\n" % programs.encode()
    s.file("script", content, 0o755)
    _runs_well(s, "./script", output=content)
    _runs_well(s, "env", "-i", "A=b", programs + "/env", output=b"A=b\n")
    _runs_well(s, "env", "cat", "script", output=content)
    s.run("env", "no-such-program")
    s.status(127)
    s.errors(b"env: no-such-program: No such file or directory\n")
    s.file("plain", b"plain\n", 0o644)
    s.needs_feature("permissions")
    s.run("env", "./plain")
    s.status(126)
    s.complaints("env")


@_case("script.not-executable")
def _(s: Steps, programs: str) -> None:
    # Not even for root.
    s.needs_feature("permissions")
    s.file("script", b"#!%s/cat\n" % programs.encode(), 0o644)
    s.run("./script")
    s.status(126)
    s.output(b"")


@_case("script.no-interpreter")
def _(s: Steps, _: str) -> None:
    s.file("script", b"#!/no/such/interpreter\n", 0o755)
    s.run("./script")
    s.output(b"")
    s.errors_have(b"./script: ")


# ------------------------------------------------------------------------------------------ other packages' commands
def _everyday() -> None:
    def program_case(name: str, program: str) -> Callable[[Callable[[Steps, str], None]], None]:
        path = "/usr/bin/" + program

        def register(function: Callable[[Steps, str], None]) -> None:
            def write(s: Steps, _: str) -> None:
                s.needs(path)
                function(s, path)
            _case("everyday." + name, 30)(write)
        return register

    @program_case("echo", "echo")
    def _(s: Steps, path: str) -> None:
        _runs_well(s, path, "one", "two words", output=b"one two words\n")
        _runs_well(s, path, "-n", "x", output=b"x")
        _runs_well(s, path, "through", PIPE, "cat", "-E", output=b"through$\n")

    @program_case("env", "env")
    def _(s: Steps, path: str) -> None:
        s.set("CATION_TEST", "of the script")
        _runs_well(s, path, output=None)
        s.output_has(b"CATION_TEST=of the script\n")
        _runs_well(s, path, "CATION_TEST=of env", path, output=None)
        s.output_has(b"CATION_TEST=of env\n")

    @program_case("true-and-false", "true")
    def _(s: Steps, path: str) -> None:
        _runs_well(s, path)
        s.needs("/usr/bin/false")
        s.run("/usr/bin/false")
        s.status(1)

    @program_case("test", "test")
    def _(s: Steps, path: str) -> None:
        # What cp and mkdir have made is what others find.
        _runs_well(s, "mkdir", "d")
        s.file("f", b"x")
        _runs_well(s, "cp", "f", "d/g")
        for words, status in ((["-d", "d"], 0), (["-f", "d/g"], 0), (["-f", "d"], 1), (["-e", "nosuch"], 1), (["-s", "d/g"], 0)):
            s.run(path, *words)
            s.status(status)

    @program_case("ln-s", "ln")
    def _(s: Steps, path: str) -> None:
        s.file("f", b"behind\n")
        _runs_well(s, path, "-s", "f", "link")
        s.link_is("link", "f")
        _runs_well(s, "cat", "link", output=b"behind\n")
        _runs_well(s, "cp", "-P", "link", "copy")
        s.link_is("copy", "f")
        _runs_well(s, "rm", "link")
        s.file_is("f", b"behind\n")

    @program_case("touch", "touch")
    def _(s: Steps, path: str) -> None:
        _runs_well(s, path, "f")
        s.file_is("f", b"")
        _runs_well(s, "ls", output=b"f\n")

    @program_case("mv", "mv")
    def _(s: Steps, path: str) -> None:
        s.data("f", 100_000, 19)
        s.directory("d")
        _runs_well(s, path, "f", "d/g")
        s.absent("f")
        s.data_is("d/g", 100_000, 19)
        _runs_well(s, "rm", "-r", "d")

    @program_case("sleep", "sleep")
    def _(s: Steps, path: str) -> None:
        _runs_well(s, path, "0")

    @program_case("head", "head")
    def _(s: Steps, path: str) -> None:
        # Ends before cat does.
        s.data("large", *_LARGE)
        s.run("cat", "large", PIPE, path, "-c", "10")
        s.status(0)
        s.output_data(10, _LARGE[1])


_everyday()


# ------------------------------------------------------------------------------------------ the share
def _share_case(name: str, seconds: float = 120) -> Callable[[Callable[[Steps], None]], None]:
    def register(function: Callable[[Steps], None]) -> None:
        def write(s: Steps, _: str) -> None:
            s.needs(_SHARE_IN)
            function(s)
        _case("share." + name, seconds)(write)
    return register


_SHARE_IN = "%s/%s" % (SHARE, SHARE_IN)
_SHARE_OUT = "%s/%s" % (SHARE, SHARE_OUT)


@_share_case("read-beyond-msize")
def _(s: Steps) -> None:
    s.run("cat", _SHARE_IN + "/large")
    s.status(0)
    s.errors(b"")
    s.output_data(*_LARGE)
    _runs_well(s, "cp", _SHARE_IN + "/large", "copy")
    s.data_is("copy", *_LARGE)


@_share_case("write")
def _(s: Steps) -> None:
    s.data("large", *_WRITTEN)
    s.remove(_SHARE_OUT + "/written")
    _runs_well(s, "cp", "large", _SHARE_OUT + "/written")
    s.data_is(_SHARE_OUT + "/written", *_WRITTEN)
    s.remove(_SHARE_OUT + "/by-cat")
    s.output_to(_SHARE_OUT + "/by-cat")
    s.run("cat", "large")
    s.status(0)
    s.data_is(_SHARE_OUT + "/by-cat", *_WRITTEN)


@_share_case("overwrite")
def _(s: Steps) -> None:
    s.file("short", b"short\n")
    s.data(_SHARE_OUT + "/overwritten", 70_000, 20)
    _runs_well(s, "cp", "short", _SHARE_OUT + "/overwritten")
    s.file_is(_SHARE_OUT + "/overwritten", b"short\n")


@_share_case("append")
def _(s: Steps) -> None:
    s.work(_SHARE_OUT)
    s.needs_feature("append")
    s.file("appended", b"begin\n")
    s.file("more", b"more\n")
    for _again in range(2):
        s.append_to("appended")
        s.run("cat", "more")
        s.status(0)
    s.file_is("appended", b"begin\nmore\nmore\n")


@_share_case("list")
def _(s: Steps) -> None:
    _runs_well(s, "ls", _SHARE_IN, output=b"large\nread-only\ntree\n")
    _runs_well(s, "ls", "-R", _SHARE_IN + "/tree",
               output=b"%s/tree:\na\nsub\n\n%s/tree/sub:\nb\ndeep\n\n%s/tree/sub/deep:\ndata\nempty\n" % ((_SHARE_IN.encode(),) * 3))
    s.run("ls", _SHARE_IN + "/nosuch")
    s.status(2)
    s.errors(b"ls: %s/nosuch: No such file or directory\n" % _SHARE_IN.encode())


@_share_case("copy-tree-from-it")
def _(s: Steps) -> None:
    # -v says where the share does not keep all attributes: that is no failure.
    s.run("cp", "-r", _SHARE_IN + "/tree", "copy")
    s.status(0)
    for name, content in _TREE.items():
        s.crc_is("copy/" + name, content)
    s.entries("copy", "a", "sub")
    s.entries("copy/sub", "b", "deep")
    s.entries("copy/sub/deep", "data", "empty")


@_share_case("mkdir")
def _(s: Steps) -> None:
    s.work(_SHARE_OUT)
    s.needs_feature("directories")
    s.remove("made")
    _runs_well(s, "mkdir", "-p", "made/a/b")
    s.directory_is("made/a/b")
    s.entries("made", "a")


@_share_case("copy-tree-to-it")
def _(s: Steps) -> None:
    s.work(_SHARE_OUT)
    s.needs_feature("directories")
    s.remove("tree")
    s.run("cp", "-r", _SHARE_IN + "/tree", "tree")
    s.status(0)
    for name, content in _TREE.items():
        s.crc_is("tree/" + name, content)
    s.entries("tree/sub/deep", "data", "empty")


@_share_case("rename")
def _(s: Steps) -> None:
    s.work(_SHARE_OUT)
    s.file("before", b"renamed\n")
    s.remove("after")
    s.rename("before", "after")
    s.absent("before")
    _runs_well(s, "cat", "after", output=b"renamed\n")


@_share_case("modes")
def _(s: Steps) -> None:
    s.work(_SHARE_OUT)
    s.needs_feature("permissions")
    s.remove("executable")
    s.file("source", b"x", 0o750)
    s.run("cp", "-p", "source", "executable")
    s.status(0)
    s.file_is("executable", b"x", 0o750)


@_share_case("remove")
def _(s: Steps) -> None:
    s.work(_SHARE_OUT)
    s.file("gone", b"x")
    s.file("stays", b"stays\n")
    _runs_well(s, "rm", "gone")
    s.absent("gone")
    s.run("rm", "gone")
    s.status(1)
    s.errors(b"rm: gone: No such file or directory\n")


# ------------------------------------------------------------------------------------------ what no host may run
@_case("init.tmp-itself", 120)
def _(s: Steps, programs: str) -> None:
    """As init does it, on /tmp itself: with the case's own folder in it. Only where the machine can be switched off by a file:
    that is a guest; and where our programs are not in there."""
    s.needs("/scheme/sys/kstop")
    s.needs("/tmp")
    if programs.startswith("/tmp/"):
        s.needs("/our-programs-are-in-tmp-here")
    s.work("/")
    _make_old(s, "/tmp/of-an-earlier-boot")
    _runs_well(s, "rm", "-rf", "/tmp")
    s.absent("/tmp")
    _runs_well(s, "mkdir", "-m", "a=rwxt", "/tmp")
    s.directory_is("/tmp", 0o1777)
    s.entries("/tmp")


# ------------------------------------------------------------------------------------------ the host's side
def prepare_share(folder: Path) -> None:
    """Puts into the shared folder what the cases read, and takes away what earlier guests wrote."""
    top = folder / SHARE_IN.split("/", maxsplit=1)[0]
    if top.exists():
        shutil.rmtree(top)
    (folder / SHARE_IN).mkdir(parents=True)
    (folder / SHARE_OUT).mkdir(parents=True)
    # Who runs the guest may be bound by permissions in it.
    (folder / SHARE_OUT).chmod(0o777)
    (folder / SHARE_IN / "large").write_bytes(data(*_LARGE))
    (folder / SHARE_IN / "read-only").write_bytes(b"read-only\n")
    (folder / SHARE_IN / "read-only").chmod(0o444)
    for name, content in _TREE.items():
        path = folder / SHARE_IN / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


# What the guest writes, by the case that does.
_WRITES: Dict[str, Dict[str, bytes]] = {
    "share.write": {"written": data(*_WRITTEN), "by-cat": data(*_WRITTEN)},
    "share.overwrite": {"overwritten": b"short\n"},
    "share.append": {"appended": b"begin\nmore\nmore\n"},
    "share.copy-tree-to-it": {"tree/" + name: content for name, content in _TREE.items()},
    "share.rename": {"after": b"renamed\n"},
    "share.remove": {"stays": b"stays\n"},
}


def check_share(folder: Path) -> Iterator[Tuple[str, Optional[str]]]:
    """For each case that wrote: its name, and what is wrong with what the host sees of it, or None. A case of which there
    is nothing at all was skipped, or has failed in the guest."""
    for name, files in _WRITES.items():
        there = {path: folder / SHARE_OUT / path for path in files}
        if not any(os.path.lexists(path) for path in there.values()):
            continue
        wrong = None
        for path, content in files.items():
            try:
                seen = there[path].read_bytes()
            except OSError as error:
                wrong = "%s: %s" % (path, os.strerror(error.errno or 0))
                break
            if seen != content:
                wrong = "the host sees other bytes in %s (%d, not %d)" % (path, len(seen), len(content))
                break
        yield name, wrong
    large = folder / SHARE_IN / "large"
    if not large.is_file() or large.read_bytes() != data(*_LARGE):
        yield "share.read-beyond-msize", "what was only to be read has changed"
