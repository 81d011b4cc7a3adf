// SPDX-License-Identifier: MIT
//
// Counts lines, words, characters and bytes of text that comes in pieces.
#ifndef CATION_COREUTILS_WC_COUNTER_H_
#define CATION_COREUTILS_WC_COUNTER_H_

#include <stddef.h>
#include <stdint.h>

#include "runtime/core/string_view.h"

namespace cation::wc {

struct Counts {
  uint64_t lines = 0;       // newlines
  uint64_t words = 0;       // what is between white space
  uint64_t characters = 0;  // of UTF-8; bytes that are none do not count
  uint64_t bytes = 0;
  uint64_t length = 0;  // columns of the longest line
};

// What there is to be counted, but for bytes, which are its user's business.
struct Wanted {
  bool lines = false;
  bool words = false;
  bool characters = false;
  bool length = false;
};

class Counter {
 public:
  // A character is at most one byte longer than this.
  static constexpr size_t kMostLeft = 3;

  explicit Counter(const Wanted& wanted) : wanted_(wanted) {}

  // Counts the next piece of text and returns how many of its bytes it has used: what is left, at
  // most kMostLeft bytes, may be a part of a character, and comes first in the next piece. With
  // `is_last` nothing is left.
  size_t Add(StringView text, bool is_last);
  // All that has been added so far; `bytes` is 0.
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  [[nodiscard]] size_t AddBlocks(StringView text, size_t at);
  void AddCharacter(uint32_t character);
  void EndLine();

  const Wanted& wanted_;
  Counts counts_;
  uint64_t column_ = 0;
  bool in_word_ = false;
};

}  // namespace cation::wc

#endif  // CATION_COREUTILS_WC_COUNTER_H_
