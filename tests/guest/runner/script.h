// SPDX-License-Identifier: MIT
//
// A script of cases: README.md, "Scripts".
#ifndef CATION_TESTS_GUEST_RUNNER_SCRIPT_H_
#define CATION_TESTS_GUEST_RUNNER_SCRIPT_H_

#include "runtime/core/string.h"
#include "runtime/core/vector.h"

namespace cation::guest {

struct Word {
  StringView text;  // terminated
  bool quoted = false;
};

// A line that says something.
struct Step {
  unsigned line = 0;       // its number, from 1
  Span<const Word> words;  // at least one
};

class Script {
 public:
  // Takes the text apart, in place. On failure `problem` says what is wrong with which line.
  // Errors: EINVAL, ENOMEM.
  Result<void> Parse(String text, String& problem);

  [[nodiscard]] Span<const Step> steps() const { return {steps_.data(), steps_.size()}; }

 private:
  Result<void> ParseLine(char* line, char* end, unsigned number, String& problem);

  String text_;
  Vector<Word> words_;
  Vector<Step> steps_;
  Vector<size_t> first_words_;  // of each step, in words_
};

}  // namespace cation::guest

#endif  // CATION_TESTS_GUEST_RUNNER_SCRIPT_H_
