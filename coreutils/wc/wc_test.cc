// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <random>

#include "coreutils/support/testing/utility_test_case.h"
#include "coreutils/wc/counter.h"
#include "runtime/start/context.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

class WcTest : public UtilityTestCase {
 protected:
  WcTest() : UtilityTestCase("wc") {}

  std::string Output(const std::vector<std::string>& arguments, const std::string& input = "") {
    const Outcome outcome = Run(arguments, input);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.errors, "");
    return outcome.output;
  }
};

TEST_F(WcTest, LinesWordsBytes) {
  EXPECT_EQ(Output({}, ""), "0 0 0\n");
  EXPECT_EQ(Output({}, "a b\nc\n"), "2 3 6\n");
  WriteFile("f", "a b\nc\n");
  EXPECT_EQ(Output({"f"}), "2 3 6 f\n");
  EXPECT_EQ(Output({"-c"}, "x"), "1\n");
  EXPECT_EQ(Output({"--bytes", "f"}), "6 f\n");
  EXPECT_EQ(Output({"-l"}, "x\ny"), "1\n") << "newlines";
  EXPECT_EQ(Output({"--lines", "f"}), "2 f\n");
  EXPECT_EQ(Output({"-w"}, "x y\nz"), "3\n");
  EXPECT_EQ(Output({"--words", "f"}), "3 f\n");
  EXPECT_EQ(Output({"-w"}, "\1\n"), "1\n");
  EXPECT_EQ(Output({"-w"}, " \t\r\v\f\n"), "0\n");
  EXPECT_EQ(Output({"-cl", "f"}), "2 6 f\n") << "in an order of their own";
}

TEST_F(WcTest, Characters) {
  EXPECT_EQ(Output({"-m"}, "caf\u00e9\n"), "5\n");
  EXPECT_EQ(Output({"--chars"}, "\u20ac\U0001F600"), "2\n");
  EXPECT_EQ(Output({"-mc"}, "\u20ac\n"), "2 4\n");
  // Bytes that are no characters.
  EXPECT_EQ(Output({"-m"}, "a\xff\xc3z\xe2\x82"), "2\n");
  EXPECT_EQ(Output({"-m"}, std::string("\0a", 2)), "2\n");
  // White space beyond ASCII.
  EXPECT_EQ(Output({"-w"}, "a\u00a0b c\u3000d\u2003e \u2060 f\u200bg"), "6\n");
  EXPECT_EQ(Output({"-w"}, "\xff \xc2 \xe2\x80"), "3\n");
}

TEST_F(WcTest, LongestLine) {
  EXPECT_EQ(Output({"-L"}, "1\n123\n1\n"), "3\n");
  EXPECT_EQ(Output({"--max-line-length"}, "\n123456"), "6\n");
  EXPECT_EQ(Output({"-L"}, "a\tb"), "9\n");
  EXPECT_EQ(Output({"-L"}, "abc\rde\fxyz1"), "4\n");
  EXPECT_EQ(Output({"-L"}, "\x01\x7f\v"), "0\n");
  EXPECT_EQ(Output({"-L"}, "\u6f22\u5b57e\u0301"), "5\n");
  WriteFile("a", "12\n");
  WriteFile("b", "1234\n");
  EXPECT_EQ(Output({"-L", "a", "b"}), "2 a\n4 b\n4 total\n");
}

