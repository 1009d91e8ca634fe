// Edits as byte ranges of one text, in order and apart from each other. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scan/finding.h"
#include "scan/line_table.h"

namespace testgen::scan {

struct Splice {
  std::size_t start = 0;
  std::size_t end = 0;
  std::string_view text;  // borrowed from the edit
};

// The edits of the findings (by index) in the order of the text. Nothing when two of them overlap
// or a place is not in the text; insertions at one point stand one behind the other.
[[nodiscard]] std::optional<std::vector<Splice>> splices_of(const LineTable& lines,
                                                            const std::vector<Finding>& findings,
                                                            const std::vector<std::size_t>& chosen);

// text[begin, end) with the splices within it done.
[[nodiscard]] std::string spliced(std::string_view text, std::size_t begin, std::size_t end,
                                  const std::vector<Splice>& splices);

}  // namespace testgen::scan
