# SPDX-License-Identifier: MIT
"""What the checks want to know of a Markdown file: its headings, links, code and comments, with their lines."""
import re
from dataclasses import dataclass, field
from typing import Dict, List, Optional, Tuple

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*([^\s`]*)\s*$")
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_COMMENT = re.compile(r"<!--\s*(.*?)\s*-->")
_CODE_SPAN = re.compile(r"(`+)(.+?)(?<!`)\1(?!`)")
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*<?([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+\"[^\"]*\")?\s*\)")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:\s+<?(\S+?)>?(?:\s|$)")
_AUTOLINK = re.compile(r"<([a-z]+:[^\s<>]+)>")


@dataclass
class Block:
    """Fenced code; `line` is the fence's, counted from 1."""

    line: int
    language: str
    text: List[str] = field(default_factory=list)
    end: int = 0
    # The comments on the lines right before it, first to last.
    comments: List[str] = field(default_factory=list)


@dataclass
class Document:
    """One file."""

    path: str
    blocks: List[Block] = field(default_factory=list)
    links: List[Tuple[int, str]] = field(default_factory=list)  # (line, target)
    spans: List[Tuple[int, str]] = field(default_factory=list)  # (line, code between backquotes)
    anchors: Dict[str, int] = field(default_factory=dict)  # to the line
    problems: List[Tuple[int, str]] = field(default_factory=list)


def anchor_of(heading: str) -> str:
    """What a heading is called in links, as GitHub does it."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.replace("`", "")).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def parse(path: str, text: str) -> Document:
    document = Document(path)
    block: Optional[Block] = None
    fence = ""
    comments: List[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        opened = _FENCE.match(line)
        if block is not None:
            if opened and opened.group(1).startswith(fence) and not opened.group(2):
                block.end = number
                block = None
            else:
                block.text.append(line)
            continue
        if opened:
            block, fence = Block(number, opened.group(2), comments=comments), opened.group(1)
            document.blocks.append(block)
            comments = []
            continue
        found = _COMMENT.fullmatch(line.strip())
        if found:
            comments.append(found.group(1))
            continue
        if line.strip():
            comments = []
        heading = _HEADING.match(line)
        if heading:
            name = anchor_of(heading.group(1))
            count = 0
            while name + ("-%d" % count if count else "") in document.anchors:
                count += 1
            document.anchors[name + ("-%d" % count if count else "")] = number
        document.spans += [(number, match.group(2).strip()) for match in _CODE_SPAN.finditer(line)]
        plain = _CODE_SPAN.sub("`code`", line)
        document.links += [(number, match.group(1)) for pattern in (_LINK, _DEFINITION, _AUTOLINK) for match in pattern.finditer(plain)]
    if block is not None:
        document.problems.append((block.line, "this code block has no end; close it with " + fence))
    return document


def read(path: str) -> Document:
    with open(path, encoding="utf-8") as file:
        return parse(path, file.read())
