// SPDX-License-Identifier: MIT
//
// Sizes as people write and read them: 10M, 1.1K. For ls, du and df.
#ifndef CATION_COREUTILS_SUPPORT_HUMAN_SIZE_H_
#define CATION_COREUTILS_SUPPORT_HUMAN_SIZE_H_

#include <stdint.h>

#include "runtime/core/result.h"
#include "runtime/core/string_view.h"
#include "runtime/start/context.h"

namespace cation {

// In what sizes are shown.
struct SizeUnit {
  enum class Kind : uint8_t {
    kBlocks,   // numbers of blocks
    kBinary,   // 1.1K: three characters and a letter, in powers of 1024
    kDecimal,  // 1.1k: in powers of 1000
  };
  enum class Suffix : uint8_t {
    kNone,
    kBinary,       // 12K: the block size was given as K
    kBinaryBytes,  // 12KiB
    kDecimal,      // 12kB
  };

  Kind kind = Kind::kBlocks;
  Suffix suffix = Suffix::kNone;
  uint64_t block_size = 1;  // kBlocks: bytes, not 0
};

// Reads a block size as --block-size takes it: a number with K, M, G, T, P, E, Z, Y, R or Q (powers
// of 1024), the same with iB, or with B alone (powers of 1000); a unit alone, which is then shown
// behind each number; human-readable or si, or how they begin. A ' before it asks for groups of
// digits, which there are none of in the POSIX locale. Errors: EINVAL, also for 0; ERANGE for what
// is too large.
Result<SizeUnit> ParseBlockSize(StringView text);

// The unit that the environment asks for: that of the variable `name` (nullptr: none), of
// BLOCK_SIZE or of BLOCKSIZE, whichever is set first; values that are wrong are passed over.
// Without them blocks of 1024 bytes, or of 512 where POSIXLY_CORRECT is set.
[[nodiscard]] SizeUnit BlockSizeOfEnvironment(const Context& context, const char* name);

// `count` blocks of `block_size` bytes (not 0) as text in a unit, rounded up.
class SizeText {
 public:
  SizeText(uint64_t count, uint64_t block_size, const SizeUnit& unit);
  [[nodiscard]] StringView view() const { return {text_ + start_, sizeof(text_) - start_}; }
  operator StringView() const { return view(); }  // NOLINT(google-explicit-constructor)

 private:
  void Prepend(char c) { text_[--start_] = c; }
  void PrependNumber(uint64_t number);
  void PrependScaled(uint64_t bytes, uint64_t base);

  char text_[28];
  size_t start_ = sizeof(text_);
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_HUMAN_SIZE_H_
