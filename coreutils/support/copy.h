// SPDX-License-Identifier: MIT
//
// Copier: one file or a whole tree to another place, with what `cp` promises. What goes wrong is
// reported where it happens, and the rest is copied.
//
//   Copier copier(context, options, out);
//   bool ok = copier.Copy("a", {.location = sys::At("b")});
#ifndef CATION_COREUTILS_SUPPORT_COPY_H_
#define CATION_COREUTILS_SUPPORT_COPY_H_

#include "coreutils/support/confirm.h"
#include "coreutils/support/copy_data.h"
#include "coreutils/support/copy_target.h"
#include "coreutils/support/descent.h"
#include "coreutils/support/link_table.h"
#include "coreutils/support/open_verified.h"
#include "coreutils/support/output.h"

namespace cation {

struct CopyOptions {
  enum class Dereference : uint8_t { kDefault, kNever, kOperands, kAlways };
  enum class Existing : uint8_t { kOverwrite, kAsk, kKeep };

  bool recursive = false;
  // Which symbolic links are followed. kDefault: none when recursive, otherwise all.
  Dereference dereference = Dereference::kDefault;
  // What becomes of files that are there already.
  Existing existing = Existing::kOverwrite;
  bool update = false;          // those that are not older than the source are kept
  bool force = false;           // those that cannot be opened are removed and made anew
  bool preserve = false;        // ownership, mode and times
  bool preserve_links = false;  // names of one file become names of one copy
  bool verbose = false;
};

// Where a copy goes, and what its caller knows of the place.
struct CopyPlace {
  sys::Location location{};
  // There is nothing, or a symbolic link that leads to nothing.
  bool free = false;
  // O_EXCL can be relied upon: a 9p share of Redox, which has device 0, ignores it.
  bool exclusive = false;
  // The location is a directory that may be reached through a symbolic link.
  bool follow = false;
  // Operands that were copied to the same directory before this one: what they made is not to be
  // replaced by it.
  Span<const char* const> earlier{};
  // What sys::StatusAt() with Follow::kYes says of it, if that is known.
  const sys::FileStatus* status = nullptr;
};

class Copier {
 public:
  // From here on the process's umask is 0: the Copier applies what it was itself, so that it knows
  // the modes of the files that it makes.
  Copier(const Context& context, const CopyOptions& options, Output& out);
  Copier(const Copier&) = delete;
  Copier& operator=(const Copier&) = delete;

  // Returns false when anything was not copied as asked for; what, has been reported.
  [[nodiscard]] bool Copy(const char* source, const CopyPlace& place);
  // Whether that made or changed anything.
  [[nodiscard]] bool made() const { return made_; }

 private:
  // A file to be copied: opened, but for links that are not followed and special files of a tree.
  using Source = OpenedFile;
  enum class Special : uint8_t { kSymbolicLink, kFifo, kHardLink };
  // What to do about what is at the destination already. kLeave: nothing; kKeep: nothing, since it
  // is as new as the source.
  enum class Verdict : uint8_t { kAbsent, kReplace, kKeep, kLeave };

  // copy.cc: trees
  Result<Source> OpenSource(const Descent::Entry& entry);
  void CopyEntry(const Descent::Entry& entry);
  void CopyDirectory(Source source);
  [[nodiscard]] bool MayDescend(const sys::FileStatus& source);
  Result<bool> IsInside(const sys::FileStatus& directory);
  [[nodiscard]] bool MakeDirectory(const sys::FileStatus& source, CopyTarget::Level* level);
  void Leave();
  void LeaveTarget();
  bool Fail(StringView path, Error error);
  bool Fail(StringView path, StringView what, Error error);
  bool Refuse(StringView path, StringView reason);
  void Announce();

  // copy_file.cc: everything but directories
  void CopyFile(const Source& source);
  [[nodiscard]] bool CopyRegular(const Source& source);
  [[nodiscard]] bool CopyContent(const Source& source, sys::File copy, bool made, bool may_seek);
  Result<sys::Descriptor> Create(const sys::FileStatus& source);
  Result<sys::Descriptor> OpenExisting(const sys::FileStatus& source,
                                       const sys::FileStatus& existing, bool* made);
  [[nodiscard]] bool CopySymbolicLink(const sys::FileStatus& source);
  [[nodiscard]] bool CopyFifo(const sys::FileStatus& source);
  [[nodiscard]] bool LinkTo(const char* copy, const sys::FileStatus& source);
  Result<bool> MakeSpecial(Special kind, const sys::FileStatus& source, const char* target);
  Result<void> Make(Special kind, const sys::FileStatus& source, const char* target);
  Verdict Examine(const sys::FileStatus& source, bool write_through, sys::FileStatus* existing);
  Verdict Judge(const sys::FileStatus& source, const sys::FileStatus& existing);

  // copy_attributes.cc
  [[nodiscard]] bool OwnerIsRight(const sys::FileStatus& source);
  [[nodiscard]] sys::Mode CreationMode(const sys::FileStatus& source);
  [[nodiscard]] bool KeepAttributes(sys::Descriptor file, const sys::FileStatus& source,
                                    sys::FileStatus current);
  [[nodiscard]] bool FinishDirectory(const CopyTarget::Level& level);

  const Context& context_;
  const CopyOptions& options_;
  Output& out_;
  Confirm confirm_;
  sys::Mode umask_;
  DataCopier data_;
  LinkTable links_;
  Descent from_;
  CopyTarget to_;
  CopyPlace place_;           // of the operand; in a tree, of the entry at hand
  StringView remark_;         // for Announce(), of the file at hand
  bool may_be_link_ = false;  // what Examine() found, itself
  bool ok_ = true;            // of the operand
  bool made_ = false;
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_COPY_H_
