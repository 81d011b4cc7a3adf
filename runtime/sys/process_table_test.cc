// SPDX-License-Identifier: MIT
#include "runtime/sys/process_table.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace cation::sys {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr uint64_t kMiB = uint64_t{1} << 20;

std::string Text(StringView text) { return {text.data(), text.size()}; }

// In three ages of the kernel.
constexpr char kFebruary[] =
    "PID   EUID  EGID  STAT  CPU   AFFINITY   TIME        MEM     NAME\n"
    "0     0     0     KR+   #0               00:00:09.00 0 B     [kmain]\n"
    "1     0     0     UB    #0               00:00:00.12 1 MB    /scheme/initfs/bin/init\n"
    "21    1000  1001  UB    #1               00:01:02.50 12 MB   /usr/bin/two words\n"
    "21    1000  1001  UR+   #0               01:00:00.25 11 MB   /usr/bin/two words\n"
    "22    0     0     UZ    ?                00:00:00.00 512 B   gone\n";
constexpr char kJanuary[] =
    "PID   EUID  EGID  ENS   STAT  CPU   AFFINITY   TIME        MEM     NAME\n"
    "7     1     2     3     US    #0    0-3        100:00:00.01 2 GB    ion\n";
constexpr char kApril[] =
    "PID   EUID  EGID  STAT  CPU   AFFINITY   TIME        PRIVATE SHARED  NAME\n"
    "7     1     2     UB    #0               00:00:00.99 1.50 MB 12.5 KB ion\n"
    "8     1     2     UB    #0               00:00:00.99 1.50 MB 123 KB  ion\n";

