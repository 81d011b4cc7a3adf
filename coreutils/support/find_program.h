// SPDX-License-Identifier: MIT
//
// Which file a command's name means, as execvp() looks for it.
#ifndef CATION_COREUTILS_SUPPORT_FIND_PROGRAM_H_
#define CATION_COREUTILS_SUPPORT_FIND_PROGRAM_H_

#include "runtime/core/string.h"
#include "runtime/core/string_view.h"

namespace cation {

// What is searched where there is no PATH.
inline constexpr const char* kDefaultPath = "/bin:/usr/bin";

// Whether the search goes on after this error, of one file of several that the name may mean: it is
// not there, or may not be executed.
[[nodiscard]] constexpr bool SearchGoesOn(Error error) {
  return error == abi::kEACCES || error == abi::kENOENT || error == abi::kENOTDIR ||
         error == abi::kENODEV || error == abi::kESTALE || error == abi::kETIMEDOUT;
}

// Calls `attempt` with each file that `name` may mean until it succeeds. A name with '/' means that
// file alone; another is looked for in the directories of `path` (the value of PATH; nullptr:
// kDefaultPath), of which an empty one is the working directory. A file that may not be executed
// does not end the search, but if no other is found, EACCES is the result; errors that say more
// than that a file is no program to be found end it.
//   attempt: Result<void>(const char* file)
// Errors: ENOENT when there is none, EACCES, ENOMEM, and attempt's.
template <typename Attempt>
Result<void> ForEachProgram(StringView name, const char* path, const Attempt& attempt) {
  if (name.empty()) return Error{abi::kENOENT};
  // With a slash it is as if "" were the only directory.
  const bool is_path = name.Find('/') != StringView::kNotFound;
  String file;
  Error error{abi::kENOENT};
  for (StringView rest(is_path ? "" : path != nullptr ? path : kDefaultPath);;) {
    const size_t end = Min(rest.Find(':'), rest.size());
    file.Truncate(0);
    CATION_TRY(file.Append(rest.First(end)));
    // An empty one makes "name".
    CATION_TRY(AppendPathComponent(file, name));
    const Result<void> result = attempt(file.c_str());
    if (result.ok() || is_path || !SearchGoesOn(result.error())) return result;
    if (result.error() == abi::kEACCES) error = result.error();
    if (end == rest.size()) return error;
    rest = rest.From(end + 1);
  }
}

}  // namespace cation

#endif  // CATION_COREUTILS_SUPPORT_FIND_PROGRAM_H_
