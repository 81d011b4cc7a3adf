// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"
#include "runtime/start/context.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;
namespace fault = sys::fault;

std::string Numbers(int first, int last) {
  std::string text;
  for (int i = first; i <= last; ++i) text += std::to_string(i) + "\n";
  return text;
}

class HeadTest : public UtilityTestCase {
 protected:
  HeadTest() : UtilityTestCase("head") {}

  std::string Output(const std::vector<std::string>& arguments, const std::string& input) {
    const Outcome outcome = Run(arguments, input);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.errors, "");
    return outcome.output;
  }
  // Through a pipe, whose size is not known.
  std::string OutputOfPipe(std::vector<std::string> arguments, const std::string& content) {
    fault_runs = false;  // what has been written to a pipe is read once
    EXPECT_EQ(::mkfifo("pipe", 0600), 0);
    const pid_t writer = ::fork();
    if (writer == 0) {
      const int pipe = ::open("pipe", O_WRONLY);
      for (std::size_t done = 0; done < content.size();) {
        const ssize_t count =
            ::write(pipe, content.data() + done, std::min<std::size_t>(content.size() - done, 777));
        if (count <= 0) break;
        done += static_cast<std::size_t>(count);
      }
      ::_exit(0);
    }
    arguments.push_back("pipe");
    const std::string output = Output(arguments, "");
    EXPECT_EQ(::waitpid(writer, nullptr, 0), writer);
    ::unlink("pipe");
    fault_runs = true;
    return output;
  }
};

TEST_F(HeadTest, TenLines) {
  EXPECT_EQ(Output({}, Numbers(1, 20)), Numbers(1, 10));
  EXPECT_EQ(Output({}, Numbers(1, 9)), Numbers(1, 9));
  EXPECT_EQ(Output({}, "a"), "a");
  EXPECT_EQ(Output({}, ""), "");
  EXPECT_EQ(Output({}, std::string("a\0b\n", 4)), std::string("a\0b\n", 4));
  WriteFile("f", Numbers(1, 20));
  EXPECT_EQ(Output({"f"}, ""), Numbers(1, 10));
  EXPECT_EQ(Output({"-"}, Numbers(5, 30)), Numbers(5, 14));
}

TEST_F(HeadTest, Lines) {
  EXPECT_EQ(Output({"-n", "3"}, Numbers(1, 20)), "1\n2\n3\n");
  EXPECT_EQ(Output({"-n3"}, Numbers(1, 20)), "1\n2\n3\n");
  EXPECT_EQ(Output({"--lines=3"}, "1\n2"), "1\n2");
  EXPECT_EQ(Output({"--lines", "+3"}, Numbers(1, 20)), "1\n2\n3\n");
  EXPECT_EQ(Output({"-n", "0"}, "1\n"), "");
  EXPECT_EQ(Output({"-n", "08"}, Numbers(1, 20)), Numbers(1, 8));
  EXPECT_EQ(Output({"-n", "1k"}, Numbers(1, 2000)), Numbers(1, 1024));
  EXPECT_EQ(Output({"-n", "99999999999999999999"}, Numbers(1, 20)), Numbers(1, 20));
  EXPECT_EQ(Output({"-n", "40000"}, Numbers(1, 50000)), Numbers(1, 40000));
}

TEST_F(HeadTest, AllButTheLastLines) {
  EXPECT_EQ(Output({"-n", "-1"}, "a\nb\n"), "a\n");
  EXPECT_EQ(Output({"-n", "-1"}, "a\nb"), "a\n") << "a last line without an end is one";
  EXPECT_EQ(Output({"-n", "-1"}, "a"), "");
  EXPECT_EQ(Output({"-n", "-1"}, ""), "");
  EXPECT_EQ(Output({"--lines=-0"}, "a\nb"), "a\nb");
  EXPECT_EQ(Output({"-n", "-5"}, "a\nb\n"), "");
  EXPECT_EQ(Output({"-n", "-99999999999999999999"}, "a\nb\n"), "");
  // Large files are read from their end.
  const std::string large = Numbers(1, 30000);
  WriteFile("f", large);
  WriteFile("g", large + "30001");
  EXPECT_EQ(Output({"-n", "-1", "f"}, ""), Numbers(1, 29999));
  EXPECT_EQ(Output({"-n", "-1", "g"}, ""), large);
  EXPECT_EQ(Output({"-n", "-29999", "f"}, ""), "1\n");
  EXPECT_EQ(Output({"-n", "-30000", "f"}, ""), "");
  EXPECT_EQ(Output({"-n", "-30001", "f"}, ""), "");
}

