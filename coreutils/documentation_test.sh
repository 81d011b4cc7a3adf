#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: documentation_test.sh FILE...
# The utilities' manual pages and completions (below usr/share) are taken by what reads them: mandoc,
# groff, bash, and zsh and fish where they are installed. bash completes with them.
set -euo pipefail

failures=0
fail() {
  printf 'FAIL: %s\n' "$*" >&2
  failures=$((failures + 1))
}

pages=() bash=() zsh=() fish=()
for file in "$@"; do
  case $file in
    *.1) pages+=("$file") ;;
    */bash-completion/*) bash+=("$file") ;;
    */zsh/*) zsh+=("$file") ;;
    *.fish) fish+=("$file") ;;
    *) fail "$file: what is this?" ;;
  esac
done
((${#pages[@]} > 5 && ${#bash[@]} == ${#pages[@]} && ${#zsh[@]} == ${#pages[@]} &&
  ${#fish[@]} == ${#pages[@]})) || fail "files are missing: $*"

# ---- manual pages
for page in "${pages[@]}"; do
  said=$(mandoc -Tlint "$page" 2>&1) || true
  [[ -z $said ]] || fail "mandoc: $said"
  if command -v groff >/dev/null; then
    said=$(groff -ww -man -Tutf8 "$page" 2>&1 >/dev/null) || true
    [[ -z $said ]] || fail "groff: $said"
  fi
done
shown=$(mandoc -Tascii "$(printf '%s\n' "${pages[@]}" | grep '/ls\.1$')" | sed 's/.\x08//g')
grep -q -- '^ *--color\[=WHEN\]$' <<<"$shown" || fail "ls(1) does not show --color: $shown"

# ---- shells
for file in "${bash[@]}"; do bash -n "$file" || fail "bash: $file"; done
if command -v zsh >/dev/null; then
  for file in "${zsh[@]}"; do zsh -n "$file" || fail "zsh: $file"; done
fi
if command -v fish >/dev/null; then
  for file in "${fish[@]}"; do fish -n "$file" || fail "fish: $file"; done
fi

# ---- bash completes
for file in "${bash[@]}"; do
  # shellcheck source=/dev/null
  source "$file"
done
# What COMPREPLY is for the words, of which the last is completed. As readline has them: = is a word.
completed() {
  local registered
  registered=$(complete -p "$1") || return
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  registered=${registered#*-F }
  "${registered%% *}"
  echo "${COMPREPLY[*]}"
}
expect() {  # WANTED WORD...
  local wanted=$1 got
  shift
  got=$(completed "$@") || true
  [[ $got == "$wanted" ]] || fail "$*<TAB> gives '$got' and not '$wanted'"
}
mkdir "$TEST_TMPDIR/files"
cd "$TEST_TMPDIR/files"
mkdir folder
touch 'file one' fig
expect '--color' ls --col
expect 'always auto' ls --color = a
expect 'always auto' ls -l --color = a
expect '--color=always --color=auto' ls --color=a
expect 'none name' ls --sort = n
expect 'none name' ls --sort n
expect '--sort=' ls --so
expect '' ls --width 8
expect '' ls -lw ''
expect '' ls --no-such = x
expect 'fig file one folder' ls f
expect 'fig file one folder' cat -n f
expect 'fig' cat -- fig
expect '' cat -- --num
expect 'folder' mkdir -p f
expect 'folder' cp -vt f
expect 'folder' cp --target-directory = f
expect 'folder' cp --target-directory f
expect 'none none-fail' cp --update = n
expect 'fig file one' cp x = 'fi'
expect '--interactive' rm --interactive
expect '' rm ---presume
expect '--help' sync --h
# At a terminal, where readline parts the words.
cd "$OLDPWD"
for keys in 'ls --col:ls --color ' 'ls --color=alw:ls --color=always ' 'ls --so:ls --sort=' \
  'mkdir fo:mkdir folder/' 'cat file:cat file\ one '; do
  python3 - "${keys%%:*}" "${keys#*:}" "${bash[@]/#/$PWD/}" <<'PYTHON' || fail "at a terminal: $keys"
import os, pty, select, sys, time

typed, wanted, *files = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    os.chdir(os.environ["TEST_TMPDIR"] + "/files")
    os.environ.update(INPUTRC="/dev/null", PS1="> ", TERM="dumb", COLUMNS="200")
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])


def read_until(mark):
    seen, end = "", time.time() + 30
    while mark not in seen and time.time() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            seen += os.read(terminal, 4096).decode()
    return seen


for file in files:
    os.write(terminal, f"source '{file}'\n".encode())
os.write(terminal, b"echo re''ady\n")
read_until("ready\r\n")
os.write(terminal, typed.encode() + b"\t")
seen = read_until(wanted)
os.close(terminal)
if wanted not in seen:
    sys.exit(f"{typed}<TAB> gives {seen!r} and not {wanted!r}")
PYTHON
done

((failures == 0)) || exit 1
