# SPDX-License-Identifier: MIT
"""chmod."""
import os
from typing import List

from cases_common import closed_streams, little_memory, missing_operand, names
from harness import Case, Dir, File, Link, Tree, case, make_deep


def _files() -> Tree:
    return {"f644": File(b"", mode=0o644), "f755": File(b"", mode=0o755), "f0": File(b"", mode=0), "f6711": File(b"", mode=0o6711),
            "d755": Dir(mode=0o755), "d2775": Dir(mode=0o2775), "d1777": Dir(mode=0o1777), "d0": Dir(mode=0)}


_FILES = sorted(_files())


def _tree() -> Tree:
    return {"d": Dir(), "d/e": Dir(), "d/e/g": File(b"", mode=0o640), "d/f": File(b"", mode=0o644), "d/x": File(b"", mode=0o755),
            "d/s": Dir(mode=0o2755), "outside": File(b"", mode=0o644), "out": Dir(), "out/h": File(b"", mode=0o644),
            "d/to-file": Link("../outside"), "d/to-directory": Link("../out"), "d/dangling": Link("nowhere"),
            "link": Link("d"), "to-file": Link("outside"), "dangling": Link("nowhere"), "loop": Link("loop")}


def _modes() -> None:
    modes = ["0", "644", "0755", "7777", "1777", "4755", "2755", "00755", "000755", "06000", "=755", "=", "=2000", "+2000", "-6000",
             "+111", "-022", "u+x", "u-w", "u=", "g=u", "u=g", "o=g,g=u", "a=,u=rwx,g=u", "a+X", "u+X", "go-X", "=X", "=xX", "=x,=X", "+x",
             "+w", "+rwxst", "a+s", "u+s", "g+s", "o+s", "g-s", "a-s", "+t", "u+t", "o+t", "-t", "a=rwxt", "u=rwxs,go=rx", "ug=rw,o=",
             "ugo=r", "aa+x", "uuu+r-w=x", "u+r-w+x", "+r+w+x", "=r+w,+x", "+", "-", "u+", "o-", "go=u-w", "u-o", "o+u", "g=o", "u=rwx,u=",
             "=7777,-5022", "=rw", "=wx", "u=rw-x+X", "a-rwx,u+r,g+w,o+x", "a=u", "=u", "+g", "-o", "u=,g=,o=", "a=rx,u+w"]
    for index, mode in enumerate(modes):
        def with_mode(t: Case, mode: str = mode) -> None:
            t.tree(_files())
            # What begins with - is an option.
            t.same("chmod", "--", mode, *_FILES, status=0)
            t.same("chmod", "-v", "--", mode, *_FILES, umask=0o077, status=0)
            t.same("chmod", "-c", "--", mode, *_FILES, umask=0, status=0)
        case("chmod.mode.%02d" % index)(with_mode)
    for index, mode in enumerate(["8", "77777", "010000", "a", "u", "u=q", "u+q", "x+r", "", "u=rwx,", ",u+r", "rwx", "u+r,,g+w", "+rwxz", "0-a",
                                  "7x", "u+7", "=8", "+78", "=77777", "+x ", " +x", "u +x", "u=gx", "u=ug", "0x1f", "1e2", "99999999999999999999"]):
        def invalid(t: Case, mode: str = mode) -> None:
            t.tree(_files())
            t.same("chmod", "--", mode, *_FILES, status=1, words=False)
        case("chmod.invalid-mode.%02d" % index)(invalid)


_modes()


def _modes_as_options() -> None:
    commands = [["-x", "f755"], ["-w", "f644"], ["-r", "f644"], ["f755", "-w"], ["-w", "-x", "f755"], ["-rwx", "f755"], ["-w,u+x", "f644"],
                ["-022", "f6711"], ["-v", "-x", "f755"], ["-x", "-c", "f755"], ["-u", "f755"], ["-s", "f6711"], ["-X", "f755"],
                ["-t", "d1777"], ["-R", "-w", "d1777"], ["-w", "--", "f755"], ["-=rw", "f755"], ["-+x", "f644"], ["-,u+x", "f644"],
                ["-g", "f6711"], ["-o", "f6711"], ["-a", "f6711"]]
    for index, arguments in enumerate(commands):
        def run(t: Case, arguments: List[str] = arguments) -> None:
            t.tree(_files())
            for umask in (0o022, 0o077, 0o000, 0o005):
                t.same("chmod", *arguments, umask=umask, words=False)
                t.same("chmod", "=755", "f755", status=0)
                t.same("chmod", "=6711", "f6711", status=0)
        case("chmod.mode-as-option.%02d" % index)(run)


_modes_as_options()


@case("chmod.which-are-files")
def _(t: Case) -> None:
    t.tree({"f": File(b"", mode=0o600), "--": File(b"", mode=0o600), "-w": File(b"", mode=0o600)})
    for arguments in (["--"], ["--", "--"], ["--", "--", "--", "f"], ["--", "--", "-w", "f"], ["--", "--", "f"], ["--", "-w"],
                      ["--", "-w", "--", "f"], ["--", "-w", "-w", "f"], ["--", "-w", "f"], ["--", "f"], ["-w"], ["-w", "--"],
                      ["-w", "--", "--", "f"], ["-w", "--", "-w", "f"], ["-w", "--", "f"], ["-w", "-w"], ["-w", "-w", "--", "f"],
                      ["-w", "-w", "-w", "f"], ["-w", "-w", "f"], ["-w", "f"], ["f"], ["f", "--"], ["f", "-w"], ["f", "f"], ["u+gr", "f"],
                      ["ug,+x", "f"]):
        t.same("chmod", *arguments, words=False)


