// The service itself: its own checks, and whether its telemetry can be believed.
#include <fmt/format.h>

#include "operations/doctor/finding.h"

namespace testgen::operations {
namespace {

Item readiness(const Observation& seen) {
  Finding out("readiness", "Every health check passes",
              "docs/health.md says what each check looks at; the message says what it found");
  if (!seen.readiness) {
    out.unknown("/ready", "the service was not reached");
    return std::move(out).item();
  }
  out.said("/ready", seen.readiness->ready ? Verdict::Good : Verdict::Bad,
           seen.readiness->draining ? "not ready: it drains"
           : seen.readiness->ready  ? "ready"
                                    : "not ready");
  for (const CheckResult& check : seen.readiness->checks) {
    out.said(check.name, check.good() ? Verdict::Good : Verdict::Bad,
             check.message.empty() ? check.status : check.status + ": " + check.message);
  }
  return std::move(out).item();
}

Item telemetry(const Observation& seen) {
  Finding out("telemetry", "No telemetry is lost",
              "`testgen logs --where 'event==\"telemetry_lost\"'` names the receiver; figures that "
              "are missing cannot alert anybody");
  if (!seen.metrics) {
    out.unknown("metrics", "the service was not reached");
    return std::move(out).item();
  }
  const MetricsPage& page = *seen.metrics;
  out.figure("log lines lost", page.sum("testgen_log_lines_dropped_total"), Unit::Count,
             at_most(0));
  out.figure("label combinations past a cap", page.sum("testgen_telemetry_series_rejected_total"),
             Unit::Count, at_most(0));
  for (const auto& [name, metric] :
       {std::pair{"spans lost on their way", "otel_sdk_exporter_span_exported_total"},
        std::pair{"data points lost on their way",
                  "otel_sdk_exporter_metric_data_point_exported_total"},
        std::pair{"log records lost on their way", "otel_sdk_exporter_log_exported_total"}}) {
    double lost = 0;
    for (const auto& [reason, count] : page.by(metric, "error_type")) {
      if (!reason.empty()) lost += count;
    }
    out.figure(name, lost, Unit::Count, at_most(0));
  }
  return std::move(out).item();
}

}  // namespace

Section service_checks(const Observation& seen) {
  return {"The service", {readiness(seen), telemetry(seen)}, {}};
}

}  // namespace testgen::operations
