# SPDX-License-Identifier: MIT
"""rm. Nothing here names a path outside of the case's folder: `/` is tried in a root of its own only."""
import os
import shutil
import subprocess

from harness import Case, Dir, Failed, Fifo, File, Hard, Link, Outcome, Skipped, Tree, case, make_deep, make_tree


def _tree() -> Tree:
    return {"f": b"f", "g": b"g", "empty": Dir(), "full": Dir(), "full/a": b"a", "full/sub": Dir(), "full/sub/b": b"b",
            "full/sub/link": Link("../../g"), "to-file": Link("f"), "to-directory": Link("full"),
            "dangling": Link("nowhere"), "loop": Link("loop"), "pipe": Fifo(), "hard": Hard("g"),
            "read-only": File(b"x", mode=0o444)}


_SIMPLE = {
    "none": ["f"],
    "several": ["f", "g", "hard", "pipe"],
    "links": ["to-file", "to-directory", "dangling", "loop"],
    "f": ["-f", "f", "missing", "g"],
    "f-without-operand": ["-f"],
    "force": ["--force", "missing"],
    "read-only": ["read-only"],
    "r": ["-r", "full", "f"],
    "r-upper": ["-R", "full"],
    "recursive": ["--recursive", "full", "empty"],
    "rf": ["-rf", "full", "missing", "f"],
    "r-through-a-link": ["-r", "to-directory"],
    "r-dot-prefix": ["-r", "./full", ".//empty/"],
    "d": ["-d", "empty", "f"],
    "dir": ["--dir", "empty"],
    "v": ["-v", "f", "empty/../g"],
    "verbose-dir": ["--verbose", "-d", "empty"],
    "i-upper-three": ["-I", "f", "g", "hard"],
    "double-dash": ["--", "f"],
    "prefix": ["--recur", "--verb", "full/sub"],
    "one-file-system": ["-r", "--one-file-system", "full"],
    "preserve-root": ["-r", "--preserve-root", "full"],
    "no-preserve-root": ["-r", "--no-preserve-root", "full"],
    "interactive-never": ["-i", "--interactive=never", "f"],
    "interactive-once": ["--interactive=once", "f", "g"],
    "f-after-i": ["-if", "f"],
    "twice": ["-f", "f", "f"],
}


def _simple() -> None:
    for name, arguments in _SIMPLE.items():
        def run(t: Case, arguments: list = arguments) -> None:
            t.tree(_tree())
            t.same("rm", *arguments, in_any_order=True, status=0, complaints=[])
        case("rm.option.%s" % name)(run)


_simple()

_ANSWERED = {
    "i-yes": (["-i", "f", "g"], b"y\ny\n"),
    "i-no": (["-i", "f", "g"], b"n\ny\n"),
    "i-end-of-input": (["-i", "f", "g"], b""),
    "i-words": (["-i", "f", "g", "hard"], b"Yes please\nyellow\n\n"),
    "i-recursive-all": (["-ri", "full"], b"y\n" * 9),
    "i-recursive-not-down": (["-ri", "full", "f"], b"n\ny\n"),
    "i-long": (["--interactive", "f"], b"n\n"),
    "i-always": (["--interactive=always", "f"], b"y\n"),
    "i-after-f": (["-fi", "f"], b"n\n"),
    "i-empty-directory": (["-di", "empty"], b"y\n"),
    "i-empty-directory-recursive": (["-ri", "empty"], b"y\n"),
    "i-upper-yes": (["-I", "f", "g", "hard", "pipe"], b"y\n"),
    "i-upper-no": (["-I", "f", "g", "hard", "pipe"], b"n\n"),
    "i-upper-recursive-yes": (["-rI", "full"], b"y\n"),
    "i-upper-recursive-no": (["-rI", "full"], b"n\n"),
}


def _answered() -> None:
    for name, (arguments, answers) in _ANSWERED.items():
        def run(t: Case, arguments: list = arguments, answers: bytes = answers) -> None:
            t.tree(_tree())
            t.same("rm", *arguments, stdin=answers, status=0, questions=True)
        case("rm.answer.%s" % name)(run)


_answered()


@case("rm.answer.i-recursive-inner-no")
def _(t: Case) -> None:
    # Directories above what is kept are not asked for: there is one question less than files.
    t.tree({"d": Dir(), "d/e": Dir(), "d/e/f": b""})
    t.same("rm", "-ri", "d", stdin=b"y\ny\nn\nn\nn\n", words=False)


@case("rm.verbose-recursive")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("rm", "-rv", "full", "f", in_any_order=True, status=0)


