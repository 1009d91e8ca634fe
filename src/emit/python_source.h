// Reads the Python text that the core itself wrote (statements, literals), as far as laying it
// out needs: strings, brackets, calls and their arguments. Pure; never fails, at worst it finds
// nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace testgen::emit {

// The offset after the string literal that starts at `at`.
[[nodiscard]] std::size_t skip_string(std::string_view text, std::size_t at);
// The offset of the bracket that closes the one at `open`; npos when there is none.
[[nodiscard]] std::size_t closing_bracket(std::string_view text, std::size_t open);
// What commas at the top level separate, trimmed; nothing after a trailing comma.
[[nodiscard]] std::vector<std::string_view> comma_separated(std::string_view text);

// True for literals and constants of the module: what means the same wherever it stands, and
// runs nothing of the code under test.
[[nodiscard]] bool is_plain_value(std::string_view text, std::string_view alias);

// Whether the source uses the name, which is not a part of a longer one: "time" but not
// "datetime" or "x.time". What stands in strings does not count.
[[nodiscard]] bool uses_name(std::string_view source, std::string_view name);

// A value in a statement that could be another one.
struct Slot {
  std::string value;
  std::string keyword;       // "width" of width=3; empty for positional arguments
  std::string callee;        // "textwrap.wrap", "cart.total"; empty for an assigned value
  std::size_t position = 0;  // among the callee's arguments
  bool subscript = false;    // cart[VALUE]
};

// A statement with its plain values taken out: skeleton() of two statements is the same when
// they differ in nothing else.
struct SlottedStatement {
  std::vector<std::string> pieces;  // one more than there are slots
  std::vector<Slot> slots;

  [[nodiscard]] std::string skeleton() const;
  // The statement with `values` in the slots.
  [[nodiscard]] std::string filled(const std::vector<std::string>& values) const;
};

[[nodiscard]] SlottedStatement take_values_out(std::string_view statement, std::string_view alias);

// "result" of `result = f(x)`; empty when the statement assigns no plain name.
[[nodiscard]] std::string assigned_name(std::string_view statement);

// A str literal in double quotes, with only quotes and backslashes escaped.
[[nodiscard]] std::string python_string(std::string_view text);
// Lower-case words with single underscores: "HTMLParser" → "html_parser", "a-b" → "a_b".
[[nodiscard]] std::string snake_words(std::string_view text);

}  // namespace testgen::emit
