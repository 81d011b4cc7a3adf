// SPDX-License-Identifier: MIT
#include "image/init_scripts.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "image/planned_tree.h"
#include "image/testing/memory_tree.h"
#include "image/tree.h"

namespace cation::image {
namespace {

using Outcome = Resolution::Outcome;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr uint16_t kX8664 = 62;
constexpr uint16_t kAarch64 = 183;

// The header of one, and PT_INTERP where `loader` is given.
std::string Elf(uint16_t machine, const std::string& loader = "") {
  std::string file(
      "\x7f"
      "ELF\x02\x01\x01",
      7);
  file.resize(64 + 56);
  file[16] = 2;
  file[18] = static_cast<char>(machine);
  file[32] = 64;
  file[56] = 1;
  file[64] = loader.empty() ? 1 : 3;
  file[64 + 8] = 120;
  file[64 + 32] = static_cast<char>(loader.size() + 1);
  return file + loader + std::string(1, '\0');
}

class InitScriptsTest : public testing::Test {
 protected:
  InitScriptsTest() {
    tree_.AddLink("bin", "usr/bin");
    tree_.AddFile("usr/bin/coreutils", Elf(kX8664), 0755);
    for (const char* name : {"rm", "mkdir", "ls", "env"}) {
      tree_.AddLink(absl::StrCat("usr/bin/", name), "coreutils");
    }
    for (const char* name : {"ion", "ipcd", "dhcpd", "getty"}) {
      tree_.AddFile(absl::StrCat("usr/bin/", name), Elf(kX8664), 0755);
    }
  }

  // "script:line command" of all uses, with PATH where it is not `usual`.
  std::vector<std::string> Uses(const std::string& usual = "/usr/bin", const InitView& view = {}) {
    const absl::StatusOr<InitCommands> commands = CommandsOfInitScripts(tree_, view);
    EXPECT_TRUE(commands.ok()) << commands.status();
    std::vector<std::string> lines;
    if (!commands.ok()) return lines;
    notes_ = commands->notes;
    for (const CommandUse& use : commands->uses) {
      lines.push_back(absl::StrCat(use.script, ":", use.line, " ", use.command,
                                   use.path == usual ? "" : " in " + use.path));
    }
    return lines;
  }

  Resolution Resolved(const std::string& command, const std::string& path = "/usr/bin",
                      const InitView& view = {.machine = kX8664}) {
    const absl::StatusOr<Resolution> resolution = ResolveCommand(tree_, command, path, view);
    EXPECT_TRUE(resolution.ok()) << resolution.status();
    if (!resolution.ok()) return {};
    EXPECT_EQ(resolution->outcome == Outcome::kFound, resolution->why.empty());
    return *resolution;
  }

  MemoryTree tree_;
  std::vector<std::string> notes_;
};

TEST_F(InitScriptsTest, FindsWhatAnImageRuns) {
  tree_.AddFile("usr/lib/init.d/00_base",
                "# clear and recreate tmpdir with 0o1777 permission\n"
                "rm -rf /tmp\n"
                "mkdir -m a=rwxt /tmp\n"
                "\n"
                "  notify ipcd  \n"
                "notify ptyd\r\n");
  tree_.AddFile("usr/lib/init.d/10_net", "echo rm is not run\nnowait dhcpd -b\n");
  tree_.AddFile("etc/init.d/30_console",
                "requires_weak 10_net\n"
                "export VT 3\n"
                "stdio /scheme/debug\n"
                "nowait VT=3 orbital $VT orblogin\n"
                "scheme mcp mcpd\n"
                "unset VT\n");
  EXPECT_THAT(Uses(),
              ElementsAre("usr/lib/init.d/00_base:2 rm", "usr/lib/init.d/00_base:3 mkdir",
                          "usr/lib/init.d/00_base:5 ipcd", "usr/lib/init.d/00_base:6 ptyd",
                          "usr/lib/init.d/10_net:2 dhcpd", "etc/init.d/30_console:4 orbital",
                          "etc/init.d/30_console:5 mcpd"));
  EXPECT_THAT(notes_, IsEmpty());
}

TEST_F(InitScriptsTest, AFileInEtcIsInThePlaceOfOneInUsr) {
  tree_.AddFile("usr/lib/init.d/10_net", "dhcpd\n");
  tree_.AddFile("usr/lib/init.d/20_last", "ipcd\n");
  tree_.AddFile("etc/init.d/10_net", "rm /x\n");
  EXPECT_THAT(Uses(), ElementsAre("etc/init.d/10_net:1 rm", "usr/lib/init.d/20_last:1 ipcd"));
}

TEST_F(InitScriptsTest, PathIsTheOneInForce) {
  tree_.AddFile("etc/init.rc",
                "Build: 1234 | today\n"
                "export PATH /bin\n"
                "ls\n"
                "export PATH /usr/bin:/opt/bin\n"
                "run /etc/more.rc\n"
                "run /etc/nosuch.rc\n"
                "run.d /no/such /etc/init.d\n"
                "$NOSUCH x\n");
  tree_.AddFile("etc/more.rc", "PATH=/x:/y rm\n");
  tree_.AddFile("etc/init.d/00_a", "ipcd\n");
  EXPECT_THAT(Uses(), ElementsAre("etc/init.rc:1 Build:", "etc/init.rc:3 ls in /bin",
                                  "etc/more.rc:1 rm in /x:/y",
                                  "etc/init.d/00_a:1 ipcd in /usr/bin:/opt/bin"));
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("/etc/init.rc line 6: runs /etc/nosuch.rc"),
                                  HasSubstr("/etc/init.rc line 8")));
}

