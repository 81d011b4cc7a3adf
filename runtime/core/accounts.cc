// SPDX-License-Identifier: MIT
#include "runtime/core/accounts.h"

#include "runtime/core/format.h"
#include "runtime/core/utility.h"

namespace cation {
namespace {

// Takes what comes before `separator`, or all, from the front of `text`.
StringView TakeUntil(StringView& text, char separator) {
  const size_t end = Min(text.Find(separator), text.size());
  const StringView part = text.First(end);
  text = text.From(Min(end + 1, text.size()));
  return part;
}

}  // namespace

StringView AccountName(StringView text, AccountFile file, uint32_t id) {
  while (!text.empty()) {
    StringView line = TakeUntil(text, '\n');
    const bool is_redox = line.Find(';') < line.Find(':');
    const char separator = is_redox ? ';' : ':';
    const StringView name = TakeUntil(line, separator);
    // Redox keeps passwords elsewhere, and only its groups still have the field.
    if (!is_redox || file == AccountFile::kGroups) TakeUntil(line, separator);
    const Result<uint64_t> number = ParseNumber(TakeUntil(line, separator));
    if (number.ok() && number.value() == id && !name.empty()) return name;
  }
  return "";
}

}  // namespace cation