TEST_F(HeadTest, Bytes) {
  EXPECT_EQ(Output({"-c", "3"}, "abcdef"), "abc");
  EXPECT_EQ(Output({"--bytes=9"}, "abcdef"), "abcdef");
  EXPECT_EQ(Output({"-c", "0"}, "abcdef"), "");
  EXPECT_EQ(Output({"-c", "1b"}, std::string(600, 'x')), std::string(512, 'x'));
  EXPECT_EQ(Output({"-c", "1kB"}, std::string(2000, 'x')), std::string(1000, 'x'));
  EXPECT_EQ(Output({"-c", "99999999999999999999"}, "abc"), "abc");
  EXPECT_EQ(Output({"-c", "2Q"}, "abc"), "abc");
  const std::string large = Numbers(1, 200000);
  WriteFile("f", large);
  EXPECT_EQ(Output({"-c", "1000000", "f"}, ""), large.substr(0, 1000000));
  EXPECT_EQ(Output({"-c", "1G", "f"}, ""), large);
}

TEST_F(HeadTest, AllButTheLastBytes) {
  EXPECT_EQ(Output({"-c", "-2"}, "abcdef"), "abcd");
  EXPECT_EQ(Output({"--bytes=-2"}, "a"), "");
  EXPECT_EQ(Output({"--bytes=-0"}, "abc"), "abc");
  const std::string large = Numbers(1, 30000);
  WriteFile("f", large);
  EXPECT_EQ(Output({"-c", "-5", "f"}, ""), large.substr(0, large.size() - 5));
  EXPECT_EQ(Output({"-c", "-160000", "f"}, ""), large.substr(0, large.size() - 160000));
  EXPECT_EQ(Output({"-c", "-1M", "f"}, ""), "");
}

TEST_F(HeadTest, Pipes) {
  const std::string large = Numbers(1, 100000);
  EXPECT_EQ(OutputOfPipe({"-n", "50000"}, large), Numbers(1, 50000));
  EXPECT_EQ(OutputOfPipe({"-c", "300000"}, large), large.substr(0, 300000));
  EXPECT_EQ(OutputOfPipe({"-n", "-3"}, large), Numbers(1, 99997));
  EXPECT_EQ(OutputOfPipe({"-n", "-99999"}, large), "1\n");
  EXPECT_EQ(OutputOfPipe({"-n", "-100000"}, large), "");
  EXPECT_EQ(OutputOfPipe({"-c", "-7"}, large), large.substr(0, large.size() - 7));
  EXPECT_EQ(OutputOfPipe({"-c", "-500000"}, large), large.substr(0, large.size() - 500000));
  EXPECT_EQ(OutputOfPipe({"-c", "-0"}, large), large);
}

TEST_F(HeadTest, SmallCases) {
  for (int size = 0; size <= 9; ++size) {
    for (int count = 0; count <= 10; ++count) {
      const std::string number = std::to_string(count);
      const std::string text = Numbers(1, size);
      EXPECT_EQ(Output({"-n", number}, text), Numbers(1, std::min(size, count)));
      EXPECT_EQ(Output({"-n", "-" + number}, text), Numbers(1, size - count));
      EXPECT_EQ(Output({"-c", "-" + number}, text),
                text.substr(0, text.size() - std::min<std::size_t>(text.size(), count)));
    }
  }
}

