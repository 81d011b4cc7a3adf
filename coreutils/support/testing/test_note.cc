// SPDX-License-Identifier: MIT
//
// The build note of a test program: programs get theirs from the build.

// Header (owner 7 bytes padded to 8, description, type 1), owner, description.
extern "C" const unsigned char cation_build_note[] =
    "\7\0\0\0\x46\0\0\0\1\0\0\0"
    "Cation\0\0"
    "name=test\nversion=1.2.3\ncommit=abc\ndate=2026-01-02\narch=any\nlibc=host\n";