TEST_F(InitScriptsTest, ScriptsThatRunThemselvesEnd) {
  tree_.AddFile("etc/init.rc", "run /etc/init.rc\nrun.d /etc/init.d\nls\n");
  tree_.AddFile("etc/init.d/00", "run /etc/init.rc\nrm x\n");
  EXPECT_THAT(Uses(), ElementsAre("etc/init.d/00:2 rm", "etc/init.rc:3 ls"));
}

TEST_F(InitScriptsTest, Units) {
  tree_.AddFile("usr/lib/init.d/20_getty.service",
                "[unit]\n"
                "description = \"Console\"\n"
                "requires_weak = [\n  \"10_net.service\",\n]\n"
                "\n"
                "[service]\n"
                "cmd = \"getty\"\n"
                "args = [\"2\"]\n"
                "type = \"oneshot_async\"\n"
                "respawn = true\n");
  tree_.AddFile("usr/lib/init.d/21_mcp.service",
                "[service]\ncmd = '/usr/bin/env'\nargs = ['A=b', 'mcpd', 'rm']\n"
                "envs = { VT = \"3\", PATH = \"/opt\" }\ntype = { scheme = \"mcp\" }\n");
  tree_.AddFile("usr/lib/init.d/90_all.target", "[unit]\nrequires_weak = ['20_getty.service']\n");
  tree_.AddFile("usr/lib/init.d/95_bad.service", "[service\n");
  tree_.AddFile("usr/lib/init.d/96_bad.service", "[service]\ntype = 'notify'\n");
  tree_.AddFile("usr/lib/init.d/97_other.socket", "rm\n");
  EXPECT_THAT(Uses(), ElementsAre("usr/lib/init.d/20_getty.service:8 getty",
                                  "usr/lib/init.d/21_mcp.service:2 /usr/bin/env in /opt",
                                  "usr/lib/init.d/21_mcp.service:2 mcpd in /opt"));
  EXPECT_THAT(notes_,
              ElementsAre(HasSubstr("95_bad.service: not understood: line 1"),
                          HasSubstr("96_bad.service: a service without a cmd"),
                          HasSubstr("97_other.socket: a kind of unit that is not understood")));
}

TEST_F(InitScriptsTest, WhatScriptsThatAreRunNeed) {
  tree_.AddFile("usr/bin/setup", "#!/usr/bin/env ion\necho\n", 0755);
  tree_.AddFile("usr/lib/init.d/50_setup", "setup -x\nenv -i A=b ls /\n");
  EXPECT_THAT(Uses(), ElementsAre("usr/lib/init.d/50_setup:1 setup", "usr/bin/setup:1 /usr/bin/env",
                                  "usr/bin/setup:1 ion", "usr/lib/init.d/50_setup:2 env",
                                  "usr/lib/init.d/50_setup:2 ls"));
}

