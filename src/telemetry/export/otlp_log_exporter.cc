#include "telemetry/export/otlp_log_exporter.h"

#include "telemetry/export/otlp_logs.h"

namespace testgen::telemetry {

OtlpLogExporter::OtlpLogExporter(const OtlpTarget& target, const BatchOptions& batch,
                                 Resource resource, Metrics& metrics, Logger& log,
                                 const base::Clock& clock)
    : resource_(std::move(resource)),
      sender_(target, log_exporter_figures(metrics), log, clock),
      batcher_(
          "tg-otlp-logs", batch,
          {metrics.otel_log_queue_size, metrics.otel_log_queue_capacity,
           metrics.otel_log_processed_total},
          [this](const std::vector<LogEntry>& entries) { send(entries); },
          [this] { sender_.abort(); }) {}

void OtlpLogExporter::send(const std::vector<LogEntry>& batch) {
  sender_.send(sender_.protocol() == OtlpProtocol::HttpJson
                   ? encode_logs_json(batch, resource_)
                   : encode_logs_protobuf(batch, resource_),
               batch.size());
}

}  // namespace testgen::telemetry
