// SPDX-License-Identifier: MIT
#include "image/redoxfs_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "image/resolve.h"
#include "image/testing/memory_tree.h"
#include "image/tree.h"

namespace cation::image {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Action = Change::Action;
using Layout = RedoxfsTree::Layout;
using Nodes = std::map<std::string, MemoryTree::Node>;

constexpr uint64_t kMib = uint64_t{1} << 20;
constexpr char kHelper[] = "image/redoxfs/cation_redoxfs";

std::string Bytes(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void SetBytes(const std::string& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// Does not shrink to nothing, as what is written in tests otherwise would.
std::string Noise(size_t size, uint32_t seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

Change WriteFile(const std::string& path, const std::string& content, uint32_t mode = 0644) {
  return {Action::kWriteFile, path, {mode, 3, 4, 1700000000, 123456789}, content, ""};
}
Change MakeLink(const std::string& path, const std::string& target) {
  return {Action::kMakeLink, path, {0777, 0, 0, 1700000001, 5}, "", target};
}
Change MakeDirectory(const std::string& path, uint32_t mode = 0755) {
  return {Action::kMakeDirectory, path, {mode, 0, 0, 1700000002, 7}, "", ""};
}
Change Remove(const std::string& path) { return {Action::kRemove, path, {}, "", ""}; }

void Collect(RedoxfsTree& tree, const std::string& path, Nodes* nodes) {
  const absl::StatusOr<Entry> entry = tree.Look(path);
  ASSERT_TRUE(entry.ok()) << entry.status();
  MemoryTree::Node& node = (*nodes)[path];
  node.entry = *entry;
  if (entry->kind == Kind::kFile) {
    const absl::StatusOr<std::string> content = tree.Read(path);
    ASSERT_TRUE(content.ok()) << content.status();
    node.content = *content;
  }
  if (entry->kind != Kind::kDirectory) return;
  const absl::StatusOr<std::vector<std::string>> names = tree.List(path);
  ASSERT_TRUE(names.ok()) << names.status();
  for (const std::string& name : *names) {
    ASSERT_NO_FATAL_FAILURE(Collect(tree, path.empty() ? name : path + "/" + name, nodes));
  }
}

// Everything in a tree, but for the root's times, which are those of its making.
Nodes Everything(RedoxfsTree& tree) {
  Nodes nodes;
  Collect(tree, "", &nodes);
  nodes[""].entry.attributes = {.mode = nodes[""].entry.attributes.mode};
  return nodes;
}

class RedoxfsTreeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string folder = absl::StrCat(::testing::TempDir(), "/redoxfs.XXXXXX");
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    image_ = folder_ + "/image with %.img";
  }
  void TearDown() override { std::system(("rm -rf '" + folder_ + "'").c_str()); }

  void Make(uint64_t size = 4 * kMib, Layout layout = Layout::kBare) {
    unlink(image_.c_str());
    const absl::Status made = RedoxfsTree::Make(kHelper, image_, size, layout);
    ASSERT_TRUE(made.ok()) << made;
  }
  [[nodiscard]] absl::StatusOr<std::unique_ptr<RedoxfsTree>> Open(
      RedoxfsTree::Options options = {}) const {
    return RedoxfsTree::Open(kHelper, image_, options);
  }
  // Opening fails so, and leaves the image as it was.
  void ExpectRefused(absl::StatusCode code, absl::string_view message) {
    const std::string before = Bytes(image_);
    for (const bool read_only : {false, true}) {
      const absl::Status status = Open({.read_only = read_only}).status();
      EXPECT_EQ(status.code(), code) << status;
      EXPECT_THAT(std::string(status.message()), HasSubstr(std::string(message)));
      EXPECT_EQ(status.message().find('\n'), absl::string_view::npos);
    }
    EXPECT_TRUE(Bytes(image_) == before);
  }

  std::string folder_;
  std::string image_;
};

// What a first installation and an upgrade look like, small.
std::vector<Change> Installation() {
  return {MakeDirectory("usr"),
          MakeDirectory("usr/bin"),
          MakeDirectory("etc", 0700),
          WriteFile("usr/bin/cat", Noise(30000, 1), 0755),
          WriteFile("usr/bin/ls", std::string(200000, 'x') + Noise(9000, 2), 0755),
          MakeLink("usr/bin/dir", "ls"),
          WriteFile("etc/empty", ""),
          WriteFile("etc/release", "Build: 1\n"),
          MakeLink("root-host", "/scheme/9p.hostshare")};
}
std::vector<Change> Upgrade() {
  return {WriteFile("usr/bin/cat", Noise(41000, 3), 04755),
          WriteFile("usr/bin/dir", Noise(5000, 4), 0755),
          MakeLink("usr/bin/ls", "dir"),
          Remove("etc/empty"),
          Remove("root-host"),
          MakeDirectory("usr/lib"),
          MakeDirectory("usr/lib/backup"),
          WriteFile("usr/lib/backup/cat", Noise(30000, 1)),
          {Action::kSetAttributes, "etc", {01777, 9, 8, 42, 999999999}, "", ""},
          {Action::kSetAttributes, "etc/release", {0600, 0xffffffff, 1, 0, 0}, "", ""},
          Remove("usr/lib/backup/cat"),
          Remove("usr/lib/backup")};
}

TEST_F(RedoxfsTreeTest, DoesWhatATreeInMemoryDoes) {
  for (const Layout layout : {Layout::kBare, Layout::kGpt}) {
    ASSERT_NO_FATAL_FAILURE(Make(6 * kMib, layout));
    MemoryTree memory;
    absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open();
    ASSERT_TRUE(tree.ok()) << tree.status();
    EXPECT_EQ((*tree)->Description(), "RedoxFS image");
    for (const std::vector<Change>& changes : {Installation(), Upgrade()}) {
      EXPECT_TRUE((*tree)->Apply(changes).ok());
      EXPECT_TRUE(memory.Apply(changes).ok());
      Nodes expected = memory.nodes();
      EXPECT_EQ(Everything(**tree), expected);
    }
    EXPECT_EQ((*tree)->Look("etc")->attributes.mtime_nanoseconds, 999999999u);
    EXPECT_EQ((*tree)->Look("usr/bin/cat")->size, 41000u);
    EXPECT_THAT(*(*tree)->List(""), ElementsAre("etc", "usr"));
    tree->reset();
    tree = Open({.read_only = true});
    ASSERT_TRUE(tree.ok()) << tree.status();
    EXPECT_EQ(Everything(**tree), memory.nodes());
    const absl::StatusOr<RedoxfsTree::CheckReport> report = (*tree)->Check();
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->leaked_blocks, 0u);
    EXPECT_EQ(report->directories, 5u);
    EXPECT_EQ(report->files, 3u);
    EXPECT_EQ(report->links, 1u);
  }
}

TEST_F(RedoxfsTreeTest, RefusesWhatATreeRefusesAndThenNothingIsChanged) {
  ASSERT_NO_FATAL_FAILURE(Make());
  MemoryTree memory;
  absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open();
  ASSERT_TRUE(tree.ok()) << tree.status();
  ASSERT_TRUE((*tree)->Apply(Installation()).ok());
  ASSERT_TRUE(memory.Apply(Installation()).ok());
  const std::string before = Bytes(image_);
  const std::vector<Change> refused = {
      MakeDirectory("usr"),
      MakeDirectory("root-host"),
      MakeDirectory(""),
      WriteFile("usr", "x"),
      WriteFile("", "x"),
      WriteFile("absent/x", "x"),
      WriteFile("etc/release/x", "x"),
      WriteFile("root-host/x", "x"),
      WriteFile("../x", "x"),
      WriteFile("/x", "x"),
      WriteFile("usr//x", "x"),
      MakeLink("usr", "x"),
      Remove("absent"),
      Remove("usr"),
      Remove(""),
      Remove("etc/release/x"),
      {Action::kSetAttributes, "absent", {}, "", ""},
      {Action::kSetAttributes, "root-host", {}, "", ""},
  };
  for (const Change& change : refused) {
    // What was right before it must not stay, nor what comes after it.
    const absl::Status status =
        (*tree)->Apply({WriteFile("etc/new", Noise(50000, 9)), change, WriteFile("later", "x")});
    const absl::Status expected = memory.Apply({change});
    EXPECT_FALSE(expected.ok());
    EXPECT_EQ(status.code(), expected.code()) << change.path << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(change.path));
  }
  for (const std::string path : {"absent", "absent/x", "etc/release/x", "root-host/x", "/", "."}) {
    EXPECT_EQ((*tree)->Look(path).status().code(), memory.Look(path).status().code()) << path;
    EXPECT_EQ((*tree)->Read(path).status().code(), memory.Read(path).status().code()) << path;
    EXPECT_EQ((*tree)->List(path).status().code(), memory.List(path).status().code()) << path;
  }
  EXPECT_EQ((*tree)->Read("usr").status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ((*tree)->Read("root-host").status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ((*tree)->List("etc/release").status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Everything(**tree), memory.nodes());
  EXPECT_TRUE(Bytes(image_) == before);
}

TEST_F(RedoxfsTreeTest, NamesAndTimesThatRedoxFSCannotHold) {
  ASSERT_NO_FATAL_FAILURE(Make());
  absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open();
  ASSERT_TRUE(tree.ok()) << tree.status();
  const std::string longest(252, 'n');
  EXPECT_TRUE((*tree)->Apply({WriteFile(longest, "x"), WriteFile("späße", "y")}).ok());
  EXPECT_THAT(*(*tree)->List(""), ElementsAre(longest, "späße"));
  EXPECT_EQ(*(*tree)->Read("späße"), "y");
  for (const std::string& name : {longest + "n", std::string("a:b"), std::string("\xff\xfe")}) {
    const absl::Status status = (*tree)->Apply({WriteFile(name, "x")});
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("RedoxFS holds"));
    EXPECT_EQ((*tree)->Look(name).status().code(), absl::StatusCode::kNotFound);
  }
  Change old = WriteFile("old", "x");
  old.attributes.mtime = -1;
  EXPECT_EQ((*tree)->Apply({old}).code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ((*tree)->Apply({MakeLink("to-nothing", "")}).code(),
            absl::StatusCode::kInvalidArgument);
  // An error of one commit is not one of the next.
  EXPECT_TRUE((*tree)->Apply({WriteFile("new", "x")}).ok());
}

TEST_F(RedoxfsTreeTest, SizesAllAround) {
  ASSERT_NO_FATAL_FAILURE(Make(48 * kMib));
  absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open();
  ASSERT_TRUE(tree.ok()) << tree.status();
  const Space empty = *(*tree)->GetSpace();
  std::vector<Change> writes;
  std::vector<Change> removals;
  // Around what is inline, a block, a record, and what needs lists of records.
  for (const size_t size : {1u, 3967u, 3968u, 3969u, 4095u, 4096u, 4097u, 131071u, 131072u, 131073u,
                            262144u, 17000000u}) {
    writes.push_back(WriteFile(absl::StrCat("noise", size), Noise(size, size)));
    writes.push_back(WriteFile(absl::StrCat("zeros", size), std::string(size, '\0')));
    removals.push_back(Remove(absl::StrCat("noise", size)));
    removals.push_back(Remove(absl::StrCat("zeros", size)));
  }
  writes.push_back(MakeLink("far", std::string(5000, 'f')));
  removals.push_back(Remove("far"));
  const absl::Status applied = (*tree)->Apply(writes);
  ASSERT_TRUE(applied.ok()) << applied;
  for (const Change& change : writes) {
    if (change.action == Action::kMakeLink) {
      EXPECT_EQ((*tree)->Look(change.path)->target, change.target);
      continue;
    }
    EXPECT_TRUE(*(*tree)->Read(change.path) == change.content) << change.path;
  }
  EXPECT_EQ((*tree)->Check()->leaked_blocks, 0u);
  ASSERT_TRUE((*tree)->Apply(removals).ok());
  const absl::StatusOr<RedoxfsTree::CheckReport> report = (*tree)->Check();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->leaked_blocks, 0u);
  // But for the log of what was taken and given back.
  EXPECT_LE(empty.free_bytes - (*tree)->GetSpace()->free_bytes, 16 * 4096u);
}

TEST_F(RedoxfsTreeTest, ManyNamesInADirectory) {
  ASSERT_NO_FATAL_FAILURE(Make(16 * kMib));
  absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open();
  ASSERT_TRUE(tree.ok()) << tree.status();
  std::vector<Change> changes;
  std::vector<std::string> names;
  for (int i = 0; i < 900; ++i) {
    names.push_back(absl::StrCat(std::string(static_cast<size_t>(i % 200), 'n'), i));
    changes.push_back(WriteFile(names.back(), absl::StrCat(i)));
  }
  const uint64_t needed = *(*tree)->SpaceFor(changes);
  const uint64_t free = (*tree)->GetSpace()->free_bytes;
  ASSERT_TRUE((*tree)->Apply(changes).ok());
  EXPECT_LE(free - (*tree)->GetSpace()->free_bytes, needed);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(*(*tree)->List(""), names);
  for (size_t i = 0; i < changes.size(); i += 7) {
    EXPECT_EQ(*(*tree)->Read(changes[i].path), changes[i].content);
  }
  std::vector<Change> removals;
  for (const std::string& name : names) removals.push_back(Remove(name));
  ASSERT_TRUE((*tree)->Apply(removals).ok());
  EXPECT_TRUE((*tree)->List("")->empty());
  EXPECT_EQ((*tree)->Check()->leaked_blocks, 0u);
}

TEST_F(RedoxfsTreeTest, ReadingChangesNoByte) {
  ASSERT_NO_FATAL_FAILURE(Make(6 * kMib, Layout::kGpt));
  ASSERT_TRUE((*Open())->Apply(Installation()).ok());
  const std::string before = Bytes(image_);
  for (const bool read_only : {false, true}) {
    const absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open({.read_only = read_only});
    ASSERT_TRUE(tree.ok()) << tree.status();
    EXPECT_EQ(Everything(**tree).size(), 10u);
    EXPECT_TRUE((*tree)->Check().ok());
    EXPECT_TRUE((*tree)->SpaceFor(Upgrade()).ok());
    EXPECT_TRUE((*tree)->Apply({}).ok());
  }
  EXPECT_EQ((*Open({.read_only = true}))->Apply(Upgrade()).code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(Bytes(image_) == before);
}

// After each write of a transaction the power goes, or in the middle of it.
TEST_F(RedoxfsTreeTest, CutAfterEveryWriteItIsOldOrNew) {
  for (const Layout layout : {Layout::kBare, Layout::kGpt}) {
    ASSERT_NO_FATAL_FAILURE(Make(4 * kMib, layout));
    Nodes old_nodes;
    Nodes new_nodes;
    uint64_t writes = 0;
    std::string old_image;
    {
      const absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open();
      ASSERT_TRUE((*tree)->Apply(Installation()).ok());
      old_nodes = Everything(**tree);
      old_image = Bytes(image_);
      ASSERT_TRUE((*tree)->Apply(Upgrade()).ok());
      new_nodes = Everything(**tree);
      writes = (*tree)->last_commit().writes;
    }
    ASSERT_NE(old_nodes, new_nodes);
    ASSERT_GE(writes, 15u);
    int seen_old = 0;
    int seen_new = 0;
    for (const bool tear : {false, true}) {
      for (uint64_t k = 1; k <= writes; ++k) {
        SetBytes(image_, old_image);
        RedoxfsTree::Options options;
        options.environment = {absl::StrCat("CATION_REDOXFS_STOP_AFTER=", k)};
        if (tear) options.environment.push_back("CATION_REDOXFS_TEAR=1");
        const absl::Status cut = (*Open(options))->Apply(Upgrade());
        ASSERT_EQ(cut.code(), absl::StatusCode::kUnavailable) << cut;
        ASSERT_THAT(std::string(cut.message()), HasSubstr("signal 6"));
        const absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open();
        ASSERT_TRUE(tree.ok()) << tree.status();
        const Nodes nodes = Everything(**tree);
        if (nodes == old_nodes) ++seen_old;
        if (nodes == new_nodes) ++seen_new;
        ASSERT_TRUE(nodes == old_nodes || nodes == new_nodes) << "after write " << k;
        const absl::StatusOr<RedoxfsTree::CheckReport> report = (*tree)->Check();
        ASSERT_TRUE(report.ok()) << report.status();
        ASSERT_EQ(report->leaked_blocks, 0u);
        // And it goes on from there.
        if (nodes == old_nodes) {
          ASSERT_TRUE((*tree)->Apply(Upgrade()).ok());
          ASSERT_EQ(Everything(**tree), new_nodes);
        }
      }
    }
    // Only with the last write, if that is whole, it is new.
    EXPECT_EQ(seen_new, 1);
    EXPECT_EQ(seen_old, static_cast<int>(2 * writes - 1));
  }
}

TEST_F(RedoxfsTreeTest, NothingLeaksInManyRounds) {
  ASSERT_NO_FATAL_FAILURE(Make());
  const absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open();
  const std::vector<Change> removal = {
      Remove("usr/bin/cat"), Remove("usr/bin/ls"), Remove("usr/bin/dir"),
      Remove("usr/bin"),     Remove("usr"),        Remove("etc/release"),
      Remove("etc/empty"),   Remove("etc"),        Remove("root-host")};
  uint64_t free = 0;
  for (int round = 0; round < 200; ++round) {
    ASSERT_TRUE((*tree)->Apply(Installation()).ok()) << round;
    ASSERT_TRUE((*tree)->Apply(removal).ok()) << round;
    if (round == 0) free = (*tree)->GetSpace()->free_bytes;
  }
  const absl::StatusOr<RedoxfsTree::CheckReport> report = (*tree)->Check();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->leaked_blocks, 0u);
  // The log grows until the 1024th generation: a block takes 255 entries, and both take about 100.
  EXPECT_LE(free - (*tree)->GetSpace()->free_bytes, 200 * 4096u);
  EXPECT_EQ(report->files + report->links, 0u);
}

TEST_F(RedoxfsTreeTest, SpaceForIsEnough) {
  ASSERT_NO_FATAL_FAILURE(Make());
  std::mt19937 random(5);
  const absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open();
  std::vector<std::string> there;
  for (int round = 0; round < 60; ++round) {
    std::vector<Change> changes;
    const std::string folder = absl::StrCat("d", round);
    changes.push_back(MakeDirectory(folder));
    for (unsigned i = 0; i < random() % 12; ++i) {
      changes.push_back(
          WriteFile(absl::StrCat(folder, "/f", i), Noise(random() % 40000, random())));
      changes.push_back(MakeLink(absl::StrCat(folder, "/l", i), "f"));
    }
    const absl::StatusOr<uint64_t> needed = (*tree)->SpaceFor(changes);
    ASSERT_TRUE(needed.ok()) << needed.status();
    const uint64_t free = (*tree)->GetSpace()->free_bytes;
    const absl::Status applied = (*tree)->Apply(changes);
    if (applied.ok()) {
      EXPECT_LE(free - std::min(free, (*tree)->GetSpace()->free_bytes), *needed);
    } else {
      // Where there is enough, it fits.
      EXPECT_EQ(applied.code(), absl::StatusCode::kResourceExhausted) << applied;
      EXPECT_GT(*needed, free);
    }
  }
  EXPECT_EQ((*tree)->Check()->leaked_blocks, 0u);
  // Not so much that nobody could install anything.
  std::vector<Change> userland = {MakeDirectory("u")};
  uint64_t installed = 0;
  for (int i = 0; i < 60; ++i) {
    userland.push_back(WriteFile(absl::StrCat("u/", i), Noise(40000, i)));
    installed += 40000;
  }
  EXPECT_LE(*(*tree)->SpaceFor(userland), 2 * installed);
}

TEST_F(RedoxfsTreeTest, FullIsSaidAndNothingIsChanged) {
  ASSERT_NO_FATAL_FAILURE(Make());
  const absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open();
  ASSERT_TRUE((*tree)->Apply(Installation()).ok());
  const std::string before = Bytes(image_);
  const absl::Status status =
      (*tree)->Apply({WriteFile("small", "x"), WriteFile("large", Noise(4 * kMib, 1))});
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_TRUE(Bytes(image_) == before);
  EXPECT_EQ((*tree)->Look("small").status().code(), absl::StatusCode::kNotFound);
  EXPECT_GT(*(*tree)->SpaceFor({WriteFile("large", Noise(4 * kMib, 1))}),
            (*tree)->GetSpace()->free_bytes);
  EXPECT_TRUE((*tree)->Apply({WriteFile("small", "x")}).ok());
}

// Free space in single blocks: records of 128 KiB have no place, the file has.
TEST_F(RedoxfsTreeTest, SpaceInPiecesIsUsed) {
  ASSERT_NO_FATAL_FAILURE(Make());
  const absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open();
  std::vector<std::string> names;
  // Not to the last block: removing takes some, too.
  for (int i = 0; (*tree)->GetSpace()->free_bytes > uint64_t{30} * 4096; ++i) {
    const std::string name = absl::StrCat("f", i);
    ASSERT_TRUE((*tree)->Apply({WriteFile(name, Noise(4000, i))}).ok());
    names.push_back(name);
  }
  ASSERT_GT(names.size(), 200u);
  std::vector<Change> removals;
  for (size_t i = 0; i + 10 < names.size(); i += 2) removals.push_back(Remove(names[i]));
  for (const Change& removal : removals) {
    const absl::Status removed = (*tree)->Apply({removal});
    ASSERT_TRUE(removed.ok()) << removed;
  }
  const std::string content = Noise(400000, 77);
  const absl::Status applied = (*tree)->Apply({WriteFile("large", content)});
  ASSERT_TRUE(applied.ok()) << applied;
  EXPECT_TRUE(*(*tree)->Read("large") == content);
  EXPECT_EQ((*tree)->Check()->leaked_blocks, 0u);
  ASSERT_TRUE((*tree)->Apply({Remove("large")}).ok());
  EXPECT_EQ((*tree)->Check()->leaked_blocks, 0u);
}

TEST_F(RedoxfsTreeTest, WhatIsNoImageIsRefused) {
  EXPECT_EQ(Open().status().code(), absl::StatusCode::kNotFound);
  SetBytes(image_, "");
  ExpectRefused(absl::StatusCode::kInvalidArgument, "no disk image");
  SetBytes(image_, Noise(3 * kMib, 1));
  ExpectRefused(absl::StatusCode::kInvalidArgument, "neither a RedoxFS nor a GPT");
  unlink(image_.c_str());
  mkdir(image_.c_str(), 0755);
  EXPECT_EQ(Open().status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(Open().status().message()), HasSubstr("directory"));
  rmdir(image_.c_str());
  mkfifo(image_.c_str(), 0644);
  EXPECT_THAT(std::string(Open().status().message()), HasSubstr("neither a file nor"));
}

TEST_F(RedoxfsTreeTest, ReadOnlyFilesAreRefused) {
  ASSERT_NO_FATAL_FAILURE(Make());
  chmod(image_.c_str(), 0444);
  const std::string before = Bytes(image_);
  const absl::Status status = Open().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << status;
  EXPECT_TRUE(Open({.read_only = true}).ok());
  EXPECT_TRUE(Bytes(image_) == before);
}

TEST_F(RedoxfsTreeTest, TruncatedImagesAreRefused) {
  ASSERT_NO_FATAL_FAILURE(Make());
  ASSERT_EQ(truncate(image_.c_str(), 3 * kMib), 0);
  ExpectRefused(absl::StatusCode::kDataLoss, "truncated");
  ASSERT_EQ(truncate(image_.c_str(), 4096), 0);
  ExpectRefused(absl::StatusCode::kDataLoss, "damaged");
  ASSERT_NO_FATAL_FAILURE(Make(6 * kMib, Layout::kGpt));
  ASSERT_EQ(truncate(image_.c_str(), 4 * kMib), 0);
  ExpectRefused(absl::StatusCode::kDataLoss, "truncated");
}

TEST_F(RedoxfsTreeTest, OtherVersionsAndDamageAreRefused) {
  ASSERT_NO_FATAL_FAILURE(Make());
  ASSERT_TRUE((*Open())->Apply(Installation()).ok());
  const std::string good = Bytes(image_);
  std::string bytes = good;
  for (size_t block = 0; block < 256; ++block) {
    if (bytes[block * 4096] == 'R') bytes[block * 4096 + 8] = 9;
  }
  SetBytes(image_, bytes);
  ExpectRefused(absl::StatusCode::kUnimplemented, "version 9");
  bytes = good;
  for (size_t block = 0; block < 256; ++block) bytes[block * 4096 + 40] ^= 1;
  SetBytes(image_, bytes);
  ExpectRefused(absl::StatusCode::kDataLoss, "no header");
  // A bit in each block that is in use: all of metadata is refused, and all of content by a check.
  int refused = 0;
  int found = 0;
  for (size_t block = 257; block < good.size() / 4096; ++block) {
    bytes = good;
    bytes[block * 4096 + 2000] ^= 16;
    SetBytes(image_, bytes);
    const absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open({.read_only = true});
    if (!tree.ok()) {
      EXPECT_EQ(tree.status().code(), absl::StatusCode::kDataLoss);
      ++refused;
    } else if (!(*tree)->Check().ok()) {
      EXPECT_EQ((*tree)->Check().status().code(), absl::StatusCode::kDataLoss);
      ++found;
    }
  }
  EXPECT_GE(refused, 15);
  EXPECT_GE(found, 8);
}

TEST_F(RedoxfsTreeTest, PartitionTables) {
  ASSERT_NO_FATAL_FAILURE(Make(6 * kMib, Layout::kGpt));
  ASSERT_TRUE((*Open())->Apply(Installation()).ok());
  const std::string good = Bytes(image_);
  const Nodes nodes = Everything(**Open());
  // No protective MBR; a damaged header, a damaged table: the backup does.
  for (const size_t damage : {510u, 512u, 512u + 60u, 1024u + 40u}) {
    std::string bytes = good;
    bytes[damage] ^= 0x11;
    SetBytes(image_, bytes);
    const absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open();
    ASSERT_TRUE(tree.ok()) << damage << ": " << tree.status();
    EXPECT_EQ(Everything(**tree), nodes);
    ASSERT_TRUE((*tree)->Apply(Upgrade()).ok());
  }
  // The backup as well.
  for (const size_t damage : {20u, 60u}) {
    std::string bytes = good;
    bytes[512 + damage] ^= 0x11;
    bytes[bytes.size() - 512 + damage] ^= 0x11;
    SetBytes(image_, bytes);
    ExpectRefused(absl::StatusCode::kDataLoss, "partition table is damaged");
  }
  // Partitions, but no RedoxFS.
  std::string bytes = good;
  std::fill(bytes.begin() + kMib, bytes.end() - kMib, '\0');
  SetBytes(image_, bytes);
  ExpectRefused(absl::StatusCode::kInvalidArgument, "none of its partitions");
}

bool HoldsLock(const std::string& image, int kind, off_t start, off_t length) {
  const int file = open(image.c_str(), O_RDWR | O_CLOEXEC);
  struct flock lock = {};
  lock.l_type = static_cast<int16_t>(kind);
  lock.l_whence = SEEK_SET;
  lock.l_start = start;
  lock.l_len = length;
  const bool got = fcntl(file, F_OFD_SETLK, &lock) == 0;
  close(file);
  return !got;
}

TEST_F(RedoxfsTreeTest, ImagesInUseAreRefused) {
  ASSERT_NO_FATAL_FAILURE(Make());
  {
    const absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open();
    ExpectRefused(absl::StatusCode::kFailedPrecondition, "in use");
    // QEMU would take read locks on these, and is refused.
    EXPECT_TRUE(HoldsLock(image_, F_RDLCK, 100, 1));
    EXPECT_TRUE(HoldsLock(image_, F_RDLCK, 201, 1));
  }
  {
    // Readers go together; a QEMU that reads goes with them, one that writes does not.
    const absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open({.read_only = true});
    EXPECT_TRUE(Open({.read_only = true}).ok());
    EXPECT_EQ(Open().status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_FALSE(HoldsLock(image_, F_RDLCK, 100, 1));
    EXPECT_TRUE(HoldsLock(image_, F_WRLCK, 201, 1));
  }
  EXPECT_TRUE(Open().ok());
  // A QEMU that writes has read locks on the permissions that it uses and on those that it denies.
  const int file = open(image_.c_str(), O_RDWR | O_CLOEXEC);
  for (const off_t byte : {100, 101, 103, 201, 203}) {
    struct flock lock = {};
    lock.l_type = F_RDLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = byte;
    lock.l_len = 1;
    ASSERT_EQ(fcntl(file, F_OFD_SETLK, &lock), 0);
  }
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "in use");
  close(file);
  const int other = open(image_.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(other, LOCK_EX), 0);
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "in use");
  close(other);
  EXPECT_TRUE(Open().ok());
}

