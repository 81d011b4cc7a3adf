// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sys/utsname.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;
namespace fault = sys::fault;

class UnameTest : public UtilityTestCase {
 protected:
  UnameTest() : UtilityTestCase("uname") { ::uname(&host_); }

  utsname host_{};
};

TEST_F(UnameTest, EachPart) {
  const std::string system = std::string(host_.sysname) + "\n";
  const std::string node = std::string(host_.nodename) + "\n";
  const std::string release = std::string(host_.release) + "\n";
  const std::string version = std::string(host_.version) + "\n";
  const std::string machine = std::string(host_.machine) + "\n";
  EXPECT_EQ(Run({}).output, system);
  for (const char* const option : {"-s", "--kernel-name"}) EXPECT_EQ(Run({option}).output, system);
  for (const char* const option : {"-n", "--nodename"}) EXPECT_EQ(Run({option}).output, node);
  for (const char* const option : {"-r", "--kernel-release"})
    EXPECT_EQ(Run({option}).output, release);
  for (const char* const option : {"-v", "--kernel-version"})
    EXPECT_EQ(Run({option}).output, version);
  for (const char* const option : {"-m", "--machine"}) EXPECT_EQ(Run({option}).output, machine);
  for (const char* const option : {"-p", "--processor", "-i", "--hardware-platform"})
    EXPECT_EQ(Run({option}).output, "unknown\n");
  for (const char* const option : {"-o", "--operating-system"})
    EXPECT_EQ(Run({option}).output, "GNU/Linux\n");
}

TEST_F(UnameTest, OrderIsFixed) {
  const std::string both = std::string(host_.sysname) + " " + host_.machine + "\n";
  EXPECT_EQ(Run({"-ms"}).output, both);
  EXPECT_EQ(Run({"-m", "-s", "-m"}).output, both);
  EXPECT_EQ(Run({"-pi"}).output, "unknown unknown\n");
}

TEST_F(UnameTest, AllLeavesOutWhatIsUnknown) {
  const std::string all = std::string(host_.sysname) + " " + host_.nodename + " " + host_.release +
                          " " + host_.version + " " + host_.machine + " GNU/Linux\n";
  EXPECT_EQ(Run({"-a"}).output, all);
  EXPECT_EQ(Run({"--all"}).output, all);
  EXPECT_EQ(Run({"-a", "-p"}).output, all);
  EXPECT_EQ(Run({"-a"}).calls, 2U);
}

TEST_F(UnameTest, ExtraOperand) {
  const Outcome outcome = Run({"-s", "x"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "");
  EXPECT_THAT(outcome.errors, StartsWith("uname: x: extra operand\n"));
}

TEST_F(UnameTest, EveryFault) {
  EXPECT_EQ(RunInto("/dev/full", {}).errors, "uname: write error: No space left on device\n");
  ForEachFault(
      {"-a"}, "", [] {},
      [](const FaultOutcome& fault) {
        EXPECT_EQ(fault.outcome.status, 1);
        EXPECT_EQ(fault.outcome.output, "");
      });
  EXPECT_EQ(Run({}, "", {.call = 0, .error = EIO}).errors,
            "uname: cannot get the system's name: Input/output error\n");
}

}  // namespace
}  // namespace cation::testing
