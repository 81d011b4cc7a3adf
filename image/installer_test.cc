// SPDX-License-Identifier: MIT
#include "image/installer.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "image/change_plan.h"
#include "image/manifest.h"
#include "image/record.h"
#include "image/release.h"
#include "image/stamp.h"
#include "image/testing/memory_tree.h"
#include "shell-ext/support/initrc_text.h"
#include "tools/elf_check/elf_builder.h"

namespace cation::image {
namespace {

std::string ProgramBytes(const std::string& name, const std::string& commit, bool aarch64 = false,
                         const std::string& libc = "relibc") {
  elf::Program program;
  program.aarch64 = aarch64;
  program.libc = libc;
  program.note = absl::StrCat("name=", name, "\nversion=0.1\ncommit=", commit,
                              "\ndate=2026-02-01\narch=", aarch64 ? "aarch64" : "x86_64",
                              "\nlibc=", libc, "\n");
  const std::vector<uint8_t> bytes = elf::BuildProgram(program);
  return {bytes.begin(), bytes.end()};
}

struct ReleaseParts {
  std::string commit = "aaaaaaaaaaaa";
  std::vector<std::string> programs = {"cat", "ls"};
  bool aarch64 = false;
  std::string libc = "relibc";
  bool user_initrc = false;
};

// What the installer puts into users' initrcs.
constexpr char kLine[] = "test -f /etc/xdg/ion/initrc && source /etc/xdg/ion/initrc\n";

// As the build makes one.
MemoryTree& Folder(MemoryTree& folder, const ReleaseParts& parts) {
  for (const std::string& name : parts.programs) {
    folder.AddFile("usr/bin/" + name, ProgramBytes(name, parts.commit, parts.aarch64, parts.libc),
                   0755);
    folder.AddFile("usr/share/man/man1/" + name + ".1", "manual of " + name);
    folder.AddFile("usr/share/zsh/site-functions/_" + name, "completion of " + name);
  }
  folder.AddFile("etc/xdg/ion/initrc",
                 absl::StrCat("echo \"Cation 0.1 | Build: ", parts.commit, " | 2026-02-01\"\n"));
  if (parts.user_initrc) folder.AddFile("root/.config/ion/initrc", absl::StrCat("# own\n", kLine));
  folder.AddFile("etc/cation-release",
                 absl::StrCat("NAME=Cation\nBuild: ", parts.commit, " | 2026-02-01\n"));
  const auto manifest =
      MakeManifest(folder, {{"usr/bin/simple-" + parts.programs[0], parts.programs[0]}});
  EXPECT_TRUE(manifest.ok()) << manifest.status();
  if (manifest.ok()) folder.AddFile(kManifestPath, SerializeManifest(*manifest));
  return folder;
}

Release MakeRelease(const ReleaseParts& parts) {
  MemoryTree folder;
  auto release = ReadRelease(Folder(folder, parts));
  EXPECT_TRUE(release.ok()) << release.status();
  return release.ok() ? *std::move(release) : Release();
}

class InstallerTest : public testing::Test {
 protected:
  InstallerTest() {
    // An image as people have it.
    tree_.AddLink("bin", "usr/bin");
    tree_.AddFile("usr/bin/coreutils", ProgramBytes("other", "x"), 0755);
    tree_.AddLink("usr/bin/cat", "coreutils");
    tree_.AddLink("usr/bin/ls", "/usr/bin/coreutils");
    tree_.AddFile("etc/init.rc", "export PATH /usr/bin\nrun.d /etc/init.d\n");
    original_ = tree_.nodes();
  }

