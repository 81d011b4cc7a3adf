// SPDX-License-Identifier: MIT
//
// Up to four arguments are understood by their number, as POSIX.1-2024 has it (and -a and -o as
// POSIX.1-2017 has them); what POSIX leaves open, and more arguments, as GNU does: -o binds less
// than -a, that less than !, and parentheses may stand around any expression. Unlike GNU's they may
// be nested: ( ( a ) ). All parts are evaluated, so that what is wrong is always said.
#include "coreutils/test/expression.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/quote.h"
#include "runtime/core/format.h"

namespace cation::test {
namespace {

// Deeper parentheses are refused before the stack ends.
constexpr unsigned kMostParentheses = 1000;

enum class Binary : uint8_t {
  kNone,
  // Of texts.
  kSame,
  kDifferent,
  kBefore,
  kAfter,
  // Of integers.
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  // Of files.
  kNewer,
  kOlder,
  kSameFile,
};
// Each is as long as four characters, in the order of Binary.
constexpr StringView kBinaries = "=   !=  <   >   -eq -ne -lt -le -gt -ge -nt -ot -ef ";

// What two operands that come in the order `order` are to each other. Of each of Binary, but for
// files that are the same: 1 where it is true of what is less, 2 of what is equal, 4 of what is
// more.
bool IsTrue(Binary binary, int order) {
  constexpr StringView kOrders = "\2\5\1\4\2\5\1\3\4\6\4\1";
  const int bit = order < 0 ? 1 : order == 0 ? 2 : 4;
  return (kOrders[static_cast<size_t>(binary) - 1] & bit) != 0;
}

Binary BinaryOf(StringView text) {
  if (text.empty() || text.size() > 3) return Binary::kNone;
  if (text == "==") return Binary::kSame;
  for (size_t i = 0; i < kBinaries.size(); i += 4) {
    if (kBinaries.From(i).StartsWith(text) && kBinaries[i + text.size()] == ' ')
      return static_cast<Binary>(i / 4 + 1);
  }
  return Binary::kNone;
}

constexpr bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// An integer of any size.
struct Integer {
  bool negative = false;
  StringView digits;  // without zeros at the start; 0 has none
};

// Spaces may be around it, and + before it. Returns false when it is none.
bool ParseInteger(StringView text, Integer* integer) {
  while (!text.empty() && IsSpace(text[0])) text = text.From(1);
  while (!text.empty() && IsSpace(text.back())) text = text.First(text.size() - 1);
  const bool negative = text.StartsWith("-");
  if (negative || text.StartsWith("+")) text = text.From(1);
  if (text.empty()) return false;
  for (const char c : text) {
    if (!IsDigit(c)) return false;
  }
  while (!text.empty() && text[0] == '0') text = text.From(1);
  *integer = {negative && !text.empty(), text};
  return true;
}

int CompareIntegers(const Integer& a, const Integer& b) {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  const size_t sizes[] = {a.digits.size(), b.digits.size()};
  const int order =
      sizes[0] != sizes[1] ? (sizes[0] < sizes[1] ? -1 : 1) : Compare(a.digits, b.digits);
  return a.negative ? -order : order;
}

bool IsOneLetter(StringView text) { return text.size() == 2 && text[0] == '-'; }

// Whether there is a file; "" is the name of none, which Redox takes for the working directory.
bool Find(const char* path, sys::FileStatus* status, sys::Follow follow = sys::Follow::kYes) {
  if (*path == '\0') return false;
  const Result<sys::FileStatus> found = sys::StatusAt(sys::At(path), follow);
  if (found.ok()) *status = found.value();
  return found.ok();
}

int CompareTimes(const sys::TimePoint& a, const sys::TimePoint& b) {
  if (a.seconds != b.seconds) return a.seconds < b.seconds ? -1 : 1;
  return a.nanoseconds < b.nanoseconds ? -1 : a.nanoseconds > b.nanoseconds ? 1 : 0;
}

class Evaluator {
 public:
  Evaluator(const Context& context, Span<char* const> arguments)
      : context_(context), arguments_(arguments) {}

  int Run() {
    if (arguments_.empty()) return kFalse;
    const bool value = ByNumber(arguments_.size());
    if (!failed_ && position_ < arguments_.size()) Fail("extra argument %", Here());
    return failed_ ? kWrong : value ? kTrue : kFalse;
  }

