// SPDX-License-Identifier: MIT
#include "image/qcow2.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace cation::image {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kSize = 8 << 20;

std::string Contents(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void Patch(const std::string& path, uint64_t at, const std::string& bytes) {
  std::fstream stream(path, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(static_cast<std::streamoff>(at));
  stream << bytes;
}

bool Shell(const std::string& command) {
  // NOLINTNEXTLINE(cert-env33-c): a test's own words
  return std::system(absl::StrCat("( ", command, " ) >/dev/null 2>&1").c_str()) == 0;
}

class Qcow2Test : public testing::Test {
 protected:
  Qcow2Test() {
    std::string pattern = testing::TempDir() + "/qcow2.XXXXXX";
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = fs::canonical(pattern);
    base_ = folder_ + "/base.raw";
    overlay_ = folder_ + "/over,lay.qcow2";
    std::ofstream(base_, std::ios::binary) << std::string(100000, 'b');
    fs::resize_file(base_, kSize);
  }

  ~Qcow2Test() override {
    unsetenv("QEMU_IMG");
    fs::remove_all(folder_);
  }

  // An overlay as users have: with a path relative to its folder, and something written into it.
  void MakeRelativeOverlay() {
    ASSERT_TRUE(
        Shell(absl::StrCat("cd ", folder_,
                           " && qemu-img create -f qcow2 -b base.raw -F raw 'over,lay.qcow2'"
                           " && qemu-io -f qcow2 -c 'write -P 0x6f 1M 64k' ",
                           "'over,lay.qcow2'")));
    expected_ = Contents(base_);
    expected_.replace(1 << 20, 64 << 10, std::string(64 << 10, 'o'));
  }

  // What a guest sees.
  std::string Shown(const std::string& path) {
    const std::string raw = folder_ + "/shown.raw";
    EXPECT_TRUE(Shell(absl::StrCat("qemu-img convert -f qcow2 -O raw '", path, "' ", raw)));
    std::string content = Contents(raw);
    fs::remove(raw);
    return content;
  }

  static absl::StatusOr<Qcow2Header> HeaderOf(const std::string& path) {
    return ParseQcow2Header(Contents(path).substr(0, 2 << 20));
  }

  // Work that looks at what it gets, and writes at 2 MiB.
  std::function<absl::Status(const std::string&)> Work() {
    return [this](const std::string& raw) {
      ++calls_;
      EXPECT_TRUE(Contents(raw) == expected_) << "another content than the image has shown";
      Patch(raw, 2 << 20, "changed");
      expected_.replace(2 << 20, 7, "changed");
      return absl::OkStatus();
    };
  }

  static absl::Status Never(const std::string& raw) {
    ADD_FAILURE() << "called with " << raw;
    return absl::OkStatus();
  }

  // Refused, with a word, before any work; not a byte is changed, no file left.
  void ExpectRefused(const std::string& path, absl::StatusCode code, const std::string& word) {
    for (const Qcow2Way way : {Qcow2Way::kConvert, Qcow2Way::kCommit}) {
      const std::string before = Contents(path);
      const size_t files = Files();
      const absl::Status status = WorkOnQcow2(path, way, Never);
      EXPECT_EQ(status.code(), code) << status;
      EXPECT_TRUE(absl::StrContains(std::string(status.message()), word)) << status;
      EXPECT_FALSE(absl::StrContains(std::string(status.message()), "\n")) << status;
      EXPECT_TRUE(Contents(path) == before);
      EXPECT_EQ(Files(), files);
    }
  }

  [[nodiscard]] size_t Files() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }

  std::string folder_;
  std::string base_;
  std::string overlay_;
  std::string expected_;
  int calls_ = 0;
};

TEST_F(Qcow2Test, AnOverlayIsConvertedAndStaysOne) {
  MakeRelativeOverlay();
  ASSERT_EQ(chmod(overlay_.c_str(), 0640), 0);
  const std::string base = Contents(base_);
  ASSERT_EQ(WorkOnQcow2(overlay_, Qcow2Way::kConvert, Work()), absl::OkStatus());
  EXPECT_EQ(calls_, 1);
  EXPECT_TRUE(Shown(overlay_) == expected_);
  EXPECT_TRUE(Contents(base_) == base);
  const absl::StatusOr<Qcow2Header> header = HeaderOf(overlay_);
  ASSERT_EQ(header.status(), absl::OkStatus());
  EXPECT_EQ(header->backing_file, base_);
  EXPECT_EQ(header->backing_format, "raw");
  EXPECT_EQ(header->virtual_size, kSize);
  struct stat status = {};
  ASSERT_EQ(stat(overlay_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640U);
  // Two clusters of data, and what describes them: not the base's content.
  EXPECT_LT(status.st_size, 700000);
  EXPECT_EQ(Files(), 2U);
  EXPECT_TRUE(Shell(absl::StrCat("qemu-img check '", overlay_, "'")));
}

TEST_F(Qcow2Test, AnOverlayIsCommittedIntoItsBase) {
  MakeRelativeOverlay();
  ASSERT_EQ(WorkOnQcow2(overlay_, Qcow2Way::kCommit, Work()), absl::OkStatus());
  EXPECT_EQ(calls_, 1);
  EXPECT_TRUE(Contents(base_) == expected_);
  EXPECT_TRUE(Shown(overlay_) == expected_);
  EXPECT_EQ(HeaderOf(overlay_)->backing_file, base_);
  struct stat status = {};
  ASSERT_EQ(stat(overlay_.c_str(), &status), 0);
  EXPECT_LT(status.st_size, 400000);
  EXPECT_EQ(Files(), 2U);
}

TEST_F(Qcow2Test, AnImageOfItsOwn) {
  const std::string image = folder_ + "/own.qcow2";
  for (const char* options :
       {"compat=1.1", "compat=0.10", "cluster_size=512", "cluster_size=2M,lazy_refcounts=on"}) {
    SCOPED_TRACE(options);
    ASSERT_TRUE(Shell(
        absl::StrCat("qemu-img convert -f raw -O qcow2 -o ", options, " ", base_, " ", image)));
    const absl::StatusOr<Qcow2Header> before = HeaderOf(image);
    expected_ = Contents(base_);
    ASSERT_EQ(WorkOnQcow2(image, Qcow2Way::kConvert, Work()), absl::OkStatus());
    EXPECT_TRUE(Shown(image) == expected_);
    const absl::StatusOr<Qcow2Header> after = HeaderOf(image);
    ASSERT_EQ(after.status(), absl::OkStatus());
    EXPECT_EQ(after->version, before->version);
    EXPECT_EQ(after->cluster_bits, before->cluster_bits);
    EXPECT_EQ(after->lazy_refcounts, before->lazy_refcounts);
    EXPECT_EQ(after->backing_file, "");
    const absl::Status commit = WorkOnQcow2(image, Qcow2Way::kCommit, Never);
    EXPECT_TRUE(absl::IsFailedPrecondition(commit)) << commit;
    EXPECT_TRUE(absl::StrContains(std::string(commit.message()), "convert")) << commit;
  }
}

TEST_F(Qcow2Test, AChainIsConvertedOnly) {
  MakeRelativeOverlay();
  const std::string top = folder_ + "/top.qcow2";
  ASSERT_EQ(MakeOverlay(overlay_, top), absl::OkStatus());
  const std::string below = Contents(overlay_);
  const absl::Status commit = WorkOnQcow2(top, Qcow2Way::kCommit, Never);
  EXPECT_TRUE(absl::IsFailedPrecondition(commit)) << commit;
  ASSERT_EQ(WorkOnQcow2(top, Qcow2Way::kConvert, Work()), absl::OkStatus());
  EXPECT_TRUE(Shown(top) == expected_);
  EXPECT_EQ(HeaderOf(top)->backing_file, overlay_);
  EXPECT_EQ(HeaderOf(top)->backing_format, "qcow2");
  EXPECT_TRUE(Contents(overlay_) == below);
}

TEST_F(Qcow2Test, ARawImageThatGrows) {
  for (const Qcow2Way way : {Qcow2Way::kConvert, Qcow2Way::kCommit}) {
    fs::remove(overlay_);
    fs::resize_file(base_, kSize);
    MakeRelativeOverlay();
    ASSERT_EQ(WorkOnQcow2(overlay_, way,
                          [](const std::string& raw) {
                            fs::resize_file(raw, 2 * kSize);
                            Patch(raw, kSize, "grown");
                            return absl::OkStatus();
                          }),
              absl::OkStatus());
    const std::string shown = Shown(overlay_);
    EXPECT_EQ(shown.size(), 2 * kSize);
    EXPECT_EQ(shown.substr(kSize, 5), "grown");
  }
}

TEST_F(Qcow2Test, WorkThatFails) {
  MakeRelativeOverlay();
  const std::string before = Contents(overlay_);
  const auto fail = [](const std::string& raw) {
    Patch(raw, 3 << 20, "half done");
    return absl::DataLossError("the work's own word");
  };
  EXPECT_EQ(WorkOnQcow2(overlay_, Qcow2Way::kConvert, fail),
            absl::DataLossError("the work's own word"));
  EXPECT_TRUE(Contents(overlay_) == before);
  EXPECT_EQ(Files(), 2U);
  EXPECT_EQ(WorkOnQcow2(overlay_, Qcow2Way::kCommit,
                        [](const std::string&) { return absl::DataLossError("no"); }),
            absl::DataLossError("no"));
  EXPECT_TRUE(Shown(overlay_) == expected_);
}

// $QEMU_IMG fails at its call number `call`, of whatever kind.
TEST_F(Qcow2Test, EachCallOfQemuImageFails) {
  const std::string wrapper = folder_ + "/wrapper";
  for (const Qcow2Way way : {Qcow2Way::kConvert, Qcow2Way::kCommit}) {
    for (int call = 1;; ++call) {
      SCOPED_TRACE(call);
      ASSERT_LT(call, 20);
      fs::remove(overlay_);
      ASSERT_NO_FATAL_FAILURE(MakeRelativeOverlay());
      const std::string before = Contents(overlay_);
      std::ofstream(wrapper) << "#!/bin/sh\necho x >>" << folder_ << "/count\n[ $(wc -l <"
                             << folder_ << "/count) != " << call
                             << " ] || { echo 'qemu-img: the disk is gone' >&2; exit 1; }\n"
                             << "exec qemu-img \"$@\"\n";
      fs::permissions(wrapper, fs::perms::all);
      fs::remove(folder_ + "/count");
      setenv("QEMU_IMG", wrapper.c_str(), 1);
      const absl::Status status =
          WorkOnQcow2(overlay_, way, [](const std::string&) { return absl::OkStatus(); });
      if (status.ok()) {
        EXPECT_GT(call, 2);
        break;
      }
      EXPECT_TRUE(absl::StrContains(std::string(status.message()), "the disk is gone")) << status;
      EXPECT_FALSE(fs::exists(overlay_ + ".cation-work"));
      if (way == Qcow2Way::kConvert) EXPECT_TRUE(Contents(overlay_) == before);
      EXPECT_TRUE(Shown(overlay_) == expected_);
    }
  }
}

TEST_F(Qcow2Test, WithoutQemuImage) {
  MakeRelativeOverlay();
  setenv("QEMU_IMG", "/nowhere/qemu-img", 1);
  const std::string before = Contents(overlay_);
  const absl::Status status = WorkOnQcow2(overlay_, Qcow2Way::kConvert, Never);
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_TRUE(absl::StrContains(std::string(status.message()), "qemu-utils")) << status;
  EXPECT_TRUE(Contents(overlay_) == before);
  EXPECT_EQ(Files(), 2U);
}

TEST_F(Qcow2Test, ImagesInUse) {
  MakeRelativeOverlay();
  // A QEMU with the overlay: it holds the overlay, and reads the base.
  const std::string out = folder_ + "/out";
  FILE* qemu = popen(absl::StrCat("qemu-io -f qcow2 '", overlay_, "' >", out).c_str(), "w");
  ASSERT_NE(qemu, nullptr);
  for (int i = 0; i < 500 && (!fs::exists(out) || fs::file_size(out) == 0); ++i) usleep(20000);
  ASSERT_GT(fs::file_size(out), 0U);
  ExpectRefused(overlay_, absl::StatusCode::kFailedPrecondition, "running QEMU");
  const std::string other = folder_ + "/other.qcow2";
  ASSERT_EQ(MakeOverlay(base_, other), absl::OkStatus());
  const absl::Status commit = WorkOnQcow2(other, Qcow2Way::kCommit, Never);
  EXPECT_TRUE(absl::IsFailedPrecondition(commit)) << commit;
  EXPECT_TRUE(absl::StrContains(std::string(commit.message()), base_)) << commit;
  // Beside it, on the same base, is no harm.
  EXPECT_EQ(
      WorkOnQcow2(other, Qcow2Way::kConvert, [](const std::string&) { return absl::OkStatus(); }),
      absl::OkStatus());
  std::fputs("quit\n", qemu);
  EXPECT_EQ(pclose(qemu), 0);
  fs::remove(out);
  // The other way round: while we work no QEMU can start, nor another of us.
  for (const Qcow2Way way : {Qcow2Way::kConvert, Qcow2Way::kCommit}) {
    EXPECT_EQ(WorkOnQcow2(overlay_, way,
                          [this](const std::string&) {
                            EXPECT_FALSE(Shell(absl::StrCat("qemu-io -f qcow2 -c 'write 0 512' '",
                                                            overlay_, "'")));
                            EXPECT_TRUE(absl::IsFailedPrecondition(
                                WorkOnQcow2(overlay_, Qcow2Way::kConvert, Never)));
                            return absl::OkStatus();
                          }),
              absl::OkStatus());
  }
}

TEST_F(Qcow2Test, WhatWouldBeLostIsRefused) {
  MakeRelativeOverlay();
  ASSERT_TRUE(Shell(absl::StrCat("qemu-img snapshot -c one '", overlay_, "'")));
  ExpectRefused(overlay_, absl::StatusCode::kUnimplemented, "snapshots");
  const std::string image = folder_ + "/other.qcow2";
  const auto make = [&image](const std::string& options) {
    fs::remove(image);
    return Shell(absl::StrCat("qemu-img create -f qcow2 ", options, " ", image, " 8M"));
  };
  ASSERT_TRUE(make("-o data_file=" + folder_ + "/data"));
  ExpectRefused(image, absl::StatusCode::kUnimplemented, "another file");
  ASSERT_TRUE(
      make("--object secret,id=s,data=x -o encrypt.format=luks,encrypt.key-secret=s,"
           "encrypt.iter-time=10"));
  ExpectRefused(image, absl::StatusCode::kUnimplemented, "encrypted");
  ASSERT_TRUE(make(""));
  ASSERT_TRUE(Shell("qemu-img bitmap --add " + image + " b"));
  ExpectRefused(image, absl::StatusCode::kUnimplemented, "bitmaps");
  ASSERT_TRUE(make(""));
  Patch(image, 79, "\x01");
  ExpectRefused(image, absl::StatusCode::kFailedPrecondition, "not closed in order");
  Patch(image, 79, "\x02");
  ExpectRefused(image, absl::StatusCode::kFailedPrecondition, "damaged");
  Patch(image, 79, "\x40");
  ExpectRefused(image, absl::StatusCode::kUnimplemented, "newer");
  Patch(image, 7, "\x04");
  ExpectRefused(image, absl::StatusCode::kDataLoss, "version 4");
  ExpectRefused(base_, absl::StatusCode::kFailedPrecondition, "not a qcow2 image");
}

TEST_F(Qcow2Test, ABackingFileThatIsNotThere) {
  MakeRelativeOverlay();
  fs::rename(base_, base_ + ".away");
  ExpectRefused(overlay_, absl::StatusCode::kNotFound, "base.raw");
  fs::rename(base_ + ".away", base_);
  ASSERT_TRUE(Shell("qemu-img rebase -u -f qcow2 -F raw -b nbd://host/x '" + overlay_ + "'"));
  ExpectRefused(overlay_, absl::StatusCode::kUnimplemented, "nbd://host/x");
  EXPECT_TRUE(absl::IsNotFound(WorkOnQcow2(folder_ + "/none", Qcow2Way::kConvert, Never)));
}

TEST_F(Qcow2Test, MoreThanTheDiskHolds) {
  const std::string image = folder_ + "/large.qcow2";
  ASSERT_TRUE(Shell("qemu-img create -f qcow2 " + image + " 1T"));
  // Large and empty needs little.
  const std::string wrapper = folder_ + "/wrapper";
  std::ofstream(wrapper) << "#!/bin/sh\n[ $1 = measure ] || exit 9\n"
                            "echo required size: 4611686018427387904\n";
  fs::permissions(wrapper, fs::perms::all);
  setenv("QEMU_IMG", wrapper.c_str(), 1);
  const size_t files = Files();
  const absl::Status status = WorkOnQcow2(image, Qcow2Way::kConvert, Never);
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_EQ(Files(), files);
}

TEST_F(Qcow2Test, WhatAKilledRunLeftIsRemoved) {
  MakeRelativeOverlay();
  const std::string before = Contents(overlay_);
  const pid_t child = fork();
  if (child == 0) {
    static_cast<void>(WorkOnQcow2(overlay_, Qcow2Way::kConvert,
                                  [](const std::string&) -> absl::Status { _exit(0); }));
    _exit(1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_TRUE(Contents(overlay_) == before);
  EXPECT_EQ(Files(), 3U);
  ASSERT_EQ(WorkOnQcow2(overlay_, Qcow2Way::kConvert, Work()), absl::OkStatus());
  EXPECT_EQ(Files(), 2U);
}

TEST_F(Qcow2Test, ALinkToAnImage) {
  MakeRelativeOverlay();
  const std::string name = folder_ + "/link.qcow2";
  fs::create_symlink("over,lay.qcow2", name);
  ASSERT_EQ(WorkOnQcow2(name, Qcow2Way::kConvert, Work()), absl::OkStatus());
  EXPECT_TRUE(fs::is_symlink(name));
  EXPECT_TRUE(Shown(overlay_) == expected_);
}

TEST_F(Qcow2Test, MakesOverlays) {
  const std::string made = folder_ + "/made.qcow2";
  const fs::path back = fs::current_path();
  fs::current_path(folder_);
  EXPECT_EQ(MakeOverlay("base.raw", "made.qcow2"), absl::OkStatus());
  fs::current_path(back);
  EXPECT_EQ(HeaderOf(made)->backing_file, base_);
  EXPECT_EQ(HeaderOf(made)->backing_format, "raw");
  EXPECT_TRUE(Shown(made) == Contents(base_));
  const std::string before = Contents(made);
  EXPECT_TRUE(absl::IsFailedPrecondition(MakeOverlay(base_, made)));
  EXPECT_TRUE(Contents(made) == before);
  EXPECT_TRUE(absl::IsNotFound(MakeOverlay(folder_ + "/none", folder_ + "/x")));
  EXPECT_TRUE(absl::IsNotFound(MakeOverlay(base_, folder_ + "/none/x")));
}

TEST_F(Qcow2Test, DamagedHeadersAreRead) {
  MakeRelativeOverlay();
  const std::string good = Contents(overlay_).substr(0, 65536);
  std::mt19937 random(1);
  int accepted = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string header = good;
    for (uint32_t left = 1 + random() % 4; left > 0; --left) {
      header[random() % 300] = static_cast<char>(random());
    }
    if (random() % 4 == 0) header.resize(random() % 300);
    const absl::StatusOr<Qcow2Header> parsed = ParseQcow2Header(header);
    if (parsed.ok()) {
      ++accepted;
      EXPECT_LE(parsed->backing_file.size(), 1023U);
      EXPECT_LE(parsed->cluster_bits, 21U);
    } else {
      EXPECT_TRUE(absl::IsDataLoss(parsed.status()));
    }
  }
  EXPECT_GT(accepted, 100);
}

}  // namespace
}  // namespace cation::image
