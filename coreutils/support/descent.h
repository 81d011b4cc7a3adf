// SPDX-License-Identifier: MIT
//
// Descent: the way down a directory tree and up again, by descriptors, without recursion.
//
//   Descent descent;
//   CATION_TRY(descent.Begin(operand));
//   CATION_TRY(descent.Enter(Move(directory), status));
//   while (descent.depth() > 0) {
//     const Descent::Entry* const entry = descent.Next();
//     if (entry == nullptr) {
//       CATION_TRY(descent.Leave());      // here() is the directory just left, in its parent
//     } else if (is a directory) {
//       CATION_TRY(descent.Enter(...));   // its entries come next
//     }
//   }
// A directory is read whole before the first of its entries is handed out, so that entries may be
// removed meanwhile.
#ifndef CATION_COREUTILS_SUPPORT_DESCENT_H_
#define CATION_COREUTILS_SUPPORT_DESCENT_H_

#include "runtime/core/string.h"
#include "runtime/core/vector.h"
#include "runtime/sys/sys.h"

namespace cation {

class Descent {
 public:
  struct Entry {
    const char* name = "";
    uint64_t inode = 0;  // 0: not known
    sys::FileType type = sys::FileType::kUnknown;
  };

  // Starts at `path`, which is what here() names until the first Enter(). Errors: ENOMEM.
  Result<void> Begin(const char* path);

  // Goes into what here() names: `directory` is it, opened for reading, `status` what sys::Status()
  // says of it. Reads its entries. On an error nothing has changed, but that `directory` is closed.
  // Errors: those of sys::DirectoryReader.
  Result<void> Enter(sys::File directory, const sys::FileStatus& status);

  // The next entry of the innermost directory, which here() names from now on; nullptr when all
  // have been seen. Errors: ENOMEM, for the path; the entry is then passed over.
  Result<const Entry*> Next();

  // Leaves the innermost directory: closes it, and here() is it. Errors: ELOOP when the parent had
  // to be opened again (far above, only so many are kept open) and is not the same directory any
  // more, and those of sys::Open(); the way back is then lost, and depth() is 0.
  Result<void> Leave();

  // Whether Next() has anything more to give. Only when depth() > 0.
  [[nodiscard]] bool HasMore() const {
    return levels_[levels_.size() - 1].next != levels_[levels_.size() - 1].entries.size();
  }

  [[nodiscard]] size_t depth() const { return levels_.size(); }
  // The entry that Next() gave, or the directory just left; valid until the next call.
  [[nodiscard]] sys::Location here() const;
  // The path of here(), from the operand on.
  [[nodiscard]] StringView path() const { return path_.view(); }
  // The innermost directory. Only when depth() > 0.
  [[nodiscard]] sys::Descriptor directory() const {
    return levels_[levels_.size() - 1].directory.get();
  }
  [[nodiscard]] sys::Identity identity() const { return levels_[levels_.size() - 1].identity; }

 private:
  struct Level {
    sys::File directory;
    sys::Identity identity;
    String entries;         // packed: inode, type, name and a zero byte, again and again
    size_t next = 0;        // in entries
    size_t path_size = 0;   // of path_ up to this directory
    size_t name_start = 0;  // of this directory's name in path_
  };

  Result<void> ReadEntries(Level& level);
  Result<void> OpenAgain(Level& level, const sys::File& child);

  String path_;
  size_t name_start_ = 0;
  Entry entry_;
  Vector<Level> levels_;
  size_t first_open_ = 0;  // levels before this one have their descriptor closed
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_DESCENT_H_
