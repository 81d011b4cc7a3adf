#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: probe_sysroot_test.sh
# shellcheck source=toolchains/testing/testing.sh
source toolchains/testing/testing.sh

readonly probe=toolchains/probe_sysroot.sh
readonly made=toolchains/testing/sysroot_2026
scratch=$(mktemp -d "$TEST_TMPDIR/probe.XXXXXX")

# Sets `status`, `symbols` and `complaint` for a probe of FOLDER as ARCH.
try() {  # ARCH FOLDER
  status=0
  symbols=$("$probe" "$1" "$2" 2>"$scratch/complaint") || status=$?
  complaint=$(cat "$scratch/complaint")
}

# A copy of the made sysroot for $1, in $folder, to spoil.
fresh() {
  folder=$scratch/$((++made_copies))
  cp -rL "${made}_01/$1" "$folder"
  chmod -R u+w "$folder"
}
made_copies=0

# NAME VARIABLE PART: the probe failed, and says so on one line that begins with VARIABLE.
expect_refused() {
  expect "$1: status" "$status" 1
  expect "$1: one line" "$(wc -l <"$scratch/complaint")" 1
  expect "$1: names the variable" "${complaint%%:*}" "$2"
  expect_part "$1: says why" "$complaint" "$3"
}

for arch in x86_64 aarch64; do
  for revision in 01 08; do
    try "$arch" "$PWD/${made}_$revision/$arch"
    expect "$arch, revision $revision: status" "$status" 0
    expect "$arch, revision $revision: its start is there" "$(grep -cx relibc_start_v1 <<<"$symbols")" 1
  done
done

fresh aarch64
try x86_64 "$folder"
expect_refused "wrong architecture" REDOX_SYSROOT_X86_64 "$folder/lib/libc.a is for aarch64, not x86_64"
try aarch64 "sysroot"
expect_refused "not absolute" REDOX_SYSROOT_AARCH64 "sysroot is not an absolute path"
try aarch64 "$scratch/none"
expect_refused "no folder" REDOX_SYSROOT_AARCH64 "$scratch/none is not a folder"
for piece in libc.a crt0.o crti.o crtn.o; do
  fresh aarch64
  rm "$folder/lib/$piece"
  try aarch64 "$folder"
  expect_refused "no $piece" REDOX_SYSROOT_AARCH64 "$folder has no lib/$piece"
  mkdir "$folder/lib/$piece"
  try aarch64 "$folder"
  expect_refused "$piece a folder" REDOX_SYSROOT_AARCH64 "$folder/lib/$piece cannot be read"
  rmdir "$folder/lib/$piece"
  cp -L "${made}_01/x86_64/lib/$piece" "$folder/lib/"
  try aarch64 "$folder"
  expect_refused "$piece of another machine" REDOX_SYSROOT_AARCH64 "lib/$piece is for x86_64, not aarch64"
done
fresh aarch64
rm -r "$folder/include"
try aarch64 "$folder"
expect_refused "no headers" REDOX_SYSROOT_AARCH64 "$folder has no include/"
fresh aarch64
echo "no archive" >"$folder/lib/libc.a"
try aarch64 "$folder"
expect_refused "libc.a of text" REDOX_SYSROOT_AARCH64 "$folder/lib/libc.a is not an archive"
printf '!<arch>\n' >"$folder/lib/libc.a"
try aarch64 "$folder"
expect_refused "empty libc.a" REDOX_SYSROOT_AARCH64 "$folder/lib/libc.a holds no object file"
fresh aarch64
: >"$folder/lib/crti.o"
try aarch64 "$folder"
expect_refused "empty crti.o" REDOX_SYSROOT_AARCH64 "$folder/lib/crti.o holds no object file"

finish
