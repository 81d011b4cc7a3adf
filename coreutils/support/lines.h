// SPDX-License-Identifier: MIT
//
// Lines in blocks of text, many bytes at a time. What ends a line is a byte of one's choice.
#ifndef CATION_COREUTILS_SUPPORT_LINES_H_
#define CATION_COREUTILS_SUPPORT_LINES_H_

#include <stddef.h>
#include <stdint.h>

#include "runtime/core/string_view.h"
#include "runtime/core/utility.h"

namespace cation {

// How many bytes of `text` are `end`.
[[nodiscard]] size_t CountLines(StringView text, char end);

// The length of the first `count` lines of `text`, ends included; `count` is how many are missing
// then. Without any missing it is 0; otherwise what is returned is text.size().
[[nodiscard]] size_t SkipLines(StringView text, char end, uint64_t& count);

// Where the last `count` lines of `text` begin, which are those behind the count-th `end` from its
// end; `count` is how many ends are missing then. With any missing, what is returned is 0.
[[nodiscard]] size_t FindLastLines(StringView text, char end, uint64_t& count);

// The sum of the 32 bytes there: for who counts in each of them.
[[nodiscard]] size_t SumOfBytes(const void* bytes);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_LINES_H_
