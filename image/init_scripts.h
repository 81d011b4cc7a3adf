// SPDX-License-Identifier: MIT
#ifndef IMAGE_INIT_SCRIPTS_H_
#define IMAGE_INIT_SCRIPTS_H_

// What init runs when the system in a tree starts, and whether the tree has it.
//
// Understood are, of all ages together:
// - scripts of init (init.rc, init.d/10_net): a line is a command and its words, parted by single
//   spaces, without any quoting; '#' begins a comment line; "$NAME" as a word is a variable. Words
//   of init itself: cd echo export run run.d stdio unset requires_weak; before a command: nowait,
//   notify, scheme NAME, NAME=VALUE.
// - units in TOML (10_net.service: [service] with cmd, args, envs; 20_all.target, which runs
//   nothing).
// - the first line of scripts that are run ("#!/usr/bin/env ion"), but not what is in them: that is
//   another language.
//
// On a root filesystem: /etc/init.rc where there is one, then what is in /usr/lib/init.d and
// /etc/init.d (a file in the second is in the place of one of the same name in the first), by name.
// On an initfs: /etc/init.rc, what it runs, and /lib/init.d and /etc/init.d.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "image/tree.h"

namespace cation::image {

// What the paths in scripts mean, and what can run.
struct InitView {
  // The tree is an initfs, seen by all as /scheme/initfs; else it is the root filesystem.
  bool initfs = false;
  // ELF's number of the only architecture that can run (62 x86-64, 183 aarch64); 0: any.
  uint16_t machine = 0;
};

// A command that is run.
struct CommandUse {
  std::string script;   // where it is written, canonical (tree.h)
  size_t line = 0;      // from 1
  std::string command;  // as written: "rm", "/usr/bin/env"
  std::string path;     // PATH, in force there

  friend bool operator==(const CommandUse& a, const CommandUse& b) = default;
};

// What becomes of a command.
struct Resolution {
  enum class Outcome {
    kFound,
    kNotThere,
    kNotExecutable,       // without the execute bit that applies to root, which Redox wants too
    kDangling,            // a link to what is not there, or in a loop
    kOtherArchitecture,   // an ELF of another machine
    kInterpreterMissing,  // a script, or a dynamic program, and what is to run it fails
    kNoProgram,           // neither ELF nor script
    kElsewhere,           // not in this tree: /scheme/initfs/..., say; nothing is known of it
  };
  Outcome outcome = Outcome::kNotThere;
  std::string
      path;  // of kFound: canonical, all links followed; else what was looked at, if anything
  std::string why;  // for a user, if not kFound: "/usr/bin/rm is not executable"
};

// As init does it: a command with a '/' is a path, another is looked for in the folders of
// `path_value`, past what cannot be run. Errors: those of reading the tree, other than that
// something is missing.
absl::StatusOr<Resolution> ResolveCommand(Tree& tree, absl::string_view command,
                                          absl::string_view path_value, const InitView& view = {});

struct InitCommands {
  std::vector<CommandUse> uses;  // in the order in which they run
  // What was not understood, or is said to be run and is not there; a line for a user each.
  std::vector<std::string> notes;
};

absl::StatusOr<InitCommands> CommandsOfInitScripts(Tree& tree, const InitView& view = {});

// Both together.
struct CheckedUse {
  CommandUse use;
  Resolution resolution;
};
absl::StatusOr<std::vector<CheckedUse>> CheckInitScripts(Tree& tree, const InitView& view = {});

// What worked and does not any more, or is new and does not work, as lines for a user: "rm
// (/etc/init.d/10_base line 3) is /usr/bin/rm now, and then: /usr/bin/rm is not executable". What
// did not work before is nobody's fault. For a plan, take `after` of a PlannedTree.
std::vector<std::string> BrokenBy(const std::vector<CheckedUse>& before,
                                  const std::vector<CheckedUse>& after);

}  // namespace cation::image

#endif  // IMAGE_INIT_SCRIPTS_H_
