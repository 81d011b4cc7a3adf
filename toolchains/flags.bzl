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
    # Same bytes whenever, and wherever, they are built.
    "-Wno-builtin-macro-redefined",
    "-D__DATE__=\"redacted\"",
    "-D__TIME__=\"redacted\"",
    "-D__TIMESTAMP__=\"redacted\"",
]

common_cxxopts = ["-std=c++20"]

# GCC has nothing like it, and says where it ran in debug information alone, which no program has.
clang_copts = ["-ffile-compilation-dir=."]

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

# ---- GCC, for which these take the place of what clang or lld alone know
gcc_redox_copts = [
    "-D__redox__=1",
    # Debian's cross compilers are for Linux.
    "-U__linux__",
    "-U__linux",
    "-Ulinux",
    "-U__gnu_linux__",
    # No headers but the compiler's own (which come by -isystem), and those are whole without a C library
    # only when freestanding. What strlen() and memcmp() do is known nevertheless.
    "-nostdinc",
    "-ffreestanding",
    "-fbuiltin",
    "-fno-builtin-malloc",
    "-fno-builtin-calloc",
    "-fno-pic",
    "-fno-pie",
    "-fno-stack-protector",
    "-fno-unwind-tables",
    "-fno-asynchronous-unwind-tables",
    "-fomit-frame-pointer",
    "-fcf-protection=none",
]

# Beside memory_functions_copts.
gcc_memory_functions_copts = ["-fno-tree-loop-distribute-patterns"]

# For what defines _start: GCC's bitcode has no names of what is written in assembly at file scope.
gcc_entry_point_copts = ["-fno-lto"]

gcc_redox_aarch64_copts = ["-mno-outline-atomics"]

gcc_redox_opt_copts = [
    "-Os",
    "-DNDEBUG",
]

# Where the compiler has it: a GCC can be built without.
gcc_lto_copts = ["-flto"]

# One unit, so that each function is seen with its callers, and the same bytes whatever the machine.
gcc_lto_ldflags = [
    "-flto",
    "-flto-partition=one",
    # What turns out to be of no use only then is left out by the linker.
    "-ffunction-sections",
    "-fdata-sections",
    "-frandom-seed=link",
]

gcc_redox_ldflags = [
    "-no-canonical-prefixes",
    "-static",
    "-nostdlib",
    "-no-pie",
    # It is in an archive, from which the linker script alone does not take it.
    "-Wl,-u,_start",
    "-Wl,--gc-sections",
    "-Wl,-O2",
    "-Wl,--build-id=none",
    "-Wl,--fatal-warnings",
    "-Wl,-z,noexecstack",
    "-Wl,-z,norelro",
    "-Wl,-z,noseparate-code",
    "-Wl,-z,max-page-size=4096",
]

# The way round an error of some processors, without stubs, which begin on a page of their own.
gcc_redox_aarch64_ldflags = ["-Wl,--fix-cortex-a53-843419=adr"]

# Two archives may need each other, and GNU ld goes through a list once.
gcc_before_libraries = ["-Wl,--start-group"]

# What GCC calls for what the processor has no instruction for.
gcc_redox_after_libraries = [
    "-lgcc",
    "-Wl,--end-group",
]

# It finds an ambiguous else in GoogleTest's macros where one stands below an if. clang finds those that
# are.
gcc_host_copts = ["-Wno-dangling-else"]

gcc_host_after_libraries = ["-Wl,--end-group"]

gcc_host_ldflags = [
    "-no-canonical-prefixes",
    "-Wl,--gc-sections",
    "-Wl,--build-id=none",
    "-Wl,-z,relro,-z,now",
]

gcc_bare_copts = [
    "-fno-builtin-malloc",
    "-fno-builtin-calloc",
    # The same at link time, where what is said of single functions is forgotten. (-Os does not do it.)
    "-fno-optimize-strlen",
    "-fno-pic",
    "-fno-pie",
    "-fno-stack-protector",
    "-fno-exceptions",
    "-fno-rtti",
    "-fno-threadsafe-statics",
    "-fno-unwind-tables",
    "-fno-asynchronous-unwind-tables",
    "-fcf-protection=none",
    "-flto",
]

gcc_bare_ldflags = [
    "-O2",
    "-nostdlib",
    "-static",
    "-no-pie",
    "-Wl,-u,_start",
    "-Wl,-z,norelro",
    "-Wl,-z,noseparate-code",
    "-Wl,-z,max-page-size=4096",
    "-Wl,--fatal-warnings",
]
