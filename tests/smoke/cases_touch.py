# SPDX-License-Identifier: MIT
"""touch."""
from cases_common import closed_streams, little_memory, missing_operand, names
from harness import Case, Dir, Fifo, File, Link, Tree, case


def _tree() -> Tree:
    return {"f": b"text\n", "g": File(b"", time=1_500_000_000_250_000_000), "locked": File(b"l", mode=0o444), "d": Dir(), "d/e": b"", "fifo": Fifo(),
            "link": Link("f"), "to-d": Link("d"), "dangling": Link("nowhere"), "loop": Link("loop"), "closed": Dir(mode=0o555)}


@case("touch.makes")
def _(t: Case) -> None:
    t.same("touch", "a", "b c", "d", status=0)
    t.same("touch", "umask", umask=0o077, status=0)
    t.same("touch", "--", "-x", status=0)
    t.same("touch", "./-", status=0)
    t.same("touch", "a", "missing/b", "c", status=1, complaints=["missing/b: No such file"])


@case("touch.leaves-content")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("touch", "f", "d", "fifo", "locked", "link", "to-d", status=0)
    t.holds("f", b"text\n")


@case("touch.no-create")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("touch", "-c", "missing", "no/such", "dangling", "f", status=0)
    t.same("touch", "-cm", "missing", "d/", status=0)
    t.same("touch", "--no-create", "-a", "missing/", "dangling/", status=0)
    t.same("touch", "-c", "loop", status=1, complaints=["loop: Too many levels"])


@case("touch.dates")
def _(t: Case) -> None:
    t.tree(_tree())
    for number, date in enumerate(["@0", "@1000000000.5", "2004-01-16 12:00 +0000", "2004-01-16T12:00:00Z", "20040116 1200", "16 Jan 2004",
                                   "Jan 16, 2004 3pm",
                                   "1/16/2004", "2038-01-19 03:14:08", "1970-01-01", "2004-02-29 1 year", "2004-01-31 1 month",
                                   "Fri, 16 Jan 2004 12:00:00 +0100",
                                   'TZ="EST5" 2004-01-16 12:00', "2004-01-16 12:00 EST", "2004-01-16 12:00:30.123456789", "2004-01-16 -5 days",
                                   "(no) 2004-01-16"]):
        t.same("touch", "-d", date, "f%d" % number, times=True, status=0)
        t.same("touch", "--date=" + date, "f", times=True, status=0)


@case("touch.dates.zone")
def _(t: Case) -> None:
    for number, date in enumerate(["2004-07-01 12:00", "2004-01-01 12:00", "2004-11-07 01:30", "2004-04-03 02:30 1 day", "2004-07-01 12:00 EDT"]):
        t.same("touch", "-d", date, "f%d" % number, times=True, status=0, environment={"TZ": "EST5EDT,M4.1.0,M10.5.0"})
        t.same("touch", "-d", date, "g%d" % number, times=True, status=0, environment={"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"})
    t.same("touch", "-d", "2004-04-04 02:30", "f", status=1, environment={"TZ": "EST5EDT,M4.1.0,M10.5.0"}, words=False)
    t.same("touch", "-t", "200404040230", "f", status=1, environment={"TZ": "EST5EDT,M4.1.0,M10.5.0"}, words=False)


@case("touch.dates.wrong")
def _(t: Case) -> None:
    t.tree(_tree())
    for date in ("2004-02-30", "yesterdy", "25:00", "10:60", "99999999999999999999", "@99999999999999999999", "9223372036854775808 seconds",
                 "1 2 3 4", "noon"):
        t.same("touch", "-d", date, "f", "new", status=1, words=False, times=True)


@case("touch.digits")
def _(t: Case) -> None:
    t.tree(_tree())
    for digits in ("200401161200", "0401161200", "200401161200.30", "7001010000", "6901010000", "197001010000.60", "203801190314.08",
                   "200402292359.59"):
        t.same("touch", "-t", digits, "f" + digits, "f", times=True, status=0)
    for digits in ("", "1", "01161200.", "01161200.5", "200401161", "20040230120000", "200402301200", "200413011200", "200401162400",
                   "200401161260", "200401161200.61",
                   "+401161200", "-401161200", " 401161200", "200401161200 ", "20040116120a", "99999999999999999999"):
        t.same("touch", "-t", digits, "new", status=1, words=False)
    t.same("touch", "-t", "01161200", "-d", "now", "g", status=1)
    t.same("touch", "-t", "01161200", "-r", "f", "g", status=1)


