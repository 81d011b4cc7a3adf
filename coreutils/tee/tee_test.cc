// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

class TeeTest : public UtilityTestCase {
 protected:
  TeeTest() : UtilityTestCase("tee") {}

  void SetUp() override {
    UtilityTestCase::SetUp();
    excused = [](const FaultOutcome& fault) {
      // What cannot be ignored is left as it is.
      if (fault.call.call == fault::Call::kSignalAction) return true;
      // -p is for outputs that may close.
      return fault.error == EPIPE && fault.outcome.status == 0;
    };
  }

  // Fails the second write, which is that to the first file.
  Outcome RunFailing(const std::vector<std::string>& arguments, int error, std::size_t which = 1) {
    std::size_t writes = 0;
    fault::SetHook([=](std::size_t, const fault::TracedCall& call) mutable {
      return call.call == fault::Call::kWrite && writes++ == which ? error : 0;
    });
    return Run(arguments, "text\n");
  }
};

TEST_F(TeeTest, CopiesToAll) {
  WriteFile("b", "what was there before");
  const Outcome outcome = Run({"a", "b"}, "text\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "text\n");
  EXPECT_EQ(Tree(), "a: text\n\nb: text\n\n");
  EXPECT_EQ(Permissions("a"), 0644U);
  EXPECT_EQ(Run({}, "text\n").output, "text\n");
  EXPECT_EQ(Run({"c"}, "").output, "");
  EXPECT_EQ(ReadFile("c"), "");
}

TEST_F(TeeTest, ManyFilesAndMuchText) {
  std::vector<std::string> names;
  for (int i = 0; i < 30; ++i) names.push_back("f" + std::to_string(i));
  std::string text;
  for (int i = 0; i < 50000; ++i) text += std::to_string(i) + "\n";
  EXPECT_TRUE(Run(names, text).output == text);
  for (const std::string& name : names) EXPECT_TRUE(ReadFile(name) == text) << name;
}

TEST_F(TeeTest, Appends) {
  WriteFile("a", "1\n");
  EXPECT_EQ(Run({"-a", "a", "b"}, "2\n").status, 0);
  EXPECT_EQ(Run({"--append", "a", "b"}, "3\n").status, 0);
  EXPECT_EQ(Tree(), "a: 1\n2\n3\n\nb: 2\n3\n\n");
}

TEST_F(TeeTest, DashIsAFile) {
  EXPECT_EQ(Run({"-"}, "text\n").output, "text\n");
  EXPECT_EQ(ReadFile("./-"), "text\n");
  EXPECT_EQ(Run({"--", "-a"}, "x").output, "x");
  EXPECT_EQ(ReadFile("./-a"), "x");
}

TEST_F(TeeTest, WhatCannotBeOpenedDoesNotStopTheRest) {
  MakeDirectory("d");
  const Outcome outcome = Run({"d", "missing/x", "a"}, "text\n");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "text\n");
  EXPECT_EQ(ReadFile("a"), "text\n");
  EXPECT_EQ(outcome.errors, "tee: d: Is a directory\ntee: missing/x: No such file or directory\n");
  const Outcome stopped = Run({"--output-error=exit", "d", "b"}, "text\n");
  EXPECT_EQ(stopped.status, 1);
  EXPECT_EQ(stopped.output, "");
  EXPECT_FALSE(Exists("b"));
}

TEST_F(TeeTest, WhatFailsIsReportedAndTheRestGoesOn) {
  Outcome outcome = RunFailing({"a", "b"}, ENOSPC);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "text\n");
  EXPECT_EQ(outcome.errors, "tee: a: No space left on device\n");
  EXPECT_EQ(ReadFile("b"), "text\n");
  outcome = RunFailing({"c"}, EIO, 0);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "tee: 'standard output': Input/output error\n");
  EXPECT_EQ(ReadFile("c"), "text\n");
}

TEST_F(TeeTest, FullDevices) {
  const Outcome outcome = RunInto("/dev/full", {"a", "/dev/full"}, "text\n");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, HasSubstr("'standard output': No space left on device\n"));
  EXPECT_THAT(outcome.errors, HasSubstr("tee: /dev/full: No space left on device\n"));
  EXPECT_EQ(ReadFile("a"), "text\n");
}

