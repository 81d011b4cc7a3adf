// SPDX-License-Identifier: MIT
#include "coreutils/support/options.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

constexpr Option kCommonOptions[] = {
    {.long_name = "help", .help = "print this help and exit"},
    {.long_name = "version", .help = "print what this program was built from and exit"},
};

// Where the help texts begin, unless the option's names need more room.
constexpr size_t kHelpColumn = 26;

void WriteOption(Output& out, const Option& option) {
  size_t column = 0;
  const auto write = [&](StringView text) {
    out.Write(text);
    column += text.size();
  };
  write("  ");
  if (option.short_name != 0) {
    write("-");
    write(StringView(&option.short_name, 1));
    if (option.long_name != nullptr) write(", ");
  } else {
    write("    ");
  }
  if (option.long_name != nullptr) {
    write("--");
    write(option.long_name);
  }
  if (option.argument != nullptr) {
    write(option.argument_is_optional ? "[=" : option.long_name != nullptr ? "=" : " ");
    write(option.argument);
    if (option.argument_is_optional) write("]");
  }
  do {
    write(" ");
  } while (column < kHelpColumn);
  out.Write(option.help);
  out.Write('\n');
}

void WriteHelp(const Context& context, const Command& command, Output& out) {
  StringView usage = command.usage;
  StringView lead = "Usage: ";
  while (!usage.empty()) {
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
  out.Write(" (Cation) ");
  out.Write(context.note.Get("version"));
  out.Write("\nBuild: ");
  out.Write(context.note.Get("commit"));
  out.Write(" | ");
  out.Write(context.note.Get("date"));
  out.Write(" | ");
  out.Write(context.note.Get("arch"));
  out.Write(" | ");
  out.Write(context.note.Get("libc"));
  out.Write('\n');
}

class Parser {
 public:
  Parser(Context& context, const Command& command, void* options) : context_(context), command_(command), options_(options) {}

  // Returns false at the first wrong option, which has then been reported, and after --help and --version.
  bool Parse(Vector<const char*>& operands, int* status) {
    bool only_operands = false;
    for (; next_ < context_.arguments.size();) {
      char* const argument = context_.arguments[next_++];
      const StringView text(argument);
      bool go_on = true;
      if (only_operands || text.size() < 2 || text[0] != '-') {
        if (!operands.PushBack(argument).ok()) {
          Report(context_, ErrorMessage(Error{abi::kENOMEM}));
          go_on = Stop(command_.usage_status);
        }
      } else if (text == "--") {
        only_operands = true;
      } else if (text[1] == '-') {
        go_on = ParseLong(argument + 2);
      } else {
        go_on = ParseCluster(argument + 1);
      }
      if (!go_on) {
        *status = status_;
        return false;
      }
    }
    return true;
  }

 private:
  bool Stop(int status) {
    status_ = status;
    return false;
  }

  // "program: reason 'name'", and where to find help.
  bool Wrong(StringView before, StringView name, StringView after) {
    String reason;
    if (reason.Append(before).ok() && reason.Append(name).ok() && reason.Append(after).ok()) {
      return Stop(UsageError(context_, command_, {nullptr, 0}, reason.view()));
    }
    return Stop(UsageError(context_, command_, {nullptr, 0}, ErrorMessage(Error{abi::kENOMEM})));
  }

  bool ParseCluster(const char* letters) {
    for (; *letters != '\0'; ++letters) {
      const StringView letter(letters, 1);
      const Option* const option = FindShort(*letters);
      if (option == nullptr) return Wrong("invalid option -- '", letter, "'");
      const bool takes_argument = (option->kind == Option::Kind::kValue || option->kind == Option::Kind::kWord) &&
                                  !option->argument_is_optional;
      if (!takes_argument) {
        if (!Apply(*option, nullptr)) return false;
        continue;
      }
      const char* argument = letters + 1;
      if (*argument == '\0') {
        if (next_ == context_.arguments.size()) return Wrong("option requires an argument -- '", letter, "'");
        argument = context_.arguments[next_++];
      }
      return Apply(*option, argument);
    }
    return true;
  }

  bool ParseLong(const char* text) {
    const StringView whole(text);
    const size_t equals = Min(whole.Find('='), whole.size());
    const StringView name = whole.First(equals);
    const char* argument = equals < whole.size() ? text + equals + 1 : nullptr;

    const Option* found = nullptr;
    bool exact = false;
    bool ambiguous = false;
    const auto consider = [&](const Option& option) {
      if (option.long_name == nullptr || exact) return;
      const StringView candidate(option.long_name);
      if (!candidate.StartsWith(name)) return;
      exact = candidate.size() == name.size();
      ambiguous = !exact && found != nullptr;
      found = &option;
    };
    for (const Option& option : command_.options) consider(option);
    for (const Option& option : kCommonOptions) consider(option);

    if (found == nullptr) return Wrong("unrecognized option '--", name, "'");
    if (ambiguous) return Wrong("option '--", name, "' is ambiguous");
    const bool is_common = found == &kCommonOptions[0] || found == &kCommonOptions[1];
    const bool takes_argument =
        !is_common && (found->kind == Option::Kind::kValue || found->kind == Option::Kind::kWord);
    if (!takes_argument && argument != nullptr) return Wrong("option '--", found->long_name, "' doesn't allow an argument");
    if (takes_argument && argument == nullptr && !found->argument_is_optional) {
      if (next_ == context_.arguments.size()) return Wrong("option '--", found->long_name, "' requires an argument");
      argument = context_.arguments[next_++];
    }
    if (!is_common) return Apply(*found, argument);

    Output out(context_);
    if (found == &kCommonOptions[0]) {
      WriteHelp(context_, command_, out);
    } else {
      WriteVersion(context_, out);
    }
    return Stop(out.Finish(0, command_.usage_status));
  }

  const Option* FindShort(char letter) const {
    for (const Option& option : command_.options) {
      if (option.short_name == letter) return &option;
    }
    return nullptr;
  }

  bool Apply(const Option& option, const char* argument) {
    char* const field = static_cast<char*>(options_) + option.field;
    switch (option.kind) {
      case Option::Kind::kExpand:
        for (const char* letter = option.words; *letter != '\0'; ++letter) {
          const Option* const part = FindShort(*letter);
          if (part == nullptr || !Apply(*part, nullptr)) return false;
        }
        return true;
      case Option::Kind::kValue:
        __builtin_memcpy(field, &argument, sizeof(argument));
        return true;
      case Option::Kind::kWord:
        if (argument != nullptr) return ApplyWord(option, field, argument);
        [[fallthrough]];
      case Option::Kind::kChoice:
        *field = static_cast<char>(option.value);
        return true;
    }
    return true;
  }

  // Unambiguous beginnings of words are words too.
  bool ApplyWord(const Option& option, char* field, StringView argument) {
    int found = -1;
    bool ambiguous = false;
    int group = 0;
    for (StringView rest = option.words; !rest.empty();) {
      size_t end = 0;
      while (end < rest.size() && rest[end] != ' ' && rest[end] != '|') ++end;
      const StringView word = rest.First(end);
      if (word == argument) {
        *field = static_cast<char>(group);
        return true;
      }
      if (word.StartsWith(argument)) {
        ambiguous = ambiguous || (found >= 0 && found != group);
        found = group;
      }
      if (end < rest.size() && rest[end] == '|') ++group;
      rest = rest.From(Min(end + 1, rest.size()));
    }
    if (found >= 0 && !ambiguous && !argument.empty()) {
      *field = static_cast<char>(found);
      return true;
    }
    String reason;
    const bool built = reason.Append(found >= 0 ? "ambiguous argument for '" : "invalid argument for '").ok() &&
                       AppendName(reason, option).ok() && reason.Append("'; it is one of: ").ok() &&
                       reason.Append(option.words).ok();
    if (!built) return Stop(UsageError(context_, command_, argument, ErrorMessage(Error{abi::kENOMEM})));
    for (size_t i = 0; i < reason.size(); ++i) {
      if (reason.data()[i] == '|') reason.data()[i] = ' ';
    }
    return Stop(UsageError(context_, command_, argument, reason.view()));
  }

  static Result<void> AppendName(String& text, const Option& option) {
    if (option.long_name != nullptr) {
      CATION_TRY(text.Append("--"));
      return text.Append(option.long_name);
    }
    CATION_TRY(text.Append('-'));
    return text.Append(option.short_name);
  }

  Context& context_;
  const Command& command_;
  void* options_;
  size_t next_ = 0;
  int status_ = 0;
};

}  // namespace

bool ParseOptions(Context& context, const Command& command, void* options, Vector<const char*>& operands, int* status) {
  return Parser(context, command, options).Parse(operands, status);
}

int UsageError(const Context& context, const Command& command, StringView operand, StringView reason) {
  if (operand.data() == nullptr) {
    Report(context, reason);
  } else {
    Report(context, operand, reason);
  }
  String hint;
  if (hint.Append("Try '").ok() && hint.Append(context.program).ok() &&
      hint.Append(" --help' for more information.\n").ok()) {
    (void)sys::WriteAll(context.errors, hint.view());
  }
  return command.usage_status;
}

}  // namespace cation
