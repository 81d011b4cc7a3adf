# SPDX-License-Identifier: MIT
"""date. No case sets the clock."""
from cases_common import closed_streams, little_memory, names
from harness import Case, Dir, File, case

_NEW_YORK = {"TZ": "EST5EDT,M3.2.0,M11.1.0"}
_BERLIN = {"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"}
_ALL = "+%A %a %B %b %h %C %c %D %d %e %F %G %g %H %I %j %k %l %M %m %N %n %P %p %R %r %S %s %T %t %U %u %V %W %w %X %x %Y %y %z %:z %::z %:::z %Z %%"

# In each of three zones.
_GOOD = ["2026-11-27", "20261127", "2026-11-27T10:20:30Z", "2026-11-27 10:20:30.123456789", "2026-11-27T10:20:30,5+01:00", "@0", "@1.5", "@-1.5",
         "11/27/2026", "27 Nov 2026",
         "27-Nov-2026", "27nov2026", "Nov 27, 2026", "Nov. 27 2026 3pm", "november 27 2026 12:30 am", "Sept 3 2025", "2026-07-01 12:00 UTC",
         "2026-07-01 12:00 AST",
         "2026-07-01 12:00 AST DST", "2026-07-01 12:00 PST", "2026-07-01 12:00 +0530", "2026-07-01 12:00 UTC-3", "2026-07-01 12:00 Q",
         "2026-01-31 1 month", "2024-02-29 1 year",
         "2026-03-07 02:30 1 day", "2026-03-28 02:30 1 day", "2026-03-28 23:00 24 hours", "2026-11-01 01:30", "2026-10-25 02:30",
         "2026-11-27 fortnight ago",
         "2026-11-27 third month", "2026-11-27 -3 hours", "2026-11-27 12:00 1.5 sec ago", "Fri, 27 Nov 2026 21:32:00 +0000",
         "Fri Nov 27 21:32:00 UTC 2026", "friday 2026-11-27",
         "2026-11-27 2132", "2132 20261127", "10:00 Nov 27 2026", "1/2/70", "1/2/68", "0000-01-01", "99-1-1", "10000-01-01", "1900-02-28",
         "2038-01-19 03:14:08",
         "2106-02-07 06:28:16 UTC", "2147485547-12-31", 'TZ="UTC0" 2026-11-27', "(a (b)) 2026-11-27 (c", "2026-11-27 (", "\t2026-11-27\n",
         "2026-11-27 2 days 1 day ago"]
_BAD = ["2026-02-29", "2026-02-30", "2026-13-01", "2026-00-01", "2026-01-00", "24:00", "10:60", "10:20:60", "13pm", "0am", "noon", "yesterdy",
        "fri sat", "10:00 10:00", "now ago",
        "99999999999999999999", "@99999999999999999999", "9223372036854775808 sec", "2147483648 days", "2147485548-01-01", "1 2 3 4", "2026-11-27T",
        "2026-11-27T3pm", "@1 UTC",
        "+25", "10:00 +25", "1.5 hours", "TZ=UTC 10:00", 'TZ="UTC', "a.m.", ",", "\xe9", "27 Nov 10:00"]


