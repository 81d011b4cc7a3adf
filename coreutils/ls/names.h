// SPDX-License-Identifier: MIT
//
// Names as ls writes them: quoted, fit for a terminal, and coloured.
#ifndef CATION_COREUTILS_LS_NAMES_H_
#define CATION_COREUTILS_LS_NAMES_H_

#include "coreutils/ls/listing.h"
#include "coreutils/support/output.h"

namespace cation::ls {

// The character that tells the type, for a file of `mode`; 0: none. `mode` may be the type alone.
[[nodiscard]] char IndicatorOf(sys::Mode mode, Indicator indicator);

// The code for the colour of the entry called `name`, data() nullptr: none. With `is_target`, of
// what the entry, a symbolic link, leads to, and `name` is its target.
[[nodiscard]] StringView ColorOf(const Options& options, const Entry& entry, StringView name,
                                 bool is_target);

class NameWriter {
 public:
  NameWriter(const Options& options, Output& out) : options_(options), out_(out) {}

  // Whether quotes around one of the names move all the others to the right.
  void SetPadding(bool pads) { pads_ = pads; }

  // The columns that Write() will take. Errors: ENOMEM.
  Result<size_t> Width(StringView name);
  // Writes the name with `color` (data() nullptr: none), and returns how many bytes it has, without
  // what makes the colour; `column` is where it begins. Only a name of an entry `may_pad`. `url` is
  // what a terminal is to open, empty for nothing. Errors: ENOMEM, and nothing was written.
  Result<size_t> Write(StringView name, StringView color, size_t column, bool may_pad,
                       StringView url);
  // The name, with : as special, for the directory whose listing follows. Errors: ENOMEM, and
  // nothing was written.
  Result<void> WriteHeader(StringView name, StringView url);

  // What has to be before text that is no name.
  void BeginText() {
    if (options_.Shows(FileColor::kNormal)) PutCode(options_.colors[FileColor::kNormal]);
  }
  // The end of all output.
  void Finish();

 private:
  // The name as it is to be seen, with the characters of `special` quoted; valid until the next
  // call.
  Result<StringView> Shown(StringView name, StringView special);
  void Put(StringView code);
  void PutCode(StringView code);
  void PutReset();
  void PutText(StringView shown, StringView url, bool skips_quotes);

  const Options& options_;
  Output& out_;
  String shown_;
  String marked_;
  bool pads_ = false;
  bool is_quoted_ = false;  // the name that Shown() gave
  bool has_used_color_ = false;
};

}  // namespace cation::ls

#endif  // CATION_COREUTILS_LS_NAMES_H_
