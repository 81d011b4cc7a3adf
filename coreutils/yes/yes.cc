// SPDX-License-Identifier: MIT
//
// yes: writes a line again and again, until it is ended or its output fails. Not in POSIX; as
// GNU's.
#include "coreutils/support/diagnostics.h"
#include "coreutils/support/options.h"
#include "coreutils/support/output.h"

namespace cation {
namespace {

struct Options {};

constexpr Description kDescription = {
    .usage = "[OPTION]... [STRING]...",
    .summary = "Writes lines of all STRINGs, with spaces between them, or of \"y\", without end.",
    .options = {},
};
constexpr Command kCommand = Packed<kDescription>();

// Appends the line to `text`, and then as many more as fit into what one call writes best.
Result<void> Fill(Span<char*> words, String& text) {
  for (const char* const word : words) {
    CATION_TRY(text.Append(word));
    CATION_TRY(text.Append(' '));
  }
  if (words.empty()) CATION_TRY(text.Append("y "));
  const size_t size = text.size();
  text.data()[size - 1] = '\n';
  if (size > sys::kBestCallSize / 2) return {};
  CATION_TRY(text.Reserve(sys::kBestCallSize));
  // Doubled, then filled up: each piece is a number of whole lines.
  while (text.size() + size <= sys::kBestCallSize) {
    const size_t piece = Min(text.size(), sys::kBestCallSize - text.size());
    CATION_TRY(text.Append(text.view().First(piece / size * size)));
  }
  return {};
}

}  // namespace

const Description& ThisCommand() { return kDescription; }

int Main(Context& context) {
  Options options;
  int status = 0;
  if (!ParseOptions(context, kCommand, &options, &status)) return status;
  String text;
  const Result<void> filled = Fill(context.arguments, text);
  if (!filled.ok()) {
    Report(context, {nullptr, 0}, {}, filled.error());
    return 1;
  }
  Output out(context);
  while (out.ok()) out.WriteThrough(text.view());
  return out.Finish(1);
}

}  // namespace cation
