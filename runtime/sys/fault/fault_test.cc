// SPDX-License-Identifier: MIT
//
// The posix backend through its faults: what each call promises when the system fails, interrupts
// it, or does less than it was asked to.
#include "runtime/sys/fault/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <set>
#include <string>
#include <thread>

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
  EXPECT_EQ(SetFileCreationMask(022), 027U);
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

TEST_F(FaultTest, HookSeesEachCallAndMayFailIt) {
  Put("a", "text");
  std::size_t seen = 0;
  fault::SetHook([&](std::size_t index, const fault::TracedCall& call) {
    EXPECT_EQ(index, seen++);
    return call.call == fault::Call::kRemove ? EBUSY : 0;
  });
  fault::Begin();
  EXPECT_TRUE(StatusAt(At("a"), Follow::kNo).ok());
  EXPECT_TRUE(RemoveFile(At("a")).error() == abi::kEBUSY);
  fault::End();
  EXPECT_EQ(seen, 2U);
  fault::Begin();
  EXPECT_TRUE(RemoveFile(At("a")).ok()) << "gone with End()";
}

// With each combination of the standard streams closed: nothing that is opened lands there.
TEST_F(FaultTest, WhatIsOpenedIsNoStandardStream) {
  Put("a", "text");
  for (int closed = 1; closed < 8; ++closed) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (int i = 0; i < 3; ++i) {
        if ((closed & 1 << i) != 0) ::close(i);
      }
      for (int round = 0; round < 4; ++round) {
        const Result<Descriptor> file = Open(At("a"), kRead | kWrite);
        if (!file.ok() || file.value() < 3) ::_exit(1);
        char buffer[4];
        if (Read(file.value(), buffer).value() != 4) ::_exit(2);
      }
      if (MakeAndOpenDirectory(At(("d" + std::to_string(closed)).c_str()), 0700).value() < 3)
        ::_exit(3);
      for (int i = 0; i < 3; ++i) {
        char byte = 0;
        const bool is_closed = (closed & 1 << i) != 0;
        if (is_closed && !(Read(i, {&byte, 1}).error() == abi::kEBADF)) ::_exit(4);
        if (is_closed && !(Write(i, "x").error() == abi::kEBADF)) ::_exit(5);
      }
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0) << "closed: " << closed;
  }
}

// What a pair of files makes of 200,000 bytes: how many were moved, and what is in the target.
class TransferTest : public FaultTest {
 protected:
  void SetUp() override {
    FaultTest::SetUp();
    for (int i = 0; content_.size() < 200000; ++i) content_ += std::to_string(i) + ' ';
    Put("from", content_.c_str());
    Put("to", "");
  }
  static std::string ContentOf(const char* path) {
    std::string content(static_cast<std::size_t>(StatusAt(At(path), Follow::kYes).value().size), 0);
    const Descriptor file = Open(At(path), kRead).value();
    EXPECT_EQ(::read(file, content.data(), content.size()), static_cast<ssize_t>(content.size()));
    EXPECT_TRUE(Close(file).ok());
    return content;
  }
  struct Moved {
    bool all;
    uint64_t bytes;
  };
  Moved Move(Descriptor from, Descriptor to, fault::Injection injection = {}) {
    Transfer transfer(from, Status(from).value(), to, Status(to).value().type());
    fault::Begin(injection);
    const bool all = transfer.MoveAll();
    calls_ = fault::Trace().size();
    fault::End();
    return {all, transfer.moved()};
  }
  std::string content_;
  std::size_t calls_ = 0;
};

TEST_F(TransferTest, FileToFileIsOneCall) {
  const File from(Open(At("from"), kRead).value());
  const File to(Open(At("to"), kWrite).value());
  const Moved moved = Move(from.get(), to.get());
  EXPECT_TRUE(moved.all);
  EXPECT_EQ(moved.bytes, content_.size());
  EXPECT_EQ(calls_, 1U);
  EXPECT_EQ(ContentOf("to"), content_);
}

TEST_F(TransferTest, BeginsWhereTheFilesStand) {
  const File from(Open(At("from"), kRead).value());
  Put("to", "0123456789");
  const File to(Open(At("to"), kWrite).value());
  ASSERT_TRUE(SeekTo(from.get(), 1000).ok());
  ASSERT_TRUE(SeekTo(to.get(), 5).ok());
  // Less than the size that the file has: only Read() can tell that this was the end.
  const Moved moved = Move(from.get(), to.get());
  EXPECT_EQ(moved.bytes, content_.size() - 1000);
  EXPECT_EQ(Position(from.get()).value(), content_.size());
  EXPECT_EQ(ContentOf("to"), "01234" + content_.substr(1000));
}

