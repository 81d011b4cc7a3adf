// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "coreutils/support/testing/utility_test_case.h"
#include "runtime/start/context.h"

namespace cation::testing {
namespace {

using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
namespace fault = sys::fault;
using Steps = std::vector<std::function<void()>>;

std::string Numbers(int first, int last) {
  std::string text;
  for (int i = first; i <= last; ++i) text += std::to_string(i) + "\n";
  return text;
}

void Append(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  ASSERT_EQ(::write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  ::close(file);
}

class TailTest : public UtilityTestCase {
 protected:
  TailTest() : UtilityTestCase("tail") {}

  std::string Output(const std::vector<std::string>& arguments, const std::string& input = "") {
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
    const std::string output = Output(arguments);
    EXPECT_EQ(::waitpid(writer, nullptr, 0), writer);
    ::unlink("pipe");
    fault_runs = true;
    return output;
  }

  // Follows: each time that it would wait, the next step is done; after the last the process ends
  // that it was told to look at.
  Outcome Follow(std::vector<std::string> arguments, const Steps& steps,
                 const std::string& input = "") {
    arguments.insert(arguments.begin(), {"--pid=1", "-s", "0.0001"});
    std::size_t next = 0;
    fault::SetHook([&, next](std::size_t, const fault::TracedCall& call) mutable {
      if (call.call == fault::Call::kPause && next < steps.size()) steps[next++]();
      return call.call == fault::Call::kSendSignal && next == steps.size() ? ESRCH : 0;
    });
    return Run(arguments, input);
  }

  static std::string DeadProcess() {
    const pid_t process = ::fork();
    if (process == 0) ::_exit(0);
    EXPECT_EQ(::waitpid(process, nullptr, 0), process);
    return std::to_string(process);
  }
};

TEST_F(TailTest, TenLines) {
  EXPECT_EQ(Output({}, Numbers(1, 20)), Numbers(11, 20));
  EXPECT_EQ(Output({}, Numbers(1, 9)), Numbers(1, 9));
  EXPECT_EQ(Output({}, ""), "");
  EXPECT_EQ(Output({}, "a"), "a");
  WriteFile("f", Numbers(1, 20) + "x");
  EXPECT_EQ(Output({"f"}), Numbers(12, 20) + "x");
  EXPECT_EQ(Output({"-"}, Numbers(1, 20)), Numbers(11, 20));
}

TEST_F(TailTest, LastLines) {
  EXPECT_EQ(Output({"-n", "2"}, Numbers(1, 20)), "19\n20\n");
  EXPECT_EQ(Output({"-n", "-2"}, Numbers(1, 20)), "19\n20\n");
  EXPECT_EQ(Output({"--lines=1"}, "a\nb"), "b");
  EXPECT_EQ(Output({"-n0"}, "a\nb"), "");
  EXPECT_EQ(Output({"-n", "1k"}, Numbers(1, 2000)), Numbers(977, 2000));
  EXPECT_EQ(Output({"-n", "99999999999999999999"}, Numbers(1, 20)), Numbers(1, 20));
  const std::string large = Numbers(1, 30000);
  WriteFile("f", large);
  WriteFile("g", large + "x");
  EXPECT_EQ(Output({"-n", "1", "f"}), "30000\n");
  EXPECT_EQ(Output({"-n", "1", "g"}), "x");
  EXPECT_EQ(Output({"-n", "20000", "f"}), Numbers(10001, 30000));
  EXPECT_EQ(Output({"-n", "29999", "f"}), Numbers(2, 30000));
  EXPECT_EQ(Output({"-n", "30000", "f"}), large);
  EXPECT_EQ(Output({"-n", "1M", "f"}), large);
}

TEST_F(TailTest, LastBytes) {
  EXPECT_EQ(Output({"-c", "3"}, "abcdef"), "def");
  EXPECT_EQ(Output({"--bytes=9"}, "abcdef"), "abcdef");
  EXPECT_EQ(Output({"-c0"}, "abcdef"), "");
  EXPECT_EQ(Output({"-c", "1kB"}, std::string(2000, 'x')), std::string(1000, 'x'));
  EXPECT_EQ(Output({"-c", "99999999999999999999"}, "abc"), "abc");
  const std::string large = Numbers(1, 100000);
  WriteFile("f", large);
  EXPECT_EQ(Output({"-c", "5", "f"}), "0000\n");
  EXPECT_EQ(Output({"-c", "400000", "f"}), large.substr(large.size() - 400000));
  EXPECT_EQ(Output({"-c", "1G", "f"}), large);
}

TEST_F(TailTest, FromTheStartOn) {
  EXPECT_EQ(Output({"-n", "+3"}, Numbers(1, 5)), Numbers(3, 5));
  EXPECT_EQ(Output({"-n", "+0"}, Numbers(1, 5)), Numbers(1, 5));
  EXPECT_EQ(Output({"-n", "+1"}, Numbers(1, 5)), Numbers(1, 5));
  EXPECT_EQ(Output({"-n", "+6"}, Numbers(1, 5)), "");
  EXPECT_EQ(Output({"-n", "+99"}, Numbers(1, 5)), "");
  EXPECT_EQ(Output({"-n", "+99999999999999999999"}, Numbers(1, 5)), "");
  EXPECT_EQ(Output({"-n", "+2"}, "a\nb"), "b");
  EXPECT_EQ(Output({"-c", "+3"}, "abcdef"), "cdef");
  EXPECT_EQ(Output({"-c", "+7"}, "abcdef"), "");
  EXPECT_EQ(Output({"-c", "+99"}, "abcdef"), "");
  EXPECT_EQ(Output({"-c+1"}, "abcdef"), "abcdef");
  const std::string large = Numbers(1, 100000);
  WriteFile("f", large);
  EXPECT_EQ(Output({"-n", "+50001", "f"}), Numbers(50001, 100000));
  EXPECT_EQ(Output({"-c", "+100001", "f"}), large.substr(100000));
  EXPECT_EQ(Output({"-c", "+1", "f"}), large);
}

TEST_F(TailTest, SmallCases) {
  for (int size = 0; size <= 6; ++size) {
    const std::string text = Numbers(1, size);
    for (int count = 0; count <= 7; ++count) {
      const std::string number = std::to_string(count);
      EXPECT_EQ(Output({"-n", number}, text), Numbers(std::max(1, size - count + 1), size));
      EXPECT_EQ(Output({"-n", "+" + number}, text), Numbers(std::max(1, count), size));
      EXPECT_EQ(Output({"-c", number}, text),
                text.substr(text.size() - std::min<std::size_t>(text.size(), count)));
    }
  }
}

TEST_F(TailTest, Pipes) {
  const std::string large = Numbers(1, 100000);
  EXPECT_EQ(OutputOfPipe({}, large), Numbers(99991, 100000));
  EXPECT_EQ(OutputOfPipe({"-n", "50000"}, large), Numbers(50001, 100000));
  EXPECT_EQ(OutputOfPipe({"-n", "+50001"}, large), Numbers(50001, 100000));
  EXPECT_EQ(OutputOfPipe({"-c", "300000"}, large), large.substr(large.size() - 300000));
  EXPECT_EQ(OutputOfPipe({"-c", "+300001"}, large), large.substr(300000));
  EXPECT_EQ(OutputOfPipe({"-n", "200000"}, large), large);
  EXPECT_EQ(OutputOfPipe({"-n", "3"}, ""), "");
}

TEST_F(TailTest, OlderForms) {
  const std::string input = Numbers(1, 600);
  EXPECT_EQ(Output({"-2"}, input), "599\n600\n");
  EXPECT_EQ(Output({"-2l"}, input), "599\n600\n");
  EXPECT_EQ(Output({"-3c"}, input), "00\n");
  EXPECT_EQ(Output({"-1b"}, input), input.substr(input.size() - 512));
  EXPECT_EQ(Output({"-b"}, input), input) << "ten of them";
  EXPECT_EQ(Output({"-l"}, input), Numbers(591, 600));
  EXPECT_EQ(Output({"+599"}, input), "599\n600\n");
  EXPECT_EQ(Output({"+3c"}, "abcd"), "cd");
  EXPECT_EQ(Output({"+c"}, "0123456789ab"), "9ab");
  EXPECT_EQ(Output({"+999999999999999999999999999999c"}, "abcd"), "");
  WriteFile("f", Numbers(1, 20));
  EXPECT_EQ(Output({"-1", "f"}), "20\n");
  EXPECT_EQ(Output({"+20", "f"}), "20\n");
  EXPECT_EQ(Output({"-1", "--", "f"}), "20\n");
  EXPECT_EQ(Output({"-1", "-"}, "a\nb\n"), "b\n");
  // With more files they are none.
  EXPECT_EQ(Run({"-1", "f", "f"}).status, 1);
  EXPECT_THAT(Run({"+2cz"}).errors, HasSubstr("tail: +2cz: No such file or directory\n"));
  EXPECT_THAT(Run({"-cl"}).errors, HasSubstr("invalid number of bytes"));
  EXPECT_EQ(Run({"-2cX"}).status, 1);
}

TEST_F(TailTest, ZeroTerminatedLines) {
  EXPECT_EQ(Output({"-z", "-n1"}, std::string("a\nb\0c\nd\0", 8)), std::string("c\nd\0", 4));
  EXPECT_EQ(Output({"--zero-terminated", "-n1"}, std::string("x\0y", 3)), "y");
}

TEST_F(TailTest, Headers) {
  WriteFile("a", "1\n2\n");
  WriteFile("b", "3\n");
  WriteFile("c\n", "4\n");
  EXPECT_EQ(Output({"-n1", "a", "b"}), "==> a <==\n2\n\n==> b <==\n3\n");
  EXPECT_EQ(Output({"-q", "a", "b"}), "1\n2\n3\n");
  EXPECT_EQ(Output({"--quiet", "a", "b"}), "1\n2\n3\n");
  EXPECT_EQ(Output({"--silent", "a", "b"}), "1\n2\n3\n");
  EXPECT_EQ(Output({"-v", "b"}), "==> b <==\n3\n");
  EXPECT_EQ(Output({"--verbose", "-"}, "5\n"), "==> standard input <==\n5\n");
  EXPECT_EQ(Output({"-v", "c\n"}), "==> $'c\\n' <==\n4\n");
}

TEST_F(TailTest, WhatCannotBeReadIsReportedAndTheRestFollows) {
  WriteFile("a", "1\n");
  MakeDirectory("d");
  const Outcome outcome = Run({"missing", "a", "d", "a"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "==> a <==\n1\n\n==> d <==\n\n==> a <==\n1\n");
  EXPECT_EQ(outcome.errors, "tail: missing: No such file or directory\ntail: d: Is a directory\n");
}

TEST_F(TailTest, WrongArguments) {
  EXPECT_EQ(Run({"-n", "x"}).errors, "tail: x: invalid number of lines\n");
  EXPECT_EQ(Run({"-n", "x"}).status, 1);
  for (const char* const number : {"", "-", "+", "--3", "-+x", "3x", "1g", "0x3"}) {
    EXPECT_THAT(Run({"-c", number}).errors, HasSubstr(": invalid number of bytes\n")) << number;
    EXPECT_EQ(Run({"--lines", number}).status, 1) << number;
  }
  for (const char* const number : {"", "x", "-1", "1s", "1x"})
    EXPECT_THAT(Run({"-f", "-s", number}).errors, EndsWith(": invalid number of seconds\n"));
  EXPECT_EQ(Run({"-f", "--pid", "x"}).errors, "tail: x: invalid PID\n");
  EXPECT_EQ(Run({"-f", "--pid=99999999999"}).status, 1);
  EXPECT_THAT(Run({"--max-unchanged-stats=x"}).errors, HasSubstr("invalid maximum number"));
  EXPECT_EQ(Run({"--follow=nothing"}).status, 1);
  EXPECT_EQ(Run({"-F", "-"}).errors, "tail: cannot follow '-' by name\n");
}

TEST_F(TailTest, OptionsThatMakeSenseWithOthersOnly) {
  WriteFile("a", "1\n");
  EXPECT_EQ(Run({"--retry", "a"}).errors,
            "tail: warning: --retry ignored; --retry is useful only when following\n");
  EXPECT_EQ(Run({"--retry", "a"}).output, "1\n");
  EXPECT_EQ(Run({"--pid=1", "a"}).errors,
            "tail: warning: PID ignored; --pid=PID is useful only when following\n");
  EXPECT_EQ(Output({"-n0", "missing"}), "") << "nothing would come of it";
}

TEST_F(TailTest, FilesWhoseSizeSaysNothing) {
  fault_runs = false;  // it is another each time
  EXPECT_THAT(Output({"-n", "1000", "/proc/self/status"}), HasSubstr("\nUid:"));
  EXPECT_THAT(Output({"-n", "+1", "/proc/self/status"}), StartsWith("Name:"));
  EXPECT_EQ(Output({"-c", "3", "/proc/sys/kernel/ostype"}), "ux\n");
}

TEST_F(TailTest, FromWhereTheInputStands) {
  fault_runs = false;  // the position is what it was before
  WriteFile("f", Numbers(1, 30000));
  WriteFile("out", "");
  const auto from = [&](off_t position, std::vector<std::string> strings) {
    const int file = ::open("f", O_RDONLY | O_CLOEXEC);
    ::lseek(file, position, SEEK_SET);
    std::vector<char*> pointers;
    for (std::string& string : strings) pointers.push_back(string.data());
    Context context;
    context.program = "tail";
    context.arguments = {pointers.data(), pointers.size()};
    context.input = file;
    context.output = ::open("out", O_WRONLY | O_TRUNC | O_CLOEXEC);
    EXPECT_EQ(Main(context), 0);
    ::close(context.output);
    ::close(file);
    return ReadFile("out");
  };
  const auto size = static_cast<off_t>(Numbers(1, 30000).size());
  EXPECT_EQ(from(2, {"-n+2"}), Numbers(3, 30000));
  EXPECT_EQ(from(2, {"-c+3"}), Numbers(3, 30000));
  EXPECT_EQ(from(size - 6, {"-n5"}), "30000\n") << "nothing from before it";
  EXPECT_EQ(from(size - 6, {"-c50"}), "30000\n");
  EXPECT_EQ(from(2, {"-n40000"}), Numbers(2, 30000));
  EXPECT_EQ(from(size, {"-n5"}), "");
  EXPECT_EQ(from(size + 5, {"-n5"}), "");
}

// -------------------------------------------------------------------------------- following
TEST_F(TailTest, FollowsWhatIsAdded) {
  for (const std::vector<std::string>& how :
       {std::vector<std::string>{"-f"},
        {"--follow"},
        {"--follow=descriptor"},
        {"--follow=name"},
        {"-F"},
        {"-f", "---disable-inotify", "--max-unchanged-stats=1"}}) {
    Clear();
    WriteFile("a", Numbers(1, 20));
    std::vector<std::string> arguments = how;
    arguments.insert(arguments.end(), {"-n1", "a"});
    const Outcome outcome =
        Follow(arguments, {[] { Append("a", "x\ny"); }, [] {}, [] { Append("a", "z\n"); }});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.output, "20\nx\nyz\n") << how[0];
    EXPECT_EQ(outcome.errors, "");
  }
}

TEST_F(TailTest, FollowsSeveralUnderHeaders) {
  WriteFile("a", "1\n");
  WriteFile("b", "");
  const Outcome outcome =
      Follow({"-f", "a", "b"}, {[] { Append("a", "2\n"); }, [] { Append("a", "3\n"); },
                                [] {
                                  Append("b", "4\n");
                                  Append("a", "5\n");
                                }});
  EXPECT_EQ(outcome.output, "==> a <==\n1\n\n==> b <==\n\n==> a <==\n2\n3\n5\n\n==> b <==\n4\n");
}

TEST_F(TailTest, FollowsAFileThatIsCutShort) {
  for (const char* const how : {"-f", "-F"}) {
    Clear();
    WriteFile("a", Numbers(1, 5));
    const Outcome outcome =
        Follow({how, "a"}, {[&] { WriteFile("a", "new\n"); }, [] { Append("a", "more\n"); }});
    EXPECT_EQ(outcome.output, Numbers(1, 5) + "new\nmore\n");
    EXPECT_EQ(outcome.errors, "tail: a: file truncated\n");
    EXPECT_EQ(outcome.status, 0);
  }
}

TEST_F(TailTest, FollowsTheFileThatWasRenamed) {
  WriteFile("a", "1\n");
  const Outcome outcome = Follow({"-f", "a"}, {[&] {
                                                 ::rename("a", "b");
                                                 WriteFile("a", "other\n");
                                               },
                                               [] { Append("b", "2\n"); }});
  EXPECT_EQ(outcome.output, "1\n2\n");
  EXPECT_EQ(outcome.errors, "");
}

TEST_F(TailTest, FollowsTheName) {
  for (const std::vector<std::string>& how :
       {std::vector<std::string>{"-F"}, {"--follow=name", "--retry"}}) {
    Clear();
    WriteFile("a", "1\n");
    std::vector<std::string> arguments = how;
    arguments.push_back("a");
    const Outcome outcome =
        Follow(arguments, {[&] {
                             // The last that the old one gets is shown.
                             Append("a", "2\n");
                             ::rename("a", "b");
                             WriteFile("a", "3\n");
                           },
                           [] { Append("b", "not this\n"); }, [] { Append("a", "4\n"); }});
    EXPECT_EQ(outcome.output, "1\n2\n3\n4\n");
    EXPECT_EQ(outcome.errors, "tail: 'a' has been replaced;  following new file\n");
    EXPECT_EQ(outcome.status, 0);
  }
}

TEST_F(TailTest, WaitsForAName) {
  WriteFile("a", "1\n");
  const Outcome outcome =
      Follow({"-F", "a"}, {[] { ::unlink("a"); }, [] {}, [&] { WriteFile("a", "2\n"); }, [] {}});
  EXPECT_EQ(outcome.output, "1\n2\n");
  EXPECT_EQ(outcome.errors,
            "tail: 'a' has become inaccessible: No such file or directory\n"
            "tail: 'a' has appeared;  following new file\n");
}

TEST_F(TailTest, WaitsForAFileThatIsNotThereYet) {
  const Outcome outcome =
      Follow({"-F", "a"}, {[] {}, [&] { WriteFile("a", "1\n"); }, [] { Append("a", "2\n"); }});
  EXPECT_EQ(outcome.status, 1) << "it was not there";
  EXPECT_EQ(outcome.output, "1\n2\n");
  EXPECT_EQ(outcome.errors,
            "tail: cannot open 'a' for reading: No such file or directory\n"
            "tail: 'a' has appeared;  following new file\n");
  const Outcome once = Follow({"-f", "--retry", "b"}, {[&] { WriteFile("b", "1\n2\n"); },
                                                       [&] { WriteFile("b", "3\n"); }, [] {}});
  EXPECT_EQ(once.output, "1\n2\n3\n");
  EXPECT_EQ(once.errors,
            "tail: warning: --retry only effective for the initial open\n"
            "tail: cannot open 'b' for reading: No such file or directory\n"
            "tail: 'b' has appeared;  following new file\n"
            "tail: b: file truncated\n");
}

TEST_F(TailTest, EndsWhenNothingIsLeft) {
  for (const char* const how : {"-f", "--follow=name"}) {
    const Outcome outcome = Run({how, "missing"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.errors,
              "tail: cannot open 'missing' for reading: No such file or directory\n"
              "tail: no files remaining\n");
  }
  WriteFile("a", "1\n");
  const Outcome renamed = Follow({"--follow=name", "a"}, {[] { ::rename("a", "b"); }, [] {}});
  EXPECT_EQ(renamed.status, 1);
  EXPECT_EQ(renamed.errors,
            "tail: 'a' has become inaccessible: No such file or directory\n"
            "tail: no files remaining\n");
}

TEST_F(TailTest, NameWithoutRetryComesBackWhileAnotherIsThere) {
  WriteFile("a", "");
  WriteFile("b", "");
  const Outcome outcome =
      Follow({"-q", "--follow=name", "a", "b"},
             {[] { ::unlink("b"); }, [] {}, [&] { WriteFile("b", "ok\n"); }, [] {}});
  EXPECT_EQ(outcome.output, "ok\n");
  EXPECT_THAT(outcome.errors, HasSubstr("'b' has appeared;  following new file\n"));
}

TEST_F(TailTest, DescriptorWithoutRetryDoesNotComeBack) {
  WriteFile("a", "");
  const Outcome outcome = Follow({"-q", "-f", "missing", "a"}, {[&] {
                                                                  WriteFile("missing", "no\n");
                                                                  Append("a", "yes\n");
                                                                },
                                                                [] {}});
  EXPECT_EQ(outcome.output, "yes\n");
  EXPECT_EQ(outcome.status, 1);
}

TEST_F(TailTest, WhatCannotBeFollowed) {
  MakeDirectory("d");
  Outcome outcome = Run({"-f", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "tail: d: Is a directory\n"
            "tail: d: cannot follow end of this type of file; giving up on this name\n"
            "tail: no files remaining\n");
  outcome = Follow({"-F", "d"}, {[] {},
                                 [&] {
                                   ::rmdir("d");
                                   WriteFile("d", "foo\n");
                                 },
                                 [] {}});
  EXPECT_EQ(outcome.output, "foo\n");
  EXPECT_EQ(outcome.errors,
            "tail: d: Is a directory\n"
            "tail: d: cannot follow end of this type of file\n"
            "tail: 'd' has become accessible\n");
  WriteFile("a", "1\n");
  outcome = Follow({"-F", "a"}, {[&] {
                                   ::unlink("a");
                                   MakeDirectory("a");
                                 },
                                 [] {}, [] {}});
  EXPECT_EQ(outcome.errors, "tail: 'a' has been replaced with an untailable file\n");
  outcome = Follow({"-f", "--retry", "b"}, {[&] { MakeDirectory("b"); }, [] {}, [] {}});
  EXPECT_THAT(outcome.errors,
              EndsWith("'b' has been replaced with an untailable file; giving up on "
                       "this name\ntail: no files remaining\n"));
  EXPECT_EQ(outcome.status, 1);
}

TEST_F(TailTest, FollowsAPipe) {
  fault_runs = false;
  ASSERT_EQ(::mkfifo("p", 0600), 0);
  WriteFile("a", "");
  const Outcome outcome = Follow({"-q", "-f", "p", "a"}, {[] {
                                                            const int pipe =
                                                                ::open("p", O_RDWR | O_CLOEXEC);
                                                            ASSERT_EQ(::write(pipe, "1\n", 2), 2);
                                                            ::close(pipe);
                                                          },
                                                          [] { Append("a", "2\n"); }, [] {}});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, EndsWith("2\n"));
}

TEST_F(TailTest, StandardInputThatIsAPipeIsNotFollowed) {
  fault_runs = false;  // what has been written to a pipe is read once
  int pipe[2];
  ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
  ASSERT_EQ(::write(pipe[1], "a\nb\n", 4), 4);
  ::close(pipe[1]);
  WriteFile("out", "");
  std::string options = "-fn1";
  char* arguments[] = {options.data()};
  Context context;
  context.program = "tail";
  context.arguments = {arguments, 1};
  context.input = pipe[0];
  context.output = ::open("out", O_WRONLY | O_CLOEXEC);
  EXPECT_EQ(Main(context), 0);
  EXPECT_EQ(ReadFile("out"), "b\n");
  ::close(context.output);
  ::close(pipe[0]);
}

TEST_F(TailTest, FollowsFromTheStartOrFromNothing) {
  WriteFile("a", Numbers(1, 5));
  EXPECT_EQ(Follow({"-f", "-n+4", "a"}, {[] { Append("a", "x\n"); }, [] {}}).output, "4\n5\nx\n");
  EXPECT_EQ(Follow({"-f", "-n0", "a"}, {[] { Append("a", "y\n"); }, [] {}}).output, "y\n");
  EXPECT_EQ(Follow({"-f", "-c+99", "a"}, {[] { Append("a", "z\n"); }, [] {}}).output, "z\n");
  WriteFile("b", Numbers(1, 100000));
  EXPECT_EQ(Follow({"-f", "-n1", "b"}, {[] { Append("b", "x\n"); }, [] {}}).output, "100000\nx\n");
}

TEST_F(TailTest, OlderFormThatFollows) {
  WriteFile("a", Numbers(1, 5));
  fault::SetHook([](std::size_t, const fault::TracedCall& call) {
    if (call.call != fault::Call::kPause) return 0;
    Append("a", "x\n");
    return 0;
  });
  // Ends with its file's last line at a full device.
  EXPECT_EQ(RunInto("/dev/full", {"-1f", "a"}).status, 1);
}

TEST_F(TailTest, EndsWhenNobodyReads) {
  WriteFile("a", "1\n");
  std::size_t writes = 0;
  fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
    if (call.call == fault::Call::kPause) Append("a", "x\n");
    return call.call == fault::Call::kWrite && ++writes == 3 ? EPIPE : 0;
  });
  const Outcome outcome = Run({"-f", "-s0.0001", "a"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "");
  EXPECT_EQ(outcome.output, "1\nx\n");
}

TEST_F(TailTest, EndsWhenNobodyReadsAndNothingIsWritten) {
  fault_runs = false;  // a pipe is closed once
  WriteFile("a", "1\n");
  int pipe[2];
  ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
  std::string strings[] = {"-f", "-s0.0001", "a"};
  char* arguments[] = {strings[0].data(), strings[1].data(), strings[2].data()};
  Context context;
  context.program = "tail";
  context.arguments = {arguments, 3};
  context.output = pipe[1];
  std::size_t pauses = 0;
  fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
    if (call.call == fault::Call::kPause && ++pauses == 3) ::close(pipe[0]);
    return 0;
  });
  fault::Begin();
  EXPECT_EQ(Main(context), 1);
  fault::End();
  EXPECT_EQ(pauses, 3U);
  ::close(pipe[1]);
}

TEST_F(TailTest, SaysHowItFollows) {
  WriteFile("a", "");
  EXPECT_EQ(Run({"-f", "--debug", "--pid", DeadProcess(), "a"}).errors,
            "tail: using polling mode\n");
}

TEST_F(TailTest, OneCallForEachFileAndInterval) {
  WriteFile("a", "1\n");
  const std::size_t few = Follow({"-f", "a"}, {[] {}}).calls;
  const std::size_t more = Follow({"-f", "a"}, {[] {}, [] {}, [] {}, [] {}}).calls;
  EXPECT_EQ(more - few, 3U * 3) << "kill, fstat, nanosleep";
  EXPECT_EQ(
      Follow({"-F", "a"}, {[] {}, [] {}, [] {}, [] {}}).calls - Follow({"-F", "a"}, {[] {}}).calls,
      3U * 3);
}

// A file that is opened first would take its place.
TEST_F(TailTest, ClosedOutputIsNoticedBeforeAnythingIsOpened) {
  fault_runs = false;
  WriteFile("a", "");
  std::vector<fault::Call> calls;
  fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
    calls.push_back(call.call);
    return call.call == fault::Call::kStatus ? EBADF : 0;
  });
  const Outcome outcome = Run({"-f", "a"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "tail: 'standard output': Bad file descriptor\n");
  EXPECT_THAT(calls, Not(Contains(fault::Call::kOpen)));
}

