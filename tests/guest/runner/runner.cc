// SPDX-License-Identifier: MIT
//
// The flow: the script, the cases, their folders, what is printed.
#include "tests/guest/runner/runner.h"

#include "coreutils/support/read_file.h"
#include "tests/guest/runner/text.h"

namespace cation::guest {
namespace {

constexpr uint8_t kMany = 255;
constexpr size_t kLongestOutcome = 400;
constexpr size_t kLongestQuote = 120;
constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;

// Appends `bytes` as printable ASCII, cut after so many characters.
void AddPrintable(String& text, StringView bytes, size_t most) {
  const size_t end = text.size() + most;
  for (const char byte : bytes) {
    if (text.size() >= end) {
      AddText(text, "...");
      return;
    }
    const auto code = static_cast<unsigned char>(byte);
    if (byte == '\n') {
      AddText(text, "\\n");
    } else if (byte == '"' || byte == '\\') {
      AddText(text, "\\");
      AddText(text, {&byte, 1});
    } else if (code < 0x20 || code >= 0x7f) {
      AddText(text, "\\x");
      AddText(text, Digits(code, 16, 2));
    } else {
      AddText(text, {&byte, 1});
    }
  }
}

// Appends what is mostly our own words, with names among them.
void AddUnquoted(String& text, StringView words) {
  for (const char byte : words) {
    const auto code = static_cast<unsigned char>(byte);
    if (code < 0x20 || code >= 0x7f) {
      AddPrintable(text, {&byte, 1}, kLongestOutcome);
    } else {
      AddText(text, {&byte, 1});
    }
  }
}

bool IsName(StringView text) {
  for (const char byte : text) {
    if (!((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '.' ||
          byte == '-' || byte == '_' || byte == '[' || byte == '+'))
      return false;
  }
  return !text.empty() && text[0] != '.' && text[0] != '-';
}

bool IsNumber(StringView text, char kind) {
  switch (kind) {
    case 'm':
      if (text == "-") return true;
      [[fallthrough]];
    case 'o':
      return ParseNumber(text, 8).ok();
    case 'd':
      return ParseNumber(text).ok();
    case 'x':
      return ParseNumber(text, 16).ok();
    default:
      return true;
  }
}

}  // namespace

constexpr Runner::Verb Runner::kVerbs[] = {
    {"case", 2, 2, nullptr, "-d", true},
    {"set", 2, 2, &Runner::Set, "", true},
    {"unset", 1, 1, &Runner::Unset},
    {"needs", 1, 1, &Runner::NeedsPath},
    {"needs-program", 1, 1, &Runner::NeedsProgram},
    {"needs-data", 3, 3, &Runner::NeedsData, "-dd"},
    {"needs-feature", 1, 1, &Runner::NeedsFeature},
    {"work", 1, 1, &Runner::WorkIn},
    {"mark", 1, 1, &Runner::Mark},
    {"directory", 2, 2, &Runner::MakeDirectory, "-o"},
    {"file", 3, 3, &Runner::MakeFile, "-o"},
    {"data", 4, 4, &Runner::MakeData, "-odd"},
    {"link", 2, 2, &Runner::MakeLink},
    {"hard-link", 2, 2, &Runner::MakeHardLink},
    {"fifo", 2, 2, &Runner::MakeFifo, "-o"},
    {"modified", 3, 3, &Runner::SetModified, "-dd"},
    {"mode", 2, 2, &Runner::SetMode, "-o"},
    {"rename", 2, 2, &Runner::Rename},
    {"remove", 1, 1, &Runner::Remove},
    {"umask", 1, 1, &Runner::SetUmask, "o"},
    {"input", 1, 1, &Runner::Input},
    {"input-from", 1, 1, &Runner::InputFrom},
    {"output-to", 1, 1, &Runner::OutputTo},
    {"append-to", 1, 1, &Runner::AppendTo},
    {"run", 1, kMany, &Runner::RunPrograms},
    {"start-time", 3, kMany, &Runner::StartTime, "-d"},
    {"status", 1, 1, &Runner::Status, "d"},
    {"signal", 1, 1, &Runner::Signal, "d"},
    {"output", 1, 1, &Runner::Output},
    {"errors", 1, 1, &Runner::Errors},
    {"output-crc", 2, 2, &Runner::OutputCrc, "dx"},
    {"output-data", 2, 2, &Runner::OutputData, "dd"},
    {"output-lines", 1, 1, &Runner::OutputLines},
    {"output-like", 1, 1, &Runner::OutputLike},
    {"output-has", 1, 1, &Runner::OutputHas},
    {"errors-have", 1, 1, &Runner::ErrorsHave},
    {"complaints", 1, 1, &Runner::Complaints},
    {"reasons", 0, kMany, &Runner::Reasons},
    {"file-is", 3, 3, &Runner::FileIs, "-m"},
    {"data-is", 4, 4, &Runner::DataIs, "-mdd"},
    {"crc-is", 4, 4, &Runner::CrcIs, "-mdx"},
    {"directory-is", 2, 2, &Runner::DirectoryIs, "-m"},
    {"link-is", 2, 2, &Runner::LinkIs},
    {"fifo-is", 2, 2, &Runner::FifoIs, "-m"},
    {"absent", 1, 1, &Runner::Absent},
    {"entries", 1, kMany, &Runner::Entries},
    {"modified-is", 3, 3, &Runner::ModifiedIs, "-dd"},
    {"same-file", 2, 2, &Runner::SameFile},
    {"other-file", 2, 2, &Runner::OtherFile},
    {"one-of", 3, kMany, &Runner::OneOf, "-(dd)"},
    {"prefix-of-one", 3, kMany, &Runner::PrefixOfOne, "-(dd)"},
    {"whole-or-prefix", 3, kMany, &Runner::WholeOrPrefix, "-(dd)"},
};

const Runner::Verb* Runner::FindVerb(StringView name) {
  for (const Verb& verb : kVerbs) {
    if (verb.name == name) return &verb;
  }
  return nullptr;
}

// ---------------------------------------------------------------------------------------- outcomes
bool Runner::Fail(Span<const StringView> parts) {
  // What the first step that failed says is what counts.
  if (!outcome_.empty()) return false;
  AddText(outcome_, "line ");
  AddText(outcome_, Digits(line_));
  AddText(outcome_, ": ");
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i % 2 == 0) {
      AddUnquoted(outcome_, parts[i]);
    } else {
      AddText(outcome_, "\"");
      AddPrintable(outcome_, parts[i], kLongestQuote);
      AddText(outcome_, "\"");
    }
  }
  if (outcome_.size() > kLongestOutcome) outcome_.Truncate(kLongestOutcome);
  return false;
}

