#include "telemetry/export/otlp_span_exporter.h"

#include "telemetry/export/otlp_spans.h"

namespace testgen::telemetry {

OtlpSpanExporter::OtlpSpanExporter(const OtlpTarget& target, const BatchOptions& batch,
                                   Resource resource, Metrics& metrics, Logger& log,
                                   const base::Clock& clock)
    : resource_(std::move(resource)),
      sender_(target, span_exporter_figures(metrics), log, clock),
      batcher_(
          "tg-otlp-spans", batch,
          {metrics.otel_span_queue_size, metrics.otel_span_queue_capacity,
           metrics.otel_span_processed_total},
          [this](const std::vector<FinishedSpan>& spans) { send(spans); },
          [this] { sender_.abort(); }) {}

void OtlpSpanExporter::send(const std::vector<FinishedSpan>& batch) {
  sender_.send(sender_.protocol() == OtlpProtocol::HttpJson
                   ? encode_spans_json(batch, resource_)
                   : encode_spans_protobuf(batch, resource_),
               batch.size());
}

}  // namespace testgen::telemetry
