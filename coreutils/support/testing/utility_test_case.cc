// SPDX-License-Identifier: MIT
#include "coreutils/support/testing/utility_test_case.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coreutils/support/options.h"
#include "runtime/start/context.h"

namespace cation::testing {
namespace {

namespace fault = sys::fault;

int MemoryFile(const std::string& content) {
  const int file = ::memfd_create("cation", MFD_CLOEXEC);
  EXPECT_GE(file, 0);
  EXPECT_EQ(::pwrite(file, content.data(), content.size(), 0),
            static_cast<ssize_t>(content.size()));
  return file;
}

std::string ContentOf(int file) {
  std::string content(static_cast<std::size_t>(::lseek(file, 0, SEEK_END)), '\0');
  EXPECT_EQ(::pread(file, content.data(), content.size(), 0), static_cast<ssize_t>(content.size()));
  return content;
}

// Why the system would not execute the file; 0 if it would.
int WhyNotExecutable(const char* path) {
  struct stat status{};
  if (::stat(path, &status) != 0) return errno;
  if (!S_ISREG(status.st_mode) || ::access(path, X_OK) != 0) return EACCES;
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  char start[4] = "";
  const ssize_t size = ::pread(file, start, sizeof(start), 0);
  ::close(file);
  const absl::string_view magic(start, size < 0 ? 0 : static_cast<std::size_t>(size));
  return absl::StartsWith(magic, "#!") || magic ==
                                              "\x7f"
                                              "ELF"
             ? 0
             : ENOEXEC;
}

std::vector<std::string> ToStrings(char* const* pointers) {
  std::vector<std::string> strings;
  for (; *pointers != nullptr; ++pointers) strings.emplace_back(*pointers);
  return strings;
}

// What the signals do, to be put back.
class SignalState {
 public:
  SignalState() {
    ::sigprocmask(SIG_SETMASK, nullptr, &mask_);
    for (int signal = 1; signal < kEnd; ++signal) ::sigaction(signal, nullptr, &actions_[signal]);
  }
  void PutBack() const {
    ::sigprocmask(SIG_SETMASK, &mask_, nullptr);
    for (int signal = 1; signal < kEnd; ++signal) ::sigaction(signal, &actions_[signal], nullptr);
  }
  // What is ignored and blocked now, and was not before.
  void Note(Execution& execution) const {
    const SignalState now;
    for (int signal = 1; signal < kEnd; ++signal) {
      if (now.Ignores(signal) && !Ignores(signal)) execution.ignored.insert(signal);
      if (now.Blocks(signal) && !Blocks(signal)) execution.blocked.insert(signal);
    }
  }

 private:
  static constexpr int kEnd = 65;
  [[nodiscard]] bool Ignores(int signal) const { return actions_[signal].sa_handler == SIG_IGN; }
  [[nodiscard]] bool Blocks(int signal) const { return ::sigismember(&mask_, signal) == 1; }
  sigset_t mask_{};
  struct sigaction actions_[kEnd] = {};
};

// Thrown by what takes the place of execve().
struct Executed {
  Execution execution;
};

int Execute(const char* path, char* const* arguments, char* const* environment) {
  if (const int error = WhyNotExecutable(path); error != 0) return error;
  throw Executed{{path,
                  ToStrings(arguments),
                  ToStrings(environment),
                  std::filesystem::current_path().string(),
                  {},
                  {}}};
}

// Which options of the table the tests of this program have used; those that none has used fail the
// test program.
class OptionCoverage : public ::testing::Environment {
 public:
  static OptionCoverage& Instance() {
    static auto* const instance =
        static_cast<OptionCoverage*>(::testing::AddGlobalTestEnvironment(new OptionCoverage));
    return *instance;
  }

  void Note(const std::vector<std::string>& arguments) {
    for (const std::string& argument : arguments) {
      if (argument == "--") return;
      for (const Option& option : ThisCommand().options) {
        if (Uses(argument, option)) used_.insert(option.spelling);
      }
    }
  }

  void TearDown() override {
    if (::testing::GTEST_FLAG(filter) != "*") return;  // a part of the tests
    for (const Option& option : ThisCommand().options) {
      EXPECT_TRUE(used_.count(option.spelling) != 0)
          << "no test uses the option " << option.spelling;
    }
  }

 private:
  static bool Uses(const std::string& argument, const Option& option) {
    if (absl::StartsWith(argument, "--")) {
      const StringView long_name = option.long_name();
      if (long_name.empty()) return false;
      const std::string name =
          absl::StrCat("--", absl::string_view(long_name.data(), long_name.size()));
      return argument == name || absl::StartsWith(argument, name + "=");
    }
    return argument.size() > 1 && argument[0] == '-' && option.short_name() != 0 &&
           argument.find(option.short_name(), 1) != std::string::npos;
  }

