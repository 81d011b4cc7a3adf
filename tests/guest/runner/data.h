// SPDX-License-Identifier: MIT
//
// Content for test files that says by itself what it is: README.md, "data".
#ifndef CATION_TESTS_GUEST_RUNNER_DATA_H_
#define CATION_TESTS_GUEST_RUNNER_DATA_H_

#include <stddef.h>
#include <stdint.h>

#include "runtime/core/span.h"
#include "runtime/core/string_view.h"

namespace cation::guest {

// The content of a file of `size` bytes, from its start. Every eight bytes tell the seed and the
// place, so that neither another file's nor another place's pass for them.
class Data {
 public:
  Data(uint64_t size, uint64_t seed) : size_(size), seed_(seed) {}

  [[nodiscard]] uint64_t left() const { return size_ - at_; }
  // Fills `buffer` with what comes next; returns how many bytes those are, 0 at the end.
  size_t Next(Span<char> buffer);

 private:
  uint64_t size_;
  uint64_t seed_;
  uint64_t at_ = 0;
};

// The CRC-32 of zlib, continued from `crc`, which is 0 at first.
[[nodiscard]] uint32_t Crc32(uint32_t crc, StringView bytes);

}  // namespace cation::guest

#endif  // CATION_TESTS_GUEST_RUNNER_DATA_H_
