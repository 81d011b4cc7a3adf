// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::MatchesRegex;
using ::testing::StartsWith;
namespace fault = sys::fault;

class MktempTest : public UtilityTestCase {
 protected:
  MktempTest() : UtilityTestCase("mktemp") {}

  void SetUp() override {
    UtilityTestCase::SetUp();
    // Each run makes another name.
    fault_runs = false;
  }

  // What it made: one line, which is a path.
  std::string Made(const std::vector<std::string>& arguments) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.errors, "");
    EXPECT_THAT(outcome.output, MatchesRegex("[^\n]+\n"));
    return outcome.output.substr(0, outcome.output.size() - 1);
  }
};

TEST_F(MktempTest, Files) {
  for (const mode_t mask : {022, 0, 077, 0777}) {
    ::umask(mask);
    const std::string name = Made({"f.XXXX"});
    EXPECT_THAT(name, MatchesRegex("f\\.[A-Za-z0-9]{4}"));
    EXPECT_TRUE(S_ISREG(Lstat(name).st_mode));
    EXPECT_EQ(Lstat(name).st_size, 0);
    EXPECT_EQ(Permissions(name), 0600U) << mask;
  }
}

TEST_F(MktempTest, Directories) {
  for (const mode_t mask : {022, 0, 0777}) {
    ::umask(mask);
    const std::string name = Made({"-d", "d.XXXX"});
    EXPECT_THAT(name, MatchesRegex("d\\.[A-Za-z0-9]{4}"));
    EXPECT_TRUE(S_ISDIR(Lstat(name).st_mode));
    EXPECT_EQ(Permissions(name), 0700U) << mask;
  }
  EXPECT_TRUE(S_ISDIR(Lstat(Made({"--directory", "XXX"})).st_mode));
}

TEST_F(MktempTest, WhereTheNameIs) {
  MakeDirectory("tmp");
  MakeDirectory("other");
  environment["TMPDIR"] = "tmp";
  EXPECT_THAT(Made({}), MatchesRegex("tmp/tmp\\.[A-Za-z0-9]{10}"));
  EXPECT_THAT(Made({"aXXX"}), MatchesRegex("a[A-Za-z0-9]{3}")) << "a template says where it is";
  EXPECT_THAT(Made({"-p", "other"}), MatchesRegex("other/tmp\\.[A-Za-z0-9]{10}"));
  EXPECT_THAT(Made({"-p", "other", "aXXX"}), MatchesRegex("other/a[A-Za-z0-9]{3}"));
  EXPECT_THAT(Made({"-p", "other/", "aXXX"}), MatchesRegex("other/a[A-Za-z0-9]{3}"));
  EXPECT_THAT(Made({"-p", "", "aXXX"}), MatchesRegex("tmp/a[A-Za-z0-9]{3}"));
  EXPECT_THAT(Made({"--tmpdir", "aXXX"}), MatchesRegex("tmp/a[A-Za-z0-9]{3}"));
  EXPECT_THAT(Made({"--tmpdir=other", "aXXX"}), MatchesRegex("other/a[A-Za-z0-9]{3}"));
  EXPECT_THAT(Made({"--tmpdir=.", "other/aXXX"}), MatchesRegex("\\./other/a[A-Za-z0-9]{3}"));
  EXPECT_THAT(Made({"-t", "aXXX"}), MatchesRegex("tmp/a[A-Za-z0-9]{3}"));
  EXPECT_THAT(Made({"-t", "-p", "other", "aXXX"}), MatchesRegex("tmp/a[A-Za-z0-9]{3}"))
      << "TMPDIR is before -p";
  environment["TMPDIR"] = "";
  EXPECT_THAT(Made({"-t", "-p", "other", "aXXX"}), MatchesRegex("other/a[A-Za-z0-9]{3}"));
  EXPECT_THAT(Made({"-u"}), MatchesRegex("/tmp/tmp\\.[A-Za-z0-9]{10}"));
  environment.erase("TMPDIR");
  EXPECT_THAT(Made({"-u", "-t", "aXXX"}), MatchesRegex("/tmp/a[A-Za-z0-9]{3}"));
  EXPECT_THAT(Made({"-u", folder() + "/XXX"}), StartsWith(folder() + "/"));
}

