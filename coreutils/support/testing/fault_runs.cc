// SPDX-License-Identifier: MIT
//
// The faults that Run() tries before it runs a scenario.
#include <errno.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

namespace fault = sys::fault;

// Of a scenario with more faults than the first, each k-th is tried; and so of one that moves more
// bytes than the second, or makes and looks at more entries than the third, in all.
constexpr std::size_t kMostFaults = 1000;
constexpr std::size_t kMostBytes = 16 * 1024 * 1024;
constexpr std::size_t kMostEntries = 10000;
// A scenario that fails says so this many times.
constexpr int kMostProblems = 3;

// Seconds by which what a test has just made is older in the copy.
constexpr time_t kOlder = 3600;

// To the time as well; but for directories', which change with what is in them.
bool SameToTheLast(const Snapshot::Entry& a, const Snapshot::Entry& b) {
  return Snapshot::Same(a, b, S_ISDIR(a.mode) ? timespec{} : Snapshot::kNever);
}

// The files that give names to users and groups need not be readable: numbers will do.
bool AboutAccounts(const std::vector<fault::TracedCall>& calls, std::size_t index) {
  switch (calls[index].call) {
    case fault::Call::kOpen:
    case fault::Call::kStatus:
    case fault::Call::kRead:
    case fault::Call::kClose:
      break;
    default:
      return false;
  }
  while (calls[index].call != fault::Call::kOpen) {
    if (index-- == 0) return false;
  }
  return calls[index].detail == "/etc/passwd" || calls[index].detail == "/etc/group";
}

// The lines in an order of their own: a folder made anew may list its entries in another.
std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  std::sort(lines.begin(), lines.end());
  return lines;
}

struct Fault {
  std::size_t call;
  int error;
};

std::vector<Fault> FaultsOf(const std::vector<fault::TracedCall>& calls) {
  std::vector<Fault> faults;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    for (const int error : fault::ErrorsOf(calls[i].call)) faults.push_back({i, error});
  }
  return faults;
}

}  // namespace

std::string UtilityTestCase::InCopy(const std::string& text) const {
  return absl::StrReplaceAll(text, {{folder(), copy_}});
}

bool UtilityTestCase::MakeCopyFolder() {
  if (copy_.empty()) {
    std::string pattern = folder().substr(0, folder().size() - 6) + "XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) return false;
    copy_ = pattern;
  }
  if (Snapshot::Take(copy_)) return true;
  // More than can be put right by and by.
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(copy_))
    std::filesystem::remove_all(entry.path(), error);
  return Snapshot::Take(copy_).has_value();
}

// What is wrong with what a fault has led to; "" when nothing is.
std::string UtilityTestCase::Judge(const FaultOutcome& fault, const Outcome& untouched,
                                   const Snapshot& before, const Snapshot& after,
                                   const Snapshot& left) const {
  const Outcome& outcome = fault.outcome;
  const bool as_untouched =
      outcome.status == untouched.status && Lines(outcome.output) == Lines(untouched.output) &&
      Lines(outcome.errors) == Lines(untouched.errors) && outcome.execution == untouched.execution;
  const std::string difference = Snapshot::Difference(after, left, start_);
  if (fault::MustNotShow(fault.call.call, fault.error)) {
    if (!as_untouched) return "it shows";
    return difference.empty() ? "" : absl::StrCat("it shows in the files:\n", difference);
  }
  for (const auto& line : absl::StrSplit(outcome.errors, '\n')) {
    if (!line.empty() && !absl::StartsWith(line, program_ + ": ") &&
        !absl::StrContains(untouched.errors, line))
      return absl::StrCat("a message without the program's name: ", line);
  }
  // A question that cannot be asked, or whose answer cannot be read, is answered by no.
  if (outcome.status == 0 && !fault.OfMessage() && !fault.OfAnswer()) {
    if (Lines(outcome.output) != Lines(untouched.output))
      return "status 0, but the output is another";
    if (outcome.execution != untouched.execution) return "status 0, but something else is executed";
    if (!difference.empty()) return absl::StrCat("status 0, but the files differ:\n", difference);
  }
  // What a closed pipe is to blame for is said by nobody.
  if (outcome.status != 0 && outcome.errors.empty() && !fault.OfMessage() &&
      !(fault.error == EPIPE && fault.call.call == fault::Call::kWrite))
    return "no message";
  // Nothing but what the run without a fault changes has changed.
  const auto find = [](const Snapshot& snapshot, const std::string& name) {
    const auto at = snapshot.entries().find(name);
    return at == snapshot.entries().end() ? nullptr : &at->second;
  };
  for (const auto& [name, entry] : before.entries()) {
    const Snapshot::Entry* const later = find(after, name);
    const Snapshot::Entry* const now = find(left, name);
    const bool left_alone = later != nullptr && SameToTheLast(entry, *later);
    if (left_alone && (now == nullptr || !SameToTheLast(entry, *now))) {
      return absl::StrCat("what is none of its business has changed:\n  - ",
                          Snapshot::Describe(name, &entry), "  + ", Snapshot::Describe(name, now));
    }
  }
  for (const auto& [name, entry] : left.entries()) {
    if (find(before, name) == nullptr && find(after, name) == nullptr)
      return absl::StrCat("it leaves behind ", Snapshot::Describe(name, &entry));
  }
  return "";
}

