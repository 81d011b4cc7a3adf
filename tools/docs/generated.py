# SPDX-License-Identifier: MIT
"""What is generated in docs/: diagrams of the build graph between markers, and the manual pages with their index.

A diagram stands between <!-- diagram:begin NAME --> and <!-- diagram:end -->, in any Markdown file below docs/.
"""
import os
import re
import subprocess
from typing import Dict, Iterator, List

import manual

_MARKED = re.compile(r"<!-- diagram:begin (\S+) -->\n.*?<!-- diagram:end -->", re.DOTALL)
PAGES = "docs/man"
SPDX = "<!-- SPDX-License-Identifier: MIT -->\n"
MADE = "<!-- Made by ./cation docs from the program's options. -->\n"
MENDS = "./cation docs"


class Failure(Exception):
    """What a user is told."""


def with_diagrams(path: str, text: str, drawn: Dict[str, str]) -> str:
    """The text with its diagrams as they are to be."""

    def one(found: "re.Match[str]") -> str:
        name = found.group(1)
        if name not in drawn:
            raise Failure(f"{path}: there is no diagram {name}; there are {', '.join(drawn)}")
        return f"<!-- diagram:begin {name} -->\n{drawn[name]}\n<!-- diagram:end -->"

    if text.count("<!-- diagram:") != 2 * len(_MARKED.findall(text)):
        raise Failure(f"{path}: a diagram's begin without its end, or an end without its begin")
    return _MARKED.sub(one, text)


def pages(roff: Dict[str, str]) -> Dict[str, str]:
    """The files of docs/man, by path, from the manual pages by name."""
    made, index = {}, []
    for name, page in sorted(roff.items()):
        try:
            text, summary = manual.convert(page)
        except manual.Failure as failure:
            raise Failure(f"the manual page of {name}: {failure}; teach tools/docs/manual.py") from failure
        made[f"{PAGES}/{name}.md"] = SPDX + MADE + text
        index.append("| [%s](%s.md) | %s |" % (name.replace("[", "\\["), name.replace("[", "%5B"), summary))
    made[f"{PAGES}/README.md"] = SPDX + MADE + "# Manual pages\n\n| program | what it does |\n| --- | --- |\n" + "\n".join(index) + "\n"
    return made


def read_roff(folder: str) -> Dict[str, str]:
    """The pages below a release, by name. What is read of them is compared with what mandoc reads."""
    found = {}
    where = os.path.join(folder, "usr/share/man/man1")
    for file_name in sorted(os.listdir(where)):
        path = os.path.join(where, file_name)
        with open(path, encoding="utf-8") as file:
            found[file_name[:-len(".1")]] = file.read()
    return found


def lost_words(roff: Dict[str, str]) -> Iterator[str]:
    """Findings: pages whose Markdown has other words than mandoc shows."""
    for name, page in roff.items():
        shown = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=150"], input=page, capture_output=True, text=True, check=True).stdout
        if manual.words(manual.convert(page)[0].split("\n", 1)[1]) != manual.words_of_terminal(shown):
            yield f"{PAGES}/{name}.md:1: other words than mandoc shows of the page; teach tools/docs/manual.py what it has"


def wanted(documents: List[str], drawn: Dict[str, str], roff: Dict[str, str]) -> Dict[str, str]:
    """All generated files as they are to be, by path; `documents` are those that may have diagrams."""
    made = pages(roff)
    shown = set()
    for path in documents:
        if path in made or path.startswith(PAGES + "/"):
            continue
        with open(path, encoding="utf-8") as file:
            text = file.read()
        shown |= {name for name in _MARKED.findall(text)}
        if "<!-- diagram:" in text:
            made[path] = with_diagrams(path, text, drawn)
    if set(drawn) - shown:
        lost = ", ".join(sorted(set(drawn) - shown))
        raise Failure(f"no page shows the diagram {lost}; put its markers into one, or take it out of diagrams.py")
    return made


def outdated(made: Dict[str, str], there: List[str]) -> Iterator[str]:
    """Findings: files that are not as they are to be; `there` are those below docs/man."""
    for path, text in sorted(made.items()):
        if not os.path.exists(path):
            yield f"{path}:1: is missing; {MENDS} makes it"
            continue
        with open(path, encoding="utf-8") as file:
            old = file.read()
        if old != text:
            pairs = zip(old.split("\n"), text.split("\n"))
            line = next((number for number, (a, b) in enumerate(pairs, 1) if a != b), min(old.count("\n"), text.count("\n")) + 1)
            yield f"{path}:{line}: is not what the build graph and the programs' options say; {MENDS} renews it"
    for path in there:
        if path not in made:
            yield f"{path}:1: is the page of no program; {MENDS} removes it"


def renew(made: Dict[str, str], there: List[str]) -> List[str]:
    """Writes what is outdated; the paths of what it changed."""
    changed = []
    for path, text in made.items():
        old = None
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                old = file.read()
        if old != text:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path + ".new", "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(path + ".new", path)
            changed.append(path)
    for path in there:
        if path not in made:
            os.remove(path)
            changed.append(path)
    return changed
