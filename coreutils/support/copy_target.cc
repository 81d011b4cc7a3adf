// SPDX-License-Identifier: MIT
#include "coreutils/support/copy_target.h"

#include "coreutils/support/open_verified.h"

namespace cation {
namespace {

// With those that Descent keeps open, below the 256 descriptors that some hosts allow.
constexpr size_t kOpenLevels = 100;

}  // namespace

Result<void> CopyTarget::Begin(const sys::Location& top) {
  levels_.Clear();
  first_open_ = 0;
  top_directory_ = top.directory;
  path_.Truncate(0);
  CATION_TRY(path_.Append(top.path));
  name_start_ = path_.size() - StringView(top.name).size();
  return {};
}

sys::Location CopyTarget::here() const {
  const sys::Descriptor directory =
      levels_.empty() ? top_directory_ : levels_[levels_.size() - 1].directory.get();
  return {directory, path_.c_str() + name_start_, path_.c_str()};
}

Result<void> CopyTarget::Enter(Level level) {
  level.path_size = path_.size();
  level.name_start = name_start_;
  CATION_TRY(levels_.PushBack(Move(level)));
  if (levels_.size() - first_open_ > kOpenLevels) (void)levels_[first_open_++].directory.Close();
  return {};
}

Result<void> CopyTarget::SetName(StringView name) {
  path_.Truncate(levels_.back().path_size);
  CATION_TRY(AppendPathComponent(path_, name));
  name_start_ = path_.size() - name.size();
  return {};
}

Result<void> CopyTarget::Leave(Level* left) {
  *left = Move(levels_.back());
  levels_.PopBack();
  path_.Truncate(left->path_size);
  name_start_ = left->name_start;
  if (levels_.empty() || first_open_ != levels_.size()) return {};
  --first_open_;
  const Result<void> opened = OpenAgain(levels_.back(), left->directory);
  if (!opened.ok()) levels_.Clear();
  return opened;
}

Result<void> CopyTarget::OpenAgain(Level& level, const sys::File& child) {
  String path;
  CATION_TRY(path.Append(path_.view().First(level.path_size)));
  CATION_TRY_ASSIGN(level.directory,
                    OpenParent(child.get(), path.c_str(), level.status.identity()));
  return {};
}

}  // namespace cation
