// Sends log records to an OpenTelemetry receiver. What the log itself says about this receiver
// comes back here; it says it once each time the receiver fails or recovers, so nothing circles.
#pragma once

#include "telemetry/export/otlp_batches.h"
#include "telemetry/export/record_queue.h"
#include "telemetry/logging/log_sink.h"

namespace testgen::telemetry {

class OtlpLogExporter final : public LogSink {
 public:
  // `metrics`, `log` and `clock` are borrowed.
  OtlpLogExporter(const OtlpTarget& target, const BatchOptions& batch, Resource resource,
                  Metrics& metrics, Logger& log, const base::Clock& clock);

  void take(const LogRecord& record) override;
  void shutdown(base::SteadyTime deadline) { batches_.shutdown(deadline); }

 private:
  OtlpBatches<RecordQueue> batches_;
};

}  // namespace testgen::telemetry
