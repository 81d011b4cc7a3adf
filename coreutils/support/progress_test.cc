// SPDX-License-Identifier: MIT
#include "coreutils/support/progress.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "coreutils/support/testing/test_case.h"
#include "gmock/gmock.h"
#include "runtime/sys/fault/fault.h"

namespace cation {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A terminal of its own as standard error.
class ProgressTest : public testing::TestCase {
 protected:
  void SetUp() override {
    testing::TestCase::SetUp();
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    ASSERT_GE(master_, 0);
    ASSERT_EQ(::grantpt(master_), 0);
    ASSERT_EQ(::unlockpt(master_), 0);
    context_.program = "test";
    context_.errors = ::open(::ptsname(master_), O_RDWR | O_NOCTTY);
    ASSERT_GE(context_.errors, 0);
  }
  void TearDown() override {
    ::close(context_.errors);
    ::close(master_);
    testing::TestCase::TearDown();
  }

  void SetColumns(unsigned short columns) {
    const winsize size{.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    ASSERT_EQ(::ioctl(master_, TIOCSWINSZ, &size), 0);
  }

  // What the terminal was sent since the last call.
  std::string Shown() {
    char buffer[65536];
    const ssize_t count = ::read(master_, buffer, sizeof(buffer));
    return {buffer, count > 0 ? static_cast<std::size_t>(count) : 0};
  }

  // Advances by as much again and again, until the line has been drawn or a second is over.
  std::string AdvanceUntilShown(Progress& progress, uint64_t entries, uint64_t bytes,
                                const char* name) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    std::string shown;
    while (shown.empty() && std::chrono::steady_clock::now() < end) {
      for (int i = 0; i < 100; ++i) progress.Advance(entries, bytes, name);
      ::usleep(1000);
      shown = Shown();
    }
    return shown;
  }

  Context context_;
  int master_ = -1;
};

TEST_F(ProgressTest, ShowsBytesFilesRateAndTimeLeft) {
  SetColumns(100);
  Progress progress(context_, true, "files");
  EXPECT_TRUE(progress.active());
  progress.SetTotal(1'000'000'000, uint64_t{1} << 60);
  EXPECT_THAT(AdvanceUntilShown(progress, 1, 1'000'000, "the/name"),
              ::testing::MatchesRegex("\r[0-9.]+ .iB of 1.0 EiB, [0-9]+ of 1000000000 files, "
                                      "[0-9.]+ .iB/s, [0-9]+:[0-9:]+ left  the/name\033\\[K"));
  progress.Erase();
  EXPECT_EQ(Shown(), "\r\033[K");
  progress.Erase();
  EXPECT_THAT(Shown(), IsEmpty());
}

TEST_F(ProgressTest, WithoutTotalsThereIsNoTimeLeft) {
  SetColumns(100);
  {
    Progress progress(context_, true, "entries");
    EXPECT_THAT(AdvanceUntilShown(progress, 1, 0, "x"),
                ::testing::MatchesRegex("\r[0-9]+ entries, [0-9]+/s  x\033\\[K"));
  }
  EXPECT_EQ(Shown(), "\r\033[K");
}

TEST_F(ProgressTest, MoreThanTheTotalIsNoTotal) {
  Progress progress(context_, true, "files");
  progress.SetTotal(1, 1);
  EXPECT_THAT(AdvanceUntilShown(progress, 1, 1, "x"), Not(HasSubstr(" of ")));
}

TEST_F(ProgressTest, FitsTheTerminal) {
  SetColumns(30);
  Progress progress(context_, true, "f");
  const std::string shown =
      AdvanceUntilShown(progress, 1, 0,
                        "a\nb\033c\xff\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5"
                        "\xe6\x9c\xac\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5\xe6\x9c"
                        "\xac\xe6\x97\xa5\xe6\x9c\xac");
  EXPECT_THAT(shown, HasSubstr("a?b?c?\xe6\x97\xa5"));
  unsigned columns = 0;
  for (const char c : shown) columns += (static_cast<unsigned char>(c) & 0xc0U) != 0x80 ? 1 : 0;
  columns -= 4;  // \r and \033[K
  // Each of the wide characters is two columns.
  for (const char c : shown) columns += c == '\xe6' ? 1 : 0;
  EXPECT_LT(columns, 30U);
  EXPECT_GE(columns, 28U);
}

TEST_F(ProgressTest, ComesSeldom) {
  Progress progress(context_, true, "files");
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(900);
  std::string all;
  while (std::chrono::steady_clock::now() < end) {
    progress.Advance(1, 10, "x");
    all += Shown();
  }
  const auto lines = std::count(all.begin(), all.end(), '\r');
  EXPECT_GE(lines, 1);
  EXPECT_LE(lines, 5);
}

TEST_F(ProgressTest, IsNotThereUnlessAskedForOnATerminal) {
  Progress quiet(context_, false, "files");
  EXPECT_FALSE(quiet.active());
  EXPECT_THAT(AdvanceUntilShown(quiet, 1, 1 << 20, "x"), IsEmpty());
  Context elsewhere;
  elsewhere.errors = ::open("errors", O_WRONLY | O_CREAT, 0644);
  {
    Progress progress(elsewhere, true, "files");
    EXPECT_FALSE(progress.active());
    for (int i = 0; i < 100; ++i) {
      progress.Advance(100, 1 << 30, "x");
      ::usleep(5000);
    }
  }
  ::close(elsewhere.errors);
  EXPECT_EQ(ReadFile("errors"), "");
}

}  // namespace
}  // namespace cation
