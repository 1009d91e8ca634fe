// testgen scan --fix: writes the edits of a report's findings into their files, each file whole or
// not at all, or shows them as a diff. Only open findings that are shown are mended.
#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "scan/baseline/baseline.h"
#include "scan/scan.h"

namespace testgen::app {

struct FixOutcome {
  std::size_t findings = 0;
  std::size_t files = 0;
  std::size_t left = 0;             // could be mended, and were not: with others they are too close
  std::string diff;                 // of a dry run
  std::vector<base::Error> errors;  // of files that stayed as they were
};

struct FixRun {
  const config::Settings& settings;
  const scan::Rules& rules;
  const scan::Baseline& baseline;
  std::stop_token stop;

  // Files that were mended have the report of what they now are. One that cannot be written, or
  // has become another since it was scanned, stays as it is.
  [[nodiscard]] FixOutcome run(scan::Report& report) const;

 private:
  [[nodiscard]] base::Status fix(scan::FileReport& file, FixOutcome& outcome) const;
};

// "fixed 3 findings in 2 files"
[[nodiscard]] std::string describe(const FixOutcome& outcome, bool dry_run);

}  // namespace testgen::app
