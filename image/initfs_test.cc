// SPDX-License-Identifier: MIT
#include "image/initfs.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "image/testing/initfs_writer.h"

namespace cation::image {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr Initfs::Metadata kFileMetadata = {.mode = 0644};

Initfs MustParse(const std::string& bytes) {
  absl::StatusOr<Initfs> archive = Initfs::Parse(bytes);
  EXPECT_TRUE(archive.ok()) << archive.status();
  return archive.ok() ? *archive : *Initfs::Parse(WriteInitfs({}));
}

std::string MustSerialize(const Initfs& archive) {
  const absl::StatusOr<std::string> bytes = archive.Serialize();
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return bytes.value_or("");
}

std::vector<std::string> Paths(const Initfs& archive) {
  std::vector<std::string> paths;
  for (const Initfs::Listed& listed : archive.List()) paths.push_back("/" + listed.path);
  return paths;
}

// Where the inode `number` is in an archive.
uint64_t InodeAt(const std::string& bytes, uint64_t number) {
  return GetLittleEndian(bytes, 8, 4) + number * 20;
}

uint64_t EntriesOfRoot(const std::string& bytes) {
  return GetLittleEndian(bytes, InodeAt(bytes, 0) + 8, 4);
}

TEST(InitfsTest, ReadsWhatAnArchiverWrites) {
  const Initfs archive = MustParse(WriteInitfs(SmallInitfs()));
  EXPECT_THAT(Paths(archive),
              ElementsAre("/", "/etc", "/etc/init.rc", "/etc/empty", "/etc/pcid", "/bin",
                          "/bin/rtcd", "/bin/linked", "/bin/scheme", "/bin/init"));
  EXPECT_EQ(archive.inode_count(), 10);
  EXPECT_EQ(archive.header().created_seconds, 1770000000);
  EXPECT_EQ(archive.header().created_nanoseconds, 123456789);
  EXPECT_EQ(archive.header().bootstrap_entry, 0x3130);
  EXPECT_TRUE(archive.bootstrap().substr(0, 14) ==
              "\x7f"
              "ELF bootstrap");
  EXPECT_EQ(archive.Content("bin/rtcd")->size(), 5000);
  EXPECT_TRUE(*archive.Content("bin/linked") == "bin/rtcd");
  EXPECT_TRUE(archive.Content("etc/empty")->empty());
  EXPECT_EQ(archive.Find("bin/init")->metadata.mode, 0755);
  EXPECT_EQ(archive.Find("bin/linked")->type, Initfs::Type::kLink);
  // The archiver's numbers: a directory after what is in it.
  EXPECT_EQ(archive.List()[1].inode, 4);
  EXPECT_EQ(archive.List()[2].inode, 1);
}

TEST(InitfsTest, UnchangedIsByteExact) {
  InitfsOptions packed;
  packed.packed = true;
  InitfsOptions trailing;
  trailing.trailing = "what somebody appended";
  InitfsOptions bare;
  bare.bootstrap = "";
  bare.bootstrap_entry = Initfs::kNoBootstrap;
  for (const InitfsOptions& options : {InitfsOptions(), packed, trailing, bare}) {
    const std::string bytes = WriteInitfs(SmallInitfs(), options);
    EXPECT_TRUE(MustSerialize(MustParse(bytes)) == bytes);
  }
}

TEST(InitfsTest, RebuildingAnArchiversArchiveChangesNothing) {
  const std::string bytes = WriteInitfs(SmallInitfs());
  EXPECT_TRUE(*MustParse(bytes).RebuildAll() == bytes);
}

TEST(InitfsTest, ChangesGiveTheArchiveThatAnArchiverWouldHaveMade) {
  std::vector<InitfsItem> items = SmallInitfs();
  Initfs archive = MustParse(WriteInitfs(items));
  items[1].children[0].content = std::string(9000, 'R');
  items[1].children[0].mode = 0700;
  items[0].children[1].content = "no longer";
  ASSERT_TRUE(archive.WriteFile("bin/rtcd", std::string(9000, 'R'), {.mode = 0700}).ok());
  ASSERT_TRUE(archive.WriteFile("etc/empty", "no longer", kFileMetadata).ok());
  EXPECT_TRUE(MustSerialize(archive) == WriteInitfs(items));
}

TEST(InitfsTest, AddedAndRemovedAgainIsTheOriginal) {
  const std::string bytes = WriteInitfs(SmallInitfs());
  Initfs archive = MustParse(bytes);
  ASSERT_TRUE(archive.MakeDirectory("usr", {.mode = 0755}).ok());
  ASSERT_TRUE(archive.MakeDirectory("usr/bin", {.mode = 0755}).ok());
  ASSERT_TRUE(archive.WriteFile("usr/bin/ls", "ls", {.mode = 0755}).ok());
  const std::string more = MustSerialize(archive);
  EXPECT_GT(more.size(), bytes.size());
  Initfs again = MustParse(more);
  ASSERT_TRUE(again.Remove("usr/bin/ls").ok());
  ASSERT_TRUE(again.Remove("usr/bin").ok());
  ASSERT_TRUE(again.Remove("usr").ok());
  EXPECT_TRUE(MustSerialize(again) == bytes);
}

TEST(InitfsTest, BootstrapCreationTimeAndOrderSurviveChanges) {
  std::string bytes = WriteInitfs(SmallInitfs());
  bytes[100] = 'h';  // the header's page may hold more one day
  Initfs archive = MustParse(bytes);
  ASSERT_TRUE(archive.Remove("bin/linked").ok());
  ASSERT_TRUE(archive.WriteFile("bin/new", "new", {.mode = 0755, .uid = 7, .gid = 8}).ok());
  ASSERT_TRUE(archive.SetMetadata("etc", {.mode = 01777}).ok());
  const std::string changed = MustSerialize(archive);
  const Initfs after = MustParse(changed);
  EXPECT_THAT(Paths(after),
              ElementsAre("/", "/etc", "/etc/init.rc", "/etc/empty", "/etc/pcid", "/bin",
                          "/bin/rtcd", "/bin/scheme", "/bin/init", "/bin/new"));
  EXPECT_TRUE(after.bootstrap() == archive.bootstrap());
  EXPECT_EQ(after.header().created_seconds, 1770000000);
  EXPECT_EQ(after.header().bootstrap_entry, 0x3130);
  EXPECT_EQ(after.header().size, changed.size());
  EXPECT_EQ(changed[100], 'h');
  EXPECT_EQ(after.Find("etc")->metadata.mode, 01777);
  EXPECT_EQ(after.Find("bin/new")->metadata.gid, 8);
  // Inodes: those that stay keep their order, the new one is the last.
  const std::vector<Initfs::Listed> before_list = MustParse(bytes).List();
  std::vector<std::string> by_inode(10);
  for (const Initfs::Listed& listed : after.List()) by_inode[listed.inode] = listed.path;
  EXPECT_EQ(by_inode[9], "bin/new");
  size_t next = 0;
  std::vector<std::string> expected(10);
  for (const Initfs::Listed& listed : before_list) expected[listed.inode] = listed.path;
  for (const std::string& path : expected) {
    if (path != "bin/linked") EXPECT_EQ(by_inode[next++], path);
  }
}

TEST(InitfsTest, EveryThingWrittenIsOnAPageOfItsOwn) {
  InitfsOptions packed;
  packed.packed = true;
  Initfs archive = MustParse(WriteInitfs(SmallInitfs(), packed));
  ASSERT_TRUE(archive.WriteFile("bin/new", "new", {.mode = 0755}).ok());
  const std::string bytes = MustSerialize(archive);
  EXPECT_EQ(GetLittleEndian(bytes, 8, 4) % 4096, 0);
  for (uint64_t i = 0; i < GetLittleEndian(bytes, 24, 2); ++i) {
    EXPECT_EQ(GetLittleEndian(bytes, InodeAt(bytes, i) + 8, 4) % 4096, 0);
  }
  EXPECT_EQ(GetLittleEndian(bytes, EntriesOfRoot(bytes) + 4, 4) % 4096, 0);
  EXPECT_EQ(GetLittleEndian(bytes, 34, 8), bytes.size());
}

TEST(InitfsTest, TheSameAgainIsNoChange) {
  InitfsOptions packed;
  packed.packed = true;
  const std::string bytes = WriteInitfs(SmallInitfs(), packed);
  Initfs archive = MustParse(bytes);
  ASSERT_TRUE(archive.WriteFile("etc/empty", "", kFileMetadata).ok());
  ASSERT_TRUE(archive.MakeLink("bin/linked", "bin/rtcd", {.mode = 0777}).ok());
  ASSERT_TRUE(archive.SetMetadata("bin", {.mode = 0755}).ok());
  EXPECT_FALSE(archive.changed());
  EXPECT_TRUE(MustSerialize(archive) == bytes);
}

TEST(InitfsTest, AllCanBeRemoved) {
  Initfs archive = MustParse(WriteInitfs({InitfsFile("a", "a")}));
  ASSERT_TRUE(archive.Remove("a").ok());
  const std::string bytes = MustSerialize(archive);
  EXPECT_THAT(Paths(MustParse(bytes)), ElementsAre("/"));
  // The reader looks for the entries of the root even if there are none.
  EXPECT_LE(EntriesOfRoot(bytes), bytes.size());
}

TEST(InitfsTest, ErrorsOfChangesNameThePath) {
  Initfs archive = MustParse(WriteInitfs(SmallInitfs()));
  EXPECT_EQ(archive.Remove("etc").message(), "etc: directory not empty");
  EXPECT_EQ(archive.Remove("bin/nosuch").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(archive.Remove("").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(archive.WriteFile("etc", "x", kFileMetadata).message(), "etc: is a directory");
  EXPECT_EQ(archive.WriteFile("bin/init/x", "x", kFileMetadata).message(),
            "bin/init/x: bin/init is not a directory");
  EXPECT_EQ(archive.WriteFile("no/x", "x", kFileMetadata).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(archive.WriteFile("../x", "x", kFileMetadata).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(archive.MakeDirectory("etc", {}).message(), "etc: exists");
  EXPECT_EQ(archive.SetMetadata("bin/linked", {}).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(archive.WriteFile("\xff", "x", kFileMetadata).code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(archive.MakeLink("l", "", {}).code(), absl::StatusCode::kUnimplemented);
  EXPECT_FALSE(archive.changed());
}

TEST(InitfsTest, LimitsAreSaid) {
  std::vector<InitfsItem> items;
  for (int i = 0; i < 65533; ++i) items.push_back(InitfsFile(absl::StrCat(i), ""));
  InitfsOptions packed;
  packed.packed = true;
  Initfs archive = MustParse(WriteInitfs(items, packed));
  ASSERT_EQ(archive.inode_count(), 65534);
  ASSERT_TRUE(archive.WriteFile("last", "", kFileMetadata).ok());
  EXPECT_EQ(MustParse(MustSerialize(archive)).inode_count(), 65535);
  const absl::Status status = archive.WriteFile("more", "", kFileMetadata);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("65535 files"));
  EXPECT_TRUE(archive.WriteFile("0", "replaced", kFileMetadata).ok());
  EXPECT_TRUE(archive.Remove("1").ok());
  EXPECT_TRUE(archive.WriteFile("more", "", kFileMetadata).ok());

  Initfs names = MustParse(WriteInitfs({}));
  EXPECT_TRUE(names.WriteFile(std::string(65535, 'n'), "", kFileMetadata).ok());
  EXPECT_EQ(names.WriteFile(std::string(65536, 'n'), "", kFileMetadata).code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(MustParse(MustSerialize(names)).Find(std::string(65535, 'n')).ok());
}

TEST(InitfsTest, TheSizeIsLimited) {
  Initfs archive = MustParse(WriteInitfs(SmallInitfs()));
  ASSERT_TRUE(archive.WriteFile("bin/large", std::string(100000, 'l'), kFileMetadata).ok());
  const uint64_t size = archive.RebuiltSize();
  EXPECT_EQ(archive.Serialize(size)->size(), size);
  const absl::Status status = archive.Serialize(size - 1).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(std::string(status.message()),
            absl::StrCat("the initfs archive would have ", size, " bytes, and at most ", size - 1,
                         " are allowed"));
}

struct Damage {
  const char* what;
  std::function<void(std::string&)> damage;
  absl::StatusCode code;
  const char* message;
};

TEST(InitfsTest, WhatIsNotUnderstoodIsRefused) {
  const std::string good = WriteInitfs(SmallInitfs());
  // Inodes: 1 etc/init.rc, 2 etc/empty, 3 etc/pcid, 4 etc, 5 bin/rtcd, 6 bin/linked, ... 9 bin.
  const uint64_t root = EntriesOfRoot(good);
  const uint64_t etc = GetLittleEndian(good, InodeAt(good, 4) + 8, 4);
  using S = std::string;
  using absl::StatusCode;
  const std::vector<Damage> damages = {
      {"empty", [](S& b) { b.clear(); }, StatusCode::kInvalidArgument, "not an initfs"},
      {"magic", [](S& b) { b[7] = 'x'; }, StatusCode::kInvalidArgument, "RedoxFtw"},
      {"header cut", [](S& b) { b.resize(43); }, StatusCode::kDataLoss, "cut short"},
      {"file cut", [](S& b) { b.pop_back(); }, StatusCode::kDataLoss, "cut short"},
      {"page size", [](S& b) { PutLittleEndian(b, 42, 16384, 2); }, StatusCode::kUnimplemented,
       "pages of 16384 bytes"},
      {"no page size", [](S& b) { PutLittleEndian(b, 42, 0, 2); }, StatusCode::kUnimplemented,
       "no page size"},
      {"size too small", [](S& b) { PutLittleEndian(b, 34, 9000, 8); }, StatusCode::kDataLoss,
       "outside"},
      {"size tiny", [](S& b) { PutLittleEndian(b, 34, 20, 8); }, StatusCode::kDataLoss, "size"},
      {"size huge", [](S& b) { PutLittleEndian(b, 34, ~uint64_t{0}, 8); }, StatusCode::kDataLoss,
       "cut short"},
      {"no inodes", [](S& b) { PutLittleEndian(b, 24, 0, 2); }, StatusCode::kDataLoss, "no inodes"},
      {"more inodes", [](S& b) { PutLittleEndian(b, 24, 11, 2); }, StatusCode::kDataLoss,
       "no path leads to"},
      {"too many inodes", [](S& b) { PutLittleEndian(b, 24, 65535, 2); }, StatusCode::kDataLoss,
       "table of inodes"},
      {"fewer inodes", [](S& b) { PutLittleEndian(b, 24, 9, 2); }, StatusCode::kDataLoss,
       "not there"},
      {"table in the header", [](S& b) { PutLittleEndian(b, 8, 8, 4); }, StatusCode::kDataLoss,
       "table of inodes"},
      {"table far away", [](S& b) { PutLittleEndian(b, 8, 0xFFFFFFFF, 4); }, StatusCode::kDataLoss,
       "table of inodes"},
      {"root is a file", [](S& b) { PutLittleEndian(b, InodeAt(b, 0), 0644, 4); },
       StatusCode::kDataLoss, "root"},
      {"type 3", [](S& b) { PutLittleEndian(b, InodeAt(b, 5), 0x30000000, 4); },
       StatusCode::kUnimplemented, "inode 5 has the type 3"},
      {"more mode", [](S& b) { PutLittleEndian(b, InodeAt(b, 5), 0x00010644, 4); },
       StatusCode::kUnimplemented, "inode 5 has unknown bits"},
      {"content far away", [](S& b) { PutLittleEndian(b, InodeAt(b, 5) + 8, 0xFFFFF000, 4); },
       StatusCode::kDataLoss, "outside"},
      {"content too long", [](S& b) { PutLittleEndian(b, InodeAt(b, 5) + 4, 0xFFFFFFFF, 4); },
       StatusCode::kDataLoss, "outside"},
      {"contents overlap",
       [](S& b) {
         PutLittleEndian(b, InodeAt(b, 5) + 8, GetLittleEndian(b, InodeAt(b, 1) + 8, 4) + 4, 4);
       },
       StatusCode::kDataLoss, "two things in one place"},
      {"content in the header", [](S& b) { PutLittleEndian(b, InodeAt(b, 1) + 8, 40, 4); },
       StatusCode::kDataLoss, "two things in one place"},
      {"content in the table",
       [](S& b) { PutLittleEndian(b, InodeAt(b, 1) + 8, InodeAt(b, 2), 4); }, StatusCode::kDataLoss,
       "two things in one place"},
      {"half an entry", [](S& b) { PutLittleEndian(b, InodeAt(b, 4) + 4, 23, 4); },
       StatusCode::kDataLoss, "ends within an entry"},
      {"a lost entry", [](S& b) { PutLittleEndian(b, InodeAt(b, 4) + 4, 16, 4); },
       StatusCode::kDataLoss, "no path leads to"},
      {"a name for the root", [root](S& b) { PutLittleEndian(b, root, 0, 2); },
       StatusCode::kDataLoss, "cycle"},
      {"hard link", [root](S& b) { PutLittleEndian(b, root, 5, 2); }, StatusCode::kUnimplemented,
       "two names"},
      // etc/pcid, inode 3, is replaced by etc itself, inode 4, whose name goes to inode 3.
      {"cycle",
       [root, etc](S& b) {
         PutLittleEndian(b, root, 3, 2);
         PutLittleEndian(b, etc + 16, 4, 2);
       },
       StatusCode::kDataLoss, "cycle"},
      {"name far away", [root](S& b) { PutLittleEndian(b, root + 4, 0xFFFFFFFF, 4); },
       StatusCode::kDataLoss, "outside"},
      {"empty name", [root](S& b) { PutLittleEndian(b, root + 2, 0, 2); }, StatusCode::kDataLoss,
       "empty name"},
      {"names overlap",
       [root](S& b) { PutLittleEndian(b, root + 12, GetLittleEndian(b, root + 4, 4), 4); },
       StatusCode::kDataLoss, "two things in one place"},
      {"name twice", [root](S& b) { b.replace(GetLittleEndian(b, root + 12, 4), 3, "etc"); },
       StatusCode::kDataLoss, "the name \"etc\" twice"},
      {"slash", [root](S& b) { b[GetLittleEndian(b, root + 4, 4) + 1] = '/'; },
       StatusCode::kDataLoss, "\"e/c\""},
      {"NUL", [root](S& b) { b[GetLittleEndian(b, root + 4, 4) + 1] = '\0'; },
       StatusCode::kDataLoss, "as the name of inode 4"},
      {"dot dot",
       [root](S& b) {
         PutLittleEndian(b, root + 2, 2, 2);
         b.replace(GetLittleEndian(b, root + 4, 4), 3, "..");
         b.insert(GetLittleEndian(b, root + 4, 4) + 2, 1, '\0');
       },
       StatusCode::kDataLoss, "\"..\""},
  };
  for (const Damage& damage : damages) {
    std::string bytes = good;
    damage.damage(bytes);
    const absl::StatusOr<Initfs> archive = Initfs::Parse(bytes);
    EXPECT_EQ(archive.status().code(), damage.code) << damage.what << ": " << archive.status();
    EXPECT_THAT(std::string(archive.status().message()), HasSubstr(damage.message)) << damage.what;
  }
}

TEST(InitfsTest, DeepTreesAreRefused) {
  const auto nested = [](size_t depth) {
    std::vector<InitfsItem> items;
    for (size_t i = 0; i < depth; ++i) {
      std::vector<InitfsItem> outer;
      outer.push_back(InitfsFolder("d", std::move(items)));
      items = std::move(outer);
    }
    return WriteInitfs(items);
  };
  EXPECT_TRUE(Initfs::Parse(nested(Initfs::kMaximumDepth)).ok());
  EXPECT_EQ(Initfs::Parse(nested(Initfs::kMaximumDepth + 1)).status().code(),
            absl::StatusCode::kUnimplemented);
}

TEST(InitfsTest, UnknownBytesAreNotLostByAChange) {
  InitfsOptions options;
  options.trailing = std::string(3, '\0') + "more";
  const std::string bytes = WriteInitfs(SmallInitfs(), options);
  Initfs archive = MustParse(bytes);
  EXPECT_EQ(archive.unknown_bytes_at(), bytes.size() - 4);
  ASSERT_TRUE(archive.Remove("bin/linked").ok());
  EXPECT_EQ(archive.Serialize().status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(archive.RebuildAll().ok());

  // Between two things.
  std::string between = WriteInitfs(SmallInitfs());
  between[EntriesOfRoot(between) + 100] = 'x';
  Initfs other = MustParse(between);
  EXPECT_EQ(other.unknown_bytes_at(), EntriesOfRoot(between) + 100);
  EXPECT_TRUE(MustSerialize(other) == between);
  EXPECT_TRUE(*other.RebuildAll() == WriteInitfs(SmallInitfs()));

  // Padding with zeros is nothing that could be lost.
  options.trailing = std::string(1000, '\0');
  Initfs padded = MustParse(WriteInitfs(SmallInitfs(), options));
  ASSERT_TRUE(padded.Remove("bin/linked").ok());
  EXPECT_TRUE(padded.Serialize().ok());
}

TEST(InitfsTest, CopiesAreIndependent) {
  Initfs archive = MustParse(WriteInitfs(SmallInitfs()));
  Initfs copy = archive;
  ASSERT_TRUE(copy.Remove("bin/init").ok());
  EXPECT_TRUE(archive.Find("bin/init").ok());
  EXPECT_FALSE(copy.Find("bin/init").ok());
}

}  // namespace
}  // namespace cation::image
