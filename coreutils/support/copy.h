// SPDX-License-Identifier: MIT
//
// Copier: one file or a whole tree to another place, with what `cp` promises. What goes wrong is
// reported where it happens, and the rest is copied.
//
//   Copier copier(context, options, out, &progress, &confirm);
//   bool ok = copier.Copy("a", sys::At("b"), {});
#ifndef CATION_COREUTILS_SUPPORT_COPY_H_
#define CATION_COREUTILS_SUPPORT_COPY_H_

#include "coreutils/support/backup.h"
#include "coreutils/support/confirm.h"
#include "coreutils/support/copy_data.h"
#include "coreutils/support/copy_target.h"
#include "coreutils/support/copy_use.h"
#include "coreutils/support/descent.h"
#include "coreutils/support/link_table.h"
#include "coreutils/support/open_verified.h"
#include "coreutils/support/output.h"
#include "coreutils/support/progress.h"

namespace cation {

struct CopyOptions {
  enum class Dereference : uint8_t { kDefault, kNever, kOperands, kAlways };
  enum class Update : uint8_t { kAll, kNone, kNoneFail, kOlder };

  // Bits of `keep`: what a copy has in common with its source.
  static constexpr uint8_t kMode = 1;
  static constexpr uint8_t kOwnership = 2;
  static constexpr uint8_t kTimes = 4;
  static constexpr uint8_t kLinks = 8;  // names of one file become names of one copy
  // The opposite of kMode, which goes before it: new files get the mode that any new file gets.
  static constexpr uint8_t kPlainMode = 16;
  // A file system that cannot keep the mode is an error. Otherwise it is mentioned once.
  static constexpr uint8_t kModeRequired = 32;

  bool recursive = false;
  // Which symbolic links are followed. kDefault: none when recursive, otherwise all.
  Dereference dereference = Dereference::kDefault;
  // Which files that are there already are replaced. kNoneFail: none, and each is an error.
  Update update = Update::kAll;
  bool ask = false;                 // before one is
  bool force = false;               // those that cannot be opened are removed and made anew
  bool remove_destination = false;  // all of them are
  uint8_t keep = 0;
  bool attributes_only = false;         // no data
  bool link = false;                    // further names, no copies
  bool symbolic_link = false;           // symbolic links to the sources, no copies
  bool copy_contents = false;           // special files of a tree are read
  bool one_file_system = false;         // directories of other file systems stay empty
  bool keep_directory_symlink = false;  // links to directories in the target are followed
  CopyWhen sparse = CopyWhen::kAuto;
  CopyWhen reflink = CopyWhen::kAuto;
  BackupControl backup = BackupControl::kNone;
  StringView suffix = "~";
  const char* verb = "";  // of what has been made, with a space: "copied "
  // Sources go when they have been copied. So all of a tree is copied as it is, to a place where
  // nothing is: what is there all the same is an error. Of the other options, only `verb`,
  // `verbose` and `debug` say anything. A file's last name is a further name of its copy too.
  bool moves = false;
  bool verbose = false;
  bool debug = false;
};

// What is known of the place where a copy goes.
struct CopyPlace {
  // There is nothing, or a symbolic link that leads to nothing.
  bool free = false;
  // O_EXCL can be relied upon: a 9p share of Redox, which has device 0, ignores it.
  bool exclusive = false;
  // It is a directory that may be reached through a symbolic link.
  bool follow = false;
  // The operand from which this very place was made before: that is not to be replaced.
  const char* earlier = nullptr;
  // What sys::StatusAt() with Follow::kYes says of it, if that is known.
  const sys::FileStatus* status = nullptr;
};

class Copier {
 public:
  // From here on the process's umask is 0: the Copier applies what it was itself, so that it knows
  // the modes of the files that it makes.
  // `progress` and `confirm` are nullptr for who moves.
  [[gnu::noinline]] Copier(const Context& context, const CopyOptions& options, Output& out,
                           Progress* progress, Confirm* confirm);
  Copier(const Copier&) = delete;
  Copier& operator=(const Copier&) = delete;

  // Returns false when anything was not copied as asked for; what, has been reported.
  [[nodiscard]] bool Copy(const char* source, const sys::Location& to, const CopyPlace& place);
  // The same to `source`, without slashes at its end, below the directory `target`; the directories
  // between are made as those of the source are.
  [[nodiscard]] bool CopyWithParents(const char* source, const char* target,
                                     const CopyPlace& place);
  // Whether the last of these made or changed anything.
  [[nodiscard]] bool made() const { return made_; }

  // For the progress: what is going to be copied. Does nothing when none is shown.
  void Count(Span<char*> sources);

 private:
  // A file to be copied: opened, but for links that are not followed and special files of a tree,
  // and when its data is not needed.
  using Source = OpenedFile;
  enum class Special : uint8_t { kSymbolicLink, kFifo, kNode, kHardLink };
  // What to do about what is at the destination already. kLeave: nothing; kKeep: nothing, since it
  // is as new as the source, or is the copy already.
  enum class Verdict : uint8_t { kAbsent, kReplace, kKeep, kLeave };
  enum class Sameness : uint8_t { kDifferent, kSame, kDone };

  static constexpr StringView kGivenTwice = "given more than once; copied once";

