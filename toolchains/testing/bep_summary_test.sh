#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: bep_summary_test.sh
# shellcheck source=toolchains/testing/testing.sh
source toolchains/testing/testing.sh

scratch=$(mktemp -d "$TEST_TMPDIR/summary.XXXXXX")

# LABEL STATUS [XML]: what Bazel writes about a test target.
events() {
  echo "{\"id\":{\"targetCompleted\":{\"label\":\"$1\"}},\"completed\":{\"success\":true}}"
  [[ -z ${3:-} ]] || echo "{\"id\":{\"testResult\":{\"label\":\"$1\",\"run\":1,\"shard\":1,\"attempt\":1}},\"testResult\":{\"testActionOutput\":[{\"name\":\"test.xml\",\"uri\":\"file://$3\"}],\"status\":\"$2\"}}"
  echo "{\"id\":{\"testSummary\":{\"label\":\"$1\"}},\"testSummary\":{\"overallStatus\":\"$2\"}}"
}
cat >"$scratch/good.xml" <<EOF
<testsuites><testsuite name="S">
<testcase name="A" status="run" classname="S"/><testcase name="B" status="run" classname="S"/>
<testcase name="Off" status="notrun" classname="S"/>
</testsuite></testsuites>
EOF
cat >"$scratch/skips.xml" <<EOF
<testsuites><testsuite name="S">
<testcase name="A" status="run" classname="S"><skipped message="a_test.cc:12&#x0A;no such clock"/></testcase>
<testcase name="B" classname="S"><skipped>no such clock</skipped></testcase>
</testsuite></testsuites>
EOF
cat >"$scratch/bad.xml" <<EOF
<testsuites><testsuite name="S">
<testcase name="A" status="run" classname="S"/>
<testcase name="B" status="run" classname="S"><failure message="no"/></testcase>
<testcase name="C" status="run" classname="S"><failure message="no"/></testcase>
</testsuite></testsuites>
EOF

# NAME BAZEL_STATUS WANTED_STATUS WANTED_OUTPUT [ARGUMENT...]
summary() {
  local status=0 output
  output=$(tools/bep_summary.py "${@:5}" "$2" "$scratch"/events*) || status=$?
  expect "$1: status" "$status" "$3"
  expect "$1: output" "$output" "$4"
  rm "$scratch"/events*
}

events //a:a PASSED "$scratch/good.xml" >"$scratch/events"
events //b:b PASSED >>"$scratch/events"
summary "cases and a target without" 0 0 "3 passed, 0 failed"

events //a:a FAILED "$scratch/bad.xml" >"$scratch/events"
summary "failed cases" 3 1 $'FAILED //a:a: S.B\nFAILED //a:a: S.C\n1 passed, 2 failed'

events //a:a TIMEOUT "$scratch/good.xml" >"$scratch/events"
summary "a target that fails after its cases" 3 1 $'FAILED //a:a: timeout\n2 passed, 1 failed'

events //a:a FAILED "$scratch/nothing.xml" >"$scratch/events"
summary "a crash" 3 1 $'FAILED //a:a: failed\n0 passed, 1 failed'

events //a:a PASSED "$scratch/good.xml" >"$scratch/events"
printf '{"id":{"testSu' >>"$scratch/events"
summary "a file that ends early" 37 1 $'FAILED what Bazel says of its tests ends within a line (was it killed, or the disk full?)\n2 passed, 1 failed'

events //a:a PASSED "$scratch/good.xml" >"$scratch/events1"
events //a:b FAILED "$scratch/bad.xml" >"$scratch/events2"
summary "two files" 3 1 $'FAILED //a:b: S.B\nFAILED //a:b: S.C\n3 passed, 2 failed'

# Bazel says it twice of some.
printf '%s\n%s\n' '{"id":{"targetCompleted":{"label":"//a:a"}},"completed":{}}' \
  '{"id":{"targetCompleted":{"label":"//a:a"}},"aborted":{"reason":"ANALYSIS_FAILURE"}}' >"$scratch/events"
summary "not built" 1 1 $'FAILED //a:a: not built\n0 passed, 1 failed'

echo '{"id":{"targetCompleted":{"label":"//a:a"}},"aborted":{"reason":"SKIPPED"}}' >"$scratch/events"
events //b:b PASSED >>"$scratch/events"
summary "for another platform" 0 0 "1 passed, 0 failed"

events //b:b PASSED >"$scratch/events"
summary "Bazel failed for no test's sake" 1 1 $'FAILED bazel: exit status 1\n1 passed, 1 failed'

: >"$scratch/events"
summary "nothing ran" 0 1 $'FAILED no test ran\n0 passed, 1 failed'

events //a:a PASSED "$scratch/good.xml" >"$scratch/events"
printf 'passed\tgate one\nfailed\tgate two (it says more)\npassed\tdocumentation\n' >"$scratch/steps"
summary "steps that Bazel does not know" 0 1 $'FAILED gate two (it says more)\n4 passed, 1 failed' --steps "$scratch/steps"

events //a:a PASSED "$scratch/good.xml" >"$scratch/events"
summary "no steps" 0 0 "2 passed, 0 failed" --steps "$scratch/no-steps"

events //a:a PASSED "$scratch/skips.xml" >"$scratch/events"
events //b:b PASSED >>"$scratch/events"
summary "what is skipped has not passed" 0 0 $'2 skipped of //a:a: no such clock\n1 passed, 0 failed'

events //a:a FAILED "$scratch/bad.xml" >"$scratch/run"
output=$(tools/bep_summary.py 3 "sanitized=$scratch/run") && expect "the name of a run: status" 0 1
expect "the name of a run" "$output" $'FAILED sanitized: //a:a: S.B\nFAILED sanitized: //a:a: S.C\n1 passed, 2 failed'
finish
