// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_CONFIRM_H_
#define CATION_COREUTILS_SUPPORT_CONFIRM_H_

#include "runtime/core/span.h"
#include "runtime/core/string.h"
#include "runtime/start/context.h"

namespace cation {

// Questions on standard error, answered by lines of standard input.
class Confirm {
 public:
  explicit Confirm(const Context& context) : context_(context) {}
  Confirm(const Confirm&) = delete;
  Confirm& operator=(const Confirm&) = delete;

  // "program: question 'operand'? ", the question being `words` one after the other; true when the
  // next line begins with y or Y. No more input is a no. The operand is left out when it is empty.
  // `after` are words behind it.
  [[nodiscard]] bool Ask(Span<const StringView> words, StringView operand,
                         Span<const StringView> after = {});

 private:
  bool ReadAnswer();

  const Context& context_;
  // Input that was read ahead: nobody else in these programs reads it.
  char buffer_[512];
  size_t next_ = 0;
  size_t end_ = 0;
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_CONFIRM_H_
