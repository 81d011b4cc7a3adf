// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

class ChmodTest : public UtilityTestCase {
 protected:
  ChmodTest() : UtilityTestCase("chmod") {}

  // The mode of a file, or a directory, after `chmod MODE`, in a folder of its own.
  mode_t After(const std::string& mode, mode_t before, bool is_directory = false) {
    Clear();
    if (is_directory) {
      MakeDirectory("x");
    } else {
      WriteFile("x", "");
    }
    EXPECT_EQ(::chmod("x", before), 0);
    const Outcome outcome = Run({mode, "x"});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.output + outcome.errors, "");
    return Permissions("x");
  }

  void MakeTree() {
    MakeDirectory("d");
    MakeDirectory("d/e");
    WriteFile("d/f", "", 0644);
    WriteFile("d/e/g", "", 0644);
    WriteFile("outside", "", 0644);
    MakeDirectory("out");
    WriteFile("out/h", "", 0644);
    MakeLink("../outside", "d/to-file");
    MakeLink("../out", "d/to-directory");
    MakeLink("nowhere", "d/dangling");
    MakeLink("d", "link");
    MakeLink("outside", "to-file");
    MakeLink("nowhere", "dangling");
  }
};

TEST_F(ChmodTest, Octal) {
  EXPECT_EQ(After("600", 0644), 0600U);
  EXPECT_EQ(After("0", 0644), 0U);
  EXPECT_EQ(After("7777", 0), 07777U);
  EXPECT_EQ(After("=751", 04644), 0751U);
  EXPECT_EQ(After("+111", 0644), 0755U);
  EXPECT_EQ(After("755", 06644), 0755U) << "a file's set-ID bits go";
}

TEST_F(ChmodTest, DirectoriesKeepSetIdBits) {
  for (const char* const mode : {"755", "0755", "+", "-", "u=rwx,go=rx", "a=rx,u+w"})
    EXPECT_EQ(After(mode, 02755, true), 02755U) << mode;
  for (const char* const mode : {"00755", "=755", "g-s", "-2000", "a-s", "-7022"})
    EXPECT_EQ(After(mode, 02755, true), 0755U) << mode;
  EXPECT_EQ(After("4700", 02755, true), 06700U);
}

TEST_F(ChmodTest, Symbolic) {
  EXPECT_EQ(After("u+x", 0644), 0744U);
  EXPECT_EQ(After("go=", 0777), 0700U);
  EXPECT_EQ(After("a=r,u+w", 0777), 0644U);
  EXPECT_EQ(After("g=u,o=g-w", 0750), 0775U);
  EXPECT_EQ(After("a+X", 0644), 0644U);
  EXPECT_EQ(After("a+X", 0744), 0755U);
  EXPECT_EQ(After("a+X", 0644, true), 0755U);
  EXPECT_EQ(After("u+s,g+s,+t", 0755), 07755U);
  EXPECT_EQ(After("+w", 0444), 0644U) << "with the umask 022";
  EXPECT_EQ(After("=rwX", 0), 0644U);
}

TEST_F(ChmodTest, ModesThatLookLikeOptions) {
  WriteFile("f", "", 0777);
  EXPECT_EQ(Run({"-x", "f"}).status, 0);
  EXPECT_EQ(Permissions("f"), 0666U);
  EXPECT_EQ(Run({"f", "-r", "-w,u+x"}).status, 1) << "the umask kept bits of w";
  EXPECT_EQ(Permissions("f"), 0122U);
  EXPECT_EQ(Run({"--", "-x", "f"}).status, 0);
  EXPECT_EQ(Permissions("f"), 0022U);
  WriteFile("-w", "", 0644);
  EXPECT_EQ(Run({"600", "--", "-w"}).status, 0);
  EXPECT_EQ(Permissions("-w"), 0600U);
  EXPECT_EQ(Run({"-022", "f"}).status, 0);
  EXPECT_EQ(Permissions("f"), 0U);
  EXPECT_EQ(Run({"-v", "-rwx", "f"}).status, 0);
}

