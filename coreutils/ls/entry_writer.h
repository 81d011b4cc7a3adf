// SPDX-License-Identifier: MIT
//
// What every format shows of an entry: inode number and blocks before the name, the character for
// the type behind it.
#ifndef CATION_COREUTILS_LS_ENTRY_WRITER_H_
#define CATION_COREUTILS_LS_ENTRY_WRITER_H_

#include "coreutils/ls/listing.h"
#include "coreutils/ls/names.h"

namespace cation::ls {

// A size as text: digits, or in units of 1024 or 1000 with at most three characters before the
// unit, rounded up: "1.1K".
class SizeText {
 public:
  SizeText(uint64_t bytes, Units units);
  // NOLINTNEXTLINE(google-explicit-constructor)
  operator StringView() const { return {text_ + start_, sizeof(text_) - start_}; }

 private:
  void Prepend(char c) { text_[--start_] = c; }
  void PrependNumber(uint64_t number);

  char text_[24];
  size_t start_ = sizeof(text_);
};

// Space on the disk: in blocks of 1024 bytes, or as the options want sizes. `blocks` are of 512
// bytes.
[[nodiscard]] SizeText BlocksText(uint64_t blocks, Units units);

// Writes `text` in a field of `width` characters, at its right end.
void WriteRight(Output& out, StringView text, size_t width);
void WriteSpaces(Output& out, size_t count);

class EntryWriter {
 public:
  EntryWriter(const Options& options, const Listing& listing, Output& out)
      : names(options, out), options_(options), listing_(listing), out_(out) {}

  // Makes room for the widest inode number and block count of the listing, and of `others` unless
  // that is nullptr; without this, each takes the room that it needs.
  void Measure(const Listing* others);

  // The columns that Write() will take. Errors: ENOMEM.
  Result<size_t> Width(const Entry& entry);
  // Writes all of it; `column` is where it begins. Errors: ENOMEM.
  Result<void> Write(const Entry& entry, size_t column);
  // Writes what comes before the name, and returns the columns that it took.
  size_t WritePrefix(const Entry& entry);
  // Writes what comes behind it.
  void WriteIndicator(sys::Mode mode);

  NameWriter names;

 private:
  [[nodiscard]] size_t BlocksWidth(const Details& details) const;

  const Options& options_;
  const Listing& listing_;
  Output& out_;
  size_t inode_width_ = 0;
  size_t blocks_width_ = 0;
};

}  // namespace cation::ls

#endif  // CATION_COREUTILS_LS_ENTRY_WRITER_H_
