// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sstream>
#include <string>
#include <thread>

#include "coreutils/ps/columns.h"
#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;
namespace fault = sys::fault;

constexpr char kHint[] = "Try 'ps --help' for more information.\n";

class PsTest : public UtilityTestCase {
 protected:
  // Processes come and go, and times go on.
  PsTest() : UtilityTestCase("ps") { fault_runs = false; }

  static std::string Own() { return std::to_string(::getpid()); }
  static std::vector<std::string> Lines(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }
  static std::vector<std::string> Words(const std::string& text) {
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
  }
  // One column of this process.
  std::string Get(const std::string& column) {
    const Outcome outcome = Run({"-o", column + "=", "-p", Own()});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.errors, "");
    EXPECT_THAT(outcome.output, EndsWith("\n"));
    return outcome.output.substr(0, outcome.output.size() - 1);
  }
};

TEST_F(PsTest, ColumnsOfThisProcess) {
  EXPECT_EQ(Get("pid"), Own());
  EXPECT_EQ(Get("ppid"), std::to_string(::getppid()));
  EXPECT_EQ(Get("pgid"), std::to_string(::getpgid(0)));
  EXPECT_EQ(Get("sid"), std::to_string(::getsid(0)));
  EXPECT_EQ(Get("uid"), std::to_string(::geteuid()));
  EXPECT_EQ(Get("gid"), std::to_string(::getegid()));
  EXPECT_EQ(Get("ruid") + " " + Get("rgid"), Get("uid") + " " + Get("gid"));
  if (const passwd* const entry = ::getpwuid(::geteuid()); entry != nullptr) {
    EXPECT_EQ(Get("user"), entry->pw_name);
    EXPECT_EQ(Get("ruser"), entry->pw_name);
  }
  EXPECT_NE(Get("group"), "-");
  EXPECT_NE(Get("rgroup"), "-");
  EXPECT_EQ(Get("s"), "R");
  EXPECT_EQ(Get("stat"), "R");
  EXPECT_EQ(Get("nlwp"), "1");
  EXPECT_EQ(Get("comm"), "ps_test");
  EXPECT_THAT(Get("args"), HasSubstr("ps_test"));
  EXPECT_THAT(Get("tty"), MatchesRegex("\\?|pts/[0-9]+|tty[0-9]+"));
  EXPECT_THAT(Get("time"), MatchesRegex("00:0[0-9]:[0-9][0-9]"));
  EXPECT_THAT(Get("bsdtime"), MatchesRegex("[0-9]:[0-9][0-9]"));
  EXPECT_THAT(Get("etime"), MatchesRegex("0[0-9]:[0-9][0-9]"));
  EXPECT_THAT(Get("etimes"), MatchesRegex("[0-9]+"));
  EXPECT_THAT(Get("stime"), MatchesRegex("[0-2][0-9]:[0-5][0-9]|[A-Z][a-z][a-z][0-3][0-9]"));
  EXPECT_THAT(Get("rss"), MatchesRegex("[1-9][0-9]+"));
  EXPECT_THAT(Get("vsz"), MatchesRegex("[1-9][0-9]+"));
  EXPECT_THAT(Get("sz"), MatchesRegex("[1-9][0-9]+"));
  EXPECT_THAT(Get("pcpu"), MatchesRegex("[0-9]+\\.[0-9]"));
  EXPECT_THAT(Get("c"), MatchesRegex("[0-9]+"));
  EXPECT_THAT(Get("pmem"), MatchesRegex("[0-9]+\\.[0-9]"));
  // Whoever runs the tests may have been nice.
  const int nice = ::getpriority(PRIO_PROCESS, 0);
  EXPECT_EQ(Get("nice"), std::to_string(nice));
  EXPECT_EQ(Get("pri"), std::to_string(20 + nice));
  EXPECT_EQ(Get("wchan"), "-") << "what is not known";
  EXPECT_EQ(Get("lwp"), "-");
}

