// SPDX-License-Identifier: MIT
#include "coreutils/support/documentation.h"

#include <stddef.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "coreutils/support/options.h"
#include "gtest/gtest.h"

namespace cation::documentation {
namespace {

struct Options {
  bool flag = false;
  uint8_t word = 0;
  const char* value = nullptr;
};

constexpr Option kOptions[] = {
    Flag("-a, --all", offsetof(Options, flag), "it's \\ \"all\", a -b ~ ^ `x` [y]: $HOME"),
    Flag("-d", offsetof(Options, flag), ".begins like a request"),
    OptionalWord("-F, --colour[=WHEN]", offsetof(Options, word), uint8_t{0}, "|never no|always",
                 "colours, maybe"),
    Word("--sort=WORD", offsetof(Options, word), "none|size", "order"),
    Value("-w COLUMNS", offsetof(Options, value), "width in COLUMNS"),
    Value("-t, --target=DIRECTORY", offsetof(Options, value), "to there"),
    Value("--list=FILE", offsetof(Options, value), "from there"),
    Flag("--secret", offsetof(Options, flag), nullptr),
};

constexpr Description kFiles = {.usage = "[OPTION]... [FILE]...\n[OPTION]... -t DIRECTORY",
                                .summary = "Shows each FILE; or not. With -a, all.",
                                .options = kOptions};
constexpr Description kDirectories = {.usage = "[OPTION]... DIRECTORY...",
                                      .summary = "Makes each DIRECTORY.",
                                      .options = kOptions,
                                      .usage_status = 2};

Subject Of(const Description& command) {
  return {.command = &command, .name = "show", .version = "1.2-3", .date = "2026-01-02"};
}

void ExpectPart(const std::string& text, absl::string_view part) {
  EXPECT_TRUE(absl::StrContains(text, part)) << part << "\nin\n" << text;
}

TEST(DocumentationTest, ManualPage) {
  const std::string page = ManualPage(Of(kFiles));
  ExpectPart(page, "\n.TH SHOW 1 \"2026-01-02\" \"Cation 1.2-3\" \"User Commands\"\n");
  ExpectPart(page, "\n.SH NAME\nshow \\- shows each FILE\n");
  ExpectPart(page,
             "\n.SH SYNOPSIS\n\\fBshow\\fR [\\fIOPTION\\fR]... [\\fIFILE\\fR]...\n.br\n"
             "\\fBshow\\fR [\\fIOPTION\\fR]... \\fB\\-t\\fR \\fIDIRECTORY\\fR\n");
  ExpectPart(page, "\n.SH DESCRIPTION\nShows each \\fIFILE\\fR; or not. With \\fB\\-a\\fR, all.\n");
  ExpectPart(
      page,
      "\n.TP\n\\fB\\-a\\fR, \\fB\\-\\-all\\fR\nit\\(aqs \\(rs \\(dqall\\(dq, a \\fB\\-b\\fR \\(ti "
      "\\(ha \\(gax\\(ga [y]: $HOME\n");
  ExpectPart(page, "\n.TP\n\\fB\\-d\\fR\n\\&.begins like a request\n");
  ExpectPart(page,
             "\n\\fB\\-F\\fR, \\fB\\-\\-colour\\fR[=\\fIWHEN\\fR]\ncolours, maybe\n.br\n"
             "\\fIWHEN\\fR is \\fBnever\\fR or \\fBno\\fR; \\fBalways\\fR.\n");
  ExpectPart(page, "\n\\fB\\-w\\fR \\fICOLUMNS\\fR\nwidth in \\fICOLUMNS\\fR\n");
  ExpectPart(page, "\n\\fB\\-t\\fR, \\fB\\-\\-target\\fR=\\fIDIRECTORY\\fR\n");
  ExpectPart(page, "\n.SH EXIT STATUS\n.TP\n.B 0\n");
  EXPECT_FALSE(absl::StrContains(page, ".B 2"));
  ExpectPart(ManualPage(Of(kDirectories)), "\n.B 2\n");
}

TEST(DocumentationTest, WhereHelpIsNoOption) {
  Description command = kFiles;
  EXPECT_TRUE(absl::StrContains(ManualPage(Of(command)), "Options may come after operands"));
  command.help = Description::Help::kAlone;
  const std::string alone = ManualPage(Of(command));
  ExpectPart(alone, "\n\\fB\\-\\-help\\fR\n");
  ExpectPart(alone, "\nOptions come before operands; ");
  EXPECT_FALSE(absl::StrContains(alone, "Options may come after operands"));
  command.help = Description::Help::kNowhere;
  for (const std::string& text : {ManualPage(Of(command)), BashCompletion(Of(command)),
                                  ZshCompletion(Of(command)), FishCompletion(Of(command))}) {
    EXPECT_FALSE(absl::StrContains(text, "help")) << text;
    EXPECT_TRUE(absl::StrContains(text, "target"));
  }
}

TEST(DocumentationTest, StatusesOfItsOwn) {
  Description command = kFiles;
  command.statuses = "0 It is so.\n1 It is not, as FILE says.";
  ExpectPart(
      ManualPage(Of(command)),
      "\n.SH EXIT STATUS\n.TP\n.B 0\nIt is so.\n.TP\n.B 1\nIt is not, as \\fIFILE\\fR says.\n");
}

TEST(DocumentationTest, AManualPageWithoutADate) {
  Subject subject = Of(kFiles);
  subject.date = "unknown";
  ExpectPart(ManualPage(subject), "\n.TH SHOW 1 \"\" ");
}

TEST(DocumentationTest, Bash) {
  const std::string text = BashCompletion(Of(kFiles));
  ExpectPart(text,
             "words='-a --all -d -F --colour --sort= -w -t --target= --list= --help "
             "--version'\n");
  ExpectPart(text, "      --colour) words='never no always' ;;\n");
  ExpectPart(text, "      -w) : ;;\n");
  ExpectPart(text, "      -t | --target) files=-d ;;\n");
  ExpectPart(text, "      --list) files=-f ;;\n");
  ExpectPart(text, "$before =~ ^-[adF]*([wt])$ ");
  ExpectPart(text, "' --sort --target --list '");
  ExpectPart(text, "    files=-f\n");
  ExpectPart(text, "\ncomplete -F _cation_show show\n");
  ExpectPart(BashCompletion(Of(kDirectories)), "    files=-d\n");
}

TEST(DocumentationTest, Zsh) {
  const std::string text = ZshCompletion(Of(kFiles));
  EXPECT_TRUE(absl::StartsWith(text, "#compdef show\n")) << text;
  const absl::string_view help = R"([it'\''s \\ "all", a -b ~ ^ `x` \[y\]\: $HOME]')";
  ExpectPart(text, absl::StrCat("  '(-a --all)-a", help, " \\\n  '(-a --all)--all", help, " \\\n"));
  ExpectPart(text,
             "  '*-F[colours, maybe]' \\\n"
             "  '*--colour=-[colours, maybe]::WHEN:(never no always)' \\\n");
  ExpectPart(text, "  '*--sort=[order]:WORD:(none size)' \\\n");
  ExpectPart(text, "  '*-w+[width in COLUMNS]:COLUMNS: ' \\\n");
  ExpectPart(text, "  '*--target=[to there]:DIRECTORY:_files -/' \\\n");
  ExpectPart(text, "  '*:file:_files'\n");
  ExpectPart(ZshCompletion(Of(kDirectories)), "  '*:directory:_files -/'\n");
}

TEST(DocumentationTest, Fish) {
  const std::string text = FishCompletion(Of(kFiles));
  ExpectPart(text,
             "\ncomplete -c show -s a -l all -d 'it\\'s \\\\ \"all\", a -b ~ ^ `x` [y]: $HOME'\n");
  ExpectPart(text,
             "\ncomplete -c show -s F -d 'colours, maybe'\n"
             "complete -c show -l colour -f -a 'never no always' -d 'colours, maybe'\n");
  ExpectPart(text, "\ncomplete -c show -l sort -r -f -a 'none size' -d 'order'\n");
  ExpectPart(text, "\ncomplete -c show -s w -r -f -d 'width in COLUMNS'\n");
  ExpectPart(text, "\ncomplete -c show -s t -l target -r -f -a '(__fish_complete_directories)' ");
  ExpectPart(text, "\ncomplete -c show -l list -r -F -d 'from there'\n");
  ExpectPart(FishCompletion(Of(kDirectories)),
             "\ncomplete -c show -f -a '(__fish_complete_directories)'\n");
}

}  // namespace
}  // namespace cation::documentation
