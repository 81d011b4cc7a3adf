// SPDX-License-Identifier: MIT
//
// memory.cc and allocate.cc against the plainest loops, at every small size, distance and
// alignment.
#include <gtest/gtest.h>
#include <stdint.h>

#include <cstddef>
#include <random>
#include <vector>

#include "runtime/sys/linux/kernel.h"

extern "C" {
void* cation_memcpy(void* to, const void* from, std::size_t size);
void* cation_memmove(void* to, const void* from, std::size_t size);
void* cation_memset(void* memory, int value, std::size_t size);
int cation_memcmp(const void* a, const void* b, std::size_t size);
int cation_bcmp(const void* a, const void* b, std::size_t size);
std::size_t cation_strlen(const char* text);
void* cation_malloc(std::size_t size);
void* cation_realloc(void* memory, std::size_t size);
void cation_free(void* memory);
}

namespace cation {
namespace {

std::vector<char> Numbered(std::size_t size) {
  std::vector<char> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 251);
  return bytes;
}

const std::vector<std::size_t>& Sizes() {
  static const auto* const sizes = [] {
    auto* const all = new std::vector<std::size_t>;
    for (std::size_t size = 0; size <= 150; ++size) all->push_back(size);
    for (const std::size_t size : {255U, 256U, 257U, 2047U, 2048U, 2049U, 5000U, 70000U})
      all->push_back(size);
    return all;
  }();
  return *sizes;
}

TEST(MemoryTest, MemcpyCopiesAllAndNothingElse) {
  for (const std::size_t size : Sizes()) {
    for (std::size_t offset = 0; offset < 17; ++offset) {
      const std::vector<char> from = Numbered(size + 40);
      std::vector<char> to(size + 80, '#');
      std::vector<char> expected = to;
      for (std::size_t i = 0; i < size; ++i) expected[20 + offset + i] = from[offset / 2 + i];
      EXPECT_EQ(cation_memcpy(to.data() + 20 + offset, from.data() + offset / 2, size),
                to.data() + 20 + offset);
      ASSERT_EQ(to, expected) << size << " at " << offset;
    }
  }
}

TEST(MemoryTest, MemmoveOverlaps) {
  for (const std::size_t size : Sizes()) {
    for (const int distance :
         {-100, -33, -32, -31, -17, -16, -15, -8, -3, -1, 0, 1, 2, 7, 9, 16, 17, 31, 32, 33, 100}) {
      std::vector<char> bytes = Numbered(size + 300);
      std::vector<char> expected = bytes;
      for (std::size_t i = 0; i < size; ++i)
        expected[static_cast<std::size_t>(150 + distance) + i] = bytes[150 + i];
      cation_memmove(bytes.data() + 150 + distance, bytes.data() + 150, size);
      ASSERT_EQ(bytes, expected) << size << " by " << distance;
    }
  }
}

TEST(MemoryTest, MemsetFillsAllAndNothingElse) {
  for (const std::size_t size : Sizes()) {
    for (std::size_t offset = 0; offset < 9; ++offset) {
      std::vector<char> bytes(size + 30, '#');
      std::vector<char> expected = bytes;
      for (std::size_t i = 0; i < size; ++i) expected[offset + i] = '\xa5';
      EXPECT_EQ(cation_memset(bytes.data() + offset, 0x7a5, size), bytes.data() + offset);
      ASSERT_EQ(bytes, expected) << size << " at " << offset;
    }
  }
}

TEST(MemoryTest, MemcmpOrdersByUnsignedBytes) {
  for (const std::size_t size : Sizes()) {
    const std::vector<char> one = Numbered(size);
    EXPECT_EQ(cation_memcmp(one.data(), one.data(), size), 0);
    for (std::size_t at = 0; at < size; at += 1 + size / 40) {
      std::vector<char> other = one;
      other[at] = static_cast<char>(one[at] ^ 0x80);
      // What comes after the first difference does not count.
      if (at + 1 < size) other[at + 1] = static_cast<char>(one[at + 1] ^ 0x80);
      const bool less = static_cast<unsigned char>(one[at]) < static_cast<unsigned char>(other[at]);
      EXPECT_EQ(cation_memcmp(one.data(), other.data(), size) < 0, less) << size << " at " << at;
      EXPECT_EQ(cation_memcmp(other.data(), one.data(), size) > 0, less);
      EXPECT_NE(cation_bcmp(one.data(), other.data(), size), 0);
    }
  }
}

TEST(MemoryTest, Strlen) {
  for (std::size_t size = 0; size < 100; ++size)
    EXPECT_EQ(cation_strlen(std::string(size, '\xff').c_str()), size);
}

// Many blocks of all sizes, each filled with its own number, freed and grown in random order.
TEST(MemoryTest, BlocksKeepWhatIsInThem) {
  struct Block {
    unsigned char* memory;
    std::size_t size;
    unsigned char mark;
  };
  std::mt19937 random(1);
  std::vector<Block> blocks;
  const auto check = [](const Block& block, std::size_t size) {
    for (std::size_t i = 0; i < size; i += 1 + size / 100)
      ASSERT_EQ(block.memory[i], block.mark) << "of " << block.size << " bytes";
    if (size != 0) ASSERT_EQ(block.memory[size - 1], block.mark);
  };
  for (int round = 0; round < 40000; ++round) {
    const auto size = static_cast<std::size_t>(1) << (random() % 18);
    const std::size_t wanted = size + random() % size;
    const auto mark = static_cast<unsigned char>(round);
    if (blocks.size() < 50 || random() % 3 == 0) {
      auto* const memory = static_cast<unsigned char*>(cation_malloc(wanted));
      ASSERT_NE(memory, nullptr);
      ASSERT_EQ(reinterpret_cast<uintptr_t>(memory) % 16, 0U);
      cation_memset(memory, mark, wanted);
      blocks.push_back({memory, wanted, mark});
    }
    Block& block = blocks[random() % blocks.size()];
    check(block, block.size);
    if (random() % 2 == 0) {
      block.memory = static_cast<unsigned char*>(cation_realloc(block.memory, wanted));
      ASSERT_NE(block.memory, nullptr);
      check(block, block.size < wanted ? block.size : wanted);
      cation_memset(block.memory, mark, wanted);
      block.size = wanted;
      block.mark = mark;
    } else {
      cation_free(block.memory);
      block = blocks.back();
      blocks.pop_back();
    }
  }
  for (const Block& block : blocks) {
    check(block, block.size);
    cation_free(block.memory);
  }
}

TEST(MemoryTest, TooMuchIsRefused) {
  EXPECT_EQ(cation_malloc(SIZE_MAX), nullptr);
  EXPECT_EQ(cation_malloc(std::size_t{1} << 60), nullptr);
  void* const memory = cation_malloc(100000);
  EXPECT_EQ(cation_realloc(memory, std::size_t{1} << 60), nullptr);
  EXPECT_EQ(cation_realloc(memory, SIZE_MAX), nullptr);
  cation_free(memory);
  cation_free(nullptr);
}

}  // namespace
}  // namespace cation
