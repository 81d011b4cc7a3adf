# SPDX-License-Identifier: MIT
"""Links between the Markdown files, and the paths that they name."""
import os
import re
import urllib.parse
from typing import Callable, Dict, Iterator, List

import markdown

# A path of this repository between backquotes: it begins with one of its folders, and nothing in it is a pattern or a place for something.
_PATH = re.compile(r"(?:\./)?((?:runtime|coreutils|shell-ext|image|toolchains|tests|tools|docs)/[\w./+-]*[\w/])")


def _external(target: str) -> str:
    """What is wrong with the form of a link to elsewhere; nothing is asked of the network."""
    parts = urllib.parse.urlsplit(target)
    if parts.scheme == "mailto":
        return "" if re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", parts.path) else "no address"
    if parts.scheme not in ("http", "https"):
        return f"links by {parts.scheme}: lead nowhere; write https://"
    if not re.fullmatch(r"([\w-]+\.)+[a-z]{2,}", parts.hostname or ""):
        return "there is no host name in it"
    return ""


def check(paths: List[str], tracked: List[str], read: Callable[[str], markdown.Document] = markdown.read) -> Iterator[str]:
    """The findings, each FILE:LINE: what is wrong. `tracked`: all files of the repository, of which links and paths may name any."""
    known = set(tracked)
    for path in tracked:
        while path:
            path = os.path.dirname(path)
            known.add(path)
    documents: Dict[str, markdown.Document] = {}

    def document(path: str) -> markdown.Document:
        if path not in documents:
            documents[path] = read(path)
        return documents[path]

    for path in paths:
        for line, problem in document(path).problems:
            yield f"{path}:{line}: {problem}"
        for line, target in document(path).links:
            if re.match("[a-zA-Z][a-zA-Z0-9+.-]*:", target):
                problem = _external(target)
                if problem:
                    yield f"{path}:{line}: {target}: {problem}"
                continue
            place, _, anchor = target.partition("#")
            place = urllib.parse.unquote(place)
            whole = os.path.normpath(os.path.join(os.path.dirname(path), place)) if place else path
            if whole == ".":
                whole = ""
            if target == "" or whole not in known:
                yield f"{path}:{line}: there is no {whole or repr(target)} for this link; correct it, or git add the file"
            elif anchor and whole.endswith(".md") and anchor not in document(whole).anchors:
                near = ", ".join(sorted(document(whole).anchors)[:40])
                yield f"{path}:{line}: {whole} has no heading for #{anchor}; it has: {near}"
        for line, span in document(path).spans:
            found = _PATH.fullmatch(span)
            if found and found.group(1).rstrip("/") not in known and "NAME" not in span:
                yield f"{path}:{line}: there is no {span}; correct the path, or git add the file"
