// SPDX-License-Identifier: MIT
#include "coreutils/support/signal_text.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <string>

namespace cation {
namespace {

std::string Name(int signal) {
  const SignalName name(signal);
  return {name.view().data(), name.view().size()};
}

TEST(SignalTextTest, Names) {
  EXPECT_EQ(ParseSignal("TERM"), SIGTERM);
  EXPECT_EQ(ParseSignal("term"), SIGTERM);
  EXPECT_EQ(ParseSignal("SIGTERM"), SIGTERM);
  EXPECT_EQ(ParseSignal("SigTerm"), SIGTERM);
  EXPECT_EQ(ParseSignal("EXIT"), 0);
  EXPECT_EQ(ParseSignal("IOT"), SIGABRT);
  EXPECT_EQ(ParseSignal("cld"), SIGCHLD);
  EXPECT_EQ(ParseSignal("IO"), SIGPOLL);
  EXPECT_EQ(ParseSignal("RTMIN"), 34);
  EXPECT_EQ(ParseSignal("sigrtmin+3"), 37);
  EXPECT_EQ(ParseSignal("RTMAX"), 64);
  EXPECT_EQ(ParseSignal("RTMAX-14"), 50);
  EXPECT_EQ(ParseSignal("RTMAX-30"), 34);
  for (const char* const wrong :
       {"",         "SIG",    "SIGSIG",  "SIGSIGTERM", "TER",
        "TERMX",    "SIG15",  "SIG9",    "RTMIN-1",    "RTMAX+1",
        "RTMIN+31", "RTMIN+", "RTMIN+x", "RTMINX",     "RTMIN+99999999999999999999",
        " TERM",    "-1",     "+9",      "?",          "NULL"})
    EXPECT_EQ(ParseSignal(wrong), kNoSignal) << wrong;
}

TEST(SignalTextTest, NumbersAndStatuses) {
  EXPECT_EQ(ParseSignal("0"), 0);
  EXPECT_EQ(ParseSignal("15"), 15);
  EXPECT_EQ(ParseSignal("0015"), 15);
  EXPECT_EQ(ParseSignal("64"), 64);
  EXPECT_EQ(ParseSignal("143"), 15);
  EXPECT_EQ(ParseSignal("271"), 15);
  EXPECT_EQ(ParseSignal("128"), 0);
  for (const char* const wrong : {"65", "127", "193", "1x", "0x9", "15 ", "1.5", "2147483648",
                                  "18446744073709551631", "99999999999999999999999"})
    EXPECT_EQ(ParseSignal(wrong), kNoSignal) << wrong;
}

TEST(SignalTextTest, EachNameMeansItsSignal) {
  for (int signal = 0; signal <= kMostSignals; ++signal) {
    const std::string name = Name(signal);
    EXPECT_EQ(name.empty(), signal == 32 || signal == 33) << signal;
    if (!name.empty()) EXPECT_EQ(ParseSignal(name.c_str()), signal) << name;
  }
  EXPECT_EQ(Name(0), "EXIT");
  EXPECT_EQ(Name(9), "KILL");
  EXPECT_EQ(Name(34), "RTMIN");
  EXPECT_EQ(Name(49), "RTMIN+15");
  EXPECT_EQ(Name(50), "RTMAX-14");
  EXPECT_EQ(Name(64), "RTMAX");
}

}  // namespace
}  // namespace cation