TEST_F(InitScriptsTest, AnInitfs) {
  MemoryTree& tree = tree_;
  tree.AddFile("etc/init.rc",
               "export PATH /scheme/initfs/bin\nrtcd\nrun /scheme/initfs/etc/init_drivers.rc\n"
               "cd /\nexport PATH /usr/bin\nrun.d /usr/lib/init.d /etc/init.d\nls\n");
  tree.AddFile("etc/init_drivers.rc", "notify ps2d\npcid-spawner /scheme/initfs/etc/pcid\n");
  tree.AddFile("lib/init.d/50_rootfs.service", "[service]\ncmd = 'redoxfs'\n");
  EXPECT_THAT(Uses("/scheme/initfs/bin", {.initfs = true}),
              ElementsAre("etc/init.rc:2 rtcd", "etc/init_drivers.rc:1 ps2d",
                          "etc/init_drivers.rc:2 pcid-spawner", "etc/init.rc:7 ls in /usr/bin",
                          "lib/init.d/50_rootfs.service:2 redoxfs"));
  EXPECT_THAT(notes_, IsEmpty());
  const InitView view = {.initfs = true};
  EXPECT_EQ(Resolved("ls", "/usr/bin", view).outcome, Outcome::kElsewhere);
  EXPECT_EQ(Resolved("ls", "/scheme/initfs/bin", view).path, "usr/bin/coreutils");
  EXPECT_EQ(Resolved("/scheme/initfs/usr/bin/ion", "", view).path, "usr/bin/ion");
}

TEST_F(InitScriptsTest, ResolvesThroughLinks) {
  EXPECT_EQ(Resolved("rm").path, "usr/bin/coreutils");
  EXPECT_EQ(Resolved("rm", "/bin").path, "usr/bin/coreutils");
  EXPECT_EQ(Resolved("/bin/rm").path, "usr/bin/coreutils");
  EXPECT_EQ(Resolved("rm", "/nosuch:/usr/bin").path, "usr/bin/coreutils");
  EXPECT_EQ(Resolved("rm", "file:/bin").path, "usr/bin/coreutils");
  EXPECT_EQ(Resolved("/scheme/file/usr/bin/ion").path, "usr/bin/ion");
  EXPECT_EQ(Resolved("usr/bin/ion").path, "usr/bin/ion");
}

TEST_F(InitScriptsTest, SaysWhyNot) {
  tree_.AddFile("usr/bin/plain", Elf(kX8664), 0644);
  tree_.AddFile("usr/bin/arm", Elf(kAarch64), 0755);
  tree_.AddLink("usr/bin/dangling", "nosuch");
  tree_.AddLink("usr/bin/loop", "loop");
  tree_.AddLink("usr/bin/share", "/scheme/9p.hostshare/x");
  tree_.AddFile("usr/bin/text", "echo\n", 0755);
  tree_.AddDirectory("usr/bin/folder");
  tree_.AddFile("usr/bin/script", "#! /usr/bin/nosh -x\n", 0755);
  tree_.AddFile("usr/bin/env_script", "#!/usr/bin/env nosh\n", 0755);
  tree_.AddFile("usr/bin/self", "#!/usr/bin/self\n", 0755);
  tree_.AddFile("usr/bin/dynamic", Elf(kX8664, "/lib/ld64.so.1"), 0755);
  const struct {
    const char* command;
    Outcome outcome;
    const char* why;
  } cases[] = {
      {"nosuch", Outcome::kNotThere, "there is no nosuch in /usr/bin"},
      {"/usr/bin/nosuch", Outcome::kNotThere, "/usr/bin/nosuch is not there"},
      {"plain", Outcome::kNotExecutable, "/usr/bin/plain is not executable"},
      {"arm", Outcome::kOtherArchitecture, "another architecture (183, not 62)"},
      {"dangling", Outcome::kDangling, "a link to /usr/bin/nosuch, which is not there"},
      {"loop", Outcome::kDangling, "loop"},
      {"share", Outcome::kElsewhere, "/scheme/9p.hostshare/x, is not in this tree"},
      {"text", Outcome::kNoProgram, "neither a program nor a script"},
      {"folder", Outcome::kNoProgram, "not a file"},
      {"script", Outcome::kInterpreterMissing,
       "needs /usr/bin/nosh, but /usr/bin/nosh is not there"},
      {"env_script", Outcome::kInterpreterMissing, "needs nosh, but there is no nosh in /usr/bin"},
      {"self", Outcome::kInterpreterMissing, "run by itself"},
      {"dynamic", Outcome::kInterpreterMissing, "needs /lib/ld64.so.1"},
      {"/scheme/initfs/bin/ls", Outcome::kElsewhere, "is not in this tree"},
      {"", Outcome::kNotThere, "without a name"},
  };
  for (const auto& [command, outcome, why] : cases) {
    const Resolution resolution = Resolved(command);
    EXPECT_EQ(resolution.outcome, outcome) << command << ": " << resolution.why;
    EXPECT_THAT(resolution.why, HasSubstr(why)) << command;
  }
  tree_.AddFile("lib/ld64.so.1", Elf(kX8664), 0755);
  EXPECT_EQ(Resolved("dynamic").outcome, Outcome::kFound);
  EXPECT_EQ(Resolved("arm", "/usr/bin", {}).outcome, Outcome::kFound);
  // What cannot be run is passed by where there is another.
  tree_.AddFile("opt/plain", Elf(kX8664), 0755);
  EXPECT_EQ(Resolved("plain", "/usr/bin:/opt").path, "opt/plain");
  EXPECT_EQ(Resolved("nosuch", "/scheme/initfs/bin:/usr/bin").outcome, Outcome::kElsewhere);
}

