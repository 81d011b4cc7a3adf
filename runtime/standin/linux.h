// SPDX-License-Identifier: MIT
//
// Linux system calls for the stand-in, by hand: it has no C library beneath it.
#ifndef CATION_RUNTIME_STANDIN_LINUX_H_
#define CATION_RUNTIME_STANDIN_LINUX_H_

#include <stddef.h>
#include <stdint.h>

#include "runtime/sys/linux/system_call.h"

namespace cation::standin::linux_kernel {

using cation::linux_kernel::Call;

#if defined(__x86_64__)

enum Number : long {
  kRead = 0,
  kWrite = 1,
  kClose = 3,
  kFstat = 5,
  kLseek = 8,
  kMmap = 9,
  kMunmap = 11,
  kIoctl = 16,
  kDup = 32,
  kFcntl = 72,
  kFsync = 74,
  kFdatasync = 75,
  kFtruncate = 77,
  kFchmod = 91,
  kFchown = 93,
  kUmask = 95,
  kGeteuid = 107,
  kGetegid = 108,
  kGetuid = 102,
  kGetgid = 104,
  kSync = 162,
  kGetdents64 = 217,
  kClockGettime = 228,
  kExitGroup = 231,
  kOpenat = 257,
  kMkdirat = 258,
  kMknodat = 259,
  kNewfstatat = 262,
  kUnlinkat = 263,
  kRenameat = 264,
  kLinkat = 265,
  kSymlinkat = 266,
  kReadlinkat = 267,
  kUtimensat = 280,
  kPipe2 = 293,
  kMremap = 25,
  kGetcwd = 79,
  kNanosleep = 35,
  kClone = 56,
  kExecve = 59,
  kWait4 = 61,
  kKill = 62,
  kChdir = 80,
  kDup3 = 292,
  kSigaction = 13,
  kSigprocmask = 14,
  kSigtimedwait = 128,
  kSetpgid = 109,
  kGetpid = 39,
  kMount = 165,
  kReboot = 169,
  kFinitModule = 313,
  kMemfdCreate = 319,
  kFstatfs = 138,
};

// struct stat of the kernel.
struct Stat {
  uint64_t st_dev, st_ino, st_nlink;
  uint32_t st_mode, st_uid, st_gid, padding;
  uint64_t st_rdev;
  int64_t st_size, st_blksize, st_blocks;
  int64_t st_atim[2], st_mtim[2], st_ctim[2];
  int64_t reserved[3];
};
inline constexpr int kO_DIRECTORY = 0200000, kO_NOFOLLOW = 0400000;

#elif defined(__aarch64__)

enum Number : long {
  kDup = 23,
  kFcntl = 25,
  kIoctl = 29,
  kMknodat = 33,
  kMkdirat = 34,
  kUnlinkat = 35,
  kSymlinkat = 36,
  kLinkat = 37,
  kRenameat = 38,
  kFtruncate = 46,
  kFchmod = 52,
  kFchown = 55,
  kOpenat = 56,
  kClose = 57,
  kGetdents64 = 61,
  kLseek = 62,
  kRead = 63,
  kWrite = 64,
  kReadlinkat = 78,
  kNewfstatat = 79,
  kFstat = 80,
  kSync = 81,
  kFsync = 82,
  kFdatasync = 83,
  kUtimensat = 88,
  kExitGroup = 94,
  kClockGettime = 113,
  kUmask = 166,
  kGeteuid = 175,
  kGetegid = 177,
  kGetuid = 174,
  kGetgid = 176,
  kMunmap = 215,
  kMremap = 216,
  kMmap = 222,
  kPipe2 = 59,
  kGetcwd = 17,
  kDup3 = 24,
  kChdir = 49,
  kNanosleep = 101,
  kKill = 129,
  kClone = 220,
  kExecve = 221,
  kSigaction = 134,
  kSigprocmask = 135,
  kSigtimedwait = 137,
  kSetpgid = 154,
  kWait4 = 260,
  kMount = 40,
  kReboot = 142,
  kGetpid = 172,
  kFinitModule = 273,
  kMemfdCreate = 279,
  kFstatfs = 44,
};

struct Stat {
  uint64_t st_dev, st_ino;
  uint32_t st_mode, st_nlink, st_uid, st_gid;
  uint64_t st_rdev, padding;
  int64_t st_size;
  int32_t st_blksize, padding2;
  int64_t st_blocks;
  int64_t st_atim[2], st_mtim[2], st_ctim[2];
  int32_t reserved[2];
};
inline constexpr int kO_DIRECTORY = 040000, kO_NOFOLLOW = 0100000;

#else
#error "no stand-in for this CPU: add its system calls here"
#endif

// struct statfs of the kernel, the same on both.
struct Statfs {
  int64_t f_type, f_bsize;
  uint64_t f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_fsid;
  int64_t f_namelen, f_frsize, f_flags, f_spare[4];
};

inline constexpr int kO_WRONLY = 1, kO_RDWR = 2, kO_CREAT = 0100, kO_EXCL = 0200, kO_NOCTTY = 0400,
                     kO_TRUNC = 01000, kO_APPEND = 02000, kO_NONBLOCK = 04000,
                     kO_CLOEXEC = 02000000, kO_PATH = 010000000;
inline constexpr int kAT_FDCWD = -100, kAT_SYMLINK_NOFOLLOW = 0x100, kAT_REMOVEDIR = 0x200,
                     kAT_SYMLINK_FOLLOW = 0x400, kAT_EMPTY_PATH = 0x1000;

}  // namespace cation::standin::linux_kernel

#endif  // CATION_RUNTIME_STANDIN_LINUX_H_
