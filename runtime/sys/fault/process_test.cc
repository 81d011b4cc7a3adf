// SPDX-License-Identifier: MIT
//
// Other processes through the posix backend, with its faults: what Spawn() and the rest promise.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/sys/fault/fault.h"
#include "runtime/sys/sys.h"

namespace cation::sys {
namespace {

// nullptr at the end.
class Strings {
 public:
  Strings(std::vector<std::string> texts) : texts_(std::move(texts)) {  // NOLINT
    for (std::string& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }
  [[nodiscard]] char* const* get() const { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

std::set<int> OpenDescriptors() {
  std::set<int> open;
  DIR* const directory = ::opendir("/proc/self/fd");
  while (const dirent* const entry = ::readdir(directory)) {
    const int number = std::atoi(entry->d_name);
    if (entry->d_name[0] != '.' && number != ::dirfd(directory)) open.insert(number);
  }
  ::closedir(directory);
  return open;
}

class ProcessTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* const base = std::getenv("TEST_TMPDIR");
    folder_ = std::string(base != nullptr ? base : "/tmp") + "/process-XXXXXX";
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
    ASSERT_EQ(::chdir(folder_.c_str()), 0);
    before_ = OpenDescriptors();
  }
  void TearDown() override {
    fault::End();
    EXPECT_EQ(OpenDescriptors(), before_) << "a descriptor was left open";
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a process was left behind";
    ASSERT_EQ(::chdir("/"), 0);
    ASSERT_EQ(::system(("rm -r '" + folder_ + "'").c_str()), 0);
  }
  static Result<Process> Shell(const std::string& script, const Streams& streams = {},
                               const char* directory = nullptr,
                               const std::vector<std::string>& environment = {}) {
    const Strings arguments({"sh", "-c", script});
    return Spawn("/bin/sh", arguments.get(), Strings(environment).get(), streams, directory);
  }
  static Termination Ends(const Result<Process>& process) {
    if (!process.ok()) {
      ADD_FAILURE() << strerror(process.error().number);
      return {};
    }
    const Result<Termination> how = Wait(process.value());
    EXPECT_TRUE(how.ok());
    return how.value();
  }
  static File Create(const char* path) {
    return File(Open(At(path), kRead | kWrite | kCreate | kTruncate, 0644).value());
  }
  static void Put(const char* path, const char* text, Mode mode) {
    const File file(Open(At(path), kWrite | kCreate, mode).value());
    ASSERT_TRUE(WriteAll(file.get(), text).ok());
  }
  static std::string Content(const char* path) {
    const File file(Open(At(path), kRead).value());
    std::string content(4096, 0);
    content.resize(Read(file.get(), {content.data(), content.size()}).value());
    return content;
  }
  std::string folder_;
  std::set<int> before_;
};

TEST_F(ProcessTest, RunsWithArgumentsEnvironmentAndStatus) {
  File output = Create("output");
  const Strings arguments({"name", "-c", "echo \"$0 $1 $A $(env)\"; exit 7", "zero", "one two"});
  const Strings environment({"A=b", "PWD=/", "PATH=/usr/bin:/bin"});
  const Streams streams{.output = output.get()};
  const Result<Process> process = Spawn("/bin/sh", arguments.get(), environment.get(), streams);
  EXPECT_EQ(Ends(process), (Termination{false, 7}));
  EXPECT_EQ(Content("output").substr(0, 15), "zero one two b ");
  EXPECT_EQ(Content("output").find("TEST_TMPDIR"), std::string::npos);
  EXPECT_TRUE(Wait(process.value()).error() == abi::kECHILD) << "waited for";
}

TEST_F(ProcessTest, ErrorsOfExecComeBack) {
  const Strings none(std::vector<std::string>{"x"});
  const auto error_of = [&](const char* path, const char* directory = nullptr) {
    const Result<Process> process = Spawn(path, none.get(), none.get(), {}, directory);
    return process.ok() ? 0 : process.error().number;
  };
  Put("plain", "echo\n", 0644);
  Put("garbage", "neither a program nor a script\n", 0755);
  EXPECT_EQ(error_of("missing"), ENOENT);
  EXPECT_EQ(error_of(""), ENOENT);
  EXPECT_EQ(error_of("plain"), EACCES);
  EXPECT_EQ(error_of("."), EACCES);
  EXPECT_EQ(error_of("plain/x"), ENOTDIR);
  EXPECT_EQ(error_of("garbage"), ENOEXEC);
  EXPECT_EQ(error_of("/bin/sh", "missing"), ENOENT);
  EXPECT_EQ(error_of("/bin/sh", "plain"), ENOTDIR);
  EXPECT_EQ(Execute("missing", none.get(), none.get()), Error{ENOENT});
  EXPECT_EQ(Execute("plain", none.get(), none.get()), Error{EACCES});
  const Result<Process> bad = Shell("exit 0", {.output = 999});
  EXPECT_TRUE(!bad.ok() && bad.error() == abi::kEBADF);
}

TEST_F(ProcessTest, EntersTheDirectoryBeforeThePathIsLookedUp) {
  ASSERT_TRUE(MakeDirectory(At("d"), 0755).ok());
  Put("d/script", "#!/bin/sh\npwd >where\n", 0755);
  const Strings arguments({"script"});
  EXPECT_EQ(Ends(Spawn("./script", arguments.get(), arguments.get(), {}, "d")),
            (Termination{false, 0}));
  EXPECT_EQ(Content("d/where"), folder_ + "/d\n");
  ASSERT_TRUE(ChangeDirectory("d").ok());
  EXPECT_EQ(Content("where"), folder_ + "/d\n");
  EXPECT_TRUE(ChangeDirectory("missing").error() == abi::kENOENT);
  EXPECT_TRUE(ChangeDirectory("where").error() == abi::kENOTDIR);
  EXPECT_TRUE(ChangeDirectory("").error() == abi::kENOENT);
}

// Every way in which 0, 1, 2, a file, or nothing can be the three streams.
TEST_F(ProcessTest, StreamsInAnyOrder) {
  // In a process of its own, whose 0, 1 and 2 are files named after them.
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    for (int place = 0; place < 3; ++place) {
      const File file = Create(("file" + std::to_string(place)).c_str());
      ::dup2(file.get(), place);
    }
    const File other = Create("file3");
    const std::array<Descriptor, 5> choices = {0, 1, 2, other.get(), kNone};
    const std::array<const char*, 5> names = {"file0", "file1", "file2", "file3", "none"};
    for (int choice = 0; choice < 125; ++choice) {
      const std::array<int, 3> chosen = {choice % 5, choice / 5 % 5, choice / 25};
      const Streams streams{choices[static_cast<std::size_t>(chosen[0])],
                            choices[static_cast<std::size_t>(chosen[1])],
                            choices[static_cast<std::size_t>(chosen[2])]};
      // What is open, and what it is; not by a descriptor that the shell needs itself.
      const Result<Process> process = Shell(
          "for n in 0 1 2 3 4 5 6 7 8 9; do l=none; if test -e /proc/$$/fd/$n; then "
          "l=$(readlink /proc/$$/fd/$n); fi; s=\"$s$n ${l##*/}\\n\"; done; printf \"$s\" >seen",
          streams, nullptr, {"PATH=/usr/bin:/bin"});
      if (!process.ok()) ::_exit(1);
      if (!Wait(process.value()).ok()) ::_exit(2);
      std::string expected;
      for (int place = 0; place < 10; ++place) {
        const int from = place < 3 ? chosen[static_cast<std::size_t>(place)] : 4;
        expected += std::to_string(place) + " " + names[static_cast<std::size_t>(from)] + "\n";
      }
      const std::string seen = Content("seen");
      if (seen != expected) {
        Put("wrong", (std::to_string(choice) + ":\n" + seen + "not\n" + expected).c_str(), 0644);
        ::_exit(3);
      }
    }
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0) << (::access("wrong", F_OK) == 0 ? Content("wrong") : "");
}

TEST_F(ProcessTest, ALostCloseOnExecAndClosedStreams) {
  // With each combination of the standard streams closed, or there but close-on-exec.
  for (int combination = 0; combination < 27; ++combination) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      int rest = combination;
      for (int place = 0; place < 3; ++place, rest /= 3) {
        if (rest % 3 == 1) ::close(place);
        if (rest % 3 == 2) ::fcntl(place, F_SETFD, FD_CLOEXEC);
      }
      const File output(Open(At("output"), kWrite | kCreate | kTruncate, 0644).value());
      // 0 and 2 as they are.
      const Result<Process> process = Shell("echo text", {.output = output.get()});
      if (!process.ok()) ::_exit(1);
      const Result<Termination> how = Wait(process.value());
      if (!how.ok() || !(how.value() == Termination{false, 0})) ::_exit(2);
      if (rest = combination; rest % 3 == 2) {
        const Result<Process> input = Shell("test -e /proc/$$/fd/0");
        if (!input.ok() || !(Wait(input.value()).value() == Termination{false, 0})) ::_exit(3);
      }
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0) << combination;
    EXPECT_EQ(Content("output"), "text\n") << combination;
  }
}

