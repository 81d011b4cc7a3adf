// SPDX-License-Identifier: MIT
#ifndef CATION_RUNTIME_STANDIN_CALLS_H_
#define CATION_RUNTIME_STANDIN_CALLS_H_

namespace cation::standin {

using AnyFunction = void();

// The functions of calls.cc.
extern AnyFunction* const kCalls[];

}  // namespace cation::standin

#endif  // CATION_RUNTIME_STANDIN_CALLS_H_
