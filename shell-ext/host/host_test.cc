// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;

constexpr char kHint[] = "Try 'host --help' for more information.\n";

// A program for no machine in particular that would run: one segment, and an entry.
std::string Program(std::size_t size = 5000) {
  std::string bytes(size, 'p');
  const auto put = [&](std::size_t offset, std::uint64_t value, std::size_t length) {
    std::memcpy(&bytes[offset], &value, length);
  };
  std::memset(bytes.data(), 0, 64 + 56);
  std::memcpy(bytes.data(),
              "\x7f"
              "ELF\2\1\1",
              7);
  put(16, 2, 2);   // ET_EXEC
  put(18, 62, 2);  // x86_64
  put(24, 0x401000, 8);
  put(32, 64, 8);
  put(54, 56, 2);
  put(56, 1, 2);
  put(64, 1, 4);  // PT_LOAD
  put(80, 0x400000, 8);
  put(96, 4096, 8);
  put(104, 4096, 8);
  return bytes;
}
// What a shared library is: an ET_DYN without an entry and a run-time linker.
std::string Library() {
  std::string bytes = Program();
  bytes[16] = 3;
  std::memset(&bytes[24], 0, 8);
  return bytes;
}
std::string Cut() { return Program().substr(0, 1000); }

class HostTest : public UtilityTestCase {
 protected:
  HostTest() : UtilityTestCase("host") {
    environment = {{"CATION_HOST_SHARE", "share"}};
    excused = [this](const FaultOutcome& fault) {
      switch (fault.call.call) {
        // Signals are then as they were; that something is not there, or is other than it is, is
        // made the best of; what was only read may be closed as it likes.
        case fault::Call::kSignalAction:
        case fault::Call::kBlockSignals:
        case fault::Call::kStatusAt:
        case fault::Call::kClose:
          return fault.outcome.status == 0;
        // A share keeps no times.
        case fault::Call::kSetTimes:
          return puts && fault.outcome.status == 0;
        // It went between two calls.
        case fault::Call::kOpen:
          return fault.error == ENOENT && fault.outcome.status == 0;
        default:
          return false;
      }
    };
  }
  void SetUp() override {
    UtilityTestCase::SetUp();
    MakeDirectory("share");
    MakeDirectory("to");
  }
  void Share(const std::string& name, const std::string& content, time_t seconds = 1000) {
    WriteFile("share/" + name, content);
    SetTime("share/" + name, seconds);
  }
  // One round, and a second one where something is to be done.
  Outcome Once(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"watch", ".", "-o", "-i", ".001", "-t", "to"});
    return Run(arguments);
  }
  // As Run(); `hook` is what happens before each call. What would end the process is only noted.
  Outcome RunAlong(const std::vector<std::string>& arguments,
                   const std::function<int(const fault::TracedCall&)>& hook) {
    ended_by_ = 0;
    fault::SetHook([&, this](std::size_t, const fault::TracedCall& call) {
      if (call.call == fault::Call::kSendSignal) {
        ++ended_by_;
        return EPERM;
      }
      return hook(call);
    });
    const Outcome outcome = Run(arguments);
    fault::End();
    return outcome;
  }
  static time_t Modified(const std::string& path) { return Lstat(path).st_mtime; }
  int ended_by_ = 0;
  bool puts = false;  // this test
};

// ---- status
TEST_F(HostTest, SaysWhereTheShareIs) {
  EXPECT_EQ(Run({}).output, "share\n");
  EXPECT_EQ(Run({"status"}).output, "share\n");
  MakeDirectory("other");
  EXPECT_EQ(Run({"-s", "other"}).output, "other\n");
  EXPECT_EQ(Run({"status", "--share=other"}).output, "other\n");
}

TEST_F(HostTest, NoShare) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"-s", "no"},
                                                    {"-s", "no", "get", "a"},
                                                    {"-s", "no", "put", "to"},
                                                    {"-s", "no", "watch", "."}}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.errors,
              "host: no: the host shares no folder here: No such file or directory\n");
  }
  WriteFile("file", "");
  EXPECT_EQ(Run({"-s", "file"}).errors,
            "host: file: the host shares no folder here: Not a directory\n");
  environment.clear();
  EXPECT_EQ(Run({}).errors,
            "host: /scheme/9p.hostshare: the host shares no folder here: No such "
            "file or directory\n");
  environment["CATION_HOST_SHARE"] = "";
  EXPECT_THAT(Run({}).errors, StartsWith("host: /scheme/9p.hostshare: "));
}

TEST_F(HostTest, WrongUse) {
  const std::pair<std::vector<std::string>, std::string> cases[] = {
      {{"put"}, "put: missing operand"},
      {{"get"}, "get: missing operand"},
      {{"watch"}, "watch: missing operand"},
      {{"watch", "a", "b"}, "watch: too many operands"},
      {{"status", "a"}, "status: too many operands"},
      {{"fetch", "a"}, "fetch: is none of status, get, put and watch"},
      {{"get", "-o", "a"}, "get: -f, -i, -n, -o and -w are for watch"},
      {{"put", "--wait", "a"}, "put: -f, -i, -n, -o and -w are for watch"},
      {{"-n"}, "status: -f, -i, -n, -o and -w are for watch"},
      {{"-v"}, "status: -t and -v say how it copies"},
      {{"-t", "to"}, "status: -t and -v say how it copies"},
      {{"watch", "-v", "."}, "watch: -t and -v say how it copies"},
      {{"watch", "-i", "0", "."}, "0: invalid time interval"},
      {{"watch", "-i", "-1", "."}, "-1: invalid time interval"},
      {{"watch", "-i", "", "."}, "'': invalid time interval"},
      {{"watch", "--interval=x", "."}, "x: invalid time interval"},
  };
  for (const auto& [arguments, reason] : cases) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.errors, "host: " + reason + "\n" + kHint);
  }
}

