// SPDX-License-Identifier: MIT
#include "coreutils/support/file_colors.h"

#include "coreutils/support/pattern.h"

namespace cation {

const FileColorDefault kFileColorDefaults[kFileColorCount] = {
    {{'r', 's'}, "0"},     {{'d', 'i'}, "01;34"}, {{'l', 'n'}, "01;36"}, {{'m', 'h'}, nullptr},
    {{'p', 'i'}, "33"},    {{'s', 'o'}, "01;35"}, {{'d', 'o'}, "01;35"}, {{'b', 'd'}, "01;33"},
    {{'c', 'd'}, "01;33"}, {{'o', 'r'}, nullptr}, {{'m', 'i'}, nullptr}, {{'s', 'u'}, "37;41"},
    {{'s', 'g'}, "30;43"}, {{'c', 'a'}, nullptr}, {{'t', 'w'}, "30;42"}, {{'o', 'w'}, "34;42"},
    {{'s', 't'}, "37;44"}, {{'e', 'x'}, "01;32"}, {{'n', 'o'}, nullptr}, {{'f', 'i'}, nullptr},
    {{'l', 'c'}, "\033["}, {{'r', 'c'}, "m"},     {{'e', 'c'}, nullptr}, {{'c', 'l'}, "\033[K"},
};

// Families rather than single types: nearly all terminals of today name themselves after one.
const char* const kColorTerminals[] = {
    "*color*",    "*direct*", "alacritty*", "ansi",   "console", "cons25",  "cygwin",   "dtterm",
    "Eterm",      "eterm*",   "foot*",      "gnome*", "hurd",    "jfbterm", "konsole*", "kterm",
    "linux*",     "mlterm*",  "putty*",     "redox*", "rxvt*",   "screen*", "st",       "st-*",
    "terminator", "tmux*",    "vt100*",     "vt220*", "xterm*",  "*kitty*",
};
const size_t kColorTerminalCount = sizeof(kColorTerminals) / sizeof(kColorTerminals[0]);

bool TerminalHasColors(const char* type) {
  if (type == nullptr || *type == '\0') return false;
  for (const char* const pattern : kColorTerminals) {
    if (MatchesPattern(pattern, type, LeadingDot::kIsPlain)) return true;
  }
  return false;
}

namespace {

constexpr char ToLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool EqualsIgnoringCase(StringView a, StringView b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (ToLower(a[i]) != ToLower(b[i])) return false;
  }
  return true;
}

constexpr unsigned DigitOf(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  const char lower = ToLower(c);
  return lower >= 'a' && lower <= 'f' ? static_cast<unsigned>(lower - 'a') + 10 : 16;
}

// Reads a code, or a pattern up to its =, and leaves what follows in `rest`. Decodes in place: the
// result is no longer than the source. Returns false for an escape that is none.
bool ReadCode(char*& rest, bool ends_at_equals, StringView& code) {
  char* const start = rest;
  char* out = start;
  for (;;) {
    char c = *rest;
    if (c == '\0' || c == ':' || (c == '=' && ends_at_equals)) break;
    ++rest;
    if (c == '\\') {
      c = *rest;
      if (c == '\0') return false;
      ++rest;
      constexpr StringView kNames = "abefnrtv?_";
      constexpr StringView kMeanings = "\a\b\033\f\n\r\t\v\177 ";
      const size_t known = kNames.Find(c);
      const bool is_hex = c == 'x' || c == 'X';
      if (known != StringView::kNotFound) {
        c = kMeanings[known];
      } else if (is_hex || DigitOf(c) < 8) {
        const unsigned base = is_hex ? 16 : 8;
        unsigned value = is_hex ? 0 : DigitOf(c);
        for (; DigitOf(*rest) < base; ++rest) value = value * base + DigitOf(*rest);
        c = static_cast<char>(value);
      }
    } else if (c == '^') {
      c = *rest;
      if (c >= '@' && c <= '~') {
        c = static_cast<char>(c & 0x1f);
      } else if (c == '?') {
        c = '\177';
      } else {
        return false;
      }
      ++rest;
    }
    *out++ = c;
  }
  code = {start, static_cast<size_t>(out - start)};
  return true;
}

}  // namespace

FileColors::FileColors() {
  for (size_t i = 0; i < kFileColorCount; ++i) {
    const char* const code = kFileColorDefaults[i].code;
    codes_[i] = code == nullptr ? StringView(nullptr, 0) : StringView(code);
  }
}

FileColors::Fault FileColors::Parse(StringView text, char (&key)[2]) {
  if (!text_.Append(text).ok()) return Fault::kMemory;
  for (char* rest = text_.data(); *rest != '\0';) {
    if (*rest == ':') {
      ++rest;
      continue;
    }
    StringView* code = nullptr;
    if (*rest == '*') {
      ++rest;
      Suffix suffix;
      if (!ReadCode(rest, true, suffix.text) || *rest != '=') return Fault::kSyntax;
      if (!suffixes_.PushBack(suffix).ok()) return Fault::kMemory;
      code = &suffixes_.back().code;
    } else {
      key[0] = rest[0];
      key[1] = rest[1];
      if (key[1] == '\0' || rest[2] != '=') return Fault::kSyntax;
      for (size_t i = 0; i < kFileColorCount; ++i) {
        if (__builtin_memcmp(kFileColorDefaults[i].key, key, sizeof(key)) == 0) code = &codes_[i];
      }
      if (code == nullptr) return Fault::kKey;
      rest += 2;
    }
    ++rest;
    if (!ReadCode(rest, false, *code)) return Fault::kSyntax;
  }
  Settle();
  return Fault::kNone;
}

// Marks the patterns whose case matters.
void FileColors::Settle() {
  for (size_t i = suffixes_.size(); i-- > 0;) {
    for (size_t j = i; j-- > 0;) {
      Suffix& late = suffixes_[i];
      Suffix& early = suffixes_[j];
      if (late.text == early.text) {
        early.exact = true;  // so that it is nobody's
        break;
      }
      if (!EqualsIgnoringCase(late.text, early.text) || late.code == early.code) continue;
      late.exact = true;
      early.exact = true;
    }
  }
}

bool FileColors::Shows(FileColor color) const {
  const StringView code = (*this)[color];
  return !code.empty() && !(code == "0") && !(code == "00");
}

StringView FileColors::CodeOfSuffix(StringView name) const {
  for (size_t i = suffixes_.size(); i-- > 0;) {
    const Suffix& suffix = suffixes_[i];
    if (suffix.text.size() > name.size()) continue;
    const StringView end = name.From(name.size() - suffix.text.size());
    if (suffix.exact ? end == suffix.text : EqualsIgnoringCase(end, suffix.text)) {
      return suffix.code;
    }
  }
  return {nullptr, 0};
}

}  // namespace cation
