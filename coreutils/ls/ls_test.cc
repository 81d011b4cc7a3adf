// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <sstream>

#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "coreutils/support/testing/utility_test_case.h"
#include "gmock/gmock.h"

namespace cation::testing {
namespace {

using sys::fault::Call;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> Lines(const std::string& text) {
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

std::string Sorted(const std::string& text) {
  std::vector<std::string> lines = Lines(text);
  std::sort(lines.begin(), lines.end());
  return absl::StrJoin(lines, "\n");
}

class LsTest : public UtilityTestCase {
 protected:
  LsTest() : UtilityTestCase("ls") {
    environment["TZ"] = "UTC0";
    environment["TERM"] = "xterm";
  }

  // What the host's ls makes of it: an oracle only for what POSIX or GNU define, and only when it
  // is GNU's.
  struct HostOutcome {
    int status;
    std::string output;
  };
  static HostOutcome RunHost(const std::vector<std::string>& arguments,
                             const std::string& locale = "C") {
    std::string command = "exec env -i TZ=UTC0 TERM=xterm LC_ALL=" + locale + " /bin/ls";
    for (const std::string& argument : arguments) {
      command += " '" + absl::StrReplaceAll(argument, {{"'", "'\\''"}}) + "'";
    }
    FILE* const pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
    HostOutcome outcome;
    char buffer[4096];
    while (const std::size_t count = std::fread(buffer, 1, sizeof(buffer), pipe))
      outcome.output.append(buffer, count);
    const int status = ::pclose(pipe);
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return outcome;
  }
  static bool HostIsGnu() {
    static const bool is_gnu =
        RunHost({"--version"}).output.find("GNU coreutils") != std::string::npos;
    return is_gnu;
  }

  void ExpectAsHost(const std::vector<std::string>& arguments, const std::string& locale = "C") {
    SCOPED_TRACE(absl::StrJoin(arguments, " "));
    const HostOutcome host = RunHost(arguments, locale);
    const Outcome ours = Run(arguments);
    EXPECT_EQ(ours.output, host.output);
    EXPECT_EQ(ours.status, host.status) << ours.errors;
  }

  static std::size_t CallsOf(Call kind) {
    const auto& trace = sys::fault::Trace();
    return static_cast<std::size_t>(std::count_if(
        trace.begin(), trace.end(), [&](const auto& traced) { return traced.call == kind; }));
  }

  void Resize(const std::string& path, off_t size) {
    WriteFile(path, "");
    ASSERT_EQ(::truncate(path.c_str(), size), 0);
  }

  // Every type, all kinds of times, sizes and permissions.
  void MakeRichTree() {
    MakeDirectory("t");
    const off_t sizes[] = {0,
                           1,
                           999,
                           1000,
                           1023,
                           1024,
                           1025,
                           9999,
                           10188,
                           10189,
                           10239,
                           10240,
                           10241,
                           999000,
                           999001,
                           1023 * 1024,
                           1023 * 1024 + 1,
                           1048576,
                           123456789,
                           5000000000};
    for (const off_t size : sizes) Resize("t/size" + std::to_string(size), size);
    const time_t now = ::time(nullptr);
    const time_t times[] = {0,
                            -1,
                            -86400 * 365,
                            951782400,
                            1709210096,
                            2147483648,
                            4294967296,
                            now - 15778476 + 100,
                            now - 15778476 - 100,
                            now - 100,
                            now + 1000,
                            now + 100000000};
    for (std::size_t i = 0; i < std::size(times); ++i) {
      WriteFile("t/time" + std::to_string(i), std::string(i * 1500, 'x'));
      SetTime("t/time" + std::to_string(i), times[i], 123456789);
    }
    const mode_t modes[] = {0, 0777, 04755, 02755, 06644, 01644, 0755};
    for (const mode_t mode : modes) WriteFile("t/mode" + std::to_string(mode), "x", mode);
    const mode_t directories[] = {0755, 01777, 0777, 01755, 02755};
    for (const mode_t mode : directories) MakeDirectory("t/dir" + std::to_string(mode), mode);
    MakeDirectory("t/.hidden");
    WriteFile("t/.dot", "");
    WriteFile("t/dir493/inner", "abc");
    MakeDirectory("t/dir493/deeper");
    WriteFile("t/dir493/deeper/file", "abc");
    MakeLink("dir493", "t/link_to_directory");
    MakeLink("time0", "t/link_to_file");
    MakeLink("mode493", "t/link_to_program");
    MakeLink("nowhere", "t/dangling");
    ASSERT_EQ(::link("t/time1", "t/hard_link"), 0);
    ASSERT_EQ(::mkfifo("t/fifo", 0644), 0);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path, sizeof(address.sun_path), "t/socket");
    ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    ::close(socket);
    // Owners without a name; not everybody may do this.
    (void)!::lchown("t/mode0", 12345, 54321);
    (void)!::lchown("t/mode511", 1, 2);
  }
};

TEST_F(LsTest, ListsTheWorkingDirectorySortedByBytes) {
  for (const char* const name : {"b", "B", "a", "_", "10", "9"}) WriteFile(name, "");
  WriteFile(".hidden", "");
  const Outcome outcome = Run({});
  EXPECT_EQ(outcome.output, "10\n9\nB\n_\na\nb\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors, "");
}

TEST_F(LsTest, AnEmptyDirectoryGivesNothing) {
  MakeDirectory("d");
  for (const char* const option : {"-1", "-C", "-x", "-m", "-U", "-i"}) {
    EXPECT_EQ(Run({option, "d"}).output, "") << option;
  }
  EXPECT_EQ(Run({"-l", "d"}).output, "total 0\n");
}

TEST_F(LsTest, RichTreeAsHost) {
  if (!HostIsGnu()) GTEST_SKIP() << "the host's ls is not GNU's";
  MakeRichTree();
  const std::vector<std::vector<std::string>> cases = {
      {},
      {"-1"},
      {"-a"},
      {"-A"},
      {"--all"},
      {"--almost-all"},
      {"-l"},
      {"-la"},
      {"-lA"},
      {"-lh"},
      {"-l", "--si"},
      {"-n"},
      {"-g"},
      {"-o"},
      {"-go"},
      {"-lG"},
      {"-ng"},
      {"-lno"},
      {"-lS"},
      {"-lt"},
      {"-ltr"},
      {"-lrS"},
      {"-t"},
      {"-S"},
      {"-r"},
      {"-tr"},
      {"-i"},
      {"-li"},
      {"-ls"},
      {"-lsh"},
      {"-s"},
      {"-sh"},
      {"-sk"},
      {"--size", "--si"},
      {"-F"},
      {"--classify"},
      {"--file-type"},
      {"-p"},
      {"-lF"},
      {"-lp"},
      {"-l", "--file-type"},
      {"-iF"},
      {"-C"},
      {"-x"},
      {"-m"},
      {"-CF"},
      {"-xF"},
      {"-mF"},
      {"-Cis"},
      {"-xi"},
      {"-ms"},
      {"-mi"},
      {"-C", "-w", "40"},
      {"-C", "-w40"},
      {"-x", "--width=33"},
      {"-m", "-w", "30"},
      {"-C", "-w", "200"},
      {"-C", "-w", "0"},
      {"-x", "-w0"},
      {"-m", "-w0"},
      {"-C", "-w1"},
      {"-x", "-w2"},
      {"-m", "-w1"},
      {"-C", "-w", "1000"},
      {"-C", "-1"},
      {"-m1"},
      {"-l1"},
      {"-1l"},
      {"-C", "-x"},
      {"-R"},
      {"-lR"},
      {"-CR"},
      {"-RF"},
      {"-Ra"},
      {"-RA"},
      {"-Rr"},
      {"-Ri"},
      {"-lRt"},
      {"-1Rs"},
      {"-d"},
      {"-ld"},
      {"-dF"},
      {"-dR"},
      {"-c"},
      {"-lc"},
      {"-lct"},
      {"-ctr"},
      {"--color=always"},
      {"--color"},
      {"--color=never"},
      {"--color=auto"},
      {"-l", "--color=always"},
      {"-C", "--color=always"},
      {"-x", "--color=always", "-w40"},
      {"-F", "--color=always"},
      {"-lF", "--color=always"},
      {"-R", "--color=always"},
      {"--color=always", "-w", "10"},
      {"-l", "--color=always", "-w", "25"},
      {"-m", "--color=always", "-w", "33"},
      {"-lL", "--color=always"},
      {"-l", "--full-time"},
      {"--full-time"},
      {"-l", "--time-style=long-iso"},
      {"-l", "--time-style=iso"},
      {"-l", "--time-style=locale"},
      {"-l", "--time-style=full-iso"},
      {"-L"},
      {"-lL"},
      {"-LF"},
      {"-Li"},
      {"-iL"},
      {"-LR"},
      {"-lH"},
      {"-H"},
      {"-q"},
      {"-N"},
      {"--zero"},
      {"-l", "--zero"},
      {"-R", "--zero"},
      {"-Ua", "--sort=name"},
      {"-hs"},
      {"-laishF"},
      {"-lo", "-g"},
      {"-n", "-C"},
      {"-g", "-x"},
      {"-C", "-o"},
      {"-1", "-C"},
      {"-C", "-1"},
      {"-l", "-1"},
      {"-1", "-l"},
      {"-1", "-m"},
      {"-m", "-1"},
      {"-lnh", "--si"},
      {"--hide-control-chars"},
      {"--literal"},
      {"-k"},
      {"-lk"},
      {"--human-readable", "-l"},
      {"--inode"},
      {"--reverse"},
      {"--recursive"},
      {"--directory"},
      {"--dereference"},
      {"--numeric-uid-gid"},
      {"--no-group", "-l"},
      {"--kibibytes", "-s"},
      {"--classify=always"},
      {"--classify=auto"},
      {"--dereference-command-line"},
      {"-b"},
      {"--escape", "-F"},
      {"-B"},
      {"--ignore-backups", "-a"},
      {"-I", "*dir*"},
      {"--ignore=.d*", "-a"},
      {"--hide=*dir*"},
      {"--hide=*dir*", "-A"},
      {"-Q"},
      {"--quote-name", "-l"},
      {"-v"},
      {"-X"},
      {"-lX"},
      {"-Z"},
      {"-lZ"},
      {"--context", "-C"},
      {"-l", "--author"},
      {"-go", "--author"},
      {"-l", "--block-size=K"},
      {"-ls", "--block-size=kB"},
      {"-s", "--block-size=1M"},
      {"-sh", "--block-size=1"},
      {"--format=across"},
      {"--format=commas"},
      {"--format=horizontal"},
      {"--format=long"},
      {"--format=single-column"},
      {"--format=verbose"},
      {"--format=vertical"},
      {"-l", "--format=single-column"},
      {"--group-directories-first"},
      {"--group-directories-first", "-r"},
      {"--group-directories-first", "-lL"},
      {"--group-directories-first", "--sort=size"},
      {"--hyperlink"},
      {"-l", "--hyperlink=always"},
      {"-R", "--hyperlink"},
      {"--hyperlink=never"},
      {"--indicator-style=none", "-C"},
      {"--indicator-style=slash"},
      {"--indicator-style=file-type"},
      {"--indicator-style=classify"},
      {"--quoting-style=literal"},
      {"--quoting-style=shell"},
      {"--quoting-style=shell-always"},
      {"--quoting-style=shell-escape"},
      {"--quoting-style=shell-escape-always"},
      {"--quoting-style=c"},
      {"--quoting-style=escape"},
      {"-q", "--show-control-chars"},
      {"--sort=time"},
      {"--sort=extension"},
      {"--sort=version"},
      {"--sort=width"},
      {"--sort=width", "-r"},
      {"-l", "--time=ctime"},
      {"--time=atime"},
      {"-CT3"},
      {"-C", "--tabsize=0"},
      {"-l", "--time-style=+%Y %j\n%H %M"},
      {"-l", "--dereference-command-line-symlink-to-dir"},
  };
  for (std::vector<std::string> arguments : cases) {
    if (std::find(arguments.begin(), arguments.end(), "--sort=name") != arguments.end()) continue;
    arguments.push_back("t");
    ExpectAsHost(arguments);
  }
  // Several operands, files, links and what is missing.
  for (const char* const options : {"-1",
                                    "-l",
                                    "-C",
                                    "-F",
                                    "-a",
                                    "-d",
                                    "-R",
                                    "-t",
                                    "-S",
                                    "-r",
                                    "-H",
                                    "-L",
                                    "-lH",
                                    "-lL",
                                    "-i",
                                    "-p",
                                    "-U",
                                    "-s",
                                    "-lt",
                                    "-n",
                                    "-m",
                                    "-x",
                                    "--color=always",
                                    "--file-type"}) {
    for (const auto& operands : std::vector<std::vector<std::string>>{
             {"t", "t/dir493"},
             {"t/dir493", "t/time2", "t/fifo", "t/dir1023"},
             {"t/link_to_directory"},
             {"t/link_to_directory/"},
             {"t/link_to_file"},
             {"t/dangling"},
             {"t/link_to_directory", "t/link_to_file", "t/dangling", "t/link_to_program"},
             {"missing"},
             {"missing", "t/dir493"},
             {"t/dir493", "missing", "t/time1"},
             {"t/time1/x"},
             {"t/time1/"},
             {""},
             {"t/dir493", ""},
             {"t/../t/./dir493//"}}) {
      std::vector<std::string> arguments = {options};
      arguments.insert(arguments.end(), operands.begin(), operands.end());
      ExpectAsHost(arguments);
    }
  }
  ExpectAsHost({"-l", "/dev/null", "/dev/zero"});
  ExpectAsHost({"-lh", "/dev/null", "t/size123456789"});
  ExpectAsHost({"-ld", "/", ".", ".."});
}

TEST_F(LsTest, SortsByAccessTimeAsHost) {
  if (!HostIsGnu()) GTEST_SKIP() << "the host's ls is not GNU's";
  MakeDirectory("d");
  for (int i = 0; i < 9; ++i) {
    const std::string path = "d/" + std::to_string(i);
    WriteFile(path, "");
    const timespec times[2] = {{1000000 * (i * 7 % 10), 5}, {2000000 * i, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  }
  for (const char* const options : {"-u", "-lu", "-lut", "-ut", "-utr", "-luS", "-uU1"})
    ExpectAsHost({options, "d"});
}

TEST_F(LsTest, UnsortedHasTheSameEntries) {
  MakeRichTree();
  for (const char* const options : {"-U", "-f", "-Ua", "-UA", "-Ui", "-lU", "-UF", "-lf"}) {
    const Outcome outcome = Run({options, "t"});
    EXPECT_EQ(Sorted(outcome.output), Sorted(Run({options, "-U", "-t", "t"}).output)) << options;
    EXPECT_EQ(outcome.status, 0);
  }
  EXPECT_EQ(Sorted(Run({"-f", "t"}).output), Sorted(Run({"-a", "t"}).output));
  // -U in the order of the directory: as the host reads it.
  if (HostIsGnu()) ExpectAsHost({"-U", "t"});
}

TEST_F(LsTest, StreamingKeepsNothing) {
  MakeDirectory("d");
  for (int i = 0; i < 500; ++i) WriteFile("d/" + std::to_string(i), "");
  const Outcome outcome = Run({"-U", "d"});
  EXPECT_EQ(Lines(outcome.output).size(), 500U);
  EXPECT_EQ(CallsOf(Call::kStatusAt) + CallsOf(Call::kStatus), 0U);
}

TEST_F(LsTest, APlainListingMakesNoStat) {
  MakeDirectory("d");
  for (int i = 0; i < 100; ++i) WriteFile("d/" + std::to_string(i), "");
  MakeLink("nowhere", "d/link");
  const Outcome outcome = Run({"d"});
  EXPECT_EQ(CallsOf(Call::kStatusAt), 0U);
  EXPECT_EQ(CallsOf(Call::kStatus), 0U);
  EXPECT_EQ(CallsOf(Call::kOpen), 1U);
  EXPECT_LE(outcome.calls, 5U);  // open, two reads, close, write
  for (const char* const options : {"-A", "-a", "-i", "-C", "-r", "-m"}) {
    Run({options, "d"});
    EXPECT_EQ(CallsOf(Call::kStatusAt) + CallsOf(Call::kStatus), 0U) << options;
  }
}

TEST_F(LsTest, TypesTakeOneStatForTheDirectory) {
  MakeDirectory("d");
  MakeDirectory("d/sub");
  WriteFile("d/file", "");
  MakeLink("nowhere", "d/link");
  EXPECT_EQ(Run({"-p", "d"}).output, "file\nlink\nsub/\n");
  EXPECT_EQ(CallsOf(Call::kStatusAt), 0U);
  EXPECT_EQ(CallsOf(Call::kStatus), 1U);  // whether its types can be trusted
  EXPECT_EQ(Run({"--file-type", "d"}).output, "file\nlink@\nsub/\n");
  EXPECT_EQ(CallsOf(Call::kStatusAt), 0U);
  // Only the file may have an x bit.
  EXPECT_EQ(Run({"-F", "d"}).output, "file\nlink@\nsub/\n");
  EXPECT_EQ(CallsOf(Call::kStatusAt), 2U);  // and the operand, as -F does not follow it
}

TEST_F(LsTest, ALongListingMakesOneStatPerEntry) {
  MakeDirectory("d");
  for (int i = 0; i < 50; ++i) WriteFile("d/" + std::to_string(i), "");
  Run({"-l", "d"});
  EXPECT_EQ(CallsOf(Call::kStatusAt), 51U);
  EXPECT_EQ(CallsOf(Call::kStatus), 0U);
  EXPECT_LE(CallsOf(Call::kOpen), 3U);  // d, /etc/passwd, /etc/group
  Run({"-n", "d"});
  EXPECT_EQ(CallsOf(Call::kOpen), 1U);
}

TEST_F(LsTest, NamesAreWrittenAsTheyAreToFiles) {
  const std::vector<std::string> names = {"-leading", " space ",  "new\nline", "tab\t", "\x01\x7f",
                                          "\xff\xfe", "\xc3\xa4", "\\",        "'"};
  for (const std::string& name : names) WriteFile(name, "");
  std::vector<std::string> sorted = names;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(Run({}).output, absl::StrJoin(sorted, "\n") + "\n");
  EXPECT_EQ(Run({"--zero"}).output,
            absl::StrJoin(sorted, std::string(1, '\0')) + std::string(1, '\0'));
  EXPECT_EQ(Run({"--", "-leading"}).output, "-leading\n");
  EXPECT_EQ(Run({"-q"}).output, "??\n space \n'\n-leading\n\\\nnew?line\ntab?\n\xc3\xa4\n??\n");
  if (HostIsGnu()) {
    ExpectAsHost({"-l"});
    ExpectAsHost({"-q"}, "C.UTF-8");
    ExpectAsHost({"-qm"}, "C.UTF-8");
    ExpectAsHost({"-qC", "-w", "30"}, "C.UTF-8");
  }
}

TEST_F(LsTest, ColumnsGoByDisplayWidth) {
  MakeDirectory("d");
  for (const char* const name :
       {"日本語", "e\xcc\x81", "\xc3\xa4\xc3\xb6", "abc", "👍🏽", "x", "ｆｕｌｌ", "한국어 이름"}) {
    WriteFile(std::string("d/") + name, "");
  }
  ASSERT_EQ(Lines(Run({"-C", "d"}).output).size(), 1U);
  if (!HostIsGnu()) GTEST_SKIP() << "the host's ls is not GNU's";
  // Byte order, which is also that of C.UTF-8.
  for (const char* const width : {"10", "20", "26", "33", "80"}) {
    for (const char* const options : {"-C", "-x", "-m", "-CF", "-Ci"})
      ExpectAsHost({options, "-w", width, "d"}, "C.UTF-8");
  }
}

TEST_F(LsTest, ColumnsOfManyShapesAsHost) {
  if (!HostIsGnu()) GTEST_SKIP() << "the host's ls is not GNU's";
  fault_runs = false;  // the width changes nothing but the output
  MakeDirectory("d");
  unsigned seed = 1;
  for (int i = 0; i < 70; ++i) {
    seed = seed * 1103515245 + 12345;
    WriteFile("d/" + std::to_string(i) + std::string(seed / 65536 % 17, 'n'), "");
    if (i % 10 != 3) continue;
    for (int width = 1; width < 140; width += 6) {
      ExpectAsHost({"-C", "-w", std::to_string(width), "d"});
      ExpectAsHost({"-x", "-w", std::to_string(width), "d"});
      ExpectAsHost({"-m", "-w", std::to_string(width), "d"});
    }
  }
}

class LsTerminalTest : public LsTest {
 protected:
  // What a terminal of `columns` gets to see.
  std::string RunOnTerminal(const std::vector<std::string>& arguments, unsigned short columns = 0) {
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    EXPECT_GE(terminal, 0);
    EXPECT_EQ(::grantpt(terminal), 0);
    EXPECT_EQ(::unlockpt(terminal), 0);
    const std::string path = ::ptsname(terminal);
    // Kept open, so that what was written can still be read.
    const int other_end = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    EXPECT_GE(other_end, 0);
    winsize size{};
    size.ws_col = columns;
    EXPECT_EQ(::ioctl(terminal, TIOCSWINSZ, &size), 0);
    const Outcome outcome = RunInto(path, arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(::write(other_end, "END", 3), 3);
    std::string seen;
    char buffer[512];
    while (seen.find("END") == std::string::npos) {
      const ssize_t count = ::read(terminal, buffer, sizeof(buffer));
      if (count <= 0) break;
      seen.append(buffer, static_cast<std::size_t>(count));
    }
    ::close(other_end);
    ::close(terminal);
    seen.resize(seen.size() - 3);
    return absl::StrReplaceAll(seen, {{"\r\n", "\n"}});
  }
};

TEST_F(LsTerminalTest, NamesCannotSendCommandsToIt) {
  for (const char* const name : {"\x1b[2J", "a b", "plain", "\xff"}) WriteFile(name, "");
  EXPECT_EQ(RunOnTerminal({}), "''$'\\033''[2J'\t'a b'   plain  ''$'\\377'\n");
  EXPECT_EQ(RunOnTerminal({"-q"}), RunOnTerminal({}));
  EXPECT_EQ(RunOnTerminal({"-N"}), "?[2J  a b  plain  ?\n");
  EXPECT_EQ(RunOnTerminal({"-1", "a b"}), "'a b'\n");
}

TEST_F(LsTerminalTest, ColumnsColoursAndTypesAreForIt) {
  // The name of the host may be left out.
  excused = [](const FaultOutcome& fault) {
    return fault.call.call == Call::kOpen || fault.call.call == Call::kRead;
  };
  for (const char* const name : {"a", "b", "c"}) MakeDirectory(name);
  EXPECT_EQ(RunOnTerminal({}), "a  b  c\n");
  EXPECT_EQ(RunOnTerminal({}, 5), "a  c\nb\n");
  EXPECT_EQ(RunOnTerminal({"-w", "80"}, 5), "a  b  c\n");
  EXPECT_EQ(RunOnTerminal({"--classify=auto"}), "a/  b/\tc/\n");
  EXPECT_EQ(RunOnTerminal({"--hyperlink=auto", "-d", "a"}), Run({"--hyperlink", "-d", "a"}).output);
  EXPECT_EQ(Run({"--classify=auto"}).output, "a\nb\nc\n");
  EXPECT_EQ(RunOnTerminal({"-d", "--color=auto", "a"}), "\033[0m\033[01;34ma\033[0m\n");
  EXPECT_EQ(Run({"-d", "--color=auto", "a"}).output, "a\n");
}

TEST_F(LsTest, WidthComesFromTheEnvironment) {
  for (const char* const name : {"a", "b", "c", "d"}) WriteFile(name, "");
  EXPECT_EQ(Run({"-C"}).output, "a  b  c  d\n");
  environment["COLUMNS"] = "7";
  EXPECT_EQ(Run({"-C"}).output, "a  c\nb  d\n");
  EXPECT_EQ(Run({"-C", "-w", "80"}).output, "a  b  c  d\n");
  environment["COLUMNS"] = "nonsense";
  EXPECT_EQ(Run({"-C"}).output, "a  b  c  d\n");
  environment["COLUMNS"] = "";
  EXPECT_EQ(Run({"-C"}).output, "a  b  c  d\n");
}

TEST_F(LsTest, AWrongWidthIsAUsageError) {
  for (const char* const width : {"x", "", "-1", "1k"}) {
    const Outcome outcome = Run({"-w", width});
    EXPECT_EQ(outcome.status, 2) << width;
    EXPECT_THAT(outcome.errors, HasSubstr("invalid line width")) << width;
    EXPECT_EQ(outcome.output, "");
  }
  WriteFile("a", "");
  WriteFile("b", "");
  EXPECT_EQ(Run({"-Cw", "99999999999999999999"}).output, "a  b\n");
}

TEST_F(LsTest, WrongOptionsGiveStatusTwo) {
  for (const char* const option : {"-?", "--no-such", "--color=pink", "--time-style=x"}) {
    const Outcome outcome = Run({option});
    EXPECT_EQ(outcome.status, 2) << option;
    EXPECT_THAT(outcome.errors, StartsWith("ls: ")) << option;
    EXPECT_EQ(outcome.output, "");
  }
}

TEST_F(LsTest, TheZoneIsTheEnvironments) {
  WriteFile("f", "");
  SetTime("f", 1000000000);  // 2001-09-09 01:46:40 UTC
  EXPECT_THAT(Run({"--full-time", "f"}).output,
              HasSubstr(" 2001-09-09 01:46:40.000000000 +0000 f"));
  environment["TZ"] = "CET-1CEST,M3.5.0,M10.5.0/3";
  EXPECT_THAT(Run({"--full-time", "f"}).output,
              HasSubstr(" 2001-09-09 03:46:40.000000000 +0200 f"));
  environment["TZ"] = "<-0330>3:30";
  EXPECT_THAT(Run({"--full-time", "f"}).output,
              HasSubstr(" 2001-09-08 22:16:40.000000000 -0330 f"));
  environment["TZ"] = "Nowhere/Town";
  EXPECT_THAT(Run({"--full-time", "f"}).output, HasSubstr(" 01:46:40.000000000 +0000 f"));
  environment.erase("TZ");
  EXPECT_THAT(Run({"--full-time", "f"}).output, HasSubstr(" 01:46:40.000000000 +0000 f"));
}

TEST_F(LsTest, AccountFilesThatCannotBeReadGiveNumbers) {
  WriteFile("f", "");
  const std::string numbers = Run({"-n", "f"}).output;
  const Outcome named = Run({"-l", "f"});
  ASSERT_EQ(named.status, 0);
  const auto calls = sys::fault::Trace();
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].call != Call::kOpen) continue;
    const Outcome outcome = Run({"-l", "f"}, "", {.call = i, .error = ENOENT, .times = 2});
    EXPECT_EQ(outcome.output, numbers);
    EXPECT_EQ(outcome.status, 0);
    return;
  }
  FAIL() << "nothing was opened";
}

TEST_F(LsTest, DanglingLinksAndLoops) {
  MakeDirectory("d");
  MakeLink("nowhere", "d/dangling");
  MakeLink("loop", "d/loop");
  // A dangling link is listed itself.
  excused = [](const FaultOutcome& fault) { return fault.error == ENOENT; };
  EXPECT_EQ(Run({"d"}).output, "dangling\nloop\n");
  EXPECT_EQ(Run({"d/dangling"}).output, "d/dangling\n");
  EXPECT_THAT(Run({"-l", "d"}).output, HasSubstr("loop -> loop\n"));
  const Outcome followed = Run({"-L", "-l", "d"});
  EXPECT_EQ(followed.status, 1);
  // In the directory's order.
  EXPECT_THAT(followed.errors, HasSubstr("ls: d/dangling: No such file or directory\n"));
  EXPECT_THAT(followed.errors, HasSubstr("ls: d/loop: Too many levels of symbolic links\n"));
  EXPECT_EQ(
      followed.output,
      "total 0\nl????????? ? ? ? ?            ? dangling\nl????????? ? ? ? ?            ? loop\n");
  // GNU before 9.4 reports a loop that is an operand: it leads to no directory, and is listed.
  EXPECT_EQ(Run({"d/loop"}).output, "d/loop\n");
  for (const char* const option : {"-H", "-L"}) {
    const Outcome operand = Run({option, "d/loop"});
    EXPECT_EQ(operand.status, 2) << option;
    EXPECT_EQ(operand.errors, "ls: d/loop: Too many levels of symbolic links\n") << option;
  }
  if (HostIsGnu()) {
    ExpectAsHost({"-lL", "d"});
    ExpectAsHost({"-sL", "d"});
    ExpectAsHost({"-iL", "d"});
    ExpectAsHost({"-FL", "d"});
    ExpectAsHost({"-L", "d/dangling"});
    ExpectAsHost({"-H", "d/dangling"});
    ExpectAsHost({"-l", "d/loop"});
    ExpectAsHost({"-lL", "--full-time", "d"});
    ExpectAsHost({"-lL", "--time-style=iso", "d"});
  }
  ASSERT_EQ(::unlink("d/loop"), 0);
}

TEST_F(LsTest, LinksThatLeadUpEnd) {
  MakeDirectory("d");
  MakeDirectory("d/sub");
  MakeLink("..", "d/sub/up");
  MakeLink("../..", "d/sub/top");
  EXPECT_EQ(Run({"-R", "d"}).output, "d:\nsub\n\nd/sub:\ntop\nup\n");
  const Outcome outcome = Run({"-LR", "d"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.errors, HasSubstr("ls: d/sub/up: not listing already-listed directory\n"));
  if (HostIsGnu()) ExpectAsHost({"-LR", "d"});
}

TEST_F(LsTest, ALongLinkTargetIsWhole) {
  const std::string target(3000, 'x');
  MakeLink(target, "link");
  EXPECT_THAT(Run({"-l", "link"}).output, HasSubstr(" link -> " + target + "\n"));
  EXPECT_THAT(Run({"-l"}).output, HasSubstr(" link -> " + target + "\n"));
  MakeLink(std::string(1024, 'y'), "edge");
  EXPECT_THAT(Run({"-l"}).output, HasSubstr(" edge -> " + std::string(1024, 'y') + "\n"));
  ASSERT_EQ(::unlink("link"), 0);
  ASSERT_EQ(::unlink("edge"), 0);
}

TEST_F(LsTest, AnUnreadableDirectoryIsReportedAndTheRestListed) {
  MakeDirectory("a");
  MakeDirectory("b");
  WriteFile("b/file", "");
  Run({"a", "b"});
  const auto calls = sys::fault::Trace();
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].call != Call::kOpen) continue;
    const Outcome outcome = Run({"a", "b"}, "", {.call = i, .error = EACCES});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.errors, "ls: a: Permission denied\n");
    EXPECT_EQ(outcome.output, "b:\nfile\n");
    break;
  }
  const Outcome single = Run({"a"}, "", {.call = 0, .error = EACCES, .times = 2});
  EXPECT_EQ(single.status, 2);
  EXPECT_EQ(single.errors, "ls: a: Permission denied\n");
  EXPECT_EQ(single.output, "");
}

