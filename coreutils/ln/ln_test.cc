// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using sys::fault::Call;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class LnTest : public UtilityTestCase {
 protected:
  // Who is told that a file is not there believes it.
  LnTest() : UtilityTestCase("ln") {
    excused = [](const FaultOutcome& fault) {
      return fault.error == ENOENT || fault.OfAnswer() ||
             // EINVAL: it is told that a link is none.
             fault.call.call == Call::kReadSymbolicLink;
    };
  }

  static bool SameFile(const std::string& a, const std::string& b) {
    return Lstat(a).st_ino == Lstat(b).st_ino && Lstat(a).st_dev == Lstat(b).st_dev;
  }

  // Repeats with faults: what is at `a` and `old` keeps its content, unless all is well; nothing
  // else lies about.
  std::size_t Sweep(const std::vector<std::string>& arguments, const std::function<void()>& prepare,
                    const std::function<bool()>& complete, const std::string& kept,
                    const std::set<std::string>& names) {
    return ForEachFault(arguments, "y\n", prepare, [&](const FaultOutcome& fault) {
      EXPECT_EQ(ReadFile("a"), "a");
      if (fault.outcome.status == 0) {
        EXPECT_TRUE(complete() || fault.error == ENOENT || fault.OfAnswer())
            << fault.outcome.errors;
      } else if (!fault.OfMessage()) {
        EXPECT_THAT(fault.outcome.errors, StartsWith("ln: "));
      }
      if (!kept.empty() && !complete() && fault.call.call != Call::kRename) {
        EXPECT_EQ(ReadFile(kept), "old") << fault.outcome.errors;
      }
      // A removal that fails is a second fault: there is one at a time.
      for (const std::string& line : Lines(Tree())) {
        EXPECT_TRUE(names.contains(line.substr(0, line.find_first_of(" /:"))))
            << line << fault.outcome.errors;
      }
    });
  }

  // The same with the first `kind` of call failing.
  Outcome RunWithout(Call kind, int error, const std::vector<std::string>& arguments,
                     const std::function<void()>& prepare) {
    Clear();
    prepare();
    (void)Run(arguments);
    const std::vector<sys::fault::TracedCall> calls = sys::fault::Trace();
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (calls[i].call != kind) continue;
      Clear();
      prepare();
      return Run(arguments, "", {.call = i, .error = error});
    }
    ADD_FAILURE() << "no such call";
    return {};
  }

  static std::vector<std::string> Lines(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      lines.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return lines;
  }
};

TEST_F(LnTest, HardLinks) {
  WriteFile("a", "a");
  MakeDirectory("d");
  EXPECT_EQ(Run({"a", "b"}).status, 0);
  EXPECT_TRUE(SameFile("a", "b"));
  EXPECT_EQ(Run({"a", "b", "d"}).status, 0);
  EXPECT_TRUE(SameFile("a", "d/b"));
  EXPECT_EQ(Run({"a", "d/"}).status, 1);
  EXPECT_EQ(Run({"-t", "d", "missing", "a"}).errors,
            "ln: missing: No such file or directory\nln: d/a: File exists\n");
  EXPECT_EQ(Run({"-d", "d", "dd"}).status, 1);
  EXPECT_EQ(Run({"-F", "d", "dd"}).status, 1);
  EXPECT_EQ(Run({"--directory", "d", "dd"}).errors,
            "ln: dd: cannot make a hard link: Operation not permitted\n");
  EXPECT_EQ(Run({"d", "dd"}).errors,
            "ln: d: is a directory; no hard links are made to directories\n");
}

TEST_F(LnTest, SymbolicLinks) {
  MakeDirectory("d");
  EXPECT_EQ(Run({"-s", "nowhere", "a"}).status, 0);
  EXPECT_EQ(LinkTarget("a"), "nowhere");
  EXPECT_EQ(Run({"--symbolic", "../x/y"}).status, 0);
  EXPECT_EQ(LinkTarget("y"), "../x/y");
  EXPECT_EQ(Run({"-s", "p", "q/", "d"}).status, 0);
  EXPECT_EQ(Tree("d"), "p -> p\nq -> q/\n");
  EXPECT_EQ(Run({"-s", "x", "a"}).errors, "ln: a: File exists\n");
  EXPECT_EQ(Run({"-s", "", "e"}).errors, "ln: e: No such file or directory\n");
  EXPECT_EQ(Run({"-s", "/", "d"}).status, 1);
}

