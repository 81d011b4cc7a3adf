#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: probe_gcc.sh ARCH [FOLDER]
# Which GCC builds for Redox on ARCH (x86_64 or aarch64): Debian's cross compiler for Linux, or that of
# FOLDER, a Redox prefix. Prints, one a line: what the tools' paths begin with, the compiler's version,
# the folder of its own headers, and the linker's plugin for optimization at link time (an empty line
# where it is built without that). Where something is missing: one line on stderr, and status 1. The
# repository rule and the front door both ask here.
set -euo pipefail
export LC_ALL=C

arch=$1 folder=${2:-}
variable=REDOX_PREFIX_${arch^^}
tools=(g++ gcc ar nm objcopy strip ld)

bad() {
  echo "$*" >&2
  exit 1
}

if [[ -z $folder ]]; then
  prefix=/usr/bin/$arch-linux-gnu-
  package=g++
  [[ $arch == "$(uname -m)" ]] || package=g++-${arch//_/-}-linux-gnu
  for tool in "${tools[@]}"; do
    [[ -x $prefix$tool ]] || bad "$prefix$tool not found: run ./cation setup, or apt-get install $package"
  done
else
  [[ $folder == /* ]] || bad "$variable: $folder is not an absolute path"
  [[ -d $folder ]] || bad "$variable: $folder is not a folder"
  prefix=$folder/bin/$arch-unknown-redox-
  for tool in "${tools[@]}"; do
    [[ -x $prefix$tool ]] ||
      bad "$variable: $folder has no bin/$arch-unknown-redox-$tool; a Redox prefix is a folder with GCC" \
        "and binutils in bin/; without the variable Debian's cross compiler is used"
  done
fi

version=$("${prefix}g++" -dumpfullversion 2>/dev/null) || bad "${variable}: ${prefix}g++ does not run"
((${version%%.*} >= 11)) || bad "$variable: ${prefix}g++ is GCC $version; 11 or newer compiles C++20"
headers=$("${prefix}g++" -print-file-name=include)
[[ -f $headers/stddef.h ]] || bad "$variable: ${prefix}g++ has no headers of its own in $headers"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
plugin=
if "${prefix}g++" -flto -x c++ -c /dev/null -o "$scratch/object" 2>/dev/null; then
  plugin=$("${prefix}g++" -print-file-name=liblto_plugin.so)
  [[ $plugin == /* ]] || bad "$variable: ${prefix}g++ takes -flto, but has no liblto_plugin.so"
fi
printf '%s\n' "$prefix" "$version" "$headers" "$plugin"
