// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coreutils/support/testing/utility_test_case.h"
#include "shell-ext/support/initrc_text.h"

namespace cation::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fault = sys::fault;
constexpr char kUser[] = "home/.config/ion/initrc";

class ShellExtTest : public UtilityTestCase {
 protected:
  ShellExtTest() : UtilityTestCase("shell-ext") {
    // What is not there is no error, and Ion does not read it either; nor is a file that was read
    // whole, and a command in PATH at which nobody can look.
    excused = [](const FaultOutcome& fault) {
      return fault.error == ENOENT || fault.error == ENOTDIR ||
             (fault.outcome.status == 1 && fault.call.call == fault::Call::kClose) ||
             (fault.call.call == fault::Call::kReadSymbolicLink && fault.error == EINVAL) ||
             fault.call.detail.rfind("bin/", 0) == 0;
    };
  }
  void SetUp() override {
    UtilityTestCase::SetUp();
    system_ = folder() + "/xdg/ion/initrc";
    line_ = "test -f " + system_ + " && source " + system_;
    environment = {{"HOME", "home"}, {"XDG_CONFIG_DIRS", folder() + "/xdg"}, {"PATH", "bin"}};
    Prepare();
  }
  void Prepare() {
    MakeDirectory("home");
    MakeDirectory("xdg");
    MakeDirectory("xdg/ion");
    WriteFile("xdg/ion/initrc",
              "echo \"Cation 1 | Build: abc | 2026-01-02\"\nhistory +inc_append\ntrue\n");
  }
  void WriteUser(const std::string& content, mode_t mode = 0644) {
    if (!Exists("home/.config")) {
      MakeDirectory("home/.config");
      MakeDirectory("home/.config/ion");
    }
    if (Exists(kUser)) ::unlink(kUser);
    WriteFile(kUser, content, mode);
  }
  // Runs a verb, which has nothing to complain of.
  std::string Does(const std::string& verb, int status = 0) {
    const Outcome outcome = Run({verb});
    EXPECT_EQ(outcome.errors, "");
    EXPECT_EQ(outcome.status, status) << verb;
    return outcome.output;
  }
  void Refuses(const std::string& verb, const std::string& reason) {
    const std::string before = Tree();
    const Outcome outcome = Run({verb});
    EXPECT_EQ(outcome.status, 2) << verb;
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.errors, "shell-ext: " + reason + "\n");
    EXPECT_EQ(Tree(), before);
  }

  std::string system_;
  std::string line_;
};

TEST_F(ShellExtTest, NothingToDoWithoutAFileOfTheUsers) {
  const std::string before = Tree();
  EXPECT_EQ(Does("enable"), system_ + " is what Ion reads: nothing to do\n");
  EXPECT_EQ(Tree(), before);
  EXPECT_THAT(Does("status"), StartsWith("enabled\ninitrc: " + system_ + "\n"));
}

TEST_F(ShellExtTest, EnableAndDisableGiveBackEveryByte) {
  const std::string contents[] = {
      "",
      "echo a\n",
      "echo a",
      "\n",
      "\n\n\n",
      "if true\n",
      "# c\r\necho a\r\n",
      "a\nb\r\n",
      "caf\xe9 \xff\n",
      "  # source of all\n",
      "let a = 'source' # " + system_ + "\n",
      "true\r",
      std::string(300000, 'x') + "\n",
  };
  for (const std::string& content : contents) {
    // The others differ in nothing that a fault meets.
    fault_runs = content == contents[0];
    WriteUser(content);
    EXPECT_THAT(Does("status", 1),
                StartsWith(std::string("disabled: ") + kUser + " does not source"));
    const std::string end = content.find("\r\n") < content.find('\n') ? "\r\n" : "\n";
    EXPECT_EQ(Does("enable"), std::string(kUser) + " sources " + system_ + " in its first line\n");
    EXPECT_EQ(ReadFile(kUser), line_ + end + content);
    EXPECT_EQ(Does("enable"),
              std::string(kUser) + " sources " + system_ + " in line 1: nothing to do\n");
    EXPECT_EQ(ReadFile(kUser), line_ + end + content);
    EXPECT_THAT(Does("status"), StartsWith("enabled\ninitrc: " + std::string(kUser) +
                                           ", which sources " + system_ + " in line 1\n"));
    EXPECT_EQ(Does("disable"), std::string(kUser) + " does not source " + system_ + " any more\n");
    EXPECT_EQ(ReadFile(kUser), content);
    EXPECT_EQ(Does("disable"),
              std::string(kUser) + " does not source " + system_ + ": nothing to do\n");
    EXPECT_EQ(ReadFile(kUser), content);
  }
}

