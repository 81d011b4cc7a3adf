// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;
namespace fault = sys::fault;

class DuTest : public UtilityTestCase {
 protected:
  DuTest() : UtilityTestCase("du") {
    // A directory that is no more has no entries.
    excused = [](const FaultOutcome& fault) {
      return fault.call.call == fault::Call::kReadDirectory && fault.error == ENOENT;
    };
  }

  // What files take: as the system says.
  static uint64_t Taken(const std::string& path) {
    return static_cast<uint64_t>(Lstat(path).st_blocks) * 512;
  }
  static std::string Line(uint64_t size, const std::string& path) {
    return std::to_string(size) + "\t" + path + "\n";
  }
  void MakeTree() {
    MakeDirectory("d");
    WriteFile("d/a", std::string(10000, 'a'));
    MakeDirectory("d/sub");
    WriteFile("d/sub/b", std::string(100, 'b'));
  }
};

TEST_F(DuTest, DirectoriesAndWhatIsInThem) {
  MakeTree();
  const uint64_t sub = Taken("d/sub") + Taken("d/sub/b");
  const uint64_t all = Taken("d") + Taken("d/a") + sub;
  EXPECT_EQ(Run({"-B1", "d"}).output, Line(sub, "d/sub") + Line(all, "d"));
  EXPECT_EQ(Run({"-k", "d"}).output,
            Line((sub + 1023) / 1024, "d/sub") + Line((all + 1023) / 1024, "d"));
  EXPECT_EQ(Run({"-s", "--block-size=1", "d"}).output, Line(all, "d"));
  EXPECT_EQ(Run({"--summarize", "-B1", "d/"}).output, Line(all, "d/"));
  EXPECT_EQ(Run({"-m", "-s", "d"}).output, "1\td\n");
  EXPECT_THAT(Run({"-hs", "d"}).output, MatchesRegex("[0-9.]+K\td\n"));
  EXPECT_THAT(Run({"--human-readable", "--si", "-s", "d"}).output, MatchesRegex("[0-9.]+k\td\n"));
  environment["DU_BLOCK_SIZE"] = "1";
  EXPECT_EQ(Run({"-s", "d"}).output, Line(all, "d"));
  environment.clear();
  environment["POSIXLY_CORRECT"] = "";
  EXPECT_EQ(Run({"-s", "d"}).output, Line(all / 512, "d"));
}

TEST_F(DuTest, FilesToo) {
  MakeTree();
  EXPECT_EQ(Run({"-B1", "d/a"}).output, Line(Taken("d/a"), "d/a"));
  const std::string all = Run({"-a", "-B1", "d"}).output;
  EXPECT_THAT(all, HasSubstr(Line(Taken("d/a"), "d/a")));
  EXPECT_THAT(all, HasSubstr(Line(Taken("d/sub/b"), "d/sub/b")));
  EXPECT_EQ(Run({"--all", "-B1", "d"}).output, all);
  EXPECT_EQ(Run({"-aB1", "-d0", "d"}).output, Run({"-B1", "-s", "d"}).output);
  EXPECT_THAT(Run({"-aB1", "--max-depth=1", "d"}).output, Not(HasSubstr("d/sub/b")));
}

TEST_F(DuTest, ApparentSizes) {
  MakeTree();
  EXPECT_EQ(Run({"-b", "d/a"}).output, "10000\td/a\n");
  EXPECT_EQ(Run({"--bytes", "-s", "d"}).output, "10100\td\n");
  EXPECT_EQ(Run({"-A", "-B1", "d/sub/b"}).output, "100\td/sub/b\n");
  EXPECT_EQ(Run({"--apparent-size", "-k", "d/a"}).output, "10\td/a\n");
  MakeLink("target", "link");
  EXPECT_EQ(Run({"-b", "link"}).output, "6\tlink\n");
}

TEST_F(DuTest, SeparateDirectories) {
  MakeTree();
  for (const char* const option : {"-S", "--separate-dirs"}) {
    EXPECT_EQ(Run({option, "-B1", "d"}).output, Line(Taken("d/sub") + Taken("d/sub/b"), "d/sub") +
                                                    Line(Taken("d") + Taken("d/a"), "d"));
  }
}

