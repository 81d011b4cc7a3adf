#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: sanitizer_test.sh PLAIN ASAN UBSAN truncation|no-truncation
# The programs are sanitizer_selftest, built with the toolchain's features asan and ubsan, and as
# this test is. That they die of what they should is what makes --config=asan and ubsan worth anything.
set -euo pipefail
plain=$1 asan=$2 ubsan=$3 finds=$4
failures=0
# .bazelrc gives these to tests with --config=asan and --config=ubsan.
config_asan=${ASAN_OPTIONS-no} config_ubsan=${UBSAN_OPTIONS-no}

check() {  # NAME STATUS_IS_0 WORDS COMMAND...
  local name=$1 survives=$2 words=$3 status=0 said
  shift 3
  said=$("$@" 2>&1) || status=$?
  if { [[ $survives == yes && $status == 0 ]] || [[ $survives == no && $status != 0 ]]; } && [[ $said == *"$words"* ]]; then
    echo "ok $name"
  else
    printf 'FAILED %s: status %d, expected to say "%s" and survive: %s\n%s\n' "$name" "$status" "$words" "$survives" "$said"
    failures=$((failures + 1))
  fi
}

# Options that let programs go on.
unset ASAN_OPTIONS UBSAN_OPTIONS
check "asan: heap" no "heap-buffer-overflow" "$asan" heap
check "ubsan: overflow" no "signed integer overflow" "$ubsan" overflow
if [[ $finds == truncation ]]; then
  check "ubsan: truncation" no "implicit conversion" "$ubsan" truncation
else
  echo "skipped ubsan: truncation: this compiler has no -fsanitize=implicit-conversion"
fi
[[ $config_ubsan != no ]] || check "asan alone lets an overflow pass" yes survived "$asan" overflow
if [[ $config_asan != no ]]; then
  check "--config=asan" no "heap-buffer-overflow" "$plain" heap
fi
if [[ $config_ubsan != no ]]; then
  check "--config=ubsan" no "signed integer overflow" "$plain" overflow
else
  check "without --config=ubsan" yes survived "$plain" overflow
fi
exit $((failures > 0))
