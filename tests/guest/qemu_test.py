#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real QEMUs with guests of a few bytes: how they are started, what is told of their ends, and that none is left behind."""
import sys

sys.dont_write_bytecode = True

import glob
import os
import signal
import subprocess
import tempfile
import zlib
from typing import Any, List

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from console import Console
from failures import DiskFull, Ended, GuestError, Hang, Panic, PoweredOff, Rebooted
from machines import CACHE_MODES, Boot, Disk, Firmware, MachineError, Share, find_firmware
from qemu import Guest, png_of_ppm
from qmp import QmpError
from testing import HALT, POWER_OFF, RESET, WRITE, GuestTest, aarch64_firmware, run_tests, wait_until_gone, x86_disk

# Limits are for what never comes: a busy machine may take long for all that does.
_LIMIT = 120


class QemuTest(GuestTest):
    def boot(self, text: bytes = b"hello\n", then: str = HALT, arch: str = "x86_64", **options: Any) -> Boot:
        if arch == "aarch64":
            firmware = Firmware(self.write("firmware", aarch64_firmware(text, then)), whole=True)
            return Boot(arch, firmware_files=firmware, memory_mib=64, **options)
        disks = [Disk(self.write("disk.img", x86_disk(text, then))), *options.pop("disks", [])]
        return Boot(arch, memory_mib=64, disks=disks, **options)

    def assert_nothing_left(self, pid: int) -> None:
        self.assertTrue(wait_until_gone(pid), "QEMU is still there")


class Ends(QemuTest):
    """What a guest does, on both architectures, as a console and the guest itself tell it."""

    def arches(self) -> List[str]:
        return ["x86_64", "aarch64"]

    def test_halt_is_a_hang_and_qemu_ends_with_the_block(self) -> None:
        for arch in self.arches():
            with self.subTest(arch), Guest(self.boot(b"hello\n", HALT, arch)) as guest:
                console = Console(guest.serial, guest)
                console.wait_for(r"^hello\n", _LIMIT, "the greeting")
                with self.assertRaisesRegex(Hang, "the rest: no output for 1 s; the last line was: hello"):
                    console.wait_for("rest", _LIMIT, "the rest", quiet=1)
                self.assertIsNone(guest.failure())
                self.assertEqual(guest.status(), "running")
            self.assert_nothing_left(guest.pid)

    def test_reset_is_a_reboot(self) -> None:
        for arch in self.arches():
            with self.subTest(arch), Guest(self.boot(b"hello\n", RESET, arch)) as guest:
                console = Console(guest.serial, guest)
                # What it said before is not lost.
                console.wait_for(r"^hello\n", _LIMIT, "the greeting")
                with self.assertRaisesRegex(Rebooted, "was reset"):
                    console.wait_for("rest", _LIMIT, "the rest")
            self.assert_nothing_left(guest.pid)

    def test_power_off_is_told_from_a_reboot(self) -> None:
        for arch in self.arches():
            with self.subTest(arch), Guest(self.boot(b"hello\n", POWER_OFF, arch)) as guest:
                console = Console(guest.serial, guest)
                console.wait_for(r"^hello\n", _LIMIT, "the greeting")
                self.assertIsInstance(guest.wait_for_end(_LIMIT), PoweredOff)
                with self.assertRaises(PoweredOff):
                    console.wait_for("rest", _LIMIT, "the rest")
                # QEMU is still there, for pictures and questions.
                self.assertEqual(guest.status(), "shutdown")

    def test_panic(self) -> None:
        with Guest(self.boot(b"\nKERNEL PANIC: panicked at src/x.rs\nCPU 0\nHALT\n")) as guest:
            console = Console(guest.serial, guest)
            with self.assertRaisesRegex(Panic, r"KERNEL PANIC: panicked at src/x\.rs"):
                console.wait_for("login:", _LIMIT, "a login")
            self.assertEqual(console.lines[-1][1], "HALT")

    def test_every_byte_is_in_the_log(self) -> None:
        with Guest(self.boot(b"hello\n", RESET), serial_log=self.path("serial.log")) as guest:
            self.assertIsInstance(guest.wait_for_end(_LIMIT), Rebooted)
        with open(self.path("serial.log"), "rb") as file:
            self.assertIn(b"hello\n", file.read())

    def test_full_disk_of_the_host(self) -> None:
        disk = self.write("disk.img", x86_disk(b"hello\n", WRITE))
        failing = ("driver=raw,node-name=full,file.driver=blkdebug,file.image.driver=file,file.image.filename=%s,"
                   "file.inject-error.0.event=none,file.inject-error.0.iotype=write,file.inject-error.0.errno=28" % disk)
        boot = Boot("x86_64", memory_mib=64, extra=["-blockdev", failing, "-device", "virtio-blk-pci,drive=full"])
        with Guest(boot) as guest:
            console = Console(guest.serial, guest)
            console.wait_for(r"^hello\n", _LIMIT, "the greeting")
            with self.assertRaisesRegex(DiskFull, "the host's disk is full: QEMU cannot write full"):
                console.wait_for("rest", _LIMIT, "the rest")

    def test_qemu_killed_by_somebody(self) -> None:
        with Guest(self.boot()) as guest:
            console = Console(guest.serial, guest)
            os.kill(guest.pid, signal.SIGSEGV)
            with self.assertRaisesRegex(Ended, "QEMU ended with signal 11"):
                console.wait_for("rest", _LIMIT, "the rest")

    def test_firmware_of_uefi_starts(self) -> None:
        for arch in self.arches():
            with self.subTest(arch):
                boot = Boot(arch, firmware="uefi", memory_mib=256)
                try:
                    find_firmware(boot)
                except MachineError as error:
                    self.skipTest(str(error))
                with Guest(boot) as guest:
                    console = Console(guest.serial, guest)
                    console.wait_for(r"UEFI|Bds|EFI|Shell", _LIMIT, "the firmware")
                    self.assertTrue(os.path.exists(os.path.join(guest._folder, "variables")))


