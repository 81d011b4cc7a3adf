// SPDX-License-Identifier: MIT
#include "coreutils/support/backup.h"

#include "runtime/core/format.h"

namespace cation {
namespace {

// The number N of a name "base.~N~", 0 if it is no such name.
[[gnu::noinline]] uint64_t BackupNumber(StringView name, StringView base) {
  if (!name.StartsWith(base)) return 0;
  name = name.From(base.size());
  if (name.size() < 4 || !name.StartsWith(".~") || name.back() != '~' || name[2] == '0') return 0;
  const Result<uint64_t> number = ParseNumber(name.From(2).First(name.size() - 3));
  return number.ok() ? number.value() : 0;
}

// The highest number among the backups of the file at `location`.
[[gnu::noinline]] Result<uint64_t> HighestNumber(const sys::Location& location) {
  const StringView base = LastComponent(location.path);
  String parent;
  CATION_TRY(AppendParent(parent, location.path));
  const bool by_path = location.directory == sys::kWorkingDirectory;
  const char* const path = parent.c_str();
  const sys::Location place{location.directory, by_path ? path : ".", path};
  constexpr auto kFlags = sys::kRead | sys::kDirectory;
  CATION_TRY_ASSIGN(const sys::Descriptor opened,
                    sys::Open(place, by_path ? kFlags : kFlags | sys::kNoFollow));
  const sys::File directory(opened);
  sys::DirectoryReader reader(opened);
  for (uint64_t highest = 0;;) {
    CATION_TRY_ASSIGN(const sys::DirectoryEntry* const entry, reader.Next());
    if (entry == nullptr) return highest;
    highest = Max(highest, BackupNumber(entry->name, base));
  }
}

}  // namespace

Result<void> BackupPath(const sys::Location& location, BackupControl control, StringView suffix,
                        String* path) {
  CATION_TRY(path->Append(location.path));
  if (control != BackupControl::kSimple) {
    CATION_TRY_ASSIGN(const uint64_t highest, HighestNumber(location));
    if (control == BackupControl::kNumbered || highest != 0) {
      CATION_TRY(path->Append(".~"));
      CATION_TRY(path->Append(Digits(highest + 1)));
      suffix = "~";
    }
  }
  return path->Append(suffix);
}

Result<void> TemporaryPath(const sys::Location& location, uint64_t number, String* path) {
  // The name is the end of the path: where the location is one, it holds its own directory.
  const StringView whole(location.path);
  CATION_TRY(path->Append(whole.First(whole.FindLast('/') + 1)));
  CATION_TRY(path->Append(".cation~"));
  return path->Append(Digits(number));
}

Result<void> MakeBackup(const sys::Location& source, const sys::Location& location,
                        BackupControl control, StringView suffix, String* path) {
  String made;
  CATION_TRY(BackupPath(location, control, suffix, &made));
  const sys::Location backup = Beside(location, made);
  if (LastComponent(made.view()) == LastComponent(source.path)) {
    const Result<sys::FileStatus> lost = sys::StatusAt(backup, sys::Follow::kNo);
    if (lost.ok()) {
      const Result<sys::FileStatus> from = sys::StatusAt(source, sys::Follow::kNo);
      if (!from.ok()) return from.error();
      if (lost.value().identity() == from.value().identity()) return Error{kBackupIsSource};
    } else if (!(lost.error() == abi::kENOENT)) {
      return lost.error();
    }
  }
  CATION_TRY(sys::Rename(location, backup));
  *path = Move(made);
  return {};
}

void AnnouncePair(Output& out, const char* verb, StringView from, StringView to) {
  const StringView line[] = {verb, from, " -> ", to};
  out.WriteQuoted(line);
}

void AnnounceBackup(Output& out, const String& path) {
  const StringView words[] = {" (backup: ", path.view(), ")"};
  if (!path.empty()) out.WriteQuoted(words);
}

sys::Location Beside(const sys::Location& location, const String& path) {
  const size_t name_start = StringView(location.path).size() - StringView(location.name).size();
  return {location.directory, path.c_str() + name_start, path.c_str()};
}

}  // namespace cation
