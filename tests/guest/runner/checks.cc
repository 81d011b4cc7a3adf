// SPDX-License-Identifier: MIT
//
// Steps that compare: what a run left, and what is there.
#include "coreutils/support/quote.h"
#include "coreutils/support/read_file.h"
#include "runtime/core/sort.h"
#include "tests/guest/runner/data.h"
#include "tests/guest/runner/runner.h"
#include "tests/guest/runner/text.h"

namespace cation::guest {
namespace {

uint64_t NumberOf(const Word& word, unsigned base = 10) {
  return ParseNumber(word.text, base).value();
}

// Calls `work` with each line of `text`, without its end.
template <typename Work>
void ForEachLine(StringView text, Work work) {
  while (!text.empty()) {
    const size_t end = text.Find('\n');
    work(end == StringView::kNotFound ? text : text.First(end));
    text = end == StringView::kNotFound ? StringView() : text.From(end + 1);
  }
}

bool Contains(StringView text, StringView wanted) {
  for (size_t i = 0; i + wanted.size() <= text.size(); ++i) {
    if (text.From(i).StartsWith(wanted)) return true;
  }
  return false;
}

// The words of an error that a message ends in: "" where there are none. Numbers up to here have
// words.
StringView ReasonOf(StringView line) {
  constexpr int kMostErrors = 134;
  // No call to the system fails so: programs have it of their own.
  constexpr StringView kOutOfRange = "Numerical result out of range";
  StringView longest;
  for (int number = 1; number < kMostErrors; ++number) {
    String reason;
    (void)AddErrorMessage(reason, Error{number});
    const StringView words = reason.view();
    if (words.size() <= longest.size() || line.size() < words.size() + 2 || !line.EndsWith(words))
      continue;
    const size_t start = line.size() - words.size();
    if (line.First(start).EndsWith(": ")) longest = line.From(start);
  }
  return longest.empty() && line.EndsWith(kOutOfRange) ? kOutOfRange : longest;
}

// UTF-8 without control characters.
bool CanBeShown(StringView line) {
  while (!line.empty()) {
    uint32_t code_point = 0;
    const size_t length = DecodeUtf8(line, &code_point);
    if (length == 0 || IsControl(code_point)) return false;
    line = line.From(length);
  }
  return true;
}

int CompareViews(const void* a, const void* b, const void*) {
  return Compare(*static_cast<const StringView*>(a), *static_cast<const StringView*>(b));
}

// Its lines, sorted and with their ends, as one text.
Result<void> SortLines(StringView text, String& sorted) {
  Vector<StringView> lines;
  Result<void> added;
  ForEachLine(text, [&](StringView line) {
    if (added.ok()) added = lines.PushBack(line);
  });
  CATION_TRY(added);
  Vector<const void*> pointers;
  for (const StringView& line : lines) CATION_TRY(pointers.PushBack(&line));
  CATION_TRY(SortPointers(pointers.data(), pointers.size(), CompareViews, nullptr));
  for (const void* const line : pointers) {
    CATION_TRY(sorted.Append(*static_cast<const StringView*>(line)));
    CATION_TRY(sorted.Append('\n'));
  }
  return {};
}

// How much of `text` from `at` on a pattern's byte stands for; 0: nothing of it.
size_t MatchSpecial(char special, StringView text, size_t at) {
  constexpr char kBlanks = 1;
  constexpr char kNumber = 2;
  constexpr size_t kLetters = 9;
  size_t end = at;
  if (special == kBlanks || special == kNumber) {
    while (end < text.size() && text[end] == ' ') ++end;
    if (end == at || special == kBlanks) return end - at;
    const size_t digits = end;
    while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == '.')) ++end;
    if (end == digits) return 0;
    // A unit.
    while (end < text.size() && ((text[end] >= 'A' && text[end] <= 'Z') || text[end] == 'k')) ++end;
    return end - at;
  }
  while (end < text.size() && end - at < kLetters &&
         StringView("rwx-").Find(text[end]) != StringView::kNotFound)
    ++end;
  return end - at == kLetters ? kLetters : 0;
}

