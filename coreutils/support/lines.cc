// SPDX-License-Identifier: MIT
#include "coreutils/support/lines.h"

namespace cation {
namespace {

// What every processor has registers for: GCC takes wider ones apart byte by byte.
using Bytes = unsigned char __attribute__((vector_size(16)));

// So that several are at work at a time.
constexpr size_t kVectors = 2;
constexpr size_t kBlock = kVectors * sizeof(Bytes);

// The steps after which a byte that counts them would be full.
constexpr size_t kMostSteps = 255;
// What is counted before an end is looked for one byte at a time.
constexpr size_t kPart = 1024;

}  // namespace

size_t SumOfBytes(const void* bytes) {
  uint64_t words[kBlock / sizeof(uint64_t)];
  __builtin_memcpy(words, bytes, sizeof(words));
  constexpr uint64_t kEveryOther = 0x00ff00ff00ff00ff;
  uint64_t sum = 0;
  for (const uint64_t word : words) {
    const uint64_t pairs = (word & kEveryOther) + (word >> 8 & kEveryOther);
    sum += (pairs * 0x0001000100010001) >> 48;
  }
  return sum;
}

size_t CountLines(StringView text, char end) {
  const char* next = text.begin();
  size_t left = text.size();
  size_t count = 0;
  while (left >= kBlock) {
    Bytes found[kVectors] = {};
    const size_t steps = Min(left / kBlock, kMostSteps);
    for (size_t step = 0; step < steps; ++step, next += kBlock) {
      Bytes block[kVectors];
      __builtin_memcpy(&block, next, sizeof(block));
      for (size_t i = 0; i < kVectors; ++i) {
        // True is -1 in each byte.
        found[i] -= reinterpret_cast<Bytes>(block[i] == static_cast<unsigned char>(end));
      }
    }
    count += SumOfBytes(&found);
    left -= steps * kBlock;
  }
  for (; left != 0; --left) count += *next++ == end ? 1 : 0;
  return count;
}

size_t SkipLines(StringView text, char end, uint64_t& count) {
  size_t at = 0;
  while (count != 0 && at < text.size()) {
    const size_t part = Min(text.size() - at, kPart);
    const size_t lines = CountLines({text.data() + at, part}, end);
    if (lines < count) {
      count -= lines;
      at += part;
      continue;
    }
    while (count != 0) count -= text[at++] == end ? 1 : 0;
  }
  return at;
}

size_t FindLastLines(StringView text, char end, uint64_t& count) {
  size_t at = text.size();
  while (at != 0) {
    const size_t part = Min(at, kPart);
    const size_t lines = CountLines({text.data() + at - part, part}, end);
    if (lines < count) {
      count -= lines;
      at -= part;
      continue;
    }
    for (;; --at) {
      if (text[at - 1] != end) continue;
      if (--count == 0) return at;
    }
  }
  return 0;
}

}  // namespace cation
