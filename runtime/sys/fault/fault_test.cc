// SPDX-License-Identifier: MIT
//
// The posix backend through its faults: what each call promises when the system fails, interrupts
// it, or does less than it was asked to.
#include "runtime/sys/fault/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <set>
#include <string>

#include "runtime/sys/sys.h"

namespace cation::sys {
namespace {

class FaultTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* const base = std::getenv("TEST_TMPDIR");
    folder_ = std::string(base != nullptr ? base : "/tmp") + "/fault-XXXXXX";
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
    ASSERT_EQ(::chdir(folder_.c_str()), 0);
  }
  void TearDown() override {
    fault::End();
    ASSERT_EQ(::chdir("/"), 0);
    ASSERT_EQ(::system(("rm -r '" + folder_ + "'").c_str()), 0);
  }
  static void Put(const char* path, const char* text) {
    const int file = ::open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ASSERT_EQ(::write(file, text, strlen(text)), static_cast<ssize_t>(strlen(text)));
    ::close(file);
  }
  std::string folder_;
};

TEST_F(FaultTest, CountsAndTraces) {
  Put("a", "text");
  fault::Begin();
  const Result<Descriptor> file = Open(At("a"), kRead);
  ASSERT_TRUE(file.ok());
  char buffer[10];
  EXPECT_EQ(Read(file.value(), buffer).value(), 4U);
  EXPECT_TRUE(Close(file.value()).ok());
  const auto& trace = fault::Trace();
  ASSERT_EQ(trace.size(), 3U);
  EXPECT_EQ(trace[0].call, fault::Call::kOpen);
  EXPECT_EQ(trace[0].detail, "a");
  EXPECT_EQ(trace[1].call, fault::Call::kRead);
  EXPECT_EQ(trace[2].call, fault::Call::kClose);
  EXPECT_FALSE(fault::Injected());
}

TEST_F(FaultTest, FailsTheCallAskedForAndNoOther) {
  Put("a", "text");
  fault::Begin({.call = 1, .error = EIO});
  EXPECT_TRUE(StatusAt(At("a"), Follow::kYes).ok());
  EXPECT_TRUE(StatusAt(At("a"), Follow::kYes).error() == abi::kEIO);
  EXPECT_TRUE(StatusAt(At("a"), Follow::kYes).ok());
}

TEST_F(FaultTest, FailedCallsDoNothing) {
  fault::Begin({.call = 0, .error = ENOSPC});
  EXPECT_TRUE(MakeDirectory(At("d"), 0755).error() == abi::kENOSPC);
  EXPECT_NE(::access("d", F_OK), 0);
}

TEST_F(FaultTest, InterruptedCallsAreRepeated) {
  Put("a", "text");
  const Descriptor file = Open(At("a"), kRead | kWrite).value();
  char buffer[4];
  fault::Begin({.call = 0, .error = EINTR});
  EXPECT_EQ(Read(file, buffer).value(), 4U);
  fault::Begin({.call = 0, .error = EINTR, .times = 3});
  EXPECT_EQ(Write(file, "x").value(), 1U);
  EXPECT_EQ(fault::Trace().size(), 4U);
  fault::End();
  EXPECT_TRUE(Close(file).ok());
}

TEST_F(FaultTest, CloseIsNotRepeatedAndTheDescriptorIsGone) {
  Put("a", "text");
  const Descriptor file = Open(At("a"), kRead).value();
  fault::Begin({.call = 0, .error = EIO});
  EXPECT_TRUE(Close(file).error() == abi::kEIO);
  EXPECT_EQ(::fcntl(file, F_GETFD), -1);
}

TEST_F(FaultTest, WriteAllGoesOnAfterShortWrites) {
  const Descriptor file = Open(At("a"), kWrite | kCreate, 0600).value();
  fault::Begin({.call = 0, .error = fault::kShort});
  EXPECT_TRUE(WriteAll(file, "whole").ok());
  EXPECT_EQ(fault::Trace().size(), 2U);
  fault::End();
  EXPECT_EQ(Status(file).value().size, 5U);
  EXPECT_TRUE(Close(file).ok());
}

