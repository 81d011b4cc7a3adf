#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Installs a release into targets of every kind, as people do, by the command line alone.

usage: install_test.py TOOL HELPER RELEASES OLDER_RELEASES [TEST...]

TOOL is cation_image, HELPER cation_redoxfs, RELEASES and OLDER_RELEASES have a release for each
architecture in them. $XML_OUTPUT_FILE gets a JUnit report.
"""
import sys

sys.dont_write_bytecode = True

import hashlib
import os
import random
import shutil
import signal
import stat
import struct
import subprocess
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from initfs_archive import make_initfs
from junit import run_tests

TOOL = HELPER = RELEASES = OLDER = ""

# As an image of Redox has them: one program with links, scripts of init, a table of drivers.
INIT_SCRIPT = "export PATH /usr/bin\nrm -rf /tmp\nmkdir -m a=rwxt /tmp\nls /\n"
DRIVERS = """# storage
[[drivers]]
name = "AHCI storage"
class = 1
subclass = 6
command = ["ahcid"]

[[drivers]]
name = "E1000 NIC"
class = 2
vendor = 0x8086
command = ["e1000d"]
"""


def elf(arch: str) -> bytes:
    """The least that says for which machine a program is."""
    machine = {"x86_64": 62, "aarch64": 183}[arch]
    header = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, 0x401000, 64, 0, 0, 64, 56, 0, 64, 0, 0)
    return header + b"the system's own program " * 100


def make_system(folder: str, arch: str = "x86_64") -> None:
    """A root as the installer of Redox leaves it."""
    for path in ("usr/bin", "usr/lib", "etc/init.d", "etc/pcid.d", "root", "home/user"):
        os.makedirs(os.path.join(folder, path))
    os.symlink("usr/bin", os.path.join(folder, "bin"))
    write(folder, "usr/bin/coreutils", elf(arch), 0o755)
    write(folder, "usr/bin/ion", elf(arch) + b"ion", 0o755)
    for name in ("ls", "cat", "rm", "mkdir", "cp", "env", "touch"):
        os.symlink("coreutils", os.path.join(folder, "usr/bin", name))
    write(folder, "etc/init.rc", INIT_SCRIPT)
    write(folder, "etc/init.d/00_base", "echo hello\nls -l /\n")
    write(folder, "etc/pcid.d/base.toml", DRIVERS)
    write(folder, "home/user/secret", "secret", 0o600)


def write(folder: str, path: str, content, mode: int = 0o644) -> None:
    whole = os.path.join(folder, path)
    os.makedirs(os.path.dirname(whole), exist_ok=True)
    with open(whole, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    os.chmod(whole, mode)


def facts(folder: str) -> dict:
    """Everything in a folder: kind, permissions, and content or target, by path."""
    found = {}
    for parent, folders, files in os.walk(folder):
        for name in folders + files:
            whole = os.path.join(parent, name)
            status = os.lstat(whole)
            mode = stat.S_IMODE(status.st_mode)
            path = os.path.relpath(whole, folder)
            if stat.S_ISLNK(status.st_mode):
                found[path] = ("link", os.readlink(whole))
            elif stat.S_ISDIR(status.st_mode):
                found[path] = ("folder", mode)
            elif stat.S_ISREG(status.st_mode):
                with open(whole, "rb") as file:
                    found[path] = ("file", mode, hashlib.sha256(file.read()).hexdigest())
            else:
                found[path] = ("other", mode)
    return found


def difference(one: dict, other: dict) -> str:
    """The paths in which two results of facts() differ."""
    return "\n".join("%s: %s, %s" % (path, one.get(path), other.get(path))
                     for path in sorted(one.keys() | other.keys()) if one.get(path) != other.get(path))


def digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


class Failed(Exception):
    """The tool's status was not 0."""

    def __init__(self, done: subprocess.CompletedProcess) -> None:
        super().__init__(done.stderr.strip() or done.stdout.strip())
        self.done = done


