// SPDX-License-Identifier: MIT
//
// What the user of ls may ask for.
#ifndef CATION_COREUTILS_LS_OPTIONS_H_
#define CATION_COREUTILS_LS_OPTIONS_H_

#include "coreutils/support/options.h"

namespace cation::ls {

enum class Format : uint8_t { kDefault, kLong, kOnePerLine, kColumns, kAcross, kCommas };
// Of the names that begin with a dot: none; all but "." and ".."; all.
enum class Show : uint8_t { kVisible, kAlmostAll, kAll };
enum class Sort : uint8_t { kDefault, kName, kTime, kSize, kNone };
enum class Time : uint8_t { kModification, kAccess, kChange };
enum class TimeStyle : uint8_t {
  kFullIso,
  kLongIso,
  kIso,
  kLocale
};  // in the order of the words of --time-style
// Which symbolic links are followed: none; operands that lead to directories; operands; all.
enum class Links : uint8_t { kDefault, kNever, kDirectoryOperands, kOperands, kAlways };
// The first three in the order of the words of --classify.
enum class Indicator : uint8_t { kNone, kClassify, kClassifyOnTerminal, kSlash, kFileType };
enum class When : uint8_t { kNever, kAlways, kOnTerminal };  // in the order of the words of --color
enum class Units : uint8_t { kPlain, kBinary, kDecimal };
// How names are shown: as they are; with ? for what a terminal cannot show; as a shell would read
// them back.
enum class Quoting : uint8_t { kDefault, kLiteral, kHideControl, kShell };

struct Options {
  Format format = Format::kDefault;
  bool one_per_line = false;
  bool hide_owner = false;
  bool hide_group = false;
  bool numeric = false;
  Show show = Show::kVisible;
  Sort sort = Sort::kDefault;
  bool reverse = false;
  Time time = Time::kModification;
  TimeStyle time_style = TimeStyle::kLocale;
  bool full_time = false;
  Links links = Links::kDefault;
  Indicator indicator = Indicator::kNone;
  When color = When::kNever;
  Units units = Units::kPlain;
  Quoting quoting = Quoting::kDefault;
  bool directory = false;
  bool recursive = false;
  bool inode = false;
  bool blocks = false;
  bool zero = false;
  bool ignored = false;
  const char* width_argument = nullptr;

  // Made of the above by Resolve().
  size_t width = 0;  // of a line in columns; 0: no limit
  char line_end = '\n';

  // A table of numbers: each entry's status is needed.
  [[nodiscard]] bool is_long() const { return format == Format::kLong; }
};

extern const Command kCommand;

// Decides what the options leave open, by what standard output is and by the environment. Returns
// false for an option that has been reported as wrong.
[[nodiscard]] bool Resolve(const Context& context, Options& options);

}  // namespace cation::ls

#endif  // CATION_COREUTILS_LS_OPTIONS_H_
