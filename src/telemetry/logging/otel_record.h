// One log record as OTLP's JSON has it: what the `otel` line format and the JSON exporter share.
// Secrets are redacted and foreign bytes made valid on the way. Immutable; safe from any thread.
#pragma once

#include "telemetry/logging/line_buffer.h"
#include "telemetry/logging/line_format.h"
#include "telemetry/logging/log_record.h"

namespace testgen::telemetry {

// OpenTelemetry's severity numbers: 5 DEBUG, 9 INFO, 13 WARN, 17 ERROR, 21 FATAL.
[[nodiscard]] constexpr unsigned severity_number(LogLevel level) {
  return 5U + 4U * static_cast<unsigned>(level);
}

class OtelRecord {
 public:
  OtelRecord();
  // Appends {"timeUnixNano":…}.
  void append(LineBuffer& out, const LogRecord& record) const;

 private:
  EventTexts events_;  // from the time to the attributes
};

}  // namespace testgen::telemetry