TEST_F(TeeTest, WhatAClosedPipeLeadsTo) {
  EXPECT_EQ(RunFailing({"a"}, EPIPE, 0).status, 1);
  EXPECT_EQ(RunFailing({"a"}, EPIPE, 0).errors, "");
  EXPECT_EQ(ReadFile("a"), "text\n");
  for (const char* const option :
       {"-p", "--output-error", "--output-error=warn-nopipe", "--output-error=exit-nopipe"}) {
    const Outcome outcome = RunFailing({option, "b"}, EPIPE, 0);
    EXPECT_EQ(outcome.status, 0) << option;
    EXPECT_EQ(outcome.errors, "") << option;
    EXPECT_EQ(ReadFile("b"), "text\n");
  }
  Outcome outcome = RunFailing({"--output-error=warn", "c"}, EPIPE, 0);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, HasSubstr("'standard output': Broken pipe\n"));
  EXPECT_EQ(ReadFile("c"), "text\n");
  outcome = RunFailing({"--output-error=exit", "d"}, EPIPE, 0);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(ReadFile("d"), "");
  outcome = RunFailing({"--output-error=exit-nopipe", "e", "f"}, EIO);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "tee: e: Input/output error\n");
  EXPECT_EQ(ReadFile("f"), "");
}

TEST_F(TeeTest, EndsWhenNoOutputIsLeft) {
  fault::SetHook([](std::size_t, const fault::TracedCall& call) {
    return call.call == fault::Call::kWrite ? EPIPE : 0;
  });
  const Outcome outcome = Run({"-p", "a"}, std::string(1000000, 'x'));
  EXPECT_LE(outcome.calls, 8U);
}

TEST_F(TeeTest, WaitsForWhatTakesNothingNow) {
  std::size_t refused = 0;
  fault::SetHook([=](std::size_t, const fault::TracedCall& call) mutable {
    return call.call == fault::Call::kWrite && refused++ < 3 ? EAGAIN : 0;
  });
  const Outcome outcome = Run({"a"}, "text\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "text\n");
  EXPECT_EQ(ReadFile("a"), "text\n");
}

TEST_F(TeeTest, IgnoresInterrupts) {
  for (const char* const option : {"-i", "--ignore-interrupts"}) {
    bool ignored = false;
    fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
      struct sigaction action{};
      ::sigaction(SIGINT, nullptr, &action);
      if (call.call == fault::Call::kRead) ignored = action.sa_handler == SIG_IGN;
      return 0;
    });
    EXPECT_EQ(Run({option}, "text\n").output, "text\n");
    EXPECT_TRUE(ignored) << option;
  }
}

TEST_F(TeeTest, InputErrors) {
  MakeDirectory("d");
  std::size_t reads = 0;
  fault::SetHook([=](std::size_t, const fault::TracedCall& call) mutable {
    return call.call == fault::Call::kRead && reads++ == 1 ? EIO : 0;
  });
  const Outcome outcome = Run({"a"}, "text\n");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "tee: read error: Input/output error\n");
  EXPECT_EQ(ReadFile("a"), "text\n");
}

TEST_F(TeeTest, WrongOptions) {
  EXPECT_THAT(Run({"--output-error=sometimes"}).errors,
              StartsWith("tee: sometimes: invalid argument for '--output-error'"));
  EXPECT_THAT(Run({"--output-error="}).errors, HasSubstr("invalid argument"));
  EXPECT_EQ(Run({"--output-error=warn-", "a"}, "x").status, 0) << "how it begins";
}

TEST_F(TeeTest, FewCalls) {
  EXPECT_LE(Run({"a"}, "text\n").calls, 6U) << "open, read, write, write, read, close";
}

TEST_F(TeeTest, EveryFault) {
  const std::size_t faults = ForEachFault(
      {"-ia", "a", "b"}, "text\n",
      [&] {
        WriteFile("a", "first\n");
        WriteFile("b", "");
      },
      [&](const FaultOutcome& fault) {
        EXPECT_THAT(ReadFile("a"), StartsWith("first\n"));
        if (fault.call.call == fault::Call::kSignalAction) return;
        EXPECT_EQ(fault.outcome.status, 1);
        // What fails is alone with that.
        const bool is_write = fault.call.call == fault::Call::kWrite;
        const int whole = (fault.outcome.output == "text\n") + (ReadFile("a") == "first\ntext\n") +
                          (ReadFile("b") == "text\n");
        if (is_write && !fault.OfMessage()) {
          EXPECT_EQ(whole, 2);
        }
      });
  EXPECT_GT(faults, 20U);
}

}  // namespace
}  // namespace cation::testing
