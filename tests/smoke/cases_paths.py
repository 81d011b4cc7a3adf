# SPDX-License-Identifier: MIT
"""basename, dirname, pwd, which, readlink, realpath; and the small ones uname, tty, mktemp."""
import os
import re
from typing import List

from cases_common import closed_streams, little_memory, missing_operand, names
from harness import Case, Dir, File, Link, Name, Tree, case

_TEXTS: List[Name] = ["", "/", "//", "///", "a", "a/", "a//", "/a", "//a", "///a///", "a/b", "a/b/", "a//b//", "/a/b", "//a//b//c//", "./a", "../a",
                      "a/.", "a/..", ".", "..", "./", "../", "/.", "/..", "a/./b", "a/../b", " ", " / ", "a b/c d", b"n\nl/x\ny", b"\xff/\xfe\xfd",
                      "ü/€", "/scheme/file/x", "file:/x/y", "-", "*", "a\\b/c", "a/b.c.d", "a/.b", "x" * 3000 + "/" + "y" * 3000]


@case("basename.texts", seconds=180)
def _(t: Case) -> None:
    for text in _TEXTS:
        t.same("basename", text, status=0)
        t.same("basename", "-a", text, status=0)


@case("basename.suffixes", seconds=180)
def _(t: Case) -> None:
    texts = ("a", "a/b.c", "b.c/", ".c", "/", "//", "b.c.c", "c", "", "a/.c/", "b.C", "bc")
    for suffix in ("", ".c", "c", "/", "b.c", ".", "c/", "longer than it", "a"):
        for text in texts:
            t.same("basename", text, suffix, status=0)
        t.same("basename", "-s", suffix, *texts, status=0)
        t.same("basename", "--suffix=" + suffix, *["x/" + text for text in texts], status=0)
    t.same("basename", b"a\xff", b"\xff", status=0)


@case("basename.several")
def _(t: Case) -> None:
    t.same("basename", "-a", *[text for text in _TEXTS if text != "-"], status=0)
    t.same("basename", "-az", *_TEXTS[:20], status=0)
    t.same("basename", "--multiple", "--zero", "a/b", "c", status=0)
    t.same("basename", "-s", ".c", "a.c", "-a", "-z", status=0)
    t.same("basename", "-s", ".c", "-s", ".d", "a.c", "b.d", status=0)
    t.same("basename", "-a", *["dir/name"] * 9000, status=0)


@case("basename.options-end")
def _(t: Case) -> None:
    t.same("basename", "a", "-z", status=0)
    t.same("basename", "a-z", "-z", status=0)
    t.same("basename", "--", "-a/-b", "b", status=0)
    t.same("basename", "--", "-a", status=0)
    t.same("basename", "--", "--", status=0)


@case("basename.wrong")
def _(t: Case) -> None:
    t.same("basename", "a", "b", "c", status=1)
    t.same("basename", "a", "b", "c", "d", status=1)
    t.same("basename", "-s", status=1)
    t.same("basename", "-s", "x", status=1)
    t.same("basename", "-z", status=1)
    t.same("basename", "-q", "x", status=1)


@case("dirname.texts", seconds=180)
def _(t: Case) -> None:
    for text in _TEXTS:
        t.same("dirname", text, status=0)
        t.same("dirname", "-z", text, status=0)


@case("dirname.several")
def _(t: Case) -> None:
    t.same("dirname", *_TEXTS, status=0)
    t.same("dirname", "--zero", *_TEXTS, status=0)
    t.same("dirname", "a/b", "-z", "c/d", status=0)
    t.same("dirname", "--", "-z/b", status=0)
    t.same("dirname", *["dir/name"] * 9000, status=0)
    t.same("dirname", "-s", "x", status=1)


@case("basename.one-write")
def _(t: Case) -> None:
    for program in ("basename", "dirname"):
        options = ["-a"] if program == "basename" else []
        outcome = t.run(program, *options, "a/b", "c/d", "e/f", count=True)
        t.expect(outcome.calls.get("redox_write_v1") == 1 and outcome.os_calls <= 2, "more than one write", outcome)


