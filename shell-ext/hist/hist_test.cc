// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using ::testing::StartsWith;
namespace fault = sys::fault;

class HistTest : public UtilityTestCase {
 protected:
  HistTest() : UtilityTestCase("hist") {
    environment = {{"HOME", "/no/such/home"}};
    // What was read is not less for it.
    excused = [](const FaultOutcome& fault) {
      return fault.call.call == fault::Call::kClose && fault.outcome.status == 1;
    };
  }

  // What is listed of a history that holds `content`.
  std::string List(const std::string& content, std::vector<std::string> arguments = {}) {
    WriteFile("h", content);
    arguments.insert(arguments.begin(), {"-f", "h"});
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.errors, "");
    EXPECT_EQ(outcome.status, outcome.output.empty() ? 1 : 0);
    EXPECT_EQ(ReadFile("h"), content);
    return outcome.output;
  }

  // What becomes of a history that holds `content`.
  std::string Change(const std::string& content, std::vector<std::string> arguments) {
    WriteFile("h", content);
    arguments.insert(arguments.begin(), {"-f", "h"});
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.errors, "");
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.status, 0);
    return ReadFile("h");
  }

  // As another session does, with a descriptor of its own.
  static void Append(int descriptor, const std::string& text) {
    ASSERT_EQ(::write(descriptor, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  static void Append(const std::string& path, const std::string& text) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    ASSERT_GE(descriptor, 0);
    Append(descriptor, text);
    ::close(descriptor);
  }

  // Calls `act` before the call of that number, and returns whether there was one. One run, without
  // faults.
  bool RunWith(std::size_t number, const std::function<void()>& act,
               const std::vector<std::string>& arguments) {
    bool has_acted = false;
    fault::SetHook([&](std::size_t index, const fault::TracedCall&) {
      if (index != number) return 0;
      has_acted = true;
      act();
      return 0;
    });
    const Outcome outcome = Run(arguments);
    fault::SetHook(nullptr);
    EXPECT_EQ(outcome.errors, "");
    EXPECT_EQ(outcome.status, 0);
    return has_acted;
  }
};

// -------------------------------------------------------------------------------------------- list

TEST_F(HistTest, ListsLines) {
  EXPECT_EQ(List("one\ntwo\nthree\n"), "one\ntwo\nthree\n");
  EXPECT_EQ(List("one\ntwo"), "one\ntwo\n") << "no newline at the end";
  EXPECT_EQ(List(""), "");
  EXPECT_EQ(List("\n\n"), "\n\n");
  EXPECT_EQ(List("a\xff\x1b[31m\n"), "a\xff\x1b[31m\n") << "bytes as they are";
  EXPECT_EQ(List(std::string("a\0b\n", 4)), std::string("a\0b\n", 4));
}

TEST_F(HistTest, TimesAreNoLines) {
  EXPECT_EQ(List("#1700000000\none\n#1700000001\ntwo\n#1700000002\n"), "one\ntwo\n");
  EXPECT_EQ(List("# a comment\n#x\n#\n#12a\n"), "# a comment\n#x\n#\n#12a\n");
  EXPECT_EQ(List("#1700000000\none\n#1700000001\ntwo\n#1700000002\n", {"-n1"}), "two\n");
  EXPECT_EQ(List("#1700000000\none\n#1700000001\ntwo\n", {"-rn", "9"}), "two\none\n");
}

TEST_F(HistTest, TheLast) {
  EXPECT_EQ(List("one\ntwo\nthree\n", {"-n", "2"}), "two\nthree\n");
  EXPECT_EQ(List("one\ntwo\nthree\n", {"--last=1"}), "three\n");
  EXPECT_EQ(List("one\ntwo\nthree\n", {"--last=3"}), "one\ntwo\nthree\n");
  EXPECT_EQ(List("one\ntwo\nthree\n", {"--last=4"}), "one\ntwo\nthree\n");
  EXPECT_EQ(List("one\ntwo\nthree\n", {"--last=99999999999999999999"}), "one\ntwo\nthree\n");
  EXPECT_EQ(List("one\ntwo\nthree\n", {"-n", "0"}), "");
  EXPECT_EQ(List("one\ntwo\nthree", {"-n2"}), "two\nthree\n");
  EXPECT_EQ(List("one\ntwo\nthree\n", {"-n2", "o"}), "one\ntwo\n") << "of those that match";
  EXPECT_EQ(List("one\ntwo\none\n", {"-u", "-n2"}), "two\none\n");
}

TEST_F(HistTest, TheLastOfMany) {
  fault_runs = false;  // large
  std::string content;
  for (int i = 0; i < 30000; ++i) {
    if (i % 3 == 0) content += "#" + std::to_string(1700000000 + i) + "\n";
    content += "line " + std::to_string(i) + "\n";
  }
  EXPECT_EQ(List(content, {"-n2"}), "line 29998\nline 29999\n");
  const std::string last = List(content, {"-n29000"});
  EXPECT_THAT(last, StartsWith("line 1000\n"));
  EXPECT_EQ(std::count(last.begin(), last.end(), '\n'), 29000);
  EXPECT_THAT(List(content, {"-rn29000"}), StartsWith("line 29999\n"));
  EXPECT_EQ(List(std::string(500000, 'x') + "\nlast\n", {"-n1"}), "last\n");
  EXPECT_EQ(List("first\n" + std::string(500000, 'x'), {"-n1"}), std::string(500000, 'x') + "\n");
}

TEST_F(HistTest, NewestFirst) {
  EXPECT_EQ(List("one\ntwo\nthree\n", {"-r"}), "three\ntwo\none\n");
  EXPECT_EQ(List("one\ntwo\nthree\n", {"--reverse", "-n2"}), "three\ntwo\n");
}

TEST_F(HistTest, OfTheSameTheNewest) {
  EXPECT_EQ(List("a\nb\na\nc\nb\n", {"-u"}), "a\nc\nb\n");
  EXPECT_EQ(List("a\nb\na", {"--unique"}), "b\na\n");
  EXPECT_EQ(List("#1700000000\na\n#1700000001\na\n", {"-u"}), "a\n");
  EXPECT_EQ(List("a\nb\na\nc\nb\n", {"-ru"}), "b\nc\na\n");
}

TEST_F(HistTest, Numbers) {
  EXPECT_EQ(List("a\nb\na\n", {"-N"}), "    1  a\n    2  b\n    3  a\n");
  EXPECT_EQ(List("a\nb\na\n", {"--number", "-n1"}), "    3  a\n");
  EXPECT_EQ(List("a\n#1700000001\nb\na\n", {"-N", "-u", "-r"}), "    3  a\n    2  b\n");
  EXPECT_EQ(List("a\nb\na\n", {"-N", "b"}), "    2  b\n");
}

TEST_F(HistTest, Search) {
  EXPECT_EQ(List("ls -l\ncat a\nls\n", {"ls"}), "ls -l\nls\n");
  EXPECT_EQ(List("ls -l\ncat a\nls\n", {"l", "-f", "h", "s -"}), "ls -l\n") << "all of them";
  EXPECT_EQ(List("ls -l\ncat a\nls\n", {"LS"}), "");
  EXPECT_EQ(List("ls -l\ncat a\nLs\n", {"-i", "lS"}), "ls -l\nLs\n");
  EXPECT_EQ(List("[a\n{a\n@\n`\n", {"--ignore-case", "["}), "[a\n") << "letters alone";
  EXPECT_EQ(List("@\n`\n", {"-i", "`"}), "`\n");
  EXPECT_EQ(List("aab\n", {"ab"}), "aab\n");
  EXPECT_EQ(List("a\nb\n", {""}), "a\nb\n");
  EXPECT_EQ(List("-x\nb\n", {"--", "-x"}), "-x\n");
}

TEST_F(HistTest, NulsAtTheEnds) {
  EXPECT_EQ(List("a\nb\n", {"-0"}), std::string("a\0b\0", 4));
  EXPECT_EQ(List("a\nb\n", {"--null", "-r"}), std::string("b\0a\0", 4));
}

TEST_F(HistTest, WhereItIs) {
  MakeDirectory("home");
  MakeDirectory("home/.local");
  MakeDirectory("home/.local/share");
  MakeDirectory("home/.local/share/ion");
  WriteFile("home/.local/share/ion/history", "of home\n");
  MakeDirectory("data");
  MakeDirectory("data/ion");
  WriteFile("data/ion/history", "of data\n");
  environment = {{"HOME", "home"}};
  EXPECT_EQ(Run({}).output, "of home\n");
  environment = {{"HOME", "home"}, {"XDG_DATA_HOME", folder() + "/data"}};
  EXPECT_EQ(Run({}).output, "of data\n");
  environment = {{"HOME", "home"}, {"XDG_DATA_HOME", "data"}};
  EXPECT_EQ(Run({}).output, "of home\n") << "one that is not absolute";
  environment = {{"HOME", "home"}, {"XDG_DATA_HOME", ""}};
  EXPECT_EQ(Run({}).output, "of home\n");
  environment = {{"HOME", ""}};
  Outcome outcome = Run({});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.errors, StartsWith("hist: HOME is not set, and no -f FILE\n"));
  environment = {};
  EXPECT_EQ(Run({"--file=data/ion/history"}).output, "of data\n");
}

