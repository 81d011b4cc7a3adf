// SPDX-License-Identifier: MIT
//
// cp of trees and links, and beside the host's cp.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>

#include "coreutils/cp/cp_test_case.h"

namespace cation {
namespace {

TEST_F(CpTest, RefusesToCopyADirectoryIntoItself) {
  // Above what may be searched it is found out by the first directory that is made.
  excused = [](const FaultOutcome& fault) { return fault.error == EACCES; };
  MakeDirectory("d");
  MakeDirectory("d/sub");
  WriteFile("d/f", "F");
  MakeLink("d/sub", "link");
  const std::string before = Tree();
  for (const Arguments& arguments :
       {Arguments{"-r", "d", "d"}, Arguments{"-r", "d", "d/new"}, Arguments{"-r", "d", "d/sub/new"},
        Arguments{"-r", ".", "d"}, Arguments{"-r", ".", "new"}, Arguments{"-rT", "d", "d"},
        Arguments{"-r", "d", "link"}, Arguments{"-r", "d", "link/new"},
        Arguments{"-a", folder(), "new"}, Arguments{"-r", "d/../d", "./d/sub/../new"}}) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, 1) << ::testing::PrintToString(arguments);
    EXPECT_THAT(outcome.errors, HasSubstr("is the directory to be copied, or is inside it"));
    EXPECT_EQ(Tree(), before);
  }
  EXPECT_EQ(Run({"-r", "d/sub", "d/sub2"}).status, 0);
}

TEST_F(CpTest, SymbolicLinks) {
  MakeDirectory("src");
  WriteFile("src/f", "F");
  MakeLink("f", "src/l");
  MakeLink("src", "to_src");
  EXPECT_EQ(Run({"src/l", "plain"}).status, 0);
  EXPECT_EQ(ReadFile("plain"), "F");
  EXPECT_EQ(Run({"-P", "src/l", "link"}).status, 0);
  EXPECT_EQ(LinkTarget("link"), "f");
  EXPECT_EQ(Run({"--no-dereference", "to_src", "link"}).status, 0);
  EXPECT_EQ(LinkTarget("link"), "src");
  EXPECT_EQ(Run({"-R", "to_src", "r"}).status, 0);
  EXPECT_EQ(LinkTarget("r"), "src");
  EXPECT_EQ(Run({"-RH", "to_src", "h"}).status, 0);
  EXPECT_EQ(Tree("h"), "f: F\nl -> f\n");
  EXPECT_EQ(Run({"-RL", "to_src", "L"}).status, 0);
  EXPECT_EQ(Tree("L"), "f: F\nl: F\n");
  EXPECT_EQ(Run({"--recursive", "--dereference", "-P", "src", "P"}).status, 0);
  EXPECT_EQ(Tree("P"), "f: F\nl -> f\n");
  const std::string far(4000, 'x');
  MakeLink(far, "long");
  EXPECT_EQ(Run({"-d", "long", "long2"}).status, 0);
  EXPECT_EQ(LinkTarget("long2"), far);
  ASSERT_EQ(::unlink("long"), 0);
  ASSERT_EQ(::unlink("long2"), 0);
}

