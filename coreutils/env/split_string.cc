// SPDX-License-Identifier: MIT
#include "coreutils/env/split_string.h"

#include "coreutils/support/diagnostics.h"

namespace cation::env {
namespace {

constexpr bool IsSpace(char byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

constexpr bool MayBeginName(char byte) {
  return byte == '_' || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

constexpr bool MayBeInName(char byte) { return MayBeginName(byte) || (byte >= '0' && byte <= '9'); }

class Splitter {
 public:
  Splitter(const Context& context, const char* text, String& storage)
      : context_(context), rest_(text), storage_(storage) {}

  // Fills the storage with the words, each terminated. Returns false after a report.
  bool Split() {
    while (*rest_ != '\0') {
      const char byte = *rest_;
      if ((byte == '\'' && quote_ != '"') || (byte == '"' && quote_ != '\'')) {
        Quote(byte);
      } else if (quote_ == '\0' && IsSpace(byte)) {
        in_word_ = false;
        ++rest_;
      } else if (byte == '#' && !in_word_) {
        return EndWords();
      } else if (byte == '$' && quote_ != '\'') {
        if (!Expand()) return false;
      } else if (byte == '\\' && (quote_ != '\'' || rest_[1] == '\\' || rest_[1] == '\'')) {
        if (rest_[1] == 'c' && quote_ == '\0') return EndWords();
        if (!Escape()) return false;
      } else {
        Add(byte);
        ++rest_;
      }
    }
    if (quote_ != '\0') return Wrong("no terminating quote in -S string", nullptr);
    return EndWords();
  }
  [[nodiscard]] size_t count() const { return count_; }

 private:
  void Store(char byte) {
    const Result<void> stored = storage_.Append(byte);
    no_memory_ |= !stored.ok();
  }
  void BeginWord() {
    if (in_word_) return;
    if (count_ != 0) Store('\0');
    ++count_;
    in_word_ = true;
  }
  void Add(char byte) {
    BeginWord();
    Store(byte);
  }
  void Quote(char mark) {
    quote_ = quote_ == '\0' ? mark : '\0';
    BeginWord();
    ++rest_;
  }
  bool EndWords() {
    // There is a byte of the one that is empty, too.
    if (count_ != 0) Store('\0');
    if (!no_memory_) return true;
    Report(context_, "-S", Error{abi::kENOMEM});
    return false;
  }

  bool Wrong(StringView reason, const char* at) {
    if (at == nullptr) {
      Report(context_, reason);
    } else {
      Report(context_, at, reason);
    }
    return false;
  }

  // At "$".
  bool Expand() {
    const char* const name = rest_ + 2;
    const char* end = name;
    if (rest_[1] == '{' && MayBeginName(*name)) {
      while (MayBeInName(*end)) ++end;
    }
    if (end == name || *end != '}')
      return Wrong("only ${VARNAME} expansion is supported in -S", rest_);
    const char* value = Environment(context_, {name, static_cast<size_t>(end - name)});
    rest_ = end + 1;
    if (value == nullptr) return true;
    BeginWord();
    for (; *value != '\0'; ++value) Store(*value);
    return true;
  }

  // At "\".
  bool Escape() {
    const char byte = rest_[1];
    if (byte == '\0') return Wrong("invalid backslash at end of string in -S", nullptr);
    if (byte == 'c') return Wrong("'\\c' must not appear in double-quoted -S string", nullptr);
    const char* const escape = rest_;
    rest_ += 2;
    if (byte == '_' && quote_ == '\0') {
      in_word_ = false;
      return true;
    }
    constexpr StringView kNames = "\"#$'\\_fnrtv";
    constexpr StringView kBytes = "\"#$'\\ \f\n\r\t\v";
    static_assert(kNames.size() == kBytes.size());
    const size_t index = kNames.Find(byte);
    if (index == StringView::kNotFound) {
      Report(context_, StringView(escape, 2), "invalid sequence in -S");
      return false;
    }
    Add(kBytes[index]);
    return true;
  }

  const Context& context_;
  const char* rest_;
  String& storage_;
  char quote_ = '\0';  // the one that is open
  bool in_word_ = false;
  bool no_memory_ = false;
  size_t count_ = 0;
};

}  // namespace

bool SplitString(const Context& context, const char* text, String& storage, Vector<char*>& words) {
  Splitter splitter(context, text, storage);
  if (!splitter.Split()) return false;
  char* word = storage.data();
  for (size_t i = 0; i < splitter.count(); ++i) {
    const Result<void> added = words.PushBack(word);
    if (!added.ok()) {
      Report(context, "-S", added.error());
      return false;
    }
    word += __builtin_strlen(word) + 1;
  }
  return true;
}

}  // namespace cation::env
