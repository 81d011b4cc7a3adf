// SPDX-License-Identifier: MIT
//
// <fcntl.h> of relibc on Redox. Flags live in the bits from 16 up; the kernel and RedoxFS read a
// new file's mode from the low 16 bits of the same word, which relibc's own openat() relies on too.
#ifndef CATION_RUNTIME_ABI_FCNTL_H_
#define CATION_RUNTIME_ABI_FCNTL_H_

#include <stdint.h>

namespace cation::abi {

inline constexpr uint32_t kO_RDONLY = 0x0001'0000;  // not 0, as it is elsewhere
inline constexpr uint32_t kO_WRONLY = 0x0002'0000;
inline constexpr uint32_t kO_RDWR = 0x0003'0000;
inline constexpr uint32_t kO_NONBLOCK = 0x0004'0000;
inline constexpr uint32_t kO_APPEND = 0x0008'0000;
inline constexpr uint32_t kO_CLOEXEC = 0x0100'0000;
inline constexpr uint32_t kO_CREAT = 0x0200'0000;
inline constexpr uint32_t kO_TRUNC = 0x0400'0000;
inline constexpr uint32_t kO_EXCL = 0x0800'0000;
inline constexpr uint32_t kO_DIRECTORY = 0x1000'0000;
inline constexpr uint32_t kO_PATH = 0x2000'0000;
inline constexpr uint32_t kO_SYMLINK =
    0x4000'0000;  // open the link itself; EINVAL on RedoxFS for anything else
inline constexpr uint32_t kO_NOFOLLOW = 0x8000'0000;  // has an effect together with O_PATH only

inline constexpr uint32_t kOpenModeMask = 0xffff;  // where the mode of a new file travels

inline constexpr int kAT_FDCWD = -100;
inline constexpr int kAT_SYMLINK_NOFOLLOW = 0x200;
inline constexpr int kAT_REMOVEDIR = 0x200;

inline constexpr int kSEEK_SET = 0;
inline constexpr int kSEEK_CUR = 1;
inline constexpr int kSEEK_END = 2;

}  // namespace cation::abi

#endif  // CATION_RUNTIME_ABI_FCNTL_H_
