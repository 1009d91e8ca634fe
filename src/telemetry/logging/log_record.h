// One log event on its way to a format or a sink. Borrowed for one call; secrets are still in it,
// so whatever leaves the process goes through clean_text.h.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "telemetry/logging/log_catalogue.h"
#include "telemetry/logging/log_field.h"
#include "telemetry/tracing/span_context.h"

namespace testgen::telemetry {

struct LogRecord {
  base::WallTime time;
  LogEvent event;
  const SpanContext& context;  // invalid when there is none
  std::span<const LogField> fields;
  std::uint64_t suppressed = 0;  // earlier lines of the same place that its limit held back
};

}  // namespace testgen::telemetry
