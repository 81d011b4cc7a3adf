// SPDX-License-Identifier: MIT
#include "image/root_tree.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "image/root_journal.h"
#include "image/testing/memory_tree.h"
#include "image/testing/tree_contract.h"
#include "image/tree.h"

namespace cation::image {
namespace {

namespace fs = std::filesystem;
using Action = Change::Action;

constexpr int kKilled = 77;

Attributes Mode(uint32_t mode) {
  return {.mode = mode,
          .uid = geteuid(),
          .gid = getegid(),
          .mtime = 1700000000,
          .mtime_nanoseconds = 5000000};
}

Change File(const std::string& path, const std::string& content, uint32_t mode = 0644) {
  return {.action = Action::kWriteFile, .path = path, .attributes = Mode(mode), .content = content};
}
Change Directory(const std::string& path, uint32_t mode = 0755) {
  return {.action = Action::kMakeDirectory, .path = path, .attributes = Mode(mode)};
}
Change Link(const std::string& path, const std::string& target) {
  return {.action = Action::kMakeLink, .path = path, .attributes = Mode(0777), .target = target};
}
Change Removal(const std::string& path) { return {.action = Action::kRemove, .path = path}; }
Change Attribution(const std::string& path, uint32_t mode) {
  return {.action = Action::kSetAttributes, .path = path, .attributes = Mode(mode)};
}

void Write(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

std::string Contents(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// All there is to see of a folder, inodes, link counts and times of change included.
std::string Canary(const std::string& folder) {
  std::map<std::string, std::string> lines;
  const auto add = [&lines](const std::string& path) {
    struct stat status = {};
    if (lstat(path.c_str(), &status) != 0) return;
    lines[path] = absl::StrCat(path, " ", status.st_mode, " ", status.st_ino, " ", status.st_nlink,
                               " ", status.st_uid, " ", status.st_gid, " ", status.st_size, " ",
                               status.st_mtim.tv_sec, ".", status.st_mtim.tv_nsec, " ",
                               S_ISREG(status.st_mode) ? Contents(path) : "");
  };
  add(folder);
  for (const auto& entry : fs::recursive_directory_iterator(folder)) add(entry.path());
  std::string text;
  for (const auto& [path, line] : lines) absl::StrAppend(&text, line, "\n");
  return text;
}

std::string MakeFolder(const std::string& where) {
  std::string pattern = where + "/root_tree.XXXXXX";
  return mkdtemp(pattern.data()) != nullptr ? pattern : "";
}

bool IsRoot() { return geteuid() == 0; }

// Root of a namespace that knows no other users cannot give files away.
bool CanGiveAway(const std::string& folder) {
  const std::string file = folder + "/owner";
  Write(file, "");
  const bool can = chown(file.c_str(), 1000, 1001) == 0;
  unlink(file.c_str());
  return can;
}

// The parameter: whether directories are opened by a walk, as where there is no openat2.
class RootTreeTest : public testing::TestWithParam<bool> {
 protected:
  // Where a test wants thousands of fsyncs, it is in memory, if there is such a place.
  explicit RootTreeTest(bool in_memory = false) {
    if (in_memory) base_ = MakeFolder("/dev/shm");
    if (base_.empty()) base_ = MakeFolder(testing::TempDir());
    root_ = base_ + "/root";
    outside_ = base_ + "/outside";
    fs::create_directories(root_);
    fs::create_directories(outside_ + "/bin");
    Write(outside_ + "/bin/ls", "outside's ls");
    Write(outside_ + "/secret", "secret");
    limits_.keeps_owner = IsRoot() && CanGiveAway(base_);
  }

  ~RootTreeTest() override {
    std::error_code ignored;
    for (const auto& entry : fs::recursive_directory_iterator(base_, ignored)) {
      if (fs::is_directory(entry.symlink_status(ignored))) {
        fs::permissions(entry.path(), fs::perms::owner_all, ignored);
      }
    }
    fs::remove_all(base_, ignored);
  }

  [[nodiscard]] RootTree::Options With(bool read_only = false) const {
    RootTree::Options options;
    options.read_only = read_only;
    options.force_walk = GetParam();
    return options;
  }

  [[nodiscard]] std::unique_ptr<RootTree> OpenTree() const {
    absl::StatusOr<std::unique_ptr<RootTree>> tree = RootTree::Open(root_, With());
    EXPECT_EQ(tree.status(), absl::OkStatus());
    return tree.ok() ? std::move(*tree) : nullptr;
  }

  [[nodiscard]] absl::Status OpenError(bool read_only = false) const {
    return RootTree::Open(root_, With(read_only)).status();
  }

  [[nodiscard]] bool HasJournal() const {
    struct stat status = {};
    return lstat((root_ + "/.cation-journal").c_str(), &status) == 0;
  }

  void ExpectError(const absl::Status& status, absl::StatusCode code) const {
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_FALSE(HasJournal());
  }

  std::string base_;
  std::string root_;
  std::string outside_;
  TreeLimits limits_;
};

INSTANTIATE_TEST_SUITE_P(Walks, RootTreeTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "Walk" : "Kernel"; });

TEST_P(RootTreeTest, KeepsTheContract) {
  const std::unique_ptr<RootTree> tree = OpenTree();
  ExpectTreeContract(*tree, limits_);
  EXPECT_TRUE(fs::is_empty(root_));
}

TEST_P(RootTreeTest, DoesAsTheTreeInMemoryDoes) {
  const std::unique_ptr<RootTree> tree = OpenTree();
  for (uint32_t seed = 1; seed <= 4; ++seed) ExpectSameAsMemory(*tree, seed, 60, limits_);
  EXPECT_TRUE(fs::is_empty(root_));
}

TEST_P(RootTreeTest, Opening) {
  EXPECT_TRUE(absl::IsNotFound(RootTree::Open(base_ + "/none", With()).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(RootTree::Open(outside_ + "/secret", With()).status()));
  const absl::Status host = RootTree::Open("/", With()).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(host));
  EXPECT_TRUE(absl::StrContains(std::string(host.message()), "running system")) << host;
  EXPECT_TRUE(absl::IsFailedPrecondition(RootTree::Open("/usr/..", With()).status()));
  RootTree::Options allowed = With(/*read_only=*/true);
  allowed.allow_host_root = true;
  EXPECT_EQ(RootTree::Open("/", allowed).status(), absl::OkStatus());
}

TEST_P(RootTreeTest, OneWriterOrManyReaders) {
  {
    const std::unique_ptr<RootTree> writer = OpenTree();
    for (const bool read_only : {false, true}) {
      const absl::Status status = OpenError(read_only);
      EXPECT_TRUE(absl::IsFailedPrecondition(status));
      EXPECT_TRUE(absl::StrContains(std::string(status.message()), "in use")) << status;
    }
  }
  const auto reader = RootTree::Open(root_, With(/*read_only=*/true));
  ASSERT_EQ(reader.status(), absl::OkStatus());
  EXPECT_EQ(OpenError(/*read_only=*/true), absl::OkStatus());
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenError()));
  EXPECT_TRUE(absl::IsPermissionDenied((*reader)->Apply({Directory("a")})));
}

TEST_P(RootTreeTest, LinksAreNoWay) {
  const std::string before = Canary(outside_);
  const std::vector<std::string> targets = {outside_, "../outside", "/", "..", "loop/x", "loop"};
  for (const std::string& target : targets) {
    for (int depth = 0; depth < 3; ++depth) {
      SCOPED_TRACE(absl::StrCat(target, " at depth ", depth));
      fs::remove_all(root_);
      // a/b/c with one of them a link.
      std::string path = root_;
      for (int i = 0; i < 3; ++i) {
        fs::create_directories(path);
        absl::StrAppend(&path, "/", std::string(1, static_cast<char>('a' + i)));
        if (i == depth) {
          const std::string from = target == "loop" ? fs::path(path).filename() : fs::path(target);
          fs::create_symlink(from, path);
          break;
        }
      }
      const std::unique_ptr<RootTree> tree = OpenTree();
      const std::string inside = Canary(root_);
      const std::string file = "a/b/c/ls";
      ExpectError(tree->Apply({File(file, "new")}), absl::StatusCode::kFailedPrecondition);
      ExpectError(tree->Apply({Removal(file)}), absl::StatusCode::kFailedPrecondition);
      ExpectError(tree->Apply({Attribution(file, 0777)}), absl::StatusCode::kFailedPrecondition);
      ExpectError(tree->Apply({Directory(file)}), absl::StatusCode::kFailedPrecondition);
      EXPECT_TRUE(absl::IsFailedPrecondition(tree->Look(file).status()));
      EXPECT_TRUE(absl::IsFailedPrecondition(tree->Read(file).status()));
      EXPECT_TRUE(absl::IsFailedPrecondition(tree->List(file).status()));
      EXPECT_EQ(Canary(root_), inside);
    }
  }
  EXPECT_EQ(Canary(outside_), before);
}

TEST_P(RootTreeTest, ALinkInTheLastPlaceIsItself) {
  const std::string before = Canary(outside_);
  fs::create_symlink(outside_ + "/secret", root_ + "/file");
  fs::create_symlink(outside_, root_ + "/folder");
  const std::unique_ptr<RootTree> tree = OpenTree();
  EXPECT_EQ(tree->Look("file")->target, outside_ + "/secret");
  EXPECT_TRUE(absl::IsFailedPrecondition(tree->Read("file").status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(tree->List("folder").status()));
  ExpectError(tree->Apply({Attribution("file", 0777)}), absl::StatusCode::kFailedPrecondition);
  ExpectError(tree->Apply({Attribution("folder", 0777)}), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(tree->Apply({File("file", "mine"), Removal("folder")}), absl::OkStatus());
  EXPECT_EQ(*tree->Read("file"), "mine");
  EXPECT_EQ(Canary(outside_), before);
}

TEST_P(RootTreeTest, HardLinksToFilesOutsideAreLeftAlone) {
  fs::create_directories(root_ + "/bin");
  for (const char* name : {"replaced", "changed", "removed"}) {
    ASSERT_EQ(link((outside_ + "/secret").c_str(), (root_ + "/bin/" + name).c_str()), 0);
  }
  struct stat before = {};
  ASSERT_EQ(stat((outside_ + "/secret").c_str(), &before), 0);
  const std::unique_ptr<RootTree> tree = OpenTree();
  ASSERT_EQ(tree->Apply({File("bin/replaced", "mine", 04755), Attribution("bin/changed", 04777),
                         Removal("bin/removed")}),
            absl::OkStatus());
  struct stat after = {};
  ASSERT_EQ(stat((outside_ + "/secret").c_str(), &after), 0);
  EXPECT_EQ(after.st_mode, before.st_mode);
  EXPECT_EQ(after.st_uid, before.st_uid);
  EXPECT_EQ(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
  EXPECT_EQ(after.st_ino, before.st_ino);
  EXPECT_EQ(after.st_nlink, 1U);
  EXPECT_EQ(Contents(outside_ + "/secret"), "secret");
  EXPECT_EQ(*tree->Read("bin/changed"), "secret");
  EXPECT_EQ(tree->Look("bin/changed")->attributes.mode, 04777U);
}

TEST_P(RootTreeTest, SpecialFilesAreNeitherOpenedNorReplaced) {
  ASSERT_EQ(mkfifo((root_ + "/fifo").c_str(), 0600), 0);
  const int socket_number = socket(AF_UNIX, SOCK_STREAM, 0);
  struct sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  // Relative: the name of a socket has little room.
  const fs::path back = fs::current_path();
  fs::current_path(root_);
  std::string("socket").copy(static_cast<char*>(address.sun_path), 6);
  ASSERT_EQ(bind(socket_number, reinterpret_cast<struct sockaddr*>(&address), sizeof address), 0);
  fs::current_path(back);
  close(socket_number);
  std::vector<std::string> names = {"fifo", "socket"};
  if (mknod((root_ + "/device").c_str(), S_IFCHR | 0666, makedev(1, 3)) == 0) {
    names.emplace_back("device");
  }
  const std::unique_ptr<RootTree> tree = OpenTree();
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    EXPECT_EQ(tree->Look(name)->kind, Kind::kOther);
    EXPECT_TRUE(absl::IsFailedPrecondition(tree->Read(name).status()));
    EXPECT_TRUE(absl::IsFailedPrecondition(tree->List(name).status()));
    for (const Change& change : {File(name, "x"), Link(name, "x"), Directory(name), Removal(name),
                                 Attribution(name, 0777), File(name + "/x", "x")}) {
      ExpectError(tree->Apply({File("other", "x"), change}), absl::StatusCode::kFailedPrecondition);
    }
    EXPECT_EQ(tree->Look(name)->kind, Kind::kOther);
  }
  EXPECT_TRUE(absl::IsNotFound(tree->Look("other").status()));
}

// A component is now a directory, now a link to the outside, all the time.
TEST_P(RootTreeTest, ALinkThatComesInTheWayMeanwhile) {
  fs::create_directories(root_ + "/usr/bin");
  Write(root_ + "/usr/bin/ls", "inside's ls");
  fs::create_symlink(outside_, root_ + "/trap");
  const std::string before = Canary(outside_);
  std::atomic<bool> stop = false;
  std::atomic<int> flips = 0;
  std::thread attacker([this, &stop, &flips] {
    const std::string usr = root_ + "/usr";
    const std::string trap = root_ + "/trap";
    while (!stop) {
      if (syscall(SYS_renameat2, AT_FDCWD, usr.c_str(), AT_FDCWD, trap.c_str(), RENAME_EXCHANGE) ==
          0) {
        ++flips;
      }
      // Now at once, now long enough for an Apply to get far.
      if (flips % 7 == 0) usleep(static_cast<useconds_t>(flips % 2000));
    }
  });
  int successes = 0;
  int failures = 0;
  {
    const std::unique_ptr<RootTree> tree = OpenTree();
    for (int round = 0;
         round < 300 || (round < 20000 && (flips < 3000 || successes < 20 || failures < 20));
         ++round) {
      const std::string text = absl::StrCat("round ", round);
      const absl::Status status = tree->Apply(
          {File("usr/bin/ls", text, 0755), File("usr/bin/cat", text, 04755),
           Attribution("usr/bin", 0755), Link("usr/secret", "x"), Removal("usr/secret")});
      status.ok() ? ++successes : ++failures;
      static_cast<void>(tree->Apply({Removal("usr/bin/cat")}));
      const absl::StatusOr<std::string> read = tree->Read("usr/bin/ls");
      if (read.ok()) EXPECT_NE(*read, "outside's ls");
      const absl::StatusOr<std::string> secret = tree->Read("usr/secret");
      EXPECT_FALSE(secret.ok());
    }
  }
  stop = true;
  attacker.join();
  EXPECT_GE(flips, 1000);
  EXPECT_GE(failures, 20);
  EXPECT_GE(successes, 20);
  EXPECT_EQ(Canary(outside_), before);
  // Nothing is left of it once the way is free.
  if (fs::is_symlink(root_ + "/usr")) {
    ASSERT_EQ(syscall(SYS_renameat2, AT_FDCWD, (root_ + "/usr").c_str(), AT_FDCWD,
                      (root_ + "/trap").c_str(), RENAME_EXCHANGE),
              0);
  }
  static_cast<void>(OpenTree());
  EXPECT_FALSE(HasJournal());
  EXPECT_EQ(Canary(outside_), before);
}

TEST_P(RootTreeTest, WhatIsNotWritableIsRefusedAndNothingDone) {
  if (IsRoot()) GTEST_SKIP() << "root may write everywhere";
  fs::create_directories(root_ + "/usr/bin");
  Write(root_ + "/usr/bin/ls", "old");
  ASSERT_EQ(chmod((root_ + "/usr/bin").c_str(), 0555), 0);
  const std::unique_ptr<RootTree> tree = OpenTree();
  ExpectError(tree->Apply({File("first", "1"), File("usr/bin/ls", "new")}),
              absl::StatusCode::kPermissionDenied);
  ExpectError(tree->Apply({File("first", "1"), Removal("usr/bin/ls")}),
              absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(*tree->Read("usr/bin/ls"), "old");
  EXPECT_TRUE(absl::IsNotFound(tree->Look("first").status()));
  // An empty directory needs no permission of its own to go.
  fs::create_directories(root_ + "/empty");
  ASSERT_EQ(chmod((root_ + "/empty").c_str(), 0555), 0);
  EXPECT_EQ(tree->Apply({Removal("empty")}), absl::OkStatus());
  ASSERT_EQ(chmod(root_.c_str(), 0555), 0);
  ExpectError(tree->Apply({File("first", "1")}), absl::StatusCode::kPermissionDenied);
  ASSERT_EQ(chmod(root_.c_str(), 0755), 0);
}

TEST_P(RootTreeTest, OwnersAreTheCallersWhereHeIsNotRoot) {
  const std::unique_ptr<RootTree> tree = OpenTree();
  EXPECT_EQ(tree->KeepsOwners(), IsRoot());
  if (IsRoot()) GTEST_SKIP() << "run as another user to see it";
  Change change = File("owned", "x", 04755);
  change.attributes.uid = 0;
  change.attributes.gid = 0;
  ASSERT_EQ(tree->Apply({change}), absl::OkStatus());
  EXPECT_EQ(tree->Look("owned")->attributes.uid, geteuid());
  EXPECT_EQ(tree->Look("owned")->attributes.mode, 04755U);
}

TEST_P(RootTreeTest, TheRootKeepsItsTimeUnlessItIsChanged) {
  const std::unique_ptr<RootTree> tree = OpenTree();
  ASSERT_EQ(tree->Apply({Directory("usr"), Attribution("", 0755)}), absl::OkStatus());
  EXPECT_EQ(tree->Look("")->attributes, Mode(0755));
  ASSERT_EQ(tree->Apply({File("usr/x", "x")}), absl::OkStatus());
  EXPECT_EQ(tree->Look("")->attributes, Mode(0755));
  EXPECT_FALSE(tree->Apply({File("usr/y", "y"), Link("usr/z", std::string(5000, 'z'))}).ok());
  EXPECT_EQ(tree->Look("")->attributes, Mode(0755));
}

TEST_P(RootTreeTest, TheJournalsNameIsReserved) {
  const std::unique_ptr<RootTree> tree = OpenTree();
  for (const char* path : {".cation-journal", ".cation-journal/x"}) {
    ExpectError(tree->Apply({Directory(path)}), absl::StatusCode::kInvalidArgument);
    ExpectError(tree->Apply({File(path, "x")}), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::IsNotFound(tree->Look(path).status()));
  }
}

TEST_P(RootTreeTest, MoreThanTheDiskHolds) {
  const std::unique_ptr<RootTree> tree = OpenTree();
  const absl::StatusOr<Space> space = tree->GetSpace();
  ASSERT_EQ(space.status(), absl::OkStatus());
  EXPECT_GT(space->total_bytes, 0U);
  const absl::StatusOr<uint64_t> one = tree->SpaceFor({File("a", "x")});
  ASSERT_EQ(one.status(), absl::OkStatus());
  EXPECT_GE(*one, 4096U);
}

// A small filesystem of its own, mounted somewhere in the test's folder; needs root's rights.
class MountTest : public RootTreeTest {
 protected:
  ~MountTest() override {
    for (const std::string& path : mounts_) umount2(path.c_str(), MNT_DETACH);
  }

  bool Mount(const std::string& path, const std::string& options) {
    fs::create_directories(path);
    if (mount("none", path.c_str(), "tmpfs", 0, options.c_str()) != 0) return false;
    mounts_.push_back(path);
    return true;
  }

  std::vector<std::string> mounts_;
};

INSTANTIATE_TEST_SUITE_P(Walks, MountTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "Walk" : "Kernel"; });

TEST_P(MountTest, AFullDisk) {
  if (!Mount(root_, "size=1m,mode=755")) GTEST_SKIP() << "mounting is not allowed here";
  const std::unique_ptr<RootTree> tree = OpenTree();
  const std::string text(300000, 'x');
  ASSERT_EQ(tree->Apply({File("one", text), File("two", text)}), absl::OkStatus());
  const std::string before = Describe(*tree);
  // Refused before anything is written: what is replaced is needed until the end.
  std::vector<Change> changes = {File("one", text + "1"), File("two", text + "2")};
  EXPECT_GT(*tree->SpaceFor(changes), tree->GetSpace()->free_bytes);
  ExpectError(tree->Apply(changes), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Describe(*tree), before);
  changes.pop_back();
  EXPECT_LE(*tree->SpaceFor(changes), tree->GetSpace()->free_bytes);
  EXPECT_EQ(tree->Apply(changes), absl::OkStatus());
  EXPECT_EQ(*tree->Read("one"), text + "1");
}

TEST_P(MountTest, NoInodesLeft) {
  if (!Mount(root_, "size=10m,nr_inodes=20,mode=755")) {
    GTEST_SKIP() << "mounting is not allowed here";
  }
  const std::unique_ptr<RootTree> tree = OpenTree();
  std::vector<Change> changes;
  for (int i = 0; i < 30; ++i) changes.push_back(Directory(absl::StrCat("d", i)));
  const absl::Status status = tree->Apply(changes);
  ExpectError(status, absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(absl::StrContains(std::string(status.message()), "inodes")) << status;
  EXPECT_TRUE(fs::is_empty(root_));
}

TEST_P(MountTest, AReadOnlyFilesystem) {
  if (!Mount(root_, "mode=755")) GTEST_SKIP() << "mounting is not allowed here";
  Write(root_ + "/file", "x");
  ASSERT_EQ(mount("none", root_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr), 0);
  const std::unique_ptr<RootTree> tree = OpenTree();
  ExpectError(tree->Apply({File("file", "y")}), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(*tree->Read("file"), "x");
}

TEST_P(MountTest, WhatIsMountedInsideIsReadOnlyLookedAt) {
  if (!Mount(root_ + "/dev", "mode=755")) GTEST_SKIP() << "mounting is not allowed here";
  Write(root_ + "/dev/null", "x");
  const std::string before = Canary(root_ + "/dev");
  const std::unique_ptr<RootTree> tree = OpenTree();
  EXPECT_EQ(*tree->Read("dev/null"), "x");
  EXPECT_EQ(tree->List("dev")->size(), 1U);
  for (const Change& change : {File("dev/null", "y"), File("dev/new", "y"), Removal("dev/null"),
                               Attribution("dev", 0700), Attribution("dev/null", 0700)}) {
    const absl::Status status = tree->Apply({File("first", "x"), change});
    ExpectError(status, absl::StatusCode::kFailedPrecondition);
    EXPECT_TRUE(absl::StrContains(std::string(status.message()), "mounted")) << status;
  }
  // The place of the mount itself cannot go.
  EXPECT_EQ(Canary(root_ + "/dev"), before);
  ASSERT_EQ(unlink((root_ + "/dev/null").c_str()), 0);
  ExpectError(tree->Apply({File("first", "x"), Removal("dev")}),
              absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::IsNotFound(tree->Look("first").status()));
}

// ------------------------------------------------------------------------------------ interrupted

// Every kind of change there is.
std::vector<Change> AllKinds() {
  return {File("usr/bin/ls", "new ls", 04755),
          File("usr/bin/link", "no link now"),
          Link("usr/bin/cat", "ls"),
          Directory("usr/lib"),
          Directory("usr/lib/cation", 0700),
          File("usr/lib/cation/manifest", "m"),
          Removal("old/file"),
          Removal("old/link"),
          Removal("old"),
          File("old", "a file now"),
          Removal("name"),
          Directory("name", 0750),
          File("name/in", "in"),
          Attribution("etc/motd", 0600),
          Attribution("etc", 0700),
          Removal("gone/gone"),
          Removal("gone")};
}

class InterruptedTest : public RootTreeTest {
 protected:
  InterruptedTest() : RootTreeTest(/*in_memory=*/true) {
    Fill();
    before_ = DescribeAll();
    absl::StatusOr<std::unique_ptr<RootTree>> tree = RootTree::Open(root_, With());
    EXPECT_EQ((*tree)->Apply(AllKinds()), absl::OkStatus());
    tree->reset();
    after_ = DescribeAll();
    EXPECT_NE(before_, after_);
  }

  void Fill() const {
    fs::remove_all(root_);
    for (const char* folder : {"/usr/bin", "/old", "/etc", "/gone/gone"}) {
      fs::create_directories(root_ + folder);
    }
    Write(root_ + "/usr/bin/ls", "old ls");
    Write(root_ + "/usr/bin/cat", "old cat");
    Write(root_ + "/old/file", "old file");
    Write(root_ + "/etc/motd", "hello");
    Write(root_ + "/name", "old name");
    fs::create_symlink("/etc/passwd", root_ + "/usr/bin/link");
    fs::create_symlink(outside_, root_ + "/old/link");
    const struct timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                                      {.tv_sec = 1600000000, .tv_nsec = 0}};
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      utimensat(AT_FDCWD, entry.path().c_str(), times, AT_SYMLINK_NOFOLLOW);
    }
  }

  // As a plain reader sees it, the journal's folder too.
  [[nodiscard]] std::string DescribeAll() const {
    const auto tree = RootTree::Open(root_, With(/*read_only=*/true));
    if (!tree.ok()) return tree.status().ToString();
    return absl::StrCat(Describe(**tree), HasJournal() ? "a journal" : "");
  }

  // Applies all kinds of changes in a child, whose call number `call` is its last: it is killed
  // before. An `error` that is not 0 is what call number `failing` fails with. True: it was killed.
  bool RunInChild(int call, int failing = 0, int error = 0) const {
    const pid_t child = fork();
    if (child == 0) {
      RootTree::Options options = With();
      int count = 0;
      options.before_call = [&count, call, failing, error](absl::string_view) {
        ++count;
        if (count == call) _exit(kKilled);
        return count == failing ? error : 0;
      };
      const auto tree = RootTree::Open(root_, options);
      if (!tree.ok()) _exit(1);
      _exit((*tree)->Apply(AllKinds()).ok() ? 0 : 2);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_NE(WEXITSTATUS(status), 1) << "opening failed";
    return WIFEXITED(status) && WEXITSTATUS(status) == kKilled;
  }

  // Opens it in a child that is killed before call number `call` of the recovery.
  bool OpenInChild(int call) const {
    const pid_t child = fork();
    if (child == 0) {
      RootTree::Options options = With();
      int count = 0;
      options.before_call = [&count, call](absl::string_view) {
        if (++count == call) _exit(kKilled);
        return 0;
      };
      _exit(RootTree::Open(root_, options).ok() ? 0 : 1);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 1) << "opening failed";
    return WIFEXITED(status) && WEXITSTATUS(status) == kKilled;
  }

  // How many calls there are in all.
  [[nodiscard]] int Calls(std::vector<std::string>* names = nullptr) const {
    Fill();
    RootTree::Options options = With();
    int count = 0;
    options.before_call = [&count, names](absl::string_view name) {
      ++count;
      if (names != nullptr) names->emplace_back(name);
      return 0;
    };
    const auto tree = RootTree::Open(root_, options);
    EXPECT_EQ((*tree)->Apply(AllKinds()), absl::OkStatus());
    return count;
  }

  std::string before_;
  std::string after_;
};

INSTANTIATE_TEST_SUITE_P(Walks, InterruptedTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "Walk" : "Kernel"; });

TEST_P(InterruptedTest, KilledBeforeEachCall) {
  int old_ones = 0;
  int new_ones = 0;
  for (int call = 1;; ++call) {
    SCOPED_TRACE(call);
    Fill();
    const bool killed = RunInChild(call);
    if (!killed) break;
    {
      const std::unique_ptr<RootTree> tree = OpenTree();
      ASSERT_NE(tree, nullptr);
    }
    const std::string now = DescribeAll();
    ASSERT_TRUE(now == before_ || now == after_) << now;
    // Once new, it stays so.
    ASSERT_TRUE(now == after_ || new_ones == 0);
    now == after_ ? ++new_ones : ++old_ones;
  }
  EXPECT_GT(old_ones, 10);
  EXPECT_GT(new_ones, 10);
}

TEST_P(InterruptedTest, KilledAgainDuringRecovery) {
  const int calls = Calls();
  for (int call = 1; call <= calls; call += 4) {
    for (int again = 1;; again += 5) {
      SCOPED_TRACE(absl::StrCat(call, ", then ", again));
      Fill();
      ASSERT_TRUE(RunInChild(call));
      const bool killed = OpenInChild(again);
      {
        const std::unique_ptr<RootTree> tree = OpenTree();
        ASSERT_NE(tree, nullptr);
      }
      const std::string now = DescribeAll();
      ASSERT_TRUE(now == before_ || now == after_) << now;
      if (!killed) break;
    }
  }
}

TEST_P(InterruptedTest, EachCallFails) {
  std::vector<std::string> names;
  const int calls = Calls(&names);
  int late = 0;
  for (const int error : {EIO, ENOSPC, EROFS, EDQUOT}) {
    for (int call = 1; call <= calls; call += error == EIO ? 1 : 5) {
      SCOPED_TRACE(absl::StrCat("call ", call, ", ", names[call - 1], ", error ", error));
      Fill();
      RootTree::Options options = With();
      int count = 0;
      options.before_call = [&count, call, error](absl::string_view) {
        return ++count == call ? error : 0;
      };
      absl::StatusOr<std::unique_ptr<RootTree>> tree = RootTree::Open(root_, options);
      ASSERT_EQ(tree.status(), absl::OkStatus());
      const absl::Status status = (*tree)->Apply(AllKinds());
      // A failure to put the journal away is none of the change.
      if (status.ok()) {
        ++late;
        tree->reset();
        ASSERT_NE(OpenTree(), nullptr);
        ASSERT_EQ(DescribeAll(), after_);
        continue;
      }
      EXPECT_EQ(status.code(), error == EIO     ? absl::StatusCode::kDataLoss
                               : error == EROFS ? absl::StatusCode::kPermissionDenied
                                                : absl::StatusCode::kResourceExhausted)
          << status;
      EXPECT_FALSE(HasJournal());
      tree->reset();
      ASSERT_EQ(DescribeAll(), before_) << status;
    }
  }
  EXPECT_LT(late, calls);
}

TEST_P(InterruptedTest, AllCallsFailFromOneOn) {
  const int calls = Calls();
  for (int call = 1; call <= calls; ++call) {
    SCOPED_TRACE(call);
    Fill();
    RootTree::Options options = With();
    int count = 0;
    options.before_call = [&count, call](absl::string_view) { return ++count >= call ? EIO : 0; };
    absl::StatusOr<std::unique_ptr<RootTree>> tree = RootTree::Open(root_, options);
    ASSERT_EQ(tree.status(), absl::OkStatus());
    static_cast<void>((*tree)->Apply(AllKinds()));
    tree->reset();
    ASSERT_NE(OpenTree(), nullptr);
    const std::string now = DescribeAll();
    ASSERT_TRUE(now == before_ || now == after_) << now;
  }
}

TEST_P(InterruptedTest, KilledWhileItIsTakenBack) {
  std::vector<std::string> names;
  const int calls = Calls(&names);
  for (int failing = 1; failing <= calls; ++failing) {
    const std::string& name = names[failing - 1];
    if (name != "rename" && name != "link" && name != "chmod") continue;
    for (int call = failing + 1;; call += 2 + failing % 9) {
      SCOPED_TRACE(absl::StrCat(name, " fails, call ", failing, ", killed at ", call));
      Fill();
      if (!RunInChild(call, failing, EIO)) break;
      ASSERT_NE(OpenTree(), nullptr);
      // Killed before it is on record that it goes back, it goes on.
      const std::string now = DescribeAll();
      ASSERT_TRUE(now == before_ || (call == failing + 1 && now == after_)) << now;
    }
  }
}

TEST_P(InterruptedTest, WithoutHardLinksToo) {
  Fill();
  RootTree::Options options = With();
  options.before_call = [](absl::string_view name) { return name == "link" ? EPERM : 0; };
  absl::StatusOr<std::unique_ptr<RootTree>> tree = RootTree::Open(root_, options);
  ASSERT_EQ((*tree)->Apply(AllKinds()), absl::OkStatus());
  tree->reset();
  EXPECT_EQ(DescribeAll(), after_);
}

TEST_P(InterruptedTest, FilesystemsThatCannot) {
  const std::map<std::string, std::string> cases = {
      {"symlink", "symbolic links"}, {"chmod", "mode"}, {"utimens", "time"}};
  for (const auto& [call, word] : cases) {
    SCOPED_TRACE(call);
    Fill();
    RootTree::Options options = With();
    options.before_call = [name = call](absl::string_view call) {
      return call == name ? EPERM : 0;
    };
    absl::StatusOr<std::unique_ptr<RootTree>> tree = RootTree::Open(root_, options);
    const absl::Status status = (*tree)->Apply({Link("usr/l", "x"), File("usr/x", "x", 0755)});
    if (call != "utimens") EXPECT_TRUE(absl::StrContains(std::string(status.message()), word));
    EXPECT_FALSE(status.ok());
    if (call != "utimens") EXPECT_TRUE(absl::IsUnimplemented(status)) << status;
    tree->reset();
    EXPECT_EQ(DescribeAll(), before_);
  }
}

TEST_P(InterruptedTest, ReadersAreToldOfAnInterruptedChange) {
  const int calls = Calls();
  int told = 0;
  int seen = 0;
  for (int call = 1; call <= calls; ++call) {
    Fill();
    ASSERT_TRUE(RunInChild(call));
    const auto reader = RootTree::Open(root_, With(/*read_only=*/true));
    if (!reader.ok()) {
      ++told;
      EXPECT_TRUE(absl::IsFailedPrecondition(reader.status()));
      EXPECT_TRUE(absl::StrContains(std::string(reader.status().message()), "interrupted"));
    } else {
      ++seen;
      const std::string now = Describe(**reader);
      EXPECT_TRUE(now == before_ || now == after_) << now;
    }
  }
  EXPECT_GT(told, 10);
  EXPECT_GT(seen, 10);
}

// A journal is input like any other.
class HostileJournalTest : public RootTreeTest {
 protected:
  std::string Folder() const { return root_ + "/.cation-journal"; }

  void Plant(const std::string& text) const {
    fs::remove_all(Folder());
    fs::create_directories(Folder());
    fs::permissions(Folder(), fs::perms::owner_all);
    Write(Folder() + "/journal", text);
    fs::permissions(Folder() + "/journal", fs::perms::owner_read | fs::perms::owner_write);
  }

  static Journal Simple() {
    Journal journal;
    JournalStep step;
    step.path = "usr/a file";
    step.after = Holding::kFile;
    journal.steps.push_back(step);
    return journal;
  }
};

INSTANTIATE_TEST_SUITE_P(Walks, HostileJournalTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "Walk" : "Kernel"; });

TEST_P(HostileJournalTest, EveryDamageIsRefused) {
  fs::create_directories(root_ + "/usr");
  const std::string text = FormatJournal(Simple());
  for (size_t i = 0; i < text.size(); ++i) {
    for (const char bit : {1, 4, 32}) {
      std::string damaged = text;
      damaged[i] = static_cast<char>(damaged[i] ^ bit);
      EXPECT_FALSE(ParseJournal(damaged).ok()) << i;
    }
    EXPECT_FALSE(ParseJournal(text.substr(0, i)).ok()) << i;
  }
  Plant(text.substr(0, text.size() / 2));
  const absl::Status status = OpenError();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_TRUE(fs::exists(Folder() + "/journal"));
}

TEST_P(HostileJournalTest, NothingNotCanonicalIsBelieved) {
  const std::string before = Canary(outside_);
  fs::create_directories(root_ + "/usr");
  for (const char* path : {"../outside/x", "/etc/x", "usr/../../outside/x", "usr//x", ".", ""}) {
    Journal journal = Simple();
    journal.steps[0].path = path;
    Plant(FormatJournal(journal));
    Write(Folder() + "/n0", "evil");
    EXPECT_TRUE(absl::IsDataLoss(OpenError())) << path;
  }
  Journal twice = Simple();
  twice.steps.push_back(twice.steps[0]);
  EXPECT_FALSE(ParseJournal(FormatJournal(twice)).ok());
  Journal itself = Simple();
  itself.steps[0].path = ".cation-journal/journal";
  Plant(FormatJournal(itself));
  EXPECT_TRUE(absl::IsDataLoss(OpenError()));
  EXPECT_EQ(Canary(outside_), before);
}

TEST_P(HostileJournalTest, ALinkOnItsWayLeadsNowhere) {
  const std::string before = Canary(outside_);
  fs::create_symlink(outside_, root_ + "/usr");
  for (const Holding holding : {Holding::kFile, Holding::kDirectory}) {
    Journal journal = Simple();
    journal.steps[0].path = "usr/evil";
    journal.steps[0].after = holding;
    Plant(FormatJournal(journal));
    Write(Folder() + "/n0", "evil");
    // What cannot be finished is taken back.
    EXPECT_FALSE(absl::IsInternal(OpenError()));
  }
  Journal removal = Simple();
  removal.steps[0].path = "usr/secret";
  removal.steps[0].before = Holding::kFile;
  removal.steps[0].after = Holding::kNothing;
  Plant(FormatJournal(removal));
  static_cast<void>(OpenError());
  EXPECT_EQ(Canary(outside_), before);
}

TEST_P(HostileJournalTest, SomebodyElsesIsRefused) {
  const std::string before = Canary(outside_);
  // A link in its place, a file, and folders that others write.
  fs::create_symlink(outside_, Folder());
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenError()));
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenError(/*read_only=*/true)));
  fs::remove(Folder());
  Write(Folder(), "x");
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenError()));
  fs::remove(Folder());
  Plant(FormatJournal(Simple()));
  fs::permissions(Folder(), fs::perms::all);
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenError()));
  // A file in it that no installer has written is not removed.
  fs::remove_all(Folder());
  fs::create_directories(Folder());
  fs::permissions(Folder(), fs::perms::owner_all);
  Write(Folder() + "/precious", "x");
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenError()));
  EXPECT_TRUE(fs::exists(Folder() + "/precious"));
  fs::remove(Folder() + "/precious");
  ASSERT_EQ(link((outside_ + "/secret").c_str(), (Folder() + "/journal").c_str()), 0);
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenError()));
  fs::remove(Folder() + "/journal");
  EXPECT_EQ(Canary(outside_), before);
  if (IsRoot() && limits_.keeps_owner) {
    Plant(FormatJournal(Simple()));
    ASSERT_EQ(chown(Folder().c_str(), 1000, 1000), 0);
    EXPECT_TRUE(absl::IsFailedPrecondition(OpenError()));
  }
}

TEST(JournalTest, KeepsEveryPathAndAttribute) {
  Journal journal;
  journal.restore_root = true;
  journal.root_mtime = -5;
  journal.root_mtime_nanoseconds = 999999999;
  JournalStep step;
  for (int i = 1; i < 256; ++i) {
    if (i != '/') step.path.push_back(static_cast<char>(i));
  }
  step.before = Holding::kDirectory;
  step.after = Holding::kLink;
  step.attributes_before = {04755, 4294967295U, 7, -1, 3};
  journal.steps = {step};
  const absl::StatusOr<Journal> read = ParseJournal(FormatJournal(journal));
  ASSERT_EQ(read.status(), absl::OkStatus());
  ASSERT_EQ(read->steps.size(), 1U);
  EXPECT_EQ(read->steps[0].path, step.path);
  EXPECT_EQ(read->steps[0].attributes_before, step.attributes_before);
  EXPECT_EQ(read->root_mtime, -5);
}

}  // namespace
}  // namespace cation::image
