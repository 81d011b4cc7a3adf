// SPDX-License-Identifier: MIT
//
// Names as ls writes them: fit for a terminal, and coloured.
#ifndef CATION_COREUTILS_LS_NAMES_H_
#define CATION_COREUTILS_LS_NAMES_H_

#include "coreutils/ls/options.h"
#include "coreutils/support/output.h"
#include "runtime/sys/sys.h"

namespace cation::ls {

// The character that tells the type, for a file of `mode`; 0: none. `mode` may be the type alone.
[[nodiscard]] char IndicatorOf(sys::Mode mode, Indicator indicator);

class NameWriter {
 public:
  NameWriter(const Options& options, Output& out) : options_(options), out_(out) {}

  // The columns that Write() will take. Errors: ENOMEM.
  Result<size_t> Width(StringView name);
  // Writes the name, in the colour for `mode`, and returns the columns that it took; `column` is
  // where it begins. Errors: ENOMEM, and nothing was written.
  Result<size_t> Write(StringView name, sys::Mode mode, size_t column);

 private:
  // The name as it is to be seen; valid until the next call.
  Result<StringView> Shown(StringView name);

  const Options& options_;
  Output& out_;
  String shown_;
  bool has_used_colour_ = false;
};

}  // namespace cation::ls

#endif  // CATION_COREUTILS_LS_NAMES_H_
