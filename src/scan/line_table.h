// From byte offsets to lines and columns of one text. Borrows the text.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "scan/finding.h"

namespace testgen::scan {

class LineTable {
 public:
  explicit LineTable(std::string_view text) : text_(text) {
    starts_.push_back(0);
    for (std::size_t at = text.find('\n'); at != std::string_view::npos;
         at = text.find('\n', at + 1)) {
      starts_.push_back(static_cast<std::uint32_t>(at + 1));
    }
  }
  [[nodiscard]] std::size_t count() const {
    return starts_.size() - (starts_.back() == text_.size() ? 1 : 0);
  }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::uint32_t line_of(std::uint32_t offset) const {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
    return static_cast<std::uint32_t>(after - starts_.begin());
  }
  // Counts from 1; without its line end.
  [[nodiscard]] std::string_view line(std::uint32_t number) const {
    if (number == 0 || number > starts_.size()) return {};
    const std::size_t begin = starts_[number - 1];
    return text_.substr(begin, text_.find('\n', begin) - begin);
  }
  [[nodiscard]] Place place(std::uint32_t start, std::uint32_t end) const {
    Place out;
    out.line = line_of(start);
    out.column = start - starts_[out.line - 1] + 1;
    out.end_line = line_of(end);
    out.end_column = end - starts_[out.end_line - 1] + 1;
    return out;
  }

 private:
  std::string_view text_;
  std::vector<std::uint32_t> starts_;
};

}  // namespace testgen::scan