  Installed State() {
    auto installed = ReadInstalled(tree_);
    EXPECT_TRUE(installed.ok()) << installed.status();
    return *std::move(installed);
  }
  absl::Status Install(const Release& release, const InstallOptions& options = {}) {
    const auto plan = PlanInstall(tree_, State(), release, options);
    if (!plan.ok()) return plan.status();
    notes_ = plan->notes;
    changes_ = plan->changes.size();
    return Carry(tree_, *plan);
  }
  absl::Status Rollback(const std::string& stamp = "") {
    const auto plan = PlanRollback(tree_, State(), stamp, Modified::kRefuse);
    return plan.ok() ? Carry(tree_, *plan) : plan.status();
  }
  absl::Status Uninstall(Modified modified = Modified::kRefuse) {
    const auto plan = PlanUninstall(tree_, State(), modified);
    return plan.ok() ? Carry(tree_, *plan) : plan.status();
  }
  std::vector<std::string> Findings() {
    const auto inspection = Verify(tree_, State());
    EXPECT_TRUE(inspection.ok()) << inspection.status();
    return inspection.ok() ? inspection->findings : std::vector<std::string>{"none"};
  }

  MemoryTree tree_;
  std::map<std::string, MemoryTree::Node> original_;
  std::vector<std::string> notes_;
  size_t changes_ = 0;
};

TEST_F(InstallerTest, InstallsVerifiesAndUninstalls) {
  ASSERT_TRUE(Install(MakeRelease({})).ok());
  EXPECT_EQ(tree_.applied(), 1);
  EXPECT_EQ(*tree_.Read("usr/bin/cat"), ProgramBytes("cat", "aaaaaaaaaaaa"));
  EXPECT_EQ(tree_.Look("usr/bin/ls")->attributes.mode, 0755U);
  EXPECT_FALSE(tree_.Look("usr/bin/simple-cat").ok());
  EXPECT_TRUE(Findings().empty());
  ASSERT_TRUE(Uninstall().ok());
  EXPECT_EQ(tree_.nodes(), original_);
  EXPECT_TRUE(absl::IsNotFound(Uninstall()));
}

TEST_F(InstallerTest, TwiceIsOnce) {
  ASSERT_TRUE(Install(MakeRelease({})).ok());
  const auto once = tree_.nodes();
  ASSERT_TRUE(Install(MakeRelease({})).ok());
  EXPECT_EQ(changes_, 0U);
  EXPECT_EQ(tree_.nodes(), once);
}

TEST_F(InstallerTest, UpgradesAndRollbacksAreExact) {
  std::vector<std::map<std::string, MemoryTree::Node>> states;
  for (const char* commit : {"aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"}) {
    states.push_back(tree_.nodes());
    ASSERT_TRUE(Install(MakeRelease({.commit = commit})).ok());
    EXPECT_TRUE(Findings().empty());
    EXPECT_TRUE(absl::StrContains(*tree_.Read("etc/init.rc"), commit));
  }
  while (!states.empty()) {
    ASSERT_TRUE(Rollback().ok());
    EXPECT_EQ(tree_.nodes(), states.back());
    states.pop_back();
  }
  EXPECT_TRUE(absl::IsNotFound(Rollback()));
}

TEST_F(InstallerTest, UninstallAfterManyUpgradesLeavesTheOriginalTree) {
  for (const char* commit : {"aaaaaaaaaaaa", "bbbbbbbbbbbb", "aaaaaaaaaaaa", "cccccccccccc"}) {
    ASSERT_TRUE(Install(MakeRelease({.commit = commit})).ok());
  }
  ASSERT_TRUE(Uninstall().ok());
  EXPECT_EQ(tree_.nodes(), original_);
}

TEST_F(InstallerTest, WhatAReleaseNoLongerHasIsAsItWasBefore) {
  ASSERT_TRUE(Install(MakeRelease({.programs = {"cat", "ls", "new"}})).ok());
  ASSERT_TRUE(Install(MakeRelease({.commit = "bbbbbbbbbbbb", .programs = {"cat"}})).ok());
  EXPECT_EQ(tree_.Look("usr/bin/ls")->target, "/usr/bin/coreutils");
  EXPECT_FALSE(tree_.Look("usr/bin/new").ok());
  EXPECT_TRUE(Findings().empty());
  ASSERT_TRUE(Rollback().ok());
  EXPECT_EQ(*tree_.Read("usr/bin/new"), ProgramBytes("new", "aaaaaaaaaaaa"));
  ASSERT_TRUE(Uninstall().ok());
  EXPECT_EQ(tree_.nodes(), original_);
}

TEST_F(InstallerTest, AliasesOnRequest) {
  ASSERT_TRUE(Install(MakeRelease({}), {.aliases = true}).ok());
  EXPECT_EQ(tree_.Look("usr/bin/simple-cat")->target, "cat");
  EXPECT_TRUE(Findings().empty());
  ASSERT_TRUE(Install(MakeRelease({})).ok());
  EXPECT_FALSE(tree_.Look("usr/bin/simple-cat").ok());
}

TEST_F(InstallerTest, OnlySomePrograms) {
  ASSERT_TRUE(Install(MakeRelease({}), {.aliases = true, .only = {"ls"}}).ok());
  EXPECT_EQ(*tree_.Read("usr/bin/ls"), ProgramBytes("ls", "aaaaaaaaaaaa"));
  EXPECT_EQ(tree_.Look("usr/bin/cat")->target, "coreutils");
  EXPECT_TRUE(tree_.Look("usr/share/man/man1/ls.1").ok());
  EXPECT_FALSE(tree_.Look("usr/share/man/man1/cat.1").ok());
  EXPECT_FALSE(tree_.Look("usr/share/zsh/site-functions/_cat").ok());
  EXPECT_FALSE(tree_.Look("usr/bin/simple-cat").ok());
  EXPECT_TRUE(Findings().empty());
  const absl::Status status = Install(MakeRelease({}), {.only = {"nothing"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.message(), "cat ls")) << status;
}

TEST_F(InstallerTest, ConfigurationOfOthersIsKept) {
  tree_.AddFile("etc/xdg/ion/initrc", "theirs\n");
  const auto before = tree_.nodes();
  ASSERT_TRUE(Install(MakeRelease({})).ok());
  EXPECT_EQ(*tree_.Read("etc/xdg/ion/initrc"), "theirs\n");
  ASSERT_EQ(notes_.size(), 1U);
  EXPECT_TRUE(absl::StrContains(notes_[0], "initrc"));
  EXPECT_TRUE(Findings().empty());
  ASSERT_TRUE(Install(MakeRelease({}), {.replace_config = true}).ok());
  EXPECT_NE(*tree_.Read("etc/xdg/ion/initrc"), "theirs\n");
  ASSERT_TRUE(Uninstall().ok());
  EXPECT_EQ(tree_.nodes(), before);
}

TEST_F(InstallerTest, EmptyConfigurationIsReplaced) {
  tree_.AddFile("etc/xdg/ion/initrc", "");
  const auto before = tree_.nodes();
  ASSERT_TRUE(Install(MakeRelease({})).ok());
  EXPECT_NE(*tree_.Read("etc/xdg/ion/initrc"), "");
  EXPECT_TRUE(notes_.empty());
  EXPECT_TRUE(Findings().empty());
  ASSERT_TRUE(Uninstall().ok());
  EXPECT_EQ(tree_.nodes(), before);
}

TEST_F(InstallerTest, ConfigurationThatPeopleChangedIsKeptByAnUpgrade) {
  ASSERT_TRUE(Install(MakeRelease({})).ok());
  tree_.AddFile("etc/xdg/ion/initrc", "ours, changed\n");
  EXPECT_TRUE(Findings().empty());
  ASSERT_TRUE(Install(MakeRelease({.commit = "bbbbbbbbbbbb"})).ok());
  EXPECT_EQ(*tree_.Read("etc/xdg/ion/initrc"), "ours, changed\n");
  EXPECT_EQ(Uninstall().code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(Uninstall(Modified::kKeep).ok());
  EXPECT_EQ(*tree_.Read("etc/xdg/ion/initrc"), "ours, changed\n");
}

TEST_F(InstallerTest, AnotherArchitectureIsRefused) {
  const auto before = tree_.nodes();
  const absl::Status status = Install(MakeRelease({.aarch64 = true}));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(status.message(), "x86_64")) << status;
  EXPECT_FALSE(Install(MakeRelease({.aarch64 = true}), {.architecture = elf::Arch::kAarch64}).ok());
  EXPECT_EQ(tree_.nodes(), before);
}

TEST_F(InstallerTest, ATreeWithoutProgramsMustBeToldItsArchitecture) {
  MemoryTree empty;
  const auto installed = ReadInstalled(empty);
  EXPECT_FALSE(PlanInstall(empty, *installed, MakeRelease({}), {}).ok());
  const auto plan =
      PlanInstall(empty, *installed, MakeRelease({}), {.architecture = elf::Arch::kX8664});
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_TRUE(Carry(empty, *plan).ok());
  EXPECT_TRUE(empty.Look("usr/bin/ls").ok());
}

TEST_F(InstallerTest, TheStandinIsForTestsOnly) {
  const Release release = MakeRelease({.libc = "standin"});
  const absl::Status status = Install(release);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(status.message(), "stand-in")) << status;
  EXPECT_EQ(tree_.nodes(), original_);
  EXPECT_TRUE(Install(release, {.allow_standin = true}).ok());
}

TEST_F(InstallerTest, AProgramThatRedoxCannotStartStaysOut) {
  MemoryTree folder;
  folder.AddFile("usr/bin/cat", ProgramBytes("cat", "c"), 0755);
  std::string broken = ProgramBytes("ls", "c");
  // e_entry 0: without crt0.
  broken.replace(24, 8, 8, '\0');
  folder.AddFile("usr/bin/ls", broken, 0755);
  folder.AddFile(kManifestPath, SerializeManifest(*MakeManifest(folder, {})));
  const absl::Status status = Install(*ReadRelease(folder));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(status.message(), "/usr/bin/ls")) << status;
  EXPECT_EQ(tree_.nodes(), original_);
}

TEST_F(InstallerTest, ADirectoryInTheWayIsNamed) {
  tree_.AddFile("usr/bin/new/x", "x");
  const auto before = tree_.nodes();
  const absl::Status status = Install(MakeRelease({.programs = {"new"}}));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(status.message(), "/usr/bin/new")) << status;
  EXPECT_EQ(tree_.nodes(), before);
}

