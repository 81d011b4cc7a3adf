// SPDX-License-Identifier: MIT
#include "coreutils/support/options.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

constexpr StringView kNoOperand{nullptr, 0};

constexpr Option kCommonOptions[] = {
    {.spelling = "--help", .help = "print this help and exit"},
    {.spelling = "--version", .help = "print what this program was built from and exit"},
};
constexpr const Option* kHelp = &kCommonOptions[0];
constexpr const Option* kVersion = &kCommonOptions[1];

// Where the help texts begin, unless the option's spelling needs more room.
constexpr size_t kHelpColumn = 26;

void WriteOption(Output& out, const Option& option) {
  if (option.help == nullptr) return;
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

void WriteHelp(const Context& context, const Command& command, Output& out) {
  StringView lead = "Usage: ";
  for (StringView usage = command.usage; !usage.empty();) {
    const size_t end = Min(usage.Find('\n'), usage.size());
    out.Write(lead);
    out.Write(context.program);
    out.Write(' ');
    out.Write(usage.First(end));
    out.Write('\n');
    usage = usage.From(Min(end + 1, usage.size()));
    lead = "   or: ";
  }
  out.Write(command.summary);
  out.Write("\n\n");
  for (const Option& option : command.options) WriteOption(out, option);
  for (const Option& option : kCommonOptions) WriteOption(out, option);
}

void WriteVersion(const Context& context, Output& out) {
  out.Write(context.program);
  // Names in braces are keys of the build note.
  for (StringView text = " (Cation) {version}\nBuild: {commit} | {date} | {arch} | {libc}\n";
       !text.empty();) {
    const size_t open = text.Find('{');
    out.Write(text.First(Min(open, text.size())));
    if (open == StringView::kNotFound) return;
    text = text.From(open + 1);
    const size_t close = text.Find('}');
    out.Write(context.note.Get(text.First(close)));
    text = text.From(close + 1);
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
      : context_(context), command_(command), options_(static_cast<char*>(options)) {}

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
  [[nodiscard]] bool Stop(int* status) const {
    *status = status_;
    return false;
  }

  // Reports `pattern` with `name` in the place of its %.
  bool Wrong(StringView pattern, StringView name) {
    String reason;
    const size_t place = pattern.Find('%');
    AddText(reason, pattern.First(place));
    AddText(reason, name);
    AddText(reason, pattern.From(place + 1));
    status_ = UsageError(context_, command_, kNoOperand, reason.view());
    return false;
  }

  bool ParseCluster(const char* letters) {
    for (; *letters != '\0'; ++letters) {
      const StringView letter(letters, 1);
      const Option* const option = FindShort(*letters);
      if (option == nullptr) return Wrong("invalid option -- '%'", letter);
      if (option->NeedsArgument()) {
        const char* argument = letters + 1;
        if (*argument == '\0') argument = NextArgument();
        if (argument == nullptr) return Wrong("option requires an argument -- '%'", letter);
        return Apply(*option, argument);
      }
      // "-I[FMT]": what stands behind the letter is its argument.
      if (option->spelling[2] == '[' && letters[1] != '\0') return Apply(*option, letters + 1);
      if (!Apply(*option, nullptr)) return false;
    }
    return true;
  }

  bool ParseLong(const char* text) {
    const StringView whole(text);
    const size_t equals = Min(whole.Find('='), whole.size());
    const StringView name = whole.First(equals);
    const char* argument = equals < whole.size() ? text + equals + 1 : nullptr;

    const Option* option = nullptr;
    const bool ambiguous =
        !FindLong(command_.options, name, &option) || !FindLong(kCommonOptions, name, &option);
    if (ambiguous) return Wrong("option '--%' is ambiguous", name);
    if (option == nullptr) return Wrong("unrecognized option '--%'", name);
    const StringView found = option->long_name();
    if (option->NeedsArgument()) {
      if (argument == nullptr) argument = NextArgument();
      if (argument == nullptr) return Wrong("option '--%' requires an argument", found);
    } else if (argument != nullptr && option->kind != Option::Kind::kOptionalWord) {
      return Wrong("option '--%' doesn't allow an argument", found);
    }
    if (option != kHelp && option != kVersion) return Apply(*option, argument);

    status_ = Answer(context_, command_, option == kHelp);
    return false;
  }

  // Puts the option whose name is `name`, or begins with it, into `option`; what was found before,
  // in another table, is taken into account. Returns false when several begin with it.
  static bool FindLong(Span<const Option> table, StringView name, const Option** option) {
    if (*option != nullptr && (*option)->long_name().size() == name.size()) return true;
    bool ambiguous = false;
    for (const Option& candidate : table) {
      const StringView candidate_name = candidate.long_name();
      const bool is_whole = candidate_name.size() == name.size();
      if (!candidate_name.StartsWith(name) || (candidate.in_full && !is_whole)) continue;
      ambiguous = *option != nullptr;
      *option = &candidate;
      if (is_whole) return true;
    }
    return !ambiguous;
  }

  // The next argument as an option's, nullptr if there is none.
  const char* NextArgument() {
    return next_ < context_.arguments.size() ? context_.arguments[next_++] : nullptr;
  }

  [[nodiscard]] const Option* FindShort(char letter) const {
    for (const Option& option : command_.options) {
      if (option.short_name() == letter) return &option;
    }
    return nullptr;
  }

  bool Apply(const Option& option, const char* argument) {
    only_operands_ |= option.ends_options;
    char* const field = options_ + option.field;
    for (const Option::Setting& setting : option.also) {
      if (setting.field == Option::kNoField) break;
      options_[setting.field] = static_cast<char>(setting.value);
    }
    if (option.kind == Option::Kind::kExpand) {
      for (const char* letter = option.words; *letter != '\0'; ++letter) {
        if (!Apply(*FindShort(*letter), nullptr)) return false;
      }
    } else if (argument == nullptr && option.value != Option::kAskParser) {
      *field = static_cast<char>(option.adds ? option.value | *field : option.value);
    } else if (option.kind == Option::Kind::kValue) {
      __builtin_memcpy(field, &argument, sizeof(argument));
    } else {
      status_ = command_.usage_status;  // in case it is wrong
      const StringView word = argument == nullptr ? StringView(nullptr, 0) : StringView(argument);
      return option.parse_word(context_, command_, option, word, field);
    }
    return true;
  }

  Context& context_;
  const Command& command_;
  char* options_;
  size_t next_ = 0;
  bool only_operands_ = false;
  int status_ = 0;
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

Span<const Option> CommonOptions() { return kCommonOptions; }

int UsageError(const Context& context, const Command& command, StringView operand,
               StringView reason) {
  ReportUsage(context, operand, reason);
  return command.usage_status;
}

}  // namespace cation
