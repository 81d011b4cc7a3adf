// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_PAGER_ARGUMENTS_H_
#define CATION_COREUTILS_SUPPORT_PAGER_ARGUMENTS_H_

#include "coreutils/support/options.h"
#include "runtime/core/vector.h"

namespace cation::pager {

// The arguments as ParseOptions() takes them.
struct Arguments {
  Vector<char*> arguments;
  // What is after +: keys to be typed first; of all files if it was ++.
  String keys;
  bool in_each = false;

  // What is in `variable` (LESS, MORE) before the arguments, but for options that are not known:
  // those of other versions are no reason to show nothing. -NUMBER becomes -n NUMBER if
  // `takes_number`. Errors: ENOMEM.
  Result<void> Collect(const Context& context, const Command& command, StringView variable,
                       bool takes_number);
  // What a pattern after + or -p is typed as: with the end of its line.
  Result<void> AddKeys(StringView typed);

 private:
  Result<void> AddVariable(const char* words, const Command& command);
  Result<void> Add(StringView word, bool takes_number);
  Result<void> AddWord(StringView start, StringView rest);

  // The arguments, each with its end, and where they begin.
  String text_;
  Vector<size_t> starts_;
  bool only_files_ = false;
};

}  // namespace cation::pager

#endif  // CATION_COREUTILS_SUPPORT_PAGER_ARGUMENTS_H_
