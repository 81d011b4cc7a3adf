// SPDX-License-Identifier: MIT
//
// What a program's calls would cost on Redox, in "Redox milliseconds": for comparing one way to do
// something with another, not for foretelling a clock.
//
//   CATION_PRICES=1      the bill goes to standard error when the program ends
//   CATION_PRICES=FILE   it is appended to FILE
//
// A line per kind of call: name, tab, how many, tab, milliseconds with three decimals. Then
// `total`, the sum of the calls, and `start` and `load` (with the bytes loaded), what it takes to
// start a program of this size, which are not in it. The table, with its sources, is in prices.cc.
#ifndef CATION_RUNTIME_STANDIN_PRICES_H_
#define CATION_RUNTIME_STANDIN_PRICES_H_

#include <stddef.h>
#include <stdint.h>

namespace cation::standin {

// In the order of the table in prices.cc.
enum class Item : uint8_t {
  kOpen,
  kOpenFailed,
  kOpenAt,
  kOpenAtFailed,
  kCreate,
  kTruncateAtOpen,
  kMakeDirectory,
  kMakeLink,
  kClose,
  kRead,
  kWrite,
  kStatus,
  kList,
  kListSmall,
  kEntries,
  kChangeMode,
  kSameMode,
  kChangeOwner,
  kSameOwner,
  kSetTimes,
  kTruncate,
  kSeek,
  kDuplicate,
  kSync,
  kUnlink,
  kRemoveDirectory,
  kRemoveFailed,
  kRename,
  kMakeFifo,
  kFork,
  kExecute,
  kWait,
  kSendSignal,
  kMakePipe,
  kChangeDirectory,
  kCount
};

extern bool g_prices;

// Reads CATION_PRICES; after StartTrace(). `auxiliary` is the vector behind the environment.
void StartPrices(const long* auxiliary);
// Writes the bill, and begins another.
void FinishPrices();
// Begins another: in a process that has just been forked.
void ResetPrices();

void AddToBill(Item item, size_t count);
// `count` calls; of kRead and kWrite one call of `count` bytes.
inline void Charge(Item item, size_t count = 1) {
  if (g_prices) AddToBill(item, count);
}

}  // namespace cation::standin

#endif  // CATION_RUNTIME_STANDIN_PRICES_H_