TEST_F(PsTest, Listings) {
  const auto header = [this](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"-p", Own()});
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    const std::vector<std::string> lines = Lines(outcome.output);
    EXPECT_EQ(lines.size(), 2U);
    std::string words;
    for (const std::string& word : Words(lines[0])) words += word + " ";
    return words;
  };
  EXPECT_EQ(header({}), "PID TTY TIME CMD ");
  EXPECT_EQ(header({"-f"}), "UID PID PPID C STIME TTY TIME CMD ");
  EXPECT_EQ(header({"-l"}), "F S UID PID PPID C PRI NI ADDR SZ WCHAN TTY TIME CMD ");
  EXPECT_EQ(header({"-lf"}), "F S UID PID PPID C PRI NI ADDR SZ WCHAN STIME TTY TIME CMD ");
  EXPECT_EQ(header({"-j"}), "PID PGID SID TTY TIME CMD ");
  EXPECT_EQ(header({"-jf"}), "UID PID PPID PGID SID C STIME TTY TIME CMD ");
  EXPECT_EQ(header({"-L"}), "PID SPID TTY TIME CMD ");
  EXPECT_EQ(header({"-T"}), "PID SPID TTY TIME CMD ");
  EXPECT_EQ(header({"u"}), "USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND ");
  EXPECT_EQ(header({"l"}), "F UID PID PPID PRI NI VSZ RSS WCHAN STAT TTY TIME COMMAND ");
  EXPECT_EQ(header({"w"}), "PID TTY STAT TIME COMMAND ");
  EXPECT_EQ(header({"-w"}), "PID TTY TIME CMD ");
}

TEST_F(PsTest, Formats) {
  const std::vector<std::string> own = {"-p", Own()};
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), own.begin(), own.end());
    return Run(arguments).output;
  };
  // As wide as its header at least.
  std::string pid = Own();
  while (pid.size() < 3) pid.insert(0, " ");
  EXPECT_EQ(run({"-o", "pid,comm"}),
            std::string(pid.size() - 3, ' ') + "PID COMMAND\n" + pid + " ps_test\n");
  EXPECT_EQ(run({"-o", "comm pid", "-o", "s="}),
            "COMMAND " + std::string(pid.size() - 3, ' ') + "PID \nps_test " + pid + " R\n")
      << "a header without text leaves the column there";
  EXPECT_EQ(run({"-o", "pid=", "-ocomm="}), Own() + " ps_test\n");
  EXPECT_EQ(run({"-o", "pid=,comm="}), Own() + " ps_test\n");
  EXPECT_EQ(run({"--format=comm=Who, is it"}), "Who, is it\nps_test\n");
  EXPECT_EQ(run({"--no-headers", "-ocomm"}), "ps_test\n");
  EXPECT_EQ(run({"ho", "comm"}), "ps_test\n");
  EXPECT_EQ(Run({"-o", "nosuch"}).errors, std::string("ps: nosuch: no such column\n") + kHint);
  EXPECT_EQ(Run({"-o", ""}).status, 1);
  EXPECT_EQ(Run({"-o", "pid,,comm", "-p", Own()}).status, 0);
}

TEST_F(PsTest, Choices) {
  const std::string pid = Own();
  const std::string parent = std::to_string(::getppid());
  const auto numbers = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"-o", "pid="});
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.errors, "");
    return Words(outcome.output);
  };
  EXPECT_THAT(numbers({"-p", pid}), ElementsAre(pid));
  EXPECT_THAT(numbers({pid}), ElementsAre(pid));
  EXPECT_THAT(numbers({"p", pid}), ElementsAre(pid));
  EXPECT_THAT(numbers({"--pid=" + pid + "," + pid}), ElementsAre(pid)) << "once";
  EXPECT_THAT(numbers({"-p", pid + " 2147483647,1"}), ElementsAre("1", pid));
  EXPECT_THAT(numbers({"-C", "ps_test", "--ppid", parent}), ::testing::Contains(pid));
  EXPECT_THAT(numbers({"--ppid=" + pid}), ElementsAre());
  const std::string user = std::to_string(::geteuid());
  for (const std::vector<std::string>& way :
       std::vector<std::vector<std::string>>{{"-A"},
                                             {"-e"},
                                             {"ax"},
                                             {"-u", user},
                                             {"--user=" + user},
                                             {"-U", user},
                                             {"--User", user},
                                             {"-G", std::to_string(::getegid())},
                                             {"--Group=" + std::to_string(::getegid())},
                                             {"-g", std::to_string(::getsid(0))},
                                             {"--group", std::to_string(::getsid(0))},
                                             {"x"},
                                             {"U", user},
                                             {"-t", Get("tty")},
                                             {"--tty=" + Get("tty")},
                                             {"xr"},
                                             {"-aux"},
                                             {"-d", "-p", pid},
                                             {"-e", "-p1"},
                                             {}})
    EXPECT_THAT(numbers(way), ::testing::Contains(pid)) << (way.empty() ? "" : way[0]);
  EXPECT_THAT(numbers({"-a"}), Not(::testing::Contains("1")));
  EXPECT_THAT(numbers({"-u", "4294967294"}), ElementsAre());
  EXPECT_EQ(Run({"-u", "4294967294"}).status, 1);
  EXPECT_EQ(Run({"-p", "2147483647"}).status, 1);
  EXPECT_THAT(Run({"-p", "2147483647"}).output, StartsWith("PID ")) << "the header all the same";
}

