// SPDX-License-Identifier: MIT
//
// Programs that do nothing and are large: Redox's exec reads every byte of a program, and what that
// costs is measured by starting these (the case start-time).
#ifndef CATION_TESTS_GUEST_PADDED_PADDED_H_
#define CATION_TESTS_GUEST_PADDED_PADDED_H_

#include "runtime/start/context.h"

namespace cation {

// A program with so many bytes that are loaded and never looked at.
template <size_t kBytes>
int RunPadded() {
  static constexpr char kPadding[kBytes] = {1};
  asm volatile("" : : "r"(kPadding));
  return 0;
}

}  // namespace cation

#endif  // CATION_TESTS_GUEST_PADDED_PADDED_H_
