// SPDX-License-Identifier: MIT
#include "coreutils/support/pager/regex.h"

#include "coreutils/support/pager/pager.h"

namespace cation::pager {
namespace {

constexpr size_t kMostNodes = 6000;
constexpr unsigned kDeepest = 50;
constexpr unsigned kMostRepeats = 255;
constexpr unsigned kEndless = kMostRepeats + 1;

constexpr bool IsDigit(uint8_t byte) { return byte >= '0' && byte <= '9'; }
constexpr uint8_t Lower(uint8_t byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<uint8_t>(byte | 0x20) : byte;
}
constexpr bool IsContinuation(uint8_t byte) { return (byte & 0xc0) == 0x80; }

// What is in the classes: from, to, from, to...
struct Class {
  char name[7];
  char ranges[10];
};
constexpr Class kClasses[] = {
    {"alpha", "AZaz"}, {"digit", "09"},     {"alnum", "09AZaz"},   {"upper", "AZ"},
    {"lower", "az"},   {"space", "\t\r  "}, {"blank", "\t\t  "},   {"cntrl", "\1\x1f\x7f\x7f"},
    {"print", " ~"},   {"graph", "!~"},     {"punct", "!/:@[`{~"}, {"xdigit", "09AFaf"},
};

}  // namespace

// Builds nodes as it reads the pattern: each part is put behind a node that has no next one yet,
// and gives the one that has none then. After an error what it makes is of no use, and no more is
// made.
class Compiler {
 public:
  Compiler(Regex& regex, StringView text, Regex::Syntax syntax)
      : regex_(regex), text_(text), syntax_(syntax) {}

  int Compile() {
    // The first node is where it begins.
    const unsigned start = New(Regex::Kind::kSplit);
    if (error_ != 0) return error_;
    (void)Append(Alternatives(start), Regex::Kind::kMatch);
    if (at_ != text_.size()) Fail();
    return error_;
  }

 private:
  void Fail() {
    if (error_ == 0) error_ = abi::kEINVAL;
  }
  [[gnu::noinline]] unsigned New(Regex::Kind kind, unsigned next = Regex::kNone,
                                 unsigned other = Regex::kNone) {
    const Regex::Node node = {kind, 0, static_cast<uint16_t>(next), static_cast<uint16_t>(other),
                              0};
    const size_t size = regex_.nodes_.size();
    if (size < kMostNodes && regex_.nodes_.PushBack(node).ok()) return static_cast<unsigned>(size);
    error_ = abi::kENOMEM;
    return 0;
  }
  [[gnu::noinline]] void Link(unsigned node, unsigned next) {
    regex_.nodes_[node].next = static_cast<uint16_t>(next);
  }
  unsigned Append(unsigned from, Regex::Kind kind) {
    const unsigned made = New(kind);
    Link(from, made);
    return made;
  }
  [[nodiscard]] bool IsAt(size_t at, char byte) const {
    return at < text_.size() && text_[at] == byte;
  }

  // Which operator is at at_, as extended regular expressions have it, or '\0'; *width: its bytes.
  [[gnu::noinline]] char Operator(size_t* width) const {
    *width = 1;
    if (at_ >= text_.size() || (HasLess() && syntax_ == Regex::Syntax::kLiteral)) return '\0';
    char byte = text_[at_];
    if (StringView(".[*^$").Find(byte) != StringView::kNotFound) return byte;
    if (IsBasic()) {
      if (byte != '\\' || at_ + 1 == text_.size()) return '\0';
      byte = text_[at_ + 1];
      *width = 2;
    }
    return StringView("(){+?|").Find(byte) != StringView::kNotFound ? byte : '\0';
  }
  [[nodiscard]] bool IsBasic() const { return !HasLess() || syntax_ == Regex::Syntax::kBasic; }
  // Takes the operator, if it is there.
  bool Take(char wanted) {
    size_t width = 0;
    if (Operator(&width) != wanted) return false;
    at_ += width;
    return true;
  }
  [[nodiscard]] bool Ends() const {
    size_t width = 0;
    const char what = Operator(&width);
    return at_ >= text_.size() || what == '|' || what == ')';
  }

  unsigned Alternatives(unsigned from) {
    if (++depth_ > kDeepest) Fail();
    const unsigned end = New(Regex::Kind::kSplit);
    for (unsigned split = Append(from, Regex::Kind::kSplit);;) {
      unsigned last = split;
      for (bool first = true; error_ == 0 && !Ends(); first = false) last = Repeated(last, first);
      Link(last, end);
      if (error_ != 0 || !Take('|')) break;
      const unsigned other = New(Regex::Kind::kSplit);
      regex_.nodes_[split].other = static_cast<uint16_t>(other);
      split = other;
    }
    --depth_;
    return end;
  }

