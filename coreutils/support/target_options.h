// SPDX-License-Identifier: MIT
//
// What cp, mv and ln have in common: options that say where results go and what becomes of what is
// there, and the directory that they go to.
//
//   struct Options {
//     TargetOptions target;
//   };
//   constexpr Option kOptions[] = {
//       BackupOption(offsetof(Options, target)),
//       ...
#ifndef CATION_COREUTILS_SUPPORT_TARGET_OPTIONS_H_
#define CATION_COREUTILS_SUPPORT_TARGET_OPTIONS_H_

#include "coreutils/support/backup.h"
#include "coreutils/support/link_table.h"
#include "coreutils/support/options.h"

namespace cation {

struct TargetOptions {
  static constexpr uint8_t kNotGiven = 0xff;

  bool backup = false;
  uint8_t backup_control = kNotGiven;  // a BackupControl
  bool no_target_directory = false;
  const char* target_directory = nullptr;
  const char* suffix = nullptr;
};

// Stores the argument of -t, once.
bool ParseTargetDirectory(const Context& context, const Command& command, PackedOption option,
                          StringView argument, char* field);

// The lines of a table. `options` is the offset of the TargetOptions.
constexpr Option BackupFlagOption(size_t options) {
  return Flag("-b", options + offsetof(TargetOptions, backup), "equivalent to --backup");
}
constexpr Option BackupOption(size_t options) {
  return Also(
      Adding(OptionalWord("--backup[=CONTROL]", options + offsetof(TargetOptions, backup_control),
                          uint8_t{0}, kBackupWords,
                          "keep what is replaced: none, numbered, existing or simple")),
      options + offsetof(TargetOptions, backup), true);
}
constexpr Option SuffixOption(size_t options) {
  return Also(Value("-S, --suffix=SUFFIX", options + offsetof(TargetOptions, suffix),
                    "backups end in SUFFIX instead of ~"),
              options + offsetof(TargetOptions, backup), true);
}
constexpr Option NoTargetDirectoryOption(size_t options, const char* help) {
  return Flag("-T, --no-target-directory", options + offsetof(TargetOptions, no_target_directory),
              help);
}
constexpr Option TargetDirectoryOption(size_t options, const char* help) {
  return Parsed("-t, --target-directory=DIRECTORY",
                options + offsetof(TargetOptions, target_directory), ParseTargetDirectory, help);
}

// How backups are made, by the options and the environment (VERSION_CONTROL,
// SIMPLE_BACKUP_SUFFIX). `suffix` stays as it is unless another is given. Returns false when a word
// is wrong, which was reported.
[[nodiscard]] bool SettleBackup(const Context& context, const TargetOptions& options,
                                BackupControl* control, StringView* suffix);

// Whether there are as many operands as sources and a target need: otherwise reports what is wrong
// and returns false.
[[nodiscard]] bool CheckTargetOperands(const Context& context, const Command& command,
                                       const TargetOptions& options, Span<char*> operands);

// Whether both paths are the same name in the same directory. When that cannot be found out, they
// are.
[[nodiscard, gnu::noinline]] bool IsSameName(StringView one, StringView other);

// Names of what has been made in a directory.
class MadeNames {
 public:
  // The operand from which `name` was made before; nullptr if none.
  [[nodiscard]] const char* From(StringView name) const;
  // Without memory for it, the next operand of the same name is not recognized.
  void Set(StringView name, const char* operand);

 private:
  LinkTable table_;
};

// A directory that results are put into, by their last names.
class TargetDirectory {
 public:
  // `path` must outlive this.
  explicit TargetDirectory(const char* path) : directory_path_(path) {}

  // With several operands it pays to open the directory; one that may be written to and searched
  // but not read does without.
  void Open();
  // Where `name` is in the directory, until the next call. Errors: ENOMEM.
  Result<sys::Location> Place(StringView name);
  // See MadeNames.
  [[nodiscard]] const char* MadeFrom(StringView name) const { return made_.From(name); }
  void SetMade(StringView name, const char* operand) { made_.Set(name, operand); }

 private:
  const char* directory_path_;
  sys::File directory_;
  String path_;
  MadeNames made_;
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_TARGET_OPTIONS_H_
