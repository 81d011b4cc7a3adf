#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: recipe_test.sh UTILITY...
# Runs the recipe as Redox's cookbook does, with compilers that are like the cookbook's: GCC, which
# defines __redox__ and no __linux__, and a relibc-shaped sysroot, made of the stand-in, so that the
# programs run here.
set -euo pipefail

failures=0
fail() {
  printf 'FAIL: %s\n' "$*" >&2
  failures=$((failures + 1))
}
work=$TEST_TMPDIR
elf_check=$PWD/tools/elf_check/elf_check
# An older relibc for one of them: fewer functions.
declare -A sysroot=(
  [x86_64]=$PWD/toolchains/testing/sysroot_2026_08/x86_64
  [aarch64]=$PWD/toolchains/testing/sysroot_2026_01/aarch64
)
utilities=("$@")

# ---- the recipe goes into a cookbook
mkdir -p "$work/recipes"
make=(image/recipe/make_recipe.py image/recipe/cation)
said=$("${make[@]}" "$work/recipes") || fail "make_recipe: $said"
recipe=$work/recipes/cation
[[ -f $recipe/recipe.toml && -f $recipe/source/build.sh ]] || fail "no recipe"
grep -q 'uutils = "ignore"' "$recipe/recipe.toml" || fail "the recipe says nothing of uutils"
# Again: the same, and what the cookbook has built stays.
mkdir "$recipe/target"
cp -r "$recipe" "$work/first"
"${make[@]}" "$work/recipes" >/dev/null || fail "make_recipe again"
diff -r "$work/first" "$recipe" || fail "the second recipe is another one"
rmdir "$recipe/target"
refuses() {  # MESSAGE COMMAND...
  local said message=$1
  shift
  if said=$("$@" 2>&1 >/dev/null); then fail "done: $*"; fi
  [[ $said == "cation: "*"$message"* && $said != *$'\n'* ]] || fail "'$*' says: $said"
}
refuses "is not a folder" "${make[@]}" "$work/nowhere"
mkdir -p "$work/other/cation"
echo 'template = "custom"' >"$work/other/cation/recipe.toml"
refuses "was not made by this command" "${make[@]}" "$work/other"
refuses "is not a recipe of Cation's" image/recipe/make_recipe.py "$work/other/cation" "$work/recipes"

# The script, as a TOML reader finds it.
python3 - "$recipe/recipe.toml" >"$work/script" <<'PYTHON'
import re, sys

text = open(sys.argv[1], encoding="utf-8").read()
assert re.search(r'^\[build\]\ntemplate = "custom"\n', text, re.M)
print(re.search(r"^script = '''\n(.*?)'''$", text, re.M | re.S)[1])
PYTHON

# ---- compilers like the cookbook's
mkdir "$work/bin"
for arch in x86_64 aarch64; do
  gcc=$arch-linux-gnu
  cat >"$work/bin/$arch-unknown-redox-g++" <<WRAPPER
