// SPDX-License-Identifier: MIT
//
// cp of single files.
#include <fcntl.h>
#include <unistd.h>

#include "coreutils/cp/cp_test_case.h"

namespace cation {
namespace {

TEST_F(CpTest, CopiesAFile) {
  WriteFile("a", "one\ntwo\n", 0640);
  const Outcome outcome = Run({"a", "b"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output, IsEmpty());
  EXPECT_THAT(outcome.errors, IsEmpty());
  EXPECT_EQ(ReadFile("b"), "one\ntwo\n");
  EXPECT_EQ(Permissions("b"), 0640U);
  EXPECT_LE(outcome.calls, 8U);
}

TEST_F(CpTest, SmallFilesTakeFewCalls) {
  WriteFile("a", "content");
  WriteFile("there", "something longer than that");
  MakeDirectory("dir");
  EXPECT_LE(Run({"a", "dir"}).calls, 8U);
  EXPECT_LE(Run({"a", "there"}).calls, 8U);
  EXPECT_EQ(ReadFile("there"), "content");
  EXPECT_EQ(ReadFile("dir/a"), "content");
  // In a tree: seven for a file, and with -a its times.
  MakeDirectory("tree");
  for (int i = 0; i < 100; ++i) WriteFile("tree/" + std::to_string(i), "x");
  EXPECT_LE(Run({"-r", "tree", "copy"}).calls, 100U * 7 + 40);
  EXPECT_LE(Run({"-a", "tree", "copy2"}).calls, 100U * 8 + 40);
}

TEST_F(CpTest, CopiesAnySize) {
  for (const std::size_t size :
       {0, 1, 4095, 4096, 4097, 131071, 131072, 131073, 1048575, 1048576, 1048577, 3000001}) {
    std::string content(size, '\0');
    for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * 7 + i / 251);
    WriteFile("a", content);
    EXPECT_EQ(Run({"a", "b"}).status, 0);
    EXPECT_TRUE(ReadFile("b") == content) << size;
  }
}

TEST_F(CpTest, WritesBigFilesInFewCalls) {
  WriteFile("a", std::string(10 * 1024 * 1024 + 5, 'a'));
  EXPECT_LE(Run({"a", "b"}).calls, 6U + 22);
}

TEST_F(CpTest, ReadsFilesWhoseSizeSaysNothing) {
  fault_runs = false;  // it is another each time
  EXPECT_EQ(Run({"/proc/self/status", "b"}).status, 0);
  EXPECT_THAT(ReadFile("b"), HasSubstr("VmPeak"));
}

TEST_F(CpTest, SparseFilesStaySparse) {
  const int file = ::open("a", O_WRONLY | O_CREAT, 0644);
  ASSERT_EQ(::pwrite(file, "begin", 5, 0), 5);
  ASSERT_EQ(::pwrite(file, "middle", 6, 5000000), 6);
  ASSERT_EQ(::ftruncate(file, 9000001), 0);
  ::close(file);
  EXPECT_EQ(Run({"a", "b"}).status, 0);
  EXPECT_TRUE(ReadFile("a") == ReadFile("b"));
  EXPECT_LT(Lstat("b").st_blocks, 1000);
  // Also over what had data there.
  WriteFile("c", std::string(6000000, 'c'));
  EXPECT_EQ(Run({"a", "c"}).status, 0);
  EXPECT_TRUE(ReadFile("a") == ReadFile("c"));
}

TEST_F(CpTest, UmaskAppliesToNewFilesOnly) {
  WriteFile("a", "", 0666);
  WriteFile("s", "", 06777);
  WriteFile("old", "", 0600);
  MakeDirectory("d", 01777);
  EXPECT_EQ(Run({"a", "b"}).status, 0);
  EXPECT_EQ(Permissions("b"), 0644U);
  EXPECT_EQ(Run({"s", "t"}).status, 0);
  EXPECT_EQ(Permissions("t"), 0755U);
  EXPECT_EQ(Run({"a", "old"}).status, 0);
  EXPECT_EQ(Permissions("old"), 0600U);
  EXPECT_EQ(Run({"-r", "d", "e"}).status, 0);
  EXPECT_EQ(Permissions("e"), 01755U);
  EXPECT_EQ(Run({"-p", "s", "u"}).status, 0);
  EXPECT_EQ(Permissions("u"), 06777U);
}

TEST_F(CpTest, IntoADirectory) {
  WriteFile("a", "A");
  MakeDirectory("sub");
  WriteFile("sub/b", "B");
  MakeDirectory("dir");
  EXPECT_EQ(Run({"a", "sub/b", "dir"}).status, 0);
  EXPECT_EQ(Tree("dir"), "a: A\nb: B\n");
  MakeDirectory("dir2");
  EXPECT_EQ(Run({"-t", "dir2", "a", "sub/b"}).status, 0);
  EXPECT_EQ(Run({"--target-directory=dir2/", "a"}).status, 0);
  EXPECT_EQ(Tree("dir2"), "a: A\nb: B\n");
  MakeLink("dir", "to_dir");
  EXPECT_EQ(Run({"-r", "sub", "to_dir"}).status, 0);
  EXPECT_EQ(ReadFile("dir/sub/b"), "B");
  EXPECT_EQ(Run({"-r", "sub/.", "to_dir"}).status, 0);
  EXPECT_EQ(ReadFile("dir/b"), "B");
}

TEST_F(CpTest, TargetIsWrong) {
  WriteFile("a", "A");
  WriteFile("b", "B");
  MakeDirectory("d");
  EXPECT_EQ(Run({"a", "b", "nowhere"}).errors, "cp: nowhere: No such file or directory\n");
  EXPECT_EQ(Run({"a", "a", "b"}).errors, "cp: b: Not a directory\n");
  EXPECT_EQ(Run({"-t", "b", "a"}).errors, "cp: b: Not a directory\n");
  EXPECT_EQ(Run({"a", "new/"}).errors, "cp: new/: Not a directory\n");
  EXPECT_EQ(Run({"-r", "a", "new/"}).errors, "cp: new/: Not a directory\n");
  EXPECT_EQ(Run({"a", "no/new"}).errors, "cp: no/new: No such file or directory\n");
  EXPECT_EQ(Run({"a", ""}).errors, "cp: '': No such file or directory\n");
  EXPECT_EQ(Run({"", "new"}).errors, "cp: '': No such file or directory\n");
  EXPECT_EQ(Run({"-T", "a", "d"}).errors,
            "cp: d: is a directory; will not replace it with a file\n");
  EXPECT_EQ(Run({"-rT", "d", "b"}).errors,
            "cp: b: is not a directory; will not replace it with one\n");
  EXPECT_EQ(Run({"d", "new"}).errors, "cp: d: is a directory; use -r to copy it\n");
  for (const Arguments& arguments :
       {Arguments{}, Arguments{"a"}, Arguments{"-T", "a", "b", "c"}, Arguments{"-t", "d"},
        Arguments{"-T", "-t", "d", "a"}, Arguments{"--nosuch"}}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.errors, HasSubstr("Try 'cp --help'"));
  }
  EXPECT_EQ(Tree(), "a: A\nb: B\nd/\n");
}

TEST_F(CpTest, GoesOnAfterAnOperandThatFails) {
  WriteFile("a", "A");
  WriteFile("c", "C");
  MakeDirectory("d");
  const Outcome outcome = Run({"a", "b", "c", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "cp: b: No such file or directory\n");
  EXPECT_EQ(Tree("d"), "a: A\nc: C\n");
}

TEST_F(CpTest, RefusesToOverwriteTheSourceItself) {
  WriteFile("a", "A");
  MakeDirectory("d");
  MakeLink("a", "soft");
  ASSERT_EQ(::link("a", "hard"), 0);
  for (const Arguments& arguments :
       {Arguments{"a", "a"}, Arguments{"a", "./a"}, Arguments{"a", "soft"}, Arguments{"soft", "a"},
        Arguments{"a", "hard"}, Arguments{"-f", "a", "hard"}, Arguments{"-P", "soft", "a"},
        Arguments{"-a", "a", "soft"}, Arguments{"-a", "a", "hard"}, Arguments{"-d", "soft", "soft"},
        Arguments{"-af", "soft", "hard"}, Arguments{"a", "."}}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 1) << ::testing::PrintToString(arguments);
    EXPECT_THAT(outcome.errors, HasSubstr("is the same file as its source"));
  }
  EXPECT_EQ(Tree(), "a: A\nd/\nhard: A\nsoft -> a\n");
  EXPECT_TRUE(SameFile("a", "hard"));
}

TEST_F(CpTest, DoesNotWriteThroughADanglingLink) {
  WriteFile("a", "A");
  MakeLink("nowhere", "dangling");
  MakeLink("loop", "loop");
  for (const char* const option : {"-p", "-f", "-a"}) {
    EXPECT_THAT(Run({option, "a", "dangling"}).errors, HasSubstr("is a symbolic link to nothing"));
  }
  EXPECT_FALSE(Exists("nowhere"));
  EXPECT_EQ(Run({"a", "loop"}).errors, "cp: loop: Too many levels of symbolic links\n");
  EXPECT_EQ(Run({"-f", "a", "loop"}).status, 0);
  EXPECT_EQ(Tree(), "a: A\ndangling -> nowhere\nloop: A\n");
}

TEST_F(CpTest, DoesNotOverwriteWhatItHasJustMade) {
  MakeDirectory("x");
  MakeDirectory("y");
  MakeDirectory("d");
  WriteFile("x/f", "X");
  WriteFile("y/f", "Y");
  EXPECT_EQ(Run({"x/f", "y/f", "d"}).errors,
            "cp: d/f: was just made from another operand; will not overwrite it\n");
  EXPECT_EQ(ReadFile("d/f"), "X");
  // What an operand that failed would have made is no obstacle.
  EXPECT_EQ(Run({"nosuch/f", "y/f", "d"}).status, 1);
  EXPECT_EQ(ReadFile("d/f"), "Y");
  const Outcome twice = Run({"x/f", "x/f", "d"});
  EXPECT_EQ(twice.status, 0);
  EXPECT_EQ(twice.errors, "cp: x/f: given more than once; copied once\n");
}

TEST_F(CpTest, NoClobberAndInteractive) {
  WriteFile("a", "A");
  WriteFile("b", "B");
  for (const Arguments& arguments : {Arguments{"-n", "a", "b"}, Arguments{"--no-clobber", "a", "b"},
                                     Arguments{"-in", "a", "b"}}) {
    const Outcome outcome = Run(arguments, "y\n");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.errors, IsEmpty());
    EXPECT_EQ(ReadFile("b"), "B");
  }
  Outcome outcome = Run({"-i", "a", "b"}, "n\n");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "cp: overwrite 'b'? ");
  EXPECT_EQ(ReadFile("b"), "B");
  outcome = Run({"--interactive", "-v", "a", "b"}, "");
  EXPECT_THAT(outcome.output, IsEmpty());
  EXPECT_EQ(ReadFile("b"), "B");
  EXPECT_EQ(Run({"-ni", "a", "b"}, "yes\n").status, 0);
  EXPECT_EQ(ReadFile("b"), "A");
}

