// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

class StatTest : public UtilityTestCase {
 protected:
  StatTest() : UtilityTestCase("stat") { environment = {{"TZ", "UTC0"}}; }

  void Make(const char* path, const std::string& content, mode_t mode, timespec time) {
    WriteFile(path, content);
    ASSERT_EQ(::chmod(path, mode), 0);
    const timespec times[2] = {time, time};
    ASSERT_EQ(::utimensat(AT_FDCWD, path, times, 0), 0);
  }
  std::string Shown(const std::vector<std::string>& arguments) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    return outcome.output;
  }
};

TEST_F(StatTest, Directives) {
  Make("f", "text", 0640, {1795815120, 5});
  EXPECT_EQ(Shown({"-c", "%n %s %a %A %f %F %B %w %W %C", "f"}),
            "f 4 640 -rw-r----- 81a0 regular file 512 - 0 ?\n");
  EXPECT_EQ(Shown({"--format=%y|%Y|%.Y|%.3Y|%.12Y", "f"}),
            "2026-11-27 21:32:00.000000005 +0000|1795815120|1795815120.000000005|1795815120.000|"
            "1795815120.000000005000\n");
  EXPECT_EQ(Shown({"-c", "%x", "f"}).size(), 36U);
  struct stat status{};
  ASSERT_EQ(::stat("f", &status), 0);
  EXPECT_EQ(Shown({"-c", "%i %h %u %g %b %o", "f"}),
            std::to_string(status.st_ino) + " 1 " + std::to_string(status.st_uid) + " " +
                std::to_string(status.st_gid) + " " + std::to_string(status.st_blocks) + " " +
                std::to_string(status.st_blksize) + "\n");
  EXPECT_EQ(Shown({"-c", "%Hr,%Lr %t %T %r %R", "/dev/null"}), "1,3 1 3 259 103\n");
  EXPECT_EQ(Shown({"-c", "%Q %Hs %L|%% x\\n %", "f"}), "? ?s ?|% x\\n %\n");
}

TEST_F(StatTest, TimesBeforeTheEpoch) {
  Make("f", "", 0600, {-2, 750000000});
  EXPECT_EQ(Shown({"-c", "%Y|%.0Y|%.1Y|%.2Y|%.3Y|%010.1Y|%-8.1Y|", "f"}),
            "-2|-2|-1.2|-1.25|-1.250|-0000001.2|-1.2    |\n");
  Make("g", "", 0600, {-1, 999999999});
  EXPECT_EQ(Shown({"-c", "%Y|%.9Y|%.1Y", "g"}), "-1|-0.000000001|-0.0\n");
}

TEST_F(StatTest, WidthsAndFlags) {
  Make("f", "text", 0640, {0, 0});
  EXPECT_EQ(Shown({"-c", "%5s|%-5s|%05s|%+s|% s|%.3s|%6.3s|%06.3s", "f"}),
            "    4|4    |00004|+4| 4|004|   004|   004\n");
  EXPECT_EQ(Shown({"-c", "%#a|%06a|%#f|%#10f|%#010f|%-#10f|%'a", "f"}),
            "0640|000640|0x81a0|    0x81a0|0x000081a0|0x81a0    |640\n");
  EXPECT_EQ(Shown({"-c", "%5n|%-5n|%.0n|%05n|%3.1F|%.A", "f"}), "    f|f    ||    f|  r|\n");
}

TEST_F(StatTest, QuotedNames) {
  WriteFile("a b", "");
  ASSERT_EQ(::symlink("it's", "link"), 0);
  EXPECT_EQ(Shown({"-c", "%N", "a b", "link"}), "'a b'\n'link' -> \"it's\"\n");
  EXPECT_EQ(Shown({"-c", "%.3N", "a b"}), "'a \n");
  EXPECT_EQ(Shown({"-c", "%Qn|%6Qn|%Q", "link"}), "'link'|'link'|?\n");
  EXPECT_EQ(Shown({"-f", "-c", "%Qn", "a b"}), "'a b'\n");
  WriteFile("x\n", "");
  EXPECT_THAT(Shown({"x\n"}), StartsWith("  File: 'x'$'\\n'\n"));
  EXPECT_THAT(Shown({"-t", "x\n"}), StartsWith("'x'$'\\n' 0 "));
  fault_runs = false;  // others change what is free from one run to the next
  EXPECT_THAT(Shown({"-f", "x\n"}), StartsWith("  File: 'x'$'\\n'\n"));
  fault_runs = true;
  environment["QUOTING_STYLE"] = "c";
  EXPECT_EQ(Shown({"-c", "%N", "a b"}), "\"a b\"\n");
  environment["QUOTING_STYLE"] = "nonsense";
  EXPECT_EQ(Shown({"-c", "%N", "a b"}), "'a b'\n");
}

TEST_F(StatTest, Links) {
  Make("f", "text", 0640, {0, 0});
  ASSERT_EQ(::symlink("f", "link"), 0);
  EXPECT_EQ(Shown({"-c", "%F %s", "link"}), "symbolic link 1\n");
  EXPECT_EQ(Shown({"-L", "-c", "%F %s", "link"}), "regular file 4\n");
  EXPECT_EQ(Shown({"--dereference", "-c", "%N", "link"}), "'link'\n");
  ASSERT_EQ(::symlink("nowhere", "dangling"), 0);
  EXPECT_EQ(Run({"-L", "dangling"}).errors, "stat: dangling: No such file or directory\n");
}

