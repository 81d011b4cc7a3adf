// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_TAIL_FOLLOW_H_
#define CATION_COREUTILS_TAIL_FOLLOW_H_

#include "coreutils/tail/input.h"

namespace cation::tail {

// Whether more may come of what `status` describes.
[[nodiscard]] bool MayBeFollowed(const sys::FileStatus& status);

// Shows what is added to the inputs, whose ends have been shown, until none is left, a process
// that was named has ended, or nobody reads any more. Returns the exit status; `status` is what it
// would be so far. Each interval takes one fstat for each file, or, by name, one stat.
// `output_is_pipe`: who reads it may be gone without anything being written.
[[nodiscard]] int Follow(Context& context, const Options& options, Span<Input> inputs,
                         Shower& shower, bool output_is_pipe, int status);

}  // namespace cation::tail

#endif  // CATION_COREUTILS_TAIL_FOLLOW_H_
