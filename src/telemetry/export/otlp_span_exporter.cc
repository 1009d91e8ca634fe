#include "telemetry/export/otlp_span_exporter.h"

#include "telemetry/export/otlp_spans.h"

namespace testgen::telemetry {

OtlpSpanExporter::OtlpSpanExporter(const OtlpTarget& target, const BatchOptions& batch,
                                   Resource resource, Metrics& metrics, Logger& log,
                                   const base::Clock& clock)
    : batches_({.thread_name = "tg-otlp-spans",
                .processor = {metrics.otel_span_queue_size, metrics.otel_span_queue_capacity,
                              metrics.otel_span_processed_total},
                .exporter = span_exporter_figures(metrics),
                .json = encode_spans_json,
                .protobuf = encode_spans_protobuf},
               target, batch, std::move(resource), log, clock) {}

}  // namespace testgen::telemetry
