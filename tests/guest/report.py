# SPDX-License-Identifier: MIT
"""What guests did, for people and for machines: lines on the terminal as it happens, then report.html, one page that needs
nothing else, and junit.xml.

    report = Report(folder)
    report.begin(target, sessions)      # for each guest
    report.add(result)                  # as results come
    report.end(target)
    report.write()
"""
import html
import math
import platform
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Iterable, List, Sequence, Tuple

from power_cut import Cut
from protocol import FAILED, LOST, PASSED, SKIPPED, Result, Time
from session import Sessions
from targets import Target

# As tests/smoke prints them.
_WORDS = {PASSED: "ok", FAILED: "FAILED", LOST: "LOST", SKIPPED: "skipped"}

_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd]")
_NOT_IN_HTML = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass
class GuestReport:
    """One guest."""
    arch: str
    name: str
    sessions: Sessions
    programs: str  # which build they are of
    began: float = 0.0
    seconds: float = 0.0
    results: List[Tuple[int, Result]] = field(default_factory=list)  # with the boot's number, from 1
    times: List[Time] = field(default_factory=list)
    cuts: List[Cut] = field(default_factory=list)

    def counts(self) -> Dict[str, int]:
        """How many of each outcome."""
        found = {outcome: 0 for outcome in _WORDS}
        for _, result in self.results:
            found[result.outcome] += 1
        return found


class Report:
    """All guests of a run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guests: List[GuestReport] = []
        self._began = time.time()

    # ------------------------------------------------------------------------------- as it happens
    def say(self, text: str) -> None:
        """Something people should know."""
        print("        " + text, flush=True)

    def begin(self, target: Target, sessions: Sessions) -> None:
        """What follows is of this guest."""
        self._guests.append(GuestReport(target.arch, target.name, sessions, _build_of(target.built), time.monotonic()))
        print("%s: %s" % (target.arch, target.name), flush=True)

    def add(self, result: Result) -> None:
        """A case has its result."""
        guest = self._guests[-1]
        guest.results.append((len(guest.sessions.logs), result))
        print("%-8s%s %s (%.2f s)" % (_WORDS[result.outcome], guest.arch, result.name, result.seconds))
        if result.why:
            print("        " + result.why)
        sys.stdout.flush()

    def add_time(self, timed: Time) -> None:
        """How long programs took to start."""
        self._guests[-1].times.append(timed)

    def add_cuts(self, cuts: Iterable[Cut]) -> None:
        """What became of the cuts of the power."""
        self._guests[-1].cuts += cuts

    def end(self, target: Target) -> None:
        """This guest is done with."""
        guest = self._guests[-1]
        guest.name = target.name
        guest.seconds = time.monotonic() - guest.began
        for timed in sorted(guest.times, key=lambda timed: timed.size):
            self.say("%-16s %9d bytes  %8.2f ms a start" % (timed.name, timed.size, _milliseconds(timed)))
        for cut in guest.cuts:
            self.say("cut %d (%s) at %s, %s synced: %s%s" % (
                cut.number, cut.cache, cut.place, "nothing" if not cut.synced else "round %d" % cut.synced,
                cut.outcome, "" if cut.unsynced_lost is None else
                "; what was not synced is %s" % ("lost" if cut.unsynced_lost else "there")))
        counts = guest.counts()
        print("guest.%s: %s, %.1f s" % (guest.arch, ", ".join(
            "%d %s" % (counts[outcome], word) for outcome, word in _WORDS.items() if counts[outcome] or outcome == PASSED),
                                       guest.seconds), flush=True)

    def status(self) -> int:
        """0: all that was run held. A run in which nothing was run is none that held."""
        counts = [guest.counts() for guest in self._guests]
        bad = sum(count[FAILED] + count[LOST] for count in counts)
        return 1 if bad or not any(count[PASSED] for count in counts) else 0

    # ------------------------------------------------------------------------------- afterwards
    def write(self) -> None:
        """Writes both files, if there is anything to say. OSError where that cannot be done."""
        if not any(guest.results for guest in self._guests):
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        self._write_junit(self._folder / "junit.xml")
        (self._folder / "report.html").write_text(self._page(), encoding="utf-8")
        self.say("%s, %s" % (self._folder / "report.html", self._folder / "junit.xml"))

    def _write_junit(self, path: Path) -> None:
        root = ElementTree.Element("testsuites")
        for guest in self._guests:
            counts = guest.counts()
            name = "guest." + guest.arch
            suite = ElementTree.SubElement(
                root, "testsuite", name=name, tests=str(len(guest.results)), failures=str(counts[FAILED]),
                errors=str(counts[LOST]), skipped=str(counts[SKIPPED]), time="%.3f" % guest.seconds)
            for _, result in guest.results:
                case = ElementTree.SubElement(suite, "testcase", name=_NOT_IN_XML.sub("?", result.name), classname=name,
                                              time="%.3f" % result.seconds)
                kind = {FAILED: "failure", LOST: "error", SKIPPED: "skipped"}.get(result.outcome)
                if kind is not None:
                    ElementTree.SubElement(case, kind, message=_NOT_IN_XML.sub("?", result.why))
        ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)

    def _page(self) -> str:
        total = {outcome: sum(guest.counts()[outcome] for guest in self._guests) for outcome in _WORDS}
        verdict = "failed" if self.status() else "passed"
        parts = [_HEAD % {"title": "Guests: %s" % verdict}, '<h1>Guests <span class="%s">%s</span></h1>' % (verdict, verdict),
                 "<p>%s, on %s %s.</p>" % (time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(self._began)),
                                           _escaped(platform.system()), _escaped(platform.machine())),
                 "<p>%s</p>" % ", ".join('<span class="%s">%d %s</span>' % (outcome, count, _WORDS[outcome])
                                         for outcome, count in total.items())]
        parts += [_guest_section(number, guest) for number, guest in enumerate(self._guests)]
        return "\n".join(parts) + "\n</html>\n"


def _build_of(program: Path) -> str:
    """What a program's build note says of it (tools/elf_check/build_note.h)."""
    try:
        note = dict(re.findall(rb"^(version|commit|date|arch|libc)=([^\n]*)$", program.read_bytes(), re.M))
    except OSError:
        return "unknown"
    return " | ".join(note.get(key, b"?").decode("ascii", "replace") for key in (b"version", b"commit", b"date", b"libc"))