TEST_F(LsTest, AnUnreadableSubdirectoryIsMinorTrouble) {
  MakeDirectory("d");
  MakeDirectory("d/a");
  MakeDirectory("d/b");
  WriteFile("d/b/file", "");
  Run({"-R", "d"});
  const auto calls = sys::fault::Trace();
  std::size_t opens = 0;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].call != Call::kOpen || opens++ != 1) continue;
    const Outcome outcome = Run({"-R", "d"}, "", {.call = i, .error = EACCES});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.errors, "ls: d/a: Permission denied\n");
    EXPECT_EQ(outcome.output, "d:\na\nb\n\nd/b:\nfile\n");
  }
}

TEST_F(LsTest, AnEntryWithoutStatusIsListedWithQuestionMarks) {
  MakeDirectory("d");
  for (const char* const name : {"a", "b", "c"}) WriteFile(std::string("d/") + name, "");
  Run({"-n", "d"});
  const auto calls = sys::fault::Trace();
  std::size_t looks = 0;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].call != Call::kStatusAt || looks++ == 0) continue;
    const Outcome outcome = Run({"-n", "d"}, "", {.call = i, .error = EACCES});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.errors, HasSubstr(": Permission denied\n"));
    const auto lines = Lines(outcome.output);
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_THAT(outcome.output, HasSubstr("-????????? ? ? ? ?            ? "));
  }
  EXPECT_EQ(looks, 4U);
}

