#include "scan/fix/splice.h"

#include <algorithm>

namespace testgen::scan {

std::optional<std::vector<Splice>> splices_of(const LineTable& lines,
                                              const std::vector<Finding>& findings,
                                              const std::vector<std::size_t>& chosen) {
  std::vector<Splice> out;
  for (const std::size_t index : chosen) {
    for (const Edit& edit : findings[index].edits) {
      const std::size_t start = lines.offset(edit.place.line, edit.place.column);
      const std::size_t end = lines.offset(edit.place.end_line, edit.place.end_column);
      if (start == std::string_view::npos || end == std::string_view::npos || start > end) {
        return std::nullopt;
      }
      out.push_back({start, end, edit.text});
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Splice& a, const Splice& b) { return a.start < b.start; });
  for (std::size_t i = 1; i < out.size(); ++i) {
    const bool insertions = out[i - 1].end == out[i - 1].start && out[i].end == out[i].start;
    if (out[i].start < out[i - 1].end || (out[i].start == out[i - 1].start && !insertions)) {
      return std::nullopt;
    }
  }
  return out;
}

std::string spliced(std::string_view text, std::size_t begin, std::size_t end,
                    const std::vector<Splice>& splices) {
  std::string out;
  std::size_t at = begin;
  for (const Splice& splice : splices) {
    if (splice.start < begin || splice.end > end) continue;
    out += text.substr(at, splice.start - at);
    out += splice.text;
    at = splice.end;
  }
  out += text.substr(at, end - at);
  return out;
}

}  // namespace testgen::scan
