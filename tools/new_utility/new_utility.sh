#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: new_utility.sh NAME
# Makes coreutils/NAME from the templates beside this script, and adds NAME to
# coreutils/utilities.bzl. All or nothing.
set -euo pipefail
templates=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$templates/../.."
readonly list=coreutils/utilities.bzl

fail() {
  echo "new-utility: $*" >&2
  exit 1
}

name=$1
[[ $name =~ ^[a-z][a-z0-9]*$ ]] ||
  fail "'$name' is no name for a utility: small letters and digits, a letter first"
[[ $name != empty && $name != support ]] || fail "'$name' is taken: coreutils/$name is no utility"
[[ ! -e coreutils/$name ]] || fail "coreutils/$name is there already"
! grep -qx "    \"$name\"," "$list" || fail "$name is in $list already"
[[ -w coreutils && -w $list ]] || fail "coreutils and $list must be writable"

work=$(mktemp -d coreutils/.new.XXXXXX)
trap 'rm -rf "$work"' EXIT
mkdir "$work/$name"
for template in NAME.cc NAME_test.cc BUILD; do
  sed -e "s/@NAME@/$name/g" -e "s/@CLASS@/${name^}/g" "$templates/$template.in" \
    >"$work/$name/${template/NAME/$name}"
done
# The lines of the list, sorted; all else as it is.
awk -v new="    \"$name\"," '
  /^    "/ && !done && $0 > new { print new; done = 1 }
  /^\]/ && !done { print new; done = 1 }
  { print }' "$list" >"$work/utilities.bzl"
grep -qx "    \"$name\"," "$work/utilities.bzl" || fail "$list has no list to add a line to"

mv "$work/$name" "coreutils/$name"
# cat, not mv: the list keeps its permissions.
cat "$work/utilities.bzl" >"$list" || {
  rm -rf "coreutils/$name"
  fail "$list cannot be written"
}
cat <<EOF
made coreutils/$name/{$name.cc,${name}_test.cc,BUILD} and a line in $list.
Next: write what it does on top of $name.cc, its options into the table and a test for each; then
  ./cation test //coreutils/$name
EOF