TEST_F(ShellExtTest, TheLineWhereverItIsAndHoweverItIsSpaced) {
  for (const std::string& line :
       {line_, "\t" + line_ + "  ", "test  -f\t" + system_ + " &&  source " + system_}) {
    for (const std::string end : {"\n", "\r\n"}) {
      WriteUser("# mine" + end + line + end + "true" + end);
      EXPECT_EQ(Does("enable"),
                std::string(kUser) + " sources " + system_ + " in line 2: nothing to do\n");
      EXPECT_EQ(ReadFile(kUser), "# mine" + end + line + end + "true" + end);
      Does("disable");
      EXPECT_EQ(ReadFile(kUser), "# mine" + end + "true" + end);
    }
  }
  WriteUser(line_ + "\ntrue\n" + line_);
  Does("disable");
  EXPECT_EQ(ReadFile(kUser), "true\n") << "twice, and the last without an end";
}

TEST_F(ShellExtTest, SomebodyElsesWay) {
  for (const std::string& line :
       {"source " + system_, "exists -f " + system_ + "; source '" + system_ + "'; true",
        line_ + " # mine", "if test -f a; source " + system_ + ";end"}) {
    WriteUser("true\n" + line + "\n");
    EXPECT_EQ(Does("enable"),
              std::string(kUser) + " sources " + system_ + " in line 2: nothing to do\n")
        << line;
    Refuses("disable",
            std::string(kUser) +
                ": it sources the file for all in a way of its own; take that out by hand");
  }
  WriteUser("# " + line_ + "\necho source " + system_ + ".old\n");
  EXPECT_THAT(Does("enable"), HasSubstr("first line")) << "a comment, and another file";
}

TEST_F(ShellExtTest, OffWithoutAFileOfTheUsers) {
  const std::string before = Tree();
  EXPECT_EQ(Does("disable"),
            std::string(kUser) + " is there, and Ion reads it instead of " + system_ + "\n");
  EXPECT_EQ(ReadFile(kUser), kOffInitrc);
  EXPECT_EQ(Permissions(kUser), 0644U);
  EXPECT_EQ(Permissions("home/.config"), 0700U);
  EXPECT_EQ(Permissions("home/.config/ion"), 0700U);
  EXPECT_THAT(Does("status", 1), StartsWith(std::string("disabled: ") + kUser +
                                            " is there to be read instead of " + system_));
  EXPECT_EQ(Does("disable"),
            std::string(kUser) + " does not source " + system_ + ": nothing to do\n");
  EXPECT_EQ(Does("enable"), std::string(kUser) + " is gone, and Ion reads " + system_ + "\n");
  EXPECT_FALSE(Exists(kUser));
  ::rmdir("home/.config/ion");
  ::rmdir("home/.config");
  EXPECT_EQ(Tree(), before);
}

TEST_F(ShellExtTest, OffByALink) {
  WriteFile("mine", kOffInitrc);
  WriteUser("");
  ::unlink(kUser);
  MakeLink("../../../mine", kUser);
  EXPECT_THAT(Does("enable"), HasSubstr("first line"));
  EXPECT_EQ(ReadFile("mine"), line_ + "\n");
  EXPECT_EQ(LinkTarget(kUser), "../../../mine");
}

