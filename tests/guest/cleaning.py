# SPDX-License-Identifier: MIT
"""Makes text for matching of what a serial line brings, however it is cut up.

    cleaner = Cleaner()
    text, kernel_lines = cleaner.feed(received)
    text, kernel_lines = cleaner.flush()       # when nothing has come for a while

Removed: NUL; escape sequences of terminals; lines of the Linux kernel's log that were printed in the middle of another line, so that
the torn line is whole again. "\\r\\n" is "\\n"; a "\\r" of its own stays. Bytes that are no UTF-8 become
U+FFFD. What may be the beginning of one of those is kept back until more comes, or until flush().
"""
import codecs
import re
from dataclasses import dataclass
from typing import List, Tuple

# <6>[   12.345678][    T1] text: a level only where raw records are shown, a thread where the kernel was built to say it.
_STAMP = r"(?:<\d{1,3}>)?\[ {0,4}\d{1,7}\.\d{6}\](?:\[ *[CT]\d+\])? "
_KERNEL_LINE = re.compile(_STAMP + r"[^\n]*\n")
_KERNEL_BEGUN = re.compile(_STAMP + r"[^\n]*\Z")
_STAMP_BEGUN = re.compile(r"(?:<\d{0,3}>?|(?:<\d{1,3}>)?\[ {0,4}"
                          r"(?:\d{1,7}(?:\.(?:\d{0,5}|\d{6}(?:\](?:\[ *(?:[CT]\d*)?\]?)?)?))?)?)\Z")
_LONGEST_BEGUN = 40
_LONGEST_TORN = 1000

_ESCAPE = re.compile(r"\x1b(?:"
                     r"\[[0-?]*[ -/]*[@-~]"  # CSI
                     r"|[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)"  # OSC, DCS and the like, with their text
                     r"|[ -/]+[0-~]"  # character sets
                     r"|[0-OQ-WYZ\\`-~])")  # two characters: ESC c, ESC 7, ...
_ESCAPE_BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b\n]{0,256}\x1b?|[ -/]*)\Z")


def without_escapes(text: str) -> str:
    return _ESCAPE.sub("", text)


@dataclass(frozen=True)
class KernelLine:
    text: str
    torn: str  # the beginning of the line that it was in the middle of


class Cleaner:
    def __init__(self, kernel: bool = True) -> None:
        """`kernel`: cut out the kernel's lines."""
        self._kernel = kernel
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._torn = ""  # the end of the text so far that may be torn by a line of the kernel's
        self._raw = ""  # kept back: may be the beginning of a line of the kernel's
        self._coded = ""  # kept back: may be the beginning of an escape sequence, or a "\r" before "\n"

    def feed(self, received: bytes) -> Tuple[str, List[KernelLine]]:
        """The text that is certain by now, and the lines of the kernel that were cut out of it."""
        return self._clean(self._decoder.decode(received).replace("\0", ""), False)

    def flush(self) -> Tuple[str, List[KernelLine]]:
        """Also what was kept back."""
        return self._clean("", True)

    @property
    def keeps_back(self) -> bool:
        return bool(self._raw or self._coded)

    def _clean(self, text: str, everything: bool) -> Tuple[str, List[KernelLine]]:
        text = self._raw + text
        self._raw = ""
        lines: List[KernelLine] = []
        if self._kernel:
            text = _KERNEL_LINE.sub(lambda line: self._cut(line, lines), text)
            if not everything:
                begun = _KERNEL_BEGUN.search(text) or _STAMP_BEGUN.search(text, max(0, len(text) - _LONGEST_BEGUN))
                if begun:
                    text, self._raw = text[:begun.start()], text[begun.start():]

        self._torn = (self._torn + text)[-_LONGEST_TORN:].rpartition("\n")[2]
        text = self._coded + text
        self._coded = ""
        text = without_escapes(text)
        text = re.sub(r"\r+\n", "\n", text)
        if not everything:
            kept = _ESCAPE_BEGUN.search(text) or re.search(r"\r+\Z", text)
            if kept:
                text, self._coded = text[:kept.start()], text[kept.start():]
        return text, lines

    def _cut(self, line: "re.Match[str]", lines: List[KernelLine]) -> str:
        before = self._torn + _KERNEL_LINE.sub("", line.string[:line.start()])
        lines.append(KernelLine(without_escapes(line.group()).strip(), before.rpartition("\n")[2].lstrip("\r")))
        return ""
