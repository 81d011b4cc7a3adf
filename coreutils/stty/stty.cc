// SPDX-License-Identifier: MIT
//
// stty: shows and changes a terminal's settings. POSIX.1-2024, with GNU's options and settings but
// `line`, which is Linux's alone (nothing is shown of it either).
//
// All settings are looked at before the first is made, as GNU's does; a number that a setting
// cannot hold is refused, where GNU cuts it. What -g prints has the speeds at its end, so it is for
// this stty alone.
//
// Redox: the settings are those of ptyd, which acts on icrnl inlcr igncr, opost onlcr, icanon isig
// echo echoe echonl iexten, the characters eof eol eol2 erase intr quit susp, and min and time;
// what else relibc has a number for is kept, and nothing comes of it. Settings of Linux alone are
// no settings there. Terminals have no speeds: 0 is shown, and setting one cannot be done. The size
// is kept for whoever asks, and no signal tells of a change.
#include "coreutils/stty/modes.h"
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"
#include "coreutils/support/terminal.h"
#include "runtime/core/format.h"
#include "runtime/core/vector.h"

namespace cation {
namespace {

using stty::Group;
using stty::kModes;
using stty::Mode;

struct Options {
  const char* device = nullptr;
  bool all = false;
  bool save = false;
};

constexpr Option kOptions[] = {
    Flag("-a, --all", offsetof(Options, all), "show all settings, as people read them"),
    Value("-F, --file=DEVICE", offsetof(Options, device),
          "the terminal DEVICE, instead of standard input"),
    Flag("-g, --save", offsetof(Options, save), "show all settings, as stty reads them"),
};

constexpr Description kDescription = {
    .usage = "[OPTION]... [SETTING]...",
    .summary =
        "Shows what differs from sane settings of the terminal at standard input, or changes\n"
        "them. A SETTING is a mode (-MODE takes it back), a special character and what it is to\n"
        "be (^C, 0x3, 3, or undef), a number of bits per second, ispeed, ospeed, min, time, rows\n"
        "or columns with a number, size or speed, which print it, or what -g has printed. Many\n"
        "at once: sane, raw, cooked, cbreak, evenp, oddp, parity, nl, ek, dec, crt, pass8, litout.",
    .options = kOptions,
};
constexpr Command kCommand = Packed<kDescription>();

enum class Combination : uint8_t {
  kEvenParity,
  kOddParity,
  kNewline,
  kEraseKill,
  kSane,
  kCooked,
  kRaw,
  kPass8,
  kLitout,
  kCbreak,
  kCrt,
  kDec,
  kLcase,
  kTabs,
};

struct CombinationName {
  char name[7];
  Combination what;
  bool may_reverse;
};

constexpr CombinationName kCombinations[] = {
    {"evenp", Combination::kEvenParity, true}, {"parity", Combination::kEvenParity, true},
    {"oddp", Combination::kOddParity, true},   {"nl", Combination::kNewline, true},
    {"ek", Combination::kEraseKill, false},    {"sane", Combination::kSane, false},
    {"cooked", Combination::kCooked, true},    {"raw", Combination::kRaw, true},
    {"pass8", Combination::kPass8, true},      {"litout", Combination::kLitout, true},
    {"cbreak", Combination::kCbreak, true},    {"crt", Combination::kCrt, false},
    {"dec", Combination::kDec, false},         {"lcase", Combination::kLcase, true},
    {"LCASE", Combination::kLcase, true},      {"tabs", Combination::kTabs, true},
};

constexpr uint64_t kMostByte = 255;
constexpr uint64_t kMostSize = 65535;

class Terminal {
 public:
  Terminal(Context& context, const Options& options, StringView name)
      : context_(context), options_(options), name_(name), out_(context) {}

  // Whether all of them are settings; says which is not.
  bool Check(Span<char*> settings) {
    checking_ = true;
    const bool right = Apply(settings);
    checking_ = changed_ = false;
    return right;
  }

