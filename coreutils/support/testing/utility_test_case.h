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
#include <string>
#include <vector>

#include "coreutils/support/testing/test_case.h"
#include "runtime/sys/fault/fault.h"

namespace cation::testing {

struct Outcome {
  int status = -1;
  std::string output;
  std::string errors;
  std::size_t calls = 0;  // OS calls made
};

struct FaultOutcome {
  Outcome outcome;
  sys::fault::TracedCall call;
  int error;  // errno value
};

class UtilityTestCase : public TestCase {
 protected:
  explicit UtilityTestCase(std::string program) : program_(std::move(program)) {}

  // Runs the utility with `arguments` and `input` on standard input. Fails the test when it leaves
  // a descriptor open.
  Outcome Run(const std::vector<std::string>& arguments, const std::string& input = "",
              sys::fault::Injection injection = {});

  // The same with standard output going to the file `path` (/dev/full, say), which output is then
  // not.
  Outcome RunInto(const std::string& path, const std::vector<std::string>& arguments,
                  const std::string& input = "");

  // The environment that Run() gives; empty at first.
  std::map<std::string, std::string> environment;

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

  std::string program_;
};

}  // namespace cation::testing

#endif  // CATION_COREUTILS_SUPPORT_TESTING_UTILITY_TEST_CASE_H_
