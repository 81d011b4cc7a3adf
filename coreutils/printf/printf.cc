// SPDX-License-Identifier: MIT
//
// printf: writes its arguments as a format says. POSIX.1-2024, numbered arguments (%2$s) among it,
// with GNU's conversions: floating point, %q, \e \x \u \U.
//
// Where it differs from GNU's:
// - decimal numbers are exact: %.20f of 0.1 has nothing but zeros after the 1; what is rounded is
// rounded half to even. Their range, and what %a shows, are those of x87's long double on all
// machines. (GNU's numbers are the machine's long doubles.)
// - %b takes a width and a precision, as POSIX has it; %q, too.
// - characters are UTF-8 always: 'é is 233, as in GNU's UTF-8 locales. The flags ' and I change
// nothing, as in the POSIX locale.
// - after \c, the status tells of errors before it.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/escape.h"
#include "coreutils/support/number_format.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/quote.h"
#include "coreutils/support/quoting_style.h"

namespace cation {
namespace {

constexpr Description kDescription = {
    .usage = "[OPTION]\nFORMAT [ARGUMENT]...",
    .summary =
        "Writes each ARGUMENT as FORMAT says: %d %i %o %u %x %X %f %F %e %E %g %G %a %A %c %s %b "
        "%q "
        "%%.",
    .help = Description::Help::kAlone,
};
constexpr Command kCommand = Packed<kDescription>();

constexpr int64_t kMost = 0x7fffffff;  // of a width, a precision, an argument's number

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// An integer with its sign apart.
struct Integer {
  uint64_t magnitude = 0;
  bool negative = false;
};

// Reads the integer that `text` begins with as strtoumax() with base 0 does. Returns how many bytes
// it takes, 0 if there is none; `overflow`: it is larger than 64 bits.
size_t ReadInteger(StringView text, Integer* integer, bool* overflow) {
  size_t at = 0;
  while (at < text.size() && IsSpace(text[at])) ++at;
  if (at < text.size() && (text[at] == '-' || text[at] == '+'))
    integer->negative = text[at++] == '-';
  const auto digit_at = [&](size_t place) {
    if (place >= text.size()) return 99U;
    const char c = text[place];
    if (IsDigit(c)) return static_cast<unsigned>(c - '0');
    const auto letter = static_cast<unsigned>((c | 0x20) - 'a');
    return letter < 6 ? letter + 10 : 99U;
  };
  unsigned base = 10;
  if (digit_at(at) == 0) {
    const bool has_x =
        at + 1 < text.size() && (text[at + 1] | 0x20) == 'x' && digit_at(at + 2) < 16;
    base = has_x ? 16 : 8;
    if (has_x) at += 2;
  }
  const size_t start = at;
  for (; digit_at(at) < base; ++at) {
    *overflow |= __builtin_mul_overflow(integer->magnitude, uint64_t{base}, &integer->magnitude);
    *overflow |=
        __builtin_add_overflow(integer->magnitude, uint64_t{digit_at(at)}, &integer->magnitude);
  }
  return at == start ? 0 : at;
}

class Printer {
 public:
  explicit Printer(Context& context)
      : context_(context),
        out_(context),
        posix_(Environment(context, "POSIXLY_CORRECT") != nullptr) {}

  int Run(StringView format, Span<char*> arguments) {
    arguments_ = arguments;
    do {
      const size_t used = Format(format);
      arguments_ = arguments_.From(Min(used, arguments_.size()));
      if (used == 0) break;
    } while (!arguments_.empty() && !ended_);
    if (!ended_ && !arguments_.empty()) {
      String reason;
      AddText(reason, "warning: ignoring excess arguments, starting with ");
      (void)AppendInQuotes(reason, arguments_[0]);
      Report(context_, reason.view());
    }
    return out_.Finish(status_);
  }

 private:
  // A specification: the format, and which argument.
  struct Specification {
    NumberFormat format;
    const char* argument = nullptr;  // nullptr: there is none
  };