StringView KindOf(sys::Mode type) {
  switch (type) {
    case sys::kTypeRegular:
      return "a regular file";
    case sys::kTypeDirectory:
      return "a directory";
    case sys::kTypeSymbolicLink:
      return "a symbolic link";
    case sys::kTypeFifo:
      return "a FIFO";
    default:
      return "something else";
  }
}

}  // namespace

// ------------------------------------------------------------------------------ what a run left
bool Runner::NeedsRun() { return has_run_ || Fail("no program has been run", Error{abi::kEINVAL}); }

bool Runner::NeedsOutput() {
  return NeedsRun() && (output_kept_ || Fail("the output was sent elsewhere", Error{abi::kEINVAL}));
}

bool Runner::Captured(const sys::File& file, String& text) {
  const Result<uint64_t> at = sys::SeekTo(file.get(), 0);
  if (!at.ok()) return Fail("what was printed", at.error());
  const Result<void> read = ReadAll(file.get(), text);
  return read.ok() || Fail("what was printed", read.error());
}

bool Runner::Status(Words words) {
  if (!NeedsRun()) return false;
  const uint64_t expected = NumberOf(words[0]);
  if (!termination_.by_signal && static_cast<uint64_t>(termination_.number) == expected)
    return true;
  // What it complained of mostly explains it.
  String errors;
  if (!Captured(errors_file_, errors)) return false;
  String text;
  AddText(text, termination_.by_signal ? "killed by signal " : "status is ");
  AddText(text, Digits(static_cast<uint64_t>(termination_.number)));
  AddText(text, ", not ");
  AddText(text, Digits(expected));
  AddText(text, "; errors ");
  const StringView parts[] = {text.view(), errors.view()};
  return Fail(parts);
}

bool Runner::Signal(Words words) {
  if (!NeedsRun()) return false;
  const uint64_t expected = NumberOf(words[0]);
  if (termination_.by_signal && static_cast<uint64_t>(termination_.number) == expected) return true;
  return DifferByNumber(termination_.by_signal ? "signal" : "no signal; status",
                        static_cast<uint64_t>(termination_.number), expected, 10);
}

bool Runner::Output(Words words) {
  String text;
  if (!NeedsOutput() || !Captured(output_file_, text)) return false;
  return text.view() == words[0].text || Differ("output", text.view(), words[0].text);
}

bool Runner::Errors(Words words) {
  String text;
  if (!NeedsRun() || !Captured(errors_file_, text)) return false;
  return text.view() == words[0].text || Differ("errors", text.view(), words[0].text);
}

bool Runner::OutputCrc(Words words) {
  return NeedsOutput() && CheckCrc("output", output_file_.get(), words[0], words[1]);
}

bool Runner::OutputData(Words words) {
  return NeedsOutput() && CheckData("output", output_file_.get(), words[0], words[1]);
}

bool Runner::OutputLines(Words words) {
  String text;
  if (!NeedsOutput() || !Captured(output_file_, text)) return false;
  String found;
  String expected;
  Result<void> sorted = SortLines(text.view(), found);
  if (sorted.ok()) sorted = SortLines(words[0].text, expected);
  if (!sorted.ok()) return Fail("output", sorted.error());
  return found.view() == expected.view() || Differ("sorted output", found.view(), expected.view());
}

bool Runner::OutputLike(Words words) {
  String text;
  if (!NeedsOutput() || !Captured(output_file_, text)) return false;
  const StringView found = text.view();
  size_t at = 0;
  for (const char byte : words[0].text) {
    const bool special = byte >= 1 && byte <= 3;
    const size_t size = special ? MatchSpecial(byte, found, at)
                                : static_cast<size_t>(at < found.size() && found[at] == byte);
    if (size == 0) {
      const StringView parts[] = {"output is not like ", words[0].text,
                                  " from here on: ", found.From(at)};
      return Fail(parts);
    }
    at += size;
  }
  if (at == found.size()) return true;
  const StringView parts[] = {"output goes on with ", found.From(at)};
  return Fail(parts);
}

bool Runner::HasText(StringView what, const sys::File& file, StringView wanted) {
  String text;
  if (!Captured(file, text)) return false;
  if (Contains(text.view(), wanted)) return true;
  const StringView parts[] = {what, text.view(), " does not have ", wanted};
  return Fail(parts);
}

bool Runner::OutputHas(Words words) {
  return NeedsOutput() && HasText("output ", output_file_, words[0].text);
}

