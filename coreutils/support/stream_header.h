// SPDX-License-Identifier: MIT
//
// "==> name <==": what head and tail write before a file's text.
#ifndef CATION_COREUTILS_SUPPORT_STREAM_HEADER_H_
#define CATION_COREUTILS_SUPPORT_STREAM_HEADER_H_

#include "coreutils/support/held_input.h"
#include "coreutils/support/output.h"

namespace cation {

enum class Headers : uint8_t { kForSeveral, kNever, kAlways };

[[nodiscard]] constexpr bool ShowsHeaders(Headers headers, size_t files) {
  return headers == Headers::kAlways || (headers == Headers::kForSeveral && files > 1);
}

// How an operand is called: "-" is standard input.
[[nodiscard]] inline StringView NameOfInput(const char* operand) {
  const StringView name = operand;
  return name == "-" ? StringView("standard input") : name;
}

// What is wrong with a number that is none.
[[nodiscard]] inline StringView InvalidAmount(const Amount& amount) {
  return amount.bytes ? StringView("invalid number of bytes") : "invalid number of lines";
}

// With an empty line before it, unless it is the first. The name is as it is; with control
// characters in it, in quotes.
void WriteHeader(Output& out, StringView name, bool is_first);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_STREAM_HEADER_H_
