# SPDX-License-Identifier: MIT
"""Repository rules over Debian packages: bazel-rules-cc, googletest, libabsl-dev, clang."""

_NEED = "%s not found: run ./cation setup, or apt-get install %s"

def _require(rctx, path, package):
    p = rctx.path(path)
    if not p.exists:
        fail(_NEED % (path, package))
    return p

# ---------------------------------------------------------------- rules_cc
def _rules_cc_impl(rctx):
    src = _require(rctx, "/usr/share/bazel/rules/cc", "bazel-rules-cc")
    r = rctx.execute(["cp", "-rL", "--no-preserve=mode,ownership", str(src) + "/.", "."])
    if r.return_code:
        fail("copying rules_cc: " + r.stderr)

    # rules_cc 0.0.4 wants use_cpp_toolchain from @bazel_tools, which 4.2.3 lacks.
    for f in ["cc_flags_supplier.bzl", "compiler_flag.bzl"]:
        p = "cc/private/rules_impl/" + f
        text = rctx.read(p)
        text = text.replace(', "use_cpp_toolchain"', "")
        text = text.replace("use_cpp_toolchain()", '["@bazel_tools//tools/cpp:toolchain_type"]')
        rctx.file(p, text, executable = False)

    # Newer versions have these for what was built in; there, one cannot be given its own name at once.
    for folder in ["cc/common", "cc/common/builtin"]:
        rctx.file(folder + "/BUILD", "")
    for f, symbol in [("cc_info", "CcInfo"), ("cc_common", "cc_common")]:
        rctx.file("cc/common/builtin/%s.bzl" % f, "builtin_%s = %s\n" % (f, symbol))
        rctx.file("cc/common/%s.bzl" % f, "load(\"//cc/common/builtin:%s.bzl\", \"builtin_%s\")\n\n%s = builtin_%s\n" % (f, f, symbol, f))

debian_rules_cc = repository_rule(implementation = _rules_cc_impl, local = True)

# ---------------------------------------------------------------- rules_shell
# Built into Bazel up to 7.
def _rules_shell_impl(rctx):
    rctx.file("shell/BUILD", "")
    for rule in ["sh_binary", "sh_test"]:
        rctx.file("shell/%s.bzl" % rule, "%s = native.%s\n" % (rule, rule))

builtin_rules_shell = repository_rule(implementation = _rules_shell_impl, local = True)

# ---------------------------------------------------------------- coverage
# `bazel test` resolves these labels even when no coverage is asked for.
# lcov_merger: cc coverage already comes as lcov .dat files; concatenation is a valid merge.
_MERGER = """#!/bin/bash
# Stand-in for Bazel's Java CoverageOutputGenerator: concatenates lcov files.
set -euo pipefail
out= dir= list=
for a in "$@"; do case "$a" in
  --coverage_dir=*) dir="${a#*=}";;
  --output_file=*) out="${a#*=}";;
  --reports_file=*) list="${a#*=}";;
esac; done
tmp="$(mktemp)"
if [[ -n "$dir" ]]; then
  find "$dir" -name '*.dat' -type f -print0 | sort -z | xargs -0 -r cat >"$tmp"
fi
if [[ -n "$list" ]]; then
  while read -r f; do [[ -s "$f" ]] && cat "$f"; done <"$list" >>"$tmp" || true
fi
cp "$tmp" "$out"; rm -f "$tmp"
"""

def _coverage_impl(rctx):
    rctx.file("WORKSPACE", 'workspace(name = "remote_coverage_tools")\n')
    rctx.file("merger.sh", _MERGER, executable = True)
    rctx.file("BUILD", """package(default_visibility = ["//visibility:public"])
sh_binary(name = "lcov_merger", srcs = ["merger.sh"])
sh_binary(name = "coverage_report_generator", srcs = ["merger.sh"])
""")

remote_coverage_tools_stub = repository_rule(implementation = _coverage_impl, local = True)

# ---------------------------------------------------------------- llvm
_LLVM_VERSION = "19"

