// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstring>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A program as Redox runs it, to be spoiled.
class Program {
 public:
  explicit Program(std::size_t segments = 2) : bytes_(8192, '\0') {
    std::memcpy(bytes_.data(),
                "\x7f"
                "ELF\2\1\1",
                7);
    Put(16, 2, 2);   // ET_EXEC
    Put(18, 62, 2);  // x86_64
    Put(24, 0x401000, 8);
    Put(32, 64, 8);  // program headers
    Put(54, 56, 2);
    Put(56, segments, 2);
    Segment(0, 1, 0, 0x400000, 4096);
    if (segments > 1) Segment(1, 1, 4096, 0x402000, 4096);
  }
  Program& Put(std::size_t offset, std::uint64_t value, std::size_t size) {
    std::memcpy(&bytes_[offset], &value, size);
    return *this;
  }
  Program& Segment(std::size_t index, std::uint32_t type, std::uint64_t offset,
                   std::uint64_t address, std::uint64_t size) {
    const std::size_t at = 64 + index * 56;
    Put(at, type, 4);
    Put(at + 8, offset, 8);
    Put(at + 16, address, 8);
    Put(at + 32, size, 8);
    Put(at + 40, size, 8);
    return *this;
  }
  Program& Text(std::size_t offset, const std::string& text) {
    bytes_.replace(offset, text.size(), text);
    return *this;
  }
  [[nodiscard]] std::string bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class ExplainTest : public UtilityTestCase {
 protected:
  // That something is not there, or may not be opened, is what it answers; and closing what was
  // only read changes nothing, while the fixture knows status 1 only with a message.
  ExplainTest() : UtilityTestCase("explain") {
    excused = [](const FaultOutcome& fault) {
      return fault.call.call == sys::fault::Call::kClose ||
             fault.call.call == sys::fault::Call::kStatusAt ||
             fault.call.call == sys::fault::Call::kAccess ||
             (fault.call.call == sys::fault::Call::kOpen &&
              (fault.error == EACCES || fault.error == ENOENT));
    };
  }
  void Executable(const std::string& path, const std::string& content) {
    WriteFile(path, content);
    ASSERT_EQ(::chmod(path.c_str(), 0755), 0);
  }
  // What is said of a file with that content.
  std::string Of(const std::string& content) {
    Executable("f", content);
    const Outcome outcome = Run({"f"});
    EXPECT_EQ(outcome.errors, "");
    EXPECT_EQ(outcome.status, outcome.output.empty() ? 0 : 1);
    return outcome.output;
  }
};

TEST_F(ExplainTest, WhatRuns) {
  EXPECT_EQ(Of("#!/bin/sh\n"), "");
  EXPECT_EQ(Of("#! /bin/sh -e\n"), "");
  EXPECT_EQ(Of("#!\t/usr/bin/env -S sh -e\n"), "");
  EXPECT_EQ(Of("#!/bin/sh"), "") << "without an end";
  EXPECT_EQ(Of(Program().bytes()), "");
  for (const char* const option : {"-v", "--verbose"})
    EXPECT_EQ(Run({option, "f"}).output, "f: would run\n");
}

TEST_F(ExplainTest, FilesOfAnyKind) {
  MakeDirectory("d");
  WriteFile("x", "#!/bin/sh\n");
  EXPECT_EQ(Run({"d"}).output, "d: is a directory; name the program in it\n");
  EXPECT_EQ(Run({"/dev/null"}).output, "/dev/null: is no regular file; nothing can be done\n");
  EXPECT_EQ(Run({"x"}).output, "x: may not be executed; chmod +x, or run it with: run FILE\n");
  EXPECT_EQ(Of(""), "f: is empty; copy or build it again\n");
  const Outcome missing = Run({"missing", "d", "missing/x"});
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.output, StartsWith("d: "));
  EXPECT_EQ(missing.errors,
            "explain: missing: No such file or directory\n"
            "explain: missing/x: No such file or directory\n");
}

TEST_F(ExplainTest, Text) {
  EXPECT_THAT(Of("echo hello\n"), StartsWith("f: is no program and has no #! line; "));
  EXPECT_THAT(Of(std::string("a\0b", 3)), StartsWith("f: is neither a program nor a script; "));
  EXPECT_THAT(Of("\xef\xbb\xbf#!/bin/sh\n"), StartsWith("f: begins with a byte order mark; "));
  EXPECT_THAT(Of("#!/bin/sh\r\nx\r\n"), StartsWith("f: has a carriage return at the end"));
  EXPECT_THAT(Of("#!\n"), StartsWith("f: has a #! line that names nothing; "));
  EXPECT_THAT(Of("#! \t\r\n"), AllOf(HasSubstr("carriage return"), HasSubstr("names nothing")));
  EXPECT_THAT(Of("#!/no/such -x\n"),
              StartsWith("f: wants the interpreter /no/such, which is not there; "));
  EXPECT_THAT(Of("#!/etc/passwd\n"),
              StartsWith("f: wants the interpreter /etc/passwd, which may not be executed; "));
  EXPECT_THAT(Of("#!/no/\x1b[31m\n"), HasSubstr("$'/no/\\033[31m'")) << "not to the terminal";
}

TEST_F(ExplainTest, WhatEnvLooksFor) {
  MakeDirectory("bin");
  Executable("bin/there", "#!/bin/sh\n");
  environment = {{"PATH", "bin"}};
  EXPECT_EQ(Of("#!/usr/bin/env there\n"), "");
  EXPECT_EQ(Of("#!/usr/bin/env nowhere\n"),
            "f: wants nowhere, which is nowhere in PATH; install it, or change the #! line\n");
}