TEST_F(MktempTest, Suffixes) {
  EXPECT_THAT(Made({"aXXXb"}), MatchesRegex("a[A-Za-z0-9]{3}b"));
  EXPECT_THAT(Made({"aXXXXbXXXc"}), MatchesRegex("aXXXXb[A-Za-z0-9]{3}c"));
  EXPECT_THAT(Made({"--suffix=.c", "aXXX"}), MatchesRegex("a[A-Za-z0-9]{3}\\.c"));
  EXPECT_THAT(Made({"--suffix", "X", "aXXX"}), MatchesRegex("a[A-Za-z0-9]{3}X"));
  EXPECT_THAT(Made({"--suffix=", "aXXXbXXX"}), MatchesRegex("aXXXb[A-Za-z0-9]{3}"));
  environment["TMPDIR"] = ".";
  EXPECT_THAT(Made({"--suffix=.txt"}), MatchesRegex("\\./tmp\\.[A-Za-z0-9]{10}\\.txt"));
}

TEST_F(MktempTest, DryRunMakesNothing) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"-u", "f.XXXX"}, {"--dry-run", "-d", "f.XXXX"}}) {
    EXPECT_THAT(Made(arguments), MatchesRegex("f\\.[A-Za-z0-9]{4}"));
    EXPECT_EQ(Tree(), "");
  }
  EXPECT_THAT(Made({"-u", "missing/XXXX"}), StartsWith("missing/"));
}

TEST_F(MktempTest, WrongTemplates) {
  const std::pair<std::vector<std::string>, std::string> kWrong[] = {
      {{"f.XX"}, "f.XX: too few X's in the template"},
      {{""}, "'': too few X's in the template"},
      {{"abc"}, "abc: too few X's in the template"},
      {{"aXXb"}, "aXXb: too few X's in the template"},
      {{"-d", "--suffix=X", "aXX"}, "aXX: too few X's in the template"},
      {{"--suffix=c", "aXXXb"}, "aXXXb: with --suffix, the template must end in X"},
      {{"--suffix=c", ""}, "'': with --suffix, the template must end in X"},
      {{"--suffix=/b", "aXXX"}, "/b: invalid suffix: it contains a slash"},
      {{"aXXX/b"}, "/b: invalid suffix: it contains a slash"},
      {{"-t", "a/bXXX"}, "a/bXXX: invalid template: it contains a slash"},
      {{"--tmpdir=a", "/bXXX"}, "/bXXX: invalid template: with --tmpdir, it may not be absolute"},
  };
  for (auto [arguments, message] : kWrong) {
    for (const char* const quiet : {"", "-q"}) {
      if (*quiet != '\0') arguments.insert(arguments.begin(), quiet);
      const Outcome outcome = Run(arguments);
      EXPECT_EQ(outcome.status, 1) << message;
      EXPECT_EQ(outcome.output, "");
      EXPECT_EQ(outcome.errors, "mktemp: " + message + "\n");
      EXPECT_EQ(Tree(), "");
    }
  }
  EXPECT_THAT(Run({"aXXX", "bXXX"}).errors, StartsWith("mktemp: bXXX: too many templates\nTry "));
}

