// SPDX-License-Identifier: MIT
#include "coreutils/support/human_size.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cation {
namespace {

std::string Text(uint64_t count, uint64_t block, const char* unit) {
  const Result<SizeUnit> parsed = ParseBlockSize(unit);
  EXPECT_TRUE(parsed.ok()) << unit;
  const SizeText text(count, block, parsed.value());
  return {text.view().data(), text.view().size()};
}

TEST(HumanSizeTest, Units) {
  EXPECT_EQ(Text(4096, 1, "K"), "4K");
  EXPECT_EQ(Text(4096, 1, "KiB"), "4KiB");
  EXPECT_EQ(Text(4096, 1, "KB"), "5kB");
  EXPECT_EQ(Text(4096, 1, "kB"), "5kB");
  EXPECT_EQ(Text(4096, 1, "1K"), "4");
  EXPECT_EQ(Text(4096, 1, "1KB"), "5");
  EXPECT_EQ(Text(4096, 1, "M"), "1M");
  EXPECT_EQ(Text(4096, 1, "2M"), "1");
  EXPECT_EQ(Text(4096, 1, "'1"), "4096");
  EXPECT_EQ(Text(0, 1, "E"), "0E");
  EXPECT_EQ(Text(3, 512, "1K"), "2");
  EXPECT_EQ(Text(3, 512, "1000"), "2");
  EXPECT_EQ(Text(3, 512, "512"), "3");
}

TEST(HumanSizeTest, ScaledSizesAreRoundedUp) {
  const struct {
    uint64_t bytes;
    const char* binary;
    const char* decimal;
  } kCases[] = {
      {0, "0", "0"},
      {999, "999", "999"},
      {1000, "1000", "1.0k"},
      {1023, "1023", "1.1k"},
      {1024, "1.0K", "1.1k"},
      {1025, "1.1K", "1.1k"},
      {9999, "9.8K", "10k"},
      {10188, "10K", "11k"},
      {10240, "10K", "11k"},
      {10241, "11K", "11k"},
      {1023 * 1024, "1023K", "1.1M"},
      {1023 * 1024 + 1, "1.0M", "1.1M"},
      {UINT64_MAX, "16E", "19E"},
  };
  for (const auto& example : kCases) {
    EXPECT_EQ(Text(example.bytes, 1, "human-readable"), example.binary);
    EXPECT_EQ(Text(example.bytes, 1, "si"), example.decimal);
  }
  EXPECT_EQ(Text(UINT64_MAX, 512, "h"), "16E");
}

TEST(HumanSizeTest, WrongUnits) {
  for (const char* const text :
       {"", "0", "x", "1x", "1kk", "Ki", "KIB", "K1", "-1", "b", "B", "'"}) {
    const Result<SizeUnit> unit = ParseBlockSize(text);
    EXPECT_FALSE(unit.ok()) << text;
    if (!unit.ok()) EXPECT_TRUE(unit.error() == abi::kEINVAL) << text;
  }
  for (const char* const text : {"1Y", "Z", "99999999999999999999"}) {
    const Result<SizeUnit> unit = ParseBlockSize(text);
    EXPECT_FALSE(unit.ok()) << text;
    if (!unit.ok()) EXPECT_TRUE(unit.error() == abi::kERANGE) << text;
  }
}

uint64_t OfEnvironment(std::vector<const char*> variables) {
  variables.push_back(nullptr);
  Context context;
  context.environment = const_cast<char* const*>(variables.data());
  return BlockSizeOfEnvironment(context, "LS_BLOCK_SIZE").block_size;
}

TEST(HumanSizeTest, TheEnvironment) {
  EXPECT_EQ(OfEnvironment({}), 1024U);
  EXPECT_EQ(OfEnvironment({"POSIXLY_CORRECT="}), 512U);
  EXPECT_EQ(OfEnvironment({"BLOCKSIZE=7"}), 7U);
  EXPECT_EQ(OfEnvironment({"BLOCKSIZE=7", "BLOCK_SIZE=8"}), 8U);
  EXPECT_EQ(OfEnvironment({"BLOCKSIZE=7", "BLOCK_SIZE=8", "LS_BLOCK_SIZE=9"}), 9U);
  EXPECT_EQ(OfEnvironment({"BLOCK_SIZE=wrong"}), 1024U);
}

}  // namespace
}  // namespace cation
