// SPDX-License-Identifier: MIT
#include "coreutils/support/quoting_style.h"

#include "coreutils/support/quote.h"
#include "runtime/core/display_width.h"
#include "runtime/core/format.h"

namespace cation {
namespace {

constexpr bool Has(StringView set, char c) { return set.Find(c) != StringView::kNotFound; }

// What no style has a reason to touch, for a quick look.
constexpr bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '+' && c <= ':') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '%';
}

// A character, or a byte that begins none.
struct Unit {
  size_t size = 1;
  bool printable = false;
};

Unit UnitOf(StringView text) {
  if (IsPlain(text[0])) return {1, true};
  uint32_t code_point = 0;
  const size_t length = DecodeUtf8(text, &code_point);
  return {Max(length, size_t{1}), length != 0 && !IsControl(code_point)};
}

// The letter behind \ for a control character that has one, otherwise 0.
constexpr char EscapeLetter(char c) { return c >= '\a' && c <= '\r' ? "abtnvfr"[c - '\a'] : '\0'; }

// Without the backslash.
Result<void> AppendOctal(String& text, char c) {
  return text.Append(Digits(static_cast<unsigned char>(c), 8, 3));
}

// \n, or \123 for each byte.
Result<void> AppendEscaped(String& text, StringView unit) {
  for (const char c : unit) {
    CATION_TRY(text.Append('\\'));
    const char letter = EscapeLetter(c);
    CATION_TRY(letter != '\0' ? text.Append(letter) : AppendOctal(text, c));
  }
  return {};
}

// --- the styles of shells

// What a shell would have to say about a name.
struct ShellNeeds {
  bool quotes = false;      // it has to be quoted
  bool apostrophe = false;  // it holds one
  bool reads_as_c = true;   // between " and " it means the same to shells and to C
};

ShellNeeds LookAt(StringView name, bool escapes, StringView also) {
  constexpr StringView kSpecial = " !\"$&()*;<=>[^`|'\\?\n\r\t";
  ShellNeeds needs;
  needs.quotes = name.empty();
  for (size_t i = 0; i < name.size();) {
    const char c = name[i];
    const Unit unit = UnitOf(name.From(i));
    const bool special_alone = (c == '{' || c == '}') && name.size() == 1;
    const bool special_first = (c == '#' || c == '~') && i == 0;
    if (Has(kSpecial, c) || special_alone || special_first || (escapes && !unit.printable) ||
        Has(also, c)) {
      needs.quotes = true;
    }
    if (c == '\'') needs.apostrophe = true;
    const bool odd = Has("!\"$&()*;<=>[^`|\\?{}#~", c) && !special_alone && !special_first;
    if (odd || !unit.printable) needs.reads_as_c = false;
    i += unit.size;
  }
  return needs;
}

Result<void> AppendInC(String& text, StringView name, StringView also);

Result<void> AppendForShell(String& text, StringView name, bool escapes, bool always,
                            StringView also) {
  const ShellNeeds needs = LookAt(name, escapes, always ? StringView() : also);
  if (!always && !needs.quotes) return text.Append(name);
  if (needs.apostrophe && needs.reads_as_c) {
    CATION_TRY(text.Append('"'));
    CATION_TRY(AppendInC(text, name, always ? also : StringView()));
    return text.Append('"');
  }
  CATION_TRY(text.Append('\''));
  bool in_escape = false;
  for (size_t i = 0; i < name.size();) {
    const Unit unit = UnitOf(name.From(i));
    const StringView part = name.From(i).First(unit.size);
    i += unit.size;
    if (part[0] == '\'') {
      CATION_TRY(text.Append("'\\''"));
      in_escape = false;
    } else if (escapes && !unit.printable) {
      if (!in_escape) CATION_TRY(text.Append("'$'"));
      in_escape = true;
      CATION_TRY(AppendEscaped(text, part));
    } else {
      if (in_escape) CATION_TRY(text.Append("''"));
      in_escape = false;
      CATION_TRY(text.Append(part));
    }
  }
  return text.Append('\'');
}

// --- the styles of C; what is between the quotes

Result<void> AppendInC(String& text, StringView name, StringView also) {
  while (!name.empty()) {
    const Unit unit = UnitOf(name);
    const StringView part = name.First(unit.size);
    name = name.From(unit.size);
    if (!unit.printable) {
      CATION_TRY(AppendEscaped(text, part));
      continue;
    }
    const bool special =
        part[0] == '\\' || (part[0] == '"' && Has(also, '"')) || Has(also, part[0]);
    if (special) CATION_TRY(text.Append('\\'));
    CATION_TRY(text.Append(part));
  }
  return {};
}