  // copy_choices.h
  [[nodiscard]] bool Moves() const;
  [[nodiscard]] bool Chosen(bool option) const;
  [[nodiscard]] bool IsRecursive() const;
  [[nodiscard]] CopyOptions::Dereference Dereferences() const;
  [[nodiscard]] bool Keeps(unsigned bits) const;

  // copy.cc: trees
  [[nodiscard, gnu::noinline]] bool MovesThisTime() const;
  Result<void> OpenSource(const Descent::Entry& entry, Source* source);
  void CopyEntry(const Descent::Entry& entry);
  void CopyDirectory(Source& source);
  [[nodiscard]] bool MayDescend(const sys::FileStatus& source);
  Result<bool> IsInside(const sys::FileStatus& directory);
  [[nodiscard]] bool MakeDirectory(sys::File* directory, CopyTarget::Level* level);
  [[nodiscard]] bool OpenExistingDirectory(sys::File* directory, CopyTarget::Level* level);
  void Leave();
  void LeaveTarget();
  bool Fail(StringView path, Error error);
  bool Fail(StringView path, StringView what, Error error);
  // Out of line: there are many of these.
  [[gnu::noinline]] bool FailSource(Error error);
  [[gnu::noinline]] bool FailTarget(Error error);
  bool FailSource(StringView what, Error error);
  bool FailTarget(StringView what, Error error);
  bool RefuseSource(StringView reason);
  bool RefuseTarget(StringView reason);
  void Say(StringView path, StringView reason);
  void Settle();
  [[gnu::noinline]] void AnnounceCopy();
  void Announce(StringView from, StringView to);

  // copy_parents.cc
  struct Parent {
    sys::FileStatus source;
    sys::FileStatus status;
    size_t path_size = 0;
    bool created = false;
  };
  [[nodiscard]] bool MakeParents(StringView path, size_t source_start, Vector<Parent>& parents);
  [[nodiscard]] bool MakeParent(const char* source, const char* target, Parent* parent);
  void CountTree(const char* source, uint64_t* files, uint64_t* bytes) const;

  // copy_file.cc: everything but directories
  void CopyFile(const Source& source);
  [[nodiscard]] bool MakeCopy(const Source& source);
  [[nodiscard]] bool IsRead(const sys::FileStatus& source) const;
  [[nodiscard]] bool CopyRegular(const Source& source);
  [[nodiscard]] bool CopyContent(const Source& source, sys::File copy, bool made, bool may_seek);
  [[nodiscard]] bool CopyBytes(const Source& source, sys::Descriptor copy, bool made,
                               bool may_seek);
  Result<sys::Descriptor> Create(const sys::FileStatus& source);
  Result<sys::Descriptor> OpenExisting(const sys::FileStatus& source,
                                       const sys::FileStatus& existing, bool* made);
  [[nodiscard]] bool CopySymbolicLink(const sys::FileStatus& source);
  [[nodiscard]] bool LinkToSource(const sys::FileStatus& source);
  [[nodiscard]] bool LinkToCopy(const char* copy, const sys::FileStatus& source);
  [[nodiscard]] bool MakeOrFail(Special kind, const sys::FileStatus& source,
                                const sys::Location& target);
  Result<bool> MakeSpecial(Special kind, const sys::FileStatus& source,
                           const sys::Location& target);
  Result<void> Make(Special kind, const sys::FileStatus& source, const sys::Location& target,
                    const sys::Location& to);
  Result<void> Replace(Special kind, const sys::FileStatus& source, const sys::Location& target,
                       const sys::FileStatus& existing);
  Result<void> MakeBackup();
  void BringBack();

  // copy_existing.cc: what is there already
  Verdict Examine(const sys::FileStatus& source, bool write_through, sys::FileStatus* existing);
  Verdict Judge(const sys::FileStatus& source, const sys::FileStatus& existing);
  [[nodiscard]] bool MayReplace(const sys::FileStatus& existing);
  Result<Sameness> Compare(const sys::FileStatus& source, const sys::FileStatus& existing);
  [[nodiscard]] bool IsSameEntry();
  [[nodiscard]] bool IsInWorkingDirectory();

  // copy_attributes.cc
  [[nodiscard]] bool OwnerIsRight(const sys::FileStatus& source);
  [[nodiscard]] sys::Mode FinalMode(const sys::FileStatus& source) const;
  [[nodiscard]] sys::Mode CreationMode(const sys::FileStatus& source);
  [[nodiscard]] bool CheckKept(const Result<void>& result, StringView what, bool is_link,
                               bool is_share);
  [[nodiscard]] bool KeepAttributes(sys::Descriptor file, const sys::FileStatus& source,
                                    const sys::FileStatus& current, bool made);

  const Context& context_;
  const CopyOptions& options_;
  Output& out_;
  // What is large comes last: the code for what is near the start is shorter.
  CopyOptions::Dereference dereference_;  // not kDefault
  bool may_be_link_ = false;              // what Examine() found, itself
  bool ok_ = true;                        // of the operand
  bool made_ = false;
  bool share_noted_ = false;
  sys::Mode umask_;
  StringView remark_;                 // for Announce(), of the file at hand
  String backup_;                     // of what was at the file's place; empty when there is none
  const CopyPlace* place_ = nullptr;  // of the operand; in a tree, of the entry at hand
  CopyTarget to_;
  LinkTable links_;
  Progress* progress_;
  Confirm* confirm_;
  DataCopier data_;
  Descent from_;
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_COPY_H_