TEST_F(ChmodTest, WhatTheUmaskKeptIsReported) {
  WriteFile("f", "", 0666);
  const Outcome outcome = Run({"-w", "f"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "chmod: f: new permissions are r--rw-rw-, not r--r--r--\n");
  EXPECT_EQ(Permissions("f"), 0466U);
  WriteFile("g", "", 0666);
  EXPECT_EQ(Run({"--", "-w", "g"}).errors, "") << "not where it is written as POSIX has it";
}

TEST_F(ChmodTest, WrongModes) {
  WriteFile("f", "", 0644);
  for (const char* const mode :
       {"8", "77777", "0-anything", "u", "u+gr", "ug,+x", "q+x", "u+755", "+x,", "-x,q"}) {
    const Outcome outcome = Run({mode, "f"});
    EXPECT_EQ(outcome.status, 1) << mode;
    EXPECT_EQ(outcome.errors, std::string("chmod: ") + mode +
                                  ": invalid mode\nTry 'chmod --help' for more information.\n");
    EXPECT_EQ(Permissions("f"), 0644U);
  }
}

TEST_F(ChmodTest, MissingOperands) {
  EXPECT_THAT(Run({}).errors, StartsWith("chmod: missing operand\n"));
  EXPECT_THAT(Run({"-x"}).errors, StartsWith("chmod: missing operand\n"));
  EXPECT_THAT(Run({"755"}).errors, StartsWith("chmod: 755: missing operand after it\n"));
  EXPECT_THAT(Run({"--reference=x"}).errors, StartsWith("chmod: missing operand\n"));
  EXPECT_THAT(Run({"--reference=x", "-x", "f"}).errors,
              StartsWith("chmod: cannot combine mode and --reference options\n"));
}

TEST_F(ChmodTest, GoesOnAfterABadOperand) {
  WriteFile("f", "", 0644);
  const Outcome outcome = Run({"600", "missing", "", "f/x", "f/", "f"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "chmod: missing: No such file or directory\n"
            "chmod: '': No such file or directory\n"
            "chmod: f/x: Not a directory\n"
            "chmod: f/: Not a directory\n");
  EXPECT_EQ(Permissions("f"), 0600U);
}

TEST_F(ChmodTest, Silent) {
  WriteFile("f", "", 0644);
  MakeLink("nowhere", "dangling");
  fault_runs = false;  // no messages
  for (const char* const option : {"-f", "--silent", "--quiet"}) {
    const Outcome outcome = Run({option, "600", "missing", "dangling", "f"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.output + outcome.errors, "");
    EXPECT_EQ(Permissions("f"), 0600U);
  }
  EXPECT_THAT(Run({"-f", "8", "f"}).errors, StartsWith("chmod: 8: invalid mode\n"));
}

TEST_F(ChmodTest, Verbose) {
  WriteFile("f", "", 0644);
  MakeLink("nowhere", "dangling");
  MakeLink("f", "link");
  EXPECT_EQ(Run({"-v", "600", "f"}).output,
            "mode of 'f' changed from 0644 (rw-r--r--) to 0600 (rw-------)\n");
  EXPECT_EQ(Run({"--verbose", "600", "f"}).output, "mode of 'f' retained as 0600 (rw-------)\n");
  EXPECT_EQ(Run({"-c", "600", "f"}).output, "");
  EXPECT_EQ(Run({"--changes", "4755", "f"}).output,
            "mode of 'f' changed from 0600 (rw-------) to 4755 (rwsr-xr-x)\n");
  EXPECT_EQ(Run({"-v", "600", "missing", "dangling"}).output,
            "'missing' could not be accessed\n'dangling' could not be accessed\n");
  EXPECT_EQ(Run({"-vh", "600", "link"}).output,
            "neither symbolic link 'link' nor referent has been changed\n");
  EXPECT_EQ(Run({"-ch", "600", "link"}).output, "");
  const Outcome failed = Run({"-v", "600", "f"}, "", {.call = 1, .error = EPERM});
  EXPECT_EQ(failed.output,
            "failed to change mode of 'f' from 4755 (rwsr-xr-x) to 0600 (rw-------)\n");
  EXPECT_EQ(failed.errors, "chmod: f: changing permissions: Operation not permitted\n");
}

TEST_F(ChmodTest, LinksAmongOperandsStandForTheirTargets) {
  MakeTree();
  EXPECT_EQ(Run({"600", "to-file"}).status, 0);
  EXPECT_EQ(Permissions("outside"), 0600U);
  const Outcome outcome = Run({"600", "dangling"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "chmod: dangling: cannot operate on a dangling symbolic link\n");
  EXPECT_EQ(Run({"-h", "644", "to-file", "dangling"}).status, 0);
  EXPECT_EQ(Run({"--no-dereference", "604", "d/f"}).status, 0);
  EXPECT_EQ(Permissions("outside"), 0600U);
  EXPECT_EQ(Permissions("d/f"), 0604U);
  EXPECT_EQ(Run({"-h", "--dereference", "640", "to-file"}).status, 0);
  EXPECT_EQ(Permissions("outside"), 0640U);
}

TEST_F(ChmodTest, RecursiveLeavesLinksAlone) {
  MakeTree();
  const Outcome outcome = Run({"-R", "go-rwx", "d"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output + outcome.errors, "");
  EXPECT_EQ(Permissions("d"), 0700U);
  EXPECT_EQ(Permissions("d/e"), 0700U);
  EXPECT_EQ(Permissions("d/f"), 0600U);
  EXPECT_EQ(Permissions("d/e/g"), 0600U);
  EXPECT_EQ(Permissions("outside"), 0644U);
  EXPECT_EQ(Permissions("out"), 0755U);
  EXPECT_EQ(Permissions("out/h"), 0644U);
  const Outcome verbose = Run({"--recursive", "-v", "a+rX", "d"});
  EXPECT_THAT(verbose.output,
              HasSubstr("neither symbolic link 'd/to-file' nor referent has been changed\n"));
  EXPECT_THAT(verbose.output, HasSubstr("'d/f' changed from 0600 (rw-------) to 0644"));
}

TEST_F(ChmodTest, RecursiveThroughLinks) {
  MakeTree();
  EXPECT_EQ(Run({"-R", "700", "link"}).status, 0) << "-H is the default";
  EXPECT_EQ(Permissions("d/e/g"), 0700U);
  EXPECT_EQ(Permissions("out"), 0755U);
  EXPECT_EQ(Run({"-RP", "711", "link"}).status, 0);
  EXPECT_EQ(Permissions("d"), 0700U);
  EXPECT_EQ(Run({"-RP", "711", "link/"}).status, 0);
  EXPECT_EQ(Permissions("d/e/g"), 0711U) << "a slash leads through";
  EXPECT_EQ(Run({"-R", "-L", "750", "d"}).status, 1) << "one dangles";
  EXPECT_EQ(Permissions("outside"), 0750U);
  EXPECT_EQ(Permissions("out"), 0750U);
  EXPECT_EQ(Permissions("out/h"), 0750U);
  EXPECT_EQ(Run({"-R", "-L", "-H", "777", "d"}).status, 0);
  EXPECT_EQ(Permissions("out/h"), 0750U);
  EXPECT_EQ(Run({"-RH", "--dereference", "704", "d"}).status, 1) << "one dangles";
  EXPECT_EQ(Permissions("outside"), 0704U);
  EXPECT_EQ(Permissions("out"), 0704U) << "the target of a link";
  EXPECT_EQ(Permissions("out/h"), 0750U) << "but nothing in it";
  excused = [](const FaultOutcome& fault) { return fault.error == ENOENT; };  // it dangles
  EXPECT_EQ(Run({"-Rh", "755", "link"}).status, 0);
  excused = nullptr;
  EXPECT_EQ(Permissions("d/e/g"), 0755U);
  const Outcome outcome = Run({"-RP", "--dereference", "755", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "chmod: -R --dereference requires either -H or -L\n");
}

TEST_F(ChmodTest, LinksThatLeadUpAreNotGoneThroughForEver) {
  MakeDirectory("d");
  MakeDirectory("d/e");
  MakeLink("..", "d/e/up");
  MakeLink(".", "d/here");
  const Outcome outcome = Run({"-RLv", "700", "d"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, HasSubstr("'d/e/up'"));
  EXPECT_THAT(outcome.output, ::testing::Not(HasSubstr("'d/e/up/")));
}

TEST_F(ChmodTest, DirectoryIsChangedBeforeItIsEntered) {
  MakeDirectory("d");
  WriteFile("d/f", "", 0600);
  ASSERT_EQ(::chmod("d", 0), 0);
  EXPECT_EQ(Run({"-R", "u+rwX", "d"}).status, 0);
  EXPECT_EQ(Permissions("d"), 0700U);
  EXPECT_EQ(fault::Trace()[1].call, fault::Call::kChangeMode);
}

TEST_F(ChmodTest, Reference) {
  WriteFile("r", "", 0640);
  MakeLink("r", "to-r");
  WriteFile("f", "", 0777);
  MakeDirectory("d");
  ASSERT_EQ(::chmod("d", 02777), 0);
  EXPECT_EQ(Run({"--reference=to-r", "f", "d"}).status, 0);
  EXPECT_EQ(Permissions("f"), 0640U);
  EXPECT_EQ(Permissions("d"), 0640U) << "exactly";
  EXPECT_EQ(Run({"--reference", "missing", "f"}).errors,
            "chmod: missing: failed to get attributes: No such file or directory\n");
}

TEST_F(ChmodTest, PreserveRoot) {
  fault_runs = false;
  const Outcome outcome = Run({"-R", "--preserve-root", "--reference=/", "/"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, StartsWith("chmod: /: refusing to work on / and all in it"));
  for (const fault::TracedCall& call : fault::Trace())
    EXPECT_NE(call.call, fault::Call::kChangeMode);
  WriteFile("f", "", 0644);
  EXPECT_EQ(Run({"--preserve-root", "--no-preserve-root", "-R", "600", "f"}).status, 0);
}

TEST_F(ChmodTest, UmaskCountsWithoutWho) {
  ::umask(027);
  WriteFile("f", "", 0600);
  EXPECT_EQ(Run({"+rx", "f"}).status, 0);
  EXPECT_EQ(Permissions("f"), 0750U);
}

TEST_F(ChmodTest, TwoCallsForAFile) {
  WriteFile("f", "", 0644);
  WriteFile("g", "", 0644);
  EXPECT_EQ(Run({"600", "f", "g"}).calls, 4U);
}

TEST_F(ChmodTest, DeepTrees) {
  std::string name(100, 'n');
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(::mkdir(name.c_str(), 0755), 0);
    ASSERT_EQ(::chdir(name.c_str()), 0);
  }
  ASSERT_EQ(::chdir(folder().c_str()), 0);
  fault_runs = false;  // too much to copy
  EXPECT_EQ(Run({"-R", "700", name}).status, 0);
  int depth = 0;
  while (::chdir(name.c_str()) == 0) {
    EXPECT_EQ(Permissions("."), 0700U);
    ++depth;
  }
  EXPECT_EQ(depth, 300);
}

TEST_F(ChmodTest, EveryFault) {
  const std::size_t faults = ForEachFault(
      {"-Rv", "700", "d"}, "",
      [this] {
        MakeDirectory("d");
        WriteFile("d/f", "", 0644);
        MakeLink("f", "d/link");
      },
      [&](const FaultOutcome& fault) {
        // What is said to be changed is.
        if (fault.call.call != fault::Call::kWrite) {
          for (const char* const path : {"d", "d/f"}) {
            const bool said = fault.outcome.output.find("'" + std::string(path) + "' changed") !=
                              std::string::npos;
            EXPECT_EQ(said, Permissions(path) == 0700U) << path;
          }
        }
        if (fault.call.call == fault::Call::kClose) return;
        EXPECT_EQ(fault.outcome.status, 1);
        if (fault.error != EPIPE) EXPECT_THAT(fault.outcome.errors, StartsWith("chmod: "));
      });
  EXPECT_GT(faults, 20U);
  EXPECT_EQ(RunInto("/dev/full", {"-v", "700", "."}).errors,
            "chmod: write error: No space left on device\n");
}

}  // namespace
}  // namespace cation::testing
