#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: probe_gcc_test.sh
# Redox prefixes are made here, of scripts that call Debian's tools and leave a mark.
# shellcheck source=toolchains/testing/testing.sh
source toolchains/testing/testing.sh

readonly probe=toolchains/probe_gcc.sh
scratch=$(mktemp -d "$TEST_TMPDIR/prefix.XXXXXX")

# Sets `status`, `said` and `complaint` for a probe.
try() {  # ARCH [FOLDER]
  status=0
  said=$("$probe" "$@" 2>"$scratch/complaint") || status=$?
  complaint=$(cat "$scratch/complaint")
}

# NAME PART: the probe failed, with one line that has PART in it.
expect_refused() {
  expect "$1: status" "$status" 1
  expect "$1: one line" "$(wc -l <"$scratch/complaint")" 1
  expect_part "$1: says why" "$complaint" "$2"
}

# A prefix for $1 in $folder.
made=0
fresh() {
  local tool
  folder=$scratch/$((++made))
  mkdir -p "$folder/bin"
  for tool in g++ gcc ar nm objcopy strip ld; do
    printf '#!/bin/sh\necho %s >>%q\nexec %s "$@"\n' "$tool" "$folder/used" "$1-linux-gnu-$tool" \
      >"$folder/bin/$1-unknown-redox-$tool"
  done
  chmod +x "$folder/bin"/*
}

for arch in x86_64 aarch64; do
  variable=REDOX_PREFIX_${arch^^}
  try "$arch"
  expect "$arch, Debian's: status" "$status" 0
  expect "$arch, Debian's: prefix" "$(head -n 1 <<<"$said")" "/usr/bin/$arch-linux-gnu-"

  fresh "$arch"
  try "$arch" "$folder"
  expect "$arch, a prefix: status" "$status" 0
  expect "$arch, a prefix: its tools" "$(head -n 1 <<<"$said")" "$folder/bin/$arch-unknown-redox-"
  expect "$arch, a prefix: its compiler is asked" "$(sort -u "$folder/used")" g++
  expect_part "$arch, a prefix: links with a plugin" "$(sed -n 4p <<<"$said")" liblto_plugin.so

  # As GCC says it that is built without.
  printf '#!/bin/sh\ncase " $* " in *" -flto "*) echo "LTO support has not been enabled" >&2; exit 1 ;; esac\n%s\n' \
    "exec $arch-linux-gnu-g++ \"\$@\"" >"$folder/bin/$arch-unknown-redox-g++"
  try "$arch" "$folder"
  expect "$arch, without -flto: status" "$status" 0
  expect "$arch, without -flto: no plugin" "$(sed -n 4p <<<"$said")" ""

  for tool in g++ gcc ar nm objcopy strip ld; do
    fresh "$arch"
    rm "$folder/bin/$arch-unknown-redox-$tool"
    try "$arch" "$folder"
    expect_refused "$arch, no $tool" "$variable: $folder has no bin/$arch-unknown-redox-$tool;"
  done
  printf '#!/bin/sh\nexit 1\n' >"$folder/bin/$arch-unknown-redox-g++"
  cp "$folder/bin/$arch-unknown-redox-nm" "$folder/bin/$arch-unknown-redox-ld"
  try "$arch" "$folder"
  expect_refused "$arch, g++ fails" "$folder/bin/$arch-unknown-redox-g++ does not run"
  printf '#!/bin/sh\necho 9.3.0\n' >"$folder/bin/$arch-unknown-redox-g++"
  try "$arch" "$folder"
  expect_refused "$arch, an old GCC" "is GCC 9.3.0; 11 or newer"
  try "$arch" relative
  expect_refused "$arch, not absolute" "$variable: relative is not an absolute path"
  try "$arch" "$scratch/none"
  expect_refused "$arch, no folder" "$variable: $scratch/none is not a folder"
done
finish
