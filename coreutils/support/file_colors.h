// SPDX-License-Identifier: MIT
//
// The colours of file names, as the environment variable LS_COLORS has them: for ls, and for
// dircolors, which makes it.
#ifndef CATION_COREUTILS_SUPPORT_FILE_COLORS_H_
#define CATION_COREUTILS_SUPPORT_FILE_COLORS_H_

#include "runtime/core/string.h"
#include "runtime/core/vector.h"

namespace cation {

// What has a code of its own, in the order in which dircolors writes them.
enum class FileColor : uint8_t {
  kReset,
  kDirectory,
  kLink,
  kMultipleLinks,
  kFifo,
  kSocket,
  kDoor,
  kBlockDevice,
  kCharacterDevice,
  kOrphan,
  kMissing,
  kSetUser,
  kSetGroup,
  kCapability,
  kStickyOthersWrite,
  kOthersWrite,
  kSticky,
  kExecutable,
  kNormal,
  kFile,
  kLeft,
  kRight,
  kEnd,
  kClear,
};
inline constexpr size_t kFileColorCount = 24;

// Code of each where LS_COLORS does not say another; data() nullptr: none. GNU's, on which people's
// terminals are set up.
struct FileColorDefault {
  char key[2];
  const char* code;
};
extern const FileColorDefault kFileColorDefaults[kFileColorCount];

class FileColors {
 public:
  // Only the defaults.
  FileColors();

  enum class Fault : uint8_t { kNone, kSyntax, kKey, kMemory };
  // Takes over what `text` says, the value of LS_COLORS; it need not live on. After a fault, what
  // was read is not to be used; `key` holds the two letters that are not known (kKey).
  Fault Parse(StringView text, char (&key)[2]);

  // The code; data() is nullptr when there is none.
  [[nodiscard]] StringView operator[](FileColor color) const {
    return codes_[static_cast<size_t>(color)];
  }
  // Whether names of that kind look different at all: there is a code, and it is not 0.
  [[nodiscard]] bool Shows(FileColor color) const;
  // The code for a name that ends as a pattern "*…" does; data() nullptr: none does. The last that
  // was given counts. Upper and lower case are the same, unless there are patterns that differ in
  // case alone and have different codes.
  [[nodiscard]] StringView CodeOfSuffix(StringView name) const;
  // Whether a symbolic link looks as what it leads to.
  [[nodiscard]] bool links_as_targets() const { return (*this)[FileColor::kLink] == "target"; }

 private:
  struct Suffix {
    StringView text;
    StringView code;
    bool exact = false;
  };
  void Settle();

  StringView codes_[kFileColorCount];
  Vector<Suffix> suffixes_;
  String text_;
};

// Whether a terminal of this type (the value of TERM, or nullptr) shows colours; the list is that
// of dircolors.
[[nodiscard]] bool TerminalHasColors(const char* type);
// Patterns of such types, and how many.
extern const char* const kColorTerminals[];
extern const size_t kColorTerminalCount;

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_FILE_COLORS_H_