TEST_F(HistTest, FewCalls) {
  std::string content;
  for (int i = 0; i < 1000; ++i) content += "line " + std::to_string(i) + "\n";
  WriteFile("h", content);
  // Open, status, read, read to the end, close; the output's status and a write.
  EXPECT_LE(Run({"-f", "h"}).calls, 7U);
  // Seeks instead of the second read.
  EXPECT_LE(Run({"-f", "h", "-n10"}).calls, 7U);
  EXPECT_LE(Run({"-f", "h", "-u"}).calls, 7U);
  // Open, status; seek and read; another look at the name; the new file, its status, mode; seek;
  // read, read; write, flush, read; position, three looks; rename; signals; reads; the moment;
  // closes.
  EXPECT_LE(Run({"-f", "h", "--prune=500"}).calls, 32U);
}

// ------------------------------------------------------------------------------------------- prune

TEST_F(HistTest, PrunesToLines) {
  EXPECT_EQ(Change("a\nb\nc\n", {"--prune=2"}), "b\nc\n");
  EXPECT_EQ(Change("a\nb\nc\n", {"--prune=0"}), "");
  EXPECT_EQ(Change("a\nb\nc\n", {"--prune=3"}), "a\nb\nc\n");
  EXPECT_EQ(Change("a\nb\nc\n", {"--prune=99999999999999999999"}), "a\nb\nc\n");
  EXPECT_EQ(Change("a\nb\nc\n", {"--prune"}), "a\nb\nc\n");
  EXPECT_EQ(Change("a\nb\nc", {"--prune=2"}), "b\nc\n") << "a newline comes to the end";
  EXPECT_EQ(Change("#1700000000\na\n#1700000001\nb\n#1700000002\n", {"--prune=1"}),
            "#1700000001\nb\n#1700000002\n")
      << "with its time, and one that waits for its line";
  EXPECT_EQ(Change(std::string("a\n\xff\0\nb\n", 7), {"--prune=2"}), std::string("\xff\0\nb\n", 5));
}