TEST_F(ProcessTest, PipesCarryOutputAndAreNoStandardStreams) {
  const Pipe pipe = MakePipe().value();
  File reading(pipe.read);
  File writing(pipe.write);
  EXPECT_GE(pipe.read, 3);
  EXPECT_GE(pipe.write, 3);
  const Result<Process> process = Shell("echo text", {.output = writing.get()});
  ASSERT_TRUE(writing.Close().ok());
  char buffer[100];
  EXPECT_EQ(Read(reading.get(), buffer).value(), 5U);
  EXPECT_EQ(Read(reading.get(), buffer).value(), 0U) << "nobody else has the other end";
  EXPECT_EQ(Ends(process), (Termination{false, 0}));

  for (int closed = 0; closed < 8; ++closed) {
    const pid_t child = ::fork();
    if (child == 0) {
      for (int i = 0; i < 3; ++i) {
        if ((closed & 1 << i) != 0) ::close(i);
      }
      const Result<Pipe> ends = MakePipe();
      if (!ends.ok() || ends.value().read < 3 || ends.value().write < 3) ::_exit(1);
      if ((::fcntl(ends.value().read, F_GETFD) & FD_CLOEXEC) == 0) ::_exit(2);
      if ((::fcntl(ends.value().write, F_GETFD) & FD_CLOEXEC) == 0) ::_exit(3);
      char byte = 0;
      if (!Write(ends.value().write, "x").ok() || Read(ends.value().read, {&byte, 1}).value() != 1)
        ::_exit(4);
      ::_exit(byte == 'x' ? 0 : 5);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0) << closed;
  }
}