bool Runner::ErrorsHave(Words words) {
  return NeedsRun() && HasText("errors ", errors_file_, words[0].text);
}

bool Runner::Complaints(Words words) {
  String text;
  if (!NeedsRun() || !Captured(errors_file_, text)) return false;
  String prefix;
  String hint;
  AddText(prefix, words[0].text);
  AddText(prefix, ": ");
  AddText(hint, "Try '");
  AddText(hint, words[0].text);
  AddText(hint, " --help'");
  bool fine = !text.empty();
  if (!fine) return Fail("no error was reported", Error{abi::kEINVAL});
  ForEachLine(text.view(), [&](StringView line) {
    if (!fine) return;
    if (!CanBeShown(line)) {
      const StringView parts[] = {"an error line that cannot be shown: ", line};
      fine = Fail(parts);
    } else if (!line.StartsWith(prefix.view()) && !line.StartsWith(hint.view())) {
      const StringView parts[] = {"an error line does not begin with ", prefix.view(), ": ", line};
      fine = Fail(parts);
    }
  });
  return fine;
}

bool Runner::Reasons(Words words) {
  String text;
  if (!NeedsRun() || !Captured(errors_file_, text)) return false;
  Vector<StringView> found;
  Result<void> added;
  ForEachLine(text.view(), [&](StringView line) {
    const StringView reason = line.StartsWith("Try '") ? StringView() : ReasonOf(line);
    if (!reason.empty() && added.ok()) added = found.PushBack(reason);
  });
  if (!added.ok()) return Fail("reasons", added.error());
  for (const Word& word : words) {
    bool has = false;
    for (StringView& reason : found) {
      if (has || !(reason == word.text)) continue;
      has = true;
      reason = {};
    }
    if (has) continue;
    const StringView parts[] = {"no error line ends in ", word.text, ": ", text.view()};
    return Fail(parts);
  }
  for (const StringView reason : found) {
    if (reason.empty()) continue;
    const StringView parts[] = {"one more error line ends in ", reason, ": ", text.view()};
    return Fail(parts);
  }
  return true;
}

// ------------------------------------------------------------------------------------ content
bool Runner::CheckCrc(StringView what, sys::Descriptor file, const Word& size, const Word& crc) {
  const Result<uint64_t> at = sys::SeekTo(file, 0);
  if (!at.ok()) return Fail(what, at.error());
  uint64_t found_size = 0;
  uint32_t found = 0;
  for (;;) {
    const Result<size_t> read = sys::Read(file, {buffer_.data(), buffer_.size()});
    if (!read.ok()) return Fail(what, read.error());
    if (read.value() == 0) break;
    found_size += read.value();
    found = Crc32(found, {buffer_.data(), read.value()});
  }
  String name;
  AddText(name, what);
  if (found_size != NumberOf(size)) {
    AddText(name, ": its size");
    return DifferByNumber(name.view(), found_size, NumberOf(size), 10);
  }
  AddText(name, ": its CRC");
  return found == NumberOf(crc, 16) || DifferByNumber(name.view(), found, NumberOf(crc, 16), 16);
}

Result<bool> Runner::Holds(sys::Descriptor file, uint64_t size, uint64_t seed, bool whole,
                           uint64_t* at) {
  CATION_TRY(sys::SeekTo(file, 0));
  Data data(size, seed);
  *at = 0;
  for (;;) {
    CATION_TRY_ASSIGN(const size_t count, sys::Read(file, {buffer_.data(), buffer_.size()}));
    if (count == 0) return !whole || data.left() == 0;
    const size_t expected = data.Next({expected_.data(), count});
    for (size_t i = 0; i < count; ++i) {
      if (i >= expected || buffer_.data()[i] != expected_.data()[i]) return false;
      ++*at;
    }
  }
}

bool Runner::CheckData(StringView what, sys::Descriptor file, const Word& size, const Word& seed) {
  uint64_t at = 0;
  const Result<bool> holds = Holds(file, NumberOf(size), NumberOf(seed), true, &at);
  if (!holds.ok()) return Fail(what, holds.error());
  if (holds.value()) return true;
  String text;
  AddTexts(text, what, " is not data ", size.text, " ", seed.text, " from byte ", Digits(at).view(),
           " on");
  const StringView parts[] = {text.view()};
  return Fail(parts);
}

