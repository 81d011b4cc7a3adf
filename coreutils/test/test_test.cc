// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using Strings = std::vector<std::string>;

class TestTest : public UtilityTestCase {
 protected:
  TestTest() : UtilityTestCase("test") {}

  void SetUp() override {
    UtilityTestCase::SetUp();
    // What cannot be found out of a file is false, without a word; see EveryFault.
    fault_runs = false;
  }

  void Expect(const Strings& arguments, int status) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, status) << absl::StrJoin(arguments, " ") << ": " << outcome.errors;
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.errors.empty(), status != 2) << absl::StrJoin(arguments, " ");
  }
  // The arguments are parted at single blanks.
  void Expect(const std::string& arguments, int status) {
    Expect(Strings(absl::StrSplit(arguments, ' ')), status);
  }
  std::string Errors(const std::string& arguments) {
    const Outcome outcome = Run(absl::StrSplit(arguments, ' '));
    EXPECT_EQ(outcome.status, 2) << arguments;
    return outcome.errors;
  }
};

TEST_F(TestTest, NoArgumentAndOne) {
  Expect(Strings{}, 1);
  Expect(Strings{""}, 1);
  for (const char* const text :
       {"a", "-", "--", "-f", "!", "(", ")", "-a", "=", "--help", "--version", "]"})
    Expect(text, 0);
}

TEST_F(TestTest, Texts) {
  Expect("-n a", 0);
  Expect(Strings{"-n", ""}, 1);
  Expect("-z a", 1);
  Expect(Strings{"-z", ""}, 0);
  Expect("a = a", 0);
  Expect("a == a", 0);
  Expect("a = b", 1);
  Expect("a != b", 0);
  Expect("a != a", 1);
  Expect(Strings{"", "=", ""}, 0);
  Expect("a < b", 0);
  Expect("a < a", 1);
  Expect("b < a", 1);
  Expect("b > a", 0);
  Expect("a > b", 1);
  Expect("Z < a", 0);
  Expect("a < \xff", 0);
  Expect("10 < 9", 0);
  Expect("a < ab", 0);
}

TEST_F(TestTest, ThreeArgumentsWithAnOperatorInBetween) {
  for (const char* const text :
       {"! = !", "= = =", "( = (", "-f = -f", "-n = -n", "-a = -a", "-l = -l"})
    Expect(text, 0);
  Expect("( = )", 1);
  Expect("( != )", 0);
  Expect("-lt = -gt", 1);
  Expect("-n = -z", 1);
}

TEST_F(TestTest, Integers) {
  Expect("9 -eq 9", 0);
  Expect("9 -eq 8", 1);
  Expect("0 -eq 00", 0);
  Expect("-0 -eq 0", 0);
  Expect("+5 -eq 5", 0);
  Expect("-00012 -eq -12", 0);
  Expect("9 -ne 8", 0);
  Expect("9 -ne 9", 1);
  Expect("4 -lt 5", 0);
  Expect("5 -lt 5", 1);
  Expect("5 -le 5", 0);
  Expect("6 -le 5", 1);
  Expect("6 -gt 5", 0);
  Expect("5 -gt 5", 1);
  Expect("5 -ge 5", 0);
  Expect("-1 -gt -2", 0);
  Expect("-1 -lt 1", 0);
  Expect("1 -lt -1", 1);
  Expect("9 -lt 10", 0);
  Expect("-9 -gt -10", 0);
  Expect(Strings{" 5", "-eq", "5 \t\n"}, 0);
  Expect("99999999999999999999999999999999 -gt 99999999999999999999999999999998", 0);
  Expect("18446744073709551616 -eq 0", 1);
  Expect("-99999999999999999999 -lt 0", 0);
  Expect("99999999999999999999 -eq 099999999999999999999", 0);
}

