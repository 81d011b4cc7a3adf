// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

constexpr char kHint[] = "Try 'killall --help' for more information.\n";

// A program that waits, started from `file`, with `name` before its arguments.
class Program {
 public:
  Program(const std::string& file, const std::string& name, const std::string& argument = "100") {
    process_ = ::fork();
    if (process_ == 0) {
      ::execl(file.c_str(), name.c_str(), argument.c_str(), nullptr);
      ::_exit(127);
    }
    // Until it is what it shall be: exec gives it its file and its name first, its arguments last.
    siginfo_t ended = {};
    while (!Arguments().ends_with(argument + '\0') && ended.si_pid == 0) {
      ::usleep(1000);
      ::waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT);
    }
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() {
    if (ended_) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  std::string id() const { return std::to_string(process_); }
  bool alive() { return ::waitpid(process_, nullptr, WNOHANG) == 0; }
  int Signal() {
    int status = 0;
    EXPECT_EQ(::waitpid(process_, &status, 0), process_);
    ended_ = true;
    return WIFSIGNALED(status) ? WTERMSIG(status) : -1;
  }

 private:
  std::string Arguments() const {
    std::ifstream file("/proc/" + id() + "/cmdline");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  pid_t process_;
  bool ended_ = false;
};

class KillallTest : public UtilityTestCase {
 protected:
  // What is ended once cannot be ended again.
  KillallTest() : UtilityTestCase("killall") { fault_runs = false; }

  // A program in this test's folder, of a name that nothing else on this machine has.
  std::string MakeProgram(const std::string& name) {
    if (!std::filesystem::exists(name))
      std::filesystem::copy_file(std::filesystem::canonical("/bin/sleep"), name);
    return folder() + "/" + name;
  }
  std::unique_ptr<Program> Start(const std::string& name) {
    return std::make_unique<Program>(MakeProgram(name), name);
  }
  static int SignalsSent() {
    int count = 0;
    for (const fault::TracedCall& call : fault::Trace())
      count += call.call == fault::Call::kSendSignal ? 1 : 0;
    return count;
  }
};

TEST_F(KillallTest, EndsAllOfTheName) {
  const auto one = Start("cation-ka-a");
  const auto two = Start("cation-ka-a");
  const auto other = Start("cation-ka-ab");
  const Outcome outcome = Run({"cation-ka-a"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output + outcome.errors, "");
  EXPECT_EQ(one->Signal(), SIGTERM);
  EXPECT_EQ(two->Signal(), SIGTERM);
  EXPECT_TRUE(other->alive()) << "never by a part of the name";
}

TEST_F(KillallTest, NeverByAPartOfTheName) {
  const auto program = Start("cation-ka-b");
  for (const char* const name :
       {"cation-ka", "ation-ka-b", "CATION-KA-B", "cation-ka-b ", "cation-ka-.", "*", "100"}) {
    const Outcome outcome = Run({name});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.errors, EndsWith(": no process found\n")) << name;
    EXPECT_EQ(SignalsSent(), 0);
  }
  EXPECT_TRUE(program->alive());
  EXPECT_EQ(Run({"-e", "cation-ka"}).status, 1);
  EXPECT_EQ(Run({"--exact", "cation-ka"}).status, 1);
  EXPECT_EQ(Run({"-I", "CATION-KA-B"}).status, 0);
  EXPECT_EQ(program->Signal(), SIGTERM);
}

TEST_F(KillallTest, SeveralProgramsOfOneNameAreRefused) {
  MakeDirectory("d");
  const auto one = Start("cation-ka-c");
  const Program two(MakeProgram("d/cation-ka-c"), "cation-ka-c");
  const Outcome outcome = Run({"cation-ka-c"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, HasSubstr("killall: cation-ka-c: process " + one->id() + " runs " +
                                        folder() + "/cation-ka-c\n"));
  EXPECT_THAT(outcome.errors, HasSubstr(" runs " + folder() + "/d/cation-ka-c\n"));
  EXPECT_THAT(outcome.errors,
              EndsWith("several programs: none is signalled (a path means one, -a all)\n"));
  EXPECT_EQ(SignalsSent(), 0);
  EXPECT_TRUE(one->alive());
  // A path means one of them.
  EXPECT_EQ(Run({folder() + "/cation-ka-c"}).errors, "");
  EXPECT_EQ(one->Signal(), SIGTERM);
  const auto again = Start("cation-ka-c");
  for (const char* const all : {"-a", "--all"})
    EXPECT_EQ(Run({all, "-s0", "cation-ka-c"}).status, 0);
  EXPECT_EQ(SignalsSent(), 2);
}

TEST_F(KillallTest, ProgramsAreTheirFiles) {
  // Its own name is another than the file's.
  const Program program(MakeProgram("cation-ka-d"), "called-otherwise");
  EXPECT_EQ(Run({"-s0", folder() + "/nothing"}).status, 1);
  EXPECT_EQ(Run({"-s0", folder() + "/cation-ka-d"}).status, 0);
  EXPECT_EQ(SignalsSent(), 1);
  // What has been replaced on the disk since is the same still.
  std::filesystem::remove("cation-ka-d");
  EXPECT_EQ(Run({"-s0", folder() + "/cation-ka-d"}).status, 0);
}

TEST_F(KillallTest, LongNamesAreLookedUp) {
  const auto one = Start("cation-ka-long-name-one");
  const auto two = Start("cation-ka-long-name-two");
  EXPECT_EQ(Run({"cation-ka-long-name-one"}).errors, "");
  EXPECT_EQ(one->Signal(), SIGTERM);
  EXPECT_TRUE(two->alive());
  EXPECT_EQ(Run({"cation-ka-long"}).status, 1) << "the cut name is no name";
  EXPECT_EQ(Run({"cation-ka-long-n"}).status, 1);
  // Nothing says what it is.
  const Program hidden(MakeProgram("cation-ka-hidden-three"), "-", "100");
  const Outcome outcome = Run({"cation-ka-hidden-three"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "killall: cation-ka-hidden-three: process " + hidden.id() +
                                ": its name is cut, and may be another\n");
  EXPECT_EQ(SignalsSent(), 0);
}

TEST_F(KillallTest, Scripts) {
  WriteFile("cation-ka-script", "#!/bin/sh\nwhile :; do sleep 0.05; done\n", 0755);
  WriteFile("cation-ka-a-longer-script", "#!/bin/sh\nwhile :; do sleep 0.05; done\n", 0755);
  Program script(folder() + "/cation-ka-script", "x");
  Program longer(folder() + "/cation-ka-a-longer-script", "x");
  EXPECT_EQ(Run({"-KILL", "cation-ka-script"}).errors, "");
  EXPECT_EQ(script.Signal(), SIGKILL);
  EXPECT_EQ(Run({"cation-ka-a-longer-script"}).errors, "");
  EXPECT_EQ(longer.Signal(), SIGTERM);
}

TEST_F(KillallTest, Signals) {
  const std::vector<std::vector<std::string>> kWays = {
      {"-s", "INT"}, {"-INT"}, {"-2"}, {"--signal=int"}, {"-SIGINT"}, {"-v", "-INT"}, {"-sINT"}};
  for (const std::vector<std::string>& way : kWays) {
    const auto program = Start("cation-ka-e");
    std::vector<std::string> arguments = way;
    arguments.emplace_back("cation-ka-e");
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(program->Signal(), SIGINT) << way[0];
    if (way.size() == 2 && way[0] == "-v") {
      EXPECT_EQ(outcome.errors,
                "killall: killed cation-ka-e(" + program->id() + ") with signal 2\n");
    }
  }
  EXPECT_EQ(Run({"-FOO", "x"}).errors, std::string("killall: FOO: invalid signal\n") + kHint);
  EXPECT_EQ(Run({"-s", "65", "x"}).status, 1);
}

TEST_F(KillallTest, Asks) {
  const auto program = Start("cation-ka-f");
  for (const char* const option : {"-i", "--interactive"}) {
    const Outcome outcome = Run({option, "cation-ka-f"}, "n\n");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.errors, HasSubstr("cation-ka-f(" + program->id() + ")"));
    EXPECT_EQ(SignalsSent(), 0);
  }
  EXPECT_EQ(Run({"-i", "cation-ka-f"}, "y\n").status, 0);
  EXPECT_EQ(program->Signal(), SIGTERM);
}

TEST_F(KillallTest, OfAUser) {
  const auto program = Start("cation-ka-g");
  const std::string user = std::to_string(::geteuid());
  EXPECT_EQ(Run({"-s0", "-u", "4294967294", "cation-ka-g"}).errors,
            "killall: cation-ka-g: no process found\n");
  EXPECT_EQ(Run({"-s0", "--user=no-such-user", "cation-ka-g"}).errors,
            "killall: no-such-user: no such user\n");
  EXPECT_EQ(Run({"-s0", "-u", user, "cation-ka-g"}).status, 0);
  EXPECT_EQ(SignalsSent(), 1);
  // All of a user's; only asked about here.
  (void)Run({"-s0", "-u", user});
  EXPECT_GE(SignalsSent(), 1);
  for (const fault::TracedCall& call : fault::Trace()) {
    if (call.call != fault::Call::kSendSignal) continue;
    EXPECT_NE(call.detail, "1");
    EXPECT_NE(call.detail, "0");
    EXPECT_NE(call.detail, std::to_string(::getpid())) << "not itself";
  }
}

TEST_F(KillallTest, Waits) {
  for (const char* const option : {"-w", "--wait"}) {
    const auto program = Start("cation-ka-h");
    EXPECT_EQ(Run({option, "cation-ka-h"}).status, 0);
    EXPECT_EQ(program->Signal(), SIGTERM);
  }
}

TEST_F(KillallTest, WhatIsGoneMeanwhileIsNoError) {
  const auto one = Start("cation-ka-i");
  const auto two = Start("cation-ka-i");
  int calls = 0;
  fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
    return call.call == fault::Call::kSendSignal && ++calls == 1 ? ESRCH : 0;
  });
  const Outcome outcome = Run({"-s0", "cation-ka-i"});
  fault::End();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors, "");
  EXPECT_EQ(calls, 2);
  fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
    return call.call == fault::Call::kSendSignal ? EPERM : 0;
  });
  const Outcome refused = Run({"cation-ka-i"});
  fault::End();
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.errors, HasSubstr("killall: cation-ka-i: process " + one->id() +
                                        ": Operation not permitted\n"));
}

