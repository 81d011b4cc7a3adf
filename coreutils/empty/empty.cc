// SPDX-License-Identifier: MIT
//
// empty: does nothing. What it weighs is the start code, the C library's floor and the note; other
// programs' sizes are counted above it.
#include "runtime/start/context.h"

int cation::Main(Context&) { return 0; }
