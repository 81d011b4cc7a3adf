// SPDX-License-Identifier: MIT
//
// For portable_test, which has to find both: a call that is Linux' alone, and what asks whether
// this is Linux. With the flags for programs it compiles.
#include <fcntl.h>
#include <unistd.h>

#ifndef __linux__
#error "this is not Linux"
#endif

int main() {
  int ends[2];
  return pipe2(ends, O_CLOEXEC);
}
