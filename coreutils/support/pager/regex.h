// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_PAGER_REGEX_H_
#define CATION_COREUTILS_SUPPORT_PAGER_REGEX_H_

#include <stdint.h>

#include "runtime/core/string.h"
#include "runtime/core/vector.h"

namespace cation::pager {

// Swaps large objects by their bytes, as Vector moves elements: none points into itself.
[[gnu::noinline]] inline void SwapBytes(void* a, void* b, size_t size) {
  auto* const one = static_cast<char*>(a);
  auto* const other = static_cast<char*>(b);
  for (size_t i = 0; i < size; ++i) Swap(one[i], other[i]);
}
template <typename T>
void SwapBytes(T& a, T& b) {
  SwapBytes(&a, &b, sizeof(T));
}

// What is searched for: a text as it is, or a basic or extended regular expression of POSIX.1-2024
// (without back-references, equivalence classes and collating symbols; \+, \? and \| are operators
// in basic ones). `.` and what a bracket leaves out
// are characters of UTF-8; within a bracket, characters beyond ASCII count as their bytes. Takes
// time in proportion to pattern times text at most, and memory to the pattern.
class Regex {
 public:
  struct Match {
    size_t start = 0;
    size_t end = 0;
  };

  [[gnu::noinline]] Regex();
  [[gnu::noinline]] ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;

  enum class Syntax : uint8_t { kExtended, kBasic, kLiteral };

  // Errors: EINVAL, ENOMEM. What was there before stays then.
  Result<void> Compile(StringView pattern, bool ignore_case, Syntax syntax);
  [[nodiscard]] bool empty() const { return nodes_.empty(); }
  // Whether it matches anywhere in `text`, which is a line.
  [[nodiscard]] bool Matches(StringView text) { return Run(text, 0, false, nullptr); }
  // The first match at or after `from`, as long as there is one, of text[0, ...).
  [[nodiscard]] bool Find(StringView text, size_t from, Match* match);

 private:
  friend class Compiler;
  enum class Kind : uint8_t {
    kByte,
    kSet,
    kLead,
    kContinuation,
    kSplit,
    kJump,
    kStart,
    kEnd,
    kMatch
  };
  static constexpr uint16_t kNone = 0xffff;
  struct Node {
    Kind kind;
    uint8_t byte;
    uint16_t next;
    uint16_t other;  // kSplit: the second way, if there are two; kSet: which set
    uint64_t added;  // the generation in which it was added
  };
  struct Set {
    uint8_t bits[32];
    [[nodiscard]] bool Has(unsigned byte) const { return (bits[byte / 8] >> byte % 8 & 1) != 0; }
    void Add(unsigned byte) { bits[byte / 8] |= static_cast<uint8_t>(1U << byte % 8); }
  };

  bool Run(StringView text, size_t from, bool here_only, size_t* end);
  void Add(uint16_t node, size_t at, size_t size);
  [[nodiscard]] bool CanBegin(char byte) const {
    return any_first_ || first_.Has(static_cast<uint8_t>(byte));
  }
  [[nodiscard]] bool Takes(const Node& node, uint8_t byte) const;

  Vector<Node> nodes_;
  String sets_;  // their bytes
  bool ignore_case_ = false;
  // The states that it may be in, and after the next byte.
  String lists_;  // their memory
  uint16_t* now_ = nullptr;
  uint16_t* next_ = nullptr;
  size_t count_ = 0;  // of next_
  uint16_t* pending_ = nullptr;
  uint64_t generation_ = 0;
  bool matched_ = false;
  // The bytes that a match can begin with.
  Set first_{};
  bool any_first_ = true;
};

}  // namespace cation::pager

#endif  // CATION_COREUTILS_SUPPORT_PAGER_REGEX_H_
