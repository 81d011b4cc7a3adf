// SPDX-License-Identifier: MIT
#include "image/command_line/target.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "image/initfs_tree.h"
#include "image/qcow2.h"
#include "image/redoxfs_tree.h"
#include "image/root_tree.h"
#include "image/system_error.h"

namespace cation::image {
namespace {

constexpr absl::string_view kInitfsMagic = "RedoxFtw";

absl::Status WithFolder(const std::string& path, const TargetOptions& options,
                        const std::function<absl::Status(Target&)>& work) {
  RootTree::Options root;
  root.read_only = options.read_only;
  root.allow_host_root = options.allow_host_root;
  const absl::StatusOr<std::unique_ptr<RootTree>> tree = RootTree::Open(path, root);
  if (!tree.ok()) return tree.status();
  Target target;
  target.tree = tree->get();
  return work(target);
}

absl::Status WithInitfs(const std::string& path, const TargetOptions& options,
                        const std::function<absl::Status(Target&)>& work) {
  const absl::StatusOr<std::unique_ptr<InitfsTree>> tree =
      InitfsTree::Open(path, {.read_only = options.read_only});
  if (!tree.ok()) return tree.status();
  Target target;
  target.tree = target.initfs = tree->get();
  return work(target);
}

absl::Status WithRedoxfs(const std::string& path, const TargetOptions& options,
                         const std::function<absl::Status(Target&)>& work) {
  const absl::StatusOr<std::unique_ptr<RedoxfsTree>> tree =
      RedoxfsTree::Open(options.redoxfs_helper, path, {.read_only = options.read_only});
  if (!tree.ok()) return tree.status();
  Target target;
  target.tree = target.redoxfs = tree->get();
  return work(target);
}

}  // namespace

absl::StatusOr<TargetKind> FindTargetKind(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) {
    return SystemError(errno, "cannot be looked at");
  }
  if (S_ISDIR(status.st_mode)) {
    if (access((path + "/recipe.toml").c_str(), F_OK) == 0) {
      return absl::FailedPreconditionError(
          "a recipe of the cookbook, not a root: ./cation recipe makes one");
    }
    return TargetKind::kFolder;
  }
  if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode)) {
    return absl::FailedPreconditionError("neither a folder nor an image");
  }
  std::FILE* file = std::fopen(path.c_str(), "rbe");
  if (file == nullptr) {
    return SystemError(errno, "cannot be read");
  }
  std::array<char, kInitfsMagic.size()> magic = {};
  const size_t got = std::fread(magic.data(), 1, magic.size(), file);
  std::fclose(file);
  if (absl::string_view(magic.data(), got) == kInitfsMagic) return TargetKind::kInitfs;
  if (IsQcow2(absl::string_view(magic.data(), got))) return TargetKind::kQcow2;
  return TargetKind::kRedoxfs;
}

absl::Status WithTarget(const std::string& path, const TargetOptions& options,
                        const std::function<absl::Status(Target&)>& work) {
  const absl::StatusOr<TargetKind> kind = FindTargetKind(path);
  if (!kind.ok()) return kind.status();
  switch (*kind) {
    case TargetKind::kFolder:
      return WithFolder(path, options, work);
    case TargetKind::kInitfs:
      return WithInitfs(path, options, work);
    case TargetKind::kRedoxfs:
      return WithRedoxfs(path, options, work);
    case TargetKind::kQcow2:
      break;
  }
  const auto on_raw = [&](const std::string& raw) { return WithRedoxfs(raw, options, work); };
  if (options.read_only) return ReadQcow2(path, on_raw);
  if (options.qcow2 == "convert") return WorkOnQcow2(path, Qcow2Way::kConvert, on_raw);
  if (options.qcow2 == "commit") return WorkOnQcow2(path, Qcow2Way::kCommit, on_raw);
  return absl::InvalidArgumentError(
      options.qcow2.empty()
          ? "a qcow2 image: say --qcow2=convert (it is written anew) or --qcow2=commit (what it "
            "holds and what is changed go into its base)"
          : absl::StrCat("--qcow2=", options.qcow2, ": there are convert and commit"));
}

}  // namespace cation::image
