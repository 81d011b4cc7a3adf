#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What runtime/abi declares, read from its headers.

usage: abi_facts.py HEADER...   prints a C++ program that prints the values as a compiler sees them

The program prints lines as relibc/abi-*.txt has them: `sizeof(struct stat) 144`, `alignof(struct stat)
8`, `struct stat.st_dev @ 0` (offset), `struct stat.st_dev # 8` (size), `O_CREAT 33554432`. It is made
from the headers so that nothing that they declare can be left out; what is not understood here is an
error, not passed over.
"""
import re
import sys
from dataclasses import dataclass, field
from typing import Dict, List, Sequence


@dataclass
class Declarations:
    """structs: fields by name of our struct. constants: our names, without k. functions: C prototypes by name."""
    structs: Dict[str, List[str]] = field(default_factory=dict)
    constants: List[str] = field(default_factory=list)
    functions: Dict[str, str] = field(default_factory=dict)


_STRUCT = re.compile(r"struct (\w+) \{([^}]*)\};")
_ENUM = re.compile(r"enum \w+(?: : \w+)? \{([^}]*)\};")
_CONSTANT = re.compile(r"inline constexpr [\w:]+ k(\w+) =\s*[^;]+;")
_FIELD = re.compile(r"^[\w: ]+?\b(\w+)(?:\[\w+\])?$")
_FUNCTION = re.compile(r"(?:\[\[noreturn\]\] )?([\w:]+(?: ?\*)* ?)(\w+)\(((?:[^()]|\([^()]*\))*(?:\(\*\w+\)\([^()]*\))?)\);")


def read_header(path: str, found: Declarations) -> None:
    """Adds what the header at `path` declares; raises ValueError at what is not understood."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"//[^\n]*", "", text)
    text = re.sub(r"(?m)^#[^\n]*$", "", text)
    text = re.sub(r"static_assert\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\);", "", text)
    text = text.replace("'", "")
    text = " ".join(text.split())

    def struct(match: "re.Match[str]") -> str:
        fields = []
        for declaration in filter(None, map(str.strip, match.group(2).split(";"))):
            parsed = _FIELD.match(declaration)
            if parsed is None:
                raise ValueError("%s: struct %s: not understood: %s" % (path, match.group(1), declaration))
            fields.append(parsed.group(1))
        found.structs[match.group(1)] = fields
        return ""

    def enum(match: "re.Match[str]") -> str:
        for item in filter(None, map(str.strip, match.group(1).split(","))):
            parsed = re.fullmatch(r"k(\w+) = \d+", item)
            if parsed is None:
                raise ValueError("%s: enumerator not understood: %s" % (path, item))
            found.constants.append(parsed.group(1))
        return ""

    def constant(match: "re.Match[str]") -> str:
        found.constants.append(match.group(1))
        return ""

    def function(match: "re.Match[str]") -> str:
        found.functions[match.group(2)] = match.group(0)
        return ""

    for pattern, take in ((_STRUCT, struct), (_ENUM, enum), (_CONSTANT, constant), (_FUNCTION, function)):
        text = pattern.sub(take, text)
    text = re.sub(r"namespace [\w:]+ \{|extern \"C\"|[{} ]", "", text)
    if text:
        raise ValueError("%s: not understood: %s" % (path, text[:200]))


def read_headers(paths: Sequence[str]) -> Declarations:
    """What all of `paths` declare."""
    found = Declarations()
    for path in sorted(paths):
        read_header(path, found)
    return found


def c_name(struct: str) -> str:
    """Our StatVfs is C's statvfs."""
    return struct.lower()


_PROGRAM = """\
// SPDX-License-Identifier: MIT
// Made by abi_facts.py.
%(includes)s
namespace {

struct Fact {
  const char* name;
  long long value;
};

using namespace cation::abi;
constexpr Fact kFacts[] = {
%(facts)s
};

void WriteAll(const char* text, size_t size) {
  while (size != 0) {
    const size_t written = redox_write_v1(1, text, size);
    if (written == 0 || written > size) __builtin_trap();
    text += written;
    size -= written;
  }
}

}  // namespace

extern "C" int main(int, char**, char**) {
  for (const Fact& fact : kFacts) {
    char digits[24];
    size_t at = sizeof(digits);
    digits[--at] = '\\n';
    const bool negative = fact.value < 0;
    auto rest = static_cast<unsigned long long>(fact.value);
    if (negative) rest = -rest;
    do {
      digits[--at] = static_cast<char>('0' + rest %% 10);
      rest /= 10;
    } while (rest != 0);
    if (negative) digits[--at] = '-';
    digits[--at] = ' ';
    WriteAll(fact.name, __builtin_strlen(fact.name));
    WriteAll(digits + at, sizeof(digits) - at);
  }
  return 0;
}
"""


def program(paths: Sequence[str]) -> str:
    """The C++ program that prints the facts."""
    found = read_headers(paths)
    facts: List[str] = []

    def fact(name: str, value: str) -> None:
        facts.append('    {"%s", static_cast<long long>(%s)},' % (name, value))

    for struct, fields in sorted(found.structs.items()):
        name = c_name(struct)
        fact("sizeof(struct %s)" % name, "sizeof(%s)" % struct)
        fact("alignof(struct %s)" % name, "alignof(%s)" % struct)
        for member in fields:
            fact("struct %s.%s @" % (name, member), "offsetof(%s, %s)" % (struct, member))
            fact("struct %s.%s #" % (name, member), "sizeof(%s::%s)" % (struct, member))
    for constant in found.constants:
        fact(constant, "k" + constant)
    includes = "".join('#include "%s"\n' % path for path in sorted(paths))
    return _PROGRAM % {"includes": includes, "facts": "\n".join(facts)}


if __name__ == "__main__":
    try:
        sys.stdout.write(program(sys.argv[1:]))
    except ValueError as error:
        sys.exit("abi_facts.py: %s" % error)
