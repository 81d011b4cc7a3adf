// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;
namespace fault = sys::fault;

// What canonical_path_test.cc tries is not tried again.
class RealpathTest : public UtilityTestCase {
 protected:
  RealpathTest() : UtilityTestCase("realpath") {}

  void SetUp() override {
    UtilityTestCase::SetUp();
    // What is tried in a copy of the folder is told by another path.
    fault_runs = false;
    MakeDirectory("d");
    MakeDirectory("d/e");
    WriteFile("f", "");
    MakeLink("d/e", "link");
    MakeLink("nowhere", "dangling");
  }

  // The output for relative or absolute paths, "@" standing for the folder.
  std::string Of(const std::vector<std::string>& arguments) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.errors, "");
    std::string text = outcome.output;
    for (std::size_t at; (at = text.find(folder())) != std::string::npos;)
      text.replace(at, folder().size(), "@");
    return text;
  }
};

TEST_F(RealpathTest, Paths) {
  EXPECT_EQ(Of({"f", "./d//e/", "link", "link/..", "missing", "dangling", "/"}),
            "@/f\n@/d/e\n@/d/e\n@/d\n@/missing\n@/nowhere\n/\n");
  EXPECT_EQ(Of({"-E", "missing"}), "@/missing\n");
  EXPECT_EQ(Of({"-e", "--canonicalize", "missing"}), "@/missing\n");
  EXPECT_EQ(Of({"-e", "link"}), "@/d/e\n");
  EXPECT_EQ(Of({"-m", "missing/x/../y"}), "@/missing/y\n");
  EXPECT_EQ(Of({"--canonicalize-missing", "f/x"}), "@/f/x\n");
}

TEST_F(RealpathTest, WhatIsNotThere) {
  const Outcome outcome = Run({"--canonicalize-existing", "missing", "f", "f/x", ""});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, folder() + "/f\n");
  EXPECT_EQ(outcome.errors,
            "realpath: missing: No such file or directory\n"
            "realpath: f/x: Not a directory\n"
            "realpath: '': No such file or directory\n");
  EXPECT_EQ(Run({"missing/x"}).status, 1);
  const Outcome quiet = Run({"-q", "missing/x", "f"});
  EXPECT_EQ(quiet.status, 1);
  EXPECT_EQ(quiet.errors, "");
  EXPECT_EQ(Run({"--quiet", "-e", "missing"}).errors, "");
}

TEST_F(RealpathTest, Links) {
  EXPECT_EQ(Of({"-P", "link/.."}), "@/d\n");
  EXPECT_EQ(Of({"--physical", "link/.."}), "@/d\n");
  EXPECT_EQ(Of({"-L", "link/..", "link"}), "@\n@/d/e\n");
  EXPECT_EQ(Of({"--logical", "link/../f"}), "@/f\n");
  EXPECT_EQ(Of({"-s", "link/..", "link/.", "dangling"}), "@\n@/link\n@/dangling\n");
  EXPECT_EQ(Of({"--strip", "link"}), "@/link\n");
  EXPECT_EQ(Of({"--no-symlinks", "link"}), "@/link\n");
  EXPECT_EQ(Of({"-sP", "link"}), "@/d/e\n");
  EXPECT_EQ(Of({"-sL", "link/.."}), "@\n");
  EXPECT_EQ(Run({"-es", "dangling"}).status, 1);
}

TEST_F(RealpathTest, RelativeTo) {
  EXPECT_EQ(Of({"--relative-to=d", "f", "d", "d/e", "."}), "../f\n.\ne\n..\n");
  EXPECT_EQ(Of({"--relative-to", "link", "f", "d"}), "../../f\n..\n");
  EXPECT_EQ(Of({"-m", "--relative-to=pre", "prefix/1", "pre/1"}), "../prefix/1\n1\n");
  EXPECT_EQ(Of({"-sm", "--relative-to=/usr", "/"}), "..\n");
  EXPECT_EQ(Of({"-sm", "--relative-to=/", "/usr", "/"}), "usr\n.\n");
}

TEST_F(RealpathTest, RelativeBase) {
  EXPECT_EQ(Of({"--relative-base=d", "f", "d", "d/e"}), "@/f\n.\ne\n");
  EXPECT_EQ(Of({"--relative-base=.", "--relative-to=d", "f", "/"}), "../f\n/\n");
  EXPECT_EQ(Of({"--relative-base=d", "--relative-to=.", "d/e", "f"}), "@/d/e\n@/f\n")
      << "all absolute, where DIR of --relative-to is not below";
  EXPECT_EQ(Of({"--relative-base=d", "--relative-to=d", "d/e", "f"}), "e\n@/f\n");
  EXPECT_EQ(Of({"-sm", "--relative-base=/", "/", "/usr"}), ".\nusr\n");
}

TEST_F(RealpathTest, WhatIsRelatedToHasToBeThere) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--relative-to=missing/x", "f"},
        {"--relative-base=missing/x", "f"},
        {"--relative-base=missing/x", "--relative-to=d", "f"},
        {"--relative-to=", "f"}}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.output, "");
    EXPECT_THAT(outcome.errors, StartsWith("realpath: "));
  }
  EXPECT_EQ(Run({"-e", "--relative-to=f", "d"}).errors, "realpath: f: Not a directory\n");
  EXPECT_EQ(Run({"-e", "--relative-to=d", "--relative-base=f", "d"}).errors,
            "realpath: f: Not a directory\n");
  EXPECT_EQ(Of({"--relative-to=f", "d"}), "../d\n") << "without -e it need not be a directory";
}

TEST_F(RealpathTest, Zero) {
  EXPECT_EQ(Of({"-z", "f", "d"}), std::string("@/f\0@/d\0", 8));
  EXPECT_EQ(Of({"--zero", "--relative-to=.", "f"}), std::string("f\0", 2));
}

TEST_F(RealpathTest, MissingOperand) {
  EXPECT_THAT(Run({"--relative-to=."}).errors, StartsWith("realpath: missing operand\n"));
}

TEST_F(RealpathTest, EveryFault) {
  EXPECT_EQ(RunInto("/dev/full", {"f"}).errors, "realpath: write error: No space left on device\n");
  for (const char* const option : {"-e", "-s", "-L", "--relative-to=."}) {
    ForEachFault(
        {option, "x/y"}, "",
        [this] {
          MakeDirectory("x");
          WriteFile("x/y", "");
        },
        [](const FaultOutcome& fault) {
          // That it is no link, it says already; what may be missing need not be there.
          if (fault.error == EINVAL || fault.error == ENOENT) return;
          EXPECT_EQ(fault.outcome.status, 1) << fault.call.detail;
          if (fault.error != EPIPE) EXPECT_THAT(fault.outcome.errors, StartsWith("realpath: "));
        });
  }
}

}  // namespace
}  // namespace cation::testing
