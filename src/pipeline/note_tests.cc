#include "pipeline/note_tests.h"

#include <algorithm>

#include "pipeline/asked.h"

namespace testgen::pipeline {

void note_tests(const verify::Verification& verification, const model::ModuleModel& module,
                const std::vector<std::string>& symbols, const std::set<std::string>& by_model,
                model::ModuleReport& report) {
  report.tests_dropped = static_cast<std::uint32_t>(verification.dropped.size());
  report.omissions.insert(report.omissions.end(), verification.dropped.begin(),
                          verification.dropped.end());
  report.coverage = verification.coverage;
  if (report.coverage) {
    report.coverage = asked_coverage(*std::move(report.coverage), module, symbols);
  }
  std::set<std::string> tested;
  for (const auto& test : verification.kept) {
    const bool table = std::any_of(module.tables.begin(), module.tables.end(),
                                   [&](const auto& t) { return t.name == test.function; });
    if (!table) tested.insert(test.function);
    if (!test.verbatim || by_model.contains(test.name)) {
      report.tests.push_back({test.name, test.function});
      continue;
    }
    // Rows of a table that stands are tests as they were when they were new.
    const std::vector<std::string>& rows = test.verbatim->rows;
    report.tests_standing += static_cast<std::uint32_t>(std::max<std::size_t>(1, rows.size()));
    if (rows.empty()) report.tests.push_back({test.name, test.function});
    for (const std::string& row : rows) {
      report.tests.push_back({test.name + "[" + row + "]", test.function});
    }
  }
  report.tests_kept = static_cast<std::uint32_t>(report.tests.size());
  report.functions_tested = static_cast<std::uint32_t>(tested.size());
  report.functions_total = std::max(report.functions_total, report.functions_tested);
}

}  // namespace testgen::pipeline