 private:
  // Reports the first thing that is wrong, with `text` in the place of %. Nothing is left to be
  // read then, so all that is going on ends.
  bool Fail(StringView pattern, StringView text) {
    if (!failed_) {
      String reason;
      const size_t place = pattern.Find('%');
      AddText(reason, pattern.First(place));
      (void)AppendInQuotes(reason, text);
      AddText(reason, pattern.From(place + 1));
      Report(context_, reason.view());
    }
    failed_ = true;
    position_ = arguments_.size();
    return false;
  }
  bool FailAtEnd() { return Fail("missing argument after %", arguments_[arguments_.size() - 1]); }

  // The argument that many places from here; "" behind the last.
  [[nodiscard]] const char* Here(size_t offset = 0) const {
    return position_ + offset < arguments_.size() ? arguments_[position_ + offset] : "";
  }
  [[nodiscard]] bool Is(StringView text, size_t offset = 0) const {
    return StringView(Here(offset)) == text;
  }
  [[nodiscard]] size_t left() const { return arguments_.size() - position_; }
  // Takes this argument; there has to be another.
  bool Advance() {
    ++position_;
    return left() != 0 || FailAtEnd();
  }

  bool ByNumber(size_t count) {
    switch (count) {
      case 1:
        return OfOne();
      case 2:
        return OfTwo();
      case 3:
        return OfThree();
      case 4:
        if (Is("!")) return Advance() && !OfThree();
        if (Is("(") && Is(")", 3)) return InParentheses(&Evaluator::OfTwo);
        break;
      default:
        break;
    }
    return Or();
  }

  bool OfOne() { return *arguments_[position_++] != '\0'; }

  bool OfTwo() {
    if (Is("!")) {
      ++position_;
      return !OfOne();
    }
    if (IsOneLetter(Here())) return Unary();
    return Is("(") ? Or() : FailAtEnd();
  }

  bool OfThree() {
    const Binary binary = BinaryOf(Here(1));
    if (binary != Binary::kNone) return OfBinary(false, binary);
    if (Is("-a", 1) || Is("-o", 1)) {
      const bool is_or = Is("-o", 1);
      const bool one = OfOne();
      ++position_;
      const bool other = OfOne();
      return is_or ? one || other : one && other;
    }
    if (Is("!")) return Advance() && !OfTwo();
    if (Is("(") && Is(")", 2)) return InParentheses(&Evaluator::OfOne);
    if (Is("(")) return Or();
    return Fail("%: binary operator expected", Here(1));
  }

  bool InParentheses(bool (Evaluator::*inner)()) {
    ++position_;
    const bool value = (this->*inner)();
    return Closed() && value;
  }

  bool Or() {
    bool value = false;
    for (;;) {
      value |= And();
      if (!Is("-o")) return value;
      ++position_;
    }
  }

  bool And() {
    bool value = true;
    for (;;) {
      value &= Term();
      if (!Is("-a")) return value;
      ++position_;
    }
  }

  bool Term() {
    bool negated = false;
    while (Is("!")) {
      if (!Advance()) return false;
      negated = !negated;
    }
    if (left() == 0) return FailAtEnd();
    bool value = false;
    const StringView here = Here();
    const Binary of_length = left() >= 4 && here == "-l" ? BinaryOf(Here(2)) : Binary::kNone;
    const Binary binary = left() >= 3 ? BinaryOf(Here(1)) : Binary::kNone;
    if (here == "(") {
      value = Parenthesis();
    } else if (of_length != Binary::kNone) {
      value = OfBinary(true, of_length);
    } else if (binary != Binary::kNone) {
      value = OfBinary(false, binary);
    } else if (IsOneLetter(here) && here[1] != 'a' && here[1] != 'o') {
      value = Unary();
    } else {
      value = OfOne();
    }
    return value != negated;
  }

  // As GNU: up to the first ), if that is not far, by the number of arguments.
  bool Parenthesis() {
    if (!Advance()) return false;
    if (++depth_ > kMostParentheses) return Fail("% is too deep", "(");
    size_t count = 1;
    while (count < left() && !Is(")", count)) {
      if (count == 4) {
        count = left();
        break;
      }
      ++count;
    }
    const bool value = ByNumber(count);
    --depth_;
    return Closed() && value;
  }

  // Takes the ) that has to be here.
  bool Closed() {
    if (failed_) return false;
    if (left() == 0) return Fail("% expected", ")");
    if (!Is(")")) return Fail("')' expected, found %", Here());
    ++position_;
    return true;
  }

  bool ReadInteger(StringView text, Integer* integer) {
    return ParseInteger(text, integer) || Fail("invalid integer %", text);
  }

