#include "scan/match/pattern.h"

#include <limits>
#include <utility>

#include "base/check.h"

namespace testgen::scan {

using base::Error;
using base::ErrorCode;

namespace {

constexpr std::size_t kMaxStates = 4000;
constexpr int kMaxNesting = 50;

bool is_word(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool at_boundary(std::string_view text, std::size_t at) {
  const bool before = at > 0 && is_word(static_cast<unsigned char>(text[at - 1]));
  const bool after = at < text.size() && is_word(static_cast<unsigned char>(text[at]));
  return before != after;
}

// \d \w \s and their opposites; false when `c` is none of them.
bool named_class(char c, std::bitset<256>& out) {
  std::bitset<256> set;
  for (int i = 0; i < 256; ++i) {
    const auto byte = static_cast<unsigned char>(i);
    switch (c) {
      case 'd':
      case 'D':
        set[i] = byte >= '0' && byte <= '9';
        break;
      case 'w':
      case 'W':
        set[i] = is_word(byte);
        break;
      case 's':
      case 'S':
        set[i] = byte == ' ' || (byte >= '\t' && byte <= '\r');
        break;
      default:
        return false;
    }
  }
  if (c == 'D' || c == 'W' || c == 'S') set.flip();
  out |= set;
  return true;
}

char plain_escape(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    default:
      return c;
  }
}

}  // namespace

// Recursive descent over the pattern's text; makes the states back to front: each part is given
// the state that follows it.
class PatternCompiler {
 public:
  explicit PatternCompiler(std::string_view text) : text_(text) {}

  base::Result<Pattern::Machine> compile() {
    if (text_.starts_with("(?i)")) {
      fold_ = true;
      at_ = 4;
    }
    out_.anchored = at_ < text_.size() && text_[at_] == '^' && text_.find('|') == text_.npos;
    const Part all = alternatives(0);
    if (failure_.empty() && at_ != text_.size()) failure_ = "an unexpected \")\"";
    if (failure_.empty() && out_.states.size() > kMaxStates) failure_ = "too many states";
    if (!failure_.empty()) {
      return Error{ErrorCode::InvalidInput, "the pattern has " + failure_,
                   "it may hold literals, classes, groups, |, * + ? {m,n}, ^ and $"};
    }
    const std::uint32_t accept = state(Pattern::Kind::Accept);
    patch(all, accept);
    out_.start = all.start;
    out_.begins = out_.first_bytes();
    return std::move(out_);
  }

 private:
  // A piece of the machine with its loose ends: which `next` or `other` are still open.
  struct Part {
    std::uint32_t start = 0;
    std::vector<std::pair<std::uint32_t, bool>> ends;  // state, whether it is `other`
  };

  std::uint32_t state(Pattern::Kind kind, std::uint32_t next = 0, std::uint32_t other = 0) {
    if (out_.states.size() > kMaxStates) {
      failure_ = "too many states";
      return 0;
    }
    out_.states.push_back({kind, next, other, 0});
    return static_cast<std::uint32_t>(out_.states.size() - 1);
  }
  void patch(const Part& part, std::uint32_t to) {
    for (const auto& [index, other] : part.ends) {
      (other ? out_.states[index].other : out_.states[index].next) = to;
    }
  }
  Part single(Pattern::Kind kind) {
    const std::uint32_t made = state(kind);
    return {made, {{made, false}}};
  }
  Part set_part(std::bitset<256> set) {
    if (fold_) {
      for (int c = 'a'; c <= 'z'; ++c) {
        const bool either = set[c] || set[c - 32];
        set[c] = set[c - 32] = either;
      }
    }
    Part part = single(Pattern::Kind::Class);
    out_.states[part.start].set = static_cast<std::uint32_t>(out_.sets.size());
    out_.sets.push_back(set);
    return part;
  }

  Part alternatives(int nesting) {
    if (nesting > kMaxNesting) failure_ = "groups nested too deeply";
    Part left = sequence(nesting);
    while (failure_.empty() && at_ < text_.size() && text_[at_] == '|') {
      ++at_;
      Part right = sequence(nesting);
      const std::uint32_t split = state(Pattern::Kind::Split, left.start, right.start);
      left.start = split;
      left.ends.insert(left.ends.end(), right.ends.begin(), right.ends.end());
    }
    return left;
  }

  Part sequence(int nesting) {
    Part all = single(Pattern::Kind::Jump);
    while (failure_.empty() && at_ < text_.size() && text_[at_] != '|' && text_[at_] != ')') {
      const std::size_t begin = at_;
      Part part = repeated(nesting, begin);
      patch(all, part.start);
      all.ends = std::move(part.ends);
    }
    return all;
  }