TEST_F(WcTest, ColumnsAreAsWideAsTheSumOfSizes) {
  WriteFile("a", "1\n");
  WriteFile("b", std::string(98, 'x') + "\n");
  WriteFile("c", std::string(1000, '\n'));
  MakeDirectory("d");
  EXPECT_EQ(Output({"a", "b"}), "  1   1   2 a\n  1   1  99 b\n  2   2 101 total\n");
  EXPECT_EQ(Output({"-l", "a", "c"}), "   1 a\n1000 c\n1001 total\n");
  EXPECT_EQ(Output({"-l", "c"}), "1000 c\n");
  EXPECT_EQ(Run({"missing", "b"}).output, " 1  1 99 b\n 1  1 99 total\n");
  EXPECT_EQ(Run({"b", "missing"}).output, " 1  1 99 b\n 1  1 99 total\n");
  const Outcome outcome = Run({"a", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(
      outcome.output,
      "      1       1       2 a\n      0       0       0 d\n      1       1       2 total\n");
  EXPECT_EQ(outcome.errors, "wc: d: Is a directory\n");
}

TEST_F(WcTest, PipesAreSeven) {
  fault_runs = false;  // what has been written to a pipe is read once
  int pipe[2];
  ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
  ASSERT_EQ(::write(pipe[1], "a b\n", 4), 4);
  ::close(pipe[1]);
  WriteFile("f", "");
  std::string option = "-lw";
  char* arguments[] = {option.data()};
  Context context;
  context.program = "wc";
  context.arguments = {arguments, 1};
  context.input = pipe[0];
  context.output = ::open("f", O_WRONLY | O_CLOEXEC);
  EXPECT_EQ(Main(context), 0);
  EXPECT_EQ(ReadFile("f"), "      1       2\n");
  ::close(pipe[0]);
  ::close(context.output);
}

TEST_F(WcTest, StandardInput) {
  WriteFile("f", "12\n");
  EXPECT_EQ(Output({"-"}, "a\n"), "1 1 2 -\n");
  EXPECT_EQ(Output({"-c", "f", "-"}, "a\n"), "3 f\n2 -\n5 total\n");
  EXPECT_EQ(Output({"-c"}, "abc"), "3\n");
}

TEST_F(WcTest, Totals) {
  WriteFile("a", "2\n");
  WriteFile("b", "2 words\n");
  EXPECT_EQ(Output({"--total=never", "a", "b"}), " 1  1  2 a\n 1  2  8 b\n");
  EXPECT_EQ(Output({"--total=only", "a", "b"}), "2 3 10\n");
  EXPECT_EQ(Output({"--total=always", "a"}), "1 1 2 a\n1 1 2 total\n");
  EXPECT_EQ(Output({"--total=auto", "a"}), "1 1 2 a\n");
  EXPECT_EQ(Output({"--total=only"}, "x\n"), "1 1 2\n");
  EXPECT_EQ(Run({"--total=sometimes", "a"}).status, 1);
  EXPECT_EQ(Run({"--total", "a", "b"}).status, 1);
}

TEST_F(WcTest, TotalsThatAreTooLarge) {
  std::vector<std::string> names = {"-c"};
  for (int i = 0; i < 3; ++i) {
    const std::string name = "f" + std::to_string(i);
    WriteFile(name, "");
    // As large as files can be: whether the file system takes that is its business.
    if (::truncate(name.c_str(), INT64_MAX - 4096 - i) != 0) GTEST_SKIP() << "no such large files";
    names.push_back(name);
  }
  fault_runs = false;  // such a tree cannot be copied
  const Outcome outcome = Run(names);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "wc: 'total bytes': Value too large for defined data type\n");
  EXPECT_THAT(outcome.output, HasSubstr("18446744073709551615 total\n"));
}

TEST_F(WcTest, BytesOfAFileAreNotRead) {
  WriteFile("f", std::string(100000, 'x'));
  WriteFile("pages", std::string(4096 * 100, 'x'));
  Outcome outcome = Run({"-c", "f"});
  EXPECT_EQ(outcome.output, "100000 f\n");
  EXPECT_LE(outcome.calls, 4U) << "open, fstat, close, write";
  outcome = Run({"-c", "pages"});
  EXPECT_EQ(outcome.output, "409600 pages\n");
  EXPECT_LE(outcome.calls, 6U);
}

TEST_F(WcTest, BytesFromWhereTheInputStands) {
  fault_runs = false;  // the position is what it was before
  WriteFile("f", std::string(10000, 'x'));
  WriteFile("out", "");
  for (const off_t position : {0, 1, 9999, 10000, 10001}) {
    const int file = ::open("f", O_RDONLY | O_CLOEXEC);
    ::lseek(file, position, SEEK_SET);
    std::string option = "-c";
    char* arguments[] = {option.data()};
    Context context;
    context.program = "wc";
    context.arguments = {arguments, 1};
    context.input = file;
    context.output = ::open("out", O_WRONLY | O_TRUNC | O_CLOEXEC);
    EXPECT_EQ(Main(context), 0);
    EXPECT_EQ(ReadFile("out"), std::to_string(std::max<off_t>(0, 10000 - position)) + "\n");
    ::close(context.output);
    ::close(file);
  }
}

TEST_F(WcTest, FilesWhoseSizeSaysNothing) {
  fault_runs = false;  // it is another each time
  EXPECT_NE(Output({"-c", "/proc/self/status"}), "0 /proc/self/status\n");
  EXPECT_NE(Output({"-l", "/proc/self/status"}), "0 /proc/self/status\n");
  EXPECT_EQ(Output({"-c", "/proc/sys/kernel/ostype"}), "6 /proc/sys/kernel/ostype\n");
}

TEST_F(WcTest, NamesFromAFile) {
  WriteFile("a", "1\n");
  WriteFile("b", std::string(98, 'x') + "\n");
  const std::string both("a\0b\0", 4);
  WriteFile("names", both);
  EXPECT_EQ(Output({"--files0-from=names"}), "  1   1   2 a\n  1   1  99 b\n  2   2 101 total\n");
  EXPECT_EQ(Output({"--files0-from", "-"}, both), Output({"a", "b"}));
  EXPECT_EQ(Output({"--files0-from=-"}, "a"), "1 1 2 a\n") << "no NUL at the end";
  EXPECT_EQ(Output({"--files0-from=-", "-l"}, std::string("b\0", 2)), "1 b\n");
  EXPECT_EQ(Output({"--files0-from=-"}, ""), "");
  EXPECT_EQ(Output({"--files0-from=/dev/null"}), "");
  EXPECT_EQ(Output({"--files0-from=-", "--total=always"}, ""), "0 0 0 total\n");
}

TEST_F(WcTest, WrongNamesInAFile) {
  WriteFile("g", "");
  Outcome outcome = Run({"--files0-from=-"}, std::string("\0g\0", 3));
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "0 0 0 g\n0 0 0 total\n");
  EXPECT_EQ(outcome.errors, "wc: -:1: invalid zero-length file name\n");
  outcome = Run({"--files0-from=-"}, "-");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "wc: when reading file names from standard input, no file name of '-' allowed\n");
  outcome = Run({"--files0-from=missing"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "wc: missing: cannot open for reading: No such file or directory\n");
  outcome = Run({"--files0-from=-", "g"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, StartsWith("wc: g: extra operand: file operands cannot be"));
  outcome = Run({"--files0-from=-"}, std::string("missing\0missing\0", 16));
  EXPECT_EQ(outcome.output, "0 0 0 total\n");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(Run({""}).errors, "wc: invalid zero-length file name\n");
}

TEST_F(WcTest, NamesThroughAPipeAreCountedAsTheyCome) {
  fault_runs = false;  // what has been written to a pipe is read once
  ASSERT_EQ(::mkfifo("pipe", 0600), 0);
  WriteFile(std::string(200, 'n'), "1\n");
  const pid_t writer = ::fork();
  if (writer == 0) {
    const int pipe = ::open("pipe", O_WRONLY);
    for (int i = 0; i < 100; ++i) {
      if (::write(pipe, std::string(200, 'n').c_str(), 201) != 201) ::_exit(1);
    }
    ::_exit(0);
  }
  const std::string output = Output({"-l", "--files0-from=pipe"});
  EXPECT_EQ(::waitpid(writer, nullptr, 0), writer);
  EXPECT_EQ(output.size(), 100U * 203 + std::string("100 total\n").size());
  EXPECT_THAT(output, ::testing::EndsWith("n\n100 total\n"));
}

TEST_F(WcTest, NamesWithNewlinesAreQuoted) {
  WriteFile("a\nb", "");
  WriteFile("a b", "");
  EXPECT_EQ(Output({"-c", "a\nb"}), "0 $'a\\nb'\n");
  EXPECT_EQ(Output({"-c", "a b"}), "0 a b\n");
}

TEST_F(WcTest, CounterInPiecesOfAllSizes) {
  std::mt19937 random(3);
  const char* const parts[] = {"a",      "bc",         " ",        "\n",
                               "\t",     "\u00e9",     "\u00a0",   "\u3000",
                               "\u2003", "\U0001F600", "\xff",     "\xc2",
                               "\xe2",   "\xe2\x80",   "\xf0\x9f", "a long word, indeed; ",
                               "\r"};
  for (const unsigned kinds : {4U, 6U, 9U, 17U}) {
    std::string text;
    while (text.size() < 20000) text += parts[random() % kinds];
    for (int which = 1; which < 16; ++which) {
      const wc::Wanted wanted{(which & 1) != 0, (which & 2) != 0, (which & 4) != 0,
                              (which & 8) != 0};
      const auto count = [&](std::size_t most) {
        wc::Counter counter(wanted);
        std::string left;
        for (std::size_t at = 0; at < text.size();) {
          const std::size_t size = std::min(text.size() - at, 1 + random() % most);
          left += text.substr(at, size);
          at += size;
          const std::size_t used = counter.Add({left.data(), left.size()}, at == text.size());
          EXPECT_LE(left.size() - used, wc::Counter::kMostLeft);
          left.erase(0, used);
        }
        return counter.counts();
      };
      const wc::Counts whole = count(1);
      for (const std::size_t most : {2U, 50U, 5000U, 50000U}) {
        const wc::Counts counts = count(most);
        if (wanted.lines) {
          EXPECT_EQ(counts.lines, whole.lines);
        }
        if (wanted.words) {
          EXPECT_EQ(counts.words, whole.words) << kinds << " by " << most;
        }
        if (wanted.characters) {
          EXPECT_EQ(counts.characters, whole.characters);
        }
        if (wanted.length) {
          EXPECT_EQ(counts.length, whole.length);
        }
      }
    }
  }
}

TEST_F(WcTest, OutputErrors) {
  WriteFile("f", "1\n");
  EXPECT_EQ(RunInto("/dev/full", {"f", "f"}).errors, "wc: write error: No space left on device\n");
  EXPECT_EQ(RunInto("/dev/full", {"f"}).status, 1);
}

TEST_F(WcTest, FewCalls) {
  WriteFile("f", "1\n");
  EXPECT_LE(Run({"f"}).calls, 5U) << "open, fstat, read, close, write";
  EXPECT_LE(Run({"-l", "f", "f"}).calls, 9U);
}

TEST_F(WcTest, EveryFault) {
  const std::size_t faults = ForEachFault(
      {"a", "b"}, "",
      [&] {
        WriteFile("a", std::string(200000, 'a') + "\n");
        WriteFile("b", "1 2\n");
      },
      [&](const FaultOutcome& fault) {
        if (fault.outcome.status == 0) return;  // judged by Run()
        if (fault.error == EPIPE) {
          EXPECT_EQ(fault.outcome.errors, "");
        } else {
          EXPECT_THAT(fault.outcome.errors, MatchesRegex("wc: (a|b|write error): .*\n"));
          EXPECT_EQ(std::count(fault.outcome.errors.begin(), fault.outcome.errors.end(), '\n'), 1);
        }
      });
  EXPECT_GT(faults, 30U);
}

}  // namespace
}  // namespace cation::testing
