// SPDX-License-Identifier: MIT
#ifndef IMAGE_INSTALLER_H_
#define IMAGE_INSTALLER_H_

// What installing, stamping and going back mean for a tree. Everything is planned here and carried
// out by Carry() (change_plan.h), in one step of the tree.
//
// A tree without usr but with a bin of its own is laid out as an initfs is: programs go to bin,
// the installer's files to lib/cation, and manuals, completions and the initrc stay out.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "image/change_plan.h"
#include "image/manifest.h"
#include "image/record.h"
#include "image/release.h"
#include "image/stamp.h"
#include "image/tree.h"
#include "tools/elf_check/elf_check.h"

namespace cation::image {

// What the installer knows of a tree.
struct Installed {
  bool flat = false;  // laid out as an initfs
  StateFolders folders;
  std::vector<Record> records;        // oldest first
  absl::optional<Manifest> manifest;  // of the release that is installed, in this tree's paths
};

// kDataLoss, kInvalidArgument: records or a manifest that are damaged.
absl::StatusOr<Installed> ReadInstalled(Tree& tree);

struct InstallOptions {
  absl::optional<elf::Arch> architecture =
      {};  // for a tree without programs; else the tree's own counts
  bool allow_standin = false;
  bool aliases = false;                // optional links too
  bool replace_config = false;         // also configuration that is not ours or was changed
  bool initrc_lines = true;            // a line into the initrcs that users have of their own
  bool stamp = true;                   // etc/init.rc too, and an initrc that has a stamp
  std::string stamp_prefix = {};       // empty: "Cation VERSION"
  std::vector<std::string> only = {};  // names of programs; empty: all
};

// What init runs in the tree must still be found after the plan. kFailedPrecondition: names what
// would not. Also for plans that take something back.
absl::Status CheckInit(Tree& tree, const Installed& installed, const ChangePlan& plan);

// Makes the tree have this release, and no other: what an earlier one brought and this one does not
// is put back as it was before. Configuration that people changed, or that was there before, is
// kept; but what Ion would read instead of the release's initrc gets a line that sources that
// (user_initrc.h), once: where people took it out, it stays out.
//   kFailedPrecondition: another architecture; a program that may not go in; a directory or a
//   special
//     file in the way.
//   kInvalidArgument: `only` names no program of the release.
absl::StatusOr<ChangePlan> PlanInstall(Tree& tree, const Installed& installed,
                                       const Release& release, const InstallOptions& options);

// Puts the stamp into etc/init.rc, Ion's initrc and etc/cation-release, those that are there.
// kNotFound: none of them is.
absl::StatusOr<ChangePlan> PlanStamp(Tree& tree, const Installed& installed, const Stamp& stamp);

// Undoes the last command, or the one with this stamp. kNotFound: there is none.
absl::StatusOr<ChangePlan> PlanRollback(Tree& tree, const Installed& installed,
                                        const std::string& stamp, Modified modified);

// Undoes every installation and stamp; repairs stay. kNotFound: nothing is installed.
absl::StatusOr<ChangePlan> PlanUninstall(Tree& tree, const Installed& installed, Modified modified);

// Things people need to repair in an image, recorded as the others are.
absl::StatusOr<ChangePlan> PlanRepair(Tree& tree, const Installed& installed,
                                      const std::string& label, const std::string& what,
                                      std::vector<Wanted> wanted);

// What differs between the tree and what is said to be in it, a line each; what is fine though not
// the same (configuration that people changed) is in `notes`.
struct Inspection {
  std::vector<std::string> findings;
  std::vector<std::string> notes;
  int checked = 0;  // entries that were compared
};

// The initrcs of users that have got a line, and whether it is still in them.
struct InitrcWithLine {
  std::string path;
  bool has_line = false;
};
absl::StatusOr<std::vector<InitrcWithLine>> InitrcsWithLine(Tree& tree, const Installed& installed);

// The tree beside its own manifest and records. kNotFound: nothing is installed.
absl::StatusOr<Inspection> Verify(Tree& tree, const Installed& installed);

// The tree beside a release: what an installation would change.
absl::StatusOr<Inspection> Compare(Tree& tree, const Installed& installed, const Release& release);

}  // namespace cation::image

#endif  // IMAGE_INSTALLER_H_
