// SPDX-License-Identifier: MIT
#include "coreutils/support/directory_stack.h"

#include "coreutils/support/open_verified.h"

namespace cation {

Result<void> DirectoryStack::Begin(const sys::Location& top) {
  Clear();
  top_directory_ = top.directory;
  path_.Truncate(0);
  CATION_TRY(path_.Append(top.path));
  name_start_ = top_name_start_ = path_.size() - StringView(top.name).size();
  // One slash at the end says as much as several.
  while (path_.view().EndsWith("//")) path_.Truncate(path_.size() - 1);
  return {};
}

// Where the name of the directory at `level` begins in path_.
size_t DirectoryStack::NameStart(size_t level) const {
  if (level == 0) return top_name_start_;
  const size_t above = levels_[level - 1].path_size;
  return path_.view()[above] == '/' ? above + 1 : above;
}

void DirectoryStack::Clear() {
  for (; levels_.size() > first_open_; levels_.PopBack())
    (void)sys::Close(levels_.back().directory);
  levels_.Clear();
  first_open_ = 0;
}

Result<void> DirectoryStack::Enter(sys::File&& directory, sys::Identity identity) {
  CATION_TRY(levels_.PushBack({directory.get(), identity, path_.size()}));
  (void)directory.Release();
  if (levels_.size() - first_open_ > kOpenLevels && MayClose(levels_[first_open_]))
    (void)sys::Close(levels_[first_open_++].directory);
  return {};
}

// Whether the way back to a directory is there without its descriptor. Redox knows no ".." of a
// descriptor: there the path leads back, while it is short enough.
bool DirectoryStack::MayClose(const Level& level) {
  constexpr size_t kShortPath = 3000;  // with a working directory's before it, less than 4,096
  if (level.path_size < kShortPath) return true;
  if (parent_by_name_ == Known::kNot) {
    const Level& above = levels_[levels_.size() - 2];
    const Result<sys::Descriptor> opened = OpenParent(levels_.back().directory, "", above.identity);
    parent_by_name_ = Known::kNo;
    if (opened.ok()) {
      parent_by_name_ = Known::kYes;
      (void)sys::Close(opened.value());
    }
  }
  return parent_by_name_ == Known::kYes;
}

Result<void> DirectoryStack::SetName(StringView name) {
  path_.Truncate(levels_.back().path_size);
  CATION_TRY(AppendPathComponent(path_, name));
  name_start_ = path_.size() - name.size();
  return {};
}

void DirectoryStack::SetToDirectory() {
  // Before the path is cut: where it is cut, there may be the slash that shows where the name is.
  name_start_ = NameStart(levels_.size() - 1);
  path_.Truncate(levels_.back().path_size);
}

Result<bool> DirectoryStack::Leave(sys::Descriptor* left) {
  SetToDirectory();
  *left = levels_.back().directory;
  levels_.PopBack();
  if (levels_.empty() || first_open_ != levels_.size()) return false;

  Level& above = levels_.back();
  // Its path is a part of path_: no copy, which would be as long as the tree is deep.
  char& end = path_.data()[above.path_size];
  const char after = Exchange(end, '\0');
  const Result<sys::Descriptor> opened = OpenParent(*left, path_.c_str(), above.identity);
  end = after;
  if (!opened.ok()) {
    Clear();
    return opened.error();
  }
  --first_open_;
  above.directory = opened.value();
  return true;
}

}  // namespace cation
