// SPDX-License-Identifier: MIT
#include "coreutils/support/pager/regex.h"

namespace cation::pager {
namespace {

constexpr size_t kMostNodes = 4000;
constexpr unsigned kDeepest = 50;
constexpr unsigned kMostRepeats = 255;

constexpr bool IsAlpha(uint8_t byte) { return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'; }
constexpr bool IsDigit(uint8_t byte) { return byte >= '0' && byte <= '9'; }
constexpr uint8_t Lower(uint8_t byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<uint8_t>(byte | 0x20) : byte;
}
constexpr bool IsContinuation(uint8_t byte) { return (byte & 0xc0) == 0x80; }

bool InClass(StringView name, uint8_t byte) {
  const bool is_blank = byte == ' ' || byte == '\t';
  const bool is_space = is_blank || (byte >= '\n' && byte <= '\r');
  const bool is_control = byte < 0x20 || byte == 0x7f;
  const bool is_alnum = IsAlpha(byte) || IsDigit(byte);
  if (name == "alpha") return IsAlpha(byte);
  if (name == "digit") return IsDigit(byte);
  if (name == "alnum") return is_alnum;
  if (name == "upper") return byte >= 'A' && byte <= 'Z';
  if (name == "lower") return byte >= 'a' && byte <= 'z';
  if (name == "space") return is_space;
  if (name == "blank") return is_blank;
  if (name == "cntrl") return is_control;
  if (name == "print") return byte < 0x80 && !is_control;
  if (name == "graph") return byte < 0x80 && !is_control && byte != ' ';
  if (name == "punct") return byte < 0x80 && !is_control && byte != ' ' && !is_alnum;
  if (name == "xdigit") return IsDigit(byte) || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
  return false;
}

}  // namespace

// Builds nodes from back to front: each part is told what comes after it.
class Compiler {
 public:
  Compiler(Regex& regex, StringView text) : regex_(regex), text_(text) {}

  Result<uint16_t> Literal() {
    CATION_TRY_ASSIGN(uint16_t next, New(Regex::Kind::kMatch, Regex::kNone));
    for (size_t i = text_.size(); i > 0; --i) {
      CATION_TRY_ASSIGN(next, Byte(static_cast<uint8_t>(text_[i - 1]), next));
    }
    return next;
  }

  Result<uint16_t> Whole() {
    CATION_TRY_ASSIGN(const uint16_t match, New(Regex::Kind::kMatch, Regex::kNone));
    CATION_TRY_ASSIGN(const size_t end, SkipAlternatives(0));
    if (end != text_.size()) return Error{abi::kEINVAL};
    return Alternatives(0, end, match);
  }

 private:
  Result<uint16_t> New(Regex::Kind kind, uint16_t next, uint8_t byte = 0,
                       uint16_t other = Regex::kNone) {
    if (regex_.nodes_.size() >= kMostNodes) return Error{abi::kENOMEM};
    CATION_TRY(regex_.nodes_.PushBack({kind, byte, next, other}));
    return static_cast<uint16_t>(regex_.nodes_.size() - 1);
  }
  Result<uint16_t> Byte(uint8_t byte, uint16_t next) {
    return New(Regex::Kind::kByte, next, regex_.ignore_case_ ? Lower(byte) : byte);
  }
  // The rest of a character whose first byte has been taken.
  Result<uint16_t> RestOfCharacter(uint16_t next) {
    CATION_TRY_ASSIGN(const uint16_t split, New(Regex::Kind::kSplit, Regex::kNone, 0, next));
    CATION_TRY_ASSIGN(const uint16_t more, New(Regex::Kind::kContinuation, split));
    regex_.nodes_[split].next = more;
    return split;
  }

