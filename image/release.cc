// SPDX-License-Identifier: MIT
#include "image/release.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "image/manifest.h"
#include "image/resolve.h"
#include "image/sha256.h"
#include "image/tree.h"
#include "tools/elf_check/build_note.h"
#include "tools/elf_check/elf_check.h"

namespace cation::image {
namespace {

constexpr absl::string_view kElfMagic("\177ELF", 4);
// Where the gABI has e_machine, and the values it may have here.
constexpr size_t kMachineOffset = 18;
constexpr unsigned kMachineX8664 = 62;
constexpr unsigned kMachineAarch64 = 183;
// Of the tree's own programs at most so many files are looked at to find one.
constexpr int kMaximumLooked = 200;

absl::Span<const uint8_t> Bytes(absl::string_view content) {
  return {reinterpret_cast<const uint8_t*>(content.data()), content.size()};
}

bool IsElf(absl::string_view content) { return absl::StartsWith(content, kElfMagic); }

// Takes the values that all programs must share from the first one.
absl::Status TakeNote(const std::string& path, const elf::BuildNote& note, bool first,
                      Manifest& manifest) {
  const std::pair<const std::string*, std::string*> values[] = {
      {&note.version, &manifest.version}, {&note.commit, &manifest.commit},
      {&note.date, &manifest.date},       {&note.arch, &manifest.architecture},
      {&note.libc, &manifest.libc},
  };
  for (const auto& [value, shared] : values) {
    if (first) *shared = *value;
    if (*value != *shared) {
      return absl::InvalidArgumentError(absl::StrCat(
          "/", path, " is of another build than the programs before it: its note says ", *value,
          ", theirs ", *shared));
    }
  }
  return absl::OkStatus();
}

absl::Status AddFolder(Tree& folder, const std::string& path, Manifest& manifest, bool& noted) {
  const absl::StatusOr<std::vector<std::string>> names = folder.List(path);
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    const std::string below = JoinPath(path, name);
    if (below == kStateFolder) continue;
    absl::StatusOr<Entry> entry = folder.Look(below);
    if (!entry.ok()) return entry.status();
    ManifestEntry listed;
    listed.kind = entry->kind;
    listed.path = below;
    listed.mode = entry->attributes.mode;
    switch (entry->kind) {
      case Kind::kOther:
        return absl::InvalidArgumentError(absl::StrCat("/", below, " is a special file"));
      case Kind::kLink:
        listed.target = entry->target;
        manifest.entries.push_back(std::move(listed));
        break;
      case Kind::kDirectory:
        manifest.entries.push_back(std::move(listed));
        if (absl::Status status = AddFolder(folder, below, manifest, noted); !status.ok()) {
          return status;
        }
        break;
      case Kind::kFile: {
        const absl::StatusOr<std::string> content = folder.Read(below);
        if (!content.ok()) return content.status();
        listed.size = content->size();
        listed.sha256 = Sha256(*content);
        listed.config = absl::StartsWith(below, "etc/") || absl::StartsWith(below, "root/");
        if (IsElf(*content)) {
          const absl::StatusOr<elf::BuildNote> note = elf::ReadBuildNote(Bytes(*content));
          if (!note.ok()) {
            return absl::InvalidArgumentError(
                absl::StrCat("/", below, ": ", note.status().message()));
          }
          listed.program = note->name;
          if (absl::Status status = TakeNote(below, *note, !noted, manifest); !status.ok()) {
            return status;
          }
          noted = true;
        }
        manifest.entries.push_back(std::move(listed));
        break;
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Manifest> MakeManifest(
    Tree& folder, const std::vector<std::pair<std::string, std::string>>& aliases) {
  Manifest manifest;
  bool noted = false;
  if (absl::Status status = AddFolder(folder, "", manifest, noted); !status.ok()) return status;
  if (!noted) return absl::InvalidArgumentError("there is no program of Cation in it");
  for (const auto& [path, target] : aliases) {
    ManifestEntry alias;
    alias.kind = Kind::kLink;
    alias.optional = true;
    alias.mode = 0777;
    alias.path = path;
    alias.target = target;
    manifest.entries.push_back(std::move(alias));
  }
  std::sort(manifest.entries.begin(), manifest.entries.end(),
            [](const ManifestEntry& a, const ManifestEntry& b) { return a.path < b.path; });
  // Says what is wrong with the paths.
  return ParseManifest(SerializeManifest(manifest));
}

absl::StatusOr<Release> ReadRelease(Tree& folder) {
  const absl::StatusOr<std::string> text = folder.Read(kManifestPath);
  if (absl::IsNotFound(text.status())) {
    return absl::NotFoundError(absl::StrCat("no ", kManifestPath, " in it: not a release"));
  }
  if (!text.ok()) return text.status();
  absl::StatusOr<Manifest> manifest = ParseManifest(*text);
  if (!manifest.ok()) return manifest.status();
  Release release;
  release.manifest = *std::move(manifest);
  for (const ManifestEntry& entry : release.manifest.entries) {
    if (entry.optional) continue;
    const auto wrong = [&entry](absl::string_view what) {
      return absl::DataLossError(
          absl::StrCat("/", entry.path, " is not what the manifest says: ", what));
    };
    absl::StatusOr<Entry> there = folder.Look(entry.path);
    if (absl::IsNotFound(there.status())) return wrong("missing");
    if (!there.ok()) return there.status();
    if (there->kind != entry.kind) return wrong("of another kind");
    if (entry.kind == Kind::kLink && there->target != entry.target) return wrong("another target");
    if (entry.kind != Kind::kFile) continue;
    absl::StatusOr<std::string> content = folder.Read(entry.path);
    if (!content.ok()) return content.status();
    if (content->size() != entry.size || Sha256(*content) != entry.sha256) {
      return wrong("other content");
    }
    release.contents.emplace(entry.path, *std::move(content));
  }
  return release;
}

absl::Status CheckPrograms(const Release& release, elf::Arch architecture, bool allow_standin) {
  const Manifest& manifest = release.manifest;
  if (manifest.architecture != elf::ArchName(architecture)) {
    return absl::FailedPreconditionError(absl::StrCat("the release is for ", manifest.architecture,
                                                      ", the target for ",
                                                      elf::ArchName(architecture)));
  }
  const absl::optional<elf::Libc> libc = elf::ParseLibc(manifest.libc);
  if (!libc.has_value()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the release is linked with ", manifest.libc, ", not with relibc"));
  }
  if (*libc == elf::Libc::kStandin && !allow_standin) {
    return absl::FailedPreconditionError(
        "the release is linked with the stand-in, which runs on Linux alone: build with a relibc "
        "sysroot (./cation help says how); --allow-stand-in is for tests");
  }
  for (const auto& [path, content] : release.contents) {
    if (!IsElf(content)) continue;
    const auto wrong = [&path = path](absl::string_view what) {
      return absl::FailedPreconditionError(absl::StrCat("/", path, ": ", what));
    };
    elf::Requirements requirements;
    requirements.arch = architecture;
    requirements.libc = libc;
    const std::vector<std::string> findings = elf::CheckElf(Bytes(content), requirements);
    if (!findings.empty()) return wrong(findings.front());
    const absl::StatusOr<elf::BuildNote> note = elf::ReadBuildNote(Bytes(content));
    if (!note.ok()) return wrong(note.status().message());
    Manifest same = manifest;
    if (!TakeNote(path, *note, /*first=*/false, same).ok()) {
      return wrong("its build note is of another build than the manifest");
    }
    const auto entry =
        std::find_if(manifest.entries.begin(), manifest.entries.end(),
                     [&path = path](const ManifestEntry& one) { return one.path == path; });
    if (entry == manifest.entries.end() || entry->program != note->name) {
      return wrong(absl::StrCat("its build note says that it is ", note->name,
                                ", which the manifest does not"));
    }
  }
  return absl::OkStatus();
}

absl::optional<elf::Arch> ArchitectureOfProgram(absl::string_view content) {
  if (!IsElf(content) || content.size() < kMachineOffset + 2) return absl::nullopt;
  const absl::Span<const uint8_t> bytes = Bytes(content);
  const unsigned machine = bytes[kMachineOffset] | unsigned{bytes[kMachineOffset + 1]} << 8U;
  if (machine == kMachineX8664) return elf::Arch::kX8664;
  if (machine == kMachineAarch64) return elf::Arch::kAarch64;
  return absl::nullopt;
}

absl::StatusOr<absl::optional<TreeArchitecture>> ArchitectureOfTree(Tree& tree) {
  int looked = 0;
  for (const absl::string_view folder : {"/usr/bin", "/bin"}) {
    const absl::StatusOr<std::string> resolved = Resolve(tree, folder, /*follow_last=*/true);
    if (!resolved.ok()) continue;
    const absl::StatusOr<std::vector<std::string>> names = tree.List(*resolved);
    if (!names.ok()) continue;
    for (const std::string& name : *names) {
      const std::string path = JoinPath(*resolved, name);
      const absl::StatusOr<Entry> entry = tree.Look(path);
      if (!entry.ok()) return entry.status();
      if (entry->kind != Kind::kFile) continue;
      if (++looked > kMaximumLooked) return absl::optional<TreeArchitecture>();
      const absl::StatusOr<std::string> content = tree.Read(path);
      // Not for everybody, or too large: another one will tell.
      if (absl::IsPermissionDenied(content.status()) ||
          absl::IsResourceExhausted(content.status())) {
        continue;
      }
      if (!content.ok()) return content.status();
      if (!IsElf(*content)) continue;
      const absl::optional<elf::Arch> architecture = ArchitectureOfProgram(*content);
      if (!architecture.has_value()) {
        return absl::FailedPreconditionError(absl::StrCat(
            "the target's /", path, " is for a machine that Cation has no programs for"));
      }
      return absl::optional<TreeArchitecture>(TreeArchitecture{*architecture, path});
    }
  }
  return absl::optional<TreeArchitecture>();
}

}  // namespace cation::image
