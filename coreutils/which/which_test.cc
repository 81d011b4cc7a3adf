// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

class WhichTest : public UtilityTestCase {
 protected:
  WhichTest() : UtilityTestCase("which") {}

  void SetUp() override {
    UtilityTestCase::SetUp();
    MakeDirectory("a");
    MakeDirectory("b");
    WriteFile("a/plain", "", 0644);
    WriteFile("b/plain", "", 0755);
    WriteFile("a/both", "", 0755);
    WriteFile("b/both", "", 0755);
    MakeDirectory("a/directory");
    WriteFile("b/directory", "", 0755);
    WriteFile("here", "", 0755);
    MakeLink("both", "b/link");
    MakeLink("nowhere", "b/dangling");
    environment["PATH"] = "a:nothing:a/plain:b";
    // A file that cannot be looked at is as good as none.
    excused = [](const FaultOutcome& fault) {
      return fault.error == EACCES || fault.error == ENOENT ||
             fault.call.call == fault::Call::kAccess;
    };
  }
};

TEST_F(WhichTest, FirstInPath) {
  const Outcome outcome = Run({"both", "link", "plain", "directory"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "a/both\nb/link\nb/plain\nb/directory\n");
}

TEST_F(WhichTest, NothingIsSaidOfWhatIsMissing) {
  for (const char* const name :
       {"missing", "dangling", "", "a/plain", "a/directory", "./missing"}) {
    const Outcome outcome = Run({name, "both"});
    EXPECT_EQ(outcome.status, 1) << name;
    EXPECT_EQ(outcome.output, "a/both\n");
    EXPECT_EQ(outcome.errors, "");
  }
  EXPECT_EQ(Run({std::string(5000, 'n')}).status, 1);
  EXPECT_EQ(Run({}).status, 1);
}

TEST_F(WhichTest, NamesWithSlashesAreFiles) {
  EXPECT_EQ(Run({"./here", "b/plain"}).output, "./here\nb/plain\n");
  EXPECT_EQ(Run({folder() + "/here"}).output, folder() + "/here\n");
}

TEST_F(WhichTest, All) {
  EXPECT_EQ(Run({"-a", "both", "plain"}).output, "a/both\nb/both\nb/plain\n");
  EXPECT_EQ(Run({"--all", "both"}).status, 0);
  EXPECT_EQ(Run({"-a", "both", "missing"}).status, 1);
  EXPECT_EQ(Run({"-a", "./here"}).output, "./here\n");
}

TEST_F(WhichTest, AllSaysWhyOneCannotRun) {
  WriteFile("a/plain", "#!/bin/sh\n", 0644);
  WriteFile("b/plain", "#!/bin/sh\n", 0755);
  const Outcome outcome = Run({"-a", "plain"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "b/plain\n");
  EXPECT_EQ(outcome.errors,
            "which: a/plain: may not be executed; chmod +x, or run it with: run FILE\n");
  // What may be executed is printed whatever it is: a shell may know what to do with it.
  WriteFile("b/plain", "#!/no/such/interpreter\r\n", 0755);
  const Outcome script = Run({"-a", "plain", "directory"});
  EXPECT_EQ(script.output, "b/plain\nb/directory\n");
  EXPECT_THAT(script.errors, HasSubstr("which: b/plain: has a carriage return at the end of"));
  EXPECT_THAT(script.errors,
              HasSubstr("which: b/plain: wants the interpreter /no/such/interpreter, which is"));
  EXPECT_THAT(script.errors, HasSubstr("which: a/directory: is a directory; "));
  EXPECT_THAT(script.errors, HasSubstr("which: b/directory: is empty; "));
  EXPECT_EQ(Run({"plain"}).errors, "") << "without -a";
  EXPECT_EQ(Run({"-as", "plain"}).errors, "");
}

TEST_F(WhichTest, Silent) {
  const Outcome outcome = Run({"-s", "both"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "");
  EXPECT_EQ(Run({"--silent", "both", "missing"}).status, 1);
}

TEST_F(WhichTest, EmptyEntriesAreTheWorkingDirectory) {
  for (const char* const path : {":a", "a:", "a::b", "", ":"}) {
    environment["PATH"] = path;
    EXPECT_EQ(Run({"here"}).output, "./here\n") << path;
  }
  environment["PATH"] = ".";
  EXPECT_EQ(Run({"here"}).output, "./here\n");
  environment["PATH"] = "b/";
  EXPECT_EQ(Run({"both"}).output, "b/both\n");
}

TEST_F(WhichTest, WithoutPathTheUsualPlaces) {
  environment.erase("PATH");
  EXPECT_EQ(Run({"sh"}).output, "/bin/sh\n");
}

TEST_F(WhichTest, WrongOption) {
  const Outcome outcome = Run({"-x"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.errors, StartsWith("which: invalid option -- 'x'\n"));
}

TEST_F(WhichTest, OneLookAtWhatIsMissing) {
  EXPECT_EQ(Run({"missing"}).calls, 4U);
  EXPECT_EQ(Run({"both"}).calls, 3U) << "what it is, whether it may be executed, and write";
}

TEST_F(WhichTest, WhatHindersTheSearchIsReported) {
  const Outcome outcome = Run({"both"}, "", {.call = 0, .error = EIO});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "b/both\n");
  EXPECT_EQ(outcome.errors, "which: a/both: Input/output error\n");
  EXPECT_EQ(RunInto("/dev/full", {"both"}).errors, "which: write error: No space left on device\n");
  environment["PATH"] = "b";
  // Neither does the search end where it cannot be said what is wrong.
  ForEachFault(
      {"-a", "one"}, "",
      [this] {
        MakeDirectory("b");
        WriteFile("b/one", "#!/bin/sh\n", 0755);
      },
      [](const FaultOutcome& fault) {
        if (fault.outcome.status == 0) EXPECT_EQ(fault.outcome.output, "b/one\n");
      });
  ForEachFault(
      {"one"}, "",
      [this] {
        MakeDirectory("b");
        WriteFile("b/one", "", 0755);
      },
      [](const FaultOutcome& fault) { EXPECT_NE(fault.outcome.output, "b/one\n"); });
}

}  // namespace
}  // namespace cation::testing