TEST_F(ShellExtTest, WithoutTheFileForAll) {
  ::unlink("xdg/ion/initrc");
  EXPECT_EQ(Does("disable"), system_ + " is not there: nothing to do\n");
  EXPECT_THAT(Does("status", 1),
              StartsWith("disabled: " + system_ + " is not there\ninitrc: none\n"));
  Outcome outcome = Run({"enable"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, std::string(kUser) + " sources " + system_ + " in its first line\n");
  EXPECT_EQ(outcome.errors,
            "shell-ext: " + system_ + ": it is not there, so nothing is on until it is\n");
  EXPECT_EQ(ReadFile(kUser), line_ + "\n");
  outcome = Run({"enable"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(ReadFile(kUser), line_ + "\n");
  WriteUser(kOffInitrc);
  EXPECT_EQ(Run({"enable"}).status, 1);
  EXPECT_EQ(ReadFile(kUser), line_ + "\n") << "else Ion would make an empty one";
}

TEST_F(ShellExtTest, ModesAndOwnersAreKept) {
  for (const mode_t mode : {0600U, 0444U, 0640U, 0755U, 0666U}) {
    WriteUser("true\n", mode);
    ::chmod(kUser, mode);
    Does("enable");
    EXPECT_EQ(Permissions(kUser), mode);
    Does("disable");
    EXPECT_EQ(Permissions(kUser), mode);
  }
  if (::geteuid() != 0) return;
  WriteUser("true\n");
  if (::chown(kUser, 12345, 23456) != 0) return;
  Does("enable");
  EXPECT_EQ(Lstat(kUser).st_uid, 12345U);
  EXPECT_EQ(Lstat(kUser).st_gid, 23456U);
}

TEST_F(ShellExtTest, LinksStay) {
  MakeDirectory("dotfiles");
  WriteFile("dotfiles/initrc", "true\n", 0600);
  WriteUser("");
  ::unlink(kUser);
  MakeLink("../../../dotfiles/initrc", kUser);
  Does("enable");
  EXPECT_EQ(LinkTarget(kUser), "../../../dotfiles/initrc");
  EXPECT_EQ(ReadFile("dotfiles/initrc"), line_ + "\ntrue\n");
  EXPECT_EQ(Permissions("dotfiles/initrc"), 0600U);
  Does("disable");
  EXPECT_EQ(ReadFile("dotfiles/initrc"), "true\n");
  ::unlink("dotfiles/initrc");
  EXPECT_EQ(Does("enable"), system_ + " is what Ion reads: nothing to do\n")
      << "a link to nowhere is none";
  Does("disable");
  EXPECT_EQ(LinkTarget(kUser), "../../../dotfiles/initrc");
  EXPECT_EQ(ReadFile("dotfiles/initrc"), kOffInitrc);
}

TEST_F(ShellExtTest, ALinkToTheFileForAll) {
  WriteUser("");
  ::unlink(kUser);
  MakeLink(system_, kUser);
  EXPECT_EQ(Does("enable"),
            std::string(kUser) + " is the same file as " + system_ + ": nothing to do\n");
  EXPECT_THAT(Does("status"), StartsWith("enabled\n"));
  Refuses("disable", std::string(kUser) + ": is the file for all itself; take the link away");
}

TEST_F(ShellExtTest, WhatIsNoInitrc) {
  WriteUser("\xef\xbb\xbftrue\n");
  Refuses("enable",
          std::string(kUser) +
              ": begins with a byte order mark, at which Ion skips it; save it without one");
  EXPECT_THAT(Does("status", 1),
              StartsWith(std::string("disabled: ") + kUser + " begins with a byte order mark"));
  WriteUser("\xef\xbb\xbf" + line_ + "\n");
  EXPECT_EQ(Run({"status"}).status, 1);
  WriteUser(std::string("a\0b\n", 4));
  Refuses("enable", std::string(kUser) + ": has null bytes, and is no initrc");
  WriteUser(line_ + std::string("\na\0b\n", 5));
  Does("disable");
  EXPECT_EQ(ReadFile(kUser), std::string("a\0b\n", 4));
  // What cannot be compared without reading it.
  fault_runs = false;
  const auto refuses_all = [this](const std::string& reason) {
    for (const char* const verb : {"enable", "disable", "status"}) {
      const Outcome outcome = Run({verb});
      EXPECT_EQ(outcome.status, 2);
      EXPECT_EQ(outcome.errors, std::string("shell-ext: ") + kUser + ": " + reason + "\n");
      EXPECT_EQ(outcome.output, "");
    }
  };
  EXPECT_EQ(::truncate(kUser, 1L << 30), 0);
  refuses_all("is too large for an initrc");
  ::unlink(kUser);
  MakeDirectory(kUser);
  refuses_all("Is a directory");
  ::rmdir(kUser);
  ::mkfifo(kUser, 0600);
  refuses_all("is no regular file");
}

TEST_F(ShellExtTest, WhatCannotBeWritten) {
  environment["XDG_CONFIG_DIRS"] = folder() + "/a b";
  WriteUser("true\n");
  Refuses("enable",
          "'" + folder() + "/a b/ion/initrc': cannot be written in a line for Ion as it is");
}

TEST_F(ShellExtTest, HomesThatAreNot) {
  environment["HOME"] = "nowhere";
  Refuses("disable", "nowhere/.config/ion/initrc: No such file or directory");
  environment["HOME"] = "xdg/ion/initrc";
  Refuses("disable", "xdg/ion/initrc/.config/ion/initrc: Not a directory");
}

TEST_F(ShellExtTest, WhereTheFilesAre) {
  MakeDirectory("second");
  environment["XDG_CONFIG_HOME"] = "relative";
  EXPECT_THAT(Does("enable"), StartsWith(system_)) << "it is not for Ion";
  environment["XDG_CONFIG_HOME"] = "";
  Does("disable");
  EXPECT_TRUE(Exists(kUser));
  environment["XDG_CONFIG_HOME"] = folder() + "/second/configuration";
  Does("disable");
  EXPECT_EQ(ReadFile("second/configuration/ion/initrc"), kOffInitrc);
  ::unlink("second/configuration/ion/initrc");
  environment["XDG_CONFIG_DIRS"] =
      "xdg:" + folder() + "/nowhere::" + folder() + "/xdg/:" + folder() + "/other";
  EXPECT_EQ(Does("enable"), folder() + "/xdg/ion/initrc is what Ion reads: nothing to do\n");
  environment["XDG_CONFIG_DIRS"] = folder() + "/nowhere:" + folder() + "/other";
  EXPECT_THAT(Does("status", 1),
              StartsWith("disabled: " + folder() + "/nowhere/ion/initrc is not there"));
  WriteFile("mine", "true\n");
  environment["XDG_CONFIG_DIRS"] = folder() + "/xdg";
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"-f", "mine", "enable"}, {"--file=mine", "enable"}}) {
    EXPECT_EQ(Run(words).status, 0);
    EXPECT_EQ(ReadFile("mine"), line_ + "\ntrue\n");
  }
  EXPECT_EQ(Run({"disable", "-fno/such"}).status, 2);
  EXPECT_FALSE(Exists("no"));
}

