// SPDX-License-Identifier: MIT
#include "runtime/sys/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <thread>

#include "runtime/sys/fault/fault.h"

namespace cation::sys {
namespace {

class TerminalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    ASSERT_GE(master_, 0);
    ASSERT_EQ(::grantpt(master_), 0);
    ASSERT_EQ(::unlockpt(master_), 0);
    terminal_ = ::open(::ptsname(master_), O_RDWR | O_NOCTTY | O_CLOEXEC);
    ASSERT_GE(terminal_, 0);
  }
  void TearDown() override {
    fault::End();
    (void)::close(terminal_);
    (void)::close(master_);
  }

  int master_ = -1;
  int terminal_ = -1;
};

TEST_F(TerminalTest, SettingsAreTheSystems) {
  termios system{};
  ASSERT_EQ(::tcgetattr(terminal_, &system), 0);
  TerminalSettings settings = SettingsOf(terminal_).value();
  EXPECT_EQ(settings.input, system.c_iflag);
  EXPECT_EQ(settings.output, system.c_oflag);
  EXPECT_EQ(settings.local, system.c_lflag);
  EXPECT_EQ(settings.output_speed, 38400U);
  EXPECT_EQ(settings.input_speed, 38400U);
  EXPECT_EQ(settings.characters[kTerminal.characters.intr], system.c_cc[VINTR]);
  EXPECT_EQ(settings.characters[kTerminal.characters.min], system.c_cc[VMIN]);

  settings.local &= ~kTerminal.local.echo;
  settings.characters[kTerminal.characters.erase] = 8;
  settings.output_speed = settings.input_speed = 115200;
  ASSERT_TRUE(SetSettings(terminal_, settings, ApplySettings::kAfterOutput).ok());
  ASSERT_EQ(::tcgetattr(terminal_, &system), 0);
  EXPECT_EQ(system.c_lflag & ECHO, 0U);
  EXPECT_EQ(system.c_cc[VERASE], 8);
  EXPECT_EQ(::cfgetospeed(&system), 0U + B115200);
  EXPECT_EQ(SettingsOf(terminal_).value().output_speed, 115200U);
}

TEST_F(TerminalTest, EverySpeedIsThatOfTheSystem) {
  constexpr speed_t kSystem[] = {B50,      B75,      B110,     B134,     B150,     B200,
                                 B300,     B600,     B1200,    B1800,    B2400,    B4800,
                                 B9600,    B19200,   B38400,   B57600,   B115200,  B230400,
                                 B460800,  B500000,  B576000,  B921600,  B1000000, B1152000,
                                 B1500000, B2000000, B2500000, B3000000, B3500000, B4000000};
  TerminalSettings settings = SettingsOf(terminal_).value();
  size_t next = 0;
  for (const uint32_t speed : kTerminalSpeeds) {
    if (speed == 0) continue;
    settings.output_speed = settings.input_speed = speed;
    ASSERT_TRUE(SetSettings(terminal_, settings, ApplySettings::kNow).ok());
    termios system{};
    ASSERT_EQ(::tcgetattr(terminal_, &system), 0);
    EXPECT_EQ(::cfgetospeed(&system), kSystem[next++]) << speed;
    EXPECT_EQ(SettingsOf(terminal_).value().output_speed, speed);
  }
  settings.output_speed = 12345;
  EXPECT_TRUE(SetSettings(terminal_, settings, ApplySettings::kNow).error() == abi::kEINVAL);
}

TEST_F(TerminalTest, Sizes) {
  ASSERT_TRUE(SetSize(terminal_, {30, 100}).ok());
  EXPECT_EQ(SizeOf(terminal_).value().rows, 30U);
  EXPECT_EQ(SizeOf(terminal_).value().columns, 100U);
  EXPECT_EQ(TerminalColumns(terminal_), 100U);
}

TEST_F(TerminalTest, WhatIsNoTerminal) {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  EXPECT_TRUE(SettingsOf(null).error() == abi::kENOTTY);
  EXPECT_TRUE(SetSettings(null, {}, ApplySettings::kNow).error() == abi::kENOTTY);
  EXPECT_TRUE(SizeOf(null).error() == abi::kENOTTY);
  EXPECT_TRUE(SetSize(null, {1, 1}).error() == abi::kENOTTY);
  (void)::close(null);
}

TEST_F(TerminalTest, Faults) {
  const TerminalSettings settings = SettingsOf(terminal_).value();
  fault::Begin({.call = 0, .error = EIO});
  EXPECT_TRUE(SettingsOf(terminal_).error() == abi::kEIO);
  fault::Begin({.call = 1, .error = EIO});
  EXPECT_TRUE(SetSettings(terminal_, settings, ApplySettings::kNow).error() == abi::kEIO);
  fault::Begin({.call = 1, .error = EINTR});
  EXPECT_TRUE(SetSettings(terminal_, settings, ApplySettings::kNow).ok()) << "once more";
}

TEST_F(TerminalTest, SignalsAreNotedAndEndTheWait) {
  ASSERT_TRUE(NoteSignal(SIGUSR1).ok());
  EXPECT_EQ(NotedSignals(), 0U);
  ASSERT_TRUE(SignalOwnProcess(SIGUSR1).ok());
  EXPECT_EQ(NotedSignals(), SignalBit(SIGUSR1));
  EXPECT_EQ(NotedSignals(), 0U) << "once";

  const pthread_t waiting = ::pthread_self();
  std::thread other([&] {
    ::usleep(200'000);
    (void)::pthread_kill(waiting, SIGUSR1);
  });
  char buffer[16];
  EXPECT_TRUE(ReadOrNotice(terminal_, buffer).error() == abi::kEINTR);
  other.join();
  EXPECT_EQ(NotedSignals(), SignalBit(SIGUSR1));
  ASSERT_TRUE(SetSignalAction(SIGUSR1, SignalAction::kDefault).ok());
}

}  // namespace
}  // namespace cation::sys
