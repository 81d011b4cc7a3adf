// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Strings = std::vector<std::string>;
namespace fault = sys::fault;

constexpr char kScript[] = "#!/bin/sh\n";

class EnvTest : public UtilityTestCase {
 protected:
  EnvTest() : UtilityTestCase("env") {}

  void SetUp() override {
    UtilityTestCase::SetUp();
    // That a file is not there, or is none to execute, may be so of one of several: another is
    // taken.
    excused = [](const FaultOutcome& fault) {
      return fault.call.call == fault::Call::kExecute &&
             (fault.error == ENOENT || fault.error == EACCES);
    };
  }
  // What -S makes of the text.
  Strings Split(const std::string& text) {
    WriteFile("c", kScript, 0755);
    const Outcome outcome = Run({"-S", "./c " + text});
    if (!outcome.execution) {
      ADD_FAILURE() << text << ": " << outcome.errors;
      return {};
    }
    return {outcome.execution->arguments.begin() + 1, outcome.execution->arguments.end()};
  }
};

TEST_F(EnvTest, PrintsTheEnvironment) {
  environment = {{"A", "1"}, {"B", "two\nlines"}};
  EXPECT_EQ(Run({}).output, "A=1\nB=two\nlines\n");
  EXPECT_EQ(Run({"-0"}).output, std::string("A=1\0B=two\nlines\0", 16));
  EXPECT_EQ(Run({"--null", "C=3"}).output, std::string("A=1\0B=two\nlines\0C=3\0", 20));
  EXPECT_EQ(Run({"-i"}).output, "");
  EXPECT_EQ(Run({"-"}).output, "");
  EXPECT_EQ(Run({"--ignore-environment", "X=y", "=z", "X=", "E=a=b"}).output, "X=\n=z\nE=a=b\n");
  EXPECT_EQ(Run({"-u", "A", "C=3"}).output, "B=two\nlines\nC=3\n");
  EXPECT_EQ(Run({"-uA", "--unset=B", "-u", "none", "A=2"}).output, "A=2\n");
  EXPECT_EQ(Run({"B=3"}).output, "A=1\nB=3\n") << "in its place";
}

TEST_F(EnvTest, AVariableThatIsThereTwice) {
  environment = {{"A", "1\0"}, {"AB", "2"}};
  EXPECT_EQ(Run({"-u", "A"}).output, "AB=2\n") << "a name that begins so is another's";
}

TEST_F(EnvTest, RunsACommand) {
  WriteFile("c", kScript, 0755);
  environment = {{"A", "1"}};
  const Outcome outcome = Run({"B=2", "./c", "-i", "x=y", "--", "-"});
  EXPECT_EQ(outcome.errors, "");
  ASSERT_TRUE(outcome.execution);
  EXPECT_EQ(outcome.execution->path, "./c");
  EXPECT_THAT(outcome.execution->arguments, ElementsAre("./c", "-i", "x=y", "--", "-"));
  EXPECT_THAT(outcome.execution->environment, ElementsAre("A=1", "B=2"));
  EXPECT_EQ(outcome.execution->folder, folder());
  EXPECT_THAT(Run({"-", "./c"}).execution->environment, IsEmpty());
  EXPECT_THAT(Run({"-i", "--", "A=2", "./c", "B=2"}).execution->environment, ElementsAre("A=2"));
}

TEST_F(EnvTest, GivesItAnotherName) {
  WriteFile("c", kScript, 0755);
  EXPECT_THAT(Run({"-a", "-sh", "./c", "x"}).execution->arguments, ElementsAre("-sh", "x"));
  EXPECT_THAT(Run({"--argv0=", "./c"}).execution->arguments, ElementsAre(""));
  const Outcome outcome = Run({"-a", "x"});
  EXPECT_EQ(outcome.status, 125);
  EXPECT_THAT(outcome.errors, StartsWith("env: must specify command with --argv0 (-a)\n"));
}

TEST_F(EnvTest, SearchesThePathOfTheNewEnvironment) {
  MakeDirectory("one");
  MakeDirectory("two");
  MakeDirectory("three");
  MakeDirectory("one/d");
  WriteFile("two/c", "", 0644);
  WriteFile("three/c", kScript, 0755);
  WriteFile("three/d", kScript, 0755);
  WriteFile("two/n", "", 0644);
  WriteFile("e", kScript, 0755);
  environment = {{"PATH", "/nonexistent"}};
  EXPECT_EQ(Run({"PATH=one:two:three", "c"}).execution->path, "three/c");
  EXPECT_EQ(Run({"PATH=one:e:three", "d"}).execution->path, "three/d") << "a directory, and no one";
  EXPECT_EQ(Run({"PATH=one/:three/", "c"}).execution->path, "three/c");
  EXPECT_EQ(Run({"PATH=" + folder() + "/three", "c"}).execution->arguments, Strings({"c"}));
  for (const char* const here : {"PATH=", "PATH=:one", "PATH=one:", "PATH=one::two", "PATH=."})
    EXPECT_TRUE(Run({here, "e"}).execution) << here;

  const Outcome not_executable = Run({"PATH=two:one", "n"});
  EXPECT_EQ(not_executable.status, 126);
  EXPECT_EQ(not_executable.errors, "env: n: Permission denied\n");
  const Outcome missing = Run({"PATH=one:e:two", "x"});
  EXPECT_EQ(missing.status, 127);
  EXPECT_EQ(missing.errors, "env: x: No such file or directory\n");
  EXPECT_EQ(Run({"c"}).status, 127) << "the old PATH is not searched for the new one's sake";
  // Without a PATH, where a system has its programs.
  EXPECT_THAT(Run({"-i", "sh"}).execution->path, ::testing::AnyOf("/bin/sh", "/usr/bin/sh"));
  EXPECT_EQ(Run({"-u", "PATH", "e"}).status, 127) << "not the working directory";
}

