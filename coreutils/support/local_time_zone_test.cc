// SPDX-License-Identifier: MIT
#include "coreutils/support/local_time_zone.h"

#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "coreutils/support/read_file.h"
#include "coreutils/support/testing/test_case.h"
#include "runtime/sys/fault/fault.h"

namespace cation::testing {
namespace {

class LocalTimeZoneTest : public TestCase {
 protected:
  TimeZone::Offset At(int64_t seconds, const std::string& variable, std::size_t calls) {
    std::string text = variable;
    char* const environment[] = {text.empty() ? nullptr : text.data(), nullptr};
    Context context;
    context.environment = environment;
    sys::fault::Begin();
    LocalTimeZone zone;
    zone.Find(context);
    EXPECT_EQ(sys::fault::Trace().size(), calls) << variable;
    sys::fault::End();
    TimeZone::Offset offset = zone.zone().At(seconds);
    offset.name = "";  // it is part of what is gone now
    return offset;
  }
};

bool HasDatabase() { return ::access("/usr/share/zoneinfo/Europe/Berlin", R_OK) == 0; }

TEST_F(LocalTimeZoneTest, RulesCostNoCall) {
  EXPECT_EQ(At(0, "TZ=CET-1", 0).seconds, 3600);
  EXPECT_EQ(At(0, "TZ=:EST5", 0).seconds, -18000);
  EXPECT_EQ(At(0, "TZ=", 0).seconds, 0);
  EXPECT_EQ(At(0, "TZ=UTC", 0).seconds, 0);
}

TEST_F(LocalTimeZoneTest, AMissingFileIsUtcAndCostsOneCall) {
  EXPECT_EQ(At(0, "TZ=Nowhere/Town", 1).seconds, 0);
  EXPECT_EQ(At(0, "TZ=/no/such/file", 1).seconds, 0);
  WriteFile("junk", "TZif2 and then nothing of the kind");
  EXPECT_EQ(At(0, "TZ=" + folder() + "/junk", 4).seconds, 0);
}

// All that a file may hold is either a zone or none; nothing of it may be read beyond its end.
TEST_F(LocalTimeZoneTest, CutFilesAreNoZones) {
  if (!HasDatabase()) GTEST_SKIP() << "the host has no database of zones";
  String file;
  ASSERT_TRUE(::cation::ReadFile("/usr/share/zoneinfo/Europe/Berlin", file).ok());
  for (std::size_t size = 0; size < file.size(); ++size) {
    const std::vector<char> cut(file.view().data(), file.view().data() + size);
    TimeZone zone;
    if (TimeZone::FromFile({cut.data(), cut.size()}, zone)) {
      EXPECT_GT(size, file.size() - 40);  // only the rule for the future is missing
      (void)zone.At(INT64_MIN);
      (void)zone.At(INT64_MAX);
    }
  }
}

TEST_F(LocalTimeZoneTest, AsTheHost) {
  if (!HasDatabase()) GTEST_SKIP() << "the host has no database of zones";
  std::mt19937_64 random(3);
  for (const char* const name :
       {"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Dublin",
        "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Apia", "EST5EDT"}) {
    ::setenv("TZ", name, 1);
    ::tzset();
    const std::string path = std::string("/usr/share/zoneinfo/") + name;
    (void)At(0, "TZ=" + path, 4);
    String file;
    ASSERT_TRUE(::cation::ReadFile(path.c_str(), file).ok());
    TimeZone zone;
    ASSERT_TRUE(TimeZone::FromFile(file.view(), zone)) << name;
    for (int i = 0; i < 2000; ++i) {
      const auto seconds = static_cast<time_t>(random() % 7000000000) - 3000000000;
      tm broken{};
      ASSERT_NE(::localtime_r(&seconds, &broken), nullptr);
      const TimeZone::Offset offset = zone.At(seconds);
      ASSERT_EQ(offset.seconds, broken.tm_gmtoff) << name << " " << seconds;
      ASSERT_EQ(std::string(offset.name.data(), offset.name.size()), broken.tm_zone);
    }
  }
  ::unsetenv("TZ");
}

}  // namespace
}  // namespace cation::testing
