# SPDX-License-Identifier: MIT
"""The machines that guests run on, as data, and the QEMU command line for one boot of one.

    boot = Boot("x86_64", accelerator="kvm", disks=[Disk("overlay.qcow2", "qcow2")])
    argv = command_line(boot, Sockets(serial=..., qmp=..., serial_log=..., variables=...))
    print(show_command(boot))      # the same for people: the serial line is their terminal

Nothing is started here and nothing written: guest folders, the private copy of the firmware's
variables and the sockets are qemu.py's. What is said works with QEMU from 7.2 to 10.2. Paths with
commas are safe. Whatever cannot work is a MachineError with one line that says what to do.
"""
import fnmatch
import glob
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple


class MachineError(Exception):
    """There is no such machine here; one line, which says what to do."""


@dataclass(frozen=True)
class Firmware:
    """UEFI firmware: flash with code, and a template of the flash with variables.

    Without a template the guest still boots: OVMF then keeps its variables in memory, and `virt` has
    an empty second flash that edk2 formats. `whole`: one file, not padded to the flash's size (-bios).
    """

    code: str
    variables: str = ""
    format: str = "raw"
    whole: bool = False


@dataclass(frozen=True)
class Machine:
    arch: str
    program: str
    machine: str
    # A model that every accelerator has and Redox is known to boot on. For x86_64 it is that of Redox's own
    # makefile; for aarch64 one without pointer authentication, which costs TCG half its speed.
    tcg_cpu: str
    console: str  # the serial line's name in Linux
    bios: bool  # boots disks without UEFI (SeaBIOS, which QEMU brings along)
    display: Tuple[str, ...]
    packages: str  # what to install for QEMU
    firmware_packages: str
    firmware_machines: str  # as QEMU's firmware descriptors name the machine
    firmware: Tuple[Firmware, ...]
    memory_mib: int = 2048
    cpus: int = 1


# Debian, Fedora, Arch, Homebrew (both prefixes); the first that exists is taken, after explicit ones. QEMU's own
# build of edk2 has one template of variables, for 32-bit Arm, which fits aarch64; that for i386 fits x86_64.
_HOMEBREW = ("/opt/homebrew/share/qemu/", "/usr/local/share/qemu/", "/usr/share/qemu/")

