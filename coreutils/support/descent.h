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
//
// Memory does not grow with the entries of a directory, and by a few bytes and its name with each
// level: entries are listed by the buffer, and a directory that had to be closed on the way down is
// listed again on the way back: to read on behind where it was, or, when entries are removed,
// from its start.
//
// Who removes the entries has to count with file systems that list what is left wrongly while
// entries go. So it says what stays (Keep()) and what went (Gone()), and as long as a listing led
// to something that went, MayHoldMore() asks for another, which leaves out what stays.
#ifndef CATION_COREUTILS_SUPPORT_DESCENT_H_
#define CATION_COREUTILS_SUPPORT_DESCENT_H_

#include "coreutils/support/directory_stack.h"

namespace cation {

class Descent {
 public:
  struct Entry {
    const char* name = "";
    uint64_t inode = 0;  // 0: not known
    sys::FileType type = sys::FileType::kUnknown;
  };
  enum class Purpose : uint8_t { kRead, kRemove };

  explicit Descent(Purpose purpose = Purpose::kRead) : purpose_(purpose) {}

  // Starts at `path`, which is what here() names until the first Enter(). Errors: ENOMEM.
  Result<void> Begin(const char* path);

  // Goes into what here() names: `directory` is it, opened for reading, `status` what sys::Status()
  // says of it. Reads its first entries. On an error nothing has changed, but that `directory` may
  // be closed. Errors: those of sys::DirectoryReader.
  Result<void> Enter(sys::File&& directory, const sys::FileStatus& status);

  // The next entry of the innermost directory, which here() names from now on; nullptr when all
  // have been seen, and path() is then the directory's. Errors: ENOMEM, for the path, and the entry
  // is passed over; those of sys::DirectoryReader, and ESTALE when the directory had to be listed
  // again and the place was not found: path() is then the directory's, and the rest of it is passed
  // over.
  Result<const Entry*> Next();

  // Leaves the innermost directory: closes it, and here() is it. Errors: ELOOP when the parent had
  // to be opened again (far above, only so many are kept open) and is not the same directory any
  // more, and those of sys::Open() and sys::SeekTo(); the way back is then lost, and depth() is 0.
  Result<void> Leave();

  // Whether the directory just entered has any entry. Only right after Enter().
  [[nodiscard]] bool HasMore() const { return slot().ahead != nullptr; }

  [[nodiscard]] size_t depth() const { return stack_.depth(); }
  // The entry that Next() gave, or the directory just left; valid until the next call.
  [[nodiscard]] sys::Location here() const { return stack_.here(); }
  // The path of here(), from the operand on.
  [[nodiscard]] StringView path() const { return stack_.path(); }
  // The innermost directory. Only when depth() > 0.
  [[nodiscard]] sys::Descriptor directory() const { return stack_.directory(); }
  [[nodiscard]] sys::Identity identity() const { return stack_.identity(); }

  // ---- Purpose::kRemove only
  // What here() names stays, and so does the innermost directory.
  void Keep();
  // What here() names is no more.
  void Gone();
  // Something in the innermost directory stays: it cannot be removed. Only when depth() > 0.
  [[nodiscard]] bool kept() const { return levels_[levels_.size() - 1].kept; }
  // That Next() gave nullptr does not say that there was nothing more to remove: something went, or
  // the end of the directory was guessed (see ReadToEnd()).
  [[nodiscard]] bool MayHoldMore() const;
  // Lists the innermost directory from its start once more, without what Keep() was called for.
  // Errors: those of sys::SeekTo().
  Result<void> Rewind();
  // A directory's last entries come with a buffer that is not full, which mostly is as good as the
  // end: removing the directory will tell, and a call is saved. After this the end of the innermost
  // directory is read instead.
  void ReadToEnd() { levels_.back().guesses_end = false; }

 private:
  // The part of a level that can be made again. Only open levels have one.
  struct Slot {
    size_t depth =
        0;  // of the level that it is of: where none can be closed, a deeper one takes it
    sys::DirectoryReader reader;
    const sys::DirectoryEntry* ahead = nullptr;  // read, and not given yet
  };
  struct Level {
    size_t kept_start = 0;  // in kept_names_
    bool kept = false;
    bool changed = false;      // since its start was listed
    bool incomplete = false;   // it is not known what stays: not to be listed again
    bool again = false;        // listed before: kept names are left out
    bool resumes = false;      // the listing goes on behind the directory just left
    bool ended = false;        // nothing more comes
    bool guessed = false;      // the end was not read
    bool guesses_end = false;  // it need not be
  };

  [[nodiscard]] Slot& slot() { return slots_[(depth() - 1) % DirectoryStack::kOpenLevels]; }
  [[nodiscard]] const Slot& slot() const {
    return slots_[(depth() - 1) % DirectoryStack::kOpenLevels];
  }
  void StartListing();
  Result<const sys::DirectoryEntry*> Read();
  Result<void> SkipTo(const char* name);
  [[nodiscard]] bool IsKept(StringView name);
  static bool IsKeptIn(Descent& descent, StringView name) { return descent.IsKept(name); }

  Purpose purpose_;
  DirectoryStack stack_;
  Vector<Level> levels_;
  Entry entry_;
  // Names of what stays, each with a zero byte: those of an outer directory before those of an
  // inner one. What is listed again mostly comes in the same order: kept_next_ is where the next is
  // expected.
  String kept_names_;
  size_t kept_next_ = 0;
  // Set by Keep(), so that who keeps nothing has nothing of it in the program.
  bool (*is_kept_)(Descent& descent, StringView name) = nullptr;
  // Of level n in n % kOpenLevels. Buffers stay from one directory to the next. What is large comes
  // last: the code for what is near the start is shorter.
  Slot slots_[DirectoryStack::kOpenLevels];
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_DESCENT_H_
