// SPDX-License-Identifier: MIT
#include "coreutils/support/pager/document.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "coreutils/support/testing/test_case.h"
#include "runtime/sys/fault/fault.h"

namespace cation::pager {
namespace {

class DocumentTest : public testing::TestCase {
 protected:
  static Document Opened(const std::string& path) {
    Document document;
    const Result<void> opened =
        document.Open(sys::File(sys::Open(sys::At(path.c_str()), sys::kRead).value()));
    EXPECT_TRUE(opened.ok());
    return document;
  }
  static std::string All(Document& document) {
    String text;
    EXPECT_TRUE(document.Append(0, kNowhere, text).ok());
    return {text.c_str(), text.size()};
  }
  // Many lines, of many lengths.
  static std::string Lines() {
    std::string text;
    for (int i = 0; i < 40'000; ++i) text += std::to_string(i) + std::string(i % 50, 'x') + "\n";
    return text;
  }
};

TEST_F(DocumentTest, GivesWhatIsInAFile) {
  const std::string text = Lines();
  WriteFile("a", text);
  Document document = Opened("a");
  EXPECT_EQ(document.size(), text.size());
  EXPECT_TRUE(document.complete());
  EXPECT_EQ(All(document), text);
  for (const std::size_t place :
       {text.size() - 1, std::size_t{0}, std::size_t{65535}, std::size_t{65536}, text.size() / 2}) {
    ASSERT_FALSE(document.At(place).empty());
    EXPECT_EQ(document.At(place)[0], text[place]);
  }
  EXPECT_TRUE(document.At(text.size()).empty());
}

TEST_F(DocumentTest, ReadsNoMoreThanIsAskedFor) {
  WriteFile("a", Lines());
  Document document = Opened("a");
  sys::fault::Begin();
  EXPECT_FALSE(document.At(0).empty());
  EXPECT_FALSE(document.At(document.size() - 1).empty());
  EXPECT_FALSE(document.At(1).empty());
  EXPECT_LE(sys::fault::Trace().size(), 5U);
  sys::fault::End();
}

TEST_F(DocumentTest, GivesWhatComesFromAPipe) {
  ASSERT_EQ(::mkfifo("p", 0600), 0);
  const std::string text = Lines();
  std::thread writer([&] { WriteFile("p", text); });
  Document document = Opened("p");
  EXPECT_FALSE(document.At(0).empty());
  EXPECT_FALSE(document.complete());
  EXPECT_TRUE(document.ReadAll());
  writer.join();
  EXPECT_EQ(document.size(), text.size());
  EXPECT_EQ(All(document), text);
}

TEST_F(DocumentTest, FindsNewlines) {
  const std::string text = Lines();
  WriteFile("a", text);
  Document document = Opened("a");
  for (std::size_t at = 0; at < text.size(); at += 7919) {
    EXPECT_EQ(document.FindNewline(at, kNowhere), text.find('\n', at));
    const std::size_t before = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
    EXPECT_EQ(document.FindNewlineBefore(at, 0), before == std::string::npos ? kNowhere : before);
  }
  EXPECT_EQ(document.FindNewline(0, 1), kNowhere);
  EXPECT_EQ(document.FindNewlineBefore(text.size(), text.size()), kNowhere);
}

TEST_F(DocumentTest, CountsLines) {
  const std::string text = Lines();
  WriteFile("a", text);
  Document document = Opened("a");
  std::size_t start = 0;
  for (uint64_t line = 1; line <= 40'000; ++line) {
    if (line % 997 == 0 || line < 5) {
      EXPECT_EQ(document.StartOfLine(line), start);
      EXPECT_EQ(document.LinesBefore(start), line - 1);
    }
    start = text.find('\n', start) + 1;
  }
  EXPECT_EQ(document.LinesBefore(text.size()), 40'000U);
  EXPECT_EQ(document.StartOfLine(1'000'000), text.rfind('\n', text.size() - 2) + 1) << "the last";
  EXPECT_EQ(document.StartOfLine(0), 0U);
  Document backward = Opened("a");
  EXPECT_EQ(backward.StartOfLine(1'000'000), text.rfind('\n', text.size() - 2) + 1);
  EXPECT_EQ(backward.StartOfLine(2), 2U);
}

TEST_F(DocumentTest, AnEmptyFile) {
  WriteFile("a", "");
  Document document = Opened("a");
  EXPECT_TRUE(document.is_file());
  EXPECT_TRUE(document.At(0).empty());
  EXPECT_EQ(document.StartOfLine(5), 0U);
  WriteFile("a", "x");
  EXPECT_TRUE(document.Refresh());
  EXPECT_EQ(All(document), "x");
}

TEST_F(DocumentTest, AFileThatOnlySaysThatItIsEmpty) {
  Document document = Opened("/proc/self/status");
  EXPECT_FALSE(document.is_file());
  EXPECT_NE(All(document).find("Pid:"), std::string::npos);
}

TEST_F(DocumentTest, AFileThatGrowsAndIsCut) {
  WriteFile("a", "one\n");
  Document document = Opened("a");
  EXPECT_EQ(All(document), "one\n");
  WriteFile("a", "one\ntwo\n");
  EXPECT_TRUE(document.Refresh());
  EXPECT_EQ(All(document), "one\ntwo\n");
  EXPECT_EQ(document.LinesBefore(8), 2U);
  WriteFile("a", "2\n");
  EXPECT_FALSE(document.Refresh()) << "it has become smaller";
  EXPECT_EQ(All(document), "2\n");
  EXPECT_EQ(document.LinesBefore(2), 1U);
}

TEST_F(DocumentTest, AFileThatIsCutUnseen) {
  WriteFile("a", std::string(200'000, 'x'));
  Document document = Opened("a");
  ASSERT_EQ(::truncate("a", 70'000), 0);
  EXPECT_TRUE(document.At(150'000).empty());
  EXPECT_EQ(All(document).size(), 70'000U);
}

TEST_F(DocumentTest, ErrorsEndTheReadingAndAreKept) {
  WriteFile("a", "one\n");
  Document document = Opened("a");
  sys::fault::Begin({.call = 1, .error = EIO});
  EXPECT_TRUE(document.At(0).empty());
  sys::fault::End();
  EXPECT_EQ(document.TakeError(), EIO);
  EXPECT_EQ(document.TakeError(), 0);
}

TEST_F(DocumentTest, Directories) {
  Document document;
  EXPECT_TRUE(document.Open(sys::File(sys::Open(sys::At("."), sys::kRead).value())).error() ==
              abi::kEISDIR);
}

TEST_F(DocumentTest, ATextInMemory) {
  Document document;
  document.Open("a\nb\n");
  EXPECT_EQ(All(document), "a\nb\n");
  EXPECT_EQ(document.FindNewlineBefore(4, 0), 3U);
  EXPECT_EQ(document.FindNewlineBefore(3, 0), 1U);
}

}  // namespace
}  // namespace cation::pager
