// SPDX-License-Identifier: MIT
#include "coreutils/support/working_directory.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coreutils/support/testing/test_case.h"
#include "runtime/sys/fault/fault.h"

namespace cation::testing {
namespace {

namespace fault = sys::fault;

class WorkingDirectoryTest : public TestCase {
 protected:
  static std::string Of() {
    String path;
    const Result<void> appended = AppendWorkingDirectory(path);
    return appended.ok() ? path.c_str() : "error " + std::to_string(appended.error().number);
  }
};

TEST_F(WorkingDirectoryTest, OneCall) {
  fault::Begin();
  EXPECT_EQ(Of(), folder());
  EXPECT_EQ(fault::Trace().size(), 1U);
  fault::Begin({.call = 0, .error = EACCES});
  EXPECT_EQ(Of(), "error " + std::to_string(EACCES));
  fault::End();
}

TEST_F(WorkingDirectoryTest, WhatTheSystemCannotSay) {
  std::string want = folder();
  const std::string name(250, 'n');
  for (int i = 0; i < 30; ++i) {
    ASSERT_EQ(::mkdir(name.c_str(), 0755), 0);
    ASSERT_EQ(::chdir(name.c_str()), 0);
    want += "/" + name;
  }
  EXPECT_EQ(Of(), want);
  ASSERT_EQ(::mkdir("a", 0755), 0);
  ASSERT_EQ(::mkdir("b", 0755), 0);
  ASSERT_EQ(::chdir("b"), 0);
  EXPECT_EQ(Of(), want + "/b");
  fault::Begin();
  (void)Of();
  const std::vector<fault::TracedCall> calls = fault::Trace();
  for (std::size_t i = 0; i < calls.size(); ++i) {
    // Somewhere on the way up.
    if (i > 20 && i % 7 != 0) continue;
    fault::Begin({.call = i, .error = EIO});
    const std::string found = Of();
    EXPECT_TRUE(found == want + "/b" || found.compare(0, 6, "error ") == 0) << found;
  }
  fault::End();
}

}  // namespace
}  // namespace cation::testing
