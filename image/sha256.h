// SPDX-License-Identifier: MIT
#ifndef IMAGE_SHA256_H_
#define IMAGE_SHA256_H_

#include <string>

#include "absl/strings/string_view.h"

namespace cation::image {

// FIPS 180-4's SHA-256 of the bytes, as 64 lower case hexadecimal digits.
std::string Sha256(absl::string_view bytes);

// Whether `text` has the form of such a digest.
bool IsSha256(absl::string_view text);

}  // namespace cation::image

#endif  // IMAGE_SHA256_H_
