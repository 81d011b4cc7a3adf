// SPDX-License-Identifier: MIT
#include "image/initfs_tree.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "image/initfs.h"
#include "image/resolve.h"
#include "image/testing/initfs_writer.h"
#include "image/testing/memory_tree.h"
#include "image/testing/random_changes.h"
#include "image/tree.h"

namespace cation::image {
namespace {

namespace fs = std::filesystem;
using absl::StatusCode;
using testing::ElementsAre;
using testing::HasSubstr;

class InitfsTreeTest : public testing::Test {
 protected:
  InitfsTreeTest() {
    std::string folder = testing::TempDir() + "/initfs-XXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    path_ = folder_ / "initfs.img";
    Write(WriteInitfs(SmallInitfs()));
  }
  ~InitfsTreeTest() override { fs::remove_all(folder_); }

  void Write(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
  }
  static std::string Bytes(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  // Also looks that no temporary file is left.
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::unique_ptr<InitfsTree> Open(InitfsTree::Options options = {}) const {
    absl::StatusOr<std::unique_ptr<InitfsTree>> tree = InitfsTree::Open(path_, options);
    EXPECT_TRUE(tree.ok()) << tree.status();
    return tree.ok() ? *std::move(tree) : nullptr;
  }
  absl::Status OpenStatus(const fs::path& path, InitfsTree::Options options = {}) const {
    return InitfsTree::Open(path, options).status();
  }

  static Change File(const std::string& path, const std::string& content) {
    return {Change::Action::kWriteFile, path, {.mode = 0755}, content};
  }
  static Change Link(const std::string& path, const std::string& target) {
    return {Change::Action::kMakeLink, path, {.mode = 0777}, "", target};
  }
  static Change Remove(const std::string& path) { return {Change::Action::kRemove, path}; }

  fs::path folder_;
  fs::path path_;
};

TEST_F(InitfsTreeTest, ShowsTheArchive) {
  const auto tree = Open();
  EXPECT_TRUE(tree->Description() == "initfs archive");
  EXPECT_THAT(*tree->List(""), ElementsAre("bin", "etc"));
  EXPECT_THAT(*tree->List("bin"), ElementsAre("init", "linked", "rtcd", "scheme"));
  const absl::StatusOr<Entry> init = tree->Look("bin/init");
  ASSERT_TRUE(init.ok());
  EXPECT_EQ(init->kind, Kind::kFile);
  EXPECT_EQ(init->size, 4096);
  EXPECT_EQ(init->attributes, (Attributes{.mode = 0755}));
  EXPECT_EQ(*tree->Read("bin/rtcd"), std::string(5000, 'r'));
  EXPECT_EQ(tree->Look("bin")->kind, Kind::kDirectory);
  EXPECT_EQ(tree->Look("nosuch").status().code(), StatusCode::kNotFound);
  EXPECT_EQ(tree->Look("bin/init/x").status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(tree->Look("bin/linked/x").status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(tree->Look("/bin").status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(tree->Read("bin").status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(tree->Read("bin/linked").status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(tree->List("bin/init").status().code(), StatusCode::kFailedPrecondition);
}

// What a guest sees of a link does not depend on the folder it is in (initfs_tree.h).
TEST_F(InitfsTreeTest, LinksOfTheArchiverAreTheRootFilesystems) {
  const auto tree = Open();
  EXPECT_EQ(tree->Look("bin/linked")->target, "/bin/rtcd");
  EXPECT_EQ(tree->Look("bin/scheme")->target, "rtcd");
  EXPECT_EQ(tree->Look("bin/scheme")->attributes.mode, 0777);
  EXPECT_EQ(*Resolve(*tree, "bin/scheme", true), "bin/rtcd");
}

TEST_F(InitfsTreeTest, LinkTargetsAreStoredSoThatTheyWork) {
  const struct {
    const char* link;
    const char* tree;
    const char* stored;
  } cases[] = {
      {"bin/cat", "cation", "/scheme/initfs/bin/cation"},
      {"cat", "bin/cation", "/scheme/initfs/bin/cation"},
      {"usr/bin/cat", "../lib/x", "/scheme/initfs/usr/lib/x"},
      {"usr/bin/up", "../..", "/scheme/initfs"},
      {"here", ".", "/scheme/initfs"},
      {"bin/cat", "/usr/bin/cat", "usr/bin/cat"},
      {"root/host", "/scheme/9p.hostshare", "scheme/9p.hostshare"},
      {"a", "/", "/"},
      {"old", "file:/usr", "file:/usr"},
  };
  for (const auto& [link, tree, stored] : cases) {
    const absl::StatusOr<std::string> got = StoredLinkTarget(link, tree);
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_EQ(*got, stored);
    EXPECT_EQ(TreeLinkTarget(link, stored), tree);
  }
  // What the archiver makes of a link to /scheme/initfs/bin/rtcd.
  EXPECT_EQ(TreeLinkTarget("bin/x", "../../../../scheme/initfs/bin/rtcd"), "rtcd");
  for (const char* bad : {"", "./ls", "../bin/ls", "ls/", "a//b", "/usr/../bin", "//a",
                          "/scheme/initfs/bin/ls", "../../../ls"}) {
    EXPECT_EQ(StoredLinkTarget("bin/dir", bad).status().code(), StatusCode::kUnimplemented) << bad;
  }
  EXPECT_THAT(std::string(StoredLinkTarget("bin/dir", "../bin/ls").status().message()),
              HasSubstr("use \"ls\""));
}

TEST_F(InitfsTreeTest, AppliesAllOrNothing) {
  auto tree = Open();
  const std::string before = Bytes(path_);
  EXPECT_EQ(tree->Apply({File("bin/new", "new"), Remove("nosuch")}).code(), StatusCode::kNotFound);
  EXPECT_TRUE(Bytes(path_) == before);
  EXPECT_FALSE(tree->Look("bin/new").ok());
  ASSERT_TRUE(tree->Apply({{Change::Action::kMakeDirectory, "usr", {.mode = 0755}},
                           File("usr/cation", "elf"),
                           Link("usr/cat", "cation"),
                           Remove("bin/linked"),
                           {Change::Action::kSetAttributes, "bin/init", {.mode = 0700, .uid = 3}}})
                  .ok());
  EXPECT_EQ(*tree->Read("usr/cation"), "elf");
  tree = nullptr;
  tree = Open({.read_only = true});
  EXPECT_EQ(*tree->Read("usr/cation"), "elf");
  EXPECT_EQ(tree->Look("usr/cat")->target, "cation");
  EXPECT_EQ(tree->Look("bin/init")->attributes, (Attributes{.mode = 0700, .uid = 3}));
  EXPECT_FALSE(tree->Look("bin/linked").ok());
  EXPECT_THAT(Files(), ElementsAre("initfs.img"));
  EXPECT_EQ(tree->Apply({Remove("bin/init")}).code(), StatusCode::kPermissionDenied);
}

TEST_F(InitfsTreeTest, AChangeUndoneLeavesTheOriginal) {
  const std::string before = Bytes(path_);
  auto tree = Open();
  ASSERT_TRUE(tree->Apply({File("bin/init", "other"), File("bin/x", "x")}).ok());
  EXPECT_FALSE(Bytes(path_) == before);
  ASSERT_TRUE(tree->Apply({File("bin/init", std::string(4096, 'i')), Remove("bin/x")}).ok());
  EXPECT_TRUE(Bytes(path_) == before);
}

TEST_F(InitfsTreeTest, NoChangeWritesNothing) {
  auto tree = Open();
  struct stat before = {};
  ASSERT_EQ(stat(path_.c_str(), &before), 0);
  ASSERT_TRUE(tree->Apply({{Change::Action::kWriteFile, "etc/empty", {.mode = 0644}}}).ok());
  ASSERT_TRUE(tree->Apply({}).ok());
  struct stat after = {};
  ASSERT_EQ(stat(path_.c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST_F(InitfsTreeTest, ModeOfTheFileIsKept) {
  ASSERT_EQ(chmod(path_.c_str(), 0640), 0);
  // Only root can, and not where users are mapped.
  const bool given_away = chown(path_.c_str(), 1234, 5678) == 0;
  ASSERT_TRUE(Open()->Apply({Remove("bin/linked")}).ok());
  struct stat status = {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640);
  if (given_away) {
    EXPECT_EQ(status.st_uid, 1234);
    EXPECT_EQ(status.st_gid, 5678);
  }
}

TEST_F(InitfsTreeTest, ALinkAtThePathStays) {
  fs::create_directory(folder_ / "real");
  fs::rename(path_, folder_ / "real/archive");
  fs::create_symlink("real/archive", path_);
  ASSERT_TRUE(Open()->Apply({Remove("bin/linked")}).ok());
  EXPECT_TRUE(fs::is_symlink(path_));
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(folder_ / "real/archive")));
  EXPECT_FALSE(Open({.read_only = true})->Look("bin/linked").ok());
  EXPECT_EQ(OpenStatus(folder_ / "nosuch").code(), StatusCode::kNotFound);
}

TEST_F(InitfsTreeTest, TwoRunsDoNotLoseChanges) {
  auto tree = Open();
  const absl::Status status = OpenStatus(path_);
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("in use"));
  EXPECT_TRUE(OpenStatus(path_, {.read_only = true}).ok());
  ASSERT_TRUE(tree->Apply({Remove("bin/linked")}).ok());
  // The new file is locked as the old one was.
  EXPECT_EQ(OpenStatus(path_).code(), StatusCode::kFailedPrecondition);
  tree = nullptr;
  EXPECT_TRUE(OpenStatus(path_).ok());
}

TEST_F(InitfsTreeTest, AnArchiveReplacedMeanwhileIsNotOverwritten) {
  auto tree = Open();
  const fs::path other = folder_ / "other";
  std::ofstream(other) << "somebody else's";
  fs::rename(other, path_);
  EXPECT_EQ(tree->Apply({Remove("bin/linked")}).code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(Bytes(path_), "somebody else's");
  EXPECT_THAT(Files(), ElementsAre("initfs.img"));
}

TEST_F(InitfsTreeTest, HardLinksAndOtherFilesAreRefused) {
  EXPECT_EQ(OpenStatus(folder_).code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(OpenStatus("/dev/null").code(), StatusCode::kFailedPrecondition);
  ASSERT_EQ(mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(OpenStatus(folder_ / "fifo").code(), StatusCode::kFailedPrecondition);
  std::ofstream(folder_ / "text") << "RedoxF";
  EXPECT_EQ(OpenStatus(folder_ / "text").code(), StatusCode::kInvalidArgument);
  fs::create_hard_link(path_, folder_ / "second");
  EXPECT_THAT(std::string(OpenStatus(path_).message()), HasSubstr("2 hard links"));
  EXPECT_TRUE(OpenStatus(path_, {.read_only = true}).ok());
}

TEST_F(InitfsTreeTest, AReadOnlyFileStays) {
  ASSERT_EQ(chmod(path_.c_str(), 0444), 0);
  EXPECT_EQ(OpenStatus(path_).code(), StatusCode::kPermissionDenied);
  EXPECT_TRUE(OpenStatus(path_, {.read_only = true}).ok());
}

TEST_F(InitfsTreeTest, NoSpaceChangesNothing) {
  const std::string before = Bytes(path_);
  auto tree = Open();
  // A limit on file sizes is what a full disk looks like, without one.
  rlimit old = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
  const rlimit small = {.rlim_cur = before.size() / 2, .rlim_max = old.rlim_max};
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const absl::Status status = tree->Apply({File("bin/new", "new")});
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
  signal(SIGXFSZ, handler);
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
  EXPECT_TRUE(Bytes(path_) == before);
  EXPECT_THAT(Files(), ElementsAre("initfs.img"));
  EXPECT_FALSE(tree->Look("bin/new").ok());
}

TEST_F(InitfsTreeTest, KilledWhileWritingItIsTheOldOrTheNew) {
  const std::string before = Bytes(path_);
  std::string after;
  {
    auto tree = Open();
    ASSERT_TRUE(tree->Apply({File("bin/big", std::string(8 << 20, 'b'))}).ok());
    after = Bytes(path_);
  }
  int news = 0;
  for (int i = 0; i < 30; ++i) {
    Write(before);
    const pid_t child = fork();
    if (child == 0) {
      absl::StatusOr<std::unique_ptr<InitfsTree>> tree = InitfsTree::Open(path_);
      if (!tree.ok()) _exit(1);
      const bool done = (*tree)->Apply({File("bin/big", std::string(8 << 20, 'b'))}).ok();
      _exit(done ? 0 : 1);
    }
    usleep(static_cast<useconds_t>(1000 * i));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const std::string now = Bytes(path_);
    EXPECT_TRUE(now == before || now == after) << i;
    news += now == after ? 1 : 0;
    // The next run cleans up what was left.
    EXPECT_TRUE(OpenStatus(path_).ok());
    EXPECT_THAT(Files(), ElementsAre("initfs.img"));
  }
  EXPECT_LT(news, 30);
}

TEST_F(InitfsTreeTest, SpaceIsWhatTheLimitLeaves) {
  const std::string before = Bytes(path_);
  auto tree = Open({.maximum_bytes = before.size() + 50000});
  EXPECT_EQ(tree->GetSpace()->total_bytes, before.size() + 50000);
  EXPECT_EQ(tree->GetSpace()->free_bytes, 50000);
  EXPECT_EQ(tree->Apply({File("bin/new", std::string(50001, 'n'))}).code(),
            StatusCode::kResourceExhausted);
  EXPECT_TRUE(Bytes(path_) == before);
  EXPECT_TRUE(tree->Apply({File("bin/new", std::string(20000, 'n'))}).ok());
}

TEST_F(InitfsTreeTest, SpaceForIsEnough) {
  InitfsOptions packed;
  packed.packed = true;
  for (const InitfsOptions& options : {InitfsOptions(), packed}) {
    Write(WriteInitfs(SmallInitfs(), options));
    auto tree = Open();
    uint64_t used = tree->archive().RebuiltSize();
    std::vector<Change> changes;
    for (int i = 0; i < 700; ++i) {
      changes.push_back(File(absl::StrCat("bin/", i), std::string(static_cast<size_t>(i), 'x')));
      changes.push_back(Link(absl::StrCat("etc/l", i), "empty"));
    }
    const uint64_t needed = *tree->SpaceFor(changes);
    ASSERT_TRUE(tree->Apply(changes).ok());
    const uint64_t now = tree->archive().RebuiltSize();
    EXPECT_LE(now - used, needed);
    EXPECT_LT(needed, (now - used) * 11 / 10);
    used = now;
    EXPECT_EQ(*tree->SpaceFor({Remove("bin/1")}), 0);
    const std::vector<Change> one = {File("bin/one", "")};
    const uint64_t needed_for_one = *tree->SpaceFor(one);
    ASSERT_TRUE(tree->Apply(one).ok());
    EXPECT_LE(tree->archive().RebuiltSize() - used, needed_for_one);
  }
}

TEST_F(InitfsTreeTest, UnknownBytesStopChangesUntilRebuilt) {
  InitfsOptions options;
  options.trailing = "what is this";
  Write(WriteInitfs(SmallInitfs(), options));
  const std::string before = Bytes(path_);
  auto tree = Open();
  EXPECT_EQ(tree->Apply({Remove("bin/linked")}).code(), StatusCode::kFailedPrecondition);
  EXPECT_TRUE(Bytes(path_) == before);
  ASSERT_TRUE(tree->Rebuild().ok());
  EXPECT_TRUE(Bytes(path_) == WriteInitfs(SmallInitfs()));
  EXPECT_TRUE(tree->Apply({Remove("bin/linked")}).ok());
}

// The same changes to a tree in memory, which is as tree.h has it.
TEST_F(InitfsTreeTest, DoesWhatEveryTreeDoes) {
  Write(WriteInitfs({}));
  auto tree = Open();
  MemoryTree memory;
  RandomChanges random(20260214);
  random.without_times();
  int applied = 0;
  for (int i = 0; i < 800; ++i) {
    const std::vector<Change> changes = random.Next();
    const absl::Status expected = memory.Apply(changes);
    const absl::Status got = tree->Apply(changes);
    ASSERT_EQ(got.code(), expected.code()) << got << " " << expected;
    applied += got.ok() ? 1 : 0;
    ASSERT_EQ(AllOf(*tree), AllOf(memory));
  }
  EXPECT_GT(applied, 50);
  EXPECT_LT(applied, 750);
  tree = nullptr;
  EXPECT_EQ(AllOf(*Open()), AllOf(memory));
}

TEST_F(InitfsTreeTest, Extracts) {
  auto tree = Open();
  const fs::path out = folder_ / "out";
  const absl::StatusOr<uint64_t> count = ExtractInitfs(tree->archive(), out.string() + "/");
  ASSERT_TRUE(count.ok()) << count.status();
  EXPECT_EQ(*count, 9);
  EXPECT_EQ(Bytes(out / "bin/rtcd"), std::string(5000, 'r'));
  EXPECT_EQ(fs::status(out / "bin/rtcd").permissions(), fs::perms(0755));
  EXPECT_EQ(fs::read_symlink(out / "bin/linked"), "rtcd");
  EXPECT_EQ(fs::read_symlink(out / "bin/scheme"), "/scheme/initfs/bin/rtcd");
  EXPECT_TRUE(fs::is_empty(out / "etc/pcid"));
  EXPECT_EQ(ExtractInitfs(tree->archive(), out).status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(ExtractInitfs(tree->archive(), path_).status().code(), StatusCode::kFailedPrecondition);
  fs::create_directory(folder_ / "empty");
  EXPECT_TRUE(ExtractInitfs(tree->archive(), folder_ / "empty").ok());
  EXPECT_FALSE(ExtractInitfs(tree->archive(), folder_ / "no/such").ok());
  EXPECT_THAT(Files(), ElementsAre("empty", "initfs.img", "out"));
}

TEST_F(InitfsTreeTest, HostileNamesDoNotGetOut) {
  for (const char* name : {"../evil", "..", ".", "a/b", "/etc/x"}) {
    Write(WriteInitfs({InitfsFolder("bin", {InitfsFile(name, "evil")})}));
    const absl::Status status = OpenStatus(path_, {.read_only = true});
    EXPECT_EQ(status.code(), StatusCode::kDataLoss) << name;
  }
  // A link out of the folder, and a name that goes through it.
  Write(WriteInitfs({InitfsLink("way", "../../../../../../../tmp"), InitfsFile("way2", "x")}));
  auto tree = Open();
  ASSERT_TRUE(ExtractInitfs(tree->archive(), folder_ / "out").ok());
  EXPECT_EQ(fs::read_symlink(folder_ / "out/way"), "/tmp");
}

}  // namespace
}  // namespace cation::image