TEST_F(TransferTest, AnotherCallWhereOneIsRefused) {
  for (const int error : {EXDEV, EINVAL, ENOSYS, EPERM, EOPNOTSUPP}) {
    Put("to", "");
    const File from(Open(At("from"), kRead).value());
    const File to(Open(At("to"), kWrite).value());
    EXPECT_TRUE(Move(from.get(), to.get(), {.call = 0, .error = error}).all) << strerror(error);
    EXPECT_EQ(ContentOf("to"), content_);
  }
}

TEST_F(TransferTest, WhatCannotBeMovedIsLeftToReadAndWrite) {
  const File from(Open(At("from"), kRead).value());
  const File appends(Open(At("to"), kWrite | kAppend).value());
  EXPECT_TRUE(Appends(appends.get()).value());
  EXPECT_FALSE(Appends(from.get()).value());
  const Moved refused = Move(from.get(), appends.get());
  EXPECT_FALSE(refused.all);
  EXPECT_EQ(refused.bytes, 0U);
  EXPECT_EQ(Position(from.get()).value(), 0U);

  const File to(Open(At("to"), kWrite).value());
  for (const int error : {EIO, ENOSPC, EPIPE, EOVERFLOW}) {
    ASSERT_TRUE(SeekTo(from.get(), 0).ok());
    EXPECT_FALSE(Move(from.get(), to.get(), {.call = 0, .error = error}).all) << strerror(error);
    EXPECT_EQ(Position(from.get()).value(), 0U) << "nothing may have been taken";
  }
  EXPECT_FALSE(Move(from.get(), to.get(), {.call = 0, .error = fault::kEnd}).all);

  const File full(Open(At("/dev/full"), kWrite).value());
  ASSERT_TRUE(SeekTo(from.get(), 0).ok());
  EXPECT_FALSE(Move(from.get(), full.get()).all);
}

TEST_F(TransferTest, FilesThatSayNothingOfTheirSizeAreNotTried) {
  const File to(Open(At("to"), kWrite).value());
  for (const char* const path : {"/proc/version", "/dev/zero", "."}) {
    const File from(Open(At(path), kRead).value());
    const Transfer transfer(from.get(), Status(from.get()).value(), to.get(), kTypeRegular);
    EXPECT_FALSE(transfer.possible()) << path;
  }
}

TEST_F(TransferTest, HolesComeOutAsZerosAndInterruptionsDoNotShow) {
  const File from(Open(At("from"), kRead | kWrite).value());
  ASSERT_TRUE(Truncate(from.get(), 1 << 20).ok());
  content_.resize(1 << 20);
  const File to(Open(At("to"), kWrite).value());
  EXPECT_TRUE(Move(from.get(), to.get(), {.call = 0, .error = EINTR, .times = 3}).all);
  EXPECT_EQ(calls_, 4U);
  EXPECT_EQ(ContentOf("to"), content_);
}

TEST_F(TransferTest, PipesGiveAndTake) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const File reading(ends[0]);
  File writing(ends[1]);
  // A file that fits into the pipe is read and written.
  Put("small", "text");
  const File small(Open(At("small"), kRead).value());
  const Transfer none(small.get(), Status(small.get()).value(), writing.get(), kTypeFifo);
  EXPECT_FALSE(none.possible());

  std::thread writer([&] {
    const File from(Open(At("from"), kRead).value());
    Transfer transfer(from.get(), Status(from.get()).value(), writing.get(), kTypeFifo);
    EXPECT_TRUE(transfer.MoveAll());
    EXPECT_EQ(transfer.moved(), content_.size());
    EXPECT_TRUE(writing.Close().ok());
  });
  const File to(Open(At("to"), kWrite).value());
  Transfer transfer(reading.get(), Status(reading.get()).value(), to.get(), kTypeRegular);
  EXPECT_TRUE(transfer.MoveAll()) << "a pipe's end is an end";
  writer.join();
  EXPECT_EQ(ContentOf("to"), content_);
}