TEST_F(InstallerTest, LinksInTheTreeAreFollowedInsideIt) {
  tree_.AddLink("usr/share", "../System/Share");
  tree_.AddDirectory("System/Share");
  tree_.AddLink("usr/lib", "/../../lib64");
  tree_.AddDirectory("lib64");
  const auto before = tree_.nodes();
  ASSERT_TRUE(Install(MakeRelease({})).ok());
  EXPECT_TRUE(tree_.Look("System/Share/man/man1/ls.1").ok());
  EXPECT_TRUE(tree_.Look("lib64/cation/manifest").ok());
  EXPECT_TRUE(Findings().empty());
  ASSERT_TRUE(Uninstall().ok());
  EXPECT_EQ(tree_.nodes(), before);
}

TEST_F(InstallerTest, VerifyFindsWhatWasChanged) {
  ASSERT_TRUE(Install(MakeRelease({})).ok());
  tree_.AddFile("usr/bin/ls", "damaged", 0755);
  tree_.AddFile("usr/bin/cat", *tree_.Read("usr/bin/cat"), 0700);
  const std::vector<std::string> findings = Findings();
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_TRUE(absl::StrContains(findings[0], "/usr/bin/cat"));
  EXPECT_TRUE(absl::StrContains(findings[1], "/usr/bin/ls"));
}