TEST_F(ShellExtTest, TheUsualFileForAll) {
  for (const char* const none : {"", "relative:and/more"}) {
    environment["XDG_CONFIG_DIRS"] = none;
    WriteUser("true\n");
    Run({"enable"});
    EXPECT_EQ(ReadFile(kUser), "test -f /etc/xdg/ion/initrc && source /etc/xdg/ion/initrc\ntrue\n");
  }
}

TEST_F(ShellExtTest, HomeOfTheUser) {
  // Whatever /etc/passwd has here: nothing is written.
  environment.erase("HOME");
  const Outcome unset = Run({"-n", "disable"});
  environment["HOME"] = "";
  const Outcome empty = Run({"-n", "disable"});
  EXPECT_EQ(unset.output + unset.errors, empty.output + empty.errors);
  EXPECT_THAT(unset.output + unset.errors,
              HasSubstr(unset.status == 0 ? "/.config/ion/initrc" : "HOME"));
}

TEST_F(ShellExtTest, DryRun) {
  const auto says = [this](const std::string& option, const std::string& verb,
                           const std::string& text) {
    const std::string before = Tree();
    const Outcome outcome = Run({option, verb});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.output, "not done: " + std::string(kUser) + text + "\n");
    EXPECT_EQ(Tree(), before);
  };
  WriteUser("true\n");
  says("-n", "enable", " sources " + system_ + " in its first line");
  WriteUser(line_ + "\ntrue\n");
  says("--dry-run", "disable", " does not source " + system_ + " any more");
  WriteUser(kOffInitrc);
  says("-n", "enable", " is gone, and Ion reads " + system_);
  ::unlink(kUser);
  says("-n", "disable", " is there, and Ion reads it instead of " + system_);
}

