// SPDX-License-Identifier: MIT
#ifndef IMAGE_RELEASE_H_
#define IMAGE_RELEASE_H_

// A release: a folder with all that Cation brings, as it is to stand in the tree, and a manifest of
// it in usr/lib/cation/manifest.

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "image/manifest.h"
#include "image/tree.h"
#include "tools/elf_check/elf_check.h"

namespace cation::image {

struct Release {
  Manifest manifest;
  std::map<std::string, std::string> contents;  // of the files, by path
};

// Makes the manifest of a folder that has none yet: what is in it, plus `aliases` (path and target
// of each). Files below etc are configuration. Every ELF file must carry a build note, and all of
// them the same version, commit, date, architecture and libc (kInvalidArgument).
absl::StatusOr<Manifest> MakeManifest(
    Tree& folder, const std::vector<std::pair<std::string, std::string>>& aliases);

// Reads a release and checks every file against its manifest. kNotFound: no manifest; kDataLoss: a
// file is not what the manifest says; kInvalidArgument as ParseManifest().
absl::StatusOr<Release> ReadRelease(Tree& folder);

// Whether its programs may go into a tree for `architecture`: each passes elf-check for it, carries
// the note that the manifest says, and is linked with relibc, or with the stand-in where
// `allow_standin` is set. kFailedPrecondition with the first finding otherwise.
absl::Status CheckPrograms(const Release& release, elf::Arch architecture, bool allow_standin);

// The architecture of an ELF file; nothing: not one, or none of Redox's that Cation knows.
absl::optional<elf::Arch> ArchitectureOfProgram(absl::string_view content);

// What the tree's own programs are for, and the one that says so; nothing where it has none.
// kFailedPrecondition: they are for machines that Cation has no programs for.
struct TreeArchitecture {
  elf::Arch architecture;
  std::string path;
};
absl::StatusOr<absl::optional<TreeArchitecture>> ArchitectureOfTree(Tree& tree);

}  // namespace cation::image

#endif  // IMAGE_RELEASE_H_