TEST_F(MktempTest, WhatCannotBeMade) {
  EXPECT_EQ(Run({"missing/fXXX"}).errors,
            "mktemp: missing/fXXX: failed to make a file: No such file or directory\n");
  EXPECT_EQ(Run({"-d", "missing/fXXX"}).errors,
            "mktemp: missing/fXXX: failed to make a directory: No such file or directory\n");
  WriteFile("f", "");
  EXPECT_EQ(Run({"-u", "f/XXX"}).errors, "mktemp: f/XXX: failed to make a file: Not a directory\n");
  for (const char* const quiet : {"-q", "--quiet"}) {
    const Outcome outcome = Run({quiet, "missing/fXXX"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.output + outcome.errors, "");
  }
}

TEST_F(MktempTest, NamesThatAreTakenAreNotUsed) {
  // Three names in a row are there.
  int refused = 0;
  fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
    return call.call == fault::Call::kOpen && refused++ < 3 ? EEXIST : 0;
  });
  const std::string name = Made({"XXXX"});
  EXPECT_EQ(refused, 4);
  EXPECT_TRUE(Exists(name));
  // All are.
  fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
    return call.call == fault::Call::kMakeDirectory ? EEXIST : 0;
  });
  EXPECT_EQ(Run({"-d", "XXX"}).errors, "mktemp: XXX: failed to make a directory: File exists\n");
}

TEST_F(MktempTest, NamesDiffer) {
  std::set<std::string> names;
  std::set<char> characters;
  for (int i = 0; i < 50; ++i) {
    const std::string name = Made({"-u", std::string(100, 'X')});
    EXPECT_TRUE(names.insert(name).second) << name;
    characters.insert(name.begin(), name.end());
  }
  EXPECT_EQ(characters.size(), 62U) << "5,000 characters have all of them";
}

TEST_F(MktempTest, WithoutRandomNumbersNothingIsMade) {
  fault::SetHook([](std::size_t, const fault::TracedCall& call) {
    return call.call == fault::Call::kRandom ? ENOSYS : 0;
  });
  const Outcome outcome = Run({"fXXX"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "mktemp: fXXX: failed to make a file: Function not implemented\n");
  EXPECT_EQ(Tree(), "");
}

TEST_F(MktempTest, NothingStaysThatNobodyWasToldOf) {
  for (const char* const option : {"-q", "-d"}) {
    const Outcome outcome = RunInto("/dev/full", {option, "fXXX"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.errors,
              *(option + 1) == 'q' ? "" : "mktemp: write error: No space left on device\n");
    EXPECT_EQ(Tree(), "");
  }
}

TEST_F(MktempTest, Calls) {
  EXPECT_EQ(Run({"fXXXXXX"}).calls, 4U) << "random numbers, open, close, write";
  EXPECT_EQ(Run({"-d", "fXXXXXX"}).calls, 3U);
}

TEST_F(MktempTest, EveryFault) {
  // Not ForEachFault(): each run chooses another name.
  for (const std::string option : {"-d", "--suffix=.x", "-u"}) {
    Clear();
    (void)Run({option, "fXXXX"});
    const std::vector<fault::TracedCall> calls = fault::Trace();
    EXPECT_GE(calls.size(), 3U);
    for (std::size_t i = 0; i < calls.size(); ++i) {
      for (const int error : fault::ErrorsOf(calls[i].call)) {
        Clear();
        const Outcome outcome = Run({option, "fXXXX"}, "", {.call = i, .error = error});
        const std::string what =
            option + " " + fault::NameOf(calls[i].call) + " " + fault::TextOf(error);
        const bool hidden = fault::MustNotShow(calls[i].call, error) || error == EEXIST ||
                            (error == ENOENT && option == "-u");
        EXPECT_EQ(outcome.status, hidden ? 0 : 1) << what;
        // What is there is what was printed.
        const std::string name = outcome.output.substr(0, outcome.output.find('\n'));
        const std::string tree = Tree();
        if (!hidden) {
          EXPECT_EQ(tree, "") << what;
          EXPECT_EQ(outcome.errors.substr(0, 8), error == EPIPE ? "" : "mktemp: ") << what;
        } else {
          EXPECT_EQ(tree, option == "-u" ? "" : name + (option == "-d" ? "/\n" : ": \n")) << what;
        }
      }
    }
  }
}

}  // namespace
}  // namespace cation::testing
