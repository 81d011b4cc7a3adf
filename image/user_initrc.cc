// SPDX-License-Identifier: MIT
#include "image/user_initrc.h"

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "image/resolve.h"
#include "image/tree.h"
#include "shell-ext/support/initrc_text.h"

namespace cation::image {
namespace {

constexpr char kHomes[] = "home";
constexpr char kBelowHome[] = ".config/ion/initrc";

StringView View(absl::string_view text) { return {text.data(), text.size()}; }

std::string String(StringView text) { return {text.data(), text.size()}; }

// What `path` leads to, if that is a file of the tree; "": not so.
absl::StatusOr<std::string> FileAt(Tree& tree, const std::string& path) {
  absl::StatusOr<std::string> resolved = Resolve(tree, path, /*follow_last=*/true);
  if (absl::IsFailedPrecondition(resolved.status()) || absl::IsInvalidArgument(resolved.status())) {
    return std::string();
  }
  if (!resolved.ok()) return resolved.status();
  const absl::StatusOr<Entry> entry = tree.Look(*resolved);
  if (absl::IsNotFound(entry.status())) return std::string();
  if (!entry.ok()) return entry.status();
  return entry->kind == Kind::kFile ? resolved : std::string();
}

}  // namespace

std::string InitrcLineText() {
  return absl::StrCat(kTestWords, kSystemInitrc, kSourceWords, kSystemInitrc);
}

absl::StatusOr<std::vector<std::string>> FindUserInitrcs(Tree& tree) {
  std::vector<std::string> places = {kRootInitrc};
  const absl::StatusOr<std::string> homes = Resolve(tree, kHomes, /*follow_last=*/true);
  if (homes.ok()) {
    const absl::StatusOr<std::vector<std::string>> names = tree.List(*homes);
    if (names.ok()) {
      for (const std::string& name : *names) {
        places.push_back(JoinPath(JoinPath(*homes, name), kBelowHome));
      }
    } else if (!absl::IsNotFound(names.status()) && !absl::IsFailedPrecondition(names.status())) {
      return names.status();
    }
  }
  const absl::StatusOr<std::string> system = FileAt(tree, kSystemInitrc);
  if (!system.ok()) return system.status();
  std::set<std::string> found;
  for (const std::string& place : places) {
    absl::StatusOr<std::string> file = FileAt(tree, place);
    if (!file.ok()) return file.status();
    if (!file->empty() && *file != *system) found.insert(*std::move(file));
  }
  return std::vector<std::string>(found.begin(), found.end());
}

absl::optional<std::string> PutInitrcLineIn(absl::string_view text, std::string& why) {
  why.clear();
  if (SourcesSystemInitrc(text)) return absl::nullopt;
  if (text == kOffInitrc) {
    why = "`shell-ext disable` has made it";
  } else if (absl::StartsWith(text, kUtf8Mark)) {
    why = "it begins with a byte order mark, at which Ion skips it";
  } else if (text.size() > kLargestInitrc || absl::StrContains(text, '\0')) {
    why = "it is no text that somebody wrote";
  }
  if (!why.empty()) return absl::nullopt;
  return absl::StrCat(InitrcLineText(), String(LineEndOf(View(text))), text);
}

absl::optional<std::string> TakeInitrcLineOut(absl::string_view text) {
  std::string rest;
  bool found = false;
  for (InitrcLine line; NextLine(View(text), line);) {
    if (SourcingOf(line.text, kSystemInitrc) == Sourcing::kOurs) {
      found = true;
    } else {
      absl::StrAppend(&rest, text.substr(line.begin, line.end - line.begin));
    }
  }
  if (!found) return absl::nullopt;
  return rest;
}

bool SourcesSystemInitrc(absl::string_view text) {
  return FindSourcing(View(text), kSystemInitrc).sourcing != Sourcing::kNot;
}

}  // namespace cation::image
