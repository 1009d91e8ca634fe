// Sends log records to an OpenTelemetry receiver over OTLP/HTTP, in batches, from a thread of its
// own. What the log itself says about this receiver comes back here; it says it once each time
// the receiver fails or recovers, so nothing circles.
#pragma once

#include "telemetry/export/batcher.h"
#include "telemetry/export/otlp_sender.h"
#include "telemetry/logging/log_sink.h"

namespace testgen::telemetry {

class OtlpLogExporter final : public LogSink {
 public:
  // `metrics`, `log` and `clock` are borrowed.
  OtlpLogExporter(const OtlpTarget& target, const BatchOptions& batch, Resource resource,
                  Metrics& metrics, Logger& log, const base::Clock& clock);

  void take(const LogRecord& record) override;
  void shutdown(base::SteadyTime deadline) { batcher_.shutdown(deadline); }

 private:
  void send(const std::vector<std::string>& batch);

  const Resource resource_;
  OtlpSender sender_;
  Batcher<std::string> batcher_;  // last: its thread uses the rest
};

}  // namespace testgen::telemetry