TEST_F(HeadTest, OlderForms) {
  const std::string input = Numbers(1, 600);
  EXPECT_EQ(Output({"-3"}, input), Numbers(1, 3));
  EXPECT_EQ(Output({"-010"}, input), Numbers(1, 10));
  EXPECT_EQ(Output({"-3c"}, input), "1\n2");
  EXPECT_EQ(Output({"-2b"}, input), input.substr(0, 1024));
  EXPECT_EQ(Output({"-1k"}, input), input.substr(0, 1024));
  EXPECT_EQ(Output({"-1m"}, input), input);
  EXPECT_EQ(Output({"-3cl"}, input), Numbers(1, 3)) << "the last letter";
  EXPECT_EQ(Output({"-1v"}, input), "==> standard input <==\n1\n");
  EXPECT_EQ(Output({"-1vq"}, input), "1\n");
  EXPECT_EQ(Output({"-1z"}, std::string("a\0b\0", 4)), std::string("a\0", 2));
  EXPECT_EQ(Output({"-3", "-n2"}, input), Numbers(1, 2)) << "the last option";
  EXPECT_EQ(Output({"-99999999999999999999m"}, input), input);
  EXPECT_THAT(Run({"-3x"}, input).errors, StartsWith("head: invalid trailing option -- x\n"));
  EXPECT_EQ(Run({"-v", "-3"}, input).status, 1) << "only as the first argument";
}

TEST_F(HeadTest, ZeroTerminatedLines) {
  EXPECT_EQ(Output({"-z", "-n1"}, std::string("a\nb\0c\0", 6)), std::string("a\nb\0", 4));
  EXPECT_EQ(Output({"--zero-terminated", "-n-1"}, std::string("a\0b\0c", 5)),
            std::string("a\0b\0", 4));
}

TEST_F(HeadTest, Headers) {
  WriteFile("a", "1\n2\n");
  WriteFile("b", "3\n");
  WriteFile("c\n", "4\n");
  EXPECT_EQ(Output({"-n1", "a", "b"}, ""), "==> a <==\n1\n\n==> b <==\n3\n");
  EXPECT_EQ(Output({"-q", "a", "b"}, ""), "1\n2\n3\n");
  EXPECT_EQ(Output({"--quiet", "a", "b"}, ""), "1\n2\n3\n");
  EXPECT_EQ(Output({"--silent", "a", "b"}, ""), "1\n2\n3\n");
  EXPECT_EQ(Output({"-v", "b"}, ""), "==> b <==\n3\n");
  EXPECT_EQ(Output({"-q", "--verbose", "b"}, ""), "==> b <==\n3\n");
  EXPECT_EQ(Output({"b", "-"}, "5\n"), "==> b <==\n3\n\n==> standard input <==\n5\n");
  EXPECT_EQ(Output({"-v", "c\n"}, ""), "==> $'c\\n' <==\n4\n");
  EXPECT_EQ(Output({"-n0", "a", "b"}, ""), "==> a <==\n\n==> b <==\n");
}

