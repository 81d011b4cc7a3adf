// SPDX-License-Identifier: MIT
//
// libredox's C functions in relibc: the stable surface of Redox. Signatures are fixed (nothing
// variadic), strings carry their length and are not terminated, and a failure is the return value
// -errno as an unsigned number.
#ifndef CATION_RUNTIME_ABI_REDOX_H_
#define CATION_RUNTIME_ABI_REDOX_H_

#include <stddef.h>
#include <stdint.h>

#include "runtime/abi/signal.h"
#include "runtime/abi/sys_stat.h"
#include "runtime/abi/sys_statvfs.h"
#include "runtime/abi/time.h"

extern "C" {
// Resolves symbolic links, relative to the working directory. The umask is not applied to `mode`.
size_t redox_open_v1(const char* path, size_t length, uint32_t flags, uint16_t mode);
// Relative to an open directory; goes to the scheme unresolved. A new file's mode travels in the
// low 16 bits of `flags`. January 2026 takes four arguments and ignores the fifth.
size_t redox_openat_v1(size_t directory, const char* path, size_t length, uint32_t flags,
                       uint32_t fcntl_flags);
size_t redox_dup_v1(size_t descriptor, const char* name, size_t length);
// Not close-on-exec, as that of redox_dup_v1. `old_descriptor` and `new_descriptor` must differ:
// for equal ones relibc's own table of August 2026 and the kernel's do not say the same.
size_t redox_dup2_v1(size_t old_descriptor, size_t new_descriptor, const char* name, size_t length);
size_t redox_read_v1(size_t descriptor, void* buffer, size_t size);
size_t redox_write_v1(size_t descriptor, const void* buffer, size_t size);
size_t redox_fsync_v1(size_t descriptor);
size_t redox_fdatasync_v1(size_t descriptor);
size_t redox_fchmod_v1(size_t descriptor, uint16_t mode);
size_t redox_fchown_v1(size_t descriptor, uint32_t user, uint32_t group);
// The path of an open file, all symbolic links followed: "/scheme/NAME/...". Returns its length,
// which may be that of the buffer when it is cut.
size_t redox_fpath_v1(size_t descriptor, void* buffer, size_t size);
size_t redox_fstat_v1(size_t descriptor, cation::abi::Stat* status);
size_t redox_fstatvfs_v1(size_t descriptor, cation::abi::Statvfs* status);
size_t redox_futimens_v1(size_t descriptor, const cation::abi::Timespec times[2]);
size_t redox_close_v1(size_t descriptor);
size_t redox_get_pid_v1();
size_t redox_get_euid_v1();
size_t redox_get_egid_v1();
size_t redox_get_ruid_v1();
size_t redox_get_rgid_v1();
// `options` are W flags of sys_wait.h. Returns the process, or 0 with kWNOHANG.
size_t redox_waitpid_v1(size_t process, int* status, uint32_t options);
size_t redox_kill_v1(size_t process, uint32_t signal);
// Each may be nullptr.
size_t redox_sigaction_v1(uint32_t signal, const cation::abi::Sigaction* action,
                          cation::abi::Sigaction* before);
// `how` is a SIG_ value of signal.h. Sets have the bit N - 1 for signal N.
size_t redox_sigprocmask_v1(uint32_t how, const uint64_t* set, uint64_t* before);
size_t redox_clock_gettime_v1(size_t clock, cation::abi::Timespec* time);
}

#endif  // CATION_RUNTIME_ABI_REDOX_H_
