// SPDX-License-Identifier: MIT
#include "coreutils/support/canonical_path.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coreutils/support/testing/test_case.h"
#include "runtime/sys/fault/fault.h"

namespace cation::testing {
namespace {

namespace fault = sys::fault;

class CanonicalPathTest : public TestCase {
 protected:
  // The path, with "@" for this test's folder; or "error N".
  std::string Of(const std::string& path, Missing missing, Links links = Links::kFollow) {
    const Result<String> result = CanonicalPath(path.c_str(), missing, links);
    if (!result.ok()) return "error " + std::to_string(result.error().number);
    std::string text = result.value().c_str();
    EXPECT_EQ(text.size(), result.value().size());
    if (text.compare(0, folder().size(), folder()) == 0) text.replace(0, folder().size(), "@");
    return text;
  }
  std::string Existing(const std::string& path) { return Of(path, Missing::kNothing); }
  std::string Usual(const std::string& path) { return Of(path, Missing::kLast); }
  std::string Any(const std::string& path) { return Of(path, Missing::kAny); }
  std::string Kept(const std::string& path, Missing missing = Missing::kLast) {
    return Of(path, missing, Links::kKeep);
  }

  void MakeTree() {
    MakeDirectory("d");
    MakeDirectory("d/e");
    WriteFile("d/f", "");
    MakeLink("d/e", "to-e");
    MakeLink("f", "d/to-f");
    MakeLink("..", "d/e/up");
    MakeLink(folder() + "/d", "absolute");
    MakeLink("nowhere", "dangling");
    MakeLink("no/where", "far");
    MakeLink("loop", "loop");
    MakeLink("b", "a");
    MakeLink("a", "b");
    MakeLink("d/", "slash");
    MakeLink("/", "root");
  }

