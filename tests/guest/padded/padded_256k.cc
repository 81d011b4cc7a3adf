// SPDX-License-Identifier: MIT
#include "tests/guest/padded/padded.h"

int cation::Main(Context&) { return RunPadded<size_t{256} * 1024>(); }
