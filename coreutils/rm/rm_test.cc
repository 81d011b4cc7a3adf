// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

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

TEST_F(RmTest, RootDotAndDotDotAreRefused) {
  MakeDirectory("here");
  WriteFile("here/keep", "");
  MakeLink("/", "root");
  ASSERT_EQ(::chdir("here"), 0);
  for (const char* const operand : {"/", "//", "/./", "/tmp/..", "../root/", ".", "..", "./", "../",
                                    "./.", "../here/.", "../here/../"}) {
    // Were it not refused, the test program would end: nothing is ever removed here.
    fault::SetHook([](std::size_t, const fault::TracedCall& call) {
      if (call.call == fault::Call::kReadDirectory || call.call == fault::Call::kRemove) ::_exit(9);
      return 0;
    });
    const Outcome outcome = Run({"-rf", operand});
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
  fault_runs = false;  // without one of the questions, its answer would be another's
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
  fault_runs = false;  // without one of the questions, its answer would be another's
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

TEST_F(RmTest, QuestionsForWhatMayNotBeWritten) {
  WriteFile("a", "1", 0444);
  WriteFile("b", "1");
  MakeDirectory("d", 0555);
  MakeLink("a", "link");
  // Root may write everything, so there is nothing to ask for then.
  const bool root = ::geteuid() == 0;
  fault_runs = false;  // without one of the questions, its answer would be another's
  const Outcome outcome = Run({"-r", "---presume-input-tty", "link", "a", "b", "d"}, "n\nn\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors, root ? ""
                                 : "rm: remove write-protected regular file 'a'? "
                                   "rm: remove write-protected directory 'd'? ");
  EXPECT_EQ(Exists("a"), !root);
  EXPECT_FALSE(Exists("b"));
}

TEST_F(RmTest, UnreadableDirectoryIsAskedForToo) {
  MakeDirectory("d");
  MakeDirectory("d/sub");
  // Opening d/sub fails; it is empty, and a yes removes it.
  for (const bool yes : {false, true}) {
    fault::SetHook([](std::size_t, const fault::TracedCall& call) {
      return call.call == fault::Call::kOpen && call.detail == "sub" ? EACCES : 0;
    });
    const Outcome outcome = Run({"-ri", "d"}, yes ? "y\ny\ny\n" : "y\nn\n");
    EXPECT_THAT(outcome.errors,
                HasSubstr("rm: attempt removal of inaccessible directory 'd/sub'? "));
    EXPECT_EQ(Exists("d/sub"), !yes) << outcome.errors;
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
  }
}

TEST_F(RmTest, WorkingDirectoryByItsNameIsRemoved) {
  // -f: what is not there need not be removed.
  excused = [](const FaultOutcome& fault) { return fault.error == ENOENT; };
  MakeTree();
  ASSERT_EQ(::chdir("d/sub"), 0);
  const Outcome outcome = Run({"-rf", folder() + "/d"});
  ASSERT_EQ(::chdir(folder().c_str()), 0);
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(Tree(), "outside: safe\n");
}

TEST_F(RmTest, PreserveRootAllKeepsMountPoints) {
  MakeTree();
  EXPECT_EQ(Run({"-r", "--preserve-root=all", "d/sub"}).status, 0);
  EXPECT_FALSE(Exists("d/sub"));
  EXPECT_THAT(Run({"-r", "--preserve-root=some", "d"}).errors,
              StartsWith("rm: some: invalid argument for '--preserve-root'"));
  // /proc is another file system than /; nothing may be opened for listing.
  fault::SetHook([](std::size_t, const fault::TracedCall& call) {
    if (call.call == fault::Call::kReadDirectory) ::_exit(9);
    return 0;
  });
  const Outcome outcome = Run({"-r", "--preserve-root=all", "/proc/"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, HasSubstr("on another file system than its parent"));
}

TEST_F(RmTest, NothingIsRemovedWhenTheRootCannotBeLookedAt) {
  MakeTree();
  fault::SetHook([](std::size_t, const fault::TracedCall& call) {
    return call.call == fault::Call::kStatusAt && call.detail == "/" ? EIO : 0;
  });
  const Outcome outcome = Run({"-r", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(Exists("d/a"));
}

TEST_F(RmTest, ProgressIsForTerminals) {
  MakeTree();
  const Outcome outcome = Run({"-r", "--progress", "d"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output + outcome.errors, "");
}

TEST_F(RmTest, VerboseLinesComeBeforeTheMessagesBehindThem) {
  WriteFile("a", "");
  WriteFile("b", "");
  (void)Run({"-v", "a", "nosuch", "b"});
  std::string order;
  for (const fault::TracedCall& call : fault::Trace())
    order += call.call == fault::Call::kWrite ? "w" : "r";
  EXPECT_EQ(order, "rrwwrw");
}

// Somebody exchanges a directory for a link to another, before each call in turn: what the link
// leads to must stay as it is.
TEST_F(RmTest, DirectoryExchangedForALinkIsNeverFollowed) {
  for (const char* const victim : {"d", "d/sub", "d/sub/deep"}) {
    std::size_t calls = 1;
    for (std::size_t at = 0; at < calls; ++at) {
      Clear();
      MakeTree();
      MakeDirectory("d/sub/deep");
      WriteFile("d/sub/deep/c", "C");
      MakeDirectory("precious");
      for (const char* const name : {"a", "b", "c", "link"})
        WriteFile(std::string("precious/") + name, "keep");
      for (const char* const name : {"sub", "deep"}) MakeDirectory(std::string("precious/") + name);
      WriteFile("precious/sub/b", "keep");
      WriteFile("precious/deep/c", "keep");
      const std::string before = Tree("precious");
      fault::SetHook([&](std::size_t index, const fault::TracedCall&) {
        if (index == at && ::rename(victim, "moved") == 0) {
          EXPECT_EQ(::symlink((folder() + "/precious").c_str(), victim), 0);
        }
        return 0;
      });
      const Outcome outcome = Run({"-rf", "d"});
      calls = fault::Trace().size();
      EXPECT_EQ(Tree("precious"), before) << victim << " at call " << at;
      EXPECT_EQ(ReadFile("outside"), "safe");
      if (outcome.status == 0) {
        EXPECT_FALSE(Exists("d")) << victim << " at call " << at;
      }
    }
  }
}

TEST_F(RmTest, WhatAppearsMeanwhileIsRemovedToo) {
  // A directory that is not empty after all is listed again.
  MakeTree();
  bool put = false;
  fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
    if (call.call == fault::Call::kRemove && call.detail == "sub" && !std::exchange(put, true))
      WriteFile("d/sub/late", "");
    return 0;
  });
  const Outcome outcome = Run({"-r", "d"});
  EXPECT_TRUE(put);
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_FALSE(Exists("d"));
}

TEST_F(RmTest, DirectoryThatStaysFullForNoReasonIsReportedAndNotTriedForEver) {
  MakeTree();
  std::size_t attempts = 0;
  fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
    // As a file system would that hides an entry.
    if (call.call != fault::Call::kRemove || call.detail != "sub") return 0;
    ++attempts;
    return ENOTEMPTY;
  });
  const Outcome outcome = Run({"-r", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "rm: d/sub: Directory not empty\n");
  EXPECT_EQ(attempts, 2U) << "after its first listing, and after one that showed nothing";
}

TEST_F(RmTest, WhatStaysIsTriedOnceAndTheRestGoes) {
  // More entries than one listing holds; two of them cannot be removed.
  MakeDirectory("d");
  for (int i = 0; i < 3000; ++i)
    WriteFile("d/entry-with-a-long-name-" + std::to_string(10000 + i), "");
  MakeDirectory("d/full");
  WriteFile("d/full/x", "");
  std::size_t attempts = 0;
  fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
    if (call.call != fault::Call::kRemove || call.detail != "x") return 0;
    ++attempts;
    return EACCES;
  });
  const Outcome outcome = Run({"-r", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "rm: d/full/x: Permission denied\n");
  EXPECT_EQ(attempts, 1U);
  EXPECT_EQ(Tree("d"), "full/\nfull/x: \n");
}

TEST_F(RmTest, DirectoryThatHasToStayIsEmptied) {
  MakeTree();
  fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
    return call.call == fault::Call::kRemove && call.detail == "d" ? EACCES : 0;
  });
  const Outcome outcome = Run({"-rf", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "rm: d: Permission denied\n");
  EXPECT_EQ(Tree("d"), "");
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
  EXPECT_GT(faults, 70U);
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
