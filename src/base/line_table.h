// From byte offsets to lines and columns of one text, and back. Both count from 1; columns are code
// points. Borrows the text.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

namespace testgen::base {

// Of the first of a text that is not empty. What is not UTF-8 counts byte by byte, as readers show
// a mark for each.
[[nodiscard]] inline std::size_t code_point_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = lead < 0xC2U   ? 1
                           : lead < 0xE0U ? 2
                           : lead < 0xF0U ? 3
                           : lead < 0xF5U ? 4
                                          : 1;
  std::size_t more = 1;
  while (more < size && more < text.size() &&
         (static_cast<unsigned char>(text[more]) & 0xC0U) == 0x80U) {
    ++more;
  }
  return more == size ? size : 1;
}

[[nodiscard]] inline std::uint32_t code_points(std::string_view text) {
  std::uint32_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) at += code_point_size(text.substr(at));
  return count;
}

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
  // Of a byte in that line.
  [[nodiscard]] std::uint32_t column(std::uint32_t line, std::uint32_t offset) const {
    const std::uint32_t begin = starts_[line - 1];
    return code_points(text_.substr(begin, offset - begin)) + 1;
  }
  // The byte where a place's line and column are; npos when there is no such place.
  [[nodiscard]] std::size_t offset(std::uint32_t line, std::uint32_t column) const {
    if (line == 0 || line > starts_.size() || column == 0) return std::string_view::npos;
    std::size_t at = starts_[line - 1];
    for (std::uint32_t left = column - 1; left > 0; --left) {
      if (at >= text_.size() || text_[at] == '\n') return std::string_view::npos;
      at += code_point_size(text_.substr(at));
    }
    return at;
  }

 private:
  std::string_view text_;
  std::vector<std::uint32_t> starts_;
};

}  // namespace testgen::base