@case("rm.verbose-says-nothing-false")
def _(t: Case) -> None:
    t.tree({"locked": Dir(mode=0o555), "d": Dir(), "g": b""})
    t.same("rm", "-v", "missing", "g", "d", in_any_order=True, status=1, words=False,
           complaints=["missing: No such", "d: is a directory"])


@case("rm.missing")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("rm", "missing", "f", status=1, complaints=["missing: No such file or directory"])
    t.same("rm", "g/below", status=1, complaints=["g/below: Not a directory"])
    t.same("rm", "-f", "g/below", "missing/below", status=0)
    t.same("rm", "", status=1)
    t.same("rm", "-f", "", status=0)
    # GNU: "Not a directory".
    t.same("rm", "dangling/", status=1, words=False, complaints=["dangling/: No such file"])


@case("rm.directory-without-r")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("rm", "full", "f", status=1, words=False, complaints=["full: is a directory"])
    t.same("rm", "-f", "empty", status=1, words=False, complaints=["empty: is a directory"])
    t.same("rm", "-d", "full", status=1, complaints=["full: Directory not empty"])


@case("rm.trailing-slash")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("rm", "f/", status=1, complaints=["f/: Not a directory"])
    t.same("rm", "-r", "f/", status=1, complaints=["f/: Not a directory"])
    t.same("rm", "-r", "full/", "empty//", status=0)


@case("rm.link-with-slash")
def _(t: Case) -> None:
    # The link stays, and the directory behind it; GNU, too, empties it.
    t.tree(_tree())
    t.same("rm", "-rf", "to-directory/", words=False)
    t.same("rm", "to-file/", status=1, complaints=["to-file/: Not a directory"])


@case("rm.dot-and-dotdot")
def _(t: Case) -> None:
    t.tree({"in": Dir(), "in/f": b"", "in/sub": Dir()})
    for spelling in (".", "..", "./", "../", "./.", "in/.", "in/..", "in/./", "in/../", "in/sub/../.", ".//"):
        for option in ("-r", "-rf", "-R"):
            t.same("rm", option, spelling, status=1, words=False, complaints=[spelling + ": refusing"])


@case("rm.working-directory-by-another-name")
def _(t: Case) -> None:
    # As scripts do that clean up after themselves; a last component . or .. is another thing.
    t.tree({"in": Dir(), "in/f": b"", "in/sub": Dir(), "in/sub/g": b""})
    for outcome in (t.run("rm", "-rf", b"../in", folder=os.path.join(t.ours, b"in")),
                    t.run_gnu("rm", "-rf", b"../in", folder=os.path.join(t.gnu, b"in"))):
        t.expect(outcome.status == 0 and not outcome.errors, "rm fails", outcome)
    t.expect(not os.listdir(t.ours) and not os.listdir(t.gnu), "something is left")


@case("rm.preserve-root-all")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("rm", "-r", "--preserve-root=all", "full", status=0)
    t.same("rm", "-r", "--preserve-root=every", "empty", status=1, words=False)
    if t.programs.runner:
        return
    # A file system of its own, in a mount name space of its own.
    folder = os.path.join(t.ours, b"mounted")
    os.mkdir(folder)
    script = ('mount -t tmpfs none "$1" || exit 77; touch "$1/f"; "$2" -r --preserve-root=all "$1"; echo $?;'
              'ls "$1"; "$2" -r --one-file-system .; echo $?; ls "$1"')
    ran = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", b"mounted"] +
                         [os.fsencode(word) for word in t.programs.ours("rm")], cwd=t.ours, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20)
    if ran.returncode == 77 or ran.stderr.startswith(b"unshare: "):
        raise Skipped("this host allows no mounts in user name spaces: " + ran.stderr.decode().strip())
    outcome = Outcome(ran.returncode, ran.stdout, ran.stderr)
    t.expect(ran.stdout.startswith(b"1\nf\n1\n") and ran.stdout.endswith(b"f\n"), "what is mounted was touched", outcome)
    t.expect(b"another file system than its parent" in ran.stderr, "does not say why", outcome)


_WRITE_PROTECTED = {
    "yes": (["f", "p", "g"], b"y\n"),
    "no": (["f", "p", "g"], b"n\n"),
    "f": (["-f", "p"], b""),
    "never": (["--interactive=never", "p"], b""),
    "i": (["-i", "p", "f"], b"y\nn\n"),
    "once": (["-I", "p", "f"], b"n\n"),
    "tree": (["-r", "d"], b"y\ny\ny\ny\ny\n"),
    "tree-not-down": (["-r", "d"], b"n\n"),
    "tree-not-inside": (["-r", "d"], b"y\nn\nn\nn\n"),
    "empty": (["-r", "e"], b"y\n"),
    "dir": (["-d", "e"], b"n\n"),
    "link": (["l"], b""),
    "missing": (["missing", "p"], b"y\n"),
    "unreadable": (["-ri", "u"], b"y\ny\n"),
}


