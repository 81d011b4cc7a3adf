// SPDX-License-Identifier: MIT
#include "image/toml.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cation::image {
namespace {

using testing::ElementsAre;
using Kind = TomlStatement::Kind;

std::vector<TomlStatement> MustRead(absl::string_view text) {
  absl::StatusOr<std::vector<TomlStatement>> statements = ReadToml(text);
  EXPECT_TRUE(statements.ok()) << statements.status() << text;
  return statements.ok() ? *std::move(statements) : std::vector<TomlStatement>();
}

// The text of `a = VALUE`.
std::string Text(absl::string_view value) {
  const std::vector<TomlStatement> statements = MustRead(absl::StrCat("a = ", value));
  return statements.size() == 1 ? statements[0].value.text : "not one statement";
}

TEST(TomlTest, Statements) {
  const std::string text =
      "# first\n"
      "\n"
      "top = 1\n"
      "  [ a . \"b c\" ]  # table\n"
      "[[drivers]]\r\n"
      "key.'sub' = [ 1, # one\n"
      "  'two', ] # end\n"
      "last = true";
  const std::vector<TomlStatement> statements = MustRead(text);
  ASSERT_EQ(statements.size(), 6);
  EXPECT_EQ(statements[0].kind, Kind::kComment);
  EXPECT_EQ(statements[1].kind, Kind::kKeyValue);
  EXPECT_EQ(statements[1].line, 3);
  EXPECT_EQ(statements[2].kind, Kind::kTable);
  EXPECT_THAT(statements[2].key, ElementsAre("a", "b c"));
  EXPECT_EQ(text.substr(statements[2].begin, 3), "  [");
  EXPECT_EQ(statements[3].kind, Kind::kArrayOfTables);
  EXPECT_EQ(text.substr(statements[3].begin, statements[3].end - statements[3].begin),
            "[[drivers]]\r\n");
  EXPECT_THAT(statements[4].key, ElementsAre("key", "sub"));
  EXPECT_EQ(statements[4].value.items.size(), 2);
  EXPECT_EQ(statements[4].value.items[1].text, "two");
  EXPECT_EQ(text.substr(statements[4].end), "last = true");
  EXPECT_EQ(statements[5].line, 8);
  EXPECT_EQ(statements[5].end, text.size());
}

TEST(TomlTest, Strings) {
  EXPECT_EQ(Text(R"("a]#\"b\\")"), "a]#\"b\\");
  EXPECT_EQ(Text(R"('a\"#]')"), "a\\\"#]");
  EXPECT_EQ(Text(R"("\t\u00e9\U0001F600")"), "\t\xC3\xA9\xF0\x9F\x98\x80");
  EXPECT_EQ(Text("\"\"\"\n[[drivers]]\nx\"\"y\"\"\"\"\""), "[[drivers]]\nx\"\"y\"\"");
  EXPECT_EQ(Text("'''\r\na'b''c'''"), "a'b''c");
  EXPECT_EQ(Text("\"\"\"a\\\n   \n  b\"\"\""), "ab");
  EXPECT_EQ(Text("\"\""), "");
  EXPECT_EQ(Text("''''''"), "");
}

TEST(TomlTest, OtherValues) {
  EXPECT_EQ(Text("0x1AF4 # device"), "0x1AF4");
  EXPECT_EQ(Text("1979-05-27 07:32:00Z"), "1979-05-27 07:32:00Z");
  const TomlValue table = MustRead("t = { 0x8086 = [1, 2], a.b = 'x' }")[0].value;
  EXPECT_EQ(table.kind, TomlValue::Kind::kTable);
  EXPECT_THAT(table.keys, ElementsAre("0x8086", "a.b"));
  EXPECT_EQ(table.items[0].items[1].text, "2");
  EXPECT_EQ(table.items[1].text, "x");
  EXPECT_TRUE(MustRead("e = []")[0].value.items.empty());
}

TEST(TomlTest, WhatIsNoTomlIsRefusedWithTheLine) {
  for (const char* bad : {"a",
                          "a =",
                          "= 1",
                          "[a",
                          "[[a]",
                          "[a] b",
                          "a = 'x",
                          "a = \"x\n\"",
                          "a = '''x''",
                          "a = [1",
                          "a = [1 2]",
                          "a = {b = 1",
                          "a = \"\\q\"",
                          "a = \"\\ud800\"",
                          "a = \"\\u12\"",
                          "a = 1 = 2",
                          "a = 'x' 'y'",
                          "\"\"\"a\"\"\" = 1",
                          "a = \"",
                          "a = \"\\",
                          "a b = 1",
                          "[]",
                          "a..b = 1"}) {
    const absl::Status status = ReadToml(absl::StrCat("ok = 1\n", bad, "\n")).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bad;
    EXPECT_THAT(std::string(status.message()), testing::StartsWith("line ")) << bad;
  }
  EXPECT_EQ(ReadToml("ok = 1\nbad\n").status().message(), "line 2: a key without a value");
  EXPECT_FALSE(ReadToml(absl::StrCat("a = ", std::string(100000, '['))).ok());
}

}  // namespace
}  // namespace cation::image