TEST_F(HistTest, PrunesToBytes) {
  const std::string line = std::string(511, 'x') + "\n";
  const std::string history = line + "a\n" + line;
  EXPECT_EQ(Change(history, {"--prune=1b"}), line);
  EXPECT_EQ(Change(history, {"--prune=1K"}), "a\n" + line);
  EXPECT_EQ(Change(line + line, {"--prune=1K"}), line + line);
  EXPECT_EQ(Change("x" + line + line, {"--prune=1K"}), line) << "no part of a line";
  EXPECT_EQ(Change("x" + line, {"--prune=1b"}), "");
  EXPECT_EQ(Change("x" + line, {"--prune=1M"}), "x" + line);
  EXPECT_EQ(Change(history, {"-u", "--prune=1K"}), "a\n" + line);
  EXPECT_EQ(Change(history + "b\na\n", {"-u", "--prune=1b"}), "b\na\n");
}

TEST_F(HistTest, PrunesToTheNewest) {
  EXPECT_EQ(Change("a\nb\na\nc\nb\n", {"-u", "--prune"}), "a\nc\nb\n");
  EXPECT_EQ(Change("a\nb\na\nc\nb\n", {"-u", "--prune=2"}), "c\nb\n");
  EXPECT_EQ(Change("a\nb\na", {"-u", "--prune"}), "b\na\n");
  EXPECT_EQ(Change("#1700000000\na\nb\n#1700000001\na\n#1700000002\n", {"-u", "--prune"}),
            "b\n#1700000001\na\n#1700000002\n");
  EXPECT_EQ(Change("\n\n", {"-u", "--prune"}), "\n");
}

