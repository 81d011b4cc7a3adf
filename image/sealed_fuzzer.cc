// SPDX-License-Identifier: MIT
//
// Manifests and records of any bytes: reading them never crashes, and what is read is written again
// as it was. Half of the inputs get the digest that fits, since few would otherwise come past it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "image/manifest.h"
#include "image/record.h"
#include "image/resolve.h"
#include "image/sha256.h"

namespace cation::image {
namespace {

void Require(bool condition) {
  if (!condition) abort();
}

void CheckManifest(const std::string& text) {
  const absl::StatusOr<Manifest> manifest = ParseManifest(text);
  if (!manifest.ok()) return;
  Require(SerializeManifest(*manifest) == text);
  for (const ManifestEntry& entry : manifest->entries) {
    Require(!entry.path.empty() && IsCanonical(entry.path));
    Require(entry.kind != Kind::kFile || IsSha256(entry.sha256));
    Require(entry.kind != Kind::kLink || !entry.target.empty());
  }
}

void CheckRecord(const std::string& text) {
  const absl::StatusOr<Record> record = ParseRecord(text, "0001-x");
  if (!record.ok()) return;
  Require(SerializeRecord(*record) == text);
  for (const RecordedPath& path : record->paths) {
    Require(!path.path.empty() && IsCanonical(path.path));
  }
}

const std::vector<std::string>& Seeds() {
  static const auto* const kSeeds = [] {
    const std::string digest = Sha256("x");
    Manifest manifest{"0.1.0", "0123456789ab", "2026-02-01", "x86_64", "relibc", {}};
    manifest.entries = {
        {.kind = Kind::kFile,
         .config = true,
         .mode = 0644,
         .size = 1,
         .sha256 = digest,
         .path = "etc/cation-release"},
        {.kind = Kind::kDirectory, .mode = 0755, .path = "usr"},
        {.kind = Kind::kFile,
         .mode = 0755,
         .size = 1,
         .sha256 = digest,
         .path = "usr/cat",
         .program = "cat"},
        {.kind = Kind::kLink,
         .optional = true,
         .mode = 0777,
         .path = "usr/simple-cat",
         .target = "cat"},
    };
    State file;
    file.absent = false;
    file.entry = {Kind::kFile, {04755, 1, 2, 1769904000, 5}, 1, ""};
    file.sha256 = digest;
    State link;
    link.absent = false;
    link.entry = {Kind::kLink, {0777, 0, 0, -1, 0}, 0, "a target"};
    State folder;
    folder.absent = false;
    folder.entry = {Kind::kDirectory, {0700, 0, 0, 0, 0}, 0, ""};
    const Record record{
        "0001-x", kInstall, "what", {{"a", file, link}, {"a b", {}, folder}, {"c", link, {}}}};
    return new std::vector<std::string>{SerializeManifest(manifest), SerializeRecord(record)};
  }();
  return *kSeeds;
}

// With the digest of what precedes the last line.
std::string Seal(absl::string_view text) {
  const size_t end = text.size() < 2 ? absl::string_view::npos : text.rfind('\n', text.size() - 2);
  const absl::string_view sealed =
      end == absl::string_view::npos ? absl::string_view() : text.substr(0, end + 1);
  return absl::StrCat(sealed, "sha256 ", Sha256(sealed), "\n");
}

}  // namespace
}  // namespace cation::image

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  std::minstd_rand random(seed);
  const auto& seeds = cation::image::Seeds();
  std::string text(reinterpret_cast<const char*>(data), size);
  if (size < 40 || random() % 4 == 0) text = seeds[random() % seeds.size()];
  if (random() % 3 == 0) {
    std::vector<uint8_t> bytes(text.begin(), text.end());
    bytes.resize(std::max<size_t>(max_size, text.size()));
    const size_t mutated = LLVMFuzzerMutate(bytes.data(), text.size(), bytes.size());
    text.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(mutated));
  } else if (!text.empty()) {
    // A piece of one of the seeds, or a word that matters, in the place of another piece.
    const std::string words[] = {
        "..",     "/",   "%2F", "%00", "%",   "\n",   " ",
        "absent", "007", "-1",  "",    "a/a", "file", "18446744073709551615"};
    const std::string& other = seeds[random() % seeds.size()];
    const std::string piece = random() % 2 == 0
                                  ? words[random() % std::size(words)]
                                  : other.substr(random() % other.size(), random() % 40);
    text.replace(random() % text.size(), random() % 12, piece);
  }
  if (random() % 2 == 0) text = cation::image::Seal(text);
  size = std::min(text.size(), max_size);
  std::copy_n(text.begin(), size, data);
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  cation::image::CheckManifest(text);
  cation::image::CheckRecord(text);
  return 0;
}