TEST_F(LsTest, OutputErrorsAreReported) {
  WriteFile("f", "");
  const Outcome outcome = RunInto("/dev/full", {});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.errors, StartsWith("ls: "));
  EXPECT_THAT(outcome.errors, HasSubstr(": No space left on device\n"));
  EXPECT_EQ(Lines(outcome.errors).size(), 1U);
}

TEST_F(LsTest, DeepTreesNeedNoStack) {
  std::string path = "d";
  MakeDirectory(path);
  for (int i = 0; i < 300; ++i) {
    path += "/d";
    MakeDirectory(path);
  }
  const Outcome outcome = Run({"-R", "d"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output, HasSubstr("\n" + path + ":\n"));
}

TEST_F(LsTest, TooLongAPathIsReported) {
  const std::string name(250, 'n');
  std::string whole;
  ASSERT_EQ(::mkdir("top", 0755), 0);
  const std::string top = folder() + "/top";
  ASSERT_EQ(::chdir("top"), 0);
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(::mkdir(name.c_str(), 0755), 0);
    ASSERT_EQ(::chdir(name.c_str()), 0);
  }
  ASSERT_EQ(::chdir(folder().c_str()), 0);
  const Outcome outcome = Run({"-R", "top"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.errors, HasSubstr("File name too long\n"));
  ASSERT_EQ(std::system("rm -r top"), 0);
}

// Whatever fails, the status says so, the message says where, and the rest is listed.
TEST_F(LsTest, FaultsInALongListing) {
  const auto prepare = [&] {
    MakeDirectory("d");
    WriteFile("d/a", "");
    WriteFile("d/b", "");
    MakeLink("a", "d/link");
    for (const char* const path : {"d/a", "d/b", "d/link"}) SetTime(path, 1);
  };
  const std::size_t faults = ForEachFault({"-l", "d"}, "", prepare, [&](const FaultOutcome& fault) {
    const Outcome& outcome = fault.outcome;
    if (outcome.status == 0) {
      // What may fail unnoticed: closing what was only read, and names of owners.
      EXPECT_TRUE(fault.call.call == Call::kClose || fault.call.call == Call::kOpen ||
                  fault.call.call == Call::kRead);
      EXPECT_EQ(Lines(outcome.output).size(), 4U);
      return;
    }
    if (fault.call.call == Call::kWrite) {
      EXPECT_EQ(outcome.status, 2);
      if (fault.error != EPIPE) EXPECT_THAT(outcome.errors, StartsWith("ls: "));
      return;
    }
    EXPECT_THAT(outcome.errors, StartsWith("ls: d"));
    EXPECT_EQ(Lines(outcome.errors).size(), 1U);
    if (outcome.status == 1) {
      for (const char* const name : {" a\n", " b\n", " link"})
        EXPECT_THAT(outcome.output, HasSubstr(name));
    } else {
      EXPECT_EQ(outcome.status, 2);
      const bool whole_directory = fault.call.call == Call::kOpen ||
                                   fault.call.call == Call::kStatusAt ||
                                   fault.call.call == Call::kReadDirectory;
      EXPECT_TRUE(whole_directory);
    }
  });
  EXPECT_GT(faults, 20U);
}

TEST_F(LsTest, FaultsInARecursiveListing) {
  const auto prepare = [&] {
    MakeDirectory("d");
    MakeDirectory("d/a");
    WriteFile("d/a/one", "");
    MakeDirectory("d/b");
    WriteFile("d/b/two", "");
  };
  ForEachFault({"-R", "d"}, "", prepare, [&](const FaultOutcome& fault) {
    const Outcome& outcome = fault.outcome;
    if (outcome.status == 0) {
      // Closing what was only read; a status that only told whether types can be trusted; an open
      // that was tried again.
      EXPECT_TRUE(fault.call.call == Call::kClose || fault.call.call == Call::kStatus ||
                  fault.call.call == Call::kOpen);
      EXPECT_EQ(outcome.output, "d:\na\nb\n\nd/a:\none\n\nd/b:\ntwo\n");
      return;
    }
    if (fault.call.call == Call::kWrite) return;
    EXPECT_THAT(outcome.errors, StartsWith("ls: d"));
    if (outcome.status == 2) return;
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.output, StartsWith("d:\na\nb\n"));
    EXPECT_TRUE(outcome.output.find("one\n") != std::string::npos ||
                outcome.output.find("two\n") != std::string::npos);
  });
}

