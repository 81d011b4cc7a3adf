// SPDX-License-Identifier: MIT
#include "image/redoxfs_tree.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "image/resolve.h"
#include "image/tree.h"
#include "runtime/sys/posix/close_on_exec.h"

extern char** environ;

namespace cation::image {
namespace {

// As in PROTOCOL.md.
constexpr size_t kMaxLine = size_t{1} << 20;
constexpr uint64_t kMaxPayload = uint64_t{1} << 30;
// A helper that says nothing for so long is none, or is stuck. Greetings come at once.
constexpr int kGreetingSeconds = 10;
constexpr int kAnswerSeconds = 600;

constexpr absl::string_view kEnded = "ended unexpectedly";

std::string Encode(absl::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    if (absl::ascii_isgraph(static_cast<unsigned char>(c)) && c != '%') {
      text += c;
    } else {
      absl::StrAppend(&text, "%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    }
  }
  return text;
}

// False: the text is no such encoding.
bool Decode(absl::string_view text, std::string* bytes) {
  bytes->clear();
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      *bytes += text[i];
      continue;
    }
    if (i + 2 >= text.size() || !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 1])) ||
        !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 2]))) {
      return false;
    }
    *bytes += absl::HexStringToBytes(text.substr(i + 1, 2));
    i += 2;
  }
  return true;
}

absl::StatusCode CodeOf(absl::string_view kind, bool* known) {
  static const auto& codes = *new std::map<absl::string_view, absl::StatusCode>{
      {"invalid-argument", absl::StatusCode::kInvalidArgument},
      {"not-found", absl::StatusCode::kNotFound},
      {"failed-precondition", absl::StatusCode::kFailedPrecondition},
      {"resource-exhausted", absl::StatusCode::kResourceExhausted},
      {"permission-denied", absl::StatusCode::kPermissionDenied},
      {"data-loss", absl::StatusCode::kDataLoss},
      {"unavailable", absl::StatusCode::kUnavailable},
      {"unimplemented", absl::StatusCode::kUnimplemented},
  };
  const auto found = codes.find(kind);
  *known = found != codes.end();
  return *known ? found->second : absl::StatusCode::kUnknown;
}

absl::Status CheckPath(const std::string& path) {
  if (!IsCanonical(path)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": not a canonical path"));
  }
  return absl::OkStatus();
}

std::string Words(const Attributes& attributes) {
  return absl::StrCat(attributes.mode & 07777, " ", attributes.uid, " ", attributes.gid, " ",
                      attributes.mtime, " ", attributes.mtime_nanoseconds);
}

absl::string_view VerbOf(Change::Action action) {
  switch (action) {
    case Change::Action::kMakeDirectory:
      return "mkdir";
    case Change::Action::kWriteFile:
      return "write";
    case Change::Action::kMakeLink:
      return "link";
    case Change::Action::kRemove:
      return "remove";
    case Change::Action::kSetAttributes:
      return "attributes";
  }
  return "";
}

}  // namespace

// The helper's process, and what is said to it. One request at a time; once it has failed, it stays
// failed.
class RedoxfsHelper {
 public:
  static absl::StatusOr<std::unique_ptr<RedoxfsHelper>> Start(
      const std::string& program, const std::vector<std::string>& environment);

  RedoxfsHelper(const RedoxfsHelper&) = delete;
  RedoxfsHelper& operator=(const RedoxfsHelper&) = delete;
  // Everything that was answered is on the disk, so the process can be ended at any moment.
  ~RedoxfsHelper() { End(); }

  // Sends what is answered later, with a request.
  absl::Status Send(absl::string_view bytes);
  // Sends a request, and returns the answer's words behind "ok".
  absl::StatusOr<std::vector<std::string>> Ask(absl::string_view request);
  // The same for an answer with a payload, and returns that.
  absl::StatusOr<std::string> AskForPayload(absl::string_view request);
  // The same for an answer of `count` numbers.
  absl::StatusOr<std::vector<uint64_t>> AskForNumbers(absl::string_view request, size_t count);

  // The answer was not what the protocol says.
  absl::Status Nonsense();

  [[nodiscard]] pid_t process() const { return process_; }

 private:
  RedoxfsHelper(pid_t process, int socket) : process_(process), socket_(socket) {}

