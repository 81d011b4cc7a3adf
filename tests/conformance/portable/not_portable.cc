// SPDX-License-Identifier: MIT
//
// For portable_test, which has to find all three: a header and a call that are Linux' alone, and
// what asks whether this is Linux. With the flags for programs it compiles.
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#ifndef __linux__
#error "this is not Linux"
#endif

int main() {
  int ends[2];
  return pipe2(ends, O_CLOEXEC);
}
