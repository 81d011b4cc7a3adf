# SPDX-License-Identifier: MIT
"""Rust programs for the host, built by cargo from crates that `cargo fetch` has brought here."""

load(":debian.bzl", "llvm_bin")

_NO_CARGO = "no cargo of Rust 1.85 or newer here (looked at $CARGO, PATH and ~/.cargo/bin): " + \
            "run ./cation setup, or apt-get install cargo-web rustc-web"

def _new_enough(version):
    # "cargo 1.95.0 (f2d3ce0bd 2026-03-21)"
    words = version.split(" ")
    numbers = words[1].split(".") if len(words) > 1 else []
    if len(numbers) < 2 or not numbers[0].isdigit() or not numbers[1].isdigit():
        return False
    return int(numbers[0]) > 1 or int(numbers[1]) >= 85

def _impl(rctx):
    environ = rctx.os.environ
    home = environ.get("HOME", "/")
    found = ""
    for candidate in [environ.get("CARGO", ""), rctx.which("cargo"), home + "/.cargo/bin/cargo"]:
        if not candidate or not rctx.path(str(candidate)).exists:
            continue
        version = rctx.execute([str(candidate), "--version"])
        if version.return_code == 0 and _new_enough(version.stdout):
            found = str(candidate)
            break
    linker = rctx.which("cc") or llvm_bin(rctx) + "/clang"

    # Whoever does not want what cargo builds is not to miss it: only a target that does fails.
    rctx.file("WORKSPACE", "")
    rctx.file("BUILD", "")
    rctx.file("cargo.bzl", "CARGO = %r\nCARGO_HOME = %r\nHOME = %r\nLINKER = %r\nMISSING = %r\n" % (
        found,
        environ.get("CARGO_HOME", home + "/.cargo"),
        home,
        str(linker),
        "" if found else _NO_CARGO,
    ))

host_cargo = repository_rule(
    implementation = _impl,
    environ = ["CARGO", "CARGO_HOME", "HOME", "LLVM_PREFIX", "PATH"],
    local = True,
)
