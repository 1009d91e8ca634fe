#include "engine/explorer/regex_strings.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace testgen::engine {
namespace {

constexpr std::size_t kMaxText = 200;
constexpr int kMaxDepth = 24;
constexpr int kMaxSteps = 4000;

using Letters = std::array<bool, 128>;

void add_range(Letters& letters, unsigned from, unsigned to) {
  for (unsigned c = from; c <= to && c < 128; ++c) letters[c] = true;
}

// Walks the pattern once and writes a text as it goes: at every choice it draws. A part that is
// not taken is walked all the same, with writing turned off.
class Writer {
 public:
  Writer(std::string_view pattern, const RegexSample& options, base::Random& random)
      : pattern_(pattern), verbose_(options.verbose), random_(random) {}

  std::optional<std::string> write() {
    alternatives(0);
    if (failed_ || at_ < pattern_.size()) return std::nullopt;
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool more() const { return at_ < pattern_.size() && !failed_; }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0';
  }
  bool take(std::string_view text) {
    if (pattern_.substr(at_, text.size()) != text) return false;
    at_ += text.size();
    return true;
  }

  void put(char c) {
    if (writing_ && out_.size() < kMaxText) out_ += c;
  }

  void skip_layout() {
    while (verbose_ && more()) {
      const char c = peek();
      if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
        ++at_;
      } else if (c == '#') {
        while (more() && peek() != '\n') ++at_;
      } else {
        break;
      }
    }
  }

  // Where the alternatives of this group begin; the last one ends at ')' or the end.
  std::size_t count_alternatives() const {
    std::size_t count = 1;
    int level = 0;
    for (std::size_t i = at_; i < pattern_.size(); ++i) {
      const char c = pattern_[i];
      if (c == '\\') {
        ++i;
      } else if (c == '[') {
        i = end_of_class(i);
      } else if (c == '(') {
        ++level;
      } else if (c == ')') {
        if (level-- == 0) break;
      } else if (c == '|' && level == 0) {
        ++count;
      }
    }
    return count;
  }

  std::size_t end_of_class(std::size_t i) const {
    ++i;
    if (i < pattern_.size() && pattern_[i] == '^') ++i;
    if (i < pattern_.size() && pattern_[i] == ']') ++i;
    while (i < pattern_.size() && pattern_[i] != ']') i += pattern_[i] == '\\' ? 2 : 1;
    return i;
  }

  void alternatives(int depth) {
    if (depth > kMaxDepth) failed_ = true;
    if (failed_) return;
    const std::size_t chosen = random_.below(count_alternatives());
    const bool writing = writing_;
    for (std::size_t i = 0;; ++i) {
      writing_ = writing && i == chosen;
      sequence(depth);
      if (!more() || !take("|")) break;
    }
    writing_ = writing;
  }

  void sequence(int depth) {
    while (true) {
      skip_layout();
      if (!more() || peek() == '|' || peek() == ')') return;
      if (++steps_ > kMaxSteps) failed_ = true;
      quantified(depth);
    }
  }

  // An item and how often it is wanted: the item's source is walked that many times.
  void quantified(int depth) {
    const std::size_t start = at_;
    const bool writing = writing_;
    writing_ = false;
    item(depth);
    writing_ = writing;
    if (failed_) return;
    const std::size_t item_end = at_;
    skip_layout();
    const std::size_t times = draw_times();
    const std::size_t end = at_;
    for (std::size_t i = 0; i < times && writing_ && !failed_; ++i) {
      at_ = start;
      item(depth);
      if (at_ != item_end) failed_ = true;
    }
    at_ = end;
  }

