// SPDX-License-Identifier: MIT
#include "image/testing/tree_contract.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "image/resolve.h"
#include "image/testing/memory_tree.h"

namespace cation::image {
namespace {

using Action = Change::Action;

Attributes WithMode(uint32_t mode) {
  return {.mode = mode, .uid = 0, .gid = 0, .mtime = 1700000000, .mtime_nanoseconds = 0};
}

Change Directory(const std::string& path, uint32_t mode = 0755) {
  return {.action = Action::kMakeDirectory, .path = path, .attributes = WithMode(mode)};
}

Change File(const std::string& path, const std::string& content, uint32_t mode = 0644) {
  return {
      .action = Action::kWriteFile, .path = path, .attributes = WithMode(mode), .content = content};
}

Change Link(const std::string& path, const std::string& target) {
  return {
      .action = Action::kMakeLink, .path = path, .attributes = WithMode(0777), .target = target};
}

Change Removal(const std::string& path) { return {.action = Action::kRemove, .path = path}; }

Change Attribution(const std::string& path, const Attributes& attributes) {
  return {.action = Action::kSetAttributes, .path = path, .attributes = attributes};
}

std::string CodeOf(const absl::Status& status) { return absl::StatusCodeToString(status.code()); }

// One sentence with the path, as a user's line has room for.
void ExpectMessage(const absl::Status& status, const std::string& path) {
  const std::string message(status.message());
  EXPECT_TRUE(absl::StrContains(message, path)) << status;
  EXPECT_FALSE(absl::StrContains(message, "\n")) << status;
}

void DescribeBelow(Tree& tree, const std::string& path, const TreeLimits& limits,
                   std::string& text) {
  const absl::StatusOr<Entry> entry = tree.Look(path);
  absl::StrAppend(&text, "/", absl::CHexEscape(path));
  if (!entry.ok()) {
    absl::StrAppend(&text, " ", entry.status().ToString(), "\n");
    return;
  }
  const Attributes& attributes = entry->attributes;
  const bool link = entry->kind == Kind::kLink;
  const bool directory = entry->kind == Kind::kDirectory;
  absl::StrAppend(&text, " ",
                  directory                    ? "directory"
                  : link                       ? "link"
                  : entry->kind == Kind::kFile ? "file"
                                               : "other");
  if (link || limits.keeps_mode) {
    const uint32_t mode = limits.keeps_setuid ? attributes.mode : attributes.mode & 0777;
    absl::StrAppend(&text, " ", absl::Hex(mode, absl::kZeroPad4));
  }
  if (limits.keeps_owner) absl::StrAppend(&text, " ", attributes.uid, ":", attributes.gid);
  // A directory's changes with what is put into it.
  if (!directory && limits.keeps_mtime && (!link || limits.keeps_link_mtime)) {
    absl::StrAppend(&text, " ", attributes.mtime);
    if (limits.keeps_nanoseconds) absl::StrAppend(&text, ".", attributes.mtime_nanoseconds);
  }
  if (link) absl::StrAppend(&text, " -> ", absl::CHexEscape(entry->target));
  if (entry->kind == Kind::kFile) {
    const absl::StatusOr<std::string> content = tree.Read(path);
    absl::StrAppend(&text, " ", entry->size, " ",
                    content.ok() ? absl::CHexEscape(*content) : content.status().ToString());
  }
  absl::StrAppend(&text, "\n");
  if (!directory) return;
  const absl::StatusOr<std::vector<std::string>> names = tree.List(path);
  if (!names.ok()) {
    absl::StrAppend(&text, names.status().ToString(), "\n");
    return;
  }
  for (const std::string& name : *names) DescribeBelow(tree, JoinPath(path, name), limits, text);
}

// The changes fail with `code`, the message names `path`, and the tree is as it was.
void ExpectRefused(Tree& tree, const TreeLimits& limits, const std::vector<Change>& changes,
                   absl::StatusCode code, const std::string& path) {
  const std::string before = Describe(tree, "", limits);
  const absl::Status status = tree.Apply(changes);
  EXPECT_EQ(CodeOf(status), absl::StatusCodeToString(code)) << path << ": " << status;
  ExpectMessage(status, path);
  EXPECT_EQ(Describe(tree, "", limits), before) << path;
}

void ExpectEntries(Tree& tree, const TreeLimits& limits) {
  const std::string every_byte = [] {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
    return bytes;
  }();
  const std::string large(300001, 'L');
  std::vector<Change> changes = {Directory("contract/d"), File("contract/d/empty", ""),
                                 File("contract/d/bytes", every_byte, 0755),
                                 File("contract/large", large, 0600)};
  if (limits.has_links) {
    changes.push_back(Link("contract/l", "d/bytes"));
    changes.push_back(Link("contract/absolute", "/etc/../nowhere"));
    changes.push_back(Link("contract/d/folder", "../d"));
  }
  changes[2].attributes.mtime_nanoseconds = 123456789;
  ASSERT_EQ(tree.Apply(changes), absl::OkStatus());

  const absl::StatusOr<Entry> bytes = tree.Look("contract/d/bytes");
  ASSERT_EQ(bytes.status(), absl::OkStatus());
  EXPECT_EQ(bytes->kind, Kind::kFile);
  EXPECT_EQ(bytes->size, every_byte.size());
  EXPECT_EQ(bytes->target, "");
  if (limits.keeps_mode) EXPECT_EQ(bytes->attributes.mode, 0755U);
  if (limits.keeps_mtime) EXPECT_EQ(bytes->attributes.mtime, 1700000000);
  if (limits.keeps_mtime && limits.keeps_nanoseconds) {
    EXPECT_EQ(bytes->attributes.mtime_nanoseconds, 123456789U);
  }
  if (limits.keeps_owner) EXPECT_EQ(bytes->attributes.uid, 0U);
  EXPECT_EQ(*tree.Read("contract/d/bytes"), every_byte);
  EXPECT_EQ(*tree.Read("contract/d/empty"), "");
  EXPECT_EQ(*tree.Read("contract/large"), large);

  const absl::StatusOr<Entry> directory = tree.Look("contract/d");
  ASSERT_EQ(directory.status(), absl::OkStatus());
  EXPECT_EQ(directory->kind, Kind::kDirectory);
  EXPECT_EQ(directory->size, 0U);
  if (limits.keeps_mode) EXPECT_EQ(directory->attributes.mode, 0755U);
  if (limits.keeps_directory_mtime) EXPECT_EQ(directory->attributes.mtime, 1700000000);

  if (limits.has_links) {
    const absl::StatusOr<Entry> link = tree.Look("contract/absolute");
    ASSERT_EQ(link.status(), absl::OkStatus());
    EXPECT_EQ(link->kind, Kind::kLink);
    EXPECT_EQ(link->target, "/etc/../nowhere");
    EXPECT_EQ(link->attributes.mode, 0777U);
    EXPECT_EQ(link->size, 0U);
    if (limits.keeps_link_mtime) EXPECT_EQ(link->attributes.mtime, 1700000000);
  }
  const std::vector<std::string> all = limits.has_links
                                           ? std::vector<std::string>{"absolute", "d", "l", "large"}
                                           : std::vector<std::string>{"d", "large"};
  const absl::StatusOr<std::vector<std::string>> names = tree.List("contract");
  ASSERT_EQ(names.status(), absl::OkStatus());
  EXPECT_EQ(*names, all);
  const absl::StatusOr<std::vector<std::string>> top = tree.List("");
  ASSERT_EQ(top.status(), absl::OkStatus());
  EXPECT_TRUE(std::is_sorted(top->begin(), top->end()));
  EXPECT_EQ(std::count(top->begin(), top->end(), "contract"), 1);
}

void ExpectReadErrors(Tree& tree, const TreeLimits& limits) {
  const auto expect = [](const absl::Status& status, absl::StatusCode code,
                         const std::string& path) {
    EXPECT_EQ(CodeOf(status), absl::StatusCodeToString(code)) << path << ": " << status;
    ExpectMessage(status, path);
  };
  const auto expect_all = [&tree, &expect](const std::string& path, absl::StatusCode code) {
    expect(tree.Look(path).status(), code, path);
    expect(tree.Read(path).status(), code, path);
    expect(tree.List(path).status(), code, path);
  };
  expect_all("contract/none", absl::StatusCode::kNotFound);
  expect_all("contract/none/x", absl::StatusCode::kNotFound);
  expect_all("contract/large/x", absl::StatusCode::kFailedPrecondition);
  expect(tree.Read("contract/d").status(), absl::StatusCode::kFailedPrecondition, "contract/d");
  expect(tree.List("contract/large").status(), absl::StatusCode::kFailedPrecondition,
         "contract/large");
  if (limits.has_links) {
    expect_all("contract/d/folder/bytes", absl::StatusCode::kFailedPrecondition);
    expect(tree.Read("contract/l").status(), absl::StatusCode::kFailedPrecondition, "contract/l");
    expect(tree.List("contract/d/folder").status(), absl::StatusCode::kFailedPrecondition,
           "contract/d/folder");
  }
  for (const char* path : {"/contract", "contract/", "contract//d", ".", "..", "contract/../etc",
                           "contract/./d", "/"}) {
    expect_all(path, absl::StatusCode::kInvalidArgument);
  }
  EXPECT_TRUE(absl::IsInvalidArgument(tree.Look(std::string("a\0b", 3)).status()));
}

void ExpectRefusals(Tree& tree, const TreeLimits& limits) {
  using Code = absl::StatusCode;
  const auto refused = [&tree, &limits](const std::vector<Change>& changes, Code code,
                                        const std::string& path) {
    ExpectRefused(tree, limits, changes, code, path);
  };
  refused({Directory("contract/d")}, Code::kFailedPrecondition, "contract/d");
  refused({Directory("contract/large")}, Code::kFailedPrecondition, "contract/large");
  refused({File("contract/d", "x")}, Code::kFailedPrecondition, "contract/d");
  refused({Removal("contract/d")}, Code::kFailedPrecondition, "contract/d");
  refused({Removal("")}, Code::kFailedPrecondition, "");
  refused({Removal("contract/none")}, Code::kNotFound, "contract/none");
  refused({Attribution("contract/none", WithMode(0600))}, Code::kNotFound, "contract/none");
  refused({File("contract/none/x", "x")}, Code::kNotFound, "contract/none/x");
  refused({File("contract/large/x", "x")}, Code::kFailedPrecondition, "contract/large/x");
  if (limits.has_links) {
    refused({Link("contract/d", "x")}, Code::kFailedPrecondition, "contract/d");
    refused({Attribution("contract/l", WithMode(0600))}, Code::kFailedPrecondition, "contract/l");
    refused({File("contract/d/folder/x", "x")}, Code::kFailedPrecondition, "contract/d/folder/x");
    refused({Removal("contract/d/folder/bytes")}, Code::kFailedPrecondition,
            "contract/d/folder/bytes");
    // A link made by a step is in the way of the next ones.
    refused({Link("contract/now", "d"), File("contract/now/x", "x")}, Code::kFailedPrecondition,
            "contract/now/x");
  } else {
    refused({Link("contract/now", "d")}, Code::kUnimplemented, "contract/now");
  }
  for (const char* path : {"/contract/x", "contract/x/", "contract//x", "contract/../x", ".."}) {
    refused({File(path, "x")}, Code::kInvalidArgument, path);
    refused({Directory(path)}, Code::kInvalidArgument, path);
    refused({Removal(path)}, Code::kInvalidArgument, path);
  }
  // The last of many is wrong: none is done.
  refused({File("contract/first", "1"), Removal("contract/large"), Directory("contract/second"),
           File("contract/second/x", "2"), File("contract/d/bytes", "replaced"),
           Attribution("contract/d", WithMode(0700)), Removal("contract/none")},
          Code::kNotFound, "contract/none");

  if (limits.longest_name != 0) {
    const std::string longest = "contract/" + std::string(limits.longest_name, 'n');
    ASSERT_EQ(tree.Apply({File(longest, "x")}), absl::OkStatus());
    EXPECT_EQ(*tree.Read(longest), "x");
    ASSERT_EQ(tree.Apply({Removal(longest)}), absl::OkStatus());
    refused({File(longest + "n", "x")}, Code::kUnimplemented, longest + "n");
    refused({Directory("contract/first"), Directory(longest + "n")}, Code::kUnimplemented,
            longest + "n");
  }
  for (const char character : limits.refused_names) {
    const std::string path = absl::StrCat("contract/a", std::string(1, character), "b");
    refused({File(path, "x")}, Code::kUnimplemented, path);
  }
  const std::string bytes = "contract/\xff\xfe";
  if (limits.any_bytes) {
    ASSERT_EQ(tree.Apply({File(bytes, "x")}), absl::OkStatus());
    EXPECT_EQ(*tree.Read(bytes), "x");
    ASSERT_EQ(tree.Apply({Removal(bytes)}), absl::OkStatus());
  } else {
    const std::string before = Describe(tree, "", limits);
    EXPECT_EQ(CodeOf(tree.Apply({File(bytes, "x")})), "UNIMPLEMENTED");
    EXPECT_EQ(Describe(tree, "", limits), before);
  }
}

void ExpectChanges(Tree& tree, const TreeLimits& limits) {
  // No change at all.
  const std::string before = Describe(tree, "", limits);
  ASSERT_EQ(tree.Apply({}), absl::OkStatus());
  EXPECT_EQ(Describe(tree, "", limits), before);

  // Replaced: by shorter and longer content; attributes with it.
  ASSERT_EQ(tree.Apply({File("contract/large", "short", 0755)}), absl::OkStatus());
  EXPECT_EQ(*tree.Read("contract/large"), "short");
  if (limits.keeps_mode) EXPECT_EQ(tree.Look("contract/large")->attributes.mode, 0755U);
  if (limits.has_links) {
    // The link itself is replaced, what it leads to stays.
    const std::string target = *tree.Read("contract/d/bytes");
    ASSERT_EQ(tree.Apply({File("contract/l", "no link now")}), absl::OkStatus());
    EXPECT_EQ(*tree.Read("contract/l"), "no link now");
    EXPECT_EQ(*tree.Read("contract/d/bytes"), target);
    ASSERT_EQ(tree.Apply({Link("contract/l", "large")}), absl::OkStatus());
    EXPECT_EQ(tree.Look("contract/l")->target, "large");
    ASSERT_EQ(tree.Apply({Link("contract/l", "d")}), absl::OkStatus());
    EXPECT_EQ(tree.Look("contract/l")->target, "d");
    ASSERT_EQ(tree.Apply({Removal("contract/l")}), absl::OkStatus());
    EXPECT_TRUE(absl::IsNotFound(tree.Look("contract/l").status()));
    EXPECT_EQ(*tree.Read("contract/d/bytes"), target);
  }

  // Steps see those before them.
  ASSERT_EQ(tree.Apply({Directory("contract/a", 0700), Directory("contract/a/b"),
                        File("contract/a/b/c", "1"), File("contract/a/b/c", "2"),
                        File("contract/a/gone", "3"), Removal("contract/a/gone"),
                        Attribution("contract/a", WithMode(0755))}),
            absl::OkStatus());
  EXPECT_EQ(*tree.Read("contract/a/b/c"), "2");
  EXPECT_TRUE(absl::IsNotFound(tree.Look("contract/a/gone").status()));
  if (limits.keeps_mode) EXPECT_EQ(tree.Look("contract/a")->attributes.mode, 0755U);
  // A directory becomes a file, and a file a directory.
  ASSERT_EQ(tree.Apply({Removal("contract/a/b/c"), Removal("contract/a/b"),
                        File("contract/a/b", "file"), Removal("contract/large"),
                        Directory("contract/large"), File("contract/large/in", "4")}),
            absl::OkStatus());
  EXPECT_EQ(*tree.Read("contract/a/b"), "file");
  EXPECT_EQ(*tree.Read("contract/large/in"), "4");
  ASSERT_EQ(tree.Apply({Removal("contract/large/in"), Removal("contract/large"),
                        Directory("contract/large"), Removal("contract/large")}),
            absl::OkStatus());
  EXPECT_TRUE(absl::IsNotFound(tree.Look("contract/large").status()));

  // Attributes of a file: its content stays. Those of a directory: what is in it stays.
  if (limits.keeps_mode) {
    const uint32_t mode = limits.keeps_setuid ? 04750 : 0750;
    Attributes attributes = WithMode(mode);
    attributes.mtime = 1234567890;
    const std::string content = *tree.Read("contract/d/bytes");
    ASSERT_EQ(tree.Apply({Attribution("contract/d/bytes", attributes),
                          Attribution("contract/d", attributes)}),
              absl::OkStatus());
    EXPECT_EQ(tree.Look("contract/d/bytes")->attributes.mode, mode);
    EXPECT_EQ(tree.Look("contract/d")->attributes.mode, mode);
    if (limits.keeps_mtime) {
      EXPECT_EQ(tree.Look("contract/d/bytes")->attributes.mtime, 1234567890);
    }
    if (limits.keeps_directory_mtime) {
      EXPECT_EQ(tree.Look("contract/d")->attributes.mtime, 1234567890);
    }
    EXPECT_EQ(*tree.Read("contract/d/bytes"), content);
    EXPECT_EQ(tree.List("contract/d")->size(), limits.has_links ? 3U : 2U);
  }
  if (limits.keeps_owner) {
    Attributes attributes = WithMode(0644);
    attributes.uid = 1000;
    attributes.gid = 1001;
    Change file = File("contract/owned", "x");
    file.attributes = attributes;
    ASSERT_EQ(tree.Apply({file, Attribution("contract/a", attributes)}), absl::OkStatus());
    EXPECT_EQ(tree.Look("contract/owned")->attributes.uid, 1000U);
    EXPECT_EQ(tree.Look("contract/owned")->attributes.gid, 1001U);
    EXPECT_EQ(tree.Look("contract/a")->attributes.uid, 1000U);
    EXPECT_EQ(tree.Look("contract/a")->attributes.gid, 1001U);
  }
}

void ExpectSpace(Tree& tree) {
  const absl::StatusOr<Space> space = tree.GetSpace();
  ASSERT_EQ(space.status(), absl::OkStatus());
  EXPECT_LE(space->free_bytes, space->total_bytes);
  const std::vector<Change> one = {File("contract/space", std::string(100000, 's'))};
  std::vector<Change> two = one;
  two.push_back(File("contract/more", std::string(200000, 'm')));
  const absl::StatusOr<uint64_t> bytes = tree.SpaceFor(one);
  ASSERT_EQ(bytes.status(), absl::OkStatus());
  EXPECT_GE(*bytes, 100000U);
  const absl::StatusOr<uint64_t> more = tree.SpaceFor(two);
  ASSERT_EQ(more.status(), absl::OkStatus());
  EXPECT_GE(*more, *bytes + 200000U);
  EXPECT_TRUE(absl::IsNotFound(tree.Look("contract/space").status())) << "it was only asked for";
}

// Removes all below `path`, and itself.
void RemoveAll(Tree& tree, const std::string& path, std::vector<Change>& changes) {
  const absl::StatusOr<Entry> entry = tree.Look(path);
  ASSERT_EQ(entry.status(), absl::OkStatus());
  if (entry->kind == Kind::kDirectory) {
    const absl::StatusOr<std::vector<std::string>> names = tree.List(path);
    ASSERT_EQ(names.status(), absl::OkStatus());
    for (const std::string& name : *names) RemoveAll(tree, JoinPath(path, name), changes);
  }
  changes.push_back(Removal(path));
}

Change RandomChange(std::mt19937& random, const TreeLimits& limits) {
  const auto below = [&random](uint32_t limit) { return static_cast<uint32_t>(random() % limit); };
  std::string path = "random";
  for (uint32_t depth = 1 + below(3); depth > 0; --depth) {
    absl::StrAppend(&path, "/", std::string(1, static_cast<char>('a' + below(4))));
  }
  Attributes attributes = WithMode(below(2) == 0 ? 0755 : 0700 + below(0100));
  attributes.mtime += below(1000);
  attributes.mtime_nanoseconds = below(1000) * 1000000;
  if (limits.keeps_owner) {
    attributes.uid = below(3);
    attributes.gid = below(3);
  }
  const uint32_t which = below(16);
  if (which < 5) {
    return {.action = Action::kMakeDirectory, .path = path, .attributes = attributes};
  }
  if (which < 9) {
    return {.action = Action::kWriteFile,
            .path = path,
            .attributes = attributes,
            .content = std::string(below(3) * below(5000), static_cast<char>(below(256)))};
  }
  if (which < 11 && limits.has_links) {
    return {.action = Action::kMakeLink,
            .path = path,
            .attributes = attributes,
            .target = below(2) == 0 ? "/random/a" : "../b"};
  }
  if (which < 13) {
    return {.action = Action::kSetAttributes, .path = path, .attributes = attributes};
  }
  return Removal(path);
}

}  // namespace

std::string Describe(Tree& tree, const std::string& folder, const TreeLimits& limits) {
  std::string text;
  DescribeBelow(tree, folder, limits, text);
  return text;
}

void ExpectTreeContract(Tree& tree, const TreeLimits& limits) {
  EXPECT_FALSE(tree.Description().empty());
  const absl::StatusOr<Entry> root = tree.Look("");
  ASSERT_EQ(root.status(), absl::OkStatus());
  EXPECT_EQ(root->kind, Kind::kDirectory);
  ASSERT_TRUE(absl::IsNotFound(tree.Look("contract").status()));
  const std::string before = Describe(tree, "", limits);

  ASSERT_EQ(tree.Apply({Directory("contract")}), absl::OkStatus());
  if (limits.has_empty_directories) {
    ASSERT_EQ(tree.List("contract").status(), absl::OkStatus());
    EXPECT_TRUE(tree.List("contract")->empty());
  }
  ExpectEntries(tree, limits);
  if (testing::Test::HasFatalFailure()) return;
  ExpectReadErrors(tree, limits);
  ExpectRefusals(tree, limits);
  ExpectSpace(tree);
  if (testing::Test::HasFatalFailure()) return;
  ExpectChanges(tree, limits);
  if (testing::Test::HasFatalFailure()) return;

  std::vector<Change> changes;
  RemoveAll(tree, "contract", changes);
  ASSERT_EQ(tree.Apply(changes), absl::OkStatus());
  EXPECT_EQ(Describe(tree, "", limits), before);
}

void ExpectSameAsMemory(Tree& tree, uint32_t seed, int rounds, const TreeLimits& limits) {
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  const std::string before = Describe(tree, "", limits);
  std::mt19937 random(seed);
  MemoryTree memory;
  // Wrong sequences are many; with "" as parent the memory has no entry but ours.
  ASSERT_EQ(memory.Apply({Directory("random")}), absl::OkStatus());
  ASSERT_EQ(tree.Apply({Directory("random")}), absl::OkStatus());
  int successes = 0;
  for (int round = 0; round < rounds; ++round) {
    std::vector<Change> changes;
    std::vector<std::string> words;
    for (uint32_t left = 1 + random() % 6; left > 0; --left) {
      changes.push_back(RandomChange(random, limits));
      // Most of the sequences would be wrong somewhere: what cannot be done is left out, mostly.
      if (random() % 8 != 0) {
        MemoryTree trial;
        std::vector<Change> all;
        for (const auto& [path, node] : memory.nodes()) {
          if (path.empty()) continue;
          all.push_back({.action = node.entry.kind == Kind::kFile        ? Action::kWriteFile
                                   : node.entry.kind == Kind::kDirectory ? Action::kMakeDirectory
                                                                         : Action::kMakeLink,
                         .path = path,
                         .attributes = node.entry.attributes,
                         .content = node.content,
                         .target = node.entry.target});
        }
        all.insert(all.end(), changes.begin(), changes.end());
        if (!trial.Apply(all).ok()) changes.pop_back();
      }
    }
    words.reserve(changes.size());
    for (const Change& change : changes) {
      words.push_back(absl::StrCat(static_cast<int>(change.action), " ", change.path));
    }
    const absl::Status expected = memory.Apply(changes);
    const absl::Status actual = tree.Apply(changes);
    successes += actual.ok() ? 1 : 0;
    ASSERT_EQ(CodeOf(actual), CodeOf(expected)) << absl::StrJoin(words, ", ") << "\n"
                                                << actual << "\n"
                                                << expected;
    ASSERT_EQ(Describe(tree, "random", limits), Describe(memory, "random", limits))
        << absl::StrJoin(words, ", ");
  }
  EXPECT_GT(successes, rounds / 3);
  std::vector<Change> changes;
  RemoveAll(tree, "random", changes);
  ASSERT_EQ(tree.Apply(changes), absl::OkStatus());
  EXPECT_EQ(Describe(tree, "", limits), before);
}

}  // namespace cation::image
