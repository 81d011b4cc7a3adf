// SPDX-License-Identifier: MIT
#include "coreutils/support/file_mode.h"

#include "runtime/core/format.h"

namespace cation {
namespace {

using sys::Mode;

constexpr Mode kExecuteBits = 0111;

// One clause of a symbolic mode: who, then operators with their permissions.
class Clause {
 public:
  Clause(StringView text, Mode mask, bool is_directory)
      : text_(text), mask_(mask), is_directory_(is_directory) {}

  Result<Mode> Apply(Mode mode) {
    ReadWho();
    if (!AtOperator()) return Error{abi::kEINVAL};
    while (AtOperator()) {
      const char operation = text_[next_++];
      if (next_ < text_.size() && text_[next_] >= '0' && text_[next_] <= '7')
        return ChangeByNumber(mode, operation);
      CATION_TRY_ASSIGN(const Mode permissions, ReadPermissions(mode));
      mode = Change(mode, operation, permissions);
    }
    if (next_ != text_.size()) return Error{abi::kEINVAL};
    return mode;
  }

 private:
  [[nodiscard]] bool AtOperator() const {
    return next_ < text_.size() &&
           (text_[next_] == '+' || text_[next_] == '-' || text_[next_] == '=');
  }

  // Which bits the clause may touch; the set-ID bits go with the user and the group, the sticky bit
  // with all.
  void ReadWho() {
    for (; next_ < text_.size(); ++next_) {
      switch (text_[next_]) {
        case 'u':
          who_ |= 0700 | sys::kSetUserId;
          break;
        case 'g':
          who_ |= 0070 | sys::kSetGroupId;
          break;
        case 'o':
          who_ |= 0007 | sys::kSticky;
          break;
        case 'a':
          who_ |= sys::kPermissionMask;
          break;
        default:
          return;
      }
    }
  }

  // The permissions after an operator, for everybody: "rx" is 0555; a copy "g" spreads the group's
  // bits.
  Result<Mode> ReadPermissions(Mode mode) {
    Mode permissions = 0;
    if (next_ < text_.size()) {
      const char c = text_[next_];
      if (c == 'u' || c == 'g' || c == 'o') {
        ++next_;
        const unsigned shift = c == 'u' ? 6 : c == 'g' ? 3 : 0;
        return (mode >> shift & 7) * 0111;
      }
    }
    for (; next_ < text_.size() && !AtOperator(); ++next_) {
      switch (text_[next_]) {
        case 'r':
          permissions |= 0444;
          break;
        case 'w':
          permissions |= 0222;
          break;
        case 'x':
          permissions |= kExecuteBits;
          break;
        case 'X':
          if (is_directory_ || (mode & kExecuteBits) != 0) permissions |= kExecuteBits;
          break;
        case 's':
          permissions |= sys::kSetUserId | sys::kSetGroupId;
          break;
        case 't':
          permissions |= sys::kSticky;
          break;
        default:
          return Error{abi::kEINVAL};
      }
    }
    return permissions;
  }

  // GNU's "=755", "+2000", "-7022": all bits are meant, whatever the umask and the file.
  [[nodiscard]] Result<Mode> ChangeByNumber(Mode mode, char operation) const {
    const Result<uint64_t> number = ParseNumber(text_.From(next_), 8);
    if (who_ != 0 || !number.ok() || number.value() > sys::kPermissionMask)
      return Error{abi::kEINVAL};
    const auto bits = static_cast<Mode>(number.value());
    if (operation == '+') return mode | bits;
    return operation == '-' ? mode & ~bits : bits;
  }

  [[nodiscard]] Mode Change(Mode mode, char operation, Mode permissions) const {
    const bool everybody = who_ == 0;
    const Mode reach = everybody ? sys::kPermissionMask : who_;
    // Without a who, the umask protects bits from + and = and -; POSIX leaves = to clear them all
    // the same.
    const Mode bits = permissions & reach & (everybody ? ~mask_ : sys::kPermissionMask);
    if (operation == '+') return mode | bits;
    if (operation == '-') return mode & ~bits;
    // GNU keeps a directory's set-ID bits where = does not name them, so that a project's
    // directories keep their group.
    const Mode kept =
        is_directory_ ? mode & (sys::kSetUserId | sys::kSetGroupId) & ~permissions : 0;
    return (mode & ~reach) | bits | kept;
  }

  StringView text_;
  size_t next_ = 0;
  Mode mask_;
  Mode who_ = 0;
  bool is_directory_;
};

}  // namespace

Result<Mode> ApplyMode(StringView text, Mode initial, Mode mask, bool is_directory) {
  Mode mode = initial & sys::kPermissionMask;
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    const Result<uint64_t> number = ParseNumber(text, 8);
    if (!number.ok() || number.value() > sys::kPermissionMask) return Error{abi::kEINVAL};
    // As GNU: a directory loses its set-ID bits only where there are five digits or more to say so.
    constexpr size_t kDigits = 4;
    const Mode kept =
        is_directory && text.size() <= kDigits ? mode & (sys::kSetUserId | sys::kSetGroupId) : 0;
    return static_cast<Mode>(number.value()) | kept;
  }
  for (;;) {
    const size_t comma = text.Find(',');
    CATION_TRY_ASSIGN(mode,
                      Clause(text.First(Min(comma, text.size())), mask, is_directory).Apply(mode));
    if (comma == StringView::kNotFound) return mode;
    text = text.From(comma + 1);
  }
}

ModeText::ModeText(Mode mode) {
  constexpr char kTypes[] = "?pc?d?b?-?l?s???";  // by the four bits of the type
  constexpr char kLetters[] = "rwxrwxrwx";
  characters[0] = kTypes[mode >> 12 & 15];
  for (unsigned i = 0; i < 9; ++i)
    characters[i + 1] = (mode & (0400U >> i)) != 0 ? kLetters[i] : '-';
  const auto mark = [&](Mode bit, unsigned position, char with_execute, char without) {
    if ((mode & bit) != 0)
      characters[position] = characters[position] == 'x' ? with_execute : without;
  };
  mark(sys::kSetUserId, 3, 's', 'S');
  mark(sys::kSetGroupId, 6, 's', 'S');
  mark(sys::kSticky, 9, 't', 'T');
}

StringView TypeName(const sys::FileStatus& status) {
  switch (status.type()) {
    case sys::kTypeRegular:
      return status.size == 0 ? "regular empty file" : "regular file";
    case sys::kTypeDirectory:
      return "directory";
    case sys::kTypeSymbolicLink:
      return "symbolic link";
    case sys::kTypeFifo:
      return "fifo";
    case sys::kTypeSocket:
      return "socket";
    case sys::kTypeCharacterDevice:
      return "character special file";
    case sys::kTypeBlockDevice:
      return "block special file";
    default:
      return "weird file";
  }
}

}  // namespace cation
