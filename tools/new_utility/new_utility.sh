#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: new_utility.sh [shell-ext/]NAME
# Makes coreutils/NAME, or shell-ext/NAME, from the templates beside this script, and adds NAME to its
# list in coreutils/utilities.bzl, and writes what gn builds by. All or nothing.
set -euo pipefail
templates=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$templates/../.."
readonly list=coreutils/utilities.bzl

fail() {
  echo "new-utility: $*" >&2
  exit 1
}

parent=coreutils list_name=coreutils name=$1
if [[ $name == shell-ext/* ]]; then
  parent=shell-ext list_name=shell_ext name=${name#*/}
fi
[[ $name =~ ^[a-z][a-z0-9]*$ ]] ||
  fail "'$name' is no name for a utility: small letters and digits, a letter first"
[[ $name != empty && $name != support ]] || fail "'$name' is taken: $parent/$name is no utility"
[[ ! -e $parent/$name ]] || fail "$parent/$name is there already"
! grep -qx "    \"$name\"," "$list" || fail "$name is in $list already"
[[ -w $parent && -w $list ]] || fail "$parent and $list must be writable"

work=$(mktemp -d "$parent/.new.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/$name"
for template in NAME.cc NAME_test.cc BUILD; do
  sed -e "s/@NAME@/$name/g" -e "s/@CLASS@/${name^}/g" "$templates/$template.in" \
    >"$work/$name/${template/NAME/$name}"
done
# The lines of the list, sorted; all else as it is.
awk -v new="    \"$name\"," -v list="$list_name = [" '
  $0 == list { here = 1 }
  here && !done && (/^    "/ && $0 > new || /^\]/) { print new; done = 1 }
  { print }' "$list" >"$work/utilities.bzl"
grep -qx "    \"$name\"," "$work/utilities.bzl" || fail "$list has no list to add a line to"

cp "$list" "$work/before"
mv "$work/$name" "$parent/$name"
# cat, not mv: the list keeps its permissions.
cat "$work/utilities.bzl" >"$list" || {
  rm -rf "${parent:?}/$name"
  fail "$list cannot be written"
}
# BUILD.gn, its own and the root's.
tools/gn/update.py >"$work/written" || {
  rm -rf "${parent:?}/$name"
  cat "$work/before" >"$list"
  fail "tools/gn/update.py cannot write BUILD.gn; the lines above say why"
}
cat <<EOF
made $parent/$name/{$name.cc,${name}_test.cc,BUILD,BUILD.gn} and a line in $list.
Next: write what it does on top of $name.cc, its options into the table and a test for each; then
  ./cation test //$parent/$name
EOF
