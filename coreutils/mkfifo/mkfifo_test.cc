// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using sys::fault::Call;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class MkfifoTest : public UtilityTestCase {
 protected:
  MkfifoTest() : UtilityTestCase("mkfifo") {}

  mode_t ModeMade(const std::string& mode, mode_t mask = 022) {
    Clear();
    ::umask(mask);
    const Outcome outcome = Run({"-m", mode, "p"});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_TRUE(S_ISFIFO(Lstat("p").st_mode));
    return Permissions("p");
  }
};

TEST_F(MkfifoTest, MakesFifos) {
  const Outcome outcome = Run({"a", "b c"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output + outcome.errors, "");
  EXPECT_EQ(Tree(), "a (special)\nb c (special)\n");
  EXPECT_EQ(Permissions("a"), 0644U);
  EXPECT_TRUE(S_ISFIFO(Lstat("a").st_mode));
}

TEST_F(MkfifoTest, Modes) {
  EXPECT_EQ(ModeMade("600"), 0600U);
  EXPECT_EQ(ModeMade("0"), 0U);
  EXPECT_EQ(ModeMade("777", 077), 0777U) << "the umask does not count";
  EXPECT_EQ(ModeMade("a=rw", 077), 0666U);
  EXPECT_EQ(ModeMade("u=rwx,go="), 0700U);
  EXPECT_EQ(ModeMade("go-w"), 0644U) << "from a=rw on";
  EXPECT_EQ(ModeMade("+x", 022), 0777U);
  EXPECT_EQ(ModeMade("-w", 022), 0466U);
  EXPECT_EQ(ModeMade("+X"), 0666U) << "nobody has x, and it is no directory";
  EXPECT_EQ(ModeMade("g=u,o="), 0660U);
}

TEST_F(MkfifoTest, ModeIsRightAtCreation) {
  (void)Run({"--mode=a=rw", "p"});
  fault_runs = false;  // the trace of the run itself is wanted
  Clear();
  (void)Run({"--mode=a=rw", "p"});
  ASSERT_EQ(sys::fault::Trace().size(), 1U);
  EXPECT_EQ(sys::fault::Trace()[0].call, Call::kMakeFifo);
  EXPECT_EQ(Permissions("p"), 0666U);
}

TEST_F(MkfifoTest, WrongModes) {
  for (const char* const mode : {"8", "", "u+q", "rw", "77777", "u=r,"}) {
    const Outcome outcome = Run({"-m", mode, "p"});
    EXPECT_EQ(outcome.status, 1) << mode;
    EXPECT_THAT(outcome.errors, HasSubstr("invalid mode\nTry ")) << mode;
  }
  for (const char* const mode : {"1644", "u+s", "g+s", "o+t,a+t", "7777", "2000"}) {
    EXPECT_EQ(Run({"-m", mode, "p"}).errors,
              std::string("mkfifo: ") + mode + ": the mode of a FIFO has permission bits only\n");
  }
  EXPECT_EQ(Tree(), "");
}

TEST_F(MkfifoTest, GoesOnAfterABadOperand) {
  WriteFile("f", "f");
  MakeDirectory("d");
  const Outcome outcome = Run({"f", "d", "no/such", "f/x", "", "d/", "new/", "p"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "mkfifo: f: File exists\n"
            "mkfifo: d: File exists\n"
            "mkfifo: no/such: No such file or directory\n"
            "mkfifo: f/x: Not a directory\n"
            "mkfifo: '': No such file or directory\n"
            "mkfifo: d/: File exists\n"
            "mkfifo: new/: No such file or directory\n");
  EXPECT_EQ(Tree(), "d/\nf: f\np (special)\n");
}

TEST_F(MkfifoTest, Contexts) {
  EXPECT_EQ(Run({"-Z", "a"}).errors, "");
  EXPECT_EQ(Run({"--context", "b"}).errors,
            "mkfifo: warning: ignoring --context: there are none here\n");
  EXPECT_EQ(Run({"--context=x", "c"}).status, 0);
  EXPECT_EQ(Tree(), "a (special)\nb (special)\nc (special)\n");
}

TEST_F(MkfifoTest, EveryFault) {
  EXPECT_EQ(Run({}).status, 1);
  const std::size_t faults = ForEachFault(
      {"-m", "600", "a", "b"}, "", [] {},
      [&](const FaultOutcome& fault) {
        EXPECT_EQ(fault.outcome.status, 1);
        EXPECT_THAT(fault.outcome.errors, StartsWith("mkfifo: "));
        EXPECT_TRUE(Exists("a") || Exists("b")) << "one fails, the other is made";
      });
  EXPECT_GT(faults, 5U);
}

}  // namespace
}  // namespace cation::testing
