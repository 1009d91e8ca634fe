// The line above the tests of one function, by which a later run finds them:
//   # testgen: unit Cart.total sha256=3f2a9c81d0e4b7aa
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace testgen::emit {

struct UnitMark {
  std::string unit;  // qualified name
  std::string hash;  // of its source, 16 hexadecimal digits
  bool operator==(const UnitMark&) const = default;
};

[[nodiscard]] std::string unit_mark(const UnitMark& mark);
// Nothing when the line, blanks around it apart, is no mark.
[[nodiscard]] std::optional<UnitMark> read_unit_mark(std::string_view line);

}  // namespace testgen::emit
