// SPDX-License-Identifier: MIT
#include "coreutils/support/change_owner.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/open_verified.h"
#include "coreutils/support/quote.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

using Options = ChangeOwnerOptions;

// As people write a user or a group when it has no name.
Result<uint32_t> ParseId(StringView text) {
  CATION_TRY_ASSIGN(const uint64_t number, ParseNumber(text.From(text.StartsWith("+") ? 1 : 0)));
  if (number >= kNoAccount) return Error{abi::kERANGE};
  return static_cast<uint32_t>(number);
}

// The name, or else the number, for which there is `digits`.
StringView TextOf(Accounts& accounts, uint32_t id, String& digits) {
  const StringView name = accounts.NameOf(id);
  if (!name.empty()) return name;
  digits.Truncate(0);
  AddText(digits, Digits(id));
  return digits.view();
}

// Reads the name of an account, or its number. Returns what is wrong with it.
StringView ParseAccount(StringView text, Accounts& accounts, uint32_t& id, StringView& name,
                        String& digits, StringView wrong) {
  Account account;
  Result<bool> found = false;
  if (!text.StartsWith("+")) found = accounts.Find(text, account);
  // Numbers may be names: without the file it is not known.
  if (!found.ok()) return "cannot read the accounts to look for";
  if (found.value()) {
    id = account.id;
    name = text;
    return {};
  }
  const Result<uint32_t> number = ParseId(text);
  if (!number.ok()) return wrong;
  id = number.value();
  digits.Truncate(0);
  AddText(digits, Digits(id));
  name = digits.view();
  return {};
}

}  // namespace

int OwnerChanger::Run(Span<char*> operands) {
  const bool needs_owner = options_.reference == nullptr;
  if (operands.size() < (needs_owner ? 2U : 1U)) {
    if (operands.empty()) return UsageError(context_, command_, {nullptr, 0}, "missing operand");
    String reason;
    AddText(reason, "missing operand after ");
    (void)AppendInQuotes(reason, operands[0]);
    return UsageError(context_, command_, {nullptr, 0}, reason.view());
  }
  changes_targets_ = options_.change != Options::Change::kLink;
  if (options_.recursive && options_.walk == Options::Walk::kNoLinks) {
    if (options_.change == Options::Change::kTarget) {
      return UsageError(context_, command_, {nullptr, 0},
                        "-R --dereference requires either -H or -L");
    }
    changes_targets_ = false;
  }
  if (options_.from != nullptr && !Parse(options_.from, from_, false)) return 1;
  if (needs_owner) {
    if (!Parse(operands[0], owner_, only_group_)) return 1;
    operands = operands.From(1);
  } else if (!TakeReference()) {
    return 1;
  }
  for (const char* const operand : operands) ChangeOperand(operand);
  return out_.Finish(status_);
}

bool OwnerChanger::TakeReference() {
  const Result<sys::FileStatus> status =
      sys::StatusAt(sys::At(options_.reference), sys::Follow::kYes);
  if (!status.ok()) {
    Report(context_, options_.reference, status.error());
    return false;
  }
  owner_.group = status.value().group;
  if (options_.say != Options::Say::kErrors)
    owner_.group_text = TextOf(groups_, owner_.group, group_text_);
  if (only_group_) return true;
  owner_.user = status.value().user;
  if (options_.say != Options::Say::kErrors)
    owner_.user_text = TextOf(users_, owner_.user, user_text_);
  return true;
}

// Reads `text` as an owner; reports what is wrong with it.
bool OwnerChanger::Parse(const char* text, OwnerSpecification& owner, bool only_group) {
  const StringView whole = text;
  StringView wrong;
  StringView warning;
  if (only_group) {
    wrong = ParseGroup(whole, owner);
  } else {
    const size_t colon = whole.Find(':');
    wrong = ParseParts(whole, colon, owner);
    const size_t dot = whole.Find('.');
    if (!wrong.empty() && colon == StringView::kNotFound && dot != StringView::kNotFound) {
      OwnerSpecification other;
      if (ParseParts(whole, dot, other).empty()) {
        owner = other;
        wrong = {};
        warning = "warning: '.' should be ':'";
      }
    }
    // As GNU has it: "ownership" of ":name", but "group" of a number alone.
    if (owner.user_text.data() == nullptr && !owner.group_text.empty() &&
        owner.group_text.data() != group_text_.c_str()) {
      owner.user_text = "";
    }
  }
  if (wrong.empty() && warning.empty()) return true;
  String line;
  AddText(line, wrong.empty() ? warning : wrong);
  AddText(line, ": ");
  (void)AppendInQuotes(line, whole);
  Report(context_, line.view());
  return wrong.empty();
}