TEST_F(PsTest, WrongChoices) {
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"-p", "x"},
                                             {"-p", ""},
                                             {"-p", ","},
                                             {"-p", "-1"},
                                             {"-p", "2147483648"},
                                             {"-p", "18446744073709551617"},
                                             {"-u", "no-such-user"},
                                             {"-U", "no such"},
                                             {"-G", "no-such-group"},
                                             {"-g", "x"},
                                             {"--ppid=x"},
                                             {"1x"},
                                             {"q"},
                                             {"auxq"},
                                             {"o"},
                                             {""}}) {
    const Outcome outcome = Run(wrong);
    EXPECT_EQ(outcome.status, 1) << wrong[0];
    EXPECT_THAT(outcome.errors, EndsWith(kHint)) << wrong[0];
    EXPECT_EQ(outcome.output, "");
  }
}

TEST_F(PsTest, Threads) {
  std::thread second([] { ::sleep(1); });
  const Outcome one = Run({"-o", "pid=,nlwp=", "-p", Own()});
  EXPECT_THAT(Words(one.output), ElementsAre(Own(), "2"));
  for (const char* const option : {"-T", "-L", "H", "m"}) {
    const std::vector<std::string> words =
        Words(Run({option, "-o", "pid=,lwp=", "-p", Own()}).output);
    ASSERT_EQ(words.size(), 4U) << option;
    EXPECT_EQ(words[0], Own());
    EXPECT_EQ(words[1], Own());
    EXPECT_EQ(words[2], Own());
    EXPECT_NE(words[3], Own());
  }
  second.join();
}

TEST_F(PsTest, NamesThatAreOdd) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_NAME, "a) R\n\x1b[31m(");
    for (;;) ::pause();
  }
  while (Run({"-ocomm=", "-p", std::to_string(child)}).output == "ps_test\n") {
  }
  EXPECT_EQ(Run({"-ocomm=,ppid=", "-p", std::to_string(child)}).output,
            "a) R??[31m( " + Own() + "\n");
  ::kill(child, SIGKILL);
  siginfo_t information;
  ::waitid(P_PID, static_cast<id_t>(child), &information, WEXITED | WNOWAIT);
  EXPECT_EQ(Run({"-os=,args=", "-p", std::to_string(child)}).output, "Z [a) R??[31m(]\n");
  ::waitpid(child, nullptr, 0);
}

TEST_F(PsTest, Terminals) {
  const auto name = [](uint64_t number) {
    String text;
    EXPECT_TRUE(ps::AppendTerminal(text, number).ok());
    return std::string(text.c_str());
  };
  EXPECT_EQ(name(0), "?");
  EXPECT_EQ(name(sys::ProcessStatus::kUnknown), "-");
  EXPECT_EQ(name(0x8803), "pts/3");
  EXPECT_EQ(name(0x108803), "pts/259");
  EXPECT_EQ(name(0x8901), "pts/257");
  EXPECT_EQ(name(0x0401), "tty1");
  EXPECT_EQ(name(0x0440), "ttyS0");
  EXPECT_EQ(name(0x0501), "5,1");
}

TEST_F(PsTest, FewCalls) {
  const Outcome outcome = Run({"-o", "pid=", "-p", Own()});
  // /proc, and of the process: open, read, close; and the output.
  EXPECT_LE(outcome.calls, 6U);
}

TEST_F(PsTest, OutputErrors) {
  EXPECT_EQ(RunInto("/dev/full", {"-e"}).status, 1);
  EXPECT_EQ(RunInto("/dev/full", {"-e"}).errors, "ps: write error: No space left on device\n");
}

TEST_F(PsTest, EveryFault) {
  ForEachFault(
      {"-o", "pid=,comm=", "-p", Own()}, "", [] {},
      [&](const FaultOutcome& fault) {
        if (fault.outcome.status == 0) {
          EXPECT_EQ(fault.outcome.output, Own() + " ps_test\n") << fault::NameOf(fault.call.call);
        } else {
          EXPECT_EQ(fault.outcome.status, 1);
          EXPECT_EQ(fault.outcome.output, "");
        }
      });
}

}  // namespace
}  // namespace cation::testing