#!/usr/bin/env bash
lib=${sysroot[$arch]}/lib
for argument; do
  case \$argument in
    -print-file-name=*)
      [[ ! -f \$lib/\${argument#*=} ]] || { echo "\$lib/\${argument#*=}"; exit; }
      echo "\${argument#*=}"
      exit
      ;;
  esac
done
exec $gcc-g++ -nostdinc -isystem "\$($gcc-g++ -print-file-name=include)" -nostdlib -static -L"\$lib" \\
  -U__linux__ -U__linux -Ulinux -U__gnu_linux__ -U__unix__ -D__redox__=1 "\$@"
WRAPPER
  chmod +x "$work/bin/$arch-unknown-redox-g++"
  ln -s "$(command -v "$gcc-strip")" "$work/bin/$arch-unknown-redox-strip"
done

# As cook_build.rs: bash -e, the script on standard input, in an empty folder.
chmod -R a-w "$recipe/source"
trap 'chmod -R u+w "$recipe"' EXIT
stages=0
new_stage() {
  stages=$((stages + 1))
  stage=$work/stage.$stages
  mkdir -p "$stage" "$work/build.$stages" "$work/sysroot/include"
}
cook() {  # ARCH VARIABLE=VALUE...
  local arch=$1 target=$1-unknown-redox
  (
    cd "$work/build.$stages"
    env -i PATH="$work/bin:$PATH" HOME="$work" TARGET="$target" GNU_TARGET="$target" \
      HOST="$(uname -m)-unknown-linux-gnu" CC="$target-gcc" CXX="$target-g++" AR="$target-ar" \
      STRIP="$target-strip" COOKBOOK_BUILD="$PWD" COOKBOOK_NAME=cation COOKBOOK_RECIPE="$recipe" \
      COOKBOOK_ROOT="$work" COOKBOOK_STAGE="$stage" COOKBOOK_SOURCE="$recipe/source" \
      COOKBOOK_SYSROOT="$work/sysroot" COOKBOOK_MAKE_JOBS=2 "${@:2}" bash -e <"$work/script"
  )
}

printf 'one\ntwo\n' >"$work/text"
for arch in x86_64 aarch64; do
  run=()
  [[ $arch == "$(uname -m)" ]] || run=("$(command -v "qemu-$arch" || command -v "qemu-$arch-static")")
  for crt0 in relibc own; do
    new_stage
    if ! cook "$arch" CATION_CRT0=$crt0 >"$work/log" 2>&1; then
      fail "$arch, $crt0: $(<"$work/log")"
      continue
    fi
    [[ ! -s $work/log ]] || fail "$arch, $crt0: says $(<"$work/log")"
    bin=$stage/usr/bin
    [[ "$(ls "$bin")" == "$(printf '%s\n' "${utilities[@]}" | LC_ALL=C sort)" ]] || fail "in $bin: $(ls "$bin")"
    [[ -z $(find "$stage" -type f ! -perm 0755) ]] || fail "$arch: modes"
    "$elf_check" --arch="$arch" --libc=relibc "$bin"/* || fail "$arch, $crt0: elf-check"
    for utility in "${utilities[@]}"; do
      # To test it is an expression.
      [[ $utility != test ]] || continue
      # The status of false says what it always does.
      version=$("${run[@]}" "$bin/$utility" --version) || [[ $utility == false ]] ||
        fail "$arch: $utility --version"
      commit=$(sed -n 's/^STABLE_CATION_COMMIT //p' "$recipe/source/status.txt")
      [[ $version == "$utility (Cation) "*$'\n'"Build: $commit | "*" | $arch | relibc" ]] ||
        fail "$arch: $version"
    done
    [[ $("${run[@]}" "$bin/cat" -n "$work/text") == $'     1\tone\n     2\ttwo' ]] || fail "$arch: cat"
    "${run[@]}" "$bin/mkdir" -p "$work/tree.$stages/a" || fail "$arch: mkdir"
    "${run[@]}" "$bin/cp" -p "$work/text" "$work/tree.$stages/a/copy" || fail "$arch: cp"
    cmp "$work/text" "$work/tree.$stages/a/copy" || fail "$arch: cp"
    [[ $("${run[@]}" "$bin/ls" -R "$work/tree.$stages") == "$work/tree.$stages:"$'\na\n\n'"$work/tree.$stages/a:"$'\ncopy' ]] ||
      fail "$arch: ls"
    "${run[@]}" "$bin/rm" -r "$work/tree.$stages" || fail "$arch: rm"
    [[ ! -e $work/tree.$stages ]] || fail "$arch: rm"
    # What this relibc has was found, and what GNU's linker takes.
    taken=$work/build.$stages/taken.txt
    nm --defined-only "${sysroot[$arch]}/lib/libc.a" 2>/dev/null | sed 's/.* //' | LC_ALL=C sort -u >"$work/symbols"
    has=$(sed -n 's/^-DCATION_RELIBC_HAS_\(.*\)=1$/\L\1/p' "$taken" | LC_ALL=C sort)
    known=$(sed -n '/^optional_symbols=/,/^)/s/^  //p' "$recipe/source/facts.sh" | LC_ALL=C sort)
    [[ $has == "$(LC_ALL=C comm -12 "$work/symbols" - <<<"$known")" && -n $has ]] || fail "$arch: found $has"
    for flag in -Oz -fno-builtin-malloc -fno-exceptions -Wl,--gc-sections -Wl,-z,norelro \
      -Wl,-z,noseparate-code -Wl,--build-id=none; do
      grep -qxe "$flag" "$taken" || fail "$arch: $flag was not taken"
    done
    ! grep -qE 'icf|rosegment|nostdlibinc|flto|Werror' "$taken" || fail "$arch: taken: $(<"$taken")"
  done
done

# ---- what is wrong is one clear line, and nothing is installed
wrong() {  # MESSAGE VARIABLE=VALUE...
  local said
  new_stage
  if said=$(cook x86_64 "${@:2}" 2>&1 >/dev/null); then fail "cooked with ${*:2}"; fi
  [[ $said == "cation: "*"$1"* && $said != *$'\n'* ]] || fail "${*:2} says: $said"
  [[ -z $(find "$stage" -type f) ]] || fail "${*:2}: installed"
}
wrong "CXX is not set" CXX=
wrong "COOKBOOK_STAGE is not set" COOKBOOK_STAGE=
wrong "TARGET is not set" TARGET=
wrong "is not a folder" COOKBOOK_STAGE="$work/no stage"
wrong "there is nothing for riscv64gc-unknown-redox" TARGET=riscv64gc-unknown-redox
wrong "there is nothing for x86_64-unknown-linux-gnu" TARGET=x86_64-unknown-linux-gnu
wrong "there is no no-such-g++" CXX=no-such-g++
wrong "is not for x86_64-unknown-redox" CXX=aarch64-unknown-redox-g++
wrong "is not a number" COOKBOOK_MAKE_JOBS=many
wrong "neither relibc nor own" CATION_CRT0=other
wrong "it is not the cookbook's compiler" CXX=x86_64-linux-gnu-g++
wrong "cannot compile C++20" CXX=false

# The cookbook keeps the sources for the next time.
diff -r "$work/first/source" "$recipe/source" || fail "the sources have changed"

((failures == 0)) || exit 1
