#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: build_note_test.sh
# shellcheck source=toolchains/testing/testing.sh
source toolchains/testing/testing.sh

scratch=$(mktemp -d "$TEST_TMPDIR/note.XXXXXX")
cat >"$scratch/status" <<EOF
STABLE_CATION_COMMIT 0123456789ab-dirty
STABLE_CATION_DATE 2026-01-31
EOF

# The number in four little-endian bytes at offset $2 of file $1.
u32() { od -An -tu4 --endian=little -j "$2" -N 4 "$1" | tr -d ' '; }

# Text of each length modulo four, so that every padding occurs.
for program in a ab abc abcd; do
  text="name=$program
version=0.1.0
commit=0123456789ab-dirty
date=2026-01-31
arch=x86_64
libc=standin
"
  toolchains/build_note.sh "$scratch/status" "$program" 0.1.0 x86_64 standin >"$scratch/note.cc"
  g++ -std=c++20 -Wall -Wextra -Werror -c "$scratch/note.cc" -o "$scratch/note.o"
  objcopy --dump-section ".note.cation=$scratch/note" "$scratch/note.o" /dev/null
  expect "$program: section of notes" \
    "$(readelf -SW "$scratch/note.o" | grep -cE '\.note\.cation +NOTE .* AR? ')" 1
  expect "$program: length of the owner" "$(u32 "$scratch/note" 0)" 7
  expect "$program: length of the text" "$(u32 "$scratch/note" 4)" "${#text}"
  expect "$program: type" "$(u32 "$scratch/note" 8)" 1
  expect "$program: owner" "$(od -An -c -j 12 -N 8 "$scratch/note" | tr -d ' ')" 'Cation\0\0'
  expect "$program: text" "$(tail -c +21 "$scratch/note" | head -c "${#text}")" "${text%$'\n'}"
  expect "$program: padded to four bytes" "$(stat -c %s "$scratch/note")" $((20 + (${#text} + 3) / 4 * 4))
  expect "$program: the symbol is at its start" \
    "$(nm "$scratch/note.o" | grep cation_build_note)" "0000000000000000 R cation_build_note"
done

: >"$scratch/status"
toolchains/build_note.sh "$scratch/status" cat 0.1.0 aarch64 relibc >"$scratch/note.cc"
expect "no status" "$(grep -c '=unknown$' "$scratch/note.cc")" 2

# In what is built.
for program in userland_standin/{x86_64,aarch64}/usr/bin/cat userland_host/usr/bin/cat; do
  objcopy=objcopy
  # binutils' knows one architecture.
  [[ $program != */aarch64/* ]] || objcopy=aarch64-linux-gnu-objcopy
  [[ $program != */x86_64/* ]] || objcopy=x86_64-linux-gnu-objcopy
  "$objcopy" --dump-section ".note.cation=$scratch/built" "$program" /dev/null
  expect_part "$program" "$(tail -c +21 "$scratch/built" | tr -d '\0')" $'name=cat\nversion='
  expect "$program: a note for whoever reads segments" \
    "$(readelf -n "$program" | grep -c 'Cation ')" 1
done
expect_part "architecture" "$(readelf -p .note.cation userland_standin/aarch64/usr/bin/cat)" \
  "arch=aarch64"
expect_part "C library" "$(readelf -p .note.cation userland_host/usr/bin/cat)" "libc=host"
finish