bool Runner::Fail(StringView what, Error error) {
  String text;
  AddText(text, what);
  AddText(text, ": ");
  (void)AddErrorMessage(text, error);
  const StringView parts[] = {text.view()};
  return Fail(parts);
}

bool Runner::FailAt(StringView path, StringView what) {
  const StringView parts[] = {"", path, what};
  return Fail(parts);
}

bool Runner::FailAt(StringView path, Error error) {
  String reason;
  (void)AddErrorMessage(reason, error);
  const StringView parts[] = {"", path, ": ", reason.view()};
  return Fail(parts);
}

bool Runner::Skip(StringView why, StringView what) {
  if (!outcome_.empty()) return false;
  AddText(outcome_, why);
  AddPrintable(outcome_, what, kLongestQuote);
  skipped_ = true;
  return false;
}

bool Runner::Differ(StringView what, StringView found, StringView expected) {
  size_t at = 0;
  while (at < found.size() && at < expected.size() && found[at] == expected[at]) ++at;
  // With a little of what is before it.
  constexpr size_t kBefore = 20;
  const size_t start = at > kBefore ? at - kBefore : 0;
  const Digits size(found.size());
  const Digits expected_size(expected.size());
  const Digits place(at);
  String sizes;
  AddTexts(sizes, " (", size.view(), " bytes, not ", expected_size.view(), "; from ", place.view(),
           ")");
  String is;
  AddText(is, what);
  AddText(is, start > 0 ? " is ..." : " is ");
  const StringView parts[] = {is.view(), found.From(start), ", not ", expected.From(start),
                              sizes.view()};
  return Fail(parts);
}

bool Runner::DifferByNumber(StringView what, uint64_t found, uint64_t expected, unsigned base) {
  String text;
  AddTexts(text, what, " is ", Digits(found, base).view(), ", not ", Digits(expected, base).view());
  const StringView parts[] = {text.view()};
  return Fail(parts);
}

// -------------------------------------------------------------------------------------- the script
void Runner::Print(StringView what, StringView name, StringView rest) {
  String line;
  // Whatever stands on the line already, a prompt or half a message, is not in front of the marker.
  AddTexts(line, "\n=== ", what, " ", name, rest, "\n");
  (void)sys::WriteAll(places_.console, line.view());
}

