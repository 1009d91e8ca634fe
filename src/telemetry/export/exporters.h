// Every way out of the process that is switched on, made and ended together. Exporters run on
// threads of their own: whatever a receiver does, the work does not wait. Thread-safe.
#pragma once

#include <memory>

#include "base/result.h"
#include "telemetry/export/export_options.h"
#include "telemetry/metrics/registry.h"
#include "telemetry/tracing/span_exporter.h"

namespace testgen::telemetry {

class Exporters {
 public:
  // All are borrowed. Fails when an endpoint is no URL.
  [[nodiscard]] static base::Result<std::unique_ptr<Exporters>> create(
      const ExportOptions& options, const Resource& resource, Registry& registry, Metrics& metrics,
      Logger& log, const base::Clock& clock);
  ~Exporters();

  [[nodiscard]] SpanExporter* spans();  // null: spans are not exported
  // Sends what is queued, stops every thread, keeps the deadline. Idempotent.
  void shutdown(base::SteadyTime deadline);

 private:
  Exporters() = default;
  std::unique_ptr<SpanExporter> spans_;
};

}  // namespace testgen::telemetry
