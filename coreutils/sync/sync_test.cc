// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;
namespace fault = sys::fault;

class SyncTest : public UtilityTestCase {
 protected:
  SyncTest() : UtilityTestCase("sync") {}

  static std::vector<std::string> Calls() {
    std::vector<std::string> names;
    for (const fault::TracedCall& call : fault::Trace())
      names.emplace_back(fault::NameOf(call.call));
    return names;
  }
};

TEST_F(SyncTest, EverythingWithoutOperands) {
  EXPECT_EQ(Run({}).status, 0);
  EXPECT_EQ(Calls(), std::vector<std::string>({"sync"}));
  EXPECT_EQ(Run({"-f"}).status, 0) << "as GNU: all file systems";
}

TEST_F(SyncTest, FlushesFilesAndDirectories) {
  WriteFile("a", "A");
  MakeDirectory("d");
  for (const char* const option : {"", "-d", "--data", "-f", "--file-system"}) {
    std::vector<std::string> arguments = {"a", "d"};
    if (*option != '\0') arguments.insert(arguments.begin(), option);
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(Calls(),
              std::vector<std::string>({"open", "fsync", "close", "open", "fsync", "close"}))
        << option;
  }
}

TEST_F(SyncTest, ReportsWhatCannotBeFlushedAndGoesOn) {
  WriteFile("a", "A");
  const Outcome outcome = Run({"nosuch", "a"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "sync: nosuch: No such file or directory\n");
  EXPECT_EQ(Calls(), std::vector<std::string>({"open", "write", "open", "fsync", "close"}));
}

TEST_F(SyncTest, DirectoryWithNothingToFlushIsFine) {
  // fsync() of a directory on Redox.
  MakeDirectory("d");
  EXPECT_EQ(Run({"d"}, "", {.call = 1, .error = EBADF}).status, 0);
  WriteFile("a", "A");
  const Outcome outcome = Run({"a"}, "", {.call = 1, .error = EBADF});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "sync: a: Bad file descriptor\n");
}

TEST_F(SyncTest, FileThatMayOnlyBeWrittenTo) {
  WriteFile("a", "A");
  EXPECT_EQ(Run({"a"}, "", {.call = 0, .error = EACCES}).status, 0);
  EXPECT_EQ(Calls(), std::vector<std::string>({"open", "open", "fsync", "close"}));
}

TEST_F(SyncTest, FifoIsNotWaitedFor) {
  ASSERT_EQ(::mkfifo("fifo", 0644), 0);
  const Outcome outcome = Run({"fifo"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, StartsWith("sync: fifo: "));
}

TEST_F(SyncTest, OptionsThatDoNotGoTogether) {
  EXPECT_THAT(Run({"-d", "-f", "a"}).errors,
              StartsWith("sync: cannot specify both --data and --file-system\n"));
  EXPECT_THAT(Run({"-d"}).errors, StartsWith("sync: --data needs at least one argument\n"));
}

TEST_F(SyncTest, EveryFault) {
  const std::size_t faults = ForEachFault(
      {"a", "b"}, "",
      [this] {
        WriteFile("a", "A");
        WriteFile("b", "B");
      },
      [&](const FaultOutcome& fault) {
        const bool opened_for_writing =
            fault.call.call == fault::Call::kOpen && fault.error == EACCES;
        EXPECT_EQ(fault.outcome.status, opened_for_writing ? 0 : 1);
        EXPECT_THAT(fault.outcome.errors,
                    ::testing::MatchesRegex(opened_for_writing ? "" : "sync: [ab]: .*\n"));
      });
  EXPECT_GT(faults, 20U);
}

}  // namespace
}  // namespace cation::testing
