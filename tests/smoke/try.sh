#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: try.sh FOLDER
# Lets the Redox programs in FOLDER/{x86_64,aarch64}/usr/bin, linked with the stand-in, do real work
# on this host: on this repository's files and on a system documentation tree. Whatever they print,
# make or leave is compared byte for byte with what the host's GNU tools make of the same.
# One line per check, a summary at the end; status 1 if any differs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export LC_ALL=C TZ=UTC
unset POSIXLY_CORRECT TIME_STYLE LS_COLORS QUOTING_STYLE BLOCK_SIZE LS_BLOCK_SIZE COLUMNS
umask 022

folder=$(realpath "$1")
readonly documentation=/usr/share/doc

die() {
  echo "try: $*" >&2
  exit 1
}
cp --version 2>/dev/null | grep -q GNU || die "the host's cp, ls and so on must be GNU's to compare with"
[[ -d $documentation ]] || die "$documentation is not there: it is what the programs work on"

need=$(($(du -sm "$documentation" | cut -f1) * 4 + 100))
there=$(df -Pm "${TMPDIR:-/tmp}" | awk 'NR == 2 { print $4 }')
((there > need)) ||
  die "not enough disk space in ${TMPDIR:-/tmp}: $need MiB are needed, $there are free"
work=$(mktemp -d "${TMPDIR:-/tmp}/cation-try.XXXXXX")
trap 'chmod -R u+rwX "$work" 2>/dev/null || true; rm -rf "$work"' EXIT

# ------------------------------------------------------------------------------ what is worked on
# A tree as it stands on disk may change under our feet; copies do not, and GNU's copy is the measure.
mkdir "$work/source"
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
  git ls-files -z --cached --others --exclude-standard
else
  find . \( -path ./out -o -path ./.git \) -prune -o ! -type d -print0
fi | while IFS= read -r -d '' file; do
  if [[ -e $file || -L $file ]]; then printf '%s\0' "$file"; fi
done | xargs -0 cp -a --parents -t "$work/source/" --
mkdir "$work/tidy"
mv "$work/source" "$work/tidy/repository"
cp -a "$documentation" "$work/tidy/documentation"
cd "$work/tidy"
# Names and times that the two trees may not happen to have.
mkdir "repository/odd names"
touch -d '2001-02-03 04:05:06.789' "repository/odd names/ leading and trailing "
printf 'no newline at the end' >"repository/odd names/-n"
printf '\0\1\177\200\377\ttab\r\n\n\n\nend\n' >"repository/odd names/bytes"
ln -s "../does/not/exist" "repository/odd names/dangling"
mkdir -m 0700 "repository/odd names/private"
: >"repository/odd names/private/empty"
chmod 0640 "repository/odd names/bytes"

# ----------------------------------------------------------------------------------------- checks
passed=0
failed=0
outcome() {  # STATUS NAME
  if (($1 == 0)); then
    passed=$((passed + 1))
    printf 'ok      %-8s %s\n' "$arch" "$2"
  else
    failed=$((failed + 1))
    printf 'FAILED  %-8s %s\n' "$arch" "$2"
  fi
}

# Kind, permissions, owner, links, size, time of change (not of symbolic links' own, nor directories'
# sizes, which depend on the filesystem) and link target of all in a tree.
facts() {
  find "$1" \( -type d -printf '%P d %m %u %g %T@\n' -o -type l -printf '%P l %u %g %l\n' \
    -o -printf '%P %y %m %u %g %n %s %T@\n' \) | sort
}
# The same without what a copy without -a or -p does not keep.
plain_facts() {
  find "$1" \( -type d -printf '%P d %m\n' -o -type l -printf '%P l %l\n' -o -printf '%P %y %m %s\n' \) | sort
}

same_tree() {  # FACTS OURS THEIRS
  diff <("$1" "$2") <("$1" "$3") >"$work/difference" 2>&1 || {
    head -n 5 "$work/difference"
    return 1
  }
  diff -r --no-dereference "$2" "$3" >"$work/difference" 2>&1 || {
    head -n 5 "$work/difference"
    return 1
  }
}