TEST_F(HostTest, NamesOnTheShare) {
  Share("a", "a");
  MakeDirectory("share/d");
  WriteFile("outside", "");
  WriteFile("share2", "");
  environment["CATION_HOST_SHARE"] = folder() + "/share";
  const std::string good[] = {
      "a", "./a", "d/../a", ".//a", folder() + "/share/a", folder() + "/share//a"};
  for (const std::string& name : good) {
    const Outcome outcome = Run({"get", "-t", "to", "--", name});
    EXPECT_EQ(outcome.status, 0) << name << outcome.errors;
    EXPECT_EQ(ReadFile("to/a"), "a") << name;
    std::filesystem::remove("to/a");
  }
  const std::pair<std::string, std::string> bad[] = {
      {"..", "leads out of the share"},
      {"../outside", "leads out of the share"},
      {"d/../../outside", "leads out of the share"},
      {"./../share/a", "leads out of the share"},
      {folder() + "/share/../outside", "leads out of the share"},
      {folder() + "/share2", "is not on the share"},
      {folder() + "/outside", "is not on the share"},
      {"/", "is not on the share"},
      {"", "No such file or directory"},
  };
  for (const auto& [name, reason] : bad) {
    const Outcome outcome = Run({"get", "-t", "to", name});
    EXPECT_EQ(outcome.status, 1) << name;
    EXPECT_EQ(outcome.errors, "host: " + (name.empty() ? "''" : name) + ": " + reason + "\n");
    EXPECT_EQ(Run({"watch", "-o", name}).status, 1) << name;
    EXPECT_EQ(Run({"put", "-t", name, "outside"}).status, 1) << name;
  }
  EXPECT_EQ(Tree("to"), "");
}