# What has to be there, and Debian's package with it.
_LLVM_TOOLS = {
    "clang": "clang-" + _LLVM_VERSION,
    "ld.lld": "lld-" + _LLVM_VERSION,
    "llvm-ar": "llvm-" + _LLVM_VERSION,
}

def llvm_bin(rctx):
    """The folder of clang, ld.lld and the rest; $LLVM_PREFIX/bin where that is set."""
    return (rctx.os.environ.get("LLVM_PREFIX") or "/usr/lib/llvm-" + _LLVM_VERSION) + "/bin"

def _llvm_impl(rctx):
    bin = llvm_bin(rctx)

    # Said by the toolchain, not here: who builds with GCC does not miss it.
    for tool, package in _LLVM_TOOLS.items():
        if not rctx.path(bin + "/" + tool).exists:
            _llvm_paths(rctx, bin, "", [], _NEED % (bin + "/" + tool, package))
            return
    r = rctx.execute([bin + "/clang", "-print-resource-dir"])
    res = r.stdout.strip()
    dirs = header_folders(rctx, bin + "/clang++")
    _llvm_paths(rctx, bin, res, dirs + [res + "/include", res + "/share"], "")

def header_folders(rctx, compiler):
    """Where the compiler looks for C++ headers (for undeclared-inclusion checks)."""
    r = rctx.execute([compiler, "-E", "-x", "c++", "-v", "/dev/null"])
    dirs, on = [], False
    for line in r.stderr.split("\n"):
        if line.startswith("#include <"):
            on = True
        elif line.startswith("End of search"):
            on = False
        elif on:
            dirs.append(str(rctx.path(line.strip())))
    return dirs

def stamp_of(rctx, tools):
    """What another version or build of these programs has differently.

    Args:
      rctx: of the repository rule
      tools: paths of programs that know --version
    """
    parts = []
    for tool in tools:
        parts += [
            rctx.execute([tool, "--version"]).stdout.split("\n")[0].strip(),
            rctx.execute(["stat", "-L", "-c", "%s", tool]).stdout.strip(),
        ]
    return " ".join(parts)

def _llvm_paths(rctx, bin, resources, header_dirs, problem):
    rctx.file("WORKSPACE", "")
    rctx.file("BUILD", 'exports_files(["paths.bzl"])\n')
    stamp = "" if problem else stamp_of(rctx, [bin + "/clang", bin + "/ld.lld"])
    rctx.file("paths.bzl", """LLVM_VERSION = %r
LLVM_BIN = %r
LLVM_STAMP = %r
RESOURCE_DIR = %r
HOST_INCLUDE_DIRS = %r
MISSING = %r
""" % (_LLVM_VERSION, bin, stamp, resources, header_dirs, problem))

debian_llvm = repository_rule(
    implementation = _llvm_impl,
    # The front door sets CATION_COMPILER_STAMP to the tools' times, so that a running server sees new ones.
    environ = ["LLVM_PREFIX", "CATION_COMPILER_STAMP"],
    local = True,
)

# ---------------------------------------------------------------- googletest
# Debian's archives: no compile time. They are not instrumented under asan and ubsan; what our tests
# instantiate from the headers is.
_GTEST = """load("@rules_cc//cc:defs.bzl", "cc_library")
package(default_visibility = ["//visibility:public"])

cc_library(
    name = "gtest",
    srcs = ["lib/libgmock.a", "lib/libgtest.a"],
    hdrs = glob(["include/**/*.h"]),
    includes = ["include"],
    linkopts = ["-pthread"],
)

cc_library(name = "gtest_main", srcs = ["lib/libgmock_main.a"], deps = [":gtest"])
"""

def _libdir(rctx, archive, package):
    for c in ["x86_64-linux-gnu", "aarch64-linux-gnu"]:
        if rctx.path("/usr/lib/%s/%s" % (c, archive)).exists:
            return "/usr/lib/" + c
    fail(_NEED % (archive, package))

