#include "pipeline/gaps.h"

#include <algorithm>

#include "base/strings.h"
#include "model/asked.h"
#include "verify/mutation_report.h"

namespace testgen::pipeline {
namespace {

constexpr std::size_t kMostSurvivors = 12;

bool inside(std::uint32_t line, const model::FunctionModel& function) {
  return line > function.first_line && line <= function.last_line;
}

}  // namespace

Gaps::Gaps(const model::ModuleModel& module, std::string_view source,
           const std::optional<model::Coverage>& coverage)
    : module_(&module) {
  if (coverage) {
    lines_.insert(coverage->missed_lines.begin(), coverage->missed_lines.end());
    for (const model::BranchOutcome& way : coverage->branches) {
      if (!way.taken) ways_.emplace(way.line, way.target);
    }
    return;
  }
  const auto lines = base::split(source, '\n');
  for (const auto& function : module.functions) {
    for (std::uint32_t n = function.first_line + 1; n <= function.last_line && n <= lines.size();
         ++n) {
      const std::string_view text = base::trim(lines[n - 1]);
      if (!text.empty() && text.front() != '#') lines_.insert(n);
    }
  }
}

bool Gaps::add(const model::Coverage& coverage) {
  bool added = false;
  for (const std::uint32_t line : coverage.covered_lines) added |= lines_.erase(line) > 0;
  for (const model::BranchOutcome& way : coverage.branches) {
    if (way.taken) added |= ways_.erase({way.line, way.target}) > 0;
  }
  return added;
}

llm::Gap Gaps::of(const model::FunctionModel& function, const std::set<std::size_t>& alive) const {
  llm::Gap out{function.qualified_name, function.first_line, function.last_line, {}, {}, {}};
  for (const std::uint32_t line : lines_) {
    if (inside(line, function)) out.missed_lines.push_back(line);
  }
  for (const auto& [line, target] : ways_) {
    if (line < function.first_line || line > function.last_line) continue;
    if (lines_.contains(line)) continue;  // the line itself says more
    out.missed_branches.push_back(
        "from line " + std::to_string(line) +
        (target > 0 ? " to line " + std::to_string(target) : " out of the function"));
  }
  for (const std::size_t mutant : alive) {
    const model::Mutant& change = module_->mutation.mutants[mutant];
    if (change.function != function.qualified_name) continue;
    if (out.survivors.size() < kMostSurvivors) out.survivors.push_back(verify::describe(change));
  }
  return out;
}

std::vector<llm::Gap> Gaps::functions(const std::vector<std::string>& symbols,
                                      const std::set<std::size_t>& alive) const {
  std::vector<llm::Gap> out;
  for (const auto& function : module_->functions) {
    const bool asked = model::is_asked(function.qualified_name, symbols);
    if (!asked || function.is_hook || function.is_unimplemented) {
      continue;
    }
    llm::Gap gap = of(function, alive);
    if (!gap.empty()) out.push_back(std::move(gap));
  }
  return out;
}

}  // namespace testgen::pipeline