TEST_F(FaultTest, FileSystemsByPathAndByDescriptor) {
  Put("a", "text");
  ASSERT_EQ(::symlink("a", "link"), 0);
  struct statvfs expected{};
  ASSERT_EQ(::statvfs("a", &expected), 0);
  const Descriptor file = Open(At("a"), kRead).value();
  for (const Result<FileSystemStatus>& found :
       {StatusOfFileSystem(file), StatusOfFileSystemAt("a"), StatusOfFileSystemAt("link")}) {
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found.value().block_size, expected.f_frsize);
    EXPECT_EQ(found.value().transfer_size, expected.f_bsize);
    EXPECT_EQ(found.value().blocks, expected.f_blocks);
    EXPECT_EQ(found.value().files, expected.f_files);
    EXPECT_LE(found.value().available, found.value().free);
    EXPECT_LE(found.value().free, found.value().blocks);
    EXPECT_EQ(found.value().name_length, expected.f_namemax);
  }
  EXPECT_TRUE(StatusOfFileSystemAt("missing").error() == abi::kENOENT);
  EXPECT_TRUE(StatusOfFileSystem(999).error() == abi::kEBADF);
  fault::Begin({.call = 0, .error = EINTR});
  EXPECT_TRUE(StatusOfFileSystem(file).ok());
  fault::Begin({.call = 0, .error = EIO});
  EXPECT_TRUE(StatusOfFileSystemAt("a").error() == abi::kEIO);
  EXPECT_EQ(fault::Trace()[0].call, fault::Call::kFileSystemStatus);
  fault::End();
  EXPECT_TRUE(Close(file).ok());
}

TEST_F(FaultTest, TimesOfNowAndAsTheyAre) {
  Put("a", "text");
  ASSERT_EQ(::symlink("a", "link"), 0);
  const auto times = [](const char* path) {
    const FileStatus status = StatusAt(At(path), Follow::kNo).value();
    return std::pair(status.access_time.seconds, status.modification_time.seconds);
  };
  ASSERT_TRUE(SetTimesAt(At("a"), {5, 0}, {6, 0}, Follow::kYes).ok());
  ASSERT_TRUE(SetTimesAt(At("a"), kTimeAsItIs, {7, 0}).ok());
  EXPECT_EQ(times("a"), std::pair(int64_t{5}, int64_t{7}));
  const Descriptor file = Open(At("a"), kRead).value();
  ASSERT_TRUE(SetTimes(file, {8, 0}, kTimeAsItIs).ok());
  EXPECT_EQ(times("a"), std::pair(int64_t{8}, int64_t{7}));
  ASSERT_TRUE(SetTimes(file, kTimeAsItIs, kPresentTime).ok());
  EXPECT_EQ(times("a").first, 8);
  EXPECT_LT(std::abs(times("a").second - Now().seconds), 100);
  EXPECT_TRUE(Close(file).ok());
  ASSERT_TRUE(SetTimesAt(At("link"), {1, 0}, {2, 0}, Follow::kYes).ok());
  EXPECT_EQ(times("a"), std::pair(int64_t{1}, int64_t{2}));
  ASSERT_TRUE(SetTimesAt(At("link"), {3, 0}, {4, 0}).ok());
  EXPECT_EQ(times("link"), std::pair(int64_t{3}, int64_t{4}));
}

TEST_F(FaultTest, TheClockIsNotSet) {
  fault::Begin();
  EXPECT_TRUE(SetClock({5, 600}).ok());
  ASSERT_EQ(fault::Trace().size(), 1U);
  EXPECT_EQ(fault::Trace()[0].detail, "5.000000600");
  EXPECT_GT(Now().seconds, 1'000'000'000);
  fault::Begin({.call = 0, .error = EPERM});
  EXPECT_TRUE(SetClock({5, 600}).error() == abi::kEPERM);
  fault::End();
}

TEST_F(FaultTest, HowLongTheMachineHasBeenRunning) {
  const TimePoint first = TimeSinceStart();
  EXPECT_GT(first.seconds, 0);
  EXPECT_LE(first.seconds, TimeSinceStart().seconds);
  EXPECT_TRUE(AverageLoad().ok());
  EXPECT_TRUE(LoginCount().ok());
  fault::Begin({.call = 0, .error = EACCES});
  EXPECT_TRUE(LoginCount().error() == abi::kEACCES);
  fault::Begin({.call = 0, .error = ENOENT});
  EXPECT_EQ(LoginCount().value(), 0U);
  fault::End();
}

TEST_F(FaultTest, EveryCallHasAName) {
  for (int call = 0; call <= static_cast<int>(fault::Call::kSetProcessGroup); ++call) {
    EXPECT_NE(fault::NameOf(static_cast<fault::Call>(call)), nullptr);
    (void)fault::ErrorsOf(static_cast<fault::Call>(call));
  }
}

}  // namespace
}  // namespace cation::sys
