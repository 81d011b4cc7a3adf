# SPDX-License-Identifier: MIT
"""An image of Redox that somebody gives us to be booted: what it is, and what is put into it.

The given image is only ever read. What is changed is in an overlay, a qcow2 image that names the
given one by its absolute path and holds nothing but what differs:

    with tempfile.TemporaryDirectory() as scratch:
        given = inspect(path, tools, scratch, asked_arch="x86_64")
        bring(given, overlay, Additions(release=..., files=...), tools)

`inspect` looks at the bytes, never at the name. An image is raw or qcow2; it has a GPT, an MBR or
no partition table; it can be booted by UEFI where a partition has EFI/BOOT/BOOTX64.EFI or
BOOTAA64.EFI, and by a BIOS where its first sector has code.

Redox's images for x86_64, redox-live.iso too, are both at once: disks with a GPT, and, by a volume
descriptor and an El Torito catalog that the boot loader has at sector 64, compact discs
(bootloader, asm/x86-unknown-none/iso.asm). A disk can be written, so that is what they are here;
only an image without any partition is given to the guest as a disc.

How programs get into the overlay: the content of the image goes into a raw file of our own, the
installer puts them into that, and what differs from the given image becomes the overlay
(qemu-img rebase). Of an image of 512 MiB with 300 MiB in it that takes 0.7 s and, for that long,
300 MiB of disk; the overlay is then 2 MiB. Writing by qemu-nbd or FUSE into the overlay itself
would save the copy, but wants rights that a user does not have.
"""
from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import shutil
import stat
import struct
import subprocess
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO, Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

ARCHES = ("x86_64", "aarch64")
SECTOR = 512

# Where things are in a guest.
RUN_CASES = "/usr/libexec/cation/run-cases"
CASES = "/usr/lib/cation/cases"
CONSOLE = "/scheme/debug/no-preserve"  # the serial line, of kernels since 2024
SHARE = "/scheme/9p.hostshare"
ON_SHARE = "cation"  # the folder in the share that put_on_share() fills
FROM_SHARE = "/tmp/cation"  # where the guest copies it: what is on the share cannot be executed
INIT_FOLDERS = ("/usr/lib/init.d", "/etc/init.d")  # what is in the second comes first

_EFI_TYPE = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
EFI_NAMES = {"BOOTX64.EFI": "x86_64", "BOOTAA64.EFI": "aarch64", "BOOTIA32.EFI": "i586", "BOOTRISCV64.EFI": "riscv64"}
_REDOXFS = b"RedoxFS\0"
_ROOM = 64 << 20  # beyond the content, for what is put in


class GivenImageError(Exception):
    """What is wrong with the image, for a user, in one line."""


class ToolError(GivenImageError):
    """A program that is needed is not here."""


@dataclass(frozen=True)
class Tools:
    """The programs that do the work; names are looked for in PATH."""

    cation_image: str = "out/image/cation_image"
    qemu_img: str = "qemu-img"
    mdir: str = "mdir"


@dataclass(frozen=True)
class Partition:
    """Where a partition is, in bytes, and what the table says it is for."""

    start: int
    size: int
    kind: str  # GPT: the type's GUID in small letters; MBR: "0xef"; "": the whole image is one


@dataclass(frozen=True)
class GivenImage:
    """An image that can be booted."""

    path: str  # absolute, without links
    format: str  # "raw", "qcow2"
    size: int  # what the guest sees, in bytes
    raw_path: str  # a raw file with the content: the image itself, or a copy in the scratch folder
    scratch: str
    table: str  # "gpt", "mbr", ""
    partitions: Tuple[Partition, ...]
    device: str  # "disk", "cd"
    arch: str  # "x86_64", "aarch64"
    firmware: Tuple[str, ...]  # by what it can be booted, the better first: "uefi", "bios"
    redoxfs_problem: str  # why there is no RedoxFS in it that can be read; "" where there is


# ------------------------------------------------------------------------------------- programs


def _run(arguments: Sequence[str], environment: Optional[Mapping[str, str]] = None) -> "subprocess.CompletedProcess[str]":
    """Runs a program without a terminal, in English. Bytes that are no UTF-8 survive in its output."""
    try:
        return subprocess.run(list(arguments), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", errors="surrogateescape", check=False,
                              env={**os.environ, "LC_ALL": "C", **(environment or {})})
    except OSError as error:
        raise ToolError("cannot run %s: %s (./cation setup installs what is needed)"
                        % (arguments[0], os.strerror(error.errno or errno.ENOENT))) from error


