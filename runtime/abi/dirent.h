// SPDX-License-Identifier: MIT
//
// <dirent.h> of relibc on Redox.
#ifndef CATION_RUNTIME_ABI_DIRENT_H_
#define CATION_RUNTIME_ABI_DIRENT_H_

#include <stddef.h>
#include <stdint.h>

namespace cation::abi {

// One record as posix_getdents() leaves it in the caller's buffer. Records follow each other at any
// address, not at multiples of 8: read the fields by memcpy, never through a pointer to this
// struct.
struct Dirent {
  uint64_t d_ino;
  uint64_t d_off;  // opaque position of the next record
  uint16_t d_reclen;
  uint8_t d_type;  // a DT_ value; 0 (unknown) on many schemes, wrong on a 9p share
  char d_name[256];
};
static_assert(sizeof(Dirent) == 280 && alignof(Dirent) == 8);
static_assert(offsetof(Dirent, d_ino) == 0 && offsetof(Dirent, d_off) == 8);
static_assert(offsetof(Dirent, d_reclen) == 16 && offsetof(Dirent, d_type) == 18);
static_assert(offsetof(Dirent, d_name) == 19);

inline constexpr uint8_t kDT_UNKNOWN = 0;
inline constexpr uint8_t kDT_FIFO = 1;
inline constexpr uint8_t kDT_CHR = 2;
inline constexpr uint8_t kDT_DIR = 4;
inline constexpr uint8_t kDT_BLK = 6;
inline constexpr uint8_t kDT_REG = 8;
inline constexpr uint8_t kDT_LNK = 10;
inline constexpr uint8_t kDT_SOCK = 12;

}  // namespace cation::abi

extern "C" {
// POSIX.1-2024. Fills `buffer` with whole records from the descriptor's position on and returns the
// bytes used, 0 at the end, or -1 with errno. In both relibc revisions; readdir() would read
// through 512 bytes at a time.
int64_t posix_getdents(int descriptor, void* buffer, size_t size, int flags);
}

#endif  // CATION_RUNTIME_ABI_DIRENT_H_