@case("touch.digits.first-operand")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("touch", "0116120070", "g", status=0, times=True, environment={"_POSIX2_VERSION": "199209", "POSIXLY_CORRECT": "1"})
    t.same("touch", "01161200", "g", status=0)
    t.same("touch", "0116120000", "g", status=0, environment={"_POSIX2_VERSION": "199209", "POSIXLY_CORRECT": "1"})


@case("touch.reference")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("touch", "-r", "f", "g", "new", times=True, status=0)
    t.same("touch", "-r", "link", "d", times=True, status=0)
    t.same("touch", "--reference=d", "--date=-5 days", "g", times=True, status=0)
    t.same("touch", "-r", "f", "-d", "next month", "f", times=True, status=0)
    t.same("touch", "-r", "missing", "g", status=1, complaints=["missing: No such file"], times=True)
    t.same("touch", "-r", "dangling", "g", status=1, times=True)
    t.same("touch", "-hr", "dangling", "g", times=True, status=0)


@case("touch.one-of-both")
def _(t: Case) -> None:
    t.tree(_tree())
    for option in ("-a", "-m", "-am", "--time=atime", "--time=access", "--time=use", "--time=mtime", "--time=modify", "--time=acc", "--time=m", "-f"):
        t.same("touch", option, "-d", "@1234567890.5", "f", times=True, status=0)
        t.same("touch", "-d", "@1.25", "f", times=True, status=0)
    for word in ("", "x", "a x", "birth"):
        t.same("touch", "--time=" + word, "f", times=True, status=1, words=False)


@case("touch.links")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("touch", "-h", "-d", "@5", "link", "dangling", "loop", "to-d", times=True, status=0)
    t.same("touch", "-d", "@6", "link", times=True, status=0)
    t.same("touch", "-h", "missing", status=1, complaints=["missing: No such file"])
    t.same("touch", "-hc", "missing", status=0)
    t.same("touch", "loop", status=1, complaints=["loop: Too many levels"])
    t.same("touch", "dangling", status=0)


@case("touch.slashes")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("touch", "d/", "to-d/", ".", "..", "d/.", status=0)
    t.same("touch", "missing/", status=1, complaints=["missing/: No such file"])
    t.same("touch", "f/", status=1, complaints=["f/: Not a directory"])
    t.same("touch", "dangling/", "link/", "loop/", status=1, words=False)
    t.same("touch", "f/x", status=1, complaints=["f/x: Not a directory"])
    t.same("touch", "", "new", status=1)


@case("touch.no-permission")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("touch", "closed/new", status=1, complaints=["closed/new: Permission denied"])
    t.same("touch", "locked", status=0)
    t.same("touch", "-c", "closed/new", status=0)


@case("touch.standard-output")
def _(t: Case) -> None:
    t.tree(_tree())
    t.same("touch", "-d", "@5", "-", append="f", times=True, status=0)
    t.same("touch", "-h", "-", append="f", status=0)
    t.same("touch", "-", closed=[1], status=1)
    t.same("touch", "-c", "-", closed=[1], status=0)


@case("touch.calls")
def _(t: Case) -> None:
    t.tree({"f": b""})
    for arguments, most in ((["f"], 3), (["new"], 3), (["-d", "@5", "f"], 3), (["-c", "missing"], 1), (["-a", "f"], 4)):
        outcome = t.run("touch", *arguments, count=True)
        t.expect(outcome.status == 0 and outcome.os_calls <= most, "more than %d calls for %s" % (most, arguments), outcome)


def _try_name(t: Case, name: bytes, path: bytes, missing: bytes) -> None:
    t.same("touch", path)
    t.same("touch", missing)
    t.same("touch", b"-r", path, b"--", name)


names("touch", _try_name)
closed_streams("touch", [(["f", "new"], False), (["missing/x", "f"], False), (["-d", "nonsense", "f"], False)])
little_memory("touch", ["-d", "2004-01-16 12:00", "f", "new"])
missing_operand("touch")
