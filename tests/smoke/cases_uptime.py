# SPDX-License-Identifier: MIT
"""uptime. The parts that the system does not count are left out."""
import re

from cases_common import closed_streams
from harness import Case, case

_CLOCK = rb"\d\d:\d\d:\d\d"


@case("uptime.line")
def _(t: Case) -> None:
    outcome = t.run("uptime")
    pattern = (rb" " + _CLOCK + rb" up (\d+ days?, )?( ?\d+:\d\d|\d+ min)(, [ \d]\d users?|,  \d users?)?"
               rb"(,  load average: \d+\.\d\d, \d+\.\d\d, \d+\.\d\d)?\n")
    t.expect(outcome.status == 0 and re.fullmatch(pattern, outcome.out) is not None, "not its line", outcome)


@case("uptime.options")
def _(t: Case) -> None:
    for option in ("-p", "--pretty", "--pr"):
        outcome = t.run("uptime", option)
        words = rb"up \d+ (decade|year|week|day|hour|minute)s?(, \d+ (year|week|day|hour|minute)s?)*\n"
        t.expect(outcome.status == 0 and re.fullmatch(words, outcome.out) is not None, "not in words", outcome)
    for option in ("-s", "--since"):
        outcome = t.run("uptime", option)
        t.expect(outcome.status == 0 and re.fullmatch(rb"\d{4,}-\d\d-\d\d " + _CLOCK + rb"\n", outcome.out) is not None, "not a date", outcome)
    t.refuses("uptime", "x", status=1)
    t.refuses("uptime", "-x", status=1)


@case("uptime.output-errors")
def _(t: Case) -> None:
    t.refuses("uptime", status=1, stdout="/dev/full")
    t.refuses("uptime", "-p", status=1, stdout="/dev/full")


closed_streams("uptime", [(["-p"], True), (["x"], False)])
