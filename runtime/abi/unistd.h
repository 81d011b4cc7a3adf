// SPDX-License-Identifier: MIT
//
// <unistd.h>, <stdio.h> and <stdlib.h> of relibc: the few POSIX functions for which libredox has no
// counterpart. All return -1 and set errno on failure. Paths must be UTF-8 (EINVAL).
#ifndef CATION_RUNTIME_ABI_UNISTD_H_
#define CATION_RUNTIME_ABI_UNISTD_H_

#include <stddef.h>
#include <stdint.h>

extern "C" {
// Where errno is. Here and not in errno.h, which host code includes too: hosts declare it
// otherwise. redox_*_v1 do not set it.
int* __errno_location();

int64_t lseek(int descriptor, int64_t offset, int whence);
int ftruncate(int descriptor, int64_t length);
int unlink(const char* path);
int rmdir(const char* path);                       // removes d for "d/." on RedoxFS
int link(const char* existing, const char* name);  // EINVAL on Redox systems of February 2026
// Across schemes it "succeeds", and the file is in the root of its own: only within one directory.
int rename(const char* from, const char* to);
int unlinkat(int directory, const char* name, int flags);  // not in January 2026
char* getcwd(char* buffer, size_t size);                   // nullptr on failure
void sync();                                               // an empty function up to August 2026
int chdir(const char* path);
// `flags`: kO_CLOEXEC, kO_NONBLOCK.
int pipe2(int* ends, int flags);

// The new process has a copy of the descriptors, close-on-exec ones too. 0 in it.
int32_t fork();
// A program of relibc: it reads the file, maps what is in it, and closes the close-on-exec
// descriptors. Not being able to open the file is ENOENT whatever the reason, no execute permission
// EPERM, a directory ENOEXEC.
int execve(const char* path, char* const* arguments, char* const* environment);
// 0 is the caller itself, for both.
int setpgid(int32_t process, int32_t group);
// Nothing is run or flushed.
[[noreturn]] void _exit(int status);

void* malloc(size_t size);
void* realloc(void* memory, size_t size);
void free(void* memory);
}

#endif  // CATION_RUNTIME_ABI_UNISTD_H_