def _one_line(text: str) -> str:
    return "; ".join(line.strip() for line in text.splitlines() if line.strip())


def _run_qemu_img(tools: Tools, path: str, *arguments: str) -> str:
    """qemu-img; what it says of a failure is said of `path`. All paths given to it are absolute, so
    that none is taken for an option or a protocol ("-f", "nbd:...")."""
    done = _run([tools.qemu_img, *arguments])
    if done.returncode == 0:
        return done.stdout
    said = _one_line(done.stderr).replace("qemu-img: ", "") or "qemu-img was ended by signal %d" % -done.returncode
    if "No space left" in said or "File too large" in said or done.returncode == -25:  # SIGXFSZ
        raise GivenImageError("%s: no space for the overlay (%s)" % (path, said))
    if "lock" in said:
        raise GivenImageError("%s: in use by a running QEMU; try again when it has ended" % path)
    raise GivenImageError("%s: %s" % (path, said))


def _run_cation_image(given_path: str, raw_path: str, tools: Tools, *arguments: str) -> str:
    """The installer, on the raw file; what it says is said of the image that was given."""
    done = _run([tools.cation_image, *arguments])
    if done.returncode == 0:
        return done.stdout
    said = _one_line(done.stderr) or "cation_image failed with status %d" % done.returncode
    for prefix in ("cation: ", raw_path + ": "):
        if said.startswith(prefix):
            said = said[len(prefix):]
    raise GivenImageError("%s: %s" % (given_path, said.replace(raw_path, given_path)))


# --------------------------------------------------------------------------------- looking at it


def inspect(path: str, tools: Tools, scratch: str, asked_arch: str = "") -> GivenImage:
    """Looks at an image. `scratch`, a folder of the caller's own, gets a raw copy of a qcow2 image and
    has to stay until bring() is done."""
    real = _real_path(path)
    chain = _formats(real, path, tools)
    raw_path = real
    if chain[real] == "qcow2":
        raw_path = os.path.join(os.path.abspath(scratch), "given.raw")
        _copy_content(path, real, "qcow2", raw_path, tools)

    try:
        with open(raw_path, "rb") as image:
            size = image.seek(0, os.SEEK_END)
            table, partitions = read_partitions(image, size, path)
            boot_code = _has_boot_code(image)
            disc = _is_disc(image)
            bare = _read(image, 0, 8) == _REDOXFS
            if bare:
                _check_bare_size(image, size, path)
    except OSError as error:
        raise GivenImageError("%s: %s" % (path, os.strerror(error.errno or errno.EIO))) from error

    # A file system may take all of the image, or what the table calls by another name.
    places = partitions or (Partition(0, size, ""),)
    efi_arches: FrozenSet[str] = frozenset()
    for place in places:
        efi_arches |= _efi_arches(raw_path, place, tools, scratch)
    if disc and not partitions:
        efi_image = _disc_efi_image(raw_path, size)
        if efi_image is not None:
            efi_arches |= _efi_arches(raw_path, efi_image, tools, scratch)
    if not (partitions or efi_arches or boot_code or disc or bare):
        raise GivenImageError("%s: not an image that can be booted: no partition table, no RedoxFS and no boot "
                              "code in it" % path)

    programs, problem = _programs_arch(path, raw_path, tools)
    arch = _decide_arch(path, efi_arches, boot_code, programs, asked_arch)
    firmware = []
    if arch in efi_arches:
        firmware.append("uefi")
    if boot_code and arch == "x86_64":
        firmware.append("bios")
    if not firmware:
        raise GivenImageError("%s: there is nothing to boot it by: neither a partition with EFI/BOOT nor boot code in "
                              "its first sector%s" % (path, "; it is a bare RedoxFS" if bare else ""))
    return GivenImage(path=real, format=chain[real], size=size, raw_path=raw_path, scratch=os.path.abspath(scratch),
                      table=table, partitions=partitions, device="disk" if partitions or not disc else "cd",
                      arch=arch, firmware=tuple(firmware), redoxfs_problem=problem)