TEST_F(KillallTest, SeveralNames) {
  const auto one = Start("cation-ka-j");
  const Outcome outcome = Run({"cation-ka-none", "cation-ka-j"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "killall: cation-ka-none: no process found\n");
  EXPECT_EQ(one->Signal(), SIGTERM);
  EXPECT_EQ(Run({"-q", "cation-ka-none"}).errors, "");
  EXPECT_EQ(Run({"--quiet", "cation-ka-none"}).status, 1);
}

TEST_F(KillallTest, WrongUse) {
  EXPECT_EQ(Run({}).errors, std::string("killall: missing operand\n") + kHint);
  EXPECT_EQ(Run({"-9"}).status, 1);
  EXPECT_EQ(Run({""}).errors, std::string("killall: '': an empty name\n") + kHint);
  for (const char* const option : {"-r", "--regexp"}) {
    EXPECT_THAT(Run({option, "cation.*"}).errors,
                StartsWith("killall: -r: regular expressions are not supported"));
    EXPECT_EQ(Run({option, "cation.*"}).status, 1);
  }
  EXPECT_THAT(Run({"-l"}).output, StartsWith("HUP\nINT\n"));
  EXPECT_THAT(Run({"--list"}).output, EndsWith("\nRTMAX\n"));
}

TEST_F(KillallTest, EveryFault) {
  std::unique_ptr<Program> program;
  ForEachFault(
      {"-s0", "cation-ka-k"}, "", [&] { program = Start("cation-ka-k"); },
      [&](const FaultOutcome& fault) {
        // A process that cannot be looked at is none, as is one that goes away.
        if (fault.outcome.status != 0) EXPECT_THAT(fault.outcome.errors, StartsWith("killall: "));
        EXPECT_EQ(fault.outcome.output, "");
      });
}

}  // namespace
}  // namespace cation::testing
