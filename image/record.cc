// SPDX-License-Identifier: MIT
#include "image/record.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "image/resolve.h"
#include "image/sealed_text.h"
#include "image/sha256.h"
#include "image/tree.h"

namespace cation::image {
namespace {

constexpr char kFormat[] = "cation-record";
constexpr int kVersion = 1;
constexpr char kObjects[] = "objects";
constexpr size_t kStampDigits = 4;
constexpr size_t kMaximumLabel = 60;

using Fields = std::vector<std::string>;

absl::Status Wrong(absl::string_view stamp, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("the record ", stamp, ": ", what));
}

Fields StateFields(absl::string_view word, const State& state) {
  if (state.absent) return {std::string(word), "absent"};
  const Attributes& attributes = state.entry.attributes;
  Fields fields = {std::string(word),
                   state.entry.kind == Kind::kDirectory ? "directory"
                   : state.entry.kind == Kind::kLink    ? "link"
                                                        : "file",
                   FormatMode(attributes.mode),
                   absl::StrCat(attributes.uid),
                   absl::StrCat(attributes.gid),
                   absl::StrCat(attributes.mtime),
                   absl::StrCat(attributes.mtime_nanoseconds)};
  if (state.entry.kind == Kind::kLink) fields.push_back(state.entry.target);
  if (state.entry.kind == Kind::kFile) {
    fields.push_back(absl::StrCat(state.entry.size));
    fields.push_back(state.sha256);
  }
  return fields;
}

absl::StatusOr<State> ParseState(const Fields& fields, absl::string_view word) {
  absl::Status wrong = absl::InvalidArgumentError("a state that cannot be read");
  if (fields.size() < 2 || fields[0] != word) return wrong;
  State state;
  if (fields[1] == "absent") return fields.size() == 2 ? absl::StatusOr<State>(state) : wrong;
  state.absent = false;
  size_t count = 7;
  if (fields[1] == "directory") {
    state.entry.kind = Kind::kDirectory;
  } else if (fields[1] == "link") {
    state.entry.kind = Kind::kLink;
    count = 8;
  } else if (fields[1] == "file") {
    state.entry.kind = Kind::kFile;
    count = 9;
  } else {
    return wrong;
  }
  if (fields.size() != count) return wrong;
  constexpr uint64_t kWord = std::numeric_limits<uint32_t>::max();
  const absl::StatusOr<uint32_t> mode = ParseMode(fields[2]);
  const absl::StatusOr<uint64_t> uid = ParseNumber(fields[3], kWord);
  const absl::StatusOr<uint64_t> gid = ParseNumber(fields[4], kWord);
  const absl::StatusOr<uint64_t> nanoseconds = ParseNumber(fields[6], 999'999'999);
  Attributes& attributes = state.entry.attributes;
  if (!mode.ok() || !uid.ok() || !gid.ok() || !nanoseconds.ok() ||
      !absl::SimpleAtoi(fields[5], &attributes.mtime) ||
      absl::StrCat(attributes.mtime) != fields[5]) {
    return wrong;
  }
  attributes.mode = *mode;
  attributes.uid = static_cast<uint32_t>(*uid);
  attributes.gid = static_cast<uint32_t>(*gid);
  attributes.mtime_nanoseconds = static_cast<uint32_t>(*nanoseconds);
  if (state.entry.kind == Kind::kLink) {
    state.entry.target = fields[7];
    if (state.entry.target.empty()) return wrong;
  }
  if (state.entry.kind == Kind::kFile) {
    const absl::StatusOr<uint64_t> size =
        ParseNumber(fields[7], std::numeric_limits<int64_t>::max());
    if (!size.ok() || !IsSha256(fields[8])) return wrong;
    state.entry.size = *size;
    state.sha256 = fields[8];
  }
  return state;
}

}  // namespace

bool IsEmptyFile(const State& state) {
  return !state.absent && state.entry.kind == Kind::kFile && state.entry.size == 0;
}

bool SameState(const State& a, const State& b) {
  if (a.absent || b.absent) return a.absent == b.absent;
  if (a.entry.kind != b.entry.kind) return false;
  switch (a.entry.kind) {
    case Kind::kLink:
      return a.entry.target == b.entry.target;
    case Kind::kFile:
      return a.sha256 == b.sha256 && a.entry.attributes.mode == b.entry.attributes.mode;
    case Kind::kDirectory:
      return a.entry.attributes.mode == b.entry.attributes.mode;
    case Kind::kOther:
      return false;
  }
  return false;
}

std::string DescribeState(const State& state) {
  if (state.absent) return "nothing";
  switch (state.entry.kind) {
    case Kind::kLink:
      return absl::StrCat("a link to ", state.entry.target);
    case Kind::kFile:
      return absl::StrFormat("a file of %d bytes, mode %04o", state.entry.size,
                             state.entry.attributes.mode);
    case Kind::kDirectory:
      return absl::StrFormat("a directory, mode %04o", state.entry.attributes.mode);
    case Kind::kOther:
      break;
  }
  return "a special file";
}

std::string SerializeRecord(const Record& record) {
  SealedWriter writer(kFormat, kVersion);
  writer.AddLine({"action", record.action});
  writer.AddLine({"what", record.what});
  for (const RecordedPath& path : record.paths) {
    writer.AddLine({"path", path.path});
    writer.AddLine(StateFields("before", path.before));
    writer.AddLine(StateFields("after", path.after));
  }
  return std::move(writer).Seal();
}