// "user", "user:", "user:group", ":group"; nothing at all changes nothing. Returns what is wrong.
StringView OwnerChanger::ParseParts(StringView text, size_t separator, OwnerSpecification& owner) {
  const bool has_separator = separator != StringView::kNotFound;
  const StringView user = has_separator ? text.First(separator) : text;
  const StringView group = has_separator ? text.From(separator + 1) : StringView();
  StringView wrong;
  if (!user.empty()) wrong = ParseUser(user, has_separator && group.empty(), owner);
  return wrong.empty() ? ParseGroup(group, owner) : wrong;
}

StringView OwnerChanger::ParseUser(StringView text, bool wants_group, OwnerSpecification& owner) {
  const StringView wrong =
      ParseAccount(text, users_, owner.user, owner.user_text, user_text_, "invalid user");
  if (!wrong.empty() || !wants_group) return wrong;
  // A number's user has no group of his own.
  Account account;
  const Result<bool> found = users_.Find(text, account);
  if (!found.ok() || !found.value()) return "invalid spec";
  owner.group = account.group;
  owner.group_text = TextOf(groups_, account.group, group_text_);
  return {};
}

StringView OwnerChanger::ParseGroup(StringView text, OwnerSpecification& owner) {
  if (text.empty()) return {};
  return ParseAccount(text, groups_, owner.group, owner.group_text, group_text_, "invalid group");
}

// What the descent is at stays as it is.
void OwnerChanger::Fail(StringView reason, Error error, const sys::FileStatus* before) {
  status_ = 1;
  if (!options_.silent) {
    out_.Flush();
    Report(context_, descent_.path(), reason, error);
  }
  if (options_.say != Options::Say::kAll) return;
  Describe(before, "failed to change ", before == nullptr ? " to " : " from ", true);
}

void OwnerChanger::ChangeOperand(const char* operand) {
  levels_.Clear();
  if (const Result<void> begun = descent_.Begin(operand); !begun.ok()) {
    status_ = 1;
    if (!options_.silent) Report(context_, operand, begun.error());
    return;
  }
  Visit(sys::FileType::kUnknown, 0);
  while (descent_.depth() > 0) {
    const Result<const Descent::Entry*> entry = descent_.Next();
    if (!entry.ok()) {
      Fail(entry.error());
    } else if (entry.value() != nullptr) {
      Visit(entry.value()->type, entry.value()->inode);
    } else {
      Ascend();
    }
  }
}

// Changes what the descent is at, or goes into it.
void OwnerChanger::Visit(sys::FileType type, uint64_t inode) {
  const bool may_be_directory =
      options_.recursive &&
      (type == sys::FileType::kUnknown || type == sys::FileType::kDirectory ||
       (type == sys::FileType::kSymbolicLink && options_.walk == Options::Walk::kAllLinks));
  const bool walks_link =
      options_.recursive && (options_.walk == Options::Walk::kAllLinks ||
                             (options_.walk == Options::Walk::kOperands && descent_.depth() == 0));
  Error not_opened = {0};
  if (options_.recursive && type == sys::FileType::kDirectory && !walks_link) {
    Result<OpenedFile> opened = OpenVerified(descent_.here(), sys::kDirectory, inode);
    if (opened.ok()) return Enter(Move(opened.value().file), opened.value().status, false);
    not_opened = opened.error();
  }
  // A listing of Redox may be wrong about what is what.
  if (may_be_directory) {
    const Result<sys::FileStatus> status =
        sys::StatusAt(descent_.here(), walks_link ? sys::Follow::kYes : sys::Follow::kNo);
    // A link that leads nowhere is changed itself, or cannot be.
    if (!status.ok() &&
        !(walks_link && !changes_targets_ && status.error() == abi::kENOENT && IsLink()))
      return Fail(status.error());
    if (status.ok() && status.value().IsDirectory()) {
      if (not_opened.number != 0) return Fail(not_opened);
      return OpenAndEnter(status.value(), walks_link);
    }
    if (status.ok() && walks_link == changes_targets_) return ChangeHere(type, &status.value());
  }
  ChangeHere(type, nullptr);
}