  std::size_t draw_times() {
    std::size_t low = 1;
    std::size_t high = 1;
    if (take("*")) {
      low = 0;
      high = 3;
    } else if (take("+")) {
      high = 3;
    } else if (take("?")) {
      low = 0;
    } else if (peek() == '{' && (is_digit(peek(1)) || peek(1) == ',')) {
      const std::size_t close = pattern_.find('}', at_);
      if (close == std::string_view::npos) return 1;
      const std::string_view bounds = pattern_.substr(at_ + 1, close - at_ - 1);
      const std::size_t comma = bounds.find(',');
      low = number(bounds.substr(0, comma));
      high = comma == std::string_view::npos ? low
             : comma + 1 == bounds.size()    ? low + 2
                                             : number(bounds.substr(comma + 1));
      if (low > 60) low = 60;
      if (high > low + 3) high = low + 3;
      at_ = close + 1;
    } else {
      return 1;
    }
    if (!take("?")) take("+");
    return low + (high > low ? random_.below(high - low + 1) : 0);
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  static std::size_t number(std::string_view digits) {
    std::size_t out = 0;
    for (const char c : digits.substr(0, 3)) {
      if (is_digit(c)) out = out * 10 + static_cast<std::size_t>(c - '0');
    }
    return out;
  }

  void item(int depth) {
    const char c = peek();
    switch (c) {
      case '(':
        group(depth);
        return;
      case '[':
        character_class();
        return;
      case '\\':
        escape();
        return;
      case '.':
        ++at_;
        put("ax1 -_"[random_.below(6)]);
        return;
      case '^':
      case '$':
        ++at_;
        return;
      default:
        ++at_;
        put(c);
    }
  }

  void group(int depth) {
    const std::size_t begin = out_.size();
    const bool writing = writing_;
    std::string name;
    ++at_;
    if (take("?")) {
      if (take("P<")) {
        const std::size_t close = pattern_.find('>', at_);
        if (close == std::string_view::npos) return fail();
        name = std::string(pattern_.substr(at_, close - at_));
        at_ = close + 1;
      } else if (take("P=")) {
        const std::size_t close = pattern_.find(')', at_);
        if (close == std::string_view::npos) return fail();
        const auto known = groups_.find(std::string(pattern_.substr(at_, close - at_)));
        if (known != groups_.end()) {
          for (const char c : known->second) put(c);
        }
        at_ = close + 1;
        return;
      } else if (take("#")) {
        const std::size_t close = pattern_.find(')', at_);
        if (close == std::string_view::npos) return fail();
        at_ = close + 1;
        return;
      } else if (take("!") || take("<!") || take("=") || take("<=")) {
        // What must not follow is left out; what must follow is written by what comes after.
        writing_ = false;
      } else if (take("(")) {
        return fail();  // conditional groups
      } else if (!take(":") && !take(">")) {
        flags();
        if (take(")")) return;
        if (!take(":")) return fail();
      }
    }
    alternatives(depth + 1);
    writing_ = writing;
    if (!take(")")) return fail();
    if (writing_) {
      const std::string text = out_.substr(std::min(begin, out_.size()));
      if (!name.empty()) groups_[name] = text;
      groups_[std::to_string(++numbered_)] = text;
    }
  }

  void flags() {
    bool on = true;
    while (more() && peek() != ')' && peek() != ':') {
      if (peek() == '-') on = false;
      if (peek() == 'x') verbose_ = on;
      ++at_;
    }
  }

  void fail() { failed_ = true; }

  void escape() {
    ++at_;
    if (!more()) return fail();
    const char c = pattern_[at_++];
    Letters letters{};
    if (add_named(c, letters)) return draw(letters);
    switch (c) {
      case 'n':
        return put('\n');
      case 't':
        return put('\t');
      case 'r':
        return put('\r');
      case 'b':
      case 'B':
      case 'A':
      case 'Z':
        return;
      case 'x':
        at_ = std::min(at_ + 2, pattern_.size());
        return put('x');
      default:
        break;
    }
    if (is_digit(c)) {
      const auto known = groups_.find(std::string(1, c));
      if (known == groups_.end()) return;
      for (const char letter : known->second) put(letter);
      return;
    }
    put(c);
  }

  // The letters of \d, \w, \s and their opposites.
  static bool add_named(char c, Letters& letters) {
    Letters some{};
    switch (c) {
      case 'd':
      case 'D':
        add_range(some, '0', '9');
        break;
      case 'w':
      case 'W':
        add_range(some, '0', '9');
        add_range(some, 'a', 'z');
        add_range(some, 'A', 'Z');
        some['_'] = true;
        break;
      case 's':
      case 'S':
        some[' '] = some['\t'] = some['\n'] = true;
        break;
      default:
        return false;
    }
    const bool opposite = c >= 'A' && c <= 'Z';
    for (unsigned i = 32; i < 127; ++i) {
      if (some[i] != opposite) letters[i] = true;
    }
    if (!opposite && c == 's') letters['\t'] = letters['\n'] = true;
    return true;
  }

  void character_class() {
    const std::size_t end = end_of_class(at_);
    if (end >= pattern_.size()) return fail();
    std::size_t i = at_ + 1;
    const bool opposite = pattern_[i] == '^';
    if (opposite) ++i;
    Letters letters{};
    while (i < end) {
      char low = pattern_[i++];
      if (low == '\\' && i < end) {
        const char c = pattern_[i++];
        if (add_named(c, letters)) continue;
        low = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
      }
      char high = low;
      if (i + 1 < end && pattern_[i] == '-') {
        high = pattern_[i + 1];
        i += 2;
        if (high == '\\' && i < end) high = pattern_[i++];
      }
      const auto from = static_cast<unsigned char>(low);
      const auto to = static_cast<unsigned char>(high);
      if (from <= to) add_range(letters, from, to);
    }
    at_ = end + 1;
    if (opposite) {
      for (unsigned c = 32; c < 127; ++c) letters[c] = !letters[c];
      for (unsigned c = 0; c < 32; ++c) letters[c] = false;
      // Rather a letter than a sign.
      Letters plain{};
      bool any = false;
      for (unsigned c = 'a'; c <= 'z'; ++c) any |= plain[c] = letters[c];
      // Or one that often ends a token.
      Letters ends{};
      bool some = false;
      for (const char c : std::string_view(";:,.=/<>&\"' ")) {
        const auto sign = static_cast<unsigned char>(c);
        some |= ends[sign] = letters[sign];
      }
      if (some && random_.chance(0.2)) {
        letters = ends;
      } else if (any && random_.chance(0.7)) {
        letters = plain;
      }
    }
    draw(letters);
  }

  void draw(const Letters& letters) {
    std::vector<char> choices;
    for (unsigned c = 0; c < letters.size(); ++c) {
      if (letters[c]) choices.push_back(static_cast<char>(c));
    }
    if (choices.empty()) return;
    // The first few read best: 0 to 3, a to d.
    const std::size_t few = std::min<std::size_t>(choices.size(), 8);
    put(choices[random_.chance(0.6) ? random_.below(few) : random_.below(choices.size())]);
  }

  std::string_view pattern_;
  bool verbose_;
  base::Random& random_;
  std::size_t at_ = 0;
  std::string out_;
  std::map<std::string, std::string> groups_;
  int numbered_ = 0;
  int steps_ = 0;
  bool writing_ = true;
  bool failed_ = false;
};

}  // namespace

std::optional<std::string> matching_text(std::string_view pattern, const RegexSample& options,
                                         base::Random& random) {
  if (pattern.size() > 4000) return std::nullopt;
  auto text = Writer(pattern, options, random).write();
  if (text && options.ignore_case && random.chance(0.5)) {
    for (char& c : *text) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    }
  }
  return text;
}

}  // namespace testgen::engine
