// SPDX-License-Identifier: MIT
//
// cp with each of its calls failing in turn.
#include "coreutils/cp/cp_test_case.h"

namespace cation {
namespace {

TEST_F(CpTest, FaultsWhileCopyingANewFile) {
  const auto prepare = [&] { WriteFile("src", std::string(5000, 's')); };
  EXPECT_GT(Sweep({"src", "dst"}, prepare, "src",
                  [&] { return ReadFile("dst") == std::string(5000, 's'); }),
            20U);
  const auto prepare_directory = [&] {
    prepare();
    MakeDirectory("dst");
  };
  Sweep({"src", "dst"}, prepare_directory, "src",
        [&] { return ReadFile("dst/src") == std::string(5000, 's'); });
}

TEST_F(CpTest, FaultsWhileOverwriting) {
  const auto prepare = [&] {
    WriteFile("src", "new content");
    WriteFile("dst", std::string(5000, 'd'));
    SetTime("dst", 1000);
    ASSERT_EQ(::link("dst", "other"), 0);
  };
  const auto complete = [&] { return ReadFile("dst") == "new content"; };
  for (const char* const option : {"-P", "-f", "-d", "-u", "-p"})
    EXPECT_GT(Sweep({option, "src", "dst"}, prepare, "src", complete), 20U);
  EXPECT_GT(Sweep({"-n", "src", "dst"}, prepare, "src",
                  [&] { return ReadFile("dst") == std::string(5000, 'd'); }),
            3U);
}

TEST_F(CpTest, FaultsWhileKeepingAttributes) {
  const auto prepare = [&] {
    WriteFile("src", "content", 0604);
    SetTime("src", 1000000000, 5);
  };
  EXPECT_GT(Sweep({"-p", "src", "dst"}, prepare, "src",
                  [&] { return Attributes("dst") == Attributes("src"); }),
            30U);
}

TEST_F(CpTest, FaultsInATree) {
  const auto prepare = [&] { MakeSmallTree(); };
  EXPECT_GT(Sweep({"-r", "src", "dst"}, prepare, "src", [&] { return Tree("dst") == Tree("src"); }),
            200U);
  EXPECT_GT(Sweep({"-rL", "src", "dst"}, prepare, "src",
                  [&] { return ReadFile("dst/l") == "xx" && Exists("dst/d/e2"); }),
            200U);
}

TEST_F(CpTest, FaultsInAnArchive) {
  const auto prepare = [&] { MakeSmallTree(); };
  // Where a link is refused a copy will do, so which names are one file is not asked for.
  EXPECT_GT(Sweep({"-a", "src", "dst"}, prepare, "src",
                  [&] {
                    return Tree("dst") == Tree("src") && Lstat("dst/d").st_mtime == 1100000000 &&
                           Lstat("dst").st_mtime == 1100000000 &&
                           Lstat("dst/l").st_mtime == 1000000000 &&
                           Lstat("dst/e").st_mtime == 1000000000 && Permissions("dst/d") == 0750;
                  }),
            200U);
  const auto prepare_existing = [&] {
    MakeSmallTree();
    MakeDirectory("dst");
    MakeDirectory("dst/d");
    WriteFile("dst/e", "old");
    WriteFile("dst/l", "no link");
  };
  Sweep({"-aT", "src", "dst"}, prepare_existing, "src", [&] { return Tree("dst") == Tree("src"); });
}

TEST_F(CpTest, NothingIsClaimedAfterAFault) {
  const auto prepare = [&] { WriteFile("src", "content"); };
  ForEachFault({"-v", "src", "dst"}, "", prepare, [&](const FaultOutcome& fault) {
    if (fault.outcome.status != 0 && fault.call.call != Call::kWrite)
      EXPECT_THAT(fault.outcome.output, IsEmpty());
    if (!fault.outcome.output.empty()) EXPECT_EQ(ReadFile("dst"), "content");
  });
}

// Of the 105 levels, 5 are closed on the way down and found again by "..".
TEST_F(CpTest, FaultsOnTheWayUp) {
  const auto prepare = [&] {
    Clear();
    std::string path = "src";
    for (int i = 0; i < 105; ++i, path += "/d") MakeDirectory(path);
  };
  prepare();
  (void)Run({"-a", "src", "dst"});
  const std::vector<sys::fault::TracedCall> calls = sys::fault::Trace();
  std::size_t found = 0;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].call != Call::kOpen || calls[i].detail != "..") continue;
    ++found;
    // What opens it, and what looks whether it is the same.
    for (const std::size_t next : {i, i + 1}) {
      prepare();
      const Outcome outcome = Run({"-a", "src", "dst"}, "", {.call = next, .error = EIO});
      EXPECT_EQ(outcome.status, 1);
      EXPECT_THAT(outcome.errors,
                  HasSubstr("/d: cannot return to the directory above: Input/output error\n"));
    }
  }
  EXPECT_EQ(found, 10U);
}

}  // namespace
}  // namespace cation
