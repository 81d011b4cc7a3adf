// SPDX-License-Identifier: MIT
//
// What libstdc++ itself takes from glibc beyond POSIX, in a build that asks for POSIX alone.
#ifndef CATION_TESTS_CONFORMANCE_PORTABLE_LIBSTDCXX_H_
#define CATION_TESTS_CONFORMANCE_PORTABLE_LIBSTDCXX_H_

#include <pthread.h>
#include <time.h>

extern "C" {
int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const timespec* time);
long syscall(long number, ...);
}

#endif  // CATION_TESTS_CONFORMANCE_PORTABLE_LIBSTDCXX_H_
