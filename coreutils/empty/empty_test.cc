// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "runtime/start/context.h"
#include "runtime/sys/fault/fault.h"

namespace cation {
namespace {

TEST(EmptyTest, DoesNothing) {
  char argument[] = "--help";
  char* arguments[] = {argument};
  Context context;
  context.arguments = {arguments, 1};
  sys::fault::Begin();
  EXPECT_EQ(Main(context), 0);
  sys::fault::End();
  EXPECT_EQ(sys::fault::Trace().size(), 0U);
}

}  // namespace
}  // namespace cation