// ------------------------------------------------------------------------------ what is there
bool Runner::IsOfType(const Word& path, sys::Mode type, StringView kind, const Word* mode,
                      sys::FileStatus* status) {
  const Result<sys::FileStatus> found = sys::StatusAt(sys::At(path.text.data()), sys::Follow::kNo);
  if (!found.ok()) return FailAt(path.text, found.error());
  if (found.value().type() != type) {
    const StringView parts[] = {"",       path.text, " is ", KindOf(found.value().type()),
                                ", not ", kind};
    return Fail(parts);
  }
  if (status != nullptr) *status = found.value();
  if (mode == nullptr || mode->text == "-") return true;
  const sys::Mode permissions = found.value().mode & sys::kPermissionMask;
  const auto expected = static_cast<sys::Mode>(NumberOf(*mode, 8));
  if (permissions == expected) return true;
  String name;
  AddText(name, "the mode of ");
  AddText(name, path.text);
  return DifferByNumber(name.view(), permissions, expected, 8);
}

bool Runner::OpenRegular(const Word& path, const Word* mode, sys::File& file) {
  if (!IsOfType(path, sys::kTypeRegular, "a regular file", mode)) return false;
  const Result<sys::Descriptor> opened = sys::Open(sys::At(path.text.data()), sys::kRead);
  if (!opened.ok()) return FailAt(path.text, opened.error());
  file = sys::File(opened.value());
  return true;
}

bool Runner::FileIs(Words words) {
  sys::File file;
  String text;
  if (!OpenRegular(words[0], &words[1], file) || !Captured(file, text)) return false;
  return text.view() == words[2].text || Differ(words[0].text, text.view(), words[2].text);
}

bool Runner::DataIs(Words words) {
  sys::File file;
  return OpenRegular(words[0], &words[1], file) &&
         CheckData(words[0].text, file.get(), words[2], words[3]);
}

bool Runner::CrcIs(Words words) {
  sys::File file;
  return OpenRegular(words[0], &words[1], file) &&
         CheckCrc(words[0].text, file.get(), words[2], words[3]);
}

bool Runner::DirectoryIs(Words words) {
  return IsOfType(words[0], sys::kTypeDirectory, "a directory", &words[1]);
}

bool Runner::FifoIs(Words words) { return IsOfType(words[0], sys::kTypeFifo, "a FIFO", &words[1]); }

bool Runner::LinkIs(Words words) {
  if (!IsOfType(words[0], sys::kTypeSymbolicLink, "a symbolic link", nullptr)) return false;
  const Result<size_t> size =
      sys::ReadSymbolicLink(sys::At(words[0].text.data()), {buffer_.data(), buffer_.size()});
  if (!size.ok()) return FailAt(words[0].text, size.error());
  const StringView target(buffer_.data(), size.value());
  return target == words[1].text || Differ(words[0].text, target, words[1].text);
}

bool Runner::Absent(Words words) {
  const Result<sys::FileStatus> status =
      sys::StatusAt(sys::At(words[0].text.data()), sys::Follow::kNo);
  if (!status.ok() && (status.error() == abi::kENOENT || status.error() == abi::kENOTDIR))
    return true;
  if (!status.ok()) return FailAt(words[0].text, status.error());
  return FailAt(words[0].text, " is there");
}

bool Runner::Entries(Words words) {
  const Result<sys::Descriptor> opened =
      sys::Open(sys::At(words[0].text.data()), sys::kRead | sys::kDirectory);
  if (!opened.ok()) return FailAt(words[0].text, opened.error());
  const sys::File directory(opened.value());
  sys::DirectoryReader reader;
  reader.Start(directory.get());
  String names;
  for (;;) {
    const Result<const sys::DirectoryEntry*> entry = reader.Next();
    if (!entry.ok()) return FailAt(words[0].text, entry.error());
    if (entry.value() == nullptr) break;
    AddText(names, entry.value()->name);
    AddText(names, "\n");
  }
  String expected_names;
  for (const Word& word : words.From(1)) {
    AddText(expected_names, word.text);
    AddText(expected_names, "\n");
  }
  String found;
  String expected;
  Result<void> sorted = SortLines(names.view(), found);
  if (sorted.ok()) sorted = SortLines(expected_names.view(), expected);
  if (!sorted.ok()) return FailAt(words[0].text, sorted.error());
  if (found.view() == expected.view()) return true;
  String what;
  AddText(what, "what is in ");
  AddText(what, words[0].text);
  return Differ(what.view(), found.view(), expected.view());
}