  std::set<const char*> used_;
};

// Made before the first test runs, so that its TearDown() comes even when no test calls Run().
[[maybe_unused]] const auto& g_option_coverage = OptionCoverage::Instance();

}  // namespace

void UtilityTestCase::SetUp() {
  TestCase::SetUp();
  fault::SetBoundary(folder().substr(0, folder().rfind('/') + 1) + "cation-");
  ASSERT_EQ(::clock_gettime(CLOCK_REALTIME_COARSE, &start_), 0);
}

void UtilityTestCase::TearDown() {
  RecordProperty("faults", std::to_string(faults_));
  if (!copy_.empty()) std::filesystem::remove_all(copy_);
  TestCase::TearDown();
}

Outcome UtilityTestCase::Run(const std::vector<std::string>& arguments, const std::string& input,
                             fault::Injection injection) {
  if (fault_runs && injection.call == fault::kNever && !fault::HasHook())
    RunWithEachFault(arguments, input);
  const int output = MemoryFile("");
  Outcome outcome = RunWithOutput(output, arguments, input, injection);
  outcome.output = ContentOf(output);
  ::close(output);
  return outcome;
}

Outcome UtilityTestCase::RunInto(const std::string& path, const std::vector<std::string>& arguments,
                                 const std::string& input, int flags) {
  const int output = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags);
  EXPECT_GE(output, 0) << path;
  Outcome outcome = RunWithOutput(output, arguments, input, {});
  ::close(output);
  return outcome;
}

Outcome UtilityTestCase::RunWithOutput(int output, const std::vector<std::string>& arguments,
                                       const std::string& input, fault::Injection injection) {
  OptionCoverage::Instance().Note(arguments);
  std::vector<std::string> strings = arguments;
  std::vector<char*> pointers;
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(absl::StrCat(name, "=", value));
  std::vector<char*> variable_pointers;
  for (std::string& variable : variables) variable_pointers.push_back(variable.data());
  variable_pointers.push_back(nullptr);

  const int standard_input = MemoryFile(input);
  const int errors = MemoryFile("");
  Context context;
  context.program = program_.c_str();
  context.invoked_as = invoked_as.c_str();
  context.arguments = {pointers.data(), pointers.size() - 1};
  context.environment = variable_pointers.data();
  context.input = standard_input;
  context.output = output;
  context.errors = errors;

  const int here = ::open(".", O_PATH | O_CLOEXEC);  // the utility may go elsewhere
  const int descriptors = OpenDescriptors();
  Outcome outcome;
  const SignalState signals;
  fault::SetExecutor(Execute);
  fault::Begin(injection);
  try {
    outcome.status = Main(context);
  } catch (Executed& executed) {
    outcome.status = 0;
    outcome.execution = std::move(executed.execution);
    signals.Note(*outcome.execution);
  }
  fault::End();
  fault::SetExecutor(nullptr);
  signals.PutBack();
  outcome.calls = fault::Trace().size();
  outcome.input = standard_input;
  outcome.messages = errors;
  EXPECT_EQ(OpenDescriptors(), descriptors) << "a descriptor was left open";
  EXPECT_EQ(::fchdir(here), 0);
  ::close(here);
  ::umask(022);  // a utility may have set another: it has the process to itself
  outcome.errors = ContentOf(errors);
  ::close(errors);
  ::close(standard_input);
  return outcome;
}

std::size_t UtilityTestCase::ForEachFault(const std::vector<std::string>& arguments,
                                          const std::string& input,
                                          const std::function<void()>& prepare,
                                          const std::function<void(const FaultOutcome&)>& check) {
  const bool fault_runs_before = std::exchange(fault_runs, false);
  Clear();
  prepare();
  const Outcome untouched = Run(arguments, input);
  const std::string tree = Tree();
  const std::vector<fault::TracedCall> calls = fault::Trace();
  EXPECT_GT(calls.size(), 0U);
  std::size_t faults = 0;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    for (const int error : fault::ErrorsOf(calls[i].call)) {
      SCOPED_TRACE(absl::StrCat("call ", i, " of ", calls.size(), ": ",
                                fault::NameOf(calls[i].call), " ", calls[i].detail, " gives ",
                                fault::TextOf(error)));
      Clear();
      prepare();
      const Outcome outcome = Run(arguments, input, {.call = i, .error = error});
      EXPECT_TRUE(fault::Injected());
      ++faults;
      if (fault::MustNotShow(calls[i].call, error)) {
        EXPECT_EQ(outcome.status, untouched.status);
        EXPECT_EQ(outcome.output, untouched.output);
        EXPECT_EQ(outcome.errors, untouched.errors);
        EXPECT_EQ(outcome.execution, untouched.execution);
        EXPECT_EQ(Tree(), tree);
      } else {
        check({outcome, calls[i], error});
      }
    }
  }
  faults_ += faults;
  fault_runs = fault_runs_before;
  return faults;
}

}  // namespace cation::testing
