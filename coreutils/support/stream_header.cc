// SPDX-License-Identifier: MIT
#include "coreutils/support/stream_header.h"

#include "coreutils/support/quote.h"

namespace cation {

void WriteHeader(Output& out, StringView name, bool is_first) {
  out.Write(StringView("\n==> ").From(is_first ? 1 : 0));
  bool has_control = false;
  for (const char c : name)
    has_control |= IsControl(static_cast<unsigned char>(c)) && static_cast<unsigned char>(c) < 0x80;
  String quoted;
  if (has_control && AppendQuoted(quoted, name).ok()) name = quoted.view();
  out.Write(name);
  out.Write(" <==\n");
}

}  // namespace cation
