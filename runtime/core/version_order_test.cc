// SPDX-License-Identifier: MIT
#include "runtime/core/version_order.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cation {
namespace {

int Sign(int order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

TEST(VersionOrderTest, NumbersCountAsNumbers) {
  EXPECT_LT(CompareVersions("a9", "a10"), 0);
  EXPECT_LT(CompareVersions("a2b9", "a2b11"), 0);
  EXPECT_LT(CompareVersions("1.9.tar.gz", "1.10.tar.gz"), 0);
  EXPECT_LT(CompareVersions("1.2~rc1", "1.2"), 0);
  EXPECT_LT(CompareVersions("99999999999999999999998", "99999999999999999999999"), 0);
  EXPECT_EQ(CompareVersions("a1", "a01"), 0);
  EXPECT_EQ(CompareVersions("a", "a"), 0);
}

TEST(VersionOrderTest, DotsAndSuffixes) {
  const std::vector<std::string> sorted = {"",   ".",    "..",  ".0",    ".9",   ".A", ".Z", ".a~",
                                           ".a", ".b~",  ".b",  "0",     "9",    "A",  "Z",  "a~",
                                           "a",  "a.b~", "a.b", "a.bc~", "a.bc", "b~", "b"};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      const int wanted = i < j ? -1 : i > j ? 1 : 0;
      EXPECT_EQ(Sign(CompareVersions(sorted[i].c_str(), sorted[j].c_str())), wanted)
          << sorted[i] << " and " << sorted[j];
    }
  }
}

}  // namespace
}  // namespace cation