TEST_F(TestTest, WhatIsNoInteger) {
  for (const char* const text : {"a", "0x0", "1.5", "--1", "+-1", "- 1", "1a", "-", "+"})
    EXPECT_THAT(Run({text, "-eq", "0"}).errors, ::testing::StartsWith("test: invalid integer '"))
        << text;
  EXPECT_EQ(Run({"", "-eq", "0"}).errors, "test: invalid integer ''\n");
  EXPECT_EQ(Run({"0", "-eq", "1 2"}).errors, "test: invalid integer '1 2'\n");
  EXPECT_EQ(Run({"0", "-eq", "a\nb"}).errors, "test: invalid integer $'a\\nb'\n");
  Expect(Strings{"+ 1", "-eq", "1"}, 2);
}

TEST_F(TestTest, Lengths) {
  Expect("-l abc -eq 3", 0);
  Expect("-l abc -gt 3", 1);
  Expect("2 -lt -l abc", 0);
  Expect("-l abc -eq -l xyz", 0);
  Expect(Strings{"-l", "", "-eq", "0"}, 0);
  Expect("3 -eq -l", 2);
  Expect("-l -eq 2", 2);
  EXPECT_EQ(Errors("-l a -nt b"), "test: '-nt' does not accept -l\n");
  EXPECT_EQ(Errors("a -ef -l b"), "test: '-ef' does not accept -l\n");
}

