// SPDX-License-Identifier: MIT
#include "coreutils/support/copy_target.h"

namespace cation {

Result<void> CopyTarget::Begin(const sys::Location& top) {
  levels_.Clear();
  return stack_.Begin(top);
}

Result<void> CopyTarget::Enter(Level level) {
  const sys::Identity identity = level.status.identity();
  CATION_TRY(levels_.PushBack(Move(level)));
  const Result<void> entered = stack_.Enter(Move(levels_.back().directory), identity);
  if (!entered.ok()) levels_.PopBack();
  return entered;
}

Result<void> CopyTarget::Leave(Level* left) {
  *left = Move(levels_.back());
  levels_.PopBack();
  const Result<bool> opened = stack_.Leave(&left->directory);
  if (opened.ok()) return {};
  levels_.Clear();
  return opened.error();
}

}  // namespace cation
