// SPDX-License-Identifier: MIT
#ifndef IMAGE_TOML_H_
#define IMAGE_TOML_H_

// TOML as configuration files of Redox use it, with the place of every statement, so that a file
// can be changed without touching its other bytes. Reads what TOML 1.0 allows; says only of the
// form of statements that they are wrong (a key that is there twice is not noticed, say).

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cation::image {

struct TomlValue {
  enum class Kind {
    kString,
    kArray,
    kTable,  // { key = value }
    kOther,  // numbers, booleans, dates: text as written
  };
  Kind kind = Kind::kOther;
  std::string text;              // of a string: what it means
  std::vector<TomlValue> items;  // of an array or a table
  // Of a table, one for each item; the components of a dotted key are joined by a dot.
  std::vector<std::string> keys;
};

struct TomlStatement {
  enum class Kind {
    kTable,          // [key]
    kArrayOfTables,  // [[key]]
    kKeyValue,       // key = value
    kComment,        // a line that is nothing else
  };
  Kind kind = Kind::kComment;
  std::vector<std::string> key;  // its components
  TomlValue value;               // of kKeyValue
  // Where its first line begins, and where the line after its last one does.
  size_t begin = 0;
  size_t end = 0;
  size_t line = 1;  // of `begin`, from 1
};

// Error: kInvalidArgument "line 12: a string without an end".
absl::StatusOr<std::vector<TomlStatement>> ReadToml(absl::string_view text);

}  // namespace cation::image

#endif  // IMAGE_TOML_H_
