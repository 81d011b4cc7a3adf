// SPDX-License-Identifier: MIT
#include "image/pcid_config.h"

#include <sys/wait.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cation::image {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::HasSubstr;

// As an initfs has it.
constexpr char kConfig[] = R"(## Drivers ##

# disks
[[drivers]]
name = "AHCI storage"
class = 1
subclass = 6
command = ["/scheme/initfs/lib/drivers/ahcid"]

# nvmed
[[drivers]]
name = "NVME storage"
class = 1
subclass = 8
command = ["/scheme/initfs/lib/drivers/nvmed"]

[[drivers]]
name = "virtio-gpu"
class = 3
vendor = 0x1AF4
command = ["virtio-gpud", "-x"]
)";

std::string MustDisable(const std::string& text, const std::string& driver) {
  const absl::StatusOr<std::string> changed = DisablePcidDriver(text, driver);
  EXPECT_TRUE(changed.ok()) << changed.status() << text;
  return changed.value_or("");
}

TEST(PcidConfigTest, Lists) {
  const absl::StatusOr<std::vector<PcidDriver>> drivers = ListPcidDrivers(kConfig);
  ASSERT_TRUE(drivers.ok());
  ASSERT_EQ(drivers->size(), 3);
  EXPECT_EQ((*drivers)[0].name, "AHCI storage");
  EXPECT_EQ((*drivers)[0].line, 4);
  EXPECT_THAT((*drivers)[2].command, ElementsAre("virtio-gpud", "-x"));
  EXPECT_TRUE((*drivers)[2].enabled);
  EXPECT_TRUE(ListPcidDrivers("")->empty());
  EXPECT_TRUE(ListPcidDrivers("# [[drivers]]\n")->empty());
}

TEST(PcidConfigTest, DisablesByNameOrProgramAndEnablesByteExactly) {
  for (const char* called : {"NVME storage", "nvmed"}) {
    const std::string changed = MustDisable(kConfig, called);
    EXPECT_THAT(changed, HasSubstr("# nvmed\n"
                                   "# cation: disabled, 5 lines: NVME storage (nvmed)\n"
                                   "#| [[drivers]]\n"
                                   "#| name = \"NVME storage\"\n"
                                   "#| class = 1\n"
                                   "#| subclass = 8\n"
                                   "#| command = [\"/scheme/initfs/lib/drivers/nvmed\"]\n"
                                   "\n"
                                   "[[drivers]]\n"
                                   "name = \"virtio-gpu\"\n"));
    const absl::StatusOr<std::vector<PcidDriver>> drivers = ListPcidDrivers(changed);
    ASSERT_TRUE(drivers.ok()) << drivers.status();
    ASSERT_EQ(drivers->size(), 3);
    EXPECT_FALSE((*drivers)[1].enabled);
    EXPECT_EQ((*drivers)[1].name, "NVME storage");
    EXPECT_TRUE((*drivers)[2].enabled);
    EXPECT_EQ(*EnablePcidDriver(changed, called), kConfig);
  }
}

TEST(PcidConfigTest, SeveralInAnyOrder) {
  std::string text = kConfig;
  for (const char* called : {"nvmed", "ahcid", "virtio-gpu"}) text = MustDisable(text, called);
  const std::vector<PcidDriver> drivers = *ListPcidDrivers(text);
  EXPECT_EQ(drivers.size(), 3);
  for (const PcidDriver& driver : drivers) EXPECT_FALSE(driver.enabled);
  for (const char* called : {"virtio-gpud", "nvmed", "ahcid"}) {
    text = *EnablePcidDriver(text, called);
  }
  EXPECT_EQ(text, kConfig);
}

TEST(PcidConfigTest, CarriageReturnsAndNoLastLineEnd) {
  const std::string crlf = absl::StrReplaceAll(kConfig, {{"\n", "\r\n"}});
  const std::string changed = MustDisable(crlf, "ahcid");
  EXPECT_THAT(changed, HasSubstr("(ahcid)\r\n#| [[drivers]]\r\n"));
  EXPECT_EQ(absl::StrReplaceAll(changed, {{"\r\n", ""}}).find('\n'), std::string::npos);
  EXPECT_EQ(*EnablePcidDriver(changed, "ahcid"), crlf);

  std::string cut = kConfig;
  cut.pop_back();
  EXPECT_EQ(*EnablePcidDriver(MustDisable(cut, "virtio-gpud"), "virtio-gpud"), cut);
}

