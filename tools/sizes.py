#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The sizes of the programs, for `./cation sizes`.

usage: sizes.py [--readme | --check PERCENT] ARCHITECTURE:LINK:FOLDER...

FOLDER holds usr/bin and libexec/cation/empty; LINK is standin, standin-gcc (of GCC's objects), redox or
host. Prints TSV lines:
architecture, link, program, bytes of the stripped file, bytes above the empty program linked the
same way. With --readme, writes them as a table between the lines <!-- sizes:begin --> and
<!-- sizes:end --> of README.md instead. With --check, says which of that table's figures of those
userlands are more than PERCENT off, or of no program, or missing: status 1.
"""
import argparse
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


NAMES = {"standin": "Redox objects, stand-in", "standin-gcc": "the same by GCC", "redox": "Redox, relibc", "host": "host"}


def table(userlands):
    """The same as a Markdown table, one line per program."""
    cells, columns = {}, []
    for arch, link, program, size, above in rows(userlands):
        column = "%s, %s" % (NAMES[link], arch)
        if column not in columns:
            columns.append(column)
        cells.setdefault(program, {})[column] = "%s (+%s)" % (
            format(size, ","),
            format(above, ","),
        )
    lines = [
        "| program | " + " | ".join(columns) + " |",
        "| --- |" + " ---: |" * len(columns),
    ]
    for program in sorted(cells):
        row = [cells[program].get(column, "") for column in columns]
        lines.append("| `%s` | %s |" % (program, " | ".join(row)))
    return "\n".join(lines)


def figures(text):
    """{column: {program: (bytes of the stripped file, bytes above empty)}} of a table()."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    found = {column: {} for column in lines[0][1:]} if lines else {}
    for program, *row in lines[2:]:
        for column, cell in zip(found, row):
            if cell:
                found[column][program.strip("`")] = tuple(int(number.replace(",", "")) for number in re.findall(r"-?[\d,]+", cell))
    return found


def differences(written, measured, percent):
    """What is to be said of a table that was written, beside the one that is measured."""
    lines = []
    for column, programs in measured.items():
        old = written.get(column, {})
        for program in sorted(set(programs) | set(old)):
            was, now = old.get(program), programs.get(program)
            if was is None or now is None:
                lines.append("%s, %s: %s" % (program, column, "not there" if was is None else "there is no such program"))
            elif any(abs(a - b) * 100 > percent * now[0] for a, b in zip(was, now)):
                lines.append("%s, %s: %s, and it is %s" % (program, column, *("{:,} (+{:,})".format(*sizes) for sizes in (was, now))))
    return lines


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0])
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--check", type=int)
    parser.add_argument("userlands", nargs="+")
    options = parser.parse_args()
    userlands = [text.split(":", 2) for text in options.userlands]
    if not options.readme and options.check is None:
        for row in rows(userlands):
            print("\t".join(str(cell) for cell in row))
        return 0
    with open("README.md", encoding="utf-8") as file:
        old = file.read()
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    if len(pattern.findall(old)) != 1:
        sys.exit("sizes: README.md needs one pair of lines %s and %s" % (BEGIN, END))
    if options.check is not None:
        measured = figures(table(userlands))
        found = differences(figures(pattern.findall(old)[0]), measured, options.check)
        for line in found:
            print("FAILED README.md: " + line)
        print("%d figures of the table in README.md: %d are to be renewed" % (sum(map(len, measured.values())), len(found)))
        if found:
            print("To renew them: ./cation sizes --readme")
        return 1 if found or not measured or not all(measured.values()) else 0
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
    return 0


if __name__ == "__main__":
    sys.exit(main())
