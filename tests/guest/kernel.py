#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The kernels of embedded guests: Debian's, for both architectures, whatever the host's is.

usage: kernel.py fetch ARCH...      brings those that are not here yet (network, apt-get)
       kernel.py show ARCH...       prints the folder of each

A kernel's folder, below $XDG_CACHE_HOME/cation/kernels (~/.cache/cation/kernels), holds

    vmlinuz          the kernel
    modules/*.ko     what the guest's init loads, in the order of
    modules/order    names, one a line, each behind those it needs
    efi.stub         systemd's stub, which makes a program for UEFI of a kernel
    sh               busybox, whole in one file: a POSIX shell, for guests that are to have one behind a login
    version          linux-image-6.1.0-56-amd64 6.1.192-2

It is made in a folder beside it and renamed: it is there whole or not at all.
"""
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Sequence

# Debian's names of our architectures, and of the packages that depend on the newest kernel. Not the ones for clouds:
# they have no 9p.
_DEBIAN = {"x86_64": "amd64", "aarch64": "arm64"}

# In Debian's package systemd-boot-efi.
_STUBS = {"x86_64": "linuxx64.efi.stub", "aarch64": "linuxaa64.efi.stub"}

# What the guest needs; what these need is found out. crc32c_generic: ext4 asks the kernel for it by the name of the
# algorithm, which no list of dependencies has.
_MODULES = ("virtio_pci", "virtio_blk", "crc32c_generic", "ext4", "9pnet_virtio", "9p")


class KernelError(Exception):
    """There is no kernel; one line says why, and what to do."""


@dataclass(frozen=True)
class Kernel:
    """A kernel that is here."""
    folder: Path

    @property
    def image(self) -> Path:
        """The file that a boot loader loads."""
        return self.folder / "vmlinuz"

    @property
    def efi_stub(self) -> Path:
        """What a kernel, an initramfs and a command line are added to for UEFI (fixture_image.py)."""
        return self.folder / "efi.stub"

    @property
    def shell(self) -> Path:
        """A POSIX shell."""
        return self.folder / "sh"

    @property
    def version(self) -> str:
        """The package and its version."""
        return (self.folder / "version").read_text(encoding="utf-8").strip()

    def modules(self) -> List[Path]:
        """Modules in the order in which they can be loaded."""
        folder = self.folder / "modules"
        return [folder / name for name in (folder / "order").read_text(encoding="utf-8").split()]


def kernels_folder() -> Path:
    """Where kernels are kept."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(cache) / "cation" / "kernels"


def find(arch: str, folder: "Path | None" = None) -> Kernel:
    """The kernel for `arch` that is here. KernelError when there is none."""
    there = (folder or kernels_folder()) / arch
    if not all((there / name).is_file() for name in ("version", "efi.stub", "sh")):
        raise KernelError("there is no kernel for %s in %s: ./cation setup brings it" % (arch, there.parent))
    return Kernel(there)


def _run(command: Sequence[str], what: str) -> str:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding="utf-8", errors="replace", check=False,
                              env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"})
    except FileNotFoundError:
        raise KernelError("%s: there is no %s here" % (what, command[0])) from None
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line and not line.startswith("W:")]
        errors = [line for line in lines if line.startswith("E:")] or lines
        raise KernelError("%s: %s" % (what, errors[0][:300] if errors else "status %d" % done.returncode))
    return done.stdout


class _Apt:
    """apt-get for one architecture, with lists and a cache of its own: the host's are not touched, and no right
    of root's is needed."""

    def __init__(self, folder: Path, arch: str) -> None:
        self._folder = folder
        debian = _DEBIAN[arch]
        for part in ("lists/partial", "cache/archives/partial"):
            (folder / part).mkdir(parents=True)
        self._options = [option for pair in (
            ("Dir::State::lists", folder / "lists"), ("Dir::Cache", folder / "cache"),
            # No package counts as installed.
            ("Dir::State::status", "/dev/null"),
            ("APT::Architecture", debian), ("APT::Architectures", debian),
            ("APT::Sandbox::User", "root"), ("Acquire::Languages", "none"), ("Acquire::Retries", "2"),
        ) for option in ("-o", "%s=%s" % pair)]

    def update(self) -> None:
        """Reads which packages there are."""
        _run(["apt-get", "-q", *self._options, "update"], "apt-get update")

    def newest(self, package: str) -> str:
        """The package that `package` stands for."""
        for line in _run(["apt-cache", *self._options, "depends", package], "apt-cache").splitlines():
            words = line.split()
            if words[:1] == ["Depends:"] and words[1].startswith("linux-image-"):
                return words[1]
        raise KernelError("Debian's package %s names no kernel" % package)

    def download(self, package: str) -> Path:
        """The package's file."""
        there = self._folder / "download"
        there.mkdir(exist_ok=True)
        # It writes into the working directory.
        _run(["sh", "-c", 'cd "$1" && shift && exec apt-get "$@"', "sh", str(there), "-q", *self._options, "download",
              package], "apt-get download %s" % package)
        files = list(there.glob(package + "_*.deb"))
        if len(files) != 1:
            raise KernelError("apt-get download %s left %d files" % (package, len(files)))
        return files[0]


def load_order(dependencies: str, wanted: Sequence[str]) -> List[str]:
    """Paths of modules, each behind those it needs. `dependencies`: the text of depmod's modules.dep."""
    paths: Dict[str, str] = {}
    needs: Dict[str, List[str]] = {}
    for line in dependencies.splitlines():
        path, _, rest = line.partition(":")
        paths[Path(path).name[:-len(".ko")].replace("-", "_")] = path
        needs[path] = rest.split()
    order: List[str] = []

    def add(path: str) -> None:
        if path in order:
            return
        for other in needs[path]:
            add(other)
        order.append(path)

    for name in wanted:
        # What is no module is a part of the kernel.
        if name in paths:
            add(paths[name])
    return order


def _extract(package: Path, folder: Path) -> None:
    _run(["dpkg-deb", "-x", str(package), str(folder)], "dpkg-deb")


def _unpack(package: Path, work: Path, made: Path) -> None:
    tree = work / "tree"
    _extract(package, tree)
    images = list((tree / "boot").glob("vmlinuz-*"))
    versions = list((tree / "lib/modules").iterdir()) if (tree / "lib/modules").is_dir() else []
    if len(images) != 1 or len(versions) != 1:
        raise KernelError("%s does not hold one kernel and its modules" % package.name)
    depmod = shutil.which("depmod") or "/sbin/depmod"
    _run([depmod, "-b", str(tree), versions[0].name], "depmod")
    order = load_order((versions[0] / "modules.dep").read_text(encoding="utf-8"), _MODULES)
    (made / "modules").mkdir()
    shutil.copyfile(images[0], made / "vmlinuz")
    for path in order:
        shutil.copyfile(versions[0] / path, made / "modules" / Path(path).name)
    (made / "modules/order").write_text("".join(Path(path).name + "\n" for path in order), encoding="utf-8")


def fetch(arch: str) -> Kernel:
    """Brings the newest kernel for `arch`, unless one is here already."""
    try:
        return find(arch)
    except KernelError:
        pass
    target = kernels_folder() / arch
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".fetch-", dir=target.parent))
    except OSError as error:
        raise KernelError("%s: %s" % (target.parent, error.strerror)) from None
    try:
        print("fetching Debian's kernel for %s" % arch, file=sys.stderr, flush=True)
        apt = _Apt(work / "apt", arch)
        apt.update()
        package = apt.newest("linux-image-" + _DEBIAN[arch])
        print("  %s" % package, file=sys.stderr, flush=True)
        file = apt.download(package)
        made = work / "made"
        made.mkdir()
        _unpack(file, work, made)
        stub = work / "stub"
        _extract(apt.download("systemd-boot-efi"), stub)
        shutil.copyfile(stub / "usr/lib/systemd/boot/efi" / _STUBS[arch], made / "efi.stub")
        shell = work / "shell"
        _extract(apt.download("busybox-static"), shell)
        shutil.copyfile(shell / "bin/busybox", made / "sh")
        # NAME_VERSION_ARCHITECTURE.deb
        (made / "version").write_text("%s %s\n" % tuple(file.name.split("_")[:2]), encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        made.rename(target)
    except OSError as error:
        raise KernelError("%s: %s" % (error.filename or work, error.strerror)) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return find(arch)


def main(arguments: Sequence[str]) -> int:
    if len(arguments) < 2 or arguments[0] not in ("fetch", "show") or not set(arguments[1:]) <= set(_DEBIAN):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        for arch in arguments[1:]:
            kernel = fetch(arch) if arguments[0] == "fetch" else find(arch)
            if arguments[0] == "show":
                print(kernel.folder)
    except KernelError as error:
        print("kernel: %s" % error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