TEST_F(ProcessTest, SignalsEndAProcessAndTellIt) {
  for (const int signal : {SIGTERM, SIGKILL}) {
    const Result<Process> process = Shell("exec sleep 60", {}, nullptr, {"PATH=/usr/bin:/bin"});
    ASSERT_TRUE(process.ok());
    Termination how;
    EXPECT_FALSE(HasEnded(process.value(), how).value());
    EXPECT_TRUE(SendSignal(process.value(), 0).ok());
    // Neither is an end.
    EXPECT_TRUE(SendSignal(process.value(), SIGSTOP).ok());
    EXPECT_FALSE(HasEnded(process.value(), how).value());
    EXPECT_TRUE(SendSignal(process.value(), SIGCONT).ok());
    EXPECT_FALSE(HasEnded(process.value(), how).value());
    EXPECT_TRUE(SendSignal(process.value(), signal).ok());
    EXPECT_EQ(Ends(process), (Termination{true, signal}));
    EXPECT_TRUE(SendSignal(process.value(), 0).error() == abi::kESRCH);
    EXPECT_TRUE(HasEnded(process.value(), how).error() == abi::kECHILD);
  }
}

TEST_F(ProcessTest, SignalsIgnoredAndBlockedAreSoInPrograms) {
  EXPECT_EQ(SignalActionOf(SIGUSR1).value(), SignalAction::kDefault);
  ASSERT_TRUE(SetSignalAction(SIGUSR1, SignalAction::kIgnore).ok());
  EXPECT_EQ(SignalActionOf(SIGUSR1).value(), SignalAction::kIgnore);
  EXPECT_EQ(Ends(Shell("kill -USR1 $$; exit 5")), (Termination{false, 5}));
  ASSERT_TRUE(SetSignalAction(SIGUSR1, SignalAction::kDefault).ok());
  EXPECT_EQ(Ends(Shell("kill -USR1 $$; exit 5")), (Termination{true, SIGUSR1}));

  const uint64_t before = BlockedSignals().value();
  constexpr uint64_t kUser = uint64_t{1} << (SIGUSR1 - 1);
  EXPECT_EQ(before & kUser, 0U);
  ASSERT_TRUE(SetBlockedSignals(before | kUser).ok());
  EXPECT_EQ(BlockedSignals().value(), before | kUser);
  EXPECT_EQ(Ends(Shell("kill -USR1 $$; exit 5")), (Termination{false, 5}));
  ASSERT_TRUE(SetBlockedSignals(before).ok());
  for (const int none : {SIGKILL, SIGSTOP, 0, -1, 65, 1000})
    EXPECT_TRUE(SetSignalAction(none, SignalAction::kIgnore).error() == abi::kEINVAL) << none;
}

