// SPDX-License-Identifier: MIT
#include "image/close_on_exec.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cation::image {
namespace {

// F_SETFD does not fail on a descriptor that has just been made.
void CloseOnExec(const std::array<int, 2>& ends) {
  for (const int end : ends) (void)fcntl(end, F_SETFD, FD_CLOEXEC);
}

}  // namespace

bool MakePipe(std::array<int, 2>& ends) {
  if (pipe(ends.data()) != 0) return false;
  CloseOnExec(ends);
  return true;
}

bool MakeSocketPair(std::array<int, 2>& ends) {
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) return false;
  CloseOnExec(ends);
  return true;
}

}  // namespace cation::image
