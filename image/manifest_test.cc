// SPDX-License-Identifier: MIT
#include "image/manifest.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "image/sealed_text.h"
#include "image/sha256.h"

namespace cation::image {
namespace {

Manifest Sample() {
  Manifest manifest{"0.1.0", "0123456789ab", "2026-02-01", "x86_64", "relibc", {}};
  manifest.entries = {
      {.kind = Kind::kFile,
       .config = true,
       .mode = 0644,
       .size = 3,
       .sha256 = Sha256("abc"),
       .path = "etc/xdg/ion/initrc"},
      {.kind = Kind::kDirectory, .mode = 0755, .path = "usr"},
      {.kind = Kind::kDirectory, .mode = 0755, .path = "usr/bin"},
      {.kind = Kind::kFile,
       .mode = 0755,
       .size = 3,
       .sha256 = Sha256("abd"),
       .path = "usr/bin/cat",
       .program = "cat"},
      {.kind = Kind::kLink, .mode = 0777, .path = "usr/bin/odd name\n", .target = "a target"},
      {.kind = Kind::kLink,
       .optional = true,
       .mode = 0777,
       .path = "usr/bin/simple-cat",
       .target = "cat"},
  };
  return manifest;
}

TEST(ManifestTest, ComesBack) {
  const std::string text = SerializeManifest(Sample());
  const absl::StatusOr<Manifest> manifest = ParseManifest(text);
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  EXPECT_EQ(SerializeManifest(*manifest), text);
  EXPECT_EQ(manifest->entries[3].program, "cat");
  EXPECT_TRUE(manifest->entries[5].optional);
  EXPECT_TRUE(manifest->entries[0].config);
  EXPECT_EQ(manifest->entries[4].path, "usr/bin/odd name\n");
  EXPECT_EQ(ReleaseTime(*manifest), 1769904000);
}

// `text` is the lines of a manifest; sealed anew, so that only what is said in it can be wrong.
absl::Status ParseLines(const std::vector<std::vector<std::string>>& lines) {
  SealedWriter writer("cation-manifest", 1);
  for (const std::vector<std::string>& line : lines) writer.AddLine(line);
  return ParseManifest(std::move(writer).Seal()).status();
}

class ManifestLinesTest : public testing::Test {
 protected:
  std::vector<std::vector<std::string>> lines_ = {{"version", "1"},
                                                  {"commit", "c"},
                                                  {"date", "2026-02-01"},
                                                  {"architecture", "x86_64"},
                                                  {"libc", "relibc"}};
};

TEST_F(ManifestLinesTest, PathsThatLeadElsewhereAreRefused) {
  EXPECT_TRUE(ParseLines(lines_).ok());
  for (const char* path : {"/etc/passwd", "../x", "a/../../x", "a//b", "", ".", "a/",
                           "usr/lib/cation", "usr/lib/cation/backup/x"}) {
    auto lines = lines_;
    lines.push_back({"link", path, "target"});
    EXPECT_EQ(ParseLines(lines).code(), absl::StatusCode::kInvalidArgument) << path;
  }
}

TEST_F(ManifestLinesTest, EntriesTwiceOutOfOrderOrBelowAFileAreRefused) {
  const std::string digest = Sha256("");
  const std::vector<std::vector<std::vector<std::string>>> wrong = {
      {{"link", "a", "x"}, {"link", "a", "y"}},
      {{"link", "b", "x"}, {"link", "a", "y"}},
      {{"link", "a", "x"}, {"directory", "0755", "a/b"}},
      {{"file", "0644", "0", digest, "a"}, {"file", "0644", "0", digest, "a/b/c"}},
      {{"file", "0644", "-1", digest, "a"}},
      {{"file", "0644", "0", "short", "a"}},
      {{"file", "rw", "0", digest, "a"}},
      {{"link", "a", ""}},
      {{"device", "a"}},
      {{"program", "a", "x"}},
      {{"link", "a", "x"}, {"program", "a", "x"}},
      {{"program", "a", "x"}, {"link", "a", "x"}},
  };
  for (const auto& more : wrong) {
    auto lines = lines_;
    lines.insert(lines.end(), more.begin(), more.end());
    EXPECT_EQ(ParseLines(lines).code(), absl::StatusCode::kInvalidArgument)
        << more[0][0] << more[0][1];
  }
}

TEST_F(ManifestLinesTest, HeadsMustBeThere) {
  for (size_t i = 0; i != lines_.size(); ++i) {
    auto lines = lines_;
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(ParseLines(lines).ok()) << i;
  }
  lines_[2][1] = "2026-2-1";
  EXPECT_FALSE(ParseLines(lines_).ok());
}

TEST(ManifestTest, TamperedWithIsNoticed) {
  const std::string text = absl::StrReplaceAll(SerializeManifest(Sample()), {{"0755", "4755"}});
  EXPECT_EQ(ParseManifest(text).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace cation::image
