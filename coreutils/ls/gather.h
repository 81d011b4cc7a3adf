// SPDX-License-Identifier: MIT
//
// Where listings come from: operands and directories, each looked at with as few calls as the
// options allow.
#ifndef CATION_COREUTILS_LS_GATHER_H_
#define CATION_COREUTILS_LS_GATHER_H_

#include "coreutils/ls/listing.h"
#include "coreutils/support/output.h"

namespace cation::ls {

// What went wrong so far. The values are exit statuses.
class Trouble {
 public:
  enum Degree : uint8_t {
    kNone = 0,
    kMinor = 1,
    kSerious = 2
  };  // serious: an operand could not be listed

  Trouble(const Context& context, Output& out) : context_(context), out_(out) {}

  // Says it on standard error, after all that was listed before.
  void Report(StringView operand, Error error, Degree degree);
  void Report(StringView operand, StringView reason, Degree degree);
  [[nodiscard]] Degree worst() const { return worst_; }
  void Note(Degree degree) { worst_ = Max(worst_, degree); }

 private:
  const Context& context_;
  Output& out_;
  Degree worst_ = kNone;
};

class Gatherer {
 public:
  Gatherer(const Options& options, Trouble& trouble) : options_(options), trouble_(trouble) {}

  // Adds an operand to `directories` when what it holds is to be listed, otherwise to `files`. With
  // `directory`, a directory is opened, if that saves a call, and stays open there. Errors: those
  // of sys::StatusAt(), ENOMEM.
  Result<void> AddOperand(const char* operand, Listing& files, Listing& directories,
                          sys::File* directory);

  // Begins with the entries of the open `directory`. Errors: ENOMEM.
  Result<void> Enter(sys::Descriptor directory, StringView path);
  // Adds one of them, unless it is hidden. What cannot be found out about it is reported. Errors:
  // ENOMEM.
  Result<void> AddEntry(const sys::DirectoryEntry& entry, Listing& listing);

 private:
  Result<sys::FileStatus> LookAtOperand(const sys::Location& location, Error open_error);
  [[nodiscard]] bool IsHidden(StringView name) const;
  // Whether more must be known of an entry than what the directory says.
  [[nodiscard]] bool NeedsStatus(sys::FileType type, uint64_t inode) const;
  Result<sys::FileStatus> LookAtEntry(StringView name);
  // What the link `entry` at path_ leads to, as far as it is shown. Errors: ENOMEM.
  Result<void> FollowLink(Entry& entry, Listing& listing);
  Result<void> ReadTarget(const sys::Location& location, Entry& entry, Listing& listing);
  [[nodiscard]] bool MarksTypes() const { return options_.indicator >= Indicator::kFileType; }

  const Options& options_;
  Trouble& trouble_;
  sys::Descriptor directory_ = sys::kNone;
  // Of the directory, with a '/' behind it if that makes it one path with a name; then of the entry
  // that is looked at.
  String path_;
  size_t directory_size_ = 0;
  bool trusts_types_ = true;
  String target_;
};

}  // namespace cation::ls

#endif  // CATION_COREUTILS_LS_GATHER_H_
