# SPDX-License-Identifier: MIT
"""What is booted, and how cases get to run there: the embedded guest, or an image that was given.

A target knows its boot, where scripts go, and what to do between the power button and run-cases. Running a script is the same
for all of them (session.py).
"""
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import List, Optional, Protocol, Sequence

import embedded
import kernel
from console import Console
from machines import MACHINES, Boot, Disk, Share

# The file in the share that holds the script; init and given images' run-cases are told of it.
SCRIPT = "cases"


@dataclass(frozen=True)
class Files:
    """What has been built."""
    userland: Path  # ARCH/usr/bin/ls ...
    guest_programs: Path  # ARCH/usr/libexec/cation/run-cases, ARCH/init ...
    kernels: Optional[Path] = None  # ARCH/vmlinuz ...; None: where kernel.py keeps them


@dataclass(frozen=True)
class Machinery:
    """What people may want otherwise of the machine."""
    memory_mib: int = 0
    cpus: int = 0
    program: str = ""  # QEMU


class Target(Protocol):
    """A guest that can be booted again and again; its disk stays."""
    arch: str
    share: Path  # the host's folder that the guest sees
    name: str  # for reports: what it is
    programs: str  # the folder in the guest that has our programs
    cut_folder: str  # a folder on the guest's disk for the power cut
    begin_seconds: float  # from the power button to the first case, by TCG on a busy machine

    def boot(self, accelerator: str, cache: str) -> Boot:
        """The machine for one boot."""

    def put_script(self, script: str) -> None:
        """Makes run-cases find this script in the next boot."""

    def reach_cases(self, console: Console) -> None:
        """Does what is needed until run-cases has been started. Failures of a Console."""

    def check_disk(self) -> Optional[str]:
        """What is wrong with the file system of the disk of a guest that does not run; None: nothing."""


@dataclass
class EmbeddedTarget:
    """The kernel of a distribution with our userland, and nothing else."""
    arch: str
    files: Files
    folder: Path  # of its own; what is in it is made anew
    machinery: Machinery = Machinery()
    start: str = "script"  # what init starts
    shell: str = ""  # in the guest, instead of our own prompt
    more_files: "dict[str, bytes]" = field(default_factory=dict)
    disk_mib: int = 64
    programs: str = "/usr/bin"
    cut_folder: str = embedded.DISK + "/power-cut"
    begin_seconds: float = 180

    def __post_init__(self) -> None:
        self.kernel = kernel.find(self.arch, self.files.kernels)
        self.name = "embedded (%s)" % self.kernel.version
        self.share = self.folder / "share"
        self.initramfs = self.folder / "initramfs"
        self.disk = self.folder / "disk.img"
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.share.mkdir(parents=True)
        embedded.make_initramfs(self.initramfs, self.kernel,
                                [self.files.userland / self.arch, self.files.guest_programs / self.arch], self.more_files)
        embedded.make_disk(self.disk, self.disk_mib)

    def boot(self, accelerator: str, cache: str) -> Boot:
        """By the kernel itself: no firmware, no boot loader."""
        return Boot(self.arch, accelerator=accelerator, kernel=str(self.kernel.image), initrd=str(self.initramfs),
                    append=embedded.command_line(MACHINES[self.arch].console, self.start, shell=self.shell),
                    disks=[Disk(str(self.disk), "raw", cache=cache)], share=Share(str(self.share)),
                    memory_mib=self.machinery.memory_mib or 512, cpus=self.machinery.cpus or 1,
                    program=self.machinery.program, display=False)

    def put_script(self, script: str) -> None:
        """init has run-cases read it from the share."""
        (self.share / SCRIPT).write_text(script, encoding="utf-8")

    def reach_cases(self, console: Console) -> None:
        """init starts them."""

    def check_disk(self) -> Optional[str]:
        """By e2fsck, which changes nothing."""
        return embedded.check_disk(self.disk)


def with_display(boot: Boot) -> Boot:
    """The same with something to take pictures of."""
    return replace(boot, display=True)