def _real_path(path: str) -> str:
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise GivenImageError("%s: a folder, not an image" % path)
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISBLK(status.st_mode)):
            raise GivenImageError("%s: neither a file nor a disk" % path)
        with open(path, "rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                raise GivenImageError("%s: empty" % path)
    except OSError as error:
        raise GivenImageError("%s: %s" % (path, os.strerror(error.errno or errno.EIO))) from error
    return os.path.realpath(path)


def _formats(real: str, path: str, tools: Tools) -> Dict[str, str]:
    """The image and all that it lies on, each with its format."""
    chain = json.loads(_run_qemu_img(tools, path, "info", "--output=json", "--backing-chain", real))
    formats = {}
    for link in chain:
        name, kind = link["filename"], link["format"]
        which = path if name == real else "%s: its base %s" % (path, name)
        if not os.path.isabs(name):
            raise GivenImageError("%s: lies on %s, which is no file of this machine" % (path, name))
        _refuse_written(name, which)
        if kind not in ("raw", "qcow2"):
            raise GivenImageError("%s: an image in the format %s; make a qcow2 of it: qemu-img convert -O qcow2"
                                  % (which, kind))
        details = link.get("format-specific", {}).get("data", {})
        if link.get("encrypted") or "encrypt" in details:
            raise GivenImageError("%s: encrypted, which is not supported" % which)
        if "data-file" in details:
            raise GivenImageError("%s: keeps its data in another file, which is not supported" % which)
        if details.get("corrupt") or link.get("dirty-flag"):
            raise GivenImageError("%s: damaged, or not closed in order; see qemu-img check -r all" % which)
        if kind == "qcow2":
            _check_qcow2(name, which, tools)
        formats[os.path.realpath(name)] = kind
    return formats


def _check_qcow2(name: str, which: str, tools: Tools) -> None:
    """Refuses one that is cut off: QEMU would read zeros where its end is missing."""
    done = _run([tools.qemu_img, "check", "-f", "qcow2", "--output=json", name])
    # 3: clusters that nothing needs, which is no harm.
    if done.returncode in (0, 3):
        return
    if "exceeding the end of the file" in done.stderr or "outside image" in done.stderr:
        raise GivenImageError("%s: cut off: the file ends before the image does" % which)
    said = done.stderr.splitlines()
    raise GivenImageError("%s: damaged: %s" % (which, said[0] if said else "qemu-img check fails"))


def _refuse_written(path: str, which: str) -> None:
    """Refuses a file that a QEMU writes. QEMU says so by locks: byte 101 has one of whoever writes, 103 of
    whoever may change its size (block/file-posix.c)."""
    get_lock = getattr(fcntl, "F_OFD_GETLK", 36)
    try:
        with open(path, "rb") as file:
            for byte in (101, 103):
                asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, byte, 1, 0)
                if struct.unpack("hhqqi4x", fcntl.fcntl(file, get_lock, asked))[0] != fcntl.F_UNLCK:
                    raise GivenImageError("%s: in use by a running QEMU; try again when it has ended" % which)
    except OSError as error:
        # A file system without locks.
        if error.errno not in (errno.EINVAL, errno.ENOLCK, errno.EOPNOTSUPP):
            raise GivenImageError("%s: %s" % (which, os.strerror(error.errno or errno.EIO))) from error


def _copy_content(path: str, source: str, form: str, target: str, tools: Tools) -> None:
    """The content as a raw file, with holes where there is nothing."""
    folder = os.path.dirname(target)
    measured = json.loads(_run_qemu_img(tools, path, "measure", "--output=json", "-f", form, "-O", "qcow2", source))
    needed = int(measured["required"]) + _ROOM
    room = os.statvfs(folder)
    free = room.f_bavail * room.f_frsize
    if free < needed:
        raise GivenImageError("%s: no space for the overlay: %d MiB are needed in %s, %d are free"
                              % (path, needed >> 20, folder, free >> 20))
    _run_qemu_img(tools, path, "convert", "-f", form, "-O", "raw", source, target)


# ------------------------------------------------------------------------------ partition tables


def _read(image: BinaryIO, start: int, size: int) -> bytes:
    image.seek(start)
    return image.read(size)


