// SPDX-License-Identifier: MIT
#include "coreutils/support/options.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "coreutils/support/testing/test_case.h"

namespace cation {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

enum class When : uint8_t { kNever, kAuto, kAlways };

struct TestOptions {
  bool all = false;
  bool brief = false;
  When when = When::kNever;
  const char* width = nullptr;
};

constexpr Option kTable[] = {
    Flag("-a, --all", offsetof(TestOptions, all), "everything"),
    Choice("-A, --not-all", offsetof(TestOptions, all), false, "not everything"),
    Flag("-b, --brief", offsetof(TestOptions, brief), "little"),
    Also(Flag("-x, --both", offsetof(TestOptions, all), "-ab"), offsetof(TestOptions, brief), true),
    Also(Flag("-y", offsetof(TestOptions, brief), "two fields"), offsetof(TestOptions, when),
         When::kAuto),
    OptionalWord("-c, --color[=WHEN]", offsetof(TestOptions, when), When::kAlways,
                 "never no none|auto tty|always yes", "colours"),
    OptionalWord("-C[WHEN], --colour[=WHEN]", offsetof(TestOptions, when), When::kAlways,
                 "never no none|auto tty|always yes", "colours, also behind the letter"),
    Word("-o, --output=WHEN", offsetof(TestOptions, when), "never|auto|always", "output"),
    Value("-w, --width=COLUMNS", offsetof(TestOptions, width), "how wide"),
};
constexpr Description kTestDescription = {.usage = "[OPTION]... [FILE]...\n-x",
                                          .summary = "Tests options.",
                                          .options = kTable,
                                          .usage_status = 2};
constexpr Command kTestCommand = Packed<kTestDescription>();

struct Parsed {
  std::vector<std::string> arguments;  // what the options' values point into
  bool go_on = false;
  int status = 0;
  TestOptions options;
  std::vector<std::string> operands;
  std::string output;
  std::string errors;
};

std::string ContentOf(int file) {
  std::string content(static_cast<size_t>(::lseek(file, 0, SEEK_END)), '\0');
  EXPECT_EQ(::pread(file, content.data(), content.size(), 0), static_cast<ssize_t>(content.size()));
  ::close(file);
  return content;
}

Parsed Parse(std::vector<std::string> arguments, const Command& command = kTestCommand) {
  Parsed parsed;
  parsed.arguments = std::move(arguments);
  std::vector<char*> pointers;
  for (std::string& argument : parsed.arguments) pointers.push_back(argument.data());
  Context context;
  context.program = "prog";
  context.arguments = {pointers.data(), pointers.size()};
  context.output = ::memfd_create("output", MFD_CLOEXEC);
  context.errors = ::memfd_create("errors", MFD_CLOEXEC);
  parsed.go_on = ParseOptions(context, command, &parsed.options, &parsed.status);
  for (const char* const operand : context.arguments) parsed.operands.emplace_back(operand);
  parsed.output = ContentOf(context.output);
  parsed.errors = ContentOf(context.errors);
  return parsed;
}

TEST(OptionsTest, ClustersAndArgumentsOfShortOptions) {
  const Parsed parsed = Parse({"-abw80", "f"});
  EXPECT_TRUE(parsed.go_on && parsed.options.all && parsed.options.brief);
  EXPECT_STREQ(parsed.options.width, "80");
  EXPECT_EQ(parsed.operands, std::vector<std::string>({"f"}));
  EXPECT_STREQ(Parse({"-w", "7"}).options.width, "7");
  EXPECT_STREQ(Parse({"-w", "-a"}).options.width, "-a");
  EXPECT_STREQ(Parse({"-w", "--"}).options.width, "--");
}

TEST(OptionsTest, OptionsComeAfterOperandsToo) {
  const Parsed parsed = Parse({"one", "-a", "two", "--", "-b", "--"});
  EXPECT_TRUE(parsed.options.all);
  EXPECT_FALSE(parsed.options.brief);
  EXPECT_EQ(parsed.operands, std::vector<std::string>({"one", "two", "-b", "--"}));
}

TEST(OptionsTest, OptionsEndBeforeAnOperandOrBehindAnOption) {
  static constexpr Option kOptions[] = {
      Flag("-a, --all", offsetof(TestOptions, all), "everything"),
      Ending(Value("-w, --width=COLUMNS", offsetof(TestOptions, width), "how wide")),
  };
  static constexpr Description kDescription = {.usage = "[OPTION]... COMMAND [ARG]...",
                                               .summary = "Runs.",
                                               .options = kOptions,
                                               .stops_at_operand = true};
  static constexpr Command kCommand = Packed<kDescription>();
  const Parsed first = Parse({"-a", "f", "-x", "--", "--help"}, kCommand);
  EXPECT_TRUE(first.go_on && first.options.all);
  EXPECT_EQ(first.operands, std::vector<std::string>({"f", "-x", "--", "--help"}));
  EXPECT_EQ(Parse({"-", "-a"}, kCommand).operands, std::vector<std::string>({"-", "-a"}));
  EXPECT_EQ(Parse({"--", "-a", "--"}, kCommand).operands, std::vector<std::string>({"-a", "--"}));
  for (const std::vector<std::string>& ending :
       {std::vector<std::string>{"-aw1"}, {"-a", "-w", "1"}, {"-a", "--width=1"}}) {
    std::vector<std::string> arguments = ending;
    arguments.insert(arguments.end(), {"-a", "--", "f"});
    const Parsed parsed = Parse(arguments, kCommand);
    EXPECT_TRUE(parsed.go_on && parsed.options.all);
    EXPECT_STREQ(parsed.options.width, "1");
    EXPECT_EQ(parsed.operands, std::vector<std::string>({"-a", "--", "f"}));
  }
}

// "none" for no argument.
bool TakeArgument(const Context&, const Command&, PackedOption, StringView argument, char* field) {
  const char* const text = argument.data() == nullptr ? "none" : argument.data();
  __builtin_memcpy(field, &text, sizeof(text));
  return true;
}

TEST(OptionsTest, AParserMayBeAskedForAnArgumentThatIsNotThere) {
  static constexpr Option kOptions[] = {
      OptionalParsed("-o, --optional[=WORD]", offsetof(TestOptions, width), TakeArgument, "a word"),
  };
  static constexpr Description kDescription = {.usage = "", .summary = "", .options = kOptions};
  static constexpr Command kCommand = Packed<kDescription>();
  EXPECT_STREQ(Parse({"--optional"}, kCommand).options.width, "none");
  EXPECT_STREQ(Parse({"--optional="}, kCommand).options.width, "");
  EXPECT_STREQ(Parse({"--optional=x"}, kCommand).options.width, "x");
  EXPECT_STREQ(Parse({"-o", "x"}, kCommand).options.width, "none") << "the short one takes none";
}

TEST(OptionsTest, DashAndEmptyAreOperands) {
  EXPECT_EQ(Parse({"-", ""}).operands, std::vector<std::string>({"-", ""}));
}

TEST(OptionsTest, LastOneCounts) {
  EXPECT_FALSE(Parse({"-a", "-A"}).options.all);
  EXPECT_TRUE(Parse({"-A", "--all"}).options.all);
}

TEST(OptionsTest, ExpansionsStandForTheirLetters) {
  EXPECT_TRUE(Parse({"-x"}).options.brief);
  EXPECT_TRUE(Parse({"--both"}).options.all);
}

TEST(OptionsTest, AnOptionMaySetTwoFields) {
  const Parsed parsed = Parse({"--color", "-y"});
  EXPECT_TRUE(parsed.options.brief);
  EXPECT_EQ(parsed.options.when, When::kAuto);
  EXPECT_EQ(Parse({"-y", "--color"}).options.when, When::kAlways);
}

TEST(OptionsTest, LongNamesMayBeCutWhileTheyAreUnambiguous) {
  EXPECT_STREQ(Parse({"--wid=5"}).options.width, "5");
  EXPECT_STREQ(Parse({"--width", "6"}).options.width, "6");
  EXPECT_STREQ(Parse({"--width="}).options.width, "");
  EXPECT_TRUE(Parse({"--al"}).options.all);
  const Parsed ambiguous = Parse({"--b"});
  EXPECT_FALSE(ambiguous.go_on);
  EXPECT_EQ(ambiguous.status, 2);
  EXPECT_THAT(ambiguous.errors, StartsWith("prog: option '--b' is ambiguous\nTry 'prog --help'"));
  EXPECT_THAT(Parse({"--help-me"}).errors, StartsWith("prog: unrecognized option '--help-me'\n"));
}

TEST(OptionsTest, Words) {
  EXPECT_EQ(Parse({"--color"}).options.when, When::kAlways);
  EXPECT_EQ(Parse({"-Cauto"}).options.when, When::kAuto) << "behind the letter";
  EXPECT_EQ(Parse({"-aCauto"}).options.when, When::kAuto);
  EXPECT_EQ(Parse({"-C", "never"}).options.when, When::kAlways) << "what follows is an operand";
  EXPECT_EQ(Parse({"-C", "never"}).operands.size(), 1U);
  EXPECT_EQ(Parse({"--colour=no"}).options.when, When::kNever);
  EXPECT_EQ(Parse({"-Cx"}).status, 2);
  EXPECT_EQ(Parse({"-c"}).options.when, When::kAlways);
  EXPECT_EQ(Parse({"--color=tty"}).options.when, When::kAuto);
  EXPECT_EQ(Parse({"--color=none"}).options.when, When::kNever);
  EXPECT_EQ(Parse({"--color=alw"}).options.when, When::kAlways);
  EXPECT_EQ(Parse({"--color=n"}).options.when, When::kNever) << "no, none and never are the same";
  EXPECT_EQ(Parse({"-oauto"}).options.when, When::kAuto);
  const Parsed ambiguous = Parse({"--output=a"});
  EXPECT_THAT(
      ambiguous.errors,
      StartsWith("prog: a: ambiguous argument for '--output'; it is one of: never auto always\n"));
  EXPECT_THAT(Parse({"--color="}).errors, StartsWith("prog: '': "));
  EXPECT_THAT(Parse({"--color=blue"}).errors,
              StartsWith("prog: blue: invalid argument for '--color'"));
}

TEST(OptionsTest, WrongOptions) {
  EXPECT_EQ(Parse({"-az"}).errors,
            "prog: invalid option -- 'z'\nTry 'prog --help' for more information.\n");
  EXPECT_THAT(Parse({"-w"}).errors, StartsWith("prog: option requires an argument -- 'w'\n"));
  EXPECT_THAT(Parse({"--width"}).errors,
              StartsWith("prog: option '--width' requires an argument\n"));
  EXPECT_THAT(Parse({"--all=1"}).errors,
              StartsWith("prog: option '--all' doesn't allow an argument\n"));
  EXPECT_THAT(Parse({"--help=1"}).errors,
              StartsWith("prog: option '--help' doesn't allow an argument\n"));
  EXPECT_EQ(Parse({"-q"}).status, 2);
}

TEST(OptionsTest, HelpComesFromTheTable) {
  const Parsed parsed = Parse({"--help", "-z"});
  EXPECT_FALSE(parsed.go_on);
  EXPECT_EQ(parsed.status, 0);
  EXPECT_EQ(parsed.errors, "");
  EXPECT_THAT(parsed.output,
              StartsWith("Usage: prog [OPTION]... [FILE]...\n   or: prog -x\nTests options.\n\n"));
  EXPECT_THAT(parsed.output, HasSubstr("\n  -a, --all               everything\n"));
  EXPECT_THAT(parsed.output, HasSubstr("\n  -w, --width=COLUMNS     how wide\n"));
  EXPECT_THAT(parsed.output, HasSubstr("\n  -c, --color[=WHEN]      colours\n"));
  EXPECT_THAT(parsed.output, HasSubstr("\n      --version           print"));
}

TEST(OptionsTest, CommonOptionsAreKnownByTheBeginningOfTheirNames) {
  EXPECT_EQ(Parse({"--hel"}).output, Parse({"--help"}).output);
  EXPECT_EQ(Parse({"--vers"}).output, Parse({"--version"}).output);
}

TEST(OptionsTest, VersionSaysWhatItWasBuiltFrom) {
  EXPECT_EQ(Parse({"--version"}).output,
            "prog (Cation) 1.2.3\nBuild: abc | 2026-01-02 | any | host\n");
}

}  // namespace
}  // namespace cation
