// SPDX-License-Identifier: MIT
#include "image/change_plan.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "image/record.h"
#include "image/sealed_text.h"
#include "image/sha256.h"
#include "image/testing/memory_tree.h"

namespace cation::image {
namespace {

constexpr Attributes kProgram = {.mode = 0755, .mtime = 1769904000};

class ChangePlanTest : public testing::Test {
 protected:
  ChangePlanTest() : folders_("usr/lib/cation") {
    tree_.AddFile("usr/bin/ls", "old ls", 04755);
    tree_.AddLink("usr/bin/cat", "coreutils");
    tree_.AddDirectory("usr/bin/folder");
    tree_.AddOther("usr/bin/device");
  }

  std::vector<Record> Records() {
    auto records = ReadRecords(tree_, folders_);
    EXPECT_TRUE(records.ok()) << records.status();
    return records.ok() ? *records : std::vector<Record>();
  }
  absl::Status Do(std::vector<Wanted> wanted, const std::string& action = kInstall) {
    const auto plan =
        PlanChange(tree_, folders_, Records(), action, "label", "what", std::move(wanted));
    return plan.ok() ? Carry(tree_, *plan) : plan.status();
  }
  absl::Status Undo(const std::set<std::string>& stamps, Modified modified = Modified::kRefuse) {
    const auto plan = PlanUndo(tree_, folders_, Records(), stamps, modified);
    if (!plan.ok()) return plan.status();
    notes_ = plan->notes;
    return Carry(tree_, *plan);
  }
  absl::Status UndoAll(Modified modified = Modified::kRefuse) {
    std::set<std::string> stamps;
    for (const Record& record : Records()) stamps.insert(record.stamp);
    return Undo(stamps, modified);
  }

