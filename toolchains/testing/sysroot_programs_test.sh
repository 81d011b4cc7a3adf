#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: sysroot_programs_test.sh
# The sysroot is made of the stand-in, so what is linked with it runs here.
# shellcheck source=toolchains/testing/testing.sh
source toolchains/testing/testing.sh

scratch=$(mktemp -d "$TEST_TMPDIR/programs.XXXXXX")
text="$scratch/text"
printf 'one\ntwo\n' >"$text"

for arch in x86_64 aarch64; do
  run=()
  [[ $arch == "$(uname -m)" ]] || run=("$(command -v "qemu-$arch" || command -v "qemu-$arch-static")")
  for bin in userland_redox/$arch/usr/bin toolchains/testing/with_crt0/$arch/usr/bin; do
    expect "$bin: cat" "$("${run[@]}" "$bin/cat" "$text")" $'one\ntwo'
    "$arch-linux-gnu-objcopy" --dump-section ".note.cation=$scratch/note" "$bin/cat" /dev/null
    expect "$bin: the note says relibc" "$(grep -a '^libc=' "$scratch/note")" libc=relibc
    rm "$scratch/note"
    expect "$bin: thread storage" "$(readelf -lW "$bin/cat" | grep -c ' TLS ')" 1
    expect "$bin: _init and _fini" \
      "$(readelf -SW "$bin/cat" | grep -cE ' \.(init|fini) ')" 2
  done

  bin=userland_redox/$arch/usr/bin
  "${run[@]}" "$bin/mkdir" -p "$scratch/a/b"
  "${run[@]}" "$bin/cp" "$text" "$scratch/a/b/copy"
  expect "$bin: mkdir, cp, ls" "$("${run[@]}" "$bin/ls" -R "$scratch/a")" \
    "$scratch/a:"$'\nb\n\n'"$scratch/a/b:"$'\ncopy'
  "${run[@]}" "$bin/rm" -r "$scratch/a"
  expect "$bin: rm -r" "$(ls "$scratch")" text
done
finish
