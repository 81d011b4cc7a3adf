// SPDX-License-Identifier: MIT
#include "runtime/core/version_order.h"

namespace cation {
namespace {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Length of the name without its suffixes: each a dot, a letter or ~, and then letters, digits and
// ~. The first byte is never part of a suffix.
size_t StemLength(StringView name) {
  size_t stem = name.empty() ? 0 : 1;
  for (size_t i = stem; i < name.size();) {
    if (name[i] == '.' && i + 1 < name.size() && (IsLetter(name[i + 1]) || name[i + 1] == '~')) {
      for (i += 2; i < name.size() && (IsLetter(name[i]) || IsDigit(name[i]) || name[i] == '~');) {
        ++i;
      }
    } else {
      stem = ++i;
    }
  }
  return stem;
}

// The place of the character at `index` among those that are no digits: ~ before the end, the end
// before letters, and these before all others.
int Rank(StringView text, size_t index) {
  if (index >= text.size()) return -1;
  const char c = text[index];
  if (IsDigit(c)) return 0;
  if (IsLetter(c)) return c;
  if (c == '~') return -2;
  return static_cast<unsigned char>(c) + 256;
}

int CompareParts(StringView a, StringView b) {
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() || j < b.size()) {
    while ((i < a.size() && !IsDigit(a[i])) || (j < b.size() && !IsDigit(b[j]))) {
      const int difference = Rank(a, i) - Rank(b, j);
      if (difference != 0) return difference;
      ++i;
      ++j;
    }
    while (i < a.size() && a[i] == '0') ++i;
    while (j < b.size() && b[j] == '0') ++j;
    int first_difference = 0;
    while (i < a.size() && j < b.size() && IsDigit(a[i]) && IsDigit(b[j])) {
      if (first_difference == 0) first_difference = a[i] - b[j];
      ++i;
      ++j;
    }
    // The longer number is the larger.
    if (i < a.size() && IsDigit(a[i])) return 1;
    if (j < b.size() && IsDigit(b[j])) return -1;
    if (first_difference != 0) return first_difference;
  }
  return 0;
}

// 0: "", 1: ".", 2: "..", 3: other names that begin with a dot, 4: the rest.
int Group(StringView name) {
  if (name.empty()) return 0;
  if (name[0] != '.') return 4;
  return name.size() == 1 ? 1 : name == ".." ? 2 : 3;
}

}  // namespace

int CompareVersions(StringView a, StringView b) {
  const int group = Group(a);
  if (group != Group(b)) return group - Group(b);
  if (group < 3) return 0;
  const size_t stem_a = StemLength(a);
  const size_t stem_b = StemLength(b);
  const int order = CompareParts(a.First(stem_a), b.First(stem_b));
  const bool is_whole = stem_a == a.size() && stem_b == b.size();
  return order != 0 || is_whole ? order : CompareParts(a, b);
}

}  // namespace cation