absl::StatusOr<Record> ParseRecord(absl::string_view text, absl::string_view stamp) {
  const absl::StatusOr<std::vector<Fields>> read =
      ReadSealed(text, kFormat, kVersion, absl::StrCat("the record ", stamp));
  if (!read.ok()) return read.status();
  const std::vector<Fields>& lines = *read;
  Record record;
  record.stamp = std::string(stamp);
  if (lines.size() < 2 || lines.size() % 3 != 2 || lines[0].size() != 2 ||
      lines[0][0] != "action" || lines[1].size() != 2 || lines[1][0] != "what") {
    return Wrong(stamp, "lines are missing");
  }
  record.action = lines[0][1];
  record.what = lines[1][1];
  if (record.action != kInstall && record.action != kStamp && record.action != kRepair) {
    return Wrong(stamp, "an action that this version does not know");
  }
  for (size_t i = 2; i != lines.size(); i += 3) {
    RecordedPath path;
    if (lines[i].size() != 2 || lines[i][0] != "path") return Wrong(stamp, "a path is missing");
    path.path = lines[i][1];
    if (path.path.empty() || !IsCanonical(path.path)) {
      return Wrong(stamp, "a path that is not relative to the root and without . and ..");
    }
    if (!record.paths.empty() && record.paths.back().path >= path.path) {
      return Wrong(stamp, "paths out of order");
    }
    absl::StatusOr<State> before = ParseState(lines[i + 1], "before");
    absl::StatusOr<State> after = ParseState(lines[i + 2], "after");
    if (!before.ok() || !after.ok()) return Wrong(stamp, "a state that cannot be read");
    path.before = *std::move(before);
    path.after = *std::move(after);
    record.paths.push_back(std::move(path));
  }
  return record;
}

uint64_t StampNumber(absl::string_view stamp) {
  const size_t dash = stamp.find('-');
  if (dash == absl::string_view::npos || dash < kStampDigits) return 0;
  const absl::string_view digits = stamp.substr(0, dash);
  uint32_t number = 0;
  if (digits.find_first_not_of("0123456789") != absl::string_view::npos ||
      !absl::SimpleAtoi(digits, &number)) {
    return 0;
  }
  return number;
}

std::string MakeStamp(uint64_t number, absl::string_view label) {
  std::string stamp = absl::StrFormat("%04d-", number);
  for (const char c : label.substr(0, kMaximumLabel)) {
    stamp.push_back(
        absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' ? c : '_');
  }
  return stamp;
}

absl::StatusOr<State> ReadState(Tree& tree, const std::string& path) {
  State state;
  absl::StatusOr<Entry> entry = tree.Look(path);
  if (absl::IsNotFound(entry.status())) return state;
  if (!entry.ok()) return entry.status();
  if (entry->kind == Kind::kOther) {
    return absl::FailedPreconditionError(
        absl::StrCat("/", path, " is a device or another special file; take it away first"));
  }
  state.absent = false;
  state.entry = *std::move(entry);
  if (state.entry.kind == Kind::kFile) {
    const absl::StatusOr<std::string> content = tree.Read(path);
    if (!content.ok()) return content.status();
    state.entry.size = content->size();
    state.sha256 = Sha256(*content);
  }
  return state;
}

StateFolders::StateFolders(absl::string_view state)
    : state(state),
      manifest(JoinPath(state, "manifest")),
      backup(JoinPath(state, "backup")),
      objects(JoinPath(backup, kObjects)) {}

std::string StateFolders::Object(absl::string_view sha256) const {
  return JoinPath(objects, sha256);
}
std::string StateFolders::RecordFolder(absl::string_view stamp) const {
  return JoinPath(backup, stamp);
}
std::string StateFolders::RecordFile(absl::string_view stamp) const {
  return JoinPath(RecordFolder(stamp), "record");
}

absl::StatusOr<std::string> ReadBackup(Tree& tree, const StateFolders& folders,
                                       const std::string& sha256) {
  absl::StatusOr<std::string> content = tree.Read(folders.Object(sha256));
  if (absl::IsNotFound(content.status())) {
    return absl::DataLossError(
        absl::StrCat("the backup /", folders.Object(sha256), " is missing: cannot go back"));
  }
  if (content.ok() && Sha256(*content) != sha256) {
    return absl::DataLossError(
        absl::StrCat("the backup /", folders.Object(sha256), " is damaged: cannot go back"));
  }
  return content;
}

absl::StatusOr<std::vector<Record>> ReadRecords(Tree& tree, const StateFolders& folders) {
  std::vector<Record> records;
  absl::StatusOr<std::vector<std::string>> stamps = tree.List(folders.backup);
  if (absl::IsNotFound(stamps.status())) return records;
  if (!stamps.ok()) return stamps.status();
  for (const std::string& stamp : *stamps) {
    if (stamp == kObjects) continue;
    if (StampNumber(stamp) == 0) {
      return absl::FailedPreconditionError(absl::StrCat(
          "/", folders.backup, "/", stamp, " is nothing of Cation's; take it away first"));
    }
    const absl::StatusOr<std::string> text = tree.Read(folders.RecordFile(stamp));
    if (!text.ok()) return text.status();
    absl::StatusOr<Record> record = ParseRecord(*text, stamp);
    if (!record.ok()) return record.status();
    records.push_back(*std::move(record));
  }
  std::sort(records.begin(), records.end(), [](const Record& a, const Record& b) {
    return StampNumber(a.stamp) < StampNumber(b.stamp);
  });
  return records;
}

}  // namespace cation::image
