# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# For the tests here: counts checks, shows what was expected. Source it; end with `finish`.
set -euo pipefail
failures=0

# NAME GOT WANT
expect() {
  if [[ $2 == "$3" ]]; then
    echo "ok $1"
  else
    printf 'FAILED %s\n   got: %s\n  want: %s\n' "$1" "$2" "$3"
    failures=$((failures + 1))
  fi
}

# NAME TEXT PART: TEXT has PART in it.
expect_part() {
  if [[ $2 == *"$3"* ]]; then
    echo "ok $1"
  else
    printf 'FAILED %s\n        got: %s\n  want in it: %s\n' "$1" "$2" "$3"
    failures=$((failures + 1))
  fi
}

finish() {
  ((failures == 0)) || echo "$failures failures"
  exit $((failures > 0))
}