  [[gnu::noinline]] unsigned Repeated(unsigned from, bool first) {
    const size_t begin = at_;
    unsigned end = Atom(from, first);
    unsigned least = 0;
    unsigned most = 0;
    // In a basic one, "*" behind the "^" at the start is no operator.
    if ((IsBasic() && first && IsAt(begin, '^')) || !Repeat(&least, &most)) return end;
    // Of several repetitions only the first can count here; "a**" is "a*".
    for (unsigned other = 0; Repeat(&other, &other);) {
    }
    const size_t next = at_;
    const unsigned after = New(Regex::Kind::kSplit);
    const unsigned count = most == kEndless ? least : most;
    for (unsigned i = 1;; ++i) {
      const unsigned start = regex_.nodes_[from].next;
      if (i > least) Link(from, New(Regex::Kind::kSplit, most == 0 ? after : start, after));
      if (i >= count || error_ != 0) {
        Link(end, most == kEndless ? New(Regex::Kind::kSplit, start, after) : after);
        break;
      }
      from = end;
      at_ = begin;
      end = Atom(from, first);
    }
    at_ = next;
    return after;
  }

  // Takes what repeats at at_, if that is there.
  [[gnu::noinline]] bool Repeat(unsigned* least, unsigned* most) {
    size_t at = at_;
    *least = 0;
    *most = kEndless;
    if (Take('*')) return true;
    if (Take('+')) {
      *least = 1;
      return true;
    }
    if (Take('?')) {
      *most = 1;
      return true;
    }
    if (!Take('{')) return false;
    Swap(at, at_);
    if (!Number(&at, least)) return false;
    *most = *least;
    if (IsAt(at, ',')) {
      ++at;
      if (!Number(&at, most)) *most = kEndless;
    }
    if (IsBasic() && !IsAt(at++, '\\')) return false;
    if (!IsAt(at++, '}') || *most < *least) return false;
    at_ = at;
    return true;
  }
  [[gnu::noinline]] bool Number(size_t* at, unsigned* value) const {
    const size_t first = *at;
    *value = 0;
    for (; *at < text_.size() && IsDigit(static_cast<uint8_t>(text_[*at])); ++*at) {
      *value = *value * 10 + static_cast<unsigned>(text_[*at] - '0');
      if (*value > kMostRepeats) return false;
    }
    return *at != first;
  }

  unsigned Atom(unsigned from, bool first) {
    if (Take('(')) {
      const unsigned end = Alternatives(from);
      if (!Take(')')) Fail();
      return end;
    }
    if (Take('[')) return Bracket(from);
    if (Take('.')) return Character(Append(from, Regex::Kind::kLead));
    // In a basic one, anchors are such only where it makes sense.
    if ((!IsBasic() || first) && Take('^')) return Append(from, Regex::Kind::kStart);
    if (Take('$')) {
      if (!IsBasic() || Ends()) return Append(from, Regex::Kind::kEnd);
      --at_;
    }
    if ((!HasLess() || syntax_ != Regex::Syntax::kLiteral) && text_[at_] == '\\') {
      ++at_;
      // There are no back-references.
      if (at_ == text_.size() || IsDigit(static_cast<uint8_t>(text_[at_]))) {
        Fail();
        return from;
      }
    }
    do {
      from = Append(from, Regex::Kind::kByte);
      const auto byte = static_cast<uint8_t>(text_[at_++]);
      regex_.nodes_[from].byte = regex_.ignore_case_ ? Lower(byte) : byte;
    } while (at_ < text_.size() && IsContinuation(static_cast<uint8_t>(text_[at_])));
    return from;
  }
  // A character whose first byte `lead` takes.
  [[gnu::noinline]] unsigned Character(unsigned lead) {
    const unsigned end = New(Regex::Kind::kSplit);
    const unsigned more = New(Regex::Kind::kContinuation);
    const unsigned split = New(Regex::Kind::kSplit, more, end);
    Link(lead, split);
    Link(more, split);
    return end;
  }

  [[gnu::noinline]] void AddRange(Regex::Set& set, unsigned low, unsigned high) const {
    for (; low <= high; ++low) {
      set.Add(low);
      const unsigned lower = low | 0x20;
      if (regex_.ignore_case_ && lower >= 'a' && lower <= 'z') set.Add(low ^ 0x20);
    }
  }
  [[gnu::noinline]] unsigned Bracket(unsigned from) {
    Regex::Set set{};
    const bool negated = IsAt(at_, '^');
    if (negated) ++at_;
    for (const size_t first = at_; !IsAt(at_, ']') || at_ == first;) {
      if (at_ >= text_.size()) {
        Fail();
        return from;
      }
      const StringView rest = text_.From(at_);
      if (rest.StartsWith("[:")) {
        const size_t size = Min(rest.From(2).Find(':'), rest.size() - 2);
        const Class* known = kClasses;
        while (known != kClasses + sizeof(kClasses) / sizeof(Class) &&
               !(rest.From(2).First(size) == static_cast<const char*>(known->name)))
          ++known;
        if (known == kClasses + sizeof(kClasses) / sizeof(Class)) {
          Fail();
          return from;
        }
        for (const char* pair = known->ranges; *pair != '\0'; pair += 2)
          AddRange(set, static_cast<uint8_t>(pair[0]), static_cast<uint8_t>(pair[1]));
        if (known->ranges[0] == '\1') set.Add(0);
        at_ += size + 4;
        continue;
      }
      const size_t range = rest.size() > 2 && rest[1] == '-' && rest[2] != ']' ? 2 : 0;
      const auto low = static_cast<uint8_t>(rest[0]);
      const auto high = static_cast<uint8_t>(rest[range]);
      if (high < low) Fail();
      AddRange(set, low, high);
      at_ += range + 1;
    }
    ++at_;
    if (negated) {
      for (unsigned i = 0; i < sizeof(set.bits); ++i) {
        // What continues a character begins none: 0x80 to 0xbf.
        set.bits[i] = i / 8 == 2 ? 0 : static_cast<uint8_t>(~set.bits[i]);
      }
    }
    const unsigned one = New(Regex::Kind::kSet, Regex::kNone,
                             static_cast<unsigned>(regex_.sets_.size() / sizeof(set)));
    if (!regex_.sets_.Append({reinterpret_cast<const char*>(&set), sizeof(set)}).ok())
      error_ = abi::kENOMEM;
    Link(from, one);
    return negated ? Character(one) : one;
  }

