// SPDX-License-Identifier: MIT
//
// The other side of a Descent: the directories that are being filled, by descriptors.
#ifndef CATION_COREUTILS_SUPPORT_COPY_TARGET_H_
#define CATION_COREUTILS_SUPPORT_COPY_TARGET_H_

#include "runtime/core/string.h"
#include "runtime/core/vector.h"
#include "runtime/sys/sys.h"

namespace cation {

class CopyTarget {
 public:
  struct Level {
    sys::File directory;
    sys::FileStatus status;  // of the directory, when it was opened
    sys::FileStatus source;  // of the directory that is copied into it
    bool created = false;    // by us: nothing is in it but what we put there
    size_t path_size = 0;    // of the path up to this directory
    size_t name_start = 0;   // of its name in the path
  };

  // Starts at `top`, which is what here() names until the first Enter(). Errors: ENOMEM.
  Result<void> Begin(const sys::Location& top);
  // Goes into what here() names; its `path_size` and `name_start` are filled in. Errors: ENOMEM,
  // and nothing has changed.
  Result<void> Enter(Level level);
  // here() names `name` in the innermost directory from now on. Errors: ENOMEM.
  Result<void> SetName(StringView name);
  // Leaves the innermost directory, which is handed to the caller in any case; here() names it.
  // Errors: ELOOP when the one above had to be opened again (only so many are kept open) and is not
  // the same any more, and those of sys::Open(); depth() is then 0.
  Result<void> Leave(Level* left);

  // Valid until the next call of the above.
  [[nodiscard]] sys::Location here() const;
  [[nodiscard]] StringView path() const { return path_.view(); }
  [[nodiscard]] size_t depth() const { return levels_.size(); }
  [[nodiscard]] Level& level(size_t index) { return levels_[index]; }
  [[nodiscard]] Level& innermost() { return levels_.back(); }

 private:
  Result<void> OpenAgain(Level& level, const sys::File& child);

  sys::Descriptor top_directory_ = sys::kWorkingDirectory;
  String path_;
  size_t name_start_ = 0;
  Vector<Level> levels_;
  size_t first_open_ = 0;  // levels before this one have their descriptor closed
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_COPY_TARGET_H_
