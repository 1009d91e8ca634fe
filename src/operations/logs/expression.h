// The conditions of `testgen logs --where`: comparisons of fields with values, and && || ! and
// parentheses around them. Syntax errors say where. Pure; a parsed Expression may be shared.
//
//   any        = all { ("||" | "or") all }
//   all        = one { ("&&" | "and") one }
//   one        = ("!" | "not") one | "(" any ")" | field [ operator value ]
//   operator   = "==" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~" | "^="
//   field      = letter, "_" or "@", then letters, digits and "_.@-"; or any name in `backticks`
//   value      = number | "text" | 'text' | true | false | null
//
// A field by itself asks whether the line has it, with anything but null and false. Levels are
// compared by their order. ~ is "contains", ^= "begins with".
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace testgen::operations {

class Expression {
 public:
  // InvalidArgument with the column of what was not understood. Empty text matches every line.
  [[nodiscard]] static base::Result<Expression> parse(std::string_view text);
  Expression(Expression&&) noexcept;
  Expression& operator=(Expression&&) noexcept;
  ~Expression();

  // Of one line of a log, which is an object.
  [[nodiscard]] bool matches(const nlohmann::json& line) const;
  // With every operator in parentheses, for tests; parses to the same.
  [[nodiscard]] std::string text() const;

  struct Node;

 private:
  explicit Expression(std::unique_ptr<Node> root);
  std::unique_ptr<Node> root_;  // null: everything
};

// A field by its name as it stands, or as a path through nested objects: "log.level" finds
// {"log.level": …} and {"log": {"level": …}}. Null when there is none.
[[nodiscard]] const nlohmann::json* find_field(const nlohmann::json& line, std::string_view name);

}  // namespace testgen::operations
