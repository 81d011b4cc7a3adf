// SPDX-License-Identifier: MIT
#include "runtime/start/context.h"

namespace cation {

const char* Environment(const Context& context, StringView name) {
  if (context.environment == nullptr) return nullptr;
  for (char* const* entry = context.environment; *entry != nullptr; ++entry) {
    const StringView variable(*entry);
    if (variable.StartsWith(name) && variable.size() > name.size() &&
        variable[name.size()] == '=') {
      return *entry + name.size() + 1;
    }
  }
  return nullptr;
}

}  // namespace cation
