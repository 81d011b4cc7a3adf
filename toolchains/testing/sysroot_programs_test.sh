#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: sysroot_programs_test.sh LLVM_BIN
# The sysroot is made of the stand-in, so what is linked with it runs here.
# shellcheck source=toolchains/testing/testing.sh
source toolchains/testing/testing.sh

scratch=$(mktemp -d "$TEST_TMPDIR/programs.XXXXXX")
text="$scratch/text"
printf 'one\ntwo\n' >"$text"

for tree in userland_redox userland_redox_crt0; do
  for arch in x86_64 aarch64; do
    run=()
    [[ $arch == "$(uname -m)" ]] || run=("$(command -v "qemu-$arch" || command -v "qemu-$arch-static")")
    bin=$tree/$arch/usr/bin
    name="$tree, $arch"
    expect "$name: cat" "$("${run[@]}" "$bin/cat" "$text")" $'one\ntwo'
    "${run[@]}" "$bin/mkdir" -p "$scratch/a/b"
    "${run[@]}" "$bin/cp" "$text" "$scratch/a/b/copy"
    expect "$name: cp, ls" "$("${run[@]}" "$bin/ls" -R "$scratch/a")" \
      "$scratch/a:"$'\nb\n\n'"$scratch/a/b:"$'\ncopy'
    "${run[@]}" "$bin/rm" -r "$scratch/a"
    expect "$name: rm -r" "$(ls "$scratch")" text
    "$llvm/llvm-objcopy" --dump-section ".note.cation=$scratch/note" "$bin/cat" /dev/null
    expect "$name: the note says relibc" "$(grep -a '^libc=' "$scratch/note")" libc=relibc
    rm "$scratch/note"
    expect "$name: thread storage" "$("$llvm/llvm-readelf" -lW "$bin/cat" | grep -c ' TLS ')" 1
    expect "$name: _init and _fini" \
      "$("$llvm/llvm-readelf" -SW "$bin/cat" | grep -cE ' \.(init|fini) ')" 2
  done
done
finish