# Runs our program and the host's with the same arguments and input in the same folder. Output and
# status must be the same, and either both complain or neither does (the words are our own).
compare() {  # NAME PROGRAM ARGUMENTS... (input: $input)
  local name=$1 program=$2 ours=0 theirs=0
  shift 2
  "${run[@]}" "$bin/$program" "$@" <"$input" >"$work/ours" 2>"$work/ours-errors" || ours=$?
  "$program" "$@" <"$input" >"$work/theirs" 2>"$work/theirs-errors" || theirs=$?
  local bad=0
  cmp -s "$work/ours" "$work/theirs" || {
    bad=1
    diff -a "$work/ours" "$work/theirs" | head -n 6 || true
  }
  if [[ -s $work/ours-errors && ! -s $work/theirs-errors ]]; then
    cat "$work/ours-errors"
    bad=1
  elif [[ ! -s $work/ours-errors && -s $work/theirs-errors ]]; then
    echo "no complaint; GNU's: $(head -n 1 "$work/theirs-errors")"
    bad=1
  fi
  if ((ours != theirs)); then
    echo "exit status $ours, GNU's $theirs"
    bad=1
  fi
  outcome "$bad" "$name"
}

check_architecture() {
  local tree status

  for tree in repository documentation; do
    local files
    files="$(find "$tree" ! -type d | wc -l) files"

    status=0
    "${run[@]}" "$bin/cp" -a "$tree" copy && same_tree facts copy "$tree" || status=1
    outcome "$status" "cp -a $tree ($files)"
    status=0
    cp -r "$tree" plain
    "${run[@]}" "$bin/cp" -r "$tree" plain-copy && same_tree plain_facts plain-copy plain || status=1
    outcome "$status" "cp -r $tree"

    compare "ls -R $tree" ls -R "$tree"
    compare "ls -la $tree" ls -la "$tree"
    compare "ls -laR $tree" ls -laR "$tree"
    compare "ls -ltS $tree" ls -ltS "$tree"

    # All files in one go, as many as fit on a command line.
    find "$tree" -type f -print0 | sort -z >"$work/list"
    status=0
    xargs -0 "${run[@]}" "$bin/cat" -- <"$work/list" >"$work/ours" || status=1
    xargs -0 cat -- <"$work/list" >"$work/theirs"
    cmp "$work/ours" "$work/theirs" || status=1
    outcome "$status" "cat of all files in $tree ($(stat -c %s "$work/theirs") bytes)"

    # Every third file, by name; then all that is left.
    awk 'BEGIN { RS = "\0"; ORS = "\0" } NR % 3 == 0' "$work/list" | sed -z "s|^$tree|copy|" >"$work/ours-list"
    awk 'BEGIN { RS = "\0"; ORS = "\0" } NR % 3 == 0' "$work/list" | sed -z "s|^$tree|plain|" >"$work/theirs-list"
    status=0
    xargs -0 "${run[@]}" "$bin/rm" -- <"$work/ours-list" || status=1
    xargs -0 rm -- <"$work/theirs-list"
    same_tree plain_facts copy plain || status=1
    outcome "$status" "rm of every third file in $tree"
    status=0
    "${run[@]}" "$bin/rm" -r copy plain-copy || status=1
    [[ ! -e copy && ! -e plain-copy ]] || status=1
    outcome "$status" "rm -r of the copies of $tree"
    rm -rf plain
  done

  compare "ls" ls
  compare "ls -1 of odd names" ls -1 "repository/odd names"
  compare "ls of what is not there" ls nothing-here
  input="repository/odd names/bytes"
  compare "cat of standard input" cat
  local option
  for option in -n -b -s -A -E -T -v; do
    compare "cat $option" cat "$option" "repository/odd names/bytes" "repository/LICENSE" -
  done
  input=/dev/null

  status=0
  mkdir ours theirs
  (cd ours && "${run[@]}" "$bin/mkdir" -p a/b/c && "${run[@]}" "$bin/mkdir" -m 0711 d &&
    "${run[@]}" "$bin/mkdir" -m a=rwxt e) || status=1
  (cd theirs && mkdir -p a/b/c && mkdir -m 0711 d && mkdir -m a=rwxt e)
  same_tree plain_facts ours theirs || status=1
  outcome "$status" "mkdir -p, -m"
  compare "mkdir of what is there" mkdir ours
  compare "rm of a directory" rm ours
  compare "sync of two files" sync repository/LICENSE "repository/odd names/bytes"
  rm -rf ours theirs
}

started=$SECONDS
input=/dev/null
for arch in x86_64 aarch64; do
  bin=$folder/$arch/usr/bin
  if [[ $arch == "$(uname -m)" ]]; then
    run=()
  else
    emulator=$(command -v "qemu-$arch" || command -v "qemu-$arch-static") ||
      die "no qemu-$arch to run $arch programs: install qemu-user"
    run=("$emulator")
  fi
  check_architecture
done
printf 'try: %d ok, %d FAILED, both architectures, %d s\n' "$passed" "$failed" $((SECONDS - started))
((failed == 0))