TEST_F(ProcessTest, HasEndedIsAsGoodAsWait) {
  const Result<Process> process = Shell("exit 255");
  ASSERT_TRUE(process.ok());
  Termination how;
  for (;;) {
    const Result<bool> ended = HasEnded(process.value(), how);
    ASSERT_TRUE(ended.ok());
    if (ended.value()) break;
    Pause(1'000'000);
  }
  EXPECT_EQ(how, (Termination{false, 255}));
  EXPECT_TRUE(Wait(process.value()).error() == abi::kECHILD);
}

TEST_F(ProcessTest, ManyAtATime) {
  std::vector<Process> processes;
  for (int i = 0; i < 100; ++i) processes.push_back(Shell("exit " + std::to_string(i)).value());
  for (int i = 99; i >= 0; --i) {
    EXPECT_EQ(Wait(processes[static_cast<std::size_t>(i)]).value(), (Termination{false, i}));
  }
}

TEST_F(ProcessTest, PauseWaitsThroughSignals) {
  struct sigaction action{};
  struct sigaction old{};
  action.sa_handler = [](int) {};
  ASSERT_EQ(::sigaction(SIGUSR1, &action, &old), 0);
  const Result<Process> process = Shell("for n in 1 2 3 4 5; do kill -USR1 $PPID; sleep 0.02; done",
                                        {}, nullptr, {"PATH=/usr/bin:/bin"});
  const TimePoint start = MonotonicTime();
  Pause(250'000'000);
  const TimePoint end = MonotonicTime();
  EXPECT_GE((end.seconds - start.seconds) * 1'000'000'000 + end.nanoseconds - start.nanoseconds,
            250'000'000);
  EXPECT_EQ(Ends(process), (Termination{false, 0}));
  ASSERT_EQ(::sigaction(SIGUSR1, &old, nullptr), 0);
}

// Each call of the parent fails in every way: an error comes back, or a process that runs.
TEST_F(ProcessTest, EveryFaultOfTheParent) {
  fault::Begin();
  EXPECT_EQ(Ends(Shell("exit 3")), (Termination{false, 3}));
  const std::vector<fault::TracedCall> calls = fault::Trace();
  fault::End();
  ASSERT_EQ(calls.size(), 6U);
  EXPECT_EQ(calls[0].call, fault::Call::kMakePipe);
  EXPECT_EQ(calls[1].call, fault::Call::kFork);
  EXPECT_EQ(calls[2].call, fault::Call::kClose);
  EXPECT_EQ(calls[3].call, fault::Call::kRead);
  EXPECT_EQ(calls[4].call, fault::Call::kClose);
  EXPECT_EQ(calls[5].call, fault::Call::kWait);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    for (const int error : fault::ErrorsOf(calls[i].call)) {
      SCOPED_TRACE(std::string(fault::NameOf(calls[i].call)) + ": " + fault::TextOf(error));
      fault::Begin({.call = i, .error = error});
      const Result<Process> process = Shell("exit 3");
      if (i < 2) {
        EXPECT_TRUE(!process.ok() && process.error().number == error);
        EXPECT_TRUE(fault::Injected());
      } else {
        ASSERT_TRUE(process.ok());
        const Result<Termination> how = Wait(process.value());
        EXPECT_TRUE(fault::Injected());
        if (error == ECHILD)
          EXPECT_TRUE(how.error() == abi::kECHILD);
        else
          EXPECT_EQ(how.value(), (Termination{false, 3}));
      }
      fault::End();
    }
  }
}

