// SPDX-License-Identifier: MIT
//
// The last lines or bytes of what comes through a pipe, in as much memory as they take; and those
// of a file, found from its end. For head and tail.
#ifndef CATION_COREUTILS_SUPPORT_HELD_INPUT_H_
#define CATION_COREUTILS_SUPPORT_HELD_INPUT_H_

#include <stdint.h>

#include "runtime/core/span.h"
#include "runtime/core/string_view.h"
#include "runtime/core/vector.h"
#include "runtime/sys/sys.h"

namespace cation {

// How much of something's end is meant.
struct Amount {
  uint64_t count = 10;
  bool bytes = false;
  char end = '\n';  // of a line
};

// A queue of blocks of input. Those at its front that cannot be of the last `amount` any more are
// free to go.
//   for (;;) {
//     read into Room(), Added() so many
//     while (held.FrontIsFree()) use Front(), DropFront()
//   }
//   held.BytesBefore() of what is held come before the last `amount`
class HeldInput {
 public:
  explicit HeldInput(const Amount& amount) : amount_(amount) {}
  HeldInput(const HeldInput&) = delete;
  HeldInput& operator=(const HeldInput&) = delete;
  ~HeldInput();

  // Where more goes. Errors: ENOMEM.
  Result<Span<char>> Room();
  void Added(size_t count);

  [[nodiscard]] bool FrontIsFree() const;
  // The first block; empty when there is none.
  [[nodiscard]] StringView Front() const;
  void DropFront();

  // The bytes that are held.
  [[nodiscard]] uint64_t size() const { return bytes_; }
  // Once all has been added.
  [[nodiscard]] uint64_t BytesBefore() const;

 private:
  struct Block {
    char* data = nullptr;
    size_t size = 0;
    size_t capacity = 0;
    uint64_t lines = 0;
  };

  [[nodiscard]] StringView Text(size_t block) const {
    return {blocks_[block].data, blocks_[block].size};
  }

  Amount amount_;
  Vector<Block> blocks_;
  size_t first_ = 0;  // blocks before it have gone
  uint64_t bytes_ = 0;
  uint64_t lines_ = 0;
  Block spare_;
};

// Where the last `amount` of the file `input` begin, between `begin` and `size`, read backwards
// into `buffer`; the position is anywhere then. If what is from there to `size` is in `buffer`,
// `tail` is that, otherwise it is as it was. Errors: those of sys::Read() and sys::SeekTo().
Result<uint64_t> FindLast(sys::Descriptor input, uint64_t begin, uint64_t size,
                          const Amount& amount, Span<char> buffer, StringView& tail);

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_HELD_INPUT_H_