TEST_F(LsTest, FaultsWithManyOperandsAndOptions) {
  const auto prepare = [&] {
    MakeDirectory("d");
    MakeDirectory("d/sub");
    WriteFile("d/file", "", 0755);
    MakeLink("sub", "d/link");
    WriteFile("g", "");
    int second = 1;
    for (const char* const path : {"g", "d/link", "d/file", "d/sub", "d"}) SetTime(path, second++);
  };
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"-lFR", "d", "g"},
                                             {"--color=always", "-t", "d", "g"},
                                             {"--hyperlink", "d", "g"},
                                             {"-l", "--group-directories-first", "d", "g"},
                                             {"-LRs", "d", "g"},
                                             {"-U", "d"},
                                             {"d", "g"}}) {
    SCOPED_TRACE(absl::StrJoin(arguments, " "));
    ForEachFault(arguments, "", prepare, [&](const FaultOutcome& fault) {
      EXPECT_EQ(fault.outcome.status == 0, fault.outcome.errors.empty() && fault.error != EPIPE &&
                                               (fault.call.call != Call::kWrite));
      if (!fault.outcome.errors.empty()) EXPECT_THAT(fault.outcome.errors, StartsWith("ls: "));
    });
  }
}

TEST_F(LsTest, TheLastOfTwoWinsAlsoWhenItTakesBack) {
  MakeDirectory("d");
  EXPECT_EQ(Run({"-F", "--classify=never"}).output, "d\n");
  EXPECT_EQ(Run({"-p", "-F", "--color", "--color=never"}).output, "d/\n");
}

