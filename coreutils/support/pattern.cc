// SPDX-License-Identifier: MIT
#include "coreutils/support/pattern.h"

#include <stdint.h>

#include "coreutils/support/quote.h"
#include "runtime/core/utility.h"

namespace cation {
namespace {

// Takes a character from the front: a byte that begins none is one of its own, beyond all others.
uint32_t Take(StringView& text) {
  uint32_t code_point = 0;
  const size_t length = DecodeUtf8(text, &code_point);
  if (length == 0) code_point = 0x110000U + static_cast<unsigned char>(text[0]);
  text = text.From(Max(length, size_t{1}));
  return code_point;
}

struct Class {
  char name[7];
  unsigned char ranges[9];  // first and last of each
};

// As in the POSIX locale: other characters than ASCII's are in no class. No name has a zero byte.
constexpr Class kClasses[] = {
    {"alpha", "AZaz"}, {"digit", "09"},     {"alnum", "AZaz09"},         {"upper", "AZ"},
    {"lower", "az"},   {"space", "  \t\r"}, {"blank", "  \t\t"},         {"punct", "!/:@[`{~"},
    {"print", " ~"},   {"graph", "!~"},     {"cntrl", "\1\x1f\x7f\x7f"}, {"xdigit", "09AFaf"},
};

bool IsInClass(StringView name, uint32_t c) {
  bool found = false;
  for (const Class& known : kClasses) {
    if (!(name == known.name)) continue;
    for (size_t i = 0; i < 8; i += 2) found |= c >= known.ranges[i] && c <= known.ranges[i + 1];
  }
  return found;
}

// Reads the set behind a [; `pattern` is moved behind its ]. Returns false, and leaves it, when
// there is no ].
bool MatchSet(StringView& pattern, uint32_t c, bool& matches) {
  StringView rest = pattern;
  const bool negated = !rest.empty() && (rest[0] == '!' || rest[0] == '^');
  if (negated) rest = rest.From(1);
  bool found = false;
  for (bool is_first = true;; is_first = false) {
    if (rest.empty()) return false;
    if (rest[0] == ']' && !is_first) break;
    if (rest.StartsWith("[:")) {
      const StringView behind = rest.From(2);
      const size_t end = behind.Find(':');
      if (end != StringView::kNotFound && behind.From(end).StartsWith(":]")) {
        found |= IsInClass(behind.First(end), c);
        rest = behind.From(end + 2);
        continue;
      }
    }
    if (rest[0] == '\\' && rest.size() > 1) rest = rest.From(1);
    const uint32_t first = Take(rest);
    uint32_t last = first;
    if (rest.size() >= 2 && rest[0] == '-' && rest[1] != ']') {
      rest = rest.From(1);
      if (rest[0] == '\\' && rest.size() > 1) rest = rest.From(1);
      last = Take(rest);
    }
    found |= c >= first && c <= last;
  }
  pattern = rest.From(1);
  matches = found != negated;
  return true;
}

// Whether the character at the front of `name` is what the one element of `pattern` (no *) at its
// front stands for; takes both.
bool MatchOne(StringView& pattern, StringView& name) {
  const uint32_t c = Take(name);
  if (pattern[0] == '?') {
    pattern = pattern.From(1);
    return true;
  }
  if (pattern[0] == '[') {
    StringView set = pattern.From(1);
    bool matches = false;
    if (MatchSet(set, c, matches)) {
      pattern = set;
      return matches;
    }
  } else if (pattern[0] == '\\') {
    // Nothing matches a \ at the end.
    if (pattern.size() == 1) return false;
    pattern = pattern.From(1);
  }
  return Take(pattern) == c;
}

}  // namespace

bool MatchesPattern(StringView pattern, StringView name, LeadingDot dot) {
  if (dot == LeadingDot::kIsLiteral && !name.empty() && name[0] == '.') {
    const StringView first = pattern.size() > 1 && pattern[0] == '\\' ? pattern.From(1) : pattern;
    if (first.empty() || first[0] != '.') return false;
  }
  // Where to go on when what follows the last * does not match: that * takes one character more.
  StringView behind_star;
  StringView retry;
  bool has_star = false;
  for (;;) {
    if (!pattern.empty() && pattern[0] == '*') {
      pattern = pattern.From(1);
      behind_star = pattern;
      retry = name;
      has_star = true;
    } else if (name.empty()) {
      return pattern.empty();
    } else if (pattern.empty() || !MatchOne(pattern, name)) {
      if (!has_star || retry.empty()) return false;
      Take(retry);
      name = retry;
      pattern = behind_star;
    }
  }
}

}  // namespace cation
