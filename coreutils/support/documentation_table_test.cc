// SPDX-License-Identifier: MIT
//
// Linked with each utility: all that its table has is in all that is made of it.
#include <stddef.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "coreutils/support/documentation.h"
#include "coreutils/support/options.h"
#include "gtest/gtest.h"

namespace cation::documentation {
namespace {

// Whether `word` stands in `text` between characters that no name has.
bool HasWord(absl::string_view text, absl::string_view word) {
  const auto is_part = [](char c) { return absl::ascii_isalnum(c) || c == '-' || c == '\\'; };
  for (size_t at = text.find(word); at != absl::string_view::npos; at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool begins = at == 0 || !is_part(text[at - 1]);
    const bool ends = end == text.size() || !is_part(text[end]);
    if (begins && ends) return true;
  }
  return false;
}

struct Output {
  absl::string_view name;
  std::string text;
};

class DocumentationTableTest : public ::testing::Test {
 protected:
  DocumentationTableTest() {
    const Subject subject{
        .command = &ThisCommand(), .name = "utility", .version = "1.2.3", .date = "2026-01-02"};
    // Of the manual page as it is shown: without fonts and escapes.
    std::string page = absl::StrReplaceAll(
        ManualPage(subject),
        {{"\\fB", ""}, {"\\fI", ""}, {"\\fR", ""}, {"\\-", "-"}, {"\\(ti", "~"}});
    outputs_ = {{"manual page", std::move(page)},
                {"bash", BashCompletion(subject)},
                {"zsh", ZshCompletion(subject)},
                {"fish", FishCompletion(subject)}};
  }

  std::vector<Output> outputs_;
};

std::string LongName(const Option& option) {
  const StringView name = option.long_name();
  return {name.data(), name.size()};
}

TEST_F(DocumentationTableTest, EveryOptionIsInEveryOutput) {
  for (const Span<const Option> options :
       {ThisCommand().options, Span<const Option>(kCommonOptions)}) {
    for (const Option& option : options) {
      if (option.IsHidden()) continue;
      for (const Output& output : outputs_) {
        SCOPED_TRACE(absl::StrCat(output.name, ": ", option.spelling));
        const bool fish = output.name == "fish";
        if (option.short_name() != '\0') {
          const std::string letter(1, option.short_name());
          const bool found = HasWord(output.text, absl::StrCat(fish ? "-s " : "-", letter)) ||
                             absl::StrContains(output.text, absl::StrCat("-", letter, "+["));
          EXPECT_TRUE(found) << output.text;
        }
        if (!LongName(option).empty()) {
          EXPECT_TRUE(HasWord(output.text, absl::StrCat(fish ? "-l " : "--", LongName(option))))
              << output.text;
        }
        if (option.words == nullptr) continue;
        for (const absl::string_view word :
             absl::StrSplit(option.words, absl::ByAnyChar("| "), absl::SkipEmpty())) {
          EXPECT_TRUE(HasWord(output.text, word)) << word << " in " << output.text;
        }
      }
    }
    if (ThisCommand().help == Description::Help::kNowhere) break;
  }
}

TEST_F(DocumentationTableTest, WhatHelpDoesNotShowIsInNone) {
  for (const Option& option : ThisCommand().options) {
    if (!option.IsHidden()) continue;
    for (const Output& output : outputs_) {
      EXPECT_FALSE(absl::StrContains(output.text, LongName(option))) << output.name;
    }
  }
}

}  // namespace
}  // namespace cation::documentation
