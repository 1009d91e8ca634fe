#include "engine/explorer/operand_match.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/strings.h"
#include "engine/explorer/changed_values.h"
#include "engine/explorer/regex_strings.h"
#include "engine/explorer/value_factory.h"
#include "engine/explorer/value_samples.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kSpelledOut = 60;  // larger texts and lists are written as products
constexpr std::size_t kShortText = 3;    // of which a text often holds several
constexpr std::size_t kOccurrences = 4;
constexpr std::int64_t kMaxSize = 5000;
constexpr std::size_t kShares = 4;  // of the limit, at most one for each capture
constexpr std::size_t kLeastShare = 6;

bool is_container(const Value& value) {
  return value.kind == ValueKind::List || value.kind == ValueKind::Tuple ||
         value.kind == ValueKind::Set || value.kind == ValueKind::FrozenSet;
}

// The programs that follow from making `from` look like `to` wherever it stands.
class Substitution {
 public:
  Substitution(const TestProgram& program, std::vector<TestProgram>& out, std::size_t limit)
      : program_(program), out_(out), limit_(limit) {}

  void replace(const Value& from, const Value& to) {
    if (from.kind == ValueKind::None || from == to) return;
    // The end of a text was compared with what might follow.
    const bool at_end = from.kind == to.kind && from.text.empty() && !to.text.empty() &&
                        (from.kind == ValueKind::String || from.kind == ValueKind::Bytes);
    if (at_end) append(to);
    for_each_leaf([&](const Value& leaf) -> std::optional<Value> {
      if (leaf == from) return to;
      const bool both_text = leaf.kind == from.kind && to.kind == from.kind &&
                             (leaf.kind == ValueKind::String || leaf.kind == ValueKind::Bytes);
      if (both_text && !from.text.empty()) return replaced(leaf, from.text, to.text, 0);
      // The code turned "7" into 7, or folded the case.
      if (leaf.kind == ValueKind::String && from.kind == ValueKind::Int &&
          to.kind == ValueKind::Int) {
        const std::string old_digits = render(from);
        const std::size_t at = leaf.text.find(old_digits);
        if (at != std::string::npos) {
          Value changed = leaf;
          changed.text.replace(at, old_digits.size(), render(to));
          return changed;
        }
      }
      // A length was compared.
      if (from.kind == ValueKind::Int && to.kind == ValueKind::Int && to.number >= 0 &&
          to.number <= kMaxSize) {
        return resized(leaf, from.number, static_cast<std::size_t>(to.number));
      }
      return std::nullopt;
    });
    if (from.kind != to.kind || from.text.empty() || from.text.size() > kShortText) return;
    // Which of the same signs in a text was looked at cannot be told.
    for (std::size_t number = 1; number < kOccurrences; ++number) {
      for_each_leaf([&](const Value& leaf) -> std::optional<Value> {
        const bool text = leaf.kind == from.kind && leaf.text.size() > from.text.size();
        return text ? replaced(leaf, from.text, to.text, number) : std::nullopt;
      });
    }
  }

  void append(const Value& text) {
    for_each_leaf([&](const Value& leaf) -> std::optional<Value> {
      if (leaf.kind != text.kind || leaf.text.size() + text.text.size() > 400) return std::nullopt;
      Value changed = leaf;
      changed.text += text.text;
      return changed;
    });
  }

  // Every text leaf that holds `receiver` gets `text` in front, behind, or inside.
  void splice(const Value& receiver, const Value& text) {
    if (receiver.kind != text.kind) return;
    for_each_leaf([&](const Value& leaf) -> std::optional<Value> {
      if (leaf.kind != text.kind || leaf.text.size() + text.text.size() > 400) return std::nullopt;
      if (!receiver.text.empty() && leaf.text.find(receiver.text) == std::string::npos) {
        return std::nullopt;
      }
      Value changed = leaf;
      switch (turn_++ % 3) {
        case 0:
          changed.text.insert(0, text.text);
          break;
        case 1:
          changed.text += text.text;
          break;
        default:
          changed.text.insert(changed.text.size() / 2, text.text);
      }
      if (base::find_invalid_utf8(changed.text) != std::string::npos) return std::nullopt;
      return changed;
    });
  }

 private:
  // The text with one of the places where `from` stands replaced, in whatever case.
  static std::optional<Value> replaced(const Value& leaf, const std::string& from,
                                       const std::string& to, std::size_t number) {
    if (leaf.text.size() + to.size() > 400) return std::nullopt;
    std::size_t at = nth(leaf.text, from, number);
    if (at == std::string::npos) at = nth(base::to_lower(leaf.text), base::to_lower(from), number);
    if (at == std::string::npos) return std::nullopt;
    Value changed = leaf;
    changed.text.replace(at, from.size(), to);
    return changed;
  }

  static std::size_t nth(const std::string& text, const std::string& part, std::size_t number) {
    std::size_t at = text.find(part);
    while (number-- > 0 && at != std::string::npos) at = text.find(part, at + part.size());
    return at;
  }