TEST_F(TestTest, KindsOfFiles) {
  WriteFile("f", "");
  WriteFile("full", "x");
  MakeDirectory("d");
  ASSERT_EQ(::symlink("full", "link"), 0);
  ASSERT_EQ(::symlink("nowhere", "dangling"), 0);
  ASSERT_EQ(::mkfifo("fifo", 0644), 0);
  const int made = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = "socket"};
  ASSERT_EQ(::bind(made, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ::close(made);
  const Strings names = {"f",    "full",   "d",         "link", "dangling",
                         "fifo", "socket", "/dev/null", "none", ""};
  const auto are = [&](const char* operation, const Strings& yes) {
    for (const std::string& name : names) {
      const bool is = std::find(yes.begin(), yes.end(), name) != yes.end();
      Expect(Strings{operation, name}, is ? 0 : 1);
      Expect(Strings{"!", operation, name}, is ? 1 : 0);
    }
  };
  are("-e", {"f", "full", "d", "link", "fifo", "socket", "/dev/null"});
  are("-f", {"f", "full", "link"});
  are("-d", {"d"});
  are("-h", {"link", "dangling"});
  are("-L", {"link", "dangling"});
  are("-p", {"fifo"});
  are("-S", {"socket"});
  are("-c", {"/dev/null"});
  are("-b", {});
  Expect("-s full", 0);
  Expect("-s link", 0);
  Expect("-s f", 1);
  Expect("-s none", 1);
  EXPECT_EQ(Run({"-f", "f"}).calls, 1U);
  EXPECT_EQ(Run({"-e", ""}).calls, 0U);
}

TEST_F(TestTest, Modes) {
  WriteFile("f", "");
  for (const auto& [operation, mode] : {std::pair{"-u", 04000}, {"-g", 02000}, {"-k", 01000}}) {
    ASSERT_EQ(::chmod("f", 0644), 0);
    Expect(Strings{operation, "f"}, 1);
    ASSERT_EQ(::chmod("f", static_cast<mode_t>(0644 | mode)), 0);
    Expect(Strings{operation, "f"}, 0);
    Expect(Strings{operation, "none"}, 1);
  }
}

TEST_F(TestTest, WhatMayBeDone) {
  WriteFile("f", "", 0600);
  Expect("-r f", 0);
  Expect("-w f", 0);
  Expect("-x f", 1);
  ASSERT_EQ(::chmod("f", 0100), 0);
  Expect("-x f", 0);
  if (::geteuid() != 0) {
    Expect("-r f", 1);
    Expect("-w f", 1);
  }
  MakeDirectory("d");
  Expect("-x d", 0);
  for (const char* const operation : {"-r", "-w", "-x"}) {
    Expect(Strings{operation, "none"}, 1);
    Expect(Strings{operation, ""}, 1);
  }
  EXPECT_EQ(Run({"-r", "f"}).calls, 1U);
}

TEST_F(TestTest, WhoseItIs) {
  WriteFile("f", "");
  Expect("-O f", 0);
  Expect("-G f", 0);
  Expect("-O none", 1);
  Expect("-G none", 1);
  if (::chown("f", 12345, 12345) == 0) {
    Expect("-O f", 1);
    Expect("-G f", 1);
  }
}

TEST_F(TestTest, TimesOfFiles) {
  const auto make = [this](const char* name, time_t access, timespec modification) {
    WriteFile(name, "");
    const timespec times[] = {{access, 0}, modification};
    ASSERT_EQ(::utimensat(AT_FDCWD, name, times, 0), 0);
  };
  make("old", 100, {100, 0});
  make("new", 100, {100, 1});
  make("ancient", 0, {-5, 0});
  ASSERT_EQ(::symlink("new", "link"), 0);
  Expect("new -nt old", 0);
  Expect("old -nt new", 1);
  Expect("old -nt old", 1);
  Expect("old -ot new", 0);
  Expect("new -ot old", 1);
  Expect("ancient -ot old", 0);
  Expect("link -nt old", 0);
  Expect("ancient -nt none", 0);
  Expect("none -nt ancient", 1);
  Expect("none -ot ancient", 0);
  Expect("ancient -ot none", 1);
  Expect("none -nt none", 1);
  Expect("none -ot none", 1);
  Expect("-N new", 0);
  Expect("-N old", 1);
  Expect("-N ancient", 1);
  Expect("-N none", 1);
}

TEST_F(TestTest, SameFile) {
  WriteFile("a", "");
  WriteFile("b", "");
  ASSERT_EQ(::link("a", "hard"), 0);
  ASSERT_EQ(::symlink("a", "soft"), 0);
  Expect("a -ef a", 0);
  Expect("a -ef hard", 0);
  Expect("a -ef soft", 0);
  Expect("a -ef b", 1);
  Expect("a -ef none", 1);
  Expect("none -ef none", 1);
}

TEST_F(TestTest, Terminals) {
  const int terminal = ::open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
  ASSERT_GE(terminal, 0);
  const int file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  Expect("-t " + std::to_string(terminal), 0);
  Expect("-t +0" + std::to_string(terminal), 0);
  Expect("-t " + std::to_string(file), 1);
  ::close(terminal);
  ::close(file);
  Expect("-t 99999", 1);
  Expect("-t -1", 1);
  Expect("-t 2147483648", 1);
  Expect("-t 18446744073709551616", 1);
  EXPECT_EQ(Errors("-t x"), "test: invalid integer 'x'\n");
  Expect("-t", 0);
}

TEST_F(TestTest, NotAndParentheses) {
  Expect("! a", 1);
  Expect(Strings{"!", ""}, 0);
  Expect("! ! a", 0);
  Expect("! -f none", 0);
  Expect("! a = b", 0);
  Expect("! ! a = a", 0);
  Expect("! ! ! ! 2 -eq 2", 0);
  Expect("( a )", 0);
  Expect(Strings{"(", "", ")"}, 1);
  Expect("( -n a )", 0);
  Expect("( a = b )", 1);
  Expect("( ! a )", 1);
  Expect("! ( a = b )", 0);
  Expect("( ( ( a ) ) )", 0);
  Expect("( ! a = b -a ( c ) )", 0);
  Expect("( ( )", 0);
  Expect("( ) )", 0);
  Expect("( ! )", 0);
  Expect("( -a )", 0);
  Expect("( ( ) )", 2);
  Expect("! (", 1);
  Expect("( ( a ) )", 0);
  Expect("( ( a ) -a ( b ) )", 0);
  Expect("( ! ( a ) )", 1);
  Expect("( a", 2);
  Expect("( ( a", 2);
}

TEST_F(TestTest, AndOr) {
  Expect("t -a t", 0);
  Expect(Strings{"t", "-a", ""}, 1);
  Expect(Strings{"", "-a", "t"}, 1);
  Expect("t -o t", 0);
  Expect(Strings{"", "-o", "t"}, 0);
  Expect(Strings{"t", "-o", ""}, 0);
  Expect(Strings{"", "-o", ""}, 1);
  Expect(Strings{"t", "-o", "t", "-a", ""}, 0);
  Expect(Strings{"", "-a", "t", "-o", "t"}, 0);
  Expect(Strings{"(", "t", "-o", "t", ")", "-a", ""}, 1);
  Expect("! a = b -a ! c = c", 1);
  Expect("! a = b -a ! c = d", 0);
  Expect("a -a !", 0);
  Expect("-f -a x", 0);
  Expect("! -a b", 0);
  Expect("-f = a -o b", 0);
  Expect("1 -eq 1 -a 2 -eq 2 -o x = y", 0);
  for (const char* const binary : {"-a", "-o"}) {
    for (const char* const one : {"-a", "-o"}) {
      for (const char* const other : {"-a", "-o"}) Expect(Strings{one, binary, other}, 0);
      Expect(Strings{one, binary, ""}, std::string(binary) == "-a" ? 1 : 0);
    }
  }
}

TEST_F(TestTest, WhatIsNoExpression) {
  EXPECT_EQ(Errors("a b"), "test: missing argument after 'b'\n");
  EXPECT_EQ(Errors("a b c"), "test: 'b': binary operator expected\n");
  EXPECT_EQ(Errors("-Q a"), "test: '-Q': unary operator expected\n");
  EXPECT_EQ(Errors("a b c d"), "test: extra argument 'b'\n");
  EXPECT_EQ(Errors("a = b c"), "test: extra argument 'c'\n");
  EXPECT_EQ(Errors("a = a )"), "test: extra argument ')'\n");
  EXPECT_EQ(Errors("a -a b -a"), "test: missing argument after '-a'\n");
  EXPECT_EQ(Errors("a = b -o ! !"), "test: missing argument after '!'\n");
  EXPECT_EQ(Errors("( a = b"), "test: ')' expected\n");
  EXPECT_EQ(Errors("( a = b c )"), "test: ')' expected, found 'c'\n");
  EXPECT_EQ(Errors("x -a y -a -f"), "test: missing argument after '-f'\n");
  EXPECT_EQ(Errors("1 -eq x -o 1 -eq y"), "test: invalid integer 'x'\n") << "once";
  EXPECT_EQ(Errors("1 -eq 1 -o 1 -eq y"), "test: invalid integer 'y'\n") << "though it is true";
}

TEST_F(TestTest, DeepParentheses) {
  Strings deep(500, "(");
  deep.emplace_back("a");
  deep.insert(deep.end(), 500, ")");
  Expect(deep, 0);
  Strings too_deep(200'000, "(");
  too_deep.emplace_back("a");
  too_deep.insert(too_deep.end(), 200'000, ")");
  EXPECT_EQ(Run(too_deep).status, 2);
  Strings negated(200'000, "!");
  negated.insert(negated.end(), {"a", "=", "a"});
  Expect(negated, 0);
}

TEST_F(TestTest, EveryFault) {
  for (const char* const operation : {"-e", "-f", "-r", "-w", "-L", "-O"}) {
    const std::size_t faults = ForEachFault(
        {operation, "f"}, "", [this] { WriteFile("f", "x"); },
        [](const FaultOutcome& fault) {
          EXPECT_EQ(fault.outcome.status, 1);
          EXPECT_EQ(fault.outcome.errors, "");
        });
    EXPECT_GE(faults, 2U);
  }
  // Nobody can be told what is wrong; the status says it.
  ForEachFault(
      {"a", "b"}, "", [] {}, [](const FaultOutcome& fault) { EXPECT_EQ(fault.outcome.status, 2); });
}

}  // namespace
}  // namespace cation::testing
