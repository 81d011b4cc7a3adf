# SPDX-License-Identifier: MIT
"""cargo_binary and cargo_test: what a Cargo.toml makes, and its tests."""

load("@host_cargo//:cargo.bzl", "CARGO", "CARGO_HOME", "HOME", "LINKER", "MISSING")

# cargo keeps what it has compiled beside Bazel's output, so that a change of our sources does not
# compile every crate again; `bazel clean --expunge` takes it away. It works on a copy of the
# sources: what is not declared is not there.
_BUILD = """
set -euo pipefail
if [[ -n $MISSING ]]; then
  echo "$MISSING" >&2
  exit 1
fi
output=$PWD/$1 package=$2 what=$3 name=$4
shift 4
kept=$(cd ../.. && pwd)/cargo
mkdir -p "$kept"
exec 9>"$kept/lock"
flock 9
sources=$kept/$package
rm -rf "$sources"
for file; do
  mkdir -p "$sources/$(dirname "${file#"$package"/}")"
  cp -pL "$file" "$sources/${file#"$package"/}"
done
export CARGO_TARGET_DIR=$kept/target RUSTFLAGS="-C linker=$LINKER \
  --remap-path-prefix=$CARGO_HOME=/cargo --remap-path-prefix=$sources=/$package"
cd "$sources"
log=$kept/log
if [[ $what == build ]]; then
  "$CARGO" build --release --locked --offline >"$log" 2>&1 || failed=1
  made=$CARGO_TARGET_DIR/release/$name
else
  "$CARGO" test --no-run --release --locked --offline >"$log" 2>&1 || failed=1
  made=$(sed -n 's/^ *Executable .*(\\(.*\\))$/\\1/p' "$log")
fi
if [[ -n ${failed:-} ]]; then
  cat "$log" >&2
  if grep -qE 'offline|no matching package|failed to (get|download)' "$log"; then
    echo "the Rust crates are not here: run ./cation setup (or cargo fetch --locked in $package)" >&2
  fi
  exit 1
fi
cp "$made" "$output"
"""

def _run(ctx, what):
    out = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.run_shell(
        outputs = [out],
        inputs = ctx.files.srcs,
        command = _BUILD,
        arguments = [out.path, ctx.label.package, what, ctx.attr.program or ctx.label.name] +
                    [f.path for f in ctx.files.srcs],
        env = {
            "CARGO": CARGO,
            "CARGO_HOME": CARGO_HOME,
            "HOME": HOME,
            "LINKER": LINKER,
            "MISSING": MISSING,
            "PATH": CARGO.rpartition("/")[0] + ":/usr/bin:/bin",
        },
        execution_requirements = {"no-sandbox": "1", "no-remote": "1"},
        mnemonic = "Cargo",
        progress_message = "Building %s with cargo" % ctx.label,
    )
    return [DefaultInfo(executable = out, files = depset([out]))]

def _attributes():
    return {
        "srcs": attr.label_list(allow_files = True, mandatory = True),
        "program": attr.string(doc = "The package's name, where it is not the target's."),
    }

def _binary_impl(ctx):
    return _run(ctx, "build")

def _test_impl(ctx):
    return _run(ctx, "test")

cargo_binary = rule(
    implementation = _binary_impl,
    attrs = _attributes(),
    executable = True,
)

cargo_test = rule(
    implementation = _test_impl,
    attrs = _attributes(),
    test = True,
)
