// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using sys::fault::Call;
using ::testing::StartsWith;

class RmdirTest : public UtilityTestCase {
 protected:
  RmdirTest() : UtilityTestCase("rmdir") {}
};

TEST_F(RmdirTest, RemovesEmptyDirectories) {
  for (const char* const name : {"a", "b", "c", "c/d", "e f"}) MakeDirectory(name);
  const Outcome outcome = Run({"a", "b/", "c/d", "e f"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output + outcome.errors, "");
  EXPECT_EQ(Tree(), "c/\n");
}

TEST_F(RmdirTest, GoesOnAfterABadOperand) {
  MakeDirectory("full");
  WriteFile("full/f", "");
  WriteFile("f", "");
  MakeDirectory("a");
  MakeLink("a", "l");
  const Outcome outcome = Run({"full", "f", "missing", "l", "", "a"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "rmdir: full: Directory not empty\n"
            "rmdir: f: Not a directory\n"
            "rmdir: missing: No such file or directory\n"
            "rmdir: l: Not a directory\n"
            "rmdir: '': No such file or directory\n");
  EXPECT_EQ(Tree(), "f: \nfull/\nfull/f: \nl -> a\n");
}

TEST_F(RmdirTest, DotsAreRefusedWithoutACall) {
  MakeDirectory("d");
  MakeDirectory("d/e");
  const Outcome outcome = Run({".", "d/e/.", "d/e/./", "d/e//."});
  EXPECT_EQ(outcome.errors,
            "rmdir: .: Invalid argument\n"
            "rmdir: d/e/.: Invalid argument\n"
            "rmdir: d/e/./: Invalid argument\n"
            "rmdir: d/e//.: Invalid argument\n");
  for (const sys::fault::TracedCall& call : sys::fault::Trace())
    EXPECT_NE(call.call, Call::kRemove);
  EXPECT_EQ(Run({"d/e/..", "..", "no/.."}).errors,
            "rmdir: d/e/..: Directory not empty\n"
            "rmdir: ..: Directory not empty\n"
            "rmdir: no/..: No such file or directory\n");
  EXPECT_EQ(Tree(), "d/\nd/e/\n");
}

TEST_F(RmdirTest, Parents) {
  MakeDirectory("a");
  MakeDirectory("a/b");
  MakeDirectory("a/b/c");
  EXPECT_EQ(Run({"-p", "a/b//c/"}).status, 0);
  EXPECT_EQ(Tree(), "");
  MakeDirectory("a");
  MakeDirectory("a/b");
  MakeDirectory("a/x");
  EXPECT_EQ(Run({"--parents", "a/b"}).errors, "rmdir: a: Directory not empty\n");
  EXPECT_EQ(Tree(), "a/\na/x/\n");
  EXPECT_EQ(Run({"--path", "./a/x"}).errors, "rmdir: .: Invalid argument\n");
  EXPECT_EQ(Tree(), "");
}

TEST_F(RmdirTest, IgnoresNonEmpty) {
  MakeDirectory("a");
  MakeDirectory("a/b");
  MakeDirectory("a/x");
  EXPECT_EQ(Run({"--ignore-fail-on-non-empty", "a"}).status, 0);
  const Outcome outcome = Run({"-p", "--ignore-fail-on-non-empty", "a/b", "missing"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "rmdir: missing: No such file or directory\n");
  EXPECT_EQ(Tree(), "a/\na/x/\n");
}

// Other errors may come first, or be all that a 9p share has.
TEST_F(RmdirTest, IgnoresNonEmptyWithAnotherError) {
  MakeDirectory("full");
  MakeDirectory("full/x");
  MakeDirectory("empty");
  for (const int error : {EACCES, EPERM, EROFS, EBUSY, EIO, EEXIST}) {
    EXPECT_EQ(Run({"--ignore-fail-on-non-empty", "full"}, "", {.call = 0, .error = error}).status,
              0);
    const int want = error == EEXIST ? 0 : 1;
    EXPECT_EQ(Run({"--ignore-fail-on-non-empty", "empty"}, "", {.call = 0, .error = error}).status,
              want);
  }
  EXPECT_EQ(Run({"full"}, "", {.call = 0, .error = EIO}).status, 1);
}

TEST_F(RmdirTest, Verbose) {
  MakeDirectory("a");
  MakeDirectory("a/b");
  MakeDirectory("c");
  WriteFile("c/f", "");
  const Outcome outcome = Run({"-pv", "a/b", "c"});
  EXPECT_EQ(outcome.output, "rmdir: removing directory, 'a/b'\nrmdir: removing directory, 'a'\n");
  EXPECT_EQ(outcome.errors, "rmdir: c: Directory not empty\n");
  MakeDirectory("a");
  EXPECT_EQ(Run({"--verbose", "a"}).output, "rmdir: removing directory, 'a'\n");
  EXPECT_EQ(RunInto("/dev/full", {"-v", "missing"}).status, 1);
}

TEST_F(RmdirTest, OneCall) {
  MakeDirectory("a");
  fault_runs = false;  // the trace of the run itself is wanted
  (void)Run({"a"});
  EXPECT_EQ(sys::fault::Trace().size(), 1U);
}

TEST_F(RmdirTest, EveryFault) {
  const auto prepare = [&] {
    MakeDirectory("a");
    MakeDirectory("a/b");
    MakeDirectory("c");
    WriteFile("c/f", "");
  };
  const std::size_t faults =
      ForEachFault({"-pv", "--ignore-fail-on-non-empty", "a/b", "c"}, "", prepare,
                   [&](const FaultOutcome& fault) {
                     EXPECT_EQ(ReadFile("c/f"), "");
                     const bool removed = !Exists("a");
                     if (fault.outcome.status == 0) {
                       EXPECT_TRUE(removed || fault.error == EEXIST || Exists("a/b") ||
                                   fault.call.call == Call::kRemove);
                     } else if (!fault.OfMessage() && fault.error != EPIPE) {
                       EXPECT_THAT(fault.outcome.errors, StartsWith("rmdir: "));
                     }
                     // Nothing is called removed that is there.
                     if (Exists("a")) {
                       EXPECT_EQ(fault.outcome.output.find("'a'"), std::string::npos);
                     }
                   });
  EXPECT_GT(faults, 8U);
  EXPECT_EQ(Run({}).status, 1);
}

}  // namespace
}  // namespace cation::testing