def read_partitions(image: BinaryIO, size: int, path: str) -> Tuple[str, Tuple[Partition, ...]]:
    """The kind of the partition table, "" for none, and its partitions by their place. `path` is for what
    is said of a damaged one, or of one that speaks of more than there is."""
    first = _read(image, 0, SECTOR)
    if len(first) < SECTOR or first[510:] != b"\x55\xaa":
        return "", ()
    entries = [struct.unpack("<B3xB3xII", first[446 + 16 * i:462 + 16 * i]) for i in range(4)]
    # The first sector of a FAT or of a boot loader ends like a table, but has no entries that make sense.
    used = [entry for entry in entries if entry[1] != 0]
    if any(state not in (0, 0x80) or start == 0 or sectors == 0 for state, _, start, sectors in used):
        return "", ()
    if any(kind == 0xEE for _, kind, _, _ in used) or _read(image, SECTOR, 8) == b"EFI PART":
        return "gpt", _read_gpt(image, size, path)
    partitions = [Partition(start * SECTOR, sectors * SECTOR, "0x%02x" % kind) for _, kind, start, sectors in used]
    for partition in partitions:
        if partition.start + partition.size > size:
            raise _cut_off(path, partition.start + partition.size, size)
    return ("mbr", tuple(sorted(partitions, key=lambda p: p.start))) if partitions else ("", ())


def _read_gpt(image: BinaryIO, size: int, path: str) -> Tuple[Partition, ...]:
    header = _read(image, SECTOR, SECTOR)
    if header[:8] != b"EFI PART":
        raise GivenImageError("%s: damaged: there is no GPT where its first sector says" % path)
    length, checksum = struct.unpack_from("<II", header, 12)
    if not 92 <= length <= SECTOR or zlib.crc32(header[:16] + bytes(4) + header[20:length]) != checksum:
        raise GivenImageError("%s: damaged: the checksum of its GPT is wrong" % path)
    backup, = struct.unpack_from("<Q", header, 32)
    table, count, entry_size, entries_checksum = struct.unpack_from("<QIII", header, 72)
    if (backup + 1) * SECTOR > size:
        raise _cut_off(path, (backup + 1) * SECTOR, size)
    entries = _read(image, table * SECTOR, min(count * entry_size, 1 << 20))
    if entry_size < 128 or len(entries) != count * entry_size or zlib.crc32(entries) != entries_checksum:
        raise GivenImageError("%s: damaged: the checksum of its partitions is wrong" % path)
    partitions = []
    for i in range(count):
        entry = entries[i * entry_size:(i + 1) * entry_size]
        if entry[:16] == bytes(16):
            continue
        first, last = struct.unpack_from("<QQ", entry, 32)
        a, b, c = struct.unpack_from("<IHH", entry, 0)
        kind = "%08x-%04x-%04x-%s-%s" % (a, b, c, entry[8:10].hex(), entry[10:16].hex())
        if last < first:
            raise GivenImageError("%s: damaged: a partition ends before it begins" % path)
        if (last + 1) * SECTOR > size:
            raise _cut_off(path, (last + 1) * SECTOR, size)
        partitions.append(Partition(first * SECTOR, (last + 1 - first) * SECTOR, kind))
    return tuple(sorted(partitions, key=lambda p: p.start))


def _cut_off(path: str, said: int, size: int) -> GivenImageError:
    return GivenImageError("%s: cut off: it speaks of %d bytes, and has %d" % (path, said, size))


def _check_bare_size(image: BinaryIO, size: int, path: str) -> None:
    said, = struct.unpack("<Q", _read(image, 32, 8).ljust(8, b"\0"))
    if said > size:
        raise _cut_off(path, said, size)


def _has_boot_code(image: BinaryIO) -> bool:
    first = _read(image, 0, SECTOR)
    # A RedoxFS that takes the whole disk has its header there, and a FAT its own description.
    return (len(first) == SECTOR and first[510:] == b"\x55\xaa" and any(first[:440]) and first[:8] != _REDOXFS
            and b"FAT" not in first[0x36:0x5A])


# ----------------------------------------------------------------------------- compact discs, EFI


def _is_disc(image: BinaryIO) -> bool:
    return _read(image, 16 * 2048 + 1, 5) == b"CD001"