  // -------------------------------------------------- where parts end, without building anything
  // Each returns the place behind the part that begins at `at`.
  Result<size_t> SkipAlternatives(size_t at) {
    if (++depth_ > kDeepest) return Error{abi::kEINVAL};
    while (at < text_.size() && text_[at] != ')') {
      if (text_[at] == '|') {
        ++at;
        continue;
      }
      CATION_TRY_ASSIGN(at, SkipAtom(at));
      at = SkipRepeats(at);
    }
    --depth_;
    return at;
  }
  Result<size_t> SkipAtom(size_t at) {
    switch (text_[at]) {
      case '\\':
        if (at + 1 == text_.size()) return Error{abi::kEINVAL};
        return at + 2;
      case '(': {
        CATION_TRY_ASSIGN(const size_t end, SkipAlternatives(at + 1));
        if (end == text_.size()) return Error{abi::kEINVAL};
        return end + 1;
      }
      case '[':
        return SkipBracket(at);
      default:
        break;
    }
    ++at;
    while (at < text_.size() && IsContinuation(static_cast<uint8_t>(text_[at]))) ++at;
    return at;
  }
  Result<size_t> SkipBracket(size_t at) {
    ++at;
    if (at < text_.size() && text_[at] == '^') ++at;
    for (const size_t first = at; at < text_.size(); ++at) {
      if (text_[at] == ']' && at != first) return at + 1;
      if (text_[at] == '[' && at + 1 < text_.size() && text_[at + 1] == ':') {
        while (at < text_.size() && !(text_[at] == ':' && text_.From(at).StartsWith(":]"))) ++at;
        ++at;
      }
    }
    return Error{abi::kEINVAL};
  }
  [[nodiscard]] size_t SkipRepeats(size_t at) const {
    unsigned least = 0;
    unsigned most = 0;
    for (size_t end = at; (end = Repeat(at, &least, &most)) != at;) at = end;
    return at;
  }
  // Where a repetition at `at` ends; `at` if there is none. `*most` 0: without end.
  size_t Repeat(size_t at, unsigned* least, unsigned* most) const {
    if (at == text_.size()) return at;
    *least = text_[at] == '+' ? 1 : 0;
    *most = text_[at] == '?' ? 1 : 0;
    if (text_[at] == '*' || text_[at] == '+' || text_[at] == '?') return at + 1;
    if (text_[at] != '{') return at;
    size_t end = at + 1;
    const auto number = [&](unsigned* value) {
      const size_t first = end;
      *value = 0;
      for (; end < text_.size() && IsDigit(static_cast<uint8_t>(text_[end])); ++end) {
        *value = *value * 10 + static_cast<unsigned>(text_[end] - '0');
        if (*value > kMostRepeats) return false;
      }
      return end != first;
    };
    if (!number(least)) return at;
    *most = *least;
    if (end < text_.size() && text_[end] == ',') {
      ++end;
      if (!number(most)) *most = 0;
    } else if (*most == 0) {
      return at;  // {0}: of no use, and `most` has no way to say it
    }
    const bool is_right =
        end < text_.size() && text_[end] == '}' && (*most == 0 || *most >= *least);
    return is_right ? end + 1 : at;
  }

  // ------------------------------------------------------------------------------------ building
  Result<uint16_t> Alternatives(size_t start, size_t end, uint16_t next) {
    size_t at = start;
    uint16_t all = Regex::kNone;
    for (size_t from = start;;) {
      if (at == end || text_[at] == '|') {
        CATION_TRY_ASSIGN(const uint16_t one, Sequence(from, at, next));
        if (all == Regex::kNone) {
          all = one;
        } else {
          CATION_TRY_ASSIGN(all, New(Regex::Kind::kSplit, all, 0, one));
        }
        if (at == end) return all;
        from = ++at;
        continue;
      }
      CATION_TRY_ASSIGN(at, SkipAtom(at));
    }
  }

  // Without alternatives. From back to front, so the parts are found first.
  Result<uint16_t> Sequence(size_t start, size_t end, uint16_t next) {
    Vector<size_t> parts;
    for (size_t at = start; at < end;) {
      CATION_TRY(parts.PushBack(at));
      CATION_TRY_ASSIGN(at, SkipAtom(at));
      at = SkipRepeats(at);
    }
    for (size_t i = parts.size(); i > 0; --i) {
      CATION_TRY_ASSIGN(next, Repeated(parts[i - 1], next));
    }
    return next;
  }

