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

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class SttyTest : public UtilityTestCase {
 protected:
  SttyTest() : UtilityTestCase("stty") {}

  void SetUp() override {
    UtilityTestCase::SetUp();
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    ASSERT_GE(master_, 0);
    ASSERT_EQ(::grantpt(master_), 0);
    ASSERT_EQ(::unlockpt(master_), 0);
    name_ = ::ptsname(master_);
    slave_ = ::open(name_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    ASSERT_GE(slave_, 0);
    Outcome outcome = Run({"-F", name_, "sane"});
    ASSERT_EQ(outcome.errors, "");
    const winsize size = {24, 80, 0, 0};
    ASSERT_EQ(::ioctl(master_, TIOCSWINSZ, &size), 0);
  }
  void TearDown() override {
    (void)::close(slave_);
    (void)::close(master_);
    UtilityTestCase::TearDown();
  }

  termios Settings() const {
    termios settings{};
    EXPECT_EQ(::tcgetattr(slave_, &settings), 0);
    return settings;
  }
  // With the terminal as it is after `arguments`.
  Outcome Set(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"-F", name_};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return Run(all);
  }

  int master_ = -1;
  int slave_ = -1;
  std::string name_;
};

TEST_F(SttyTest, ShowsWhatIsNotSane) {
  EXPECT_THAT(Set({}).output, ::testing::MatchesRegex("speed [0-9]+ baud;\n"));
  EXPECT_EQ(Set({"-echo", "erase", "^H", "-icanon", "min", "3", "time", "2"}).errors, "");
  EXPECT_THAT(Set({}).output, EndsWith(" baud;\nerase = ^H; min = 3; time = 2;\n-icanon -echo\n"));
}

TEST_F(SttyTest, ShowsAll) {
  const Outcome outcome = Set({"-a"});
  EXPECT_THAT(outcome.output, HasSubstr(" baud; rows 24; columns 80;\nintr = ^C; quit = ^\\;"));
  EXPECT_THAT(outcome.output, HasSubstr(" icanon iexten echo "));
  EXPECT_THAT(outcome.output, HasSubstr("eol = <undef>"));
  EXPECT_EQ(Set({"--all"}).output, outcome.output);
  EXPECT_EQ(Run({"--file=" + name_, "-a"}).output, outcome.output);
  environment = {{"COLUMNS", "30"}};
  const std::string narrow = Set({"-a"}).output;
  for (std::size_t start = 0; start < narrow.size();) {
    const std::size_t end = narrow.find('\n', start);
    EXPECT_LE(end - start, 30U);
    start = end + 1;
  }
}

TEST_F(SttyTest, WhatIsSavedCanBeReadAgain) {
  EXPECT_EQ(Set({"9600", "-echo", "intr", "x"}).status, 0);
  const std::string saved = Set({"-g"}).output;
  EXPECT_EQ(Set({"--save"}).output, saved);
  const termios before = Settings();
  EXPECT_EQ(Set({"raw", "19200", "sane"}).status, 0);
  EXPECT_EQ(Set({saved.substr(0, saved.size() - 1)}).errors, "");
  const termios after = Settings();
  EXPECT_EQ(::memcmp(&before, &after, sizeof(after)), 0);
  for (const std::string& wrong : {saved.substr(0, saved.size() - 1) + ":1", std::string("1:2:3"),
                                   "x" + saved.substr(0, saved.size() - 1), std::string(":")})
    EXPECT_THAT(Set({wrong}).errors, HasSubstr(": invalid argument\n")) << wrong;
}

TEST_F(SttyTest, Flags) {
  EXPECT_EQ(Set({"-icrnl", "-onlcr", "-echo", "-isig", "parodd", "tostop"}).status, 0);
  termios settings = Settings();
  EXPECT_EQ(settings.c_iflag & ICRNL, 0U);
  EXPECT_EQ(settings.c_oflag & ONLCR, 0U);
  EXPECT_EQ(settings.c_cflag & PARODD, 0U + PARODD);
  EXPECT_EQ(settings.c_lflag & (ECHO | ISIG | TOSTOP), 0U + TOSTOP);
  EXPECT_EQ(Set({"icrnl", "onlcr", "echo", "isig", "-parodd", "-tostop"}).status, 0);
  settings = Settings();
  EXPECT_EQ(settings.c_iflag & ICRNL, 0U + ICRNL);
  EXPECT_EQ(settings.c_lflag & (ECHO | ISIG | TOSTOP), 0U + ECHO + ISIG);
}

TEST_F(SttyTest, Combinations) {
  EXPECT_EQ(Set({"raw"}).status, 0);
  termios settings = Settings();
  EXPECT_EQ(settings.c_iflag, 0U);
  EXPECT_EQ(settings.c_lflag & (ICANON | ISIG), 0U);
  EXPECT_EQ(settings.c_oflag & OPOST, 0U);
  EXPECT_EQ(settings.c_cc[VMIN], 1);
  EXPECT_EQ(Set({"-raw"}).status, 0);
  settings = Settings();
  EXPECT_NE(settings.c_lflag & ICANON, 0U);
  EXPECT_NE(settings.c_iflag & IXON, 0U);
  EXPECT_EQ(Set({"-nl"}).status, 0);
  EXPECT_EQ(Set({"nl"}).status, 0);
  EXPECT_EQ(Settings().c_oflag & ONLCR, 0U);
  EXPECT_EQ(Set({"cbreak"}).status, 0);
  EXPECT_EQ(Settings().c_lflag & ICANON, 0U);
  EXPECT_EQ(Set({"sane", "lcase"}).status, 0);
  EXPECT_EQ(Settings().c_oflag & OLCUC, 0U + OLCUC);
  EXPECT_EQ(Set({"-LCASE", "intr", "x", "erase", "y", "dec"}).status, 0);
  EXPECT_EQ(Settings().c_cc[VINTR], 3);
  EXPECT_EQ(Settings().c_cc[VERASE], 0x7f);
}

