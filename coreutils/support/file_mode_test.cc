// SPDX-License-Identifier: MIT
#include "coreutils/support/file_mode.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace cation {
namespace {

sys::Mode Applied(const char* text, sys::Mode initial, sys::Mode mask = 022,
                  bool is_directory = false) {
  const Result<sys::Mode> mode = ApplyMode(text, initial, mask, is_directory);
  EXPECT_TRUE(mode.ok()) << text;
  return mode.value();
}

TEST(ApplyModeTest, Octal) {
  EXPECT_EQ(Applied("755", 0), 0755U);
  EXPECT_EQ(Applied("07777", 0), 07777U);
  EXPECT_EQ(Applied("0", 0777), 0U);
}

TEST(ApplyModeTest, WhoOperatorAndPermissions) {
  EXPECT_EQ(Applied("u+x", 0644), 0744U);
  EXPECT_EQ(Applied("go-r", 0644), 0600U);
  EXPECT_EQ(Applied("a=r", 0777), 0444U);
  EXPECT_EQ(Applied("ug=rw,o=", 0777), 0660U);
  EXPECT_EQ(Applied("u=rwx,g=rx,o=x", 0), 0751U);
  EXPECT_EQ(Applied("u+r-w+x", 0200), 0500U) << "several operators in a clause";
  EXPECT_EQ(Applied("o=", 0777), 0770U);
}

TEST(ApplyModeTest, CopiesOfOtherPermissions) {
  EXPECT_EQ(Applied("g=u", 0740), 0770U);
  EXPECT_EQ(Applied("o=g", 0750), 0755U);
  EXPECT_EQ(Applied("u-o", 0777), 0077U);
}

TEST(ApplyModeTest, ConditionalExecute) {
  EXPECT_EQ(Applied("a+X", 0644), 0644U);
  EXPECT_EQ(Applied("a+X", 0744), 0755U);
  EXPECT_EQ(Applied("a+X", 0644, 022, true), 0755U);
}

TEST(ApplyModeTest, UmaskCountsWithoutWho) {
  EXPECT_EQ(Applied("+w", 0444, 022), 0644U);
  EXPECT_EQ(Applied("=rwx", 0, 027), 0750U);
  EXPECT_EQ(Applied("-w", 0666, 022), 0466U);
  EXPECT_EQ(Applied("a+w", 0444, 022), 0666U);
}

TEST(ApplyModeTest, SpecialBits) {
  EXPECT_EQ(Applied("u+s", 0755), 04755U);
  EXPECT_EQ(Applied("g+s", 0755), 02755U);
  EXPECT_EQ(Applied("o+s", 0755), 0755U) << "others have no set-ID bit";
  EXPECT_EQ(Applied("+t", 0777), 01777U);
  EXPECT_EQ(Applied("a=rwxt", 0), 01777U);
  EXPECT_EQ(Applied("u=rwx", 02755, 022, true), 02755U);
  EXPECT_EQ(Applied("g=rx", 02755, 022, true), 02755U) << "a directory keeps its group";
  EXPECT_EQ(Applied("g=rx", 02755, 022, false), 0755U);
}

TEST(ApplyModeTest, NumbersBehindOperators) {
  EXPECT_EQ(Applied("=755", 07000), 0755U);
  EXPECT_EQ(Applied("+2000", 0755), 02755U);
  EXPECT_EQ(Applied("-7022", 07777, 022), 0755U);
  EXPECT_EQ(Applied("=7777,-5022", 0), 02755U);
  EXPECT_EQ(Applied("+2", 0, 022), 2U) << "the umask does not count";
}

TEST(ApplyModeTest, SetIdBitsOfDirectories) {
  EXPECT_EQ(Applied("755", 06000, 022, true), 06755U);
  EXPECT_EQ(Applied("0755", 02000, 022, true), 02755U);
  EXPECT_EQ(Applied("4755", 02000, 022, true), 06755U);
  EXPECT_EQ(Applied("00755", 06000, 022, true), 0755U);
  EXPECT_EQ(Applied("=755", 06000, 022, true), 0755U);
  EXPECT_EQ(Applied("755", 06000, 022, false), 0755U);
  EXPECT_EQ(Applied("o=s", 06755, 022, true), 06750U);
  EXPECT_EQ(Applied("g-s", 06755, 022, true), 04755U);
}

TEST(ApplyModeTest, WhatIsNoMode) {
  for (const char* const text : {"", "8", "77777", "u", "u=,", ",u=r", "u+rq", "q+r", "u=rg",
                                 "755x", "+ ", "u=755", "=8", "+755x", "=77777", "=7+x"}) {
    EXPECT_FALSE(ApplyMode(text, 0, 022, false).ok()) << text;
  }
}

TEST(ApplyModeTest, AgreesWithTheHostsChmod) {
  char folder[] = "/tmp/mode-XXXXXX";
  const char* const base = std::getenv("TEST_TMPDIR");
  std::string path =
      base != nullptr ? std::string(base) + "/mode-file" : std::string(::mkdtemp(folder)) + "/f";
  std::fclose(std::fopen(path.c_str(), "w"));
  ::umask(022);
  for (const char* const text : {"u+x", "go=", "a+rwx", "+x", "=r", "u=g", "g=o,o=u", "u+s,g+s",
                                 "+t", "-t", "a=rwxst", "o-x+w", "u=rwX", "=", "u=rw,go=r"}) {
    for (const mode_t initial : {0U, 0644U, 0750U, 0777U, 04711U, 02770U, 01777U}) {
      ASSERT_EQ(::chmod(path.c_str(), initial), 0);
      ASSERT_EQ(
          ::system(("umask 022; chmod -- '" + std::string(text) + "' '" + path + "'").c_str()) &
              ~0x100,
          0);
      struct stat status{};
      ASSERT_EQ(::stat(path.c_str(), &status), 0);
      EXPECT_EQ(Applied(text, initial), status.st_mode & 07777U)
          << text << " on 0" << std::oct << initial;
    }
  }
  std::remove(path.c_str());
}

TEST(ModeTextTest, TypesAndSpecialBits) {
  const auto text = [](sys::Mode mode) {
    const ModeText letters(mode);
    return std::string(letters.view().data(), letters.view().size());
  };
  EXPECT_EQ(text(sys::kTypeRegular | 0644), "-rw-r--r--");
  EXPECT_EQ(text(sys::kTypeDirectory | 01777), "drwxrwxrwt");
  EXPECT_EQ(text(sys::kTypeDirectory | 01770), "drwxrwx--T");
  EXPECT_EQ(text(sys::kTypeRegular | 06755), "-rwsr-sr-x");
  EXPECT_EQ(text(sys::kTypeRegular | 06600), "-rwS--S---");
  EXPECT_EQ(text(sys::kTypeSymbolicLink | 0777), "lrwxrwxrwx");
  EXPECT_EQ(text(sys::kTypeFifo), "p---------");
  EXPECT_EQ(text(sys::kTypeSocket)[0], 's');
  EXPECT_EQ(text(sys::kTypeCharacterDevice)[0], 'c');
  EXPECT_EQ(text(sys::kTypeBlockDevice)[0], 'b');
}

}  // namespace
}  // namespace cation
