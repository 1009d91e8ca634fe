// Any bytes in place of coverage.py's report: no more is covered than there is, and lines and
// branches are in order.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "verify/coverage_report.h"

using namespace testgen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto coverage =
      verify::read_coverage(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!coverage) return 0;
  TG_CHECK(coverage->lines_covered <= coverage->lines_total);
  TG_CHECK(coverage->branches_covered <= coverage->branches_total);
  TG_CHECK(std::is_sorted(coverage->covered_lines.begin(), coverage->covered_lines.end()));
  TG_CHECK(std::is_sorted(coverage->missed_lines.begin(), coverage->missed_lines.end()));
  for (const std::uint32_t line : coverage->missed_lines) {
    TG_CHECK(
        !std::binary_search(coverage->covered_lines.begin(), coverage->covered_lines.end(), line));
  }
  for (const auto& branch : coverage->branches) TG_CHECK(branch.line >= 1);
  return 0;
}