TEST_F(HistTest, WhatStaysAsItIsIsNotWritten) {
  WriteFile("h", "a\nb\n");
  SetTime("h", 1000);
  const auto inode = Lstat("h").st_ino;
  for (const char* const size : {"--prune=2", "--prune", "--prune=1K"})
    EXPECT_EQ(Run({"-f", "h", "-u", size}).status, 0);
  WriteFile("o", "b\n#1700000000\na\nb\n");
  EXPECT_EQ(Run({"-f", "h", "-m", "o", "h"}).status, 0);
  EXPECT_EQ(Lstat("h").st_mtime, 1000);
  EXPECT_EQ(Lstat("h").st_ino, inode);
}

TEST_F(HistTest, ModeAndLinksStay) {
  MakeDirectory("d");
  WriteFile("d/h", "a\nb\n", 0640);
  MakeLink("d/link", "h");
  MakeLink("h", "d/link");
  EXPECT_EQ(Run({"-f", "h", "--prune=1"}).errors, "");
  EXPECT_EQ(Permissions("d/h"), 0640U);
  EXPECT_EQ(ReadFile("d/h"), "b\n");
  EXPECT_EQ(LinkTarget("h"), "d/link");
  EXPECT_EQ(LinkTarget("d/link"), "h");
  if (::geteuid() == 0) {
    WriteFile("d/h", "a\nb\n");
    // Not everywhere root may.
    if (::chown("d/h", 12, 34) != 0) return;
    EXPECT_EQ(Run({"-f", "d/h", "--prune=1"}).errors, "");
    EXPECT_EQ(Lstat("d/h").st_uid, 12U);
    EXPECT_EQ(Lstat("d/h").st_gid, 34U);
  }
}

TEST_F(HistTest, WhatIsLeftFromAnotherStays) {
  WriteFile("h", "a\nb\n");
  const std::string left = ".cation~" + std::to_string(Lstat("h").st_ino);
  WriteFile(left, "left\n");
  fault_runs = false;  // the name goes by the file's number
  EXPECT_EQ(Run({"-f", "h", "--prune=1"}).errors, "");
  EXPECT_EQ(ReadFile("h"), "b\n");
  EXPECT_EQ(ReadFile(left), "left\n");
}

// --------------------------------------------------------------------------------------------
// merge

