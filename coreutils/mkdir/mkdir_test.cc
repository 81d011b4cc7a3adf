// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::MatchesRegex;
using ::testing::StartsWith;
namespace fault = sys::fault;

class MkdirTest : public UtilityTestCase {
 protected:
  MkdirTest() : UtilityTestCase("mkdir") {}

  mode_t ModeMade(const std::string& mode, mode_t mask = 022) {
    Clear();
    ::umask(mask);
    const Outcome outcome = Run({"-m", mode, "d"});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    return Permissions("d");
  }
};

TEST_F(MkdirTest, MakesDirectories) {
  const Outcome outcome = Run({"a", "b", "a/c"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output + outcome.errors, "");
  EXPECT_EQ(Tree(), "a/\na/c/\nb/\n");
  EXPECT_EQ(Permissions("a"), 0755U);
}

TEST_F(MkdirTest, UmaskIsTakenOffAndPutBack) {
  ::umask(027);
  EXPECT_EQ(Run({"a"}).status, 0);
  EXPECT_EQ(Permissions("a"), 0750U);
}

TEST_F(MkdirTest, ExistingIsAnErrorAndTheRestIsMade) {
  WriteFile("f", "");
  MakeDirectory("d");
  const Outcome outcome = Run({"f", "d", "new", "no/such/parent", ""});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "mkdir: f: File exists\n"
            "mkdir: d: File exists\n"
            "mkdir: no/such/parent: No such file or directory\n"
            "mkdir: '': No such file or directory\n");
  EXPECT_TRUE(Exists("new"));
}

TEST_F(MkdirTest, OctalModes) {
  EXPECT_EQ(ModeMade("700"), 0700U);
  EXPECT_EQ(ModeMade("0"), 0U);
  EXPECT_EQ(ModeMade("1777"), 01777U);
  EXPECT_EQ(ModeMade("777", 077), 0777U) << "the umask does not count";
  EXPECT_EQ(ModeMade("2750"), 02750U);
  EXPECT_EQ(ModeMade("4711"), 04711U);
}

TEST_F(MkdirTest, SymbolicModes) {
  EXPECT_EQ(ModeMade("a=rwxt"), 01777U) << "as init makes /tmp";
  EXPECT_EQ(ModeMade("a=rwx", 077), 0777U);
  EXPECT_EQ(ModeMade("u=rwx,go="), 0700U);
  EXPECT_EQ(ModeMade("go-rwx"), 0700U);
  EXPECT_EQ(ModeMade("o+w", 022), 0777U) << "from a=rwx on";
  EXPECT_EQ(ModeMade("=rx", 022), 0555U);
  EXPECT_EQ(ModeMade("g=u,o=g-w"), 0775U);
  EXPECT_EQ(ModeMade("g+s"), 02777U);
  EXPECT_EQ(ModeMade("+t", 0), 01777U);
  EXPECT_EQ(ModeMade("u-w+t"), 0577U) << "t belongs to others";
}

TEST_F(MkdirTest, ModeIsRightAtCreation) {
  // One call makes it, and none changes it afterwards.
  (void)Run({"--mode=a=rwxt", "d"});
  ASSERT_EQ(fault::Trace().size(), 1U);
  EXPECT_EQ(fault::Trace()[0].call, fault::Call::kMakeDirectory);
  EXPECT_EQ(Permissions("d"), 01777U);
}

TEST_F(MkdirTest, WrongModesAreRefusedBeforeAnythingIsMade) {
  for (const char* const mode :
       {"8", "77777", "u", "u+q", "x=r", "", ",", "u=r,", "a=rwxt ", "-9"}) {
    const Outcome outcome = Run({"-m", mode, "d"});
    EXPECT_EQ(outcome.status, 1) << mode;
    EXPECT_THAT(outcome.errors, MatchesRegex("mkdir: .*: invalid mode\nTry .*\n")) << mode;
    EXPECT_FALSE(Exists("d"));
  }
}

TEST_F(MkdirTest, ParentsAreMade) {
  EXPECT_EQ(Run({"-p", "a/b/c", "a/b/d/", "./e//f/.", "x/y/.."}).status, 0);
  EXPECT_EQ(Tree(), "a/\na/b/\na/b/c/\na/b/d/\ne/\ne/f/\nx/\nx/y/\n");
}