TEST_F(RedoxfsTreeTest, MakingRefusesWhatIsThereAndWhatIsTooSmall) {
  SetBytes(image_, "mine");
  EXPECT_EQ(RedoxfsTree::Make(kHelper, image_, 4 * kMib, Layout::kBare).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Bytes(image_), "mine");
  unlink(image_.c_str());
  for (const Layout layout : {Layout::kBare, Layout::kGpt}) {
    EXPECT_EQ(RedoxfsTree::Make(kHelper, image_, kMib, layout).code(),
              absl::StatusCode::kInvalidArgument);
    EXPECT_NE(access(image_.c_str(), F_OK), 0);
  }
  EXPECT_EQ(RedoxfsTree::Make(kHelper, folder_ + "/absent/image", 4 * kMib, Layout::kBare).code(),
            absl::StatusCode::kNotFound);
}

TEST_F(RedoxfsTreeTest, GrowingKeepsEverythingHoweverItIsCut) {
  for (const Layout layout : {Layout::kBare, Layout::kGpt}) {
    ASSERT_NO_FATAL_FAILURE(Make(4 * kMib, layout));
    ASSERT_TRUE((*Open())->Apply(Installation()).ok());
    const std::string small = Bytes(image_);
    const Nodes nodes = Everything(**Open());
    const uint64_t free = (*Open())->GetSpace()->free_bytes;
    bool whole = false;
    for (int k = 1; !whole; ++k) {
      for (const bool tear : {true, false}) {
        SetBytes(image_, small);
        RedoxfsTree::Options options;
        options.environment = {absl::StrCat("CATION_REDOXFS_STOP_AFTER=", k)};
        if (tear) options.environment.push_back("CATION_REDOXFS_TEAR=1");
        whole = (*Open(options))->Grow(9 * kMib).ok();
        absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open();
        ASSERT_TRUE(tree.ok()) << k << ": " << tree.status();
        EXPECT_EQ(Everything(**tree), nodes);
        EXPECT_TRUE((*tree)->Check().ok());
        // Again, to where it was to be, or further.
        const absl::Status grown = (*tree)->Grow((k % 2 == 0 ? 9 : 10) * kMib);
        ASSERT_TRUE(grown.ok()) << k << ": " << grown;
        EXPECT_GE((*tree)->GetSpace()->free_bytes, free + 5 * kMib - 65536);
        EXPECT_TRUE((*tree)->Apply({WriteFile("large", Noise(3 * kMib, 1))}).ok());
        tree->reset();
        tree = Open();
        ASSERT_TRUE(tree.ok()) << k << ": " << tree.status();
        EXPECT_EQ((*tree)->Look("large")->size, 3 * kMib);
        EXPECT_TRUE((*tree)->Apply({Remove("large")}).ok());
        EXPECT_EQ(Everything(**tree), nodes);
        EXPECT_EQ((*tree)->Check()->leaked_blocks, 0u);
      }
      ASSERT_LT(k, 60);
    }
    const absl::Status shrunk = (*Open())->Grow(3 * kMib);
    EXPECT_EQ(shrunk.code(), absl::StatusCode::kInvalidArgument) << shrunk;
    EXPECT_EQ((*Open({.read_only = true}))->Grow(20 * kMib).code(),
              absl::StatusCode::kPermissionDenied);
  }
}