// The right quote of the language, of which each is escaped.
Result<void> AppendInLocale(String& text, StringView name, StringView also) {
  constexpr StringView kLeft = "\xe2\x80\x98";
  constexpr StringView kRight = "\xe2\x80\x99";
  CATION_TRY(text.Append(kLeft));
  while (!name.empty()) {
    size_t size = 0;
    while (size < name.size() && !name.From(size).StartsWith(kRight)) ++size;
    CATION_TRY(AppendInC(text, name.First(size), also));
    name = name.From(size);
    if (name.empty()) break;
    CATION_TRY(text.Append('\\'));
    CATION_TRY(text.Append(kRight));
    name = name.From(kRight.size());
  }
  return text.Append(kRight);
}

// Whether c-maybe has to do something.
bool NeedsC(StringView name, StringView also) {
  for (size_t i = 0; i < name.size();) {
    const Unit unit = UnitOf(name.From(i));
    if (!unit.printable || name[i] == '"' || Has(also, name[i])) return true;
    i += unit.size;
  }
  return false;
}

Result<void> AppendInCQuotes(String& text, StringView name, StringView also) {
  // A quote is special in addition to `also`, which is short.
  char special[16];
  const size_t size = Min(also.size(), sizeof(special) - 1);
  __builtin_memcpy(special, also.data(), size);
  special[size] = '"';
  CATION_TRY(text.Append('"'));
  CATION_TRY(AppendInC(text, name, {special, size + 1}));
  return text.Append('"');
}

}  // namespace

Result<void> AppendInStyle(String& text, StringView name, QuotingStyle style, StringView also) {
  switch (style) {
    case QuotingStyle::kLiteral:
      break;
    case QuotingStyle::kShell:
    case QuotingStyle::kShellEscape:
      return AppendForShell(text, name, style == QuotingStyle::kShellEscape, false, also);
    case QuotingStyle::kShellAlways:
    case QuotingStyle::kShellEscapeAlways:
      return AppendForShell(text, name, style == QuotingStyle::kShellEscapeAlways, true, also);
    case QuotingStyle::kCMaybe:
      return NeedsC(name, also) ? AppendInCQuotes(text, name, {}) : text.Append(name);
    case QuotingStyle::kC:
      return AppendInCQuotes(text, name, also);
    case QuotingStyle::kEscape:
      return AppendInC(text, name, also);
    case QuotingStyle::kLocale:
      return AppendInLocale(text, name, also);
  }
  return text.Append(name);
}

bool NeedsQuoting(StringView name, QuotingStyle style, StringView also) {
  switch (style) {
    case QuotingStyle::kLiteral:
      return false;
    case QuotingStyle::kShell:
    case QuotingStyle::kShellEscape: {
      size_t plain = 0;
      while (plain < name.size() && IsPlain(name[plain])) ++plain;
      // Nearly all names end here; of what is plain, only , and : may be special.
      if (plain == name.size() && also.empty() && plain != 0) return false;
      return LookAt(name, style == QuotingStyle::kShellEscape, also).quotes;
    }
    case QuotingStyle::kCMaybe:
      return NeedsC(name, also);
    case QuotingStyle::kEscape: {
      if (NeedsC(name, also)) {
        // A quote alone is nothing special here.
        for (size_t i = 0; i < name.size();) {
          const Unit unit = UnitOf(name.From(i));
          if (!unit.printable || Has(also, name[i])) return true;
          i += unit.size;
        }
      }
      return Has(name, '\\');
    }
    default:
      return true;
  }
}

Result<void> AppendWithQuestionMarks(String& text, StringView name) {
  while (!name.empty()) {
    uint32_t code_point = 0;
    size_t length = DecodeUtf8(name, &code_point);
    const bool hide = length == 0 || IsControl(code_point);
    // A character that is cut off by the end of the name is one mark.
    if (length == 0) length = IsCutUtf8(name) ? name.size() : 1;
    CATION_TRY(text.Append(hide ? StringView("?") : name.First(length)));
    name = name.From(length);
  }
  return {};
}

size_t WidthOf(StringView text) {
  size_t width = 0;
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text[0]);
    if (c >= 0x20 && c < 0x7f) {
      ++width;
      text = text.From(1);
      continue;
    }
    uint32_t code_point = 0;
    size_t length = DecodeUtf8(text, &code_point);
    width += length == 0 ? 1 : DisplayWidth(code_point);
    if (length == 0) length = IsCutUtf8(text) ? text.size() : 1;
    text = text.From(length);
  }
  return width;
}

}  // namespace cation