TEST_F(HistTest, MergesWithoutTimes) {
  const auto merged = [&](const std::string& history, const std::string& other) {
    WriteFile("o", other);
    const std::string content = Change(history, {"-m", "o"});
    EXPECT_EQ(Change(content, {"--merge", "o"}), content) << "once more changes nothing";
    return content;
  };
  EXPECT_EQ(merged("a\nb\n", "x\ny\n"), "x\ny\na\nb\n") << "older than all";
  EXPECT_EQ(merged("a\nb\nc\n", "a\nx\nb\ny\n"), "a\nx\nb\ny\nc\n") << "behind what it follows";
  EXPECT_EQ(merged("a\nb\na\nc\n", "b\na\nx\n"), "a\nb\na\nx\nc\n") << "in order";
  EXPECT_EQ(merged("a\nb\n", "b\na\nx\n"), "a\nb\nx\n") << "a is not behind b";
  EXPECT_EQ(merged("a\n", "x\nx\nx\n"), "x\na\n") << "once";
  EXPECT_EQ(merged("", "x\ny"), "x\ny\n");
  EXPECT_EQ(merged("a\n", ""), "a\n");
  EXPECT_EQ(merged("a", "a\nx\n"), "x\na\n") << "nothing is behind a line that is not ended";
  EXPECT_EQ(merged("a\nb", "a\nx\nb\ny\n"), "a\nx\ny\nb\n");
}

TEST_F(HistTest, MergesByTime) {
  const auto merged = [&](const std::string& history, const std::string& other) {
    WriteFile("o", other);
    const std::string content = Change(history, {"-m", "o"});
    EXPECT_EQ(Change(content, {"-m", "o"}), content) << "once more changes nothing";
    return content;
  };
  EXPECT_EQ(merged("#10\na\n#30\nc\n", "#20\nb\n#40\nd\n"), "#10\na\n#20\nb\n#30\nc\n#40\nd\n");
  EXPECT_EQ(merged("#10\na\n#30\na\n", "#10\na\n#20\na\n"), "#10\na\n#20\na\n#30\na\n")
      << "another time is another line";
  EXPECT_EQ(merged("#10\na\n#30\nc\n#50\n", "#40\nd\n#60\n"), "#10\na\n#30\nc\n#40\nd\n#50\n")
      << "a time that waits for its line goes on waiting";
  EXPECT_EQ(merged("#10\na\n#50\n", "#40\nd"), "#10\na\n#40\nd\n#50\n") << "no newline there";
  EXPECT_EQ(merged("old\n#10\na\nb\n#30\nc\n", "#5\nx\n#20\ny\n"),
            "old\n#5\nx\n#10\na\nb\n#20\ny\n#30\nc\n")
      << "what has no time is as old as what is before it";
  EXPECT_EQ(merged("a\n#10\nb\n", "#20\na\n"), "a\n#10\nb\n") << "it is there, without a time";
  EXPECT_EQ(merged("a\nb\n", "#20\na\n#30\nx\n"), "a\n#30\nx\nb\n") << "only one has times";
  EXPECT_EQ(merged("#10\na\n#20\nb\n", "a\nx\n"), "#10\na\nx\n#20\nb\n");
}

TEST_F(HistTest, MergesSeveralAndShortens) {
  WriteFile("h", "a\nb\n");
  WriteFile("o", "x\na\n");
  WriteFile("p", "b\ny\nx\n");
  Outcome outcome = Run({"-f", "h", "-m", "o", "missing", "p"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.errors, "hist: missing: No such file or directory\n");
  EXPECT_EQ(ReadFile("h"), "x\na\nb\ny\n") << "the others are merged";
  WriteFile("q", "z\n");
  EXPECT_EQ(Run({"-f", "h", "-m", "--prune=3", "q"}).errors, "");
  EXPECT_EQ(ReadFile("h"), "a\nb\ny\n");
  EXPECT_EQ(Run({"-f", "h", "-m", "."}).errors, "hist: .: Is a directory\n");
}

// --------------------------------------------------------------------------- sessions and
// accidents

TEST_F(HistTest, AtEachMomentItIsTheOldOrTheNew) {
  const std::string old = "a\nb\na\nc\n";
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"-f", "h", "--prune=2"}, {"-f", "h", "-u", "--prune"}}) {
    WriteFile("h", old);
    WriteFile("other", old);
    std::set<std::string> seen;
    fault::SetHook([&](std::size_t, const fault::TracedCall&) {
      seen.insert(ReadFile("h"));
      return 0;
    });
    EXPECT_EQ(Run(arguments).status, 0);
    fault::SetHook(nullptr);
    EXPECT_EQ(seen, (std::set<std::string>{old, ReadFile("h")}));
    EXPECT_EQ(Tree(), "h: " + ReadFile("h") + "\nother: " + old + "\n");
  }
}

