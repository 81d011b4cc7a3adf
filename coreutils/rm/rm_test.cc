// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;
namespace fault = sys::fault;

class RmTest : public UtilityTestCase {
 protected:
  RmTest() : UtilityTestCase("rm") {}

  static std::size_t CallsOf(fault::Call kind) {
    return static_cast<std::size_t>(
        std::count_if(fault::Trace().begin(), fault::Trace().end(),
                      [&](const fault::TracedCall& call) { return call.call == kind; }));
  }

  void MakeTree() {
    MakeDirectory("d");
    WriteFile("d/a", "A");
    MakeDirectory("d/sub");
    WriteFile("d/sub/b", "B");
    MakeLink("../outside", "d/sub/link");
    WriteFile("outside", "safe");
  }
};

TEST_F(RmTest, RemovesFilesAndLinksButNotWhatLinksPointTo) {
  WriteFile("a", "A");
  WriteFile("target", "T");
  MakeLink("target", "link");
  MakeLink("nowhere", "dangling");
  const Outcome outcome = Run({"a", "link", "dangling"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output + outcome.errors, "");
  EXPECT_EQ(Tree(), "target: T\n");
}

TEST_F(RmTest, ReportsWhatIsNotThereAndGoesOn) {
  WriteFile("a", "A");
  const Outcome outcome = Run({"nosuch", "a", ""});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "rm: nosuch: No such file or directory\nrm: '': No such file or directory\n");
  EXPECT_FALSE(Exists("a"));
}

TEST_F(RmTest, ForceIgnoresWhatIsNotThere) {
  const Outcome outcome = Run({"-f", "nosuch", "no/such"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors, "");
  EXPECT_EQ(Run({"--force"}).status, 0) << "no operand at all is fine with -f";
}

TEST_F(RmTest, ForceIgnoresWhatIsNotThereOnAReadOnlyFileSystem) {
  // unlink() fails with EROFS there before it looks for the file.
  EXPECT_EQ(Run({"-f", "nosuch"}, "", {.call = 0, .error = EROFS}).status, 0);
  WriteFile("a", "A");
  const Outcome outcome = Run({"-f", "a"}, "", {.call = 0, .error = EROFS});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "rm: a: Read-only file system\n");
}

TEST_F(RmTest, MissingOperand) {
  const Outcome outcome = Run({});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, StartsWith("rm: missing operand\n"));
}

