// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
namespace fault = sys::fault;

// What it looks like is tested at a terminal, too (tests/terminal).
class PickTest : public UtilityTestCase {
 protected:
  PickTest() : UtilityTestCase("pick") {}
};

TEST_F(PickTest, WhereNobodyNeedsToBeAsked) {
  EXPECT_EQ(Run({"-1"}, "one\n").output, "one\n");
  EXPECT_EQ(Run({"--select-1"}, "one").output, "one\n");
  EXPECT_EQ(Run({"-1", "-q", "w"}, "one\ntwo\n").output, "two\n");
  EXPECT_EQ(Run({"-1", "--query=w  o"}, "one\ntwo\n").output, "two\n") << "all words";
  EXPECT_EQ(Run({"-1", "-qONE"}, "one\nONE\n").output, "ONE\n") << "a capital";
  EXPECT_EQ(Run({"-1", "-qtwo"}, "one\nTwO\n").output, "TwO\n");
  EXPECT_EQ(Run({"-1", "-q["}, "one\n{\n[\n").output, "[\n") << "letters alone";
  EXPECT_EQ(Run({"-10"}, std::string("a\nb\0", 4)).output, std::string("a\nb\0", 4));
  EXPECT_EQ(Run({"-1", "--null", "-qb"}, std::string("a\0b", 3)).output, std::string("b\0", 2));
  EXPECT_EQ(Run({"-1", "-qx"}, "a\xffx\x1b\n").output, "a\xffx\x1b\n") << "the bytes as they are";
}

TEST_F(PickTest, NothingThere) {
  for (const auto& [arguments, input] :
       std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{}, ""}, {{"-1"}, ""}, {{"-1", "-qx"}, "one\ntwo\n"}}) {
    const Outcome outcome = Run(arguments, input);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.output + outcome.errors, "");
  }
}

TEST_F(PickTest, WrongUse) {
  EXPECT_THAT(Run({"a"}).errors, StartsWith("pick: a: extra operand\n"));
  EXPECT_EQ(Run({"a"}).status, 2);
  EXPECT_EQ(Run({"-p"}).status, 2);
  Outcome outcome = Run({}, "one\ntwo\n");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.errors, "pick: there is no terminal to choose at\n");
  outcome = RunInto("/dev/full", {"-1"}, "one\n");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.errors, "pick: write error: No space left on device\n");
}

// At a pseudo-terminal, which it finds by the variable TTY. Keys are typed before it runs.
class PickAtATerminalTest : public PickTest {
 protected:
  void SetUp() override {
    PickTest::SetUp();
    fault_runs = false;  // they would have to be typed again each time
    keys_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    ASSERT_GE(keys_, 0);
    ASSERT_EQ(::grantpt(keys_), 0);
    ASSERT_EQ(::unlockpt(keys_), 0);
    const std::string path = ::ptsname(keys_);
    terminal_ = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    ASSERT_GE(terminal_, 0);
    environment = {{"TTY", path}, {"TERM", "xterm"}};
    ASSERT_EQ(::fcntl(keys_, F_SETFL, O_NONBLOCK), 0);
    Resize(5, 30);
    // Keys wait as they are typed.
    ASSERT_EQ(::tcgetattr(terminal_, &before_), 0);
    before_.c_lflag &= static_cast<tcflag_t>(~(ICANON | ECHO));
    ASSERT_EQ(::tcsetattr(terminal_, TCSANOW, &before_), 0);
  }
  void TearDown() override {
    ::close(terminal_);
    ::close(keys_);
    PickTest::TearDown();
  }

  void Resize(unsigned short rows, unsigned short columns) {
    const winsize size = {rows, columns, 0, 0};
    ASSERT_EQ(::ioctl(terminal_, TIOCSWINSZ, &size), 0);
  }