TEST_F(HistTest, WhatSessionsAppendMeanwhileStays) {
  WriteFile("o", "x\n");
  for (const auto& [arguments, wanted] :
       std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"-f", "h", "--prune=2"}, "b\nc\n"},
           {{"-f", "h", "-u", "--prune=2"}, "b\nc\n"},
           {{"-f", "h", "-m", "o"}, "x\na\nb\nc\n"}}) {
    // Before each call a line by who opens the file for it.
    std::size_t number = 3;  // it has been opened and looked at
    for (;; ++number) {
      WriteFile("h", "a\nb\nc\n");
      const bool acted = RunWith(number, [&] { Append("h", "late\n"); }, arguments);
      if (!acted) break;
      EXPECT_THAT(ReadFile("h"), ::testing::AnyOf(wanted + "late\n", "c\nlate\n")) << number;
    }
    EXPECT_GT(number, 15U);
  }
}

TEST_F(HistTest, WhatSessionsAppendToTheOldFileStays) {
  // Opened before any call, and written to before the rename or just behind it.
  for (int when = 0; when < 2; ++when) {
    WriteFile("h", "a\nb\nc\n");
    const int session = ::open("h", O_WRONLY | O_APPEND | O_CLOEXEC);
    ASSERT_GE(session, 0);
    bool is_renamed = false;
    bool has_written = false;
    fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
      if (!has_written && (when == 0 ? call.call == fault::Call::kRename : is_renamed)) {
        has_written = true;
        Append(session, "late\n");
        if (is_renamed) Append("h", "later\n");
      }
      is_renamed |= call.call == fault::Call::kRename;
      return 0;
    });
    EXPECT_EQ(Run({"-f", "h", "--prune=1"}).errors, "");
    fault::SetHook(nullptr);
    ::close(session);
    EXPECT_TRUE(has_written);
    EXPECT_EQ(ReadFile("h"), when == 0 ? "c\nlate\n" : "c\nlater\nlate\n");
  }
}

TEST_F(HistTest, ALineThatIsStillWrittenIsNotCut) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"-f", "h", "--prune=2"}, {"-f", "h", "-u", "--prune=2"}}) {
    WriteFile("h", "a\nb\nla");
    bool has_written = false;
    fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
      if (call.call == fault::Call::kRename) {
        has_written = true;
        Append("h", "te\n");
      }
      return 0;
    });
    EXPECT_EQ(Run(arguments).errors, "");
    fault::SetHook(nullptr);
    EXPECT_TRUE(has_written);
    EXPECT_EQ(ReadFile("h"), "b\nlate\n");
  }
}

TEST_F(HistTest, WhatSomebodyElseHasReplacedStays) {
  WriteFile("h", "a\nb\n");
  WriteFile("new", "another\n");
  fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
    if (call.call == fault::Call::kFlush) EXPECT_EQ(::rename("new", "h"), 0);
    return 0;
  });
  Outcome outcome = Run({"-f", "h", "--prune=1"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.errors, "hist: h: not changed: another has rewritten it meanwhile\n");
  EXPECT_EQ(Tree(), "h: another\n\n");
  // As Ion does at its end, where it was not told to append.
  WriteFile("h", "a\nb\n");
  fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
    if (call.call == fault::Call::kFlush) WriteFile("h", "c\n");
    return 0;
  });
  outcome = Run({"-f", "h", "--prune=1"});
  fault::SetHook(nullptr);
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(Tree(), "h: c\n\n");
}

