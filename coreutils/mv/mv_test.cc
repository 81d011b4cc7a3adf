// SPDX-License-Identifier: MIT
#include <errno.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"

namespace cation::testing {
namespace {

using sys::fault::Call;
using sys::fault::TracedCall;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

class MvTest : public UtilityTestCase {
 protected:
  // Who is told that a file is not there believes it. A copy will do where a hard link is refused.
  MvTest() : UtilityTestCase("mv") {
    excused = [](const FaultOutcome& fault) {
      return fault.error == ENOENT || fault.OfAnswer() || fault.call.call == Call::kMakeHardLink;
    };
  }
  ~MvTest() override { sys::fault::SetHook(nullptr); }

  static bool SameFile(const std::string& a, const std::string& b) {
    return Lstat(a).st_ino == Lstat(b).st_ino && Lstat(a).st_dev == Lstat(b).st_dev;
  }

  // From now on the operands `names` are on another file system than their targets.
  static void SetElsewhere(std::set<std::string> names) {
    sys::fault::SetHook([names = std::move(names)](std::size_t, const TracedCall& call) {
      return call.call == Call::kRename && names.contains(call.detail) ? EXDEV : 0;
    });
  }

  // All below `path`, with what a move keeps.
  static std::string Attributes(const std::string& path) {
    std::string all = Tree(path);
    std::vector<std::string> names = {path};
    for (std::size_t at = 0; at < all.size();) {
      const std::size_t end = all.find('\n', at);
      std::string name = all.substr(at, end - at);
      name = name.substr(0, name.find_first_of(":/ "));
      names.push_back(path + "/" + name);
      at = end + 1;
    }
    for (const std::string& name : names) {
      const struct stat status = Lstat(name);
      all += name.substr(path.size()) + " " + std::to_string(status.st_mode) + " " +
             std::to_string(status.st_uid) + " " + std::to_string(status.st_mtim.tv_sec) + "." +
             std::to_string(status.st_mtim.tv_nsec) + "\n";
    }
    return all;
  }

  void MakeTree() {
    MakeDirectory("src");
    MakeDirectory("src/d", 0750);
    WriteFile("src/d/x", "xx", 0640);
    WriteFile("src/e", "eee", 0604);
    MakeLink("d/x", "src/l");
    ASSERT_EQ(::mkfifo("src/p", 0620), 0);
    SetTime("src/e", 1000000000, 5);
    SetTime("src/d/x", 1000000000, 7);
    SetTime("src/l", 1000000000);
    SetTime("src/p", 1000000000);
    SetTime("src/d", 1100000000);
    SetTime("src", 1100000000);
  }

