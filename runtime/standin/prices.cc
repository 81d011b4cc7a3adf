// SPDX-License-Identifier: MIT
#include "runtime/standin/prices.h"

#include "runtime/standin/trace.h"

namespace cation::standin {

bool g_prices = false;

namespace {

struct Price {
  Item item;
  const char* name;
  uint32_t nanoseconds;
};

// Measured in a guest in February 2026: x86_64, RedoxFS on a memory disk, QEMU without KVM. Where
// only a sum was measured it is divided as said.
constexpr Price kPrices[] = {
    // "open+close 1.5", of which close is taken to be 0.1.
    {Item::kOpen, "open", 1'400'000},
    // Not measured alone; "mkdir of what exists 1.2" is an open that fails.
    {Item::kOpenFailed, "open failed", 1'200'000},
    // "redox_openat_v1(dir, name, O_PATH) + fstat + close 0.65", less fstat 0.28 and close 0.1.
    {Item::kOpenAt, "openat", 270'000},
    {Item::kOpenAtFailed, "openat failed", 270'000},
    // "create 5.6", with a close.
    {Item::kCreate, "create", 5'500'000},
    // On top of the open: a change of the node, as a chmod.
    {Item::kTruncateAtOpen, "truncate at open", 2'100'000},
    // "mkdir 5.3", with a close.
    {Item::kMakeDirectory, "mkdir", 5'200'000},
    // "symlink 6.1", less the write of the target (2.3) and a close.
    {Item::kMakeLink, "symlink", 3'700'000},
    {Item::kClose, "close", 100'000},
    {Item::kRead, "read", 0},    // by kReadSizes
    {Item::kWrite, "write", 0},  // by kWriteSizes
    // "fstat of an open descriptor 0.28".
    {Item::kStatus, "fstat", 280'000},
    // "Listing 1,000 entries: posix_getdents with 4 KiB 78 ms in 8 calls, with 32 KiB or more 70 ms
    // in one": 1.143 a call and 0.069 an entry. "opendir/readdir (512-byte buffer) 178–270 ms in
    // 59": 1.86 a call at the least.
    {Item::kList, "getdents", 1'143'000},
    {Item::kListSmall, "getdents below 4 KiB", 1'860'000},
    {Item::kEntries, "entries", 69'000},
    // "fchmod to the mode it has 0.16, to another 2.1".
    {Item::kChangeMode, "fchmod", 2'100'000},
    {Item::kSameMode, "fchmod to the same", 160'000},
    // Not measured; as fchmod.
    {Item::kChangeOwner, "fchown", 2'100'000},
    {Item::kSameOwner, "fchown to the same", 160'000},
    // "futimens 0.31".
    {Item::kSetTimes, "futimens", 310'000},
    // Not measured; a change of the node, as fchmod.
    {Item::kTruncate, "ftruncate", 2'100'000},
    // Not measured; a message without data, as fstat.
    {Item::kSeek, "lseek", 280'000},
    {Item::kDuplicate, "dup", 280'000},
    // "fsync 0.13".
    {Item::kSync, "fsync", 130'000},
    // "unlink 4.7"; rmdir was not measured apart.
    {Item::kUnlink, "unlink", 4'700'000},
    {Item::kRemoveDirectory, "rmdir", 4'700'000},
    // Not measured; a look-up, as mkdir of what exists.
    {Item::kRemoveFailed, "unlink failed", 1'200'000},
    // "rename 6.7".
    {Item::kRename, "rename", 6'700'000},
    // Not measured; as create.
    {Item::kMakeFifo, "mkfifo", 5'500'000},
    // "fork+exit+wait 8.4": all of it.
    {Item::kFork, "fork", 8'400'000},
    // Starting a program of 744 bytes without relibc was 3,664 thousand instructions,
    // fork+exit+wait
    // of them 1,008, which took 8.4 ms: 22.1 for the rest. Its relibc's start and its loading are
    // in
    // its own bill.
    {Item::kExecute, "exec", 22'100'000},
    {Item::kWait, "wait", 0},
    // Not measured; a message without data, as fstat.
    {Item::kSendSignal, "kill", 280'000},
    // Not measured; an open, a dup, and two messages more.
    {Item::kMakePipe, "pipe", 2'240'000},
    // Not measured; an open, fstat and close.
    {Item::kChangeDirectory, "chdir", 1'780'000},
};
constexpr size_t kItems = static_cast<size_t>(Item::kCount);
static_assert(sizeof(kPrices) / sizeof(kPrices[0]) == kItems);
constexpr bool IsInOrder() {
  for (size_t i = 0; i < kItems; ++i) {
    if (kPrices[i].item != static_cast<Item>(i)) return false;
  }
  return true;
}
static_assert(IsInOrder());

struct SizePrice {
  uint64_t bytes;
  uint64_t nanoseconds;
};

// "Throughput by the size of one call (write/read, MiB/s): 4 KiB 1.1/6.5, 16 KiB 5.0/25, 64 KiB
// 16/83, 256 KiB 43/196, 1 MiB 87/177, 4 MiB 106/229", as time per call; between them by a straight
// line, beyond them at the last rate. Below: "write of one byte 2.3"; a read without data is taken
// to be a message, as fstat.
constexpr SizePrice kReadSizes[] = {
    {0, 280'000},        {4096, 600'962},      {16384, 625'000},      {65536, 753'012},
    {262144, 1'275'510}, {1048576, 5'649'718}, {4194304, 17'467'249},
};
constexpr SizePrice kWriteSizes[] = {
    {0, 2'300'000},      {4096, 3'551'136},     {16384, 3'125'000},    {65536, 3'906'250},
    {262144, 5'813'953}, {1048576, 11'494'253}, {4194304, 37'735'849},
};

// "fork+exec+wait 8.4" and "relibc's own start about 10 ms"; "a loaded megabyte about 8 ms".
constexpr uint64_t kStart = 18'400'000;
constexpr uint64_t kLoadedMebibyte = 8'000'000;

struct Bill {
  uint64_t count;
  uint64_t nanoseconds;
};
Bill g_bill[kItems];
uint64_t g_loaded_bytes = 0;
const char* g_file = nullptr;

uint64_t OfSize(const SizePrice (&sizes)[7], uint64_t bytes) {
  for (size_t i = 1; i < 7; ++i) {
    const SizePrice& below = sizes[i - 1];
    const SizePrice& above = sizes[i];
    if (bytes > above.bytes) continue;
    const auto rise = static_cast<int64_t>(above.nanoseconds - below.nanoseconds);
    const auto run = static_cast<int64_t>(above.bytes - below.bytes);
    const auto part = static_cast<int64_t>(bytes - below.bytes);
    return below.nanoseconds + static_cast<uint64_t>(run == 0 ? 0 : rise * part / run);
  }
  return sizes[6].nanoseconds * bytes / sizes[6].bytes;
}

void WriteRow(long file, const char* name, uint64_t count, uint64_t nanoseconds) {
  Line line;
  line.Add(name);
  line.Add("\t");
  line.AddNumber(static_cast<long>(count));
  line.Add("\t");
  const uint64_t microseconds = (nanoseconds + 500) / 1000;
  line.AddNumber(static_cast<long>(microseconds / 1000));
  const char decimals[] = {'.', static_cast<char>('0' + microseconds / 100 % 10),
                           static_cast<char>('0' + microseconds / 10 % 10),
                           static_cast<char>('0' + microseconds % 10)};
  line.Add(decimals, sizeof(decimals));
  line.WriteTo(file);
}

}  // namespace

void StartPrices(const long* auxiliary) {
  g_file = Variable("CATION_PRICES");
  if (g_file == nullptr || *g_file == '\0') return;
  g_prices = true;
  constexpr long kProgramHeaders = 3, kProgramHeaderCount = 5;
  struct ProgramHeader {
    uint32_t type, flags;
    uint64_t offset, virtual_address, physical_address, file_size, memory_size, alignment;
  };
  const ProgramHeader* header = nullptr;
  long count = 0;
  for (; auxiliary[0] != 0; auxiliary += 2) {
    if (auxiliary[0] == kProgramHeaders)
      header = reinterpret_cast<const ProgramHeader*>(auxiliary[1]);
    if (auxiliary[0] == kProgramHeaderCount) count = auxiliary[1];
  }
  constexpr uint32_t kLoad = 1;
  for (; header != nullptr && count > 0; --count, ++header) {
    if (header->type == kLoad) g_loaded_bytes += header->file_size;
  }
}

void FinishPrices() {
  if (!g_prices) return;
  const bool is_file = !(g_file[0] == '1' && g_file[1] == '\0');
  const long file = is_file ? OpenForAppend(g_file) : 2;
  Bill total{};
  for (size_t i = 0; i < kItems; ++i) {
    const Bill& bill = g_bill[i];
    if (bill.count == 0) continue;
    WriteRow(file, kPrices[i].name, bill.count, bill.nanoseconds);
    // Entries are no calls.
    if (kPrices[i].item != Item::kEntries) total.count += bill.count;
    total.nanoseconds += bill.nanoseconds;
  }
  WriteRow(file, "total", total.count, total.nanoseconds);
  WriteRow(file, "start", 1, kStart);
  WriteRow(file, "load", g_loaded_bytes, g_loaded_bytes * kLoadedMebibyte / (1024 * 1024));
  ResetPrices();
}

void ResetPrices() {
  for (Bill& bill : g_bill) bill = {};
}

void AddToBill(Item item, size_t count) {
  Bill& bill = g_bill[static_cast<size_t>(item)];
  if (item == Item::kRead || item == Item::kWrite) {
    ++bill.count;
    bill.nanoseconds +=
        item == Item::kRead ? OfSize(kReadSizes, count) : OfSize(kWriteSizes, count);
  } else {
    bill.count += count;
    bill.nanoseconds += count * kPrices[static_cast<size_t>(item)].nanoseconds;
  }
}

}  // namespace cation::standin
