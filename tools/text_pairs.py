#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes runtime/core/text_pairs.h: the pairs of bytes by which programs' texts are packed (runtime/core/packed_text.h).

usage: text_pairs.py PROGRAM... > runtime/core/text_pairs.h

The PROGRAMs are the commands of the suite, linked for this machine: what they say with --help is what they carry, beside the
messages of errors and of options, which are in all of them. The commonest pair of bytes becomes one, until there are enough: byte pair
encoding. Any pairs do: these are good ones for the texts of the day, and need not be made anew with each new text.
"""
import collections
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import List, Tuple

# Each takes two bytes of every program. More gain less than that in small ones.
_PAIRS = 96
_LONGEST = 32  # packing::Tokens::kLongest
# Where the texts are that every program has.
_SOURCES = Path(__file__).resolve().parent.parent
_ERRORS = _SOURCES / "runtime/core/error_message.cc"
_MESSAGES = (_SOURCES / "coreutils/support/diagnostics.cc", _SOURCES / "coreutils/support/options.cc")

Text = List[int]


def texts(programs: List[str]) -> List[Tuple[Text, int]]:
    """What programs carry, and how many of them carry it."""
    everywhere = re.findall(r'"\\\d{3}([^"]*)\\0"', _ERRORS.read_text(encoding="ascii"))
    for source in _MESSAGES:
        for text in re.findall(r'PackedText<"([^"]*)">', source.read_text(encoding="ascii")):
            everywhere.append(text.replace("\\1", "\1").replace("\\n", "\n"))
    found = [([ord(c) for c in text], len(programs)) for text in everywhere]
    for program in programs:
        said = subprocess.run([program, "--help"], stdout=subprocess.PIPE, check=False).stdout.decode("ascii")
        name = os.path.basename(program)
        said = said.replace("Usage: " + name, "Usage: \1").replace("   or: " + name, "   or: \1")
        found.append(([ord(c) for c in said], 1))
    return found


def pairs_of(corpus: List[Tuple[Text, int]]) -> List[Tuple[int, int]]:
    """The pairs; the first is byte 0x80."""
    pairs: List[Tuple[int, int]] = []
    lengths = {byte: 1 for byte in range(0x80)}
    while len(pairs) < _PAIRS:
        counts: "collections.Counter[Tuple[int, int]]" = collections.Counter()
        for text, weight in corpus:
            previous = None
            for pair in zip(text, text[1:]):
                # "aaa" has one pair of "aa".
                previous = None if pair == previous and pair[0] == pair[1] else pair
                if previous is not None and 1 not in pair and lengths[pair[0]] + lengths[pair[1]] <= _LONGEST:
                    counts[pair] += weight
        best = max(counts, key=lambda pair: (counts[pair], pair))
        new = 0x80 + len(pairs)
        lengths[new] = lengths[best[0]] + lengths[best[1]]
        pairs.append(best)
        for text, _ in corpus:
            place = 0
            while place + 1 < len(text):
                if (text[place], text[place + 1]) == best:
                    text[place:place + 2] = [new]
                place += 1
    return pairs


def main(arguments: List[str]) -> int:
    """Prints the header."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    print("// SPDX-License-Identifier: MIT\n//\n// Made by tools/text_pairs.py: what the bytes from 0x80 on stand for, see packed_text.h.\n"
          "#ifndef CATION_RUNTIME_CORE_TEXT_PAIRS_H_\n#define CATION_RUNTIME_CORE_TEXT_PAIRS_H_\n\n#include <stddef.h>\n\n"
          "namespace cation {\n\n// clang-format off\ninline constexpr char kTextPairs[] =")
    spelled = ["".join("\\%03o" % byte if byte < 0x20 or byte >= 0x7f or chr(byte) in "\"\\?" else chr(byte) for byte in pair)
               for pair in pairs_of(texts(arguments))]
    # Digits behind an escape belong to it, when there are less than three: here there are three.
    lines = ['    "%s"' % "".join(spelled[i:i + 8]) for i in range(0, len(spelled), 8)]
    print("\n".join(lines) + ";\n// clang-format on\n\ninline constexpr size_t kTextPairCount = (sizeof(kTextPairs) - 1) / 2;\n\n"
          "}  // namespace cation\n\n#endif  // CATION_RUNTIME_CORE_TEXT_PAIRS_H_")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
