// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

// What it has in common with chown is tested there.
class ChgrpTest : public UtilityTestCase {
 protected:
  ChgrpTest() : UtilityTestCase("chgrp") {}
  void SetUp() override {
    UtilityTestCase::SetUp();
    // A directory that is no more has no entries, and a link that leads nowhere is changed itself.
    excused = [](const FaultOutcome& fault) {
      return fault.error == ENOENT && (fault.call.call == fault::Call::kReadDirectory ||
                                       fault.call.call == fault::Call::kStatusAt);
    };
    WriteFile("probe", "");
    const bool may = ::chown("probe", 1, 2) == 0;
    Clear();
    if (!may) GTEST_SKIP() << "only root gives files away";
  }

  static std::string Owner(const std::string& path) {
    const struct stat status = Lstat(path);
    return std::to_string(status.st_uid) + ":" + std::to_string(status.st_gid);
  }
  void MakeTree() {
    MakeDirectory("d");
    WriteFile("d/a", "A");
    WriteFile("out", "");
    MakeLink("../out", "d/link");
    MakeLink("d", "link");
  }
};

TEST_F(ChgrpTest, ChangesTheGroupAlone) {
  WriteFile("f", "");
  ASSERT_EQ(::chown("f", 7, 8), 0);
  EXPECT_EQ(Run({"bin", "f"}).status, 0);
  EXPECT_EQ(Owner("f"), "7:2");
  EXPECT_EQ(Run({"+1", "f"}).status, 0);
  EXPECT_EQ(Owner("f"), "7:1");
  EXPECT_EQ(Run({"", "f"}).status, 0);
  EXPECT_EQ(Owner("f"), "7:1");
  EXPECT_EQ(Run({"4294967294", "f"}).status, 0);
  EXPECT_EQ(Owner("f"), "7:4294967294");
}

TEST_F(ChgrpTest, GroupsThatAreNone) {
  WriteFile("f", "");
  for (const std::string group : {"no-such", ":bin", "root:bin", "4294967295", "-1", "+", "+bin"}) {
    const Outcome outcome = Run({"--", group, "f"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.errors, "chgrp: invalid group: '" + group + "'\n");
  }
}

TEST_F(ChgrpTest, SaysWhatItDoes) {
  WriteFile("f", "");
  EXPECT_EQ(Run({"-v", "bin", "f"}).output, "changed group of 'f' from root to bin\n");
  EXPECT_EQ(Run({"--verbose", "bin", "f"}).output, "group of 'f' retained as bin\n");
  EXPECT_EQ(Run({"-c", "bin", "f"}).output, "");
  EXPECT_EQ(Run({"--changes", "0", "f"}).output, "changed group of 'f' from bin to 0\n");
  EXPECT_EQ(Run({"-v", "0", "missing"}).output, "failed to change group of 'missing' to 0\n");
}

TEST_F(ChgrpTest, Options) {
  MakeTree();
  EXPECT_EQ(Run({"-R", "1", "d"}).status, 0);
  EXPECT_EQ(Owner("d/a") + Owner("d/link") + Owner("out"), "0:10:10:0");
  EXPECT_EQ(Run({"--recursive", "-L", "2", "link"}).status, 0);
  EXPECT_EQ(Owner("d/a") + Owner("d/link") + Owner("out"), "0:20:10:2");
  EXPECT_EQ(Run({"-RH", "-h", "3", "link"}).status, 0);
  EXPECT_EQ(Owner("d/a") + Owner("d/link") + Owner("link"), "0:30:30:3");
  EXPECT_EQ(Run({"-RHP", "4", "link"}).status, 0);
  EXPECT_EQ(Owner("d/a") + Owner("link"), "0:30:4");
  EXPECT_EQ(Run({"--dereference", "5", "link"}).status, 0);
  EXPECT_EQ(Owner("d"), "0:5");
  EXPECT_EQ(Run({"--no-dereference", "6", "link"}).status, 0);
  EXPECT_EQ(Owner("link"), "0:6");
  EXPECT_EQ(Run({"--from=:5", "7", "d", "d/a"}).status, 0);
  EXPECT_EQ(Owner("d") + Owner("d/a"), "0:70:3");
  EXPECT_EQ(Run({"--reference=d", "d/a"}).status, 0);
  EXPECT_EQ(Owner("d/a"), "0:7");
  excused = [](const FaultOutcome& fault) { return fault.outcome.status == 1; };
  EXPECT_EQ(Run({"-f", "1", "missing"}).errors + Run({"--silent", "1", "missing"}).errors, "");
  EXPECT_EQ(Run({"--quiet", "1", "missing"}).errors, "");
  EXPECT_THAT(Run({"-R", "--dereference", "1", "d"}).errors, HasSubstr("requires either"));
  fault_runs = false;
  EXPECT_THAT(Run({"-R", "--preserve-root", "", "/"}).errors, HasSubstr("dangerous"));
  EXPECT_EQ(Run({"-R", "--preserve-root", "--no-preserve-root", "1", "d"}).status, 0);
}

TEST_F(ChgrpTest, MissingOperands) {
  EXPECT_THAT(Run({}).errors, StartsWith("chgrp: missing operand\n"));
  EXPECT_THAT(Run({"0"}).errors, StartsWith("chgrp: missing operand after '0'\n"));
}

TEST_F(ChgrpTest, EveryFault) {
  ForEachFault(
      {"-R", "bin", "d"}, "", [this] { MakeTree(); },
      [](const FaultOutcome& fault) {
        if (fault.call.call == fault::Call::kClose) return;
        if (fault.call.detail == "/etc/group" && fault.error == ENOENT) return;
        EXPECT_EQ(fault.outcome.status, 1);
        EXPECT_THAT(fault.outcome.errors, StartsWith("chgrp: "));
      });
}

}  // namespace
}  // namespace cation::testing