# ---------------------------------------------------------------------------------------------------- pwd
@case("pwd.physical")
def _(t: Case) -> None:
    t.same("pwd", shared=True, status=0)
    t.same("pwd", "-P", shared=True, status=0)
    t.same("pwd", "--physical", "-L", "-P", shared=True, status=0)
    t.same("pwd", "a", "b", shared=True, status=0)
    t.same("pwd", "-x", status=1)


@case("pwd.logical", seconds=180)
def _(t: Case) -> None:
    folder = os.fsdecode(t.gnu)
    t.tree({"sub": Dir(), "up": Link("."), "..x": Link(".")}, shared=True)
    for value in (folder, folder + "/", folder + "/.", folder + "/up", folder + "/up/up", "/" + folder + "//up", folder + "/..x", "up", ".", "",
                  "/", folder + "/sub", folder + "/sub/..", folder + "/missing", "/" * 5000):
        for arguments in (["-L"], ["--logical"], ["-P", "-L"], ["-L", "-P"], []):
            t.same("pwd", *arguments, environment={"PWD": value}, shared=True, status=0)
            t.same("pwd", *arguments, environment={"PWD": value, "POSIXLY_CORRECT": "1"}, shared=True, status=0)


@case("pwd.calls")
def _(t: Case) -> None:
    outcome = t.run("pwd", count=True)
    t.expect(outcome.status == 0 and outcome.out == os.path.realpath(t.ours) + b"\n", "not the path", outcome)
    # The links in it have to be looked for: three calls for each component.
    t.expect(outcome.os_calls <= 3 + 3 * outcome.out.count(b"/"), "more calls than three for each component", outcome)


@case("pwd.long")
def _(t: Case) -> None:
    # Only hosts have working directories whose paths are longer than a path may be.
    if t.programs.revision != "host":
        return
    here = os.getcwd()
    os.chdir(t.gnu)
    want = t.gnu
    for number in range(60):
        name = b"%d" % number + b"n" * 100
        os.mkdir(name)
        os.chdir(name)
        want += b"/" + name
    ran = t.run("pwd", folder=b".")
    os.chdir(here)
    t.expect(ran.status == 0 and ran.out == want + b"\n", "not the path", ran)


# -------------------------------------------------------------------------------------------------- which
def _programs() -> Tree:
    return {"a": Dir(), "b": Dir(), "a/both": File(b"", mode=0o755), "b/both": File(b"", mode=0o755), "a/plain": File(b"", mode=0o644),
            "b/plain": File(b"", mode=0o711), "a/folder": Dir(), "b/folder": File(b"", mode=0o755), "b/link": Link("both"),
            "b/dangling": Link("nowhere"), "here": File(b"", mode=0o755), "b/a b": File(b"", mode=0o755), "not": File(b"", mode=0o644)}


@case("which.search")
def _(t: Case) -> None:
    t.tree(_programs())
    path = {"PATH": "a:missing:not:b"}
    t.gives("which", "both", "plain", "folder", "link", "a b", out=b"a/both\nb/plain\nb/folder\nb/link\nb/a b\n", environment=path)
    empty = b"which: %s: is empty; copy or build it again\n"
    refused = b"which: a/plain: may not be executed; chmod +x, or run it with: run FILE\n"
    t.gives("which", "-a", "both", "plain", out=b"a/both\nb/both\nb/plain\n", environment=path,
            errors=empty % b"a/both" + empty % b"b/both" + refused + empty % b"a/plain" + empty % b"b/plain")
    t.gives("which", "--all", "both", out=b"a/both\nb/both\n", environment=path, errors=empty % b"a/both" + empty % b"b/both")
    t.gives("which", "-a", "-s", "both", environment=path)
    t.gives("which", "missing", status=1, environment=path)
    t.gives("which", "missing", "both", "dangling", "", "not", status=1, out=b"a/both\n", environment=path)
    t.gives("which", status=1, environment=path)
    t.gives("which", "-s", "both", environment=path)
    t.gives("which", "-s", "both", "missing", status=1, environment=path)
    t.refuses("which", "-x", "both", status=2, environment=path)
    t.gives("which", "n" * 300, "n" * 5000, status=1, environment=path)


@case("which.empty-entries")
def _(t: Case) -> None:
    t.tree(_programs())
    for path in (":", ":a", "a:", "a::b", "", "."):
        t.gives("which", "here", out=b"./here\n", environment={"PATH": path})
    t.gives("which", "both", out=b"b/both\n", environment={"PATH": "b/"})
    t.gives("which", "./here", "a/both", "here", status=1, out=b"./here\na/both\n", environment={"PATH": "/nowhere"})
    t.gives("which", "./not", "a/folder", "a", "./missing", "a/both/x", status=1, environment={"PATH": "a"})


