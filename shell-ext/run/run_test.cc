// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

class RunTest : public UtilityTestCase {
 protected:
  RunTest() : UtilityTestCase("run") {
    environment = {{"PATH", "/bin"}, {"TMPDIR", "t"}};
    // A look that says that something is not there, or may not be executed, only makes it try; what
    // is left behind is EveryFault's.
    excused = [](const FaultOutcome& fault) {
      return fault.call.call == fault::Call::kStatusAt || fault.call.call == fault::Call::kAccess ||
             fault.call.call == fault::Call::kClose || fault.call.call == fault::Call::kRemove;
    };
  }
  void SetUp() override {
    UtilityTestCase::SetUp();
    MakeDirectory("t");
  }
  void Executable(const std::string& path, const std::string& content) {
    WriteFile(path, content);
    ASSERT_EQ(::chmod(path.c_str(), 0755), 0);
  }
  // A program of the system's that may be executed by nobody.
  void Program(const std::string& path) {
    std::filesystem::copy_file("/bin/cat", path);
    ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  }
  static bool IsEmpty(const std::string& path) { return std::filesystem::is_empty(path); }
};

TEST_F(RunTest, ScriptsGoToTheirInterpreter) {
  WriteFile("x", "#!/bin/sh -e\necho x\n");
  for (const char* const file : {"x", "./x"}) {
    const Outcome outcome = Run({file, "-a", "b c"});
    ASSERT_TRUE(outcome.execution.has_value());
    EXPECT_EQ(outcome.execution->path, "/bin/sh");
    EXPECT_THAT(outcome.execution->arguments, ElementsAre("/bin/sh", "-e", file, "-a", "b c"));
  }
  WriteFile("x", "#! /usr/bin/env -S sh -e\n");
  const Outcome outcome = Run({"x"});
  ASSERT_TRUE(outcome.execution.has_value());
  EXPECT_THAT(outcome.execution->arguments, ElementsAre("/usr/bin/env", "-S sh -e", "x"));
  EXPECT_TRUE(IsEmpty("t"));
}

TEST_F(RunTest, NamesThatLookLikeOptions) {
  WriteFile("-x", "#!/bin/sh\n");
  const Outcome outcome = Run({"--", "-x"});
  ASSERT_TRUE(outcome.execution.has_value());
  EXPECT_THAT(outcome.execution->arguments, ElementsAre("/bin/sh", "./-x"));
}

TEST_F(RunTest, WithoutALineTheNameDecides) {
  MakeDirectory("bin");
  for (const char* const name : {"bin/ion", "bin/sh", "bin/bash", "bin/python3"})
    Executable(name, "#!/bin/sh\n");
  environment["PATH"] = "bin";
  const std::pair<const char*, const char*> names[] = {
      {"x", "ion"}, {"x.ion", "ion"}, {"x.sh", "sh"}, {"x.sh.bash", "bash"}, {"a.py", "python3"}};
  for (const auto& [file, interpreter] : names) {
    WriteFile(file, "echo x\n");
    const Outcome outcome = Run({file, "1"});
    ASSERT_TRUE(outcome.execution.has_value()) << file;
    EXPECT_EQ(outcome.execution->path, std::string("bin/") + interpreter);
    EXPECT_THAT(outcome.execution->arguments, ElementsAre(interpreter, file, "1"));
  }
}

TEST_F(RunTest, NoIonAnywhere) {
  WriteFile("x", "echo x\n");
  environment["PATH"] = "nowhere";
  const Outcome outcome = Run({"x"});
  EXPECT_EQ(outcome.status, 127);
  EXPECT_EQ(outcome.errors,
            "run: x: cannot be given to its interpreter\nrun: ion: No such file or directory\n");
}

TEST_F(RunTest, InterpretersThatAreNotThere) {
  WriteFile("x", "#!/no/such -x\n");
  Outcome outcome = Run({"x"});
  EXPECT_EQ(outcome.status, 127);
  EXPECT_EQ(outcome.errors,
            "run: x: wants the interpreter /no/such, which is not there; install it, or change the "
            "#! line\n");
  WriteFile("x", "#!/usr/bin/env nowhere\n");
  outcome = Run({"x"});
  EXPECT_EQ(outcome.status, 127);
  EXPECT_THAT(outcome.errors, StartsWith("run: x: wants nowhere, which is nowhere in PATH; "));
  WriteFile("x", "#!/etc/passwd\n");
  EXPECT_EQ(Run({"x"}).status, 126);
  // Where env itself is missing, it is not needed.
  WriteFile("x", "#!/no/env sh\n");
  outcome = Run({"x", "1"});
  ASSERT_TRUE(outcome.execution.has_value());
  EXPECT_EQ(outcome.execution->path, "/bin/sh");
  EXPECT_THAT(outcome.execution->arguments, ElementsAre("sh", "x", "1"));
}

