// SPDX-License-Identifier: MIT
//
// ls -l: mode, links, owner, group, size, date and name, and what a symbolic link leads to.
#ifndef CATION_COREUTILS_LS_LONG_FORMAT_H_
#define CATION_COREUTILS_LS_LONG_FORMAT_H_

#include "coreutils/ls/entry_writer.h"
#include "coreutils/support/accounts.h"
#include "coreutils/support/local_time_zone.h"

namespace cation::ls {

class LongFormat {
 public:
  LongFormat(const Context& context, const Options& options, const Listing& listing, Output& out);

  // Makes the columns wide enough for the listing, and for `others` too unless that is nullptr.
  // Before the first WriteLine().
  void Measure(const Listing* others);
  // Errors: ENOMEM.
  Result<void> WriteLine(const Entry& entry, EntryWriter& writer);

 private:
  struct Widths {
    size_t links = 0;
    size_t user = 0;
    size_t group = 0;
    size_t major = 0;
    size_t minor = 0;
    size_t size = 0;
  };

  void MeasureEntry(const Entry& entry, const Details& details);
  void MeasureOwner(Accounts& accounts, uint32_t id, size_t& width);
  void WriteOwner(Accounts& accounts, uint32_t id, bool known, size_t width);
  void WriteSize(const Entry& entry, const Details& details);
  Result<void> WriteDate(const Entry& entry, const Details& details);
  bool IsRecent(const sys::TimePoint& time);
  // Columns of a date; that of an old file, the Epoch.
  Result<size_t> DateWidth();

  void Put(StringView text) {
    out_.Write(text);
    column_ += text.size();
  }
  void PutRight(StringView text, size_t width) {
    WriteRight(out_, text, width);
    column_ += Max(text.size(), width);
  }

  const Options& options_;
  const Listing& listing_;
  Output& out_;
  Accounts users_;
  Accounts groups_;
  const Context& context_;
  LocalTimeZone zone_;
  sys::TimePoint now_ = {INT64_MIN, 0};  // not known yet
  Widths widths_;
  size_t column_ = 0;
  String date_;
};

}  // namespace cation::ls

#endif  // CATION_COREUTILS_LS_LONG_FORMAT_H_
