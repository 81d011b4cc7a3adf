#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: tools/check_reproducible.sh
# Clones the last commit into two folders, builds the userland and the release in each with its own
# Bazel folder and nothing cached, and compares them. Prints how long the builds took.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source_tree=$PWD
work=$(mktemp -d "${TMPDIR:-/tmp}/cation-reproducible.XXXXXX")
bazel_in() {  # FOLDER COMMAND...
  (cd "$work/$1" && bazel --output_user_root="$work/$1.bazel" "${@:2}")
}
cleanup() {
  local folder
  for folder in one a/longer/path/two; do
    [[ ! -d $work/$folder ]] || bazel_in "$folder" shutdown 2>/dev/null || true
  done
  chmod -R u+w "$work"
  rm -rf "$work"
}
trap cleanup EXIT

for folder in one a/longer/path/two; do
  mkdir -p "$(dirname "$work/$folder")"
  git clone -q "$source_tree" "$work/$folder"
  start=$(date +%s.%N)
  bazel_in "$folder" build --noshow_progress --ui_event_filters=-info //:userland //:userland_host //:release_standin
  built=$(date +%s.%N)
  bazel_in "$folder" build --noshow_progress --ui_event_filters=-info //:userland //:userland_host //:release_standin
  again=$(date +%s.%N)
  awk -v a="$start" -v b="$built" -v c="$again" -v f="$folder" \
    'BEGIN { printf "%s: from nothing %.1f s, again %.1f s\n", f, b - a, c - b }'
  for tree in userland userland_host release_standin{,_x86_64.tar,_aarch64.tar}; do
    cp -rL "$work/$folder/out/bazel-bin/$tree" "$work/$(basename "$folder").$tree"
  done
done
for tree in userland userland_host release_standin{,_x86_64.tar,_aarch64.tar}; do
  diff -r "$work/one.$tree" "$work/two.$tree"
done
echo "$(find "$work/one.userland" "$work/one.userland_host" -type f | wc -l) programs, the same bytes in both"
