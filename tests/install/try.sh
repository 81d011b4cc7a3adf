#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: try.sh ARCH TOOL OLDER NEWER
# The life of an installation, on a fresh RedoxFS image: TOOL (cation_image) puts the release OLDER into
# it, which is for ARCH as NEWER is, upgrades to that, goes back, and takes all out again. What is in the image is read back
# with the official crate and compared with the manifest after each step. Status 1 if anything differs.
set -euo pipefail
arch=$1
tool=$(realpath "$2") older=$(realpath "$3") newer=$(realpath "$4")
work=$(mktemp -d "${TMPDIR:-/tmp}/cation-try-install.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
image=redox.img

step() {
  printf '\n$ cation %s\n' "$*"
  "$tool" "$@"
}
# Everything in the image, with modes, sizes and times.
state() { "$tool" image ls -lR "$image"; }
same() {  # WHAT BEFORE AFTER
  if ! diff "$2" "$3" >"$work/difference"; then
    head -n 5 "$work/difference"
    echo "try: FAILED: $1" >&2
    exit 1
  fi
  echo "ok: $1"
}

step image make --gpt "$image" 256M
state >"$work/empty"
step install --allow-stand-in --arch="$arch" --release="$older" "$image"
step verify "$image"
state >"$work/older"
step diff --release="$newer" "$image" | head -n 8 || true
step install --allow-stand-in --release="$newer" "$image"
step verify "$image"
state >"$work/newer"
step rollback "$image"
step verify "$image"
state >"$work/again"
same "the rollback left the image as it was before the upgrade" "$work/older" "$work/again"
step install --allow-stand-in --release="$newer" "$image"
step list "$image"
step image ls -R "$image" /usr
step image check "$image"
step uninstall "$image"
state >"$work/none"
same "nothing is left after uninstall" "$work/empty" "$work/none"
printf 'try: an installation into a RedoxFS image for %s: done, and undone\n' "$arch"
