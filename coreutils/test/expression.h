// SPDX-License-Identifier: MIT
//
// The expressions of test and [.
#ifndef CATION_COREUTILS_TEST_EXPRESSION_H_
#define CATION_COREUTILS_TEST_EXPRESSION_H_

#include "runtime/start/context.h"

namespace cation::test {

inline constexpr int kTrue = 0;
inline constexpr int kFalse = 1;
inline constexpr int kWrong = 2;

// Whether the expression that `arguments` are is true: kTrue, kFalse; kWrong when it is none, which
// has been reported.
[[nodiscard]] int Evaluate(const Context& context, Span<char* const> arguments);

}  // namespace cation::test

#endif  // CATION_COREUTILS_TEST_EXPRESSION_H_
