// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_PAGER_DOCUMENT_H_
#define CATION_COREUTILS_SUPPORT_PAGER_DOCUMENT_H_

#include "runtime/core/string.h"
#include "runtime/core/vector.h"
#include "runtime/sys/terminal.h"

namespace cation::pager {

inline constexpr uint64_t kNowhere = ~uint64_t{0};

// What is looked at, by the places of its bytes. Of a file only those parts are read that are asked
// for, and few are kept; of what cannot be read twice, a pipe, all is kept and read as far as it is
// asked for.
class Document {
 public:
  [[gnu::noinline]] Document();
  Document(Document&& other) = default;
  Document& operator=(Document&& other) = delete;
  ~Document();

  // Takes `file` over. Errors: those of sys::Status() and sys::Read().
  Result<void> Open(sys::File file);
  // A text that stays where it is.
  void Open(StringView text);

  // The bytes from `offset` on, as far as they lie together; empty at the end, and after an
  // interruption. Valid until the next call.
  StringView At(uint64_t offset);
  // The same, up to `end`.
  StringView Part(uint64_t from, uint64_t end);
  // How much there is, as far as is known.
  [[nodiscard]] uint64_t size() const { return size_; }
  // Whether size() is the whole.
  [[nodiscard]] bool complete() const { return complete_; }
  [[nodiscard]] bool is_file() const { return is_file_; }
  // Reads a pipe to its end. Returns false when that was interrupted.
  bool ReadAll();
  // Waits for more of a pipe. Returns false at its end, and when that was interrupted.
  bool ReadMore();
  // Looks whether a file has changed its size. Returns false when it has become smaller: all that
  // was known of it is wrong then.
  bool Refresh();

  // The place of the first newline in [from, limit), or kNowhere.
  uint64_t FindNewline(uint64_t from, uint64_t limit);
  // The place of the last newline in [limit, from), or kNowhere.
  uint64_t FindNewlineBefore(uint64_t from, uint64_t limit);
  // Appends [from, end) to `text`. Errors: ENOMEM.
  Result<void> Append(uint64_t from, uint64_t end, String& text);

  // How many newlines are before `offset`; kNowhere after an interruption. What has been counted is
  // remembered.
  uint64_t LinesBefore(uint64_t offset);
  // Where the line `number`, from 1, begins; the last line's start when there are fewer; kNowhere
  // after an interruption.
  uint64_t StartOfLine(uint64_t number);

  // A signal has come that ends what takes long: it is for whoever has asked. Until it is taken
  // back nothing is read from a pipe.
  [[nodiscard]] bool interrupted() const { return (signals_ & sys::SignalBit(2)) != 0; }
  [[nodiscard]] uint64_t TakeSignals() { return Exchange(signals_, uint64_t{0}); }
  // The error that has ended the reading, once.
  [[nodiscard]] int TakeError() { return Exchange(error_, 0); }

 private:
  static constexpr size_t kBlock = size_t{64} * 1024;
  static constexpr size_t kKept = 16;
  struct Block {
    uint64_t index;
    size_t size;
    char* bytes;
  };

  StringView FileAt(uint64_t offset);
  StringView OutOfMemory();
  void Forget();
  // Whether to go on.
  bool Goes() {
    signals_ |= sys::NotedSignals();
    return !interrupted();
  }

  sys::File file_;
  StringView text_;
  Vector<Block> blocks_;
  // How many newlines are before each block, as far as they are counted.
  Vector<uint64_t> lines_before_;
  uint64_t size_ = 0;
  uint64_t signals_ = 0;
  int error_ = 0;
  bool is_file_ = false;
  bool complete_ = true;
};

}  // namespace cation::pager

#endif  // CATION_COREUTILS_SUPPORT_PAGER_DOCUMENT_H_
