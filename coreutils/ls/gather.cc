// SPDX-License-Identifier: MIT
#include "coreutils/ls/gather.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/pattern.h"

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

bool MatchesAny(const Vector<const char*>& patterns, StringView name) {
  for (const char* const pattern : patterns) {
    if (MatchesPattern(pattern, name, LeadingDot::kIsLiteral)) return true;
  }
  return false;
}

}  // namespace

void Trouble::Report(StringView operand, Error error, Degree degree) {
  out_.Flush();
  cation::Report(context_, operand, error);
  Note(degree);
}

void Trouble::Report(StringView operand, StringView reason, Degree degree) {
  out_.Flush();
  cation::Report(context_, operand, reason);
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
  CATION_TRY_ASSIGN(const sys::FileStatus status, LookAtOperand(location, open_error));
  const bool is_listed = status.IsDirectory() && !options_.directory;
  Listing& listing = is_listed ? directories : files;
  CATION_TRY_ASSIGN(Entry* const entry, listing.Add(operand));
  listing.SetStatus(*entry, status);
  if (!status.IsSymbolicLink()) return {};
  CATION_TRY(Enter(sys::kWorkingDirectory, ""));
  CATION_TRY(path_.Append(operand));
  return FollowLink(*entry, listing);
}

Result<sys::FileStatus> Gatherer::LookAtOperand(const sys::Location& location, Error open_error) {
  if (options_.links == Links::kNever) return sys::StatusAt(location, sys::Follow::kNo);
  if (options_.links != Links::kDirectoryOperands)
    return sys::StatusAt(location, sys::Follow::kYes);
  const bool is_no_directory = open_error == abi::kENOTDIR || open_error == abi::kENOENT;
  if (!is_no_directory) {
    const Result<sys::FileStatus> followed = sys::StatusAt(location, sys::Follow::kYes);
    if (followed.ok()) {
      const bool shows_more_than_name =
          options_.needs_status || options_.inode || options_.needs_type;
      if (followed.value().IsDirectory() || !shows_more_than_name) return followed;
    } else if (!(followed.error() == abi::kENOENT || followed.error() == abi::kELOOP)) {
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
  if (options_.needs_type && !options_.needs_status && directory != sys::kWorkingDirectory) {
    // A 9p share of Redox, whose device is 0, never says "symbolic link".
    const Result<sys::FileStatus> status = sys::Status(directory);
    trusts_types_ = status.ok() && status.value().device != 0;
  }
  return {};
}

bool Gatherer::IsHidden(StringView name) const {
  if (options_.show == Show::kVisible && name[0] == '.') return true;
  if (options_.ignores_backups && name.back() == '~') return true;
  return (!options_.ignored.empty() && MatchesAny(options_.ignored, name)) ||
         (options_.show == Show::kVisible && MatchesAny(options_.hidden, name));
}

Result<void> Gatherer::AddEntry(const sys::DirectoryEntry& entry, Listing& listing) {
  if (IsHidden(entry.name)) return {};
  const sys::FileType type = trusts_types_ ? entry.type : sys::FileType::kUnknown;
  CATION_TRY_ASSIGN(Entry* const added, listing.Add(entry.name));
  added->inode = entry.inode;
  added->mode = ModeOf(type);
  const bool needs_status = options_.needs_status || NeedsStatus(type, entry.inode);
  const bool may_follow = type == sys::FileType::kSymbolicLink && options_.follows_links &&
                          options_.links != Links::kAlways;
  if (!needs_status && !may_follow) return {};

  path_.Truncate(directory_size_);
  CATION_TRY(path_.Append(entry.name));
  if (needs_status) {
    const Result<sys::FileStatus> status = LookAtEntry(entry.name);
    if (!status.ok()) {
      trouble_.Report(path_.view(), status.error(), Trouble::kMinor);
      added->inode = 0;
      return {};
    }
    listing.SetStatus(*added, status.value());
    if (!status.value().IsSymbolicLink()) return {};
  }
  return FollowLink(*added, listing);
}

bool Gatherer::NeedsStatus(sys::FileType type, uint64_t inode) const {
  const bool may_be_link = type == sys::FileType::kSymbolicLink || type == sys::FileType::kUnknown;
  if (options_.inode && (inode == 0 || (options_.links == Links::kAlways && may_be_link)))
    return true;
  if (!options_.needs_type) return false;
  switch (type) {
    case sys::FileType::kUnknown:
      return true;
    case sys::FileType::kSymbolicLink:
      return options_.links == Links::kAlways;
    case sys::FileType::kDirectory:
      return options_.Shows(FileColor::kOthersWrite) || options_.Shows(FileColor::kSticky) ||
             options_.Shows(FileColor::kStickyOthersWrite);
    case sys::FileType::kRegular:
      return options_.indicator == Indicator::kClassify || options_.Shows(FileColor::kExecutable) ||
             options_.Shows(FileColor::kSetUser) || options_.Shows(FileColor::kSetGroup) ||
             options_.Shows(FileColor::kMultipleLinks);
    default:
      // Of the rest, each has a character and a colour of its own.
      return MarksTypes() || options_.has_color;
  }
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

Result<void> Gatherer::FollowLink(Entry& entry, Listing& listing) {
  const sys::Location location = {directory_, path_.c_str() + directory_size_, path_.c_str()};
  if (options_.is_long()) CATION_TRY(ReadTarget(location, entry, listing));
  // Only where the colour, the order or the character behind the target depends on it.
  if (!options_.follows_links && !(options_.is_long() && MarksTypes())) return {};
  const Result<sys::FileStatus> status = sys::StatusAt(location, sys::Follow::kYes);
  if (!status.ok()) return {};
  entry.target_mode = static_cast<uint16_t>(status.value().mode);
  entry.leads_somewhere = true;
  return {};
}

Result<void> Gatherer::ReadTarget(const sys::Location& location, Entry& entry, Listing& listing) {
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
  return listing.SetTarget(entry, target_.view().First(length));
}

}  // namespace cation::ls
