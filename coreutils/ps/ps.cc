// SPDX-License-Identifier: MIT
//
// ps: lists processes. POSIX.1-2024 ps with its XSI options, what of procps is typed often (-L, -T,
// -C, --ppid, --no-headers, aux and ax without a "-"), and -o with procps' names for columns.
//
// Without options: the processes of the effective user on the terminal that ps itself runs on.
// Where the system does not say which terminal a process has (Redox), all of the effective user's.
// -p, -t, -u, -U, -g, -G, -C, --ppid add up; without any process to show, the status is 1.
//
// What is not known is "-", a process without a terminal has "?". Columns are as wide as what is in
// them. Threads are part of their process, but for -L and -T, which are the same. On hosts the real
// user and group are taken to be the effective ones. No sorting, no trees, no environments.
//
// Redox: the kernel's table (/scheme/sys/context) has process, effective user and group, state,
// processor time, memory and name (the path that was started, cut at 32 bytes, no arguments); its
// process manager (/scheme/proc/ps), which is read only where they are asked for, parent, group,
// session and the real user and group. Nobody has terminals, starting times, priorities or sizes of
// address spaces.
#include "coreutils/ps/columns.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/quote.h"
#include "runtime/core/format.h"
#include "runtime/core/vector.h"

namespace cation {
namespace {

using ps::Column;
using ps::Content;
using sys::ProcessStatus;

// A list that an option was given: which, and what.
struct List {
  char what;
  StringView text;
};

struct Options {
  bool all = false;
  bool terminals = false;
  bool no_leaders = false;
  bool full = false;
  bool long_form = false;
  bool jobs = false;
  bool threads = false;
  bool no_headers = false;
  bool ignored = false;
  bool bsd = false;          // words without "-": other columns
  bool bsd_user = false;     // u
  bool bsd_long = false;     // l
  bool bsd_all = false;      // a
  bool bsd_any = false;      // x
  bool bsd_running = false;  // r
  Vector<List> lists;
  Vector<StringView> formats;
};

constexpr char kParents = 'P';  // of --ppid

bool AddList(const Context& context, const Command&, PackedOption option, StringView argument,
             char* field) {
  const char letter = option.short_name();
  const Result<void> added = reinterpret_cast<Vector<List>*>(field)->PushBack(
      {letter == '\0' ? kParents : letter, argument});
  if (!added.ok()) Report(context, argument, added.error());
  return added.ok();
}

bool AddFormat(const Context& context, const Command&, PackedOption, StringView argument,
               char* field) {
  const Result<void> added = reinterpret_cast<Vector<StringView>*>(field)->PushBack(argument);
  if (!added.ok()) Report(context, argument, added.error());
  return added.ok();
}

constexpr Option kOptions[] = {
    Flag("-A", offsetof(Options, all), "all processes"),
    Flag("-e", offsetof(Options, all), "the same"),
    Flag("-a", offsetof(Options, terminals), "those on terminals, but for leaders of sessions"),
    Flag("-d", offsetof(Options, no_leaders), "all but leaders of sessions"),
    Parsed("-p, --pid=LIST", offsetof(Options, lists), AddList, "those with these numbers"),
    Parsed("--ppid=LIST", offsetof(Options, lists), AddList, "the children of these"),
    Parsed("-t, --tty=LIST", offsetof(Options, lists), AddList, "those on these terminals"),
    Parsed("-u, --user=LIST", offsetof(Options, lists), AddList,
           "those with these effective users, names or numbers"),
    Parsed("-U, --User=LIST", offsetof(Options, lists), AddList, "those with these real users"),
    Parsed("-g, --group=LIST", offsetof(Options, lists), AddList, "those in these sessions"),
    Parsed("-G, --Group=LIST", offsetof(Options, lists), AddList, "those with these real groups"),
    Parsed("-C LIST", offsetof(Options, lists), AddList, "those with these names"),
    Flag("-f", offsetof(Options, full), "more columns, and the whole command"),
    Flag("-l", offsetof(Options, long_form), "more columns"),
    Flag("-j", offsetof(Options, jobs), "with process group and session"),
    Parsed("-o, --format=FORMAT", offsetof(Options, formats), AddFormat,
           "these columns: pid,user,comm and so on; NAME=TEXT has TEXT above it"),
    Flag("-L", offsetof(Options, threads), "each thread by itself"),
    Flag("-T", offsetof(Options, threads), "the same"),
    Flag("--no-headers", offsetof(Options, no_headers), "no line above the columns"),
    Flag("-w", offsetof(Options, ignored), "nothing: lines are never cut"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [a][x][u][l][r][h][w] [PID]...",
    .summary =
        "Lists processes: without OPTION, this user's on this terminal; aux: all, with users.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

bool IsNumber(StringView text) { return ParseNumber(text).ok(); }

// Takes the next of what stands in `list` between commas and blanks; false at the end.
bool TakeItem(StringView& list, StringView& item) {
  const auto separates = [](char byte) { return byte == ',' || byte == ' ' || byte == '\t'; };
  while (!list.empty() && separates(list[0])) list = list.From(1);
  if (list.empty()) return false;
  size_t end = 0;
  while (end < list.size() && !separates(list[end])) ++end;
  item = list.First(end);
  list = list.From(end);
  return true;
}

// A column that is printed.
struct Field {
  const Column* column;
  StringView header;
};

// What a process has to be to be listed.
struct Choice {
  char what;
  uint32_t number;
  StringView name;
};

class Ps {
 public:
  explicit Ps(Context& context) : context_(context), writer_(context) {}

  int Run() {
    int status = 0;
    if (!ParseOptions(context_, kCommand, &options_, &status)) return status;
    if (!ReadOperands() || !ReadChoices() || !ReadFields()) return 1;
    const Result<int> listed = ListAll();
    if (!listed.ok()) {
      Report(context_, where_, listed.error());
      return 1;
    }
    return listed.value();
  }

 private:
  bool Wrong(StringView operand, StringView reason) {
    (void)UsageError(context_, kCommand, operand, reason);
    return false;
  }
  bool Stored(const Result<void>& stored) {
    if (!stored.ok()) Report(context_, {nullptr, 0}, {}, stored.error());
    return stored.ok();
  }

  // Numbers of processes, and options without "-".
  bool ReadOperands() {
    const Span<char*> operands = context_.arguments;
    for (size_t i = 0; i < operands.size(); ++i) {
      const StringView operand = operands[i];
      if (operand.empty() || (operand[0] >= '0' && operand[0] <= '9') || operand[0] == ',') {
        if (!Stored(options_.lists.PushBack({'p', operand}))) return false;
        continue;
      }
      options_.bsd = true;
      for (size_t letter = 0; letter < operand.size(); ++letter) {
        const char byte = operand[letter];
        if (byte == 'o' || byte == 'p' || byte == 'U' || byte == 't') {
          // The rest of it, or the next operand.
          StringView argument = operand.From(letter + 1);
          if (argument.empty() && i + 1 == operands.size())
            return Wrong(operand, "an argument is missing");
          if (argument.empty()) argument = operands[++i];
          const Result<void> stored =
              byte == 'o' ? options_.formats.PushBack(argument)
                          : options_.lists.PushBack({byte == 'U' ? 'u' : byte, argument});
          if (!Stored(stored)) return false;
          break;
        }
        if (!ReadLetter(byte))
          return Wrong(operand, "no process number, nor options that are known");
      }
    }
    return true;
  }

  bool ReadLetter(char letter) {
    switch (letter) {
      case 'a':
        options_.bsd_all = true;
        return true;
      case 'x':
        options_.bsd_any = true;
        return true;
      case 'u':
        options_.bsd_user = true;
        return true;
      case 'l':
        options_.bsd_long = true;
        return true;
      case 'r':
        options_.bsd_running = true;
        return true;
      case 'h':
        options_.no_headers = true;
        return true;
      case 'H':
      case 'm':
        options_.threads = true;
        return true;
      case 'c':
      case 'w':
        return true;
      default:
        return false;
    }
  }

  // What the lists say, with names looked up.
  bool ReadChoices() {
    // `ps -aux` is `ps aux` to those who type it, unless there is somebody called x.
    if (options_.terminals && options_.lists.size() == 1 && options_.lists[0].what == 'u' &&
        options_.lists[0].text == "x") {
      Account account;
      const Result<bool> found = writer_.users.Find("x", account);
      if (found.ok() && !found.value()) {
        options_.lists.Clear();
        options_.bsd = options_.bsd_user = options_.bsd_all = options_.bsd_any = true;
        options_.terminals = false;
      }
    }
    for (const List& list : options_.lists) {
      StringView rest = list.text;
      StringView item;
      bool any = false;
      while (TakeItem(rest, item)) {
        any = true;
        Choice choice = {list.what, 0, item};
        if (!ReadChoice(choice)) return false;
        if (!Stored(choices_.PushBack(choice))) return false;
      }
      if (!any) return Wrong(list.text, "an empty list");
    }
    return true;
  }

  bool ReadChoice(Choice& choice) {
    const Result<uint64_t> number = ParseNumber(choice.name);
    const bool is_number = number.ok() && number.value() < UINT32_MAX;
    if (is_number) choice.number = static_cast<uint32_t>(number.value());
    switch (choice.what) {
      case 'p':
      case 'g':
      case kParents:
        if (is_number && number.value() <= INT32_MAX) return true;
        return Wrong(choice.name, "invalid process number");
      case 'u':
      case 'U':
        return ReadAccount(writer_.users, choice, "no such user");
      case 'G':
        return ReadAccount(writer_.groups, choice, "no such group");
      case 't':
        if (choice.name.StartsWith("/dev/")) choice.name = choice.name.From(5);
        return true;
      default:
        return true;
    }
  }

  bool ReadAccount(Accounts& accounts, Choice& choice, StringView missing) {
    Account account;
    const Result<bool> found = accounts.Find(choice.name, account);
    if (found.ok() && found.value()) {
      choice.number = account.id;
      return true;
    }
    if (found.ok() && IsNumber(choice.name)) return true;
    if (found.ok()) return Wrong(choice.name, missing);
    Report(context_, accounts.path(), found.error());
    return false;
  }

  bool ReadFields() {
    for (StringView format : options_.formats) {
      for (;;) {
        while (!format.empty() && (format[0] == ' ' || format[0] == ',')) format = format.From(1);
        if (format.empty()) break;
        size_t end = 0;
        while (end < format.size() && format[end] != ' ' && format[end] != ',' &&
               format[end] != '=')
          ++end;
        const Column* const column = ps::FindColumn(format.First(end));
        if (column == nullptr) return Wrong(format.First(end), "no such column");
        format = format.From(end);
        StringView header = column->header;
        // Its header is all that follows, as POSIX has it; "pid=,comm=" is what people type.
        if (format.StartsWith("=,")) {
          header = {};
          format = format.From(1);
        } else if (format.StartsWith("=")) {
          header = format.From(1);
          format = {};
        }
        if (!Stored(fields_.PushBack({column, header}))) return false;
      }
    }
    if (!options_.formats.empty()) {
      if (fields_.empty()) return Wrong(options_.formats[0], "no such column");
      return true;
    }
    const StringView threads = options_.threads ? "lwp=SPID " : "";
    StringView first = "";
    StringView rest = "tty=TTY time comm=CMD";
    StringView leading = "pid ";
    if (options_.bsd_user) {
      leading = "user pid ";
      rest = "pcpu pmem vsz rss tty=TTY stat start=START bsdtime=TIME args";
    } else if (options_.bsd_long) {
      leading = "f uid pid ";
      rest = "ppid pri ni vsz rss wchan stat tty=TTY bsdtime=TIME args";
    } else if (options_.bsd) {
      rest = "tty=TTY stat bsdtime=TIME args";
    } else if (options_.long_form) {
      leading = options_.full ? "f s user=UID pid " : "f s uid pid ";
      first = options_.jobs ? "ppid pgid sid c " : "ppid c ";
      rest = options_.full ? "pri ni addr sz wchan stime tty=TTY time args=CMD"
                           : "pri ni addr sz wchan tty=TTY time comm=CMD";
    } else if (options_.full) {
      leading = "user=UID pid ";
      first = options_.jobs ? "ppid pgid sid c " : "ppid c ";
      rest = "stime tty=TTY time args=CMD";
    } else if (options_.jobs) {
      first = "pgid sid ";
    }
    return AddFields(leading) && AddFields(threads) && AddFields(first) && AddFields(rest);
  }

  // Of the known listings: names, some with another header.
  bool AddFields(StringView names) {
    StringView name;
    while (TakeItem(names, name)) {
      const size_t equals = Min(name.Find('='), name.size());
      const Column* const column = ps::FindColumn(name.First(equals));
      const StringView header = equals == name.size() ? column->header : name.From(equals + 1);
      if (!Stored(fields_.PushBack({column, header}))) return false;
    }
    return true;
  }

  [[nodiscard]] bool Prints(Content first, Content second) const {
    for (const Field& field : fields_) {
      if (field.column->content == first || field.column->content == second) return true;
    }
    return false;
  }
  [[nodiscard]] bool Chooses(char first, char second) const {
    for (const Choice& choice : choices_) {
      if (choice.what == first || choice.what == second) return true;
    }
    return false;
  }

  [[nodiscard]] unsigned Wanted() const {
    using sys::ProcessReader;
    unsigned wanted = options_.threads ? ProcessReader::kThreads : 0;
    if (Prints(Content::kArguments, Content::kArguments)) wanted |= ProcessReader::kArguments;
    bool owners = choices_.empty() && !options_.all;
    for (const Field& field : fields_) {
      owners |= field.column->content >= Content::kUser &&
                field.column->content <= Content::kRealGroupNumber;
    }
    if (owners || Chooses('u', 'U') || Chooses('G', 'G') || options_.bsd_any)
      wanted |= ProcessReader::kOwners;
    if (Prints(Content::kParent, Content::kGroup) ||
        Prints(Content::kSession, Content::kRealUser) ||
        Prints(Content::kRealUserNumber, Content::kRealGroup) ||
        Prints(Content::kRealGroupNumber, Content::kState) || Chooses('U', 'G') ||
        Chooses(kParents, 'g') || options_.terminals || options_.no_leaders) {
      wanted |= ProcessReader::kParents;
    }
    return wanted;
  }

  Result<int> ListAll() {
    sys::ProcessReader reader;
    CATION_TRY(reader.Start(Wanted()));
    const bool is_default = choices_.empty() && !options_.all && !options_.terminals &&
                            !options_.no_leaders && !options_.bsd_all && !options_.bsd_any;
    if (is_default) {
      CATION_TRY_ASSIGN(const ProcessStatus* const own, reader.Find(sys::ThisProcess()));
      if (own != nullptr) terminal_ = own->terminal;
    }
    user_ = sys::EffectiveUser();
    bool found = false;
    bool only_numbers = !choices_.empty() && !options_.threads && !options_.all;
    for (const Choice& choice : choices_) only_numbers &= choice.what == 'p';
    if (only_numbers) {
      CATION_TRY(FindEach(reader, found));
    } else {
      for (;;) {
        CATION_TRY_ASSIGN(const ProcessStatus* const process, reader.Next());
        if (process == nullptr) break;
        CATION_TRY_ASSIGN(const bool listed, IsListed(*process, is_default));
        if (!listed || (options_.bsd_running && process->state != 'R')) continue;
        found = true;
        CATION_TRY(Add(*process));
      }
    }
    where_ = {nullptr, 0};
    Output out(context_);
    Print(out);
    return out.Finish(found ? 0 : 1);
  }

  // By their numbers, from the lowest on, each once.
  Result<void> FindEach(sys::ProcessReader& reader, bool& found) {
    uint64_t last = UINT64_MAX;
    for (;;) {
      uint64_t lowest = UINT64_MAX;
      for (const Choice& choice : choices_) {
        if ((last == UINT64_MAX || choice.number > last) && choice.number < lowest)
          lowest = choice.number;
      }
      if (lowest == UINT64_MAX) return {};
      last = lowest;
      CATION_TRY_ASSIGN(const ProcessStatus* const process,
                        reader.Find(static_cast<sys::Process>(lowest)));
      if (process == nullptr) continue;
      found = true;
      CATION_TRY(Add(*process));
    }
  }

  Result<bool> IsListed(const ProcessStatus& process, bool is_default) {
    if (options_.all || (options_.bsd_all && options_.bsd_any)) return true;
    const bool has_terminal = process.terminal != 0;
    const bool leads = process.session == process.id;
    if (is_default) {
      return process.user == user_ &&
             (process.terminal == ProcessStatus::kUnknown || process.terminal == terminal_);
    }
    if (options_.bsd_all && has_terminal) return true;
    if (options_.bsd_any && process.user == user_) return true;
    if (options_.terminals && has_terminal && !leads) return true;
    if (options_.no_leaders && !leads) return true;
    for (const Choice& choice : choices_) {
      CATION_TRY_ASSIGN(const bool chosen, IsChosen(process, choice));
      if (chosen) return true;
    }
    return false;
  }

  Result<bool> IsChosen(const ProcessStatus& process, const Choice& choice) {
    const auto number = static_cast<sys::Process>(choice.number);
    switch (choice.what) {
      case 'p':
        return process.id == number;
      case 'g':
        return process.session == number;
      case kParents:
        return process.parent == number;
      case 'u':
        return process.user == choice.number;
      case 'U':
        return process.real_user == choice.number;
      case 'G':
        return process.real_group == choice.number;
      case 'C':
        // On Redox it is a path.
        return process.name == choice.name ||
               (process.name.StartsWith("/") && LastComponent(process.name) == choice.name);
      default:
        break;
    }
    name_.Truncate(0);
    CATION_TRY(ps::AppendTerminal(name_, process.terminal));
    // "1" is tty1, and "-" none at all.
    const StringView name = name_.view();
    return name == choice.name || (name == "?" && choice.name == "-") ||
           (name.StartsWith("tty") && name.From(3) == choice.name);
  }

  Result<void> Add(const ProcessStatus& process) {
    for (const Field& field : fields_) {
      CATION_TRY(writer_.Append(text_, process, field.column->content));
      CATION_TRY(ends_.PushBack(text_.size()));
    }
    return {};
  }

  // How many columns of a terminal `text` takes: names of users are as wide as they are long here.
  static size_t WidthOf(StringView text) {
    size_t width = 0;
    for (const char byte : text) width += (byte & 0xc0) != 0x80 ? 1 : 0;
    return width;
  }

  void Print(Output& out) {
    bool has_header = false;
    Vector<size_t> widths;
    for (const Field& field : fields_) {
      has_header |= !field.header.empty();
      if (!widths.PushBack(WidthOf(field.header)).ok()) return;
    }
    for (size_t i = 0; i < ends_.size(); ++i) {
      size_t& width = widths[i % fields_.size()];
      width = Max(width, WidthOf(Text(i)));
    }
    for (size_t i = 0; has_header && !options_.no_headers && i < fields_.size(); ++i)
      PrintCell(out, i, widths[i], fields_[i].header);
    for (size_t i = 0; i < ends_.size(); ++i)
      PrintCell(out, i % fields_.size(), widths[i % fields_.size()], Text(i));
  }

  [[nodiscard]] StringView Text(size_t cell) const {
    const size_t start = cell == 0 ? 0 : ends_[cell - 1];
    return text_.view().From(start).First(ends_[cell] - start);
  }

  void PrintCell(Output& out, size_t column, size_t width, StringView text) {
    const bool last = column + 1 == fields_.size();
    const bool right = fields_[column].column->right;
    const size_t padding = width - WidthOf(text);
    for (size_t i = 0; right && i < padding; ++i) out.Write(' ');
    out.Write(text);
    for (size_t i = 0; !right && !last && i < padding; ++i) out.Write(' ');
    out.Write(last ? '\n' : ' ');
  }

  Context& context_;
  Options options_;
  ps::Writer writer_;
  Vector<Choice> choices_;
  Vector<Field> fields_;
  StringView where_ = "list of processes";
  uint64_t terminal_ = ProcessStatus::kUnknown;
  uint32_t user_ = 0;
  String text_;
  Vector<size_t> ends_;  // of each text
  String name_;
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) { return Ps(context).Run(); }

}  // namespace cation