TEST_F(CpTest, LoopsThroughLinksEnd) {
  MakeDirectory("src");
  MakeDirectory("src/d");
  WriteFile("src/d/f", "F");
  MakeLink("..", "src/d/up");
  const Outcome outcome = Run({"-RL", "src", "dst"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors,
            "cp: src/d/up: is a directory that contains it: a loop; not followed\n");
  EXPECT_EQ(Tree("dst"), "d/\nd/f: F\n");
}

TEST_F(CpTest, HardLinksAreKept) {
  MakeDirectory("src");
  WriteFile("src/a", "A");
  ASSERT_EQ(::link("src/a", "src/b"), 0);
  MakeLink("a", "src/l");
  EXPECT_EQ(Run({"-a", "src", "dst"}).status, 0);
  EXPECT_TRUE(SameFile("dst/a", "dst/b"));
  EXPECT_EQ(Run({"-r", "src", "plain"}).status, 0);
  EXPECT_FALSE(SameFile("plain/a", "plain/b"));
  // Across operands, over what is there, and through links that are followed.
  MakeDirectory("d");
  WriteFile("d/b", "old");
  EXPECT_EQ(Run({"-d", "src/a", "src/b", "d"}).status, 0);
  EXPECT_TRUE(SameFile("d/a", "d/b"));
  EXPECT_EQ(ReadFile("d/b"), "A");
  EXPECT_EQ(Run({"-aL", "src", "followed"}).status, 0);
  EXPECT_TRUE(SameFile("followed/a", "followed/l"));
  // A file's other names outside the copy keep what they had.
  WriteFile("outside", "outside");
  MakeDirectory("e");
  ASSERT_EQ(::link("outside", "e/a"), 0);
  EXPECT_EQ(Run({"--archive", "src/a", "e"}).status, 0);
  EXPECT_EQ(ReadFile("outside"), "outside");
}

TEST_F(CpTest, ManyHardLinks) {
  MakeDirectory("src");
  for (int i = 0; i < 300; ++i) {
    WriteFile("src/" + std::to_string(i), std::to_string(i));
    ASSERT_EQ(::link(("src/" + std::to_string(i)).c_str(), ("src/x" + std::to_string(i)).c_str()),
              0);
  }
  EXPECT_EQ(Run({"-a", "src", "dst"}).status, 0);
  EXPECT_EQ(Attributes("dst"), Attributes("src"));
}

TEST_F(CpTest, CopiesWhereLinksAreImpossible) {
  MakeDirectory("src");
  WriteFile("src/a", "A");
  ASSERT_EQ(::link("src/a", "src/b"), 0);
  // EINVAL, as Redox of January 2026 has it.
  const std::size_t calls = Run({"-a", "src", "dst"}).calls;
  std::size_t link = 0;
  for (std::size_t i = 0; i < calls; ++i) {
    if (sys::fault::Trace()[i].call == Call::kMakeHardLink) link = i;
  }
  Clear();
  MakeDirectory("src");
  WriteFile("src/a", "A");
  ASSERT_EQ(::link("src/a", "src/b"), 0);
  const Outcome outcome = Run({"-av", "src", "dst"}, "", {.call = link, .error = EINVAL});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, HasSubstr(" (a copy: no hard link possible)\n"));
  EXPECT_EQ(Tree("dst"), "a: A\nb: A\n");
  EXPECT_FALSE(SameFile("dst/a", "dst/b"));
}

