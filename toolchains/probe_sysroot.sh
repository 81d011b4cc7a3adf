#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: probe_sysroot.sh ARCH FOLDER
# Is FOLDER a relibc sysroot for ARCH (x86_64 or aarch64)? If so, prints the symbols that its libc.a
# defines, one a line. If not: one line on stderr that names the variable, the folder and what is
# wrong, and status 1. The repository rule and the front door both ask here.
set -euo pipefail
export LC_ALL=C

arch=$1 folder=$2
variable=REDOX_SYSROOT_${arch^^}

bad() {
  echo "$variable: $1; a relibc sysroot is a folder with include/ and" \
    "lib/{libc.a,crt0.o,crti.o,crtn.o}; without the variable the stand-in is linked" >&2
  exit 1
}

[[ $folder == /* ]] || bad "$folder is not an absolute path"
[[ -d $folder ]] || bad "$folder is not a folder"
[[ -d $folder/include ]] || bad "$folder has no include/"
for piece in libc.a crt0.o crti.o crtn.o; do
  [[ -e $folder/lib/$piece ]] || bad "$folder has no lib/$piece"
  [[ -f $folder/lib/$piece && -r $folder/lib/$piece ]] || bad "$folder/lib/$piece cannot be read"
done

for tool in readelf nm; do
  command -v "$tool" >/dev/null || {
    echo "$variable: $tool, which looks into it, is not here: apt-get install binutils" >&2
    exit 1
  }
done

# The machines of the object files in $1, each once.
machines() {
  readelf --file-header "$1" 2>/dev/null | sed -n 's/^ *Machine: *//p' |
    sed -e 's/^Advanced Micro Devices X86-64$/x86_64/' -e 's/^AArch64$/aarch64/' | sort -u
}

[[ $(head -c 7 "$folder/lib/libc.a") == '!<arch>' ]] || bad "$folder/lib/libc.a is not an archive"
for piece in libc.a crt0.o crti.o crtn.o; do
  found=$(machines "$folder/lib/$piece" | tr "\n" " ") || true
  [[ -n $found ]] || bad "$folder/lib/$piece holds no object file"
  [[ $found == "$arch " ]] || bad "$folder/lib/$piece is for ${found% }, not $arch"
done
# nm reads what is for another machine than its own as well. What is no object file, as the metadata
# that rustc leaves in an archive, is an error to it, after which it goes on.
{ nm --defined-only --extern-only --format=just-symbols "$folder/lib/libc.a" 2>/dev/null || true; } |
  sed -e '/^$/d' -e '/:$/d' | sort -u
