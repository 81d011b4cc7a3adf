// SPDX-License-Identifier: MIT

// usage: write_manifest FOLDER ALIASES
// Writes FOLDER/usr/lib/cation/manifest, which makes the folder a release. ALIASES is a file of
// lines PATH, a tab, TARGET: links that are made on request. For the build; exit status 0 or 1.

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "image/copy.h"
#include "image/manifest.h"
#include "image/release.h"
#include "image/root_tree.h"

namespace cation::image {
namespace {

absl::Status Run(const std::string& path, const std::string& aliases_path) {
  std::ifstream file(aliases_path);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.good() && !file.eof()) {
    return absl::NotFoundError(absl::StrCat(aliases_path, " cannot be read"));
  }
  std::vector<std::pair<std::string, std::string>> aliases;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    aliases.push_back(absl::StrSplit(line, absl::MaxSplits('\t', 1)));
  }
  const absl::StatusOr<std::unique_ptr<RootTree>> folder = RootTree::Open(path, {});
  if (!folder.ok()) return folder.status();
  const absl::StatusOr<Manifest> manifest = MakeManifest(**folder, aliases);
  if (!manifest.ok()) return manifest.status();
  absl::StatusOr<std::vector<Change>> changes = PlanDirectories(**folder, kStateFolder);
  if (!changes.ok()) return changes.status();
  Change change;
  change.action = Change::Action::kWriteFile;
  change.path = kManifestPath;
  change.attributes = {.mode = 0644, .mtime = ReleaseTime(*manifest)};
  change.content = SerializeManifest(*manifest);
  changes->push_back(std::move(change));
  return (*folder)->Apply(*changes);
}

}  // namespace
}  // namespace cation::image

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: write_manifest FOLDER ALIASES\n", stderr);
    return 1;
  }
  const absl::Status status = cation::image::Run(argv[1], argv[2]);
  if (status.ok()) return 0;
  std::fprintf(stderr, "write_manifest: %s: %s\n", argv[1], std::string(status.message()).c_str());
  return 1;
}