TEST_F(StatTest, WithoutFormat) {
  Make("f", "text", 04750, {0, 0});
  const std::string shown = Shown({"f"});
  EXPECT_THAT(shown, StartsWith("  File: f\n  Size: 4         \tBlocks: "));
  EXPECT_THAT(shown, HasSubstr("regular file\nDevice: "));
  EXPECT_THAT(shown, HasSubstr("Links: 1\nAccess: (4750/-rwsr-x---)  Uid: ("));
  EXPECT_THAT(shown, HasSubstr("\nModify: 1970-01-01 00:00:00.000000000 +0000\nChange: "));
  EXPECT_THAT(shown, EndsWith("\n Birth: -\n"));
  EXPECT_THAT(Shown({"/dev/null"}), HasSubstr("Links: 1     Device type: 1,3\n"));
  const std::string terse = Shown({"-t", "f"});
  EXPECT_THAT(terse, StartsWith("f 4 "));
  EXPECT_EQ(std::count(terse.begin(), terse.end(), ' '), 15);
  EXPECT_EQ(Shown({"--terse", "f"}), terse);
}

TEST_F(StatTest, Printf) {
  WriteFile("f", "");
  EXPECT_EQ(Shown({"--printf=%n\\t\\x41\\101\\\\\\n", "f", "f"}), "f\tAA\\\nf\tAA\\\n");
  const Outcome outcome = Run({"--printf", "a\\qb", "f"});
  EXPECT_EQ(outcome.output, "aqb");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.errors, HasSubstr("warning: unknown escape"));
}

TEST_F(StatTest, WrongDirectives) {
  WriteFile("f", "");
  for (const char* const format : {"%5", "%5%", "%-%", "%.", "%#"}) {
    const Outcome outcome = Run({"-c", std::string("x") + format, "f", "f"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.output, "x");
    EXPECT_THAT(outcome.errors, EndsWith(": invalid directive\n")) << format;
  }
}

TEST_F(StatTest, FileSystems) {
  WriteFile("f", "");
  fault_runs = false;  // others change what is free from one run to the next
  EXPECT_THAT(Shown({"-f", "f"}), StartsWith("  File: f\n    ID: "));
  fault_runs = true;
  EXPECT_THAT(Shown({"--file-system", "-c", "%n %T", "/proc"}), "/proc proc\n");
  EXPECT_EQ(Shown({"-f", "-c", "%t %#t %Q", "/proc"}), "9fa0 0x9fa0 ?\n");
  const std::string terse = Shown({"-ft", "/proc"});
  EXPECT_THAT(terse, StartsWith("/proc "));
  EXPECT_EQ(std::count(terse.begin(), terse.end(), ' '), 10);
  EXPECT_EQ(Run({"-f", "missing"}).errors, "stat: missing: No such file or directory\n");
  EXPECT_EQ(Run({"-f", "-"}).status, 1);
}

TEST_F(StatTest, MountPoint) {
  EXPECT_EQ(Shown({"-c", "%m", "/proc/self/status", "/"}), "/proc\n/\n");
  MakeDirectory("d");
  WriteFile("d/f", "");
  const std::string above = Shown({"-c", "%m", ".."});
  EXPECT_EQ(Shown({"-c", "%m", "d/f", "d", "."}), above + above + above);
}

TEST_F(StatTest, StandardInput) {
  EXPECT_THAT(Run({"-c", "%n %F", "-"}, "x").output, StartsWith("- "));
}

TEST_F(StatTest, CachedChangesNothing) {
  WriteFile("f", "");
  for (const char* const mode : {"default", "never", "always"}) {
    EXPECT_EQ(Shown({std::string("--cached=") + mode, "-c", "%n", "f"}), "f\n");
  }
  EXPECT_EQ(Run({"--cached=x", "f"}).status, 1);
}

TEST_F(StatTest, GoesOnAfterABadOperand) {
  WriteFile("f", "");
  const Outcome outcome = Run({"-c", "%n", "missing", "f", "", "f/x"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "f\n");
  EXPECT_EQ(outcome.errors,
            "stat: missing: No such file or directory\n"
            "stat: '': No such file or directory\n"
            "stat: f/x: Not a directory\n");
  EXPECT_THAT(Run({}).errors, StartsWith("stat: missing operand\n"));
}

TEST_F(StatTest, OneCallForEachFile) {
  WriteFile("f", "");
  EXPECT_EQ(Run({"-c", "%n %s", "f", "f"}).status, 0);
  EXPECT_EQ(fault::Trace().size(), 3U) << "and the write";
}

TEST_F(StatTest, OutputErrors) {
  EXPECT_EQ(RunInto("/dev/full", {"/"}).errors, "stat: write error: No space left on device\n");
}

TEST_F(StatTest, EveryFault) {
  const auto prepare = [this] {
    WriteFile("f", "");
    EXPECT_EQ(::symlink("f", "link"), 0);
  };
  EXPECT_GT(ForEachFault({"-c", "%n %N", "f", "link"}, "", prepare,
                         [](const FaultOutcome& fault) { EXPECT_EQ(fault.outcome.status, 1); }),
            5U);
  // Without the files of accounts there are no names, and without the working directory no mount
  // point.
  EXPECT_GT(ForEachFault({"-c", "%m", "f"}, "", prepare,
                         [](const FaultOutcome& fault) { EXPECT_EQ(fault.outcome.status, 1); }),
            5U);
}

}  // namespace
}  // namespace cation::testing
