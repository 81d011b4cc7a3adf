// SPDX-License-Identifier: MIT
//
// seq: prints numbers from one to another. In no standard; as GNU's, with its options.
//
// Where it differs from GNU's: numbers are exact decimals of any size, where GNU's are long doubles
// except for whole numbers with small steps. So `seq 0 .1 1` has eleven lines for that reason
// alone, and no line depends on how binary numbers are rounded. What printf's conversions make of
// them with -f is as with printf here.
//
// Numbers that grow from 0 or more, without -f, which are nearly all, are added up as text in the
// buffer's own form.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/number_format.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/quote.h"

namespace cation {
namespace {

struct Options {
  const char* format = nullptr;
  const char* separator = "\n";
  bool equal_width = false;
};

constexpr Option kOptions[] = {
    Value("-f, --format=FORMAT", offsetof(Options, format),
          "print by FORMAT, with one of %f %e %g %a in it"),
    Value("-s, --separator=STRING", offsetof(Options, separator),
          "put STRING between numbers, not a newline"),
    Flag("-w, --equal-width", offsetof(Options, equal_width),
         "make all equally wide, with zeros in front"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... LAST\n[OPTION]... FIRST LAST\n[OPTION]... FIRST INCREMENT LAST",
    .summary =
        "Prints the numbers from FIRST to LAST, in steps of INCREMENT; both are 1 if missing.",
    .options = kOptions,
    .stops_at_operand = true,
};
constexpr Command kCommand = Packed<kDescription>();

constexpr int64_t kNoPrecision = INT64_MAX;
// Wider ones are refused.
constexpr int64_t kMost = 0x7fffffff;

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// An operand: its value, and how it was written.
struct Number {
  Decimal value;
  int64_t width = 0;
  int64_t precision = kNoPrecision;  // digits behind the point; none where it has no such form
};

// How wide `text` is without an exponent, and how many digits behind the point it has then.
void Measure(StringView text, Number* number) {
  while (!text.empty() &&
         (text[0] == '+' || text[0] == ' ' || (text[0] >= '\t' && text[0] <= '\r')))
    text = text.From(1);
  bool is_hexadecimal = false;
  bool has_power = false;
  for (const char c : text) {
    is_hexadecimal |= (c | 0x20) == 'x';
    has_power |= (c | 0x20) == 'p';
  }
  const size_t point = text.Find('.');
  const bool has_point = point != StringView::kNotFound;
  if (!has_point && !has_power) number->precision = 0;
  if (is_hexadecimal || number->value.kind() != Decimal::Kind::kFinite) return;
  size_t end = 0;
  while (end < text.size() && (text[end] | 0x20) != 'e') ++end;
  int64_t exponent = 0;
  if (end < text.size()) {
    size_t at = end + 1;
    const bool negative = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    for (; at < text.size() && IsDigit(text[at]); ++at)
      exponent = Min(exponent * 10 + (text[at] - '0'), kMost);
    if (negative) exponent = -exponent;
  }
  // The parts: sign, digits before the point (at least one), digits behind it.
  const StringView body = text.First(end);
  const size_t sign = body.StartsWith("-") ? 1 : 0;
  const size_t dot = has_point ? point : body.size();
  int64_t whole = static_cast<int64_t>(dot - sign);
  int64_t fraction = has_point ? static_cast<int64_t>(body.size() - dot - 1) : 0;
  if (whole == 0) whole = 1;
  if (exponent > 0) {
    // It moves digits before the point, and then zeros.
    whole += exponent;
    fraction = Max(fraction - exponent, int64_t{0});
  } else {
    fraction -= exponent;
  }
  // More than anybody could wait for: then none counts.
  if (fraction >= kMost) {
    number->precision = kNoPrecision;
    return;
  }
  number->precision = fraction;
  number->width = static_cast<int64_t>(sign) + whole + (fraction != 0 ? fraction + 1 : 0);
}

class Sequence {
 public:
  Sequence(Context& context, const Options& options)
      : context_(context), options_(options), separator_(options.separator), out_(context) {}

  int Run(Span<char*> operands) {
    int status = 0;
    const size_t count = operands.size();
    if (count == 0) return UsageError(context_, kCommand, {nullptr, 0}, "missing operand");
    if (count > 3) return UsageError(context_, kCommand, operands[3], "extra operand");
    if (options_.format != nullptr && !ReadFormat(options_.format)) return 1;
    if (options_.format != nullptr && options_.equal_width) {
      return UsageError(context_, kCommand, {nullptr, 0},
                        "format string may not be specified when printing equal width strings");
    }
    if (!Read(count == 1 ? "1" : operands[0], &first_, &status) ||
        !Read(count == 3 ? operands[1] : "1", &step_, &status))
      return status;
    if (step_.value.IsZero())
      return UsageError(context_, kCommand, operands[1], "invalid Zero increment value");
    if (!Read(operands[count - 1], &last_, &status)) return status;

    if (!SetFormat()) return 1;
    const int order = Compare(first_.value, last_.value);
    if (step_.value.negative() ? order < 0 : order > 0) return 0;
    const bool is_fast = is_fixed_ && !first_.value.negative() && !step_.value.negative() &&
                         first_.value.kind() == Decimal::Kind::kFinite &&
                         step_.value.kind() == Decimal::Kind::kFinite;
    const Result<void> done = is_fast ? PrintFast() : Print();
    if (!done.ok()) {
      out_.Flush();
      Report(context_, {nullptr, 0}, {}, done.error());
      return 1;
    }
    return out_.Finish(0);
  }

 private:
  bool Read(const char* text, Number* number, int* status) {
    bool out_of_range = false;
    const Result<size_t> size = number->value.Parse(text, &out_of_range);
    StringView reason;
    if (!size.ok()) {
      Report(context_, text, size.error());
      *status = 1;
      return false;
    }
    if (size.value() == 0 || text[size.value()] != '\0' ||
        (out_of_range && number->value.kind() == Decimal::Kind::kInfinite)) {
      reason = "invalid floating point argument";
    } else if (number->value.kind() == Decimal::Kind::kNotANumber) {
      reason = "invalid 'not-a-number' argument";
    }
    if (!reason.empty()) {
      *status = UsageError(context_, kCommand, text, reason);
      return false;
    }
    Measure(text, number);
    return true;
  }

  bool WrongFormat(StringView reason) {
    Report(context_, options_.format, reason);
    return false;
  }

  // -f: text, one conversion, text.
  bool ReadFormat(StringView text) {
    size_t at = 0;
    // Up to the first % that is not doubled.
    const auto next = [&](size_t from) {
      while (from < text.size() &&
             !(text[from] == '%' && !(from + 1 < text.size() && text[from + 1] == '%')))
        from += text[from] == '%' ? 2 : 1;
      return from;
    };
    at = next(0);
    if (at >= text.size()) return WrongFormat("format has no % directive");
    before_ = text.First(at++);
    const auto here = [&] { return at < text.size() ? text[at] : '\0'; };
    for (;; ++at) {
      const char c = here();
      if (c == '-') {
        format_.left = true;
      } else if (c == '+') {
        format_.plus = true;
      } else if (c == '#') {
        format_.alternate = true;
      } else if (c == '0') {
        format_.zero = true;
      } else if (c == ' ') {
        format_.space = true;
      } else if (c != '\'') {
        break;
      }
    }
    const auto number = [&] {
      int64_t value = 0;
      for (; IsDigit(here()); ++at) value = Min(value * 10 + (here() - '0'), kMost);
      return value;
    };
    format_.width = static_cast<uint32_t>(number());
    if (here() == '.') {
      ++at;
      format_.precision = number();
    }
    if (here() == 'L') ++at;
    if (here() == '\0') return WrongFormat("format ends in %");
    format_.conversion = here();
    if (StringView("efgaEFGA").Find(here()) == StringView::kNotFound)
      return WrongFormat("format has an unknown % directive");
    behind_ = text.From(at + 1);
    if (next(at + 1) < text.size()) return WrongFormat("format has too many % directives");
    return true;
  }

  // Without -f: as many digits behind the point as the operands have.
  bool SetFormat() {
    if (options_.format != nullptr) return true;
    const int64_t precision = Max(first_.precision, step_.precision);
    format_.conversion = 'g';
    if (precision == kNoPrecision || last_.precision == kNoPrecision) return true;
    is_fixed_ = true;
    format_.conversion = 'f';
    format_.precision = precision;
    if (!options_.equal_width) return true;
    const auto width = [precision](const Number& number) {
      const auto point = [](int64_t digits) { return digits != 0 ? digits + 1 : 0; };
      return number.width - point(number.precision) + point(precision);
    };
    // That of infinity is none.
    int64_t widest = width(first_);
    if (last_.value.kind() == Decimal::Kind::kFinite) widest = Max(widest, width(last_));
    if (widest > kMost) {
      Report(context_, {nullptr, 0}, {}, Error{abi::kENOMEM});
      return false;
    }
    format_.zero = true;
    format_.width = static_cast<uint32_t>(Max(widest, int64_t{0}));
    return true;
  }

  // Writes the text around the conversion: %% is %.
  void WriteAround(StringView text) {
    for (size_t i = 0; i < text.size(); ++i) {
      out_.Write(text[i]);
      if (text[i] == '%') ++i;
    }
  }

  // `value` as it is printed, without padding.
  Result<void> ToText(const Decimal& value, NumberText& text) {
    CATION_TRY(scratch_.Set(value));
    return FormatDecimal(scratch_, format_, text);
  }

  static Result<void> AppendWhole(String& whole, const NumberText& text) {
    CATION_TRY(whole.Append(text.before.view()));
    CATION_TRY(whole.Append(text.body.view()));
    for (uint64_t i = 0; i < text.zeros; ++i) CATION_TRY(whole.Append('0'));
    return whole.Append(text.behind.view());
  }

  // As GNU: the number behind the last is printed, too, when it looks as LAST does and is not what
  // was printed before it.
  Result<bool> LooksAsLast(const Decimal& value, const NumberText& previous) {
    if (options_.format == nullptr || value.kind() != Decimal::Kind::kFinite) return false;
    NumberText text;
    CATION_TRY(ToText(value, text));
    String now;
    String before;
    CATION_TRY(AppendWhole(now, text));
    CATION_TRY(AppendWhole(before, previous));
    Decimal shown;
    bool out_of_range = false;
    CATION_TRY(shown.Parse(now.view(), &out_of_range));
    return Compare(shown, last_.value) == 0 && !(now.view() == before.view());
  }

  // Any numbers, any format.
  Result<void> Print() {
    Decimal& value = first_.value;
    bool is_beyond = false;
    for (;;) {
      NumberText text;
      CATION_TRY(ToText(value, text));
      WriteAround(before_);
      WriteNumber(out_, text, format_);
      WriteAround(behind_);
      if (is_beyond || !out_.ok()) break;
      CATION_TRY(value.Add(step_.value));
      if (value.kind() == Decimal::Kind::kNotANumber) break;
      const int order = Compare(value, last_.value);
      is_beyond = step_.value.negative() ? order < 0 : order > 0;
      if (is_beyond) {
        CATION_TRY_ASSIGN(const bool is_extra, LooksAsLast(value, text));
        if (!is_extra) break;
      }
      out_.Write(separator_);
    }
    out_.Write('\n');
    return {};
  }

  // `value` as digits with a point and precision_ digits behind it; more are cut off.
  Result<void> AppendFixed(String& text, const Decimal& value) {
    const int64_t precision = format_.precision;
    const StringView digits = value.digits();
    const int64_t whole = Max(value.exponent(), int64_t{1});
    for (int64_t place = whole; place > -precision; --place) {
      if (place == 0) CATION_TRY(text.Append('.'));
      const auto index = static_cast<uint64_t>(value.exponent() - place);
      CATION_TRY(text.Append(index < digits.size() ? digits[index] : '0'));
    }
    return {};
  }

  // Numbers that only grow, as text.
  Result<void> PrintFast() {
    const bool is_endless = last_.value.kind() == Decimal::Kind::kInfinite;
    String first;
    String step;
    String last;
    CATION_TRY(AppendFixed(first, first_.value));
    CATION_TRY(AppendFixed(step, step_.value));
    if (!is_endless) CATION_TRY(AppendFixed(last, last_.value));
    // Room for all that can be added in a lifetime.
    const size_t room =
        Max(Max(first.size(), step.size()), Max(last.size(), size_t{format_.width})) + 24;
    String storage;
    String buffer;
    CATION_TRY(storage.Resize(room + kBlock));
    __builtin_memset(storage.data(), '0', room + kBlock);
    char* const end = storage.data() + room;
    char* begin = end - first.size();
    __builtin_memcpy(begin, first.view().data(), first.size());
    const size_t width = format_.width;
    const auto size = [&] { return static_cast<size_t>(end - begin); };
    const auto line = [&]() -> StringView {
      const size_t shown = Max(size(), width);
      return {end - shown, shown};
    };
    // Of 1, which is most frequent, one digit is added.
    const bool is_one = step.view() == "1";
    const size_t most = room + separator_.size() + kBlock;
    const size_t capacity = Max(kBuffer, most + 1);
    CATION_TRY(buffer.Resize(capacity));
    char* const start = buffer.data();
    char* at = start;
    char* const limit = start + capacity - most;
    const char separator = separator_.size() == 1 ? separator_[0] : '\0';
    // Whether the end may come before the last digit but one changes.
    bool is_near = true;
    for (bool is_first = true;; is_first = false) {
      if (is_near && !is_endless) {
        // Both are without zeros in front but the one before a point.
        const size_t now = size();
        if (now > last.size()) break;
        if (now == last.size() && __builtin_memcmp(begin, last.view().data(), now) > 0) break;
      }
      if (at > limit) {
        out_.WriteThrough({start, static_cast<size_t>(at - start)});
        if (!out_.ok()) return {};
        at = start;
      }
      if (!is_first) {
        if (separator != '\0') {
          *at++ = separator;
        } else {
          __builtin_memcpy(at, separator_.data(), separator_.size());
          at += separator_.size();
        }
      }
      const StringView text = line();
      // In blocks, which is quick; what is behind the end is written over.
      for (size_t i = 0; i < text.size(); i += kBlock)
        __builtin_memcpy(at + i, text.data() + i, kBlock);
      at += text.size();
      // The next number.
      char* digit = end - 1;
      if (is_one && *digit != '9') {
        ++*digit;
        continue;
      }
      bool carry = false;
      const char* of_step = step.data() + step.size();
      const char* const first_of_step = step.data();
      for (;; --digit) {
        const bool has_step = of_step > first_of_step;
        if (!has_step && !carry) break;
        const int added = has_step ? *--of_step - '0' : 0;
        if (has_step && *of_step == '.') continue;
        int sum = *digit - '0' + added + int{carry};
        carry = sum > 9;
        if (carry) sum -= 10;
        *digit = static_cast<char>('0' + sum);
      }
      // What was a 0 in front may be a digit now.
      if (digit + 1 < begin) begin = digit + 1;
      if (is_one) {
        const size_t now = size();
        is_near = now > last.size() ||
                  (now == last.size() && __builtin_memcmp(begin, last.view().data(), now - 1) >= 0);
      }
    }
    *at++ = '\n';
    out_.WriteThrough({start, static_cast<size_t>(at - start)});
    return {};
  }

  static constexpr size_t kBlock = 8;
  static constexpr size_t kBuffer = size_t{64} * 1024;  // what a pipe holds on Redox

  Context& context_;
  const Options& options_;
  StringView separator_;
  Output out_;
  Number first_;
  Number step_;
  Number last_;
  NumberFormat format_;
  StringView before_;
  StringView behind_;
  bool is_fixed_ = false;
  Decimal scratch_;
};

bool IsNegativeNumber(const char* text) {
  return text[0] == '-' && (text[1] == '.' || IsDigit(text[1]));
}

// How many arguments are options, and what they need: -1 is a number.
size_t CountOptions(Span<char*> arguments) {
  size_t count = 0;
  while (count < arguments.size()) {
    const StringView argument = arguments[count];
    if (argument.size() < 2 || argument[0] != '-' || argument == "--" ||
        IsNegativeNumber(arguments[count]))
      break;
    ++count;
    bool needs_next = false;
    if (argument[1] == '-') {
      const StringView name = argument.From(2);
      needs_next =
          StringView("format").StartsWith(name) || StringView("separator").StartsWith(name);
    } else {
      size_t letter = 1;
      while (letter < argument.size() && argument[letter] == 'w') ++letter;
      needs_next =
          letter + 1 == argument.size() && (argument[letter] == 'f' || argument[letter] == 's');
    }
    if (needs_next) ++count;
  }
  return Min(count, arguments.size());
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  const Span<char*> arguments = context.arguments;
  const size_t count = CountOptions(arguments);
  context.arguments = arguments.First(count);
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  Span<char*> operands = arguments.From(count);
  if (!operands.empty() && StringView(operands[0]) == "--") operands = operands.From(1);
  return Sequence(context, options).Run(operands);
}

}  // namespace cation