TEST_F(HistTest, WithoutRoomTheOldOneStays) {
  const std::string content = "a\nb\nc\n";
  for (const auto& arguments :
       {std::vector<std::string>{"-f", "h", "--prune=1"}, {"-f", "h", "-u", "--prune=1"}}) {
    WriteFile("h", content);
    fault::SetHook([&](std::size_t, const fault::TracedCall& call) {
      return call.call == fault::Call::kWrite && call.detail != "2" ? ENOSPC : 0;
    });
    const Outcome outcome = Run(arguments);
    fault::SetHook(nullptr);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(Tree(), "h: " + content + "\n");
  }
}

TEST_F(HistTest, EveryFault) {
  for (const auto& arguments : {std::vector<std::string>{"-f", "h", "--prune=2"},
                                {"-f", "h", "-u", "--prune=2"},
                                {"-f", "h", "-m", "o", "--prune=2"}}) {
    EXPECT_GT(ForEachFault(
                  arguments, "",
                  [this] {
                    WriteFile("h", "a\nb\nc\nd\n", 0600);
                    WriteFile("o", "c\nx\n");
                  },
                  [&](const FaultOutcome& fault) {
                    const std::string content = ReadFile("h");
                    const std::string changed = arguments[2] == "-m" ? "x\nd\n" : "c\nd\n";
                    // What cannot be merged does not keep it from being shortened.
                    if (content != changed && content != "c\nd\n")
                      EXPECT_EQ(content, "a\nb\nc\nd\n");
                    if (fault.outcome.status == 0) EXPECT_EQ(content, changed);
                    EXPECT_EQ(Permissions("h"), 0600U);
                  }),
              30U);
  }
}

// -------------------------------------------------------------------------------------------
// misuse

TEST_F(HistTest, WrongUse) {
  WriteFile("h", "a\n");
  MakeDirectory("d");
  for (const auto& [arguments, message] :
       std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"-f", "h", "-n", "x"}, "hist: x: invalid number of lines\n"},
           {{"-f", "h", "-n", ""}, "hist: '': invalid number of lines\n"},
           {{"-f", "h", "-n-1"}, "hist: -1: invalid number of lines\n"},
           {{"-f", "h", "-n1k"}, "hist: 1k: invalid number of lines\n"},
           {{"-f", "h", "--prune=x"}, "hist: x: invalid size\n"},
           {{"-f", "h", "--prune="}, "hist: '': invalid size\n"},
           {{"-f", "h", "--prune=1x"}, "hist: 1x: invalid size\n"},
           {{"-f", "h", "--prune=1", "a"}, "hist: a: extra operand\n"},
           {{"-f", "h", "-m"}, "hist: missing operand\n"},
           {{"-f", "missing"}, "hist: missing: No such file or directory\n"},
           {{"-f", ""}, "hist: '': No such file or directory\n"},
           {{"-f", "d"}, "hist: d: Is a directory\n"},
           {{"-f", "d", "-n1"}, "hist: d: Is a directory\n"},
           {{"-f", "d", "--prune=1"}, "hist: d: Is a directory\n"},
           {{"-f", "/dev/null", "--prune=1"}, "hist: /dev/null: not a regular file\n"}}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.output, "");
    EXPECT_THAT(outcome.errors, StartsWith(message));
  }
  EXPECT_EQ(Run({"-f", "h", "--prun=0"}).status, 2) << "in full";
  EXPECT_EQ(ReadFile("h"), "a\n");
  const Outcome full = RunInto("/dev/full", {"-f", "h"});
  EXPECT_EQ(full.status, 2);
  EXPECT_EQ(full.errors, "hist: write error: No space left on device\n");
}

}  // namespace
}  // namespace cation::testing
