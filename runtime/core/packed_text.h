// SPDX-License-Identifier: MIT
//
// Texts as programs carry them. exec reads every byte of a program, and in a small one many belong
// to help texts and messages: packed when compiled, they take little more than half.
//
//   constexpr const char* kMessage = PackedText<"option '--\1' is ambiguous">();
//   AppendUnpacked(line, kMessage, name);
//
// A packed text is terminated. A byte below 0x80 stands for itself, but \1, which stands for a name
// that is given when the text is unpacked. One above stands for the two bytes that kTextPairs has
// for it, which may be such bytes again. So texts are ASCII.
#ifndef CATION_RUNTIME_CORE_PACKED_TEXT_H_
#define CATION_RUNTIME_CORE_PACKED_TEXT_H_

#include <stdint.h>

#include "runtime/core/string.h"
#include "runtime/core/text_pairs.h"

namespace cation {

// Appends what `packed` stands for to `text`, with `name` in the place of each \1. Errors: ENOMEM,
// and some of it has been appended.
Result<void> AppendUnpacked(String& text, const char* packed, StringView name = {});

// How to pack: of all ways to say a text, a shortest.
namespace packing {

// Nowhere defined: to call it when compiling is an error that shows its name.
void ThisTextIsNotAscii();

// What the bytes from 0x80 on stand for, spelled out.
struct Tokens {
  static constexpr size_t kLongest = 32;
  static constexpr uint8_t kNone = 0xff;

  struct Token {
    char text[kLongest] = {};
    size_t size = 0;
    uint8_t next = kNone;  // the next of those that begin with the same character
  };
  Token tokens[kTextPairCount];
  uint8_t first[0x80];  // of those that begin with a character
};

consteval Tokens MakeTokens() {
  Tokens made;
  for (uint8_t& first : made.first) first = Tokens::kNone;
  for (size_t i = 0; i < kTextPairCount; ++i) {
    Tokens::Token& token = made.tokens[i];
    for (size_t half = 0; half < 2; ++half) {
      const auto byte = static_cast<unsigned char>(kTextPairs[i * 2 + half]);
      if (byte < 0x80) {
        token.text[token.size++] = static_cast<char>(byte);
        continue;
      }
      // An earlier one: those that are not yet made are empty.
      const Tokens::Token& part = made.tokens[byte - 0x80];
      for (size_t j = 0; j < part.size; ++j) token.text[token.size++] = part.text[j];
    }
    uint8_t& first = made.first[static_cast<unsigned char>(token.text[0])];
    token.next = first;
    first = static_cast<uint8_t>(i);
  }
  return made;
}

inline constexpr Tokens kTokens = MakeTokens();

// A literal, as an argument of a template.
template <size_t kSize>
struct Literal {
  char bytes[kSize] = {};

  // NOLINTNEXTLINE(google-explicit-constructor)
  consteval Literal(const char (&text)[kSize]) {
    for (size_t i = 0; i < kSize; ++i) bytes[i] = text[i];
  }
};

// Packs kText.bytes, an array of characters. What stands behind a zero byte stays as it is, and so
// does the first byte where `kKeepsFirst`: numbers of entries, say.
template <const auto& kText, bool kKeepsFirst = false>
class Packer {
 public:
  static consteval const char* Get() { return kPacked.bytes; }

 private:
  static constexpr size_t kSize = sizeof(kText.bytes);

  struct Plan {
    uint8_t token[kSize + 1] = {};  // what begins here, or kNone for the byte itself
    uint16_t left[kSize + 1] = {};  // bytes from here on
  };

  static consteval bool Begins(size_t place, const Tokens::Token& token) {
    if (token.size > kSize - place) return false;
    for (size_t i = 0; i < token.size; ++i) {
      if (kText.bytes[place + i] != token.text[i]) return false;
    }
    return true;
  }

  static consteval Plan MakePlan() {
    Plan plan;
    for (size_t place = kSize; place-- > 0;) {
      plan.token[place] = Tokens::kNone;
      plan.left[place] = static_cast<uint16_t>(plan.left[place + 1] + 1);
      const auto byte = static_cast<unsigned char>(kText.bytes[place]);
      if (byte >= 0x80) ThisTextIsNotAscii();
      if (place == 0 ? kKeepsFirst : kText.bytes[place - 1] == '\0') continue;
      for (uint8_t i = kTokens.first[byte]; i != Tokens::kNone; i = kTokens.tokens[i].next) {
        const Tokens::Token& token = kTokens.tokens[i];
        if (!Begins(place, token)) continue;
        const size_t left = plan.left[place + token.size] + 1U;
        if (left >= plan.left[place]) continue;
        plan.token[place] = i;
        plan.left[place] = static_cast<uint16_t>(left);
      }
    }
    return plan;
  }
  static constexpr Plan kPlan = MakePlan();

  // In a struct: an array by itself would be aligned to 16 bytes.
  struct Packed {
    char bytes[kPlan.left[0]] = {};
    consteval Packed() {
      size_t size = 0;
      for (size_t place = 0; place < kSize;) {
        const uint8_t token = kPlan.token[place];
        bytes[size++] =
            token == Tokens::kNone ? kText.bytes[place] : static_cast<char>(0x80 + token);
        place += token == Tokens::kNone ? 1 : kTokens.tokens[token].size;
      }
    }
  };
  static constexpr Packed kPacked{};
};

// The argument by itself has no address that GCC 12 would take.
template <Literal kText>
struct WithAddress {
  static constexpr auto kLiteral = kText;
};

}  // namespace packing

// A literal, packed.
template <packing::Literal kText>
consteval const char* PackedText() {
  return packing::Packer<packing::WithAddress<kText>::kLiteral>::Get();
}

}  // namespace cation

#endif  // CATION_RUNTIME_CORE_PACKED_TEXT_H_
