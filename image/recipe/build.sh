#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the utilities with the cookbook's compiler and puts them into ${COOKBOOK_STAGE}/usr/bin. The
# recipe's script calls it in an empty folder; beside it are the sources, programs.txt (a program and
# its sources a line), facts.sh and status.txt (of the build that made the recipe).
#
# Used of the environment: TARGET, CXX, COOKBOOK_STAGE, and if they are there COOKBOOK_MAKE_JOBS, STRIP
# (or GNU_TARGET, for <GNU_TARGET>-strip). CATION_CRT0=own takes Cation's start code, not relibc's.
set -euo pipefail
export LC_ALL=C

fail() {
  printf 'cation: %s\n' "$*" >&2
  exit 1
}

source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for variable in TARGET CXX COOKBOOK_STAGE; do
  [[ -n ${!variable:-} ]] || fail "$variable is not set: this is to be run by the cookbook, as a recipe's script"
done
[[ -d $COOKBOOK_STAGE ]] || fail "COOKBOOK_STAGE: $COOKBOOK_STAGE is not a folder"
jobs=${COOKBOOK_MAKE_JOBS:-1}
[[ $jobs =~ ^[1-9][0-9]*$ ]] || fail "COOKBOOK_MAKE_JOBS: $jobs is not a number of jobs"
# shellcheck disable=SC1091,SC2154  # architectures, version and so on are of facts.sh
source "$source/facts.sh"
arch=${TARGET%%-*}
# shellcheck disable=SC2154
[[ $TARGET == *-redox && " ${architectures[*]} " == *" $arch "* ]] ||
  fail "TARGET: there is nothing for $TARGET; Redox on ${architectures[*]} is known"
# Words, where a wrapper such as sccache comes first.
read -ra compiler <<<"$CXX"
command -v "${compiler[0]}" >/dev/null || fail "CXX: there is no ${compiler[0]}"
for word in "${compiler[@]}"; do
  [[ $word != *-redox-* || $word == *"$arch"-* ]] || fail "CXX: $word is not for $TARGET"
done

# ---- the flags that this compiler and its linker take
flags=() links=(-nostartfiles -nodefaultlibs -static -no-pie "-Wl,-T,$source/toolchains/redox/redox.ld")
declare -n of_architecture=compile_flags_$arch
echo 'extern "C" int main() { return 0; }' >main.cc
"${compiler[@]}" -std=c++20 -c main.cc -o main.o 2>errors ||
  fail "${compiler[*]} cannot compile C++20: $(head -n 1 errors)"
# shellcheck disable=SC2154
for flag in "${compile_flags[@]}" "${of_architecture[@]}"; do
  ! "${compiler[@]}" -Werror "$flag" -c main.cc -o try.o 2>errors || flags+=("$flag")
done
# -Oz is of GCC 12.
[[ " ${flags[*]} " == *" -O"* ]] || flags+=(-Os)
"${compiler[@]}" "${flags[@]}" -c main.cc -o main.o

# The C library, and what starts a program with it: relibc's of the toolchain.
library() {
  local path
  path=$("${compiler[@]}" -print-file-name="$1")
  [[ $path == /* && -f $path ]] || fail "${compiler[*]} has no $1: it is not the cookbook's compiler"
  echo "$path"
}
crti=$(library crti.o) crtn=$(library crtn.o) libc=$(library libc.a)
[[ -n $crti && -n $crtn && -n $libc ]] || exit 1
case ${CATION_CRT0:-relibc} in
  relibc) crt0=$(library crt0.o) || exit 1 ;;
  own)
    crt0=crt0.o
    # shellcheck disable=SC2154
    "${compiler[@]}" "${flags[@]}" -I"$source" -c "$source/${crt0_sources[0]}" -o "$crt0"
    ;;
  *) fail "CATION_CRT0: $CATION_CRT0 is neither relibc nor own" ;;
esac
link() {  # OUT OBJECT...
  "${compiler[@]}" "${links[@]}" -o "$1" "$crt0" "$crti" "${@:2}" \
    -Wl,--start-group "$libc" -lgcc -Wl,--end-group "$crtn"
}
link try main.o 2>errors || fail "${compiler[*]} cannot link a program with its relibc: $(head -n 1 errors)"
# shellcheck disable=SC2154
for flag in "${link_flags[@]}"; do
  links+=("$flag")
  # GNU ld goes on after a -z that it does not know: "warning: -z x ignored".
  if ! link try main.o 2>errors || grep -qF -- "${flag##*,} ignored" errors; then unset 'links[-1]'; fi
done
# No two segments may share a page: this the linker has to know.
[[ " ${links[*]} " == *" -Wl,-z,norelro "* ]] || fail "the linker of ${compiler[*]} knows no -z norelro"

# ---- which functions this relibc has
defines=(-DCATION_RELIBC=1)
# shellcheck disable=SC2154
for symbol in "${optional_symbols[@]}"; do
  echo "extern \"C\" void $symbol(); extern \"C\" int main() { $symbol(); return 0; }" >try.cc
  # -fno-builtin: a name that the compiler knows is no other function's.
  "${compiler[@]}" "${flags[@]}" -fno-builtin -w -c try.cc -o try.o
  ! link try try.o 2>errors || defines+=("-DCATION_RELIBC_HAS_${symbol^^}=1")
done

# For whoever wants to know what was taken.
printf '%s\n' "${flags[@]}" "${defines[@]}" "${links[@]}" >taken.txt

# ---- compile, each source once; SOURCE@SUFFIX with names of its own for what all programs define
compile() {  # SOURCE or SOURCE@SUFFIX
  local object=objects/${1//\//_}.o file=${1%@*} symbol names=()
  # shellcheck disable=SC2154
  if [[ $1 == *@* ]]; then
    for symbol in "${boxed_symbols[@]}"; do names+=("-D$symbol=$symbol${1##*@}"); done
  fi
  "${compiler[@]}" "${flags[@]}" "${defines[@]}" "${names[@]}" -I"$source" -c "$source/$file" -o "$object" ||
    fail "$file does not compile with ${compiler[*]}: the lines above say why"
}
mkdir -p objects notes programs
mapfile -t sources < <(cut -d ' ' -f 2- "$source/programs.txt" | tr ' ' '\n' | LC_ALL=C sort -u)
((${#sources[@]} > 0)) || fail "$source/programs.txt lists no sources"
running=0
for file in "${sources[@]}"; do
  if ((running == jobs)); then
    wait -n
    running=$((running - 1))
  fi
  compile "$file" &
  running=$((running + 1))
done
while ((running > 0)); do
  wait -n
  running=$((running - 1))
done

# ---- link, strip, install
# shellcheck disable=SC2154
release=$version
strip=${STRIP:-${GNU_TARGET:-$TARGET}-strip}
while read -r name files; do
  bash "$source/toolchains/build_note.sh" "$source/status.txt" "$name" "$release" "$arch" relibc \
    >"notes/$name.cc"
  "${compiler[@]}" "${flags[@]}" -c "notes/$name.cc" -o "notes/$name.o"
  objects=("notes/$name.o")
  for file in $files; do objects+=("objects/${file//\//_}.o"); done
  link "programs/$name" "${objects[@]}" || fail "$name does not link: the lines above say why"
  ! command -v "$strip" >/dev/null || "$strip" "programs/$name"
done <"$source/programs.txt"
# Nothing is installed unless all are there.
mkdir -p "$COOKBOOK_STAGE/usr/bin"
install -m 0755 programs/* "$COOKBOOK_STAGE/usr/bin/"
