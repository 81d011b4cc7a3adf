#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: release_test.sh UTILITY... -- UTILITY...
# Those behind -- have no aliases.
# The release has what it should, with the right modes, and its tar has the same bytes whoever makes
# it, where and when.
set -euo pipefail

make_tar=$PWD/tools/make_tar.py
work=$TEST_TMPDIR
failures=0
fail() {
  printf 'FAIL: %s\n' "$*" >&2
  failures=$((failures + 1))
}

for arch in x86_64 aarch64; do
  tree=release_standin/$arch tar=release_standin_$arch.tar
  listing=$(TZ=UTC tar --numeric-owner -tvf "$tar")
  names=$(tar -tf "$tar")

  # ---- all of it is there
  has_alias=yes
  for utility in "$@"; do
    if [[ $utility == -- ]]; then
      has_alias=no
      continue
    fi
    for path in "usr/bin/$utility" "usr/share/man/man1/$utility.1" \
      "usr/share/bash-completion/completions/$utility" "usr/share/zsh/site-functions/_$utility" \
      "usr/share/fish/vendor_completions.d/$utility.fish"; do
      grep -qFx "$path" <<<"$names" || fail "$tar has no $path"
    done
    found=no
    ! grep -qFx "usr/bin/simple-$utility"$'\t'"$utility" release_standin/aliases || found=yes
    [[ $found == "$has_alias" ]] || fail "alias for $utility: $found"
  done
  for path in usr/share/licenses/cation/LICENSE etc/xdg/ion/initrc root/.config/ion/initrc \
    usr/share/cation/packages etc/cation-release; do
    grep -qFx "$path" <<<"$names" || fail "$tar has no $path"
  done
  ! grep -q empty <<<"$names" || fail "the empty program is in $tar"

  # ---- the tree is the same
  mkdir -p "$work/$arch"
  tar -C "$work/$arch" -xf "$tar"
  diff -r "$tree" "$work/$arch" || fail "$tree and $tar differ"

  # ---- modes, owners, times
  date=$(sed -n 's/^DATE=//p' "$tree/etc/cation-release")
  [[ $date == ????-??-?? ]] || date=1970-01-01
  while read -r mode owner _ day time path; do
    case $mode:$path in
      drwxr-xr-x:*/) ;;
      -rwxr-xr-x:usr/bin/*) ;;
      -rw-r--r--:usr/bin/*) fail "$path cannot be executed" ;;
      -rw-r--r--:*) ;;
      *) fail "$path: mode $mode" ;;
    esac
    [[ $owner == 0/0 && "$day $time" == "$date 00:00" ]] || fail "$path: $owner $day $time"
  done <<<"$listing"
  LC_ALL=C sort -c <(tr / '\001' <<<"$names") || fail "$tar is not sorted"
  ! grep -qa PaxHeader "$tar" || fail "$tar has pax headers"

  # ---- what it says of itself is what the programs say
  note=$(tr '\0' '\n' <"$tree/usr/bin/ls" | grep -a -A5 '^name=ls$')
  for key in version commit date arch libc; do
    value=$(sed -n "s/^$key=//p" <<<"$note")
    name=${key^^}
    [[ $name != ARCH ]] || name=ARCHITECTURE
    grep -qFx "$name=$value" "$tree/etc/cation-release" || fail "cation-release: no $name=$value"
    declare "$key=$value"
  done
  # shellcheck disable=SC2154
  grep -qFx "Build: $commit | $date" "$tree/etc/cation-release" || fail "cation-release has no stamp"
  # shellcheck disable=SC2154
  grep -qFx "echo \"Cation $version | Build: $commit | $date\"" "$tree/etc/xdg/ion/initrc" ||
    fail "the initrc has no stamp"
  ! grep -q '{[A-Z]*}' "$tree/etc/xdg/ion/initrc" || fail "something was not replaced in the initrc"
  grep -q 'source /etc/xdg/ion/initrc' "$tree/root/.config/ion/initrc" || fail "root's initrc hides the other"

  # ---- the list of packages: "COMMAND PACKAGE", sorted, each command once, and none that is here
  packages=$tree/usr/share/cation/packages
  ! grep -vnE '^[A-Za-z0-9][A-Za-z0-9.+_-]* [a-z0-9][a-z0-9.+_-]*$' "$packages" || fail "no such lines"
  LC_ALL=C sort -c "$packages" || fail "the list of packages is not sorted"
  [[ -z $(cut -d' ' -f1 "$packages" | uniq -d) ]] || fail "a command is in two packages"
  for utility in "$@"; do
    ! cut -d' ' -f1 "$packages" | grep -qFxe "$utility" ||
      fail "$utility is installed, and in the list of packages"
  done

  # ---- the same bytes from other copies
  seconds=$(date -u -d "$date" +%s 2>/dev/null || echo 0)
  (
    umask 077
    mkdir -p "$work/other/$arch"
    # In another order, at another time, by another umask.
    while read -r path; do
      [[ -d $work/$arch/$path ]] || install -D -m "$([[ $path == usr/bin/* ]] && echo 700 || echo 600)" \
        "$work/$arch/$path" "$work/other/$arch/$path"
    done < <(LC_ALL=C sort -r <<<"$names")
    find "$work/other" -exec touch -d 2001-01-01 {} +
    cd /
    "$make_tar" "$work/other/$arch" "$seconds" "$work/other.tar"
  )
  cmp "$tar" "$work/other.tar" || fail "another copy of $tree gives other bytes"
done

# ---- wrong use
! said=$("$make_tar" "$work/none" 0 "$work/x.tar" 2>&1) || fail "a folder that is not there"
[[ $said == make_tar:* && $said != *$'\n'* ]] || fail "said: $said"

refused() {  # MESSAGE ENTRY...
  local said
  ! said=$(tools/make_release.py --tree "$work/t" --tar "$work/t.tar" \
    --aliases release_standin/aliases --manifest-tool true "${@:2}" 2>&1) || fail "taken: ${*:2}"
  [[ $said == "make_release: "*"$1"* && $said != *$'\n'* ]] || fail "said: $said"
}
ls=release_standin/x86_64/usr/bin/ls
refused "programs of several builds" "program:usr/bin/ls=$ls" \
  program:usr/bin/cat=release_standin/aarch64/usr/bin/cat
refused "usr/bin/cat is ls" "program:usr/bin/cat=$ls"
refused "has no build note" program:usr/bin/ls=/bin/ls
refused "not KIND:PATH=FILE" "thing:usr/bin/ls=$ls"
refused "usr/bin/ls" "program:usr/bin/ls=$ls" "program:usr/bin/ls=$ls"

# ---- the manifest has the right modes, and the aliases
manifest=$(tar -xOf release_standin_x86_64.tar usr/lib/cation/manifest)
for line in "cation-manifest 1" "architecture x86_64" "directory 0755 usr/bin" "alias usr/bin/simple-ls ls" \
  "program usr/bin/ls ls"; do
  grep -qFx "$line" <<<"$manifest" || fail "the manifest has no line '$line'"
done
for entry in "file 0755 $ls" "file 0644 release_standin/x86_64/usr/share/man/man1/ls.1" \
  "config 0644 release_standin/x86_64/etc/cation-release"; do
  read -r kind mode file <<<"$entry"
  line="$kind $mode $(stat -L -c %s "$file") $(sha256sum <"$file" | cut -d' ' -f1) ${file#*/*/}"
  grep -qFx "$line" <<<"$manifest" || fail "the manifest has no line '$line'"
done

with_tool() {
  tools/make_release.py --tree "$work/made" --tar "$work/made.tar" --aliases release_standin/aliases \
    --manifest-tool "$1" "program:usr/bin/ls=$ls" "file:usr/share/x=$ls"
}
for tool in false true; do
  if said=$(with_tool "$tool" 2>&1); then fail "no manifest, and no word of it"; fi
  [[ $said == "make_release: $tool "* ]] || fail "said: $said"
done

((failures == 0)) || exit 1
