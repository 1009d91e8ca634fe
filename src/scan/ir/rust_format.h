// The parts of what Rust's format! takes: "a {} b {name:>8}". Views the text. Pure.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace testgen::scan::ir {

struct FormatPart {
  enum Kind { Text, Name, Next } kind = Text;
  std::string_view text;  // of Text and Name
};

[[nodiscard]] inline std::vector<FormatPart> format_parts(std::string_view format) {
  std::vector<FormatPart> out;
  std::size_t at = 0;
  while (at < format.size()) {
    const std::size_t open = std::min(format.find('{', at), format.size());
    if (open > at) out.push_back({FormatPart::Text, format.substr(at, open - at)});
    if (open == format.size()) break;
    if (open + 1 < format.size() && format[open + 1] == '{') {  // a brace itself
      at = open + 2;
      continue;
    }
    const std::size_t close = std::min(format.find('}', open), format.size());
    std::string_view name = format.substr(open + 1, close - open - 1);
    name = name.substr(0, name.find(':'));
    const bool word = !name.empty() && (name.front() < '0' || name.front() > '9');
    out.push_back({word ? FormatPart::Name : FormatPart::Next, name});
    at = close + 1;
  }
  return out;
}

}  // namespace testgen::scan::ir
