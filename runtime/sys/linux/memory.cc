// SPDX-License-Identifier: MIT
//
// The functions that the compiler emits calls to. Compiled with -fno-builtin, or the loops below
// would become calls to themselves. Names and lines are short: up to 32 bytes each function does
// two overlapping steps rather than a loop.
#include <stdint.h>

#include "runtime/sys/linux/kernel.h"

namespace {

typedef uint8_t Vector __attribute__((vector_size(16)));

// At any address, whatever is there.
template <typename Unit>
struct [[gnu::packed, gnu::may_alias]] Unaligned {
  Unit unit;
};

template <typename Unit>
Unit Load(const void* from) {
  return static_cast<const Unaligned<Unit>*>(from)->unit;
}

template <typename Unit>
void Store(void* to, Unit unit) {
  static_cast<Unaligned<Unit>*>(to)->unit = unit;
}

template <typename Unit>
void CopyEnds(char* to, const char* from, size_t size) {
  const Unit first = Load<Unit>(from);
  const Unit last = Load<Unit>(from + size - sizeof(Unit));
  Store(to, first);
  Store(to + size - sizeof(Unit), last);
}

template <typename Unit>
void SetEnds(char* to, Unit value, size_t size) {
  Store(to, value);
  Store(to + size - sizeof(Unit), value);
}

// Up to 32 bytes, which may overlap.
void CopySmall(char* to, const char* from, size_t size) {
  if (size >= 16) return CopyEnds<Vector>(to, from, size);
  if (size >= 8) return CopyEnds<uint64_t>(to, from, size);
  if (size >= 4) return CopyEnds<uint32_t>(to, from, size);
  if (size >= 2) return CopyEnds<uint16_t>(to, from, size);
  if (size == 1) *to = *from;
}

// Above this the processor's own loop is the fastest.
constexpr size_t kLong = 2048;

uint64_t BigEndian(uint64_t word) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  return __builtin_bswap64(word);
#else
  return word;
#endif
}

}  // namespace

extern "C" {

void* CATION_C_NAME(memcpy)(void* target, const void* source, size_t size) {
  auto* to = static_cast<char*>(target);
  const auto* from = static_cast<const char*>(source);
  if (size <= 32) {
    CopySmall(to, from, size);
    return target;
  }
#if defined(__x86_64__)
  if (size >= kLong) {
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
    return target;
  }
#endif
  // Not more than 32 bytes are left after the loop; the last 32 are copied whole.
  char* const to_end = to + size - 32;
  const char* const from_end = from + size - 32;
  const Vector last[2] = {Load<Vector>(from_end), Load<Vector>(from_end + 16)};
  for (; to < to_end; to += 32, from += 32) {
    const Vector next[2] = {Load<Vector>(from), Load<Vector>(from + 16)};
    Store(to, next[0]);
    Store(to + 16, next[1]);
  }
  Store(to_end, last[0]);
  Store(to_end + 16, last[1]);
  return target;
}

void* CATION_C_NAME(memmove)(void* target, const void* source, size_t size) {
  auto* const to = static_cast<char*>(target);
  const auto* const from = static_cast<const char*>(source);
  if (size <= 32) {
    CopySmall(to, from, size);
    return target;
  }
  const uintptr_t distance = reinterpret_cast<uintptr_t>(to) - reinterpret_cast<uintptr_t>(from);
  if (distance >= size && -distance >= size) return CATION_C_NAME(memcpy)(target, source, size);
  if (distance >= size) {
    size_t done = 0;
    for (; size - done >= 16; done += 16) {
      const Vector next = Load<Vector>(from + done);
      Store(to + done, next);
    }
    CopySmall(to + done, from + done, size - done);
    return target;
  }
  for (; size >= 16; size -= 16) {
    const Vector next = Load<Vector>(from + size - 16);
    Store(to + size - 16, next);
  }
  CopySmall(to, from, size);
  return target;
}

void* CATION_C_NAME(memset)(void* memory, int value, size_t size) {
  auto* to = static_cast<char*>(memory);
  const uint64_t word = static_cast<uint8_t>(value) * uint64_t{0x0101010101010101};
  if (size >= 8) {
    for (size_t done = 0; done + 8 < size; done += 8) Store(to + done, word);
    Store(to + size - 8, word);
  } else if (size >= 4) {
    SetEnds(to, static_cast<uint32_t>(word), size);
  } else if (size >= 2) {
    SetEnds(to, static_cast<uint16_t>(word), size);
  } else if (size == 1) {
    *to = static_cast<char>(value);
  }
  return memory;
}

int CATION_C_NAME(memcmp)(const void* a, const void* b, size_t size) {
  const auto* left = static_cast<const unsigned char*>(a);
  const auto* right = static_cast<const unsigned char*>(b);
  for (; size >= 8; size -= 8, left += 8, right += 8) {
    const auto one = Load<uint64_t>(left);
    const auto other = Load<uint64_t>(right);
    if (one != other) return BigEndian(one) < BigEndian(other) ? -1 : 1;
  }
  for (; size != 0; --size, ++left, ++right) {
    if (*left != *right) return *left - *right;
  }
  return 0;
}

int CATION_C_NAME(bcmp)(const void* a, const void* b, size_t size) {
  return CATION_C_NAME(memcmp)(a, b, size);
}

size_t CATION_C_NAME(strlen)(const char* text) {
  size_t length = 0;
  while (text[length] != '\0') ++length;
  return length;
}

}  // extern "C"
