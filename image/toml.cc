// SPDX-License-Identifier: MIT
#include "image/toml.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

namespace cation::image {
namespace {

// Far more than any configuration has.
constexpr int kMaximumDepth = 64;

void AppendUtf8(std::string& out, uint32_t code) {
  const auto put = [&out](uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

// abseil's take bytes.
bool IsLetterOrDigit(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }
bool IsHexDigit(char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); }

bool IsBareKeyCharacter(char c) { return IsLetterOrDigit(c) || c == '_' || c == '-'; }

class Reader {
 public:
  explicit Reader(absl::string_view text) : text_(text) {}

  absl::StatusOr<std::vector<TomlStatement>> Read() {
    std::vector<TomlStatement> statements;
    if (absl::StartsWith(text_, "\xEF\xBB\xBF")) at_ = 3;
    while (!Done()) {
      const size_t begin = at_;
      SkipBlanks();
      if (AtNewline()) {
        SkipNewline();
        continue;
      }
      if (Done()) break;
      TomlStatement statement;
      statement.begin = begin;
      statement.line = Line(begin);
      if (absl::Status status = ReadStatement(statement); !status.ok()) return status;
      SkipBlanks();
      SkipComment();
      if (!Done() && !AtNewline()) return Wrong("more after the end of a statement");
      SkipNewline();
      statement.end = at_;
      statements.push_back(std::move(statement));
    }
    return statements;
  }

 private:
  [[nodiscard]] bool Done() const { return at_ >= text_.size(); }
  [[nodiscard]] char Here() const { return Done() ? '\0' : text_[at_]; }
  [[nodiscard]] bool Ahead(absl::string_view what) const {
    return absl::StartsWith(text_.substr(std::min(at_, text_.size())), what);
  }
  [[nodiscard]] bool AtNewline() const { return Ahead("\n") || Ahead("\r\n"); }

  void SkipBlanks() {
    while (Here() == ' ' || Here() == '\t') ++at_;
  }
  void SkipNewline() {
    if (Ahead("\r\n")) {
      at_ += 2;
    } else if (Ahead("\n")) {
      ++at_;
    }
  }
  void SkipComment() {
    if (Here() != '#') return;
    while (!Done() && !AtNewline()) ++at_;
  }
  // Within arrays, where lines may end anywhere.
  void SkipSpace() {
    while (!Done()) {
      SkipBlanks();
      SkipComment();
      if (!AtNewline()) return;
      SkipNewline();
    }
  }

  // Asked with growing places, so that a file is counted through once.
  size_t Line(size_t at) {
    line_ += static_cast<size_t>(
        std::count(text_.begin() + static_cast<std::ptrdiff_t>(line_at_),
                   text_.begin() + static_cast<std::ptrdiff_t>(std::max(at, line_at_)), '\n'));
    line_at_ = std::max(at, line_at_);
    return line_;
  }

  absl::Status Wrong(absl::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", Line(std::min(at_, text_.size())), ": ", what));
  }

  absl::Status ReadStatement(TomlStatement& statement) {
    if (Here() == '#') {
      statement.kind = TomlStatement::Kind::kComment;
      return absl::OkStatus();
    }
    if (Here() == '[') {
      const bool array = Ahead("[[");
      statement.kind = array ? TomlStatement::Kind::kArrayOfTables : TomlStatement::Kind::kTable;
      at_ += array ? 2 : 1;
      SkipBlanks();
      if (absl::Status status = ReadKey(statement.key); !status.ok()) return status;
      if (!Ahead(array ? "]]" : "]")) return Wrong("a table's name without its ]");
      at_ += array ? 2 : 1;
      return absl::OkStatus();
    }
    statement.kind = TomlStatement::Kind::kKeyValue;
    if (absl::Status status = ReadKey(statement.key); !status.ok()) return status;
    if (Here() != '=') return Wrong("a key without a value");
    ++at_;
    SkipBlanks();
    return ReadValue(statement.value, 0);
  }

  // And the blanks after it.
  absl::Status ReadKey(std::vector<std::string>& key) {
    while (true) {
      std::string component;
      if (Here() == '"' || Here() == '\'') {
        if (Ahead("\"\"\"") || Ahead("'''")) return Wrong("a key over several lines");
        if (absl::Status status = ReadString(component); !status.ok()) return status;
      } else {
        while (IsBareKeyCharacter(Here())) component += text_[at_++];
        if (component.empty()) return Wrong("neither a key nor a table");
      }
      key.push_back(std::move(component));
      SkipBlanks();
      if (Here() != '.') return absl::OkStatus();
      ++at_;
      SkipBlanks();
    }
  }

  absl::Status ReadValue(TomlValue& value, int depth) {  // NOLINT(misc-no-recursion)
    if (depth > kMaximumDepth) return Wrong("arrays nested too deep");
    switch (Here()) {
      case '"':
      case '\'':
        value.kind = TomlValue::Kind::kString;
        return ReadString(value.text);
      case '[':
        value.kind = TomlValue::Kind::kArray;
        return ReadArray(value, depth);
      case '{':
        value.kind = TomlValue::Kind::kTable;
        return ReadTable(value, depth);
      default:
        break;
    }
    value.kind = TomlValue::Kind::kOther;
    const size_t begin = at_;
    while (!Done() && !AtNewline() && !absl::StrContains(",]}#[{\"'= \t", Here())) ++at_;
    // "1979-05-27 07:32:00" is one value.
    const absl::string_view word = text_.substr(begin, at_ - begin);
    if (word.size() == 10 && word[4] == '-' && word[7] == '-' && Here() == ' ' &&
        at_ + 1 < text_.size() && IsHexDigit(text_[at_ + 1])) {
      ++at_;
      while (IsLetterOrDigit(Here()) || (!Done() && absl::StrContains(":.+-", Here()))) ++at_;
    }
    value.text = std::string(text_.substr(begin, at_ - begin));
    if (value.text.empty()) return Wrong("no value");
    return absl::OkStatus();
  }

  absl::Status ReadArray(TomlValue& value, int depth) {  // NOLINT(misc-no-recursion)
    ++at_;
    while (true) {
      SkipSpace();
      if (Here() == ']') break;
      value.items.emplace_back();
      if (absl::Status status = ReadValue(value.items.back(), depth + 1); !status.ok()) {
        return status;
      }
      SkipSpace();
      if (Here() == ',') {
        ++at_;
      } else if (Here() != ']') {
        return Wrong("an array without its ]");
      }
    }
    ++at_;
    return absl::OkStatus();
  }

  // Lines may end in it: newer TOML allows that, and so do some readers of 1.0.
  absl::Status ReadTable(TomlValue& value, int depth) {  // NOLINT(misc-no-recursion)
    ++at_;
    while (true) {
      SkipSpace();
      if (Here() == '}') break;
      std::vector<std::string> key;
      if (absl::Status status = ReadKey(key); !status.ok()) return status;
      if (Here() != '=') return Wrong("a key without a value");
      ++at_;
      SkipSpace();
      value.keys.push_back(absl::StrJoin(key, "."));
      value.items.emplace_back();
      if (absl::Status status = ReadValue(value.items.back(), depth + 1); !status.ok()) {
        return status;
      }
      SkipSpace();
      if (Here() == ',') {
        ++at_;
      } else if (Here() != '}') {
        return Wrong("a table without its }");
      }
    }
    ++at_;
    return absl::OkStatus();
  }

  absl::Status ReadString(std::string& out) {
    const char quote = Here();
    const std::string three(3, quote);
    const bool lines = Ahead(three);
    at_ += lines ? 3 : 1;
    // The line's end after the quotes is not part of it.
    if (lines) SkipNewline();
    while (true) {
      if (Done() || (!lines && AtNewline())) return Wrong("a string without an end");
      if (Here() == quote && (!lines || Ahead(three))) break;
      if (Here() == '\\' && quote == '"') {
        if (absl::Status status = ReadEscape(lines, out); !status.ok()) return status;
        continue;
      }
      // Lines end alike in every file.
      if (lines && Ahead("\r\n")) ++at_;
      out += text_[at_++];
    }
    at_ += lines ? 3 : 1;
    // One or two quotes may come before the last three.
    for (int more = 0; lines && more < 2 && Here() == quote; ++more) {
      out += quote;
      ++at_;
    }
    return absl::OkStatus();
  }

  absl::Status ReadEscape(bool lines, std::string& out) {
    ++at_;
    const char c = Here();
    if (lines && (c == ' ' || c == '\t' || AtNewline())) {
      // A line that goes on: to the next thing that is no space.
      SkipBlanks();
      if (!AtNewline()) return Wrong("a backslash before a space");
      while (!Done() && absl::StrContains(" \t\r\n", Here())) ++at_;
      return absl::OkStatus();
    }
    constexpr absl::string_view kNames = "btnfre\"\\";
    constexpr absl::string_view kMeanings = "\b\t\n\f\r\x1b\"\\";
    if (const size_t index = kNames.find(c); !Done() && index != absl::string_view::npos) {
      out += kMeanings[index];
      ++at_;
      return absl::OkStatus();
    }
    const size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
    uint32_t code = 0;
    for (size_t i = 1; i <= digits; ++i) {
      if (at_ + i >= text_.size() || !IsHexDigit(text_[at_ + i])) {
        return Wrong("an escape that is none");
      }
      const auto digit =
          static_cast<char>(absl::ascii_tolower(static_cast<unsigned char>(text_[at_ + i])));
      code = code << 4 | static_cast<uint32_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    if (digits == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
      return Wrong("an escape that is none");
    }
    AppendUtf8(out, code);
    at_ += 1 + digits;
    return absl::OkStatus();
  }

  absl::string_view text_;
  size_t at_ = 0;
  size_t line_ = 1;
  size_t line_at_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<TomlStatement>> ReadToml(absl::string_view text) {
  return Reader(text).Read();
}

}  // namespace cation::image