  Regex& regex_;
  StringView text_;
  Regex::Syntax syntax_;
  size_t at_ = 0;
  unsigned depth_ = 0;
  int error_ = 0;
};

Regex::Regex() = default;
Regex::~Regex() = default;

Result<void> Regex::Compile(StringView pattern, bool ignore_case, Syntax syntax) {
  Regex made;
  made.ignore_case_ = ignore_case;
  if (const int error = Compiler(made, pattern, syntax).Compile(); error != 0) return Error{error};
  // In a list each node is once; two may wait for each that has been taken from there.
  const size_t count = made.nodes_.size();
  CATION_TRY(made.lists_.Reserve((4 * count + 2) * sizeof(uint16_t)));
  made.now_ = reinterpret_cast<uint16_t*>(made.lists_.data());
  made.next_ = made.now_ + count;
  made.pending_ = made.next_ + count;
  // What it can begin with, so that most places are passed over without a look.
  ++made.generation_;
  made.Add(0, 0, 0);
  made.any_first_ = made.matched_;
  for (size_t i = 0; i < made.count_; ++i) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      if (made.Takes(made.nodes_[made.next_[i]], static_cast<uint8_t>(byte))) made.first_.Add(byte);
    }
  }
  SwapBytes(*this, made);
  return {};
}

bool Regex::Takes(const Node& node, uint8_t byte) const {
  switch (node.kind) {
    case Kind::kByte:
      return node.byte == (ignore_case_ ? Lower(byte) : byte);
    case Kind::kSet:
      return reinterpret_cast<const Set*>(sets_.c_str())[node.other].Has(byte);
    case Kind::kLead:
      return !IsContinuation(byte);
    default:
      return IsContinuation(byte);
  }
}

// Adds what can be reached from `node` without taking a byte, to next_; `at` is the place in a text
// of `size` bytes. There is room: each node is added once.
[[gnu::noinline]] void Regex::Add(uint16_t node, size_t at, size_t size) {
  size_t waiting = 0;
  pending_[waiting++] = node;
  while (waiting != 0) {
    const uint16_t index = pending_[--waiting];
    if (index == kNone) continue;
    Node& one = nodes_[index];
    if (one.added == generation_) continue;
    one.added = generation_;
    switch (one.kind) {
      case Kind::kMatch:
        matched_ = true;
        break;
      case Kind::kSplit:
        pending_[waiting++] = one.other;
        pending_[waiting++] = one.next;
        break;
      case Kind::kStart:
        if (at == 0) pending_[waiting++] = one.next;
        break;
      case Kind::kEnd:
        if (at == size) pending_[waiting++] = one.next;
        break;
      default:
        next_[count_++] = index;
    }
  }
}

// From `from` on, or there only. With `end`, the longest; otherwise the first that comes.
bool Regex::Run(StringView text, size_t from, bool here_only, size_t* end) {
  bool found = false;
  count_ = 0;
  for (size_t at = from;; ++at) {
    const size_t count = Exchange(count_, size_t{0});
    Swap(now_, next_);
    matched_ = false;
    ++generation_;
    // What was taken was text[at - 1].
    for (size_t i = 0; i < count; ++i) {
      const Node& node = nodes_[now_[i]];
      if (Takes(node, static_cast<uint8_t>(text[at - 1]))) Add(node.next, at, text.size());
    }
    const bool begins = at == from || (!here_only && (at == text.size() || CanBegin(text[at])));
    if (begins) Add(0, at, text.size());
    if (matched_) {
      if (end == nullptr) return true;
      found = true;
      *end = at;
    }
    if (at == text.size()) return found;
    if (count_ != 0) continue;
    if (here_only) return found;
    // Nothing has begun: on to where something can.
    while (at + 1 < text.size() && !CanBegin(text[at + 1])) ++at;
  }
}

bool Regex::Find(StringView text, size_t from, Match* match) {
  if (empty()) return false;
  for (size_t at = from; at <= text.size(); ++at) {
    if (at < text.size() && !CanBegin(text[at])) continue;
    size_t end = 0;
    if (!Run(text, at, true, &end)) continue;
    *match = {at, end};
    return true;
  }
  return false;
}

}  // namespace cation::pager
