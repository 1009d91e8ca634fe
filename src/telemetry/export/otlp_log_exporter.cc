#include "telemetry/export/otlp_log_exporter.h"

#include "telemetry/export/otlp_logs.h"

namespace testgen::telemetry {

OtlpLogExporter::OtlpLogExporter(const OtlpTarget& target, const BatchOptions& batch,
                                 Resource resource, Metrics& metrics, Logger& log,
                                 const base::Clock& clock)
    : batches_({.thread_name = "tg-otlp-logs",
                .processor = {metrics.otel_log_queue_size, metrics.otel_log_queue_capacity,
                              metrics.otel_log_processed_total},
                .exporter = log_exporter_figures(metrics),
                .json = encode_logs_json,
                .protobuf = encode_logs_protobuf},
               target, batch, std::move(resource), log, clock) {}

// Written down here and now: the record only borrows. A queue without room is not worth the work.
void OtlpLogExporter::take(const LogRecord& record) {
  if (batches_.refuse_when_full()) return;
  batches_.add(batches_.protocol() == OtlpProtocol::HttpJson ? encode_log_record_json(record)
                                                             : encode_log_record_protobuf(record));
}

}  // namespace testgen::telemetry
