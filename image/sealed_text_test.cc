// SPDX-License-Identifier: MIT
#include "image/sealed_text.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "image/sha256.h"

namespace cation::image {
namespace {

// FIPS 180-4's example, and the well-known digest of nothing.
TEST(Sha256Test, KnownDigests) {
  EXPECT_EQ(Sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256Test, Form) {
  EXPECT_TRUE(IsSha256(Sha256("x")));
  EXPECT_FALSE(IsSha256(""));
  EXPECT_FALSE(IsSha256(std::string(64, 'g')));
  EXPECT_FALSE(IsSha256(std::string(64, 'A')));
  EXPECT_FALSE(IsSha256(std::string(63, 'a')));
}

TEST(FieldTest, AnyBytesComeBack) {
  std::string all;
  for (int byte = 0; byte != 256; ++byte) all.push_back(static_cast<char>(byte));
  for (const std::string& field : {all, std::string(), std::string("a b"), std::string("100%")}) {
    const std::string text = EscapeField(field);
    EXPECT_EQ(text.find_first_of(" \n"), std::string::npos);
    EXPECT_FALSE(text.empty());
    ASSERT_TRUE(UnescapeField(text).ok()) << text;
    EXPECT_EQ(*UnescapeField(text), field);
  }
}

TEST(FieldTest, OneSpellingOnly) {
  for (const char* text : {"", "%4", "%zz", "%41", "%2f", "a b", "\x7f", "%c3"}) {
    EXPECT_FALSE(UnescapeField(text).ok()) << text;
  }
}

class SealedTest : public testing::Test {
 protected:
  SealedTest() {
    SealedWriter writer("some-format", 3);
    writer.AddLine({"one", "a b", ""});
    writer.AddLine({"two"});
    text_ = std::move(writer).Seal();
  }
  static absl::StatusCode Read(const std::string& text) {
    return ReadSealed(text, "some-format", 3, "it").status().code();
  }
  std::string text_;
};

TEST_F(SealedTest, ComesBack) {
  const auto lines = ReadSealed(text_, "some-format", 3, "it");
  ASSERT_TRUE(lines.ok()) << lines.status();
  EXPECT_EQ(*lines, (std::vector<std::vector<std::string>>{{"one", "a b", ""}, {"two"}}));
}

TEST_F(SealedTest, EveryCutAndEveryChangedByteIsNoticed) {
  for (size_t size = 0; size != text_.size(); ++size) {
    EXPECT_NE(Read(text_.substr(0, size)), absl::StatusCode::kOk) << size;
  }
  for (size_t i = 0; i != text_.size(); ++i) {
    std::string changed = text_;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_NE(Read(changed), absl::StatusCode::kOk) << i;
  }
  EXPECT_NE(Read(text_ + "\n"), absl::StatusCode::kOk);
  EXPECT_NE(Read(text_ + text_), absl::StatusCode::kOk);
}

TEST_F(SealedTest, SaysWhatIsWrong) {
  EXPECT_EQ(Read("something else"), absl::StatusCode::kInvalidArgument);
  SealedWriter newer("some-format", 4);
  EXPECT_EQ(Read(std::move(newer).Seal()), absl::StatusCode::kInvalidArgument);
  std::string changed = text_;
  changed[changed.find("two")] = 'T';
  EXPECT_EQ(Read(changed), absl::StatusCode::kDataLoss);
}

TEST(NumberTest, NoSignsNoSpacesNoOverflow) {
  EXPECT_EQ(*ParseNumber("42", 42), 42U);
  for (const char* text :
       {"", "-1", "+1", " 1", "1 ", "43", "042", "99999999999999999999", "0x1"}) {
    EXPECT_FALSE(ParseNumber(text, 42).ok()) << text;
  }
  EXPECT_EQ(*ParseMode("4755"), 04755U);
  EXPECT_EQ(FormatMode(0644), "0644");
  for (const char* text : {"", "755", "0888", "07555", "-755"})
    EXPECT_FALSE(ParseMode(text).ok()) << text;
}

}  // namespace
}  // namespace cation::image
