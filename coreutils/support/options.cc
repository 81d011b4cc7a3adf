// SPDX-License-Identifier: MIT
#include "coreutils/support/options.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

constexpr StringView kNoOperand{nullptr, 0};

constexpr Option kCommonOptions[] = {
    {.spelling = "--help",
     .help = "print this help and exit",
     .value = 1,
     .kind = Option::Kind::kCommon},
    {.spelling = "--version",
     .help = "print what this program was built from and exit",
     .kind = Option::Kind::kCommon},
};

// Room for an option that OptionTable::Take() fills: to set it before would take code.
union OptionRoom {
  OptionRoom() { option.kind = Option::Kind::kNone; }
  Option option;
};

// Where the help texts begin, unless the option's spelling needs more room.
constexpr size_t kHelpColumn = 26;

void WriteOption(Output& out, const Option& option) {
  if (option.IsHidden()) return;
  const StringView spelling = option.spelling;
  size_t column = 2 + spelling.size();
  out.Write("  ");
  if (option.short_name() == '\0') {
    out.Write("    ");  // so that long names stand below each other
    column += 4;
  }
  out.Write(spelling);
  do {
    out.Write(' ');
  } while (++column < kHelpColumn);
  out.Write(option.help);
  out.Write('\n');
}

// Takes the next of a command's options, and then of the common ones. `option` is the one that was
// taken before, or has Kind::kNone.
bool TakeAny(OptionTable& table, Option& option) {
  while (!table.Take(option)) {
    if (option.kind == Option::Kind::kCommon) return false;
    option.kind = Option::Kind::kCommon;
    table = CommonOptions();
  }
  return true;
}

void WriteHelp(const Context& context, const Command& command, Output& out) {
  const char* usage = command.usage;
  for (StringView lead = "Usage: ";; lead = "\n   or: ") {
    out.Write(lead);
    out.Write(context.program);
    out.Write(' ');
    while (*usage != '\0' && *usage != '\n') out.Write(*usage++);
    if (*usage++ == '\0') break;
  }
  out.Write('\n');
  out.Write(command.summary);
  out.Write("\n\n");
  OptionRoom room;
  for (OptionTable table = command.options; TakeAny(table, room.option);)
    WriteOption(out, room.option);
}

void WriteVersion(const Context& context, Output& out) {
  out.Write(context.program);
  // Every other text is a key of the build note.
  const char* text =
      " (Cation) \0version\0\nBuild: \0commit\0 | \0date\0 | \0arch\0 | \0libc\0\n\0";
  for (bool is_key = false; *text != '\0'; is_key = !is_key) {
    const StringView part = text;
    out.Write(is_key ? context.note.Get(part) : part);
    text = part.end() + 1;
  }
}

// --help, or else --version. Returns the exit status.
int Answer(const Context& context, const Command& command, bool help) {
  Output out(context);
  if (help) {
    WriteHelp(context, command, out);
  } else {
    WriteVersion(context, out);
  }
  return out.Finish(0, command.output_status != 0 ? command.output_status : command.usage_status);
}

class Parser {
 public:
  Parser(Context& context, const Command& command, void* options)
      : context_(context),
        command_(command),
        options_(static_cast<char*>(options)),
        status_(command.usage_status) {}

  // Returns false at the first wrong option, which has then been reported, and after --help and
  // --version.
  bool Parse(int* status) {
    const Span<char*> arguments = context_.arguments;
    size_t operands = 0;
    while (next_ < arguments.size()) {
      char* const argument = arguments[next_++];
      if (only_operands_ || argument[0] != '-' || argument[1] == '\0') {
        only_operands_ |= command_.stops_at_operand;
        // Operands move to the front: what is overwritten has been read.
        arguments[operands++] = argument;
      } else if (argument[1] != '-') {
        if (!ParseCluster(argument + 1)) return Stop(status);
      } else if (argument[2] == '\0') {
        only_operands_ = true;
      } else if (!ParseLong(argument + 2)) {
        return Stop(status);
      }
    }
    context_.arguments = arguments.First(operands);
    return true;
  }

