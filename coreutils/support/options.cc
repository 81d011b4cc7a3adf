// SPDX-License-Identifier: MIT
#include "coreutils/support/options.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

constexpr StringView kNoOperand{nullptr, 0};

void AddVersion(const Context& context, String& to) {
  AddText(to, context.program);
  // What stands before each value of the note but the first, which is the name.
  const char* before = " (Cation) \0\nBuild: \0 | \0 | \0 | ";
  bool in_value = false;
  const StringView note = context.note.text();
  for (const char& c : note.From(note.Find('\n') + 1)) {
    if (c == '\n') {
      in_value = false;
    } else if (in_value) {
      AddText(to, {&c, 1});
    } else if (c == '=') {
      in_value = true;
      const StringView part = before;
      AddText(to, part);
      before = part.end() + 1;
    }
  }
  AddText(to, "\n");
}

// --help, or else --version. Returns the exit status.
int Answer(const Context& context, const Command& command, bool help) {
  Output out(context);
  String text;
  if (!help) {
    AddVersion(context, text);
  } else if (!AppendUnpacked(text, command.help, context.program).ok()) {
    Report(context, Error{abi::kENOMEM});
    return command.output_status;
  }
  out.Write(text.view());
  return out.Finish(0, command.output_status);
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

  [[nodiscard]] bool Stop(int* status) const {
    *status = status_;
    return false;
  }

  // Reports `pattern`, which is packed, with `name` in its place.
  [[gnu::noinline]] bool Wrong(const char* pattern, StringView name) {
    String reason;
    (void)AppendUnpacked(reason, pattern, name);
    ReportUsage(context_, kNoOperand, reason.view());
    return false;
  }

  [[gnu::noinline]] bool ParseCluster(const char* letters) {
    for (; *letters != '\0'; ++letters) {
      const StringView letter(letters, 1);
      if (!FindShort(*letters)) return Wrong(PackedText<"invalid option -- '\1'">(), letter);
      if (option_.NeedsArgument()) {
        const char* argument = letters + 1;
        if (*argument == '\0') argument = NextArgument();
        if (argument == nullptr)
          return Wrong(PackedText<"option requires an argument -- '\1'">(), letter);
        return Apply(argument);
      }
      if (option_.has(PackedOption::kTakesRest) && letters[1] != '\0') return Apply(letters + 1);
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
    if (found == kManyWords) return Wrong(PackedText<"option '--\1' is ambiguous">(), name);
    if (found == kNoWord) return Wrong(PackedText<"unrecognized option '--\1'">(), name);
    const StringView long_name = option_.long_name();
    if (option_.NeedsArgument()) {
      if (argument == nullptr) argument = NextArgument();
      if (argument == nullptr)
        return Wrong(PackedText<"option '--\1' requires an argument">(), long_name);
    } else if (argument != nullptr && option_.kind() != Option::Kind::kOptionalWord) {
      return Wrong(PackedText<"option '--\1' doesn't allow an argument">(), long_name);
    }
    if (option_.kind() != Option::Kind::kCommon) return Apply(argument);

    status_ = Answer(context_, command_, option_.value() != 0);
    return false;
  }

  // Puts the option whose name is `name`, or begins with it, into `option_`. Returns kNoWord if
  // there is none, kManyWords if several begin with it.
  int FindLong(StringView name) {
    int found = kNoWord;
    for (PackedOption here(command_.options); here.is_option(); here = here.Next()) {
      const StringView candidate = here.long_name();
      if (!candidate.StartsWith(name)) continue;
      const bool is_whole = candidate.size() == name.size();
      if (!is_whole && here.has(Option::kInFull)) continue;
      option_ = here;
      found = found == kNoWord || is_whole ? kOne : kManyWords;
      if (is_whole) break;
    }
    return found;
  }

  // The next argument as an option's, nullptr if there is none.
  const char* NextArgument() {
    return next_ < context_.arguments.size() ? context_.arguments[next_++] : nullptr;
  }

  // Puts the option with that letter into `option_`, if there is one.
  bool FindShort(char letter) {
    for (option_ = PackedOption(command_.options); option_.is_option(); option_ = option_.Next()) {
      if (option_.short_name() == letter) return true;
    }
    return false;
  }

  // Does what option_ says.
  bool Apply(const char* argument) {
    only_operands_ |= option_.has(Option::kEndsOptions);
    for (size_t i = 0; i < option_.settings(); ++i)
      options_[option_.SettingField(i)] = option_.SettingValue(i);
    char* const field = options_ + option_.field();
    if (argument == nullptr && option_.value() != Option::kAskParser) {
      *field = static_cast<char>(option_.value() | (option_.has(Option::kAdds) ? *field : 0));
    } else if (option_.kind() == Option::Kind::kValue) {
      __builtin_memcpy(field, &argument, sizeof(argument));
    } else {
      const StringView word = argument == nullptr ? StringView(nullptr, 0) : StringView(argument);
      return command_.parsers[option_.parser()](context_, command_, option_, word, field);
    }
    return true;
  }

  Context& context_;
  const Command& command_;
  char* options_;
  PackedOption option_{nullptr};  // the last that was looked for
  size_t next_ = 0;
  bool only_operands_ = false;
  int status_;  // after a wrong option, unless it is set to another
};

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

bool TakeWord(const Context& context, StringView option, const char* words, StringView argument,
              char* field) {
  const int found = FindWord(words, argument);
  if (found >= 0) {
    *field = static_cast<char>(found);
    return true;
  }
  String reason;
  AddText(reason, found == kManyWords ? "ambiguous" : "invalid");
  (void)AppendUnpacked(reason, PackedText<" argument for '\1'; it is one of: ">(), option);
  const size_t start = reason.size();
  AddText(reason, words);
  for (size_t i = start; i < reason.size(); ++i) {
    if (reason.data()[i] == '|') reason.data()[i] = ' ';
  }
  ReportUsage(context, argument, reason.view());
  return false;
}

bool ParseWord(const Context& context, const Command&, PackedOption option, StringView argument,
               char* field) {
  String name;
  AddText(name, "--");
  AddText(name, option.long_name());
  const char letter[] = {'-', option.short_name()};
  return TakeWord(context, name.size() > 2 ? name.view() : StringView(letter, 2), option.words(),
                  argument, field);
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

}  // namespace cation
