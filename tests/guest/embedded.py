# SPDX-License-Identifier: MIT
"""The embedded guest: a Linux kernel whose whole userland is ours, linked with the stand-in.

It is there so that everything around a guest, the boot, the serial line, the share, the disk and the power cut, is
tried where there is no Redox image. Its root is an initramfs: init (tests/guest/init), run-cases, and the programs
where a Redox image has them; its disk a small ext4. Neither needs root's rights, or a mount, to be made.
"""
import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import BinaryIO, Dict, List, Mapping, Optional, Sequence, Tuple

from kernel import Kernel

# Where init mounts the disk.
DISK = "/disk"

_DIRECTORIES: Tuple[Tuple[str, int], ...] = (
    ("dev", 0o755), ("disk", 0o755), ("etc", 0o755), ("lib", 0o755), ("lib/modules", 0o755), ("proc", 0o555),
    ("root", 0o700), ("scheme", 0o755), ("scheme/9p.hostshare", 0o755), ("scheme/sys", 0o755), ("tmp", 0o1777),
    ("usr", 0o755), ("usr/bin", 0o755), ("var", 0o755))

# As on Redox: semicolons.
_FILES = {
    "etc/passwd": b"root;0;0;root;/root;/usr/bin/ion\n",
    "etc/group": b"root;x;0;root\n",
    "etc/hostname": b"cation\n",
}
_LINKS = {"bin": "usr/bin"}


class EmbeddedError(Exception):
    """The guest cannot be made; one line says why."""


class CpioWriter:
    """An archive of the kernel's initramfs format ("newc"). Its own, since cpio(1) makes device nodes out of a folder
    only where root has made them there; the same input gives the same bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._inode = 0

    def _entry(self, name: str, mode: int, content: bytes = b"", device: Tuple[int, int] = (0, 0)) -> None:
        self._inode += 1
        encoded = os.fsencode(name) + b"\0"
        fields = (self._inode, mode, 0, 0, 1, 0, len(content), 0, 0, device[0], device[1], len(encoded), 0)
        header = b"070701" + b"".join(b"%08x" % field for field in fields)
        self._file.write(header + encoded + b"\0" * (-(len(header) + len(encoded)) % 4))
        self._file.write(content + b"\0" * (-len(content) % 4))

    def directory(self, name: str, mode: int) -> None:
        """A directory; those above it have to come first."""
        self._entry(name, stat.S_IFDIR | mode)

    def file(self, name: str, content: bytes, mode: int = 0o644) -> None:
        """A regular file."""
        self._entry(name, stat.S_IFREG | mode, content)

    def link(self, name: str, target: str) -> None:
        """A symbolic link."""
        self._entry(name, stat.S_IFLNK | 0o777, os.fsencode(target))

    def character_device(self, name: str, mode: int, major: int, minor: int) -> None:
        """A device's node."""
        self._entry(name, stat.S_IFCHR | mode, device=(major, minor))

    def close(self) -> None:
        """The end of the archive; the file stays open."""
        self._entry("TRAILER!!!", 0)


def make_initramfs(path: Path, kernel: Kernel, trees: Sequence[Path], more: Optional[Mapping[str, bytes]] = None) -> None:
    """Makes the archive: what is in `trees` (later ones over earlier), the kernel's modules, and the files `more`, by
    their paths, which are programs."""
    files: Dict[str, Tuple[bytes, int]] = {name: (content, 0o644) for name, content in _FILES.items()}
    directories: Dict[str, int] = dict(_DIRECTORIES)
    for tree in trees:
        if not tree.is_dir():
            raise EmbeddedError("%s is no folder with programs" % tree)
        for folder, _, names in sorted(os.walk(tree, followlinks=True)):
            for name in sorted(names):
                file = Path(folder) / name
                mode = 0o755 if os.access(file, os.X_OK) else 0o644
                files[str(file.relative_to(tree))] = (file.read_bytes(), mode)
    for name, content in (more or {}).items():
        files[name] = (content, 0o755)
    modules: List[Path] = kernel.modules()
    for module in modules:
        files["lib/modules/" + module.name] = (module.read_bytes(), 0o644)
    files["lib/modules/order"] = ("".join(module.name + "\n" for module in modules).encode(), 0o644)
    if "init" not in files:
        raise EmbeddedError("there is no init among the guest's programs")
    for name in files:
        for parent in list(Path(name).parents)[:-1]:
            directories.setdefault(str(parent), 0o755)
    with open(path, "wb") as file:
        archive = CpioWriter(file)
        for name, mode in sorted(directories.items()):
            archive.directory(name, mode)
        # The kernel opens it for init before anything is mounted.
        archive.character_device("dev/console", 0o600, 5, 1)
        for name, target in _LINKS.items():
            archive.link(name, target)
        for name, (content, mode) in sorted(files.items()):
            archive.file(name, content, mode)
        archive.close()


def _tool(name: str) -> str:
    """A program of e2fsprogs, which users' PATH often does not name."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        raise EmbeddedError("there is no %s here: apt-get install e2fsprogs" % name)
    return found


def make_disk(path: Path, mebibytes: int) -> None:
    """Makes an ext4 of this size in a sparse file."""
    tool = _tool("mke2fs")
    with open(path, "wb") as file:
        file.truncate(mebibytes << 20)
    # What is made lazily would be made while the guest runs; data=ordered is ext4's default.
    made = subprocess.run(
        [tool, "-q", "-F", "-t", "ext4", "-E", "root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0", str(path)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8",
        errors="replace", check=False)
    if made.returncode != 0:
        lines = made.stderr.strip().splitlines()
        raise EmbeddedError("mke2fs: %s" % (lines[-1] if lines else "status %d" % made.returncode))


def check_disk(path: Path) -> Optional[str]:
    """What is wrong with the file system, after its journal has been carried out in a copy; None: nothing."""
    copy = path.with_name(path.name + ".check")
    shutil.copyfile(path, copy)
    try:
        # Without its journal what was cut off is no consistent file system: the first run does what mounting does.
        for options in (["-p"], ["-f", "-n"]):
            done = subprocess.run([_tool("e2fsck"), *options, str(copy)], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
                                  check=False)
            # 1: corrected, which a journal's replay counts as.
            if done.returncode not in ((0, 1) if options == ["-p"] else (0,)):
                return "e2fsck %s: %s" % (" ".join(options), " / ".join(done.stdout.split("\n"))[:400])
    finally:
        copy.unlink()
    return None


def command_line(console: str, start: str = "script", disk: bool = True, shell: str = "") -> str:
    """The kernel's command line. `console`: the serial line's device; `start`, `shell`: what init is to start."""
    words = ["console=" + console, "panic=-1", "cation.start=" + start]
    if disk:
        words.append("cation.disk=" + DISK)
    if shell:
        words.append("cation.shell=" + shell)
    return " ".join(words)
