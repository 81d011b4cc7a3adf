// SPDX-License-Identifier: MIT
#include "coreutils/ls/names.h"

#include "coreutils/support/quote.h"
#include "runtime/core/display_width.h"

namespace cation::ls {
namespace {

constexpr sys::Mode kExecute = 0111;
constexpr sys::Mode kOthersWrite = 0002;

// GNU's colours where LS_COLORS does not say others; empty: none.
StringView ColourOf(sys::Mode mode) {
  switch (mode & sys::kTypeMask) {
    case sys::kTypeRegular:
      if ((mode & sys::kSetUserId) != 0) return "37;41";
      if ((mode & sys::kSetGroupId) != 0) return "30;43";
      return (mode & kExecute) != 0 ? "01;32" : "";
    case sys::kTypeDirectory:
      if ((mode & kOthersWrite) != 0) return (mode & sys::kSticky) != 0 ? "30;42" : "34;42";
      return (mode & sys::kSticky) != 0 ? "37;44" : "01;34";
    case sys::kTypeSymbolicLink:
      return "01;36";
    case sys::kTypeFifo:
      return "33";
    case sys::kTypeSocket:
      return "01;35";
    case sys::kTypeBlockDevice:
    case sys::kTypeCharacterDevice:
      return "01;33";
    default:
      return "";
  }
}

// Bytes that are no UTF-8 are a column each, as terminals show a mark for them.
size_t WidthOf(StringView text) {
  size_t width = 0;
  while (!text.empty()) {
    uint32_t code_point = 0;
    const size_t length = DecodeUtf8(text, &code_point);
    width += length == 0 ? 1 : DisplayWidth(code_point);
    text = text.From(Max(length, size_t{1}));
  }
  return width;
}

}  // namespace

char IndicatorOf(sys::Mode mode, Indicator indicator) {
  if (indicator == Indicator::kNone) return 0;
  const sys::Mode type = mode & sys::kTypeMask;
  if (type == sys::kTypeDirectory) return '/';
  if (indicator == Indicator::kSlash) return 0;
  if (type == sys::kTypeRegular)
    return indicator == Indicator::kClassify && (mode & kExecute) != 0 ? '*' : 0;
  if (type == sys::kTypeSymbolicLink) return '@';
  if (type == sys::kTypeFifo) return '|';
  return type == sys::kTypeSocket ? '=' : 0;
}

Result<size_t> NameWriter::Width(StringView name) {
  CATION_TRY_ASSIGN(const StringView shown, Shown(name));
  return WidthOf(shown);
}

Result<size_t> NameWriter::Write(StringView name, sys::Mode mode, size_t column) {
  CATION_TRY_ASSIGN(const StringView shown, Shown(name));
  const StringView colour = options_.color == When::kAlways ? ColourOf(mode) : "";
  const size_t width = WidthOf(shown);
  if (colour.empty()) {
    out_.Write(shown);
    return width;
  }
  // What was on before ls started ends with the first colour.
  if (!has_used_colour_) out_.Write("\033[0m");
  has_used_colour_ = true;
  out_.Write("\033[");
  out_.Write(colour);
  out_.Write('m');
  out_.Write(shown);
  out_.Write("\033[0m");
  // When the name went over the end of the line, the terminal has given the new line the name's
  // background.
  const bool wraps =
      options_.width != 0 && column / options_.width != (column + width - 1) / options_.width;
  if (wraps) out_.Write("\033[K");
  return width;
}

Result<StringView> NameWriter::Shown(StringView name) {
  if (options_.quoting == Quoting::kLiteral) return name;
  shown_.Truncate(0);
  if (options_.quoting == Quoting::kShell) {
    CATION_TRY(AppendQuoted(shown_, name));
    return shown_.view();
  }
  while (!name.empty()) {
    uint32_t code_point = 0;
    const size_t length = DecodeUtf8(name, &code_point);
    const bool hide = length == 0 || IsControl(code_point);
    CATION_TRY(shown_.Append(hide ? StringView("?") : name.First(length)));
    name = name.From(Max(length, size_t{1}));
  }
  return shown_.view();
}

}  // namespace cation::ls