TEST_F(EnvTest, ErrorsThatEndTheSearch) {
  MakeDirectory("one");
  MakeDirectory("two");
  WriteFile("one/c", "neither", 0755);
  WriteFile("two/c", kScript, 0755);
  const Outcome outcome = Run({"PATH=one:two", "c"});
  EXPECT_EQ(outcome.status, 126);
  EXPECT_EQ(outcome.errors, "env: c: Exec format error\n") << "not given to a shell";
  EXPECT_EQ(Run({"two/c"}, "", {.call = 0, .error = E2BIG}).errors,
            "env: two/c: Argument list too long\n");
}

TEST_F(EnvTest, StatusOfWhatCannotBeRun) {
  MakeDirectory("d");
  WriteFile("plain", kScript, 0644);
  EXPECT_EQ(Run({"./missing"}).status, 127);
  EXPECT_EQ(Run({""}).status, 127);
  EXPECT_EQ(Run({"plain/x"}).status, 126);
  EXPECT_EQ(Run({"./plain"}).status, 126);
  EXPECT_EQ(Run({"./d"}).errors, "env: ./d: Permission denied\n");
}

TEST_F(EnvTest, ChangesDirectoryFirst) {
  MakeDirectory("d");
  WriteFile("d/c", kScript, 0755);
  const Outcome outcome = Run({"-C", "d", "PATH=.", "c"});
  ASSERT_TRUE(outcome.execution) << outcome.errors;
  EXPECT_EQ(outcome.execution->folder, folder() + "/d");
  EXPECT_EQ(Run({"--chdir=d", "./c"}).execution->path, "./c");
  const Outcome missing = Run({"-C", "missing", "./c"});
  EXPECT_EQ(missing.status, 125);
  EXPECT_EQ(missing.errors, "env: missing: cannot change directory: No such file or directory\n");
  EXPECT_EQ(Run({"-C", "d"}).status, 125);
}

TEST_F(EnvTest, WrongUse) {
  EXPECT_THAT(Run({"-0", "c"}).errors,
              StartsWith("env: cannot specify --null (-0) with command\n"));
  EXPECT_EQ(Run({"-0", "c"}).status, 125);
  EXPECT_EQ(Run({"-u", "A=B"}).errors, "env: 'A=B': cannot unset: Invalid argument\n");
  EXPECT_EQ(Run({"-u", "", "c"}).status, 125);
  EXPECT_EQ(Run({"-i", "-u", "A=B"}).status, 0) << "nothing is there to be unset";
  EXPECT_EQ(Run({"-x"}).status, 125);
  EXPECT_EQ(Run({"-u"}).status, 125);
  EXPECT_THAT(Run({"-v -S"}).errors,
              ::testing::EndsWith("env: use -[v]S to pass options in shebang lines\n"));
  EXPECT_EQ(Run({"c d"}).errors,
            "env: 'c d': No such file or directory\n"
            "env: use -[v]S to pass options in shebang lines\n");
}

TEST_F(EnvTest, SplitsAString) {
  environment = {{"A", "a  b"}, {"E", ""}, {"_9", "nine"}};
  EXPECT_EQ(Split("one  two\t\n\v\f\rthree "), Strings({"one", "two", "three"}));
  EXPECT_EQ(Split(R"('a b' "c d" e'f'g"h" '' "")"), Strings({"a b", "c d", "efgh", "", ""}));
  EXPECT_EQ(Split(R"('\\ \' \n \x "' "\\ \" \$ \# ' \n\t")"),
            Strings({R"(\ ' \n \x ")", "\\ \" $ # ' \n\t"}));
  EXPECT_EQ(Split(R"(\f\n\r\t\v\#\$\"\'\\)"), Strings({"\f\n\r\t\v#$\"'\\"}));
  EXPECT_EQ(Split(R"(a\_b "a\_b")"), Strings({"a", "b", "a b"}));
  EXPECT_EQ(Split(R"(a\cb c)"), Strings({"a"}));
  EXPECT_EQ(Split("a #b"), Strings({"a"}));
  EXPECT_EQ(Split("a b#c '#d'"), Strings({"a", "b#c", "#d"}));
  EXPECT_EQ(Split("${A} x${A}y \"${A}\" '${A}'"), Strings({"a  b", "xa  by", "a  b", "${A}"}));
  EXPECT_EQ(Split("${NO} x${NO}y \"${NO}\" ${E} ${_9}"), Strings({"xy", "", "", "nine"}));
  EXPECT_EQ(Split(""), Strings({}));
}

