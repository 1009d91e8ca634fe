#include "emit/run_totals.h"

#include <fmt/format.h>

#include <cmath>

namespace testgen::emit {
namespace {

void add(std::optional<model::Coverage>& sum, const model::Coverage& part) {
  if (!sum) sum.emplace().tool = part.tool;
  sum->lines_total += part.lines_total;
  sum->lines_covered += part.lines_covered;
  sum->branches_total += part.branches_total;
  sum->branches_covered += part.branches_covered;
}

void add(std::optional<model::MutationScore>& sum, const model::MutationScore& part) {
  if (!sum) sum.emplace();
  sum->mutants_total += part.mutants_total;
  sum->mutants_run += part.mutants_run;
  sum->killed += part.killed;
}

}  // namespace

double combined_ratio(const model::Coverage& coverage) {
  const std::uint64_t total = std::uint64_t{coverage.lines_total} + coverage.branches_total;
  const std::uint64_t covered = std::uint64_t{coverage.lines_covered} + coverage.branches_covered;
  return total == 0 ? 1.0 : static_cast<double>(covered) / static_cast<double>(total);
}

RunTotals totals(const RunReport& run) {
  RunTotals out;
  double quality = 0;
  std::size_t with_tests = 0;
  for (const ModuleOutcome& module : run.modules) {
    const model::ModuleReport& report = module.report;
    out.modules_failed += report.error || !module.write_errors.empty() ? 1 : 0;
    out.functions_total += report.functions_total;
    out.functions_tested += report.functions_tested;
    out.tests += report.tests_kept;
    out.files += module.files.size();
    if (report.coverage) add(out.coverage, *report.coverage);
    if (report.mutation && report.mutation->mutants_run > 0) add(out.mutation, *report.mutation);
    if (!report.error) {
      quality += report.quality;
      ++with_tests;
    }
  }
  if (with_tests > 0) out.quality = quality / static_cast<double>(with_tests);
  return out;
}

bool nothing_kept(const RunReport& run) {
  const RunTotals sums = totals(run);
  return sums.functions_total > 0 && sums.tests == 0;
}

std::string describe(const Target& target) {
  if (!target.reached) {
    return fmt::format("{} was not measured, the target is {:g}%", target.name, target.wanted);
  }
  // Rounded down, so that a target just missed does not look reached.
  return fmt::format("{} is {:g}%, the target is {:g}%", target.name,
                     std::floor(*target.reached * 10) / 10, target.wanted);
}

std::vector<Target> check_targets(const RunReport& run, const WantedTargets& wanted) {
  const RunTotals sums = totals(run);
  std::vector<Target> out;
  const auto check = [&out](std::string name, double percent, std::optional<double> ratio) {
    if (percent <= 0) return;
    if (ratio) *ratio *= 100;
    out.push_back({std::move(name), percent, ratio});
  };
  check("coverage", wanted.coverage,
        sums.coverage ? std::optional(combined_ratio(*sums.coverage)) : std::nullopt);
  check("mutation", wanted.mutation,
        sums.mutation ? std::optional(sums.mutation->ratio()) : std::nullopt);
  check("quality", wanted.quality, sums.quality);
  return out;
}

}  // namespace testgen::emit
