// SPDX-License-Identifier: MIT
#include "coreutils/support/descent.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "coreutils/support/open_verified.h"
#include "coreutils/support/testing/test_case.h"
#include "runtime/sys/fault/fault.h"

namespace cation::testing {
namespace {

using ::testing::UnorderedElementsAre;

class DescentTest : public TestCase {
 protected:
  // Walks all of `path`; returns "path" for entries and "path/" for directories left.
  std::vector<std::string> Walk(const char* path) {
    std::vector<std::string> seen;
    Descent descent;
    EXPECT_TRUE(descent.Begin(path).ok());
    EXPECT_TRUE(EnterHere(descent, 0));
    while (descent.depth() > 0) {
      most_open_ = std::max(most_open_, OpenDescriptors());
      const Result<const Descent::Entry*> entry = descent.Next();
      if (!entry.ok()) return {"error"};
      if (entry.value() == nullptr) {
        if (const Result<void> left = descent.Leave(); !left.ok()) {
          error_ = left.error().number;
          return seen;
        }
        seen.push_back(std::string(descent.path().data(), descent.path().size()) + "/");
      } else if (entry.value()->type == sys::FileType::kDirectory) {
        EXPECT_TRUE(EnterHere(descent, entry.value()->inode));
      } else {
        // The location must lead there.
        EXPECT_TRUE(sys::StatusAt(descent.here(), sys::Follow::kNo).ok());
        seen.emplace_back(descent.path().data(), descent.path().size());
      }
    }
    return seen;
  }

  static bool EnterHere(Descent& descent, uint64_t inode) {
    Result<OpenedFile> opened = OpenVerified(descent.here(), sys::kDirectory, inode);
    return opened.ok() && descent.Enter(Move(opened.value().file), opened.value().status).ok();
  }

  int most_open_ = 0;
  int error_ = 0;
};

TEST_F(DescentTest, VisitsEverythingAndDirectoriesLast) {
  MakeDirectory("d");
  WriteFile("d/a", "");
  MakeDirectory("d/sub");
  WriteFile("d/sub/b", "");
  MakeLink("sub", "d/link");
  const std::vector<std::string> seen = Walk("d");
  EXPECT_THAT(seen, UnorderedElementsAre("d/a", "d/link", "d/sub/b", "d/sub/", "d/"));
  EXPECT_EQ(seen.back(), "d/");
}

TEST_F(DescentTest, EmptyDirectory) {
  MakeDirectory("d");
  EXPECT_THAT(Walk("d"), UnorderedElementsAre("d/"));
}

TEST_F(DescentTest, DeepTreesKeepFewDescriptorsAndComeBack) {
  for (int i = 0; i < 2500; ++i) {
    ASSERT_EQ(::mkdir("n", 0755), 0);
    ASSERT_EQ(::chdir("n"), 0);
  }
  WriteFile("bottom", "");
  ASSERT_EQ(::chdir(folder().c_str()), 0);
  const int before = OpenDescriptors();
  const std::vector<std::string> seen = Walk("n");
  EXPECT_EQ(seen.size(), 2501U);
  EXPECT_EQ(seen.back(), "n/");
  EXPECT_LT(most_open_ - before, 120);
  EXPECT_EQ(OpenDescriptors(), before);
  // Too deep for std::filesystem to remove.
  ASSERT_EQ(::system("rm -r n"), 0);
}

TEST_F(DescentTest, AParentThatWasMovedIsNotTakenForAnother) {
  // 150 levels: the outermost are closed on the way down, and opened again by ".." on the way up.
  std::string path = "n";
  MakeDirectory(path);
  for (int i = 1; i < 150; ++i) {
    path += "/n";
    MakeDirectory(path);
  }
  Descent descent;
  ASSERT_TRUE(descent.Begin("n").ok());
  ASSERT_TRUE(EnterHere(descent, 0));
  while (descent.depth() < 150) {
    ASSERT_TRUE(descent.Next().ok());
    ASSERT_TRUE(EnterHere(descent, 0));
  }
  // Level 40 is moved elsewhere, with all that is below it.
  std::string level40 = "n";
  for (int i = 1; i < 40; ++i) level40 += "/n";
  ASSERT_EQ(::rename(level40.c_str(), "elsewhere"), 0);
  Result<void> left;
  while (descent.depth() > 0 && left.ok()) left = descent.Leave();
  EXPECT_TRUE(left.error() == abi::kELOOP);
  EXPECT_EQ(descent.depth(), 0U);
}

TEST_F(DescentTest, UnreadableDirectoryLeavesEverythingAsItWas) {
  MakeDirectory("d");
  MakeDirectory("d/sub");
  Descent descent;
  ASSERT_TRUE(descent.Begin("d").ok());
  ASSERT_TRUE(EnterHere(descent, 0));
  ASSERT_TRUE(descent.Next().ok());
  Result<OpenedFile> opened = OpenVerified(descent.here(), sys::kDirectory, 0);
  ASSERT_TRUE(opened.ok());
  sys::fault::Begin({.call = 0, .error = EIO});
  EXPECT_TRUE(descent.Enter(Move(opened.value().file), opened.value().status).error() == abi::kEIO);
  sys::fault::End();
  EXPECT_EQ(descent.depth(), 1U);
  EXPECT_EQ(std::string(descent.here().name), "sub");
  EXPECT_EQ(std::string(descent.here().path), "d/sub");
}

TEST_F(DescentTest, OpenVerifiedDoesNotFollowLinks) {
  MakeDirectory("d");
  MakeLink("d", "link");
  EXPECT_FALSE(OpenVerified(sys::At("link"), sys::kDirectory, 0).ok());
  EXPECT_TRUE(OpenVerified(sys::At("d"), sys::kDirectory, 0).ok());
}

TEST_F(DescentTest, OpenVerifiedTakesAMountPointsOtherInode) {
  MakeDirectory("d");
  // The entry's inode is wrong, the file's is what its name says.
  EXPECT_TRUE(OpenVerified(sys::At("d"), sys::kDirectory, 12345).ok());
}

}  // namespace
}  // namespace cation::testing
