# SPDX-License-Identifier: MIT
"""Clang + lld toolchain config for Redox (freestanding) and the Linux host.

For Redox ld.lld is run directly, because for an OS clang does not know its driver would call
/usr/bin/g++.
"""

load("@llvm//:paths.bzl", "HOST_INCLUDE_DIRS", "LLVM_BIN", "LLVM_STAMP", "LLVM_VERSION", "MISSING", "RESOURCE_DIR")
load("@rules_cc//cc:cc_toolchain_config_lib.bzl", "feature")
load(":cc_toolchain_config.bzl", "TOOLCHAIN_CONFIG_ATTRS", "compile_flags", "link_flags", "toolchain_config_info")
load(
    ":flags.bzl",
    "bare_copts",
    "bare_ldflags",
    "clang_copts",
    "common_copts",
    "common_cxxopts",
    "host_copts",
    "host_ldflags",
    "host_opt_copts",
    "redox_aarch64_copts",
    "redox_aarch64_ldflags",
    "redox_copts",
    "redox_cxxopts",
    "redox_ldflags",
    "redox_opt_copts",
    "redox_x86_64_ldflags",
)

_TOOL_PATHS = {
    "ar": "llvm-ar",
    "cpp": "clang-cpp",
    "dwp": "llvm-dwp",
    "gcc": "clang",
    "gcov": "llvm-profdata",
    "ld": "ld.lld",
    "llvm-cov": "llvm-cov",
    "nm": "llvm-nm",
    "objcopy": "llvm-objcopy",
    "objdump": "llvm-objdump",
    "strip": "llvm-strip",
}

def _features(ctx, redox):
    """Sanitizers, fuzzing, coverage: for the host."""
    return [
        feature(name = "asan", flag_sets = [
            compile_flags(["-fsanitize=address"]),
            link_flags(["-fsanitize=address"]),
            compile_flags(["-fsanitize-address-use-after-scope", "-fno-omit-frame-pointer"]),
        ] if not redox else []),
        feature(name = "ubsan", flag_sets = [
            compile_flags([
                "-fsanitize=undefined,implicit-conversion",
                "-fno-sanitize-recover=undefined,implicit-conversion",
            ] + (["-fsanitize-ignorelist=" + ctx.file.ubsan_ignore.path] if ctx.file.ubsan_ignore else [])),
            link_flags(["-fsanitize=undefined", "-fsanitize-link-c++-runtime"]),
        ] if not redox else []),
        feature(name = "fuzzer", flag_sets = [
            compile_flags(["-fsanitize=fuzzer-no-link", "-DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"]),
        ] if not redox else []),
        # Only on targets that ask for it: cc_binary(features = ["fuzz_main"]).
        feature(name = "fuzz_main", flag_sets = [
            link_flags(["-fsanitize=fuzzer"]),
        ] if not redox else []),
        feature(name = "coverage"),
        # Bazel asks for this one under `bazel coverage --experimental_use_llvm_covmap`.
        feature(name = "llvm_coverage_map_format", flag_sets = [
            compile_flags(["-fprofile-instr-generate", "-fcoverage-mapping"]),
            link_flags(["-fprofile-instr-generate"]),
        ] if not redox else []),
    ]

def _impl(ctx):
    if MISSING:
        fail(MISSING)
    redox = ctx.attr.os == "redox"
    clangxx = LLVM_BIN + "/clang++"
    tools = struct(
        compiler = "clang",
        version = LLVM_VERSION,
        stamp = LLVM_STAMP,
        c = LLVM_BIN + "/clang",
        cxx = clangxx,
        link = LLVM_BIN + "/ld.lld" if redox else clangxx,
        driver = not redox,
        start_end_lib = True,
        ar = LLVM_BIN + "/llvm-ar",
        ar_flags = [],
        strip = LLVM_BIN + "/llvm-strip",
        tool_paths = {name: LLVM_BIN + "/" + tool for name, tool in _TOOL_PATHS.items()},
    )

    # relibc is not named here: //toolchains:libc adds a sysroot's objects, and nothing that we compile
    # includes its headers.
    if redox:
        aarch64 = ctx.attr.cpu == "aarch64"
        common = ["--target=%s-unknown-redox" % ctx.attr.cpu] + common_copts + clang_copts + redox_copts + (
            redox_aarch64_copts if aarch64 else []
        )
        cxx = common_cxxopts + redox_cxxopts
        opt = redox_opt_copts
        link = (redox_aarch64_ldflags if aarch64 else redox_x86_64_ldflags) + redox_ldflags + [
            "-T",
            ctx.file.linker_script.path,
        ]
    else:
        common = common_copts + clang_copts + host_copts
        cxx = common_cxxopts
        opt = host_opt_copts
        link = host_ldflags
    flags = struct(
        common = common,
        cxx = cxx,
        opt = opt,
        link = link,
        bare = bare_copts,
        bare_link = bare_ldflags,
        before_libraries = [],
        after_libraries = [],
        include_dirs = [RESOURCE_DIR + "/include"] if redox else HOST_INCLUDE_DIRS,
        random_seed = False,
    )
    return toolchain_config_info(ctx, tools, flags, _features(ctx, redox))

clang_toolchain_config = rule(
    implementation = _impl,
    attrs = dict(
        TOOLCHAIN_CONFIG_ATTRS,
        ubsan_ignore = attr.label(allow_single_file = True),
    ),
    provides = [CcToolchainConfigInfo],
)
