// ExportLogsServiceRequest, written by hand as protobuf and as JSON. Pure.
#pragma once

#include <span>
#include <string>

#include "telemetry/export/otlp_values.h"
#include "telemetry/logging/log_sink.h"

namespace testgen::telemetry {

[[nodiscard]] std::string encode_logs_protobuf(std::span<const LogEntry> entries,
                                               const Resource& resource);
[[nodiscard]] std::string encode_logs_json(std::span<const LogEntry> entries,
                                           const Resource& resource);

}  // namespace testgen::telemetry
