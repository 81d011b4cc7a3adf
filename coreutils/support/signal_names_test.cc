// SPDX-License-Identifier: MIT
#include "coreutils/support/signal_names.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <string.h>

#include <string>

namespace cation {
namespace {

TEST(SignalNamesTest, AsTheSystemCallsThem) {
  for (int signal = 1; signal <= 31; ++signal) {
    const StringView name = NameOfSignal(signal);
    EXPECT_EQ(std::string(name.data(), name.size()), ::sigabbrev_np(signal)) << signal;
    EXPECT_EQ(FindSignal(name), signal);
  }
  for (const int none : {-1, 0, 32, 64, 65, 1000}) EXPECT_TRUE(NameOfSignal(none).empty()) << none;
}

TEST(SignalNamesTest, InEveryWayTheyAreWritten) {
  EXPECT_EQ(FindSignal("TERM"), SIGTERM);
  EXPECT_EQ(FindSignal("sigTerm"), SIGTERM);
  EXPECT_EQ(FindSignal("15"), SIGTERM);
  EXPECT_EQ(FindSignal("64"), 64);
  for (const char* const none : {"", "0", "65", "99999999999999999999", "SIG", "TER", "TERMX",
                                 "15x", "-1", " 15", "SIG15", "HUP INT"})
    EXPECT_EQ(FindSignal(none), 0) << none;
}

}  // namespace
}  // namespace cation
