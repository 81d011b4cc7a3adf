#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the programs for Redox under each manner of the stand-in (runtime/standin/manners.h).

usage: manners_test.py MANNERS_CC FOLDER ARCH REVISION [PATTERN]
       manners_test.py --smoke=MANNERS MANNERS_CC FOLDER ARCH REVISION [PATTERN]

FOLDER, ARCH and REVISION are smoke_test.py's; MANNERS_CC is the stand-in's list of names. With --smoke the cases
of tests/smoke are run, under MANNERS, but for those that are listed in _DIFFERS. PATTERN, a regular expression,
chooses from "MANNERS CASE"; $TESTBRIDGE_TEST_ONLY does too. A line for each manner, differences for the cases
that fail; $XML_OUTPUT_FILE gets a JUnit report. Status 0: all passed.
"""
import sys

sys.dont_write_bytecode = True
import ctypes
import importlib
import os
import pathlib
import re
import shutil
import tempfile
import time
import traceback
import xml.etree.ElementTree as ElementTree
from typing import Callable, Dict, FrozenSet, Iterator, List, Tuple

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases
import harness
from cases import MannersCase
from harness import Case, Failed, Programs, Skipped, remove_tree

# Each adds its cases to cases.CASES.
for _path in sorted(pathlib.Path(__file__).absolute().parent.glob("manners_cases_*.py")):
    importlib.import_module(_path.stem)

# What no system has without another: a share, whose device is 0.
_WITH = {name: name + ",device-0" for name in ("excl-ignored", "links-hidden", "types-wrong", "mkdir-makes-file", "chown-ignored")}
_WITH["errors-are-eio"] = "errors-are-eio,excl-ignored,device-0"

# What systems have together. "9p-share" is none of the stand-in's: a share in one folder of a RedoxFS.
_TOGETHER = [
    "redox",
    "9p",
    "redox,9p",
    "9p-share",
    "redox,console,no-types,listing-shifts,interrupted,reads-random,writes-random",
]

# For programs that an emulator has to run, which takes it ten times as long: each manner in company. What is one
# architecture's alone is not in what a manner does to a program.
_EMULATED = [
    "redox",
    "redox,9p",
    "9p-share",
    "redox,console,no-types,listing-shifts,interrupted,reads-random,writes-random",
    "types-wrong,device-0,excl-ignored,reads-of-one,fifo-is-file",
    "disk-busy,reads-again,writes-again",
]

# Cases that do not hold yet: (manner, case): why. They are run, and reported as known. Of manners taken
# together, one that holds is enough.
_KNOWN: Dict[Tuple[str, str], str] = {
    ("append-overwrites", name + ".append"):
        "who opened standard output for >> did not go to its end, and relibc's fcntl(F_GETFL), which would tell, is not imported"
    for name in ("cat", "echo", "printf", "seq")
}

# Cases of tests/smoke that rightly differ under the manners they are run in, or that have nothing to do with them, by
# pattern, and why.
_DIFFERS = {
    r"^cp\.very-deep$": "without '..' of a descriptor a directory stays open for each level, more than a host allows",
    r"\.calls(\.|$)|\.one-write$": "retries and short counts cost calls",
    r"^test\.may-read-write-execute$": "here root has no powers; who is root counts, as on Redox, and not which powers there are",
    r"^ls\.dereference-in-directory$": "of a link that leads nowhere GNU knows by its entry's type that it is one",
    r"\.common\.|^mkdir\.(invalid-)?mode\.|\.usage$|wrong-word": "options are read without the system",
}

_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd]")


def read_names(path: str) -> Dict[str, FrozenSet[str]]:
    """The names of manners.cc: what each stands for, itself or, of a bundle, those in it."""
    with open(path, encoding="utf-8") as file:
        source = file.read()
    table = source[source.index("kNames[] = {"):]
    table = table[: table.index("\n};")]
    bits: Dict[str, str] = {}
    found: Dict[str, FrozenSet[str]] = {}
    for name, value in re.findall(r'\{"([a-z0-9-]+)",\s*([^}]*)\}', table):
        parts = re.findall(r"k\w+", value)
        # A bundle comes behind its parts.
        found[name] = frozenset(bits[part] for part in parts) if parts[0] in bits else frozenset([name])
        for part in parts:
            bits.setdefault(part, name)
    return found


def groups(names: Dict[str, FrozenSet[str]], is_emulated: bool) -> Iterator[Tuple[str, str, FrozenSet[str]]]:
    """(name, CATION_MANNERS, what holds) of what the cases are run under."""
    singles = [_WITH.get(name, name) for name, parts in names.items() if parts == frozenset([name])]
    for manners in _EMULATED if is_emulated else [""] + singles + _TOGETHER:
        parts = [] if manners in ("", "9p-share") else manners.split(",")
        holding = frozenset().union(*(names[part] for part in parts)) if parts else frozenset()
        yield manners or "none", "" if manners == "9p-share" else manners, holding | ({manners} & {"9p-share"})


def bind_by_permissions() -> None:
    """Root's programs are bound by permissions like anyone else's from here on."""
    libc = ctypes.CDLL(None)
    for capability in harness._CAPABILITIES if os.geteuid() == 0 else ():  # pylint: disable=protected-access
        libc.prctl(harness._PR_CAPBSET_DROP, capability, 0, 0, 0)  # pylint: disable=protected-access


Job = Tuple[str, str, Callable[[str], Case], Callable[[Case], None], str]


def why_known(holding: FrozenSet[str], name: str) -> str:
    """Why the case is known not to hold under these manners; "" if it has to."""
    return next((why for (manner, case), why in _KNOWN.items() if case == name and manner in holding), "")


def conformance(programs: Programs, names: Dict[str, FrozenSet[str]]) -> Iterator[Job]:
    """(group, case, maker of the Case, function, why it is known not to hold) of each case under each manner."""
    for group, manners, holding in groups(names, bool(programs.runner)):
        for name, definition in cases.CASES.items():
            if definition.only is not None and holding.isdisjoint(definition.only):
                continue
            # Of a share in a folder only those that are written for it.
            if group == "9p-share" and definition.only != ("9p-share",):
                continue

            def make(folder: str, name: str = name, manners: str = manners, holding: frozenset = holding) -> Case:
                return MannersCase(name, programs, folder, manners, holding)
            yield group, name, make, definition.function, why_known(holding, name)


def smoke(programs: Programs, manners: str, names: Dict[str, FrozenSet[str]]) -> Iterator[Job]:
    """The same of tests/smoke."""
    # Calls are counted, and formats shown, the same whatever the manners.
    harness.load_cases(without=("cases_calls", "cases_ls_formats"))
    programs.environment = {"CATION_MANNERS": manners}
    holding = frozenset().union(*(names[part] for part in manners.split(",")))
    for name, definition in sorted(harness.CASES.items()):
        if any(re.search(pattern, name) for pattern in _DIFFERS):
            continue

        def make(folder: str, name: str = name, seconds: float = definition.seconds) -> Case:
            return Case(name, programs, folder, seconds)
        yield manners, name, make, definition.function, why_known(holding, name)


def main() -> int:
    arguments = sys.argv[1:]
    smoke_manners = arguments.pop(0)[len("--smoke="):] if arguments and arguments[0].startswith("--smoke=") else ""
    if len(arguments) not in (4, 5):
        print(__doc__, file=sys.stderr)
        return 2
    manners_cc, folder, arch, revision = arguments[:4]
    pattern = arguments[4] if len(arguments) == 5 else os.environ.get("TESTBRIDGE_TEST_ONLY", "")
    names = read_names(manners_cc)
    tried = {name for run in _EMULATED if run != "9p-share" for part in run.split(",") for name in names[part]}
    if len(names) < 30 or not tried.issuperset(set().union(*names.values())):
        print("manners_test.py: _EMULATED lacks %s, or %s is not understood" % (
            sorted(set().union(*names.values()) - tried), manners_cc), file=sys.stderr)
        return 2
    programs = Programs(folder, arch, revision)
    bind_by_permissions()
    every = smoke(programs, smoke_manners, names) if smoke_manners else conformance(programs, names)

    suite_name = "manners%s.%s.%s" % (".smoke" if smoke_manners else "", arch, revision)
    suite = ElementTree.Element("testsuite", name=suite_name)
    counts = {"ok": 0, "known": 0, "skipped": 0, "FAILED": 0}
    by_group: Dict[str, Dict[str, int]] = {}
    reports: List[str] = []
    started = time.monotonic()
    work = tempfile.mkdtemp(prefix="cation-manners.", dir=os.environ.get("TEST_TMPDIR"))
    os.chmod(work, 0o755)
    os.umask(0o022)
    for group, name, make, function, known in every:
        if not re.search(pattern, "%s %s" % (group, name)):
            continue
        begun = time.monotonic()
        at_work = None
        text = ""
        try:
            at_work = make(work)
            function(at_work)
            result = "ok"
            if known:
                text = "holds now: take it off _KNOWN"
        except Skipped as reason:
            result, text = "skipped", str(reason)
        except Failed as reason:
            result, text = ("known", known) if known else ("FAILED", str(reason))
        except Exception:  # pylint: disable=broad-except
            result, text = "FAILED", traceback.format_exc()
        finally:
            if at_work is not None:
                if isinstance(at_work, MannersCase):
                    shutil.rmtree(at_work.root)
                else:
                    remove_tree(at_work.root)
        element = ElementTree.SubElement(suite, "testcase", name="%s %s" % (group, name), classname=suite_name,
                                         time="%.3f" % (time.monotonic() - begun))
        if result == "FAILED":
            failure = ElementTree.SubElement(element, "failure", message=_NOT_IN_XML.sub("?", text.split("\n")[0]))
            failure.text = _NOT_IN_XML.sub("?", text)
        elif result in ("known", "skipped"):
            ElementTree.SubElement(element, "skipped", message=text)
        counts[result] += 1
        by_group.setdefault(group, dict.fromkeys(counts, 0))[result] += 1
        if text:
            reports.append("%-8s%s %s\n    %s" % (result, group, name, text.rstrip().replace("\n", "\n    ")))
            print(reports[-1])
            sys.stdout.flush()
    remove_tree(os.fsencode(work))
    if not by_group:
        print("no case matches %r" % pattern, file=sys.stderr)
        return 2
    for group, results in by_group.items():
        print("%-40s %s" % (group, ", ".join("%d %s" % (count, result) for result, count in results.items() if count)))
    suite.set("tests", str(sum(counts.values())))
    suite.set("failures", str(counts["FAILED"]))
    suite.set("skipped", str(counts["known"] + counts["skipped"]))
    root = ElementTree.Element("testsuites")
    root.append(suite)
    report = os.environ.get("XML_OUTPUT_FILE")
    if report:
        ElementTree.ElementTree(root).write(report, encoding="utf-8", xml_declaration=True)
    print("%s: %s, %.1f s" % (suite_name, ", ".join("%d %s" % (count, result) for result, count in counts.items()),
                              time.monotonic() - started))
    return 1 if counts["FAILED"] else 0


if __name__ == "__main__":
    sys.exit(main())