TEST_F(ExplainTest, NamesInPath) {
  MakeDirectory("a");
  MakeDirectory("b");
  WriteFile("a/c", "#!/bin/sh\n");
  Executable("b/c", "#!/bin/sh\n");
  environment = {{"PATH", "nothing:a:b"}};
  const Outcome outcome = Run({"-v", "c"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output,
            "a/c: may not be executed; chmod +x, or run it with: run FILE\nb/c: would run\n");
  WriteFile("c", "");
  EXPECT_THAT(Run({"c"}).output, HasSubstr("c: is empty; "));
  for (const char* const option : {"-pv", "--path"})
    EXPECT_THAT(Run({option, "c"}).output, StartsWith("a/c: may not be executed; "));
  EXPECT_EQ(Run({"-p", "d"}).status, 2);
}

TEST_F(ExplainTest, Programs) {
  EXPECT_THAT(Of(Program().Put(24, 0, 8).bytes()), StartsWith("f: has no entry point; "));
  EXPECT_THAT(Of(Program().Put(4, 1, 1).bytes()), StartsWith("f: is no 64-bit program; "));
  EXPECT_THAT(Of(Program().Put(5, 2, 1).bytes()), StartsWith("f: is no 64-bit program; "));
  EXPECT_THAT(Of(Program().Put(16, 1, 2).bytes()), StartsWith("f: is an object file"));
  EXPECT_THAT(Of(Program().Put(16, 3, 2).bytes()), StartsWith("f: waits for a run-time linker"));
  EXPECT_THAT(Of(Program().Put(56, 0, 2).bytes()), StartsWith("f: has nothing to be loaded; "));
  EXPECT_THAT(Of(Program(1).Segment(0, 4, 0, 0, 0).bytes()),
              StartsWith("f: has nothing to be loaded; "));
  EXPECT_THAT(Of(Program().Segment(1, 1, 4096, 0x400800, 4096).bytes()),
              StartsWith("f: has segments that share a page; "));
  EXPECT_THAT(Of(Program(3).Segment(2, 3, 200, 0, 10).Text(300, "/no/ld.so").bytes()),
              HasSubstr("which is not there; "));
  EXPECT_EQ(Of(Program(3).Segment(2, 3, 300, 0, 10).Text(300, "/no/ld.so").bytes()),
            "f: wants the run-time linker /no/ld.so, which is not there; link it with -static "
            "-no-pie\n");
  EXPECT_EQ(Of(Program(3).Put(16, 3, 2).Segment(2, 3, 300, 0, 8).Text(300, "/bin/sh").bytes()), "")
      << "its linker is there";
}

TEST_F(ExplainTest, CutAndDamagedPrograms) {
  const std::string whole = Program().bytes();
  for (const std::size_t size : {4, 5, 63, 64, 100, 175, 176, 4096, 8191})
    EXPECT_THAT(Of(whole.substr(0, size)), HasSubstr("f: is ")) << size;
  EXPECT_THAT(Of(whole.substr(0, 8191)), StartsWith("f: is cut or damaged; "));
  EXPECT_THAT(Of(Program().Put(32, UINT64_MAX - 8, 8).bytes()), StartsWith("f: is cut"));
  EXPECT_THAT(Of(Program().Put(32, 8190, 8).bytes()), StartsWith("f: is cut"));
  EXPECT_THAT(Of(Program().Put(54, 32, 2).bytes()), StartsWith("f: is cut"));
  EXPECT_THAT(Of(Program().Put(56, 65535, 2).bytes()), StartsWith("f: is cut"));
  EXPECT_THAT(Of(Program().Put(64 + 8, UINT64_MAX, 8).bytes()), StartsWith("f: is cut"));
  EXPECT_THAT(Of(Program(3).Segment(2, 3, 300, 0, 1).bytes()), StartsWith("f: is cut"));
}

TEST_F(ExplainTest, HeadersThatAreFarBehind) {
  EXPECT_THAT(Of(Program()
                     .Put(32, 6000, 8)
                     .Put(56, 1, 2)
                     .Put(6000, 1, 4)
                     .Put(6000 + 32, 100, 8)
                     .Put(6000 + 40, 100, 8)
                     .bytes()),
              "");
}

TEST_F(ExplainTest, TheNoteSaysWhatItWasLinkedWith) {
  const auto with = [](const std::string& library) {
    const std::string text = "name=x\nlibc=" + library + "\n";
    Program program(3);
    program.Segment(2, 4, 400, 0, 20 + text.size());
    program.Put(400, 7, 4).Put(404, text.size(), 4).Put(408, 1, 4);
    return program.Text(412, "Cation").Text(420, text).bytes();
  };
  EXPECT_EQ(Of(with("host")), "");
  EXPECT_THAT(Of(with("relibc")), StartsWith("f: was linked with the C library of another"));
}

TEST_F(ExplainTest, WrongUse) {
  EXPECT_EQ(Run({}).status, 2);
  EXPECT_THAT(Run({}).errors, StartsWith("explain: missing operand\n"));
  Executable("f", "");
  const Outcome full = RunInto("/dev/full", {"f"});
  EXPECT_EQ(full.status, 2);
  EXPECT_EQ(full.errors, "explain: write error: No space left on device\n");
}

TEST_F(ExplainTest, EveryFault) {
  // A file that could not be looked at does not pass for one that would run.
  ForEachFault(
      {"./f"}, "", [this] { Executable("f", "#!/bin/sh\n"); },
      [](const FaultOutcome& fault) {
        if (fault.call.call == sys::fault::Call::kClose) return;
        EXPECT_NE(fault.outcome.status, 0);
        EXPECT_NE(fault.outcome.output + fault.outcome.errors, "");
      });
}

}  // namespace
}  // namespace cation::testing
