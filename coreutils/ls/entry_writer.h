// SPDX-License-Identifier: MIT
//
// What every format shows of an entry: inode number, blocks and context before the name, the
// character for the type behind it.
#ifndef CATION_COREUTILS_LS_ENTRY_WRITER_H_
#define CATION_COREUTILS_LS_ENTRY_WRITER_H_

#include "coreutils/ls/hyperlink.h"
#include "coreutils/ls/names.h"

namespace cation::ls {

// Writes `text` in a field of `width` characters, at its right end.
void WriteRight(Output& out, StringView text, size_t width);
void WriteSpaces(Output& out, size_t count);

class EntryWriter {
 public:
  EntryWriter(const Options& options, const Listing& listing, Hyperlinks& links, Output& out)
      : names(options, out), options_(options), listing_(listing), links_(links), out_(out) {}

  // Makes room for the widest inode number and block count of the listing, and of `others` unless
  // that is nullptr; without this, each takes the room that it needs.
  void Measure(const Listing* others);

  // The columns that Write() will take. Errors: ENOMEM.
  Result<size_t> Width(const Entry& entry);
  // Writes all of it; `column` is where it begins. Errors: ENOMEM.
  Result<void> Write(const Entry& entry, size_t column);
  // Writes the inode number and blocks, and returns the columns that they took.
  size_t WritePrefix(const Entry& entry);
  // Writes the name, and returns how many bytes it has. Errors: ENOMEM.
  Result<size_t> WriteName(const Entry& entry, size_t column);
  // What a terminal is to open for the entry written last.
  [[nodiscard]] StringView last_url() const { return url_; }
  // Writes what comes behind it.
  void WriteIndicator(sys::Mode mode);

  NameWriter names;

 private:
  [[nodiscard]] size_t BlocksWidth(const Listing& listing, const Entry& entry) const;

  const Options& options_;
  const Listing& listing_;
  Hyperlinks& links_;
  Output& out_;
  StringView url_;
  size_t inode_width_ = 0;
  size_t blocks_width_ = 0;
};

}  // namespace cation::ls

#endif  // CATION_COREUTILS_LS_ENTRY_WRITER_H_
