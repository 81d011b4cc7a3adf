// SPDX-License-Identifier: MIT
//
// malloc() for programs of one thread. Memory comes from an area of the program itself, which is
// there without a system call and costs nothing where it is not touched, then from pieces that the
// kernel maps. What grows by realloc() beyond 32 KiB is a mapping of its own, which moves without
// being copied.
#include <stdint.h>

#include "runtime/sys/linux/kernel.h"

namespace {

using cation::linux_kernel::Call;

// Precedes each block, and keeps what follows aligned to 16 bytes.
struct alignas(16) Header {
  size_t size;  // of the block with its header
  Header* next;
};
// Sizes of blocks are 32 to 32,768 bytes in steps of a quarter of a power of two.
constexpr size_t kSmallest = 32;
constexpr size_t kLargest = 32768;
constexpr size_t kSteps = 4;
constexpr size_t kClasses = 44;
constexpr size_t kArea = size_t{2} * 1024 * 1024;
constexpr size_t kPage = 4096;
// A size with this bit is that of a mapping.
constexpr size_t kMapped = 1;

alignas(16) char g_area[kArea];
char* g_piece = g_area;
size_t g_piece_left = kArea;
Header* g_free[kClasses];

struct Class {
  size_t index;
  size_t size;
};

// `block` is at most kLargest.
Class ClassOf(size_t block) {
  if (block <= kSmallest) return {0, kSmallest};
  const auto power = static_cast<size_t>(63 - __builtin_clzl(block - 1));  // 5 to 14
  const size_t base = size_t{1} << power;
  const size_t step = base / kSteps < 16 ? 16 : base / kSteps;
  const size_t above = (block - base + step - 1) / step;  // 1 to 4
  return {(power - 5) * kSteps + above, base + above * step};
}

size_t RoundToPages(size_t size) { return (size + kPage - 1) & ~(kPage - 1); }

void* Map(size_t size) {
  constexpr long kReadWrite = 3;
  constexpr long kPrivateAnonymous = 0x22;
  const long address =
      Call(SYS_mmap, 0, static_cast<long>(size), kReadWrite, kPrivateAnonymous, -1, 0);
  return address < 0 && address > -4096 ? nullptr : reinterpret_cast<void*>(address);
}

Header* NewMapping(size_t block) {
  auto* const header = static_cast<Header*>(Map(RoundToPages(block)));
  if (header != nullptr) header->size = RoundToPages(block) | kMapped;
  return header;
}

// The next `size` bytes, a multiple of 16, of the area or piece; nullptr when it has less left.
Header* Cut(size_t size) {
  if (g_piece_left < size) return nullptr;
  auto* const header = reinterpret_cast<Header*>(g_piece);
  g_piece += size;
  g_piece_left -= size;
  header->size = size;
  return header;
}

Header* SmallBlock(size_t block) {
  const Class of = ClassOf(block);
  Header* header = g_free[of.index];
  if (header != nullptr) {
    g_free[of.index] = header->next;
    return header;
  }
  header = Cut(of.size);
  if (header != nullptr) return header;
  auto* const piece = static_cast<char*>(Map(kArea));
  if (piece == nullptr) return nullptr;
  g_piece = piece;
  g_piece_left = kArea;
  return Cut(of.size);
}

size_t SizeOf(const Header* header) { return header->size & ~kMapped; }

}  // namespace

extern "C" {

void* CATION_C_NAME(memcpy)(void* to, const void* from, size_t size);

void* CATION_C_NAME(malloc)(size_t size) {
  if (size > SIZE_MAX / 2) return nullptr;
  const size_t block = size + sizeof(Header);
  Header* header = nullptr;
  if (block <= kLargest) {
    header = SmallBlock(block);
  } else {
    // A buffer: as a rule a program has few, and keeps them.
    if (block <= kArea / 4) header = Cut((block + 15) & ~size_t{15});
    if (header == nullptr) header = NewMapping(block);
  }
  return header == nullptr ? nullptr : header + 1;
}

void CATION_C_NAME(free)(void* memory) {
  if (memory == nullptr) return;
  Header* const header = static_cast<Header*>(memory) - 1;
  const size_t size = SizeOf(header);
  if ((header->size & kMapped) != 0) {
    Call(SYS_munmap, reinterpret_cast<long>(header), static_cast<long>(size));
  } else if (size <= kLargest) {
    const size_t index = ClassOf(size).index;
    header->next = g_free[index];
    g_free[index] = header;
  } else if (reinterpret_cast<char*>(header) + size == g_piece) {
    // The last one cut: what was a buffer may be one again.
    g_piece -= size;
    g_piece_left += size;
  }
}

void* CATION_C_NAME(realloc)(void* memory, size_t size) {
  if (memory == nullptr) return CATION_C_NAME(malloc)(size);
  if (size > SIZE_MAX / 2) return nullptr;
  Header* const header = static_cast<Header*>(memory) - 1;
  const size_t block = size + sizeof(Header);
  const size_t old_size = SizeOf(header);
  if (block <= old_size) return memory;
  if ((header->size & kMapped) != 0) {
    constexpr long kMayMove = 1;
    const size_t wanted = RoundToPages(block);
    const long address = Call(SYS_mremap, reinterpret_cast<long>(header),
                              static_cast<long>(old_size), static_cast<long>(wanted), kMayMove);
    if (address < 0 && address > -4096) return nullptr;
    auto* const moved = reinterpret_cast<Header*>(address);
    moved->size = wanted | kMapped;
    return moved + 1;
  }
  Header* const grown = block <= kLargest ? SmallBlock(block) : NewMapping(block);
  if (grown == nullptr) return nullptr;
  CATION_C_NAME(memcpy)(grown + 1, memory, old_size - sizeof(Header));
  CATION_C_NAME(free)(memory);
  return grown + 1;
}

}  // extern "C"
