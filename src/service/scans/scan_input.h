// The body of POST /v1/scan, read and validated, and what the service asks of a scanner. Pure; the
// posted names are only names and never reach a file system.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "service/api/shape.h"
#include "service/http/problem.h"
#include "telemetry/tracing/span_context.h"

namespace testgen::service {

struct ScanInput {
  struct File {
    std::string path;  // as it lies in the project; its ending tells the language
    std::string content;
  };
  std::vector<File> files;
  std::string min_severity = "low";  // what is less is counted only
  bool audit = false;
  std::string tenant;  // who asks; no part of the body

  // Everything in it that the answer depends on, the same text for the same question.
  [[nodiscard]] std::string canonical_json() const;
};

[[nodiscard]] const Shape& scan_shape();
[[nodiscard]] const Shape& scan_report_shape();

// Every fault of the body at once.
[[nodiscard]] std::variant<ScanInput, Problem> parse_scan(std::string_view body);

struct ScanAnswer {
  std::string report;  // JSON, as scan_report_shape() says
  bool whole = true;   // false: time was up, or the service stops, before every file was looked at
};

// Who scans. Thread-safe; called on threads of the service's own.
struct Scanner {
  // Ends soon after the deadline or the stop request, with what it has by then.
  std::function<base::Result<ScanAnswer>(const ScanInput& input,
                                         const telemetry::SpanContext& parent,
                                         base::SteadyTime deadline, std::stop_token stop)>
      scan;
  // Of the rules that such a scan runs: another version is another answer.
  std::function<std::string(bool audit)> rules_version;
  // Whether there is a rule of that id.
  std::function<bool(std::string_view rule)> knows_rule;
};

}  // namespace testgen::service