TEST_F(FaultTest, OpenFlagsAndModes) {
  ::umask(027);
  const Descriptor file = Open(At("a"), kWrite | kCreate | kExclusive, 0666).value();
  EXPECT_EQ(Status(file).value().mode, kTypeRegular | 0640U);
  EXPECT_TRUE(Close(file).ok());
  EXPECT_TRUE(Open(At("a"), kWrite | kCreate | kExclusive, 0666).error() == abi::kEEXIST);
  EXPECT_TRUE(Open(At("a"), kRead | kDirectory).error() == abi::kENOTDIR);
  ASSERT_EQ(::symlink("a", "link"), 0);
  EXPECT_TRUE(Open(At("link"), kRead | kNoFollow).error() == abi::kELOOP);
  EXPECT_EQ(FileCreationMask(), 027U);
  ::umask(022);
}

TEST_F(FaultTest, LocationsAreRelativeToTheirDirectory) {
  ASSERT_TRUE(MakeDirectory(At("d"), 0755).ok());
  const Descriptor directory = Open(At("d"), kRead | kDirectory).value();
  const Location inside{directory, "x", "d/x"};
  ASSERT_TRUE(MakeSymbolicLink("target", inside).ok());
  char buffer[100];
  ASSERT_EQ(ReadSymbolicLink(inside, buffer).value(), 6U);
  EXPECT_EQ(memcmp(buffer, "target", 6), 0);
  EXPECT_TRUE(StatusAt(inside, Follow::kNo).value().IsSymbolicLink());
  EXPECT_TRUE(StatusAt(inside, Follow::kYes).error() == abi::kENOENT);
  EXPECT_TRUE(RemoveFile(inside).ok());
  EXPECT_TRUE(RemoveFile(At("d")).error() == abi::kEISDIR);
  EXPECT_TRUE(RemoveDirectory(At("d")).ok());
  EXPECT_TRUE(Close(directory).ok());
}

TEST_F(FaultTest, DirectoryReaderGivesEverythingButDots) {
  std::set<std::string> expected;
  for (int i = 0; i < 3000; ++i) {
    expected.insert("entry-with-a-rather-long-name-" + std::to_string(i));
    Put(("entry-with-a-rather-long-name-" + std::to_string(i)).c_str(), "");
  }
  const Descriptor directory = Open(At("."), kRead | kDirectory).value();
  std::set<std::string> seen;
  {
    DirectoryReader reader(directory);
    for (;;) {
      const Result<const DirectoryEntry*> entry = reader.Next();
      ASSERT_TRUE(entry.ok());
      if (entry.value() == nullptr) break;
      EXPECT_EQ(entry.value()->type, FileType::kRegular);
      EXPECT_NE(entry.value()->inode, 0U);
      EXPECT_TRUE(seen.insert(entry.value()->name.data()).second);
    }
  }
  EXPECT_EQ(seen, expected);
  EXPECT_TRUE(Close(directory).ok());
}

TEST_F(FaultTest, DirectoryThatHasBeenRemovedIsEmpty) {
  ASSERT_TRUE(MakeDirectory(At("d"), 0755).ok());
  const Descriptor directory = Open(At("d"), kRead | kDirectory).value();
  ASSERT_TRUE(RemoveDirectory(At("d")).ok());
  {
    DirectoryReader reader(directory);
    const Result<const DirectoryEntry*> entry = reader.Next();
    ASSERT_TRUE(entry.ok());
    EXPECT_EQ(entry.value(), nullptr);
  }
  EXPECT_TRUE(Close(directory).ok());
}

TEST_F(FaultTest, EveryCallHasAName) {
  for (int call = 0; call <= static_cast<int>(fault::Call::kAccess); ++call) {
    EXPECT_NE(fault::NameOf(static_cast<fault::Call>(call)), nullptr);
    (void)fault::ErrorsOf(static_cast<fault::Call>(call));
  }
}

}  // namespace
}  // namespace cation::sys