TEST_F(HeadTest, WhatCannotBeReadIsReportedAndTheRestFollows) {
  WriteFile("a", "1\n");
  MakeDirectory("d");
  const Outcome outcome = Run({"missing", "a", "d", "a"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "==> a <==\n1\n\n==> d <==\n\n==> a <==\n1\n");
  EXPECT_EQ(outcome.errors, "head: missing: No such file or directory\nhead: d: Is a directory\n");
}

TEST_F(HeadTest, WrongNumbers) {
  EXPECT_EQ(Run({"-n", "x"}).errors, "head: x: invalid number of lines\n");
  EXPECT_EQ(Run({"-n", "x"}).status, 1);
  for (const char* const number : {"", "-", "--3", "3x", "1g", "0x3", "1.5", "1Ki"}) {
    EXPECT_THAT(Run({"-c", number}).errors, HasSubstr(": invalid number of bytes\n")) << number;
    EXPECT_EQ(Run({"--lines", number}).status, 1) << number;
  }
  EXPECT_THAT(Run({"-n"}).errors, StartsWith("head: option requires an argument -- 'n'\n"));
}

TEST_F(HeadTest, InputIsLeftBehindWhatWasWritten) {
  fault_runs = false;  // the position is what it was before
  WriteFile("f", Numbers(1, 30000));
  const auto position_after = [&](const std::vector<std::string>& arguments) {
    const int file = ::open("f", O_RDONLY | O_CLOEXEC);
    ::lseek(file, 2, SEEK_SET);
    std::vector<std::string> strings = arguments;
    std::vector<char*> pointers;
    for (std::string& string : strings) pointers.push_back(string.data());
    Context context;
    context.program = "head";
    context.arguments = {pointers.data(), pointers.size()};
    context.input = file;
    context.output = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    EXPECT_EQ(Main(context), 0);
    ::close(context.output);
    const off_t position = ::lseek(file, 0, SEEK_CUR);
    ::close(file);
    return position;
  };
  EXPECT_EQ(position_after({"-n1"}), 4);
  EXPECT_EQ(position_after({"-n3"}), 8);
  EXPECT_EQ(position_after({"-c5"}), 7);
  EXPECT_EQ(position_after({"-n-29998"}), 4);
  EXPECT_EQ(position_after({"-c-168000"}), static_cast<off_t>(Numbers(1, 30000).size()) - 168000);
  EXPECT_EQ(position_after({"-c200000"}), static_cast<off_t>(Numbers(1, 30000).size()));
  // What is small, or changes, is held back, not found from its end.
  WriteFile("f", Numbers(1, 5));
  EXPECT_EQ(position_after({"-n-1"}), 8) << "left at the end, with the line that was not written";
  EXPECT_EQ(position_after({"-n-9"}), 2);
  EXPECT_EQ(position_after({"-c-3"}), 7);
  EXPECT_EQ(position_after({"-n-0"}), 10);
}

TEST_F(HeadTest, OutputErrors) {
  WriteFile("f", Numbers(1, 100000));
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"f"}, {"-c", "500000", "f"}, {"-n-1", "f"}, {"-v", "f", "f"}}) {
    const Outcome outcome = RunInto("/dev/full", arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.errors, "head: write error: No space left on device\n");
  }
}

TEST_F(HeadTest, AppendsToWhatItReads) {
  WriteFile("f", Numbers(1, 100000));
  EXPECT_EQ(RunInto("f", {"-c", "300000", "f"}, "", O_APPEND).status, 0);
  EXPECT_EQ(ReadFile("f"), Numbers(1, 100000) + Numbers(1, 100000).substr(0, 300000));
}

TEST_F(HeadTest, FilesThatSayTheyAreEmptyAreReadToTheirEnd) {
  fault_runs = false;  // it is another each time
  EXPECT_THAT(Run({"-n", "-1", "/proc/self/status"}).output, HasSubstr("\nUid:"));
  EXPECT_THAT(Run({"-c", "-1", "/proc/self/status"}).output, HasSubstr("\nUid:"));
  EXPECT_THAT(Run({"-c", "1G", "/proc/self/status"}).output, HasSubstr("\nUid:"));
}

TEST_F(HeadTest, FewCalls) {
  WriteFile("f", Numbers(1, 20));
  EXPECT_LE(Run({"f"}).calls, 4U) << "open, read, write, close";
  EXPECT_LE(Run({"-n", "3", "f"}).calls, 4U);
  EXPECT_LE(Run({"-c", "3", "f"}).calls, 4U);
  EXPECT_LE(Run({"-n", "3"}, Numbers(1, 20)).calls, 4U) << "and the position";
}

TEST_F(HeadTest, EveryFault) {
  const std::string large = Numbers(1, 30000);
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"-n", "2", "a", "b"},
                                                    {"-c", "150000", "a"},
                                                    {"-n-3", "a", "b"},
                                                    {"-c-3", "a"}}) {
    const std::size_t faults = ForEachFault(
        arguments, "",
        [&] {
          WriteFile("a", large);
          WriteFile("b", "1\n2\n3\n4\n");
        },
        [&](const FaultOutcome& fault) {
          EXPECT_EQ(ReadFile("a"), large);
          if (fault.outcome.status == 0) return;  // judged by Run()
          if (fault.error == EPIPE) {
            EXPECT_EQ(fault.outcome.errors, "");
          } else {
            EXPECT_THAT(fault.outcome.errors, MatchesRegex("head: (a|b|write error): .*\n"));
          }
        });
    EXPECT_GT(faults, 20U);
  }
}

}  // namespace
}  // namespace cation::testing