  int Run(sys::Descriptor descriptor, Span<char*> settings) {
    descriptor_ = descriptor;
    const Result<sys::TerminalSettings> found = sys::SettingsOf(descriptor_);
    if (!found.ok()) {
      Report(context_, name_, found.error());
      return 1;
    }
    now_ = found.value();
    if (settings.empty()) {
      if (options_.save) {
        ShowForReading();
      } else {
        Show();
      }
      return out_.Finish(0);
    }
    if (!Apply(settings)) return out_.Finish(1);
    int status = 0;
    if (changed_) {
      const Result<void> set = sys::SetSettings(descriptor_, now_, when_);
      if (!set.ok()) {
        Report(context_, name_, set.error());
        return out_.Finish(1);
      }
      // A terminal takes what it can, and says nothing.
      const Result<sys::TerminalSettings> after = sys::SettingsOf(descriptor_);
      if (!after.ok()) {
        Report(context_, name_, after.error());
        status = 1;
      } else if (!IsEqual(after.value(), now_)) {
        Report(context_, name_, "unable to perform all requested operations");
        status = 1;
      }
    }
    return out_.Finish(status);
  }

 private:
  static bool IsEqual(const sys::TerminalSettings& a, const sys::TerminalSettings& b) {
    return a.input == b.input && a.output == b.output && a.control == b.control &&
           a.local == b.local && a.input_speed == b.input_speed &&
           a.output_speed == b.output_speed &&
           __builtin_memcmp(a.characters, b.characters, sizeof(a.characters)) == 0;
  }

  uint32_t& FlagsOf(Group group) {
    switch (group) {
      case Group::kControl:
        return now_.control;
      case Group::kInput:
        return now_.input;
      case Group::kOutput:
        return now_.output;
      default:
        return now_.local;
    }
  }

  // ------------------------------------------------------------------------------------- showing

  // `parts` as one word of a list that is broken into lines of the screen's width.
  void Word(StringView first, StringView second = {}, StringView third = {}, StringView fourth = {},
            StringView fifth = {}) {
    const StringView parts[] = {first, second, third, fourth, fifth};
    size_t length = 0;
    for (const StringView part : parts) length += part.size();
    if (column_ > 0) {
      const bool fits = column_ + 1 + length <= width_;
      out_.Write(fits ? ' ' : '\n');
      column_ = fits ? column_ + 1 : 0;
    }
    for (const StringView part : parts) out_.Write(part);
    column_ += length;
  }
  void EndLine() {
    if (Exchange(column_, size_t{0}) != 0) out_.Write('\n');
  }

  void SetWidth() {
    width_ = sys::TerminalColumns(context_.output);
    if (width_ == 0) {
      const char* const columns = Environment(context_, "COLUMNS");
      const Result<uint64_t> number = ParseNumber(columns == nullptr ? "" : columns);
      if (number.ok()) width_ = static_cast<size_t>(number.value());
    }
    constexpr size_t kUsual = 80;
    if (width_ == 0) width_ = kUsual;
  }

  void ShowSpeed(bool words) {
    const Digits input(now_.input_speed);
    const Digits output(now_.output_speed);
    const bool same = now_.input_speed == now_.output_speed;
    if (!words) {
      if (!same) Word(input);
      Word(output);
    } else if (same) {
      Word("speed ", output, " baud;");
    } else {
      Word("ispeed ", input, " baud; ospeed ", output, " baud;");
    }
  }

  void ShowCharacter(const TerminalCharacter& character) {
    const uint8_t byte = now_.characters[character.index];
    char text[8];
    size_t size = 0;
    uint8_t rest = byte;
    if (rest >= 0x80) {
      text[size++] = 'M';
      text[size++] = '-';
      rest &= 0x7f;
    }
    if (rest < 0x20 || rest == 0x7f) {
      text[size++] = '^';
      rest ^= 0x40;
    }
    text[size++] = static_cast<char>(rest);
    const StringView shown = byte == 0 ? StringView("<undef>") : StringView(text, size);
    Word(character.name, " = ", shown, ";");
  }

