// Sends the registry's metrics to an OpenTelemetry receiver over OTLP/HTTP at an interval, from a
// thread of its own, and a last time at the end.
#pragma once

#include "telemetry/export/otlp_metrics.h"
#include "telemetry/export/otlp_sender.h"
#include "telemetry/export/periodic.h"

namespace testgen::telemetry {

class OtlpMetricExporter {
 public:
  // `registry`, `metrics`, `log` and `clock` are borrowed.
  OtlpMetricExporter(const OtlpTarget& target, const MetricEncoding& encoding,
                     std::chrono::milliseconds interval, Resource resource, Registry& registry,
                     Metrics& metrics, Logger& log, const base::Clock& clock);

  void shutdown(base::SteadyTime deadline) { periodic_.shutdown(deadline); }

 private:
  [[nodiscard]] Snapshot read();
  void push();

  const MetricEncoding encoding_;
  const Resource resource_;
  Registry& registry_;
  DeltaReader delta_;
  OtlpSender sender_;
  Periodic periodic_;  // last: its thread uses the rest
};

}  // namespace testgen::telemetry
