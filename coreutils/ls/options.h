// SPDX-License-Identifier: MIT
//
// What the user of ls may ask for.
#ifndef CATION_COREUTILS_LS_OPTIONS_H_
#define CATION_COREUTILS_LS_OPTIONS_H_

#include "coreutils/support/file_colors.h"
#include "coreutils/support/human_size.h"
#include "coreutils/support/options.h"
#include "coreutils/support/quoting_style.h"

namespace cation::ls {

// Enumerations whose words people write are in the order of the words in options.cc.
enum class Format : uint8_t { kLong, kOnePerLine, kColumns, kAcross, kCommas, kDefault };
// Of the names that begin with a dot: none; all but "." and ".."; all.
enum class Show : uint8_t { kVisible, kAlmostAll, kAll };
enum class Sort : uint8_t { kNone, kName, kTime, kSize, kExtension, kVersion, kWidth, kDefault };
enum class Time : uint8_t { kModification, kAccess, kChange, kBirth };
// Which symbolic links are followed: none; operands that lead to directories; operands; all.
enum class Links : uint8_t { kDefault, kNever, kDirectoryOperands, kOperands, kAlways };
enum class Indicator : uint8_t { kNone, kSlash, kFileType, kClassify };
enum class When : uint8_t { kNever, kAlways, kOnTerminal };
// kGiven: that of --block-size.
enum class Units : uint8_t { kDefault, kBinary, kDecimal, kGiven };
// QuotingStyle, or that which the environment and the output ask for.
inline constexpr auto kDefaultQuoting = static_cast<QuotingStyle>(0xff);
enum class Hide : uint8_t { kDefault, kNo, kYes };

struct Options {
  Format format = Format::kDefault;
  bool one_per_line = false;
  bool hide_owner = false;
  bool hide_group = false;
  bool author = false;
  bool context = false;
  bool numeric = false;
  Show show = Show::kVisible;
  bool ignores_backups = false;
  Vector<const char*> ignored;  // patterns
  Vector<const char*> hidden;   // patterns that count while only visible names are shown
  Sort sort = Sort::kDefault;
  bool directories_first = false;
  bool reverse = false;
  Time time = Time::kModification;
  bool sorts_by_time = false;  // unless a format shows it, or another order is asked for
  const char* time_style = nullptr;
  bool full_time = false;
  Links links = Links::kDefault;
  Indicator indicator = Indicator::kNone;
  When classify = When::kNever;
  When color = When::kNever;
  When hyperlink = When::kNever;
  Units units = Units::kDefault;
  SizeUnit given_unit;
  bool kibibytes = false;
  QuotingStyle quoting = kDefaultQuoting;
  Hide hide = Hide::kDefault;
  bool directory = false;
  bool recursive = false;
  bool inode = false;
  bool blocks = false;
  bool zero = false;
  const char* width_argument = nullptr;
  const char* tab_argument = nullptr;

  // Made of the above by Resolve().
  size_t width = 0;  // of a line in columns; 0: no limit
  size_t tab = 8;    // columns between tab stops; 0: none
  char line_end = '\n';
  SizeUnit block_unit;  // for blocks
  SizeUnit size_unit;   // for sizes
  bool has_color = false;
  FileColors colors;           // if has_color
  bool aligns_quotes = false;  // names without quotes get a space where others have a quote
  bool needs_status = false;   // of each entry
  bool needs_type = false;
  bool follows_links = false;  // what a link leads to has to be known, whatever the format
  StringView special;          // characters that are quoted in names
  char special_text[8];
  // Formats of dates: of old files, and of recent ones.
  StringView time_formats[2];

  // A table of numbers: each entry's status is needed.
  [[nodiscard]] bool is_long() const { return format == Format::kLong; }
  [[nodiscard]] bool Shows(FileColor color) const { return has_color && colors.Shows(color); }
};

extern const Command kCommand;

// Decides what the options leave open, by what standard output is and by the environment. Returns
// false for an option that has been reported as wrong.
[[nodiscard]] bool Resolve(const Context& context, Options& options);

}  // namespace cation::ls

#endif  // CATION_COREUTILS_LS_OPTIONS_H_
