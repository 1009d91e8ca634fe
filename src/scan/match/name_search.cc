#include "scan/match/name_search.h"

#include <algorithm>
#include <map>
#include <utility>

namespace testgen::scan {
namespace {

constexpr std::size_t kMaxStates = 4000;

bool is_word(int byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z') || byte == '_';
}

}  // namespace

// The expressions' states are numbered through. A state of the machine is the set of those that
// the text so far leads to, and whether its last byte was a word's. As a match may begin anywhere,
// the expressions' beginnings are in every set, and so not written into it.
class NameSearchBuilder {
 public:
  NameSearchBuilder(const std::vector<const Pattern*>& patterns, NameSearch& out) : out_(out) {
    for (const Pattern* const pattern : patterns) {
      const Pattern::Machine& machine = pattern->machine();
      first_.push_back(static_cast<std::uint32_t>(where_.size()));
      starts_.push_back(first_.back() + machine.start);
      for (std::size_t s = 0; s < machine.states.size(); ++s) {
        where_.emplace_back(machines_.size(), s);
      }
      machines_.push_back(&machine);
    }
    seen_.assign(where_.size(), 0);
    divide_bytes();
  }

  void build() {
    states_.emplace_back();  // stands for NameSearch::kFound
    out_.start_ = number_of({});
    prepare();
    for (std::size_t i = out_.start_; i < states_.size(); ++i) {
      if (states_.size() > kMaxStates) {
        out_.everything_ = true;
        return;
      }
      out_.next_.resize((i + 1) * out_.classes_, NameSearch::kFound);
      const State from = states_[i];
      const Set before_word = followed(from.at, from.in_word, true);
      const Set before_other = followed(from.at, from.in_word, false);
      const bool ends = accepts(before_other) || accepts_with_brackets(before_other);
      for (std::uint32_t c = 0; c < out_.classes_; ++c) {
        const bool word = is_word(sample_[c]);
        const Beginning& beginning = beginnings_[from.in_word ? 1 : 0][word ? 1 : 0];
        if (beginning.accepts || (word ? accepts(before_word) : ends)) continue;
        State to{stepped(word ? before_word : before_other, sample_[c]), word};
        const Set& begun = beginning.after[c];
        to.at.insert(to.at.end(), begun.begin(), begun.end());
        std::sort(to.at.begin(), to.at.end());
        to.at.erase(std::unique(to.at.begin(), to.at.end()), to.at.end());
        out_.next_[i * out_.classes_ + c] = number_of(std::move(to));
      }
    }
  }

 private:
  using Set = std::vector<std::uint32_t>;
  struct State {
    Set at;  // sorted; not yet followed through what takes no byte
    bool in_word = false;
    auto operator<=>(const State&) const = default;
  };
  // What the beginnings of all expressions lead to.
  struct Beginning {
    bool accepts = false;
    std::vector<Set> after;  // by class
  };

  [[nodiscard]] const Pattern::State& state(std::uint32_t number) const {
    const auto& [pattern, index] = where_[number];
    return machines_[pattern]->states[index];
  }
  [[nodiscard]] std::uint32_t sibling(std::uint32_t of, std::uint32_t index) const {
    return first_[where_[of].first] + index;
  }

  // Bytes are of one class when every expression's sets and the ends of words take them alike.
  void divide_bytes() {
    std::map<std::vector<bool>, std::uint8_t> known;
    for (int byte = 0; byte < 256; ++byte) {
      std::vector<bool> marks{is_word(byte), byte == '[', byte == ']', byte == '\n'};
      for (const Pattern::Machine* const machine : machines_) {
        for (const auto& set : machine->sets) marks.push_back(set[static_cast<std::size_t>(byte)]);
      }
      const auto [entry, added] =
          known.try_emplace(std::move(marks), static_cast<std::uint8_t>(known.size()));
      if (added) sample_.push_back(byte);
      out_.class_of_[static_cast<std::size_t>(byte)] = entry->second;
    }
    out_.classes_ = static_cast<std::uint32_t>(sample_.size());
  }