TEST(PcidConfigTest, UnknownAndAmbiguousNamesListWhatThereIs) {
  absl::Status status = DisablePcidDriver(kConfig, "nosuch").status();
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("AHCI storage (ahcid) in line 4, NVME storage (nvmed) in line 11, "
                        "virtio-gpu (virtio-gpud) in line 17"));
  EXPECT_EQ(DisablePcidDriver(kConfig, "").status().code(), StatusCode::kNotFound);
  EXPECT_EQ(DisablePcidDriver("", "x").status().code(), StatusCode::kNotFound);

  const std::string twice = absl::StrCat(
      kConfig, "[[drivers]]\nname = \"other GPU\"\nclass = 3\ncommand = [\"virtio-gpud\"]\n");
  status = DisablePcidDriver(twice, "virtio-gpud").status();
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("virtio-gpud@17"));
  EXPECT_FALSE((*ListPcidDrivers(MustDisable(twice, "virtio-gpud@17")))[2].enabled);
  EXPECT_FALSE((*ListPcidDrivers(MustDisable(twice, "other GPU")))[3].enabled);
  // With one of them disabled the name is clear.
  const std::string one = MustDisable(twice, "virtio-gpu");
  EXPECT_EQ(*EnablePcidDriver(MustDisable(one, "virtio-gpud"), "other GPU"), one);

  EXPECT_EQ(EnablePcidDriver(kConfig, "nvmed").status().message(), "nvmed: enabled already");
  EXPECT_EQ(DisablePcidDriver(MustDisable(kConfig, "nvmed"), "nvmed").status().message(),
            "nvmed: disabled already");
}