TEST_F(CpTest, Update) {
  WriteFile("new", "new");
  WriteFile("old", "old");
  SetTime("new", 1000, 5);
  SetTime("old", 1000, 4);
  EXPECT_EQ(Run({"-u", "old", "new"}).status, 0);
  EXPECT_EQ(ReadFile("new"), "new");
  EXPECT_EQ(Run({"--update", "old", "missing"}).status, 0);
  EXPECT_EQ(ReadFile("missing"), "old");
  EXPECT_EQ(Run({"-u", "new", "old"}).status, 0);
  EXPECT_EQ(ReadFile("old"), "new");
}

TEST_F(CpTest, ForceRemovesWhatCannotBeOpened) {
  WriteFile("a", "A");
  WriteFile("b", "B");
  const ino_t before = Lstat("b").st_ino;
  ASSERT_EQ(::link("b", "keeps_b"), 0);
  // Root opens everything, so the third call that opens is failed: the source and the target come
  // before.
  const sys::fault::Injection fault{.call = 3, .error = EACCES};
  EXPECT_EQ(Run({"a", "b"}, "", fault).errors, "cp: b: Permission denied\n");
  EXPECT_EQ(ReadFile("b"), "B");
  EXPECT_EQ(Run({"-f", "a", "b"}, "", fault).status, 0);
  EXPECT_EQ(ReadFile("b"), "A");
  EXPECT_NE(Lstat("b").st_ino, before);
  EXPECT_EQ(ReadFile("keeps_b"), "B");
  EXPECT_EQ(Run({"--force", "a", "keeps_b"}).status, 0);
  EXPECT_EQ(Lstat("keeps_b").st_ino, before);
}

