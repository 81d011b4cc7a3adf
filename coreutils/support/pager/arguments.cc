// SPDX-License-Identifier: MIT
#include "coreutils/support/pager/arguments.h"

#include "coreutils/support/pager/pager.h"

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

Result<void> Arguments::AddWord(StringView start, StringView rest) {
  CATION_TRY(starts_.PushBack(text_.size()));
  CATION_TRY(text_.Append(start));
  CATION_TRY(text_.Append(rest));
  return text_.Append('\0');
}

Result<void> Arguments::Add(StringView word, bool takes_number) {
  if (!only_files_ && word.size() > 1) {
    if (word[0] == '+') {
      if (word[1] == '+') in_each = true;
      return AddKeys(word.From(word[1] == '+' ? 2 : 1));
    }
    if (takes_number && word[0] == '-' && IsNumber(word.From(1)))
      return AddWord("-n", word.From(1));
    only_files_ = word == "--";
  }
  return AddWord({}, word);
}

[[gnu::noinline]] Result<void> Arguments::AddVariable(const char* words, const Command& command) {
  const auto separates = [](char byte) { return byte == ' ' || byte == '\t' || byte == '$'; };
  while (words != nullptr && *words != '\0') {
    while (separates(*words)) ++words;
    const char* end = words;
    while (*end != '\0' && !separates(*end)) ++end;
    const StringView word(words, static_cast<size_t>(end - words));
    words = end;
    if (word.StartsWith("+")) {
      CATION_TRY(Add(word, false));
      continue;
    }
    if (word.StartsWith("--")) {
      const StringView given = word.From(2);
      const size_t equals = given.Find('=');
      const bool has_value = equals != StringView::kNotFound;
      for (PackedOption option(command.options); option.is_option(); option = option.Next()) {
        if (HasLess() && option.kind() != Option::Kind::kCommon &&
            option.long_name() == (has_value ? given.First(equals) : given) &&
            !option.long_name().empty() && has_value == option.NeedsArgument())
          CATION_TRY(AddWord({}, word));
      }
      continue;
    }
    for (size_t i = 0; i < word.size(); ++i) {
      for (PackedOption option(command.options); option.is_option(); option = option.Next()) {
        if (option.short_name() != word[i] || word[i] == '-') continue;
        const StringView rest = word.From(i);
        if (!option.NeedsArgument()) {
          CATION_TRY(AddWord("-", rest.First(1)));
        } else {
          if (rest.size() > 1) CATION_TRY(AddWord("-", rest));
          i = word.size();
        }
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
  CATION_TRY(AddVariable(Environment(context, variable), command));
  for (const char* const argument : context.arguments) CATION_TRY(Add(argument, takes_number));
  // Only now, since the text moves as it grows.
  for (const size_t start : starts_) CATION_TRY(arguments.PushBack(text_.data() + start));
  return {};
}

}  // namespace cation::pager