void OwnerChanger::OpenAndEnter(const sys::FileStatus& status, bool by_link) {
  // A link that leads up the tree.
  if (by_link && IsAbove(status.identity())) return ChangeHere(sys::FileType::kUnknown, nullptr);
  const auto no_follow = by_link ? sys::OpenFlags{} : sys::kNoFollow;
  const Result<sys::Descriptor> opened =
      sys::Open(descent_.here(), sys::kRead | sys::kDirectory | no_follow);
  if (!opened.ok()) return Fail(opened.error());
  sys::File directory(opened.value());
  Result<sys::FileStatus> found = sys::Status(directory.get());
  // Somebody has put another in its place.
  if (found.ok() && found.value().identity() != status.identity()) found = Error{abi::kELOOP};
  if (!found.ok()) return Fail(found.error());
  Enter(Move(directory), status, by_link);
}

void OwnerChanger::Enter(sys::File directory, const sys::FileStatus& status, bool by_link) {
  if (IsRoot(status)) return;
  Result<void> entered = levels_.PushBack({status.identity(), by_link});
  if (!entered.ok()) return Fail(entered.error());
  entered = descent_.Enter(Move(directory), status);
  if (entered.ok()) return;
  levels_.PopBack();
  Fail(entered.error());
}

// After all that is in it.
void OwnerChanger::Ascend() {
  const bool by_name = levels_.back().by_link && !changes_targets_;
  levels_.PopBack();
  if (!by_name) {
    const bool needs_status = HasFrom() || options_.say != Options::Say::kErrors;
    Result<sys::FileStatus> status = sys::FileStatus();
    if (needs_status) status = sys::Status(descent_.directory());
    if (!status.ok()) {
      Fail(status.error());
    } else if (!needs_status) {
      Conclude(ChangeOpen(descent_.directory(), descent_.identity().device), true, nullptr);
    } else {
      const bool matches = Matches(status.value());
      Conclude(
          matches ? ChangeOpen(descent_.directory(), descent_.identity().device) : Result<void>(),
          matches, &status.value());
    }
  }
  if (const Result<void> left = descent_.Leave(); !left.ok()) return Fail(left.error());
  if (by_name) ChangeHere(sys::FileType::kUnknown, nullptr);
}

// Changes what is open as `file`, on the file system `device`.
Result<void> OwnerChanger::ChangeOpen(sys::Descriptor file, uint64_t device) {
  CATION_TRY(sys::ChangeOwner(file, owner_.user, owner_.group));
  if (device != 0) return {};
  // A 9p share of Redox may accept all and change nothing.
  CATION_TRY_ASSIGN(const sys::FileStatus after, sys::Status(file));
  const bool changed = (owner_.user == sys::kSameOwner || owner_.user == after.user) &&
                       (owner_.group == sys::kSameOwner || owner_.group == after.group);
  return changed ? Result<void>() : Error{abi::kEOPNOTSUPP};
}

bool OwnerChanger::IsRoot(const sys::FileStatus& status) {
  if (!options_.preserve_root) return false;
  if (!root_known_) {
    const Result<sys::FileStatus> root = sys::StatusAt(sys::At("/"), sys::Follow::kNo);
    // What cannot be told from the root directory is left alone.
    if (!root.ok()) {
      Fail("cannot look at / (see --no-preserve-root)", root.error());
      return true;
    }
    root_ = root.value().identity();
    root_known_ = true;
  }
  if (root_ != status.identity()) return false;
  out_.Flush();
  Report(context_, descent_.path(),
         "it is dangerous to operate recursively on / (see --no-preserve-root)");
  status_ = 1;
  return true;
}

bool OwnerChanger::IsLink() const {
  const Result<sys::FileStatus> status = sys::StatusAt(descent_.here(), sys::Follow::kNo);
  return status.ok() && status.value().IsSymbolicLink();
}

bool OwnerChanger::IsAbove(const sys::Identity& identity) const {
  for (const Level& level : levels_) {
    if (level.identity == identity) return true;
  }
  return false;
}

