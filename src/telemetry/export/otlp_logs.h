// ExportLogsServiceRequest as protobuf and as JSON, in two steps: a record is written down by the
// thread that logs, while everything it borrows is there; the request around many of them later.
// Pure.
#pragma once

#include <span>
#include <string>

#include "telemetry/export/otlp_values.h"
#include "telemetry/logging/log_record.h"

namespace testgen::telemetry {

// Secrets are redacted.
[[nodiscard]] std::string encode_log_record_protobuf(const LogRecord& record);
[[nodiscard]] std::string encode_log_record_json(const LogRecord& record);

// `records` are all of the same encoding.
[[nodiscard]] std::string encode_logs_protobuf(std::span<const std::string> records,
                                               const Resource& resource);
[[nodiscard]] std::string encode_logs_json(std::span<const std::string> records,
                                           const Resource& resource);

}  // namespace testgen::telemetry
