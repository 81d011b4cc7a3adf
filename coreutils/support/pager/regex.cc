// SPDX-License-Identifier: MIT
#include "coreutils/support/pager/regex.h"

namespace cation::pager {
namespace {

constexpr size_t kMostNodes = 6000;
constexpr unsigned kDeepest = 50;
constexpr unsigned kMostRepeats = 255;
constexpr unsigned kEndless = kMostRepeats + 1;

constexpr bool IsAlpha(uint8_t byte) { return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'; }
constexpr bool IsDigit(uint8_t byte) { return byte >= '0' && byte <= '9'; }
constexpr uint8_t Lower(uint8_t byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<uint8_t>(byte | 0x20) : byte;
}
constexpr bool IsContinuation(uint8_t byte) { return (byte & 0xc0) == 0x80; }

constexpr StringView kClasses =
    "alpha digit alnum upper lower space blank cntrl print graph punct xdigit";
constexpr size_t kClassStep = 6;

// `at`: where its name is in kClasses.
bool InClass(size_t at, uint8_t byte) {
  const bool is_alnum = IsAlpha(byte) || IsDigit(byte);
  const bool is_graph = byte > ' ' && byte < 0x7f;
  switch (at / kClassStep) {
    case 0:
      return IsAlpha(byte);
    case 1:
      return IsDigit(byte);
    case 2:
      return is_alnum;
    case 3:
      return IsAlpha(byte) && (byte & 0x20) == 0;
    case 4:
      return IsAlpha(byte) && (byte & 0x20) != 0;
    case 5:
      return byte == ' ' || (byte >= '\t' && byte <= '\r');
    case 6:
      return byte == ' ' || byte == '\t';
    case 7:
      return byte < 0x20 || byte == 0x7f;
    case 8:
      return is_graph || byte == ' ';
    case 9:
      return is_graph;
    case 10:
      return is_graph && !is_alnum;
    default:
      return is_alnum && (byte | 0x20) <= 'f';
  }
}

}  // namespace

// Builds nodes as it reads the pattern. After an error what it makes is of no use, and no more is
// made.
class Compiler {
 public:
  Compiler(Regex& regex, StringView text, Regex::Syntax syntax)
      : regex_(regex), text_(text), syntax_(syntax) {}

  int Compile() {
    const uint16_t match = New(Regex::Kind::kMatch);
    if (error_ != 0) return error_;
    const Part all = Alternatives();
    Link(all.end, match);
    regex_.start_ = all.start;
    if (at_ != text_.size()) Fail();
    return error_;
  }

 private:
  // `end` is the node that has no next one yet.
  struct Part {
    uint16_t start = 0;
    uint16_t end = 0;
  };

  void Fail() {
    if (error_ == 0) error_ = abi::kEINVAL;
  }
  [[gnu::noinline]] uint16_t New(Regex::Kind kind, uint16_t next = Regex::kNone,
                                 uint16_t other = Regex::kNone, uint8_t byte = 0) {
    if (regex_.nodes_.size() >= kMostNodes ||
        !regex_.nodes_.PushBack({kind, byte, next, other, 0}).ok()) {
      error_ = abi::kENOMEM;
      return 0;
    }
    return static_cast<uint16_t>(regex_.nodes_.size() - 1);
  }
  [[gnu::noinline]] void Link(uint16_t node, uint16_t next) { regex_.nodes_[node].next = next; }
  static Part One(uint16_t node) { return {node, node}; }
  [[nodiscard]] bool IsAt(size_t at, char byte) const {
    return at < text_.size() && text_[at] == byte;
  }

  // Which operator is at at_, as extended regular expressions have it, or '\0'; *width: its bytes.
  [[gnu::noinline]] char Operator(size_t* width) const {
    *width = 1;
    if (at_ >= text_.size() || syntax_ == Regex::Syntax::kLiteral) return '\0';
    char byte = text_[at_];
    if (StringView(".[*^$").Find(byte) != StringView::kNotFound) return byte;
    if (syntax_ == Regex::Syntax::kBasic) {
      if (byte != '\\' || at_ + 1 == text_.size()) return '\0';
      byte = text_[at_ + 1];
      *width = 2;
    }
    return StringView("(){+?|").Find(byte) != StringView::kNotFound ? byte : '\0';
  }
  [[nodiscard]] bool Ends() const {
    size_t width = 0;
    const char what = Operator(&width);
    return at_ >= text_.size() || what == '|' || what == ')';
  }

