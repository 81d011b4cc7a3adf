# SPDX-License-Identifier: MIT
"""mkdir."""
import os
import subprocess

from harness import Case, Dir, File, Link, case


def _modes() -> None:
    modes = ["0", "700", "0755", "1777", "2755", "4711", "7777", "777", "a=rwxt", "a=rwx,u+s", "g+s", "u=rwx,go=",
             "go-w", "+x", "=", "u=rw,g=u,o=g", "a-x,u+X", "o=u-w", "ug=rwx,+t", "-w", "o-rwx,g=r", "00700",
             "a=,u=rwx"]
    for index, mode in enumerate(modes):
        def with_mode(t: Case, mode: str = mode) -> None:
            for umask in (0o022, 0o077, 0o000, 0o027, 0o777):
                t.same("mkdir", "-m", mode, "d%03o" % umask, umask=umask, status=0)
            t.same("mkdir", "--mode=" + mode, "long", status=0)
            t.same("mkdir", "-pm", mode, "a/b/c", status=0)
        case("mkdir.mode.%02d" % index)(with_mode)
    for index, mode in enumerate(["8", "a", "u=q", "77777", "x+r", "", "u=rwx,", "rwx", "u+q", "+rwxz"]):
        def invalid(t: Case, mode: str = mode) -> None:
            t.same("mkdir", "-m", mode, "d", status=1, words=False)
        case("mkdir.invalid-mode.%d" % index)(invalid)


_modes()


@case("mkdir.one")
def _(t: Case) -> None:
    t.same("mkdir", "d", status=0)
    t.same("mkdir", "d/e", "d/f", "g", status=0)
    t.same("mkdir", "d/h/", "d/i///", "./j", "d/../k", status=0)


@case("mkdir.umask")
def _(t: Case) -> None:
    for umask in (0o077, 0o000, 0o022, 0o277, 0o777):
        t.same("mkdir", "d%03o" % umask, umask=umask, status=0)
        t.same("mkdir", "-p", "p%03o/q/r" % umask, umask=umask, as_root=True, status=0)


@case("mkdir.inherits-set-group-id")
def _(t: Case) -> None:
    t.tree({"d": Dir(mode=0o2755)})
    t.same("mkdir", "d/e", status=0)
    t.same("mkdir", "-p", "d/f/g", status=0)


@case("mkdir.parents")
def _(t: Case) -> None:
    t.same("mkdir", "-p", "a/b/c/d/e/f", status=0)
    t.same("mkdir", "-p", "a/b/c/d/e/f", status=0)
    t.same("mkdir", "--parents", "a/b/x/y", "a", "./a/../a/z", "p//q///r/", status=0)
    t.same("mkdir", "-p", "/", ".", "..", "a/.", "a/..", status=0)


@case("mkdir.parents-verbose")
def _(t: Case) -> None:
    t.same("mkdir", "-pv", "a/b/c", "a/b/d", "a", status=0)
    t.same("mkdir", "-v", "e", "a b", status=0)
    t.same("mkdir", "--verbose", "--parents", "e/f", status=0)


@case("mkdir.parents-link-in-between")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "link": Link("d")})
    t.same("mkdir", "-p", "link/e/f", status=0)
    t.same("mkdir", "-p", "link", status=0)
    t.same("mkdir", "-p", "link/", status=0)


@case("mkdir.exists")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "f": b"", "link": Link("d"), "dangling": Link("nowhere"), "loop": Link("loop")})
    for name in ("d", "f", "link", "dangling", "loop", ".", ".."):
        t.same("mkdir", name, status=1, complaints=["%s: File exists" % name])
    t.same("mkdir", "/", status=1)
    t.same("mkdir", "d", "new", "f", status=1, complaints=["d: File exists", "f: File exists"])


@case("mkdir.parents-not-a-directory")
def _(t: Case) -> None:
    t.tree({"f": b"", "dangling": Link("nowhere"), "d": Dir()})
    t.same("mkdir", "-p", "f/a/b", status=1, complaints=["f/a/b: Not a directory"])
    # GNU says "File exists" here: what is in the way is better said.
    t.same("mkdir", "-p", "f", status=1, words=False)
    t.same("mkdir", "-p", "dangling/a", status=1, words=False)
    t.same("mkdir", "-p", "f/a", "d/g/h", status=1)


@case("mkdir.missing-parent")
def _(t: Case) -> None:
    t.same("mkdir", "a/b", status=1, complaints=["a/b: No such file or directory"])
    t.same("mkdir", "", status=1)
    t.same("mkdir", "-p", "", status=1)