@case("which.calls")
def _(t: Case) -> None:
    t.tree(_programs())
    outcome = t.run("which", "both", environment={"PATH": "missing:a:b"}, count=True)
    t.expect(outcome.out == b"missing/x\n" or outcome.out == b"a/both\n", "not found", outcome)
    t.expect(outcome.os_calls <= 6, "more than one look at each place", outcome)


# ------------------------------------------------------------------------------------- readlink, realpath
def _links() -> Tree:
    return {"d": Dir(), "d/e": Dir(), "d/f": b"content", "d/e/g": b"", "f": b"", "to-f": Link("f"), "to-e": Link("d/e"), "d/to-f": Link("f"),
            "d/e/up": Link(".."), "d/e/far": Link("../../to-e/g"), "dangling": Link("nowhere"), "far": Link("no/where"), "loop": Link("loop"),
            "a": Link("b"), "b": Link("a"), "slash": Link("d/"), "dots": Link("./d/../d//e/."), "root": Link("/"), "double": Link("//"),
            "out": Link("../.."), "in-missing": Link("d/missing"), "link-slash": Link("to-f/"), b"\xff\n": Link(b"\xfe\n"),
            "long": Link("x" * 4000), "deep": Link("to-e/up/to-f")}


_PATHS: List[Name] = ["d", "d/", "d/.", "d/..", "d/e/..", "f", "f/", "f/.", "f/..", "f/x", "to-f", "to-f/", "to-f/.", "to-f/x", "to-e",
                      "to-e/", "to-e/.", "to-e/..", "to-e/../f", "to-e/../to-f", "d/e/up", "d/e/up/e/up/e/far", "d/e/far", "dangling",
                      "dangling/", "dangling/.", "dangling/x", "dangling/..", "far", "far/", "loop", "loop/", "loop/x", "loop/..", "a", "b",
                      "slash", "slash/f", "dots", "dots/g", "root", "root/dev", "double", "out", "in-missing", "in-missing/", "in-missing/x",
                      "link-slash", "missing", "missing/", "missing/.", "missing/..", "missing/x", "missing/x/..", "missing/../f",
                      "./d//e///g", "", ".", "..", "/", "//", "///", "/..", "/dev/null", "/dev/null/", "/dev/null/..", "/dev", b"\xff\n",
                      "long", "deep", "d/./e/../to-f", "n" * 255, "n" * 256]


@case("readlink.targets", seconds=180)
def _(t: Case) -> None:
    t.tree(_links())
    for path in _PATHS:
        t.same("readlink", path)
        t.same("readlink", "-v", path)
    t.same("readlink", "-z", "to-f", "a", "far", status=0)
    t.same("readlink", "-n", "to-f", status=0)
    t.same("readlink", "-n", "to-f", "a", status=0)
    t.same("readlink", "-nz", "to-f", status=0)
    t.same("readlink", "--no-newline", "--zero", "to-f", "b", status=0)
    t.same("readlink", "--quiet", "f", status=1)
    t.same("readlink", "-v", "-s", "f", status=1)
    t.same("readlink", "--silent", "--verbose", "f", "to-f", "missing", status=1)
    t.same("readlink", "to-f", "missing", "b", status=1)


def _canonical(program: str, *modes: str) -> None:
    for mode in modes:
        options = mode.split()

        @case("%s.canonical%s" % (program, "".join(option.lower().rstrip("=.").replace("--", "-") for option in options)), seconds=180)
        def _(t: Case, options: List[str] = options) -> None:
            t.tree(_links())
            for path in _PATHS:
                t.same(program, *options, path, shared=True)
            t.same(program, *options, *[path for path in _PATHS if path], shared=True)
            absolute = os.fsdecode(t.gnu)
            for path in ("d", "to-e/..", "missing", "missing/x", "deep", "loop"):
                t.same(program, *options, absolute + "/" + path, shared=True)
                t.same(program, *options, "//" + absolute + "/./" + path, shared=True)