TEST(ProcessTableTest, RowByRow) {
  const StringView table = kFebruary;
  size_t next = 0;
  ProcessStatus status;
  ASSERT_TRUE(TakeContext(table, next, status));
  EXPECT_EQ(status.id, 0);
  EXPECT_EQ(status.state, 'R');
  EXPECT_EQ(Text(status.state_text), "KR+");
  ASSERT_TRUE(TakeContext(table, next, status));
  EXPECT_EQ(status.id, 1);
  EXPECT_EQ(status.user, 0U);
  EXPECT_EQ(status.state, 'S');
  EXPECT_EQ(status.processor_time, kSecond * 12 / 100);
  EXPECT_EQ(status.memory, kMiB);
  EXPECT_EQ(Text(status.name), "/scheme/initfs/bin/init");
  EXPECT_FALSE(status.name_may_be_cut);
  ASSERT_TRUE(TakeContext(table, next, status));
  EXPECT_EQ(status.user, 1000U);
  EXPECT_EQ(status.user_group, 1001U);
  EXPECT_EQ(status.processor_time, 62'500'000'000);
  EXPECT_EQ(Text(status.name), "/usr/bin/two words");
  EXPECT_EQ(status.parent, kNoProcess);
  EXPECT_EQ(status.terminal, ProcessStatus::kUnknown);
  ASSERT_TRUE(TakeContext(table, next, status));
  ASSERT_TRUE(TakeContext(table, next, status));
  EXPECT_EQ(status.state, 'Z');
  EXPECT_EQ(status.memory, 512U);
  EXPECT_FALSE(TakeContext(table, next, status));
}

TEST(ProcessTableTest, ThreadsOfAProcessAreOne) {
  const StringView table = kFebruary;
  size_t next = 0;
  ProcessStatus status;
  std::vector<Process> ids;
  while (TakeProcess(table, next, status)) {
    ids.push_back(status.id);
    if (status.id != 21) continue;
    EXPECT_EQ(status.threads, 2U);
    EXPECT_EQ(status.processor_time, (3600 + 62) * kSecond + 750'000'000);
    EXPECT_EQ(status.memory, 12 * kMiB);
    EXPECT_EQ(status.state, 'R');
    EXPECT_EQ(Text(status.state_text), "UR+");
  }
  EXPECT_EQ(ids, (std::vector<Process>{0, 1, 21, 22}));
}

TEST(ProcessTableTest, OtherAges) {
  size_t next = 0;
  ProcessStatus status;
  ASSERT_TRUE(TakeContext(kJanuary, next, status));
  EXPECT_EQ(status.id, 7);
  EXPECT_EQ(status.user, 1U);
  EXPECT_EQ(status.user_group, 2U);
  EXPECT_EQ(Text(status.state_text), "US");
  EXPECT_EQ(status.processor_time, 360'000 * kSecond + 10'000'000);
  EXPECT_EQ(status.memory, 2048 * kMiB);
  EXPECT_EQ(Text(status.name), "ion");
  next = 0;
  std::vector<Process> ids;
  while (TakeContext(kApril, next, status)) {
    ids.push_back(status.id);
    if (status.id == 8) {
      EXPECT_NEAR(static_cast<double>(status.memory), kMiB * 3 / 2 + 123 * 1024, 8);
      EXPECT_EQ(Text(status.name), "ion");
    }
  }
  EXPECT_EQ(ids, (std::vector<Process>{7, 8}));
}

TEST(ProcessTableTest, NumbersThatFillTheirColumns) {
  const std::string header = "PID   EUID  EGID  STAT  CPU   AFFINITY   TIME        MEM     NAME\n";
  const auto parse = [&](const std::string& row) {
    const std::string table = header + row + "\n";
    size_t next = 0;
    ProcessStatus status;
    EXPECT_TRUE(TakeContext({table.data(), table.size()}, next, status)) << row;
    return std::vector<int64_t>{status.id, status.user, status.user_group};
  };
  const std::string rest = "UB    #0               00:00:00.12 1 MB    x";
  using Numbers = std::vector<int64_t>;
  EXPECT_EQ(parse("99999 0     0     " + rest), (Numbers{99999, 0, 0}));
  EXPECT_EQ(parse("1000000     0     " + rest), (Numbers{100000, 0, 0}));
  EXPECT_EQ(parse("1234561000  1000  " + rest), (Numbers{123456, 1000, 1000}));
  EXPECT_EQ(parse("12345671000  1000  " + rest), (Numbers{1234567, 1000, 1000}));
  EXPECT_EQ(parse("12    1000001000  " + rest), (Numbers{12, 100000, 1000}));
  EXPECT_EQ(parse("12    0     123456" + rest), (Numbers{12, 0, 123456}));
}

TEST(ProcessTableTest, WhatIsNotUnderstoodIsPassedOver) {
  const std::string table = std::string(kFebruary) +
                            "\n"
                            "x     0     0     UB    #0               00:00:00.12 1 MB    x\n"
                            "30    0     0     UB    #0               00:00       1 MB    x\n"
                            "31    0     0     UB    #0               00:00:00.12 1 XB    x\n"
                            "32    0     0\n"
                            "33    0     0     UB    #0               00:00:00.12 1 MB    last";
  size_t next = 0;
  ProcessStatus status;
  Process last = 0;
  while (TakeContext({table.data(), table.size()}, next, status)) last = status.id;
  EXPECT_EQ(last, 33);
  EXPECT_EQ(Text(status.name), "last");
  for (const char* const wrong :
       {"", "\n", "PID EUID EGID TIME MEM NAME\n1 2 3\n", "NAME STAT\nx"}) {
    next = 0;
    EXPECT_FALSE(TakeContext(wrong, next, status)) << wrong;
  }
  // Cut at any place, it ends.
  for (size_t size = 0; size <= table.size(); ++size) {
    next = 0;
    while (TakeProcess({table.data(), size}, next, status)) {
    }
  }
}

TEST(ProcessTableTest, LongNamesMayBeCut) {
  const std::string name = "/usr/bin/a-program-of-a-long-nam";
  ASSERT_EQ(name.size(), 32U);
  const std::string table =
      "PID   EUID  EGID  STAT  CPU   AFFINITY   TIME        MEM     NAME\n"
      "33    0     0     UB    #0               00:00:00.12 1 MB    " +
      name + "\n";
  size_t next = 0;
  ProcessStatus status;
  ASSERT_TRUE(TakeContext({table.data(), table.size()}, next, status));
  EXPECT_TRUE(status.name_may_be_cut);
}

TEST(ProcessTableTest, WhatTheProcessManagerKnows) {
  for (const StringView table :
       {StringView(
            "PID   PGID  PPID  SID   RUID  RGID  RNS   EUID  EGID  ENS   NTHRD STATUS  NAME\n"
            "1     1     1     1     0     0     2     0     0     2     1     R       init\n"
            "21    20    1     19    1000  1001  2     0     0     2     2     S       a b\n"),
        StringView("PID   PGID  PPID  SID   RUID  RGID  EUID  EGID  NTHRD STATUS  NAME\n"
                   "21    20    1     19    1000  1001  0     0     2     S       a b\n")}) {
    ProcessStatus status;
    status.id = 21;
    AddFromProcessManager(table, status);
    EXPECT_EQ(status.parent, 1);
    EXPECT_EQ(status.group, 20);
    EXPECT_EQ(status.session, 19);
    EXPECT_EQ(status.real_user, 1000U);
    EXPECT_EQ(status.real_group, 1001U);
    EXPECT_EQ(status.state, 'T');
    ProcessStatus other;
    other.id = 22;
    AddFromProcessManager(table, other);
    EXPECT_EQ(other.parent, kNoProcess);
  }
}

TEST(ProcessReaderTest, FindsThisProcess) {
  ProcessReader reader;
  ASSERT_TRUE(reader.Start(ProcessReader::kArguments | ProcessReader::kOwners).ok());
  const auto found = reader.Find(::getpid());
  ASSERT_TRUE(found.ok() && found.value() != nullptr);
  const ProcessStatus& status = *found.value();
  EXPECT_EQ(status.id, ::getpid());
  EXPECT_EQ(status.parent, ::getppid());
  EXPECT_EQ(status.group, ::getpgid(0));
  EXPECT_EQ(status.session, ::getsid(0));
  EXPECT_EQ(status.user, ::geteuid());
  EXPECT_EQ(status.user_group, ::getegid());
  EXPECT_EQ(status.real_user, ::getuid());
  EXPECT_EQ(status.state, 'R');
  EXPECT_EQ(status.threads, 1U);
  EXPECT_GT(status.memory, 4096U);
  EXPECT_LT(status.memory, status.address_space);
  EXPECT_GE(status.processor_time, 0);
  EXPECT_EQ(status.nice, ::getpriority(PRIO_PROCESS, 0));
  EXPECT_NE(Text(status.arguments).find("process_table_test"), std::string::npos);
  EXPECT_EQ(Text(status.name), std::string("process_table_test").substr(0, 15));
  EXPECT_TRUE(status.name_may_be_cut);
  String program;
  ASSERT_TRUE(ProcessReader::AppendProgram(status, program).ok());
  EXPECT_TRUE(program.view().EndsWith("/process_table_test"));
  const auto none = reader.Find(INT32_MAX);
  EXPECT_TRUE(none.ok() && none.value() == nullptr);
}

TEST(ProcessReaderTest, ListsThisProcessOnce) {
  for (const unsigned wanted : {ProcessReader::kProcesses, ProcessReader::kThreads}) {
    ProcessReader reader;
    ASSERT_TRUE(reader.Start(wanted).ok());
    int count = 0;
    for (;;) {
      const auto next = reader.Next();
      ASSERT_TRUE(next.ok());
      if (next.value() == nullptr) break;
      if (next.value()->id == ::getpid()) ++count;
    }
    EXPECT_EQ(count, 1);
  }
}

}  // namespace
}  // namespace cation::sys