def _disc_efi_image(raw_path: str, size: int) -> Optional[Partition]:
    """The FAT that an El Torito catalog names for EFI."""
    with open(raw_path, "rb") as image:
        record = _read(image, 17 * 2048, 2048)
        if record[7:30] != b"EL TORITO SPECIFICATION":
            return None
        catalog = _read(image, struct.unpack_from("<I", record, 0x47)[0] * 2048, 2048)
    efi = len(catalog) > 1 and catalog[1] == 0xEF
    for at in range(32, len(catalog) - 31, 32):
        if catalog[at] in (0x90, 0x91):
            efi = catalog[at + 1] == 0xEF
        elif catalog[at] == 0x88 and efi:
            start = struct.unpack_from("<I", catalog, at + 8)[0] * 2048
            return Partition(start, size - start, "") if start < size else None
    return None


def _efi_arches(raw_path: str, place: Partition, tools: Tools, scratch: str) -> FrozenSet[str]:
    """For which architectures a FAT there has a program to boot; none where there is no FAT."""
    with open(raw_path, "rb") as image:
        boot = _read(image, place.start, SECTOR)
    if boot[510:] != b"\x55\xaa" or b"FAT" not in boot[0x36:0x5A]:
        return frozenset()
    # mtools reads "NAME@@OFFSET", whatever else is in the name.
    link = os.path.join(os.path.abspath(scratch), "efi")
    with_offset = "%s@@%d" % (os.path.basename(link), place.start)
    os.symlink(raw_path, link)
    try:
        done = _run_in(scratch, [tools.mdir, "-b", "-i", with_offset, "::/EFI/BOOT"])
    finally:
        os.unlink(link)
    names = [line.rsplit("/", 1)[-1].upper() for line in done.stdout.splitlines()]
    return frozenset(EFI_NAMES[name] for name in names if name in EFI_NAMES)


def mtools_environment() -> Dict[str, str]:
    """For mtools: in English, with nobody's configuration."""
    return {**os.environ, "LC_ALL": "C", "MTOOLSRC": os.devnull, "MTOOLS_SKIP_CHECK": "1"}