  Part repeated(int nesting, std::size_t begin) {
    Part part = atom(nesting);
    while (failure_.empty() && at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '*' || c == '+' || c == '?') {
        ++at_;
        part = c == '?' ? optional(std::move(part)) : loop(std::move(part), c == '*');
      } else if (c == '{') {
        part = counted(std::move(part), nesting, begin);
      } else {
        break;
      }
      if (at_ < text_.size() && text_[at_] == '?') ++at_;  // lazy: the same matches
    }
    return part;
  }
  Part optional(Part part) {
    const std::uint32_t split = state(Pattern::Kind::Split, part.start);
    part.start = split;
    part.ends.emplace_back(split, true);
    return part;
  }
  Part loop(Part part, bool may_skip) {
    const std::uint32_t split = state(Pattern::Kind::Split, part.start);
    patch(part, split);
    return {may_skip ? split : part.start, {{split, true}}};
  }
  // x{m,n}: the atom is compiled again for each copy.
  Part counted(Part first, int nesting, std::size_t begin) {
    const std::size_t end_of_atom = at_;
    ++at_;
    std::size_t least = count();
    std::size_t most = least;
    bool open = false;
    if (at_ < text_.size() && text_[at_] == ',') {
      ++at_;
      open = at_ < text_.size() && text_[at_] == '}';
      if (!open) most = count();
    }
    if (at_ >= text_.size() || text_[at_] != '}' || most < least || most > 1000) {
      failure_ = "an odd count";
      return first;
    }
    const std::size_t after = at_ + 1;
    Part all = single(Pattern::Kind::Jump);
    const std::size_t copies = open ? least + 1 : most;
    for (std::size_t i = 0; i < copies && failure_.empty(); ++i) {
      at_ = begin;
      Part copy = atom(nesting);
      if (failure_.empty() && at_ != end_of_atom) failure_ = "a count of a count";
      if (open && i == least) {
        copy = loop(std::move(copy), true);
      } else if (i >= least) {
        copy = optional(std::move(copy));
      }
      patch(all, copy.start);
      all.ends = std::move(copy.ends);
    }
    at_ = after;
    return all;
  }
  std::size_t count() {
    std::size_t value = 0;
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && value < 10'000) {
      value = value * 10 + static_cast<std::size_t>(text_[at_++] - '0');
    }
    if (at_ == begin) failure_ = "an odd count";
    return value;
  }

  Part atom(int nesting) {
    const char c = text_[at_++];
    std::bitset<256> set;
    switch (c) {
      case '(': {
        if (text_.substr(at_).starts_with("?:")) at_ += 2;
        if (at_ < text_.size() && text_[at_] == '?') {
          failure_ = "a group of an unknown kind";
          return {};
        }
        Part group = alternatives(nesting + 1);
        if (at_ >= text_.size() || text_[at_] != ')') {
          failure_ = "a group that is not closed";
        } else {
          ++at_;
        }
        return group;
      }
      case '[':
        return set_part(bracket());
      case '.':
        set.set();
        set['\n'] = false;
        return set_part(set);
      case '^':
        return single(Pattern::Kind::Begin);
      case '$':
        return single(Pattern::Kind::End);
      case '*':
      case '+':
      case '?':
      case '{':
        failure_ = "a repetition of nothing";
        return {};
      case '\\':
        if (at_ == text_.size()) {
          failure_ = "a backslash at its end";
          return {};
        }
        if (text_[at_] == 'b' || text_[at_] == 'B') {
          return single(text_[at_++] == 'b' ? Pattern::Kind::Boundary : Pattern::Kind::NotBoundary);
        }
        if (!named_class(text_[at_], set)) {
          set[static_cast<unsigned char>(plain_escape(text_[at_]))] = true;
        }
        ++at_;
        return set_part(set);
      default:
        set[static_cast<unsigned char>(c)] = true;
        return set_part(set);
    }
  }

  std::bitset<256> bracket() {
    std::bitset<256> set;
    const bool negated = at_ < text_.size() && text_[at_] == '^';
    if (negated) ++at_;
    bool first = true;
    int last = -1;
    while (at_ < text_.size() && (text_[at_] != ']' || first)) {
      first = false;
      char c = text_[at_++];
      if (c == '\\' && at_ < text_.size()) {
        if (named_class(text_[at_], set)) {
          ++at_;
          last = -1;
          continue;
        }
        c = plain_escape(text_[at_++]);
      } else if (c == '-' && last >= 0 && at_ < text_.size() && text_[at_] != ']') {
        char to = text_[at_++];
        if (to == '\\' && at_ < text_.size()) to = plain_escape(text_[at_++]);
        for (int i = last; i <= static_cast<unsigned char>(to); ++i) set[i] = true;
        last = -1;
        continue;
      }
      last = static_cast<unsigned char>(c);
      set[last] = true;
    }
    if (at_ >= text_.size()) {
      failure_ = "a class that is not closed";
      return set;
    }
    ++at_;
    if (negated) set.flip();
    return set;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool fold_ = false;
  std::string failure_;
  Pattern::Machine out_;
};

Pattern::Pattern(std::string text) : shared_(std::make_shared<Shared>()) {
  shared_->text = std::move(text);
}