  const std::string not_there_ = "error " + std::to_string(ENOENT);
  const std::string no_directory_ = "error " + std::to_string(ENOTDIR);
  const std::string circle_ = "error " + std::to_string(ELOOP);
};

TEST_F(CanonicalPathTest, Plain) {
  MakeTree();
  for (const Missing missing : {Missing::kNothing, Missing::kLast, Missing::kAny}) {
    for (const Links links : {Links::kFollow, Links::kKeep}) {
      EXPECT_EQ(Of("d", missing, links), "@/d");
      EXPECT_EQ(Of("d/", missing, links), "@/d");
      EXPECT_EQ(Of(".//d///f", missing, links), "@/d/f");
      EXPECT_EQ(Of("d/./e/..", missing, links), "@/d");
      EXPECT_EQ(Of("d/e/../f", missing, links), "@/d/f");
      EXPECT_EQ(Of(".", missing, links), "@");
      EXPECT_EQ(Of("d/..", missing, links), "@");
      EXPECT_EQ(Of(folder() + "/d/f", missing, links), "@/d/f");
      EXPECT_EQ(Of("/", missing, links), "/");
      EXPECT_EQ(Of("///", missing, links), "/");
      EXPECT_EQ(Of("/../..", missing, links), "/");
      EXPECT_EQ(Of("/./dev/..", missing, links), "/");
      EXPECT_EQ(Of("", missing, links), not_there_);
    }
  }
}

TEST_F(CanonicalPathTest, LinksAreFollowedWhereTheyAre) {
  MakeTree();
  EXPECT_EQ(Existing("to-e"), "@/d/e");
  EXPECT_EQ(Existing("to-e/.."), "@/d") << "not the link's own parent";
  EXPECT_EQ(Existing("to-e/../to-f"), "@/d/f");
  EXPECT_EQ(Existing("to-e/up/e/up"), "@/d");
  EXPECT_EQ(Existing("absolute/e"), "@/d/e");
  EXPECT_EQ(Existing("slash"), "@/d");
  EXPECT_EQ(Existing("slash/f"), "@/d/f");
  EXPECT_EQ(Existing("root"), "/");
  EXPECT_EQ(Existing("root/dev"), "/dev");
  EXPECT_EQ(Existing("root/.."), "/");
}

TEST_F(CanonicalPathTest, LinksAreKept) {
  MakeTree();
  EXPECT_EQ(Kept("to-e", Missing::kNothing), "@/to-e");
  EXPECT_EQ(Kept("to-e/..", Missing::kNothing), "@");
  EXPECT_EQ(Kept("to-e/up/e", Missing::kNothing), "@/to-e/up/e");
  EXPECT_EQ(Kept("dangling", Missing::kNothing), not_there_);
  EXPECT_EQ(Kept("dangling"), "@/dangling");
  EXPECT_EQ(Kept("dangling/"), "@/dangling");
  EXPECT_EQ(Kept("dangling/."), not_there_);
  EXPECT_EQ(Kept("dangling/.."), not_there_);
  EXPECT_EQ(Kept("dangling/..", Missing::kAny), "@");
  EXPECT_EQ(Kept("loop"), circle_);
  EXPECT_EQ(Kept("loop", Missing::kAny), "@/loop");
  EXPECT_EQ(Kept("missing"), "@/missing");
  EXPECT_EQ(Kept("missing/"), "@/missing");
  EXPECT_EQ(Kept("missing/x"), "@/missing/x");
  EXPECT_EQ(Kept("missing/x", Missing::kNothing), not_there_);
  EXPECT_EQ(Kept("missing/../d"), not_there_);
  EXPECT_EQ(Kept("missing/../d", Missing::kAny), "@/d");
  EXPECT_EQ(Kept("d/f/"), no_directory_);
  EXPECT_EQ(Kept("d/f/."), no_directory_);
  EXPECT_EQ(Kept("d/f/x"), no_directory_);
  EXPECT_EQ(Kept("d/f/.."), no_directory_);
  EXPECT_EQ(Kept("d/f/..", Missing::kAny), "@/d");
  EXPECT_EQ(Kept("d/missing", Missing::kNothing), not_there_);
}

TEST_F(CanonicalPathTest, WhatMayBeMissing) {
  MakeTree();
  EXPECT_EQ(Existing("missing"), not_there_);
  EXPECT_EQ(Usual("missing"), "@/missing");
  EXPECT_EQ(Usual("missing/"), "@/missing");
  EXPECT_EQ(Usual("missing/."), not_there_);
  EXPECT_EQ(Usual("missing/.."), not_there_);
  EXPECT_EQ(Usual("missing/x"), not_there_);
  EXPECT_EQ(Any("missing/x/"), "@/missing/x");
  EXPECT_EQ(Any("missing/../d/./x"), "@/d/x");
  EXPECT_EQ(Existing("dangling"), not_there_);
  EXPECT_EQ(Usual("dangling"), "@/nowhere");
  EXPECT_EQ(Usual("dangling/"), "@/nowhere");
  EXPECT_EQ(Usual("dangling/x"), not_there_);
  EXPECT_EQ(Any("dangling/x"), "@/nowhere/x");
  EXPECT_EQ(Usual("far"), not_there_);
  EXPECT_EQ(Any("far"), "@/no/where");
}

TEST_F(CanonicalPathTest, BehindWhatIsNoDirectory) {
  MakeTree();
  for (const char* const path : {"d/f/", "d/f/.", "d/f/..", "d/f/x", "d/f//./", "d/to-f/"}) {
    EXPECT_EQ(Existing(path), no_directory_) << path;
    EXPECT_EQ(Usual(path), no_directory_) << path;
  }
  EXPECT_EQ(Any("d/f/"), "@/d/f");
  EXPECT_EQ(Any("d/f/x/y"), "@/d/f/x/y");
  EXPECT_EQ(Any("d/f/../e"), "@/d/e");
  EXPECT_EQ(Any("d/to-f/.."), "@/d");
}

TEST_F(CanonicalPathTest, Circles) {
  MakeTree();
  MakeLink("grow/x", "grow");
  for (const char* const path : {"loop", "a", "b", "loop/x", "loop/..", "grow"}) {
    EXPECT_EQ(Existing(path), circle_) << path;
    EXPECT_EQ(Usual(path), circle_) << path;
  }
  EXPECT_EQ(Any("loop"), "@/loop");
  EXPECT_EQ(Any("loop/x"), "@/loop/x");
  EXPECT_EQ(Any("a"), "@/a");
  EXPECT_EQ(Any("b"), "@/b");
}

TEST_F(CanonicalPathTest, ManyLinksAreNoCircle) {
  WriteFile("l0", "");
  for (int i = 1; i <= 300; ++i) MakeLink("l" + std::to_string(i - 1), "l" + std::to_string(i));
  EXPECT_EQ(Existing("l300"), "@/l0");
  // The same link more than once.
  MakeDirectory("d");
  MakeLink(".", "d/here");
  std::string path = "d";
  for (int i = 0; i < 100; ++i) path += "/here";
  EXPECT_EQ(Existing(path), "@/d");
  MakeLink("s", "p");
  MakeLink("d", "s");
  MakeLink("../s/2", "d/1");
  WriteFile("d/2", "");
  EXPECT_EQ(Existing("p/1"), "@/d/2");
}

TEST_F(CanonicalPathTest, CirclesOfManyLinks) {
  for (int i = 0; i < 70; ++i)
    MakeLink("l" + std::to_string((i + 1) % 70), "l" + std::to_string(i));
  EXPECT_EQ(Usual("l0"), circle_);
  // A way in before the circle.
  for (int i = 100; i < 200; ++i)
    MakeLink(i == 199 ? "l0" : "l" + std::to_string(i + 1), "l" + std::to_string(i));
  EXPECT_EQ(Usual("l100"), circle_);
}

TEST_F(CanonicalPathTest, LongerThanTheSystemTakes) {
  const std::string name(200, 'n');
  std::string path;
  for (int i = 0; i < 60; ++i) {
    ASSERT_EQ(::mkdir(name.c_str(), 0755), 0);
    ASSERT_EQ(::chdir(name.c_str()), 0);
    path += "/" + name;
  }
  const int file = ::open("f", O_WRONLY | O_CREAT, 0644);
  ASSERT_GE(file, 0);
  ::close(file);
  ASSERT_EQ(::symlink("../../../f", "link"), 0);
  ASSERT_EQ(::symlink((folder() + "/short").c_str(), "out"), 0);
  const std::string here = "@" + path;
  // From there: no system call says where that is.
  EXPECT_EQ(Existing("f"), here + "/f");
  EXPECT_EQ(Existing("."), here);
  EXPECT_EQ(Kept("f", Missing::kNothing), here + "/f");
  EXPECT_EQ(Usual("missing"), here + "/missing");
  EXPECT_EQ(Existing("missing"), not_there_);
  EXPECT_EQ(Existing("f/"), no_directory_);
  ASSERT_EQ(::chdir(folder().c_str()), 0);
  WriteFile("short", "");
  EXPECT_EQ(Existing(path.substr(1) + "/f"), here + "/f");
  EXPECT_EQ(Existing(folder() + path + "/f"), here + "/f");
  EXPECT_EQ(Existing(path.substr(1) + "/out"), "@/short");
  EXPECT_EQ(Usual(path.substr(1) + "/link"), "@" + path.substr(0, 57 * 201) + "/f");
  std::string up;
  for (int i = 0; i < 60; ++i) up += "/..";
  EXPECT_EQ(Existing(path.substr(1) + up + "/short"), "@/short");
  EXPECT_EQ(Existing(path.substr(1) + "/.." + "/" + name + "/../" + name + "/f"), here + "/f");
  EXPECT_EQ(Any("missing" + path), "@/missing" + path);
  EXPECT_EQ(Usual(std::string(300, 'x')), "error " + std::to_string(ENAMETOOLONG));
}

TEST_F(CanonicalPathTest, OneCallForEachComponentAndOneForTheWorkingDirectory) {
  MakeTree();
  fault::Begin();
  EXPECT_EQ(Usual("d/e/missing"), "@/d/e/missing");
  EXPECT_EQ(fault::Trace().size(), 4U);
  fault::Begin();
  EXPECT_EQ(Kept("d/e/missing/"), "@/d/e/missing");
  EXPECT_EQ(fault::Trace().size(), 2U);
  fault::Begin();
  EXPECT_EQ(Kept("d/e/up", Missing::kNothing), "@/d/e/up");
  EXPECT_EQ(fault::Trace().size(), 2U);
  fault::End();
}

TEST_F(CanonicalPathTest, EveryFault) {
  MakeTree();
  const char* const path = "d/e/up/to-f";
  fault::Begin();
  ASSERT_EQ(Existing(path), "@/d/f");
  const std::vector<fault::TracedCall> calls = fault::Trace();
  ASSERT_EQ(calls.size(), 6U);
  for (const Missing missing : {Missing::kNothing, Missing::kLast}) {
    for (std::size_t i = 0; i < calls.size(); ++i) {
      for (const int error : fault::ErrorsOf(calls[i].call)) {
        // That a link is none is not an error.
        if (error == EINVAL || error < 0) continue;
        fault::Begin({.call = i, .error = error});
        EXPECT_EQ(Of(path, missing), "error " + std::to_string(error)) << i;
      }
    }
  }
  fault::End();
}

TEST_F(CanonicalPathTest, RelativePaths) {
  const auto relative = [](const char* path, const char* from) {
    String text;
    EXPECT_TRUE(AppendRelativePath(text, path, from).ok());
    return std::string(text.c_str());
  };
  EXPECT_EQ(relative("/a/b", "/a"), "b");
  EXPECT_EQ(relative("/a", "/a"), ".");
  EXPECT_EQ(relative("/a", "/a/b"), "..");
  EXPECT_EQ(relative("/a", "/a/b/c"), "../..");
  EXPECT_EQ(relative("/a/b/c", "/a/d/e"), "../../b/c");
  EXPECT_EQ(relative("/ab", "/a"), "../ab");
  EXPECT_EQ(relative("/a", "/ab"), "../a");
  EXPECT_EQ(relative("/ab/c", "/ac/d"), "../../ab/c");
  EXPECT_EQ(relative("/", "/"), ".");
  EXPECT_EQ(relative("/", "/a/b"), "../..");
  EXPECT_EQ(relative("/a/b", "/"), "a/b");
  String text;
  ASSERT_TRUE(text.Append("x:").ok());
  ASSERT_TRUE(AppendRelativePath(text, "/b", "/a").ok());
  EXPECT_STREQ(text.c_str(), "x:../b");
}

TEST_F(CanonicalPathTest, Below) {
  EXPECT_TRUE(IsBelow("/a", "/a"));
  EXPECT_TRUE(IsBelow("/a/b", "/a"));
  EXPECT_TRUE(IsBelow("/a", "/"));
  EXPECT_TRUE(IsBelow("/", "/"));
  EXPECT_FALSE(IsBelow("/ab", "/a"));
  EXPECT_FALSE(IsBelow("/", "/a"));
}

}  // namespace
}  // namespace cation::testing
