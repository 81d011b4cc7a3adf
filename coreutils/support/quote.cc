// SPDX-License-Identifier: MIT
#include "coreutils/support/quote.h"

namespace cation {
namespace {

// A bit for each of ASCII's that needs no quotes.
struct PlainCharacters {
  uint8_t bits[16] = {};
};

consteval PlainCharacters MakePlain() {
  PlainCharacters plain;
  for (const char* c = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/.-_+,%@~";
       *c != '\0'; ++c)
    plain.bits[*c / 8] |= 1 << *c % 8;
  return plain;
}

constexpr PlainCharacters kPlain = MakePlain();

bool IsPlain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x80 && (kPlain.bits[byte / 8] >> byte % 8 & 1) != 0;
}

}  // namespace

size_t DecodeUtf8(StringView text, uint32_t* code_point) {
  const auto byte = [&](size_t index) { return static_cast<unsigned char>(text[index]); };
  uint32_t value = byte(0);
  size_t length = 1;
  if (value >= 0x80) {
    // As many ones lead as there are bytes, then a zero.
    length = static_cast<size_t>(__builtin_clz(~(value << 24)));
    if (length < 2 || length > 4 || text.size() < length) return 0;
    value &= 0x7fU >> length;
    for (size_t i = 1; i < length; ++i) {
      if ((byte(i) & 0xc0U) != 0x80) return 0;
      value = value << 6 | (byte(i) & 0x3fU);
    }
    // What fewer bytes can say is not said with more: two are for 8 bits and more, three for 12,
    // four for 17.
    const bool is_surrogate = value >> 11 == 0xd800 >> 11;
    if (value < 0x80 || value >> (length * 5 - 4) == 0 || value > 0x10ffff || is_surrogate)
      return 0;
  }
  if (code_point != nullptr) *code_point = value;
  return length;
}

bool IsCutUtf8(StringView text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  if (text.size() >= length) return false;
  // The lowest that may follow, and the highest: a character begins so if it can end in either.
  char bytes[4];
  __builtin_memcpy(bytes, text.data(), text.size());
  constexpr unsigned char kFillers[] = {0x80, 0xbf};
  for (const unsigned char filler : kFillers) {
    for (size_t i = text.size(); i < length; ++i) bytes[i] = static_cast<char>(filler);
    if (DecodeUtf8({bytes, length}, nullptr) != 0) return true;
  }
  return false;
}

namespace {

// Length in bytes of the character that `text` (not empty) begins with; 0 if its first byte has to
// be spelled out. Of a control character of several bytes, that is then true of the others too.
size_t ShownLength(StringView text) {
  uint32_t code_point = 0;
  const size_t length = DecodeUtf8(text, &code_point);
  return IsControl(code_point) ? 0 : length;
}

// How a name is written, each form for what the one before it cannot say.
enum Form : uint8_t {
  kPlainText,
  kInQuotes,
  kWithEscapes,  // $'...'
};

Result<void> Append(String& text, StringView name, unsigned form) {
  // Room for the quotes and for an escape of four bytes in the place of each: what is written then
  // needs no look at it.
  const size_t before = text.size();
  CATION_TRY(text.Resize(before + name.size() * 4 + 3));
  for (unsigned needed = form;; form = needed) {
    char* out = text.data() + before;
    if (form == kWithEscapes) *out++ = '$';
    if (form != kPlainText) *out++ = '\'';
    for (const char* next = name.begin(); next != name.end();) {
      const char c = *next;
      size_t length = ShownLength({next, static_cast<size_t>(name.end() - next)});
      if (length == 1 && !IsPlain(c)) needed = Max(needed, unsigned{kInQuotes});
      if (length == 0) {
        needed = kWithEscapes;
        *out++ = '\\';
        ++next;
        if (c == '\n' || c == '\t') {
          *out++ = c == '\n' ? 'n' : 't';
          continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        for (int shift = 6; shift >= 0; shift -= 3)
          *out++ = static_cast<char>('0' + (byte >> shift & 7));
        continue;
      }
      if (c == '\'' && form == kInQuotes) {
        // Out of the quotes, and into them again.
        *out++ = '\'';
        *out++ = '\\';
        *out++ = '\'';
      } else if (form == kWithEscapes && (c == '\'' || c == '\\')) {
        *out++ = '\\';
      }
      for (; length != 0; --length) *out++ = *next++;
    }
    if (needed != form) continue;
    if (form != kPlainText) *out++ = '\'';
    text.Truncate(static_cast<size_t>(out - text.data()));
    return {};
  }
}

}  // namespace

Result<void> AppendQuoted(String& text, StringView name) {
  return Append(text, name, name.empty() || name[0] == '~' ? kInQuotes : kPlainText);
}

Result<void> AppendInQuotes(String& text, StringView name) { return Append(text, name, kInQuotes); }

}  // namespace cation
