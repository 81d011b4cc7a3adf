// SPDX-License-Identifier: MIT
//
// <sys/statvfs.h> of relibc on 64-bit Redox, January to August 2026.
#ifndef CATION_RUNTIME_ABI_SYS_STATVFS_H_
#define CATION_RUNTIME_ABI_SYS_STATVFS_H_

#include <stddef.h>
#include <stdint.h>

namespace cation::abi {

// From f_files on relibc fills in 0: a scheme answers no more than what is before.
struct Statvfs {
  uint64_t f_bsize;
  uint64_t f_frsize;  // the same as f_bsize
  uint64_t f_blocks;
  uint64_t f_bfree;
  uint64_t f_bavail;
  uint64_t f_files;
  uint64_t f_ffree;
  uint64_t f_favail;
  uint64_t f_fsid;
  uint64_t f_flag;
  uint64_t f_namemax;
};
static_assert(sizeof(Statvfs) == 88 && alignof(Statvfs) == 8);
static_assert(offsetof(Statvfs, f_bsize) == 0 && offsetof(Statvfs, f_frsize) == 8);
static_assert(offsetof(Statvfs, f_blocks) == 16 && offsetof(Statvfs, f_bfree) == 24);
static_assert(offsetof(Statvfs, f_bavail) == 32 && offsetof(Statvfs, f_files) == 40);
static_assert(offsetof(Statvfs, f_ffree) == 48 && offsetof(Statvfs, f_favail) == 56);
static_assert(offsetof(Statvfs, f_fsid) == 64 && offsetof(Statvfs, f_flag) == 72);
static_assert(offsetof(Statvfs, f_namemax) == 80);

}  // namespace cation::abi

#endif  // CATION_RUNTIME_ABI_SYS_STATVFS_H_
