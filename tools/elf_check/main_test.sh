#!/bin/bash
# SPDX-License-Identifier: MIT
# The command line of elf_check: exit statuses, output, stamp. $1 is the program.
set -u

elf_check=$1
corpus=$(dirname "$0")/corpus
scratch=${TEST_TMPDIR:-$(mktemp -d)}
good=$corpus/good_x86_64_relibc.elf
bad=$corpus/bad_pie.elf
failed=0

# expect STATUS STDOUT-PATTERN STDERR-PATTERN ARGUMENT...: runs elf_check; the patterns are those of
# [[ == ]] over all of the output.
expect() {
  local status=$1 out_pattern=$2 err_pattern=$3 out err got
  shift 3
  "$elf_check" "$@" >"$scratch/out" 2>"$scratch/err"
  got=$?
  out=$(cat "$scratch/out")
  err=$(cat "$scratch/err")
  # shellcheck disable=SC2053  # patterns are meant
  if [[ $got != "$status" || $out != $out_pattern || $err != $err_pattern ]]; then
    echo "elf_check $*: status $got (expected $status)"
    echo "  stdout: $out (expected $out_pattern)"
    echo "  stderr: $err (expected $err_pattern)"
    failed=1
  fi
}

# Exactly one line on standard error: checked where the message must be one line.
one_line() {
  if [[ $(wc -l <"$scratch/err") != 1 ]]; then
    echo "not one line: $(cat "$scratch/err")"
    failed=1
  fi
}

size=$(stat -c %s -L "$good")
expect 0 "$good: ok (x86_64, relibc, $size bytes)" "" "$good"
expect 0 "" "" --quiet "$good" "$corpus/good_aarch64_standin.elf"
expect 0 "*ok (aarch64, standin, *" "" --arch=aarch64 --libc=standin "$corpus/good_aarch64_standin.elf"
expect 0 "usage: *" "" --help
expect 1 "" "$bad: a position-independent *" "$bad"
one_line
expect 1 "*good_x86_64_relibc.elf: ok *" "$bad: *" "$bad" "$good"
expect 1 "" "*not for aarch64*" --arch=aarch64 "$good"
expect 1 "" "*wanted is standin*" --libc=standin "$good"

# Usage.
expect 2 "" "elf_check: no FILE given; *"
expect 2 "" "elf_check: --arch=mips: not x86_64 or aarch64" --arch=mips "$good"
expect 2 "" "elf_check: --libc=: not standin or relibc" --libc= "$good"
expect 2 "" "elf_check: --frob: no such option; *" --frob "$good"
expect 2 "" "elf_check: --stamp-out= needs a file's name" --stamp-out= "$good"
expect 2 "" "elf_check: --empty and --budget need each other; *" --budget=5 "$good"
expect 2 "" "elf_check: --empty and --budget need each other; *" "--empty=$good" "$good"
expect 2 "" "elf_check: --budget=-1: not a number of bytes" "--empty=$good" --budget=-1 "$good"

# Files that are none.
expect 2 "" "elf_check: $scratch/none: No such file or directory" "$scratch/none"
one_line
expect 2 "" "elf_check: $scratch: is a directory, not a program" "$scratch"
expect 2 "" "elf_check: /dev/zero: is not a regular file" /dev/zero
mkfifo "$scratch/fifo"
expect 2 "" "elf_check: $scratch/fifo: is not a regular file" "$scratch/fifo"
truncate -s 1T "$scratch/huge" 2>/dev/null &&
  expect 2 "" "elf_check: $scratch/huge: is too large for a program *" "$scratch/huge"
: >"$scratch/nothing"
expect 1 "" "$scratch/nothing: the file is empty (0 bytes)*" "$scratch/nothing"
one_line
# An unreadable file weighs more than a finding, wherever it stands.
expect 2 "" "*none: No such file*$bad: *" "$scratch/none" "$bad"
expect 2 "" "$bad: *none: No such file*" "$bad" "$scratch/none"
# A name that would play with the terminal.
expect 2 "" "elf_check: *\\x1b?2J: No such file*" "$scratch/"$'\x1b[2J'
# A program of the host: dynamic, without our note.
expect 1 "" "*PT_INTERP*no build note*" /bin/ls
"$elf_check" -- --no-such 2>"$scratch/err"
[[ $(cat "$scratch/err") == "elf_check: --no-such: No such file or directory" ]] || failed=1

# The budget is what the file has above the empty one.
expect 0 "*ok*" "" "--empty=$good" --budget=0 "$good"
cat "$good" - <<<"123456789" >"$scratch/larger"
expect 0 "*ok*" "" "--empty=$good" --budget=10 "$scratch/larger"
expect 1 "" "$scratch/larger: over the byte budget by 1: *" "--empty=$good" --budget=9 "$scratch/larger"
expect 2 "" "elf_check: --empty=$scratch/none: No such file*" "--empty=$scratch/none" --budget=9 "$good"
expect 2 "" "elf_check: --empty=$scratch/nothing: the file is empty*" \
  "--empty=$scratch/nothing" --budget=9 "$good"

# The stamp: only when all are good.
expect 1 "*ok*" "*" "--stamp-out=$scratch/stamp" "$good" "$bad"
[[ ! -e $scratch/stamp ]] || { echo "a stamp in spite of findings"; failed=1; }
expect 0 "*ok*" "" "--stamp-out=$scratch/stamp" "$good"
[[ $(cat "$scratch/stamp") == "elf_check: 1 ok" ]] || { echo "no stamp"; failed=1; }
expect 2 "*ok*" "elf_check: --stamp-out=$scratch/no/stamp: No such file*" \
  "--stamp-out=$scratch/no/stamp" "$good"
if [[ -w /dev/full ]]; then
  "$elf_check" "$good" >/dev/full 2>"$scratch/err"
  [[ $? == 2 && $(cat "$scratch/err") == "elf_check: standard output cannot be written" ]] ||
    { echo "a full standard output: $(cat "$scratch/err")"; failed=1; }
fi

((failed == 0)) && echo "all as expected"
exit "$failed"