def _write_protected() -> None:
    for name, (arguments, answers) in _WRITE_PROTECTED.items():
        # GNU would go into what it cannot read; and a message is our own.
        word_for_word = name not in ("missing", "unreadable")

        def run(t: Case, arguments: list = arguments, answers: bytes = answers, word_for_word: bool = word_for_word) -> None:
            t.tree({"f": b"f", "p": File(b"p", mode=0o444), "g": b"", "e": Dir(mode=0o555), "l": Link("p"), "u": Dir(mode=0),
                    "d": Dir(mode=0o755), "d/p": File(b"", mode=0o400), "d/e": Dir(mode=0o555), "d/link": Link("p")})
            t.same("rm", "---presume-input-tty", *arguments, stdin=answers, questions=word_for_word, words=False)
        case("rm.write-protected.%s" % name)(run)


_write_protected()


@case("rm.questions-word-for-word")
def _(t: Case) -> None:
    def make() -> None:
        t.tree({"f": b"f", "p": File(b"p", mode=0o444), "e": b"", "l": Link("f"), "q": Fifo(), "d": Dir(), "d/f": b"",
                "w": Dir(mode=0o555), "a b": b"x"})
    make()
    for arguments in (["f"], ["p"], ["e"], ["l"], ["q"], ["-d", "w"], ["-r", "w"], ["-r", "d"], ["a b"]):
        t.same("rm", "-i", *arguments, stdin=b"n\n", questions=True)


