# SPDX-License-Identifier: MIT
"""What a target is built for, as select()s, for the rules in this folder."""

load("@redox_sysroot_aarch64//:config.bzl", HAVE_AARCH64 = "HAVE_SYSROOT")
load("@redox_sysroot_x86_64//:config.bzl", HAVE_X86_64 = "HAVE_SYSROOT")
load(":flags.bzl", "gcc_entry_point_copts", "gcc_memory_functions_copts", "memory_functions_copts")

ARCHES = ["x86_64", "aarch64"]

# Was REDOX_SYSROOT_<ARCH> given?
HAVE_SYSROOT = {
    "x86_64": HAVE_X86_64,
    "aarch64": HAVE_AARCH64,
}

def select_libc(relibc, standin, host):
    """One value per C library.

    Args:
      relibc: dictionary from architecture to the value where a sysroot is linked
      standin: the value for Redox objects that are linked with the stand-in
      host: the value for host programs
    """
    branches = {
        "//toolchains:auto_" + arch: relibc[arch] if HAVE_SYSROOT[arch] else standin
        for arch in ARCHES
    }
    branches["//toolchains:is_redox"] = standin
    branches["//conditions:default"] = host
    return select(branches)

# "relibc", "standin" or "host".
LIBC = select_libc({arch: "relibc" for arch in ARCHES}, "standin", "host")

# "x86_64" or "aarch64", of the target.
ARCH = select({"//toolchains:is_" + arch: arch for arch in ARCHES})

# "clang" or "gcc".
COMPILER = select({
    "//toolchains:compiler_gcc": "gcc",
    "//conditions:default": "clang",
})

# For tests of what runs LLVM.
HOST_WITH_CLANG = ["@platforms//os:linux"] + select({
    "//toolchains:compiler_gcc": ["//toolchains:not_with_gcc"],
    "//conditions:default": [],
})

# For tests with features = ["fuzz_main"]: GCC has no libFuzzer.
LIBFUZZER = HOST_WITH_CLANG

# For tests of //:userland_gcc beside clang's programs: where GCC is the compiler of all, those are its
# own as well.
CLANG_BESIDE_GCC = HOST_WITH_CLANG

# For what defines _start.
ENTRY_POINT_COPTS = select({
    "//toolchains:compiler_gcc": gcc_entry_point_copts,
    "//conditions:default": [],
})

# For what defines memcpy and its like.
MEMORY_FUNCTIONS_COPTS = memory_functions_copts + select({
    "//toolchains:compiler_gcc": gcc_memory_functions_copts,
    "//conditions:default": [],
})
