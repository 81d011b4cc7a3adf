# SPDX-License-Identifier: MIT
"""Functions that some revisions of relibc have and others lack."""

# Where libc.a defines one of these, the code sees CATION_RELIBC_HAS_<NAME IN CAPITALS>; where it
# does not, runtime/sys/redox falls back. The one list of them: the sysroot rule looks them up in a
# given libc.a, the stand-in's revisions in toolchains/relibc/symbols-*.txt.
OPTIONAL_SYMBOLS = [
    "faccessat",
    "fchownat",
    "linkat",
    "openat",
    "posix_getdents",
    # Not called: relibc has had it since May 2026, and no longer what its execve() got wrong in
    # scripts until February.
    "posix_spawn",
    "redox_ftruncate_v0",
    "redox_getdents_v0",
    "renameat",
    "symlinkat",
    "unlinkat",
    "utimensat",
]

def relibc_macros(symbols):
    """The macros (NAME=1) for what `symbols`, a list of a libc.a's exports, has of the list."""
    have = {s: True for s in symbols}
    return ["CATION_RELIBC_HAS_%s=1" % s.upper() for s in OPTIONAL_SYMBOLS if s in have]
