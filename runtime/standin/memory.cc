// SPDX-License-Identifier: MIT
//
// malloc() and the functions that the compiler emits calls to. Compiled with -fno-builtin, or the
// loops below would become calls to themselves.
#include <stddef.h>
#include <stdint.h>

#include "runtime/standin/linux.h"

namespace {

using cation::standin::linux_kernel::Call;

// Blocks of 32, 64, … 32,768 bytes are cut from pieces of 256 KiB and kept on a list by size when
// free; larger ones are mappings of their own. Each is preceded by a header, which keeps what
// follows aligned to 16 bytes.
struct alignas(16) Header {
  size_t size;  // of the block with its header
  Header* next;
};
constexpr size_t kSmallest = 32;
constexpr size_t kLargest = 32768;
constexpr size_t kPiece = 256 * 1024;
constexpr size_t kClasses = 11;

Header* g_free[kClasses];
char* g_piece = nullptr;
size_t g_piece_left = 0;

void* Map(size_t size) {
  constexpr long kReadWrite = 3, kPrivateAnonymous = 0x22;
  const long address = Call(cation::standin::linux_kernel::kMmap, 0, static_cast<long>(size),
                            kReadWrite, kPrivateAnonymous, -1, 0);
  return address < 0 && address > -4096 ? nullptr : reinterpret_cast<void*>(address);
}

size_t ClassOf(size_t block) {
  size_t index = 0;
  while (kSmallest << index < block) ++index;
  return index;
}

size_t RoundToPages(size_t size) { return (size + 4095) & ~size_t{4095}; }

}  // namespace

extern "C" {

void* malloc(size_t size) {
  if (size > SIZE_MAX / 2) return nullptr;
  const size_t block = size + sizeof(Header);
  if (block > kLargest) {
    auto* const header = static_cast<Header*>(Map(RoundToPages(block)));
    if (header == nullptr) return nullptr;
    header->size = RoundToPages(block);
    return header + 1;
  }
  const size_t index = ClassOf(block);
  Header* header = g_free[index];
  if (header != nullptr) {
    g_free[index] = header->next;
    return header + 1;
  }
  const size_t rounded = kSmallest << index;
  if (g_piece_left < rounded) {
    auto* const piece = static_cast<char*>(Map(kPiece));
    if (piece == nullptr) return nullptr;
    g_piece = piece;
    g_piece_left = kPiece;
  }
  header = reinterpret_cast<Header*>(g_piece);
  g_piece += rounded;
  g_piece_left -= rounded;
  header->size = rounded;
  return header + 1;
}

void free(void* memory) {
  if (memory == nullptr) return;
  Header* const header = static_cast<Header*>(memory) - 1;
  if (header->size > kLargest) {
    Call(cation::standin::linux_kernel::kMunmap, reinterpret_cast<long>(header),
         static_cast<long>(header->size));
    return;
  }
  const size_t index = ClassOf(header->size);
  header->next = g_free[index];
  g_free[index] = header;
}

void* memcpy(void* to, const void* from, size_t size);

void* realloc(void* memory, size_t size) {
  if (memory == nullptr) return malloc(size);
  if (size > SIZE_MAX / 2) return nullptr;
  Header* const header = static_cast<Header*>(memory) - 1;
  const size_t block = size + sizeof(Header);
  if (block <= header->size) return memory;
  if (header->size > kLargest) {
    constexpr long kMayMove = 1;
    const long address =
        Call(cation::standin::linux_kernel::kMremap, reinterpret_cast<long>(header),
             static_cast<long>(header->size), static_cast<long>(RoundToPages(block)), kMayMove);
    if (address < 0 && address > -4096) return nullptr;
    auto* const moved = reinterpret_cast<Header*>(address);
    moved->size = RoundToPages(block);
    return moved + 1;
  }
  void* const grown = malloc(size);
  if (grown == nullptr) return nullptr;
  memcpy(grown, memory, header->size - sizeof(Header));
  free(memory);
  return grown;
}

void* memcpy(void* to, const void* from, size_t size) {
#if defined(__x86_64__)
  void* out = to;
  asm volatile("rep movsb" : "+D"(out), "+S"(from), "+c"(size) : : "memory");
#else
  struct [[gnu::packed, gnu::may_alias]] Unaligned {
    uint64_t word;
  };
  auto* out = static_cast<char*>(to);
  const auto* in = static_cast<const char*>(from);
  for (; size >= 8; size -= 8, out += 8, in += 8)
    reinterpret_cast<Unaligned*>(out)->word = reinterpret_cast<const Unaligned*>(in)->word;
  while (size-- != 0) *out++ = *in++;
#endif
  return to;
}

void* memmove(void* to, const void* from, size_t size) {
  auto* const out = static_cast<char*>(to);
  const auto* const in = static_cast<const char*>(from);
  if (reinterpret_cast<uintptr_t>(out) - reinterpret_cast<uintptr_t>(in) >= size)
    return memcpy(to, from, size);
  while (size-- != 0) out[size] = in[size];
  return to;
}

void* memset(void* memory, int byte, size_t size) {
  auto* out = static_cast<char*>(memory);
  while (size-- != 0) *out++ = static_cast<char>(byte);
  return memory;
}

int memcmp(const void* a, const void* b, size_t size) {
  const auto* left = static_cast<const unsigned char*>(a);
  const auto* right = static_cast<const unsigned char*>(b);
  for (; size != 0; --size, ++left, ++right) {
    if (*left != *right) return *left - *right;
  }
  return 0;
}

size_t strlen(const char* text) {
  size_t length = 0;
  while (text[length] != '\0') ++length;
  return length;
}

int strncmp(const char* a, const char* b, size_t size) {
  for (; size != 0; --size, ++a, ++b) {
    if (*a != *b || *a == '\0')
      return static_cast<unsigned char>(*a) - static_cast<unsigned char>(*b);
  }
  return 0;
}

}  // extern "C"
