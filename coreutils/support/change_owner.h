// SPDX-License-Identifier: MIT
//
// OwnerChanger: users and groups of files and trees, for chown and chgrp.
#ifndef CATION_COREUTILS_SUPPORT_CHANGE_OWNER_H_
#define CATION_COREUTILS_SUPPORT_CHANGE_OWNER_H_

#include "coreutils/support/accounts.h"
#include "coreutils/support/descent.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"

namespace cation {

struct ChangeOwnerOptions {
  enum class Say : uint8_t { kErrors, kChanges, kAll };
  // Which symbolic links to directories a recursive walk goes through.
  enum class Walk : uint8_t { kNoLinks, kOperands, kAllLinks };
  // Whether what a symbolic link leads to is changed, or the link.
  enum class Change : uint8_t { kDefault, kLink, kTarget };

  Say say = Say::kErrors;
  bool silent = false;  // no messages about files
  bool recursive = false;
  Walk walk = Walk::kNoLinks;
  Change change = Change::kDefault;
  bool preserve_root = false;
  const char* from = nullptr;
  const char* reference = nullptr;
};

// The options of both.
inline constexpr Option kChangeOwnerOptions[] = {
    Choice("-c, --changes", offsetof(ChangeOwnerOptions, say), ChangeOwnerOptions::Say::kChanges,
           "say what has been changed"),
    Flag("-f, --silent", offsetof(ChangeOwnerOptions, silent),
         "say nothing of files that cannot be changed"),
    Flag("--quiet", offsetof(ChangeOwnerOptions, silent), "the same"),
    Choice("-v, --verbose", offsetof(ChangeOwnerOptions, say), ChangeOwnerOptions::Say::kAll,
           "say of each file what has become of it"),
    Choice("--dereference", offsetof(ChangeOwnerOptions, change),
           ChangeOwnerOptions::Change::kTarget,
           "change what a symbolic link leads to (default without -R)"),
    Choice("-h, --no-dereference", offsetof(ChangeOwnerOptions, change),
           ChangeOwnerOptions::Change::kLink, "change symbolic links themselves"),
    Value("--from=USER:GROUP", offsetof(ChangeOwnerOptions, from),
          "only files that belong to that user and that group; either may be left out"),
    Choice("--no-preserve-root", offsetof(ChangeOwnerOptions, preserve_root), false,
           "treat / like anything else (default)"),
    Flag("--preserve-root", offsetof(ChangeOwnerOptions, preserve_root),
         "with -R, do not change /"),
    Value("--reference=FILE", offsetof(ChangeOwnerOptions, reference), "to what FILE belongs to"),
    Flag("-R, --recursive", offsetof(ChangeOwnerOptions, recursive),
         "directories and all that is in them"),
    Choice("-H", offsetof(ChangeOwnerOptions, walk), ChangeOwnerOptions::Walk::kOperands,
           "with -R, go through operands that are symbolic links to directories"),
    Choice("-L", offsetof(ChangeOwnerOptions, walk), ChangeOwnerOptions::Walk::kAllLinks,
           "with -R, go through all symbolic links to directories"),
    Choice("-P", offsetof(ChangeOwnerOptions, walk), ChangeOwnerOptions::Walk::kNoLinks,
           "with -R, go through none (default)"),
};

// An owner as chown takes it, and how it was written.
struct OwnerSpecification {
  uint32_t user = sys::kSameOwner;
  uint32_t group = sys::kSameOwner;
  StringView user_text{nullptr, 0};  // data() nullptr: there is none
  StringView group_text{nullptr, 0};
};

class OwnerChanger {
 public:
  // `only_group`: as chgrp.
  OwnerChanger(const Context& context, const Command& command, const ChangeOwnerOptions& options,
               bool only_group)
      : context_(context),
        command_(command),
        options_(options),
        only_group_(only_group),
        out_(context) {}

  // The operands: what to change to, unless there is a reference, and the files. Returns the
  // program's status.
  int Run(Span<char*> operands);

 private:
  struct Level {
    sys::Identity identity;
    bool by_link = false;  // it may have been reached through a symbolic link
  };

  bool Parse(const char* text, OwnerSpecification& owner, bool only_group);
  StringView ParseParts(StringView text, size_t separator, OwnerSpecification& owner);
  StringView ParseUser(StringView text, bool wants_group, OwnerSpecification& owner);
  StringView ParseGroup(StringView text, OwnerSpecification& owner);
  bool TakeReference();
  void ChangeOperand(const char* operand);
  void Visit(sys::FileType type, uint64_t inode);
  void OpenAndEnter(const sys::FileStatus& status, bool by_link);
  void Enter(sys::File directory, const sys::FileStatus& status, bool by_link);
  void Ascend();
  bool IsRoot(const sys::FileStatus& status);
  // Whether it is a link that the descent is at.
  [[nodiscard]] bool IsLink() const;
  [[nodiscard]] bool IsAbove(const sys::Identity& identity) const;
  [[nodiscard]] bool Matches(const sys::FileStatus& status) const {
    return (from_.user == sys::kSameOwner || from_.user == status.user) &&
           (from_.group == sys::kSameOwner || from_.group == status.group);
  }
  [[nodiscard]] bool HasFrom() const {
    return from_.user != sys::kSameOwner || from_.group != sys::kSameOwner;
  }
  void ChangeHere(sys::FileType type, const sys::FileStatus* known);
  Result<void> ChangeIfSame(const sys::FileStatus& known);
  Result<void> ChangeOpen(sys::Descriptor file, uint64_t device);
  void Conclude(const Result<void>& changed, bool applied, const sys::FileStatus* before);
  void Describe(const sys::FileStatus* before, StringView verb, StringView middle, bool both);
  void AddOwner(String& line, StringView user, StringView group) const;
  void Fail(StringView reason, Error error, const sys::FileStatus* before = nullptr);
  void Fail(Error error) { Fail({}, error); }

  const Context& context_;
  const Command& command_;
  const ChangeOwnerOptions& options_;
  bool only_group_;
  Output out_;
  int status_ = 0;
  Accounts users_{AccountFile::kUsers};
  Accounts groups_{AccountFile::kGroups};
  OwnerSpecification owner_;
  OwnerSpecification from_;
  String user_text_;  // of numbers in owner_
  String group_text_;
  bool changes_targets_ = true;
  bool root_known_ = false;
  sys::Identity root_;
  Descent descent_;
  Vector<Level> levels_;  // as many as descent_ has
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_CHANGE_OWNER_H_