  static std::optional<Value> resized(const Value& leaf, std::int64_t old_size, std::size_t size) {
    Value changed = leaf;
    // Large ones are written as a product: "ab" * 100.
    if (size > kSpelledOut) {
      const bool fits = leaf.kind == ValueKind::String || leaf.kind == ValueKind::Bytes ||
                        leaf.kind == ValueKind::List || leaf.kind == ValueKind::Tuple;
      const bool text = leaf.kind == ValueKind::String || leaf.kind == ValueKind::Bytes;
      const std::size_t length = text ? leaf.text.size() : leaf.items.size();
      if (leaf.kind == ValueKind::Repeat) return Value::repeat(leaf.items[0], scaled(leaf, size));
      if (!fits || static_cast<std::int64_t>(length) != old_size) return std::nullopt;
      if (length == 0 && text) changed.text = "ab";
      if (length == 0 && !text) changed.items = {Value::integer(1), Value::integer(2)};
      const std::size_t unit = std::max<std::size_t>(length, length == 0 ? 2 : 1);
      return Value::repeat(std::move(changed), static_cast<std::int64_t>((size + unit - 1) / unit));
    }
    if (leaf.kind == ValueKind::String && static_cast<std::int64_t>(leaf.text.size()) == old_size) {
      const std::string unit = leaf.text.empty() ? "a" : leaf.text;
      changed.text.clear();
      while (changed.text.size() < size) changed.text += unit;
      changed.text.resize(size);
      if (base::find_invalid_utf8(changed.text) != std::string::npos) return std::nullopt;
      return changed;
    }
    if ((leaf.kind == ValueKind::List || leaf.kind == ValueKind::Tuple) &&
        static_cast<std::int64_t>(leaf.items.size()) == old_size) {
      while (changed.items.size() < size) {
        changed.items.push_back(leaf.items.empty()
                                    ? Value::integer(0)
                                    : leaf.items[changed.items.size() % leaf.items.size()]);
      }
      changed.items.resize(size);
      return changed;
    }
    return std::nullopt;
  }

  static std::int64_t scaled(const Value& repeat, std::size_t size) {
    const Value& unit = repeat.items[0];
    const std::size_t length = std::max<std::size_t>(1, unit.text.size() + unit.items.size());
    return static_cast<std::int64_t>((size + length - 1) / length);
  }

  void for_each_leaf(const ValueChange& change) {
    for (std::size_t s = 0; s < program_.statements.size(); ++s) {
      change_values(program_, s, kMostNodes, change, limit_, out_);
    }
  }

  static constexpr std::size_t kMostNodes = 60;  // of one value

  const TestProgram& program_;
  std::vector<TestProgram>& out_;
  std::size_t limit_;
  unsigned turn_ = 0;
};

void follow(Substitution& substitution, const std::string& operation, const Value& left,
            const Value& right, bool outcome, const ObjectMaker& make) {
  if (operation == "isinstance") {
    for (const Value& name : right.items) {
      if (outcome) break;
      for (const Value& sample : sample_objects(name.text)) substitution.replace(left, sample);
      if (!make) continue;
      if (const auto object = make(name.text)) substitution.replace(left, *object);
    }
    if (outcome) {
      substitution.replace(left, Value::none());
      substitution.replace(left, Value::integer(3));
      substitution.replace(left, Value::string("abc"));
    }
    return;
  }
  if (operation == "in" || operation == "not in") {
    const bool inside = (operation == "in") == outcome;
    if (inside) return;
    if (is_container(right)) {
      for (std::size_t i = 0; i < right.items.size() && i < 8; ++i) {
        substitution.replace(left, right.items[i]);
      }
    } else if (right.kind == ValueKind::String && left.kind == ValueKind::String) {
      for (std::size_t i = 0; i < right.text.size() && i < 6; ++i) {
        if ((static_cast<unsigned char>(right.text[i]) & 0x80U) == 0) {
          substitution.replace(left, Value::string(right.text.substr(i, 1)));
        }
      }
      substitution.splice(right, left);
    }
    return;
  }
  substitution.replace(left, right);
  substitution.replace(right, left);
  const bool ordered =
      operation == "<" || operation == "<=" || operation == ">" || operation == ">=";
  if (ordered && right.kind == ValueKind::Int && left.kind == ValueKind::Int &&
      right.number > INT64_MIN + 1 && right.number < INT64_MAX - 1 && left.number > INT64_MIN + 1 &&
      left.number < INT64_MAX - 1) {
    substitution.replace(left, Value::integer(right.number + 1));
    substitution.replace(left, Value::integer(right.number - 1));
    substitution.replace(right, Value::integer(left.number + 1));
    substitution.replace(right, Value::integer(left.number - 1));
  }
  if (ordered && right.kind == ValueKind::Float && left.kind == ValueKind::Float) {
    substitution.replace(left, Value::floating(right.real + 0.5));
    substitution.replace(left, Value::floating(right.real - 0.5));
  }
}