TEST_F(TailTest, FewCalls) {
  WriteFile("f", Numbers(1, 20));
  WriteFile("g", Numbers(1, 100000));
  EXPECT_LE(Run({"f"}).calls, 5U) << "open, fstat, read, write, close";
  EXPECT_LE(Run({"g"}).calls, 6U) << "and lseek";
  EXPECT_LE(Run({"-c", "5", "g"}).calls, 7U);
}

TEST_F(TailTest, OutputErrors) {
  WriteFile("f", Numbers(1, 100000));
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"f"}, {"-n90000", "f"}, {"-c+5", "f"}, {"-v", "f", "f"}}) {
    const Outcome outcome = RunInto("/dev/full", arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.errors, "tail: write error: No space left on device\n");
  }
}

TEST_F(TailTest, EveryFault) {
  const std::string large = Numbers(1, 30000);
  const std::string dead = DeadProcess();
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"-n", "2", "a", "b"},
                                                    {"-n", "20000", "a"},
                                                    {"-c", "150000", "a"},
                                                    {"-n+25000", "a", "b"},
                                                    {"-s0.0001", "-f", "--pid", dead, "a", "b"},
                                                    {"-s0.0001", "-F", "--pid", dead, "a", "b"}}) {
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
            EXPECT_THAT(fault.outcome.errors, StartsWith("tail: "));
          }
        });
    EXPECT_GT(faults, 20U);
  }
}

}  // namespace
}  // namespace cation::testing