TEST_F(CpTest, VerboseTellsWhatWasCopied) {
  MakeDirectory("d");
  WriteFile("d/a b", "");
  MakeLink("x", "d/l");
  EXPECT_EQ(Run({"-v", "d/a b", "c"}).output, "'d/a b' -> 'c'\n");
  const std::string output = Run({"-r", "--verbose", "d", "e"}).output;
  EXPECT_THAT(output, HasSubstr("'d' -> 'e'\n"));
  EXPECT_THAT(output, HasSubstr("'d/a b' -> 'e/a b'\n"));
  EXPECT_THAT(output, HasSubstr("'d/l' -> 'e/l'\n"));
  EXPECT_THAT(Run({"-v", "nosuch", "c"}).output, IsEmpty());
}

TEST_F(CpTest, OddNames) {
  const std::vector<std::string> names = {
      "new\nline", "\033[31m", "\xff\xfe", "-dash", " ", "'", std::string(255, 'n'), "*", "a:b"};
  MakeDirectory("src");
  for (const std::string& name : names) WriteFile("src/" + name, name);
  EXPECT_EQ(Run({"-rv", "src", "dst"}).status, 0);
  EXPECT_EQ(Tree("dst"), Tree("src"));
  WriteFile("-r", "dash");
  EXPECT_EQ(Run({"--", "-r", "-v"}).status, 0);
  EXPECT_EQ(ReadFile("-v"), "dash");
  EXPECT_EQ(Run({"no\nsuch\033", "x"}).errors,
            "cp: $'no\\nsuch\\033': No such file or directory\n");
}

TEST_F(CpTest, FullDevice) {
  WriteFile("a", "A");
  const Outcome outcome = Run({"-v", "a", "/dev/full"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "cp: /dev/full: No space left on device\n");
  EXPECT_THAT(outcome.output, IsEmpty());
  const Outcome unheard = RunInto("/dev/full", {"-v", "a", "b"});
  EXPECT_EQ(unheard.status, 1);
  EXPECT_THAT(unheard.errors, HasSubstr("No space left on device"));
  EXPECT_EQ(ReadFile("b"), "A");
}

}  // namespace
}  // namespace cation