  void SetTimeout(int seconds) const;
  // Ends the process.
  void End();
  // How the process has ended by itself, for a message; "" if it has not.
  std::string HowItEnded();
  absl::Status Fail(absl::string_view what);
  // At least one more byte into buffer_.
  absl::Status Receive();
  absl::StatusOr<std::string> ReadLine();

  pid_t process_;
  int socket_;
  std::string buffer_;  // received, not read yet
  absl::Status failure_;
};

absl::StatusOr<std::unique_ptr<RedoxfsHelper>> RedoxfsHelper::Start(
    const std::string& program, const std::vector<std::string>& environment) {
  const auto cannot = [&program](int error) {
    return absl::UnavailableError(
        absl::StrCat("the RedoxFS helper ", program, " cannot be started: ", std::strerror(error)));
  };
  // A socket, not pipes: sending to a dead process is an error then, not a signal.
  std::array<int, 2> sockets = {-1, -1};
  if (sys::MakeClosingSocketPair(sockets.data()) != 0) return cannot(errno);

  std::vector<std::string> strings = environment;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    strings.emplace_back(*variable);
  }
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  std::string name = program;
  std::array<char*, 2> arguments = {name.data(), nullptr};

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, sockets[1], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO);
  // What it has to say it says in its answers.
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t process = -1;
  const int error =
      posix_spawn(&process, program.c_str(), &actions, nullptr, arguments.data(), pointers.data());
  posix_spawn_file_actions_destroy(&actions);
  close(sockets[1]);
  if (error != 0) {
    close(sockets[0]);
    return cannot(error);
  }
  std::unique_ptr<RedoxfsHelper> helper(new RedoxfsHelper(process, sockets[0]));
  helper->SetTimeout(kGreetingSeconds);
  const absl::StatusOr<std::vector<std::string>> greeting = helper->Ask("hello 1\n");
  if (!greeting.ok()) return greeting.status();
  helper->SetTimeout(kAnswerSeconds);
  return helper;
}

void RedoxfsHelper::SetTimeout(int seconds) const {
  timeval timeout = {};
  timeout.tv_sec = seconds;
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
}

void RedoxfsHelper::End() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
  if (process_ > 0) {
    kill(process_, SIGKILL);
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  process_ = -1;
}

std::string RedoxfsHelper::HowItEnded() {
  // Its end of the socket is closed a little before it can be waited for.
  constexpr int kTries = 100;
  for (int i = 0; i < kTries; ++i) {
    int status = 0;
    if (waitpid(process_, &status, WNOHANG) == process_) {
      process_ = -1;
      if (WIFSIGNALED(status)) return absl::StrCat(" (signal ", WTERMSIG(status), ")");
      return absl::StrCat(" (exit status ", WEXITSTATUS(status), ")");
    }
    const timespec pause = {.tv_sec = 0, .tv_nsec = 1000000};
    nanosleep(&pause, nullptr);
  }
  return "";
}

absl::Status RedoxfsHelper::Fail(absl::string_view what) {
  if (!failure_.ok()) return failure_;
  const bool ended = what == kEnded;
  failure_ =
      absl::UnavailableError(absl::StrCat("the RedoxFS helper ", what, ended ? HowItEnded() : ""));
  End();
  return failure_;
}

absl::Status RedoxfsHelper::Nonsense() { return Fail("does not speak as it should"); }

