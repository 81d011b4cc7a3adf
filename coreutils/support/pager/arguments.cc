// SPDX-License-Identifier: MIT
#include "coreutils/support/pager/arguments.h"

namespace cation::pager {
namespace {

constexpr bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }

bool IsNumber(StringView text) {
  for (const char byte : text) {
    if (!IsDigit(byte)) return false;
  }
  return !text.empty();
}

}  // namespace

Result<void> Arguments::AddWord(StringView word, Vector<size_t>& starts) {
  CATION_TRY(starts.PushBack(text.size()));
  CATION_TRY(text.Append(word));
  return text.Append('\0');
}

[[gnu::noinline]] Result<void> Arguments::AddVariable(const char* words, const Command& command,
                                                      Vector<size_t>& starts) {
  const auto separates = [](char byte) { return byte == ' ' || byte == '\t' || byte == '$'; };
  while (words != nullptr && *words != '\0') {
    while (separates(*words)) ++words;
    const char* end = words;
    while (*end != '\0' && !separates(*end)) ++end;
    const StringView word(words, static_cast<size_t>(end - words));
    words = end;
    if (word.StartsWith("+")) {
      CATION_TRY(AddWord(word, starts));
      continue;
    }
    if (word.StartsWith("--")) {
      const StringView given = word.From(2);
      const size_t equals = given.Find('=');
      const bool has_value = equals != StringView::kNotFound;
      for (const Option& option : command.options) {
        if (option.long_name() == (has_value ? given.First(equals) : given) &&
            !option.long_name().empty() && has_value == option.NeedsArgument())
          CATION_TRY(AddWord(word, starts));
      }
      continue;
    }
    for (size_t i = 0; i < word.size(); ++i) {
      for (const Option& option : command.options) {
        if (option.short_name() != word[i] || word[i] == '-') continue;
        const bool takes_rest = option.NeedsArgument();
        if (takes_rest && i + 1 == word.size()) break;
        String cluster;
        CATION_TRY(cluster.Append('-'));
        CATION_TRY(cluster.Append(takes_rest ? word.From(i) : word.From(i).First(1)));
        CATION_TRY(AddWord(cluster.view(), starts));
        if (takes_rest) i = word.size();
        break;
      }
    }
  }
  return {};
}

Result<void> Arguments::AddKeys(StringView typed) {
  CATION_TRY(keys.Append(typed));
  if (typed.StartsWith("/") || typed.StartsWith("?")) return keys.Append('\n');
  // A number is that of a line.
  return IsNumber(typed) ? keys.Append('g') : Result<void>();
}

[[gnu::noinline]] Result<void> Arguments::Collect(const Context& context, const Command& command,
                                                  StringView variable, bool takes_number) {
  // Places, since the text moves as it grows. What is not of the variable has none.
  Vector<size_t> starts;
  CATION_TRY(AddVariable(Environment(context, variable), command, starts));
  const size_t of_variable = starts.size();
  for (char* const argument : context.arguments) {
    if (takes_number && argument[0] == '-' && IsNumber(StringView(argument).From(1))) {
      String option;
      CATION_TRY(option.Append("-n"));
      CATION_TRY(option.Append(argument + 1));
      CATION_TRY(AddWord(option.view(), starts));
    }
  }
  size_t next = of_variable;
  bool only_files = false;
  const auto add = [&](char* argument) -> Result<void> {
    if (only_files || argument[0] != '+' || argument[1] == '\0')
      return arguments.PushBack(argument);
    if (argument[1] == '+') in_each = true;
    return AddKeys(argument + (argument[1] == '+' ? 2 : 1));
  };
  for (size_t i = 0; i < of_variable; ++i) CATION_TRY(add(text.data() + starts[i]));
  for (char* const argument : context.arguments) {
    const bool is_number =
        takes_number && argument[0] == '-' && IsNumber(StringView(argument).From(1));
    CATION_TRY(add(is_number && !only_files ? text.data() + starts[next] : argument));
    if (is_number) ++next;
    only_files = only_files || StringView(argument) == "--";
  }
  return {};
}

}  // namespace cation::pager