TEST(PcidConfigTest, EditedDisabledDriversAreNotGuessedAt) {
  const std::string changed = MustDisable(kConfig, "nvmed");
  const std::string shorter = absl::StrReplaceAll(changed, {{"#| subclass = 8\n", ""}});
  EXPECT_EQ(EnablePcidDriver(shorter, "nvmed").status().code(), StatusCode::kDataLoss);
  const std::string orphan = absl::StrReplaceAll(changed, {{"8\n#| comm", "8\n#| a = 1\ncomm"}});
  EXPECT_EQ(ListPcidDrivers(orphan).status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(ListPcidDrivers("# cation: disabled, x lines: y\n").status().code(),
            StatusCode::kDataLoss);
  EXPECT_EQ(ListPcidDrivers("# cation: disabled, 9 lines: y\n#| [[drivers]]\n").status().code(),
            StatusCode::kDataLoss);
  // A line below it that was the driver's, but for the table.
  EXPECT_EQ(
      ListPcidDrivers(absl::StrCat(MustDisable("[[drivers]]\nname = 'a'\ncommand = ['a']\n", "a"),
                                   "class = 1\n"))
          .status()
          .code(),
      StatusCode::kOk);
  EXPECT_EQ(ListPcidDrivers(absl::StrCat(MustDisable("[[drivers]]\nname = 'b'\ncommand = ['b']\n"
                                                     "[[drivers]]\nname = 'a'\ncommand = ['a']\n",
                                                     "a"),
                                         "class = 1\n"))
                .status()
                .code(),
            StatusCode::kDataLoss);
}

TEST(PcidConfigTest, OtherFormsAreNotUnderstood) {
  EXPECT_EQ(DisablePcidDriver("drivers = [{name = 'a', command = ['a']}]\n", "a").status().code(),
            StatusCode::kUnimplemented);
  EXPECT_EQ(ListPcidDrivers("[drivers]\nname = 'a'\n").status().code(), StatusCode::kUnimplemented);
  EXPECT_EQ(ListPcidDrivers("[[drivers]]\nname = 'a'\n[x]\n[drivers.ids]\n").status().code(),
            StatusCode::kUnimplemented);
  EXPECT_EQ(ListPcidDrivers("[[drivers]\n").status().code(), StatusCode::kInvalidArgument);
}

// Everything that is hard to tell from what it looks like, mixed; Python's reader says what it is.
TEST(PcidConfigTest, AgreesWithAnotherReaderOfToml) {
  const std::vector<std::string> names = {R"("plain")",
                                          R"('lit]eral # x')",
                                          R"("with \"quotes\" ] #")",
                                          "\"\"\"\n[[drivers]]\nm\"\"\"",
                                          "'''a\n# b\n\n[c]'''",
                                          R"("\u00e9")",
                                          "\"\"\"x\\\n   y\"\"\"",
                                          "\"\"\"two\"\"\"\"\""};
  const std::vector<std::string> commands = {
      R"(["ahcid"])", "[ # first\n  'a/b/nvmed', # ] \n\n\t\"]\",\n]", R"(['x', "--y=[z]", '#'])",
      "[\n\"\"\"\n# cation: disabled, 1 lines: x\n#| y\"\"\"\n]", "[\"p\"]   # [[drivers]]"};
  const std::vector<std::string> extras = {"class = 1",
                                           "ids = { 0x8086 = [\n # c\n 0x5912, ] }",
                                           "vendor=0x1AF4#c",
                                           "  device   =  0x1001",
                                           "# comment [[drivers]]",
                                           "",
                                           "   ",
                                           "# cation: disabled",
                                           "device_id_range = { start = 1, end = 2 }"};
  const std::vector<std::string> between = {"", "# text\n", "\n\n", "#| not ours\n"};
  std::minstd_rand random(3);
  const auto pick = [&random](const std::vector<std::string>& from) {
    return from[random() % from.size()];
  };
  const std::string folder = testing::TempDir() + "/toml";
  ASSERT_EQ(system(("mkdir -p " + folder).c_str()), 0);
  const auto write = [&folder](const std::string& name, const std::string& text) {
    std::ofstream(folder + "/" + name, std::ios::binary) << text;
  };
  size_t expected = 0;
  for (int i = 0; i < 250; ++i) {
    std::string text = random() % 3 == 0 ? "# head\ntitle = \"[[drivers]]\"\n" : "";
    for (uint64_t drivers = random() % 5; drivers > 0; --drivers) {
      absl::StrAppend(&text, pick(between),
                      random() % 4 == 0 ? "  [[ drivers ]] # x" : "[[drivers]]", "\n");
      std::vector<std::string> lines = {absl::StrCat("command=", pick(commands)), pick(extras)};
      if (random() % 5 != 0) lines.push_back(absl::StrCat("name = ", pick(names)));
      std::shuffle(lines.begin(), lines.end(), random);
      absl::StrAppend(&text, absl::StrJoin(lines, "\n"), "\n");
      if (random() % 5 == 0) absl::StrAppend(&text, "[drivers.more]\n\"name\" = 'not a name'\n");
    }
    if (random() % 4 == 0) absl::StrAppend(&text, "[other]\nname = 'o'\n[[others]]\ncommand = 1\n");
    if (random() % 3 == 0) text = absl::StrReplaceAll(text, {{"\n", "\r\n"}});
    if (random() % 3 == 0 && !text.empty())
      text = text.substr(0, text.find_last_not_of("\r\n") + 1);
    const absl::StatusOr<std::vector<PcidDriver>> drivers = ListPcidDrivers(text);
    ASSERT_TRUE(drivers.ok()) << drivers.status() << "\n" << text;
    write(absl::StrCat(i, ".before"), text);
    std::string listed;
    for (size_t k = 0; k < drivers->size(); ++k) {
      const PcidDriver& driver = (*drivers)[k];
      absl::StrAppend(&listed, driver.name, "\x1f", absl::StrJoin(driver.command, "\x1f"), "\x1e");
      const std::string program = driver.command[0].substr(driver.command[0].rfind('/') + 1);
      const std::string called = absl::StrCat(program, "@", driver.line);
      const std::string changed = MustDisable(text, called);
      write(absl::StrCat(i, ".", k, ".after"), changed);
      EXPECT_EQ(*EnablePcidDriver(changed, called), text);
      ++expected;
    }
    write(absl::StrCat(i, ".drivers"), listed);
  }
  FILE* const python = popen(("python3 image/testing/check_toml.py " + folder).c_str(), "r");
  ASSERT_NE(python, nullptr);
  size_t checked = 0;
  EXPECT_EQ(fscanf(python, "%zu", &checked), 1);
  EXPECT_EQ(pclose(python), 0);
  EXPECT_EQ(checked, expected);
  EXPECT_GT(checked, 300);
}

}  // namespace
}  // namespace cation::image
