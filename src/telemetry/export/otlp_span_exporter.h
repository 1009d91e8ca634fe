// Sends finished spans to an OpenTelemetry receiver.
#pragma once

#include "telemetry/export/otlp_batches.h"
#include "telemetry/tracing/span_exporter.h"

namespace testgen::telemetry {

class OtlpSpanExporter final : public SpanExporter {
 public:
  // `metrics`, `log` and `clock` are borrowed.
  OtlpSpanExporter(const OtlpTarget& target, const BatchOptions& batch, Resource resource,
                   Metrics& metrics, Logger& log, const base::Clock& clock);

  void export_span(FinishedSpan span) override { batches_.add(std::move(span)); }
  void shutdown(base::SteadyTime deadline) override { batches_.shutdown(deadline); }

 private:
  OtlpBatches<ItemQueue<FinishedSpan>> batches_;
};

}  // namespace testgen::telemetry
