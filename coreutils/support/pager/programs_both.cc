// SPDX-License-Identifier: MIT
#include "coreutils/support/pager/pager.h"

namespace cation::pager {

const Programs kPagerPrograms = Programs::kBoth;

}  // namespace cation::pager