TEST_F(RedoxfsTreeTest, AHelperThatDiesIsSaid) {
  ASSERT_NO_FATAL_FAILURE(Make());
  const std::string before = Bytes(image_);
  const absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree = Open();
  ASSERT_TRUE(tree.ok()) << tree.status();
  kill((*tree)->helper_process(), SIGKILL);
  const absl::Status status = (*tree)->Apply(Installation());
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(status.message(), "the RedoxFS helper ended unexpectedly (signal 9)");
  EXPECT_EQ((*tree)->Look("").status(), status);
  EXPECT_EQ((*tree)->GetSpace().status(), status);
  EXPECT_EQ((*tree)->Check().status(), status);
  EXPECT_TRUE(Bytes(image_) == before);
  EXPECT_TRUE(Open().ok());
}

TEST_F(RedoxfsTreeTest, HelpersThatAreNoneAreSaid) {
  ASSERT_NO_FATAL_FAILURE(Make());
  const auto open_with = [this](const std::string& script) {
    const std::string helper = folder_ + "/helper";
    SetBytes(helper, script);
    chmod(helper.c_str(), 0755);
    return RedoxfsTree::Open(helper, image_, {}).status();
  };
  EXPECT_EQ(RedoxfsTree::Open("/absent/helper", image_, {}).status(),
            absl::UnavailableError(
                "the RedoxFS helper /absent/helper cannot be started: No such file or directory"));
  EXPECT_EQ(open_with("not a program").code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(open_with("#!/bin/sh\nexit 3\n").message(),
            "the RedoxFS helper ended unexpectedly (exit status 3)");
  // All of these talk, but not as they should; and go on, so that it is not their end that is said.
  for (const char* script :
       {"#!/bin/sh\necho what; cat\n", "#!/bin/sh\nyes\n", "#!/bin/sh\ntr '\\0' x </dev/zero\n",
        "#!/bin/sh\necho ok; echo error surprise x; cat\n", "#!/bin/sh\necho error x; cat\n",
        "#!/bin/sh\necho ok; echo error data-loss %4; cat\n"}) {
    const absl::Status status = open_with(script);
    EXPECT_EQ(status.message(), "the RedoxFS helper does not speak as it should") << script;
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  }
  // Answers that do not fit.
  SetBytes(folder_ + "/helper",
           "#!/bin/sh\necho ok; echo ok; echo ok file many 0 0 0 0 0; exec cat\n");
  const absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree =
      RedoxfsTree::Open(folder_ + "/helper", image_, {});
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_EQ((*tree)->Look("x").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a process is left";
}

int OpenFiles() {
  int count = 0;
  DIR* folder = opendir("/proc/self/fd");
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  return count;
}

TEST_F(RedoxfsTreeTest, NothingIsLeftOpenOrRunning) {
  ASSERT_NO_FATAL_FAILURE(Make());
  const int before = OpenFiles();
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(Open().ok());
    EXPECT_FALSE(RedoxfsTree::Open("/absent/helper", image_, {}).ok());
    EXPECT_FALSE(RedoxfsTree::Open("/bin/true", image_, {}).ok());
    EXPECT_FALSE(RedoxfsTree::Open(kHelper, "/absent", {}).ok());
  }
  EXPECT_EQ(OpenFiles(), before);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

// Speaks to the helper without the class: what was not committed when its client dies is not there.
TEST_F(RedoxfsTreeTest, WithoutACommitNothingHappens) {
  ASSERT_NO_FATAL_FAILURE(Make());
  const std::string before = Bytes(image_);
  for (const char* ending : {"", "remove us", "write b 420 0 0 0 0 1000\nhalf", "nonsense\n",
                             "write b 420 0 0 0 0 many\n", "commit"}) {
    SetBytes(folder_ + "/requests", absl::StrCat("hello 1\nopen write ", folder_,
                                                 "/image%20with%20%25.img\nwrite a 420 0 0 0 0 "
                                                 "3\nabc",
                                                 ending));
    std::system(absl::StrCat(kHelper, " <", folder_, "/requests >", folder_, "/answers").c_str());
    EXPECT_EQ(Bytes(folder_ + "/answers").substr(0, 6), "ok\nok\n") << ending;
    EXPECT_TRUE(Bytes(image_) == before) << ending;
  }
}

}  // namespace
}  // namespace cation::image
