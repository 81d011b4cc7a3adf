// SPDX-License-Identifier: MIT
#ifndef IMAGE_COMMAND_LINE_VERB_H_
#define IMAGE_COMMAND_LINE_VERB_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/flags/declare.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "image/change_plan.h"
#include "image/command_line/target.h"
#include "image/installer.h"

// Written with dashes by users: --dry-run.
ABSL_DECLARE_FLAG(bool, aliases);
ABSL_DECLARE_FLAG(bool, allow_host_root);
ABSL_DECLARE_FLAG(bool, allow_stand_in);
ABSL_DECLARE_FLAG(std::string, arch);
ABSL_DECLARE_FLAG(std::string, commit);
ABSL_DECLARE_FLAG(std::string, date);
ABSL_DECLARE_FLAG(bool, dry_run);
ABSL_DECLARE_FLAG(bool, force);
ABSL_DECLARE_FLAG(bool, gpt);
ABSL_DECLARE_FLAG(std::string, grow);
ABSL_DECLARE_FLAG(bool, keep);
ABSL_DECLARE_FLAG(bool, long_listing);
ABSL_DECLARE_FLAG(std::string, mode);
ABSL_DECLARE_FLAG(bool, no_initrc_lines);
ABSL_DECLARE_FLAG(bool, no_stamp);
ABSL_DECLARE_FLAG(std::vector<std::string>, only);
ABSL_DECLARE_FLAG(bool, parents);
ABSL_DECLARE_FLAG(std::string, prefix);
ABSL_DECLARE_FLAG(std::string, qcow2);
ABSL_DECLARE_FLAG(bool, recursive);
ABSL_DECLARE_FLAG(std::string, redoxfs_helper);
ABSL_DECLARE_FLAG(std::string, release);
ABSL_DECLARE_FLAG(std::string, releases);
ABSL_DECLARE_FLAG(bool, replace_config);
ABSL_DECLARE_FLAG(bool, symbolic);
ABSL_DECLARE_FLAG(std::string, to);
ABSL_DECLARE_FLAG(bool, verbose);

namespace cation::image {

using Operands = std::vector<std::string>;

struct Verb {
  const char* name;      // "install", "image ls"
  const char* operands;  // for the usage line
  size_t minimum;        // of operands
  size_t maximum;
  const char* flags;    // those it takes, by their long names: "dry-run force"
  const char* summary;  // for help
  absl::Status (*run)(const Operands& operands);
};

// Found something: the verb did its work, and the exit status is 1 without another message.
absl::Status Found();
bool IsFound(const absl::Status& status);

// How `path` is to be opened, after the flags.
TargetOptions OptionsFor(bool read_only);

// Prints what `plan` changes where that is asked for, and what stays in any case; then, if init
// would still find what it runs, carries it out, unless this is a dry run.
absl::Status ShowAndCarry(Target& target, const Installed& installed, const ChangePlan& plan);

// --grow: makes the image this large (ParseSize()). Of a RedoxFS image only.
absl::Status Grow(Target& target, const std::string& size);

// A file of the host, "-" is standard input (mode 0644 then).
struct HostFile {
  std::string content;
  uint32_t mode = 0644;  // permission bits
};
absl::StatusOr<HostFile> ReadHostFile(const std::string& path);

// Bytes from an image for a terminal: what is no printable ASCII or UTF-8 is written \xNN.
std::string Printable(absl::string_view text);

// A number of bytes: "4096", "512K", "256M", "4G", "1T"; powers of 1,024.
absl::StatusOr<uint64_t> ParseSize(const std::string& text);

absl::Span<const Verb> InstallVerbs();
absl::Span<const Verb> ImageVerbs();

}  // namespace cation::image

#endif  // IMAGE_COMMAND_LINE_VERB_H_