def _run_in(folder: str, arguments: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """mtools: in a folder, and with nobody's configuration."""
    program = shutil.which(arguments[0])
    if program is None:
        raise ToolError("cannot run %s: no such program (./cation setup installs mtools)" % arguments[0])
    return subprocess.run([program, *arguments[1:]], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, encoding="utf-8", errors="surrogateescape", check=False,
                          env=mtools_environment())


# --------------------------------------------------------------------------------- architecture


def _programs_arch(path: str, raw_path: str, tools: Tools) -> Tuple[str, str]:
    """What the programs in its RedoxFS are for, and why that cannot be told; one of both is empty, or both
    where there are no programs."""
    try:
        return _run_cation_image(path, raw_path, tools, "image", "architecture", "--", raw_path).strip(), ""
    except ToolError:
        raise
    except GivenImageError as error:
        said = str(error)
        if "is for a machine" in said:
            raise
        if "no program in it" in said:
            return "", ""
        return "", said[len(path) + 2:]


def _decide_arch(path: str, efi_arches: FrozenSet[str], boot_code: bool, programs: str, asked: str) -> str:
    boots = set(efi_arches) | ({"x86_64"} if boot_code else set())
    if boots and not boots & set(ARCHES):
        raise GivenImageError("%s: the image is for %s; there are %s"
                              % (path, " and ".join(sorted(boots)), " and ".join(ARCHES)))
    if programs and boots and programs not in boots:
        raise GivenImageError("%s: the image's programs are for %s, but what boots it is for %s"
                              % (path, programs, " and ".join(sorted(boots))))
    known = [programs] if programs else sorted(boots & set(ARCHES))
    if asked and known and asked not in known:
        raise GivenImageError("%s: the image is for %s, not %s" % (path, " and ".join(known), asked))
    if asked:
        return asked
    if len(known) == 1:
        return known[0]
    raise GivenImageError("%s: it does not say for which architecture it is: say --arch=x86_64 or --arch=aarch64"
                          % path)


# --------------------------------------------------------------------------- what is to be put in


@dataclass(frozen=True)
class AddedFile:
    """A file that is put into the overlay, in the place of one that is there."""

    path: str  # in the guest
    content: bytes
    mode: Optional[int] = None  # None: as it was, or 0644


@dataclass(frozen=True)
class Additions:
    """What an overlay holds beyond the image."""

    release: str = ""  # the folder of a release (./cation release) that is installed
    allow_stand_in: bool = False  # for tests: programs that do not run on Redox
    files: Tuple[AddedFile, ...] = ()


def bring(given: GivenImage, overlay: str, additions: Additions, tools: Tools) -> None:
    """Makes `overlay`, which must not be there yet, with the additions in it. It is there whole or not at
    all. The folder in which it is, and the scratch folder, need room for the image's content."""
    overlay = os.path.abspath(overlay)
    if os.path.lexists(overlay):
        raise GivenImageError("%s: exists already" % overlay)
    if not os.path.isdir(os.path.dirname(overlay)):
        raise GivenImageError("%s: there is no folder %s" % (overlay, os.path.dirname(overlay)))
    made = os.path.join(given.scratch, "made.qcow2")
    work = os.path.join(given.scratch, "work.raw")
    try:
        lower, lower_format = given.path, given.format
        if additions.release or additions.files:
            _put_in(given, work, additions, tools)
            lower, lower_format = work, "raw"
        _run_qemu_img(tools, overlay, "create", "-q", "-f", "qcow2", "-b", lower, "-F", lower_format, made)
        if lower == work:
            # It takes up what differs between the two.
            _run_qemu_img(tools, overlay, "rebase", "-f", "qcow2", "-b", given.path, "-F", given.format, made)
        _publish(made, overlay)
    finally:
        for path in (work, made):
            if os.path.lexists(path):
                os.unlink(path)


def _put_in(given: GivenImage, work: str, additions: Additions, tools: Tools) -> None:
    if given.redoxfs_problem:
        raise GivenImageError("%s: nothing can be put into it: %s" % (given.path, given.redoxfs_problem))
    _copy_content(given.path, given.raw_path, "raw", work, tools)
    os.chmod(work, 0o600)

    def run(*arguments: str) -> str:
        return _run_cation_image(given.path, work, tools, *arguments)

    if not additions.allow_stand_in:
        for file in additions.files:
            if _is_stand_in(file.content):
                raise _stand_in(given, file.path)
    if additions.release:
        try:
            run("install", "--release=" + os.path.abspath(additions.release), "--arch=" + given.arch,
                *(["--allow-stand-in"] if additions.allow_stand_in else []), "--", work)
        except GivenImageError as error:
            if "linked with the stand-in" in str(error):
                raise _stand_in(given, "the release") from error
            raise
    source = os.path.join(given.scratch, "file")
    for file in additions.files:
        with open(source, "wb") as content:
            content.write(file.content)
        run("image", "mkdir", "-p", "--", work, os.path.dirname(file.path))
        run("image", "put", *([] if file.mode is None else ["--mode=%04o" % file.mode]), "--", work, source, file.path)
        os.unlink(source)


def _is_stand_in(program: bytes) -> bool:
    """Whether a program's build note (tools/elf_check/build_note.h) says that it runs on Linux alone."""
    return b"\nlibc=standin\n" in program


def _stand_in(given: GivenImage, what: str) -> GivenImageError:
    return GivenImageError(
        "%s: %s is linked with the stand-in, which does not run on Redox: give REDOX_SYSROOT_%s=FOLDER, the "
        "sysroot of Redox's toolchain (CONTRIBUTING.md), and try again" % (given.path, what, given.arch.upper()))


def _publish(made: str, overlay: str) -> None:
    try:
        try:
            os.rename(made, overlay)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            # Beside it first, so that nobody meets half of it.
            part = overlay + ".part"
            try:
                shutil.copyfile(made, part)
                os.rename(part, overlay)
            finally:
                if os.path.lexists(part):
                    os.unlink(part)
    except OSError as error:
        reason = ("no space for the overlay" if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
                  else os.strerror(error.errno or errno.EIO))
        raise GivenImageError("%s: %s" % (overlay, reason)) from error


def put_on_share(given: GivenImage, share: str, release: str, run_cases: str, allow_stand_in: bool = False) -> None:
    """Copies the programs of a release, and run-cases, to the folder ON_SHARE of the shared folder, for a guest into
    whose image nothing is put."""
    folder = os.path.join(share, ON_SHARE)
    programs = os.path.join(release, "usr/bin")
    try:
        os.makedirs(os.path.join(folder, "bin"))
        for name, source in [("run-cases", run_cases)] + [
                ("bin/" + name, os.path.join(programs, name)) for name in sorted(os.listdir(programs))]:
            with open(source, "rb") as file:
                content = file.read()
            if not allow_stand_in and _is_stand_in(content):
                raise _stand_in(given, os.path.basename(name))
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
            os.chmod(os.path.join(folder, name), 0o755)
    except OSError as error:
        raise GivenImageError("%s: %s" % (error.filename or folder, os.strerror(error.errno or errno.EIO))) from error


# ----------------------------------------------------------------------------------- init scripts

# What takes the console, or ends the machine.
_TAKERS = frozenset("getty login contain_login ion sh bash dash zsh shutdown reboot redoxerd os-test-runner".split())


@dataclass(frozen=True)
class InitStart:
    """The commands by which init is to start the cases, as words: run one after another, waited for."""

    commands: Tuple[Tuple[str, ...], ...]


def start_of_cases(console: str, script: str, from_share: bool = False) -> InitStart:
    """How run-cases is started, and the machine switched off behind it. `console`: where it is to print, if not on
    what it is given; `script` is a path in the guest. With `from_share` the programs are those of put_on_share(), else
    those in the image."""
    commands: List[Tuple[str, ...]] = []
    options = (["--console=" + console] if console else []) + ["--power-off"]
    program = RUN_CASES
    if from_share:
        # Those of another boot are not to be taken for these.
        commands.append(("rm", "-rf", FROM_SHARE))
        commands.append(("cp", "-r", "%s/%s" % (SHARE, ON_SHARE), FROM_SHARE))
        options.append("--programs=%s/bin" % FROM_SHARE)
        program = FROM_SHARE + "/run-cases"
    return InitStart((*commands, (program, *options, script)))


@dataclass(frozen=True)
class InitScripts:
    """What the init of an image reads: the text of each script or unit, by its path, in the order in which
    they are run; of two with one name only the one that counts. And the commands in them that take
    the console, as (path, line)."""

    texts: Mapping[str, str] = field(default_factory=dict)
    takers: Tuple[Tuple[str, int], ...] = ()

    @property
    def has_units(self) -> bool:
        """Whether it is the init of March 2026 and later, which has units with dependencies."""
        return any(path.endswith((".service", ".target")) or re.search(r"^\s*requires_weak\s", text, re.M)
                   for path, text in self.texts.items())

    @property
    def console(self) -> str:
        """The serial line, as the image's own getty names it."""
        for text in self.texts.values():
            found = re.search(r"(/scheme/debug[\w/-]*|(?<![\w/])debug:)", text)
            if found:
                return found.group(1)
        return CONSOLE


def read_init_scripts(given: GivenImage, tools: Tools) -> InitScripts:
    """What the image's init runs, as the installer understands it."""
    if given.redoxfs_problem:
        raise GivenImageError("%s: its init cannot be looked at: %s" % (given.path, given.redoxfs_problem))

    def run(*arguments: str) -> str:
        return _run_cation_image(given.path, given.raw_path, tools, *arguments)

    paths: Dict[str, str] = {}
    for folder in INIT_FOLDERS:
        try:
            names = run("image", "ls", "--", given.raw_path, folder).splitlines()
        except GivenImageError:
            continue
        paths.update({name: "%s/%s" % (folder, name) for name in names})
    ordered = [paths[name] for name in sorted(paths)]
    try:
        run("image", "stat", "--", given.raw_path, "/etc/init.rc")
        ordered.insert(0, "/etc/init.rc")
    except GivenImageError:
        pass
    if not ordered:
        raise GivenImageError("%s: its init is not understood: there is nothing in %s, and no /etc/init.rc; cases can "
                              "only be started from a shell" % (given.path, " and ".join(INIT_FOLDERS)))
    texts = {path: run("image", "get", "--", given.raw_path, path) for path in ordered}
    takers = []
    for line in run("image", "init", "--", given.raw_path).splitlines():
        found = re.fullmatch(r"(/.+):(\d+): (.+)", line)
        if found and found.group(1) in texts and found.group(3).rsplit("/", 1)[-1] in _TAKERS:
            takers.append((found.group(1), int(found.group(2))))
    return InitScripts(texts, tuple(takers))


def start_by_init(scripts: InitScripts, start: InitStart) -> Tuple[AddedFile, ...]:
    """The files with which init runs `start` when all else is up, and before a getty, a shell or a command
    that ends the machine.

    Without units, scripts are run in the order of their names, line by line: ours come before the first
    line that takes the console, or, where none does, in a script behind all others. With units, ours is
    one that wants all others, and those that take the console want ours."""
    lines = []
    for command in start.commands:
        for word in command:
            # init splits lines at single spaces and knows no quotes.
            if not word or re.search(r"\s", word) or word.startswith("$"):
                raise GivenImageError("init's scripts cannot pass the word '%s' on" % word)
        lines.append(" ".join(command))
    if not scripts.has_units:
        return _start_by_script(scripts, lines)
    return _start_by_unit(scripts, lines)


# Around what is put into a script of the image, so that an overlay that was kept can be given in its turn.
_FROM_HERE = "# Cation's cases: from here"
_TO_HERE = "# Cation's cases: to here"
_UNIT = "90_cation_cases"


def _start_by_script(scripts: InitScripts, lines: List[str]) -> Tuple[AddedFile, ...]:
    if scripts.takers:
        path, line = scripts.takers[0]
        old = scripts.texts[path].splitlines()
        before, after = old[:line - 1], old[line - 1:]
        if _FROM_HERE in before and _TO_HERE in before:
            del before[before.index(_FROM_HERE):before.index(_TO_HERE) + 1]
        new = before + [_FROM_HERE] + lines + [_TO_HERE] + after
        return (AddedFile(path, ("\n".join(new) + "\n").encode("utf-8", "surrogateescape")),)
    others = [path for path in scripts.texts if not path.endswith("_cation_cases")]
    if others == ["/etc/init.rc"]:
        old = scripts.texts["/etc/init.rc"].splitlines()
        if _FROM_HERE in old:
            del old[old.index(_FROM_HERE):]
        new = old + [_FROM_HERE] + lines + [_TO_HERE]
        return (AddedFile("/etc/init.rc", ("\n".join(new) + "\n").encode("utf-8", "surrogateescape")),)
    folder, last = os.path.split(others[-1])
    name = next(name for name in ("99_cation_cases", "zz_cation_cases", last + "_cation_cases") if name > last)
    return (AddedFile("%s/%s" % (folder, name), ("\n".join(lines) + "\n").encode()),)


def _start_by_unit(scripts: InitScripts, lines: List[str]) -> Tuple[AddedFile, ...]:
    units = {os.path.basename(path): path for path in scripts.texts if path != "/etc/init.rc"}
    # Of an overlay that was kept; it cannot wait for itself.
    units.pop(_UNIT, None)
    taking = {os.path.basename(path) for path, _ in scripts.takers} & set(units)
    # Whoever waits for one that waits for us cannot be waited for. Init of 2026 would turn in a circle for ever.
    waiting = set(taking)
    while True:
        more = {name for name, path in units.items() if name not in waiting and any(
            re.search(r"(?<![\w.@-])%s(?![\w.@-])" % re.escape(other), scripts.texts[path]) for other in waiting)}
        if not more:
            break
        waiting |= more
    wanted = [name for name in sorted(units) if name not in waiting]
    text = "".join("requires_weak %s\n" % name for name in wanted) + "\n".join(lines) + "\n"
    files = [AddedFile("/etc/init.d/" + _UNIT, text.encode())]
    for name in sorted(taking):
        old = scripts.texts[units[name]]
        if _UNIT in old:
            continue
        if name.endswith(".service"):
            new, count = re.subn(r"^(\s*requires_weak\s*=\s*\[)", r'\1"%s", ' % _UNIT, old, count=1, flags=re.M)
            if not count:
                new, count = re.subn(r"^(\s*\[unit\][^\n]*\n)", r'\1requires_weak = ["%s"]\n' % _UNIT, old, count=1,
                                     flags=re.M)
            if not count:
                raise GivenImageError("%s: a unit without [unit], which is not understood" % units[name])
        else:
            new = "requires_weak %s\n%s" % (_UNIT, old)
        files.append(AddedFile(units[name], new.encode("utf-8", "surrogateescape")))
    return tuple(files)


# ------------------------------------------------------------------------------------ looking back


def check(given: GivenImage, overlay: str, tools: Tools) -> Optional[str]:
    """What is wrong with the RedoxFS in an overlay that no guest runs on; None: nothing."""
    try:
        _run_cation_image(given.path, overlay, tools, "image", "check", "--", overlay)
    except ToolError:
        raise
    except GivenImageError as error:
        return str(error)
    return None