class Control(QemuTest):
    def test_power_cut_frees_the_image_at_once(self) -> None:
        boot = self.boot()
        for _ in range(3):
            with Guest(boot) as guest:
                Console(guest.serial, guest).wait_for(r"^hello\n", _LIMIT, "the greeting")
                guest.power_cut()
                self.assertRaises(ProcessLookupError, os.kill, guest.pid, 0)
                with Guest(boot) as again:
                    Console(again.serial, again).wait_for(r"^hello\n", _LIMIT, "the greeting")
                    self.assertIsNone(again.failure())
                self.assertRegex(str(guest.failure()), "the power was cut")
                guest.power_cut()  # once more harms nothing

    def test_reset_button(self) -> None:
        with Guest(self.boot()) as guest:
            console = Console(guest.serial, guest)
            for _ in range(2):
                console.wait_for(r"^hello\n", _LIMIT, "the greeting")
                console.expect_reboot()
                guest.reset()
            console.wait_for(r"^hello\n", _LIMIT, "the greeting")
            self.assertIsNone(guest.failure())

    def test_after_the_button_and_booted_a_reset_is_a_failure_again(self) -> None:
        with Guest(self.boot()) as guest:
            console = Console(guest.serial, guest)
            console.wait_for(r"^hello\n", _LIMIT, "the greeting")
            guest.reset()
            console.wait_for(r"^hello\n", _LIMIT, "the greeting")
            guest.booted()
            self.assertIsNone(guest.failure())
            guest.qmp.command("system_reset")
            self.assertRegex(str(guest.wait_for_end(_LIMIT)), "QEMU was stopped .host-qmp-system-reset")

    def test_screenshot_is_a_picture(self) -> None:
        with Guest(self.boot()) as guest:
            Console(guest.serial, guest).wait_for(r"^hello\n", _LIMIT, "the greeting")
            guest.screenshot(self.path("screen.png"))
        with open(self.path("screen.png"), "rb") as file:
            picture = file.read()
        self.assertEqual(picture[:8], b"\x89PNG\r\n\x1a\n")
        self.assertGreaterEqual(int.from_bytes(picture[16:20], "big"), 640)

    def test_a_refused_command_is_one_line(self) -> None:
        with Guest(self.boot()) as guest:
            with self.assertRaisesRegex(QmpError, "QEMU refuses no-such-command: .*not been found"):
                guest.qmp.command("no-such-command")
            self.assertEqual(guest.status(), "running")

    def test_png_of_ppm(self) -> None:
        picture = png_of_ppm(b"P6\n# by hand\n2 1\n255\n" + bytes(range(6)))
        self.assertEqual(picture[12:24], b"IHDR\0\0\0\2\0\0\0\1")
        data = picture.index(b"IDAT")
        size = int.from_bytes(picture[data - 4:data], "big")
        self.assertEqual(zlib.decompress(picture[data + 4:data + 4 + size]), b"\0" + bytes(range(6)))