bool Runner::Check(Span<const Step> steps, size_t* cases, String& problem) {
  const auto wrong = [&](const Step& step, StringView what) {
    AddTexts(problem, "line ", Digits(step.line).view(), ": ");
    AddPrintable(problem, step.words[0].text, kLongestQuote);
    AddText(problem, what);
    return false;
  };
  *cases = 0;
  for (const Step& step : steps) {
    const Verb* const verb = FindVerb(step.words[0].text);
    if (verb == nullptr) return wrong(step, " is no step");
    const Words words = step.words.From(1);
    if (words.size() < verb->least || (verb->most != kMany && words.size() > verb->most))
      return wrong(step, ": too few or too many words");
    if (!verb->everywhere && *cases == 0) return wrong(step, " stands before the first case");
    const StringView numbers = verb->numbers;
    const size_t repeat = numbers.Find('(');
    for (size_t i = 0; i < words.size(); ++i) {
      char kind = '-';
      if (repeat != StringView::kNotFound && i >= repeat) {
        // Between the brackets.
        const size_t length = numbers.size() - repeat - 2;
        kind = numbers[repeat + 1 + (i - repeat) % length];
        if ((words.size() - repeat) % length != 0)
          return wrong(step, ": too few or too many words");
      } else if (i < numbers.size()) {
        kind = numbers[i];
      }
      if (!IsNumber(words[i].text, kind)) return wrong(step, ": a word that has to be a number");
    }
    if (verb->work == nullptr) {
      ++*cases;
      if (!IsName(words[0].text)) return wrong(step, ": that is no name for a case");
    }
  }
  return true;
}

Result<void> Runner::AppendCasePath(String& path) {
  CATION_TRY(path.Append(places_.work));
  return AppendPathComponent(path, name_);
}

Result<sys::File> Runner::MakeScratch(StringView name) {
  CATION_TRY_ASSIGN(String path, String::From(places_.work));
  CATION_TRY(AppendPathComponent(path, name));
  CATION_TRY_ASSIGN(const sys::Descriptor opened,
                    sys::Open(sys::At(path.c_str()),
                              sys::kRead | sys::kWrite | sys::kCreate | sys::kTruncate, 0600));
  return sys::File(opened);
}

Result<void> Runner::Prepare() {
  constexpr size_t kBufferSize = size_t{128} * 1024;
  CATION_TRY(buffer_.Resize(kBufferSize));
  CATION_TRY(expected_.Resize(kBufferSize));
  // Each part of the path.
  CATION_TRY_ASSIGN(String path, String::From(places_.work));
  for (size_t i = 1; i <= path.size(); ++i) {
    if (i < path.size() && path.data()[i] != '/') continue;
    const char end = Exchange(path.data()[i], '\0');
    const Result<void> made = sys::MakeDirectory(sys::At(path.c_str()), 0755);
    path.data()[i] = end;
    if (made.ok() || made.error() == abi::kEEXIST) continue;
    // Some file systems look whether they may be written to before they look what is there.
    const Result<sys::FileStatus> status = sys::StatusAt(sys::At(path.c_str()), sys::Follow::kYes);
    if (i == path.size() && (!status.ok() || !status.value().IsDirectory())) return made.error();
  }
  // They stay open: a case may remove the folder that they are in.
  CATION_TRY_ASSIGN(input_file_, MakeScratch("input"));
  CATION_TRY_ASSIGN(output_file_, MakeScratch("output"));
  CATION_TRY_ASSIGN(errors_file_, MakeScratch("errors"));
  return {};
}

void Runner::BeginCase(Words words) {
  EndCase();
  name_ = words[0].text;
  in_case_ = true;
  over_ = skipped_ = has_run_ = output_kept_ = false;
  outcome_.Truncate(0);
  umask_ = 022;
  given_input_ = sys::File();
  given_output_ = sys::File();
  Print("RUN", name_);
  started_ = sys::MonotonicTime();
  deadline_ = started_;
  deadline_.seconds += static_cast<int64_t>(ParseNumber(words[1].text).value());

  String path;
  Result<void> made = AppendCasePath(path);
  if (made.ok()) made = RemoveTree(path.c_str());
  // A case may have removed the folder that this one is in.
  if (made.ok()) {
    made = sys::MakeDirectory(sys::At(path.c_str()), 0755);
    if (!made.ok() && made.error() == abi::kENOENT) {
      made = Prepare();
      if (made.ok()) made = sys::MakeDirectory(sys::At(path.c_str()), 0755);
    }
  }
  if (made.ok()) made = sys::ChangeDirectory(path.c_str());
  if (!made.ok()) {
    (void)FailAt(path.view(), made.error());
    over_ = true;
  }
}