TEST_F(InstallerTest, AManifestTamperedWithIsNoticed) {
  ASSERT_TRUE(Install(MakeRelease({})).ok());
  std::string text = *tree_.Read(kManifestPath);
  text.replace(text.find("usr/bin/ls"), 10, "usr/bin/lx");
  tree_.AddFile(kManifestPath, text);
  EXPECT_EQ(ReadInstalled(tree_).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(InstallerTest, AReleaseThatIsNotItsManifestIsRefused) {
  MemoryTree folder;
  Folder(folder, {});
  folder.AddFile("usr/bin/ls", "other", 0755);
  EXPECT_EQ(ReadRelease(folder).status().code(), absl::StatusCode::kDataLoss);
  MemoryTree empty;
  EXPECT_TRUE(absl::IsNotFound(ReadRelease(empty).status()));
}

TEST_F(InstallerTest, ProgramsOfTwoBuildsAreNoRelease) {
  MemoryTree folder;
  folder.AddFile("usr/bin/cat", ProgramBytes("cat", "one"), 0755);
  folder.AddFile("usr/bin/ls", ProgramBytes("ls", "two"), 0755);
  EXPECT_EQ(MakeManifest(folder, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(InstallerTest, StampsAreReplacedNotDoubled) {
  ASSERT_TRUE(Install(MakeRelease({})).ok());
  for (const char* commit : {"111111111111", "222222222222", "222222222222"}) {
    const auto plan = PlanStamp(tree_, State(), {"Mine", commit, "2026-03-04"});
    ASSERT_TRUE(plan.ok()) << plan.status();
    ASSERT_TRUE(Carry(tree_, *plan).ok());
  }
  for (const char* path : {"etc/init.rc", "etc/xdg/ion/initrc", "etc/cation-release"}) {
    const std::string text = *tree_.Read(path);
    ASSERT_EQ(FindStamps(text).size(), 1U) << text;
    EXPECT_EQ(FindStamps(text)[0].commit, "222222222222");
  }
  EXPECT_EQ(State().records.size(), 3U);
  EXPECT_TRUE(Findings().empty());
  ASSERT_TRUE(Uninstall().ok());
  EXPECT_EQ(tree_.nodes(), original_);
}

TEST_F(InstallerTest, WithoutStampTheInitScriptIsNotTouched) {
  ASSERT_TRUE(Install(MakeRelease({}), {.stamp = false}).ok());
  EXPECT_EQ(*tree_.Read("etc/init.rc"), "export PATH /usr/bin\nrun.d /etc/init.d\n");
}

TEST_F(InstallerTest, RepairsStayWhenCationGoes) {
  ASSERT_TRUE(Install(MakeRelease({})).ok());
  const auto plan = PlanRepair(tree_, State(), "link", "link /root/host",
                               {WantedLink("root/host", "/scheme/9p.hostshare", {})});
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_TRUE(Carry(tree_, *plan).ok());
  ASSERT_TRUE(Uninstall().ok());
  EXPECT_EQ(tree_.Look("root/host")->target, "/scheme/9p.hostshare");
  EXPECT_EQ(tree_.Look("usr/bin/cat")->target, "coreutils");
  ASSERT_TRUE(Rollback().ok());
  EXPECT_EQ(tree_.nodes(), original_);
}

TEST_F(InstallerTest, AnInitfsGetsProgramsOnly) {
  MemoryTree tree;
  tree.AddFile("bin/init", ProgramBytes("other", "x"), 0755);
  tree.AddFile("etc/init.rc", "export PATH /scheme/initfs/bin\n");
  const auto before = tree.nodes();
  const auto plan = PlanInstall(tree, *ReadInstalled(tree), MakeRelease({}), {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_TRUE(Carry(tree, *plan).ok());
  EXPECT_TRUE(tree.Look("bin/ls").ok());
  EXPECT_FALSE(tree.Look("usr").ok());
  EXPECT_FALSE(tree.Look("etc/xdg").ok());
  EXPECT_TRUE(tree.Look("lib/cation/manifest").ok());
  const auto installed = ReadInstalled(tree);
  EXPECT_TRUE(installed->flat);
  EXPECT_TRUE(Verify(tree, *installed)->findings.empty());
  ASSERT_TRUE(Carry(tree, *PlanUninstall(tree, *installed, Modified::kRefuse)).ok());
  EXPECT_EQ(tree.nodes(), before);
}

TEST_F(InstallerTest, CompareSaysWhatAnInstallationWouldChange) {
  const Release release = MakeRelease({});
  EXPECT_EQ(Compare(tree_, State(), release)->findings.size(), 8U);
  ASSERT_TRUE(Install(release).ok());
  EXPECT_TRUE(Compare(tree_, State(), release)->findings.empty());
  EXPECT_EQ(Compare(tree_, State(), MakeRelease({.programs = {"cat"}}))->findings.size(), 3U);
}

class UserInitrcsTest : public InstallerTest {
 protected:
  static constexpr char kRoot[] = "root/.config/ion/initrc";
  static constexpr char kHome[] = "home/user/.config/ion/initrc";

  static Release Both(const std::string& commit = "aaaaaaaaaaaa") {
    return MakeRelease({.commit = commit, .user_initrc = true});
  }
  std::string Text(const std::string& path) { return tree_.Read(path).value_or("nothing"); }
  std::vector<std::string> Notes() {
    const auto inspection = Verify(tree_, State());
    EXPECT_TRUE(inspection.ok()) << inspection.status();
    EXPECT_TRUE(inspection->findings.empty());
    return inspection->notes;
  }
};

TEST_F(UserInitrcsTest, OneLineInFrontAndNothingElse) {
  for (const std::string text :
       {"echo mine\n", "echo mine", "if true\n", "a\r\nb\r\n", "\n", "\xff\n"}) {
    tree_.AddFile(kRoot, text, 0600);
    tree_.AddFile(kHome, text, 0640);
    const auto before = tree_.nodes();
    const std::string line = absl::StrContains(text, "\r\n")
                                 ? absl::StrCat(std::string(kLine, sizeof kLine - 2), "\r\n")
                                 : kLine;
    ASSERT_TRUE(Install(Both()).ok());
    EXPECT_TRUE(notes_.empty());
    for (const char* const path : {kRoot, kHome}) EXPECT_EQ(Text(path), line + text);
    EXPECT_EQ(tree_.Look(kRoot)->attributes.mode, 0600U);
    EXPECT_EQ(tree_.Look(kHome)->attributes.mode, 0640U);
    EXPECT_TRUE(Notes().empty());
    ASSERT_TRUE(Install(Both()).ok());
    EXPECT_EQ(changes_, 0U);
    ASSERT_TRUE(Install(Both("bbbbbbbbbbbb")).ok());
    EXPECT_EQ(Text(kHome), line + text);
    ASSERT_TRUE(Rollback().ok());
    EXPECT_EQ(Text(kHome), line + text);
    ASSERT_TRUE(Rollback().ok());
    EXPECT_EQ(tree_.nodes(), before);
    ASSERT_TRUE(Install(Both()).ok());
    ASSERT_TRUE(Uninstall().ok());
    EXPECT_EQ(tree_.nodes(), before);
  }
}

TEST_F(UserInitrcsTest, EmptyAndAbsent) {
  tree_.AddFile(kHome, "");
  tree_.AddDirectory("home/nobody/.config/ion");
  const auto before = tree_.nodes();
  ASSERT_TRUE(Install(Both()).ok());
  EXPECT_EQ(Text(kHome), kLine);
  EXPECT_EQ(Text(kRoot), absl::StrCat("# own\n", kLine));
  EXPECT_FALSE(tree_.Look("home/nobody/.config/ion/initrc").ok()) << "Ion reads ours there";
  ASSERT_TRUE(Uninstall().ok());
  EXPECT_EQ(tree_.nodes(), before);
}

TEST_F(UserInitrcsTest, ThoseThatSourceItStay) {
  for (const std::string& text :
       {absl::StrCat("# old\n", kLine, "true\n"), std::string("source /etc/xdg/ion/initrc\n")}) {
    tree_.AddFile(kRoot, text);
    tree_.AddFile(kHome, text);
    const auto before = tree_.nodes();
    ASSERT_TRUE(Install(Both()).ok());
    EXPECT_EQ(Text(kRoot), text);
    EXPECT_EQ(Text(kHome), text);
    ASSERT_TRUE(Uninstall().ok());
    EXPECT_EQ(tree_.nodes(), before);
  }
}

TEST_F(UserInitrcsTest, LeftAloneWithANote) {
  tree_.AddFile(kRoot, "\xef\xbb\xbftrue\n");
  tree_.AddFile(kHome, std::string("a\0b", 3));
  ASSERT_TRUE(Install(Both()).ok());
  EXPECT_EQ(Text(kRoot), "\xef\xbb\xbftrue\n");
  EXPECT_EQ(Text(kHome), std::string("a\0b", 3));
  ASSERT_EQ(notes_.size(), 2U);
  EXPECT_TRUE(absl::StrContains(notes_[0], "home/user")) << notes_[0];
  EXPECT_TRUE(absl::StrContains(notes_[1], "byte order mark")) << notes_[1];
}

TEST_F(UserInitrcsTest, WhereThatIsNotWanted) {
  tree_.AddFile(kRoot, "mine\n");
  tree_.AddFile(kHome, "mine\n");
  ASSERT_TRUE(Install(Both(), {.initrc_lines = false}).ok());
  EXPECT_EQ(Text(kRoot), "mine\n");
  EXPECT_EQ(Text(kHome), "mine\n");
  ASSERT_EQ(notes_.size(), 1U);
  EXPECT_TRUE(absl::StrContains(notes_[0], "--replace-config")) << notes_[0];
  ASSERT_TRUE(Uninstall().ok());
  ASSERT_TRUE(Install(MakeRelease({}), {.replace_config = true}).ok());
  EXPECT_EQ(Text(kRoot), absl::StrCat(kLine, "mine\n")) << "a release without one of its own";
}

TEST_F(UserInitrcsTest, WhatUsersWroteSinceStays) {
  tree_.AddFile(kHome, "mine\n");
  for (const bool keep : {false, true}) {
    ASSERT_TRUE(Install(Both()).ok());
    tree_.AddFile(kHome, absl::StrCat("new\n", kLine, "mine\nmore\n"), 0600);
    tree_.AddFile(kRoot, absl::StrCat("# own\n", kLine, "also mine\n"));
    EXPECT_EQ(Notes().size(), 1U) << "root's is not as the release has it";
    ASSERT_TRUE(Uninstall(keep ? Modified::kKeep : Modified::kRefuse).ok());
    EXPECT_EQ(Text(kHome), "new\nmine\nmore\n");
    EXPECT_EQ(tree_.Look(kHome)->attributes.mode, 0600U);
    EXPECT_EQ(Text(kRoot), "# own\nalso mine\n");
    EXPECT_FALSE(tree_.Look("etc/xdg/ion/initrc").ok());
    EXPECT_TRUE(absl::IsNotFound(Uninstall()));
    tree_.AddFile(kHome, "mine\n");
    ASSERT_TRUE(tree_.Apply({{Change::Action::kRemove, kRoot, {}, {}, {}}}).ok());
  }
}

TEST_F(UserInitrcsTest, ForceBringsBackWhatWas) {
  tree_.AddFile(kHome, "mine\n");
  const auto before = tree_.nodes();
  ASSERT_TRUE(Install(Both()).ok());
  tree_.AddFile(kHome, absl::StrCat(kLine, "other\n"));
  ASSERT_TRUE(Uninstall(Modified::kReplace).ok());
  EXPECT_EQ(tree_.nodes(), before);
}

TEST_F(UserInitrcsTest, WhoTookItOutIsNotGivenItAgain) {
  tree_.AddFile(kHome, "mine\n");
  ASSERT_TRUE(Install(Both()).ok());
  tree_.AddFile(kHome, "mine\n");
  tree_.AddFile(kRoot, "");
  EXPECT_EQ(Notes().size(), 2U);
  ASSERT_TRUE(Install(Both("bbbbbbbbbbbb")).ok());
  EXPECT_EQ(Text(kHome), "mine\n");
  EXPECT_EQ(Text(kRoot), "");
  EXPECT_EQ(notes_.size(), 2U);
  for (const std::string& note : notes_) EXPECT_TRUE(absl::StrContains(note, "shell-ext enable"));
  ASSERT_TRUE(Uninstall().ok());
  EXPECT_EQ(Text(kHome), "mine\n");
  EXPECT_EQ(Text(kRoot), "");
}

TEST_F(UserInitrcsTest, AFileThatIsGoneStaysGone) {
  tree_.AddFile(kHome, "mine\n");
  ASSERT_TRUE(Install(Both()).ok());
  ASSERT_TRUE(tree_.Apply({{Change::Action::kRemove, kHome, {}, {}, {}}}).ok());
  EXPECT_EQ(Notes().size(), 1U);
  ASSERT_TRUE(Uninstall().ok());
  EXPECT_FALSE(tree_.Look(kHome).ok());
}

TEST_F(UserInitrcsTest, SwitchedOffStaysOff) {
  tree_.AddFile(kRoot, kOffInitrc);
  tree_.AddFile(kHome, kOffInitrc);
  ASSERT_TRUE(Install(Both()).ok());
  EXPECT_EQ(Text(kRoot), kOffInitrc);
  EXPECT_EQ(Text(kHome), kOffInitrc);
  EXPECT_EQ(notes_.size(), 2U);
}

TEST_F(UserInitrcsTest, LinksLeadToWhatIsEdited) {
  tree_.AddFile("home/user/dotfiles/initrc", "mine\n");
  tree_.AddDirectory("home/user/.config/ion");
  tree_.AddLink(kHome, "/home/user/dotfiles/initrc");
  tree_.AddDirectory("home/other/.config/ion");
  tree_.AddLink("home/other/.config/ion/initrc", "/etc/xdg/ion/initrc");
  const auto before = tree_.nodes();
  ASSERT_TRUE(Install(Both()).ok());
  EXPECT_EQ(Text("home/user/dotfiles/initrc"), absl::StrCat(kLine, "mine\n"));
  EXPECT_EQ(tree_.Look(kHome)->kind, Kind::kLink);
  EXPECT_FALSE(absl::StrContains(Text("etc/xdg/ion/initrc"), "source"));
  ASSERT_TRUE(Uninstall().ok());
  EXPECT_EQ(tree_.nodes(), before);
}

TEST_F(UserInitrcsTest, CompareAndInitrcsWithLine) {
  tree_.AddFile(kRoot, "mine\n");
  tree_.AddFile(kHome, "mine\n");
  const auto compared = Compare(tree_, State(), Both());
  int lines = 0;
  for (const std::string& finding : compared->findings)
    lines += absl::StrContains(finding, "without the line") ? 1 : 0;
  EXPECT_EQ(lines, 2);
  EXPECT_TRUE(InitrcsWithLine(tree_, State())->empty());
  ASSERT_TRUE(Install(Both()).ok());
  EXPECT_TRUE(Compare(tree_, State(), Both())->findings.empty());
  const auto initrcs = InitrcsWithLine(tree_, State());
  ASSERT_EQ(initrcs->size(), 2U);
  EXPECT_EQ((*initrcs)[0].path, kHome);
  EXPECT_TRUE((*initrcs)[0].has_line);
  tree_.AddFile(kHome, "mine\n");
  EXPECT_FALSE((*InitrcsWithLine(tree_, State()))[0].has_line);
  EXPECT_TRUE(Compare(tree_, State(), Both())->findings.empty());
  EXPECT_EQ(Compare(tree_, State(), Both())->notes.size(), 1U);
}

TEST_F(UserInitrcsTest, AnInitfsHasNoUsers) {
  MemoryTree tree;
  tree.AddFile("bin/init", ProgramBytes("other", "x"), 0755);
  tree.AddFile(kHome, "mine\n");
  const auto plan = PlanInstall(tree, *ReadInstalled(tree), Both(), {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_TRUE(Carry(tree, *plan).ok());
  EXPECT_EQ(*tree.Read(kHome), "mine\n");
}

}  // namespace
}  // namespace cation::image
