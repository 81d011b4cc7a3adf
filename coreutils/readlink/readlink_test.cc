// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;
namespace fault = sys::fault;

// What canonical_path_test.cc tries is not tried again.
class ReadlinkTest : public UtilityTestCase {
 protected:
  ReadlinkTest() : UtilityTestCase("readlink") {}

  void SetUp() override {
    UtilityTestCase::SetUp();
    MakeDirectory("d");
    WriteFile("f", "");
    MakeLink("f", "link");
    MakeLink("no such//thing/", "odd");
    MakeLink("loop", "loop");
    MakeLink(std::string(4000, 't'), "long");
    // Without -v only the status tells; and a link that is none is no fault.
    excused = [](const FaultOutcome& fault) {
      return fault.outcome.status == 1 || fault.error == EINVAL || fault.error == ENOENT;
    };
  }
};

TEST_F(ReadlinkTest, TargetsAsTheyAre) {
  EXPECT_EQ(Run({"link"}).output, "f\n");
  EXPECT_EQ(Run({"odd"}).output, "no such//thing/\n");
  EXPECT_EQ(Run({"loop"}).output, "loop\n");
  EXPECT_EQ(Run({"long"}).output, std::string(4000, 't') + "\n");
  EXPECT_EQ(Run({"link", "d/../odd"}).output, "f\nno such//thing/\n");
  EXPECT_EQ(Run({"link"}).calls, 2U);
}

TEST_F(ReadlinkTest, WhatIsNoLinkIsPassedOverQuietly) {
  for (const char* const path : {"f", "d", "missing", "", "f/x", "link/", "d/."}) {
    const Outcome outcome = Run({path, "link"});
    EXPECT_EQ(outcome.status, 1) << path;
    EXPECT_EQ(outcome.output, "f\n") << path;
    EXPECT_EQ(outcome.errors, "") << path;
  }
}

TEST_F(ReadlinkTest, Verbose) {
  const std::string errors =
      "readlink: f: Invalid argument\n"
      "readlink: missing: No such file or directory\n"
      "readlink: link/x: Not a directory\n";
  EXPECT_EQ(Run({"-v", "f", "missing", "link/x"}).errors, errors);
  EXPECT_EQ(Run({"-q", "--verbose", "f", "missing", "link/x"}).errors, errors);
  for (const char* const quiet : {"-q", "-s", "--quiet", "--silent"})
    EXPECT_EQ(Run({"-v", quiet, "f"}).errors, "");
  environment["POSIXLY_CORRECT"] = "1";
  EXPECT_EQ(Run({"f", "missing", "link/x"}).errors, errors);
}

TEST_F(ReadlinkTest, Canonical) {
  fault_runs = false;  // the output has the folder in it
  EXPECT_EQ(Run({"-f", "link", "missing", "d/../link"}).output,
            folder() + "/f\n" + folder() + "/missing\n" + folder() + "/f\n");
  EXPECT_EQ(Run({"--canonicalize", "link"}).output, folder() + "/f\n");
  EXPECT_EQ(Run({"-e", "link"}).output, folder() + "/f\n");
  EXPECT_EQ(Run({"--canonicalize-existing", "missing"}).status, 1);
  EXPECT_EQ(Run({"-m", "missing/x/.."}).output, folder() + "/missing\n");
  EXPECT_EQ(Run({"--canonicalize-missing", "f/x"}).output, folder() + "/f/x\n");
  EXPECT_EQ(Run({"-f", "missing/x"}).status, 1);
  EXPECT_EQ(Run({"-vf", "missing/x"}).errors, "readlink: missing/x: No such file or directory\n");
  EXPECT_EQ(Run({"-ve", "loop"}).errors, "readlink: loop: Too many levels of symbolic links\n");
  EXPECT_EQ(Run({"-m", "-e", "missing"}).status, 1) << "the last one counts";
}

TEST_F(ReadlinkTest, Delimiters) {
  EXPECT_EQ(Run({"-n", "link"}).output, "f");
  EXPECT_EQ(Run({"--no-newline", "link"}).output, "f");
  EXPECT_EQ(Run({"-nz", "link"}).output, "f");
  EXPECT_EQ(Run({"-z", "link", "loop"}).output, std::string("f\0loop\0", 7));
  EXPECT_EQ(Run({"--zero", "link"}).output, std::string("f\0", 2));
  const Outcome outcome = Run({"-n", "link", "loop"});
  EXPECT_EQ(outcome.output, "f\nloop\n");
  EXPECT_EQ(outcome.errors, "readlink: ignoring --no-newline with multiple arguments\n");
  EXPECT_EQ(outcome.status, 0);
}

TEST_F(ReadlinkTest, MissingOperand) {
  EXPECT_THAT(Run({"-f"}).errors, StartsWith("readlink: missing operand\n"));
}

TEST_F(ReadlinkTest, EveryFault) {
  EXPECT_EQ(RunInto("/dev/full", {"link"}).errors,
            "readlink: write error: No space left on device\n");
  ForEachFault(
      {"-v", "l"}, "", [this] { MakeLink("target", "l"); },
      [](const FaultOutcome& fault) {
        EXPECT_EQ(fault.outcome.status, 1);
        if (fault.error != EPIPE) EXPECT_THAT(fault.outcome.errors, StartsWith("readlink: "));
      });
  ForEachFault(
      {"-vf", "l"}, "", [this] { MakeLink("target", "l"); },
      [](const FaultOutcome& fault) {
        if (fault.error == EINVAL) return;
        EXPECT_EQ(fault.outcome.status, 1) << fault.call.detail;
      });
}

}  // namespace
}  // namespace cation::testing