// The kernel says that there is no child when none runs any more: what is done after it, such as
// the removal of the child's files, does not happen below a child that has just begun.
TEST_F(ProcessTest, NoChildIsSaidWhenItHasEnded) {
  for (const bool with_usage : {false, true}) {
    const Result<Process> process =
        Shell("sleep 0.1; : > ended", {}, nullptr, {"PATH=/usr/bin:/bin"});
    ASSERT_TRUE(process.ok());
    fault::Begin({.call = 0, .error = ECHILD});
    Usage usage;
    const Result<Termination> how =
        with_usage ? WaitWithUsage(process.value(), usage) : Wait(process.value());
    fault::End();
    EXPECT_TRUE(how.error() == abi::kECHILD);
    EXPECT_EQ(::unlink("ended"), 0) << "it still ran";
  }
}

// Each call of the new process before its program runs.
TEST_F(ProcessTest, EveryFaultOfTheChildComesBack) {
  ASSERT_TRUE(MakeDirectory(At("d"), 0755).ok());
  const auto spawn = [](fault::Injection injection) {
    fault::Begin(injection);
    const Result<Process> process = Shell("exit 3", {.output = 2, .errors = 1}, "d");
    fault::End();
    return process;
  };
  // fcntl for 0; a copy of 2 and of 1, dup2 and close of each, chdir, execve.
  constexpr std::size_t kCalls = 8;
  for (std::size_t i = 0; i < kCalls; ++i) {
    SCOPED_TRACE(i);
    const bool is_close = i == 3 || i == 5;
    for (const int error : {EIO, EBADF, EMFILE}) {
      const Result<Process> process = spawn({.call = fault::kInChild + i, .error = error});
      if (is_close) {
        EXPECT_EQ(Ends(process), (Termination{false, 3}));
      } else {
        EXPECT_TRUE(!process.ok() && process.error().number == error);
      }
    }
    const Result<Process> interrupted = spawn({.call = fault::kInChild + i, .error = EINTR});
    if (i == 2 || i == 4 || i == 6 || is_close)
      EXPECT_EQ(Ends(interrupted), (Termination{false, 3}));
  }
  EXPECT_EQ(Ends(spawn({.call = fault::kInChild + kCalls, .error = EIO})), (Termination{false, 3}));
}

TEST_F(ProcessTest, FaultsOfTheRest) {
  const Result<Process> process = Shell("exec sleep 60", {}, nullptr, {"PATH=/usr/bin:/bin"});
  ASSERT_TRUE(process.ok());
  Termination how;
  fault::Begin({.call = 0, .error = EPERM});
  EXPECT_TRUE(SendSignal(process.value(), SIGKILL).error() == abi::kEPERM);
  fault::Begin({.call = 0, .error = ECHILD});
  EXPECT_TRUE(HasEnded(process.value(), how).error() == abi::kECHILD);
  fault::Begin({.call = 0, .error = EINTR, .times = 3});
  EXPECT_FALSE(HasEnded(process.value(), how).value());
  EXPECT_EQ(fault::Trace().size(), 4U);
  fault::End();
  EXPECT_TRUE(SendSignal(process.value(), SIGKILL).ok());
  fault::Begin({.call = 0, .error = EINTR, .times = 3});
  EXPECT_EQ(Ends(process), (Termination{true, SIGKILL}));
  EXPECT_EQ(fault::Trace().size(), 4U);
  fault::Begin({.call = 0, .error = EMFILE});
  EXPECT_TRUE(MakePipe().error() == abi::kEMFILE);
  fault::Begin({.call = 0, .error = EIO});
  EXPECT_TRUE(ChangeDirectory("/").error() == abi::kEIO);
  fault::Begin({.call = 0, .error = EINTR});
  EXPECT_TRUE(ChangeDirectory(".").ok());
  fault::Begin({.call = 0, .error = E2BIG});
  const Strings none(std::vector<std::string>{"x"});
  EXPECT_TRUE(Execute("/bin/true", none.get(), none.get()) == abi::kE2BIG);
  fault::Begin({.call = 0, .error = EINTR, .times = 2});
  Pause(1);
  EXPECT_EQ(fault::Trace().size(), 3U);
}

