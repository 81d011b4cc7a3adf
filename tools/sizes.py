#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The sizes of the programs, for `./cation sizes`.

usage: sizes.py [--readme] ARCHITECTURE:LINK:FOLDER...

FOLDER holds usr/bin and libexec/cation/empty; LINK is standin, standin-gcc (of GCC's objects), redox or
host. Prints TSV lines:
architecture, link, program, bytes of the stripped file, bytes above the empty program linked the
same way. With --readme, writes them as a table between the lines <!-- sizes:begin --> and
<!-- sizes:end --> of README.md instead.
"""
import os
import re
import sys

BEGIN, END = "<!-- sizes:begin -->", "<!-- sizes:end -->"


def rows(userlands):
    """(architecture, link, program, bytes, bytes above empty) of each program."""
    for arch, link, folder in userlands:
        empty = os.path.getsize(os.path.join(folder, "libexec/cation/empty"))
        programs = os.path.join(folder, "usr/bin")
        for program in sorted(os.listdir(programs)):
            size = os.path.getsize(os.path.join(programs, program))
            yield arch, link, program, size, size - empty


def table(userlands):
    """The same as a Markdown table, one line per program."""
    cells, columns = {}, []
    for arch, link, program, size, above in rows(userlands):
        if (arch, link) not in columns:
            columns.append((arch, link))
        cells.setdefault(program, {})[arch, link] = "%s (+%s)" % (
            format(size, ","),
            format(above, ","),
        )
    names = {"standin": "Redox objects, stand-in", "standin-gcc": "the same by GCC", "redox": "Redox, relibc", "host": "host"}
    lines = [
        "| program | " + " | ".join("%s, %s" % (names[link], arch) for arch, link in columns) + " |",
        "| --- |" + " ---: |" * len(columns),
    ]
    for program in sorted(cells):
        row = [cells[program].get(column, "") for column in columns]
        lines.append("| `%s` | %s |" % (program, " | ".join(row)))
    return "\n".join(lines)


def main():
    arguments = sys.argv[1:]
    readme = "--readme" in arguments
    userlands = [a.split(":", 2) for a in arguments if a != "--readme"]
    if not readme:
        for row in rows(userlands):
            print("\t".join(str(cell) for cell in row))
        return
    with open("README.md", encoding="utf-8") as file:
        old = file.read()
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    if len(pattern.findall(old)) != 1:
        sys.exit("sizes: README.md needs one pair of lines %s and %s" % (BEGIN, END))
    text = "%s\nBytes of the stripped file (above the empty program linked the same way).\n\n%s\n%s" % (
        BEGIN,
        table(userlands),
        END,
    )
    new = pattern.sub(lambda _: text, old)
    if new != old:
        with open("README.md.new", "w", encoding="utf-8") as file:
            file.write(new)
        os.replace("README.md.new", "README.md")


if __name__ == "__main__":
    main()
