// Every way out of the process that is switched on, made and ended together. Exporters run on
// threads of their own: whatever a receiver does, the work does not wait. Thread-safe.
#pragma once

#include <functional>
#include <memory>

#include "base/result.h"
#include "telemetry/export/export_options.h"
#include "telemetry/health/health.h"
#include "telemetry/logging/log_sink.h"
#include "telemetry/metrics/registry.h"
#include "telemetry/tracing/span_exporter.h"

namespace testgen::telemetry {

class OtlpLogExporter;
class OtlpMetricExporter;

class Exporters {
 public:
  // What exporters read and report to; all borrowed. `registry` may be collected once
  // start_metrics() is called.
  struct World {
    Registry& registry;
    Metrics& metrics;
    Logger& log;
    const base::Clock& clock;
  };
  // Traces and logs. Fails when an endpoint is no URL.
  [[nodiscard]] static base::Result<std::unique_ptr<Exporters>> create(const ExportOptions& options,
                                                                       Resource resource,
                                                                       const World& world);
  // Metrics, once everything that they are collected from is there.
  [[nodiscard]] base::Status start_metrics(std::function<Readiness()> readiness);
  ~Exporters();

  [[nodiscard]] SpanExporter* spans();  // null: spans are not exported
  // Sends what is queued, and the metrics a last time; stops every thread; keeps the deadline.
  // Idempotent. Fails when a file cannot be written.
  base::Status shutdown(base::SteadyTime deadline);

 private:
  Exporters(const ExportOptions& options, Resource resource, const World& world);

  const ExportOptions options_;
  const Resource resource_;
  const World world_;
  bool ended_ = false;
  std::unique_ptr<SpanExporter> spans_;
  std::unique_ptr<OtlpLogExporter> logs_;
  std::unique_ptr<OtlpMetricExporter> metrics_;
  std::unique_ptr<DogStatsdExporter> dogstatsd_;
  std::unique_ptr<NewRelicExporter> new_relic_;
};

}  // namespace testgen::telemetry
