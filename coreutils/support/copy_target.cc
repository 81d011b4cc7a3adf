// SPDX-License-Identifier: MIT
#include "coreutils/support/copy_target.h"

namespace cation {

Result<void> CopyTarget::Begin(const sys::Location& top) {
  levels_.Clear();
  return stack_.Begin(top);
}

Result<void> CopyTarget::Enter(sys::File&& directory, const Level& level) {
  CATION_TRY(levels_.PushBack(level));
  const Result<void> entered = stack_.Enter(Move(directory), level.status.identity());
  if (!entered.ok()) levels_.PopBack();
  return entered;
}

Result<void> CopyTarget::Leave(Level* left, sys::Descriptor* directory) {
  *left = levels_.back();
  levels_.PopBack();
  const Result<bool> opened = stack_.Leave(directory);
  if (opened.ok()) return {};
  levels_.Clear();
  return opened.error();
}

}  // namespace cation