// Root is the owner of most files: the bit of others is of no use to it then.
TEST_F(InitScriptsTest, TheExecuteBitIsTheOneThatAppliesToRoot) {
  tree_.AddFile("usr/bin/others", Elf(kX8664), 0645);
  EXPECT_EQ(Resolved("others").outcome, Outcome::kNotExecutable);
  ASSERT_TRUE(tree_
                  .Apply({{Change::Action::kSetAttributes,
                           "usr/bin/others",
                           {.mode = 0645, .uid = 1000, .gid = 1000}}})
                  .ok());
  EXPECT_EQ(Resolved("others").outcome, Outcome::kFound);
}

TEST_F(InitScriptsTest, WhatAPlanBreaksIsSaidBeforeItIsDone) {
  tree_.AddFile("etc/init.d/10_base", "# base\n\nrm -rf /tmp\nmkdir /tmp\nnosuch\nnotify ipcd\n");
  const InitView view = {.machine = kX8664};
  const absl::StatusOr<std::vector<CheckedUse>> before = CheckInitScripts(tree_, view);
  ASSERT_TRUE(before.ok());
  ASSERT_EQ(before->size(), 4);
  EXPECT_EQ((*before)[0].resolution.outcome, Outcome::kFound);

  const auto broken_by = [&](const std::vector<Change>& changes) {
    const absl::StatusOr<std::unique_ptr<PlannedTree>> planned = PlannedTree::Make(tree_, changes);
    EXPECT_TRUE(planned.ok()) << planned.status();
    const absl::StatusOr<std::vector<CheckedUse>> after = CheckInitScripts(**planned, view);
    EXPECT_TRUE(after.ok()) << after.status();
    return BrokenBy(*before, *after);
  };
  using Action = Change::Action;
  EXPECT_THAT(broken_by({}), IsEmpty());
  // As an install does it.
  const std::vector<Change> good = {
      {Action::kWriteFile, "usr/bin/cation", {.mode = 0755}, Elf(kX8664)},
      {Action::kMakeLink, "usr/bin/rm", {}, "", "cation"},
      {Action::kMakeLink, "usr/bin/mkdir", {}, "", "cation"}};
  EXPECT_THAT(broken_by(good), IsEmpty());
  EXPECT_THAT(broken_by({{Action::kRemove, "usr/bin/rm"}}),
              ElementsAre("rm (/etc/init.d/10_base line 3) is /usr/bin/coreutils now, and then: "
                          "there is no rm in /usr/bin"));
  EXPECT_THAT(broken_by({{Action::kRemove, "usr/bin/coreutils"}}),
              ElementsAre(HasSubstr("rm (/etc/init.d/10_base line 3)"),
                          HasSubstr("mkdir (/etc/init.d/10_base line 4)")));
  EXPECT_THAT(broken_by({{Action::kWriteFile, "usr/bin/ipcd", {.mode = 0755}, Elf(kAarch64)}}),
              ElementsAre(HasSubstr("another architecture")));
  // Lines that move are the same; new ones are looked at.
  EXPECT_THAT(broken_by({{Action::kWriteFile,
                          "etc/init.d/10_base",
                          {.mode = 0644},
                          "# more\n# base\n\nrm\nnosuch\nnew\n/scheme/initfs/bin/x\n"}}),
              ElementsAre("new (/etc/init.d/10_base line 6) is new, and there is no new in "
                          "/usr/bin"));
}

}  // namespace
}  // namespace cation::image
