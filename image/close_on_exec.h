// SPDX-License-Identifier: MIT
//
// Two connected descriptors that a program started meanwhile does not get. By two calls more than
// Linux needs: macOS has neither pipe2() nor SOCK_CLOEXEC.
#ifndef CATION_IMAGE_CLOSE_ON_EXEC_H_
#define CATION_IMAGE_CLOSE_ON_EXEC_H_

#include <array>

namespace cation::image {

// Both return false with errno set (EMFILE, ENFILE), and then there is nothing to close.
// ends[0] is for reading, ends[1] for writing. Source: pipe().
[[nodiscard]] bool MakePipe(std::array<int, 2>& ends);
// Both are the same: a stream of bytes each way. Source: socketpair() of AF_UNIX.
[[nodiscard]] bool MakeSocketPair(std::array<int, 2>& ends);

}  // namespace cation::image

#endif  // CATION_IMAGE_CLOSE_ON_EXEC_H_
