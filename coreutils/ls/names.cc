// SPDX-License-Identifier: MIT
#include "coreutils/ls/names.h"

namespace cation::ls {
namespace {

constexpr sys::Mode kExecute = 0111;
constexpr sys::Mode kOthersWrite = 0002;

FileColor ColorOfFile(const Options& options, sys::Mode mode, bool has_links) {
  const auto shows = [&](FileColor color) { return options.colors.Shows(color); };
  if ((mode & sys::kSetUserId) != 0 && shows(FileColor::kSetUser)) return FileColor::kSetUser;
  if ((mode & sys::kSetGroupId) != 0 && shows(FileColor::kSetGroup)) return FileColor::kSetGroup;
  if ((mode & kExecute) != 0 && shows(FileColor::kExecutable)) return FileColor::kExecutable;
  return has_links && shows(FileColor::kMultipleLinks) ? FileColor::kMultipleLinks
                                                       : FileColor::kFile;
}

FileColor ColorOfDirectory(const Options& options, sys::Mode mode) {
  const auto shows = [&](FileColor color) { return options.colors.Shows(color); };
  const bool is_sticky = (mode & sys::kSticky) != 0;
  const bool others_write = (mode & kOthersWrite) != 0;
  if (is_sticky && others_write && shows(FileColor::kStickyOthersWrite)) {
    return FileColor::kStickyOthersWrite;
  }
  if (others_write && shows(FileColor::kOthersWrite)) return FileColor::kOthersWrite;
  return is_sticky && shows(FileColor::kSticky) ? FileColor::kSticky : FileColor::kDirectory;
}

FileColor ColorOfMode(const Options& options, sys::Mode mode, bool has_links) {
  switch (mode & sys::kTypeMask) {
    case sys::kTypeRegular:
      return ColorOfFile(options, mode, has_links);
    case sys::kTypeDirectory:
      return ColorOfDirectory(options, mode);
    case sys::kTypeSymbolicLink:
      return FileColor::kLink;
    case sys::kTypeFifo:
      return FileColor::kFifo;
    case sys::kTypeSocket:
      return FileColor::kSocket;
    case sys::kTypeBlockDevice:
      return FileColor::kBlockDevice;
    case sys::kTypeCharacterDevice:
      return FileColor::kCharacterDevice;
    default:
      return FileColor::kOrphan;
  }
}

}  // namespace

char IndicatorOf(sys::Mode mode, Indicator indicator) {
  if (indicator == Indicator::kNone) return 0;
  const sys::Mode type = mode & sys::kTypeMask;
  if (type == sys::kTypeDirectory) return '/';
  if (indicator == Indicator::kSlash) return 0;
  if (type == sys::kTypeRegular)
    return indicator == Indicator::kClassify && (mode & kExecute) != 0 ? '*' : 0;
  if (type == sys::kTypeSymbolicLink) return '@';
  if (type == sys::kTypeFifo) return '|';
  return type == sys::kTypeSocket ? '=' : 0;
}

StringView ColorOf(const Options& options, const Entry& entry, StringView name, bool is_target) {
  if (!options.has_color) return {nullptr, 0};
  const bool by_target = is_target || (options.colors.links_as_targets() && entry.leads_somewhere);
  const sys::Mode mode = by_target ? entry.target_mode : entry.mode;
  FileColor color = ColorOfMode(options, mode, entry.has_links);
  if (is_target && !entry.leads_somewhere && options.colors.Shows(FileColor::kMissing)) {
    color = FileColor::kMissing;
  }
  if (color == FileColor::kFile) {
    const StringView code = options.colors.CodeOfSuffix(name);
    if (code.data() != nullptr) return code;
  }
  if (color == FileColor::kLink && !entry.leads_somewhere &&
      (options.colors.links_as_targets() || options.colors.Shows(FileColor::kOrphan))) {
    color = FileColor::kOrphan;
  }
  return options.colors[color];
}

Result<size_t> NameWriter::Width(StringView name) {
  CATION_TRY_ASSIGN(const StringView shown, Shown(name, options_.special));
  return WidthOf(shown) + (pads_ && !is_quoted_ ? 1 : 0);
}

Result<size_t> NameWriter::Write(StringView name, StringView color, size_t column, bool may_pad,
                                 StringView url) {
  CATION_TRY_ASSIGN(const StringView shown, Shown(name, options_.special));
  const bool pads = pads_ && !is_quoted_;
  if (pads && may_pad) out_.Write(' ');
  const size_t size = shown.size() + (pads ? 1 : 0);
  if (color.data() != nullptr) {
    // What is on for other text ends before a name's colour.
    if (options_.Shows(FileColor::kNormal)) PutCode("");
    PutCode(color);
  }
  PutText(shown, url, pads_ && !pads);
  if (color.data() == nullptr && !options_.Shows(FileColor::kNormal)) return size;
  PutReset();
  // When the name may have gone over the end of the line, the terminal may have given the new line
  // the name's background.
  const bool wraps =
      options_.width != 0 && column / options_.width != (column + size - 1) / options_.width;
  if (wraps) Put(options_.colors[FileColor::kClear]);
  return size;
}

Result<void> NameWriter::WriteHeader(StringView name, StringView url) {
  CATION_TRY_ASSIGN(const StringView shown, Shown(name, ":"));
  PutText(shown, url, false);
  return {};
}

void NameWriter::Finish() {
  const StringView left = options_.colors[FileColor::kLeft];
  const StringView right = options_.colors[FileColor::kRight];
  if (has_used_color_ && !(left == "\033[" && right == "m")) PutCode("");
}

Result<StringView> NameWriter::Shown(StringView name, StringView special) {
  StringView shown = name;
  is_quoted_ = NeedsQuoting(name, options_.quoting, special);
  if (is_quoted_) {
    shown_.Truncate(0);
    CATION_TRY(AppendInStyle(shown_, name, options_.quoting, special));
    shown = shown_.view();
  }
  const bool marks =
      options_.hide == Hide::kYes &&
      (options_.quoting == QuotingStyle::kLiteral || options_.quoting == QuotingStyle::kShell ||
       options_.quoting == QuotingStyle::kShellAlways);
  if (!marks) return shown;
  marked_.Truncate(0);
  CATION_TRY(AppendWithQuestionMarks(marked_, shown));
  return marked_.view();
}

void NameWriter::Put(StringView code) {
  if (!has_used_color_) {
    // What was on before ls started ends with the first colour.
    has_used_color_ = true;
    PutReset();
  }
  out_.Write(code);
}

void NameWriter::PutCode(StringView code) {
  Put(options_.colors[FileColor::kLeft]);
  Put(code);
  Put(options_.colors[FileColor::kRight]);
}

void NameWriter::PutReset() {
  const StringView end = options_.colors[FileColor::kEnd];
  if (end.data() != nullptr) return Put(end);
  PutCode(options_.colors[FileColor::kReset]);
}

void NameWriter::PutText(StringView shown, StringView url, bool skips_quotes) {
  if (url.empty()) return out_.Write(shown);
  // Quotes stay outside of what can be clicked, so that links line up.
  const size_t quote = skips_quotes && shown.size() > 1 ? 1 : 0;
  out_.Write(shown.First(quote));
  out_.Write("\033]8;;");
  out_.Write(url);
  out_.Write('\a');
  out_.Write(shown.From(quote).First(shown.size() - 2 * quote));
  out_.Write("\033]8;;\a");
  out_.Write(shown.From(shown.size() - quote));
}

}  // namespace cation::ls