TEST_F(MkdirTest, ParentsFromTheRootOn) {
  EXPECT_EQ(Run({"-p", folder() + "/p/q"}).status, 0);
  EXPECT_EQ(Tree(), "p/\np/q/\n");
  EXPECT_EQ(Run({"-p", "/"}).status, 0);
}

TEST_F(MkdirTest, ParentsExistingIsNoError) {
  MakeDirectory("a");
  MakeLink("a", "link");
  EXPECT_EQ(Run({"--parents", "a", "a", "link", "link/b"}).status, 0);
  EXPECT_EQ(Tree(), "a/\na/b/\nlink -> a\n");
}

TEST_F(MkdirTest, ParentsThatAreNoDirectories) {
  WriteFile("f", "");
  MakeLink("nowhere", "dangling");
  const Outcome outcome = Run({"-p", "f", "f/d", "dangling/d", ""});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "mkdir: f: Not a directory\n"
            "mkdir: f/d: Not a directory\n"
            "mkdir: dangling/d: File exists\n"
            "mkdir: '': No such file or directory\n");
}

TEST_F(MkdirTest, ParentsHaveTheUmasksModeAndAreWritable) {
  ::umask(0377);
  EXPECT_EQ(Run({"-p", "-m", "a=rx", "a/b/c"}).status, 0);
  EXPECT_EQ(Permissions("a"), 0700U) << "0777 & ~0377 | u+wx";
  EXPECT_EQ(Permissions("a/b"), 0700U);
  EXPECT_EQ(Permissions("a/b/c"), 0555U);
}

TEST_F(MkdirTest, ModeOfWhatExistsIsLeftAlone) {
  MakeDirectory("d", 0700);
  EXPECT_EQ(Run({"-p", "-m", "777", "d"}).status, 0);
  EXPECT_EQ(Permissions("d"), 0700U);
}

TEST_F(MkdirTest, VerboseNamesWhatWasMade) {
  MakeDirectory("a");
  EXPECT_EQ(Run({"-pv", "a/b/c"}).output,
            "mkdir: created directory 'a/b'\nmkdir: created directory 'a/b/c'\n");
  EXPECT_EQ(Run({"--verbose", "a", "n\nl"}).output, "mkdir: created directory $'n\\nl'\n");
}

TEST_F(MkdirTest, ExistingTakesTwoCallsHoweverDeep) {
  ASSERT_EQ(Run({"-p", "1/2/3/4/5/6"}).status, 0);
  EXPECT_LE(Run({"-p", "1/2/3/4/5/6"}).calls, 2U);
}

TEST_F(MkdirTest, LongPaths) {
  std::string path = "x";
  while (path.size() < 4000) path += "/" + std::string(99, 'n');
  EXPECT_EQ(Run({"-p", path}).status, 0);
  EXPECT_TRUE(Exists(path));
  const std::string too_long = std::string(5000, 'n');
  EXPECT_EQ(Run({too_long}).errors, "mkdir: " + too_long + ": File name too long\n");
}

TEST_F(MkdirTest, NewTakesOneCallEachAndOneBefore) {
  EXPECT_EQ(Run({"-p", "1/2/3/4/5/6"}).status, 0);
  EXPECT_TRUE(Exists("1/2/3/4/5/6"));
  EXPECT_EQ(fault::Trace().size(), 7U);
}

TEST_F(MkdirTest, WhereANewPathBeginsIsFoundByHalves) {
  std::string existing = "d";
  for (int i = 0; i < 500; ++i) existing += "/d";
  ASSERT_EQ(Run({"-p", existing}).status, 0);
  for (const char* const added : {"/x", "/y/z", "/p/q/r/s/t"}) {
    const Outcome outcome = Run({"-pv", existing + added});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_TRUE(Exists(existing + added));
    const auto made = std::count(outcome.output.begin(), outcome.output.end(), '\n');
    EXPECT_EQ(made, std::count(added, added + strlen(added), '/'));
    EXPECT_LE(outcome.calls, 20U);
  }
}