  // Repeats with faults. Each time, all of the source's content is at its old place, or all of it
  // is at the new one, and status 0 says that it is there and nowhere else.
  // `elsewhere`: operands on another file system.
  std::size_t Sweep(const std::vector<std::string>& arguments, const std::function<void()>& prepare,
                    const std::string& source, const std::string& target,
                    const std::string& old = "", const std::set<std::string>& elsewhere = {}) {
    const auto begin = [&] {
      Clear();
      prepare();
      if (!elsewhere.empty()) SetElsewhere(elsewhere);
    };
    begin();
    const std::string whole = Attributes(source);
    fault_runs = false;
    EXPECT_EQ(Run(arguments, "y\n").status, 0);
    const std::vector<TracedCall> calls = sys::fault::Trace();
    std::size_t faults = 0;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (calls[i].call == Call::kRename && elsewhere.contains(calls[i].detail)) continue;
      for (const int error : sys::fault::ErrorsOf(calls[i].call)) {
        begin();
        const Outcome outcome = Run(arguments, "y\n", {.call = i, .error = error});
        SCOPED_TRACE(sys::fault::NameOf(calls[i].call) + (" " + calls[i].detail) + ": " +
                     sys::fault::TextOf(error) + "\n" + outcome.errors + Tree());
        EXPECT_TRUE(sys::fault::Injected());
        ++faults;
        const FaultOutcome fault{outcome, calls[i], error};
        const bool must_not_show = sys::fault::MustNotShow(calls[i].call, error);
        const bool is_misled = !must_not_show && (fault.OfAnswer() || error == ENOENT);
        const bool is_old = Exists(source) && Attributes(source) == whole;
        bool is_new = Exists(target) && Attributes(target) == whole;
        // A directory that is said not to be there is a new name.
        if (is_misled && target.find('/') != std::string::npos)
          is_new |= Attributes(target.substr(0, target.find('/'))) == whole;
        EXPECT_TRUE(is_old || is_new);
        if (must_not_show) EXPECT_EQ(outcome.status, 0);
        if (outcome.status == 0) {
          EXPECT_TRUE(is_misled || (is_new && !Exists(source)));
        } else if (!fault.OfMessage() && error != EPIPE) {
          EXPECT_EQ(outcome.status, 1);
          EXPECT_THAT(outcome.errors, HasSubstr("mv: "));
        }
        // What was at the target is there, or has been replaced by all of the source.
        if (!old.empty() && !is_new && !Exists("dst~")) {
          EXPECT_TRUE(ReadFile(target) == old || StillAside(old));
        }
      }
    }
    return faults;
  }
  // A second fault would be needed for this, or one in putting it back.
  static bool StillAside(const std::string& old) {
    return Tree().find("~") != std::string::npos && Tree().find(": " + old) != std::string::npos;
  }
};

TEST_F(MvTest, Renames) {
  WriteFile("a", "a");
  const ino_t inode = Lstat("a").st_ino;
  const Outcome outcome = Run({"a", "b"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output + outcome.errors, "");
  EXPECT_EQ(Tree(), "b: a\n");
  MakeDirectory("d");
  EXPECT_EQ(Run({"b", "d"}).status, 0);
  EXPECT_EQ(Run({"d", "e"}).status, 0);
  EXPECT_EQ(Tree(), "e/\ne/b: a\n");
  EXPECT_EQ(Lstat("e/b").st_ino, inode);
}

TEST_F(MvTest, IntoADirectory) {
  MakeDirectory("d");
  MakeLink("d", "l");
  for (const char* const name : {"a", "b", "c", "e", "f"}) WriteFile(name, name);
  EXPECT_EQ(Run({"a", "b", "d"}).status, 0);
  EXPECT_EQ(Run({"c", "l"}).status, 0);
  EXPECT_EQ(Run({"--target-directory=d/", "e"}).status, 0);
  EXPECT_EQ(Run({"f", "-t", "l"}).status, 0);
  EXPECT_EQ(Tree("d"), "a: a\nb: b\nc: c\ne: e\nf: f\n");
  WriteFile("g", "g");
  EXPECT_EQ(Run({"g", "missing", "d/a", "d/b", "no"}).errors,
            "mv: no: No such file or directory\n");
  EXPECT_EQ(Run({"g", "missing", "g"}).errors, "mv: g: Not a directory\n");
  EXPECT_EQ(Run({"-t", "g", "g"}).errors, "mv: g: Not a directory\n");
  EXPECT_EQ(Run({"missing", "g", "d"}).errors, "mv: missing: No such file or directory\n");
  EXPECT_EQ(ReadFile("d/g"), "g") << "the rest was moved";
  EXPECT_EQ(Run({"-T", "d", "l"}).status, 1);
  EXPECT_EQ(Run({"--no-target-directory", "l", "m"}).status, 0);
  EXPECT_EQ(LinkTarget("m"), "d");
}

TEST_F(MvTest, Overwrites) {
  WriteFile("a", "a");
  WriteFile("b", "b", 0444);
  EXPECT_EQ(Run({"a", "b"}, "n\n").status, 0) << "no terminal";
  EXPECT_EQ(Tree(), "b: a\n");
  WriteFile("c", "c");
  MakeLink("b", "l");
  EXPECT_EQ(Run({"-f", "c", "l"}).status, 0);
  EXPECT_EQ(Tree(), "b: a\nl: c\n") << "the link is replaced";
}

TEST_F(MvTest, Directories) {
  MakeDirectory("d");
  MakeDirectory("d/sub");
  MakeDirectory("e");
  WriteFile("f", "f");
  EXPECT_EQ(Run({"d", "f"}).errors, "mv: f: cannot overwrite a file with a directory\n");
  EXPECT_EQ(Run({"-T", "f", "e"}).errors, "mv: e: cannot overwrite a directory with a file\n");
  EXPECT_EQ(Run({"-T", "e", "d"}).errors, "mv: d: Directory not empty\n");
  EXPECT_EQ(Run({"d", "d/sub"}).errors,
            "mv: d/sub/d: is in the directory that is to be moved there\n");
  EXPECT_EQ(Run({"d", "d"}).errors, "mv: d/d: is in the directory that is to be moved there\n");
  EXPECT_EQ(Run({"d/.", "x"}).errors, "mv: d/.: cannot be moved: Device or resource busy\n");
  EXPECT_EQ(Run({"-T", "d", "e"}).status, 0);
  EXPECT_EQ(Tree(), "e/\ne/sub/\nf: f\n");
  EXPECT_EQ(Run({"e/", "g/"}).status, 0);
  EXPECT_EQ(Run({"f", "h/"}).status, 1);
  EXPECT_EQ(Run({"f/", "h"}).status, 1);
  EXPECT_EQ(Run({"--strip-trailing-slashes", "f/", "h"}).status, 0);
  EXPECT_EQ(Tree(), "g/\ng/sub/\nh: f\n");
}

TEST_F(MvTest, SameFile) {
  WriteFile("a", "a");
  ASSERT_EQ(::link("a", "hard"), 0);
  WriteFile("b", "b");
  MakeLink("b", "to-b");
  ASSERT_EQ(::symlink(".", "here"), 0);
  for (const char* const name : {"a", "./a", "here/a", "hard"}) {
    EXPECT_EQ(Run({"a", name}).errors,
              std::string("mv: ") + name + ": is the same file as its source\n");
  }
  EXPECT_EQ(Run({"to-b", "b"}).errors, "mv: b: is the same file as its source\n");
  EXPECT_EQ(Run({"to-b", "to-b"}).status, 1);
  EXPECT_EQ(Run({"-b", "a", "a"}).status, 1);
  EXPECT_EQ(ReadFile("b"), "b");
  EXPECT_EQ(Run({"b", "to-b"}).status, 0) << "the link goes";
  EXPECT_EQ(ReadFile("to-b"), "b");
  EXPECT_EQ(ReadFile("a") + ReadFile("hard"), "aa");
  MakeLink("a", "to-a");
  EXPECT_EQ(Run({"to-a", "a"}).status, 1);
  EXPECT_EQ(Run({"to-a", "hard"}).status, 0) << "the content has another name";
  EXPECT_EQ(ReadFile("hard"), "a");
}

TEST_F(MvTest, JustMadeIsNotOverwritten) {
  MakeDirectory("p");
  MakeDirectory("q");
  MakeDirectory("d");
  WriteFile("p/f", "p");
  WriteFile("q/f", "q");
  // When the first is not moved, the second is.
  excused = [](const FaultOutcome& fault) {
    return fault.call.detail == "p/f" || fault.call.detail == "d/f";
  };
  const Outcome outcome = Run({"p/f", "q/f", "d"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "mv: d/f: was just made from another operand; will not overwrite it\n");
  EXPECT_EQ(ReadFile("d/f") + ReadFile("q/f"), "pq");
  WriteFile("p/f", "p2");
  EXPECT_EQ(Run({"--backup=numbered", "p/f", "q/f", "d"}).status, 0);
  EXPECT_EQ(Tree("d"), "f.~1~: p\nf.~2~: p2\nf: q\n");
}

TEST_F(MvTest, Asks) {
  WriteFile("a", "a");
  WriteFile("b", "b");
  const Outcome no = Run({"-i", "a", "b"}, "n\n");
  EXPECT_EQ(no.status, 1);
  EXPECT_EQ(no.errors, "mv: overwrite 'b'? ");
  EXPECT_EQ(ReadFile("b"), "b");
  EXPECT_EQ(Run({"--interactive", "a", "b"}, "").status, 1);
  EXPECT_EQ(Run({"-n", "-i", "a", "b"}, "y\n").status, 0);
  EXPECT_EQ(Tree(), "b: a\n");
  WriteFile("a", "a");
  EXPECT_EQ(Run({"-i", "--force", "a", "b"}).errors, "");
}

TEST_F(MvTest, LeavesWhatIsThere) {
  WriteFile("a", "a");
  WriteFile("b", "b");
  const auto is_as_before = [] { return Tree() == "a: a\nb: b\n"; };
  for (const char* const option : {"-n", "--no-clobber", "--update=none"}) {
    const Outcome outcome = Run({option, "a", "b"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.errors + outcome.output, "");
    EXPECT_TRUE(is_as_before());
  }
  EXPECT_EQ(Run({"--update=none-fail", "a", "b"}).errors, "mv: b: is there; not replaced\n");
  EXPECT_EQ(Run({"-n", "--debug", "a", "b"}).errors, "mv: b: is there; skipped\n");
  SetTime("a", 1000);
  SetTime("b", 1000);
  EXPECT_EQ(Run({"-u", "a", "b"}).status, 0);
  EXPECT_EQ(Run({"--update", "-i", "a", "b"}).errors, "");
  EXPECT_TRUE(is_as_before());
  SetTime("a", 1000, 1);
  EXPECT_EQ(Run({"--update=older", "a", "b"}).status, 0);
  EXPECT_EQ(Tree(), "b: a\n");
}

TEST_F(MvTest, Backups) {
  WriteFile("a", "a");
  WriteFile("b", "b");
  EXPECT_EQ(Run({"-bv", "a", "b"}).output, "renamed 'a' -> 'b' (backup: 'b~')\n");
  EXPECT_EQ(Tree(), "b: a\nb~: b\n");
  EXPECT_EQ(Run({"-b", "b~", "b"}).errors,
            "mv: b: its backup would take the place of the source\n");
  EXPECT_EQ(Tree(), "b: a\nb~: b\n");
  EXPECT_EQ(Run({"-S", ".o", "b~", "b"}).status, 0);
  EXPECT_EQ(Tree(), "b.o: a\nb: b\n");
  MakeDirectory("d");
  EXPECT_EQ(Run({"-T", "--suffix=.x", "b", "d"}).status, 0) << "also of a directory";
  EXPECT_EQ(Tree(), "b.o: a\nd.x/\nd: b\n");
  EXPECT_EQ(Run({"--backup=t", "d.x", "d"}).status, 0);
  EXPECT_EQ(Tree(), "b.o: a\nd.~1~: b\nd/\n");
  EXPECT_THAT(Run({"-b", "-n", "d", "e"}).errors, HasSubstr("--backup excludes"));
  EXPECT_THAT(Run({"-b", "--update=none-fail", "d", "e"}).errors, HasSubstr("--backup excludes"));
}

TEST_F(MvTest, Verbose) {
  WriteFile("a b", "");
  EXPECT_EQ(Run({"-v", "a b", "c"}).output, "renamed 'a b' -> 'c'\n");
  EXPECT_EQ(Run({"--verbose", "missing", "c"}).output, "");
  EXPECT_EQ(Run({"-v", "c", "no/c"}).errors, "mv: no/c: No such file or directory\n");
}

TEST_F(MvTest, Exchanges) {
  fault_runs = false;
  WriteFile("a", "a");
  MakeDirectory("d");
  WriteFile("d/a", "other");
  const Outcome outcome = Run({"--exchange", "-v", "a", "d"});
  EXPECT_EQ(outcome.output, "exchanged 'a' <-> 'd/a'\n");
  EXPECT_EQ(Tree(), "a: other\nd/\nd/a: a\n");
  EXPECT_EQ(Run({"--exchange", "-T", "a", "d"}).status, 0);
  EXPECT_EQ(Tree(), "a/\na/a: a\nd: other\n");
  EXPECT_EQ(Run({"--exchange", "d", "missing"}).errors, "mv: missing: No such file or directory\n");
  EXPECT_THAT(Run({"--exchange", "-b", "a", "d"}).errors, HasSubstr("excludes"));
}

TEST_F(MvTest, Usage) {
  EXPECT_THAT(Run({}).errors, HasSubstr("missing file operand"));
  EXPECT_THAT(Run({"a"}).errors, HasSubstr("a: missing destination operand after it"));
  EXPECT_THAT(Run({"-T", "a", "b", "c"}).errors, HasSubstr("c: extra operand"));
  EXPECT_THAT(Run({"--backup=x", "a", "b"}).errors, HasSubstr("x"));
}

TEST_F(MvTest, FewCalls) {
  fault_runs = false;
  WriteFile("a", "a");
  WriteFile("b", "b");
  MakeDirectory("d");
  (void)Run({"a", "c"});
  EXPECT_EQ(sys::fault::Trace().size(), 2U);
  (void)Run({"c", "d/"});
  EXPECT_EQ(sys::fault::Trace().size(), 3U);
  WriteFile("c", "c");
  MakeDirectory("e");
  (void)Run({"b", "c", "e"});
  EXPECT_LE(sys::fault::Trace().size(), 4U);
}

TEST_F(MvTest, ToAnotherFileSystem) {
  MakeTree();
  const std::string before = Attributes("src");
  SetElsewhere({"src", "f"});
  const Outcome outcome = Run({"-v", "src", "dst"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(Attributes("dst"), before);
  EXPECT_FALSE(Exists("src"));
  EXPECT_THAT(outcome.output, StartsWith("copied 'src' -> 'dst'\n"));
  EXPECT_THAT(outcome.output, HasSubstr("copied 'src/e' -> 'dst/e'\n"));
  EXPECT_THAT(outcome.output, HasSubstr("removed 'src/e'\n"));
  EXPECT_THAT(outcome.output, HasSubstr("removed directory 'src/d'\n"));
  WriteFile("f", "f");
  SetElsewhere({"src", "f"});
  EXPECT_EQ(Run({"f", "dst/e"}).status, 0);
  EXPECT_EQ(ReadFile("dst/e"), "f");
  EXPECT_FALSE(Exists("f"));
  EXPECT_EQ(Tree().find("~"), std::string::npos) << Tree();
}

TEST_F(MvTest, HardLinksAmongWhatIsMoved) {
  WriteFile("a", "a");
  ASSERT_EQ(::link("a", "b"), 0);
  WriteFile("c", "c");
  ASSERT_EQ(::link("c", "stays"), 0);
  MakeDirectory("d");
  SetElsewhere({"a", "b", "c"});
  EXPECT_EQ(Run({"a", "c", "b", "d"}).status, 0);
  EXPECT_EQ(Tree(), "d/\nd/a: a\nd/b: a\nd/c: c\nstays: c\n");
  EXPECT_TRUE(SameFile("d/a", "d/b"));
}

TEST_F(MvTest, ToAnotherFileSystemOverWhatIsThere) {
  MakeTree();
  MakeDirectory("empty");
  MakeDirectory("full");
  WriteFile("full/f", "f");
  WriteFile("f", "f");
  SetElsewhere({"src", "f", "dst"});
  EXPECT_EQ(Run({"-T", "src", "full"}).errors, "mv: full: Directory not empty\n");
  EXPECT_TRUE(Exists("src/d/x"));
  SetElsewhere({"src", "f", "dst"});
  EXPECT_EQ(Run({"-T", "src", "empty"}).status, 0);
  EXPECT_EQ(ReadFile("empty/d/x"), "xx");
  WriteFile("b", "b");
  SetElsewhere({"f"});
  EXPECT_EQ(Run({"-b", "f", "b"}).status, 0);
  EXPECT_EQ(ReadFile("b") + ReadFile("b~"), "fb");
  EXPECT_FALSE(Exists("f"));
}

// Linux finds out first that the target is on another file system.
TEST_F(MvTest, RootAndDotsAreNotCopied) {
  fault_runs = false;
  MakeDirectory("d");
  WriteFile("d/f", "f");
  for (const char* const name : {"d/.", "d/..", ".", "/"}) {
    SetElsewhere({name});
    EXPECT_EQ(Run({name, "new"}).errors,
              std::string("mv: ") + name + ": cannot be moved: Device or resource busy\n");
    EXPECT_EQ(Tree(), "d/\nd/f: f\n");
  }
}

TEST_F(MvTest, NoCopy) {
  WriteFile("f", "f");
  WriteFile("b", "b");
  SetElsewhere({"f"});
  EXPECT_EQ(Run({"--no-copy", "f", "g"}).errors,
            "mv: f: is not copied (--no-copy): Invalid cross-device link\n");
  SetElsewhere({"f"});
  EXPECT_EQ(Run({"--no-copy", "-b", "f", "b"}).status, 1);
  EXPECT_EQ(Tree(), "b: b\nf: f\n");
}

// What cannot be copied stays, and it is said what there is of the copy.
TEST_F(MvTest, IncompleteCopyKeepsTheSource) {
  MakeTree();
  const std::string before = Tree("src");
  sys::fault::SetHook([](std::size_t, const TracedCall& call) {
    if (call.call == Call::kRename) return EXDEV;
    return call.call == Call::kOpen && call.detail == "x" ? EIO : 0;
  });
  const Outcome outcome = Run({"src", "dst"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, HasSubstr("mv: src/d/x: Input/output error\n"));
  EXPECT_THAT(outcome.errors,
              HasSubstr("mv: dst: is not complete; nothing was removed of its source\n"));
  EXPECT_EQ(Tree("src"), before);
  EXPECT_EQ(ReadFile("dst/e"), "eee");
}

// What somebody else puts at the target meanwhile is neither replaced nor added to.
TEST_F(MvTest, WhatAppearsAtTheTargetStays) {
  WriteFile("f", "f");
  sys::fault::SetHook([this](std::size_t, const TracedCall& call) {
    if (call.call != Call::kRename) return 0;
    WriteFile("dst", "theirs");
    return EXDEV;
  });
  Outcome outcome = Run({"f", "dst"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, StartsWith("mv: dst: File exists\n"));
  EXPECT_EQ(Tree(), "dst: theirs\nf: f\n");

  Clear();
  MakeTree();
  const std::string before = Tree("src");
  sys::fault::SetHook([this](std::size_t, const TracedCall& call) {
    if (call.call != Call::kRename) return 0;
    MakeDirectory("dst");
    WriteFile("dst/e", "theirs");
    return EXDEV;
  });
  outcome = Run({"src", "dst"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, StartsWith("mv: dst: File exists\n"));
  EXPECT_EQ(Tree("src"), before);
  EXPECT_EQ(Tree("dst"), "e: theirs\n");
}

// A file that was there comes back when the copy fails.
TEST_F(MvTest, TargetComesBack) {
  for (const char* const option : {"-f", "-b"}) {
    Clear();
    WriteFile("f", "f");
    WriteFile("old", "old");
    sys::fault::SetHook([](std::size_t, const TracedCall& call) {
      if (call.call == Call::kRename && call.detail == "f") return EXDEV;
      return call.call == Call::kTransfer || call.call == Call::kWrite ? ENOSPC : 0;
    });
    const Outcome outcome = Run({option, "f", "old"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(Tree(), "f: f\nold: old\n") << option;
  }
}

TEST_F(MvTest, FaultsWhileRenaming) {
  const auto prepare = [&] { MakeTree(); };
  EXPECT_GT(Sweep({"src", "dst"}, prepare, "src", "dst"), 5U);
  const auto prepare_into = [&] {
    MakeTree();
    MakeDirectory("t");
  };
  EXPECT_GT(Sweep({"-v", "src", "t"}, prepare_into, "src", "t/src"), 5U);
  const auto prepare_old = [&] {
    MakeDirectory("src");
    WriteFile("src/f", "f");
    SetTime("src/f", 1000);
    WriteFile("dst", "old");
  };
  Sweep({"src/f", "dst"}, prepare_old, "src/f", "dst", "old");
  Sweep({"-i", "src/f", "dst"}, prepare_old, "src/f", "dst", "old");
  Sweep({"-b", "src/f", "dst"}, prepare_old, "src/f", "dst", "old");
}

TEST_F(MvTest, FaultsWhileCopying) {
  const auto prepare = [&] { MakeTree(); };
  const std::set<std::string> elsewhere = {"src", "src/e"};
  EXPECT_GT(Sweep({"src", "dst"}, prepare, "src", "dst", "", elsewhere), 100U);
  EXPECT_GT(Sweep({"-v", "src/e", "dst"}, prepare, "src/e", "dst", "", elsewhere), 20U);
  const auto prepare_old = [&] {
    MakeTree();
    WriteFile("dst", "old");
  };
  EXPECT_GT(Sweep({"src/e", "dst"}, prepare_old, "src/e", "dst", "old", elsewhere), 20U);
  EXPECT_GT(Sweep({"-b", "src/e", "dst"}, prepare_old, "src/e", "dst", "old", elsewhere), 20U);
}

}  // namespace
}  // namespace cation::testing