// ---- get
TEST_F(HostTest, GetsFiles) {
  Share("a", "content of a\n");
  Share("empty", "");
  Share("large", std::string(3'000'000, 'x') + "end", 2'000'000'000);
  const Outcome outcome = Run({"get", "a", "large", "empty", "-t", "to"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "");
  EXPECT_EQ(ReadFile("to/a"), "content of a\n");
  EXPECT_EQ(ReadFile("to/large"), ReadFile("share/large"));
  EXPECT_EQ(ReadFile("to/empty"), "");
  EXPECT_EQ(Modified("to/a"), 1000);
  EXPECT_EQ(Modified("to/large"), 2'000'000'000);
  EXPECT_EQ(Permissions("to/a"), 0644U);
  EXPECT_EQ(Run({"get", "a"}).status, 0);
  EXPECT_EQ(ReadFile("a"), "content of a\n");
}

TEST_F(HostTest, ProgramsAndScriptsMayBeExecuted) {
  Share("program", Program());
  Share("cut",
        "\x7f"
        "ELF");
  Share("script", "#!/bin/sh\n");
  Share("text", " #!/bin/sh\n");
  Share("hash", "#");
  ::chmod("share/text", 0777);
  EXPECT_EQ(Run({"get", "-t", "to", "program", "cut", "script", "text", "hash"}).status, 0);
  EXPECT_EQ(Permissions("to/program"), 0755U);
  EXPECT_EQ(Permissions("to/cut"), 0755U);
  EXPECT_EQ(Permissions("to/script"), 0755U);
  EXPECT_EQ(Permissions("to/text"), 0644U) << "a share has no modes";
  EXPECT_EQ(Permissions("to/hash"), 0644U);
  ::umask(077);
  std::filesystem::remove("to/program");
  EXPECT_EQ(Run({"get", "-t", "to", "program"}).status, 0);
  EXPECT_EQ(Permissions("to/program"), 0700U);
}

TEST_F(HostTest, GetsTrees) {
  MakeDirectory("share/d");
  MakeDirectory("share/d/sub");
  MakeDirectory("share/d/empty");
  Share("d/a", "a");
  Share("d/sub/b", "b");
  MakeLink("../a", "share/d/sub/link");
  MakeLink("nowhere", "share/link");
  SetTime("share/d/empty", 3000);
  SetTime("share/d", 4000);
  const Outcome outcome = Run({"get", "-v", "-t", "to", "d/", "link"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, HasSubstr("copied 'share/d/sub/b' -> 'to/d/sub/b'\n"));
  EXPECT_THAT(outcome.output, HasSubstr("copied 'share/link' -> 'to/link'\n"));
  EXPECT_EQ(Tree("to/d"), Tree("share/d"));
  EXPECT_EQ(LinkTarget("to/link"), "nowhere");
  EXPECT_EQ(Modified("to/d"), 4000);
  EXPECT_EQ(Modified("to/d/empty"), 3000);
  // Once more, over it; and the contents of the whole share.
  Share("d/a", "new");
  EXPECT_EQ(Run({"get", "--verbose", "--target-directory=to", "d"}).status, 0);
  EXPECT_EQ(ReadFile("to/d/a"), "new");
  MakeDirectory("all");
  EXPECT_EQ(Run({"get", "-t", "all", "."}).status, 0);
  EXPECT_EQ(Tree("all"), Tree("share"));
  MakeLink("all", "through");
  EXPECT_EQ(Run({"get", "-t", "through", "d/."}).status, 0);
  EXPECT_EQ(ReadFile("all/a"), "new");
}

TEST_F(HostTest, WhatIsReplacedKeepsItsMode) {
  Share("a", "#!new");
  WriteFile("to/a", "old");
  ASSERT_EQ(::chmod("to/a", 04750), 0);
  ASSERT_EQ(::link("to/a", "other"), 0);
  EXPECT_EQ(Run({"get", "-t", "to", "a"}).status, 0);
  EXPECT_EQ(ReadFile("to/a"), "#!new");
  EXPECT_EQ(Permissions("to/a"), 04750U);
  EXPECT_EQ(ReadFile("other"), "old") << "it was replaced, and not written to";
}

TEST_F(HostTest, LinksInTheWayAreReplaced) {
  Share("a", "new");
  WriteFile("precious", "precious");
  MakeLink("../precious", "to/a");
  EXPECT_EQ(Run({"get", "-t", "to", "a"}).status, 0);
  EXPECT_EQ(ReadFile("precious"), "precious");
  EXPECT_TRUE(S_ISREG(Lstat("to/a").st_mode));
  EXPECT_EQ(ReadFile("to/a"), "new");
}

TEST_F(HostTest, OtherKindsInTheWay) {
  Share("a", "a");
  Share("b", "b");
  MakeDirectory("share/d");
  Share("d/f", "f");
  MakeLink("b", "share/l");
  MakeDirectory("to/a");
  MakeDirectory("to/l");
  WriteFile("to/d", "old");
  const Outcome outcome = Run({"get", "-t", "to", "a", "d", "l", "b"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "host: to/a: is a directory or the like; will not replace it with a file\n"
            "host: to/d: is not a directory; will not replace it with one\n"
            "host: to/l: is a directory or the like; will not replace it with a file\n");
  EXPECT_EQ(ReadFile("to/d"), "old");
  EXPECT_EQ(ReadFile("to/b"), "b") << "the rest is copied";
  // A link to a directory is none.
  std::filesystem::remove("to/d");
  MakeDirectory("elsewhere");
  MakeLink("../elsewhere", "to/d");
  EXPECT_EQ(Run({"get", "-t", "to", "d"}).status, 1);
  EXPECT_EQ(Tree("elsewhere"), "");
}

TEST_F(HostTest, WhatIsNotThereAndWhatIsNoFile) {
  Share("a", "a");
  ASSERT_EQ(::mkfifo("share/fifo", 0644), 0);
  const Outcome outcome = Run({"get", "-t", "to", "no", "fifo", "a", "d/a"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "host: share/no: No such file or directory\n"
            "host: share/fifo: is no regular file; left out\n"
            "host: d/a: has the name of one before it; left out\n");
}

TEST_F(HostTest, OneNameTwice) {
  MakeDirectory("share/d");
  Share("a", "first");
  Share("d/a", "second");
  const Outcome outcome = Run({"get", "-t", "to", "a", "d/a"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "host: d/a: has the name of one before it; left out\n");
  EXPECT_EQ(ReadFile("to/a"), "first");
}

TEST_F(HostTest, ADirectoryIsNotCopiedIntoItself) {
  MakeDirectory("share/d");
  Share("d/a", "a");
  Outcome outcome = Run({"get", "-t", "share/d", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "host: share/d/d: is copied or installed into itself; left out\n");
  EXPECT_EQ(ReadFile("share/d/d/a"), "a");
  EXPECT_FALSE(Exists("share/d/d/d"));
  outcome = Run({"get", "-t", "share", "."});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(ReadFile("share/d/a"), "a");
}

TEST_F(HostTest, TargetsThatAreNone) {
  Share("a", "a");
  WriteFile("file", "");
  EXPECT_EQ(Run({"get", "-t", "no", "a"}).errors, "host: no: No such file or directory\n");
  EXPECT_EQ(Run({"get", "-t", "file", "a"}).errors, "host: file: Not a directory\n");
  EXPECT_EQ(Run({"put", "-t", "no", "file"}).errors, "host: share/no: No such file or directory\n");
  EXPECT_EQ(Run({"put", "-t", "a", "file"}).errors, "host: share/a: Not a directory\n");
  EXPECT_EQ(Run({"put", "--", ""}).errors, "host: '': No such file or directory\n");
}

// What became shorter since it was looked at, or cannot be read or written to its end, is not put
// in the place of what was there.
TEST_F(HostTest, NothingIsHalfWritten) {
  Share("a", std::string(300'000, 'n'));
  WriteFile("to/a", "old");
  int reads = 0;
  Outcome outcome = RunAlong({"get", "-t", "to", "a"}, [&](const fault::TracedCall& call) {
    if (call.call == fault::Call::kRead && ++reads == 2)
      EXPECT_EQ(::truncate("share/a", 150'000), 0);
    return 0;
  });
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "host: share/a: has ended before its end\n");
  EXPECT_EQ(ReadFile("to/a"), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator("to"), {}), 1);
}

TEST_F(HostTest, EveryFaultOfGet) {
  ForEachFault(
      {"get", "-t", "to", "a", "d"}, "",
      [this] {
        MakeDirectory("share");
        MakeDirectory("to");
        WriteFile("share/a", std::string(200'000, 'n'));
        MakeDirectory("share/d");
        WriteFile("share/d/b", "new");
        MakeLink("b", "share/d/l");
        WriteFile("to/a", "old", 0600);
        MakeDirectory("to/d");
        WriteFile("to/d/b", "old");
      },
      [](const FaultOutcome& fault) {
        const std::string a = ReadFile("to/a");
        const std::string b = ReadFile("to/d/b");
        EXPECT_TRUE(a == "old" || a == std::string(200'000, 'n')) << "half of it";
        EXPECT_TRUE(b == "old" || b == "new");
        if (fault.outcome.status == 0) {
          EXPECT_EQ(a.size(), 200'000U) << fault.call.detail << fault.error;
          EXPECT_EQ(b, "new") << fault.call.detail << fault.error;
        } else {
          EXPECT_THAT(fault.outcome.errors, StartsWith("host: "));
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator("to"))
          EXPECT_THAT(entry.path().filename().string(), ::testing::Not(StartsWith(".")));
      });
}

// ---- put
TEST_F(HostTest, PutsFilesAndTrees) {
  puts = true;
  WriteFile("program", Program(), 0755);
  MakeDirectory("d");
  WriteFile("d/a", "a", 0600);
  SetTime("d/a", 5000);
  MakeLink("a", "d/l");
  MakeDirectory("share/sub");
  Outcome outcome = Run({"put", "-v", "program", "d"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, HasSubstr("copied 'program' -> 'share/program'\n"));
  EXPECT_EQ(ReadFile("share/program"), Program());
  EXPECT_EQ(Permissions("share/program"), 0755U);
  EXPECT_EQ(Permissions("share/d/a"), 0600U);
  EXPECT_EQ(Modified("share/d/a"), 5000);
  EXPECT_EQ(LinkTarget("share/d/l"), "a");
  EXPECT_EQ(Run({"put", "-t", "sub", "d/a", "program"}).status, 0);
  EXPECT_EQ(ReadFile("share/sub/a"), "a");
  EXPECT_EQ(Run({"put", "-t", "sub", "program"}).status, 0) << "again";
  EXPECT_EQ(Run({"put", "no"}).errors, "host: no: No such file or directory\n");
}

TEST_F(HostTest, PutWhereNothingCanBeRenamed) {
  WriteFile("a", std::string(200'000, 'n'));
  WriteFile("share/a", "old");
  Outcome outcome = RunAlong({"put", "a"}, [](const fault::TracedCall& call) {
    return call.call == fault::Call::kRename ? EIO : 0;
  });
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(ReadFile("share/a"), std::string(200'000, 'n'));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator("share"), {}), 1);
  // And there is no room there either.
  bool renamed = false;
  outcome = RunAlong({"put", "a"}, [&](const fault::TracedCall& call) {
    if (call.call == fault::Call::kRename) {
      renamed = true;
      return EIO;
    }
    const bool moves =
        call.call == fault::Call::kWrite && call.detail.find("errors") == std::string::npos;
    static int writes = 0;
    return renamed && moves && ++writes == 1 ? ENOSPC : 0;
  });
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "host: share/a: No space left on device\n");
  EXPECT_EQ(Tree("share"), "") << "no half of it";
}

TEST_F(HostTest, EveryFaultOfPut) {
  ForEachFault(
      {"put", "a"}, "",
      [this] {
        MakeDirectory("share");
        WriteFile("a", "new");
        WriteFile("share/a", "old");
      },
      [](const FaultOutcome& fault) {
        const std::string now = ReadFile("share/a");
        EXPECT_TRUE(now == "old" || now == "new") << now;
        if (fault.outcome.status == 0) {
          EXPECT_EQ(now, "new") << fault.call.detail << fault.error;
        } else {
          EXPECT_THAT(fault.outcome.errors, StartsWith("host: "));
        }
        EXPECT_EQ(std::distance(std::filesystem::directory_iterator("share"), {}), 1);
      });
}

// ---- watch
TEST_F(HostTest, InstallsWhatIsThere) {
  Share("program", Program());
  Share("script", "#!/bin/sh\n");
  Share("text", "text");
  Share(".hidden", "");
  MakeDirectory("share/sub");
  MakeDirectory("share/sub/sub");
  MakeDirectory("share/.git");
  Share(".git/x", "x");
  Share("sub/sub/a", "a");
  const Outcome outcome = Once();
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, StartsWith("watching 'share'; installing into 'to'\n"));
  EXPECT_THAT(outcome.output, HasSubstr("installed 'share/program' -> 'to/program'\n"));
  EXPECT_THAT(outcome.output, HasSubstr("installed 'share/sub/sub/a' -> 'to/sub/sub/a'\n"));
  EXPECT_EQ(ReadFile("to/program"), Program());
  EXPECT_EQ(Permissions("to/program"), 0755U);
  EXPECT_EQ(Permissions("to/script"), 0755U);
  EXPECT_EQ(Permissions("to/text"), 0644U);
  EXPECT_EQ(Permissions("to/sub/sub"), 0755U);
  EXPECT_EQ(Modified("to/program"), 1000);
  EXPECT_FALSE(Exists("to/.hidden"));
  EXPECT_FALSE(Exists("to/.git"));
  // Nothing more is to be done; what vanishes stays.
  std::filesystem::remove("share/text");
  EXPECT_EQ(Once().output, "watching 'share'; installing into 'to'\n");
  EXPECT_TRUE(Exists("to/text"));
}

TEST_F(HostTest, InstallsHereUnlessToldWhere) {
  MakeDirectory("share/d");
  Share("d/a", "a");
  const Outcome outcome = Run({"watch", "--once", "--interval=0.001", "./d/"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, HasSubstr("installed 'share/d/a' -> './a'\n"));
  EXPECT_EQ(ReadFile("a"), "a");
}

TEST_F(HostTest, InstallsWhatDiffers) {
  fault_runs = false;  // EveryFaultOfWatch does it
  Share("a", "new");
  Share("b", "same");
  Share("c", "same");
  Share("d", "longer");
  Share("e", "none", 0);
  WriteFile("to/a", "old");
  WriteFile("to/b", "same");
  SetTime("to/b", 1000);
  WriteFile("to/c", "same");
  SetTime("to/c", 2000);
  WriteFile("to/d", "long");
  SetTime("to/d", 1000);
  WriteFile("to/e", "some");
  SetTime("to/e", 0);
  const auto inode = Lstat("to/c").st_ino;
  const Outcome outcome = Once();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output, HasSubstr("'to/a'\n"));
  EXPECT_THAT(outcome.output, HasSubstr("'to/d'\n"));
  EXPECT_THAT(outcome.output, HasSubstr("'to/e'\n"));
  EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), 4) << outcome.output;
  EXPECT_EQ(ReadFile("to/e"), "none");
  EXPECT_EQ(Lstat("to/c").st_ino, inode);
  EXPECT_EQ(Modified("to/c"), 1000) << "so that it need not be read again";
}

TEST_F(HostTest, ModeOfWhatIsThereStays) {
  Share("a", Program());
  WriteFile("to/a", "old");
  ASSERT_EQ(::chmod("to/a", 04711), 0);
  EXPECT_EQ(Once().status, 0);
  EXPECT_EQ(Permissions("to/a"), 04711U);
  EXPECT_EQ(ReadFile("to/a"), Program());
}

TEST_F(HostTest, ALinkIsReplacedAndNotWhatItLeadsTo) {
  Share("ls", Program());
  WriteFile("to/coreutils", "all of them");
  MakeLink("coreutils", "to/ls");
  EXPECT_EQ(Once().status, 0);
  EXPECT_EQ(ReadFile("to/coreutils"), "all of them");
  EXPECT_TRUE(S_ISREG(Lstat("to/ls").st_mode));
  EXPECT_EQ(Permissions("to/ls"), 0755U);
}

TEST_F(HostTest, WhatCannotRunIsLeftOut) {
  Share("cut", Cut());
  Share("libx.so", Library());
  Share("libx.so.1", Library());
  Share("noentry", Library());
  Share("program", Program());
  Outcome outcome = Once();
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, HasSubstr("host: share/cut: is cut or damaged; left out\n"));
  EXPECT_THAT(outcome.errors,
              HasSubstr("host: share/noentry: would not run here; left out: explain says why\n"));
  EXPECT_FALSE(Exists("to/cut"));
  EXPECT_FALSE(Exists("to/noentry"));
  EXPECT_TRUE(Exists("to/libx.so"));
  EXPECT_TRUE(Exists("to/libx.so.1"));
  EXPECT_TRUE(Exists("to/program"));
  outcome = Once({"--force"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(ReadFile("to/cut"), Cut());
  EXPECT_TRUE(Exists("to/noentry"));
  Share("more", Cut());
  EXPECT_EQ(Once({"-f"}).status, 0);
}

TEST_F(HostTest, LinksAndSpecialFilesAreLeftOut) {
  Share("a", "a");
  MakeLink("a", "share/l");
  ASSERT_EQ(::mkfifo("share/fifo", 0644), 0);
  const Outcome outcome = Once();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output, HasSubstr("left out 'share/l', which is no regular file\n"));
  EXPECT_THAT(outcome.output, HasSubstr("left out 'share/fifo', which is no regular file\n"));
  EXPECT_EQ(Tree("to"), "a: a\n");
}

TEST_F(HostTest, OnlySays) {
  Share("a", "a");
  MakeDirectory("share/d");
  Share("d/b", "b");
  for (const char* const option : {"-n", "--dry-run"}) {
    const Outcome outcome = Once({option});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.output, HasSubstr("would install 'share/a' -> 'to/a'\n"));
    EXPECT_THAT(outcome.output, HasSubstr("would install 'share/d/b' -> 'to/d/b'\n"));
    EXPECT_EQ(Tree("to"), "");
  }
}

TEST_F(HostTest, OtherKindsInTheWayOfAnInstallation) {
  Share("a", "a");
  MakeDirectory("share/d");
  Share("d/b", "b");
  MakeDirectory("to/a");
  WriteFile("to/d", "file");
  const Outcome outcome = Once();
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(
      outcome.errors,
      HasSubstr("host: to/a: is a directory or the like; will not replace it with a file\n"));
  EXPECT_THAT(outcome.errors, HasSubstr("host: to/d/b: Not a directory\n"));
  EXPECT_EQ(ReadFile("to/d"), "file");
}

TEST_F(HostTest, WhatCannotBeWatched) {
  Share("a", "a");
  MakeDirectory("share/d");
  EXPECT_EQ(Run({"watch", "-o", "no"}).errors, "host: share/no: No such file or directory\n");
  EXPECT_EQ(Run({"watch", "-o", "a"}).errors, "host: share/a: Not a directory\n");
  EXPECT_EQ(Run({"watch", "-o", "-t", "no", "."}).errors, "host: no: No such file or directory\n");
  EXPECT_EQ(Run({"watch", "-o", "-t", "share/a", "."}).errors, "host: share/a: Not a directory\n");
  const Outcome outcome = Run({"watch", "-o", "-t", "share/d", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "host: share/d: is copied or installed into itself; left out\n");
}

// What is below the target is not installed once more, and so on for ever.
TEST_F(HostTest, ATargetInWhatIsWatched) {
  Share("a", "a");
  MakeDirectory("share/to");
  EXPECT_EQ(Run({"watch", "-o", "-i", ".001", "-t", "share/to", "."}).status, 0);
  EXPECT_EQ(Run({"watch", "-o", "-i", ".001", "-t", "share/to", "."}).status, 0);
  EXPECT_EQ(Tree("share/to"), "a: a\n");
}

// Rounds: what happens between them is done by the hook, at the wait.
TEST_F(HostTest, WaitsUntilAFileIsStill) {
  Share("a", "1");
  int round = 0;
  const Outcome outcome =
      RunAlong({"watch", "-w", "-i", ".001", "-t", "to", "."}, [&](const fault::TracedCall& call) {
        if (call.call == fault::Call::kWaitForSignal && ++round < 5)
          Share("a", std::string(static_cast<std::size_t>(round) * 10, 'x'), 1000 + round);
        return 0;
      });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output,
            "watching 'share'; installing into 'to'\ninstalled 'share/a' -> 'to/a'\n");
  EXPECT_EQ(ReadFile("to/a"), std::string(40, 'x'));
  EXPECT_EQ(round, 5);
}

// As the condition of a loop: what else was wrong has been said.
TEST_F(HostTest, WaitsForAnInstallation) {
  Share("a", "a");
  Share("cut", Cut());
  Outcome outcome = RunAlong({"watch", "--wait", "-i", ".001", "-t", "to", "."},
                             [](const fault::TracedCall&) { return 0; });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors, "host: share/cut: is cut or damaged; left out\n");
  EXPECT_EQ(ReadFile("to/a"), "a");
  int round = 0;
  outcome =
      RunAlong({"watch", "-w", "-i", ".001", "-t", "to", "."}, [&](const fault::TracedCall& call) {
        if (call.call == fault::Call::kWaitForSignal && ++round == 5) Share("b", "b");
        return 0;
      });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(round, 6) << "one more to see that it is still";
}

TEST_F(HostTest, OnceDoesNotWaitForWhatGoesOnChanging) {
  Share("a", "1");
  const Outcome outcome =
      RunAlong({"watch", "-o", "-i", ".001", "-t", "to", "."}, [&](const fault::TracedCall& call) {
        if (call.call == fault::Call::kWaitForSignal) Share("a", "22");
        return 0;
      });
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "host: share/a: has changed meanwhile\n");
  EXPECT_EQ(Tree("to"), "");
}

TEST_F(HostTest, ChangesAreSeenBySizeAndTimes) {
  Share("a", "111");
  int round = 0;
  const Outcome outcome =
      RunAlong({"watch", "-i", ".001", "-t", "to", "."}, [&](const fault::TracedCall& call) {
        if (call.call != fault::Call::kWaitForSignal) return 0;
        ++round;
        if (round == 2) Share("a", "222", 1000);   // the status change tells
        if (round == 4) SetTime("share/a", 2000);  // the content is the same
        if (round == 6) Share("b", "b");
        if (round == 8) ::raise(SIGTERM);
        return 0;
      });
  EXPECT_EQ(outcome.output,
            "watching 'share'; installing into 'to'\ninstalled 'share/a' -> 'to/a'\n"
            "installed 'share/a' -> 'to/a'\ninstalled 'share/b' -> 'to/b'\n");
  EXPECT_EQ(ReadFile("to/a"), "222");
  EXPECT_EQ(Modified("to/a"), 2000);
  EXPECT_EQ(ended_by_, 1);
  EXPECT_EQ(outcome.status, 128 + SIGTERM);
}

TEST_F(HostTest, UnchangedRoundsAreCheap) {
  for (int i = 0; i < 20; ++i) Share("f" + std::to_string(i), "x");
  MakeDirectory("share/d");
  Share("d/g", "g");
  ASSERT_EQ(Once().status, 0);
  int round = 0;
  std::map<fault::Call, int> calls;
  const Outcome outcome =
      RunAlong({"watch", "-i", ".001", "-t", "to", "."}, [&](const fault::TracedCall& call) {
        if (call.call == fault::Call::kWaitForSignal && ++round == 12) ::raise(SIGINT);
        if (round >= 2 && round < 12) ++calls[call.call];
        return 0;
      });
  EXPECT_EQ(outcome.status, 128 + SIGINT);
  EXPECT_EQ(calls[fault::Call::kStatusAt], 10 * 21) << "one for each file";
  EXPECT_EQ(calls[fault::Call::kOpen], 10 * 2) << "one for each directory";
  EXPECT_EQ(calls[fault::Call::kRead], 0);
  EXPECT_EQ(calls[fault::Call::kWrite], 0);
  EXPECT_LE(calls[fault::Call::kReadDirectory], 10 * 2 * 2);
  EXPECT_LE(calls[fault::Call::kWaitForSignal] + calls[fault::Call::kBlockSignals], 10 * 3);
}

TEST_F(HostTest, AShareThatGoesAndComesBack) {
  Share("a", "a");
  int round = 0;
  const Outcome outcome =
      RunAlong({"watch", "-i", ".001", "-t", "to", "."}, [&](const fault::TracedCall& call) {
        if (call.call != fault::Call::kWaitForSignal) return 0;
        ++round;
        if (round == 3) std::filesystem::rename("share", "away");
        if (round == 6) std::filesystem::rename("away", "share");
        if (round == 7) Share("b", "b");
        if (round == 10) ::raise(SIGTERM);
        return 0;
      });
  EXPECT_EQ(outcome.errors,
            "host: share: is gone; waiting for it: No such file or directory\n"
            "host: share: is there again\n");
  EXPECT_EQ(outcome.output,
            "watching 'share'; installing into 'to'\ninstalled 'share/a' -> 'to/a'\n"
            "installed 'share/b' -> 'to/b'\n");
}

// In the middle of a round every call gives EIO.
TEST_F(HostTest, AShareThatGoesWhileItIsLookedAt) {
  for (int i = 0; i < 5; ++i) Share("f" + std::to_string(i), "x");
  int round = 0;
  bool broken = false;
  const Outcome outcome =
      RunAlong({"watch", "-i", ".001", "-t", "to", "."}, [&](const fault::TracedCall& call) {
        if (call.call == fault::Call::kWaitForSignal) {
          ++round;
          if (round == 6) broken = false;
          if (round == 9) ::raise(SIGTERM);
          return 0;
        }
        if (round == 3 && call.call == fault::Call::kStatusAt) broken = true;
        const bool on_share = call.call == fault::Call::kStatusAt ||
                              call.call == fault::Call::kOpen ||
                              call.call == fault::Call::kReadDirectory;
        return broken && on_share ? EIO : 0;
      });
  EXPECT_EQ(outcome.errors,
            "host: share: is gone; waiting for it: Input/output error\n"
            "host: share: is there again\n");
}

// A full disk is said once, and tried again less and less often.
TEST_F(HostTest, FailuresAreSaidOnce) {
  Share("a", "a");
  int round = 0;
  int tries = 0;
  const Outcome outcome =
      RunAlong({"watch", "-i", ".001", "-t", "to", "."}, [&](const fault::TracedCall& call) {
        if (call.call == fault::Call::kWaitForSignal && ++round == 40) ::raise(SIGTERM);
        if (call.call == fault::Call::kFlush && round < 30) {
          ++tries;
          return ENOSPC;
        }
        return 0;
      });
  EXPECT_EQ(outcome.errors, "host: to/a: No space left on device\n");
  EXPECT_EQ(tries, 5) << "after 1, 2, 4, 8 rounds";
  EXPECT_EQ(ReadFile("to/a"), "a");
  EXPECT_EQ(Tree("to"), "a: a\n");
}

TEST_F(HostTest, ASignalWhileItCopiesLeavesNothing) {
  Share("a", std::string(8'000'000, 'x'));
  for (const char* const verb : {"get", "watch"}) {
    int writes = 0;
    std::vector<std::string> arguments = {verb, "-t", "to", "."};
    if (*verb == 'w') arguments.insert(arguments.end(), {"-i", ".001"});
    const Outcome outcome = RunAlong(arguments, [&](const fault::TracedCall& call) {
      if (call.call == fault::Call::kRead && ++writes == 20) ::raise(SIGINT);
      return 0;
    });
    EXPECT_EQ(outcome.status, 128 + SIGINT) << verb;
    EXPECT_EQ(ended_by_, 1);
    EXPECT_EQ(outcome.errors, "");
    EXPECT_TRUE(std::filesystem::is_empty("to")) << verb;
  }
}

// With nohup, say.
TEST_F(HostTest, IgnoredSignalsStayIgnored) {
  Share("a", "a");
  ::signal(SIGHUP, SIG_IGN);
  int round = 0;
  const Outcome outcome =
      RunAlong({"watch", "-i", ".001", "-t", "to", "."}, [&](const fault::TracedCall& call) {
        if (call.call != fault::Call::kWaitForSignal) return 0;
        ++round;
        if (round == 2) ::raise(SIGHUP);
        if (round == 4) ::raise(SIGTERM);
        return 0;
      });
  ::signal(SIGHUP, SIG_DFL);
  EXPECT_EQ(outcome.status, 128 + SIGTERM);
  EXPECT_EQ(round, 4);
}

TEST_F(HostTest, EveryFaultOfWatch) {
  ForEachFault(
      {"watch", "-o", "-i", ".001", "-t", "to", "."}, "",
      [this] {
        MakeDirectory("share");
        MakeDirectory("to");
        WriteFile("share/a", "new");
        SetTime("share/a", 1000);
        WriteFile("to/a", "old");
        WriteFile("share/p", Program());
        SetTime("share/p", 1000);
        MakeDirectory("share/d");
        WriteFile("share/d/b", "b");
        SetTime("share/d/b", 1000);
      },
      [](const FaultOutcome& fault) {
        const std::string a = ReadFile("to/a");
        EXPECT_TRUE(a == "old" || a == "new") << a;
        EXPECT_TRUE(!Exists("to/p") || ReadFile("to/p") == Program());
        EXPECT_TRUE(!Exists("to/d/b") || ReadFile("to/d/b") == "b");
        if (fault.outcome.status == 0 && fault.error != ENOENT) {
          EXPECT_EQ(a, "new") << fault.call.detail << fault.error;
          EXPECT_TRUE(Exists("to/p") && Exists("to/d/b")) << fault.call.detail << fault.error;
        } else if (fault.outcome.status != 0 && fault.error != EPIPE) {
          EXPECT_THAT(fault.outcome.errors, HasSubstr("host: "));
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator("to"))
          EXPECT_THAT(entry.path().filename().string(), ::testing::Not(StartsWith(".")));
      });
}

// What it does to these files: get, put and watch, each with something to replace and something
// new.
class HostCutTest : public HostTest {
 protected:
  static constexpr int kVerbs = 3;
  static std::vector<std::string> Arguments(int verb) {
    if (verb == 0) return {"get", "-t", "to", "a", "d"};
    if (verb == 1) return {"put", "a", "d"};
    return {"watch", "-o", "-i", ".001", "-t", "to", "."};
  }
  void Prepare(int verb) {
    Clear();
    for (const char* const folder : {"share", "to", "d", "share/d", "share/d/sub"})
      MakeDirectory(folder);
    const std::string from = verb == 1 ? "" : "share/";
    target_ = verb == 1 ? "share/" : "to/";
    WriteFile(from + "a", New());
    SetTime(from + "a", 1000);
    WriteFile(from + "d/b", "b");
    SetTime(from + "d/b", 1000);
    if (verb != 1) WriteFile("share/d/sub/c", "c");
    WriteFile(target_ + "a", "old");
  }
  static std::string New() { return std::string(300'000, 'n'); }
  [[nodiscard]] bool IsDone() const {
    return ReadFile(target_ + "a") == New() && ReadFile(target_ + "d/b") == "b";
  }
  void ExpectNothingByHalves() const {
    const std::string a = ReadFile(target_ + "a");
    EXPECT_TRUE(a == "old" || a == New()) << a.size() << " bytes of it";
    EXPECT_TRUE(!Exists(target_ + "d/b") || ReadFile(target_ + "d/b") == "b");
  }
  [[nodiscard]] int Strays() const {
    int strays = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(target_)) {
      if (entry.path().filename().string().substr(0, 1) == ".") ++strays;
    }
    return strays;
  }
  std::string target_;
};

// By a signal that nobody can block, or as if the power went.
TEST_F(HostCutTest, KilledAtAnyCall) {
  for (int verb = 0; verb < kVerbs; ++verb) {
    constexpr int kKilled = 9;
    std::size_t call = 0;
    for (int status = kKilled; status == kKilled; ++call) {
      SCOPED_TRACE(Arguments(verb)[0] + ", call " + std::to_string(call));
      Prepare(verb);
      const pid_t child = ::fork();
      ASSERT_GE(child, 0);
      if (child == 0) {
        fault::SetHook([call](std::size_t index, const fault::TracedCall&) {
          if (index == call) ::_exit(kKilled);
          return 0;
        });
        (void)Run(Arguments(verb));
        ::_exit(0);
      }
      ASSERT_EQ(::waitpid(child, &status, 0), child);
      status = WEXITSTATUS(status);
      ExpectNothingByHalves();
      EXPECT_LE(Strays(), 1);
      // What it left does not keep the next one from doing it all.
      fault_runs = false;
      EXPECT_EQ(Run(Arguments(verb)).status, 0);
      EXPECT_TRUE(IsDone());
    }
    EXPECT_GT(call, 30U) << Arguments(verb)[0];
  }
}

// From some call on, nothing can be read or looked up any more.
TEST_F(HostCutTest, TheShareGoesAtAnyCall) {
  for (int verb = 0; verb < kVerbs; ++verb) {
    bool met = true;
    for (std::size_t call = 0; met; ++call) {
      SCOPED_TRACE(Arguments(verb)[0] + ", call " + std::to_string(call));
      Prepare(verb);
      met = false;
      fault::SetHook([&](std::size_t index, const fault::TracedCall& made) {
        if (index < call) return 0;
        switch (made.call) {
          case fault::Call::kOpen:
          case fault::Call::kRead:
          case fault::Call::kStatus:
          case fault::Call::kStatusAt:
          case fault::Call::kReadDirectory:
            met = true;
            return EIO;
          default:
            return 0;
        }
      });
      const Outcome outcome = Run(Arguments(verb));
      fault::End();
      ExpectNothingByHalves();
      EXPECT_EQ(Strays(), 0);
      EXPECT_TRUE(outcome.status == 1 || IsDone());
      EXPECT_TRUE(outcome.status == 0 || !outcome.errors.empty());
    }
  }
}

// Names that RedoxFS takes for something else, or refuses.
TEST_F(HostTest, NamesThatTheSystemRefuses) {
  const std::pair<std::string, std::pair<int, std::string>> names[] = {
      {"a:b", {ENODEV, "names with ':' are those of schemes here"}},
      {std::string(253, 'n'), {EINVAL, "its name has more than 252 bytes"}},
      {"a\xff", {EINVAL, "its name is no UTF-8"}},
      {"plain", {EINVAL, "Invalid argument"}},
      {"plain2", {ENODEV, "No such device"}},
  };
  for (const auto& [name, refusal] : names) {
    Share(name, "x");
    const Outcome outcome = RunAlong({"get", "-t", "to", name}, [&](const fault::TracedCall& call) {
      return call.call == fault::Call::kStatusAt && call.detail.find("to/") != std::string::npos
                 ? refusal.first
                 : 0;
    });
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.errors, HasSubstr(": " + refusal.second + "\n"));
  }
}

}  // namespace
}  // namespace cation::testing