  // One pass over the format. Returns how many arguments it used.
  size_t Format(StringView format) {
    next_ = 0;
    used_ = 0;
    for (format_ = format, at_ = 0; at_ < format_.size() && !ended_ && out_.ok();) {
      if (format_[at_] == '%') {
        Convert();
      } else if (format_[at_] == '\\') {
        const size_t length = Escaped(format_.From(at_), EscapeDialect::kPrintfFormat, nullptr);
        at_ += length;
      } else {
        size_t end = at_;
        while (end < format_.size() && format_[end] != '%' && format_[end] != '\\') ++end;
        out_.Write(format_.From(at_).First(end - at_));
        at_ = end;
      }
    }
    if (!out_.ok()) ended_ = true;
    return used_;
  }

  void Fail(StringView operand, StringView reason) {
    Report(context_, operand, reason);
    status_ = 1;
  }
  // After what GNU stops at.
  void End(StringView operand, StringView reason) {
    Fail(operand, reason);
    ended_ = true;
  }
  bool OutOfMemory() {
    Report(context_, Error{abi::kENOMEM});
    status_ = 1;
    ended_ = true;
    return false;
  }

  // Writes what the escape at the start of `text` stands for, or appends it to `to`. Returns its
  // length.
  size_t Escaped(StringView text, EscapeDialect dialect, String* to) {
    const Escape escape = ReadEscape(text, dialect);
    switch (escape.kind) {
      case Escape::Kind::kStop:
        ended_ = true;
        break;
      case Escape::Kind::kMissingDigits:
        End({nullptr, 0}, "missing hexadecimal number in escape");
        break;
      case Escape::Kind::kWrongCharacter: {
        String reason;
        AddText(reason, "invalid universal character name ");
        AddText(reason, text.First(escape.length));
        End({nullptr, 0}, reason.view());
        break;
      }
      default:
        if (to == nullptr) {
          out_.Write(escape.view());
        } else if (!to->Append(escape.view()).ok()) {
          OutOfMemory();
        }
        break;
    }
    return escape.length;
  }

  [[nodiscard]] char Here() const { return at_ < format_.size() ? format_[at_] : '\0'; }

  // The number at this place of the format; more than kMost where it is too large.
  int64_t Number() {
    int64_t number = 0;
    for (; IsDigit(Here()); ++at_) number = Min(number * 10 + (Here() - '0'), kMost + 1);
    return number;
  }

  // Takes "12$" if it is there. Returns the argument's number, 0 if none is given.
  int64_t ArgumentNumber() {
    const size_t start = at_;
    const int64_t number = Number();
    if (number != 0 && Here() == '$') {
      ++at_;
      return number;
    }
    at_ = start;
    return 0;
  }

  // The argument of that number, or the next one for 0; nullptr if there is none.
  const char* Argument(int64_t number) {
    const size_t index = number == 0 ? next_++ : static_cast<size_t>(number - 1);
    used_ = Max(used_, index + 1);
    return index < arguments_.size() ? arguments_[index] : nullptr;
  }

