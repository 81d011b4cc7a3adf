#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The command lines of machines.py, without starting any (qemu_test.py has QEMU take them)."""
import sys

sys.dont_write_bytecode = True

import dataclasses
import json
import os
import shlex
import unittest.mock
from typing import Any, Dict, List

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import machines
from machines import (CACHE_MODES, MACHINES, Boot, Disk, Firmware, MachineError, Share, Sockets, candidates, command_line,
                      described_firmware, find_firmware, show_command)
from testing import GuestTest, run_tests


def after(argv: List[str], option: str) -> List[str]:
    """The values of an option."""
    return [argv[index + 1] for index, word in enumerate(argv[:-1]) if word == option]


class Accelerators(GuestTest):
    def test_tcg_is_always_there_and_last(self) -> None:
        for arch in MACHINES:
            self.assertEqual(candidates(arch)[-1], "tcg")

    def test_hardware_only_for_the_host_s_own_architecture(self) -> None:
        with unittest.mock.patch.object(machines, "host_arch", lambda: "x86_64"), \
                unittest.mock.patch.object(machines, "_opens", lambda path: True), \
                unittest.mock.patch.object(sys, "platform", "linux"):
            self.assertEqual(candidates("x86_64"), ["kvm", "tcg"])
            self.assertEqual(candidates("aarch64"), ["tcg"])
        with unittest.mock.patch.object(machines, "host_arch", lambda: "aarch64"), \
                unittest.mock.patch.object(machines, "_has_hvf", lambda: True), \
                unittest.mock.patch.object(sys, "platform", "darwin"):
            self.assertEqual(candidates("aarch64"), ["hvf", "tcg"])
            self.assertEqual(candidates("x86_64"), ["tcg"])

    def test_kvm_that_cannot_be_opened_is_none(self) -> None:
        with unittest.mock.patch.object(machines, "host_arch", lambda: "x86_64"), \
                unittest.mock.patch.object(machines, "_opens", lambda path: False), \
                unittest.mock.patch.object(sys, "platform", "linux"):
            self.assertEqual(candidates("x86_64"), ["tcg"])

    def test_the_cpu_is_the_host_s_with_hardware(self) -> None:
        self.assertEqual(after(command_line(Boot("x86_64", accelerator="kvm")), "-cpu"), ["host"])
        self.assertEqual(after(command_line(Boot("x86_64", accelerator="tcg")), "-cpu"), ["core2duo"])
        self.assertEqual(after(command_line(Boot("x86_64", accelerator="kvm", cpu="max")), "-cpu"), ["max"])


class Firmwares(GuestTest):
    def descriptor(self, name: str, **changes: Any) -> None:
        about: Dict[str, Any] = {
            "interface-types": ["uefi"],
            "mapping": {"device": "flash", "executable": {"filename": self.path(name + ".code"), "format": "qcow2"},
                        "nvram-template": {"filename": self.path(name + ".vars"), "format": "qcow2"}},
            "targets": [{"architecture": "x86_64", "machines": ["pc-i440fx-*", "pc-q35-*"]}],
            "features": ["acpi-s3"],
        }
        about.update(changes)
        self.write(name + ".json", json.dumps(about).encode())

    def test_descriptors_in_their_order_and_only_those_that_fit(self) -> None:
        self.descriptor("60-plain")
        self.descriptor("50-secure", features=["secure-boot", "requires-smm"])
        self.descriptor("40-enrolled", features=["enrolled-keys"])
        self.descriptor("30-bios", **{"interface-types": ["bios"]})
        self.descriptor("20-other", targets=[{"architecture": "aarch64", "machines": ["virt-*"]}])
        self.descriptor("10-memory", mapping={"device": "memory", "filename": "/x"})
        self.descriptor("70-stateless", mapping={"device": "flash", "executable": {"filename": "/y", "format": "raw"}})
        self.write("05-broken.json", b"{")
        self.write("06-list.json", b"[]")
        self.assertEqual(described_firmware(MACHINES["x86_64"], [self.work]),
                         [Firmware(self.path("60-plain.code"), self.path("60-plain.vars"), "qcow2"), Firmware("/y", "", "raw")])

    def test_a_descriptor_in_an_earlier_folder_replaces_one_of_its_name(self) -> None:
        os.mkdir(self.path("etc"))
        self.descriptor("60-plain")
        self.write("etc/60-plain.json", b"{}")
        self.assertEqual(described_firmware(MACHINES["x86_64"], [self.path("etc"), self.work]), [])

    def test_none_is_an_error_that_names_the_package(self) -> None:
        bare = dataclasses.replace(MACHINES["aarch64"], firmware=())
        with unittest.mock.patch.dict(MACHINES, {"aarch64": bare}), \
                unittest.mock.patch.object(machines, "_descriptor_folders", lambda boot: []), \
                self.assertRaisesRegex(MachineError, "no UEFI firmware for aarch64: install qemu-efi-aarch64"):
            find_firmware(Boot("aarch64"))

    def test_a_missing_template_of_variables_is_done_without(self) -> None:
        code = self.write("code", b"x")
        bare = dataclasses.replace(MACHINES["x86_64"], firmware=(Firmware(code, self.path("missing")),))
        with unittest.mock.patch.dict(MACHINES, {"x86_64": bare}):
            boot = Boot("x86_64", firmware="uefi")
            self.assertEqual(find_firmware(boot), Firmware(code))
            self.assertEqual(len(after(command_line(boot), "-drive")), 1)

    def test_bios_needs_none_and_aarch64_has_none(self) -> None:
        self.assertIsNone(find_firmware(Boot("x86_64")))
        self.assertIsNone(find_firmware(Boot("aarch64", kernel="/boot/vmlinuz")))
        with self.assertRaisesRegex(MachineError, "no BIOS"):
            find_firmware(Boot("aarch64", firmware="bios"))

    def test_the_guest_writes_to_its_own_copy_of_the_variables(self) -> None:
        files = Firmware(self.write("code", b""), self.write("vars", b""))
        argv = command_line(Boot("x86_64", firmware_files=files), Sockets(variables="/private/variables"))
        self.assertIn("file=/private/variables", after(argv, "-drive")[1])
        # By hand there is no copy: changes are thrown away.
        self.assertIn("snapshot=on", after(command_line(Boot("x86_64", firmware_files=files)), "-drive")[1])


