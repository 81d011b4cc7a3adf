// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

class CatTest : public UtilityTestCase {
 protected:
  CatTest() : UtilityTestCase("cat") {}

  std::string Show(const std::string& option, const std::string& input) {
    const Outcome outcome = Run({option}, input);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    return outcome.output;
  }
};

TEST_F(CatTest, ConcatenatesInOrder) {
  WriteFile("a", "one\n");
  WriteFile("b", std::string("t\0wo", 4));
  const Outcome outcome = Run({"b", "a", "b"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, std::string("t\0woone\nt\0wo", 12));
  EXPECT_EQ(outcome.errors, "");
}

TEST_F(CatTest, StandardInputByDashAndByDefault) {
  WriteFile("a", "A");
  EXPECT_EQ(Run({}, "in").output, "in");
  EXPECT_EQ(Run({"a", "-", "a"}, "in").output, "AinA");
  // At its end the second time.
  EXPECT_EQ(Run({"-", "-"}, "in").output, "in");
}

TEST_F(CatTest, OperandsThatBeginWithDash) {
  WriteFile("-n", "dash\n");
  EXPECT_EQ(Run({"--", "-n"}).output, "dash\n");
  EXPECT_EQ(Run({"./-n"}).output, "dash\n");
}

TEST_F(CatTest, ReportsWhatCannotBeReadAndGoesOn) {
  WriteFile("a", "A\n");
  MakeDirectory("d");
  const Outcome outcome = Run({"nosuch", "a", "d", "a"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "A\nA\n");
  EXPECT_EQ(outcome.errors, "cat: nosuch: No such file or directory\ncat: d: Is a directory\n");
}

TEST_F(CatTest, NumbersLines) {
  EXPECT_EQ(Show("-n", "a\n\nb"), "     1\ta\n     2\t\n     3\tb");
  EXPECT_EQ(Show("-b", "a\n\nb\n"), "     1\ta\n\n     2\tb\n");
  EXPECT_EQ(Run({"-n", "-b"}, "a\n\n").output, "     1\ta\n\n");
  EXPECT_EQ(Run({"-b", "-n"}, "a\n\n").output, "     1\ta\n\n") << "-b goes before -n in any order";
}

TEST_F(CatTest, NumbersGoOnFromFileToFile) {
  WriteFile("a", "1\n2");
  WriteFile("b", "still 2\n3\n");
  EXPECT_EQ(Run({"-n", "a", "b"}).output, "     1\t1\n     2\t2still 2\n     3\t3\n");
}

TEST_F(CatTest, LineNumbersBeyondSixDigits) {
  const std::string output = Show("-n", std::string(1000000, '\n'));
  EXPECT_THAT(output, HasSubstr("\n999999\t\n1000000\t\n"));
}

TEST_F(CatTest, SqueezesBlankLines) {
  EXPECT_EQ(Show("-s", "\n\n\na\n\n\nb\n\n"), "\na\n\nb\n\n");
  WriteFile("a", "x\n\n");
  WriteFile("b", "\n\ny\n");
  EXPECT_EQ(Run({"-s", "a", "b"}).output, "x\n\ny\n");
  EXPECT_EQ(Run({"-sn"}, "\n\n\nz\n").output, "     1\t\n     2\tz\n");
}

TEST_F(CatTest, ShowsEndsTabsAndControlBytes) {
  EXPECT_EQ(Show("-E", "a\n\nb"), "a$\n$\nb");
  EXPECT_EQ(Show("-T", "a\tb\n"), "a^Ib\n");
  EXPECT_EQ(Show("-v", "a\tb\x01\x7f\x80\x8a\xff\xc3\xa9\r\n"), "a\tb^A^?M-^@M-^JM-^?M-CM-)^M\n");
  EXPECT_EQ(Show("-A", "a\tb\x01\n"), "a^Ib^A$\n");
  EXPECT_EQ(Show("-e", "a\tb\x01\n"), "a\tb^A$\n");
  EXPECT_EQ(Show("-t", "a\tb\x01\n"), "a^Ib^A\n");
  EXPECT_EQ(Show("-u", "a\n"), "a\n");
}

TEST_F(CatTest, CarriageReturnBeforeAnEndIsShownWithE) {
  EXPECT_EQ(Show("-E", "a\r\nb\rc\n\r"), "a^M$\nb\rc$\n\r");
  WriteFile("a", "x\r");
  WriteFile("b", "\ny");
  EXPECT_EQ(Run({"-E", "a", "b"}).output, "x^M$\ny");
}

TEST_F(CatTest, LongOptions) {
  const std::string input = "a\t\n\n\nb\x01\n";
  EXPECT_EQ(Show("--show-all", input), Show("-A", input));
  EXPECT_EQ(Show("--number-nonblank", input), Show("-b", input));
  EXPECT_EQ(Show("--show-ends", input), Show("-E", input));
  EXPECT_EQ(Show("--number", input), Show("-n", input));
  EXPECT_EQ(Show("--squeeze-blank", input), Show("-s", input));
  EXPECT_EQ(Show("--show-tabs", input), Show("-T", input));
  EXPECT_EQ(Show("--show-nonprinting", input), Show("-v", input));
}

TEST_F(CatTest, OutputIsRefusedAsInputWhereItWouldNotEnd) {
  WriteFile("a", "text\n");
  WriteFile("b", "more\n");
  const Outcome outcome = RunInto("a", {"a", "b"}, "", O_APPEND);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "cat: a: input file is output file\n");
  // The rest is still written.
  EXPECT_EQ(ReadFile("a"), "text\nmore\n");

  WriteFile("c", "123456789\n");
  EXPECT_EQ(RunInto("c", {"b", "c"}).status, 1) << "b is already where c would be read";
  EXPECT_EQ(ReadFile("c"), "more\n6789\n");
}

TEST_F(CatTest, FileIsCopiedOverItself) {
  WriteFile("a", "text\n");
  WriteFile("b", "more\n");
  const Outcome outcome = RunInto("a", {"a", "b"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(ReadFile("a"), "text\nmore\n");
}

TEST_F(CatTest, AppendedFilesComeAfterWhatIsThere) {
  WriteFile("a", "text\n");
  WriteFile("b", "more\n");
  EXPECT_EQ(RunInto("a", {"b", "b", "b"}, "", O_APPEND).status, 0);
  EXPECT_EQ(ReadFile("a"), "text\nmore\nmore\nmore\n");
  std::size_t refused = 0;
  for (const fault::TracedCall& call : fault::Trace())
    refused += call.call == fault::Call::kTransfer ? 1 : 0;
  EXPECT_LE(refused, 2U) << "what refuses once is asked again";
}

TEST_F(CatTest, OutputThatIsNotThereIsReported) {
  WriteFile("a", "text\n");
  const Outcome outcome = Run({"a"}, "", {.call = 0, .error = EIO});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "cat: standard output: Input/output error\n");
  EXPECT_EQ(outcome.output, "");
}

TEST_F(CatTest, TransferThatStopsInTheMiddleIsCompleted) {
  std::string content;
  for (int i = 0; i < 100000; ++i) content += std::to_string(i) + "\n";
  WriteFile("a", content);
  (void)Run({"a"});
  std::size_t call = 0;
  while (fault::Trace()[call].call != fault::Call::kTransfer) ++call;
  ASSERT_EQ(Run({"a"}, "", {.call = call, .error = fault::kShort}).output, content);
  // Then an error of either side, or a wrong end, after one byte has gone.
  for (const int error : {EIO, ENOSPC, EINVAL, fault::kEnd}) {
    EXPECT_EQ(Run({"a"}, "", {.call = call + 1, .error = error}).output, content);
    EXPECT_EQ(Run({"a"}, "", {.call = call, .error = error, .times = 10}).output, content);
  }
}

TEST_F(CatTest, PipesAreMovedWhole) {
  fault_runs = false;  // somebody writes to it once
  std::string content;
  for (int i = 0; i < 20000; ++i) content += std::to_string(i) + "\n";
  content.resize(content.size() / 1000 * 1000);
  ASSERT_EQ(::mkfifo("pipe", 0600), 0);
  std::thread writer([&] {
    const int pipe = ::open("pipe", O_WRONLY);
    for (std::size_t done = 0; done < content.size();)
      done += static_cast<std::size_t>(::write(pipe, content.data() + done, 1000));
    ::close(pipe);
  });
  EXPECT_EQ(Run({"pipe"}).output, content);
  writer.join();
}

TEST_F(CatTest, EmptyOutputFileIsNoDangerAsInput) {
  WriteFile("a", "");
  EXPECT_EQ(RunInto("a", {"a"}).status, 0);
}

TEST_F(CatTest, FullDeviceIsReportedOnce) {
  WriteFile("a", "text\n");
  const Outcome outcome = RunInto("/dev/full", {"a", "a"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "cat: write error: No space left on device\n");
  EXPECT_EQ(RunInto("/dev/full", {"-n", "a"}).errors,
            "cat: write error: No space left on device\n");
}

TEST_F(CatTest, ClosedPipeIsQuiet) {
  WriteFile("a", "text\n");
  (void)Run({"-n", "a"});
  std::size_t write = 0;
  while (fault::Trace()[write].call != fault::Call::kWrite) ++write;
  const Outcome outcome = Run({"-n", "a"}, "", {.call = write, .error = EPIPE});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "");
}

TEST_F(CatTest, WrongOptionsAreOneClearLine) {
  const Outcome outcome = Run({"-z"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "cat: invalid option -- 'z'\nTry 'cat --help' for more information.\n");
  EXPECT_THAT(Run({"--numbers"}).errors, StartsWith("cat: unrecognized option '--numbers'\n"));
  EXPECT_THAT(Run({"--show"}).errors, StartsWith("cat: option '--show' is ambiguous\n"));
  EXPECT_THAT(Run({"--number=3"}).errors,
              StartsWith("cat: option '--number' doesn't allow an argument\n"));
}

TEST_F(CatTest, NamesWithControlBytesAreQuotedInMessages) {
  const Outcome outcome = Run({"no\nsuch", "a\x1b[2J", "b c", "\xff", "it's"});
  EXPECT_EQ(outcome.errors,
            "cat: $'no\\nsuch': No such file or directory\n"
            "cat: $'a\\033[2J': No such file or directory\n"
            "cat: 'b c': No such file or directory\n"
            "cat: $'\\377': No such file or directory\n"
            "cat: 'it'\\''s': No such file or directory\n");
}

TEST_F(CatTest, OneMebibyteTakesAtMostEightCalls) {
  WriteFile("a", std::string(1024 * 1024, 'x'));
  const Outcome outcome = Run({"a"});
  EXPECT_EQ(outcome.output.size(), 1024U * 1024);
  EXPECT_LE(outcome.calls, 8U);
}

TEST_F(CatTest, SmallFileTakesOneRead) {
  WriteFile("a", "small");
  EXPECT_LE(Run({"a"}).calls, 6U);
}

TEST_F(CatTest, FilesThatSayTheyAreEmptyAreReadToTheirEnd) {
  fault_runs = false;  // it is another each time
  const Outcome outcome = Run({"/proc/self/status"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output, HasSubstr("\nUid:"));
}

TEST_F(CatTest, FilesThatAreLargerThanTheBuffer) {
  std::string content(3 * 1024 * 1024 + 17, 'x');
  for (std::size_t i = 0; i < content.size(); i += 4099)
    content[i] = static_cast<char>('a' + i % 26);
  WriteFile("a", content);
  EXPECT_EQ(Run({"a"}).output, content);
}

TEST_F(CatTest, EveryFault) {
  const auto prepare = [this] {
    WriteFile("a", "first\n");
    WriteFile("b", "second\n");
  };
  for (const bool numbered : {false, true}) {
    std::vector<std::string> arguments = {"a", "b"};
    if (numbered) arguments.insert(arguments.begin(), "-n");
    const std::string whole = numbered ? "     1\tfirst\n     2\tsecond\n" : "first\nsecond\n";
    const std::size_t faults = ForEachFault(arguments, "", prepare, [&](const FaultOutcome& fault) {
      if (fault.call.call == fault::Call::kClose) {
        EXPECT_EQ(fault.outcome.output, whole) << "all had been read";
        return;
      }
      EXPECT_EQ(fault.outcome.status, 1);
      EXPECT_EQ(ReadFile("a"), "first\n");
      if (fault.error == EPIPE) {
        EXPECT_EQ(fault.outcome.errors, "");
      } else {
        EXPECT_THAT(fault.outcome.errors,
                    ::testing::MatchesRegex("cat: (a|b|write error|standard output): .*\n"));
      }
      // All may be there already when it is the end that cannot be read.
      EXPECT_LE(fault.outcome.output.size(), whole.size());
    });
    EXPECT_GT(faults, 30U);
  }
}

}  // namespace
}  // namespace cation::testing
