#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: build_note.sh STATUS_FILE NAME VERSION ARCH LIBC >note.cc
# Writes the C++ source of a program's ELF note (see build_note.bzl). STATUS_FILE holds the lines of
# workspace_status.sh.
set -euo pipefail

status=$1 name=$2 version=$3 arch=$4 libc=$5
commit=$(sed -n 's/^STABLE_CATION_COMMIT //p' "$status")
date=$(sed -n 's/^STABLE_CATION_DATE //p' "$status")
text="name=$name
version=$version
commit=${commit:-unknown}
date=${date:-unknown}
arch=$arch
libc=$libc
"

# $1 as four little-endian bytes.
u32() { printf '%d, %d, %d, %d,' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24)); }
# stdin as lines of numbers.
bytes() { od -An -v -tu1 | sed -e 's/[0-9][0-9]*/&,/g' -e 's/^ */    /' -e 's/  */ /g'; }
# Notes are padded to four bytes.
padding() { local n=$(((4 - $1 % 4) % 4)); while ((n-- > 0)); do printf ' 0,'; done; }

cat <<EOF
// SPDX-License-Identifier: MIT
// Written by toolchains/build_note.sh:
$(sed -e '/^$/d' -e 's|^|//   |' <<<"$text")

extern "C" {
extern const unsigned char cation_build_note[];
__attribute__((section(".note.cation"), used, retain, aligned(4)))
const unsigned char cation_build_note[] = {
    $(u32 7)  // length of the name, its NUL included
    $(u32 ${#text})  // length of the text, padding not included
    $(u32 1)  // type
    'C', 'a', 't', 'i', 'o', 'n', 0, 0,
$(printf '%s' "$text" | bytes)
   $(padding ${#text})
};
}
EOF