class CommandLines(GuestTest):
    def test_cache_modes(self) -> None:
        for mode, expected in {"writeback": "on off off", "none": "on on off", "unsafe": "on off on",
                               "writethrough": "off off off", "directsync": "off on off"}.items():
            argv = command_line(Boot("x86_64", disks=[Disk("/x.img", cache=mode)]))
            device = next(value for value in after(argv, "-device") if "drive=disk0" in value)
            words = dict(word.split("=", 1) for word in (after(argv, "-blockdev")[0] + "," + device).split(",") if "=" in word)
            self.assertEqual(" ".join((words["write-cache"], words["cache.direct"], words["cache.no-flush"])), expected, mode)
        self.assertEqual(len(CACHE_MODES), 5)

    def test_what_is_wrong_is_said(self) -> None:
        for boot, words in [(Boot("riscv64"), "no machine for 'riscv64'"), (Boot("x86_64", accelerator="xen"), "'xen'"),
                            (Boot("x86_64", disks=[Disk("/x", cache="best")]), "cache mode 'best'"),
                            (Boot("x86_64", disks=[Disk("/x", device="tape")]), "device 'tape'"),
                            (Boot("x86_64", disks=[Disk("/x", format="vdi")]), "format 'vdi'"),
                            (Boot("x86_64", firmware="coreboot"), "'coreboot'"),
                            (Boot("x86_64", program="qemu-system-none"), "apt-get install qemu-system-x86")]:
            with self.assertRaisesRegex(MachineError, words):
                command_line(boot)

    def test_commas_in_paths(self) -> None:
        argv = command_line(Boot("x86_64", disks=[Disk("/a,b.img")], share=Share("/c,d")), Sockets(serial="/e,f", qmp="/g,h"))
        self.assertIn("filename=/a,,b.img", after(argv, "-blockdev")[0])
        self.assertIn("path=/c,,d,", after(argv, "-fsdev")[0])
        self.assertIn("path=/e,,f,", after(argv, "-chardev")[1])

    def test_acpi_can_be_off_on_virt(self) -> None:
        files = Firmware(self.write("code", b""))
        self.assertEqual(after(command_line(Boot("aarch64", firmware_files=files, acpi=False)), "-machine"), ["virt,acpi=off"])
        self.assertEqual(after(command_line(Boot("aarch64", firmware_files=files)), "-machine"), ["virt"])

    def test_several_disks_share_a_controller(self) -> None:
        disks = [Disk("/a", device="cd"), Disk("/b", device="ahci"), Disk("/c", node="data")]
        argv = command_line(Boot("aarch64", kernel="/k", disks=disks))
        self.assertEqual(len([value for value in after(argv, "-device") if value.startswith("ich9-ahci")]), 1)
        self.assertIn("read-only=on", after(argv, "-blockdev")[0])
        self.assertIn("node-name=data", after(argv, "-blockdev")[2])

    def test_by_hand_the_serial_line_is_the_terminal(self) -> None:
        words = shlex.split(show_command(Boot("x86_64", disks=[Disk("/with space.img")], append="a b", kernel="/k")))
        self.assertEqual((after(words, "-serial"), after(words, "-chardev")), (["chardev:serial"], ["stdio,id=serial,mux=on,signal=off"]))
        self.assertIn("a b", words)
        self.assertNotIn("-S", words)


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], "guest.machines", sys.argv[1:]))
