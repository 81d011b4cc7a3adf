// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;
namespace fault = sys::fault;

class PwdTest : public UtilityTestCase {
 protected:
  PwdTest() : UtilityTestCase("pwd") {}

  void SetUp() override {
    UtilityTestCase::SetUp();
    // What is tried in a copy of the folder is told by another path.
    fault_runs = false;
  }
  // By a link: "@/link".
  void GoByLink() {
    MakeDirectory("d");
    MakeLink("d", "link");
    ASSERT_EQ(::chdir("link"), 0);
    environment["PWD"] = folder() + "/link";
  }
};

TEST_F(PwdTest, PhysicalUnlessAskedFor) {
  EXPECT_EQ(Run({}).output, folder() + "\n");
  GoByLink();
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{}, {"-P"}, {"--physical"}, {"-LP"}}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.output, folder() + "/d\n");
    EXPECT_EQ(outcome.calls, 2U) << "getcwd and write";
  }
}

TEST_F(PwdTest, Logical) {
  GoByLink();
  EXPECT_EQ(Run({"-L"}).output, folder() + "/link\n");
  EXPECT_EQ(Run({"--logical"}).output, folder() + "/link\n");
  EXPECT_EQ(Run({"-PL"}).output, folder() + "/link\n");
  EXPECT_EQ(Run({"-L"}).calls, 3U);
  environment["POSIXLY_CORRECT"] = "";
  EXPECT_EQ(Run({}).output, folder() + "/link\n");
  EXPECT_EQ(Run({"-P"}).output, folder() + "/d\n");
}

TEST_F(PwdTest, PwdThatWillNotDo) {
  GoByLink();
  MakeDirectory("../.hidden");
  for (const std::string& value :
       {std::string(), std::string("link"), std::string("."), folder(), folder() + "/nothing",
        folder() + "/./link", folder() + "/link/.", folder() + "/link/../link", folder() + "/d/..",
        std::string(5000, '/') + "x"}) {
    environment["PWD"] = value;
    EXPECT_EQ(Run({"-L"}).output, folder() + "/d\n") << value;
  }
  environment.erase("PWD");
  EXPECT_EQ(Run({"-L"}).output, folder() + "/d\n");
  environment["PWD"] = folder() + "//link/";
  EXPECT_EQ(Run({"-L"}).output, folder() + "//link/\n") << "slashes are allowed";
  MakeDirectory("../..x");
  ASSERT_EQ(::chdir("../..x"), 0);
  environment["PWD"] = folder() + "/..x";
  EXPECT_EQ(Run({"-L"}).output, folder() + "/..x\n") << "no such component";
}

TEST_F(PwdTest, OperandsAreIgnored) {
  const Outcome outcome = Run({"a", "b"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, folder() + "\n");
  EXPECT_EQ(outcome.errors, "pwd: ignoring non-option arguments\n");
}

TEST_F(PwdTest, LongerThanTheSystemTakes) {
  std::string want = folder();
  for (int i = 0; i < 50; ++i) {
    const std::string name(100 + i, 'n');
    ASSERT_EQ(::mkdir(name.c_str(), 0755), 0);
    ASSERT_EQ(::chdir(name.c_str()), 0);
    want += "/" + name;
  }
  EXPECT_EQ(Run({}).output, want + "\n");
}

TEST_F(PwdTest, RemovedDirectory) {
  MakeDirectory("d");
  ASSERT_EQ(::chdir("d"), 0);
  ASSERT_EQ(::rmdir("../d"), 0);
  const Outcome outcome = Run({});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "");
  EXPECT_EQ(outcome.errors, "pwd: cannot find the working directory: No such file or directory\n");
}

TEST_F(PwdTest, EveryFault) {
  environment["PWD"] = folder();
  for (const char* const option : {"-P", "-L"}) {
    ForEachFault(
        {option}, "", [] {},
        [&](const FaultOutcome& fault) {
          const bool looks = fault.call.call == fault::Call::kStatusAt;
          // What cannot be told from PWD the system still says.
          EXPECT_EQ(fault.outcome.status, looks ? 0 : 1);
          EXPECT_EQ(fault.outcome.output, looks ? folder() + "\n" : "");
          if (!looks && fault.error != EPIPE)
            EXPECT_THAT(fault.outcome.errors, StartsWith("pwd: "));
        });
  }
  EXPECT_EQ(RunInto("/dev/full", {}).errors, "pwd: write error: No space left on device\n");
}

}  // namespace
}  // namespace cation::testing
