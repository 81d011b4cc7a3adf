# SPDX-License-Identifier: MIT
"""GCC + binutils toolchain config for Redox (freestanding) and the Linux host.

For Redox it is Debian's cross compiler for Linux, of which neither headers nor libraries are used, or
the Redox prefix's own (gcc_repository.bzl). The compiler's driver links, for the sake of its plugin.
"""

load("@gcc//:paths.bzl", "COMPILERS")
load("@rules_cc//cc:cc_toolchain_config_lib.bzl", "feature")
load(":cc_toolchain_config.bzl", "TOOLCHAIN_CONFIG_ATTRS", "compile_flags", "link_flags", "toolchain_config_info")
load(
    ":flags.bzl",
    "common_copts",
    "common_cxxopts",
    "gcc_bare_copts",
    "gcc_bare_ldflags",
    "gcc_before_libraries",
    "gcc_host_after_libraries",
    "gcc_host_copts",
    "gcc_host_ldflags",
    "gcc_lto_copts",
    "gcc_lto_ldflags",
    "gcc_redox_aarch64_copts",
    "gcc_redox_aarch64_ldflags",
    "gcc_redox_after_libraries",
    "gcc_redox_copts",
    "gcc_redox_ldflags",
    "gcc_redox_opt_copts",
    "host_copts",
    "host_opt_copts",
    "redox_cxxopts",
)

# By Bazel's names, all of them: those that are not GCC's or binutils' no rule of ours asks for.
_TOOLS = ["ar", "cpp", "dwp", "gcc", "gcov", "ld", "llvm-cov", "nm", "objcopy", "objdump", "strip"]

def _features(redox):
    """GCC has no implicit-conversion among its sanitizers, and no libFuzzer."""
    return [
        feature(name = "asan", flag_sets = [
            compile_flags(["-fsanitize=address", "-fsanitize-address-use-after-scope", "-fno-omit-frame-pointer"]),
            link_flags(["-fsanitize=address"]),
        ] if not redox else []),
        feature(name = "ubsan", flag_sets = [
            compile_flags(["-fsanitize=undefined", "-fno-sanitize-recover=undefined"]),
            link_flags(["-fsanitize=undefined"]),
        ] if not redox else []),
    ]

def gcc_redox_link_flags(arch, linker_script):
    """How a program for Redox on arch is linked."""
    lto = gcc_redox_opt_copts + gcc_lto_ldflags if COMPILERS[arch]["lto"] else []
    of_arch = gcc_redox_aarch64_ldflags if arch == "aarch64" else []
    return gcc_redox_ldflags + of_arch + lto + ["-Wl,-T," + linker_script.path]

def _impl(ctx):
    redox = ctx.attr.os == "redox"
    compiler = COMPILERS[ctx.attr.cpu if redox else "host"]
    if compiler["missing"]:
        fail(compiler["missing"])
    prefix = compiler["prefix"]
    lto = compiler["lto"]
    tools = struct(
        compiler = "gcc",
        version = compiler["version"],
        stamp = compiler["stamp"],
        c = prefix + "gcc",
        cxx = prefix + "g++",
        link = prefix + "g++",
        driver = True,
        start_end_lib = False,
        ar = prefix + "ar",
        # An archive's index needs the names in bitcode. (gcc-ar does this, but takes no @file.)
        ar_flags = ["--plugin", lto] if lto else [],
        strip = prefix + "strip",
        tool_paths = {tool: prefix + tool for tool in _TOOLS},
    )
    if redox:
        common = common_copts + gcc_redox_copts + [
            "-isystem",
            compiler["headers"][0],
        ] + (gcc_redox_aarch64_copts if ctx.attr.cpu == "aarch64" else [])
        flags = struct(
            common = common,
            cxx = common_cxxopts + redox_cxxopts,
            opt = gcc_redox_opt_copts + (gcc_lto_copts if lto else []),
            link = gcc_redox_link_flags(ctx.attr.cpu, ctx.file.linker_script),
            bare = [],
            bare_link = [],
            before_libraries = gcc_before_libraries,
            after_libraries = gcc_redox_after_libraries,
            include_dirs = compiler["headers"],
            random_seed = True,
        )
    else:
        flags = struct(
            common = common_copts + host_copts + gcc_host_copts,
            cxx = common_cxxopts,
            opt = host_opt_copts,
            link = gcc_host_ldflags,
            bare = gcc_bare_copts,
            bare_link = gcc_bare_ldflags + gcc_lto_ldflags,
            before_libraries = gcc_before_libraries,
            after_libraries = gcc_host_after_libraries,
            include_dirs = compiler["headers"],
            random_seed = True,
        )
    return toolchain_config_info(ctx, tools, flags, _features(redox))

gcc_toolchain_config = rule(
    implementation = _impl,
    attrs = TOOLCHAIN_CONFIG_ATTRS,
    provides = [CcToolchainConfigInfo],
)
