// SPDX-License-Identifier: MIT
#include "image/manifest.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "image/resolve.h"
#include "image/sealed_text.h"
#include "image/sha256.h"
#include "image/tree.h"

namespace cation::image {
namespace {

constexpr char kFormat[] = "cation-manifest";
constexpr int kVersion = 1;
constexpr char kWhat[] = "the manifest";

using Fields = std::vector<std::string>;

absl::Status Wrong(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(kWhat, ": ", what));
}

absl::StatusOr<ManifestEntry> ParseEntry(const Fields& fields) {
  const std::string& word = fields[0];
  ManifestEntry entry;
  if (word == "directory" && fields.size() == 3) {
    entry.kind = Kind::kDirectory;
  } else if ((word == "file" || word == "config") && fields.size() == 5) {
    entry.config = word == "config";
  } else if ((word == "link" || word == "alias") && fields.size() == 3) {
    entry.kind = Kind::kLink;
    entry.optional = word == "alias";
  } else {
    return Wrong(absl::StrCat("a line that is none of a manifest: ", EscapeField(word)));
  }
  if (entry.kind == Kind::kLink) {
    entry.path = fields[1];
    entry.target = fields[2];
    entry.mode = 0777;
    if (entry.target.empty() || entry.target.find('\0') != std::string::npos) {
      return Wrong("a link without a target");
    }
  } else {
    const absl::StatusOr<uint32_t> mode = ParseMode(fields[1]);
    if (!mode.ok()) return Wrong(mode.status().message());
    entry.mode = *mode;
    entry.path = fields.back();
  }
  if (entry.kind == Kind::kFile) {
    const absl::StatusOr<uint64_t> size =
        ParseNumber(fields[2], std::numeric_limits<int64_t>::max());
    if (!size.ok()) return Wrong(size.status().message());
    entry.size = *size;
    entry.sha256 = fields[3];
    if (!IsSha256(entry.sha256)) return Wrong("a digest that is no SHA-256");
  }
  if (entry.path.empty() || !IsCanonical(entry.path)) {
    return Wrong(absl::StrCat("the path ", EscapeField(entry.path),
                              " is not relative to the root and without . and .."));
  }
  if (entry.path == kStateFolder || absl::StartsWith(entry.path, absl::StrCat(kStateFolder, "/"))) {
    return Wrong(absl::StrCat("the path ", EscapeField(entry.path), " is the installer's own"));
  }
  return entry;
}

// "unknown": the build knew none.
bool IsDate(const std::string& text) {
  if (text == "unknown") return true;
  absl::CivilDay day;
  return text.size() == 10 && absl::ParseCivilTime(text, &day) &&
         absl::FormatCivilTime(day) == text;
}

}  // namespace

std::string SerializeManifest(const Manifest& manifest) {
  SealedWriter writer(kFormat, kVersion);
  writer.AddLine({"version", manifest.version});
  writer.AddLine({"commit", manifest.commit});
  writer.AddLine({"date", manifest.date});
  writer.AddLine({"architecture", manifest.architecture});
  writer.AddLine({"libc", manifest.libc});
  for (const ManifestEntry& entry : manifest.entries) {
    switch (entry.kind) {
      case Kind::kDirectory:
        writer.AddLine({"directory", FormatMode(entry.mode), entry.path});
        break;
      case Kind::kLink:
        writer.AddLine({entry.optional ? "alias" : "link", entry.path, entry.target});
        break;
      case Kind::kFile:
      case Kind::kOther:
        writer.AddLine({entry.config ? "config" : "file", FormatMode(entry.mode),
                        absl::StrCat(entry.size), entry.sha256, entry.path});
        break;
    }
  }
  for (const ManifestEntry& entry : manifest.entries) {
    if (!entry.program.empty()) writer.AddLine({"program", entry.path, entry.program});
  }
  return std::move(writer).Seal();
}

absl::StatusOr<Manifest> ParseManifest(absl::string_view text) {
  const absl::StatusOr<std::vector<Fields>> lines = ReadSealed(text, kFormat, kVersion, kWhat);
  if (!lines.ok()) return lines.status();

  Manifest manifest;
  const std::pair<absl::string_view, std::string*> heads[] = {
      {"version", &manifest.version}, {"commit", &manifest.commit},
      {"date", &manifest.date},       {"architecture", &manifest.architecture},
      {"libc", &manifest.libc},
  };
  size_t next = 0;
  for (const auto& [word, value] : heads) {
    if (next == lines->size() || (*lines)[next].size() != 2 || (*lines)[next][0] != word) {
      return Wrong(absl::StrCat("the line '", word, "' is not where it belongs"));
    }
    *value = (*lines)[next++][1];
  }
  if (!IsDate(manifest.date)) return Wrong("the date is not YYYY-MM-DD");

  std::set<std::string> others;
  for (; next != lines->size() && (*lines)[next][0] != "program"; ++next) {
    absl::StatusOr<ManifestEntry> entry = ParseEntry((*lines)[next]);
    if (!entry.ok()) return entry.status();
    if (!manifest.entries.empty() && manifest.entries.back().path >= entry->path) {
      return Wrong(
          absl::StrCat(EscapeField(entry->path), " is not in its place, or is there twice"));
    }
    for (absl::string_view above = ParentOf(entry->path); !above.empty(); above = ParentOf(above)) {
      if (others.count(std::string(above)) != 0) {
        return Wrong(
            absl::StrCat(EscapeField(entry->path), " is below something that is no directory"));
      }
    }
    if (entry->kind != Kind::kDirectory) others.insert(entry->path);
    manifest.entries.push_back(*std::move(entry));
  }
  auto file = manifest.entries.begin();
  for (; next != lines->size(); ++next) {
    const Fields& fields = (*lines)[next];
    if (fields[0] != "program" || fields.size() != 3 || fields[2].empty()) {
      return Wrong("a line that is none of a manifest after the programs");
    }
    while (file != manifest.entries.end() && file->path != fields[1]) ++file;
    if (file == manifest.entries.end() || file->kind != Kind::kFile || !file->program.empty()) {
      return Wrong(absl::StrCat("the program ", EscapeField(fields[1]), " is no file of it"));
    }
    file->program = fields[2];
  }
  return manifest;
}

int64_t ReleaseTime(const Manifest& manifest) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(manifest.date, &day)) return 0;
  return absl::ToUnixSeconds(absl::FromCivil(day, absl::UTCTimeZone()));
}

std::string DescribeRelease(const Manifest& manifest) {
  return absl::StrCat(manifest.version, " (", manifest.commit, ", ", manifest.date, ", ",
                      manifest.architecture, ", ", manifest.libc, ")");
}

}  // namespace cation::image
