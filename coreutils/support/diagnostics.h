// SPDX-License-Identifier: MIT
//
// Messages on standard error: `program: operand: reason`, one line, written with one call.
#ifndef CATION_COREUTILS_SUPPORT_DIAGNOSTICS_H_
#define CATION_COREUTILS_SUPPORT_DIAGNOSTICS_H_

#include "runtime/core/error_message.h"
#include "runtime/core/string.h"
#include "runtime/start/context.h"

namespace cation {

// What there is no memory for is left out; of all of it, "out of memory" takes the place.
// "program: reason"
void Report(const Context& context, StringView reason);
void Report(const Context& context, Error error);
// "program: operand: reason"; the operand is quoted when it has to be.
void Report(const Context& context, StringView operand, StringView reason);
// "program: operand: " and the words for `error`.
void Report(const Context& context, StringView operand, Error error);
// "program: operand: what: " and the words for `error`; `what` says what was tried where that is
// not plain from the command. An operand with data() nullptr is left out.
void Report(const Context& context, StringView operand, StringView what, Error error);
// Appends `text` to a message, or leaves it out for want of memory. Out of line: messages are put
// together in many places.
[[gnu::noinline]] void AddText(String& line, StringView text);
// "program: operand: reason", and a line that says where help is to be found.
void ReportUsage(const Context& context, StringView operand, StringView reason);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_DIAGNOSTICS_H_
