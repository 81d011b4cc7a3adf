// SPDX-License-Identifier: MIT
//
// cp's other ways to copy: links instead of copies, --parents, attributes alone, holes, file
// systems.
#include <fcntl.h>
#include <unistd.h>

#include "coreutils/cp/cp_test_case.h"

namespace cation {
namespace {

TEST_F(CpTest, HardLinksInsteadOfCopies) {
  MakeSmallTree();
  EXPECT_EQ(Run({"-l", "src/e", "new"}).status, 0);
  EXPECT_TRUE(SameFile("src/e", "new"));
  EXPECT_EQ(Run({"-alv", "src", "dst"}).status, 0);
  EXPECT_TRUE(SameFile("src/d/x", "dst/d/x"));
  EXPECT_TRUE(SameFile("src/l", "dst/l"));
  EXPECT_EQ(Lstat("dst/d").st_mtime, 1100000000);
  // What is a name of the source already, is done.
  EXPECT_EQ(Run({"--link", "src/e", "new"}).errors, "");
  WriteFile("there", "old");
  EXPECT_EQ(Run({"-l", "src/e", "there"}).errors,
            "cp: there: cannot make a hard link: File exists\n");
  EXPECT_EQ(ReadFile("there"), "old");
  EXPECT_EQ(Run({"-lf", "src/e", "there"}).status, 0);
  EXPECT_TRUE(SameFile("src/e", "there"));
  // A link is followed unless -P says otherwise, and with -r too.
  MakeLink("src/e", "to_e");
  EXPECT_EQ(Run({"-l", "to_e", "followed"}).status, 0);
  EXPECT_TRUE(SameFile("src/e", "followed"));
  EXPECT_EQ(Run({"-lP", "to_e", "not_followed"}).status, 0);
  EXPECT_TRUE(SameFile("to_e", "not_followed"));
}

TEST_F(CpTest, LinksReplaceWithoutAGap) {
  WriteFile("src", "content");
  WriteFile("dst", "precious");
  (void)Run({"-lf", "src", "dst"});
  for (std::size_t i = 0; i < 8; ++i) {
    WriteFile("dst2", "precious");
    const Outcome outcome = Run({"-lf", "src", "dst2"}, "", {.call = i, .error = EIO});
    EXPECT_TRUE(ReadFile("dst2") == "precious" || ReadFile("dst2") == "content");
    ::unlink("dst2");
  }
  EXPECT_EQ(Tree(), "dst: content\nsrc: content\n");
}

// A rename of one name of a file to another of its names does nothing: its own name would stay.
TEST_F(CpTest, NoTemporaryNameStaysOfLinksThatAreThere) {
  MakeDirectory("src");
  WriteFile("src/a", "a");
  ASSERT_EQ(::link("src/a", "src/b"), 0);
  EXPECT_EQ(Run({"-a", "src", "dst"}).status, 0);
  fault_runs = false;  // what is replaced and what replaces it cannot be told apart
  EXPECT_EQ(Run({"-aT", "src", "dst"}).status, 0);
  EXPECT_EQ(Tree("dst"), "a: a\nb: a\n");
  EXPECT_TRUE(SameFile("dst/a", "dst/b"));
}

TEST_F(CpTest, SymbolicLinksInsteadOfCopies) {
  WriteFile("a", "A");
  MakeDirectory("d");
  WriteFile("d/b", "B");
  EXPECT_EQ(Run({"-s", "a", "l"}).status, 0);
  EXPECT_EQ(LinkTarget("l"), "a");
  EXPECT_EQ(Run({"-s", "d/b", "."}).status, 0);
  EXPECT_EQ(LinkTarget("b"), "d/b");
  EXPECT_EQ(Run({"--symbolic-link", folder() + "/a", "d/absolute"}).status, 0);
  EXPECT_EQ(LinkTarget("d/absolute"), folder() + "/a");
  EXPECT_EQ(Run({"-s", "a", "d"}).errors,
            "cp: d/a: a relative symbolic link leads to its source only from the working "
            "directory\n");
  EXPECT_EQ(Run({"-s", "nosuch", "x"}).errors, "cp: nosuch: No such file or directory\n");
  EXPECT_EQ(Run({"-s", "d/b", "l"}).status, 1);
  EXPECT_EQ(LinkTarget("l"), "a");
  EXPECT_EQ(Run({"-sf", "d/b", "l"}).status, 0);
  EXPECT_EQ(LinkTarget("l"), "d/b");
  EXPECT_EQ(Run({"-rs", folder() + "/d", "tree"}).status, 0);
  EXPECT_EQ(LinkTarget("tree/b"), folder() + "/d/b");
  EXPECT_THAT(Run({"-s", "-l", "a", "x"}).errors, HasSubstr("-l and -s exclude each other"));
}

TEST_F(CpTest, Parents) {
  MakeDirectory("a", 0750);
  MakeDirectory("a/b", 0700);
  WriteFile("a/b/f", "F");
  MakeDirectory("dst");
  SetTime("a/b", 1000000000, 5);
  SetTime("a", 1000000001, 6);
  EXPECT_EQ(Run({"--parents", "-v", "a/b/f", "dst"}).output,
            "'a' -> 'dst/a'\n'a/b' -> 'dst/a/b'\n'a/b/f' -> 'dst/a/b/f'\n");
  EXPECT_EQ(ReadFile("dst/a/b/f"), "F");
  EXPECT_EQ(Permissions("dst/a"), 0750U);
  EXPECT_EQ(Permissions("dst/a/b"), 0700U);
  EXPECT_GT(Lstat("dst/a").st_mtime, 1000000001);
  // Those that were there are left alone, if all were.
  EXPECT_EQ(Run({"--parents", "-p", "a/b//f", "dst/"}).status, 0);
  EXPECT_GT(Lstat("dst/a").st_mtime, 1000000001);
  ASSERT_EQ(Host("rm -r dst/a/b"), 0);
  EXPECT_EQ(Run({"--parents", "-p", "a/b//f", "dst/"}).status, 0);
  EXPECT_EQ(Lstat("dst/a").st_mtime, 1000000001);
  EXPECT_EQ(Lstat("dst/a/b").st_mtime, 1000000000);
  MakeDirectory("dst2");
  EXPECT_EQ(Run({"--parents", folder() + "/a/b/f", "dst2"}).status, 0);
  EXPECT_EQ(ReadFile("dst2" + folder() + "/a/b/f"), "F");
  EXPECT_EQ(Run({"--parents", "-r", "a/b/", "a", "dst2"}).errors, "");
  EXPECT_EQ(ReadFile("dst2/a/b/f"), "F");
  EXPECT_EQ(Run({"--parents", "a/b/nosuch", "dst"}).status, 1);
  EXPECT_EQ(Run({"--parents", "a/b/f", "a/b/f"}).errors, "cp: a/b/f: Not a directory\n");
  EXPECT_EQ(Run({"--parents", "-r", "a", "a/b"}).errors,
            "cp: a/b: is the directory to be copied, or is inside it\n");
  EXPECT_EQ(Tree("a"), "b/\nb/f: F\n");
  EXPECT_EQ(Run({"--parents", "-T", "a", "x"}).status, 1);
}

TEST_F(CpTest, AttributesOnly) {
  WriteFile("src", "content", 0640);
  SetTime("src", 1000000000, 5);
  WriteFile("there", "stays");
  EXPECT_EQ(Run({"--attributes-only", "src", "new"}).status, 0);
  EXPECT_EQ(ReadFile("new"), "");
  EXPECT_EQ(Permissions("new"), 0640U);
  EXPECT_EQ(Run({"--attributes-only", "-p", "src", "there"}).status, 0);
  EXPECT_EQ(ReadFile("there"), "stays");
  EXPECT_EQ(Permissions("there"), 0640U);
  EXPECT_EQ(Lstat("there").st_mtime, 1000000000);
}

TEST_F(CpTest, ListsOfWhatIsKept) {
  WriteFile("src", "content", 0751);
  SetTime("src", 1000000000, 5);
  ASSERT_EQ(::link("src", "src2"), 0);
  MakeDirectory("d");
  const auto kept = [&](const Arguments& options) {
    for (const char* const name : {"d/src", "d/src2"}) ::unlink(name);
    Arguments arguments = options;
    arguments.insert(arguments.end(), {"src", "src2", "d"});
    EXPECT_EQ(Run(arguments).errors, "");
    std::string all;
    if (Permissions("d/src") == 0751) all += 'm';
    if (Permissions("d/src") == 0644) all += '-';
    if (Lstat("d/src").st_mtime == 1000000000) all += 't';
    if (SameFile("d/src", "d/src2")) all += 'l';
    return all;
  };
  EXPECT_EQ(kept({"--preserve"}), "mt");
  EXPECT_EQ(kept({"--preserve=mode"}), "m");
  EXPECT_EQ(kept({"--preserve=timestamps,links"}), "mtl");  // the umask leaves 0751 as it is
  EXPECT_EQ(kept({"--preserve=all"}), "mtl");
  EXPECT_EQ(kept({"--preserve=all", "--no-preserve=links,timestamps"}), "m");
  EXPECT_EQ(kept({"-a", "--no-preserve=mode"}), "-tl");
  EXPECT_EQ(kept({"--no-preserve=mode"}), "-");
  EXPECT_EQ(kept({"--no-preserve=all", "--preserve=mode"}), "m");
  EXPECT_EQ(kept({"--no-preserve=ownership", "-d"}), "ml");
  EXPECT_THAT(Run({"--preserve=xattr", "src", "x"}).errors,
              HasSubstr("cp: xattr: cannot be kept by this cp\n"));
  EXPECT_THAT(Run({"--preserve=mode,context", "src", "x"}).errors, HasSubstr("cp: context: "));
  EXPECT_THAT(Run({"--preserve=nosuch", "src", "x"}).errors, HasSubstr("cp: nosuch: invalid"));
  EXPECT_FALSE(Exists("x"));
}

TEST_F(CpTest, HolesAsAskedFor) {
  const int file = ::open("a", O_WRONLY | O_CREAT, 0644);
  ASSERT_EQ(::pwrite(file, "begin", 5, 0), 5);
  ASSERT_EQ(::pwrite(file, "middle", 6, 1000000), 6);
  ASSERT_EQ(::ftruncate(file, 3000001), 0);
  ::close(file);
  WriteFile("zeros", std::string(100000, '\0') + "end");
  const std::string content = ReadFile("a");
  const auto blocks = [&](const char* option, const char* source) {
    ::unlink("copy");
    EXPECT_EQ(Run({option, source, "copy"}).status, 0);
    EXPECT_TRUE(ReadFile("copy") == ReadFile(source)) << option;
    return Lstat("copy").st_blocks;
  };
  EXPECT_LT(blocks("--sparse=auto", "a"), 100);
  EXPECT_LT(blocks("--sparse=always", "a"), 100);
  EXPECT_GE(blocks("--sparse=never", "a"), 3000000 / 512);
  EXPECT_LT(blocks("--sparse=always", "zeros"), 100);
  EXPECT_GE(blocks("--sparse=auto", "zeros"), 100000 / 512);
  EXPECT_THAT(Run({"--sparse=always", "--reflink", "a", "x"}).errors,
              HasSubstr("--reflink and --sparse exclude each other"));
}

// What holds no data is not read either.
TEST_F(CpTest, HugeHolesTakeFewCalls) {
  const int file = ::open("a", O_WRONLY | O_CREAT, 0644);
  ASSERT_EQ(::pwrite(file, "data", 4, 1L << 38), 4);
  ASSERT_EQ(::ftruncate(file, 1L << 40), 0);
  ::close(file);
  const Outcome outcome = Run({"a", "b"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_LE(outcome.calls, 20U);
  EXPECT_EQ(Lstat("b").st_size, 1L << 40);
  EXPECT_LT(Lstat("b").st_blocks, 100);
}

TEST_F(CpTest, Reflink) {
  // An empty copy that cannot be removed stays.
  excused = [](const FaultOutcome& fault) { return fault.call.call == Call::kRemove; };
  WriteFile("a", "content");
  EXPECT_EQ(Run({"--reflink=auto", "a", "b"}).status, 0);
  EXPECT_EQ(Run({"--reflink=never", "a", "c"}).status, 0);
  EXPECT_EQ(ReadFile("c"), "content");
  const Outcome outcome = Run({"--reflink=always", "a", "d"});
  if (outcome.status == 0) {
    EXPECT_EQ(ReadFile("d"), "content");
  } else {
    EXPECT_THAT(outcome.errors, HasSubstr("cp: d: cannot share the data of its source: "));
    EXPECT_FALSE(Exists("d"));
  }
}

TEST_F(CpTest, AttributesOnlyOfALinkLosesNoContent) {
  WriteFile("a", "A");
  WriteFile("b", "precious");
  MakeLink("a", "link");
  const Outcome outcome = Run({"-a", "--attributes-only", "link", "b"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "cp: b: File exists\n");
  EXPECT_EQ(ReadFile("b"), "precious");
  EXPECT_EQ(Run({"-a", "--attributes-only", "--remove-destination", "link", "b"}).status, 0);
  EXPECT_EQ(LinkTarget("b"), "a");
}

TEST_F(CpTest, DebugTellsHow) {
  // It tells.
  excused = [](const FaultOutcome& fault) { return fault.call.call == Call::kTransfer; };
  WriteFile("a", "content");
  const Outcome outcome = Run({"--debug", "a", "b"});
  EXPECT_THAT(outcome.output, ::testing::StartsWith("'a' -> 'b'\ncopy offload: "));
  EXPECT_THAT(outcome.output, HasSubstr(", sparse detection: no\n"));
}

TEST_F(CpTest, StripTrailingSlashes) {
  MakeDirectory("d");
  MakeLink("d", "l");
  EXPECT_EQ(Run({"-P", "--strip-trailing-slashes", "l///", "m"}).status, 0);
  EXPECT_EQ(LinkTarget("m"), "d");
}

TEST_F(CpTest, CopyContentsReadsSpecialFiles) {
  fault_runs = false;  // somebody writes to it once
  MakeDirectory("src");
  ASSERT_EQ(::mkfifo("src/fifo", 0600), 0);
  ASSERT_EQ(std::system("(printf through >src/fifo) &"), 0);
  EXPECT_EQ(Run({"-R", "--copy-contents", "src", "dst"}).status, 0);
  EXPECT_EQ(ReadFile("dst/fifo"), "through");
}

TEST_F(CpTest, StaysOnOneFileSystem) {
  MakeDirectory("src");
  WriteFile("src/f", "f");
  EXPECT_EQ(Run({"-rx", "src", "dst"}).status, 0);
  EXPECT_EQ(Tree("dst"), "f: f\n");
  EXPECT_EQ(Run({"-r", "--one-file-system", "src", "dst"}).status, 0);
  if (Lstat("/proc").st_dev == Lstat("/").st_dev ||
      Lstat("/dev/shm").st_dev == Lstat("/dev").st_dev)
    GTEST_SKIP() << "no file systems to cross";
}

TEST_F(CpTest, ProgressOnlyOnATerminal) {
  WriteFile("a", "content");
  const Outcome outcome = Run({"--progress", "a", "b"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.errors, IsEmpty());
  EXPECT_LE(outcome.calls, 8U);
}

TEST_F(CpTest, FaultsWhileLinking) {
  const auto prepare = [&] {
    MakeSmallTree();
    MakeDirectory("dst");
    MakeDirectory("dst/d");
    WriteFile("dst/d/x", "old");
  };
  const std::string source = folder() + "/src";
  EXPECT_GT(Sweep({"-rlTf", "src", "dst"}, prepare, "src",
                  [&] { return SameFile("src/d/x", "dst/d/x") && SameFile("src/e", "dst/e"); }),
            50U);
  EXPECT_GT(Sweep({"-rsTf", source, "dst"}, prepare, "src",
                  [&] { return LinkTarget("dst/d/x") == source + "/d/x"; }),
            50U);
}

TEST_F(CpTest, FaultsWithParents) {
  const auto prepare = [&] {
    MakeSmallTree();
    MakeDirectory("dst");
  };
  EXPECT_GT(Sweep({"--parents", "-p", "src/d/x", "dst"}, prepare, "src",
                  [&] {
                    return ReadFile("dst/src/d/x") == "xx" && Permissions("dst/src/d") == 0750 &&
                           Lstat("dst/src/d").st_mtime == 1100000000;
                  }),
            40U);
}

TEST_F(CpTest, FaultsWithoutData) {
  const auto prepare = [&] {
    WriteFile("src", "content", 0640);
    WriteFile("dst", "stays", 0600);
  };
  EXPECT_GT(Sweep({"--attributes-only", "-p", "src", "dst"}, prepare, "src",
                  [&] { return ReadFile("dst") == "stays" && Permissions("dst") == 0640; }),
            20U);
}

TEST_F(CpTest, FaultsInSparseFiles) {
  const std::string content =
      "begin" + std::string(100000, '\0') + "end" + std::string(70000, '\0');
  const auto prepare = [&] {
    const int file = ::open("src", O_WRONLY | O_CREAT, 0644);
    ASSERT_EQ(::pwrite(file, "begin", 5, 0), 5);
    ASSERT_EQ(::pwrite(file, "end", 3, 100005), 3);
    ASSERT_EQ(::ftruncate(file, static_cast<off_t>(content.size())), 0);
    ::close(file);
  };
  for (const char* const option : {"--sparse=auto", "--sparse=always", "--sparse=never"}) {
    EXPECT_GT(
        Sweep({option, "src", "dst"}, prepare, "src", [&] { return ReadFile("dst") == content; }),
        20U);
  }
}

}  // namespace
}  // namespace cation