 private:
  // What has been found by a long name, besides kNoWord and kManyWords.
  static constexpr int kOne = 0;

  Option& option() { return room_.option; }

  [[nodiscard]] bool Stop(int* status) const {
    *status = status_;
    return false;
  }

  // Reports `pattern` with `name` in the place of its %.
  bool Wrong(const char* pattern, StringView name) {
    String reason;
    for (; *pattern != '\0'; ++pattern)
      AddText(reason, *pattern == '%' ? name : StringView(pattern, 1));
    ReportUsage(context_, kNoOperand, reason.view());
    return false;
  }

  [[gnu::noinline]] bool ParseCluster(const char* letters) {
    for (; *letters != '\0'; ++letters) {
      const StringView letter(letters, 1);
      if (!FindShort(*letters)) return Wrong("invalid option -- '%'", letter);
      if (option().NeedsArgument()) {
        const char* argument = letters + 1;
        if (*argument == '\0') argument = NextArgument();
        if (argument == nullptr) return Wrong("option requires an argument -- '%'", letter);
        return Apply(argument);
      }
      // "-I[FMT]": what stands behind the letter is its argument.
      if (option().spelling[2] == '[' && letters[1] != '\0') return Apply(letters + 1);
      if (!Apply(nullptr)) return false;
    }
    return true;
  }

  [[gnu::noinline]] bool ParseLong(const char* text) {
    const StringView whole(text);
    const size_t equals = Min(whole.Find('='), whole.size());
    const StringView name = whole.First(equals);
    const char* argument = equals < whole.size() ? text + equals + 1 : nullptr;

    const int found = FindLong(name);
    if (found == kManyWords) return Wrong("option '--%' is ambiguous", name);
    if (found == kNoWord) return Wrong("unrecognized option '--%'", name);
    const StringView long_name = option().long_name();
    if (option().NeedsArgument()) {
      if (argument == nullptr) argument = NextArgument();
      if (argument == nullptr) return Wrong("option '--%' requires an argument", long_name);
    } else if (argument != nullptr && option().kind != Option::Kind::kOptionalWord) {
      return Wrong("option '--%' doesn't allow an argument", long_name);
    }
    if (option().kind != Option::Kind::kCommon) return Apply(argument);

    status_ = Answer(context_, command_, option().value != 0);
    return false;
  }

  // Puts the option whose name is `name`, or begins with it, into `option()`. Returns kNoWord if
  // there is none, kManyWords if several begin with it.
  int FindLong(StringView name) {
    int found = kNoWord;
    OptionTable table = command_.options;
    OptionTable place;
    for (OptionTable here = table; TakeAny(table, option()); here = table) {
      const StringView candidate = option().long_name();
      if (!candidate.StartsWith(name)) continue;
      if (candidate.size() == name.size()) return kOne;
      if ((option().flags & Option::kInFull) != 0) continue;
      place = here;
      found = found == kNoWord ? kOne : kManyWords;
    }
    // Where own options end, the first of the common ones is the next.
    option().kind = Option::Kind::kNone;
    (void)TakeAny(place, option());
    return found;
  }

  // The next argument as an option's, nullptr if there is none.
  const char* NextArgument() {
    return next_ < context_.arguments.size() ? context_.arguments[next_++] : nullptr;
  }

  // Puts the option with that letter into `option()`, if there is one.
  bool FindShort(char letter) {
    for (OptionTable table = command_.options; table.Take(option());) {
      if (option().short_name() == letter) return true;
    }
    return false;
  }

