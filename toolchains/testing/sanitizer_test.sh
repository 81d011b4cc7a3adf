#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: sanitizer_test.sh LLVM_BIN
# --config=asan and --config=ubsan, which set these variables, catch what they are for, and what is
# built without them does not stop.
# shellcheck source=toolchains/testing/testing.sh
source toolchains/testing/testing.sh

for sanitizer in asan ubsan; do
  variable=CATION_${sanitizer^^}
  status=0
  said=$(toolchains/testing/sanitizer_selftest "$sanitizer" 2>&1) || status=$?
  if [[ -n ${!variable:-} ]]; then
    expect "$sanitizer: stops" "$((status != 0))" 1
    [[ $sanitizer == asan ]] && word=heap-buffer-overflow || word="signed integer overflow"
    expect_part "$sanitizer: says why" "$said" "$word"
  else
    expect "without $sanitizer: goes on" "$status" 0
    expect_part "without $sanitizer: to its end" "$said" survived
  fi
done
finish