  MemoryTree tree_;
  StateFolders folders_;
  std::vector<std::string> notes_;
};

TEST_F(ChangePlanTest, ReplacesLinksAndFilesAndUndoesIt) {
  const auto before = tree_.nodes();
  ASSERT_TRUE(Do({WantedFile("usr/bin/ls", "new ls", kProgram),
                  WantedFile("usr/bin/cat", "new cat", kProgram),
                  WantedFile("usr/share/man/man1/ls.1", "page", {.mode = 0644}),
                  WantedLink("usr/bin/dir", "ls", {})})
                  .ok());
  EXPECT_EQ(*tree_.Read("usr/bin/cat"), "new cat");
  EXPECT_EQ(*tree_.Read("usr/bin/ls"), "new ls");
  EXPECT_EQ(tree_.Look("usr/bin/ls")->attributes.mode, 0755U);
  EXPECT_EQ(tree_.Look("usr/bin/dir")->target, "ls");
  EXPECT_EQ(tree_.applied(), 1);
  ASSERT_TRUE(UndoAll().ok());
  EXPECT_EQ(tree_.nodes(), before);
}

TEST_F(ChangePlanTest, WhatIsSoAlreadyIsNoChange) {
  ASSERT_TRUE(Do({WantedFile("usr/bin/a", "a", kProgram)}).ok());
  const auto before = tree_.nodes();
  const auto plan = PlanChange(
      tree_, folders_, Records(), kInstall, "label", "what",
      {WantedFile("usr/bin/a", "a", kProgram), WantedLink("usr/bin/cat", "coreutils", {}),
       WantedDirectory("usr/bin", {.mode = 0700}), WantedAbsent("usr/bin/nothing")});
  ASSERT_TRUE(plan.ok());
  EXPECT_TRUE(plan->changes.empty());
  EXPECT_EQ(tree_.nodes(), before);
}

TEST_F(ChangePlanTest, WhatIsInTheWayStaysAndIsNamed) {
  const auto before = tree_.nodes();
  for (const Wanted& wanted :
       {WantedFile("usr/bin/folder", "x", kProgram), WantedFile("usr/bin/device", "x", kProgram),
        WantedDirectory("usr/bin/ls", kProgram), WantedLink("usr/bin/folder", "x", {}),
        WantedFile("usr/bin/ls/below", "x", kProgram), WantedAbsent("usr/bin/folder")}) {
    const absl::Status status = Do({WantedFile("usr/bin/a", "a", kProgram), wanted});
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << wanted.path << status;
    EXPECT_TRUE(absl::StrContains(status.message(), "usr/bin/")) << status;
  }
  EXPECT_EQ(Do({WantedLink("a", "b", {}), WantedLink("a", "c", {})}).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(tree_.nodes(), before);
}

TEST_F(ChangePlanTest, ABackupIsKeptOnce) {
  for (int i = 0; i != 5; ++i) {
    ASSERT_TRUE(Do({WantedFile("usr/bin/ls", i % 2 == 0 ? "A" : "B", kProgram),
                    WantedFile("usr/bin/more", i % 2 == 0 ? "A" : "B", kProgram)})
                    .ok());
  }
  // The old ls, A and B.
  EXPECT_EQ(tree_.List(folders_.objects)->size(), 3U);
  EXPECT_EQ(Records().size(), 5U);
}

TEST_F(ChangePlanTest, RollbackStepByStepIsExact) {
  std::vector<std::map<std::string, MemoryTree::Node>> states = {tree_.nodes()};
  for (const char* content : {"1", "2", "3"}) {
    ASSERT_TRUE(Do({WantedFile("usr/bin/ls", content, kProgram),
                    WantedLink(absl::StrCat("usr/bin/link", content), content, {})})
                    .ok());
    states.push_back(tree_.nodes());
  }
  while (states.size() > 1) {
    EXPECT_EQ(tree_.nodes(), states.back());
    states.pop_back();
    ASSERT_TRUE(Undo({Records().back().stamp}).ok());
  }
  EXPECT_EQ(tree_.nodes(), states.front());
}

TEST_F(ChangePlanTest, WhatPeopleChangedIsNotLostUnasked) {
  ASSERT_TRUE(
      Do({WantedFile("usr/bin/ls", "ours", kProgram), WantedFile("usr/bin/new", "ours", kProgram)})
          .ok());
  tree_.AddFile("usr/bin/ls", "theirs", 0755);
  const absl::Status status = UndoAll();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(status.message(), "/usr/bin/ls")) << status;
  EXPECT_EQ(*tree_.Read("usr/bin/ls"), "theirs");
  ASSERT_TRUE(UndoAll(Modified::kKeep).ok());
  EXPECT_EQ(*tree_.Read("usr/bin/ls"), "theirs");
  EXPECT_FALSE(tree_.Look("usr/bin/new").ok());
  EXPECT_EQ(notes_.size(), 1U);
}

TEST_F(ChangePlanTest, ForceRestores) {
  ASSERT_TRUE(Do({WantedFile("usr/bin/ls", "ours", kProgram)}).ok());
  tree_.AddFile("usr/bin/ls", "theirs", 0755);
  ASSERT_TRUE(UndoAll(Modified::kReplace).ok());
  EXPECT_EQ(*tree_.Read("usr/bin/ls"), "old ls");
  EXPECT_EQ(tree_.Look("usr/bin/ls")->attributes.mode, 04755U);
}

TEST_F(ChangePlanTest, AFolderWithSomethingElseInItStays) {
  ASSERT_TRUE(Do({WantedFile("usr/share/x/y", "ours", kProgram)}).ok());
  tree_.AddFile("usr/share/x/theirs", "theirs");
  ASSERT_TRUE(UndoAll().ok());
  EXPECT_TRUE(tree_.Look("usr/share/x/theirs").ok());
  EXPECT_FALSE(tree_.Look("usr/share/x/y").ok());
  EXPECT_FALSE(tree_.Look("usr/lib").ok());
}

TEST_F(ChangePlanTest, OutOfOrderWhereNothingElseNeedsIt) {
  ASSERT_TRUE(Do({WantedFile("usr/bin/ls", "1", kProgram)}).ok());
  ASSERT_TRUE(Do({WantedFile("etc/other", "repair", kProgram)}, kRepair).ok());
  const std::string first = Records().front().stamp;
  ASSERT_TRUE(Undo({first}).ok());
  EXPECT_EQ(*tree_.Read("usr/bin/ls"), "old ls");
  EXPECT_EQ(*tree_.Read("etc/other"), "repair");
  ASSERT_EQ(Records().size(), 1U);
  ASSERT_TRUE(UndoAll().ok());
  EXPECT_FALSE(tree_.Look("etc").ok());
}

TEST_F(ChangePlanTest, OutOfOrderIsRefusedWhereALaterOneChangedTheSame) {
  ASSERT_TRUE(Do({WantedFile("usr/bin/ls", "1", kProgram)}).ok());
  ASSERT_TRUE(Do({WantedFile("usr/bin/ls", "2", kProgram)}).ok());
  EXPECT_EQ(Undo({Records().front().stamp}).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(*tree_.Read("usr/bin/ls"), "2");
}

TEST_F(ChangePlanTest, ADamagedOrMissingBackupStopsTheWayBack) {
  ASSERT_TRUE(Do({WantedFile("usr/bin/ls", "ours", kProgram)}).ok());
  tree_.AddFile(folders_.Object(Sha256("old ls")), "damaged");
  const auto before = tree_.nodes();
  EXPECT_EQ(UndoAll().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(tree_.nodes(), before);
}

// The backup of the same content from an earlier command was damaged: it is written anew.
TEST_F(ChangePlanTest, ADamagedBackupIsNotReliedOn) {
  ASSERT_TRUE(Do({WantedFile("usr/bin/ls", "ours", kProgram)}).ok());
  tree_.AddFile("usr/bin/again", "old ls");
  tree_.AddFile(folders_.Object(Sha256("old ls")), "damaged");
  ASSERT_TRUE(Do({WantedFile("usr/bin/again", "new", kProgram)}).ok());
  EXPECT_EQ(*tree_.Read(folders_.Object(Sha256("old ls"))), "old ls");
}

TEST_F(ChangePlanTest, NoSpaceIsSaidBeforeAnythingIsDone) {
  tree_.set_free_bytes(10);
  const auto before = tree_.nodes();
  const absl::Status status = Do({WantedFile("usr/bin/ls", std::string(100, 'x'), kProgram)});
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(tree_.nodes(), before);
}

TEST_F(ChangePlanTest, AnErrorOfTheTreeChangesNothing) {
  tree_.set_apply_error(absl::UnavailableError("gone"));
  EXPECT_EQ(Do({WantedFile("usr/bin/ls", "x", kProgram)}).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(*tree_.Read("usr/bin/ls"), "old ls");
}

TEST_F(ChangePlanTest, WhatIsNotOursAmongTheBackupsIsNamed) {
  ASSERT_TRUE(Do({WantedFile("usr/bin/ls", "1", kProgram)}).ok());
  tree_.AddFile("usr/lib/cation/backup/stray/x", "x");
  EXPECT_EQ(ReadRecords(tree_, folders_).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(ChangePlanTest, ADamagedRecordIsNoticed) {
  ASSERT_TRUE(Do({WantedFile("usr/bin/ls", "1", kProgram)}).ok());
  const std::string path = folders_.RecordFile(Records().front().stamp);
  std::string text = *tree_.Read(path);
  text[text.find("usr")] = 'x';
  tree_.AddFile(path, text);
  EXPECT_EQ(ReadRecords(tree_, folders_).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(ChangePlanTest, ARecordCannotLeadElsewhere) {
  Record record{"0001-x", kInstall, "what", {{"../etc/passwd", {}, {}}}};
  EXPECT_EQ(ParseRecord(SerializeRecord(record), "0001-x").status().code(),
            absl::StatusCode::kInvalidArgument);
}

// Commands in any order; all of them undone leave the tree that was.
TEST_F(ChangePlanTest, AnyCommandsUndoneLeaveTheOriginalTree) {
  const auto original = tree_.nodes();
  std::minstd_rand random(7);
  const std::vector<std::string> names = {"usr/bin/ls", "usr/bin/cat", "usr/bin/new", "etc/a/b",
                                          "etc/a/c",    "x",           "y/z"};
  for (int round = 0; round != 100; ++round) {
    for (int step = 0; step != 6; ++step) {
      if (step > 2 && random() % 3 == 0 && !Records().empty()) {
        ASSERT_TRUE(Undo({Records().back().stamp}).ok());
        continue;
      }
      std::vector<Wanted> wanted;
      for (const std::string& name : names) {
        const std::string value = absl::StrCat(random() % 3);
        switch (random() % 5) {
          case 0:
            wanted.push_back(WantedFile(name, value, kProgram));
            break;
          case 1:
            wanted.push_back(WantedLink(name, value, {}));
            break;
          case 2:
            wanted.push_back(WantedAbsent(name));
            break;
          default:
            break;
        }
      }
      ASSERT_TRUE(Do(wanted).ok());
    }
    if (!Records().empty()) ASSERT_TRUE(UndoAll().ok());
    ASSERT_EQ(tree_.nodes(), original);
  }
}

}  // namespace
}  // namespace cation::image