TEST_F(MkdirTest, OneDirectoryHasGoneWhileItsChildIsMade) {
  // Before each call in turn somebody removes what has been made so far and is empty.
  for (std::size_t at = 0; at < 8; ++at) {
    Clear();
    fault::SetHook([at](std::size_t index, const fault::TracedCall&) {
      if (index != at) return 0;
      for (const char* const path : {"a/b/c/d", "a/b/c", "a/b", "a"}) (void)::rmdir(path);
      return 0;
    });
    const Outcome outcome = Run({"-p", "a/b/c/d"});
    EXPECT_EQ(outcome.status, 0) << at << outcome.errors;
    EXPECT_TRUE(Exists("a/b/c/d") || at > 5) << at;
  }
}

TEST_F(MkdirTest, OthersMakeTheSameDirectories) {
  for (std::size_t at = 0; at < 8; ++at) {
    for (const char* const path : {"a", "a/b", "a/b/c", "a/b/c/d"}) {
      Clear();
      fault::SetHook([&](std::size_t index, const fault::TracedCall&) {
        if (index != at) return 0;
        for (std::size_t end = 1; end <= strlen(path); end += 2)
          (void)::mkdir(std::string(path, end).c_str(), 0755);
        return 0;
      });
      const Outcome outcome = Run({"-p", "a/b/c/d"});
      EXPECT_EQ(outcome.status, 0) << at << path << outcome.errors;
      EXPECT_TRUE(Exists("a/b/c/d")) << at << path;
    }
  }
}

TEST_F(MkdirTest, SomebodyMakesAllThatWasMissing) {
  // Beyond the first that was found to be missing, too: that was once searched for without end.
  for (std::size_t at = 0; at < 12; ++at) {
    Clear();
    MakeDirectory("a");
    fault::SetHook([at](std::size_t index, const fault::TracedCall&) {
      if (index == at) std::filesystem::create_directories("a/b/c/d/e/f/g/h");
      return 0;
    });
    EXPECT_EQ(Run({"-p", "a/b/c/d/e/f/g/h"}).status, 0) << at;
    EXPECT_TRUE(Exists("a/b/c/d/e/f/g/h"));
  }
}

TEST_F(MkdirTest, SomebodyPutsAFileInTheWay) {
  for (std::size_t at = 0; at < 6; ++at) {
    for (const char* const path : {"a", "a/b", "a/b/c"}) {
      Clear();
      bool put = false;
      fault::SetHook([&](std::size_t index, const fault::TracedCall&) {
        if (index != at) return 0;
        const int file = ::open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
        put = file >= 0;
        if (put) ::close(file);
        return 0;
      });
      const Outcome outcome = Run({"-p", "a/b/c"});
      if (put) {
        EXPECT_EQ(outcome.status, 1) << at << path;
        EXPECT_EQ(outcome.errors, "mkdir: a/b/c: Not a directory\n") << at << path;
        EXPECT_TRUE(S_ISREG(Lstat(path).st_mode)) << "and it stays";
      } else {
        EXPECT_EQ(outcome.status, 0) << at << path << outcome.errors;
      }
    }
  }
}

TEST_F(MkdirTest, ParentThatNeverAppearsIsAnErrorAndNotTriedForEver) {
  ASSERT_EQ(::mkdir("gone", 0755), 0);
  ASSERT_EQ(::chdir("gone"), 0);
  ASSERT_EQ(::rmdir("../gone"), 0);
  const Outcome outcome = Run({"-p", "a/b/c"});
  ASSERT_EQ(::chdir(folder().c_str()), 0);
  EXPECT_EQ(outcome.errors, "mkdir: a/b/c: No such file or directory\n");
  EXPECT_LE(outcome.calls, 3U);
}

TEST_F(MkdirTest, PathsThatAreLongerThanTheSystemTakes) {
  std::string path = "x";
  for (int i = 0; i < 200; ++i) path += "/" + std::string(99, 'n');
  for (int again = 0; again < 2; ++again) {
    const Outcome outcome = Run({"-p", "-m", "700", path});
    EXPECT_EQ(outcome.status, 0) << outcome.errors.substr(outcome.errors.size() - 100);
  }
  std::size_t depth = 0;
  while (::chdir(depth == 0 ? "x" : std::string(99, 'n').c_str()) == 0) ++depth;
  EXPECT_EQ(depth, 201U);
  EXPECT_EQ(Permissions("."), 0700U);
  EXPECT_EQ(Permissions(".."), 0755U);
  ASSERT_EQ(::chdir(folder().c_str()), 0);
  EXPECT_EQ(Run({"-p", "y/" + std::string(5000, 'n')}).status, 1);
  EXPECT_EQ(Run({path}).status, 1) << "without -p as the system has it";
}