  Result<uint16_t> Repeated(size_t at, uint16_t next) {
    CATION_TRY_ASSIGN(const size_t end, SkipAtom(at));
    unsigned least = 1;
    unsigned most = 1;
    // Of several repetitions only the first can count here; "a**" is "a*".
    if (Repeat(end, &least, &most) == end) least = most = 1;
    if (most == 0) {
      // A loop; the last of those that have to be is its way in.
      CATION_TRY_ASSIGN(const uint16_t split, New(Regex::Kind::kSplit, Regex::kNone, 0, next));
      CATION_TRY_ASSIGN(const uint16_t atom, Atom(at, end, split));
      regex_.nodes_[split].next = atom;
      next = split;
    } else {
      const uint16_t after = next;
      for (unsigned i = least; i < most; ++i) {
        CATION_TRY_ASSIGN(const uint16_t atom, Atom(at, end, next));
        CATION_TRY_ASSIGN(next, New(Regex::Kind::kSplit, atom, 0, after));
      }
    }
    for (unsigned i = 0; i < least; ++i) {
      CATION_TRY_ASSIGN(next, Atom(at, end, next));
    }
    return next;
  }

  Result<uint16_t> Atom(size_t at, size_t end, uint16_t next) {
    switch (text_[at]) {
      case '(':
        return Alternatives(at + 1, end - 1, next);
      case '[':
        return Bracket(at + 1, end - 1, next);
      case '.': {
        CATION_TRY_ASSIGN(const uint16_t rest, RestOfCharacter(next));
        return New(Regex::Kind::kLead, rest);
      }
      case '^':
        return New(Regex::Kind::kStart, next);
      case '$':
        return New(Regex::Kind::kEnd, next);
      case '\\':
        return Byte(static_cast<uint8_t>(text_[at + 1]), next);
      default:
        break;
    }
    for (size_t i = end; i > at; --i) {
      CATION_TRY_ASSIGN(next, Byte(static_cast<uint8_t>(text_[i - 1]), next));
    }
    return next;
  }

  Result<uint16_t> Bracket(size_t at, size_t end, uint16_t next) {
    Regex::Set set{};
    const auto add = [&](unsigned byte) { set.bits[byte >> 5] |= uint32_t{1} << (byte & 31); };
    const bool negated = text_[at] == '^';
    if (negated) ++at;
    while (at < end) {
      const auto low = static_cast<uint8_t>(text_[at]);
      if (text_.From(at).StartsWith("[:")) {
        const size_t name = at + 2;
        for (at = name; text_[at] != ':'; ++at) {
        }
        const StringView known = text_.From(name).First(at - name);
        for (unsigned byte = 0; byte < 256; ++byte) {
          if (InClass(known, static_cast<uint8_t>(byte))) add(byte);
        }
        at += 2;
        continue;
      }
      const bool is_range = at + 2 < end && text_[at + 1] == '-';
      const auto high = is_range ? static_cast<uint8_t>(text_[at + 2]) : low;
      if (high < low) return Error{abi::kEINVAL};
      for (unsigned byte = low; byte <= high; ++byte) add(byte);
      at += is_range ? 3 : 1;
    }
    if (regex_.ignore_case_) {
      for (unsigned byte = 'a'; byte <= 'z'; ++byte) {
        const unsigned upper = byte ^ 0x20;
        if (set.Has(static_cast<uint8_t>(byte)) || set.Has(static_cast<uint8_t>(upper))) {
          add(byte);
          add(upper);
        }
      }
    }
    if (negated) {
      for (uint32_t& bits : set.bits) bits = ~bits;
      // What continues a character begins none: 0x80 to 0xbf.
      set.bits[4] = set.bits[5] = 0;
      CATION_TRY_ASSIGN(next, RestOfCharacter(next));
    }
    CATION_TRY(regex_.sets_.PushBack(set));
    return New(Regex::Kind::kSet, next, 0, static_cast<uint16_t>(regex_.sets_.size() - 1));
  }