absl::Status RedoxfsHelper::Send(absl::string_view bytes) {
  if (!failure_.ok()) return failure_;
  while (!bytes.empty()) {
    const ssize_t count = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Fail(errno == EAGAIN ? "does not listen" : kEnded);
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return absl::OkStatus();
}

absl::Status RedoxfsHelper::Receive() {
  std::array<char, 65536> bytes;
  for (;;) {
    const ssize_t count = recv(socket_, bytes.data(), bytes.size(), 0);
    if (count > 0) {
      buffer_.append(bytes.data(), static_cast<size_t>(count));
      return absl::OkStatus();
    }
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return Fail("does not answer");
    return Fail(kEnded);
  }
}

absl::StatusOr<std::string> RedoxfsHelper::ReadLine() {
  size_t searched = 0;
  for (;;) {
    const size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    if (buffer_.size() > kMaxLine) return Nonsense();
    searched = buffer_.size();
    if (absl::Status status = Receive(); !status.ok()) return status;
  }
}

absl::StatusOr<std::vector<std::string>> RedoxfsHelper::Ask(absl::string_view request) {
  if (absl::Status status = Send(request); !status.ok()) return status;
  const absl::StatusOr<std::string> line = ReadLine();
  if (!line.ok()) return line.status();
  std::vector<std::string> words = absl::StrSplit(*line, ' ');
  if (words[0] == "ok") {
    words.erase(words.begin());
    return words;
  }
  bool known = false;
  std::string message;
  if (words.size() != 3 || words[0] != "error" || !Decode(words[2], &message)) return Nonsense();
  const absl::StatusCode code = CodeOf(words[1], &known);
  if (!known) return Nonsense();
  return absl::Status(code, message);
}

absl::StatusOr<std::string> RedoxfsHelper::AskForPayload(absl::string_view request) {
  const absl::StatusOr<std::vector<uint64_t>> size = AskForNumbers(request, 1);
  if (!size.ok()) return size.status();
  if (size->front() > kMaxPayload) return Nonsense();
  while (buffer_.size() < size->front()) {
    if (absl::Status status = Receive(); !status.ok()) return status;
  }
  std::string payload = std::move(buffer_);
  buffer_ = payload.substr(size->front());
  payload.resize(size->front());
  return payload;
}

absl::StatusOr<std::vector<uint64_t>> RedoxfsHelper::AskForNumbers(absl::string_view request,
                                                                   size_t count) {
  const absl::StatusOr<std::vector<std::string>> words = Ask(request);
  if (!words.ok()) return words.status();
  if (words->size() != count) return Nonsense();
  std::vector<uint64_t> numbers;
  for (const std::string& word : *words) {
    uint64_t number = 0;
    if (!absl::SimpleAtoi(word, &number)) return Nonsense();
    numbers.push_back(number);
  }
  return numbers;
}

RedoxfsTree::RedoxfsTree(std::unique_ptr<RedoxfsHelper> helper) : helper_(std::move(helper)) {}

RedoxfsTree::~RedoxfsTree() = default;

int RedoxfsTree::helper_process() const { return helper_->process(); }

absl::StatusOr<std::unique_ptr<RedoxfsTree>> RedoxfsTree::Open(const std::string& helper,
                                                               const std::string& image,
                                                               const Options& options) {
  absl::StatusOr<std::unique_ptr<RedoxfsHelper>> started =
      RedoxfsHelper::Start(helper, options.environment);
  if (!started.ok()) return started.status();
  const absl::StatusOr<std::vector<std::string>> opened = (*started)->Ask(
      absl::StrCat("open ", options.read_only ? "read" : "write", " ", Encode(image), "\n"));
  if (!opened.ok()) return opened.status();
  return std::unique_ptr<RedoxfsTree>(new RedoxfsTree(*std::move(started)));
}

absl::Status RedoxfsTree::Make(const std::string& helper, const std::string& image,
                               uint64_t size_bytes, Layout layout) {
  const absl::StatusOr<std::unique_ptr<RedoxfsHelper>> started = RedoxfsHelper::Start(helper, {});
  if (!started.ok()) return started.status();
  return (*started)
      ->Ask(absl::StrCat("make ", Encode(image), " ", size_bytes, " ",
                         layout == Layout::kGpt ? "gpt" : "bare", "\n"))
      .status();
}

absl::StatusOr<Entry> RedoxfsTree::Look(const std::string& path) {
  if (absl::Status status = CheckPath(path); !status.ok()) return status;
  const absl::StatusOr<std::vector<std::string>> words =
      helper_->Ask(absl::StrCat("look ", Encode(path), "\n"));
  if (!words.ok()) return words.status();
  Entry entry;
  Attributes& attributes = entry.attributes;
  if (words->size() != 8 || !absl::SimpleAtoi((*words)[1], &attributes.mode) ||
      !absl::SimpleAtoi((*words)[2], &attributes.uid) ||
      !absl::SimpleAtoi((*words)[3], &attributes.gid) ||
      !absl::SimpleAtoi((*words)[4], &attributes.mtime) ||
      !absl::SimpleAtoi((*words)[5], &attributes.mtime_nanoseconds) ||
      !absl::SimpleAtoi((*words)[6], &entry.size) || !Decode((*words)[7], &entry.target)) {
    return helper_->Nonsense();
  }
  const std::string& kind = words->front();
  if (kind == "file") {
    entry.kind = Kind::kFile;
  } else if (kind == "directory") {
    entry.kind = Kind::kDirectory;
  } else if (kind == "link") {
    entry.kind = Kind::kLink;
  } else if (kind != "other") {
    return helper_->Nonsense();
  }
  return entry;
}

absl::StatusOr<std::string> RedoxfsTree::Read(const std::string& path) {
  if (absl::Status status = CheckPath(path); !status.ok()) return status;
  return helper_->AskForPayload(absl::StrCat("read ", Encode(path), "\n"));
}

absl::StatusOr<std::vector<std::string>> RedoxfsTree::List(const std::string& path) {
  if (absl::Status status = CheckPath(path); !status.ok()) return status;
  const absl::StatusOr<std::string> names =
      helper_->AskForPayload(absl::StrCat("list ", Encode(path), "\n"));
  if (!names.ok()) return names.status();
  if (names->empty()) return std::vector<std::string>();
  if (names->back() != '\0') return helper_->Nonsense();
  return std::vector<std::string>(
      absl::StrSplit(absl::string_view(*names).substr(0, names->size() - 1), '\0'));
}

absl::StatusOr<Space> RedoxfsTree::GetSpace() {
  const absl::StatusOr<std::vector<uint64_t>> numbers = helper_->AskForNumbers("space\n", 2);
  if (!numbers.ok()) return numbers.status();
  return Space{(*numbers)[0], (*numbers)[1]};
}

absl::StatusOr<uint64_t> RedoxfsTree::SpaceFor(const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    if (absl::Status status = CheckPath(change.path); !status.ok()) return status;
  }
  std::string request;
  for (const Change& change : changes) {
    absl::StrAppend(&request, "plan ", Encode(change.path), " ", VerbOf(change.action), " ",
                    change.content.size() + change.target.size(), "\n");
  }
  const absl::StatusOr<std::vector<uint64_t>> numbers =
      helper_->AskForNumbers(absl::StrCat(request, "need\n"), 1);
  if (!numbers.ok()) return numbers.status();
  return numbers->front();
}

