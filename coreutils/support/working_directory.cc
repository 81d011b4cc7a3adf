// SPDX-License-Identifier: MIT
#include "coreutils/support/working_directory.h"

#include "runtime/core/vector.h"
#include "runtime/sys/sys.h"

namespace cation {
namespace {

// Appends the name that `child` has in `directory`. A mount point is another file than its entry
// says, so that all entries may have to be looked at.
Result<void> AppendName(String& names, sys::Descriptor directory, sys::Identity child) {
  constexpr bool kWays[] = {true, false};
  for (const bool by_inode : kWays) {
    CATION_TRY(sys::SeekTo(directory, 0));
    sys::DirectoryReader reader(directory);
    for (;;) {
      CATION_TRY_ASSIGN(const sys::DirectoryEntry* const entry, reader.Next());
      if (entry == nullptr) break;
      if (by_inode && entry->inode != child.inode) continue;
      const char* const name = entry->name.data();
      const Result<sys::FileStatus> status =
          sys::StatusAt({directory, name, name}, sys::Follow::kNo);
      if (!status.ok() || !(status.value().identity() == child)) continue;
      CATION_TRY(names.Append(entry->name));
      return names.Append('/');
    }
  }
  return Error{abi::kENOENT};
}

// Each name with a slash behind it, the innermost first.
Result<void> CollectNames(String& names) {
  sys::File child;
  CATION_TRY_ASSIGN(sys::FileStatus status, sys::StatusAt(sys::At("."), sys::Follow::kYes));
  for (;;) {
    const sys::Descriptor from = child.open() ? child.get() : sys::kWorkingDirectory;
    CATION_TRY_ASSIGN(const sys::Descriptor opened,
                      sys::Open({from, "..", ".."}, sys::kRead | sys::kDirectory));
    sys::File parent(opened);
    CATION_TRY_ASSIGN(const sys::FileStatus above, sys::Status(parent.get()));
    if (above.identity() == status.identity()) return {};
    CATION_TRY(AppendName(names, parent.get(), status.identity()));
    child = Move(parent);
    status = above;
  }
}

}  // namespace

Result<void> AppendWorkingDirectory(String& path) {
  const Result<void> known = sys::WorkingDirectory(path);
  // Redox keeps a path, and there is no way up but by its text.
  if constexpr (sys::kPathsAreTexts) return known;
  if (known.ok() || !(known.error() == abi::kENAMETOOLONG || known.error() == abi::kERANGE))
    return known;
  String names;
  CATION_TRY(CollectNames(names));
  StringView left = names.view();
  if (left.empty()) return path.Append('/');
  while (!left.empty()) {
    const size_t slash = left.First(left.size() - 1).FindLast('/');
    const size_t start = slash == StringView::kNotFound ? 0 : slash + 1;
    CATION_TRY(path.Append('/'));
    CATION_TRY(path.Append(left.From(start).First(left.size() - start - 1)));
    left = left.First(start);
  }
  return {};
}

}  // namespace cation
