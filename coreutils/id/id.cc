// SPDX-License-Identifier: MIT
//
// id: prints users and groups, as numbers and by name. POSIX.1-2024, with GNU's options, but not
// those for security contexts.
//
// Names are those of /etc/passwd and /etc/group alone, on Redox and elsewhere. On Redox a process
// has no supplementary groups: what is shown are those that the group file gives its real user,
// which is what programs there go by.
#include "coreutils/support/accounts.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/quote.h"
#include "runtime/core/format.h"
#include "runtime/core/vector.h"
#include "runtime/sys/sys.h"

namespace cation {
namespace {

struct Options {
  bool ignored = false;
  bool user = false;
  bool group = false;
  bool groups = false;
  bool name = false;
  bool real = false;
  bool zero = false;

  [[nodiscard]] bool IsFull() const { return !user && !group && !groups; }
};

constexpr Option kOptions[] = {
    Flag("-a", offsetof(Options, ignored), "nothing: for scripts from elsewhere"),
    Flag("-g, --group", offsetof(Options, group), "only the effective group"),
    Flag("-G, --groups", offsetof(Options, groups), "only the groups, all of them"),
    Flag("-n, --name", offsetof(Options, name), "names in place of numbers, with -u, -g or -G"),
    Flag("-r, --real", offsetof(Options, real),
         "the real one in place of the effective one, with -u, -g or -G"),
    Flag("-u, --user", offsetof(Options, user), "only the effective user"),
    Flag("-z, --zero", offsetof(Options, zero),
         "zero bytes in place of spaces and the line's end, with -u, -g or -G"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [USER]...",
    .summary = "Prints the user and the groups of each USER, or of this process.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

struct Identity {
  uint32_t real_user;
  uint32_t user;
  uint32_t real_group;
  uint32_t group;
};

class Printer {
 public:
  Printer(const Context& context, const Options& options)
      : context_(context), options_(options), out_(context) {}

  int Run(Span<char*> operands) {
    if (operands.empty()) {
      const Identity own = {sys::RealUser(), sys::EffectiveUser(), sys::RealGroup(),
                            sys::EffectiveGroup()};
      Print(own, {nullptr, 0});
      End(false);
    }
    for (const char* const operand : operands) {
      Account account;
      const Result<bool> found = FindUser(operand, account);
      if (found.ok() && found.value()) {
        Print({account.id, account.id, account.group, account.group}, account.name);
        End(operands.size() > 1);
      } else if (found.ok()) {
        String line;
        (void)AppendInQuotes(line, operand);
        AddText(line, ": no such user");
        Fail(line.view());
      } else {
        Fail(users_.path(), found.error());
      }
    }
    return out_.Finish(status_);
  }

 private:
  // Messages belong behind what was printed before.
  void Fail(StringView reason) {
    out_.Flush();
    Report(context_, reason);
    status_ = 1;
  }
  void Fail(StringView operand, Error error) {
    out_.Flush();
    Report(context_, operand, error);
    status_ = 1;
  }

  // A name, or else a number; with a + before it, a number alone.
  Result<bool> FindUser(StringView text, Account& account) {
    const bool is_number = text.StartsWith("+");
    if (!is_number && !text.empty()) {
      CATION_TRY_ASSIGN(const bool found, users_.Find(text, account));
      if (found) return true;
    }
    const Result<uint64_t> number = ParseNumber(text.From(is_number ? 1 : 0));
    if (!number.ok() || number.value() >= kNoAccount) return false;
    return users_.Find(static_cast<uint32_t>(number.value()), account);
  }

  void End(bool several) {
    if (!options_.zero) return out_.Write('\n');
    out_.Write('\0');
    if (options_.groups && several) out_.Write('\0');
  }

  // `user`: whose groups they are; data() nullptr: those of this process.
  void Print(const Identity& identity, StringView user) {
    if (options_.user) {
      PrintOne(users_, "user", options_.real ? identity.real_user : identity.user);
    } else if (options_.group) {
      PrintOne(groups_, "group", options_.real ? identity.real_group : identity.group);
    } else if (options_.groups) {
      PrintGroups(identity, user);
    } else {
      PrintAll(identity, user);
    }
  }

  void PrintOne(Accounts& accounts, StringView what, uint32_t id) {
    StringView name;
    if (options_.name) {
      name = accounts.NameOf(id);
      if (name.empty()) {
        String line;
        AddText(line, "cannot find name for ");
        AddText(line, what);
        AddText(line, " ID ");
        AddText(line, Digits(id));
        Fail(line.view());
      }
    }
    out_.Write(name.empty() ? Digits(id).view() : name);
  }

  void PrintGroups(const Identity& identity, StringView user) {
    (void)ListGroups(identity, user);
    for (const uint32_t& group : listed_) {
      if (&group != listed_.begin()) out_.Write(options_.zero ? '\0' : ' ');
      PrintOne(groups_, "group", group);
    }
  }

  void PrintNamed(StringView label, Accounts& accounts, uint32_t id) {
    out_.Write(label);
    out_.Write(Digits(id));
    const StringView name = accounts.NameOf(id);
    if (name.empty()) return;
    out_.Write('(');
    out_.Write(name);
    out_.Write(')');
  }

  void PrintAll(const Identity& identity, StringView user) {
    PrintNamed("uid=", users_, identity.real_user);
    PrintNamed(" gid=", groups_, identity.real_group);
    if (identity.user != identity.real_user) PrintNamed(" euid=", users_, identity.user);
    if (identity.group != identity.real_group) PrintNamed(" egid=", groups_, identity.group);
    if (!ListGroups(identity, user)) return;
    StringView label = " groups=";
    for (const uint32_t group : listed_) {
      PrintNamed(label, groups_, group);
      label = ",";
    }
  }

  [[gnu::noinline]] Result<void> Add(uint32_t group) {
    for (const uint32_t other : listed_) {
      if (other == group) return {};
    }
    return listed_.PushBack(group);
  }

  // Sets listed_: the first groups, and those that there are besides, each once. When that fails,
  // as many as are known.
  bool ListGroups(const Identity& identity, StringView user) {
    listed_.Clear();
    Result<void> listed;
    if (options_.groups) listed = Add(identity.real_group);
    if (listed.ok()) listed = Add(identity.group);
    if (listed.ok()) listed = user.data() == nullptr ? AddOwn(identity) : AddOf(user);
    if (listed.ok()) return true;
    String line;
    if (user.data() == nullptr) {
      AddText(line, "failed to get groups for the current process");
    } else {
      AddText(line, "failed to get groups for user ");
      (void)AppendInQuotes(line, user);
    }
    out_.Flush();
    Report(context_, {nullptr, 0}, line.view(), listed.error());
    status_ = 1;
    return false;
  }

  Result<void> AddOwn(const Identity& identity) {
    uint32_t few[64];
    Span<uint32_t> groups = few;
    Result<size_t> count = sys::Groups(groups);
    Vector<uint32_t> many;
    if (!count.ok() && count.error() == abi::kEINVAL) {
      CATION_TRY(many.Reserve(sys::kMostGroups));
      groups = {many.data(), sys::kMostGroups};
      count = sys::Groups(groups);
    }
    if (!count.ok() && count.error() == abi::kENOSYS) {
      const StringView name = users_.NameOf(identity.real_user);
      return name.empty() ? Result<void>() : AddOf(name);
    }
    CATION_TRY(count);
    for (const uint32_t group : groups.First(count.value())) CATION_TRY(Add(group));
    return {};
  }

  Result<void> AddOf(StringView user) {
    CATION_TRY_ASSIGN(StringView text, groups_.Text());
    Account group;
    while (TakeAccount(text, AccountFile::kGroups, group)) {
      if (HasMember(group.members, user)) CATION_TRY(Add(group.id));
    }
    return {};
  }

  const Context& context_;
  const Options& options_;
  Output out_;
  int status_ = 0;
  Accounts users_{AccountFile::kUsers};
  Accounts groups_{AccountFile::kGroups};
  Vector<uint32_t> listed_;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  StringView wrong;
  if (options.user + options.group + options.groups > 1) {
    wrong = "cannot print \"only\" of more than one choice";
  } else if (options.IsFull() && (options.name || options.real)) {
    wrong = "printing only names or real IDs requires -u, -g, or -G";
  } else if (options.IsFull() && options.zero) {
    wrong = "option --zero not permitted in default format";
  }
  if (!wrong.empty()) return UsageError(context, kCommand, {nullptr, 0}, wrong);
  return Printer(context, options).Run(context.arguments);
}

}  // namespace cation