absl::Status RedoxfsTree::Apply(const std::vector<Change>& changes) {
  // Before anything is sent: what is sent comes to be at the commit only, or not at all.
  for (const Change& change : changes) {
    if (absl::Status status = CheckPath(change.path); !status.ok()) return status;
    if (change.content.size() > kMaxPayload) {
      return absl::UnimplementedError(
          absl::StrCat(change.path, ": files above 1 GiB are not written"));
    }
    if (3 * (change.path.size() + change.target.size()) + 200 > kMaxLine) {
      return absl::InvalidArgumentError(absl::StrCat(change.path, ": too long"));
    }
  }
  for (const Change& change : changes) {
    std::string line = absl::StrCat(VerbOf(change.action), " ", Encode(change.path));
    if (change.action != Change::Action::kRemove) {
      absl::StrAppend(&line, " ", Words(change.attributes));
    }
    if (change.action == Change::Action::kMakeLink) {
      absl::StrAppend(&line, " ", Encode(change.target));
    }
    const bool file = change.action == Change::Action::kWriteFile;
    if (file) absl::StrAppend(&line, " ", change.content.size());
    line += '\n';
    if (absl::Status status = helper_->Send(line); !status.ok()) return status;
    if (!file) continue;
    if (absl::Status status = helper_->Send(change.content); !status.ok()) return status;
  }
  const absl::StatusOr<std::vector<uint64_t>> numbers = helper_->AskForNumbers("commit\n", 3);
  if (!numbers.ok()) return numbers.status();
  last_commit_ = {(*numbers)[0], (*numbers)[1], (*numbers)[2]};
  return absl::OkStatus();
}

absl::StatusOr<RedoxfsTree::CheckReport> RedoxfsTree::Check() {
  const absl::StatusOr<std::vector<uint64_t>> numbers = helper_->AskForNumbers("check\n", 8);
  if (!numbers.ok()) return numbers.status();
  const std::vector<uint64_t>& n = *numbers;
  return CheckReport{n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]};
}

absl::Status RedoxfsTree::Grow(uint64_t size_bytes) {
  return helper_->Ask(absl::StrCat("grow ", size_bytes, "\n")).status();
}

}  // namespace cation::image
