// SPDX-License-Identifier: MIT
//
// What a Copier does of what its options say, for the Copier's own sources. In line everywhere, so
// that every linker sees what a program has no use for: GCC's looks for that before it knows what
// a function of another source returns.
#ifndef CATION_COREUTILS_SUPPORT_COPY_CHOICES_H_
#define CATION_COREUTILS_SUPPORT_COPY_CHOICES_H_

#include "coreutils/support/copy.h"
#include "coreutils/support/copy_use.h"

namespace cation {

[[gnu::always_inline]] inline bool Copier::Moves() const {
  return kCopyUse == CopyUse::kBoth ? MovesThisTime() : kCopyUse == CopyUse::kMoves;
}

// `option`, where options have a say.
[[gnu::always_inline]] inline bool Copier::Chosen(bool option) const { return !Moves() && option; }

[[gnu::always_inline]] inline bool Copier::IsRecursive() const {
  return Moves() || options_.recursive;
}

[[gnu::always_inline]] inline CopyOptions::Dereference Copier::Dereferences() const {
  return Moves() ? CopyOptions::Dereference::kNever : dereference_;
}

[[gnu::always_inline]] inline bool Copier::Keeps(unsigned bits) const {
  constexpr unsigned kAll =
      CopyOptions::kMode | CopyOptions::kOwnership | CopyOptions::kTimes | CopyOptions::kLinks;
  return ((Moves() ? kAll : options_.keep) & bits) != 0;
}

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_COPY_CHOICES_H_
