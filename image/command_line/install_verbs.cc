// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "image/change_plan.h"
#include "image/command_line/target.h"
#include "image/command_line/verb.h"
#include "image/installer.h"
#include "image/manifest.h"
#include "image/pcid_config.h"
#include "image/record.h"
#include "image/release.h"
#include "image/resolve.h"
#include "image/root_tree.h"
#include "image/stamp.h"
#include "image/tree.h"
#include "tools/elf_check/elf_check.h"

namespace cation::image {
namespace {

absl::StatusOr<absl::optional<elf::Arch>> AskedArchitecture() {
  const std::string name = absl::GetFlag(FLAGS_arch);
  if (name.empty()) return absl::optional<elf::Arch>();
  const absl::optional<elf::Arch> architecture = elf::ParseArch(name);
  if (!architecture.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--arch=", name, ": there are x86_64 and aarch64"));
  }
  return architecture;
}

absl::StatusOr<Modified> AskedModified() {
  if (absl::GetFlag(FLAGS_force) && absl::GetFlag(FLAGS_keep)) {
    return absl::InvalidArgumentError("--force and --keep contradict each other");
  }
  if (absl::GetFlag(FLAGS_force)) return Modified::kReplace;
  return absl::GetFlag(FLAGS_keep) ? Modified::kKeep : Modified::kRefuse;
}

// The release that is asked for, or the one for the tree's architecture.
absl::StatusOr<Release> FindRelease(Tree& tree) {
  std::string folder = absl::GetFlag(FLAGS_release);
  if (folder.empty()) {
    const std::string all = absl::GetFlag(FLAGS_releases);
    if (all.empty()) return absl::InvalidArgumentError("which release? say --release=FOLDER");
    absl::StatusOr<absl::optional<elf::Arch>> architecture = AskedArchitecture();
    if (!architecture.ok()) return architecture.status();
    if (!architecture->has_value()) {
      const absl::StatusOr<absl::optional<TreeArchitecture>> own = ArchitectureOfTree(tree);
      if (!own.ok()) return own.status();
      if (!own->has_value()) {
        return absl::FailedPreconditionError(
            "there is no program in the target that would tell its architecture: say --arch=x86_64 "
            "or --arch=aarch64");
      }
      *architecture = (*own)->architecture;
    }
    folder = absl::StrCat(all, "/", elf::ArchName(**architecture));
  }
  const auto failed = [&folder](const absl::Status& status) {
    return absl::Status(status.code(),
                        absl::StrCat("the release ", folder, ": ", status.message()));
  };
  RootTree::Options options;
  options.read_only = true;
  absl::StatusOr<std::unique_ptr<RootTree>> tree_of_release = RootTree::Open(folder, options);
  if (!tree_of_release.ok()) return failed(tree_of_release.status());
  absl::StatusOr<Release> release = ReadRelease(**tree_of_release);
  if (!release.ok()) return failed(release.status());
  return release;
}

absl::Status RunInstall(const Operands& operands) {
  return WithTarget(operands[0], OptionsFor(absl::GetFlag(FLAGS_dry_run)), [](Target& target) {
    if (const std::string size = absl::GetFlag(FLAGS_grow); !size.empty()) {
      absl::Status status = Grow(target, size);
      if (!status.ok()) return status;
    }
    absl::StatusOr<Release> release = FindRelease(*target.tree);
    if (!release.ok()) return release.status();
    absl::StatusOr<Installed> installed = ReadInstalled(*target.tree);
    if (!installed.ok()) return installed.status();
    const absl::StatusOr<absl::optional<elf::Arch>> architecture = AskedArchitecture();
    if (!architecture.ok()) return architecture.status();
    InstallOptions options;
    options.architecture = *architecture;
    options.allow_standin = absl::GetFlag(FLAGS_allow_stand_in);
    options.aliases = absl::GetFlag(FLAGS_aliases);
    options.replace_config = absl::GetFlag(FLAGS_replace_config);
    options.initrc_lines = !absl::GetFlag(FLAGS_no_initrc_lines);
    options.stamp = !absl::GetFlag(FLAGS_no_stamp);
    options.stamp_prefix = absl::GetFlag(FLAGS_prefix);
    options.only = absl::GetFlag(FLAGS_only);
    const absl::StatusOr<ChangePlan> plan =
        PlanInstall(*target.tree, *installed, *release, options);
    if (!plan.ok()) return plan.status();
    std::printf("Cation %s for the %s\n", DescribeRelease(release->manifest).c_str(),
                std::string(target.tree->Description()).c_str());
    return ShowAndCarry(target, *installed, *plan);
  });
}

// Reads what is installed, plans with it, and carries the plan out.
template <typename Planner>
absl::Status Change(const std::string& path, const Planner& planner) {
  return WithTarget(path, OptionsFor(absl::GetFlag(FLAGS_dry_run)), [&](Target& target) {
    const absl::StatusOr<Installed> installed = ReadInstalled(*target.tree);
    if (!installed.ok()) return installed.status();
    const absl::StatusOr<ChangePlan> plan = planner(*target.tree, *installed);
    return plan.ok() ? ShowAndCarry(target, *installed, *plan) : plan.status();
  });
}

absl::Status RunRollback(const Operands& operands) {
  const absl::StatusOr<Modified> modified = AskedModified();
  if (!modified.ok()) return modified.status();
  return Change(operands[0], [&](Tree& tree, const Installed& installed) {
    return PlanRollback(tree, installed, absl::GetFlag(FLAGS_to), *modified);
  });
}

absl::Status RunUninstall(const Operands& operands) {
  const absl::StatusOr<Modified> modified = AskedModified();
  if (!modified.ok()) return modified.status();
  return Change(operands[0], [&](Tree& tree, const Installed& installed) {
    return PlanUninstall(tree, installed, *modified);
  });
}

absl::Status RunStamp(const Operands& operands) {
  return Change(operands[0],
                [](Tree& tree, const Installed& installed) -> absl::StatusOr<ChangePlan> {
                  Stamp stamp{absl::GetFlag(FLAGS_prefix), absl::GetFlag(FLAGS_commit),
                              absl::GetFlag(FLAGS_date)};
                  // What is not said is what is installed.
                  if (installed.manifest.has_value()) {
                    const Manifest& manifest = *installed.manifest;
                    if (stamp.prefix.empty()) stamp.prefix = "Cation " + manifest.version;
                    if (stamp.commit.empty()) stamp.commit = manifest.commit;
                    if (stamp.date.empty()) stamp.date = manifest.date;
                  }
                  if (stamp.commit.empty() || stamp.date.empty()) {
                    return absl::InvalidArgumentError(
                        "Cation is not installed in it: say --commit=COMMIT and --date=DATE");
                  }
                  return PlanStamp(tree, installed, stamp);
                });
}

absl::Status Report(const Inspection& inspection) {
  for (const std::string& note : inspection.notes) std::printf("note: %s\n", note.c_str());
  for (const std::string& finding : inspection.findings) std::printf("%s\n", finding.c_str());
  return inspection.findings.empty() ? absl::OkStatus() : Found();
}

absl::Status RunVerify(const Operands& operands) {
  return WithTarget(operands[0], OptionsFor(/*read_only=*/true), [](Target& target) {
    const absl::StatusOr<Installed> installed = ReadInstalled(*target.tree);
    if (!installed.ok()) return installed.status();
    const absl::StatusOr<Inspection> inspection = Verify(*target.tree, *installed);
    if (!inspection.ok()) return inspection.status();
    if (target.redoxfs != nullptr) {
      const auto report = target.redoxfs->Check();
      if (!report.ok()) return report.status();
    }
    absl::Status status = Report(*inspection);
    std::printf("%s: %d entries compared, %zu not as they should be\n",
                DescribeRelease(*installed->manifest).c_str(), inspection->checked,
                inspection->findings.size());
    return status;
  });
}

absl::Status RunDiff(const Operands& operands) {
  return WithTarget(operands[0], OptionsFor(/*read_only=*/true), [](Target& target) {
    const absl::StatusOr<Release> release = FindRelease(*target.tree);
    if (!release.ok()) return release.status();
    const absl::StatusOr<Installed> installed = ReadInstalled(*target.tree);
    if (!installed.ok()) return installed.status();
    const absl::StatusOr<Inspection> inspection = Compare(*target.tree, *installed, *release);
    return inspection.ok() ? Report(*inspection) : inspection.status();
  });
}

absl::Status RunList(const Operands& operands) {
  return WithTarget(operands[0], OptionsFor(/*read_only=*/true), [](Target& target) {
    const absl::StatusOr<Installed> installed = ReadInstalled(*target.tree);
    if (!installed.ok()) return installed.status();
    if (installed->records.empty()) return absl::NotFoundError("Cation is not installed in it");
    for (const Record& record : installed->records) {
      std::printf("%-36s %-8s %4zu paths  %s\n", record.stamp.c_str(), record.action.c_str(),
                  record.paths.size(), record.what.c_str());
    }
    const absl::StatusOr<std::vector<InitrcWithLine>> initrcs =
        InitrcsWithLine(*target.tree, *installed);
    if (!initrcs.ok()) return initrcs.status();
    if (!initrcs->empty()) std::printf("\ninitrcs of users with a line for /etc/xdg/ion/initrc\n");
    for (const InitrcWithLine& initrc : *initrcs) {
      std::printf("          /%s%s\n", Printable(initrc.path).c_str(),
                  initrc.has_line ? "" : " (it was taken out since)");
    }
    if (!installed->manifest.has_value()) return absl::OkStatus();
    std::printf("\n%s\n", DescribeRelease(*installed->manifest).c_str());
    for (const ManifestEntry& entry : installed->manifest->entries) {
      if (entry.program.empty()) continue;
      std::printf("%8llu  /%s\n", static_cast<unsigned long long>(entry.size), entry.path.c_str());
    }
    return absl::OkStatus();
  });
}

// --------------------------------------------------------------------------------------- repairs
// Where the drivers' tables are, in systems of several ages and in initfs archives.
constexpr const char* kPcidPlaces[] = {"etc/pcid.d", "etc/pcid", "lib/pcid.d", "usr/lib/pcid.d"};

absl::StatusOr<std::vector<std::string>> PcidFiles(Tree& tree) {
  std::vector<std::string> files;
  for (const char* place : kPcidPlaces) {
    const absl::StatusOr<std::string> folder = Resolve(tree, place, /*follow_last=*/true);
    if (!folder.ok()) continue;
    const absl::StatusOr<std::vector<std::string>> names = tree.List(*folder);
    if (!names.ok()) continue;
    for (const std::string& name : *names) {
      if (absl::EndsWith(name, ".toml")) files.push_back(JoinPath(*folder, name));
    }
  }
  if (files.empty()) {
    return absl::NotFoundError(
        absl::StrCat("no table of drivers in it (", absl::StrJoin(kPcidPlaces, ", "), ")"));
  }
  return files;
}

absl::Status RunDriver(const std::string& target, const std::string& name, bool enable) {
  return Change(target, [&](Tree& tree, const Installed& installed) -> absl::StatusOr<ChangePlan> {
    const absl::StatusOr<std::vector<std::string>> files = PcidFiles(tree);
    if (!files.ok()) return files.status();
    std::vector<std::string> problems;
    for (const std::string& file : *files) {
      const absl::StatusOr<std::string> path = Resolve(tree, file, /*follow_last=*/true);
      if (!path.ok()) return path.status();
      const absl::StatusOr<Entry> entry = tree.Look(*path);
      if (!entry.ok()) return entry.status();
      const absl::StatusOr<std::string> text = tree.Read(*path);
      if (!text.ok()) return text.status();
      absl::StatusOr<std::string> edited =
          enable ? EnablePcidDriver(*text, name) : DisablePcidDriver(*text, name);
      if (absl::IsNotFound(edited.status())) {
        problems.push_back(absl::StrCat("/", file, ": ", edited.status().message()));
        continue;
      }
      if (!edited.ok()) {
        return absl::Status(edited.status().code(),
                            absl::StrCat("/", file, ": ", edited.status().message()));
      }
      const std::string what = absl::StrCat(enable ? "enable " : "disable ", name);
      return PlanRepair(tree, installed, what, absl::StrCat(what, " in /", file),
                        {WantedFile(*path, *std::move(edited), entry->attributes)});
    }
    return absl::NotFoundError(absl::StrJoin(problems, "; "));
  });
}

absl::Status RunDisableDriver(const Operands& operands) {
  return RunDriver(operands[0], operands[1], /*enable=*/false);
}
absl::Status RunEnableDriver(const Operands& operands) {
  return RunDriver(operands[0], operands[1], /*enable=*/true);
}

absl::Status RunRepairLink(const Operands& operands) {
  return Change(
      operands[0], [&](Tree& tree, const Installed& installed) -> absl::StatusOr<ChangePlan> {
        const absl::StatusOr<std::string> path = Resolve(tree, operands[1], /*follow_last=*/false);
        if (!path.ok()) return path.status();
        return PlanRepair(tree, installed, "link",
                          absl::StrCat("link /", *path, " to ", operands[2]),
                          {WantedLink(*path, operands[2], {})});
      });
}

absl::Status RunRepairReplace(const Operands& operands) {
  const absl::StatusOr<HostFile> source = ReadHostFile(operands[2]);
  if (!source.ok()) return source.status();
  return Change(
      operands[0], [&](Tree& tree, const Installed& installed) -> absl::StatusOr<ChangePlan> {
        const absl::StatusOr<std::string> path = Resolve(tree, operands[1], /*follow_last=*/true);
        if (!path.ok()) return path.status();
        const absl::StatusOr<Entry> entry = tree.Look(*path);
        if (absl::IsNotFound(entry.status())) {
          return absl::NotFoundError(
              absl::StrCat("/", *path, " is not there to be replaced; `image put` adds files"));
        }
        if (!entry.ok()) return entry.status();
        // It keeps who may do what with it.
        return PlanRepair(tree, installed, "replace", absl::StrCat("replace /", *path),
                          {WantedFile(*path, source->content, entry->attributes)});
      });
}

constexpr Verb kVerbs[] = {
    {"install", "TARGET", 1, 1,
     "release releases arch allow-stand-in aliases replace-config no-initrc-lines no-stamp prefix "
     "only grow force dry-run verbose qcow2 allow-host-root redoxfs-helper",
     "put the release into the target, in one step that `rollback` takes back", RunInstall},
    {"verify", "TARGET", 1, 1, "allow-host-root redoxfs-helper",
     "compare what is installed with its manifest, and the backups with their digests", RunVerify},
    {"list", "TARGET", 1, 1, "allow-host-root redoxfs-helper",
     "what was done to the target, oldest first, and the programs in it", RunList},
    {"diff", "TARGET", 1, 1, "release releases arch allow-host-root redoxfs-helper",
     "how the target differs from the release: + would be added, ~ replaced, - taken away",
     RunDiff},
    {"rollback", "TARGET", 1, 1,
     "to force keep dry-run verbose qcow2 allow-host-root redoxfs-helper",
     "take the last step back, or with --to=STAMP that one", RunRollback},
    {"uninstall", "TARGET", 1, 1, "force keep dry-run verbose qcow2 allow-host-root redoxfs-helper",
     "take all steps back but repairs", RunUninstall},
    {"stamp", "TARGET", 1, 1,
     "prefix commit date dry-run verbose qcow2 allow-host-root redoxfs-helper",
     "put \"PREFIX | Build: COMMIT | DATE\" into init.rc, the initrc and cation-release", RunStamp},
    {"repair disable-driver", "TARGET NAME", 2, 2,
     "dry-run verbose qcow2 allow-host-root redoxfs-helper",
     "comment a driver out of pcid's tables", RunDisableDriver},
    {"repair enable-driver", "TARGET NAME", 2, 2,
     "dry-run verbose qcow2 allow-host-root redoxfs-helper", "put it back", RunEnableDriver},
    {"repair link", "TARGET PATH LINK", 3, 3,
     "dry-run verbose qcow2 allow-host-root redoxfs-helper",
     "make PATH a symbolic link to LINK, as /root/host to /scheme/9p.hostshare", RunRepairLink},
    {"repair replace", "TARGET PATH FILE", 3, 3,
     "dry-run verbose qcow2 allow-host-root redoxfs-helper",
     "replace the content of a file of the target", RunRepairReplace},
};

}  // namespace

absl::Span<const Verb> InstallVerbs() { return kVerbs; }

}  // namespace cation::image
