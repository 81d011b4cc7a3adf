// SPDX-License-Identifier: MIT
#include "shell-ext/support/has_text.h"

namespace cation {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

}  // namespace

bool HasText(StringView line, StringView text, bool ignore_case) {
  for (size_t i = 0; i + text.size() <= line.size(); ++i) {
    size_t same = 0;
    while (same < text.size() && (line[i + same] == text[same] ||
                                  (ignore_case && Lower(line[i + same]) == Lower(text[same]))))
      ++same;
    if (same == text.size()) return true;
  }
  return false;
}

}  // namespace cation
