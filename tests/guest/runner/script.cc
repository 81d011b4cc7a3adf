// SPDX-License-Identifier: MIT
#include "tests/guest/runner/script.h"

#include "runtime/core/format.h"

namespace cation::guest {
namespace {

bool IsBlank(char byte) { return byte == ' ' || byte == '\t'; }

int HexDigit(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

// Reads what follows a backslash at `at`, which moves behind it; -1 when that means nothing.
int ReadEscape(const char*& at, const char* end) {
  if (at == end) return -1;
  const char kind = *at++;
  switch (kind) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case '\\':
    case '"':
      return kind;
    case 'x': {
      if (end - at < 2) return -1;
      const int high = HexDigit(at[0]);
      const int low = HexDigit(at[1]);
      at += 2;
      return high < 0 || low < 0 ? -1 : high * 16 + low;
    }
    default:
      return -1;
  }
}

Error Problem(String& problem, unsigned line, StringView what) {
  const Digits number(line);
  const StringView parts[] = {"line ", number.view(), ": ", what};
  for (const StringView part : parts) {
    const Result<void> added = problem.Append(part);
    if (!added.ok()) return added.error();
  }
  return Error{abi::kEINVAL};
}

}  // namespace

Result<void> Script::ParseLine(char* line, char* end, unsigned number, String& problem) {
  const char* at = line;
  // Words become shorter only, and each leaves room for the byte that ends it: the quote, the blank
  // or the end of the line.
  size_t count = 0;
  for (;;) {
    while (at < end && IsBlank(*at)) ++at;
    if (at == end || (count == 0 && *at == '#')) break;
    Word word;
    word.quoted = *at == '"';
    char* const start = line + (at - line);
    char* to = start;
    if (word.quoted) {
      ++at;
      for (;;) {
        if (at == end) return Problem(problem, number, "a quote is not closed");
        if (*at == '"') break;
        if (*at != '\\') {
          *to++ = *at++;
          continue;
        }
        ++at;
        const int byte = ReadEscape(at, end);
        if (byte < 0) return Problem(problem, number, "an escape that means nothing");
        *to++ = static_cast<char>(byte);
      }
      ++at;
      if (at < end && !IsBlank(*at)) return Problem(problem, number, "no blank behind a quote");
    } else {
      while (at < end && !IsBlank(*at)) {
        if (*at == '"' || *at == '\\')
          return Problem(problem, number, "a quote or backslash inside a plain word");
        *to++ = *at++;
      }
      // The byte that is overwritten below has been read.
      if (at < end) ++at;
    }
    *to = '\0';
    word.text = {start, static_cast<size_t>(to - start)};
    CATION_TRY(words_.PushBack(word));
    ++count;
  }
  if (count == 0) return {};
  CATION_TRY(first_words_.PushBack(words_.size() - count));
  return steps_.PushBack({.line = number, .words = {nullptr, count}});
}

Result<void> Script::Parse(String text, String& problem) {
  text_ = Move(text);
  char* line = text_.data();
  if (line == nullptr) return {};
  char* const end = line + text_.size();
  for (unsigned number = 1; line < end; ++number) {
    char* line_end = line;
    while (line_end < end && *line_end != '\n') {
      if (*line_end == '\0') return Problem(problem, number, "a zero byte");
      ++line_end;
    }
    CATION_TRY(ParseLine(line, line_end, number, problem));
    line = line_end + 1;
  }
  // Only now the words stay where they are.
  for (size_t i = 0; i < steps_.size(); ++i) {
    steps_[i].words = {words_.data() + first_words_[i], steps_[i].words.size()};
  }
  return {};
}

}  // namespace cation::guest