bool Runner::ModifiedIs(Words words) {
  const Result<sys::FileStatus> status =
      sys::StatusAt(sys::At(words[0].text.data()), sys::Follow::kNo);
  if (!status.ok()) return FailAt(words[0].text, status.error());
  const sys::TimePoint found = status.value().modification_time;
  String name;
  AddText(name, "the time of ");
  AddText(name, words[0].text);
  if (found.seconds != static_cast<int64_t>(NumberOf(words[1]))) {
    return DifferByNumber(name.view(), static_cast<uint64_t>(found.seconds), NumberOf(words[1]),
                          10);
  }
  const auto nanoseconds = static_cast<uint64_t>(found.nanoseconds);
  if (nanoseconds == NumberOf(words[2])) return true;
  // A file system without them has none at all.
  if (nanoseconds == 0) {
    bool kept = false;
    if (ProbeFeature("nanoseconds", &kept).ok() && !kept) return true;
  }
  AddText(name, ": its nanoseconds");
  return DifferByNumber(name.view(), nanoseconds, NumberOf(words[2]), 10);
}

bool Runner::CheckIdentity(Words words, bool same) {
  sys::Identity identities[2];
  for (size_t i = 0; i < 2; ++i) {
    const Result<sys::FileStatus> status =
        sys::StatusAt(sys::At(words[i].text.data()), sys::Follow::kNo);
    if (!status.ok()) return FailAt(words[i].text, status.error());
    identities[i] = status.value().identity();
  }
  if ((identities[0] == identities[1]) == same) return true;
  const StringView parts[] = {"", words[0].text, " and ", words[1].text,
                              same ? " are two files" : " are one file"};
  return Fail(parts);
}

bool Runner::SameFile(Words words) { return CheckIdentity(words, true); }
bool Runner::OtherFile(Words words) { return CheckIdentity(words, false); }

bool Runner::CheckCandidates(Words words, size_t wholes) {
  sys::File file;
  if (!OpenRegular(words[0], nullptr, file)) return false;
  uint64_t farthest = 0;
  for (size_t i = 1; i + 1 < words.size(); i += 2) {
    uint64_t at = 0;
    const Result<bool> holds =
        Holds(file.get(), NumberOf(words[i]), NumberOf(words[i + 1]), i / 2 < wholes, &at);
    if (!holds.ok()) return FailAt(words[0].text, holds.error());
    if (holds.value()) return true;
    farthest = Max(farthest, at);
  }
  const StringView what = wholes == 0 ? " is the beginning of none of these"
                          : wholes > 1
                              ? " is none of these as a whole"
                              : " is neither the first of these nor the beginning of one more";
  String text;
  AddTexts(text, what, "; the nearest holds for ", Digits(farthest), " bytes");
  return FailAt(words[0].text, text.view());
}

bool Runner::OneOf(Words words) { return CheckCandidates(words, words.size()); }

bool Runner::PrefixOfOne(Words words) {
  const Result<sys::FileStatus> status =
      sys::StatusAt(sys::At(words[0].text.data()), sys::Follow::kNo);
  if (!status.ok() && status.error() == abi::kENOENT) return true;
  return CheckCandidates(words, 0);
}

bool Runner::NeedsData(Words words) {
  const Result<sys::Descriptor> opened = sys::Open(sys::At(words[0].text.data()), sys::kRead);
  Result<bool> holds = false;
  if (opened.ok()) {
    const sys::File file(opened.value());
    uint64_t at = 0;
    holds = Holds(file.get(), NumberOf(words[1]), NumberOf(words[2]), true, &at);
  }
  if (!holds.ok()) return FailAt(words[0].text, holds.error());
  return holds.value() || Skip("it is not there as a whole: ", words[0].text);
}

bool Runner::WholeOrPrefix(Words words) { return CheckCandidates(words, 1); }

}  // namespace cation::guest
