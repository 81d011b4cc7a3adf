# SPDX-License-Identifier: MIT
"""Our manual pages as Markdown.

mandoc makes Markdown of mdoc(7) alone, and ours are man(7), of the few requests that coreutils/support/documentation.cc writes: those are read
here, and any other is an error. The check compares the words with those that mandoc shows.
"""
import re
from typing import List, Tuple

_ESCAPES = {"-": "-", "(aq": "'", "(dq": '"', "(ha": "^", "(rs": "\\", "(ti": "~", "e": "\\", "&": "", " ": " "}
_ESCAPE = re.compile(r"\\(f.|\(..|.)")
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")


class Failure(Exception):
    """The page has what is not read here."""


def _pieces(text: str) -> List[Tuple[str, str]]:
    """(font, text) of a line of roff; the font is R, B or I."""
    pieces, font, place = [], "R", 0

    def add(more: str) -> None:
        if pieces and pieces[-1][0] == font:
            pieces[-1] = (font, pieces[-1][1] + more)
        elif more:
            pieces.append((font, more))

    for match in _ESCAPE.finditer(text):
        add(text[place:match.start()])
        place = match.end()
        name = match.group(1)
        if name.startswith("f"):
            if name[1] not in "RBI":
                raise Failure(f"font {name[1]}: {text}")
            font = name[1]
        elif name in _ESCAPES:
            add(_ESCAPES[name])
        else:
            raise Failure(f"escape {name}: {text}")
    add(text[place:])
    return pieces


def _inline(text: str) -> str:
    """A line of roff as Markdown: bold is code, italics stay."""
    out = []
    for font, piece in _pieces(text):
        if font == "B":
            mark = "``" if "`" in piece else "`"
            out.append(f"{mark} {piece} {mark}" if mark == "``" else f"`{piece}`")
        else:
            piece = _SPECIAL.sub(r"\\\1", piece)
            out.append(f"*{piece}*" if font == "I" and piece.strip() else piece)
    return "".join(out)


def convert(page: str) -> Tuple[str, str]:
    """The page as Markdown, and its line for an index."""
    out: List[str] = []
    paragraph: List[str] = []
    summary, section, wants_tag = "", "", False

    def flush() -> None:
        if paragraph:
            out.append(" ".join(paragraph))
            paragraph.clear()

    for line in page.split("\n"):
        if line.startswith('.\\"') or not line:
            continue
        request, _, rest = line.partition(" ")
        if request == ".TH":
            name = rest.split()[0]
            out.append("# %s(%s)" % (_inline(name).lower().replace("`", ""), rest.split()[1]))
        elif request == ".SH":
            flush()
            section = rest.strip('"')
            out.append("## " + section.capitalize())
        elif request == ".TP":
            flush()
            wants_tag = True
        elif request == ".br":
            paragraph.append("<br>")
        elif request == ".B" or not line.startswith("."):
            text = _inline("\\fB%s\\fR" % rest if request == ".B" else line)
            if wants_tag:
                paragraph += [text, "—"]
                wants_tag = False
            else:
                paragraph.append(text)
            if section == "NAME":
                summary = (summary + " " + text).strip()
        else:
            raise Failure(f"request {request}: {line}")
    flush()
    return "\n\n".join(out) + "\n", summary.partition(" - ")[2]


def words(markdown: str) -> str:
    """The letters and digits of what convert() makes, as a reader sees it, for comparing."""
    return "".join(re.findall(r"\w", markdown.replace("<br>", ""))).lower()


def words_of_terminal(shown: str) -> str:
    """The same of mandoc -T utf8, without its first and last line."""
    shown = re.sub(r".\x08", "", shown)
    return "".join(re.findall(r"\w", "\n".join(shown.strip("\n").split("\n")[1:-1]))).lower()
