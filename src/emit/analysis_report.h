// The result of `testgen analyze`, for people and for programs. Pure.
#pragma once

#include <string>
#include <vector>

#include "emit/report_run.h"
#include "emit/report_text.h"
#include "model/test_analysis.h"

namespace testgen::emit {

// remarks[i] belong to run.modules[i].
struct AnalysisReport {
  RunReport run;
  std::string tests;  // the folder or file that was judged
  std::vector<model::TestRemarks> remarks;
};

// Tests that notice no change of any module they were tried on. A test that is about several
// modules is in it only when it is idle for all of them.
[[nodiscard]] std::vector<std::string> idle_tests(const AnalysisReport& report);

[[nodiscard]] std::string analysis_text(const AnalysisReport& report, const TextOptions& options);

// docs/reference/analyze.md says what is in it.
[[nodiscard]] std::string analysis_json(const AnalysisReport& report);

}  // namespace testgen::emit
