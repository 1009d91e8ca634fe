// A value as a tree: what an argument is, in a form that the search can mutate and that prints
// as Python source. The same parser reads the literals that the harness reports, so that
// nothing reaches a test file that is not a plain literal or a name the core itself allows.
// Values are plain data, copied freely.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace testgen::engine {

enum class ValueKind {
  None,
  Bool,    // number 0 or 1
  Int,     // number, or text when it does not fit
  Float,   // real, printed shortest-round-trip; inf is written float('inf')
  String,  // text, UTF-8
  Bytes,   // text, raw bytes
  List,
  Tuple,
  Set,
  FrozenSet,
  Dict,     // items are key, value, key, value, …
  Name,     // text: a dotted name or a piece of source such as `lambda x: x`
  Call,     // text is the callee; items are positional, keywords named arguments
  Repeat,   // the first item, `number` times: "ab" * 100
  Fixture,  // what the project's fixture of that name (text) gives; number: its TypeTag
};

struct Value {
  ValueKind kind = ValueKind::None;
  std::int64_t number = 0;
  double real = 0.0;
  std::string text;
  std::vector<Value> items;
  std::vector<std::pair<std::string, Value>> keywords;

  // Made where the type is complete: clang 14, which builds the fuzzers, asks for that.
  Value();
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  [[nodiscard]] static Value none();
  [[nodiscard]] static Value boolean(bool value);
  [[nodiscard]] static Value integer(std::int64_t value);
  [[nodiscard]] static Value floating(double value);
  [[nodiscard]] static Value string(std::string value);
  [[nodiscard]] static Value bytes(std::string value);
  [[nodiscard]] static Value container(ValueKind kind, std::vector<Value> items);
  [[nodiscard]] static Value name(std::string source);
  [[nodiscard]] static Value fixture(std::string name, std::int64_t type);
  [[nodiscard]] static Value repeat(Value unit, std::int64_t times);
  [[nodiscard]] static Value call(std::string callee, std::vector<Value> arguments);

  bool operator==(const Value& other) const;
};

// Python source. Strings use double quotes, as formatters write them.
[[nodiscard]] std::string render(const Value& value);
// The same for a str alone.
[[nodiscard]] std::string render_string(std::string_view utf8);

// Parses a Python literal: None, booleans, numbers, strings (adjacent ones joined), bytes,
// containers, and calls to `allowed` names with literal arguments (float('inf'), set(),
// frozenset({…}), decimal.Decimal('1'), datetime.date(2020, 1, 1)). Dotted names are accepted
// when `names_under` is not empty and they start with it followed by a dot.
// Nothing when the text is anything else. Never recurses deeper than 40.
[[nodiscard]] std::optional<Value> parse_literal(std::string_view text,
                                                 std::string_view names_under = {});

// The same, where objects may be made by what lies under the alias, and streams: shop.Cart([1]).
[[nodiscard]] std::optional<Value> parse_construction(std::string_view text,
                                                      std::string_view alias);

// Whether it can stand in a set or be a key.
[[nodiscard]] bool is_hashable(const Value& value);

// The sum, modulo 2 to the 64.
[[nodiscard]] inline std::int64_t add_wrapping(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

// Number of nodes: the size that minimisation brings down.
[[nodiscard]] std::size_t weight(const Value& value);

}  // namespace testgen::engine