  void prepare() {
    for (const bool in_word : {false, true}) {
      for (const bool word : {false, true}) {
        Beginning& made = beginnings_[in_word ? 1 : 0][word ? 1 : 0];
        const Set begun = followed(starts_, in_word, word);
        made.accepts = accepts(begun) || (!word && accepts_with_brackets(begun));
        for (const int byte : sample_) {
          made.after.push_back(is_word(byte) == word ? stepped(begun, byte) : Set());
        }
      }
    }
  }

  std::uint16_t number_of(State state) {
    const auto [entry, added] =
        numbers_.try_emplace(std::move(state), static_cast<std::uint16_t>(states_.size()));
    if (added) states_.push_back(entry->first);
    return entry->second;
  }

  // What the set leads to without taking a byte, between a byte and the next.
  Set followed(const Set& from, bool in_word, bool word) {
    ++mark_;
    Set out;
    Set todo = from;
    while (!todo.empty()) {
      const std::uint32_t now = todo.back();
      todo.pop_back();
      if (seen_[now] == mark_) continue;
      seen_[now] = mark_;
      const Pattern::State& s = state(now);
      bool passes = true;
      switch (s.kind) {
        case Pattern::Kind::Class:
        case Pattern::Kind::Accept:
          out.push_back(now);
          passes = false;
          break;
        case Pattern::Kind::Split:
          todo.push_back(sibling(now, s.other));
          break;
        case Pattern::Kind::Jump:
          break;
        case Pattern::Kind::Begin:
          passes = !in_word;
          break;
        case Pattern::Kind::End:
          passes = !word;
          break;
        case Pattern::Kind::Boundary:
          passes = in_word != word;
          break;
        case Pattern::Kind::NotBoundary:
          passes = in_word == word;
          break;
      }
      if (passes) todo.push_back(sibling(now, s.next));
    }
    return out;
  }

  [[nodiscard]] bool accepts(const Set& followed) const {
    return std::any_of(followed.begin(), followed.end(),
                       [&](std::uint32_t one) { return state(one).kind == Pattern::Kind::Accept; });
  }

  [[nodiscard]] Set stepped(const Set& followed, int byte) const {
    Set out;
    for (const std::uint32_t one : followed) {
      const Pattern::State& s = state(one);
      const auto& sets = machines_[where_[one].first]->sets;
      if (s.kind == Pattern::Kind::Class && sets[s.set][static_cast<std::size_t>(byte)]) {
        out.push_back(sibling(one, s.next));
      }
    }
    return out;
  }

  // An item of x is called "x[]" whatever its key, and what f returns "f()".
  bool accepts_with_brackets(const Set& before) {
    for (const auto& [open, close] : {std::pair{'[', ']'}, std::pair{'(', ')'}}) {
      const Set opened = stepped(before, open);
      if (opened.empty()) continue;
      const Set closed = stepped(followed(opened, false, false), close);
      if (accepts(followed(closed, false, false))) return true;
    }
    return false;
  }

  NameSearch& out_;
  std::vector<const Pattern::Machine*> machines_;
  std::vector<std::pair<std::size_t, std::size_t>> where_;  // pattern and state by number
  Set first_;                                               // number of a pattern's first state
  Set starts_;
  std::vector<int> sample_;  // a byte of each class
  std::array<std::array<Beginning, 2>, 2> beginnings_;
  std::vector<std::uint32_t> seen_;
  std::uint32_t mark_ = 0;
  std::vector<State> states_;
  std::map<State, std::uint16_t> numbers_;
};

NameSearch::NameSearch(const std::vector<const Pattern*>& patterns) {
  if (!patterns.empty()) NameSearchBuilder(patterns, *this).build();
}

bool NameSearch::found_in(std::string_view text) const {
  if (everything_) return true;
  if (next_.empty()) return false;
  std::uint32_t now = start_;
  for (const char c : text) {
    now = next_[now * classes_ + class_of_[static_cast<unsigned char>(c)]];
    if (now == kFound) return true;
  }
  return next_[now * classes_ + class_of_['\n']] == kFound;
}

}  // namespace testgen::scan