def _milliseconds(timed: Time) -> float:
    return timed.nanoseconds / timed.count / 1e6


def _escaped(text: object) -> str:
    return html.escape(_NOT_IN_HTML.sub("\ufffd", str(text)))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """Cells are HTML."""
    lines = ['<table class="%s"><tr>%s</tr>' % (kind, "".join("<th>%s</th>" % head for head in heads))]
    lines += ["<tr>%s</tr>" % "".join("<td>%s</td>" % cell for cell in row) for row in rows]
    return "\n".join(lines + ["</table>"])


def _qemu_version(guest: GuestReport) -> str:
    """As QEMU says it."""
    for log in guest.sessions.logs:
        if log.command:
            try:
                said = subprocess.run([log.command[0], "--version"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, check=False, timeout=20).stdout
            except (OSError, subprocess.TimeoutExpired):
                break
            return said.decode("utf-8", "replace").split("\n")[0]
    return "unknown"


def _guest_section(number: int, guest: GuestReport) -> str:
    logs = guest.sessions.logs
    accelerators = ", ".join(sorted({log.accelerator for log in logs})) or "none"
    parts = ['<h2 id="guest-%d">%s</h2>' % (number, _escaped(guest.arch)),
             _table(["", ""], [
                 ["guest", _escaped(guest.name)], ["QEMU", _escaped(_qemu_version(guest))],
                 ["accelerator", _escaped(accelerators)], ["programs", _escaped(guest.programs)],
                 ["boots", str(len(logs))],
                 ["time", "%.1f s" % guest.seconds]], "facts")]
    if guest.times:
        parts += ["<h3>Starting a program, by its size</h3>", _chart(guest.times), _table(
            ["program", "bytes", "starts", "ms a start"],
            [[_escaped(timed.name), "%d" % timed.size, "%d" % timed.count, "%.2f" % _milliseconds(timed)]
             for timed in sorted(guest.times, key=lambda timed: timed.size)], "numbers")]
    if guest.cuts:
        parts += ["<h3>Cuts of the power</h3>", _table(
            ["cut", "cache mode", "at", "synced before it", "what was synced", "what was not", "why"],
            [[str(cut.number), _escaped(cut.cache), _escaped(cut.place),
              "nothing" if not cut.synced else "round %d" % cut.synced,
              '<span class="%s">%s</span>' % (PASSED if cut.outcome == "ok" else FAILED, _escaped(cut.outcome)),
              {None: "not looked at", True: "lost", False: "there"}[cut.unsynced_lost], _escaped(cut.why)]
             for cut in guest.cuts])]
    parts += ["<h3>Cases</h3>", _table(
        ["", "case", "s", "why", "log"],
        [['<span class="%s">%s</span>' % (result.outcome, _WORDS[result.outcome]), _escaped(result.name),
          "%.2f" % result.seconds, _escaped(result.why), _place_in_log(number, guest, boot, result)]
         for boot, result in guest.results], "cases")]
    for boot, log in enumerate(logs, 1):
        lines = ['<span id="%s">%9.3f</span>  %s' % (_line_name(number, boot, line), at, _escaped(text))
                 for line, (at, text) in enumerate(log.lines)]
        parts.append('<details%s><summary>Serial line of boot %d: %s (%s)</summary><pre class="command">%s</pre>'
                     "<pre>%s</pre></details>" % (
                         " open" if len(logs) == 1 else "", boot, _escaped(log.title), _escaped(log.accelerator),
                         _escaped(" ".join(log.command)), "\n".join(lines)))
    return "\n".join(parts)


def _line_name(guest: int, boot: int, line: int) -> str:
    return "log-%d-%d-%d" % (guest, boot, line)


def _place_in_log(number: int, guest: GuestReport, boot: int, result: Result) -> str:
    """A link to where the case begins."""
    if not 1 <= boot <= len(guest.sessions.logs):
        return ""
    marker = "=== RUN %s" % result.name
    for line, (at, text) in enumerate(guest.sessions.logs[boot - 1].lines):
        if text.rstrip().endswith(marker):
            return '<a href="#%s">%.1f s</a>' % (_line_name(number, boot, line), at)
    return ""


def _chart(times: Sequence[Time]) -> str:
    """Milliseconds against bytes, both logarithmic, as SVG."""
    points = sorted((timed.size, _milliseconds(timed), timed.name) for timed in times if timed.size and timed.nanoseconds)
    if len(points) < 2:
        return ""
    width, height, margin = 640, 300, 60

    def axis(values: Sequence[float]) -> Tuple[int, int]:
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        return low, max(high, low + 1)

    x_low, x_high = axis([size for size, _, _ in points])
    y_low, y_high = axis([ms for _, ms, _ in points])

    def x(value: float) -> float:
        return margin + (math.log10(value) - x_low) / (x_high - x_low) * (width - 2 * margin)

    def y(value: float) -> float:
        return height - margin - (math.log10(value) - y_low) / (y_high - y_low) * (height - 2 * margin)

    parts = ['<svg viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="milliseconds a start against bytes">'
             % (width, height, width, height)]
    for exponent in range(x_low, x_high + 1):
        at = x(10.0**exponent)
        parts.append('<path d="M%.1f %d V%d" class="grid"/><text x="%.1f" y="%d" class="middle">%s</text>'
                     % (at, margin, height - margin, at, height - margin + 18, _round_bytes(exponent)))
    for exponent in range(y_low, y_high + 1):
        at = y(10.0**exponent)
        parts.append('<path d="M%d %.1f H%d" class="grid"/><text x="%d" y="%.1f" class="end">%g ms</text>'
                     % (margin, at, width - margin, margin - 6, at + 4, 10.0**exponent))
    parts.append('<polyline points="%s"/>' % " ".join("%.1f,%.1f" % (x(size), y(ms)) for size, ms, _ in points))
    for size, ms, name in points:
        parts.append('<circle cx="%.1f" cy="%.1f" r="4"><title>%s: %d bytes, %.2f ms</title></circle>'
                     % (x(size), y(ms), _escaped(name), size, ms))
    return "\n".join(parts + ["</svg>"])


def _round_bytes(exponent: int) -> str:
    return {3: "1 kB", 4: "10 kB", 5: "100 kB", 6: "1 MB", 7: "10 MB", 8: "100 MB"}.get(exponent, "1e%d" % exponent)


_HEAD = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>%(title)s</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em; }
table { border-collapse: collapse; margin: 0.5em 0 1.5em; }
th, td { text-align: left; padding: 0.15em 0.8em 0.15em 0; vertical-align: top; border-bottom: 1px solid #8883; }
.numbers td + td, .cases td:nth-child(3) { text-align: right; font-variant-numeric: tabular-nums; }
.passed { color: #2a7a2a; } .failed, .lost { color: #c22; font-weight: bold; } .skipped { color: #888; }
pre { overflow-x: auto; font: 12px/1.35 ui-monospace, monospace; }
pre span { color: #888; } pre span:target { background: #fd08; }
pre.command { white-space: pre-wrap; color: #888; }
svg { font: 11px system-ui, sans-serif; } svg text { fill: currentColor; } svg .middle { text-anchor: middle; }
svg .end { text-anchor: end; } svg .grid { stroke: #8884; } svg polyline { fill: none; stroke: #37c; stroke-width: 2; }
svg circle { fill: #37c; }
</style>"""