TEST_F(EnvTest, WrongStringsToSplit) {
  WriteFile("c", kScript, 0755);
  const auto errors = [&](const std::string& text) {
    const Outcome outcome = Run({"-S./c " + text});
    EXPECT_EQ(outcome.status, 125) << text;
    return outcome.errors;
  };
  EXPECT_EQ(errors("'abc"), "env: no terminating quote in -S string\n");
  EXPECT_EQ(errors("\"abc"), "env: no terminating quote in -S string\n");
  EXPECT_EQ(errors("a\\"), "env: invalid backslash at end of string in -S\n");
  EXPECT_EQ(errors("a\\qb"), "env: '\\q': invalid sequence in -S\n");
  EXPECT_EQ(errors("\"a\\c\""), "env: '\\c' must not appear in double-quoted -S string\n");
  for (const char* const name : {"$A", "${", "${}", "${A", "${1A}", "${A-b}", "$(A)"})
    EXPECT_THAT(errors(name),
                ::testing::EndsWith("only ${VARNAME} expansion is supported in -S\n"));
}

TEST_F(EnvTest, OptionsGoOnInASplitString) {
  WriteFile("c", kScript, 0755);
  environment = {{"A", "1"}, {"B", "2"}};
  EXPECT_EQ(Run({"-S", "-i X=1", "Y=2"}).output, "X=1\nY=2\n");
  EXPECT_EQ(Run({"--split-string=-u", "A"}).output, "B=2\n");
  EXPECT_EQ(Run({"-S", "-S 'C=3 -u'", "A"}).output, "") << "the inner one comes to an operand";
  EXPECT_EQ(Run({"-S", "-S '-u A'", "-u", "B"}).output, "");
  EXPECT_EQ(Run({"-S", ""}).output, "A=1\nB=2\n");
  // As a "#!" line hands it over.
  const Outcome outcome = Run({"-S -u B X='1 2' ./c -x", "./script", "-i"});
  ASSERT_TRUE(outcome.execution) << outcome.errors;
  EXPECT_THAT(outcome.execution->arguments, ElementsAre("./c", "-x", "./script", "-i"));
  EXPECT_THAT(outcome.execution->environment, ElementsAre("A=1", "X=1 2"));
}

TEST_F(EnvTest, SaysWhatItDoes) {
  MakeDirectory("d");
  WriteFile("d/c", kScript, 0755);
  EXPECT_EQ(Run({"-v", "-u", "A", "-C", "d", "-S", "B=1 C= D=\"2 3\" ./c 'x y'"}).errors,
            "split -S: 'B=1 C= D=\"2 3\" ./c '\\''x y'\\'''\n"
            " into:    'B=1'\n"
            "     &    'C='\n"
            "     &    'D=2 3'\n"
            "     &    './c'\n"
            "     &    'x y'\n"
            "unset:    A\n"
            "setenv:   B=1\n"
            "setenv:   C=\n"
            "setenv:   D='2 3'\n"
            "chdir:    'd'\n"
            "executing: ./c\n"
            "   arg[0]= './c'\n"
            "   arg[1]= 'x y'\n");
  EXPECT_EQ(Run({"--debug", "-i"}).errors, "cleaning environ\n");
}

TEST_F(EnvTest, EveryFault) {
  const std::size_t faults = ForEachFault(
      {"-C", "d", "A=1", "c"}, "",
      [this] {
        environment = {{"PATH", "../one:."}};
        MakeDirectory("one");
        MakeDirectory("d");
        WriteFile("d/c", kScript, 0755);
      },
      [&](const FaultOutcome& fault) {
        if (fault.outcome.status == 0) {
          // The first of the two places need not be there.
          EXPECT_EQ(fault.outcome.execution->path, "./c");
          return;
        }
        EXPECT_FALSE(fault.outcome.execution);
        const bool of_directory = fault.call.call == fault::Call::kChangeDirectory;
        const int status = of_directory ? 125 : fault.error == ENOENT ? 127 : 126;
        EXPECT_EQ(fault.outcome.status, status);
        EXPECT_THAT(fault.outcome.errors,
                    ::testing::MatchesRegex(of_directory ? "env: d: cannot .*\n" : "env: c: .*\n"));
      });
  EXPECT_GT(faults, 10U);
}

}  // namespace
}  // namespace cation::testing
