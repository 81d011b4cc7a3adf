// SPDX-License-Identifier: MIT
#include "coreutils/support/target_options.h"

#include "coreutils/support/hash.h"

namespace cation {
namespace {

constexpr StringView kNone{nullptr, 0};

// For a table of names.
sys::Identity KeyOf(StringView name) { return {0, HashOf(name)}; }

}  // namespace

bool ParseTargetDirectory(const Context& context, const Command& command, PackedOption,
                          StringView argument, char* field) {
  const char* target = nullptr;
  __builtin_memcpy(&target, field, sizeof(target));
  if (target != nullptr) {
    (void)UsageError(context, command, argument, "is a second target directory; one is possible");
    return false;
  }
  target = argument.data();
  __builtin_memcpy(field, &target, sizeof(target));
  return true;
}

bool SettleBackup(const Context& context, const TargetOptions& options, BackupControl* control,
                  StringView* suffix) {
  if (!options.backup) return true;
  auto word = static_cast<char>(options.backup_control);
  if (options.backup_control == TargetOptions::kNotGiven) {
    word = static_cast<char>(BackupControl::kExisting);
    const char* const given = Environment(context, "VERSION_CONTROL");
    if (given != nullptr && !TakeWord(context, "--backup", kBackupWords, given, &word))
      return false;
  }
  *control = static_cast<BackupControl>(word);
  const char* text = options.suffix;
  if (text == nullptr) text = Environment(context, "SIMPLE_BACKUP_SUFFIX");
  // As GNU: what would not stay in the directory is none.
  if (text != nullptr && *text != '\0' && StringView(text).Find('/') == StringView::kNotFound)
    *suffix = text;
  return true;
}

bool CheckTargetOperands(const Context& context, const Command& command,
                         const TargetOptions& options, Span<char*> operands) {
  const auto refuse = [&](StringView operand, StringView reason) {
    (void)UsageError(context, command, operand, reason);
    return false;
  };
  if (operands.empty()) return refuse(kNone, "missing file operand");
  if (options.target_directory != nullptr) {
    if (options.no_target_directory) return refuse(kNone, "-t and -T exclude each other");
  } else if (operands.size() == 1) {
    return refuse(operands[0], "missing destination operand after it");
  } else if (options.no_target_directory && operands.size() > 2) {
    return refuse(operands[2], "extra operand");
  }
  return true;
}

bool IsSameName(StringView one, StringView other) {
  if (LastComponent(one) != LastComponent(other)) return false;
  sys::Identity directories[2];
  const StringView paths[] = {one, other};
  for (size_t i = 0; i < 2; ++i) {
    String parent;
    if (!AppendParent(parent, paths[i]).ok()) return true;
    const Result<sys::FileStatus> found = sys::StatusAt(parent.c_str(), sys::Follow::kYes);
    if (!found.ok()) return true;
    directories[i] = found.value().identity();
  }
  return directories[0] == directories[1];
}

void TargetDirectory::Open() {
  const Result<sys::Descriptor> opened =
      sys::Open(sys::At(directory_path_), sys::kRead | sys::kDirectory);
  if (opened.ok()) directory_ = sys::File(opened.value());
}

Result<sys::Location> TargetDirectory::Place(StringView name) {
  path_.Truncate(0);
  CATION_TRY(path_.Append(directory_path_));
  CATION_TRY(AppendPathComponent(path_, name));
  if (!directory_.open()) return sys::At(path_.c_str());
  return sys::Location{directory_.get(), path_.c_str() + path_.size() - name.size(), path_.c_str()};
}

const char* MadeNames::From(StringView name) const { return table_.Find(KeyOf(name)); }

void MadeNames::Set(StringView name, const char* operand) {
  (void)table_.Add(KeyOf(name), operand);
}

}  // namespace cation
