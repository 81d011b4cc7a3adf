// SPDX-License-Identifier: MIT
#include "image/sealed_text.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "image/sha256.h"

namespace cation::image {
namespace {

constexpr char kSeal[] = "sha256 ";
constexpr uint32_t kModeBits = 07777;

bool IsPlain(unsigned char byte) { return byte > ' ' && byte < 0x7f && byte != '%'; }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string EscapeField(absl::string_view field) {
  if (field.empty()) return "%";
  std::string text;
  for (const char c : field) {
    const auto byte = static_cast<unsigned char>(c);
    if (IsPlain(byte)) {
      text.push_back(c);
    } else {
      absl::StrAppendFormat(&text, "%%%02X", byte);
    }
  }
  return text;
}

absl::StatusOr<std::string> UnescapeField(absl::string_view text) {
  if (text == "%") return std::string();
  absl::Status wrong = absl::InvalidArgumentError("a field that is not escaped as it should be");
  if (text.empty()) return wrong;
  std::string field;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      if (!IsPlain(static_cast<unsigned char>(text[i]))) return wrong;
      field.push_back(text[i]);
      continue;
    }
    if (text.size() - i < 3) return wrong;
    const int high = HexDigit(text[i + 1]);
    const int low = HexDigit(text[i + 2]);
    if (high < 0 || low < 0) return wrong;
    const auto byte = static_cast<unsigned char>(high * 16 + low);
    if (IsPlain(byte)) return wrong;
    field.push_back(static_cast<char>(byte));
    i += 2;
  }
  return field;
}

SealedWriter::SealedWriter(absl::string_view format, int version)
    : text_(absl::StrCat(format, " ", version, "\n")) {}

void SealedWriter::AddLine(const std::vector<std::string>& fields) {
  absl::string_view separator;
  for (const std::string& field : fields) {
    absl::StrAppend(&text_, separator, EscapeField(field));
    separator = " ";
  }
  text_.push_back('\n');
}

std::string SealedWriter::Seal() && {
  absl::StrAppend(&text_, kSeal, Sha256(text_), "\n");
  return std::move(text_);
}

absl::StatusOr<std::vector<std::vector<std::string>>> ReadSealed(absl::string_view text,
                                                                 absl::string_view format,
                                                                 int version,
                                                                 absl::string_view what) {
  const std::string first = absl::StrCat(format, " ", version, "\n");
  if (!absl::StartsWith(text, first)) {
    if (absl::StartsWith(text, absl::StrCat(format, " "))) {
      return absl::InvalidArgumentError(absl::StrCat(what, " is of another version than ", version,
                                                     ": use the release that made it"));
    }
    return absl::InvalidArgumentError(absl::StrCat(what, " is no ", format));
  }
  absl::Status broken = absl::DataLossError(
      absl::StrCat(what, " is damaged or has been tampered with (its digest does not fit)"));
  if (!absl::EndsWith(text, "\n")) return broken;
  const size_t last = text.rfind('\n', text.size() - 2);
  if (last == absl::string_view::npos) return broken;
  const absl::string_view sealed = text.substr(0, last + 1);
  if (text.substr(last + 1) != absl::StrCat(kSeal, Sha256(sealed), "\n")) return broken;

  std::vector<std::vector<std::string>> lines;
  const absl::string_view rest = sealed.substr(first.size());
  if (rest.empty()) return lines;
  for (const absl::string_view line : absl::StrSplit(absl::StripSuffix(rest, "\n"), '\n')) {
    std::vector<std::string>& fields = lines.emplace_back();
    for (const absl::string_view field : absl::StrSplit(line, ' ')) {
      absl::StatusOr<std::string> value = UnescapeField(field);
      if (!value.ok()) {
        return absl::InvalidArgumentError(
            absl::StrCat(what, ": line ", lines.size() + 1, ": ", value.status().message()));
      }
      fields.push_back(*std::move(value));
    }
  }
  return lines;
}

absl::StatusOr<uint64_t> ParseNumber(absl::string_view field, uint64_t maximum) {
  uint64_t value = 0;
  // SimpleAtoi also takes signs and spaces; and a number has one spelling.
  if (field.find_first_not_of("0123456789") != absl::string_view::npos ||
      !absl::SimpleAtoi(field, &value) || value > maximum || absl::StrCat(value) != field) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", EscapeField(field), "' is no number that fits"));
  }
  return value;
}

absl::StatusOr<uint32_t> ParseMode(absl::string_view field) {
  uint32_t mode = 0;
  if (field.size() != 4) return absl::InvalidArgumentError("a mode has four octal digits");
  for (const char c : field) {
    if (c < '0' || c > '7') return absl::InvalidArgumentError("a mode has four octal digits");
    mode = mode * 8 + static_cast<uint32_t>(c - '0');
  }
  return mode;
}

std::string FormatMode(uint32_t mode) { return absl::StrFormat("%04o", mode & kModeBits); }

}  // namespace cation::image