TEST_F(SttyTest, Characters) {
  const auto set = [&](const std::string& value) {
    EXPECT_EQ(Set({"intr", value}).status, 0) << value;
    return static_cast<int>(Settings().c_cc[VINTR]);
  };
  EXPECT_EQ(set("^X"), 'X' & 0x1f);
  EXPECT_EQ(set("^x"), 'X' & 0x1f);
  EXPECT_EQ(set("^?"), 0x7f);
  EXPECT_EQ(set("x"), 'x');
  EXPECT_EQ(set("7"), '7') << "one character is itself";
  EXPECT_EQ(set("17"), 17);
  EXPECT_EQ(set("0x11"), 17);
  EXPECT_EQ(set("021"), 17);
  EXPECT_EQ(set("^-"), 0);
  EXPECT_EQ(set("255"), 255);
  EXPECT_EQ(set("undef"), 0);
  EXPECT_EQ(Set({"intr", "256"}).errors,
            "stty: 256: invalid integer argument: Numerical result out of range\n");
  EXPECT_EQ(Set({"intr", "abc"}).errors, "stty: abc: invalid integer argument\n");
  EXPECT_EQ(Set({"min", "18446744073709551616"}).status, 1);
}

TEST_F(SttyTest, SpeedsAndSizes) {
  EXPECT_EQ(Set({"19200"}).status, 0);
  EXPECT_EQ(Set({"speed"}).output, "19200\n");
  EXPECT_EQ(Set({"exta", "speed"}).output, "19200\n");
  EXPECT_EQ(Set({"ispeed", "9600", "ospeed", "9600", "drain", "-drain"}).errors, "");
  EXPECT_EQ(Set({"speed"}).output, "9600\n");
  EXPECT_EQ(Set({"4000000"}).status, 0);
  EXPECT_EQ(::cfgetospeed(std::vector<termios>{Settings()}.data()), 0U + B4000000);
  EXPECT_THAT(Set({"12345"}).errors, StartsWith("stty: 12345: invalid argument\n"));
  EXPECT_EQ(Set({"size"}).output, "24 80\n");
  EXPECT_EQ(
      Set({"cols", "80", "rows", "10", "size", "cols", "20", "size", "columns", "65535"}).output,
      "10 80\n10 20\n");
  EXPECT_EQ(Set({"size"}).output, "10 65535\n");
  EXPECT_EQ(Set({"rows", "65536"}).errors,
            "stty: 65536: invalid integer argument: Numerical result out of range\n");
  EXPECT_EQ(Set({"rows", "-1"}).status, 1);
}

TEST_F(SttyTest, NothingIsDoneWhenSomethingIsWrong) {
  const termios before = Settings();
  for (const char* const wrong : {"foo", "-foo", "-sane", "-rows", "rows", "", "-", "-cs8"}) {
    const Outcome outcome = Set({"raw", "rows", "5", wrong});
    EXPECT_EQ(outcome.status, 1) << wrong;
    EXPECT_NE(outcome.errors, "") << wrong;
    EXPECT_EQ(outcome.output, "");
  }
  const termios after = Settings();
  EXPECT_EQ(::memcmp(&before, &after, sizeof(after)), 0);
  EXPECT_EQ(Set({"size"}).output, "24 80\n");
  EXPECT_THAT(Set({"intr"}).errors, StartsWith("stty: intr: missing argument\n"));
}

TEST_F(SttyTest, WhatCannotBeDoneIsSaid) {
  // A pseudo-terminal has no parity.
  EXPECT_EQ(Set({"parenb"}).errors,
            "stty: " + name_ + ": unable to perform all requested operations\n");
}

TEST_F(SttyTest, WrongUse) {
  EXPECT_EQ(Run({}).errors, "stty: 'standard input': Inappropriate ioctl for device\n");
  EXPECT_EQ(Run({"-F", "/dev/null"}).errors, "stty: /dev/null: Inappropriate ioctl for device\n");
  EXPECT_EQ(Run({"-F", "missing"}).errors, "stty: missing: No such file or directory\n");
  EXPECT_THAT(Set({"-a", "-g"}).errors, HasSubstr("exclude each other"));
  EXPECT_EQ(Set({"-a", "sane"}).status, 1);
  EXPECT_EQ(Set({"sane", "-g"}).status, 1);
  EXPECT_EQ(Run({"-F"}).status, 1);
}

TEST_F(SttyTest, EveryFault) {
  EXPECT_GT(ForEachFault(
                {"-F", name_, "-echo", "rows", "24"}, "", [] {},
                [](const FaultOutcome& fault) {
                  if (fault.call.call == sys::fault::Call::kClose) return;
                  EXPECT_EQ(fault.outcome.status, 1);
                  EXPECT_THAT(fault.outcome.errors, StartsWith("stty: "));
                }),
            5U);
}

}  // namespace
}  // namespace cation::testing