  Part Alternatives() {
    if (++depth_ > kDeepest) Fail();
    Part all = Sequence();
    for (size_t width = 0; Operator(&width) == '|' && error_ == 0;) {
      at_ += width;
      const Part one = Sequence();
      all.start = New(Regex::Kind::kSplit, all.start, one.start);
      Link(all.end, one.end);
      all.end = one.end;
    }
    --depth_;
    return all;
  }

  // Without alternatives.
  Part Sequence() {
    Part all = One(New(Regex::Kind::kJump));
    for (bool first = true; error_ == 0 && !Ends(); first = false) {
      const Part one = Repeated(first);
      Link(all.end, one.start);
      all.end = one.end;
    }
    return all;
  }

  Part Repeated(bool first) {
    const size_t begin = at_;
    Part part = Atom(first);
    unsigned least = 0;
    unsigned most = 0;
    // In a basic one, "*" behind the "^" at the start is no operator.
    const bool is_start = syntax_ == Regex::Syntax::kBasic && first && IsAt(begin, '^');
    if (is_start || !Repeat(&least, &most)) return part;
    // Of several repetitions only the first can count here; "a**" is "a*".
    for (unsigned other = 0; Repeat(&other, &other);) {
    }
    const size_t after = at_;
    const uint16_t end = New(Regex::Kind::kJump);
    Part all = One(end);
    const unsigned count = most == kEndless ? Max(least, 1U) : most;
    for (unsigned i = 0; i < count && error_ == 0; ++i) {
      at_ = begin;
      if (i != 0) part = Atom(first);
      const uint16_t start = i < least ? part.start : New(Regex::Kind::kSplit, part.start, end);
      if (i == 0) {
        all.start = start;
      } else {
        Link(all.end, start);
      }
      all.end = part.end;
    }
    if (count != 0)
      Link(all.end, most == kEndless ? New(Regex::Kind::kSplit, part.start, end) : end);
    at_ = after;
    return {all.start, end};
  }

  // Takes what repeats at at_, if that is there.
  bool Repeat(unsigned* least, unsigned* most) {
    size_t width = 0;
    const char what = Operator(&width);
    *least = what == '+' ? 1 : 0;
    *most = what == '?' ? 1 : kEndless;
    size_t at = at_ + width;
    if (what == '{') {
      if (!Number(&at, least)) return false;
      *most = *least;
      if (IsAt(at, ',')) {
        ++at;
        if (!Number(&at, most)) *most = kEndless;
      }
      if (syntax_ == Regex::Syntax::kBasic && !IsAt(at++, '\\')) return false;
      if (!IsAt(at++, '}') || *most < *least) return false;
    } else if (what != '*' && what != '+' && what != '?') {
      return false;
    }
    at_ = at;
    return true;
  }
  bool Number(size_t* at, unsigned* value) const {
    const size_t first = *at;
    *value = 0;
    for (; *at < text_.size() && IsDigit(static_cast<uint8_t>(text_[*at])); ++*at) {
      *value = *value * 10 + static_cast<unsigned>(text_[*at] - '0');
      if (*value > kMostRepeats) return false;
    }
    return *at != first;
  }

  Part Atom(bool first) {
    size_t width = 0;
    const char what = Operator(&width);
    switch (what) {
      case '(': {
        at_ += width;
        const Part part = Alternatives();
        if (Operator(&width) != ')') Fail();
        at_ += width;
        return part;
      }
      case '[':
        return Bracket();
      case '.':
        ++at_;
        return Character(New(Regex::Kind::kLead));
      case '^':
      case '$': {
        // In a basic one only where it makes sense.
        const size_t at = at_++;
        if (syntax_ != Regex::Syntax::kBasic || (what == '^' ? first : Ends()))
          return One(New(what == '^' ? Regex::Kind::kStart : Regex::Kind::kEnd));
        at_ = at;
        break;
      }
      default:
        break;
    }
    if (syntax_ != Regex::Syntax::kLiteral && text_[at_] == '\\') {
      ++at_;
      // There are no back-references.
      if (at_ == text_.size() || IsDigit(static_cast<uint8_t>(text_[at_]))) {
        Fail();
        return {};
      }
    }
    Part all = One(Byte());
    while (at_ < text_.size() && IsContinuation(static_cast<uint8_t>(text_[at_]))) {
      const uint16_t one = Byte();
      Link(all.end, one);
      all.end = one;
    }
    return all;
  }
  uint16_t Byte() {
    const auto byte = static_cast<uint8_t>(text_[at_++]);
    return New(Regex::Kind::kByte, Regex::kNone, Regex::kNone,
               regex_.ignore_case_ ? Lower(byte) : byte);
  }
  // A character whose first byte `lead` takes.
  Part Character(uint16_t lead) {
    const uint16_t end = New(Regex::Kind::kJump);
    const uint16_t more = New(Regex::Kind::kContinuation);
    const uint16_t split = New(Regex::Kind::kSplit, more, end);
    Link(lead, split);
    Link(more, split);
    return {lead, end};
  }