void Runner::EndCase() {
  if (!in_case_) return;
  in_case_ = false;
  // Before its time is taken nothing more is done; afterwards its folder goes.
  const sys::TimePoint now = sys::MonotonicTime();
  given_input_ = sys::File();
  given_output_ = sys::File();
  while (variables_.size() > common_variables_) variables_.PopBack();
  String path;
  Result<void> removed = sys::ChangeDirectory("/");
  if (removed.ok()) removed = AppendCasePath(path);
  if (removed.ok()) removed = RemoveTree(path.c_str());
  if (!removed.ok() && outcome_.empty()) (void)FailAt(path.view(), removed.error());

  String rest;
  if (outcome_.empty()) {
    const int64_t nanoseconds = (now.seconds - started_.seconds) * kNanosecondsPerSecond +
                                now.nanoseconds - started_.nanoseconds;
    AddTexts(rest, " (", Digits(static_cast<uint64_t>(nanoseconds) / 1'000'000).view(), " ms)");
    Print("PASS", name_, rest.view());
  } else {
    AddText(rest, ": ");
    AddText(rest, outcome_.view());
    Print(skipped_ ? StringView("SKIP") : "FAIL", name_, rest.view());
    if (!skipped_) any_failed_ = true;
  }
  ++results_;
}

void Runner::CarryOut(const Step& step) {
  const Verb& verb = *FindVerb(step.words[0].text);
  const Words words = step.words.From(1);
  line_ = step.line;
  if (verb.work == nullptr) return BeginCase(words);
  if (over_) return;
  if (!(this->*verb.work)(words)) over_ = true;
}

int Runner::Run(const char* path) {
  String text;
  String problem;
  Script script;
  size_t cases = 0;
  // Modes are given in full from here on; programs have the case's umask.
  const sys::Mode mask = sys::SetFileCreationMask(0);
  const auto refuse = [&](StringView where, Error error) {
    if (problem.empty()) {
      AddPrintable(problem, where, kLongestQuote);
      AddText(problem, ": ");
      (void)AddErrorMessage(problem, error);
    }
  };
  if (const Result<void> read = ReadFile(path, text); !read.ok()) {
    refuse(path, read.error());
  } else if (const Result<void> parsed = script.Parse(Move(text), problem); !parsed.ok()) {
    refuse(path, parsed.error());
  } else if (!Check(script.steps(), &cases, problem)) {
    // It has said what is wrong.
  } else if (cases == 0) {
    AddText(problem, "there is no case in it");
  } else if (const Result<void> prepared = Prepare(); !prepared.ok()) {
    refuse(places_.work, prepared.error());
  }
  if (!problem.empty()) {
    String rest;
    AddText(rest, ": ");
    AddText(rest, problem.view());
    Print("FAIL", "script", rest.view());
    Print("DONE", "0");
    (void)sys::SetFileCreationMask(mask);
    return 2;
  }
  Print("BEGIN", Digits(cases));
  for (const Step& step : script.steps()) CarryOut(step);
  EndCase();
  Print("DONE", Digits(results_));
  (void)sys::SetFileCreationMask(mask);
  return any_failed_ ? 1 : 0;
}

// -------------------------------------------------------------------------------------- the ground
bool Runner::Set(Words words) {
  Result<String> variable = String::From(words[0].text);
  if (!variable.ok() || !variable.value().Append('=').ok() ||
      !variable.value().Append(words[1].text).ok() ||
      !variables_.PushBack(Move(variable).value()).ok())
    return Fail("set", Error{abi::kENOMEM});
  if (!in_case_) common_variables_ = variables_.size();
  return true;
}

bool Runner::Unset(Words words) {
  // A variable without '=' takes away what was set under its name before.
  Result<String> variable = String::From(words[0].text);
  if (!variable.ok() || !variables_.PushBack(Move(variable).value()).ok())
    return Fail("unset", Error{abi::kENOMEM});
  return true;
}

bool Runner::NeedsPath(Words words) {
  const StringView path = words[0].text;
  if (sys::StatusAt(sys::At(path.data()), sys::Follow::kYes).ok()) return true;
  return Skip("there is no ", path);
}

bool Runner::NeedsProgram(Words words) {
  const Result<String> path = ProgramPath(words[0]);
  if (!path.ok()) return Fail("needs-program", path.error());
  if (sys::StatusAt(sys::At(path.value().c_str()), sys::Follow::kYes).ok()) return true;
  return Skip("there is no program ", path.value().view());
}

bool Runner::NeedsFeature(Words words) {
  const StringView name = words[0].text;
  bool has = false;
  if (const Result<void> probed = ProbeFeature(name, &has); !probed.ok()) {
    if (probed.error() == abi::kEINVAL) return FailAt(name, " is no feature that is known");
    return FailAt(name, probed.error());
  }
  return has || Skip("the file system here lacks ", name);
}

bool Runner::WorkIn(Words words) {
  const Result<void> changed = sys::ChangeDirectory(words[0].text.data());
  return changed.ok() || FailAt(words[0].text, changed.error());
}

bool Runner::Mark(Words words) {
  String text;
  AddPrintable(text, words[0].text, kLongestOutcome);
  Print("MARK", text.view());
  return true;
}

}  // namespace cation::guest