  // Does what option() says.
  bool Apply(const char* argument) {
    only_operands_ |= (option().flags & Option::kEndsOptions) != 0;
    char* const field = options_ + option().field;
    const char* setting = option().packed_settings;
    for (unsigned i = 0; i < option().settings; ++i) {
      uint16_t other = 0;
      __builtin_memcpy(&other, setting, sizeof(other));
      options_[other] = setting[sizeof(other)];
      setting += OptionTable::kSettingSize;
    }
    if (option().kind == Option::Kind::kExpand) {
      for (const char* letter = option().words; *letter != '\0'; ++letter) {
        (void)FindShort(*letter);  // it is there
        if (!Apply(nullptr)) return false;
      }
    } else if (argument == nullptr && option().value != Option::kAskParser) {
      *field = static_cast<char>((option().flags & Option::kAdds) != 0 ? option().value | *field
                                                                       : option().value);
    } else if (option().kind == Option::Kind::kValue) {
      __builtin_memcpy(field, &argument, sizeof(argument));
    } else {
      const StringView word = argument == nullptr ? StringView(nullptr, 0) : StringView(argument);
      return option().parse_word(context_, command_, option(), word, field);
    }
    return true;
  }

  Context& context_;
  const Command& command_;
  char* options_;
  OptionRoom room_;  // for the last that was looked for
  size_t next_ = 0;
  bool only_operands_ = false;
  int status_;  // after a wrong option, unless it is set to another
};

void ExplainWord(const Option& option, StringView before, String& reason) {
  AddText(reason, before);
  AddText(reason, " argument for '");
  const StringView name = option.long_name();
  if (!name.empty()) AddText(reason, "--");
  AddText(reason, name.empty() ? StringView(option.spelling, 2) : name);
  AddText(reason, "'; it is one of: ");
  const size_t words = reason.size();
  AddText(reason, option.words);
  for (size_t i = words; i < reason.size(); ++i) {
    if (reason.data()[i] == '|') reason.data()[i] = ' ';
  }
}

}  // namespace

int FindWord(const char* words, StringView text) {
  int found = kNoWord;
  int group = 0;
  for (StringView rest = words; !rest.empty();) {
    size_t end = 0;
    while (end < rest.size() && rest[end] != ' ' && rest[end] != '|') ++end;
    const StringView word = rest.First(end);
    if (!text.empty() && word.StartsWith(text)) {
      if (word.size() == text.size()) return group;
      found = found == kNoWord || found == group ? group : kManyWords;
    }
    if (end == rest.size()) break;
    if (rest[end] == '|') ++group;
    rest = rest.From(end + 1);
  }
  return found;
}

bool ParseWord(const Context& context, const Command& command, const Option& option,
               StringView argument, char* field) {
  const int found = FindWord(option.words, argument);
  if (found >= 0) {
    *field = static_cast<char>(found);
    return true;
  }
  String reason;
  ExplainWord(option, found == kManyWords ? "ambiguous" : "invalid", reason);
  (void)UsageError(context, command, argument, reason.view());
  return false;
}

bool ParseOptions(Context& context, const Command& command, void* options, int* status) {
  return Parser(context, command, options).Parse(status);
}

bool AnswersHelp(const Context& context, const Command& command, int* status) {
  if (context.arguments.size() != 1) return false;
  const StringView argument = context.arguments[0];
  const bool help = argument == "--help";
  if (!help && !(argument == "--version")) return false;
  *status = Answer(context, command, help);
  return true;
}

bool OptionTable::Take(Option& option) {
  constexpr size_t kValuesSize = 6;
  static_assert(offsetof(Option, settings) + 1 == offsetof(Option, field) + kValuesSize);
  static_assert(offsetof(Option, kind) + 1 == offsetof(Option, field) + kEndSize);
  const char* next = records_;
  if (next[kEndSize - 1] == static_cast<char>(Option::Kind::kNone)) return false;
  __builtin_memcpy(&option.field, next, kValuesSize);
  option.packed_settings = next += kValuesSize;
  next += option.settings * kSettingSize;
  const auto take_text = [&]() {
    const char* const text = next;
    next += __builtin_strlen(text) + 1;
    return text;
  };
  option.spelling = take_text();
  option.help = take_text();
  option.words = take_text();
  records_ = next;
  if (option.HasParser()) option.parse_word = *parsers_++;
  return true;
}

OptionTable CommonOptions() { return Packed<kCommonOptions>(); }

int UsageError(const Context& context, const Command& command, StringView operand,
               StringView reason) {
  ReportUsage(context, operand, reason);
  return command.usage_status;
}

}  // namespace cation