  Outcome Choose(const std::string& keys, const std::string& input,
                 const std::vector<std::string>& arguments = {},
                 sys::fault::Injection injection = {}) {
    EXPECT_EQ(::write(keys_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
    const Outcome outcome = Run(arguments, input, injection);
    drawn_.clear();
    char buffer[4096];
    for (ssize_t count; (count = ::read(keys_, buffer, sizeof(buffer))) > 0;)
      drawn_.append(buffer, static_cast<std::size_t>(count));
    ::tcflush(terminal_, TCIFLUSH);
    termios after{};
    EXPECT_EQ(::tcgetattr(terminal_, &after), 0);
    EXPECT_EQ(after.c_lflag, before_.c_lflag);
    EXPECT_EQ(after.c_cc[VMIN], before_.c_cc[VMIN]);
    EXPECT_EQ(after.c_cc[VTIME], before_.c_cc[VTIME]);
    return outcome;
  }
  std::string Chosen(const std::string& keys, const std::string& input,
                     const std::vector<std::string>& arguments = {}) {
    const Outcome outcome = Choose(keys, input, arguments);
    EXPECT_EQ(outcome.errors, "");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(drawn_, StartsWith("\033[?1049h"));
    EXPECT_THAT(drawn_, ::testing::EndsWith("\033[H\033[J\033[?1049l"));
    return outcome.output;
  }

  std::string drawn_;
  termios before_{};

 private:
  int keys_ = -1;
  int terminal_ = -1;
};

constexpr const char* kSeven = "1\n2\n3\n4\n5\n6\n7\n";

TEST_F(PickAtATerminalTest, Moves) {
  EXPECT_EQ(Chosen("\r", kSeven), "1\n");
  EXPECT_EQ(Chosen("\n", kSeven), "1\n");
  EXPECT_EQ(Chosen("\033[B\033[B\r", kSeven), "3\n");
  EXPECT_EQ(Chosen("\033OB\033OB\033OA\r", kSeven), "2\n");
  EXPECT_EQ(Chosen("\016\016\020\r", kSeven), "2\n");
  EXPECT_EQ(Chosen("\020\r", kSeven), "1\n") << "no further";
  EXPECT_EQ(Chosen("\033[6~\r", kSeven), "5\n") << "a page of four";
  EXPECT_EQ(Chosen("\033[6~\033[6~\r", kSeven), "7\n");
  EXPECT_EQ(Chosen("\033[F\r", kSeven), "7\n");
  EXPECT_EQ(Chosen("\033[F\033[5~\r", kSeven), "3\n");
  EXPECT_EQ(Chosen("\033[F\033[H\r", kSeven), "1\n");
  EXPECT_EQ(Chosen("\r", kSeven, {"-r"}), "7\n");
  EXPECT_EQ(Chosen("\033[B\r", kSeven, {"--reverse"}), "6\n");
  EXPECT_EQ(Chosen("\033[Z\033x\033[B\r", kSeven), "2\n") << "keys that mean nothing";
}

TEST_F(PickAtATerminalTest, Filters) {
  const std::string input = "one\nTWO\nthree\nfour two\n";
  EXPECT_EQ(Chosen("two\r", input), "TWO\n");
  EXPECT_EQ(Chosen("two f\r", input), "four two\n");
  EXPECT_EQ(Chosen("T\r", input), "TWO\n");
  EXPECT_EQ(Chosen("tX\177w\r", input), "TWO\n") << "a capital that was taken back";
  EXPECT_EQ(Chosen("xyz\025one\r", input), "one\n");
  EXPECT_EQ(Chosen("two xyz\027\r", input), "TWO\n");
  EXPECT_EQ(Chosen("\033[Bthree\r", input), "three\n");
  EXPECT_EQ(Chosen("xyz\r\177\177\177\r", input), "one\n") << "nothing is nothing to choose";
  EXPECT_EQ(Chosen("\xc3\xa9\r", "e\n\xc3\xa9\n"), "\xc3\xa9\n");
  EXPECT_EQ(Chosen("\xc3\xa9\177e\r", "e\n\xc3\xa9\n"), "e\n") << "a character, not a byte";
  EXPECT_EQ(Chosen("o\r", input, {"-q", "f"}), "four two\n");
  EXPECT_EQ(Chosen("\r", "one\ntwo\n", {"-1"}), "one\n") << "two lines are asked for";
}

TEST_F(PickAtATerminalTest, GivesUp) {
  for (const char* const keys : {"\033", "\007", "\004", "on\007"}) {
    const Outcome outcome = Choose(keys, kSeven);
    EXPECT_EQ(outcome.status, 130);
    EXPECT_EQ(outcome.output + outcome.errors, "");
  }
}

TEST_F(PickAtATerminalTest, Draws) {
  EXPECT_EQ(Chosen("\r", kSeven, {"-p", "which? "}), "1\n");
  EXPECT_THAT(drawn_, HasSubstr("\033[2;1H\033[K> \033[7m1\033[m\033[3;1H\033[K  2"));
  EXPECT_THAT(drawn_, HasSubstr("\033[5;1H\033[K  4\033[1;1H\033[Kwhich?   7/7\033[1;8H"));
  EXPECT_EQ(Chosen("\r", kSeven, {"--prompt="}), "1\n");
  EXPECT_THAT(drawn_, HasSubstr("\033[1;1H\033[K  7/7\033[1;1H"));
}

TEST_F(PickAtATerminalTest, WhatWouldCommandTheTerminalIsShown) {
  const std::string odd("\x1b[31m\x01\x7f\xff\xc2\x9b\tx\n", 13);
  EXPECT_EQ(Chosen("\033[B\r", "first\n" + odd), odd);
  EXPECT_THAT(drawn_,
              HasSubstr("\033[7mESC\033[m[31m\033[7m^A\033[m\033[7m^?\033[m\033[7m<FF>\033[m"
                        "\033[7m<C2>\033[m\033[7m<9B>\033[m x"));
  EXPECT_THAT(drawn_, HasSubstr("> \033[7mESC[31m^A^?<FF><C2><9B> x\033[m"));
  // And what was typed.
  Choose("\007", odd, {"-q", "\x1b[31m", "-p", "\x1b]0;title\x07"});
  EXPECT_THAT(drawn_, Not(HasSubstr("\033[31m")));
  EXPECT_THAT(drawn_, Not(HasSubstr("\033]")));
}

TEST_F(PickAtATerminalTest, LongAndWideLines) {
  Resize(5, 12);
  EXPECT_EQ(Chosen("\r", "0123456789abcdef\n"), "0123456789abcdef\n");
  EXPECT_THAT(drawn_, HasSubstr("> \033[7m012345678\033[m\033[3;1H")) << "the last column is free";
  EXPECT_EQ(Chosen("\r", "a\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\n"),
            "a\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\n");
  EXPECT_THAT(drawn_, HasSubstr("\033[7ma\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd\033[m"));
  EXPECT_EQ(Chosen("\r", "abcdefghijklmnop\n", {"-q", "abcdefghijklmnop"}), "abcdefghijklmnop\n");
  EXPECT_THAT(drawn_, HasSubstr("\033[1;1H\033[K> ijklmnop\033[1;11H"));
}

TEST_F(PickAtATerminalTest, AnySize) {
  Resize(1, 20);
  EXPECT_EQ(Chosen("\033[B\033[6~\r", kSeven), "3\n");
  EXPECT_THAT(drawn_, HasSubstr("\033[1;1H\033[K>   \033[7m2\033[m\033[1;3H"));
  EXPECT_THAT(drawn_, Not(HasSubstr("\033[2;")));
  for (const unsigned short columns : {1, 2, 3, 4}) {
    for (const unsigned short rows : {1, 2, 3}) {
      Resize(rows, columns);
      EXPECT_EQ(Chosen("\033[F\033[A\r", kSeven), "6\n");
      EXPECT_EQ(Chosen("xx\177\1775\r", kSeven), "5\n");
    }
  }
  Resize(0, 0);
  EXPECT_EQ(Chosen("\033[6~\r", kSeven), "7\n");
  EXPECT_THAT(drawn_, HasSubstr("\033[24;1H"));
  EXPECT_THAT(drawn_, Not(HasSubstr("\033[25;")));
  environment["LINES"] = "3";
  environment["COLUMNS"] = "10";
  EXPECT_EQ(Chosen("\033[6~\r", kSeven), "3\n");
}

TEST_F(PickAtATerminalTest, Dumb) {
  environment["TERM"] = "dumb";
  const Outcome outcome = Choose("\r", kSeven);
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.errors, "pick: the terminal understands no sequences\n");
  EXPECT_EQ(drawn_, "");
}

TEST_F(PickAtATerminalTest, EveryFault) {
  const Outcome untouched = Choose("t\r", "one\ntwo\n");
  EXPECT_EQ(untouched.output, "two\n");
  const std::vector<fault::TracedCall> calls = fault::Trace();
  // The last write but one: the line goes to standard output.
  std::size_t last_drawn = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].call == fault::Call::kWrite) last_drawn = std::exchange(last, i);
  }
  std::size_t faults = 0;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    for (const int error : fault::ErrorsOf(calls[i].call)) {
      SCOPED_TRACE(std::to_string(i) + " " + fault::NameOf(calls[i].call) + " " + calls[i].detail +
                   ": " + fault::TextOf(error));
      // The settings cannot be put back by who is not let.
      if (calls[i].call == fault::Call::kSetTerminal && i + 3 > calls.size()) continue;
      const Outcome outcome = Choose("t\r", "one\ntwo\n", {}, {.call = i, .error = error});
      ++faults;
      if (outcome.status == 0) {
        EXPECT_EQ(outcome.output, "two\n");
        EXPECT_EQ(outcome.errors, "");
      } else {
        EXPECT_EQ(outcome.status, 2);
        // What a closed pipe is to blame for is said by nobody.
        if (error != EPIPE) EXPECT_THAT(outcome.errors, StartsWith("pick: "));
      }
      if (fault::MustNotShow(calls[i].call, error)) EXPECT_EQ(outcome.status, 0);
      // What leaves the other screen can fail, too.
      const bool leaves = i == last_drawn;
      if (drawn_.find("\033[?1049h") != std::string::npos && !leaves)
        EXPECT_THAT(drawn_, ::testing::EndsWith("\033[?1049l"));
    }
  }
  EXPECT_GT(faults, 30U);
}

}  // namespace
}  // namespace cation::testing
