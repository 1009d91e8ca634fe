// Findings as text for people and as the formats that machines read, and back from JSON. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "scan/finding.h"
#include "scan/rules/rule.h"

namespace testgen::scan {

struct ReportOptions {
  std::string tool_version;
  Severity min_severity = Severity::Low;  // what is less is counted only
  bool everything = false;                // text: notes on limits, and what is suppressed
  std::size_t width = 100;
  bool compact = false;  // JSON: on one line
};

// Grouped by file, each with its code, the way of the input, and the fix.
[[nodiscard]] std::string report_text(const Report& report, const ReportOptions& options);
// docs/reference/http-api.md describes it (what `POST /v1/scan` answers); `schema` is 1.
[[nodiscard]] std::string report_json(const Report& report, const ReportOptions& options);
// The other way. What comes from a service is not trusted: InvalidInput when a member is missing or
// wrong; members that are not known are ignored, so that a newer service can be asked.
struct ReadReport {
  Report report;  // only files with findings, notes or an error, without their size
  std::size_t files_scanned = 0;
};
[[nodiscard]] base::Result<ReadReport> read_report(std::string_view text);
// SARIF 2.1.0 with rules, flows, fingerprints and suppressions.
[[nodiscard]] std::string report_sarif(const Report& report, const std::vector<Rule>& rules,
                                       const ReportOptions& options);
// A test case for each file; findings are its failures.
[[nodiscard]] std::string report_junit(const Report& report, const ReportOptions& options);
// GitLab's format of SAST reports, version 15.
[[nodiscard]] std::string report_gitlab(const Report& report, const ReportOptions& options);

}  // namespace testgen::scan
