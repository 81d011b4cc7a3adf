// SPDX-License-Identifier: MIT
#include "coreutils/wc/counter.h"

#include "coreutils/support/lines.h"
#include "coreutils/support/quote.h"
#include "runtime/core/display_width.h"

namespace cation::wc {
namespace {

// What every processor has registers for: GCC takes wider ones apart byte by byte.
using Bytes = unsigned char __attribute__((vector_size(16)));
using Words = uint64_t __attribute__((vector_size(16)));

// So that several are at work at a time.
constexpr size_t kVectors = 2;
constexpr size_t kBlock = kVectors * sizeof(Bytes);

// The steps after which a byte that counts them would be full.
constexpr size_t kMostSteps = 255;

bool IsSpaceByte(char byte) { return byte == ' ' || static_cast<unsigned char>(byte - '\t') < 5; }

// White space beyond ASCII as glibc has it, and no-break spaces, which part words, too.
bool IsWideSpace(uint32_t character) {
  if (character < 0x1680) return character == 0xa0;
  if (character >= 0x2000 && character <= 0x200a) return true;
  switch (character) {
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x2060:
    case 0x3000:
      return true;
    default:
      return false;
  }
}

}  // namespace

void Counter::EndLine() {
  counts_.length = Max(counts_.length, column_);
  column_ = 0;
}

void Counter::AddCharacter(uint32_t character) {
  bool is_space = true;
  switch (character) {
    case '\n':
      ++counts_.lines;
      [[fallthrough]];
    case '\r':
    case '\f':
      EndLine();
      break;
    case '\t':
      column_ += 8 - column_ % 8;
      break;
    case ' ':
      ++column_;
      break;
    case '\v':
      break;
    default:
      if (character < 0x80) {
        column_ += character >= 0x20 && character != 0x7f ? 1 : 0;
        is_space = false;
      } else {
        if (wanted_.length) column_ += DisplayWidth(character);
        is_space = IsWideSpace(character);
      }
  }
  counts_.words += !in_word_ && !is_space ? 1 : 0;
  in_word_ = !is_space;
}

// Counts words and lines in whole blocks from `at` on, up to one with characters that have to be
// looked at one by one, and returns where that is. What is before `at` has been looked at.
size_t Counter::AddBlocks(StringView text, size_t at) {
  // A space of several bytes is before it.
  if (in_word_ == IsSpaceByte(text[at - 1])) return at;
  const size_t begin = at;
  for (bool plain = true; plain && text.size() - at >= kBlock;) {
    Bytes starts[kVectors] = {};
    Bytes ends[kVectors] = {};
    const size_t most = Min((text.size() - at) / kBlock, kMostSteps);
    for (size_t step = 0; step < most; ++step, at += kBlock) {
      Bytes block[kVectors];
      __builtin_memcpy(&block, text.data() + at, sizeof(block));
      Words all = {};
      for (const Bytes& bytes : block) all |= reinterpret_cast<Words>(bytes);
      if (((all[0] | all[1]) & 0x8080808080808080) != 0) {
        // White space beyond ASCII begins with one of these.
        Words suspicious = {};
        for (const Bytes& bytes : block) {
          suspicious |=
              reinterpret_cast<Words>((bytes == 0xc2) | ((bytes >= 0xe1) & (bytes <= 0xe3)));
        }
        plain = !wanted_.characters && (suspicious[0] | suspicious[1]) == 0;
        if (!plain) break;
      }
      Bytes shifted[kVectors];
      __builtin_memcpy(&shifted, text.data() + at - 1, sizeof(shifted));
      for (size_t i = 0; i < kVectors; ++i) {
        const Bytes bytes = block[i];
        const Bytes before = shifted[i];
        const auto is_space = (bytes == ' ') | (bytes - '\t' < 5);
        const auto was_space = (before == ' ') | (before - '\t' < 5);
        // True is -1 in each byte.
        starts[i] -= reinterpret_cast<Bytes>(~is_space & was_space);
        ends[i] -= reinterpret_cast<Bytes>(bytes == '\n');
      }
    }
    counts_.words += SumOfBytes(&starts);
    counts_.lines += SumOfBytes(&ends);
  }
  counts_.characters += at - begin;
  in_word_ = !IsSpaceByte(text[at - 1]);
  return at;
}

size_t Counter::Add(StringView text, bool is_last) {
  if (!wanted_.words && !wanted_.characters && !wanted_.length) {
    if (wanted_.lines) counts_.lines += CountLines(text, '\n');
    return text.size();
  }
  size_t at = 0;
  while (at < text.size()) {
    // One block's worth of characters, then as many blocks as are plain.
    const size_t end = Min(text.size(), at + kBlock);
    while (at < end) {
      const auto byte = static_cast<unsigned char>(text[at]);
      uint32_t character = byte;
      size_t length = 1;
      if (byte >= 0x80) {
        length = DecodeUtf8(text.From(at), &character);
        if (length == 0) {
          if (!is_last && text.size() - at <= kMostLeft && IsCutUtf8(text.From(at))) return at;
          // No character, but not white space either.
          counts_.words += in_word_ ? 0 : 1;
          in_word_ = true;
          ++at;
          continue;
        }
      }
      ++counts_.characters;
      AddCharacter(character);
      at += length;
    }
    if (!wanted_.length) at = AddBlocks(text, at);
  }
  if (is_last) EndLine();
  return at;
}

}  // namespace cation::wc
