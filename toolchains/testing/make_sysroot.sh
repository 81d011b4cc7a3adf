#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: make_sysroot.sh ARCH FOLDER CRT0_OBJECT OBJECT...
# Makes FOLDER a relibc-shaped sysroot whose libc.a is of OBJECTs: the stand-in's.
set -euo pipefail

arch=$1 folder=$2 crt0=$3
shift 3
mkdir -p "$folder/include" "$folder/lib"
cp "$crt0" "$folder/lib/crt0.o"
chmod u+w "$folder/lib/crt0.o"
# Nothing that we compile includes relibc's headers.
echo '#pragma once' >"$folder/include/features.h"

assemble() { "$arch-linux-gnu-as" - -o "$1"; }
# As relibc's: crti.o opens _init and _fini, crtn.o closes them. And relibc's errno, which always is in
# a program: without thread storage its start makes no thread block. (R: kept, whoever refers to it.)
assemble "$folder/lib/crti.o" <<EOF
.section .init,"ax"
.globl _init
_init:
.section .fini,"ax"
.globl _fini
_fini:
.section .tbss.errno,"awTR",@nobits
.p2align 2
  .zero 4
EOF
assemble "$folder/lib/crtn.o" <<EOF
.section .init,"ax"
  ret
.section .fini,"ax"
  ret
EOF
"$arch-linux-gnu-ar" rcsD "$folder/lib/libc.a" "$@"