TEST_F(RmTest, DirectoryNeedsAnOption) {
  MakeDirectory("d");
  const Outcome outcome = Run({"d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, StartsWith("rm: d: is a directory"));
  EXPECT_TRUE(Exists("d"));
  EXPECT_EQ(Run({"-f", "d"}).status, 1) << "-f does not remove directories, nor hide that";
  EXPECT_EQ(Run({"-d", "d"}).status, 0);
  EXPECT_FALSE(Exists("d"));
}

TEST_F(RmTest, DirLeavesWhatIsNotEmpty) {
  MakeTree();
  const Outcome outcome = Run({"--dir", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "rm: d: Directory not empty\n");
  EXPECT_TRUE(Exists("d/sub/b"));
}

TEST_F(RmTest, RecursiveRemovesTreesAndNothingOutside) {
  for (const char* const option : {"-r", "-R", "--recursive"}) {
    Clear();
    MakeTree();
    const Outcome outcome = Run({option, "d"});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(Tree(), "outside: safe\n");
  }
}

TEST_F(RmTest, LinkToDirectoryIsRemovedNotFollowed) {
  MakeTree();
  MakeLink("d", "link");
  EXPECT_EQ(Run({"-r", "link"}).status, 0);
  EXPECT_FALSE(Exists("link"));
  EXPECT_TRUE(Exists("d/a"));
}

TEST_F(RmTest, TrailingSlashMeansADirectory) {
  WriteFile("f", "F");
  EXPECT_EQ(Run({"f/"}).errors, "rm: f/: Not a directory\n");
  EXPECT_EQ(Run({"-r", "f/"}).errors, "rm: f/: Not a directory\n");
  EXPECT_EQ(Run({"-f", "f/"}).status, 0);
  EXPECT_TRUE(Exists("f"));
  MakeTree();
  EXPECT_EQ(Run({"-r", "d/"}).status, 0);
  EXPECT_FALSE(Exists("d"));
}

TEST_F(RmTest, NamesOfAllKinds) {
  MakeDirectory("d");
  for (const char* const name :
       {"d/-rf", "d/ ", "d/new\nline", "d/\x01\x1b[2J", "d/\xff\xfe", "d/*", "d/'\"", "d/..."})
    WriteFile(name, "");
  WriteFile("d/" + std::string(255, 'n'), "");
  EXPECT_EQ(Run({"-r", "--", "d"}).status, 0);
  EXPECT_EQ(Tree(), "");
}

TEST_F(RmTest, RootDotAndDotDotAreRefusedByIdentity) {
  MakeDirectory("here");
  WriteFile("here/keep", "");
  MakeLink("/", "root");
  ASSERT_EQ(::chdir("here"), 0);
  const std::string here = "../" + std::string("here");
  for (const std::string& operand :
       {std::string("/"), std::string("//"), std::string("/./"), std::string("/tmp/.."),
        std::string("../root/"), std::string("."), std::string(".."), std::string("./"),
        std::string("../"), std::string("./."), here, folder() + "/here", folder()}) {
    // Were it not refused, the fault would keep the root from being listed: nothing is ever removed
    // by this test.
    const Outcome outcome = Run({"-rf", operand}, "", {.call = 1000, .error = EIO});
    EXPECT_EQ(outcome.status, 1) << operand;
    EXPECT_THAT(outcome.errors, HasSubstr("refusing to remove")) << operand;
    EXPECT_EQ(CallsOf(fault::Call::kReadDirectory), 0U) << operand;
  }
  EXPECT_TRUE(Exists("keep"));
  ASSERT_EQ(::chdir(".."), 0);
}

TEST_F(RmTest, RootOptions) {
  MakeTree();
  EXPECT_EQ(Run({"-r", "--preserve-root", "d/sub"}).status, 0);
  EXPECT_EQ(Run({"-r", "--no-preserve-root", "d"}).status, 0);
  EXPECT_EQ(Tree(), "outside: safe\n");
}

TEST_F(RmTest, NoPreserveRootIsNotCutShort) {
  MakeTree();
  const Outcome outcome = Run({"-r", "--no-preserve", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, StartsWith("rm: unrecognized option '--no-preserve'\n"));
  EXPECT_TRUE(Exists("d/a"));
}

TEST_F(RmTest, OneFileSystemRemovesWhatIsOnIt) {
  MakeTree();
  EXPECT_EQ(Run({"-r", "--one-file-system", "d"}).status, 0);
  EXPECT_FALSE(Exists("d"));
}

TEST_F(RmTest, VerboseSaysWhatIsGone) {
  MakeTree();
  const Outcome outcome = Run({"-rv", "d"});
  EXPECT_THAT(outcome.output, HasSubstr("removed 'd/a'\n"));
  EXPECT_THAT(outcome.output, HasSubstr("removed 'd/sub/link'\n"));
  EXPECT_THAT(outcome.output, HasSubstr("removed directory 'd/sub'\n"));
  EXPECT_THAT(outcome.output, ::testing::EndsWith("removed directory 'd'\n"));
  WriteFile("new\nline", "");
  EXPECT_EQ(Run({"--verbose", "new\nline"}).output, "removed $'new\\nline'\n");
}

TEST_F(RmTest, SlashesAtTheEndAreShownOnce) {
  MakeDirectory("a");
  WriteFile("a/x", "");
  EXPECT_EQ(Run({"-rv", "a///"}).output, "removed 'a/x'\nremoved directory 'a/'\n");
}

TEST_F(RmTest, VerboseDoesNotClaimWhatFailed) {
  MakeTree();
  (void)Run({"-rv", "d"});
  const auto trace = fault::Trace();
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (trace[i].call != fault::Call::kRemove) continue;
    Clear();
    MakeTree();
    const Outcome outcome = Run({"-rv", "d"}, "", {.call = i, .error = EACCES});
    for (const char* const path : {"d/a", "d/sub/b", "d/sub/link", "d/sub", "d"}) {
      const bool claimed =
          outcome.output.find(std::string("'") + path + "'\n") != std::string::npos;
      EXPECT_EQ(claimed, !Exists(path)) << path << "\n" << outcome.output;
    }
  }
}

TEST_F(RmTest, AsksBeforeEachRemoval) {
  WriteFile("yes", "1");
  WriteFile("no", "1");
  WriteFile("empty", "");
  const Outcome outcome = Run({"-i", "yes", "no", "empty"}, "y\nn\nYes\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors,
            "rm: remove regular file 'yes'? rm: remove regular file 'no'? rm: remove regular empty "
            "file 'empty'? ");
  EXPECT_EQ(Tree(), "no: 1\n");
}

TEST_F(RmTest, AsksOnTheWayDownAndUp) {
  MakeTree();
  const Outcome all = Run({"-ri", "d/sub"}, "y\ny\ny\ny\n");
  EXPECT_THAT(all.errors, StartsWith("rm: descend into directory 'd/sub'? "));
  EXPECT_THAT(all.errors, HasSubstr("rm: remove symbolic link 'd/sub/link'? "));
  EXPECT_THAT(all.errors, ::testing::EndsWith("rm: remove directory 'd/sub'? "));
  EXPECT_FALSE(Exists("d/sub"));
}

TEST_F(RmTest, NoToAnEntryKeepsItsDirectoriesWithoutAQuestion) {
  MakeTree();
  // Into d, and no to all that is in it.
  const Outcome outcome = Run({"-ri", "d"}, "y\nn\nn\nn\nn\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.errors, ::testing::Not(HasSubstr("remove directory")));
  EXPECT_TRUE(Exists("d/a") && Exists("d/sub/b") && Exists("d/sub/link"));
}

TEST_F(RmTest, NoToDescendingKeepsTheDirectory) {
  MakeTree();
  EXPECT_EQ(Run({"-ri", "d"}, "n\n").errors, "rm: descend into directory 'd'? ");
  EXPECT_TRUE(Exists("d/a"));
}

TEST_F(RmTest, EmptyDirectoryIsAskedForOnce) {
  MakeDirectory("d");
  EXPECT_EQ(Run({"-ri", "d"}, "y\n").errors, "rm: remove directory 'd'? ");
  EXPECT_FALSE(Exists("d"));
  MakeDirectory("e");
  EXPECT_EQ(Run({"-di", "e"}, "n\n").errors, "rm: remove directory 'e'? ");
  EXPECT_TRUE(Exists("e"));
}

TEST_F(RmTest, EndOfInputIsANo) {
  WriteFile("a", "1");
  EXPECT_EQ(Run({"-i", "a"}).status, 0);
  EXPECT_TRUE(Exists("a"));
}

TEST_F(RmTest, AsksOnceForManyOrForTrees) {
  for (const char* const name : {"a", "b", "c", "d"}) WriteFile(name, "");
  EXPECT_EQ(Run({"-I", "a", "b", "c"}).errors, "") << "three are not many";
  EXPECT_EQ(Tree(), "d: \n");
  for (const char* const name : {"a", "b", "c"}) WriteFile(name, "");
  EXPECT_EQ(Run({"-I", "a", "b", "c", "d"}, "n\n").errors, "rm: remove 4 arguments? ");
  EXPECT_TRUE(Exists("a"));
  EXPECT_EQ(Run({"-rI", "a"}, "y\n").errors, "rm: remove 1 argument recursively? ");
  EXPECT_FALSE(Exists("a"));
  EXPECT_EQ(Run({"--interactive=once", "b", "c", "d", "x"}, "n\n").errors,
            "rm: remove 4 arguments? ");
}

TEST_F(RmTest, LastOfTheQuestionOptionsCounts) {
  WriteFile("a", "");
  EXPECT_EQ(Run({"-f", "-i", "a"}, "n\n").errors, "rm: remove regular empty file 'a'? ");
  EXPECT_EQ(Run({"--interactive", "a"}, "n\n").errors, "rm: remove regular empty file 'a'? ");
  EXPECT_EQ(Run({"--interactive=always", "a"}, "n\n").errors,
            "rm: remove regular empty file 'a'? ");
  EXPECT_EQ(Run({"--interactive=never", "nosuch"}).errors,
            "rm: nosuch: No such file or directory\n");
  EXPECT_EQ(Run({"-i", "-f", "a"}).errors, "");
  EXPECT_FALSE(Exists("a"));
  EXPECT_THAT(Run({"--interactive=maybe", "a"}).errors,
              StartsWith("rm: maybe: invalid argument for '--interactive'; it is one of: "));
}

TEST_F(RmTest, DeepTree) {
  constexpr int kDepth =
      3000;  // beyond PATH_MAX, and beyond the descriptors that a process may have
  for (int i = 0; i < kDepth; ++i) {
    ASSERT_EQ(::mkdir("deep", 0755), 0);
    ASSERT_EQ(::chdir("deep"), 0);
  }
  ASSERT_EQ(::chdir(folder().c_str()), 0);
  const Outcome outcome = Run({"-r", "deep"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors.substr(0, 1000);
  EXPECT_FALSE(Exists("deep"));
}

TEST_F(RmTest, ManyFilesTakeOneCallEach) {
  MakeDirectory("d");
  for (int i = 0; i < 500; ++i) WriteFile("d/" + std::to_string(i), "");
  const Outcome outcome = Run({"-r", "d"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(CallsOf(fault::Call::kRemove), 502U)
      << "500 files, the directory, and one try to unlink the operand";
  EXPECT_LE(outcome.calls, 500U + 16);
}

TEST_F(RmTest, EveryFault) {
  const std::size_t faults = ForEachFault(
      {"-r", "d", "f"}, "",
      [this] {
        MakeTree();
        WriteFile("f", "F");
      },
      [&](const FaultOutcome& fault) {
        EXPECT_EQ(ReadFile("outside"), "safe");
        const bool gone = !Exists("d") && !Exists("f");
        if (fault.outcome.status == 0) {
          EXPECT_TRUE(gone);
          EXPECT_EQ(fault.outcome.errors, "");
        } else {
          EXPECT_THAT(fault.outcome.errors, MatchesRegex("(rm: (d|f)[^:]*: .*\n)+"));
        }
        // One fault keeps one thing and the directories around it; the other operand goes all the
        // same.
        EXPECT_TRUE(!Exists("d") || !Exists("f"));
      });
  EXPECT_GT(faults, 80U);
}

TEST_F(RmTest, EveryFaultWithForce) {
  ForEachFault(
      {"-rf", "d"}, "", [this] { MakeTree(); },
      [&](const FaultOutcome& fault) {
        EXPECT_EQ(ReadFile("outside"), "safe");
        if (fault.outcome.status == 0) {
          EXPECT_TRUE(!Exists("d") || fault.error == ENOENT)
              << "ENOENT: it was said not to be there";
        } else {
          EXPECT_THAT(fault.outcome.errors, StartsWith("rm: d"));
        }
      });
}

}  // namespace
}  // namespace cation::testing