def run(*arguments: str, status: int = 0, **options) -> str:
    done = subprocess.run([TOOL, *arguments], capture_output=True, text=True, check=False, timeout=120,
                          stdin=subprocess.DEVNULL, **options)
    if done.returncode != status:
        raise Failed(done)
    return done.stdout


def install(target: str, *arguments: str, releases: str = "") -> str:
    return run("install", "--releases=" + (releases or RELEASES), "--allow-stand-in", *arguments, target)


class InstallTest(unittest.TestCase):
    """What all cases share."""

    def setUp(self) -> None:
        self.work = tempfile.mkdtemp(prefix="cation-install.", dir=os.environ.get("TEST_TMPDIR"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)

    def path(self, name: str) -> str:
        return os.path.join(self.work, name)

    def system(self, name: str = "system", arch: str = "x86_64") -> str:
        make_system(self.path(name), arch)
        return self.path(name)

    def image(self, name: str = "disk.img", size: str = "24M", gpt: bool = True, arch: str = "x86_64") -> str:
        """A RedoxFS image with a system in it."""
        image = self.path(name)
        run("image", "make", *(["--gpt"] if gpt else []), image, size)
        source = self.system(name + ".source", arch)
        for entry in sorted(os.listdir(source)):
            if os.path.islink(os.path.join(source, entry)):
                run("image", "ln", "-s", image, os.readlink(os.path.join(source, entry)), "/" + entry)
            else:
                run("image", "put", image, os.path.join(source, entry), "/")
        return image

    def contents(self, target: str) -> dict:
        """facts() of what is in an image."""
        self.copies = getattr(self, "copies", 0) + 1
        folder = self.path("copy%d" % self.copies)
        os.mkdir(folder)
        for name in run("image", "ls", target).splitlines():
            run("image", "get", target, "/" + name, folder)
        # `get` follows the link it is given.
        found = facts(folder)
        shutil.rmtree(folder)
        return found

    def refused(self, *arguments: str, word: str, status: int = 1, unchanged: str = "") -> None:
        """The tool says in one line why not, and changes nothing."""
        before = None
        if unchanged:
            before = facts(unchanged) if os.path.isdir(unchanged) else digest(unchanged)
        done = subprocess.run([TOOL, *arguments], capture_output=True, text=True, check=False, timeout=60,
                              stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertTrue(done.stderr.startswith("cation: "), done.stderr)
        self.assertIn(word, done.stderr)
        if unchanged:
            after = facts(unchanged) if os.path.isdir(unchanged) else digest(unchanged)
            self.assertEqual(before, after)

    def same(self, one: dict, other: dict) -> None:
        self.assertTrue(one == other, difference(one, other))

    def life(self, target: str, contents) -> None:
        """Install, upgrade, roll back, upgrade, uninstall: each state is what it was."""
        original = contents()
        install(target, releases=OLDER)
        older = contents()
        self.assertNotEqual(original, older)
        run("verify", target)
        install(target)
        newer = contents()
        self.assertNotEqual(older, newer)
        run("verify", target)
        self.assertIn("nothing to do", install(target))
        self.same(contents(), newer)
        run("rollback", target)
        self.same(contents(), older)
        install(target)
        self.same(contents(), newer)
        self.assertIn("0.1.0", run("list", target))
        run("uninstall", target)
        self.same(contents(), original)
        self.assertIn("not installed", run_error("verify", target))


def run_error(*arguments: str) -> str:
    done = subprocess.run([TOOL, *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1, done
    return done.stderr


class Targets(InstallTest):
    """Every kind of target."""

    def test_folder(self) -> None:
        for arch in ("x86_64", "aarch64"):
            with self.subTest(arch):
                target = self.system(arch, arch)
                self.life(target, lambda target=target: facts(target))

    def test_redoxfs_in_a_partition(self) -> None:
        image = self.image()
        self.life(image, lambda: self.contents(image))
        self.assertIn("sound", run("image", "check", image))

    def test_redoxfs_bare(self) -> None:
        image = self.image(gpt=False, arch="aarch64")
        self.life(image, lambda: self.contents(image))
        self.assertIn("sound", run("image", "check", image))

    def test_initfs(self) -> None:
        archive = self.path("initfs.img")
        original = make_initfs({
            "bin": {"init": (0o755, elf("x86_64")), "redoxfs": (0o755, elf("x86_64"))},
            "etc": {"init.rc": (0o644, b"export PATH /scheme/initfs/bin\nredoxfs file\n")},
        }, bootstrap=elf("x86_64"))
        write(self.work, "initfs.img", original)
        self.life(archive, lambda: self.contents(archive))
        with open(archive, "rb") as file:
            self.assertEqual(file.read(), original)

    def test_an_empty_share_is_told_its_architecture(self) -> None:
        share = self.path("share")
        os.mkdir(share)
        self.refused("install", "--releases=" + RELEASES, "--allow-stand-in", share, word="--arch", unchanged=share)
        install(share, "--arch=aarch64")
        run("verify", share)
        with open(os.path.join(share, "usr/bin/ls"), "rb") as file:
            self.assertEqual(struct.unpack("<H", file.read()[18:20])[0], 183)
        run("uninstall", share)
        self.assertEqual(os.listdir(share), [])

    @unittest.skipUnless(shutil.which("qemu-img"), "no qemu-img")
    def test_qcow2_overlay(self) -> None:
        base = self.image("base.img")
        overlay = self.path("overlay.qcow2")
        run("image", "overlay", base, overlay)
        before = digest(base)
        self.refused("install", "--releases=" + RELEASES, "--allow-stand-in", overlay, word="--qcow2", unchanged=overlay)
        install(overlay, "--qcow2=convert")
        self.assertEqual(digest(base), before)
        run("verify", overlay)
        self.assertIn(base, subprocess.run(["qemu-img", "info", overlay], capture_output=True, text=True,
                                           check=True).stdout)
        install(overlay, "--qcow2=commit", "--aliases")
        self.assertNotEqual(digest(base), before)
        run("verify", base)
        run("verify", overlay)


class UsersInitrcs(InstallTest):
    """What users have of their own for Ion: one line goes into it, and out again."""

    LINE = "test -f /etc/xdg/ion/initrc && source /etc/xdg/ion/initrc"
    # Before, and with the line.
    FILES = {
        "root/.config/ion/initrc": ("echo root's\n", LINE + "\necho root's\n"),
        "home/user/.config/ion/initrc": ("", LINE + "\n"),
        "home/crlf/.config/ion/initrc": ("a\r\nb\r\n", LINE + "\r\na\r\nb\r\n"),
        "home/open/.config/ion/initrc": ("if true", LINE + "\nif true"),
        "home/has/.config/ion/initrc": ("a\n %s\n" % LINE, "a\n %s\n" % LINE),
        "home/own/.config/ion/initrc": ("source /etc/xdg/ion/initrc\n", "source /etc/xdg/ion/initrc\n"),
    }

    def text(self, target: str, path: str) -> str:
        if os.path.isdir(target):
            with open(os.path.join(target, path), "rb") as file:
                return file.read().decode()
        got = self.path("got")
        run("image", "get", target, "/" + path, got)
        with open(got, "rb") as file:
            return file.read().decode()

    def system_with_files(self) -> str:
        target = self.system()
        for path, (before, _) in self.FILES.items():
            write(target, path, before, 0o640)
        os.makedirs(os.path.join(target, "home/none/.config/ion"))
        return target

    def lines_come_and_go(self, target: str) -> None:
        dry = install(target, "--dry-run", "--verbose")
        for path, (before, after) in self.FILES.items():
            self.assertEqual(self.text(target, path), before)
            self.assertEqual(("/" + path) in dry, before != after, dry)
        self.assertIn("with it", run("diff", "--releases=" + RELEASES, target, status=1))
        install(target)
        for path, (_, after) in self.FILES.items():
            self.assertEqual(self.text(target, path), after)
        self.assertNotIn("/none/", run("list", target))
        self.assertIn("/home/crlf/.config/ion/initrc\n", run("list", target))
        self.assertNotIn("note:", run("verify", target))
        self.assertIn("nothing to do", install(target))

    def test_folder(self) -> None:
        target = self.system_with_files()
        original = facts(target)
        self.lines_come_and_go(target)
        self.assertEqual(facts(target)["home/crlf/.config/ion/initrc"][1], 0o640)
        run("rollback", target)
        self.same(facts(target), original)
        install(target)
        run("uninstall", target)
        self.same(facts(target), original)

    def test_redoxfs_in_a_partition(self) -> None:
        self.system = lambda name="system", arch="x86_64", made=self.system_with_files: self.put_beside(made, name)
        image = self.image()
        original = self.contents(image)
        self.lines_come_and_go(image)
        run("uninstall", image)
        self.same(self.contents(image), original)
        self.assertIn("sound", run("image", "check", image))

    def put_beside(self, made, name: str) -> str:
        del self.system
        os.rename(made(), self.path(name))
        return self.path(name)

    def test_absent(self) -> None:
        """Root gets one of the release's, others need none."""
        target = self.system()
        install(target)
        self.assertIn(self.LINE, self.text(target, "root/.config/ion/initrc"))
        self.assertFalse(os.path.exists(os.path.join(target, "home/user/.config")))

    def test_not_wanted(self) -> None:
        target = self.system_with_files()
        said = install(target, "--no-initrc-lines")
        for path, (before, _) in self.FILES.items():
            self.assertEqual(self.text(target, path), before)
        self.assertIn("/root/.config/ion/initrc stays", said)

    def test_what_users_wrote_since_stays(self) -> None:
        target = self.system_with_files()
        install(target)
        for path in ("root/.config/ion/initrc", "home/user/.config/ion/initrc"):
            with open(os.path.join(target, path), "a", encoding="utf-8") as file:
                file.write("echo since\n")
        said = run("uninstall", "--dry-run", target)
        self.assertIn("only the line goes", said)
        run("uninstall", target)
        self.assertEqual(self.text(target, "root/.config/ion/initrc"), "echo root's\necho since\n")
        self.assertEqual(self.text(target, "home/user/.config/ion/initrc"), "echo since\n")
        self.assertFalse(os.path.exists(os.path.join(target, "etc/xdg")))

    def test_taken_out_by_the_user(self) -> None:
        target = self.system_with_files()
        install(target, releases=OLDER)
        for path in ("root/.config/ion/initrc", "home/user/.config/ion/initrc"):
            write(target, path, self.FILES[path][0], 0o640)
        self.assertIn("does not source", run("verify", target))
        self.assertIn("(it was taken out since)", run("list", target))
        said = install(target)
        self.assertEqual(said.count("shell-ext enable"), 2, said)
        for path in ("root/.config/ion/initrc", "home/user/.config/ion/initrc"):
            self.assertEqual(self.text(target, path), self.FILES[path][0])


class Refusals(InstallTest):
    """Bad input: one line that says why, and nothing changed."""

    def install_refused(self, target: str, word: str, *arguments: str, unchanged: bool = True) -> None:
        self.refused("install", "--releases=" + RELEASES, "--allow-stand-in", *arguments, target, word=word,
                     unchanged=target if unchanged else "")

    def test_what_is_no_target(self) -> None:
        self.install_refused(self.path("nothing"), "No such file", unchanged=False)
        write(self.work, "text", "just a text\n" * 1000)
        self.install_refused(self.path("text"), "")
        write(self.work, "empty", "")
        self.install_refused(self.path("empty"), "")
        os.mkfifo(self.path("fifo"))
        self.install_refused(self.path("fifo"), "", unchanged=False)
        self.install_refused("/dev/null", "", unchanged=False)
        self.install_refused("/", "running system", unchanged=False)

    def test_a_recipe_is_no_root(self) -> None:
        write(self.work, "recipe/recipe.toml", "")
        self.install_refused(self.path("recipe"), "./cation recipe")

    def test_damaged_and_truncated_images(self) -> None:
        image = self.image(gpt=False)
        with open(image, "rb") as file:
            content = file.read()
        write(self.work, "truncated", content[: len(content) // 2])
        self.install_refused(self.path("truncated"), "")
        write(self.work, "headless", bytes(300 * 4096) + content[300 * 4096:])
        self.install_refused(self.path("headless"), "")
        # All headers of another version.
        other = bytearray(content)
        for block in range(256):
            if other[block * 4096:block * 4096 + 8] == b"RedoxFS\0":
                other[block * 4096 + 8:block * 4096 + 16] = struct.pack("<Q", 99)
        write(self.work, "version", bytes(other))
        self.install_refused(self.path("version"), "version")

    def test_too_small(self) -> None:
        image = self.image(size="2M", gpt=False)
        self.install_refused(image, "space")
        run("image", "check", image)
        install(image, "--grow=16M")
        self.assertEqual(os.path.getsize(image), 16 << 20)
        run("verify", image)
        self.assertIn("sound", run("image", "check", image))

    def test_other_architecture(self) -> None:
        target = self.system()
        self.install_refused(target, "aarch64", "--arch=aarch64")
        self.refused("install", "--release=" + os.path.join(RELEASES, "aarch64"), "--allow-stand-in", target,
                     word="aarch64", unchanged=target)

    def test_the_stand_in_needs_leave(self) -> None:
        target = self.system()
        self.refused("install", "--releases=" + RELEASES, target, word="stand-in", unchanged=target)

    def test_a_directory_in_the_way(self) -> None:
        target = self.system()
        os.remove(os.path.join(target, "usr/bin/ls"))
        os.mkdir(os.path.join(target, "usr/bin/ls"))
        self.install_refused(target, "/usr/bin/ls")

    def test_a_release_tampered_with(self) -> None:
        target = self.system()
        release = self.path("release")
        shutil.copytree(os.path.join(RELEASES, "x86_64"), release, symlinks=True)
        for folder, _, _ in os.walk(release):
            os.chmod(folder, 0o755)
        program = os.path.join(release, "usr/bin/ls")
        os.chmod(program, 0o755)
        with open(program, "ab") as file:
            file.write(b"x")
        self.refused("install", "--release=" + release, "--allow-stand-in", target, word="/usr/bin/ls", unchanged=target)
        manifest = os.path.join(release, "usr/lib/cation/manifest")
        os.chmod(manifest, 0o644)
        with open(manifest, "r+b") as file:
            content = file.read()
            file.seek(0)
            file.write(content.replace(b"0755", b"4755"))
        self.refused("install", "--release=" + release, "--allow-stand-in", target, word="manifest", unchanged=target)
        os.remove(manifest)
        self.refused("install", "--release=" + release, "--allow-stand-in", target, word="manifest", unchanged=target)

    def test_an_installed_manifest_tampered_with(self) -> None:
        target = self.system()
        install(target)
        manifest = os.path.join(target, "usr/lib/cation/manifest")
        with open(manifest, "r+b") as file:
            file.seek(100)
            file.write(b"X")
        self.refused("verify", target, word="manifest", unchanged=target)
        self.install_refused(target, "manifest")

    def test_a_helper_that_is_missing_or_dies(self) -> None:
        image = self.image()
        self.refused("install", "--releases=" + RELEASES, "--redoxfs-helper=" + self.path("nothing"), image,
                     word="nothing", unchanged=image)
        for name, script in {"dies": "kill -9 $$", "babbles": "echo what", "silent": "exit 0"}.items():
            write(self.work, name, "#!/bin/sh\n" + script + "\n", 0o755)
            self.refused("install", "--releases=" + RELEASES, "--redoxfs-helper=" + self.path(name), image, word="",
                         unchanged=image)

    def test_an_image_in_use(self) -> None:
        image = self.image()
        import fcntl
        with open(image, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.install_refused(image, "use")

    @unittest.skipIf(os.geteuid() == 0, "the superuser may write what is read-only")
    def test_what_may_not_be_written(self) -> None:
        image = self.image()
        os.chmod(image, 0o444)
        self.install_refused(image, "")

    def test_init_needs_stay_met(self) -> None:
        target = self.system()
        install(target)
        # A script of init that needs what only the release has.
        write(target, "etc/init.d/10_later", "sync\n")
        self.refused("uninstall", target, word="sync (/etc/init.d/10_later line 1)", unchanged=target)
        self.refused("rollback", target, word="sync", unchanged=target)
        os.remove(os.path.join(target, "etc/init.d/10_later"))
        run("uninstall", target)

    def test_wrong_usage(self) -> None:
        target = self.system()
        for arguments in (["frobnicate"], [], ["install"], ["install", "--nonsense", target], ["install", target, "more"],
                          ["verify", "--dry-run", target], ["image"], ["image", "frobnicate", target],
                          ["install", "--only", target], ["install", "--dry-run=1", target]):
            done = subprocess.run([TOOL, *arguments], capture_output=True, text=True, check=False, timeout=60)
            self.assertEqual(done.returncode, 2, (arguments, done.stderr))
            self.assertTrue(done.stderr, arguments)


class Verbs(InstallTest):
    """What else one can do."""

    def test_a_dry_run_says_all_and_does_nothing(self) -> None:
        for target in (self.system(), self.image()):
            before = facts(target) if os.path.isdir(target) else digest(target)
            text = install(target, "--dry-run")
            self.assertIn("~ /usr/bin/ls  a link to coreutils -> ", text)
            self.assertIn("+ /usr/bin/sync", text)
            self.assertEqual(before, facts(target) if os.path.isdir(target) else digest(target))

    def test_diff(self) -> None:
        target = self.system()
        text = run("diff", "--releases=" + RELEASES, target, status=1)
        self.assertIn("~ /usr/bin/ls", text)
        install(target)
        self.assertEqual(run("diff", "--releases=" + RELEASES, target), "")
        write(target, "usr/bin/ls", "damaged", 0o755)
        self.assertEqual(len(run("diff", "--releases=" + RELEASES, target, status=1).splitlines()), 1)

    def test_verify_names_what_is_damaged(self) -> None:
        image = self.image()
        install(image)
        write(self.work, "damaged", "damaged")
        run("image", "put", image, self.path("damaged"), "/usr/bin/cat")
        self.assertIn("/usr/bin/cat", run("verify", image, status=1))
        self.refused("uninstall", image, word="/usr/bin/cat", unchanged=image)
        run("uninstall", "--force", image)
        self.assertIn("coreutils", run("image", "stat", image, "/usr/bin/cat"))

    def test_stamp(self) -> None:
        target = self.system()
        install(target)
        for commit in ("aaaa1111", "bbbb2222"):
            run("stamp", "--prefix=My system", "--commit=" + commit, "--date=2026-01-02", target)
        with open(os.path.join(target, "etc/init.rc"), encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(text.count("Build:"), 1, text)
        self.assertIn("bbbb2222 | 2026-01-02", text.splitlines()[0])
        self.assertTrue(text.endswith(INIT_SCRIPT))
        run("verify", target)
        run("uninstall", target)
        with open(os.path.join(target, "etc/init.rc"), encoding="utf-8") as file:
            self.assertEqual(file.read(), INIT_SCRIPT)

    def test_aliases_and_only(self) -> None:
        target = self.system()
        install(target, "--aliases", "--only=cat,ls")
        self.assertEqual(os.readlink(os.path.join(target, "usr/bin/simple-cat")), "cat")
        self.assertFalse(os.path.lexists(os.path.join(target, "usr/bin/simple-rm")))
        self.assertEqual(os.readlink(os.path.join(target, "usr/bin/rm")), "coreutils")
        run("verify", target)

    def test_repairs_and_their_undoing(self) -> None:
        for target in (self.system(), self.image()):
            contents = (lambda target=target: facts(target) if os.path.isdir(target) else self.contents(target))
            original = contents()
            write(self.work, "other", "echo other\n")
            run("repair", "disable-driver", target, "e1000d")
            drivers = run("image", "get", target, "/etc/pcid.d/base.toml")
            import tomllib
            self.assertEqual([driver["name"] for driver in tomllib.loads(drivers)["drivers"]], ["AHCI storage"])
            run("repair", "link", target, "/root/host", "/scheme/9p.hostshare")
            run("repair", "replace", target, "/etc/init.d/00_base", self.path("other"))
            self.assertEqual(run("image", "get", target, "/etc/init.d/00_base"), "echo other\n")
            self.assertIn("/scheme/9p.hostshare", run("image", "ls", "-l", target, "/root"))
            self.refused("repair", "disable-driver", target, "nosuchd", word="nosuchd", unchanged=target)
            self.refused("repair", "replace", target, "/etc/nothing", self.path("other"), word="/etc/nothing",
                         unchanged=target)
            install(target)
            run("uninstall", target)
            self.assertEqual(len(run("list", target).strip().splitlines()), 3)
            for _ in range(3):
                run("rollback", target)
            self.same(contents(), original)

    def test_image_verbs(self) -> None:
        for gpt in (False, True):
            image = self.path("image%d" % gpt)
            run("image", "make", *(["--gpt"] if gpt else []), image, "8M")
            self.refused("image", "make", image, "8M", word="already", unchanged=image)
            run("image", "mkdir", "-p", image, "/a/b/c")
            self.refused("image", "mkdir", image, "/a", word="exists", unchanged=image)
            self.refused("image", "mkdir", image, "/x/y", word="-p", unchanged=image)
            content = os.urandom(300000)
            write(self.work, "file", content, 0o640)
            run("image", "put", image, self.path("file"), "/a/b/")
            run("image", "put", "--mode=4755", image, self.path("file"), "/a/b/setuid")
            run("image", "ln", "-s", image, "b/file", "/a/link")
            run("image", "get", image, "/a/link", self.path("back"))
            with open(self.path("back"), "rb") as file:
                self.assertEqual(file.read(), content)
            listing = run("image", "ls", "-lR", image)
            self.assertIn("-rwsr-xr-x", listing)
            self.assertIn("a/link -> b/file", listing)
            self.assertIn("mode: 0640", run("image", "stat", image, "/a/b/file"))
            run("image", "chmod", image, "600", "/a/b/file")
            self.assertIn("mode: 0600", run("image", "stat", image, "/a/b/file"))
            self.refused("image", "rm", image, "/a", word="-r", unchanged=image)
            self.refused("image", "get", image, "/nothing", word="nothing", unchanged=image)
            self.refused("image", "put", image, self.path("file"), "/a/b/name:with", word=":", unchanged=image)
            os.mkdir(self.path("all%d" % gpt))
            run("image", "get", image, "/", self.path("all%d" % gpt))
            self.assertEqual(sorted(facts(self.path("all%d" % gpt))),
                             ["a", "a/b", "a/b/c", "a/b/file", "a/b/setuid", "a/link"])
            run("image", "rm", image, "/a/link")
            run("image", "rm", "-r", image, "/a")
            self.assertEqual(run("image", "ls", image), "")
            self.assertIn("sound", run("image", "check", image))
            run("image", "grow", image, "12M")
            self.assertIn("sound", run("image", "check", image))
            self.assertEqual(os.path.getsize(image), 12 << 20)

    def test_what_a_system_says_of_itself(self) -> None:
        image = self.image()
        self.assertEqual(run("image", "architecture", image), "x86_64\n")
        self.assertEqual(run("image", "init", image).splitlines(),
                         ["/etc/init.rc:%d: %s" % use for use in ((2, "rm"), (3, "mkdir"), (4, "ls"))] +
                         ["/etc/init.d/00_base:2: ls"])
        run("image", "rm", "-r", image, "/etc/init.rc", "/etc/init.d", "/usr/bin")
        self.refused("image", "architecture", image, word="no program", unchanged=image)
        self.assertEqual(run("image", "init", image), "")

    def test_reading_changes_no_byte(self) -> None:
        image = self.image()
        install(image)
        before = digest(image)
        for arguments in (["ls", "-lR"], ["check"]):
            run("image", *arguments, image)
        run("image", "get", image, "/usr/bin/ls", self.path("ls"))
        run("verify", image)
        run("list", image)
        self.assertEqual(digest(image), before)

    def test_hostile_links_in_a_folder(self) -> None:
        outside = self.path("outside")
        os.mkdir(outside)
        write(self.work, "outside/precious", "precious")
        for name, make in {
            "usr": lambda root: os.symlink(outside, os.path.join(root, "usr")),
            "bin": lambda root: os.symlink("../../outside", os.path.join(root, "usr/bin")),
            "lib": lambda root: os.symlink("../../../../../../" + outside, os.path.join(root, "usr/lib")),
            "state": lambda root: os.symlink(outside, os.path.join(root, "usr/lib/cation")),
            "loop": lambda root: os.symlink("loop", os.path.join(root, "usr/loop")),
            "file": lambda root: os.symlink(outside + "/precious", os.path.join(root, "usr/bin/ls")),
        }.items():
            root = self.path("root-" + name)
            os.mkdir(root)
            needs = {"bin": "usr", "lib": "usr", "state": "usr/lib", "loop": "usr", "file": "usr/bin"}.get(name)
            if needs:
                os.makedirs(os.path.join(root, needs))
            make(root)
            before = facts(outside)
            subprocess.run([TOOL, "install", "--releases=" + RELEASES, "--allow-stand-in", "--arch=x86_64", root],
                           capture_output=True, check=False, timeout=60)
            self.assertEqual(facts(outside), before, name)


class Killed(InstallTest):
    """Whenever it is killed, the target is as it was, or as it is to be."""

    def try_kills(self, target: str, restore, contents) -> None:
        original = contents()
        started = time.monotonic()
        install(target)
        took = time.monotonic() - started
        installed = contents()
        outcomes = set()
        generator = random.Random(1)
        for _ in range(12):
            restore()
            process = subprocess.Popen([TOOL, "install", "--releases=" + RELEASES, "--allow-stand-in", target],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
            time.sleep(generator.random() * took)
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
            # What comes next finds a sound target, and can go on.
            subprocess.run([TOOL, "stamp", "--commit=abc1234", "--date=2026-01-01", target], capture_output=True,
                           check=False, timeout=60)
            subprocess.run([TOOL, "rollback", target], capture_output=True, check=False, timeout=60)
            state = contents()
            self.assertTrue(state in (original, installed), difference(state, original))
            outcomes.add(state == installed)

    def test_folder(self) -> None:
        target = self.system()
        saved = self.path("saved")
        shutil.copytree(target, saved, symlinks=True)

        def restore() -> None:
            shutil.rmtree(target)
            shutil.copytree(saved, target, symlinks=True)

        self.try_kills(target, restore, lambda: facts(target))

    def test_image(self) -> None:
        image = self.image()
        saved = self.path("saved")
        shutil.copyfile(image, saved)
        self.try_kills(image, lambda: shutil.copyfile(saved, image), lambda: self.contents(image))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="cation-tools.", dir=os.environ.get("TEST_TMPDIR")) as tools:
        # The tool finds its helper beside itself.
        TOOL, HELPER = [shutil.copy(path, tools) for path in sys.argv[1:3]]
        # What Bazel shows to a test are links.
        RELEASES, OLDER = [shutil.copytree(path, os.path.join(tools, os.path.basename(path)))
                           for path in sys.argv[3:5]]
        result = run_tests(sys.modules[__name__], "install", sys.argv[5:])
    sys.exit(result)
