// From byte offsets to places of one text. Borrows the text.
#pragma once

#include "base/line_table.h"
#include "scan/finding.h"

namespace testgen::scan {

using base::code_point_size;
using base::code_points;

class LineTable : public base::LineTable {
 public:
  using base::LineTable::LineTable;

  [[nodiscard]] Place place(std::uint32_t start, std::uint32_t end) const {
    Place out;
    out.line = line_of(start);
    out.column = column(out.line, start);
    out.end_line = line_of(end);
    out.end_column = column(out.end_line, end);
    return out;
  }
};

}  // namespace testgen::scan
