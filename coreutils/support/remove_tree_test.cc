// SPDX-License-Identifier: MIT
#include "coreutils/support/remove_tree.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "coreutils/support/testing/test_case.h"
#include "runtime/sys/fault/fault.h"

namespace cation {
namespace {

using sys::fault::Call;

class RemoveTreeTest : public testing::TestCase {
 protected:
  // Whether all has gone; messages_ and output_ are what was said.
  bool Remove(const char* path, bool verbose) {
    Context context;
    context.program = "mv";
    context.output = ::memfd_create("output", MFD_CLOEXEC);
    context.errors = ::memfd_create("errors", MFD_CLOEXEC);
    bool all = false;
    {
      Output out(context);
      TreeRemover remover(context, out, verbose);
      all = remover.Remove(path);
      EXPECT_EQ(out.Finish(0), 0);
    }
    output_ = Content(context.output);
    messages_ = Content(context.errors);
    return all;
  }

  void MakeTree() {
    MakeDirectory("outside");
    WriteFile("outside/precious", "p");
    MakeDirectory("t");
    MakeDirectory("t/d");
    WriteFile("t/d/f", "f");
    MakeLink("../outside", "t/link");
  }

  static std::string Content(int descriptor) {
    std::string text(static_cast<std::size_t>(::lseek(descriptor, 0, SEEK_END)), '\0');
    EXPECT_EQ(::pread(descriptor, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    ::close(descriptor);
    return text;
  }

  std::string output_;
  std::string messages_;
};

TEST_F(RemoveTreeTest, RemovesFilesLinksAndTrees) {
  MakeTree();
  MakeLink("outside", "l");
  EXPECT_TRUE(Remove("l", true));
  EXPECT_EQ(output_, "removed 'l'\n");
  EXPECT_TRUE(Remove("t", false));
  EXPECT_EQ(output_ + messages_, "");
  EXPECT_EQ(Tree(), "outside/\noutside/precious: p\n");
}

TEST_F(RemoveTreeTest, WhatIsNotThereIsSaid) {
  EXPECT_FALSE(Remove("missing", true));
  EXPECT_EQ(messages_, "mv: missing: cannot be removed: No such file or directory\n");
  EXPECT_EQ(output_, "");
}

// What cannot be removed stays with the directories that it is in, is said once, and the rest goes.
TEST_F(RemoveTreeTest, WhatStaysIsSaid) {
  MakeTree();
  sys::fault::SetHook([](std::size_t, const sys::fault::TracedCall& call) {
    return call.call == Call::kRemove && call.detail == "f" ? EBUSY : 0;
  });
  sys::fault::Begin();
  EXPECT_FALSE(Remove("t", true));
  sys::fault::End();
  sys::fault::SetHook(nullptr);
  EXPECT_EQ(messages_, "mv: t/d/f: cannot be removed: Device or resource busy\n");
  EXPECT_EQ(output_, "removed 't/link'\n");
  EXPECT_EQ(Tree("t"), "d/\nd/f: f\n");
  EXPECT_TRUE(Remove("t", true));
  EXPECT_EQ(output_, "removed 't/d/f'\nremoved directory 't/d'\nremoved directory 't'\n");
}

}  // namespace
}  // namespace cation