TEST_F(MkdirTest, LongPathsFromTheRootOn) {
  std::string path = folder() + "/x";
  for (int i = 0; i < 2500; ++i) path += "//yz";
  const Outcome outcome = Run({"-p", path + "//"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_TRUE(Exists("x/yz/yz"));
}

TEST_F(MkdirTest, FileMadeInsteadOfADirectoryIsReportedAndTakenAway) {
  // As a 9p share of Redox does; the one that was there stays.
  fault::SetHook([](std::size_t index, const fault::TracedCall&) {
    if (index == 0) ::close(::open("d", O_WRONLY | O_CREAT, 0644));
    return index == 0 ? EOPNOTSUPP : 0;
  });
  const Outcome outcome = Run({"d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, StartsWith("mkdir: d: the file system makes no directories"));
  EXPECT_FALSE(Exists("d"));
  WriteFile("old", "");
  SetTime("old", 1000000);
  WriteFile("full", "text");
  EXPECT_EQ(Run({"-p", "old"}, "", {.call = 0, .error = EOPNOTSUPP}).status, 1);
  EXPECT_EQ(Run({"full"}, "", {.call = 0, .error = EOPNOTSUPP}).status, 1);
  EXPECT_EQ(Tree(), "full: text\nold: \n");
}

TEST_F(MkdirTest, SecurityContextsAsWithoutSelinux) {
  EXPECT_EQ(Run({"-Z", "a"}).errors, "");
  EXPECT_EQ(Run({"--context", "b"}).errors, "");
  const Outcome outcome = Run({"--context=anything", "c"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.errors, StartsWith("mkdir: warning: ignoring --context"));
  EXPECT_EQ(Tree(), "a/\nb/\nc/\n");
}

TEST_F(MkdirTest, MessagesComeBehindWhatWasSaidBefore) {
  const Outcome outcome = Run({"-v", "a", "a", "b"});
  EXPECT_EQ(fault::Trace()[1].call, fault::Call::kMakeDirectory);
  EXPECT_EQ(fault::Trace()[2].call, fault::Call::kWrite) << "the line, then the message";
  EXPECT_EQ(outcome.errors, "mkdir: a: File exists\n");
}

TEST_F(MkdirTest, MissingOperand) {
  const Outcome outcome = Run({"-p"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, StartsWith("mkdir: missing operand\n"));
}

TEST_F(MkdirTest, EveryFault) {
  const std::size_t faults = ForEachFault(
      {"-pv", "a/b/c", "d"}, "", [] {},
      [&](const FaultOutcome& fault) {
        // Said to be made is what was made.
        for (const char* const path : {"a", "a/b", "a/b/c", "d"}) {
          const bool claimed =
              fault.outcome.output.find(std::string("'") + path + "'\n") != std::string::npos;
          const bool output_failed = fault.call.call == fault::Call::kWrite;
          if (!output_failed) {
            EXPECT_EQ(claimed, Exists(path)) << path;
          }
        }
        if (fault.outcome.status == 0) {
          EXPECT_TRUE(Exists("a/b/c") && Exists("d"));
        } else if (fault.error != EPIPE) {
          EXPECT_THAT(fault.outcome.errors, MatchesRegex("mkdir: (a/b/c|d|write error): .*\n"));
        }
      });
  EXPECT_GT(faults, 30U);
}

TEST_F(MkdirTest, EveryFaultWithMode) {
  ForEachFault(
      {"-m", "2770", "d"}, "", [] {},
      [&](const FaultOutcome& fault) {
        if (fault.call.call == fault::Call::kClose) return;
        EXPECT_EQ(fault.outcome.status, 1);
        EXPECT_THAT(fault.outcome.errors, StartsWith("mkdir: d: "));
        EXPECT_EQ(Permissions("d") & 0005U, 0U) << "never wider than asked for";
      });
}

}  // namespace
}  // namespace cation::testing