  void Show() {
    SetWidth();
    ShowSpeed(true);
    if (options_.all) {
      const Result<sys::TerminalSize> size = sys::SizeOf(descriptor_);
      if (size.ok()) {
        Word("rows ", Digits(size.value().rows), "; columns ", Digits(size.value().columns), ";");
      }
    }
    EndLine();
    for (const TerminalCharacter& character : kTerminalCharacters) {
      if (character.index == abi::kNoCharacter) continue;
      if (options_.all || now_.characters[character.index] != character.sane)
        ShowCharacter(character);
    }
    constexpr auto& kCharacters = sys::kTerminal.characters;
    if (options_.all || (now_.local & sys::kTerminal.local.icanon) == 0) {
      Word("min = ", Digits(now_.characters[kCharacters.min]),
           "; time = ", Digits(now_.characters[kCharacters.time]), ";");
    }
    EndLine();
    Group group = Group::kControl;
    for (const Mode& mode : kModes) {
      if ((mode.how & stty::kHidden) != 0 || !mode.IsKnown()) continue;
      if (mode.group != group) EndLine();
      group = mode.group;
      const uint32_t mask = mode.mask != 0 ? mode.mask : mode.bits;
      const bool is_set = (FlagsOf(group) & mask) == mode.bits;
      const uint8_t shown = is_set ? stty::kSaneUnset : stty::kSaneSet;
      if (options_.all ? !is_set && (mode.how & stty::kReverse) == 0 : (mode.how & shown) == 0) {
        continue;
      }
      // What is not sane because another of the same choice is: that one is shown.
      if (!is_set && (mode.how & stty::kReverse) == 0) continue;
      Word(is_set ? "" : "-", &mode.name[0]);
    }
    EndLine();
  }

  void ShowForReading() {
    const uint32_t flags[] = {now_.input, now_.output, now_.control, now_.local};
    for (const uint32_t value : flags) {
      out_.Write(Digits(value, 16));
      out_.Write(':');
    }
    for (const uint8_t byte : now_.characters) {
      out_.Write(Digits(byte, 16));
      out_.Write(':');
    }
    out_.Write(Digits(now_.input_speed, 16));
    out_.Write(':');
    out_.Write(Digits(now_.output_speed, 16));
    out_.Write('\n');
  }