// The time of birth is not known: it is ? and no order.
TEST_F(LsTest, TheTimeOfBirthIsNotKnown) {
  WriteFile("b", "");
  WriteFile("a", "");
  EXPECT_EQ(Run({"--time=birth"}).output, "a\nb\n");
  EXPECT_THAT(Run({"-go", "--time=birth", "a"}).output, HasSubstr(" 0            ? a\n"));
}

TEST_F(LsTest, TheEnvironmentMayBeWrong) {
  WriteFile("a", "");
  environment["COLUMNS"] = "x";
  environment["TABSIZE"] = "-";
  environment["QUOTING_STYLE"] = "no";
  environment["LS_COLORS"] = "di=1:zz=3";
  const Outcome outcome = Run({"-C", "--color"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "a\n");
  EXPECT_THAT(outcome.errors, HasSubstr("zz"));
  for (const char* const variable : {"COLUMNS=x", "TABSIZE=-", "QUOTING_STYLE=no"}) {
    EXPECT_THAT(outcome.errors, HasSubstr(std::string("ls: '") + variable + "': "));
  }
  environment = {{"TIME_STYLE", "no"}};
  EXPECT_EQ(Run({}).status, 0);
  EXPECT_EQ(Run({"-l"}).status, 2);
  EXPECT_EQ(Run({"-l", "--time-style=iso"}).status, 0);
}

TEST_F(LsTest, TheEnvironmentChooses) {
  WriteFile("a b", std::string(3000, 'x'));
  SetTime("a b", 1);
  environment["QUOTING_STYLE"] = "c";
  EXPECT_EQ(Run({}).output, "\"a b\"\n");
  EXPECT_EQ(Run({"-N"}).output, "a b\n");
  environment["TIME_STYLE"] = "+%s";
  environment["BLOCK_SIZE"] = "K";
  EXPECT_THAT(Run({"-go"}).output, HasSubstr(" 3K 1 \"a b\"\n"));
  EXPECT_THAT(Run({"-go", "--block-size=1"}).output, HasSubstr(" 3000 1 \"a b\"\n"));
  environment["LS_BLOCK_SIZE"] = "si";
  EXPECT_THAT(Run({"-go"}).output, HasSubstr(" 3.0k 1 "));
}

TEST_F(LsTest, ColoursAreThoseOfTheEnvironment) {
  // A link that cannot be followed is shown as one that leads nowhere.
  excused = [](const FaultOutcome& fault) { return fault.call.call == Call::kStatusAt; };
  MakeDirectory("d");
  WriteFile("d/a.txt", "");
  WriteFile("d/b", "", 0755);
  MakeLink("nowhere", "d/dangling");
  MakeLink("b", "d/link");
  environment["LS_COLORS"] = "*.txt=1:ex=2:or=3:mi=4:ln=5";
  EXPECT_EQ(Run({"--color", "d"}).output,
            "\033[0m\033[1ma.txt\033[0m\n\033[2mb\033[0m\n\033[3mdangling\033[0m\n"
            "\033[5mlink\033[0m\n");
  environment["LS_COLORS"] = "ln=target:ex=2:lc=<:rc=>:ec=.";
  EXPECT_EQ(Run({"--color", "d"}).output, "a.txt\n.<2>b.\ndangling\n<2>link.\n<>");
  // Without LS_COLORS, those of terminals that have any.
  environment = {{"TERM", "dumb"}};
  EXPECT_EQ(Run({"--color", "d"}).output, "a.txt\nb\ndangling\nlink\n");
  environment["COLORTERM"] = "truecolor";
  EXPECT_THAT(Run({"--color", "d"}).output, HasSubstr("\033[01;32mb\033[0m\n"));
}

// What no colour depends on is not looked at.
TEST_F(LsTest, ColoursCostAStatOnlyWhereTheyDependOnIt) {
  // A link that cannot be followed is shown as one that leads nowhere.
  excused = [](const FaultOutcome& fault) { return fault.call.call == Call::kStatusAt; };
  MakeDirectory("d");
  MakeDirectory("d/sub");
  WriteFile("d/file", "");
  MakeLink("file", "d/link");
  environment["LS_COLORS"] = "ex=0:su=0:sg=0:st=0:tw=0:ow=0";
  Run({"--color", "d"});
  EXPECT_EQ(CallsOf(Call::kStatusAt), 0U);
  environment["LS_COLORS"] = "ex=1:st=0:tw=0:ow=0";
  Run({"--color", "d"});
  EXPECT_EQ(CallsOf(Call::kStatusAt), 1U);  // the file
  environment["LS_COLORS"] = "or=1:ex=0:su=0:sg=0";
  Run({"--color", "d"});
  EXPECT_EQ(CallsOf(Call::kStatusAt), 2U);  // the directory, and what the link leads to
  environment.erase("LS_COLORS");
  Run({"--indicator-style=slash", "d"});
  EXPECT_EQ(CallsOf(Call::kStatusAt), 0U);
}

TEST_F(LsTest, QuotedNamesMoveTheOthers) {
  for (const char* const name : {"a b", "c", "it's", "\xff"}) WriteFile(name, "");
  EXPECT_EQ(Run({"-C", "--quoting-style=shell-escape"}).output,
            "'a b'   c  \"it's\"  ''$'\\377'\n");
  EXPECT_EQ(Run({"-1", "--quoting-style=shell-escape"}).output, "'a b'\nc\n\"it's\"\n''$'\\377'\n");
  if (HostIsGnu()) {
    for (const char* const style : {"shell", "shell-escape", "locale", "clocale", "c", "escape"}) {
      for (const char* const format : {"-C", "-x", "-l", "-m", "-1"}) {
        ExpectAsHost({format, std::string("--quoting-style=") + style}, "C.UTF-8");
      }
    }
  }
}

TEST_F(LsTest, LongNamesAndOddOnes) {
  WriteFile(std::string(255, 'n'), "");
  WriteFile("-a", "");
  WriteFile("line\nend", "");
  for (const char* const option : {"-v", "-X", "--sort=width", "-t", "-Q", "-b", "--zero"}) {
    const Outcome outcome = Run({option});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.output, HasSubstr(std::string(255, 'n')));
    EXPECT_THAT(outcome.output, HasSubstr("-a"));
  }
  EXPECT_THAT(Run({"-Q"}).output, HasSubstr("\"line\\nend\"\n"));
}

TEST_F(LsTest, HelpNamesEveryOption) {
  const Outcome outcome = Run({"--help"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output, StartsWith("Usage: ls "));
  EXPECT_THAT(outcome.output, HasSubstr("--time-style=STYLE"));
}

}  // namespace
}  // namespace cation::testing
