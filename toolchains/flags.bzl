# SPDX-License-Identifier: MIT
# Compiler and linker flags. Only `name = ["strings"]` and comments: the common subset of Starlark and
# gn, so that both can read this file.

# ---- every target
common_copts = [
    "-no-canonical-prefixes",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-ffunction-sections",
    "-fdata-sections",
    # Same bytes wherever the checkout and Bazel's folders are.
    "-ffile-compilation-dir=.",
    "-Wno-builtin-macro-redefined",
    "-D__DATE__=\"redacted\"",
    "-D__TIME__=\"redacted\"",
    "-D__TIMESTAMP__=\"redacted\"",
]

common_cxxopts = ["-std=c++20"]

# ---- Redox
# Upstream clang knows no Redox: it defines no __redox__, looks into /usr/include, and its driver
# would link with /usr/bin/g++; so ld.lld is run directly.
redox_copts = [
    "-D__redox__=1",
    # Not -ffreestanding: that hides from the optimizer what strlen() and memcmp() do, and the length
    # of a literal is then worked out where it is used, which takes 200 to 1,000 bytes a program. But
    # malloc() stays malloc(): with a memset() after it, calloc() would be called.
    "-fno-builtin-malloc",
    "-fno-builtin-calloc",
    "-nostdlibinc",
    "-fno-pic",
    "-fno-stack-protector",
    "-fno-unwind-tables",
    "-fno-asynchronous-unwind-tables",
    # Not the default for an OS that clang does not know.
    "-fomit-frame-pointer",
]

# For the recipe's compiler, which would find its C library's headers. Ours has none but its own in any
# case, and would know no C function any more: the length of each literal would be a call of strlen().
redox_recipe_copts = ["-ffreestanding"]

redox_aarch64_copts = ["-mno-outline-atomics"]

redox_cxxopts = [
    "-nostdinc++",
    "-fno-exceptions",
    "-fno-rtti",
    "-fno-threadsafe-statics",
]

# exec reads every byte of a program through a userspace filesystem: size is time at the prompt. Our
# own objects are optimized together at link time; relibc's libc.a, which has no bitcode, is linked as
# it is.
redox_opt_copts = [
    "-Oz",
    "-flto",
    "-DNDEBUG",
]

redox_ldflags = [
    "-static",
    "--gc-sections",
    "--icf=all",
    # Texts that end like others share their bytes.
    "-O2",
    "--build-id=none",
    "--fatal-warnings",
    "-z",
    "noexecstack",
    # exec maps each segment by whole pages and fails (EEXIST) where two share one: two PT_LOADs, laid
    # out by redox.ld.
    "-z",
    "norelro",
    "--no-rosegment",
    "-z",
    "noseparate-code",
    "-z",
    "max-page-size=4096",
]

redox_x86_64_ldflags = [
    "-m",
    "elf_x86_64",
]

redox_aarch64_ldflags = [
    "-m",
    "aarch64linux",
]

# For what defines memcpy and its like: the compiler must neither turn a loop in memcpy into a call of
# memcpy, nor, with link-time optimisation, drop it before code generation refers to it.
memory_functions_copts = [
    "-fno-builtin",
    "-fno-lto",
]

# ---- host
host_copts = ["-fstack-protector-strong"]

host_opt_copts = [
    "-O2",
    "-DNDEBUG",
]

host_ldflags = [
    "-fuse-ld=lld",
    "-no-canonical-prefixes",
    "-Wl,--gc-sections",
    "-Wl,--build-id=none",
    "-Wl,-z,relro,-z,now",
]

# Programs for Linux hosts: without the C library (//runtime/sys/linux), static, in as few segments as
# can be. -O2, since what they are measured by is time.
bare_copts = [
    # As for Redox: there is no calloc().
    "-fno-builtin-malloc",
    "-fno-builtin-calloc",
    "-fno-pic",
    "-fno-stack-protector",
    "-fno-exceptions",
    "-fno-rtti",
    "-fno-threadsafe-statics",
    "-fno-unwind-tables",
    "-fno-asynchronous-unwind-tables",
    "-flto",
]

bare_ldflags = [
    "-nostdlib",
    "-static",
    "-Wl,-z,norelro",
    "-Wl,-z,noseparate-code",
    "-Wl,-z,max-page-size=4096",
    "-Wl,--no-rosegment",
    "-Wl,--icf=all",
    "-Wl,--fatal-warnings",
]
