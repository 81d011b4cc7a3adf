// SPDX-License-Identifier: MIT
//
// Runs a utility's Main() in the test's own process, on the posix backend with faults.
//
//   class CatTest : public UtilityTestCase { protected: CatTest() : UtilityTestCase("cat") {} };
//   TEST_F(CatTest, CopiesFiles) {
//     WriteFile("a", "one\n");
//     const Outcome outcome = Run({"a"});
//     EXPECT_EQ(outcome.output, "one\n");
//   }
#ifndef CATION_COREUTILS_SUPPORT_TESTING_UTILITY_TEST_CASE_H_
#define CATION_COREUTILS_SUPPORT_TESTING_UTILITY_TEST_CASE_H_

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coreutils/support/testing/snapshot.h"
#include "coreutils/support/testing/test_case.h"
#include "runtime/sys/fault/fault.h"

namespace cation::testing {

// What a utility would have become by sys::Execute(). In tests it is only noted.
struct Execution {
  std::string path;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::string folder;     // the working directory
  std::set<int> ignored;  // signals, beyond those of the test itself
  std::set<int> blocked;
  friend bool operator==(const Execution& a, const Execution& b) = default;
};

struct Outcome {
  int status = -1;  // 0 after an execution
  std::string output;
  std::string errors;
  std::size_t calls = 0;  // OS calls made
  int input = -1;         // the descriptors that standard input
  int messages = -1;      // and standard error had
  std::optional<Execution> execution;
};

struct FaultOutcome {
  Outcome outcome;
  sys::fault::TracedCall call;
  int error;  // errno value
  // The call was to read the answer to a question.
  [[nodiscard]] bool OfAnswer() const {
    return call.call == sys::fault::Call::kRead && call.detail == std::to_string(outcome.input) &&
           outcome.errors.find("? ") != std::string::npos;
  }
  // The call was to write a message.
  [[nodiscard]] bool OfMessage() const {
    return call.call == sys::fault::Call::kWrite && call.detail == std::to_string(outcome.messages);
  }
};

class UtilityTestCase : public TestCase {
 protected:
  explicit UtilityTestCase(std::string program) : program_(std::move(program)) {}

  void SetUp() override;
  void TearDown() override;

  // Runs the utility with `arguments` and `input` on standard input. Fails the test when it leaves
  // a descriptor open.
  //
  // Before that it runs it in a copy of the folder, again and again, with each of its OS calls
  // failing in each way that it can, and fails the test unless, each time,
  // - an interruption or a short count cannot be seen,
  // - status 0 comes with the output, the files and the execution of the run without a fault,
  // - another status comes with messages that begin with the program's name,
  // - what the run without a fault leaves alone is left alone, and nothing else appears.
  // Not so where `injection` says what is to fail or a hook is set, and where `fault_runs` is off.
  Outcome Run(const std::vector<std::string>& arguments, const std::string& input = "",
              sys::fault::Injection injection = {});

  // The same with standard output going to the file `path` (/dev/full, say), which output is then
  // not; `flags` are more flags to open it with (O_APPEND).
  Outcome RunInto(const std::string& path, const std::vector<std::string>& arguments,
                  const std::string& input = "", int flags = 0);

  // Off for scenarios that cannot be repeated in a copy of the folder; the test says why.
  bool fault_runs = true;
  // Faults that the scenario makes the best of, or that tell the utility what is not so (that a
  // file is not there): not judged. The test says why.
  std::function<bool(const FaultOutcome&)> excused;

  // The environment that Run() gives; empty at first.
  std::map<std::string, std::string> environment;

  // What Run() gives as argv[0]; empty at first.
  std::string invoked_as;

  // Runs the scenario untouched, then again and again: `prepare` in an empty folder, and Run() with
  // the first, second, … OS call failing, with each error that it can give. What may not show
  // (interruptions, short counts) must end as the untouched run did, status, output and files
  // alike; for all others `check` says what has to hold. Returns the number of faults.
  std::size_t ForEachFault(const std::vector<std::string>& arguments, const std::string& input,
                           const std::function<void()>& prepare,
                           const std::function<void(const FaultOutcome&)>& check);

 private:
  Outcome RunWithOutput(int output, const std::vector<std::string>& arguments,
                        const std::string& input, sys::fault::Injection injection);

  // fault_runs.cc: what Run() does before the run.
  void RunWithEachFault(const std::vector<std::string>& arguments, const std::string& input);
  std::string Judge(const FaultOutcome& fault, const Outcome& untouched, const Snapshot& before,
                    const Snapshot& after, const Snapshot& left) const;
  [[nodiscard]] bool MakeCopyFolder();
  [[nodiscard]] std::string InCopy(const std::string& text) const;

  std::string program_;
  std::string copy_;  // the folder that faults are tried in
  timespec start_{};
  std::size_t faults_ = 0;
};

}  // namespace cation::testing

#endif  // CATION_COREUTILS_SUPPORT_TESTING_UTILITY_TEST_CASE_H_
