// How a log record becomes one line. Secrets are redacted here, so no format can forget to. The
// text is valid UTF-8 and holds no line break but the last. Pure.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "telemetry/logging/level.h"
#include "telemetry/tracing/span_context.h"
#include "telemetry/value.h"

namespace testgen::telemetry {

struct LogRecord {
  base::WallTime time;
  LogLevel level;
  std::string_view message;
  const SpanContext& context;
  std::initializer_list<Field> fields;
};

// {"timestamp":…,"level":…,"message":…,"service":"testgen-copilot",fields…,"trace_id":…}
// A field named like one of those is written as "field.<name>", so that no line has a key twice.
void append_json_line(std::string& out, const LogRecord& record);
// 2026-11-22T17:30:00.123Z INFO     message key=value trace_id=…
void append_pretty_line(std::string& out, const LogRecord& record, bool color);

}  // namespace testgen::telemetry
