// SPDX-License-Identifier: MIT
//
// That faults are found out: a utility that does wrong in a way of its own, by its operand.
#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include <optional>

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/testing/snapshot.h"
#include "coreutils/support/testing/utility_test_case.h"

namespace cation {
namespace {

constexpr Description kDescription = {
    .usage = "WRONG", .summary = "Copies \"from\" to \"to\".", .options = {}};

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Copies "from" to "to"; what it does wrong is what `wrong` says.
int Copy(Context& context, StringView wrong) {
  const auto fail = [&](const char* what, Error error) {
    if (wrong != "wordless") Report(context, what, error);
    if (wrong == "removes") (void)sys::RemoveFile(sys::At("bystander"));
    return wrong == "silent" ? 0 : 1;
  };
  const auto opened = sys::Open(sys::At("from"), sys::kRead);
  if (!opened.ok()) return fail("from", opened.error());
  const sys::File from(opened.value());
  char buffer[64];
  size_t size = 0;
  for (;;) {
    const auto count = sys::Read(from.get(), Span<char>(buffer + size, sizeof(buffer) - size));
    if (!count.ok()) return fail("from", count.error());
    if (count.value() == 0) break;
    size += count.value();
  }
  const char* const name = wrong == "leaves" ? "temporary" : "to";
  const auto created = sys::Open(sys::At(name), sys::kWrite | sys::kCreate | sys::kTruncate, 0644);
  if (!created.ok()) return fail("to", created.error());
  sys::File to(created.value());
  const StringView data(buffer, size);
  const Result<void> written = wrong == "short" ? [&]() -> Result<void> {
    CATION_TRY(sys::Write(to.get(), data));
    return {};
  }()
      : sys::WriteAll(to.get(), data);
  if (!written.ok()) return fail("to", written.error());
  if (const auto closed = to.Close(); !closed.ok()) return fail("to", closed.error());
  if (wrong != "leaves") return 0;
  const auto linked = sys::MakeHardLink(sys::At("temporary"), sys::At("to"));
  if (!linked.ok()) return fail("to", linked.error());
  (void)sys::RemoveFile(sys::At("temporary"));
  return 0;
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) { return Copy(context, context.arguments[0]); }

namespace testing {
namespace {

class FaultRunsTest : public UtilityTestCase {
 protected:
  FaultRunsTest() : UtilityTestCase("copy") {}

  void SetUp() override {
    UtilityTestCase::SetUp();
    WriteFile("from", "content");
    WriteFile("bystander", "innocent");
  }

  // What the fault runs have to say about a utility that is wrong in this way.
  std::string ProblemsOf(const std::string& wrong) {
    ::testing::TestPartResultArray results;
    {
      ::testing::ScopedFakeTestPartResultReporter reporter(
          ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
      (void)Run({wrong});
    }
    EXPECT_EQ(ReadFile("to"), "content");
    std::string problems;
    for (int i = 0; i < results.size(); ++i) problems += results.GetTestPartResult(i).message();
    return problems;
  }
};

TEST_F(FaultRunsTest, NothingIsSaidAboutWhatIsRight) {
  EXPECT_THAT(ProblemsOf("nothing"), IsEmpty());
}

// Where a file system's times are those of the clock's ticks, it had the same time as before, and
// was taken for a file that the utility has no business with.
TEST_F(FaultRunsTest, AFileWrittenAgainInTheTickThatMadeIt) {
  for (int i = 0; i < 20; ++i) {
    WriteFile("to", "content");
    EXPECT_THAT(ProblemsOf("nothing"), IsEmpty());
  }
}

TEST_F(FaultRunsTest, WhatATestHasJustMadeGrowsOlder) {
  std::optional<Snapshot> snapshot = Snapshot::Take(folder());
  ASSERT_TRUE(snapshot.has_value());
  const auto time = [&] { return snapshot->entries().at("from").modification_time; };
  const timespec made = time();
  snapshot->Age(Snapshot::kNever, 60);
  EXPECT_EQ(time().tv_sec, made.tv_sec);
  snapshot->Age(made, 60);
  EXPECT_EQ(time().tv_sec, made.tv_sec - 60);
  EXPECT_EQ(time().tv_nsec, made.tv_nsec);
}

TEST_F(FaultRunsTest, SuccessClaimedAfterAFailure) {
  EXPECT_THAT(ProblemsOf("silent"), HasSubstr("status 0, but the files differ"));
}

TEST_F(FaultRunsTest, NoMessage) { EXPECT_THAT(ProblemsOf("wordless"), HasSubstr("no message")); }

TEST_F(FaultRunsTest, AShortCountThatShows) {
  EXPECT_THAT(ProblemsOf("short"), HasSubstr("it shows in the files"));
}

TEST_F(FaultRunsTest, TemporaryFileLeftBehind) {
  EXPECT_THAT(ProblemsOf("leaves"), HasSubstr("it leaves behind temporary"));
}

TEST_F(FaultRunsTest, SomebodyElsesFileChanged) {
  EXPECT_THAT(ProblemsOf("removes"),
              HasSubstr("what is none of its business has changed:\n  - bystander"));
}

}  // namespace
}  // namespace testing
}  // namespace cation