// Redox would drop the slash and make the link.
TEST_F(LnTest, SlashAfterWhatIsNoDirectory) {
  WriteFile("f", "f");
  EXPECT_EQ(Run({"-s", "x", "new/"}).errors, "ln: new/: No such file or directory\n");
  EXPECT_EQ(Run({"-s", "x", "f/"}).errors, "ln: f/: Not a directory\n");
  EXPECT_EQ(Run({"-T", "f", "new/"}).status, 1);
  EXPECT_EQ(Run({"f/", "new"}).errors, "ln: f/: Not a directory\n");
  EXPECT_EQ(Tree(), "f: f\n");
}

TEST_F(LnTest, LinksToSymbolicLinks) {
  WriteFile("a", "a");
  MakeLink("a", "l");
  EXPECT_EQ(Run({"l", "p0"}).status, 0);
  EXPECT_EQ(Run({"-P", "l", "p1"}).status, 0);
  EXPECT_EQ(Run({"--physical", "l", "p2"}).status, 0);
  EXPECT_EQ(Run({"-L", "l", "a1"}).status, 0);
  EXPECT_EQ(Run({"-P", "--logical", "l", "a2"}).status, 0);
  for (const char* const name : {"p0", "p1", "p2"}) EXPECT_TRUE(SameFile(name, "l")) << name;
  for (const char* const name : {"a1", "a2"}) EXPECT_TRUE(SameFile(name, "a")) << name;
  MakeLink("nowhere", "dangling");
  EXPECT_EQ(Run({"-L", "dangling", "x"}).errors, "ln: dangling: No such file or directory\n");
}

TEST_F(LnTest, ForceReplaces) {
  WriteFile("a", "a");
  WriteFile("old", "old");
  EXPECT_EQ(Run({"-f", "a", "old"}).status, 0);
  EXPECT_TRUE(SameFile("a", "old"));
  EXPECT_EQ(Run({"-f", "a", "old"}).status, 0) << "it is done already";
  EXPECT_EQ(Run({"-s", "--force", "x", "old"}).status, 0);
  EXPECT_EQ(LinkTarget("old"), "x");
  EXPECT_EQ(Run({"-sf", "y", "old"}).status, 0);
  EXPECT_EQ(LinkTarget("old"), "y");
  MakeDirectory("d");
  MakeDirectory("d/a");
  EXPECT_EQ(Run({"-sf", "a", "d"}).errors, "ln: d/a: cannot overwrite a directory\n");
  EXPECT_EQ(Run({"-sfT", "a", "d"}).errors, "ln: d: cannot overwrite a directory\n");
}

TEST_F(LnTest, ForceNeverRemovesTheSource) {
  WriteFile("a", "a");
  ASSERT_EQ(::symlink(".", "here"), 0);
  for (const char* const option : {"-f", "-sf", "-b", "-fb"}) {
    for (const char* const name : {"a", "./a", "here/a"}) {
      if (std::string(option) == "-b" || std::string(option) == "-fb") {
        EXPECT_EQ(Run({option, "a", name}).status, 1) << option << name;
      } else {
        EXPECT_EQ(Run({option, "a", name}).errors,
                  std::string("ln: ") + name + ": is the same file as its source\n");
      }
      EXPECT_EQ(ReadFile("a"), "a");
    }
  }
  EXPECT_EQ(Run({"-f", "missing", "a"}).status, 1);
  EXPECT_EQ(ReadFile("a"), "a");
}

