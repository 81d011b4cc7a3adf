// SPDX-License-Identifier: MIT
#include "coreutils/support/descent.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cerrno>
#include <set>
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

// Trees of 130 levels with entries beside each: outer directories are closed on the way down.
class DeepDescentTest : public DescentTest {
 protected:
  static constexpr int kDepth = 130;

  void MakeTree() {
    std::string path = "n";
    for (int i = 0; i < kDepth; ++i) {
      MakeDirectory(path);
      for (const char* const name : {"a", "b", "z"}) WriteFile(path + "/" + name, "");
      path += "/n";
    }
  }
};

TEST_F(DeepDescentTest, ReadingGoesOnWhereItWas) {
  MakeTree();
  const std::vector<std::string> seen = Walk("n");
  EXPECT_EQ(seen.size(), 4U * kDepth);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 4U * kDepth);
  EXPECT_EQ(error_, 0);
}

TEST_F(DeepDescentTest, ReadingThatLostItsPlaceSaysSo) {
  MakeTree();
  Descent descent;
  ASSERT_TRUE(descent.Begin("n").ok());
  ASSERT_TRUE(EnterHere(descent, 0));
  while (descent.depth() < kDepth) {
    const auto entry = descent.Next();
    ASSERT_TRUE(entry.ok() && entry.value() != nullptr);
    if (entry.value()->type == sys::FileType::kDirectory) {
      ASSERT_TRUE(EnterHere(descent, 0));
    }
  }
  while (descent.depth() > 1) ASSERT_TRUE(descent.Leave().ok());
  // The directory that we come back from, and behind which the listing goes on.
  ASSERT_EQ(::rename("n/n", "elsewhere"), 0);
  const auto entry = descent.Next();
  EXPECT_TRUE(entry.error() == abi::kESTALE);
  EXPECT_EQ(descent.path(), StringView("n"));
  EXPECT_EQ(descent.Next().value(), nullptr);
}

TEST_F(DeepDescentTest, RemovingStartsAnewAndLeavesOutWhatStays) {
  MakeTree();
  Descent descent(Descent::Purpose::kRemove);
  ASSERT_TRUE(descent.Begin("n").ok());
  ASSERT_TRUE(EnterHere(descent, 0));
  std::vector<std::string> given;
  std::size_t gone = 0;
  while (descent.depth() > 0) {
    const auto entry = descent.Next();
    ASSERT_TRUE(entry.ok());
    if (entry.value() == nullptr) {
      EXPECT_TRUE(descent.kept());
      ASSERT_TRUE(descent.Leave().ok());
      descent.Keep();
      continue;
    }
    const std::string path(descent.path().data(), descent.path().size());
    given.push_back(path);
    if (entry.value()->type == sys::FileType::kDirectory) {
      ASSERT_TRUE(EnterHere(descent, 0));
    } else if (std::string(entry.value()->name) == "b") {
      descent.Keep();
    } else {
      ASSERT_TRUE(sys::RemoveFile(descent.here()).ok()) << path;
      descent.Gone();
      ++gone;
    }
  }
  EXPECT_EQ(gone, 2U * kDepth);
  EXPECT_EQ(given.size(), 4U * kDepth - 1) << "nothing twice";
}

TEST_F(DescentTest, RewindLeavesOutWhatStaysInAnyOrder) {
  MakeDirectory("d");
  for (int i = 0; i < 200; ++i) WriteFile("d/" + std::to_string(i), "");
  Descent descent(Descent::Purpose::kRemove);
  ASSERT_TRUE(descent.Begin("d").ok());
  ASSERT_TRUE(EnterHere(descent, 0));
  std::set<std::string> kept;
  for (int i = 0; i < 100; ++i) {
    const auto entry = descent.Next();
    ASSERT_TRUE(entry.ok() && entry.value() != nullptr);
    if (i % 3 == 0) continue;
    kept.insert(entry.value()->name);
    descent.Keep();
  }
  EXPECT_FALSE(descent.MayHoldMore()) << "nothing went";
  descent.Gone();
  EXPECT_TRUE(descent.MayHoldMore());
  ASSERT_TRUE(descent.Rewind().ok());
  EXPECT_FALSE(descent.MayHoldMore());
  std::set<std::string> given;
  for (;;) {
    const auto entry = descent.Next();
    ASSERT_TRUE(entry.ok());
    if (entry.value() == nullptr) break;
    EXPECT_EQ(kept.count(entry.value()->name), 0U);
    EXPECT_TRUE(given.insert(entry.value()->name).second);
  }
  EXPECT_EQ(given.size() + kept.size(), 200U);
  ASSERT_TRUE(descent.Leave().ok());
}

TEST_F(DescentTest, TheEndIsGuessedUnlessItIsToBeRead) {
  for (const bool to_end : {false, true}) {
    Clear();
    MakeDirectory("d");
    WriteFile("d/a", "");
    Descent descent(Descent::Purpose::kRemove);
    ASSERT_TRUE(descent.Begin("d").ok());
    sys::fault::Begin();
    ASSERT_TRUE(EnterHere(descent, 0));
    if (to_end) descent.ReadToEnd();
    ASSERT_NE(descent.Next().value(), nullptr);
    ASSERT_EQ(descent.Next().value(), nullptr);
    sys::fault::End();
    EXPECT_EQ(descent.MayHoldMore(), !to_end);
    std::size_t listings = 0;
    for (const auto& call : sys::fault::Trace())
      listings += call.call == sys::fault::Call::kReadDirectory ? 1 : 0;
    EXPECT_EQ(listings, to_end ? 2U : 1U);
    ASSERT_TRUE(descent.Leave().ok());
  }
}

TEST_F(DescentTest, FailedListingEndsTheDirectory) {
  MakeDirectory("d");
  WriteFile("d/a", "");
  Descent descent(Descent::Purpose::kRead);
  ASSERT_TRUE(descent.Begin("d").ok());
  ASSERT_TRUE(EnterHere(descent, 0));
  ASSERT_NE(descent.Next().value(), nullptr);
  sys::fault::Begin({.call = 0, .error = EIO});
  EXPECT_TRUE(descent.Next().error() == abi::kEIO);
  sys::fault::End();
  EXPECT_EQ(descent.path(), StringView("d"));
  EXPECT_EQ(descent.Next().value(), nullptr);
  ASSERT_TRUE(descent.Leave().ok());
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