TEST_F(RunTest, CarriageReturnsAndMarks) {
  WriteFile("crlf", "#!/bin/sh\r\necho \"<$1>\"\r\necho \"${0##*/}\" a\rb\r\n");
  Outcome outcome = Run({"crlf", "a b"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "<a b>\ncrlf a\rb\n");
  EXPECT_EQ(outcome.errors, "");
  WriteFile("mark", "\xef\xbb\xbf#!/bin/sh\necho mark\n");
  outcome = Run({"./mark"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "mark\n");
  EXPECT_TRUE(IsEmpty("t")) << "the copies are gone";
}

TEST_F(RunTest, ProgramsAreExecutedWhereTheyAre) {
  Program("cat");
  ASSERT_EQ(::chmod("cat", 0755), 0);
  const Outcome outcome = Run({"./cat", "x"});
  ASSERT_TRUE(outcome.execution.has_value());
  EXPECT_EQ(outcome.execution->path, "./cat");
  EXPECT_THAT(outcome.execution->arguments, ElementsAre("./cat", "x"));
}

TEST_F(RunTest, ProgramsWithoutPermissionAreCopied) {
  fault_runs = false;  // EveryFault does it
  Program("cat");
  Outcome outcome = Run({"cat", "-"}, "in");
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "in");
  EXPECT_EQ(outcome.errors, "");
  outcome = Run({"cat", "missing"});
  EXPECT_EQ(outcome.status, 1) << "that of the command";
  EXPECT_THAT(outcome.errors, StartsWith("cat: missing: "));
  EXPECT_TRUE(IsEmpty("t"));
}

TEST_F(RunTest, StatusesAreTheScripts) {
  fault_runs = false;  // which take any status but 0 for a failure
  WriteFile("x", "#!/bin/sh\r\nexit 7\r\n");
  EXPECT_EQ(Run({"x"}).status, 7);
  WriteFile("x", "#!/bin/sh\r\nkill -TERM $$\r\n");
  EXPECT_EQ(Run({"x"}).status, 128 + 15);
  EXPECT_TRUE(IsEmpty("t"));
}

TEST_F(RunTest, ThePlaceIsPrivate) {
  fault_runs = false;
  WriteFile("x", "#!/bin/sh\r\nls -ld \"${0%/*}\" | cut -c1-10; umask\r\n");
  const mode_t before = ::umask(0177);
  const Outcome outcome = Run({"x"});
  ::umask(before);
  EXPECT_EQ(outcome.output, "drwx------\n0177\n");
}

TEST_F(RunTest, WhatCannotBeRun) {
  MakeDirectory("d");
  WriteFile("empty", "");
  WriteFile("binary", std::string("\1\0\2", 3));
  WriteFile("half",
            "\x7f"
            "ELF\2\1\1");
  const std::pair<const char*, int> files[] = {
      {"d", 126},       {"empty", 126},   {"binary", 126},   {"half", 126},
      {"missing", 127}, {"empty/x", 126}, {"/dev/null", 126}};
  for (const auto& [file, status] : files) {
    const Outcome outcome = Run({file});
    EXPECT_EQ(outcome.status, status) << file;
    EXPECT_FALSE(outcome.execution.has_value());
    EXPECT_THAT(outcome.errors, StartsWith(std::string("run: ") + file + ": "));
  }
  EXPECT_EQ(Run({}).status, 125);
  EXPECT_THAT(Run({}).errors, StartsWith("run: missing operand\n"));
}

TEST_F(RunTest, NoPlaceForACopy) {
  environment["TMPDIR"] = "nowhere";
  WriteFile("x", "#!/bin/sh\r\n");
  const Outcome outcome = Run({"x"});
  EXPECT_EQ(outcome.status, 125);
  EXPECT_THAT(outcome.errors,
              HasSubstr("run: nowhere: cannot be copied to: No such file or directory\n"));
}

TEST_F(RunTest, NamesInPath) {
  MakeDirectory("bin");
  WriteFile("bin/c", "#!/bin/sh\n");
  environment["PATH"] = "nothing:bin";
  const Outcome outcome = Run({"c"});
  ASSERT_TRUE(outcome.execution.has_value());
  EXPECT_THAT(outcome.execution->arguments, ElementsAre("/bin/sh", "bin/c"));
  EXPECT_EQ(Run({"./c"}).status, 127);
}

TEST_F(RunTest, VerboseSaysWhatIsExecuted) {
  WriteFile("x", "#!/bin/sh -e\n");
  for (const char* const option : {"-v", "--verbose"})
    EXPECT_EQ(Run({option, "x", "a b"}).errors, "/bin/sh -e x 'a b'\n");
}

TEST_F(RunTest, EveryFault) {
  for (const char* const content : {"#!/bin/sh\r\necho done\r\n", ""}) {
    ForEachFault(
        {"x"}, "in",
        [&] {
          MakeDirectory("t");
          if (*content == '\0') {
            Program("x");
          } else {
            WriteFile("x", content);
          }
        },
        [&](const FaultOutcome& fault) {
          // Who cannot read whether the program has been found removes it too early.
          const bool knows = fault.call.call != fault::Call::kRead || *content != '\0';
          if (fault.outcome.status != 0 && knows) EXPECT_NE(fault.outcome.errors, "");
          const bool kept = fault.call.call == fault::Call::kRemove;
          EXPECT_TRUE(kept || IsEmpty("t")) << "a copy was left";
          if (kept) EXPECT_THAT(fault.outcome.errors, HasSubstr("cannot be removed: "));
          EXPECT_TRUE(std::filesystem::exists("x"));
        });
  }
}

}  // namespace
}  // namespace cation::testing