TEST_F(CpTest, SpecialFiles) {
  MakeDirectory("src");
  ASSERT_EQ(::mkfifo("src/fifo", 0600), 0);
  WriteFile("src/z", "Z");
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  struct sockaddr_un address{};
  address.sun_family = AF_UNIX;
  snprintf(address.sun_path, sizeof(address.sun_path), "src/socket");
  ASSERT_EQ(::bind(socket, reinterpret_cast<struct sockaddr*>(&address), sizeof(address)), 0);
  ::close(socket);
  const Outcome outcome = Run({"-r", "src", "dst"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_TRUE(S_ISSOCK(Lstat("dst/socket").st_mode));
  EXPECT_TRUE(S_ISFIFO(Lstat("dst/fifo").st_mode));
  EXPECT_EQ(ReadFile("dst/z"), "Z");
  // Without -r, a FIFO is read.
  fault_runs = false;  // somebody writes to it once
  ASSERT_EQ(std::system("(printf through >src/fifo) &"), 0);
  EXPECT_EQ(Run({"src/fifo", "read"}).status, 0);
  EXPECT_EQ(ReadFile("read"), "through");
}

TEST_F(CpTest, ArchiveKeepsEverything) {
  MakeRichTree();
  const std::string before = Attributes("src");
  EXPECT_EQ(Run({"-a", "src", "dst"}).status, 0);
  EXPECT_EQ(Attributes("dst"), before);
  EXPECT_EQ(Attributes("src"), before);
  // And over itself.
  fault_runs = false;  // what is replaced and what replaces it cannot be told apart
  EXPECT_EQ(Run({"-a", "src/.", "dst"}).errors, "");
  EXPECT_EQ(Attributes("dst"), before);
  EXPECT_EQ(Run({"-aT", "src", "dst"}).status, 0);
  EXPECT_EQ(Attributes("dst"), before);
}

TEST_F(CpTest, PreservesOwners) {
  MakeSmallTree();
  if (::chown("src/e", 1234, 5678) != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_EQ(::chmod("src/e", 06751), 0);
  ASSERT_EQ(::lchown("src/l", 1234, 5678), 0);
  ASSERT_EQ(::chown("src/d", 1234, 5678), 0);
  SetTime("src/e", 1000000000);
  EXPECT_EQ(Run({"-a", "src", "dst"}).status, 0);
  EXPECT_EQ(Attributes("dst"), Attributes("src"));
  EXPECT_EQ(Permissions("dst/e"), 06751U);
}

TEST_F(CpTest, DirectoriesThatCannotBeWrittenAreFilledAllTheSame) {
  MakeDirectory("src");
  MakeDirectory("src/d");
  WriteFile("src/d/f", "F");
  ASSERT_EQ(::chmod("src/d", 0555), 0);
  EXPECT_EQ(Run({"-r", "src", "dst"}).status, 0);
  EXPECT_EQ(Permissions("dst/d"), 0555U);
  EXPECT_EQ(ReadFile("dst/d/f"), "F");
}

TEST_F(CpTest, DeepTrees) {
  constexpr int kDepth = 1000;
  MakeDirectory("src");
  ASSERT_EQ(::chdir("src"), 0);
  for (int i = 0; i < kDepth; ++i) {
    WriteFile("f", "F");
    MakeDirectory("directory");
    ASSERT_EQ(::chdir("directory"), 0);
  }
  ASSERT_EQ(::chdir(folder().c_str()), 0);
  EXPECT_EQ(Run({"-a", "src", "dst"}).errors, "");
  const std::string list = "find . -printf '%P %y %m %s %T@\\n' | sort > ../";
  EXPECT_EQ(Host("cd src && " + list + "a && cd ../dst && " + list +
                 "b && cd .. && cmp a b && [ $(wc -l <a) = 2001 ]"),
            0);
  EXPECT_EQ(Host("chmod -R u+rwx src dst; rm -rf src dst"), 0);
}

TEST_F(CpTest, DoesAsTheHostsCpDoes) {
  // -f removes what cannot be opened.
  excused = [](const FaultOutcome& fault) {
    return fault.call.call == Call::kMakeHardLink || fault.call.call == Call::kOpen ||
           fault.error == ENOENT;
  };
  const std::vector<std::string> kOptions = {
      "",    "-r",  "-a",  "-d",   "-p",   "-P",  "-rp", "-rL",  "-rH",  "-n",    "-rn",
      "-ru", "-rf", "-rT", "-rpL", "-rdL", "-aH", "-f",  "-apu", "-aTf", "-rTnp", "-drpuT"};
  const std::vector<std::string> kOperands = {"src dst",
                                              "src there",
                                              "src/. there",
                                              "src/a src/to_a src/sub there",
                                              "src/to_a new",
                                              "src/to_sub new",
                                              "src/to_sub there",
                                              "src/sub/dangling new",
                                              "src/a there/b",
                                              "src/suid there/link",
                                              "src/suid new",
                                              "src/to_a there/b",
                                              "src/empty there/empty",
                                              "src/sub there/b",
                                              "nosuch there",
                                              "src/a src/a there"};
  const auto prepare = [&] {
    Clear();
    MakeRichTree();
    MakeDirectory("there", 0775);
    WriteFile("there/b", "longer than what comes\n", 0606);
    // The mode of src/a: which of its names is met first, and so whether this one is kept or
    // replaced, is the host's business.
    WriteFile("there/a", "old a", 0640);
    MakeDirectory("there/sub", 0700);
    WriteFile("there/sub/x", "short", 0755);
    MakeLink("../elsewhere", "there/link");
    WriteFile("elsewhere", "elsewhere");
    for (const char* const name : {"there/b", "there/a", "there/sub/x", "elsewhere"})
      SetTime(name, 1200000000);
    SetTime("there/a", 900000000);
    SetTime("there/sub", 1200000000);
    SetTime("there", 1200000000);
  };
  std::size_t compared = 0;
  for (const std::string& options : kOptions) {
    for (const std::string& operands : kOperands) {
      if (operands.find("dst") == std::string::npos && options.find('T') != std::string::npos &&
          operands.find("there") == operands.size() - 5 &&
          operands.find(' ') != operands.rfind(' ')) {
        continue;  // an extra operand
      }
      SCOPED_TRACE("cp " + options + " " + operands);
      const bool keeps_times = options.find_first_of("ap") != std::string::npos;
      prepare();
      const int status = Host("/bin/cp " + options + " " + operands);
      const std::string expected = Attributes(".", keeps_times);
      prepare();
      Arguments arguments;
      if (!options.empty()) arguments.push_back(options);
      for (std::size_t start = 0; start < operands.size();) {
        const std::size_t end = std::min(operands.find(' ', start), operands.size());
        arguments.push_back(operands.substr(start, end - start));
        start = end + 1;
      }
      const Outcome outcome = Run(arguments);
      EXPECT_EQ(outcome.status, status) << outcome.errors;
      const std::string got = Attributes(".", keeps_times);
      // What is not copied, such as the folder itself, has the time of the test.
      EXPECT_THAT(Difference(WithoutRecent(got), WithoutRecent(expected)), IsEmpty())
          << outcome.errors;
      ++compared;
    }
  }
  EXPECT_GT(compared, 300U);
}

}  // namespace
}  // namespace cation
