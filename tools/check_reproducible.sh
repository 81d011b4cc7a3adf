#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: tools/check_reproducible.sh
# Clones the last commit into two folders and makes the release in each, from nothing: with caches of their own,
# in other time zones, locales and umasks, sources of other times, and, where root runs this, the second as
# nobody. Then compares the programs and all that is in out/release. Prints how long it took.
set -euo pipefail
unset CDPATH
# nobody is to enter what is made here.
umask 022
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source_tree=$PWD
# What both are of, though somebody commits meanwhile.
commit=$(git rev-parse HEAD)
work=$(mktemp -d "${TMPDIR:-/tmp}/cation-reproducible.XXXXXX")
chmod 755 "$work"
readonly folders=(one a/longer/path/two)

# COMMAND... in the folder $1, as its user and with its surroundings.
in_folder() {
  local folder=$1 as=() surroundings=(TZ=UTC LC_ALL=C) mask=022
  shift
  if [[ $folder != one ]]; then
    surroundings=(TZ=Pacific/Kiritimati LC_ALL=C.UTF-8 LANGUAGE=tr)
    mask=077
    ((EUID != 0)) || as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
  fi
  (
    cd "$work/$folder"
    umask "$mask"
    # HOME: Bazel's folder is below it.
    "${as[@]}" env HOME="$work/$folder.home" USER="$(basename "$folder")builder" \
      "${surroundings[@]}" "$@"
  )
}
cleanup() {
  local folder
  for folder in "${folders[@]}"; do
    [[ ! -d $work/$folder ]] || in_folder "$folder" bazel shutdown 2>/dev/null || true
  done
  chmod -R u+w "$work"
  rm -rf "$work"
}
trap cleanup EXIT

for folder in "${folders[@]}"; do
  mkdir -p "$(dirname "$work/$folder")" "$work/$folder.home"
  git clone -q "$source_tree" "$work/$folder"
  git -C "$work/$folder" checkout -q --detach "$commit"
  if [[ $folder != one ]]; then
    find "$work/$folder" -type f -exec touch -d 2001-01-01 {} +
    ((EUID != 0)) || chown -R nobody:nogroup "$work/$folder" "$work/$folder.home"
  fi
  SECONDS=0
  in_folder "$folder" ./cation release
  in_folder "$folder" ./cation build
  echo "$folder, user $(stat -c %U "$work/$folder/out/release/SHA256SUMS"): $SECONDS s"
  in_folder "$folder" bazel shutdown
done

for tree in release standin host; do
  if ! diff -rq "$work/one/out/$tree" "$work/a/longer/path/two/out/$tree" >"$work/differences"; then
    head -n 10 "$work/differences"
    echo "check_reproducible: FAILED: $(wc -l <"$work/differences") files of out/$tree differ; diffoscope shows how" >&2
    exit 1
  fi
done
(cd "$work/one/out/release" && sha256sum --quiet -c SHA256SUMS && sha256sum SHA256SUMS)
echo "$(find "$work/one/out"/{release,standin,host} -type f | wc -l) files, the same bytes in both"
