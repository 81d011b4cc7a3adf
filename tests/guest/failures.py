# SPDX-License-Identifier: MIT
"""What can go wrong with a guest. Each failure has one line, `what`, that is fit for a report."""


class Failure(Exception):
    """The guest cannot go on."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class GuestError(Failure):
    """QEMU could not be started or does not answer; the line says what to do where that is known."""


class Hang(Failure):
    """Nothing, or not what was waited for, came within the limit."""


class Panic(Failure):
    """The guest's kernel or bootloader gave up."""


class Rebooted(Failure):
    """The guest was reset, or its firmware's or bootloader's banner was seen once more."""


class PoweredOff(Failure):
    """The guest switched itself off: fine at the end, and a failure before."""


class Ended(Failure):
    """QEMU itself ended."""


class DiskFull(Failure):
    """The host's disk is full; QEMU has stopped the guest, which would wait for ever."""


class LoginFailed(Failure):
    """The guest does not let this user in."""


class ShellFailed(Failure):
    """There is no shell, or not one that understands what is typed."""
