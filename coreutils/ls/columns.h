// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_LS_COLUMNS_H_
#define CATION_COREUTILS_LS_COLUMNS_H_

#include "coreutils/ls/entry_writer.h"

namespace cation::ls {

// Writes the entries in as many columns as the line has room for, downwards or across as
// options.format says, or in lines separated by commas. `writer` has measured the listing. Errors:
// ENOMEM; what was written ends then where it ends.
Result<void> WriteTable(const Options& options, Listing& listing, EntryWriter& writer, Output& out);

}  // namespace cation::ls

#endif  // CATION_COREUTILS_LS_COLUMNS_H_