_canonical("readlink", "-vf", "-ve", "-vm")
_canonical("realpath", "-q", "-e", "-m", "-s", "-es", "-ms", "--logical", "--logical -e", "--logical -m", "--physical")


@case("realpath.relative", seconds=300)
def _(t: Case) -> None:
    # What is printed has nothing of this folder in it: guests can have these, too.
    t.tree(_links())
    elsewhere = ("/", "out", "root", "double", "long", "nnnn", "\udcff")
    inside = [path for path in _PATHS if path and not os.fsdecode(path).startswith(elsewhere)]
    for options in ([], ["-e"], ["-m"], ["-s"], ["--logical"]):
        for path in inside:
            t.same("realpath", *options, "--relative-to=.", path)
        for relative in ("d", "to-e", "d/e/up/", "missing", "to-f", "missing/x"):
            t.same("realpath", *options, "--relative-to", relative, "d", "f", "d/e/far", ".", "dangling")
        t.same("realpath", *options, "--relative-base=.", "d", "f", "d/e")
        t.same("realpath", *options, "--relative-base=.", "--relative-to=d", "d", "f", "d/e")


@case("realpath.relative-base")
def _(t: Case) -> None:
    t.tree(_links())
    for options in (["--relative-base=d"], ["--relative-base=d", "--relative-to=d/e"], ["--relative-base=d", "--relative-to=."],
                    ["--relative-base=d", "--relative-to=d"], ["--relative-base=/", "--relative-to=d"], ["--relative-base=/"],
                    ["--relative-base=missing", "-m"], ["--relative-base=missing", "-e"], ["--relative-base=f", "-e"],
                    ["--relative-to=f", "-e"], ["--relative-to=f"], ["--relative-to="], ["--relative-base="], ["--relative-to=loop"]):
        t.same("realpath", *options, "d", "d/e", "f", "/", "/dev/null", shared=True)
    for options in (["--relative-to=/usr"], ["--relative-to=/"], ["--relative-base=/usr"], ["--relative-base=/usr", "--relative-to=/usr"],
                    ["--relative-base=/usr/local", "--relative-to=/usr"], ["--relative-to=//"]):
        t.same("realpath", "-sm", *options, "/", "//", "/usr", "/usr/local", "/usr/lib/x", "/usrx", "/us", "/tmp", status=0)
    t.same("realpath", "-m", "--relative-to=/pre", "/prefixed/1", "/pre/1", status=0)
    t.same("realpath", "-m", "--relative-to=/prefixed", "/pre/1", status=0)
    t.same("realpath", "-z", "-m", "--relative-to=/a/b", "/a/c", "/a/b", status=0)
    t.same("realpath", "--zero", "-m", "/a//b/../c", status=0)
    t.same("realpath", "--strip", "-m", "/a/./b/..", status=0)
    t.same("realpath", "--no-symlinks", "-q", "/missing/x", status=0)
    t.same("realpath", "--quiet", "-e", "/missing", "/", status=1)


@case("realpath.many-links")
def _(t: Case) -> None:
    tree: Tree = {"end": b"", "d": Dir(), "d/here": Link("."), "p": Link("s"), "s": Link("d"), "d/1": Link("../s/2"), "d/8": b""}
    for number in range(2, 8):
        tree["d/%d" % number] = Link("../p/%d" % (number + 1))
    tree["l0"] = Link("end")
    for number in range(1, 60):
        tree["l%d" % number] = Link("l%d" % (number - 1))
    t.tree(tree)
    for path in ("p/1", "l59", "l19", "l20", "l21", "d" + "/here" * 50, "d" + "/here" * 50 + "/1"):
        t.same("realpath", "--relative-to=.", "-e", path, status=0)
    t.tree({"grow": Link("grow/x")})
    t.gives("readlink", "-vf", "grow", status=1, errors=b"readlink: grow: Too many levels of symbolic links\n")


@case("realpath.without-permission")
def _(t: Case) -> None:
    t.tree({"closed": Dir(mode=0), "unreadable": Dir(mode=0o311), "unreadable/x": b"", "blind": Dir(mode=0o644)})
    for path in ("closed", "closed/", "closed/x", "unreadable", "unreadable/", "unreadable/x", "blind", "blind/x"):
        t.same("realpath", "-e", path, shared=True)
        t.same("realpath", "-m", path, shared=True)
    for path in ("closed/x", "unreadable/x"):
        t.same("realpath", "--relative-to=.", path)
        t.same("realpath", "-s", "--relative-to=.", path)


