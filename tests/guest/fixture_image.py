#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Disk images that look like Redox's and boot, so that all that is done to a given image can be tried without one.

usage: fixture_image.py ARCH CATION_IMAGE OUT PROGRAMS...

OUT is a disk with a GPT as Redox's installer makes it: a partition for a BIOS boot loader, an EFI system partition, a
RedoxFS. The EFI partition boots the embedded guest (embedded.py) by firmware: EFI/BOOT/BOOTX64.EFI or BOOTAA64.EFI
is one file of systemd's EFI stub, the kernel, the initramfs with PROGRAMS in it, and a command line, put together as
ukify does. The RedoxFS has a small system that looks like Redox's; Linux cannot read it, so what is installed there
is not what runs.

Nothing is mounted, and no right of root's is needed: mtools fills the FAT, cation_image the RedoxFS. Booting by OVMF
takes 15 s under TCG on two cores, AAVMF 12 s, most of it the firmware.
"""
import os
import struct
import subprocess
import sys
import tempfile
import uuid
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Mapping, Sequence, Tuple

from embedded import command_line, make_initramfs
from given_image import ARCHES, EFI_NAMES as ARCH_OF_EFI_NAME, mtools_environment
from kernel import Kernel, KernelError, find
from machines import MACHINES

SECTOR = 512
MEBIBYTE = 1 << 20

BIOS_TYPE = uuid.UUID("21686148-6449-6e6f-744e-656564454649")
EFI_TYPE = uuid.UUID("c12a7328-f81f-11d2-ba4b-00a0c93ec93b")
# What Redox's installer calls a RedoxFS.
LINUX_TYPE = uuid.UUID("0fc63daf-8483-4772-8e79-3d69d8477de4")

# What firmware boots, by architecture.
EFI_NAMES = {arch: name for name, arch in ARCH_OF_EFI_NAME.items() if arch in ARCHES}
_MACHINES = {"x86_64": 62, "aarch64": 183}


class FixtureError(Exception):
    """The image cannot be made; one line says why."""


@dataclass(frozen=True)
class PartitionPlan:
    """A partition that is to be; sectors, the last included."""

    kind: uuid.UUID
    first: int
    last: int
    name: str


def write_gpt(file: BinaryIO, size: int, partitions: Sequence[PartitionPlan], boot_code: bytes = b"") -> None:
    """Writes a protective MBR, with boot code if there is any, and both tables."""
    last = size // SECTOR - 1
    mbr = boot_code.ljust(446, b"\0") + struct.pack("<B3sB3sII", 0, b"\0\2\0", 0xEE, b"\xff" * 3, 1,
                                                     min(last, 0xFFFFFFFF)) + bytes(48) + b"\x55\xaa"
    entries = b"".join(
        plan.kind.bytes_le + uuid.uuid5(uuid.NAMESPACE_OID, "%s %d" % (plan.name, plan.first)).bytes_le +
        struct.pack("<QQQ", plan.first, plan.last, 0) + plan.name.encode("utf-16-le").ljust(72, b"\0")
        for plan in partitions).ljust(128 * 128, b"\0")

    def header(own: int, other: int, table: int) -> bytes:
        parts = [b"EFI PART", struct.pack("<II", 0x10000, 92), bytes(4),
                 struct.pack("<4xQQQQ", own, other, 34, last - 33), uuid.uuid5(uuid.NAMESPACE_OID, "disk").bytes_le,
                 struct.pack("<QIII", table, 128, 128, zlib.crc32(entries))]
        parts[2] = struct.pack("<I", zlib.crc32(b"".join(parts)))
        return b"".join(parts).ljust(SECTOR, b"\0")

    file.truncate(size)
    for at, content in ((0, mbr), (1, header(1, last, 2)), (2, entries), (last - 32, entries),
                        (last, header(last, 1, last - 32))):
        file.seek(at * SECTOR)
        file.write(content)


def _run(what: str, *command: str) -> str:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding="utf-8", errors="replace", check=False,
                              env=mtools_environment())
    except OSError as error:
        raise FixtureError("%s: cannot run %s: %s" % (what, command[0], error.strerror)) from None
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        raise FixtureError("%s: %s" % (what, lines[-1] if lines else "status %d" % done.returncode))
    return done.stdout


# ------------------------------------------------------------------------------------------ EFI


def _up(value: int, to: int) -> int:
    return -(-value // to) * to


def add_sections(program: bytes, sections: Sequence[Tuple[str, bytes]]) -> bytes:
    """A program for UEFI with more sections behind those that it has, to be loaded and read. Not by objcopy: binutils'
    writes PE for its own architecture alone."""
    start = struct.unpack_from("<I", program, 0x3C)[0]
    if program[:2] != b"MZ" or program[start:start + 4] != b"PE\0\0":
        raise FixtureError("systemd's stub is no PE file")
    count = struct.unpack_from("<H", program, start + 6)[0]
    optional = start + 24
    table = optional + struct.unpack_from("<H", program, start + 20)[0]
    alignment, file_alignment = struct.unpack_from("<II", program, optional + 32)
    end = table + 40 * (count + len(sections))
    # Addresses in memory and in the file, of those that are there.
    address = max(sum(struct.unpack_from("<II", program, table + 40 * index + 8)) for index in range(count))
    data = [struct.unpack_from("<I", program, table + 40 * index + 20)[0] for index in range(count)]
    # What is between the headers and the first section is padding, be it zeros or a processor's no-operations.
    if end > min(offset for offset in data if offset != 0):
        raise FixtureError("systemd's stub has no room for headers of %d more sections" % len(sections))
    made = bytearray(program)
    size = 0
    for index, (name, content) in enumerate(sections, count):
        address = _up(address, alignment)
        made += bytes(_up(len(made), file_alignment) - len(made))
        in_file = _up(len(content), file_alignment)
        # IMAGE_SCN_CNT_INITIALIZED_DATA, IMAGE_SCN_MEM_READ
        struct.pack_into("<8sIIIIIIHHI", made, table + 40 * index, name.encode(), len(content), address, in_file, len(made),
                         0, 0, 0, 0, 0x40000040)
        made += content + bytes(in_file - len(content))
        address += len(content)
        size += in_file
    struct.pack_into("<H", made, start + 6, count + len(sections))
    struct.pack_into("<I", made, optional + 8, struct.unpack_from("<I", program, optional + 8)[0] + size)
    struct.pack_into("<I", made, optional + 56, _up(address, alignment))
    struct.pack_into("<I", made, optional + 64, 0)  # no checksum
    return bytes(made)


def make_efi_program(path: Path, kernel: Kernel, initramfs: Path, line: str) -> None:
    """Makes a program for UEFI that starts the kernel with the initramfs and the command line."""
    path.write_bytes(add_sections(kernel.efi_stub.read_bytes(), [
        (".cmdline", line.encode() + b"\0"), (".initrd", initramfs.read_bytes()), (".linux", kernel.image.read_bytes())]))


def make_efi_partition(path: Path, files: Mapping[str, Path]) -> None:
    """Makes a FAT with these files, by their paths in it."""
    sectors = (sum(file.stat().st_size for file in files.values()) + 8 * MEBIBYTE) // SECTOR
    _run(str(path), "mformat", "-C", "-i", str(path), "-T", str(sectors), "-h", "64", "-s", "32", "::")
    made = set()
    for name, file in files.items():
        parts = name.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder not in made:
                _run(str(path), "mmd", "-i", str(path), "::/" + folder)
                made.add(folder)
        _run(str(path), "mcopy", "-i", str(path), str(file), "::/" + name)


# --------------------------------------------------------------------------------------- RedoxFS


def small_program(arch: str) -> bytes:
    """The least that says for which machine a program is."""
    return b"\x7fELF\2\1\1" + bytes(9) + struct.pack(
        "<HHIQQQIHHHHHH", 2, _MACHINES[arch], 1, 0x401000, 64, 0, 0, 64, 56, 0, 64, 0, 0)


# As the scripts of init of February 2026, and the units of June 2026.
SCRIPTS = {
    "usr/lib/init.d/00_base": "# clear and recreate tmpdir with 0o1777 permission\nrm -rf /tmp\nmkdir -m a=rwxt /tmp\n",
    "usr/lib/init.d/00_drivers": "pcid-spawner /etc/pcid.d\n",
    "usr/lib/init.d/10_net": "smolnetd\nnowait dhcpd\n",
    "usr/lib/init.d/30_console": "inputd -A 2\nnowait getty 2\nnowait getty /scheme/debug/no-preserve -J\n",
}
UNITS = {
    "usr/lib/init.d/00_tmp": "rm -rf /tmp\nmkdir -m a=rwxt /tmp\n",
    "usr/lib/init.d/00_pcid-spawner.service":
        '[unit]\ndescription = "PCI driver spawner"\n\n[service]\ncmd = "pcid-spawner"\ntype = "oneshot"\n',
    "usr/lib/init.d/00_base.target":
        '[unit]\ndescription = "Basic services"\nrequires_weak = [\n    "00_tmp",\n    "00_pcid-spawner.service",\n]\n',
    "usr/lib/init.d/10_net.target": '[unit]\ndescription = "Networking"\nrequires_weak = ["00_base.target"]\n',
    "usr/lib/init.d/30_console":
        "requires_weak 10_net.target\ninputd -A 2\nnowait getty 2\nnowait getty /scheme/debug/no-preserve -J\n",
}
_FILES = {
    "etc/passwd": "root;0;0;root;/root;/usr/bin/ion\nuser;1000;1000;user;/home/user;/usr/bin/ion\n",
    "etc/group": "root;x;0;root\nsudo;x;1;user\n",
    "etc/hostname": "redox",
    "usr/lib/os-release": 'PRETTY_NAME="Redox OS 0.9.0"\nNAME="Redox OS"\nID="redox-os"\n',
}
_PROGRAMS = ("coreutils", "ion", "getty", "inputd", "pcid-spawner", "smolnetd", "dhcpd")
_LINKS = ("rm", "mkdir", "ls", "cat", "cp")


def make_redoxfs(path: Path, arch: str, cation_image: str, mebibytes: int = 32,
                 init: Mapping[str, str] = SCRIPTS) -> None:
    """Makes a bare RedoxFS with a system that looks like Redox's, whose programs are but headers."""
    what = str(path)
    _run(what, cation_image, "image", "make", "--", what, "%dM" % mebibytes)
    with tempfile.TemporaryDirectory(dir=path.parent) as work:
        root = Path(work)
        for name, text in {**_FILES, **init}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        (root / "usr/bin").mkdir(parents=True, exist_ok=True)
        for name in _PROGRAMS:
            (root / "usr/bin" / name).write_bytes(small_program(arch))
            (root / "usr/bin" / name).chmod(0o755)
        for name in _LINKS:
            (root / "usr/bin" / name).symlink_to("coreutils")
        for name in sorted(os.listdir(work)):
            _run(what, cation_image, "image", "put", "--", what, str(root / name), "/" + name)
    _run(what, cation_image, "image", "ln", "-s", "--", what, "usr/bin", "/bin")


