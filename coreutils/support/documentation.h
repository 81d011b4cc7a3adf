// SPDX-License-Identifier: MIT
//
// What people read of a utility, and what shells complete, made from its table of options: nothing
// is listed a second time. Runs on the host, when a release is built.
#ifndef CATION_COREUTILS_SUPPORT_DOCUMENTATION_H_
#define CATION_COREUTILS_SUPPORT_DOCUMENTATION_H_

#include <string>

#include "coreutils/support/options.h"

namespace cation::documentation {

// What is documented. `command` must outlive it.
struct Subject {
  const Description* command = nullptr;
  std::string name;     // "ls"
  std::string version;  // "0.1.0"
  std::string date;     // "2026-11-23", or "unknown"
};

// Each returns the text of a file. Options without help, which --help does not show, are left out;
// those that every utility has, --help and --version, are in.

// A manual page of section 1, in the macros of man(7): NAME.1.
std::string ManualPage(const Subject& subject);

// For bash 4.4 and later, with or without the bash-completion package: NAME in one of its folders.
std::string BashCompletion(const Subject& subject);

// For zsh's completion system: _NAME in a folder of fpath.
std::string ZshCompletion(const Subject& subject);

// For fish: NAME.fish.
std::string FishCompletion(const Subject& subject);

}  // namespace cation::documentation

#endif  // CATION_COREUTILS_SUPPORT_DOCUMENTATION_H_
