// SPDX-License-Identifier: MIT
//
// The other side of a Descent: the directories that are being filled, by descriptors.
#ifndef CATION_COREUTILS_SUPPORT_COPY_TARGET_H_
#define CATION_COREUTILS_SUPPORT_COPY_TARGET_H_

#include "coreutils/support/directory_stack.h"

namespace cation {

class CopyTarget {
 public:
  struct Level {
    sys::FileStatus status;  // of the directory, when it was opened
    sys::FileStatus source;  // of the directory that is copied into it
    bool created = false;    // by us: nothing is in it but what we put there
  };

  // Starts at `top`, which is what here() names until the first Enter(). Errors: ENOMEM.
  Result<void> Begin(const sys::Location& top);
  // Goes into what here() names, opened as `directory`. Errors: ENOMEM, and nothing has changed:
  // `directory` is still the caller's.
  Result<void> Enter(sys::File&& directory, const Level& level);
  // here() names `name` in the innermost directory from now on. Errors: ENOMEM.
  Result<void> SetName(StringView name) { return stack_.SetName(name); }
  // Leaves the innermost directory, which the caller closes in any case; here() names it.
  // Errors: ELOOP when the one above had to be opened again (only so many are kept open) and is not
  // the same any more, and those of sys::Open(); depth() is then 0.
  Result<void> Leave(Level* left, sys::Descriptor* directory);

  // Valid until the next call of the above.
  [[nodiscard]] sys::Location here() const { return stack_.here(); }
  [[nodiscard]] StringView path() const { return stack_.path(); }
  [[nodiscard]] size_t depth() const { return levels_.size(); }
  // The innermost directory. Only when depth() > 0.
  [[nodiscard]] sys::Descriptor directory() const { return stack_.directory(); }
  [[nodiscard]] Level& level(size_t index) { return levels_[index]; }
  [[nodiscard]] Level& innermost() { return levels_.back(); }

 private:
  DirectoryStack stack_;
  Vector<Level> levels_;
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_COPY_TARGET_H_
