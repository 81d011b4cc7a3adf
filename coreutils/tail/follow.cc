// SPDX-License-Identifier: MIT
//
// Messages are GNU's, to the letter: scripts look for them.
#include "coreutils/tail/follow.h"

#include "coreutils/support/diagnostics.h"
#include "coreutils/support/quote.h"

namespace cation::tail {
namespace {

class Follower {
 public:
  Follower(Context& context, const Options& options, Span<Input> inputs, Shower& shower)
      : context_(context), options_(options), inputs_(inputs), shower_(shower) {}

  int Run(bool output_is_pipe, int status) {
    status_ = status;
    // One that says nothing until it has something is waited for.
    waits_ = options_.processes.empty() && options_.by == By::kDescriptor && inputs_.size() == 1 &&
             inputs_[0].is_open() && !inputs_[0].status.IsRegular();
    if (options_.debug) {
      Report(context_, waits_ ? "using blocking mode" : "using polling mode");
    }
    for (;;) {
      // What was written before the end is shown.
      const bool is_end = !options_.processes.empty() && AllHaveEnded();
      bool any = false;
      for (Input& input : inputs_) {
        if (!input.gave_up) any |= Look(input);
      }
      shower_.out().Flush();
      if (!shower_.out().ok()) return status_;
      if (output_is_pipe && !sys::HasReader(context_.output)) return 1;
      if (!AnyIsLeft()) {
        Report(context_, "no files remaining");
        return 1;
      }
      if (is_end && !any) return status_;
      if (!is_end && !(waits_ && any)) sys::Pause(options_.interval);
    }
  }

 private:
  [[nodiscard]] bool ReopensByName() const { return options_.retry && options_.by == By::kName; }

  [[nodiscard]] bool AllHaveEnded() const {
    for (const sys::Process process : options_.processes) {
      const Result<void> sent = sys::SendSignal(process, 0);
      if (sent.ok() || !(sent.error() == abi::kESRCH)) return false;
    }
    return true;
  }

  [[nodiscard]] bool AnyIsLeft() const {
    if (ReopensByName()) return true;
    for (const Input& input : inputs_) {
      if (input.is_open() || (!input.gave_up && options_.retry)) return true;
    }
    return false;
  }

  // Returns whether anything was shown.
  bool Look(Input& input) {
    if (!input.is_open()) {
      Find(input);
      if (!input.is_open()) return false;
      return ShowMore(input);
    }
    if (waits_) return ShowMore(input);
    bool any = false;
    const bool by_name = options_.by == By::kName && !input.is_shared();
    const Result<sys::FileStatus> status =
        by_name ? sys::StatusAt(sys::At(input.operand), sys::Follow::kYes)
                : sys::Status(input.descriptor);
    if (by_name && !(status.ok() && status.value().identity() == input.status.identity())) {
      // The old one to its end first.
      any = ShowMore(input);
      if (status.ok()) {
        Find(input);
      } else {
        IsGone(input, status.error());
      }
      return input.is_open() ? ShowMore(input) || any : any;
    }
    if (!status.ok()) {
      Report(context_, NameOfInput(input.operand), status.error());
      input.error = status.error().number;
      input.Close();
      return false;
    }
    input.status = status.value();
    const bool is_sized = input.status.IsRegular() && !input.has_no_size;
    if (is_sized && input.status.size == input.position) return false;
    if (is_sized && input.status.size < input.position) {
      Report(context_, NameOfInput(input.operand), "file truncated");
      const Result<uint64_t> moved = sys::SeekTo(input.descriptor, 0);
      input.position = 0;
      if (!moved.ok()) return Lose(input, moved.error());
    }
    return ShowMore(input);
  }

  bool ShowMore(Input& input) {
    const Result<bool> shown = shower_.ShowMore(input);
    return shown.ok() ? shown.value() : Lose(input, shown.error());
  }

  // It cannot be read.
  bool Lose(Input& input, Error error) {
    shower_.out().Flush();
    Report(context_, NameOfInput(input.operand), error);
    status_ = 1;
    input.error = error.number;
    input.gave_up = !ReopensByName();
    input.Close();
    return false;
  }

  void Say(const Input& input, StringView what, Error error = {0}) {
    shower_.out().Flush();  // the message belongs behind what was read before
    String line;
    (void)AppendInQuotes(line, NameOfInput(input.operand));
    AddText(line, what);
    if (error.number != 0) {
      AddText(line, ": ");
      (void)AddErrorMessage(line, error);
    }
    Report(context_, line.view());
  }

  void IsGone(Input& input, Error error) {
    if (input.followable) Say(input, " has become inaccessible", error);
    input.error = error.number;
    input.followable = false;
    input.Close();
  }

  // Looks for a file of that name, in the place of none or of another.
  void Find(Input& input) {
    const Result<sys::Descriptor> opened =
        sys::Open(sys::At(input.operand), sys::kRead | sys::kNonBlocking);
    if (!opened.ok()) return IsGone(input, opened.error());
    sys::File file(opened.value());
    const Result<sys::FileStatus> status = sys::Status(file.get());
    if (!status.ok()) {
      if (input.error != status.error().number) Report(context_, input.operand, status.error());
      input.followable = false;
      input.error = status.error().number;
      return input.Close();
    }
    if (!MayBeFollowed(status.value())) {
      input.gave_up = !ReopensByName();
      if (input.followable || !(input.error == Input::kOther || input.error == abi::kEISDIR)) {
        Say(input, input.gave_up
                       ? " has been replaced with an untailable file; giving up on this name"
                       : " has been replaced with an untailable file");
      }
      input.followable = false;
      input.error = Input::kOther;
      return input.Close();
    }
    const bool was_there = input.is_open();
    if (was_there && status.value().identity() == input.status.identity()) return;
    if (input.error != 0 && input.error != abi::kENOENT) {
      Say(input, " has become accessible");
    } else {
      Say(input, was_there ? " has been replaced;  following new file"
                           : " has appeared;  following new file");
    }
    input.Close();
    input.descriptor = file.Release();
    input.status = status.value();
    input.position = 0;
    input.has_no_size = false;
    input.followable = true;
    input.error = 0;
  }

  Context& context_;
  const Options& options_;
  const Span<Input> inputs_;
  Shower& shower_;
  bool waits_ = false;
  int status_ = 0;
};

}  // namespace

bool MayBeFollowed(const sys::FileStatus& status) {
  const sys::Mode type = status.type();
  return status.IsRegular() || type == sys::kTypeFifo || type == sys::kTypeSocket ||
         type == sys::kTypeCharacterDevice;
}

int Follow(Context& context, const Options& options, Span<Input> inputs, Shower& shower,
           bool output_is_pipe, int status) {
  return Follower(context, options, inputs, shower).Run(output_is_pipe, status);
}

}  // namespace cation::tail
