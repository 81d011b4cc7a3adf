// SPDX-License-Identifier: MIT
#include "coreutils/ls/gather.h"

#include "coreutils/support/diagnostics.h"

namespace cation::ls {
namespace {

sys::Mode ModeOf(sys::FileType type) {
  switch (type) {
    case sys::FileType::kRegular:
      return sys::kTypeRegular;
    case sys::FileType::kDirectory:
      return sys::kTypeDirectory;
    case sys::FileType::kSymbolicLink:
      return sys::kTypeSymbolicLink;
    default:
      return 0;
  }
}

}  // namespace

void Trouble::Report(StringView operand, Error error, Degree degree) {
  out_.Flush();
  cation::Report(context_, operand, error);
  Note(degree);
}

Result<void> Gatherer::AddOperand(const char* operand, Listing& files, Listing& directories,
                                  sys::File* directory) {
  // Redox would open the working directory.
  if (*operand == '\0') return Error{abi::kENOENT};
  const sys::Location location = sys::At(operand);
  Error open_error{abi::kENOSYS};
  if (directory != nullptr && !options_.directory && options_.links != Links::kNever) {
    const Result<sys::Descriptor> opened = sys::Open(location, sys::kRead | sys::kDirectory);
    if (opened.ok()) {
      *directory = sys::File(opened.value());
      const Result<Entry*> added = directories.Add(operand);
      return added.ok() ? Result<void>() : added.error();
    }
    open_error = opened.error();
  }
  CATION_TRY_ASSIGN(const sys::FileStatus status, LookAtOperand(location, open_error, files));
  const bool is_listed = status.IsDirectory() && !options_.directory;
  Listing& listing = is_listed ? directories : files;
  CATION_TRY(listing.Add(operand));
  listing.SetStatus(status);
  if (is_listed || !status.IsSymbolicLink() || !options_.is_long()) return {};
  CATION_TRY(Enter(sys::kWorkingDirectory, ""));
  CATION_TRY(path_.Append(operand));
  return AddTarget(listing);
}

Result<sys::FileStatus> Gatherer::LookAtOperand(const sys::Location& location, Error open_error,
                                                const Listing& listing) {
  if (options_.links == Links::kNever) return sys::StatusAt(location, sys::Follow::kNo);
  if (options_.links != Links::kDirectoryOperands)
    return sys::StatusAt(location, sys::Follow::kYes);
  const bool is_no_directory = open_error == abi::kENOTDIR || open_error == abi::kENOENT;
  if (!is_no_directory) {
    const Result<sys::FileStatus> followed = sys::StatusAt(location, sys::Follow::kYes);
    if (followed.ok()) {
      const bool shows_more_than_name = listing.has_details() || options_.inode || NeedsTypes();
      if (followed.value().IsDirectory() || !shows_more_than_name) return followed;
    } else if (followed.error() == abi::kELOOP || followed.error() == abi::kEACCES) {
      return followed;
    }
  }
  // A file, or a link that leads to one or nowhere, and is listed itself.
  return sys::StatusAt(location, sys::Follow::kNo);
}

Result<void> Gatherer::Enter(sys::Descriptor directory, StringView path) {
  directory_ = directory;
  path_.Truncate(0);
  if (path != ".") CATION_TRY(path_.Append(path));
  if (!path_.empty() && path.back() != '/') CATION_TRY(path_.Append('/'));
  directory_size_ = path_.size();
  trusts_types_ = true;
  if (NeedsTypes() && directory != sys::kWorkingDirectory) {
    // A 9p share of Redox, whose device is 0, never says "symbolic link".
    const Result<sys::FileStatus> status = sys::Status(directory);
    trusts_types_ = status.ok() && status.value().device != 0;
  }
  return {};
}

Result<void> Gatherer::AddEntry(const sys::DirectoryEntry& entry, Listing& listing) {
  if (options_.show == Show::kVisible && entry.name[0] == '.') return {};
  const sys::FileType type = trusts_types_ ? entry.type : sys::FileType::kUnknown;
  CATION_TRY_ASSIGN(Entry* const added, listing.Add(entry.name));
  added->inode = entry.inode;
  added->mode = ModeOf(type);
  if (!listing.has_details() && !NeedsStatus(type, entry.inode)) return {};

  path_.Truncate(directory_size_);
  CATION_TRY(path_.Append(entry.name));
  const Result<sys::FileStatus> status = LookAtEntry(entry.name);
  if (!status.ok()) {
    trouble_.Report(path_.view(), status.error(), Trouble::kMinor);
    added->inode = 0;
    return {};
  }
  listing.SetStatus(status.value());
  return status.value().IsSymbolicLink() && options_.is_long() ? AddTarget(listing)
                                                               : Result<void>();
}

bool Gatherer::NeedsTypes() const {
  return options_.indicator != Indicator::kNone || options_.color == When::kAlways ||
         options_.recursive;
}

bool Gatherer::NeedsStatus(sys::FileType type, uint64_t inode) const {
  const bool may_be_link = type == sys::FileType::kSymbolicLink || type == sys::FileType::kUnknown;
  if (options_.inode && (inode == 0 || (options_.links == Links::kAlways && may_be_link)))
    return true;
  if (!NeedsTypes()) return false;
  if (type == sys::FileType::kUnknown) return true;
  if (type == sys::FileType::kSymbolicLink) return options_.links == Links::kAlways;
  // Colours depend on permissions; * does, and other types than these have a character each.
  if (options_.color == When::kAlways) return true;
  if (type == sys::FileType::kRegular) return options_.indicator == Indicator::kClassify;
  const bool shows_all =
      options_.indicator == Indicator::kClassify || options_.indicator == Indicator::kFileType;
  return type == sys::FileType::kOther && shows_all;
}

// path_ is its path.
Result<sys::FileStatus> Gatherer::LookAtEntry(StringView name) {
  if (name == ".") return sys::Status(directory_);
  // Redox does not look up what is above a directory relative to it.
  if (name == "..") return sys::StatusAt(sys::At(path_.c_str()), sys::Follow::kYes);
  const sys::Location location = {directory_, path_.c_str() + directory_size_, path_.c_str()};
  return sys::StatusAt(location,
                       options_.links == Links::kAlways ? sys::Follow::kYes : sys::Follow::kNo);
}

// path_ is the link's path.
Result<void> Gatherer::AddTarget(Listing& listing) {
  const sys::Location location = {directory_, path_.c_str() + directory_size_, path_.c_str()};
  size_t length = 0;
  for (size_t room = 1024;; room *= 2) {
    CATION_TRY(target_.Resize(room));
    const Result<size_t> read = sys::ReadSymbolicLink(location, {target_.data(), room});
    if (!read.ok()) {
      trouble_.Report(path_.view(), read.error(), Trouble::kMinor);
      return {};
    }
    length = read.value();
    if (length < room) break;  // otherwise it may be cut
  }
  sys::Mode mode = 0;
  if (options_.indicator == Indicator::kClassify || options_.indicator == Indicator::kFileType) {
    const Result<sys::FileStatus> status = sys::StatusAt(location, sys::Follow::kYes);
    if (status.ok()) mode = status.value().mode;
  }
  return listing.SetTarget(target_.view().First(length), mode);
}

}  // namespace cation::ls
