// SPDX-License-Identifier: MIT
//
// For portable_test, which has to find these: a call that is Linux' alone (with the flags for
// programs it compiles), and what only a compiler for Linux says.
#include <fcntl.h>
#include <unistd.h>

#ifdef __linux__
#error "Linux' branch is taken"
#endif

namespace cation {

bool MakePipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0; }

}  // namespace cation
