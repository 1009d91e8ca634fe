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
          [this](const std::vector<std::string>& records) { send(records); },
          [this] { sender_.abort(); }) {}

// Written down here and now: the record only borrows. A queue without room is not worth the work.
void OtlpLogExporter::take(const LogRecord& record) {
  if (batcher_.refuse_when_full()) return;
  batcher_.add(sender_.protocol() == OtlpProtocol::HttpJson ? encode_log_record_json(record)
                                                            : encode_log_record_protobuf(record));
}

void OtlpLogExporter::send(const std::vector<std::string>& batch) {
  sender_.send(sender_.protocol() == OtlpProtocol::HttpJson
                   ? encode_logs_json(batch, resource_)
                   : encode_logs_protobuf(batch, resource_),
               batch.size());
}

}  // namespace testgen::telemetry