# ----------------------------------------------------------------------------------------- disks


def make_disk_image(path: Path, parts: Sequence["tuple[uuid.UUID, Path, str]"], boot_code: bytes = b"") -> None:
    """Makes a disk with a GPT and these partitions (type, content, name), from 1 MiB on; in front of them one for a
    BIOS boot loader, as Redox's installer makes it."""
    plans = [PartitionPlan(BIOS_TYPE, 34, MEBIBYTE // SECTOR - 1, "BIOS")]
    at = MEBIBYTE // SECTOR
    for kind, content, name in parts:
        sectors = -(-content.stat().st_size // MEBIBYTE) * MEBIBYTE // SECTOR
        plans.append(PartitionPlan(kind, at, at + sectors - 1, name))
        at += sectors
    with open(path, "wb") as image:
        write_gpt(image, at * SECTOR + MEBIBYTE, plans, boot_code)
        for plan, (_, content, _) in zip(plans[1:], parts):
            with open(content, "rb") as source:
                _copy_sparsely(source, image, plan.first * SECTOR)


def _copy_sparsely(source: BinaryIO, target: BinaryIO, at: int) -> None:
    while True:
        piece = source.read(MEBIBYTE)
        if not piece:
            return
        if any(piece):
            target.seek(at)
            target.write(piece)
        at += len(piece)


def make_fixture(path: Path, arch: str, kernel: Kernel, programs: Sequence[Path], cation_image: str,
                 start: str = "script", init: Mapping[str, str] = SCRIPTS) -> None:
    """Makes the image that boots. `start` is what its init starts (embedded.command_line); a login and a console lead
    to a POSIX shell."""
    with tempfile.TemporaryDirectory(dir=path.parent) as work:
        folder = Path(work)
        shell = "" if start == "script" else "/usr/bin/sh"
        make_initramfs(folder / "initramfs", kernel, programs, {shell[1:]: kernel.shell.read_bytes()} if shell else {})
        make_efi_program(folder / "efi", kernel, folder / "initramfs",
                         command_line(MACHINES[arch].console, start, disk=False, shell=shell))
        make_efi_partition(folder / "esp", {"EFI/BOOT/" + EFI_NAMES[arch]: folder / "efi"})
        make_redoxfs(folder / "redoxfs", arch, cation_image, init=init)
        make_disk_image(path, [(EFI_TYPE, folder / "esp", "EFI"), (LINUX_TYPE, folder / "redoxfs", "REDOX")])


def main(arguments: Sequence[str]) -> int:
    if len(arguments) < 4 or arguments[0] not in EFI_NAMES:
        print(__doc__, file=sys.stderr)
        return 2
    arch, cation_image, out, *programs = arguments
    try:
        make_fixture(Path(out), arch, find(arch), [Path(program) for program in programs],
                     os.path.abspath(cation_image))
    except (FixtureError, KernelError, OSError) as error:
        print("fixture_image: %s" % error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
