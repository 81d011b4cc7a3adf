// SPDX-License-Identifier: MIT
#include "coreutils/support/testing/test_case.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace cation::testing {

namespace fs = std::filesystem;

void TestCase::SetUp() {
  before_ = fs::current_path();
  const char* const given = std::getenv("TEST_TMPDIR");
  std::string base = given != nullptr ? given : "/tmp";
  // Scenarios are repeated thousands of times, with a fault in each: in memory where there is such
  // a folder.
  if (::access("/dev/shm", W_OK | X_OK) == 0) base = "/dev/shm";
  std::string pattern = base + "/cation-XXXXXX";
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr) << pattern;
  folder_ = pattern;
  ASSERT_EQ(::chdir(folder_.c_str()), 0);
  ::umask(022);
}

void TestCase::TearDown() {
  if (folder_.empty()) return;
  ASSERT_EQ(::chdir(before_.c_str()), 0);
  Clear();
  EXPECT_EQ(::rmdir(folder_.c_str()), 0) << folder_;
}

void TestCase::Clear() {
  bool cleared = true;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    std::error_code error;
    fs::remove_all(entry.path(), error);
    cleared = cleared && !error;
  }
  if (cleared) return;
  // By the host's tools: a test may have made what cannot be read, and paths beyond PATH_MAX.
  const std::string command = "chmod -R u+rwX '" + folder_ + "' 2>/dev/null; find '" + folder_ +
                              "' -mindepth 1 -maxdepth 1 -exec rm -rf {} +";
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
}

void TestCase::WriteFile(const std::string& path, const std::string& content, mode_t mode) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  ASSERT_TRUE(file.good()) << path;
  ASSERT_EQ(::chmod(path.c_str(), mode), 0) << path;
}

void TestCase::MakeDirectory(const std::string& path, mode_t mode) {
  ASSERT_EQ(::mkdir(path.c_str(), 0700), 0) << path;
  ASSERT_EQ(::chmod(path.c_str(), mode), 0) << path;
}

void TestCase::MakeLink(const std::string& target, const std::string& path) {
  ASSERT_EQ(::symlink(target.c_str(), path.c_str()), 0) << path;
}

void TestCase::SetTime(const std::string& path, time_t seconds, long nanoseconds) {
  const timespec times[2] = {{seconds, nanoseconds}, {seconds, nanoseconds}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), 0) << path;
}

std::string TestCase::ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return "(cannot read " + path + ")";
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

struct stat TestCase::Lstat(const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) status = {};
  return status;
}

std::string TestCase::LinkTarget(const std::string& path) {
  std::error_code error;
  const fs::path target = fs::read_symlink(path, error);
  return error ? "(no link: " + path + ")" : target.string();
}

std::string TestCase::Tree(const std::string& path) {
  std::vector<std::string> lines;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(path, error)) {
    const std::string name = entry.path().lexically_relative(path).string();
    // lstat(): a link may loop, or have a target too long to follow.
    const mode_t type = Lstat(entry.path().string()).st_mode & S_IFMT;
    if (type == S_IFLNK) {
      lines.push_back(name + " -> " + LinkTarget(entry.path()));
    } else if (type == S_IFDIR) {
      lines.push_back(name + "/");
    } else if (type == S_IFREG) {
      lines.push_back(name + ": " + ReadFile(entry.path()));
    } else {
      lines.push_back(name + " (special)");
    }
  }
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  return all;
}

int TestCase::OpenDescriptors() {
  int count = 0;
  DIR* const directory = ::opendir("/proc/self/fd");
  while (::readdir(directory) != nullptr) ++count;
  ::closedir(directory);
  return count - 3;  // "." and ".." and the one that reads
}

}  // namespace cation::testing
