// SPDX-License-Identifier: MIT
//
// <sys/stat.h> of relibc on 64-bit Redox, January to August 2026.
#ifndef CATION_RUNTIME_ABI_SYS_STAT_H_
#define CATION_RUNTIME_ABI_SYS_STAT_H_

#include <stddef.h>
#include <stdint.h>

#include "runtime/abi/time.h"

namespace cation::abi {

struct Stat {
  uint64_t st_dev;
  uint64_t st_ino;
  uint64_t st_nlink;
  int32_t st_mode;
  int32_t st_uid;
  int32_t st_gid;
  uint64_t st_rdev;  // relibc never fills it in: always 0
  int64_t st_size;
  int64_t st_blksize;
  int64_t st_blocks;  // unsigned in January 2026, signed in August
  Timespec st_atim;
  Timespec st_mtim;
  Timespec st_ctim;
  unsigned char reserved[24];
};
static_assert(sizeof(Stat) == 144 && alignof(Stat) == 8);
static_assert(offsetof(Stat, st_dev) == 0 && offsetof(Stat, st_ino) == 8);
static_assert(offsetof(Stat, st_nlink) == 16 && offsetof(Stat, st_mode) == 24);
static_assert(offsetof(Stat, st_uid) == 28 && offsetof(Stat, st_gid) == 32);
static_assert(offsetof(Stat, st_rdev) == 40 && offsetof(Stat, st_size) == 48);
static_assert(offsetof(Stat, st_blksize) == 56 && offsetof(Stat, st_blocks) == 64);
static_assert(offsetof(Stat, st_atim) == 72 && offsetof(Stat, st_mtim) == 88);
static_assert(offsetof(Stat, st_ctim) == 104);

}  // namespace cation::abi

extern "C" {
// Sets the process's umask and returns the one before. Never fails. relibc keeps it in the process,
// and only its POSIX functions apply it: redox_open_v1 and redox_openat_v1 take the mode as it is.
int32_t umask(int32_t mask);
int mkfifo(const char* path, int32_t mode);
}

#endif  // CATION_RUNTIME_ABI_SYS_STAT_H_