@case("realpath.removed-directory")
def _(t: Case) -> None:
    t.tree({"d": Dir()})
    script = 'cd d && rmdir ../d && exec "$0" "$@"'
    for arguments in (["readlink", "-e", "."], ["readlink", "-m", "."], ["readlink", "-f", "x"]):
        os.makedirs(os.path.join(t.ours, b"d"), exist_ok=True)
        ours = t.run("env", "sh", "-c", script, *t.programs.ours(arguments[0]), *arguments[1:])
        t.expect(ours.status == 1 and not ours.out, "it is somewhere", ours)


@case("readlink.calls")
def _(t: Case) -> None:
    t.tree(_links())
    outcome = t.run("readlink", "to-f", count=True)
    t.expect(outcome.out == b"f\n" and outcome.os_calls <= 8, "more calls than it takes", outcome)
    outcome = t.run("readlink", "-f", "/dev/null", count=True)
    t.expect(outcome.out == b"/dev/null\n" and outcome.os_calls <= 8, "more calls than three for each component", outcome)


@case("readlink.schemes")
def _(t: Case) -> None:
    # Files of Redox's schemes, which the stand-in has.
    if t.programs.revision == "host":
        return
    for path in ("/scheme/sys/uname", "/scheme//sys/./uname", "sys:uname", "/scheme/sys/x/../uname"):
        t.gives("realpath", "-m", path, out=b"/scheme/sys/uname\n")
    t.gives("readlink", "-e", "/scheme/sys/uname", out=b"/scheme/sys/uname\n")
    t.gives("readlink", "-v", "/scheme/rand", status=1, errors=b"readlink: /scheme/rand: Invalid argument\n")


# -------------------------------------------------------------------------------------------------- uname
@case("uname.parts")
def _(t: Case) -> None:
    options = ["-s", "-n", "-r", "-v", "-m", "-p", "-i", "-o", "-a", "-sm", "-ma", "-ap", "-pi", "-srvmo", "-nn", "--all", "--kernel-name",
               "--nodename", "--kernel-release", "--kernel-version", "--machine", "--processor", "--hardware-platform", "--operating-system"]
    t.same("uname", "extra", status=1)
    t.same("uname", "-a", "extra", status=1)
    t.same("uname", "-x", status=1)
    if t.programs.revision == "host":
        t.same("uname", status=0)
        for option in options:
            t.same("uname", option, status=0)
        return
    # What the stand-in says; the name of this machine is its /etc/hostname there.
    machine = t.programs.arch.encode()
    for option, out in (("-s", b"Redox"), ("-r", b"0.5.12"), ("-v", b"unknown"), ("-m", machine), ("-p", b"unknown"), ("-i", b"unknown"),
                        ("-o", b"Redox"), ("-sm", b"Redox " + machine), ("-ovr", b"0.5.12 unknown Redox")):
        t.gives("uname", option, out=out + b"\n")
    t.gives("uname", out=b"Redox\n")
    outcome = t.run("uname", "-a")
    t.expect(re.fullmatch(rb"Redox [^ ]+ 0\.5\.12 %s Redox\n" % machine, outcome.out) is not None, "not all of it", outcome)


# ---------------------------------------------------------------------------------------------------- tty
@case("tty.none")
def _(t: Case) -> None:
    t.same("tty", status=1)
    t.same("tty", "-s", status=1)
    t.same("tty", "--silent", status=1)
    t.same("tty", "--quiet", status=1)
    t.same("tty", stdin=None, status=1)
    t.same("tty", "extra", status=2)
    t.same("tty", "-x", status=2)
    t.same("tty", stdout="/dev/full", status=3)
    t.same("tty", "-s", stdout="/dev/full", status=1)


@case("tty.terminal")
def _(t: Case) -> None:
    master, terminal = os.openpty()
    name = os.ttyname(terminal).encode()
    saved = os.dup(0)
    os.dup2(terminal, 0)
    try:
        plain, silent = t.run("tty", inherit_stdin=True), t.run("tty", "-s", inherit_stdin=True)
    finally:
        os.dup2(saved, 0)
        for descriptor in (saved, master, terminal):
            os.close(descriptor)
    t.expect(plain.status == 0 and plain.out == name + b"\n" and not plain.errors, "not its name", plain)
    t.expect(silent.status == 0 and not silent.out, "silent", silent)