  // What ShowForReading() has written.
  bool Recover(StringView text) {
    constexpr size_t kFlags = 4;
    constexpr size_t kNumbers = kFlags + sizeof(now_.characters) + 2;
    sys::TerminalSettings read;
    for (size_t i = 0; i < kNumbers; ++i) {
      const size_t colon = text.Find(':');
      const bool is_last = i + 1 == kNumbers;
      if ((colon == StringView::kNotFound) != is_last) return false;
      const Result<uint64_t> number = ParseNumber(is_last ? text : text.First(colon), 16);
      if (!number.ok() || number.value() > 0xffff'ffff) return false;
      const auto value = static_cast<uint32_t>(number.value());
      if (!is_last) text = text.From(colon + 1);
      uint32_t* const flags[] = {&read.input, &read.output, &read.control, &read.local};
      if (i < kFlags) {
        *flags[i] = value;
      } else if (i < kFlags + sizeof(now_.characters)) {
        if (value > kMostByte) return false;
        read.characters[i - kFlags] = static_cast<uint8_t>(value);
      } else {
        (is_last ? read.output_speed : read.input_speed) = value;
      }
    }
    now_ = read;
    return true;
  }

  // ------------------------------------------------------------------------------------- setting

  // Sets or takes back the flag or the choice `name`.
  void Set(StringView name, bool reverse = false) {
    for (const Mode& mode : kModes) {
      if (name == StringView(&mode.name[0])) SetMode(mode, reverse);
    }
  }
  void SetMode(const Mode& mode, bool reverse) {
    uint32_t& flags = FlagsOf(mode.group);
    // The name of the opposite.
    if (StringView(&mode.name[0]) == "decctlq") reverse = !reverse;
    flags &= ~(mode.mask | mode.bits);
    if (!reverse) flags |= mode.bits;
  }
  // A list of names, "-" before those that are taken back.
  void SetAll(StringView names) {
    while (!names.empty()) {
      size_t end = names.Find(' ');
      if (end == StringView::kNotFound) end = names.size();
      const StringView name = names.First(end);
      const bool reverse = name[0] == '-';
      Set(reverse ? name.From(1) : name, reverse);
      names = names.From(end == names.size() ? end : end + 1);
    }
  }
  void SetCharacter(StringView name) {
    for (const TerminalCharacter& character : kTerminalCharacters) {
      if (name == StringView(character.name) && character.index != abi::kNoCharacter)
        now_.characters[character.index] = character.sane;
    }
  }

  void Combine(Combination what, bool reverse) {
    constexpr StringView kCooked = "brkint ignpar istrip icrnl ixon opost isig icanon";
    switch (what) {
      case Combination::kEvenParity:
        return SetAll(reverse ? "-parenb cs8" : "parenb -parodd cs7");
      case Combination::kOddParity:
        return SetAll(reverse ? "-parenb cs8" : "parenb parodd cs7");
      case Combination::kNewline:
        return SetAll(reverse ? "icrnl -inlcr -igncr onlcr -ocrnl -onlret" : "-icrnl -onlcr");
      case Combination::kEraseKill:
        SetCharacter("erase");
        return SetCharacter("kill");
      case Combination::kSane:
        return MakeSane(now_);
      case Combination::kCooked:
      case Combination::kRaw:
        if ((what == Combination::kRaw) == reverse) {
          // Where they share their places with min and time.
          if (sys::kTerminal.characters.eof == sys::kTerminal.characters.min) SetCharacter("eof");
          if (sys::kTerminal.characters.eol == sys::kTerminal.characters.time) SetCharacter("eol");
          return SetAll(kCooked);
        }
        now_.input = 0;
        SetAll("-opost -isig -icanon -xcase");
        now_.characters[sys::kTerminal.characters.min] = 1;
        now_.characters[sys::kTerminal.characters.time] = 0;
        return;
      case Combination::kPass8:
        return SetAll(reverse ? "parenb istrip cs7" : "-parenb -istrip cs8");
      case Combination::kLitout:
        return SetAll(reverse ? "parenb istrip opost cs7" : "-parenb -istrip -opost cs8");
      case Combination::kCbreak:
        return SetAll(reverse ? "icanon" : "-icanon");
      case Combination::kCrt:
        return SetAll("echoe echoctl echoke");
      case Combination::kDec:
        SetCharacter("intr");
        SetCharacter("erase");
        SetCharacter("kill");
        return SetAll("echoe echoctl echoke -ixany");
      case Combination::kLcase:
        return SetAll(reverse ? "-xcase -iuclc -olcuc" : "xcase iuclc olcuc");
      case Combination::kTabs:
        return SetAll(reverse ? StringView("tab3") : "tab0");
    }
  }

  bool Invalid(StringView setting) {
    (void)UsageError(context_, kCommand, setting, "invalid argument");
    return false;
  }

  bool NumberArgument(StringView text, uint64_t most, uint64_t* number) {
    const Result<uint64_t> parsed = ParseCNumber(text);
    if (!parsed.ok() && !(parsed.error() == abi::kERANGE)) {
      Report(context_, text, "invalid integer argument");
      return false;
    }
    if (!parsed.ok() || parsed.value() > most) {
      Report(context_, text, "invalid integer argument: Numerical result out of range");
      return false;
    }
    *number = parsed.value();
    return true;
  }

  bool CharacterArgument(StringView text, uint8_t* byte) {
    if (text.size() <= 1) {
      *byte = text.empty() ? uint8_t{0} : static_cast<uint8_t>(text[0]);
      return true;
    }
    if (text == "^-" || text == "undef") {
      *byte = 0;
      return true;
    }
    if (text[0] == '^' && text.size() == 2) {
      *byte = text[1] == '?' ? uint8_t{0x7f} : static_cast<uint8_t>(text[1] & 0x1f);
      return true;
    }
    uint64_t number = 0;
    if (!NumberArgument(text, kMostByte, &number)) return false;
    *byte = static_cast<uint8_t>(number);
    return true;
  }

  static bool SpeedArgument(StringView text, uint32_t* speed) {
    if (text == "exta") text = "19200";
    if (text == "extb") text = "38400";
    if (text == "134.5") text = "134";
    const Result<uint64_t> number = ParseNumber(text);
    if (!number.ok()) return false;
    for (const uint32_t known : sys::kTerminalSpeeds) {
      if (known != number.value()) continue;
      *speed = known;
      return true;
    }
    return false;
  }

  bool ChangeSize(bool rows, uint64_t number) {
    if (checking_) return true;
    Result<sys::TerminalSize> size = sys::SizeOf(descriptor_);
    if (size.ok()) {
      (rows ? size.value().rows : size.value().columns) = static_cast<unsigned>(number);
      const Result<void> set = sys::SetSize(descriptor_, size.value());
      if (set.ok()) return true;
      size = set.error();
    }
    Report(context_, name_, size.error());
    return false;
  }

  bool ShowSize() {
    if (checking_) return true;
    const Result<sys::TerminalSize> size = sys::SizeOf(descriptor_);
    if (!size.ok()) {
      Report(context_, name_, size.error());
      return false;
    }
    out_.Write(Digits(size.value().rows));
    out_.Write(' ');
    out_.Write(Digits(size.value().columns));
    out_.Write('\n');
    return true;
  }

  // One that is a word of its own. Returns false when there is none of that name.
  bool ApplyName(StringView setting) {
    const bool reverse = setting.StartsWith("-");
    const StringView name = reverse ? setting.From(1) : setting;
    if (name == "drain") {
      when_ = reverse ? sys::ApplySettings::kNow : sys::ApplySettings::kAfterOutput;
      return true;
    }
    for (const CombinationName& combination : kCombinations) {
      if (!(name == StringView(&combination.name[0]))) continue;
      if (reverse && !combination.may_reverse) return false;
      Combine(combination.what, reverse);
      changed_ = true;
      return true;
    }
    for (const Mode& mode : kModes) {
      if (!(name == StringView(&mode.name[0])) || !mode.IsKnown()) continue;
      if (reverse && (mode.how & stty::kReverse) == 0) return false;
      SetMode(mode, reverse);
      changed_ = true;
      return true;
    }
    uint32_t speed = 0;
    if (SpeedArgument(setting, &speed)) {
      now_.input_speed = now_.output_speed = speed;
    } else if (!Recover(setting)) {
      return false;
    }
    changed_ = true;
    return true;
  }

  // One that `value` belongs to. `*is_one`: there is one of that name.
  bool ApplyWithValue(StringView name, const char* value, bool* is_one) {
    uint8_t* character = nullptr;
    for (const TerminalCharacter& known : kTerminalCharacters) {
      if (known.index != abi::kNoCharacter && name == StringView(known.name))
        character = &now_.characters[known.index];
    }
    // An old name.
    if (name == "flush") character = &now_.characters[sys::kTerminal.characters.discard];
    const bool is_min = name == "min";
    const bool is_count = is_min || name == "time";
    const bool is_rows = name == "rows";
    const bool is_size = is_rows || name == "cols" || name == "columns";
    const bool is_input = name == "ispeed";
    *is_one = character != nullptr || is_count || is_size || is_input || name == "ospeed";
    if (!*is_one) return true;
    if (value == nullptr) {
      (void)UsageError(context_, kCommand, name, "missing argument");
      return false;
    }
    uint64_t number = 0;
    if (is_size) {
      return NumberArgument(value, kMostSize, &number) && ChangeSize(is_rows, number);
    }
    changed_ = true;
    if (character != nullptr) return CharacterArgument(value, character);
    if (is_count) {
      if (!NumberArgument(value, kMostByte, &number)) return false;
      constexpr auto& kCharacters = sys::kTerminal.characters;
      now_.characters[is_min ? kCharacters.min : kCharacters.time] = static_cast<uint8_t>(number);
      return true;
    }
    uint32_t speed = 0;
    if (!SpeedArgument(value, &speed)) return Invalid(value);
    (is_input ? now_.input_speed : now_.output_speed) = speed;
    return true;
  }

  bool Apply(Span<char*> settings) {
    for (size_t i = 0; i < settings.size(); ++i) {
      const StringView setting = settings[i];
      if (setting == "size") {
        if (!ShowSize()) return false;
        continue;
      }
      if (setting == "speed") {
        if (!checking_) {
          SetWidth();
          ShowSpeed(false);
          EndLine();
        }
        continue;
      }
      bool has_value = false;
      const char* const value = i + 1 < settings.size() ? settings[i + 1] : nullptr;
      if (!ApplyWithValue(setting, value, &has_value)) return false;
      if (has_value) {
        ++i;
      } else if (!ApplyName(setting)) {
        return Invalid(setting);
      }
    }
    return true;
  }

  Context& context_;
  const Options& options_;
  sys::Descriptor descriptor_ = sys::kNone;
  StringView name_;
  Output out_;
  sys::TerminalSettings now_;
  sys::ApplySettings when_ = sys::ApplySettings::kAfterOutput;
  bool checking_ = false;
  bool changed_ = false;
  size_t width_ = 0;
  size_t column_ = 0;
};

// Whether `argument` is an option; others that begin with - are settings. `*takes_next`: so is what
// follows.
bool IsOption(StringView argument, bool* takes_next) {
  *takes_next = false;
  if (argument.size() < 2 || argument[0] != '-') return false;
  if (argument[1] == '-') {
    *takes_next = argument.size() > 2 && StringView("--file").StartsWith(argument);
    return true;
  }
  for (size_t i = 1; i < argument.size(); ++i) {
    if (argument[i] == 'F') {
      *takes_next = i + 1 == argument.size();
      return true;
    }
    if (argument[i] != 'a' && argument[i] != 'g') return false;
  }
  return true;
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  // Options and settings may be mixed, and both begin with -.
  Vector<char*> options_first;
  Vector<char*> settings;
  const Span<char*> arguments = context.arguments;
  bool only_settings = false;
  bool takes_next = false;
  for (char* const argument : arguments) {
    const bool is_taken = Exchange(takes_next, false);
    if (!is_taken && !only_settings && StringView(argument) == "--") {
      only_settings = true;
      continue;
    }
    const bool is_option = is_taken || (!only_settings && IsOption(argument, &takes_next));
    if (!(is_option ? options_first : settings).PushBack(argument).ok()) {
      Report(context, "out of memory");
      return 1;
    }
  }
  context.arguments = options_first.span();
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  if (options.all && options.save) {
    return UsageError(context, kCommand, {nullptr, 0}, "--all and --save exclude each other");
  }
  if ((options.all || options.save) && !settings.empty()) {
    return UsageError(context, kCommand, settings[0], "with --all or --save, nothing can be set");
  }
  const bool is_input = options.device == nullptr;
  Terminal terminal(context, options, is_input ? StringView("standard input") : options.device);
  if (!terminal.Check(settings.span())) return 1;
  if (is_input) return terminal.Run(context.input, settings.span());
  // Not to wait for a carrier.
  const Result<sys::Descriptor> opened =
      sys::Open(sys::At(options.device), sys::kRead | sys::kNonBlocking);
  if (!opened.ok()) {
    Report(context, options.device, opened.error());
    return 1;
  }
  const sys::File device(opened.value());
  return terminal.Run(device.get(), settings.span());
}

}  // namespace cation