  Part Bracket() {
    Regex::Set set{};
    const bool negated = IsAt(++at_, '^');
    if (negated) ++at_;
    for (size_t first = at_; !IsAt(at_, ']') || at_ == first;) {
      const StringView rest = text_.From(Min(at_, text_.size()));
      if (rest.empty()) break;
      if (rest.StartsWith("[:")) {
        size_t end = Min(rest.From(2).Find(':'), rest.size() - 2) + 2;
        const StringView name = rest.First(end).From(2);
        size_t known = 0;
        while (known < kClasses.size() &&
               (!kClasses.From(known).StartsWith(name) || name.size() < 5))
          known += kClassStep;
        for (unsigned byte = 0; byte < 256; ++byte) {
          if (known < kClasses.size() && InClass(known, static_cast<uint8_t>(byte))) set.Add(byte);
        }
        at_ += end + 2;
        continue;
      }
      const bool is_range = rest.size() > 2 && rest[1] == '-' && rest[2] != ']';
      const auto low = static_cast<uint8_t>(rest[0]);
      const auto high = static_cast<uint8_t>(rest[is_range ? 2 : 0]);
      if (high < low) Fail();
      for (unsigned byte = low; byte <= high; ++byte) set.Add(byte);
      at_ += is_range ? 3 : 1;
    }
    if (!IsAt(at_++, ']')) Fail();
    for (unsigned byte = 'a'; byte <= 'z' && regex_.ignore_case_; ++byte) {
      const unsigned upper = byte ^ 0x20;
      if (set.Has(byte) || set.Has(upper)) {
        set.Add(byte);
        set.Add(upper);
      }
    }
    if (negated) {
      for (uint32_t& bits : set.bits) bits = ~bits;
      // What continues a character begins none: 0x80 to 0xbf.
      set.bits[4] = set.bits[5] = 0;
    }
    if (!regex_.sets_.PushBack(set).ok()) error_ = abi::kENOMEM;
    const uint16_t one =
        New(Regex::Kind::kSet, Regex::kNone, static_cast<uint16_t>(regex_.sets_.size() - 1));
    return negated ? Character(one) : One(one);
  }

  Regex& regex_;
  StringView text_;
  Regex::Syntax syntax_;
  size_t at_ = 0;
  unsigned depth_ = 0;
  int error_ = 0;
};

Result<void> Regex::Compile(StringView pattern, bool ignore_case, Syntax syntax) {
  Regex made;
  made.ignore_case_ = ignore_case;
  if (const int error = Compiler(made, pattern, syntax).Compile(); error != 0) return Error{error};
  const size_t count = made.nodes_.size();
  Vector<uint16_t>* const lists[] = {&made.now_, &made.next_, &made.pending_};
  for (Vector<uint16_t>* const list : lists) CATION_TRY(list->Reserve(2 * count + 2));
  // What it can begin with, so that most places are passed over without a look.
  ++made.generation_;
  made.Add(made.start_, 0, 0);
  made.any_first_ = made.matched_;
  for (const uint16_t index : made.next_) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      if (made.Takes(made.nodes_[index], static_cast<uint8_t>(byte))) made.first_.Add(byte);
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
    Node& one = nodes_[index];
    if (one.added == generation_) continue;
    one.added = generation_;
    switch (one.kind) {
      case Kind::kMatch:
        matched_ = true;
        break;
      case Kind::kSplit:
        (void)pending_.PushBack(one.other);
        (void)pending_.PushBack(one.next);
        break;
      case Kind::kJump:
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
