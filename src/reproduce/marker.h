// The text that a test hands in, made so that an escape or a check for the danger in question
// changes or refuses it: what arrives as it was could have done harm. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace testgen::reproduce {

struct Marker {
  std::string value;
  std::string source;  // as a Python literal
  std::string bytes;   // the same text as a literal of bytes
  // Whether every argument of the call is as dangerous as the first. A query's values, which a
  // database takes apart from its text, are not.
  bool anywhere = false;
};

// Nothing for weaknesses that are no matter of what text is passed on.
[[nodiscard]] std::optional<Marker> marker_for(std::uint32_t cwe);

// Any text as a Python literal on one line.
[[nodiscard]] std::string literal(const std::string& text);

}  // namespace testgen::reproduce