class Starts(QemuTest):
    """QEMU takes every command line, or says why not in one line."""

    def test_every_device_and_cache_mode(self) -> None:
        os.mkdir(self.path("sh,are"))
        for arch in ("x86_64", "aarch64"):
            disks: List[Disk] = []
            for device in ("virtio", "nvme", "ahci", "cd"):
                for mode in CACHE_MODES:
                    # O_DIRECT is not to be had on every file system that a temporary folder is on; that QEMU takes the option
                    # is seen from the others.
                    if not CACHE_MODES[mode][1] and len([disk for disk in disks if disk.device == device]) < 2:
                        disks.append(Disk(self.write("%s,%s.img" % (device, mode), bytes(1 << 20)), device=device, cache=mode))
            boot = self.boot(arch=arch, disks=disks, share=Share(self.path("sh,are")), acpi=arch == "x86_64")
            with self.subTest(arch), Guest(boot) as guest:
                self.assertEqual(guest.status(), "running")
                nodes = guest.qmp.command("query-named-block-nodes")
                self.assertGreaterEqual(len([node for node in nodes if node["drv"] == "raw"]), len(disks))

    def test_no_cache_where_the_file_system_allows_it(self) -> None:
        path = self.write("disk.img", x86_disk(b"hello\n"))
        try:
            os.close(os.open(path, os.O_RDONLY | os.O_DIRECT))
        except OSError:
            self.skipTest("no O_DIRECT here")
        for mode in ("none", "directsync"):
            with self.subTest(mode), Guest(Boot("x86_64", memory_mib=64, disks=[Disk(path, cache=mode)])) as guest:
                Console(guest.serial, guest).wait_for(r"^hello\n", _LIMIT, "the greeting")

    def refused(self, boot: Boot, words: str) -> None:
        with self.assertRaisesRegex(GuestError, words) as caught, Guest(boot):
            self.fail("it started")
        self.assertNotIn("\n", caught.exception.what)

    def test_no_program(self) -> None:
        self.refused(self.boot(program="qemu-system-none"), "apt-get install qemu-system-x86")

    def test_program_that_is_none(self) -> None:
        program = self.write("qemu", b"#!/nonexistent/interpreter\n")
        os.chmod(program, 0o755)
        self.refused(self.boot(program=program), "QEMU does not start: .*No such file")

    def test_locked_image(self) -> None:
        boot = self.boot()
        with Guest(boot) as guest:
            self.refused(boot, "disk.img is in use by another program")
            self.assertIsNone(guest.failure())

    def test_missing_image(self) -> None:
        self.refused(Boot("x86_64", disks=[Disk(self.path("missing.img"))]), "QEMU refuses: .*missing.img.*No such file")

    def test_image_that_cannot_be_written(self) -> None:
        self.refused(Boot("x86_64", disks=[Disk("/proc/version")]), "QEMU refuses: ")

    def test_nonsense(self) -> None:
        self.refused(self.boot(extra=["-device", "no-such-device"]), "QEMU refuses: .*no-such-device")

    def test_program_that_says_nothing(self) -> None:
        program = self.write("qemu", b"#!/bin/sh\nexit 7\n")
        os.chmod(program, 0o755)
        self.refused(self.boot(program=program), "ended with status 7 and said nothing")

    def test_program_that_hangs(self) -> None:
        program = self.write("qemu", b"#!/bin/sh\necho $$ >%s\nexec sleep 1000\n" % os.fsencode(self.path("pid")))
        os.chmod(program, 0o755)
        with self.assertRaisesRegex(GuestError, "socket does not appear within 2 s"), Guest(self.boot(program=program), seconds=2):
            self.fail("it started")
        with open(self.path("pid"), encoding="ascii") as file:
            self.assert_nothing_left(int(file.read()))

    def test_a_long_name_of_the_temporary_folder(self) -> None:
        long = os.path.join(self.work, "n" * 100)
        os.mkdir(long)
        old, tempfile.tempdir = tempfile.tempdir, long
        self.addCleanup(setattr, tempfile, "tempdir", old)
        with Guest(self.boot()) as guest:
            Console(guest.serial, guest).wait_for(r"^hello\n", _LIMIT, "the greeting")


