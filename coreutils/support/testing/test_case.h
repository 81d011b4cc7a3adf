// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_TESTING_TEST_CASE_H_
#define CATION_COREUTILS_SUPPORT_TESTING_TEST_CASE_H_

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <ostream>
#include <string>
#include <vector>

#include "runtime/core/string_view.h"

namespace cation {

// For GoogleTest's messages.
inline void PrintTo(StringView text, std::ostream* out) {
  *out << '"' << std::string(text.data(), text.size()) << '"';
}

namespace testing {

// Gives each test an empty folder to work in, which is the working directory, and a umask of 022.
// Paths below are relative to it. Functions that prepare something fail the test when they cannot.
class TestCase : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // The folder, absolute.
  const std::string& folder() const { return folder_; }
  // Empties the folder.
  void Clear();

  void WriteFile(const std::string& path, const std::string& content, mode_t mode = 0644);
  void MakeDirectory(const std::string& path, mode_t mode = 0755);
  void MakeLink(const std::string& target, const std::string& path);
  void SetTime(const std::string& path, time_t seconds, long nanoseconds = 0);

  static std::string ReadFile(const std::string& path);
  // Without following a link; st_mode 0 when there is nothing.
  static struct stat Lstat(const std::string& path);
  static bool Exists(const std::string& path) { return Lstat(path).st_mode != 0; }
  static mode_t Permissions(const std::string& path) { return Lstat(path).st_mode & 07777; }
  static std::string LinkTarget(const std::string& path);
  // All that is below `path`, sorted, one per line: type, path, and a file's content or a link's
  // target.
  static std::string Tree(const std::string& path = ".");
  // How many descriptors this process has open.
  static int OpenDescriptors();

 private:
  std::string folder_;
  std::string before_;
};

}  // namespace testing
}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_TESTING_TEST_CASE_H_