// Changes what the descent is at; `known` is what it is, or what its target is if those are to be
// changed.
void OwnerChanger::ChangeHere(sys::FileType type, const sys::FileStatus* known) {
  const sys::Follow follow = changes_targets_ ? sys::Follow::kYes : sys::Follow::kNo;
  sys::FileStatus status;
  if (known == nullptr && (HasFrom() || options_.say != Options::Say::kErrors)) {
    const Result<sys::FileStatus> found = sys::StatusAt(descent_.here(), follow);
    if (!found.ok()) return Conclude(found.error(), true, nullptr);
    status = found.value();
    known = &status;
  }
  if (known != nullptr && !Matches(*known)) return Conclude({}, false, known);
  Result<void> changed;
  sys::FileStatus before;
  if (HasFrom() && changes_targets_) {
    changed = ChangeIfSame(*known);
  } else {
    changed = sys::ChangeOwnerAt(descent_.here(), owner_.user, owner_.group, follow, &before);
  }
  // Not every system can change a link: POSIX lets that pass.
  if (!changes_targets_ && !changed.ok() && changed.error() == abi::kEOPNOTSUPP) {
    if (IsLink()) {
      if (options_.say != Options::Say::kAll) return;
      const StringView line[] = {"neither symbolic link ", descent_.path(),
                                 " nor referent has been changed\n"};
      return out_.WriteQuoted(line);
    }
  }
  Conclude(changed, true, known);
  // What was listed as something else.
  const bool walks_all = options_.walk == Options::Walk::kAllLinks;
  if (options_.recursive && type != sys::FileType::kUnknown && before.IsDirectory() &&
      (walks_all || !changes_targets_ || !IsLink())) {
    OpenAndEnter(before, walks_all);
  }
}

// The target of a link may be exchanged between the look at it and the change: so by a descriptor,
// where it can be opened without harm.
Result<void> OwnerChanger::ChangeIfSame(const sys::FileStatus& known) {
  if (known.IsRegular() || known.IsDirectory()) {
    const Result<sys::Descriptor> opened =
        sys::Open(descent_.here(), sys::kRead | sys::kNonBlocking);
    if (opened.ok()) {
      const sys::File file(opened.value());
      CATION_TRY_ASSIGN(const sys::FileStatus status, sys::Status(file.get()));
      if (status.identity() != known.identity() || !Matches(status)) return Error{abi::kESTALE};
      return ChangeOpen(file.get(), status.device);
    }
    if (!(opened.error() == abi::kEACCES)) return opened.error();
  }
  return sys::ChangeOwnerAt(descent_.here(), owner_.user, owner_.group, sys::Follow::kYes);
}

// Says what came of it, where that is asked for. `applied`: it was to be changed, and could be.
void OwnerChanger::Conclude(const Result<void>& changed, bool applied,
                            const sys::FileStatus* before) {
  if (!changed.ok()) return Fail({}, changed.error(), before);
  if (options_.say == Options::Say::kErrors) return;
  const bool is_other = applied && before != nullptr &&
                        ((owner_.user != sys::kSameOwner && owner_.user != before->user) ||
                         (owner_.group != sys::kSameOwner && owner_.group != before->group));
  if (is_other) return Describe(before, "changed ", " from ", true);
  if (options_.say == Options::Say::kAll) Describe(before, "", " retained as ", false);
}

void OwnerChanger::AddOwner(String& line, StringView user, StringView group) const {
  AddText(line, user);
  if (owner_.user_text.data() != nullptr && owner_.group_text.data() != nullptr) AddText(line, ":");
  AddText(line, group);
}

void OwnerChanger::Describe(const sys::FileStatus* before, StringView verb, StringView middle,
                            bool both) {
  const bool has_user = owner_.user_text.data() != nullptr;
  const bool has_group = owner_.group_text.data() != nullptr;
  String start;
  AddText(start, verb);
  AddText(start, has_user || !has_group ? "ownership of " : "group of ");
  String end;
  if (!has_user && !has_group) {
    AddText(end, both ? "" : " retained");
  } else {
    AddText(end, middle);
    if (before != nullptr) {
      String user;
      String group;
      AddOwner(end, has_user ? TextOf(users_, before->user, user) : StringView(),
               has_group ? TextOf(groups_, before->group, group) : StringView());
      if (both) AddText(end, " to ");
    }
    if (both) AddOwner(end, owner_.user_text, owner_.group_text);
  }
  AddText(end, "\n");
  const StringView line[] = {start.view(), descent_.path(), end.view()};
  out_.WriteQuoted(line);
}

}  // namespace cation
