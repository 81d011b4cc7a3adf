// SPDX-License-Identifier: MIT
//
// What the host backend takes from macOS beyond POSIX, in macOS' shapes, so that its branch for
// macOS is compiled on hosts that are not. Names and types only: nothing is linked. Source: the
// manual pages of macOS 13, sections 2 and 3.
#ifndef CATION_TESTS_CONFORMANCE_PORTABLE_APPLE_BACKEND_H_
#define CATION_TESTS_CONFORMANCE_PORTABLE_APPLE_BACKEND_H_

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define NSIG 32
#define F_FULLFSYNC 51
#define SEEK_HOLE 3
#define SEEK_DATA 4
#define DT_UNKNOWN 0
#define DT_FIFO 1
#define DT_CHR 2
#define DT_DIR 4
#define DT_BLK 6
#define DT_REG 8
#define DT_LNK 10
#define DT_SOCK 12
#define st_atimespec st_atim
#define st_mtimespec st_mtim
#define st_ctimespec st_ctim

struct statfs {
  uint32_t f_bsize;
  int32_t f_iosize;
  uint64_t f_blocks, f_bfree, f_bavail, f_files, f_ffree;
  struct {
    int32_t val[2];
  } f_fsid;
  uint32_t f_owner, f_type, f_flags, f_fssubtype;
  char f_fstypename[16], f_mntonname[1024], f_mntfromname[1024];
};

extern "C" {
int statfs(const char* path, struct statfs* status);
int fstatfs(int descriptor, struct statfs* status);
int getentropy(void* buffer, size_t size);
int mknodat(int directory, const char* path, mode_t mode, dev_t device);
pid_t wait4(pid_t process, int* status, int options, struct rusage* usage);
}

#endif  // CATION_TESTS_CONFORMANCE_PORTABLE_APPLE_BACKEND_H_