  // The specification at at_: reads it, and writes what it stands for.
  void Convert() {
    const size_t start = at_++;
    if (Here() == '%') {
      ++at_;
      return out_.Write('%');
    }
    Specification it;
    NumberFormat& format = it.format;
    const int64_t number = ArgumentNumber();
    bool has_flag = false;  // ' or I
    for (;; ++at_) {
      const char c = Here();
      if (c == '-') {
        format.left = true;
      } else if (c == '+') {
        format.plus = true;
      } else if (c == ' ') {
        format.space = true;
      } else if (c == '#') {
        format.alternate = true;
      } else if (c == '0') {
        format.zero = true;
      } else if (c == '\'' || c == 'I') {
        has_flag = true;
      } else {
        break;
      }
    }
    int64_t width = 0;
    if (Here() == '*') {
      ++at_;
      if (!Starred("invalid field width", &width)) return;
      format.left |= width < 0;
      width = width < 0 ? -width : width;
    } else {
      width = Number();
      if (width > kMost) return End(format_.From(start).First(at_ - start), "invalid field width");
    }
    format.width = static_cast<uint32_t>(width);
    if (Here() == '.') {
      ++at_;
      if (Here() == '*') {
        ++at_;
        if (!Starred("invalid precision", &format.precision)) return;
      } else {
        format.precision = Number();
        if (format.precision > kMost)
          return End(format_.From(start).First(at_ - start), "invalid precision");
      }
    }
    const bool has_precision =
        format_.From(start).First(at_ - start).Find('.') != StringView::kNotFound;
    while (Here() != '\0' && StringView("lLhjtz").Find(Here()) != StringView::kNotFound) ++at_;

    const char letter = Here();
    // What each flag does not go with.
    bool is_wrong =
        letter == '\0' || StringView("diouxXfFeEgGaAcsbq").Find(letter) == StringView::kNotFound;
    const auto refuse = [&](bool given, StringView letters) {
      is_wrong |= given && letters.Find(letter) != StringView::kNotFound;
    };
    refuse(has_flag, "aAceEosxXbq");
    refuse(format.alternate, "cdisubq");
    refuse(format.zero, "csbq");
    refuse(has_precision, "c");
    const StringView whole = format_.From(start).First(Min(at_ + 1, format_.size()) - start);
    if (is_wrong) return End(whole, "invalid conversion specification");
    ++at_;
    format.conversion = letter;
    it.argument = Argument(number);
    // Of no argument, and an empty one, it is a NUL.
    if (letter == 'c') return WriteText({it.argument == nullptr ? "" : it.argument, 1}, format);
    const StringView text = it.argument == nullptr ? StringView() : StringView(it.argument);
    if (letter == 's') return WriteText(text, format);
    if (letter == 'b') return WriteEscaped(text, format);
    if (letter == 'q') return WriteQuoted(it.argument, format);
    if (StringView("diouxX").Find(letter) != StringView::kNotFound)
      return WriteInteger(it.argument, format);
    WriteDecimal(it.argument, format);
  }

  // A * that stands for an argument. Returns false when that has ended it all.
  bool Starred(StringView reason, int64_t* value) {
    const char* const argument = Argument(ArgumentNumber());
    *value = 0;
    if (argument == nullptr) return true;
    const Integer integer = ToInteger(argument, false);
    const bool is_precision = reason[8] == 'p';
    if (integer.magnitude > uint64_t{kMost} + (integer.negative && !is_precision ? 1 : 0) &&
        !(is_precision && integer.negative)) {
      End(argument, reason);
      return false;
    }
    *value = static_cast<int64_t>(integer.magnitude);
    if (integer.negative) *value = is_precision ? -1 : -*value;
    return true;
  }

  void WriteText(StringView text, const NumberFormat& format) {
    if (format.precision >= 0 && static_cast<uint64_t>(format.precision) < text.size())
      text = text.First(static_cast<size_t>(format.precision));
    const uint64_t missing = format.width > text.size() ? format.width - text.size() : 0;
    if (!format.left) Fill(out_, ' ', missing);
    out_.Write(text);
    if (format.left) Fill(out_, ' ', missing);
  }

  // %b.
  void WriteEscaped(StringView text, const NumberFormat& format) {
    String resolved;
    for (size_t i = 0; i < text.size() && !ended_;) {
      if (text[i] == '\\') {
        i += Escaped(text.From(i), EscapeDialect::kPrintfArgument, &resolved);
      } else if (!resolved.Append(text[i++]).ok()) {
        OutOfMemory();
      }
    }
    WriteText(resolved.view(), format);
  }

  // %q.
  void WriteQuoted(const char* argument, const NumberFormat& format) {
    String quoted;
    if (argument != nullptr &&
        !AppendInStyle(quoted, argument, QuotingStyle::kShellEscape, {}).ok()) {
      OutOfMemory();
    }
    WriteText(quoted.view(), format);
  }

