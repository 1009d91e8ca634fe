// Figures of a whole run, summed over its modules, and targets compared with them. Pure.
#pragma once

#include "emit/report_run.h"

namespace testgen::emit {

struct RunTotals {
  std::uint64_t modules_failed = 0;
  std::uint64_t functions_total = 0;
  std::uint64_t functions_tested = 0;
  std::uint64_t tests = 0;
  std::uint64_t files = 0;
  // Of the modules that have it; nothing when none has.
  std::optional<model::Coverage> coverage;       // counts only
  std::optional<model::MutationScore> mutation;  // counts only
  std::optional<double> quality;                 // mean of the modules with tests
};

[[nodiscard]] RunTotals totals(const RunReport& run);
// Whether modules were worked on and none of their functions got a test.
[[nodiscard]] bool nothing_kept(const RunReport& run);

// Share of lines and branches together, 0 to 1, as coverage.py counts.
[[nodiscard]] double combined_ratio(const model::Coverage& coverage);

// A wanted figure as reached; percentages, and 0 wants nothing. Those that want nothing are not
// in the result.
struct WantedTargets {
  double coverage = 0;
  double mutation = 0;
  double quality = 0;
};
[[nodiscard]] std::vector<Target> check_targets(const RunReport& run, const WantedTargets& wanted);

}  // namespace testgen::emit
