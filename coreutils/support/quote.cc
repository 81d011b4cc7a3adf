// SPDX-License-Identifier: MIT
#include "coreutils/support/quote.h"

#include "runtime/core/format.h"

namespace cation {
namespace {

constexpr bool IsPlain(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return StringView("/.-_+,%@~").Find(c) != StringView::kNotFound;
}

}  // namespace

size_t DecodeUtf8(StringView text, uint32_t* code_point) {
  const auto byte = [&](size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char lead = byte(0);
  size_t length = 1;
  uint32_t value = lead;
  uint32_t least = 0;
  if (lead >= 0x80) {
    if (lead >= 0xc2 && lead < 0xe0) {
      length = 2, value = lead & 0x1fU, least = 0x80;
    } else if (lead >= 0xe0 && lead < 0xf0) {
      length = 3, value = lead & 0x0fU, least = 0x800;
    } else if (lead >= 0xf0 && lead < 0xf5) {
      length = 4, value = lead & 0x07U, least = 0x10000;
    } else {
      return 0;
    }
    if (text.size() < length) return 0;
    for (size_t i = 1; i < length; ++i) {
      if ((byte(i) & 0xc0U) != 0x80) return 0;
      value = value << 6 | (byte(i) & 0x3fU);
    }
    const bool is_surrogate = value >= 0xd800 && value < 0xe000;
    if (value < least || value > 0x10ffff || is_surrogate) return 0;
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

// Adds to a text until there is no memory for something.
struct Adder {
  String& text;
  Result<void> result;

  [[gnu::noinline]] void Add(StringView part) {
    if (result.ok()) result = text.Append(part);
  }
};

Result<void> Append(String& text, StringView name, bool plain) {
  bool escapes = false;
  for (size_t i = 0; i < name.size();) {
    const size_t length = ShownLength(name.From(i));
    if (length == 0) escapes = true;
    if (length <= 1 && !IsPlain(name[i])) plain = false;
    i += Max(length, size_t{1});
  }
  Adder adder{text, {}};
  if (plain) {
    adder.Add(name);
    return adder.result;
  }

  if (escapes) adder.Add("$");
  adder.Add("'");
  while (!name.empty()) {
    const size_t length = ShownLength(name);
    const size_t taken = Max(length, size_t{1});
    const char c = name[0];
    if (length == 0) {
      adder.Add("\\");
      if (c == '\n') {
        adder.Add("n");
      } else if (c == '\t') {
        adder.Add("t");
      } else {
        adder.Add(Digits(static_cast<unsigned char>(c), 8, 3));
      }
    } else {
      if (c == '\'') adder.Add(escapes ? "\\" : "'\\'");
      if (escapes && c == '\\') adder.Add("\\");
      adder.Add(name.First(taken));
    }
    name = name.From(taken);
  }
  adder.Add("'");
  return adder.result;
}

}  // namespace

Result<void> AppendQuoted(String& text, StringView name) {
  return Append(text, name, !name.empty() && name[0] != '~');
}

Result<void> AppendInQuotes(String& text, StringView name) { return Append(text, name, false); }

}  // namespace cation
