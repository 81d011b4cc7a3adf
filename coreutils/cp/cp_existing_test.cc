// SPDX-License-Identifier: MIT
//
// cp over what is there already: backups, removal, updates, questions.
#include <unistd.h>

#include "coreutils/cp/cp_test_case.h"

namespace cation {
namespace {

TEST_F(CpTest, Backups) {
  const auto prepare = [&] {
    Clear();
    WriteFile("a", "new");
    WriteFile("b", "old");
  };
  prepare();
  EXPECT_EQ(Run({"-bv", "a", "b"}).output, "'a' -> 'b' (backup: 'b~')\n");
  EXPECT_EQ(Tree(), "a: new\nb: new\nb~: old\n");
  prepare();
  EXPECT_EQ(Run({"--backup=numbered", "a", "b"}).status, 0);
  EXPECT_EQ(Run({"--backup=t", "a", "b"}).status, 0);
  EXPECT_EQ(Tree(), "a: new\nb.~1~: old\nb.~2~: new\nb: new\n");
  WriteFile("b.~9~", "");
  WriteFile("b.~08~", "");
  WriteFile("b.~x~", "");
  EXPECT_EQ(Run({"--backup", "a", "b"}).status, 0);
  EXPECT_EQ(ReadFile("b.~10~"), "new");
  prepare();
  EXPECT_EQ(Run({"--backup=simple", "--suffix=.orig", "a", "b"}).status, 0);
  EXPECT_EQ(Run({"-S", ".x", "a", "b"}).status, 0);
  EXPECT_EQ(Tree(), "a: new\nb.orig: old\nb.x: new\nb: new\n");
  EXPECT_EQ(Run({"--backup=none", "a", "b"}).status, 0);
  EXPECT_EQ(Tree(), "a: new\nb.orig: old\nb.x: new\nb: new\n");
  // What would put the backup elsewhere is no suffix.
  EXPECT_EQ(Run({"-S", "/../x", "a", "b"}).status, 0);
  EXPECT_EQ(ReadFile("b~"), "new");
  EXPECT_THAT(Run({"--backup=nosuch", "a", "b"}).errors, HasSubstr("cp: nosuch: invalid"));
  for (const char* const option : {"-n", "--update=none", "--update=none-fail"})
    EXPECT_THAT(Run({"-b", option, "a", "b"}).errors, HasSubstr("--backup excludes"));
}

TEST_F(CpTest, BackupsAsTheEnvironmentSays) {
  WriteFile("a", "new");
  WriteFile("b", "old");
  environment["VERSION_CONTROL"] = "numbered";
  environment["SIMPLE_BACKUP_SUFFIX"] = ".bak";
  EXPECT_EQ(Run({"-b", "a", "b"}).status, 0);
  EXPECT_EQ(Run({"--backup=never", "a", "b"}).status, 0);
  EXPECT_EQ(Tree(), "a: new\nb.bak: new\nb.~1~: old\nb: new\n");
  environment["VERSION_CONTROL"] = "nosuch";
  EXPECT_EQ(Run({"-b", "a", "b"}).status, 1);
  EXPECT_EQ(Run({"a", "b"}).status, 0);
}

TEST_F(CpTest, BackupsInTrees) {
  MakeDirectory("src");
  MakeDirectory("src/d");
  WriteFile("src/d/f", "new");
  MakeLink("x", "src/l");
  MakeDirectory("dst");
  MakeDirectory("dst/d");
  WriteFile("dst/d/f", "old");
  WriteFile("dst/l", "no link");
  EXPECT_EQ(Run({"-abT", "src", "dst"}).errors, "");
  EXPECT_EQ(Tree("dst"), "d/\nd/f: new\nd/f~: old\nl -> x\nl~: no link\n");
  // A directory may take the place of a file then, but not the other way round.
  WriteFile("dst2", "file");
  EXPECT_EQ(Run({"-rbT", "src", "dst2"}).status, 0);
  EXPECT_EQ(ReadFile("dst2~"), "file");
  EXPECT_EQ(ReadFile("dst2/d/f"), "new");
  WriteFile("d", "file");
  EXPECT_EQ(Run({"-b", "d", "dst"}).errors,
            "cp: dst/d: is a directory; will not replace it with a file\n");
}

TEST_F(CpTest, NoBackupMakesRoomForADirectoryInItself) {
  MakeDirectory("src");
  WriteFile("src/f", "f");
  EXPECT_EQ(Run({"-rbT", "src", "src/f"}).errors,
            "cp: src/f: is the directory to be copied, or is inside it\n");
  EXPECT_EQ(Tree(), "src/\nsrc/f: f\n");
}

TEST_F(CpTest, BackupsOfTheSourceItself) {
  WriteFile("a", "A");
  EXPECT_EQ(Run({"-b", "a", "a"}).errors, "cp: a: is the same file as its source\n");
  EXPECT_EQ(Run({"-bf", "a", "a"}).status, 0);
  EXPECT_EQ(Tree(), "a: A\na~: A\n");
  // The backup would be the source.
  WriteFile("a", "new");
  const Outcome outcome = Run({"--backup=simple", "a~", "a"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "cp: a: its backup would take the place of the source\n");
  EXPECT_EQ(Tree(), "a: new\na~: A\n");
  ASSERT_EQ(::link("a", "hard"), 0);
  EXPECT_EQ(Run({"-b", "a", "hard"}).status, 0);
  EXPECT_FALSE(SameFile("a", "hard"));
  EXPECT_EQ(ReadFile("hard"), "new");
}

TEST_F(CpTest, RemoveDestination) {
  WriteFile("a", "A");
  WriteFile("elsewhere", "elsewhere");
  MakeLink("elsewhere", "link");
  EXPECT_EQ(Run({"--remove-destination", "a", "link"}).status, 0);
  EXPECT_EQ(Tree(), "a: A\nelsewhere: elsewhere\nlink: A\n");
  MakeLink("nowhere", "dangling");
  EXPECT_EQ(Run({"--remove-destination", "a", "dangling"}).status, 0);
  EXPECT_EQ(ReadFile("dangling"), "A");
  ASSERT_EQ(::link("a", "hard"), 0);
  EXPECT_EQ(Run({"--remove-destination", "a", "hard"}).status, 0);
  EXPECT_FALSE(SameFile("a", "hard"));
  EXPECT_EQ(Run({"--remove-destination", "a", "a"}).errors,
            "cp: a: is the same file as its source\n");
  EXPECT_EQ(ReadFile("a"), "A");
}

TEST_F(CpTest, UpdateSaysWhich) {
  WriteFile("new", "new");
  WriteFile("old", "old");
  SetTime("new", 2000);
  SetTime("old", 1000);
  EXPECT_EQ(Run({"--update=none", "new", "old"}).status, 0);
  EXPECT_EQ(Run({"--update=none-fail", "new", "old"}).errors, "cp: old: is there; not replaced\n");
  EXPECT_EQ(Run({"-u", "old", "new"}).status, 0);
  EXPECT_EQ(Tree(), "new: new\nold: old\n");
  EXPECT_EQ(Run({"-u", "--update=all", "old", "new"}).status, 0);
  EXPECT_EQ(ReadFile("new"), "old");
  EXPECT_EQ(Run({"--update=older", "-n", "new", "old"}).status, 0);
}

TEST_F(CpTest, AsksWithTheModeOfWhatMayNotBeWritten) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write to all";
  WriteFile("a", "A");
  WriteFile("b", "B", 0444);
  EXPECT_EQ(Run({"-i", "a", "b"}, "n\n").errors,
            "cp: try to override mode 0444 (r--r--r--) and overwrite 'b'? ");
}

TEST_F(CpTest, KeepsLinksToDirectoriesInTheTarget) {
  MakeDirectory("src");
  MakeDirectory("src/d");
  WriteFile("src/d/f", "f");
  MakeDirectory("dst");
  MakeDirectory("real");
  MakeLink("../real", "dst/d");
  EXPECT_EQ(Run({"-rT", "src", "dst"}).errors,
            "cp: dst/d: is not a directory; will not replace it with one\n");
  EXPECT_EQ(Run({"-rT", "--keep-directory-symlink", "src", "dst"}).status, 0);
  EXPECT_EQ(ReadFile("real/f"), "f");
  EXPECT_EQ(LinkTarget("dst/d"), "../real");
}

TEST_F(CpTest, OneTargetDirectory) {
  MakeDirectory("d");
  WriteFile("a", "A");
  EXPECT_THAT(Run({"-t", "d", "-t", "d", "a"}).errors, HasSubstr("a second target directory"));
}

TEST_F(CpTest, DirectoriesGivenTwice) {
  MakeDirectory("src");
  WriteFile("src/f", "f");
  MakeDirectory("dst");
  const Outcome outcome = Run({"-r", "src", "src", "dst"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors, "cp: src: given more than once; copied once\n");
}

TEST_F(CpTest, FaultsWithBackups) {
  const auto prepare = [&] {
    WriteFile("src", "new content");
    WriteFile("dst", "precious");
  };
  for (const char* const option : {"--backup=simple", "--backup=numbered", "--backup=existing"}) {
    EXPECT_GT(ForEachFault({option, "src", "dst"}, "", prepare,
                           [&](const FaultOutcome& fault) {
                             EXPECT_EQ(ReadFile("src"), "new content");
                             // What was there is there, under one name or the other.
                             std::string backup;
                             for (const char* const name : {"dst~", "dst.~1~"})
                               backup += Exists(name) ? ReadFile(name) : "";
                             if (fault.outcome.status == 0) {
                               EXPECT_EQ(ReadFile("dst"), "new content");
                               EXPECT_EQ(backup, "precious");
                             } else {
                               EXPECT_EQ(ReadFile("dst"), "precious");
                               EXPECT_EQ(backup, "");
                             }
                           }),
              30U);
  }
  const auto prepare_tree = [&] {
    MakeSmallTree();
    MakeDirectory("dst");
    WriteFile("dst/d", "precious");
    WriteFile("dst/l", "precious");
    WriteFile("dst/e", "precious");
  };
  ForEachFault({"-abT", "src", "dst"}, "", prepare_tree, [&](const FaultOutcome& fault) {
    for (const std::string name : {"dst/d", "dst/l", "dst/e"}) {
      EXPECT_TRUE(ReadFile(name) == "precious" || ReadFile(name + "~") == "precious") << name;
    }
    if (fault.outcome.status == 0) EXPECT_EQ(ReadFile("dst/d/x"), "xx");
  });
}

TEST_F(CpTest, FaultsWhileRemovingTheDestination) {
  const auto prepare = [&] {
    WriteFile("src", "content");
    WriteFile("dst", "old");
  };
  EXPECT_GT(Sweep({"--remove-destination", "src", "dst"}, prepare, "src",
                  [&] { return ReadFile("dst") == "content"; }),
            20U);
}

}  // namespace
}  // namespace cation
