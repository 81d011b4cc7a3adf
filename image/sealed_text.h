// SPDX-License-Identifier: MIT
#ifndef IMAGE_SEALED_TEXT_H_
#define IMAGE_SEALED_TEXT_H_

// The form that manifests and records share: lines of fields parted by one space, the first line
// "FORMAT VERSION", the last one "sha256 DIGEST" of all bytes before it. In a field, bytes that are
// no printable ASCII, the space and '%' are written %XX, and the empty field is "%"; so any path
// has one spelling.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cation::image {

std::string EscapeField(absl::string_view field);
// kInvalidArgument: not what EscapeField() makes of anything.
absl::StatusOr<std::string> UnescapeField(absl::string_view text);

// Writes such a text.
class SealedWriter {
 public:
  SealedWriter(absl::string_view format, int version);
  // Escapes each field.
  void AddLine(const std::vector<std::string>& fields);
  // The whole text.
  std::string Seal() &&;

 private:
  std::string text_;
};

// The lines between the first and the last, each as its fields, unescaped. `what` is for messages:
// "the manifest".
//   kInvalidArgument: another format or version, or a line that cannot be read.
//   kDataLoss: the digest is not that of the text: cut off, damaged or tampered with.
absl::StatusOr<std::vector<std::vector<std::string>>> ReadSealed(absl::string_view text,
                                                                 absl::string_view format,
                                                                 int version,
                                                                 absl::string_view what);

// Numbers in fields: octal for modes. kInvalidArgument when `field` is not one, or above `maximum`.
absl::StatusOr<uint64_t> ParseNumber(absl::string_view field, uint64_t maximum);
absl::StatusOr<uint32_t> ParseMode(absl::string_view field);
std::string FormatMode(uint32_t mode);

}  // namespace cation::image

#endif  // IMAGE_SEALED_TEXT_H_