# ------------------------------------------------------------------------------------------------- mktemp
def _made(t: Case, *arguments: Name, pattern: bytes, **how) -> None:
    """One line that matches, and a file or directory of that name, or nothing with -u."""
    before = set(os.listdir(t.ours))
    outcome = t.run("mktemp", *arguments, **how)
    t.expect(outcome.status == 0 and not outcome.errors, "it fails", outcome)
    t.expect(re.fullmatch(pattern.replace(b"~", b"[A-Za-z0-9]") + b"\n", outcome.out) is not None, "not %r" % pattern, outcome)
    path = os.path.join(t.ours, outcome.out[:-1])
    if "-u" in arguments:
        t.expect(not os.path.lexists(path) and set(os.listdir(t.ours)) == before, "it was made", outcome)
        return
    mode = os.lstat(path).st_mode
    want = 0o040700 if "-d" in arguments else 0o100600
    t.expect(mode == want, "mode %o" % mode, outcome)
    (os.rmdir if "-d" in arguments else os.unlink)(path)


@case("mktemp.names", seconds=180)
def _(t: Case) -> None:
    t.tree({"a": Dir(), "tmp": Dir()})
    for kind in ([], ["-d"], ["-u"], ["-d", "-u"]):
        for umask in (0o022, 0o000, 0o077):
            _made(t, *kind, "f.XXXX", pattern=rb"f\.~{4}", umask=umask)
        _made(t, *kind, "XXX", pattern=rb"~{3}")
        _made(t, *kind, "--", "-XXXX", pattern=rb"-~{4}")
        _made(t, *kind, "aXXXXb", pattern=rb"a~{4}b")
        _made(t, *kind, "aXXXXaaXXXXa", pattern=rb"aXXXXaa~{4}a")
        _made(t, *kind, "--suffix=", "aXXXXaaXXXX", pattern=rb"aXXXXaa~{4}")
        _made(t, *kind, "--suffix=b", "aXXXX", pattern=rb"a~{4}b")
        _made(t, *kind, "--suffix=X", "aXXXX", pattern=rb"a~{4}X")
        _made(t, *kind, "a/XXXX", pattern=rb"a/~{4}")
        _made(t, *kind, "./XXXX", pattern=rb"\./~{4}")
        _made(t, *kind, "--tmpdir=.", "a/.XXXX", pattern=rb"\./a/\.~{4}")
        _made(t, *kind, "-p", "a", pattern=rb"a/tmp\.~{10}")
        _made(t, *kind, "-pa", "bXXX", pattern=rb"a/b~{3}")
        _made(t, *kind, pattern=rb"tmp/tmp\.~{10}", environment={"TMPDIR": "tmp"})
        _made(t, *kind, "--tmpdir", "xXXX", pattern=rb"tmp/x~{3}", environment={"TMPDIR": "tmp"})
        _made(t, *kind, "-t", "xXXX", pattern=rb"tmp/x~{3}", environment={"TMPDIR": "tmp"})
        _made(t, *kind, "-t", "-p", "a", "xXXX", pattern=rb"tmp/x~{3}", environment={"TMPDIR": "tmp"})
        _made(t, *kind, "-t", "-p", "a", "xXXX", pattern=rb"a/x~{3}", environment={"TMPDIR": ""})
        _made(t, *kind, "-t", pattern=rb"tmp/tmp\.~{10}", environment={"TMPDIR": "tmp"})
        _made(t, *kind, "--suffix=.txt", pattern=rb"\./tmp\.~{10}\.txt", environment={"TMPDIR": "."})
        _made(t, *kind, "X" * 200, pattern=rb"~{200}")
    _made(t, "-u", "missing/XXX", pattern=rb"missing/~{3}")