TEST_F(DuTest, TotalsAndOperands) {
  MakeTree();
  WriteFile("f", std::string(10000, 'f'));
  const std::string sum = std::to_string(10100 + 10000);
  EXPECT_EQ(Run({"-bsc", "d", "f"}).output, "10100\td\n10000\tf\n" + sum + "\ttotal\n");
  EXPECT_EQ(Run({"-bs", "--total", "d", "f"}).output, "10100\td\n10000\tf\n" + sum + "\ttotal\n");
  EXPECT_EQ(Run({"-bs", "d", "d/sub", "d"}).output, "10100\td\n") << "each file once";
  EXPECT_EQ(Run({"-bsl", "d", "d/sub"}).output, "10100\td\n100\td/sub\n");
  EXPECT_EQ(Run({"-bs"}).output, "20100\t.\n");
  const Outcome outcome = Run({"-bs", "missing", "", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "10100\td\n");
  EXPECT_EQ(outcome.errors,
            "du: missing: No such file or directory\ndu: '': invalid zero-length file name\n");
}

TEST_F(DuTest, NamesOfOneFileCountOnce) {
  WriteFile("a", std::string(10000, 'a'));
  ASSERT_EQ(::link("a", "b"), 0);
  EXPECT_EQ(Run({"-bs"}).output, "10000\t.\n");
  EXPECT_EQ(Run({"-bsl"}).output, "20000\t.\n");
  EXPECT_EQ(Run({"-bs", "--count-links"}).output, "20000\t.\n");
  EXPECT_EQ(Run({"-b", "a", "b"}).output, "10000\ta\n");
}

TEST_F(DuTest, Links) {
  MakeTree();
  MakeLink("d", "link");
  MakeLink("a", "d/to-a");
  MakeLink("..", "d/up");
  EXPECT_EQ(Run({"-bs", "link"}).output, "1\tlink\n");
  EXPECT_EQ(Run({"-bsP", "link"}).output, "1\tlink\n");
  EXPECT_EQ(Run({"-bs", "--no-dereference", "link"}).output, "1\tlink\n");
  const std::string size = std::to_string(10100 + 1 + 2);
  for (const char* const option : {"-D", "-H", "--dereference-args"})
    EXPECT_EQ(Run({"-bs", option, "link"}).output, size + "\tlink\n");
  EXPECT_EQ(Run({"-bs", "-L", "link"}).output, "10100\tlink\n");
  EXPECT_EQ(Run({"-bs", "--dereference", "-l", "d/sub", "d/to-a"}).output,
            "100\td/sub\n10000\td/to-a\n");
  MakeLink("nowhere", "dangling");
  const Outcome outcome = Run({"-L", "dangling"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "du: dangling: No such file or directory\n");
}

TEST_F(DuTest, CyclesOfLinksEnd) {
  MakeDirectory("d");
  MakeLink(".", "d/self");
  WriteFile("d/a", "aaa");
  EXPECT_EQ(Run({"-bsLl", "d"}).output, "3\td\n");
}

TEST_F(DuTest, HowManyFiles) {
  MakeTree();
  EXPECT_EQ(Run({"--inodes", "d"}).output, "2\td/sub\n4\td\n");
  EXPECT_EQ(Run({"--inodes", "-S", "d"}).output, "2\td/sub\n2\td\n");
  EXPECT_THAT(Run({"--inodes", "-b", "d"}).errors, HasSubstr("ineffective with --inodes"));
}

TEST_F(DuTest, LeavesOut) {
  MakeTree();
  EXPECT_EQ(Run({"-bs", "--exclude=a", "d"}).output, "100\td\n");
  EXPECT_EQ(Run({"-b", "--exclude=d/s*", "d"}).output, "10000\td\n");
  EXPECT_EQ(Run({"-b", "--exclude=?", "--exclude", "sub", "d"}).output, "");
  WriteFile("patterns", "b\n\nx");
  EXPECT_EQ(Run({"-bs", "-X", "patterns", "d"}).output, "10000\td\n");
  EXPECT_EQ(Run({"-bs", "--exclude-from=-", "d"}, "sub\n").output, "10000\td\n");
  EXPECT_EQ(Run({"-X", "missing", "d"}).errors, "du: missing: No such file or directory\n");
}

TEST_F(DuTest, Thresholds) {
  MakeTree();
  EXPECT_EQ(Run({"-ab", "-t", "10000", "d"}).output, "10000\td/a\n10100\td\n");
  EXPECT_EQ(Run({"-b", "--threshold=-1K", "d"}).output, "100\td/sub\n");
  EXPECT_EQ(Run({"-b", "-t", "10kB", "d"}).output, "10100\td\n");
  for (const std::string wrong : {"-0", "x", "", "-", "1X", "K", "99999999999999999999"}) {
    const Outcome outcome = Run({"--threshold=" + wrong, "d"});
    EXPECT_EQ(outcome.status, 1) << wrong;
    EXPECT_THAT(outcome.errors, HasSubstr("invalid --threshold argument"));
  }
}

TEST_F(DuTest, Times) {
  MakeTree();
  environment["TZ"] = "UTC0";
  for (const char* const path : {"d/a", "d/sub/b", "d/sub", "d"}) SetTime(path, 1000000000);
  SetTime("d/sub/b", 1100000000);
  EXPECT_THAT(Run({"-bs", "--time", "d"}).output, HasSubstr("\t2004-11-09 11:33\td\n"));
  EXPECT_THAT(Run({"-bs", "--time", "--time-style=iso", "d/a"}).output,
              HasSubstr("\t2001-09-09\td/a\n"));
  EXPECT_THAT(Run({"-bs", "--time", "--time-style=full-iso", "d/a"}).output,
              HasSubstr("\t2001-09-09 01:46:40.000000000 +0000\td/a\n"));
  EXPECT_THAT(Run({"-bs", "--time=atime", "--time-style=+%s", "d/a"}).output,
              MatchesRegex("10000\t[0-9]+\td/a\n"));
  EXPECT_THAT(Run({"-bs", "--time=ctime", "--time-style=+%Y", "d/a"}).output,
              MatchesRegex("10000\t20[0-9][0-9]\td/a\n"));
  EXPECT_THAT(Run({"--time", "--time-style=wrong", "d"}).errors, HasSubstr("invalid --time-style"));
  environment["TIME_STYLE"] = "+%d";
  EXPECT_EQ(Run({"-bs", "--time", "d/a"}).output, "10000\t09\td/a\n");
}

TEST_F(DuTest, NamesFromAFile) {
  MakeTree();
  WriteFile("names", std::string("d/a\0d/sub", 9));
  EXPECT_EQ(Run({"-bs", "--files0-from=names"}).output, "10000\td/a\n100\td/sub\n");
  const Outcome outcome = Run({"-bs", "--files0-from=-"}, std::string("d/a\0\0-\0", 7));
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "10000\td/a\n");
  EXPECT_THAT(outcome.errors, StartsWith("du: '-:2': invalid zero-length file name\ndu: '-:3': "));
  EXPECT_THAT(Run({"--files0-from=names", "d"}).errors, HasSubstr("cannot be combined"));
  EXPECT_EQ(Run({"--files0-from=missing"}).status, 1);
}

TEST_F(DuTest, WrongCombinations) {
  EXPECT_THAT(Run({"-as"}).errors, HasSubstr("cannot both summarize and show all entries"));
  EXPECT_THAT(Run({"-s", "-d1"}).errors, HasSubstr("conflicts with --max-depth"));
  EXPECT_THAT(Run({"-s", "-d0"}).errors, HasSubstr("warning: "));
  for (const std::string wrong : {"", "x", "-1", "18446744073709551616"})
    EXPECT_THAT(Run({"-d", wrong}).errors, HasSubstr("invalid maximum depth"));
  EXPECT_THAT(Run({"-B", "0"}).errors, HasSubstr("invalid block size"));
}

TEST_F(DuTest, OtherOptions) {
  MakeTree();
  EXPECT_EQ(Run({"-bs0", "d"}).output, std::string("10100\td\0", 8));
  EXPECT_EQ(Run({"-bs", "--null", "d"}).output, std::string("10100\td\0", 8));
  EXPECT_EQ(Run({"-bsx", "d"}).output, "10100\td\n");
  EXPECT_EQ(Run({"-bs", "--one-file-system", "d"}).output, "10100\td\n");
}

TEST_F(DuTest, UnreadableDirectoriesHaveTheirOwnSize) {
  MakeTree();
  fault_runs = false;
  fault::SetHook([](std::size_t, const fault::TracedCall& call) {
    return call.call == fault::Call::kOpen && call.detail == "sub" ? EACCES : 0;
  });
  const Outcome outcome = Run({"-B1", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "du: d/sub: Permission denied\n");
  EXPECT_EQ(outcome.output,
            Line(Taken("d/sub"), "d/sub") + Line(Taken("d") + Taken("d/a") + Taken("d/sub"), "d"));
}

TEST_F(DuTest, OutputErrors) {
  MakeTree();
  const Outcome outcome = RunInto("/dev/full", {"d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "du: write error: No space left on device\n");
}

TEST_F(DuTest, EveryFault) {
  for (const char* const options : {"-a", "-aL", "-x"}) {
    const std::size_t faults = ForEachFault(
        {options, "d"}, "", [this] { MakeTree(); },
        [](const FaultOutcome& fault) {
          if (fault.call.call == fault::Call::kClose) return;
          EXPECT_EQ(fault.outcome.status, 1);
        });
    EXPECT_GT(faults, 30U);
  }
}

}  // namespace
}  // namespace cation::testing