@case("rm.bounded-memory", seconds=300)
def _(t: Case) -> None:
    """Trees deeper and directories larger than what memory there is would hold as a whole."""
    t.limits_memory()
    if t.programs.revision == "2026-01":
        raise Skipped("goes by paths, which end at 4,096 bytes")
    limit = ["prlimit", "--as=%d" % (8 << 20)]

    def remove(name: bytes) -> None:
        ran = subprocess.run(limit + t.programs.ours("rm") + ["-r", name], cwd=t.ours, check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=280)
        outcome = Outcome(ran.returncode, ran.stdout, ran.stderr[:500])
        t.expect(ran.returncode == 0 and not ran.stderr and not os.listdir(t.ours), "not removed", outcome)

    os.mkdir(os.path.join(t.ours, b"deep"))
    descriptor = os.open(os.path.join(t.ours, b"deep"), os.O_RDONLY)
    for _ in range(10000):
        os.mkdir(b"d", dir_fd=descriptor)
        inner = os.open(b"d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = inner
    os.close(descriptor)
    remove(b"deep")
    wide = os.path.join(t.ours, b"wide")
    os.mkdir(wide)
    # A name of 200 bytes for each: 8 MB of names.
    os.close(os.open(os.path.join(wide, b"first"), os.O_CREAT | os.O_WRONLY))
    for n in range(40000):
        os.link(os.path.join(wide, b"first"), os.path.join(wide, b"%0200d" % n))
    remove(b"wide")


@case("rm.others-change-the-tree", seconds=120)
def _(t: Case) -> None:
    """Two at once remove the same tree, while a third moves directories about in it: nothing outside goes."""
    outside = os.path.join(t.ours, b"outside")
    for turn in range(5):
        make_tree(t.ours, {b"outside": Dir(), b"outside/f": b"precious", b"top": Dir()} if turn == 0 else {b"top": Dir()})
        for n in range(40):
            make_tree(t.ours, {"top/d%d" % n: Dir(), "top/d%d/e" % n: Dir(), "top/d%d/f" % n: b"",
                               "top/d%d/e/f" % n: b"", "top/d%d/l" % n: Link("../../outside")})
        command = t.programs.ours("rm") + ["-rf", "top"]
        running = [subprocess.Popen(command, cwd=t.ours, stderr=subprocess.PIPE) for _ in range(2)]
        for n in range(0, 40, 2):
            try:
                os.rename(os.path.join(t.ours, b"top/d%d" % n), os.path.join(t.ours, b"top/d%d/e/moved" % (n + 1)))
                os.symlink(b"../outside", os.path.join(t.ours, b"top/d%d" % n))
            except OSError:
                pass
        for process in running:
            _, errors = process.communicate(timeout=60)
            t.expect(process.returncode in (0, 1), "ended with %d: %r" % (process.returncode, errors[:300]))
            for line in errors.splitlines():
                t.expect(line.startswith(b"rm: top"), "a strange message: %r" % line)
        t.expect(t.run("rm", "-rf", "top").status == 0 and not os.path.lexists(os.path.join(t.ours, b"top")), "something stays")
        t.expect(os.listdir(outside) == [b"f"], "something outside went")


@case("rm.root")
def _(t: Case) -> None:
    """`/` in a root of its own: a new mount namespace, chrooted into the case's folder."""
    root = os.path.join(t.ours, b"root")
    program = t.programs.ours("rm")
    if t.programs.runner:
        raise Skipped("the emulator would have to be in the new root: done on %s" % os.uname().machine)
    os.makedirs(os.path.join(root, b"usr/keep"))
    with open(os.path.join(root, b"usr/keep/file"), "wb") as file:
        file.write(b"precious")
    os.symlink("/", os.path.join(root, b"to-root"))
    with open(program[0], "rb") as source, open(os.path.join(root, b"rm"), "wb") as copy:
        copy.write(source.read())
    os.chmod(os.path.join(root, b"rm"), 0o755)
    chroot = shutil.which("chroot", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if chroot is None or shutil.which("unshare") is None:
        raise Failed("there is no chroot or unshare: apt-get install coreutils util-linux")
    # chroot(8) starts nothing if it cannot change the root, and /rm is nowhere else.
    inside = ["unshare", "--user", "--map-root-user", "--mount", chroot, root, "/rm"]
    probe = subprocess.run(inside + ["--version"], check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20)
    if probe.stderr.startswith(b"unshare: unshare failed"):
        raise Skipped("this host allows no user namespaces: " + probe.stderr.decode().strip())
    if not probe.stdout.startswith(b"rm (Cation)"):
        raise Failed("rm cannot be run in a root of its own: %s" % probe.stderr.decode())
    for spelling in ("/", "//", "/.", "/..", "/usr/..", "/usr/../", "to-root/", "///"):
        for option in ("-r", "-rf"):
            ran = subprocess.run(
                inside + [option, spelling], check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20)
            if ran.returncode != 1 or b"refusing" not in ran.stderr:
                raise Failed("rm %s %s: status %d, %r" % (option, spelling, ran.returncode, ran.stderr))
            if not os.path.exists(os.path.join(root, b"usr/keep/file")) or not os.path.exists(os.path.join(root, b"rm")):
                raise Failed("rm %s %s removed something" % (option, spelling))


@case("rm.permissions")
def _(t: Case) -> None:
    t.tree({"locked": Dir(mode=0o555), "open": Dir(), "unreadable": Dir(mode=0)})
    for folder in (t.ours, t.gnu):
        os.chmod(os.path.join(folder, b"locked"), 0o755)
        with open(os.path.join(folder, b"locked/f"), "wb"):
            pass
        os.chmod(os.path.join(folder, b"locked"), 0o555)
    t.same("rm", "locked/f", status=1, complaints=["locked/f: Permission denied"])
    t.same("rm", "-rf", "locked", "open", status=1, complaints=["locked/f: Permission denied"])
    # Empty, though it cannot be read.
    t.same("rm", "-r", "unreadable", status=0)


@case("rm.longer-than-a-path")
def _(t: Case) -> None:
    # More directories in each other than are kept open, and longer paths than lead back to them. The relibc of January 2026 has no
    # unlinkat(): what a path is too long for stays.
    name = "n" * 60
    depth = 60 if t.programs.revision == "2026-01" else 160
    t.both(lambda folder: make_deep(folder, name, depth, ["a", "z"]))
    t.same("rm", "-r", name, status=0)


@case("rm.in-locked-directory")
def _(t: Case) -> None:
    t.tree({"locked": Dir(), "locked/d": Dir(), "locked/d/f": b"", "locked/d/sub": Dir(), "locked/g": b""})
    t.both(lambda folder: os.chmod(os.path.join(folder, b"locked"), 0o555))
    # What is in it goes, though it stays itself.
    t.same("rm", "-rf", "locked/d", status=1, complaints=["locked/d: Permission denied"])
    t.same("rm", "-d", "locked/d", status=1)
    t.same("rm", "locked/d", status=1, words=False)


@case("rm.unreadable-directory-with-files")
def _(t: Case) -> None:
    t.tree({"d": Dir(), "d/f": b"", "d/hidden": Dir(), "d/hidden/g": b""})
    t.both(lambda folder: os.chmod(os.path.join(folder, b"d/hidden"), 0o300))
    t.same("rm", "-rf", "d", status=1, complaints=["d/hidden: Permission denied"])


@case("rm.names")
def _(t: Case) -> None:
    names = [b"with space", b"new\nline", b"-rf", b"--", b"-", b"\x01\x1b\x7f", b"\xff\xfe", "ü€😀".encode(), b"n" * 255,
             b"*", b"'", b'"', b"\\"]
    t.tree({b"keep": b"", **{name: b"" for name in names}, b"d": Dir(), **{b"d/" + name: Dir() for name in names}})
    t.same("rm", "-f", "--", *names, status=0)
    t.same("rm", "-r", "d", status=0)
    t.same("rm", "--", b"new\nline", b"\xff", b"-x", "a b", status=1,
           complaints=[r"$'new\nline': No such", r"$'\377': No such", "-x: No such", "'a b': No such"])


@case("rm.verbose-names")
def _(t: Case) -> None:
    t.tree({"with space": b"", "it's": b"", "plain": b""})
    t.gives("rm", "-v", "with space", "plain", out=b"removed 'with space'\nremoved 'plain'\n")


@case("rm.deep")
def _(t: Case) -> None:
    def make(folder: bytes) -> None:
        path = os.path.join(folder, b"deep")
        for level in range(300):
            os.makedirs(path)
            with open(os.path.join(path, b"f"), "wb"):
                pass
            os.mkdir(os.path.join(path, b"side"))
            path = os.path.join(path, b"d")
    t.both(make)
    t.same("rm", "-r", "deep", status=0)


@case("rm.deep-beyond-a-path")
def _(t: Case) -> None:
    """A tree whose paths are longer than the system takes: by descriptor it can be removed; with a relibc
    that can remove by path only, it is a clear error and nothing else is touched."""
    def make(folder: bytes) -> None:
        descriptor = os.open(folder, os.O_RDONLY)
        for _ in range(300):
            os.mkdir(b"n" * 40, dir_fd=descriptor)
            inner = os.open(b"n" * 40, os.O_RDONLY, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        os.close(os.open(b"file", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
        os.close(descriptor)
    make(t.ours)
    outcome = t.run("rm", "-r", b"n" * 40)
    left = os.listdir(t.ours)
    if t.programs.revision == "2026-01":
        t.expect(outcome.status == 1 and b"File name too long" in outcome.errors, "not a clear error", outcome)
        t.expect(outcome.errors.count(b"\n") == 1, "more than one message", outcome)
        t.expect(left == [b"n" * 40], "something went", outcome)
    else:
        t.expect(outcome.status == 0 and not outcome.errors and not left, "not removed", outcome)


@case("rm.many")
def _(t: Case) -> None:
    # More entries than one listing holds: removing while listing must pass none over.
    t.tree({"d": Dir(), **{"d/entry-with-a-name-of-some-length-%04d" % n: b"" for n in range(3000)}, "d/z": Dir()})
    t.same("rm", "-r", "d", status=0)


@case("rm.many-operands")
def _(t: Case) -> None:
    t.tree({"f%d" % n: b"" for n in range(3000)})
    t.same("rm", *["f%d" % n for n in range(3000)], status=0)


@case("rm.links-are-not-followed")
def _(t: Case) -> None:
    t.tree({"outside": Dir(), "outside/f": b"precious", "d": Dir(), "d/to-outside": Link("../outside"),
            "d/up": Link(".."), "d/self": Link(".")})
    t.both(lambda folder: os.symlink(os.path.join(folder, b"outside"), os.path.join(folder, b"d/absolute")))
    t.same("rm", "-rf", "d", status=0)


@case("rm.closed-streams")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("rm", "f", closed=[0, 1], status=0)
    t.same("rm", "-r", "full", closed=[0, 1], status=0)


@case("rm.verbose-to-full-device")
def _(t: Case) -> None:
    t.tree(_tree())
    outcome = t.run("rm", "-v", "f", "g", stdout="/dev/full")
    t.expect_complaint(outcome, "rm", 1, "write error: No space left on device")


@case("rm.wrong-word")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("rm", "--interactive=sometimes", "f", status=1)


@case("rm.special-modes")
def _(t: Case) -> None:
    t.tree({"d": Dir(mode=0o1777), "d/f": File(mode=0), "d/g": File(mode=0o4755), "e": Dir(mode=0o2700)})
    t.same("rm", "-rf", "d", "e", stdin=b"", status=0)