def _gtest_impl(rctx):
    rctx.file("WORKSPACE", "")
    libdir = _libdir(rctx, "libgmock_main.a", "libgtest-dev libgmock-dev")
    for p in ["gtest", "gmock"]:
        rctx.symlink(_require(rctx, "/usr/include/" + p, "lib%s-dev" % p), "include/" + p)
    for a in ["libgtest.a", "libgmock.a", "libgmock_main.a"]:
        rctx.symlink(libdir + "/" + a, "lib/" + a)
    rctx.file("BUILD", _GTEST)

debian_googletest = repository_rule(implementation = _gtest_impl, local = True)

# ---------------------------------------------------------------- abseil, Debian's static libraries
# Labels are upstream's (@com_google_absl//absl/strings ...), so a later move to a
# source abseil changes only this rule. Debian's build pins absl::string_view,
# optional, any, variant to absl's OWN types (options.h all 0).
_ABSL = {
    "absl/base": ["base", "core_headers"],
    "absl/cleanup": ["cleanup"],
    "absl/container": ["flat_hash_map", "flat_hash_set", "inlined_vector", "fixed_array", "btree"],
    "absl/flags": ["commandlineflag", "flag", "parse", "reflection"],
    "absl/hash": ["hash"],
    "absl/memory": ["memory"],
    "absl/numeric": ["int128", "bits"],
    "absl/random": ["random"],
    "absl/status": ["status", "statusor"],
    "absl/strings": ["strings", "str_format", "cord"],
    "absl/synchronization": ["synchronization"],
    "absl/time": ["time"],
    "absl/types": ["span", "optional", "variant"],
}

def _absl_impl(rctx):
    inc = _require(rctx, "/usr/include/absl", "libabsl-dev")
    libdir = _libdir(rctx, "libabsl_base.a", "libabsl-dev")
    rctx.symlink(inc, "include/absl")
    n = 0
    for f in rctx.path(libdir).readdir():
        if f.basename.startswith("libabsl_") and f.basename.endswith(".a"):
            rctx.symlink(f, "lib/" + f.basename)
            n += 1
    if not n:
        fail("no libabsl_*.a in " + libdir + ": apt-get install libabsl-dev")
    rctx.file("WORKSPACE", "")
    rctx.file("BUILD", """load("@rules_cc//cc:defs.bzl", "cc_library")
# All archives at once: lld needs no order among archives, and takes only what is used.
cc_library(
    name = "all",
    srcs = glob(["lib/*.a"], exclude = ["lib/*random*distributions_test*"]),
    hdrs = glob(["include/absl/**/*.h", "include/absl/**/*.inc"]),
    includes = ["include"],
    linkopts = ["-pthread"],
    visibility = ["//visibility:public"],
)
""")
    for pkg, names in _ABSL.items():
        rctx.file(pkg + "/BUILD", "package(default_visibility = [\"//visibility:public\"])\n" + "".join([
            "alias(name = \"%s\", actual = \"//:all\")\n" % x
            for x in names
        ]))

debian_absl = repository_rule(implementation = _absl_impl, local = True)

# ---------------------------------------------------------------- openssl
# For SHA-256 alone; its static library, so that a tool that was built runs without it.
_OPENSSL = """load("@rules_cc//cc:defs.bzl", "cc_library")

cc_library(
    name = "crypto",
    srcs = ["lib/libcrypto.a"],
    hdrs = glob(["include/openssl/*.h"]),
    includes = ["include"],
    linkopts = ["-pthread", "-ldl"],
    visibility = ["//visibility:public"],
)
"""

def _openssl_impl(rctx):
    rctx.file("WORKSPACE", "")
    headers = _require(rctx, "/usr/include/openssl", "libssl-dev")
    libdir = _libdir(rctx, "libcrypto.a", "libssl-dev")
    for f in headers.readdir():
        rctx.symlink(f, "include/openssl/" + f.basename)

    # What depends on the architecture is in a folder of its own.
    for f in rctx.path("/usr/include/" + libdir.split("/")[-1] + "/openssl").readdir():
        rctx.symlink(f, "include/openssl/" + f.basename)
    rctx.symlink(libdir + "/libcrypto.a", "lib/libcrypto.a")
    rctx.file("BUILD", _OPENSSL)

debian_openssl = repository_rule(implementation = _openssl_impl, local = True)
