# SPDX-License-Identifier: MIT
"""What is booted, and how cases get to run there: the embedded guest, or an image that was given.

A target knows its boot, where scripts go, and what to do between the power button and run-cases. Running a script is the same
for all of them (session.py).
"""
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Optional, Protocol, Tuple

import embedded
import given_image
import kernel
from console import Console
from machines import MACHINES, Boot, Disk, Share
from ways_in import ION, Shell, find_shell, log_in

# The file in the share that holds the script; init and given images' run-cases are told of it.
SCRIPT = "cases"
_SCRIPT_IN_GUEST = "%s/%s" % (given_image.SHARE, SCRIPT)


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


def run_cases_of(files: Files, arch: str) -> Path:
    """run-cases; the other programs for guests are beside it."""
    return files.guest_programs / arch / given_image.RUN_CASES.lstrip("/")


class Target(Protocol):
    """A guest that can be booted again and again; its disk stays."""
    arch: str
    share: Path  # the host's folder that the guest sees
    name: str  # for reports: what it is
    programs: str  # the folder in the guest that has our programs
    built: Path  # one of them, here
    cut_folder: str  # a folder on the guest's disk for the power cut
    begin_seconds: float  # from the power button to the first case, by TCG on a busy machine
    fast_begin_seconds: float  # the same where the host's hardware runs the guest
    powers_off: bool  # that it does not after the last case is a failure of ours

    def boot(self, accelerator: str, cache: str) -> Boot:
        """The machine for one boot."""

    def put_script(self, script: str) -> None:
        """Makes run-cases find this script in the next boot."""

    def reach_cases(self, console: Console) -> None:
        """Does what is needed until run-cases has been started. Failures of a Console."""

    def check_disk(self) -> Optional[str]:
        """What is wrong with the file system of the disk of a guest that does not run; None: nothing."""


@dataclass(frozen=True)
class WayIn:
    """How a guest is made to run cases."""
    init_script: bool = False  # its init starts them; otherwise a shell does
    script_in_image: bool = False  # with init_script: the script is a file in the image, not in the share
    user: str = "root"  # "": a shell is simply there
    password: str = "password"


def start_by_shell(console: Console, way: WayIn, seconds: float, start: given_image.InitStart) -> Shell:
    """Gets to a shell, through a login unless there is none, and has it start the cases. `seconds`: the limit until
    somebody can be talked to."""
    if way.user:
        log_in(console, way.user, way.password, seconds)
    shell = find_shell(console, 60 if way.user else seconds)
    lines = [" ".join(shell.quote(word) for word in words) for words in start.commands]
    for line in lines[:-1]:
        # A missing command would end the whole line in Ion.
        shell.run(line, 300)
    shell.start(lines[-1])
    return shell


@dataclass
class EmbeddedTarget:
    """The kernel of a distribution with our userland, and nothing else."""
    arch: str
    files: Files
    folder: Path  # of its own; what is in it is made anew
    machinery: Machinery = Machinery()
    start: str = "script"  # what init starts
    way: Optional[WayIn] = None  # cases are started from a POSIX shell instead of by init
    disk_mib: int = 64
    programs: str = "/usr/bin"
    cut_folder: str = embedded.DISK + "/power-cut"
    begin_seconds: float = 180
    fast_begin_seconds: float = 20
    powers_off: bool = True

    def __post_init__(self) -> None:
        self.kernel = kernel.find(self.arch, self.files.kernels)
        self.name = "embedded (%s)" % self.kernel.version
        self.built = run_cases_of(self.files, self.arch)
        self.share = self.folder / "share"
        self.initramfs = self.folder / "initramfs"
        self.disk = self.folder / "disk.img"
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.share.mkdir(parents=True)
        more: Dict[str, bytes] = {}
        self._shell = ""
        if self.way is not None:
            # The one program that is not ours, for those who ask for a shell.
            self._shell = "/usr/bin/sh"
            more["usr/bin/sh"] = self.kernel.shell.read_bytes()
            self.start = "login" if self.way.user else "console"
        embedded.make_initramfs(self.initramfs, self.kernel,
                                [self.files.userland / self.arch, self.files.guest_programs / self.arch], more)
        embedded.make_disk(self.disk, self.disk_mib)

    def boot(self, accelerator: str, cache: str) -> Boot:
        """By the kernel itself: no firmware, no boot loader."""
        return Boot(self.arch, accelerator=accelerator, kernel=str(self.kernel.image), initrd=str(self.initramfs),
                    append=embedded.command_line(MACHINES[self.arch].console, self.start, shell=self._shell),
                    disks=[Disk(str(self.disk), "raw", cache=cache)], share=Share(str(self.share)),
                    memory_mib=self.machinery.memory_mib or 512, cpus=self.machinery.cpus,
                    program=self.machinery.program, display=False)

    def put_script(self, script: str) -> None:
        """init has run-cases read it from the share."""
        (self.share / SCRIPT).write_text(script, encoding="utf-8")

    def reach_cases(self, console: Console) -> None:
        """init starts them, or a shell that is reached as a given image's is."""
        if self.way is not None:
            start_by_shell(console, self.way, self.begin_seconds,
                           given_image.start_of_cases("", _SCRIPT_IN_GUEST))

    def check_disk(self) -> Optional[str]:
        """By e2fsck, which changes nothing."""
        return embedded.check_disk(self.disk)


