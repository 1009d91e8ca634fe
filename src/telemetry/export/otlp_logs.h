// ExportLogsServiceRequest as protobuf and as JSON, in two steps: a record is written down by the
// thread that logs, while everything it borrows is there; the request around many of them later.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "telemetry/export/otlp_values.h"
#include "telemetry/export/record_queue.h"
#include "telemetry/logging/log_record.h"

namespace testgen::telemetry {

// A record as it stands in the list of a request: as protobuf with its tag and length, as JSON
// after a comma. Secrets are redacted. Borrowed until this thread's next call.
[[nodiscard]] std::string_view encode_log_record_protobuf(const LogRecord& record);
[[nodiscard]] std::string_view encode_log_record_json(const LogRecord& record);

// `records` are all of the same encoding, at least one.
[[nodiscard]] std::string encode_logs_protobuf(const EncodedRecords& records,
                                               const Resource& resource);
[[nodiscard]] std::string encode_logs_json(const EncodedRecords& records, const Resource& resource);

}  // namespace testgen::telemetry
