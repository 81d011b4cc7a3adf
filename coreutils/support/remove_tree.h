// SPDX-License-Identifier: MIT
#ifndef CATION_COREUTILS_SUPPORT_REMOVE_TREE_H_
#define CATION_COREUTILS_SUPPORT_REMOVE_TREE_H_

#include "coreutils/support/descent.h"
#include "coreutils/support/output.h"

namespace cation {

// Removes files and whole trees without a question, by descriptor: no symbolic link is followed.
// (rm has its own, with questions.)
class TreeRemover {
 public:
  // With `verbose`, what has been removed is said on `out`.
  TreeRemover(const Context& context, Output& out, bool verbose)
      : context_(context), out_(out), verbose_(verbose) {}

  // Returns false when anything of `path` is left, which has been reported.
  [[nodiscard, gnu::noinline]] bool Remove(const char* path);

 private:
  void Fail(Error error);
  void Removed(bool is_directory);
  void Step();
  void RemoveEntry(bool is_directory, uint64_t inode);
  [[nodiscard]] bool IsOther(Error error, bool is_directory);
  Result<void> Enter(uint64_t inode, const sys::Identity* known);

  const Context& context_;
  Output& out_;
  bool verbose_;
  bool ok_ = true;
  Descent descent_{Descent::Purpose::kRemove};
};

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_REMOVE_TREE_H_