  bool OfBinary(bool left_is_length, Binary binary) {
    if (left_is_length) ++position_;
    const char* const operands[] = {Here(), Here(2)};
    const char* const name = Here(1);
    if (binary < Binary::kEqual) {
      position_ += 3;
      const int order = Compare(operands[0], operands[1]);
      return IsTrue(binary, order);
    }
    const bool right_is_length = left() > 3 && Is("-l", 2);
    const char* const right = right_is_length ? Here(3) : operands[1];
    position_ += right_is_length ? 4 : 3;
    if (binary >= Binary::kNewer) {
      if (left_is_length || right_is_length) return Fail("% does not accept -l", name);
      return OfFiles(binary, operands[0], right);
    }
    Integer a;
    Integer b;
    const Digits left_length(StringView(operands[0]).size());
    const Digits right_length(StringView(right).size());
    if (!ReadInteger(left_is_length ? left_length : StringView(operands[0]), &a) ||
        !ReadInteger(right_is_length ? right_length : StringView(right), &b))
      return false;
    return IsTrue(binary, CompareIntegers(a, b));
  }

  static bool OfFiles(Binary binary, const char* a, const char* b) {
    sys::FileStatus of_a;
    sys::FileStatus of_b;
    const bool has_a = Find(a, &of_a);
    if (binary == Binary::kSameFile)
      return has_a && Find(b, &of_b) && of_a.identity() == of_b.identity();
    // What is not there is older than all that is.
    const bool has_b = Find(b, &of_b);
    const int order = !has_a || !has_b
                          ? int{has_a} - int{has_b}
                          : CompareTimes(of_a.modification_time, of_b.modification_time);
    return IsTrue(binary, order);
  }

  bool Unary() {
    // Types of files in the order of kModes, kLink of links; bits of modes in the same; Access.
    constexpr StringView kLetters = "bcdfpShLgkurwxnzteGNOs";
    constexpr uint16_t kModes[] = {sys::kTypeBlockDevice,  sys::kTypeCharacterDevice,
                                   sys::kTypeDirectory,    sys::kTypeRegular,
                                   sys::kTypeFifo,         sys::kTypeSocket,
                                   sys::kTypeSymbolicLink, sys::kTypeSymbolicLink,
                                   sys::kSetGroupId,       sys::kSticky,
                                   sys::kSetUserId};
    constexpr size_t kLink = 6;
    constexpr size_t kBit = 8;
    constexpr size_t kAccess = 11;
    const char* const name = Here();
    const char letter = name[1];
    const size_t which = kLetters.Find(letter);
    if (which == StringView::kNotFound) return Fail("%: unary operator expected", name);
    if (!Advance()) return false;
    const char* const operand = Here();
    ++position_;
    if (letter == 'n' || letter == 'z') return (*operand == '\0') == (letter == 'z');
    if (letter == 't') return OfTerminal(operand);
    if (*operand == '\0') return false;
    if (which >= kAccess && which < kAccess + 3) {
      static_assert(static_cast<int>(sys::Access::kRead) == 4 &&
                    static_cast<int>(sys::Access::kWrite) == 2 &&
                    static_cast<int>(sys::Access::kExecute) == 1);
      return sys::MayAccess(sys::At(operand), static_cast<sys::Access>(4 >> (which - kAccess)));
    }
    sys::FileStatus status;
    const bool of_link = which == kLink || which == kLink + 1;
    if (!Find(operand, &status, of_link ? sys::Follow::kNo : sys::Follow::kYes)) return false;
    if (which < kAccess) {
      const sys::Mode mask = which < kBit ? sys::kTypeMask : sys::Mode{kModes[which]};
      return (status.mode & mask) == kModes[which];
    }
    switch (letter) {
      case 's':
        return status.size > 0;
      case 'G':
        return status.group == sys::EffectiveGroup();
      case 'N':
        return CompareTimes(status.modification_time, status.access_time) > 0;
      case 'O':
        return status.user == sys::EffectiveUser();
      default:  // -e
        return true;
    }
  }

  bool OfTerminal(const char* text) {
    Integer integer;
    if (!ReadInteger(text, &integer)) return false;
    const Result<uint64_t> number = ParseNumber(integer.digits.empty() ? "0" : integer.digits);
    constexpr uint64_t kMostDescriptors = 0x7fffffff;
    return !integer.negative && number.ok() && number.value() <= kMostDescriptors &&
           sys::IsTerminal(static_cast<sys::Descriptor>(number.value()));
  }

  const Context& context_;
  Span<char* const> arguments_;
  size_t position_ = 0;
  unsigned depth_ = 0;
  bool failed_ = false;
};

}  // namespace

int Evaluate(const Context& context, Span<char* const> arguments) {
  return Evaluator(context, arguments).Run();
}

}  // namespace cation::test