MACHINES: Dict[str, Machine] = {
    "x86_64": Machine(
        arch="x86_64",
        program="qemu-system-x86_64",
        machine="q35",
        tcg_cpu="core2duo",
        console="ttyS0",
        bios=True,
        display=("VGA",),
        packages="qemu-system-x86",
        firmware_packages="ovmf (Debian), edk2-ovmf (Fedora, Arch)",
        firmware_machines="pc-q35-7.2",
        firmware=(
            Firmware("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
            Firmware("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
            Firmware("/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"),
            Firmware("/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"),
            Firmware("/usr/share/edk2-ovmf/x64/OVMF_CODE.fd", "/usr/share/edk2-ovmf/x64/OVMF_VARS.fd"),
            *(Firmware(prefix + "edk2-x86_64-code.fd", prefix + "edk2-i386-vars.fd") for prefix in _HOMEBREW),
            Firmware("/usr/share/ovmf/OVMF.fd", whole=True),
        )),
    "aarch64": Machine(
        arch="aarch64",
        program="qemu-system-aarch64",
        machine="virt",
        tcg_cpu="cortex-a72",
        console="ttyAMA0",
        bios=False,
        # What firmware draws into without a driver, as Redox and the EFI framebuffer of Linux expect.
        display=("ramfb",),
        packages="qemu-system-arm",
        firmware_packages="qemu-efi-aarch64 (Debian), edk2-aarch64 (Fedora, Arch)",
        firmware_machines="virt-7.2",
        firmware=(
            Firmware("/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/AAVMF/AAVMF_VARS.fd"),
            Firmware("/usr/share/edk2/aarch64/QEMU_EFI-pflash.raw", "/usr/share/edk2/aarch64/vars-template-pflash.raw"),
            Firmware("/usr/share/edk2/aarch64/QEMU_CODE.fd", "/usr/share/edk2/aarch64/QEMU_VARS.fd"),
            *(Firmware(prefix + "edk2-aarch64-code.fd", prefix + "edk2-arm-vars.fd") for prefix in _HOMEBREW),
            Firmware("/usr/share/qemu-efi-aarch64/QEMU_EFI.fd", whole=True),
        )),
}

# What QEMU's cache modes mean: (the device has a write cache, O_DIRECT on the host, flushes are ignored).
# A guest's data is on the host's disk only after a flush with `writeback` and `none`, at once with
# `writethrough` and `directsync`, and never for certain with `unsafe`. The kill of a power cut takes what is in QEMU's
# own memory (tables of qcow2), not what is in the host's page cache.
CACHE_MODES: Dict[str, Tuple[bool, bool, bool]] = {
    "writeback": (True, False, False),
    "none": (True, True, False),
    "unsafe": (True, False, True),
    "writethrough": (False, False, False),
    "directsync": (False, True, False),
}


@dataclass(frozen=True)
class Disk:
    """A disk of the guest. `path` is written to by the guest: give it an overlay of what must stay as it is."""

    path: str
    format: str = "raw"  # raw, qcow2
    device: str = "virtio"  # virtio, nvme, ahci, cd
    cache: str = "writeback"  # of CACHE_MODES
    read_only: bool = False
    node: str = ""  # its name in QMP; "": disk0, disk1, ...


@dataclass(frozen=True)
class Share:
    """A folder of the host that the guest sees by virtio-9p.

    Security model "none": what the guest makes has its real mode and real symbolic links on the host, owned by who runs
    QEMU, and chown silently has no effect; so the host can read and compare it, and it works on a tmpfs. "mapped-xattr"
    keeps mode and owner in extended attributes, which a tmpfs lacks before Linux 6.6, and turns links into files; take it
    only for a guest that must see its own chown. As a guest could make set-user-ID files, share a private folder.
    """

    path: str
    tag: str = "hostshare"
    read_only: bool = False
    security_model: str = "none"


@dataclass(frozen=True)
class Boot:
    """One boot. Firmware: "bios", "uefi", "" (BIOS where the machine has it); a kernel is booted directly if given."""

    arch: str
    accelerator: str = "tcg"  # of candidates(arch)
    firmware: str = ""
    firmware_files: Optional[Firmware] = None  # instead of those that are found
    kernel: str = ""
    initrd: str = ""
    append: str = ""
    disks: Sequence[Disk] = ()
    share: Optional[Share] = None
    memory_mib: int = 0  # 0: the machine's
    cpus: int = 0
    cpu: str = ""  # "": the machine's
    acpi: bool = True  # False: `virt` describes itself by a device tree, as Redox for aarch64 has needed
    program: str = ""  # QEMU; "": found in PATH
    display: bool = True  # something to take pictures of
    extra: Sequence[str] = field(default=())  # QEMU's options, added last


@dataclass(frozen=True)
class Sockets:
    """What qemu.py gives a machine. Empty: as for people, who have a terminal and want no files made."""

    serial: str = ""  # Unix sockets: less than 108 bytes (104 on macOS)
    qmp: str = ""
    serial_log: str = ""  # QEMU appends each byte of the serial line
    variables: str = ""  # the private copy of the template


def machine_of(boot: Boot) -> Machine:
    if boot.arch not in MACHINES:
        raise MachineError("no machine for %r; there are: %s" % (boot.arch, ", ".join(sorted(MACHINES))))
    return MACHINES[boot.arch]


def host_arch() -> str:
    name = platform.machine().lower()
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(name, name)


def candidates(arch: str) -> List[str]:
    """The accelerators that this host may have for a guest, the fastest first; never empty.

    What is first can still fail, and even hang: a nested KVM may open and start a guest that never gets past its
    firmware. So a caller tries the next one when a guest says nothing under the first.
    """
    found = []
    if arch == host_arch():
        if sys.platform.startswith("linux") and _opens("/dev/kvm"):
            found.append("kvm")
        if sys.platform == "darwin" and _has_hvf():
            found.append("hvf")
    return found + ["tcg"]


def _opens(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CLOEXEC))
    except OSError:
        return False
    return True


def _has_hvf() -> bool:
    try:
        done = subprocess.run(["sysctl", "-n", "kern.hv_support"], stdin=subprocess.DEVNULL, capture_output=True,
                              check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.stdout.strip() == b"1"


def find_program(boot: Boot) -> str:
    machine = machine_of(boot)
    program = boot.program or machine.program
    found = shutil.which(program)
    if found is None:
        raise MachineError("there is no %s: apt-get install %s (Debian), brew install qemu (macOS)"
                           % (program, machine.packages))
    return found


def find_firmware(boot: Boot) -> Optional[Firmware]:
    """UEFI for this boot, or None where it needs none (BIOS, a kernel that is booted directly)."""
    machine = machine_of(boot)
    if boot.firmware not in ("", "bios", "uefi"):
        raise MachineError("firmware %r is neither bios nor uefi" % boot.firmware)
    if boot.firmware == "bios" and not machine.bios:
        raise MachineError("%s has no BIOS: use uefi" % machine.arch)
    if boot.firmware_files is not None:
        if not os.path.isfile(boot.firmware_files.code):
            raise MachineError("there is no firmware %s" % boot.firmware_files.code)
        return boot.firmware_files
    if boot.firmware != "uefi" and (machine.bios or boot.kernel):
        return None
    for firmware in list(machine.firmware) + described_firmware(machine, _descriptor_folders(boot)):
        if os.path.isfile(firmware.code):
            if firmware.variables and not os.path.isfile(firmware.variables):
                return Firmware(firmware.code, "", firmware.format, firmware.whole)
            return firmware
    raise MachineError("there is no UEFI firmware for %s: install %s" % (machine.arch, machine.firmware_packages))


def _descriptor_folders(boot: Boot) -> List[str]:
    """Where QEMU's firmware descriptors are, what the administrator wrote first (docs/interop/firmware.json of QEMU)."""
    folders = ["/etc/qemu/firmware", "/usr/share/qemu/firmware"]
    program = shutil.which(boot.program or machine_of(boot).program)
    if program:
        prefix = os.path.dirname(os.path.dirname(os.path.realpath(program)))
        folders.append(os.path.join(prefix, "share", "qemu", "firmware"))
    return folders


def described_firmware(machine: Machine, folders: Sequence[str]) -> List[Firmware]:
    """What the descriptors offer for a machine; not what enforces signatures, which no guest here has."""
    found: List[Firmware] = []
    names = set()
    for path in (path for folder in folders for path in sorted(glob.glob(os.path.join(glob.escape(folder), "*.json")))):
        if os.path.basename(path) in names:
            continue  # one of the same name in a folder before this one replaces it
        names.add(os.path.basename(path))
        try:
            with open(path, encoding="utf-8") as file:
                about = json.load(file)
            if _fits(about, machine):
                mapping = about["mapping"]
                template = mapping.get("nvram-template", {})
                found.append(Firmware(mapping["executable"]["filename"], template.get("filename", ""),
                                      mapping["executable"].get("format", "raw")))
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            continue  # a broken descriptor is no firmware
    return found


def _fits(about: Mapping[str, Any], machine: Machine) -> bool:
    return ("uefi" in about["interface-types"] and about["mapping"]["device"] == "flash"
            and about["mapping"].get("mode", "split") != "combined"
            and not {"enrolled-keys", "requires-smm", "secure-boot"} & set(about["features"])
            and any(target["architecture"] == machine.arch
                    and any(fnmatch.fnmatch(machine.firmware_machines, pattern) for pattern in target["machines"])
                    for target in about["targets"]))


def _value(text: str) -> str:
    """A value in one of QEMU's lists of options, where a comma is written twice."""
    return text.replace(",", ",,")


def command_line(boot: Boot, sockets: Sockets = Sockets()) -> List[str]:
    """QEMU's arguments. With a serial socket the guest is stopped until QMP says `cont`, so that nothing is missed.

    A reset of the guest stops it, as a power-off does: with a QMP socket QEMU stays, and its event SHUTDOWN
    says which it was; without one, QEMU ends.
    """
    machine = machine_of(boot)
    hardware = boot.accelerator != "tcg"
    if boot.accelerator not in ("tcg", "kvm", "hvf"):
        raise MachineError("accelerator %r is none of kvm, hvf, tcg" % boot.accelerator)
    argv = [find_program(boot), "-name", "cation-guest", "-no-user-config", "-nodefaults",
            "-machine", machine.machine + ("" if boot.acpi or machine.arch == "x86_64" else ",acpi=off"),
            "-accel", boot.accelerator, "-cpu", boot.cpu or ("host" if hardware else machine.tcg_cpu),
            "-smp", str(boot.cpus or machine.cpus), "-m", "%dM" % (boot.memory_mib or machine.memory_mib),
            "-rtc", "base=utc", "-display", "none", "-device", "virtio-rng-pci"]
    if boot.display:
        for device in machine.display:
            argv += ["-device", device]

    if sockets.qmp:
        # First, as QEMU makes character devices in this order.
        argv += ["-chardev", "socket,id=qmp,path=%s,server=on,wait=off" % _value(sockets.qmp),
                 "-mon", "chardev=qmp,mode=control", "-action", "reboot=shutdown,shutdown=pause"]
    else:
        argv += ["-action", "reboot=shutdown"]
    if sockets.serial:
        log = ",logfile=%s,logappend=on" % _value(sockets.serial_log) if sockets.serial_log else ""
        argv += ["-chardev", "socket,id=serial,path=%s,server=on,wait=off%s" % (_value(sockets.serial), log),
                 "-serial", "chardev:serial", "-S"]
    else:
        # Ctrl-C is the guest's; Ctrl-A X ends QEMU, Ctrl-A C is its monitor.
        argv += ["-chardev", "stdio,id=serial,mux=on,signal=off", "-serial", "chardev:serial",
                 "-mon", "chardev=serial,mode=readline"]

    firmware = find_firmware(boot)
    if firmware is not None:
        if firmware.whole:
            argv += ["-bios", firmware.code]
        else:
            argv += ["-drive", "if=pflash,unit=0,readonly=on,format=%s,file=%s" % (firmware.format, _value(firmware.code))]
            if sockets.variables:
                argv += ["-drive", "if=pflash,unit=1,format=%s,file=%s" % (firmware.format, _value(sockets.variables))]
            elif firmware.variables:
                argv += ["-drive", "if=pflash,unit=1,snapshot=on,format=%s,file=%s"
                         % (firmware.format, _value(firmware.variables))]
    if boot.kernel:
        argv += ["-kernel", boot.kernel]
        argv += ["-initrd", boot.initrd] if boot.initrd else []
        argv += ["-append", boot.append] if boot.append else []

    if machine.arch != "x86_64" and any(disk.device in ("cd", "ahci") for disk in boot.disks):
        argv += ["-device", "ich9-ahci,id=ahci"]  # q35 has one
    port = 0
    for index, disk in enumerate(boot.disks):
        argv += _disk(machine, disk, index, port, bootable=not boot.kernel)
        port += disk.device in ("cd", "ahci")
    if boot.share is not None:
        share = boot.share
        argv += ["-fsdev", "local,id=share,path=%s,security_model=%s,multidevs=remap%s"
                 % (_value(share.path), share.security_model, ",readonly=on" if share.read_only else ""),
                 "-device", "virtio-9p-pci,fsdev=share,mount_tag=%s" % _value(share.tag)]
    return argv + list(boot.extra)


def _disk(machine: Machine, disk: Disk, index: int, port: int, bootable: bool) -> List[str]:
    if disk.cache not in CACHE_MODES:
        raise MachineError("cache mode %r is none of %s" % (disk.cache, ", ".join(CACHE_MODES)))
    if disk.format not in ("raw", "qcow2"):
        raise MachineError("%s: format %r is neither raw nor qcow2" % (disk.path, disk.format))
    write_cache, direct, no_flush = CACHE_MODES[disk.cache]
    node = disk.node or "disk%d" % index
    on = {True: "on", False: "off"}
    read_only = disk.read_only or disk.device == "cd"
    # auto-read-only=off: an image that cannot be written to is an error now, not an odd guest later.
    backend = ("driver=%s,node-name=%s,read-only=%s,auto-read-only=off,discard=unmap,cache.direct=%s,cache.no-flush=%s,"
               "file.driver=file,file.filename=%s"
               % (disk.format, node, on[read_only], on[direct], on[no_flush], _value(disk.path)))
    bus = "ide" if machine.arch == "x86_64" else "ahci"
    models = {
        "virtio": "virtio-blk-pci,write-cache=%s" % on[write_cache],
        "nvme": "nvme,serial=%s,write-cache=%s" % (node, on[write_cache]),
        "ahci": "ide-hd,bus=%s.%d,write-cache=%s" % (bus, port, on[write_cache]),
        "cd": "ide-cd,bus=%s.%d" % (bus, port),
    }
    if disk.device not in models:
        raise MachineError("%s: device %r is none of %s" % (disk.path, disk.device, ", ".join(models)))
    return ["-blockdev", backend, "-device",
            "%s,drive=%s%s" % (models[disk.device], node, ",bootindex=%d" % index if bootable else "")]


def show_command(boot: Boot) -> str:
    """The command for people to run by hand; the serial line is their terminal (Ctrl-A X ends QEMU)."""
    return " ".join(shlex.quote(word) for word in command_line(boot))
