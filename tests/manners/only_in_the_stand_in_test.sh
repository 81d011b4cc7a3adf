#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: only_in_the_stand_in_test.sh HOST_USERLAND STANDIN_USERLAND
#
# CATION_MANNERS, CATION_PRICES and their like are the stand-in's: programs that are linked with
# another C library do not know them.
set -euo pipefail
readonly pattern='CATION_(MANNERS|PRICES|CALLS|TRACE)'

found=$(find -L "$1" -type f -exec grep -lE -a "$pattern" {} +) || true
[[ -z $found ]] || { echo "a real program has the stand-in's switches: $found" >&2; exit 1; }
# That this would be seen:
for program in "$2"/*/usr/bin/*; do
  grep -qE -a "$pattern" "$program" ||
    { echo "$program is linked with the stand-in and does not know its switches" >&2; exit 1; }
done