base::Result<Pattern> Pattern::compile(std::string_view text) {
  TG_ASSIGN(Machine machine, PatternCompiler(text).compile());
  Pattern out{std::string(text)};
  std::call_once(out.shared_->compiled, [&] { out.shared_->machine = std::move(machine); });
  return out;
}

Pattern Pattern::checked(std::string text) {
  return Pattern(std::move(text));
}

const Pattern::Machine& Pattern::machine() const {
  std::call_once(shared_->compiled, [&] {
    auto made = PatternCompiler(shared_->text).compile();
    TG_CHECK(made.has_value());
    shared_->machine = *std::move(made);
  });
  return shared_->machine;
}

// What a match works with. One a thread: names are matched by the million, and making these anew
// would cost more than that.
struct Pattern::Scratch {
  States now;
  States next;
  States todo;
  States seen;  // by state: where it was last followed

  static Scratch& for_states(std::size_t count) {
    thread_local Scratch scratch;
    scratch.now.clear();
    scratch.next.clear();
    scratch.seen.assign(count, std::numeric_limits<std::uint32_t>::max());
    return scratch;
  }
};

void Pattern::Machine::follow(std::uint32_t state, std::string_view text, std::size_t at,
                              States& out, Scratch& scratch, std::uint32_t mark) const {
  States& todo = scratch.todo;
  todo.assign(1, state);
  while (!todo.empty()) {
    const std::uint32_t now = todo.back();
    todo.pop_back();
    if (scratch.seen[now] == mark) continue;
    scratch.seen[now] = mark;
    const State& s = states[now];
    switch (s.kind) {
      case Kind::Class:
      case Kind::Accept:
        out.push_back(now);
        break;
      case Kind::Jump:
        todo.push_back(s.next);
        break;
      case Kind::Split:
        todo.push_back(s.other);
        todo.push_back(s.next);
        break;
      case Kind::Begin:
        if (at == 0) todo.push_back(s.next);
        break;
      case Kind::End:
        if (at == text.size()) todo.push_back(s.next);
        break;
      case Kind::Boundary:
        if (at_boundary(text, at)) todo.push_back(s.next);
        break;
      case Kind::NotBoundary:
        if (!at_boundary(text, at)) todo.push_back(s.next);
        break;
    }
  }
}

std::bitset<256> Pattern::Machine::first_bytes() const {
  std::bitset<256> out;
  States todo{start};
  std::vector<bool> reached(states.size(), false);
  while (!todo.empty()) {
    const std::uint32_t now = todo.back();
    todo.pop_back();
    if (reached[now]) continue;
    reached[now] = true;
    const State& s = states[now];
    if (s.kind == Kind::Class) {
      out |= sets[s.set];
    } else if (s.kind == Kind::Accept) {
      out.set();
    } else {
      todo.push_back(s.next);
      if (s.kind == Kind::Split) todo.push_back(s.other);
    }
  }
  return out;
}

bool Pattern::found_in(std::string_view text) const {
  const Machine& m = machine();
  Scratch& scratch = Scratch::for_states(m.states.size());
  States& now = scratch.now;
  States& next = scratch.next;
  const bool may_be_empty = m.begins.all();
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (now.empty() && !may_be_empty) {
      while (at < text.size() && !m.begins[static_cast<unsigned char>(text[at])]) ++at;
      if (at == text.size() || (m.anchored && at > 0)) return false;
    }
    const auto mark = static_cast<std::uint32_t>(at);
    for (const std::uint32_t s : now) scratch.seen[s] = mark;
    if (at == 0 || !m.anchored) m.follow(m.start, text, at, now, scratch, mark);
    next.clear();
    const auto next_mark = mark + 1;
    for (const std::uint32_t s : now) {
      if (m.states[s].kind == Kind::Accept) return true;
      if (at < text.size() && m.sets[m.states[s].set][static_cast<unsigned char>(text[at])]) {
        m.follow(m.states[s].next, text, at + 1, next, scratch, next_mark);
      }
    }
    now.swap(next);
    if (now.empty() && m.anchored) return false;
  }
  return false;
}

bool Pattern::match_at(std::string_view text, std::size_t start, Match& match) const {
  const Machine& m = machine();
  Scratch& scratch = Scratch::for_states(m.states.size());
  States& now = scratch.now;
  States& next = scratch.next;
  bool found = false;
  m.follow(m.start, text, start, now, scratch, static_cast<std::uint32_t>(start));
  for (std::size_t at = start; at <= text.size() && !now.empty(); ++at) {
    next.clear();
    for (const std::uint32_t s : now) {
      if (m.states[s].kind == Kind::Accept) {
        found = true;
        match = {start, at};
      } else if (at < text.size() &&
                 m.sets[m.states[s].set][static_cast<unsigned char>(text[at])]) {
        m.follow(m.states[s].next, text, at + 1, next, scratch, static_cast<std::uint32_t>(at + 1));
      }
    }
    now.swap(next);
  }
  return found;
}

}  // namespace testgen::scan
