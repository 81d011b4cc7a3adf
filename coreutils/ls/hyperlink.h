// SPDX-License-Identifier: MIT
//
// Links that terminals open: file://HOST/PATH, without links and "..".
#ifndef CATION_COREUTILS_LS_HYPERLINK_H_
#define CATION_COREUTILS_LS_HYPERLINK_H_

#include "runtime/core/string.h"
#include "runtime/start/context.h"

namespace cation::ls {

class Hyperlinks {
 public:
  // Does nothing unless it is switched on.
  // Finds out the host's name and the working directory. Errors: those of
  // sys::WorkingDirectory(), ENOMEM.
  Result<void> SwitchOn();

  // Of() is about names in the directory at `path` from now on, empty for the working directory.
  // Errors: ENOMEM.
  Result<void> Enter(StringView path);
  // The link to `name`, a path from that directory; valid until the next call. Empty when it is not
  // switched on. What does not exist has one too. Errors: ENOMEM.
  Result<StringView> Of(StringView name);

 private:
  // Makes base_ what `path` is from it.
  Result<void> Resolve(String& base, StringView path);

  bool is_on_ = false;
  String prefix_;   // file://HOST
  String working_;  // the working directory
  String folder_;   // of Enter()
  String path_;
  String url_;
};

}  // namespace cation::ls

#endif  // CATION_COREUTILS_LS_HYPERLINK_H_