TEST_F(ProcessTest, WaitsForSignals) {
  constexpr uint64_t kSignals = 1 << (SIGCHLD - 1) | 1 << (SIGUSR1 - 1);
  const uint64_t before = BlockedSignals().value();
  ASSERT_TRUE(SetSignalAction(SIGCHLD, SignalAction::kKeep).ok());
  ASSERT_TRUE(SetBlockedSignals(before | kSignals).ok());
  EXPECT_EQ(WaitForSignal(kSignals, 0).value(), 0);
  EXPECT_EQ(WaitForSignal(kSignals, 1'000'000).value(), 0);
  ASSERT_EQ(::kill(::getpid(), SIGUSR1), 0);
  EXPECT_EQ(WaitForSignal(1 << (SIGCHLD - 1), 0).value(), 0) << "it is not asked for";
  EXPECT_EQ(WaitForSignal(kSignals, 0).value(), SIGUSR1);
  EXPECT_EQ(WaitForSignal(kSignals, 0).value(), 0) << "it has been taken";
  const Result<Process> process = Shell("exit 4");
  EXPECT_EQ(WaitForSignal(kSignals, 10'000'000'000).value(), SIGCHLD);
  EXPECT_EQ(Ends(process), (Termination{false, 4}));
  fault::Begin({.call = 0, .error = EINTR});
  EXPECT_EQ(WaitForSignal(kSignals, 10'000'000'000).value(), 0);
  fault::Begin({.call = 0, .error = EINVAL});
  EXPECT_TRUE(WaitForSignal(kSignals, 0).error() == abi::kEINVAL);
  fault::End();
  ASSERT_TRUE(SetBlockedSignals(before).ok());
  ASSERT_TRUE(SetSignalAction(SIGCHLD, SignalAction::kDefault).ok());
}

TEST_F(ProcessTest, TheNewProcessFindsOutWhatToBecome) {
  static const Strings arguments(std::vector<std::string>{"sh", "-c", "exit 6"});
  static const Strings none(std::vector<std::string>{});
  const auto become = [](void* context) {
    // Nothing of this is the parent's.
    ++*static_cast<int*>(context);
    (void)Execute("missing", arguments.get(), none.get());
    return Execute("/bin/sh", arguments.get(), none.get());
  };
  int tries = 0;
  EXPECT_EQ(Ends(SpawnBy(become, &tries, {})), (Termination{false, 6}));
  EXPECT_EQ(tries, 0);
  const Become fail = [](void*) { return Error{abi::kENOTDIR}; };
  EXPECT_TRUE(SpawnBy(fail, nullptr, {}).error() == abi::kENOTDIR);
}

TEST_F(ProcessTest, UsageAndGroups) {
  Usage usage;
  const Result<Process> process = Shell("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exit 2");
  ASSERT_TRUE(process.ok());
  EXPECT_EQ(WaitWithUsage(process.value(), usage).value(), (Termination{false, 2}));
  EXPECT_TRUE(usage.known);
  EXPECT_GT(usage.user.nanoseconds + usage.system.nanoseconds + usage.user.seconds, 0);
  EXPECT_GT(usage.memory, 100U);
  EXPECT_GT(usage.minor_faults, 0U);
  EXPECT_TRUE(WaitWithUsage(process.value(), usage).error() == abi::kECHILD);

  const Result<Process> other = Shell("exec sleep 60", {}, nullptr, {"PATH=/usr/bin:/bin"});
  ASSERT_TRUE(other.ok());
  EXPECT_TRUE(SetProcessGroup(INT32_MAX, 0).error().number == ESRCH);
  EXPECT_TRUE(SendSignal(-other.value(), 0).error() == abi::kESRCH);
  EXPECT_TRUE(SendSignal(other.value(), SIGKILL).ok());
  EXPECT_EQ(Ends(other), (Termination{true, SIGKILL}));
  EXPECT_EQ(ThisProcess(), ::getpid());
}

// What the parent would do at its end is not the new process's business.
TEST_F(ProcessTest, AFailedChildRunsNothingOfTheParents) {
  const pid_t parent = ::fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    std::atexit([] {
      const int file = ::open("ran", O_WRONLY | O_CREAT | O_APPEND, 0644);
      (void)!::write(file, "x", 1);
    });
    const Strings none(std::vector<std::string>{"x"});
    const bool failed = !Spawn("missing", none.get(), none.get(), {}).ok();
    std::exit(failed ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(parent, &status, 0), parent);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(Content("ran"), "x");
}

}  // namespace
}  // namespace cation::sys