@case("mkdir.no-permission")
def _(t: Case) -> None:
    t.tree({"locked": Dir(mode=0o555)})
    t.same("mkdir", "locked/d", status=1, complaints=["locked/d: Permission denied"])
    t.same("mkdir", "-p", "locked/d/e", status=1, complaints=["locked/d/e: Permission denied"])


@case("mkdir.names")
def _(t: Case) -> None:
    names = [b"with space", b"new\nline", b"-p", b"--", b"-", b"\x01\x7f", b"\xff", "ü€😀".encode(), b"n" * 255]
    t.same("mkdir", "--", *names, status=0)
    t.same("mkdir", "--", *names, status=1)
    t.same("mkdir", b"n" * 256, status=1)
    t.same("mkdir", "-p", b"x/" + b"n" * 256 + b"/y", status=1)


@case("mkdir.deep")
def _(t: Case) -> None:
    t.same("mkdir", "-p", "/".join(["deep"] * 300), status=0)
    t.same("mkdir", "-p", "/".join(["deep"] * 301), status=0)


@case("mkdir.mode-below-set-group-id")
def _(t: Case) -> None:
    # Not g+s: GNU finds the bit set, and leaves the umask's mode otherwise.
    t.tree({"d": Dir(mode=0o2775)})
    for n, mode in enumerate(("755", "00755", "2755", "g-s", "a=rx", "u=rwx,go=", "=", "7777")):
        t.same("mkdir", "-m", mode, "d/%d" % n, status=0)
        t.same("mkdir", "-p", "-m", mode, "d/p%d/q" % n, status=0)


@case("mkdir.mode-without-reading")
def _(t: Case) -> None:
    for n, mode in enumerate(("2300", "4100", "6000", "g+s,a-r", "7333")):
        t.same("mkdir", "-m", mode, "d%d" % n, status=0)


@case("mkdir.longer-than-a-path")
def _(t: Case) -> None:
    path = "/".join(["n" * 200] * 40)
    for _ in range(2):
        outcome = t.run("mkdir", "-p", "-m", "700", path)
        t.expect(outcome.status == 0 and not outcome.errors, "not made", outcome)
    depth = 0
    descriptor = os.open(t.ours, os.O_RDONLY)
    while True:
        try:
            inner = os.open(b"n" * 200, os.O_RDONLY, dir_fd=descriptor)
        except FileNotFoundError:
            break
        os.close(descriptor)
        descriptor = inner
        depth += 1
    t.expect(depth == 40 and os.fstat(descriptor).st_mode & 0o7777 == 0o700, "%d levels" % depth)
    os.close(descriptor)
    t.expect(t.run("mkdir", path).status == 1, "without -p as the system has it")


@case("mkdir.at-once", seconds=120)
def _(t: Case) -> None:
    """Many make the same path, in each way of being in each other's way: all end well."""
    for turn in range(10):
        paths = ["t%d/a/b/c/d/e" % turn, "t%d/a/b/c" % turn, "t%d/a/b/x/y" % turn, "t%d/a" % turn] * 3
        running = [subprocess.Popen(t.programs.ours("mkdir") + ["-p", path], cwd=t.ours, stderr=subprocess.PIPE)
                   for path in paths]
        for path, process in zip(paths, running):
            _, errors = process.communicate(timeout=60)
            t.expect(process.returncode == 0 and not errors, "%s: %d, %r" % (path, process.returncode, errors))
            t.expect(os.path.isdir(os.path.join(t.ours, path.encode())), path + " is not there")


@case("mkdir.context")
def _(t: Case) -> None:
    t.same("mkdir", "-Z", "a", status=0)
    t.same("mkdir", "--context", "b", status=0)
    t.same("mkdir", "--context=x", "c", status=0)


@case("mkdir.many")
def _(t: Case) -> None:
    t.same("mkdir", *["d%d" % n for n in range(3000)], status=0)


@case("mkdir.verbose-to-full-device")
def _(t: Case) -> None:
    t.same("mkdir", "-v", "d", stdout="/dev/full", status=1)


@case("mkdir.closed-streams")
def _(t: Case) -> None:
    t.same("mkdir", "d", closed=[0, 1], status=0)


@case("mkdir.mode-on-existing")
def _(t: Case) -> None:
    # -p leaves an existing directory's mode alone.
    t.tree({"d": Dir(mode=0o750), "file": File(mode=0o640)})
    t.same("mkdir", "-p", "-m", "777", "d", status=0)
    t.same("mkdir", "-m", "777", "d", "file", status=1)


@case("mkdir.double-slash")
def _(t: Case) -> None:
    t.tree({"d": Dir()})
    t.same("mkdir", "d//e", status=0)
    t.same("mkdir", "-p", "d//f//g//", status=0)
