# SPDX-License-Identifier: MIT
"""mkfifo."""
from cases_common import closed_streams, little_memory, missing_operand, names
from harness import Case, Dir, Fifo, Link, case


def _modes() -> None:
    modes = ["0", "600", "0644", "777", "00777", "a=rw", "u=rwx,go=", "go-w", "+x", "=", "g=u,o=g", "a-x,u+X", "o=u-w", "-w", "ug+rw,o=", "o-rwx,g=r",
             "a+r,u+w,g-w", "u=g"]
    for index, mode in enumerate(modes):
        def with_mode(t: Case, mode: str = mode) -> None:
            for umask in (0o022, 0o077, 0o000, 0o027, 0o777):
                t.same("mkfifo", "-m", mode, "p%03o" % umask, umask=umask, status=0)
            t.same("mkfifo", "--mode=" + mode, "long", status=0)
        case("mkfifo.mode.%02d" % index)(with_mode)
    for index, mode in enumerate(["8", "a", "u=q", "77777", "x+r", "", "u=rwx,", "rw", "1644", "2644", "4644", "7777", "u+s", "g+s", "a+t",
                                  "01000", "+rwxz"]):
        def invalid(t: Case, mode: str = mode) -> None:
            t.same("mkfifo", "-m", mode, "p", status=1, words=False)
        case("mkfifo.invalid-mode.%02d" % index)(invalid)


_modes()


@case("mkfifo.one")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "f": b"f", "p": Fifo(), "dangling": Link("nowhere"), "to-d": Link("d")})
    t.same("mkfifo", "a", "d/b", "to-d/c", "./e", status=0)
    for umask in (0o077, 0o000, 0o777):
        t.same("mkfifo", "u%03o" % umask, umask=umask, status=0)
    t.same("mkfifo", "f", "d", "p", "dangling", "to-d", ".", "..", "/", status=1)
    t.same("mkfifo", "missing/x", "f/x", "", "new/", "d/", status=1)
    t.same("mkfifo", "f", "new", "a", "new-too", status=1, complaints=["f: File exists", "a: File exists"])
    t.same("mkfifo", "-Z", "z", status=0)
    t.same("mkfifo", "n" * 255, status=0)
    t.same("mkfifo", "n" * 256, status=1)


@case("mkfifo.no-permission")
def _(t: Case) -> None:
    t.tree({"locked": Dir(mode=0o555)})
    t.same("mkfifo", "locked/p", status=1, complaints=["locked/p: Permission denied"])


def _named(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
    t.same("mkfifo", missing)
    t.same("mkfifo", path)
    t.same("mkfifo", b"--", name)


names("mkfifo", _named)
closed_streams("mkfifo", [(["p"], False), (["-m", "600", "p"], False), (["f", "p"], False)])
little_memory("mkfifo", ["-m", "u=rw,go=", "p", "q"])
missing_operand("mkfifo")
