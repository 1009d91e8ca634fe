// Regular expressions that cannot run away: matched by following all states at once, in time
// linear in the text, with a bounded number of states. Knows literals, ., classes, \d \w \s \b,
// groups, |, * + ? {m,n}, ^ $ and (?i) at the start. Immutable; thread-safe.
#pragma once

#include <bitset>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace testgen::scan {

class Pattern {
 public:
  // InvalidInput for what it does not know and for more than 4000 states.
  [[nodiscard]] static base::Result<Pattern> compile(std::string_view text);
  // Of a text that compile() is known to take: it is done when the pattern is first asked, which
  // most of those that come with the program never are.
  [[nodiscard]] static Pattern checked(std::string text);

  [[nodiscard]] const std::string& text() const { return shared_->text; }

  // Whether it matches anywhere in the text.
  [[nodiscard]] bool found_in(std::string_view text) const;

  // The bytes that a match can begin with; all of them when one can be empty.
  [[nodiscard]] std::bitset<256> first_bytes() const { return machine().begins; }

  struct Match {
    std::size_t start = 0;
    std::size_t end = 0;
  };
  // The longest match that begins at `start`, if any.
  [[nodiscard]] bool match_at(std::string_view text, std::size_t start, Match& match) const;

 private:
  friend class PatternCompiler;
  friend class NameSearchBuilder;
  enum class Kind : std::uint8_t { Class, Split, Jump, Begin, End, Boundary, NotBoundary, Accept };
  struct State {
    Kind kind = Kind::Accept;
    std::uint32_t next = 0;
    std::uint32_t other = 0;
    std::uint32_t set = 0;
  };
  using States = std::vector<std::uint32_t>;
  struct Scratch;
  struct Machine {
    std::vector<State> states;
    std::vector<std::bitset<256>> sets;
    std::uint32_t start = 0;
    bool anchored = false;
    std::bitset<256> begins;  // the bytes that a match can begin with
    void follow(std::uint32_t state, std::string_view text, std::size_t at, States& out,
                Scratch& scratch, std::uint32_t mark) const;
    [[nodiscard]] std::bitset<256> first_bytes() const;
  };
  struct Shared {
    std::string text;
    std::once_flag compiled;
    Machine machine;
  };
  explicit Pattern(std::string text);
  [[nodiscard]] const Machine& machine() const;

  // By the copies of a pattern, so that each is compiled once.
  std::shared_ptr<Shared> shared_;
};

}  // namespace testgen::scan
