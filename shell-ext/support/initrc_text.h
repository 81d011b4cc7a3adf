// SPDX-License-Identifier: MIT
//
// The line by which a user's initrc has the one for all, as the command shell-ext puts it in on the
// system itself and the installer in an image. (Ion reads one file only: see shell-ext/README.md.)
#ifndef CATION_SHELL_EXT_SUPPORT_INITRC_TEXT_H_
#define CATION_SHELL_EXT_SUPPORT_INITRC_TEXT_H_

#include <stddef.h>

#include "runtime/core/string_view.h"

namespace cation {

// The initrc for all.
inline constexpr char kSystemInitrc[] = "/etc/xdg/ion/initrc";
// The line is kTestWords, that path, kSourceWords and the path once more, as it is in user_initrc,
// too. Not in an if: what is set within a block is gone behind it.
inline constexpr char kTestWords[] = "test -f ";
inline constexpr char kSourceWords[] = " && source ";

// All that is in an initrc that `shell-ext disable` has made: while it is there, Ion reads no
// other.
inline constexpr char kOffInitrc[] =
    "# Made by shell-ext disable: Ion reads this file, and so not the one for all. shell-ext "
    "enable\n"
    "# takes it away.\n";

// With it, Ion skips the whole file.
inline constexpr char kUtf8Mark[] = "\xef\xbb\xbf";
// What is larger was not written by anybody.
inline constexpr size_t kLargestInitrc = size_t{1024} * 1024;

// A line of a text.
struct InitrcLine {
  StringView text;   // without its end, which is "\n"
  size_t begin = 0;  // where it begins
  size_t end = 0;    // where the next one does
  size_t number = 0;
};

// Goes on to the next line of `text`, from a new InitrcLine to the first. False when there is none.
[[nodiscard]] constexpr bool NextLine(StringView text, InitrcLine& line) {
  if (line.end >= text.size()) return false;
  line.begin = line.end;
  const StringView rest = text.From(line.begin);
  const size_t size = rest.Find('\n');
  const bool is_last = size == StringView::kNotFound;
  line.text = is_last ? rest : rest.First(size);
  line.end = is_last ? text.size() : line.begin + size + 1;
  ++line.number;
  return true;
}

// Takes the next word from the front of `rest`: what is between blanks, and with `commands` also
// between what parts commands. Empty when there is none any more, and at a comment.
[[nodiscard]] constexpr StringView NextWord(StringView& rest, bool commands = false) {
  const auto parts = [commands](char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' ||
           (commands && (byte == ';' || byte == '&' || byte == '|'));
  };
  while (!rest.empty() && parts(rest[0])) rest = rest.From(1);
  size_t size = 0;
  while (size < rest.size() && !parts(rest[size])) ++size;
  const StringView word = rest.First(size);
  rest = rest.From(size);
  return word.StartsWith("#") ? StringView() : word;
}

enum class Sourcing : unsigned char {
  kNot,
  kOurs,       // the line as it is put in, whatever its blanks
  kOtherwise,  // somebody sources the file in a way of his own
};

// Whether a line sources the file `system`.
[[nodiscard]] constexpr Sourcing SourcingOf(StringView line, StringView system) {
  StringView rest = line;
  if (NextWord(rest) == "test" && NextWord(rest) == "-f" && NextWord(rest) == system &&
      NextWord(rest) == "&&" && NextWord(rest) == "source" && NextWord(rest) == system) {
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r'))
      rest = rest.From(1);
    if (rest.empty()) return Sourcing::kOurs;
  }
  rest = line;
  bool after_source = false;
  for (StringView word = NextWord(rest, true); !word.empty(); word = NextWord(rest, true)) {
    const bool is_quoted =
        word.size() > 1 && word.back() == word[0] && (word[0] == '\'' || word[0] == '"');
    if (after_source && (is_quoted ? word.From(1).First(word.size() - 2) : word) == system)
      return Sourcing::kOtherwise;
    // With a byte order mark before it, too.
    after_source = word.EndsWith("source");
  }
  return Sourcing::kNot;
}

// How a text sources `system`: the first line that does, kNot and no line if none does; kOurs also
// if only a later one is so.
struct SourcingLine {
  Sourcing sourcing = Sourcing::kNot;
  size_t number = 0;
};
[[nodiscard]] constexpr SourcingLine FindSourcing(StringView text, StringView system) {
  SourcingLine found;
  for (InitrcLine line; NextLine(text, line);) {
    const Sourcing sourcing = SourcingOf(line.text, system);
    if (sourcing == Sourcing::kOurs) return {sourcing, line.number};
    if (found.sourcing == Sourcing::kNot && sourcing != Sourcing::kNot)
      found = {sourcing, line.number};
  }
  return found;
}

// How lines end in `text`.
[[nodiscard]] constexpr StringView LineEndOf(StringView text) {
  const size_t end = text.Find('\n');
  const bool is_crlf = end != StringView::kNotFound && end != 0 && text[end - 1] == '\r';
  return is_crlf ? "\r\n" : "\n";
}

}  // namespace cation

#endif  // CATION_SHELL_EXT_SUPPORT_INITRC_TEXT_H_
