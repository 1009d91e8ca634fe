#include "pipeline/asked.h"

#include <algorithm>
#include <utility>

#include "model/asked.h"

namespace testgen::pipeline {
namespace {

using Lines = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // first and last

Lines asked_lines(const model::ModuleModel& module, const std::vector<std::string>& symbols) {
  Lines out;
  for (const auto& function : module.functions) {
    if (model::is_asked(function.qualified_name, symbols)) {
      out.emplace_back(function.first_line, function.last_line);
    }
  }
  for (const auto& kind : module.classes) {
    if (model::is_asked(kind.name, symbols)) out.emplace_back(kind.first_line, kind.last_line);
  }
  return out;
}

std::uint32_t count(std::size_t size) {
  return static_cast<std::uint32_t>(size);
}

}  // namespace

model::Coverage asked_coverage(model::Coverage whole, const model::ModuleModel& module,
                               const std::vector<std::string>& symbols) {
  const bool told = !whole.covered_lines.empty() || !whole.missed_lines.empty();
  if (symbols.empty() || !told) return whole;
  const Lines lines = asked_lines(module, symbols);
  const auto outside = [&](std::uint32_t line) {
    return std::none_of(lines.begin(), lines.end(), [&](const auto& range) {
      return range.first <= line && line <= range.second;
    });
  };
  std::erase_if(whole.covered_lines, outside);
  std::erase_if(whole.missed_lines, outside);
  whole.lines_covered = count(whole.covered_lines.size());
  whole.lines_total = whole.lines_covered + count(whole.missed_lines.size());
  // Without a list of branches their number is that of the explorer's own probes.
  if (whole.branches.empty()) return whole;
  std::erase_if(whole.branches, [&](const auto& branch) { return outside(branch.line); });
  whole.branches_total = count(whole.branches.size());
  whole.branches_covered = count(
      static_cast<std::size_t>(std::count_if(whole.branches.begin(), whole.branches.end(),
                                             [](const auto& branch) { return branch.taken; })));
  return whole;
}

}  // namespace testgen::pipeline
