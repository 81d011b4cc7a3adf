// SPDX-License-Identifier: MIT
//
// DirectoryStack: the directories between an operand and the place at hand, by descriptors. What
// Descent and CopyTarget have in common: the way down, and the way up again.
//
// A level costs a few bytes and its name's, so that trees may be very deep: only the innermost
// directories are kept open, and the path is one text.
#ifndef CATION_COREUTILS_SUPPORT_DIRECTORY_STACK_H_
#define CATION_COREUTILS_SUPPORT_DIRECTORY_STACK_H_

#include "runtime/core/string.h"
#include "runtime/core/vector.h"
#include "runtime/sys/sys.h"

namespace cation {

class DirectoryStack {
 public:
  DirectoryStack() = default;
  DirectoryStack(const DirectoryStack&) = delete;
  DirectoryStack& operator=(const DirectoryStack&) = delete;
  ~DirectoryStack() { Clear(); }

  // How many directories are kept open, unless there would be no way back to them. Hosts allow 256
  // to 1,024 descriptors to a process that asks for no more, and a copy has two stacks.
  static constexpr size_t kOpenLevels = 100;

  // Starts at `top`, which is what here() names until the first Enter(). Errors: ENOMEM.
  Result<void> Begin(const sys::Location& top);
  // Goes into what here() names, which has been opened as `directory`; the outermost one that is
  // still open may be closed for it. Errors: ENOMEM, and nothing has changed: `directory` is still
  // the caller's.
  Result<void> Enter(sys::File&& directory, sys::Identity identity);
  // here() names `name` in the innermost directory from now on. Errors: ENOMEM.
  Result<void> SetName(StringView name);
  // path() is the innermost directory's from now on. Only when depth() > 0.
  void SetToDirectory();
  // Leaves the innermost directory, which the caller closes in any case; here() names it.
  // Returns whether the one above had to be opened again. Errors: ELOOP when that is not the same
  // any more, and those of sys::Open(); depth() is then 0.
  Result<bool> Leave(sys::Descriptor* left);
  // Leaves all of them: depth() is 0.
  [[gnu::noinline]] void Clear();

  // Valid until the next call of the above.
  [[nodiscard]] sys::Location here() const {
    return {levels_.empty() ? top_directory_ : directory(), path_.c_str() + name_start_,
            path_.c_str()};
  }
  // The path of here(), from the operand on. Only when Begin() has succeeded.
  [[nodiscard]] StringView path() const { return {path_.data(), path_.size()}; }
  [[nodiscard]] size_t depth() const { return levels_.size(); }
  // The innermost directory. Only when depth() > 0.
  [[nodiscard]] sys::Descriptor directory() const { return levels_[levels_.size() - 1].directory; }
  [[nodiscard]] sys::Identity identity() const { return levels_[levels_.size() - 1].identity; }

 private:
  struct Level {
    sys::Descriptor directory;
    sys::Identity identity;
    size_t path_size;  // of path_ up to this directory
  };

  enum class Known : uint8_t { kNot, kNo, kYes };

  [[nodiscard]] size_t NameStart(size_t level) const;
  [[nodiscard]] bool MayClose(const Level& level);

  sys::Descriptor top_directory_ = sys::kWorkingDirectory;
  size_t top_name_start_ = 0;
  String path_;
  size_t name_start_ = 0;
  Vector<Level> levels_;
  Known parent_by_name_ = Known::kNot;  // whether ".." of a descriptor leads up
  size_t first_open_ = 0;               // levels before this one have their descriptor closed
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_DIRECTORY_STACK_H_