TEST_F(LnTest, JustMadeIsNotReplaced) {
  MakeDirectory("p");
  MakeDirectory("q");
  MakeDirectory("d");
  WriteFile("p/f", "p");
  WriteFile("q/f", "q");
  const Outcome outcome = Run({"-f", "p/f", "q/f", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, StartsWith("ln: d/f: was just made"));
  EXPECT_TRUE(SameFile("d/f", "p/f"));
}

TEST_F(LnTest, Asks) {
  WriteFile("a", "a");
  WriteFile("old", "old");
  const Outcome no = Run({"-i", "a", "old"}, "n\n");
  EXPECT_EQ(no.status, 1);
  EXPECT_EQ(no.errors, "ln: replace 'old'? ");
  EXPECT_EQ(ReadFile("old"), "old");
  EXPECT_EQ(Run({"-f", "--interactive", "a", "old"}, "").status, 1);
  EXPECT_EQ(Run({"-i", "a", "old"}, "y\n").status, 0);
  EXPECT_TRUE(SameFile("a", "old"));
  EXPECT_EQ(Run({"-si", "a", "a"}, "y\n").status, 1);
  EXPECT_EQ(ReadFile("a"), "a");
}

TEST_F(LnTest, DirectoriesBehindLinks) {
  MakeDirectory("d");
  MakeLink("d", "l");
  EXPECT_EQ(Run({"-s", "x", "l"}).status, 0);
  EXPECT_EQ(LinkTarget("d/x"), "x");
  EXPECT_EQ(Run({"-s", "-n", "x", "l"}).status, 1);
  EXPECT_EQ(Run({"-sf", "--no-dereference", "x", "l"}).status, 0);
  EXPECT_EQ(LinkTarget("l"), "x");
  MakeLink("d", "m");
  EXPECT_EQ(Run({"-sfT", "y", "m"}).status, 0);
  EXPECT_EQ(LinkTarget("m"), "y");
  EXPECT_EQ(Run({"-s", "--no-target-directory", "y", "d"}).status, 1);
  EXPECT_EQ(Run({"-s", "--target-directory=d", "z"}).status, 0);
  EXPECT_EQ(LinkTarget("d/z"), "z");
}

TEST_F(LnTest, Backups) {
  WriteFile("a", "a");
  WriteFile("b", "b");
  EXPECT_EQ(Run({"-bv", "a", "b"}).output, "'b~' ~ 'b' => 'a'\n");
  EXPECT_EQ(ReadFile("b~"), "b");
  EXPECT_EQ(Run({"-s", "--backup=numbered", "x", "b"}).status, 0);
  EXPECT_TRUE(SameFile("b.~1~", "a"));
  EXPECT_EQ(Run({"-sf", "-S", ".o", "y", "b"}).status, 0);
  EXPECT_EQ(LinkTarget("b.~2~"), "x") << "there is a numbered one already";
  EXPECT_EQ(Run({"-sf", "--backup=simple", "--suffix=.o", "z", "b"}).status, 0);
  EXPECT_EQ(LinkTarget("b.o"), "y");
  EXPECT_EQ(Run({"-sf", "--backup", "b", "b"}).status, 0) << "a link to its own name";
  EXPECT_EQ(LinkTarget("b"), "b");
  EXPECT_EQ(Run({"-sb", "q", "d"}).status, 0);
  EXPECT_EQ(LinkTarget("d"), "q");
}

// The rename to the backup's name is none then: both are the same file.
TEST_F(LnTest, BackupThatIsAnotherNameOfTheFile) {
  for (const char* const option : {"-fb", "-sb"}) {
    WriteFile("a", "a");
    WriteFile("b", "b");
    ASSERT_EQ(::link("b", "b~"), 0);
    EXPECT_EQ(Run({option, "a", "b"}).errors, "") << option;
    EXPECT_EQ(ReadFile("b"), "a");
    EXPECT_EQ(ReadFile("b~"), "b");
    ASSERT_EQ(::unlink("b") + ::unlink("b~"), 0);
  }
}

// Nobody can make it lead anywhere.
TEST_F(LnTest, LinkToANameThatIsTooLongIsReplaced) {
  WriteFile("a", "a");
  MakeLink(std::string(300, 'n'), "l");
  EXPECT_EQ(Run({"-sf", "a", "l"}).errors, "");
  EXPECT_EQ(LinkTarget("l"), "a");
}

TEST_F(LnTest, Verbose) {
  WriteFile("a", "a");
  EXPECT_EQ(Run({"-v", "a", "b"}).output, "'b' => 'a'\n");
  EXPECT_EQ(Run({"-s", "--verbose", "x/a b"}).output, "'./a b' -> 'x/a b'\n");
}

TEST_F(LnTest, Relative) {
  MakeDirectory("d");
  MakeDirectory("d/e");
  WriteFile("a", "a");
  MakeLink("d/e", "l");
  EXPECT_EQ(Run({"-sr", "a", "d/e/x"}).status, 0);
  EXPECT_EQ(LinkTarget("d/e/x"), "../../a");
  EXPECT_EQ(Run({"-s", "--relative", folder() + "/a", "l"}).status, 0);
  EXPECT_EQ(LinkTarget("d/e/a"), "../../a");
  EXPECT_EQ(Run({"-sr", "l/../e/./missing", "d/m"}).status, 0);
  EXPECT_EQ(LinkTarget("d/m"), "e/missing");
  EXPECT_EQ(Run({"-sr", ".", "here"}).status, 0);
  EXPECT_EQ(LinkTarget("here"), ".");
  EXPECT_EQ(Run({"-sr", "d", "d/up"}).status, 0);
  EXPECT_EQ(LinkTarget("d/up"), ".");
  EXPECT_EQ(Run({"-sr", "/", "root"}).status, 0);
  EXPECT_EQ(::access("root/proc", F_OK), 0) << LinkTarget("root");
  MakeLink("loop", "loop");
  // What leads round in a circle is taken by its text, as what does not exist.
  EXPECT_EQ(Run({"-sr", "loop/x", "q"}).status, 0);
  EXPECT_EQ(LinkTarget("q"), "loop/x");
  EXPECT_EQ(Run({"-r", "a", "q"}).status, 1);
  EXPECT_EQ(Run({"-sr", "", "empty"}).errors, "ln: empty: No such file or directory\n");
}

TEST_F(LnTest, Usage) {
  MakeDirectory("d");
  EXPECT_THAT(Run({}).errors, HasSubstr("missing file operand"));
  EXPECT_THAT(Run({"-T", "a"}).errors, HasSubstr("a: missing destination operand after it"));
  EXPECT_THAT(Run({"-T", "a", "b", "c"}).errors, HasSubstr("c: extra operand"));
  EXPECT_THAT(Run({"-T", "-t", "d", "a"}).errors, HasSubstr("-t and -T exclude each other"));
  EXPECT_EQ(Run({"-s", "a", "b", "c"}).errors, "ln: c: No such file or directory\n");
  WriteFile("f", "");
  EXPECT_EQ(Run({"-s", "a", "b", "f"}).errors, "ln: f: Not a directory\n");
  EXPECT_EQ(Run({"-s", "-t", "f", "a"}).errors, "ln: f: Not a directory\n");
}

TEST_F(LnTest, HardLinksThatAreNotPossibleAreSaid) {
  for (const int error : {EINVAL, EOPNOTSUPP, ENOSYS}) {
    for (const char* const option : {"-v", "-f"}) {
      const Outcome outcome =
          RunWithout(Call::kMakeHardLink, error, {option, "a", "b"}, [&] { WriteFile("a", "a"); });
      EXPECT_EQ(outcome.status, 1);
      EXPECT_THAT(outcome.errors,
                  StartsWith("ln: b: hard links are not possible on this file system: "));
      EXPECT_EQ(outcome.output, "");
    }
  }
}

TEST_F(LnTest, EveryFault) {
  const auto prepare = [&] { WriteFile("a", "a"); };
  const auto prepare_old = [&] {
    WriteFile("a", "a");
    WriteFile("old", "old");
  };
  EXPECT_GT(Sweep({"a", "b"}, prepare, [] { return SameFile("a", "b"); }, "", {"a", "b"}), 5U);
  EXPECT_GT(Sweep({"-f", "a", "old"}, prepare_old, [] { return SameFile("a", "old"); }, "old",
                  {"a", "old"}),
            10U);
  EXPECT_GT(Sweep({"-sf", "x", "old"}, prepare_old, [] { return LinkTarget("old") == "x"; }, "old",
                  {"a", "old"}),
            10U);
  EXPECT_GT(Sweep({"-si", "x", "old"}, prepare_old, [] { return LinkTarget("old") == "x"; }, "old",
                  {"a", "old"}),
            10U);
  EXPECT_GT(Sweep({"-sb", "x", "old"}, prepare_old,
                  [] { return LinkTarget("old") == "x" && ReadFile("old~") == "old"; }, "old",
                  {"a", "old", "old~"}),
            10U);
}

// A rename that fails leaves the old file whole, and no temporary file.
TEST_F(LnTest, RenameFails) {
  for (const char* const option : {"-f", "-sf"}) {
    const Outcome outcome = RunWithout(Call::kRename, EIO, {option, "a", "old"}, [&] {
      WriteFile("a", "a");
      WriteFile("old", "old");
    });
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(Tree(), "a: a\nold: old\n");
  }
}

}  // namespace
}  // namespace cation::testing
