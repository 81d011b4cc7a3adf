#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Images that are given: what is found out about them, and what an overlay on one holds.

usage: given_image_test.py TOOL HELPER RELEASES [TEST...]

TOOL is cation_image, HELPER cation_redoxfs, RELEASES has a release for each architecture. $XML_OUTPUT_FILE gets
a JUnit report.
"""
import sys

sys.dont_write_bytecode = True

import hashlib
import json
import os
import re
import resource
import shutil
import stat
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import BinaryIO, Dict, List, Mapping, Tuple
from unittest import mock

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [_HERE, os.path.join(_HERE, "../install")]

import given_image
from fixture_image import (EFI_NAMES, EFI_TYPE, LINUX_TYPE, SCRIPTS, UNITS, make_disk_image, make_efi_partition,
                           make_redoxfs)
from given_image import (CASES, CONSOLE, RUN_CASES, AddedFile, Additions, GivenImage, GivenImageError, InitScripts,
                         InitStart, Tools, bring, check, inspect, put_on_share, read_init_scripts, start_by_init,
                         start_of_cases)
from junit import run_tests

TOOL = HELPER = RELEASES = ""
# Images that no test changes, by what is in them.
MADE = ""

# The least that a BIOS would run: a jump to itself.
BOOT_CODE = b"\xeb\xfe"


def qemu_img(*arguments: str) -> str:
    return subprocess.run(["qemu-img", *arguments], check=True, capture_output=True, text=True).stdout


def tool(*arguments: str) -> str:
    return subprocess.run([TOOL, *arguments], check=True, capture_output=True, text=True).stdout


def size_of(folder: str) -> int:
    """The bytes of all files in a folder, each rounded up to what a file system takes for it."""
    return sum(-(-os.path.getsize(os.path.join(place, name)) // 4096) * 4096
               for place, _, names in os.walk(folder) for name in names)


def system_mebibytes() -> int:
    """How large a RedoxFS has to be for a system in which a release is installed: the release grows with each new program.
    An installation wants room for the new beside the old, and some to spare."""
    largest = max(size_of(os.path.join(RELEASES, arch)) for arch in ("x86_64", "aarch64"))
    return 4 + -(-3 * largest >> 20)


def redoxfs(arch: str, init: Mapping[str, str] = SCRIPTS) -> Path:
    """A bare RedoxFS with a system in it, made once."""
    key = hashlib.sha256(json.dumps([arch, sorted(init.items())]).encode()).hexdigest()[:12]
    path = Path(MADE) / ("redoxfs-" + key)
    if not path.exists():
        make_redoxfs(path, arch, TOOL, mebibytes=system_mebibytes(), init=init)
    return path


def efi(*names: str) -> Path:
    """A FAT with these programs for UEFI, made once."""
    path = Path(MADE) / ("efi-" + "-".join(names))
    if not path.exists():
        program = Path(MADE) / "program"
        program.write_bytes(b"MZ")
        make_efi_partition(path, {"EFI/BOOT/" + name: program for name in names} or {"EFI/other": program})
    return path


def digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


class ImageTest(unittest.TestCase):
    def setUp(self) -> None:
        self.work = tempfile.mkdtemp(prefix="cation-given.", dir=os.environ.get("TEST_TMPDIR"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.tools = Tools(cation_image=TOOL)

    def path(self, name: str) -> str:
        return os.path.join(self.work, name)

    def scratch(self) -> str:
        return tempfile.mkdtemp(prefix="scratch.", dir=self.work)

    def disk(self, name: str = "disk.img", arch: str = "x86_64", init: Mapping[str, str] = SCRIPTS,
             boot_code: bytes = b"", efi_names: Tuple[str, ...] = ("",)) -> str:
        """A disk like Redox's; by default with a program for UEFI of its architecture."""
        names = (EFI_NAMES[arch],) if efi_names == ("",) else efi_names
        make_disk_image(Path(self.path(name)), [(EFI_TYPE, efi(*names), "EFI"),
                                                (LINUX_TYPE, redoxfs(arch, init), "REDOX")], boot_code)
        return self.path(name)

    def look(self, path: str, asked: str = "") -> GivenImage:
        return inspect(path, self.tools, self.scratch(), asked)

    def refused(self, path: str, words: str, asked: str = "") -> None:
        """`words` is a pattern. What is said is a line about this path."""
        with self.assertRaises(GivenImageError) as caught:
            self.look(path, asked)
        self.assertRegex(str(caught.exception), words)
        self.assertNotIn("\n", str(caught.exception))
        self.assertTrue(str(caught.exception).startswith(path + ": "), caught.exception)