# What becomes of our programs in a given image.
INSTALL = "install"  # the installer puts a release into the overlay
ON_SHARE = "share"  # they are on the share, and copied to the guest's /tmp when it runs
NOTHING = "none"  # the image as it is, for looking around


@dataclass
class GivenTarget:
    """An image of Redox that somebody gave us; an overlay on it is what is written to."""
    given: given_image.GivenImage
    tools: given_image.Tools
    files: Files  # programs that run on it
    release: Path  # the release for its architecture
    folder: Path  # of its own; what is in it is made anew
    overlay: Path  # made anew
    way: WayIn = WayIn()
    bring: str = INSTALL
    machinery: Machinery = Machinery()
    firmware: str = ""  # "": the better of those that it can be booted by
    disk_device: str = ""  # "": as it is, a virtio disk or a CD
    acpi: bool = False  # of aarch64: Redox has needed the device tree
    # Without one there is nothing to choose a mode for, and Redox's boot loader shows no menu, at which it would wait.
    display: bool = False
    allow_stand_in: bool = False  # for tests
    cut_folder: str = "/root/power-cut"
    begin_seconds: float = 900
    fast_begin_seconds: float = 60
    # Redox needs a daemon for it, which an image may lack.
    powers_off: bool = False

    def __post_init__(self) -> None:
        self.arch = self.given.arch
        self.name = self.given.path
        self.built = run_cases_of(self.files, self.arch)
        self.share = self.folder / "share"
        self.programs = "/usr/bin" if self.bring == INSTALL else given_image.FROM_SHARE + "/bin"
        if self.share.exists():
            shutil.rmtree(self.share)
        self.share.mkdir(parents=True)
        if self.bring == ON_SHARE:
            given_image.put_on_share(self.given, str(self.share), str(self.release), str(self.built), self.allow_stand_in)
        if not self.way.script_in_image:
            self._make_overlay("")

    def _additions(self, script: str) -> given_image.Additions:
        files: Tuple[given_image.AddedFile, ...] = ()
        release = ""
        if self.bring == NOTHING:
            return given_image.Additions()
        if self.bring == INSTALL:
            release = str(self.release)
            place = os.path.dirname(given_image.RUN_CASES)
            files += tuple(given_image.AddedFile("%s/%s" % (place, program.name), program.read_bytes(), 0o755)
                           for program in sorted(self.built.parent.iterdir()))
        if self.way.init_script:
            where = _SCRIPT_IN_GUEST
            if self.way.script_in_image:
                where = given_image.CASES
                files += (given_image.AddedFile(where, script.encode()),)
            scripts = given_image.read_init_scripts(self.given, self.tools)
            files += given_image.start_by_init(
                scripts, given_image.start_of_cases(scripts.console, where, self.bring == ON_SHARE))
        return given_image.Additions(release, self.allow_stand_in, files)

    def _make_overlay(self, script: str) -> None:
        if self.overlay.exists():
            self.overlay.unlink()
        given_image.bring(self.given, str(self.overlay), self._additions(script), self.tools)

    def boot(self, accelerator: str, cache: str) -> Boot:
        """By firmware, as people boot it."""
        device = self.disk_device or ("virtio" if self.given.device == "disk" else "cd")
        return Boot(self.arch, accelerator=accelerator, firmware=self.firmware or self.given.firmware[0],
                    disks=[Disk(str(self.overlay), "qcow2", device, cache=cache)], share=Share(str(self.share)),
                    memory_mib=self.machinery.memory_mib, cpus=self.machinery.cpus, acpi=self.acpi,
                    program=self.machinery.program, display=self.display)

    def put_script(self, script: str) -> None:
        """In the share, or in a new overlay."""
        (self.share / SCRIPT).write_text(script, encoding="utf-8")
        if self.way.script_in_image:
            self._make_overlay(script)

    def reach_cases(self, console: Console) -> None:
        """Through a login and a shell, unless init does it."""
        if self.way.init_script:
            return
        shell = start_by_shell(console, self.way, self.begin_seconds,
                               given_image.start_of_cases("", _SCRIPT_IN_GUEST, self.bring == ON_SHARE))
        self.name = "%s (%s)" % (self.given.path, "Ion" if shell.kind == ION else "a POSIX shell")

    def check_disk(self) -> Optional[str]:
        """By the installer's own look at the RedoxFS."""
        return given_image.check(self.given, str(self.overlay), self.tools)
