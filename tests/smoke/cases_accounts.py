# SPDX-License-Identifier: MIT
"""whoami and id. Users and groups are those of this host: only what knows none of them can be run elsewhere."""
import cases_common as common
from harness import Case, case


def _of_this_host(t: Case) -> None:
    """What follows depends on who works here, and on this host's files."""
    t.expect(bool(t.programs.arch), "no programs")


@case("whoami.prints")
def _(t: Case) -> None:
    _of_this_host(t)
    t.same("whoami", status=0)
    t.same("whoami", "--", status=0)


@case("whoami.operands")
def _(t: Case) -> None:
    for operand in ("x", "", "-", "a\nb"):
        t.same("whoami", operand, status=1)
    t.same("whoami", "--", "--", status=1)


@case("whoami.output-errors")
def _(t: Case) -> None:
    t.same("whoami", stdout="/dev/full", status=1)
    t.same("whoami", closed=[1], status=1)


_USERS = ("root", "daemon", "nobody", "0", "1", "+0", "+1", "65534", "0000")
_NOBODY = ("no-such-user", "", "+", "+root", "-x", "-1", "4294967294", "4294967295", "4294967296", "18446744073709551615", "18446744073709551616",
           "99999999999999999999999999", "0x0", "1e0", "root:root", ":", "root.root", "a\nb", "1000000007")


@case("id.own")
def _(t: Case) -> None:
    _of_this_host(t)
    for options in ([], ["-a"], ["-u"], ["-g"], ["-G"], ["-un"], ["-gn"], ["-Gn"], ["-ur"], ["-gr"], ["-Gr"], ["-urn"], ["-grn"], ["-Grn"], ["-uz"],
                    ["-gz"], ["-Gz"], ["-Gnz"], ["--user"], ["--group", "--name"], ["--groups", "--real", "--zero"], ["-u", "-u"], ["-a", "-u"]):
        t.same("id", *options, status=0)
        t.same("id", *options, "--", status=0)


@case("id.of-users")
def _(t: Case) -> None:
    _of_this_host(t)
    for user in _USERS:
        for options in ([], ["-u"], ["-g"], ["-G"], ["-un"], ["-gn"], ["-Gn"], ["-ur"], ["-Gr"], ["-uz"], ["-Gz"], ["-Gnz"]):
            t.same("id", *options, user, status=0)


@case("id.of-several")
def _(t: Case) -> None:
    _of_this_host(t)
    for options in ([], ["-u"], ["-g"], ["-G"], ["-Gn"], ["-uz"], ["-gnz"], ["-Gz"], ["-Gnz"], ["-a"]):
        t.same("id", *options, "root", "daemon", "root", status=0)
        # GNU adds what errno happens to be.
        t.same("id", *options, "root", "no-such-user", "daemon", "", status=1, words=False)


@case("id.nobody")
def _(t: Case) -> None:
    for user in _NOBODY:
        for options in ([], ["-u"], ["-G"], ["-gn"]):
            t.same("id", *options, "--", user, status=1, words=False)
    t.same("id", "--", *_NOBODY, status=1, words=False)


@case("id.wrong-combinations")
def _(t: Case) -> None:
    for options in (["-ug"], ["-uG"], ["-gG"], ["-ugG"], ["-n"], ["-r"], ["-nr"], ["-z"], ["-an"], ["-z", "root"], ["-ugz", "root"],
                    ["-n", "no-such-user"]):
        t.same("id", *options, status=1)


@case("id.output-errors")
def _(t: Case) -> None:
    for options in ([], ["-u"], ["-G"]):
        t.same("id", *options, stdout="/dev/full", status=1)
        t.same("id", *options, closed=[1], status=1)


@case("id.calls")
def _(t: Case) -> None:
    t.expect(t.run("id", "-u", count=True).os_calls <= 2, "a number needs no file")
    t.expect(t.run("id", count=True).os_calls <= 11, "more than two files read")


common.closed_streams("id", [([], True), (["-u", "root"], True), (["no-such-user"], False)])
common.closed_streams("whoami", [([], True), (["x"], False)])
common.little_memory("id", ["root"])
common.little_memory("whoami", [])


def _names(t: Case, name: bytes, _: bytes, __: bytes) -> None:
    t.same("id", b"--", name, status=1)


common.names("id", _names)