@case("chmod.operands")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("chmod", "600", "missing", "d/f", "d/f/x", "", "loop", "dangling", "d/e/g", status=1, words=False,
           complaints=["missing: No such file", "d/f/x: Not a directory", "'': No such file", "loop: cannot operate on a dangling",
                       "dangling: cannot operate on a dangling"])
    t.same("chmod", "640", "to-file", "link", status=0)
    t.same("chmod", "755", "link/", "d/.", "d/e/..", ".", status=0)
    t.same("chmod", "755", "d/f/", status=1)
    t.same("chmod", "-v", "755", "missing", "dangling", "to-file", status=1, words=False)
    t.same("chmod", "-f", "700", "missing", "d/f", status=1)
    t.same("chmod", "--silent", "700", "missing", status=1)
    t.same("chmod", "--quiet", "701", "missing", "d/f", status=1)
    t.same("chmod", "-fv", "702", "missing", "d/f", status=1)


def _recursive() -> None:
    for index, mode in enumerate(["u+rwX,go-w", "700", "go=", "a+X", "a-x,a+X", "g+s", "=755", "777"]):
        def run(t: Case, mode: str = mode) -> None:
            t.tree(_tree())
            t.same("chmod", "-R", mode, "d", status=0)
            t.same("chmod", "--recursive", mode, "out", "to-file", status=0)
            t.same("chmod", "-Rv", mode, "d/e", "d/s", status=0, in_any_order=True)
            t.same("chmod", "-Rc", "u=rwX", "d", status=0, in_any_order=True)
        case("chmod.recursive.%d" % index)(run)


_recursive()


@case("chmod.recursive.operands")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("chmod", "-R", "755", "link", status=0)
    t.same("chmod", "-Rv", "711", "link", status=0, in_any_order=True)
    t.same("chmod", "-R", "711", "missing", "d", status=1)


@case("chmod.recursive-without-permission")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/no-x": Dir(mode=0o600), "d/f": b"", "closed": Dir(mode=0), "closed2": Dir(mode=0)})
    t.same("chmod", "-R", "o=r", "d", status=0)
    t.same("chmod", "-R", "u+rwx", "closed", status=0)
    t.same("chmod", "u+rwx", "closed2", status=0)
    t.tree({"e": Dir(), "e/f": b"", "e/g": Dir(), "e/g/h": b"", "u": Dir(), "u/f": b""})
    t.same("chmod", "-R", "a-r", "u", status=1)
    t.same("chmod", "-R", "a-x", "e", status=1)


@case("chmod.links-gone-through")
def _(t: Case) -> None:
    # Not in the host's GNU chmod, which is older.
    def modes(*paths: str) -> List[int]:
        return [os.stat(os.path.join(t.ours, os.fsencode(path))).st_mode & 0o7777 for path in paths]
    t.tree(_tree())
    t.gives("chmod", "-RL", "750", "d/e", "d/to-directory")
    t.expect(modes("out", "out/h", "d/e/g", "outside") == [0o750, 0o750, 0o750, 0o644], "-L: %s" % modes("out", "out/h", "d/e/g", "outside"))
    t.gives("chmod", "-RP", "700", "link", "d/to-file")
    t.expect(modes("d", "outside") == [0o755, 0o644], "-P: %s" % modes("d", "outside"))
    t.gives("chmod", "-h", "700", "to-file", "dangling", "d/f")
    t.expect(modes("outside", "d/f") == [0o644, 0o700], "-h: %s" % modes("outside", "d/f"))
    t.gives("chmod", "--dereference", "604", "to-file")
    t.expect(modes("outside") == [0o604], "--dereference")
    t.refuses("chmod", "-RP", "--dereference", "604", "d", status=1)


@case("chmod.reference")
def _(t: Case) -> None:
    t.tree({**_files(), "link": Link("f6711")})
    t.same("chmod", "--reference=link", *_FILES, status=0)
    t.same("chmod", "--reference=d2775", "-v", *_FILES, status=0)
    t.same("chmod", "-R", "--reference", "f0", "d755", status=0)
    t.same("chmod", "--reference=missing", "f644", status=1)
    t.same("chmod", "--reference=f644", status=1)
    t.same("chmod", "--reference=f644", "-w", "f755", status=1)


@case("chmod.special-bits-said-as-they-are")
def _(t: Case) -> None:
    t.tree(_files())
    t.same("chmod", "-v", "7777", *_FILES, status=0)
    t.same("chmod", "-c", "0", *_FILES, status=0)
    t.same("chmod", "-v", "1644", "f644", b"f755", status=0)


@case("chmod.preserve-root")
def _(t: Case) -> None:
    t.same("chmod", "-R", "--preserve-root", "--reference=/", "/", status=1, words=False, shared=True)
    t.tree(_tree())
    t.same("chmod", "-R", "--preserve-root", "--no-preserve-root", "700", "d", status=0)


@case("chmod.output-errors")
def _(t: Case) -> None:
    t.tree(_files())
    t.same("chmod", "-v", "700", "f644", stdout="/dev/full", status=1, complaints=["write error: No space left"])


@case("chmod.deep")
def _(t: Case) -> None:
    # Longer than a path may be.
    t.both(lambda folder: make_deep(folder, "n" * 60, 150))
    t.expect(t.run("chmod", "-R", "700", "n" * 60).status == 0, "not all of it")


def _common() -> None:
    def try_name(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
        t.same("chmod", b"600", path, missing)
        t.same("chmod", b"640", b"--", path, b"d")
        if not name.startswith(b"-"):
            t.same("chmod", name, b"d", words=False)

    names("chmod", try_name)
    closed_streams("chmod", [(["600", "f"], False), (["-v", "600", "f"], True), (["-R", "700", "d"], False), (["600", "missing", "g"], False)])
    little_memory("chmod", ["-R", "u+x", "d", "f"])
    missing_operand("chmod")


_common()