// Texts of which the predicate is true, and others: some look like what they are not.
bool follow_predicate(Substitution& substitution, const std::string& predicate, const Value& text) {
  static const std::map<std::string, std::vector<const char*>, std::less<>> kTexts{
      {"isdigit", {"7", "80", "\u00b2", "\u0663", "x"}},
      {"isdecimal", {"7", "\u00b2", "x"}},
      {"isnumeric", {"7", "\u00bd", "x"}},
      {"isalpha", {"a", "\u00e9", "1"}},
      {"isalnum", {"a1", "-"}},
      {"isspace", {" ", "\t", "a"}},
      {"isupper", {"AB", "ab"}},
      {"islower", {"ab", "AB"}},
      {"istitle", {"Ab", "ab"}},
      {"isidentifier", {"name_1", "1a"}},
      {"isascii", {"\u00e9", "a"}},
      {"isprintable", {"\n", "a"}}};
  const auto found = kTexts.find(predicate);
  if (found == kTexts.end()) return false;
  for (const char* sample : found->second) substitution.replace(text, Value::string(sample));
  return true;
}

}  // namespace

namespace {

struct Pattern {
  std::string text;
  RegexSample options;
};

// From the site, or as it was seen at run time.
std::optional<Pattern> pattern_of(const model::CompareSite& site, const Value& seen) {
  constexpr std::int64_t kIgnoreCase = 2;
  constexpr std::int64_t kVerbose = 64;
  if (!site.detail.empty()) {
    auto literal = parse_literal(site.detail);
    if (!literal || literal->kind != ValueKind::String) return std::nullopt;
    // Nobody breaks a pattern over lines unless white space does not count.
    const bool verbose = literal->text.find('\n') != std::string::npos;
    return Pattern{std::move(literal->text), {.verbose = verbose}};
  }
  if (seen.kind == ValueKind::String) return Pattern{seen.text, {}};
  if (seen.kind != ValueKind::Tuple || seen.items.size() != 3) return std::nullopt;
  if (seen.items[1].kind != ValueKind::String) return std::nullopt;
  const std::int64_t flags = seen.items[2].number;
  return Pattern{seen.items[1].text,
                 {.verbose = (flags & kVerbose) != 0, .ignore_case = (flags & kIgnoreCase) != 0}};
}

// Texts that match stand in for the text that was looked at.
void follow_pattern(Substitution& substitution, const Pattern& pattern, const Value& text,
                    base::Random& random) {
  for (int i = 0; i < 6; ++i) {
    auto sample = matching_text(pattern.text, pattern.options, random);
    if (!sample) return;
    Value value = text;
    value.text = *std::move(sample);
    substitution.replace(text, value);
    if (i % 3 == 2) substitution.splice(text, value);
  }
}

}  // namespace

std::vector<TestProgram> substitute_operands(const TestProgram& program,
                                             const std::vector<Capture>& captures,
                                             const std::vector<model::CompareSite>& sites,
                                             base::Random& random, std::size_t limit,
                                             const ObjectMaker& make) {
  std::vector<TestProgram> out;
  if (captures.empty()) return out;
  std::set<std::pair<std::uint32_t, std::string>> done;
  for (const Capture& capture : captures) {
    if (out.size() >= limit) break;
    if (capture.site >= sites.size()) continue;
    if (!done.emplace(capture.site, capture.left + "\x1f" + capture.right).second) continue;
    const auto left = parse_literal(capture.left);
    const auto right = parse_literal(capture.right);
    if (!left || !right) continue;
    const std::string& operation = sites[capture.site].operation;
    // Some operands fit in many places: they leave room for others.
    const std::size_t most = std::min(limit, out.size() + std::max(limit / kShares, kLeastShare));
    Substitution substitution(program, out, most);
    if (operation.starts_with("re.")) {
      const bool text = right->kind == ValueKind::String;
      if (const auto pattern = pattern_of(sites[capture.site], *left); pattern && text) {
        follow_pattern(substitution, *pattern, *right, random);
      }
      continue;
    }
    if (operation == "match") {
      for (const auto& line : base::split(sites[capture.site].detail, '\n')) {
        if (const auto literal = parse_literal(line)) substitution.replace(*right, *literal);
      }
      continue;
    }
    if (right->kind == ValueKind::None && left->kind == ValueKind::String &&
        follow_predicate(substitution, operation, *left)) {
      continue;
    }
    const bool method = !operation.empty() && operation[0] >= 'a' && operation[0] <= 'z' &&
                        operation != "in" && operation != "not in" && operation != "isinstance";
    if (!method) {
      const bool receiver_alone = capture.right == "None" && operation != "isinstance";
      if (!receiver_alone) follow(substitution, operation, *left, *right, capture.outcome, make);
    } else if (right->kind != ValueKind::None && left->kind != ValueKind::None) {
      // s.startswith(t), s.find(t), d.get(k): the argument belongs into the receiver.
      const std::vector<Value> options =
          right->kind == ValueKind::Tuple || right->kind == ValueKind::List
              ? right->items
              : std::vector<Value>{*right};
      for (const Value& option : options) substitution.splice(*left, option);
      if (is_container(*left)) {
        for (const Value& key : left->items) substitution.replace(*right, key);
      }
    }
  }
  return out;
}

}  // namespace testgen::engine