_RUNNER = """
import os, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import tempfile
tempfile.tempdir = sys.argv[3]
from machines import Boot, Disk
from qemu import Guest
with Guest(Boot("x86_64", memory_mib=64, disks=[Disk(sys.argv[2])])) as guest:
    print(guest.pid, guest._supervisor.pid, flush=True)
    what = sys.argv[4]
    if what == "exception":
        raise RuntimeError("on purpose")
    if what == "exit":
        os._exit(3)
    sys.stdin.read()
"""


class NothingLeft(QemuTest):
    """However the runner ends, QEMU, its supervisor and the private folder go too."""

    def ends(self, what: str, number: int = 0) -> None:
        os.mkdir(self.path("temporary"))
        runner = subprocess.Popen(
            [sys.executable, "-c", _RUNNER, os.path.dirname(os.path.abspath(__file__)), self.boot().disks[0].path,
             self.path("temporary"), what],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        with runner:
            assert runner.stdin is not None and runner.stdout is not None
            told = runner.stdout.readline().split()
            self.assertEqual(len(told), 2, "the runner did not start its guest")
            qemu, supervisor = int(told[0]), int(told[1])
            if number:
                os.kill(supervisor if what == "supervisor" else runner.pid, number)
            if what in ("normal", "supervisor"):
                if what == "supervisor":
                    self.assert_nothing_left(qemu)
                runner.stdin.close()
            runner.wait(_LIMIT)
            self.assert_nothing_left(qemu)
            self.assert_nothing_left(supervisor)
        self.assertEqual(glob.glob(self.path("temporary/*")), [])
        self.assertEqual(runner.returncode, {"normal": 0, "supervisor": 0, "exception": 1, "exit": 3}.get(what, -number))

    def test_normal_end(self) -> None:
        self.ends("normal")

    def test_exception(self) -> None:
        self.ends("exception")

    def test_exit_without_cleaning_up(self) -> None:
        self.ends("exit")

    def test_interrupt(self) -> None:
        self.ends("signal", signal.SIGINT)

    def test_terminated(self) -> None:
        self.ends("signal", signal.SIGTERM)

    def test_hangup(self) -> None:
        self.ends("signal", signal.SIGHUP)

    def test_killed(self) -> None:
        self.ends("signal", signal.SIGKILL)

    def test_the_supervisor_terminated(self) -> None:
        self.ends("supervisor", signal.SIGTERM)

    def test_the_supervisor_alone_removes_the_folder(self) -> None:
        for end in ("terminated", "end of file"):
            folder = self.path(end)
            os.mkdir(folder)
            reading, writing = os.pipe()
            with self.subTest(end), subprocess.Popen(
                    [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "supervisor.py"), str(reading), folder,
                     "sleep", "1000"], stdout=subprocess.PIPE, pass_fds=[reading], start_new_session=True) as supervisor:
                os.close(reading)
                assert supervisor.stdout is not None
                program = int(supervisor.stdout.readline().split()[1])
                if end == "terminated":
                    supervisor.terminate()
                else:
                    os.close(writing)
                self.assertEqual(supervisor.stdout.read(), b"ended -9\n")
                self.assertEqual(supervisor.wait(_LIMIT), 0)
                self.assert_nothing_left(program)
                self.assertFalse(os.path.exists(folder))
                if end == "terminated":
                    os.close(writing)

    def test_the_supervisor_killed(self) -> None:
        self.ends("supervisor", signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], "guest.qemu", sys.argv[1:]))