def _dates() -> None:
    for index in range(0, len(_GOOD), 8):
        def good(t: Case, dates: list = _GOOD[index:index + 8]) -> None:
            for date in dates:
                for variables in ({}, _NEW_YORK, _BERLIN):
                    t.same("date", "-d", date, "+%s.%N %F %T %z %Z", status=0, environment=variables)
        case("date.good.%d" % (index // 8))(good)


_dates()


@case("date.bad")
def _(t: Case) -> None:
    for date in _BAD:
        t.same("date", "-d", date, status=1, words=False)
    t.same("date", "-d", "2026-03-08 02:30", status=1, words=False, environment=_NEW_YORK)
    t.same("date", "-d", "2026-06-30 12:00 EST", status=1, words=False, environment=_NEW_YORK)
    t.same("date", "-d", "2026-03-29 02:30", status=1, words=False, environment=_BERLIN)


@case("date.out-of-range")
def _(t: Case) -> None:
    t.same("date", "-d", "@67768036191676799", status=0)
    for seconds in ("67768036191676800", "-67768040609740801", "9223372036854775807", "-9223372036854775808"):
        t.same("date", "-d", "@" + seconds, status=1, words=False)


@case("date.relative")
def _(t: Case) -> None:
    # Days only: the time goes on meanwhile. What is recorded is of another day.
    for date in ("", "today 0:00", "yesterday 12:00", "tomorrow 12:00", "last friday", "friday", "this sunday", "next monday", "third monday",
                 "0 tuesday", "12 wed",
                 "thurs", "sat.", "tues,", "next month 12:00", "2 years ago 12:00", "12:00", "12:00 2 days ago"):
        ours, gnus = t.run("date", "-d", date, "+%F %T"), t.run_gnu("date", "-d", date, "+%F %T")
        t.expect(ours.status == 0 and ours.out == gnus.out, "%s: not %r" % (date, gnus.out), ours)


@case("date.formats")
def _(t: Case) -> None:
    for date in ("2026-11-27 21:32:00.012345678", "2024-12-30 00:00", "2021-01-03 12:00", "2026-01-01 09:05:07"):
        for variables in ({}, _NEW_YORK, _BERLIN, {"TZ": "<-0330>3:30"}, {"TZ": "XYZ-5:45:30"}):
            t.same("date", "-d", date, _ALL, status=0, environment=variables)
    for text in ("", "%", "%%", "%Q", "%E", "%-N", "%3N", "%_3N", "%12N", "%-d/%-m/%-y", "%_d", "%^a %^B %#Z %#p %#a", "%10Y", "%_10Y", "%+5Y",
                 "%010d", "%q", "%Ey %Od %EC",
                 "%Ed %OY", "%-H:%-M", "%_H", "%10a|%-10a", "%s", "%+C", "%+F", "%_z", "%-z", "%+10z", "%_:z", "%10:z", "%e", "%-e", "%0e",
                 "a%nb%tc", "\\n"):
        t.same("date", "-d", "2026-01-02 03:04:05.06", "+" + text, status=0, environment={"TZ": "EST5"})


@case("date.standards")
def _(t: Case) -> None:
    for option in ("-I", "-Idate", "-Ihours", "-Ih", "-Iminutes", "-Iseconds", "-Ins", "--iso-8601", "--iso-8601=ns", "--iso=s", "-R",
                   "--rfc-email", "--rfc-822", "--rfc-2822",
                   "--rfc-3339=date", "--rfc-3339=seconds", "--rfc-3339=ns", "--rfc-3339=n", "-uR", "-uI"):
        t.same("date", option, "-d", "2026-11-27 21:32:00.5", status=0, environment=_BERLIN)
    for option in ("-Ix", "-I=date", "--iso-8601=", "--rfc-3339", "--rfc-3339=hours"):
        t.same("date", option, "-d", "@0", status=1, words=False)
    t.same("date", "-I", "-R", status=1)
    t.same("date", "-R", "+%s", status=1)


@case("date.utc")
def _(t: Case) -> None:
    for option in ("-u", "--utc", "--universal", "--uct"):
        t.same("date", option, "-d", "2026-07-01 12:00", status=0, environment=_NEW_YORK)
    t.same("date", "-u", "-d", "2026-07-01 12:00 EDT", status=0, environment=_NEW_YORK)


@case("date.file")
def _(t: Case) -> None:
    t.tree({"dates": b"2026-11-27\n@5\nnonsense\nJul 1 2026 12:00 EDT\n2026-02-30\n@6", "empty": b"", "d": Dir()})
    t.same("date", "-f", "dates", "+%s", status=1, words=False)
    t.same("date", "--file=empty", status=0)
    t.same("date", "-f", "-", "-R", stdin=b"@1\n2026-11-27\n", status=0)
    t.same("date", "-f", "missing", status=1, complaints=["missing: No such file"])


@case("date.reference")
def _(t: Case) -> None:
    t.tree({"f": File(b"", time=1_614_834_367_123_456_789), "d": Dir()})
    t.same("date", "-r", "f", "+%F %T.%N", status=0)
    t.same("date", "--reference", "d", status=0)
    t.same("date", "-r", "missing", status=1, complaints=["missing: No such file"])


@case("date.together")
def _(t: Case) -> None:
    t.tree({"f": b""})
    t.same("date", "-d", "now", "-r", "f", status=1)
    t.same("date", "-d", "now", "-s", "now", status=1)
    t.same("date", "-d", "now", "%s", status=1, words=False)
    t.same("date", "+%s", "more", status=1)
    t.same("date", "x", status=1, words=False)
    t.same("date", "13012132", status=1, words=False)
    t.same("date", "-s", "nonsense", status=1, words=False)


@case("date.calls")
def _(t: Case) -> None:
    outcome = t.run("date", "-d", "@0", count=True)
    t.expect(outcome.status == 0 and outcome.os_calls <= 2, "more than the write", outcome)


@case("date.output-errors")
def _(t: Case) -> None:
    t.same("date", stdout="/dev/full", status=1)
    t.same("date", "-d", "@0", closed=[1], status=1)


def _try_name(t: Case, _: bytes, path: bytes, missing: bytes) -> None:
    t.same("date", b"-r", path)
    t.same("date", b"-r", missing)
    t.same("date", b"-f", missing)


names("date", _try_name)
closed_streams("date", [(["-d", "@0"], True), (["-d", "nonsense"], False), (["-r", "f", "+x"], True), (["-f", "-"], False)])
little_memory("date", ["-d", "2026-11-27 12:00", "+%c %F"])