  Regex& regex_;
  StringView text_;
  unsigned depth_ = 0;
};

Result<void> Regex::Compile(StringView pattern, bool ignore_case, bool literal) {
  Regex made;
  made.ignore_case_ = ignore_case;
  Compiler compiler(made, pattern);
  CATION_TRY_ASSIGN(made.start_, literal ? compiler.Literal() : compiler.Whole());
  const size_t count = made.nodes_.size();
  Vector<uint16_t>* const lists[] = {&made.now_, &made.next_};
  for (Vector<uint16_t>* const list : lists) CATION_TRY(list->Reserve(count));
  CATION_TRY(made.pending_.Reserve(2 * count + 2));
  CATION_TRY(made.added_.Reserve(count));
  for (size_t i = 0; i < count; ++i) CATION_TRY(made.added_.PushBack(0));
  // What it can begin with, so that most places are passed over without a look.
  ++made.generation_;
  made.Add(made.start_, 0, 0);
  made.any_first_ = made.matched_;
  for (const uint16_t index : made.next_) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      if (made.Takes(made.nodes_[index], static_cast<uint8_t>(byte)))
        made.first_.bits[byte >> 5] |= uint32_t{1} << (byte & 31);
    }
  }
  made.next_.Clear();
  SwapBytes(*this, made);
  return {};
}

bool Regex::Takes(const Node& node, uint8_t byte) const {
  switch (node.kind) {
    case Kind::kByte:
      return node.byte == (ignore_case_ ? Lower(byte) : byte);
    case Kind::kSet:
      return sets_[node.other].Has(byte);
    case Kind::kLead:
      return !IsContinuation(byte);
    default:
      return IsContinuation(byte);
  }
}

// Adds what can be reached from `node` without taking a byte, to next_; `at` is the place in a text
// of `size` bytes. There is room: each node is added once.
void Regex::Add(uint16_t node, size_t at, size_t size) {
  (void)pending_.PushBack(node);
  while (!pending_.empty()) {
    const uint16_t index = pending_.back();
    pending_.PopBack();
    if (added_[index] == generation_) continue;
    added_[index] = generation_;
    const Node& one = nodes_[index];
    switch (one.kind) {
      case Kind::kMatch:
        matched_ = true;
        break;
      case Kind::kSplit:
        (void)pending_.PushBack(one.other);
        (void)pending_.PushBack(one.next);
        break;
      case Kind::kStart:
        if (at == 0) (void)pending_.PushBack(one.next);
        break;
      case Kind::kEnd:
        if (at == size) (void)pending_.PushBack(one.next);
        break;
      default:
        (void)next_.PushBack(index);
    }
  }
}

// From `from` on, or there only. With `end`, the longest; otherwise the first that comes.
bool Regex::Run(StringView text, size_t from, bool here_only, size_t* end) {
  bool found = false;
  next_.Clear();
  for (size_t at = from;; ++at) {
    Swap(now_, next_);
    next_.Clear();
    matched_ = false;
    if (at != from) {
      // What was taken was text[at - 1].
      ++generation_;
      for (const uint16_t index : now_) {
        const Node& node = nodes_[index];
        if (Takes(node, static_cast<uint8_t>(text[at - 1]))) Add(node.next, at, text.size());
      }
    } else {
      ++generation_;
    }
    const bool begins = at == from || (!here_only && (any_first_ || at == text.size() ||
                                                      first_.Has(static_cast<uint8_t>(text[at]))));
    if (begins) Add(start_, at, text.size());
    if (matched_) {
      if (end == nullptr) return true;
      found = true;
      *end = at;
    }
    if (at == text.size()) return found;
    if (!next_.empty()) continue;
    if (here_only) return found;
    if (any_first_) continue;
    // Nothing has begun: on to where something can.
    while (at + 1 < text.size() && !first_.Has(static_cast<uint8_t>(text[at + 1]))) ++at;
  }
}

bool Regex::Find(StringView text, size_t from, Match* match) {
  if (empty()) return false;
  for (size_t at = from; at <= text.size(); ++at) {
    if (!any_first_ && at < text.size() && !first_.Has(static_cast<uint8_t>(text[at]))) continue;
    size_t end = 0;
    if (!Run(text, at, true, &end)) continue;
    *match = {at, end};
    return true;
  }
  return false;
}

}  // namespace cation::pager
