// SPDX-License-Identifier: MIT
//
// What cp's tests share: trees to copy, and what is to be compared of the copies.
#ifndef CATION_COREUTILS_CP_CP_TEST_CASE_H_
#define CATION_COREUTILS_CP_CP_TEST_CASE_H_

#include <errno.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "coreutils/support/testing/utility_test_case.h"
#include "gmock/gmock.h"

namespace cation {

using sys::fault::Call;
using testing::FaultOutcome;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Outcome;
using Arguments = std::vector<std::string>;

class CpTest : public testing::UtilityTestCase {
 protected:
  // A copy will do where a hard link is refused; and who is told that a file is not there believes
  // it.
  CpTest() : UtilityTestCase("cp") {
    excused = [](const FaultOutcome& fault) {
      return fault.call.call == Call::kMakeHardLink || fault.error == ENOENT;
    };
  }

  // All below `path`, with what -p keeps: names, types, permissions, times, which names are one
  // file, contents.
  static std::string Attributes(const std::string& path, bool with_times = true) {
    std::string all;
    std::map<ino_t, std::size_t> numbers;
    std::vector<std::string> paths = {path};
    std::string list = Tree(path);
    for (const std::string& name : Names(path)) paths.push_back(path + "/" + name);
    for (const std::string& file : paths) {
      const struct stat status = Lstat(file);
      const std::size_t number = numbers.emplace(status.st_ino, numbers.size()).first->second;
      all += file.substr(path.size()) + " " + std::to_string(number) + " " +
             std::to_string(status.st_mode) + " " + std::to_string(status.st_uid) + ":" +
             std::to_string(status.st_gid);
      if (with_times)
        all += " " + std::to_string(status.st_mtim.tv_sec) + "." +
               std::to_string(status.st_mtim.tv_nsec);
      all += "\n";
    }
    return all + list;
  }

  // The same without times of this year and later, which two runs cannot have in common.
  static std::string WithoutRecent(std::string text) {
    const time_t now = ::time(nullptr);
    for (std::size_t at = text.find(" 1"); at != std::string::npos; at = text.find(" 1", at + 1)) {
      const long long seconds = std::atoll(text.c_str() + at + 1);
      if (seconds > now - 86400 && seconds <= now + 1)
        text.replace(at + 1, text.find('\n', at) - at - 1, "now");
    }
    return text;
  }

  // The lines that only one of two texts has.
  static std::string Difference(const std::string& a, const std::string& b) {
    std::istringstream lines_a(a), lines_b(b);
    std::multiset<std::string> only_a, only_b;
    for (std::string line; std::getline(lines_a, line);) only_a.insert(line.substr(0, 100));
    for (std::string line; std::getline(lines_b, line);) {
      if (const auto found = only_a.find(line.substr(0, 100)); found != only_a.end()) {
        only_a.erase(found);
      } else {
        only_b.insert(line.substr(0, 100));
      }
    }
    std::string all;
    for (const std::string& line : only_a) all += "- " + line + "\n";
    for (const std::string& line : only_b) all += "+ " + line + "\n";
    return all;
  }

  static std::vector<std::string> Names(const std::string& path) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path, error)) {
      names.push_back(entry.path().lexically_relative(path).string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  static int Host(const std::string& command) {
    const int status = std::system((command + " >/dev/null 2>&1").c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  static bool SameFile(const std::string& a, const std::string& b) {
    return Lstat(a).st_ino == Lstat(b).st_ino && Lstat(a).st_dev == Lstat(b).st_dev;
  }

  // src/: files of several sizes and modes, hard links, symbolic links to a file, a directory and
  // nothing, a FIFO, directories with modes and times of their own.
  void MakeRichTree() {
    MakeDirectory("src");
    MakeDirectory("src/sub", 0750);
    MakeDirectory("src/sub/deep", 0711);
    MakeDirectory("src/empty", 01777);
    WriteFile("src/a", "content of a\n", 0640);
    WriteFile("src/zero", "");
    WriteFile("src/sub/x", std::string(70000, 'x'), 0755);
    WriteFile("src/sub/deep/secret", "s", 0400);
    WriteFile("src/suid", "program", 04755);
    ASSERT_EQ(::link("src/a", "src/sub/a2"), 0);
    ASSERT_EQ(::link("src/a", "src/a3"), 0);
    MakeLink("a", "src/to_a");
    MakeLink("sub", "src/to_sub");
    MakeLink("../nowhere", "src/sub/dangling");
    ASSERT_EQ(::mkfifo("src/fifo", 0620), 0);
    SetTime("src/to_a", 1000000001, 5);
    for (const char* const name :
         {"src/a", "src/zero", "src/sub/x", "src/sub/deep/secret", "src/suid", "src/fifo"}) {
      SetTime(name, 1000000000, 123456789);
    }
    for (const char* const name : {"src/sub/deep", "src/sub", "src/empty", "src"})
      SetTime(name, 1100000000, 7);
  }

  // A small one, for faults.
  void MakeSmallTree() {
    MakeDirectory("src");
    MakeDirectory("src/d", 0750);
    WriteFile("src/d/x", "xx", 0640);
    WriteFile("src/e", "eee");
    ASSERT_EQ(::link("src/e", "src/d/e2"), 0);
    MakeLink("d/x", "src/l");
    SetTime("src/e", 1000000000);
    SetTime("src/d/x", 1000000000);
    SetTime("src/l", 1000000000);
    SetTime("src/d", 1100000000);
    SetTime("src", 1100000000);
  }

  // Repeats with faults: the source stays as it is, a status of 0 means that `complete` holds, and
  // every failure has a message.
  std::size_t Sweep(const Arguments& arguments, const std::function<void()>& prepare,
                    const std::string& source, const std::function<bool()>& complete) {
    Clear();
    prepare();
    const std::string before = Attributes(source, false);
    return ForEachFault(arguments, "", prepare, [&](const FaultOutcome& fault) {
      EXPECT_EQ(Attributes(source, false), before);
      if (fault.outcome.status == 0) {
        EXPECT_TRUE(complete()) << fault.outcome.errors;
      } else {
        EXPECT_EQ(fault.outcome.status, 1);
        EXPECT_THAT(fault.outcome.errors,
                    ::testing::MatchesRegex("(cp: [^ ]*(src|dst)[^ ]*: .*\n)+"));
      }
    });
  }
};

}  // namespace cation

#endif  // CATION_COREUTILS_CP_CP_TEST_CASE_H_