void UtilityTestCase::RunWithEachFault(const std::vector<std::string>& arguments,
                                       const std::string& input) {
  std::error_code error;
  const std::string here = std::filesystem::current_path(error);
  if (error) return;  // it has been removed
  std::optional<Snapshot> before = Snapshot::Take(folder());
  if (!before || !MakeCopyFolder()) return;
  before->Rename(folder(), copy_);
  // What the run writes again may be written within the tick of the clock in which the test made
  // it.
  before->Age(start_, kOlder);
  std::optional<Snapshot> now = Snapshot::Take(copy_);
  std::vector<std::string> arguments_in_copy;
  for (const std::string& argument : arguments) arguments_in_copy.push_back(InCopy(argument));
  const std::string input_in_copy = InCopy(input);
  const auto environment_before = environment;
  for (auto& [name, value] : environment) value = InCopy(value);

  const mode_t mask = ::umask(022);
  const auto run = [&](fault::Injection injection) {
    EXPECT_TRUE(now && before->PutBack(copy_, *now));
    EXPECT_EQ(::chdir(InCopy(here).c_str()), 0);
    ::umask(mask);
    const bool fault_runs_before = std::exchange(fault_runs, false);
    const Outcome outcome = Run(arguments_in_copy, input_in_copy, injection);
    fault_runs = fault_runs_before;
    now = Snapshot::Take(copy_);
    return outcome;
  };
  const Outcome untouched = run({});
  const std::vector<fault::TracedCall> calls = fault::Trace();
  const std::optional<Snapshot> after = now;
  const std::vector<Fault> faults = FaultsOf(calls);
  const std::size_t bytes = input.size() + untouched.output.size() + 1;
  const std::size_t entries = before->entries().size() + (after ? after->entries().size() : 0) + 1;
  const std::size_t most =
      std::min({kMostFaults, kMostBytes / bytes + 1, kMostEntries / entries + 1});
  const std::size_t step = faults.size() / most + 1;
  int problems = 0;
  for (std::size_t i = 0; after && i < faults.size() && problems < kMostProblems; i += step) {
    const auto& [call, error] = faults[i];
    const Outcome outcome = run({.call = call, .error = error});
    ++faults_;
    // The call that it met: with the entries of a folder in another order it may be another.
    const std::vector<fault::TracedCall> made = fault::Trace();
    if (call >= made.size()) {
      ADD_FAILURE() << program_ << " " << ::testing::PrintToString(arguments) << ": call " << call
                    << " is not made any more";
      break;
    }
    const FaultOutcome met{outcome, made[call], error};
    // Who can simply try again has no excuse.
    const bool has_excuse = error != EINTR && error != fault::kShort;
    const bool about_accounts = AboutAccounts(made, call) && outcome.status == untouched.status &&
                                outcome.errors == untouched.errors;
    if (has_excuse && (about_accounts || (excused && excused(met)))) continue;
    const std::string problem =
        now ? Judge(met, untouched, *before, *after, *now) : "it leaves behind what cannot be read";
    if (problem.empty()) continue;
    ++problems;
    ADD_FAILURE() << program_ << " " << ::testing::PrintToString(arguments) << ": call " << call
                  << " of " << calls.size() << ", " << fault::NameOf(met.call.call) << " "
                  << met.call.detail << ", gives " << fault::TextOf(error) << ": " << problem
                  << "\nstatus " << outcome.status << ", without it " << untouched.status
                  << "\nmessages: " << outcome.errors;
  }
  environment = environment_before;
  ::umask(mask);
  EXPECT_EQ(::chdir(here.c_str()), 0);
}

}  // namespace cation::testing