class Inspection(ImageTest):
    def test_raw_disk_for_both_architectures(self) -> None:
        for arch in ("x86_64", "aarch64"):
            given = self.look(self.disk(arch=arch))
            self.assertEqual((given.format, given.table, given.device, given.arch, given.firmware),
                             ("raw", "gpt", "disk", arch, ("uefi",)))
            self.assertEqual(given.raw_path, given.path)
            self.assertEqual(given.redoxfs_problem, "")
            self.assertEqual([part.start for part in given.partitions][:2], [34 * 512, 1 << 20])
            self.assertEqual(given.size, os.path.getsize(given.path))
            self.assertEqual(self.look(given.path, arch), given.__class__(**{**given.__dict__, "scratch": mock.ANY}))

    def test_the_name_says_nothing(self) -> None:
        disk = self.disk("disk.qcow2")
        self.assertEqual(self.look(disk).format, "raw")
        qemu_img("convert", "-f", "raw", "-O", "qcow2", disk, self.path("disk.iso"))
        given = self.look(self.path("disk.iso"))
        self.assertEqual((given.format, given.arch, given.device), ("qcow2", "x86_64", "disk"))
        self.assertEqual(given.size, os.path.getsize(disk))

    def test_bios(self) -> None:
        self.assertEqual(self.look(self.disk(boot_code=BOOT_CODE)).firmware, ("uefi", "bios"))
        self.assertEqual(self.look(self.disk(boot_code=BOOT_CODE, efi_names=())).firmware, ("bios",))

    def test_mbr(self) -> None:
        content = redoxfs("x86_64").read_bytes()
        entry = struct.pack("<B3xB3xII", 0x80, 0x83, 2048, len(content) // 512)
        first = BOOT_CODE.ljust(446, b"\0") + entry + bytes(48) + b"\x55\xaa"
        Path(self.path("mbr")).write_bytes(first.ljust(1 << 20, b"\0") + content)
        given = self.look(self.path("mbr"))
        self.assertEqual((given.table, given.firmware, given.arch, given.device), ("mbr", ("bios",), "x86_64", "disk"))
        self.assertEqual([(part.start, part.size, part.kind) for part in given.partitions],
                         [(1 << 20, len(content), "0x83")])
        with open(self.path("mbr"), "r+b") as file:
            file.truncate(3 << 20)
        self.refused(self.path("mbr"), "cut off")

    def test_mbr_with_an_efi_partition(self) -> None:
        fat = efi("BOOTAA64.EFI").read_bytes()
        entry = struct.pack("<B3xB3xII", 0, 0xEF, 2048, len(fat) // 512)
        first = bytes(446) + entry + bytes(48) + b"\x55\xaa"
        Path(self.path("mbr")).write_bytes(first.ljust(1 << 20, b"\0") + fat)
        given = self.look(self.path("mbr"))
        self.assertEqual((given.table, given.firmware, given.arch), ("mbr", ("uefi",), "aarch64"))
        self.assertNotEqual(given.redoxfs_problem, "")

    def test_one_fat_without_a_table(self) -> None:
        shutil.copy(efi("BOOTX64.EFI"), self.path("fat"))
        given = self.look(self.path("fat"))
        self.assertEqual((given.table, given.firmware, given.arch), ("", ("uefi",), "x86_64"))

    def test_bare_redoxfs_cannot_be_booted(self) -> None:
        self.refused(str(redoxfs("x86_64")), "nothing to boot it by.*bare RedoxFS")

    def test_redox_live_is_a_disk_though_it_has_a_disc_descriptor(self) -> None:
        disk = self.disk("redox-live.iso", boot_code=BOOT_CODE)
        with open(disk, "r+b") as file:
            self.write_disc(file, efi_at=1 << 20)
        given = self.look(disk)
        self.assertEqual((given.device, given.table, given.firmware), ("disk", "gpt", ("uefi", "bios")))

    def test_disc(self) -> None:
        fat = efi("BOOTX64.EFI").read_bytes()
        with open(self.path("disc"), "w+b") as file:
            file.write(bytes(1 << 20) + fat)
            self.write_disc(file, efi_at=1 << 20)
        given = self.look(self.path("disc"))
        self.assertEqual((given.device, given.table, given.firmware, given.arch), ("cd", "", ("uefi",), "x86_64"))

    @staticmethod
    def write_disc(file: BinaryIO, efi_at: int) -> None:
        """What asm/x86-unknown-none/iso.asm of the boot loader puts into an image, in short."""
        for sector, content in (
                (16, b"\1CD001\1"), (17, (b"\0CD001\1EL TORITO SPECIFICATION").ljust(0x47, b"\0") + struct.pack("<I", 19)),
                (18, b"\xffCD001\1"),
                (19, b"\1\0".ljust(30, b"\0") + b"\x55\xaa" + b"\x88\4".ljust(32, b"\0") +
                 struct.pack("<BBH", 0x91, 0xEF, 1).ljust(32, b"\0") +
                 struct.pack("<BBHBBHI", 0x88, 0, 0, 0, 0, 512, efi_at // 2048).ljust(32, b"\0"))):
            file.seek(sector * 2048)
            file.write(content)

    def test_two_programs_for_uefi_and_the_image_says_which(self) -> None:
        both = tuple(EFI_NAMES.values())
        self.assertEqual(self.look(self.disk(arch="aarch64", efi_names=both)).arch, "aarch64")
        make_disk_image(Path(self.path("no-redoxfs")), [(EFI_TYPE, efi(*both), "EFI")])
        self.refused(self.path("no-redoxfs"), "say --arch=")
        self.assertEqual(self.look(self.path("no-redoxfs"), "aarch64").arch, "aarch64")

    def test_wrong_architecture(self) -> None:
        self.refused(self.disk(arch="aarch64"), "the image is for aarch64, not x86_64$", asked="x86_64")
        self.refused(self.disk(arch="x86_64", boot_code=BOOT_CODE), "the image is for x86_64, not aarch64$",
                     asked="aarch64")
        self.refused(self.disk(arch="aarch64", efi_names=("BOOTX64.EFI",)),
                     "programs are for aarch64, but what boots it is for x86_64$")
        self.refused(self.disk(efi_names=("BOOTRISCV64.EFI",)), "the image is for riscv64; there are x86_64 and aarch64")

    def test_programs_of_another_machine(self) -> None:
        disk = self.disk()
        program = bytearray(Path(TOOL).read_bytes()[:64])
        struct.pack_into("<H", program, 18, 243)
        Path(self.path("risc")).write_bytes(program)
        # Before all others in the order in which they are looked at.
        tool("image", "put", "--mode=755", disk, self.path("risc"), "/usr/bin/a")
        self.refused(disk, "a machine that Cation has no programs for")

    def test_no_image_at_all(self) -> None:
        self.refused(self.path("nothing"), "No such file")
        self.refused(self.work, "a folder, not an image")
        Path(self.path("empty")).write_bytes(b"")
        self.refused(self.path("empty"), "empty$")
        Path(self.path("text")).write_bytes(b"hello\n" * 1000)
        self.refused(self.path("text"), "not an image that can be booted")
        Path(self.path("zeros")).write_bytes(bytes(1 << 20))
        self.refused(self.path("zeros"), "not an image that can be booted")
        os.mkfifo(self.path("fifo"))
        self.refused(self.path("fifo"), "neither a file nor a disk")
        os.symlink("nowhere", self.path("dangling"))
        self.refused(self.path("dangling"), "No such file")

    @unittest.skipIf(os.geteuid() == 0, "root reads everything")
    def test_unreadable(self) -> None:
        disk = self.disk()
        os.chmod(disk, 0)
        self.refused(disk, "Permission denied")

    def test_unreadable_as_the_system_says_it(self) -> None:
        disk = self.disk()
        with mock.patch("builtins.open", side_effect=PermissionError(13, "x", disk)):
            self.refused(disk, "Permission denied")

    def test_cut_off(self) -> None:
        disk = self.disk()
        qemu_img("convert", "-f", "raw", "-O", "qcow2", disk, self.path("disk.qcow2"))
        for path in (disk, self.path("disk.qcow2")):
            whole = os.path.getsize(path)
            for size in (whole - (128 << 10), whole // 2, 100000):
                with open(path, "r+b") as file:
                    file.truncate(size)
                self.refused(path, "cut off")
        shutil.copy(redoxfs("x86_64"), self.path("bare"))
        with open(self.path("bare"), "r+b") as file:
            file.truncate(5 << 20)
        self.refused(self.path("bare"), "cut off")

    def test_damaged(self) -> None:
        for at, words in ((512 + 60, "checksum of its GPT"), (1024 + 40, "checksum of its partitions"),
                          (512, "no GPT where its first sector says")):
            disk = self.disk()
            with open(disk, "r+b") as file:
                file.seek(at)
                byte = file.read(1)
                file.seek(at)
                file.write(bytes([byte[0] ^ 0xFF]))
            self.refused(disk, words)
        disk = self.disk("damaged")
        qemu_img("convert", "-f", "raw", "-O", "qcow2", disk, self.path("disk.qcow2"))
        with open(self.path("disk.qcow2"), "r+b") as file:
            # The place of the table of clusters.
            file.seek(40)
            file.write(struct.pack(">Q", 12345))
        self.refused(self.path("disk.qcow2"), "isk.qcow2: ")

    def test_a_redoxfs_that_cannot_be_read_is_told_when_it_is_needed(self) -> None:
        disk = self.disk()
        start = self.look(disk).partitions[2].start
        with open(disk, "r+b") as file:
            file.seek(start)
            file.write(bytes(2 << 20))
        given = self.look(disk)
        self.assertEqual(given.arch, "x86_64")
        self.assertNotEqual(given.redoxfs_problem, "")
        bring(given, self.path("plain"), Additions(), self.tools)
        with self.assertRaisesRegex(GivenImageError, "nothing can be put into it: "):
            bring(given, self.path("more"), Additions(files=(AddedFile("/a", b""),)), self.tools)
        with self.assertRaisesRegex(GivenImageError, "its init cannot be looked at: "):
            read_init_scripts(given, self.tools)

    def test_formats_that_are_refused(self) -> None:
        disk = self.disk()
        qemu_img("convert", "-f", "raw", "-O", "vdi", disk, self.path("vdi"))
        self.refused(self.path("vdi"), "in the format vdi.*qemu-img convert")
        qemu_img("create", "-q", "-f", "qcow2", "-o", "data_file=" + self.path("data"), self.path("split"), "10M")
        self.refused(self.path("split"), "keeps its data in another file")
        qemu_img("create", "-q", "-f", "qcow2", "--object", "secret,id=s,data=x", "-o",
                 "encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10", self.path("secret"), "10M")
        self.refused(self.path("secret"), "encrypted")

    def test_qcow2_on_a_base(self) -> None:
        self.disk()
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", "disk.img", "-F", "raw", "over"],
                       cwd=self.work, check=True)
        given = self.look(self.path("over"))
        self.assertEqual((given.format, given.arch), ("qcow2", "x86_64"))
        os.rename(self.path("disk.img"), self.path("away"))
        self.refused(self.path("over"), "No such file")

    def test_in_use(self) -> None:
        disk = self.disk()
        qemu_img("create", "-q", "-f", "qcow2", "-b", disk, "-F", "raw", self.path("over"))
        for used, form, refused in ((disk, "raw", [disk, self.path("over")]),
                                    (self.path("over"), "qcow2", [self.path("over")])):
            with subprocess.Popen(["qemu-io", "-f", form, used], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  text=True) as user:
                assert user.stdin is not None and user.stdout is not None
                try:
                    # It has the image open when it answers.
                    user.stdin.write("length\n")
                    user.stdin.flush()
                    while "MiB" not in user.stdout.readline():
                        self.assertIsNone(user.poll())
                    for path in refused:
                        self.refused(path, "in use by a running QEMU")
                    if form == "qcow2":
                        # Whoever writes an overlay only reads its base.
                        self.assertEqual(self.look(disk).arch, "x86_64")
                finally:
                    user.kill()
        self.assertEqual(self.look(disk).arch, "x86_64")

    def test_missing_programs(self) -> None:
        disk = self.disk()
        for tools in (Tools(cation_image="/nowhere/cation_image"), Tools(TOOL, qemu_img="/nowhere/qemu-img"),
                      Tools(TOOL, mdir="/nowhere/mdir")):
            with self.assertRaisesRegex(GivenImageError, "cannot run /nowhere/.*setup installs"):
                inspect(disk, tools, self.scratch())


class Overlays(ImageTest):
    ODD_NAMES = ("disk with spaces", "nbd:localhost:10809", "a,b,,c=d", "-f", "json:{}", "it's \"quoted\"",
                 "caf\u00e9@@1024", "back\\slash%20")

    def check_overlay(self, overlay: str, base: str, form: str) -> None:
        about = json.loads(qemu_img("info", "--output=json", overlay))
        self.assertEqual((about["format"], about["backing-filename"], about["backing-filename-format"]),
                         ("qcow2", base, form))
        self.assertTrue(os.path.isabs(about["backing-filename"]))

    def test_plain_overlay_shows_the_image(self) -> None:
        disk = self.disk()
        bring(self.look(disk), self.path("overlay"), Additions(), self.tools)
        self.check_overlay(self.path("overlay"), disk, "raw")
        qemu_img("compare", "-f", "qcow2", "-F", "raw", self.path("overlay"), disk)

    def test_odd_names_from_another_folder(self) -> None:
        for name in self.ODD_NAMES:
            with self.subTest(name):
                folder = self.path("in")
                os.makedirs(folder)
                made = self.disk("made")
                os.rename(made, os.path.join(folder, name))
                there = os.getcwd()
                os.chdir(folder)
                try:
                    given = self.look(name)
                    overlay = name + ".overlay"
                    bring(given, overlay, Additions(files=(AddedFile("/etc/new", b"new"),)), self.tools)
                finally:
                    os.chdir(there)
                overlay = os.path.join(folder, overlay)
                self.check_overlay(overlay, os.path.join(folder, name), "raw")
                self.assertEqual(tool("image", "get", "--", overlay, "/etc/new"), "new")
                shutil.rmtree(folder)

    def test_the_given_image_is_never_written(self) -> None:
        disk = self.disk()
        qemu_img("convert", "-f", "raw", "-O", "qcow2", disk, self.path("disk.qcow2"))
        qemu_img("create", "-q", "-f", "qcow2", "-b", self.path("disk.qcow2"), "-F", "qcow2", self.path("chain"))
        additions = Additions(os.path.join(RELEASES, "x86_64"), True, (AddedFile(CASES, b"case a 1\n"),))
        for path in (disk, self.path("disk.qcow2"), self.path("chain")):
            with self.subTest(path):
                os.chmod(path, 0o444)
                before = {name: (digest(self.path(name)), os.stat(self.path(name)).st_mtime_ns)
                          for name in ("disk.img", "disk.qcow2", "chain")}
                given = self.look(path)
                overlay = path + ".overlay"
                bring(given, overlay, additions, self.tools)
                after = {name: (digest(self.path(name)), os.stat(self.path(name)).st_mtime_ns)
                         for name in ("disk.img", "disk.qcow2", "chain")}
                self.assertEqual(after, before)
                self.check_overlay(overlay, path, given.format)
                self.assertIn("cat", tool("image", "ls", overlay, "/usr/bin").split())
                # Nothing but what differs is in it, in clusters of 64 KiB, and nothing stays behind in the scratch folder
                # but the copy of a qcow2 image.
                self.assertLess(os.path.getsize(overlay), size_of(additions.release) + (2 << 20))
                self.assertEqual(os.listdir(given.scratch), ["given.raw"] if given.format == "qcow2" else [])

    def test_a_release_is_installed(self) -> None:
        for arch in ("x86_64", "aarch64"):
            disk = self.disk(arch=arch)
            bring(self.look(disk), self.path(arch), Additions(os.path.join(RELEASES, arch), True, (
                AddedFile(RUN_CASES, b"program", 0o755), AddedFile(CASES, b"case a 1\n"))), self.tools)
            self.assertIn("0 not as they should be", tool("verify", self.path(arch)))
            self.assertEqual(tool("image", "get", self.path(arch), RUN_CASES), "program")
            self.assertIn("mode: 0755", tool("image", "stat", self.path(arch), RUN_CASES))
            self.assertIn("mode: 0644", tool("image", "stat", self.path(arch), CASES))
            # The image's own multicall stays, and the link to it is replaced.
            self.assertIn("kind: file", tool("image", "stat", self.path(arch), "/usr/bin/ls"))
            self.assertNotIn("libexec", tool("image", "ls", disk, "/usr"))
            # It can be given in its turn.
            self.assertEqual(self.look(self.path(arch)).arch, arch)

    def test_stand_in_is_refused_and_says_what_to_do(self) -> None:
        given = self.look(self.disk())
        release = os.path.join(RELEASES, "x86_64")
        program = Path(release, "usr/bin/cat").read_bytes()
        for additions in (Additions(release), Additions(files=(AddedFile(RUN_CASES, program, 0o755),))):
            with self.assertRaisesRegex(GivenImageError, "stand-in.*give REDOX_SYSROOT_X86_64=FOLDER"):
                bring(given, self.path("overlay"), additions, self.tools)
            self.assertFalse(os.path.lexists(self.path("overlay")))
        with self.assertRaisesRegex(GivenImageError, "stand-in.*give REDOX_SYSROOT_X86_64=FOLDER"):
            put_on_share(given, self.scratch(), release, os.path.join(release, "usr/bin/cat"))

    def test_a_release_for_another_architecture(self) -> None:
        given = self.look(self.disk())
        with self.assertRaisesRegex(GivenImageError, "aarch64.*x86_64"):
            bring(given, self.path("overlay"), Additions(os.path.join(RELEASES, "aarch64"), True), self.tools)
        self.assertFalse(os.path.lexists(self.path("overlay")))

    def test_what_is_there_is_not_overwritten(self) -> None:
        given = self.look(self.disk())
        Path(self.path("mine")).write_text("mine")
        with self.assertRaisesRegex(GivenImageError, "mine: exists already"):
            bring(given, self.path("mine"), Additions(), self.tools)
        self.assertEqual(Path(self.path("mine")).read_text(), "mine")
        with self.assertRaisesRegex(GivenImageError, "there is no folder"):
            bring(given, self.path("no/overlay"), Additions(), self.tools)

    def test_no_space(self) -> None:
        disk = self.disk()
        given = self.look(disk)
        additions = Additions(files=(AddedFile("/etc/new", b"new"),))
        qemu_img("convert", "-f", "raw", "-O", "qcow2", disk, self.path("disk.qcow2"))
        # As the file system says it.
        real = os.statvfs(self.work)
        small = mock.Mock(f_bavail=1, f_frsize=real.f_frsize)
        with mock.patch.object(os, "statvfs", return_value=small):
            with self.assertRaisesRegex(GivenImageError, r"no space for the overlay: \d+ MiB are needed"):
                bring(given, self.path("overlay"), additions, self.tools)
            self.refused(self.path("disk.qcow2"), "no space for the overlay")
        # As it comes in the middle of the work: no file may become larger than 100,000 bytes, or than 2 MiB.
        for limit in (100000, 2 << 20):
            soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
            try:
                with self.assertRaisesRegex(GivenImageError, "no space for the overlay"):
                    bring(given, self.path("overlay"), additions, self.tools)
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            self.assertFalse(os.path.lexists(self.path("overlay")))
            self.assertEqual(os.listdir(given.scratch), [])

    def test_overlay_in_another_file_system(self) -> None:
        given = self.look(self.disk())
        rename = os.rename

        def other_file_system(source: str, target: str) -> None:
            if os.path.dirname(source) != os.path.dirname(target):
                raise OSError(18, "Invalid cross-device link")
            rename(source, target)

        with mock.patch.object(os, "rename", other_file_system):
            bring(given, self.path("overlay"), Additions(files=(AddedFile("/etc/new", b"new"),)), self.tools)
        self.assertEqual(tool("image", "get", self.path("overlay"), "/etc/new"), "new")
        self.assertEqual([name for name in os.listdir(self.work) if "part" in name], [])

    def test_a_look_at_what_a_guest_has_left(self) -> None:
        disk = self.disk()
        given = self.look(disk)
        overlay = self.path("overlay")
        bring(given, overlay, Additions(files=(AddedFile("/etc/new", os.urandom(50000)),)), self.tools)
        self.assertIsNone(check(given, overlay, self.tools))
        # Nothing is left of a block of the new file's, which is not compressed.
        start = given.partitions[2].start
        qemu_img("convert", "-f", "qcow2", "-O", "raw", overlay, self.path("raw"))
        old, new = Path(disk).read_bytes()[start:], Path(self.path("raw")).read_bytes()[start:]
        at = next(at for at in range(1 << 20, len(new), 4096) if new[at:at + 4096] != old[at:at + 4096])
        subprocess.run(["qemu-io", "-f", "qcow2", "-c", "write -P 85 %d 4096" % (start + at), overlay], check=True,
                       stdout=subprocess.DEVNULL)
        self.assertRegex(check(given, overlay, self.tools) or "", "^%s: " % re.escape(disk))

    def test_share(self) -> None:
        given = self.look(self.disk())
        release = os.path.join(RELEASES, "x86_64")
        share = self.scratch()
        put_on_share(given, share, release, os.path.join(release, "usr/bin/cat"), allow_stand_in=True)
        self.assertEqual(sorted(os.listdir(os.path.join(share, "cation"))), ["bin", "run-cases"])
        self.assertEqual(sorted(os.listdir(os.path.join(share, "cation/bin"))),
                         sorted(os.listdir(os.path.join(release, "usr/bin"))))
        for name in ("run-cases", "bin/ls"):
            self.assertEqual(stat.S_IMODE(os.stat(os.path.join(share, "cation", name)).st_mode), 0o755)
        with self.assertRaisesRegex(GivenImageError, "usr/bin: No such file"):
            put_on_share(given, self.scratch(), self.path("nowhere"), TOOL)


# ----------------------------------------------------------------------------------- init scripts


def run_scripts(texts: Mapping[str, str]) -> List[str]:
    """What the init of February 2026 runs, in order, nothing behind the end of the machine. Of it: scripts by their
    names, those in /etc in the place of others; each line a command, waited for or not."""
    scripts: Dict[str, str] = {}
    for folder in given_image.INIT_FOLDERS:
        scripts.update({os.path.basename(path): text for path, text in texts.items() if os.path.dirname(path) == folder})
    lines = texts.get("/etc/init.rc", "").splitlines()
    for name in sorted(scripts):
        lines += scripts[name].splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def run_units(texts: Mapping[str, str]) -> List[str]:
    """The same of the init of June 2026: all units, with what each wants behind it, stand in a row; the first is run
    unless one that it wants is still in the row, and then it goes to the end."""
    found: Dict[str, str] = {}
    for folder in given_image.INIT_FOLDERS:
        found.update({os.path.basename(path): text for path, text in texts.items() if os.path.dirname(path) == folder})
    wants, runs = {}, {}
    for name, text in found.items():
        if name.endswith((".service", ".target")):
            listed = re.search(r"^requires_weak = \[(.*?)\]", text, re.M | re.S)
            wants[name] = re.findall(r'"([^"]+)"', listed.group(1)) if listed else []
            command = re.search(r'^cmd = "(.*)"', text, re.M)
            runs[name] = [command.group(1)] if command else []
        else:
            lines = [line for line in text.splitlines() if line and not line.startswith("#")]
            wants[name] = [word for line in lines if line.startswith("requires_weak ") for word in line.split()[1:]]
            runs[name] = [line for line in lines if not line.startswith("requires_weak ")]
    row: List[str] = []
    seen = set()
    for root in sorted(found):
        pending = [root]
        while pending:
            name = pending.pop()
            if name in seen or name not in found:
                continue
            seen.add(name)
            row.append(name)
            pending += wants[name]
    done: List[str] = []
    turns = 0
    while row:
        turns += 1
        assert turns < 10000, "init turns in a circle: %s" % row
        name = row.pop(0)
        if set(wants[name]) & set(row):
            row.append(name)
        else:
            done += runs[name]
    return done


class Init(ImageTest):
    START = start_of_cases(CONSOLE, CASES)
    OURS = "%s --console=%s --power-off %s" % (RUN_CASES, CONSOLE, CASES)

    def started(self, init: Mapping[str, str], start: InitStart = START) -> Dict[str, str]:
        """All that the init of an overlay reads, by its path; of one that was kept and given in its turn, too."""
        found = []
        image = self.disk(init=init)
        for overlay in (self.path("overlay"), self.path("overlay-again")):
            given = self.look(image)
            files = start_by_init(read_init_scripts(given, self.tools), start)
            if os.path.exists(overlay):
                os.unlink(overlay)
            bring(given, overlay, Additions(files=files), self.tools)
            found.append(self.read(overlay, init))
            image = overlay
        self.assertEqual(found[0], found[1])
        return found[0]

    @staticmethod
    def read(overlay: str, init: Mapping[str, str]) -> Dict[str, str]:
        found = {}
        for folder in given_image.INIT_FOLDERS:
            listed = subprocess.run([TOOL, "image", "ls", overlay, folder], capture_output=True, text=True, check=False)
            for name in listed.stdout.split():
                found["%s/%s" % (folder, name)] = tool("image", "get", overlay, "%s/%s" % (folder, name))
        if "etc/init.rc" in init:
            found["/etc/init.rc"] = tool("image", "get", overlay, "/etc/init.rc")
        return found

    def check_order(self, commands: List[str], after: Tuple[str, ...], before: Tuple[str, ...]) -> None:
        self.assertEqual(commands.count(self.OURS), 1, commands)
        ours = commands.index(self.OURS)
        for command in after:
            self.assertLess(commands.index(command), ours, commands)
        for command in before:
            self.assertGreater(commands.index(command), ours, commands)

    def test_scripts(self) -> None:
        self.check_order(run_scripts(self.started(SCRIPTS)),
                         after=("mkdir -m a=rwxt /tmp", "pcid-spawner /etc/pcid.d", "nowait dhcpd", "inputd -A 2"),
                         before=("nowait getty 2", "nowait getty /scheme/debug/no-preserve -J"))

    def test_a_script_in_etc_is_in_the_place_of_another(self) -> None:
        init = {**SCRIPTS, "etc/init.d/30_console": "echo mine\nnowait getty debug: -J\n"}
        disk = self.disk(init=init)
        scripts = read_init_scripts(self.look(disk), self.tools)
        self.assertEqual(scripts.takers, (("/etc/init.d/30_console", 2),))
        self.assertEqual(scripts.console, "debug:")
        self.check_order(run_scripts(self.started(init)), after=("pcid-spawner /etc/pcid.d", "echo mine"),
                         before=("nowait getty debug: -J",))

    def test_scripts_without_a_console(self) -> None:
        init = {name: text for name, text in SCRIPTS.items() if "console" not in name}
        for last in ("usr/lib/init.d/40_end", "usr/lib/init.d/99_zzz", "usr/lib/init.d/zzz", "etc/init.d/50_end"):
            with self.subTest(last):
                self.check_order(run_scripts(self.started({**init, last: "echo end\n"})),
                                 after=("pcid-spawner /etc/pcid.d", "nowait dhcpd", "echo end"), before=())

    def test_a_script_that_ends_the_machine_comes_behind(self) -> None:
        init = {**SCRIPTS, "usr/lib/init.d/20_test": "RUST_BACKTRACE=full os-test-runner\nshutdown\n"}
        self.check_order(run_scripts(self.started(init)), after=("nowait dhcpd",),
                         before=("RUST_BACKTRACE=full os-test-runner", "shutdown"))

    def test_init_rc_alone(self) -> None:
        init = {"etc/init.rc": "pcid-spawner\ngetty 2"}
        self.check_order(run_scripts(self.started(init)), after=("pcid-spawner",), before=("getty 2",))
        init = {"etc/init.rc": "pcid-spawner\necho end"}
        self.check_order(run_scripts(self.started(init)), after=("pcid-spawner", "echo end"), before=())

    def test_units(self) -> None:
        self.check_order(run_units(self.started(UNITS)), after=("mkdir -m a=rwxt /tmp", "pcid-spawner"),
                         before=("nowait getty 2", "nowait getty /scheme/debug/no-preserve -J"))

    GETTY = '[unit]\ndescription = "Console"\n%s\n[service]\ncmd = "getty"\nargs = ["/scheme/debug/no-preserve"]\n'

    def test_units_with_a_service_for_the_console(self) -> None:
        for wants in ("", 'requires_weak = ["10_net.target"]\n', 'requires_weak = [\n    "00_base.target",\n]\n'):
            with self.subTest(wants):
                init = {**UNITS, "usr/lib/init.d/20_getty.service": self.GETTY % wants}
                self.check_order(run_units(self.started(init)), after=("mkdir -m a=rwxt /tmp", "pcid-spawner"),
                                 before=("getty", "nowait getty 2"))

    def test_units_that_wait_for_the_console_are_not_waited_for(self) -> None:
        init = {**UNITS,
                "usr/lib/init.d/05_greeter.service":
                    '[unit]\nrequires_weak = ["20_getty.service"]\n\n[service]\ncmd = "greeter"\n',
                "usr/lib/init.d/06_later": "requires_weak 05_greeter.service\necho later\n",
                "usr/lib/init.d/20_getty.service": self.GETTY % "",
                "usr/lib/init.d/ramfs@.service": '[unit]\n\n[service]\ncmd = "ramfs"\n'}
        self.check_order(run_units(self.started(init)), after=("mkdir -m a=rwxt /tmp", "pcid-spawner"),
                         before=("getty", "greeter", "echo later"))

    def test_units_without_a_console(self) -> None:
        init = {name: text for name, text in UNITS.items() if "console" not in name}
        init["usr/lib/init.d/95_last"] = "requires_weak 10_net.target\necho last\n"
        self.check_order(run_units(self.started(init)), after=("pcid-spawner", "echo last"), before=())

    def test_from_the_share(self) -> None:
        start = start_of_cases("/scheme/debug", "/scheme/9p.hostshare/cases", from_share=True)
        commands = run_scripts(self.started(SCRIPTS, start))
        at = commands.index("cp -r /scheme/9p.hostshare/cation /tmp/cation")
        self.assertEqual(commands[at + 1], "/tmp/cation/run-cases --console=/scheme/debug --power-off "
                         "--programs=/tmp/cation/bin /scheme/9p.hostshare/cases")
        self.assertEqual(commands[at + 2], "nowait getty 2")

    def test_the_console_is_the_image_s_own(self) -> None:
        for line, console in (("getty debug: -J", "debug:"), ("nowait getty /scheme/debug -J", "/scheme/debug"),
                              ("nowait getty /scheme/debug/no-preserve -J", "/scheme/debug/no-preserve"),
                              ("getty 2", CONSOLE)):
            self.assertEqual(InitScripts({"/etc/init.d/30_console": line + "\n"}).console, console)

    def test_an_init_that_is_not_understood(self) -> None:
        given = self.look(self.disk(init={}))
        with self.assertRaisesRegex(GivenImageError, "its init is not understood: there is nothing in /usr/lib/init.d"):
            read_init_scripts(given, self.tools)
        scripts = InitScripts({"/usr/lib/init.d/20_getty.service": "[service]\ncmd = 'getty'\n"},
                              (("/usr/lib/init.d/20_getty.service", 2),))
        with self.assertRaisesRegex(GivenImageError, "20_getty.service: a unit without"):
            start_by_init(scripts, self.START)

    def test_words_that_init_would_part(self) -> None:
        for word in ("two words", "", "$HOME", "a\tb"):
            with self.assertRaisesRegex(GivenImageError, "cannot pass the word"):
                start_by_init(InitScripts(SCRIPTS), InitStart((("echo", word),)))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="cation-given.", dir=os.environ.get("TEST_TMPDIR")) as folder:
        MADE = folder
        # The tool finds its helper beside itself.
        TOOL, HELPER = [shutil.copy(path, folder) for path in sys.argv[1:3]]
        # What Bazel shows to a test are links.
        RELEASES = shutil.copytree(sys.argv[3], os.path.join(folder, "releases"))
        result = run_tests(sys.modules[__name__], "given_image", sys.argv[4:])
    sys.exit(result)