TEST_F(ShellExtTest, Status) {
  MakeDirectory("bin");
  WriteFile("bin/suggest", "", 0755);
  WriteFile("bin/run", "", 0644);
  EXPECT_EQ(Does("status"),
            "enabled\ninitrc: " + system_ +
                "\nstamp: 'Cation 1 | Build: abc | 2026-01-02'\n"
                "history: each line at once (+inc_append)\n"
                "commands: suggest\n"
                "not in PATH: both capture explain hist host pick run shell-ext with-stderr\n");
  WriteUser("history -inc_append\n" + line_ + "\n");
  EXPECT_THAT(Does("status"), HasSubstr("history: each line at once (+inc_append)\n"))
      << "the later one counts";
  WriteUser(line_ + "\nhistory  -inc_append\n");
  EXPECT_THAT(Does("status"), HasSubstr("history: at exit only, over what others have written\n"));
  WriteUser("history +share\n");
  EXPECT_THAT(Does("status", 1),
              HasSubstr("history: each line at once, and others' lines (+share)\n"));
  WriteFile("xdg/ion/initrc", "");
  EXPECT_THAT(Does("status", 1), HasSubstr("stamp: none\n"));
}

TEST_F(ShellExtTest, OddNames) {
  MakeDirectory("a\nb");
  environment["XDG_CONFIG_HOME"] = folder() + "/a\nb";
  EXPECT_THAT(Does("disable"), HasSubstr("$'")) << "a line stays one";
}

TEST_F(ShellExtTest, WrongUse) {
  EXPECT_EQ(Run({}).status, 2);
  EXPECT_THAT(Run({}).errors, StartsWith("shell-ext: missing operand\n"));
  EXPECT_THAT(Run({"enable", "a"}).errors, StartsWith("shell-ext: a: extra operand\n"));
  EXPECT_THAT(Run({"on"}).errors,
              StartsWith("shell-ext: on: it is none of enable, disable and status\n"));
  EXPECT_EQ(Run({"on"}).status, 2);
  const Outcome full = RunInto("/dev/full", {"status"});
  EXPECT_EQ(full.status, 2);
  EXPECT_EQ(full.errors, "shell-ext: write error: No space left on device\n");
}

TEST_F(ShellExtTest, EveryFault) {
  const std::string content = "# mine\n" + std::string(90, 'x') + "\n";
  const auto prepare = [&](const std::string& user) {
    return [this, user] {
      Prepare();
      WriteUser(user, 0600);
    };
  };
  // The old file or the new one, and nothing beside it.
  const auto check = [&](const std::string& before, const std::string& after) {
    return [=](const FaultOutcome& fault) {
      const std::string now = ReadFile(kUser);
      EXPECT_TRUE(now == before || now == after);
      // Told that a file is not there, it may have nothing to do.
      if (fault.error == ENOENT || fault.error == ENOTDIR) return;
      EXPECT_EQ(Permissions(kUser), 0600U);
      if (fault.outcome.status == 0) EXPECT_EQ(now, after);
      EXPECT_EQ(Tree("home/.config/ion").find("initrc."), std::string::npos);
    };
  };
  ForEachFault({"enable"}, "", prepare(content), check(content, line_ + "\n" + content));
  ForEachFault({"disable"}, "", prepare(line_ + "\n" + content),
               check(line_ + "\n" + content, content));
  ForEachFault({"enable"}, "", prepare(""), check("", line_ + "\n"));
  ForEachFault(
      {"disable"}, "", [this] { Prepare(); },
      [](const FaultOutcome& fault) {
        const bool made = Exists(kUser);
        if (made) EXPECT_EQ(ReadFile(kUser), kOffInitrc);
        if (fault.outcome.status == 0)
          EXPECT_TRUE(made || fault.error == ENOENT || fault.error == ENOTDIR);
      });
}

}  // namespace
}  // namespace cation::testing