  // Whether `text` is a quote and a character, whose number that is; what follows is warned of.
  bool IsCharacter(StringView text, uint32_t* code_point) {
    if (text.size() < 2 || (text[0] != '\'' && text[0] != '"')) return false;
    const StringView rest = text.From(1);
    size_t length = DecodeUtf8(rest, code_point);
    if (length == 0) {
      *code_point = static_cast<unsigned char>(rest[0]);
      length = 1;
    }
    if (length < rest.size() && !posix_) {
      String reason;
      AddText(reason, "warning: ");
      (void)AppendQuoted(reason, rest.From(length));
      AddText(reason, ": character(s) following character constant have been ignored");
      Report(context_, reason.view());
    }
    return true;
  }

  // Reports what was wrong with the number `text`, of which `size` bytes were read.
  void Judge(StringView text, size_t size, bool out_of_range) {
    if (size == 0) {
      Fail(text, "expected a numeric value");
    } else if (out_of_range) {
      Fail(text, "Numerical result out of range");
    } else if (size < text.size()) {
      Fail(text, "value not completely converted");
    }
  }

  // What the argument stands for; too large ones are the largest.
  Integer ToInteger(StringView text, bool is_unsigned) {
    Integer integer;
    uint32_t code_point = 0;
    if (IsCharacter(text, &code_point)) {
      integer.magnitude = code_point;
      return integer;
    }
    bool overflow = false;
    const size_t size = ReadInteger(text, &integer, &overflow);
    uint64_t most = UINT64_MAX;
    if (!is_unsigned) most = uint64_t{INT64_MAX} + (integer.negative ? 1 : 0);
    if (overflow || integer.magnitude > most) {
      overflow = true;
      integer.magnitude = most;
      if (is_unsigned) integer.negative = false;
    }
    Judge(text, size, overflow);
    return integer;
  }

  void WriteInteger(const char* argument, const NumberFormat& format) {
    const bool is_unsigned = format.conversion != 'd' && format.conversion != 'i';
    Integer integer;
    if (argument != nullptr) integer = ToInteger(argument, is_unsigned);
    if (is_unsigned && integer.negative) integer.magnitude = -integer.magnitude;
    NumberText text;
    const bool negative = integer.negative && integer.magnitude != 0;
    if (!FormatInteger(integer.magnitude, negative, format, text).ok()) {
      OutOfMemory();
      return;
    }
    WriteNumber(out_, text, format);
  }

  void WriteDecimal(const char* argument, const NumberFormat& format) {
    Decimal value;
    Result<void> done;
    uint32_t code_point = 0;
    if (argument != nullptr && IsCharacter(argument, &code_point)) {
      done = value.Set(code_point);
    } else if (argument != nullptr) {
      bool out_of_range = false;
      const Result<size_t> size = value.Parse(argument, &out_of_range);
      if (size.ok()) {
        Judge(argument, size.value(), out_of_range);
      } else {
        done = size.error();
      }
    }
    NumberText text;
    if (done.ok()) done = FormatDecimal(value, format, text);
    if (!done.ok()) {
      OutOfMemory();
      return;
    }
    WriteNumber(out_, text, format);
  }

  Context& context_;
  Output out_;
  bool posix_;
  int status_ = 0;
  bool ended_ = false;  // after \c, and what GNU stops at
  Span<char*> arguments_;
  StringView format_;
  size_t at_ = 0;    // in format_
  size_t next_ = 0;  // the argument that is next
  size_t used_ = 0;  // the number of the last that was asked for
};

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  int status = 0;
  if (AnswersHelp(context, kCommand, &status)) return status;
  Span<char*> arguments = context.arguments;
  if (!arguments.empty() && StringView(arguments[0]) == "--") arguments = arguments.From(1);
  if (arguments.empty()) return UsageError(context, kCommand, {nullptr, 0}, "missing operand");
  return Printer(context).Run(arguments[0], arguments.From(1));
}

}  // namespace cation
