// SPDX-License-Identifier: MIT
#include "tests/guest/runner/data.h"

namespace cation::guest {
namespace {

uint64_t SplitMix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace

size_t Data::Next(Span<char> buffer) {
  size_t filled = 0;
  while (filled < buffer.size() && at_ < size_) {
    const uint64_t word = SplitMix((seed_ << 32) + at_ / 8);
    do {
      buffer[filled++] = static_cast<char>(word >> (at_ % 8 * 8));
      ++at_;
    } while (filled < buffer.size() && at_ < size_ && at_ % 8 != 0);
  }
  return filled;
}

uint32_t Crc32(uint32_t crc, StringView bytes) {
  static constexpr auto kTable = [] {
    struct {
      uint32_t entry[16];
    } table{};
    for (uint32_t i = 0; i < 16; ++i) {
      uint32_t value = i;
      for (int bit = 0; bit < 4; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0xedb88320 : 0);
      table.entry[i] = value;
    }
    return table;
  }();
  crc = ~crc;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    crc = (crc >> 4) ^ kTable.entry[crc & 15];
    crc = (crc >> 4) ^ kTable.entry[crc & 15];
  }
  return ~crc;
}

}  // namespace cation::guest