@case("mktemp.wrong")
def _(t: Case) -> None:
    t.tree({"f": b"", "closed": Dir(mode=0o555)})
    for arguments in (["a", "b"], ["-q", "a", "b"], ["foo.XX"], ["-q", "foo.XX"], [""], ["abc"], ["aXXb"], ["XX"], ["-d", "--suffix=X", "aXX"],
                      ["--suffix", "/b", "aXXXX"], ["aXXXX/b"], ["--suffix=", "aXXXXb"], ["-d", "--suffix=aXXXXb", ""], ["-t", "a/bXXXX"],
                      ["--tmpdir=a", "/bXXXX"], ["-p", ".", "/bXXXX"], ["missing/XXX"], ["-d", "missing/XXX"], ["-q", "missing/XXX"], ["f/XXX"],
                      ["-u", "f/XXX"], ["closed/XXX"], ["-d", "closed/XXX"], ["-p", "missing"], ["-x"], ["--suffix"], ["-p"], ["XXX" + "n" * 300],
                      ["aXX/bXX"]):
        t.same("mktemp", *arguments, status=1)
    t.same("mktemp", "-d", "XXX", stdout="/dev/full", status=1)
    t.same("mktemp", "XXX", stdout="/dev/full", status=1)
    t.same("mktemp", "-q", "XXX", stdout="/dev/full", status=1)
    t.same("mktemp", "XXX", closed=[1], status=1)


@case("mktemp.random")
def _(t: Case) -> None:
    seen = set()
    for _ in range(40):
        outcome = t.run("mktemp", "-u", "X" * 30)
        t.expect(outcome.out not in seen, "the same again", outcome)
        seen.add(outcome.out)
    text = b"".join(seen)
    t.expect(all(text.count(b"%c" % byte) < 60 for byte in set(text) - {10}), "some characters are more frequent than chance has it")


@case("mktemp.calls")
def _(t: Case) -> None:
    outcome = t.run("mktemp", "XXXXXX", count=True)
    t.expect(outcome.status == 0 and outcome.os_calls <= 9, "more calls than it takes", outcome)
    outcome = t.run("mktemp", "-d", "XXXXXX", count=True)
    t.expect(outcome.status == 0 and outcome.os_calls <= 9, "more calls than it takes", outcome)


def _output_errors(program: str, *arguments: Name) -> None:
    @case(program + ".output-errors")
    def _(t: Case) -> None:
        t.tree({"link": Link("target"), "bin": Dir(), "bin/x": File(b"", mode=0o755)})
        if program == "which":
            outcome = t.run(program, *arguments, stdout="/dev/full", environment={"PATH": "bin"})
            t.expect_complaint(outcome, program, 1, "write error: No space left on device")
            return
        t.same(program, *arguments, stdout="/dev/full", status=1, complaints=["write error: No space left"])


def _common() -> None:
    for program in ("basename", "dirname"):
        def try_name(t: Case, name: bytes, path: bytes, _: bytes, program: str = program) -> None:
            t.same(program, path, status=0)
            t.same(program, b"--", name, status=0)

        names(program, try_name)
        closed_streams(program, [(["a/b"], True), (["-z", "a/b"], True), ([], False)])
        little_memory(program, ["a/b"])
        missing_operand(program)
        _output_errors(program, "a/b")

    for program in ("readlink", "realpath"):
        def try_path(t: Case, _: bytes, path: bytes, missing: bytes, program: str = program) -> None:
            options = [b"-v"] if program == "readlink" else [b"--relative-to=."]
            t.same(program, *options, path)
            t.same(program, *options, missing)
            t.same(program, b"-m", path, missing, shared=True)

        names(program, try_path)
        # Nothing with the name of the folder in it, which is another each time.
        closed_streams(program, [(["-m", "/missing/f"], True), (["-m", "/missing", "/"], True), (["-e", "missing"], False)])
        little_memory(program, ["-m", "/missing/../a", "/missing/b//"])
        missing_operand(program)
        _output_errors(program, "-m", "/a/b")

    def searched(t: Case, _: bytes, path: bytes, missing: bytes) -> None:
        t.gives("which", path, missing, b"--", status=1)

    names("which", searched)
    closed_streams("which", [(["-a", "sh"], True), (["-s", "sh"], False), (["missing"], False)])
    closed_streams("uname", [([], True), (["-a"], True)])
    closed_streams("mktemp", [(["-u", "/missing/f"], False), (["XX"], False)])
    little_memory("uname", ["-a"])
    little_memory("which", ["sh"])
    _output_errors("pwd")
    _output_errors("uname")
    _output_errors("which", "x")


_common()
