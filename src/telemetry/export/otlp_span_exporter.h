// Sends finished spans to an OpenTelemetry receiver over OTLP/HTTP, in batches, from a thread of
// its own. The queue is bounded; an absent, slow or lying receiver costs spans, which are
// counted, and never time of the caller.
#pragma once

#include "telemetry/export/batcher.h"
#include "telemetry/export/otlp_sender.h"
#include "telemetry/tracing/span_exporter.h"

namespace testgen::telemetry {

class OtlpSpanExporter final : public SpanExporter {
 public:
  // `metrics`, `log` and `clock` are borrowed.
  OtlpSpanExporter(const OtlpTarget& target, const BatchOptions& batch, Resource resource,
                   Metrics& metrics, Logger& log, const base::Clock& clock);

  void export_span(FinishedSpan span) override { batcher_.add(std::move(span)); }
  void shutdown(base::SteadyTime deadline) override { batcher_.shutdown(deadline); }

 private:
  void send(const std::vector<FinishedSpan>& batch);

  const Resource resource_;
  OtlpSender sender_;
  Batcher<FinishedSpan> batcher_;  // last: its thread uses the rest
};

}  // namespace testgen::telemetry
