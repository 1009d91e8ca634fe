// Where log records leave the process besides the log itself, such as an OTLP exporter. An entry
// owns what it holds and its secrets are redacted already.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "telemetry/logging/log_catalogue.h"
#include "telemetry/logging/log_record.h"
#include "telemetry/tracing/span_context.h"

namespace testgen::telemetry {

struct LogEntry {
  using Data = std::variant<bool, std::int64_t, std::uint64_t, double, std::string>;
  struct Attribute {
    std::string_view key;  // a constant of the code
    Data value;
  };

  base::WallTime time;
  LogEvent event = LogEvent::CacheHit;  // level, name and message are its spec's
  TraceId trace_id;                     // all zero when there is none
  SpanId span_id;
  std::uint8_t trace_flags = 0;
  std::vector<Attribute> attributes;

  [[nodiscard]] static LogEntry from(const LogRecord& record);
};

class LogSink {
 public:
  virtual ~LogSink() = default;
  // Called on the thread that logs, by several at once. Must neither block nor log; what finds
  // no room is dropped and counted by the sink.
  virtual void take(LogEntry entry) = 0;
};

}  // namespace testgen::telemetry
